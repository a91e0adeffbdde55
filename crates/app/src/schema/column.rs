//! The columns of the tables, with the notes and examples of the templates.

use super::names::{DECISIONS, key_name, kind_table};
use crate::cone::Cone;
use crate::words::{cites, range_text, row_labels};
use hengjie_calendar::{Grain, Period};
use hengjie_facts::{Bilingual, ColumnKind, ColumnSpec, TableSpec};
use hengjie_policy::core::{ArticleId, Decision, Field, FieldRef, FieldTime, KindId, Program, Source, Type};
use hengjie_quantity::{BaseUnit, Rational, Unit};
use std::collections::{BTreeMap, BTreeSet};

/// What the rules do with fields.
#[derive(Debug, Default)]
pub(super) struct Uses {
    /// Which articles read a field.
    readers: BTreeMap<FieldRef, BTreeSet<ArticleId>>,
    /// Fields that may be 无 because the document says what then.
    may_be_none: BTreeSet<FieldRef>,
}

impl Uses {
    /// The readers in a cone. What may be 无 is a matter of the whole document: a part of it must read the same files.
    pub(super) fn of(program: &Program, cone: &Cone) -> Self {
        let mut uses = Self { may_be_none: Cone::of_all(program).may_be_none, ..Self::default() };
        for attribute in &cone.attributes {
            let article = program.attributes[attribute.index()].article;
            for field in Cone::direct(program, *attribute).fields {
                uses.readers.entry(field).or_default().insert(article);
            }
        }
        uses
    }
}

/// Columns of one table in the making.
#[derive(Debug)]
pub(super) struct Columns<'a> {
    program: &'a Program,
    uses: &'a Uses,
    pub(super) list: Vec<ColumnSpec>,
}

impl<'a> Columns<'a> {
    pub(super) fn new(program: &'a Program, uses: &'a Uses) -> Self {
        Self { program, uses, list: Vec::new() }
    }

    /// Adds a column and returns its position.
    pub(super) fn push(&mut self, column: ColumnSpec, note: Bilingual, example: &str) -> usize {
        self.list.push(ColumnSpec { note, example: example.to_owned(), ..column });
        self.list.len() - 1
    }

    /// The key of the kind itself.
    pub(super) fn key(&mut self, kind: KindId, required: bool) -> usize {
        let name = &self.program.kinds[kind.index()].name;
        let note = Bilingual::new(format!("{name}的编号，不能重复"), format!("key of {name}, once only"));
        let column =
            ColumnSpec { required, ..ColumnSpec::new(key_name(self.program, kind), ColumnKind::Key) };
        self.push(column, note, "1001")
    }

    /// The key of the kind in a table beside it.
    pub(super) fn reference_to(&mut self, kind: KindId) -> usize {
        let table = kind_table(&self.program.kinds[kind.index()]);
        let note = Bilingual::new(format!("「{table}」里的编号"), format!("a key of “{table}”"));
        let kind_of = ColumnKind::Reference { table };
        let column = ColumnSpec { complete: true, ..ColumnSpec::new(key_name(self.program, kind), kind_of) };
        self.push(column, note, "1001")
    }

    /// The period of a row.
    pub(super) fn period(&mut self, name: &str, grain: Option<Grain>, example: Grain) -> usize {
        let example = Period::containing(example, self.program.from).to_string();
        let note = Bilingual::new(format!("写成 {example}"), format!("written {example}"));
        let column = ColumnSpec { complete: true, ..ColumnSpec::new(name, ColumnKind::Period(grain)) };
        self.push(column, note, &example)
    }

    /// The day of a record.
    pub(super) fn day(&mut self, name: &str) -> usize {
        self.complete_date(name, Bilingual::new("哪一天的记录", "the day of the record"))
    }

    /// The first day of a change.
    pub(super) fn since(&mut self, name: &str) -> usize {
        self.complete_date(name, Bilingual::new("从这天起", "from this day on"))
    }

    fn complete_date(&mut self, name: &str, note: Bilingual) -> usize {
        let column = ColumnSpec { complete: true, ..ColumnSpec::new(name, ColumnKind::Date) };
        let example = self.program.from.to_string();
        self.push(column, note, &example)
    }

