//! Explanations: from a value down to articles, formulas, table rows, parameters, facts and their rows.
//!
//! The evaluator that computes is the one that explains: it computes the attribute once more and writes down what it
//! does. Where a value is a sum (合计, 汇总), the [`Derivation::amount`]s of its children add up to it exactly.

mod build;
mod json;
mod known;
mod leaf;
mod naming;
mod notation;
mod population;
mod text;

pub use notation::notation_of_attribute;

use crate::format::{format_gap, format_open};
use crate::row::Evaluator;
use crate::value::Value;
use hengjie_calendar::{Date, Period};
use hengjie_policy::core::{ArticleId, AttributeId, Type};
use hengjie_quantity::{Lang, Rational, Rounding};

/// Contributions that are shown one by one; the others are one sum.
pub const CONTRIBUTIONS_SHOWN: usize = crate::row::ITEMS_SHOWN;

/// Most levels of attributes of one explanation: building and writing it is recursive.
pub const DEPTH_MAX: usize = 48;

/// How much of an explanation is made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ExplainOptions {
    pub lang: Lang,
    /// Levels of attributes that are followed, at most [`DEPTH_MAX`]; what lies deeper is named with its value only.
    pub depth_max: usize,
    /// Nodes of the whole tree, approximately.
    pub nodes_max: usize,
}

/// A value with the reasons for it.
#[derive(Debug, Clone, PartialEq)]
pub struct Derivation {
    /// `张三.存款得分（2025年）`, `表 等级标准 · 高级 · 存款日均`
    pub label: String,
    pub value: Value,
    /// The value as people read it.
    pub text: String,
    pub ty: Type,
    pub article: Option<ArticleId>,
    pub note: Note,
    /// The rule as the document writes it.
    pub formula: Option<String>,
    /// The rule with the values put in.
    pub substituted: Option<String>,
    /// What is missing or open, in sentences; only at the root.
    pub gaps: Vec<String>,
    /// What this adds to the sum above it. `None` where there is no sum above.
    pub amount: Option<Rational>,
    pub children: Vec<Derivation>,
}

/// What kind of reason a node is.
#[derive(Debug, Clone, PartialEq)]
pub enum Note {
    /// The result of a rule.
    Attribute,
    /// A result assumed by an example or known from elsewhere.
    Assumed,
    /// Outside the context of the attribute (then the condition is a child), or no rule applied: 无.
    NoRule,
    /// Explained elsewhere in the same tree.
    Shown,
    /// Left out because the tree has become too large or too deep.
    Cut,
    /// A condition: one that holds, that blocks, or that keeps the subject out.
    Condition,
    /// What an exception replaced: the value that the general rule gives.
    Replaced,
    /// The value of a state in its periods up to this one, newest first; `from` is the period in which the rule read.
    State {
        from: Option<Period>,
        chain: Vec<(Period, String)>,
    },
    /// An addend of a total with its weight.
    Contribution {
        weight: Option<String>,
    },
    /// Many contributions as one sum.
    Rest {
        count: usize,
    },
    /// The limits of a total moved it.
    Limited {
        before: Rational,
    },
    Rounded {
        mode: Rounding,
        quantum: Rational,
        before: Rational,
    },
    /// An aggregate over so many elements.
    Aggregate {
        elements: usize,
    },
    /// An element of an aggregate, with its weight.
    Element {
        weight: Option<String>,
    },
    /// A table row that a condition refused.
    Refused,
    /// A cell: the row with the names of its columns. `None`: no row fits, or the row has been shown before.
    TableRow {
        cells: Option<Vec<(String, String)>>,
    },
    /// Slices of a marginal rate: row, amount, rate.
    Marginal {
        slices: Vec<(String, String, String)>,
    },
    Parameter {
        from: Option<Date>,
        by: String,
        because: String,
        origin: Option<SourceRow>,
    },
    Fact {
        origin: Option<SourceRow>,
        heading: String,
    },
    Decision {
        by: String,
        because: String,
        evidence: String,
        origin: Option<SourceRow>,
    },
    Reading {
        title: String,
        alternatives: Vec<String>,
        by: String,
        on: Date,
    },
    /// Rank: of how many (`12人`), the own keys with their formulas, the neighbours (rank, who, keys).
    Rank {
        group: Option<String>,
        count: String,
        keys: Vec<String>,
        neighbours: Vec<(u32, String, Vec<String>)>,
    },
    /// Seats of the group: item, seats, filled; and the ties that a border cut. Without seats while the ranking is open.
    Quota {
        group: Option<String>,
        count: String,
        rank: Option<u32>,
        lines: Vec<QuotaNote>,
        ties: Vec<TieNote>,
    },
    /// A share of an amount.
    Split {
        amount: String,
        weight: String,
        weights: Option<String>,
        cap: Option<String>,
        sharers: usize,
    },
}

/// A line of a quota.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct QuotaNote {
    pub item: String,
    pub seats: usize,
    pub filled: usize,
}

/// A tie at a border.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TieNote {
    pub item: String,
    /// Seats that were left for the tied.
    pub seats: usize,
    pub tied: Vec<String>,
}

/// File and row (1 = first line).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SourceRow {
    pub file: String,
    pub row: u32,
}

impl Default for ExplainOptions {
    fn default() -> Self {
        Self { lang: Lang::Zh, depth_max: 12, nodes_max: 2_000 }
    }
}

/// Explains a value: its attribute, the subject (position in the data, 0 for 全体), the row of its 逐, the period.
#[must_use]
pub fn explain(
    evaluator: &mut Evaluator<'_>,
    attribute: AttributeId,
    subject: u32,
    row: Option<Value>,
    period: Option<Period>,
    options: ExplainOptions,
) -> Derivation {
    let key = evaluator.key(attribute, subject, row.as_ref(), period);
    let derivation = build::Builder::new(evaluator, options).root(key);
    with_gaps(derivation, evaluator, options)
}

/// Explains several values of one subject: what one of them has explained, the others only name ([`Note::Shown`]). So each
/// result is derived once, however many read it.
///
/// One derivation per attribute, in the order given; an attribute of another kind or grain is explained as 无.
#[must_use]
pub fn explain_together(
    evaluator: &mut Evaluator<'_>,
    attributes: &[AttributeId],
    subject: u32,
    period: Option<Period>,
    options: ExplainOptions,
) -> Vec<Derivation> {
    let keys: Vec<_> =
        attributes.iter().map(|attribute| evaluator.key(*attribute, subject, None, period)).collect();
    let mut builder = build::Builder::new(evaluator, options);
    let derivations: Vec<Derivation> = keys.into_iter().map(|key| builder.root(key)).collect();
    derivations.into_iter().map(|derivation| with_gaps(derivation, evaluator, options)).collect()
}

/// What is missing or open, in sentences.
fn with_gaps(mut derivation: Derivation, evaluator: &Evaluator<'_>, options: ExplainOptions) -> Derivation {
    let (program, data) = (evaluator.program(), evaluator.data());
    derivation.gaps = match &derivation.value {
        Value::Missing(gaps) => gaps.iter().map(|gap| format_gap(program, data, gap, options.lang)).collect(),
        Value::Undecided(open) => open.iter().map(|open| format_open(program, open, options.lang)).collect(),
        _ => Vec::new(),
    };
    derivation
}
