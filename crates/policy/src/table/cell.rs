//! What a cell says, before the type of its column is known.

use super::columns::Heading;
use super::interval::{self, Reading};
use crate::checker::Checker;
use crate::core::Literal;
use hengjie_calendar::{Date, Period};
use hengjie_quantity::{Rational, Unit, parse_quantity_cell_with};

/// A cell by its looks.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Look {
    /// `—`
    Exempt,
    /// 待定
    Undecided,
    /// Nothing written.
    Empty,
    /// In base units.
    Number(Rational, Unit),
    Bool(bool),
    Date(Date),
    Period(Period),
    Interval(Reading),
    /// A name or free text.
    Text(String),
}

impl Checker<'_> {
    /// The looks of a cell.
    pub(super) fn look(&self, text: &str, heading: &Heading, key: bool) -> Look {
        let text = text.trim().trim_matches('`');
        match text {
            "" => return Look::Empty,
            "—" | "——" | "－" | "-" | "–" => return Look::Exempt,
            "待定" | "pending" => return Look::Undecided,
            "是" | "yes" => return Look::Bool(true),
            "否" | "no" => return Look::Bool(false),
            _ => {}
        }
        if let Some(number) = self.number_look(text, heading) {
            return number;
        }
        if let Some(date) = Date::parse(text) {
            return Look::Date(date);
        }
        if let Some(period) = Period::parse(text) {
            return Look::Period(period);
        }
        if key {
            let reading = interval::read(text, heading.unit.as_ref(), &self.counters);
            if reading != Reading::Other {
                return Look::Interval(reading);
            }
        }
        Look::Text(text.to_owned())
    }

    fn number_look(&self, text: &str, heading: &Heading) -> Option<Look> {
        let quantity = parse_quantity_cell_with(text, &self.counters)?;
        let bare =
            text.chars().all(|c| c.is_ascii_digit() || matches!(c, '.' | ',' | '，' | '-' | '+' | '．'));
        Some(match &heading.unit {
            Some((size, unit)) if bare => Look::Number(&quantity.value * size, unit.clone()),
            _ => Look::Number(quantity.value, quantity.unit),
        })
    }
}

impl Look {
    /// The literal of a plain value.
    pub(super) fn literal(&self) -> Option<Literal> {
        Some(match self {
            Self::Number(value, _) => Literal::Number(value.clone()),
            Self::Bool(value) => Literal::Bool(*value),
            Self::Date(date) => Literal::Date(*date),
            Self::Period(period) => Literal::Period(*period),
            Self::Text(text) => Literal::Text(text.clone()),
            _ => return None,
        })
    }
}
