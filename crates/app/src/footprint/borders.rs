//! Ties at the last seat of a quota.

use super::{Placed, Sort, trace};
use crate::dataset::Facts;
use crate::run::Columns;
use hengjie_calendar::Period;
use hengjie_evaluate::row::Evaluator;
use hengjie_evaluate::value::Value;
use hengjie_policy::core::{AttributeId, Body, Program, Quota};
use std::collections::BTreeMap;

/// The items of quotas whose last holder shares his rank with others: how many share it, of how many who hold the item.
/// With a clause that lets all of them in or none, or with a decision, the tie decides who has the seat.
pub(super) fn ties(
    program: &Program,
    facts: &Facts,
    known: &Columns<'_>,
    attributes: &[AttributeId],
    periods: &[Period],
) -> Vec<Placed> {
    let mut found = Vec::new();
    for attribute in attributes {
        let definition = &program.attributes[attribute.index()];
        let Body::Quota(quota) = &definition.body else { continue };
        let fits = |period: &&Period| Some(period.grain()) == definition.context.grain;
        for period in periods.iter().filter(fits) {
            let mut evaluator = Evaluator::with_known(program, &facts.data, known);
            for (item, (tied, holders)) in last_ranks(&mut evaluator, *attribute, quota, *period) {
                let name = &program.enums[quota.of.index()].items[item as usize];
                let place = (definition.name.as_str(), format!("{name} {period}"));
                found.push(trace(program, Sort::Tie, definition.article, place, (tied, holders)));
            }
        }
    }
    found
}

/// Per item: how many share the last rank that has it, where more than one does, and how many have it, in all groups.
fn last_ranks(
    evaluator: &mut Evaluator<'_>,
    attribute: AttributeId,
    quota: &Quota,
    period: Period,
) -> BTreeMap<u32, (u64, u64)> {
    let places = evaluator.places(quota.ranking, Some(period));
    // Per group and item: the last rank that has it, and its holders.
    let mut held: BTreeMap<(usize, u32), (u32, u64)> = BTreeMap::new();
    for place in &places {
        if let Value::Enum(_, item) = evaluator.value(attribute, place.subject, None, Some(period)) {
            let entry = held.entry((place.group, item)).or_default();
            *entry = (entry.0.max(place.rank), entry.1 + 1);
        }
    }
    let mut found: BTreeMap<u32, (u64, u64)> = BTreeMap::new();
    for ((group, item), (rank, holders)) in held {
        let tied = places.iter().filter(|place| place.group == group && place.rank == rank).count() as u64;
        if tied > 1 {
            let entry = found.entry(item).or_default();
            *entry = (entry.0 + tied, entry.1 + holders);
        }
    }
    found
}
