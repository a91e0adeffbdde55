//! Conditions with three values, and comparisons.

use super::state::{States, all_present, holds};
use super::{Environment, Evaluated, Evaluator};
use crate::value::{Fault, Value};
use hengjie_policy::core::{Cell, Comparison, Expr, ExprKind};
use hengjie_quantity::Rational;

impl<'a> Evaluator<'a> {
    /// 且 (`any` is false) and 或 (`any` is true): one condition that equals `any` decides; 免 is dropped; otherwise what
    /// has no value counts.
    pub(super) fn quantifier(
        &mut self,
        conditions: &'a [Expr],
        any: bool,
        environment: &mut Environment,
    ) -> Evaluated {
        let mut states = States::default();
        for condition in conditions {
            match self.eval(condition, environment)? {
                Value::Bool(truth) if truth == any => return Ok(Value::Bool(any)),
                Value::Exempt => {}
                other => states.add(&other),
            }
        }
        Ok(states.into_value().unwrap_or(Value::Bool(!any)))
    }

    /// 至少: enough conditions hold, or even the open ones would not be enough, or it is open.
    pub(super) fn at_least(
        &mut self,
        wanted: &'a Expr,
        conditions: &'a [Expr],
        environment: &mut Environment,
    ) -> Evaluated {
        let wanted = match self.eval(wanted, environment)? {
            Value::Number(wanted) => wanted,
            other => return Ok(other),
        };
        let mut states = States::default();
        let (mut sure, mut open) = (0_u32, 0_u32);
        for condition in conditions {
            match self.eval(condition, environment)? {
                Value::Bool(truth) => sure += u32::from(truth),
                Value::Exempt => {}
                other => {
                    open += 1;
                    states.add(&other);
                }
            }
        }
        if Rational::from(sure) >= wanted {
            return Ok(Value::Bool(true));
        }
        let possible = Rational::from(sure + open) >= wanted;
        Ok(states.into_value().filter(|_| possible).unwrap_or(Value::Bool(false)))
    }

    pub(super) fn compare(
        &mut self,
        comparison: Comparison,
        left: &'a Expr,
        right: &'a Expr,
        environment: &mut Environment,
    ) -> Evaluated {
        let operands = [self.eval(left, environment)?, self.eval(right, environment)?];
        let [left, right] = match all_present(operands) {
            Ok(operands) => operands,
            Err(state) => return Ok(state),
        };
        let truth = match comparison {
            Comparison::Equal => left == right,
            Comparison::NotEqual => left != right,
            _ => match left.order(&right) {
                Some(order) => comparison.holds(order),
                None => return Ok(self.fault(environment, Fault::Unsupported)),
            },
        };
        Ok(Value::Bool(truth))
    }

    /// 属于: one equal item is enough, whatever the others are.
    pub(super) fn is_in(
        &mut self,
        value: &'a Expr,
        list: &'a [Expr],
        environment: &mut Environment,
    ) -> Evaluated {
        let value = self.eval(value, environment)?;
        if !value.is_present() {
            return Ok(value);
        }
        let mut states = States::default();
        for item in list {
            let item = self.eval(item, environment)?;
            if item == value {
                return Ok(Value::Bool(true));
            }
            if item != Value::Exempt {
                states.add(&item);
            }
        }
        Ok(states.into_value().unwrap_or(Value::Bool(false)))
    }

    /// `x 属于 行.区间`
    pub(super) fn in_interval(
        &mut self,
        value: &'a Expr,
        cell: &'a Expr,
        environment: &mut Environment,
    ) -> Evaluated {
        let ExprKind::Cell(row, table, column) = &cell.kind else {
            return Ok(self.fault(environment, Fault::Unsupported));
        };
        let value = self.eval(value, environment)?;
        let row = self.eval(row, environment)?;
        let [value, row] = match all_present([value, row]) {
            Ok(operands) => operands,
            Err(state) => return Ok(state),
        };
        let found = match &row {
            Value::Row(_, row) => self.stored_cell(*table, *row, *column),
            _ => None,
        };
        Ok(match found {
            Some(Cell::Interval { low, high }) => Value::Bool(value.lies_in(low.as_ref(), high.as_ref())),
            _ => self.cell_of(&row, *table, *column),
        })
    }

    /// Does a condition hold? Without one it does.
    pub(super) fn condition_holds(
        &mut self,
        condition: Option<&'a Expr>,
        environment: &mut Environment,
    ) -> Evaluated<bool> {
        match condition {
            Some(condition) => Ok(holds(&self.eval(condition, environment)?)),
            None => Ok(true),
        }
    }
}
