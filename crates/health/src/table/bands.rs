//! Bands that are no keys of a look-up of their own: gaps of 累进 tables, boxes of two bands that meet.

use super::groups;
use crate::finding::{Check, Finding, Severity};
use crate::interpret::{band_gap, band_of};
use crate::possible::step_of;
use crate::range::Range;
use crate::{Context, words};
use hengjie_policy::core::{Table, TableId, TableRow, Type};
use hengjie_quantity::Lang;

pub(super) fn look(context: &Context<'_>, id: TableId, table: &Table, found: &mut Vec<Finding>) {
    let keys = table.keys as usize;
    let intervals: Vec<usize> =
        (0..table.columns.len()).filter(|column| table.columns[*column].interval).collect();
    let in_keys: Vec<usize> = intervals.iter().copied().filter(|column| *column < keys).collect();
    if in_keys.len() > 1 {
        boxes(context, id, table, &in_keys, found);
    }
    for &column in intervals.iter().filter(|column| **column >= keys) {
        overlaps(context, id, table, column, found);
        gaps(table, column, &[], found);
    }
    if let [column] = in_keys.as_slice() {
        let others: Vec<usize> = (0..keys).filter(|other| other != column).collect();
        // Look-ups are checked with the values their key may have; 累进 is not.
        if context.marginal_tables.contains(&id) {
            gaps(table, *column, &others, found);
        }
    }
}

/// A gap between the bands of a group.
fn gaps(table: &Table, column: usize, by: &[usize], found: &mut Vec<Finding>) {
    let Type::Number(unit) = &table.columns[column].ty else { return };
    for group in groups(table, by) {
        let bands: Vec<Range> = group.iter().filter_map(|(_, row)| band_of(row.cells.get(column)?)).collect();
        let Some(within) = bands.iter().cloned().reduce(|a, b| a.hull(&b)) else { continue };
        let Some((gap, sample)) = band_gap(bands, &within, step_of(unit).as_ref()) else { continue };
        let ty = &table.columns[column].ty;
        let (band, value) = (|lang| words::band(&gap, ty, lang), |lang| words::number(&sample, ty, lang));
        let (name, heading) = (&table.name, &table.columns[column].name);
        found.push(
            Finding::proved(
                Check::Gap,
                Severity::Error,
                (table.article, group.first().map_or(table.span, |(_, row)| row.span)),
                format!("表“{name}”的“{heading}”有空档：{}，例如 {}", band(Lang::Zh), value(Lang::Zh)),
                format!(
                    "`{heading}` of table `{name}` has a gap: {}, for example {}",
                    band(Lang::En),
                    value(Lang::En)
                ),
            )
            .help(
                "把区间接起来，一头写“超过”，一头写“以内”",
                "let the bands meet, one end with and one without its border",
            ),
        );
    }
}

/// Two rows of a column of bands that both hold one number.
fn overlaps(context: &Context<'_>, id: TableId, table: &Table, column: usize, found: &mut Vec<Finding>) {
    for (first, a) in table.rows.iter().enumerate() {
        for (second, b) in table.rows.iter().enumerate().skip(first + 1) {
            if let Some(shared) = shared(a, b, column) {
                tell(context, id, table, (first, second), &[(column, shared)], found);
                return;
            }
        }
    }
}

/// Rows with several bands as keys that both fit one key.
fn boxes(context: &Context<'_>, id: TableId, table: &Table, bands: &[usize], found: &mut Vec<Finding>) {
    let plain: Vec<usize> = (0..table.keys as usize).filter(|column| !bands.contains(column)).collect();
    for group in groups(table, &plain) {
        for (at, (first, a)) in group.iter().enumerate() {
            for (second, b) in &group[at + 1..] {
                let parts: Option<Vec<(usize, Range)>> =
                    bands.iter().map(|column| Some((*column, shared(a, b, *column)?))).collect();
                if let Some(parts) = parts {
                    tell(context, id, table, (*first, *second), &parts, found);
                    return;
                }
            }
        }
    }
}

fn shared(a: &TableRow, b: &TableRow, column: usize) -> Option<Range> {
    band_of(a.cells.get(column)?)?.meet(&band_of(b.cells.get(column)?)?)
}

fn tell(
    context: &Context<'_>,
    id: TableId,
    table: &Table,
    (first, second): (usize, usize),
    parts: &[(usize, Range)],
    found: &mut Vec<Finding>,
) {
    let values = |lang: Lang| {
        let one = |(column, range): &(usize, Range)| {
            let definition = &table.columns[*column];
            let sample = crate::interpret::sample_in(range, None)?;
            Some(format!("{} {}", definition.name, words::number(&sample, &definition.ty, lang)))
        };
        parts.iter().filter_map(one).collect::<Vec<_>>().join(lang.pick("、", ", "))
    };
    let rows =
        |lang| (words::row(context.program, id, first, lang), words::row(context.program, id, second, lang));
    let ((a, b), (a_en, b_en)) = (rows(Lang::Zh), rows(Lang::En));
    found.push(
        Finding::proved(
            Check::Overlap,
            Severity::Error,
            (table.article, table.rows.get(second).map_or(table.span, |row| row.span)),
            format!(
                "表“{}”的“{a}”和“{b}”两行重叠：{} 两行都适用，取的是前一行",
                table.name,
                values(Lang::Zh)
            ),
            format!(
                "the rows {a_en} and {b_en} of table `{}` overlap: {} fits both, the first one is taken",
                table.name,
                values(Lang::En)
            ),
        )
        .help("让每个数只落在一行里", "let every number fall into one row only"),
    );
}
