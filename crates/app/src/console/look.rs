//! A table of facts that somebody looks at: typed columns, sorted and filtered by their values, cells as text only where they are shown.

use super::answer::{
    Cell, CellState, ColumnKind as Kind, ColumnRole, ColumnSummary, FactColumn, FactPage, FactRow,
    FactTableState,
};
use super::lock;
use super::refusal::{Refusal, Refused};
use super::table::{PAGE, TableQuery, state, word};
use crate::limits::ROWS_SHOWN;
use crate::load::{Source, read_alone};
use crate::schema::Schema;
use hengjie_facts::{ColumnKind, ColumnSpec, Fault, Limits, LoadedTable, TableSpec};
use hengjie_quantity::Lang;
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

/// A table of facts as far as it could be read.
#[derive(Debug)]
pub(super) struct Looked {
    pub(super) spec: TableSpec,
    table: Option<LoadedTable>,
    pub(super) faults: Vec<Fault>,
    /// The rows of the last query: scrolling asks for the same ones again and again.
    last: Mutex<Option<(TableQuery, Arc<Vec<u32>>)>>,
}

impl Looked {
    /// A table that nobody has delivered.
    pub(super) fn absent(spec: &TableSpec) -> Self {
        Self { spec: spec.clone(), table: None, faults: Vec::new(), last: Mutex::default() }
    }

    /// Reads a table.
    pub(super) fn read(spec: &TableSpec, source: &Source, declared: &Schema) -> Self {
        let limits = Limits { rows: ROWS_SHOWN, ..Limits::default() };
        let (table, faults) = read_alone(&limits, spec, source, declared);
        Self { table, faults, ..Self::absent(spec) }
    }

    pub(super) fn state(&self) -> FactTableState {
        match (&self.table, self.faults.is_empty()) {
            (Some(_), _) => FactTableState::There,
            (None, true) => FactTableState::Absent,
            (None, false) => FactTableState::Faulty,
        }
    }

    pub(super) fn rows(&self) -> usize {
        self.table.as_ref().map_or(0, |table| table.rows)
    }

    /// Its file; the names of all files that its rows come from.
    pub(super) fn file(&self) -> String {
        let Some(table) = &self.table else { return String::new() };
        match &table.sources {
            None => table.file_text(),
            Some(sources) => {
                let mut files = sources.files.clone();
                files.sort_unstable();
                files.dedup();
                files.join("、")
            }
        }
    }

    pub(super) fn columns(&self, lang: Lang) -> Vec<FactColumn> {
        let column = |(at, column): (usize, &ColumnSpec)| FactColumn {
            summary: summary(at, column, lang),
            of: column.kind.describe(lang),
            meaning: column.note.text(lang).to_owned(),
            is_there: self
                .table
                .as_ref()
                .is_some_and(|table| table.columns.get(at).is_some_and(Option::is_some)),
            missing: self.table.as_ref().map_or(0, |table| table.missing(at)),
        };
        self.spec.columns.iter().enumerate().map(column).collect()
    }

    /// A cell as text.
    pub(super) fn text(&self, row: usize, column: usize) -> String {
        self.table.as_ref().map_or_else(String::new, |table| table.cell_text(&self.spec, column, row))
    }

    /// File and row of a row.
    pub(super) fn source(&self, row: usize) -> (String, u32) {
        self.table.as_ref().map_or_else(Default::default, |table| (table.file_of(row), table.row_number(row)))
    }

    /// Key and name of every row; empty without a key.
    pub(super) fn names(&self) -> BTreeMap<String, String> {
        let Some(key) = self.spec.key_column() else { return BTreeMap::new() };
        let name =
            (0..self.spec.columns.len()).find(|at| role(*at, &self.spec.columns[*at]) == ColumnRole::Name);
        let one = |row| (self.text(row, key), name.map_or_else(String::new, |name| self.text(row, name)));
        (0..self.rows()).map(one).collect()
    }

