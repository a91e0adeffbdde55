//! From a wish for a value back to conditions on what it is made of: the rule's own expression, read backwards.
//!
//! Only what is not met is followed further, so that the conditions stay few; what has no parts that could be told apart
//! (a sum, a score) is one condition with its distance.

use super::condition::{Condition, Cost, Shape, State};
use super::wish::{Wish, sign};
use crate::dataset::Facts;
use crate::words::cite;
use hengjie_calendar::Period;
use hengjie_evaluate::row::{Evaluator, Scene};
use hengjie_evaluate::value::Value;
use hengjie_policy::core::{
    Aggregate, AggregateOperation, AttributeId, Body, Case, Cell, Comparison, Expr, ExprKind, Function,
    Program, Source, Type,
};
use hengjie_quantity::Lang;

/// Attributes that are followed one inside the other.
const DEPTH: usize = 12;

/// Alternatives of one choice that are followed.
pub(super) const ALTERNATIVES: usize = 12;

/// A result: attribute, subject (0 for 全体), row of its 逐, period.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Place {
    pub(crate) attribute: AttributeId,
    pub(crate) subject: u32,
    pub(crate) row: Option<Value>,
    pub(crate) period: Option<Period>,
}

/// Reads rules backwards.
pub(crate) struct Regress<'e, 'a> {
    pub(crate) evaluator: &'e mut Evaluator<'a>,
    pub(crate) program: &'a Program,
    pub(crate) facts: &'a Facts,
    pub(crate) lang: Lang,
}

