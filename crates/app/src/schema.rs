//! Which tables a document needs: the specifications for reading files, and what each table is for.
//!
//! | table | columns |
//! |---|---|
//! | `人员` | key, 名称, the fields that never change; records have 期间 or 日期 |
//! | `人员_每年` | key, 期间, the fields of that grain |
//! | `人员_随日期` | key, 自, the fields that change over time |
//! | `人定` | decisions taken by people |

mod column;
mod names;

use crate::cone::Cone;
use crate::document::Policy;
use crate::failure::Outcome;
use crate::output::Staging;
use crate::run::attributes_named;
use column::{Columns, Uses};
pub(crate) use column::{decision, example};
use hengjie_calendar::Grain;
use hengjie_facts::{Bilingual, ColumnKind, ColumnSpec, TableSpec};
use hengjie_policy::core::{DecisionId, FieldRef, FieldTime, KindId, Program, Type};
use hengjie_quantity::Lang;
use names::DATE_FIELD;
pub(crate) use names::{DECISIONS, file_name, key_name, kind_table};
use names::{dated_table, day_name, display_field, name_column, period_name, periodic_table, since_name};
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// The tables of a document.
#[derive(Debug, Clone)]
pub struct Schema {
    /// What to read, in the order of the document.
    pub specs: Vec<TableSpec>,
    /// What each table is for.
    pub(crate) parts: Vec<Part>,
}

/// What a table is for. Columns and fields are pairs of positions: in the table, in the kind.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Part {
    /// Subjects or records with the fields that never change.
    Kind { kind: KindId, key: usize, name: Option<usize>, period: Option<usize>, fields: Vec<(usize, u32)> },
    /// Fields of a grain. Column 0 is the key, 1 the period.
    Periodic { kind: KindId, grain: Grain, fields: Vec<(usize, u32)> },
    /// Fields that change over time. Column 0 is the key, 1 the first day.
    Dated { kind: KindId, fields: Vec<(usize, u32)> },
    /// Decisions. Columns as in [`column::decisions`]. Rows about others than those that are wanted are for another run.
    Decisions { wanted: BTreeSet<DecisionId> },
}

impl Part {
    /// Is a field of a kind in this table?
    pub(crate) fn holds(&self, wanted: KindId, field: u32) -> bool {
        match self {
            Self::Kind { kind, fields, .. }
            | Self::Periodic { kind, fields, .. }
            | Self::Dated { kind, fields } => *kind == wanted && fields.iter().any(|(_, own)| *own == field),
            Self::Decisions { .. } => false,
        }
    }
}

impl Schema {
    /// The tables for a cone.
    #[must_use]
    pub fn of(program: &Program, cone: &Cone) -> Self {
        let uses = Uses::of(program, cone);
        let maker = Maker { program, cone, uses: &uses };
        let mut schema = Self { specs: Vec::new(), parts: Vec::new() };
        // Those whom the document is about come first.
        let first = program.scope.as_ref().map(|scope| scope.kind).filter(|kind| cone.kinds.contains(kind));
        let others = cone.kinds.iter().copied().filter(|kind| Some(*kind) != first);
        for kind in first.into_iter().chain(others) {
            schema.add(Some(maker.kind(kind)));
            for grain in Grain::ALL {
                schema.add(maker.periodic(kind, grain));
            }
            schema.add(maker.dated(kind));
        }
        if !cone.decisions.is_empty() {
            let part = Part::Decisions { wanted: cone.decisions.clone() };
            schema.add(Some((column::decisions(program, cone), part)));
        }
        schema
    }

    /// The tables of everything that a document declares, whether a rule reads it or not.
    #[must_use]
    pub fn declared(program: &Program) -> Self {
        Self::of(program, &Cone::declared(program))
    }

    fn add(&mut self, table: Option<(TableSpec, Part)>) {
        if let Some((spec, part)) = table {
            self.specs.push(spec);
            self.parts.push(part);
        }
    }

    /// The table of a part.
    pub(crate) fn position(&self, wanted: impl Fn(&Part) -> bool) -> Option<usize> {
        self.parts.iter().position(wanted)
    }
}

