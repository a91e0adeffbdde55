//! Writes CSV for people: UTF-8 with mark, states as words, and nothing that a spreadsheet would run as a formula.

use super::{ResultColumn, ResultTable, ResultValues, WriteError, replace_file};
use crate::column::Status;
use csv::{Terminator, WriterBuilder};
use hengjie_quantity::Lang;
use std::borrow::Cow;
use std::io::{self, Write};
use std::path::Path;

/// Writes a table as CSV.
///
/// Numbers are plain decimals. Text that starts like a formula gets a `'` in front.
///
/// # Errors
/// The file cannot be written; nothing is left of it.
pub fn write_csv(path: &Path, table: &ResultTable, lang: Lang) -> Result<(), WriteError> {
    replace_file(path, |out| {
        out.write_all("\u{feff}".as_bytes())?;
        let mut writer = WriterBuilder::new().terminator(Terminator::CRLF).from_writer(out);
        let headings = table.columns.iter().map(|column| column.heading(lang));
        writer.write_record(headings.map(|heading| guard(&heading).into_owned()))?;
        for row in 0..table.rows() {
            for column in &table.columns {
                writer.write_field(field(column, row, lang).as_ref())?;
            }
            writer.write_record(None::<&[u8]>)?;
        }
        writer.flush()
    })
}

/// A cell: the word of its state, or the value.
fn field(column: &ResultColumn, row: usize, lang: Lang) -> Cow<'static, str> {
    match column.status(row) {
        Status::Present => match &column.values {
            ResultValues::Text(_) | ResultValues::Item { .. } => {
                Cow::Owned(guard(&column.text(row, lang)).into_owned())
            }
            _ => Cow::Owned(column.text(row, lang)),
        },
        status => Cow::Borrowed(status.word(lang)),
    }
}

/// Text that a spreadsheet would take for a formula, with a `'` in front.
pub(crate) fn guard(text: &str) -> Cow<'_, str> {
    if text.starts_with(['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠']) {
        Cow::Owned(format!("'{text}"))
    } else {
        Cow::Borrowed(text)
    }
}

/// Writes rows of text as CSV, for templates.
pub(crate) fn write_rows(out: &mut impl Write, rows: &[Vec<String>]) -> io::Result<()> {
    out.write_all("\u{feff}".as_bytes())?;
    let mut writer = WriterBuilder::new().terminator(Terminator::CRLF).from_writer(out);
    for row in rows {
        writer.write_record(row.iter().map(|cell| guard(cell).into_owned()))?;
    }
    writer.flush()
}
