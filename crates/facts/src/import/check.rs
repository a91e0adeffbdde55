//! What only shows when rows are seen together: rows that share a key, and references to nothing.

use super::ImportRequest;
use super::delivery::{Delivery, Verdict};
use crate::column::{ColumnData, Keys, LoadedTable, Status};
use crate::fault::{Fault, FaultReport};
use crate::gather::same_cell;
use crate::resolve::unknown_key;
use crate::spec::{ColumnKind, TableSpec};
use crate::store::{Action, FactStore};
use rustc_hash::{FxHashMap, FxHashSet};
use std::collections::{BTreeMap, BTreeSet};

/// Of rows that say the same, the first counts; when they contradict each other nobody knows which is right, so none does.
pub(super) fn duplicates(delivery: &mut Delivery) {
    if delivery.refused {
        return;
    }
    let keys = std::mem::take(&mut delivery.keys);
    let mut rows: FxHashMap<&str, Vec<usize>> = FxHashMap::default();
    for (row, key) in keys.iter().enumerate() {
        rows.entry(key).or_default().push(row);
    }
    let mut groups: Vec<Vec<usize>> = rows.into_values().filter(|rows| rows.len() > 1).collect();
    groups.sort_unstable();
    for rows in groups {
        let first = rows[0];
        let agree = rows.iter().all(|row| same_row(&delivery.table, first, *row));
        for &row in if agree { &rows[1..] } else { &rows[..] } {
            let other = if row == first { rows[1] } else { first };
            let fault = doubled(delivery, &keys[row], other, agree);
            delivery.reject(row, fault);
        }
    }
    delivery.keys = keys;
}

fn same_row(table: &LoadedTable, left: usize, right: usize) -> bool {
    table.columns.iter().flatten().all(|column| same_cell((column, left), (column, right)))
}

fn doubled(delivery: &Delivery, key: &str, other: usize, agree: bool) -> Fault {
    let names = delivery.key_names();
    let (key, other) =
        (key.replace(crate::store::piece::KEY_SEPARATOR, "、"), delivery.table.row_number(other));
    let (zh, en) = (names.join("＋"), names.join(" + "));
    let fault = match agree {
        true => Fault::error(
            "HJ1301",
            format!("{zh} {key} 已经在第 {other} 行，内容一样"),
            format!("{en} {key} is already in row {other}, with the same content"),
        )
        .help("多余的一行，删去", "delete the row that is one too many"),
        false => Fault::error(
            "HJ1301",
            format!("{zh} {key} 还在第 {other} 行，内容不同，不知道哪一行对"),
            format!("{en} {key} is also in row {other} with other content; nobody knows which is right"),
        )
        .help("核对后只留一行", "check them and keep one"),
    };
    let heading = delivery.key.first().and_then(|&place| delivery.table.columns.get(place)?.as_ref());
    fault.column(heading.map_or(String::new(), |column| column.heading.clone())).value(key)
}

/// Rejects rows that refer to what is neither in the store nor among the good rows, until no more rows fall: a rejected customer
/// takes the accounts along.
pub(super) fn references(
    request: &ImportRequest<'_>,
    store: &FactStore,
    deliveries: &mut [Delivery],
) -> Result<(), FaultReport> {
    if request.action == Action::Withdraw {
        return Ok(());
    }
    let targets: BTreeSet<String> = deliveries
        .iter()
        .flat_map(|delivery| references_of(&delivery.spec))
        .map(|(_, table)| table)
        .collect();
    let mut stored = BTreeMap::new();
    for target in &targets {
        stored.insert(target.clone(), known_keys(request, store, target)?);
    }
    loop {
        let mut known: BTreeMap<&str, KeySet> = BTreeMap::new();
        for delivery in deliveries.iter().filter(|delivery| !delivery.refused) {
            if targets.contains(&delivery.spec.name) {
                known.insert(request_name(request, &delivery.spec.name), delivered_keys(delivery));
            }
        }
        let mut found: Vec<(usize, usize, Fault)> = Vec::new();
        for (place, delivery) in deliveries.iter().enumerate().filter(|(_, delivery)| !delivery.refused) {
            for (column, target) in references_of(&delivery.spec) {
                let sets = [stored.get(&target), known.get(target.as_str())];
                let unknown = unknown_rows(delivery, column, &target, sets);
                found.extend(unknown.into_iter().map(|(row, fault)| (place, row, fault)));
            }
        }
        if found.is_empty() {
            return Ok(());
        }
        for (place, row, fault) in found {
            deliveries[place].reject(row, fault);
        }
    }
}

