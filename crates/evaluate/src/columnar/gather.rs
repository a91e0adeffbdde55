//! Which records belong to whom, as one position per record.

use super::engine::Engine;
use super::plan::{NOBODY, Source};
use super::vector::CHUNK;
use super::{Result, Unsupported};
use crate::dataset::ColumnData;
use hengjie_calendar::{Grain, Period};
use hengjie_policy::core::{FieldRef, KindId};
use rayon::prelude::*;
use std::sync::Arc;

/// The owner of every record in one period.
#[derive(Debug)]
pub(crate) struct Relation {
    /// Position of the owner, [`NOBODY`] for records that are not seen in the period or belong to nobody.
    pub(crate) owners: Arc<Vec<u32>>,
}

impl<'a> Engine<'a> {
    /// The owners given by an object field.
    pub(super) fn relation(&mut self, field: FieldRef, period: Option<Period>) -> Result<Arc<Relation>> {
        if let Some(relation) = self.relations.get(&(field, period)) {
            return Ok(relation.clone());
        }
        let len = self.kind_len(Some(field.kind));
        let mut owners = match self.fact_column(field, period)? {
            None => vec![NOBODY; len],
            Some(Source::Facts(column)) => match &column.data {
                ColumnData::Object(values) if column.status.is_none() => values.clone(),
                ColumnData::Object(values) => {
                    let owner = |(place, &owner): (usize, &u32)| {
                        if column.status(place) as u8 == 0 { owner } else { NOBODY }
                    };
                    values.par_iter().enumerate().map(owner).collect()
                }
                _ => return Err(Unsupported("a relation that is no object")),
            },
            Some(Source::Computed(column)) => (0..len)
                .map(|place| {
                    if column.state(place) == 0 {
                        u32::try_from(column.data.int(place)).unwrap_or(NOBODY)
                    } else {
                        NOBODY
                    }
                })
                .collect(),
        };
        if let Some(visible) = self.visible(field.kind, period) {
            owners.par_iter_mut().zip(visible).for_each(|(owner, visible)| {
                if !visible {
                    *owner = NOBODY;
                }
            });
        }
        let relation = Arc::new(Relation { owners: Arc::new(owners) });
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
