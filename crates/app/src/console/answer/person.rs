//! One person: figures, distances, trials.

use super::{Cell, ColumnSummary};
use serde::Serialize;
use utoipa::ToSchema;

/// All figures of a person.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Person {
    /// Key.
    pub key: String,
    /// Name; the key when there is none.
    pub name: String,
    /// Every result of the person, table by table.
    pub sheets: Vec<PersonSheet>,
    /// Neighbours in the first table: key of the one before and the one after.
    pub before: Option<String>,
    /// Key of the one after.
    pub after: Option<String>,
}

/// The results of a person in one table and period.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct PersonSheet {
    /// Name of the table.
    pub table: String,
    /// The period; empty without one.
    pub period: String,
    /// Its values.
    pub values: Vec<PersonValue>,
}

/// A figure of a person.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct PersonValue {
    /// The column.
    pub column: ColumnSummary,
    /// The value.
    pub cell: Cell,
}

/// How far one value is from the next one above.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct DistanceView {
    /// Name of the value.
    pub value: String,
    /// The period.
    pub period: String,
    /// As it is.
    pub now: String,
    /// What is next; `None` when there is nothing higher.
    pub goal: Option<String>,
    /// It is there already.
    pub is_reached: bool,
    /// What is missing, or waits for people.
    pub waits_for: Vec<String>,
    /// The conditions, parts below their wholes.
    pub conditions: Vec<ConditionRow>,
    /// Changes that give it, each computed again.
    pub suggestions: Vec<String>,
    /// Why nothing gives it; empty when something does.
    pub why_not: String,
}

/// A condition.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ConditionRow {
    /// How deep it stands, from 0.
    pub level: usize,
    /// What is looked at, with its article.
    pub label: String,
    /// What is wanted.
    pub need: String,
    /// What is there.
    pub have: String,
    /// How much is missing.
    pub gap: String,
    /// How it stands, in words.
    pub state: String,
    /// It is the one that keeps the result back.
    pub is_binding: bool,
    /// It is met.
    pub is_met: bool,
}

/// What a trial gives.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct TrialView {
    /// What was changed: what, from, to.
    pub changes: Vec<(String, String, String)>,
    /// Results of the person that differ.
    pub lines: Vec<TrialLine>,
    /// Other people with any other result.
    pub others: usize,
    /// Milliseconds of the computation.
    pub milliseconds: u64,
}

/// A result that differs in a trial.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct TrialLine {
    /// Name of the value.
    pub value: String,
    /// The period.
    pub period: String,
    /// As it is.
    pub before: String,
    /// As it would be.
    pub after: String,
    /// New minus old; empty for what is no number.
    pub difference: String,
    /// An amount or a grade in which rules end.
    pub is_outcome: bool,
}
