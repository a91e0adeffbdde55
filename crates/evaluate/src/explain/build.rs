//! Builds the tree of an explanation from what the evaluator wrote down.

use super::formula::Printer;
use super::{CONTRIBUTIONS_SHOWN, Derivation, ExplainOptions, Note};
use crate::dataset::Dataset;
use crate::format::format_value;
use crate::row::{Evaluator, Frame, Item, Key, Outcome, RuleRef, Step, holds, row_label};
use crate::value::Value;
use hengjie_policy::core::{
    Aggregate, AggregateOperation, ArticleId, Attribute, Body, Case, Expr, Program, Type,
};
use hengjie_quantity::Rational;
use rustc_hash::FxHashSet;

/// An explanation in the making.
pub(super) struct Builder<'e, 'a> {
    pub(super) evaluator: &'e mut Evaluator<'a>,
    pub(super) program: &'a Program,
    pub(super) data: &'a Dataset,
    pub(super) options: ExplainOptions,
    nodes: usize,
    shown: FxHashSet<Key>,
}

impl<'e, 'a> Builder<'e, 'a> {
    pub(super) fn new(evaluator: &'e mut Evaluator<'a>, options: ExplainOptions) -> Self {
        let (program, data) = (evaluator.program(), evaluator.data());
        Self { evaluator, program, data, options, nodes: 0, shown: FxHashSet::default() }
    }

