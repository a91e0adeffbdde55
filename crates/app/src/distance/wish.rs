//! What is wished for a value.

use hengjie_evaluate::value::Value;
use hengjie_policy::core::{Bound, Comparison};
use hengjie_quantity::Rational;
use std::cmp::Ordering;

/// What is wished for a value.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Wish {
    /// 是
    Holds,
    /// Not 是.
    Fails,
    /// Any value at all.
    Some,
    /// A comparison with a value.
    Compared(Comparison, Value),
    /// A value inside borders.
    Within(Option<Bound>, Option<Bound>),
}

impl Wish {
    pub(crate) fn at_least(value: Value) -> Self {
        Self::Compared(Comparison::GreaterEqual, value)
    }

    pub(crate) fn is(value: Value) -> Self {
        Self::Compared(Comparison::Equal, value)
    }

    /// Is it granted? `None` while the value waits.
    pub(crate) fn granted(&self, value: &Value) -> Option<bool> {
        if value.is_blocked() {
            return None;
        }
        Some(match self {
            Self::Holds => *value == Value::Bool(true),
            Self::Fails => *value != Value::Bool(true),
            Self::Some => value.is_present(),
            Self::Compared(Comparison::NotEqual, wanted) => value != wanted,
            Self::Compared(comparison, wanted) => {
                order(value, wanted).is_some_and(|order| comparison.holds(order))
            }
            Self::Within(low, high) => number(value).is_some_and(|number| {
                let above = low
                    .as_ref()
                    .is_none_or(|low| if low.inclusive { number >= low.value } else { number > low.value });
                let below = high.as_ref().is_none_or(|high| {
                    if high.inclusive { number <= high.value } else { number < high.value }
                });
                above && below
            }),
        })
    }

    /// The border that a value has not reached, and whether the border itself is enough.
    pub(crate) fn border(&self, value: &Value) -> Option<(Value, bool)> {
        match self {
            Self::Compared(comparison, wanted) => {
                Some((wanted.clone(), !matches!(comparison, Comparison::Greater | Comparison::Less)))
            }
            Self::Within(low, high) => {
                let number = number(value)?;
                let below = low.as_ref().filter(|low| number <= low.value);
                let border = below.or(high.as_ref())?;
                Some((Value::Number(border.value.clone()), border.inclusive))
            }
            _ => None,
        }
    }
}

/// The order of two values of one ordered type.
pub(crate) fn order(left: &Value, right: &Value) -> Option<Ordering> {
    match (left, right) {
        (Value::Number(left), Value::Number(right)) => Some(left.cmp(right)),
        (Value::Date(left), Value::Date(right)) => Some(left.cmp(right)),
        (Value::Bool(left), Value::Bool(right)) => Some(left.cmp(right)),
        (Value::Enum(of, left), Value::Enum(other, right)) if of == other => Some(left.cmp(right)),
        (Value::Period(left), Value::Period(right)) => Some(left.cmp(right)),
        _ if left == right => Some(Ordering::Equal),
        _ => None,
    }
}

/// `≥`
pub(crate) fn sign(comparison: Comparison) -> &'static str {
    match comparison {
        Comparison::Equal => "=",
        Comparison::NotEqual => "≠",
        Comparison::Less => "<",
        Comparison::LessEqual => "≤",
        Comparison::Greater => ">",
        Comparison::GreaterEqual => "≥",
    }
}

/// A value on a line: numbers, days, positions of items.
pub(crate) fn number(value: &Value) -> Option<Rational> {
    match value {
        Value::Number(number) => Some(number.clone()),
        Value::Date(day) => Some(Rational::from(day.days())),
        Value::Enum(_, ordinal) => Some(Rational::from(*ordinal)),
        _ => None,
    }
}
