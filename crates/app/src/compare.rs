//! Two computations side by side: whose results differ, by how much, and what differs first.

use crate::dataset::Facts;
use crate::limits;
use crate::names;
use crate::run::computed_len;
use crate::words::row_labels;
use hengjie_calendar::Period;
use hengjie_evaluate::columnar::{self, ResultColumn, ResultData, Session};
use hengjie_evaluate::format::format_value;
use hengjie_evaluate::value::{Status, Value};
use hengjie_policy::core::{AttributeId, KindId, Program, Source, Type};
use hengjie_quantity::{Lang, Rational};
use std::collections::BTreeMap;
use std::sync::Arc;

/// A document computed on facts.
pub(crate) struct Side<'a> {
    pub(crate) program: &'a Program,
    pub(crate) facts: &'a Facts,
    pub(crate) columns: Vec<ResultColumn>,
}

impl<'a> Side<'a> {
    /// Computes attributes in periods.
    pub(crate) fn compute(
        program: &'a Program,
        facts: &'a Facts,
        attributes: &[AttributeId],
        periods: &[Period],
    ) -> Self {
        let columns =
            columnar::evaluate(program, &facts.data, &asked(attributes, periods), &|_, _| true).columns;
        Self { program, facts, columns }
    }

    /// What a session gives now: only what has changed since is computed.
    pub(crate) fn of_session(
        program: &'a Program,
        facts: &'a Facts,
        session: &mut Session<'_>,
        attributes: &[AttributeId],
        periods: &[Period],
    ) -> Self {
        let columns = session.results(&asked(attributes, periods)).columns;
        Self { program, facts, columns }
    }
}

fn asked(attributes: &[AttributeId], periods: &[Period]) -> columnar::Request {
    columnar::Request { attributes: attributes.to_vec(), periods: periods.to_vec(), places: limits::PLACES }
}

/// One result that differs.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Change {
    /// In the new computation; behind its last one for those that only the old one has.
    pub(crate) subject: u32,
    pub(crate) before: Value,
    pub(crate) after: Value,
}

/// The results of one attribute (and row of its 逐) in one period that differ.
#[derive(Debug, Clone)]
pub(crate) struct Column {
    /// In the new document.
    pub(crate) attribute: AttributeId,
    pub(crate) row: Option<String>,
    pub(crate) period: Option<Period>,
    pub(crate) changes: Vec<Change>,
}

/// Everything that differs, in the order of dependence of the new document.
#[derive(Debug, Default)]
pub(crate) struct Comparison {
    pub(crate) columns: Vec<Column>,
    /// Results that both computations have.
    pub(crate) compared: u64,
}

/// The place of a result, by name: two documents number differently.
type Place = (String, String, Option<String>, Option<Period>);

/// Compares two computations. What only one of the documents has is not compared.
pub(crate) fn compare(old: &Side<'_>, new: &Side<'_>) -> Comparison {
    let by_place: BTreeMap<Place, &ResultColumn> =
        old.columns.iter().map(|column| (place(old, column), column)).collect();
    let mut positions: BTreeMap<Option<KindId>, Option<Vec<Option<u32>>>> = BTreeMap::new();
    let mut found = Comparison::default();
    for column in &new.columns {
        let at = place(new, column);
        let Some(before) = by_place.get(&at) else { continue };
        let kind = new.program.attributes[column.attribute.index()].context.kind;
        let old_kind = old.program.attributes[before.attribute.index()].context.kind;
        let places = positions.entry(kind).or_insert_with(|| {
            kind.zip(old_kind).and_then(|(new_kind, old_kind)| same_subjects(old, old_kind, new, new_kind))
        });
        let mut changes = Vec::new();
        for subject in 0..computed_len(column) {
            let earlier = match places {
                None => Some(subject),
                Some(places) => places.get(subject).copied().flatten().map(|place| place as usize),
            };
            let Some(earlier) = earlier else {
                changes.extend(newcomer(new, column, subject));
                continue;
            };
            found.compared += 1;
            if !differs(before, earlier, column, subject) {
                continue;
            }
            let (was, is) = (value(old.program, before, earlier), value(new.program, column, subject));
            if words(old, &was) != words(new, &is) {
                let subject = u32::try_from(subject).unwrap_or(u32::MAX);
                changes.push(Change { subject, before: carried(old, new, was), after: is });
            }
        }
        if let Some(places) = places {
            changes.extend(gone(old, new, (before, column), places));
        }
        if !changes.is_empty() {
            let (_, _, row, period) = at;
            found.columns.push(Column { attribute: column.attribute, row, period, changes });
        }
    }
    let order: BTreeMap<AttributeId, usize> =
        new.program.order.iter().enumerate().map(|(at, id)| (*id, at)).collect();
    found
        .columns
        .sort_by_key(|column| (order.get(&column.attribute).copied(), column.period, column.row.clone()));
    found
}

