//! Trying facts: one value of one subject put in the place of another, in a copy of the facts.

use hengjie_calendar::{Date, Period};
use hengjie_evaluate::dataset::{Column, ColumnData, Dataset, DatedColumn, FieldData, Integers, Origin};
use hengjie_evaluate::value::{Status, Value};
use hengjie_policy::core::{Field, FieldRef, FieldTime, Program, Type};
use hengjie_quantity::Rational;

/// The place of a fact.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct FactPlace {
    /// Field.
    pub(crate) field: FieldRef,
    /// Position of the subject in its kind.
    pub(crate) subject: u32,
    /// For fields with a time: the period it is read in. A dated field changes on its first day.
    pub(crate) period: Option<Period>,
}

/// The definition of a field.
pub(crate) fn field_of(program: &Program, field: FieldRef) -> &Field {
    &program.kinds[field.kind.index()].fields[field.field as usize]
}

/// Puts a value in its place; anything but a present value becomes its state. `None` when there is no such place, or the
/// value is not of the field's type: then nothing is changed.
pub(crate) fn put(program: &Program, data: &mut Dataset, at: FactPlace, value: &Value) -> Option<()> {
    let definition = field_of(program, at.field);
    let kind = data.kinds.get_mut(at.field.kind.index())?;
    let (len, subject) = (kind.len, at.subject as usize);
    if subject >= len {
        return None;
    }
    let field = kind.fields.get_mut(at.field.field as usize)?;
    match definition.time {
        FieldTime::Static => {
            if !matches!(field, FieldData::Static(_)) {
                *field = FieldData::Static(empty(definition, len));
            }
            let FieldData::Static(column) = field else { return None };
            spread(column, len);
            set(column, subject, value)
        }
        FieldTime::Every(_) => {
            if !matches!(field, FieldData::Periodic(_)) {
                *field = FieldData::Periodic(std::collections::BTreeMap::new());
            }
            let FieldData::Periodic(columns) = field else { return None };
            let column = columns.entry(at.period?).or_insert_with(|| empty(definition, len));
            spread(column, len);
            set(column, subject, value)
        }
        FieldTime::Dated => {
            if !matches!(field, FieldData::Dated(_)) {
                let values = empty(definition, 0);
                *field =
                    FieldData::Dated(DatedColumn { offsets: vec![0; len + 1], days: Vec::new(), values });
            }
            let FieldData::Dated(column) = field else { return None };
            spread(&mut column.values, column.days.len());
            from_day(column, subject, at.period?.first_day(), value)
        }
    }
}

/// A column of nothing but 待补.
fn empty(field: &Field, len: usize) -> Column {
    let data = match &field.ty {
        Type::Number(_) => {
            ColumnData::Number { values: Integers::I64(vec![0_i64; len].into()), scale: Rational::ONE }
        }
        Type::Bool => ColumnData::Bool(vec![false; len]),
        Type::Date => ColumnData::Date(vec![Date::MIN; len]),
        Type::Enum(_) => ColumnData::Enum(vec![0; len]),
        Type::Object(_) => ColumnData::Object(vec![u32::MAX; len].into()),
        _ => ColumnData::Text(vec![""; len].into()),
    };
    Column {
        data,
        status: Some(vec![Status::Missing as u8; len]),
        origin: Some(Origin::None),
        heading: field.name.clone(),
        same: false,
    }
}

/// One value for all becomes one each.
fn spread(column: &mut Column, len: usize) {
    if column.same {
        *column = Column { origin: column.origin.clone(), ..picked(column, &vec![0; len]) };
    }
}

/// Sets one value of a column.
fn set(column: &mut Column, at: usize, value: &Value) -> Option<()> {
    let len = len(&column.data);
    if value.is_present() {
        store(&mut column.data, at, value)?;
    }
    if column.status.is_some() || !value.is_present() {
        let states = column.status.get_or_insert_with(|| vec![Status::Present as u8; len]);
        *states.get_mut(at)? = value.status() as u8;
    }
    Some(())
}

/// A value from a day on, until the next entry of the subject.
fn from_day(column: &mut DatedColumn, subject: usize, day: Date, value: &Value) -> Option<()> {
    let (start, end) = (*column.offsets.get(subject)? as usize, *column.offsets.get(subject + 1)? as usize);
    let entries = column.days.get(start..end)?;
    let place = start + entries.partition_point(|&first| first < day);
    if place == end || column.days.get(place) != Some(&day) {
        let keep: Vec<usize> = (0..place).chain([place]).chain(place..column.days.len()).collect();
        column.values = picked(&column.values, &keep);
        column.days.insert(place, day);
        column.offsets.iter_mut().skip(subject + 1).for_each(|offset| *offset += 1);
    }
    set(&mut column.values, place, value)
}

