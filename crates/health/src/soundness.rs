//! Laws: what the row evaluator computes lies in what the interpreter says is possible, and a proved slope is the slope.
//!
//! `HENGJIE_HEALTH_CASES=N` sets how many worlds are tried for each rule of each shipped policy.

use crate::interpret::Interpreter;
use crate::possible::Possible;
use crate::probe::{Fact, Pool, Probe};
use crate::slope::{Slope, Slopes, scale};
use crate::{Context, Subject};
use hengjie_evaluate::value::Value;
use hengjie_policy::core::{AttributeId, FieldRef, Program, Type};
use hengjie_quantity::Rational;
use std::path::PathBuf;

fn cases() -> u32 {
    std::env::var("HENGJIE_HEALTH_CASES").ok().and_then(|text| text.parse().ok()).unwrap_or(3)
}

/// Shipped policies and the document of seeded faults.
fn documents() -> Vec<(String, String)> {
    let root = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../..");
    let mut paths =
        vec![root.join("crates/health/tests/corpus/bank.md"), root.join("docs/examples/language.md")];
    for folder in ["policies", "policies/literal"] {
        let entries = std::fs::read_dir(root.join(folder)).unwrap();
        paths.extend(
            entries.map(|entry| entry.unwrap().path().join("policy.md")).filter(|path| path.exists()),
        );
    }
    paths.sort();
    let read = |path: &PathBuf| (path.display().to_string(), std::fs::read_to_string(path).unwrap());
    // A document that adopts another has no meaning by itself.
    let stands_alone = |(_, text): &(String, String)| !text.contains("\n沿用 ");
    paths.iter().map(read).filter(stands_alone).collect()
}

fn each_document(mut check: impl FnMut(&str, &Context<'_>, &Pool)) {
    for (name, text) in documents() {
        let program: Program = hengjie_policy::compile(&text).program.unwrap();
        let subject = Subject { text: &text, program: &program, diagnostics: &[], supplied: &[], only: &[] };
        let pool = Pool::of(&program);
        check(&name, &Context::of(&subject), &pool);
    }
}

fn attributes(context: &Context<'_>) -> impl Iterator<Item = AttributeId> + use<> {
    (0..u32::try_from(context.program.attributes.len()).unwrap()).map(AttributeId)
}

/// Is a value one of those that are possible?
fn lies_in(value: &Value, possible: &Possible) -> bool {
    match value {
        Value::Number(number) => {
            let on_step = possible
                .step
                .as_ref()
                .is_none_or(|step| number.checked_div(step).is_none_or(|quotient| quotient.is_integer()));
            on_step && possible.number.as_ref().is_some_and(|range| range.contains(number))
        }
        Value::Bool(truth) => {
            if *truth {
                possible.yes
            } else {
                possible.no
            }
        }
        Value::Enum(_, item) => possible.items.contains(item),
        Value::None => possible.none,
        Value::Exempt => possible.exempt,
        Value::Row(_, row) => possible.rows.as_ref().is_some_and(|(_, rows)| rows.contains(row)),
        _ => true,
    }
}

#[test]
fn what_is_computed_is_possible() {
    let (mut tried, mut wrong) = (0, String::new());
    each_document(|name, context, pool| {
        let mut interpreter = Interpreter::new(context.program, &[], true);
        for attribute in attributes(context) {
            let possible = interpreter.summary(attribute);
            let probe = Probe::new(context, pool, &mut interpreter, attribute);
            for salt in 0..cases() {
                let mut world = probe.world(salt);
                let Some(value) = probe.value(&mut world, attribute, probe.row(salt)) else { continue };
                tried += 1;
                if !lies_in(&value, &possible) {
                    let rule = &context.program.attributes[attribute.index()].name;
                    wrong += &format!("{name}: {rule} = {value:?} is not in {possible:?}\n");
                }
            }
        }
    });
    println!("{tried} values tried");
    assert_eq!(wrong, "");
    assert!(tried > 500, "only {tried} values could be computed");
}

#[test]
fn a_proved_slope_is_the_slope() {
    let (mut tried, mut wrong) = (0, String::new());
    each_document(|name, context, pool| {
        let mut interpreter = Interpreter::new(context.program, &[], true);
        for field in number_fields(context) {
            let depends = |attribute: AttributeId| context.cones[attribute.index()].fields.contains(&field);
            for attribute in attributes(context).filter(|attribute| depends(*attribute)) {
                let slope = Slopes::new(&mut interpreter, field, &depends).of(attribute);
                if matches!(slope, Slope::Unknown | Slope::OneWay) {
                    continue;
                }
                let probe = Probe::new(context, pool, &mut interpreter, attribute);
                for salt in 0..cases().div_ceil(3) {
                    if let Some(fault) = against(context, &probe, pool, field, slope, salt, &mut tried) {
                        wrong += &format!("{name}: {fault}\n");
                    }
                }
            }
        }
    });
    println!("{tried} pairs tried");
    assert_eq!(wrong, "");
    assert!(tried > 500, "only {tried} pairs could be computed");
}

fn number_fields(context: &Context<'_>) -> Vec<FieldRef> {
    let is_number = |field: &FieldRef| {
        matches!(context.program.kinds[field.kind.index()].fields[field.field as usize].ty, Type::Number(_))
    };
    context.uses.fields.iter().copied().filter(is_number).collect()
}

/// A pair of inputs whose results go against the proved slope.
fn against(
    context: &Context<'_>,
    probe: &Probe<'_, '_>,
    pool: &Pool,
    field: FieldRef,
    slope: Slope,
    salt: u32,
    tried: &mut usize,
) -> Option<String> {
    let definition = &context.program.kinds[field.kind.index()].fields[field.field as usize];
    let Type::Number(unit) = &definition.ty else { return None };
    let mut numbers = pool.around(unit);
    if let Some((low, high)) = &definition.range {
        numbers.retain(|number| number >= low && number <= high);
    }
    let stride = (numbers.len() / 12).max(1);
    let mut before: Option<(Rational, Rational)> = None;
    let mut world = probe.world(salt);
    for number in numbers.into_iter().skip(salt as usize % stride).step_by(stride) {
        world.facts.insert((field, 0), Fact::Number(number.clone()));
        let value = probe.value(&mut world, probe.attribute, probe.row(salt))?;
        let Some(result) = on_scale(&value) else { continue };
        if let Some((earlier, known)) = &before {
            *tried += 1;
            let fits = match slope {
                Slope::Up => *known <= result,
                Slope::Down => *known >= result,
                _ => *known == result,
            };
            if !fits {
                let rule = &context.program.attributes[probe.attribute.index()].name;
                return Some(format!(
                    "{rule} along {}: {slope:?}, but {earlier} gives {known} and {number} gives {result}",
                    definition.name
                ));
            }
        }
        before = Some((number, result));
    }
    None
}

fn on_scale(value: &Value) -> Option<Rational> {
    let possible = match value {
        Value::Number(number) => return Some(number.clone()),
        Value::Bool(truth) => Possible::truth(*truth, !*truth),
        Value::Enum(_, item) => Possible::item(*item),
        _ => return None,
    };
    scale(&possible)?.single().cloned()
}