/// The result of somebody who was not there.
fn newcomer(new: &Side<'_>, column: &ResultColumn, subject: usize) -> Option<Change> {
    let after = value(new.program, column, subject);
    let subject = u32::try_from(subject).unwrap_or(u32::MAX);
    (after != Value::None).then_some(Change { subject, before: Value::None, after })
}

/// The results of those who are not there any more. They are numbered behind those who are.
fn gone(
    old: &Side<'_>,
    new: &Side<'_>,
    (before, after): (&ResultColumn, &ResultColumn),
    places: &[Option<u32>],
) -> Vec<Change> {
    let stay: std::collections::BTreeSet<u32> = places.iter().flatten().copied().collect();
    let absent =
        (0..computed_len(before)).filter(|at| u32::try_from(*at).is_ok_and(|at| !stay.contains(&at)));
    let change = |at: usize| {
        let was = value(old.program, before, at);
        let subject = u32::try_from(computed_len(after) + at).unwrap_or(u32::MAX);
        (was != Value::None).then(|| Change { subject, before: carried(old, new, was), after: Value::None })
    };
    absent.filter_map(change).collect()
}

fn place(side: &Side<'_>, column: &ResultColumn) -> Place {
    let attribute = &side.program.attributes[column.attribute.index()];
    let kind = attribute.context.kind.map_or("", |kind| side.program.kinds[kind.index()].name.as_str());
    let row = match (column.row, attribute.context.rows.as_ref().map(|rows| &rows.source)) {
        (Some(row), Some(Source::Rows(table))) => {
            row_labels(side.program, &side.facts.data, *table).get(row as usize).cloned()
        }
        _ => None,
    };
    (kind.to_owned(), attribute.name.clone(), row, column.period)
}

/// Where the subjects of the new computation stood in the old one; `None`: all in the same place.
fn same_subjects(
    old: &Side<'_>,
    old_kind: KindId,
    new: &Side<'_>,
    new_kind: KindId,
) -> Option<Vec<Option<u32>>> {
    let (before, after) = (&old.facts.data.kinds[old_kind.index()], &new.facts.data.kinds[new_kind.index()]);
    let is_same =
        before.len == after.len && (0..after.len).all(|at| before.keys.get(at) == after.keys.get(at));
    if is_same {
        return None;
    }
    let index = crate::dataset::KeyIndex::of(&before.keys);
    Some((0..after.len).map(|at| index.position(&after.keys.get(at))).collect())
}

/// A quick look: different bits are looked at again as values.
pub(crate) fn differs(before: &ResultColumn, earlier: usize, after: &ResultColumn, subject: usize) -> bool {
    let state = |column: &ResultColumn, at: usize| {
        column.status.as_ref().map_or(Some(0), |states| states.get(at).copied())
    };
    if state(before, earlier) != state(after, subject) {
        return true;
    }
    match (&before.data, &after.data) {
        (
            ResultData::Number { values: old, places: left, .. },
            ResultData::Number { values: new, places: right, .. },
        ) => left != right || old.get(earlier) != new.get(subject),
        (ResultData::Bool(old), ResultData::Bool(new)) => old.get(earlier) != new.get(subject),
        (ResultData::Code(old), ResultData::Code(new)) => {
            // Codes of two documents may mean different things.
            before.attribute != after.attribute || old.get(earlier) != new.get(subject)
        }
        _ => true,
    }
}

