//! Plans of aggregates: over records of a subject, over a population, over rows and periods.

use super::arithmetic as math;
use super::compile::{answer, read_computed, state};
use super::engine::{Engine, bind, holds};
use super::plan::{Binding, Computed, FoldOperation, Frame, Group, Index, NOBODY, Node, Plan, Positions, Ty};
use super::reduce::{Groups, Reduction, Task, reduce};
use super::siblings::Records;
use super::{Result, Unsupported};
use crate::value::Status;
use hengjie_calendar::Period;
use hengjie_policy::core::{
    Aggregate, AggregateOperation, Body, Collection, Comparison, Expr, ExprKind, Filter, KindId, Source,
    Type, VariableId,
};
use hengjie_quantity::Rational;
use rustc_hash::FxHashMap;
use std::sync::Arc;

/// Longest list of periods or rows that is unrolled.
const UNROLL_MAX: usize = 400;

/// A filter with the frame its other names are read in.
struct Sieve<'a> {
    variable: VariableId,
    condition: &'a Expr,
    frame: Frame,
}

/// A collection with the filters of the attributes it goes through.
struct Members<'a> {
    source: &'a Source,
    frame: Frame,
    sieves: Vec<Sieve<'a>>,
    /// Populations of the attributes it goes through: who is outside has no elements.
    populations: Vec<Arc<Computed<'a>>>,
}

