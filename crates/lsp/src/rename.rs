//! Renaming. The new document is checked before anything is changed: every name must mean what it meant, and nothing may
//! be wrong that was not wrong before. So a clash is refused whatever its kind.

use crate::document::{Document, Place};
use crate::navigate::symbols_at;
use crate::protocol::{Answer, Refusal, edit};
use hengjie_policy::index::{Index, Symbol};
use hengjie_syntax::Span;
use hengjie_syntax::tree::SyntaxKind as K;
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// The name that can be renamed at a byte.
pub(crate) fn prepare(document: &Document, offset: u32) -> Answer {
    let (symbol, place) = target(document, offset)?;
    let name = document.index().name(symbol);
    Ok(json!({ "range": document.range(place.span), "placeholder": name }))
}

/// The changes that give the name at a byte another one.
pub(crate) fn rename(document: &Document, offset: u32, name: &str) -> Answer {
    let (symbol, _) = target(document, offset)?;
    let name = name.trim();
    let name = name.strip_prefix('「').and_then(|rest| rest.strip_suffix('」')).unwrap_or(name);
    if name.is_empty() || name.contains(['「', '」', '|', '\n', '\r', '`']) {
        return Err(Refusal::failed(
            "名称不能是空的，也不能有 「」、|、` 和换行",
            "a name is not empty and has no 「」, |, ` or line break",
        ));
    }
    if matches!(symbol, Symbol::Article(_)) && name.contains(char::is_whitespace) {
        return Err(Refusal::failed("条号里不能有空格", "a citation has no space in it"));
    }
    if name == document.index().name(symbol) {
        return Ok(Value::Null);
    }
    refuse_unread(document, symbol)?;
    let places = document.places_of(symbol);
    let found = replaced(document, &places, name, false);
    let found = if same_meaning(document, &found) { found } else { replaced(document, &places, name, true) };
    if !same_meaning(document, &found) {
        return Err(why_not(document, &found, name));
    }
    let edits: Vec<Value> = found.iter().map(|(span, text)| edit(document.range(*span), text)).collect();
    let mut changes = serde_json::Map::new();
    changes.insert(document.uri.clone(), Value::Array(edits));
    Ok(json!({ "changes": changes }))
}

fn target(document: &Document, offset: u32) -> Result<(Symbol, Place), Refusal> {
    let symbols = symbols_at(document, offset);
    let mut symbols = symbols.into_iter();
    match (symbols.next(), symbols.next()) {
        (Some(symbol), None) => {
            let place = document.places_at(offset).into_iter().find(|place| place.symbol == symbol);
            let declared = document.places_of(symbol).iter().any(|place| place.declares);
            match place {
                Some(place) if declared => Ok((symbol, place)),
                _ => Err(Refusal::failed(
                    "这个名称由系统给出，不能改名",
                    "this name is given by the system and cannot be renamed",
                )),
            }
        }
        (Some(_), Some(_)) => Err(Refusal::failed(
            "这个名称在这里有几个意思，不能改名",
            "this name means several things here and cannot be renamed",
        )),
        (None, _) => {
            Err(Refusal::failed("这里没有可以改名的名称", "there is no name here that can be renamed"))
        }
    }
}

/// A formula that is never used is never read: its names might be the one that is renamed.
fn refuse_unread(document: &Document, symbol: Symbol) -> Result<(), Refusal> {
    let index = document.index();
    let name = index.name(symbol);
    let read =
        |body: Span| index.types.iter().any(|(span, _)| body.start <= span.start && span.end <= body.end);
    for formula in &index.formulas {
        let mentions = document.slice(formula.body).contains(name);
        if mentions && !read(formula.body) {
            return Err(Refusal::failed(
                format!("公式“{}”没有用到，看不出里面的“{name}”指什么；先删掉它或用上它", formula.name),
                format!(
                    "the formula `{}` is not used, so what `{name}` means in it cannot be told",
                    formula.name
                ),
            ));
        }
    }
    Ok(())
}

/// The text for every place; `quoted` puts it into 「」 where rules stand.
fn replaced(document: &Document, places: &[Place], name: &str, quoted: bool) -> Vec<(Span, String)> {
    let text = |place: &Place| {
        let token = document.parse().tree.token_at_offset((place.span.start).into()).right_biased();
        let kind = token.map(|token| token.kind());
        let was_quoted = document.slice(place.span).starts_with('「');
        match kind {
            Some(K::Name | K::QuotedName) if quoted => format!("「{name}」"),
            Some(K::TableLine) if was_quoted => format!("「{name}」"),
            _ => name.to_owned(),
        }
    };
    places.iter().map(|place| (place.span, text(place))).collect()
}

/// The text with the changes made.
fn applied(document: &Document, changes: &[(Span, String)]) -> String {
    let mut text = document.text.clone();
    for (span, replacement) in changes.iter().rev() {
        let (start, end) = (span.start as usize, span.end as usize);
        if text.is_char_boundary(start) && text.is_char_boundary(end) {
            text.replace_range(start..end, replacement);
        }
    }
    text
}

/// Where a byte of the old text stands in the new one.
fn moved(changes: &[(Span, String)], offset: u32) -> i64 {
    let before = changes.iter().take_while(|(span, _)| span.end <= offset);
    let shift: i64 = before.map(|(span, text)| text.len() as i64 - i64::from(span.end - span.start)).sum();
    i64::from(offset) + shift
}

fn same_meaning(document: &Document, changes: &[(Span, String)]) -> bool {
    let after = crate::document::assemble(&document.uri, &applied(document, changes));
    let after = hengjie_policy::analyse(&after, None);
    let count = |diagnostics: &[hengjie_syntax::Diagnostic]| {
        let mut codes: BTreeMap<&'static str, usize> = BTreeMap::new();
        diagnostics.iter().for_each(|found| *codes.entry(found.code).or_default() += 1);
        codes
    };
    if count(&document.analysis().diagnostics) != count(&after.diagnostics) {
        return false;
    }
    let old = document.index().occurrences.iter();
    let moved = old.map(|found| (moved(changes, found.span.start), found.symbol, found.declares));
    let new = after.index.occurrences.iter();
    let new = new.map(|found| (i64::from(found.span.start), found.symbol, found.declares));
    moved.eq(new) && sizes(document.index()) == sizes(&after.index)
}

/// How many there are of everything that is declared.
fn sizes(index: &Index) -> [usize; 7] {
    [
        index.enums.len(),
        index.kinds.len(),
        index.parameters.len(),
        index.readings.len(),
        index.tables.len(),
        index.formulas.len(),
        index.rules.len(),
    ]
}

/// What would be wrong with the new document.
fn why_not(document: &Document, changes: &[(Span, String)], name: &str) -> Refusal {
    let after = hengjie_policy::compile(&applied(document, changes));
    let known: Vec<&str> =
        document.analysis().diagnostics.iter().map(|found| found.message.zh.as_str()).collect();
    let new = after.diagnostics.iter().find(|found| !known.contains(&found.message.zh.as_str()));
    match new {
        Some(found) => Refusal::failed(
            format!("不能改成“{name}”：{}", found.message.zh),
            format!("cannot be renamed to `{name}`: {}", found.message.en),
        ),
        None => Refusal::failed(
            format!("不能改成“{name}”：有的地方会变成另外的意思"),
            format!("cannot be renamed to `{name}`: some names would mean something else"),
        ),
    }
}
