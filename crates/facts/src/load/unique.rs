//! Finds rows that have the same key.

use crate::column::{ColumnData, Keys, LoadedColumn, LoadedTable, Status};
use crate::fault::{Fault, Faults};
use crate::limits::Limits;
use crate::spec::TableSpec;
use rayon::prelude::*;
use rustc_hash::FxBuildHasher;
use std::hash::{BuildHasher, Hash, Hasher};

/// Reports every row whose key an earlier row has. Rows with a key that is not there never collide.
pub(super) fn check(spec: &TableSpec, table: &LoadedTable, limits: &Limits, faults: &mut Faults) {
    let columns: Option<Vec<&LoadedColumn>> =
        spec.key.iter().map(|&column| table.columns.get(column)?.as_ref()).collect();
    // A key column that is missing is a fault already.
    let Some(columns) = columns.filter(|columns| !columns.is_empty()) else { return };
    if !clearly_distinct(&columns) {
        let repeated = repeated_rows(&columns, table.rows);
        let report = Report { spec, table, columns: &columns };
        for (earlier, row) in repeated.iter().take(limits.faults_per_table) {
            faults.push(report.fault(*earlier, *row));
        }
        faults.count_errors(repeated.len().saturating_sub(limits.faults_per_table) as u64);
    }
}

/// The quick answer for the usual case: one column of integers that are all different, the others (a period) the same
/// in every row.
fn clearly_distinct(columns: &[&LoadedColumn]) -> bool {
    if columns.iter().any(|column| column.status.is_some()) {
        return false;
    }
    let varying: Vec<&&LoadedColumn> =
        columns.iter().filter(|column| !column.same && !is_constant(&column.data)).collect();
    match varying.as_slice() {
        [column] => match &column.data {
            ColumnData::Key(Keys::Int(values)) | ColumnData::Reference(Keys::Int(values)) => {
                all_distinct(values)
            }
            _ => false,
        },
        _ => false,
    }
}

/// Has every row the same value? Only asked of kinds where that is likely.
fn is_constant(data: &ColumnData) -> bool {
    match data {
        ColumnData::Period(values) => values.iter().all(|value| Some(value) == values.first()),
        ColumnData::Date(values) => values.iter().all(|value| Some(value) == values.first()),
        _ => false,
    }
}

/// Rows with the key of an earlier row, as (earlier, row), by row.
fn repeated_rows(columns: &[&LoadedColumn], rows: usize) -> Vec<(usize, usize)> {
    let present = |row: &usize| columns.iter().all(|column| column.status(*row) == Status::Present);
    let mut hashes: Vec<(u64, usize)> =
        (0..rows).into_par_iter().filter(present).map(|row| (hash_row(columns, row), row)).collect();
    hashes.par_sort_unstable();
    let same_key = |left: usize, right: usize| {
        columns.iter().all(|column| column.same || same(&column.data, left, right))
    };
    let mut repeated = Vec::new();
    for group in hashes.chunk_by(|left, right| left.0 == right.0).filter(|group| group.len() > 1) {
        // Different keys may share a hash: each row is compared with the first rows of the keys so far.
        let mut firsts: Vec<usize> = Vec::new();
        for &(_, row) in group {
            match firsts.iter().find(|&&first| same_key(first, row)) {
                Some(&first) => repeated.push((first, row)),
                None => firsts.push(row),
            }
        }
    }
    repeated.sort_unstable_by_key(|&(_, row)| row);
    repeated
}

/// Are all integers different? Only answers yes when their range is small enough to mark each.
fn all_distinct(values: &[i64]) -> bool {
    let (Some(&low), Some(&high)) = (values.iter().min(), values.iter().max()) else { return true };
    let range = high.abs_diff(low);
    if range > values.len() as u64 * 64 {
        return false;
    }
    let mut marks = vec![0_u64; (range / 64 + 1) as usize];
    values.iter().all(|value| {
        let place = value.abs_diff(low);
        let (word, bit) = ((place / 64) as usize, 1_u64 << (place % 64));
        let fresh = marks[word] & bit == 0;
        marks[word] |= bit;
        fresh
    })
}

