//! Ranges of exact numbers with open, closed or no ends.

use hengjie_policy::core::{Bound, Comparison};
use hengjie_quantity::{Rational, Rounding};
use std::cmp::Ordering;

/// An end of a range that belongs to it (`closed`) or not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct End {
    pub value: Rational,
    pub closed: bool,
}

/// All numbers between two ends; `None` is without end. Never empty.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Range {
    pub low: Option<End>,
    pub high: Option<End>,
}

/// A corner of a product: a number, or beyond all numbers.
#[derive(Clone)]
enum Corner {
    Number(Rational, bool),
    Infinite(bool),
}

impl End {
    fn closed(value: Rational) -> Self {
        Self { value, closed: true }
    }
}

impl Range {
    /// Every number.
    pub(crate) const ALL: Self = Self { low: None, high: None };

    pub(crate) fn point(value: Rational) -> Self {
        Self { low: Some(End::closed(value.clone())), high: Some(End::closed(value)) }
    }

    pub(crate) fn at_least(value: Rational) -> Self {
        Self { low: Some(End::closed(value)), high: None }
    }

    /// Both ends included.
    pub(crate) fn between(low: Rational, high: Rational) -> Self {
        Self { low: Some(End::closed(low)), high: Some(End::closed(high)) }
    }

    /// The range of a band of a table; `None` when it is empty.
    pub(crate) fn of_band(low: Option<&Bound>, high: Option<&Bound>) -> Option<Self> {
        let end = |bound: &Bound| End { value: bound.value.clone(), closed: bound.inclusive };
        Self { low: low.map(end), high: high.map(end) }.unless_empty()
    }

    fn unless_empty(self) -> Option<Self> {
        match (&self.low, &self.high) {
            (Some(low), Some(high)) => match low.value.cmp(&high.value) {
                Ordering::Greater => None,
                Ordering::Equal if !(low.closed && high.closed) => None,
                _ => Some(self),
            },
            _ => Some(self),
        }
    }

    /// The only number.
    pub(crate) fn single(&self) -> Option<&Rational> {
        match (&self.low, &self.high) {
            (Some(low), Some(high)) if low.value == high.value => Some(&low.value),
            _ => None,
        }
    }

    pub(crate) fn contains(&self, value: &Rational) -> bool {
        let above = self.low.as_ref().is_none_or(|low| match low.value.cmp(value) {
            Ordering::Less => true,
            Ordering::Equal => low.closed,
            Ordering::Greater => false,
        });
        above
            && self.high.as_ref().is_none_or(|high| match value.cmp(&high.value) {
                Ordering::Less => true,
                Ordering::Equal => high.closed,
                Ordering::Greater => false,
            })
    }

    /// The numbers in both.
    pub(crate) fn meet(&self, other: &Self) -> Option<Self> {
        let low = narrower(&self.low, &other.low, Ordering::Greater);
        let high = narrower(&self.high, &other.high, Ordering::Less);
        Self { low, high }.unless_empty()
    }

    /// The smallest range with all numbers of both.
    pub(crate) fn hull(&self, other: &Self) -> Self {
        Self {
            low: wider(&self.low, &other.low, Ordering::Less),
            high: wider(&self.high, &other.high, Ordering::Greater),
        }
    }

    /// Is every number of this one at or below every number of the other?
    pub(crate) fn lies_at_or_below(&self, other: &Self) -> bool {
        matches!((&self.high, &other.low), (Some(high), Some(low)) if high.value <= low.value)
    }

    pub(crate) fn is_at_least_zero(&self) -> bool {
        self.low.as_ref().is_some_and(|low| low.value.signum() >= 0)
    }

    pub(crate) fn is_at_most_zero(&self) -> bool {
        self.high.as_ref().is_some_and(|high| high.value.signum() <= 0)
    }

    pub(crate) fn add(&self, other: &Self) -> Self {
        let sum = |a: &Option<End>, b: &Option<End>| match (a, b) {
            (Some(a), Some(b)) => Some(End { value: &a.value + &b.value, closed: a.closed && b.closed }),
            _ => None,
        };
        Self { low: sum(&self.low, &other.low), high: sum(&self.high, &other.high) }
    }

    pub(crate) fn negate(&self) -> Self {
        let turn = |end: &Option<End>| end.as_ref().map(|end| End { value: -&end.value, closed: end.closed });
        Self { low: turn(&self.high), high: turn(&self.low) }
    }

