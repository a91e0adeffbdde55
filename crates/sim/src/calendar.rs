//! Days in plain numbers.

use crate::random::Random;
use hengjie_calendar::Date;

/// A day that exists.
pub(crate) fn day(year: i32, month: u8, day: u8) -> Date {
    Date::new(year, month, day).unwrap_or(Date::MIN)
}

/// The last day of a year.
pub(crate) fn year_end(year: i32) -> Date {
    day(year, 12, 31)
}

/// Some days later.
pub(crate) fn later(from: Date, days: i64) -> Date {
    i32::try_from(days).ok().and_then(|days| from.add_days(days)).unwrap_or(from)
}

/// Any day between two, both included.
pub(crate) fn any_day(random: &mut Random, from: Date, to: Date) -> Date {
    later(from, random.between(0, i64::from(to.days() - from.days())))
}

/// Any day from Monday to Friday of a year.
pub(crate) fn workday_of(random: &mut Random, year: i32) -> Date {
    workday(any_day(random, day(year, 1, 4), day(year, 12, 28)))
}

/// The day, or the Friday before a weekend.
pub(crate) fn workday(date: Date) -> Date {
    later(date, -i64::from(date.weekday().saturating_sub(5)))
}

/// `2025年`
pub(crate) fn year_text(year: i32) -> String {
    format!("{year}年")
}

/// `2025年3月`
pub(crate) fn month_text(year: i32, month: u8) -> String {
    format!("{year}年{month}月")
}

/// `2025年1季`
pub(crate) fn quarter_text(year: i32, quarter: u8) -> String {
    format!("{year}年{quarter}季")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn workdays() {
        assert_eq!(workday(day(2025, 3, 1)), day(2025, 2, 28));
        assert_eq!(workday(day(2025, 3, 2)), day(2025, 2, 28));
        assert_eq!(workday(day(2025, 3, 3)), day(2025, 3, 3));
    }
}
