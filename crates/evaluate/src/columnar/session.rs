//! A population that stays computed while single facts, parameters and readings change.

use super::engine::{Engine, Instance};
use super::plan::Computed;
use super::ranking::Order;
use super::results::{self, Request, Results};
use super::trace::{Dependencies, Dependency};
use crate::dataset::{Dataset, DecidedValue, DecisionKey, FactPlace, SuppliedParameter, Unstorable};
use crate::value::Value;
use hengjie_calendar::Period;
use hengjie_policy::core::{AttributeId, ParameterId, Program, ReadingId};
use rustc_hash::{FxHashMap, FxHashSet};
use std::sync::Arc;

/// Facts and the results computed from them so far. After a change only what depends on it is computed again.
///
/// **Law:** [`Session::results`] is always what [`super::evaluate`] gives for [`Session::data`].
#[derive(Debug)]
pub struct Session<'p> {
    program: &'p Program,
    data: Dataset,
    /// Columns that can be kept apart from the facts. Columns of endless fractions, which go back to the facts for their
    /// exact values, are computed again when somebody reads them.
    columns: FxHashMap<Instance, Arc<Computed<'static>>>,
    orders: FxHashMap<(AttributeId, Option<Period>), (Arc<Order>, Dependencies)>,
    dependencies: FxHashMap<Instance, Dependencies>,
    fallbacks: FxHashMap<Instance, &'static str>,
}

impl<'p> Session<'p> {
    /// Nothing is computed yet.
    #[must_use]
    pub fn new(program: &'p Program, data: Dataset) -> Self {
        Self {
            program,
            data,
            columns: FxHashMap::default(),
            orders: FxHashMap::default(),
            dependencies: FxHashMap::default(),
            fallbacks: FxHashMap::default(),
        }
    }

    /// The facts as they are now.
    #[must_use]
    pub fn data(&self) -> &Dataset {
        &self.data
    }

    /// The results of a request; what was computed before and has not changed since is not computed again.
    pub fn results(&mut self, request: &Request) -> Results {
        let mut engine = Engine::new(self.program, &self.data);
        engine.columns.extend(self.columns.iter().map(|(instance, column)| (*instance, column.clone())));
        engine.orders = self.orders.clone();
        engine.dependencies = self.dependencies.clone();
        let mut results = results::with_engine(&mut engine, request, &|_, _| true);
        let known = &self.columns;
        let fresh = engine.columns.iter().filter(|(instance, _)| !known.contains_key(*instance));
        let fresh: Vec<_> =
            fresh.filter_map(|(instance, column)| Some((*instance, Arc::new(column.apart()?)))).collect();
        self.columns.extend(fresh);
        self.orders = std::mem::take(&mut engine.orders);
        self.dependencies = std::mem::take(&mut engine.dependencies);
        self.fallbacks.extend(std::mem::take(&mut engine.fallbacks));
        let mut fallbacks: Vec<_> = self.fallbacks.iter().collect();
        fallbacks.sort_unstable();
        results.row_by_row = fallbacks
            .into_iter()
            .map(|(instance, reason)| results::named(self.program, instance, reason))
            .collect();
        results
    }

    /// Changes one fact. A dated field has the value from the first day of the period until its next entry.
    ///
    /// # Errors
    /// There is no such subject, the value is not of the type of the field, or a period is wanting; nothing is changed then.
    pub fn change(&mut self, at: FactPlace, value: &Value) -> Result<(), Unstorable> {
        self.data.store(self.program, at, value)?;
        self.outdated(Dependency::Field(at.field));
        Ok(())
    }

    /// Supplies a value of a parameter. It replaces a value supplied for the same keys and the same first day.
    pub fn set_parameter(&mut self, supplied: SuppliedParameter) {
        let parameter: ParameterId = supplied.parameter;
        let same = |entry: &SuppliedParameter| {
            entry.parameter == parameter && entry.keys == supplied.keys && entry.from == supplied.from
        };
        self.data.parameters.retain(|entry| !same(entry));
        self.data.parameters.push(supplied);
        self.outdated(Dependency::Parameter(parameter));
    }

    /// Takes another reading; `None` takes that of the document.
    pub fn take_reading(&mut self, reading: ReadingId, alternative: Option<u32>) {
        let count = self.program.readings.len();
        self.data.readings.resize(count, None);
        if let Some(taken) = self.data.readings.get_mut(reading.index()) {
            *taken = alternative;
        }
        self.outdated(Dependency::Reading(reading));
    }

    /// Takes a decision.
    pub fn decide(&mut self, key: DecisionKey, decided: DecidedValue) {
        let decision = key.decision;
        self.data.decisions.insert(key, decided);
        self.outdated(Dependency::Decision(decision));
    }

    /// Forgets everything that was computed from something, and from that in turn.
    fn outdated(&mut self, changed: Dependency) {
        let mut gone: FxHashSet<Dependency> = FxHashSet::from_iter([changed, Dependency::Anything]);
        loop {
            let reads = |dependencies: &Dependencies| dependencies.iter().any(|read| gone.contains(read));
            let found: Vec<Instance> = (self.dependencies.iter())
                .filter(|(instance, read)| !gone.contains(&Dependency::Column(**instance)) && reads(read))
                .map(|(instance, _)| *instance)
                .collect();
            if found.is_empty() {
                break;
            }
            gone.extend(found.into_iter().map(Dependency::Column));
        }
        let is_gone = |instance: &Instance| gone.contains(&Dependency::Column(*instance));
        self.columns.retain(|instance, _| !is_gone(instance));
        self.dependencies.retain(|instance, _| !is_gone(instance));
        self.fallbacks.retain(|instance, _| !is_gone(instance));
        self.orders.retain(|_, (_, read)| !read.iter().any(|read| gone.contains(read)));
    }
}

impl Computed<'_> {
    /// The column without any tie to the facts; `None` where it needs them for its exact values.
    fn apart(&self) -> Option<Computed<'static>> {
        match self.plan {
            Some(_) => None,
            None => Some(Computed {
                fractions: self.fractions.clone(),
                exactly: self.exactly,
                ..Computed::of(self.data.clone(), self.status.clone(), self.ty.clone())
            }),
        }
    }
}
