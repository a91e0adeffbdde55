//! Tables: rows in force, look-ups, marginal rates, interpolation.

use super::fact::literal;
use super::record::Step;
use super::state::States;
use super::{Environment, Evaluated, Evaluator};
use crate::value::{Gap, Value};
use hengjie_calendar::{Date, Period};
use hengjie_policy::core::{Cell, Expr, Literal, Table, TableId, TableRow};
use hengjie_quantity::Rational;
use std::collections::BTreeMap;
use std::sync::Arc;

impl<'a> Evaluator<'a> {
    pub(super) fn stored_cell(&self, table: TableId, row: u32, column: u32) -> Option<&'a Cell> {
        self.program.tables[table.index()].rows.get(row as usize)?.cells.get(column as usize)
    }

    /// A cell of a row that may have no value. An interval is no value of its own: 无.
    pub(super) fn cell_of(&mut self, row: &Value, table: TableId, column: u32) -> Value {
        let Value::Row(_, row) = *row else {
            return if row.is_present() { Value::None } else { row.clone() };
        };
        let value = match self.stored_cell(table, row, column) {
            Some(Cell::Value(value)) => literal(value),
            Some(Cell::Exempt) => Value::Exempt,
            Some(Cell::Undecided) => Value::missing(Gap::Cell { table, row, column }),
            Some(Cell::Interval { .. }) | None => Value::None,
        };
        self.record(Step::Cell { table, row: Some(row), column, value: value.clone() });
        value
    }

    /// The rows in force in a period, in table order: with a column 生效 the latest row per key that has begun.
    pub(super) fn rows_in_force(&mut self, table: TableId, period: Option<Period>) -> Arc<[u32]> {
        let definition = &self.program.tables[table.index()];
        let day = self.day(period);
        let in_force = self.relations.rows_in_force.entry((table, definition.effective.map(|_| day)));
        in_force.or_insert_with(|| in_force_on(definition, day)).clone()
    }

    /// The row whose key cells fit: the first one, `其余` only if no other fits.
    pub fn find_row(&mut self, table: TableId, keys: &[Value], period: Option<Period>) -> Option<u32> {
        let definition = &self.program.tables[table.index()];
        let rows = self.rows_in_force(table, period);
        let cells = |row: u32| definition.rows[row as usize].cells.iter().zip(keys);
        let fitting = rows.iter().copied().filter(|&row| cells(row).all(|(cell, key)| fits(cell, key)));
        let is_rest = |cell: &Cell| matches!(cell, Cell::Interval { low: None, high: None });
        // The row with the fewest 其余; among equals the first.
        fitting.min_by_key(|&row| cells(row).filter(|(cell, _)| is_rest(cell)).count())
    }

    /// The values of keys, or what takes the place of the look-up.
    fn look_up_keys(
        &mut self,
        keys: &'a [Expr],
        environment: &mut Environment,
    ) -> Evaluated<Result<Vec<Value>, Value>> {
        let mut values = Vec::with_capacity(keys.len());
        let mut states = States::default();
        for key in keys {
            let key = self.eval(key, environment)?;
            states.add(&key);
            values.push(key);
        }
        Ok(states.into_value().map_or(Ok(values), Err))
    }

    pub(super) fn lookup(
        &mut self,
        table: TableId,
        keys: &'a [Expr],
        column: u32,
        environment: &mut Environment,
    ) -> Evaluated {
        let keys = match self.look_up_keys(keys, environment)? {
            Ok(keys) => keys,
            Err(state) => return Ok(state),
        };
        Ok(match self.find_row(table, &keys, environment.period) {
            Some(row) => self.cell_of(&Value::Row(table, row), table, column),
            None => {
                self.record(Step::Cell { table, row: None, column, value: Value::None });
                Value::None
            }
        })
    }

    pub(super) fn lookup_row(
        &mut self,
        table: TableId,
        keys: &'a [Expr],
        environment: &mut Environment,
    ) -> Evaluated {
        let keys = match self.look_up_keys(keys, environment)? {
            Ok(keys) => keys,
            Err(state) => return Ok(state),
        };
        let row = self.find_row(table, &keys, environment.period);
        Ok(row.map_or(Value::None, |row| Value::Row(table, row)))
    }

    /// 累进: every slice of the value at its own rate; what lies in no band, and below 0, has no rate.
    pub(super) fn marginal(
        &mut self,
        table: TableId,
        rate: u32,
        value: &'a Expr,
        environment: &mut Environment,
    ) -> Evaluated {
        let value = match self.eval(value, environment)? {
            Value::Number(value) => value,
            other => return Ok(other),
        };
        let mut sum = Rational::ZERO;
        let mut states = States::default();
        let mut slices = Vec::new();
        for &row in self.rows_in_force(table, environment.period).iter() {
            let Some(Cell::Interval { low, high }) = self.stored_cell(table, row, 0) else { continue };
            let base = low.as_ref().map_or(Rational::ZERO, |low| low.value.clone());
            let upper = high.as_ref().map_or(&value, |high| (&high.value).min(&value));
            let slice = upper - &base;
            if slice.signum() <= 0 {
                continue;
            }
            match self.unrecorded(|evaluator| Ok(evaluator.cell_of(&Value::Row(table, row), table, rate)))? {
                Value::Number(rate) => {
                    sum += &slice * &rate;
                    slices.push((row, slice, rate));
                }
                other if other.is_blocked() => states.add(&other),
                _ => {}
            }
        }
        let value = states.into_value().unwrap_or(Value::Number(sum));
        self.record(Step::Marginal { table, slices, value: value.clone() });
        Ok(value)
    }

    /// 插值: linear between the two rows around the value; 无 outside the rows.
    pub(super) fn interpolate(
        &mut self,
        table: TableId,
        column: u32,
        value: &'a Expr,
        environment: &mut Environment,
    ) -> Evaluated {
        let value = match self.eval(value, environment)? {
            Value::Number(value) => value,
            other => return Ok(other),
        };
        let rows = self.rows_in_force(table, environment.period);
        let mut points: Vec<(Rational, u32)> = (rows.iter())
            .filter_map(|&row| match self.stored_cell(table, row, 0) {
                Some(Cell::Value(Literal::Number(at))) => Some((at.clone(), row)),
                _ => None,
            })
            .collect();
        points.sort();
        let after = points.partition_point(|(at, _)| *at < value);
        let Some((right, right_row)) = points.get(after) else { return Ok(Value::None) };
        if *right == value {
            return Ok(self.cell_of(&Value::Row(table, *right_row), table, column));
        }
        let Some((left, left_row)) = after.checked_sub(1).and_then(|before| points.get(before)) else {
            return Ok(Value::None);
        };
        let ends = [*left_row, *right_row].map(|row| self.cell_of(&Value::Row(table, row), table, column));
        let [low, high] = ends;
        let (low, high) = match super::call::numbers(low, high) {
            Ok(ends) => ends,
            Err(state) => return Ok(state),
        };
        let part = (&value - left).checked_div(&(right - left)).unwrap_or(Rational::ZERO);
        let value = self.number(&low + (high - &low) * part, environment);
        self.record(Step::Interpolated { table, rows: (*left_row, *right_row), value: value.clone() });
        Ok(value)
    }
}

