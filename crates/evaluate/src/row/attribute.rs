//! One attribute of one subject: assumed, known, outside its context, or computed by its body.

use super::record::Step;
use super::state::{States, holds};
use super::{DEFER_DEPTH, Deeper, Environment, Evaluated, Evaluator, Key};
use crate::dataset::AssumedKey;
use crate::value::{Fault, Value};
use hengjie_calendar::{Grain, Period};
use hengjie_policy::core::{ArticleId, Attribute, Body, Case, Contribution, Expr, Total};
use hengjie_quantity::Rational;

/// A rule of an attribute.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum RuleRef {
    /// Position among the exceptions, strongest first.
    Exception(u32),
    /// Position among the general cases.
    General(u32),
    /// 首期
    First,
    /// Position among the cases of 下期.
    Next(u32),
    /// A total, ranking, quota or split.
    Whole,
}

/// A result with the rule that gave it.
#[derive(Debug, Clone)]
pub(crate) struct Outcome {
    pub(crate) value: Value,
    /// `None`: assumed, known, outside the context, or no rule applied.
    pub(crate) rule: Option<(RuleRef, ArticleId)>,
}

impl Outcome {
    pub(super) fn plain(value: Value) -> Self {
        Self { value, rule: None }
    }

    fn by(value: Value, rule: RuleRef, article: ArticleId) -> Self {
        Self { value, rule: Some((rule, article)) }
    }
}

impl<'a> Evaluator<'a> {
    /// The result at a key, remembered.
    pub(super) fn result(&mut self, key: Key) -> Evaluated {
        if let Some(outcome) = self.results.get(&key) {
            return Ok(outcome.value.clone());
        }
        if let Some(value) = self.given(key) {
            return Ok(value);
        }
        if self.active.contains(&key) {
            return Ok(self.fault(&self.environment(key), Fault::Circular));
        }
        if self.depth > DEFER_DEPTH {
            return Err(Deeper(Box::new(key)));
        }
        let recorder = self.recorder.take();
        let outcome = self.computed(key);
        self.recorder = recorder;
        let outcome = outcome?;
        if let Some((rule, _)) = outcome.rule {
            self.used.insert((key.attribute, rule));
        }
        self.results.insert(key, outcome.clone());
        Ok(outcome.value)
    }

    /// Computes a result, whether it is remembered or not.
    pub(super) fn compute(&mut self, key: Key) -> Evaluated<Outcome> {
        match self.given(key) {
            Some(value) => Ok(Outcome::plain(value)),
            None => self.computed(key),
        }
    }

    fn computed(&mut self, key: Key) -> Evaluated<Outcome> {
        self.active.insert(key);
        let outcome = self.by_body(key);
        self.active.remove(&key);
        outcome
    }

    fn by_body(&mut self, key: Key) -> Evaluated<Outcome> {
        let attribute = self.attribute(key.attribute);
        if !self.belongs(key)? {
            return Ok(Outcome::plain(Value::None));
        }
        let mut environment = self.environment(key);
        match &attribute.body {
            Body::Defined { exceptions, general } => self.defined(exceptions, general, &mut environment),
            Body::State { first, next } => self.state(key, first, next),
            Body::Total(total) => {
                Ok(Outcome::by(self.total(key, total, &mut environment)?, RuleRef::Whole, attribute.article))
            }
            Body::Rank(rank) => Ok(Outcome::by(self.rank(key, rank)?, RuleRef::Whole, attribute.article)),
            Body::Quota(quota) => Ok(Outcome::by(self.seat(key, quota)?, RuleRef::Whole, attribute.article)),
            Body::Split(split) => Ok(Outcome::by(self.share(key, split)?, RuleRef::Whole, attribute.article)),
        }
    }

    /// A result that is not computed: assumed by an example, or known. Known results are looked up each time rather than
    /// remembered, because what is known of a subject now may have to be derived later.
    fn given(&self, key: Key) -> Option<Value> {
        if !self.data.assumed.is_empty() {
            let at = |period| AssumedKey { attribute: key.attribute, subject: key.subject, period };
            let assumed = self.data.assumed.get(&at(key.period)).or_else(|| self.data.assumed.get(&at(None)));
            if let Some(value) = assumed {
                return Some(value.clone());
            }
        }
        self.known(key)
    }

