//! Text without quotes: a line is a row, so chunks of lines are read at the same time.

use super::super::Job;
use super::{delimiter, push, start};
use crate::column::LoadedTable;
use crate::fault::Faults;
use crate::load::rows::RowTable;
use memchr::{memchr, memchr_iter, memchr2_iter};
use rayon::prelude::*;
use std::sync::atomic::{AtomicU64, Ordering};

/// Bytes of a chunk at least: below, sharing costs more than it saves.
const CHUNK: usize = 1 << 18;
/// Chunks at most: each may list as many faults as a whole table.
const CHUNKS: usize = 256;

/// Chunks that a core reads before they are put together.
const AT_ONCE: usize = 4;

/// How large the chunks of a text are. It depends on the text alone, so that the number of cores never shows.
pub(super) fn chunk_bytes(text: usize) -> usize {
    CHUNK.max(text.div_ceil(CHUNKS))
}

/// A text of which every line is a row.
#[derive(Clone, Copy)]
pub(super) struct Text<'t>(&'t str);

impl<'t> Text<'t> {
    /// A text without quotes whose lines all end in `\n` or `\r\n`.
    pub(super) fn new(text: &'t str) -> Option<Self> {
        let bytes = text.as_bytes();
        let is_plain = memchr(b'"', bytes).is_none()
            && memchr_iter(b'\r', bytes).all(|at| bytes.get(at + 1) == Some(&b'\n'));
        is_plain.then_some(Self(text))
    }

    pub(super) fn len(self) -> usize {
        self.0.len()
    }
}

/// Some lines of a text.
#[derive(Clone, Copy)]
struct Chunk<'t> {
    text: &'t str,
    /// Number of the first line, as people count.
    line: u32,
}

/// Reads the table of a text in chunks of about so many bytes.
pub(super) fn read(
    job: &Job<'_>,
    file: &str,
    text: Text<'_>,
    chunk_bytes: usize,
    faults: &mut Faults,
) -> Option<LoadedTable> {
    let delimiter = delimiter(text.0);
    let (headings, body) = heading(text, delimiter);
    let mut table = start(job, &headings, faults)?;
    let lines = memchr_iter(b'\n', body.text.as_bytes()).count();
    // Only when the limit of rows cannot be reached may chunks be read apart.
    let apart = (lines as u64) < job.limits.rows;
    let chunks = if apart { split(body, chunk_bytes) } else { vec![body] };
    let reading = Reading { job, file, delimiter, width: headings.len(), rows: AtomicU64::new(0) };
    match chunks.as_slice() {
        [chunk] => reading.chunk(*chunk, &mut table, faults),
        chunks => {
            table.reserve(lines + 1);
            reading.chunks(chunks, &mut table, faults);
        }
    }
    Some(table.finish(file, None, body.line, faults))
}

/// The cells of the first row, and what follows it.
fn heading(text: Text<'_>, delimiter: u8) -> (Vec<&str>, Chunk<'_>) {
    let mut found = (Vec::new(), Chunk { text: "", line: 2 });
    for_each_row(Chunk { text: text.0, line: 1 }, delimiter, |row| {
        let rest = text.0.get(row.end..).unwrap_or_default();
        found = (row.cells().collect(), Chunk { text: rest, line: row.number + 1 });
        false
    });
    found
}

/// What all chunks share.
struct Reading<'a> {
    job: &'a Job<'a>,
    file: &'a str,
    delimiter: u8,
    /// Cells of the heading.
    width: usize,
    /// Rows so far, of all chunks.
    rows: AtomicU64,
}

impl Reading<'_> {
    fn chunk(&self, chunk: Chunk<'_>, table: &mut RowTable<'_>, faults: &mut Faults) {
        for_each_row(chunk, self.delimiter, |row| {
            push(table, (row.number, row.width(), self.width), |index| row.cell(index), faults);
            true
        });
        let own = table.len() as u64;
        self.job.tell(self.file, self.rows.fetch_add(own, Ordering::Relaxed) + own, None, false);
    }

    /// Reads a few chunks at a time: what is read lies twice in memory only for a moment.
    fn chunks(&self, chunks: &[Chunk<'_>], table: &mut RowTable<'_>, faults: &mut Faults) {
        let empty = table.fork();
        let read = |chunk: &Chunk<'_>| {
            let (mut part, mut found) =
                (empty.fork(), Faults::new(self.file, self.job.limits.faults_per_table));
            self.chunk(*chunk, &mut part, &mut found);
            (part, found)
        };
        for some in chunks.chunks(AT_ONCE * rayon::current_num_threads()) {
            let parts: Vec<_> = some.par_iter().map(read).collect();
            for (part, found) in parts {
                table.append(part);
                faults.append(found);
            }
        }
    }
}

/// Cuts a text behind line ends, about every so many bytes.
fn split(body: Chunk<'_>, bytes: usize) -> Vec<Chunk<'_>> {
    let mut chunks = Vec::new();
    let mut rest = body;
    while rest.text.len() > bytes {
        let end = memchr(b'\n', &rest.text.as_bytes()[bytes..]).map(|at| bytes + at + 1);
        let Some((chunk, after)) = end.and_then(|end| rest.text.split_at_checked(end)) else { break };
        let lines = u32::try_from(memchr_iter(b'\n', chunk.as_bytes()).count()).unwrap_or(u32::MAX);
        chunks.push(Chunk { text: chunk, line: rest.line });
        rest = Chunk { text: after, line: rest.line.saturating_add(lines) };
    }
    chunks.push(rest);
    chunks
}

/// One row.
struct Row<'t, 'e> {
    /// Number of the line.
    number: u32,
    /// Text of the chunk.
    text: &'t str,
    /// Where the row begins in it, where each cell but the last ends, and where the last does.
    start: usize,
    ends: &'e [usize],
    stop: usize,
    /// Where the next line begins.
    end: usize,
}

impl<'t> Row<'t, '_> {
    fn width(&self) -> usize {
        self.ends.len() + 1
    }

    fn cell(&self, index: usize) -> &'t str {
        let start = index.checked_sub(1).map_or(Some(self.start), |before| Some(self.ends.get(before)? + 1));
        let end = if index == self.ends.len() { Some(self.stop) } else { self.ends.get(index).copied() };
        start.zip(end).and_then(|(start, end)| self.text.get(start..end)).unwrap_or_default()
    }

    fn cells(&self) -> impl Iterator<Item = &'t str> {
        (0..self.width()).map(|index| self.cell(index))
    }
}

/// Goes through the rows of a chunk until `take` says no. Blank lines are no rows.
fn for_each_row<'t>(chunk: Chunk<'t>, delimiter: u8, mut take: impl FnMut(&Row<'t, '_>) -> bool) {
    let (text, mut number) = (chunk.text, chunk.line);
    let bytes = text.as_bytes();
    let mut ends: Vec<usize> = Vec::new();
    let mut start = 0;
    let mut line = |start: usize, ends: &[usize], at: usize, end: usize, number: u32| {
        let stop = if at > start && bytes[at - 1] == b'\r' { at - 1 } else { at };
        (start == stop && ends.is_empty()) || take(&Row { number, text, start, ends, stop, end })
    };
    for at in memchr2_iter(delimiter, b'\n', bytes) {
        if bytes[at] == delimiter {
            ends.push(at);
            continue;
        }
        if !line(start, &ends, at, at + 1, number) {
            return;
        }
        (start, number) = (at + 1, number.saturating_add(1));
        ends.clear();
    }
    line(start, &ends, bytes.len(), bytes.len(), number);
}
