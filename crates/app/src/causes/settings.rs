//! Decisions, parameters and readings, one by one.

use super::step::{Sort, Step, Touched};
use super::walk::{Stopped, Walk};
use crate::dataset::Facts;
use crate::typed;
use hengjie_evaluate::dataset::{DecidedValue, DecisionKey, SuppliedParameter};
use hengjie_evaluate::format::format_value;
use hengjie_policy::core::{Literal, ParameterId, ParameterValue, Program, Type};
use hengjie_quantity::Lang;
use std::collections::BTreeSet;

/// Decisions that are taken one by one; more are taken by what is decided.
const SINGLE: usize = 50;

/// Decisions of people.
pub(super) fn decisions(walk: &mut Walk<'_>, last: &Facts) -> Result<(), Stopped> {
    let before = &walk.now.facts.data.decisions;
    let after = &last.data.decisions;
    let keys: BTreeSet<&DecisionKey> = before.keys().chain(after.keys()).collect();
    let value = |decided: Option<&DecidedValue>| decided.map(|decided| decided.value.clone());
    let changed = keys.into_iter().filter(|key| value(before.get(key)) != value(after.get(key)));
    let changed: Vec<DecisionKey> = changed.cloned().collect();
    let groups: Vec<Vec<DecisionKey>> = match changed.len() {
        0..=SINGLE => changed.into_iter().map(|key| vec![key]).collect(),
        _ => changed.chunk_by(|left, right| left.decision == right.decision).map(<[_]>::to_vec).collect(),
    };
    for group in groups {
        let mut data = walk.now.facts.data.clone();
        let touched: Vec<Touched> = group.iter().map(|key| decided(walk, last, key)).collect();
        for key in &group {
            match last.data.decisions.get(key) {
                Some(decided) => drop(data.decisions.insert(key.clone(), decided.clone())),
                None => drop(data.decisions.remove(key)),
            }
        }
        let what = match touched.as_slice() {
            [one] => one.text.clone(),
            _ => group.first().map_or_else(String::new, |key| name(&walk.now.policy.program, key)),
        };
        let step = Step { count: group.len(), touched, ..Step::new(Sort::Decision, what) };
        walk.facts(step, Facts { data })?;
    }
    Ok(())
}

fn name(program: &Program, key: &DecisionKey) -> String {
    program.decisions[key.decision.index()].name.clone()
}

/// `优秀名单 1001（2026年）：待定 → 是`
fn decided(walk: &Walk<'_>, last: &Facts, key: &DecisionKey) -> Touched {
    let (program, lang) = (&walk.now.policy.program, walk.lang);
    let definition = &program.decisions[key.decision.index()];
    let text = |facts: &Facts| match facts.data.decisions.get(key) {
        Some(decided) => format_value(program, &facts.data, &decided.value, &definition.ty, lang),
        None => lang.pick("待定", "undecided").to_owned(),
    };
    let (from, to) = (text(&walk.now.facts), text(last));
    let words = [name(program, key), key.subject.clone(), key.row.clone()];
    let who: Vec<String> = words.into_iter().filter(|word| !word.is_empty()).collect();
    let who = who.join(" ");
    let text = match (lang, key.period) {
        (Lang::Zh, Some(period)) => format!("{who}（{period}）：{from} → {to}"),
        (Lang::En, Some(period)) => format!("{who} ({}): {from} → {to}", period.en()),
        (Lang::Zh, None) => format!("{who}：{from} → {to}"),
        (Lang::En, None) => format!("{who}: {from} → {to}"),
    };
    let kind = definition.attribute.and_then(|attribute| program.attributes[attribute.index()].context.kind);
    let whose = kind.map(|kind| (program.kinds[kind.index()].name.clone(), key.subject.clone()));
    Touched { whose: whose.into_iter().collect(), text }
}

