//! [`Date`], one day of the calendar.

use std::fmt;

use jiff::SignedDuration;
use jiff::civil;
use serde::de::{self, Deserialize, Deserializer, Visitor};
use serde::ser::{Serialize, Serializer};

/// Day 0.
const EPOCH: civil::Date = civil::date(1970, 1, 1);
/// 1900-01-01.
const FIRST: i32 = -25_567;
/// 2200-12-31.
const LAST: i32 = 84_370;

/// One day of the proleptic Gregorian calendar, from 1900-01-01 to 2200-12-31.
///
/// Stored as a day count, so copying and comparing are as cheap as for an integer. Text and serialized form
/// are `YYYY-MM-DD`.
///
/// ```
/// use hengjie_calendar::Date;
/// let leap = Date::new(2024, 2, 29).unwrap();
/// assert_eq!(leap.add_months(12), Date::new(2025, 2, 28));
/// assert_eq!(leap.to_string(), "2024-02-29");
/// ```
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Date(i32);

impl Date {
    /// The earliest date, 1900-01-01.
    pub const MIN: Date = Date(FIRST);
    /// The latest date, 2200-12-31.
    pub const MAX: Date = Date(LAST);

    /// The date of a year, month (1–12) and day of the month. `None` when there is no such day in range.
    pub fn new(year: i32, month: u8, day: u8) -> Option<Date> {
        let (month, day) = (i8::try_from(month).ok()?, i8::try_from(day).ok()?);
        Date::from_civil(civil::Date::new(i16::try_from(year).ok()?, month, day).ok()?)
    }

    /// Reads `2026-01-05`, `2026/1/5`, `20260105` or `2026年1月5日`.
    ///
    /// The year has four ASCII digits. With separators the month and the day have one or two. `None` for any
    /// other shape, including spaces around, and for a day that does not exist or is out of range.
    pub fn parse(text: &str) -> Option<Date> {
        if text.len() == 8 && text.bytes().all(|byte| byte.is_ascii_digit()) {
            return Date::new(number(&text[..4])?, small(&text[4..6])?, small(&text[6..])?);
        }
        let (year, rest) = text.split_at_checked(4)?;
        let (month, day) = if let Some(rest) = rest.strip_prefix('-') {
            rest.split_once('-')?
        } else if let Some(rest) = rest.strip_prefix('/') {
            rest.split_once('/')?
        } else {
            rest.strip_prefix('年')?.strip_suffix('日')?.split_once('月')?
        };
        Date::new(number(year)?, small(month)?, small(day)?)
    }

    /// The date `days` after 1970-01-01 (before it when negative). `None` when out of range.
    pub fn from_days(days: i32) -> Option<Date> {
        (FIRST..=LAST).contains(&days).then_some(Date(days))
    }

    /// Days since 1970-01-01, negative before it.
    pub fn days(self) -> i32 {
        self.0
    }

    /// The year, 1900 to 2200.
    pub fn year(self) -> i32 {
        i32::from(self.civil().year())
    }

    /// The month, 1 to 12.
    pub fn month(self) -> u8 {
        self.civil().month().unsigned_abs()
    }

    /// The day of the month, 1 to 31.
    pub fn day(self) -> u8 {
        self.civil().day().unsigned_abs()
    }

    /// Year, month and day at once; cheaper than three calls.
    pub fn year_month_day(self) -> (i32, u8, u8) {
        let date = self.civil();
        (i32::from(date.year()), date.month().unsigned_abs(), date.day().unsigned_abs())
    }

    /// The day of the week, 1 for Monday to 7 for Sunday.
    pub fn weekday(self) -> u8 {
        // Day 0 was a Thursday.
        ((self.0 + 3).rem_euclid(7) + 1).unsigned_abs() as u8
    }

    /// The date `days` later (earlier when negative). `None` when out of range.
    pub fn add_days(self, days: i32) -> Option<Date> {
        Date::from_days(self.0.checked_add(days)?)
    }

