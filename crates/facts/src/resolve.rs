//! Replaces keys by positions: what a record calls `1001` becomes the row of 人员 whose key is 1001.

use crate::builder::canonical_integer;
use crate::column::{ColumnData, Keys, LoadedColumn, LoadedTable, Status};
use crate::fault::{Fault, Faults};
use crate::limits::Limits;
use crate::load::Loaded;
use crate::spec::{ColumnKind, TableSpec};
use arrow_array::{Array, StringArray};
use rayon::prelude::*;
use rustc_hash::{FxBuildHasher, FxHashMap};
use std::collections::BTreeMap;

/// Rows that one thread resolves at a time.
const CHUNK: usize = 1 << 16;
/// A table of positions may be this many times larger than the number of keys.
const SPARSE: u64 = 8;
/// Keys that refer to nothing, until they are reported.
const UNKNOWN: u32 = u32::MAX;

/// Turns every [`ColumnData::Reference`] into [`ColumnData::Position`].
///
/// A key that the other table does not have is a fault; its position is then 0 and its state 待补. When a key is there
/// twice the first row counts. A reference to a table that was not loaded stays as it is.
pub fn resolve(loaded: &mut Loaded, specs: &[TableSpec], limits: &Limits) {
    let indexes = key_indexes(loaded, specs);
    let mut tables = std::mem::take(&mut loaded.tables);
    let mut reports = Vec::with_capacity(tables.len());
    for table in &mut tables {
        let Some(spec) = specs.get(table.spec) else { continue };
        let mut faults = Faults::new(&table.file, limits.faults_per_table);
        if let Some(sheet) = &table.sheet {
            faults.set_sheet(sheet);
        }
        for (column, slot) in spec.columns.iter().zip(0..) {
            if let ColumnKind::Reference { table: target } = &column.kind {
                resolve_column(table, slot, target, indexes.get(target.as_str()), &mut faults);
            }
        }
        reports.push((spec.name.clone(), faults));
    }
    drop(indexes);
    loaded.tables = tables;
    for (name, faults) in reports {
        loaded.report.absorb(&name, faults);
    }
}

/// The keys of every table that some column refers to.
fn key_indexes<'a>(loaded: &Loaded, specs: &'a [TableSpec]) -> BTreeMap<&'a str, KeyIndex> {
    let mut wanted: Vec<&str> = specs
        .iter()
        .flat_map(|spec| &spec.columns)
        .filter_map(|column| match &column.kind {
            ColumnKind::Reference { table } => Some(table.as_str()),
            _ => None,
        })
        .collect();
    wanted.sort_unstable();
    wanted.dedup();
    let index = |name: &'a str| {
        let spec = specs.iter().position(|spec| spec.name == name)?;
        let column = loaded.table(spec)?.columns.get(specs[spec].key_column()?)?.as_ref()?;
        match &column.data {
            ColumnData::Key(keys) => Some((name, KeyIndex::new(keys, column))),
            _ => None,
        }
    };
    wanted.into_iter().filter_map(index).collect()
}

/// Positions by key.
enum KeyIndex {
    /// Keys that ascend, as most systems export them: a key's position is the number of keys before it.
    Ascending {
        lowest: i64,
        words: Vec<Word>,
    },
    /// `positions[key - lowest]`.
    Dense {
        lowest: i64,
        positions: Vec<u32>,
    },
    Sparse(FxHashMap<i64, u32>),
    Text(FxHashMap<Box<str>, u32>),
}

/// 64 neighbouring keys of [`KeyIndex::Ascending`], 16 bytes, so that millions of keys stay in the cache.
#[derive(Debug, Clone, Copy, Default)]
struct Word {
    /// Which of them exist.
    present: u64,
    /// How many keys come before.
    before: u32,
}

impl KeyIndex {
    fn new(keys: &Keys, column: &LoadedColumn) -> Self {
        match keys {
            Keys::Int(values) => Self::of_integers(values, column),
            Keys::Text(texts) => {
                let mut positions: FxHashMap<Box<str>, u32> =
                    FxHashMap::with_capacity_and_hasher(texts.len(), FxBuildHasher);
                for position in
                    (0..texts.len()).filter(|&position| column.status(position) == Status::Present)
                {
                    positions.entry(texts.value(position).into()).or_insert(position as u32);
                }
                Self::Text(positions)
            }
        }
    }

    fn of_integers(values: &[i64], column: &LoadedColumn) -> Self {
        let present = |&(position, _): &(usize, &i64)| column.status(position) == Status::Present;
        let lowest = values.iter().copied().min().unwrap_or(0);
        let span = values.iter().copied().max().unwrap_or(0).abs_diff(lowest);
        let dense = span <= SPARSE * values.len() as u64;
        if dense && column.status.is_none() && values.is_sorted_by(|left, right| left < right) {
            return Self::Ascending { lowest, words: words(values, lowest, span) };
        }
        // Backwards, so that the first of equal keys stays.
        if dense {
            let mut positions = vec![UNKNOWN; span as usize + 1];
            for (position, &key) in values.iter().enumerate().rev().filter(present) {
                positions[key.abs_diff(lowest) as usize] = position as u32;
            }
            return Self::Dense { lowest, positions };
        }
        Self::Sparse(
            values
                .iter()
                .enumerate()
                .rev()
                .filter(present)
                .map(|(position, &key)| (key, position as u32))
                .collect(),
        )
    }

