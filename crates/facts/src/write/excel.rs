//! Writes Excel workbooks row by row with constant memory: typed numbers, words for states, no formulas.

use super::{ResultColumn, ResultTable, ResultValues, WriteError, replace_file};
use crate::column::Status;
use crate::number::to_excel_number;
use hengjie_calendar::Date;
use hengjie_quantity::{Lang, parse_unit};
use rust_xlsxwriter::{
    Color, DocProperties, ExcelDateTime, Format, FormatAlign, Workbook, Worksheet, XlsxError,
};
use std::io;
use std::path::Path;
use unicode_width::UnicodeWidthStr;

/// Data rows of one sheet: Excel has 1,048,576 and the heading takes one.
const SHEET_ROWS: usize = 1_048_575;
/// Rows that are looked at for the width of a column.
const SAMPLED: usize = 500;
/// Width of a column in characters.
const WIDTH: (usize, usize) = (8, 48);
/// Characters of a sheet name.
const NAME_UNITS: usize = 31;

/// Writes tables to one workbook, a sheet each; a table with too many rows goes on in further sheets.
///
/// `notes` become a last sheet 口径与版本 (Notes) with a name and a text per row; without notes there is none.
/// Numbers with more than 15 digits are written as text, because Excel would drop the rest.
///
/// # Errors
/// The file cannot be written; nothing is left of it.
pub fn write_xlsx(
    path: &Path,
    tables: &[ResultTable],
    notes: &[(String, String)],
    lang: Lang,
) -> Result<(), WriteError> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let build = || -> Result<Workbook, XlsxError> {
        let mut workbook = Workbook::new();
        workbook.set_properties(&timeless()?);
        workbook.set_tempdir(folder)?;
        let mut names = Vec::new();
        for table in tables {
            write_table(&mut workbook, table, &mut names, lang)?;
        }
        if !notes.is_empty() {
            write_notes(&mut workbook, notes, &mut names, lang)?;
        }
        Ok(workbook)
    };
    let mut workbook = build().map_err(|error| WriteError::new(path, error))?;
    replace_file(path, |out| workbook.save_to_writer(out).map_err(io::Error::other))
}

fn write_table(
    workbook: &mut Workbook,
    table: &ResultTable,
    names: &mut Vec<String>,
    lang: Lang,
) -> Result<(), XlsxError> {
    let formats: Vec<Format> = table.columns.iter().map(cell_format).collect();
    let states = StateFormats::new();
    let mut start = 0;
    loop {
        let end = table.rows().min(start + SHEET_ROWS);
        let sheet = workbook.add_worksheet_with_constant_memory()?;
        sheet.set_name(fresh_name(&table.name, names))?;
        prepare_sheet(sheet, table, start..end, lang)?;
        for row in start..end {
            let line = line_number(row - start + 1);
            for ((place, column), format) in (0_u16..).zip(&table.columns).zip(&formats) {
                write_cell(sheet, (line, place), column, row, format, &states, lang)?;
            }
        }
        start = end;
        if start >= table.rows() {
            return Ok(());
        }
    }
}

/// Heading, widths, frozen first row and filter.
fn prepare_sheet(
    sheet: &mut Worksheet,
    table: &ResultTable,
    rows: std::ops::Range<usize>,
    lang: Lang,
) -> Result<(), XlsxError> {
    let last = line_number(rows.len());
    for (place, column) in (0_u16..).zip(&table.columns) {
        let sampled =
            rows.clone().take(SAMPLED).map(|row| shown(column, row, lang).width()).max().unwrap_or(0);
        set_width(sheet, place, &[column.heading(lang).width() + 2, sampled])?;
    }
    for (place, column) in (0_u16..).zip(&table.columns) {
        sheet.write_string_with_format(0, place, column.heading(lang), &heading_format())?;
    }
    sheet.set_freeze_panes(1, 0)?;
    if let Some(last_column) = table.columns.len().checked_sub(1) {
        sheet.autofilter(0, 0, last, u16::try_from(last_column).unwrap_or(u16::MAX))?;
    }
    Ok(())
}

fn write_cell(
    sheet: &mut Worksheet,
    (line, place): (u32, u16),
    column: &ResultColumn,
    row: usize,
    format: &Format,
    states: &StateFormats,
    lang: Lang,
) -> Result<(), XlsxError> {
    let status = column.status(row);
    if status != Status::Present {
        sheet.write_string_with_format(line, place, status.word(lang), states.get(status))?;
        return Ok(());
    }
    match &column.values {
        ResultValues::Number { .. } => {
            let decimal = column.text(row, lang);
            match to_excel_number(&decimal) {
                Some(number) => sheet.write_number_with_format(line, place, number, format)?,
                None => sheet.write_string(line, place, decimal)?,
            };
        }
        ResultValues::Date(days) => match excel_date(days[row]) {
            Some(date) => {
                sheet.write_datetime_with_format(line, place, &date, format)?;
            }
            None => {
                sheet.write_string(line, place, days[row].to_string())?;
            }
        },
        // Always text cells: a text cell is never a formula, whatever it starts with.
        _ => {
            sheet.write_string(line, place, column.text(row, lang))?;
        }
    }
    Ok(())
}

/// A sheet with a name and a text per row.
fn write_notes(
    workbook: &mut Workbook,
    notes: &[(String, String)],
    names: &mut Vec<String>,
    lang: Lang,
) -> Result<(), XlsxError> {
    let sheet = workbook.add_worksheet();
    sheet.set_name(fresh_name(lang.pick("口径与版本", "Notes"), names))?;
    let width = notes.iter().map(|(name, _)| name.width()).max().unwrap_or(0);
    set_width(sheet, 0, &[width])?;
    sheet.set_column_width(1, 80)?;
    let wrapped = Format::new().set_text_wrap().set_align(FormatAlign::Top);
    for ((name, text), line) in notes.iter().zip(0..) {
        sheet.write_string_with_format(
            line,
            0,
            name,
            &Format::new().set_bold().set_align(FormatAlign::Top),
        )?;
        sheet.write_string_with_format(line, 1, text, &wrapped)?;
    }
    Ok(())
}

