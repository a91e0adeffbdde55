//! What a column was computed from, noted while it is computed.

use super::engine::{Engine, Instance};
use hengjie_policy::core::{DecisionId, FieldRef, ParameterId, ReadingId};
use rustc_hash::FxHashSet;
use std::sync::Arc;

/// One thing that a column was computed from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) enum Dependency {
    Column(Instance),
    Field(FieldRef),
    Parameter(ParameterId),
    Reading(ReadingId),
    Decision(DecisionId),
    /// What the row evaluator read: it may have been anything.
    Anything,
}

/// Everything that a column was computed from, directly.
pub(super) type Dependencies = Arc<FxHashSet<Dependency>>;

impl Engine<'_> {
    /// What is being computed reads this.
    pub(super) fn note(&self, dependency: Dependency) {
        if let Some(trail) = self.trail.borrow_mut().last_mut() {
            trail.insert(dependency);
        }
    }

    /// What is being computed reads something that was computed from these.
    pub(super) fn note_all(&self, dependencies: &Dependencies) {
        if let Some(trail) = self.trail.borrow_mut().last_mut() {
            trail.extend(dependencies.iter().copied());
        }
    }

    /// Computes something and gives what it was computed from.
    pub(super) fn traced<T>(&mut self, compute: impl FnOnce(&mut Self) -> T) -> (T, Dependencies) {
        self.trail.borrow_mut().push(FxHashSet::default());
        let result = compute(self);
        let found = self.trail.borrow_mut().pop().unwrap_or_default();
        (result, Arc::new(found))
    }
}
