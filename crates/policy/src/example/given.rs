//! 设: facts, assumed results, parameters, readings, decisions.

use super::target::Target;
use super::world::{When, World, can_be_written};
use crate::checker::{Checker, count};
use crate::codes;
use crate::core::{DecisionId, ExampleGiven, ExampleValue, FieldRef, FieldTime, KindId, Literal, Type};
use crate::declare::DATE_FIELD;
use crate::form::SUBJECT_FIELD;
use crate::index::Symbol;
use crate::symbols::{Global, Member};
use hengjie_calendar::{Date, Grain, Period};
use hengjie_syntax::ast::{Expr, Given, GivenKind, MarkdownTable, Name};

impl<'a> Checker<'a> {
    /// One 设 line.
    pub(super) fn read_given(&mut self, world: &mut World, given: &'a Given, out: &mut Vec<ExampleGiven>) {
        match &given.kind {
            GivenKind::Facts { kind, subject, of, when, values } => {
                let Some(kind) = self.example_kind(kind) else { return };
                let when = self.when(when.as_ref());
                let day = self.dated_day(kind, values);
                self.add_subject(world, kind, subject, when, day, out);
                if let Some(of) = of {
                    self.add_rated(world, kind, subject, of, out);
                }
                for (name, value) in values {
                    self.add_fact(world, (kind, &subject.text), name, value, when, out);
                }
            }
            GivenKind::Table { kind, when, table } => {
                let Some(kind) = self.example_kind(kind) else { return };
                let when = self.when(when.as_ref());
                self.add_table(world, kind, when, table, out);
            }
            GivenKind::Parameter { name, keys, value } => self.given_parameter(name, keys, value, out),
            GivenKind::Reading { name, alternative } => self.given_reading(name, alternative, out),
            GivenKind::Decision { attribute, row, subject, when, value } => {
                self.given_decision(world, (attribute, row.as_ref(), subject), when.as_ref(), value, out);
            }
        }
    }

    fn example_kind(&mut self, name: &Name) -> Option<KindId> {
        if self.asked(name.span) {
            self.probe_kinds();
        }
        let kind = self.names.kind(&name.text);
        if let Some(kind) = kind {
            self.note(name.span, Symbol::Kind(kind));
        }
        if kind.is_none() && !self.names.poisoned.contains(&name.text) {
            let kinds =
                self.names.globals.iter().filter(|(_, (global, _))| matches!(global, Global::Kind(_)));
            let close = self.closest(&name.text, kinds.map(|(name, _)| name.as_str()));
            self.unknown_name(codes::EXAMPLE_NAME, name, ("资料或表单", "kind or form"), close);
        }
        kind
    }

    /// The day of a dated record, from its field 日期.
    fn dated_day(&mut self, kind: KindId, values: &'a [(Name, Expr)]) -> Option<Date> {
        if !self.kinds[kind.index()].grains.contains(&Grain::Day) {
            return None;
        }
        let (_, value) = values.iter().find(|(name, _)| name.text == DATE_FIELD)?;
        match self.constant(value, Some(&Type::Date)) {
            Some(Literal::Date(day)) => Some(day),
            _ => None,
        }
    }

    /// The subject or record itself, with its period.
    fn add_subject(
        &mut self,
        world: &mut World,
        kind: KindId,
        subject: &Name,
        when: Option<When>,
        day: Option<Date>,
        out: &mut Vec<ExampleGiven>,
    ) {
        let grains = self.kinds[kind.index()].grains.clone();
        let period = match (when, day) {
            _ if grains.is_empty() => None,
            (_, Some(day)) => Some(Period::containing(Grain::Day, day)),
            (Some(When::Period(period)), None) if grains.contains(&period.grain()) => Some(period),
            (Some(When::Day(day)), None) if grains.contains(&Grain::Day) => {
                Some(Period::containing(Grain::Day, day))
            }
            (Some(_), None) => {
                self.record_period(subject, &grains);
                None
            }
            (None, None) => {
                let mut found = grains.iter().filter_map(|grain| world.default_period(*grain));
                let first = found.next().filter(|_| found.next().is_none());
                if first.is_none() {
                    self.record_period(subject, &grains);
                }
                first
            }
        };
        world.given.insert((kind, subject.text.clone()));
        out.push(ExampleGiven::Subject { kind, key: subject.text.clone(), period });
    }

    fn record_period(&mut self, subject: &Name, grains: &[Grain]) {
        let (zh, en): (Vec<&str>, Vec<&str>) = grains.iter().map(|grain| (grain.zh(), grain.en())).unzip();
        let (zh, en) = (zh.join("、"), en.join(", "));
        let hint = if grains.contains(&Grain::Day) { "日期 = 2026-03-01" } else { "于 2026年1季" };
        self.report(
            hengjie_syntax::Diagnostic::error(
                codes::EXAMPLE_PERIOD,
                subject.span,
                format!("“{}”是{zh}的记录，要写明哪一期", subject.text),
                format!("`{}` is a record that is {en}: say of which period", subject.text),
            )
            .help(format!("例如：{hint}"), format!("for example: {hint}")),
        );
    }

