//! From an array of Parquet to a column: integers, decimals, booleans and days go straight; the rest goes cell by cell.

use super::slow;
use crate::builder::{Problem, check_values, choice_code};
use crate::column::{ColumnData, Integers, Keys, LoadedColumn, Status};
use crate::fault::Faults;
use crate::heading::SourceColumn;
use crate::spec::{ColumnKind, ColumnSpec};
use arrow_array::cast::AsArray;
use arrow_array::types::{
    ArrowPrimitiveType, Date32Type, Decimal128Type, Int8Type, Int16Type, Int32Type, Int64Type, UInt8Type,
    UInt16Type, UInt32Type,
};
use arrow_array::{Array, ArrayRef, PrimitiveArray};
use arrow_buffer::ScalarBuffer;
use arrow_schema::DataType;
use hengjie_calendar::Date;
use hengjie_quantity::Rational;

/// The row of a position: records are counted from 1.
pub(super) fn row(index: usize) -> u32 {
    u32::try_from(index + 1).unwrap_or(u32::MAX)
}

/// What a column is and how it is read.
#[derive(Clone, Copy)]
pub(super) struct Reading<'a> {
    pub(super) spec: &'a ColumnSpec,
    pub(super) source: &'a SourceColumn,
    /// Position in the table of the first value.
    pub(super) first: usize,
}

impl Reading<'_> {
    fn row(self, index: usize) -> u32 {
        row(self.first + index)
    }
}

/// Can a column of this type be converted piece by piece? Otherwise all values are needed to know its shape.
pub(super) fn in_pieces(spec: &ColumnSpec, source: &SourceColumn, ty: &DataType) -> bool {
    let whole = ty.is_integer() && ty != &DataType::UInt64;
    match &spec.kind {
        ColumnKind::Number { .. } => whole,
        ColumnKind::Bool => source.codes.is_empty() && ty == &DataType::Boolean,
        ColumnKind::Key | ColumnKind::Reference { .. } => source.codes.is_empty() && whole,
        ColumnKind::Date => ty == &DataType::Date32,
        ColumnKind::Choice(items) => whole && CodeTable::new(items, source).is_some(),
        ColumnKind::Text | ColumnKind::Period(_) => false,
    }
}

/// Converts a column, or a piece of one that [`in_pieces`] allows.
pub(super) fn convert(
    array: ArrayRef,
    reading: Reading<'_>,
    cell_chars: usize,
    faults: &mut Faults,
) -> Option<LoadedColumn> {
    let Reading { spec, source, .. } = reading;
    let data = match &spec.kind {
        ColumnKind::Number { .. } => number(&array, &source.multiplier),
        ColumnKind::Bool if source.codes.is_empty() => boolean(&array),
        ColumnKind::Key if source.codes.is_empty() => integer_keys(&array).map(ColumnData::Key),
        ColumnKind::Reference { .. } if source.codes.is_empty() => {
            integer_keys(&array).map(ColumnData::Reference)
        }
        ColumnKind::Date if array.data_type() == &DataType::Date32 => {
            return days(&array, reading, faults);
        }
        ColumnKind::Choice(items) => match raw_codes(&array, items, source) {
            Some(codes) => return choice(codes, &array, reading, faults),
            None => None,
        },
        _ => None,
    };
    let Some(data) = data else {
        return slow::convert(&array, spec, source.clone(), cell_chars, faults);
    };
    let status = status(&array, reading, faults);
    if let ColumnData::Number { values, scale } = &data {
        let row = |index: usize| reading.row(index);
        check_values(spec, &source.heading, values, scale, status.as_deref(), &row, faults);
    }
    Some(LoadedColumn { data, status, heading: source.heading.clone(), same: false })
}

