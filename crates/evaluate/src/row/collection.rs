//! Collections: where the elements come from, filters, the first n.

use super::record::Step;
use super::state::{States, holds};
use super::{DEPTH_MAX, Environment, Evaluated, Evaluator, Key};
use crate::value::{Fault, Gap, Value};
use hengjie_calendar::{Date, Grain, Period};
use hengjie_policy::core::{
    AttributeId, Body, Case, Collection, Expr, ExprKind, FieldRef, Filter, KindId, Source, TableId, Type,
};
use hengjie_quantity::{Rational, Rounding};
use rustc_hash::{FxHashMap, FxHashSet};
use std::sync::Arc;

/// Records by the object that one of their fields names.
type Index = FxHashMap<u32, Vec<u32>>;

/// Relations that have been sorted by owner, and table rows in force.
#[derive(Debug, Default)]
pub(super) struct Cache {
    fields: FxHashMap<(FieldRef, Option<Period>), Arc<Index>>,
    attributes: FxHashMap<(AttributeId, Option<Period>), Arc<Index>>,
    /// Forms about a subject in a period, with those not handed in. Who should have filled them does not depend on who asks.
    forms: FxHashMap<(FieldRef, u32, Option<Period>), Arc<Forms>>,
    /// The day matters only for tables with 生效.
    pub(super) rows_in_force: FxHashMap<(TableId, Option<Date>), Arc<[u32]>>,
}

/// The forms about a subject in a period.
#[derive(Debug)]
struct Forms {
    handed_in: Box<[u32]>,
    missing: Box<[Member]>,
}

/// An element, or an element that may or may not be there.
#[derive(Debug, Clone)]
pub(crate) struct Member {
    /// 无 for an element of which only the absence is known: a source that is 待补, a form not handed in.
    pub(crate) element: Value,
    /// What blocks the decision whether it belongs.
    pub(crate) doubt: Option<Value>,
}

impl Member {
    pub(super) fn sure(element: Value) -> Self {
        Self { element, doubt: None }
    }

    fn unknown(doubt: Value) -> Self {
        Self { element: Value::None, doubt: Some(doubt) }
    }
}

fn objects(kind: KindId, positions: &[u32]) -> Vec<Member> {
    positions.iter().map(|&position| Member::sure(Value::Object(kind, position))).collect()
}

fn periods(periods: impl Iterator<Item = Period>) -> Vec<Member> {
    periods.map(|period| Member::sure(Value::Period(period))).collect()
}

/// What a value that is no element stands for: nothing, or an unknown element.
fn without_elements(value: Value) -> Vec<Member> {
    if value.is_blocked() { vec![Member::unknown(value)] } else { Vec::new() }
}

impl<'a> Evaluator<'a> {
    /// The elements of a collection after its filters.
    pub(super) fn collection(
        &mut self,
        collection: &'a Collection,
        environment: &mut Environment,
    ) -> Evaluated<Vec<Member>> {
        let mut members = self.source(&collection.source, environment)?;
        for filter in &collection.filters {
            members = self.unrecorded(|evaluator| evaluator.filtered(members, filter, environment))?;
        }
        let Some(take) = &collection.take else { return Ok(members) };
        let count = match self.eval(take, environment)? {
            Value::Number(count) => count,
            other => return Ok(without_elements(other)),
        };
        Ok(first_of(members, &count))
    }

    fn filtered(
        &mut self,
        members: Vec<Member>,
        filter: &'a Filter,
        environment: &mut Environment,
    ) -> Evaluated<Vec<Member>> {
        let mut kept = Vec::with_capacity(members.len());
        for mut member in members {
            if member.element == Value::None {
                kept.push(member);
                continue;
            }
            let condition = self.with_element(
                environment,
                filter.variable,
                &member.element,
                |evaluator, environment| evaluator.eval(&filter.condition, environment),
            )?;
            if condition.is_blocked() {
                member.doubt = Some(joined(member.doubt, &condition));
                kept.push(member);
            } else if holds(&condition) {
                kept.push(member);
            }
        }
        Ok(kept)
    }

