//! Does a value rise or fall with an input? Proved by the sign of change through every expression.

mod aggregate;
mod choice;
mod sign;
mod table;

pub(crate) use sign::{Slope, scale};

use crate::interpret::{Interpreter, Path};
use hengjie_policy::core::{
    Arithmetic, AttributeId, Body, Case, Comparison, Expr, ExprKind, FieldRef, Function, Total,
};
use hengjie_quantity::Rational;
use rustc_hash::{FxHashMap, FxHashSet};

/// The slopes of one document with respect to one input.
pub(crate) struct Slopes<'a, 'i> {
    pub(crate) interpreter: &'i mut Interpreter<'a>,
    input: FieldRef,
    known: FxHashMap<AttributeId, Slope>,
    active: FxHashSet<AttributeId>,
    /// Attributes that depend on the input at all.
    depends: &'i dyn Fn(AttributeId) -> bool,
}

impl<'a, 'i> Slopes<'a, 'i> {
    pub(crate) fn new(
        interpreter: &'i mut Interpreter<'a>,
        input: FieldRef,
        depends: &'i dyn Fn(AttributeId) -> bool,
    ) -> Self {
        Self { interpreter, input, known: FxHashMap::default(), active: FxHashSet::default(), depends }
    }

    /// The slope of an attribute, where it has a value.
    pub(crate) fn of(&mut self, attribute: AttributeId) -> Slope {
        if !(self.depends)(attribute) {
            return Slope::Flat;
        }
        if let Some(known) = self.known.get(&attribute) {
            return *known;
        }
        if !self.active.insert(attribute) {
            return Slope::Unknown;
        }
        let slope = self.of_body(attribute);
        self.active.remove(&attribute);
        self.known.insert(attribute, slope);
        slope
    }

    fn of_body(&mut self, id: AttributeId) -> Slope {
        let program = self.interpreter.program;
        let attribute = &program.attributes[id.index()];
        let Some(mut path) = self.interpreter.context_path(id, None) else { return Slope::Flat };
        if let Some(table) = self.interpreter.table_of_rows(id) {
            let rows = program.tables[table.index()].rows.len();
            path.bind_rows(0, table, (0..u32::try_from(rows).unwrap_or(0)).collect());
        }
        match &attribute.body {
            Body::Defined { exceptions, general } => {
                let cases: Vec<(Option<&'a Expr>, &'a Expr)> = exceptions
                    .iter()
                    .chain(general)
                    .map(|case: &Case| (case.guard.as_ref(), &case.value))
                    .collect();
                self.of_cases(&cases, &path)
            }
            Body::Total(total) => self.of_total(total, &path),
            Body::State { .. } | Body::Rank(_) | Body::Quota(_) | Body::Split(_) => Slope::Unknown,
        }
    }

    /// Limits and rounding never turn a total around.
    fn of_total(&mut self, total: &'a Total, path: &Path) -> Slope {
        let mut slope = Slope::Flat;
        for part in &total.contributions {
            let mut own = self.of(part.attribute);
            if let Some(weight) = &part.weight {
                let factor = self.interpreter.eval(weight, path);
                own = match self.slope(weight, path) {
                    Slope::Flat => own.times(factor.number.as_ref()),
                    _ => Slope::Unknown,
                };
            }
            slope = slope.with(own);
        }
        slope
    }