    /// A result that is known and is not to be derived.
    fn known(&self, key: Key) -> Option<Value> {
        let known = self.known?;
        if let Some((of, subject)) = self.derived {
            let kind = self.attribute(key.attribute).context.kind;
            if kind.is_none() || (kind == Some(of) && key.subject == subject) {
                return None;
            }
        }
        let row = key.row.map(super::RowKey::value);
        known.value(key.attribute, key.subject, row.as_ref(), key.period)
    }

    /// The environment of a result: its subject, its row as variable 0, its period.
    pub(super) fn environment(&self, key: Key) -> Environment {
        let context = &self.attribute(key.attribute).context;
        let mut environment =
            Environment::new(key.attribute, context.kind.map(|kind| (kind, key.subject)), key.period);
        environment.variables.extend(key.row.map(super::RowKey::value));
        environment
    }

    /// Exceptions from the strongest, then the general cases.
    fn defined(
        &mut self,
        exceptions: &'a [Case],
        general: &'a [Case],
        environment: &mut Environment,
    ) -> Evaluated<Outcome> {
        for (place, case) in (0..).zip(exceptions) {
            let guard = self.guard(case, environment)?;
            if guard.is_blocked() {
                return Ok(Outcome::plain(guard));
            }
            if holds(&guard) {
                self.record_replaced(general, environment)?;
                let value = self.eval(&case.value, environment)?;
                return Ok(Outcome::by(value, RuleRef::Exception(place), case.article));
            }
        }
        self.general(general, environment, RuleRef::General)
    }

    /// The case whose guard holds; if none holds, what blocks a guard; else 无.
    fn general(
        &mut self,
        cases: &'a [Case],
        environment: &mut Environment,
        rule: fn(u32) -> RuleRef,
    ) -> Evaluated<Outcome> {
        let mut blocked = States::default();
        for (place, case) in (0..).zip(cases) {
            let guard = self.guard(case, environment)?;
            if holds(&guard) {
                let value = self.eval(&case.value, environment)?;
                return Ok(Outcome::by(value, rule(place), case.article));
            }
            if guard.is_blocked() {
                blocked.add(&guard);
            }
        }
        Ok(Outcome::plain(blocked.into_value().unwrap_or(Value::None)))
    }

    fn guard(&mut self, case: &'a Case, environment: &mut Environment) -> Evaluated {
        let Some(guard) = &case.guard else { return Ok(Value::Bool(true)) };
        let (value, frame) = self.recorded(|evaluator| evaluator.eval(guard, environment))?;
        if let Some(frame) = frame {
            self.record(Step::Guard { guard, value: value.clone(), frame });
        }
        Ok(value)
    }

    /// For an explanation of an exception: what the general rule would have given.
    fn record_replaced(&mut self, general: &'a [Case], environment: &mut Environment) -> Evaluated<()> {
        if self.recorder.is_none() {
            return Ok(());
        }
        let replaced = |evaluator: &mut Self| evaluator.general(general, environment, RuleRef::General);
        let (outcome, frame) = self.recorded(replaced)?;
        if let Some(frame) = frame {
            self.record(Step::Replaced { outcome, frame });
        }
        Ok(())
    }

    /// Iterates from the first period whose predecessor is outside the population, so that a long history is no deep
    /// recursion.
    fn state(&mut self, key: Key, first: &'a Expr, next: &'a [Case]) -> Evaluated<Outcome> {
        let Some(previous) = self.state_before(key)? else {
            let mut environment = self.environment(key);
            let value = self.eval(first, &mut environment)?;
            return Ok(Outcome::by(value, RuleRef::First, self.attribute(key.attribute).article));
        };
        let mut oldest = previous;
        while !self.results.contains_key(&oldest) {
            let Some(before) = self.state_before(oldest)? else { break };
            oldest = before;
        }
        let mut at = Some(oldest);
        while let Some(done) = at.filter(|done| done.period <= previous.period) {
            self.result(done)?;
            at = done
                .period
                .and_then(|period| period.next())
                .map(|period| Key { period: Some(period), ..done });
        }
        let mut environment = self.environment(previous);
        self.general(next, &mut environment, RuleRef::Next)
    }

