//! The one form of a document: only inside our fences and in the tables that belong to them; prose is left alone.
//!
//! Half-width operators, 「」 and “”; spaces around operators and words; `, ` between items; a statement that goes on
//! over several lines breaks before an operator, 如, 否则 or a clause and is indented by two spaces. The line breaks that
//! the author chose are kept; a chain 如 … 如 … 否则 always has one line per case. Comments behind neighbouring short lines
//! stand in one column.
//!
//! **Invariant:** the formatted document reads as the same typed syntax, and formatting it again changes nothing.
//! A statement with a fault is left as it is, byte by byte.

mod line;
mod table;
mod token;

use crate::ast::{Block, ExpectationKind, GivenKind, MarkdownTable, StatementKind};
use crate::keywords::Keyword;
use crate::parse::{Parse, parse};
use crate::sink::OVERFLOW;
use crate::span::Span;
use crate::tree::{SyntaxKind as K, SyntaxNode, SyntaxToken};
use hengjie_quantity::Lang;
use std::collections::BTreeSet;
use unicode_width::UnicodeWidthStr;

/// What the formatter may change beyond spaces.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct FormatOptions {
    /// Spell the words of the language in this language; `None` keeps them as written. Names are not translated.
    pub language: Option<Lang>,
}

/// Formats a document. A document with too many faults to list is returned as it is.
///
/// ```
/// use hengjie_syntax::format::{FormatOptions, format};
/// let text = "```规则\n对 人员　每年\n得分=（余额−任务）＊2\n```\n";
/// assert_eq!(format(text, &FormatOptions::default()), "```规则\n对 人员 每年\n得分 = (余额 - 任务) × 2\n```\n");
/// ```
#[must_use]
pub fn format(text: &str, options: &FormatOptions) -> String {
    let parse = parse(text);
    if parse.diagnostics.iter().any(|diagnostic| diagnostic.code == OVERFLOW) {
        return text.to_owned();
    }
    let tables = tables_of(&parse);
    let faults = faults_of(&parse);
    let (formatted, commented) = (String::new(), Vec::new());
    let mut formatter = Formatter { text, faults, options: *options, formatted, commented };
    for section in parse.tree.children_with_tokens() {
        match section {
            rowan::NodeOrToken::Node(section) => formatter.section(&section, &tables),
            rowan::NodeOrToken::Token(token) => formatter.formatted.push_str(token.text()),
        }
    }
    formatter.formatted
}

/// Where the tables start that belong to a statement.
fn tables_of(parse: &Parse) -> BTreeSet<u32> {
    let mut starts = BTreeSet::new();
    let mut add = |table: &MarkdownTable| {
        if !table.header.is_empty() {
            starts.insert(table.span.start);
        }
    };
    for block in parse.document.sections.iter().flat_map(|section| &section.blocks) {
        match block {
            Block::Rules(statements) => {
                for statement in statements {
                    match &statement.kind {
                        StatementKind::Table(decl) => decl.table.iter().for_each(&mut add),
                        StatementKind::Form(form) => {
                            form.points.iter().filter_map(|points| points.table.as_ref()).for_each(&mut add);
                        }
                        _ => {}
                    }
                }
            }
            Block::Examples(example) => {
                for given in &example.givens {
                    if let GivenKind::Table { table, .. } = &given.kind {
                        add(table);
                    }
                }
                for expectation in &example.expectations {
                    if let ExpectationKind::Table { table, .. } = &expectation.kind {
                        add(table);
                    }
                }
            }
        }
    }
    starts
}

/// The places of faults inside lines. A missing table or fence end is no fault of the line that is marked.
fn faults_of(parse: &Parse) -> Vec<Span> {
    let inside =
        parse.diagnostics.iter().filter(|found| !matches!(found.code, "HJ0101" | "HJ0110" | "HJ0212"));
    inside.map(|found| found.span).collect()
}

struct Formatter<'a> {
    text: &'a str,
    faults: Vec<Span>,
    options: FormatOptions,
    formatted: String,
    /// Neighbouring lines with a comment behind them, not yet written: statement and comment.
    commented: Vec<(String, String)>,
}

/// Lines longer than this have their comment right behind them.
const COMMENT_COLUMN: usize = 60;

