//! Colours by meaning: what a word is to the checker, not what it looks like.

use crate::document::Document;
use crate::position::utf16;
use hengjie_policy::index::Symbol;
use hengjie_syntax::Span;
use hengjie_syntax::keywords::{self, VALUES};
use hengjie_syntax::tree::SyntaxKind as K;
use serde_json::{Value, json};

/// The kinds of words, by number.
pub(crate) const TYPES: [&str; 14] = [
    "keyword",
    "function",
    "type",
    "number",
    "string",
    "comment",
    "operator",
    "enum",
    "enumMember",
    "class",
    "property",
    "parameter",
    "struct",
    "variable",
];

/// The marks of words, by bit.
pub(crate) const MODIFIERS: [&str; 2] = ["declaration", "defaultLibrary"];

const DECLARATION: u8 = 1;
const BUILT_IN: u8 = 2;

/// A coloured piece: place, kind, marks.
type Piece = (Span, u8, u8);

/// The answer to `textDocument/semanticTokens/full`.
pub(crate) fn all(document: &Document) -> Value {
    within(document, Span::new(0, document.text.len() as u32))
}

/// The answer to `textDocument/semanticTokens/range`.
pub(crate) fn within(document: &Document, range: Span) -> Value {
    if !document.is_policy() {
        return json!({ "data": [] });
    }
    let mut pieces = words(document, range);
    pieces.extend(names(document, range));
    // A name wins over the word it is made of.
    pieces.sort_by_key(|(span, kind, _)| (span.start, *kind == VARIABLE && span.end == span.start, span.end));
    pieces.dedup_by_key(|(span, ..)| span.start);
    json!({ "data": encoded(document, &pieces) })
}

const VARIABLE: u8 = 13;

/// Words that are coloured by what they are in the grammar.
fn words(document: &Document, range: Span) -> Vec<Piece> {
    let tokens = document.parse().tree.descendants_with_tokens().filter_map(|element| element.into_token());
    let mut found = Vec::new();
    for token in tokens {
        let span = Span::new(token.text_range().start().into(), token.text_range().end().into());
        if span.end <= range.start || span.start >= range.end {
            continue;
        }
        let kind = match token.kind() {
            K::Keyword => (0, 0),
            K::Function => (1, BUILT_IN),
            K::TypeWord => (2, BUILT_IN),
            K::Number | K::Date | K::Period | K::Time => (3, 0),
            K::Text => (4, 0),
            K::Comment => (5, 0),
            K::Plus
            | K::Minus
            | K::Times
            | K::Divide
            | K::Equal
            | K::NotEqual
            | K::Less
            | K::LessEqual
            | K::Greater
            | K::GreaterEqual => (6, 0),
            K::Name if keywords::find(VALUES, token.text()).is_some() => (0, BUILT_IN),
            _ => continue,
        };
        found.push((span, kind.0, kind.1));
    }
    found
}

/// Names, coloured by what they stand for. Headings of articles are left to Markdown.
fn names(document: &Document, range: Span) -> Vec<Piece> {
    let found = document.index().within(range.start..range.end);
    let places = found.iter().filter_map(|found| document.place(found));
    places
        .filter_map(|place| {
            let kind = match place.symbol {
                Symbol::Enumeration(_) => 7,
                Symbol::Item(..) | Symbol::Alternative(..) => 8,
                Symbol::Kind(_) => 9,
                Symbol::Field(_) | Symbol::Inverse(_) | Symbol::RuleInverse(_) | Symbol::Column(..) => 10,
                Symbol::Parameter(_) | Symbol::Reading(_) | Symbol::Argument(..) => 11,
                Symbol::Table(_) => 12,
                Symbol::Formula(_) => 1,
                Symbol::Rule(_) => VARIABLE,
                Symbol::Article(_) if place.declares => return None,
                Symbol::Article(_) => 4,
            };
            Some((place.span, kind, if place.declares { DECLARATION } else { 0 }))
        })
        .collect()
}

/// Five numbers for each piece: lines and columns from the one before, length, kind, marks.
fn encoded(document: &Document, pieces: &[Piece]) -> Vec<u32> {
    let mut data = Vec::with_capacity(pieces.len() * 5);
    let (mut line, mut column, mut end) = (0, 0, 0);
    for (span, kind, marks) in pieces {
        let text = document.slice(*span);
        if span.start < end || text.is_empty() || text.contains('\n') {
            continue;
        }
        end = span.end;
        let at = document.lines.position(&document.text, span.start);
        let across = if at.line == line { at.character - column } else { at.character };
        data.extend([at.line - line, across, utf16(text), u32::from(*kind), u32::from(*marks)]);
        (line, column) = (at.line, at.character);
    }
    data
}
