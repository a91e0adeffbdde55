//! Reading an attribute: which grain, which row, and whether it surely exists.

use super::members::collection;
use super::names::is_subject;
use super::scope::{Place, Scope};
use super::substitute_subject;
use crate::checker::Checker;
use crate::codes;
use crate::core::{AttributeId, Collection, Expr, ExprKind, Source, Type};
use crate::draft::DraftType;
use crate::typed::Typed;
use hengjie_syntax::ast::{self, Name};
use hengjie_syntax::{Diagnostic, Span};

impl<'a> Checker<'a> {
    /// An attribute of `subject` (全体 without one), of the grain of the scope.
    pub(super) fn read_attribute(
        &mut self,
        scope: &Scope<'a>,
        candidates: &[AttributeId],
        subject: Option<Typed>,
        row: Option<Typed>,
        name: &Name,
    ) -> Typed {
        let span = subject.as_ref().map_or(name.span, |subject| subject.span().to(name.span));
        let fits = |id: &&AttributeId| self.drafts[id.index()].grain == scope.grain;
        let timeless = |id: &&AttributeId| self.drafts[id.index()].grain.is_none();
        let Some(&attribute) = candidates.iter().find(fits).or_else(|| candidates.iter().find(timeless))
        else {
            if let Some(grain) = candidates.first().and_then(|id| self.drafts[id.index()].grain) {
                self.other_period(scope, name, grain);
            }
            return Typed::unknown(span);
        };
        if scope.place == Place::Constant {
            self.not_constant(name.span);
            return Typed::unknown(span);
        }
        self.note_attribute(name.span, attribute);
        let (row, row_optional) = match self.row_for(scope, attribute, subject.as_ref(), row, name) {
            Ok(found) => found,
            Err(()) => return Typed::unknown(span),
        };
        let implied = self.implied(scope, attribute, subject.as_ref().map(|subject| &subject.expr));
        let base_optional = subject.as_ref().is_some_and(Typed::optional);
        let kind = ExprKind::Attribute {
            attribute,
            subject: subject.map(|subject| Box::new(subject.expr)),
            row: row.map(Box::new),
        };
        match self.drafts[attribute.index()].ty.clone() {
            DraftType::Known(ty) => {
                if let Type::Collection(element) = &ty.base {
                    return collection_attribute(kind, element.as_ref().clone(), span);
                }
                let optional = ty.optional || !implied || base_optional || row_optional;
                Typed::new(kind, ty.base, optional, span)
            }
            // The reference is kept so that a cycle is found.
            DraftType::Pending | DraftType::Broken => {
                let mut typed = Typed::unknown(span);
                typed.expr.kind = kind;
                typed
            }
        }
    }

    /// The row for an attribute with 逐: given, of the element, or of the rule. `Err` after an error.
    pub(super) fn row_for(
        &mut self,
        scope: &Scope<'a>,
        attribute: AttributeId,
        subject: Option<&Typed>,
        given: Option<Typed>,
        name: &Name,
    ) -> Result<(Option<Expr>, bool), ()> {
        let draft = &self.drafts[attribute.index()];
        let Some(written) = draft.rows.clone() else { return Ok((None, false)) };
        let Some(rows) = draft.row.clone() else { return Err(()) };
        if let Some(row) = given {
            return Ok((Some(row.expr.clone()), row.optional() || !rows.filters.is_empty()));
        }
        let own = subject.is_none_or(|subject| is_subject(&subject.expr));
        if own {
            if let Some(binding) = scope.elements.last()
                && binding.element.as_ref() == Some(&rows.element)
                && matches!(rows.element, Type::Row(_))
            {
                return Ok((
                    Some(super::names::element_of(binding, name.span).expr),
                    !rows.filters.is_empty(),
                ));
            }
            let same_rule =
                scope.attribute.is_some_and(|id| self.drafts[id.index()].rows.as_ref() == Some(&written));
            if let Some(binding) = &scope.row
                && binding.element.as_ref() == Some(&rows.element)
            {
                let partial = !same_rule && !rows.filters.is_empty();
                return Ok((Some(super::names::element_of(binding, name.span).expr), partial));
            }
        }
        self.report(
            Diagnostic::error(
                codes::ROW_NEEDED,
                name.span,
                format!("“{}”逐行有值，这里没有说是哪一行", name.text),
                format!("`{}` has one value per row; say which row is meant", name.text),
            )
            .help(
                format!("例如：首个({written} 其中 {})，或 {}(键)", name.text, name.text),
                format!("for example: 首个({written} 其中 {}), or {}(key)", name.text, name.text),
            ),
        );
        Err(())
    }

