//! What differs between two states.

use super::mixture::{Places, places, through};
use super::walk::{Cell, Place, State};
use crate::compare::{differs, value};
use crate::gather::NOWHERE;
use crate::run::computed_len;
use crate::words::row_labels;
use hengjie_evaluate::columnar::ResultColumn;
use hengjie_evaluate::format::format_value;
use hengjie_evaluate::value::Value;
use hengjie_policy::core::{KindId, Source, Type};
use hengjie_quantity::Lang;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// Every result that differs: place, key of the subject, before, after.
pub(super) fn differences(old: &State, new: &State, lang: Lang) -> Vec<(Place, String, Cell, Cell)> {
    let by_place = |state: &State| -> BTreeMap<Place, usize> {
        (0..state.columns.len()).map(|at| (place(state, &state.columns[at]), at)).collect()
    };
    let (before, after) = (by_place(old), by_place(new));
    let places: BTreeSet<&Place> = before.keys().chain(after.keys()).collect();
    let mut matches = Matches { old, new, by_kind: BTreeMap::new() };
    let mut found = Vec::new();
    for place in places {
        let left = before.get(place).map(|at| &old.columns[*at]);
        let right = after.get(place).map(|at| &new.columns[*at]);
        matches.column((left, right), lang, &mut |key, was, is| found.push((place.clone(), key, was, is)));
    }
    found
}

fn place(state: &State, column: &ResultColumn) -> Place {
    let program = &state.policy.program;
    let attribute = &program.attributes[column.attribute.index()];
    let kind = attribute.context.kind.map_or("", |kind| program.kinds[kind.index()].name.as_str());
    let row = match (column.row, attribute.context.rows.as_ref().map(|rows| &rows.source)) {
        (Some(row), Some(Source::Rows(table))) => {
            row_labels(program, &state.facts.data, *table).get(row as usize).cloned()
        }
        _ => None,
    };
    (kind.to_owned(), attribute.name.clone(), row, column.period)
}

/// Who of the new state was who in the old one.
struct Matches<'a> {
    old: &'a State,
    new: &'a State,
    by_kind: BTreeMap<(Option<KindId>, Option<KindId>), Matched>,
}

struct Matched {
    /// By subject of the old state: where it stands now.
    forward: Places,
    /// By subject of the new state: where it stood.
    backward: Places,
}

impl Matches<'_> {
    fn column(
        &mut self,
        (left, right): (Option<&ResultColumn>, Option<&ResultColumn>),
        lang: Lang,
        found: &mut dyn FnMut(String, Cell, Cell),
    ) {
        let (old, new) = (self.old, self.new);
        let kind_of = |state: &State, column: Option<&ResultColumn>| {
            column.and_then(|column| state.policy.program.attributes[column.attribute.index()].context.kind)
        };
        let kinds = (kind_of(old, left), kind_of(new, right));
        let key = |state: &State, kind: Option<KindId>, at: usize| {
            kind.map_or_else(String::new, |kind| state.facts.data.kinds[kind.index()].keys.get(at))
        };
        let matched = self.by_kind.entry(kinds).or_insert_with(|| matched(old, new, kinds));
        let is_same_document = Arc::ptr_eq(&old.policy, &new.policy);
        let cell = |state: &State, column: Option<&ResultColumn>, at: Option<usize>| match (column, at) {
            (Some(column), Some(at)) => cell(state, column, at, lang),
            _ => Cell::None,
        };
        for at in 0..right.map_or(0, computed_len) {
            let was = match through(&matched.backward, u32::try_from(at).unwrap_or(u32::MAX)) {
                NOWHERE => None,
                was => Some(was as usize),
            };
            if let (true, Some(left), Some(right), Some(was)) = (is_same_document, left, right, was)
                && !is_object(new, right)
                && !differs(left, was, right, at)
            {
                continue;
            }
            let (before, after) = (cell(old, left, was), cell(new, right, Some(at)));
            if before != after {
                found(key(new, kinds.1, at), before, after);
            }
        }
        for at in 0..left.map_or(0, computed_len) {
            let is_gone = right.is_none()
                || through(&matched.forward, u32::try_from(at).unwrap_or(u32::MAX)) == NOWHERE;
            if !is_gone {
                continue;
            }
            let before = cell(old, left, Some(at));
            if before != Cell::None {
                found(key(old, kinds.0, at), before, Cell::None);
            }
        }
    }
}

fn matched(old: &State, new: &State, kinds: (Option<KindId>, Option<KindId>)) -> Matched {
    match kinds {
        (Some(was), Some(is)) => {
            let (was, is) = (&old.facts.data.kinds[was.index()], &new.facts.data.kinds[is.index()]);
            Matched {
                forward: places(&was.keys, was.len, &is.keys, is.len),
                backward: places(&is.keys, is.len, &was.keys, was.len),
            }
        }
        _ => Matched { forward: None, backward: None },
    }
}

/// Positions of two states may mean different objects.
fn is_object(state: &State, column: &ResultColumn) -> bool {
    matches!(state.policy.program.attributes[column.attribute.index()].ty.base, Type::Object(_))
}

fn cell(state: &State, column: &ResultColumn, at: usize, lang: Lang) -> Cell {
    let program = &state.policy.program;
    let ty = &program.attributes[column.attribute.index()].ty.base;
    let found = value(program, column, at);
    let text = |found: &Value| format_value(program, &state.facts.data, found, ty, lang);
    match &found {
        Value::None => Cell::None,
        Value::Number(number) => Cell::Number(number.clone(), text(&found)),
        Value::Missing(_) | Value::Undecided(_) => Cell::Word { text: text(&found), waits: true },
        _ => Cell::Word { text: text(&found), waits: false },
    }
}