impl<'a> Engine<'a> {
    /// The plan of an aggregate.
    pub(super) fn aggregate(
        &mut self,
        aggregate: &'a Aggregate,
        frame: &Frame,
        ty: &Type,
    ) -> Result<Plan<'a>> {
        let members = self.members(&aggregate.over, frame)?;
        let by_subject =
            matches!(members.source, Source::Related { of, .. } if matches!(of.kind, ExprKind::Subject));
        let own_records = by_subject && matches!(frame.subject, Binding::Lane(_));
        if !(members.populations.is_empty() || own_records) {
            return Err(Unsupported("a collection that not everybody has"));
        }
        match members.source {
            Source::Rows(table) => {
                let rows = self.rows_in_force(*table, frame.period);
                let elements = rows.into_iter().map(Binding::Row).collect();
                self.unrolled(aggregate, &members, elements, frame, ty)
            }
            Source::PeriodsIn { .. } | Source::History { .. } | Source::Recent { .. } => {
                let periods = self.periods(members.source, frame)?;
                self.unrolled(
                    aggregate,
                    &members,
                    periods.into_iter().map(Binding::Period).collect(),
                    frame,
                    ty,
                )
            }
            Source::Related { of, field } => {
                let mut inner = members.frame.clone();
                let Type::Object(owner) = of.ty.base else {
                    return Err(Unsupported("an owner that is no object"));
                };
                let index = self.object_index(of, &inner)?;
                let relation = self.relation(*field, inner.period)?;
                lift(&mut inner, of, &relation.owners);
                // the body reads the names of the aggregate's own place, the filters those of theirs
                let mut body_frame = frame.clone();
                lift(&mut body_frame, of, &relation.owners);
                let records = Records { field: *field, owner, owners: &relation.owners, frame };
                let is_own = matches!(of.kind, ExprKind::Subject) && matches!(index, Index::Lane);
                self.by_owner(
                    aggregate,
                    &members,
                    (&inner, &body_frame),
                    field.kind,
                    owner,
                    &relation.owners,
                    index,
                    is_own.then_some(&records),
                    ty,
                )
            }
            Source::AllOf(kind) => self.over_population(aggregate, &members, *kind, frame, ty),
            _ => Err(Unsupported("a collection the columns do not know")),
        }
    }

    /// Follows collection-valued attributes to where their elements come from.
    fn members(&mut self, collection: &'a Collection, frame: &Frame) -> Result<Members<'a>> {
        if collection.take.is_some() {
            return Err(Unsupported("the first few elements"));
        }
        let mut members = match &collection.source {
            Source::Attribute { attribute, subject, row } => {
                let definition =
                    self.program.attributes.get(attribute.index()).ok_or(Unsupported("no attribute"))?;
                if !matches!(subject.as_deref().map(|s| &s.kind), None | Some(ExprKind::Subject)) {
                    return Err(Unsupported("a collection of somebody else"));
                }
                let Body::Defined { exceptions, general } = &definition.body else {
                    return Err(Unsupported("a collection by a special rule"));
                };
                let ([], [case]) = (&exceptions[..], &general[..]) else {
                    return Err(Unsupported("a collection with exceptions"));
                };
                let (None, ExprKind::Collection(inner)) = (&case.guard, &case.value.kind) else {
                    return Err(Unsupported("a guarded collection"));
                };
                // the row of a row attribute is a row at hand; its own variables start afresh
                let at_hand = match row.as_deref().map(|row| &row.kind) {
                    Some(ExprKind::Variable(variable)) => frame.variables.get(variable.index()),
                    _ => None,
                };
                let variables = match (&definition.context.rows, at_hand) {
                    (None, _) => Vec::new(),
                    (Some(rows), Some(row @ (Binding::Row(..) | Binding::Period(_))))
                        if rows.filters.is_empty() && rows.take.is_none() =>
                    {
                        vec![row.clone()]
                    }
                    _ => return Err(Unsupported("a collection of another row")),
                };
                let period = self.period_for(*attribute, frame)?.or(frame.period);
                let inner_frame = Frame { variables, period, ..frame.clone() };
                let mut members = self.members(inner, &inner_frame)?;
                members.populations.extend(self.population(definition, period)?);
                members
            }
            source => Members { source, frame: frame.clone(), sieves: Vec::new(), populations: Vec::new() },
        };
        for Filter { variable, condition } in &collection.filters {
            members.sieves.push(Sieve { variable: *variable, condition, frame: frame.clone() });
        }
        Ok(members)
    }

    /// The periods of a collection, in its order.
    fn periods(&mut self, source: &'a Source, frame: &Frame) -> Result<Vec<Period>> {
        let now = frame.period.ok_or(Unsupported("no period"))?;
        let mut periods = Vec::new();
        match source {
            Source::PeriodsIn { grain, within } => {
                let Some(within) = self.constant_period(within, frame)? else { return Ok(periods) };
                periods = within.periods_of(*grain).filter(|period| !self.before_horizon(*period)).collect();
            }
            Source::History { include_current } => {
                let mut next = if *include_current { Some(now) } else { now.prev() };
                while let Some(period) = next.filter(|period| !self.before_horizon(*period)) {
                    periods.push(period);
                    if periods.len() > UNROLL_MAX {
                        break;
                    }
                    next = period.prev();
                }
            }
            Source::Recent { count, grain } => {
                let count = math::constant_value(&self.compile(count, frame)?).and_then(|v| v.to_i128());
                let count = count.ok_or(Unsupported("a number of periods that is no constant"))?;
                let newest = Period::containing(*grain, now.last_day());
                let complete = *grain >= now.grain() || newest.last_day() <= now.last_day();
                let mut next = if complete { Some(newest) } else { newest.prev() };
                while let Some(period) =
                    next.filter(|period| (periods.len() as i128) < count && !self.before_horizon(*period))
                {
                    periods.push(period);
                    next = period.prev();
                }
            }
            _ => return Err(Unsupported("a collection the columns do not know")),
        }
        if periods.len() > UNROLL_MAX { Err(Unsupported("a very long history")) } else { Ok(periods) }
    }

    /// Rows and periods: one plan per element.
    fn unrolled(
        &mut self,
        aggregate: &'a Aggregate,
        members: &Members<'a>,
        mut elements: Vec<Binding>,
        frame: &Frame,
        ty: &Type,
    ) -> Result<Plan<'a>> {
        use AggregateOperation as A;
        if elements.len() > UNROLL_MAX {
            return Err(Unsupported("a very long table"));
        }
        if aggregate.operation == A::Last {
            elements.reverse();
        }
        let part = |engine: &mut Self, operation: FoldOperation, weight: Weight| -> Result<Plan<'a>> {
            let mut items = Vec::with_capacity(elements.len());
            for element in &elements {
                let condition = engine.sieve(members, element)?;
                if matches!(condition.as_ref().map(|c| &c.node), Some(Node::Bool(false))) {
                    continue;
                }
                let value = engine.element_value(aggregate, element, frame, weight)?;
                items.push((condition, value));
            }
            folded(operation, items, ty)
        };
        match aggregate.operation {
            A::Sum => part(self, FoldOperation::Sum, Weight::None),
            A::Count => part(self, FoldOperation::Count, Weight::None),
            A::Max => part(self, FoldOperation::Max, Weight::None),
            A::Min => part(self, FoldOperation::Min, Weight::None),
            A::Exists => part(self, FoldOperation::Exists, Weight::None),
            A::Every => part(self, FoldOperation::Every, Weight::None),
            A::First | A::Last => part(self, FoldOperation::First, Weight::None),
            A::LeadingRun => part(self, FoldOperation::LeadingRun, Weight::None),
            A::Mean => {
                let sum = part(self, FoldOperation::Sum, Weight::None)?;
                math::divide(sum, part(self, FoldOperation::Count, Weight::None)?)
            }
            A::WeightedMean => {
                let sum = part(self, FoldOperation::Sum, Weight::Times)?;
                math::divide(sum, part(self, FoldOperation::Sum, Weight::Alone)?)
            }
            A::Median | A::Nth => Err(Unsupported("an order among elements")),
        }
    }

    /// All filters of an element; `None`: it is always in.
    fn sieve(&mut self, members: &Members<'a>, element: &Binding) -> Result<Option<Plan<'a>>> {
        let mut conditions = Vec::new();
        for sieve in &members.sieves {
            let mut frame = sieve.frame.clone();
            place(&mut frame, sieve.variable, element);
            let condition = holds(self.compile(sieve.condition, &frame)?);
            match condition.node {
                Node::Bool(true) => {}
                Node::Bool(false) => return Ok(Some(condition)),
                _ => conditions.push(condition),
            }
        }
        Ok(match conditions.len() {
            0 => None,
            1 => conditions.pop(),
            _ => Some(Plan { node: Node::All(conditions), ty: Ty::Bool }),
        })
    }

    fn element_value(
        &mut self,
        aggregate: &'a Aggregate,
        element: &Binding,
        frame: &Frame,
        weight: Weight,
    ) -> Result<Plan<'a>> {
        let mut inner = frame.clone();
        place(&mut inner, aggregate.variable, element);
        let value = match &aggregate.body {
            Some(body) => self.compile(body, &inner)?,
            None => match (aggregate.operation, element) {
                (AggregateOperation::First | AggregateOperation::Last, Binding::Row(row)) => {
                    Plan { node: Node::Code(*row as i32), ty: Ty::Code }
                }
                (AggregateOperation::First | AggregateOperation::Last, Binding::Period(period)) => {
                    Plan { node: Node::Code(period.ordinal()), ty: Ty::Code }
                }
                _ => Plan { node: Node::Bool(true), ty: Ty::Bool },
            },
        };
        if weight == Weight::None {
            return Ok(value);
        }
        let argument = aggregate.argument.as_ref().ok_or(Unsupported("a missing weight"))?;
        let argument = self.compile(argument, &inner)?;
        match weight {
            Weight::Times => math::times(value, argument),
            // the weight counts only where there is a value
            _ => math::add(argument, math::times(value, math::constant(&Rational::ZERO)?)?),
        }
    }

    /// Records of a subject (or of an object of the subject): reduced by owner, read at the owner.
    #[expect(clippy::too_many_arguments, reason = "one reduction: what, over which elements, read where")]
    fn by_owner(
        &mut self,
        aggregate: &'a Aggregate,
        members: &Members<'a>,
        (inner, body_frame): (&Frame, &Frame),
        kind: KindId,
        owner: KindId,
        owners: &Positions,
        index: Index<'a>,
        records: Option<&Records<'_>>,
        ty: &Type,
    ) -> Result<Plan<'a>> {
        if self
            .program
            .kinds
            .get(kind.index())
            .and_then(|k| k.form.as_ref())
            .is_some_and(|form| !form.fills.is_empty())
        {
            return Err(Unsupported("forms that are expected from people"));
        }
        let elements = self.kind_len(Some(kind));
        let groups = Groups { owners: Some(owners), count: self.kind_len(Some(owner)) };
        let own = matches!(index, Index::Lane);
        let mut places: Vec<Index<'a>> = vec![index];
        // means read two columns at the same place
        if let Index::Lane = places[0] {
            places.push(Index::Lane);
        } else if let Index::Map(map) = &places[0] {
            places.push(Index::Map(map.clone()));
        }
        let mut column = |engine: &mut Self, reduction: Reduction, weight: Weight| -> Result<Plan<'a>> {
            let together = match weight {
                Weight::None => records.and_then(|records| engine.together(aggregate, reduction, records)),
                _ => None,
            };
            let computed = match together {
                Some(computed) => computed,
                None => {
                    let filter = engine.record_filter(members, inner, kind)?;
                    let value = engine.record_value(aggregate, body_frame, kind, weight)?;
                    let populations = &members.populations;
                    let task = Task { reduction, value: &value, filter: filter.as_ref(), populations };
                    Arc::new(reduce(&task, groups, elements)?)
                }
            };
            engine.count(&computed);
            let place = places.pop().ok_or(Unsupported("a mean over somebody else's records"))?;
            Ok(read_computed(computed, place))
        };
        let value = finish(self, aggregate, ty, &mut column)?;
        if own { Ok(value) } else { over_nothing(aggregate.operation, value, ty) }
    }

    /// Filter and value of an aggregate over the records of the subject, and the populations of its collections.
    pub(super) fn record_plans(
        &mut self,
        aggregate: &'a Aggregate,
        frame: &Frame,
        records: &Records<'_>,
    ) -> Result<RecordPlans<'a>> {
        let members = self.members(&aggregate.over, frame)?;
        let Source::Related { of, field } = members.source else {
            return Err(Unsupported("a collection of other things than records"));
        };
        let (mut inner, mut body_frame) = (members.frame.clone(), frame.clone());
        lift(&mut inner, of, records.owners);
        lift(&mut body_frame, of, records.owners);
        let filter = self.record_filter(&members, &inner, field.kind)?;
        let value = self.record_value(aggregate, &body_frame, field.kind, Weight::None)?;
        Ok((filter, value, members.populations))
    }

    fn record_filter(
        &mut self,
        members: &Members<'a>,
        inner: &Frame,
        kind: KindId,
    ) -> Result<Option<Plan<'a>>> {
        let mut conditions: Vec<Plan<'a>> = Vec::new();
        for sieve in &members.sieves {
            let mut frame = Frame { variables: constants(&sieve.frame), ..inner.clone() };
            bind(&mut frame, sieve.variable.index(), Binding::Lane(kind));
            conditions.push(holds(self.compile(sieve.condition, &frame)?));
        }
        Ok(match conditions.len() {
            0 => None,
            1 => conditions.pop(),
            _ => Some(Plan { node: Node::All(conditions), ty: Ty::Bool }),
        })
    }

    fn record_value(
        &mut self,
        aggregate: &'a Aggregate,
        inner: &Frame,
        kind: KindId,
        weight: Weight,
    ) -> Result<Plan<'a>> {
        let Some(body) = &aggregate.body else { return Ok(Plan { node: Node::Bool(true), ty: Ty::Bool }) };
        let mut frame = inner.clone();
        bind(&mut frame, aggregate.variable.index(), Binding::Lane(kind));
        let value = self.compile(body, &frame)?;
        if weight == Weight::None {
            return Ok(value);
        }
        let argument = aggregate.argument.as_ref().ok_or(Unsupported("a missing weight"))?;
        let argument = self.compile(argument, &frame)?;
        match weight {
            Weight::Times => math::times(value, argument),
            _ => math::add(argument, math::times(value, math::constant(&Rational::ZERO)?)?),
        }
    }

    /// The whole population, or the part of it that shares a mark with the subject (其.组 = 本人.组).
    fn over_population(
        &mut self,
        aggregate: &'a Aggregate,
        members: &Members<'a>,
        kind: KindId,
        frame: &Frame,
        ty: &Type,
    ) -> Result<Plan<'a>> {
        let elements = self.kind_len(Some(kind));
        let scope = self.members_of(kind, None, frame.period)?;
        let visible = self.visible(kind, frame.period);
        if visible.is_some() {
            return Err(Unsupported("all records of a kind with periods"));
        }
        let inner = Frame { period: frame.period, subject: Binding::Unbound, variables: constants(frame) };
        let mut link: Option<(&'a Expr, &'a Expr)> = None;
        // the parts of one filter stay together: 且 drops what is 免, several filters do not
        let mut own: Vec<Own<'a>> = Vec::new();
        let mut linked_with_others = false;
        for sieve in &members.sieves {
            let parts = conjuncts(sieve.condition);
            let mut rest = Vec::with_capacity(parts.len());
            for condition in &parts {
                match mark(condition, sieve.variable) {
                    Some(found) if link.is_none() => {
                        link = Some(found);
                        linked_with_others = parts.len() > 1;
                    }
                    _ => rest.push(*condition),
                }
            }
            if !rest.is_empty() {
                let of_several = parts.len() > 1;
                own.push(Own { variable: sieve.variable, parts: rest, of_several });
            }
        }
        let groups = match link {
            None => None,
            Some((element_mark, subject_mark)) => {
                let variable = members.sieves.first().map_or(aggregate.variable, |sieve| sieve.variable);
                let others = self.others(&scope, &own, &inner, kind)?;
                Some(self.grouping(
                    (element_mark, subject_mark),
                    (linked_with_others, others),
                    variable,
                    &inner,
                    frame,
                    kind,
                )?)
            }
        };
        let mut column = |engine: &mut Self, reduction: Reduction, weight: Weight| -> Result<Plan<'a>> {
            let filter = engine.others(&scope, &own, &inner, kind)?;
            let value = engine.record_value(aggregate, &inner, kind, weight)?;
            match &groups {
                None => {
                    let task = Task { reduction, value: &value, filter: filter.as_ref(), populations: &[] };
                    let computed = reduce(&task, Groups::ONE, elements)?;
                    engine.count(&computed);
                    Ok(scalar(computed))
                }
                Some(grouping) => {
                    let groups = Groups { owners: Some(&grouping.owners), count: grouping.count };
                    let task = Task { reduction, value: &value, filter: filter.as_ref(), populations: &[] };
                    let computed = reduce(&task, groups, elements)?;
                    engine.count(&computed);
                    let (empty, empty_state) = match reduction {
                        Reduction::Sum | Reduction::Count | Reduction::Exists => (0, 0),
                        Reduction::Every => (1, 0),
                        _ => (0, Status::None as u8),
                    };
                    let key = engine.compile(grouping.subject_mark, frame)?;
                    let ty = computed.ty.clone();
                    let node = Node::GroupRead(
                        Box::new(key),
                        grouping.groups.clone(),
                        Arc::new(computed),
                        empty,
                        empty_state,
                    );
                    Ok(Plan { node, ty })
                }
            }
        };
        finish(self, aggregate, ty, &mut column)
    }

    /// The conditions on elements besides the one that links them with the subject; `None`: there are none.
    fn others(
        &mut self,
        scope: &Option<Arc<Computed<'a>>>,
        own: &[Own<'a>],
        inner: &Frame,
        kind: KindId,
    ) -> Result<Option<Plan<'a>>> {
        let mut conditions: Vec<Plan<'a>> =
            scope.iter().map(|scope| read_computed(scope.clone(), Index::Lane)).collect();
        for Own { variable, parts, of_several } in own {
            let mut inner = inner.clone();
            bind(&mut inner, variable.index(), Binding::Lane(kind));
            let mut plans = Vec::with_capacity(parts.len());
            for part in parts {
                plans.push(self.compile(part, &inner)?);
            }
            let together = match plans.len() {
                1 if !of_several => plans.pop().ok_or(Unsupported("no condition"))?,
                _ => Plan { node: Node::All(plans), ty: Ty::Bool },
            };
            conditions.push(holds(together));
        }
        Ok((!conditions.is_empty()).then_some(Plan { node: Node::All(conditions), ty: Ty::Bool }))
    }

    /// The groups that a mark makes. An element whose mark is missing is in no group if the other conditions leave it out
    /// anyway, such as people who have left; otherwise it could be in any group, and rows must tell.
    fn grouping(
        &mut self,
        (element, subject): (&'a Expr, &'a Expr),
        (with_others, others): (bool, Option<Plan<'a>>),
        variable: VariableId,
        inner: &Frame,
        outer: &Frame,
        kind: KindId,
    ) -> Result<Grouping<'a>> {
        let mut frame = inner.clone();
        bind(&mut frame, variable.index(), Binding::Lane(kind));
        let marks = self.compile(element, &frame)?;
        let key = self.compile(subject, outer)?;
        if !matches!((&marks.ty, &key.ty), (Ty::Code, Ty::Code) | (Ty::Bool, Ty::Bool)) {
            return Err(Unsupported("groups by numbers"));
        }
        let Binding::Lane(own_kind) = outer.subject else {
            return Err(Unsupported("groups of somebody else"));
        };
        let key = super::engine::materialise(key, self.kind_len(Some(own_kind)));
        let marks = super::engine::materialise(marks, self.kind_len(Some(kind)));
        // beside other conditions even a mark that is 免 is dropped, and the element is in every group
        let limit = if with_others { 0 } else { Status::Exempt as u8 };
        let blocked = Status::Exempt as u8;
        let others = others.map(|others| super::engine::materialise(others, marks.data.len()));
        let is_out = |lane: usize| {
            others.as_ref().is_some_and(|others| others.state(lane) == 0 && others.data.int(lane) == 0)
        };
        // a subject that is not known is in doubt about every element; one without a mark among other conditions is not
        let odd = |state: &u8| *state > limit && *state <= blocked;
        if key.status.as_ref().is_some_and(|states| states.iter().any(odd)) {
            return Err(Unsupported("groups by marks that some do not have"));
        }
        if (0..marks.data.len()).any(|lane| marks.state(lane) > limit && !is_out(lane)) {
            return Err(Unsupported("groups by facts that are missing"));
        }
        let in_doubt = (0..marks.data.len()).filter(|lane| !is_out(*lane));
        let of_doubt = in_doubt.map(|lane| others.as_ref().map_or(0, |others| others.state(lane))).max();
        let mut by_mark: FxHashMap<i128, u32> = FxHashMap::default();
        let owners = (0..marks.data.len())
            .map(|lane| {
                if marks.state(lane) != 0 {
                    return NOBODY;
                }
                let next = by_mark.len() as u32;
                *by_mark.entry(marks.data.int(lane)).or_insert(next)
            })
            .collect();
        let count = by_mark.len();
        let groups = Arc::new(Group { by_mark, of_doubt });
        Ok(Grouping { owners, count, groups, subject_mark: subject })
    }
}

