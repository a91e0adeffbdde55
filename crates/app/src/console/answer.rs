//! What the console shows: plain data. Amounts and scores are text from the engine; nobody computes with them again.
//! Times are UTC as ISO 8601.

mod document;
mod explanation;
mod facts;
mod import;
mod job;
mod person;
mod run;
mod table;

pub use document::*;
pub use explanation::*;
pub use facts::*;
pub use import::*;
pub use job::*;
pub use person::*;
pub use run::*;
use serde::{Deserialize, Serialize};
pub use table::*;
use utoipa::ToSchema;

/// Why something was not done, and what to do.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Trouble {
    /// What sort of trouble, for programs.
    pub code: String,
    /// What happened and what to do.
    pub message: String,
    /// Each fault of a document or of files.
    pub faults: Vec<Fault>,
    /// After a conflict: the version that stands now.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub found: Option<i64>,
}

/// A fault of a document or of a file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Fault {
    /// `HJ1201`
    pub code: String,
    /// File, row and column; line and column of a document.
    pub place: String,
    /// What is wrong.
    pub message: String,
    /// What to do; may be empty.
    pub help: String,
    /// An error stops a run, a warning does not.
    pub is_error: bool,
}

/// Who is signed in, and what they may do.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Session {
    /// As the log names them.
    pub name: String,
    /// Ids of the operations that are permitted.
    pub operations: Vec<String>,
    /// Version of Hengjie.
    pub version: String,
}

/// An entry of the log.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct LogEntry {
    /// From 1, without holes.
    pub number: i64,
    /// When.
    pub at: String,
    /// Who.
    pub actor: String,
    /// Which operation.
    pub operation: String,
    /// On what.
    pub object: String,
    /// What about it.
    pub detail: String,
    /// SHA-256 over this entry and the one before.
    pub digest: String,
}

/// What checking the log found.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct LogChecked {
    /// Entries that were read.
    pub entries: i64,
    /// Number of the first entry that is missing or was changed.
    pub first_bad: Option<i64>,
}
