//! The outline of a document by article, and what can be folded.

use crate::document::Document;
use hengjie_syntax::Span;
use hengjie_syntax::ast::{Block, Name, Section, Statement, StatementKind};
use hengjie_syntax::tree::SyntaxKind as K;
use serde_json::{Value, json};

/// Kinds of symbols of the protocol.
const MODULE: u8 = 2;
const CLASS: u8 = 5;
const ENUM: u8 = 10;
const FUNCTION: u8 = 12;
const VARIABLE: u8 = 13;
const CONSTANT: u8 = 14;
const STRUCT: u8 = 23;
const EVENT: u8 = 24;
const OPERATOR: u8 = 25;

/// The answer to `textDocument/documentSymbol`: articles inside articles, with what they declare.
pub(crate) fn symbols(document: &Document) -> Value {
    if !document.is_policy() {
        return json!([]);
    }
    let sections = &document.parse().document.sections;
    let end = document.text.len() as u32;
    let mut position = 0;
    Value::Array(nested(document, sections, &mut position, 0, end))
}

/// The sections from `position` on that are deeper than `level`.
fn nested(
    document: &Document,
    sections: &[Section],
    position: &mut usize,
    level: u8,
    end: u32,
) -> Vec<Value> {
    let mut found = Vec::new();
    while let Some(section) = sections.get(*position) {
        if section.level <= level && level > 0 {
            break;
        }
        let ends = end_of(sections, *position, end);
        *position += 1;
        let mut children: Vec<Value> =
            section.blocks.iter().flat_map(|block| declared(document, block)).collect();
        if section.level == 0 {
            found.append(&mut children);
            continue;
        }
        children.extend(nested(document, sections, position, section.level, end));
        let name = match section.heading.text.as_str() {
            "" => "—",
            text => text,
        };
        found.push(json!({
            "name": name,
            "kind": MODULE,
            "range": document.range(Span::new(line_start(document, section.heading.span.start), ends)),
            "selectionRange": document.range(section.heading.span),
            "children": children,
        }));
    }
    found
}

/// Where the section ends that is at a position: before the next one that is not below it.
fn end_of(sections: &[Section], position: usize, end: u32) -> u32 {
    let level = sections.get(position).map_or(0, |section| section.level);
    let after = sections.iter().skip(position + 1).find(|section| section.level <= level);
    // The marks `## ` stand before the text of a heading.
    after.map_or(end, |section| section.heading.span.start.saturating_sub(u32::from(section.level) + 1))
}

fn line_start(document: &Document, offset: u32) -> u32 {
    let before = document.text.get(..offset as usize).unwrap_or("");
    before.rfind('\n').map_or(0, |at| at + 1) as u32
}

fn declared(document: &Document, block: &Block) -> Vec<Value> {
    let Block::Rules(statements) = block else { return Vec::new() };
    let shown = |(name, kind, span): (&Name, u8, Span)| {
        let selection = Span::new(name.span.start.max(span.start), name.span.end.min(span.end));
        json!({
            "name": name.text,
            "kind": kind,
            "range": document.range(span),
            "selectionRange": document.range(selection),
        })
    };
    statements.iter().flat_map(names).filter(|(name, ..)| !name.text.is_empty()).map(shown).collect()
}

/// What a statement declares: name, kind, place.
fn names(statement: &Statement) -> Vec<(&Name, u8, Span)> {
    let one = |name, kind| vec![(name, kind, statement.span)];
    match &statement.kind {
        StatementKind::Policy { name, .. } => one(name, MODULE),
        StatementKind::Enumeration(decl) => one(&decl.name, ENUM),
        StatementKind::Kind(decl) => one(&decl.name, CLASS),
        StatementKind::Form(decl) => one(&decl.name, CLASS),
        StatementKind::Parameter(decl) => one(&decl.name, CONSTANT),
        StatementKind::Reading(decl) => one(&decl.name, CONSTANT),
        StatementKind::Table(decl) => one(&decl.name, STRUCT),
        StatementKind::Formula { name, .. } => one(name, FUNCTION),
        StatementKind::Total(decl) => one(&decl.name, VARIABLE),
        StatementKind::Ranking(decl) => one(&decl.name, OPERATOR),
        StatementKind::Quota(decl) => one(&decl.name, OPERATOR),
        StatementKind::Split(decl) => one(&decl.name, OPERATOR),
        StatementKind::Duty(decl) => one(&decl.name, EVENT),
        StatementKind::Workflow(decl) => one(&decl.name, EVENT),
        StatementKind::Clock(decl) => one(&decl.name, EVENT),
        StatementKind::Check(decl) => one(&decl.name, EVENT),
        StatementKind::Body(decl) => one(&decl.name, CLASS),
        StatementKind::Rules(group) => {
            group.definitions.iter().map(|definition| (&definition.name, VARIABLE, definition.span)).collect()
        }
        StatementKind::Scope(_)
        | StatementKind::Adopt { .. }
        | StatementKind::Amend { .. }
        | StatementKind::WorkCalendar(_) => Vec::new(),
    }
}

/// The answer to `textDocument/foldingRange`: articles, fences and tables.
pub(crate) fn folds(document: &Document) -> Value {
    if !document.is_policy() {
        return json!([]);
    }
    let sections = &document.parse().document.sections;
    let end = document.text.len() as u32;
    let articles = (0..sections.len()).filter_map(|position| {
        let section = sections.get(position).filter(|section| section.level > 0)?;
        Some(Span::new(section.heading.span.start, end_of(sections, position, end)))
    });
    let nodes = document.parse().tree.descendants();
    let blocks = nodes
        .filter(|node| matches!(node.kind(), K::RulesFence | K::ExamplesFence | K::MarkdownTable))
        .map(|node| Span::new(node.text_range().start().into(), node.text_range().end().into()));
    let mut spans: Vec<Span> = articles.chain(blocks).collect();
    spans.sort_unstable();
    let fold = |span: Span| {
        let text = document.slice(span).trim_end();
        let start = document.lines.position(&document.text, span.start).line;
        let last = document.lines.position(&document.text, span.start + text.len() as u32).line;
        (last > start).then(|| json!({ "startLine": start, "endLine": last, "kind": "region" }))
    };
    Value::Array(spans.into_iter().filter_map(fold).collect())
}
