//! Examples: small worlds and what must come out of them.

use super::{ArticleId, AttributeId, DecisionId, FieldRef, KindId, Literal, ParameterId, ReadingId};
use hengjie_calendar::{Date, Period};
use hengjie_syntax::Span;
use serde::Serialize;

/// An example fence: a small world and what must come out.
#[derive(Debug, Clone, Serialize)]
pub struct Example {
    pub article: ArticleId,
    pub givens: Vec<ExampleGiven>,
    pub expectations: Vec<ExampleExpectation>,
    #[serde(skip)]
    pub span: Span,
}

/// A value given.
#[derive(Debug, Clone, Serialize)]
pub enum ExampleGiven {
    /// A subject or record exists. Records of kinds with periods carry `period`.
    Subject {
        kind: KindId,
        key: String,
        period: Option<Period>,
    },
    /// A fact. `period` for periodic fields; for dated fields the value counts from `from` (or always).
    Fact {
        field: FieldRef,
        key: String,
        period: Option<Period>,
        from: Option<Date>,
        value: ExampleValue,
    },
    /// An assumed result that replaces the rules of an attribute.
    Assumed {
        attribute: AttributeId,
        key: String,
        period: Option<Period>,
        value: ExampleValue,
    },
    Parameter {
        parameter: ParameterId,
        keys: Vec<Literal>,
        value: Literal,
    },
    Reading {
        reading: ReadingId,
        alternative: u32,
    },
    Decision {
        decision: DecisionId,
        key: String,
        row: Option<String>,
        period: Option<Period>,
        value: ExampleValue,
    },
}

/// A value in an example.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub enum ExampleValue {
    Literal(Literal),
    /// Key of an object.
    Object(KindId, String),
    /// 待补
    Missing,
    /// 待定
    Undecided,
}

/// A value expected.
#[derive(Debug, Clone, Serialize)]
pub struct ExampleExpectation {
    pub attribute: AttributeId,
    /// `None` for 全体.
    pub key: Option<String>,
    /// Label of the row: the first key cell of the table row.
    pub row: Option<String>,
    pub period: Option<Period>,
    pub value: ExampleValue,
    /// Article that must be the one that gives the value.
    pub because: Option<ArticleId>,
    #[serde(skip)]
    pub span: Span,
}
