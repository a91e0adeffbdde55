//! Values in examples: constants, keys of objects, 无, 免, 待补, 待定.

use super::world::World;
use crate::checker::{Checker, count};
use crate::codes;
use crate::core::{ExampleValue, Literal, Type};
use crate::written::written;
use hengjie_calendar::{Date, Period};
use hengjie_quantity::{Rational, Unit, parse_quantity_cell_with};
use hengjie_syntax::ast::{Expr, ExprKind, Name};

impl<'a> Checker<'a> {
    /// A value of a type; `None` after an error.
    pub(super) fn example_value(
        &mut self,
        world: &mut World,
        expr: &'a Expr,
        ty: &Type,
    ) -> Option<ExampleValue> {
        if let ExprKind::Name(name) = &expr.kind
            && let Some(state) = state_word(&name.text)
        {
            return Some(state);
        }
        match ty {
            Type::Object(kind) => {
                let key = match &expr.kind {
                    ExprKind::Text(text) => text.clone(),
                    _ => written(expr),
                };
                world.refer(*kind, &key);
                Some(ExampleValue::Object(*kind, key))
            }
            Type::Text => Some(ExampleValue::Literal(Literal::Text(match &expr.kind {
                ExprKind::Text(text) => text.clone(),
                _ => written(expr),
            }))),
            Type::Collection(_) | Type::Row(_) => {
                self.not_writable(expr.span, ty);
                None
            }
            _ => self.constant(expr, Some(ty)).map(ExampleValue::Literal),
        }
    }

    pub(super) fn not_writable(&mut self, span: hengjie_syntax::Span, ty: &Type) {
        let (zh, en) = self.type_name(ty);
        self.error(
            codes::EXAMPLE_VALUE,
            span,
            format!("{zh}不能写在示例里：写它的计数、合计等"),
            format!("{en} cannot be written in an example: use a count, a sum …"),
        );
    }

    /// A cell of an example table; `Ok(None)` for an empty one, `Err` after an error.
    pub(super) fn example_cell(
        &mut self,
        world: &mut World,
        cell: &Name,
        ty: &Type,
        bare: Option<&(Rational, Unit)>,
    ) -> Result<Option<ExampleValue>, ()> {
        let text = cell.text.trim().trim_matches('`');
        if text.is_empty() {
            return Ok(None);
        }
        if let Some(state) = state_word(text) {
            return Ok(Some(state));
        }
        let literal = match ty {
            Type::Object(kind) => {
                world.refer(*kind, text);
                return Ok(Some(ExampleValue::Object(*kind, text.to_owned())));
            }
            Type::Text => Some(Literal::Text(text.trim_matches(['“', '”', '"']).to_owned())),
            Type::Number(unit) => return self.number_cell(cell, text, unit, bare),
            Type::Bool => match text {
                "是" => Some(Literal::Bool(true)),
                "否" => Some(Literal::Bool(false)),
                _ => None,
            },
            Type::Date => Date::parse(text).map(Literal::Date),
            Type::Period(grain) => {
                Period::parse(text).filter(|period| period.grain() == *grain).map(Literal::Period)
            }
            Type::Enum(id) => {
                let items = &self.enums[id.index()].items;
                let own = text.split_once('.').map_or(text, |(_, item)| item);
                let found = items.iter().position(|item| item == own);
                if found.is_none() {
                    let close = self.closest(own, items.iter().map(String::as_str));
                    let owner = self.enums[id.index()].name.clone();
                    let (zh, en) = (format!("名目“{owner}”"), format!("`{owner}`"));
                    let name = Name { text: own.to_owned(), span: cell.span };
                    self.unknown_in(codes::EXAMPLE_VALUE, &name, (&zh, &en), ("项", "item"), close);
                    return Err(());
                }
                if let Some(ordinal) = found {
                    self.note_item(*id, count(ordinal), cell.span);
                }
                found.map(|ordinal| Literal::Enum(*id, count(ordinal)))
            }
            Type::Collection(_) | Type::Row(_) => {
                self.not_writable(cell.span, ty);
                return Err(());
            }
        };
        literal.map(|literal| Some(ExampleValue::Literal(literal))).ok_or_else(|| self.unreadable(cell, ty))
    }

    fn number_cell(
        &mut self,
        cell: &Name,
        text: &str,
        unit: &Unit,
        bare: Option<&(Rational, Unit)>,
    ) -> Result<Option<ExampleValue>, ()> {
        let Some(quantity) = parse_quantity_cell_with(text, &self.counters) else {
            self.unreadable(cell, &Type::Number(unit.clone()));
            return Err(());
        };
        let without_unit = text.ends_with(|c: char| c.is_ascii_digit());
        let (value, found) = match bare {
            Some((size, unit)) if without_unit => (&quantity.value * size, unit.clone()),
            _ => (quantity.value, quantity.unit),
        };
        if found != *unit {
            self.error(
                codes::CELL_UNIT,
                cell.span,
                format!("单位应是“{unit}”，“{text}”的单位是“{found}”"),
                format!("the unit must be {}; `{text}` is in {}", unit.en(), found.en()),
            );
            return Err(());
        }
        Ok(Some(ExampleValue::Literal(Literal::Number(value))))
    }

    fn unreadable(&mut self, cell: &Name, ty: &Type) {
        let (zh, en) = self.type_name(ty);
        self.error(
            codes::EXAMPLE_VALUE,
            cell.span,
            format!("这里应是{zh}，“{}”读不成", cell.text),
            format!("{en} is needed; `{}` cannot be read so", cell.text),
        );
    }

    /// An error when a number is outside the range of its field.
    pub(super) fn check_range(
        &mut self,
        value: &ExampleValue,
        (ty, range): (&Type, Option<&crate::types::Range>),
        span: hengjie_syntax::Span,
    ) {
        if let (ExampleValue::Literal(Literal::Number(number)), Some((low, high))) = (value, range)
            && (number < low || number > high)
        {
            let range = crate::types::range_text(low, high, ty);
            self.error(
                codes::OUT_OF_RANGE,
                span,
                format!("超出声明的范围 {range}"),
                format!("outside the declared range {range}"),
            );
        }
    }
}

/// 无, 免, 待补, 待定; `—` is 无.
fn state_word(text: &str) -> Option<ExampleValue> {
    Some(match text {
        "无" | "—" | "——" | "none" => ExampleValue::Literal(Literal::None),
        "免" | "exempt" => ExampleValue::Literal(Literal::Exempt),
        "待补" | "missing" => ExampleValue::Missing,
        "待定" | "pending" | "undecided" => ExampleValue::Undecided,
        _ => return None,
    })
}