    /// The key one period earlier, if the subject was in the population then.
    pub(super) fn state_before(&mut self, key: Key) -> Evaluated<Option<Key>> {
        let before = key.period.and_then(|period| self.period_before(period));
        let before = before.map(|period| Key { period: Some(period), ..key });
        Ok(match before {
            Some(before) if self.belongs(before)? => Some(before),
            _ => None,
        })
    }

    /// The keys of a state in the periods before, newest first, as long as the subject was in the population.
    pub(crate) fn state_chain(&mut self, key: Key) -> Vec<Key> {
        let mut chain = Vec::new();
        let mut at = key;
        while let Some(before) = self.finish(|evaluator| evaluator.state_before(at)) {
            chain.push(before);
            at = before;
        }
        chain
    }

    /// The period before, unless it lies before the first one.
    pub(super) fn period_before(&self, period: Period) -> Option<Period> {
        period.prev().filter(|&before| self.is_in_history(before))
    }

    /// Does a period not lie before the first one?
    pub(super) fn is_in_history(&self, period: Period) -> bool {
        self.first_period(period.grain()).is_some_and(|first| first <= period)
    }

    pub(super) fn first_period(&self, grain: Grain) -> Option<Period> {
        self.first_day.map(|day| Period::containing(grain, day))
    }

    /// Contributions, then the limits, then the rounding.
    fn total(&mut self, key: Key, total: &'a Total, environment: &mut Environment) -> Evaluated {
        let mut sum = Rational::ZERO;
        let mut states = States::default();
        for contribution in &total.contributions {
            match self.contribution(key, contribution, environment)? {
                Value::Number(amount) => sum += amount,
                other if other.is_blocked() => states.add(&other),
                _ => {}
            }
        }
        if let Some(state) = states.into_value() {
            return Ok(state);
        }
        let mut limited = sum.clone();
        if let Some(max) = &total.max {
            limited = limited.min(max.clone());
        }
        if let Some(min) = &total.min {
            limited = limited.max(min.clone());
        }
        if limited != sum {
            self.record(Step::Limited { before: sum, after: limited.clone() });
        }
        let Some((mode, quantum)) = &total.rounding else { return Ok(self.number(limited, environment)) };
        let Some(rounded) = limited.round_to(quantum, *mode) else { return Ok(Value::None) };
        self.record(Step::Rounded {
            ty: &self.attribute(key.attribute).ty.base,
            mode: *mode,
            quantum: quantum.clone(),
            before: limited,
            after: rounded.clone(),
        });
        Ok(self.number(rounded, environment))
    }

    /// What a contribution adds: value × weight.
    fn contribution(
        &mut self,
        key: Key,
        contribution: &'a Contribution,
        environment: &mut Environment,
    ) -> Evaluated {
        let row = key.row.map(super::RowKey::value);
        let source = self.key(contribution.attribute, key.subject, row.as_ref(), key.period);
        let value = self.result(source)?;
        let weight = match &contribution.weight {
            Some(weight) => self.eval(weight, environment)?,
            None => Value::Number(Rational::ONE),
        };
        let nothing = |value: &Value| matches!(value, Value::None | Value::Exempt);
        let amount = if nothing(&value) || nothing(&weight) {
            Value::None
        } else {
            match super::state::all_present([value.clone(), weight.clone()]) {
                Ok([Value::Number(value), Value::Number(weight)]) => Value::Number(value * weight),
                Ok(_) => self.fault(environment, Fault::Unsupported),
                Err(state) => state,
            }
        };
        let weight = contribution.weight.as_ref().map(|_| weight);
        self.record(Step::Contribution {
            key: source,
            article: contribution.article,
            weight,
            amount: amount.clone(),
        });
        Ok(amount)
    }

    /// The definition of an attribute, for the explanation.
    pub(crate) fn definition(&self, key: Key) -> &'a Attribute {
        self.attribute(key.attribute)
    }
}
