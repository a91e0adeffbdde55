//! Changes as users write them.

use crate::dataset::{Facts, KeyIndex};
use crate::failure::{Failure, Outcome};
use crate::names;
use crate::typed;
use hengjie_calendar::{Date, Period};
use hengjie_evaluate::dataset::{FactPlace, FieldData, SuppliedParameter};
use hengjie_evaluate::format::format_value;
use hengjie_evaluate::row::Evaluator;
use hengjie_evaluate::value::Value;
use hengjie_policy::core::{
    FieldRef, FieldTime, KindId, Literal, ParameterId, ParameterValue, Program, Type,
};
use hengjie_quantity::Lang;

/// A change as it was asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Asked {
    /// `张三 的存款日均（2025年）`, `参数 及格线`
    pub what: String,
    /// As it is.
    pub from: String,
    /// As it is tried.
    pub to: String,
}

/// A period for which there are no facts at all is a mistake, where facts have periods.
pub(crate) fn refuse_empty_periods(facts: &Facts, asked: &[Period]) -> Outcome<()> {
    let kinds = || facts.data.kinds.iter();
    let of_fields = kinds().flat_map(|kind| &kind.fields).flat_map(|field| match field {
        FieldData::Periodic(columns) => columns.keys().copied().collect(),
        _ => Vec::new(),
    });
    let of_records = kinds()
        .filter_map(|kind| kind.periods.as_ref())
        .flat_map(|periods| periods.occurring().iter().copied());
    let known: Vec<Period> = of_fields.chain(of_records).collect();
    let first = known.iter().map(Period::first_day).min();
    let last = known.iter().map(Period::last_day).max();
    let (Some(first), Some(last)) = (first, last) else { return Ok(()) };
    match asked.iter().find(|period| period.last_day() < first || period.first_day() > last) {
        None => Ok(()),
        Some(period) => Err(Failure::usage(
            format!("{period}没有资料：资料从 {first} 到 {last}"),
            format!("there are no facts for {}: they reach from {first} to {last}", period.en()),
        )),
    }
}

/// Puts a fact: `人员.张三.存款日均=1.2亿元`; in a field with periods, in every period that is computed.
pub(super) fn fact(
    program: &Program,
    facts: &mut Facts,
    text: &str,
    periods: &[Period],
    lang: Lang,
) -> Outcome<(Asked, Vec<(FactPlace, Value)>)> {
    let (path, written) = split(text)?;
    let parts: Vec<&str> = path.split('.').map(str::trim).collect();
    let [kind, key, field] = parts.as_slice() else {
        return Err(Failure::usage(
            format!("“{path}”要写成 资料.编号或名称.字段，例如 人员.张三.存款日均"),
            format!("`{path}` must be KIND.KEY.FIELD, such as 人员.张三.存款日均"),
        ));
    };
    let kind = kind_named(program, kind)?;
    let field = field_named(program, kind, field)?;
    let subject = names::subject(program, facts, kind, key)?;
    let definition = &program.kinds[kind.index()].fields[field.field as usize];
    let object = match definition.ty {
        Type::Object(of) => of,
        _ => kind,
    };
    let value = {
        let index = KeyIndex::of(&facts.data.kinds[object.index()].keys);
        typed::value(program, &definition.ty, definition.range.as_ref(), written.trim(), &index)
    };
    let value = value.map_err(|refused| {
        Failure::usage(format!("{path}：{}", refused.zh), format!("{path}: {}", refused.en))
    })?;
    let times: Vec<Option<Period>> = match definition.time {
        FieldTime::Static => vec![None],
        FieldTime::Every(grain) => inside(periods, grain),
        FieldTime::Dated => vec![periods.iter().min_by_key(|period| period.first_day()).copied()],
    };
    if times.is_empty() {
        return Err(Failure::usage(
            format!("“{}”是{}的，计算的期间里没有这样的期间", definition.name, time_text(definition.time)),
            format!("`{}` has another sort of period than those that are computed", definition.name),
        ));
    }
    let shown =
        |facts: &Facts, value: &Value| format_value(program, &facts.data, value, &definition.ty, lang);
    let from = Evaluator::new(program, &facts.data).fact(field, subject, times.first().copied().flatten());
    let from = shown(facts, &from);
    let mut puts = Vec::new();
    for period in &times {
        let place = FactPlace { field, subject, period: *period };
        puts.push((place, value.clone()));
        facts.data.store(program, place, &value).map_err(|_| {
            Failure::usage(format!("“{path}”不能这样改"), format!("`{path}` cannot be changed so"))
        })?;
    }
    let person = names::person(facts, kind, subject, lang);
    let when: Vec<String> = times.iter().flatten().map(ToString::to_string).collect();
    let when = match lang {
        _ if when.is_empty() => String::new(),
        Lang::Zh => format!("（{}）", when.join("、")),
        Lang::En => format!(" ({})", when.join(", ")),
    };
    let what = match lang {
        Lang::Zh => format!("{person} 的{}{when}", definition.name),
        Lang::En => format!("{} of {person}{when}", definition.name),
    };
    Ok((Asked { what, from, to: shown(facts, &value) }, puts))
}

/// The periods of a grain inside those that are computed, or around them.
fn inside(periods: &[Period], grain: hengjie_calendar::Grain) -> Vec<Option<Period>> {
    let mut found: Vec<Period> = Vec::new();
    for period in periods {
        if period.grain() >= grain {
            found.extend(period.periods_of(grain));
        } else {
            found.push(Period::containing(grain, period.last_day()));
        }
    }
    found.sort();
    found.dedup();
    found.into_iter().map(Some).collect()
}