impl<'a> Regress<'_, 'a> {
    /// The conditions under which a result is as wished.
    pub(crate) fn conditions(&mut self, place: &Place, wish: &Wish) -> Condition {
        let mut condition = self.result(place, wish, DEPTH);
        condition.mark();
        condition
    }

    /// A result as a condition; its rule is followed when the wish is not granted.
    pub(super) fn result(&mut self, place: &Place, wish: &Wish, depth: usize) -> Condition {
        let Place { attribute, subject, row, period } = place.clone();
        let program = self.program;
        let definition = &program.attributes[attribute.index()];
        let value = self.evaluator.value(attribute, subject, row.clone(), period);
        let label = match &row {
            Some(row) => format!("{}({})", definition.name, self.text(row, &Type::Text)),
            None => definition.name.clone(),
        };
        let mut leaf = self.leaf(label, wish, &value, &definition.ty.base);
        leaf.article = cite(program, definition.article).to_owned();
        if depth == 0 || leaf.state == State::Met || leaf.state == State::Exempt {
            return leaf;
        }
        if depth < DEPTH && matches!(definition.body, Body::State { .. }) {
            // A state that a rule reads is what earlier periods have made of it.
            leaf.is_fixed = true;
            return leaf;
        }
        match self.definition(place, wish, depth) {
            Some(parts) => self.headed(leaf, parts),
            None => leaf,
        }
    }

    /// A result with the conditions of its rule below it.
    fn headed(&self, mut leaf: Condition, parts: Condition) -> Condition {
        let is_group = parts.label.is_empty() && parts.shape != Shape::Leaf;
        (leaf.shape, leaf.children) =
            if is_group { (parts.shape, parts.children) } else { (Shape::All, vec![parts]) };
        leaf.cost = match leaf.cost_of_parts() {
            // The parts are met as far as they are followed, but the result is not there.
            Cost::Met => leaf.cost,
            cost => cost,
        };
        leaf
    }

    fn definition(&mut self, place: &Place, wish: &Wish, depth: usize) -> Option<Condition> {
        let program = self.program;
        let definition = &program.attributes[place.attribute.index()];
        let scene = self.scene(place, place.period);
        if let Some(outside) = self.outside(place, &scene, depth) {
            return Some(outside);
        }
        match &definition.body {
            Body::Defined { exceptions, general } => {
                Some(self.defined(exceptions, general, wish, &scene, depth))
            }
            Body::State { first, next } => {
                let before = place.period.and_then(|period| period.prev());
                let start = self.facts.data.horizon.map(|(first, _)| first);
                let before = before.filter(|before| start.is_none_or(|start| start <= before.last_day()));
                Some(match before {
                    Some(before) => {
                        let scene = self.scene(place, Some(before));
                        self.cases(next, wish, &scene, depth)
                    }
                    None => self.want(first, wish, &scene, depth - 1),
                })
            }
            Body::Rank(_) => self.rank_condition(place, wish),
            Body::Quota(quota) => self.seat_condition(place, quota, wish, depth),
            Body::Total(_) | Body::Split(_) => None,
        }
    }

    fn scene(&self, place: &Place, period: Option<Period>) -> Scene {
        let kind = self.program.attributes[place.attribute.index()].context.kind;
        Scene {
            attribute: place.attribute,
            subject: kind.map(|kind| (kind, place.subject)),
            variables: place.row.iter().cloned().collect(),
            period,
        }
    }

    /// What keeps the subject outside the population of a rule.
    fn outside(&mut self, place: &Place, scene: &Scene, depth: usize) -> Option<Condition> {
        let program = self.program;
        let context = &program.attributes[place.attribute.index()].context;
        let scope = program.scope.as_ref().filter(|scope| Some(scope.kind) == context.kind);
        let filters = scope.and_then(|scope| scope.filter.as_ref()).into_iter().chain(&context.filter);
        let mut parts = Vec::new();
        for filter in filters {
            if self.evaluator.expression(filter, scene) != Value::Bool(true) {
                parts.push(self.want(filter, &Wish::Holds, scene, depth - 1));
            }
        }
        (!parts.is_empty()).then(|| Condition::group(Shape::All, parts))
    }

    /// Exceptions may not stand in the way, or are ways of their own; otherwise the general rule counts.
    fn defined(
        &mut self,
        exceptions: &'a [Case],
        general: &'a [Case],
        wish: &Wish,
        scene: &Scene,
        depth: usize,
    ) -> Condition {
        let (mut ways, mut parts) = (Vec::new(), Vec::new());
        for case in exceptions {
            let Some(guard) = &case.guard else { continue };
            let gives = self.evaluator.expression(&case.value, scene);
            if wish.granted(&gives) == Some(true) {
                ways.push(self.want(guard, &Wish::Holds, scene, depth - 1));
            } else {
                parts.push(self.want(guard, &Wish::Fails, scene, depth - 1));
            }
        }
        let mut rule = self.cases(general, wish, scene, depth);
        if rule.state == State::Met && !parts.is_empty() {
            rule.label = self.lang.pick("原规则", "general rule").to_owned();
        }
        parts.push(rule);
        ways.push(Condition::group(Shape::All, parts));
        Condition::group(Shape::Any, ways)
    }

    /// The case that counts now; if none does, any of them.
    fn cases(&mut self, cases: &'a [Case], wish: &Wish, scene: &Scene, depth: usize) -> Condition {
        let counts = |evaluator: &mut Evaluator<'a>, case: &'a Case| {
            case.guard.as_ref().is_none_or(|guard| evaluator.expression(guard, scene) == Value::Bool(true))
        };
        if let Some(case) = cases.iter().find(|case| counts(self.evaluator, case)) {
            return self.want(&case.value, wish, scene, depth - 1);
        }
        let mut ways = Vec::new();
        for case in cases.iter().take(ALTERNATIVES) {
            let mut parts = Vec::new();
            if let Some(guard) = &case.guard {
                parts.push(self.want(guard, &Wish::Holds, scene, depth - 1));
            }
            parts.push(self.want(&case.value, wish, scene, depth - 1));
            ways.push(Condition::group(Shape::All, parts));
        }
        Condition::group(Shape::Any, ways)
    }

    /// The conditions under which an expression is as wished.
    pub(super) fn want(&mut self, expr: &'a Expr, wish: &Wish, scene: &Scene, depth: usize) -> Condition {
        let value = self.evaluator.expression(expr, scene);
        let is_met = wish.granted(&value) == Some(true);
        if let (ExprKind::Compare(comparison, left, right), true, Wish::Holds | Wish::Fails) =
            (&expr.kind, is_met && depth > 0, wish)
        {
            let comparison = if *wish == Wish::Fails { comparison.opposite() } else { *comparison };
            return self.compare(comparison, left, right, scene, 0);
        }
        if depth == 0 || is_met || value == Value::Exempt {
            return self.plain(expr, wish, &value);
        }
        let parts = match (&expr.kind, wish) {
            (ExprKind::And(list), Wish::Holds) | (ExprKind::Or(list), Wish::Fails) => {
                Some(self.all(Shape::All, list, wish, scene, depth))
            }
            (ExprKind::Or(list), Wish::Holds) | (ExprKind::And(list), Wish::Fails) => {
                Some(self.all(Shape::Any, list, wish, scene, depth))
            }
            (ExprKind::AtLeast(count, list), Wish::Holds | Wish::Fails) => {
                self.enough(count, list, wish, scene, depth)
            }
            (ExprKind::Not(inner), Wish::Holds) => Some(self.want(inner, &Wish::Fails, scene, depth)),
            (ExprKind::Not(inner), Wish::Fails) => Some(self.want(inner, &Wish::Holds, scene, depth)),
            (ExprKind::Compare(comparison, left, right), Wish::Holds | Wish::Fails) => {
                let comparison = if *wish == Wish::Fails { comparison.opposite() } else { *comparison };
                Some(self.compare(comparison, left, right, scene, depth))
            }
            (ExprKind::InInterval(inner, cell), Wish::Holds) => self.in_cell(inner, cell, scene, depth),
            (ExprKind::If { arms, otherwise }, _) => Some(self.choose(arms, otherwise, wish, scene, depth)),
            (ExprKind::OrNone(inner, _) | ExprKind::OrMissing(inner, _), _) => {
                Some(self.want(inner, wish, scene, depth))
            }
            (ExprKind::IsSome(inner), Wish::Holds) => Some(self.want(inner, &Wish::Some, scene, depth)),
            (ExprKind::Attribute { .. }, _) => self.attribute(expr, wish, scene, depth),
            (ExprKind::At { period, value }, _) => match self.evaluator.expression(period, scene) {
                Value::Period(period) => {
                    Some(self.want(value, wish, &Scene { period: Some(period), ..scene.clone() }, depth))
                }
                _ => None,
            },
            (ExprKind::Cell(row, table, column), _) => match &row.kind {
                ExprKind::Aggregate(first) if is_first_row(first) => {
                    self.rows(first, *table, Some((*column, wish)), scene, depth)
                }
                _ => None,
            },
            (ExprKind::Aggregate(aggregate), Wish::Some | Wish::Holds) => match aggregate.over.source {
                Source::Rows(table) if is_first_row(aggregate) => {
                    self.rows(aggregate, table, None, scene, depth)
                }
                _ => None,
            },
            (ExprKind::Lookup { table, keys, column }, _) => {
                self.lookup(*table, keys, *column, wish, scene, depth)
            }
            (ExprKind::Call(function @ (Function::Promote | Function::Demote), arguments), _) => {
                self.shifted(*function, arguments, wish, scene, depth)
            }
            _ => None,
        };
        parts.unwrap_or_else(|| self.plain(expr, wish, &value))
    }

    fn all(&mut self, shape: Shape, list: &'a [Expr], wish: &Wish, scene: &Scene, depth: usize) -> Condition {
        let parts = list.iter().map(|expr| self.want(expr, wish, scene, depth)).collect();
        Condition::group(shape, parts)
    }

    /// k of n; for it to fail, n − k + 1 of them must fail.
    fn enough(
        &mut self,
        count: &'a Expr,
        list: &'a [Expr],
        wish: &Wish,
        scene: &Scene,
        depth: usize,
    ) -> Option<Condition> {
        let Value::Number(count) = self.evaluator.expression(count, scene) else { return None };
        let count = usize::try_from(count.to_i128()?).ok()?;
        let parts: Vec<Condition> = list.iter().map(|expr| self.want(expr, wish, scene, depth)).collect();
        let assessed = parts.iter().filter(|part| part.state != State::Exempt).count();
        let wanted = if *wish == Wish::Holds { count } else { (assessed + 1).saturating_sub(count) };
        Some(Condition::group(Shape::AtLeast(wanted), parts))
    }

    /// A comparison: what can change stands on the left.
    fn compare(
        &mut self,
        comparison: Comparison,
        left: &'a Expr,
        right: &'a Expr,
        scene: &Scene,
        depth: usize,
    ) -> Condition {
        let (left, comparison, right) = match is_fixed(left) && !is_fixed(right) {
            true => (right, comparison.mirrored(), left),
            false => (left, comparison, right),
        };
        let border = self.evaluator.expression(right, scene);
        let value = self.evaluator.expression(left, scene);
        if border.is_blocked() || border == Value::Exempt {
            let wish = Wish::Holds;
            let text = format!("{} {} {}", self.printed(left), sign(comparison), self.printed(right));
            return self.leaf(text, &wish, &border, &Type::Bool);
        }
        let wish = Wish::Compared(comparison, border.clone());
        let follows = matches!(left.ty.base, Type::Enum(_) | Type::Bool) || self.is_ranked(left);
        if follows && !is_fixed(left) {
            return self.want(left, &wish, scene, depth);
        }
        let mut leaf = self.leaf(self.printed(left), &wish, &value, &left.ty.base);
        leaf.is_fixed = is_fixed(left) && is_fixed(right);
        if !matches!(right.kind, ExprKind::Literal(_)) {
            leaf.need = format!("{}（{}）", leaf.need, self.printed(right));
        }
        leaf
    }

    fn is_ranked(&self, expr: &Expr) -> bool {
        let ExprKind::Attribute { attribute, .. } = &expr.kind else { return false };
        matches!(self.program.attributes[attribute.index()].body, Body::Rank(_))
    }

    fn in_cell(&mut self, inner: &'a Expr, cell: &'a Expr, scene: &Scene, depth: usize) -> Option<Condition> {
        let ExprKind::Cell(row, table, column) = &cell.kind else { return None };
        let Value::Row(_, row) = self.evaluator.expression(row, scene) else { return None };
        let stored =
            self.program.tables[table.index()].rows.get(row as usize)?.cells.get(*column as usize)?;
        let Cell::Interval { low, high } = stored else { return None };
        Some(self.want(inner, &Wish::Within(low.clone(), high.clone()), scene, depth))
    }

    fn attribute(&mut self, expr: &'a Expr, wish: &Wish, scene: &Scene, depth: usize) -> Option<Condition> {
        let ExprKind::Attribute { attribute, subject, row } = &expr.kind else { return None };
        let subject = match subject {
            None => 0,
            Some(subject) => match self.evaluator.expression(subject, scene) {
                Value::Object(_, position) => position,
                _ => return None,
            },
        };
        let row = row.as_ref().map(|row| self.evaluator.expression(row, scene));
        let place = Place { attribute: *attribute, subject, row, period: scene.period };
        Some(self.result(&place, wish, depth - 1))
    }
}

