//! What is wished for a value.

use hengjie_evaluate::value::Value;
use hengjie_policy::core::{Bound, Comparison};

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
                value.order(wanted).is_some_and(|order| comparison.holds(order))
            }
            Self::Within(low, high) => value.lies_in(low.as_ref(), high.as_ref()),
        })
    }

    /// The border that a value has not reached, and whether the border itself is enough.
    pub(crate) fn border(&self, value: &Value) -> Option<(Value, bool)> {
        match self {
            Self::Compared(comparison, wanted) => {
                Some((wanted.clone(), !matches!(comparison, Comparison::Greater | Comparison::Less)))
            }
            Self::Within(low, high) => {
                let number = value.on_line()?;
                let below = low.as_ref().filter(|low| number <= low.value);
                let border = below.or(high.as_ref())?;
                Some((Value::Number(border.value.clone()), border.inclusive))
            }
            _ => None,
        }
    }
}
