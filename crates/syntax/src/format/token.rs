//! The one spelling of a token.

use super::keyword_of;
use crate::chars::half_width_text;
use crate::keywords::{self, FUNCTIONS, TYPES, VALUES};
use crate::tree::{SyntaxKind as K, SyntaxToken};
use hengjie_calendar::Date;
use hengjie_quantity::{Lang, parse_unit};

/// The text of a token in its one spelling.
pub(super) fn spelling(token: &SyntaxToken, language: Option<Lang>) -> String {
    let half = half_width_text(token.text());
    match token.kind() {
        K::Keyword => match (keyword_of(token), language) {
            (Some(word), Some(lang)) => word.text(lang).to_owned(),
            _ => half,
        },
        K::Function => translated(FUNCTIONS, half, language),
        K::TypeWord => translated(TYPES, half, language),
        K::Name if in_citation(token) => half,
        K::Name if is_decided_type(token) => {
            let word = translated(VALUES, half, language);
            translated(TYPES, word, language)
        }
        K::Name => translated(VALUES, half, language),
        K::Number => number(&half),
        K::Date => Date::parse(&half).map_or(half, |date| date.to_string()),
        K::QuotedName => {
            let inner = half.strip_prefix('「').and_then(|text| text.strip_suffix('」')).unwrap_or(&half);
            format!("「{}」", inner.trim())
        }
        K::Text => quoted(token.text()),
        kind => mark(kind).map_or(half, str::to_owned),
    }
}

/// A comment in its one form.
pub(super) fn comment(text: &str) -> String {
    let mut marks = text.char_indices().skip(2);
    let rest = marks.next().map_or("", |(at, _)| text.get(at..).unwrap_or("")).trim();
    let is_ruler = rest.starts_with(['-', '—', '－', '−']);
    if rest.is_empty() || is_ruler { format!("--{rest}") } else { format!("-- {rest}") }
}

fn translated(table: &'static [keywords::Pair], word: String, language: Option<Lang>) -> String {
    let known = language.and_then(|lang| keywords::translate(table, &word, lang));
    known.map_or(word, str::to_owned)
}

fn in_citation(token: &SyntaxToken) -> bool {
    token.parent().is_some_and(|parent| parent.kind() == K::Citation)
}

/// Whether a name is an argument of 人定 by itself, where a built-in type may stand.
fn is_decided_type(token: &SyntaxToken) -> bool {
    let argument =
        token.parent().filter(|parent| parent.kind() == K::NameExpr).and_then(|name| name.parent());
    let call = argument
        .filter(|argument| argument.kind() == K::Argument)
        .and_then(|argument| argument.parent())
        .and_then(|arguments| arguments.parent());
    let function = call.and_then(|call| call.first_token());
    function.is_some_and(|first| first.kind() == K::Function && matches!(first.text(), "人定" | "decide"))
}

/// Digits and unit: joined, but with a space before a unit in Latin letters.
fn number(half: &str) -> String {
    let digits = half.find(|c: char| !(c.is_ascii_digit() || c == '.')).unwrap_or(half.len());
    let (digits, unit) = half.split_at_checked(digits).unwrap_or((half, ""));
    let unit = unit.trim();
    let is_latin = unit.starts_with(|c: char| c.is_ascii_alphabetic());
    if is_latin && parse_unit(unit).is_some() {
        format!("{digits} {unit}")
    } else {
        format!("{digits}{unit}")
    }
}

/// A string in “…”, unless it holds such a mark itself.
fn quoted(text: &str) -> String {
    let inner = text.strip_prefix(['"', '＂']).and_then(|text| text.strip_suffix(['"', '＂']));
    match inner {
        Some(inner) if !inner.contains('”') => format!("“{inner}”"),
        _ => text.to_owned(),
    }
}

fn mark(kind: K) -> Option<&'static str> {
    Some(match kind {
        K::LeftParen => "(",
        K::RightParen => ")",
        K::Comma => ",",
        K::Colon => ":",
        K::Dot => ".",
        K::Bar => "|",
        K::Plus => "+",
        K::Minus => "-",
        K::Times => "×",
        K::Divide => "÷",
        K::Equal => "=",
        K::NotEqual => "≠",
        K::Less => "<",
        K::LessEqual => "≤",
        K::Greater => ">",
        K::GreaterEqual => "≥",
        _ => return None,
    })
}
