//! Builds a column of keys: integers as long as every key is a whole number in its shortest form, else text.

use super::{Problem, key_text};
use crate::cell::Cell;
use crate::column::Keys;
use crate::number::{is_scientific, significant_digits};
use arrow_array::builder::StringBuilder;

/// Digits of a number that Excel keeps.
const EXCEL_DIGITS: usize = 15;

/// The keys so far.
pub(crate) enum KeyBuilder {
    Int(Vec<i64>),
    Text(StringBuilder),
}

impl Default for KeyBuilder {
    fn default() -> Self {
        Self::Int(Vec::new())
    }
}

impl KeyBuilder {
    pub(crate) fn push(&mut self, cell: Cell<'_>) -> Result<(), Problem> {
        match cell {
            Cell::Text(text) => {
                if let (Self::Int(values), Some(value)) = (&mut *self, canonical_integer(text)) {
                    values.push(value);
                    return Ok(());
                }
                if is_scientific(text) {
                    return Err(Problem::KeyDigitsLost);
                }
                self.push_text(&key_text(text)?);
                Ok(())
            }
            Cell::Number { decimal, .. } => self.push_number(decimal),
            _ => Err(Problem::NotKey),
        }
    }

    /// A key that is not there.
    pub(crate) fn push_stand_in(&mut self) {
        match self {
            Self::Int(values) => values.push(0),
            Self::Text(texts) => texts.append_value(""),
        }
    }

    /// Adds the keys that come behind.
    pub(crate) fn append(&mut self, more: Self) {
        match (&mut *self, more) {
            (Self::Int(values), Self::Int(mut more)) => values.append(&mut more),
            (Self::Int(values), Self::Text(mut more)) => {
                let mut texts = as_texts(values);
                super::append_texts(&mut texts, &more.finish());
                *self = Self::Text(texts);
            }
            (Self::Text(texts), Self::Int(more)) => {
                more.iter().for_each(|value| texts.append_value(value.to_string()));
            }
            (Self::Text(texts), Self::Text(mut more)) => super::append_texts(texts, &more.finish()),
        }
    }

    pub(crate) fn finish(self) -> Keys {
        match self {
            Self::Int(values) => Keys::Int(values.into()),
            Self::Text(mut texts) => Keys::Text(texts.finish()),
        }
    }

    /// A number stands for its digits, if Excel kept them all.
    fn push_number(&mut self, decimal: &str) -> Result<(), Problem> {
        if decimal.contains('.') {
            return Err(Problem::NotKey);
        }
        let digits = decimal.bytes().filter(u8::is_ascii_digit).count();
        if digits > EXCEL_DIGITS || significant_digits(decimal) > EXCEL_DIGITS {
            return Err(Problem::KeyDigitsLost);
        }
        self.push(Cell::Text(decimal))
    }

    fn push_text(&mut self, key: &str) {
        if let Self::Int(values) = self {
            if let Some(value) = canonical_integer(key) {
                values.push(value);
                return;
            }
            *self = Self::Text(as_texts(values));
        }
        if let Self::Text(texts) = self {
            texts.append_value(key);
        }
    }
}

fn as_texts(values: &[i64]) -> StringBuilder {
    let mut texts = StringBuilder::new();
    values.iter().for_each(|value| texts.append_value(value.to_string()));
    texts
}

/// A whole number that writes back as the same text: no sign, no leading zeros, at most 18 digits.
pub(crate) fn canonical_integer(text: &str) -> Option<i64> {
    let bytes = text.as_bytes();
    let plain = matches!(bytes.len(), 1..=18)
        && bytes.iter().all(u8::is_ascii_digit)
        && (bytes[0] != b'0' || bytes.len() == 1);
    plain.then(|| bytes.iter().fold(0_i64, |value, byte| value * 10 + i64::from(byte - b'0')))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn keys(cells: &[Cell<'_>]) -> Vec<String> {
        let mut builder = KeyBuilder::default();
        for cell in cells {
            builder.push(*cell).unwrap();
        }
        let keys = builder.finish();
        let kind = match keys {
            Keys::Int(_) => "int",
            Keys::Text(_) => "text",
        };
        std::iter::once(kind.to_owned()).chain((0..keys.len()).map(|index| keys.get(index))).collect()
    }

    #[test]
    fn keys_are_integers_until_one_is_not() {
        assert_eq!(keys(&[Cell::Text("12"), Cell::Text("0")]), ["int", "12", "0"]);
        assert_eq!(keys(&[Cell::Text("12"), Cell::Text("007")]), ["text", "12", "007"]);
        assert_eq!(keys(&[Cell::Text("12"), Cell::Text("-1"), Cell::Text("5")]), ["text", "12", "-1", "5"]);
        assert_eq!(keys(&[Cell::Text("１２")]), ["int", "12"]);
    }

    #[test]
    fn digits_that_excel_lost_are_found() {
        let mut builder = KeyBuilder::default();
        assert!(builder.push(Cell::number("123456789012345")).is_ok());
        assert!(matches!(builder.push(Cell::number("6222020200012345678")), Err(Problem::KeyDigitsLost)));
        assert!(matches!(builder.push(Cell::number("622202020001234000")), Err(Problem::KeyDigitsLost)));
        assert!(matches!(builder.push(Cell::Text("6.22202E+18")), Err(Problem::KeyDigitsLost)));
        assert!(matches!(builder.push(Cell::number("12.5")), Err(Problem::NotKey)));
    }
}
