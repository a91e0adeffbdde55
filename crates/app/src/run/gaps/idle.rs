//! Open decisions that change nothing any more: 符合(四级) of somebody who already fits 三级.

use super::{Line, is_waiting};
use crate::cone::{Cone, all_attributes};
use crate::dataset::{Facts, KeyIndex};
use crate::run::compute::Computed;
use hengjie_evaluate::value::OpenDecision;
use hengjie_policy::core::{AttributeId, KindId, Program};
use std::collections::{BTreeMap, BTreeSet};

/// The decisions for which only their own rule waits, while all results that name this rule are there: those have come out
/// without it.
pub(super) fn idle(
    program: &Program,
    facts: &Facts,
    computed: &Computed,
    decisions: &BTreeMap<OpenDecision, Line>,
) -> BTreeSet<OpenDecision> {
    let users = users(program);
    let mut indexes: BTreeMap<KindId, KeyIndex> = BTreeMap::new();
    let mut found = BTreeSet::new();
    for (open, line) in decisions {
        let Some(own) = program.decisions[open.decision.index()].attribute else { continue };
        let Some(users) = users.get(&own).filter(|_| line.attributes.iter().eq([&own])) else { continue };
        let Some(kind) = program.attributes[own.index()].context.kind else { continue };
        let keys = &facts.data.kinds[kind.index()].keys;
        let index = indexes.entry(kind).or_insert_with(|| KeyIndex::of(keys));
        let subject = index.position(&open.subject).map(|at| at as usize);
        let is_own = |user: AttributeId| program.attributes[user.index()].context.kind == Some(kind);
        let waits = |user: AttributeId, states: &[u8]| match subject.filter(|_| is_own(user)) {
            Some(subject) => states.get(subject).copied().is_some_and(is_waiting),
            None => states.iter().copied().any(is_waiting),
        };
        let mut results = computed.states_of(users).peekable();
        if results.peek().is_some() && !results.any(|(user, states)| waits(user, states)) {
            found.insert(open.clone());
        }
    }
    found
}

/// By rule: the other rules that name it.
fn users(program: &Program) -> BTreeMap<AttributeId, BTreeSet<AttributeId>> {
    let mut users: BTreeMap<AttributeId, BTreeSet<AttributeId>> = BTreeMap::new();
    for user in all_attributes(program) {
        for used in Cone::direct(program, user).attributes.into_iter().filter(|used| *used != user) {
            users.entry(used).or_default().insert(user);
        }
    }
    users
}
