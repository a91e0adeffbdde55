//! One column of a result table, put together from its blocks.

use super::super::compute::TextColumn;
use super::super::population::Lanes;
use crate::dataset::Facts;
use crate::words::row_labels;
use arrow_array::builder::StringBuilder;
use arrow_array::{Array, StringArray};
use hengjie_calendar::{Date, Grain, Period};
use hengjie_evaluate::columnar::{ResultColumn as Column, ResultData};
use hengjie_evaluate::dataset::{Integers, Keys};
use hengjie_evaluate::value::Status;
use hengjie_facts::{Integers as Shown, ResultColumn, ResultValues};
use hengjie_policy::core::{AttributeId, KindId, Program, TableId, Type};
use hengjie_quantity::Lang;

/// The values of one column in one block.
#[derive(Debug)]
pub(super) enum Part {
    Column(Column),
    Text(TextColumn),
}

fn plain(name: &str, values: ResultValues) -> ResultColumn {
    ResultColumn { name: name.to_owned(), unit: String::new(), values, status: None }
}

/// The keys of the subjects.
pub(super) fn keys(name: &str, keys: &Keys, blocks: &[Lanes]) -> ResultColumn {
    let values = match (keys, blocks) {
        (Keys::Text(texts), [Lanes::All(_)]) => ResultValues::Text(texts.clone()),
        (Keys::Int(values), [Lanes::All(_)]) => {
            ResultValues::Number { values: Shown::I64(values.clone()), places: 0 }
        }
        (Keys::Int(values), _) => {
            let at = |position: usize| values.get(position).copied().unwrap_or_default();
            let values = blocks.iter().flat_map(Lanes::positions).map(at).collect();
            ResultValues::Number { values: Shown::I64(values), places: 0 }
        }
        _ => ResultValues::Text(texts(blocks, |position| keys.get(position))),
    };
    plain(name, values)
}

/// What people call the subjects, when the facts say.
pub(super) fn names(facts: &Facts, kind: KindId, blocks: &[Lanes], lang: Lang) -> Option<ResultColumn> {
    facts.data.kinds.get(kind.index())?.names.as_ref()?;
    let values = ResultValues::Text(texts(blocks, |position| facts.name(kind, position).to_owned()));
    Some(plain(lang.pick("名称", "name"), values))
}

fn texts(blocks: &[Lanes], text: impl Fn(usize) -> String) -> StringArray {
    let mut texts = StringBuilder::new();
    for position in blocks.iter().flat_map(Lanes::positions) {
        texts.append_value(text(position));
    }
    texts.finish()
}

/// The period of each row.
pub(super) fn periods(keys: &[(Option<Period>, Option<u32>)], blocks: &[Lanes], lang: Lang) -> ResultColumn {
    let day = Period::containing(Grain::Day, Date::MIN);
    let of = |((period, _), lanes): (&(Option<Period>, Option<u32>), &Lanes)| {
        std::iter::repeat_n(period.unwrap_or(day), lanes.len())
    };
    let values = keys.iter().zip(blocks).flat_map(of).collect();
    plain(lang.pick("期间", "period"), ResultValues::Period(values))
}

/// The row of a 逐 table in each row.
pub(super) fn rows(
    program: &Program,
    facts: &Facts,
    table: TableId,
    keys: &[(Option<Period>, Option<u32>)],
    blocks: &[Lanes],
) -> ResultColumn {
    let labels = row_labels(program, &facts.data, table);
    let of = |((_, row), lanes): (&(Option<Period>, Option<u32>), &Lanes)| {
        let label = row.and_then(|row| labels.get(row as usize)).map(String::as_str);
        std::iter::repeat_n(label, lanes.len())
    };
    let texts: StringArray = keys.iter().zip(blocks).flat_map(of).collect();
    plain(&program.tables[table.index()].name, ResultValues::Text(texts))
}

/// The values of an attribute, block after block.
pub(super) fn values(
    (program, facts, lang): (&Program, &Facts, Lang),
    attribute: AttributeId,
    parts: Vec<Option<Part>>,
    blocks: &[Lanes],
) -> ResultColumn {
    let ty = &program.attributes[attribute.index()].ty.base;
    let status = status(&parts, blocks);
    let unit = match ty {
        Type::Number(unit) => unit.text(lang),
        _ => String::new(),
    };
    let values = match ty {
        Type::Number(_) => numbers(parts, blocks),
        Type::Bool => ResultValues::Bool(gather(parts, blocks, false, |part| match part {
            Part::Column(Column { data: ResultData::Bool(values), .. }) => values,
            _ => Vec::new(),
        })),
        Type::Text => {
            let mut texts = StringBuilder::new();
            for (part, lanes) in parts.iter().zip(blocks) {
                for position in lanes.positions() {
                    texts.append_value(match part {
                        Some(Part::Text(column)) if position < column.values.len() => {
                            column.values.value(position)
                        }
                        _ => "",
                    });
                }
            }
            ResultValues::Text(texts.finish())
        }
        _ => coded(
            program,
            facts,
            ty,
            gather(parts, blocks, 0, |part| match part {
                Part::Column(Column { data: ResultData::Code(values), .. }) => values,
                _ => Vec::new(),
            }),
        ),
    };
    ResultColumn { name: String::new(), unit, values, status }
}

