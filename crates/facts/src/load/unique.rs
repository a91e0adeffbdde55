//! Finds rows that have the same key.

use crate::column::{ColumnData, Keys, LoadedColumn, LoadedTable};
use crate::fault::{Fault, Faults};
use crate::limits::Limits;
use crate::spec::TableSpec;
use rustc_hash::{FxBuildHasher, FxHashMap};
use std::hash::{BuildHasher, Hash, Hasher};

/// Reports every row whose key an earlier row has. Rows with a key that is not there never collide.
pub(super) fn check(spec: &TableSpec, table: &LoadedTable, limits: &Limits, faults: &mut Faults) {
    if spec.key.is_empty() {
        return;
    }
    let columns: Option<Vec<&LoadedColumn>> =
        spec.key.iter().map(|&column| table.columns.get(column)?.as_ref()).collect();
    // A key column that is missing is a fault already.
    let Some(columns) = columns else { return };
    if let [column] = columns.as_slice()
        && let ColumnData::Key(Keys::Int(values)) = &column.data
        && column.status.is_none()
        && all_distinct(values)
    {
        return;
    }
    let mut report = Report { spec, table, columns: &columns, listed: 0, limit: limits.faults_per_table };
    // First row by hash of the key; rows with equal hashes are compared, and chained when they differ.
    let mut first_rows: FxHashMap<u64, Vec<u32>> =
        FxHashMap::with_capacity_and_hasher(table.rows, FxBuildHasher);
    for row in 0..table.rows {
        if columns.iter().any(|column| column.status(row) != crate::column::Status::Present) {
            continue;
        }
        let seen = first_rows.entry(hash_row(&columns, row)).or_default();
        match seen
            .iter()
            .find(|&&earlier| columns.iter().all(|column| same(&column.data, earlier as usize, row)))
        {
            Some(&earlier) => report.add(earlier as usize, row, faults),
            None => seen.push(u32::try_from(row).unwrap_or(u32::MAX)),
        }
    }
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
    for column in columns {
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

/// Writes out collisions while there is room.
struct Report<'a> {
    spec: &'a TableSpec,
    table: &'a LoadedTable,
    columns: &'a [&'a LoadedColumn],
    listed: usize,
    limit: usize,
}

impl Report<'_> {
    fn add(&mut self, earlier: usize, row: usize, faults: &mut Faults) {
        self.listed += 1;
        if self.listed > self.limit {
            faults.count_errors(1);
            return;
        }
        let shown = |column: &&LoadedColumn, spec: usize| show(self.spec, spec, &column.data, row);
        let values: Vec<String> =
            self.columns.iter().zip(&self.spec.key).map(|(column, &spec)| shown(column, spec)).collect();
        let names: Vec<&str> =
            self.spec.key.iter().map(|&column| self.spec.columns[column].name.as_str()).collect();
        let (values, names_zh, first) = (values.join("、"), names.join("＋"), self.table.row_number(earlier));
        faults.push(
            Fault::error(
                "HJ1301",
                format!("{names_zh} {values} 已经在第 {first} 行"),
                format!("{} {values} is already in row {first}", names.join(" + ")),
            )
            .row(self.table.row_number(row))
            .column(self.columns[0].heading.clone())
            .value(values)
            .help("每个编号只留一行", "keep one row per key"),
        );
    }
}

/// A value of a key in words.
fn show(spec: &TableSpec, column: usize, data: &ColumnData, row: usize) -> String {
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
