//! Replays and comparisons of runs: how far they are, and what they found.

use super::{Progress, RunState, Trouble};
use serde::Serialize;
use utoipa::ToSchema;

/// A replay or a comparison. It is kept until the server stops, or until many others came after it.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct JobDetail {
    /// From 1.
    pub number: i64,
    /// How it stands.
    pub state: RunState,
    /// How far it is, while it is running.
    pub progress: Option<Progress>,
    /// Why it could not be done.
    pub trouble: Option<Trouble>,
    /// What a replay found.
    pub replay: Option<ReplayView>,
    /// What a comparison found.
    pub comparison: Option<ComparisonView>,
}

/// A run that was computed again.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ReplayView {
    /// The run.
    pub run: i64,
    /// Digest of everything that went in and came out.
    pub identity: String,
    /// Does the same come out, and is the kept workbook what it was?
    pub is_same: bool,
    /// Version of Hengjie that computed the run.
    pub engine_before: String,
    /// Version that computes now.
    pub engine_now: String,
    /// Inputs that are not as they were.
    pub altered: Vec<AlteredView>,
    /// Every result file.
    pub files: Vec<FileCheckView>,
}

/// An input that is not as it was.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct AlteredView {
    /// What it is.
    pub what: String,
    /// SHA-256 then; empty when there was none.
    pub before: String,
    /// SHA-256 now; empty when there is none.
    pub after: String,
    /// The record holds what it was, so that the replay uses that.
    pub is_kept: bool,
}

/// A result file that was computed again.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct FileCheckView {
    /// Its name.
    pub file: String,
    /// SHA-256 then.
    pub before: String,
    /// SHA-256 of the replay.
    pub after: String,
    /// The same comes out.
    pub is_same: bool,
    /// What is kept is no longer what the run gave.
    pub was_edited: bool,
}

/// Two runs side by side.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ComparisonView {
    /// The earlier run.
    pub old: i64,
    /// The later run.
    pub new: i64,
    /// Periods that both have.
    pub periods: Vec<String>,
    /// People with any other result.
    pub people: usize,
    /// Results that both have.
    pub compared: u64,
    /// What happens to each value, amounts and grades first.
    pub effects: Vec<EffectView>,
    /// What was changed on the way from one run to the other, in order.
    pub causes: Vec<CauseView>,
    /// Results that differ: amounts and grades first, so many at most.
    pub lines: Vec<DifferenceView>,
    /// How many results differ in all.
    pub lines_all: usize,
}

/// What happens to one value, all people together.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct EffectView {
    /// Its name.
    pub value: String,
    /// People for whom it differs.
    pub people: usize,
    /// New minus old, all together; empty for what is no number.
    pub sum: String,
    /// What moves, in words.
    pub moved: String,
}

/// One thing that was changed.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct CauseView {
    /// 资料, 归属, 人定, 参数, 读法, 条款, in the language of whoever asks.
    pub sort: String,
    /// What.
    pub what: String,
    /// Which delivery of a fact store; empty otherwise.
    pub delivery: String,
    /// Facts in it.
    pub count: usize,
    /// People with any other result by it.
    pub people: usize,
    /// What it does to all amounts together, in 元; empty when it changes none.
    pub sum: String,
}

/// A result that differs.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct DifferenceView {
    /// Key of the person; empty for everybody together.
    pub key: String,
    /// Key and name.
    pub who: String,
    /// The period; empty without one.
    pub period: String,
    /// Name of the value.
    pub value: String,
    /// An amount or grade in which rules end.
    pub is_outcome: bool,
    /// In the earlier run.
    pub before: String,
    /// In the later run.
    pub after: String,
    /// Later minus earlier; empty for what is no number.
    pub difference: String,
    /// What it is made of.
    pub parts: Vec<PartView>,
}

/// What one cause does to a result; several where one alone leaves it waiting.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct PartView {
    /// Positions of the causes, from 1.
    pub causes: Vec<usize>,
    /// The facts of this person that they change.
    pub facts: Vec<String>,
    /// Before.
    pub before: String,
    /// After.
    pub after: String,
    /// After minus before; empty for what is no number.
    pub difference: String,
}
