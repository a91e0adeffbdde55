//! Facts between two deliveries: some tables and columns as they were, the others as they are.
//!
//! Subjects and records are matched by key. What is new comes with all its values; what stays keeps each value until its column
//! is taken.

use super::join::{Columns, Pick, values};
use crate::dataset::KeyIndex;
use crate::gather::NOWHERE;
use hengjie_calendar::Period;
use hengjie_evaluate::dataset::{
    Column, ColumnData, Dataset, DatedColumn, FieldData, Keys, KindData, Origin,
};
use hengjie_evaluate::value::{Status, Value};
use hengjie_policy::core::{FieldRef, KindId, Program, Type};
use std::collections::{BTreeMap, BTreeSet};

/// What has been taken from the new facts.
#[derive(Debug, Clone, Default)]
pub(super) struct Taken {
    /// Kinds whose subjects or records are those of the new facts.
    pub(super) rows: BTreeSet<KindId>,
    /// Fields whose values are those of the new facts.
    pub(super) fields: BTreeSet<FieldRef>,
}

/// Old and new facts of one document.
#[derive(Debug, Clone, Copy)]
pub(super) struct Pair<'a> {
    pub(super) program: &'a Program,
    pub(super) old: &'a Dataset,
    pub(super) new: &'a Dataset,
}

/// For every position on one side the position on the other; `None`: the same. [`NOWHERE`] for who is not there.
pub(super) type Places = Option<Vec<u32>>;

/// Where the subjects of `from` stand in `to`.
pub(super) fn places(from: &Keys, from_len: usize, to: &Keys, to_len: usize) -> Places {
    let is_same = from_len == to_len && (0..from_len).all(|at| from.get(at) == to.get(at));
    if is_same {
        return None;
    }
    let index = KeyIndex::of(to);
    Some((0..from_len).map(|at| index.position(&from.get(at)).unwrap_or(NOWHERE)).collect())
}

/// A position through [`Places`].
pub(super) fn through(places: &Places, at: u32) -> u32 {
    match places {
        None => at,
        Some(places) => places.get(at as usize).copied().unwrap_or(NOWHERE),
    }
}

/// One of the two sides.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Side {
    Old,
    New,
}

impl<'a> Pair<'a> {
    fn kind(&self, side: Side, kind: KindId) -> &'a KindData {
        match side {
            Side::Old => &self.old.kinds[kind.index()],
            Side::New => &self.new.kinds[kind.index()],
        }
    }

    /// Where subjects of the old facts stand in the new ones.
    pub(super) fn forward(&self, kind: KindId) -> Places {
        let (old, new) = (self.kind(Side::Old, kind), self.kind(Side::New, kind));
        places(&old.keys, old.len, &new.keys, new.len)
    }

    /// The facts with what has been taken. Parameters, readings and decisions stay those of the old facts.
    pub(super) fn mixed(&self, taken: &Taken) -> Dataset {
        let mut mixer = Mixer { pair: *self, taken, places: BTreeMap::new() };
        let kinds = (0..).take(self.program.kinds.len()).map(KindId).map(|kind| mixer.kind(kind)).collect();
        let decisions = self.old.decisions.iter().map(|(key, decided)| {
            let mut decided = decided.clone();
            if let Value::Object(kind, at) = decided.value {
                decided.value = Value::Object(kind, mixer.now(Side::Old, kind, at));
            }
            (key.clone(), decided)
        });
        Dataset { decisions: decisions.collect(), kinds, ..Dataset { kinds: Vec::new(), ..self.old.clone() } }
    }
}

struct Mixer<'a> {
    pair: Pair<'a>,
    taken: &'a Taken,
    /// From one side (old?) to the other, by kind.
    places: BTreeMap<(KindId, bool), Places>,
}

impl<'a> Mixer<'a> {
    /// Whose subjects a kind has now.
    fn base(&self, kind: KindId) -> Side {
        if self.taken.rows.contains(&kind) { Side::New } else { Side::Old }
    }

    /// Where a subject of a side stands now.
    fn now(&mut self, side: Side, kind: KindId, at: u32) -> u32 {
        if self.base(kind) == side {
            return at;
        }
        let pair = self.pair;
        let entry = self.places.entry((kind, side == Side::Old)).or_insert_with(|| {
            let (from, to) = match side {
                Side::Old => (pair.kind(Side::Old, kind), pair.kind(Side::New, kind)),
                Side::New => (pair.kind(Side::New, kind), pair.kind(Side::Old, kind)),
            };
            places(&from.keys, from.len, &to.keys, to.len)
        });
        through(entry, at)
    }

    fn kind(&mut self, id: KindId) -> KindData {
        let base = self.base(id);
        let own = self.pair.kind(base, id);
        let fields = (0..).zip(&self.pair.program.kinds[id.index()].fields);
        let fields: Vec<FieldData> = fields
            .map(|(field, definition)| {
                let reference = FieldRef { kind: id, field };
                let wanted = if self.taken.fields.contains(&reference) { Side::New } else { Side::Old };
                let target = match definition.ty {
                    Type::Object(target) => Some(target),
                    _ => None,
                };
                self.field(reference, base, wanted, target)
            })
            .collect();
        KindData { fields, ..KindData { fields: Vec::new(), ..own.clone() } }
    }

