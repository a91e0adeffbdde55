//! Puts the pieces of a column together in their final place, so that no column is ever there twice.

use crate::column::{ColumnData, Integers, Keys, LoadedColumn, Status};
use hengjie_calendar::Date;
use hengjie_quantity::Rational;

/// The pieces so far.
#[derive(Debug)]
pub(super) struct Pile {
    /// Rows of the whole column.
    rows: usize,
    len: usize,
    values: Option<Values>,
    status: Option<Vec<u8>>,
}

#[derive(Debug)]
enum Values {
    I16(Vec<i16>, Rational),
    I32(Vec<i32>, Rational),
    I64(Vec<i64>, Rational),
    Bool(Vec<bool>),
    Date(Vec<Date>),
    Choice(Vec<u16>),
    Key(Vec<i64>),
    Reference(Vec<i64>),
    Position(Vec<u32>),
}

impl Pile {
    pub(super) fn new(rows: usize) -> Self {
        Self { rows, len: 0, values: None, status: None }
    }

    /// Values so far.
    pub(super) fn len(&self) -> usize {
        self.len
    }

    /// Adds the next piece. `None`: it is of another sort than the pieces before.
    pub(super) fn push(&mut self, piece: LoadedColumn) -> Option<()> {
        let rows = self.rows;
        match (&mut self.values, &piece.data) {
            (None, data) => self.values = Some(Values::start(data, rows)?),
            (Some(values), data) => values.extend(data)?,
        }
        let added = self.values.as_ref()?.len() - self.len;
        match (&mut self.status, piece.status) {
            (None, None) => {}
            (Some(status), None) => status.resize(self.len + added, Status::Present as u8),
            (slot, Some(own)) => {
                let status = slot.get_or_insert_with(|| Vec::with_capacity(rows));
                status.resize(self.len, Status::Present as u8);
                status.extend_from_slice(&own);
            }
        }
        self.len += added;
        Some(())
    }

    /// The column; `None` if there was no piece.
    pub(super) fn finish(self, heading: String) -> Option<LoadedColumn> {
        let data = match self.values? {
            Values::I16(values, scale) => ColumnData::Number { values: Integers::I16(values.into()), scale },
            Values::I32(values, scale) => ColumnData::Number { values: Integers::I32(values.into()), scale },
            Values::I64(values, scale) => ColumnData::Number { values: Integers::I64(values.into()), scale },
            Values::Bool(values) => ColumnData::Bool(values),
            Values::Date(values) => ColumnData::Date(values),
            Values::Choice(values) => ColumnData::Choice(values),
            Values::Key(values) => ColumnData::Key(Keys::Int(values.into())),
            Values::Reference(values) => ColumnData::Reference(Keys::Int(values.into())),
            Values::Position(values) => ColumnData::Position(values),
        };
        Some(LoadedColumn { data, status: self.status, heading, same: false })
    }
}

impl Values {
    fn start(data: &ColumnData, rows: usize) -> Option<Self> {
        let mut values = match data {
            ColumnData::Number { values: Integers::I16(_), scale } => {
                Self::I16(Vec::with_capacity(rows), scale.clone())
            }
            ColumnData::Number { values: Integers::I32(_), scale } => {
                Self::I32(Vec::with_capacity(rows), scale.clone())
            }
            ColumnData::Number { values: Integers::I64(_), scale } => {
                Self::I64(Vec::with_capacity(rows), scale.clone())
            }
            ColumnData::Bool(_) => Self::Bool(Vec::with_capacity(rows)),
            ColumnData::Date(_) => Self::Date(Vec::with_capacity(rows)),
            ColumnData::Choice(_) => Self::Choice(Vec::with_capacity(rows)),
            ColumnData::Key(Keys::Int(_)) => Self::Key(Vec::with_capacity(rows)),
            ColumnData::Reference(Keys::Int(_)) => Self::Reference(Vec::with_capacity(rows)),
            ColumnData::Position(_) => Self::Position(Vec::with_capacity(rows)),
            _ => return None,
        };
        values.extend(data)?;
        Some(values)
    }

    fn extend(&mut self, data: &ColumnData) -> Option<()> {
        match (self, data) {
            (Self::I16(all, _), ColumnData::Number { values: Integers::I16(new), .. }) => {
                all.extend_from_slice(new);
            }
            (Self::I32(all, _), ColumnData::Number { values: Integers::I32(new), .. }) => {
                all.extend_from_slice(new);
            }
            (Self::I64(all, _), ColumnData::Number { values: Integers::I64(new), .. }) => {
                all.extend_from_slice(new);
            }
            (Self::Bool(all), ColumnData::Bool(new)) => all.extend_from_slice(new),
            (Self::Date(all), ColumnData::Date(new)) => all.extend_from_slice(new),
            (Self::Choice(all), ColumnData::Choice(new)) => all.extend_from_slice(new),
            (Self::Key(all), ColumnData::Key(Keys::Int(new)))
            | (Self::Reference(all), ColumnData::Reference(Keys::Int(new))) => all.extend_from_slice(new),
            (Self::Position(all), ColumnData::Position(new)) => all.extend_from_slice(new),
            _ => return None,
        }
        Some(())
    }

    fn len(&self) -> usize {
        match self {
            Self::I16(values, _) => values.len(),
            Self::I32(values, _) => values.len(),
            Self::I64(values, _) => values.len(),
            Self::Bool(values) => values.len(),
            Self::Date(values) => values.len(),
            Self::Choice(values) => values.len(),
            Self::Key(values) | Self::Reference(values) => values.len(),
            Self::Position(values) => values.len(),
        }
    }
}
