//! Does an aggregate give the same for every subject? Then it is computed once per period.

use hengjie_policy::core::{Aggregate, Collection, Expr, ExprKind, Source, VariableId};

/// Does an aggregate read neither the subject, nor an element bound outside, nor a decision?
pub(super) fn is_closed(aggregate: &Aggregate) -> bool {
    aggregate_is_closed(aggregate, &mut Vec::new())
}

fn aggregate_is_closed(aggregate: &Aggregate, bound: &mut Vec<VariableId>) -> bool {
    if !collection_is_closed(&aggregate.over, bound) {
        return false;
    }
    bound.push(aggregate.variable);
    let closed = (aggregate.body.iter()).chain(&aggregate.argument).all(|expr| expr_is_closed(expr, bound));
    bound.pop();
    closed
}

fn collection_is_closed(collection: &Collection, bound: &mut Vec<VariableId>) -> bool {
    let filters = collection.filters.iter().all(|filter| {
        bound.push(filter.variable);
        let closed = expr_is_closed(&filter.condition, bound);
        bound.pop();
        closed
    });
    filters
        && collection.take.iter().all(|take| expr_is_closed(take, bound))
        && source_is_closed(&collection.source, bound)
}

fn source_is_closed(source: &Source, bound: &mut Vec<VariableId>) -> bool {
    match source {
        Source::AllOf(_) | Source::Rows(_) | Source::History { .. } | Source::Holders { .. } => true,
        Source::Related { of, .. }
        | Source::RelatedByAttribute { of, .. }
        | Source::Ancestors { of, .. }
        | Source::Descendants { of, .. } => expr_is_closed(of, bound),
        Source::Attribute { subject, row, .. } => {
            subject.iter().chain(row).all(|part| expr_is_closed(part, bound))
        }
        Source::PeriodsIn { within, .. } => expr_is_closed(within, bound),
        Source::Recent { count, .. } => expr_is_closed(count, bound),
        Source::If { arms, otherwise } => {
            arms.iter().all(|(condition, collection)| {
                expr_is_closed(condition, bound) && collection_is_closed(collection, bound)
            }) && otherwise.iter().all(|otherwise| collection_is_closed(otherwise, bound))
        }
        Source::List(items) => all_closed(items, bound),
    }
}

fn all_closed<'e>(exprs: impl IntoIterator<Item = &'e Expr>, bound: &mut Vec<VariableId>) -> bool {
    exprs.into_iter().all(|expr| expr_is_closed(expr, bound))
}

fn expr_is_closed(expr: &Expr, bound: &mut Vec<VariableId>) -> bool {
    match &expr.kind {
        ExprKind::Literal(_) | ExprKind::ReadingIs(..) | ExprKind::CurrentPeriod => true,
        ExprKind::Subject | ExprKind::Decide(_) => false,
        ExprKind::Variable(variable) => bound.contains(variable),
        ExprKind::Parameter(_, keys) | ExprKind::Lookup { keys, .. } | ExprKind::LookupRow { keys, .. } => {
            all_closed(keys, bound)
        }
        ExprKind::Field(expr, _)
        | ExprKind::Cell(expr, ..)
        | ExprKind::IsSome(expr)
        | ExprKind::Not(expr)
        | ExprKind::Negate(expr)
        | ExprKind::Marginal { value: expr, .. }
        | ExprKind::Interpolate { value: expr, .. } => expr_is_closed(expr, bound),
        ExprKind::Attribute { subject, row, .. } => {
            subject.iter().chain(row).all(|expr| expr_is_closed(expr, bound))
        }
        ExprKind::At { period: a, value: b }
        | ExprKind::OrNone(a, b)
        | ExprKind::OrMissing(a, b)
        | ExprKind::Compare(_, a, b)
        | ExprKind::InInterval(a, b)
        | ExprKind::Arithmetic(_, a, b) => expr_is_closed(a, bound) && expr_is_closed(b, bound),
        ExprKind::If { arms, otherwise } => {
            arms.iter()
                .all(|(condition, value)| expr_is_closed(condition, bound) && expr_is_closed(value, bound))
                && expr_is_closed(otherwise, bound)
        }
        ExprKind::And(list) | ExprKind::Or(list) | ExprKind::Call(_, list) => all_closed(list, bound),
        ExprKind::AtLeast(first, list) | ExprKind::IsIn(first, list) => {
            expr_is_closed(first, bound) && all_closed(list, bound)
        }
        ExprKind::Aggregate(aggregate) => aggregate_is_closed(aggregate, bound),
        ExprKind::Collection(collection) => collection_is_closed(collection, bound),
    }
}
