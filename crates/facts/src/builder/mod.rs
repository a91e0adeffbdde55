//! Builds one typed column from the cells of row-wise files, value by value.

mod key;
mod number;
mod problem;

pub(crate) use key::canonical_integer;
pub(crate) use number::check_values;
pub(crate) use problem::Problem;

use crate::cell::{
    Cell, half_width, invisible, parse_bool, parse_date, parse_period, period_of_date, state_word,
};
use crate::column::{ColumnData, LoadedColumn, Status};
use crate::fault::{Fault, Faults};
use crate::heading::SourceColumn;
use crate::spec::{ColumnKind, ColumnSpec};
use arrow_array::builder::StringBuilder;
use arrow_array::{Array, StringArray};
use hengjie_calendar::{Date, Grain, Period};
use key::KeyBuilder;
use number::NumberBuilder;
use std::borrow::Cow;

/// Builds one column.
pub(crate) struct ColumnBuilder<'s> {
    spec: &'s ColumnSpec,
    source: SourceColumn,
    cell_chars: usize,
    values: Values<'s>,
    len: usize,
    /// Empty until the first value that is not present.
    status: Vec<u8>,
    /// First row and number of the numbers whose last digits were dropped.
    rounded: Option<(u32, u64)>,
}

/// The values so far. Repeated cells are common, so the last one is remembered where reading is slow.
enum Values<'s> {
    Number(NumberBuilder),
    Bool(Vec<bool>),
    Date { days: Vec<Date>, last: (String, Option<Date>) },
    Period { periods: Vec<Period>, grain: Option<Grain>, last: (String, Option<Period>) },
    Choice { codes: Vec<u16>, items: &'s [String], last: (String, Option<u16>) },
    Text(StringBuilder),
    Key(KeyBuilder),
}

/// Why a cell gives no value.
enum Miss {
    State(Status),
    Problem(Problem),
}

impl From<Problem> for Miss {
    fn from(problem: Problem) -> Self {
        Self::Problem(problem)
    }
}

impl<'s> ColumnBuilder<'s> {
    pub(crate) fn new(spec: &'s ColumnSpec, source: SourceColumn, cell_chars: usize) -> Self {
        let values = match &spec.kind {
            ColumnKind::Number { unit } => Values::Number(NumberBuilder::new(unit)),
            ColumnKind::Bool => Values::Bool(Vec::new()),
            ColumnKind::Text => Values::Text(StringBuilder::new()),
            ColumnKind::Key | ColumnKind::Reference { .. } => Values::Key(KeyBuilder::default()),
            ColumnKind::Date => Values::Date { days: Vec::new(), last: Default::default() },
            ColumnKind::Period(grain) => {
                Values::Period { periods: Vec::new(), grain: *grain, last: Default::default() }
            }
            ColumnKind::Choice(items) => {
                Values::Choice { codes: Vec::new(), items, last: Default::default() }
            }
        };
        Self { spec, source, cell_chars, values, len: 0, status: Vec::new(), rounded: None }
    }

    /// An empty builder of the same column, for another part of the file.
    pub(crate) fn fork(&self) -> Self {
        Self::new(self.spec, self.source.clone(), self.cell_chars)
    }

    /// Makes room for so many cells.
    pub(crate) fn reserve(&mut self, cells: usize) {
        match &mut self.values {
            Values::Number(numbers) => numbers.reserve(cells),
            Values::Bool(values) => values.reserve(cells),
            Values::Date { days, .. } => days.reserve(cells),
            Values::Period { periods, .. } => periods.reserve(cells),
            Values::Choice { codes, .. } => codes.reserve(cells),
            Values::Key(KeyBuilder::Int(values)) => values.reserve(cells),
            // How long texts are is not known.
            Values::Text(_) | Values::Key(KeyBuilder::Text(_)) => {}
        }
    }

    /// Adds the cells of a fork, which come behind those that are here.
    pub(crate) fn append(&mut self, mut more: Self) {
        if !self.status.is_empty() || !more.status.is_empty() {
            self.status.resize(self.len, Status::Present as u8);
            more.status.resize(more.len, Status::Present as u8);
            self.status.append(&mut more.status);
        }
        self.len += more.len;
        self.rounded = match (self.rounded, more.rounded) {
            (Some((first, count)), Some((_, others))) => Some((first, count + others)),
            (one, other) => one.or(other),
        };
        self.values.append(more.values);
    }

    /// The position of the column in the file.
    pub(crate) fn index(&self) -> usize {
        self.source.index
    }