/// Does a key cell fit a value? 其余 fits everything.
fn fits(cell: &Cell, key: &Value) -> bool {
    match cell {
        Cell::Value(value) => literal(value) == *key,
        Cell::Interval { low: None, high: None } => true,
        Cell::Interval { low, high } => key.lies_in(low.as_ref(), high.as_ref()),
        Cell::Exempt | Cell::Undecided => false,
    }
}

/// The rows that have begun, without those that a later row with the same keys replaces.
fn in_force_on(table: &Table, day: Date) -> Arc<[u32]> {
    let rows = (0_u32..).zip(&table.rows);
    let Some(effective) = table.effective.map(|column| column as usize) else {
        return rows.map(|(row, _)| row).collect();
    };
    let mut latest: BTreeMap<String, (Date, u32)> = BTreeMap::new();
    for (row, TableRow { cells, .. }) in rows {
        let begins = match cells.get(effective) {
            Some(Cell::Value(Literal::Date(begins))) => *begins,
            _ => Date::MIN,
        };
        let keys =
            cells.iter().enumerate().take(table.keys as usize).filter(|(column, _)| *column != effective);
        let keys = format!("{:?}", keys.map(|(_, cell)| cell).collect::<Vec<_>>());
        if begins <= day && latest.get(&keys).is_none_or(|(known, _)| *known <= begins) {
            latest.insert(keys, (begins, row));
        }
    }
    let mut rows: Vec<u32> = latest.into_values().map(|(_, row)| row).collect();
    rows.sort_unstable();
    rows.into()
}
