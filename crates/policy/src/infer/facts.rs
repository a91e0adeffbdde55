//! What is known to hold at a place: conditions of the context, of guards and of 如 … 则.

use super::scope::Scope;
use crate::core::{Collection, Expr, ExprKind, Source, VariableId};
use crate::typed::{Typed, key};
use std::rc::Rc;

/// A condition that holds.
#[derive(Debug, Clone)]
pub(crate) struct Fact {
    pub expr: Expr,
    pub key: String,
}

impl Fact {
    pub(crate) fn new(expr: Expr) -> Self {
        let key = key(&expr);
        Self { expr, key }
    }
}

impl Scope<'_> {
    /// Is a condition known to hold?
    pub(crate) fn knows(&self, condition: &Expr) -> bool {
        if self.facts.is_empty() {
            return false;
        }
        let wanted = key(condition);
        self.facts.iter().any(|fact| fact.key == wanted)
    }

    /// Adds a condition, part by part.
    pub(crate) fn learn(&mut self, condition: &Expr) {
        for part in conjuncts(condition) {
            self.facts.push(Rc::new(Fact::new(part)));
        }
    }

    /// Adds that a condition does not hold.
    pub(crate) fn learn_not(&mut self, condition: &Expr) {
        self.learn(&negated(condition));
    }
}

/// The parts of a condition that all hold when it holds.
pub(crate) fn conjuncts(condition: &Expr) -> Vec<Expr> {
    match &condition.kind {
        ExprKind::And(parts) => parts.iter().flat_map(conjuncts).collect(),
        ExprKind::Not(inner) => match &inner.kind {
            ExprKind::Or(parts) => parts.iter().flat_map(|part| conjuncts(&negated(part))).collect(),
            ExprKind::Not(inner) => conjuncts(inner),
            _ => vec![condition.clone()],
        },
        _ => vec![condition.clone()],
    }
}

/// The opposite of a condition, in the simplest form.
pub(crate) fn negated(condition: &Expr) -> Expr {
    use crate::core::Comparison::{Equal, Greater, GreaterEqual, Less, LessEqual, NotEqual};
    let kind = match &condition.kind {
        ExprKind::Not(inner) => return (**inner).clone(),
        ExprKind::Compare(comparison, left, right) => {
            let opposite = match comparison {
                Equal => NotEqual,
                NotEqual => Equal,
                Less => GreaterEqual,
                LessEqual => Greater,
                Greater => LessEqual,
                GreaterEqual => Less,
            };
            ExprKind::Compare(opposite, left.clone(), right.clone())
        }
        _ => ExprKind::Not(Box::new(condition.clone())),
    };
    Expr { kind, ..condition.clone() }
}

/// A value known to be there (有) is not optional.
pub(super) fn narrow(scope: &Scope<'_>, mut typed: Typed) -> Typed {
    if !typed.optional() || typed.is_unknown() || scope.facts.is_empty() {
        return typed;
    }
    let has = Expr {
        kind: ExprKind::IsSome(Box::new(typed.expr.clone())),
        ty: crate::core::ValueType { base: crate::core::Type::Bool, optional: false },
        span: typed.span(),
    };
    if scope.knows(&has) {
        typed.expr.ty.optional = false;
    }
    typed
}

/// The condition over another object: 本人 replaced by `subject`.
pub(crate) fn substitute_subject(condition: &Expr, subject: &Expr) -> Expr {
    let mut copy = condition.clone();
    replace(&mut copy, &ExprKind::Subject, subject);
    copy
}

/// The condition over another element: a variable replaced by `element`.
pub(super) fn substitute_variable(condition: &Expr, variable: VariableId, element: &Expr) -> Expr {
    let mut copy = condition.clone();
    replace(&mut copy, &ExprKind::Variable(variable), element);
    copy
}

/// Puts `new` in the place of a subject or variable. Only for comparison with what is known, never for evaluation.
fn replace(expr: &mut Expr, old: &ExprKind, new: &Expr) {
    let found = match (&expr.kind, old) {
        (ExprKind::Subject, ExprKind::Subject) => true,
        (ExprKind::Variable(found), ExprKind::Variable(wanted)) => found == wanted,
        _ => false,
    };
    if found {
        *expr = new.clone();
        return;
    }
    crate::walk::children_mut(expr, &mut |child| replace(child, old, new));
}

/// Does a collection hold every subject of its kind that 适用 admits, and no others?
pub(crate) fn is_population(collection: &Collection) -> bool {
    matches!(collection.source, Source::AllOf(_))
}
