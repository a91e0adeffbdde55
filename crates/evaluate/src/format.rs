//! Values as people read them, shared by results, examples and explanations.

use crate::dataset::Dataset;
use crate::row::{filler, literal, row_label};
use crate::value::{Fault, Gap, OpenDecision, Value};
use hengjie_policy::core::{Cell, Column, KindId, Literal, Notation, Program, Type};
use hengjie_quantity::{BaseUnit, Lang, Rational, format_number, format_percent, format_quantity};

/// Elements of a collection that are named; the rest is counted.
const ELEMENTS_SHOWN: usize = 10;

/// A value as people read it: `1.2亿元`, `40%`, `高级`, `张三`, `待补`.
#[must_use]
pub fn format_value(program: &Program, data: &Dataset, value: &Value, ty: &Type, lang: Lang) -> String {
    match value {
        Value::Number(number) => match ty {
            Type::Number(unit) if !unit.is_none() => format_quantity(number, unit, lang),
            _ => format_plain(number),
        },
        Value::Bool(true) => lang.pick("是", "yes").to_owned(),
        Value::Bool(false) => lang.pick("否", "no").to_owned(),
        Value::Text(text) => text.to_string(),
        Value::Date(day) => day.to_string(),
        Value::Period(period) => match lang {
            Lang::Zh => period.to_string(),
            Lang::En => period.en(),
        },
        Value::Enum(of, ordinal) => {
            let items = program.enums.get(of.index()).map(|of| &of.items[..]).unwrap_or_default();
            items.get(*ordinal as usize).cloned().unwrap_or_default()
        }
        Value::Object(..) | Value::Row(..) => row_label(program, data, value),
        Value::Collection(elements) => format_elements(program, data, elements, ty, lang),
        Value::None => lang.pick("无", "none").to_owned(),
        Value::Exempt => lang.pick("免", "exempt").to_owned(),
        Value::Missing(_) => lang.pick("待补", "missing").to_owned(),
        Value::Undecided(_) => lang.pick("待定", "undecided").to_owned(),
    }
}

/// A number as the document writes it; other values as by [`format_value`].
#[must_use]
pub fn format_noted(
    program: &Program,
    data: &Dataset,
    value: &Value,
    ty: &Type,
    notation: Notation,
    lang: Lang,
) -> String {
    let (Value::Number(number), Type::Number(unit)) = (value, ty) else {
        return format_value(program, data, value, ty, lang);
    };
    match notation {
        Notation::Plain if unit.is_none() => format_number(number),
        Notation::Percent if unit.is_none() => format_percent(number),
        Notation::Months if unit.single() == Some(&BaseUnit::Month) => match lang {
            Lang::Zh => format!("{}个月", format_number(number)),
            Lang::En if *number == Rational::ONE => "1 month".to_owned(),
            Lang::En => format!("{} months", format_number(number)),
        },
        _ => format_value(program, data, value, ty, lang),
    }
}

/// A cell of a table as the document writes it.
#[must_use]
pub(crate) fn format_cell(
    program: &Program,
    data: &Dataset,
    cell: &Cell,
    column: &Column,
    lang: Lang,
) -> String {
    let number = |number: &Rational| {
        format_noted(program, data, &Value::Number(number.clone()), &column.ty, column.notation, lang)
    };
    match cell {
        Cell::Value(value @ Literal::Number(_)) => {
            format_noted(program, data, &literal(value), &column.ty, column.notation, lang)
        }
        Cell::Value(value) => format_value(program, data, &literal(value), &column.ty, lang),
        Cell::Interval { low: None, high: None } => lang.pick("其余", "all others").to_owned(),
        Cell::Interval { low, high } => {
            let low = low.as_ref().map(|low| (if low.inclusive { "≥" } else { ">" }, number(&low.value)));
            let high =
                high.as_ref().map(|high| (if high.inclusive { "≤" } else { "<" }, number(&high.value)));
            let borders = [low, high].into_iter().flatten().map(|(sign, border)| format!("{sign} {border}"));
            borders.collect::<Vec<_>>().join(lang.pick("，", ", "))
        }
        Cell::Exempt => "—".to_owned(),
        Cell::Undecided => lang.pick("待定", "undecided").to_owned(),
    }
}

/// Name and key of a subject; the key alone when it has no other name.
#[must_use]
pub fn format_subject(data: &Dataset, kind: KindId, position: u32, lang: Lang) -> String {
    let Some(subjects) = data.kinds.get(kind.index()) else { return String::new() };
    let (key, name) = (subjects.keys.get(position as usize), subjects.name(position as usize));
    match lang {
        _ if name.is_empty() || name == key => key,
        Lang::Zh => format!("{name}（{key}）"),
        Lang::En => format!("{name} ({key})"),
    }
}

/// A plain number: small ones that are no whole numbers, and 1, as a percentage.
#[must_use]
pub fn format_plain(number: &Rational) -> String {
    let small = number.abs() < Rational::from(10);
    let ratio = !number.is_integer() || number.abs() == Rational::ONE;
    if small && ratio { format_percent(number) } else { format_number(number) }
}