    /// `评 王五`: the subject of a form.
    fn add_rated(
        &mut self,
        world: &mut World,
        kind: KindId,
        subject: &Name,
        of: &Name,
        out: &mut Vec<ExampleGiven>,
    ) {
        let Some(Member::Field(field)) =
            self.names.members.get(&(kind, SUBJECT_FIELD.to_owned())).map(|found| found.0)
        else {
            self.error(codes::EXAMPLE_NAME, of.span, "“评”只用于表单", "评 is for forms only");
            return;
        };
        let Type::Object(target) = self.kinds[kind.index()].fields[field as usize].ty else { return };
        world.refer(target, &of.text);
        out.push(ExampleGiven::Fact {
            field: FieldRef { kind, field },
            key: subject.text.clone(),
            period: None,
            from: None,
            value: ExampleValue::Object(target, of.text.clone()),
        });
    }

    fn add_fact(
        &mut self,
        world: &mut World,
        (kind, key): (KindId, &str),
        name: &Name,
        value: &'a Expr,
        when: Option<When>,
        out: &mut Vec<ExampleGiven>,
    ) {
        let Some(target) = self.target(world, kind, name, when) else { return };
        let ty = self.target_type(&target);
        let Some(found) = self.example_value(world, value, &ty) else { return };
        self.push_fact(world, key, name, (&target, found, value.span), when, out);
    }

    fn push_fact(
        &mut self,
        world: &World,
        key: &str,
        name: &Name,
        (target, value, span): (&Target, ExampleValue, hengjie_syntax::Span),
        when: Option<When>,
        out: &mut Vec<ExampleGiven>,
    ) {
        let key = key.to_owned();
        match target {
            Target::Attribute(attribute, _) => {
                let (kind, text) =
                    (self.drafts[attribute.index()].kind, &self.drafts[attribute.index()].name.text);
                let period = when
                    .and_then(|when| self.period_of(world, self.drafts[attribute.index()].grain, Some(when)));
                let grains = self.attributes_of(kind, text);
                let all = if when.is_none() { grains } else { vec![*attribute] };
                out.extend(all.into_iter().map(|attribute| ExampleGiven::Assumed {
                    attribute,
                    key: key.clone(),
                    period,
                    value: value.clone(),
                }));
            }
            Target::Field(field) => {
                let declared = self.kinds[field.kind.index()].fields[field.field as usize].clone();
                self.check_range(&value, (&declared.ty, declared.range.as_ref()), span);
                let (period, from) = match declared.time {
                    FieldTime::Static => (None, None),
                    FieldTime::Every(grain) => match self.field_period(world, name, grain, when) {
                        Some(period) => (Some(period), None),
                        None => return,
                    },
                    FieldTime::Dated => (None, when.map(first_day)),
                };
                out.push(ExampleGiven::Fact { field: *field, key, period, from, value });
            }
        }
    }

    /// `设 KIND 于 2025年` with a table: first column the key, the others fields or rules.
    fn add_table(
        &mut self,
        world: &mut World,
        kind: KindId,
        when: Option<When>,
        table: &'a MarkdownTable,
        out: &mut Vec<ExampleGiven>,
    ) {
        let headings: Vec<_> = table.header.iter().map(|name| self.heading(name)).collect();
        let targets: Vec<Option<Target>> = headings
            .iter()
            .enumerate()
            .map(|(position, heading)| match position {
                0 => None,
                _ => self.target(world, kind, &heading.name, when),
            })
            .collect();
        for row in &table.rows {
            let Some(subject) = row.first() else { continue };
            let day = headings
                .iter()
                .position(|heading| heading.name.text == DATE_FIELD)
                .and_then(|column| row.get(column))
                .and_then(|cell| Date::parse(cell.text.trim()))
                .filter(|_| self.kinds[kind.index()].grains.contains(&Grain::Day));
            self.add_subject(world, kind, subject, when, day, out);
            for ((heading, target), cell) in headings.iter().zip(&targets).zip(row).skip(1) {
                let Some(target) = target else { continue };
                let ty = self.target_type(target);
                if let Ok(Some(value)) = self.example_cell(world, cell, &ty, heading.unit.as_ref()) {
                    self.push_fact(
                        world,
                        &subject.text,
                        &heading.name,
                        (target, value, cell.span),
                        when,
                        out,
                    );
                }
            }
        }
    }

