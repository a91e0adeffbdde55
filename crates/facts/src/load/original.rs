//! The cells of some rows as the file has them, for handing back what was not taken.

use super::find::{Format, Found};
use super::{Job, csv, excel, guarded, json, parquet};
use crate::column::{ColumnData, LoadedTable, Status};
use crate::fault::{Fault, Faults};
use crate::limits::Limits;
use crate::resolve::KeyIndexes;
use crate::spec::{ColumnKind, ColumnSpec, TableSpec};
use std::collections::BTreeSet;

/// Some rows of a file.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Original {
    /// Headings as written.
    pub(crate) headings: Vec<String>,
    /// Number and cells of each row, in order. A row may have more or fewer cells than there are headings.
    pub(crate) rows: Vec<(u32, Vec<String>)>,
}

impl Original {
    /// Keeps a row when it is wanted.
    pub(super) fn push(&mut self, wanted: &BTreeSet<u32>, number: u32, cells: impl FnOnce() -> Vec<String>) {
        if wanted.contains(&number) {
            self.rows.push((number, cells()));
        }
    }
}

/// Reads the headings and some rows once more, as text.
///
/// # Errors
/// The file cannot be read any more.
pub(crate) fn original(
    found: &Found,
    sheet: Option<&str>,
    wanted: &BTreeSet<u32>,
    limits: &Limits,
) -> Result<Original, Fault> {
    match found.format {
        Format::Csv => csv::original(found, wanted),
        Format::Excel => guarded(|| excel::original(found, sheet.unwrap_or_default(), wanted, limits)),
        Format::Json => json::original(found, wanted),
        Format::Parquet => of_parquet(found, wanted, limits),
    }
}

/// Reads every column as text.
fn of_parquet(found: &Found, wanted: &BTreeSet<u32>, limits: &Limits) -> Result<Original, Fault> {
    let headings = guarded(|| parquet::headings(found))?;
    let column = |name: &String| ColumnSpec { required: false, ..ColumnSpec::new(name, ColumnKind::Text) };
    let columns = headings.iter().map(column).collect();
    let (title, key) = (crate::Bilingual::default(), Vec::new());
    let spec = TableSpec { name: String::new(), title, columns, key, required: false };
    let indexes = KeyIndexes::default();
    let job = Job { spec: &spec, index: 0, mapping: None, limits, progress: &|_| {}, indexes: &indexes };
    let mut faults = Faults::new("", limits.faults_per_table);
    let table = parquet::load(&job, found, &mut faults);
    let mut original = Original { headings, rows: Vec::new() };
    for row in table.iter().flat_map(|table| 0..table.rows) {
        let number = u32::try_from(row + 1).unwrap_or(u32::MAX);
        original.push(wanted, number, || table.iter().flat_map(|table| cells(table, row)).collect());
    }
    Ok(original)
}

fn cells(table: &LoadedTable, row: usize) -> Vec<String> {
    let cell = |column: &Option<crate::column::LoadedColumn>| match column {
        Some(column) if column.status(row) == Status::Present => match &column.data {
            ColumnData::Text(texts) => texts.value(row).to_owned(),
            _ => String::new(),
        },
        _ => String::new(),
    };
    table.columns.iter().map(cell).collect()
}
