//! Who belongs where: the scope of the document, contexts, the periods of records.

use super::collection::Member;
use super::fact::row_label;
use super::quota::Seating;
use super::rank::Ranking;
use super::split::Sharing;
use super::state::holds;
use super::{Environment, Evaluated, Evaluator, Key};
use crate::dataset::KindData;
use crate::value::Value;
use hengjie_calendar::{Grain, Period};
use hengjie_policy::core::{AttributeId, KindId, Source};
use rustc_hash::FxHashMap;
use std::sync::Arc;

/// Work on populations that is done once.
#[derive(Debug, Default)]
pub(super) struct Cache {
    scope: FxHashMap<(u32, Option<Period>), bool>,
    everybody: FxHashMap<(KindId, Option<Period>), Arc<[u32]>>,
    members: FxHashMap<(AttributeId, Option<Period>), Arc<[u32]>>,
    rows: FxHashMap<(AttributeId, u32, Option<Period>), Arc<[Member]>>,
    pub(super) rankings: FxHashMap<(AttributeId, Option<Period>), Arc<Ranking>>,
    pub(super) seatings: FxHashMap<(AttributeId, Option<Period>), Arc<Seating>>,
    pub(super) sharings: FxHashMap<(AttributeId, u32, Option<Period>), Arc<Sharing>>,
}

