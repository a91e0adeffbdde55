//! Collecting the attributes of a document from its statements.

use crate::checker::{Checker, count};
use crate::codes;
use crate::core::{ArticleId, AttributeId, KindId};
use crate::draft::{CaseDraft, ContextDraft, Draft, Form, Key, Owner};
use crate::index::Symbol;
use crate::limits;
use crate::symbols::Global;
use crate::written::written;
use hengjie_calendar::Grain;
use hengjie_syntax::ast::{self, Block, ExprKind, Name, RuleGroup, SplitDecl, Statement, StatementKind};
use hengjie_syntax::{Diagnostic, Span};
use std::collections::BTreeMap;

impl<'a> Checker<'a> {
    /// Collects all attributes of the document, in document order, and their names.
    pub(crate) fn collect_attributes(&mut self) {
        let mut index: BTreeMap<Key, usize> = BTreeMap::new();
        for (position, section) in self.document.sections.iter().enumerate() {
            let id = ArticleId(count(position));
            for block in &section.blocks {
                if let Block::Rules(statements) = block {
                    self.collect_block(statements, id, &mut index);
                }
            }
        }
        self.collect_quotas(&mut index);
        self.collect_totals(&mut index);
        self.sort_drafts();
        self.name_attributes();
    }

    fn collect_block(
        &mut self,
        statements: &'a [Statement],
        article: ArticleId,
        index: &mut BTreeMap<Key, usize>,
    ) {
        let mut group: Vec<usize> = Vec::new();
        for statement in statements {
            match &statement.kind {
                StatementKind::Scope(expr) => self.collect_scope(expr, article),
                StatementKind::Rules(rules) => group = self.collect_group(rules, article, index),
                StatementKind::Ranking(decl) => {
                    for context in self.add_contexts(&decl.context, article) {
                        let form = Form::Rank { decl, context };
                        self.add_draft(&decl.name, context, article, statement.span, form, index);
                    }
                }
                StatementKind::Split(decl) => {
                    self.collect_split(decl, &group, article, statement.span, index)
                }
                _ => {}
            }
        }
    }

    /// 适用: a context of its own, with no grain of its own.
    fn collect_scope(&mut self, expr: &'a ast::Expr, article: ArticleId) {
        if self.population.is_some() {
            self.error(
                codes::CONTEXT,
                expr.span,
                "一份文件只能有一行“适用”",
                "a document has only one 适用 line",
            );
            return;
        }
        match self.read_owner(expr) {
            Some((Owner::Kind(kind), conditions)) => {
                self.population = Some((kind, self.contexts.len()));
                self.scope_context(expr, kind, conditions, article);
            }
            Some((Owner::Everybody, _)) => {
                self.error(codes::CONTEXT, expr.span, "“适用”要写一种资料", "适用 names a kind");
            }
            None => {}
        }
    }

    fn scope_context(
        &mut self,
        _expr: &'a ast::Expr,
        kind: KindId,
        conditions: Vec<&'a ast::Expr>,
        article: ArticleId,
    ) {
        self.contexts.push(ContextDraft {
            ast: &EMPTY_CONTEXT,
            article,
            kind: Some(kind),
            conditions,
            grain: None,
            filter: Vec::new(),
            row: None,
        });
    }

    /// One context draft per grain; none after an error.
    pub(crate) fn add_contexts(&mut self, context: &'a ast::Context, article: ArticleId) -> Vec<usize> {
        let Some((owner, conditions)) = self.read_owner(&context.subject) else { return Vec::new() };
        let grains: Vec<Option<Grain>> = match context.grains.as_slice() {
            [] => vec![None],
            grains => grains.iter().copied().map(Some).collect(),
        };
        let mut added = Vec::new();
        for grain in grains {
            added.push(self.contexts.len());
            self.contexts.push(ContextDraft {
                ast: context,
                article,
                kind: owner.kind(),
                conditions: conditions.clone(),
                grain,
                filter: Vec::new(),
                row: None,
            });
        }
        added
    }

