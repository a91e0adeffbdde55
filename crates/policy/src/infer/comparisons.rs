//! Comparisons, readings and 属于.

use super::operators::keep;
use super::scope::Scope;
use crate::checker::Checker;
use crate::codes;
use crate::core::{Comparison, ExprKind, Type};
use crate::index::Symbol;
use crate::symbols::{Global, Used};
use crate::typed::{Known, Typed};
use hengjie_syntax::ast::{self, BinaryOp, Expr};
use hengjie_syntax::{Diagnostic, Span};

impl<'a> Checker<'a> {
    /// The reading that a bare name means.
    pub(super) fn reading_of(&self, scope: &Scope<'a>, expr: &Expr) -> Option<crate::core::ReadingId> {
        let ast::ExprKind::Name(name) = &expr.kind else { return None };
        let shadowed = scope.subject().is_some_and(|kind| self.kind_has(kind, &name.text));
        match self.names.globals.get(&name.text) {
            Some((Global::Reading(id), _)) if !shadowed => Some(*id),
            _ => None,
        }
    }

    /// `A25 = 整笔`
    pub(super) fn infer_reading(
        &mut self,
        id: crate::core::ReadingId,
        right: &Expr,
        not: bool,
        span: Span,
    ) -> Typed {
        let reading = self.readings[id.index()].clone();
        self.used.insert(Used::Reading(id));
        let ast::ExprKind::Name(name) = &right.kind else {
            self.error(
                codes::NOT_A_VALUE,
                right.span,
                format!("这里要写读法“{}”的一种：{}", reading.name, reading.alternatives.join("、")),
                format!("write an alternative of `{}`: {}", reading.name, reading.alternatives.join(", ")),
            );
            return Typed::unknown(span);
        };
        if self.asked(name.span) {
            self.probe_alternatives(id);
        }
        let Some(position) = reading.alternatives.iter().position(|text| *text == name.text) else {
            let close = self.closest(&name.text, reading.alternatives.iter().map(String::as_str));
            let (zh, en) = (format!("“{}”", reading.name), format!("`{}`", reading.name));
            self.unknown_in(codes::UNKNOWN_NAME, name, (&zh, &en), ("读法", "alternative"), close);
            return Typed::unknown(span);
        };
        let position = crate::checker::count(position);
        self.used.insert(Used::Alternative(id, position));
        self.note(name.span, Symbol::Alternative(id, position));
        let is = Typed::present(ExprKind::ReadingIs(id, position), Type::Bool, span);
        if not { Typed::present(ExprKind::Not(Box::new(is.expr)), Type::Bool, span) } else { is }
    }

    pub(super) fn infer_comparison(
        &mut self,
        scope: &Scope<'a>,
        op: BinaryOp,
        left: &'a Expr,
        right: &'a Expr,
        span: Span,
    ) -> Typed {
        let mut parts = self.infer_together(&[(scope, left), (scope, right)], None).into_iter();
        let (Some(a), Some(b)) = (parts.next(), parts.next()) else { return Typed::unknown(span) };
        if self.compared_with_nothing(&a, &b) {
            return Typed::unknown(span);
        }
        let (a, b) = (self.present(a), self.present(b));
        let broken = a.is_unknown() || b.is_unknown() || !self.comparable(op, &a, &b, span);
        let comparison = match op {
            BinaryOp::Equal => Comparison::Equal,
            BinaryOp::NotEqual => Comparison::NotEqual,
            BinaryOp::Less => Comparison::Less,
            BinaryOp::LessEqual => Comparison::LessEqual,
            BinaryOp::Greater => Comparison::Greater,
            _ => Comparison::GreaterEqual,
        };
        keep(
            Typed::present(
                ExprKind::Compare(comparison, Box::new(a.expr), Box::new(b.expr)),
                Type::Bool,
                span,
            ),
            broken,
        )
    }

    pub(super) fn compared_with_nothing(&mut self, a: &Typed, b: &Typed) -> bool {
        let Some(nothing) = [a, b].into_iter().find(|part| part.known == Known::Nothing) else {
            return false;
        };
        self.report(
            Diagnostic::error(
                codes::NOT_A_VALUE,
                nothing.span(),
                "不能和“无”“免”比较",
                "无 and 免 cannot be compared with",
            )
            .help("有没有值用“有(x)”判断", "ask with 有(x) whether there is a value"),
        );
        true
    }