/// States from the null marks; an empty cell of a column that must be complete is a fault.
fn status(array: &ArrayRef, reading: Reading<'_>, faults: &mut Faults) -> Option<Vec<u8>> {
    let Reading { spec, source, .. } = reading;
    let nulls = array.nulls().filter(|nulls| nulls.null_count() > 0)?;
    let state = |valid: bool| if valid { Status::Present as u8 } else { Status::Missing as u8 };
    if spec.needs_all() {
        for index in (0..array.len()).filter(|&index| nulls.is_null(index)) {
            faults.push_error(|| {
                Problem::Empty.fault(spec, "").column(&source.heading).row(reading.row(index))
            });
        }
    }
    Some(nulls.iter().map(state).collect())
}

/// Integers and decimals, times what one of them counts.
fn number(array: &ArrayRef, multiplier: &Rational) -> Option<ColumnData> {
    let mut scale = multiplier.clone();
    let values = match array.data_type() {
        DataType::Int8 => Integers::I16(widened::<Int8Type, i16>(array)),
        DataType::UInt8 => Integers::I16(widened::<UInt8Type, i16>(array)),
        DataType::Int16 => Integers::I16(array.as_primitive::<Int16Type>().values().clone()),
        DataType::UInt16 => Integers::I32(widened::<UInt16Type, i32>(array)),
        DataType::Int32 => Integers::I32(array.as_primitive::<Int32Type>().values().clone()),
        DataType::UInt32 => Integers::I64(widened::<UInt32Type, i64>(array)),
        DataType::Int64 => Integers::I64(array.as_primitive::<Int64Type>().values().clone()),
        DataType::Decimal128(_, places) => {
            scale *= Rational::pow10(-i32::from(*places));
            Integers::narrowest(array.as_primitive::<Decimal128Type>().values().to_vec())
        }
        _ => return None,
    };
    Some(ColumnData::Number { values, scale })
}

fn widened<T, W>(array: &ArrayRef) -> ScalarBuffer<W>
where
    T: ArrowPrimitiveType,
    W: From<T::Native> + arrow_buffer::ArrowNativeType,
{
    array.as_primitive::<T>().values().iter().map(|&value| W::from(value)).collect()
}

fn boolean(array: &ArrayRef) -> Option<ColumnData> {
    let bits = array.as_boolean_opt()?.values();
    Some(ColumnData::Bool(bits.iter().collect()))
}

fn integer_keys(array: &ArrayRef) -> Option<Keys> {
    Some(Keys::Int(match array.data_type() {
        DataType::Int8 => widened::<Int8Type, i64>(array),
        DataType::Int16 => widened::<Int16Type, i64>(array),
        DataType::Int32 => widened::<Int32Type, i64>(array),
        DataType::Int64 => array.as_primitive::<Int64Type>().values().clone(),
        DataType::UInt8 => widened::<UInt8Type, i64>(array),
        DataType::UInt16 => widened::<UInt16Type, i64>(array),
        DataType::UInt32 => widened::<UInt32Type, i64>(array),
        _ => return None,
    }))
}

/// Items by integer code, [`CodeTable::UNKNOWN`] where there is none.
fn raw_codes(array: &ArrayRef, items: &[String], source: &SourceColumn) -> Option<Vec<u16>> {
    let known = CodeTable::new(items, source)?;
    Some(match array.data_type() {
        DataType::Int8 => known.read(array.as_primitive::<Int8Type>()),
        DataType::Int16 => known.read(array.as_primitive::<Int16Type>()),
        DataType::Int32 => known.read(array.as_primitive::<Int32Type>()),
        DataType::Int64 => known.read(array.as_primitive::<Int64Type>()),
        DataType::UInt8 => known.read(array.as_primitive::<UInt8Type>()),
        DataType::UInt16 => known.read(array.as_primitive::<UInt16Type>()),
        DataType::UInt32 => known.read(array.as_primitive::<UInt32Type>()),
        _ => return None,
    })
}

