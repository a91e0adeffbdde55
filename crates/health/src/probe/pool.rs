//! The numbers that matter: every constant of the document by unit, and what lies just beside it.

use super::each_expr;
use crate::range::Range;
use hengjie_policy::core::{Body, Cell, Expr, ExprKind, Literal, Program, Type};
use hengjie_quantity::{BaseUnit, Rational, Unit};
use std::collections::BTreeMap;

/// Constants that are kept for one unit.
const CONSTANTS_MAX: usize = 48;

/// The constants of a document.
#[derive(Debug, Default)]
pub(crate) struct Pool {
    by_unit: BTreeMap<Vec<(BaseUnit, i8)>, Vec<Rational>>,
}

impl Pool {
    pub(crate) fn of(program: &Program) -> Self {
        let mut pool = Self::default();
        for attribute in &program.attributes {
            each_expr(attribute, &mut |expr| pool.read(expr));
            if let (Body::Total(total), Type::Number(unit)) = (&attribute.body, &attribute.ty.base) {
                total.max.iter().chain(&total.min).for_each(|limit| pool.add(unit, limit));
            }
        }
        for table in &program.tables {
            for row in &table.rows {
                for (cell, column) in row.cells.iter().zip(&table.columns) {
                    let Type::Number(unit) = &column.ty else { continue };
                    match cell {
                        Cell::Value(Literal::Number(value)) => pool.add(unit, value),
                        Cell::Interval { low, high } => {
                            low.iter().chain(high).for_each(|bound| pool.add(unit, &bound.value));
                        }
                        _ => {}
                    }
                }
            }
        }
        for constants in pool.by_unit.values_mut() {
            constants.sort();
            constants.dedup();
            constants.truncate(CONSTANTS_MAX);
        }
        pool
    }

    fn read(&mut self, expr: &Expr) {
        if let (ExprKind::Literal(Literal::Number(value)), Type::Number(unit)) = (&expr.kind, &expr.ty.base) {
            self.add(unit, value);
        }
        hengjie_policy::walk::children(expr, &mut |part| self.read(part));
    }

    fn add(&mut self, unit: &Unit, value: &Rational) {
        self.by_unit.entry(unit.factors().to_vec()).or_default().push(value.clone());
    }

    fn constants(&self, unit: &Unit) -> &[Rational] {
        self.by_unit.get(unit.factors()).map_or(&[], Vec::as_slice)
    }

    /// A plausible number of a unit: positive, often between two constants.
    pub(super) fn number(
        &self,
        unit: &Unit,
        range: Option<&(Rational, Rational)>,
        within: Option<&Range>,
        salt: u32,
    ) -> Rational {
        let mut candidates: Vec<Rational> =
            self.around(unit).into_iter().filter(|value| value.signum() >= 0).collect();
        candidates.push(usual(unit));
        let fits = |value: &Rational| {
            range.is_none_or(|(low, high)| value >= low && value <= high)
                && within.is_none_or(|within| within.contains(value))
        };
        candidates.retain(fits);
        if let Some(found) = candidates.get(salt as usize % candidates.len().max(1)) {
            return found.clone();
        }
        let fallback = range.map_or_else(|| usual(unit), |(_, high)| high.clone());
        within.and_then(|within| crate::interpret::sample_in(within, None)).unwrap_or(fallback)
    }

    /// Every constant, its neighbours and the middles between constants, in order.
    pub(crate) fn around(&self, unit: &Unit) -> Vec<Rational> {
        let constants = self.constants(unit);
        let whole = matches!(
            unit.single(),
            Some(BaseUnit::Count(_) | BaseUnit::Month | BaseUnit::Day | BaseUnit::AgeYear)
        );
        let mut all = vec![Rational::ZERO, usual(unit)];
        let half = Rational::new(1, 2).unwrap_or(Rational::ONE);
        for (at, constant) in constants.iter().enumerate() {
            all.push(constant.clone());
            for step in steps(unit, constant) {
                all.push(constant + &step);
                all.push(constant - &step);
            }
            let next = constants.get(at + 1).cloned().unwrap_or_else(|| constant + constant);
            let middle = (constant + &next) * &half;
            all.push(if whole { middle.floor() } else { middle });
        }
        // Facts come in fen and whole people.
        if let Some(step) = crate::possible::step_of(unit) {
            all.retain(|number| number.checked_div(&step).is_none_or(|steps| steps.is_integer()));
        }
        all.sort();
        all.dedup();
        all
    }
}

/// Small and visible steps beside a constant: 0.01 元 and 1 万元 beside 300 万元.
pub(crate) fn steps(unit: &Unit, constant: &Rational) -> Vec<Rational> {
    let hundredth = Rational::pow10(-2);
    match unit.single() {
        Some(BaseUnit::Currency(_)) => {
            let size = constant.abs();
            let visible =
                [8, 7, 6, 5, 4, 3, 2].into_iter().find(|exponent| size >= Rational::pow10(*exponent));
            vec![hundredth, Rational::pow10(visible.unwrap_or(2) - 2)]
        }
        Some(BaseUnit::Point) => vec![hundredth, Rational::ONE],
        Some(BaseUnit::Count(_) | BaseUnit::Month | BaseUnit::Day | BaseUnit::AgeYear) => vec![Rational::ONE],
        _ => vec![Rational::pow10(-3), hundredth],
    }
}

/// A number to begin with.
fn usual(unit: &Unit) -> Rational {
    match unit.single() {
        Some(BaseUnit::Currency(_)) => Rational::from(1_000_000),
        Some(BaseUnit::Point) => Rational::from(80),
        Some(BaseUnit::AgeYear) => Rational::from(30),
        Some(_) => Rational::from(10),
        None if unit.is_none() => Rational::new(1, 2).unwrap_or(Rational::ONE),
        None => Rational::ONE,
    }
}
