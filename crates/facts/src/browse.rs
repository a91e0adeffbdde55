//! Looking at a table that was read: cells as text, rows in the order of a column.

use crate::column::{ColumnData, Keys, LoadedColumn, LoadedTable, Status};
use crate::load::show;
use crate::spec::TableSpec;
use std::cmp::Ordering;

impl LoadedTable {
    /// The state of a cell; 待补 where the file has no such column.
    #[must_use]
    pub fn cell_status(&self, column: usize, row: usize) -> Status {
        self.column(column).map_or(Status::Missing, |column| column.status(row))
    }

    /// A cell as text: numbers in base units with all their decimals. Empty unless there is a value.
    #[must_use]
    pub fn cell_text(&self, spec: &TableSpec, column: usize, row: usize) -> String {
        match self.column(column) {
            Some(loaded) if row < self.rows && loaded.status(row) == Status::Present => {
                show(spec, column, &loaded.data, loaded.place(row))
            }
            _ => String::new(),
        }
    }

    /// How many cells of a column are 待补.
    #[must_use]
    pub fn missing(&self, column: usize) -> usize {
        match self.column(column) {
            None => self.rows,
            Some(loaded) if loaded.status.is_none() => 0,
            Some(loaded) => (0..self.rows).filter(|row| loaded.status(*row) == Status::Missing).count(),
        }
    }

    /// The file of a row, with its sheet.
    #[must_use]
    pub fn file_of(&self, row: usize) -> String {
        let Some(sources) = &self.sources else { return self.file_text() };
        let file = sources.of_row.get(row).and_then(|place| sources.files.get(*place as usize));
        file.cloned().unwrap_or_default()
    }

    /// Orders rows by the values of a column. What has no value stands last, in both directions; equals keep their order.
    pub fn sort_rows(&self, rows: &mut [u32], column: usize, descending: bool) {
        let Some(loaded) = self.column(column) else { return };
        rows.sort_by(|&left, &right| {
            let (left, right) = (left as usize, right as usize);
            match (loaded.status(left), loaded.status(right)) {
                (Status::Present, Status::Present) => {
                    let order = compare(loaded, left, right);
                    if descending { order.reverse() } else { order }
                }
                (Status::Present, _) => Ordering::Less,
                (_, Status::Present) => Ordering::Greater,
                (left, right) => (left as u8).cmp(&(right as u8)),
            }
        });
    }

    fn column(&self, column: usize) -> Option<&LoadedColumn> {
        self.columns.get(column).and_then(Option::as_ref)
    }
}

/// Orders two present values of a column: numbers and days by size, items as they are declared, texts by spelling.
fn compare(column: &LoadedColumn, left: usize, right: usize) -> Ordering {
    let (left, right) = (column.place(left), column.place(right));
    match &column.data {
        ColumnData::Number { values, .. } => values.get(left).cmp(&values.get(right)),
        ColumnData::Bool(values) => values.get(left).cmp(&values.get(right)),
        ColumnData::Date(values) => values.get(left).cmp(&values.get(right)),
        ColumnData::Period(values) => values.get(left).cmp(&values.get(right)),
        ColumnData::Choice(values) => values.get(left).cmp(&values.get(right)),
        ColumnData::Position(values) => values.get(left).cmp(&values.get(right)),
        ColumnData::Text(texts) => texts.value(left).cmp(texts.value(right)),
        ColumnData::Key(Keys::Int(values)) | ColumnData::Reference(Keys::Int(values)) => {
            values.get(left).cmp(&values.get(right))
        }
        ColumnData::Key(Keys::Text(texts)) | ColumnData::Reference(Keys::Text(texts)) => {
            texts.value(left).cmp(texts.value(right))
        }
    }
}