/// Makes the tables of a kind.
struct Maker<'a> {
    program: &'a Program,
    cone: &'a Cone,
    uses: &'a Uses,
}

impl Maker<'_> {
    fn kind(&self, kind: KindId) -> (TableSpec, Part) {
        let (program, cone) = (self.program, self.cone);
        let definition = &program.kinds[kind.index()];
        let mut columns = Columns::new(program, self.uses);
        let key = columns.key(kind, must_have_key(program, cone, kind));
        let shown = display_field(program, kind);
        let mut name = None;
        if shown.is_none() && definition.grains.is_empty() {
            let (zh, en) = ("给人看的名称，可以不填", "the name that people read; may be left out");
            let column = ColumnSpec {
                required: false,
                ..ColumnSpec::new(name_column(program, kind), ColumnKind::Text)
            };
            name = Some(columns.push(column, Bilingual::new(zh, en), "示例名称"));
        }
        let period = self.period(kind, &mut columns);
        let mut fields = Vec::new();
        for (position, field) in (0..).zip(&definition.fields) {
            let at = FieldRef { kind, field: position };
            if field.is_key {
                fields.push((key, position));
            } else if Some(position) == date_field(program, kind) {
                fields.extend(period.map(|column| (column, position)));
            } else if field.time == FieldTime::Static
                && (cone.fields.contains(&at) || shown == Some(position))
            {
                let column = columns.field(at);
                fields.push((column, position));
                if shown == Some(position) {
                    name = Some(column);
                }
            }
        }
        let title = column::kind_title(program, kind);
        let name_of_table = kind_table(definition);
        let spec =
            TableSpec { name: name_of_table, title, columns: columns.list, key: vec![key], required: true };
        (spec, Part::Kind { kind, key, name, period, fields })
    }

    /// The column that says when a record counts.
    fn period(&self, kind: KindId, columns: &mut Columns<'_>) -> Option<usize> {
        let program = self.program;
        let grains = &program.kinds[kind.index()].grains;
        let first = grains.first()?;
        if let Some(date) = date_field(program, kind) {
            return Some(columns.complete_field(FieldRef { kind, field: date }));
        }
        // Forms of a day have no field for it, but people write a day all the same.
        if grains.as_slice() == [Grain::Day] {
            return Some(columns.day(&day_name(program, kind)));
        }
        let one = (grains.len() == 1).then_some(*first);
        Some(columns.period(&period_name(program, kind), one, *first))
    }

    fn periodic(&self, kind: KindId, grain: Grain) -> Option<(TableSpec, Part)> {
        let program = self.program;
        let wanted = fields_of(program, self.cone, kind, FieldTime::Every(grain));
        if wanted.is_empty() {
            return None;
        }
        let mut columns = Columns::new(program, self.uses);
        columns.reference_to(kind);
        columns.period(&period_name(program, kind), Some(grain), grain);
        let fields = wanted.into_iter().map(|field| (columns.field(field), field.field)).collect();
        let (zh, en) = (grain.zh(), grain.en());
        let name = &program.kinds[kind.index()].name;
        let spec = TableSpec {
            name: periodic_table(&program.kinds[kind.index()], grain),
            title: Bilingual::new(format!("{name}：{zh}一行"), format!("{name}: one row {en}")),
            columns: columns.list,
            key: vec![0, 1],
            required: true,
        };
        Some((spec, Part::Periodic { kind, grain, fields }))
    }

    fn dated(&self, kind: KindId) -> Option<(TableSpec, Part)> {
        let program = self.program;
        let wanted = fields_of(program, self.cone, kind, FieldTime::Dated);
        if wanted.is_empty() {
            return None;
        }
        let mut columns = Columns::new(program, self.uses);
        columns.reference_to(kind);
        columns.since(&since_name(program, kind));
        let fields = wanted.into_iter().map(|field| (columns.field(field), field.field)).collect();
        let name = &program.kinds[kind.index()].name;
        let spec = TableSpec {
            name: dated_table(&program.kinds[kind.index()]),
            title: Bilingual::new(
                format!("{name}：从哪天起变成什么；空格表示不变，— 表示从这天起没有"),
                format!(
                    "{name}: what changes from which day on; an empty cell changes nothing, — ends the value"
                ),
            ),
            columns: columns.list,
            key: vec![0, 1],
            required: true,
        };
        Some((spec, Part::Dated { kind, fields }))
    }
}

