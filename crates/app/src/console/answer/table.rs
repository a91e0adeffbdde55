//! Result tables and their distributions.

use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use utoipa::ToSchema;

/// A result table without its rows.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct TableSummary {
    /// Its place among the parts of the run.
    pub position: i64,
    /// `人员_每年`
    pub name: String,
    /// What its rows are about.
    pub about: TableSort,
    /// Number of rows.
    pub rows: usize,
    /// Its columns.
    pub columns: Vec<ColumnSummary>,
}

/// What the rows of a table are about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum TableSort {
    /// Those whom the regulation is about.
    People,
    /// Others that have results.
    Others,
    /// What is missing or open.
    Gaps,
}

/// A column of a result table.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ColumnSummary {
    /// Heading without unit.
    pub name: String,
    /// What the numbers count; empty for none.
    pub unit: String,
    /// What it is in the table.
    pub role: ColumnRole,
    /// What its values are.
    pub kind: ColumnKind,
    /// The article that defines it; empty for keys.
    pub article: String,
    /// Name of the value; with the row, where rows are columns, it is the question to ask.
    pub value: String,
    /// Row of a 逐 table; empty for none.
    pub row: String,
    /// The items of a list, in its order.
    pub items: Vec<String>,
}

/// What a column is in its table.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ColumnRole {
    /// Names the subject.
    Key,
    /// What people call the subject.
    Name,
    /// The period.
    Period,
    /// The row of a 逐 table.
    Row,
    /// A total.
    Total,
    /// A rank.
    Rank,
    /// Which seat.
    Quota,
    /// Any other value.
    Value,
    /// Text about gaps.
    Note,
}

/// What the values of a column are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ColumnKind {
    /// Text.
    Text,
    /// Decimal numbers as text.
    Number,
    /// One of a list.
    Item,
    /// 是 or 否.
    Bool,
    /// A day.
    Date,
    /// A period.
    Period,
}

/// State of a cell.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum CellState {
    /// There is a value.
    Present,
    /// 无
    None,
    /// 免
    Exempt,
    /// 待定
    Undecided,
    /// 待补
    Missing,
}

/// A cell.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Cell {
    /// The value as text; empty unless it is present.
    pub text: String,
    /// How it stands.
    pub state: CellState,
}

/// Some rows of a table.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct TablePage {
    /// Rows of the whole table.
    pub rows_all: usize,
    /// Rows that the filters leave.
    pub rows_matched: usize,
    /// Position of the first row of this page among them, from 0.
    pub offset: usize,
    /// The rows.
    pub rows: Vec<TableRow>,
}

/// A row.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct TableRow {
    /// Its position in the table, from 0.
    pub position: usize,
    /// A cell per column.
    pub cells: Vec<Cell>,
}

/// How the values of a column are distributed over all rows.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Distribution {
    /// Groups in order: items of a list, or intervals of a number.
    pub groups: Vec<DistributionGroup>,
    /// Values without a number or item, by state.
    pub others: BTreeMap<String, usize>,
}

/// A group of values.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct DistributionGroup {
    /// The item, or the lower border of the interval (inclusive).
    pub from: String,
    /// The upper border (exclusive; inclusive in the last group); empty for items.
    pub to: String,
    /// How many.
    pub count: usize,
}
