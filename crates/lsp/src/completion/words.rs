//! Words of the language by place, in the spelling of the document.

use super::Cursor;
use super::item::Offer;
use crate::reference;
use hengjie_quantity::Lang;
use hengjie_syntax::keywords::{FUNCTIONS, Keyword, Position, TYPES, VALUES};

/// The statement that the line of the cursor belongs to: the nearest first word above.
pub(super) fn head(cursor: &Cursor<'_>, examples: bool) -> Option<Keyword> {
    let before = cursor.document.text.get(..cursor.typed.start as usize)?;
    let wanted = if examples { Position::ExampleHead } else { Position::Head };
    for line in before.rsplit('\n') {
        let line = line.trim_start();
        if line.starts_with("```") || line.starts_with("~~~") {
            return None;
        }
        let word: String = line.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
        // A line goes on behind its first word; `对 =` would be a rule named 对.
        let behind = line.get(word.len()..).unwrap_or("").trim_start();
        let found = Keyword::parse(&word).filter(|found| found.position() == wanted);
        if let Some(found) = found
            && !behind.starts_with(['=', ':', '：', '＝'])
        {
            return Some(found);
        }
    }
    None
}

fn offer(cursor: &Cursor<'_>, word: Keyword) -> Offer {
    let other = if cursor.spelling == Lang::Zh { Lang::En } else { Lang::Zh };
    let detail = reference::keyword_meaning(word, cursor.lang).unwrap_or_else(|| word.text(other).to_owned());
    Offer::word(word.text(cursor.spelling), &detail)
}

fn offers(cursor: &Cursor<'_>, words: impl IntoIterator<Item = Keyword>) -> Vec<Offer> {
    words.into_iter().map(|word| offer(cursor, word)).collect()
}

fn of_position(position: Position) -> impl Iterator<Item = Keyword> {
    Keyword::ALL.iter().copied().filter(move |word| word.position() == position)
}

/// First words of a line: items of the statement above, then new statements.
pub(super) fn line_starts(cursor: &Cursor<'_>, head: Option<Keyword>, examples: bool) -> Vec<Offer> {
    if examples {
        return offers(cursor, of_position(Position::ExampleHead));
    }
    let mut found = offers(cursor, items(head).iter().copied());
    found.extend(offers(cursor, of_position(Position::Head)).into_iter().map(Offer::late));
    found
}

/// A line may also go on with the sentence above.
pub(super) fn continuations(cursor: &Cursor<'_>) -> Vec<Offer> {
    let words = [Keyword::If, Keyword::Else, Keyword::And, Keyword::Or, Keyword::OrNone, Keyword::OrMissing];
    offers(cursor, words).into_iter().map(Offer::late).collect()
}

/// Words behind an operand: operators, and the clauses of the statement.
pub(super) fn after_operand(cursor: &Cursor<'_>, head: Option<Keyword>) -> Vec<Offer> {
    let operators = [
        Keyword::Then,
        Keyword::Else,
        Keyword::If,
        Keyword::And,
        Keyword::Or,
        Keyword::OrNone,
        Keyword::OrMissing,
        Keyword::Where,
        Keyword::In,
        Keyword::To,
    ];
    let mut found = offers(cursor, clauses(head));
    found.extend(offers(cursor, operators));
    found
}

/// Words behind another word, where no operand need follow: `待定 由`, `向下 到`.
pub(super) fn after_word(cursor: &Cursor<'_>, head: Option<Keyword>) -> Vec<Offer> {
    offers(cursor, clauses(head)).into_iter().map(Offer::late).collect()
}

/// Functions and built-in names.
pub(super) fn operands(cursor: &Cursor<'_>, truth: bool) -> Vec<Offer> {
    let spelling = cursor.spelling;
    let functions = FUNCTIONS.iter().map(|(zh, en)| {
        let detail = reference::function_line(zh, cursor.lang);
        Offer::function(spelling.pick(zh, en), &detail)
    });
    let values =
        VALUES.iter().filter(|(zh, _)| truth || !matches!(*zh, "是" | "否" | "是否" | "日期" | "待补"));
    let values = values.map(|(zh, en)| {
        let detail = reference::value_meaning(zh, cursor.lang).unwrap_or_default();
        Offer::word(spelling.pick(zh, en), detail)
    });
    functions.chain(values).chain(offers(cursor, [Keyword::If, Keyword::Not])).collect()
}