/// The name of a table as long as the request lives.
fn request_name<'r>(request: &ImportRequest<'r>, name: &str) -> &'r str {
    request.specs.iter().find(|spec| spec.name == name).map_or("", |spec| spec.name.as_str())
}

/// Columns that refer to other tables.
fn references_of(spec: &TableSpec) -> Vec<(usize, String)> {
    let column = |(place, column): (usize, &crate::spec::ColumnSpec)| match &column.kind {
        ColumnKind::Reference { table } => Some((place, table.clone())),
        _ => None,
    };
    spec.columns.iter().enumerate().filter_map(column).collect()
}

/// Rows of a column whose keys are in none of the sets.
fn unknown_rows(
    delivery: &Delivery,
    place: usize,
    target: &str,
    sets: [Option<&KeySet>; 2],
) -> Vec<(usize, Fault)> {
    let Some(Some(column)) = delivery.table.columns.get(place) else { return Vec::new() };
    let ColumnData::Reference(keys) = &column.data else { return Vec::new() };
    let is_known = |row: usize| sets.iter().flatten().any(|set| set.has(keys, column.place(row)));
    let good =
        |row: &usize| delivery.verdicts[*row] == Verdict::Good && column.status(*row) == Status::Present;
    let rows = (0..delivery.table.rows).filter(good).filter(|row| !is_known(*row));
    let fault = |row: usize| (row, unknown_key(&keys.get(column.place(row)), target).column(&column.heading));
    rows.map(fault).collect()
}

/// The keys of a table in the store.
fn known_keys(request: &ImportRequest<'_>, store: &FactStore, table: &str) -> Result<KeySet, FaultReport> {
    let mut keys = KeySet::default();
    let all = || request.specs.iter().chain(request.others);
    let Some(spec) = all().find(|spec| spec.name == table) else { return Ok(keys) };
    let Some(column) = spec.key_column().and_then(|place| spec.columns.get(place)) else { return Ok(keys) };
    let spec = TableSpec { columns: vec![column.clone()], key: Vec::new(), required: false, ..spec.clone() };
    let loaded = store.load(store.last(), &[spec], &request.limits, &|_| {});
    if loaded.report.has_errors() {
        return Err(loaded.report);
    }
    for table in &loaded.tables {
        keys.add(table, 0, |_| true);
    }
    Ok(keys)
}

/// The keys of the rows that nothing speaks against.
fn delivered_keys(delivery: &Delivery) -> KeySet {
    let mut keys = KeySet::default();
    if let Some(place) = delivery.spec.key_column() {
        keys.add(&delivery.table, place, |row| delivery.verdicts[row] != Verdict::Rejected);
    }
    keys
}

/// Keys of a table.
#[derive(Debug, Default)]
struct KeySet {
    integers: FxHashSet<i64>,
    texts: FxHashSet<String>,
}

impl KeySet {
    fn add(&mut self, table: &LoadedTable, place: usize, wanted: impl Fn(usize) -> bool) {
        let Some(Some(column)) = table.columns.get(place) else { return };
        let ColumnData::Key(keys) = &column.data else { return };
        for row in (0..table.rows).filter(|row| wanted(*row) && column.status(*row) == Status::Present) {
            match keys {
                Keys::Int(values) => self.integers.extend(values.get(column.place(row))),
                Keys::Text(_) => self.add_text(keys.get(column.place(row))),
            };
        }
    }

    /// One odd key makes a column text; the others are still integers.
    fn add_text(&mut self, key: String) {
        match crate::builder::canonical_integer(&key) {
            Some(integer) => {
                self.integers.insert(integer);
            }
            None => {
                self.texts.insert(key);
            }
        }
    }

    fn has(&self, keys: &Keys, row: usize) -> bool {
        match keys {
            Keys::Int(values) => values.get(row).is_some_and(|key| self.integers.contains(key)),
            Keys::Text(_) => {
                let key = keys.get(row);
                match crate::builder::canonical_integer(&key) {
                    Some(integer) => self.integers.contains(&integer),
                    None => self.texts.contains(&key),
                }
            }
        }
    }
}
