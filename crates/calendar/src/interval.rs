//! [`HalfOpen`], a range of dates.

use serde::{Deserialize, Serialize};

use crate::Date;

/// The dates from `from` (included) to `to` (not included); without `to` it never ends.
///
/// An interval whose `to` is not after `from` is empty: it contains and overlaps nothing.
///
/// ```
/// use hengjie_calendar::{Date, HalfOpen};
/// let year = HalfOpen::new(Date::new(2026, 1, 1).unwrap(), Date::new(2027, 1, 1));
/// assert!(year.contains(Date::new(2026, 12, 31).unwrap()));
/// assert!(!year.contains(Date::new(2027, 1, 1).unwrap()));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct HalfOpen {
    /// The first day inside.
    pub from: Date,
    /// The first day after the interval; `None` when it has no end.
    pub to: Option<Date>,
}

impl HalfOpen {
    /// The interval [`from`, `to`).
    pub fn new(from: Date, to: Option<Date>) -> HalfOpen {
        HalfOpen { from, to }
    }

    /// Whether no day is inside.
    pub fn is_empty(&self) -> bool {
        self.to.is_some_and(|to| to <= self.from)
    }

    /// Whether `date` is inside.
    pub fn contains(&self, date: Date) -> bool {
        self.from <= date && self.to.is_none_or(|to| date < to)
    }

    /// Whether at least one day is inside both.
    pub fn overlaps(&self, other: &HalfOpen) -> bool {
        self.intersect(other).is_some()
    }

    /// The days inside both. `None` when there is none.
    pub fn intersect(&self, other: &HalfOpen) -> Option<HalfOpen> {
        let to = match (self.to, other.to) {
            (Some(left), Some(right)) => Some(left.min(right)),
            (end, None) | (None, end) => end,
        };
        let common = HalfOpen::new(self.from.max(other.from), to);
        (!common.is_empty()).then_some(common)
    }
}
