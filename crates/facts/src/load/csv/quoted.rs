//! Text with quotes, row by row.

use super::super::Job;
use super::super::original::Original;
use super::{delimiter, push, start};
use crate::column::LoadedTable;
use crate::fault::Faults;
use csv::{ByteRecord, ReaderBuilder};
use std::collections::BTreeSet;

/// Reads the table of a text.
pub(super) fn read(job: &Job<'_>, file: &str, text: &str, faults: &mut Faults) -> Option<LoadedTable> {
    let mut rows = Rows::new(text);
    let heading = rows.next();
    let first = heading.as_ref().map_or(1, |row| row.number) + 1;
    let headings: Vec<&str> = heading.iter().flat_map(Row::cells).collect();
    let wanted = headings.len();
    let mut table = start(job, &headings, faults)?;
    while let Some(row) = rows.next() {
        push(&mut table, (row.number, row.width(), wanted), |index| row.cell(index), faults);
        job.report(file, table.len() as u64, None, false);
    }
    Some(table.finish(file, None, first, faults))
}

/// Some rows of a text.
pub(super) fn original(text: &str, wanted: &BTreeSet<u32>) -> Original {
    let mut rows = Rows::new(text);
    let texts = |row: &Row<'_>| row.cells().map(str::to_owned).collect::<Vec<_>>();
    let mut original = Original { headings: rows.next().iter().flat_map(texts).collect(), rows: Vec::new() };
    while let Some(row) = rows.next() {
        original.push(wanted, row.number, || texts(&row));
    }
    original
}

/// The rows of a text, numbered as Excel numbers them: blank lines count, line breaks inside quotes do not.
struct Rows<'t> {
    text: &'t str,
    reader: csv::Reader<&'t [u8]>,
    record: ByteRecord,
    number: u32,
}

/// One row.
struct Row<'r> {
    number: u32,
    record: &'r ByteRecord,
}

impl<'t> Rows<'t> {
    fn new(text: &'t str) -> Self {
        let reader = ReaderBuilder::new()
            .has_headers(false)
            .flexible(true)
            .delimiter(delimiter(text))
            .from_reader(text.as_bytes());
        Self { text, reader, record: ByteRecord::new(), number: 0 }
    }

    fn next(&mut self) -> Option<Row<'_>> {
        // Reading from memory cannot fail, and rows of any width are allowed.
        if !self.reader.read_byte_record(&mut self.record).unwrap_or(false) {
            return None;
        }
        // The reader skips blank lines; they lie between where it stood and where the row begins. After \r\n it stands
        // before the \n.
        let start =
            self.record.position().map_or(0, |position| usize::try_from(position.byte()).unwrap_or(0));
        let (before, rest) = self.text.as_bytes().split_at_checked(start).unwrap_or_default();
        let rest = if before.ends_with(b"\r") { rest.strip_prefix(b"\n").unwrap_or(rest) } else { rest };
        let line_ends = rest.iter().take_while(|byte| matches!(byte, b'\n' | b'\r'));
        let blank = line_ends.filter(|&&byte| byte == b'\n').count();
        self.number = self.number.saturating_add(u32::try_from(blank).unwrap_or(u32::MAX)).saturating_add(1);
        Some(Row { number: self.number, record: &self.record })
    }
}

impl<'r> Row<'r> {
    fn width(&self) -> usize {
        self.record.len()
    }

    fn cells(&self) -> impl Iterator<Item = &'r str> + use<'r> {
        let record = self.record;
        (0..record.len()).map(move |index| text_of(record, index))
    }

    fn cell(&self, index: usize) -> &'r str {
        text_of(self.record, index)
    }
}

/// A cell of valid text is valid text: separators and quotes are ASCII.
fn text_of(record: &ByteRecord, index: usize) -> &str {
    record.get(index).and_then(|bytes| std::str::from_utf8(bytes).ok()).unwrap_or_default()
}