    /// The slope of an expression on a path.
    pub(crate) fn slope(&mut self, expr: &'a Expr, path: &Path) -> Slope {
        match &expr.kind {
            ExprKind::Literal(_)
            | ExprKind::ReadingIs(..)
            | ExprKind::Subject
            | ExprKind::Variable(_)
            | ExprKind::CurrentPeriod
            | ExprKind::Decide(_) => Slope::Flat,
            ExprKind::Parameter(_, keys) => self.all_flat(keys, path),
            ExprKind::Field(base, field) => match self.slope(base, path) {
                Slope::Flat if *field == self.input => Slope::Up,
                Slope::Flat => Slope::Flat,
                _ => Slope::Unknown,
            },
            ExprKind::Cell(base, table, column) => self.of_cell(base, *table, *column, path),
            ExprKind::Attribute { attribute, subject, row } => {
                let parts = subject.iter().chain(row);
                let moving = parts.map(|part| self.slope(part, path)).any(|slope| slope != Slope::Flat);
                if moving { Slope::Unknown } else { self.of(*attribute) }
            }
            ExprKind::At { period, value } => match self.slope(period, path) {
                Slope::Flat => self.slope(value, &Path::default()),
                _ => Slope::Unknown,
            },
            ExprKind::If { arms, otherwise } => {
                let mut cases: Vec<(Option<&'a Expr>, &'a Expr)> =
                    arms.iter().map(|(condition, value)| (Some(condition), value)).collect();
                cases.push((None, otherwise));
                self.of_cases(&cases, path)
            }
            ExprKind::OrNone(value, default) => {
                let own = self.slope(value, path);
                if !self.interpreter.eval(value, path).none {
                    return own;
                }
                let other = self.slope(default, path);
                if self.absence_moves(value, path) { Slope::Unknown } else { own.or(other) }
            }
            ExprKind::OrMissing(value, default) => {
                let (own, other) = (self.slope(value, path), self.slope(default, path));
                own.or(other)
            }
            ExprKind::IsSome(value) => {
                if self.absence_moves(value, path) {
                    Slope::Unknown
                } else {
                    Slope::Flat
                }
            }
            ExprKind::Not(operand) | ExprKind::Negate(operand) => self.slope(operand, path).turned(),
            ExprKind::And(operands) | ExprKind::Or(operands) => self.together(operands, path),
            ExprKind::AtLeast(wanted, operands) => {
                self.together(operands, path).with(self.slope(wanted, path).turned())
            }
            ExprKind::Compare(comparison, left, right) => {
                let difference = self.slope(left, path).with(self.slope(right, path).turned());
                match comparison {
                    _ if difference == Slope::Flat => Slope::Flat,
                    Comparison::Greater | Comparison::GreaterEqual => difference,
                    Comparison::Less | Comparison::LessEqual => difference.turned(),
                    Comparison::Equal | Comparison::NotEqual => Slope::Unknown,
                }
            }
            ExprKind::IsIn(value, list) => match self.slope(value, path) {
                Slope::Flat => self.all_flat(list, path),
                _ => Slope::Unknown,
            },
            ExprKind::InInterval(value, cell) => match (self.slope(value, path), self.slope(cell, path)) {
                (Slope::Flat, Slope::Flat) => Slope::Flat,
                _ => Slope::Unknown,
            },
            ExprKind::Arithmetic(operation, left, right) => self.of_arithmetic(*operation, left, right, path),
            ExprKind::Call(function, arguments) => self.of_call(*function, arguments, path),
            ExprKind::Aggregate(aggregate) => self.of_aggregate(aggregate, path),
            ExprKind::Lookup { table, keys, column } => self.of_lookup(*table, keys, *column, path),
            ExprKind::LookupRow { keys, .. } => self.all_flat(keys, path),
            ExprKind::Marginal { table, rate, value } => self.of_marginal(*table, *rate, value, path),
            ExprKind::Interpolate { table, column, value } => {
                self.of_interpolation(*table, *column, value, path)
            }
            ExprKind::Collection(collection) => {
                let mut slope = Slope::Flat;
                hengjie_policy::walk::collection_children(collection, &mut |part| {
                    if self.slope(part, path) != Slope::Flat {
                        slope = Slope::Unknown;
                    }
                });
                slope
            }
        }
    }

    fn all_flat(&mut self, parts: &'a [Expr], path: &Path) -> Slope {
        let moving = parts.iter().any(|part| self.slope(part, path) != Slope::Flat);
        if moving { Slope::Unknown } else { Slope::Flat }
    }

