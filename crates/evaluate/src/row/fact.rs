//! Facts: fields in a period, parameters, decisions, and the labels of rows.

use super::record::Step;
use super::state::States;
use super::{Environment, Evaluated, Evaluator};
use crate::dataset::{Column, ColumnData, Dataset, DecisionKey, FieldData, SuppliedParameter};
use crate::value::{Gap, OpenDecision, Value};
use hengjie_calendar::{Date, Period};
use hengjie_policy::core::{
    Cell, DecisionId, Expr, Field, FieldRef, FieldTime, Kind, Literal, ParameterId, ParameterValue, Program,
    TableId, Type,
};
use hengjie_quantity::Rational;
use std::sync::Arc;

/// The first day of the history: of the horizon, or else of the earliest period in the data.
pub(crate) fn first_day(data: &Dataset) -> Option<Date> {
    if let Some((first, _)) = data.horizon {
        return Some(first);
    }
    let of_fields = data.kinds.iter().flat_map(|kind| &kind.fields).filter_map(|field| match field {
        FieldData::Periodic(columns) => columns.keys().map(Period::first_day).min(),
        _ => None,
    });
    let of_records = data
        .kinds
        .iter()
        .filter_map(|kind| kind.periods.as_ref()?.occurring().iter().map(Period::first_day).min());
    of_fields.chain(of_records).min()
}

/// The field of a form that says who filled it, with its position.
pub(crate) fn filler(kind: &Kind) -> Option<(u32, &Field)> {
    (0..).zip(&kind.fields).find(|(_, field)| kind.form.is_some() && field.name == "填写人")
}

/// The value of a constant.
pub(crate) fn literal(literal: &Literal) -> Value {
    match literal {
        Literal::Number(number) => Value::Number(number.clone()),
        Literal::Bool(truth) => Value::Bool(*truth),
        Literal::Text(text) => Value::Text(Arc::from(text.as_str())),
        Literal::Date(date) => Value::Date(*date),
        Literal::Period(period) => Value::Period(*period),
        Literal::Enum(of, ordinal) => Value::Enum(*of, *ordinal),
        Literal::None => Value::None,
        Literal::Exempt => Value::Exempt,
    }
}

/// The name of a row in decisions and expectations: the key cells of a table row joined by `/`, the key of an object, a
/// period as text.
pub(crate) fn row_label(program: &Program, data: &Dataset, row: &Value) -> String {
    match row {
        Value::Row(table, row) => table_row_label(program, *table, *row),
        Value::Object(kind, position) => {
            data.kinds.get(kind.index()).map(|data| data.keys.get(*position as usize)).unwrap_or_default()
        }
        Value::Period(period) => period.to_string(),
        _ => String::new(),
    }
}

fn table_row_label(program: &Program, table: TableId, row: u32) -> String {
    let table = &program.tables[table.index()];
    let Some(cells) = table.rows.get(row as usize).map(|row| &row.cells) else { return String::new() };
    let keys = cells.iter().zip(&table.columns).take((table.keys as usize).max(1));
    let labels: Vec<String> = keys.map(|(cell, column)| cell_text(program, cell, &column.ty)).collect();
    labels.join("/")
}

/// A cell as people write it.
pub(crate) fn cell_text(program: &Program, cell: &Cell, ty: &Type) -> String {
    let lang = hengjie_quantity::Lang::Zh;
    let number = |value: &Rational| match ty {
        Type::Number(unit) => hengjie_quantity::format_quantity(value, unit, lang),
        _ => hengjie_quantity::format_number(value),
    };
    match cell {
        Cell::Value(Literal::Number(value)) => number(value),
        Cell::Value(value) => literal_text(program, value),
        Cell::Interval { low: None, high: None } => "其余".to_owned(),
        Cell::Interval { low, high } => {
            let low = low
                .as_ref()
                .map(|low| format!("{}{}", if low.inclusive { "≥" } else { ">" }, number(&low.value)));
            let high = high
                .as_ref()
                .map(|high| format!("{}{}", if high.inclusive { "≤" } else { "<" }, number(&high.value)));
            [low, high].into_iter().flatten().collect::<Vec<_>>().join(" ")
        }
        Cell::Exempt => "—".to_owned(),
        Cell::Undecided => "待定".to_owned(),
    }
}