/// Filter, value, and the populations of the collections that lead to them.
pub(super) type RecordPlans<'a> = (Option<Plan<'a>>, Plan<'a>, Vec<Arc<Computed<'a>>>);

/// What is left of a filter without the link between element and subject.
struct Own<'a> {
    variable: VariableId,
    parts: Vec<&'a Expr>,
    /// The filter joins several conditions by 且, which drops what is 免, also if only one is left here.
    of_several: bool,
}

/// The groups of a population.
struct Grouping<'a> {
    owners: Vec<u32>,
    count: usize,
    groups: Arc<Group>,
    subject_mark: &'a Expr,
}

/// How the weight of a weighted mean enters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Weight {
    None,
    Times,
    Alone,
}

type ColumnOf<'c, 'a> = dyn FnMut(&mut Engine<'a>, Reduction, Weight) -> Result<Plan<'a>> + 'c;

fn finish<'a>(
    engine: &mut Engine<'a>,
    aggregate: &Aggregate,
    _ty: &Type,
    column: &mut ColumnOf<'_, 'a>,
) -> Result<Plan<'a>> {
    use AggregateOperation as A;
    match aggregate.operation {
        A::Sum => column(engine, Reduction::Sum, Weight::None),
        A::Count => column(engine, Reduction::Count, Weight::None),
        A::Max => column(engine, Reduction::Max, Weight::None),
        A::Min => column(engine, Reduction::Min, Weight::None),
        A::Exists => column(engine, Reduction::Exists, Weight::None),
        A::Every => column(engine, Reduction::Every, Weight::None),
        A::Mean => {
            let sum = column(engine, Reduction::Sum, Weight::None)?;
            math::divide(sum, column(engine, Reduction::Count, Weight::None)?)
        }
        A::WeightedMean => {
            let sum = column(engine, Reduction::Sum, Weight::Times)?;
            math::divide(sum, column(engine, Reduction::Sum, Weight::Alone)?)
        }
        A::First if aggregate.body.is_none() => column(engine, Reduction::First, Weight::None),
        _ => Err(Unsupported("an order among records")),
    }
}

