//! 距离: what a person still needs for the next grade, step or seat; the smallest changes that give it; who falls next.
//!
//! The rule is read backwards into conditions, the smallest change of one fact and of two is looked for
//! on the engine itself, and every answer is computed again before it is given.

mod bench;
mod choices;
mod condition;
mod goal;
mod items;
mod leaf;
mod movable;
mod regress;
mod search;
mod seats;
mod show;
mod want;
mod warn;
mod wish;

use crate::cone::Cone;
use crate::dataset::Facts;
use crate::document::Policy;
use crate::explain::{Question, row};
use crate::failure::{Failure, Outcome};
use crate::names;
use crate::run::{Prepared, Request, periods_asked, prepare, reach};
use crate::whatif::refuse_empty_periods;
use crate::words::context_text;
use bench::Bench;
pub use condition::{Condition, Shape, State};
pub(crate) use goal::ladders;
use goal::{named, next, wish};
use hengjie_calendar::Period;
use hengjie_evaluate::format::{format_gap, format_open};
use hengjie_evaluate::row::Evaluator;
use hengjie_evaluate::value::Value;
use hengjie_policy::core::{AttributeId, Body, KindId, Program, Type};
use regress::Place;
use search::search;
use serde_json::{Value as Json, json};
pub use show::{Moved, Suggestion};
pub(crate) use want::is_reading;
pub use warn::{Fall, Warnings, warn};
use wish::Wish;

/// What is asked.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Query {
    /// Key or name of the person.
    pub person: String,
    /// Name of the value; without it every ordered grade, step and seat.
    pub value: Option<String>,
    /// Row of a 逐 table.
    pub row: Option<String>,
    /// What is wished: `高级`, `80分`; without it the next one above.
    pub to: Option<String>,
    /// Fields that may change; empty for all numbers, yes-or-no and items of the person.
    pub change: Vec<String>,
}

/// The distances of one person.
#[derive(Debug)]
pub struct Report {
    /// Key and name.
    pub person: String,
    /// One per value.
    pub distances: Vec<Distance>,
}

/// How far one value is from what is wished.
#[derive(Debug)]
pub struct Distance {
    /// Name of the value.
    pub value: String,
    /// The period it is computed for; empty without one.
    pub period: String,
    /// As it is.
    pub now: String,
    /// What is wished; `None`: there is nothing higher.
    pub goal: Option<String>,
    /// It is there already.
    pub is_reached: bool,
    /// Facts and parameters without which nobody can say.
    pub gaps: Vec<String>,
    /// Nothing is missing but decisions of people.
    pub waits_for: Vec<String>,
    /// The conditions; `None` when nothing is missing.
    pub conditions: Option<Condition>,
    /// Changes of one fact that give it, the smallest first; each computed again by the engine.
    pub singles: Vec<Suggestion>,
    /// The cheapest change of two facts.
    pub pair: Option<Suggestion>,
    /// Why nothing gives it; empty when something does.
    pub why_not: String,
    /// Facts that were moved in the search.
    pub tried: usize,
    /// How often the engine computed the value.
    pub computed: u64,
}

/// Measures a person. `request.only` is not used.
///
/// # Errors
/// [`Failure::Usage`] when the person, the value, the row or the wish does not exist; otherwise as a run.
pub fn distance(policy: &Policy, query: &Query, request: &Request) -> Outcome<Report> {
    let program = &policy.program;
    let named = named(program, query.value.as_deref())?;
    let cone = Cone::of(program, named.iter().copied());
    let Prepared { mut facts, .. } = prepare(program, &cone, request, &|_| {})?;
    let periods = periods_asked(program, &request.periods, &named, &facts.data);
    refuse_empty_periods(&facts, &request.periods)?;
    reach(&mut facts.data, &periods);
    let (kind, subject) = who(program, &facts, &named, &query.person)?;
    let mut distances = Vec::new();
    for attribute in named {
        if program.attributes[attribute.index()].context.kind == Some(kind)
            && let Some(period) = period_of(program, attribute, &periods)
        {
            let question = Question {
                subject: query.person.clone(),
                value: program.attributes[attribute.index()].name.clone(),
                row: query.row.clone(),
            };
            let row = row(program, &facts, attribute, &question)?;
            let place = Place { attribute, subject, row, period };
            distances.push(measure(program, &facts, place, query, request)?);
        }
    }
    if distances.is_empty() {
        return Err(Failure::usage(
            "给的期间里没有这样的结果：换一种期间（年、季、月）",
            "there is no such result in the periods given: give another sort of period",
        ));
    }
    Ok(Report { person: names::person(&facts, kind, subject, request.lang), distances })
}

/// The person, of the first kind that has him.
fn who(program: &Program, facts: &Facts, named: &[AttributeId], person: &str) -> Outcome<(KindId, u32)> {
    let kinds: Vec<KindId> =
        named.iter().filter_map(|id| program.attributes[id.index()].context.kind).collect();
    let has = |kind: &KindId| !names::subjects(facts, *kind, person).is_empty();
    let kind = kinds.iter().copied().find(has).or(kinds.first().copied());
    let Some(kind) = kind else {
        let contexts: Vec<String> = named.iter().map(|id| context_text(program, *id)).collect();
        return Err(Failure::usage(
            format!("这一项属于{}，不是一个人的", contexts.join("、")),
            format!("this value belongs to {}, not to a person", contexts.join(", ")),
        ));
    };
    Ok((kind, names::subject(program, facts, kind, person)?))
}

/// The period in which a value is looked at: a state is decided now and shows in the next period.
fn period_of(program: &Program, attribute: AttributeId, periods: &[Period]) -> Option<Option<Period>> {
    let definition = &program.attributes[attribute.index()];
    let Some(grain) = definition.context.grain else { return Some(None) };
    let period = periods.iter().filter(|period| period.grain() == grain).max()?;
    match definition.body {
        Body::State { .. } => period.next().map(Some),
        _ => Some(Some(*period)),
    }
}

