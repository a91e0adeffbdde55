//! Reads Parquet: only the columns that are needed, each on its own thread, piece by piece into its final place.

mod convert;
mod pile;
mod slow;

use super::find::{Found, unreadable};
use super::rows::{constant_column, too_many_columns, too_many_rows};
use super::{Job, guarded};
use crate::column::{LoadedColumn, LoadedTable};
use crate::fault::{Fault, Faults};
use crate::heading::{Source, SourceColumn, plan};
use crate::spec::ColumnSpec;
use arrow_array::ArrayRef;
use convert::Reading;
use parquet::arrow::ProjectionMask;
use parquet::arrow::arrow_reader::{
    ArrowReaderMetadata, ArrowReaderOptions, ParquetRecordBatchReader, ParquetRecordBatchReaderBuilder,
};
use parquet::errors::ParquetError;
use pile::Pile;
use rayon::prelude::*;
use std::fs::File;
use std::path::Path;

/// Rows that are decoded and converted at a time: few enough to stay in the cache.
const PIECE: usize = 1 << 15;

/// Records are counted from 1.
const FIRST_ROW: u32 = 1;

/// Reads the table of a file.
pub(super) fn load(job: &Job<'_>, found: &Found, faults: &mut Faults) -> Option<LoadedTable> {
    let metadata = guarded(|| read_metadata(&found.path)).map_err(|fault| faults.push(fault)).ok()?;
    let rows = usize::try_from(metadata.metadata().file_metadata().num_rows()).unwrap_or(0);
    if rows as u64 > job.limits.rows || u32::try_from(rows).is_err() {
        faults.push(too_many_rows(job.limits.rows));
        return None;
    }
    let headings: Vec<String> = metadata.schema().fields().iter().map(|field| field.name().clone()).collect();
    if headings.len() > job.limits.columns {
        faults.push(too_many_columns(job.limits.columns));
        return None;
    }
    let sources = plan(&headings, job.spec, job.mapping, faults);
    let file = ParquetFile { path: &found.path, metadata: &metadata, rows };
    let read = |(spec, source): (&ColumnSpec, Option<Source>)| {
        let mut faults = Faults::new(&found.name, job.limits.faults_per_table);
        let column = match source {
            None => None,
            Some(Source::Constant(text)) => constant_column(spec, &text, rows, &mut faults),
            Some(Source::Column(source)) => read_column(job, spec, source, &file, &mut faults),
        };
        (column, faults)
    };
    let results: Vec<_> = job.spec.columns.par_iter().zip(sources).with_max_len(1).map(read).collect();
    let mut columns = Vec::with_capacity(results.len());
    for (column, found) in results {
        faults.append(found);
        columns.push(column);
    }
    if rows == 0 {
        faults.push(Fault::warning("HJ1016", "表里没有数据", "the table has no rows"));
    }
    job.report(&found.name, rows as u64, Some(rows as u64), true);
    Some(LoadedTable {
        spec: job.index,
        rows,
        columns,
        file: found.name.clone(),
        sheet: None,
        first_row: FIRST_ROW,
        row_numbers: None,
        sources: None,
    })
}

/// Names of the columns of a file.
pub(super) fn headings(found: &Found) -> Result<Vec<String>, Fault> {
    let metadata = read_metadata(&found.path)?;
    Ok(metadata.schema().fields().iter().map(|field| field.name().clone()).collect())
}

/// A file whose footer was read.
struct ParquetFile<'a> {
    path: &'a Path,
    metadata: &'a ArrowReaderMetadata,
    rows: usize,
}

fn read_metadata(path: &Path) -> Result<ArrowReaderMetadata, Fault> {
    let file = File::open(path).map_err(|error| unreadable(&error))?;
    // The hint of the writer may ask for dictionaries and views; plain types are enough and fewer.
    let options = ArrowReaderOptions::new().with_skip_arrow_metadata(true);
    ArrowReaderMetadata::load(&file, options).map_err(|error| damaged(&error))
}

/// Reads and converts one column.
fn read_column(
    job: &Job<'_>,
    spec: &ColumnSpec,
    source: SourceColumn,
    file: &ParquetFile<'_>,
    faults: &mut Faults,
) -> Option<LoadedColumn> {
    let ty = file.metadata.schema().field(source.index).data_type();
    let in_pieces = convert::in_pieces(spec, &source, ty);
    let piece = if in_pieces { PIECE } else { file.rows.max(1) };
    let mut reader = match guarded(|| open(file, source.index, piece)) {
        Ok(reader) => reader,
        Err(fault) => {
            faults.push(fault.column(&source.heading));
            return None;
        }
    };
    let mut reading = Reading { spec, source: &source, first: 0 };
    if !in_pieces {
        let array = match next_array(&mut reader, file.rows) {
            Ok(Some(array)) => array,
            Ok(None) => arrow_array::new_empty_array(ty),
            Err(fault) => {
                faults.push(fault.column(&source.heading));
                return None;
            }
        };
        return convert::convert(array, reading, job.limits.cell_chars, faults);
    }
    let resolver = job.resolver(spec);
    let mut pile = Pile::new(file.rows);
    loop {
        let array = match next_array(&mut reader, piece.min(file.rows - pile.len())) {
            Ok(Some(array)) => array,
            Ok(None) if pile.len() == file.rows => break,
            Ok(None) => {
                faults.push(wrong_count().column(&source.heading));
                return None;
            }
            Err(fault) => {
                faults.push(fault.column(&source.heading));
                return None;
            }
        };
        reading.first = pile.len();
        let piece = convert::convert(array, reading, job.limits.cell_chars, faults)?;
        let piece = match &resolver {
            Some(resolver) => resolver.resolve(piece, &|index| convert::row(reading.first + index), faults),
            None => piece,
        };
        pile.push(piece)?;
    }
    match pile.len() {
        0 => convert::convert(arrow_array::new_empty_array(ty), reading, job.limits.cell_chars, faults),
        _ => pile.finish(source.heading.clone()),
    }
}

/// Starts reading a top-level column.
fn open(file: &ParquetFile<'_>, index: usize, piece: usize) -> Result<ParquetRecordBatchReader, Fault> {
    // A handle of its own: handles of the same file share their position.
    let handle = File::open(file.path).map_err(|error| unreadable(&error))?;
    let schema = file.metadata.metadata().file_metadata().schema_descr();
    ParquetRecordBatchReaderBuilder::new_with_metadata(handle, file.metadata.clone())
        .with_projection(ProjectionMask::roots(schema, [index]))
        .with_batch_size(piece)
        .build()
        .map_err(|error| damaged(&error))
}

/// The next values, at most so many; `None` at the end.
fn next_array(reader: &mut ParquetRecordBatchReader, most: usize) -> Result<Option<ArrayRef>, Fault> {
    guarded(|| match reader.next() {
        None => Ok(None),
        Some(Ok(batch)) if batch.num_rows() <= most => Ok(Some(batch.column(0).clone())),
        Some(Ok(_)) => Err(wrong_count()),
        Some(Err(error)) => Err(damaged(&ParquetError::from(error))),
    })
}

fn wrong_count() -> Fault {
    damaged(&ParquetError::General("row count".to_owned()))
}

fn damaged(error: &ParquetError) -> Fault {
    Fault::error("HJ1006", "Parquet 文件损坏，读不了", format!("the Parquet file is damaged ({error})"))
        .help("从原系统重新导出", "export it again from the source")
}
