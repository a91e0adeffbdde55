//! Tries changes of facts on the engine: puts them in, computes the result again, takes them back.

use super::condition::Condition;
use super::regress::{Place, Regress};
use super::wish::Wish;
use crate::cone::Cone;
use crate::dataset::Facts;
use crate::limits;
use crate::run::Columns;
use hengjie_calendar::Period;
use hengjie_evaluate::columnar::{self, ResultColumn};
use hengjie_evaluate::dataset::{DecidedValue, DecisionKey, FactPlace, FieldData};
use hengjie_evaluate::row::{Evaluator, FactRead};
use hengjie_evaluate::value::{OpenDecision, Value};
use hengjie_policy::core::{KindId, Program, Type};
use hengjie_quantity::Lang;
use std::collections::BTreeSet;

/// How often open decisions are taken in favour before a result counts as open.
const ROUNDS: usize = 8;

/// A change of one fact.
pub(crate) type Change = (FactPlace, Value);

/// One result of one person, ready to be tried with other facts.
pub(crate) struct Bench<'p> {
    pub(crate) program: &'p Program,
    pub(crate) facts: Facts,
    pub(crate) place: Place,
    pub(crate) wish: Wish,
    pub(crate) lang: Lang,
    /// Results of everybody, where the result depends on others; they are the others' while a change is looked for.
    others: Vec<ResultColumn>,
    cone: Cone,
    periods: Vec<Period>,
    key: String,
    /// How often the engine was asked.
    pub(crate) asked: u64,
}

/// How a trial ended well: with decisions of people that must still be taken in favour.
pub(crate) type Reached = Vec<OpenDecision>;

impl<'p> Bench<'p> {
    pub(crate) fn new(program: &'p Program, facts: Facts, place: Place, wish: Wish, lang: Lang) -> Self {
        let cone = Cone::of(program, [place.attribute]);
        let periods = periods(&cone, program, place.period);
        let kind = program.attributes[place.attribute.index()].context.kind;
        let key = kind.map(|kind| facts.data.kinds[kind.index()].keys.get(place.subject as usize));
        let mut bench = Self {
            program,
            facts,
            place,
            wish,
            lang,
            others: Vec::new(),
            cone,
            periods,
            key: key.unwrap_or_default(),
            asked: 0,
        };
        if !bench.cone.populations.is_empty() {
            bench.others = bench.columns();
        }
        bench
    }

    /// The kind of the person.
    pub(crate) fn kind(&self) -> Option<KindId> {
        self.program.attributes[self.place.attribute.index()].context.kind
    }

    fn columns(&self) -> Vec<ResultColumn> {
        let request = columnar::Request {
            attributes: self.cone.attributes.iter().copied().collect(),
            periods: self.periods.clone(),
            places: limits::PLACES,
        };
        columnar::evaluate(self.program, &self.facts.data, &request, &|_, _| true).columns
    }

    fn is_large(&self) -> bool {
        let is_large = |kind: &KindId| self.facts.data.kinds[kind.index()].len > limits::POPULATION_BY_ROW;
        self.cone.populations.iter().any(is_large)
    }

    /// The result on the facts as they are now. `whole`: with everybody computed anew.
    pub(crate) fn value(&mut self, whole: bool) -> Value {
        self.asked += 1;
        let Place { attribute, subject, row, period } = self.place.clone();
        let again = (whole && self.is_large()).then(|| self.columns());
        let columns = if whole { again.as_ref() } else { Some(&self.others) };
        let others = columns.and_then(|columns| self.of_others(columns));
        let mut evaluator = self.evaluator(others.as_ref());
        evaluator.value(attribute, subject, row, period)
    }

    /// Results of others; the person's own are derived, because the facts may be other ones.
    fn of_others<'c>(&'c self, columns: &'c [ResultColumn]) -> Option<Columns<'c>> {
        let known =
            (!columns.is_empty() && self.kind().is_some()).then(|| Columns::of(self.program, columns))?;
        known.be_brief();
        Some(known)
    }