impl Formatter<'_> {
    fn section(&mut self, section: &SyntaxNode, tables: &BTreeSet<u32>) {
        for element in section.children_with_tokens() {
            match element {
                rowan::NodeOrToken::Node(node) => match node.kind() {
                    K::RulesFence | K::ExamplesFence => self.fence(&node),
                    K::MarkdownTable if tables.contains(&u32::from(node.text_range().start())) => {
                        self.formatted.push_str(&table::format(&node.text().to_string()));
                    }
                    _ => self.formatted.push_str(&node.text().to_string()),
                },
                rowan::NodeOrToken::Token(token) => self.formatted.push_str(token.text()),
            }
        }
    }

    fn fence(&mut self, fence: &SyntaxNode) {
        let mut body: Vec<SyntaxToken> = Vec::new();
        let mut closing = None;
        let tokens = fence.descendants_with_tokens().filter_map(rowan::NodeOrToken::into_token);
        for (index, token) in tokens.enumerate() {
            match (token.kind(), index) {
                (K::FenceLine, 0) => self.opening_line(token.text(), fence.kind()),
                (K::FenceLine, _) => closing = Some(token),
                _ => body.push(token),
            }
        }
        self.body(&body);
        if let Some(closing) = closing {
            self.formatted.push_str(closing.text());
        }
    }

    fn opening_line(&mut self, line: &str, kind: K) {
        let (zh, en) = if kind == K::RulesFence { ("规则", "rules") } else { ("示例", "examples") };
        let Some(lang) = self.options.language else { return self.formatted.push_str(line) };
        let (from, to) = lang.pick((en, zh), (zh, en));
        self.formatted.push_str(&line.replacen(from, to, 1));
    }

    /// The lines of a fence: statements in their one form, single empty lines and comments between them.
    fn body(&mut self, tokens: &[SyntaxToken]) {
        let mut rest = tokens;
        let mut is_first = true;
        while !rest.is_empty() {
            let (leading, after) = split_leading(rest);
            self.leading(leading, is_first, after.is_empty());
            let end =
                after.iter().position(|token| token.kind() == K::LineEnd).map_or(after.len(), |at| at + 1);
            let (line, after) = after.split_at(end);
            if !line.is_empty() {
                self.statement_line(leading, line);
                is_first = false;
            } else if !leading.is_empty() {
                is_first = false;
            }
            rest = after;
        }
        self.write_commented();
    }

    /// Empty lines and comments above a statement.
    fn leading(&mut self, trivia: &[SyntaxToken], is_first: bool, is_last: bool) {
        if trivia.iter().any(|token| matches!(token.kind(), K::Comment | K::Newline)) {
            self.write_commented();
        }
        let mut wrote = !is_first;
        let mut empty_lines = 0;
        let mut on_line = false;
        for token in trivia {
            match token.kind() {
                K::Newline if on_line => on_line = false,
                K::Newline => empty_lines += 1,
                K::Comment => {
                    if empty_lines > 0 && wrote {
                        self.formatted.push('\n');
                    }
                    empty_lines = 0;
                    self.formatted.push_str(&token::comment(token.text()));
                    self.formatted.push('\n');
                    wrote = true;
                    on_line = true;
                }
                _ => {}
            }
        }
        if empty_lines > 0 && wrote && !is_last {
            self.formatted.push('\n');
        }
    }

    fn statement_line(&mut self, leading: &[SyntaxToken], line: &[SyntaxToken]) {
        let (Some(first), Some(last)) = (line.first(), line.last()) else { return };
        let span = Span::new(first.text_range().start().into(), last.text_range().end().into());
        let is_faulty = self.faults.iter().any(|fault| fault.start <= span.end && fault.end >= span.start)
            || line.iter().any(is_unread);
        if is_faulty {
            self.write_commented();
            self.formatted.push_str(indentation(leading));
            self.formatted.push_str(span.text(self.text));
            if last.kind() != K::LineEnd && !self.formatted.ends_with('\n') {
                self.formatted.push('\n');
            }
            return;
        }
        let line = line::format(line, self.options.language);
        match line.comment {
            Some(comment) if line.text.width() <= COMMENT_COLUMN => self.commented.push((line.text, comment)),
            comment => {
                self.write_commented();
                self.formatted.push_str(&line.text);
                self.formatted.extend(comment.iter().flat_map(|comment| ["  ", comment.as_str()]));
                self.formatted.push('\n');
            }
        }
    }

    /// Writes neighbouring lines with their comments in one column.
    fn write_commented(&mut self) {
        let widest = self.commented.iter().map(|(line, _)| line.width()).max().unwrap_or(0);
        for (line, comment) in self.commented.drain(..) {
            let spaces = " ".repeat(widest - line.width());
            self.formatted.push_str(&format!("{line}{spaces}  {comment}\n"));
        }
    }
}

/// Whether the parser gave the token up; the later lines of a run that belongs nowhere have no fault of their own.
fn is_unread(token: &SyntaxToken) -> bool {
    token.kind() == K::Unknown || token.parent().is_some_and(|parent| parent.kind() == K::Error)
}

/// The spaces in front of the first token of a line.
fn indentation(leading: &[SyntaxToken]) -> &str {
    leading.last().filter(|token| token.kind() == K::Whitespace).map_or("", SyntaxToken::text)
}

/// Splits off the trivia in front of a statement.
fn split_leading(tokens: &[SyntaxToken]) -> (&[SyntaxToken], &[SyntaxToken]) {
    let is_trivia = |token: &SyntaxToken| token.kind().is_trivia();
    let end = tokens.iter().position(|token| !is_trivia(token)).unwrap_or(tokens.len());
    tokens.split_at(end)
}

/// Whether a token spells a keyword of the grammar.
fn keyword_of(token: &SyntaxToken) -> Option<Keyword> {
    (token.kind() == K::Keyword)
        .then(|| Keyword::parse(&crate::chars::half_width_text(token.text())))
        .flatten()
}
