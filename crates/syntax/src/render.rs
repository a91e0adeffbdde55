//! Diagnostics for people (terminal) and for programs (JSON).

use crate::diagnostic::{Diagnostic, Severity};
use crate::span::Span;
use annotate_snippets::renderer::DecorStyle;
use annotate_snippets::{AnnotationKind, Group, Level, Renderer, Snippet};
use hengjie_quantity::Lang;
use serde::Serialize;

/// Line and column of a byte offset, both from 1.
///
/// # Units
/// The column counts characters (Unicode scalar values), so a Chinese character is one column. An offset inside a
/// character counts as its start; an offset behind the text is its end.
#[must_use]
pub fn line_column(text: &str, offset: u32) -> (usize, usize) {
    let mut offset = (offset as usize).min(text.len());
    while !text.is_char_boundary(offset) {
        offset -= 1;
    }
    let before = text.get(..offset).unwrap_or("");
    let line_start = before.rfind('\n').map_or(0, |at| at + 1);
    let line = before.bytes().filter(|byte| *byte == b'\n').count() + 1;
    (line, before.get(line_start..).unwrap_or("").chars().count() + 1)
}

/// How a report looks on a terminal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Style {
    /// Text only.
    Plain,
    /// With ANSI colours.
    Colour,
}

/// One report per diagnostic: what is wrong, the line it is on with the place marked, what to do.
#[must_use]
pub fn to_text(file: &str, text: &str, diagnostics: &[Diagnostic], lang: Lang, style: Style) -> String {
    let renderer = match style {
        Style::Plain => Renderer::plain(),
        Style::Colour => Renderer::styled(),
    };
    let renderer = renderer.decor_style(DecorStyle::Ascii);
    let lines = Lines::new(text);
    let mut report = String::new();
    for diagnostic in diagnostics {
        if !report.is_empty() {
            report.push('\n');
        }
        report.push_str(&renderer.render(&[group(file, &lines, diagnostic, lang)]));
        report.push('\n');
    }
    report
}

fn group<'a>(file: &'a str, lines: &Lines<'a>, diagnostic: &'a Diagnostic, lang: Lang) -> Group<'a> {
    let level = match diagnostic.severity {
        Severity::Error => Level::ERROR.with_name(lang.pick("错误", "error")),
        Severity::Warning => Level::WARNING.with_name(lang.pick("提醒", "warning")),
    };
    let title = level.primary_title(diagnostic.message.text(lang)).id(diagnostic.code);
    let mut group = title.element(lines.snippet(file, diagnostic.span, None, AnnotationKind::Primary));
    for label in &diagnostic.labels {
        let text = label.message.text(lang);
        group = group.element(lines.snippet(file, label.span, Some(text), AnnotationKind::Context));
    }
    if let Some(help) = &diagnostic.help {
        let level = Level::HELP.with_name(lang.pick("建议", "help"));
        group = group.element(level.message(help.text(lang)));
    }
    if let Some(fix) = &diagnostic.fix {
        let level = Level::HELP.with_name(lang.pick("可改为", "fix"));
        group = group.element(level.message(fix.title.text(lang)));
    }
    group
}

/// The text with the start of each line, so that a report of a long document does not read it again and again.
struct Lines<'a> {
    text: &'a str,
    starts: Vec<usize>,
}

impl<'a> Lines<'a> {
    fn new(text: &'a str) -> Self {
        let breaks = text.bytes().enumerate().filter(|(_, byte)| *byte == b'\n').map(|(at, _)| at + 1);
        Self { text, starts: std::iter::once(0).chain(breaks).collect() }
    }

    /// The line (from 0) of a byte.
    fn line(&self, offset: usize) -> usize {
        self.starts.partition_point(|start| *start <= offset).saturating_sub(1)
    }

