//! Writes Parquet for machines and for large results: exact decimals, zstd.

use super::{ResultColumn, ResultTable, ResultValues, WriteError, replace_file};
use crate::column::{Integers, Status};
use arrow_array::types::UInt16Type;
use arrow_array::{
    Array, ArrayRef, BooleanArray, Date32Array, Decimal128Array, DictionaryArray, Int16Array, Int32Array,
    Int64Array, RecordBatch, StringArray, UInt16Array,
};
use arrow_buffer::NullBuffer;
use arrow_schema::{ArrowError, Field, Schema};
use hengjie_quantity::Lang;
use parquet::arrow::ArrowWriter;
use parquet::basic::{Compression, ZstdLevel};
use parquet::file::properties::WriterProperties;
use std::io;
use std::path::Path;
use std::sync::Arc;

/// Digits of a decimal that still fits 64 bits.
const NARROW_DIGITS: u8 = 18;
/// Digits of the widest decimal.
const WIDE_DIGITS: u8 = 38;

/// Writes a table as Parquet.
///
/// # Shape
/// Whole numbers are integers of their width, numbers with places are decimals (18 or 38 digits), items are
/// dictionary-encoded text, days are dates. A value that is not present is null, and a column `名称_状态`
/// (`name_status`) beside it holds the word; a column where all are present has none. The unit is in the metadata of
/// the field, under `unit`.
///
/// # Errors
/// The file cannot be written; nothing is left of it.
pub fn write_parquet(path: &Path, table: &ResultTable, lang: Lang) -> Result<(), WriteError> {
    let batch = batch(table, lang).map_err(|error| WriteError::new(path, error))?;
    replace_file(path, |out| {
        let level = ZstdLevel::try_new(1).map_err(io::Error::other)?;
        let properties = WriterProperties::builder().set_compression(Compression::ZSTD(level)).build();
        let mut writer =
            ArrowWriter::try_new(out, batch.schema(), Some(properties)).map_err(io::Error::other)?;
        writer.write(&batch).map_err(io::Error::other)?;
        writer.close().map_err(io::Error::other)?;
        Ok(())
    })
}

fn batch(table: &ResultTable, lang: Lang) -> Result<RecordBatch, ArrowError> {
    let mut fields = Vec::new();
    let mut arrays: Vec<ArrayRef> = Vec::new();
    for column in &table.columns {
        let array = array(column, lang)?;
        let field = Field::new(&column.name, array.data_type().clone(), true);
        let unit = (!column.unit.is_empty()).then(|| ("unit".to_owned(), column.unit.clone()));
        fields.push(field.with_metadata(unit.into_iter().collect()));
        arrays.push(array);
        if column.has_states() {
            let states = states(column, lang)?;
            fields.push(Field::new(column.status_heading(lang), states.data_type().clone(), true));
            arrays.push(states);
        }
    }
    RecordBatch::try_new(Arc::new(Schema::new(fields)), arrays)
}

/// The values of a column, null where they are not present.
fn array(column: &ResultColumn, lang: Lang) -> Result<ArrayRef, ArrowError> {
    let len = column.values.len();
    let nulls = column
        .has_states()
        .then(|| NullBuffer::from_iter((0..len).map(|row| column.status(row) == Status::Present)));
    Ok(match &column.values {
        ResultValues::Text(texts) => {
            let nulls = NullBuffer::union(texts.nulls(), nulls.as_ref());
            Arc::new(StringArray::try_new(texts.offsets().clone(), texts.values().clone(), nulls)?)
        }
        ResultValues::Item { items, codes } => dictionary(items, codes.clone(), nulls)?,
        ResultValues::Number { values, places: 0 } => whole_numbers(values, nulls)?,
        ResultValues::Number { values, places } => decimals(values, *places, nulls)?,
        ResultValues::Bool(values) => Arc::new(BooleanArray::new(values.as_slice().into(), nulls)),
        ResultValues::Date(values) => {
            Arc::new(Date32Array::new(values.iter().map(|date| date.days()).collect(), nulls))
        }
        ResultValues::Period(_) => {
            let text = |row| (column.status(row) == Status::Present).then(|| column.text(row, lang));
            Arc::new((0..len).map(text).collect::<StringArray>())
        }
    })
}

fn whole_numbers(values: &Integers, nulls: Option<NullBuffer>) -> Result<ArrayRef, ArrowError> {
    Ok(match values {
        Integers::I16(values) => Arc::new(Int16Array::new(values.clone(), nulls)),
        Integers::I32(values) => Arc::new(Int32Array::new(values.clone(), nulls)),
        Integers::I64(values) => Arc::new(Int64Array::new(values.clone(), nulls)),
        Integers::I128(_) => decimals(values, 0, nulls)?,
    })
}

fn decimals(values: &Integers, places: u32, nulls: Option<NullBuffer>) -> Result<ArrayRef, ArrowError> {
    let places =
        i8::try_from(places).map_err(|_| ArrowError::InvalidArgumentError(format!("{places} decimals")))?;
    let wide: Vec<i128> = (0..values.len()).map(|row| values.get(row)).collect();
    let limit = 10_u128.pow(u32::from(NARROW_DIGITS));
    let narrow =
        places.unsigned_abs() <= NARROW_DIGITS && wide.iter().all(|value| value.unsigned_abs() < limit);
    let digits = if narrow { NARROW_DIGITS } else { WIDE_DIGITS };
    let array = Decimal128Array::new(wide.into(), nulls).with_precision_and_scale(digits, places)?;
    array.validate_decimal_precision(digits)?;
    Ok(Arc::new(array))
}

fn dictionary(items: &[String], codes: Vec<u16>, nulls: Option<NullBuffer>) -> Result<ArrayRef, ArrowError> {
    let codes = UInt16Array::new(codes.into(), nulls);
    let items: ArrayRef = Arc::new(items.iter().map(Some).collect::<StringArray>());
    Ok(Arc::new(DictionaryArray::<UInt16Type>::try_new(codes, items)?))
}

/// The words of the states, null where the value is present.
fn states(column: &ResultColumn, lang: Lang) -> Result<ArrayRef, ArrowError> {
    const ALL: [Status; 5] =
        [Status::Present, Status::None, Status::Exempt, Status::Undecided, Status::Missing];
    let items: Vec<String> = ALL.iter().map(|status| status.word(lang).to_owned()).collect();
    let codes: Vec<u16> = (0..column.values.len()).map(|row| column.status(row) as u16).collect();
    let nulls = NullBuffer::from_iter(codes.iter().map(|&code| code != Status::Present as u16));
    dictionary(&items, codes, Some(nulls))
}