    /// A field.
    pub(super) fn field(&mut self, field: FieldRef) -> usize {
        let definition = self.definition(field);
        let is_total = self.program.kinds[field.kind.index()]
            .form
            .as_ref()
            .is_some_and(|form| form.total == Some(field.field) && !form.points.is_empty());
        let column = ColumnSpec {
            range: definition.range.clone(),
            nullable: self.may_be_none(field),
            required: !is_total,
            ..ColumnSpec::new(definition.name.clone(), column_kind(self.program, &definition.ty))
        };
        let example = example(self.program, &definition.ty, definition.range.as_ref());
        let note = self.note(field);
        self.push(column, note, &example)
    }

    /// — ends a value that changes over time, the top of a tree has nobody above, and some values the document asks for with 有
    /// or 无则. Elsewhere the document does not expect 无, and a 无 that slipped in would drop out of a sum unnoticed.
    fn may_be_none(&self, field: FieldRef) -> bool {
        let is_tree = self.program.kinds[field.kind.index()].tree == Some(field.field);
        let is_dated = self.definition(field).time == FieldTime::Dated;
        is_tree || is_dated || self.uses.may_be_none.contains(&field)
    }

    /// A field that no row may leave empty.
    pub(super) fn complete_field(&mut self, field: FieldRef) -> usize {
        let position = self.field(field);
        self.list[position].complete = true;
        position
    }

    fn definition(&self, field: FieldRef) -> &'a Field {
        &self.program.kinds[field.kind.index()].fields[field.field as usize]
    }

    /// The allowed range and the articles that read the field.
    fn note(&self, field: FieldRef) -> Bilingual {
        let definition = self.definition(field);
        let mut note = match (&definition.range, &definition.ty) {
            (Some((low, high)), Type::Number(unit)) => range_text(low, high, unit),
            _ => Bilingual::default(),
        };
        if let Some(articles) = self.uses.readers.get(&field) {
            let cites = cites(self.program, articles);
            note.zh.push_str(&format!("{}用于 {cites}", if note.zh.is_empty() { "" } else { "；" }));
            note.en.push_str(&format!("{}used in {cites}", if note.en.is_empty() { "" } else { "; " }));
        }
        note
    }
}

/// What people call the table of a kind.
pub(super) fn kind_title(program: &Program, kind: KindId) -> Bilingual {
    let definition = &program.kinds[kind.index()];
    let (name, counter) = (&definition.name, &definition.counter);
    Bilingual::new(format!("{name}：每{counter}一行"), format!("{name}: one row each"))
}

/// How a type is read from a file.
fn column_kind(program: &Program, ty: &Type) -> ColumnKind {
    match ty {
        Type::Number(unit) => ColumnKind::Number { unit: unit.clone() },
        Type::Bool => ColumnKind::Bool,
        Type::Date => ColumnKind::Date,
        Type::Period(grain) => ColumnKind::Period(Some(*grain)),
        Type::Enum(of) => ColumnKind::Choice(program.enums[of.index()].items.clone()),
        Type::Object(kind) => ColumnKind::Reference { table: kind_table(&program.kinds[kind.index()]) },
        Type::Text | Type::Row(_) | Type::Collection(_) => ColumnKind::Text,
    }
}

/// A cell as a person would fill it in; numbers with their unit.
pub(crate) fn example(program: &Program, ty: &Type, range: Option<&(Rational, Rational)>) -> String {
    match ty {
        Type::Number(unit) => match range {
            Some((_, high)) if unit.is_none() => hengjie_evaluate::format::format_plain(high),
            Some((_, high)) => hengjie_quantity::format_quantity(high, unit, hengjie_quantity::Lang::Zh),
            None => example_number(unit),
        },
        Type::Bool => "是".to_owned(),
        Type::Date => program.from.to_string(),
        Type::Period(grain) => Period::containing(*grain, program.from).to_string(),
        Type::Enum(of) => program.enums[of.index()].items.last().cloned().unwrap_or_default(),
        Type::Object(_) => "1001".to_owned(),
        _ => "文字".to_owned(),
    }
}

fn example_number(unit: &Unit) -> String {
    let number = match unit.single() {
        Some(BaseUnit::Currency(_)) => "1234567.89",
        Some(BaseUnit::Point) => "92.5",
        Some(BaseUnit::Count(_)) => "3",
        None if unit.is_none() => "12.5%",
        _ => "1",
    };
    format!("{number}{unit}")
}