    fn together(&mut self, parts: &'a [Expr], path: &Path) -> Slope {
        parts.iter().fold(Slope::Flat, |slope, part| slope.with(self.slope(part, path)))
    }

    fn of_arithmetic(
        &mut self,
        operation: Arithmetic,
        left: &'a Expr,
        right: &'a Expr,
        path: &Path,
    ) -> Slope {
        let (a, b) = (self.slope(left, path), self.slope(right, path));
        if a == Slope::Flat && b == Slope::Flat {
            return Slope::Flat;
        }
        let range = |slopes: &mut Self, expr| slopes.interpreter.eval(expr, path).number;
        match operation {
            Arithmetic::Add => a.with(b),
            Arithmetic::Subtract => a.with(b.turned()),
            Arithmetic::Multiply => {
                let (left_range, right_range) = (range(self, left), range(self, right));
                let (own, other) = (a.times(right_range.as_ref()), b.times(left_range.as_ref()));
                own.with(other)
            }
            Arithmetic::Divide => {
                let (left_range, right_range) = (range(self, left), range(self, right));
                let own = a.times(right_range.as_ref());
                let steady = right_range
                    .as_ref()
                    .is_some_and(|range| range.is_at_least_zero() || range.is_at_most_zero());
                let other = match b {
                    Slope::Flat => Slope::Flat,
                    _ if steady => b.turned().times(left_range.as_ref()),
                    _ => Slope::Unknown,
                };
                own.with(other)
            }
            _ => Slope::Unknown,
        }
    }

    fn of_call(&mut self, function: Function, arguments: &'a [Expr], path: &Path) -> Slope {
        let slopes: Vec<Slope> = arguments.iter().map(|argument| self.slope(argument, path)).collect();
        if slopes.iter().all(|slope| *slope == Slope::Flat) {
            return Slope::Flat;
        }
        match (function, slopes.as_slice()) {
            (Function::Clamp | Function::Max | Function::Min, slopes) => {
                slopes.iter().fold(Slope::Flat, |all, slope| all.with(*slope))
            }
            (Function::Round(_), [own, Slope::Flat]) | (Function::Strip, [own]) => *own,
            (Function::Abs, [own]) => {
                let range =
                    arguments.first().and_then(|argument| self.interpreter.eval(argument, path).number);
                match range {
                    Some(range) if range.is_at_least_zero() => *own,
                    Some(range) if range.is_at_most_zero() => own.turned(),
                    _ => Slope::Unknown,
                }
            }
            _ => Slope::Unknown,
        }
    }

    /// Does it depend on the input whether there is a value?
    fn absence_moves(&mut self, expr: &'a Expr, path: &Path) -> bool {
        let own = match &expr.kind {
            ExprKind::Arithmetic(Arithmetic::Divide, _, divisor) => {
                let may_be_zero = self
                    .interpreter
                    .eval(divisor, path)
                    .number
                    .is_some_and(|range| range.contains(&Rational::ZERO));
                may_be_zero && self.slope(divisor, path) != Slope::Flat
            }
            ExprKind::Lookup { keys, .. } | ExprKind::LookupRow { keys, .. } => {
                self.interpreter.eval(expr, path).none && self.all_flat(keys, path) != Slope::Flat
            }
            ExprKind::Interpolate { value, .. } => self.slope(value, path) != Slope::Flat,
            ExprKind::Attribute { attribute, .. } => expr.ty.optional && self.of(*attribute) != Slope::Flat,
            ExprKind::Aggregate(aggregate) => {
                let mut moves = false;
                for filter in &aggregate.over.filters {
                    moves |= self.slope(&filter.condition, &Path::default()) != Slope::Flat;
                }
                moves
            }
            _ => false,
        };
        if own {
            return true;
        }
        if let ExprKind::Aggregate(_) | ExprKind::Attribute { .. } = expr.kind {
            return false;
        }
        let mut inside = Vec::new();
        hengjie_policy::walk::children(expr, &mut |part| inside.push(part));
        inside.into_iter().any(|part| self.absence_moves(part, path))
    }
}
