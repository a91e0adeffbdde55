//! Values at run time, with the four kinds of "no value" kept apart.

use hengjie_calendar::{Date, Period};
use hengjie_policy::core::{AttributeId, Bound, DecisionId, EnumId, FieldRef, KindId, ParameterId, TableId};
use hengjie_quantity::Rational;
use std::cmp::Ordering;
use std::sync::Arc;

/// A value of one attribute or expression.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    /// In base units.
    Number(Rational),
    Bool(bool),
    Text(Arc<str>),
    Date(Date),
    Period(Period),
    /// 名目 and ordinal.
    Enum(EnumId, u32),
    /// Kind and position in the data.
    Object(KindId, u32),
    /// Table and row.
    Row(TableId, u32),
    Collection(Arc<[Value]>),
    /// 无: there is no such thing.
    None,
    /// 免: not assessed.
    Exempt,
    /// 待补: facts or parameters are missing. Sorted, without repeats, at most [`GAPS_MAX`].
    Missing(Arc<[Gap]>),
    /// 待定: people have to decide first. Sorted, without repeats, at most [`GAPS_MAX`].
    Undecided(Arc<[OpenDecision]>),
}

/// How many gaps or open decisions one value names; the rest is counted by reports.
pub const GAPS_MAX: usize = 20;

/// A fact or parameter that is missing.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Gap {
    /// A field of a subject (position in its kind), in a period for periodic and dated fields.
    Fact { field: FieldRef, subject: u32, period: Option<Period> },
    /// A required parameter without a value in force on `on`; `keys` as text.
    Parameter { parameter: ParameterId, keys: Vec<String>, on: Date },
    /// A cell 待定 of a table.
    Cell { table: TableId, row: u32, column: u32 },
    /// An expected form was not handed in: kind of the form, subject, period, who.
    Form { kind: KindId, subject: u32, period: Period, by: u32 },
    /// The computation of an attribute met a named limit. The subject is 0 for 全体.
    Fault { attribute: AttributeId, subject: u32, period: Option<Period>, fault: Fault },
}

/// A named limit of the computation, so that no document and no data can crash it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Fault {
    /// The value depends on itself through the data: a tree with a loop.
    Circular,
    /// An expression is nested deeper than an evaluator goes.
    TooDeep,
    /// A number grew beyond the limit of its length.
    NumberTooLarge,
    /// Something that no evaluator can do yet: working days without a calendar, exchange rates.
    Unsupported,
}

/// A decision that is open.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct OpenDecision {
    /// Which.
    pub decision: DecisionId,
    /// Key of the subject; empty for 全体.
    pub subject: String,
    /// Label of the row and keys of the records, joined by `/`; empty without.
    pub row: String,
    /// The period.
    pub period: Option<Period>,
}

impl Value {
    /// Is this an ordinary value (not 无, 免, 待补, 待定)?
    #[must_use]
    pub fn is_present(&self) -> bool {
        !matches!(self, Self::None | Self::Exempt | Self::Missing(_) | Self::Undecided(_))
    }

    /// Does this stop the computation (待补 or 待定)?
    #[must_use]
    pub fn is_blocked(&self) -> bool {
        matches!(self, Self::Missing(_) | Self::Undecided(_))
    }

    /// The state without its contents.
    #[must_use]
    pub fn status(&self) -> Status {
        match self {
            Self::None => Status::None,
            Self::Exempt => Status::Exempt,
            Self::Missing(_) => Status::Missing,
            Self::Undecided(_) => Status::Undecided,
            _ => Status::Present,
        }
    }

    /// The order of two present values of one type; `None` for types without an order and for different types.
    #[must_use]
    pub fn order(&self, other: &Self) -> Option<Ordering> {
        Some(match (self, other) {
            (Self::Number(left), Self::Number(right)) => left.cmp(right),
            (Self::Bool(left), Self::Bool(right)) => left.cmp(right),
            (Self::Text(left), Self::Text(right)) => left.cmp(right),
            (Self::Date(left), Self::Date(right)) => left.cmp(right),
            (Self::Period(left), Self::Period(right)) => left.cmp(right),
            (Self::Enum(kind, left), Self::Enum(other, right)) if kind == other => left.cmp(right),
            (Self::Object(kind, left), Self::Object(other, right)) if kind == other => left.cmp(right),
            (Self::Row(table, left), Self::Row(other, right)) if table == other => left.cmp(right),
            _ => return None,
        })
    }

    /// The place on a line: a number, a day as days since 1970, the ordinal of an item. `None` for what has none.
    #[must_use]
    pub fn on_line(&self) -> Option<Rational> {
        match self {
            Self::Number(number) => Some(number.clone()),
            Self::Date(day) => Some(Rational::from(day.days())),
            Self::Enum(_, ordinal) => Some(Rational::from(*ordinal)),
            _ => None,
        }
    }

    /// Does it lie between two borders?
    #[must_use]
    pub fn lies_in(&self, low: Option<&Bound>, high: Option<&Bound>) -> bool {
        self.on_line().is_some_and(|place| {
            let fits = |bound: &Bound, beyond: Ordering| {
                let order = place.cmp(&bound.value);
                order == beyond || (bound.inclusive && order.is_eq())
            };
            low.is_none_or(|low| fits(low, Ordering::Greater))
                && high.is_none_or(|high| fits(high, Ordering::Less))
        })
    }

    /// A 待补 with one gap.
    #[must_use]
    pub fn missing(gap: Gap) -> Self {
        Self::Missing(Arc::from([gap]))
    }
}

/// The state of a value in a column. When two blocked operands meet, 待补 wins over 待定.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(u8)]
pub enum Status {
    /// There is a value.
    Present = 0,
    /// 无
    None = 1,
    /// 免
    Exempt = 2,
    /// 待定
    Undecided = 3,
    /// 待补
    Missing = 4,
}
