//! Looks for the smallest change of one fact, and of two, that grants a wish. Every answer has been computed by the engine.
//!
//! A number is moved up and down in growing steps until the wish is granted, then halved down to the unit of the fact:
//! one unit less does not do. Other people's results stand still while searching; the answers are computed once more with
//! everybody.

use super::bench::{Bench, Change, Reached};
use super::condition::{Condition, Cost};
use super::movable::{Movable, movable};
use hengjie_evaluate::value::Value;
use hengjie_quantity::Rational;

/// Changes of one fact that are shown, one per field.
const SINGLES: usize = 5;

/// Facts of which pairs are tried.
const PAIRED: usize = 8;

/// Of the nearer values, which ones are tried when the farthest does not do.
const INSIDE: usize = 3;

/// Steps of a pair between nothing and what each fact would need alone.
const PARTS: i128 = 64;

/// A change of one or two facts that grants the wish.
#[derive(Debug, Clone)]
pub(crate) struct Move {
    pub(crate) changes: Vec<(Movable, Value)>,
    /// The largest change, as a share of the value.
    pub(crate) cost: Rational,
    /// Decisions that people must still take in favour.
    pub(crate) decisions: Reached,
}

/// What was found.
#[derive(Debug, Default)]
pub(crate) struct Found {
    /// The smallest first.
    pub(crate) singles: Vec<Move>,
    pub(crate) pair: Option<Move>,
    /// Facts that were moved.
    pub(crate) tried: usize,
}

/// Looks for changes. `only`: names of fields that may change; empty for all.
pub(crate) fn search(bench: &mut Bench<'_>, only: &[String]) -> Found {
    let (condition, read) = bench.conditions();
    let facts = movable(bench, &read, only);
    let mut singles: Vec<Move> = Vec::new();
    for fact in &facts {
        singles.extend(alone(bench, fact));
    }
    singles.sort_by(|left, right| left.cost.cmp(&right.cost));
    let pair = cheapest_pair(bench, &facts, &singles, &condition);
    let mut found = Found { tried: facts.len(), ..Found::default() };
    for one in singles {
        let field = |one: &Move| one.changes.first().map(|(fact, _)| fact.place.field);
        let is_known = found.singles.iter().any(|other| field(other) == field(&one));
        if found.singles.len() < SINGLES && !is_known {
            found.singles.extend(verified(bench, one));
        }
    }
    found.pair = pair;
    found
}

/// A change once more, with everybody computed anew.
fn verified(bench: &mut Bench<'_>, found: Move) -> Option<Move> {
    let decisions = bench.tried(&changes(&found.changes), true)?;
    Some(Move { decisions, ..found })
}

fn changes(moved: &[(Movable, Value)]) -> Vec<Change> {
    moved.iter().map(|(fact, value)| (fact.place, value.clone())).collect()
}

/// The smallest change of one fact.
fn alone(bench: &mut Bench<'_>, fact: &Movable) -> Option<Move> {
    let mut best: Option<Move> = None;
    for way in ways(fact) {
        let found = nearest(bench, fact, &way, &[]);
        if let Some((value, decisions)) = found {
            let cost = fact.cost(&value);
            if best.as_ref().is_none_or(|best| cost < best.cost) {
                best = Some(Move { changes: vec![(fact.clone(), value)], cost, decisions });
            }
        }
    }
    best
}

/// The values of a fact in one direction, from near to far.
fn ways(fact: &Movable) -> Vec<Vec<Value>> {
    match &fact.choices {
        Some(choices) => vec![choices.clone()],
        None => vec![fact.probes(true), fact.probes(false)],
    }
}

/// The nearest value in one direction that grants the wish, beside other changes. The farthest is tried first: where it
/// does, the first that does is looked for between; where it does not, a few nearer ones are tried, because a rule may
/// want a number between two borders.
fn nearest(
    bench: &mut Bench<'_>,
    fact: &Movable,
    way: &[Value],
    beside: &[Change],
) -> Option<(Value, Reached)> {
    let tried = |bench: &mut Bench<'_>, value: &Value| {
        let all = [beside, &[(fact.place, value.clone())]].concat();
        bench.tried(&all, false)
    };
    if fact.choices.is_some() {
        return way.iter().find_map(|value| Some((value.clone(), tried(bench, value)?)));
    }
    let (mut low, mut high, mut decisions) = match tried(bench, way.last()?) {
        Some(decisions) => (None, way.len() - 1, decisions),
        None => {
            let inside =
                (0..way.len() - 1).step_by(INSIDE).find_map(|at| Some((at, tried(bench, &way[at])?)));
            let (at, decisions) = inside?;
            (at.checked_sub(1), at, decisions)
        }
    };
    while high > low.map_or(0, |low| low + 1) {
        let middle = low.map_or(high / 2, |low| low + (high - low) / 2);
        match tried(bench, &way[middle]) {
            Some(found) => (high, decisions) = (middle, found),
            None => low = Some(middle),
        }
    }
    let little = low.map_or(fact.start(), |low| way[low].clone());
    Some(halved(bench, fact, &little, &way[high], beside, decisions))
}

