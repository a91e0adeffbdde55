//! 临期预警: who falls in the next period if the facts stay as they are.

use super::goal::ladders;
use super::show;
use crate::carry::carry;
use crate::cone::Cone;
use crate::dataset::Facts;
use crate::document::Policy;
use crate::failure::{Failure, Outcome};
use crate::limits;
use crate::names;
use crate::run::{Columns, Prepared, Request, attributes_named, periods_asked, prepare, reach};
use crate::words::cite;
use hengjie_calendar::Period;
use hengjie_evaluate::columnar::{self, ResultColumn};
use hengjie_evaluate::row::{Evaluator, Known};
use hengjie_evaluate::value::Value;
use hengjie_policy::core::{AttributeId, Program, Type};
use hengjie_quantity::BaseUnit;
use serde_json::{Value as Json, json};
use std::collections::BTreeSet;

/// Causes that one line names.
const CAUSES: usize = 3;

/// People who fall.
#[derive(Debug)]
pub struct Warnings {
    /// The period of the facts.
    pub period: String,
    /// The period that was computed from them.
    pub next: String,
    /// The values that were looked at.
    pub values: Vec<String>,
    /// How many people have such a value.
    pub people: usize,
    /// Who falls, by value, in the order of the facts.
    pub falls: Vec<Fall>,
}

/// Somebody who falls.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fall {
    /// Key and name.
    pub person: String,
    /// Name of the value.
    pub value: String,
    /// As it is.
    pub now: String,
    /// As it will be.
    pub then: String,
    /// What changes first, with the article: `第十二条：在后三名 否 → 是`.
    pub causes: Vec<String>,
}

/// Looks for people who fall in the next period, facts carried forward. `request.only` names the values; without it every
/// ordered grade.
///
/// # Errors
/// As a run.
pub fn warn(policy: &Policy, request: &Request) -> Outcome<Warnings> {
    let program = &policy.program;
    let kind = program.scope.as_ref().map(|scope| scope.kind);
    let values = match request.only.as_slice() {
        [] => ladders(program, kind),
        only => attributes_named(program, only)?,
    };
    let values: Vec<AttributeId> = values.into_iter().filter(|id| is_ordered(program, *id)).collect();
    let cone = Cone::of(program, values.iter().copied());
    let Prepared { mut facts, .. } = prepare(program, &cone, request, &|_| {})?;
    let periods = periods_asked(program, &request.periods, &values, &facts.data);
    reach(&mut facts.data, &periods);
    let grain = |id: &AttributeId| program.attributes[id.index()].context.grain;
    let longest =
        periods.iter().copied().filter(|period| values.iter().any(|id| grain(id) == Some(period.grain())));
    let Some(now) = longest.max_by_key(|period| period.grain()) else {
        return Err(Failure::usage(
            "没有可以预警的等级：制度里没有按期计算、分高低的等级",
            "nothing to warn of: the policy has no ordered grade that is computed per period",
        ));
    };
    let values: Vec<AttributeId> = values.into_iter().filter(|id| grain(id) == Some(now.grain())).collect();
    let Some(next) = carry(&mut facts.data, now) else {
        return Err(Failure::usage("没有下一期", "there is no next period"));
    };
    let request_of = columnar::Request {
        attributes: cone.attributes.iter().copied().collect(),
        periods: vec![now, next],
        places: limits::PLACES,
    };
    let columns = columnar::evaluate(program, &facts.data, &request_of, &|_, _| true).columns;
    Ok(found(program, &facts, &columns, &values, (now, next), request.lang))
}

fn is_ordered(program: &Program, attribute: AttributeId) -> bool {
    match program.attributes[attribute.index()].ty.base {
        Type::Enum(of) => program.enums[of.index()].ordered,
        _ => false,
    }
}

