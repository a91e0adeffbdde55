//! Columns as they were read into columns as evaluators want them, moved where possible and picked row by row otherwise.

use arrow_array::builder::StringBuilder;
use arrow_array::{Array, StringArray};
use hengjie_calendar::{Date, Grain, Period};
use hengjie_evaluate::dataset::{Column, ColumnData, Integers, Keys, Origin};
use hengjie_evaluate::value::Status;
use hengjie_facts as facts;
use rayon::prelude::*;

/// A row that is not there: the value is 待补.
pub(crate) const NOWHERE: u32 = u32::MAX;

/// Rows that one thread takes at least.
const MIN_ROWS: usize = 1 << 15;

/// A column that was read, without its origin. Keys become text.
pub(crate) fn column(loaded: facts::LoadedColumn) -> Column {
    let data = match loaded.data {
        facts::ColumnData::Number { values, scale } => ColumnData::Number { values: integers(values), scale },
        facts::ColumnData::Bool(values) => ColumnData::Bool(values),
        facts::ColumnData::Date(values) => ColumnData::Date(values),
        facts::ColumnData::Period(values) => ColumnData::Period(values),
        facts::ColumnData::Choice(values) => ColumnData::Enum(values),
        facts::ColumnData::Text(values) => ColumnData::Text(values),
        facts::ColumnData::Position(values) => ColumnData::Object(values.into()),
        facts::ColumnData::Key(keys) | facts::ColumnData::Reference(keys) => {
            ColumnData::Text(key_texts(&keys))
        }
    };
    Column { data, status: loaded.status, origin: None, heading: loaded.heading, same: loaded.same }
}

/// Keys that were read.
pub(crate) fn keys(keys: &facts::Keys) -> Keys {
    match keys {
        facts::Keys::Text(texts) => Keys::Text(texts.clone()),
        facts::Keys::Int(values) => Keys::Int(values.clone()),
    }
}

fn integers(values: facts::Integers) -> Integers {
    match values {
        facts::Integers::I16(values) => Integers::I16(values),
        facts::Integers::I32(values) => Integers::I32(values),
        facts::Integers::I64(values) => Integers::I64(values),
        facts::Integers::I128(values) => Integers::I128(values),
    }
}

fn key_texts(keys: &facts::Keys) -> StringArray {
    match keys {
        facts::Keys::Text(texts) => texts.clone(),
        facts::Keys::Int(values) => {
            let mut texts = StringBuilder::with_capacity(values.len(), values.len() * 8);
            values.iter().for_each(|value| texts.append_value(value.to_string()));
            texts.finish()
        }
    }
}

/// The values at some rows, in the order of `rows`; [`NOWHERE`] gives 待补.
pub(crate) fn pick(column: &Column, rows: &[u32], origin: Option<Origin>) -> Column {
    let data = match &column.data {
        ColumnData::Number { values, scale } => {
            ColumnData::Number { values: pick_integers(values, rows), scale: scale.clone() }
        }
        ColumnData::Bool(values) => ColumnData::Bool(take(values, rows, false)),
        ColumnData::Date(values) => ColumnData::Date(take(values, rows, Date::MIN)),
        ColumnData::Period(values) => {
            ColumnData::Period(take(values, rows, Period::containing(Grain::Day, Date::MIN)))
        }
        ColumnData::Enum(values) => ColumnData::Enum(take(values, rows, 0)),
        ColumnData::Object(values) => ColumnData::Object(take(values, rows, 0).into()),
        ColumnData::Text(values) => ColumnData::Text(pick_texts(values, rows)),
    };
    let status = match &column.status {
        None if !rows.par_iter().any(|&row| row == NOWHERE) => None,
        None => Some(
            rows.iter()
                .map(|&row| if row == NOWHERE { Status::Missing } else { Status::Present } as u8)
                .collect(),
        ),
        Some(states) => Some(take(states, rows, Status::Missing as u8)),
    };
    Column { data, status, origin, heading: column.heading.clone(), same: false }
}

fn pick_integers(values: &Integers, rows: &[u32]) -> Integers {
    match values {
        Integers::I16(values) => Integers::I16(take(values, rows, 0).into()),
        Integers::I32(values) => Integers::I32(take(values, rows, 0).into()),
        Integers::I64(values) => Integers::I64(take(values, rows, 0).into()),
        Integers::I128(values) => Integers::I128(take(values, rows, 0)),
    }
}

fn take<T: Copy + Send + Sync>(values: &[T], rows: &[u32], otherwise: T) -> Vec<T> {
    let value = |&row: &u32| values.get(row as usize).copied().unwrap_or(otherwise);
    rows.par_iter().with_min_len(MIN_ROWS).map(value).collect()
}

fn pick_texts(values: &StringArray, rows: &[u32]) -> StringArray {
    let mut texts = StringBuilder::with_capacity(rows.len(), values.value_data().len());
    for &row in rows {
        let row = row as usize;
        texts.append_value(if row < values.len() { values.value(row) } else { "" });
    }
    texts.finish()
}