    /// A field of everybody who is there now: the values of `wanted`, of the newcomers their own.
    fn field(&mut self, field: FieldRef, base: Side, wanted: Side, target: Option<KindId>) -> FieldData {
        let pair = self.pair;
        let of = |side: Side| &pair.kind(side, field.kind).fields[field.field as usize];
        let moves = target.is_some_and(|target| self.base(target) != wanted);
        if base == wanted && !moves {
            return of(base).clone();
        }
        let (first, second) = (of(wanted), of(base));
        let len = pair.kind(base, field.kind).len;
        let own: Vec<u32> = (0..).take(len).map(|at| self.back(base, wanted, field.kind, at)).collect();
        let pick = |at: usize| match own[at] {
            NOWHERE => Some((1, at)),
            there => Some((0, there as usize)),
        };
        let sides = [wanted, base];
        match (first, second) {
            (FieldData::Periodic(_), _) | (_, FieldData::Periodic(_)) => {
                self.periodic(first, second, (len, &pick), sides, target)
            }
            (FieldData::Dated(_), _) | (_, FieldData::Dated(_)) => {
                self.dated(first, second, (len, &pick), sides, target)
            }
            (FieldData::Absent, FieldData::Absent) => FieldData::Absent,
            _ => {
                let columns = [static_column(first), static_column(second)];
                FieldData::Static(self.column(columns, (len, &pick), sides, target))
            }
        }
    }

    /// Where somebody who is there now stood on a side.
    fn back(&mut self, base: Side, wanted: Side, kind: KindId, at: u32) -> u32 {
        if base == wanted {
            return at;
        }
        let pair = self.pair;
        let entry = self.places.entry((kind, base == Side::Old)).or_insert_with(|| {
            let (from, to) = (pair.kind(base, kind), pair.kind(wanted, kind));
            places(&from.keys, from.len, &to.keys, to.len)
        });
        through(entry, at)
    }

    fn periodic(
        &mut self,
        first: &FieldData,
        second: &FieldData,
        pick: (usize, &dyn Fn(usize) -> Pick),
        sides: [Side; 2],
        target: Option<KindId>,
    ) -> FieldData {
        let periods: BTreeSet<Period> = [first, second]
            .into_iter()
            .filter_map(|data| match data {
                FieldData::Periodic(columns) => Some(columns.keys().copied()),
                _ => None,
            })
            .flatten()
            .collect();
        let mut columns = BTreeMap::new();
        for period in periods {
            let both = [of_period(first, period), of_period(second, period)];
            columns.insert(period, self.column(both, pick, sides, target));
        }
        FieldData::Periodic(columns)
    }

    fn dated(
        &mut self,
        first: &FieldData,
        second: &FieldData,
        (len, pick): (usize, &dyn Fn(usize) -> Pick),
        sides: [Side; 2],
        target: Option<KindId>,
    ) -> FieldData {
        let both = [first, second].map(|data| match data {
            FieldData::Dated(dated) => Some(dated),
            _ => None,
        });
        let (mut offsets, mut days, mut rows) = (vec![0], Vec::new(), Vec::new());
        for subject in 0..len {
            if let Some((side, at)) = pick(subject)
                && let Some(dated) = both[side]
            {
                let entries = entries(dated, at);
                days.extend(entries.clone().filter_map(|entry| dated.days.get(entry).copied()));
                rows.extend(entries.map(|entry| Some((side, entry))));
            }
            offsets.push(u32::try_from(rows.len()).unwrap_or(u32::MAX));
        }
        let columns = both.map(|dated| dated.map(|dated| &dated.values));
        let values = self.column(columns, (rows.len(), &|row| rows[row]), sides, target);
        FieldData::Dated(DatedColumn { offsets, days, values })
    }

    /// A column put together from two.
    fn column(
        &mut self,
        columns: Columns<'_>,
        (len, pick): (usize, &dyn Fn(usize) -> Pick),
        sides: [Side; 2],
        target: Option<KindId>,
    ) -> Column {
        let mut place = |row: usize| -> Pick {
            let (side, at) = pick(row)?;
            columns[side].map(|column| (side, column.place(at)))
        };
        let picks: Vec<Pick> = (0..len).map(&mut place).collect();
        let state = |pick: &Pick| match pick.and_then(|(side, at)| Some((columns[side]?, at))) {
            Some((column, at)) => column.status(at) as u8,
            None => Status::Missing as u8,
        };
        let mut status: Vec<u8> = picks.iter().map(state).collect();
        let mut data = values(columns, &picks);
        if let (ColumnData::Object(positions), Some(target)) = (&data, target) {
            let mut moved: Vec<u32> = positions.to_vec();
            for (row, position) in moved.iter_mut().enumerate() {
                let Some((side, _)) = picks[row].filter(|_| status[row] == Status::Present as u8) else {
                    continue;
                };
                match self.now(sides[side], target, *position) {
                    NOWHERE => (*position, status[row]) = (0, Status::Missing as u8),
                    now => *position = now,
                }
            }
            data = ColumnData::Object(moved.into());
        }
        let heading =
            columns.into_iter().flatten().next().map_or_else(String::new, |column| column.heading.clone());
        Column { data, status: Some(status), origin: Some(Origin::None), heading, same: false }
    }
}

fn static_column(data: &FieldData) -> Option<&Column> {
    match data {
        FieldData::Static(column) => Some(column),
        _ => None,
    }
}

fn of_period(data: &FieldData, period: Period) -> Option<&Column> {
    match data {
        FieldData::Periodic(columns) => columns.get(&period),
        _ => None,
    }
}

/// The entries of a subject of a dated field.
pub(super) fn entries(dated: &DatedColumn, subject: usize) -> std::ops::Range<usize> {
    let offset = |at: usize| dated.offsets.get(at).copied().unwrap_or_default() as usize;
    offset(subject)..offset(subject + 1).max(offset(subject))
}