/// Parameters, each with all its days.
pub(super) fn parameters(walk: &mut Walk<'_>, last: &Facts) -> Result<(), Stopped> {
    let mut places: Vec<(ParameterId, Vec<Literal>)> = Vec::new();
    for entry in walk.now.facts.data.parameters.iter().chain(&last.data.parameters) {
        let place = (entry.parameter, entry.keys.clone());
        if !places.contains(&place) {
            places.push(place);
        }
    }
    places.sort_by_key(|(parameter, _)| *parameter);
    for place in places {
        let before = supplied(&walk.now.facts, &place);
        let after = supplied(last, &place);
        let values = |entries: &[SuppliedParameter]| {
            let mut values: Vec<_> = entries.iter().map(|entry| (entry.from, entry.value.clone())).collect();
            values.sort_by_key(|(from, _)| *from);
            values
        };
        if values(&before) == values(&after) {
            continue;
        }
        let mut data = walk.now.facts.data.clone();
        data.parameters.retain(|entry| entry.parameter != place.0 || entry.keys != place.1);
        let what = parameter(walk, &place, [&before, &after]);
        data.parameters.extend(after);
        walk.facts(Step::new(Sort::Parameter, what), Facts { data })?;
    }
    Ok(())
}

fn supplied(facts: &Facts, place: &(ParameterId, Vec<Literal>)) -> Vec<SuppliedParameter> {
    let is_here = |entry: &&SuppliedParameter| entry.parameter == place.0 && entry.keys == place.1;
    facts.data.parameters.iter().filter(is_here).cloned().collect()
}

/// `岗位工资(初级) 6000元 → 6500元`
fn parameter(
    walk: &Walk<'_>,
    (id, keys): &(ParameterId, Vec<Literal>),
    sides: [&[SuppliedParameter]; 2],
) -> String {
    let (program, facts, lang) = (&walk.now.policy.program, &walk.now.facts, walk.lang);
    let definition = &program.parameters[id.index()];
    let shown = |literal: &Literal, ty: &Type| {
        format_value(program, &facts.data, &typed::of_literal(literal), ty, lang)
    };
    let keys: Vec<String> = keys.iter().zip(&definition.keys).map(|(key, ty)| shown(key, ty)).collect();
    let keys = if keys.is_empty() { String::new() } else { format!("({})", keys.join(", ")) };
    let side = |entries: &[SuppliedParameter]| {
        let entry = |entry: &SuppliedParameter| {
            let value = shown(&entry.value, &definition.ty);
            match (entry.from, lang) {
                (None, _) => value,
                (Some(from), Lang::Zh) => format!("{value}（{from} 起）"),
                (Some(from), Lang::En) => format!("{value} (from {from})"),
            }
        };
        let all: Vec<String> = entries.iter().map(entry).collect();
        match (all.is_empty(), &definition.value) {
            (false, _) => all.join(lang.pick("、", ", ")),
            (true, ParameterValue::Given(literal)) => shown(literal, &definition.ty),
            (true, ParameterValue::Required(_)) => lang.pick("没有给定", "not supplied").to_owned(),
        }
    };
    let [from, to] = sides.map(side);
    format!("{}{keys} {from} → {to}", definition.name)
}

/// Readings of the old document that the new run takes otherwise.
pub(super) fn readings(walk: &mut Walk<'_>, last: &Facts) -> Result<(), Stopped> {
    let policy = std::sync::Arc::clone(&walk.now.policy);
    for (position, reading) in policy.program.readings.iter().enumerate() {
        let taken =
            |facts: &Facts| facts.data.readings.get(position).copied().flatten().unwrap_or(reading.chosen);
        let (from, to) = (taken(&walk.now.facts), taken(last));
        if from == to {
            continue;
        }
        let mut data = walk.now.facts.data.clone();
        data.readings.resize(policy.program.readings.len(), None);
        data.readings[position] = Some(to);
        let word = |at: u32| reading.alternatives.get(at as usize).map_or("", String::as_str);
        let what = format!("{} {} → {}", reading.name, word(from), word(to));
        walk.facts(Step::new(Sort::Reading, what), Facts { data })?;
    }
    Ok(())
}