/// Where the owner of the records is 无 or 免 there are no records: 0, 否 or 是, else 无.
fn over_nothing<'a>(operation: AggregateOperation, value: Plan<'a>, ty: &Type) -> Result<Plan<'a>> {
    use AggregateOperation as A;
    let empty = || match operation {
        A::Sum | A::Count => math::constant(&Rational::ZERO),
        A::Exists => Ok(Plan { node: Node::Bool(false), ty: Ty::Bool }),
        A::Every => Ok(Plan { node: Node::Bool(true), ty: Ty::Bool }),
        _ => state(Status::None, ty),
    };
    answer(answer(value, Status::None, empty()?)?, Status::Exempt, empty()?)
}

/// One value for all lanes.
fn scalar(computed: Computed<'_>) -> Plan<'_> {
    if computed.state(0) == 0 && matches!(computed.ty, Ty::Number(_)) {
        let value = computed.data.int(0);
        let ty = match computed.ty {
            Ty::Number(numeric) => Ty::Number(super::number::Numeric { low: value, high: value, ..numeric }),
            other => other,
        };
        return Plan { node: Node::Int(value), ty };
    }
    read_computed(Arc::new(computed), Index::Fixed(0))
}

fn folded<'a>(
    operation: FoldOperation,
    items: Vec<(Option<Plan<'a>>, Plan<'a>)>,
    ty: &Type,
) -> Result<Plan<'a>> {
    let count = items.len() as i128;
    let result = match operation {
        FoldOperation::Count | FoldOperation::LeadingRun => {
            Ty::Number(super::number::Numeric::exact(super::number::Scale::ONE, 0, count))
        }
        FoldOperation::Exists | FoldOperation::Every => Ty::Bool,
        _ => super::compile::blank_type(ty)?,
    };
    if items.is_empty() {
        return match operation {
            FoldOperation::Sum => math::constant(&Rational::ZERO),
            FoldOperation::Max | FoldOperation::Min | FoldOperation::First => state(Status::None, ty),
            _ => Ok(Plan { node: Node::Fold(operation, items), ty: result }),
        };
    }
    let numbers = matches!(
        operation,
        FoldOperation::Sum | FoldOperation::Max | FoldOperation::Min | FoldOperation::First
    ) && matches!(ty, Type::Number(_));
    if !numbers {
        return Ok(Plan { node: Node::Fold(operation, items), ty: result });
    }
    let (conditions, values): (Vec<_>, Vec<_>) = items.into_iter().unzip();
    let values = math::all_aligned(values)?;
    let mut union = math::union(&values)?;
    if operation == FoldOperation::Sum {
        union.error = values.iter().filter_map(Plan::numeric).map(|n| n.error).sum();
        union.low = values.iter().filter_map(Plan::numeric).map(|n| n.low.min(0)).sum();
        union.high = values.iter().filter_map(Plan::numeric).map(|n| n.high.max(0)).sum();
    }
    if !union.fits() {
        return Err(Unsupported("a sum beyond 120 bits"));
    }
    let items = conditions.into_iter().zip(values).collect();
    Ok(Plan { node: Node::Fold(operation, items), ty: Ty::Number(union) })
}

