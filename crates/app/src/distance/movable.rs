//! Facts that a person could move: numbers with their unit and bounds, yes or no, items with an order. Days, texts,
//! relations and items without an order are not moved; nor are the facts of others.

use super::bench::Bench;
use crate::names::field_of;
use hengjie_calendar::Period;
use hengjie_evaluate::dataset::FactPlace;
use hengjie_evaluate::row::{Evaluator, FactRead};
use hengjie_evaluate::value::Value;
use hengjie_policy::core::{Field, FieldTime, KindId, Type};
use hengjie_quantity::{BaseUnit, Rational, Unit};
use std::collections::{BTreeMap, BTreeSet};

/// Records of one field that are moved: the largest ones.
const RECORDS: usize = 3;

/// A fact that can be moved.
#[derive(Debug, Clone)]
pub(crate) struct Movable {
    pub(crate) place: FactPlace,
    /// As it is; 待补 where it is missing.
    pub(crate) value: Value,
    /// The smallest step of a number.
    step: Rational,
    /// Allowed numbers.
    low: Option<Rational>,
    high: Option<Rational>,
    /// All other values, the nearest first; `None` for numbers.
    pub(crate) choices: Option<Vec<Value>>,
}

/// The facts that were read and can be moved.
pub(crate) fn movable(bench: &Bench<'_>, read: &BTreeSet<FactRead>, only: &[String]) -> Vec<Movable> {
    let evaluator = Evaluator::new(bench.program, &bench.facts.data);
    let wished = &bench.program.attributes[bench.place.attribute.index()].ty.base;
    let mut by_field: BTreeMap<_, Vec<Movable>> = BTreeMap::new();
    let mut seen = BTreeSet::new();
    for &(field, subject, period) in read {
        let definition = field_of(bench.program, field);
        // The grade that somebody has is where he stands, no way to the next one.
        let is_standing = matches!(definition.ty, Type::Enum(_)) && definition.ty == *wished;
        let is_asked = if only.is_empty() { !is_standing } else { only.contains(&definition.name) };
        let read_in = FactPlace { field, subject, period };
        let period = period.filter(|_| definition.time != FieldTime::Static);
        let place = FactPlace { field, subject, period };
        if is_asked && is_own(bench, &evaluator, place) && is_now(bench, read_in) && seen.insert(place) {
            let value = evaluator.fact(field, subject, period);
            by_field.entry(field).or_default().extend(fact(bench, place, definition, value));
        }
    }
    let mut facts = Vec::new();
    for (_, mut records) in by_field {
        records.sort_by_key(|record| std::cmp::Reverse(record.size()));
        facts.extend(records.into_iter().take(RECORDS));
    }
    facts
}

/// Does a fact belong to the person: his own, or of records that name nobody else?
fn is_own(bench: &Bench<'_>, evaluator: &Evaluator<'_>, place: FactPlace) -> bool {
    let Some(kind) = bench.kind() else { return true };
    if place.field.kind == kind {
        return place.subject == bench.place.subject;
    }
    let fields = (0..).zip(&bench.program.kinds[place.field.kind.index()].fields);
    let owners: Vec<u32> =
        fields.filter(|(_, field)| field.ty == Type::Object(kind)).map(|(at, _)| at).collect();
    let is_own = |field: &u32| {
        let field = hengjie_policy::core::FieldRef { kind: place.field.kind, field: *field };
        evaluator.fact(field, place.subject, bench.place.period) == Value::Object(kind, bench.place.subject)
    };
    owners.is_empty() || owners.iter().any(is_own)
}

/// Is it of the time of the result? What has been is not moved.
fn is_now(bench: &Bench<'_>, place: FactPlace) -> bool {
    let Some(mut now) = bench.place.period else { return true };
    // A state is made by the period before it.
    let attribute = &bench.program.attributes[bench.place.attribute.index()];
    if matches!(attribute.body, hengjie_policy::core::Body::State { .. }) {
        now = now.prev().unwrap_or(now);
    }
    let meets = |period: Period| now.contains_period(&period) || period.contains_period(&now);
    let record = bench.facts.data.kinds[place.field.kind.index()].periods.as_ref();
    let record = record.and_then(|periods| periods.get(place.subject as usize));
    place.period.is_none_or(meets) && record.is_none_or(meets)
}

fn fact(bench: &Bench<'_>, place: FactPlace, field: &Field, value: Value) -> Option<Movable> {
    let known = value.is_present() || matches!(value, Value::Missing(_));
    let choices = match &field.ty {
        _ if !known => return None,
        Type::Number(_) => None,
        Type::Bool => Some(others(&value, [true, false].map(Value::Bool).to_vec())),
        Type::Enum(of) if bench.program.enums[of.index()].ordered => {
            let items = &bench.program.enums[of.index()].items;
            let all = (0..u32::try_from(items.len()).ok()?).map(|item| Value::Enum(*of, item));
            Some(others(&value, all.collect()))
        }
        _ => return None,
    };
    let range = field.range.clone();
    let step = match &field.ty {
        Type::Number(unit) => step(unit),
        _ => Rational::ONE,
    };
    let is_negative = matches!(&value, Value::Number(number) if number.signum() < 0);
    let low = range.as_ref().map(|(low, _)| low.clone()).or((!is_negative).then_some(Rational::ZERO));
    let high = range.map(|(_, high)| high);
    let (low, high) = match &field.ty {
        Type::Number(unit) if is_share(unit) => (low, high.or(Some(Rational::from(10)))),
        _ => (low, high),
    };
    Some(Movable { place, value, step, low, high, choices })
}

