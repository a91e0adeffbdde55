//! Writes Parquet for machines and for large results: exact decimals, zstd.

use super::{ResultColumn, ResultTable, ResultValues, WriteError, replace_file};
use crate::column::{Integers, Status};
use arrow_array::types::UInt16Type;
use arrow_array::{
    Array, ArrayRef, BooleanArray, Date32Array, Decimal128Array, DictionaryArray, Int16Array, Int32Array,
    Int64Array, RecordBatch, StringArray, UInt16Array,
};
use arrow_buffer::NullBuffer;
use arrow_schema::{ArrowError, DataType, Field, Schema};
use hengjie_calendar::Period;
use hengjie_quantity::Lang;
use parquet::arrow::ArrowWriter;
use parquet::arrow::arrow_writer::compute_leaves;
use parquet::basic::{Compression, Encoding, ZstdLevel};
use parquet::errors::ParquetError;
use parquet::file::properties::{EnabledStatistics, WriterProperties};
use parquet::schema::types::ColumnPath;
use rayon::prelude::*;
use std::collections::BTreeMap;
use std::io::{self, Write};
use std::path::Path;
use std::sync::Arc;

/// Rows that are written together.
const GROUP_ROWS: usize = 1 << 20;
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
    write_batch(path, &batch)
}

/// Writes the values of a table and nothing about their states: what is not present is null.
///
/// # Errors
/// The file cannot be written; nothing is left of it.
pub(crate) fn write_plain_parquet(path: &Path, table: &ResultTable) -> Result<(), WriteError> {
    let plain = |column: &ResultColumn| {
        let array = array(column, Lang::Zh)?;
        Ok((Field::new(&column.name, array.data_type().clone(), true), array))
    };
    let columns: Result<Vec<(Field, ArrayRef)>, ArrowError> = table.columns.iter().map(plain).collect();
    let (fields, arrays): (Vec<Field>, Vec<ArrayRef>) =
        columns.map_err(|error| WriteError::new(path, error))?.into_iter().unzip();
    let batch = RecordBatch::try_new(Arc::new(Schema::new(fields)), arrays);
    write_batch(path, &batch.map_err(|error| WriteError::new(path, error))?)
}

fn write_batch(path: &Path, batch: &RecordBatch) -> Result<(), WriteError> {
    replace_file(path, |out| {
        let properties = properties(batch).map_err(io::Error::other)?;
        let writer = ArrowWriter::try_new(out, batch.schema(), Some(properties)).map_err(io::Error::other)?;
        write_groups(writer, batch).map_err(io::Error::other)
    })
}

/// Numbers as small differences, everything else through dictionaries: both are quick to write and to read.
fn properties(batch: &RecordBatch) -> Result<WriterProperties, ParquetError> {
    let level = ZstdLevel::try_new(1)?;
    let mut properties = WriterProperties::builder()
        .set_compression(Compression::ZSTD(level))
        .set_statistics_enabled(EnabledStatistics::Chunk);
    for (field, array) in batch.schema().fields().iter().zip(batch.columns()) {
        let narrow = match array.data_type() {
            DataType::Int16 | DataType::Int32 | DataType::Int64 => true,
            DataType::Decimal128(digits, _) => *digits <= NARROW_DIGITS,
            _ => false,
        };
        if narrow {
            let column = ColumnPath::new(vec![field.name().clone()]);
            properties = properties
                .set_column_dictionary_enabled(column.clone(), false)
                .set_column_encoding(column, Encoding::DELTA_BINARY_PACKED);
        }
    }
    Ok(properties.build())
}

/// Writes the columns of each group of rows side by side.
fn write_groups<W: Write + Send>(writer: ArrowWriter<W>, batch: &RecordBatch) -> Result<(), ParquetError> {
    let (mut file, columns) = writer.into_serialized_writer()?;
    let schema = batch.schema();
    for (group, first) in (0..batch.num_rows()).step_by(GROUP_ROWS).enumerate() {
        let rows = batch.slice(first, GROUP_ROWS.min(batch.num_rows() - first));
        let writers = columns.create_column_writers(group)?;
        let parts = schema.fields().par_iter().zip(rows.columns()).zip(writers).with_max_len(1);
        let chunks: Result<Vec<_>, ParquetError> = parts
            .map(|((field, array), mut writer)| {
                for leaf in compute_leaves(field, array)? {
                    writer.write(&leaf)?;
                }
                writer.close()
            })
            .collect();
        let mut group = file.next_row_group()?;
        for chunk in chunks? {
            chunk.append_to_row_group(&mut group)?;
        }
        group.close()?;
    }
    file.close()?;
    Ok(())
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
        ResultValues::Period(values) => periods(values, nulls, lang)?,
    })
}

/// Periods as texts: few different ones, mostly in long runs.
fn periods(values: &[Period], nulls: Option<NullBuffer>, lang: Lang) -> Result<ArrayRef, ArrowError> {
    let mut codes: Vec<u16> = Vec::with_capacity(values.len());
    let mut words: Vec<String> = Vec::new();
    let mut known: BTreeMap<Period, u16> = BTreeMap::new();
    for (row, period) in values.iter().enumerate() {
        let code = match row.checked_sub(1) {
            Some(before) if values[before] == *period => codes[before],
            _ => match known.get(period) {
                Some(code) => *code,
                None => {
                    let code =
                        u16::try_from(words.len()).map_err(|_| ArrowError::DictionaryKeyOverflowError)?;
                    words.push(if lang == Lang::Zh { period.to_string() } else { period.en() });
                    known.insert(*period, code);
                    code
                }
            },
        };
        codes.push(code);
    }
    dictionary(&words, codes, nulls)
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
