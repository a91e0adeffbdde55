//! Values as people read them, in both languages.

use hengjie_evaluate::dataset::Dataset;
use hengjie_evaluate::format::format_value;
use hengjie_evaluate::value::Value;
use hengjie_policy::core::{Cell, Literal, Program, Type};
use hengjie_quantity::{Lang, Rational, format_percent, format_quantity};
use hengjie_syntax::Message;
use std::sync::Arc;

/// Both languages of one text.
pub(crate) fn both(text: impl Fn(Lang) -> String) -> Message {
    Message::new(text(Lang::Zh), text(Lang::En))
}

/// A number of a type; plain numbers as percentages where that is how people write them.
pub(crate) fn number(value: &Rational, ty: &Type, lang: Lang) -> String {
    match ty {
        Type::Number(unit) if !unit.is_none() => format_quantity(value, unit, lang),
        _ => hengjie_evaluate::format::format_plain(value),
    }
}

pub(crate) fn percent(value: &Rational) -> String {
    format_percent(value)
}

/// A constant.
pub(crate) fn literal(program: &Program, value: &Literal, ty: &Type, lang: Lang) -> String {
    let value = match value {
        Literal::Number(value) => return number(value, ty, lang),
        Literal::Bool(value) => Value::Bool(*value),
        Literal::Text(text) => Value::Text(Arc::from(text.as_str())),
        Literal::Date(day) => Value::Date(*day),
        Literal::Period(period) => Value::Period(*period),
        Literal::Enum(of, item) => Value::Enum(*of, *item),
        Literal::None => Value::None,
        Literal::Exempt => Value::Exempt,
    };
    format_value(program, &Dataset::default(), &value, ty, lang)
}

/// A cell of a table.
pub(crate) fn cell(program: &Program, cell: &Cell, ty: &Type, lang: Lang) -> String {
    match cell {
        Cell::Value(value) => literal(program, value, ty, lang),
        Cell::Exempt => "—".to_owned(),
        Cell::Undecided => lang.pick("待定", "undecided").to_owned(),
        Cell::Interval { .. } => match crate::interpret::band_of(cell) {
            Some(range) => band(&range, ty, lang),
            None => String::new(),
        },
    }
}

/// A range in words: `超过300万元至800万元`.
pub(crate) fn band(range: &crate::range::Range, ty: &Type, lang: Lang) -> String {
    let show = |value: &Rational| number(value, ty, lang);
    match (&range.low, &range.high) {
        (Some(low), Some(high)) if low.value == high.value => show(&low.value),
        (Some(low), Some(high)) => {
            let (open, close) = (if low.closed { "≥ " } else { "> " }, if high.closed { "≤ " } else { "< " });
            format!("{open}{} {} {close}{}", show(&low.value), lang.pick("且", "and"), show(&high.value))
        }
        (Some(low), None) => format!("{}{}", if low.closed { "≥ " } else { "> " }, show(&low.value)),
        (None, Some(high)) => format!("{}{}", if high.closed { "≤ " } else { "< " }, show(&high.value)),
        (None, None) => lang.pick("任何数", "any number").to_owned(),
    }
}

/// The first key cells of a row, as its name.
pub(crate) fn row(program: &Program, table: hengjie_policy::core::TableId, row: usize, lang: Lang) -> String {
    let definition = &program.tables[table.index()];
    let Some(cells) = definition.rows.get(row).map(|row| &row.cells) else { return String::new() };
    let keys = cells.iter().zip(&definition.columns).take((definition.keys as usize).max(1));
    keys.map(|(found, column)| cell(program, found, &column.ty, lang)).collect::<Vec<_>>().join("/")
}
