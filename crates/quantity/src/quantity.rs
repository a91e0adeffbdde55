//! A number with its unit, and reading one from text.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

use crate::rational::{decimal_digit, split_sign};
use crate::{Lang, Rational, Unit, format_quantity, parse_unit_with};

/// An exact number with its unit; the value is in base units (yuan, months), never in 万元 or 年.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Quantity {
    /// The number, in base units.
    pub value: Rational,
    /// What the number counts.
    pub unit: Unit,
}

impl Quantity {
    /// A quantity from its parts; `value` is in base units.
    pub fn new(value: Rational, unit: Unit) -> Quantity {
        Quantity { value, unit }
    }

    /// The quantity as people write it; see [`format_quantity`].
    pub fn format(&self, lang: Lang) -> String {
        format_quantity(&self.value, &self.unit, lang)
    }
}

/// Reads a decimal (see [`Rational::parse_decimal`]) followed by an optional unit (see [`crate::parse_unit`]).
///
/// Space around the text and between number and unit is ignored. Without a unit the quantity is a plain
/// number. `None` when the number or the unit does not parse; thousands separators do not parse here,
/// because in a regulation a comma may separate two numbers.
///
/// ```
/// use hengjie_quantity::{Rational, parse_quantity};
/// let quantity = parse_quantity("2.5亿元").unwrap();
/// assert_eq!(quantity.value, Rational::from(250_000_000));
/// assert_eq!(quantity.unit.to_string(), "元");
/// ```
pub fn parse_quantity(text: &str) -> Option<Quantity> {
    parse_quantity_with(text, &[])
}

/// Like [`parse_quantity`], and also accepts the counter words in `extra`.
pub fn parse_quantity_with(text: &str, extra: &[String]) -> Option<Quantity> {
    let (number, unit) = split_number(text.trim(), false);
    read_parts(number, unit, extra)
}

/// Reads the text of a table or spreadsheet cell: like [`parse_quantity`], with thousands separators allowed.
///
/// Separators (`,` or `，`) must stand between groups of exactly three digits of the whole part:
/// `1,234.50元` parses, `12,34元` does not.
pub fn parse_quantity_cell(text: &str) -> Option<Quantity> {
    parse_quantity_cell_with(text, &[])
}

/// Like [`parse_quantity_cell`], and also accepts the counter words in `extra`.
pub fn parse_quantity_cell_with(text: &str, extra: &[String]) -> Option<Quantity> {
    let (number, unit) = split_number(text.trim(), true);
    read_parts(&without_separators(number)?, unit, extra)
}

fn read_parts(number: &str, unit: &str, extra: &[String]) -> Option<Quantity> {
    let value = Rational::parse_decimal(number)?;
    if unit.is_empty() {
        return Some(Quantity::new(value, Unit::none()));
    }
    let (multiplier, unit) = parse_unit_with(unit, extra)?;
    Some(Quantity::new(value * multiplier, unit))
}

fn is_separator(character: char) -> bool {
    matches!(character, ',' | '，')
}

/// Splits text after its number characters.
fn split_number(text: &str, separators: bool) -> (&str, &str) {
    let unsigned = split_sign(text).1;
    let in_number = |character: char| {
        decimal_digit(character).is_some()
            || matches!(character, '.' | '．')
            || (separators && is_separator(character))
    };
    let rest = unsigned.trim_start_matches(in_number);
    (&text[..text.len() - rest.len()], rest.trim_start())
}

/// Removes well-placed thousands separators; `None` when one is misplaced.
fn without_separators(number: &str) -> Option<Cow<'_, str>> {
    if !number.contains(is_separator) {
        return Some(Cow::Borrowed(number));
    }
    let unsigned = split_sign(number).1;
    let whole = unsigned.split(['.', '．']).next()?;
    let mut groups = whole.split(is_separator).map(|group| group.chars().count());
    let first = groups.next()?;
    let fraction = &unsigned[whole.len()..];
    if !(1..=3).contains(&first) || groups.any(|count| count != 3) || fraction.contains(is_separator) {
        return None;
    }
    Some(Cow::Owned(number.replace(is_separator, "")))
}