    /// The rows of a query.
    ///
    /// # Errors
    /// [`Refusal::Absent`] for an unknown column.
    pub(super) fn page(&self, query: &TableQuery) -> Refused<FactPage> {
        let mut named = query.sort.iter().chain(query.filters.iter().map(|(column, _)| column));
        if named.any(|column| *column >= self.spec.columns.len()) {
            return Err(Refusal::absent("表里没有这一列。", "The table has no such column."));
        }
        let rows = self.matched(query);
        let page = rows.iter().skip(query.offset).take(query.limit.clamp(1, PAGE));
        Ok(FactPage {
            rows_all: self.rows(),
            rows_matched: rows.len(),
            offset: query.offset,
            rows: page.map(|row| self.row(*row as usize)).collect(),
        })
    }

    fn row(&self, row: usize) -> FactRow {
        let (file, number) = self.source(row);
        let cell = |column| Cell { text: self.text(row, column), state: self.cell_state(row, column) };
        FactRow { position: row, file, row: number, cells: (0..self.spec.columns.len()).map(cell).collect() }
    }

    fn cell_state(&self, row: usize, column: usize) -> CellState {
        self.table.as_ref().map_or(CellState::Missing, |table| state(table.cell_status(column, row)))
    }

    /// All rows of a query in its order, remembered for the next page.
    fn matched(&self, query: &TableQuery) -> Arc<Vec<u32>> {
        let plain = TableQuery { offset: 0, limit: 0, ..query.clone() };
        if let Some((last, rows)) = &*lock(&self.last)
            && *last == plain
        {
            return Arc::clone(rows);
        }
        let Some(table) = &self.table else { return Arc::default() };
        let all = 0..u32::try_from(table.rows).unwrap_or(u32::MAX);
        let mut rows: Vec<u32> = all.filter(|row| self.matches(*row as usize, query)).collect();
        if let Some(column) = query.sort {
            table.sort_rows(&mut rows, column, query.descending);
        }
        let rows = Arc::new(rows);
        *lock(&self.last) = Some((plain, Arc::clone(&rows)));
        rows
    }

    fn matches(&self, row: usize, query: &TableQuery) -> bool {
        let is_spoken = |column: &ColumnSpec| {
            matches!(column.kind, ColumnKind::Key | ColumnKind::Reference { .. } | ColumnKind::Text)
        };
        let mut spoken = (0..).zip(&self.spec.columns).filter(|(_, column)| is_spoken(column));
        let found =
            query.search.is_empty() || spoken.any(|(at, _)| self.text(row, at).contains(&query.search));
        let mut columns: BTreeMap<usize, bool> = BTreeMap::new();
        for (column, wanted) in &query.filters {
            let own = self.cell_state(row, *column);
            let holds = match wanted.strip_prefix("state:") {
                Some(state) => word(own) == state,
                None => own == CellState::Present && self.text(row, *column) == *wanted,
            };
            *columns.entry(*column).or_default() |= holds;
        }
        found && columns.values().all(|holds| *holds)
    }
}

fn summary(at: usize, column: &ColumnSpec, lang: Lang) -> ColumnSummary {
    let (kind, unit, items) = match &column.kind {
        ColumnKind::Number { unit } if unit.is_none() => (Kind::Number, String::new(), Vec::new()),
        ColumnKind::Number { unit } => (Kind::Number, unit.text(lang), Vec::new()),
        ColumnKind::Bool => (Kind::Bool, String::new(), ["是", "否"].map(str::to_owned).to_vec()),
        ColumnKind::Date => (Kind::Date, String::new(), Vec::new()),
        ColumnKind::Period(_) => (Kind::Period, String::new(), Vec::new()),
        ColumnKind::Choice(items) => (Kind::Item, String::new(), items.clone()),
        ColumnKind::Text | ColumnKind::Key | ColumnKind::Reference { .. } => {
            (Kind::Text, String::new(), Vec::new())
        }
    };
    ColumnSummary {
        name: column.name.clone(),
        unit,
        role: role(at, column),
        kind,
        article: String::new(),
        value: String::new(),
        row: String::new(),
        items,
    }
}

fn role(at: usize, column: &ColumnSpec) -> ColumnRole {
    match &column.kind {
        ColumnKind::Key => ColumnRole::Key,
        ColumnKind::Text if at <= 2 && matches!(column.name.as_str(), "名称" | "姓名") => {
            ColumnRole::Name
        }
        ColumnKind::Period(_) => ColumnRole::Period,
        _ => ColumnRole::Value,
    }
}