    /// The position of every key, [`UNKNOWN`] for those that are not here.
    fn positions(&self, keys: &Keys) -> Vec<u32> {
        match (self, keys) {
            // One loop for each kind of index: the choice must not be made for every key.
            (Self::Ascending { lowest, words }, Keys::Int(values)) => {
                lookup_integers(values, |key| ascending_position(*lowest, words, key))
            }
            (Self::Dense { lowest, positions }, Keys::Int(values)) => {
                lookup_integers(values, |key| dense_position(*lowest, positions, key))
            }
            (_, Keys::Int(values)) => lookup_integers(values, |key| self.position(key)),
            (Self::Text(map), Keys::Text(texts)) => {
                lookup_texts(texts, |key| map.get(key).copied().unwrap_or(UNKNOWN))
            }
            // One odd key makes a column text; the others are still integers.
            (_, Keys::Text(texts)) => {
                lookup_texts(texts, |key| canonical_integer(key).map_or(UNKNOWN, |key| self.position(key)))
            }
        }
    }

    /// The position of one integer key.
    fn position(&self, key: i64) -> u32 {
        match self {
            Self::Ascending { lowest, words } => ascending_position(*lowest, words, key),
            Self::Dense { lowest, positions } => dense_position(*lowest, positions, key),
            Self::Sparse(map) => map.get(&key).copied().unwrap_or(UNKNOWN),
            Self::Text(map) => map.get(key.to_string().as_str()).copied().unwrap_or(UNKNOWN),
        }
    }
}

/// The words of ascending keys.
fn words(keys: &[i64], lowest: i64, span: u64) -> Vec<Word> {
    let mut words = vec![Word::default(); (span / 64) as usize + 1];
    for &key in keys {
        let place = key.abs_diff(lowest);
        words[(place / 64) as usize].present |= 1 << (place % 64);
    }
    let mut before = 0;
    for word in &mut words {
        word.before = before;
        before += word.present.count_ones();
    }
    words
}

#[inline]
fn ascending_position(lowest: i64, words: &[Word], key: i64) -> u32 {
    // A key below the lowest wraps to a place beyond the end.
    let place = key.wrapping_sub(lowest) as u64;
    let Some(word) = words.get(usize::try_from(place / 64).unwrap_or(usize::MAX)) else { return UNKNOWN };
    let bit = 1_u64 << (place % 64);
    if word.present & bit == 0 { UNKNOWN } else { word.before + (word.present & (bit - 1)).count_ones() }
}

#[inline]
fn dense_position(lowest: i64, positions: &[u32], key: i64) -> u32 {
    let place = usize::try_from(key.wrapping_sub(lowest) as u64).unwrap_or(usize::MAX);
    positions.get(place).copied().unwrap_or(UNKNOWN)
}

fn lookup_integers(keys: &[i64], position: impl Fn(i64) -> u32 + Sync) -> Vec<u32> {
    let mut positions = vec![0; keys.len()];
    positions.par_chunks_mut(CHUNK).zip(keys.par_chunks(CHUNK)).for_each(|(positions, keys)| {
        for (slot, &key) in positions.iter_mut().zip(keys) {
            *slot = position(key);
        }
    });
    positions
}

fn lookup_texts(keys: &StringArray, position: impl Fn(&str) -> u32 + Sync) -> Vec<u32> {
    let mut positions = vec![0; keys.len()];
    positions.par_chunks_mut(CHUNK).enumerate().for_each(|(chunk, positions)| {
        for (offset, slot) in positions.iter_mut().enumerate() {
            *slot = position(keys.value(chunk * CHUNK + offset));
        }
    });
    positions
}

/// Resolves one column of one table.
fn resolve_column(
    table: &mut LoadedTable,
    slot: usize,
    target: &str,
    index: Option<&KeyIndex>,
    faults: &mut Faults,
) {
    let Some(mut column) = table.columns.get_mut(slot).and_then(Option::take) else { return };
    match (&column.data, index) {
        (ColumnData::Reference(keys), Some(index)) => {
            let mut positions = index.positions(keys);
            if positions.par_chunks(CHUNK).any(|chunk| chunk.contains(&UNKNOWN)) {
                let status = settle_unknown(table, &column, keys, &mut positions, target, faults);
                column.status = Some(status);
            }
            column.data = ColumnData::Position(positions);
        }
        (ColumnData::Reference(_), None) => faults.push(
            Fault::error(
                "HJ1303",
                format!("「{target}」没有读到，无法对上这一列"),
                format!("“{target}” was not read, so this column cannot be matched"),
            )
            .column(&column.heading)
            .help(format!("先补上「{target}」"), format!("supply “{target}” first")),
        ),
        _ => {}
    }
    table.columns[slot] = Some(column);
}

/// Reports the unknown keys, gives them position 0 and the state 待补. Values without a key keep their state.
fn settle_unknown(
    table: &LoadedTable,
    column: &LoadedColumn,
    keys: &Keys,
    positions: &mut [u32],
    target: &str,
    faults: &mut Faults,
) -> Vec<u8> {
    let mut status = column.status.clone().unwrap_or_else(|| vec![Status::Present as u8; positions.len()]);
    let unknown =
        positions.iter_mut().zip(&mut status).enumerate().filter(|(_, (position, _))| **position == UNKNOWN);
    for (index, (position, state)) in unknown {
        *position = 0;
        if *state == Status::Present as u8 {
            *state = Status::Missing as u8;
            faults.push_error(|| {
                unknown_key(&keys.get(index), target).column(&column.heading).row(table.row_number(index))
            });
        }
    }
    status
}

fn unknown_key(key: &str, target: &str) -> Fault {
    Fault::error("HJ1302", format!("「{target}」里没有 {key}"), format!("“{target}” has no {key}"))
        .value(key)
        .help(
            format!("核对编号，或在「{target}」里补上它"),
            format!("check the key, or add it to “{target}”"),
        )
}
