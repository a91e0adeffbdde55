//! Markdown tables.

use crate::ast::{MarkdownTable, Name};
use crate::chars::half_width_text;
use crate::span::Span;

/// Reads the lines of a table at `span`: header, the line of dashes, rows. Cells are trimmed; `\|` is a bar. The names
/// of the header are in half-width forms, cells as written.
pub(crate) fn read(text: &str, span: Span) -> MarkdownTable {
    let mut rows: Vec<Vec<Name>> = Vec::new();
    let mut header = Vec::new();
    let mut start = span.start;
    for (index, line) in span.text(text).split_inclusive('\n').enumerate() {
        match index {
            0 => header = row(line, start, true),
            1 => {}
            _ => rows.push(row(line, start, false)),
        }
        start += line.len() as u32;
    }
    let end = span.start + span.text(text).trim_end().len() as u32;
    MarkdownTable { header, rows, span: Span::new(span.start, end) }
}

fn row(line: &str, start: u32, is_header: bool) -> Vec<Name> {
    cells(line).into_iter().map(|(from, to)| cell(line, start, from, to, is_header)).collect()
}

fn cell(line: &str, start: u32, from: usize, to: usize, is_header: bool) -> Name {
    let raw = line.get(from..to).unwrap_or("");
    let text = raw.trim();
    let before = if text.is_empty() { 0 } else { raw.len() - raw.trim_start().len() };
    let span = Span::new(start + (from + before) as u32, start + (from + before + text.len()) as u32);
    let inner = text.strip_prefix('「').and_then(|text| text.strip_suffix('」'));
    let inner = inner.filter(|inner| !inner.contains(['「', '」'])).unwrap_or(text).replace("\\|", "|");
    Name { text: if is_header { half_width_text(&inner) } else { inner }, span }
}

/// The byte ranges between the bars of a row, without the empty ends outside the outer bars.
pub(crate) fn cells(line: &str) -> Vec<(usize, usize)> {
    let end = line.trim_end().len();
    let mut cells = Vec::new();
    let mut from = None;
    let mut escaped = false;
    for (at, c) in line.get(..end).unwrap_or("").char_indices() {
        if c == '|' && !escaped {
            if let Some(from) = from {
                cells.push((from, at));
            }
            from = Some(at + 1);
        }
        escaped = c == '\\' && !escaped;
    }
    // A row may lack its last bar.
    if let Some(from) = from.filter(|from| *from < end) {
        cells.push((from, end));
    }
    cells
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_are_trimmed_and_bars_unescaped() {
        let text = "| 等级（类） | a\\|b |\n|---|---|\n| 「5等」 |  | 多 |\n| 缺\n";
        let table = read(text, Span::new(0, text.len() as u32));
        let shown = |cells: &[Name]| {
            cells.iter().map(|c| format!("{}@{}", c.text, c.span.text(text))).collect::<Vec<_>>().join(" ¦ ")
        };
        let rows: Vec<String> = table.rows.iter().map(|row| shown(row)).collect();
        assert_eq!(shown(&table.header), "等级(类)@等级（类） ¦ a|b@a\\|b");
        assert_eq!(rows, ["5等@「5等」 ¦ @ ¦ 多@多", "缺@缺"]);
    }
}
