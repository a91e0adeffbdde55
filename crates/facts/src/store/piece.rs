//! One piece of a table: an ordinary Parquet file of facts, in base units, with the row of the source beside every row.
//!
//! Keys and texts stay text, money is an exact decimal. A column that holds 无 or 免 somewhere is text as a whole, so that
//! nothing but the cell itself says so.

use crate::column::{ColumnData, LoadedColumn, LoadedTable, Status};
use crate::fault::{Fault, Faults};
use crate::gather::{Place, gather};
use crate::limits::Limits;
use crate::load::{Format, Found, Progress, ProgressFn, load_alone, show};
use crate::spec::{ColumnKind, ColumnSpec, TableSpec};
use crate::store::damaged;
use crate::store::manifest::{Entry, Piece, sha256_of_file};
use crate::write::{ResultColumn, ResultTable, ResultValues, WriteError, write_plain_parquet};
use arrow_array::StringArray;
use hengjie_quantity::{Rational, Unit};
use std::path::Path;

/// The column with the row of the source. No name of a document can be this.
const ROW: &str = "#行";
/// Decimals of a Parquet decimal at most.
const MOST_PLACES: u32 = 38;

/// Writes some rows of a table as a piece in `folder`; its name is `name` and the start of its hash.
pub(crate) fn write(
    folder: &Path,
    name: &str,
    (spec, table): (&TableSpec, &LoadedTable),
    rows: &[u32],
) -> Result<Piece, WriteError> {
    let places: Vec<Place> = rows.iter().map(|&row| Place { part: 0, row }).collect();
    let mut columns = Vec::new();
    for ((position, column), loaded) in spec.columns.iter().enumerate().zip(&table.columns) {
        if let Some(gathered) = loaded.as_ref().and_then(|loaded| gather(&[Some(loaded)], &places)) {
            columns.push(result_column(spec, position, column, gathered));
        }
    }
    let numbers = rows.iter().map(|&row| i128::from(table.row_number(row as usize))).collect();
    let values = ResultValues::Number { values: crate::column::Integers::narrowest(numbers), places: 0 };
    columns.push(ResultColumn::new(ROW, "", values));
    let file = tempfile::Builder::new()
        .prefix(".hengjie-")
        .suffix(".part")
        .tempfile_in(folder)
        .map_err(|error| WriteError::io(folder, &error))?;
    let (path, table) = (file.path().to_owned(), ResultTable { name: name.to_owned(), columns });
    write_plain_parquet(&path, &table)?;
    let sha256 = sha256_of_file(&path).map_err(|error| WriteError::io(&path, &error))?;
    let piece = Piece { file: format!("{name}-{}.parquet", &sha256[..16]), sha256, rows: rows.len() as u64 };
    let target = folder.join(&piece.file);
    std::fs::rename(&path, &target).map_err(|error| WriteError::io(&target, &error))?;
    // The temporary name is gone already.
    drop(file);
    Ok(piece)
}

/// A column as it is written.
fn result_column(
    spec: &TableSpec,
    position: usize,
    column: &ColumnSpec,
    loaded: LoadedColumn,
) -> ResultColumn {
    let rows = places_of(&loaded);
    let needs_words = (0..rows).any(|row| matches!(loaded.status(row), Status::None | Status::Exempt));
    let text = |row: usize| match loaded.status(row) {
        Status::Present => Some(show(spec, position, &loaded.data, row)),
        Status::Missing | Status::Undecided => None,
        status => Some(status.word(hengjie_quantity::Lang::Zh).to_owned()),
    };
    let as_text = || ResultValues::Text((0..rows).map(text).collect::<StringArray>());
    let values = match &loaded.data {
        _ if needs_words => as_text(),
        ColumnData::Number { values, scale } => match decimals(values, scale) {
            Some((values, places)) => ResultValues::Number { values, places },
            None => as_text(),
        },
        ColumnData::Bool(values) => ResultValues::Bool(values.clone()),
        ColumnData::Date(values) => ResultValues::Date(values.clone()),
        ColumnData::Period(values) => ResultValues::Period(values.clone()),
        ColumnData::Choice(codes) => match &column.kind {
            ColumnKind::Choice(items) => ResultValues::Item { items: items.clone(), codes: codes.clone() },
            _ => as_text(),
        },
        ColumnData::Text(_) | ColumnData::Key(_) | ColumnData::Reference(_) | ColumnData::Position(_) => {
            as_text()
        }
    };
    let status = if matches!(values, ResultValues::Text(_)) { None } else { loaded.status };
    ResultColumn { name: column.name.clone(), unit: String::new(), values, status }
}

/// Number of values of a gathered column.
fn places_of(column: &LoadedColumn) -> usize {
    match &column.data {
        ColumnData::Number { values, .. } => values.len(),
        ColumnData::Bool(values) => values.len(),
        ColumnData::Date(values) => values.len(),
        ColumnData::Period(values) => values.len(),
        ColumnData::Choice(values) => values.len(),
        ColumnData::Text(values) => arrow_array::Array::len(values),
        ColumnData::Key(keys) | ColumnData::Reference(keys) => keys.len(),
        ColumnData::Position(values) => values.len(),
    }
}