/// How the values of a column look.
fn cell_format(column: &ResultColumn) -> Format {
    match &column.values {
        ResultValues::Number { places, .. } => {
            let money = parse_unit(&column.unit).is_some_and(|(_, unit)| unit.currency().is_some());
            let decimals = match places {
                0 => String::new(),
                places => format!(".{}", "0".repeat(*places as usize)),
            };
            let whole = if money { "#,##0" } else { "0" };
            let plain = format!("{whole}{decimals}");
            Format::new().set_num_format(if money { format!("{plain};[Red]-{plain}") } else { plain })
        }
        ResultValues::Date(_) => Format::new().set_num_format("yyyy-mm-dd"),
        _ => Format::new(),
    }
}

/// Colours of the states; the word says the same without colour.
struct StateFormats {
    missing: Format,
    undecided: Format,
    absent: Format,
}

impl StateFormats {
    fn new() -> Self {
        let coloured = |font: u32, fill: u32| {
            Format::new()
                .set_font_color(Color::RGB(font))
                .set_background_color(Color::RGB(fill))
                .set_align(FormatAlign::Center)
        };
        Self {
            missing: coloured(0x00A8_071A, 0x00FF_F1F0),
            undecided: coloured(0x0087_3800, 0x00FF_F7E6),
            absent: coloured(0x0059_5959, 0x00FA_FAFA),
        }
    }

    fn get(&self, status: Status) -> &Format {
        match status {
            Status::Missing => &self.missing,
            Status::Undecided => &self.undecided,
            _ => &self.absent,
        }
    }
}

/// The look of headings, in results and templates.
pub(crate) fn heading_format() -> Format {
    Format::new()
        .set_bold()
        .set_background_color(Color::RGB(0x00E6_F4FF))
        .set_text_wrap()
        .set_align(FormatAlign::VerticalCenter)
}

/// Makes a column wide enough; Chinese characters count twice.
pub(crate) fn set_width(sheet: &mut Worksheet, column: u16, widths: &[usize]) -> Result<(), XlsxError> {
    let widest = widths.iter().copied().max().unwrap_or(0);
    let width = (widest + 2).clamp(WIDTH.0, WIDTH.1);
    sheet.set_column_width(column, u32::try_from(width).unwrap_or(u32::MAX))?;
    Ok(())
}

/// A name that Excel allows for a sheet.
pub(crate) fn sheet_name(name: &str) -> String {
    let allowed = |character: char| {
        if matches!(character, '[' | ']' | ':' | '*' | '?' | '/' | '\\') || character.is_control() {
            '_'
        } else {
            character
        }
    };
    let cleaned: String = name.chars().map(allowed).collect();
    let cut = cut(cleaned.trim_matches('\''), NAME_UNITS);
    if cut.is_empty() { "_".to_owned() } else { cut }
}

/// A sheet name that is not in use yet.
fn fresh_name(name: &str, used: &mut Vec<String>) -> String {
    let base = sheet_name(name);
    let taken = |candidate: &String, used: &[String]| {
        used.iter().any(|other| other.to_lowercase() == candidate.to_lowercase())
    };
    let numbered = (2..).map(|number| format!("{}({number})", cut(&base, NAME_UNITS - 8)));
    let fresh = std::iter::once(base.clone())
        .chain(numbered)
        .find(|candidate| !taken(candidate, used))
        .unwrap_or(base);
    used.push(fresh.clone());
    fresh
}

/// The start of a text, at most so many UTF-16 units long.
fn cut(text: &str, units: usize) -> String {
    let mut left = units;
    text.chars()
        .take_while(|character| {
            let fits = character.len_utf16() <= left;
            left = left.saturating_sub(character.len_utf16());
            fits
        })
        .collect()
}

/// A cell as people see it, for the width of its column.
fn shown(column: &ResultColumn, row: usize, lang: Lang) -> String {
    match column.status(row) {
        Status::Present => {
            let text = column.text(row, lang);
            let separators =
                if matches!(column.values, ResultValues::Number { .. }) { text.len() / 3 } else { 0 };
            text + &" ".repeat(separators)
        }
        status => status.word(lang).to_owned(),
    }
}

fn excel_date(date: Date) -> Option<ExcelDateTime> {
    let (year, month, day) = date.year_month_day();
    ExcelDateTime::from_ymd(u16::try_from(year).ok()?, month, day).ok()
}

fn line_number(row: usize) -> u32 {
    u32::try_from(row).unwrap_or(u32::MAX)
}

/// Properties without the time of writing: the same results give the same bytes.
pub(crate) fn timeless() -> Result<DocProperties, XlsxError> {
    Ok(DocProperties::new().set_creation_datetime(&ExcelDateTime::from_ymd(2000, 1, 1)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sheet_names_are_allowed_and_different() {
        let long = "客户经理".repeat(10);
        let mut used = Vec::new();
        assert_eq!(fresh_name("人员/每年", &mut used), "人员_每年");
        assert_eq!(fresh_name("人员[每年", &mut used), "人员_每年(2)");
        assert_eq!(fresh_name(&long, &mut used).chars().count(), 31);
        assert_eq!(fresh_name(&long, &mut used).chars().count(), 26);
        assert_eq!(sheet_name("''"), "_");
        assert_eq!(sheet_name(&"𬭩".repeat(20)).chars().count(), 15);
    }
}
