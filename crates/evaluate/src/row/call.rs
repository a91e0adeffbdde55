//! Functions of values.

use super::record::Step;
use super::state::{States, all_present};
use super::{Environment, Evaluated, Evaluator};
use crate::value::{Fault, Value};
use hengjie_calendar::{Date, Period};
use hengjie_policy::core::{Expr, Function, Ladder, Type};
use hengjie_quantity::{Rational, Rounding};
use std::cmp::Ordering;

impl<'a> Evaluator<'a> {
    pub(super) fn call(
        &mut self,
        function: Function,
        arguments: &'a [Expr],
        environment: &mut Environment,
    ) -> Evaluated {
        let mut values = Vec::with_capacity(arguments.len());
        for argument in arguments {
            values.push(self.eval(argument, environment)?);
        }
        if matches!(function, Function::Max | Function::Min) {
            let wanted = if function == Function::Max { Ordering::Greater } else { Ordering::Less };
            return Ok(extreme(values, wanted).unwrap_or_else(|| self.fault(environment, Fault::Unsupported)));
        }
        let mut states = States::default();
        for value in &values {
            states.add(value);
        }
        if let Some(state) = states.into_value() {
            return Ok(state);
        }
        let result = match function {
            Function::Round(mode) => self.rounded(mode, &values, &arguments[0].ty.base),
            Function::Promote => self.step(&values, false),
            Function::Demote => self.step(&values, true),
            Function::LadderItem(_) | Function::LadderBase | Function::LadderStep => {
                self.on_ladder(function, &values)
            }
            _ => plain(function, &values),
        };
        Ok(result.unwrap_or_else(|| self.fault(environment, Fault::Unsupported)))
    }

    fn rounded(&mut self, mode: Rounding, values: &[Value], ty: &'a Type) -> Option<Value> {
        let [Value::Number(before), Value::Number(quantum)] = values else { return None };
        let Some(after) = before.round_to(quantum, mode) else { return Some(Value::None) };
        self.record(Step::Rounded {
            ty,
            mode,
            quantum: quantum.clone(),
            before: before.clone(),
            after: after.clone(),
        });
        Some(Value::Number(after))
    }

    /// n items higher or lower; 无 beyond the ends and for parts of a step.
    fn step(&self, values: &[Value], down: bool) -> Option<Value> {
        let [Value::Enum(of, ordinal), Value::Number(by)] = values else { return None };
        let items = self.program.enums[of.index()].items.len();
        let by = by.to_i128().map(|by| if down { -by } else { by });
        let target = by.and_then(|by| i128::from(*ordinal).checked_add(by));
        let target =
            target.and_then(|target| u32::try_from(target).ok()).filter(|&target| (target as usize) < items);
        Some(target.map_or(Value::None, |target| Value::Enum(*of, target)))
    }

    fn on_ladder(&self, function: Function, values: &[Value]) -> Option<Value> {
        let ladder =
            |of: hengjie_policy::core::EnumId| -> Option<Ladder> { self.program.enums[of.index()].ladder };
        match (function, values) {
            (Function::LadderItem(of), [Value::Enum(_, base), Value::Number(step)]) => {
                let steps = ladder(of)?.steps;
                let step = step.to_i128().and_then(|step| u32::try_from(step).ok());
                let step = step.filter(|step| (1..=steps).contains(step));
                Some(step.map_or(Value::None, |step| Value::Enum(of, base * steps + step - 1)))
            }
            (Function::LadderBase, [Value::Enum(of, ordinal)]) => {
                let ladder = ladder(*of)?;
                Some(Value::Enum(ladder.base, ordinal.checked_div(ladder.steps)?))
            }
            (Function::LadderStep, [Value::Enum(of, ordinal)]) => {
                Some(Value::Number(Rational::from(ordinal.checked_rem(ladder(*of)?.steps)? + 1)))
            }
            _ => None,
        }
    }
}

/// 最大值, 最小值: 免 is dropped; anything else without a value decides.
fn extreme(values: Vec<Value>, wanted: Ordering) -> Option<Value> {
    let mut states = States::default();
    let mut best: Option<Value> = None;
    for value in values.into_iter().filter(|value| *value != Value::Exempt) {
        states.add(&value);
        if !value.is_present() {
            continue;
        }
        best = match best {
            Some(best) if value.order(&best)? != wanted => Some(best),
            _ => Some(value),
        };
    }
    Some(states.into_value().or(best).unwrap_or(Value::Exempt))
}

/// Functions that need nothing but their arguments, all present.
fn plain(function: Function, values: &[Value]) -> Option<Value> {
    let number = |number: i32| Some(Value::Number(Rational::from(number)));
    match (function, values) {
        (Function::Clamp, [Value::Number(x), Value::Number(low), Value::Number(high)]) => {
            Some(Value::Number(x.max(low).min(high).clone()))
        }
        (Function::Abs, [Value::Number(x)]) => Some(Value::Number(x.abs())),
        (Function::FullYears, [Value::Date(from), Value::Date(to)]) => {
            number(Date::full_years_between(*from, *to) * 12)
        }
        (Function::FullMonths, [Value::Date(from), Value::Date(to)]) => {
            number(Date::full_months_between(*from, *to))
        }
        (Function::Age, [Value::Date(birth), Value::Date(day)]) => {
            number(Date::full_years_between(*birth, *day))
        }
        (Function::PeriodStart, [Value::Period(period)]) => Some(Value::Date(period.first_day())),
        (Function::PeriodEnd, [Value::Period(period)]) => Some(Value::Date(period.last_day())),
        (Function::PeriodDays, [Value::Period(period)]) => {
            number(Date::days_between(period.first_day(), period.last_day()) + 1)
        }
        (Function::PeriodOf(grain), [Value::Date(day)]) => {
            Some(Value::Period(Period::containing(grain, *day)))
        }
        (Function::PeriodOf(grain), [Value::Period(period)]) => {
            Some(Value::Period(Period::containing(grain, period.last_day())))
        }
        (Function::PeriodShift(steps), [Value::Period(period)]) => {
            Some(period.offset(steps).map_or(Value::None, Value::Period))
        }
        (Function::YearOf, [Value::Date(day)]) => number(day.year()),
        (Function::YearOf, [Value::Period(period)]) => number(period.last_day().year()),
        (Function::Strip, [Value::Number(x)]) => Some(Value::Number(x.clone())),
        _ => None,
    }
}

/// The two operands of a strict operation as numbers.
pub(super) fn numbers(left: Value, right: Value) -> Result<(Rational, Rational), Value> {
    match all_present([left, right])? {
        [Value::Number(left), Value::Number(right)] => Ok((left, right)),
        [left, _] => Err(left),
    }
}
