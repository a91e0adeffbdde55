//! How attributes get their values: cases, state, totals, ranks, seats, shares.

use super::expression::{add, multiply};
use super::{Interpreter, Path};
use crate::possible::{Possible, common_step};
use crate::range::Range;
use hengjie_policy::core::{AttributeId, Body, Case, Total};
use hengjie_quantity::Rational;

impl<'a> Interpreter<'a> {
    pub(super) fn attribute_value(&mut self, id: AttributeId, row: Option<u32>) -> Possible {
        let program = self.program;
        let attribute = &program.attributes[id.index()];
        let Some(path) = self.context_path(id, row) else { return Possible::none() };
        let context = &attribute.context;
        let filtered = context.filter.is_some()
            || context.rows.as_ref().is_some_and(|rows| !rows.filters.is_empty())
            || (program
                .scope
                .as_ref()
                .is_some_and(|scope| scope.filter.is_some() && context.kind == Some(scope.kind)));
        let inside = match &attribute.body {
            Body::Defined { exceptions, general } => self.defined(exceptions, general, path),
            Body::State { first, next } => {
                let first = self.eval(first, &path);
                let next = self.cases(next, &mut path.clone());
                self.anything(&attribute.ty.base).join(&first).join(&next)
            }
            Body::Total(total) => self.total(total, &path),
            Body::Rank(rank) => {
                if let Some(group) = &rank.group_by {
                    self.eval(group, &path);
                }
                for key in &rank.keys {
                    self.eval(&key.value, &path);
                }
                Possible::number(Range::at_least(Rational::ONE), Some(Rational::ONE)).with_none(true)
            }
            Body::Quota(quota) => self.quota(quota, &path),
            Body::Split(split) => {
                self.eval(&split.amount, &path);
                self.anything(&attribute.ty.base).with_none(true)
            }
        };
        inside.with_none(filtered)
    }

    pub(super) fn quota(&mut self, quota: &'a hengjie_policy::core::Quota, path: &Path) -> Possible {
        use hengjie_policy::core::QuotaForm;
        let items = match &quota.form {
            QuotaForm::Lines(lines) => {
                for line in lines {
                    if let Some(eligible) = &line.eligible {
                        self.condition(eligible, false, path);
                    }
                    self.eval(&line.take, &Path::default());
                }
                lines.iter().map(|line| line.item).chain(quota.rest).collect()
            }
            QuotaForm::Each { shares, .. } => {
                for (_, share) in shares {
                    self.eval(share, &Path::default());
                }
                shares.iter().map(|(item, _)| *item).collect()
            }
        };
        Possible { items, none: true, ..Possible::nothing() }
    }

    pub(super) fn defined(
        &mut self,
        exceptions: &'a [Case],
        general: &'a [Case],
        mut path: Path,
    ) -> Possible {
        let mut all = Possible::nothing();
        for case in exceptions {
            let Some(guard) = &case.guard else { continue };
            let mut inside = path.clone();
            self.condition(guard, true, &path);
            if self.assume(guard, true, &mut inside) {
                all = all.join(&self.eval(&case.value, &inside));
            }
            if !self.assume(guard, false, &mut path) {
                return all;
            }
        }
        all.join(&self.cases(general, &mut path))
    }

    /// Cases that exclude each other.
    pub(super) fn cases(&mut self, cases: &'a [Case], path: &mut Path) -> Possible {
        let mut all = Possible::nothing();
        for case in cases {
            let Some(guard) = &case.guard else {
                return all.join(&self.eval(&case.value, path));
            };
            let mut inside = path.clone();
            // The last of several guards may cover all that is left.
            self.condition(guard, false, path);
            if self.assume(guard, true, &mut inside) {
                all = all.join(&self.eval(&case.value, &inside));
            }
            if !self.assume(guard, false, path) {
                return all;
            }
        }
        // No case holds: 无.
        all.with_none(true)
    }

    pub(super) fn total(&mut self, total: &'a Total, path: &Path) -> Possible {
        let mut sum = Possible::constant(&Rational::ZERO);
        for part in &total.contributions {
            let mut part_value = self.summary(part.attribute);
            if let Some(weight) = &part.weight {
                let weight = self.eval(weight, path);
                part_value = multiply(&part_value, &weight);
            }
            if part_value.none || part_value.exempt {
                part_value = part_value.join(&Possible::constant(&Rational::ZERO));
            }
            sum = add(&sum, &part_value);
        }
        let (mut range, mut step) = (sum.number.unwrap_or(Range::ALL), sum.step);
        let mut limit = |bound: &Option<Rational>, greater| {
            if let Some(bound) = bound {
                let bound = Possible::constant(bound);
                let limited = Possible::number(range.clone(), step.clone());
                step = common_step(&limited, &bound);
                range = range.extreme(&bound.number.unwrap_or(Range::ALL), greater);
            }
        };
        limit(&total.max, false);
        limit(&total.min, true);
        if let Some((mode, quantum)) = &total.rounding {
            return Possible::number(range.round(quantum, *mode), Some(quantum.clone()));
        }
        Possible::number(range, step)
    }
}
