//! Results out.
//!
//! Every writer makes a temporary file beside the target and renames it at the end, so nothing half-written is left.

mod csv;
mod excel;
mod json;
mod parquet;
mod safe_file;

pub(crate) use self::csv::write_rows;
pub(crate) use self::parquet::write_plain_parquet;
pub(crate) use excel::{heading_format, set_width, sheet_name, timeless};
pub(crate) use safe_file::replace_file;

pub use self::csv::write_csv;
pub use self::excel::write_xlsx;
pub use self::json::write_json;
pub use self::parquet::write_parquet;

use crate::bilingual::Bilingual;
use crate::column::{Integers, Status};
use arrow_array::{Array, StringArray};
use hengjie_calendar::{Date, Period};
use hengjie_quantity::Lang;
use std::fmt;
use std::path::{Path, PathBuf};

/// A table of results. All columns have the same length.
#[derive(Debug, Clone)]
pub struct ResultTable {
    /// Name of the sheet.
    pub name: String,
    /// The columns in order.
    pub columns: Vec<ResultColumn>,
}

/// One column of results.
#[derive(Debug, Clone)]
pub struct ResultColumn {
    /// Heading, without unit.
    pub name: String,
    /// What the numbers count, as people write it; empty for none.
    pub unit: String,
    /// The values.
    pub values: ResultValues,
    /// [`Status`] of each value as a byte; `None`: all present.
    pub status: Option<Vec<u8>>,
}

/// Values by type. A value that is not present is a stand-in.
#[derive(Debug, Clone)]
pub enum ResultValues {
    /// Any text, also keys and accounts.
    Text(StringArray),
    /// Items of a list, by position.
    Item {
        /// The list.
        items: Vec<String>,
        /// Position of each value.
        codes: Vec<u16>,
    },
    /// Numbers: integer × 10 to the power −`places`.
    Number {
        /// The integers.
        values: Integers,
        /// Digits after the point; all of them are written.
        places: u32,
    },
    /// 是 is true.
    Bool(Vec<bool>),
    /// Days.
    Date(Vec<Date>),
    /// Periods.
    Period(Vec<Period>),
}

impl ResultValues {
    /// Number of values.
    #[must_use]
    pub fn len(&self) -> usize {
        match self {
            Self::Text(texts) => texts.len(),
            Self::Item { codes, .. } => codes.len(),
            Self::Number { values, .. } => values.len(),
            Self::Bool(values) => values.len(),
            Self::Date(values) => values.len(),
            Self::Period(values) => values.len(),
        }
    }

    /// Are there none?
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

impl ResultTable {
    /// Number of rows.
    #[must_use]
    pub fn rows(&self) -> usize {
        self.columns.first().map_or(0, |column| column.values.len())
    }
}

impl ResultColumn {
    /// A column where every value is present.
    #[must_use]
    pub fn new(name: impl Into<String>, unit: impl Into<String>, values: ResultValues) -> Self {
        Self { name: name.into(), unit: unit.into(), values, status: None }
    }

    /// The state of a value.
    #[must_use]
    pub fn status(&self, row: usize) -> Status {
        self.status.as_ref().map_or(Status::Present, |states| {
            Status::from_byte(states.get(row).copied().unwrap_or(Status::Missing as u8))
        })
    }

    /// Heading with unit: `总分（分）`, `total (points)`.
    pub(crate) fn heading(&self, lang: Lang) -> String {
        match lang {
            _ if self.unit.is_empty() => self.name.clone(),
            Lang::Zh => format!("{}（{}）", self.name, self.unit),
            Lang::En => format!("{} ({})", self.name, self.unit),
        }
    }

    /// The heading of the extra column with states, in files for machines.
    pub(crate) fn status_heading(&self, lang: Lang) -> String {
        format!("{}{}", self.name, lang.pick("_状态", "_status"))
    }

    /// Is some value not present?
    pub(crate) fn has_states(&self) -> bool {
        self.status.as_ref().is_some_and(|states| states.iter().any(|&state| state != Status::Present as u8))
    }

    /// A present value as plain text: numbers with all their decimals and no separators.
    #[must_use]
    pub fn text(&self, row: usize, lang: Lang) -> String {
        match &self.values {
            ResultValues::Text(texts) => texts.value(row).to_owned(),
            ResultValues::Item { items, codes } => {
                items.get(usize::from(codes[row])).cloned().unwrap_or_default()
            }
            ResultValues::Number { values, places } => decimal(values.get(row), *places),
            ResultValues::Bool(values) => {
                if values[row] { lang.pick("是", "yes") } else { lang.pick("否", "no") }.to_owned()
            }
            ResultValues::Date(values) => values[row].to_string(),
            ResultValues::Period(values) => match lang {
                Lang::Zh => values[row].to_string(),
                Lang::En => values[row].en(),
            },
        }
    }
}

/// An integer with a decimal point before its last `places` digits.
pub(crate) fn decimal(value: i128, places: u32) -> String {
    let sign = if value < 0 { "-" } else { "" };
    let (digits, places) = (value.unsigned_abs(), places as usize);
    match 10_u128.checked_pow(places as u32) {
        _ if places == 0 => value.to_string(),
        Some(unit) => format!("{sign}{}.{:0places$}", digits / unit, digits % unit),
        // More places than the integer can have digits.
        None => format!("{sign}0.{digits:0places$}"),
    }
}

/// A file that could not be written. Nothing is left of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WriteError {
    /// The file.
    pub path: PathBuf,
    /// What happened.
    pub message: Bilingual,
}

impl WriteError {
    /// A library could not make the file.
    pub(crate) fn new(path: &Path, cause: impl fmt::Display) -> Self {
        Self::because(path, &Bilingual::new(format!("内容放不进这种文件（{cause}）"), cause.to_string()))
    }

    /// The system could not write it.
    pub(crate) fn io(path: &Path, error: &std::io::Error) -> Self {
        Self::because(path, &crate::reason::io_reason(error))
    }

    pub(crate) fn because(path: &Path, reason: &Bilingual) -> Self {
        let message = Bilingual::new(
            format!("写不了 {}：{}", path.display(), reason.zh),
            format!("cannot write {}: {}", path.display(), reason.en),
        );
        Self { path: path.to_owned(), message }
    }
}

impl fmt::Display for WriteError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message.en)
    }
}

impl std::error::Error for WriteError {}

#[cfg(test)]
mod tests {
    use super::decimal;

    #[test]
    fn decimals() {
        let cases = [
            (0, 0, "0"),
            (-5, 0, "-5"),
            (-5, 2, "-0.05"),
            (12_345, 2, "123.45"),
            (100, 2, "1.00"),
            (7, 40, "0.0000000000000000000000000000000000000007"),
        ];
        for (value, places, text) in cases {
            assert_eq!(decimal(value, places), text);
        }
        assert_eq!(decimal(i128::MIN, 38), "-1.70141183460469231731687303715884105728");
    }
}