/// Integers with decimal places; `None` for scales such as a third, and where 38 digits do not suffice.
fn decimals(values: &crate::column::Integers, scale: &Rational) -> Option<(crate::column::Integers, u32)> {
    let (places, factor) = (0..=MOST_PLACES).find_map(|places| {
        let factor = scale * &Rational::pow10(i32::try_from(places).ok()?);
        Some((places, factor.to_i128()?))
    })?;
    let fits = |value: &i128| value.unsigned_abs() < 10_u128.pow(MOST_PLACES);
    let scaled = (0..values.len()).map(|row| values.get(row).checked_mul(factor).filter(fits));
    Some((crate::column::Integers::narrowest(scaled.collect::<Option<_>>()?), places))
}

/// A piece that was read.
pub(crate) struct ReadPiece {
    /// With the file and the rows of the source.
    pub(crate) table: LoadedTable,
    /// What names each row.
    pub(crate) keys: Vec<String>,
}

/// Reads a piece of `folder`. `spec`: what is wanted of it; columns that it does not have are `None`.
///
/// # Errors
/// The piece is not what was written, or no longer fits the document: all faults of it.
pub(crate) fn read(
    folder: &Path,
    spec: &TableSpec,
    entry: &Entry,
    limits: &Limits,
    progress: &ProgressFn<'_>,
) -> Result<ReadPiece, Vec<Fault>> {
    let path = folder.join(&entry.piece.file);
    match sha256_of_file(&path) {
        Ok(hash) if hash == entry.piece.sha256 => {}
        Ok(_) => return Err(vec![damaged(&entry.piece.file)]),
        Err(error) => return Err(vec![crate::store::unreadable(&entry.piece.file, &error)]),
    }
    let (wanted, own) = (wanted(spec, entry), spec.columns.len());
    let mut faults = Faults::new(&entry.file, limits.faults_per_table);
    let found = Found { path, name: entry.file.clone(), format: Format::Parquet };
    let loaded = load_alone(&found, &wanted, limits, &mut faults);
    let rows = loaded.as_ref().map_or(0, |table| table.rows as u64);
    progress(Progress {
        table: spec.name.clone(),
        file: entry.piece.file.clone(),
        rows,
        total: Some(entry.piece.rows),
        done: true,
    });
    let faults = faults.into_errors();
    if !faults.is_empty() {
        return Err(faults);
    }
    let Some(mut table) = loaded else { return Err(vec![damaged(&entry.piece.file)]) };
    let extra = table.columns.split_off(own);
    let rows = extra.last().and_then(Option::as_ref).map(|column| row_numbers(column, table.rows));
    let keys = row_keys(&extra[..entry.key.len()], table.rows);
    let Some(rows) = rows else { return Err(vec![damaged(&entry.piece.file)]) };
    table.first_row = rows.first().copied().unwrap_or(1);
    table.row_numbers = Some(rows);
    table.file.clone_from(&entry.file);
    table.sheet.clone_from(&entry.sheet);
    Ok(ReadPiece { table, keys })
}

/// The wanted columns, then the columns of the key as text, then the rows.
fn wanted(spec: &TableSpec, entry: &Entry) -> TableSpec {
    let optional = |column: &ColumnSpec| ColumnSpec { required: false, ..column.clone() };
    let as_text = |name: &String| ColumnSpec { required: false, ..ColumnSpec::new(name, ColumnKind::Text) };
    let mut columns: Vec<ColumnSpec> = spec.columns.iter().map(optional).collect();
    columns.extend(entry.key.iter().map(as_text));
    columns.push(ColumnSpec::new(ROW, ColumnKind::Number { unit: Unit::none() }));
    TableSpec { columns, key: Vec::new(), ..spec.clone() }
}

fn row_numbers(column: &LoadedColumn, rows: usize) -> Vec<u32> {
    match &column.data {
        ColumnData::Number { values, .. } => {
            (0..rows).map(|row| u32::try_from(values.get(row)).unwrap_or(u32::MAX)).collect()
        }
        _ => vec![1; rows],
    }
}

/// What names each row, from the columns of the key as text.
fn row_keys(columns: &[Option<LoadedColumn>], rows: usize) -> Vec<String> {
    let part = |row: usize| {
        move |column: &Option<LoadedColumn>| match column.as_ref().map(|column| (&column.data, column)) {
            Some((ColumnData::Text(texts), column)) if column.status(row) == Status::Present => {
                texts.value(column.place(row)).to_owned()
            }
            _ => String::new(),
        }
    };
    (0..rows).map(|row| columns.iter().map(part(row)).collect::<Vec<_>>().join(KEY_SEPARATOR)).collect()
}

/// Between the parts of a key; no text that is read has it.
pub(crate) const KEY_SEPARATOR: &str = "\u{1f}";
