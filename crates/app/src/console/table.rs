//! Result tables as they are kept: cells as text, sorted and filtered by their values, given out page by page.

mod distribution;

use super::answer::{
    Cell, CellState, ColumnKind, ColumnRole, ColumnSummary, Distribution, TablePage, TableRow, TableSort,
    TableSummary,
};
use super::refusal::{Refusal, Refused};
use crate::schema::file_name;
use crate::words::cite;
use distribution::{intervals, items, scaled};
use hengjie_facts::{ResultColumn, ResultTable, ResultValues, Status};
use hengjie_policy::core::{Attribute, Body, Program};
use hengjie_quantity::Lang;
use serde::{Deserialize, Serialize};
use std::cmp::Ordering;
use std::collections::BTreeMap;

/// Most rows of a page.
pub(super) const PAGE: usize = 500;

/// A result table as it is kept: column by column.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Kept {
    pub(super) summary: TableSummary,
    columns: Vec<KeptColumn>,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
struct KeptColumn {
    texts: Vec<String>,
    /// Empty: all present.
    states: Vec<CellState>,
}

/// Which rows of a table, in which order.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TableQuery {
    /// Column to sort by; the order of the facts for `None`.
    pub sort: Option<usize>,
    /// From high to low.
    pub descending: bool,
    /// Only rows whose key or name contains this.
    pub search: String,
    /// Only rows whose value in a column is one of these (texts, or `state:missing`).
    pub filters: Vec<(usize, String)>,
    /// First row.
    pub offset: usize,
    /// Rows at most.
    pub limit: usize,
}

impl Kept {
    /// What is kept of a table.
    pub(super) fn of(program: &Program, position: i64, table: &ResultTable, lang: Lang) -> Self {
        let about = about(program, &table.name);
        let summary = |(at, column): (usize, &ResultColumn)| summary(program, about, at, column, lang);
        let texts = |column: &ResultColumn| KeptColumn {
            texts: (0..table.rows())
                .map(|row| match column.status(row) {
                    Status::Present => column.text(row, lang),
                    _ => String::new(),
                })
                .collect(),
            states: match &column.status {
                None => Vec::new(),
                Some(_) => (0..table.rows()).map(|row| state(column.status(row))).collect(),
            },
        };
        Self {
            summary: TableSummary {
                position,
                name: table.name.clone(),
                about,
                rows: table.rows(),
                columns: table.columns.iter().enumerate().map(summary).collect(),
            },
            columns: table.columns.iter().map(texts).collect(),
        }
    }

    /// A cell.
    pub(super) fn cell(&self, row: usize, column: usize) -> Cell {
        Cell { text: self.text(row, column).to_owned(), state: self.state(row, column) }
    }

    fn text(&self, row: usize, column: usize) -> &str {
        self.columns.get(column).and_then(|column| column.texts.get(row)).map_or("", String::as_str)
    }

    fn state(&self, row: usize, column: usize) -> CellState {
        let state = self.columns.get(column).and_then(|column| column.states.get(row));
        state.copied().unwrap_or(CellState::Present)
    }

    /// The column with a role.
    pub(super) fn role(&self, role: ColumnRole) -> Option<usize> {
        self.summary.columns.iter().position(|column| column.role == role)
    }

    /// Positions of the rows of a key.
    pub(super) fn rows_of(&self, key: &str) -> Vec<usize> {
        let Some(keys) = self.role(ColumnRole::Key) else { return Vec::new() };
        (0..self.summary.rows).filter(|row| self.text(*row, keys) == key).collect()
    }

    /// The rows of a query.
    ///
    /// # Errors
    /// [`Refusal::Absent`] for an unknown column.
    pub(super) fn page(&self, query: &TableQuery) -> Refused<TablePage> {
        let named = query.sort.iter().chain(query.filters.iter().map(|(column, _)| column));
        named.copied().try_for_each(|column| self.refuse_unknown(column))?;
        let mut rows: Vec<usize> = (0..self.summary.rows).filter(|row| self.matches(*row, query)).collect();
        if let Some(column) = query.sort {
            self.sort(&mut rows, column, query.descending);
        }
        let page = rows.iter().skip(query.offset).take(query.limit.clamp(1, PAGE));
        let cells = |row: usize| (0..self.columns.len()).map(|column| self.cell(row, column)).collect();
        Ok(TablePage {
            rows_all: self.summary.rows,
            rows_matched: rows.len(),
            offset: query.offset,
            rows: page.map(|&row| TableRow { position: row, cells: cells(row) }).collect(),
        })
    }

    fn refuse_unknown(&self, column: usize) -> Refused<()> {
        match column < self.columns.len() {
            true => Ok(()),
            false => Err(Refusal::absent("表里没有这一列。", "The table has no such column.")),
        }
    }

    fn matches(&self, row: usize, query: &TableQuery) -> bool {
        let named = [ColumnRole::Key, ColumnRole::Name].into_iter().filter_map(|role| self.role(role));
        let mut named = named.map(|column| self.text(row, column));
        let found = query.search.is_empty() || named.any(|text| text.contains(&query.search));
        let mut columns: BTreeMap<usize, bool> = BTreeMap::new();
        for (column, wanted) in &query.filters {
            let holds = match wanted.strip_prefix("state:") {
                Some(state) => word(self.state(row, *column)) == state,
                None => self.state(row, *column) == CellState::Present && self.text(row, *column) == wanted,
            };
            *columns.entry(*column).or_default() |= holds;
        }
        found && columns.values().all(|holds| *holds)
    }