fn measure(
    program: &Program,
    facts: &Facts,
    place: Place,
    query: &Query,
    request: &Request,
) -> Outcome<Distance> {
    let mut facts = facts.clone();
    if let (Some(period), Some((first, last))) = (place.period, facts.data.horizon) {
        facts.data.horizon = Some((first, last.max(period.last_day())));
    }
    let definition = &program.attributes[place.attribute.index()];
    let lang = request.lang;
    let now = Evaluator::new(program, &facts.data).value(
        place.attribute,
        place.subject,
        place.row.clone(),
        place.period,
    );
    let goal = match &query.to {
        Some(text) => Some(wish(program, place.attribute, text)?),
        None if matches!(now, Value::Missing(_)) => None,
        None if matches!(now, Value::Undecided(_)) => in_favour(program, &facts, &place, lang),
        None => {
            refuse_unordered(program, &definition.ty.base)?;
            next(program, &facts, &place, &start(program, &facts, &place, &now))
        }
    };
    let mut found = Distance {
        value: show::value_name(program, &facts, &place),
        period: place.period.map_or(String::new(), |period| show::period(period, lang)),
        now: show::value(program, &facts, &now, &definition.ty.base, lang),
        goal: goal.as_ref().map(|goal| show::goal(program, &facts, goal, &definition.ty.base, lang)),
        is_reached: goal.as_ref().is_some_and(|goal| goal.granted(&now) == Some(true)),
        waits_for: Vec::new(),
        gaps: match &now {
            Value::Missing(gaps) => {
                gaps.iter().map(|gap| format_gap(program, &facts.data, gap, lang)).collect()
            }
            _ => Vec::new(),
        },
        conditions: None,
        singles: Vec::new(),
        pair: None,
        why_not: String::new(),
        tried: 0,
        computed: 0,
    };
    let Some(goal) = goal.filter(|_| !found.is_reached) else { return Ok(found) };
    let mut bench = Bench::new(program, facts, place, goal, lang);
    found.conditions = Some(bench.conditions().0);
    if let Some(open) = bench.reached(true) {
        found.waits_for = open.iter().map(|open| format_open(program, open, lang)).collect();
        return Ok(found);
    }
    let answers = search(&mut bench, &query.change);
    found.singles = answers.singles.iter().map(|one| show::suggestion(&mut bench, one)).collect();
    found.pair = answers.pair.as_ref().map(|pair| show::suggestion(&mut bench, pair));
    found.tried = answers.tried;
    found.computed = bench.asked;
    if found.singles.is_empty() && found.pair.is_none() {
        found.why_not = show::why_not(&found, lang);
    }
    Ok(found)
}

/// Of what has no order there is no next one: the wish must be said.
fn refuse_unordered(program: &Program, ty: &Type) -> Outcome<()> {
    let items = match ty {
        Type::Bool | Type::Number(_) => return Ok(()),
        Type::Enum(of) if program.enums[of.index()].ordered || program.enums[of.index()].implicit => {
            return Ok(());
        }
        Type::Enum(of) => program.enums[of.index()].items.clone(),
        _ => Vec::new(),
    };
    let (zh, en) = match items.as_slice() {
        [] => (String::new(), String::new()),
        items => (format!("：{}", items.join("、")), format!(": {}", items.join(", "))),
    };
    Err(Failure::usage(
        format!("这一项不分高低，没有“再上一级”；用 --to 写明想要哪个{zh}"),
        format!("this value has no order, so nothing is next; say with --to what is wished{en}"),
    ))
}

/// What the next one is counted from: for a state that shows in the next period, the present one.
fn start(program: &Program, facts: &Facts, place: &Place, now: &Value) -> Value {
    let definition = &program.attributes[place.attribute.index()];
    match (&definition.body, place.period.and_then(|period| period.prev())) {
        (Body::State { .. }, Some(before)) => {
            let mut evaluator = Evaluator::new(program, &facts.data);
            evaluator.value(place.attribute, place.subject, place.row.clone(), Some(before))
        }
        _ => now.clone(),
    }
}

/// While people have not decided: what the value would be if they did in favour, as the goal.
fn in_favour(program: &Program, facts: &Facts, place: &Place, lang: hengjie_quantity::Lang) -> Option<Wish> {
    let mut bench = Bench::new(program, facts.clone(), place.clone(), Wish::Some, lang);
    let best = bench.best();
    let ordered = matches!(&best, Value::Enum(of, _) if program.enums[of.index()].ordered);
    best.is_present().then(|| if ordered { Wish::at_least(best) } else { Wish::is(best) })
}

impl Report {
    /// For programs.
    #[must_use]
    pub fn to_json(&self) -> Json {
        json!({
            "person": self.person,
            "distances": self.distances.iter().map(Distance::to_json).collect::<Vec<_>>(),
        })
    }
}

impl Distance {
    /// For programs.
    #[must_use]
    pub fn to_json(&self) -> Json {
        json!({
            "value": self.value, "period": self.period, "now": self.now, "goal": self.goal,
            "reached": self.is_reached, "gaps": self.gaps, "waits_for": self.waits_for,
            "conditions": self.conditions.as_ref().map(Condition::to_json),
            "binding": self.conditions.as_ref().and_then(Condition::bound).map(|bound| bound.label.clone()),
            "singles": self.singles.iter().map(Suggestion::to_json).collect::<Vec<_>>(),
            "pair": self.pair.as_ref().map(Suggestion::to_json),
            "why_not": self.why_not, "facts_tried": self.tried, "computed": self.computed,
        })
    }
}
