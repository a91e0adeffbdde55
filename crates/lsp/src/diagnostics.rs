//! What is wrong with a document, and the changes that mend it.

use crate::document::Document;
use crate::protocol::edit;
use hengjie_quantity::Lang;
use hengjie_syntax::ast::{Block, StatementKind};
use hengjie_syntax::format::FormatOptions;
use hengjie_syntax::{Diagnostic, Message, Severity, Span};
use serde_json::{Value, json};

/// The parameters of `textDocument/publishDiagnostics`.
pub(crate) fn published(document: &Document, lang: Lang) -> Value {
    let shown: Vec<Value> = if document.is_policy() {
        document
            .analysis()
            .diagnostics
            .iter()
            .map(|found| shown(document, &own(document, found), lang))
            .collect()
    } else {
        Vec::new()
    };
    json!({ "uri": document.uri, "version": document.version, "diagnostics": shown })
}

/// A diagnostic at a place of this document: one of an adopted document stands at the line that adopts, with file and line.
fn own(document: &Document, found: &Diagnostic) -> Diagnostic {
    let sources = &document.assembled().sources;
    let name = document.uri.rsplit('/').next().unwrap_or_default();
    let (part, inner) = sources.within(found, name);
    if part == 0 {
        return inner;
    }
    let place = sources.place(found.span);
    let line = place.line_column().0;
    let Message { zh, en } = &found.message;
    Diagnostic {
        span: adoption(document),
        message: Message::new(format!("{}:{line} {zh}", place.file), format!("{}:{line} {en}", place.file)),
        labels: Vec::new(),
        fix: None,
        ..inner
    }
}

/// The first 沿用 line.
fn adoption(document: &Document) -> Span {
    let statements = document.parse().document.sections.iter().flat_map(|section| &section.blocks);
    let rules = statements.filter_map(|block| match block {
        Block::Rules(statements) => Some(statements),
        Block::Examples(_) => None,
    });
    let mut adoptions = rules.flatten().filter(|found| matches!(found.kind, StatementKind::Adopt { .. }));
    adoptions.next().map_or(Span::new(0, 0), |found| found.span)
}

fn shown(document: &Document, found: &Diagnostic, lang: Lang) -> Value {
    let mut message = found.message.text(lang).to_owned();
    if let Some(help) = &found.help {
        message.push('\n');
        message.push_str(lang.pick("建议：", "help: "));
        message.push_str(help.text(lang));
    }
    let related: Vec<Value> = found
        .labels
        .iter()
        .map(|label| {
            json!({
                "location": { "uri": document.uri, "range": document.range(label.span) },
                "message": label.message.text(lang),
            })
        })
        .collect();
    json!({
        "range": document.range(first_line(document, found.span)),
        "severity": match found.severity { Severity::Error => 1, Severity::Warning => 2 },
        "code": found.code,
        "source": "hengjie",
        "message": message,
        "relatedInformation": related,
    })
}

/// A long place is marked to the end of its first line: a whole article in red helps nobody.
fn first_line(document: &Document, span: Span) -> Span {
    let text = document.slice(span);
    let line = text.lines().next().unwrap_or("");
    if text.len() <= line.len() { span } else { Span::new(span.start, span.start + line.len() as u32) }
}

/// The changes offered at a place: fixes, and the spelling of the words of the language.
pub(crate) fn actions(document: &Document, at: Span, lang: Lang) -> Value {
    if !document.is_policy() {
        return json!([]);
    }
    let touches = |span: Span| span.start <= at.end && at.start <= span.end;
    let mut actions: Vec<Value> = Vec::new();
    for found in &document.analysis().diagnostics {
        let found = &own(document, found);
        let Some(fix) = found.fix.as_ref().filter(|fix| touches(found.span) || touches(fix.span)) else {
            continue;
        };
        let mut changes = serde_json::Map::new();
        let change = edit(document.range(fix.span), &fix.replacement);
        changes.insert(document.uri.clone(), json!([change]));
        actions.push(json!({
            "title": fix.title.text(lang),
            "kind": "quickfix",
            "isPreferred": true,
            "diagnostics": [shown(document, found, lang)],
            "edit": { "changes": changes },
        }));
    }
    for (to, zh, en) in [
        (Lang::En, "把这份制度的关键字改成英文", "Spell the keywords of this policy in English"),
        (Lang::Zh, "把这份制度的关键字改成中文", "Spell the keywords of this policy in Chinese"),
    ] {
        let edits = crate::format::edits(document, &FormatOptions { language: Some(to) });
        if edits.is_empty() || !is_spelled_otherwise(document, to) {
            continue;
        }
        let mut changes = serde_json::Map::new();
        changes.insert(document.uri.clone(), Value::Array(edits));
        actions.push(json!({
            "title": lang.pick(zh, en),
            "kind": "refactor.rewrite",
            "edit": { "changes": changes },
        }));
    }
    Value::Array(actions)
}

/// Is some word of the language spelled in the other language?
fn is_spelled_otherwise(document: &Document, lang: Lang) -> bool {
    use hengjie_syntax::tree::SyntaxKind as K;
    let tokens = document.parse().tree.descendants_with_tokens().filter_map(|element| element.into_token());
    let mut words = tokens.filter(|token| matches!(token.kind(), K::Keyword | K::Function | K::TypeWord));
    words.any(|token| token.text().is_ascii() == (lang == Lang::Zh))
}
