//! [`Period`], one period of a grain, and its relations to dates and other periods.

use crate::date::month_start;
use crate::{Date, Grain};

/// January 1900 and December 2200, counted continuously.
const FIRST_MONTH: i32 = 1900 * 12;
const LAST_MONTH: i32 = 2200 * 12 + 11;

/// One period: a day, a week, a month, a quarter, half a year or a year.
///
/// Periods of a grain are numbered continuously ([`Period::ordinal`]), so neighbours differ by one. The order
/// compares the grain first, then time. Every period contains at least one day of the calendar; the last
/// week, which would run into 2201, ends on 2200-12-31.
///
/// Text is Chinese (`2026年1季`); serialized as that text.
///
/// ```
/// use hengjie_calendar::{Date, Grain, Period};
/// let quarter = Period::containing(Grain::Quarter, Date::new(2026, 2, 14).unwrap());
/// assert_eq!(quarter.to_string(), "2026年1季");
/// assert_eq!(quarter.last_day(), Date::new(2026, 3, 31).unwrap());
/// assert_eq!(quarter.periods_of(Grain::Month).count(), 3);
/// ```
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Period {
    grain: Grain,
    ordinal: i32,
}

impl Period {
    /// The period of a grain with an ordinal (see [`Period::ordinal`]). `None` when outside the calendar.
    pub fn new(grain: Grain, ordinal: i32) -> Option<Period> {
        let (first, last) = match grain.months() {
            None if grain == Grain::Day => (Date::MIN.days(), Date::MAX.days()),
            None => (week_ordinal(Date::MIN.days()), week_ordinal(Date::MAX.days())),
            Some(months) => (FIRST_MONTH / months, LAST_MONTH / months),
        };
        (first..=last).contains(&ordinal).then_some(Period { grain, ordinal })
    }

    /// The period of `grain` that contains `date`.
    pub fn containing(grain: Grain, date: Date) -> Period {
        let ordinal = match grain.months() {
            None if grain == Grain::Day => date.days(),
            None => week_ordinal(date.days()),
            Some(months) => {
                let (year, month, _) = date.year_month_day();
                (year * 12 + i32::from(month) - 1) / months
            }
        };
        Period { grain, ordinal }
    }

    /// The length of the period.
    pub fn grain(&self) -> Grain {
        self.grain
    }

    /// The continuous number of the period within its grain.
    ///
    /// Year y is y; half-year h is 2y + h − 1; quarter q is 4y + q − 1; month m is 12y + m − 1; a day is its
    /// days since 1970-01-01; a week is ⌊(days + 3) / 7⌋, so weeks start on Monday.
    pub fn ordinal(&self) -> i32 {
        self.ordinal
    }

    /// The first day inside.
    pub fn first_day(&self) -> Date {
        self.starting_day(0).unwrap_or(Date::MIN)
    }

    /// The last day inside.
    pub fn last_day(&self) -> Date {
        // The period after the last one starts outside the calendar.
        self.starting_day(1).and_then(|next| next.add_days(-1)).unwrap_or(Date::MAX)
    }

    /// The first day of the period `steps` later, when it is in the calendar.
    fn starting_day(&self, steps: i32) -> Option<Date> {
        let ordinal = self.ordinal + steps;
        match self.grain.months() {
            None if self.grain == Grain::Day => Date::from_days(ordinal),
            None => Date::from_days(week_start(ordinal)),
            Some(months) => month_start(ordinal * months),
        }
    }

    /// The period after this one. `None` at the end of the calendar.
    pub fn next(&self) -> Option<Period> {
        self.offset(1)
    }

    /// The period before this one. `None` at the start of the calendar.
    pub fn prev(&self) -> Option<Period> {
        self.offset(-1)
    }

    /// The period `steps` later (earlier when negative). `None` when outside the calendar.
    pub fn offset(&self, steps: i32) -> Option<Period> {
        Period::new(self.grain, self.ordinal.checked_add(steps)?)
    }

    /// Whether `date` is inside.
    pub fn contains(&self, date: Date) -> bool {
        Period::containing(self.grain, date) == *self
    }

    /// Whether every day of `other` is inside.
    pub fn contains_period(&self, other: &Period) -> bool {
        self.contains(other.first_day()) && self.contains(other.last_day())
    }

    /// The periods of a grain that is finer or the same, whose last day is inside, from first to last.
    ///
    /// A week that ends in this month belongs to it even when it started in the month before. A coarser grain
    /// gives nothing.
    pub fn periods_of(&self, finer: Grain) -> impl Iterator<Item = Period> + Clone + use<> {
        let first = Period::containing(finer, self.first_day());
        let last = Period::containing(finer, self.last_day());
        // The last candidate may end after this period; a coarser grain has no candidates at all.
        let complete = last.last_day() <= self.last_day();
        let end = match finer <= self.grain {
            true => last.ordinal + i32::from(complete),
            false => first.ordinal,
        };
        (first.ordinal..end).map(move |ordinal| Period { grain: finer, ordinal })
    }
}

/// The Monday week that contains a day.
fn week_ordinal(days: i32) -> i32 {
    (days + 3).div_euclid(7)
}

/// The Monday of a week.
fn week_start(ordinal: i32) -> i32 {
    ordinal * 7 - 3
}
