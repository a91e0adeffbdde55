//! Reads Excel workbooks (.xlsx), cell by cell and never as a dense grid, after the archive has been checked.

use super::csv::no_heading;
use super::find::{Found, file_name, too_large, unreadable};
use super::original::Original;
use super::rows::{RowTable, too_many_columns};
use super::{Job, guarded};
use crate::archive::{check_workbook, damaged};
use crate::cell::{Cell, half_width};
use crate::column::LoadedTable;
use crate::fault::{Fault, Faults};
use crate::limits::Limits;
use crate::number::excel_number;
use crate::template::{is_notes_sheet, sheet_name};
use calamine::{DataRef, ExcelDateTime, Reader, SheetVisible, Xlsx};
use hengjie_calendar::Date;
use std::collections::BTreeSet;
use std::fs;
use std::io::Cursor;
use std::path::Path;

/// An open workbook.
struct Workbook {
    xlsx: Xlsx<Cursor<Vec<u8>>>,
    /// Sheets that people see, in order.
    sheets: Vec<String>,
    /// The others.
    hidden: Vec<String>,
    has_merged_cells: bool,
}

/// Reads the table of a file of its own.
pub(super) fn load_file(job: &Job<'_>, found: &Found, faults: &mut Faults) -> Option<LoadedTable> {
    let mut workbook = open(&found.path, job.limits).map_err(|fault| faults.push(fault)).ok()?;
    let sheet = choose_sheet(job, &workbook, faults)?;
    faults.set_sheet(&sheet);
    read_guarded(job, &mut workbook, &found.name, &sheet, faults)
}

/// Reads every table of a workbook from its sheet.
pub(super) fn load_sheets(
    path: &Path,
    jobs: &[Job<'_>],
    whole: &mut Faults,
) -> Vec<(Option<LoadedTable>, Faults)> {
    let file = file_name(path);
    let nothing = |job: &Job<'_>| (None, Faults::new(&file, job.limits.faults_per_table));
    let Some(limits) = jobs.first().map(|job| job.limits) else { return Vec::new() };
    let mut workbook = match open(path, limits) {
        Ok(workbook) => workbook,
        Err(fault) => {
            whole.push(fault);
            return jobs.iter().map(nothing).collect();
        }
    };
    let mut used = Vec::new();
    let mut results = Vec::with_capacity(jobs.len());
    for job in jobs {
        let mut faults = nothing(job).1;
        let sheet = workbook.sheets.iter().find(|sheet| is_sheet_of(sheet, job)).cloned();
        let table = match sheet {
            Some(sheet) => {
                faults.set_sheet(&sheet);
                let table = read_guarded(job, &mut workbook, &file, &sheet, &mut faults);
                used.push(sheet);
                table
            }
            None => {
                if job.spec.required {
                    faults.push(missing_sheet(job, &workbook));
                }
                None
            }
        };
        results.push((table, faults));
    }
    for sheet in workbook.sheets.iter().filter(|sheet| !used.contains(sheet) && !is_notes_sheet(sheet)) {
        whole.push(
            Fault::warning(
                "HJ1011",
                format!("工作表「{sheet}」没有用到"),
                format!("the sheet “{sheet}” is not used"),
            )
            .value(sheet)
            .help("工作表要与制度里的表同名", "a sheet must have the name of a table of the policy"),
        );
    }
    results
}

/// Some rows of a sheet as people read them.
pub(super) fn original(
    found: &Found,
    sheet: &str,
    wanted: &BTreeSet<u32>,
    limits: &Limits,
) -> Result<Original, Fault> {
    let mut workbook = open(&found.path, limits)?;
    let mut rows = SheetRows::new(&mut workbook, sheet)?;
    let (mut row, mut original) = (SheetRow::default(), Original::default());
    let texts = |row: &SheetRow<'_>| {
        row.cells.iter().map(|cell| cell.cell().shown().into_owned()).collect::<Vec<_>>()
    };
    if rows.read(&mut row, limits)? {
        original.headings = texts(&row);
    }
    while rows.read(&mut row, limits)? {
        original.push(wanted, row.number, || texts(&row));
    }
    Ok(original)
}

