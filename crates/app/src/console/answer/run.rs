//! Computations: how far they are, and what came of them.

use super::{TableSummary, Trouble};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// State of a run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum RunState {
    /// It is being computed.
    Running,
    /// Its results are there.
    Done,
    /// It could not be computed.
    Failed,
    /// Somebody has stopped it.
    Cancelled,
}

/// A run in a list.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct RunSummary {
    /// From 1.
    pub number: i64,
    /// The document.
    pub document: String,
    /// Its version.
    pub version: i64,
    /// How it stands.
    pub state: RunState,
    /// Who started it.
    pub started_by: String,
    /// When.
    pub started_at: String,
    /// When it ended; empty until then.
    pub ended_at: String,
    /// Periods; those asked for until it has ended.
    pub periods: Vec<String>,
    /// People, units and whoever else has results.
    pub subjects: usize,
    /// Results with a value.
    pub complete: u64,
    /// Results that wait for facts or parameters (待补).
    pub missing: u64,
    /// Results that wait for decisions (待定).
    pub undecided: u64,
    /// As known on a day; empty: as known when it was started.
    pub known_at: String,
    /// The last import of the fact store that counted; none for files.
    pub import: Option<u32>,
}

/// A run: how far it is, or what came of it.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct RunDetail {
    /// What the list shows.
    pub summary: RunSummary,
    /// The organisation.
    pub organisation: String,
    /// The title of the regulation.
    pub title: String,
    /// How far it is, while it is running.
    pub progress: Option<Progress>,
    /// Why it failed.
    pub trouble: Option<Trouble>,
    /// What results wait for, the most wanted first.
    pub gaps: Vec<Gap>,
    /// Which document, parameters, readings and files were used: label and text.
    pub notes: Vec<(String, String)>,
    /// The result tables.
    pub tables: Vec<TableSummary>,
    /// The files of facts have changed since: an explanation speaks of other facts than the results.
    pub facts_changed: bool,
    /// Milliseconds of the computation.
    pub milliseconds: u64,
}

/// How far a run is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Progress {
    /// What is being done.
    pub stage: String,
    /// Parts that are done.
    pub done: u64,
    /// Parts in all; 0 when nobody knows.
    pub all: u64,
}

/// Something that results wait for.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct Gap {
    /// An example in Chinese.
    pub zh: String,
    /// The same in English.
    pub en: String,
    /// How many of this sort are missing.
    pub count: u64,
    /// Results that wait for it.
    pub results: u64,
    /// Names of the values that wait.
    pub values: Vec<String>,
    /// People have to decide it.
    pub is_decision: bool,
}