    fn evaluator<'c>(&'c self, others: Option<&'c Columns<'c>>) -> Evaluator<'c> {
        let Some((others, kind)) = others.zip(self.kind()) else {
            return Evaluator::new(self.program, &self.facts.data);
        };
        let mut evaluator = Evaluator::with_known(self.program, &self.facts.data, others);
        evaluator.derive(kind, self.place.subject);
        evaluator
    }

    /// Is the wish granted, when people decide in favour where they have not decided yet?
    pub(crate) fn reached(&mut self, whole: bool) -> Option<Reached> {
        let (value, needed) = self.favoured(whole);
        (self.wish.granted(&value) == Some(true)).then_some(needed)
    }

    /// The value when people decide in favour where they have not decided yet.
    pub(crate) fn best(&mut self) -> Value {
        self.favoured(true).0
    }

    fn favoured(&mut self, whole: bool) -> (Value, Reached) {
        let mut needed: Vec<OpenDecision> = Vec::new();
        let mut taken: Vec<DecisionKey> = Vec::new();
        let mut value = self.value(whole);
        for _ in 0..ROUNDS {
            let Value::Undecided(open) = &value else { break };
            let own: Vec<OpenDecision> =
                open.iter().filter(|open| open.subject == self.key).cloned().collect();
            let before = taken.len();
            for open in own {
                if let Some(key) = self.favour(&open) {
                    taken.push(key);
                    needed.push(open);
                }
            }
            if taken.len() == before {
                break;
            }
            value = self.value(whole);
        }
        for key in taken {
            self.facts.data.decisions.remove(&key);
        }
        (value, needed)
    }

    /// Takes an open decision: yes where it is yes or no, the least where it is a number.
    fn favour(&mut self, open: &OpenDecision) -> Option<DecisionKey> {
        let decision = &self.program.decisions[open.decision.index()];
        let value = match (&decision.ty, &decision.range) {
            (Type::Bool, _) => Value::Bool(true),
            (Type::Number(_), Some((least, _))) => Value::Number(least.clone()),
            _ => return None,
        };
        let OpenDecision { decision, subject, row, period } = open.clone();
        let key = DecisionKey { decision, subject, row, period };
        let decided = DecidedValue {
            value,
            by: String::new(),
            because: String::new(),
            evidence: String::new(),
            origin: None,
        };
        self.facts.data.decisions.insert(key.clone(), decided);
        Some(key)
    }

    /// Does some work with other facts, and puts the old ones back. `None` when a fact cannot be changed so.
    pub(crate) fn with<T>(&mut self, changes: &[Change], work: impl FnOnce(&mut Self) -> T) -> Option<T> {
        let mut saved: Vec<(FactPlace, FieldData)> = Vec::new();
        let mut put_all = Some(());
        for (place, value) in changes {
            let field =
                self.facts.data.kinds[place.field.kind.index()].fields.get(place.field.field as usize);
            let Some(field) = field else { continue };
            saved.push((*place, field.clone()));
            put_all = put_all.and(self.facts.data.store(self.program, *place, value).ok());
        }
        let result = put_all.map(|()| work(self));
        for (place, field) in saved.into_iter().rev() {
            let fields = &mut self.facts.data.kinds[place.field.kind.index()].fields;
            fields[place.field.field as usize] = field;
        }
        result
    }

    /// Is the wish granted with other facts?
    pub(crate) fn tried(&mut self, changes: &[Change], whole: bool) -> Option<Reached> {
        self.with(changes, |bench| bench.reached(whole)).flatten()
    }

    /// The conditions on the facts as they are now, and the facts that they read.
    pub(crate) fn conditions(&self) -> (Condition, BTreeSet<FactRead>) {
        let others = self.of_others(&self.others);
        let mut evaluator = self.evaluator(others.as_ref());
        evaluator.notice_facts();
        let mut regress = Regress {
            evaluator: &mut evaluator,
            program: self.program,
            facts: &self.facts,
            lang: self.lang,
            wished: self.program.attributes[self.place.attribute.index()].ty.base.clone(),
        };
        let condition = regress.conditions(&self.place, &self.wish);
        (condition, evaluator.noticed_facts())
    }
}

/// The period of a result and, where rules look back, the one before.
fn periods(cone: &Cone, program: &Program, period: Option<Period>) -> Vec<Period> {
    let Some(period) = period else { return Vec::new() };
    let grains: BTreeSet<_> =
        cone.attributes.iter().filter_map(|id| program.attributes[id.index()].context.grain).collect();
    let mut periods = Vec::new();
    for grain in grains {
        let last = Period::containing(grain, period.last_day());
        periods.extend(cone.reads_other_periods.then(|| last.prev()).flatten());
        periods.push(last);
    }
    periods
}
