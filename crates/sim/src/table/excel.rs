//! Excel workbooks with one sheet.

use super::{Cell, Column, Kind, Written, decimal, word};
use crate::SimError;
use hengjie_calendar::Date;
use rust_xlsxwriter::{DocProperties, ExcelDateTime, Format, Workbook, Worksheet, XlsxError};
use std::path::{Path, PathBuf};

pub(super) struct Sink {
    path: PathBuf,
    book: Workbook,
    next_row: u32,
    day: Format,
    percent: Format,
}

impl std::fmt::Debug for Sink {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter
            .debug_struct("Sink")
            .field("path", &self.path)
            .field("next_row", &self.next_row)
            .finish_non_exhaustive()
    }
}

impl Sink {
    pub(super) fn create(path: &Path, name: &str, columns: &[Column]) -> Result<Self, SimError> {
        Self::start(path, name, columns).map_err(|error| SimError::file(path, error))
    }

    fn start(path: &Path, name: &str, columns: &[Column]) -> Result<Self, XlsxError> {
        let mut book = Workbook::new();
        // The same file whenever it is made.
        let made = ExcelDateTime::from_ymd(2026, 1, 5)?;
        book.set_properties(&DocProperties::new().set_author("演示数据").set_creation_datetime(&made));
        let sheet = book.add_worksheet();
        sheet.set_name(name)?;
        sheet.set_freeze_panes(1, 0)?;
        for (place, column) in (0..).zip(columns) {
            sheet.write_string_with_format(0, place, column.heading(), &Format::new().set_bold())?;
            sheet.set_column_width(place, 14)?;
        }
        let day = Format::new().set_num_format("yyyy-mm-dd");
        let percent = Format::new().set_num_format("0.00%");
        Ok(Self { path: path.to_owned(), book, next_row: 1, day, percent })
    }

    pub(super) fn row(&mut self, columns: &[Column], cells: &[Cell<'_>]) -> Result<(), SimError> {
        let written = self.write(columns, cells);
        self.next_row += 1;
        written.map_err(|error| SimError::file(&self.path, error))
    }

    fn write(&mut self, columns: &[Column], cells: &[Cell<'_>]) -> Result<(), XlsxError> {
        let row = self.next_row;
        let sheet = self.book.worksheet_from_index(0)?;
        for ((place, column), cell) in (0..).zip(columns).zip(cells) {
            match cell {
                Cell::Empty => {}
                Cell::Text(text) => _ = sheet.write_string(row, place, text.as_ref())?,
                Cell::Flag(flag) => _ = sheet.write_string(row, place, word(*flag))?,
                Cell::Day(day) => {
                    _ = sheet.write_datetime_with_format(row, place, excel_day(*day)?, &self.day)?
                }
                Cell::Number(value) if column.kind == Kind::Ratio => {
                    _ = sheet.write_number_with_format(
                        row,
                        place,
                        binary(&decimal(*value, 4)),
                        &self.percent,
                    )?;
                }
                Cell::Number(value) => write_number(sheet, row, place, column.kind, *value)?,
            }
        }
        Ok(())
    }

    pub(super) fn finish(mut self) -> Result<(), SimError> {
        self.book.save(&self.path).map_err(|error| SimError::file(&self.path, error))
    }
}

fn write_number(
    sheet: &mut Worksheet,
    row: u32,
    place: u16,
    kind: Kind,
    value: i64,
) -> Result<(), XlsxError> {
    let places = match kind {
        Kind::Money(Written::Yuan) | Kind::Points => 2,
        Kind::Money(written) => written.places(),
        _ => 0,
    };
    sheet.write_number(row, place, binary(&decimal(value, places)))?;
    Ok(())
}

/// The number that Excel keeps for a decimal: the nearest one it has.
fn binary(decimal: &str) -> f64 {
    decimal.parse().unwrap_or_default()
}

fn excel_day(day: Date) -> Result<ExcelDateTime, XlsxError> {
    let (year, month, day) = day.year_month_day();
    ExcelDateTime::from_ymd(year as u16, month, day)
}
