//! Tables as files: one row after the other, into CSV, Excel or Parquet.

mod csv;
mod excel;
mod parquet;

use crate::SimError;
use hengjie_calendar::Date;
use std::borrow::Cow;
use std::path::Path;

/// How a table is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Format {
    /// With the mark that Excel needs to see UTF-8.
    Csv,
    Excel,
    Parquet,
}

impl Format {
    fn ending(self) -> &'static str {
        match self {
            Self::Csv => "csv",
            Self::Excel => "xlsx",
            Self::Parquet => "parquet",
        }
    }
}

/// A column.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Column {
    name: &'static str,
    kind: Kind,
}

/// What the cells of a column hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Text,
    Flag,
    Day,
    Count,
    /// Cells are in 1/100 of a point.
    Points,
    /// Cells are in 1/10,000.
    Ratio,
    /// Cells are in 1/100 of the currency; written for people in 1 or 10,000 of it.
    Money(Written),
}

/// The unit in which people write an amount.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Written {
    Yuan,
    TenThousandYuan,
    TenThousandDollars,
}

impl Written {
    fn unit(self) -> &'static str {
        match self {
            Self::Yuan => "元",
            Self::TenThousandYuan => "万元",
            Self::TenThousandDollars => "万美元",
        }
    }

    /// Digits behind the point of an amount in cents.
    fn places(self) -> usize {
        match self {
            Self::Yuan => 2,
            Self::TenThousandYuan | Self::TenThousandDollars => 6,
        }
    }
}

/// A column of text.
pub(crate) const fn text(name: &'static str) -> Column {
    Column { name, kind: Kind::Text }
}

/// A column of 是 and 否.
pub(crate) const fn flag(name: &'static str) -> Column {
    Column { name, kind: Kind::Flag }
}

/// A column of days.
pub(crate) const fn day(name: &'static str) -> Column {
    Column { name, kind: Kind::Day }
}

/// A column of whole numbers.
pub(crate) const fn count(name: &'static str) -> Column {
    Column { name, kind: Kind::Count }
}

/// A column of points.
pub(crate) const fn points(name: &'static str) -> Column {
    Column { name, kind: Kind::Points }
}

/// A column of percentages.
pub(crate) const fn ratio(name: &'static str) -> Column {
    Column { name, kind: Kind::Ratio }
}

/// A column of amounts in yuan.
pub(crate) const fn yuan(name: &'static str) -> Column {
    Column { name, kind: Kind::Money(Written::Yuan) }
}

/// A column of amounts in ten thousand yuan.
pub(crate) const fn wan(name: &'static str) -> Column {
    Column { name, kind: Kind::Money(Written::TenThousandYuan) }
}

/// A column of amounts in ten thousand dollars.
pub(crate) const fn wan_dollars(name: &'static str) -> Column {
    Column { name, kind: Kind::Money(Written::TenThousandDollars) }
}

impl Column {
    /// The heading that people write: with the unit of an amount.
    fn heading(&self) -> String {
        match self.kind {
            Kind::Money(written) => format!("{}（{}）", self.name, written.unit()),
            _ => self.name.to_owned(),
        }
    }
}

/// A cell. Its kind must be the one of the column.
#[derive(Debug, Clone)]
pub(crate) enum Cell<'a> {
    /// Not known.
    Empty,
    Text(Cow<'a, str>),
    Flag(bool),
    Day(Date),
    /// A number in the unit of [`Kind`].
    Number(i64),
}

impl<'a> From<&'a str> for Cell<'a> {
    fn from(text: &'a str) -> Self {
        Cell::Text(Cow::Borrowed(text))
    }
}

impl<'a> From<&'a String> for Cell<'a> {
    fn from(text: &'a String) -> Self {
        Cell::Text(Cow::Borrowed(text))
    }
}

impl From<String> for Cell<'_> {
    fn from(text: String) -> Self {
        Cell::Text(Cow::Owned(text))
    }
}

impl From<bool> for Cell<'_> {
    fn from(flag: bool) -> Self {
        Cell::Flag(flag)
    }
}

impl From<Date> for Cell<'_> {
    fn from(day: Date) -> Self {
        Cell::Day(day)
    }
}

impl From<i64> for Cell<'_> {
    fn from(number: i64) -> Self {
        Cell::Number(number)
    }
}