/// Binds the element; a period also becomes the period of the frame.
fn place(frame: &mut Frame, variable: VariableId, element: &Binding) {
    if let Binding::Period(period) = element {
        frame.period = Some(*period);
    }
    bind(frame, variable.index(), element.clone());
}

/// The bindings that mean the same in any lanes: rows and periods.
fn constants(frame: &Frame) -> Vec<Binding> {
    let keep = |binding: &Binding| match binding {
        Binding::Row(..) | Binding::Period(_) => binding.clone(),
        _ => Binding::Unbound,
    };
    frame.variables.iter().map(keep).collect()
}

/// The frame of records: what they are grouped by is read through the owner, everything else of the old lanes is out of
/// reach.
fn lift(frame: &mut Frame, of: &Expr, owners: &Positions) {
    let mut variables = constants(frame);
    let through = Binding::Map(owners.clone());
    let mut subject = Binding::Unbound;
    match &of.kind {
        ExprKind::Subject => subject = through,
        ExprKind::Variable(variable) => {
            variables.resize(variables.len().max(variable.index() + 1), Binding::Unbound);
            variables[variable.index()] = through;
        }
        _ => {}
    }
    frame.subject = subject;
    frame.variables = variables;
}

/// The parts of a condition joined by 且.
fn conjuncts(condition: &Expr) -> Vec<&Expr> {
    match &condition.kind {
        ExprKind::And(items) => items.iter().flat_map(conjuncts).collect(),
        _ => vec![condition],
    }
}

