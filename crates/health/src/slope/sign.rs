//! The sign of change, and how signs go together.

use crate::possible::Possible;
use crate::range::Range;
use hengjie_quantity::Rational;

/// How a value changes when one input of one subject or record grows and everything else stays.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Slope {
    /// Not at all.
    Flat,
    /// It never falls. Of a condition: once it holds it goes on holding.
    Up,
    /// It never rises.
    Down,
    /// It only rises or only falls, which of them depends on other inputs.
    OneWay,
    /// Nothing is proved.
    Unknown,
}

impl Slope {
    pub(crate) fn turned(self) -> Self {
        match self {
            Self::Up => Self::Down,
            Self::Down => Self::Up,
            other => other,
        }
    }

    /// Of a value that rises when both do.
    pub(crate) fn with(self, other: Self) -> Self {
        match (self, other) {
            (Self::Flat, slope) | (slope, Self::Flat) => slope,
            (Self::Up, Self::Up) => Self::Up,
            (Self::Down, Self::Down) => Self::Down,
            _ => Self::Unknown,
        }
    }

    /// Of a value that is one or the other, whatever the input.
    pub(crate) fn or(self, other: Self) -> Self {
        match (self, other) {
            (Self::OneWay, Self::Up | Self::Down | Self::OneWay | Self::Flat)
            | (Self::Up | Self::Down | Self::Flat, Self::OneWay) => Self::OneWay,
            (Self::Up, Self::Down) | (Self::Down, Self::Up) => Self::OneWay,
            _ => self.with(other),
        }
    }

    /// Of the product with a number that does not change.
    pub(super) fn times(self, factor: Option<&Range>) -> Self {
        match factor {
            _ if self == Self::Flat => Self::Flat,
            Some(range) if range.is_at_least_zero() => self,
            Some(range) if range.is_at_most_zero() => self.turned(),
            _ if self == Self::Unknown => Self::Unknown,
            _ => Self::OneWay,
        }
    }

    pub(crate) fn is_known(self) -> bool {
        self != Self::Unknown
    }
}

/// Numbers, truths and items on one scale.
pub(crate) fn scale(value: &Possible) -> Option<Range> {
    if let Some(range) = &value.number {
        return Some(range.clone());
    }
    let truth = |truth: bool| Rational::from(i32::from(truth));
    match (value.yes, value.no) {
        (true, true) => return Some(Range::between(truth(false), truth(true))),
        (true, false) => return Some(Range::point(truth(true))),
        (false, true) => return Some(Range::point(truth(false))),
        (false, false) => {}
    }
    let (low, high) = (value.items.first()?, value.items.last()?);
    Some(Range::between(Rational::from(*low), Rational::from(*high)))
}