/// Writes the tables that a policy needs as files to fill in: a workbook and CSV files. `only`: names of the values wanted.
/// Tables that are there already may hold somebody's work: then nothing is written.
///
/// # Errors
/// [`crate::Failure::Usage`] for unknown names, [`crate::Failure::Unwritable`], also when one of the files exists.
pub fn templates(policy: &Policy, only: &[String], folder: &Path, lang: Lang) -> Outcome<Vec<PathBuf>> {
    let program = &policy.program;
    let wanted = attributes_named(program, only)?;
    let cone = Cone::of(program, wanted);
    // A document that only declares facts, such as a library of tables, needs all of them.
    let schema =
        if program.attributes.is_empty() { Schema::declared(program) } else { Schema::of(program, &cone) };
    let mut specs = schema.specs;
    if !cone.parameters.is_empty() {
        specs.push(crate::parameters::spec(program));
    }
    let staging = Staging::beside(folder)?;
    let written = hengjie_facts::write_templates(staging.path(), &specs, lang);
    let written = written.map_err(|error| staging.unwritable(folder, &error))?;
    let names: Vec<String> =
        written.iter().filter_map(|file| Some(file.file_name()?.to_string_lossy().into_owned())).collect();
    refuse_to_overwrite(folder, &names)?;
    staging.publish(folder, &names)
}

fn refuse_to_overwrite(folder: &Path, names: &[String]) -> Outcome<()> {
    let there: Vec<&str> =
        names.iter().map(String::as_str).filter(|name| folder.join(name).exists()).collect();
    if there.is_empty() {
        return Ok(());
    }
    let folder = folder.display();
    Err(crate::Failure::Unwritable(Bilingual::new(
        format!("{folder} 里已经有 {}，可能填了资料，没有改动；请换一个文件夹", there.join("、")),
        format!(
            "{folder} already has {}, which may hold data; nothing was written; choose another folder",
            there.join(", ")
        ),
    )))
}

/// The fields of a kind in a cone that have their values at a certain time.
fn fields_of(program: &Program, cone: &Cone, kind: KindId, time: FieldTime) -> Vec<FieldRef> {
    let fields = (0..).zip(&program.kinds[kind.index()].fields);
    let fields = fields
        .filter(|(_, field)| field.time == time)
        .map(|(position, _)| FieldRef { kind, field: position });
    fields.filter(|field| cone.fields.contains(field)).collect()
}

/// Records need no key of their own unless something names them; subjects do.
fn must_have_key(program: &Program, cone: &Cone, kind: KindId) -> bool {
    let definition = &program.kinds[kind.index()];
    let is_named = cone
        .fields
        .iter()
        .any(|field| program.kinds[field.kind.index()].fields[field.field as usize].ty == Type::Object(kind));
    let changes = (0..).zip(&definition.fields).any(|(position, field)| {
        field.time != FieldTime::Static && cone.fields.contains(&FieldRef { kind, field: position })
    });
    let is_subject = definition.grains.is_empty()
        && cone
            .attributes
            .iter()
            .any(|attribute| program.attributes[attribute.index()].context.kind == Some(kind));
    is_named || changes || is_subject
}

/// The field 日期 of dated records.
pub(crate) fn date_field(program: &Program, kind: KindId) -> Option<u32> {
    let definition = &program.kinds[kind.index()];
    let is_date = |field: &hengjie_policy::core::Field| {
        field.name == DATE_FIELD && field.ty == Type::Date && field.time == FieldTime::Static
    };
    let field = (0..).zip(&definition.fields).find(|(_, field)| is_date(field)).map(|(position, _)| position);
    field.filter(|_| definition.grains.contains(&Grain::Day))
}
