//! More of an input gives more, and then suddenly less. First the proof that there is no such place; where it fails,
//! trials at and around every constant of the document.

use crate::finding::{Assurance, Check, Finding, Severity, Verdict};
use crate::interpret::Interpreter;
use crate::probe::{Fact, Pool, Probe, World};
use crate::slope::{Slope, Slopes};
use crate::{Context, words};
use hengjie_policy::core::{AttributeId, Body, FieldRef, FieldTime, ReadingId, Type};
use hengjie_quantity::{Lang, Rational};
use hengjie_syntax::Message;
use std::cmp::Ordering;

/// Worlds that are tried for one pair.
const WORLDS: u32 = 6;
/// Numbers that are tried in one world.
const NUMBERS_MAX: usize = 140;
/// Trials in one document.
const TRIALS_MAX: usize = 24_000;

/// Values along one input.
struct Course {
    /// Input and result, by rising input.
    points: Vec<(Rational, Rational)>,
    world: World,
}

/// Two neighbours between which the result goes against the rest.
struct Step {
    from: (Rational, Rational),
    to: (Rational, Rational),
    /// The rest rises.
    rising: bool,
    world: World,
}

pub(crate) fn look<'a>(
    context: &Context<'a>,
    interpreter: &mut Interpreter<'a>,
    pool: &Pool,
) -> (Vec<Finding>, Vec<Assurance>) {
    let (mut findings, mut assurances) = (Vec::new(), Vec::new());
    let mut trials = 0;
    for field in numbers(context) {
        let depends = |attribute: AttributeId| context.cones[attribute.index()].fields.contains(&field);
        let mut slopes = Slopes::new(interpreter, field, &depends);
        let mut open = Vec::new();
        for &attribute in &context.program.order {
            if !depends(attribute) || !is_scale(context, attribute) {
                continue;
            }
            if slopes.of(attribute) != Slope::Unknown {
                assurances.push(assurance(context, attribute, field, Verdict::Proved));
                continue;
            }
            // Only the first place where the proof fails.
            let inherited = context.cones[attribute.index()]
                .direct
                .iter()
                .any(|part| *part != attribute && depends(*part) && slopes.of(*part) == Slope::Unknown);
            if !inherited && is_computed(context, attribute) {
                open.push(attribute);
            }
        }
        for attribute in open {
            let probe = Probe::new(context, pool, interpreter, attribute);
            let before = trials;
            match search(context, &probe, pool, field, &mut trials) {
                Some(step) => findings.push(finding(context, &probe, field, &step)),
                None => {
                    let verdict = Verdict::NotFound(trials - before);
                    assurances.push(assurance(context, attribute, field, verdict));
                }
            }
        }
    }
    (findings, assurances)
}

/// Every field with numbers that some rule reads.
fn numbers(context: &Context<'_>) -> Vec<FieldRef> {
    let program = context.program;
    let read = context.uses.fields.iter().copied();
    read.filter(|field| {
        let definition = &program.kinds[field.kind.index()].fields[field.field as usize];
        matches!(definition.ty, Type::Number(_))
            && definition.time != FieldTime::Every(hengjie_calendar::Grain::Day)
    })
    .collect()
}

/// Numbers and ordered items: what can rise and fall.
fn is_scale(context: &Context<'_>, attribute: AttributeId) -> bool {
    match &context.program.attributes[attribute.index()].ty.base {
        Type::Number(_) => true,
        Type::Enum(of) => context.program.enums[of.index()].ordered,
        _ => false,
    }
}

fn is_computed(context: &Context<'_>, attribute: AttributeId) -> bool {
    let attribute = &context.program.attributes[attribute.index()];
    matches!(attribute.body, Body::Defined { .. } | Body::Total(_))
}

fn search(
    context: &Context<'_>,
    probe: &Probe<'_, '_>,
    pool: &Pool,
    field: FieldRef,
    trials: &mut usize,
) -> Option<Step> {
    for salt in 0..WORLDS {
        let mut world = probe.world(salt);
        if probe.number(&mut world).is_none() || !world.facts.contains_key(&(field, 0)) {
            continue;
        }
        let course = walk(context, probe, pool, field, world, trials);
        if let Some(step) = against(course)
            && let Some(step) = sudden(context, probe, field, step, trials)
        {
            return Some(visible(probe, context, field, step));
        }
        if *trials > TRIALS_MAX {
            return None;
        }
    }
    None
}

