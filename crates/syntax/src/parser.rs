//! Statements from tokens: recursive descent for lines, operator precedence for expressions.
//!
//! One line is one unit of recovery: a line that cannot be read costs only itself, gives one diagnostic, and stays in
//! the tree as an error node. The parser makes the typed syntax and the lossless tree in one pass.

mod context;
mod declaration;
mod duty;
mod example;
mod expression;
mod literal;
mod name;
mod operand;
mod population;
mod rules;
mod statement;
mod workflow;

pub(crate) use literal::clock_minutes;

use crate::ast;
use crate::diagnostic::Diagnostic;
use crate::keywords::{Keyword, split_keywords};
use crate::lexer::{Token, lex};
use crate::limits;
use crate::sink::Sink;
use crate::span::Span;
use crate::tree::{SyntaxKind as K, TreeBuilder};

/// A line was given up; its diagnostic has been reported.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Failed;

/// What a parsing function returns.
pub(crate) type Parsed<T> = Result<T, Failed>;

/// Reads the body of a rules fence.
pub(crate) fn parse_rules(
    text: &str,
    body: Span,
    tree: &mut TreeBuilder,
    sink: &mut Sink,
) -> Vec<ast::Statement> {
    let mut parser = Parser::new(text, body, tree, sink);
    let statements = parser.statements();
    parser.emit_rest();
    statements
}

/// Reads the body of an examples fence into `block`.
pub(crate) fn parse_examples(
    text: &str,
    body: Span,
    tree: &mut TreeBuilder,
    sink: &mut Sink,
    block: &mut ast::ExampleBlock,
) {
    let mut parser = Parser::new(text, body, tree, sink);
    parser.examples(block);
    parser.emit_rest();
}

/// A cursor over the tokens of one fence.
#[derive(Debug)]
pub(crate) struct Parser<'a> {
    text: &'a str,
    tokens: Vec<Token>,
    /// Positions in `tokens` of all that is no trivia; line ends are among them.
    significant: Vec<u32>,
    /// Position in `significant`.
    position: usize,
    /// Tokens already in the tree.
    emitted: usize,
    /// Nesting of the expression being read.
    depth: u32,
    tree: &'a mut TreeBuilder,
    sink: &'a mut Sink,
}

impl<'a> Parser<'a> {
    fn new(text: &'a str, body: Span, tree: &'a mut TreeBuilder, sink: &'a mut Sink) -> Self {
        let tokens = lex(text, body, sink);
        let significant =
            (0_u32..).zip(&tokens).filter(|(_, token)| !token.kind.is_trivia()).map(|(at, _)| at).collect();
        Self { text, tokens, significant, position: 0, emitted: 0, depth: 0, tree, sink }
    }

    // Looking.

    fn token_at(&self, position: usize) -> Option<Token> {
        let index = *self.significant.get(position)?;
        self.tokens.get(index as usize).copied()
    }

    /// The token `ahead` of the current one on this line.
    fn ahead(&self, ahead: usize) -> Option<Token> {
        let mut position = self.position;
        for _ in 0..ahead {
            self.token_at(position).filter(|token| token.kind != K::LineEnd)?;
            position += 1;
        }
        self.token_at(position).filter(|token| token.kind != K::LineEnd)
    }

    /// The current token; `None` at the end of the line.
    fn current(&self) -> Option<Token> {
        self.ahead(0)
    }

    fn kind(&self) -> Option<K> {
        self.current().map(|token| token.kind)
    }

    fn at(&self, kind: K) -> bool {
        self.kind() == Some(kind)
    }

    /// The keyword that the current token spells.
    fn word(&self) -> Option<Keyword> {
        self.current().and_then(|token| token.word)
    }

    fn at_word(&self, word: Keyword) -> bool {
        self.word() == Some(word)
    }

    fn at_line_end(&self) -> bool {
        self.current().is_none()
    }

    fn at_end(&self) -> bool {
        self.position >= self.significant.len()
    }

    /// The place of the current token, or just behind the last one at the end of the line.
    fn here(&self) -> Span {
        self.current().map_or_else(|| self.after_last(), |token| token.span)
    }

