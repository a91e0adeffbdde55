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
use std::hash::BuildHasher;

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
    let indexes = key_indexes(specs, loaded.tables.iter());
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
                resolve_column(table, slot, target, indexes.get(target), &mut faults);
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

/// Positions by key, by name of the table.
pub(crate) type KeyIndexes = BTreeMap<String, KeyIndex>;

/// The keys of those of the tables that some column refers to.
pub(crate) fn key_indexes<'t>(
    specs: &[TableSpec],
    tables: impl Iterator<Item = &'t LoadedTable>,
) -> KeyIndexes {
    let wanted = |name: &str| {
        let refers = |kind: &ColumnKind| matches!(kind, ColumnKind::Reference { table } if table == name);
        specs.iter().any(|spec| spec.columns.iter().any(|column| refers(&column.kind)))
    };
    let index = |table: &LoadedTable| {
        let spec = specs.get(table.spec).filter(|spec| wanted(&spec.name))?;
        let column = table.columns.get(spec.key_column()?)?.as_ref()?;
        match &column.data {
            ColumnData::Key(keys) => Some((spec.name.clone(), KeyIndex::new(keys, column))),
            _ => None,
        }
    };
    tables.filter_map(index).collect()
}

/// Turns the keys of one column into positions.
#[derive(Clone, Copy)]
pub(crate) struct Resolver<'a> {
    pub(crate) index: &'a KeyIndex,
    /// Name of the table.
    pub(crate) target: &'a str,
}

impl Resolver<'_> {
    /// Resolves a column, or a piece of one. `row` gives the row of a position.
    pub(crate) fn resolve(
        self,
        mut column: LoadedColumn,
        row: &dyn Fn(usize) -> u32,
        faults: &mut Faults,
    ) -> LoadedColumn {
        let ColumnData::Reference(keys) = &column.data else { return column };
        let mut positions = self.index.positions(keys);
        if positions.par_chunks(CHUNK).any(|chunk| chunk.contains(&UNKNOWN)) {
            let status = settle_unknown(&column, keys, &mut positions, self.target, row, faults);
            column.status = Some(status);
        }
        column.data = ColumnData::Position(positions);
        column
    }
}

/// Positions by key.
#[derive(Debug)]
pub(crate) enum KeyIndex {
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
    Text(TextIndex),
}

/// 64 neighbouring keys of [`KeyIndex::Ascending`], 16 bytes, so that millions of keys stay in the cache.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Word {
    /// Which of them exist.
    present: u64,
    /// How many keys come before.
    before: u32,
}

impl KeyIndex {
    fn new(keys: &Keys, column: &LoadedColumn) -> Self {
        match keys {
            Keys::Int(values) => Self::of_integers(values, column),
            Keys::Text(texts) => Self::Text(TextIndex::new(texts, column)),
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
            (Self::Text(map), Keys::Text(texts)) => lookup_texts(texts, |key| map.position(key)),
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
            Self::Text(map) => map.position(&key.to_string()),
        }
    }
}

/// Positions by text key. The keys themselves stay in their column, which is shared: none is copied.
#[derive(Debug)]
pub(crate) struct TextIndex {
    keys: StringArray,
    /// Open addressing: the position of a key stands at its hash or behind; twice as many places as keys.
    places: Vec<u32>,
}

impl TextIndex {
    fn new(keys: &StringArray, column: &LoadedColumn) -> Self {
        let places = vec![UNKNOWN; (keys.len() * 2).next_power_of_two()];
        let mut index = Self { keys: keys.clone(), places };
        for position in (0..keys.len()).filter(|&position| column.status(position) == Status::Present) {
            let place = index.place(keys.value(position));
            // The first of equal keys stays.
            if index.places[place] == UNKNOWN {
                index.places[place] = position as u32;
            }
        }
        index
    }

    /// Where a key stands, or would.
    fn place(&self, key: &str) -> usize {
        let mask = self.places.len() - 1;
        let mut place = FxBuildHasher.hash_one(key) as usize & mask;
        while let Some(&position) = self.places.get(place) {
            if position == UNKNOWN || self.keys.value(position as usize) == key {
                break;
            }
            place = (place + 1) & mask;
        }
        place
    }

    fn position(&self, key: &str) -> u32 {
        self.places[self.place(key)]
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
    let Some(column) = table.columns.get_mut(slot).and_then(Option::take) else { return };
    let column = match (&column.data, index) {
        (ColumnData::Reference(_), Some(index)) => {
            let resolver = Resolver { index, target };
            resolver.resolve(column, &|index| table.row_number(index), faults)
        }
        (ColumnData::Reference(_), None) => {
            faults.push(not_read(target).column(&column.heading));
            column
        }
        _ => column,
    };
    table.columns[slot] = Some(column);
}

fn not_read(target: &str) -> Fault {
    Fault::error(
        "HJ1303",
        format!("「{target}」没有读到，无法对上这一列"),
        format!("“{target}” was not read, so this column cannot be matched"),
    )
    .help(format!("先补上「{target}」"), format!("supply “{target}” first"))
}

/// Reports the unknown keys, gives them position 0 and the state 待补. Values without a key keep their state.
fn settle_unknown(
    column: &LoadedColumn,
    keys: &Keys,
    positions: &mut [u32],
    target: &str,
    row: &dyn Fn(usize) -> u32,
    faults: &mut Faults,
) -> Vec<u8> {
    let mut status = column.status.clone().unwrap_or_else(|| vec![Status::Present as u8; positions.len()]);
    let unknown =
        positions.iter_mut().zip(&mut status).enumerate().filter(|(_, (position, _))| **position == UNKNOWN);
    for (index, (position, state)) in unknown {
        *position = 0;
        if *state == Status::Present as u8 {
            *state = Status::Missing as u8;
            faults
                .push_error(|| unknown_key(&keys.get(index), target).column(&column.heading).row(row(index)));
        }
    }
    status
}

pub(crate) fn unknown_key(key: &str, target: &str) -> Fault {
    Fault::error("HJ1302", format!("「{target}」里没有 {key}"), format!("“{target}” has no {key}"))
        .value(key)
        .help(
            format!("核对编号，或在「{target}」里补上它"),
            format!("check the key, or add it to “{target}”"),
        )
}
