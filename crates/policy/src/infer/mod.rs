//! Expressions: names, types, units.
//!
//! Reading order: [`scope`] (where a name may come from), `names`, `members` and `attributes` (what it is), `operators`,
//! `comparisons`, `conditions`, `calls`, `aggregates`, `collections`, `periods`, `lookups`, `formula`, `facts` (what is known to hold),
//! `bounds` (what a number can be), `constants`.

mod aggregates;
mod attributes;
mod bounds;
mod calls;
mod collections;
mod comparisons;
mod conditions;
mod constants;
mod facts;
mod formula;
mod functions;
mod lookups;
mod members;
mod names;
mod operators;
mod periods;
mod scope;

pub(crate) use collections::list_of;
pub(crate) use facts::substitute_subject;
pub(crate) use scope::Scope;

use crate::checker::Checker;
use crate::core::{ExprKind, Literal, Type};
use crate::typed::Typed;
use crate::{codes, limits};
use hengjie_syntax::ast::{self, Expr};

impl<'a> Checker<'a> {
    /// The typed form of an expression. Mistakes are reported once and give the unknown type.
    ///
    /// `expected` helps to choose among names; it is not enforced.
    pub(crate) fn infer(&mut self, scope: &Scope<'a>, expr: &'a Expr, expected: Option<&Type>) -> Typed {
        if !self.spend_node(expr.span) {
            return Typed::unknown(expr.span);
        }
        if self.depth >= limits::EXPRESSION_DEPTH {
            self.error(
                codes::TOO_DEEP,
                expr.span,
                format!("公式嵌套超过 {} 层：请拆成几条规则", limits::EXPRESSION_DEPTH),
                format!("nested deeper than {}: split into several rules", limits::EXPRESSION_DEPTH),
            );
            return Typed::unknown(expr.span);
        }
        self.depth += 1;
        let typed = self.infer_form(scope, expr, expected);
        self.depth -= 1;
        let typed = facts::narrow(scope, typed);
        self.note_type(&typed, expr.span);
        typed
    }

    fn infer_form(&mut self, scope: &Scope<'a>, expr: &'a Expr, expected: Option<&Type>) -> Typed {
        let span = expr.span;
        match &expr.kind {
            ast::ExprKind::Number(number) => match self.read_number(number) {
                Some((value, unit)) => {
                    Typed::present(ExprKind::Literal(Literal::Number(value)), Type::Number(unit), span)
                }
                None => Typed::unknown(span),
            },
            ast::ExprKind::Date(date) => {
                Typed::present(ExprKind::Literal(Literal::Date(*date)), Type::Date, span)
            }
            ast::ExprKind::Period(period) => Typed::present(
                ExprKind::Literal(Literal::Period(*period)),
                Type::Period(period.grain()),
                span,
            ),
            ast::ExprKind::Time(_) => {
                self.error(
                    codes::NOT_A_VALUE,
                    span,
                    "钟点只用在任务和时限里，不能参加计算",
                    "a time of day belongs to duties and clocks and cannot be computed with",
                );
                Typed::unknown(span)
            }
            ast::ExprKind::Text(text) => {
                Typed::present(ExprKind::Literal(Literal::Text(text.clone())), Type::Text, span)
            }
            ast::ExprKind::Name(name) => self.infer_name(scope, name, expected),
            ast::ExprKind::Field(base, name) => self.infer_field(scope, base, name, span),
            ast::ExprKind::Call(name, arguments) => self.infer_call(scope, name, arguments, span, expected),
            ast::ExprKind::Method(base, name, arguments) => {
                self.infer_method(scope, base, name, arguments, span)
            }
            ast::ExprKind::List(items) => self.infer_list(scope, items, span),
            ast::ExprKind::If { arms, otherwise } => self.infer_if(scope, arms, otherwise, span, expected),
            ast::ExprKind::OrNone(value, default) => {
                self.infer_default(scope, (value, default), span, expected, true)
            }
            ast::ExprKind::OrMissing(value, default) => {
                self.infer_default(scope, (value, default), span, expected, false)
            }
            ast::ExprKind::Not(value) => self.infer_not(scope, value, span),
            ast::ExprKind::Negate(value) => self.infer_negate(scope, value, span),
            ast::ExprKind::Binary(op, left, right) => self.infer_binary(scope, *op, left, right, span),
            ast::ExprKind::Where(collection, condition) => {
                self.infer_where(scope, collection, condition, None, span)
            }
            ast::ExprKind::Error => Typed::unknown(span),
        }
    }

