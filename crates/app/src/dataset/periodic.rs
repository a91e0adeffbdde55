//! Fields with a value per period.

use super::{origin, origin_of_rows, positions};
use crate::gather::{self, NOWHERE};
use hengjie_calendar::Period;
use hengjie_evaluate::dataset::{Column, FieldData, KindData, Origin};
use hengjie_facts::{ColumnData, LoadedTable};
use std::collections::BTreeMap;

/// Puts the columns of a table into the order of the kind, one column per period.
pub(super) fn fields(data: &mut KindData, fields: &[(usize, u32)], table: &mut LoadedTable, file: u32) {
    let rows = Rows::of(data.len, table, file);
    for &(column, field) in fields {
        let Some(loaded) = table.columns.get_mut(column).and_then(Option::take) else { continue };
        let loaded = if matches!(rows, Rows::AsTheyAre(..)) { loaded } else { loaded.each(table.rows) };
        data.fields[field as usize] = FieldData::Periodic(rows.apply(gather::column(loaded)));
    }
}

/// Which row holds the value of which subject in which period.
enum Rows {
    /// One period, in the order of the kind.
    AsTheyAre(Period, Origin),
    /// By period: the row of each subject.
    Sorted(Vec<(Period, Vec<u32>, Origin)>),
}

impl Rows {
    fn of(subjects: usize, table: &mut LoadedTable, file: u32) -> Self {
        if let Some(keys) = table.columns.first_mut() {
            *keys = keys.take().map(|keys| keys.each(table.rows));
        }
        let nothing = Self::Sorted(Vec::new());
        let Some((keys, known)) = table.columns.first().and_then(positions) else { return nothing };
        let Some(Some(column)) = table.columns.get(1) else { return nothing };
        let ColumnData::Period(periods) = &column.data else { return nothing };
        let is_in_order = known.is_none()
            && keys.len() == subjects
            && keys.iter().zip(0_u32..).all(|(key, position)| *key == position);
        if let Some(only) = periods.first().filter(|first| periods.iter().all(|period| period == *first))
            && is_in_order
        {
            return Self::AsTheyAre(*only, origin(table, file));
        }
        let usable =
            |row: usize| known.is_none_or(|known| known[row] == 0) && (keys[row] as usize) < subjects;
        let mut by_period: BTreeMap<Period, Vec<u32>> = BTreeMap::new();
        for row in (0..u32::try_from(keys.len()).unwrap_or(u32::MAX)).filter(|&row| usable(row as usize)) {
            if let Some(period) = periods.get(column.place(row as usize)) {
                by_period.entry(*period).or_default().push(row);
            }
        }
        let place = |(period, rows): (Period, Vec<u32>)| {
            let mut row_of = vec![NOWHERE; subjects];
            rows.iter().for_each(|&row| row_of[keys[row as usize] as usize] = row);
            let origin = origin_of_rows(table, file, &row_of);
            (period, row_of, origin)
        };
        Self::Sorted(by_period.into_iter().map(place).collect())
    }

    fn apply(&self, column: Column) -> BTreeMap<Period, Column> {
        match self {
            Self::AsTheyAre(period, origin) => {
                BTreeMap::from([(*period, Column { origin: Some(origin.clone()), ..column })])
            }
            Self::Sorted(periods) => {
                let pick = |(period, rows, origin): &(Period, Vec<u32>, Origin)| {
                    (*period, gather::pick(&column, rows, Some(origin.clone())))
                };
                periods.iter().map(pick).collect()
            }
        }
    }
}