fn time_text(time: FieldTime) -> &'static str {
    match time {
        FieldTime::Every(grain) => grain.zh(),
        FieldTime::Static | FieldTime::Dated => "",
    }
}

/// Puts a parameter: `及格线=65分`, `岗位工资(初级)=6000元`. It holds on every day.
pub(super) fn parameter(
    program: &Program,
    facts: &mut Facts,
    text: &str,
    lang: Lang,
) -> Outcome<(Asked, Vec<SuppliedParameter>)> {
    let (path, written) = split(text)?;
    let normal = path.replace('（', "(").replace('）', ")");
    let (name, keys) = match normal.split_once('(') {
        Some((name, keys)) => (name.trim(), keys.trim_end().trim_end_matches(')')),
        None => (normal.trim(), ""),
    };
    let Some(position) = program.parameters.iter().position(|parameter| parameter.name == name) else {
        let near = names::nearest(name, program.parameters.iter().map(|parameter| parameter.name.clone()));
        let (zh, en) = names::suggestion(&near);
        return Err(Failure::usage(
            format!("制度里没有参数“{name}”{zh}"),
            format!("the policy has no parameter `{name}`{en}"),
        ));
    };
    let definition = &program.parameters[position];
    let written_keys: Vec<&str> =
        keys.split([',', '，', '、']).map(str::trim).filter(|key| !key.is_empty()).collect();
    if written_keys.len() != definition.keys.len() {
        return Err(Failure::usage(
            format!("参数“{name}”要写 {} 个键，例如 {name}(键)=值", definition.keys.len()),
            format!("the parameter `{name}` has {} keys: write {name}(KEY)=VALUE", definition.keys.len()),
        ));
    }
    let refused = |refused: hengjie_facts::Bilingual| {
        Failure::usage(format!("{path}：{}", refused.zh), format!("{path}: {}", refused.en))
    };
    let mut keys = Vec::new();
    for (key, ty) in written_keys.iter().zip(&definition.keys) {
        keys.push(typed::literal(program, ty, None, key).map_err(refused)?);
    }
    let value =
        typed::literal(program, &definition.ty, definition.range.as_ref(), written).map_err(refused)?;
    let id = ParameterId(u32::try_from(position).unwrap_or(u32::MAX));
    let shown = |facts: &Facts, literal: &Literal| {
        format_value(program, &facts.data, &typed::of_literal(literal), &definition.ty, lang)
    };
    let supplied = facts
        .data
        .parameters
        .iter()
        .filter(|entry| entry.parameter == id && entry.keys == keys)
        .max_by_key(|entry| entry.from);
    let from = match (supplied, &definition.value) {
        (Some(entry), _) => shown(facts, &entry.value),
        (None, ParameterValue::Given(literal)) => shown(facts, literal),
        (None, ParameterValue::Required(_)) => lang.pick("待定", "undecided").to_owned(),
    };
    let to = shown(facts, &value);
    // Every value supplied so far gives way, whatever its first day is.
    let mut days: Vec<Option<Date>> = facts
        .data
        .parameters
        .iter()
        .filter(|entry| entry.parameter == id && entry.keys == keys)
        .map(|entry| entry.from)
        .collect();
    if days.is_empty() {
        days.push(None);
    }
    let entry = |from: Option<Date>| SuppliedParameter {
        parameter: id,
        keys: keys.clone(),
        value: value.clone(),
        from,
        by: lang.pick("试算", "trial").to_owned(),
        because: String::new(),
        origin: None,
    };
    let supplied: Vec<SuppliedParameter> = days.into_iter().map(entry).collect();
    facts.data.parameters.retain(|entry| entry.parameter != id || entry.keys != keys);
    facts.data.parameters.extend(supplied.iter().cloned());
    let what = format!("{} {}", lang.pick("参数", "parameter"), normal.trim());
    Ok((Asked { what, from, to }, supplied))
}

fn split(text: &str) -> Outcome<(&str, &str)> {
    let found = text.split_once(['=', '＝']);
    found
        .map(|(path, value)| (path.trim(), value.trim()))
        .filter(|(path, value)| !path.is_empty() && !value.is_empty())
        .ok_or_else(|| {
            Failure::usage(format!("“{text}”要写成 名称=值"), format!("`{text}` must be written NAME=VALUE"))
        })
}

fn kind_named(program: &Program, name: &str) -> Outcome<KindId> {
    let found = program.kinds.iter().position(|kind| kind.name == name);
    found.and_then(|position| u32::try_from(position).ok()).map(KindId).ok_or_else(|| {
        let kinds: Vec<&str> = program.kinds.iter().map(|kind| kind.name.as_str()).collect();
        Failure::usage(
            format!("制度里没有资料“{name}”；有：{}", kinds.join("、")),
            format!("the policy has no kind `{name}`; there are: {}", kinds.join(", ")),
        )
    })
}

fn field_named(program: &Program, kind: KindId, name: &str) -> Outcome<FieldRef> {
    let definition = &program.kinds[kind.index()];
    let found = (0..).zip(&definition.fields).find(|(_, field)| field.name == name);
    found.map(|(field, _)| FieldRef { kind, field }).ok_or_else(|| {
        let near = names::nearest(name, definition.fields.iter().map(|field| field.name.clone()));
        let near = if near.is_empty() {
            definition.fields.iter().map(|field| field.name.clone()).take(12).collect()
        } else {
            near
        };
        let (zh, en) = names::suggestion(&near);
        Failure::usage(
            format!("“{}”没有字段“{name}”{zh}", definition.name),
            format!("`{}` has no field `{name}`{en}", definition.name),
        )
    })
}