    /// May two values be compared in this way? Reports if not.
    pub(super) fn comparable(&mut self, op: BinaryOp, a: &Typed, b: &Typed, span: Span) -> bool {
        let (Some(left), Some(right)) = (a.base().cloned(), b.base().cloned()) else { return false };
        let dates = matches!((&left, &right), (Type::Date, Type::Period(_)) | (Type::Period(_), Type::Date));
        if dates {
            let period = if matches!(left, Type::Period(_)) { a } else { b };
            self.report(
                Diagnostic::error(
                    codes::DATE_AND_PERIOD,
                    span,
                    "日期不能和期间比较：期间有始有末",
                    "a date cannot be compared with a period, which has a first and a last day",
                )
                .help("写成 期间.始 或 期间.末", "write period.始 or period.末")
                .label(period.span(), "这是期间", "this is a period"),
            );
            return false;
        }
        if left != right {
            self.expect_same(&left, b);
            return false;
        }
        let ordered = match &left {
            Type::Number(_) | Type::Date | Type::Period(_) => true,
            Type::Enum(id) => self.enums[id.index()].ordered,
            _ => false,
        };
        let equality = matches!(op, BinaryOp::Equal | BinaryOp::NotEqual);
        if !ordered && !equality {
            let (zh, en) = self.type_name(&left);
            self.error(
                codes::NOT_ORDERED,
                span,
                format!("{zh}没有高低之分，只能用 = 和 ≠"),
                format!("{en} has no order: use = and ≠ only"),
            );
            return false;
        }
        if matches!(left, Type::Collection(_)) {
            self.error(codes::TYPE_MISMATCH, span, "集合不能比较", "collections cannot be compared");
            return false;
        }
        true
    }

    /// `x 属于 (a, b)`, `x 属于 行.区间`, `x 属于 集合`
    pub(super) fn infer_membership(
        &mut self,
        scope: &Scope<'a>,
        left: &'a Expr,
        right: &'a Expr,
        span: Span,
    ) -> Typed {
        let items: &'a [Expr] = match &right.kind {
            ast::ExprKind::List(items) => items,
            _ => std::slice::from_ref(right),
        };
        let value = self.infer(scope, left, None);
        let value = self.present(value);
        if let [single] = items {
            let cell = self.infer(scope, single, value.base());
            if let Some((table, column)) = interval_cell(&cell)
                && self.tables[table.index()].columns[column as usize].interval
            {
                let broken = value.is_unknown();
                if let Some(base) = cell.base().cloned() {
                    self.expect_same(&base, &value);
                }
                let kind = ExprKind::InInterval(Box::new(value.expr), Box::new(cell.expr));
                return keep(Typed::present(kind, Type::Bool, span), broken);
            }
            return self.infer_in(value, vec![cell], span);
        }
        let items = items.iter().map(|item| self.infer(scope, item, value.base())).collect();
        self.infer_in(value, items, span)
    }

    pub(super) fn infer_in(&mut self, value: Typed, items: Vec<Typed>, span: Span) -> Typed {
        let Some(base) = value.base().cloned() else { return value };
        let mut broken = false;
        let mut list = Vec::new();
        for item in items {
            let item = self.present(item);
            if let Some(Type::Collection(element)) = item.base()
                && **element == base
            {
                self.report(
                    Diagnostic::error(
                        codes::TYPE_MISMATCH,
                        item.span(),
                        "“属于”后面要逐项列出",
                        "属于 needs a list of items",
                    )
                    .help(
                        "对集合写：存在(集合 其中 其 = …)",
                        "for a collection write: 存在(coll 其中 其 = …)",
                    ),
                );
                broken = true;
                continue;
            }
            broken |= item.is_unknown() || item.base() != Some(&base);
            self.expect_same(&base, &item);
            list.push(item.expr);
        }
        keep(Typed::present(ExprKind::IsIn(Box::new(value.expr), list), Type::Bool, span), broken)
    }
}

/// The table and column of a cell.
fn interval_cell(typed: &Typed) -> Option<(crate::core::TableId, u32)> {
    match &typed.expr.kind {
        ExprKind::Cell(_, table, column) => Some((*table, *column)),
        _ => None,
    }
}
