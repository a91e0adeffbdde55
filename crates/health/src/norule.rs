//! People to whom no rule applies: rules with 当 of which none holds.

use crate::finding::{Check, Finding, Severity};
use crate::interpret::Interpreter;
use crate::probe::{Fact, Pool, Probe, World};
use crate::{Context, words};
use hengjie_evaluate::value::Value;
use hengjie_policy::core::{AttributeId, Body, Type};
use hengjie_quantity::{Lang, Rational};
use hengjie_syntax::Message;

/// Worlds that are tried for one rule.
const WORLDS: u32 = 60;
/// Worlds in which one number after the other is moved.
const TURNED: u32 = 6;

pub(crate) fn look<'a>(
    context: &Context<'a>,
    interpreter: &mut Interpreter<'a>,
    pool: &Pool,
) -> Vec<Finding> {
    let mut found = Vec::new();
    for (position, attribute) in context.program.attributes.iter().enumerate() {
        let id = AttributeId(u32::try_from(position).unwrap_or(0));
        let Body::Defined { general, .. } = &attribute.body else { continue };
        let guarded = !general.is_empty() && general.iter().all(|case| case.guard.is_some());
        if !guarded || attribute.context.rows.is_some() {
            continue;
        }
        let probe = Probe::new(context, pool, interpreter, id);
        if let Some(world) = worlds(context, &probe, pool).find_map(|mut world| {
            let nothing = probe.value(&mut world, id, None) == Some(Value::None);
            (nothing && is_inside(context, interpreter, id, &world)).then_some(world)
        }) {
            found.push(finding(context, id, &world));
        }
    }
    found
}

/// Plain worlds, then worlds with one number at and around every constant.
fn worlds<'w>(
    context: &'w Context<'_>,
    probe: &'w Probe<'_, '_>,
    pool: &'w Pool,
) -> impl Iterator<Item = World> + 'w {
    let fields = &context.cones[probe.attribute.index()].fields;
    let plain = (0..WORLDS).map(|salt| probe.world(salt));
    let turned = (0..TURNED).flat_map(move |salt| {
        fields.iter().flat_map(move |field| {
            let definition = &context.program.kinds[field.kind.index()].fields[field.field as usize];
            let numbers = match &definition.ty {
                Type::Number(unit) => pool.around(unit),
                _ => Vec::new(),
            };
            let fits = |number: &Rational| {
                definition.range.as_ref().is_none_or(|(low, high)| number >= low && number <= high)
            };
            let numbers: Vec<Rational> = numbers.into_iter().filter(fits).collect();
            numbers.into_iter().map(move |number| {
                let mut world = probe.world(salt);
                world.facts.insert((*field, 0), Fact::Number(number));
                world
            })
        })
    });
    plain.chain(turned)
}

/// The attribute's own conditions on its subject hold for certain: they ask for nothing, or for what the world has.
fn is_inside(
    context: &Context<'_>,
    interpreter: &mut Interpreter<'_>,
    id: AttributeId,
    world: &World,
) -> bool {
    let attribute = &context.program.attributes[id.index()];
    let Some(path) = interpreter.context_path(id, None) else { return false };
    let Some(kind) = attribute.context.kind else { return true };
    (0..context.program.kinds[kind.index()].fields.len()).all(|at| {
        let field = hengjie_policy::core::FieldRef { kind, field: u32::try_from(at).unwrap_or(0) };
        let Some(known) = path.known_field(field) else { return true };
        match world.facts.get(&(field, 0)) {
            Some(Fact::Item(item)) => known.items.contains(item),
            Some(Fact::Bool(truth)) => {
                if *truth {
                    known.yes
                } else {
                    known.no
                }
            }
            Some(Fact::Number(number)) => known.number.as_ref().is_some_and(|range| range.contains(number)),
            _ => false,
        }
    }) && attribute.context.filter.as_ref().is_none_or(is_plain)
}

/// A condition on fields and constants alone, whose meaning the hints hold in full.
fn is_plain(expr: &hengjie_policy::core::Expr) -> bool {
    use hengjie_policy::core::ExprKind;
    match &expr.kind {
        ExprKind::And(parts) => parts.iter().all(is_plain),
        ExprKind::Compare(_, left, right) => {
            matches!(left.kind, ExprKind::Field(..)) && matches!(right.kind, ExprKind::Literal(_))
        }
        ExprKind::IsIn(value, _) => matches!(value.kind, ExprKind::Field(..)),
        ExprKind::Field(..) => true,
        _ => false,
    }
}

fn finding(context: &Context<'_>, id: AttributeId, world: &World) -> Finding {
    let program = context.program;
    let attribute = &program.attributes[id.index()];
    let facts = |lang: Lang| {
        let one = |((field, instance), fact): (&(hengjie_policy::core::FieldRef, u32), &Fact)| {
            let definition = &program.kinds[field.kind.index()].fields[field.field as usize];
            if *instance > 0 {
                return None;
            }
            let value = match (fact, &definition.ty) {
                (Fact::Number(number), ty) => words::number(number, ty, lang),
                (Fact::Item(item), Type::Enum(of)) => {
                    program.enums[of.index()].items.get(*item as usize)?.clone()
                }
                (Fact::Bool(truth), _) => {
                    lang.pick(if *truth { "是" } else { "否" }, if *truth { "yes" } else { "no" }).to_owned()
                }
                (Fact::Day(day), _) => day.to_string(),
                _ => return None,
            };
            Some(format!("{} = {value}", definition.name))
        };
        world.facts.iter().filter_map(one).take(8).collect::<Vec<_>>().join(lang.pick("，", ", "))
    };
    let lines = vec![
        words::both(facts),
        Message::new(format!("{} = 无", attribute.name), format!("{} = none", attribute.name)),
    ];
    Finding::proved(
        Check::NoRule,
        Severity::Error,
        (attribute.article, attribute.span),
        format!("“{}”的几条规则都不适用的人，没有结果", attribute.name),
        format!("there are people to whom none of the rules of `{}` applies", attribute.name),
    )
    .shown(lines)
    .help("补一条一般规则，或用 如 … 否则 写全", "add a general rule, or use if … else")
}