/// Opens a workbook after checking it.
fn open(path: &Path, limits: &Limits) -> Result<Workbook, Fault> {
    let size = fs::metadata(path).map_err(|error| unreadable(&error))?.len();
    if let Some(fault) = too_large(size, limits.workbook_bytes) {
        return Err(fault);
    }
    let bytes = fs::read(path).map_err(|error| unreadable(&error))?;
    let checked = check_workbook(&bytes, limits)?;
    let xlsx = guarded(|| Xlsx::new(Cursor::new(bytes)).map_err(|error| damaged(&error.to_string())))?;
    let (sheets, hidden): (Vec<_>, Vec<_>) =
        xlsx.sheets_metadata().iter().partition(|sheet| sheet.visible == SheetVisible::Visible);
    let names = |sheets: Vec<&calamine::Sheet>| sheets.iter().map(|sheet| sheet.name.clone()).collect();
    let (sheets, hidden) = (names(sheets), names(hidden));
    Ok(Workbook { xlsx, sheets, hidden, has_merged_cells: checked.has_merged_cells })
}

/// Is a sheet meant for a table?
fn is_sheet_of(sheet: &str, job: &Job<'_>) -> bool {
    let wanted = job.mapping.and_then(|mapping| mapping.sheet.as_deref());
    let wanted = wanted.map_or_else(|| sheet_name(&job.spec.name), str::to_owned);
    half_width(sheet.trim()) == half_width(&wanted)
}

/// The sheet of a file that holds one table: the one with its name, or the only one.
fn choose_sheet(job: &Job<'_>, workbook: &Workbook, faults: &mut Faults) -> Option<String> {
    let sheets = &workbook.sheets;
    if let Some(sheet) = sheets.iter().find(|sheet| is_sheet_of(sheet, job)) {
        return Some(sheet.clone());
    }
    let named = job.mapping.is_some_and(|mapping| mapping.sheet.is_some());
    let candidates: Vec<&String> = sheets.iter().filter(|sheet| !is_notes_sheet(sheet)).collect();
    if let ([only], false) = (candidates.as_slice(), named) {
        return Some((*only).clone());
    }
    faults.push(missing_sheet(job, workbook));
    None
}

fn missing_sheet(job: &Job<'_>, workbook: &Workbook) -> Fault {
    let wanted =
        job.mapping.and_then(|mapping| mapping.sheet.clone()).unwrap_or_else(|| sheet_name(&job.spec.name));
    let fault =
        Fault::error("HJ1010", format!("缺少工作表「{wanted}」"), format!("the sheet “{wanted}” is missing"));
    if workbook.hidden.iter().any(|sheet| is_sheet_of(sheet, job)) {
        return fault.help("它是隐藏的：取消隐藏", "it is hidden: make it visible");
    }
    let there = &workbook.sheets;
    match there.is_empty() {
        true => fault.help("文件里没有看得见的工作表", "no sheet of the file is visible"),
        false => fault
            .help(format!("文件里有：{}", there.join("、")), format!("the file has: {}", there.join(", "))),
    }
}

/// Reads one sheet; whatever its content does to the reader, a fault comes back.
fn read_guarded(
    job: &Job<'_>,
    workbook: &mut Workbook,
    file: &str,
    sheet: &str,
    faults: &mut Faults,
) -> Option<LoadedTable> {
    let cap = job.limits.faults_per_table;
    let result = guarded(|| {
        let mut found = Faults::new(file, cap);
        found.set_sheet(sheet);
        let table = read(job, workbook, file, sheet, &mut found)?;
        Ok((table, found))
    });
    match result {
        Ok((table, found)) => {
            faults.append(found);
            table
        }
        Err(fault) => {
            faults.push(fault);
            None
        }
    }
}

