//! Constant expressions: values of parameters, borders of ranges, values in examples.

use super::scope::{Place, Scope};
use crate::checker::Checker;
use crate::core::{Arithmetic, ArticleId, Expr, ExprKind, Literal, Type};
use crate::typed::Known;
use hengjie_syntax::ast;

impl<'a> Checker<'a> {
    /// The value of a constant expression of a type; `None` after an error.
    pub(crate) fn constant(&mut self, expr: &'a ast::Expr, wanted: Option<&Type>) -> Option<Literal> {
        let scope = Scope::new(Place::Constant, None, ArticleId(0));
        let typed = self.infer(&scope, expr, wanted);
        if typed.is_unknown() {
            return None;
        }
        if typed.known == Known::Nothing {
            return fold(&typed.expr);
        }
        if let Some(wanted) = wanted {
            self.expect_same(wanted, &typed);
            if typed.base() != Some(wanted) {
                return None;
            }
        }
        let folded = fold(&typed.expr);
        if folded.is_none() {
            self.not_constant(expr.span);
        }
        folded
    }
}

/// The value of an expression of literals.
fn fold(expr: &Expr) -> Option<Literal> {
    let number = |part: &Expr| match fold(part)? {
        Literal::Number(value) => Some(value),
        _ => None,
    };
    match &expr.kind {
        ExprKind::Literal(literal) => Some(literal.clone()),
        ExprKind::Negate(part) => Some(Literal::Number(-number(part)?)),
        ExprKind::Arithmetic(way, a, b) => {
            let (a, b) = (number(a)?, number(b)?);
            Some(Literal::Number(match way {
                Arithmetic::Add => &a + &b,
                Arithmetic::Subtract => &a - &b,
                Arithmetic::Multiply => &a * &b,
                Arithmetic::Divide => a.checked_div(&b)?,
                _ => return None,
            }))
        }
        _ => None,
    }
}