    /// Sorts by value, not by spelling; what has no value stands last in both directions; equals keep their order.
    fn sort(&self, rows: &mut [usize], column: usize, descending: bool) {
        let items: BTreeMap<&str, usize> = match self.summary.columns.get(column) {
            Some(summary) => summary.items.iter().enumerate().map(|(at, item)| (item.as_str(), at)).collect(),
            None => BTreeMap::new(),
        };
        let is_number = self.is_number(column);
        let value = |row: usize| {
            (is_number.then(|| scaled(self.text(row, column))), items.get(self.text(row, column)))
        };
        rows.sort_by(|&left, &right| {
            let order = match (value(left), value(right)) {
                ((Some(left), _), (Some(right), _)) => left.cmp(&right),
                ((_, Some(left)), (_, Some(right))) => left.cmp(right),
                _ => self.text(left, column).cmp(self.text(right, column)),
            };
            let order = if descending { order.reverse() } else { order };
            match (self.state(left, column), self.state(right, column)) {
                (CellState::Present, CellState::Present) => order,
                (CellState::Present, _) => Ordering::Less,
                (_, CellState::Present) => Ordering::Greater,
                (left, right) => left.cmp(&right),
            }
        });
    }

    fn is_number(&self, column: usize) -> bool {
        self.summary.columns.get(column).is_some_and(|column| column.kind == ColumnKind::Number)
    }

    /// How the values of a column are distributed: counts per item, or per interval of a round width.
    ///
    /// # Errors
    /// [`Refusal::Absent`] for an unknown column.
    pub(super) fn distribution(&self, column: usize) -> Refused<Distribution> {
        self.refuse_unknown(column)?;
        let rows = 0..self.summary.rows;
        let mut others: BTreeMap<String, usize> = BTreeMap::new();
        let mut present = Vec::new();
        for row in rows {
            match self.state(row, column) {
                CellState::Present => present.push(self.text(row, column)),
                state => *others.entry(word(state).to_owned()).or_default() += 1,
            }
        }
        let groups = if self.is_number(column) {
            intervals(&present)
        } else {
            items(&present, self.summary.columns.get(column).map_or(&[], |column| &column.items))
        };
        Ok(Distribution { groups, others })
    }
}

/// What the rows of a table are about, by its name: `人员_每年`, `全体_每年`, `缺口`.
fn about(program: &Program, name: &str) -> TableSort {
    let is_of =
        |kind: &str| name == kind || name.strip_prefix(kind).is_some_and(|rest| rest.starts_with('_'));
    let scope = program.scope.as_ref().map(|scope| scope.kind.index());
    let kind = program.kinds.iter().position(|kind| is_of(&file_name(&kind.name)));
    match kind {
        Some(kind) if scope.is_none_or(|scope| scope == kind) => TableSort::People,
        Some(_) => TableSort::Others,
        None if is_of("全体") => TableSort::Others,
        None => TableSort::Gaps,
    }
}

fn summary(
    program: &Program,
    about: TableSort,
    at: usize,
    column: &ResultColumn,
    lang: Lang,
) -> ColumnSummary {
    let (kind, items) = match &column.values {
        ResultValues::Text(_) => (ColumnKind::Text, Vec::new()),
        ResultValues::Item { items, .. } => (ColumnKind::Item, items.clone()),
        ResultValues::Number { .. } => (ColumnKind::Number, Vec::new()),
        ResultValues::Bool(_) => (ColumnKind::Bool, Vec::new()),
        ResultValues::Date(_) => (ColumnKind::Date, Vec::new()),
        ResultValues::Period(_) => (ColumnKind::Period, Vec::new()),
    };
    let (value, row) = column.name.split_once('·').unwrap_or((column.name.as_str(), ""));
    let attribute = program.attributes.iter().find(|attribute| attribute.name == value);
    let is_result = about != TableSort::Gaps;
    let role = match attribute {
        _ if !is_result => ColumnRole::Note,
        _ if at == 0 && kind != ColumnKind::Period && column.status.is_none() && attribute.is_none() => {
            ColumnRole::Key
        }
        _ if at == 1 && column.name == lang.pick("名称", "name") => ColumnRole::Name,
        _ if kind == ColumnKind::Period && column.name == lang.pick("期间", "period") => ColumnRole::Period,
        Some(attribute) => role(attribute),
        None => ColumnRole::Row,
    };
    let attribute = attribute.filter(|_| is_result);
    ColumnSummary {
        name: column.name.clone(),
        unit: column.unit.clone(),
        role,
        kind,
        article: attribute.map_or_else(String::new, |attribute| cite(program, attribute.article).to_owned()),
        value: attribute.map_or_else(String::new, |_| value.to_owned()),
        row: attribute.map_or_else(String::new, |_| row.to_owned()),
        items,
    }
}

fn role(attribute: &Attribute) -> ColumnRole {
    match attribute.body {
        Body::Total(_) => ColumnRole::Total,
        Body::Rank(_) => ColumnRole::Rank,
        Body::Quota(_) => ColumnRole::Quota,
        _ => ColumnRole::Value,
    }
}

pub(super) fn state(status: Status) -> CellState {
    match status {
        Status::Present => CellState::Present,
        Status::None => CellState::None,
        Status::Exempt => CellState::Exempt,
        Status::Undecided => CellState::Undecided,
        Status::Missing => CellState::Missing,
    }
}

/// The word of a state in the API.
pub(super) fn word(state: CellState) -> &'static str {
    match state {
        CellState::Present => "present",
        CellState::None => "none",
        CellState::Exempt => "exempt",
        CellState::Undecided => "undecided",
        CellState::Missing => "missing",
    }
}
