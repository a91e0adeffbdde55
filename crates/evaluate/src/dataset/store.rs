//! Changing one fact in place.

use super::{Column, ColumnData, Dataset, DatedColumn, FieldData, Integers, Origin};
use crate::value::{Status, Value};
use arrow_array::builder::StringBuilder;
use arrow_array::{Array, StringArray};
use arrow_buffer::ScalarBuffer;
use hengjie_calendar::{Date, Grain, Period};
use hengjie_policy::core::{FieldRef, FieldTime, Program, Type};
use hengjie_quantity::Rational;

/// The place of a fact.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FactPlace {
    /// Field.
    pub field: FieldRef,
    /// Position of the subject or record in its kind.
    pub subject: u32,
    /// For fields with a time: the period it is read in. A dated field changes on its first day.
    pub period: Option<Period>,
}

/// Why a fact cannot be changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unstorable {
    /// The data have no such subject, record or field.
    Nobody,
    /// The value is not of the type of the field.
    Type,
    /// The field needs a period, and none was given.
    Period,
    /// The number has too many digits beside the others of its column.
    Digits,
}

impl Dataset {
    /// Stores a value in its place; anything but a present value becomes its state. A dated field has the value from the
    /// first day of the period until the next entry of the subject.
    ///
    /// # Errors
    /// As [`Unstorable`] says; nothing is changed then.
    pub fn store(&mut self, program: &Program, at: FactPlace, value: &Value) -> Result<(), Unstorable> {
        let definition = (program.kinds.get(at.field.kind.index()))
            .and_then(|kind| kind.fields.get(at.field.field as usize))
            .ok_or(Unstorable::Nobody)?;
        let kind = self.kinds.get_mut(at.field.kind.index()).ok_or(Unstorable::Nobody)?;
        let (len, subject) = (kind.len, at.subject as usize);
        if subject >= len {
            return Err(Unstorable::Nobody);
        }
        let slot = kind.fields.get_mut(at.field.field as usize).ok_or(Unstorable::Nobody)?;
        let period = || at.period.ok_or(Unstorable::Period);
        let blank = |len| blank(&definition.ty, len, &definition.name);
        match (definition.time, &mut *slot) {
            (FieldTime::Static, FieldData::Static(column)) => column.store(len, subject, value),
            (FieldTime::Every(_), FieldData::Periodic(columns)) => {
                columns.entry(period()?).or_insert_with(|| blank(len)).store(len, subject, value)
            }
            (FieldTime::Dated, FieldData::Dated(column)) => {
                column.store_from(subject, period()?.first_day(), value)
            }
            (time, FieldData::Absent) => {
                *slot = match time {
                    FieldTime::Static => FieldData::Static(blank(len)),
                    FieldTime::Every(_) => FieldData::Periodic(std::collections::BTreeMap::new()),
                    FieldTime::Dated => FieldData::Dated(DatedColumn {
                        offsets: vec![0; len + 1],
                        days: Vec::new(),
                        values: blank(0),
                    }),
                };
                self.store(program, at, value)
            }
            _ => Err(Unstorable::Type),
        }
    }
}

impl DatedColumn {
    /// A value from a day on, until the next entry of the subject.
    fn store_from(&mut self, subject: usize, day: Date, value: &Value) -> Result<(), Unstorable> {
        self.values.spread(self.days.len());
        let ends = (self.offsets.get(subject).copied(), self.offsets.get(subject + 1).copied());
        let (Some(start), Some(end)) = ends else { return Err(Unstorable::Nobody) };
        let (start, end) = (start as usize, end as usize);
        let entries = self.days.get(start..end).ok_or(Unstorable::Nobody)?;
        let place = start + entries.partition_point(|&first| first < day);
        if place < end && self.days[place] == day {
            return self.values.store(self.days.len(), place, value);
        }
        let rows: Vec<usize> = (0..place).chain([place]).chain(place..self.days.len()).collect();
        let mut values = self.values.picked(&rows);
        values.store(rows.len(), place, value)?;
        self.values = values;
        self.days.insert(place, day);
        self.offsets.iter_mut().skip(subject + 1).for_each(|offset| *offset += 1);
        Ok(())
    }
}