/// A result as it is shown.
pub(crate) fn value(program: &Program, column: &ResultColumn, at: usize) -> Value {
    let state =
        column.status.as_ref().map_or(0, |states| states.get(at).copied().unwrap_or(Status::Missing as u8));
    match state {
        0 => {}
        1 => return Value::None,
        2 => return Value::Exempt,
        state if state == Status::Undecided as u8 => return Value::Undecided(Arc::from([])),
        _ => return Value::Missing(Arc::from([])),
    }
    let code = |codes: &[i32]| codes.get(at).copied();
    let position = |codes: &[i32]| code(codes).and_then(|code| u32::try_from(code).ok());
    let found = match (&column.data, &program.attributes[column.attribute.index()].ty.base) {
        (ResultData::Number { values, places, .. }, _) => {
            let scale = Rational::pow10(-i32::try_from(*places).unwrap_or(0));
            Some(Value::Number(Rational::from(values.get(at)) * scale))
        }
        (ResultData::Bool(values), _) => values.get(at).map(|truth| Value::Bool(*truth)),
        (ResultData::Code(codes), Type::Enum(of)) => position(codes).map(|item| Value::Enum(*of, item)),
        (ResultData::Code(codes), Type::Object(kind)) => position(codes).map(|at| Value::Object(*kind, at)),
        (ResultData::Code(codes), Type::Row(table)) => position(codes).map(|row| Value::Row(*table, row)),
        (ResultData::Code(codes), Type::Date) => {
            code(codes).and_then(hengjie_calendar::Date::from_days).map(Value::Date)
        }
        (ResultData::Code(codes), Type::Period(grain)) => {
            code(codes).and_then(|ordinal| Period::new(*grain, ordinal)).map(Value::Period)
        }
        _ => None,
    };
    found.unwrap_or(Value::None)
}

/// A value as words that two documents share.
fn words(side: &Side<'_>, value: &Value) -> String {
    match value {
        Value::Number(number) => number.to_string(),
        other => format_value(side.program, &side.facts.data, other, &Type::Text, Lang::Zh),
    }
}

/// An old value in the terms of the new document; text where the new one has no such item.
fn carried(old: &Side<'_>, new: &Side<'_>, value: Value) -> Value {
    match &value {
        Value::Enum(of, _) => {
            let text = words(old, &value);
            let name = &old.program.enums[of.index()].name;
            let found = (0..).zip(&new.program.enums).find(|(_, own)| own.name == *name);
            let item = found.and_then(|(id, own)| {
                let item = own.items.iter().position(|item| *item == text)?;
                Some(Value::Enum(hengjie_policy::core::EnumId(id), u32::try_from(item).ok()?))
            });
            item.unwrap_or(Value::Text(Arc::from(text.as_str())))
        }
        Value::Row(..) | Value::Object(..) => Value::Text(Arc::from(words(old, &value).as_str())),
        _ => value,
    }
}

impl Change {
    /// New minus old, for numbers; what is 无 counts as nothing.
    pub(crate) fn difference(&self) -> Option<Rational> {
        let number = |value: &Value| match value {
            Value::Number(number) => Some(number.clone()),
            Value::None => Some(Rational::ZERO),
            _ => None,
        };
        let is_number = |value: &Value| matches!(value, Value::Number(_));
        (is_number(&self.before) || is_number(&self.after)).then_some(())?;
        Some(number(&self.after)? - number(&self.before)?)
    }

    /// Up, down or neither: larger numbers, higher items; a value is more than 无.
    pub(crate) fn direction(&self) -> i32 {
        if let Some(difference) = self.difference() {
            return difference.signum();
        }
        match (&self.before, &self.after) {
            (Value::Enum(of, before), Value::Enum(other, after)) if of == other => {
                i32::from(after > before) - i32::from(after < before)
            }
            (Value::None, Value::Enum(..)) => 1,
            (Value::Enum(..), Value::None) => -1,
            (Value::Bool(before), Value::Bool(after)) => i32::from(*after) - i32::from(*before),
            _ => 0,
        }
    }
}

/// Name of a column: `符合·高级`.
pub(crate) fn heading(program: &Program, column: &Column) -> String {
    let name = &program.attributes[column.attribute.index()].name;
    column.row.as_ref().map_or_else(|| name.clone(), |row| format!("{name}·{row}"))
}

/// Key and name of the subject of a change; 全体 without one.
pub(crate) fn who(program: &Program, facts: &Facts, column: &Column, subject: u32, lang: Lang) -> String {
    match program.attributes[column.attribute.index()].context.kind {
        Some(kind) => names::person(facts, kind, subject, lang),
        None => lang.pick("全体", "all").to_owned(),
    }
}
