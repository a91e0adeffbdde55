//! 分摊: an amount shared out among elements.

use crate::checker::Checker;
use crate::codes;
use crate::core::{
    AttributeId, Body, Case, Collection, Expr, ExprKind, FieldRef, Source, Split, SplitMethod, Type,
    ValueType,
};
use crate::draft::ContextDraft;
use crate::infer::Scope;
use crate::typed::Typed;
use hengjie_syntax::Diagnostic;
use hengjie_syntax::ast::{self, Direction, SplitDecl};
use std::collections::BTreeSet;

impl<'a> Checker<'a> {
    /// Type and body of a split; the attribute lives on the elements.
    pub(crate) fn check_split(
        &mut self,
        id: AttributeId,
        decl: &'a SplitDecl,
        context: usize,
    ) -> Option<(ValueType, Body)> {
        let article = self.drafts[id.index()].article;
        let scope = self.rule_scope(context, id, article);
        let amount = self.infer(&scope, &decl.amount, None);
        let amount = self.number(amount);
        let to = self.split_elements(&scope, decl)?;
        let element = match &to.element {
            Type::Object(kind) => *kind,
            _ => return None,
        };
        let parent = self.split_parent(&self.contexts[context], &to);
        let Some(parent) = parent else {
            self.report(
                Diagnostic::error(
                    codes::SPLIT,
                    decl.to.span,
                    "“给”后面要写本人的反称（记录指回本人），全体则写一种资料",
                    "给 needs an inverse of the subject (records that refer to it), or a kind for 全体",
                )
                .help("例如：对 团队 每月，分摊 … 给 成员 …", "for example: 对 团队 每月, 分摊 … 给 成员 …"),
            );
            return None;
        };
        let inner = scope.with_element(Some(Type::Object(element)), None);
        let (method, taken) = self.split_method(&inner, decl);
        let unit = amount.unit().cloned();
        let cap = decl.cap.as_ref().and_then(|cap| {
            let cap = self.infer(&inner, cap, None);
            let cap = self.number(cap);
            amount.base().cloned().iter().for_each(|base| self.expect_same(base, &cap));
            (!cap.is_unknown()).then_some(cap.expr)
        });
        let remainder = decl.remainder.as_ref().and_then(|(key, direction)| {
            self.split_key(&inner, key).map(|key| (key, *direction == Direction::HighToLow))
        });
        let unit = unit?;
        let Some(spec) = &decl.rounding else {
            self.report(
                Diagnostic::error(
                    codes::SPLIT,
                    decl.name.span,
                    "分摊要写明舍入到多少",
                    "a split needs its rounding",
                )
                .help("例如：四舍五入 到 0.01元 余数 归 …", "for example: 四舍五入 到 0.01元 余数 归 …"),
            );
            return None;
        };
        let rounding = self.rounding(spec, &unit)?;
        if matches!(decl.method, ast::SplitMethod::Shares(_)) && decl.remainder.is_none() {
            // Without it the order of the file would decide who gets the last cent.
            self.report(
                Diagnostic::error(
                    codes::SPLIT,
                    decl.name.span,
                    "分摊要写明舍入剩下的余数归谁",
                    "a split by shares must say who gets the remainder of the rounding",
                )
                .help("例如：余数 归 其.份额 从高到低", "for example: 余数 归 其.份额 从高到低"),
            );
            return None;
        }
        let partial = taken || !to.filters.is_empty() || !self.contexts[context].filter.is_empty();
        let ty = ValueType { base: Type::Number(unit), optional: partial };
        let split = Split { parent, amount: amount.expr, to, method: method?, cap, rounding, remainder };
        Some((ty, Body::Split(split)))
    }

    /// The elements that take part.
    fn split_elements(&mut self, scope: &Scope<'a>, decl: &'a SplitDecl) -> Option<Collection> {
        let typed = self.infer(scope, &decl.to, None);
        let typed = self.collection_of(typed)?;
        match typed.expr.kind {
            ExprKind::Collection(found) if matches!(found.element, Type::Object(_)) => Some(*found),
            _ => {
                self.error(
                    codes::NOT_A_COLLECTION,
                    decl.to.span,
                    "分摊只能给对象或记录",
                    "an amount is shared out among objects or records",
                );
                None
            }
        }
    }

    /// How an element leads back to the subject: `Some(None)` for 全体.
    #[expect(clippy::option_option, reason = "no way back and no need of one are different answers")]
    fn split_parent(&self, context: &ContextDraft<'a>, to: &Collection) -> Option<Option<FieldRef>> {
        let mut to = to;
        // A name is followed once: rules that lead back to themselves are reported with the order of rules.
        let mut followed = BTreeSet::new();
        loop {
            match (&to.source, context.kind) {
                (Source::AllOf(_), None) => return Some(None),
                (Source::Related { of, field }, Some(_)) if matches!(of.kind, ExprKind::Subject) => {
                    return Some(Some(*field));
                }
                (Source::Attribute { attribute, .. }, Some(_)) if followed.insert(*attribute) => {
                    to = self.only_collection(*attribute)?;
                }
                _ => return None,
            }
        }
    }

    /// The collection that a rule always is, when it has one case.
    fn only_collection(&self, attribute: AttributeId) -> Option<&Collection> {
        match self.drafts[attribute.index()].body.as_ref()? {
            Body::Defined { exceptions, general } => match (exceptions.as_slice(), general.as_slice()) {
                ([], [Case { guard: None, value: Expr { kind: ExprKind::Collection(found), .. }, .. }]) => {
                    Some(found)
                }
                _ => None,
            },
            _ => None,
        }
    }

    fn split_method(&mut self, inner: &Scope<'a>, decl: &'a SplitDecl) -> (Option<SplitMethod>, bool) {
        match &decl.method {
            ast::SplitMethod::Shares(share) => {
                let share = self.infer(inner, share, None);
                let share = self.number(share);
                ((!share.is_unknown()).then_some(SplitMethod::Shares(share.expr)), false)
            }
            ast::SplitMethod::InTurn(key, direction) => {
                if decl.cap.is_none() {
                    self.error(
                        codes::SPLIT,
                        key.span,
                        "“依次”要写上限：每个最多分多少",
                        "依次 needs a cap (上限): how much each takes at most",
                    );
                }
                let key = self.split_key(inner, key);
                (key.map(|key| SplitMethod::InTurn(key, *direction == Direction::HighToLow)), false)
            }
        }
    }

    /// A key to sort elements by.
    fn split_key(&mut self, inner: &Scope<'a>, key: &'a ast::Expr) -> Option<Expr> {
        let typed: Typed = self.infer(inner, key, None);
        let typed = self.present(typed);
        let ordered = match typed.base()? {
            Type::Number(_) | Type::Date => true,
            Type::Enum(id) => self.enums[id.index()].ordered,
            _ => false,
        };
        if !ordered {
            let (zh, en) = typed.base().map(|base| self.type_name(base)).unwrap_or_default();
            self.error(
                codes::NOT_ORDERED,
                key.span,
                format!("不能按{zh}排先后"),
                format!("cannot sort by {en}"),
            );
            return None;
        }
        Some(typed.expr)
    }
}