    /// Adds a cell; what cannot be read is a fault and counts as missing.
    pub(crate) fn push(&mut self, cell: Cell<'_>, row: u32, faults: &mut Faults) {
        let cell = cell.trimmed();
        match self.read(cell) {
            Ok(()) => {
                self.len += 1;
                if let Cell::Number { rounded: true, .. } = cell {
                    let (first, count) = self.rounded.unwrap_or((row, 0));
                    self.rounded = Some((first, count + 1));
                }
                if !self.status.is_empty() {
                    self.status.push(Status::Present as u8);
                }
            }
            Err(Miss::State(status)) => self.push_state(status),
            Err(Miss::Problem(problem)) => {
                let (spec, heading) = (self.spec, &self.source.heading);
                faults.push_error(|| problem.fault(spec, &cell.shown()).column(heading).row(row));
                self.push_state(Status::Missing);
            }
        }
    }

    /// Adds a value of another state than present.
    pub(crate) fn push_state(&mut self, status: Status) {
        match &mut self.values {
            Values::Number(numbers) => numbers.push_stand_in(),
            Values::Bool(values) => values.push(false),
            Values::Date { days, .. } => days.push(Date::MIN),
            Values::Period { periods, grain, .. } => {
                periods.push(Period::containing(grain.unwrap_or(Grain::Day), Date::MIN));
            }
            Values::Choice { codes, .. } => codes.push(0),
            Values::Text(texts) => texts.append_value(""),
            Values::Key(keys) => keys.push_stand_in(),
        }
        // Earlier values were all present.
        self.status.resize(self.len, Status::Present as u8);
        self.status.push(status as u8);
        self.len += 1;
    }

    /// The column. `row` gives the row of a position, for faults that only show when all values are known.
    pub(crate) fn finish(self, row: &dyn Fn(usize) -> u32, faults: &mut Faults) -> Option<LoadedColumn> {
        let Self { spec, source, values, mut status, len, rounded, .. } = self;
        status.resize(if status.is_empty() { 0 } else { len }, Status::Present as u8);
        let status = (!status.is_empty()).then_some(status);
        if let Some((first, count)) = rounded {
            faults.push(rounded_numbers(count).column(&source.heading).row(first));
        }
        let data = match values {
            Values::Number(numbers) => {
                let (values, scale) = numbers.finish(spec, &source, row, faults)?;
                check_values(spec, &source.heading, &values, &scale, status.as_deref(), row, faults);
                ColumnData::Number { values, scale }
            }
            Values::Bool(values) => ColumnData::Bool(values),
            Values::Date { days, .. } => ColumnData::Date(days),
            Values::Period { periods, .. } => ColumnData::Period(periods),
            Values::Choice { codes, .. } => ColumnData::Choice(codes),
            Values::Text(mut texts) => ColumnData::Text(texts.finish()),
            Values::Key(keys) => match &spec.kind {
                ColumnKind::Key => ColumnData::Key(keys.finish()),
                _ => ColumnData::Reference(keys.finish()),
            },
        };
        Some(LoadedColumn { data, status, heading: source.heading, same: false })
    }

    /// Reads a trimmed cell and stores its value.
    fn read(&mut self, cell: Cell<'_>) -> Result<(), Miss> {
        match cell {
            Cell::Empty if self.spec.needs_all() => return Err(Problem::Empty.into()),
            Cell::Empty => return Err(Miss::State(Status::Missing)),
            Cell::Broken(_) => return Err(Problem::ExcelError.into()),
            Cell::Text(text) if text.len() > self.cell_chars && text.chars().count() > self.cell_chars => {
                return Err(Problem::TooLong(self.cell_chars).into());
            }
            _ => {}
        }
        if self.source.codes.is_empty() {
            return self.values.push(cell, self.spec);
        }
        match self.source.codes.get(cell.shown().as_ref()) {
            Some(item) => self.values.push(Cell::Text(item), self.spec),
            None => Err(Problem::UnknownCode(self.source.codes.keys().cloned().collect()).into()),
        }
    }
}

