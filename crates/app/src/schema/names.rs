//! How tables and system columns are called, so that they never collide with a field of the document.

use hengjie_calendar::Grain;
use hengjie_policy::core::{FieldTime, Kind, KindId, Program, Type};

/// The field that dated records have by themselves.
pub(crate) const DATE_FIELD: &str = "日期";
/// The table of decisions.
pub(crate) const DECISIONS: &str = "人定";

/// Table of a kind.
pub(crate) fn kind_table(kind: &Kind) -> String {
    file_name(&kind.name)
}

/// Table of the fields of a grain.
pub(super) fn periodic_table(kind: &Kind, grain: Grain) -> String {
    format!("{}_{}", file_name(&kind.name), grain.zh())
}

/// Table of the fields that change over time.
pub(super) fn dated_table(kind: &Kind) -> String {
    format!("{}_随日期", file_name(&kind.name))
}

/// A name without the characters that files and sheets cannot have.
pub(crate) fn file_name(name: &str) -> String {
    let plain = |character: char| match character {
        '/' | '\\' | ':' | '*' | '?' | '"' | '<' | '>' | '|' | '[' | ']' | '\'' => '_',
        character if character.is_control() => '_',
        character => character,
    };
    name.trim_start_matches('.').chars().map(plain).collect()
}

/// Column of the key.
pub(crate) fn key_name(program: &Program, kind: KindId) -> String {
    let definition = &program.kinds[kind.index()];
    match definition.fields.iter().find(|field| field.is_key) {
        Some(field) => field.name.clone(),
        None => free(definition, "编号"),
    }
}

/// Column of the name that people read, when no field is one.
pub(super) fn name_column(program: &Program, kind: KindId) -> String {
    free(&program.kinds[kind.index()], "名称")
}

/// Column of the period.
pub(super) fn period_name(program: &Program, kind: KindId) -> String {
    free(&program.kinds[kind.index()], "期间")
}

/// Column of the day of a record whose kind has no field for it.
pub(super) fn day_name(program: &Program, kind: KindId) -> String {
    free(&program.kinds[kind.index()], DATE_FIELD)
}

/// Column of the first day of a change.
pub(super) fn since_name(program: &Program, kind: KindId) -> String {
    free(&program.kinds[kind.index()], "自")
}

/// The text field that people read as the name: 名称 or 姓名.
pub(super) fn display_field(program: &Program, kind: KindId) -> Option<u32> {
    let fields = || (0..).zip(&program.kinds[kind.index()].fields);
    let is_name = |word: &str| {
        fields().find(|(_, field)| {
            field.name == word && field.ty == Type::Text && field.time == FieldTime::Static && !field.is_key
        })
    };
    is_name("姓名").or_else(|| is_name("名称")).map(|(position, _)| position)
}

/// The word, or the word after the name of the kind when a field has it.
fn free(kind: &Kind, word: &str) -> String {
    match kind.fields.iter().any(|field| field.name == word) {
        true => format!("{}{word}", kind.name),
        false => word.to_owned(),
    }
}
