//! The leaves: facts, parameters, table cells, decisions, readings.

use super::build::Builder;
use super::known::chosen;
use super::{Derivation, Note, SourceRow};
use crate::dataset::{DecisionKey, FieldData};
use crate::format::format_cell;
use crate::row::{as_literal, literal_text, row_label};
use crate::value::{OpenDecision, Value};
use hengjie_calendar::Period;
use hengjie_policy::core::{FieldRef, FieldTime, ParameterId, ReadingId, TableId, Type};
use hengjie_quantity::{Lang, Rational};

impl Builder<'_, '_> {
    pub(super) fn fact(
        &mut self,
        field: FieldRef,
        subject: u32,
        period: Option<Period>,
        value: &Value,
    ) -> Derivation {
        let kind = &self.program.kinds[field.kind.index()];
        let definition = &kind.fields[field.field as usize];
        let of = self.mention(field.kind, subject);
        let shown = period.filter(|_| definition.time != FieldTime::Static);
        let label = format!("{of}.{}{}", definition.name, self.in_period(shown));
        let (origin, heading) = self.origin(field, subject, period);
        let note = Note::Fact { origin, heading: heading.unwrap_or_else(|| definition.name.clone()) };
        let text = self.text_in(value, &definition.ty, definition.notation);
        Derivation { text, ..self.leaf(label, value.clone(), definition.ty.clone(), note) }
    }

    /// File, row and heading of a fact.
    fn origin(
        &self,
        field: FieldRef,
        subject: u32,
        period: Option<Period>,
    ) -> (Option<SourceRow>, Option<String>) {
        let Some(kind) = self.data.kinds.get(field.kind.index()) else { return (None, None) };
        let index = subject as usize;
        let (column, place) = match kind.fields.get(field.field as usize) {
            Some(FieldData::Static(column)) => (Some(column), index),
            Some(FieldData::Periodic(columns)) => (period.and_then(|period| columns.get(&period)), index),
            Some(FieldData::Dated(dated)) => {
                let day = period.map(|period| period.last_day()).or(self.data.horizon.map(|(_, last)| last));
                let entry = day.and_then(|day| dated.entry(index, day));
                (entry.map(|_| &dated.values), entry.unwrap_or(0))
            }
            _ => (None, index),
        };
        let Some(column) = column else { return (None, None) };
        let row = match &column.origin {
            Some(origin) => origin.row(place),
            None => kind.origin.row(index),
        };
        (row.and_then(|row| self.source_row(row)), Some(column.heading.clone()))
    }

    fn source_row(&self, (file, row): (u32, u32)) -> Option<SourceRow> {
        Some(SourceRow { file: self.data.files.get(file as usize)?.clone(), row })
    }

    pub(super) fn parameter(
        &self,
        parameter: ParameterId,
        keys: &[Value],
        supplied: Option<usize>,
        value: &Value,
    ) -> Derivation {
        let definition = &self.program.parameters[parameter.index()];
        let keys: Vec<String> =
            keys.iter().filter_map(as_literal).map(|key| literal_text(self.program, &key)).collect();
        let keys = if keys.is_empty() { String::new() } else { format!("({})", keys.join(", ")) };
        let supplied = supplied.and_then(|place| self.data.parameters.get(place));
        let note = match supplied {
            Some(supplied) => Note::Parameter {
                from: supplied.from,
                by: supplied.by.clone(),
                because: supplied.because.clone(),
                origin: supplied.origin.and_then(|row| self.source_row(row)),
            },
            None => Note::Parameter { from: None, by: String::new(), because: String::new(), origin: None },
        };
        let label = format!("{} {}{keys}", self.options.lang.pick("参数", "parameter"), definition.name);
        let leaf = self.leaf(label, value.clone(), definition.ty.clone(), note);
        let text = self.text_in(value, &definition.ty, definition.notation);
        Derivation { text, article: Some(definition.article), ..leaf }
    }

    pub(super) fn cell(
        &mut self,
        table: TableId,
        row: Option<u32>,
        column: u32,
        value: &Value,
    ) -> Derivation {
        let definition = &self.program.tables[table.index()];
        let word = self.options.lang.pick("表", "table");
        let column = definition.columns.get(column as usize);
        let name = column.map_or("", |column| column.name.as_str());
        let ty = column.map_or(Type::Text, |column| column.ty.clone());
        let row_name = row.map(|row| self.element_name(&Value::Row(table, row)));
        let row_name = row_name.unwrap_or_else(|| self.options.lang.pick("无此行", "no such row").to_owned());
        let whole = row.filter(|row| self.rows.insert((table, *row)));
        let cells = whole.and_then(|row| definition.rows.get(row as usize)).map(|row| {
            let named = row.cells.iter().zip(&definition.columns);
            let shown = |cell, column| format_cell(self.program, self.data, cell, column, self.options.lang);
            named.map(|(cell, column)| (column.name.clone(), shown(cell, column))).collect()
        });
        let label = format!("{word} {} · {row_name} · {name}", definition.name);
        let text = self.text_in(value, &ty, column.map(|column| column.notation).unwrap_or_default());
        let leaf = self.leaf(label, value.clone(), ty, Note::TableRow { cells });
        Derivation { text, article: Some(definition.article), ..leaf }
    }

