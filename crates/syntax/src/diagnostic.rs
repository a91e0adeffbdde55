//! Diagnostics: what is wrong with a document, as data. Renderers live in [`crate::render`].

use crate::span::Span;
use serde::Serialize;

/// One sentence in Chinese and English.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Message {
    /// Chinese text.
    pub zh: String,
    /// English text.
    pub en: String,
}

impl Message {
    /// Makes a message from its two texts.
    pub fn new(zh: impl Into<String>, en: impl Into<String>) -> Self {
        Self { zh: zh.into(), en: en.into() }
    }

    /// The text in the wanted language.
    #[must_use]
    pub fn text(&self, lang: hengjie_quantity::Lang) -> &str {
        match lang {
            hengjie_quantity::Lang::Zh => &self.zh,
            hengjie_quantity::Lang::En => &self.en,
        }
    }
}

/// How bad it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// The document can be used; a person should look.
    Warning,
    /// The document cannot be run.
    Error,
}

/// A second place that matters for a diagnostic.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Label {
    /// Where.
    pub span: Span,
    /// What about it.
    pub message: Message,
}

/// A change that would mend the fault.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Fix {
    /// What the change does.
    pub title: Message,
    /// The text to replace.
    pub span: Span,
    /// The text to put there.
    pub replacement: String,
}

/// One fault of a document. One mistake gives one diagnostic.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Diagnostic {
    /// Stable code, `HJ` and four digits: 01xx document and lexer, 02xx parser, 03xx names, 04xx types and units,
    /// 05xx rules that meet (conflicts, cycles, coverage), 06xx tables, 07xx examples, 08xx procedures.
    pub code: &'static str,
    /// Error or warning.
    pub severity: Severity,
    /// Where.
    pub span: Span,
    /// What is wrong.
    pub message: Message,
    /// Other places.
    pub labels: Vec<Label>,
    /// What to do, when there is more to say than the fix.
    pub help: Option<Message>,
    /// A change that mends it, when one is known.
    pub fix: Option<Fix>,
}

impl Diagnostic {
    /// An error at `span`.
    pub fn error(code: &'static str, span: Span, zh: impl Into<String>, en: impl Into<String>) -> Self {
        Self {
            code,
            severity: Severity::Error,
            span,
            message: Message::new(zh, en),
            labels: Vec::new(),
            help: None,
            fix: None,
        }
    }

    /// A warning at `span`.
    pub fn warning(code: &'static str, span: Span, zh: impl Into<String>, en: impl Into<String>) -> Self {
        Self { severity: Severity::Warning, ..Self::error(code, span, zh, en) }
    }

    /// Adds a second place.
    #[must_use]
    pub fn label(mut self, span: Span, zh: impl Into<String>, en: impl Into<String>) -> Self {
        self.labels.push(Label { span, message: Message::new(zh, en) });
        self
    }

    /// Says what to do.
    #[must_use]
    pub fn help(mut self, zh: impl Into<String>, en: impl Into<String>) -> Self {
        self.help = Some(Message::new(zh, en));
        self
    }

    /// Offers a replacement of the text at `span`.
    #[must_use]
    pub fn fix(
        mut self,
        span: Span,
        replacement: impl Into<String>,
        zh: impl Into<String>,
        en: impl Into<String>,
    ) -> Self {
        self.fix = Some(Fix { title: Message::new(zh, en), span, replacement: replacement.into() });
        self
    }
}