fn format_elements(program: &Program, data: &Dataset, elements: &[Value], ty: &Type, lang: Lang) -> String {
    let element = match ty {
        Type::Collection(element) => element,
        other => other,
    };
    let shown =
        elements.iter().take(ELEMENTS_SHOWN).map(|value| format_value(program, data, value, element, lang));
    let shown = shown.collect::<Vec<_>>().join(lang.pick("、", ", "));
    match elements.len() {
        0 => lang.pick("（空）", "(empty)").to_owned(),
        count if count > ELEMENTS_SHOWN => match lang {
            Lang::Zh => format!("{shown} 等 {count} 项"),
            Lang::En => format!("{shown} and others, {count} in all"),
        },
        _ => shown,
    }
}

/// What is missing, in a sentence: the field, whose, of which period; the parameter; the form and who owes it.
#[must_use]
pub fn format_gap(program: &Program, data: &Dataset, gap: &Gap, lang: Lang) -> String {
    let key = |kind: hengjie_policy::core::KindId, position: u32| format_subject(data, kind, position, lang);
    let in_period = |period: &Option<hengjie_calendar::Period>| match (period, lang) {
        (None, _) => String::new(),
        (Some(period), Lang::Zh) => format!("（{period}）"),
        (Some(period), Lang::En) => format!(" ({})", period.en()),
    };
    match gap {
        Gap::Fact { field, subject, period } => {
            let kind = &program.kinds[field.kind.index()];
            let name = &kind.fields[field.field as usize].name;
            let (subject, period) = (key(field.kind, *subject), in_period(period));
            match lang {
                Lang::Zh => {
                    // `缺人员 1009 的…`, `缺人员郑一（1009）的…`
                    let subject = if subject.ends_with('）') { subject } else { format!(" {subject} ") };
                    format!("缺{}{subject}的{name}{period}", kind.name)
                }
                Lang::En => format!("{name} of {} {subject}{period} is missing", kind.name),
            }
        }
        Gap::Parameter { parameter, keys, on } => {
            let parameter = &program.parameters[parameter.index()];
            let keys = if keys.is_empty() { String::new() } else { format!("({})", keys.join(", ")) };
            let office = match &parameter.value {
                hengjie_policy::core::ParameterValue::Required(office) => office.as_str(),
                hengjie_policy::core::ParameterValue::Given(_) => "",
            };
            match lang {
                Lang::Zh => format!("缺参数 {}{keys}，须由{office}给定（{on} 有效的值）", parameter.name),
                Lang::En => format!(
                    "parameter {}{keys} must be supplied by {office} (in force on {on})",
                    parameter.name
                ),
            }
        }
        Gap::Cell { table, row, column } => {
            let row = row_label(program, data, &Value::Row(*table, *row));
            let table = &program.tables[table.index()];
            let column = table.columns.get(*column as usize).map_or("", |column| &column.name);
            match lang {
                Lang::Zh => format!("表 {} 的 {row} 行“{column}”待定", table.name),
                Lang::En => format!("table {}, row {row}: `{column}` is to be decided", table.name),
            }
        }
        Gap::Form { .. } => format_form_gap(program, data, gap, lang),
        Gap::Fault { attribute, fault, .. } => {
            let name = &program.attributes[attribute.index()].name;
            format!("{name}：{}", format_fault(*fault, lang))
        }
    }
}

/// `李四 未交 张三 的评价表（2025年1月）`
fn format_form_gap(program: &Program, data: &Dataset, gap: &Gap, lang: Lang) -> String {
    let Gap::Form { kind, subject, period, by } = gap else { return String::new() };
    let form = &program.kinds[kind.index()];
    let named = |ty: Option<&Type>, position: u32| match ty {
        Some(Type::Object(kind)) => format_subject(data, *kind, position, lang),
        _ => String::new(),
    };
    let about = form.form.as_ref().and_then(|about| form.fields.get(about.subject as usize));
    let subject = named(about.map(|field| &field.ty), *subject);
    let by = named(filler(form).map(|(_, field)| &field.ty), *by);
    match lang {
        Lang::Zh => format!("{by} 未交 {subject} 的{}（{period}）", form.name),
        Lang::En => format!("{by} has not handed in {} about {subject} ({})", form.name, period.en()),
    }
}

fn format_fault(fault: Fault, lang: Lang) -> &'static str {
    match fault {
        Fault::Circular => {
            lang.pick("数据里的关系成环，无法计算", "the relation in the data runs in a circle")
        }
        Fault::TooDeep => lang.pick("算式嵌套过深", "the formula is nested too deeply"),
        Fault::NumberTooLarge => lang.pick("数字超出长度上限", "a number is longer than the limit"),
        Fault::Unsupported => lang.pick("尚不支持的运算", "not supported yet"),
    }
}

/// Who has to decide what, in a sentence.
#[must_use]
pub fn format_open(program: &Program, open: &OpenDecision, lang: Lang) -> String {
    let decision = &program.decisions[open.decision.index()];
    let row = if open.row.is_empty() { String::new() } else { format!("({})", open.row) };
    let place = match (&open.period, lang) {
        (None, _) => open.subject.clone(),
        (Some(period), Lang::Zh) => format!("{} {period}", open.subject),
        (Some(period), Lang::En) => format!("{} {}", open.subject, period.en()),
    };
    match lang {
        Lang::Zh => format!("{}{row} 待{}决定：{place}", decision.name, decision.by),
        Lang::En => format!("{}{row} awaits a decision of {}: {place}", decision.name, decision.by),
    }
}
