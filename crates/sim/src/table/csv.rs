//! CSV in UTF-8 with the mark in front that Excel needs.

use super::{Cell, Column, number, word};
use crate::SimError;
use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

#[derive(Debug)]
pub(super) struct Sink {
    path: PathBuf,
    writer: csv::Writer<BufWriter<File>>,
}

impl Sink {
    pub(super) fn create(path: &Path, columns: &[Column]) -> Result<Self, SimError> {
        let mut file = File::create(path).map(BufWriter::new).map_err(|error| SimError::file(path, error))?;
        file.write_all("\u{feff}".as_bytes()).map_err(|error| SimError::file(path, error))?;
        let mut writer = csv::Writer::from_writer(file);
        let headings = columns.iter().map(Column::heading);
        writer.write_record(headings).map_err(|error| SimError::file(path, error))?;
        Ok(Self { path: path.to_owned(), writer })
    }

    pub(super) fn row(&mut self, columns: &[Column], cells: &[Cell<'_>]) -> Result<(), SimError> {
        for (column, cell) in columns.iter().zip(cells) {
            let written = match cell {
                Cell::Empty => self.writer.write_field(""),
                Cell::Text(text) => self.writer.write_field(text.as_bytes()),
                Cell::Flag(flag) => self.writer.write_field(word(*flag)),
                Cell::Day(day) => self.writer.write_field(day.to_string()),
                Cell::Number(value) => self.writer.write_field(number(column.kind, *value)),
            };
            written.map_err(|error| SimError::file(&self.path, error))?;
        }
        self.writer.write_record(None::<&[u8]>).map_err(|error| SimError::file(&self.path, error))
    }

    pub(super) fn finish(mut self) -> Result<(), SimError> {
        self.writer.flush().map_err(|error| SimError::file(&self.path, error))
    }
}
