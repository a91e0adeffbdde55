//! Templates that people fill in: one workbook with a sheet per table, and a CSV file per table.
//!
//! The example row starts with 示例 (example); the loader leaves it out.

mod sheet;

pub(crate) use crate::write::sheet_name;

use crate::bilingual::Bilingual;
use crate::spec::{ColumnKind, ColumnSpec, TableSpec};
use crate::write::{WriteError, replace_file, write_rows};
use hengjie_calendar::Grain;
use hengjie_quantity::Lang;
use rust_xlsxwriter::{Workbook, XlsxError};
use std::io;
use std::path::{Path, PathBuf};

/// Names of sheets that explain and hold no data, in both languages.
const NOTES_SHEETS: [&str; 4] = ["说明", "Notes", "口径与版本", "选项"];

/// Is it a sheet that explains?
pub(crate) fn is_notes_sheet(sheet: &str) -> bool {
    NOTES_SHEETS.iter().any(|known| sheet.trim().eq_ignore_ascii_case(known))
}

/// Writes 模板.xlsx (template.xlsx) and `name.csv` for every table into a folder, and tells their paths.
///
/// # Errors
/// One of the files exists already (filled-in tables are never overwritten), or cannot be written.
pub fn write_templates(folder: &Path, specs: &[TableSpec], lang: Lang) -> Result<Vec<PathBuf>, WriteError> {
    let workbook = folder.join(lang.pick("模板.xlsx", "template.xlsx"));
    let texts: Vec<PathBuf> = specs.iter().map(|spec| folder.join(format!("{}.csv", spec.name))).collect();
    let paths: Vec<PathBuf> = std::iter::once(workbook.clone()).chain(texts.iter().cloned()).collect();
    if let Some(existing) = paths.iter().find(|path| path.exists()) {
        return Err(WriteError::because(
            existing,
            &Bilingual::new("文件已经存在", "the file exists already"),
        ));
    }
    let mut book = build(specs, lang).map_err(|error| WriteError::new(&workbook, error))?;
    replace_file(&workbook, |out| book.save_to_writer(out).map_err(io::Error::other))?;
    for (spec, path) in specs.iter().zip(&texts) {
        let headings = spec.columns.iter().map(|column| heading(column, lang)).collect();
        replace_file(path, |out| write_rows(out, &[headings, example_row(spec, lang)]))?;
    }
    Ok(paths)
}

fn build(specs: &[TableSpec], lang: Lang) -> Result<Workbook, XlsxError> {
    let mut workbook = Workbook::new();
    workbook.set_properties(&crate::write::timeless()?);
    let lists = sheet::Lists::new(specs);
    sheet::write_notes(workbook.add_worksheet(), specs, lang)?;
    for spec in specs {
        sheet::write_table(workbook.add_worksheet(), spec, &lists, lang)?;
    }
    lists.write(&mut workbook)?;
    Ok(workbook)
}

/// The heading of a column with its unit.
fn heading(column: &ColumnSpec, lang: Lang) -> String {
    match &column.kind {
        ColumnKind::Number { unit } if !unit.is_none() => match lang {
            Lang::Zh => format!("{}（{unit}）", column.name),
            Lang::En => format!("{} ({})", column.name, unit.en()),
        },
        _ => column.name.clone(),
    }
}

/// The cells of the example row.
fn example_row(spec: &TableSpec, lang: Lang) -> Vec<String> {
    let mut cells: Vec<String> = spec.columns.iter().map(|column| example(column, lang)).collect();
    if let Some(first) = cells.first_mut() {
        let mark = lang.pick("示例：", "example: ");
        first.insert_str(0, mark);
    }
    cells
}

/// A cell as a person would fill it in.
fn example(column: &ColumnSpec, lang: Lang) -> String {
    if !column.example.is_empty() {
        return column.example.clone();
    }
    match &column.kind {
        ColumnKind::Number { unit } if unit.is_none() => "12%",
        ColumnKind::Number { .. } => "100",
        ColumnKind::Bool => lang.pick("是", "yes"),
        // Text that may be left out, unless the caller has a better idea.
        ColumnKind::Text => "",
        ColumnKind::Key | ColumnKind::Reference { .. } => "1001",
        ColumnKind::Date | ColumnKind::Period(Some(Grain::Day)) => "2025-03-31",
        ColumnKind::Period(Some(Grain::Week)) => "2025年第9周",
        ColumnKind::Period(Some(Grain::Month)) => "2025年3月",
        ColumnKind::Period(Some(Grain::Quarter)) => "2025年1季",
        ColumnKind::Period(Some(Grain::HalfYear)) => "2025年上半年",
        ColumnKind::Period(Some(Grain::Year) | None) => "2025年",
        ColumnKind::Choice(items) => items.first().map_or("", String::as_str),
    }
    .to_owned()
}
