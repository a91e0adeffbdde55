//! Regulations with their versions, and what is wrong with them.

use super::RunSummary;
use serde::Serialize;
use utoipa::ToSchema;

/// A document in the list.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct DocumentSummary {
    /// Short name in addresses.
    pub id: String,
    /// The organisation it is run for.
    pub organisation: String,
    /// The title of the regulation.
    pub title: String,
    /// From which day it is in force; empty while the newest version has errors.
    pub from: String,
    /// Number of the newest version.
    pub version: i64,
    /// Errors of the newest version.
    pub errors: usize,
    /// It is run with invented parameters.
    pub is_demonstration: bool,
    /// The newest run that is done or running.
    pub last_run: Option<RunSummary>,
}

/// A document, article by article.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct DocumentDetail {
    /// What the list shows.
    pub summary: DocumentSummary,
    /// The version that is shown.
    pub version: i64,
    /// Its whole text.
    pub text: String,
    /// SHA-256 of its meaning; empty while it has errors.
    pub hash: String,
    /// All versions, the newest first.
    pub versions: Vec<VersionSummary>,
    /// Its articles in order.
    pub articles: Vec<Article>,
    /// Readings with their alternatives and the one that is taken.
    pub readings: Vec<ReadingChoice>,
    /// Facts of a person that a trial may move.
    pub fields: Vec<FieldSummary>,
    /// What is wrong with it.
    pub check: Checked,
}

/// A version in the list.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct VersionSummary {
    /// From 1.
    pub number: i64,
    /// Has it no errors?
    pub is_sound: bool,
    /// Who saved it.
    pub saved_by: String,
    /// When.
    pub saved_at: String,
}

/// An article with what stands under it.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Article {
    /// `第五条`; empty before the first heading.
    pub cite: String,
    /// Whole heading.
    pub heading: String,
    /// 1 to 6; 0 before the first heading.
    pub level: u8,
    /// First line in the document, from 1.
    pub line: usize,
    /// Its text in order.
    pub parts: Vec<ArticlePart>,
    /// Names of the values that are defined here.
    pub values: Vec<String>,
    /// Examples that hold.
    pub passed: usize,
    /// Examples that do not hold.
    pub failed: Vec<FailedExample>,
}

/// A piece of an article.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ArticlePart {
    /// What it is.
    pub kind: PartKind,
    /// Its text: Markdown for prose and tables, source text for the others.
    pub text: String,
}

/// What a piece of an article is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum PartKind {
    /// Text for people.
    Prose,
    /// A table.
    Table,
    /// Rules.
    Rules,
    /// Examples.
    Examples,
}

/// An expectation of an example that does not hold.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct FailedExample {
    /// `张三.总分（2025年）`
    pub text: String,
    /// What the document expects.
    pub expected: String,
    /// What the engine gives.
    pub actual: String,
    /// Line in the document, from 1.
    pub line: usize,
}

/// A reading.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ReadingChoice {
    /// Its name.
    pub name: String,
    /// What it is about.
    pub title: String,
    /// Its alternatives.
    pub alternatives: Vec<String>,
}

/// A fact of a person.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct FieldSummary {
    /// Its name.
    pub name: String,
    /// What its values are: `数（元）`, `是或否`.
    pub of: String,
}

/// What is wrong with a text.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Checked {
    /// Faults by place.
    pub diagnostics: Vec<Diagnosed>,
    /// Number of errors.
    pub errors: usize,
    /// Number of warnings.
    pub warnings: usize,
    /// Rules that examples use, and all rules.
    pub covered: usize,
    /// All rules.
    pub rules: usize,
    /// Examples that hold.
    pub passed: usize,
    /// Examples that do not.
    pub failed: Vec<FailedExample>,
}

/// A fault of a text, with its place in lines (from 1) and UTF-16 columns (from 0), as editors count.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Diagnosed {
    /// `HJ0403`
    pub code: String,
    /// Error or warning.
    pub is_error: bool,
    /// Where it begins.
    pub from: Place,
    /// Where it ends.
    pub to: Place,
    /// What is wrong.
    pub message: String,
    /// What to do; may be empty.
    pub help: String,
    /// A change that mends it.
    pub fix: Option<Mend>,
}

/// A place in a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
pub struct Place {
    /// From 1.
    pub line: usize,
    /// From 0, in UTF-16 code units.
    pub column: usize,
}

/// A change that mends a fault.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Mend {
    /// What it does.
    pub title: String,
    /// Where the text to replace begins.
    pub from: Place,
    /// Where it ends.
    pub to: Place,
    /// The new text.
    pub text: String,
}

/// Something that two versions say differently.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Amended {
    /// The article.
    pub article: String,
    /// What it is: text, rule, table, parameter, …
    pub what: String,
    /// Its name.
    pub name: String,
    /// 新增, 删去 or 修改.
    pub change: String,
    /// Old and new text, piece by piece.
    pub pieces: Vec<Piece>,
}

/// A piece of an amendment.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Piece {
    /// What became of it.
    pub mark: PieceMark,
    /// Its text.
    pub text: String,
}

/// What became of a piece.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum PieceMark {
    /// In both versions.
    Same,
    /// Only in the old one.
    Removed,
    /// Only in the new one.
    Added,
}

/// A finding of the health check.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Finding {
    /// Name of the check.
    pub check: String,
    /// Errors must be mended, notes may be kept.
    pub severity: String,
    /// The article.
    pub article: String,
    /// Line in the document, from 1.
    pub line: usize,
    /// What is wrong, with names and numbers.
    pub message: String,
    /// What to do.
    pub help: String,
}
