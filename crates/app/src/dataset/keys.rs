//! Finding subjects by key.

use arrow_array::Array;
use hengjie_evaluate::dataset::Keys;
use rustc_hash::FxHashMap;

/// Positions by key, without a copy of any key.
#[derive(Debug)]
pub(crate) enum KeyIndex<'a> {
    Text(FxHashMap<&'a str, u32>),
    Int(FxHashMap<i64, u32>),
    Numbered(&'a Keys),
}

impl<'a> KeyIndex<'a> {
    pub(crate) fn of(keys: &'a Keys) -> Self {
        match keys {
            Keys::Text(texts) => Self::Text((0..texts.len()).map(|row| texts.value(row)).zip(0..).collect()),
            Keys::Int(values) => Self::Int(values.iter().copied().zip(0..).collect()),
            Keys::Numbered { .. } => Self::Numbered(keys),
        }
    }

    /// The position of a key.
    pub(crate) fn position(&self, key: &str) -> Option<u32> {
        match self {
            Self::Text(positions) => positions.get(key).copied(),
            Self::Int(positions) => {
                let value: i64 = key.parse().ok()?;
                positions.get(&value).copied().filter(|_| value.to_string() == key)
            }
            Self::Numbered(keys) => u32::try_from(keys.position(key)?).ok(),
        }
    }
}
