//! What a number can be: enough to see that a divisor is never 0, and that a collection is never empty.

use super::facts::{conjuncts, substitute_variable};
use super::scope::Scope;
use crate::checker::Checker;
use crate::core::{
    Aggregate, AggregateOperation, Arithmetic, Cell, Collection, Comparison, Expr, ExprKind, Function,
    Literal, ParameterValue, Source, ValueType,
};
use crate::typed::key;
use hengjie_quantity::Rational;
use hengjie_syntax::Span;

/// Lowest and highest value, both inclusive; an open side is `None`.
type Bounds = (Option<Rational>, Option<Rational>);

/// Parts of an expression deeper than this are not looked at.
const DEEPEST: u32 = 24;

impl Checker<'_> {
    /// Has a collection surely an element? The subject itself is one of its kind, the current period one of the history.
    pub(super) fn never_empty(&self, scope: &Scope<'_>, over: &Collection) -> bool {
        if over.take.is_some() {
            return false;
        }
        match &over.source {
            Source::AllOf(kind) if scope.subject() == Some(*kind) => {
                let subject = Expr {
                    kind: ExprKind::Subject,
                    ty: ValueType { base: over.element.clone(), optional: false },
                    span: Span::new(0, 0),
                };
                let own = self.population_filter(Some(*kind));
                let filters = over.filters.iter().flat_map(|filter| {
                    conjuncts(&substitute_variable(&filter.condition, filter.variable, &subject))
                });
                own.into_iter().chain(filters).all(|part| scope.knows(&part))
            }
            Source::History { include_current } => *include_current && over.filters.is_empty(),
            Source::List(items) => !items.is_empty() && over.filters.is_empty(),
            Source::Rows(table) => {
                let table = &self.tables[table.index()];
                over.filters.is_empty() && table.effective.is_none() && !table.rows.is_empty()
            }
            _ => false,
        }
    }

    /// Is a number surely not 0?
    pub(super) fn never_zero(&self, scope: &Scope<'_>, expr: &Expr) -> bool {
        let (low, high) = self.bounds(scope, expr, 0);
        low.is_some_and(|low| low > Rational::ZERO)
            || high.is_some_and(|high| high < Rational::ZERO)
            || known_not_zero(scope, expr)
    }

    fn bounds(&self, scope: &Scope<'_>, expr: &Expr, depth: u32) -> Bounds {
        if depth > DEEPEST {
            return (None, None);
        }
        let of = |part: &Expr| self.bounds(scope, part, depth + 1);
        match &expr.kind {
            ExprKind::Literal(Literal::Number(value)) => (Some(value.clone()), Some(value.clone())),
            ExprKind::Parameter(id, _) => {
                let parameter = &self.parameters[id.index()];
                match (&parameter.range, &parameter.value) {
                    (Some((low, high)), _) => (Some(low.clone()), Some(high.clone())),
                    (None, ParameterValue::Given(Literal::Number(value))) => {
                        (Some(value.clone()), Some(value.clone()))
                    }
                    _ => (None, None),
                }
            }
            ExprKind::Field(_, field) => {
                let range = &self.kinds[field.kind.index()].fields[field.field as usize].range;
                range.as_ref().map_or((None, None), |(low, high)| (Some(low.clone()), Some(high.clone())))
            }
            ExprKind::Cell(_, table, column) | ExprKind::Lookup { table, column, .. } => {
                self.column_bounds(*table, *column)
            }
            ExprKind::Arithmetic(way, a, b) => arithmetic(*way, of(a), of(b)),
            ExprKind::Negate(part) => {
                let (low, high) = of(part);
                (high.map(|high| -high), low.map(|low| -low))
            }
            ExprKind::Call(function, parts) => call(*function, parts, &of),
            ExprKind::If { arms, otherwise } => {
                arms.iter().map(|(_, value)| of(value)).fold(of(otherwise), union)
            }
            ExprKind::OrNone(a, b) | ExprKind::OrMissing(a, b) => union(of(a), of(b)),
            ExprKind::Aggregate(aggregate) => match aggregate.as_ref() {
                Aggregate { operation: AggregateOperation::Count, over, .. } => {
                    let least = if self.never_empty(scope, over) { Rational::ONE } else { Rational::ZERO };
                    (Some(least), None)
                }
                Aggregate { operation: AggregateOperation::LeadingRun, .. } => (Some(Rational::ZERO), None),
                _ => (None, None),
            },
            _ => (None, None),
        }
    }

    /// The numbers of a column; other cells give no value.
    fn column_bounds(&self, table: crate::core::TableId, column: u32) -> Bounds {
        let mut bounds: Option<Bounds> = None;
        for row in &self.tables[table.index()].rows {
            match row.cells.get(column as usize) {
                Some(Cell::Value(Literal::Number(value))) => {
                    let own = (Some(value.clone()), Some(value.clone()));
                    bounds = Some(bounds.map_or(own.clone(), |known| union(known, own)));
                }
                Some(Cell::Interval { .. }) => return (None, None),
                _ => {}
            }
        }
        bounds.unwrap_or((None, None))
    }
}

