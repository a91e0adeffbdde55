//! Result columns into result tables: one per kind and grain, subjects below each other, attributes beside each other.

mod column;

use super::compute::{Computed, TextColumn, len};
use super::population::Lanes;
use crate::dataset::Facts;
use crate::limits;
use crate::schema::{file_name, key_name};
use crate::words::row_labels;
use column::Part;
use hengjie_calendar::{Grain, Period};
use hengjie_evaluate::columnar::ResultColumn as Column;
use hengjie_facts::{ResultColumn, ResultTable};
use hengjie_policy::core::{AttributeId, KindId, Program, Source, TableId};
use hengjie_quantity::Lang;
use std::collections::{BTreeMap, BTreeSet};

/// A table to make: whose, how often, and of which 逐 table when its rows go below each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Place {
    kind: Option<KindId>,
    grain: Option<Grain>,
    rows: Option<TableId>,
}

/// A column of a table: attribute and, where rows are columns, its row.
type Head = (AttributeId, Option<u32>);

/// The parts of a table by column and by block (period and, in long tables, row).
#[derive(Debug, Default)]
struct Blocks {
    heads: BTreeSet<Head>,
    /// In order of period, then of row.
    parts: BTreeMap<(Option<Period>, Option<u32>), BTreeMap<Head, Part>>,
}

/// All result tables: subjects of 适用 first, 全体 last.
pub(super) fn tables(program: &Program, facts: &Facts, computed: Computed, lang: Lang) -> Vec<ResultTable> {
    let mut places: BTreeMap<Place, Blocks> = BTreeMap::new();
    for column in computed.columns {
        let (place, head, block) = place(program, &column);
        let blocks = places.entry(place).or_default();
        blocks.heads.insert(head);
        blocks.parts.entry(block).or_default().insert(head, Part::Column(column));
    }
    for column in computed.texts {
        let context = &program.attributes[column.attribute.index()].context;
        let place = Place { kind: context.kind, grain: context.grain, rows: None };
        let head = (column.attribute, None);
        let blocks = places.entry(place).or_default();
        blocks.heads.insert(head);
        blocks.parts.entry((column.period, None)).or_default().insert(head, Part::Text(column));
    }
    let mut places: Vec<(Place, Blocks)> = places.into_iter().collect();
    let scope = program.scope.as_ref().map(|scope| scope.kind);
    places.sort_by_key(|(place, _)| {
        let rank = match place.kind {
            kind if kind.is_some() && kind == scope => 0,
            Some(_) => 1,
            None => 2,
        };
        (rank, place.kind, std::cmp::Reverse(place.grain), place.rows)
    });
    places.into_iter().map(|(place, blocks)| table(program, facts, place, blocks, lang)).collect()
}

/// Number of subjects: rows of the largest table.
pub(super) fn subjects(tables: &[ResultTable]) -> usize {
    tables.iter().map(ResultTable::rows).max().unwrap_or(0)
}

/// Where a column belongs.
fn place(program: &Program, column: &Column) -> (Place, Head, (Option<Period>, Option<u32>)) {
    let context = &program.attributes[column.attribute.index()].context;
    let (kind, grain) = (context.kind, context.grain);
    let rows = match context.rows.as_ref().map(|rows| &rows.source) {
        Some(Source::Rows(table)) => Some(*table),
        _ => None,
    };
    let long = rows.filter(|table| program.tables[table.index()].rows.len() > limits::ROWS_AS_COLUMNS);
    let place = Place { kind, grain, rows: long };
    match long {
        Some(_) => (place, (column.attribute, None), (column.period, column.row)),
        None => (place, (column.attribute, column.row), (column.period, None)),
    }
}

fn table(program: &Program, facts: &Facts, place: Place, blocks: Blocks, lang: Lang) -> ResultTable {
    let subjects = place.kind.map_or(1, |kind| facts.data.kinds[kind.index()].len);
    let keys: Vec<(Option<Period>, Option<u32>)> = blocks.parts.keys().copied().collect();
    let mut parts: Vec<BTreeMap<Head, Part>> = blocks.parts.into_values().collect();
    let lanes: Vec<Lanes> = parts
        .iter()
        .map(|parts| {
            let states: Vec<Option<&[u8]>> = parts.values().map(Part::status).collect();
            Lanes::with_results(subjects, &states)
        })
        .collect();
    let mut columns = Vec::new();
    if let Some(kind) = place.kind {
        let has_key = program.kinds[kind.index()].fields.iter().any(|field| field.is_key);
        let name = if has_key { key_name(program, kind) } else { lang.pick("编号", "key").to_owned() };
        columns.push(column::keys(&name, &facts.data.kinds[kind.index()].keys, &lanes));
        columns.extend(column::names(facts, kind, &lanes, lang));
    }
    if place.grain.is_some() {
        columns.push(column::periods(&keys, &lanes, lang));
    }
    if let Some(rows) = place.rows {
        columns.push(column::rows(program, facts, rows, &keys, &lanes));
    }
    for head in blocks.heads {
        let own: Vec<Option<Part>> = parts.iter_mut().map(|parts| parts.remove(&head)).collect();
        columns.push(ResultColumn {
            name: heading(program, facts, head),
            ..column::values((program, facts, lang), head.0, own, &lanes)
        });
    }
    ResultTable { name: name(program, place), columns }
}

/// `人员_每年`, `全体_每年`, `人员_每年_等级标准`.
fn name(program: &Program, place: Place) -> String {
    let mut name =
        place.kind.map_or_else(|| "全体".to_owned(), |kind| file_name(&program.kinds[kind.index()].name));
    if let Some(grain) = place.grain {
        name.push('_');
        name.push_str(grain.zh());
    }
    if let Some(rows) = place.rows {
        name.push('_');
        name.push_str(&file_name(&program.tables[rows.index()].name));
    }
    name
}

/// `总分`, `符合·高级`.
fn heading(program: &Program, facts: &Facts, (attribute, row): Head) -> String {
    let definition = &program.attributes[attribute.index()];
    match (row, definition.context.rows.as_ref().map(|rows| &rows.source)) {
        (Some(row), Some(Source::Rows(table))) => {
            let labels = row_labels(program, &facts.data, *table);
            format!("{}·{}", definition.name, labels.get(row as usize).map_or("", String::as_str))
        }
        _ => definition.name.clone(),
    }
}

impl Part {
    fn status(&self) -> Option<&[u8]> {
        match self {
            Self::Column(column) => column.status.as_deref(),
            Self::Text(TextColumn { status, .. }) => Some(status),
        }
    }

    fn len(&self) -> usize {
        match self {
            Self::Column(column) => len(column),
            Self::Text(column) => column.status.len(),
        }
    }
}
