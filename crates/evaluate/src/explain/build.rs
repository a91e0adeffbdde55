//! Builds the tree of an explanation from what the evaluator wrote down.

use super::known::Formula;
use super::naming::Naming;
use super::notation::{notation, notation_of_attribute};
use super::{CONTRIBUTIONS_SHOWN, DEPTH_MAX, Derivation, ExplainOptions, Note};
use crate::dataset::Dataset;
use crate::format::{format_cell, format_noted, format_subject};
use crate::row::{Evaluator, Frame, Item, Key, Outcome, RuleRef, Shown, Step, holds};
use crate::value::Value;
use hengjie_policy::core::{
    Aggregate, AggregateOperation, ArticleId, Attribute, Body, Case, Expr, KindId, Notation, Program,
    ReadingId, TableId, Type,
};
use hengjie_quantity::{Lang, Rational};
use rustc_hash::FxHashSet;
use std::collections::BTreeSet;

/// An explanation in the making.
pub(super) struct Builder<'e, 'a> {
    pub(super) evaluator: &'e mut Evaluator<'a>,
    pub(super) program: &'a Program,
    pub(super) data: &'a Dataset,
    pub(super) options: ExplainOptions,
    nodes: usize,
    shown: FxHashSet<Key>,
    pub(super) readings: FxHashSet<ReadingId>,
    /// Table rows that have been shown whole.
    pub(super) rows: FxHashSet<(TableId, u32)>,
    naming: Naming,
    /// Whose value is being explained.
    pub(super) subject: Option<(KindId, u32)>,
}

impl<'e, 'a> Builder<'e, 'a> {
    pub(super) fn new(evaluator: &'e mut Evaluator<'a>, options: ExplainOptions) -> Self {
        let (program, data) = (evaluator.program(), evaluator.data());
        Self {
            evaluator,
            program,
            data,
            options,
            nodes: 0,
            shown: FxHashSet::default(),
            readings: FxHashSet::default(),
            rows: FxHashSet::default(),
            naming: Naming::default(),
            subject: None,
        }
    }

    /// The derivation of a result that is asked for; what was derived before is named.
    pub(super) fn root(&mut self, key: Key) -> Derivation {
        self.nodes = 0;
        self.result(key, self.options.depth_max.min(DEPTH_MAX))
    }

    /// The derivation of a result, followed for `depth` levels of attributes.
    pub(super) fn result(&mut self, key: Key, depth: usize) -> Derivation {
        let attribute = self.evaluator.definition(key);
        let label = self.result_label(key);
        let is_new = self.shown.insert(key);
        if !is_new || depth == 0 || self.nodes >= self.options.nodes_max {
            let value = self.evaluator.outcome(key).value;
            return self.result_leaf(label, value, attribute, if is_new { Note::Cut } else { Note::Shown });
        }
        self.nodes += 1;
        let (outcome, frame) = self.evaluator.explain(key);
        let leaf = self.result_leaf(label, outcome.value.clone(), attribute, Note::Attribute);
        let mut node = Derivation { article: outcome.rule.map(|(_, article)| article), ..leaf };
        let reader = self.subject;
        self.subject = attribute.context.kind.map(|kind| (kind, key.subject));
        match &attribute.body {
            _ if self.is_assumed(key, &outcome, &frame) => node.note = Note::Assumed,
            Body::Rank(rank) => self.rank(&mut node, key, rank, depth),
            Body::Quota(quota) => self.quota(&mut node, key, quota, depth),
            Body::Split(split) => self.split(&mut node, key, split, depth),
            Body::Defined { .. } | Body::State { .. } | Body::Total(_) => {
                let readings = self.rule(&mut node, key, attribute, &outcome, &frame);
                node.children.extend(self.steps(&frame.steps, attribute, depth));
                unwrap_aggregate(&mut node);
                if outcome.rule.is_none() && node.children.is_empty() {
                    self.no_rule(&mut node, key, attribute, depth);
                }
                node.children.extend(readings.into_iter().map(|reading| self.reading(reading)));
            }
        }
        self.subject = reader;
        node
    }

