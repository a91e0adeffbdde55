//! Reads CSV: UTF-8 with or without mark, UTF-16 with mark, or GB18030; separated by commas, or by tabs when the
//! heading has no comma.

use super::Job;
use super::find::{Found, unreadable};
use super::rows::{RowTable, too_many_columns};
use crate::cell::Cell;
use crate::column::LoadedTable;
use crate::fault::{Fault, Faults};
use csv::{ByteRecord, ReaderBuilder};
use encoding_rs::{Encoding, GB18030};
use std::borrow::Cow;
use std::fs;

/// Reads the table of a file.
pub(super) fn load(job: &Job<'_>, found: &Found, faults: &mut Faults) -> Option<LoadedTable> {
    let bytes = match fs::read(&found.path) {
        Ok(bytes) => bytes,
        Err(error) => {
            faults.push(unreadable(&error));
            return None;
        }
    };
    let text = decode(&bytes).or_else(|| {
        faults.push(
            Fault::error(
                "HJ1009",
                "文件的编码既不是 UTF-8 也不是 GB18030",
                "the file is neither UTF-8 nor GB18030 text",
            )
            .help(
                "在 Excel 里另存为「CSV UTF-8（逗号分隔）」",
                "save it in Excel as “CSV UTF-8 (comma delimited)”",
            ),
        );
        None
    })?;
    read(job, &found.name, &text, faults)
}

/// The text of a file, copied only when it is not UTF-8.
fn decode(bytes: &[u8]) -> Option<Cow<'_, str>> {
    if let Some((encoding, mark)) = Encoding::for_bom(bytes) {
        let (text, broken) = encoding.decode_without_bom_handling(&bytes[mark..]);
        return (!broken).then_some(text);
    }
    match std::str::from_utf8(bytes) {
        Ok(text) => Some(Cow::Borrowed(text)),
        Err(_) => GB18030.decode_without_bom_handling_and_without_replacement(bytes),
    }
}

/// Reads the table of a text.
fn read(job: &Job<'_>, file: &str, text: &str, faults: &mut Faults) -> Option<LoadedTable> {
    let mut rows = Rows::new(text);
    let Some(heading) = rows.next() else {
        faults.push(no_heading());
        return None;
    };
    let headings: Vec<String> = heading.cells().map(str::to_owned).collect();
    if headings.len() > job.limits.columns {
        faults.push(too_many_columns(job.limits.columns));
        return None;
    }
    let first = heading.number + 1;
    let mut table = RowTable::new(job, &headings, faults);
    while let Some(row) = rows.next() {
        let width = row.width();
        let surplus = (headings.len()..width).any(|index| !row.cell(index).is_blank());
        if width < headings.len() && !(width == 1 && row.cell(0).is_blank()) || surplus {
            table.push_broken(row.number, ragged(width, headings.len()), faults);
        } else {
            table.push(row.number, width, |index| row.cell(index), faults);
        }
        job.report(file, table.len() as u64, None, false);
    }
    Some(table.finish(file, None, first, faults))
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
        let heading = text.lines().next().unwrap_or_default();
        let tabs = heading.contains('\t') && !heading.contains(',');
        let reader = ReaderBuilder::new()
            .has_headers(false)
            .flexible(true)
            .delimiter(if tabs { b'\t' } else { b',' })
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

    fn cell(&self, index: usize) -> Cell<'r> {
        Cell::Text(self.text(index))
    }

    fn cells(&self) -> impl Iterator<Item = &'r str> {
        let width = self.width();
        (0..width).map(|index| self.text(index))
    }

    fn text(&self, index: usize) -> &'r str {
        // A cell of valid text is valid text: separators and quotes are ASCII.
        self.record.get(index).and_then(|bytes| std::str::from_utf8(bytes).ok()).unwrap_or_default()
    }
}

fn ragged(width: usize, wanted: usize) -> Fault {
    Fault::error(
        "HJ1108",
        format!("这一行有 {width} 格，表头有 {wanted} 格"),
        format!("this row has {width} cells, the heading has {wanted}"),
    )
    .help(
        "检查是否多了或少了逗号；文字里有逗号时要加引号",
        "check for a comma too many or too few; text with a comma needs quotes",
    )
}

/// The file has no heading.
pub(super) fn no_heading() -> Fault {
    Fault::error("HJ1015", "文件是空的，没有表头", "the file is empty and has no heading")
        .help("第一行写列名", "write the names of the columns in the first row")
}
