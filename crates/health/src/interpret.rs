//! The abstract interpreter: what every expression of a document may be, with the paths through its conditions.
//!
//! Sound: a value that the row evaluator gives on complete facts lies in the [`Possible`] of its expression. What is
//! observed on the way (conditions that never hold, keys without a row, divisors that may be 0) is therefore proved.

mod aggregate;
mod assume;
mod call;
mod path;
mod table;

pub(crate) use path::Path;
pub(crate) use table::{Miss, band_gap, band_of, sample_in};

use crate::possible::{Possible, common_step};
use crate::range::Range;
use hengjie_evaluate::dataset::SuppliedParameter;
use hengjie_policy::core::{
    Arithmetic, AttributeId, Body, Case, Collection, Expr, ExprKind, FieldRef, Literal, ParameterId,
    ParameterValue, Program, ReadingId, TableId, Total, Type,
};
use hengjie_quantity::Rational;
use hengjie_syntax::Span;
use rustc_hash::{FxHashMap, FxHashSet};
use std::collections::{BTreeMap, BTreeSet};

/// Expressions inside each other; beyond, everything is possible.
const DEPTH_MAX: usize = 150;
/// Rows of a table that are looked at one by one.
const ROWS_MAX: usize = 200;

/// A condition: whether some path makes it hold or fail.
#[derive(Debug, Clone)]
pub(crate) struct Seen {
    pub attribute: AttributeId,
    pub yes: bool,
    pub no: bool,
    /// Something comes after it that would not be reached if it always holds.
    pub hides: bool,
}

/// A look-up: a key that no row answers.
#[derive(Debug, Clone)]
pub(crate) struct LookupSeen {
    pub attribute: AttributeId,
    pub table: TableId,
    pub miss: Option<Miss>,
    /// 无则 or 有 stands around it.
    pub answered: bool,
}

/// A division whose divisor may be 0.
#[derive(Debug, Clone)]
pub(crate) struct DivisionSeen {
    pub attribute: AttributeId,
    pub answered: bool,
}

/// What was seen on all paths.
#[derive(Debug, Default)]
pub(crate) struct Observed {
    /// Conditions of 如, 当 and of Boolean rules, by place.
    pub conditions: BTreeMap<Span, Seen>,
    pub lookups: BTreeMap<Span, LookupSeen>,
    pub divisions: BTreeMap<Span, DivisionSeen>,
    /// Rows that some key finds.
    pub found_rows: BTreeMap<TableId, BTreeSet<u32>>,
    /// For rules with 逐: rows on which a Boolean rule may hold.
    pub rows_that_hold: BTreeMap<AttributeId, BTreeSet<u32>>,
}

/// The interpreter of one document.
pub(crate) struct Interpreter<'a> {
    pub program: &'a Program,
    supplied: &'a [SuppliedParameter],
    /// Only the readings that are chosen; otherwise every one may be.
    chosen_only: bool,
    /// Fields without a range are not negative: what one expects, not what is certain.
    pub usual_facts: bool,
    summaries: FxHashMap<(AttributeId, Option<u32>), Possible>,
    active: FxHashSet<(AttributeId, Option<u32>)>,
    attribute: AttributeId,
    /// 无 is answered here.
    answered: usize,
    depth: usize,
    pub observed: Observed,
}

impl<'a> Interpreter<'a> {
    /// An interpreter; with `chosen_only` a reading is the alternative that was chosen, otherwise any.
    pub(crate) fn new(program: &'a Program, supplied: &'a [SuppliedParameter], chosen_only: bool) -> Self {
        Self {
            program,
            supplied,
            chosen_only,
            usual_facts: false,
            summaries: FxHashMap::default(),
            active: FxHashSet::default(),
            attribute: AttributeId(0),
            answered: 0,
            depth: 0,
            observed: Observed::default(),
        }
    }

    /// Looks at every attribute.
    pub(crate) fn run(&mut self) {
        for &attribute in &self.program.order {
            self.summary(attribute);
        }
    }

    pub(crate) fn anything(&self, ty: &Type) -> Possible {
        Possible::of_type(ty, &|of| self.program.enums[of.index()].items.len())
    }

    /// What an attribute may be, for any subject and row where it exists, 无 outside its context included.
    pub(crate) fn summary(&mut self, attribute: AttributeId) -> Possible {
        match self.table_of_rows(attribute) {
            Some(table) if self.program.tables[table.index()].rows.len() <= ROWS_MAX => {
                let rows = self.program.tables[table.index()].rows.len();
                let mut all = Possible::nothing();
                for row in 0..u32::try_from(rows).unwrap_or(0) {
                    let one = self.summary_of_row(attribute, Some(row));
                    all = all.join(&one);
                }
                all
            }
            _ => self.summary_of_row(attribute, None),
        }
    }

