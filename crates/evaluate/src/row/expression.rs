//! Expressions. Each form is a function of its own, so that the recursive frame stays small.

use super::fact::literal;
use super::record::Step;
use super::state::all_present;
use super::{DEPTH_MAX, Environment, Evaluated, Evaluator, NUMBER_BITS_MAX};
use crate::value::{Fault, Value};
use hengjie_calendar::{Date, Period};
use hengjie_policy::core::{Arithmetic, AttributeId, Expr, ExprKind, FieldRef, ReadingId, Type};
use hengjie_quantity::Rational;

impl<'a> Evaluator<'a> {
    /// The value of an expression.
    pub(super) fn eval(&mut self, expr: &'a Expr, environment: &mut Environment) -> Evaluated {
        if self.depth >= DEPTH_MAX {
            return Ok(self.fault(environment, Fault::TooDeep));
        }
        self.depth += 1;
        let value = self.form(expr, environment);
        self.depth -= 1;
        if let Ok(value) = &value
            && self.recorder.is_some()
        {
            self.record_value(expr, value);
        }
        value
    }

    fn form(&mut self, expr: &'a Expr, environment: &mut Environment) -> Evaluated {
        match &expr.kind {
            ExprKind::Literal(value) => Ok(literal(value)),
            ExprKind::Subject => {
                Ok(environment.subject.map_or(Value::None, |(kind, subject)| Value::Object(kind, subject)))
            }
            ExprKind::Variable(variable) => Ok(environment.variable(*variable)),
            ExprKind::CurrentPeriod => Ok(environment.period.map_or(Value::None, Value::Period)),
            ExprKind::Parameter(parameter, keys) => self.parameter(*parameter, keys, environment),
            ExprKind::ReadingIs(reading, alternative) => {
                Ok(Value::Bool(self.chosen_reading(*reading) == *alternative))
            }
            ExprKind::Field(object, field) => self.field_of(object, *field, environment),
            ExprKind::Cell(row, table, column) => {
                let row = self.eval(row, environment)?;
                Ok(self.cell_of(&row, *table, *column))
            }
            ExprKind::Attribute { attribute, subject, row } => {
                self.read_attribute(*attribute, subject.as_deref(), row.as_deref(), environment)
            }
            ExprKind::At { period, value } => self.at(period, value, environment),
            ExprKind::If { arms, otherwise } => self.choose(arms, otherwise, environment),
            ExprKind::OrNone(value, default) => match self.eval(value, environment)? {
                Value::None => self.eval(default, environment),
                value => Ok(value),
            },
            ExprKind::OrMissing(value, default) => match self.eval(value, environment)? {
                Value::Missing(_) => self.eval(default, environment),
                value => Ok(value),
            },
            ExprKind::IsSome(value) => {
                let value = self.eval(value, environment)?;
                Ok(if value.is_blocked() { value } else { Value::Bool(value != Value::None) })
            }
            ExprKind::Not(value) | ExprKind::Negate(value) => Ok(match self.eval(value, environment)? {
                Value::Bool(truth) => Value::Bool(!truth),
                Value::Number(number) => Value::Number(-number),
                other => other,
            }),
            ExprKind::And(conditions) => self.quantifier(conditions, false, environment),
            ExprKind::Or(conditions) => self.quantifier(conditions, true, environment),
            ExprKind::AtLeast(wanted, conditions) => self.at_least(wanted, conditions, environment),
            ExprKind::Compare(comparison, left, right) => self.compare(*comparison, left, right, environment),
            ExprKind::IsIn(value, list) => self.is_in(value, list, environment),
            ExprKind::InInterval(value, cell) => self.in_interval(value, cell, environment),
            ExprKind::Arithmetic(operation, left, right) => {
                self.arithmetic(*operation, left, right, environment)
            }
            ExprKind::Call(function, arguments) => self.call(*function, arguments, environment),
            ExprKind::Aggregate(aggregate) => self.aggregate(aggregate, &expr.ty.base, environment),
            ExprKind::Lookup { table, keys, column } => self.lookup(*table, keys, *column, environment),
            ExprKind::LookupRow { table, keys } => self.lookup_row(*table, keys, environment),
            ExprKind::Marginal { table, rate, value } => self.marginal(*table, *rate, value, environment),
            ExprKind::Interpolate { table, column, value } => {
                self.interpolate(*table, *column, value, environment)
            }
            ExprKind::Decide(decision) => Ok(self.decision(*decision, environment)),
            ExprKind::Collection(collection) => self.collection_value(collection, environment),
        }
    }

    /// The alternative of a reading that is taken: of the data, else of the document.
    fn chosen_reading(&mut self, reading: ReadingId) -> u32 {
        let chosen = self.data.readings.get(reading.index()).copied().flatten();
        let alternative = chosen.unwrap_or(self.program.readings[reading.index()].chosen);
        self.record(Step::Reading { reading });
        alternative
    }

    /// A number as a value, unless it has grown beyond the limit.
    pub(super) fn number(&self, number: Rational, environment: &Environment) -> Value {
        if number.bit_size() > NUMBER_BITS_MAX {
            return self.fault(environment, Fault::NumberTooLarge);
        }
        Value::Number(number)
    }

