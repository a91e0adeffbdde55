//! What reading gives: tables of typed columns, each value with its state and its row in the file.

use arrow_array::{Array, StringArray};
use arrow_buffer::ScalarBuffer;
use hengjie_calendar::{Date, Period};
use hengjie_quantity::Rational;

/// State of a value in a column; the numbers are those of the evaluator.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub enum Status {
    /// There is a value.
    Present = 0,
    /// 无: there is no such thing.
    None = 1,
    /// 免: not assessed.
    Exempt = 2,
    /// 待定: people decide later. Only in results.
    Undecided = 3,
    /// 待补: an empty cell, or one that could not be read.
    Missing = 4,
}

impl Status {
    /// The state that a byte of a status column means; anything unknown is 待补.
    #[must_use]
    pub fn from_byte(byte: u8) -> Self {
        match byte {
            0 => Self::Present,
            1 => Self::None,
            2 => Self::Exempt,
            3 => Self::Undecided,
            _ => Self::Missing,
        }
    }

    /// The word people read; empty for [`Status::Present`].
    #[must_use]
    pub fn word(self, lang: hengjie_quantity::Lang) -> &'static str {
        match self {
            Self::Present => "",
            Self::None => lang.pick("无", "none"),
            Self::Exempt => lang.pick("免", "exempt"),
            Self::Undecided => lang.pick("待定", "undecided"),
            Self::Missing => lang.pick("待补", "missing"),
        }
    }
}

/// One table that was read.
#[derive(Debug, Clone)]
pub struct LoadedTable {
    /// Position of its specification.
    pub spec: usize,
    /// Number of rows.
    pub rows: usize,
    /// By column of the specification; `None`: the file has no such column (or an unusable one, which is a fault).
    pub columns: Vec<Option<LoadedColumn>>,
    /// Name of the file, without folders.
    pub file: String,
    /// Sheet, for Excel.
    pub sheet: Option<String>,
    /// Row of the first value as people count: in CSV and Excel the heading is row 1, so usually 2; in Parquet and
    /// JSON the first record is 1.
    pub first_row: u32,
    /// The row of each value, when blank or example rows in between break the count.
    pub row_numbers: Option<Vec<u32>>,
    /// The file of each row, when they come from several.
    pub sources: Option<Sources>,
}

/// Which file each row of a table comes from.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Sources {
    /// Names of the files, with their sheets.
    pub files: Vec<String>,
    /// By row: position in `files`.
    pub of_row: Vec<u32>,
}

impl LoadedTable {
    /// Gives every column a value for each row, also those that hold one for all.
    pub fn spread(&mut self) {
        let rows = self.rows;
        for column in &mut self.columns {
            *column = column.take().map(|column| column.each(rows));
        }
    }

    /// The file as people call it, with its sheet.
    #[must_use]
    pub fn file_text(&self) -> String {
        match &self.sheet {
            Some(sheet) => format!("{}［{sheet}］", self.file),
            None => self.file.clone(),
        }
    }

    /// The row in the file of the value at a position.
    #[must_use]
    pub fn row_number(&self, index: usize) -> u32 {
        match &self.row_numbers {
            Some(rows) => rows.get(index).copied().unwrap_or_default(),
            None => self.first_row.saturating_add(u32::try_from(index).unwrap_or(u32::MAX)),
        }
    }
}

/// The values of one column.
#[derive(Debug, Clone)]
pub struct LoadedColumn {
    /// The values. Under a state other than [`Status::Present`] the value is a stand-in without meaning.
    pub data: ColumnData,
    /// [`Status`] of each value as a byte; `None`: all present.
    pub status: Option<Vec<u8>>,
    /// Heading in the file; empty for a constant of the mapping.
    pub heading: String,
    /// Do `data` and `status` hold one value that every row has? So it is with the constants of a mapping.
    pub same: bool,
}

impl LoadedColumn {
    /// The state of the value at a position.
    #[must_use]
    pub fn status(&self, index: usize) -> Status {
        match &self.status {
            None => Status::Present,
            Some(states) => {
                let state = states.get(self.place(index)).copied();
                Status::from_byte(state.unwrap_or(Status::Missing as u8))
            }
        }
    }

    /// Where `data` and `status` hold the value of a row.
    #[must_use]
    pub fn place(&self, row: usize) -> usize {
        if self.same { 0 } else { row }
    }

    /// The column with a value of its own for each of so many rows.
    #[must_use]
    pub fn each(self, rows: usize) -> Self {
        match self.same {
            true => repeat(self, rows),
            false => self,
        }
    }
}

