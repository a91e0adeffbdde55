//! The way from one run to the other: one state after the other is computed, and what differs is written down.

use super::differences::differences;
use super::step::{Sort, Step};
use crate::cone::all_attributes;
use crate::dataset::Facts;
use crate::document::Policy;
use crate::limits;
use crate::outcome::{Sort as Outcome, sorts};
use hengjie_calendar::Period;
use hengjie_evaluate::columnar::{self, ResultColumn};
use hengjie_policy::core::AttributeId;
use hengjie_quantity::{Lang, Rational, Rounding};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// A document computed on facts.
#[derive(Debug)]
pub(super) struct State {
    pub(super) policy: Arc<Policy>,
    pub(super) facts: Facts,
    pub(super) columns: Vec<ResultColumn>,
}

/// A result in a form that documents share.
#[derive(Debug, Clone)]
pub(super) enum Cell {
    /// A number, with its text.
    Number(Rational, String),
    /// 无, or there is no such person or value at all.
    None,
    /// Anything else, as people read it; `waits`: 待补 or 待定.
    Word { text: String, waits: bool },
}

impl Cell {
    /// As an amount: what is 无 is nothing.
    pub(super) fn number(&self) -> Option<Rational> {
        match self {
            Self::Number(number, _) => Some(number.clone()),
            Self::None => Some(Rational::ZERO),
            Self::Word { .. } => None,
        }
    }

    pub(super) fn waits(&self) -> bool {
        matches!(self, Self::Word { waits: true, .. })
    }

    /// As people read it.
    pub(super) fn text(&self, lang: Lang) -> &str {
        match self {
            Self::Number(_, text) | Self::Word { text, .. } => text,
            Self::None => lang.pick("无", "none"),
        }
    }
}

impl PartialEq for Cell {
    fn eq(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Number(left, _), Self::Number(right, _)) => left == right,
            (Self::Word { text: left, .. }, Self::Word { text: right, .. }) => left == right,
            (Self::None, Self::None) => true,
            _ => false,
        }
    }
}

/// The place of a result by name: kind, value, row of its 逐, period.
pub(super) type Place = (String, String, Option<String>, Option<Period>);

/// What one step does to one result.
#[derive(Debug, Clone)]
pub(super) struct Move {
    /// Position of the step.
    pub(super) step: usize,
    pub(super) before: Cell,
    pub(super) after: Cell,
}

/// The way so far.
pub(super) struct Walk<'a> {
    pub(super) names: BTreeSet<String>,
    pub(super) periods: Vec<Period>,
    pub(super) lang: Lang,
    /// Told after every state; says whether to go on.
    pub(super) progress: &'a (dyn Fn(usize) -> bool + Sync),
    pub(super) now: State,
    pub(super) steps: Vec<Step>,
    pub(super) places: Vec<Place>,
    numbers: BTreeMap<Place, u32>,
    /// By place and key of the subject.
    pub(super) moves: BTreeMap<(u32, String), Vec<Move>>,
}

/// Somebody has stopped it.
#[derive(Debug)]
pub(super) struct Stopped;

impl<'a> Walk<'a> {
    /// Computes the first state.
    pub(super) fn begin(
        policy: Arc<Policy>,
        facts: Facts,
        names: BTreeSet<String>,
        periods: Vec<Period>,
        (lang, progress): (Lang, &'a (dyn Fn(usize) -> bool + Sync)),
    ) -> Result<Self, Stopped> {
        let now = State { policy, facts, columns: Vec::new() };
        let (steps, places, numbers, moves) = (Vec::new(), Vec::new(), BTreeMap::new(), BTreeMap::new());
        let mut walk = Self { names, periods, lang, progress, now, steps, places, numbers, moves };
        walk.now.columns = walk.columns(&walk.now.policy, &walk.now.facts)?;
        Ok(walk)
    }

    fn columns(&self, policy: &Policy, facts: &Facts) -> Result<Vec<ResultColumn>, Stopped> {
        let program = &policy.program;
        let grain = |id: &AttributeId| program.attributes[id.index()].context.grain;
        let fits = |id: &AttributeId| {
            grain(id).is_none_or(|grain| self.periods.iter().any(|period| period.grain() == grain))
        };
        let wanted =
            all_attributes(program).filter(|id| self.names.contains(&program.attributes[id.index()].name));
        let request = columnar::Request {
            attributes: wanted.filter(fits).collect(),
            periods: self.periods.clone(),
            places: limits::PLACES,
        };
        let stopped = std::cell::Cell::new(false);
        let done = self.steps.len();
        let results = columnar::evaluate(program, &facts.data, &request, &|_, _| {
            let goes_on = (self.progress)(done);
            stopped.set(stopped.get() || !goes_on);
            goes_on
        });
        if stopped.get() { Err(Stopped) } else { Ok(results.columns) }
    }

    /// Takes a step: computes the next state and writes down what differs.
    pub(super) fn step(&mut self, mut step: Step, policy: Arc<Policy>, facts: Facts) -> Result<(), Stopped> {
        let columns = self.columns(&policy, &facts)?;
        let next = State { policy, facts, columns };
        let found = differences(&self.now, &next, self.lang);
        let money = moneys(&next.policy);
        let (mut people, mut sum) = (BTreeSet::new(), Rational::ZERO);
        let mut is_money = false;
        for (place, key, before, after) in found {
            if let (true, Some(was), Some(is)) = (money.contains(&place.1), before.number(), after.number()) {
                is_money = true;
                sum += is - was;
            }
            people.insert((place.0.clone(), key.clone()));
            let number = self.number(place);
            self.moves.entry((number, key)).or_default().push(Move { step: self.steps.len(), before, after });
        }
        step.people = people.len();
        step.sum = if is_money { sum.to_decimal_rounded(2, Rounding::HalfUp) } else { String::new() };
        self.steps.push(step);
        self.now = next;
        Ok(())
    }

    /// The same for facts alone.
    pub(super) fn facts(&mut self, step: Step, facts: Facts) -> Result<(), Stopped> {
        self.step(step, Arc::clone(&self.now.policy), facts)
    }

    fn number(&mut self, place: Place) -> u32 {
        let next = u32::try_from(self.places.len()).unwrap_or(u32::MAX);
        let places = &mut self.places;
        *self.numbers.entry(place).or_insert_with_key(|place| {
            places.push(place.clone());
            next
        })
    }

    /// Which steps of those that only make sense together are one.
    pub(super) fn together(mut steps: Vec<Step>, lang: Lang) -> Step {
        if steps.len() == 1
            && let Some(step) = steps.pop()
        {
            return step;
        }
        let same =
            steps.first().map(|first| first.sort).filter(|sort| steps.iter().all(|step| step.sort == *sort));
        let words: Vec<String> = match same {
            Some(_) => steps.iter().map(|step| step.what.clone()).collect(),
            None => steps.iter().map(|step| step.text(lang)).collect(),
        };
        let mut one = Step::new(same.unwrap_or(Sort::Together), words.join(lang.pick("、", ", ")));
        one.count = steps.iter().map(|step| step.count).sum();
        one.touched = steps.into_iter().flat_map(|step| step.touched).collect();
        one
    }
}

/// Names of the amounts in which rules end.
fn moneys(policy: &Policy) -> BTreeSet<String> {
    let sorts = sorts(&policy.program);
    let money = sorts.into_iter().filter(|(_, sort)| *sort == Outcome::Money);
    money.map(|(id, _)| policy.program.attributes[id.index()].name.clone()).collect()
}