    /// A collection as a value.
    pub(super) fn collection_value(
        &mut self,
        collection: &'a Collection,
        environment: &mut Environment,
    ) -> Evaluated {
        let mut states = States::default();
        let mut elements = Vec::new();
        for member in self.collection(collection, environment)? {
            match member.doubt {
                Some(doubt) => states.add(&doubt),
                None => elements.push(member.element),
            }
        }
        Ok(states.into_value().unwrap_or_else(|| Value::Collection(elements.into())))
    }

    fn source(&mut self, source: &'a Source, environment: &mut Environment) -> Evaluated<Vec<Member>> {
        let period = environment.period;
        match source {
            Source::AllOf(kind) => Ok(objects(*kind, &self.everybody(*kind, period)?)),
            Source::Related { of, field } => self.related(of, *field, environment),
            Source::RelatedByAttribute { of, attribute } => self.related_by(of, *attribute, environment),
            Source::Rows(table) => {
                let rows = self.rows_in_force(*table, period);
                Ok(rows.iter().map(|&row| Member::sure(Value::Row(*table, row))).collect())
            }
            Source::Attribute { attribute, subject, row } => {
                self.collection_attribute(*attribute, subject.as_deref(), row.as_deref(), environment)
            }
            Source::Ancestors { of, field } => self.ancestors(of, *field, environment),
            Source::Descendants { of, field } => self.descendants(of, *field, environment),
            Source::PeriodsIn { grain, within } => match self.eval(within, environment)? {
                Value::Period(within) => {
                    Ok(periods(within.periods_of(*grain).filter(|&period| self.is_in_history(period))))
                }
                other => Ok(without_elements(other)),
            },
            Source::History { include_current } => {
                let newest = if *include_current { period } else { period.and_then(|period| period.prev()) };
                Ok(periods(self.back_from(newest)))
            }
            Source::Recent { count, grain } => self.recent(count, *grain, environment),
            Source::If { arms, otherwise } => self.chosen(arms, otherwise.as_deref(), environment),
            Source::Holders { field, item } => self.holders(*field, *item, period),
            Source::List(items) => self.list(items, environment),
        }
    }

    /// A period and those before it, newest first, back to the first.
    fn back_from(&self, newest: Option<Period>) -> impl Iterator<Item = Period> + use<> {
        let first = newest.and_then(|newest| self.first_period(newest.grain()));
        let in_history = move |period: &Period| first.is_some_and(|first| first <= *period);
        std::iter::successors(newest, |period| period.prev()).take_while(in_history)
    }

    /// The k newest periods of a grain that have ended with the current one.
    fn recent(
        &mut self,
        count: &'a Expr,
        grain: Grain,
        environment: &mut Environment,
    ) -> Evaluated<Vec<Member>> {
        let count = match self.eval(count, environment)? {
            Value::Number(count) => count,
            other => return Ok(without_elements(other)),
        };
        let Some(current) = environment.period else { return Ok(Vec::new()) };
        let newest = Period::containing(grain, current.last_day());
        let complete = grain >= current.grain() || newest.last_day() <= current.last_day();
        let newest = if complete { Some(newest) } else { newest.prev() };
        Ok(first_of(periods(self.back_from(newest)), &count))
    }

    fn chosen(
        &mut self,
        arms: &'a [(Expr, Collection)],
        otherwise: Option<&'a Collection>,
        environment: &mut Environment,
    ) -> Evaluated<Vec<Member>> {
        for (condition, collection) in arms {
            let condition = self.eval(condition, environment)?;
            if condition.is_blocked() {
                return Ok(vec![Member::unknown(condition)]);
            }
            if holds(&condition) {
                return self.collection(collection, environment);
            }
        }
        match otherwise {
            Some(otherwise) => self.collection(otherwise, environment),
            None => Ok(Vec::new()),
        }
    }