impl<'a> Evaluator<'a> {
    pub(super) fn kind_data(&self, kind: KindId) -> Option<&'a KindData> {
        self.data.kinds.get(kind.index())
    }

    /// The key of a subject or record.
    pub(super) fn key_text(&self, kind: KindId, position: u32) -> String {
        self.kind_data(kind).map(|data| data.keys.get(position as usize)).unwrap_or_default()
    }

    /// Is a result inside the context of its attribute?
    pub(super) fn belongs(&mut self, key: Key) -> Evaluated<bool> {
        if !self.is_member(key.attribute, key.subject, key.period)? {
            return Ok(false);
        }
        if self.attribute(key.attribute).context.rows.is_none() {
            return Ok(true);
        }
        let Some(row) = key.row.map(super::RowKey::value) else { return Ok(false) };
        let rows = self.rows(key.attribute, key.subject, key.period)?;
        Ok(rows.iter().any(|member| member.element == row && member.doubt.is_none()))
    }

    /// Is a subject in the population of an attribute's context? Facts that are missing or 无 leave it out.
    pub(super) fn is_member(
        &mut self,
        attribute: AttributeId,
        subject: u32,
        period: Option<Period>,
    ) -> Evaluated<bool> {
        let context = &self.attribute(attribute).context;
        if let Some(kind) = context.kind {
            let exists = self.kind_data(kind).is_some_and(|data| (subject as usize) < data.len);
            if !exists
                || !self.is_visible(kind, subject, period)
                || !self.is_in_scope(kind, subject, period)?
            {
                return Ok(false);
            }
        }
        let Some(filter) = &context.filter else { return Ok(true) };
        let mut environment = Environment::new(attribute, context.kind.map(|kind| (kind, subject)), period);
        self.unrecorded(|evaluator| Ok(holds(&evaluator.eval(filter, &mut environment)?)))
    }

    /// The population of an attribute's context, in data order.
    pub(super) fn members(
        &mut self,
        attribute: AttributeId,
        period: Option<Period>,
    ) -> Evaluated<Arc<[u32]>> {
        if let Some(members) = self.population.members.get(&(attribute, period)) {
            return Ok(members.clone());
        }
        let len = self
            .attribute(attribute)
            .context
            .kind
            .and_then(|kind| self.kind_data(kind))
            .map_or(0, |data| data.len);
        let mut members = Vec::new();
        for subject in 0..u32::try_from(len).unwrap_or(u32::MAX) {
            if self.is_member(attribute, subject, period)? {
                members.push(subject);
            }
        }
        let members: Arc<[u32]> = members.into();
        self.population.members.insert((attribute, period), members.clone());
        Ok(members)
    }

    /// All subjects of a kind within 适用 that a period sees, in data order.
    pub(super) fn everybody(&mut self, kind: KindId, period: Option<Period>) -> Evaluated<Arc<[u32]>> {
        if let Some(everybody) = self.population.everybody.get(&(kind, period)) {
            return Ok(everybody.clone());
        }
        let len = self.kind_data(kind).map_or(0, |data| data.len);
        let mut everybody = Vec::new();
        for subject in 0..u32::try_from(len).unwrap_or(u32::MAX) {
            if self.is_visible(kind, subject, period) && self.is_in_scope(kind, subject, period)? {
                everybody.push(subject);
            }
        }
        let everybody: Arc<[u32]> = everybody.into();
        self.population.everybody.insert((kind, period), everybody.clone());
        Ok(everybody)
    }

    fn is_in_scope(&mut self, kind: KindId, subject: u32, period: Option<Period>) -> Evaluated<bool> {
        let filter = match &self.program.scope {
            Some(scope) if scope.kind == kind => scope.filter.as_ref(),
            _ => None,
        };
        let Some(filter) = filter else { return Ok(true) };
        if let Some(&inside) = self.population.scope.get(&(subject, period)) {
            return Ok(inside);
        }
        // The scope has no decisions, so that no attribute is named in its environment.
        let mut environment = Environment::new(AttributeId(0), Some((kind, subject)), period);
        let inside = self.unrecorded(|evaluator| Ok(holds(&evaluator.eval(filter, &mut environment)?)))?;
        self.population.scope.insert((subject, period), inside);
        Ok(inside)
    }

    /// Does a context of `period` see a record? Dated records are seen by every period around their day, others by their
    /// own period; kinds without periods always; everything is seen where no period is given.
    pub(super) fn is_visible(&self, kind: KindId, record: u32, period: Option<Period>) -> bool {
        let Some(period) = period else { return true };
        if self.program.kinds[kind.index()].grains.is_empty() {
            return true;
        }
        let own = self.kind_data(kind).and_then(|data| data.periods.as_ref()?.get(record as usize));
        own.is_some_and(|own| own == period || (own.grain() == Grain::Day && period.contains_period(&own)))
    }

    /// The elements of an attribute's 逐 for a subject.
    pub(super) fn rows(
        &mut self,
        attribute: AttributeId,
        subject: u32,
        period: Option<Period>,
    ) -> Evaluated<Arc<[Member]>> {
        let place = (attribute, subject, period);
        if let Some(rows) = self.population.rows.get(&place) {
            return Ok(rows.clone());
        }
        let context = &self.attribute(attribute).context;
        let mut environment = Environment::new(attribute, context.kind.map(|kind| (kind, subject)), period);
        let members = match &context.rows {
            Some(rows) => self.unrecorded(|evaluator| evaluator.collection(rows, &mut environment))?,
            None => Vec::new(),
        };
        let rows: Arc<[Member]> = members.into();
        self.population.rows.insert(place, rows.clone());
        Ok(rows)
    }

    /// The row of an attribute's 逐 with a label: all its key cells joined by `/`, or the first of them alone. Rows that a
    /// filter leaves out are found too.
    pub(crate) fn row_named(
        &mut self,
        attribute: AttributeId,
        subject: u32,
        period: Option<Period>,
        label: &str,
    ) -> Option<Value> {
        let rows = self.attribute(attribute).context.rows.as_ref()?;
        let candidates: Vec<Value> = match rows.source {
            Source::Rows(table) => {
                self.rows_in_force(table, period).iter().map(|&row| Value::Row(table, row)).collect()
            }
            _ => {
                let rows = self.finish(|evaluator| evaluator.rows(attribute, subject, period));
                rows.iter().map(|member| member.element.clone()).collect()
            }
        };
        let labels: Vec<String> =
            candidates.iter().map(|row| row_label(self.program, self.data, row)).collect();
        let whole = labels.iter().position(|own| own == label);
        let first = || labels.iter().position(|own| own.split('/').next() == Some(label));
        candidates.get(whole.or_else(first)?).cloned()
    }

    /// Work that is no part of the explanation of the current attribute.
    pub(super) fn unrecorded<T>(&mut self, work: impl FnOnce(&mut Self) -> Evaluated<T>) -> Evaluated<T> {
        let recorder = self.recorder.take();
        let result = work(self);
        self.recorder = recorder;
        result
    }
}