fn found(
    program: &Program,
    facts: &Facts,
    columns: &[ResultColumn],
    values: &[AttributeId],
    (now, next): (Period, Period),
    lang: hengjie_quantity::Lang,
) -> Warnings {
    let known = Columns::of(program, columns);
    let mut evaluator = Evaluator::with_known(program, &facts.data, &known);
    let mut warnings = Warnings {
        period: show::period(now, lang),
        next: show::period(next, lang),
        values: values.iter().map(|id| program.attributes[id.index()].name.clone()).collect(),
        people: 0,
        falls: Vec::new(),
    };
    for &id in values {
        let definition = &program.attributes[id.index()];
        let Some(kind) = definition.context.kind else { continue };
        let len = u32::try_from(facts.data.kinds[kind.index()].len).unwrap_or(u32::MAX);
        for subject in 0..len {
            let before = known.value(id, subject, None, Some(now));
            if !before.as_ref().is_some_and(Value::is_present) {
                continue;
            }
            warnings.people += 1;
            let after = known.value(id, subject, None, Some(next));
            let (Some(before), Some(after)) = (before, after) else { continue };
            if !falls(&before, &after) {
                continue;
            }
            let text = |value: &Value| show::value(program, facts, value, &definition.ty.base, lang);
            warnings.falls.push(Fall {
                person: names::person(facts, kind, subject, lang),
                value: definition.name.clone(),
                now: text(&before),
                then: text(&after),
                causes: causes(program, facts, &mut evaluator, id, subject, (now, next), lang),
            });
        }
    }
    warnings
}

fn falls(before: &Value, after: &Value) -> bool {
    match (before, after) {
        (Value::Enum(of, before), Value::Enum(other, after)) => of == other && after < before,
        (Value::Enum(..), Value::None) => true,
        _ => false,
    }
}

/// Scores, amounts, conditions and grades of the same person that change first: nothing that they name has changed.
fn causes<'a>(
    program: &'a Program,
    facts: &Facts,
    evaluator: &mut Evaluator<'a>,
    attribute: AttributeId,
    subject: u32,
    (now, next): (Period, Period),
    lang: hengjie_quantity::Lang,
) -> Vec<String> {
    let definition = &program.attributes[attribute.index()];
    let cone = Cone::of(program, [attribute]).attributes;
    let (mut causes, mut changed) = (Vec::new(), BTreeSet::new());
    for id in program.order.iter().filter(|id| cone.contains(id) && **id != attribute) {
        let other = &program.attributes[id.index()];
        let tells = tells(&other.ty.base) && other.context.rows.is_none();
        let same_place =
            other.context.kind == definition.context.kind && other.context.grain == Some(now.grain());
        if !tells || !same_place {
            continue;
        }
        let before = evaluator.value(*id, subject, None, Some(now));
        let after = evaluator.value(*id, subject, None, Some(next));
        if before != after {
            let is_first = Cone::direct(program, *id).attributes.is_disjoint(&changed);
            changed.insert(*id);
            if !is_first {
                continue;
            }
            let text = |value: &Value| show::value(program, facts, value, &other.ty.base, lang);
            let (cite, name) = (cite(program, other.article), &other.name);
            let (before, after) = (text(&before), text(&after));
            causes.push(match lang {
                hengjie_quantity::Lang::Zh => format!("{cite}：{name} {before} → {after}"),
                hengjie_quantity::Lang::En => format!("{cite}: {name} {before} → {after}"),
            });
        }
        if causes.len() == CAUSES {
            break;
        }
    }
    causes
}

/// Does a change of such a value tell people anything? Days and durations change by themselves.
fn tells(ty: &Type) -> bool {
    match ty {
        Type::Bool | Type::Enum(_) => true,
        Type::Number(unit) => {
            matches!(unit.single(), Some(BaseUnit::Point | BaseUnit::Currency(_) | BaseUnit::Count(_)))
        }
        _ => false,
    }
}

impl Warnings {
    /// For programs.
    #[must_use]
    pub fn to_json(&self) -> Json {
        let falls: Vec<Json> = self
            .falls
            .iter()
            .map(|fall| {
                json!({
                    "person": fall.person, "value": fall.value, "now": fall.now, "then": fall.then,
                    "causes": fall.causes,
                })
            })
            .collect();
        json!({ "period": self.period, "next": self.next, "values": self.values, "results": self.people, "falls": falls })
    }
}
