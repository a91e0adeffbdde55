//! What every form of an expression may be.

use super::{DEPTH_MAX, DivisionSeen, Interpreter, Path, path};
use crate::possible::{Possible, common_step};
use crate::range::Range;
use hengjie_evaluate::dataset::SuppliedParameter;
use hengjie_policy::core::{
    Arithmetic, Expr, ExprKind, FieldRef, Literal, ParameterId, ParameterValue, ReadingId,
};
use hengjie_quantity::Rational;

impl<'a> Interpreter<'a> {
    /// What an expression may be on a path.
    pub(crate) fn eval(&mut self, expr: &'a Expr, path: &Path) -> Possible {
        if self.depth > DEPTH_MAX {
            return self.anything(&expr.ty.base).with_none(expr.ty.optional).join(&Possible::exempt());
        }
        self.depth += 1;
        let value = self.eval_inside(expr, path);
        self.depth -= 1;
        match path.known(expr) {
            Some(known) => path::meet(value, known),
            None => value,
        }
    }

    pub(super) fn eval_inside(&mut self, expr: &'a Expr, path: &Path) -> Possible {
        match &expr.kind {
            ExprKind::Literal(literal) => of_literal(literal),
            ExprKind::Parameter(parameter, keys) => {
                for key in keys {
                    self.eval(key, path);
                }
                self.parameter(*parameter)
            }
            ExprKind::ReadingIs(reading, alternative) => self.reading(*reading, *alternative, path),
            ExprKind::Subject | ExprKind::CurrentPeriod => Possible::other(),
            ExprKind::Variable(variable) => match path.rows(*variable) {
                Some((table, rows)) => Possible { rows: Some((table, rows.clone())), ..Possible::nothing() },
                None => Possible::other(),
            },
            ExprKind::Field(base, field) => {
                let base = self.eval(base, path);
                self.field(*field).with_states_of(&base).with_none(expr.ty.optional)
            }
            ExprKind::Cell(base, table, column) => {
                let base = self.eval(base, path);
                self.cell(&base, *table, *column)
            }
            ExprKind::Attribute { attribute, subject, row } => {
                let mut found = match row.as_deref().map(|row| self.eval(row, path)) {
                    Some(Possible { rows: Some((_, rows)), .. }) => {
                        let mut all = Possible::nothing();
                        for row in rows {
                            all = all.join(&self.summary_of_row(*attribute, Some(row)));
                        }
                        all
                    }
                    _ => self.summary(*attribute),
                };
                // A rule with the same conditions as this one exists wherever this one does.
                if subject.as_deref().is_some_and(|subject| matches!(subject.kind, ExprKind::Subject))
                    && !expr.ty.optional
                {
                    found.none = false;
                }
                match subject.as_deref().map(|subject| self.eval(subject, path)) {
                    Some(subject) => found.with_states_of(&subject),
                    None => found,
                }
            }
            ExprKind::At { period, value } => {
                self.eval(period, path);
                self.eval(value, &Path::default()).with_none(true)
            }
            ExprKind::If { arms, otherwise } => self.choose(arms, otherwise, path),
            ExprKind::OrNone(value, default) => {
                let value = self.asked(value, path);
                match value.none {
                    true => value.without_none().join(&self.eval(default, path)),
                    false => {
                        self.eval(default, path);
                        value
                    }
                }
            }
            ExprKind::OrMissing(value, default) => {
                let value = self.eval(value, path);
                value.join(&self.eval(default, path))
            }
            ExprKind::IsSome(value) => {
                let value = self.asked(value, path);
                Possible { exempt: value.exempt, ..Possible::truth(value.may_be_present(), value.none) }
            }
            ExprKind::Not(operand) => {
                let value = self.eval(operand, path);
                Possible { yes: value.no, no: value.yes, ..Possible::nothing() }.with_states_of(&value)
            }
            ExprKind::Negate(operand) => {
                let value = self.eval(operand, path);
                Possible { number: value.number.as_ref().map(Range::negate), ..value }
            }
            ExprKind::And(operands) => self.quantifier(operands, false, path),
            ExprKind::Or(operands) => self.quantifier(operands, true, path),
            ExprKind::AtLeast(wanted, operands) => {
                self.eval(wanted, path);
                for operand in operands {
                    self.eval(operand, path);
                }
                self.at_least(wanted, operands, path)
            }
            ExprKind::Compare(comparison, left, right) => self.compare(*comparison, left, right, path),
            ExprKind::IsIn(value, list) => self.is_in(value, list, path),
            ExprKind::InInterval(value, cell) => {
                let states = self.eval(cell, path).without_none();
                let value = self.eval(value, path);
                Possible::truth(true, true).with_states_of(&value).with_states_of(&states)
            }
            ExprKind::Arithmetic(operation, left, right) => {
                self.arithmetic(expr, *operation, left, right, path)
            }
            ExprKind::Call(function, arguments) => self.call(expr, *function, arguments, path),
            ExprKind::Aggregate(aggregate) => self.aggregate(expr, aggregate, path),
            ExprKind::Lookup { table, keys, column } => {
                let rows = self.rows_of_keys(expr.span, *table, keys, path);
                self.cell(&rows, *table, *column)
            }
            ExprKind::LookupRow { table, keys } => self.rows_of_keys(expr.span, *table, keys, path),
            ExprKind::Marginal { table, rate, value } => self.marginal(*table, *rate, value, path),
            ExprKind::Interpolate { table, column, value } => {
                let value = self.eval(value, path);
                let whole = Possible { rows: Some((*table, self.all_rows(*table))), ..Possible::nothing() };
                let found = self.cell(&whole, *table, *column);
                Possible { step: None, ..found }.with_none(true).with_states_of(&value)
            }
            ExprKind::Decide(decision) => {
                let decision = &self.program.decisions[decision.index()];
                let anything = self.anything(&decision.ty);
                match &decision.range {
                    Some((low, high)) => {
                        Possible { number: Some(Range::between(low.clone(), high.clone())), ..anything }
                    }
                    None => anything,
                }
            }
            ExprKind::Collection(collection) => {
                self.collection(collection, path);
                Possible::other()
            }
        }
    }