/// Is a condition known that leaves out 0, such as `x > 0`?
fn known_not_zero(scope: &Scope<'_>, expr: &Expr) -> bool {
    if scope.facts.is_empty() {
        return false;
    }
    let wanted = key(expr);
    scope.facts.iter().any(|fact| {
        let ExprKind::Compare(comparison, left, right) = &fact.expr.kind else { return false };
        let (comparison, literal) = if key(left) == wanted {
            (*comparison, right)
        } else if key(right) == wanted {
            (comparison.mirrored(), left)
        } else {
            return false;
        };
        let ExprKind::Literal(Literal::Number(value)) = &literal.kind else { return false };
        match comparison {
            Comparison::NotEqual => value.is_zero(),
            Comparison::Equal => !value.is_zero(),
            Comparison::Greater => value.signum() >= 0,
            Comparison::GreaterEqual => value.signum() > 0,
            Comparison::Less => value.signum() <= 0,
            Comparison::LessEqual => value.signum() < 0,
        }
    })
}

fn union((low, high): Bounds, (other_low, other_high): Bounds) -> Bounds {
    (low.zip(other_low).map(|(a, b)| a.min(b)), high.zip(other_high).map(|(a, b)| a.max(b)))
}

fn arithmetic(way: Arithmetic, (low, high): Bounds, (other_low, other_high): Bounds) -> Bounds {
    let add = |a: Option<Rational>, b: Option<Rational>| a.zip(b).map(|(a, b)| &a + &b);
    let zero = Rational::ZERO;
    match way {
        Arithmetic::Add => (add(low, other_low), add(high, other_high)),
        Arithmetic::Subtract => {
            (add(low, other_high.map(|value| -value)), add(high, other_low.map(|value| -value)))
        }
        // Both at least 0: so is the product, and it grows with both.
        Arithmetic::Multiply => match (low, other_low) {
            (Some(a), Some(b)) if a >= zero && b >= zero => {
                (Some(&a * &b), high.zip(other_high).map(|(a, b)| &a * &b))
            }
            _ => (None, None),
        },
        Arithmetic::Divide => match (low, other_low, high, other_high) {
            (Some(a), Some(b), _, Some(most)) if a > zero && b > zero => (a.checked_div(&most), None),
            (Some(a), Some(b), _, _) if a >= zero && b > zero => (Some(zero), None),
            _ => (None, None),
        },
        _ => (None, None),
    }
}

fn call(function: Function, parts: &[Expr], of: &dyn Fn(&Expr) -> Bounds) -> Bounds {
    match (function, parts) {
        (Function::Clamp, [_, low, high]) => (of(low).0, of(high).1),
        (Function::Max, parts) => {
            let lows = parts.iter().filter_map(|part| of(part).0);
            let highs: Option<Vec<Rational>> = parts.iter().map(|part| of(part).1).collect();
            (lows.max(), highs.and_then(|highs| highs.into_iter().max()))
        }
        (Function::Min, parts) => {
            let lows: Option<Vec<Rational>> = parts.iter().map(|part| of(part).0).collect();
            let highs = parts.iter().filter_map(|part| of(part).1);
            (lows.and_then(|lows| lows.into_iter().min()), highs.min())
        }
        (Function::Strip, [part]) => of(part),
        (Function::Abs | Function::FullYears | Function::FullMonths | Function::Age, _) => {
            (Some(Rational::ZERO), None)
        }
        (Function::PeriodDays, _) => (Some(Rational::ONE), None),
        _ => (None, None),
    }
}