    /// The date `months` later (earlier when negative), with the day cut to the end of a shorter month.
    ///
    /// 31 January plus one month is 28 or 29 February. `None` when out of range.
    pub fn add_months(self, months: i32) -> Option<Date> {
        let (year, month, day) = self.year_month_day();
        let count = (year * 12 + i32::from(month) - 1).checked_add(months)?;
        let first = month_start(count)?;
        first.add_days(i32::from(day.min(days_in_month(first)) - 1))
    }

    /// The last day of the same month.
    pub fn last_of_month(self) -> Date {
        let date = self.civil();
        Date(self.0 + i32::from(date.days_in_month() - date.day()))
    }

    /// Days from `from` to `to`, negative when `to` is earlier; 0 for the same day.
    pub fn days_between(from: Date, to: Date) -> i32 {
        to.0 - from.0
    }

    /// Complete months from `from` to `to`.
    ///
    /// A month is complete on the same day number of a later month, or on the last day of that month when the
    /// day number does not exist in it: from 31 January one month is complete on 28 February (29 in a leap
    /// year), from 29 February 2024 twelve months are complete on 28 February 2025. The other direction has
    /// no such rule: from 28 February one month is complete on 28 March, not on 31 March.
    ///
    /// When `to` is earlier the result is that of the swapped dates, negated.
    pub fn full_months_between(from: Date, to: Date) -> i32 {
        if to < from {
            return -Date::full_months_between(to, from);
        }
        let (start_year, start_month, start_day) = from.year_month_day();
        let (end_year, end_month, end_day) = to.year_month_day();
        let months = (end_year - start_year) * 12 + i32::from(end_month) - i32::from(start_month);
        let complete = end_day >= start_day || to == to.last_of_month();
        if complete { months } else { months - 1 }
    }

    /// Complete years from `from` to `to`: twelve complete months each (see [`Date::full_months_between`]).
    ///
    /// A person born on 29 February completes a year on 28 February of a common year.
    pub fn full_years_between(from: Date, to: Date) -> i32 {
        Date::full_months_between(from, to) / 12
    }

    pub(crate) fn from_civil(date: civil::Date) -> Option<Date> {
        let days = date.duration_since(EPOCH).as_hours() / 24;
        Date::from_days(i32::try_from(days).ok()?)
    }

    pub(crate) fn civil(self) -> civil::Date {
        // Every day in range exists in jiff's far wider calendar, so the addition saturates never.
        EPOCH.saturating_add(SignedDuration::from_hours(i64::from(self.0) * 24))
    }
}

/// The first day of a month counted continuously (year × 12 + month − 1). `None` when out of range.
pub(crate) fn month_start(count: i32) -> Option<Date> {
    let month = u8::try_from(count.rem_euclid(12) + 1).ok()?;
    Date::new(count.div_euclid(12), month, 1)
}

fn days_in_month(date: Date) -> u8 {
    date.civil().days_in_month().unsigned_abs()
}

/// A number of ASCII digits only.
pub(crate) fn number(text: &str) -> Option<i32> {
    text.bytes().all(|byte| byte.is_ascii_digit()).then(|| text.parse().ok()).flatten()
}

/// A number of one or two ASCII digits.
pub(crate) fn small(text: &str) -> Option<u8> {
    (text.len() <= 2).then(|| number(text)).flatten()?.try_into().ok()
}

impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (year, month, day) = self.year_month_day();
        write!(f, "{year:04}-{month:02}-{day:02}")
    }
}

impl fmt::Debug for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl Serialize for Date {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

/// Accepts every text that [`Date::parse`] reads.
impl<'de> Deserialize<'de> for Date {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_str(DateVisitor)
    }
}

struct DateVisitor;

impl Visitor<'_> for DateVisitor {
    type Value = Date;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a date such as 2026-01-05 between 1900 and 2200")
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<Date, E> {
        Date::parse(text).ok_or_else(|| E::invalid_value(de::Unexpected::Str(text), &self))
    }
}