/// A column of one value, many times.
fn repeat(column: LoadedColumn, rows: usize) -> LoadedColumn {
    fn many<T: Copy>(values: &[T], rows: usize) -> Vec<T> {
        values.first().map(|&value| vec![value; rows]).unwrap_or_default()
    }
    let texts = |texts: &StringArray| {
        let value = if texts.is_empty() { "" } else { texts.value(0) };
        StringArray::from_iter_values(std::iter::repeat_n(value, rows))
    };
    let keys = |keys: &Keys| match keys {
        Keys::Text(values) => Keys::Text(texts(values)),
        Keys::Int(values) => Keys::Int(many(values, rows).into()),
    };
    let integers = |values: &Integers| match values {
        Integers::I16(values) => Integers::I16(many(values, rows).into()),
        Integers::I32(values) => Integers::I32(many(values, rows).into()),
        Integers::I64(values) => Integers::I64(many(values, rows).into()),
        Integers::I128(values) => Integers::I128(many(values, rows)),
    };
    let data = match &column.data {
        ColumnData::Number { values, scale } => {
            ColumnData::Number { values: integers(values), scale: scale.clone() }
        }
        ColumnData::Bool(values) => ColumnData::Bool(many(values, rows)),
        ColumnData::Date(values) => ColumnData::Date(many(values, rows)),
        ColumnData::Period(values) => ColumnData::Period(many(values, rows)),
        ColumnData::Choice(values) => ColumnData::Choice(many(values, rows)),
        ColumnData::Text(values) => ColumnData::Text(texts(values)),
        ColumnData::Key(values) => ColumnData::Key(keys(values)),
        ColumnData::Reference(values) => ColumnData::Reference(keys(values)),
        ColumnData::Position(values) => ColumnData::Position(many(values, rows)),
    };
    let status = column.status.map(|status| many(&status, rows));
    LoadedColumn { data, status, heading: column.heading, same: false }
}

/// Values by what the column holds.
#[derive(Debug, Clone)]
pub enum ColumnData {
    /// Numbers: integer × scale in base units; `scale` is positive.
    Number {
        /// The integers.
        values: Integers,
        /// What one of them counts.
        scale: Rational,
    },
    /// 是 is true.
    Bool(Vec<bool>),
    /// Days.
    Date(Vec<Date>),
    /// Periods.
    Period(Vec<Period>),
    /// Positions in the items of the specification.
    Choice(Vec<u16>),
    /// Any text.
    Text(StringArray),
    /// Keys of this table.
    Key(Keys),
    /// Keys of another table, before [`crate::resolve`].
    Reference(Keys),
    /// Positions of rows in another table, after [`crate::resolve`].
    Position(Vec<u32>),
}

/// Keys as text or, when all are whole numbers without leading zeros, as integers.
#[derive(Debug, Clone)]
pub enum Keys {
    /// As written.
    Text(StringArray),
    /// Whole numbers.
    Int(ScalarBuffer<i64>),
}

impl Keys {
    /// Number of keys.
    #[must_use]
    pub fn len(&self) -> usize {
        match self {
            Self::Text(texts) => texts.len(),
            Self::Int(values) => values.len(),
        }
    }

    /// Are there none?
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The key at a position as text; empty outside.
    #[must_use]
    pub fn get(&self, index: usize) -> String {
        match self {
            Self::Text(texts) if index < texts.len() => texts.value(index).to_owned(),
            Self::Text(_) => String::new(),
            Self::Int(values) => values.get(index).map(ToString::to_string).unwrap_or_default(),
        }
    }
}

/// Integers at the narrowest width that holds them.
#[derive(Debug, Clone)]
pub enum Integers {
    /// 16 bits.
    I16(ScalarBuffer<i16>),
    /// 32 bits.
    I32(ScalarBuffer<i32>),
    /// 64 bits.
    I64(ScalarBuffer<i64>),
    /// 128 bits.
    I128(Vec<i128>),
}

impl Integers {
    /// The narrowest form of these values.
    #[must_use]
    pub fn narrowest(values: Vec<i128>) -> Self {
        let lowest = values.iter().copied().min().unwrap_or(0);
        let highest = values.iter().copied().max().unwrap_or(0);
        match i64::try_from(lowest).is_ok() && i64::try_from(highest).is_ok() {
            true => Self::within(lowest, highest, values.into_iter()),
            false => Self::I128(values),
        }
    }

    /// The narrowest form of values that are known to lie between two.
    pub(crate) fn within(lowest: i128, highest: i128, values: impl Iterator<Item = i128>) -> Self {
        if i16::try_from(lowest).is_ok() && i16::try_from(highest).is_ok() {
            Self::I16(values.map(|value| value as i16).collect())
        } else if i32::try_from(lowest).is_ok() && i32::try_from(highest).is_ok() {
            Self::I32(values.map(|value| value as i32).collect())
        } else if i64::try_from(lowest).is_ok() && i64::try_from(highest).is_ok() {
            Self::I64(values.map(|value| value as i64).collect())
        } else {
            Self::I128(values.collect())
        }
    }

    /// Number of values.
    #[must_use]
    pub fn len(&self) -> usize {
        match self {
            Self::I16(values) => values.len(),
            Self::I32(values) => values.len(),
            Self::I64(values) => values.len(),
            Self::I128(values) => values.len(),
        }
    }

    /// Are there none?
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The value at a position; 0 outside.
    #[must_use]
    pub fn get(&self, index: usize) -> i128 {
        match self {
            Self::I16(values) => values.get(index).copied().map_or(0, i128::from),
            Self::I32(values) => values.get(index).copied().map_or(0, i128::from),
            Self::I64(values) => values.get(index).copied().map_or(0, i128::from),
            Self::I128(values) => values.get(index).copied().unwrap_or(0),
        }
    }
}
