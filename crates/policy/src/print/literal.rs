//! Constants and decisions as people write them.

use super::{Printer, name_into};
use crate::core::{DecisionId, Expr, Literal, Type};
use hengjie_quantity::{Lang, Rational, Unit, format_number, format_percent, format_quantity};

impl Printer<'_> {
    /// A constant: a number as the document writes it. `share`: a bare number beside others is a share.
    pub(super) fn literal(&self, literal: &Literal, expr: &Expr, share: bool, out: &mut String) {
        if let Some(text) = self.spelled(expr) {
            return out.push_str(&text);
        }
        let ty = &expr.ty.base;
        match (literal, ty) {
            (Literal::Number(value), Type::Number(unit)) => out.push_str(&self.number(value, unit, share)),
            (Literal::Number(value), _) => out.push_str(&format_number(value)),
            (Literal::Bool(true), _) => out.push_str(self.value("是")),
            (Literal::Bool(false), _) => out.push_str(self.value("否")),
            (Literal::Text(text), _) => out.push_str(&format!("“{text}”")),
            (Literal::Date(date), _) => out.push_str(&date.to_string()),
            (Literal::Period(period), _) => out.push_str(&period.to_string()),
            (Literal::Enum(id, ordinal), _) => self.item(*id, *ordinal, out),
            (Literal::None, _) => out.push_str(self.value("无")),
            (Literal::Exempt, _) => out.push_str(self.value("免")),
        }
    }

    /// A number as the document writes it; a Chinese unit in English text is translated.
    fn spelled(&self, expr: &Expr) -> Option<String> {
        let (number, unit) = self.program.spelled.get(&expr.span)?;
        let digits = number.to_exact_decimal()?;
        match (self.lang, unit.as_str()) {
            (Lang::En, "个月") => {
                Some(if digits == "1" { "1 month".to_owned() } else { format!("{digits} months") })
            }
            (Lang::En, unit) if !unit.is_ascii() => None,
            (Lang::En, unit) if unit.starts_with(char::is_alphabetic) => Some(format!("{digits} {unit}")),
            _ => Some(format!("{digits}{unit}")),
        }
    }

    fn number(&self, value: &Rational, unit: &Unit, share: bool) -> String {
        if !unit.is_none() {
            return format_quantity(value, unit, self.lang);
        }
        let part = value.abs() < Rational::ONE && !value.is_zero();
        let whole_share = share && *value == Rational::ONE;
        if part || whole_share { format_percent(value) } else { format_number(value) }
    }

    /// An item; with its 名目 when several have it.
    fn item(&self, id: crate::core::EnumId, ordinal: u32, out: &mut String) {
        let Some(declared) = self.program.enums.get(id.index()) else { return };
        let Some(item) = declared.items.get(ordinal as usize) else { return };
        let shared = self.program.enums.iter().filter(|other| other.items.contains(item)).count() > 1;
        if shared {
            name_into(&declared.name, out);
            out.push('.');
        }
        name_into(item, out);
    }

    /// `人定(office, 0分 至 10分)`
    pub(super) fn decision(&self, id: DecisionId, out: &mut String) {
        let Some(decision) = self.program.decisions.get(id.index()) else { return };
        out.push_str(self.function("人定"));
        out.push('(');
        out.push_str(&decision.by);
        out.push_str(", ");
        match (&decision.range, &decision.ty) {
            (Some((low, high)), Type::Number(unit)) => {
                let to = self.keyword(hengjie_syntax::keywords::Keyword::To);
                out.push_str(&format!(
                    "{} {to} {}",
                    format_quantity(low, unit, self.lang),
                    format_quantity(high, unit, self.lang)
                ));
            }
            (_, Type::Bool) => out.push_str(self.value("是否")),
            (_, Type::Date) => out.push_str(self.value("日期")),
            (_, Type::Enum(id)) => {
                name_into(self.program.enums.get(id.index()).map_or("", |found| found.name.as_str()), out);
            }
            (_, Type::Number(unit)) => out.push_str(&unit.text(self.lang)),
            _ => out.push_str(self.lang.pick("值", "value")),
        }
        out.push(')');
    }
}
