//! Trees with loops: a unit that stands below itself.

use super::{Facts, objects};
use crate::faults::TableFaults;
use crate::schema::Schema;
use hengjie_calendar::Date;
use hengjie_evaluate::dataset::{Column, DatedColumn, FieldData, KindData};
use hengjie_evaluate::value::Status;
use hengjie_facts::{Fault, FaultReport};
use hengjie_policy::core::{KindId, Program};
use rustc_hash::FxHashMap;
use std::collections::{BTreeMap, BTreeSet};

/// Members of a loop that a message names.
const NAMED: usize = 8;

/// A loop and the row in which one of its members has its place.
struct Loop {
    members: Vec<usize>,
    /// File and row.
    place: Option<(u32, u32)>,
}

/// Reports every loop of every tree, once.
pub(super) fn refuse_loops(program: &Program, schema: &Schema, facts: &Facts, report: &mut FaultReport) {
    for (position, definition) in (0..).zip(&program.kinds) {
        let kind = KindId(position);
        let Some(tree) = definition.tree else { continue };
        let data = &facts.data.kinds[kind.index()];
        let table =
            schema.position(|part| part.holds(kind, tree)).map(|table| schema.specs[table].name.as_str());
        let heading = &definition.fields[tree as usize].name;
        let mut known: BTreeSet<Vec<usize>> = BTreeSet::new();
        for found in loops(data, &data.fields[tree as usize]) {
            let mut sorted = found.members.clone();
            sorted.sort_unstable();
            if !known.insert(sorted) {
                continue;
            }
            let file = found.place.and_then(|(file, _)| facts.data.files.get(file as usize));
            let row = found.place.map(|(_, row)| row);
            let fault = Fault { row, ..loop_fault(&found.members, data).column(heading) };
            let file = file.cloned().unwrap_or_default();
            TableFaults::of_file(report, table.unwrap_or_default(), file).push(fault);
        }
    }
}

/// The loops of a tree, of one that changes also those that existed for a time only.
fn loops(data: &KindData, field: &FieldData) -> Vec<Loop> {
    let of_column = |column: &Column| {
        let origin = column.origin.as_ref().unwrap_or(&data.origin);
        loops_of(data.len, |subject| parent(column, subject), 0..data.len, |subject| origin.row(subject))
    };
    match field {
        FieldData::Absent => Vec::new(),
        FieldData::Static(column) => of_column(column),
        FieldData::Periodic(columns) => columns.values().flat_map(of_column).collect(),
        FieldData::Dated(column) => dated_loops(data.len, column),
    }
}

fn loop_fault(members: &[usize], data: &KindData) -> Fault {
    let key = |subject: &usize| data.keys.get(*subject);
    let mut chain: Vec<String> = members.iter().take(NAMED).map(key).collect();
    if members.len() > NAMED {
        chain.push("…".to_owned());
    }
    chain.extend(members.first().map(key));
    let chain = chain.join(" → ");
    Fault::error("HJ1511", format!("上下级绕成了圈：{chain}"), format!("the tree has a loop: {chain}"))
        .help("改其中一个的上级", "change the one above for one of them")
        .value(members.first().map(key).unwrap_or_default())
}

/// The subject above, if there is one.
fn parent(column: &Column, subject: usize) -> Option<usize> {
    let present = column.status(subject) == Status::Present;
    objects(column)?.get(subject).filter(|_| present).map(|above| *above as usize)
}

/// Loops on any day on which something changes; each change is looked at on its own day.
fn dated_loops(subjects: usize, column: &DatedColumn) -> Vec<Loop> {
    let mut changed: BTreeMap<Date, Vec<usize>> = BTreeMap::new();
    for subject in 0..subjects {
        let (start, end) = (column.offsets[subject] as usize, column.offsets[subject + 1] as usize);
        for day in &column.days[start..end] {
            changed.entry(*day).or_default().push(subject);
        }
    }
    let mut loops = Vec::new();
    for (day, starts) in changed {
        let above = |subject: usize| parent(&column.values, column.entry(subject, day)?);
        let place = |subject: usize| column.values.origin.as_ref()?.row(column.entry(subject, day)?);
        loops.extend(loops_of(subjects, above, starts, place));
    }
    loops
}

/// The loops that some subjects run into, going up.
fn loops_of(
    subjects: usize,
    above: impl Fn(usize) -> Option<usize>,
    starts: impl IntoIterator<Item = usize>,
    place: impl Fn(usize) -> Option<(u32, u32)>,
) -> Vec<Loop> {
    // By subject: the walk that saw it first.
    let mut seen: FxHashMap<usize, u32> = FxHashMap::default();
    let mut loops = Vec::new();
    for (walk, start) in (1_u32..).zip(starts) {
        let mut at = Some(start);
        while let Some(subject) = at.filter(|&subject| subject < subjects) {
            match seen.insert(subject, walk) {
                None => at = above(subject),
                Some(earlier) => {
                    if earlier == walk {
                        loops.push(Loop { members: members(subject, &above), place: place(subject) });
                    }
                    // What stands above has been walked already.
                    seen.insert(subject, earlier);
                    break;
                }
            }
        }
    }
    loops
}

/// The members of a loop from one of them upwards.
fn members(first: usize, above: &impl Fn(usize) -> Option<usize>) -> Vec<usize> {
    let mut members = vec![first];
    let mut at = above(first);
    while let Some(subject) = at.filter(|&subject| subject != first) {
        members.push(subject);
        at = above(subject);
    }
    members
}