/// A column in which everything is 待补.
fn blank(ty: &Type, len: usize, heading: &str) -> Column {
    let data = match ty {
        Type::Number(_) => {
            ColumnData::Number { values: Integers::I64(vec![0; len].into()), scale: Rational::ONE }
        }
        Type::Bool => ColumnData::Bool(vec![false; len]),
        Type::Date => ColumnData::Date(vec![Date::MIN; len]),
        Type::Period(_) => ColumnData::Period(vec![Period::containing(Grain::Day, Date::MIN); len]),
        Type::Enum(_) => ColumnData::Enum(vec![0; len]),
        Type::Object(_) => ColumnData::Object(vec![0; len].into()),
        _ => ColumnData::Text(StringArray::from_iter_values(std::iter::repeat_n("", len))),
    };
    let status = Some(vec![Status::Missing as u8; len]);
    Column { data, status, origin: None, heading: heading.to_owned(), same: false }
}

impl Column {
    /// Stores a value at a position of a column of so many.
    fn store(&mut self, len: usize, at: usize, value: &Value) -> Result<(), Unstorable> {
        self.spread(len);
        if value.is_present() {
            self.data.store(at, value)?;
        }
        let state = value.status() as u8;
        match &mut self.status {
            None if state == 0 => {}
            None => self.status.get_or_insert_with(|| vec![0; len])[at] = state,
            Some(states) => states[at] = state,
        }
        // as in a column that was read complete
        if self.status.as_ref().is_some_and(|states| states.iter().all(|state| *state == 0)) {
            self.status = None;
        }
        Ok(())
    }

    /// Rows of a column in another order, also repeated; a row behind the end repeats the last one. What an empty column
    /// repeats is 待补.
    #[must_use]
    pub fn picked(&self, rows: &[usize]) -> Self {
        let last = self.data.len().saturating_sub(1);
        let from = |row: usize| if self.same { 0 } else { row.min(last) };
        fn pick<T: Copy>(values: &[T], rows: impl Iterator<Item = usize>, none: T) -> Vec<T> {
            rows.map(|row| values.get(row).copied().unwrap_or(none)).collect()
        }
        let rows = || rows.iter().map(|&row| from(row));
        let data = match &self.data {
            ColumnData::Number { values, scale } => {
                let values = match values {
                    Integers::I16(values) => Integers::I16(pick(values, rows(), 0).into()),
                    Integers::I32(values) => Integers::I32(pick(values, rows(), 0).into()),
                    Integers::I64(values) => Integers::I64(pick(values, rows(), 0).into()),
                    Integers::I128(values) => Integers::I128(pick(values, rows(), 0)),
                };
                ColumnData::Number { values, scale: scale.clone() }
            }
            ColumnData::Bool(values) => ColumnData::Bool(pick(values, rows(), false)),
            ColumnData::Date(values) => ColumnData::Date(pick(values, rows(), Date::MIN)),
            ColumnData::Period(values) => {
                ColumnData::Period(pick(values, rows(), Period::containing(Grain::Day, Date::MIN)))
            }
            ColumnData::Enum(values) => ColumnData::Enum(pick(values, rows(), 0)),
            ColumnData::Object(values) => ColumnData::Object(pick(values, rows(), 0).into()),
            ColumnData::Text(texts) => {
                let text = |row: usize| if row < texts.len() { texts.value(row) } else { "" };
                ColumnData::Text(StringArray::from_iter_values(rows().map(text)))
            }
        };
        let missing = Status::Missing as u8;
        let status = match &self.status {
            Some(states) => Some(pick(states, rows(), missing)),
            None => (self.data.len() == 0).then(|| vec![missing; rows().count()]),
        };
        Self { data, status, origin: Some(Origin::None), heading: self.heading.clone(), same: false }
    }