    /// Does the attribute surely exist for this object here?
    pub(super) fn implied(&self, scope: &Scope<'a>, attribute: AttributeId, subject: Option<&Expr>) -> bool {
        let draft = &self.drafts[attribute.index()];
        let needed = self.population_filter(draft.kind).into_iter().chain(draft.filter.iter().cloned());
        let mut needed = needed.peekable();
        match subject {
            None => needed.peek().is_none(),
            Some(subject) => needed.all(|part| scope.knows(&substitute_subject(&part, subject))),
        }
    }

    /// An attribute per row, read at an element of its table.
    pub(super) fn infer_row_attribute(
        &mut self,
        scope: &Scope<'a>,
        base: Typed,
        table: crate::core::TableId,
        name: &Name,
        span: Span,
    ) -> Typed {
        let candidates: Vec<AttributeId> = self
            .attributes_of(scope.subject(), &name.text)
            .into_iter()
            .filter(|id| {
                self.drafts[id.index()].row.as_ref().is_some_and(|row| row.element == Type::Row(table))
            })
            .collect();
        if !candidates.is_empty()
            && let Some(kind) = scope.subject()
        {
            let subject = Typed::present(ExprKind::Subject, Type::Object(kind), name.span);
            return self.read_attribute(scope, &candidates, Some(subject), Some(base), name);
        }
        if !self.names.poisoned.contains(&name.text) {
            let table = &self.tables[table.index()];
            let close = self.closest(&name.text, table.columns.iter().map(|column| column.name.as_str()));
            let (zh, en) = (format!("表“{}”", table.name), format!("the table `{}`", table.name));
            self.unknown_in(codes::UNKNOWN_MEMBER, name, (&zh, &en), ("列", "column"), close);
        }
        Typed::unknown(span)
    }

    /// `base.name(args)`: an attribute of another object at a row.
    pub(super) fn infer_method(
        &mut self,
        scope: &Scope<'a>,
        base: &'a ast::Expr,
        name: &'a Name,
        arguments: &'a [ast::Argument],
        span: Span,
    ) -> Typed {
        let base = self.infer(scope, base, None);
        let Some(Type::Object(kind)) = base.base().cloned() else {
            if !base.is_unknown() {
                self.wrong_call(name, "对象后面才能写带行的规则", "only an object has rules with rows");
            }
            return Typed::unknown(span);
        };
        let candidates = self.attributes_of(Some(kind), &name.text);
        if candidates.is_empty() {
            return self.infer_member(scope, base, name, span);
        }
        self.read_at_row(scope, &candidates, Some(base), name, arguments)
    }

    /// `name(keys)`: an attribute with 逐 at the row of its table with these keys.
    pub(super) fn read_at_row(
        &mut self,
        scope: &Scope<'a>,
        candidates: &[AttributeId],
        subject: Option<Typed>,
        name: &'a Name,
        arguments: &'a [ast::Argument],
    ) -> Typed {
        let rows = candidates.iter().find_map(|id| self.drafts[id.index()].row.clone());
        let Some(Collection { element, .. }) = rows else {
            if candidates.iter().all(|id| self.drafts[id.index()].rows.is_none()) {
                self.wrong_call(name, "这条规则没有“逐 …”，不能带括号", "this rule has no rows (逐)");
            }
            return Typed::unknown(name.span);
        };
        let row = match element {
            Type::Row(table) => match self.infer_lookup_row(scope, table, arguments, name.span) {
                Some(row) => row,
                None => return Typed::unknown(name.span),
            },
            other => match arguments {
                [argument] => {
                    let row = self.infer(scope, &argument.value, Some(&other));
                    self.expect_same(&other, &row);
                    row
                }
                _ => return self.wrong_call(name, "这里要写一行", "one row is needed here"),
            },
        };
        if row.is_unknown() {
            return row;
        }
        self.read_attribute(scope, candidates, subject, Some(row), name)
    }
}

/// A collection-valued attribute as a collection.
fn collection_attribute(kind: ExprKind, element: Type, span: Span) -> Typed {
    let ExprKind::Attribute { attribute, subject, row } = kind else { return Typed::unknown(span) };
    collection(Source::Attribute { attribute, subject, row }, element, span)
}
