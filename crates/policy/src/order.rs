//! The order of attributes: each after all it needs in the same period; cycles with their path.

use crate::checker::{Checker, count};
use crate::codes;
use crate::core::{
    AttributeId, Body, Case, Collection, Expr, ExprKind, FieldRef, Function, QuotaForm, Source, SplitMethod,
};
use crate::draft::Form;
use crate::graph::{components, cycle_through};
use crate::walk::{children, collection_children};
use hengjie_syntax::Diagnostic;
use std::collections::{BTreeMap, BTreeSet};

/// What an attribute needs in the same period.
#[derive(Debug, Default)]
struct Needs {
    attributes: BTreeSet<usize>,
    /// Itself, at the parent in a tree.
    above: bool,
    /// Itself, at those below in a tree.
    below: bool,
}

impl Checker<'_> {
    /// Orders the attributes; a cycle is an error with its path.
    pub(crate) fn find_order(&mut self) {
        let mut graph: Vec<Vec<usize>> = Vec::with_capacity(self.drafts.len());
        for position in 0..self.drafts.len() {
            let mut needs = Needs::default();
            self.needs_of(position, &mut needs);
            if needs.above && needs.below {
                // Up and down again: no end.
                needs.attributes.insert(position);
            }
            graph.push(needs.attributes.into_iter().collect());
        }
        // A self-reference only up or only down a tree ends: it is not in the graph.
        for component in components(&graph) {
            let alone = component.len() == 1 && !graph[component[0]].contains(&component[0]);
            if !alone {
                let start = component.iter().copied().min().unwrap_or_default();
                let path = cycle_through(&graph, &component, start);
                self.report_cycle(&path);
            }
            self.order.extend(component.into_iter().map(|position| AttributeId(count(position))));
        }
    }

    fn report_cycle(&mut self, path: &[usize]) {
        let names: Vec<&str> = path
            .iter()
            .chain(path.first())
            .map(|&position| self.drafts[position].name.text.as_str())
            .collect();
        let first = &self.drafts[path[0]];
        let mut diagnostic = Diagnostic::error(
            codes::CYCLE,
            first.name.span,
            format!("循环依赖：{}", names.join(" → ")),
            format!("a cycle: {}", names.join(" → ")),
        )
        .help(
            "一期之内不能绕回自己；要用上一期的值就写 上期(x)，或用 首期/下期",
            "within a period a rule cannot lead back to itself; for the value before write 上期(x), or use 首期/下期",
        );
        for &position in path.iter().skip(1).take(8) {
            diagnostic = diagnostic.label(self.drafts[position].name.span, "经过这里", "through here");
        }
        self.report(diagnostic);
    }

    /// Everything an attribute needs in the same period.
    fn needs_of(&self, position: usize, needs: &mut Needs) {
        let draft = &self.drafts[position];
        let mut search = Search { checker: self, own: position, needs };
        draft.filter.iter().for_each(|part| search.expr(part));
        draft.row.iter().for_each(|rows| search.collection(rows));
        search.population(draft.kind);
        match &draft.form {
            Form::Total { parts, .. } => parts.iter().for_each(|part| search.add(part.attribute)),
            Form::Quota { ranking, .. } => search.add(*ranking),
            _ => {}
        }
        // Without a body there has been a mistake, and no order is needed.
        draft.body.iter().for_each(|body| search.body(body));
    }
}

struct Search<'s, 'a> {
    checker: &'s Checker<'a>,
    own: usize,
    needs: &'s mut Needs,
}

impl Search<'_, '_> {
    fn add(&mut self, attribute: AttributeId) {
        self.needs.attributes.insert(attribute.index());
    }

    /// What 适用 needs, for contexts and collections of its kind.
    fn population(&mut self, kind: Option<crate::core::KindId>) {
        for part in self.checker.population_filter(kind) {
            self.expr(&part);
        }
    }

    fn body(&mut self, body: &Body) {
        match body {
            Body::Defined { exceptions, general } => {
                exceptions.iter().chain(general).for_each(|case| self.case(case))
            }
            // 下期 is evaluated in the period before.
            Body::State { first, .. } => self.expr(first),
            Body::Total(total) => {
                total
                    .contributions
                    .iter()
                    .filter_map(|part| part.weight.as_ref())
                    .for_each(|weight| self.expr(weight));
            }
            Body::Rank(rank) => {
                rank.group_by
                    .iter()
                    .chain(rank.keys.iter().map(|key| &key.value))
                    .for_each(|expr| self.expr(expr));
            }
            Body::Quota(quota) => match &quota.form {
                QuotaForm::Lines(lines) => {
                    let parts = lines.iter().flat_map(|line| [&line.take].into_iter().chain(&line.eligible));
                    parts.for_each(|expr| self.expr(expr));
                }
                QuotaForm::Each { shares, .. } => shares.iter().for_each(|(_, share)| self.expr(share)),
            },
            Body::Split(split) => {
                self.expr(&split.amount);
                self.collection(&split.to);
                match &split.method {
                    SplitMethod::Shares(expr) | SplitMethod::InTurn(expr, _) => self.expr(expr),
                }
                split
                    .cap
                    .iter()
                    .chain(split.remainder.iter().map(|(expr, _)| expr))
                    .for_each(|expr| self.expr(expr));
            }
        }
    }

