//! Imports: what was handed in, and what became of every row.

use super::{ControlTotal, Fault, Progress, Trouble};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A file that was handed in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct HandedIn {
    /// Its name, without folders.
    pub name: String,
    /// SHA-256: names the file until the server stops.
    pub sha256: String,
    /// Its size.
    pub bytes: u64,
}

/// State of an import.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ImportState {
    /// 校验中
    Running,
    /// 已校验: nothing was taken, because nobody asked for it.
    Checked,
    /// 已入库
    Posted,
    /// 部分入库: good rows were taken, others not.
    Partly,
    /// 没有变化: all of it was known.
    Unchanged,
    /// 有错待处理: nothing was taken.
    Refused,
    /// 已中断
    Failed,
    /// 已取消
    Cancelled,
}

/// What to take.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Taking {
    /// Nothing: only say what would happen.
    #[default]
    Check,
    /// The good rows.
    GoodRows,
    /// All rows, or nothing.
    AllOrNothing,
}

/// An import in a list.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ImportSummary {
    /// From 1.
    pub number: i64,
    /// The document.
    pub document: String,
    /// How it stands.
    pub state: ImportState,
    /// What was to be taken.
    pub taking: Taking,
    /// The day on which the facts became known.
    pub recorded_on: String,
    /// The files.
    pub files: Vec<HandedIn>,
    /// The table that the file was said to be; empty: by names.
    pub table: String,
    /// What people call the source of the mapping; empty without one.
    pub source: String,
    /// Who started it.
    pub started_by: String,
    /// When.
    pub started_at: String,
    /// When it ended; empty until then.
    pub ended_at: String,
    /// Number of the import in the fact store; none when nothing was taken.
    pub import: Option<u32>,
    /// Rows of all files.
    pub rows: u64,
    /// Rows that were (or would be) new or corrected.
    pub taken: u64,
    /// Rows that were not taken.
    pub rejected: u64,
}

/// An import: how far it is, or what became of every row.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ImportDetail {
    /// What the list shows.
    pub summary: ImportSummary,
    /// How far it is, while it is running.
    pub progress: Option<Progress>,
    /// Why it could not be done.
    pub trouble: Option<Trouble>,
    /// One per table that has a file.
    pub tables: Vec<ImportedTable>,
    /// Everything that is wrong, by reason, the most frequent first.
    pub reasons: Vec<Reason>,
    /// Is there a workbook of rejected rows?
    pub has_rejects: bool,
    /// Milliseconds.
    pub milliseconds: u64,
}

/// What became of the rows of one table.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ImportedTable {
    /// Name of the table.
    pub table: String,
    /// Its file, with the sheet.
    pub file: String,
    /// Rows of the file.
    pub rows: u64,
    /// Rows with keys that were not known.
    pub new: u64,
    /// Rows that say something else than before.
    pub corrected: u64,
    /// Rows that say what was known.
    pub unchanged: u64,
    /// Rows that an import of the same file had taken.
    pub repeated: u64,
    /// Rows that were not taken.
    pub rejected: u64,
    /// The earlier import of the same file.
    pub same_as: Option<u32>,
    /// Is something wrong with the file as a whole?
    pub refused: bool,
    /// Control totals that agreed.
    pub controls: Vec<ControlTotal>,
}

/// Faults with the same reason.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Reason {
    /// How many.
    pub count: u64,
    /// The column; may be empty.
    pub column: String,
    /// The first of them.
    pub first: Fault,
    /// Some more of them: file, row and value.
    pub samples: Vec<Fault>,
}

/// How the files of a source fit the tables.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct MappingSummary {
    /// What people call the source.
    pub source: String,
    /// Goes up with every save.
    pub number: i64,
    /// JSON, as a mapping file has it.
    pub text: String,
    /// Who saved it.
    pub saved_by: String,
    /// When.
    pub saved_at: String,
}
