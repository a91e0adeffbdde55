//! One event that counts twice: a single record changes two parts of the same sum.

use crate::finding::{Check, Finding, Severity};
use crate::interpret::Interpreter;
use crate::probe::{Fact, Pool, Probe, World};
use crate::{Context, words};
use hengjie_calendar::Grain;
use hengjie_evaluate::value::Value;
use hengjie_policy::core::{AttributeId, Body, FieldRef, KindId, Type};
use hengjie_quantity::{Lang, Rational};
use std::collections::BTreeSet;

/// Combinations of items and truths of a record that are tried.
const RECORDS_MAX: usize = 160;
/// Worlds in which they are tried.
const WORLDS: u32 = 5;

pub(crate) fn look<'a>(
    context: &Context<'a>,
    interpreter: &mut Interpreter<'a>,
    pool: &Pool,
) -> Vec<Finding> {
    let mut found = Vec::new();
    for (first, second) in pairs(context) {
        for kind in events_of_both(context, first, second) {
            if let Some(finding) = shared_record(context, interpreter, pool, (first, second), kind) {
                found.push(finding);
                break;
            }
        }
    }
    found
}

/// Parts of totals that end up in one value.
fn pairs(context: &Context<'_>) -> Vec<(AttributeId, AttributeId)> {
    let program = context.program;
    let mut parts: Vec<(AttributeId, BTreeSet<AttributeId>)> = Vec::new();
    for attribute in &program.attributes {
        let Body::Total(total) = &attribute.body else { continue };
        for part in &total.contributions {
            if !parts.iter().any(|(known, _)| *known == part.attribute) {
                parts.push((part.attribute, context.uses.results_of(part.attribute)));
            }
        }
    }
    let mut pairs = Vec::new();
    for (at, (first, results)) in parts.iter().enumerate() {
        for (second, others) in &parts[at + 1..] {
            let unit = |id: AttributeId| &program.attributes[id.index()].ty.base;
            if unit(*first) == unit(*second)
                && results.intersection(others).next().is_some()
                && !others.contains(first)
                && !results.contains(second)
            {
                pairs.push((*first, *second));
            }
        }
    }
    pairs
}

/// Kinds of dated records that both depend on.
fn events_of_both(context: &Context<'_>, first: AttributeId, second: AttributeId) -> Vec<KindId> {
    let kinds = |id: AttributeId| -> BTreeSet<KindId> {
        context.cones[id.index()].fields.iter().map(|field| field.kind).collect()
    };
    let both = &kinds(first) & &kinds(second);
    let is_event = |kind: &KindId| {
        let kind = &context.program.kinds[kind.index()];
        kind.grains.contains(&Grain::Day) && kind.form.is_none()
    };
    both.into_iter().filter(is_event).collect()
}

fn shared_record<'a>(
    context: &Context<'a>,
    interpreter: &mut Interpreter<'a>,
    pool: &Pool,
    (first, second): (AttributeId, AttributeId),
    kind: KindId,
) -> Option<Finding> {
    let probe = Probe::new(context, pool, interpreter, first);
    // A score that is 0 already shows no deduction: several worlds.
    (0..WORLDS).find_map(|salt| in_world(context, &probe, salt, (first, second), kind))
}

fn in_world(
    context: &Context<'_>,
    probe: &Probe<'_, '_>,
    salt: u32,
    (first, second): (AttributeId, AttributeId),
    kind: KindId,
) -> Option<Finding> {
    let mut empty = probe.world(salt);
    empty.without.insert(kind);
    let before = both(probe, &mut empty, first, second)?;
    for choice in records(context, kind) {
        let mut world: World = empty.clone();
        world.without.remove(&kind);
        world.facts.extend(choice.iter().map(|(field, fact)| ((*field, 0), fact.clone())));
        let Some(after) = both(probe, &mut world, first, second) else { continue };
        if before.0 != after.0 && before.1 != after.1 {
            return Some(finding(context, (first, second), kind, &choice, (&before, &after)));
        }
    }
    None
}

