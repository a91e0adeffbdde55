//! Each result of each person that differs, with the unit and the grade of the person.

use super::Line;
use crate::compare::{Comparison, Side, heading, who};
use crate::first::{cited, firsts};
use crate::outcome::{Sort, sorts};
use hengjie_calendar::Period;
use hengjie_evaluate::columnar::ResultColumn;
use hengjie_evaluate::format::format_value;
use hengjie_evaluate::value::Value;
use hengjie_policy::core::{AttributeId, Body, KindId, Program, Type};
use hengjie_quantity::Lang;
use std::collections::BTreeMap;

/// What differs first, the most frequent first.
pub(super) fn causes(program: &Program, comparison: &Comparison) -> Vec<(String, usize)> {
    let mut counts: BTreeMap<AttributeId, usize> = BTreeMap::new();
    for id in firsts(program, comparison).into_values().flatten() {
        *counts.entry(id).or_default() += 1;
    }
    let mut causes: Vec<(AttributeId, usize)> = counts.into_iter().collect();
    causes.sort_by_key(|(id, count)| (std::cmp::Reverse(*count), *id));
    causes.into_iter().map(|(id, count)| (cited(program, id), count)).collect()
}

pub(super) fn lines(after: &Side<'_>, comparison: &Comparison, lang: Lang) -> Vec<Line> {
    let (program, facts) = (after.program, after.facts);
    let (sorts, firsts) = (sorts(program), firsts(program, comparison));
    let units = UnitField::of(program);
    let grades = Grades::of(after, &sorts);
    let mut lines = Vec::new();
    for column in &comparison.columns {
        let definition = &program.attributes[column.attribute.index()];
        let ty = &definition.ty.base;
        let sort = sorts.get(&column.attribute).copied().unwrap_or(Sort::Other);
        // Ranks do not add up, and one that is one smaller is no amount of anything.
        let is_rank = matches!(definition.body, Body::Rank(_));
        for change in &column.changes {
            let text = |value: &Value| format_value(program, &facts.data, value, ty, lang);
            let kind = definition.context.kind;
            let first = firsts.get(&(kind, change.subject)).map(Vec::as_slice).unwrap_or_default();
            let named: Vec<String> = first.iter().take(3).map(|id| cited(program, *id)).collect();
            let number = change.difference().filter(|_| !is_rank);
            lines.push(Line {
                who: who(program, facts, column, change.subject, lang),
                unit: units.name(after, kind, change.subject, column.period, lang),
                grade: grades.name(after, kind, change.subject, lang),
                period: column.period.map_or(String::new(), |period| period.to_string()),
                value: heading(program, column),
                is_outcome: sort != Sort::Other,
                before: text(&change.before),
                after: text(&change.after),
                difference: number.clone().map_or(String::new(), |number| text(&Value::Number(number))),
                causes: named.join(lang.pick("、", ", ")),
                number,
                is_money: sort == Sort::Money,
                is_grade: sort == Sort::Grade,
                direction: change.direction(),
            });
        }
    }
    // People first, outcomes before what leads to them.
    lines.sort_by(|left, right| (&left.who, !left.is_outcome).cmp(&(&right.who, !right.is_outcome)));
    lines
}

/// The field that says to which unit a person belongs: the first relation of the kind to another kind.
struct UnitField(Option<hengjie_policy::core::FieldRef>, Option<KindId>);

impl UnitField {
    fn of(program: &Program) -> Self {
        let Some(kind) = program.scope.as_ref().map(|scope| scope.kind) else { return Self(None, None) };
        let fields = (0..).zip(&program.kinds[kind.index()].fields);
        let found = fields.into_iter().find_map(|(field, definition)| match definition.ty {
            Type::Object(unit) if unit != kind => {
                Some((hengjie_policy::core::FieldRef { kind, field }, unit))
            }
            _ => None,
        });
        Self(found.map(|(field, _)| field), found.map(|(_, unit)| unit))
    }

    fn name(
        &self,
        after: &Side<'_>,
        kind: Option<KindId>,
        subject: u32,
        period: Option<Period>,
        lang: Lang,
    ) -> String {
        let (program, facts) = (after.program, after.facts);
        let (Some(field), Some(unit)) = (self.0, self.1) else { return String::new() };
        if kind != Some(field.kind) {
            return String::new();
        }
        let evaluator = hengjie_evaluate::row::Evaluator::new(program, &facts.data);
        match evaluator.fact(field, subject, period) {
            Value::Object(_, position) => crate::names::person(facts, unit, position, lang),
            _ => String::new(),
        }
    }
}

/// The columns of the first ordered grade of a kind, the last period last.
struct Grades<'a>(Vec<&'a ResultColumn>, Option<KindId>);

impl<'a> Grades<'a> {
    fn of(after: &'a Side<'_>, sorts: &BTreeMap<AttributeId, Sort>) -> Self {
        let is_grade = |column: &&ResultColumn| {
            let is_enum = matches!(after.program.attributes[column.attribute.index()].ty.base, Type::Enum(_));
            sorts.get(&column.attribute) == Some(&Sort::Grade) && is_enum
        };
        let Some(first) = after.columns.iter().find(is_grade) else { return Self(Vec::new(), None) };
        let own = after.columns.iter().filter(|column| column.attribute == first.attribute);
        Self(own.collect(), after.program.attributes[first.attribute.index()].context.kind)
    }

    fn name(&self, after: &Side<'_>, kind: Option<KindId>, subject: u32, lang: Lang) -> String {
        let Some(column) = self.0.last().filter(|_| kind.is_some() && kind == self.1) else {
            return String::new();
        };
        let value = crate::compare::value(after.program, column, subject as usize);
        let ty = &after.program.attributes[column.attribute.index()].ty.base;
        format_value(after.program, &after.facts.data, &value, ty, lang)
    }
}
