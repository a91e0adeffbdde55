//! How a name or word is offered.

use super::{Cursor, words};
use crate::document::Document;
use crate::protocol::edit;
use hengjie_policy::core::Type;
use hengjie_policy::index::{Index, Probe, Symbol};
use hengjie_quantity::Lang;
use hengjie_syntax::keywords::{self, Keyword, VALUES};
use serde_json::{Value, json};

/// Number of the protocol for the picture of an item.
const ITEM: u8 = 20;

/// One thing that can be written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Offer {
    /// What is shown and written.
    pub(super) text: String,
    /// What it is, beside it.
    detail: String,
    /// Number of the protocol for its picture.
    kind: u8,
    /// 0 first.
    order: u8,
}

impl Offer {
    /// A word of the language.
    pub(super) fn word(text: &str, detail: &str) -> Self {
        Self { text: text.to_owned(), detail: detail.to_owned(), kind: 14, order: 4 }
    }

    /// A unit.
    pub(super) fn unit(text: &str, detail: &str) -> Self {
        Self { kind: 11, order: 1, ..Self::word(text, detail) }
    }

    /// A function, written with its bracket.
    pub(super) fn function(name: &str, detail: &str) -> Self {
        Self { kind: 3, order: 3, ..Self::word(&format!("{name}("), detail) }
    }

    /// A type.
    pub(super) fn of_type(name: &str) -> Self {
        Self { kind: 25, order: 2, ..Self::word(name, "") }
    }

    /// A name.
    pub(super) fn symbol(index: &Index, symbol: Symbol, lang: Lang) -> Self {
        let (zh, en) = index.noun(symbol);
        let mut detail = lang.pick(zh, en).to_owned();
        if let (Some(ty), false) = (index.type_of(symbol), matches!(symbol, Symbol::Item(..))) {
            let (zh, en) = index.type_text(&ty.base);
            detail = format!("{detail} · {}", lang.pick(zh, en));
        }
        if let Symbol::Item(id, _) = symbol {
            detail = format!("{detail} · {}", index.name(Symbol::Enumeration(id)));
        }
        let kind = match symbol {
            Symbol::Enumeration(_) => 13,
            Symbol::Item(..) | Symbol::Alternative(..) => ITEM,
            Symbol::Kind(_) => 7,
            Symbol::Field(_) | Symbol::Inverse(_) | Symbol::RuleInverse(_) => 5,
            Symbol::Parameter(_) | Symbol::Reading(_) => 21,
            Symbol::Table(_) => 22,
            Symbol::Column(..) => 10,
            Symbol::Formula(_) => 3,
            Symbol::Argument(..) | Symbol::Rule(_) => 6,
            Symbol::Article(_) => 18,
        };
        Self { text: written(index.name(symbol)), detail, kind, order: 2 }
    }

    /// The same, behind the others.
    pub(super) fn late(self) -> Self {
        Self { order: 5, ..self }
    }

    /// The same, before the others; items of a wanted 名目 before all.
    fn first(self) -> Self {
        Self { order: u8::from(self.kind != ITEM), ..self }
    }
}

/// A name as it must be written in a rule: in 「」 when it would be read otherwise.
fn written(name: &str) -> String {
    let plain = name.chars().all(|c| c.is_alphanumeric() || matches!(c, '_' | '·'))
        && !name.starts_with(|c: char| c.is_numeric())
        && !Keyword::parse(name).is_some_and(Keyword::is_reserved)
        && keywords::find(VALUES, name).is_none();
    if plain { name.to_owned() } else { format!("「{name}」") }
}

/// The offers for what the checker says could stand there.
pub(super) fn probed(cursor: &Cursor<'_>, index: &Index, probe: &Probe, operand: bool) -> Vec<Offer> {
    let mut offers = Vec::new();
    for candidate in &probe.candidates {
        let offer = Offer::symbol(index, candidate.symbol, cursor.lang);
        let offer =
            Offer { text: format!("{}{}", prefix(&candidate.prefix, cursor.spelling), offer.text), ..offer };
        let fits = probe.expected.is_some()
            && index.type_of(candidate.symbol).map(|ty| ty.base).as_ref() == probe.expected.as_ref();
        offers.push(if fits { offer.first() } else { offer });
    }
    offers.extend(probe.parts.iter().map(|(zh, en)| Offer::word(cursor.spelling.pick(zh, en), "")));
    if operand && probe.operand {
        offers.extend(words::operands(cursor, probe.expected == Some(Type::Bool)));
    }
    offers
}

/// `其.` in the spelling of the document.
fn prefix(prefix: &str, spelling: Lang) -> String {
    match prefix.strip_suffix('.').and_then(|word| keywords::translate(VALUES, word, spelling)) {
        Some(word) => format!("{word}."),
        None => prefix.to_owned(),
    }
}

/// Every name of the document, where the checker cannot be asked.
pub(super) fn everything(cursor: &Cursor<'_>, operand: bool) -> Vec<Offer> {
    let index = cursor.document.index();
    let mut symbols: Vec<Symbol> = index
        .occurrences
        .iter()
        .filter(|found| found.declares && !matches!(found.symbol, Symbol::Article(_) | Symbol::Argument(..)))
        .map(|found| found.symbol)
        .collect();
    symbols.sort_unstable();
    symbols.dedup();
    let mut offers: Vec<Offer> =
        symbols.into_iter().map(|symbol| Offer::symbol(index, symbol, cursor.lang)).collect();
    if operand {
        offers.extend(words::operands(cursor, false));
    }
    offers
}

/// The list for the client. It is not narrowed down: the client does that while more is typed.
pub(super) fn list(cursor: &Cursor<'_>, mut offers: Vec<Offer>) -> Value {
    offers.sort_by(|a, b| (a.order, &a.text, &a.detail).cmp(&(b.order, &b.text, &b.detail)));
    offers.dedup_by(|a, b| a.text == b.text);
    let document: &Document = cursor.document;
    let range = document.range(cursor.typed);
    let items: Vec<Value> = offers
        .iter()
        .enumerate()
        .map(|(place, offer)| {
            json!({
                "label": offer.text,
                "kind": offer.kind,
                "detail": offer.detail,
                "sortText": format!("{}{place:05}", offer.order),
                "filterText": filter(&offer.text, document.slice(cursor.typed)),
                "textEdit": edit(range, &offer.text),
            })
        })
        .collect();
    json!({ "isIncomplete": false, "items": items })
}

/// What is compared with the letters typed: with 「 when that was typed; with the digits before a unit.
fn filter(text: &str, typed: &str) -> String {
    match typed.starts_with('「') && !text.starts_with('「') {
        true => format!("「{text}"),
        false => text.to_owned(),
    }
}
