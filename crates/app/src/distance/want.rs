//! The expression of a rule, read backwards: the conditions under which it is as wished.

use super::condition::{Condition, Shape, State};
use super::regress::{Place, Regress};
use super::wish::Wish;
use hengjie_evaluate::row::Scene;
use hengjie_evaluate::value::Value;
use hengjie_policy::core::{Body, Cell, Comparison, Expr, ExprKind, Function, Type};

impl<'a> Regress<'_, 'a> {
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
            (ExprKind::At { period, value: inside }, _) => match self.evaluator.expression(period, scene) {
                // What has been cannot be changed any more.
                Value::Period(then) if scene.period.is_some_and(|now| then.last_day() < now.first_day()) => {
                    let mut past = self.plain(expr, wish, &value);
                    past.is_fixed = true;
                    Some(past)
                }
                Value::Period(period) => {
                    Some(self.want(inside, wish, &Scene { period: Some(period), ..scene.clone() }, depth))
                }
                _ => None,
            },
            (ExprKind::Cell(row, _, column), _) => match &row.kind {
                ExprKind::Aggregate(picked) => self.cell_of_row(picked, *column, wish, scene, depth),
                _ => None,
            },
            (ExprKind::Aggregate(aggregate), _) => self.row_of(aggregate, wish, scene, depth),
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
            let text = format!("{} {} {}", self.printed(left), comparison.sign(), self.printed(right));
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
pub(crate) fn is_reading(expr: &Expr) -> bool {
    match &expr.kind {
        ExprKind::ReadingIs(..) => true,
        ExprKind::Not(inner) => is_reading(inner),
        ExprKind::And(list) | ExprKind::Or(list) => list.iter().all(is_reading),
        _ => false,
    }
}
