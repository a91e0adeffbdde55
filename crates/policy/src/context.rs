//! Contexts: whom a rule is about, its rows, and the scope of its expressions.

use crate::checker::Checker;
use crate::codes;
use crate::core::{AttributeId, Collection, ExprKind, Filter, Type, VariableId};
use crate::infer::Scope;
use hengjie_syntax::ast::ExprKind as AstKind;

impl<'a> Checker<'a> {
    /// Filter and rows of a context.
    pub(crate) fn check_context(&mut self, position: usize) {
        let (kind, grain, article, conditions, ast) = {
            let draft = &self.contexts[position];
            (draft.kind, draft.grain, draft.article, draft.conditions.clone(), draft.ast)
        };
        let population = self.population.is_some_and(|(_, context)| context == position);
        let mut scope = self.subject_scope(kind, grain, article);
        if population {
            scope.facts.clear();
        }
        scope.any_period = population;
        if kind.is_none()
            && let Some(condition) = conditions.first()
        {
            self.error(
                codes::CONTEXT,
                condition.span,
                "全体没有“其中”：条件写在规则里",
                "全体 takes no filter: put the condition into the rule",
            );
        }
        let filter = self.conditions(&mut scope, &conditions);
        self.contexts[position].filter = filter;
        if let Some(rows) = &ast.rows {
            let row = self.check_rows(&scope, rows, ast.row_name.as_ref().map(|name| name.text.clone()));
            self.contexts[position].row = row;
        }
    }

    /// `逐 coll 其中 cond`: the row is 行 in the condition, bare names are the subject's.
    fn check_rows(
        &mut self,
        scope: &Scope<'a>,
        rows: &'a hengjie_syntax::ast::Expr,
        alias: Option<String>,
    ) -> Option<Collection> {
        let mut conditions = Vec::new();
        let mut head = rows;
        while let AstKind::Where(base, condition) = &head.kind {
            conditions.push(condition.as_ref());
            head = base;
        }
        conditions.reverse();
        let typed = self.infer(scope, head, None);
        let Some(Type::Collection(element)) = typed.base().cloned() else {
            if !typed.is_unknown() {
                self.error(
                    codes::NOT_A_COLLECTION,
                    head.span,
                    "“逐”后面要写表、期间或一组对象",
                    "逐 needs a table, periods or a collection",
                );
            }
            return None;
        };
        let ExprKind::Collection(mut found) = typed.expr.kind else { return None };
        let mut inner = scope.clone();
        inner.bind_row(*element, alias);
        for condition in self.conditions(&mut inner, &conditions) {
            found.filters.push(Filter { variable: VariableId(0), condition });
        }
        Some(*found)
    }

    /// The scope of a rule in a context.
    pub(crate) fn rule_scope(
        &self,
        context: usize,
        attribute: AttributeId,
        article: crate::core::ArticleId,
    ) -> Scope<'a> {
        let draft = &self.contexts[context];
        let mut scope = self.subject_scope(draft.kind, draft.grain, article);
        scope.attribute = Some(attribute);
        for part in &draft.filter {
            scope.learn(part);
        }
        if draft.ast.rows.is_some() {
            let alias = draft.ast.row_name.as_ref().map(|name| name.text.clone());
            match &draft.row {
                Some(row) => {
                    scope.bind_row(row.element.clone(), alias);
                    row.filters.iter().for_each(|filter| scope.learn(&filter.condition));
                }
                None => scope.bind_unknown_row(alias),
            }
        }
        scope
    }
}
