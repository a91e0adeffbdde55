//! Columns as results that the row evaluator need not compute again.

use super::compute::len;
use crate::limits;
use hengjie_calendar::Period;
use hengjie_evaluate::columnar::{ResultColumn, ResultData};
use hengjie_evaluate::row::Known;
use hengjie_evaluate::value::{Status, Value};
use hengjie_policy::core::{AttributeId, Program, Type};
use hengjie_quantity::Rational;
use rustc_hash::FxHashMap;
use std::borrow::Cow;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

/// Results by their place. What waits is left to be computed, to learn why, and so is what was rounded for display.
#[derive(Debug)]
pub(crate) struct Columns<'a> {
    program: &'a Program,
    columns: Cow<'a, [ResultColumn]>,
    by_place: FxHashMap<(AttributeId, Option<u32>, Option<Period>), usize>,
    /// How many more waiting results may be computed to learn why they wait; afterwards it is enough that they do.
    curiosity: AtomicUsize,
}

impl<'a> Columns<'a> {
    /// All results. What waits is always looked into.
    pub(crate) fn of(program: &'a Program, columns: impl Into<Cow<'a, [ResultColumn]>>) -> Self {
        let columns = columns.into();
        let place = |column: &ResultColumn| (column.attribute, column.row, column.period);
        let by_place = columns.iter().enumerate().map(|(at, column)| (place(column), at)).collect();
        Self { program, columns, by_place, curiosity: AtomicUsize::new(usize::MAX) }
    }

    /// From now on looks into a few waiting results only: enough to explain one value.
    pub(crate) fn be_brief(&self) {
        self.curiosity.store(limits::CURIOSITY, Ordering::Relaxed);
    }

    /// A result that waits: nothing while there is curiosity left, else 待补 or 待定 without reasons.
    fn waiting(&self, state: u8) -> Option<Value> {
        let spend = |left: usize| left.checked_sub(1);
        match self.curiosity.fetch_update(Ordering::Relaxed, Ordering::Relaxed, spend) {
            Ok(_) => None,
            Err(_) if state == Status::Undecided as u8 => Some(Value::Undecided(Arc::from([]))),
            Err(_) => Some(Value::Missing(Arc::from([]))),
        }
    }
}

impl Known for Columns<'_> {
    fn value(
        &self,
        attribute: AttributeId,
        subject: u32,
        row: Option<&Value>,
        period: Option<Period>,
    ) -> Option<Value> {
        let row = match row {
            None => None,
            Some(Value::Row(_, row)) => Some(*row),
            Some(_) => return None,
        };
        let column = self.columns.get(*self.by_place.get(&(attribute, row, period))?)?;
        let at = subject as usize;
        match column.status.as_ref().map_or(0, |states| states.get(at).copied().unwrap_or(4)) {
            0 => present(self.program, column, at),
            1 => Some(Value::None),
            2 => Some(Value::Exempt),
            state => self.waiting(state),
        }
    }
}

/// A value that is there, when it is exact.
fn present(program: &Program, column: &ResultColumn, at: usize) -> Option<Value> {
    if at >= len(column) {
        return None;
    }
    match (&column.data, &program.attributes[column.attribute.index()].ty.base) {
        (ResultData::Number { values, places, rounded: false }, Type::Number(_)) => {
            let scale = Rational::pow10(-i32::try_from(*places).ok()?);
            Some(Value::Number(Rational::from(values.get(at)) * scale))
        }
        (ResultData::Bool(values), Type::Bool) => Some(Value::Bool(*values.get(at)?)),
        (ResultData::Code(codes), Type::Enum(of)) => {
            Some(Value::Enum(*of, u32::try_from(*codes.get(at)?).ok()?))
        }
        (ResultData::Code(codes), Type::Object(kind)) => {
            Some(Value::Object(*kind, u32::try_from(*codes.get(at)?).ok()?))
        }
        _ => None,
    }
}
