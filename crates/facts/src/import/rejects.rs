//! The rows that were not taken: their cells as the source has them and why, as a table that can be mended and imported again.

use super::ImportRequest;
use super::delivery::{Delivery, Verdict};
use crate::fault::{Fault, Severity};
use crate::load::original;
use crate::write::{ResultColumn, ResultTable, ResultValues};
use arrow_array::StringArray;
use hengjie_quantity::Lang;
use std::collections::{BTreeMap, BTreeSet};

/// The headings that are ours, in both languages: they are no columns of the source when the table comes back.
const ROW_HEADINGS: [&str; 2] = ["行号", "row number"];
const REASON_HEADINGS: [&str; 2] = ["失败原因", "reason"];

/// Characters of a cell that are handed back. Excel counts in halves of some of them and holds 32,767.
const LONGEST: usize = 16_000;

/// The rejected rows of a delivery; `None` when there are none, or the file as a whole is wrong.
pub(super) fn table(delivery: &Delivery, request: &ImportRequest<'_>) -> Option<ResultTable> {
    let rejected = delivery.rows_with(|verdict| verdict == Verdict::Rejected);
    let numbers: BTreeSet<u32> =
        rejected.iter().map(|row| delivery.table.row_number(*row as usize)).collect();
    if numbers.is_empty() {
        return None;
    }
    let sheet = delivery.table.sheet.as_deref();
    let original = original(&delivery.found, sheet, &numbers, &request.limits).unwrap_or_default();
    let cells: BTreeMap<u32, &Vec<String>> = original.rows.iter().map(|(row, cells)| (*row, cells)).collect();
    let width = cells.values().map(|cells| cells.len()).max().unwrap_or(0).max(original.headings.len());
    let column = |name: &str, texts: StringArray| ResultColumn::new(name, "", ResultValues::Text(texts));
    let (lang, reasons) = (request.lang, reasons(delivery.faults.listed(), request.lang));
    let numbers_text = numbers.iter().map(|row| Some(row.to_string())).collect();
    let mut columns = vec![column(lang.pick(ROW_HEADINGS[0], ROW_HEADINGS[1]), numbers_text)];
    let is_ours = |heading: &str| ROW_HEADINGS.contains(&heading) || REASON_HEADINGS.contains(&heading);
    for place in 0..width {
        let heading = original.headings.get(place).map_or("", String::as_str);
        if !is_ours(heading) {
            let cell = |row: &u32| Some(fit(cells.get(row)?.get(place)?));
            columns
                .push(column(heading, numbers.iter().map(|row| cell(row).or(Some(String::new()))).collect()));
        }
    }
    let reason = |row: &u32| Some(reasons.get(row).map_or_else(String::new, |reason| fit(reason)));
    columns.push(column(
        lang.pick(REASON_HEADINGS[0], REASON_HEADINGS[1]),
        numbers.iter().map(reason).collect(),
    ));
    Some(ResultTable { name: delivery.spec.name.clone(), columns })
}

/// A cell that a workbook can hold: what is too long is cut, and the reason beside it says that it is.
fn fit(cell: &str) -> String {
    match cell.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}…", &cell[..end]),
        None => cell.to_owned(),
    }
}

/// What is wrong with each row, in words.
fn reasons(faults: &[Fault], lang: Lang) -> BTreeMap<u32, String> {
    let mut reasons: BTreeMap<u32, String> = BTreeMap::new();
    for fault in faults.iter().filter(|fault| fault.severity == Severity::Error) {
        let Some(row) = fault.row else { continue };
        let reason = reasons.entry(row).or_default();
        if !reason.is_empty() {
            reason.push_str(lang.pick("；", "; "));
        }
        if let Some(column) = &fault.column {
            reason.push_str(&match lang {
                Lang::Zh => format!("「{column}」"),
                Lang::En => format!("“{column}”: "),
            });
        }
        reason.push_str(lang.pick(&fault.zh, &fault.en));
        let help = lang.pick(&fault.help_zh, &fault.help_en);
        if !help.is_empty() {
            reason.push_str(lang.pick("。", ". "));
            reason.push_str(help);
        }
    }
    reasons
}
