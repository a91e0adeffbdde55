//! [`Period`] as text: reading, writing and its serialized form.

use std::fmt;

use jiff::civil::{ISOWeekDate, Weekday};
use serde::de::{self, Deserialize, Deserializer, Visitor};
use serde::ser::{Serialize, Serializer};

use crate::date::{number, small};
use crate::{Date, Grain, Period};

impl Period {
    /// Reads a period as people write it.
    ///
    /// - year: `2026年`, `2026`
    /// - half-year: `2026年上半年`, `2026年下半年`, `2026H1`
    /// - quarter: `2026年1季`, `2026年第1季度`, `2026年一季度`, `2026Q1`
    /// - month: `2026年3月`, `2026-03`
    /// - week (ISO 8601): `2026年第5周`, `2026年5周`, `2026W05`
    /// - day: every form of [`Date::parse`]
    ///
    /// `None` for any other text, for numbers that do not exist (quarter 5, week 53 of a year with 52) and
    /// outside the calendar.
    pub fn parse(text: &str) -> Option<Period> {
        if let Some(date) = Date::parse(text) {
            return Some(Period::containing(Grain::Day, date));
        }
        let (year, rest) = text.split_at_checked(4)?;
        let year = number(year)?;
        if rest.is_empty() {
            return Period::new(Grain::Year, year);
        }
        match rest.strip_prefix('年') {
            Some(rest) => parse_chinese(year, rest),
            None => parse_compact(year, rest),
        }
    }

    /// The English text: `2026`, `2026H1`, `2026Q1`, `2026-03`, `2026W05`, `2026-01-05`. Parses back.
    pub fn en(&self) -> String {
        let (year, part) = self.year_and_part();
        match self.grain() {
            Grain::Year => format!("{year}"),
            Grain::HalfYear => format!("{year}H{part}"),
            Grain::Quarter => format!("{year}Q{part}"),
            Grain::Month => format!("{year}-{part:02}"),
            Grain::Week => format!("{year}W{part:02}"),
            Grain::Day => self.first_day().to_string(),
        }
    }

    /// The year, and the number within it from 1 (0 for days, which are written as dates).
    fn year_and_part(&self) -> (i32, i32) {
        match self.grain().months() {
            Some(months) => {
                let per_year = 12 / months;
                (self.ordinal().div_euclid(per_year), self.ordinal().rem_euclid(per_year) + 1)
            }
            None if self.grain() == Grain::Week => {
                let week = self.first_day().civil().iso_week_date();
                (i32::from(week.year()), i32::from(week.week()))
            }
            None => (self.first_day().year(), 0),
        }
    }
}

/// What follows `2026年`.
fn parse_chinese(year: i32, rest: &str) -> Option<Period> {
    match rest {
        "" => return Period::new(Grain::Year, year),
        "上半年" => return part_of_year(Grain::HalfYear, year, 1),
        "下半年" => return part_of_year(Grain::HalfYear, year, 2),
        _ => {}
    }
    if let Some(month) = rest.strip_suffix('月') {
        return part_of_year(Grain::Month, year, small(month)?);
    }
    let numbered = rest.strip_prefix('第').unwrap_or(rest);
    if let Some(week) = numbered.strip_suffix('周') {
        return week_of_year(year, small(week)?);
    }
    let quarter = match numbered.strip_suffix("季度").or_else(|| numbered.strip_suffix('季'))? {
        "1" | "一" => 1,
        "2" | "二" => 2,
        "3" | "三" => 3,
        "4" | "四" => 4,
        _ => return None,
    };
    part_of_year(Grain::Quarter, year, quarter)
}

/// What follows `2026` in the forms without 年.
fn parse_compact(year: i32, rest: &str) -> Option<Period> {
    let (mark, digits) = rest.split_at_checked(1)?;
    match (mark, digits.len()) {
        ("H", 1) => part_of_year(Grain::HalfYear, year, small(digits)?),
        ("Q", 1) => part_of_year(Grain::Quarter, year, small(digits)?),
        ("W", 2) => week_of_year(year, small(digits)?),
        ("-", 2) => part_of_year(Grain::Month, year, small(digits)?),
        _ => None,
    }
}

/// The `part`-th (from 1) half-year, quarter or month of a year.
fn part_of_year(grain: Grain, year: i32, part: u8) -> Option<Period> {
    let per_year = 12 / grain.months()?;
    let part = i32::from(part);
    (1..=per_year).contains(&part).then(|| Period::new(grain, year * per_year + part - 1)).flatten()
}

fn week_of_year(year: i32, week: u8) -> Option<Period> {
    let date = ISOWeekDate::new(i16::try_from(year).ok()?, i8::try_from(week).ok()?, Weekday::Monday).ok()?;
    Some(Period::containing(Grain::Week, Date::from_civil(date.date())?))
}

impl fmt::Display for Period {
    /// `2026年`, `2026年上半年`, `2026年1季`, `2026年3月`, `2026年第5周` (ISO week and year), `2026-01-05`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (year, part) = self.year_and_part();
        match self.grain() {
            Grain::Year => write!(f, "{year}年"),
            Grain::HalfYear => write!(f, "{year}年{}半年", if part == 1 { '上' } else { '下' }),
            Grain::Quarter => write!(f, "{year}年{part}季"),
            Grain::Month => write!(f, "{year}年{part}月"),
            Grain::Week => write!(f, "{year}年第{part}周"),
            Grain::Day => write!(f, "{}", self.first_day()),
        }
    }
}

impl fmt::Debug for Period {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl Serialize for Period {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

/// Accepts every text that [`Period::parse`] reads.
impl<'de> Deserialize<'de> for Period {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_str(PeriodVisitor)
    }
}

struct PeriodVisitor;

impl Visitor<'_> for PeriodVisitor {
    type Value = Period;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a period such as 2026年1季, 2026-03 or 2026-01-05")
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<Period, E> {
        Period::parse(text).ok_or_else(|| E::invalid_value(de::Unexpected::Str(text), &self))
    }
}