fn both(
    probe: &Probe<'_, '_>,
    world: &mut World,
    first: AttributeId,
    second: AttributeId,
) -> Option<(Rational, Rational)> {
    let Value::Number(a) = probe.value(world, first, None)? else { return None };
    let Value::Number(b) = probe.value(world, second, None)? else { return None };
    Some((a, b))
}

/// Every combination of items and truths of a record.
fn records(context: &Context<'_>, kind: KindId) -> Vec<Vec<(FieldRef, Fact)>> {
    let program = context.program;
    let mut all: Vec<Vec<(FieldRef, Fact)>> = vec![Vec::new()];
    for (at, field) in program.kinds[kind.index()].fields.iter().enumerate() {
        let reference = FieldRef { kind, field: u32::try_from(at).unwrap_or(0) };
        if !context.uses.fields.contains(&reference) {
            continue;
        }
        let choices: Vec<Fact> = match &field.ty {
            Type::Enum(of) => (0..u32::try_from(program.enums[of.index()].items.len()).unwrap_or(0))
                .map(Fact::Item)
                .collect(),
            Type::Bool => vec![Fact::Bool(true), Fact::Bool(false)],
            _ => continue,
        };
        let longer = all.iter().flat_map(|before| {
            choices
                .iter()
                .map(move |choice| before.iter().cloned().chain([(reference, choice.clone())]).collect())
        });
        all = longer.take(RECORDS_MAX).collect();
    }
    all
}

fn finding(
    context: &Context<'_>,
    (first, second): (AttributeId, AttributeId),
    kind: KindId,
    choice: &[(FieldRef, Fact)],
    (before, after): (&(Rational, Rational), &(Rational, Rational)),
) -> Finding {
    let program = context.program;
    let (a, b) = (&program.attributes[first.index()], &program.attributes[second.index()]);
    let definition = &program.kinds[kind.index()];
    let record = |lang: Lang| {
        let one = |(field, fact): &(FieldRef, Fact)| {
            let field = &definition.fields[field.field as usize];
            let value = match (fact, &field.ty) {
                (Fact::Item(item), Type::Enum(of)) => {
                    program.enums[of.index()].items.get(*item as usize)?.clone()
                }
                (Fact::Bool(truth), _) => {
                    lang.pick(if *truth { "是" } else { "否" }, if *truth { "yes" } else { "no" }).to_owned()
                }
                _ => return None,
            };
            Some(format!("{} = {value}", field.name))
        };
        choice.iter().filter_map(one).collect::<Vec<_>>().join(lang.pick("，", ", "))
    };
    let change = |name: &str, ty: &Type, from: &Rational, to: &Rational, lang| {
        format!("{name}：{} → {}", words::number(from, ty, lang), words::number(to, ty, lang))
    };
    let lines = vec![
        words::both(|lang| match lang {
            Lang::Zh => format!("一条{}：{}", definition.name, record(lang)),
            Lang::En => format!("one {}: {}", definition.name, record(lang)),
        }),
        words::both(|lang| change(&a.name, &a.ty.base, &before.0, &after.0, lang)),
        words::both(|lang| change(&b.name, &b.ty.base, &before.1, &after.1, lang)),
    ];
    Finding::proved(
        Check::DoubleCount,
        Severity::Warning,
        (b.article, b.span),
        format!("同一条{}算了两次：“{}”和“{}”都因它变化，又合到一起", definition.name, a.name, b.name),
        format!(
            "one {} counts twice: it changes both `{}` and `{}`, which are added up",
            definition.name, a.name, b.name
        ),
    )
    .shown(lines)
    .help(
        "写明同一件事只按其中一条计，或在条文下写 > 体检：重复计算；理由",
        "say that one event counts once, or write > 体检：重复计算；reason",
    )
}
