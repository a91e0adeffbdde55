//! What a person is measured against: the next grade, step or seat of every result that has an order, or a wish in words.

use super::regress::Place;
use super::wish::Wish;
use crate::cone::{Cone, all_attributes};
use crate::dataset::Facts;
use crate::failure::{Failure, Outcome};
use crate::run::attributes_named;
use crate::typed;
use crate::words::type_text;
use hengjie_calendar::Grain;
use hengjie_evaluate::row::{Evaluator, Scene};
use hengjie_evaluate::value::Value;
use hengjie_policy::core::{
    AttributeId, Body, Comparison, EnumId, Expr, KindId, Program, Quota, QuotaForm, Type,
};
use std::collections::{BTreeMap, BTreeSet};

/// The results that somebody can rise in: of each ordered 名目 and grain the last one that others of the kind lead to, and
/// every list with seats that stands for itself. What is only read off another of them, or off a fact, is left out.
pub(crate) fn ladders(program: &Program, kind: Option<KindId>) -> Vec<AttributeId> {
    let candidates: Vec<Candidate> =
        all_attributes(program).filter_map(|id| Candidate::of(program, id, kind)).collect();
    let order: BTreeMap<AttributeId, usize> =
        program.order.iter().enumerate().map(|(at, id)| (*id, at)).collect();
    let leads_on = |one: &Candidate| {
        candidates.iter().any(|other| {
            // Through an earlier period two may lead to each other; within one, the later in the order is above.
            let is_later =
                other.is_state || !one.cone.contains(&other.id) || order.get(&other.id) > order.get(&one.id);
            let is_above = other.id != one.id && other.cone.contains(&one.id) && is_later;
            other.of == one.of && other.grain == one.grain && is_above
        })
    };
    let follows = |one: &Candidate| {
        let read_off =
            candidates.iter().any(|other| other.of != one.of && one.only_reads.contains(&other.id));
        let of_other_grain = candidates
            .iter()
            .any(|other| other.of == one.of && other.grain != one.grain && one.cone.contains(&other.id));
        read_off || of_other_grain
    };
    let kept = candidates.iter().filter(|one| one.is_state || (!leads_on(one) && !follows(one)));
    kept.map(|one| one.id).collect()
}

/// A result with an order.
struct Candidate {
    id: AttributeId,
    of: EnumId,
    grain: Option<Grain>,
    is_state: bool,
    cone: BTreeSet<AttributeId>,
    /// The only other result it names, yes-or-no ones aside; the only one that names in turn; and so on.
    only_reads: Vec<AttributeId>,
}

impl Candidate {
    fn of(program: &Program, id: AttributeId, kind: Option<KindId>) -> Option<Self> {
        let attribute = &program.attributes[id.index()];
        let Type::Enum(of) = attribute.ty.base else { return None };
        let declared = &program.enums[of.index()];
        let own = attribute.context.kind.is_some_and(|own| kind.is_none_or(|kind| kind == own));
        if !own || attribute.context.rows.is_some() || !(declared.ordered || declared.implicit) {
            return None;
        }
        let cone = Cone::of(program, [id]);
        let mut items = BTreeSet::new();
        // Whatever a step leads to is an item; which one depends on the person.
        let any = &mut |_: AttributeId, _: &Expr| Some(0);
        cone.attributes.iter().for_each(|id| super::items::given(program, *id, of, any, &mut items));
        let is_state = matches!(attribute.body, Body::State { .. });
        let nobody_rises = is_from_bottom(program, id) || super::items::is_carried(program, id);
        if (items.is_empty() && !is_state) || cone.fields.is_empty() || nobody_rises {
            return None;
        }
        Some(Self {
            id,
            of,
            grain: attribute.context.grain,
            is_state,
            cone: cone.attributes,
            only_reads: only_reads(program, id),
        })
    }
}

/// The chain of results that each name one other result only.
fn only_reads(program: &Program, attribute: AttributeId) -> Vec<AttributeId> {
    let is_bool = |id: &AttributeId| program.attributes[id.index()].ty.base == Type::Bool;
    let mut chain = Vec::new();
    let mut at = attribute;
    loop {
        let reads: Vec<AttributeId> =
            Cone::direct(program, at).attributes.into_iter().filter(|id| !is_bool(id)).collect();
        match reads.as_slice() {
            [only] if !chain.contains(only) && *only != attribute => {
                chain.push(*only);
                at = *only;
            }
            _ => return chain,
        }
    }
}

/// Are its seats those at the bottom, which nobody wishes for?
fn is_from_bottom(program: &Program, attribute: AttributeId) -> bool {
    match &program.attributes[attribute.index()].body {
        Body::Quota(Quota { form: QuotaForm::Lines(lines), .. }) => lines.iter().all(|line| line.from_bottom),
        _ => false,
    }
}