/// A column of items; an unknown code is a fault and counts as missing.
fn choice(
    mut codes: Vec<u16>,
    array: &ArrayRef,
    reading: Reading<'_>,
    faults: &mut Faults,
) -> Option<LoadedColumn> {
    let Reading { spec, source, .. } = reading;
    let mut status = status(array, reading, faults);
    if codes.contains(&CodeTable::UNKNOWN) {
        let known = Problem::UnknownCode(source.codes.keys().cloned().collect());
        let len = codes.len();
        let states = status.get_or_insert_with(|| vec![Status::Present as u8; len]);
        let unknown =
            codes.iter_mut().zip(states).enumerate().filter(|(_, (code, _))| **code == CodeTable::UNKNOWN);
        for (index, (code, state)) in unknown {
            *code = 0;
            if array.is_valid(index) {
                *state = Status::Missing as u8;
                let shown = || array_value_text(array, index);
                faults.push_error(|| {
                    known.fault(spec, &shown()).column(&source.heading).row(reading.row(index))
                });
            }
        }
    }
    Some(LoadedColumn {
        data: ColumnData::Choice(codes),
        status,
        heading: source.heading.clone(),
        same: false,
    })
}

/// An integer of an array, for a message.
fn array_value_text(array: &ArrayRef, index: usize) -> String {
    let keys = integer_keys(&array.slice(index, 1));
    keys.map(|keys| keys.get(0)).unwrap_or_default()
}

/// Items of the specification by integer code.
struct CodeTable {
    lowest: i64,
    /// [`CodeTable::UNKNOWN`] where no item has the code.
    items: Vec<u16>,
}

impl CodeTable {
    const UNKNOWN: u16 = u16::MAX;
    /// Largest span of codes that is looked up in a table.
    const SPAN: u64 = 1 << 16;

    /// `None` when the codes are not integers close together; cells are then looked up one by one.
    fn new(items: &[String], source: &SourceColumn) -> Option<Self> {
        let code =
            |(code, item): (&String, &String)| Some((code.parse::<i64>().ok()?, choice_code(item, items)?));
        let codes: Vec<(i64, u16)> = source.codes.iter().map(code).collect::<Option<_>>()?;
        let lowest = codes.iter().map(|(code, _)| *code).min()?;
        let highest = codes.iter().map(|(code, _)| *code).max()?;
        if highest.abs_diff(lowest) >= Self::SPAN {
            return None;
        }
        let mut table = vec![Self::UNKNOWN; usize::try_from(highest.abs_diff(lowest)).ok()? + 1];
        for (code, item) in codes {
            table[usize::try_from(code.abs_diff(lowest)).ok()?] = item;
        }
        Some(Self { lowest, items: table })
    }

    fn get(&self, code: i64) -> u16 {
        let place = usize::try_from(code.wrapping_sub(self.lowest) as u64).unwrap_or(usize::MAX);
        self.items.get(place).copied().unwrap_or(Self::UNKNOWN)
    }

    fn read<T: ArrowPrimitiveType>(&self, array: &PrimitiveArray<T>) -> Vec<u16>
    where
        T::Native: Into<i64>,
    {
        array.values().iter().map(|&value| self.get(value.into())).collect()
    }
}

/// Days; one outside the calendar is a fault and counts as missing.
fn days(array: &ArrayRef, reading: Reading<'_>, faults: &mut Faults) -> Option<LoadedColumn> {
    let Reading { spec, source, .. } = reading;
    let mut status = status(array, reading, faults);
    let days = array.as_primitive::<Date32Type>();
    let mut dates = Vec::with_capacity(days.len());
    for (index, &day) in days.values().iter().enumerate() {
        let date = Date::from_days(day);
        if date.is_none() && days.is_valid(index) {
            faults.push_error(|| {
                Problem::NotDate
                    .fault(spec, &format!("{day}"))
                    .column(&source.heading)
                    .row(reading.row(index))
            });
            status.get_or_insert_with(|| vec![Status::Present as u8; days.len()])[index] =
                Status::Missing as u8;
        }
        dates.push(date.unwrap_or(Date::MIN));
    }
    Some(LoadedColumn { data: ColumnData::Date(dates), status, heading: source.heading.clone(), same: false })
}