    /// The derivation of a result, followed for `depth` levels of attributes.
    pub(super) fn result(&mut self, key: Key, depth: usize) -> Derivation {
        let attribute = self.evaluator.definition(key);
        if !self.shown.insert(key) {
            let value = self.evaluator.outcome(key).value;
            return self.leaf(self.result_label(key), value, attribute.ty.base.clone(), Note::Shown);
        }
        if depth == 0 || self.nodes >= self.options.nodes_max {
            let value = self.evaluator.outcome(key).value;
            return self.leaf(self.result_label(key), value, attribute.ty.base.clone(), Note::Cut);
        }
        self.nodes += 1;
        let (outcome, frame) = self.evaluator.explain(key);
        let leaf = self.leaf(
            self.result_label(key),
            outcome.value.clone(),
            attribute.ty.base.clone(),
            Note::Attribute,
        );
        let mut node = Derivation { article: outcome.rule.map(|(_, article)| article), ..leaf };
        match &attribute.body {
            _ if self.is_assumed(key, &outcome, &frame) => node.note = Note::Assumed,
            Body::Rank(rank) => self.rank(&mut node, key, rank, depth),
            Body::Quota(quota) => self.quota(&mut node, key, quota, depth),
            Body::Split(split) => self.split(&mut node, key, split),
            Body::Defined { .. } | Body::State { .. } | Body::Total(_) => {
                self.rule(&mut node, key, attribute, &outcome, &frame);
                node.children.extend(self.steps(&frame.steps, attribute, depth));
                unwrap_aggregate(&mut node);
                if outcome.rule.is_none() && node.children.is_empty() {
                    self.no_rule(&mut node, key, attribute, depth);
                }
            }
        }
        node
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

    /// Formula, values put in, and for states the chain of periods.
    fn rule(
        &mut self,
        node: &mut Derivation,
        key: Key,
        attribute: &'a Attribute,
        outcome: &Outcome,
        frame: &Frame<'a>,
    ) {
        if let Some(expr) = outcome.rule.and_then(|(rule, _)| rule_expr(attribute, rule)) {
            node.formula = Some(self.printer(attribute, None).text(expr));
            node.substituted = Some(self.printer(attribute, Some(frame)).text(expr))
                .filter(|text| Some(text) != node.formula.as_ref());
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
    }

    fn printer<'p>(&'p self, attribute: &'p Attribute, frame: Option<&'p Frame<'p>>) -> Printer<'p> {
        Printer { program: self.program, data: self.data, attribute, lang: self.options.lang, frame }
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
            Step::Reading { reading, alternative } => self.reading(*reading, *alternative),
            Step::Decision { at, value } => self.decision(at, value),
            Step::Rounded { mode, quantum, before, after } if *before != *after => {
                let note = Note::Rounded { mode: *mode, quantum: quantum.clone(), before: before.clone() };
                self.adjustment(attribute, note, before, after)
            }
            Step::Rounded { .. } => return None,
            Step::Limited { before, after } => {
                self.adjustment(attribute, Note::Limited { before: before.clone() }, before, after)
            }
            Step::Guard { guard, value, frame } => {
                if !holds(value) && !value.is_blocked() {
                    return None;
                }
                self.condition(guard, value, frame, attribute, depth)
            }
            Step::Replaced { outcome, frame } => {
                let label = self.options.lang.pick("原规则", "general rule").to_owned();
                let leaf = self.leaf(label, outcome.value.clone(), number.clone(), Note::Replaced);
                let children = self.steps(&frame.steps, attribute, depth);
                Derivation { article: outcome.rule.map(|(_, article)| article), children, ..leaf }
            }
            Step::Contribution { key, article, weight, amount } => {
                self.contribution(*key, *article, weight.as_ref(), amount, depth)
            }
            Step::Aggregate { aggregate, period, value, items, refused } => {
                let mut node = self.aggregate(aggregate, value, items, refused, attribute, depth);
                node.label += &self.in_period(*period);
                node
            }
            Step::Marginal { table, slices, value } => self.marginal(*table, slices, value, number),
            Step::Interpolated { table, rows, value } => {
                let ends =
                    [rows.0, rows.1].map(|row| row_label(self.program, self.data, &Value::Row(*table, row)));
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
        note: Note,
        before: &Rational,
        after: &Rational,
    ) -> Derivation {
        let lang = self.options.lang;
        let label = match &note {
            Note::Rounded { mode, quantum, .. } => {
                let quantum = self.text(&Value::Number(quantum.clone()), &attribute.ty.base);
                match lang {
                    hengjie_quantity::Lang::Zh => format!("{}到 {quantum}", mode.zh()),
                    hengjie_quantity::Lang::En => format!("{} to {quantum}", mode.en()),
                }
            }
            _ => lang.pick("限额", "limit").to_owned(),
        };
        let leaf = self.leaf(label, Value::Number(after.clone()), attribute.ty.base.clone(), note);
        let in_total = matches!(attribute.body, Body::Total(_));
        Derivation { amount: in_total.then(|| after - before), ..leaf }
    }

    fn condition(
        &mut self,
        guard: &'a Expr,
        value: &Value,
        frame: &Frame<'a>,
        attribute: &'a Attribute,
        depth: usize,
    ) -> Derivation {
        let label = self.options.lang.pick("条件", "condition").to_owned();
        let leaf = self.leaf(label, value.clone(), Type::Bool, Note::Condition);
        let formula = Some(self.printer(attribute, None).text(guard));
        let substituted = Some(self.printer(attribute, Some(frame)).text(guard));
        Derivation { formula, substituted, children: self.steps(&frame.steps, attribute, depth), ..leaf }
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
        aggregate: &'a Aggregate,
        value: &Value,
        items: &[Item<'a>],
        refused: &[Item<'a>],
        attribute: &'a Attribute,
        depth: usize,
    ) -> Derivation {
        let body = aggregate.body.as_ref().map_or(&aggregate.over.element, |body| &body.ty.base);
        let ty = match aggregate.operation {
            AggregateOperation::Exists | AggregateOperation::Every => Type::Bool,
            AggregateOperation::Count | AggregateOperation::LeadingRun => {
                Type::Number(hengjie_quantity::Unit::none())
            }
            _ => body.clone(),
        };
        let label = self.printer(attribute, None).aggregate_text(aggregate);
        let mut node = self.leaf(label, value.clone(), ty, Note::Aggregate { elements: items.len() });
        let is_sum = aggregate.operation == AggregateOperation::Sum;
        let mut order: Vec<&Item<'a>> = items.iter().collect();
        if is_sum {
            order.sort_by_key(|item| std::cmp::Reverse(size(&item.value)));
        }
        let (shown, rest) = order.split_at(order.len().min(CONTRIBUTIONS_SHOWN));
        for item in shown {
            let mut child = self.element(item, body, attribute, depth, Note::Element { weight: None });
            child.amount = is_sum.then(|| amount(&item.value));
            node.children.push(child);
        }
        if !rest.is_empty() {
            node.children.push(self.rest(rest, body, is_sum));
        }
        for item in refused.iter().take(CONTRIBUTIONS_SHOWN) {
            let refused = self.element(item, &Type::Bool, attribute, depth, Note::Refused);
            node.children.push(refused);
        }
        node
    }

    fn element(
        &mut self,
        item: &Item<'a>,
        ty: &Type,
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
            element => row_label(self.program, self.data, element),
        };
        let leaf = self.leaf(label, item.value.clone(), ty.clone(), note);
        Derivation { children: self.steps(&item.frame.steps, attribute, depth), ..leaf }
    }

    /// Everything beyond the contributions that are shown, as one node.
    fn rest(&self, rest: &[&Item<'_>], ty: &Type, is_sum: bool) -> Derivation {
        let label = match self.options.lang {
            hengjie_quantity::Lang::Zh => format!("其余 {} 项", rest.len()),
            hengjie_quantity::Lang::En => format!("{} others", rest.len()),
        };
        let sum: Rational = rest.iter().map(|item| amount(&item.value)).sum();
        let value = if is_sum { Value::Number(sum.clone()) } else { Value::None };
        let leaf = self.leaf(label, value, ty.clone(), Note::Rest { count: rest.len() });
        Derivation { amount: is_sum.then_some(sum), ..leaf }
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
        format_value(self.program, self.data, value, ty, self.options.lang)
    }

    /// `张三.符合(高级)（2025年）`
    fn result_label(&self, key: Key) -> String {
        let attribute = self.evaluator.definition(key);
        let subject = match attribute.context.kind {
            Some(kind) => row_label(self.program, self.data, &Value::Object(kind, key.subject)),
            None => self.options.lang.pick("全体", "all").to_owned(),
        };
        let row = key.row.map(|row| format!("({})", row_label(self.program, self.data, &row.value())));
        format!("{subject}.{}{}{}", attribute.name, row.unwrap_or_default(), self.in_period(key.period))
    }
}

/// A rule that is nothing but one aggregate needs no node of its own for it.
fn unwrap_aggregate(node: &mut Derivation) {
    let is_whole = |child: &Derivation| {
        matches!(child.note, Note::Aggregate { .. })
            && node.formula.as_ref().is_some_and(|formula| child.label.starts_with(formula.as_str()))
    };
    if let [child] = &node.children[..]
        && is_whole(child)
        && matches!(node.note, Note::Attribute)
    {
        let Some(child) = node.children.pop() else { return };
        node.note = child.note;
        node.children = child.children;
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

/// Blocked elements first, then by size.
fn size(value: &Value) -> (bool, Rational) {
    (value.is_blocked(), amount(value).abs())
}
