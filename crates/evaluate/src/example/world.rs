//! The small world of one example as a dataset.

use crate::dataset::{
    AssumedKey, Column, ColumnData, Dataset, DatedColumn, DecidedValue, DecisionKey, FieldData, Integers,
    Keys, KindData, Origin, RecordPeriods, SuppliedParameter,
};
use crate::row::literal;
use crate::value::{Status, Value};
use arrow_array::StringArray;
use hengjie_calendar::{Date, Grain, Period};
use hengjie_policy::core::{
    AttributeId, Example, ExampleGiven, ExampleValue, Field, FieldTime, Kind, KindId, Literal, Program, Type,
};
use hengjie_quantity::Rational;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// The field of dated records that holds their day.
const DAY_FIELD: &str = "日期";

/// The subjects and periods that an example speaks of.
pub(super) struct World<'a> {
    program: &'a Program,
    example: &'a Example,
    /// By kind, in the order of first mention.
    keys: Vec<Vec<String>>,
    positions: BTreeMap<(KindId, String), u32>,
    /// Periods that the givens name.
    periods: BTreeSet<Period>,
}

/// A fact of one field.
struct Fact<'a> {
    subject: u32,
    period: Option<Period>,
    from: Option<Date>,
    value: &'a ExampleValue,
}

impl<'a> World<'a> {
    pub(super) fn of(program: &'a Program, example: &'a Example) -> Self {
        let keys = vec![Vec::new(); program.kinds.len()];
        let mut world = Self { program, example, keys, positions: BTreeMap::new(), periods: BTreeSet::new() };
        for given in &example.givens {
            world.mention(given);
        }
        for expectation in &example.expectations {
            world.mention_result(expectation.attribute, expectation.key.as_deref().unwrap_or_default());
            world.mention_value(&expectation.value);
        }
        world
    }

    fn mention(&mut self, given: &'a ExampleGiven) {
        match given {
            ExampleGiven::Subject { kind, key, period } => {
                self.add(*kind, key);
                self.periods.extend(period);
            }
            ExampleGiven::Fact { field, key, period, value, .. } => {
                self.add(field.kind, key);
                self.mention_value(value);
                self.periods.extend(period);
            }
            ExampleGiven::Assumed { attribute, key, period, value } => {
                self.mention_result(*attribute, key);
                self.mention_value(value);
                self.periods.extend(period);
            }
            ExampleGiven::Decision { decision, key, period, value, .. } => {
                if let Some(attribute) = self.program.decisions[decision.index()].attribute {
                    self.mention_result(attribute, key);
                }
                self.mention_value(value);
                self.periods.extend(period);
            }
            ExampleGiven::Parameter { .. } | ExampleGiven::Reading { .. } => {}
        }
    }

    fn mention_result(&mut self, attribute: AttributeId, key: &str) {
        if let Some(kind) = self.program.attributes[attribute.index()].context.kind {
            self.add(kind, key);
        }
    }

    fn mention_value(&mut self, value: &ExampleValue) {
        if let ExampleValue::Object(kind, key) = value {
            self.add(*kind, key);
        }
    }

    fn add(&mut self, kind: KindId, key: &str) {
        if key.is_empty() || self.positions.contains_key(&(kind, key.to_owned())) {
            return;
        }
        let keys = &mut self.keys[kind.index()];
        let position = u32::try_from(keys.len()).unwrap_or(u32::MAX);
        keys.push(key.to_owned());
        self.positions.insert((kind, key.to_owned()), position);
    }

    pub(super) fn article(&self) -> hengjie_policy::core::ArticleId {
        self.example.article
    }

    /// The position of a subject; `None` for a key that the example never names.
    pub(super) fn position(&self, kind: KindId, key: &str) -> Option<u32> {
        self.positions.get(&(kind, key.to_owned())).copied()
    }

    /// The only period of a grain that the givens name.
    pub(super) fn default_period(&self, grain: Grain) -> Option<Period> {
        let mut periods = self.periods.iter().filter(|period| period.grain() == grain);
        periods.next().copied().filter(|_| periods.next().is_none())
    }

    pub(super) fn value(&self, value: &ExampleValue) -> Value {
        match value {
            ExampleValue::Literal(value) => literal(value),
            ExampleValue::Object(kind, key) => {
                self.position(*kind, key).map_or(Value::None, |position| Value::Object(*kind, position))
            }
            ExampleValue::Missing => Value::Missing(Arc::from([])),
            ExampleValue::Undecided => Value::Undecided(Arc::from([])),
        }
    }

    pub(super) fn dataset(&self) -> Dataset {
        let mut data = Dataset {
            kinds: (0..self.program.kinds.len()).map(|kind| self.kind_data(KindId(kind as u32))).collect(),
            readings: vec![None; self.program.readings.len()],
            horizon: self.horizon(),
            ..Dataset::default()
        };
        for given in &self.example.givens {
            self.add_given(&mut data, given);
        }
        data
    }