    pub(super) fn reading(&self, reading: ReadingId, alternative: u32, path: &Path) -> Possible {
        if self.chosen_only {
            let taken = self.program.readings[reading.index()].chosen == alternative;
            return Possible::truth(taken, !taken);
        }
        match path.reading(reading) {
            Some(open) => {
                Possible::truth(open.contains(&alternative), open.iter().any(|other| *other != alternative))
            }
            None => Possible::truth(true, true),
        }
    }

    pub(super) fn parameter(&self, id: ParameterId) -> Possible {
        let parameter = &self.program.parameters[id.index()];
        let supplied: Vec<&SuppliedParameter> =
            self.supplied.iter().filter(|supplied| supplied.parameter == id).collect();
        let mut found = Possible::nothing();
        for value in &supplied {
            found = found.join(&of_literal(&value.value));
        }
        match &parameter.value {
            ParameterValue::Given(value) if supplied.is_empty() => of_literal(value),
            ParameterValue::Given(value) => found.join(&of_literal(value)),
            ParameterValue::Required(_) if !supplied.is_empty() => found,
            ParameterValue::Required(_) => {
                let anything = self.anything(&parameter.ty);
                match &parameter.range {
                    Some((low, high)) if anything.number.is_some() => {
                        Possible { number: Some(Range::between(low.clone(), high.clone())), ..anything }
                    }
                    _ => anything,
                }
            }
        }
    }

    /// A value of which the document asks whether there is one at all: then 无 may stand in a field, too.
    fn asked(&mut self, value: &'a Expr, path: &Path) -> Possible {
        self.answered += 1;
        let found = self.eval(value, path);
        self.answered -= 1;
        let is_open = matches!(value.kind, ExprKind::Field(..)) && path.known(value).is_none();
        found.with_none(is_open)
    }

