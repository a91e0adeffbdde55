//! Fields that change over time: entries by subject, earliest first.

use super::{origin_of_rows, positions};
use crate::gather;
use hengjie_calendar::Date;
use hengjie_evaluate::dataset::{Column, DatedColumn, FieldData, KindData};
use hengjie_evaluate::value::Status;
use hengjie_facts::{ColumnData, LoadedTable};
use rayon::prelude::*;

/// Sorts the rows of a table once and makes the entries of each field. An empty cell is no entry: nothing changes.
pub(super) fn fields(data: &mut KindData, fields: &[(usize, u32)], table: &mut LoadedTable, file: u32) {
    let Some((keys, known)) = table.columns.first().and_then(positions) else { return };
    let Some(Some(column)) = table.columns.get(1) else { return };
    let ColumnData::Date(days) = &column.data else { return };
    let usable = |row: &u32| {
        let row = *row as usize;
        known.is_none_or(|known| known[row] == 0) && (keys[row] as usize) < data.len
    };
    let rows = u32::try_from(table.rows).unwrap_or(u32::MAX);
    let mut order: Vec<u32> = (0..rows).filter(usable).collect();
    let place = |row: &u32| (keys[*row as usize], days[*row as usize], *row);
    if !order.is_sorted_by_key(place) {
        order.par_sort_unstable_by_key(place);
    }
    let (keys, days) = (keys.to_vec(), days.clone());
    for &(column, field) in fields {
        let Some(loaded) = table.columns.get_mut(column).and_then(Option::take) else { continue };
        let entries = entries(&gather::column(loaded), &order, table, file, |row| {
            (keys[row as usize], days[row as usize])
        });
        data.fields[field as usize] = FieldData::Dated(entries.into_column(data.len));
    }
}

/// The entries of one field.
struct Entries {
    subjects: Vec<u32>,
    days: Vec<Date>,
    values: Column,
}

fn entries(
    column: &Column,
    order: &[u32],
    table: &LoadedTable,
    file: u32,
    place: impl Fn(u32) -> (u32, Date),
) -> Entries {
    let kept: Vec<u32> =
        order.iter().copied().filter(|row| column.status(*row as usize) != Status::Missing).collect();
    let origin = origin_of_rows(table, file, &kept);
    let (subjects, days) = kept.iter().map(|row| place(*row)).unzip();
    Entries { subjects, days, values: gather::pick(column, &kept, Some(origin)) }
}

impl Entries {
    fn into_column(self, subjects: usize) -> DatedColumn {
        let mut offsets = vec![0_u32; subjects + 1];
        for &subject in &self.subjects {
            offsets[subject as usize + 1] += 1;
        }
        for position in 1..offsets.len() {
            offsets[position] += offsets[position - 1];
        }
        DatedColumn { offsets, days: self.days, values: self.values }
    }
}
