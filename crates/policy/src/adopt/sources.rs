//! Places of a document that stands in several files.
//!
//! The whole is the document itself followed by what it adopts, each as long as its file: a place in the whole is a place in a
//! file moved by where the file begins.

use hengjie_calendar::Date;
use hengjie_syntax::{Diagnostic, Message, Span, line_column};

/// The files of a document in the order of the whole; the first is the document itself.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Sources {
    files: Vec<SourceFile>,
}

/// One file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SourceFile {
    /// Its path as people see it; empty for the document itself, whose path the caller knows.
    pub file: String,
    /// Its text as it is written.
    pub text: String,
    /// Name and version of its 制度 line; `None` when it has none.
    pub policy: Option<(String, Date)>,
    start: u32,
}

/// A place in one of the files.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Place<'a> {
    /// Position of the file; 0 is the document itself.
    pub part: usize,
    /// The file; empty for the document itself.
    pub file: &'a str,
    /// Its text.
    pub text: &'a str,
    /// The place in it.
    pub span: Span,
}

impl Place<'_> {
    /// Line and column, both from 1.
    #[must_use]
    pub fn line_column(&self) -> (usize, usize) {
        line_column(self.text, self.span.start)
    }
}

/// What stands between two files of the whole.
const BETWEEN: &str = "\n\n";

impl Sources {
    /// A document in one file.
    #[must_use]
    pub fn one(text: &str) -> Self {
        let mut sources = Self::default();
        sources.add(String::new(), text.to_owned(), None);
        sources
    }

    /// Adds a file behind the others and gives its position.
    pub(super) fn add(&mut self, file: String, text: String, policy: Option<(String, Date)>) -> usize {
        let end = |last: &SourceFile| last.start + length(&last.text) + length(BETWEEN);
        let start = self.files.last().map_or(0, end);
        self.files.push(SourceFile { file, text, policy, start });
        self.files.len() - 1
    }

    /// The files in their order.
    #[must_use]
    pub fn files(&self) -> &[SourceFile] {
        &self.files
    }

    /// The text of the whole, where `shown` gives what each file contributes, as long as the file.
    pub(super) fn whole(&self, shown: impl Fn(usize) -> String) -> String {
        (0..self.files.len()).map(shown).collect::<Vec<_>>().join(BETWEEN)
    }

    /// A place of a file as a place of the whole.
    pub(super) fn outer(&self, part: usize, span: Span) -> Span {
        let start = self.files.get(part).map_or(0, |file| file.start);
        Span::new(start + span.start, start + span.end)
    }

    /// The position of the file that a byte of the whole belongs to.
    #[must_use]
    pub fn part(&self, offset: u32) -> usize {
        self.files.partition_point(|file| file.start <= offset).max(1) - 1
    }

    /// A place of the whole as a place of its file.
    #[must_use]
    pub fn place(&self, span: Span) -> Place<'_> {
        let part = self.part(span.start);
        let Some(file) = self.files.get(part) else { return Place { part, file: "", text: "", span } };
        let span = Span::new(span.start - file.start, (span.end - file.start).min(length(&file.text)));
        Place { part, file: &file.file, text: &file.text, span }
    }

    /// A diagnostic with places of its own file. What it says of other files goes into its help, with file and line; `own` is
    /// the path of the document itself.
    #[must_use]
    pub fn within(&self, diagnostic: &Diagnostic, own: &str) -> (usize, Diagnostic) {
        let place = self.place(diagnostic.span);
        let mut inner = Diagnostic { span: place.span, labels: Vec::new(), ..diagnostic.clone() };
        for label in &diagnostic.labels {
            let other = self.place(label.span);
            if other.part == place.part {
                inner.labels.push(hengjie_syntax::Label { span: other.span, message: label.message.clone() });
                continue;
            }
            let file = if other.part == 0 { own } else { other.file };
            let line = other.line_column().0;
            let Message { zh, en } = &label.message;
            let (zh, en) = (format!("{file}:{line} {zh}"), format!("{file}:{line} {en}"));
            inner.help = Some(match inner.help.take() {
                Some(help) => Message::new(format!("{zh}；{}", help.zh), format!("{en}; {}", help.en)),
                None => Message::new(zh, en),
            });
        }
        if let Some(fix) = &mut inner.fix {
            let other = self.place(fix.span);
            fix.span = other.span;
            if other.part != place.part {
                inner.fix = None;
            }
        }
        (place.part, inner)
    }
}

/// A length in bytes; documents are far shorter than the limit of places.
fn length(text: &str) -> u32 {
    u32::try_from(text.len()).unwrap_or(u32::MAX)
}