    /// A fixed list of objects; one that is 无 is left out.
    fn list(&mut self, items: &'a [Expr], environment: &mut Environment) -> Evaluated<Vec<Member>> {
        let mut members = Vec::new();
        for item in items {
            match self.eval(item, environment)? {
                Value::Collection(elements) => members.extend(elements.iter().cloned().map(Member::sure)),
                item if item.is_present() => members.push(Member::sure(item)),
                other => members.extend(without_elements(other)),
            }
        }
        Ok(members)
    }

    fn collection_attribute(
        &mut self,
        attribute: AttributeId,
        subject: Option<&'a Expr>,
        row: Option<&'a Expr>,
        environment: &mut Environment,
    ) -> Evaluated<Vec<Member>> {
        let position = match subject.map(|subject| self.eval(subject, environment)).transpose()? {
            None => 0,
            Some(Value::Object(_, position)) => position,
            Some(other) => return Ok(without_elements(other)),
        };
        let row = match row.map(|row| self.eval(row, environment)).transpose()? {
            Some(row) if !row.is_present() => return Ok(without_elements(row)),
            row => row,
        };
        let key = self.key(attribute, position, row.as_ref(), environment.period);
        let value = self.result(key)?;
        self.record(Step::Attribute { key });
        match value {
            Value::Collection(elements) => Ok(elements.iter().cloned().map(Member::sure).collect()),
            object @ Value::Object(..) => Ok(vec![Member::sure(object)]),
            // Named or written in place, a collection means the same: which elements are in doubt is kept.
            other if other.is_blocked() => match self.written_in_place(key) {
                Some(collection) => self.in_doubt(collection, key),
                None => Ok(without_elements(other)),
            },
            other => Ok(without_elements(other)),
        }
    }

