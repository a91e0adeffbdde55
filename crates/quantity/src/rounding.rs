//! How a number loses the digits it may not keep.

use std::cmp::Ordering;

use serde::{Deserialize, Serialize};

/// How to choose between the two multiples of a quantum that surround a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Rounding {
    /// 四舍五入: to the nearest; exactly half goes away from zero (2.5 → 3, −2.5 → −3).
    HalfUp,
    /// 向下: towards minus infinity (2.9 → 2, −2.1 → −3).
    Down,
    /// 向上: towards plus infinity (2.1 → 3, −2.9 → −2).
    Up,
    /// 向零 or 截断: towards zero (2.9 → 2, −2.9 → −2).
    TowardZero,
    /// 银行家: to the nearest; exactly half goes to the even neighbour (2.5 → 2, 3.5 → 4).
    HalfEven,
}

impl Rounding {
    /// Every mode, in the order of the documentation.
    pub const ALL: [Rounding; 5] =
        [Rounding::HalfUp, Rounding::Down, Rounding::Up, Rounding::TowardZero, Rounding::HalfEven];

    /// The mode a keyword names, Chinese or English; 截断 is a synonym of 向零. `None` for other words.
    pub fn from_keyword(word: &str) -> Option<Rounding> {
        if word == "截断" {
            return Some(Rounding::TowardZero);
        }
        Rounding::ALL.into_iter().find(|mode| mode.zh() == word || mode.en() == word)
    }

    /// The Chinese keyword.
    pub fn zh(self) -> &'static str {
        match self {
            Rounding::HalfUp => "四舍五入",
            Rounding::Down => "向下",
            Rounding::Up => "向上",
            Rounding::TowardZero => "向零",
            Rounding::HalfEven => "银行家",
        }
    }

    /// The English keyword.
    pub fn en(self) -> &'static str {
        match self {
            Rounding::HalfUp => "half_up",
            Rounding::Down => "down",
            Rounding::Up => "up",
            Rounding::TowardZero => "toward_zero",
            Rounding::HalfEven => "half_even",
        }
    }

    /// Whether a value that lies strictly between `floor` and `floor + 1` goes to `floor + 1`.
    ///
    /// `half` compares the part above the floor with one half.
    pub(crate) fn goes_up(self, value_is_negative: bool, floor_is_odd: bool, half: Ordering) -> bool {
        match self {
            Rounding::Down => false,
            Rounding::Up => true,
            Rounding::TowardZero => value_is_negative,
            Rounding::HalfUp => half.is_gt() || (half.is_eq() && !value_is_negative),
            Rounding::HalfEven => half.is_gt() || (half.is_eq() && floor_is_odd),
        }
    }
}