/// Values of all blocks; `otherwise` where a block has none.
fn gather<T: Copy>(
    parts: Vec<Option<Part>>,
    blocks: &[Lanes],
    otherwise: T,
    of: impl Fn(Part) -> Vec<T>,
) -> Vec<T> {
    let mut all = Vec::new();
    for (part, lanes) in parts.into_iter().zip(blocks) {
        let mut values = part.map(|part| lanes.pick(of(part))).unwrap_or_default();
        values.resize(lanes.len(), otherwise);
        if all.is_empty() { all = values } else { all.append(&mut values) }
    }
    all
}

fn status(parts: &[Option<Part>], blocks: &[Lanes]) -> Option<Vec<u8>> {
    if parts.iter().all(|part| part.as_ref().is_some_and(|part| part.status().is_none())) {
        return None;
    }
    let mut all = Vec::with_capacity(blocks.iter().map(Lanes::len).sum());
    for (part, lanes) in parts.iter().zip(blocks) {
        let states =
            part.as_ref().map(|part| part.status().map_or_else(|| vec![0; part.len()], <[u8]>::to_vec));
        let mut states = states.map(|states| lanes.pick(states)).unwrap_or_default();
        states.resize(lanes.len(), Status::None as u8);
        all.append(&mut states);
    }
    Some(all)
}

/// Numbers with as many places as any block needs.
fn numbers(mut parts: Vec<Option<Part>>, blocks: &[Lanes]) -> ResultValues {
    let is_rounded = |part: &Option<Part>| {
        matches!(part, Some(Part::Column(Column { data: ResultData::Number { rounded: true, .. }, .. })))
    };
    let unruled = parts.iter().any(is_rounded);
    if let ([Some(Part::Column(_))], [Lanes::All(_)], false) = (parts.as_slice(), blocks, unruled)
        && let Some(Some(Part::Column(Column { data: ResultData::Number { values, places, .. }, .. }))) =
            parts.pop()
    {
        return ResultValues::Number { values: shown(values), places };
    }
    let places_of = |part: &Option<Part>| match part {
        Some(Part::Column(Column { data: ResultData::Number { places, .. }, .. })) => *places,
        _ => 0,
    };
    let most = parts.iter().map(places_of).max().unwrap_or(0);
    let values = gather(parts, blocks, 0_i128, |part| match part {
        Part::Column(Column { data: ResultData::Number { values, places, .. }, .. }) => {
            let factor = 10_i128.checked_pow(most - places).unwrap_or(1);
            (0..values.len()).map(|at| values.get(at).saturating_mul(factor)).collect()
        }
        _ => Vec::new(),
    });
    let (values, places) = if unruled { without_zeros(values, most) } else { (values, most) };
    ResultValues::Number { values: Shown::narrowest(values), places }
}

/// The same numbers without the last places that are 0 in all of them: no article asks for those places.
fn without_zeros(mut values: Vec<i128>, mut places: u32) -> (Vec<i128>, u32) {
    while places > 0 && values.iter().all(|value| value % 10 == 0) {
        values.iter_mut().for_each(|value| *value /= 10);
        places -= 1;
    }
    (values, places)
}

fn shown(values: Integers) -> Shown {
    match values {
        Integers::I16(values) => Shown::I16(values),
        Integers::I32(values) => Shown::I32(values),
        Integers::I64(values) => Shown::I64(values),
        Integers::I128(values) => Shown::I128(values),
    }
}

/// Codes by the type of the attribute.
fn coded(program: &Program, facts: &Facts, ty: &Type, codes: Vec<i32>) -> ResultValues {
    match ty {
        Type::Enum(of) => ResultValues::Item {
            items: program.enums[of.index()].items.clone(),
            codes: codes.into_iter().map(|code| u16::try_from(code).unwrap_or_default()).collect(),
        },
        Type::Row(table) => {
            let labels = row_labels(program, &facts.data, *table);
            let label = |code: i32| usize::try_from(code).ok().and_then(|row| labels.get(row));
            ResultValues::Text(
                codes.into_iter().map(|code| Some(label(code).map_or("", String::as_str))).collect(),
            )
        }
        Type::Date => ResultValues::Date(
            codes.into_iter().map(|code| Date::from_days(code).unwrap_or(Date::MIN)).collect(),
        ),
        Type::Period(grain) => {
            let first = Period::containing(*grain, Date::MIN);
            ResultValues::Period(
                codes.into_iter().map(|code| Period::new(*grain, code).unwrap_or(first)).collect(),
            )
        }
        Type::Object(kind) => {
            let keys = &facts.data.kinds[kind.index()].keys;
            let key =
                |code: i32| usize::try_from(code).map(|position| keys.get(position)).unwrap_or_default();
            ResultValues::Text(codes.into_iter().map(|code| Some(key(code))).collect())
        }
        _ => ResultValues::Text(codes.into_iter().map(|_| Some(String::new())).collect()),
    }
}
