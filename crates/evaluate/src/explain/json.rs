//! Explanations as JSON.

use super::{Derivation, Note, SourceRow};
use crate::value::Value as Computed;
use hengjie_policy::core::Program;
use hengjie_quantity::Rational;
use serde_json::{Map, Value, json};

impl Derivation {
    /// The tree as JSON: `label`, `text`, `status`, for numbers the exact `number`, `kind` with what belongs to it,
    /// `article` {cite, heading}, `formula`, `substituted`, `gaps`, the exact `amount`, `children`. Absent parts are left out.
    #[must_use]
    pub fn to_json(&self, program: &Program) -> Value {
        let mut object = Map::new();
        let mut put = |name: &str, value: Value| object.insert(name.to_owned(), value);
        put("label", json!(self.label));
        put("text", json!(self.text));
        put("status", json!(status(&self.value)));
        if let Computed::Number(number) = &self.value {
            put("number", exact(number));
        }
        put("kind", json!(kind(&self.note)));
        if let Value::Object(details) = details(&self.note) {
            for (name, value) in details {
                put(&name, value);
            }
        }
        if let Some(article) = self.article.and_then(|article| program.articles.get(article.index())) {
            put("article", json!({ "cite": article.cite, "heading": article.heading }));
        }
        for (name, text) in [("formula", &self.formula), ("substituted", &self.substituted)] {
            if let Some(text) = text {
                put(name, json!(text));
            }
        }
        if !self.gaps.is_empty() {
            put("gaps", json!(self.gaps));
        }
        if let Some(amount) = &self.amount {
            put("amount", exact(amount));
        }
        if !self.children.is_empty() {
            put("children", self.children.iter().map(|child| child.to_json(program)).collect());
        }
        Value::Object(object)
    }
}

fn exact(number: &Rational) -> Value {
    json!(number.to_string())
}

fn status(value: &Computed) -> &'static str {
    use crate::value::Status;
    match value.status() {
        Status::Present => "present",
        Status::None => "none",
        Status::Exempt => "exempt",
        Status::Undecided => "undecided",
        Status::Missing => "missing",
    }
}

fn kind(note: &Note) -> &'static str {
    match note {
        Note::Attribute => "attribute",
        Note::Assumed => "assumed",
        Note::NoRule => "no_rule",
        Note::Shown => "shown",
        Note::Cut => "cut",
        Note::Condition => "condition",
        Note::Replaced => "replaced",
        Note::State { .. } => "state",
        Note::Contribution { .. } => "contribution",
        Note::Rest { .. } => "rest",
        Note::Limited { .. } => "limited",
        Note::Rounded { .. } => "rounded",
        Note::Aggregate { .. } => "aggregate",
        Note::Element { .. } => "element",
        Note::Refused => "refused",
        Note::TableRow { .. } => "table_row",
        Note::Marginal { .. } => "marginal",
        Note::Parameter { .. } => "parameter",
        Note::Fact { .. } => "fact",
        Note::Decision { .. } => "decision",
        Note::Reading { .. } => "reading",
        Note::Rank { .. } => "rank",
        Note::Quota { .. } => "quota",
        Note::Split { .. } => "split",
    }
}

fn details(note: &Note) -> Value {
    match note {
        Note::State { from, chain } => {
            let chain: Vec<Value> =
                chain.iter().map(|(period, value)| json!({ "period": period, "value": value })).collect();
            json!({ "from": from, "chain": chain })
        }
        Note::Contribution { weight } | Note::Element { weight } => json!({ "weight": weight }),
        Note::Rest { count } => json!({ "count": count }),
        Note::Limited { before } => json!({ "before": exact(before) }),
        Note::Rounded { mode, quantum, before } => {
            json!({ "mode": mode.en(), "quantum": exact(quantum), "before": exact(before) })
        }
        Note::Aggregate { elements } => json!({ "elements": elements }),
        Note::TableRow { cells } => json!({ "cells": cells }),
        Note::Marginal { slices } => json!({ "slices": slices }),
        Note::Parameter { from, by, because, origin } => {
            json!({ "from": from, "by": by, "because": because, "source": source(origin.as_ref()) })
        }
        Note::Fact { origin, heading } => json!({ "heading": heading, "source": source(origin.as_ref()) }),
        Note::Decision { by, because, evidence, origin } => {
            json!({ "by": by, "because": because, "evidence": evidence, "source": source(origin.as_ref()) })
        }
        Note::Reading { title, alternatives, by, on } => {
            json!({ "title": title, "alternatives": alternatives, "by": by, "on": on })
        }
        Note::Rank { group, count, keys, neighbours } => {
            let neighbours: Vec<Value> = (neighbours.iter())
                .map(|(rank, who, keys)| json!({ "rank": rank, "who": who, "keys": keys }))
                .collect();
            json!({ "group": group, "count": count, "keys": keys, "neighbours": neighbours })
        }
        Note::Quota { group, count, rank, lines, ties } => {
            let lines: Vec<Value> = (lines.iter())
                .map(|line| json!({ "item": line.item, "seats": line.seats, "filled": line.filled }))
                .collect();
            let ties: Vec<Value> = (ties.iter())
                .map(|tie| json!({ "item": tie.item, "seats": tie.seats, "tied": tie.tied }))
                .collect();
            json!({ "group": group, "count": count, "rank": rank, "lines": lines, "ties": ties })
        }
        Note::Split { amount, weight, weights, cap, sharers } => {
            json!({ "of": amount, "weight": weight, "weights": weights, "cap": cap, "sharers": sharers })
        }
        _ => Value::Null,
    }
}

fn source(origin: Option<&SourceRow>) -> Value {
    origin.map_or(Value::Null, |SourceRow { file, row }| json!({ "file": file, "row": row }))
}