/// A constant as it appears in keys: names and texts as they are.
pub(crate) fn literal_text(program: &Program, literal: &Literal) -> String {
    match literal {
        Literal::Number(number) => hengjie_quantity::format_number(number),
        Literal::Bool(truth) => if *truth { "是" } else { "否" }.to_owned(),
        Literal::Text(text) => text.clone(),
        Literal::Date(date) => date.to_string(),
        Literal::Period(period) => period.to_string(),
        Literal::Enum(of, ordinal) => {
            program.enums[of.index()].items.get(*ordinal as usize).cloned().unwrap_or_default()
        }
        Literal::None => "无".to_owned(),
        Literal::Exempt => "免".to_owned(),
    }
}

/// A present value as a constant; `None` for objects, rows and collections.
pub(crate) fn as_literal(value: &Value) -> Option<Literal> {
    Some(match value {
        Value::Number(number) => Literal::Number(number.clone()),
        Value::Bool(truth) => Literal::Bool(*truth),
        Value::Text(text) => Literal::Text(text.to_string()),
        Value::Date(date) => Literal::Date(*date),
        Value::Period(period) => Literal::Period(*period),
        Value::Enum(of, ordinal) => Literal::Enum(*of, *ordinal),
        Value::None => Literal::None,
        Value::Exempt => Literal::Exempt,
        _ => return None,
    })
}

/// The value at a position of a column; `None` when it is 待补.
fn in_column(column: &Column, index: usize, field: &Field) -> Option<Value> {
    use crate::value::Status;
    match column.status(index) {
        Status::Present => {}
        Status::None => return Some(Value::None),
        Status::Exempt => return Some(Value::Exempt),
        Status::Undecided => return Some(Value::Undecided(Arc::from([]))),
        Status::Missing => return None,
    }
    let index = column.place(index);
    Some(match (&column.data, &field.ty) {
        (ColumnData::Number { values, scale }, _) if index < values.len() => {
            Value::Number(Rational::from(values.get(index)) * scale)
        }
        (ColumnData::Bool(values), _) => Value::Bool(*values.get(index)?),
        (ColumnData::Date(values), _) => Value::Date(*values.get(index)?),
        (ColumnData::Period(values), _) => Value::Period(*values.get(index)?),
        (ColumnData::Enum(values), Type::Enum(of)) => Value::Enum(*of, u32::from(*values.get(index)?)),
        // The largest position stands for "no object".
        (ColumnData::Object(values), Type::Object(kind)) => {
            Value::Object(*kind, *values.get(index).filter(|&&position| position != u32::MAX)?)
        }
        (ColumnData::Text(values), _) if index < arrow_array::Array::len(values) => {
            Value::Text(Arc::from(values.value(index)))
        }
        _ => return None,
    })
}

impl<'a> Evaluator<'a> {
    /// The day on which dated things are read: the last of the period; without a period the last of the history.
    pub(super) fn day(&self, period: Option<Period>) -> Date {
        let last = self.data.horizon.map(|(_, last)| last);
        period.map(|period| period.last_day()).or(last).unwrap_or(self.program.from)
    }

