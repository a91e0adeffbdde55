//! Plans: expressions resolved against one dataset, one period and one frame, with proven ranges.

use super::number::Numeric;
use super::vector::Data;
use crate::dataset::Column;
use crate::value::Status;
use arrow_array::StringArray;
use arrow_buffer::ScalarBuffer;
use hengjie_calendar::Period;
use hengjie_policy::core::{Comparison, KindId};
use hengjie_quantity::{Rational, Rounding};
use rustc_hash::FxHashMap;
use std::sync::Arc;

/// Position in a kind that stands for "no object".
pub(crate) const NOBODY: u32 = u32::MAX;

/// A position per lane, shared.
pub(crate) type Positions = ScalarBuffer<u32>;

/// What the lanes of a plan are.
#[derive(Debug, Clone)]
pub(crate) struct Frame {
    pub(crate) period: Option<Period>,
    /// 本人
    pub(crate) subject: Binding,
    /// By `VariableId`.
    pub(crate) variables: Vec<Binding>,
}

/// What a bound name is in a lane.
#[derive(Debug, Clone)]
pub(crate) enum Binding {
    /// Not bound here.
    Unbound,
    /// The object with the lane's position.
    Lane(KindId),
    /// The object at `map[lane]`.
    Map(Positions),
    /// The same table row in every lane.
    Row(u32),
    /// The same period in every lane.
    Period(Period),
}

/// A column that has been computed.
#[derive(Debug)]
pub(crate) struct Computed<'a> {
    pub(crate) data: Stored,
    /// `Status as u8`; `None`: all present.
    pub(crate) status: Option<Vec<u8>>,
    pub(crate) ty: Ty,
    /// How to compute a lane exactly, for columns with an error.
    pub(crate) plan: Option<Arc<Plan<'a>>>,
    /// Exact values, for columns with an error that no plan can compute again.
    pub(crate) fractions: Option<Vec<Rational>>,
    /// How many lanes had to be computed with exact fractions to know them.
    pub(crate) exactly: u64,
}

/// The values of a computed column.
#[derive(Debug, Clone)]
pub(crate) enum Stored {
    I64(ScalarBuffer<i64>),
    I128(Vec<i128>),
    Bool(Vec<bool>),
    Code(ScalarBuffer<i32>),
}

impl Stored {
    pub(crate) fn len(&self) -> usize {
        match self {
            Self::I64(values) => values.len(),
            Self::I128(values) => values.len(),
            Self::Bool(values) => values.len(),
            Self::Code(values) => values.len(),
        }
    }

    pub(crate) fn int(&self, index: usize) -> i128 {
        match self {
            Self::I64(values) => i128::from(values[index]),
            Self::I128(values) => values[index],
            Self::Bool(values) => i128::from(values[index]),
            Self::Code(values) => i128::from(values[index]),
        }
    }
}

impl Computed<'_> {
    /// A column whose values are exact as they stand.
    pub(crate) fn of(data: Stored, status: Option<Vec<u8>>, ty: Ty) -> Self {
        Self { data, status, ty, plan: None, fractions: None, exactly: 0 }
    }

    pub(crate) fn state(&self, index: usize) -> u8 {
        self.status.as_ref().map_or(0, |states| states[index])
    }
}

/// The type of a plan's values.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Ty {
    Number(Numeric),
    Bool,
    /// Ordinals, positions, rows, days, period ordinals.
    Code,
}

/// Where a column is read.
#[derive(Debug)]
pub(crate) enum Source<'a> {
    Facts(&'a Column),
    Computed(Arc<Computed<'a>>),
}

/// Which position of a column a lane reads.
#[derive(Debug)]
pub(crate) enum Index<'a> {
    Lane,
    Map(Positions),
    /// The object given by a plan.
    By(Box<Plan<'a>>),
    /// The same position for all lanes.
    Fixed(u32),
}

/// A typed plan.
#[derive(Debug)]
pub(crate) struct Plan<'a> {
    pub(crate) node: Node<'a>,
    pub(crate) ty: Ty,
}