fn is_first_row(aggregate: &Aggregate) -> bool {
    let takes_one = match aggregate.operation {
        AggregateOperation::First => aggregate.body.is_none(),
        AggregateOperation::Exists => true,
        _ => false,
    };
    takes_one && matches!(aggregate.over.source, Source::Rows(_)) && aggregate.over.take.is_none()
}

/// Is it the same whatever the facts are?
pub(super) fn is_fixed(expr: &Expr) -> bool {
    match &expr.kind {
        ExprKind::Literal(_) | ExprKind::Parameter(..) | ExprKind::ReadingIs(..) => true,
        ExprKind::Cell(row, ..) => matches!(row.kind, ExprKind::Variable(_)),
        ExprKind::Arithmetic(_, left, right) | ExprKind::Compare(_, left, right) => {
            is_fixed(left) && is_fixed(right)
        }
        ExprKind::And(list) | ExprKind::Or(list) => list.iter().all(is_fixed),
        ExprKind::Negate(inner) | ExprKind::Not(inner) => is_fixed(inner),
        ExprKind::CurrentPeriod => true,
        ExprKind::Call(_, arguments) => !arguments.is_empty() && arguments.iter().all(is_fixed),
        _ => false,
    }
}

/// Does it depend on nothing but readings?
pub(super) fn is_reading(expr: &Expr) -> bool {
    match &expr.kind {
        ExprKind::ReadingIs(..) => true,
        ExprKind::Not(inner) => is_reading(inner),
        ExprKind::And(list) | ExprKind::Or(list) => list.iter().all(is_reading),
        _ => false,
    }
}
