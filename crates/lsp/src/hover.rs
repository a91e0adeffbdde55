//! What a word is: kind, type with unit, where it is declared; of words of the language what they mean.

use crate::document::{Document, Place};
use crate::reference;
use hengjie_policy::core::{FieldTime, ParameterValue, Type, ValueType};
use hengjie_policy::index::{Index, Symbol};
use hengjie_quantity::{Lang, format_quantity};
use hengjie_syntax::Span;
use hengjie_syntax::tree::SyntaxKind as K;
use serde_json::{Value, json};

/// What is shown, and the rule whose value for the chosen person may be added.
pub(crate) struct Hover {
    pub(crate) shown: Value,
    pub(crate) rule: Option<LiveRule>,
}

/// A rule that has a value of its own for every subject.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct LiveRule {
    pub(crate) name: String,
    /// 全体
    pub(crate) everybody: bool,
}

/// The answer to `textDocument/hover`; `None` where there is nothing to say.
pub(crate) fn hover(document: &Document, offset: u32, lang: Lang) -> Option<Hover> {
    if !document.is_policy() {
        return None;
    }
    let places = document.places_at(offset);
    if let Some(first) = places.first().copied() {
        let same: Vec<&Place> = places.iter().filter(|place| place.span == first.span).collect();
        let mut texts: Vec<String> =
            same.iter().map(|place| symbol_text(document, place.symbol, lang)).collect();
        texts.dedup();
        return Some(Hover {
            shown: content(document, first.span, &texts.join("\n\n---\n\n")),
            rule: live_rule(document.index(), first.symbol),
        });
    }
    let token = document.token_at(offset)?;
    let span = Span::new(token.text_range().start().into(), token.text_range().end().into());
    let word = reference::word_text(token.text(), token.kind(), lang);
    let of_type = || {
        let (span, ty) = document.index().expression_at(offset)?;
        let is_value = !matches!(token.kind(), K::Whitespace | K::Newline | K::LineEnd | K::Comment);
        is_value.then(|| (*span, type_line(document.index(), ty, lang)))
    };
    match (word, of_type()) {
        (Some(word), Some((_, ty))) if token.kind() == K::Function => {
            Some(Hover { shown: content(document, span, &format!("{word}\n\n{ty}")), rule: None })
        }
        (Some(word), _) => Some(Hover { shown: content(document, span, &word), rule: None }),
        (None, Some((span, ty))) => Some(Hover { shown: content(document, span, &ty), rule: None }),
        (None, None) => None,
    }
}

fn content(document: &Document, span: Span, text: &str) -> Value {
    json!({ "contents": { "kind": "markdown", "value": text }, "range": document.range(span) })
}

fn live_rule(index: &Index, symbol: Symbol) -> Option<LiveRule> {
    let Symbol::Rule(at) = symbol else { return None };
    let rule = index.rules.get(at as usize)?;
    let whole = rule.rows.is_none() && !matches!(rule.ty.as_ref()?.base, Type::Collection(_));
    whole.then(|| LiveRule { name: rule.name.clone(), everybody: rule.kind.is_none() })
}

/// `类型：金额（元），可能没有（无）`
fn type_line(index: &Index, ty: &ValueType, lang: Lang) -> String {
    let (zh, en) = index.type_text(&ty.base);
    let absent = if ty.optional { lang.pick("；可能没有（无）", "; may be none (无)") } else { "" };
    format!("{}{}{absent}", lang.pick("类型：", "type: "), lang.pick(zh, en))
}

/// What a symbol is, in Markdown.
pub(crate) fn symbol_text(document: &Document, symbol: Symbol, lang: Lang) -> String {
    let index = document.index();
    let (zh, en) = index.noun(symbol);
    let whose = whose(index, symbol, lang).map(|whose| format!(" · {whose}")).unwrap_or_default();
    let mut lines = vec![format!("**{}** · {}{whose}", index.name(symbol), lang.pick(zh, en))];
    if let Some(ty) = index.type_of(symbol) {
        lines.push(type_line(index, &ty, lang));
    }
    lines.extend(more(index, symbol, lang));
    if let Some(source) = source(document, symbol) {
        lines.push(format!("```hengjie\n{source}\n```"));
    }
    lines.join("\n\n")
}