    /// The collection that an attribute is another name for.
    fn written_in_place(&self, key: Key) -> Option<&'a Collection> {
        if self.data.assumed.keys().any(|assumed| assumed.attribute == key.attribute) {
            return None;
        }
        let Body::Defined { exceptions, general } = &self.attribute(key.attribute).body else { return None };
        match (&exceptions[..], &general[..]) {
            ([], [Case { guard: None, value: Expr { kind: ExprKind::Collection(named), .. }, .. }]) => {
                Some(named)
            }
            _ => None,
        }
    }

    /// The elements of a named collection of which some are in doubt.
    fn in_doubt(&mut self, collection: &'a Collection, key: Key) -> Evaluated<Vec<Member>> {
        let mut environment = self.environment(key);
        if self.depth >= DEPTH_MAX {
            return Ok(vec![Member::unknown(self.fault(&environment, Fault::TooDeep))]);
        }
        self.depth += 1;
        let members = self.unrecorded(|evaluator| evaluator.collection(collection, &mut environment));
        self.depth -= 1;
        members
    }

    /// The objects of an expression that must be one object of a kind.
    fn owner(&mut self, of: &'a Expr, environment: &mut Environment) -> Evaluated<Result<u32, Vec<Member>>> {
        Ok(match self.eval(of, environment)? {
            Value::Object(_, position) => Ok(position),
            other => Err(without_elements(other)),
        })
    }

    fn related(
        &mut self,
        of: &'a Expr,
        field: FieldRef,
        environment: &mut Environment,
    ) -> Evaluated<Vec<Member>> {
        let owner = match self.owner(of, environment)? {
            Ok(owner) => owner,
            Err(members) => return Ok(members),
        };
        if self.program.kinds[field.kind.index()].form.is_none() {
            return Ok(objects(field.kind, &self.seen(field, owner, environment.period)));
        }
        let forms = self.forms(field, owner, environment)?;
        let mut members = objects(field.kind, &forms.handed_in);
        members.extend(forms.missing.iter().cloned());
        Ok(members)
    }

    /// The records about an owner that a context of a period sees.
    fn seen(&mut self, field: FieldRef, owner: u32, period: Option<Period>) -> Vec<u32> {
        let index = self.index(field, period);
        let records = index.get(&owner).map_or(&[][..], Vec::as_slice);
        records.iter().copied().filter(|&record| self.is_visible(field.kind, record, period)).collect()
    }

    fn forms(&mut self, field: FieldRef, subject: u32, environment: &Environment) -> Evaluated<Arc<Forms>> {
        let place = (field, subject, environment.period);
        if let Some(forms) = self.relations.forms.get(&place) {
            return Ok(forms.clone());
        }
        let handed_in = self.seen(field, subject, environment.period);
        let missing = self.forms_not_handed_in(field, subject, &handed_in, environment)?;
        let forms = Arc::new(Forms { handed_in: handed_in.into(), missing: missing.into() });
        self.relations.forms.insert(place, forms.clone());
        Ok(forms)
    }

    /// Records by owner; built once, per period for fields that change.
    fn index(&mut self, field: FieldRef, period: Option<Period>) -> Arc<Index> {
        use crate::dataset::FieldData;
        let stored = self.kind_data(field.kind).and_then(|data| data.fields.get(field.field as usize));
        let period = period.filter(|_| !matches!(stored, Some(FieldData::Static(_))));
        if let Some(index) = self.relations.fields.get(&(field, period)) {
            return index.clone();
        }
        let mut index = Index::default();
        let len = self.kind_data(field.kind).map_or(0, |data| data.len);
        for record in 0..u32::try_from(len).unwrap_or(u32::MAX) {
            if let Some(Value::Object(_, owner)) = self.stored(field, record, period) {
                index.entry(owner).or_default().push(record);
            }
        }
        let index = Arc::new(index);
        self.relations.fields.insert((field, period), index.clone());
        index
    }

    /// Unknown elements for the forms that people should have filled about a subject and have not.
    fn forms_not_handed_in(
        &mut self,
        field: FieldRef,
        subject: u32,
        seen: &[u32],
        environment: &Environment,
    ) -> Evaluated<Vec<Member>> {
        let kind = &self.program.kinds[field.kind.index()];
        let (Some(form), Some(period)) = (&kind.form, environment.period) else { return Ok(Vec::new()) };
        let fills =
            form.fills.iter().filter(|(_, grain)| form.subject == field.field && *grain == period.grain());
        let Type::Object(of) = kind.fields[field.field as usize].ty else { return Ok(Vec::new()) };
        let filler = super::fact::filler(kind).map(|(place, _)| FieldRef { kind: field.kind, field: place });
        let filled_by: Option<Vec<Option<Value>>> = filler
            .map(|filler| seen.iter().map(|&record| self.stored(filler, record, Some(period))).collect());
        let mut about =
            Environment { subject: Some((of, subject)), variables: Vec::new(), ..environment.clone() };
        let mut missing = Vec::new();
        for (people, _) in fills {
            let expected = self.unrecorded(|evaluator| {
                if evaluator.condition_holds(form.subject_filter.as_ref(), &mut about)? {
                    evaluator.eval(people, &mut about)
                } else {
                    Ok(Value::None)
                }
            })?;
            let expected = match expected {
                Value::Collection(people) => people,
                person @ Value::Object(..) => Arc::from([person]),
                other => {
                    missing.extend(without_elements(other));
                    continue;
                }
            };
            for person in expected.iter() {
                let Value::Object(_, by) = *person else { continue };
                let handed_in = match &filled_by {
                    Some(filled_by) => filled_by.iter().any(|by| by.as_ref() == Some(person)),
                    None => !seen.is_empty(),
                };
                if !handed_in {
                    let gap = Gap::Form { kind: field.kind, subject, period, by };
                    missing.push(Member::unknown(Value::missing(gap)));
                }
            }
        }
        Ok(missing)
    }

    /// The subjects for which a derived relation is the owner.
    fn related_by(
        &mut self,
        of: &'a Expr,
        attribute: AttributeId,
        environment: &mut Environment,
    ) -> Evaluated<Vec<Member>> {
        let owner = match self.owner(of, environment)? {
            Ok(owner) => owner,
            Err(members) => return Ok(members),
        };
        let context = &self.attribute(attribute).context;
        let Some(kind) = context.kind else { return Ok(Vec::new()) };
        let period = environment.period.filter(|_| context.grain.is_some());
        if !self.relations.attributes.contains_key(&(attribute, period)) {
            let mut index = Index::default();
            for &subject in self.members(attribute, period)?.iter() {
                if let Value::Object(_, owner) = self.result(self.key(attribute, subject, None, period))? {
                    index.entry(owner).or_default().push(subject);
                }
            }
            self.relations.attributes.insert((attribute, period), Arc::new(index));
        }
        let index = self.relations.attributes.get(&(attribute, period));
        let related = index.and_then(|index| index.get(&owner)).map_or(&[][..], Vec::as_slice);
        let seen: Vec<u32> = related
            .iter()
            .copied()
            .filter(|&subject| self.is_visible(kind, subject, environment.period))
            .collect();
        Ok(objects(kind, &seen))
    }

    /// Nearest first. Where the next one is 待补 an unknown element follows. A loop in the data ends the walk.
    fn ancestors(
        &mut self,
        of: &'a Expr,
        field: FieldRef,
        environment: &mut Environment,
    ) -> Evaluated<Vec<Member>> {
        let mut at = match self.owner(of, environment)? {
            Ok(owner) => owner,
            Err(members) => return Ok(members),
        };
        let mut walked = FxHashSet::from_iter([at]);
        let mut members = Vec::new();
        loop {
            let next = self.stored(field, at, environment.period);
            match next.unwrap_or_else(|| self.missing_fact(field, at, environment.period)) {
                Value::Object(kind, next) if walked.insert(next) => {
                    members.push(Member::sure(Value::Object(kind, next)));
                    at = next;
                }
                other => {
                    members.extend(without_elements(other));
                    return Ok(members);
                }
            }
        }
    }

    /// Parents before children, children in data order. A loop in the data is walked once.
    fn descendants(
        &mut self,
        of: &'a Expr,
        field: FieldRef,
        environment: &mut Environment,
    ) -> Evaluated<Vec<Member>> {
        let root = match self.owner(of, environment)? {
            Ok(owner) => owner,
            Err(members) => return Ok(members),
        };
        let index = self.index(field, environment.period);
        let children = |of: u32| index.get(&of).into_iter().flatten().rev().copied();
        let mut walked = FxHashSet::from_iter([root]);
        let mut waiting: Vec<u32> = children(root).collect();
        let mut below = Vec::new();
        while let Some(next) = waiting.pop() {
            if walked.insert(next) {
                below.push(next);
                waiting.extend(children(next));
            }
        }
        Ok(objects(field.kind, &below))
    }

    /// The people who hold a post: those whose field has the item.
    fn holders(&mut self, field: FieldRef, item: u32, period: Option<Period>) -> Evaluated<Vec<Member>> {
        let len = self.kind_data(field.kind).map_or(0, |data| data.len);
        let holds_post = |&subject: &u32| matches!(self.stored(field, subject, period), Some(Value::Enum(_, held)) if held == item);
        let holders: Vec<u32> = (0..u32::try_from(len).unwrap_or(u32::MAX)).filter(holds_post).collect();
        Ok(objects(field.kind, &holders))
    }
}

/// The first n. An element in doubt takes no place for sure, so that all after it are in doubt too.
fn first_of(members: Vec<Member>, count: &Rational) -> Vec<Member> {
    let count = count.round_to(&Rational::ONE, Rounding::Down).and_then(|count| count.to_i128()).unwrap_or(0);
    let mut taken = Vec::new();
    let mut sure = 0;
    let mut doubt: Option<Value> = None;
    for mut member in members {
        if sure >= count {
            break;
        }
        sure += i128::from(member.doubt.is_none());
        if let Some(own) = &member.doubt {
            doubt = Some(joined(doubt, own));
        }
        member.doubt.clone_from(&doubt);
        taken.push(member);
    }
    taken
}

/// Two blocked values as one.
fn joined(known: Option<Value>, other: &Value) -> Value {
    let mut states = States::default();
    states.add(other);
    if let Some(known) = &known {
        states.add(known);
    }
    states.into_value().unwrap_or(Value::None)
}
