//! Reads Parquet: only the columns that are needed, each on its own thread, integers without copying.

mod convert;
mod slow;

use super::find::{Found, unreadable};
use super::rows::{constant_column, too_many_columns, too_many_rows};
use super::{Job, guarded};
use crate::column::{LoadedColumn, LoadedTable};
use crate::fault::{Fault, Faults};
use crate::heading::{Source, SourceColumn, plan};
use crate::spec::ColumnSpec;
use arrow_array::ArrayRef;
use parquet::arrow::ProjectionMask;
use parquet::arrow::arrow_reader::{
    ArrowReaderMetadata, ArrowReaderOptions, ParquetRecordBatchReader, ParquetRecordBatchReaderBuilder,
};
use parquet::errors::ParquetError;
use rayon::prelude::*;
use std::fs::File;
use std::path::Path;

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
    let results: Vec<_> = job.spec.columns.par_iter().zip(sources).map(read).collect();
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
    })
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
    let array = match guarded(|| read_array(file, source.index)) {
        Ok(array) => array,
        Err(fault) => {
            faults.push(fault.column(&source.heading));
            return None;
        }
    };
    convert::convert(array, spec, source, job.limits.cell_chars, faults)
}

/// All values of a top-level column in one array.
fn read_array(file: &ParquetFile<'_>, index: usize) -> Result<ArrayRef, Fault> {
    // A handle of its own: handles of the same file share their position.
    let handle = File::open(file.path).map_err(|error| unreadable(&error))?;
    let schema = file.metadata.metadata().file_metadata().schema_descr();
    let reader: ParquetRecordBatchReader =
        ParquetRecordBatchReaderBuilder::new_with_metadata(handle, file.metadata.clone())
            .with_projection(ProjectionMask::roots(schema, [index]))
            .with_batch_size(file.rows.max(1))
            .build()
            .map_err(|error| damaged(&error))?;
    let mut batches = Vec::new();
    for batch in reader {
        batches.push(batch.map_err(|error| damaged(&ParquetError::from(error)))?);
    }
    match batches.as_slice() {
        [] => {
            let field = file.metadata.schema().field(index);
            Ok(arrow_array::new_empty_array(field.data_type()))
        }
        [batch] if batch.num_rows() == file.rows => Ok(batch.column(0).clone()),
        _ => Err(damaged(&ParquetError::General("row count".to_owned()))),
    }
}

fn damaged(error: &ParquetError) -> Fault {
    Fault::error(
        "HJ1006",
        format!("Parquet 文件损坏，读不了（{error}）"),
        format!("the Parquet file is damaged ({error})"),
    )
    .help("从原系统重新导出", "export it again from the source")
}