/// Between a value that is too little and one that is enough: the first that is enough, in units of the fact.
fn halved(
    bench: &mut Bench<'_>,
    fact: &Movable,
    little: &Value,
    enough: &Value,
    beside: &[Change],
    decisions: Reached,
) -> (Value, Reached) {
    let mut best = (enough.clone(), decisions);
    let (Some((mut low, up)), Some(mut high)) = (fact.below(little, enough), fact.units(enough)) else {
        return best;
    };
    while (high - low).abs() > 1 {
        let middle = low + (high - low) / 2;
        let value = fact.at(middle);
        let all = [beside, &[(fact.place, value.clone())]].concat();
        match bench.tried(&all, false) {
            Some(decisions) => (high, best) = (middle, (value, decisions)),
            None => low = middle,
        }
    }
    debug_assert!(up == (high > low) || high == low, "the direction does not change");
    best
}

/// The cheapest pair: two facts that would each do alone, moved half-way each; or two that only do together.
fn cheapest_pair(
    bench: &mut Bench<'_>,
    facts: &[Movable],
    singles: &[Move],
    condition: &Condition,
) -> Option<Move> {
    let mut pairs = Vec::new();
    let strong: Vec<&(Movable, Value)> =
        singles.iter().filter_map(|single| single.changes.first()).take(PAIRED).collect();
    for (at, first) in strong.iter().enumerate() {
        for second in strong.iter().skip(at + 1) {
            pairs.extend(balanced(bench, first, second));
        }
    }
    let helpers = if pairs.is_empty() { helpers(bench, facts, condition) } else { Vec::new() };
    for (at, first) in helpers.iter().enumerate() {
        for second in helpers.iter().skip(at + 1).filter(|second| second.0.place != first.0.place) {
            pairs.extend(together(bench, first, second));
        }
    }
    pairs.sort_by(|left, right| left.cost.cmp(&right.cost));
    pairs.into_iter().take(PAIRED).find_map(|pair| verified(bench, pair))
}

/// Facts that bring the wish nearer without granting it, each at the value that brings it nearest.
fn helpers(bench: &mut Bench<'_>, facts: &[Movable], condition: &Condition) -> Vec<(Movable, Value)> {
    let distance = |condition: &Condition| (condition.open().len(), condition.cost.clone());
    let now = distance(condition);
    let mut found: Vec<((usize, Cost), (Movable, Value))> = Vec::new();
    for fact in facts {
        for way in ways(fact) {
            let values: Vec<Value> =
                if fact.choices.is_some() { way } else { way.last().cloned().into_iter().collect() };
            for value in values {
                let change = [(fact.place, value.clone())];
                let after = bench.with(&change, |bench| distance(&bench.conditions().0));
                if let Some(after) = after.filter(|after| *after < now) {
                    found.push((after, (fact.clone(), value)));
                }
            }
        }
    }
    found.sort_by(|left, right| left.0.cmp(&right.0));
    found.into_iter().map(|(_, helper)| helper).take(PAIRED).collect()
}

/// Two facts that each do alone: how small a share of both is enough.
fn balanced(bench: &mut Bench<'_>, first: &(Movable, Value), second: &(Movable, Value)) -> Option<Move> {
    if first.0.choices.is_some() || second.0.choices.is_some() {
        return None;
    }
    let share = |(fact, value): &(Movable, Value), part: i128| fact.part(value, part, PARTS);
    let (mut low, mut high) = (0, PARTS);
    while high - low > 1 {
        let middle = low + (high - low) / 2;
        let both = [(first.0.place, share(first, middle)?), (second.0.place, share(second, middle)?)];
        if bench.tried(&both, false).is_some() { high = middle } else { low = middle }
    }
    let start = (share(first, high)?, share(second, high)?);
    polished(bench, (&first.0, start.0), (&second.0, start.1))
}

/// Two facts that only do together, from values that are enough for both.
fn together(bench: &mut Bench<'_>, first: &(Movable, Value), second: &(Movable, Value)) -> Option<Move> {
    let both = [(first.0.place, first.1.clone()), (second.0.place, second.1.clone())];
    bench.tried(&both, false)?;
    polished(bench, (&first.0, first.1.clone()), (&second.0, second.1.clone()))
}

/// Makes each of two changes as small as the other allows. A pair of which one is not needed is none.
fn polished(bench: &mut Bench<'_>, first: (&Movable, Value), second: (&Movable, Value)) -> Option<Move> {
    let mut values = [first.1, second.1];
    let facts = [first.0, second.0];
    for at in [0, 1] {
        let other = 1 - at;
        let beside = [(facts[other].place, values[other].clone())];
        if bench.tried(&beside, false).is_some() {
            return None;
        }
        if facts[at].choices.is_none() {
            let start = facts[at].start();
            let all = [(facts[0].place, values[0].clone()), (facts[1].place, values[1].clone())];
            let decisions = bench.tried(&all, false)?;
            values[at] = halved(bench, facts[at], &start, &values[at].clone(), &beside, decisions).0;
        }
    }
    let all: Vec<(Movable, Value)> =
        facts.into_iter().cloned().zip(values).filter(|(fact, value)| *value != fact.value).collect();
    let decisions = bench.tried(&changes(&all), false)?;
    let cost = all.iter().map(|(fact, value)| fact.cost(value)).max()?;
    (all.len() == 2).then_some(Move { changes: all, cost, decisions })
}