    /// What an example gives beside facts.
    fn add_given(&self, data: &mut Dataset, given: &ExampleGiven) {
        match given {
            ExampleGiven::Assumed { attribute, key, period, value } => {
                let kind = self.program.attributes[attribute.index()].context.kind;
                let subject = kind.and_then(|kind| self.position(kind, key)).unwrap_or(0);
                let place = AssumedKey { attribute: *attribute, subject, period: *period };
                data.assumed.insert(place, self.value(value));
            }
            ExampleGiven::Parameter { parameter, keys, value } => data.parameters.push(SuppliedParameter {
                parameter: *parameter,
                keys: keys.clone(),
                value: value.clone(),
                from: None,
                by: String::new(),
                because: String::new(),
                origin: None,
            }),
            ExampleGiven::Reading { reading, alternative } => {
                data.readings[reading.index()] = Some(*alternative)
            }
            ExampleGiven::Decision { decision, key, row, period, value } => {
                let decided = DecidedValue {
                    value: self.value(value),
                    by: self.program.decisions[decision.index()].by.clone(),
                    because: String::new(),
                    evidence: String::new(),
                    origin: None,
                };
                // Without a period the decision holds in every period of the example, and outside of periods.
                let periods = match period {
                    Some(period) => vec![Some(*period)],
                    None => self.all_periods().into_iter().map(Some).chain([None]).collect(),
                };
                for period in periods {
                    let row = row.clone().unwrap_or_default();
                    let place = DecisionKey { decision: *decision, subject: key.clone(), row, period };
                    data.decisions.insert(place, decided.clone());
                }
            }
            ExampleGiven::Subject { .. } | ExampleGiven::Fact { .. } => {}
        }
    }

    /// The periods of the givens and of the expectations.
    fn all_periods(&self) -> BTreeSet<Period> {
        let expected = self.example.expectations.iter().filter_map(|expectation| expectation.period);
        self.periods.iter().copied().chain(expected).collect()
    }

    /// From the first to the last day of all periods that the example names.
    fn horizon(&self) -> Option<(Date, Date)> {
        let periods = self.all_periods();
        let first = periods.iter().map(Period::first_day).min()?;
        Some((first, periods.iter().map(Period::last_day).max()?))
    }

    fn kind_data(&self, id: KindId) -> KindData {
        let kind = &self.program.kinds[id.index()];
        let keys = &self.keys[id.index()];
        let mut facts: Vec<Vec<Fact<'_>>> = kind.fields.iter().map(|_| Vec::new()).collect();
        for given in &self.example.givens {
            if let ExampleGiven::Fact { field, key, period, from, value } = given
                && field.kind == id
                && let Some(subject) = self.position(id, key)
            {
                facts[field.field as usize].push(Fact { subject, period: *period, from: *from, value });
            }
        }
        let periods = (!kind.grains.is_empty()).then(|| self.record_periods(id, kind, &facts));
        let mut fields: Vec<FieldData> = kind
            .fields
            .iter()
            .zip(&facts)
            .map(|(field, facts)| self.field_data(field, facts, keys.len()))
            .collect();
        if let Some(periods) = &periods {
            fill_days(kind, periods, &mut fields);
        }
        KindData {
            len: keys.len(),
            keys: Keys::Text(StringArray::from_iter_values(keys)),
            names: None,
            fields,
            periods: periods.map(RecordPeriods::of),
            origin: Origin::None,
        }
    }

