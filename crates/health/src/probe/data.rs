//! A world as the dataset that the evaluator reads.

use super::{Fact, World, is_periodic};
use crate::Context;
use arrow_array::StringArray;
use hengjie_calendar::{Date, Grain, Period};
use hengjie_evaluate::dataset::{
    Column, ColumnData, Dataset, DatedColumn, FieldData, Integers, Keys, KindData, RecordPeriods,
};
use hengjie_evaluate::value::Status;
use hengjie_policy::core::{Field, FieldRef, FieldTime, Kind, KindId, Type};
use hengjie_quantity::Rational;

/// Subjects and records of every kind.
const INSTANCES: u32 = 2;
/// Names of subjects.
const NAMES: [&str; 2] = ["甲", "乙"];

pub(super) fn dataset(context: &Context<'_>, world: &World) -> Dataset {
    let program = context.program;
    let last = world.period.map_or(program.from, |period| period.last_day());
    let this = Period::containing(Grain::Year, last);
    let first = this.prev().unwrap_or(this).first_day();
    let kinds = (0..program.kinds.len()).map(|at| {
        let id = KindId(u32::try_from(at).unwrap_or(0));
        kind_data(world, id, &program.kinds[at], (first, last))
    });
    let mut parameters = context.supplied.to_vec();
    parameters.extend(world.parameters.values().cloned());
    Dataset {
        kinds: kinds.collect(),
        parameters,
        readings: world.readings.clone(),
        decisions: world.decisions.clone(),
        horizon: Some((first, this.last_day())),
        ..Dataset::default()
    }
}

fn kind_data(world: &World, id: KindId, kind: &Kind, (first, last): (Date, Date)) -> KindData {
    let here = world.kinds.contains(&id) && !world.without.contains(&id);
    let len = if here { INSTANCES } else { 0 };
    let fields = kind.fields.iter().enumerate().map(|(at, field)| {
        let reference = FieldRef { kind: id, field: u32::try_from(at).unwrap_or(0) };
        field_data(world, kind, reference, field, len, (first, last))
    });
    let grain = kind.grains.iter().max_by_key(|grain| u8::from(**grain == Grain::Day));
    let periods = grain.map(|grain| RecordPeriods::Same(Period::containing(*grain, last)));
    KindData {
        len: len as usize,
        keys: Keys::Text(StringArray::from_iter_values(NAMES.iter().take(len as usize))),
        fields: fields.collect(),
        periods,
        ..KindData::default()
    }
}

fn field_data(
    world: &World,
    kind: &Kind,
    reference: FieldRef,
    field: &Field,
    len: u32,
    (first, last): (Date, Date),
) -> FieldData {
    let fact = |instance: u32| -> Option<Fact> {
        if let Some(known) = world.facts.get(&(reference, instance)) {
            return Some(known.clone());
        }
        match field.ty {
            // Relations are there from the beginning.
            Type::Object(_) if kind.tree == Some(reference.field) => Some(Fact::Nothing),
            Type::Object(_) => Some(Fact::Object(instance)),
            Type::Date if field.name == "日期" && kind.grains.contains(&Grain::Day) => {
                Some(Fact::Day(last))
            }
            _ => None,
        }
    };
    let facts: Vec<Option<Fact>> = (0..len).map(fact).collect();
    if facts.iter().all(Option::is_none) {
        return FieldData::Absent;
    }
    let column = column(field, &facts);
    match is_periodic(field.time) {
        Some(grain) => {
            let mut periods = Vec::new();
            let mut period = Some(Period::containing(grain, first));
            while let Some(one) = period.filter(|one| one.first_day() <= last) {
                periods.push((one, column.clone()));
                period = one.next();
            }
            FieldData::Periodic(periods.into_iter().collect())
        }
        None if field.time == FieldTime::Dated => FieldData::Dated(DatedColumn {
            offsets: (0..=len).collect(),
            days: vec![first; len as usize],
            values: column,
        }),
        None => FieldData::Static(column),
    }
}

fn column(field: &Field, facts: &[Option<Fact>]) -> Column {
    let status = facts.iter().map(|fact| match fact {
        None => Status::Missing as u8,
        Some(Fact::Nothing) => Status::None as u8,
        Some(_) => Status::Present as u8,
    });
    macro_rules! each {
        ($pattern:pat => $value:expr, $default:expr) => {
            facts.iter().map(|fact| if let Some($pattern) = fact { $value } else { $default }).collect()
        };
    }
    let data = match field.ty {
        Type::Bool => ColumnData::Bool(each!(Fact::Bool(truth) => *truth, false)),
        Type::Text => {
            let texts: Vec<String> = each!(Fact::Text(text) => text.clone(), String::new());
            ColumnData::Text(StringArray::from(texts))
        }
        Type::Date => ColumnData::Date(each!(Fact::Day(day) => *day, Date::MIN)),
        Type::Period(grain) => ColumnData::Period(vec![Period::containing(grain, Date::MIN); facts.len()]),
        Type::Enum(_) => ColumnData::Enum(each!(Fact::Item(item) => u16::try_from(*item).unwrap_or(0), 0)),
        Type::Object(_) => ColumnData::Object(each!(Fact::Object(position) => *position, 0)),
        _ => {
            let numbers: Vec<Rational> = each!(Fact::Number(number) => number.clone(), Rational::ZERO);
            number_column(&numbers)
        }
    };
    Column { data, same: false, status: Some(status.collect()), origin: None, heading: field.name.clone() }
}

/// Numbers as whole multiples of one over a common denominator.
fn number_column(numbers: &[Rational]) -> ColumnData {
    let mut denominator = Rational::ONE;
    for number in numbers {
        if let Some((_, part)) = (number * &denominator).small_parts() {
            denominator *= Rational::from(part);
        }
    }
    let values = numbers.iter().map(|number| (number * &denominator).to_i128().unwrap_or(0)).collect();
    let scale = Rational::ONE.checked_div(&denominator).unwrap_or(Rational::ONE);
    ColumnData::Number { values: Integers::I128(values), scale }
}
