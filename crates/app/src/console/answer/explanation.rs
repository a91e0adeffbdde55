//! Why a figure is what it is.

use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use utoipa::ToSchema;

/// Why a figure is what it is.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Explanation {
    /// In sentences, to be copied.
    pub text: String,
    /// Step by step.
    pub step: Step,
    /// The text of every article that is cited.
    pub articles: BTreeMap<String, String>,
    /// The files of facts have changed since the run.
    pub facts_changed: bool,
}

/// A step of an explanation.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct Step {
    /// What is explained.
    pub label: String,
    /// Its value as people read it.
    pub text: String,
    /// `present`, `none`, `exempt`, `undecided` or `missing`.
    pub status: String,
    /// What sort of reason it is.
    pub kind: String,
    /// The exact number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub number: Option<String>,
    /// What it adds to the sum above it, exactly.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub amount: Option<String>,
    /// The article.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub article: Option<ArticleName>,
    /// The rule as the document writes it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub formula: Option<String>,
    /// The rule with the values put in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub substituted: Option<String>,
    /// What is missing or open.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub gaps: Vec<String>,
    /// The row of a table: heading and cell.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cells: Option<Vec<(String, String)>>,
    /// File and row that a fact, parameter or decision comes from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source: Option<SourceRow>,
    /// Who supplied a parameter or took a decision.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<String>,
    /// Why.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub because: Option<String>,
    /// Value before a rounding or a limit.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub before: Option<String>,
    /// Mode of a rounding.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mode: Option<String>,
    /// What a rounding makes multiples of.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub quantum: Option<String>,
    /// Weight of a contribution.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub weight: Option<String>,
    /// Neighbours in a ranking.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub neighbours: Vec<Neighbour>,
    /// What it is made of.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schema(no_recursion)]
    pub children: Vec<Step>,
}

/// An article by name.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct ArticleName {
    /// `第五条`
    pub cite: String,
    /// Whole heading.
    pub heading: String,
}

/// File and row.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct SourceRow {
    /// Name of the file.
    pub file: String,
    /// Row, from 1.
    pub row: u32,
}

/// A neighbour in a ranking.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct Neighbour {
    /// The rank.
    pub rank: u32,
    /// Who has it.
    pub who: String,
    /// The values that were compared.
    pub keys: Vec<String>,
}