fn read(
    job: &Job<'_>,
    workbook: &mut Workbook,
    file: &str,
    sheet: &str,
    faults: &mut Faults,
) -> Result<Option<LoadedTable>, Fault> {
    if workbook.has_merged_cells {
        report_merged(workbook, sheet, faults)?;
    }
    let mut rows = SheetRows::new(workbook, sheet)?;
    let mut row = SheetRow::default();
    if !rows.read(&mut row, job.limits)? {
        faults.push(no_heading());
        return Ok(None);
    }
    if row.cells.len() > job.limits.columns {
        faults.push(too_many_columns(job.limits.columns));
        return Ok(None);
    }
    let headings: Vec<String> = row.cells.iter().map(|cell| cell.cell().shown().into_owned()).collect();
    let first = row.number + 1;
    let mut table = RowTable::new(job, &headings, faults);
    while rows.read(&mut row, job.limits)? {
        table.push(row.number, row.cells.len(), |index| row.cell(index), faults);
        job.report(file, table.len() as u64, None, false);
    }
    if let Some(row) = rows.date_1904 {
        faults.push(dates_from_1904().row(row));
    }
    Ok(Some(table.finish(file, Some(sheet.to_owned()), first, faults)))
}

/// Only the first cell of a merged range holds the value; the others would silently count as missing.
fn report_merged(workbook: &mut Workbook, sheet: &str, faults: &mut Faults) -> Result<(), Fault> {
    let merged =
        workbook.xlsx.merge_cells_by_sheet_name(sheet).map_err(|error| damaged(&error.to_string()))?;
    for range in merged {
        let (first, last) = (range.start.0 + 1, range.end.0 + 1);
        faults.push(
            Fault::error(
                "HJ1012",
                format!("第 {first} 行到第 {last} 行有合并的单元格，只有左上角一格有值"),
                format!("cells of rows {first} to {last} are merged; only the first of them has a value"),
            )
            .row(first)
            .help("取消合并，每一格都填上", "unmerge them and fill every cell"),
        );
    }
    Ok(())
}

fn is_percent(style: &calamine::Style) -> bool {
    style.number_format.as_ref().is_some_and(|format| format.format_code.contains('%'))
}

/// Reads a sheet row by row. Cells come in order; a file where they do not is damaged.
struct SheetRows<'a> {
    reader: calamine::XlsxCellReader<'a, Cursor<Vec<u8>>>,
    /// By style: is a number shown as a percentage?
    percent: Vec<bool>,
    is_1904: bool,
    /// The first cell of the row after the current one.
    next: Option<(u32, u32, Held<'a>)>,
    ended: bool,
    /// Filled cells so far.
    cells: u64,
    /// Row of the first date counted from 1904.
    date_1904: Option<u32>,
}

fn dates_from_1904() -> Fault {
    Fault::error(
        "HJ1013",
        "文件用 1904 年日期系统，日期会差四年",
        "the file counts dates from 1904, four years off",
    )
    .help(
        "在 Excel 选项里取消「使用 1904 日期系统」，核对日期后另存",
        "switch the 1904 date system off in the options of Excel, check the dates and save again",
    )
}

/// One row of a sheet.
#[derive(Default)]
struct SheetRow<'a> {
    /// As people count.
    number: u32,
    cells: Vec<Held<'a>>,
}

impl SheetRow<'_> {
    fn cell(&self, index: usize) -> Cell<'_> {
        self.cells.get(index).map_or(Cell::Empty, Held::cell)
    }
}

/// A cell with its text.
#[derive(Default)]
enum Held<'a> {
    #[default]
    Empty,
    Shared(&'a str),
    Text(String),
    Number {
        decimal: String,
        percent: bool,
        rounded: bool,
    },
    Bool(bool),
    Date(Date),
    Broken(String),
}

impl Held<'_> {
    fn cell(&self) -> Cell<'_> {
        match self {
            Self::Empty => Cell::Empty,
            Self::Shared(text) => Cell::Text(text),
            Self::Text(text) => Cell::Text(text),
            Self::Number { decimal, percent, rounded } => {
                Cell::Number { decimal, percent: *percent, rounded: *rounded }
            }
            Self::Bool(value) => Cell::Bool(*value),
            Self::Date(date) => Cell::Date(*date),
            Self::Broken(text) => Cell::Broken(text),
        }
    }
}