fn hash_row(columns: &[&LoadedColumn], row: usize) -> u64 {
    let mut hasher = FxBuildHasher.build_hasher();
    for column in columns.iter().filter(|column| !column.same) {
        match &column.data {
            ColumnData::Number { values, .. } => values.get(row).hash(&mut hasher),
            ColumnData::Bool(values) => values[row].hash(&mut hasher),
            ColumnData::Date(values) => values[row].hash(&mut hasher),
            ColumnData::Period(values) => values[row].hash(&mut hasher),
            ColumnData::Choice(values) => values[row].hash(&mut hasher),
            ColumnData::Position(values) => values[row].hash(&mut hasher),
            ColumnData::Text(texts)
            | ColumnData::Key(Keys::Text(texts))
            | ColumnData::Reference(Keys::Text(texts)) => {
                texts.value(row).hash(&mut hasher);
            }
            ColumnData::Key(Keys::Int(values)) | ColumnData::Reference(Keys::Int(values)) => {
                values[row].hash(&mut hasher)
            }
        }
    }
    hasher.finish()
}

fn same(data: &ColumnData, left: usize, right: usize) -> bool {
    match data {
        ColumnData::Number { values, .. } => values.get(left) == values.get(right),
        ColumnData::Bool(values) => values[left] == values[right],
        ColumnData::Date(values) => values[left] == values[right],
        ColumnData::Period(values) => values[left] == values[right],
        ColumnData::Choice(values) => values[left] == values[right],
        ColumnData::Position(values) => values[left] == values[right],
        ColumnData::Text(texts)
        | ColumnData::Key(Keys::Text(texts))
        | ColumnData::Reference(Keys::Text(texts)) => texts.value(left) == texts.value(right),
        ColumnData::Key(Keys::Int(values)) | ColumnData::Reference(Keys::Int(values)) => {
            values[left] == values[right]
        }
    }
}

/// Puts collisions in words.
struct Report<'a> {
    spec: &'a TableSpec,
    table: &'a LoadedTable,
    columns: &'a [&'a LoadedColumn],
}

impl Report<'_> {
    fn fault(&self, earlier: usize, row: usize) -> Fault {
        let shown = |(column, &spec): (&&LoadedColumn, &usize)| {
            show(self.spec, spec, &column.data, column.place(row))
        };
        let values: Vec<String> = self.columns.iter().zip(&self.spec.key).map(shown).collect();
        let names: Vec<&str> =
            self.spec.key.iter().map(|&column| self.spec.columns[column].name.as_str()).collect();
        let (values, first) = (values.join("、"), self.table.row_number(earlier));
        Fault::error(
            "HJ1301",
            format!("{} {values} 已经在第 {first} 行", names.join("＋")),
            format!("{} {values} is already in row {first}", names.join(" + ")),
        )
        .row(self.table.row_number(row))
        .column(self.columns[0].heading.clone())
        .value(values)
        .help("每个编号只留一行", "keep one row per key")
    }
}

/// A value of a key in words.
pub(crate) fn show(spec: &TableSpec, column: usize, data: &ColumnData, row: usize) -> String {
    use crate::spec::ColumnKind;
    match data {
        ColumnData::Number { values, scale } => {
            (hengjie_quantity::Rational::from(values.get(row)) * scale).to_string()
        }
        ColumnData::Bool(values) => if values[row] { "是" } else { "否" }.to_owned(),
        ColumnData::Date(values) => values[row].to_string(),
        ColumnData::Period(values) => values[row].to_string(),
        ColumnData::Choice(values) => match &spec.columns[column].kind {
            ColumnKind::Choice(items) => items.get(usize::from(values[row])).cloned().unwrap_or_default(),
            _ => values[row].to_string(),
        },
        ColumnData::Position(values) => values[row].to_string(),
        ColumnData::Text(texts) => texts.value(row).to_owned(),
        ColumnData::Key(keys) | ColumnData::Reference(keys) => keys.get(row),
    }
}
