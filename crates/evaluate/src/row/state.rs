//! What takes the place of a value: how 无, 免, 待定 and 待补 meet.

use crate::value::{GAPS_MAX, Gap, OpenDecision, Value};
use std::collections::BTreeSet;

/// The states of the operands met so far. The highest decides (待补 > 待定 > 免 > 无); what is missing or open is collected.
#[derive(Debug, Default, Clone)]
pub(crate) struct States {
    highest: Option<Value>,
    gaps: BTreeSet<Gap>,
    open: BTreeSet<OpenDecision>,
}

impl States {
    /// Takes note of a value that is not present; present values leave no trace.
    pub(crate) fn add(&mut self, value: &Value) {
        match value {
            Value::Missing(gaps) => self.gaps.extend(gaps.iter().cloned()),
            Value::Undecided(open) => self.open.extend(open.iter().cloned()),
            _ => {}
        }
        let higher = self.highest.as_ref().is_none_or(|highest| highest.status() < value.status());
        if !value.is_present() && higher {
            self.highest = Some(value.clone());
        }
    }

    /// The value that takes the place of a result; `None` when everything was present.
    ///
    /// At most [`GAPS_MAX`] gaps are kept, the first in their order, so that the result does not depend on the order
    /// in which they were met.
    pub(crate) fn into_value(self) -> Option<Value> {
        Some(match self.highest? {
            Value::Missing(_) => Value::Missing(self.gaps.into_iter().take(GAPS_MAX).collect()),
            Value::Undecided(_) => Value::Undecided(self.open.into_iter().take(GAPS_MAX).collect()),
            other => other,
        })
    }
}

/// The operands of a strict operation if all are present, else the value that takes the place of the result.
pub(crate) fn all_present<const N: usize>(values: [Value; N]) -> Result<[Value; N], Value> {
    let mut states = States::default();
    for value in &values {
        states.add(value);
    }
    match states.into_value() {
        None => Ok(values),
        Some(state) => Err(state),
    }
}

/// Is it a present 是?
pub(crate) fn holds(value: &Value) -> bool {
    matches!(value, Value::Bool(true))
}