/// Whose it is, how often it has a value, in which article it stands.
fn whose(index: &Index, symbol: Symbol, lang: Lang) -> Option<String> {
    let cite = |article: hengjie_policy::core::ArticleId| index.name(Symbol::Article(article)).to_owned();
    let joined = |parts: Vec<String>| {
        parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" · ")
    };
    Some(match symbol {
        Symbol::Rule(at) => {
            let rule = index.rules.get(at as usize)?;
            let owner = match rule.kind {
                Some(kind) => index.name(Symbol::Kind(kind)).to_owned(),
                None => lang.pick("全体", "everyone").to_owned(),
            };
            let grains: Vec<&str> =
                rule.grains.iter().flatten().map(|grain| lang.pick(grain.zh(), grain.en())).collect();
            let rows = rule.rows.as_ref().map(|rows| format!("{} {rows}", lang.pick("逐", "per")));
            joined(vec![
                owner,
                rows.unwrap_or_default(),
                grains.join(lang.pick("、", ", ")),
                cite(rule.article),
            ])
        }
        Symbol::Field(field) => {
            let declared = index.kinds.get(field.kind.index())?.fields.get(field.field as usize)?;
            let time = match declared.time {
                FieldTime::Static => String::new(),
                FieldTime::Every(grain) => lang.pick(grain.zh(), grain.en()).to_owned(),
                FieldTime::Dated => lang.pick("随日期", "dated").to_owned(),
            };
            joined(vec![index.name(Symbol::Kind(field.kind)).to_owned(), time])
        }
        Symbol::Item(id, _) => index.name(Symbol::Enumeration(id)).to_owned(),
        Symbol::Alternative(id, _) => index.name(Symbol::Reading(id)).to_owned(),
        Symbol::Column(id, _) => index.name(Symbol::Table(id)).to_owned(),
        Symbol::Parameter(id) => cite(index.parameters.get(id.index())?.article),
        Symbol::Reading(id) => cite(index.readings.get(id.index())?.article),
        Symbol::Table(id) => cite(index.tables.get(id.index())?.article),
        _ => return None,
    })
}

/// What else there is to say: values of parameters, items of a 名目, columns of a table.
fn more(index: &Index, symbol: Symbol, lang: Lang) -> Option<String> {
    let comma = lang.pick("、", ", ");
    Some(match symbol {
        Symbol::Enumeration(id) => {
            let found = index.enums.get(id.index())?;
            let items: Vec<&str> = found.items.iter().rev().map(String::as_str).collect();
            match (found.ordered, items.len() > 12) {
                (_, true) => format!("{} {}", items.len(), lang.pick("项", "items")),
                (true, false) => items.join(" > "),
                (false, false) => found.items.join(comma),
            }
        }
        Symbol::Parameter(id) => {
            let found = index.parameters.get(id.index())?;
            match (&found.value, &found.ty) {
                (ParameterValue::Required(by), _) => {
                    format!("{}{by}", lang.pick("待定，由", "pending, from "))
                }
                (ParameterValue::Given(hengjie_policy::core::Literal::Number(value)), Type::Number(unit)) => {
                    format!("= {}", format_quantity(value, unit, lang))
                }
                _ => return None,
            }
        }
        Symbol::Reading(id) => {
            let found = index.readings.get(id.index())?;
            let chosen = found.alternatives.get(found.chosen as usize)?;
            let why = found.because.as_ref().map(|because| format!("：{because}")).unwrap_or_default();
            format!(
                "{}：{} · {} {chosen}（{}，{}）{why}",
                found.title,
                found.alternatives.join(" | "),
                lang.pick("取", "taken:"),
                found.by,
                found.on
            )
        }
        Symbol::Table(id) => {
            let found = index.tables.get(id.index())?;
            let names: Vec<&str> = found.columns.iter().map(|column| column.name.as_str()).collect();
            format!("{}{}", lang.pick("列：", "columns: "), names.join(comma))
        }
        Symbol::Formula(at) => {
            let found = index.formulas.get(at as usize)?;
            format!("{}({})", found.name, found.arguments.join(", "))
        }
        _ => return None,
    })
}

/// The lines that declare a symbol, at most two of them; none for what stands in a table or heading.
fn source(document: &Document, symbol: Symbol) -> Option<String> {
    if matches!(symbol, Symbol::Item(..) | Symbol::Column(..) | Symbol::Article(_) | Symbol::Argument(..)) {
        return None;
    }
    let declared = document.places_of(symbol).into_iter().filter(|place| place.declares);
    let lines: Vec<&str> =
        declared.take(2).filter_map(|place| statement_line(document, place.span)).collect();
    (!lines.is_empty()).then(|| lines.join("\n"))
}

/// The statement line that holds a name, with the lines it goes on over.
fn statement_line(document: &Document, span: Span) -> Option<&str> {
    const MOST: usize = 400;
    let token = document.parse().tree.token_at_offset(span.start.into()).right_biased()?;
    let wanted = |kind| matches!(kind, K::Definition | K::Item | K::Statement);
    let node = token.parent_ancestors().find(|node| wanted(node.kind()))?;
    let range = node.text_range();
    let text = document.text.get(usize::from(range.start())..usize::from(range.end()))?.trim();
    // Of a statement with items the first line says what it is.
    let text = if node.kind() == K::Statement { text.lines().next().unwrap_or("") } else { text };
    (!text.is_empty() && text.len() <= MOST).then_some(text)
}