    fn given_parameter(
        &mut self,
        name: &Name,
        keys: &'a [Expr],
        value: &'a Expr,
        out: &mut Vec<ExampleGiven>,
    ) {
        if self.asked(name.span) {
            self.probe_globals(|global| matches!(global, Global::Parameter(_)));
        }
        let Some((Global::Parameter(id), _)) = self.names.globals.get(&name.text).copied() else {
            if !self.names.poisoned.contains(&name.text) {
                let close =
                    self.closest(&name.text, self.parameters.iter().map(|parameter| parameter.name.as_str()));
                self.unknown_name(codes::EXAMPLE_NAME, name, ("参数", "parameter"), close);
            }
            return;
        };
        self.note(name.span, Symbol::Parameter(id));
        let parameter = self.parameters[id.index()].clone();
        if parameter.keys.len() != keys.len() {
            self.error(
                codes::KEYED_PARAMETER,
                name.span,
                format!("参数“{}”有 {} 个键，写了 {} 个", name.text, parameter.keys.len(), keys.len()),
                format!("`{}` has {} key(s), found {}", name.text, parameter.keys.len(), keys.len()),
            );
            return;
        }
        let mut literals = Vec::new();
        for (ty, key) in parameter.keys.iter().zip(keys) {
            let literal = match (ty, &key.kind) {
                (Type::Text, hengjie_syntax::ast::ExprKind::Name(name)) => {
                    Some(Literal::Text(name.text.clone()))
                }
                _ => self.constant(key, Some(ty)),
            };
            let Some(literal) = literal else { return };
            literals.push(literal);
        }
        let Some(literal) = self.constant(value, Some(&parameter.ty)) else { return };
        let allowed = (&parameter.ty, parameter.range.as_ref());
        self.check_range(&ExampleValue::Literal(literal.clone()), allowed, value.span);
        out.push(ExampleGiven::Parameter { parameter: id, keys: literals, value: literal });
    }

    fn given_reading(&mut self, name: &Name, alternative: &Name, out: &mut Vec<ExampleGiven>) {
        if self.asked(name.span) {
            self.probe_globals(|global| matches!(global, Global::Reading(_)));
        }
        let Some((Global::Reading(id), _)) = self.names.globals.get(&name.text).copied() else {
            let close = self.closest(&name.text, self.readings.iter().map(|reading| reading.name.as_str()));
            self.unknown_name(codes::EXAMPLE_NAME, name, ("读法", "reading"), close);
            return;
        };
        self.note(name.span, Symbol::Reading(id));
        if self.asked(alternative.span) {
            self.probe_alternatives(id);
        }
        let position =
            self.readings[id.index()].alternatives.iter().position(|text| *text == alternative.text);
        if let Some(position) = position {
            self.note(alternative.span, Symbol::Alternative(id, count(position)));
        }
        let alternatives = &self.readings[id.index()].alternatives;
        match alternatives.iter().position(|text| *text == alternative.text) {
            Some(position) => out.push(ExampleGiven::Reading { reading: id, alternative: count(position) }),
            None => {
                let close = self.closest(&alternative.text, alternatives.iter().map(String::as_str));
                let (zh, en) = (format!("“{}”", name.text), format!("`{}`", name.text));
                self.unknown_in(codes::EXAMPLE_NAME, alternative, (&zh, &en), ("读法", "alternative"), close);
            }
        }
    }

    /// `设 人定 举报扣分(事一) 张三 于 2025年 = 20分`
    fn given_decision(
        &mut self,
        world: &mut World,
        (attribute, row, subject): (&Name, Option<&Name>, &Name),
        when: Option<&'a Expr>,
        value: &'a Expr,
        out: &mut Vec<ExampleGiven>,
    ) {
        let when = self.when(when);
        let candidates: Vec<(DecisionId, Option<Grain>)> = self
            .decisions
            .iter()
            .enumerate()
            .filter(|(_, decision)| decision.name == attribute.text)
            .map(|(position, decision)| {
                let grain = decision.attribute.and_then(|id| self.drafts[id.index()].grain);
                (DecisionId(count(position)), grain)
            })
            .collect();
        if candidates.is_empty() {
            let names: Vec<String> = self.decisions.iter().map(|decision| decision.name.clone()).collect();
            let close = self.closest(&attribute.text, names.iter().map(String::as_str));
            self.unknown_name(
                codes::EXAMPLE_NAME,
                attribute,
                ("人定（写规则的名称）", "decision (name of its rule)"),
                close,
            );
            return;
        }
        let wanted = match when {
            Some(When::Period(period)) => Some(period.grain()),
            _ => None,
        };
        let fitting =
            candidates.iter().find(|(_, grain)| wanted.is_none() || *grain == wanted || grain.is_none());
        let Some(&(decision, grain)) = fitting else {
            self.error(
                codes::EXAMPLE_PERIOD,
                attribute.span,
                format!("“{}”不是这种期间的", attribute.text),
                format!("`{}` does not have this kind of period", attribute.text),
            );
            return;
        };
        let declared = self.decisions[decision.index()].clone();
        if let Some(id) = declared.attribute {
            self.note_attribute(attribute.span, id);
        }
        if !can_be_written(&declared.ty) {
            return;
        }
        let Some(found) = self.example_value(world, value, &declared.ty) else { return };
        self.check_range(&found, (&declared.ty, declared.range.as_ref()), value.span);
        let period = self.period_of(world, grain, when);
        out.push(ExampleGiven::Decision {
            decision,
            key: if subject.text == "全体" { String::new() } else { subject.text.clone() },
            row: row.map(|name| name.text.clone()),
            period,
            value: found,
        });
    }
}

/// The day from which a dated fact counts.
fn first_day(when: When) -> Date {
    match when {
        When::Period(period) => period.first_day(),
        When::Day(day) => day,
    }
}