    pub(crate) fn multiply(&self, other: &Self) -> Self {
        let mut corners = Vec::with_capacity(4);
        for a in self.corners() {
            for b in other.corners() {
                corners.push(times(&a, &b));
            }
        }
        let end = |infinite_side: bool, wanted: Ordering| {
            let mut best: Option<End> = None;
            for corner in &corners {
                match corner {
                    Corner::Infinite(up) if *up == infinite_side => return None,
                    Corner::Infinite(_) => {}
                    Corner::Number(value, closed) => {
                        let end = End { value: value.clone(), closed: *closed };
                        best = Some(match best {
                            Some(best) => outer(best, end, wanted),
                            None => end,
                        });
                    }
                }
            }
            best
        };
        Self { low: end(false, Ordering::Less), high: end(true, Ordering::Greater) }
    }

    fn corners(&self) -> [Corner; 2] {
        let corner = |end: &Option<End>, up| match end {
            Some(end) => Corner::Number(end.value.clone(), end.closed),
            None => Corner::Infinite(up),
        };
        [corner(&self.low, false), corner(&self.high, true)]
    }

    /// The quotients where the divisor is not 0; `None` when it is always 0.
    pub(crate) fn divide(&self, divisor: &Self) -> Option<Self> {
        if divisor.single().is_some_and(Rational::is_zero) {
            return None;
        }
        let reciprocal = if divisor.is_at_least_zero() {
            divisor.reciprocal_of_positive()
        } else if divisor.is_at_most_zero() {
            divisor.negate().reciprocal_of_positive().negate()
        } else {
            Self::ALL
        };
        Some(self.multiply(&reciprocal))
    }

    fn reciprocal_of_positive(&self) -> Self {
        let turn = |end: &Option<End>| {
            let end = end.as_ref()?;
            Some(End { value: Rational::ONE.checked_div(&end.value)?, closed: end.closed })
        };
        let low = turn(&self.high).unwrap_or(End { value: Rational::ZERO, closed: false });
        Self { low: Some(low), high: turn(&self.low) }
    }

    pub(crate) fn round(&self, quantum: &Rational, mode: Rounding) -> Self {
        let turn = |end: &Option<End>| {
            let end = end.as_ref()?;
            Some(End::closed(end.value.round_to(quantum, mode)?))
        };
        Self { low: turn(&self.low), high: turn(&self.high) }
    }

    pub(crate) fn abs(&self) -> Self {
        if self.is_at_least_zero() {
            return self.clone();
        }
        if self.is_at_most_zero() {
            return self.negate();
        }
        let turned = self.negate();
        Self { low: Some(End::closed(Rational::ZERO)), high: self.hull(&turned).high }
    }

    /// The greater (or smaller) of two numbers.
    pub(crate) fn extreme(&self, other: &Self, greater: bool) -> Self {
        if !greater {
            return self.negate().extreme(&other.negate(), true).negate();
        }
        let low = match (&self.low, &other.low) {
            (None, low) | (low, None) => low.clone(),
            (Some(a), Some(b)) => Some(outer(a.clone(), b.clone(), Ordering::Greater)),
        };
        Self { low, high: wider(&self.high, &other.high, Ordering::Greater) }
    }

    /// Can a comparison of a number here with one there hold, and can it fail?
    pub(crate) fn compare(&self, comparison: Comparison, other: &Self) -> (bool, bool) {
        let meets = self.meet(other).is_some();
        let less = below(&self.low, &other.high);
        let greater = below(&other.low, &self.high);
        let both_single = self.single().is_some() && self.single() == other.single();
        match comparison {
            Comparison::Equal => (meets, !both_single),
            Comparison::NotEqual => (!both_single, meets),
            Comparison::Less => (less, greater || meets),
            Comparison::GreaterEqual => (greater || meets, less),
            Comparison::Greater => (greater, less || meets),
            Comparison::LessEqual => (less || meets, greater),
        }
    }

    /// What remains of this when a comparison with some number of `other` holds.
    pub(crate) fn when(&self, comparison: Comparison, other: &Self) -> Option<Self> {
        let open =
            |end: &Option<End>| end.as_ref().map(|end| End { value: end.value.clone(), closed: false });
        let limit = match comparison {
            Comparison::Equal => other.clone(),
            Comparison::NotEqual => {
                return match (self.single(), other.single()) {
                    (Some(a), Some(b)) if a == b => None,
                    (_, Some(point)) => self.without_end(point),
                    _ => Some(self.clone()),
                };
            }
            Comparison::Less => Self { low: None, high: open(&other.high) },
            Comparison::LessEqual => Self { low: None, high: other.high.clone() },
            Comparison::Greater => Self { low: open(&other.low), high: None },
            Comparison::GreaterEqual => Self { low: other.low.clone(), high: None },
        };
        self.meet(&limit)
    }

