//! Walking typed expressions: one shape, to look at the parts or to change them.

use crate::core::{Collection, Expr, ExprKind, Source};

/// The walk over shared or mutable parts: names of the two functions, how to iterate, `mut`.
macro_rules! walk {
    ($children:ident, $collection_children:ident, $iter:ident $(, $mutable:ident)?) => {
        /// Calls `visit` for each direct part of an expression, collections included.
        pub fn $children<'e>(
            expr: &'e $($mutable)? Expr,
            visit: &mut dyn FnMut(&'e $($mutable)? Expr),
        ) {
            match &$($mutable)? expr.kind {
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
                | ExprKind::LookupRow { keys: parts, .. } => parts.$iter().for_each(visit),
                ExprKind::Field(base, _)
                | ExprKind::Cell(base, ..)
                | ExprKind::IsSome(base)
                | ExprKind::Not(base)
                | ExprKind::Negate(base)
                | ExprKind::Marginal { value: base, .. }
                | ExprKind::Interpolate { value: base, .. } => visit(base),
                ExprKind::Attribute { subject, row, .. } => {
                    subject.$iter().chain(row).for_each(|part| visit(part));
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
                    rest.$iter().for_each(visit);
                }
                ExprKind::Aggregate(aggregate) => {
                    let crate::core::Aggregate { over, body, argument, .. } = &$($mutable)? **aggregate;
                    $collection_children(over, visit);
                    body.$iter().chain(argument).for_each(visit);
                }
                ExprKind::Collection(collection) => $collection_children(collection, visit),
            }
        }

        /// Calls `visit` for each expression directly inside a collection.
        pub fn $collection_children<'e>(
            collection: &'e $($mutable)? Collection,
            visit: &mut dyn FnMut(&'e $($mutable)? Expr),
        ) {
            match &$($mutable)? collection.source {
                Source::AllOf(_) | Source::Rows(_) | Source::History { .. } | Source::Holders { .. } => {}
                Source::Related { of, .. }
                | Source::RelatedByAttribute { of, .. }
                | Source::Ancestors { of, .. }
                | Source::Descendants { of, .. }
                | Source::PeriodsIn { within: of, .. }
                | Source::Recent { count: of, .. } => visit(of),
                Source::Attribute { subject, row, .. } => {
                    subject.$iter().chain(row).for_each(|part| visit(part));
                }
                Source::If { arms, otherwise } => {
                    for (condition, part) in arms {
                        visit(condition);
                        $collection_children(part, visit);
                    }
                    if let Some(part) = otherwise {
                        $collection_children(part, visit);
                    }
                }
                Source::List(items) => items.$iter().for_each(&mut *visit),
            }
            collection.filters.$iter().for_each(|filter| visit(&$($mutable)? filter.condition));
            collection.take.$iter().for_each(|take| visit(take));
        }
    };
}

walk!(children, collection_children, iter);
walk!(children_mut, collection_children_mut, iter_mut, mut);
