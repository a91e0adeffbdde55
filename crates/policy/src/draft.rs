//! Attributes before their expressions are checked: who has them, when, and from which statements.

use crate::checker::Checker;
use crate::core::{
    ArticleId, Attribute, AttributeId, Body, Collection, Context, EnumId, Expr, KindId, Type, ValueType,
};
use hengjie_calendar::Grain;
use hengjie_syntax::Span;
use hengjie_syntax::ast::{self, Definition, ExprKind, Name, QuotaDecl, RankingDecl, SplitDecl, TotalDecl};

/// Whom a context is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Owner {
    /// 全体
    Everybody,
    Kind(KindId),
}

impl Owner {
    pub(crate) fn kind(self) -> Option<KindId> {
        match self {
            Self::Everybody => None,
            Self::Kind(kind) => Some(kind),
        }
    }
}

/// A context for one grain.
#[derive(Debug)]
pub(crate) struct ContextDraft<'a> {
    pub ast: &'a ast::Context,
    pub article: ArticleId,
    pub kind: Option<KindId>,
    /// The parts of the filter as written.
    pub conditions: Vec<&'a ast::Expr>,
    pub grain: Option<Grain>,
    /// The parts of the filter, over the subject; known once checked.
    pub filter: Vec<Expr>,
    /// The rows of 逐, once checked.
    pub row: Option<Collection>,
}

/// What is known of an attribute's type.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum DraftType {
    Pending,
    /// A mistake has been reported.
    Broken,
    Known(ValueType),
}

/// An attribute of one kind and grain.
#[derive(Debug)]
pub(crate) struct Draft<'a> {
    pub name: &'a Name,
    pub kind: Option<KindId>,
    pub grain: Option<Grain>,
    /// The rows of 逐 as written.
    pub rows: Option<String>,
    pub article: ArticleId,
    pub span: Span,
    pub form: Form<'a>,
    pub ty: DraftType,
    /// Where it exists: parts of the context filter.
    pub filter: Vec<Expr>,
    pub row: Option<Collection>,
    pub body: Option<Body>,
    pub contributes_to: Vec<AttributeId>,
    pub inverse: Option<&'a Name>,
}

/// The statements an attribute comes from.
#[derive(Debug)]
pub(crate) enum Form<'a> {
    Defined(Vec<CaseDraft<'a>>),
    Total { decl: &'a TotalDecl, parts: Vec<PartDraft<'a>> },
    Rank { decl: &'a RankingDecl, context: usize },
    Quota { decl: &'a QuotaDecl, of: EnumId, ranking: AttributeId },
    Split { decl: &'a SplitDecl, context: usize },
}

/// One definition in its context.
#[derive(Debug, Clone, Copy)]
pub(crate) struct CaseDraft<'a> {
    pub definition: &'a Definition,
    pub context: usize,
    pub article: ArticleId,
}

/// An addend of a total.
#[derive(Debug, Clone, Copy)]
pub(crate) struct PartDraft<'a> {
    pub attribute: AttributeId,
    pub case: CaseDraft<'a>,
    pub weight: Option<&'a ast::Expr>,
}

/// Name, kind and grain of an attribute: one of each.
pub(crate) type Key = (String, Option<KindId>, Option<Grain>);

impl<'a> Draft<'a> {
    pub(crate) fn new(
        name: &'a Name,
        at: (Option<KindId>, Option<Grain>),
        article: ArticleId,
        span: Span,
        form: Form<'a>,
    ) -> Self {
        Self {
            name,
            kind: at.0,
            grain: at.1,
            rows: None,
            article,
            span,
            form,
            ty: DraftType::Pending,
            filter: Vec::new(),
            row: None,
            body: None,
            contributes_to: Vec::new(),
            inverse: None,
        }
    }

    /// The contexts it is defined in.
    pub(crate) fn contexts(&self) -> Vec<usize> {
        match &self.form {
            Form::Defined(cases) => cases.iter().map(|case| case.context).collect(),
            Form::Total { parts, .. } => parts.iter().map(|part| part.case.context).collect(),
            Form::Rank { context, .. } | Form::Split { context, .. } => vec![*context],
            Form::Quota { .. } => Vec::new(),
        }
    }

    /// The finished attribute; `None` when it has no body after an error.
    pub(crate) fn finish(self, _contexts: &[ContextDraft<'a>]) -> Option<Attribute> {
        let DraftType::Known(ty) = self.ty else { return None };
        Some(Attribute {
            name: self.name.text.clone(),
            article: self.article,
            context: Context {
                kind: self.kind,
                filter: crate::rules::all_of(&self.filter),
                rows: self.row,
                grain: self.grain,
            },
            ty,
            body: self.body?,
            contributes_to: self.contributes_to,
            inverse: self.inverse.map(|name| name.text.clone()),
            span: self.span,
        })
    }
}

impl<'a> Checker<'a> {
    /// The kind of the elements of a collection, from its names alone: attributes have their kind before types are known.
    pub(crate) fn element_kind(
        &self,
        expr: &ast::Expr,
        subject: Option<KindId>,
        depth: u32,
    ) -> Option<KindId> {
        if depth > 8 {
            return None;
        }
        match &expr.kind {
            ExprKind::Where(base, _) => self.element_kind(base, subject, depth + 1),
            ExprKind::Name(name) => {
                let member = subject.and_then(|kind| self.names.members.get(&(kind, name.text.clone())));
                match member {
                    Some((crate::symbols::Member::Inverse(field), _)) => Some(field.kind),
                    Some((crate::symbols::Member::Field(_), _)) => None,
                    None => {
                        self.names.kind(&name.text).or_else(|| self.defined_element(name, subject, depth))
                    }
                }
            }
            ExprKind::Field(base, name) => {
                let owner = self.object_kind(base, subject)?;
                match self.names.members.get(&(owner, name.text.clone()))?.0 {
                    crate::symbols::Member::Inverse(field) => Some(field.kind),
                    crate::symbols::Member::Field(_) => None,
                }
            }
            ExprKind::Call(_, arguments) => {
                arguments.iter().find_map(|argument| self.element_kind(&argument.value, subject, depth + 1))
            }
            _ => None,
        }
    }

    pub(crate) fn object_kind(&self, expr: &ast::Expr, subject: Option<KindId>) -> Option<KindId> {
        let ExprKind::Name(name) = &expr.kind else { return None };
        let subject = subject?;
        if matches!(name.text.as_str(), "本人" | "本项") {
            return Some(subject);
        }
        match self.names.members.get(&(subject, name.text.clone()))?.0 {
            crate::symbols::Member::Field(field) => {
                match self.kinds[subject.index()].fields[field as usize].ty {
                    Type::Object(kind) => Some(kind),
                    _ => None,
                }
            }
            crate::symbols::Member::Inverse(_) => None,
        }
    }

    fn defined_element(&self, name: &Name, subject: Option<KindId>, depth: u32) -> Option<KindId> {
        let draft = self.drafts.iter().find(|draft| draft.name.text == name.text && draft.kind == subject)?;
        match &draft.form {
            Form::Defined(cases) => self.element_kind(&cases.first()?.definition.value, subject, depth + 1),
            _ => None,
        }
    }
}
