//! The values of one expression on one chunk of lanes.

use std::borrow::Cow;

/// Lanes computed at a time: small enough that the temporaries of an expression stay in the cache.
pub(crate) const CHUNK: usize = 8192;

/// Values and states of a chunk. Under a state other than present the value is unspecified.
#[derive(Debug, Clone)]
pub(crate) struct Vector<'a> {
    pub(crate) data: Data<'a>,
    /// `Status as u8`; `None`: all present.
    pub(crate) status: Option<Cow<'a, [u8]>>,
}

/// The values of a chunk.
#[derive(Debug, Clone)]
pub(crate) enum Data<'a> {
    I64(Cow<'a, [i64]>),
    I128(Cow<'a, [i128]>),
    /// The same integer in every lane.
    Same(i128),
    Bool(Cow<'a, [bool]>),
    /// Ordinals, positions, rows, days, period ordinals.
    Code(Cow<'a, [i32]>),
    /// The same code in every lane.
    SameCode(i32),
}

impl<'a> Vector<'a> {
    pub(crate) fn present(data: Data<'a>) -> Self {
        Self { data, status: None }
    }

    #[inline]
    pub(crate) fn state(&self, lane: usize) -> u8 {
        match &self.status {
            None => 0,
            Some(states) => states[lane],
        }
    }

    #[inline]
    pub(crate) fn int(&self, lane: usize) -> i128 {
        match &self.data {
            Data::I64(values) => i128::from(values[lane]),
            Data::I128(values) => values[lane],
            Data::Same(value) => *value,
            Data::Bool(values) => i128::from(values[lane]),
            Data::Code(values) => i128::from(values[lane]),
            Data::SameCode(value) => i128::from(*value),
        }
    }

    #[inline]
    pub(crate) fn code(&self, lane: usize) -> i32 {
        match &self.data {
            Data::Code(values) => values[lane],
            Data::SameCode(value) => *value,
            Data::Bool(values) => i32::from(values[lane]),
            _ => 0,
        }
    }

    /// The truth in every lane; anything but a present 是 is false.
    pub(crate) fn truth(&self, lanes: usize) -> Vec<bool> {
        let mut result = match &self.data {
            Data::Bool(values) => values.to_vec(),
            _ => vec![self.int(0) != 0; lanes],
        };
        if let Some(states) = &self.status {
            for (value, state) in result.iter_mut().zip(states.iter()) {
                *value &= *state == 0;
            }
        }
        result
    }
}

/// The states of a strict operation: the highest state of the operands decides.
pub(crate) fn strict<'a>(a: &Vector<'a>, b: &Vector<'a>) -> Option<Cow<'a, [u8]>> {
    match (&a.status, &b.status) {
        (None, None) => None,
        (Some(states), None) | (None, Some(states)) => Some(states.clone()),
        (Some(left), Some(right)) => Some(left.iter().zip(right.iter()).map(|(a, b)| *a.max(b)).collect()),
    }
}
