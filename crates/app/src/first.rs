//! What differs first: a result that differs though nothing that its rule names does.

use crate::compare::Comparison;
use crate::cone::Cone;
use crate::words::cite;
use hengjie_policy::core::{AttributeId, KindId, Program};
use std::collections::{BTreeMap, BTreeSet};

/// The attributes whose results differ first, by subject: nothing that their rules name differs.
pub(crate) fn firsts(
    program: &Program,
    comparison: &Comparison,
) -> BTreeMap<(Option<KindId>, u32), Vec<AttributeId>> {
    let mut changed: BTreeMap<AttributeId, BTreeSet<u32>> = BTreeMap::new();
    for column in &comparison.columns {
        changed
            .entry(column.attribute)
            .or_default()
            .extend(column.changes.iter().map(|change| change.subject));
    }
    let mut firsts: BTreeMap<(Option<KindId>, u32), Vec<AttributeId>> = BTreeMap::new();
    for id in program.order.iter().filter(|id| changed.contains_key(id)) {
        let kind = program.attributes[id.index()].context.kind;
        let uses: Vec<AttributeId> =
            Cone::direct(program, *id).attributes.into_iter().filter(|used| used != id).collect();
        for subject in &changed[id] {
            let is_later = uses.iter().any(|used| {
                let of = program.attributes[used.index()].context.kind;
                changed.get(used).is_some_and(|subjects| of != kind || subjects.contains(subject))
            });
            if !is_later {
                firsts.entry((kind, *subject)).or_default().push(*id);
            }
        }
    }
    firsts
}

/// `第十条 奖金`
pub(crate) fn cited(program: &Program, attribute: AttributeId) -> String {
    let definition = &program.attributes[attribute.index()];
    format!("{} {}", cite(program, definition.article), definition.name)
}
