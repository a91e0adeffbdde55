//! Counts of results by the place of the document where they fall.

use super::{Placed, Sort, trace};
use hengjie_policy::core::{ArticleId, AttributeId, Program, TableId};
use std::collections::BTreeMap;

/// Where in the document: the attribute with the place of its text, or the table.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Spot {
    /// A choice; by attribute and position of its text.
    Choice(AttributeId, u32, u32),
    Table(TableId),
    /// The items of a result.
    Items(AttributeId),
    /// A limit of a result.
    Limit(AttributeId, u32, u32),
}

/// What happens at a spot: its branches as written, and how many results fall into each.
#[derive(Debug)]
pub(super) struct Tally {
    pub(super) article: ArticleId,
    pub(super) value: String,
    pub(super) branches: Vec<(String, u64)>,
    pub(super) visits: u64,
}

/// The places that somebody should look at: branches with nobody, limits with somebody.
pub(super) fn traces(program: &Program, tallies: BTreeMap<Spot, Tally>) -> Vec<Placed> {
    let mut found = Vec::new();
    for (spot, tally) in tallies {
        let (sort, wanted): (Sort, &dyn Fn(u64) -> bool) = match spot {
            Spot::Limit(..) => (Sort::Limit, &|count| count > 0),
            _ => (Sort::Nobody, &|count| count == 0),
        };
        let shown = tally.branches.iter().filter(|(name, count)| wanted(*count) && !name.is_empty());
        for (name, count) in shown {
            let place = (tally.value.as_str(), name.clone());
            found.push(trace(program, sort, tally.article, place, (*count, tally.visits)));
        }
    }
    found
}
