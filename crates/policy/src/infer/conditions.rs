//! 如 … 则 … 否则, 无则, 缺则, 其中 as a condition of a context.

use super::operators::keep;
use super::scope::Scope;
use crate::checker::Checker;
use crate::codes;
use crate::core::{Collection, ExprKind, Source, Type};
use crate::typed::{Known, Typed};
use hengjie_syntax::Span;
use hengjie_syntax::ast::Expr;

impl<'a> Checker<'a> {
    /// `如 c 则 v … 否则 e`: in each value its condition is known, and that those before do not hold.
    pub(super) fn infer_if(
        &mut self,
        scope: &Scope<'a>,
        arms: &'a [(Expr, Expr)],
        otherwise: &'a Expr,
        span: Span,
        expected: Option<&Type>,
    ) -> Typed {
        let mut before = scope.clone();
        let mut conditions = Vec::new();
        let mut scopes = Vec::new();
        let mut broken = false;
        for (condition, _) in arms {
            let typed = self.infer(&before, condition, Some(&Type::Bool));
            let typed = self.truth(typed);
            let mut inside = before.clone();
            inside.learn(&typed.expr);
            before.learn_not(&typed.expr);
            broken |= typed.is_unknown();
            conditions.push(typed.settle(&Type::Bool));
            scopes.push(inside);
        }
        scopes.push(before);
        let values = arms.iter().map(|(_, value)| value).chain([otherwise]);
        let items: Vec<(&Scope<'a>, &'a Expr)> = scopes.iter().zip(values).collect();
        let values = self.infer_together(&items, expected);
        let Some(base) = self.unify(&values) else {
            return self.untyped_if(conditions, values, span);
        };
        if let Type::Collection(element) = &base {
            return self.collection_if(conditions, values, element.as_ref().clone(), span);
        }
        let optional = values.iter().any(Typed::optional);
        broken |= values.iter().any(Typed::is_unknown);
        let mut values: Vec<_> = values.into_iter().map(|value| value.settle(&base)).collect();
        let Some(otherwise) = values.pop() else { return Typed::unknown(span) };
        let arms = conditions.into_iter().zip(values).collect();
        let typed = Typed::new(ExprKind::If { arms, otherwise: Box::new(otherwise) }, base, optional, span);
        // A mistake inside has been reported; the type of the other parts is good enough for users of the value.
        if broken { Typed { known: Known::Yes, ..typed } } else { typed }
    }

    /// All parts are 无 or 免, or unknown.
    fn untyped_if(&mut self, conditions: Vec<crate::core::Expr>, values: Vec<Typed>, span: Span) -> Typed {
        let nothing = values.iter().all(|value| value.known == Known::Nothing);
        let mut values: Vec<_> = values.into_iter().map(|value| value.expr).collect();
        let Some(otherwise) = values.pop() else { return Typed::unknown(span) };
        let arms = conditions.into_iter().zip(values).collect();
        let typed = Typed::new(ExprKind::If { arms, otherwise: Box::new(otherwise) }, Type::Bool, true, span);
        let known = if nothing { Known::Nothing } else { Known::Unknown };
        Typed { known, ..typed }
    }

    fn collection_if(
        &mut self,
        conditions: Vec<crate::core::Expr>,
        values: Vec<Typed>,
        element: Type,
        span: Span,
    ) -> Typed {
        let mut parts: Vec<Option<Collection>> = values.into_iter().map(into_collection).collect();
        let otherwise = parts.pop().flatten().map(Box::new);
        let arms = conditions
            .into_iter()
            .zip(parts)
            .filter_map(|(condition, part)| Some((condition, part?)))
            .collect();
        super::members::collection(Source::If { arms, otherwise }, element, span)
    }

    /// `v 无则 d`, `v 缺则 d`
    pub(super) fn infer_default(
        &mut self,
        scope: &Scope<'a>,
        (value, default): (&'a Expr, &'a Expr),
        span: Span,
        expected: Option<&Type>,
        none: bool,
    ) -> Typed {
        let parts = self.infer_together(&[(scope, value), (scope, default)], expected);
        let Some(base) = self.unify(&parts) else {
            let mut parts = parts.into_iter().map(|part| part.expr);
            let (Some(a), Some(b)) = (parts.next(), parts.next()) else { return Typed::unknown(span) };
            return keep(Typed::new(defaulted(a, b, none), Type::Bool, true, span), true);
        };
        if matches!(base, Type::Collection(_)) {
            self.error(
                codes::TYPE_MISMATCH,
                span,
                "集合总是有的（可能是空的），不用“无则”“缺则”",
                "a collection is always there (it may be empty): no 无则 or 缺则",
            );
            return Typed::unknown(span);
        }
        let optional = if none { parts[1].optional() } else { parts[0].optional() || parts[1].optional() };
        let mut parts = parts.into_iter().map(|part| part.settle(&base));
        let (Some(a), Some(b)) = (parts.next(), parts.next()) else { return Typed::unknown(span) };
        Typed::new(defaulted(a, b, none), base.clone(), optional, span)
    }

    /// The parts of a filter over the subject, each typed; the scope learns them.
    pub(crate) fn conditions(
        &mut self,
        scope: &mut Scope<'a>,
        conditions: &[&'a Expr],
    ) -> Vec<crate::core::Expr> {
        let mut filter = Vec::new();
        for condition in conditions {
            let typed = self.infer(scope, condition, Some(&Type::Bool));
            if !typed.is_unknown() {
                self.expect_same(&Type::Bool, &typed);
            }
            scope.learn(&typed.expr);
            filter.extend(super::facts::conjuncts(&typed.settle(&Type::Bool)));
        }
        filter
    }
}

fn defaulted(a: crate::core::Expr, b: crate::core::Expr, none: bool) -> ExprKind {
    if none {
        ExprKind::OrNone(Box::new(a), Box::new(b))
    } else {
        ExprKind::OrMissing(Box::new(a), Box::new(b))
    }
}

/// The collection of a collection-typed expression.
pub(super) fn into_collection(typed: Typed) -> Option<Collection> {
    match typed.expr.kind {
        ExprKind::Collection(collection) => Some(*collection),
        _ => None,
    }
}
