//! The order in which contexts and attributes are checked: what a rule mentions comes first, so that its type is known.
//!
//! Rules that mention each other (上期, 下期, trees, inverses) are checked in rounds without messages until their types
//! stand still, and then once more with messages.

use crate::checker::Checker;
use crate::core::AttributeId;
use crate::draft::{Draft, DraftType, Form};
use crate::graph::components;
use crate::{limits, mention};
use hengjie_syntax::ast::{Definition, Expr};
use std::collections::{BTreeMap, BTreeSet};

/// Most rounds for rules that mention each other.
const ROUNDS: usize = 12;

impl<'a> Checker<'a> {
    /// Checks all contexts and attributes. Nodes: attributes first, then contexts.
    pub(crate) fn infer_all(&mut self) {
        let successors = self.mentions();
        for component in components(&successors) {
            let alone = component.len() == 1 && !successors[component[0]].contains(&component[0]);
            if !alone {
                self.settle(&component);
            }
            for &node in &component {
                self.check_node(node);
            }
        }
    }

    /// Rounds without messages: first the types, then, from the hope that every value is there, which may be 无.
    fn settle(&mut self, component: &[usize]) {
        self.rounds(component);
        for &node in component {
            if let Some(Draft { ty: DraftType::Known(ty), .. }) = self.drafts.get_mut(node) {
                ty.optional = false;
            }
        }
        self.rounds(component);
    }

    fn rounds(&mut self, component: &[usize]) {
        for _ in 0..ROUNDS {
            let before: Vec<DraftType> = self.types_of(component);
            let (messages, decisions, nodes) = (self.diagnostics.len(), self.decisions.len(), self.nodes);
            let noted = self.noted();
            for &node in component {
                self.check_node(node);
            }
            // What is still open after a round may come in the next one.
            for &node in component {
                if let Some(draft) = self.drafts.get_mut(node)
                    && draft.ty == DraftType::Broken
                {
                    draft.ty = DraftType::Pending;
                }
            }
            self.diagnostics.truncate(messages);
            self.decisions.truncate(decisions);
            self.forget(noted);
            self.nodes = nodes;
            if self.types_of(component) == before {
                break;
            }
        }
    }

    fn types_of(&self, component: &[usize]) -> Vec<DraftType> {
        component.iter().filter_map(|&node| self.drafts.get(node).map(|draft| draft.ty.clone())).collect()
    }

    fn check_node(&mut self, node: usize) {
        if node < self.drafts.len() {
            self.check_attribute(node);
        } else {
            self.check_context(node - self.drafts.len());
        }
    }

    /// For every attribute and context: the nodes it mentions.
    fn mentions(&self) -> Vec<Vec<usize>> {
        let attributes = self.drafts.len();
        let formulas: BTreeMap<&str, Vec<&str>> = self.formula_mentions();
        let mut graph = Vec::with_capacity(attributes + self.contexts.len());
        for draft in &self.drafts {
            let mut names = BTreeSet::new();
            draft_names(draft, &mut |name| {
                names.insert(name);
            });
            let mut nodes = self.nodes_of(&names, &formulas);
            nodes.extend(draft.contexts().into_iter().map(|context| attributes + context));
            match &draft.form {
                Form::Quota { ranking, .. } => nodes.extend([ranking.index()]),
                Form::Total { parts, .. } => nodes.extend(parts.iter().map(|part| part.attribute.index())),
                _ => {}
            }
            graph.push(nodes.into_iter().collect());
        }
        let scope = self.population.map(|(_, context)| context);
        for (position, context) in self.contexts.iter().enumerate() {
            let mut names = BTreeSet::new();
            context.conditions.iter().for_each(|condition| {
                mention::names(condition, &mut |name| {
                    names.insert(name);
                });
            });
            mention::context_names(context.ast, &mut |name| {
                names.insert(name);
            });
            let mut nodes = self.nodes_of(&names, &formulas);
            nodes.extend(scope.filter(|scope| *scope != position).map(|scope| attributes + scope));
            graph.push(nodes.into_iter().collect());
        }
        graph
    }