impl<'a, T: Into<Cell<'a>>> From<Option<T>> for Cell<'a> {
    fn from(value: Option<T>) -> Self {
        value.map_or(Cell::Empty, Into::into)
    }
}

/// A row of cells: `row!["G0001", 5, day]`.
macro_rules! row {
    ($($cell:expr),* $(,)?) => { [$($crate::table::Cell::from($cell)),*] };
}
pub(crate) use row;

/// A table that was written.
#[derive(Debug, Clone)]
pub(crate) struct Finished {
    /// Name of the file.
    pub(crate) file: String,
    /// What is in it.
    pub(crate) note: &'static str,
    pub(crate) rows: u64,
}

/// A table in the making.
#[derive(Debug)]
pub(crate) struct Table {
    file: String,
    note: &'static str,
    rows: u64,
    columns: Vec<Column>,
    sink: Sink,
}

#[derive(Debug)]
enum Sink {
    Csv(csv::Sink),
    Excel(Box<excel::Sink>),
    Parquet(parquet::Sink),
}

impl Table {
    /// Starts the file of a table in a folder.
    pub(crate) fn create(
        folder: &Path,
        name: &str,
        note: &'static str,
        format: Format,
        columns: &[Column],
    ) -> Result<Self, SimError> {
        let file = format!("{name}.{}", format.ending());
        let path = folder.join(&file);
        let sink = match format {
            Format::Csv => Sink::Csv(csv::Sink::create(&path, columns)?),
            Format::Excel => Sink::Excel(Box::new(excel::Sink::create(&path, name, columns)?)),
            Format::Parquet => Sink::Parquet(parquet::Sink::create(&path, columns)?),
        };
        Ok(Self { file, note, rows: 0, columns: columns.to_vec(), sink })
    }

    /// Rows so far.
    pub(crate) fn rows(&self) -> u64 {
        self.rows
    }

    /// Adds a row: a cell for every column.
    pub(crate) fn row(&mut self, cells: &[Cell<'_>]) -> Result<(), SimError> {
        debug_assert_eq!(cells.len(), self.columns.len(), "{}", self.file);
        self.rows += 1;
        match &mut self.sink {
            Sink::Csv(sink) => sink.row(&self.columns, cells),
            Sink::Excel(sink) => sink.row(&self.columns, cells),
            Sink::Parquet(sink) => sink.row(cells),
        }
    }

    /// Completes the file.
    pub(crate) fn finish(self) -> Result<Finished, SimError> {
        match self.sink {
            Sink::Csv(sink) => sink.finish()?,
            Sink::Excel(sink) => sink.finish()?,
            Sink::Parquet(sink) => sink.finish()?,
        }
        Ok(Finished { file: self.file, note: self.note, rows: self.rows })
    }
}

/// A number with digits behind the point, without needless zeros.
fn decimal(value: i64, places: usize) -> String {
    let digits = format!("{:0>width$}", value.unsigned_abs(), width = places + 1);
    let (whole, fraction) = digits.split_at(digits.len() - places);
    let fraction = fraction.trim_end_matches('0');
    let (sign, point) = (if value < 0 { "-" } else { "" }, if fraction.is_empty() { "" } else { "." });
    format!("{sign}{whole}{point}{fraction}")
}

/// A number as people write it in a file of text.
fn number(kind: Kind, value: i64) -> String {
    match kind {
        Kind::Money(written) => decimal(value, written.places()),
        Kind::Points => decimal(value, 2),
        Kind::Ratio => format!("{}%", decimal(value, 2)),
        _ => value.to_string(),
    }
}

/// 是 or 否.
fn word(flag: bool) -> &'static str {
    if flag { "是" } else { "否" }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_as_people_write_them() {
        let wan = Kind::Money(Written::TenThousandYuan);
        assert_eq!(number(wan, 1_234_567_890), "1234.56789");
        assert_eq!(number(wan, 0), "0");
        assert_eq!(number(Kind::Money(Written::Yuan), -5), "-0.05");
        assert_eq!(number(Kind::Points, 8_550), "85.5");
        assert_eq!(number(Kind::Ratio, 1_250), "12.5%");
        assert_eq!(number(Kind::Count, 12), "12");
    }
}