    fn result_leaf(&self, label: String, value: Value, attribute: &Attribute, note: Note) -> Derivation {
        let ty = attribute.ty.base.clone();
        let text = self.text_in(&value, &ty, notation_of_attribute(self.program, attribute));
        Derivation { text, ..self.leaf(label, value, ty, note) }
    }

    /// No rule gave the value: the condition that keeps the subject out, if there is one.
    pub(super) fn no_rule(
        &mut self,
        node: &mut Derivation,
        key: Key,
        attribute: &'a Attribute,
        depth: usize,
    ) {
        node.note = Note::NoRule;
        if let Some((filter, value, frame)) = self.evaluator.kept_out(key) {
            let condition = self.condition(filter, &value, &frame, attribute, depth);
            node.children.push(condition);
        }
    }

    fn is_assumed(&self, key: Key, outcome: &Outcome, frame: &Frame<'_>) -> bool {
        let given =
            self.data.assumed.keys().any(|at| at.attribute == key.attribute && at.subject == key.subject);
        outcome.rule.is_none() && frame.steps.is_empty() && (given || outcome.value.is_present())
    }

    /// Formula, values put in, and for states the chain of periods. Returns the readings that shaped the formula.
    fn rule(
        &mut self,
        node: &mut Derivation,
        key: Key,
        attribute: &'a Attribute,
        outcome: &Outcome,
        frame: &Frame<'a>,
    ) -> BTreeSet<ReadingId> {
        let mut readings = BTreeSet::new();
        if let Some(expr) = outcome.rule.and_then(|(rule, _)| rule_expr(attribute, rule)) {
            readings = self.formula(node, expr, frame);
        }
        if matches!(attribute.body, Body::Total(_)) {
            readings.extend(frame.steps.iter().filter_map(|step| match step {
                Step::Reading { reading } => Some(*reading),
                _ => None,
            }));
        }
        if matches!(attribute.body, Body::State { .. }) {
            let chain = self.evaluator.state_chain(key);
            let from = chain
                .first()
                .map(|earlier| earlier.period)
                .filter(|_| !matches!(outcome.rule, Some((RuleRef::First, _))));
            let chain = chain.into_iter().take(CONTRIBUTIONS_SHOWN).filter_map(|earlier| {
                let value = self.evaluator.outcome(earlier).value;
                Some((earlier.period?, self.text(&value, &attribute.ty.base)))
            });
            node.note = Note::State { from: from.flatten(), chain: chain.collect() };
        }
        readings
    }

    /// The formula of a node and the formula with values. Returns the readings that shaped it.
    fn formula(&self, node: &mut Derivation, expr: &Expr, frame: &Frame<'a>) -> BTreeSet<ReadingId> {
        let formula = Formula::new(self.program, self.data, self.options.lang);
        let text = formula.text(expr);
        let with = formula.with_values(expr, frame);
        node.substituted = Some(with).filter(|with| *with != text && *with != node.text);
        node.formula = Some(text);
        formula.readings()
    }