impl<'a> SheetRows<'a> {
    fn new(workbook: &'a mut Workbook, sheet: &str) -> Result<Self, Fault> {
        let is_1904 = workbook.xlsx.has_1904_epoch();
        let reader =
            workbook.xlsx.worksheet_cells_reader(sheet).map_err(|error| damaged(&error.to_string()))?;
        let percent = reader.styles().iter().map(is_percent).collect();
        Ok(Self { reader, percent, is_1904, next: None, ended: false, cells: 0, date_1904: None })
    }

    /// Reads the next row that has filled cells; false at the end.
    fn read(&mut self, row: &mut SheetRow<'a>, limits: &Limits) -> Result<bool, Fault> {
        row.cells.clear();
        let Some((number, column, cell)) = self.take(limits)? else { return Ok(false) };
        row.number = number + 1;
        place(&mut row.cells, column, cell, limits)?;
        while let Some((next, column, cell)) = self.take(limits)? {
            if next != number {
                if next < number {
                    return Err(damaged("rows out of order"));
                }
                self.next = Some((next, column, cell));
                break;
            }
            place(&mut row.cells, column, cell, limits)?;
        }
        Ok(true)
    }

    /// The next filled cell: row and column from 0.
    fn take(&mut self, limits: &Limits) -> Result<Option<(u32, u32, Held<'a>)>, Fault> {
        if let Some(next) = self.next.take() {
            return Ok(Some(next));
        }
        // Past its end the reader would report a damaged file.
        while !self.ended {
            let next = self.reader.next_cell_with_style_id().map_err(|error| damaged(&error.to_string()))?;
            let Some((cell, style)) = next else {
                self.ended = true;
                break;
            };
            let (row, column) = cell.get_position();
            let percent = self.percent.get(style).copied().unwrap_or(false);
            let held = self.hold(cell.get_value().clone(), row + 1, percent);
            if matches!(held, Held::Empty) {
                continue;
            }
            self.cells += 1;
            if self.cells > limits.sheet_cells {
                let limit = limits.sheet_cells;
                return Err(Fault::error(
                    "HJ1014",
                    format!("超过 {limit} 格"),
                    format!("more than {limit} cells"),
                )
                .help("改用 CSV 或 Parquet", "use CSV or Parquet"));
            }
            return Ok(Some((row, column, held)));
        }
        Ok(None)
    }

    fn hold(&mut self, value: DataRef<'a>, row: u32, percent: bool) -> Held<'a> {
        match value {
            DataRef::Empty => Held::Empty,
            DataRef::SharedString("") => Held::Empty,
            DataRef::SharedString(text) => Held::Shared(text),
            DataRef::String(text) if text.is_empty() => Held::Empty,
            DataRef::String(text) | DataRef::DateTimeIso(text) | DataRef::DurationIso(text) => {
                Held::Text(text)
            }
            DataRef::Int(value) => Held::Number { decimal: value.to_string(), percent, rounded: false },
            DataRef::Float(value) => match excel_number(value) {
                Some(number) => Held::Number { decimal: number.text, percent, rounded: number.rounded },
                None => Held::Broken(value.to_string()),
            },
            DataRef::Bool(value) => Held::Bool(value),
            DataRef::DateTime(value) => self.hold_date(&value, row),
            DataRef::Error(error) => Held::Broken(error.to_string()),
        }
    }

    fn hold_date(&mut self, value: &ExcelDateTime, row: u32) -> Held<'a> {
        if self.is_1904 {
            self.date_1904.get_or_insert(row);
            return Held::Empty;
        }
        let (year, month, day, ..) = value.to_ymd_hms_milli();
        match Date::new(i32::from(year), month, day) {
            Some(date) if value.is_datetime() => Held::Date(date),
            // A time without a day, or a day outside the calendar.
            _ => Held::Broken(excel_number(value.as_f64()).map_or_else(String::new, |number| number.text)),
        }
    }
}

/// Puts a cell into its place of the row.
fn place<'a>(cells: &mut Vec<Held<'a>>, column: u32, cell: Held<'a>, limits: &Limits) -> Result<(), Fault> {
    let column = column as usize;
    if column >= limits.columns {
        return Err(too_many_columns(limits.columns));
    }
    if column >= cells.len() {
        cells.resize_with(column + 1, Held::default);
    }
    cells[column] = cell;
    Ok(())
}