/// Columns of the table of decisions, by position.
pub(crate) mod decision {
    pub(crate) const WHAT: usize = 0;
    pub(crate) const SUBJECT: usize = 1;
    pub(crate) const ROW: usize = 2;
    pub(crate) const PERIOD: usize = 3;
    pub(crate) const VALUE: usize = 4;
    pub(crate) const BY: usize = 5;
    pub(crate) const BECAUSE: usize = 6;
    pub(crate) const EVIDENCE: usize = 7;

    /// Further headings of the list of open decisions, which is filled in and handed in: Chinese, English.
    pub(crate) const ALLOWED: [&str; 2] = ["允许", "allowed"];
    pub(crate) const ARTICLE: [&str; 2] = ["条款", "article"];
    pub(crate) const WAITING: [&str; 2] = ["等待的结果数", "number that waits"];
    pub(crate) const EFFECT: [&str; 2] = ["影响", "effect"];

    /// Is it one of these?
    pub(crate) fn is_of_list(heading: &str) -> bool {
        [ALLOWED, ARTICLE, WAITING, EFFECT].iter().any(|names| names.contains(&heading))
    }
}

/// The row that a decision is about, when it is about one.
fn row_example(program: &Program, decision: &Decision) -> String {
    let context = decision.attribute.map(|attribute| &program.attributes[attribute.index()].context);
    match context.and_then(|context| context.rows.as_ref()).map(|rows| &rows.source) {
        Some(Source::Rows(table)) => {
            let labels = row_labels(program, &crate::dataset::empty(program), *table);
            labels.into_iter().next().unwrap_or_default()
        }
        Some(_) => "1001".to_owned(),
        None => String::new(),
    }
}

/// The table of decisions.
pub(super) fn decisions(program: &Program, cone: &Cone) -> TableSpec {
    let names: Vec<&str> =
        cone.decisions.iter().map(|decision| program.decisions[decision.index()].name.as_str()).collect();
    let first = cone.decisions.first().map(|decision| &program.decisions[decision.index()]);
    let uses = Uses::default();
    let mut columns = Columns::new(program, &uses);
    let text = |name: &str, complete, required| ColumnSpec {
        complete,
        required,
        ..ColumnSpec::new(name, ColumnKind::Text)
    };
    let what =
        Bilingual::new(format!("决定什么：{}", names.join("、")), format!("what: {}", names.join(", ")));
    columns.push(text("事项", true, true), what, names.first().copied().unwrap_or_default());
    columns.push(
        text("对象", false, true),
        Bilingual::new("谁的，写编号；对全体的决定留空", "whose, as a key; empty for everybody"),
        "1001",
    );
    columns.push(
        text("行", false, false),
        Bilingual::new(
            "表的行或者事件的编号，没有就留空",
            "the row of a table or the key of a record, if any",
        ),
        &first.map(|decision| row_example(program, decision)).unwrap_or_default(),
    );
    let period = ColumnSpec { required: false, ..ColumnSpec::new("期间", ColumnKind::Period(None)) };
    let grain = first.and_then(|decision| program.attributes[decision.attribute?.index()].context.grain);
    let when = grain.map(|grain| Period::containing(grain, program.from).to_string()).unwrap_or_default();
    columns.push(period, Bilingual::new("哪一期，没有就留空", "which period, if any"), &when);
    columns.push(
        text("决定", false, true),
        Bilingual::new(
            "决定的值，数字要写单位；还没有决定就留空",
            "what was decided, numbers with their unit; empty while it is open",
        ),
        &first.map(|decision| example(program, &decision.ty, decision.range.as_ref())).unwrap_or_default(),
    );
    let by = first.map_or("", |decision| decision.by.as_str());
    columns.push(text("由", true, true), Bilingual::new("谁决定的", "who decided"), by);
    let why = Bilingual::new("为什么；有决定就要写", "why; needed with a decision");
    columns.push(text("理由", false, true), why, "情节较轻");
    columns.push(
        text("依据", false, false),
        Bilingual::new("凭什么材料", "on what evidence"),
        "会议纪要 2025-12 号",
    );
    TableSpec {
        name: DECISIONS.to_owned(),
        title: Bilingual::new("人定：由人决定的事项", "decisions that people take"),
        columns: columns.list,
        key: Vec::new(),
        required: false,
    }
}