/// The built-in types.
pub(super) fn types(cursor: &Cursor<'_>) -> Vec<Offer> {
    TYPES.iter().map(|(zh, en)| Offer::of_type(cursor.spelling.pick(zh, en))).collect()
}

/// Units behind a number.
pub(super) fn units(cursor: &Cursor<'_>) -> Vec<Offer> {
    let typed = cursor.document.slice(cursor.typed);
    let digits: String = typed.chars().take_while(|c| c.is_ascii_digit() || *c == '.').collect();
    let with = |unit: &str, detail: &str| Offer::unit(&format!("{digits}{unit}"), detail);
    let index = cursor.document.index();
    let counters = index.counters.iter().map(|counter| with(counter, cursor.lang.pick("量词", "counter")));
    let known = reference::UNITS
        .iter()
        .map(|unit| with(cursor.spelling.pick(unit.word, unit.english), cursor.lang.pick(unit.zh, unit.en)));
    known.chain(counters).collect()
}

/// Words that begin a line below a statement.
fn items(head: Option<Keyword>) -> &'static [Keyword] {
    match head {
        Some(Keyword::For) => &[Keyword::Exception, Keyword::Initial, Keyword::Next],
        Some(Keyword::Ranking) => &[Keyword::First, Keyword::ThenBy, Keyword::Ties],
        Some(Keyword::Quota) => &[Keyword::EachGrade, Keyword::Rest, Keyword::Tied],
        Some(Keyword::Form) => &[Keyword::Fill, Keyword::Columns, Keyword::Sign],
        Some(Keyword::Workflow) => &[Keyword::Step, Keyword::Finish],
        Some(Keyword::Body) => &[Keyword::Meeting],
        _ => &[],
    }
}

/// Words inside the lines of a statement.
fn clauses(head: Option<Keyword>) -> Vec<Keyword> {
    use Keyword as W;
    let cadence = || of_position(Position::Cadence).take(6);
    let rounding = || of_position(Position::Rounding);
    let found: Vec<Keyword> = match head {
        Some(W::Policy) => vec![W::Version, W::Effective],
        Some(W::Adopt) => vec![W::Version, W::Effective, W::Fingerprint],
        Some(W::Enumeration) => vec![W::Per],
        Some(W::Kind) => {
            [W::Counter, W::Tree, W::PrimaryKey, W::Inverse, W::Dated].into_iter().chain(cadence()).collect()
        }
        Some(W::Form) => [W::For, W::Inverse, W::FullMark].into_iter().chain(cadence()).collect(),
        Some(W::Parameter) => vec![W::KeyedBy, W::Pending, W::By],
        Some(W::Reading) => vec![W::Take, W::By, W::On, W::Because],
        Some(W::Table) => vec![W::Key, W::Across, W::Cell, W::Sum, W::GroupedBy],
        Some(W::Total) => {
            [W::Posts, W::WeightsSum, W::AtMost, W::AtLeast].into_iter().chain(rounding()).collect()
        }
        Some(W::For) => [W::When, W::Over, W::Into, W::Weight, W::Inverse, W::Per, W::As]
            .into_iter()
            .chain(cadence())
            .collect(),
        Some(W::Ranking) => [W::For, W::GroupedBy, W::HighToLow, W::LowToHigh, W::EarlyToLate, W::NoneLast]
            .into_iter()
            .chain([W::Shared, W::Dense])
            .chain(cadence())
            .collect(),
        Some(W::Quota) => [W::Along, W::Take, W::Bottom, W::Limit, W::Tied, W::AllIn, W::NoneIn]
            .into_iter()
            .chain([W::Decision, W::FillFrom])
            .chain(rounding())
            .collect(),
        Some(W::Split) => [W::Amount, W::GivenTo, W::Shares, W::InTurn, W::Cap, W::Remainder, W::GoesTo]
            .into_iter()
            .chain([W::HighToLow, W::LowToHigh, W::EarlyToLate])
            .chain(rounding())
            .collect(),
        Some(W::Given) => vec![W::On, W::RatingOf],
        Some(W::Expect) => vec![W::On, W::Under],
        Some(W::Duty | W::Workflow | W::Clock | W::Check | W::Body) => {
            of_position(Position::Procedure).chain([W::By, W::For]).chain(cadence()).collect()
        }
        _ => Vec::new(),
    };
    found
}
