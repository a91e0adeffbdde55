//! Carrying facts forward: the next period as if nothing changed.
//!
//! Fields with a period, and records of a period (balances, shares, ratings), are taken over from the part of this period
//! that corresponds. Fields that change over time stay as they are. Events of a day do not happen again.

use arrow_array::{Array, StringArray};
use hengjie_calendar::{Grain, Period};
use hengjie_evaluate::dataset::{Dataset, FieldData, Keys, KindData, Origin, RecordPeriods};

/// Adds the facts of the period after `from`. What is there already stays.
pub(crate) fn carry(data: &mut Dataset, from: Period) -> Option<Period> {
    let next = from.next()?;
    for kind in &mut data.kinds {
        for field in &mut kind.fields {
            if let FieldData::Periodic(columns) = field {
                let later: Vec<_> = columns
                    .iter()
                    .filter_map(|(period, column)| Some((shifted(*period, from, next)?, column.clone())))
                    .collect();
                for (period, column) in later {
                    columns.entry(period).or_insert(column);
                }
            }
        }
        repeat(kind, from, next);
    }
    let again: Vec<_> = data
        .decisions
        .iter()
        .filter_map(|(key, decided)| {
            let mut key = key.clone();
            key.period = Some(shifted(key.period?, from, next)?);
            Some((key, decided.clone()))
        })
        .collect();
    for (key, decided) in again {
        data.decisions.entry(key).or_insert(decided);
    }
    data.horizon = data.horizon.map(|(first, last)| (first, last.max(next.last_day())));
    Some(next)
}

/// The period that corresponds to a part of `from`, or to the longer period around it, one `from` later. `None` for days,
/// and for what is the same.
fn shifted(period: Period, from: Period, next: Period) -> Option<Period> {
    if period.grain() == Grain::Day {
        return None;
    }
    let first = |of: Period| Period::containing(period.grain(), of.first_day());
    if from.contains_period(&period) {
        return first(next).offset(period.ordinal() - first(from).ordinal());
    }
    let later = first(next);
    (period.contains_period(&from) && later != period).then_some(later)
}

/// Records of `from` once more, as records of the next period.
fn repeat(kind: &mut KindData, from: Period, next: Period) {
    let Some(periods) = &kind.periods else { return };
    let own: Vec<Period> = (0..kind.len).filter_map(|record| periods.get(record)).collect();
    if own.len() != kind.len || own.iter().any(|period| *period >= next && period.grain() == next.grain()) {
        return;
    }
    let again: Vec<(usize, Period)> = own
        .iter()
        .enumerate()
        .filter_map(|(record, period)| Some((record, shifted(*period, from, next)?)))
        .collect();
    if again.is_empty() {
        return;
    }
    let rows: Vec<usize> = (0..kind.len).chain(again.iter().map(|(record, _)| *record)).collect();
    for field in &mut kind.fields {
        match field {
            FieldData::Static(column) => *column = column.picked(&rows),
            FieldData::Periodic(columns) => {
                columns.values_mut().for_each(|column| *column = column.picked(&rows));
            }
            FieldData::Absent | FieldData::Dated(_) => {}
        }
    }
    let key = |(place, record): (usize, &usize)| {
        let key = kind.keys.get(*record);
        if place < kind.len { key } else { format!("{key}@{next}") }
    };
    let keys: Vec<Option<String>> = rows.iter().enumerate().map(key).map(Some).collect();
    kind.keys = Keys::Text(StringArray::from(keys));
    if let Some(names) = &kind.names {
        kind.names = Some(rows.iter().map(|&row| names.is_valid(row).then(|| names.value(row))).collect());
    }
    kind.periods =
        Some(RecordPeriods::of(own.into_iter().chain(again.iter().map(|(_, period)| *period)).collect()));
    kind.origin = Origin::None;
    kind.len = rows.len();
}
