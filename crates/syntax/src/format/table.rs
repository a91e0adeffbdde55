//! Markdown tables with their columns aligned by display width.

use crate::document::is_delimiter_row;
use crate::table::cells;
use unicode_width::UnicodeWidthStr;

/// Aligns the columns of a table; what the cells say is not changed.
pub(super) fn format(text: &str) -> String {
    let rows: Vec<Vec<&str>> = text
        .lines()
        .map(|line| {
            cells(line).into_iter().map(|(from, to)| line.get(from..to).unwrap_or("").trim()).collect()
        })
        .collect();
    let widths = column_widths(&rows);
    let to_the_right: Vec<bool> =
        rows.get(1).map_or_else(Vec::new, |row| row.iter().map(|cell| is_right(cell)).collect());
    let mut formatted = String::new();
    for (index, row) in rows.iter().enumerate() {
        formatted.push('|');
        for (column, (cell, width)) in row.iter().zip(&widths).enumerate() {
            let shown = if index == 1 {
                delimiter(cell, *width)
            } else {
                pad(cell, *width, to_the_right.get(column).copied().unwrap_or(false))
            };
            formatted.push_str(&format!(" {shown} |"));
        }
        formatted.push('\n');
    }
    if !text.ends_with('\n') {
        formatted.pop();
    }
    debug_assert!(formatted.lines().nth(1).is_none_or(is_delimiter_row));
    formatted
}

/// The widest cell of each column, at least three for the dashes.
fn column_widths(rows: &[Vec<&str>]) -> Vec<usize> {
    let columns = rows.iter().map(Vec::len).max().unwrap_or(0);
    (0..columns)
        .map(|column| {
            let cells = rows.iter().enumerate().filter(|(index, _)| *index != 1);
            let widest = cells.filter_map(|(_, row)| row.get(column)).map(|cell| cell.width()).max();
            widest.unwrap_or(0).max(3)
        })
        .collect()
}

/// `---:`
fn is_right(delimiter: &str) -> bool {
    delimiter.ends_with(':') && !delimiter.starts_with(':')
}

fn pad(cell: &str, width: usize, to_the_right: bool) -> String {
    let spaces = " ".repeat(width.saturating_sub(cell.width()));
    if to_the_right { format!("{spaces}{cell}") } else { format!("{cell}{spaces}") }
}

/// `:---`, `---:`, `:---:` or `---` of a width.
fn delimiter(cell: &str, width: usize) -> String {
    let left = if cell.starts_with(':') { ":" } else { "" };
    let right = if cell.ends_with(':') { ":" } else { "" };
    let dashes = width.saturating_sub(left.len() + right.len()).max(1);
    format!("{left}{}{right}", "-".repeat(dashes))
}
