//! What a value may be: the abstract values of the interpreter.

use crate::range::Range;
use hengjie_policy::core::{Function, TableId, Type};
use hengjie_quantity::{BaseUnit, Rational, Unit};
use std::collections::BTreeSet;

/// A set that holds every value an expression may have (and perhaps more). 待补 and 待定 are left out: the health check
/// asks what happens when all facts are there and everything is decided.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Possible {
    pub number: Option<Range>,
    /// Every number is a multiple of this.
    pub step: Option<Rational>,
    /// Ordinals of a 名目.
    pub items: BTreeSet<u32>,
    pub yes: bool,
    pub no: bool,
    /// Rows of a table.
    pub rows: Option<(TableId, BTreeSet<u32>)>,
    /// Values of other types: text, dates, objects.
    pub other: bool,
    pub none: bool,
    pub exempt: bool,
}

impl Possible {
    /// No value at all.
    pub(crate) fn nothing() -> Self {
        Self {
            number: None,
            step: None,
            items: BTreeSet::new(),
            yes: false,
            no: false,
            rows: None,
            other: false,
            none: false,
            exempt: false,
        }
    }

    pub(crate) fn none() -> Self {
        Self { none: true, ..Self::nothing() }
    }

    pub(crate) fn exempt() -> Self {
        Self { exempt: true, ..Self::nothing() }
    }

    pub(crate) fn truth(yes: bool, no: bool) -> Self {
        Self { yes, no, ..Self::nothing() }
    }

    pub(crate) fn number(range: Range, step: Option<Rational>) -> Self {
        Self { number: Some(range), step, ..Self::nothing() }
    }

    pub(crate) fn constant(value: &Rational) -> Self {
        Self::number(Range::point(value.clone()), Some(value.abs()).filter(|step| !step.is_zero()))
    }

    pub(crate) fn item(ordinal: u32) -> Self {
        Self { items: BTreeSet::from([ordinal]), ..Self::nothing() }
    }

    pub(crate) fn other() -> Self {
        Self { other: true, ..Self::nothing() }
    }

    /// Every present value of a type.
    pub(crate) fn of_type(ty: &Type, items: &dyn Fn(hengjie_policy::core::EnumId) -> usize) -> Self {
        match ty {
            Type::Number(unit) => Self::number(Range::ALL, step_of(unit)),
            Type::Bool => Self::truth(true, true),
            Type::Enum(of) => {
                Self { items: (0..u32::try_from(items(*of)).unwrap_or(0)).collect(), ..Self::nothing() }
            }
            _ => Self::other(),
        }
    }

    /// Is there a present value?
    pub(crate) fn may_be_present(&self) -> bool {
        self.number.is_some()
            || !self.items.is_empty()
            || self.yes
            || self.no
            || self.rows.is_some()
            || self.other
    }

    pub(crate) fn with_none(mut self, none: bool) -> Self {
        self.none |= none;
        self
    }

    pub(crate) fn without_none(mut self) -> Self {
        self.none = false;
        self
    }

    /// The states 无 and 免 that a strict operation takes over from an operand.
    pub(crate) fn with_states_of(mut self, operand: &Self) -> Self {
        self.none |= operand.none;
        self.exempt |= operand.exempt;
        self
    }

    pub(crate) fn join(mut self, other: &Self) -> Self {
        self.step = match (&self.number, &other.number) {
            (None, _) => other.step.clone(),
            (_, None) => self.step.clone(),
            _ => common_step(&self, other),
        };
        self.number = match (self.number.take(), &other.number) {
            (Some(a), Some(b)) => Some(a.hull(b)),
            (a, b) => a.or_else(|| b.clone()),
        };
        self.items.extend(&other.items);
        self.yes |= other.yes;
        self.no |= other.no;
        self.rows = match (self.rows.take(), &other.rows) {
            (Some((table, mut rows)), Some((_, more))) => {
                rows.extend(more);
                Some((table, rows))
            }
            (a, b) => a.or_else(|| b.clone()),
        };
        self.other |= other.other;
        self.none |= other.none;
        self.exempt |= other.exempt;
        self
    }
}

/// The finest step of facts of a unit: money is given to the fen, counts are whole, points to the hundredth.
pub(crate) fn step_of(unit: &Unit) -> Option<Rational> {
    match unit.single()? {
        BaseUnit::Currency(_) | BaseUnit::Point => Some(Rational::pow10(-2)),
        BaseUnit::Count(_) | BaseUnit::Month | BaseUnit::Day | BaseUnit::AgeYear => Some(Rational::ONE),
        _ => None,
    }
}

/// A step of both values; a constant 0 fits every step.
pub(crate) fn common_step(a: &Possible, b: &Possible) -> Option<Rational> {
    let is_zero =
        |value: &Possible| value.number.as_ref().and_then(Range::single).is_some_and(Rational::is_zero);
    match (&a.step, &b.step) {
        (_, step) if is_zero(a) => step.clone(),
        (step, _) if is_zero(b) => step.clone(),
        (Some(a), Some(b)) => greatest_common(a, b),
        _ => None,
    }
}

/// The greatest number of which both are multiples.
fn greatest_common(a: &Rational, b: &Rational) -> Option<Rational> {
    let (mut a, mut b) = (a.abs(), b.abs());
    for _ in 0..200 {
        if b.is_zero() {
            return Some(a);
        }
        let whole = a.checked_div(&b)?.floor();
        let rest = &a - whole * &b;
        a = b;
        b = rest;
    }
    None
}

/// Functions whose result has the step of their arguments.
pub(crate) fn keeps_step(function: Function) -> bool {
    matches!(function, Function::Clamp | Function::Max | Function::Min | Function::Abs | Function::Strip)
}
