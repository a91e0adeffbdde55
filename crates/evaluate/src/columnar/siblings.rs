//! Aggregates over the records of a subject that are computed in one pass over the records: the first that is asked for
//! takes with it the others that will be asked for.
//!
//! Only such as read nothing but fields of the records, and whose populations are known, so that nothing is computed
//! before its time.

use super::Result;
use super::engine::{Engine, RowKey};
use super::plan::{Binding, Computed, Frame, Plan, Positions};
use super::reduce::{self, Groups, Reduction, Task};
use super::trace::Dependencies;
use hengjie_calendar::Period;
use hengjie_policy::core::{
    Aggregate, AggregateOperation, Body, Collection, Expr, ExprKind, FieldRef, KindId, Source,
};
use hengjie_policy::walk::children;
use std::sync::Arc;

/// A reduction of an aggregate: the aggregate by its place in the program, the row of its 逐, the period.
pub(super) type Place = (usize, RowKey, Option<Period>, Reduction);

/// A reduction that is ready, and what it was computed from.
pub(super) type Ready<'a> = (Arc<Computed<'a>>, Dependencies);

/// The records that are reduced.
pub(super) struct Records<'r> {
    /// The relation: the field that names the owner.
    pub(super) field: FieldRef,
    pub(super) owner: KindId,
    pub(super) owners: &'r Positions,
    /// The frame of the aggregate that is asked for.
    pub(super) frame: &'r Frame,
}

/// A reduction to be computed with others.
struct Sibling<'a> {
    place: Place,
    value: Plan<'a>,
    filter: Option<Plan<'a>>,
    populations: Vec<Arc<Computed<'a>>>,
    dependencies: Dependencies,
}

impl<'a> Sibling<'a> {
    fn task(&self) -> Task<'_, 'a> {
        let (reduction, filter) = (self.place.3, self.filter.as_ref());
        Task { reduction, value: &self.value, filter, populations: &self.populations }
    }
}