    /// Without one number, where that number is an end.
    fn without_end(&self, point: &Rational) -> Option<Self> {
        let open = |end: &Option<End>| {
            end.as_ref()
                .map(|end| End { value: end.value.clone(), closed: end.closed && end.value != *point })
        };
        Self { low: open(&self.low), high: open(&self.high) }.unless_empty()
    }
}

/// Can a number at or above one end lie strictly below a number at or below the other?
fn below(low: &Option<End>, high: &Option<End>) -> bool {
    match (low, high) {
        (Some(low), Some(high)) => low.value < high.value,
        _ => true,
    }
}

/// Of two ends the one further out (`wanted` is the order of the outer one to the inner one).
fn outer(a: End, b: End, wanted: Ordering) -> End {
    match a.value.cmp(&b.value) {
        Ordering::Equal => End { closed: a.closed || b.closed, ..a },
        order if order == wanted => a,
        _ => b,
    }
}

fn wider(a: &Option<End>, b: &Option<End>, wanted: Ordering) -> Option<End> {
    Some(outer(a.clone()?, b.clone()?, wanted))
}

fn narrower(a: &Option<End>, b: &Option<End>, wanted: Ordering) -> Option<End> {
    match (a, b) {
        (None, end) | (end, None) => end.clone(),
        (Some(a), Some(b)) => Some(match a.value.cmp(&b.value) {
            Ordering::Equal => End { value: a.value.clone(), closed: a.closed && b.closed },
            order if order == wanted => a.clone(),
            _ => b.clone(),
        }),
    }
}

fn times(a: &Corner, b: &Corner) -> Corner {
    match (a, b) {
        (Corner::Number(a, a_closed), Corner::Number(b, b_closed)) => {
            let by_zero = (a.is_zero() && *a_closed) || (b.is_zero() && *b_closed);
            Corner::Number(a * b, (*a_closed && *b_closed) || by_zero)
        }
        (Corner::Number(number, _), Corner::Infinite(up))
        | (Corner::Infinite(up), Corner::Number(number, _)) => match number.signum() {
            0 => Corner::Number(Rational::ZERO, true),
            1 => Corner::Infinite(*up),
            _ => Corner::Infinite(!*up),
        },
        (Corner::Infinite(a), Corner::Infinite(b)) => Corner::Infinite(a == b),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn range(low: i32, high: i32) -> Range {
        Range::between(Rational::from(low), Rational::from(high))
    }

    /// All whole numbers of both ranges, and what the operation makes of them, lie in the result.
    #[test]
    fn every_result_lies_in_the_range_of_results() {
        for (a, b) in [(-3, 2), (0, 4), (-5, -1), (1, 1)] {
            for (c, d) in [(-2, 3), (0, 2), (1, 4), (-4, -2)] {
                let (left, right) = (range(a, b), range(c, d));
                for x in a..=b {
                    for y in c..=d {
                        let (x, y) = (Rational::from(x), Rational::from(y));
                        assert!(left.add(&right).contains(&(&x + &y)));
                        assert!(left.multiply(&right).contains(&(&x * &y)), "{x} × {y}");
                        assert!(left.extreme(&right, true).contains((&x).max(&y)));
                        assert!(left.extreme(&right, false).contains((&x).min(&y)));
                        assert!(left.abs().contains(&x.abs()));
                        if let Some(quotient) = x.checked_div(&y) {
                            assert!(left.divide(&right).unwrap().contains(&quotient), "{x} ÷ {y}");
                        }
                        for comparison in [
                            Comparison::Equal,
                            Comparison::NotEqual,
                            Comparison::Less,
                            Comparison::LessEqual,
                            Comparison::Greater,
                            Comparison::GreaterEqual,
                        ] {
                            let holds = match comparison {
                                Comparison::Equal => x == y,
                                Comparison::NotEqual => x != y,
                                Comparison::Less => x < y,
                                Comparison::LessEqual => x <= y,
                                Comparison::Greater => x > y,
                                Comparison::GreaterEqual => x >= y,
                            };
                            let (can, cannot) = left.compare(comparison, &right);
                            assert!(if holds { can } else { cannot });
                            if holds {
                                assert!(left.when(comparison, &right).unwrap().contains(&x));
                            }
                        }
                    }
                }
            }
        }
    }

    #[test]
    fn open_ends_stay_open() {
        let low = Bound { value: Rational::from(3), inclusive: false };
        let above = Range::of_band(Some(&low), None).unwrap();
        assert!(!above.contains(&Rational::from(3)));
        assert!(above.meet(&range(1, 3)).is_none());
        assert!(Range::of_band(Some(&low), Some(&low)).is_none());
        assert!(!above.add(&range(1, 1)).low.unwrap().closed);
        assert!(Range::at_least(Rational::ZERO).divide(&range(0, 0)).is_none());
    }
}