    pub(super) fn field(&self, field: FieldRef) -> Possible {
        let field = &self.program.kinds[field.kind.index()].fields[field.field as usize];
        let anything = self.anything(&field.ty);
        match &field.range {
            Some((low, high)) if anything.number.is_some() => {
                Possible { number: Some(Range::between(low.clone(), high.clone())), ..anything }
            }
            None if self.usual_facts && anything.number.is_some() => {
                Possible { number: Some(Range::at_least(Rational::ZERO)), ..anything }
            }
            _ => anything,
        }
    }

    pub(super) fn choose(&mut self, arms: &'a [(Expr, Expr)], otherwise: &'a Expr, path: &Path) -> Possible {
        let mut path = path.clone();
        let mut all = Possible::nothing();
        for (at, (condition, value)) in arms.iter().enumerate() {
            let mut inside = path.clone();
            // 否则 must be written even where the last of several conditions covers all that is left.
            let last = at > 0 && at + 1 == arms.len();
            self.condition(condition, !last, &path);
            if self.assume(condition, true, &mut inside) {
                all = all.join(&self.eval(value, &inside));
            }
            if !self.assume(condition, false, &mut path) {
                return all;
            }
        }
        all.join(&self.eval(otherwise, &path))
    }

    pub(super) fn arithmetic(
        &mut self,
        expr: &'a Expr,
        operation: Arithmetic,
        left: &'a Expr,
        right: &'a Expr,
        path: &Path,
    ) -> Possible {
        let (a, b) = (self.eval(left, path), self.eval(right, path));
        let found = match operation {
            Arithmetic::Add => add(&a, &b),
            Arithmetic::Subtract => {
                add(&a, &Possible { number: b.number.as_ref().map(Range::negate), ..b.clone() })
            }
            Arithmetic::Multiply => multiply(&a, &b),
            Arithmetic::Divide => {
                let zero = b.number.as_ref().is_some_and(|range| range.contains(&Rational::ZERO));
                if zero {
                    let answered = self.answered > 0;
                    let seen = self
                        .observed
                        .divisions
                        .entry(expr.span)
                        .or_insert(DivisionSeen { attribute: self.attribute, answered });
                    seen.answered &= answered;
                }
                divide(&a, &b).with_none(zero)
            }
            Arithmetic::AddToDate | Arithmetic::SubtractFromDate => {
                Possible::other().with_none(expr.ty.optional)
            }
            Arithmetic::DaysBetween => Possible::number(Range::ALL, Some(Rational::ONE)),
        };
        found.with_states_of(&a).with_states_of(&b)
    }
}

pub(crate) fn of_literal(literal: &Literal) -> Possible {
    match literal {
        Literal::Number(number) => Possible::constant(number),
        Literal::Bool(truth) => Possible::truth(*truth, !*truth),
        Literal::Enum(_, ordinal) => Possible::item(*ordinal),
        Literal::None => Possible::none(),
        Literal::Exempt => Possible::exempt(),
        _ => Possible::other(),
    }
}

pub(super) fn add(a: &Possible, b: &Possible) -> Possible {
    match (&a.number, &b.number) {
        (Some(left), Some(right)) => Possible::number(left.add(right), common_step(a, b)),
        _ => Possible::nothing(),
    }
}

pub(super) fn multiply(a: &Possible, b: &Possible) -> Possible {
    match (&a.number, &b.number) {
        (Some(left), Some(right)) => {
            let step = a.step.as_ref().zip(b.step.as_ref()).map(|(a, b)| a * b);
            Possible::number(left.multiply(right), step)
        }
        _ => Possible::nothing(),
    }
}

fn divide(a: &Possible, b: &Possible) -> Possible {
    let (Some(left), Some(right)) = (&a.number, &b.number) else { return Possible::nothing() };
    let Some(range) = left.divide(right) else { return Possible::nothing() };
    // Only a division by a constant keeps to a step.
    let step = a.step.as_ref().zip(right.single()).and_then(|(step, by)| step.abs().checked_div(&by.abs()));
    Possible::number(range, step)
}
