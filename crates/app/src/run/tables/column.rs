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
use hengjie_evaluate::explain::notation_of_attribute;
use hengjie_evaluate::value::Status;
use hengjie_facts::{Integers as Shown, ResultColumn, ResultValues};
use hengjie_policy::core::{
    Attribute, AttributeId, Body, Expr, ExprKind, Function, KindId, Literal, Notation, Program, TableId, Type,
};
use hengjie_quantity::{BaseUnit, Lang, Rational};

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
    let definition = &program.attributes[attribute.index()];
    let ty = &definition.ty.base;
    let status = status(&parts, blocks);
    let unit = match ty {
        // A plain number is no ratio.
        Type::Number(unit)
            if unit.is_none() && notation_of_attribute(program, definition) == Notation::Plain =>
        {
            String::new()
        }
        Type::Number(unit) => unit.text(lang),
        _ => String::new(),
    };
    let values = match ty {
        Type::Number(unit) => {
            let is_money = matches!(unit.single(), Some(BaseUnit::Currency(_)));
            numbers(parts, blocks, places_asked(definition), is_money)
        }
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

/// Places of money that has any.
const FEN: u32 = 2;

/// Numbers with as many places as any block needs; last places that are 0 everywhere are left out, unless an article asks
/// for them or they are 分 of money.
fn numbers(mut parts: Vec<Option<Part>>, blocks: &[Lanes], asked: u32, is_money: bool) -> ResultValues {
    let places_of = |part: &Option<Part>| match part {
        Some(Part::Column(Column { data: ResultData::Number { places, .. }, .. })) => *places,
        _ => 0,
    };
    let most = parts.iter().map(places_of).max().unwrap_or(0);
    let asked = if is_money && most > 1 { asked.max(FEN) } else { asked };
    if let ([Some(Part::Column(column))], [Lanes::All(_)]) = (parts.as_slice(), blocks)
        && (most <= asked || !ends_in_zeros(column))
        && let Some(Some(Part::Column(Column { data: ResultData::Number { values, places, .. }, .. }))) =
            parts.pop()
    {
        return ResultValues::Number { values: shown(values), places };
    }
    let values = gather(parts, blocks, 0_i128, |part| match part {
        Part::Column(Column { data: ResultData::Number { values, places, .. }, .. }) => {
            let factor = 10_i128.checked_pow(most - places).unwrap_or(1);
            (0..values.len()).map(|at| values.get(at).saturating_mul(factor)).collect()
        }
        _ => Vec::new(),
    });
    let (values, places) = without_zeros(values, most, asked);
    ResultValues::Number { values: Shown::narrowest(values), places }
}

fn ends_in_zeros(column: &Column) -> bool {
    match &column.data {
        ResultData::Number { values, .. } => (0..values.len()).all(|at| values.get(at) % 10 == 0),
        _ => false,
    }
}

/// The same numbers without the last places that are 0 in all of them, down to those that an article asks for.
fn without_zeros(mut values: Vec<i128>, mut places: u32, asked: u32) -> (Vec<i128>, u32) {
    while places > asked && values.iter().all(|value| value % 10 == 0) {
        values.iter_mut().for_each(|value| *value /= 10);
        places -= 1;
    }
    (values, places)
}

/// The places of the rounding that a rule ends in: `四舍五入(x, 0.01元)` asks for two.
fn places_asked(attribute: &Attribute) -> u32 {
    let quantum = match &attribute.body {
        Body::Total(total) => total.rounding.as_ref().map(|(_, quantum)| quantum.clone()),
        Body::Split(split) => Some(split.rounding.1.clone()),
        Body::Defined { exceptions, general } => {
            let cases = exceptions.iter().chain(general).map(|case| quantum_of(&case.value));
            cases.flatten().min()
        }
        _ => None,
    };
    quantum
        .and_then(|quantum| quantum.decimal_places())
        .map_or(0, |places| u32::try_from(places).unwrap_or(0))
}

/// The finest quantum to which an expression is rounded where it ends.
fn quantum_of(expr: &Expr) -> Option<Rational> {
    match &expr.kind {
        ExprKind::Call(Function::Round(_), parts) => match &parts.get(1)?.kind {
            ExprKind::Literal(Literal::Number(quantum)) => Some(quantum.clone()),
            _ => None,
        },
        ExprKind::Call(Function::Clamp | Function::Max | Function::Min, parts) => {
            parts.iter().filter_map(quantum_of).min()
        }
        ExprKind::If { arms, otherwise } => {
            let values = arms.iter().map(|(_, value)| value).chain([&**otherwise]);
            values.filter_map(quantum_of).min()
        }
        ExprKind::OrNone(value, default) | ExprKind::OrMissing(value, default) => {
            [&**value, default].into_iter().filter_map(quantum_of).min()
        }
        _ => None,
    }
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
