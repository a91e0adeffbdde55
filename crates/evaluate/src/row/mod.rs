//! The reference evaluator: one value at a time, slow and obvious, exact, with everything an explanation needs.
//!
//! Meaning, where the typed core leaves a choice (the columnar evaluator must do the same):
//!
//! - **States.** A strict operation takes the highest state of its operands: 待补 > 待定 > 免 > 无. `如`, guards and filters
//!   take 免 and 无 as "does not hold". 且 或 至少 最大值 最小值 drop 免; a list that has become empty is 是, 否, `0 ≥ k`, 免.
//! - **Guards.** Exceptions in their order: a blocked guard blocks. General cases in any order: one that holds decides,
//!   otherwise a blocked one blocks, otherwise 无.
//! - **Aggregates.** An element whose filter or body is blocked blocks the result, except that one 是 decides 存在 and one
//!   否 decides 每个, and that 首个, 第 and 连续 look no further than they need. 连续 ends at the first element on which the
//!   body does not hold, 无 and 免 included.
//! - **State.** `first` in every period whose predecessor is outside the population (or before the first period), otherwise
//!   `next` in the predecessor.
//! - **Relations.** A record whose owner is 待补 belongs to nobody; an ancestor that is 待补 is an unknown ancestor.
//! - **Ranks.** A blocked key blocks its group, a blocked group blocks all; a subject whose group is 无 is not ranked.
//! - **Quotas.** `take` is evaluated for the first of the group. A blocked eligibility blocks the group.
//! - **First period.** Nothing is read before the period that contains the first day of the horizon.
//!
//! **Invariant:** nothing here recurses deeper than a fixed number of expressions. A chain of attributes, periods or tree
//! levels that is longer is put on an explicit stack ([`Evaluator::settle`]).

mod aggregate;
mod ask;
mod attribute;
mod call;
mod closed;
mod collection;
mod expression;
mod fact;
mod logic;
mod population;
mod quota;
mod rank;
mod record;
pub(crate) mod seats;
mod split;
mod state;
mod table;

pub use ask::{FactRead, Placed, Scene};
pub(crate) use attribute::{Outcome, RuleRef};
pub(crate) use fact::{as_literal, filler, first_day, literal, literal_text, row_label};
pub(crate) use quota::SeatGroup;
pub(crate) use record::{Frame, ITEMS_SHOWN, Item, Shown, Step, address};
pub(crate) use state::holds;

use crate::dataset::Dataset;
use crate::value::{Fault, Gap, Value};
use hengjie_calendar::{Date, Period};
use hengjie_policy::core::{Attribute, AttributeId, KindId, Program, TableId, VariableId};
use rustc_hash::{FxHashMap, FxHashSet};
use std::collections::BTreeSet;

/// Nested expressions after which a further attribute is put on the explicit stack.
const DEFER_DEPTH: usize = 128;

/// Nested expressions that are never exceeded: the checker allows 200 in one attribute.
const DEPTH_MAX: usize = 1_000;

/// Longest number, in bits of numerator and denominator together: room for a sum of thousands of quotients of amounts.
const NUMBER_BITS_MAX: u64 = 262_144;

/// Results that somebody else has computed already, exactly.
pub trait Known: Sync {
    /// The value of an attribute, if it is known. The subject of 全体 attributes is 0.
    fn value(
        &self,
        attribute: AttributeId,
        subject: u32,
        row: Option<&Value>,
        period: Option<Period>,
    ) -> Option<Value>;
}

/// The reference evaluator of one program on one dataset. Results are remembered.
pub struct Evaluator<'a> {
    program: &'a Program,
    data: &'a Dataset,
    known: Option<&'a dyn Known>,
    /// Whose results are derived although they are known, and with them the figures of everybody together.
    derived: Option<(KindId, u32)>,
    /// First day of the history.
    first_day: Option<Date>,
    results: FxHashMap<Key, Outcome>,
    /// Being computed, or waiting on the explicit stack.
    active: FxHashSet<Key>,
    /// Nested expressions.
    depth: usize,
    population: population::Cache,
    relations: collection::Cache,
    aggregates: aggregate::Cache<'a>,
    /// Rules that gave a value.
    used: BTreeSet<(AttributeId, RuleRef)>,
    /// Where to write down what the current attribute does; see [`record`].
    recorder: Option<record::Recorder<'a>>,
    /// Facts that were read, if somebody wants to know.
    noticed: Option<BTreeSet<FactRead>>,
}

/// Where an expression is evaluated.
#[derive(Debug, Clone)]
pub(crate) struct Environment {
    /// 本人; `None` for 全体.
    pub(crate) subject: Option<(KindId, u32)>,
    /// By `VariableId`; 无 where nothing is bound.
    pub(crate) variables: Vec<Value>,
    pub(crate) period: Option<Period>,
    /// The attribute whose rule this is, for decisions.
    pub(crate) attribute: AttributeId,
}

/// The place of a result.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct Key {
    pub(crate) attribute: AttributeId,
    /// 0 for 全体.
    pub(crate) subject: u32,
    pub(crate) row: Option<RowKey>,
    pub(crate) period: Option<Period>,
}

/// A row as part of a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum RowKey {
    Row(TableId, u32),
    Period(Period),
    Object(KindId, u32),
}

/// This result is needed first, but the stack is deep: it is computed from the top, then the work is repeated.
#[derive(Debug)]
pub(crate) struct Deeper(Box<Key>);

/// A value, or the wish to start from the top with another one.
pub(crate) type Evaluated<T = Value> = Result<T, Deeper>;