    /// The lines of a span with the span marked; a long span is marked to the end of its first line.
    fn snippet(
        &self,
        file: &'a str,
        span: Span,
        label: Option<&'a str>,
        kind: AnnotationKind,
    ) -> Snippet<'a, annotate_snippets::Annotation<'a>> {
        let offset = (span.start as usize).min(self.text.len());
        let line = self.line(offset);
        let start = self.starts.get(line).copied().unwrap_or(0);
        let end = self.starts.get(line + 1).copied().unwrap_or(self.text.len());
        let source = self.text.get(start..end).unwrap_or("").trim_end_matches(['\n', '\r']);
        let from = floor_boundary(source, offset - start);
        let to = floor_boundary(source, (span.end as usize).max(offset) - start).max(from);
        Snippet::source(source).path(file).line_start(line + 1).annotation(kind.span(from..to).label(label))
    }
}

/// The nearest character border at or before `at`.
fn floor_boundary(text: &str, at: usize) -> usize {
    let mut at = at.min(text.len());
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}

/// A diagnostic as programs read it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Record<'a> {
    /// Stable code.
    pub code: &'a str,
    /// `error` or `warning`.
    pub severity: Severity,
    /// The document.
    pub file: &'a str,
    /// Line, from 1.
    pub line: usize,
    /// Column in characters, from 1.
    pub column: usize,
    /// Line where it ends.
    pub end_line: usize,
    /// Column behind its last character.
    pub end_column: usize,
    /// What is wrong.
    pub message: &'a str,
    /// What to do.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub help: Option<&'a str>,
    /// A change that mends it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fix: Option<FixRecord<'a>>,
    /// Other places.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub related: Vec<RelatedRecord<'a>>,
}

/// A change that mends a diagnostic.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct FixRecord<'a> {
    /// What the change does.
    pub title: &'a str,
    /// Bytes to replace.
    pub span: Span,
    /// The text to put there.
    pub replacement: &'a str,
}

/// A second place that matters.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RelatedRecord<'a> {
    /// Line, from 1.
    pub line: usize,
    /// Column in characters, from 1.
    pub column: usize,
    /// What about it.
    pub message: &'a str,
}

/// The diagnostics of a document as records.
#[must_use]
pub fn to_records<'a>(
    file: &'a str,
    text: &str,
    diagnostics: &'a [Diagnostic],
    lang: Lang,
) -> Vec<Record<'a>> {
    diagnostics.iter().map(|diagnostic| record(file, text, diagnostic, lang)).collect()
}

fn record<'a>(file: &'a str, text: &str, diagnostic: &'a Diagnostic, lang: Lang) -> Record<'a> {
    let (line, column) = line_column(text, diagnostic.span.start);
    let (end_line, end_column) = line_column(text, diagnostic.span.end);
    let related = diagnostic.labels.iter().map(|label| {
        let (line, column) = line_column(text, label.span.start);
        RelatedRecord { line, column, message: label.message.text(lang) }
    });
    Record {
        code: diagnostic.code,
        severity: diagnostic.severity,
        file,
        line,
        column,
        end_line,
        end_column,
        message: diagnostic.message.text(lang),
        help: diagnostic.help.as_ref().map(|help| help.text(lang)),
        fix: diagnostic.fix.as_ref().map(|fix| FixRecord {
            title: fix.title.text(lang),
            span: fix.span,
            replacement: &fix.replacement,
        }),
        related: related.collect(),
    }
}

/// The diagnostics as a JSON array, one object per line.
#[must_use]
pub fn to_json(file: &str, text: &str, diagnostics: &[Diagnostic], lang: Lang) -> String {
    let records = to_records(file, text, diagnostics, lang);
    // A record holds strings and numbers only, so that it always has a JSON form.
    let lines: Vec<String> = records.iter().filter_map(|record| serde_json::to_string(record).ok()).collect();
    if lines.is_empty() { "[]".to_owned() } else { format!("[\n{}\n]", lines.join(",\n")) }
}
