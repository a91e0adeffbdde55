//! Values that people write into text cells, of decisions and parameters, read by the type the document gives them.

use crate::dataset::KeyIndex;
use crate::words::{range_text, type_text};
use hengjie_calendar::{Date, Period};
use hengjie_evaluate::value::Value;
use hengjie_facts::Bilingual;
use hengjie_policy::core::{Literal, Program, Type};
use hengjie_quantity::{BaseUnit, Rational, Unit, parse_quantity_cell_with};

/// Why a text is not a value.
pub(crate) type Refused = Bilingual;

/// A constant of a type.
pub(crate) fn literal(
    program: &Program,
    ty: &Type,
    range: Option<&(Rational, Rational)>,
    text: &str,
) -> Result<Literal, Refused> {
    let text = text.trim();
    let value = match ty {
        Type::Number(unit) => return number(text, unit, range).map(Literal::Number),
        Type::Bool => bool_word(text).map(Literal::Bool),
        Type::Text => Some(Literal::Text(text.to_owned())),
        Type::Date => Date::parse(text).map(Literal::Date),
        Type::Period(grain) => {
            Period::parse(text).filter(|period| period.grain() == *grain).map(Literal::Period)
        }
        Type::Enum(of) => {
            let items = &program.enums[of.index()].items;
            let ordinal = items.iter().position(|item| item == text);
            ordinal.and_then(|ordinal| u32::try_from(ordinal).ok()).map(|ordinal| Literal::Enum(*of, ordinal))
        }
        Type::Object(_) | Type::Row(_) | Type::Collection(_) => None,
    };
    value.ok_or_else(|| {
        let wanted = type_text(program, ty);
        Bilingual::new(format!("“{text}”不是{}", wanted.zh), format!("`{text}` is not: {}", wanted.en))
    })
}

/// A value of a type; objects by their key.
pub(crate) fn value(
    program: &Program,
    ty: &Type,
    range: Option<&(Rational, Rational)>,
    text: &str,
    keys: &KeyIndex<'_>,
) -> Result<Value, Refused> {
    if let Type::Object(kind) = ty {
        let name = &program.kinds[kind.index()].name;
        return keys.position(text.trim()).map(|position| Value::Object(*kind, position)).ok_or_else(|| {
            Bilingual::new(format!("「{name}」里没有“{text}”"), format!("“{name}” has no `{text}`"))
        });
    }
    literal(program, ty, range, text).map(|literal| of_literal(&literal))
}

/// A constant as a value.
pub(crate) fn of_literal(literal: &Literal) -> Value {
    match literal {
        Literal::Number(number) => Value::Number(number.clone()),
        Literal::Bool(truth) => Value::Bool(*truth),
        Literal::Text(text) => Value::Text(text.as_str().into()),
        Literal::Date(day) => Value::Date(*day),
        Literal::Period(period) => Value::Period(*period),
        Literal::Enum(of, ordinal) => Value::Enum(*of, *ordinal),
        Literal::None => Value::None,
        Literal::Exempt => Value::Exempt,
    }
}

/// A number with the unit it must have. A bare number is a plain number and nothing else.
fn number(text: &str, unit: &Unit, range: Option<&(Rational, Rational)>) -> Result<Rational, Refused> {
    let counters: Vec<String> = unit
        .factors()
        .iter()
        .filter_map(|(base, _)| match base {
            BaseUnit::Count(word) => Some(word.clone()),
            _ => None,
        })
        .collect();
    let Some(quantity) = parse_quantity_cell_with(text, &counters) else {
        return Err(Bilingual::new(format!("“{text}”不是数"), format!("`{text}` is not a number")));
    };
    if quantity.unit != *unit {
        return Err(wrong_unit(text, &quantity.unit, unit));
    }
    match range {
        Some((low, high)) if quantity.value < *low || quantity.value > *high => {
            let range = range_text(low, high, unit);
            Err(Bilingual::new(
                format!("“{text}”不在允许的范围内：{}", range.zh),
                format!("`{text}` is outside the allowed range: {}", range.en),
            ))
        }
        _ => Ok(quantity.value),
    }
}

fn wrong_unit(text: &str, found: &Unit, wanted: &Unit) -> Refused {
    match (found.is_none(), wanted.is_none()) {
        (true, _) => Bilingual::new(
            format!("“{text}”没有单位，要写成“{text}{wanted}”这样"),
            format!("`{text}` has no unit; write it as `{text}{wanted}`"),
        ),
        (false, true) => Bilingual::new(
            format!("“{text}”不该有单位，这里要的是数或百分数"),
            format!("`{text}` should have no unit: a number or percentage is wanted"),
        ),
        (false, false) => Bilingual::new(
            format!("“{text}”的单位是{found}，这里要{wanted}"),
            format!("`{text}` is in {}, but {} is wanted", found.en(), wanted.en()),
        ),
    }
}

/// 是 or 否 as people write it.
fn bool_word(text: &str) -> Option<bool> {
    match text {
        "是" | "1" | "√" | "true" | "TRUE" | "yes" => Some(true),
        "否" | "0" | "×" | "false" | "FALSE" | "no" => Some(false),
        _ => None,
    }
}