impl Environment {
    /// The environment of a subject, without rows.
    pub(crate) fn new(
        attribute: AttributeId,
        subject: Option<(KindId, u32)>,
        period: Option<Period>,
    ) -> Self {
        Self { subject, variables: Vec::new(), period, attribute }
    }

    /// Binds a variable and returns what it was.
    fn bind(&mut self, variable: VariableId, value: Value) -> Value {
        if self.variables.len() <= variable.index() {
            self.variables.resize(variable.index() + 1, Value::None);
        }
        std::mem::replace(&mut self.variables[variable.index()], value)
    }

    fn variable(&self, variable: VariableId) -> Value {
        self.variables.get(variable.index()).cloned().unwrap_or(Value::None)
    }
}

impl RowKey {
    pub(crate) fn of(value: &Value) -> Option<Self> {
        match value {
            Value::Row(table, row) => Some(Self::Row(*table, *row)),
            Value::Period(period) => Some(Self::Period(*period)),
            Value::Object(kind, position) => Some(Self::Object(*kind, *position)),
            _ => None,
        }
    }

    pub(crate) fn value(self) -> Value {
        match self {
            Self::Row(table, row) => Value::Row(table, row),
            Self::Period(period) => Value::Period(period),
            Self::Object(kind, position) => Value::Object(kind, position),
        }
    }
}

impl std::fmt::Debug for Evaluator<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Evaluator").field("program", &self.program.name).finish_non_exhaustive()
    }
}

impl<'a> Evaluator<'a> {
    /// An evaluator of `program` on `data`.
    #[must_use]
    pub fn new(program: &'a Program, data: &'a Dataset) -> Self {
        Self {
            program,
            data,
            known: None,
            derived: None,
            first_day: fact::first_day(data),
            results: FxHashMap::default(),
            active: FxHashSet::default(),
            depth: 0,
            population: population::Cache::default(),
            relations: collection::Cache::default(),
            aggregates: aggregate::Cache::default(),
            used: BTreeSet::new(),
            recorder: None,
            noticed: None,
        }
    }

    /// The same, with results that are taken instead of computing them.
    #[must_use]
    pub fn with_known(program: &'a Program, data: &'a Dataset, known: &'a dyn Known) -> Self {
        Self { known: Some(known), ..Self::new(program, data) }
    }

    /// From now on derives the results of a subject and the figures of everybody together, although they are known: to
    /// explain them, or because the facts of the subject are other ones.
    pub fn derive(&mut self, kind: KindId, subject: u32) {
        self.derived = Some((kind, subject));
    }

    /// How many results are remembered: what an evaluator that answers one question after another holds in memory.
    #[must_use]
    pub fn remembered(&self) -> usize {
        self.results.len()
    }

    /// The value of an attribute for a subject (its position in the data, 0 for 全体), a row of its 逐, and a period of its
    /// grain. 无 outside the attribute's context. Never fails and never recurses without limit.
    pub fn value(
        &mut self,
        attribute: AttributeId,
        subject: u32,
        row: Option<Value>,
        period: Option<Period>,
    ) -> Value {
        self.outcome(self.key(attribute, subject, row.as_ref(), period)).value
    }

    /// Like [`Evaluator::value`], with the rule that gave it.
    pub(crate) fn outcome(&mut self, key: Key) -> Outcome {
        if let Some(outcome) = self.results.get(&key) {
            return outcome.clone();
        }
        let value = self.settle(key);
        self.results.get(&key).cloned().unwrap_or_else(|| Outcome::plain(value))
    }

    pub(crate) fn program(&self) -> &'a Program {
        self.program
    }

    pub(crate) fn data(&self) -> &'a Dataset {
        self.data
    }

    /// Repeats a piece of work until everything it needs has been computed.
    pub(crate) fn finish<T>(&mut self, mut work: impl FnMut(&mut Self) -> Evaluated<T>) -> T {
        loop {
            match work(self) {
                Ok(done) => return done,
                Err(Deeper(key)) => drop(self.settle(*key)),
            }
        }
    }

    /// The rules that have given a value so far.
    pub(crate) fn used(&self) -> &BTreeSet<(AttributeId, RuleRef)> {
        &self.used
    }

    /// The key of a result; periods are dropped where the attribute depends on none.
    pub(crate) fn key(
        &self,
        attribute: AttributeId,
        subject: u32,
        row: Option<&Value>,
        period: Option<Period>,
    ) -> Key {
        let context = &self.attribute(attribute).context;
        Key {
            attribute,
            subject: if context.kind.is_some() { subject } else { 0 },
            row: row.filter(|_| context.rows.is_some()).and_then(RowKey::of),
            period: period.filter(|_| context.grain.is_some()),
        }
    }

    /// Computes a result and all it needs, from the bottom of the chain upwards.
    fn settle(&mut self, key: Key) -> Value {
        let mut below = Vec::new();
        let mut top = key;
        loop {
            match self.result(top) {
                Err(Deeper(next)) => {
                    self.active.insert(top);
                    below.push(top);
                    top = *next;
                }
                Ok(value) => match below.pop() {
                    None => return value,
                    Some(waiting) => {
                        self.active.remove(&waiting);
                        top = waiting;
                    }
                },
            }
        }
    }

    fn attribute(&self, attribute: AttributeId) -> &'a Attribute {
        &self.program.attributes[attribute.index()]
    }

    /// The value that names a limit which the computation met.
    fn fault(&self, environment: &Environment, fault: Fault) -> Value {
        let subject = environment.subject.map_or(0, |(_, subject)| subject);
        Value::missing(Gap::Fault {
            attribute: environment.attribute,
            subject,
            period: environment.period,
            fault,
        })
    }
}

#[cfg(test)]
mod tests;