/// `其.x = 本人.y`: the marks of element and subject.
fn mark(condition: &Expr, variable: VariableId) -> Option<(&Expr, &Expr)> {
    let ExprKind::Compare(Comparison::Equal, a, b) = &condition.kind else { return None };
    let of_element = |e: &Expr| reads(e, variable) && !reads_subject(e);
    let of_subject = |e: &Expr| reads_subject(e) && !reads(e, variable);
    if of_element(a) && of_subject(b) {
        Some((a, b))
    } else if of_element(b) && of_subject(a) {
        Some((b, a))
    } else {
        None
    }
}

fn reads(expr: &Expr, variable: VariableId) -> bool {
    match &expr.kind {
        ExprKind::Variable(own) => *own == variable,
        ExprKind::Field(base, _) | ExprKind::Cell(base, _, _) => reads(base, variable),
        ExprKind::Attribute { subject, .. } => subject.as_deref().is_some_and(|s| reads(s, variable)),
        _ => false,
    }
}

fn reads_subject(expr: &Expr) -> bool {
    match &expr.kind {
        ExprKind::Subject => true,
        ExprKind::Field(base, _) | ExprKind::Cell(base, _, _) => reads_subject(base),
        ExprKind::Attribute { subject, .. } => subject.as_deref().is_some_and(reads_subject),
        _ => false,
    }
}