/// The results at all numbers that matter.
fn walk(
    context: &Context<'_>,
    probe: &Probe<'_, '_>,
    pool: &Pool,
    field: FieldRef,
    mut world: World,
    trials: &mut usize,
) -> Course {
    let definition = &context.program.kinds[field.kind.index()].fields[field.field as usize];
    let mut points = Vec::new();
    let Type::Number(unit) = &definition.ty else { return Course { points, world } };
    let mut numbers = pool.around(unit);
    numbers.retain(|number| match &definition.range {
        Some((low, high)) => number >= low && number <= high,
        None => true,
    });
    // Zero is often a case of its own: no target, no loan.
    numbers.retain(|number| number.signum() > 0);
    // Too many: every second, third … of them.
    let stride = numbers.len().div_ceil(NUMBERS_MAX).max(1);
    for number in numbers.into_iter().step_by(stride) {
        *trials += 1;
        world.facts.insert((field, 0), Fact::Number(number.clone()));
        if let Some(value) = probe.number(&mut world) {
            points.push((number, value));
        }
    }
    // A negative amount or score comes from facts that do not fit together.
    if points.iter().any(|(_, value)| value.signum() > 0) {
        points.retain(|(_, value)| value.signum() >= 0);
    }
    Course { points, world }
}

/// The largest step against the course, if it goes both ways.
fn against(course: Course) -> Option<Step> {
    let steps: Vec<(usize, Ordering)> =
        course.points.windows(2).enumerate().map(|(at, pair)| (at, pair[1].1.cmp(&pair[0].1))).collect();
    let count = |wanted| steps.iter().filter(|(_, order)| *order == wanted).count();
    let (up, down) = (count(Ordering::Greater), count(Ordering::Less));
    if up == 0 || down == 0 {
        return None;
    }
    let rising = up >= down;
    let wanted = if rising { Ordering::Less } else { Ordering::Greater };
    let size = |at: usize| (&course.points[at + 1].1 - &course.points[at].1).abs();
    let at =
        steps.iter().filter(|(_, order)| *order == wanted).map(|(at, _)| *at).max_by_key(|at| size(*at))?;
    let (from, to) = (course.points[at].clone(), course.points[at + 1].clone());
    Some(Step { from, to, rising, world: course.world })
}

/// The step down to the smallest difference of the input, if the result jumps there. A result that turns slowly, such as the
/// distance from a target, has no cliff.
fn sudden(
    context: &Context<'_>,
    probe: &Probe<'_, '_>,
    field: FieldRef,
    step: Step,
    trials: &mut usize,
) -> Option<Step> {
    const HALVINGS: usize = 60;
    let Type::Number(unit) = &context.program.kinds[field.kind.index()].fields[field.field as usize].ty
    else {
        return None;
    };
    let smallest = crate::possible::step_of(unit).unwrap_or_else(|| Rational::pow10(-4));
    let mut at = |number: &Rational| {
        *trials += 1;
        let mut world = step.world.clone();
        world.facts.insert((field, 0), Fact::Number(number.clone()));
        probe.number(&mut world)
    };
    let change = |from: &(Rational, Rational), to: &(Rational, Rational)| {
        let change = &to.1 - &from.1;
        if step.rising { -change } else { change }
    };
    let (mut from, mut to) = (step.from.clone(), step.to.clone());
    let half = Rational::new(1, 2)?;
    for _ in 0..HALVINGS {
        let middle = ((&from.0 + &to.0) * &half).round_to(&smallest, hengjie_quantity::Rounding::Down)?;
        if middle <= from.0 || middle >= to.0 {
            break;
        }
        let middle = (middle.clone(), at(&middle)?);
        if change(&from, &middle) >= change(&middle, &to) { to = middle } else { from = middle }
    }
    let after = &to.0 + (&to.0 - &from.0);
    let next = (after.clone(), at(&after)?);
    // The same fall again beside it is a slope, not a cliff.
    let is_jump = change(&from, &to) > change(&to, &next).abs() * Rational::from(5);
    is_jump.then_some(Step { from, to, ..step })
}

/// The same step with a difference that people would speak of: 300 and 301 万元.
fn visible(probe: &Probe<'_, '_>, context: &Context<'_>, field: FieldRef, step: Step) -> Step {
    let Type::Number(unit) = &context.program.kinds[field.kind.index()].fields[field.field as usize].ty
    else {
        return step;
    };
    for wide in crate::probe::steps(unit, &step.from.0).into_iter().rev() {
        let mut world = step.world.clone();
        let next = &step.from.0 + &wide;
        if next <= step.to.0 {
            continue;
        }
        world.facts.insert((field, 0), Fact::Number(next.clone()));
        let Some(value) = probe.number(&mut world) else { continue };
        let falls = value < step.from.1;
        if falls == step.rising && value != step.from.1 {
            return Step { to: (next, value), world, ..step };
        }
    }
    step
}

