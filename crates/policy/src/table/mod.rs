//! 表: Markdown tables as typed look-up tables in long form.
//!
//! Reading order: `columns` (names and units of the header), `cell` (what a cell says), `interval` (bands in words and
//! signs), `fill` (types of columns and rows), `verify` (duplicates, overlaps, gaps, sums).

mod cell;
mod columns;
mod fill;
mod interval;
mod verify;

use crate::checker::{Checker, count};
use crate::codes;
use crate::core::{ArticleId, TableId};
use crate::symbols::Global;
use hengjie_syntax::Diagnostic;
use hengjie_syntax::ast::{MarkdownTable, Name, StatementKind, TableDecl};

/// The column whose day a row counts from.
const EFFECTIVE: &str = "生效";

/// The table as a grid of texts, one column per long-form column.
#[derive(Debug)]
struct Grid {
    columns: Vec<columns::Heading>,
    /// Rows with the printed row they come from.
    rows: Vec<(usize, Vec<Name>)>,
    keys: usize,
}

impl<'a> Checker<'a> {
    /// All tables.
    pub(crate) fn declare_tables(&mut self) {
        for (article, statement) in self.statements.clone() {
            if let StatementKind::Table(decl) = &statement.kind {
                self.declare_table(decl, article);
            }
        }
    }

    fn declare_table(&mut self, decl: &'a TableDecl, article: ArticleId) {
        let id = TableId(count(self.tables.len()));
        let Some(markdown) = &decl.table else {
            self.names.poisoned.insert(decl.name.text.clone());
            self.report(
                Diagnostic::error(
                    codes::NO_TABLE,
                    decl.name.span,
                    format!("“表 {}”下面没有表格", decl.name.text),
                    format!("there is no table below `表 {}`", decl.name.text),
                )
                .help(
                    "表格紧跟在这个代码块后面，中间不要有文字",
                    "the table follows directly behind this block, with no prose between",
                ),
            );
            return;
        };
        let Some(grid) = self.read_grid(decl, markdown) else {
            self.names.poisoned.insert(decl.name.text.clone());
            return;
        };
        let Some(table) = self.fill_table(decl, &grid, article) else {
            self.names.poisoned.insert(decl.name.text.clone());
            return;
        };
        if !self.declare_global(&decl.name, Global::Table(id)) {
            return;
        }
        let covered = self.verify_table(decl, &grid, &table);
        self.tables.push(table);
        self.covered.push(covered);
    }

    /// Columns and rows in long form; `None` when the header cannot be used.
    fn read_grid(&mut self, decl: &TableDecl, markdown: &MarkdownTable) -> Option<Grid> {
        let headings: Vec<columns::Heading> = markdown.header.iter().map(|name| self.heading(name)).collect();
        let across = decl.across.as_ref();
        let is_across = |name: &Name| across.is_some_and(|(dimension, _)| dimension.text == name.text);
        let mut order = Vec::new();
        let mut broken = false;
        for key in decl.keys.iter().filter(|key| !is_across(key)) {
            match headings.iter().position(|heading| heading.name.text == key.text) {
                Some(position) => order.push(position),
                None => {
                    broken = true;
                    let close =
                        self.closest(&key.text, headings.iter().map(|heading| heading.name.text.as_str()));
                    self.unknown_name(
                        codes::TABLE_COLUMN,
                        key,
                        ("列（表头里）", "column in the header"),
                        close,
                    );
                }
            }
        }
        broken |= self.repeated_columns(&headings);
        for row in &markdown.rows {
            broken |= !self.row_fits(row, headings.len());
        }
        if broken {
            return None;
        }
        let others: Vec<usize> = (0..headings.len()).filter(|position| !order.contains(position)).collect();
        let rows: Vec<(usize, &Vec<Name>)> = markdown.rows.iter().enumerate().collect();
        Some(match across {
            None => wide(&headings, &order, &others, &rows),
            Some((dimension, value)) => long(&headings, &order, &others, &rows, dimension, value),
        })
    }

    fn row_fits(&mut self, row: &[Name], columns: usize) -> bool {
        if row.len() == columns {
            return true;
        }
        let span =
            row.first().zip(row.last()).map_or(hengjie_syntax::Span::new(0, 0), |(a, b)| a.span.to(b.span));
        self.error(
            codes::ROW_LENGTH,
            span,
            format!("这一行有 {} 格，表头有 {columns} 列", row.len()),
            format!("this row has {} cells, the header {columns} columns", row.len()),
        );
        false
    }

    fn repeated_columns(&mut self, headings: &[columns::Heading]) -> bool {
        let mut broken = false;
        for (index, heading) in headings.iter().enumerate() {
            if let Some(first) = headings[..index].iter().find(|first| first.name.text == heading.name.text) {
                broken = true;
                self.report(
                    Diagnostic::error(
                        codes::TABLE_COLUMN,
                        heading.name.span,
                        format!("两列都叫“{}”", heading.name.text),
                        format!("two columns are named `{}`", heading.name.text),
                    )
                    .label(first.name.span, "另一列", "the other column"),
                );
            }
        }
        broken
    }
}

/// Keys first, then the other columns.
fn wide(
    headings: &[columns::Heading],
    order: &[usize],
    others: &[usize],
    rows: &[(usize, &Vec<Name>)],
) -> Grid {
    let places: Vec<usize> = order.iter().chain(others).copied().collect();
    let pick = |row: &Vec<Name>| places.iter().map(|&place| row[place].clone()).collect();
    Grid {
        columns: places.iter().map(|&place| headings[place].clone()).collect(),
        rows: rows.iter().map(|(printed, row)| (*printed, pick(row))).collect(),
        keys: order.len(),
    }
}

/// 横: one row per cell, the heading of the cell as a key.
fn long(
    headings: &[columns::Heading],
    order: &[usize],
    others: &[usize],
    rows: &[(usize, &Vec<Name>)],
    dimension: &Name,
    value: &Name,
) -> Grid {
    let mut columns: Vec<columns::Heading> = order.iter().map(|&place| headings[place].clone()).collect();
    columns.push(columns::Heading { name: dimension.clone(), unit: None });
    let unit = others.iter().find_map(|&place| headings[place].unit.clone());
    columns.push(columns::Heading { name: value.clone(), unit });
    let mut cells = Vec::new();
    for (printed, row) in rows {
        for &place in others {
            let mut line: Vec<Name> = order.iter().map(|&key| row[key].clone()).collect();
            line.push(headings[place].name.clone());
            line.push(row[place].clone());
            cells.push((*printed, line));
        }
    }
    Grid { columns, rows: cells, keys: order.len() + 1 }
}
