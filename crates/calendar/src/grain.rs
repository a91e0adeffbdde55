//! [`Grain`], the length of a period.

use serde::{Deserialize, Serialize};

/// The length of an assessment period, ordered from fine to coarse.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Grain {
    /// One day.
    Day,
    /// Seven days from Monday, as in ISO 8601.
    Week,
    /// A calendar month.
    Month,
    /// A calendar quarter.
    Quarter,
    /// Half a calendar year.
    HalfYear,
    /// A calendar year.
    Year,
}

impl Grain {
    /// Every grain, from fine to coarse.
    pub const ALL: [Grain; 6] =
        [Grain::Day, Grain::Week, Grain::Month, Grain::Quarter, Grain::HalfYear, Grain::Year];

    /// The grain that a keyword names: 每日 … 每年 or daily … yearly. `None` for other words.
    pub fn from_keyword(word: &str) -> Option<Grain> {
        Grain::ALL.into_iter().find(|grain| grain.zh() == word || grain.en() == word)
    }

    /// The Chinese keyword: 每日 每周 每月 每季 每半年 每年.
    pub fn zh(self) -> &'static str {
        match self {
            Grain::Day => "每日",
            Grain::Week => "每周",
            Grain::Month => "每月",
            Grain::Quarter => "每季",
            Grain::HalfYear => "每半年",
            Grain::Year => "每年",
        }
    }

    /// The English keyword: daily weekly monthly quarterly half_yearly yearly.
    pub fn en(self) -> &'static str {
        match self {
            Grain::Day => "daily",
            Grain::Week => "weekly",
            Grain::Month => "monthly",
            Grain::Quarter => "quarterly",
            Grain::HalfYear => "half_yearly",
            Grain::Year => "yearly",
        }
    }

    /// The grain that a Chinese noun names: 日 周 月 季 半年 年. `None` for other words.
    pub fn from_noun(word: &str) -> Option<Grain> {
        Grain::ALL.into_iter().find(|grain| grain.noun_zh() == word)
    }

    /// The Chinese noun: 日 周 月 季 半年 年.
    pub fn noun_zh(self) -> &'static str {
        match self {
            Grain::Day => "日",
            Grain::Week => "周",
            Grain::Month => "月",
            Grain::Quarter => "季",
            Grain::HalfYear => "半年",
            Grain::Year => "年",
        }
    }

    /// The English noun: day week month quarter half-year year.
    pub fn noun_en(self) -> &'static str {
        match self {
            Grain::Day => "day",
            Grain::Week => "week",
            Grain::Month => "month",
            Grain::Quarter => "quarter",
            Grain::HalfYear => "half-year",
            Grain::Year => "year",
        }
    }

    /// The whole months of a period; `None` for days and weeks.
    pub fn months(self) -> Option<i32> {
        match self {
            Grain::Day | Grain::Week => None,
            Grain::Month => Some(1),
            Grain::Quarter => Some(3),
            Grain::HalfYear => Some(6),
            Grain::Year => Some(12),
        }
    }
}
