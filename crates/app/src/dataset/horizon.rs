//! First and last day of the history: nothing is read before the first, and without a wish the last period is computed.
//!
//! Fields with periods say for which time an organisation has facts; an award of many years ago does not. Only where a
//! document has no such fields do its records count, and only where it has no records the changes over time. The whole
//! document decides, whatever a run reads: a part of the results must be equal to that part of all results.

use crate::schema::{Part, Schema};
use hengjie_calendar::{Date, Grain, Period};
use hengjie_evaluate::dataset::{Dataset, FieldData, RecordPeriods};
use hengjie_facts::{ColumnData, Loaded, Status, TableSpec};

/// First and last day.
pub(crate) type Days = Option<(Date, Date)>;

/// What tells the time of a document.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Clock {
    Fields,
    Records,
    Changes,
}

/// What tells the time, by all tables of a document.
pub(crate) fn clock(whole: &Schema) -> Clock {
    whole
        .parts
        .iter()
        .filter_map(|part| time_column(part).map(|(clock, _)| clock))
        .min()
        .unwrap_or(Clock::Changes)
}

/// The column of time of a table.
fn time_column(part: &Part) -> Option<(Clock, usize)> {
    match part {
        Part::Periodic { .. } => Some((Clock::Fields, 1)),
        Part::Kind { period: Some(period), .. } => Some((Clock::Records, *period)),
        Part::Dated { .. } => Some((Clock::Changes, 1)),
        Part::Kind { .. } | Part::Decisions { .. } => None,
    }
}

/// The tables that tell the time but are not read by a run, with nothing but their column of time.
pub(crate) fn others(whole: &Schema, wanted: &Schema) -> Vec<TableSpec> {
    let clock = clock(whole);
    let tables = whole.specs.iter().zip(&whole.parts);
    let tables = tables.filter(|(spec, _)| !wanted.specs.iter().any(|other| other.name == spec.name));
    tables
        .filter_map(|(spec, part)| {
            let (_, column) = time_column(part).filter(|(own, _)| *own == clock)?;
            let columns = vec![spec.columns[column].clone()];
            Some(TableSpec { columns, key: Vec::new(), required: false, ..spec.clone() })
        })
        .collect()
}

/// The time that such tables cover. What is wrong in them is of no concern here.
pub(crate) fn of_others(loaded: &Loaded) -> Days {
    let columns = loaded.tables.iter().filter_map(|table| table.columns.first()?.as_ref());
    extent(columns.flat_map(|column| {
        let periods: Box<dyn Iterator<Item = Period>> = match &column.data {
            ColumnData::Period(periods) => Box::new(periods.iter().copied()),
            ColumnData::Date(days) => Box::new(days.iter().map(|day| Period::containing(Grain::Day, *day))),
            _ => Box::new(std::iter::empty()),
        };
        periods
            .enumerate()
            .filter(|(row, _)| column.status(*row) == Status::Present)
            .map(|(_, period)| period)
    }))
}

/// The time that facts cover.
pub(crate) fn of_facts(data: &Dataset, clock: Clock) -> Days {
    let fields = || data.kinds.iter().flat_map(|kind| &kind.fields);
    match clock {
        Clock::Fields => extent(fields().flat_map(|field| match field {
            FieldData::Periodic(columns) => columns.keys().copied().collect(),
            _ => Vec::new(),
        })),
        Clock::Records => {
            let periods = data.kinds.iter().filter_map(|kind| kind.periods.as_ref());
            extent(periods.flat_map(RecordPeriods::occurring).copied())
        }
        Clock::Changes => extent(fields().flat_map(|field| match field {
            FieldData::Dated(column) => {
                column.days.iter().map(|day| Period::containing(Grain::Day, *day)).collect()
            }
            _ => Vec::new(),
        })),
    }
}

/// Both together.
pub(crate) fn join(left: Days, right: Days) -> Days {
    match (left, right) {
        (Some(left), Some(right)) => Some((left.0.min(right.0), left.1.max(right.1))),
        (one, other) => one.or(other),
    }
}

/// First and last day of some periods.
fn extent(periods: impl Iterator<Item = Period>) -> Days {
    // By grain the first and last one: only these are turned into days.
    let mut ends: Vec<(Period, Period)> = Vec::new();
    for period in periods {
        match ends.iter_mut().find(|(first, _)| first.grain() == period.grain()) {
            Some((first, last)) => (*first, *last) = (period.min(*first), period.max(*last)),
            None => ends.push((period, period)),
        }
    }
    let first = ends.iter().map(|(first, _)| first.first_day()).min();
    first.zip(ends.iter().map(|(_, last)| last.last_day()).max())
}