    /// What was read and done, each thing once.
    pub(super) fn steps(
        &mut self,
        steps: &[Step<'a>],
        attribute: &'a Attribute,
        depth: usize,
    ) -> Vec<Derivation> {
        let mut nodes: Vec<Derivation> = Vec::new();
        for step in steps {
            if self.nodes >= self.options.nodes_max && !matches!(step, Step::Contribution { .. }) {
                break;
            }
            let Some(node) = self.step(step, attribute, depth) else { continue };
            let known = |other: &Derivation| other.label == node.label && other.value == node.value;
            if node.amount.is_some() || !nodes.iter().any(known) {
                self.nodes += 1;
                nodes.push(node);
            }
        }
        nodes
    }

    fn step(&mut self, step: &Step<'a>, attribute: &'a Attribute, depth: usize) -> Option<Derivation> {
        let number = &attribute.ty.base;
        Some(match step {
            Step::Attribute { key } => self.result(*key, depth - 1),
            Step::Fact { field, subject, period, value } => self.fact(*field, *subject, *period, value),
            Step::Parameter { parameter, keys, supplied, value } => {
                self.parameter(*parameter, keys, *supplied, value)
            }
            Step::Cell { table, row, column, value } => self.cell(*table, *row, *column, value),
            // Beside the formula that it shaped.
            Step::Reading { .. } => return None,
            Step::Decision { at, value } => self.decision(at, value),
            Step::Rounded { ty, mode, quantum, before, after } if *before != *after => {
                let note = Note::Rounded { mode: *mode, quantum: quantum.clone(), before: before.clone() };
                self.adjustment(attribute, ty, note, before, after)
            }
            Step::Rounded { .. } => return None,
            Step::Limited { before, after } => {
                let note = Note::Limited { before: before.clone() };
                self.adjustment(attribute, number, note, before, after)
            }
            Step::Guard { guard, value, frame } => {
                if !holds(value) && !value.is_blocked() {
                    return None;
                }
                self.condition(guard, value, frame, attribute, depth)
            }
            Step::Replaced { outcome, frame } => self.replaced(outcome, frame, attribute, depth),
            Step::Contribution { key, article, weight, amount } => {
                self.contribution(*key, *article, weight.as_ref(), amount, depth)
            }
            Step::Aggregate { aggregate, ty, period, value, shown } => {
                let mut node = self.aggregate((aggregate, ty), value, shown, attribute, depth);
                node.label += &self.in_period(*period);
                node
            }
            Step::Marginal { table, slices, value } => self.marginal(*table, slices, value, number),
            Step::Interpolated { table, rows, value } => {
                let ends = [rows.0, rows.1].map(|row| self.element_name(&Value::Row(*table, row)));
                let name = &self.program.tables[table.index()].name;
                let label = format!(
                    "{} {name} · {}",
                    self.options.lang.pick("插值", "interpolation"),
                    ends.join(" – ")
                );
                self.leaf(label, value.clone(), number.clone(), Note::TableRow { cells: None })
            }
        })
    }

    /// A rounding or a limit: what it adds.
    fn adjustment(
        &self,
        attribute: &Attribute,
        ty: &Type,
        note: Note,
        before: &Rational,
        after: &Rational,
    ) -> Derivation {
        let lang = self.options.lang;
        let mut whole = Notation::Usual;
        let label = match &note {
            Note::Rounded { mode, quantum, .. } => {
                // What is rounded to whole numbers is no share.
                whole = if quantum.is_integer() { Notation::Plain } else { Notation::Usual };
                let quantum = self.text_in(&Value::Number(quantum.clone()), ty, whole);
                match lang {
                    Lang::Zh => format!("{}到 {quantum}", mode.zh()),
                    Lang::En => format!("rounded {} to {quantum}", mode.en().replace('_', " ")),
                }
            }
            _ => lang.pick("限额", "limit").to_owned(),
        };
        let value = Value::Number(after.clone());
        let text = self.text_in(&value, ty, whole);
        let leaf = self.leaf(label, value, ty.clone(), note);
        let in_total = matches!(attribute.body, Body::Total(_));
        Derivation { text, amount: in_total.then(|| after - before), ..leaf }
    }

    /// What the general rule would have given.
    fn replaced(
        &mut self,
        outcome: &Outcome,
        frame: &Frame<'a>,
        attribute: &'a Attribute,
        depth: usize,
    ) -> Derivation {
        let label = self.options.lang.pick("原规则", "general rule").to_owned();
        let leaf = self.result_leaf(label, outcome.value.clone(), attribute, Note::Replaced);
        let mut node = Derivation { article: outcome.rule.map(|(_, article)| article), ..leaf };
        let expr = outcome.rule.and_then(|(rule, _)| rule_expr(attribute, rule));
        let readings = expr.map(|expr| self.formula(&mut node, expr, frame)).unwrap_or_default();
        node.children = self.steps(&frame.steps, attribute, depth);
        node.children.extend(readings.into_iter().map(|reading| self.reading(reading)));
        node
    }

    pub(super) fn condition(
        &mut self,
        guard: &'a Expr,
        value: &Value,
        frame: &Frame<'a>,
        attribute: &'a Attribute,
        depth: usize,
    ) -> Derivation {
        let label = self.options.lang.pick("条件", "condition").to_owned();
        let mut node = self.leaf(label, value.clone(), Type::Bool, Note::Condition);
        let readings = self.formula(&mut node, guard, frame);
        node.children = self.steps(&frame.steps, attribute, depth);
        node.children.extend(readings.into_iter().map(|reading| self.reading(reading)));
        node
    }

    fn contribution(
        &mut self,
        key: Key,
        article: ArticleId,
        weight: Option<&Value>,
        amount: &Value,
        depth: usize,
    ) -> Derivation {
        let mut node = self.result(key, depth - 1);
        let plain = Type::Number(hengjie_quantity::Unit::none());
        if matches!(node.note, Note::Attribute) {
            node.note = Note::Contribution { weight: weight.map(|weight| self.text(weight, &plain)) };
        }
        node.article = node.article.or(Some(article));
        node.amount = Some(match amount {
            Value::Number(amount) => amount.clone(),
            _ => Rational::ZERO,
        });
        node
    }

    fn aggregate(
        &mut self,
        (aggregate, ty): (&'a Aggregate, &'a Type),
        value: &Value,
        shown: &Shown<'a>,
        attribute: &'a Attribute,
        depth: usize,
    ) -> Derivation {
        let body = aggregate.body.as_ref().map_or(&aggregate.over.element, |body| &body.ty.base);
        let written = aggregate.body.as_ref().map_or(Notation::Usual, |body| notation(self.program, body));
        let whole = match aggregate.operation {
            AggregateOperation::Count | AggregateOperation::LeadingRun => Notation::Plain,
            _ => written,
        };
        let label = Formula::new(self.program, self.data, self.options.lang).aggregate(aggregate);
        let elements = shown.items.len() + shown.others;
        let mut node = self.leaf(label, value.clone(), ty.clone(), Note::Aggregate { elements });
        node.text = self.text_in(value, ty, whole);
        let is_sum = aggregate.operation == AggregateOperation::Sum;
        for item in &shown.items {
            let mut child =
                self.element(item, (body, written), attribute, depth, Note::Element { weight: None });
            child.amount = is_sum.then(|| amount(&item.value));
            node.children.push(child);
        }
        if shown.others > 0 {
            node.children.push(self.rest(shown, (body, written), is_sum));
        }
        for item in shown.refused.iter().take(CONTRIBUTIONS_SHOWN) {
            let ty = (&Type::Bool, Notation::Usual);
            let refused = self.element(item, ty, attribute, depth, Note::Refused);
            node.children.push(refused);
        }
        node
    }

    fn element(
        &mut self,
        item: &Item<'a>,
        (ty, written): (&Type, Notation),
        attribute: &'a Attribute,
        depth: usize,
        note: Note,
    ) -> Derivation {
        let plain = Type::Number(hengjie_quantity::Unit::none());
        let note = match (note, &item.weight) {
            (Note::Element { .. }, Some(weight)) => Note::Element { weight: Some(self.text(weight, &plain)) },
            (note, _) => note,
        };
        let label = match &item.element {
            Value::None => self.options.lang.pick("（未知）", "(unknown)").to_owned(),
            Value::Object(kind, position) => self.mention(*kind, *position),
            element => self.element_name(element),
        };
        let leaf = self.leaf(label, item.value.clone(), ty.clone(), note);
        let text = self.text_in(&item.value, ty, written);
        Derivation { text, children: self.steps(&item.frame.steps, attribute, depth), ..leaf }
    }

    /// Everything beyond the contributions that are shown, as one node.
    fn rest(&self, shown: &Shown<'_>, (ty, written): (&Type, Notation), is_sum: bool) -> Derivation {
        let count = shown.others;
        let label = match self.options.lang {
            Lang::Zh => format!("其余 {count} 项"),
            Lang::En => format!("{count} others"),
        };
        let sum = shown.sum_of_others.clone();
        let value = if is_sum { Value::Number(sum.clone()) } else { Value::None };
        let text = if is_sum { self.text_in(&value, ty, written) } else { "…".to_owned() };
        let leaf = self.leaf(label, value, ty.clone(), Note::Rest { count });
        Derivation { text, amount: is_sum.then_some(sum), ..leaf }
    }

    pub(super) fn leaf(&self, label: String, value: Value, ty: Type, note: Note) -> Derivation {
        Derivation {
            label,
            text: self.text(&value, &ty),
            value,
            ty,
            article: None,
            note,
            formula: None,
            substituted: None,
            gaps: Vec::new(),
            amount: None,
            children: Vec::new(),
        }
    }

    pub(super) fn text(&self, value: &Value, ty: &Type) -> String {
        self.text_in(value, ty, Notation::Usual)
    }

    /// A value as the document writes such values; people with their names.
    pub(super) fn text_in(&self, value: &Value, ty: &Type, notation: Notation) -> String {
        match value {
            Value::Object(..) | Value::Row(..) => self.element_name(value),
            _ => format_noted(self.program, self.data, value, ty, notation, self.options.lang),
        }
    }

    /// A subject by name and key, a row by its key cells, a period.
    pub(super) fn element_name(&self, element: &Value) -> String {
        match element {
            Value::Object(kind, position) => format_subject(self.data, *kind, *position, self.options.lang),
            Value::Row(table, row) => {
                let table = &self.program.tables[table.index()];
                let cells = table.rows.get(*row as usize).map(|row| &row.cells[..]).unwrap_or_default();
                let keys = cells.iter().zip(&table.columns).take((table.keys as usize).max(1));
                let shown = keys.map(|(cell, column)| {
                    format_cell(self.program, self.data, cell, column, self.options.lang)
                });
                shown.collect::<Vec<_>>().join("/")
            }
            other => self.text(other, &Type::Text),
        }
    }

    /// A subject, by the name alone once it has been mentioned.
    pub(super) fn mention(&mut self, kind: KindId, position: u32) -> String {
        self.naming.mention(self.data, kind, position, self.options.lang)
    }

    /// `张三.符合(高级)（2025年）`
    fn result_label(&mut self, key: Key) -> String {
        let attribute = self.evaluator.definition(key);
        let subject = match attribute.context.kind {
            Some(kind) => self.mention(kind, key.subject),
            None => self.options.lang.pick("全体", "everyone").to_owned(),
        };
        let row = key.row.map(|row| format!("({})", self.element_name(&row.value())));
        format!("{subject}.{}{}{}", attribute.name, row.unwrap_or_default(), self.in_period(key.period))
    }
}

/// A rule that is nothing but one aggregate needs no node of its own for it.
fn unwrap_aggregate(node: &mut Derivation) {
    let is_whole = |child: &Derivation| {
        matches!(child.note, Note::Aggregate { .. })
            && node.formula.as_ref().is_some_and(|formula| child.label.starts_with(formula.as_str()))
    };
    if matches!(node.note, Note::Attribute)
        && let Some(place) = node.children.iter().position(is_whole)
    {
        let child = node.children.remove(place);
        node.note = child.note;
        node.children.extend(child.children);
        node.substituted = None;
    }
}

/// The expression of the rule that gave a value.
fn rule_expr(attribute: &Attribute, rule: RuleRef) -> Option<&Expr> {
    match (&attribute.body, rule) {
        (Body::Defined { exceptions, .. }, RuleRef::Exception(place)) => case_value(exceptions, place),
        (Body::Defined { general, .. }, RuleRef::General(place)) => case_value(general, place),
        (Body::State { first, .. }, RuleRef::First) => Some(first),
        (Body::State { next, .. }, RuleRef::Next(place)) => case_value(next, place),
        _ => None,
    }
}

fn case_value(cases: &[Case], place: u32) -> Option<&Expr> {
    cases.get(place as usize).map(|case| &case.value)
}

fn amount(value: &Value) -> Rational {
    match value {
        Value::Number(number) => number.clone(),
        _ => Rational::ZERO,
    }
}
