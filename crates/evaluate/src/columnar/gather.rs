//! Which records belong to whom, as one position per record.

use super::engine::Engine;
use super::plan::{NOBODY, Positions, Source};
use super::trace::Dependency;
use super::vector::CHUNK;
use super::{Result, Unsupported};
use crate::dataset::{Column, ColumnData, RecordPeriods};
use hengjie_calendar::{Grain, Period};
use hengjie_policy::core::{FieldRef, KindId};
use rayon::prelude::*;
use std::sync::Arc;

/// The owner of every record in one period.
#[derive(Debug)]
pub(crate) struct Relation {
    /// Position of the owner, [`NOBODY`] for records that are not seen in the period or belong to nobody.
    pub(crate) owners: Positions,
}

impl<'a> Engine<'a> {
    /// The owners given by an object field.
    pub(super) fn relation(&mut self, field: FieldRef, period: Option<Period>) -> Result<Arc<Relation>> {
        self.note(Dependency::Field(field));
        if let Some(relation) = self.relations.get(&(field, period)) {
            return Ok(relation.clone());
        }
        let len = self.kind_len(Some(field.kind));
        let owners = match self.fact_column(field, period)? {
            None => vec![NOBODY; len].into(),
            Some(Source::Facts(column)) => stated_owners(column, len)?,
            Some(Source::Computed(column)) => {
                let owner = |place| match column.state(place) {
                    0 => u32::try_from(column.data.int(place)).unwrap_or(NOBODY),
                    _ => NOBODY,
                };
                (0..len).map(owner).collect()
            }
        };
        let owners = match self.visible(field.kind, period) {
            None => owners,
            Some(visible) => {
                let seen = |(&owner, visible): (&u32, bool)| if visible { owner } else { NOBODY };
                let owners: Vec<u32> = owners.par_iter().zip(visible).map(seen).collect();
                owners.into()
            }
        };
        let relation = Arc::new(Relation { owners });
        self.relations.insert((field, period), relation.clone());
        Ok(relation)
    }

    /// Which records a period sees; `None`: all.
    pub(super) fn visible(&self, kind: KindId, period: Option<Period>) -> Option<Vec<bool>> {
        let period = period?;
        let grains = &self.program.kinds.get(kind.index())?.grains;
        if grains.is_empty() {
            return None;
        }
        let len = self.kind_len(Some(kind));
        let Some(periods) = self.data.kinds.get(kind.index()).and_then(|data| data.periods.as_ref()) else {
            return Some(vec![false; len]);
        };
        let sees =
            |own: &Period| *own == period || (own.grain() == Grain::Day && period.contains_period(own));
        let periods = match periods {
            RecordPeriods::Same(own) => return (!sees(own)).then(|| vec![false; len]),
            RecordPeriods::Each(periods) => periods,
        };
        // neighbours are often of the same day
        let mut visible = vec![false; periods.len()];
        visible.par_chunks_mut(CHUNK).zip(periods.par_chunks(CHUNK)).for_each(|(out, periods)| {
            let mut last: Option<(Period, bool)> = None;
            for (seen, own) in out.iter_mut().zip(periods) {
                *seen = match last {
                    Some((known, seen)) if known == *own => seen,
                    _ => sees(own),
                };
                last = Some((*own, *seen));
            }
        });
        if visible.len() == len && visible.par_iter().all(|&seen| seen) { None } else { Some(visible) }
    }
}

/// The owners in a column of objects, without a copy where all of them are there.
fn stated_owners(column: &Column, len: usize) -> Result<Positions> {
    let ColumnData::Object(values) = &column.data else {
        return Err(Unsupported("a relation that is no object"));
    };
    let stated = |place: usize| match (column.status(place) as u8, values.get(column.place(place))) {
        (0, Some(&owner)) => owner,
        _ => NOBODY,
    };
    Ok(match &column.status {
        None if !column.same => values.clone(),
        _ => (0..len).into_par_iter().map(stated).collect::<Vec<_>>().into(),
    })
}
