//! Functions of values.

use super::Interpreter;
use super::path::Path;
use crate::possible::{Possible, common_step, keeps_step};
use crate::range::Range;
use hengjie_policy::core::{Expr, Function};
use hengjie_quantity::Rational;
use std::collections::BTreeSet;

impl<'a> Interpreter<'a> {
    pub(super) fn call(
        &mut self,
        expr: &'a Expr,
        function: Function,
        arguments: &'a [Expr],
        path: &Path,
    ) -> Possible {
        let values: Vec<Possible> = arguments.iter().map(|argument| self.eval(argument, path)).collect();
        let mut found = self.applied(expr, function, &values);
        if matches!(function, Function::Max | Function::Min) {
            // 免 is dropped: the others alone may be the result.
            let only_exempt = values.iter().all(|value| value.exempt);
            found.exempt = only_exempt;
            found.none = values.iter().any(|value| value.none);
            return found;
        }
        for value in &values {
            found = found.with_states_of(value);
        }
        found
    }

    fn applied(&self, expr: &Expr, function: Function, values: &[Possible]) -> Possible {
        let ranges: Option<Vec<&Range>> = values.iter().map(|value| value.number.as_ref()).collect();
        match (function, ranges.as_deref()) {
            (Function::Clamp, Some([x, low, high])) => {
                numbers(x.extreme(low, true).extreme(high, false), function, values)
            }
            (Function::Max | Function::Min, Some([first, rest @ ..])) => {
                let greater = function == Function::Max;
                let mut range = (*first).clone();
                for other in rest {
                    range = range.extreme(other, greater);
                }
                // Without the operands that may be 免 the others decide.
                for value in values.iter().filter(|value| value.exempt) {
                    let others = values.iter().filter(|other| !std::ptr::eq(*other, value));
                    for other in others.filter_map(|other| other.number.as_ref()) {
                        range = range.hull(other);
                    }
                }
                numbers(range, function, values)
            }
            (Function::Round(mode), Some([x, quantum])) => match quantum.single() {
                Some(quantum) if quantum.signum() > 0 => {
                    Possible::number(x.round(quantum, mode), Some(quantum.clone()))
                }
                _ => Possible::number(Range::ALL, None).with_none(true),
            },
            (Function::Abs, Some([x])) => numbers(x.abs(), function, values),
            (Function::Strip, Some([x])) => numbers((*x).clone(), function, values),
            (Function::PeriodDays, _) => {
                Possible::number(Range::between(Rational::ONE, Rational::from(366)), Some(Rational::ONE))
            }
            (Function::Promote | Function::Demote, _) => self.moved(function, values),
            (Function::LadderBase, _) => match values {
                [ladder] if !ladder.items.is_empty() => self.base_items(expr, ladder),
                _ => self.anything(&expr.ty.base),
            },
            _ => self.anything(&expr.ty.base).with_none(expr.ty.optional),
        }
    }

    /// Items so many steps away; 无 beyond the ends. The number of steps is taken as any of its values.
    fn moved(&self, function: Function, values: &[Possible]) -> Possible {
        let [item, by] = values else { return Possible::nothing() };
        let Some(by) = by.number.as_ref().and_then(Range::single).and_then(Rational::to_i128) else {
            return Possible { none: true, ..item.clone() }
                .join(&Possible { items: (0..200).collect(), ..Possible::nothing() });
        };
        let by = if function == Function::Promote { by } else { -by };
        // Beyond the top there is no item; items that do not exist are cut off by whoever counts them.
        let items = item.items.iter().filter_map(|&item| u32::try_from(i128::from(item) + by).ok());
        Possible { items: items.collect(), none: true, ..Possible::nothing() }
    }

    fn base_items(&self, expr: &Expr, ladder: &Possible) -> Possible {
        let whole = self.anything(&expr.ty.base);
        let hengjie_policy::core::Type::Enum(base) = expr.ty.base else { return whole };
        let of =
            self.program.enums.iter().filter_map(|found| found.ladder).find(|ladder| ladder.base == base);
        match of {
            Some(of) if of.steps > 0 => {
                let items: BTreeSet<u32> = ladder.items.iter().map(|item| item / of.steps).collect();
                Possible { items, ..Possible::nothing() }
            }
            _ => whole,
        }
    }
}

fn numbers(range: Range, function: Function, values: &[Possible]) -> Possible {
    let mut values = values.iter();
    let Some(first) = values.next() else { return Possible::number(range, None) };
    let mut all = first.clone();
    if keeps_step(function) {
        for value in values {
            all.step = common_step(&all, value);
            if all.number.as_ref().and_then(Range::single).is_some_and(Rational::is_zero) {
                all.number = value.number.clone();
            }
        }
    }
    Possible::number(range, all.step.filter(|_| keeps_step(function)))
}