fn finding(context: &Context<'_>, probe: &Probe<'_, '_>, field: FieldRef, step: &Step) -> Finding {
    let program = context.program;
    let attribute = &program.attributes[probe.attribute.index()];
    let definition = &program.kinds[field.kind.index()].fields[field.field as usize];
    let input = |value: &Rational, lang| words::number(value, &definition.ty, lang);
    let result = |value: &Rational, lang: Lang| match &attribute.ty.base {
        Type::Enum(of) => {
            let item = value.to_i128().and_then(|item| usize::try_from(item).ok()).unwrap_or(0);
            program.enums[of.index()].items.get(item).cloned().unwrap_or_default()
        }
        ty => words::number(value, ty, lang),
    };
    let line = |(from, to): &(Rational, Rational)| {
        words::both(|lang| match lang {
            Lang::Zh => format!(
                "{}的{} {} → {} {}",
                program.kinds[field.kind.index()].name,
                definition.name,
                input(from, lang),
                attribute.name,
                result(to, lang)
            ),
            Lang::En => format!(
                "{} of {} {} → {} {}",
                definition.name,
                program.kinds[field.kind.index()].name,
                input(from, lang),
                attribute.name,
                result(to, lang)
            ),
        })
    };
    let lines = vec![line(&step.from), line(&step.to)];
    let (name, by) = (&attribute.name, &definition.name);
    let message = |lang: Lang| {
        let (from, to) = (input(&step.from.0, lang), input(&step.to.0, lang));
        let (before, after) = (result(&step.from.1, lang), result(&step.to.1, lang));
        match (lang, step.rising) {
            (Lang::Zh, true) => {
                format!("“{by}”多了，“{name}”反而少了：{from} 得 {before}，{to} 只得 {after}")
            }
            (Lang::Zh, false) => {
                format!("“{name}”随“{by}”增加而减少，在这里却增加：{from} 得 {before}，{to} 得 {after}")
            }
            (Lang::En, true) => {
                format!("more `{by}` gives less `{name}`: {from} gives {before}, {to} only {after}")
            }
            (Lang::En, false) => format!(
                "`{name}` falls while `{by}` grows, but rises here: {from} gives {before}, {to} gives {after}"
            ),
        }
    };
    let finding = Finding::proved(
        Check::Cliff,
        Severity::Error,
        (attribute.article, attribute.span),
        message(Lang::Zh),
        message(Lang::En),
    )
    .shown(lines)
    .help(
        "改成分段累进（累进），或在界限处接平；有意如此的，在条文下写 > 体检：断崖；理由",
        "use marginal bands (progressive), or let the bands meet; if it is meant so, write > 体检：断崖；reason",
    );
    match deciding_reading(context, probe, field, step) {
        Some(reading) => acknowledged_by(context, finding, reading),
        None => finding,
    }
}

/// A reading of which another alternative has no such step: the document has decided for it.
fn deciding_reading(
    context: &Context<'_>,
    probe: &Probe<'_, '_>,
    field: FieldRef,
    step: &Step,
) -> Option<ReadingId> {
    for reading in probe.readings() {
        let definition = &context.program.readings[reading.index()];
        for alternative in 0..u32::try_from(definition.alternatives.len()).unwrap_or(0) {
            if alternative == definition.chosen {
                continue;
            }
            let at = |number: &Rational| {
                let mut world = step.world.clone();
                world.readings[reading.index()] = Some(alternative);
                world.facts.insert((field, 0), Fact::Number(number.clone()));
                probe.number(&mut world)
            };
            if let (Some(from), Some(to)) = (at(&step.from.0), at(&step.to.0))
                && (to < from) != step.rising
            {
                return Some(reading);
            }
        }
    }
    None
}

fn acknowledged_by(context: &Context<'_>, finding: Finding, reading: ReadingId) -> Finding {
    let reading = &context.program.readings[reading.index()];
    let chosen = reading.alternatives.get(reading.chosen as usize).map_or("", String::as_str);
    let because = reading.because.as_deref().unwrap_or_default();
    let text = Message::new(
        format!(
            "读法“{}”（{}）取“{chosen}”，{}于 {} 定：{because}",
            reading.name, reading.title, reading.by, reading.on
        ),
        format!(
            "reading `{}` ({}) takes `{chosen}`, decided by {} on {}: {because}",
            reading.name, reading.title, reading.by, reading.on
        ),
    );
    // A choice without a reason acknowledges nothing.
    match because.is_empty() {
        true => finding,
        false => Finding { severity: Severity::Note, acknowledged: Some(text), ..finding },
    }
}

fn assurance(context: &Context<'_>, attribute: AttributeId, field: FieldRef, verdict: Verdict) -> Assurance {
    let program = context.program;
    let attribute = &program.attributes[attribute.index()];
    let input = &program.kinds[field.kind.index()].fields[field.field as usize].name;
    Assurance {
        check: Check::Cliff,
        article: attribute.article,
        message: Message::new(
            format!("“{}”随“{input}”变化没有断崖", attribute.name),
            format!("`{}` has no cliff along `{input}`", attribute.name),
        ),
        verdict,
    }
}
