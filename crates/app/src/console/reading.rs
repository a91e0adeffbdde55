//! A document cut into articles, for people who read it and for editors.

use super::answer::{Article, ArticlePart, Checked, Diagnosed, FailedExample, Mend, PartKind, Place};
use crate::document::{self, Document, Policy};
use crate::examples::{self, citation};
use hengjie_quantity::Lang;
use hengjie_syntax::{Diagnostic, PieceKind, Severity, Span, line_column, scan};
use std::path::PathBuf;

/// The articles of a text in order: each heading with what stands below it.
pub(super) fn articles(text: &str, policy: Option<&Policy>, lang: Lang) -> Vec<Article> {
    let mut articles = vec![empty(String::new(), 0, 1)];
    for piece in scan(text) {
        let slice = |span: Span| text.get(span.start as usize..span.end as usize).unwrap_or_default();
        let kind = match piece.kind {
            PieceKind::Heading(level) => {
                let heading = slice(piece.span).trim().trim_start_matches('#').trim();
                articles.push(empty(heading.to_owned(), level, line_column(text, piece.span.start).0));
                continue;
            }
            PieceKind::Prose | PieceKind::OtherFence => PartKind::Prose,
            PieceKind::Table => PartKind::Table,
            PieceKind::Rules => PartKind::Rules,
            PieceKind::Examples => PartKind::Examples,
        };
        let shown = if kind == PartKind::Prose { piece.span } else { piece.body };
        let part = slice(shown).trim_matches('\n');
        if let (Some(article), false) = (articles.last_mut(), part.trim().is_empty()) {
            article.parts.push(ArticlePart { kind, text: part.to_owned() });
        }
    }
    articles.retain(|article| article.level > 0 || !article.parts.is_empty());
    if let Some(policy) = policy {
        add_meaning(&mut articles, policy, lang);
    }
    articles
}

fn empty(heading: String, level: u8, line: usize) -> Article {
    Article {
        cite: String::new(),
        heading,
        level,
        line,
        parts: Vec::new(),
        values: Vec::new(),
        passed: 0,
        failed: Vec::new(),
    }
}

/// What the checker and the examples know about each article.
fn add_meaning(articles: &mut [Article], policy: &Policy, lang: Lang) {
    let program = &policy.program;
    let of_core = |heading: &str| program.articles.iter().find(|known| known.heading == heading);
    for article in articles.iter_mut() {
        article.cite = of_core(&article.heading).map_or_else(String::new, |known| known.cite.clone());
    }
    for attribute in &program.attributes {
        let home = &program.articles.get(attribute.article.index());
        let home = home.and_then(|home| articles.iter_mut().find(|article| article.heading == home.heading));
        if let Some(article) = home.filter(|article| !article.values.contains(&attribute.name)) {
            article.values.push(attribute.name.clone());
        }
    }
    for expectation in examples::test(policy, lang).report.expectations {
        let cite = citation(policy, expectation.article);
        let Some(article) = articles.iter_mut().find(|article| article.cite == cite) else { continue };
        match expectation.passed {
            true => article.passed += 1,
            false => article.failed.push(failed(policy, &expectation)),
        }
    }
}

fn failed(policy: &Policy, expectation: &hengjie_evaluate::example::ExpectationReport) -> FailedExample {
    FailedExample {
        text: expectation.text.clone(),
        expected: expectation.expected.clone(),
        actual: expectation.actual.clone(),
        line: policy.place(expectation.span).1,
    }
}

/// Checks a text as a run would, and runs its examples when it has no errors.
pub(super) fn check(text: &str, lang: Lang) -> (Checked, Option<Policy>) {
    let document = read(text);
    let (errors, warnings) = document.counts();
    let diagnostics = document.diagnostics.iter().map(|fault| diagnosed(text, fault, lang)).collect();
    let policy = document.into_policy().ok();
    let mut checked =
        Checked { diagnostics, errors, warnings, covered: 0, rules: 0, passed: 0, failed: Vec::new() };
    if let Some(policy) = &policy {
        let tested = examples::test(policy, lang);
        (checked.covered, checked.rules) = tested.covered;
        checked.passed = tested.report.expectations.len() - tested.failed;
        let failing = tested.report.expectations.iter().filter(|expectation| !expectation.passed);
        checked.failed = failing.map(|expectation| failed(policy, expectation)).collect();
    }
    (checked, policy)
}

/// A document that stands in the store and not in a file: it adopts nothing that lies in files.
pub(super) fn read(text: &str) -> Document {
    document::of_text(PathBuf::from("policy.md"), text)
}

fn diagnosed(text: &str, fault: &Diagnostic, lang: Lang) -> Diagnosed {
    let mend = |fix: &hengjie_syntax::Fix| Mend {
        title: fix.title.text(lang).to_owned(),
        from: place(text, fix.span.start),
        to: place(text, fix.span.end),
        text: fix.replacement.clone(),
    };
    Diagnosed {
        code: fault.code.to_owned(),
        is_error: fault.severity == Severity::Error,
        from: place(text, fault.span.start),
        to: place(text, fault.span.end),
        message: fault.message.text(lang).to_owned(),
        help: fault.help.as_ref().map_or("", |help| help.text(lang)).to_owned(),
        fix: fault.fix.as_ref().map(mend),
    }
}

/// Line and UTF-16 column of a byte offset.
fn place(text: &str, offset: u32) -> Place {
    let (line, column) = line_column(text, offset);
    let characters = text.lines().nth(line - 1).unwrap_or_default().chars().take(column - 1);
    Place { line, column: characters.map(char::len_utf16).sum() }
}