/// The other values, those nearest to the present one first.
fn others(value: &Value, all: Vec<Value>) -> Vec<Value> {
    let at = all.iter().position(|other| other == value);
    let mut others: Vec<(usize, Value)> = all
        .into_iter()
        .enumerate()
        .filter(|(_, other)| other != value)
        .map(|(place, other)| (at.map_or(place, |at| at.abs_diff(place)), other))
        .collect();
    others.sort_by_key(|(distance, _)| *distance);
    others.into_iter().map(|(_, other)| other).collect()
}

/// The smallest step in which facts of a unit are kept: 分 of money, whole things, 0.01 of a score, 0.01% of a share.
fn step(unit: &Unit) -> Rational {
    match unit.single() {
        Some(BaseUnit::Count(_) | BaseUnit::Month | BaseUnit::Day) => Rational::ONE,
        _ if is_share(unit) => Rational::pow10(-4),
        _ => Rational::pow10(-2),
    }
}

fn is_share(unit: &Unit) -> bool {
    unit.is_none()
}

impl Movable {
    /// The number as it is; zero for one that is missing.
    fn number(&self) -> Rational {
        match &self.value {
            Value::Number(number) => number.clone(),
            _ => Rational::ZERO,
        }
    }

    fn size(&self) -> Rational {
        self.number().abs()
    }

    /// Where moving starts.
    pub(crate) fn start(&self) -> Value {
        if self.choices.is_some() { self.value.clone() } else { Value::Number(self.number()) }
    }

    /// How large a change is: a share of the larger of both values; another item or 是 instead of 否 is a whole change.
    pub(crate) fn cost(&self, value: &Value) -> Rational {
        let (Value::Number(new), None) = (value, &self.choices) else { return Rational::ONE };
        let old = self.number();
        (new - &old).abs().checked_div(&old.abs().max(new.abs())).unwrap_or(Rational::ZERO)
    }

    /// Numbers to try in one direction, from near to far, in whole steps and inside the bounds.
    pub(crate) fn probes(&self, up: bool) -> Vec<Value> {
        const SHARES: [i128; 8] = [1, 5, 20, 50, 100, 300, 1_000, 10_000];
        let old = self.number();
        let mut numbers: Vec<Rational> = match old.is_zero() {
            true => (0..14).map(|places| &self.step * Rational::pow10(places)).collect(),
            false => SHARES
                .iter()
                .filter_map(|share| Rational::new(*share, 100))
                .map(|share| &old.abs() * share)
                .collect(),
        };
        if up {
            numbers.extend(self.high.as_ref().map(|high| high - &old));
        } else {
            numbers.extend(self.low.as_ref().map(|low| &old - low));
        }
        numbers.sort();
        let mut values = Vec::new();
        for by in numbers {
            let target = if up { &old + &by } else { &old - &by };
            let target = self.low.as_ref().map_or(target.clone(), |low| target.clone().max(low.clone()));
            let target = self.high.as_ref().map_or(target.clone(), |high| target.clone().min(high.clone()));
            let Some(units) = self.whole(&target, up) else { continue };
            let value = self.at(units);
            let moves = matches!(&value, Value::Number(new) if if up { *new > old } else { *new < old });
            if moves && values.last() != Some(&value) {
                values.push(value);
            }
        }
        values
    }

    /// Whole steps at or beyond a number.
    fn whole(&self, number: &Rational, up: bool) -> Option<i128> {
        let mode = if up { hengjie_quantity::Rounding::Up } else { hengjie_quantity::Rounding::Down };
        number.round_to(&self.step, mode)?.checked_div(&self.step)?.to_i128()
    }

    /// The steps of a value that is a whole number of them.
    pub(crate) fn units(&self, value: &Value) -> Option<i128> {
        let Value::Number(number) = value else { return None };
        number.checked_div(&self.step)?.to_i128()
    }

    /// The steps of the value on the near side, not beyond it, and whether the way leads up.
    pub(crate) fn below(&self, little: &Value, enough: &Value) -> Option<(i128, bool)> {
        let (Value::Number(little), Value::Number(enough)) = (little, enough) else { return None };
        let up = enough > little;
        Some((self.whole(little, !up)?, up))
    }

    /// A number of steps as a value.
    pub(crate) fn at(&self, units: i128) -> Value {
        Value::Number(Rational::from(units) * &self.step)
    }

    /// A share of the way to a value, in whole steps.
    pub(crate) fn part(&self, value: &Value, part: i128, of: i128) -> Option<Value> {
        let Value::Number(new) = value else { return None };
        let old = self.number();
        let way = (new - &old) * Rational::new(part, of)?;
        let up = *new > old;
        Some(self.at(self.whole(&(old + way), up)?))
    }
}

/// The kind whose name a change shows, when it is not the person himself.
pub(crate) fn is_record(kind: Option<KindId>, place: FactPlace) -> bool {
    kind != Some(place.field.kind)
}
