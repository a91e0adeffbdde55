//! Printing: text for people, or one JSON document for programs.

use crate::Ending;
use crate::texts::Text;
use hengjie_app::Failure;
use hengjie_app::document::Document;
use hengjie_calendar::Period;
use hengjie_facts::Bilingual;
use hengjie_quantity::Lang;
use hengjie_syntax::render::{self, Style};
use serde_json::{Value, json};
use std::io::{IsTerminal, Write};
use unicode_width::UnicodeWidthStr;

/// Where and how to print.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Printer {
    pub(crate) lang: Lang,
    /// One JSON document on the standard output instead of text.
    pub(crate) json: bool,
    style: Style,
}

impl Printer {
    pub(crate) fn new(lang: Lang, json: bool) -> Self {
        let colour = std::io::stderr().is_terminal() && std::env::var_os("NO_COLOR").is_none();
        Self { lang, json, style: if colour { Style::Colour } else { Style::Plain } }
    }

    /// A line of text for people.
    pub(crate) fn line(&self, text: impl AsRef<str>) {
        if !self.json {
            // Nobody reads a closed pipe.
            let _ = writeln!(std::io::stdout(), "{}", text.as_ref());
        }
    }

    /// A line beside the result: faults and warnings.
    pub(crate) fn aside(&self, text: impl AsRef<str>) {
        let text = text.as_ref().trim_end_matches('\n');
        if !self.json && !text.is_empty() {
            let _ = writeln!(std::io::stderr(), "{text}");
        }
    }

    /// The JSON document of a command.
    pub(crate) fn document(&self, document: &Value) {
        if self.json {
            let _ = writeln!(std::io::stdout(), "{document:#}");
        }
    }

    /// The text in the language of the user.
    pub(crate) fn pick<'a>(&self, zh: &'a str, en: &'a str) -> &'a str {
        self.lang.pick(zh, en)
    }

    /// The faults of a document.
    pub(crate) fn diagnostics(&self, document: &Document) {
        for (file, text, found) in document.by_file() {
            self.aside(render::to_text(&file, &text, &found, self.lang, self.style));
        }
    }

    /// The faults of a document for programs.
    pub(crate) fn diagnostics_json(&self, document: &Document) -> Value {
        let mut all = Vec::new();
        for (file, text, found) in document.by_file() {
            let records = render::to_records(&file, &text, &found, self.lang);
            all.extend(records.iter().filter_map(|record| serde_json::to_value(record).ok()));
        }
        Value::Array(all)
    }

    /// Why a use case could not do its work.
    pub(crate) fn failure(&self, failure: &Failure) -> Ending {
        self.failure_text(failure);
        self.document(&self.failure_json(failure));
        ending(failure)
    }

    /// A failure as text for people.
    pub(crate) fn failure_text(&self, failure: &Failure) {
        match failure {
            Failure::Document(document) => {
                self.diagnostics(document);
                self.aside(self.counts(document));
            }
            Failure::Facts(report) => self.aside(report.to_text(self.lang)),
            Failure::Unreadable(text) | Failure::Usage(text) | Failure::Unwritable(text) => {
                self.aside(format!("{}{}", Text::ErrorWord.text(self.lang), text.text(self.lang)));
            }
        }
    }

    /// A failure for programs.
    pub(crate) fn failure_json(&self, failure: &Failure) -> Value {
        let mut record = json!({ "ok": false, "exit": ending(failure).code() });
        let message = |text: &Bilingual| json!(text.text(self.lang));
        let (kind, name, content) = match failure {
            Failure::Document(document) => ("policy", "diagnostics", self.diagnostics_json(document)),
            Failure::Facts(report) => ("facts", "report", report.to_json(self.lang)),
            Failure::Unreadable(text) => ("unreadable", "message", message(text)),
            Failure::Usage(text) => ("usage", "message", message(text)),
            Failure::Unwritable(text) => ("unwritable", "message", message(text)),
        };
        record["kind"] = json!(kind);
        record[name] = content;
        record
    }

    /// How many faults a document has.
    pub(crate) fn counts(&self, document: &Document) -> String {
        let (errors, warnings) = document.counts();
        let name = document.name();
        match self.lang {
            Lang::Zh => format!("{name}：{errors} 处错误，{warnings} 处提醒"),
            Lang::En => format!("{name}: {errors} errors, {warnings} warnings"),
        }
    }

    /// `2025年、2025年12月`; empty for a document that knows no periods.
    pub(crate) fn periods(&self, periods: &[Period]) -> String {
        periods.iter().map(ToString::to_string).collect::<Vec<_>>().join(self.pick("、", ", "))
    }

    /// Rows with aligned columns; the first row is the heading.
    pub(crate) fn table(&self, rows: &[Vec<String>]) {
        let columns = rows.iter().map(Vec::len).max().unwrap_or(0);
        let width = |column: usize| {
            rows.iter().filter_map(|row| row.get(column)).map(|cell| cell.width()).max().unwrap_or(0)
        };
        let widths: Vec<usize> = (0..columns).map(width).collect();
        for row in rows {
            let cells: Vec<String> = row
                .iter()
                .zip(&widths)
                .map(|(cell, width)| format!("{cell}{}", " ".repeat(width.saturating_sub(cell.width()))))
                .collect();
            self.line(cells.join("  ").trim_end());
        }
    }
}

/// How a command ends after a failure.
fn ending(failure: &Failure) -> Ending {
    match failure {
        Failure::Document(_) | Failure::Facts(_) | Failure::Unreadable(_) => Ending::Faults,
        Failure::Usage(_) => Ending::Usage,
        Failure::Unwritable(_) => Ending::Failed,
    }
}
