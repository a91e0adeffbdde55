//! Formulas as text: with the readings that are taken, and with the values put in.

use super::notation::notation;
use crate::dataset::Dataset;
use crate::format::format_noted;
use crate::row::{Frame, address, holds};
use crate::value::Value;
use hengjie_policy::core::{Aggregate, Expr, ExprKind, Program, ReadingId};
use hengjie_policy::print::{Fate, Known, aggregate_with, expression_with};
use hengjie_quantity::Lang;
use std::cell::RefCell;
use std::collections::BTreeSet;

/// Writes expressions, and notes which readings decided what is written.
pub(super) struct Formula<'p> {
    program: &'p Program,
    data: &'p Dataset,
    lang: Lang,
    /// Values to put in.
    frame: Option<&'p Frame<'p>>,
    readings: RefCell<BTreeSet<ReadingId>>,
}

impl<'p> Formula<'p> {
    pub(super) fn new(program: &'p Program, data: &'p Dataset, lang: Lang) -> Self {
        Self { program, data, lang, frame: None, readings: RefCell::default() }
    }

    /// The text of an expression under the readings that are taken.
    pub(super) fn text(&self, expr: &Expr) -> String {
        expression_with(self.program, expr, self.lang, self)
    }

    /// The same with the values put in.
    pub(super) fn with_values(&self, expr: &Expr, frame: &Frame<'_>) -> String {
        let with = Formula { frame: Some(frame), readings: RefCell::default(), ..*self };
        expression_with(self.program, expr, self.lang, &with)
    }

    /// The text of an aggregate.
    pub(super) fn aggregate(&self, aggregate: &Aggregate) -> String {
        aggregate_with(self.program, aggregate, self.lang, self)
    }

    /// The readings that decided what has been written so far.
    pub(super) fn readings(self) -> BTreeSet<ReadingId> {
        self.readings.into_inner()
    }

    fn value(&self, expr: &Expr) -> Option<&Value> {
        self.frame?.values.get(&address(expr))
    }
}

impl Known for Formula<'_> {
    fn reading(&self, reading: ReadingId) -> Option<u32> {
        self.readings.borrow_mut().insert(reading);
        Some(chosen(self.program, self.data, reading))
    }

    fn text(&self, expr: &Expr) -> Option<String> {
        let value = self.value(expr).filter(|_| is_read(expr))?;
        let notation = notation(self.program, expr);
        Some(format_noted(self.program, self.data, value, &expr.ty.base, notation, self.lang))
    }

    fn fate(&self, expr: &Expr) -> Fate {
        match self.value(expr) {
            None => Fate::Open,
            Some(value) if value.is_blocked() => Fate::Blocks,
            Some(value @ Value::Bool(_)) if !holds(value) => Fate::Fails,
            Some(value) => {
                if value.is_present() {
                    Fate::Holds
                } else {
                    Fate::Fails
                }
            }
        }
    }
}

/// The alternative of a reading that is taken: of the data, else of the document.
pub(super) fn chosen(program: &Program, data: &Dataset, reading: ReadingId) -> u32 {
    let given = data.readings.get(reading.index()).copied().flatten();
    given.unwrap_or(program.readings[reading.index()].chosen)
}

/// Does an expression read something, so that its value takes its place? Operations are written out.
fn is_read(expr: &Expr) -> bool {
    matches!(
        expr.kind,
        ExprKind::Parameter(..)
            | ExprKind::Subject
            | ExprKind::Variable(_)
            | ExprKind::CurrentPeriod
            | ExprKind::Field(..)
            | ExprKind::Cell(..)
            | ExprKind::Attribute { .. }
            | ExprKind::At { .. }
            | ExprKind::Aggregate(_)
            | ExprKind::Lookup { .. }
            | ExprKind::LookupRow { .. }
            | ExprKind::Marginal { .. }
            | ExprKind::Interpolate { .. }
            | ExprKind::Decide(_)
            | ExprKind::Collection(_)
            | ExprKind::IsSome(_)
    )
}