    /// Whom a context is about, with its conditions; `None` after an error.
    pub(crate) fn read_owner<'e>(&mut self, subject: &'e ast::Expr) -> Option<(Owner, Vec<&'e ast::Expr>)> {
        let mut conditions = Vec::new();
        let mut head = subject;
        while let ExprKind::Where(base, condition) = &head.kind {
            conditions.push(condition.as_ref());
            head = base;
        }
        conditions.reverse();
        let ExprKind::Name(name) = &head.kind else {
            if head.kind != ExprKind::Error {
                self.report(
                    Diagnostic::error(
                        codes::CONTEXT,
                        head.span,
                        "这里要写一种资料（可加“其中 条件”）或“全体”",
                        "a kind (with a filter, if wanted) or 全体 is needed here",
                    )
                    .help(
                        "例如：对 人员 其中 岗位 = 客户经理 每月",
                        "for example: 对 人员 其中 岗位 = 客户经理 每月",
                    ),
                );
            }
            return None;
        };
        if name.text == "全体" {
            return Some((Owner::Everybody, conditions));
        }
        if self.asked(name.span) {
            self.probe_kinds();
        }
        if let Some(kind) = self.names.kind(&name.text) {
            self.note(name.span, Symbol::Kind(kind));
            return Some((Owner::Kind(kind), conditions));
        }
        if !self.names.poisoned.contains(&name.text) {
            let kinds =
                self.names.globals.iter().filter(|(_, (global, _))| matches!(global, Global::Kind(_)));
            let close = self.closest(&name.text, kinds.map(|(name, _)| name.as_str()));
            self.unknown_name(codes::UNKNOWN_KIND, name, ("资料或表单", "kind or form"), close);
        }
        None
    }

    fn collect_group(
        &mut self,
        rules: &'a RuleGroup,
        article: ArticleId,
        index: &mut BTreeMap<Key, usize>,
    ) -> Vec<usize> {
        let contexts = self.add_contexts(&rules.context, article);
        if contexts.is_empty() {
            let names = rules.definitions.iter();
            self.names.poisoned.extend(names.clone().map(|definition| definition.name.text.clone()));
            self.names
                .poisoned
                .extend(names.filter_map(|definition| definition.inverse.as_ref()).map(|n| n.text.clone()));
        }
        for definition in &rules.definitions {
            for &context in &contexts {
                let form = Form::Defined(vec![CaseDraft { definition, context, article }]);
                let added = self.add_draft(&definition.name, context, article, definition.span, form, index);
                if let (Some(draft), Some(inverse)) = (added, &definition.inverse) {
                    self.drafts[draft].inverse = Some(inverse);
                }
            }
        }
        contexts
    }

    /// Adds an attribute, or a further definition to one that is there.
    fn add_draft(
        &mut self,
        name: &'a Name,
        context: usize,
        article: ArticleId,
        span: Span,
        form: Form<'a>,
        index: &mut BTreeMap<Key, usize>,
    ) -> Option<usize> {
        let at = (self.contexts[context].kind, self.contexts[context].grain);
        let rows = self.contexts[context].ast.rows.as_ref().map(written);
        let key = (name.text.clone(), at.0, at.1);
        if let Some(&known) = index.get(&key) {
            let draft = &mut self.drafts[known];
            match (&mut draft.form, form) {
                (Form::Defined(cases), Form::Defined(more)) if draft.rows == rows => {
                    cases.extend(more);
                    return Some(known);
                }
                _ => {}
            }
            let place = draft.name.span;
            self.two_rules(name, place);
            return None;
        }
        if self.drafts.len() >= limits::ATTRIBUTES {
            self.names.poisoned.insert(name.text.clone());
            if self.diagnostics.last().is_none_or(|last| last.code != codes::LIMIT) {
                self.error(
                    codes::LIMIT,
                    name.span,
                    "规则太多，其余的不再检查",
                    "too many rules; the rest is not checked",
                );
            }
            return None;
        }
        if !self.free_for_rules(name, at.0) {
            return None;
        }
        let mut draft = Draft::new(name, at, article, span, form);
        draft.rows = rows;
        index.insert(key, self.drafts.len());
        self.drafts.push(draft);
        Some(self.drafts.len() - 1)
    }

    pub(crate) fn two_rules(&mut self, name: &Name, first: Span) {
        self.names.poisoned.insert(name.text.clone());
        let is_total = self.is_total(name.span) || self.is_total(first);
        let (zh, en) = if is_total {
            (
                "汇总没有例外，也没有第二条规则：另取一个名称，先写它等于这个汇总，再写例外",
                "a total has no exceptions and no second rule: take another name, let it equal the total, and write the exception to that",
            )
        } else {
            (
                "用“当 条件”把它们分开，或把其中一条写成“例外 … 当 …”",
                "separate them with 当 CONDITION, or make one of them an exception (例外 … 当 …)",
            )
        };
        self.report(
            Diagnostic::error(
                codes::TWO_RULES,
                name.span,
                format!("“{}”有两条规则，不知道用哪一条", name.text),
                format!("`{}` has two rules and nothing says which one counts", name.text),
            )
            .label(first, "另一条在这里", "the other one is here")
            .help(zh, en),
        );
    }

    /// Is a name that of a total?
    fn is_total(&self, place: Span) -> bool {
        self.statements.iter().any(
            |(_, statement)| matches!(&statement.kind, StatementKind::Total(decl) if decl.name.span == place),
        )
    }

    /// Is a name not yet a field, parameter, table, reading or formula?
    pub(crate) fn free_for_rules(&mut self, name: &Name, kind: Option<KindId>) -> bool {
        let global =
            self.names.globals.get(&name.text).filter(|(global, _)| !matches!(global, Global::Kind(_)));
        let member = kind.and_then(|kind| self.names.members.get(&(kind, name.text.clone())));
        let taken = match (global, member) {
            (Some((global, place)), _) => Some((global.noun(), *place)),
            (None, Some((_, place))) => Some((("字段或反称", "field or inverse"), *place)),
            (None, None) => None,
        };
        let Some(((zh, en), place)) = taken else { return true };
        self.names.poisoned.insert(name.text.clone());
        self.report(
            Diagnostic::error(
                codes::DUPLICATE_NAME,
                name.span,
                format!("“{}”已经是{zh}的名称，不能再作规则的名称", name.text),
                format!("`{}` is already the name of a {en} and cannot name a rule", name.text),
            )
            .label(place, "先在这里声明", "first declared here")
            .help("换一个名称", "use another name"),
        );
        false
    }

    fn collect_split(
        &mut self,
        decl: &'a SplitDecl,
        group: &[usize],
        article: ArticleId,
        span: Span,
        index: &mut BTreeMap<Key, usize>,
    ) {
        if group.is_empty() {
            self.names.poisoned.insert(decl.name.text.clone());
            self.report(
                Diagnostic::error(
                    codes::SPLIT,
                    decl.name.span,
                    "“分摊”前面要有“对 …”：分摊谁的数",
                    "分摊 needs a 对 line above it: whose amount is shared out",
                )
                .help("在上面写：对 团队 每月", "write above: 对 团队 每月"),
            );
        }
        for &context in group {
            let subject = self.contexts[context].kind;
            let Some(element) = self.element_kind(&decl.to, subject, 0) else {
                self.names.poisoned.insert(decl.name.text.clone());
                self.error(
                    codes::NOT_A_COLLECTION,
                    decl.to.span,
                    "“给”后面要写一组对象，例如反称或资料",
                    "给 needs a collection of objects, such as an inverse or a kind",
                );
                return;
            };
            let key = (decl.name.text.clone(), Some(element), self.contexts[context].grain);
            if let Some(&known) = index.get(&key) {
                let place = self.drafts[known].name.span;
                self.two_rules(&decl.name, place);
                continue;
            }
            if self.free_for_rules(&decl.name, Some(element)) {
                let form = Form::Split { decl, context };
                index.insert(key, self.drafts.len());
                let at = (Some(element), self.contexts[context].grain);
                self.drafts.push(Draft::new(&decl.name, at, article, span, form));
            }
        }
    }

    /// Document order; totals and quotas were collected late.
    fn sort_drafts(&mut self) {
        let mut drafts: Vec<(usize, Draft<'a>)> =
            std::mem::take(&mut self.drafts).into_iter().enumerate().collect();
        drafts.sort_by_key(|(_, draft)| (draft.span.start, draft.grain, draft.kind));
        let mut place = vec![0; drafts.len()];
        for (new, (old, _)) in drafts.iter().enumerate() {
            place[*old] = new;
        }
        let moved = |id: &mut AttributeId| *id = AttributeId(count(place[id.index()]));
        self.drafts = drafts.into_iter().map(|(_, draft)| draft).collect();
        for draft in &mut self.drafts {
            draft.contributes_to.iter_mut().for_each(moved);
            match &mut draft.form {
                Form::Total { parts, .. } => parts.iter_mut().for_each(|part| moved(&mut part.attribute)),
                Form::Quota { ranking, .. } => moved(ranking),
                _ => {}
            }
        }
    }

    fn name_attributes(&mut self) {
        self.names.attributes.clear();
        self.names.inverses.clear();
        for (position, draft) in self.drafts.iter().enumerate() {
            let id = AttributeId(count(position));
            self.names.attributes.entry(draft.name.text.clone()).or_default().push(id);
            if let Some(inverse) = draft.inverse {
                self.names.inverses.entry(inverse.text.clone()).or_default().push(id);
            }
        }
    }
}

/// The context of 适用, which has no grain and no rows.
static EMPTY_CONTEXT: ast::Context = ast::Context {
    subject: ast::Expr { kind: ExprKind::Error, span: Span { start: 0, end: 0 } },
    rows: None,
    row_name: None,
    grains: Vec::new(),
    span: Span { start: 0, end: 0 },
};