    /// Infers expressions that belong together; bare names of items come last, so that the others tell their 名目.
    pub(crate) fn infer_together(
        &mut self,
        items: &[(&Scope<'a>, &'a Expr)],
        expected: Option<&Type>,
    ) -> Vec<Typed> {
        let mut expected = expected.cloned();
        let mut found: Vec<Option<Typed>> = vec![None; items.len()];
        let is_item = |checker: &Self, expr: &Expr| match &expr.kind {
            ast::ExprKind::Name(name) => checker.names.items.contains_key(&name.text),
            _ => false,
        };
        let (last, first): (Vec<usize>, Vec<usize>) =
            (0..items.len()).partition(|&index| is_item(self, items[index].1));
        for index in first.into_iter().chain(last) {
            let (scope, expr) = items[index];
            let typed = self.infer(scope, expr, expected.as_ref());
            if expected.is_none() {
                expected = typed.base().cloned();
            }
            found[index] = Some(typed);
        }
        found
            .into_iter()
            .zip(items)
            .map(|(typed, (_, expr))| typed.unwrap_or(Typed::unknown(expr.span)))
            .collect()
    }

    /// One type for all parts; differences are errors at the part. `None` when no part has a known type.
    pub(crate) fn unify(&mut self, parts: &[Typed]) -> Option<Type> {
        let mut common: Option<Type> = None;
        for part in parts {
            let Some(base) = part.base().cloned() else { continue };
            match &common {
                None => common = Some(base),
                Some(first) if *first != base => {
                    let first = first.clone();
                    self.expect_same(&first, part);
                    return None;
                }
                Some(_) => {}
            }
        }
        common
    }

    /// An error for a part whose type is not the wanted one.
    pub(crate) fn expect_same(&mut self, wanted: &Type, part: &Typed) {
        let Some(base) = part.base().cloned() else { return };
        if base == *wanted {
            return;
        }
        if let (Type::Number(want), Type::Number(found)) = (wanted, &base) {
            let (want, found) = (want.clone(), found.clone());
            self.unit_mismatch(&want, &found, part);
            return;
        }
        let ((zh, en), (want_zh, want_en)) = (self.type_name(&base), self.type_name(wanted));
        self.error(
            codes::TYPE_MISMATCH,
            part.span(),
            format!("这里应是{want_zh}，写的是{zh}"),
            format!("{want_en} is needed here, found {en}"),
        );
    }

    /// A value that is there: 无 must have been answered. The typed expression counts as present afterwards.
    pub(crate) fn present(&mut self, mut typed: Typed) -> Typed {
        if !typed.optional() || typed.is_unknown() {
            return typed;
        }
        typed.expr.ty.optional = false;
        let hint = match typed.base() {
            Some(Type::Number(unit)) if unit.is_none() => "0".to_owned(),
            Some(Type::Number(unit)) => format!("0{unit}"),
            Some(Type::Bool) => "否".to_owned(),
            _ => "…".to_owned(),
        };
        let mut diagnostic = hengjie_syntax::Diagnostic::error(
            codes::MAYBE_NONE,
            typed.span(),
            "这里可能没有值（无）：用“无则”说明那时取什么",
            "there may be no value (无) here: say with 无则 what counts then",
        );
        let (zh, en) = none_reason(&typed.expr.kind);
        diagnostic =
            diagnostic.help(format!("{zh}；写成：(… 无则 {hint})"), format!("{en}; write: (… 无则 {hint})"));
        self.report(diagnostic);
        typed
    }

    /// A present 是否.
    pub(crate) fn truth(&mut self, typed: Typed) -> Typed {
        match typed.base() {
            None | Some(Type::Bool) => self.present(typed),
            Some(_) => {
                self.expect_same(&Type::Bool, &typed);
                Typed::unknown(typed.span())
            }
        }
    }

    /// A present number.
    pub(crate) fn number(&mut self, typed: Typed) -> Typed {
        match typed.base().cloned() {
            None | Some(Type::Number(_)) => self.present(typed),
            Some(base) => {
                let (zh, en) = self.type_name(&base);
                self.error(
                    codes::NOT_A_NUMBER,
                    typed.span(),
                    format!("这里需要数，写的是{zh}"),
                    format!("a number is needed here, found {en}"),
                );
                Typed::unknown(typed.span())
            }
        }
    }
}

/// Why a value may be missing.
fn none_reason(kind: &ExprKind) -> (&'static str, &'static str) {
    use crate::core::Arithmetic;
    match kind {
        ExprKind::Arithmetic(Arithmetic::Divide, ..) => (
            "除数可能是 0（除数的参数或字段写明大于 0 的范围，或用“如 除数 > 0 …”，就不必写）",
            "the divisor may be 0 (not needed when the divisor has a range above 0, or under 如 divisor > 0)",
        ),
        ExprKind::At { .. } => ("那一期可能在开始以前", "that period may lie before the first one"),
        ExprKind::Aggregate(_) => ("集合可能是空的", "the collection may be empty"),
        ExprKind::Lookup { .. } | ExprKind::LookupRow { .. } | ExprKind::Interpolate { .. } => {
            ("表里可能没有这一行", "the table may have no such row")
        }
        ExprKind::Attribute { .. } => {
            ("这个值不是对每个对象、每一期都有", "not every subject and period has this value")
        }
        _ => ("", "it is not always there"),
    }
}
