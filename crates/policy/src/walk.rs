//! Walking typed expressions.

use crate::core::{Collection, Expr, ExprKind, Source};

/// Calls `visit` for each direct part of an expression, collections included.
pub(crate) fn children<'e>(expr: &'e Expr, visit: &mut dyn FnMut(&'e Expr)) {
    match &expr.kind {
        ExprKind::Literal(_)
        | ExprKind::ReadingIs(..)
        | ExprKind::Subject
        | ExprKind::Variable(_)
        | ExprKind::CurrentPeriod
        | ExprKind::Decide(_) => {}
        ExprKind::Parameter(_, parts)
        | ExprKind::And(parts)
        | ExprKind::Or(parts)
        | ExprKind::Call(_, parts)
        | ExprKind::Lookup { keys: parts, .. }
        | ExprKind::LookupRow { keys: parts, .. } => parts.iter().for_each(visit),
        ExprKind::Field(base, _)
        | ExprKind::Cell(base, ..)
        | ExprKind::IsSome(base)
        | ExprKind::Not(base)
        | ExprKind::Negate(base)
        | ExprKind::Marginal { value: base, .. }
        | ExprKind::Interpolate { value: base, .. } => visit(base),
        ExprKind::Attribute { subject, row, .. } => {
            subject.iter().chain(row).for_each(|part| visit(part));
        }
        ExprKind::At { period: a, value: b }
        | ExprKind::OrNone(a, b)
        | ExprKind::OrMissing(a, b)
        | ExprKind::Compare(_, a, b)
        | ExprKind::InInterval(a, b)
        | ExprKind::Arithmetic(_, a, b) => {
            visit(a);
            visit(b);
        }
        ExprKind::If { arms, otherwise } => {
            for (condition, value) in arms {
                visit(condition);
                visit(value);
            }
            visit(otherwise);
        }
        ExprKind::AtLeast(first, rest) | ExprKind::IsIn(first, rest) => {
            visit(first);
            rest.iter().for_each(visit);
        }
        ExprKind::Aggregate(aggregate) => {
            collection_children(&aggregate.over, visit);
            aggregate.body.iter().chain(&aggregate.argument).for_each(visit);
        }
        ExprKind::Collection(collection) => collection_children(collection, visit),
    }
}

/// Calls `visit` for each expression directly inside a collection.
pub(crate) fn collection_children<'e>(collection: &'e Collection, visit: &mut dyn FnMut(&'e Expr)) {
    match &collection.source {
        Source::AllOf(_) | Source::Rows(_) | Source::History { .. } | Source::Holders { .. } => {}
        Source::Related { of, .. }
        | Source::RelatedByAttribute { of, .. }
        | Source::Ancestors { of, .. }
        | Source::Descendants { of, .. }
        | Source::PeriodsIn { within: of, .. }
        | Source::Recent { count: of, .. } => visit(of),
        Source::Attribute { subject, .. } => subject.iter().for_each(|part| visit(part)),
        Source::If { arms, otherwise } => {
            for (condition, part) in arms {
                visit(condition);
                collection_children(part, visit);
            }
            if let Some(part) = otherwise {
                collection_children(part, visit);
            }
        }
        Source::List(items) => items.iter().for_each(&mut *visit),
    }
    collection.filters.iter().for_each(|filter| visit(&filter.condition));
    collection.take.iter().for_each(|take| visit(take));
}

/// As [`children`], to change the parts.
pub(crate) fn children_mut(expr: &mut Expr, visit: &mut dyn FnMut(&mut Expr)) {
    match &mut expr.kind {
        ExprKind::Literal(_)
        | ExprKind::ReadingIs(..)
        | ExprKind::Subject
        | ExprKind::Variable(_)
        | ExprKind::CurrentPeriod
        | ExprKind::Decide(_) => {}
        ExprKind::Parameter(_, parts)
        | ExprKind::And(parts)
        | ExprKind::Or(parts)
        | ExprKind::Call(_, parts)
        | ExprKind::Lookup { keys: parts, .. }
        | ExprKind::LookupRow { keys: parts, .. } => parts.iter_mut().for_each(visit),
        ExprKind::Field(base, _)
        | ExprKind::Cell(base, ..)
        | ExprKind::IsSome(base)
        | ExprKind::Not(base)
        | ExprKind::Negate(base)
        | ExprKind::Marginal { value: base, .. }
        | ExprKind::Interpolate { value: base, .. } => visit(base),
        ExprKind::Attribute { subject, row, .. } => {
            subject.iter_mut().chain(row).for_each(|part| visit(part));
        }
        ExprKind::At { period: a, value: b }
        | ExprKind::OrNone(a, b)
        | ExprKind::OrMissing(a, b)
        | ExprKind::Compare(_, a, b)
        | ExprKind::InInterval(a, b)
        | ExprKind::Arithmetic(_, a, b) => {
            visit(a);
            visit(b);
        }
        ExprKind::If { arms, otherwise } => {
            for (condition, value) in arms {
                visit(condition);
                visit(value);
            }
            visit(otherwise);
        }
        ExprKind::AtLeast(first, rest) | ExprKind::IsIn(first, rest) => {
            visit(first);
            rest.iter_mut().for_each(visit);
        }
        ExprKind::Aggregate(aggregate) => {
            collection_children_mut(&mut aggregate.over, visit);
            aggregate.body.iter_mut().chain(&mut aggregate.argument).for_each(visit);
        }
        ExprKind::Collection(collection) => collection_children_mut(collection, visit),
    }
}

fn collection_children_mut(collection: &mut Collection, visit: &mut dyn FnMut(&mut Expr)) {
    match &mut collection.source {
        Source::AllOf(_) | Source::Rows(_) | Source::History { .. } | Source::Holders { .. } => {}
        Source::Related { of, .. }
        | Source::RelatedByAttribute { of, .. }
        | Source::Ancestors { of, .. }
        | Source::Descendants { of, .. }
        | Source::PeriodsIn { within: of, .. }
        | Source::Recent { count: of, .. } => visit(of),
        Source::Attribute { subject, .. } => subject.iter_mut().for_each(|part| visit(part)),
        Source::If { arms, otherwise } => {
            for (condition, part) in arms {
                visit(condition);
                collection_children_mut(part, visit);
            }
            if let Some(part) = otherwise {
                collection_children_mut(part, visit);
            }
        }
        Source::List(items) => items.iter_mut().for_each(&mut *visit),
    }
    collection.filters.iter_mut().for_each(|filter| visit(&mut filter.condition));
    if let Some(take) = &mut collection.take {
        visit(take);
    }
}