    fn nodes_of(&self, names: &BTreeSet<&str>, formulas: &BTreeMap<&str, Vec<&str>>) -> BTreeSet<usize> {
        let mut nodes = BTreeSet::new();
        let through_formulas = names.iter().flat_map(|name| formulas.get(name).into_iter().flatten());
        for name in names.iter().chain(through_formulas) {
            let attributes = self.names.attributes.get(*name).into_iter().flatten();
            let inverses = self.names.inverses.get(*name).into_iter().flatten();
            nodes.extend(attributes.chain(inverses).map(|id: &AttributeId| id.index()));
        }
        nodes
    }

    /// The names each formula mentions, formulas inside included.
    fn formula_mentions(&self) -> BTreeMap<&'a str, Vec<&'a str>> {
        let direct: BTreeMap<&'a str, BTreeSet<&'a str>> = self
            .formulas
            .iter()
            .map(|formula| {
                let mut names = BTreeSet::new();
                mention::names(formula.body, &mut |name| {
                    names.insert(name);
                });
                (formula.name.text.as_str(), names)
            })
            .collect();
        direct.keys().map(|&name| (name, closure(name, &direct))).collect()
    }

    /// Counts one expression node; false when the limit is reached (said once).
    pub(crate) fn spend_node(&mut self, span: hengjie_syntax::Span) -> bool {
        self.nodes += 1;
        if self.nodes == limits::EXPRESSION_NODES {
            self.error(
                crate::codes::LIMIT,
                span,
                "公式展开后太长，其余部分不再检查",
                "the formulas are too long once expanded; the rest is not checked",
            );
        }
        self.nodes < limits::EXPRESSION_NODES
    }
}

/// Everything reachable from a formula.
fn closure<'a>(name: &'a str, direct: &BTreeMap<&'a str, BTreeSet<&'a str>>) -> Vec<&'a str> {
    let mut seen = BTreeSet::new();
    let mut open = vec![name];
    while let Some(name) = open.pop() {
        for next in direct.get(name).into_iter().flatten() {
            if seen.insert(*next) {
                open.push(next);
            }
        }
    }
    seen.into_iter().collect()
}

/// The names in the statements of an attribute.
fn draft_names<'a>(draft: &Draft<'a>, found: &mut dyn FnMut(&'a str)) {
    match &draft.form {
        Form::Defined(cases) => cases.iter().for_each(|case| definition_names(case.definition, found)),
        Form::Total { parts, .. } => {
            parts.iter().filter_map(|part| part.weight).for_each(|weight| mention::names(weight, found));
        }
        Form::Rank { decl, .. } => {
            let expressions = decl.group_by.iter().chain(decl.keys.iter().map(|key| &key.value));
            expressions.for_each(|expr| mention::names(expr, found));
        }
        Form::Quota { decl, .. } => {
            let lines = decl.lines.iter().flat_map(|line| [&line.take].into_iter().chain(&line.eligible));
            let shares = decl.each.iter().map(|(shares, _)| shares);
            lines.chain(shares).for_each(|expr| mention::names(expr, found));
        }
        Form::Split { decl, .. } => split_names(decl, found),
    }
}

fn definition_names<'a>(definition: &'a Definition, found: &mut dyn FnMut(&'a str)) {
    mention::names(&definition.value, found);
    if let Some(guard) = &definition.guard {
        mention::names(guard, found);
    }
}

fn split_names<'a>(decl: &'a hengjie_syntax::ast::SplitDecl, found: &mut dyn FnMut(&'a str)) {
    use hengjie_syntax::ast::SplitMethod;
    let method: &'a Expr = match &decl.method {
        SplitMethod::Shares(expr) | SplitMethod::InTurn(expr, _) => expr,
    };
    let others = decl.cap.iter().chain(decl.remainder.iter().map(|(expr, _)| expr));
    [&decl.amount, &decl.to, method].into_iter().chain(others).for_each(|expr| mention::names(expr, found));
}