    /// The period of each record: given with it, or its day, or the period of a fact, or the only one there is.
    fn record_periods(&self, id: KindId, kind: &Kind, facts: &[Vec<Fact<'_>>]) -> Vec<Period> {
        let nowhere = Period::containing(Grain::Day, Date::MIN);
        let only = kind.grains.iter().find_map(|&grain| self.default_period(grain)).unwrap_or(nowhere);
        let mut periods = vec![only; self.keys[id.index()].len()];
        for fact in facts.iter().flatten() {
            if let Some(period) = fact.period {
                periods[fact.subject as usize] = period;
            }
        }
        if kind.grains.contains(&Grain::Day) {
            let days = kind.fields.iter().zip(facts).filter(|(field, _)| field.name == DAY_FIELD);
            for fact in days.flat_map(|(_, facts)| facts) {
                if let ExampleValue::Literal(Literal::Date(day)) = fact.value {
                    periods[fact.subject as usize] = Period::containing(Grain::Day, *day);
                }
            }
        }
        for given in &self.example.givens {
            if let ExampleGiven::Subject { kind, key, period: Some(period) } = given
                && *kind == id
                && let Some(subject) = self.position(id, key)
            {
                periods[subject as usize] = *period;
            }
        }
        periods
    }

    fn field_data(&self, field: &Field, facts: &[Fact<'_>], len: usize) -> FieldData {
        if facts.is_empty() {
            return FieldData::Absent;
        }
        match field.time {
            FieldTime::Static => {
                let mut values = vec![None; len];
                facts.iter().for_each(|fact| values[fact.subject as usize] = Some(fact.value));
                FieldData::Static(self.column(field, &values))
            }
            FieldTime::Every(grain) => {
                let mut columns: BTreeMap<Period, Vec<Option<&ExampleValue>>> = BTreeMap::new();
                for fact in facts {
                    if let Some(period) = fact.period.or_else(|| self.default_period(grain)) {
                        columns.entry(period).or_insert_with(|| vec![None; len])[fact.subject as usize] =
                            Some(fact.value);
                    }
                }
                let column = |(period, values): (Period, Vec<_>)| (period, self.column(field, &values));
                FieldData::Periodic(columns.into_iter().map(column).collect())
            }
            FieldTime::Dated => self.dated(field, facts, len),
        }
    }

    /// Entries by subject and day. Without a day or a period a value counts always.
    fn dated(&self, field: &Field, facts: &[Fact<'_>], len: usize) -> FieldData {
        let mut entries: BTreeMap<(u32, Date), &ExampleValue> = BTreeMap::new();
        for fact in facts {
            let from =
                fact.from.or_else(|| fact.period.map(|period| period.first_day())).unwrap_or(Date::MIN);
            entries.insert((fact.subject, from), fact.value);
        }
        let before =
            |subject: usize| entries.keys().filter(|(owner, _)| (*owner as usize) < subject).count() as u32;
        let values: Vec<Option<&ExampleValue>> = entries.values().map(|&value| Some(value)).collect();
        FieldData::Dated(DatedColumn {
            offsets: (0..=len).map(before).collect(),
            days: entries.keys().map(|(_, day)| *day).collect(),
            values: self.column(field, &values),
        })
    }

    fn column(&self, field: &Field, values: &[Option<&ExampleValue>]) -> Column {
        let state = |value: &Option<&ExampleValue>| match value {
            None | Some(ExampleValue::Missing) => Status::Missing,
            Some(ExampleValue::Undecided) => Status::Undecided,
            Some(ExampleValue::Literal(Literal::None)) => Status::None,
            Some(ExampleValue::Literal(Literal::Exempt)) => Status::Exempt,
            Some(_) => Status::Present,
        };
        let status = values.iter().map(|value| state(value) as u8).collect();
        Column {
            data: self.column_data(field, values),
            status: Some(status),
            origin: None,
            heading: field.name.clone(),
            same: false,
        }
    }

    fn column_data(&self, field: &Field, values: &[Option<&ExampleValue>]) -> ColumnData {
        let literals = || {
            values.iter().map(|value| match value {
                Some(ExampleValue::Literal(literal)) => Some(literal),
                _ => None,
            })
        };
        macro_rules! each {
            ($pattern:pat => $value:expr, $default:expr) => {
                literals()
                    .map(|literal| if let Some($pattern) = literal { $value } else { $default })
                    .collect()
            };
        }
        match field.ty {
            Type::Bool => ColumnData::Bool(each!(Literal::Bool(truth) => *truth, false)),
            Type::Text => {
                let texts: Vec<String> = each!(Literal::Text(text) => text.clone(), String::new());
                ColumnData::Text(StringArray::from(texts))
            }
            Type::Date => ColumnData::Date(each!(Literal::Date(day) => *day, Date::MIN)),
            Type::Period(grain) => {
                let nowhere = Period::containing(grain, Date::MIN);
                ColumnData::Period(each!(Literal::Period(period) => *period, nowhere))
            }
            Type::Enum(_) => {
                ColumnData::Enum(each!(Literal::Enum(_, item) => u16::try_from(*item).unwrap_or(0), 0))
            }
            Type::Object(_) => {
                let position = |value: &Option<&ExampleValue>| match value {
                    Some(ExampleValue::Object(kind, key)) => self.position(*kind, key).unwrap_or(u32::MAX),
                    _ => u32::MAX,
                };
                ColumnData::Object(values.iter().map(position).collect())
            }
            Type::Number(_) | Type::Row(_) | Type::Collection(_) => {
                let numbers: Vec<Rational> = each!(Literal::Number(number) => number.clone(), Rational::ZERO);
                number_column(&numbers)
            }
        }
    }
}

/// Numbers as whole multiples of one scale: one over the least common denominator.
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

/// The day field of dated records, where it is not given, is the day of the record.
fn fill_days(kind: &Kind, periods: &[Period], fields: &mut [FieldData]) {
    for (field, data) in kind.fields.iter().zip(fields) {
        let is_day = field.name == DAY_FIELD && field.ty == Type::Date && kind.grains.contains(&Grain::Day);
        if is_day && matches!(data, FieldData::Absent) {
            let days = periods.iter().map(Period::first_day).collect();
            let data_of_days = ColumnData::Date(days);
            *data = FieldData::Static(Column {
                data: data_of_days,
                status: None,
                origin: None,
                heading: field.name.clone(),
                same: false,
            });
        }
    }
}
