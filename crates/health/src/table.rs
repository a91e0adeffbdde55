//! Tables as they are printed: weights, thresholds by grade, units, sizes, bands.

mod bands;
mod pattern;
mod steps;
mod weights;

use crate::Context;
use crate::finding::Finding;
use hengjie_policy::core::{Cell, Literal, Table, TableRow};
use hengjie_quantity::Rational;
use std::collections::BTreeMap;

/// Everything that a table shows by itself.
pub(crate) fn look(context: &Context<'_>) -> Vec<Finding> {
    let mut found = Vec::new();
    for (position, table) in context.program.tables.iter().enumerate() {
        let id = hengjie_policy::core::TableId(u32::try_from(position).unwrap_or(0));
        // Rows of several versions are no pattern.
        if table.effective.is_some() {
            continue;
        }
        weights::look(context, table, &mut found);
        steps::look(context, id, table, &mut found);
        pattern::look(context, id, table, &mut found);
        bands::look(context, id, table, &mut found);
    }
    steps::look_at_parameters(context, &mut found);
    found
}

/// The rows grouped by some key columns, in the order of the table; the position of each row is kept.
fn groups<'t>(table: &'t Table, by: &[usize]) -> Vec<Vec<(usize, &'t TableRow)>> {
    let mut places: BTreeMap<String, usize> = BTreeMap::new();
    let mut groups: Vec<Vec<(usize, &TableRow)>> = Vec::new();
    for (position, row) in table.rows.iter().enumerate() {
        let name: String = by.iter().map(|column| format!("{:?}|", row.cells.get(*column))).collect();
        let place = *places.entry(name).or_insert_with(|| {
            groups.push(Vec::new());
            groups.len() - 1
        });
        groups[place].push((position, row));
    }
    groups
}

/// The number in a cell.
fn number_in(row: &TableRow, column: usize) -> Option<&Rational> {
    match row.cells.get(column) {
        Some(Cell::Value(Literal::Number(number))) => Some(number),
        _ => None,
    }
}

/// The columns that are not keys.
fn values(table: &Table) -> std::ops::Range<usize> {
    table.keys as usize..table.columns.len()
}