/// Rows of a column in another order, also repeated; a row behind the end repeats the last one.
pub(crate) fn picked(column: &Column, rows: &[usize]) -> Column {
    let last = len(&column.data).saturating_sub(1);
    fn pick<T: Copy>(values: &[T], rows: &[usize], last: usize, none: T) -> Vec<T> {
        rows.iter().map(|&row| values.get(row.min(last)).copied().unwrap_or(none)).collect()
    }
    let data = match &column.data {
        ColumnData::Number { values, scale } => {
            let values: Vec<i128> = rows.iter().map(|&row| values.get(row.min(last))).collect();
            ColumnData::Number { values: narrowed(values), scale: scale.clone() }
        }
        ColumnData::Bool(values) => ColumnData::Bool(pick(values, rows, last, false)),
        ColumnData::Date(values) => ColumnData::Date(pick(values, rows, last, Date::MIN)),
        ColumnData::Period(values) => {
            ColumnData::Period(rows.iter().filter_map(|&row| values.get(row.min(last)).copied()).collect())
        }
        ColumnData::Enum(values) => ColumnData::Enum(pick(values, rows, last, 0)),
        ColumnData::Object(values) => ColumnData::Object(pick(values, rows, last, u32::MAX).into()),
        ColumnData::Text(values) => {
            use arrow_array::Array;
            let text = |row: usize| if values.is_empty() { "" } else { values.value(row.min(last)) };
            ColumnData::Text(rows.iter().map(|&row| Some(text(row))).collect())
        }
    };
    let status = column.status.as_ref().map(|states| pick(states, rows, last, Status::Missing as u8));
    Column { data, status, origin: Some(Origin::None), heading: column.heading.clone(), same: false }
}

fn len(data: &ColumnData) -> usize {
    use arrow_array::Array;
    match data {
        ColumnData::Number { values, .. } => values.len(),
        ColumnData::Bool(values) => values.len(),
        ColumnData::Date(values) => values.len(),
        ColumnData::Period(values) => values.len(),
        ColumnData::Enum(values) => values.len(),
        ColumnData::Object(values) => values.len(),
        ColumnData::Text(values) => values.len(),
    }
}

fn store(data: &mut ColumnData, at: usize, value: &Value) -> Option<()> {
    match (data, value) {
        (ColumnData::Number { values, scale }, Value::Number(number)) => {
            return store_number(values, scale, at, number);
        }
        (ColumnData::Bool(values), Value::Bool(truth)) => *values.get_mut(at)? = *truth,
        (ColumnData::Date(values), Value::Date(day)) => *values.get_mut(at)? = *day,
        (ColumnData::Period(values), Value::Period(period)) => *values.get_mut(at)? = *period,
        (ColumnData::Enum(values), Value::Enum(_, ordinal)) => {
            *values.get_mut(at)? = u16::try_from(*ordinal).ok()?;
        }
        (ColumnData::Object(values), Value::Object(_, position)) => {
            let mut copy = values.to_vec();
            *copy.get_mut(at)? = *position;
            *values = copy.into();
        }
        (ColumnData::Text(values), Value::Text(text)) => {
            use arrow_array::Array;
            let texts = (0..values.len())
                .map(|row| Some(if row == at { text.to_string() } else { values.value(row).to_owned() }));
            *values = texts.collect();
        }
        _ => return None,
    }
    Some(())
}

/// Sets a number; the scale becomes finer where the number needs it.
fn store_number(values: &mut Integers, scale: &mut Rational, at: usize, number: &Rational) -> Option<()> {
    let (integer, parts) = number.checked_div(scale)?.small_parts()?;
    if parts != 1 {
        let finer = scale.checked_div(&Rational::from(parts))?;
        let all = (0..values.len()).map(|row| values.get(row).checked_mul(parts));
        *values = narrowed(all.collect::<Option<Vec<i128>>>()?);
        *scale = finer;
    }
    if at >= values.len() {
        return None;
    }
    // Same width where it fits: a copy of the column, nothing else.
    match (&mut *values, i64::try_from(integer)) {
        (Integers::I64(column), Ok(integer)) => {
            let mut copy = column.to_vec();
            copy[at] = integer;
            *values = Integers::I64(copy.into());
        }
        _ => {
            let mut all: Vec<i128> = (0..values.len()).map(|row| values.get(row)).collect();
            all[at] = integer;
            *values = narrowed(all);
        }
    }
    Some(())
}

/// Integers at 64 bits if all fit.
fn narrowed(values: Vec<i128>) -> Integers {
    let narrow: Option<Vec<i64>> = values.iter().map(|value| i64::try_from(*value).ok()).collect();
    narrow.map_or(Integers::I128(values), |narrow| Integers::I64(narrow.into()))
}