impl Values<'_> {
    /// Adds values of the same sort.
    fn append(&mut self, more: Self) {
        match (self, more) {
            (Self::Number(numbers), Self::Number(more)) => numbers.append(more),
            (Self::Bool(values), Self::Bool(mut more)) => values.append(&mut more),
            (Self::Date { days, .. }, Self::Date { days: mut more, .. }) => days.append(&mut more),
            (Self::Period { periods, .. }, Self::Period { periods: mut more, .. }) => {
                periods.append(&mut more);
            }
            (Self::Choice { codes, .. }, Self::Choice { codes: mut more, .. }) => codes.append(&mut more),
            (Self::Text(texts), Self::Text(mut more)) => append_texts(texts, &more.finish()),
            (Self::Key(keys), Self::Key(more)) => keys.append(more),
            _ => {}
        }
    }

    /// Reads a cell that is not empty.
    fn push(&mut self, cell: Cell<'_>, spec: &ColumnSpec) -> Result<(), Miss> {
        if let Some(status) = state(cell, spec)? {
            return Err(Miss::State(status));
        }
        match self {
            Self::Number(numbers) => numbers.push(cell)?,
            Self::Bool(values) => values.push(read_bool(cell).ok_or(Problem::NotBool)?),
            Self::Date { days, last } => days.push(read_date(cell, last).ok_or(Problem::NotDate)?),
            Self::Period { periods, grain, last } => {
                periods.push(read_period(cell, *grain, last).ok_or(Problem::NotPeriod)?);
            }
            Self::Choice { codes, items, last } => {
                codes.push(read_choice(cell, items, last).ok_or(Problem::NotItem)?)
            }
            Self::Text(texts) => texts.append_value(cell.shown()),
            Self::Key(keys) => keys.push(cell)?,
        }
        Ok(())
    }
}

/// Some numbers had more digits than are meant.
fn rounded_numbers(count: u64) -> Fault {
    Fault::warning(
        "HJ1206",
        format!("{count} 个数的尾数超过 15 位，是计算留下的误差，按 15 位读"),
        format!(
            "{count} numbers have more than 15 digits, the remains of calculations; they are read with 15"
        ),
    )
    .help(
        "Excel 公式的结果套上 ROUND；系统导出改用定点小数",
        "use ROUND in Excel formulas, and export decimals from systems",
    )
}

/// 无 or 免, where the column takes them for that and not for a text or an item.
fn state(cell: Cell<'_>, spec: &ColumnSpec) -> Result<Option<Status>, Problem> {
    let Cell::Text(text) = cell else { return Ok(None) };
    let Some(status) = state_word(text) else { return Ok(None) };
    match &spec.kind {
        ColumnKind::Text if !spec.nullable => Ok(None),
        ColumnKind::Choice(items) if items.iter().any(|item| item == text) => Ok(None),
        _ if spec.nullable && spec.kind != ColumnKind::Key => Ok(Some(status)),
        _ => Err(Problem::NoneNotAllowed),
    }
}

fn read_bool(cell: Cell<'_>) -> Option<bool> {
    match cell {
        Cell::Bool(value) => Some(value),
        _ => parse_bool(&half_width(&cell.shown())),
    }
}

fn read_date(cell: Cell<'_>, last: &mut (String, Option<Date>)) -> Option<Date> {
    match cell {
        Cell::Date(date) => Some(date),
        Cell::Text(text) | Cell::Number { decimal: text, .. } => remembered(last, text, || parse_date(text)),
        _ => None,
    }
}

fn read_period(cell: Cell<'_>, grain: Option<Grain>, last: &mut (String, Option<Period>)) -> Option<Period> {
    match cell {
        Cell::Date(date) => period_of_date(date, grain),
        Cell::Text(text) | Cell::Number { decimal: text, .. } => {
            remembered(last, text, || parse_period(text, grain))
        }
        _ => None,
    }
}

fn read_choice(cell: Cell<'_>, items: &[String], last: &mut (String, Option<u16>)) -> Option<u16> {
    let text = cell.shown();
    remembered(last, &text, || choice_code(&text, items))
}

/// The position of an item, also when the widths of its signs differ.
pub(crate) fn choice_code(text: &str, items: &[String]) -> Option<u16> {
    let exact = items.iter().position(|item| item == text);
    let place = exact.or_else(|| items.iter().position(|item| half_width(item) == half_width(text)))?;
    u16::try_from(place).ok()
}

/// Adds texts. A text file is never longer than the offsets reach.
fn append_texts(texts: &mut StringBuilder, more: &StringArray) {
    if texts.append_array(more).is_err() {
        (0..more.len()).for_each(|_| texts.append_value(""));
    }
}

/// The result for a text, computed only when the text differs from the one before.
fn remembered<T: Copy>(
    last: &mut (String, Option<T>),
    text: &str,
    read: impl FnOnce() -> Option<T>,
) -> Option<T> {
    if last.0 != text || last.0.is_empty() {
        last.0.clear();
        last.0.push_str(text);
        last.1 = read();
    }
    last.1
}

/// A text that may serve as a key: no characters that cannot be seen, and full-width digits and letters as their
/// ASCII twins.
pub(crate) fn key_text(text: &str) -> Result<Cow<'_, str>, Problem> {
    match invisible(text) {
        Some(character) => Err(Problem::Invisible(character)),
        None => Ok(half_width(text)),
    }
}
