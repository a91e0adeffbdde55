//! Changing one fact in place.

use super::{Column, ColumnData, Dataset, FieldData, Integers};
use crate::value::{Status, Value};
use arrow_array::builder::StringBuilder;
use arrow_array::{Array, StringArray};
use arrow_buffer::ScalarBuffer;
use hengjie_calendar::{Date, Grain, Period};
use hengjie_policy::core::{FieldRef, Program, Type};
use hengjie_quantity::Rational;

/// Why a fact cannot be changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unstorable {
    /// The data have no such subject, record or field.
    Nobody,
    /// The value is not of the type of the field.
    Type,
    /// The field needs a period, and none was given.
    Period,
    /// The field changes by days: a single value has no first day.
    Dated,
    /// The number has too many digits beside the others of its column.
    Digits,
}

impl Dataset {
    /// Stores a value of a field of a subject, for fields with periods in that period.
    ///
    /// # Errors
    /// As [`Unstorable`] says; nothing is changed then.
    pub fn store(
        &mut self,
        program: &Program,
        field: FieldRef,
        subject: u32,
        period: Option<Period>,
        value: &Value,
    ) -> Result<(), Unstorable> {
        let definition = (program.kinds.get(field.kind.index()))
            .and_then(|kind| kind.fields.get(field.field as usize))
            .ok_or(Unstorable::Nobody)?;
        let kind = self.kinds.get_mut(field.kind.index()).ok_or(Unstorable::Nobody)?;
        let (len, at) = (kind.len, subject as usize);
        if at >= len {
            return Err(Unstorable::Nobody);
        }
        let slot = kind.fields.get_mut(field.field as usize).ok_or(Unstorable::Nobody)?;
        let is_periodic = matches!(definition.time, hengjie_policy::core::FieldTime::Every(_));
        if matches!(slot, FieldData::Dated(_)) || definition.time == hengjie_policy::core::FieldTime::Dated {
            return Err(Unstorable::Dated);
        }
        let blank = || blank(&definition.ty, len, &definition.name);
        if !is_periodic {
            if matches!(slot, FieldData::Absent) {
                *slot = FieldData::Static(blank());
            }
            return match slot {
                FieldData::Static(column) => column.store(len, at, value),
                _ => Err(Unstorable::Type),
            };
        }
        let period = period.ok_or(Unstorable::Period)?;
        if matches!(slot, FieldData::Absent) {
            *slot = FieldData::Periodic(std::collections::BTreeMap::new());
        }
        match slot {
            FieldData::Periodic(columns) => columns.entry(period).or_insert_with(blank).store(len, at, value),
            _ => Err(Unstorable::Type),
        }
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

    /// Gives every subject a value of its own.
    fn spread(&mut self, len: usize) {
        if !std::mem::take(&mut self.same) {
            return;
        }
        fn many<T: Copy>(values: &[T], len: usize) -> Vec<T> {
            values.first().map(|&value| vec![value; len]).unwrap_or_default()
        }
        self.status = self.status.take().map(|states| many(&states, len));
        match &mut self.data {
            ColumnData::Number { values, .. } => {
                *values = match &*values {
                    Integers::I16(values) => Integers::I16(many(values, len).into()),
                    Integers::I32(values) => Integers::I32(many(values, len).into()),
                    Integers::I64(values) => Integers::I64(many(values, len).into()),
                    Integers::I128(values) => Integers::I128(many(values, len)),
                }
            }
            ColumnData::Bool(values) => *values = many(values, len),
            ColumnData::Date(values) => *values = many(values, len),
            ColumnData::Period(values) => *values = many(values, len),
            ColumnData::Enum(values) => *values = many(values, len),
            ColumnData::Object(values) => *values = many(values, len).into(),
            ColumnData::Text(texts) => {
                let text = if texts.is_empty() { String::new() } else { texts.value(0).to_owned() };
                *texts = StringArray::from_iter_values(std::iter::repeat_n(text, len));
            }
        }
    }
}

impl ColumnData {
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