impl<'a> Engine<'a> {
    /// A reduction of an aggregate, if it can be computed together with others. It is given once.
    pub(super) fn together(
        &mut self,
        aggregate: &'a Aggregate,
        reduction: Reduction,
        records: &Records<'_>,
    ) -> Option<Arc<Computed<'a>>> {
        let place = place_of(aggregate, reduction, records.frame)?;
        if self.reduced.insert(place) {
            self.reduce_siblings(place, records);
        }
        let (column, dependencies) = self.ready.remove(&place)?;
        self.note_all(&dependencies);
        Some(column)
    }

    fn reduce_siblings(&mut self, first: Place, records: &Records<'_>) {
        let elements = self.kind_len(Some(records.field.kind));
        let candidates = match &self.readers {
            Some(readers) => readers.aggregates().to_vec(),
            None => return,
        };
        let mut siblings: Vec<Sibling<'a>> = Vec::new();
        for (attribute, aggregate) in candidates {
            let Some(definition) = self.program.attributes.get(attribute.index()) else { continue };
            let grain = records.frame.period.map(|period| period.grain());
            let context = &definition.context;
            if context.kind != Some(records.owner)
                || context.grain != grain
                || self.records_of(&aggregate.over, records.frame.period) != Some(records.field)
                || !aggregate.body.iter().all(is_plain)
            {
                continue;
            }
            let rows = match context.rows.as_ref().map(|rows| &rows.source) {
                None => vec![RowKey::None],
                Some(Source::Rows(table)) => {
                    let rows = self.rows_in_force(*table, records.frame.period);
                    rows.into_iter().map(RowKey::Row).collect()
                }
                Some(_) => continue,
            };
            for row in rows {
                let Ok(frame) = self.frame(definition, row, records.frame.period) else { continue };
                for &reduction in reductions(aggregate.operation) {
                    let place = place_of(aggregate, reduction, &frame);
                    let Some(place) = place.filter(|place| *place == first || self.reduced.insert(*place))
                    else {
                        continue;
                    };
                    let (sibling, dependencies) =
                        self.traced(|engine| engine.sibling(place, aggregate, &frame, records));
                    siblings.extend(sibling.ok().map(|sibling| Sibling { dependencies, ..sibling }));
                }
            }
        }
        siblings.retain(|sibling| reduce::is_memorable(&sibling.task(), elements));
        if siblings.len() < 2 {
            return;
        }
        let tasks: Vec<Task<'_, 'a>> = siblings.iter().map(Sibling::task).collect();
        let groups = Groups { owners: Some(records.owners), count: self.kind_len(Some(records.owner)) };
        let columns = reduce::reduce_together(&tasks, groups, elements).unwrap_or_default();
        for (sibling, column) in siblings.iter().zip(columns) {
            self.ready.insert(sibling.place, (Arc::new(column), sibling.dependencies.clone()));
        }
    }

    fn sibling(
        &mut self,
        place: Place,
        aggregate: &'a Aggregate,
        frame: &Frame,
        records: &Records<'_>,
    ) -> Result<Sibling<'a>> {
        let (filter, value, populations) = self.record_plans(aggregate, frame, records)?;
        Ok(Sibling { place, value, filter, populations, dependencies: Dependencies::default() })
    }

    /// The relation whose records a collection of the subject has; `None`: it has others, reads more than their fields, or
    /// its populations are not known yet.
    fn records_of(&self, collection: &'a Collection, period: Option<Period>) -> Option<FieldRef> {
        if collection.take.is_some() || !collection.filters.iter().all(|filter| is_plain(&filter.condition)) {
            return None;
        }
        match &collection.source {
            Source::Related { of, field } if matches!(of.kind, ExprKind::Subject) => Some(*field),
            Source::Attribute { attribute, subject, row: None } => {
                let subject = subject.as_deref().map(|subject| &subject.kind);
                let definition = self.program.attributes.get(attribute.index())?;
                let Body::Defined { exceptions, general } = &definition.body else { return None };
                let ([], [case], None | Some(ExprKind::Subject)) = (&exceptions[..], &general[..], subject)
                else {
                    return None;
                };
                match &case.value.kind {
                    ExprKind::Collection(inner)
                        if case.guard.is_none() && self.is_settled(definition, period) =>
                    {
                        self.records_of(inner, period)
                    }
                    _ => None,
                }
            }
            _ => None,
        }
    }
}

/// The reductions of an aggregate that may be computed with others.
fn reductions(operation: AggregateOperation) -> &'static [Reduction] {
    use AggregateOperation as A;
    match operation {
        A::Sum => &[Reduction::Sum],
        A::Count => &[Reduction::Count],
        A::Mean => &[Reduction::Sum, Reduction::Count],
        A::Max => &[Reduction::Max],
        A::Min => &[Reduction::Min],
        A::Exists => &[Reduction::Exists],
        A::Every => &[Reduction::Every],
        _ => &[],
    }
}

/// The place of a reduction; `None` where the frame is not that of a whole attribute.
fn place_of(aggregate: &Aggregate, reduction: Reduction, frame: &Frame) -> Option<Place> {
    let row = match (&frame.subject, &frame.variables[..]) {
        (Binding::Lane(_), []) => RowKey::None,
        (Binding::Lane(_), [Binding::Row(row)]) => RowKey::Row(*row),
        _ => return None,
    };
    Some((std::ptr::from_ref(aggregate) as usize, row, frame.period, reduction))
}

/// Does an expression read no result of a rule?
fn is_plain(expr: &Expr) -> bool {
    let mut plain = !matches!(
        expr.kind,
        ExprKind::Attribute { .. } | ExprKind::Aggregate(_) | ExprKind::Collection(_) | ExprKind::At { .. }
    );
    children(expr, &mut |part| plain = plain && is_plain(part));
    plain
}