    /// Gives every subject a value of its own.
    fn spread(&mut self, len: usize) {
        if self.same {
            *self = Self { origin: self.origin.clone(), ..self.picked(&vec![0; len]) };
        }
    }
}

impl ColumnData {
    fn len(&self) -> usize {
        match self {
            Self::Number { values, .. } => values.len(),
            Self::Bool(values) => values.len(),
            Self::Date(values) => values.len(),
            Self::Period(values) => values.len(),
            Self::Enum(values) => values.len(),
            Self::Object(values) => values.len(),
            Self::Text(values) => values.len(),
        }
    }

    fn store(&mut self, at: usize, value: &Value) -> Result<(), Unstorable> {
        match (self, value) {
            (Self::Number { values, scale }, Value::Number(number)) => {
                return store_number(values, scale, at, number);
            }
            (Self::Bool(values), Value::Bool(new)) => set(values, at, *new),
            (Self::Date(values), Value::Date(new)) => set(values, at, *new),
            (Self::Period(values), Value::Period(new)) => set(values, at, *new),
            (Self::Enum(values), Value::Enum(_, new)) => {
                set(values, at, u16::try_from(*new).map_err(|_| Unstorable::Type)?);
            }
            (Self::Object(values), Value::Object(_, new)) => {
                let mut all = values.to_vec();
                set(&mut all, at, *new);
                *values = all.into();
            }
            (Self::Text(texts), Value::Text(new)) => {
                let mut all = StringBuilder::with_capacity(texts.len(), texts.value_data().len() + new.len());
                for place in 0..texts.len() {
                    all.append_value(if place == at { new } else { texts.value(place) });
                }
                *texts = all.finish();
            }
            _ => return Err(Unstorable::Type),
        }
        Ok(())
    }
}

fn set<T>(values: &mut [T], at: usize, new: T) {
    if let Some(value) = values.get_mut(at) {
        *value = new;
    }
}

/// A number at the scale of its column, or the column at a finer scale.
fn store_number(
    values: &mut Integers,
    scale: &mut Rational,
    at: usize,
    number: &Rational,
) -> Result<(), Unstorable> {
    let steps = number.checked_div(scale).ok_or(Unstorable::Digits)?;
    if let Some(steps) = steps.to_i128() {
        if !fits(values, at, steps) {
            *values = Integers::I128(wide(values));
            fits(values, at, steps);
            *values = narrowed(values);
        }
        return Ok(());
    }
    let (num, den) = steps.small_parts().ok_or(Unstorable::Digits)?;
    let finer: Option<Vec<i128>> = wide(values).into_iter().map(|value| value.checked_mul(den)).collect();
    let mut finer = finer.ok_or(Unstorable::Digits)?;
    set(&mut finer, at, num);
    *scale = scale.checked_div(&Rational::from(den)).ok_or(Unstorable::Digits)?;
    *values = narrowed(&Integers::I128(finer));
    Ok(())
}

/// Stores an integer if the column is wide enough for it.
fn fits(values: &mut Integers, at: usize, new: i128) -> bool {
    fn put<T: arrow_buffer::ArrowNativeType + TryFrom<i128>>(
        values: &mut ScalarBuffer<T>,
        at: usize,
        new: i128,
    ) -> bool {
        let Ok(new) = T::try_from(new) else { return false };
        let mut all = values.to_vec();
        set(&mut all, at, new);
        *values = all.into();
        true
    }
    match values {
        Integers::I16(values) => put(values, at, new),
        Integers::I32(values) => put(values, at, new),
        Integers::I64(values) => put(values, at, new),
        Integers::I128(values) => {
            set(values, at, new);
            true
        }
    }
}

fn wide(values: &Integers) -> Vec<i128> {
    (0..values.len()).map(|place| values.get(place)).collect()
}

fn narrowed(values: &Integers) -> Integers {
    let all = wide(values);
    match all.iter().map(|value| i64::try_from(*value)).collect::<Result<Vec<i64>, _>>() {
        Ok(narrow) => Integers::I64(narrow.into()),
        Err(_) => Integers::I128(all),
    }
}