    /// The table whose rows an attribute goes over.
    pub(crate) fn table_of_rows(&self, attribute: AttributeId) -> Option<TableId> {
        let rows = self.program.attributes[attribute.index()].context.rows.as_ref()?;
        match rows.source {
            hengjie_policy::core::Source::Rows(table) => Some(table),
            _ => None,
        }
    }

    /// What an attribute with 逐 may be on one row.
    pub(crate) fn summary_at(&mut self, attribute: AttributeId, row: u32) -> Possible {
        self.summary_of_row(attribute, Some(row))
    }

    fn summary_of_row(&mut self, attribute: AttributeId, row: Option<u32>) -> Possible {
        let key = (attribute, row);
        if let Some(known) = self.summaries.get(&key) {
            return known.clone();
        }
        let ty = &self.program.attributes[attribute.index()].ty;
        if self.depth > DEPTH_MAX || !self.active.insert(key) {
            return self.anything(&ty.base).with_none(true).join(&Possible::exempt());
        }
        let outside = (self.attribute, self.answered);
        (self.attribute, self.answered) = (attribute, 0);
        self.depth += 1;
        let found = self.attribute_value(attribute, row);
        self.depth -= 1;
        (self.attribute, self.answered) = outside;
        self.active.remove(&key);
        if let (Some(row), true) = (row, found.yes) {
            self.observed.rows_that_hold.entry(attribute).or_default().insert(row);
        }
        self.summaries.insert(key, found.clone());
        found
    }

    /// The path on which an attribute exists; `None` when there is none.
    pub(crate) fn context_path(&mut self, attribute: AttributeId, row: Option<u32>) -> Option<Path> {
        let program = self.program;
        let context = &program.attributes[attribute.index()].context;
        let mut path = Path::default();
        if let (Some(row), Some(table)) = (row, self.table_of_rows(attribute)) {
            path.bind_rows(0, table, BTreeSet::from([row]));
        }
        if let Some(scope) = &program.scope
            && context.kind == Some(scope.kind)
            && let Some(filter) = &scope.filter
            && !self.assume(filter, true, &mut path)
        {
            return None;
        }
        if let Some(filter) = &context.filter
            && !self.assume(filter, true, &mut path)
        {
            return None;
        }
        let filters = context.rows.iter().flat_map(|rows: &Collection| &rows.filters);
        for filter in filters {
            if !self.assume(&filter.condition, true, &mut path) {
                return None;
            }
        }
        Some(path)
    }

    fn attribute_value(&mut self, id: AttributeId, row: Option<u32>) -> Possible {
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

    fn quota(&mut self, quota: &'a hengjie_policy::core::Quota, path: &Path) -> Possible {
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

    fn defined(&mut self, exceptions: &'a [Case], general: &'a [Case], mut path: Path) -> Possible {
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
    fn cases(&mut self, cases: &'a [Case], path: &mut Path) -> Possible {
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

    fn total(&mut self, total: &'a Total, path: &Path) -> Possible {
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

    /// Notes what a condition may be, and what is inside it.
    pub(super) fn condition(&mut self, condition: &'a Expr, hides: bool, path: &Path) -> Possible {
        let value = self.eval(condition, path);
        let seen = self.observed.conditions.entry(condition.span).or_insert(Seen {
            attribute: self.attribute,
            yes: false,
            no: false,
            hides,
        });
        seen.hides &= hides;
        seen.yes |= value.yes;
        // 无 and 免 do not hold either.
        seen.no |= value.no || value.none || value.exempt;
        value
    }

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

    fn eval_inside(&mut self, expr: &'a Expr, path: &Path) -> Possible {
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
                self.answered += 1;
                let value = self.eval(value, path);
                self.answered -= 1;
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
                self.answered += 1;
                let value = self.eval(value, path);
                self.answered -= 1;
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

    fn reading(&self, reading: ReadingId, alternative: u32, path: &Path) -> Possible {
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

    fn parameter(&self, id: ParameterId) -> Possible {
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

    fn field(&self, field: FieldRef) -> Possible {
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

    fn choose(&mut self, arms: &'a [(Expr, Expr)], otherwise: &'a Expr, path: &Path) -> Possible {
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

    fn arithmetic(
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
