//! What each attribute depends on, directly and in the end.

use crate::probe::each_expr;
use hengjie_policy::core::{AttributeId, Body, Collection, Expr, ExprKind, FieldRef, Program, Source};
use std::collections::BTreeSet;

/// Everything one attribute depends on.
#[derive(Debug, Clone, Default)]
pub(crate) struct Cone {
    /// Itself included.
    pub attributes: BTreeSet<AttributeId>,
    pub fields: BTreeSet<FieldRef>,
    /// Attributes that it mentions itself.
    pub direct: BTreeSet<AttributeId>,
}

/// The cones of all attributes.
pub(crate) fn all(program: &Program) -> Vec<Cone> {
    let mut cones: Vec<Cone> = program.attributes.iter().map(direct).collect();
    if let Some(filter) = program.scope.as_ref().and_then(|scope| scope.filter.as_ref()) {
        for (cone, attribute) in cones.iter_mut().zip(&program.attributes) {
            if attribute.context.kind == program.scope.as_ref().map(|scope| scope.kind) {
                read(filter, cone);
            }
        }
    }
    let seeds = cones.clone();
    for (position, cone) in cones.iter_mut().enumerate() {
        let mut open = vec![AttributeId(u32::try_from(position).unwrap_or(0))];
        while let Some(next) = open.pop() {
            if cone.attributes.insert(next) {
                cone.fields.extend(&seeds[next.index()].fields);
                open.extend(&seeds[next.index()].direct);
            }
        }
    }
    cones
}

fn direct(attribute: &hengjie_policy::core::Attribute) -> Cone {
    let mut cone = Cone::default();
    each_expr(attribute, &mut |expr| read(expr, &mut cone));
    if let Some(rows) = &attribute.context.rows {
        source(&rows.source, &mut cone);
    }
    match &attribute.body {
        Body::Total(total) => cone.direct.extend(total.contributions.iter().map(|part| part.attribute)),
        Body::Quota(quota) => {
            cone.direct.insert(quota.ranking);
        }
        Body::Split(split) => {
            cone.fields.extend(split.parent);
            source(&split.to.source, &mut cone);
        }
        _ => {}
    }
    cone
}

fn read(expr: &Expr, cone: &mut Cone) {
    match &expr.kind {
        ExprKind::Attribute { attribute, .. } => {
            cone.direct.insert(*attribute);
        }
        ExprKind::Field(_, field) => {
            cone.fields.insert(*field);
        }
        ExprKind::Aggregate(aggregate) => collection(&aggregate.over, cone),
        ExprKind::Collection(inner) => collection(inner, cone),
        _ => {}
    }
    hengjie_policy::walk::children(expr, &mut |part| read(part, cone));
}

fn collection(inner: &Collection, cone: &mut Cone) {
    source(&inner.source, cone);
}

fn source(from: &Source, cone: &mut Cone) {
    match from {
        Source::Related { field, .. }
        | Source::Ancestors { field, .. }
        | Source::Descendants { field, .. }
        | Source::Holders { field, .. } => {
            cone.fields.insert(*field);
        }
        Source::RelatedByAttribute { attribute, .. } | Source::Attribute { attribute, .. } => {
            cone.direct.insert(*attribute);
        }
        Source::If { arms, otherwise } => {
            arms.iter().for_each(|(_, part)| collection(part, cone));
            otherwise.iter().for_each(|part| collection(part, cone));
        }
        _ => {}
    }
}
