//! 公式: expanded where it is used, with its arguments read in the place of use.

use super::scope::{Param, Scope};
use crate::checker::Checker;
use crate::codes;
use crate::symbols::Used;
use crate::typed::Typed;
use hengjie_syntax::ast::{Argument, Name};
use hengjie_syntax::{Diagnostic, Span};
use std::rc::Rc;

impl<'a> Checker<'a> {
    /// `竞赛折分(理论成绩)`
    pub(super) fn expand(
        &mut self,
        scope: &Scope<'a>,
        position: usize,
        name: &Name,
        arguments: &'a [Argument],
        span: Span,
    ) -> Typed {
        self.used.insert(Used::Formula(position));
        let formula = &self.formulas[position];
        let (declared, body, params) = (formula.name, formula.body, formula.params);
        if scope.formulas.contains(&position) {
            self.report(
                Diagnostic::error(
                    codes::CYCLE,
                    span,
                    format!("公式“{}”用到了它自己", name.text),
                    format!("the formula `{}` uses itself", name.text),
                )
                .label(declared.span, "公式在这里", "the formula is here"),
            );
            return Typed::unknown(span);
        }
        if params.len() != arguments.len() {
            self.error(
                codes::WRONG_CALL,
                span,
                format!("公式“{}”有 {} 个参数，写了 {} 个", name.text, params.len(), arguments.len()),
                format!(
                    "the formula `{}` has {} argument(s), found {}",
                    name.text,
                    params.len(),
                    arguments.len()
                ),
            );
            return Typed::unknown(span);
        }
        let outer = Rc::new(scope.clone());
        let mut inner = scope.clone();
        inner.params.clear();
        inner.formulas.push(position);
        for ((param, ty), argument) in params.iter().zip(arguments) {
            let Some(wanted) = self.read_type(ty) else { return Typed::unknown(span) };
            let typed = self.infer(scope, &argument.value, Some(&wanted));
            if typed.is_unknown() {
                return Typed::unknown(span);
            }
            let typed = self.present(typed);
            self.expect_same(&wanted, &typed);
            if typed.base().is_some_and(|base| *base != wanted) {
                return Typed::unknown(span);
            }
            inner.params.push(Param { name: &param.text, value: &argument.value, scope: Rc::clone(&outer) });
        }
        let mut typed = self.infer(&inner, body, None);
        typed.expr.span = span;
        typed
    }
}