/// The results that a name stands for; without one the ladders.
pub(crate) fn named(program: &Program, name: Option<&str>) -> Outcome<Vec<AttributeId>> {
    if let Some(name) = name {
        return attributes_named(program, &[name.to_owned()]);
    }
    let scope = program.scope.as_ref().map(|scope| scope.kind);
    let found = ladders(program, scope);
    let found = if found.is_empty() { ladders(program, None) } else { found };
    match found.is_empty() {
        false => Ok(found),
        true => Err(Failure::usage(
            "制度里没有分高低的等级；请写明看哪一项，例如 distance 制度 张三 总分 --to 80分",
            "the policy has no ordered grades; name the value, such as distance POLICY PERSON 总分 --to 80分",
        )),
    }
}

/// What is wished when nobody says: the next item above, a number that is better, 是. `value` is what the next one is
/// counted from.
pub(crate) fn next(program: &Program, facts: &Facts, place: &Place, value: &Value) -> Option<Wish> {
    let definition = &program.attributes[place.attribute.index()];
    match (&definition.ty.base, value) {
        (Type::Bool, _) => Some(Wish::Holds),
        (Type::Enum(of), _) if program.enums[of.index()].implicit => Some(Wish::Some),
        (Type::Enum(of), _) if program.enums[of.index()].ordered => {
            above(program, facts, place, *of, value).map(|item| Wish::at_least(Value::Enum(*of, item)))
        }
        (Type::Number(_), Value::Number(_)) if matches!(definition.body, Body::Rank(_)) => {
            Some(Wish::Compared(Comparison::Less, value.clone()))
        }
        (Type::Number(_), Value::Number(_)) => Some(Wish::Compared(Comparison::Greater, value.clone())),
        _ => None,
    }
}

/// The next item above a value that the rules can give; the lowest one for who has none.
fn above(program: &Program, facts: &Facts, place: &Place, of: EnumId, value: &Value) -> Option<u32> {
    let is_state = matches!(program.attributes[place.attribute.index()].body, Body::State { .. });
    let given = if is_state { BTreeSet::new() } else { given(program, facts, place, of) };
    let count = u32::try_from(program.enums[of.index()].items.len()).unwrap_or(u32::MAX);
    let is_above = |item: &u32| !matches!(value, Value::Enum(_, now) if item <= now);
    match given.is_empty() {
        true => (0..count).find(is_above),
        false => given.into_iter().find(is_above),
    }
}

/// The items that a rule and those it depends on can give to a person: a grade that no rule gives is no goal.
fn given(program: &Program, facts: &Facts, place: &Place, of: EnumId) -> BTreeSet<u32> {
    let own = &program.attributes[place.attribute.index()].context;
    let mut evaluator = Evaluator::new(program, &facts.data);
    let mut reads = |attribute: AttributeId, expr| {
        let context = &program.attributes[attribute.index()].context;
        if context.kind != own.kind || context.grain != own.grain || context.rows.is_some() {
            return None;
        }
        let subject = context.kind.map(|kind| (kind, place.subject));
        let scene = Scene { attribute, subject, variables: Vec::new(), period: place.period };
        match evaluator.expression(expr, &scene) {
            Value::Enum(own, item) if own == of => Some(item),
            _ => None,
        }
    };
    let mut items = BTreeSet::new();
    for id in &Cone::of(program, [place.attribute]).attributes {
        super::items::given(program, *id, of, &mut reads, &mut items);
    }
    items
}

/// A wish in words: `高级` (at least, where there is an order), `80分`, `是`.
pub(crate) fn wish(program: &Program, attribute: AttributeId, text: &str) -> Outcome<Wish> {
    let definition = &program.attributes[attribute.index()];
    let ty = &definition.ty.base;
    let literal = typed::literal(program, ty, None, text).map_err(|refused| {
        let wanted = type_text(program, ty);
        let name = &definition.name;
        Failure::usage(
            format!("--to：“{name}”要写{}；{}", wanted.zh, refused.zh),
            format!("--to: `{name}` needs: {}; {}", wanted.en, refused.en),
        )
    })?;
    let value = typed::of_literal(&literal);
    Ok(match (&value, ty) {
        (Value::Bool(true), _) => Wish::Holds,
        (Value::Bool(false), _) => Wish::Fails,
        (Value::Number(_), _) if matches!(definition.body, Body::Rank(_)) => {
            Wish::Compared(Comparison::LessEqual, value)
        }
        (Value::Number(_), _) => Wish::at_least(value),
        (_, Type::Enum(of)) if program.enums[of.index()].ordered => Wish::at_least(value),
        _ => Wish::is(value),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::path::Path;

    /// In which results somebody rises, of every shipped regulation: what is only carried over from another period, read
    /// off another result or given to the last ones is none.
    #[test]
    fn ladders_of_shipped_documents() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../policies");
        let mut homes: Vec<_> =
            std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
        homes.retain(|home| home.join("policy.md").is_file());
        homes.sort();
        let mut said = String::new();
        for home in homes {
            let policy = crate::document::open(&home).unwrap();
            let program = &policy.program;
            let scope = program.scope.as_ref().map(|scope| scope.kind);
            let name = |id: &AttributeId| program.attributes[id.index()].name.clone();
            let names: Vec<String> = ladders(program, scope).iter().map(name).collect();
            said += &format!("{}: {}\n", home.file_name().unwrap().to_string_lossy(), names.join("、"));
        }
        insta::assert_snapshot!(said);
    }
}