    fn field_of(&mut self, object: &'a Expr, field: FieldRef, environment: &mut Environment) -> Evaluated {
        match self.eval(object, environment)? {
            Value::Object(kind, subject) if kind == field.kind => {
                self.field(field, subject, environment.period)
            }
            Value::Object(..) => Ok(self.fault(environment, Fault::Unsupported)),
            other => Ok(other),
        }
    }

    fn read_attribute(
        &mut self,
        attribute: AttributeId,
        subject: Option<&'a Expr>,
        row: Option<&'a Expr>,
        environment: &mut Environment,
    ) -> Evaluated {
        let position = match subject.map(|subject| self.eval(subject, environment)).transpose()? {
            None => 0,
            Some(Value::Object(_, position)) => position,
            Some(other) => return Ok(other),
        };
        let row = match row.map(|row| self.eval(row, environment)).transpose()? {
            Some(row) if !row.is_present() => return Ok(row),
            row => row,
        };
        let key = self.key(attribute, position, row.as_ref(), environment.period);
        let value = self.result(key)?;
        self.record(Step::Attribute { key });
        Ok(value)
    }

    /// Another period; 无 before the first one.
    fn at(&mut self, period: &'a Expr, value: &'a Expr, environment: &mut Environment) -> Evaluated {
        let period = match self.eval(period, environment)? {
            Value::Period(period) => period,
            other => return Ok(other),
        };
        if !self.is_in_history(period) {
            return Ok(Value::None);
        }
        let here = environment.period.replace(period);
        let value = self.eval(value, environment)?;
        environment.period = here;
        Ok(value)
    }

    fn choose(
        &mut self,
        arms: &'a [(Expr, Expr)],
        otherwise: &'a Expr,
        environment: &mut Environment,
    ) -> Evaluated {
        for (condition, value) in arms {
            let condition = self.eval(condition, environment)?;
            if condition.is_blocked() {
                return Ok(condition);
            }
            if super::state::holds(&condition) {
                return self.eval(value, environment);
            }
        }
        self.eval(otherwise, environment)
    }

    fn arithmetic(
        &mut self,
        operation: Arithmetic,
        left: &'a Expr,
        right: &'a Expr,
        environment: &mut Environment,
    ) -> Evaluated {
        let operands = [self.eval(left, environment)?, self.eval(right, environment)?];
        let operands = match all_present(operands) {
            Ok(operands) => operands,
            Err(state) => return Ok(state),
        };
        let number = match (operation, &operands) {
            (Arithmetic::Add, [Value::Number(a), Value::Number(b)]) => a + b,
            (Arithmetic::Subtract, [Value::Number(a), Value::Number(b)]) => a - b,
            (Arithmetic::Multiply, [Value::Number(a), Value::Number(b)]) => a * b,
            (Arithmetic::Divide, [Value::Number(a), Value::Number(b)]) => match a.checked_div(b) {
                Some(quotient) => quotient,
                None => return Ok(Value::None),
            },
            (Arithmetic::DaysBetween, [Value::Date(to), Value::Date(from)]) => {
                Rational::from(Date::days_between(*from, *to))
            }
            (Arithmetic::AddToDate, [Value::Date(day), Value::Number(by)]) => {
                return Ok(self.moved(*day, by.clone(), &right.ty.base, environment));
            }
            (Arithmetic::SubtractFromDate, [Value::Date(day), Value::Number(by)]) => {
                return Ok(self.moved(*day, -by, &right.ty.base, environment));
            }
            _ => return Ok(self.fault(environment, Fault::Unsupported)),
        };
        Ok(self.number(number, environment))
    }

    /// A day moved by a duration of months or days; 无 outside the calendar and for parts of a day.
    fn moved(&self, day: Date, by: Rational, duration: &Type, environment: &Environment) -> Value {
        let Type::Number(unit) = duration else { return self.fault(environment, Fault::Unsupported) };
        let Some(by) = by.to_i128().and_then(|by| i32::try_from(by).ok()) else { return Value::None };
        let moved = match unit.single() {
            Some(hengjie_quantity::BaseUnit::Month) => day.add_months(by),
            Some(hengjie_quantity::BaseUnit::Day) => day.add_days(by),
            _ => return self.fault(environment, Fault::Unsupported),
        };
        moved.map_or(Value::None, Value::Date)
    }

    /// Does some work with an element bound; for periods the work is done in that period.
    pub(super) fn with_element<T>(
        &mut self,
        environment: &mut Environment,
        variable: hengjie_policy::core::VariableId,
        element: &Value,
        work: impl FnOnce(&mut Self, &mut Environment) -> Evaluated<T>,
    ) -> Evaluated<T> {
        let bound = environment.bind(variable, element.clone());
        let here: Option<Period> = environment.period;
        if let Value::Period(period) = element {
            environment.period = Some(*period);
        }
        let result = work(self, environment);
        environment.period = here;
        environment.bind(variable, bound);
        result
    }
}
