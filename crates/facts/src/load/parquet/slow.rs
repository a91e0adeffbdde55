//! Columns of Parquet that need reading value by value: text, floating point, times, and integers as something else.

use super::convert::row;
use crate::builder::ColumnBuilder;
use crate::cell::Cell;
use crate::column::LoadedColumn;
use crate::fault::{Fault, Faults};
use crate::heading::SourceColumn;
use crate::number::excel_number;
use crate::spec::ColumnSpec;
use arrow_array::cast::AsArray;
use arrow_array::types::{
    ArrowPrimitiveType, Date32Type, Decimal128Type, Float32Type, Float64Type, Int8Type, Int16Type, Int32Type,
    Int64Type, TimestampMicrosecondType, TimestampMillisecondType, TimestampNanosecondType,
    TimestampSecondType, UInt8Type, UInt16Type, UInt32Type, UInt64Type,
};
use arrow_array::{Array, ArrayRef};
use arrow_schema::{DataType, TimeUnit};
use hengjie_calendar::Date;
use hengjie_quantity::{Lang, Rational};
use std::fmt::Display;

/// Converts a column cell by cell.
pub(super) fn convert(
    array: &ArrayRef,
    spec: &ColumnSpec,
    source: SourceColumn,
    cell_chars: usize,
    faults: &mut Faults,
) -> Option<LoadedColumn> {
    let heading = source.heading.clone();
    let mut sink = Sink { builder: ColumnBuilder::new(spec, source, cell_chars), faults };
    if !feed(array, &mut sink) {
        faults.push(wrong_type(array.data_type(), spec).column(heading));
        return None;
    }
    let builder = sink.builder;
    builder.finish(&row, faults)
}

/// Takes the cells of a column in order.
struct Sink<'a, 's> {
    builder: ColumnBuilder<'s>,
    faults: &'a mut Faults,
}

impl Sink<'_, '_> {
    fn push(&mut self, cell: Cell<'_>, index: usize) {
        self.builder.push(cell, row(index), self.faults);
    }

    fn push_number(&mut self, decimal: &str, index: usize) {
        self.push(Cell::number(decimal), index);
    }

    /// NaN is how some tools write an empty cell.
    fn push_float(&mut self, value: f64, index: usize) {
        match excel_number(value) {
            Some(number) => {
                let cell = Cell::Number { decimal: &number.text, percent: false, rounded: number.rounded };
                self.push(cell, index);
            }
            None if value.is_nan() => self.push(Cell::Empty, index),
            None => self.push(Cell::Text(&value.to_string()), index),
        }
    }

    fn push_day(&mut self, days: i64, index: usize) {
        let date = i32::try_from(days).ok().and_then(Date::from_days);
        match date {
            Some(date) => self.push(Cell::Date(date), index),
            None => self.push(Cell::Text(&days.to_string()), index),
        }
    }
}

/// Sends the cells of an array; false when its type has no cells.
fn feed(array: &ArrayRef, sink: &mut Sink<'_, '_>) -> bool {
    match array.data_type() {
        DataType::Utf8 => {
            let texts = array.as_string::<i32>();
            each(array, sink, |sink, index| sink.push(Cell::Text(texts.value(index)), index));
        }
        DataType::Boolean => {
            let values = array.as_boolean();
            each(array, sink, |sink, index| sink.push(Cell::Bool(values.value(index)), index));
        }
        DataType::Int8 => integers::<Int8Type>(array, sink),
        DataType::Int16 => integers::<Int16Type>(array, sink),
        DataType::Int32 => integers::<Int32Type>(array, sink),
        DataType::Int64 => integers::<Int64Type>(array, sink),
        DataType::UInt8 => integers::<UInt8Type>(array, sink),
        DataType::UInt16 => integers::<UInt16Type>(array, sink),
        DataType::UInt32 => integers::<UInt32Type>(array, sink),
        DataType::UInt64 => integers::<UInt64Type>(array, sink),
        DataType::Float32 => {
            let values = array.as_primitive::<Float32Type>();
            // The shortest decimal of the narrow number, not of its widened form.
            let wide = |value: f32| value.to_string().parse().unwrap_or(f64::NAN);
            each(array, sink, |sink, index| sink.push_float(wide(values.value(index)), index));
        }
        DataType::Float64 => {
            let values = array.as_primitive::<Float64Type>();
            each(array, sink, |sink, index| sink.push_float(values.value(index), index));
        }
        DataType::Decimal128(_, places) => {
            let (values, unit) =
                (array.as_primitive::<Decimal128Type>(), Rational::pow10(-i32::from(*places)));
            each(array, sink, |sink, index| {
                sink.push_number(&(Rational::from(values.value(index)) * &unit).to_string(), index);
            });
        }
        DataType::Date32 => {
            let days = array.as_primitive::<Date32Type>();
            each(array, sink, |sink, index| sink.push_day(i64::from(days.value(index)), index));
        }
        DataType::Timestamp(unit, None) => timestamps(array, *unit, sink),
        DataType::Null => each(array, sink, |sink, index| sink.push(Cell::Empty, index)),
        _ => return false,
    }
    true
}

/// Sends every position, the null ones as empty cells.
fn each(array: &ArrayRef, sink: &mut Sink<'_, '_>, mut push: impl FnMut(&mut Sink<'_, '_>, usize)) {
    for index in 0..array.len() {
        if array.is_null(index) {
            sink.push(Cell::Empty, index);
        } else {
            push(sink, index);
        }
    }
}

fn integers<T: ArrowPrimitiveType>(array: &ArrayRef, sink: &mut Sink<'_, '_>)
where
    T::Native: Display,
{
    let values = array.as_primitive::<T>();
    each(array, sink, |sink, index| sink.push_number(&values.value(index).to_string(), index));
}

/// The day of a time without zone.
fn timestamps(array: &ArrayRef, unit: TimeUnit, sink: &mut Sink<'_, '_>) {
    const DAY: i64 = 86_400;
    match unit {
        TimeUnit::Second => times::<TimestampSecondType>(array, DAY, sink),
        TimeUnit::Millisecond => times::<TimestampMillisecondType>(array, DAY * 1_000, sink),
        TimeUnit::Microsecond => times::<TimestampMicrosecondType>(array, DAY * 1_000_000, sink),
        TimeUnit::Nanosecond => times::<TimestampNanosecondType>(array, DAY * 1_000_000_000, sink),
    }
}

fn times<T: ArrowPrimitiveType<Native = i64>>(array: &ArrayRef, day: i64, sink: &mut Sink<'_, '_>) {
    let values = array.as_primitive::<T>();
    each(array, sink, |sink, index| sink.push_day(values.value(index).div_euclid(day), index));
}

fn wrong_type(found: &DataType, spec: &ColumnSpec) -> Fault {
    let fault = Fault::error(
        "HJ1107",
        format!("这一列的类型是 {found}，不能读成{}", spec.kind.describe(Lang::Zh)),
        format!("the type of this column is {found}; it cannot be read as {}", spec.kind.describe(Lang::En)),
    );
    match found {
        DataType::Timestamp(_, Some(_)) => fault.help(
            "时间带有时区，哪一天不明确；导出时先换成当地日期",
            "the times have a time zone, so the day is unclear; export local dates",
        ),
        _ => fault.help(
            "导出成整数、定点小数、文字、日期或是否",
            "export integers, decimals, text, dates or booleans",
        ),
    }
}