/// The operations.
#[derive(Debug)]
pub(crate) enum Node<'a> {
    Int(i128),
    Bool(bool),
    Code(i32),
    /// The same state in every lane.
    State(Status),
    Read(Source<'a>, Index<'a>),
    /// The position of an object.
    Position(Index<'a>),
    /// Integers times a factor; the type carries the finer scale.
    Multiply(Box<Plan<'a>>, i128),
    /// Times a positive constant: the integers stay, the type carries the other scale.
    Scaled(Box<Plan<'a>>, Rational),
    /// `floor(v × num ÷ den)`.
    Coarsen(Box<Plan<'a>>, i128, i128),
    Add(Box<Plan<'a>>, Box<Plan<'a>>),
    Times(Box<Plan<'a>>, Box<Plan<'a>>),
    /// `floor(a × num ÷ (b × den))`; 无 where b is 0.
    Divide(Box<Plan<'a>>, Box<Plan<'a>>, i128, i128),
    Negate(Box<Plan<'a>>),
    Absolute(Box<Plan<'a>>),
    /// Largest or smallest of the operands; 免 operands are dropped, or decide.
    Extreme(Vec<Plan<'a>>, Side, OnExempt),
    /// `round(v × num ÷ den)`.
    Round(Box<Plan<'a>>, Rounding, i128, i128),
    Compare(Comparison, Box<Plan<'a>>, Box<Plan<'a>>),
    CompareCode(Comparison, Box<Plan<'a>>, Box<Plan<'a>>),
    TextIs(&'a Column, &'a StringArray, Index<'a>, Arc<str>, bool),
    All(Vec<Plan<'a>>),
    Any(Vec<Plan<'a>>),
    AtLeast(Box<Plan<'a>>, Vec<Plan<'a>>),
    Not(Box<Plan<'a>>),
    If(Vec<(Plan<'a>, Plan<'a>)>, Box<Plan<'a>>),
    /// The value, or the default in the lanes with this state.
    Answer(Box<Plan<'a>>, Status, Box<Plan<'a>>),
    IsSome(Box<Plan<'a>>),
    /// 是 where the condition is a present 是, otherwise 否.
    Truth(Box<Plan<'a>>),
    /// A filter: 无 and 免 do not hold; what blocks stays.
    Holds(Box<Plan<'a>>),
    /// The value where the condition holds; otherwise 无.
    Where(Box<Plan<'a>>, Box<Plan<'a>>),
    /// The row of a table for a code.
    RowOfCode(Box<Plan<'a>>, Vec<i32>),
    /// The row of a table: `(condition, row)`, the first that holds. The keys give the state where one is not present.
    RowOfCases(Vec<Plan<'a>>, Vec<(Plan<'a>, i32)>),
    /// The row of a table for a number: the row of the segment between two borders (`v ≥ border`), -1 for a gap.
    RowOfBand(Box<Plan<'a>>, Vec<i128>, Vec<i32>),
    /// A constant per table row.
    CellOf(Box<Plan<'a>>, Vec<i128>, Vec<u8>),
    /// Elementwise over fixed elements: (condition, value).
    Fold(FoldOperation, Vec<(Option<Plan<'a>>, Plan<'a>)>),
    /// Read in a table of groups by a key.
    GroupRead(Box<Plan<'a>>, Arc<Group>, Arc<Computed<'a>>, i128, u8),
    /// Complete months between two days.
    Months(Box<Plan<'a>>, Box<Plan<'a>>),
    /// A day plus months and days.
    Shift(Box<Plan<'a>>, Box<Plan<'a>>, bool),
    /// A code plus a number, 无 outside `0..limit`.
    Step(Box<Plan<'a>>, Box<Plan<'a>>, i32, i32),
    /// A code divided by a number (quotient or remainder).
    CodePart(Box<Plan<'a>>, i32, bool),
    /// Codes as integers (days between, steps).
    CodeToInt(Box<Plan<'a>>),
}

/// The groups of a population, by the mark that makes them.
#[derive(Debug)]
pub(crate) struct Group {
    pub(crate) by_mark: FxHashMap<i128, u32>,
    /// What somebody gets whose own mark is blocked: the highest state among the elements that may be in some group;
    /// `None`: there is no such element.
    pub(crate) of_doubt: Option<u8>,
}

impl Group {
    /// The group of a subject with a mark in some state, or the state it gets; neither: it is in no group.
    pub(crate) fn find(&self, state: u8, mark: i128) -> std::result::Result<Option<u32>, u8> {
        match (state, self.of_doubt) {
            (0, _) => Ok(self.by_mark.get(&mark).copied()),
            (state, Some(elements)) if state > Status::Exempt as u8 => Err(state.max(elements)),
            _ => Ok(None),
        }
    }
}

impl<'a> Node<'a> {
    /// The plans that it is computed from, those of its index included.
    pub(crate) fn parts(&self) -> Vec<&Plan<'a>> {
        fn of_index<'p, 'a>(index: &'p Index<'a>) -> Option<&'p Plan<'a>> {
            match index {
                Index::By(plan) => Some(plan),
                Index::Lane | Index::Map(_) | Index::Fixed(_) => None,
            }
        }
        match self {
            Self::Int(_) | Self::Bool(_) | Self::Code(_) | Self::State(_) => Vec::new(),
            Self::Read(_, index) | Self::Position(index) | Self::TextIs(_, _, index, ..) => {
                of_index(index).into_iter().collect()
            }
            Self::Multiply(a, _)
            | Self::Scaled(a, _)
            | Self::Coarsen(a, ..)
            | Self::Negate(a)
            | Self::Absolute(a)
            | Self::Round(a, ..)
            | Self::Not(a)
            | Self::IsSome(a)
            | Self::Truth(a)
            | Self::Holds(a)
            | Self::RowOfCode(a, _)
            | Self::RowOfBand(a, ..)
            | Self::CellOf(a, ..)
            | Self::GroupRead(a, ..)
            | Self::CodePart(a, ..)
            | Self::CodeToInt(a) => vec![a],
            Self::Add(a, b)
            | Self::Times(a, b)
            | Self::Divide(a, b, ..)
            | Self::Compare(_, a, b)
            | Self::CompareCode(_, a, b)
            | Self::Answer(a, _, b)
            | Self::Where(a, b)
            | Self::Months(a, b)
            | Self::Shift(a, b, _)
            | Self::Step(a, b, ..) => vec![a, b],
            Self::Extreme(items, ..) | Self::All(items) | Self::Any(items) => items.iter().collect(),
            Self::AtLeast(a, items) => std::iter::once(&**a).chain(items).collect(),
            Self::If(arms, otherwise) => {
                arms.iter().flat_map(|(a, b)| [a, b]).chain(std::iter::once(&**otherwise)).collect()
            }
            Self::RowOfCases(keys, cases) => keys.iter().chain(cases.iter().map(|(case, _)| case)).collect(),
            Self::Fold(_, items) => {
                items.iter().flat_map(|(condition, value)| condition.iter().chain([value])).collect()
            }
        }
    }
}

/// Which end of a list of numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Side {
    Largest,
    Smallest,
}

/// What an operand that is 免 does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum OnExempt {
    /// It is left out.
    Drop,
    /// The result is 免 too.
    Keep,
}

/// Folds over fixed elements; elements that are left out, 无 or 免 are skipped.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum FoldOperation {
    Sum,
    Count,
    Max,
    Min,
    Exists,
    Every,
    First,
    LeadingRun,
}

impl Plan<'_> {
    pub(crate) fn numeric(&self) -> Option<&Numeric> {
        match &self.ty {
            Ty::Number(numeric) => Some(numeric),
            _ => None,
        }
    }

    /// The integer of a constant number.
    pub(crate) fn constant(&self) -> Option<i128> {
        match self.node {
            Node::Int(value) => Some(value),
            _ => None,
        }
    }
}

impl<'a> Stored {
    /// The lanes of a chunk, borrowed.
    pub(crate) fn slice(&'a self, start: usize, end: usize) -> Data<'a> {
        match self {
            Self::I64(values) => Data::I64((&values[start..end]).into()),
            Self::I128(values) => Data::I128((&values[start..end]).into()),
            Self::Bool(values) => Data::Bool((&values[start..end]).into()),
            Self::Code(values) => Data::Code((&values[start..end]).into()),
        }
    }
}