    pub(super) fn field_definition(&self, field: FieldRef) -> &'a Field {
        &self.program.kinds[field.kind.index()].fields[field.field as usize]
    }

    /// A field as it stands in the data; `None` when it is 待补.
    pub(super) fn stored(&self, field: FieldRef, subject: u32, period: Option<Period>) -> Option<Value> {
        let definition = self.field_definition(field);
        let index = subject as usize;
        match self.kind_data(field.kind)?.fields.get(field.field as usize)? {
            FieldData::Absent => None,
            FieldData::Static(column) => in_column(column, index, definition),
            FieldData::Periodic(columns) => in_column(columns.get(&period?)?, index, definition),
            FieldData::Dated(column) => {
                in_column(&column.values, column.entry(index, self.day(period))?, definition)
            }
        }
    }

    /// A field in a period. 总分 of a form that is not given is the sum of its points columns.
    pub(crate) fn field(&mut self, field: FieldRef, subject: u32, period: Option<Period>) -> Evaluated {
        if let Some(noticed) = &mut self.noticed {
            noticed.insert((field, subject, period));
        }
        let kind = &self.program.kinds[field.kind.index()];
        let value = match (self.stored(field, subject, period), &kind.form) {
            (Some(value), _) => value,
            (None, Some(form)) if form.total == Some(field.field) && !form.points.is_empty() => {
                let mut sum = Rational::ZERO;
                let mut states = States::default();
                for &(column, _) in &form.points {
                    match self.field(FieldRef { kind: field.kind, field: column }, subject, period)? {
                        Value::Number(points) => sum += points,
                        other if other.is_blocked() => states.add(&other),
                        _ => {}
                    }
                }
                return Ok(states.into_value().unwrap_or(Value::Number(sum)));
            }
            (None, _) => self.missing_fact(field, subject, period),
        };
        self.record(Step::Fact { field, subject, period, value: value.clone() });
        Ok(value)
    }

    pub(super) fn missing_fact(&self, field: FieldRef, subject: u32, period: Option<Period>) -> Value {
        let is_static = self.field_definition(field).time == FieldTime::Static;
        Value::missing(Gap::Fact { field, subject, period: period.filter(|_| !is_static) })
    }

    /// A parameter: the latest value in force on the day, else the one of the document.
    pub(super) fn parameter(
        &mut self,
        parameter: ParameterId,
        keys: &'a [Expr],
        environment: &mut Environment,
    ) -> Evaluated {
        let mut states = States::default();
        let mut wanted = Vec::new();
        for key in keys {
            let key = self.eval(key, environment)?;
            states.add(&key);
            wanted.push(key);
        }
        if let Some(state) = states.into_value() {
            return Ok(state);
        }
        let day = self.day(environment.period);
        let supplied = self.supplied(parameter, &wanted, day);
        let definition = &self.program.parameters[parameter.index()];
        let value = match (supplied, &definition.value) {
            (Some((_, supplied)), _) => literal(&supplied.value),
            (None, ParameterValue::Given(value)) => literal(value),
            (None, ParameterValue::Required(_)) => {
                let keys = wanted
                    .iter()
                    .filter_map(as_literal)
                    .map(|key| literal_text(self.program, &key))
                    .collect();
                Value::missing(Gap::Parameter { parameter, keys, on: day })
            }
        };
        let supplied = supplied.map(|(place, _)| place);
        self.record(Step::Parameter { parameter, keys: wanted, supplied, value: value.clone() });
        Ok(value)
    }

    /// The latest supplied value in force on a day; the later entry of one day counts.
    fn supplied(
        &self,
        parameter: ParameterId,
        keys: &[Value],
        day: Date,
    ) -> Option<(usize, &'a SuppliedParameter)> {
        let fits = |entry: &SuppliedParameter| {
            entry.parameter == parameter
                && entry.from.is_none_or(|from| from <= day)
                && entry.keys.len() == keys.len()
                && entry.keys.iter().zip(keys).all(|(own, key)| literal(own) == *key)
        };
        self.data
            .parameters
            .iter()
            .enumerate()
            .filter(|(_, entry)| fits(entry))
            .max_by_key(|(_, entry)| entry.from)
    }

    /// The place of a decision of the current rule: subject, row and records, period.
    fn decision_key(&self, decision: DecisionId, environment: &Environment) -> DecisionKey {
        let context = &self.attribute(environment.attribute).context;
        let mut rows = Vec::new();
        for (place, value) in environment.variables.iter().enumerate() {
            let is_row = place == 0 && context.rows.is_some();
            if is_row || matches!(value, Value::Row(..) | Value::Object(..)) {
                rows.push(row_label(self.program, self.data, value));
            }
        }
        DecisionKey {
            decision,
            subject: environment
                .subject
                .map(|(kind, subject)| self.key_text(kind, subject))
                .unwrap_or_default(),
            row: rows.join("/"),
            period: environment.period,
        }
    }

    /// A decision of the current rule: as recorded, else 待定.
    pub(super) fn decision(&mut self, decision: DecisionId, environment: &Environment) -> Value {
        let at = self.decision_key(decision, environment);
        let value = self.decided(&at);
        self.record(Step::Decision { at, value: value.clone() });
        value
    }

    /// A decision at a place: as recorded, else 待定.
    pub(super) fn decided(&self, at: &DecisionKey) -> Value {
        self.data.decisions.get(at).map(|decided| decided.value.clone()).unwrap_or_else(|| {
            let DecisionKey { decision, subject, row, period } = at.clone();
            Value::Undecided(Arc::from([OpenDecision { decision, subject, row, period }]))
        })
    }
}
