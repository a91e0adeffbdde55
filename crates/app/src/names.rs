//! Finding people and names as users write them, and what they may have meant.

use crate::dataset::Facts;
use crate::failure::Failure;
use hengjie_policy::core::{Field, FieldRef, KindId, Program};
use hengjie_quantity::Lang;

/// The definition of a field.
pub(crate) fn field_of(program: &Program, field: FieldRef) -> &Field {
    &program.kinds[field.kind.index()].fields[field.field as usize]
}

/// Names that a message suggests.
const SUGGESTED: usize = 5;

/// Subjects that are compared with a misspelt name.
const COMPARED: usize = 200_000;

/// The subjects with a key, or else with a name.
pub(crate) fn subjects(facts: &Facts, kind: KindId, wanted: &str) -> Vec<u32> {
    let position = |position: usize| u32::try_from(position).unwrap_or(u32::MAX);
    let subjects = &facts.data.kinds[kind.index()];
    if let Some(found) = subjects.keys.position(wanted) {
        return vec![position(found)];
    }
    (0..subjects.len).filter(|&at| !wanted.is_empty() && subjects.name(at) == wanted).map(position).collect()
}

/// The one subject of a kind with a key or name.
///
/// # Errors
/// [`Failure::Usage`] for nobody, with the nearest names, and for several, with their keys.
pub(crate) fn subject(program: &Program, facts: &Facts, kind: KindId, wanted: &str) -> Result<u32, Failure> {
    let kind_name = &program.kinds[kind.index()].name;
    match subjects(facts, kind, wanted).as_slice() {
        [one] => Ok(*one),
        [] => {
            let near = near_subjects(facts, kind, wanted);
            let (zh, en) = suggestion(&near);
            Err(Failure::usage(
                format!("没有编号或名称是“{wanted}”的{kind_name}{zh}"),
                format!("no {kind_name} has the key or name `{wanted}`{en}"),
            ))
        }
        several => {
            let keys = &facts.data.kinds[kind.index()].keys;
            let keys: Vec<String> =
                several.iter().take(SUGGESTED).map(|subject| keys.get(*subject as usize)).collect();
            Err(Failure::usage(
                format!("有 {} 个“{wanted}”，请用编号：{}", several.len(), keys.join("、")),
                format!("{} are called `{wanted}`; use the key: {}", several.len(), keys.join(", ")),
            ))
        }
    }
}

/// Key and name: `1001（张三）`, `1001 (Zhang San)`.
pub(crate) fn person(facts: &Facts, kind: KindId, subject: u32, lang: Lang) -> String {
    let key = facts.data.kinds[kind.index()].keys.get(subject as usize);
    match facts.data.kinds[kind.index()].name(subject as usize) {
        "" => key,
        name if name == key => key,
        name if lang == Lang::En => format!("{key} ({name})"),
        name => format!("{key}（{name}）"),
    }
}

fn near_subjects(facts: &Facts, kind: KindId, wanted: &str) -> Vec<String> {
    let data = &facts.data.kinds[kind.index()];
    let all = (0..data.len.min(COMPARED)).flat_map(|at| {
        let name = data.name(at).to_owned();
        [data.keys.get(at), name].into_iter().filter(|text| !text.is_empty())
    });
    nearest(wanted, all)
}

/// The names nearest to a misspelt one, the nearest first: at most half of it is different.
pub(crate) fn nearest(wanted: &str, names: impl Iterator<Item = String>) -> Vec<String> {
    let length = wanted.chars().count();
    let mut near: Vec<(usize, String)> = names
        .filter_map(|name| {
            let distance = strsim::osa_distance(wanted, &name);
            let shares = name.chars().any(|character| wanted.contains(character));
            let limit = length.max(name.chars().count()).div_ceil(2);
            let part = length > 1 && (name.contains(wanted) || wanted.contains(&name));
            (shares && (distance <= limit || part)).then_some((distance, name))
        })
        .collect();
    near.sort();
    near.dedup();
    near.truncate(SUGGESTED);
    near.into_iter().map(|(_, name)| name).collect()
}

/// `；相近的有：…`
pub(crate) fn suggestion(near: &[String]) -> (String, String) {
    match near {
        [] => (String::new(), String::new()),
        near => (format!("；相近的有：{}", near.join("、")), format!("; similar: {}", near.join(", "))),
    }
}