    fn case(&mut self, case: &Case) {
        case.guard.iter().chain([&case.value]).for_each(|expr| self.expr(expr));
    }

    fn expr(&mut self, expr: &Expr) {
        match &expr.kind {
            ExprKind::At { period, value } => {
                self.expr(period);
                if !is_earlier(period) {
                    self.expr(value);
                }
                return;
            }
            ExprKind::Attribute { attribute, subject, .. } => {
                let up = subject.as_ref().is_some_and(|subject| self.is_parent(subject));
                if attribute.index() == self.own && up {
                    self.needs.above = true;
                } else {
                    self.add(*attribute);
                }
            }
            ExprKind::Aggregate(aggregate) => {
                self.collection(&aggregate.over);
                let parts = aggregate.body.iter().chain(&aggregate.argument);
                if earlier_periods(&aggregate.over) {
                    return;
                }
                let walk = self.tree_walk(&aggregate.over);
                for part in parts {
                    match walk {
                        Some(up) => self.neighbour(part, up),
                        None => self.expr(part),
                    }
                }
                return;
            }
            ExprKind::Collection(collection) => return self.collection(collection),
            _ => {}
        }
        children(expr, &mut |part| self.expr(part));
    }

    /// The body of an aggregate over the subject's neighbours in a tree: its own name is allowed there.
    fn neighbour(&mut self, expr: &Expr, up: bool) {
        if let ExprKind::Attribute { attribute, subject: Some(subject), .. } = &expr.kind
            && attribute.index() == self.own
            && matches!(subject.kind, ExprKind::Variable(_))
        {
            if up {
                self.needs.above = true;
            } else {
                self.needs.below = true;
            }
            return;
        }
        match &expr.kind {
            ExprKind::At { .. }
            | ExprKind::Aggregate(_)
            | ExprKind::Collection(_)
            | ExprKind::Attribute { .. } => {
                self.expr(expr);
            }
            _ => children(expr, &mut |part| self.neighbour(part, up)),
        }
    }

    fn collection(&mut self, collection: &Collection) {
        match &collection.source {
            Source::Attribute { attribute, .. } | Source::RelatedByAttribute { attribute, .. } => {
                self.add(*attribute)
            }
            Source::AllOf(kind) => self.population(Some(*kind)),
            Source::If { arms, otherwise } => {
                for (condition, part) in arms {
                    self.expr(condition);
                    self.collection(part);
                }
                otherwise.iter().for_each(|part| self.collection(part));
            }
            _ => {}
        }
        if !earlier_periods(collection) {
            collection_children(collection, &mut |part| self.expr(part));
        }
    }

    fn is_tree(&self, field: FieldRef) -> bool {
        self.checker.kinds[field.kind.index()].tree == Some(field.field)
    }

    /// 上级 of the subject.
    fn is_parent(&self, subject: &Expr) -> bool {
        match &subject.kind {
            ExprKind::Field(base, field) => matches!(base.kind, ExprKind::Subject) && self.is_tree(*field),
            _ => false,
        }
    }

    /// Ancestors (up), children or descendants (down) of the subject.
    fn tree_walk(&self, collection: &Collection) -> Option<bool> {
        let (of, field, up) = match &collection.source {
            Source::Ancestors { of, field } => (of, field, true),
            Source::Related { of, field } | Source::Descendants { of, field } => (of, field, false),
            _ => return None,
        };
        (matches!(of.kind, ExprKind::Subject) && self.is_tree(*field)).then_some(up)
    }
}

/// Is a period surely before the current one?
fn is_earlier(period: &Expr) -> bool {
    match &period.kind {
        ExprKind::Call(Function::PeriodShift(steps), _) => *steps < 0,
        _ => false,
    }
}

/// Do the elements lie before the current period?
fn earlier_periods(collection: &Collection) -> bool {
    match &collection.source {
        Source::History { include_current } => !include_current,
        Source::PeriodsIn { within, .. } => is_earlier(within),
        _ => false,
    }
}

/// Attributes by the article that defines them: the article of the attribute and of each of its cases.
pub(crate) fn articles_of(
    attributes: &[crate::core::Attribute],
) -> BTreeMap<crate::core::ArticleId, Vec<AttributeId>> {
    let mut found: BTreeMap<crate::core::ArticleId, Vec<AttributeId>> = BTreeMap::new();
    for (position, attribute) in attributes.iter().enumerate() {
        let mut articles = BTreeSet::from([attribute.article]);
        match &attribute.body {
            Body::Defined { exceptions, general } => {
                articles.extend(exceptions.iter().chain(general).map(|case| case.article));
            }
            Body::State { next, .. } => articles.extend(next.iter().map(|case| case.article)),
            _ => {}
        }
        for article in articles {
            found.entry(article).or_default().push(AttributeId(count(position)));
        }
    }
    found
}