    /// 累进: the slices.
    pub(super) fn marginal(
        &self,
        table: TableId,
        slices: &[(u32, Rational, Rational)],
        value: &Value,
        ty: &Type,
    ) -> Derivation {
        let definition = &self.program.tables[table.index()];
        let key = definition.columns.first().map_or(Type::Text, |column| column.ty.clone());
        let slices = slices.iter().map(|(row, amount, rate)| {
            let row = self.element_name(&Value::Row(table, *row));
            let amount = self.text(&Value::Number(amount.clone()), &key);
            (row, amount, crate::format::format_plain(rate))
        });
        let note = Note::Marginal { slices: slices.collect() };
        let label = format!("{} {}", self.options.lang.pick("累进", "marginal"), definition.name);
        let leaf = self.leaf(label, value.clone(), ty.clone(), note);
        Derivation { article: Some(definition.article), ..leaf }
    }

    /// The alternative that is taken; who decided so is said once.
    pub(super) fn reading(&mut self, reading: ReadingId) -> Derivation {
        let definition = &self.program.readings[reading.index()];
        let taken = chosen(self.program, self.data, reading);
        let taken = definition.alternatives.get(taken as usize).cloned().unwrap_or_default();
        let note = if self.readings.insert(reading) {
            Note::Reading {
                title: definition.title.clone(),
                alternatives: definition.alternatives.clone(),
                by: definition.by.clone(),
                on: definition.on,
            }
        } else {
            Note::Shown
        };
        let label = format!("{} {}", self.options.lang.pick("读法", "reading"), definition.name);
        let leaf = self.leaf(label, Value::Text(taken.as_str().into()), Type::Text, note);
        Derivation { article: Some(definition.article), ..leaf }
    }

    /// A decision that the rule asks for.
    pub(super) fn decision(&self, at: &DecisionKey, value: &Value) -> Derivation {
        let own = self.subject.map(|(kind, subject)| Value::Object(kind, subject));
        let own = own.filter(|own| row_label(self.program, self.data, own) == at.subject);
        let whose = own.map_or_else(|| at.subject.clone(), |own| self.element_name(&own));
        self.decision_about(at, value.clone(), whose)
    }

    /// What has been decided at a place, else 待定.
    pub(super) fn decided(&self, at: &DecisionKey) -> Value {
        self.data.decisions.get(at).map(|decided| decided.value.clone()).unwrap_or_else(|| {
            let DecisionKey { decision, subject, row, period } = at.clone();
            Value::Undecided([OpenDecision { decision, subject, row, period }].into())
        })
    }

    /// A decision about somebody (nobody for 全体): who took it, why, on what evidence, in which row of the table.
    pub(super) fn decision_about(&self, at: &DecisionKey, value: Value, whose: String) -> Derivation {
        let definition = &self.program.decisions[at.decision.index()];
        let note = match self.data.decisions.get(at) {
            Some(decided) => Note::Decision {
                by: decided.by.clone(),
                because: decided.because.clone(),
                evidence: decided.evidence.clone(),
                origin: decided.origin.and_then(|row| self.source_row(row)),
            },
            None => Note::Decision {
                by: definition.by.clone(),
                because: String::new(),
                evidence: String::new(),
                origin: None,
            },
        };
        let row = if at.row.is_empty() { String::new() } else { format!("({})", at.row) };
        let word = self.options.lang.pick("人定", "decision");
        let whose = if whose.is_empty() { whose } else { format!(" {whose}") };
        let label = format!("{word} {}{row}{whose}{}", definition.name, self.in_period(at.period));
        let leaf = self.leaf(label, value, definition.ty.clone(), note);
        Derivation { article: Some(definition.article), ..leaf }
    }

    pub(super) fn in_period(&self, period: Option<Period>) -> String {
        match (period, self.options.lang) {
            (None, _) => String::new(),
            (Some(period), Lang::Zh) => format!("（{period}）"),
            (Some(period), Lang::En) => format!(" ({})", period.en()),
        }
    }
}
