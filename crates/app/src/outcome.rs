//! What a document ends in for people: amounts and grades.

use crate::cone::{Cone, all_attributes};
use hengjie_policy::core::{AttributeId, Program, Type};
use hengjie_quantity::BaseUnit;
use std::collections::{BTreeMap, BTreeSet};

/// What kind of outcome an attribute is for people.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Sort {
    /// A sum of money that no other sum of money and no grade uses.
    Money,
    /// An ordered grade that no other rule of the same order uses.
    Grade,
    /// Everything else.
    Other,
}

/// The sort of every attribute: money and grades in which rules end. Amounts that lead to a grade, such as deposits that
/// are counted, are nobody's pay.
pub(crate) fn sorts(program: &Program) -> BTreeMap<AttributeId, Sort> {
    let ladders: BTreeSet<AttributeId> = crate::distance::ladders(program, None).into_iter().collect();
    let leads_to_grade = Cone::of(program, ladders.iter().copied()).attributes;
    let moneys = all_attributes(program).filter(|id| is_money(program, *id));
    let used: BTreeSet<AttributeId> = moneys
        .flat_map(|user| Cone::direct(program, user).attributes.into_iter().filter(move |used| *used != user))
        .collect();
    let sort = |id: AttributeId| match () {
        () if ladders.contains(&id) => Sort::Grade,
        () if is_money(program, id) && !used.contains(&id) && !leads_to_grade.contains(&id) => Sort::Money,
        () => Sort::Other,
    };
    all_attributes(program).map(|id| (id, sort(id))).collect()
}

fn is_money(program: &Program, attribute: AttributeId) -> bool {
    let attribute = &program.attributes[attribute.index()];
    let is_money = matches!(&attribute.ty.base, Type::Number(unit) if matches!(unit.single(), Some(BaseUnit::Currency(_))));
    is_money && attribute.context.rows.is_none() && attribute.context.kind.is_some()
}