    fn last(&self) -> Option<Token> {
        self.position.checked_sub(1).and_then(|position| self.token_at(position))
    }

    fn after_last(&self) -> Span {
        let end = self.last().map_or(0, |token| token.span.end);
        Span::new(end, end)
    }

    /// From `start` to the end of the last token read.
    fn since(&self, start: u32) -> Span {
        Span::new(start, self.last().map_or(start, |token| token.span.end))
    }

    fn start(&self) -> u32 {
        self.here().start
    }

    fn written(&self, token: Token) -> &'a str {
        token.span.text(self.text)
    }

    // Moving. Trivia goes into the tree before the token or node that follows it.

    fn emit_trivia(&mut self) {
        let until = self.significant.get(self.position).map_or(self.tokens.len(), |index| *index as usize);
        self.emit_until(until);
    }

    fn emit_until(&mut self, until: usize) {
        while self.emitted < until {
            if let Some(token) = self.tokens.get(self.emitted) {
                self.tree.token(token.kind, token.span.text(self.text));
            }
            self.emitted += 1;
        }
    }

    fn emit_rest(&mut self) {
        self.emit_until(self.tokens.len());
    }

    /// Moves past the current token; it goes into the tree as `kind`.
    fn bump_as(&mut self, kind: K) -> Span {
        let Some(token) = self.token_at(self.position) else { return self.after_last() };
        self.emit_trivia();
        self.tree.token(kind, token.span.text(self.text));
        self.emitted += 1;
        self.position += 1;
        token.span
    }

    fn bump(&mut self) -> Span {
        let kind = self.token_at(self.position).map_or(K::Unknown, |token| token.kind);
        self.bump_as(kind)
    }

    /// Moves past the keyword if it is there.
    fn eat_word(&mut self, word: Keyword) -> bool {
        let found = self.at_word(word);
        if found {
            self.bump_as(K::Keyword);
        }
        found
    }

    fn eat(&mut self, kind: K) -> bool {
        let found = self.at(kind);
        if found {
            self.bump();
        }
        found
    }

    fn expect_word(&mut self, word: Keyword) -> Parsed<()> {
        if self.eat_word(word) {
            return Ok(());
        }
        let (zh, en) = (format!("“{}”", word.zh()), format!("“{}”", word.en()));
        self.fail_expected(&zh, &en)
    }

    fn expect(&mut self, kind: K, written: &str) -> Parsed<()> {
        if self.eat(kind) {
            return Ok(());
        }
        let shown = format!("“{written}”");
        self.fail_expected(&shown, &shown)
    }

    /// Reads a node of the tree; the node is closed whatever happens.
    fn node<T>(&mut self, kind: K, read: impl FnOnce(&mut Self) -> Parsed<T>) -> Parsed<T> {
        self.emit_trivia();
        let open = self.tree.open();
        self.tree.start(kind);
        let result = read(self);
        if result.is_err() {
            self.skip_line();
        }
        self.tree.close_to(open);
        result
    }

    // Failing.

    /// Puts the rest of the line into the tree as an error.
    fn skip_line(&mut self) {
        if self.at_line_end() {
            return;
        }
        self.emit_trivia();
        self.tree.start(K::Error);
        while !self.at_line_end() {
            self.bump();
        }
        self.tree.finish();
    }

    /// Moves past the end of the line; anything left on the line is a fault.
    fn end_line(&mut self) {
        if !self.at_line_end() {
            let _: Parsed<()> = self.fail_unexpected();
            self.skip_line();
        }
        if self.token_at(self.position).is_some() {
            self.bump();
        }
    }

    /// Runs `read` for one line and moves past it; a failure costs the line.
    fn line<T>(&mut self, read: impl FnOnce(&mut Self) -> Parsed<T>) -> Option<T> {
        let open = self.tree.open();
        let result = read(self);
        if result.is_err() {
            self.skip_line();
        }
        self.tree.close_to(open);
        self.depth = 0;
        self.end_line();
        result.ok()
    }

    fn fail<T>(&mut self, diagnostic: impl FnOnce() -> Diagnostic) -> Parsed<T> {
        self.sink.report(diagnostic);
        Err(Failed)
    }

    /// Reports that something else was expected here.
    fn fail_expected<T>(&mut self, zh: &str, en: &str) -> Parsed<T> {
        if self.at(K::Unknown) {
            return self.give_up();
        }
        let span = self.here();
        let found = self.describe_current();
        let joined = self.joined_keywords();
        self.fail(|| {
            let (found_zh, found_en) = found;
            let diagnostic = Diagnostic::error(
                "HJ0201",
                span,
                format!("这里应当是{zh}，{found_zh}"),
                format!("expected {en} here, {found_en}"),
            );
            with_joined_fix(diagnostic, joined)
        })
    }

    /// Reports that the line should have ended, or that an operator is missing.
    fn fail_unexpected<T>(&mut self) -> Parsed<T> {
        if self.at(K::Unknown) {
            return self.give_up();
        }
        let span = self.here();
        let (found_zh, found_en) = self.describe_current();
        let joined = self.joined_keywords();
        self.fail(|| {
            let diagnostic = Diagnostic::error(
                "HJ0202",
                span,
                format!("这一句到这里应当结束，{found_zh}"),
                format!("the statement should end here, {found_en}"),
            )
            .help(
                "两个值之间要有运算符或关键字；一行写一句",
                "put an operator or a keyword between two values; write one statement per line",
            );
            with_joined_fix(diagnostic, joined)
        })
    }

    /// Takes the word in `5 等`, a number and a word that is no unit known to everybody, and says that they belong together.
    fn take_spaced_unit(&mut self, number: Span) -> Option<Span> {
        let digits = number.text(self.text);
        let is_bare = digits.ends_with(|c: char| c.is_ascii_digit());
        let word = self.current().filter(|word| is_bare && word.kind == K::Name && word.word.is_none())?;
        let span = number.to(word.span);
        let joined = format!("{digits}{}", self.written(word));
        self.sink.report(|| {
            Diagnostic::error(
                "HJ0214",
                span,
                "数和它的单位之间不空格",
                "write the number and its unit without a space",
            )
            .fix(span, joined.clone(), format!("写成 {joined}"), format!("write {joined}"))
        });
        self.bump();
        Some(span)
    }

    fn describe_current(&self) -> (String, String) {
        match self.current() {
            None => ("这一行却完了".to_owned(), "but the line ends".to_owned()),
            Some(token) => {
                let written: String = self.written(token).chars().take(30).collect();
                (format!("却写着“{written}”"), format!("found “{written}”"))
            }
        }
    }

    /// A name around here that holds keywords typed without spaces, and its repair.
    fn joined_keywords(&self) -> Option<(Span, String)> {
        [self.last(), self.current()].into_iter().flatten().find_map(|token| {
            let is_plain = token.kind == K::Name && token.word.is_none();
            let split = is_plain.then(|| split_keywords(self.written(token))).flatten()?;
            Some((token.span, split))
        })
    }

    /// Counts one level of nesting; too many give one diagnostic for the line.
    fn enter(&mut self) -> Parsed<()> {
        self.depth += 1;
        if self.depth > limits::NESTING { self.fail_too_deep(limits::NESTING) } else { Ok(()) }
    }

    fn leave(&mut self) {
        self.depth = self.depth.saturating_sub(1);
    }

    fn fail_too_deep<T>(&mut self, limit: u32) -> Parsed<T> {
        let span = self.here();
        self.fail(|| {
            Diagnostic::error(
                "HJ0203",
                span,
                format!("式子嵌套或连写超过 {limit} 层"),
                format!("the expression is nested or chained more than {limit} deep"),
            )
            .help("把一部分写成单独的指标", "write a part of it as a definition of its own")
        })
    }
}

fn with_joined_fix(diagnostic: Diagnostic, joined: Option<(Span, String)>) -> Diagnostic {
    match joined {
        Some((span, split)) => {
            diagnostic.fix(span, split, "在关键字两边加空格", "put spaces around keywords")
        }
        None => diagnostic,
    }
}
