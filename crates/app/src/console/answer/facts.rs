//! Facts: the tables of an organisation, their columns and rows.

use super::{Cell, ColumnSummary, Fault};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// The facts that a document is run on.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct FactsDetail {
    /// The document.
    pub document: String,
    /// The organisation.
    pub organisation: String,
    /// Where they are.
    pub place: FactsPlace,
    /// Imports of the fact store that are looked at; 0 for files.
    pub imports: u32,
    /// Day of the last of them, `2026-02-03`; empty for files and before the first import.
    pub recorded_on: String,
    /// The tables of the document, in its order.
    pub tables: Vec<FactTable>,
}

/// Where facts are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum FactsPlace {
    /// In a fact store, which remembers what was known when.
    Store,
    /// In files of a folder or in a workbook, as they are now.
    Files,
    /// Nowhere yet: the first import makes a fact store.
    Nowhere,
}

/// A table of facts without its rows.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct FactTable {
    /// `人员_每年`
    pub name: String,
    /// What people call it.
    pub title: String,
    /// How it stands.
    pub state: FactTableState,
    /// Do results wait when nobody delivers it?
    pub is_needed: bool,
    /// Number of rows.
    pub rows: usize,
    /// Its file; several files for a table of a store.
    pub file: String,
    /// Its columns.
    pub columns: Vec<FactColumn>,
    /// Cells without a value that should have one (待补).
    pub missing: usize,
    /// The last delivery, of a fact store.
    pub last: Option<Delivery>,
    /// What is wrong with it.
    pub faults: Vec<Fault>,
}

/// How a table stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum FactTableState {
    /// It can be read.
    There,
    /// Nobody has delivered it.
    Absent,
    /// It cannot be read.
    Faulty,
}

/// A column of a table of facts.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct FactColumn {
    /// Name, unit, kind and items.
    pub summary: ColumnSummary,
    /// What may stand in it: `金额`, `「客户」的编号`.
    pub of: String,
    /// What it means and who needs it; may be empty.
    pub meaning: String,
    /// Has anybody delivered it?
    pub is_there: bool,
    /// Cells without a value that should have one (待补).
    pub missing: usize,
}

/// A delivery of a table.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Delivery {
    /// Number of the import in the fact store.
    pub import: u32,
    /// The day on which it became known.
    pub recorded_on: String,
    /// Who imported it; may be empty.
    pub by: String,
    /// Name of the file.
    pub file: String,
    /// SHA-256 of the file.
    pub sha256: String,
    /// Rows of the file.
    pub rows: u64,
    /// Control totals that agreed.
    pub controls: Vec<ControlTotal>,
}

/// A control total of the source that agreed with what was read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ControlTotal {
    /// `行数`, or the name of a column whose sum it is.
    pub item: String,
    /// As the source writes it.
    pub value: String,
}

impl ControlTotal {
    /// Those of a table.
    pub(crate) fn all(controls: &[(String, String)]) -> Vec<Self> {
        controls.iter().map(|(item, value)| Self { item: item.clone(), value: value.clone() }).collect()
    }
}

/// Some rows of a table of facts.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct FactPage {
    /// Rows of the whole table.
    pub rows_all: usize,
    /// Rows that the filters leave.
    pub rows_matched: usize,
    /// Position of the first row of this page among them, from 0.
    pub offset: usize,
    /// The rows.
    pub rows: Vec<FactRow>,
}

/// A row of a table of facts.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct FactRow {
    /// Its position in the table, from 0.
    pub position: usize,
    /// The file that said it last, with its sheet.
    pub file: String,
    /// The row of that file as people count.
    pub row: u32,
    /// A cell per column.
    pub cells: Vec<Cell>,
}

/// Who has what from when to when.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Ownership {
    /// Tables whose keys can be owned or own, in the order of the document.
    pub kinds: Vec<String>,
    /// The table of what is owned.
    pub objects: String,
    /// The table of those who own.
    pub owners: String,
    /// Roles that occur.
    pub roles: Vec<String>,
    /// Tenures that match, before they are cut.
    pub matched: usize,
    /// By object, role, owner and day; 500 at most.
    pub tenures: Vec<TenureRow>,
    /// The changes that gave them, as they were recorded; only when one object is asked for.
    pub changes: Vec<ChangeRow>,
}

/// Somebody has a share of something for some days.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct TenureRow {
    /// Key of what is owned.
    pub object: String,
    /// What people call it; may be empty.
    pub object_name: String,
    /// 管户, 信贷管户, 记账机构 …
    pub role: String,
    /// Key of the owner.
    pub owner: String,
    /// What people call the owner; may be empty.
    pub owner_name: String,
    /// First day.
    pub from: String,
    /// First day that is not theirs any more; empty: no end is known.
    pub to: String,
    /// `60%`
    pub share: String,
}

/// A change of ownership as it was recorded.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ChangeRow {
    /// Its number.
    pub number: String,
    /// 认领, 移交 …
    pub operation: String,
    /// In which role.
    pub role: String,
    /// From which day.
    pub from: String,
    /// From whom; may be empty.
    pub giver: String,
    /// To whom; may be empty.
    pub receiver: String,
    /// `40%`; may be empty.
    pub share: String,
    /// Who made it.
    pub maker: String,
    /// Who checked it.
    pub checker: String,
    /// Why.
    pub reason: String,
    /// File and row.
    pub source: String,
}

/// What nobody owns.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Uncovered {
    /// How many objects were looked at.
    pub all: usize,
    /// How many of them nobody owns.
    pub uncovered: usize,
    /// Those, 500 at most, in the order in which they became known.
    pub objects: Vec<Named>,
}

/// A key with what people call it.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Named {
    /// The key.
    pub key: String,
    /// May be empty.
    pub name: String,
}
