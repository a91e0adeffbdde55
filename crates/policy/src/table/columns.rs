//! Headings: `日均存款（万元）` is a column 日均存款 whose bare numbers are in 万元.

use crate::checker::Checker;
use hengjie_quantity::{Rational, Unit, parse_unit_with};
use hengjie_syntax::ast::Name;

/// A heading.
#[derive(Debug, Clone)]
pub(crate) struct Heading {
    pub name: Name,
    /// Size and unit of bare numbers.
    pub unit: Option<(Rational, Unit)>,
}

impl Checker<'_> {
    /// A heading; brackets that hold no unit belong to the name.
    pub(crate) fn heading(&self, text: &Name) -> Heading {
        let trimmed = text.text.trim();
        let opened = trimmed.strip_suffix(['）', ')']).and_then(|rest| rest.rsplit_once(['（', '(']));
        if let Some((name, unit)) = opened
            && let Some(unit) = parse_unit_with(unit.trim(), &self.counters)
            && !name.trim().is_empty()
        {
            let name = Name { text: name.trim().to_owned(), span: text.span };
            return Heading { name, unit: Some(unit) };
        }
        Heading { name: Name { text: trimmed.to_owned(), span: text.span }, unit: None }
    }
}
