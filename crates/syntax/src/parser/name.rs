//! Names, lists of names and citations.

use super::{Failed, Parsed, Parser};
use crate::ast::Name;
use crate::chars::half_width_text;
use crate::diagnostic::Diagnostic;
use crate::keywords::{self, Pair};
use crate::lexer::Token;
use crate::span::Span;
use crate::tree::SyntaxKind as K;
use hengjie_quantity::Lang;

impl Parser<'_> {
    /// Whether the current token is a name (not a reserved word).
    pub(super) fn at_name(&self) -> bool {
        self.current().is_some_and(is_name)
    }

    /// A name with what it is called in messages.
    pub(super) fn name(&mut self, zh: &str, en: &str) -> Parsed<Name> {
        if self.at_name() {
            return Ok(self.take_name(keywords::VALUES, K::Name));
        }
        self.fail_name(zh, en)
    }

    fn fail_name<T>(&mut self, zh: &str, en: &str) -> Parsed<T> {
        let Some(token) = self.current() else { return self.fail_expected(zh, en) };
        let written = self.written(token);
        let needs_brackets = token.word.is_some_and(|word| word.is_reserved())
            || (token.kind == K::Number && !written.contains(' '));
        if !needs_brackets {
            return self.fail_expected(zh, en);
        }
        let bracketed = format!("「{written}」");
        self.fail(|| {
            Diagnostic::error(
                "HJ0204",
                token.span,
                format!("这里应当是{zh}；“{written}”不加「」不能作名称"),
                format!("expected {en} here; “{written}” is a name only inside 「」"),
            )
            .fix(
                token.span,
                bracketed.clone(),
                format!("写成 {bracketed}"),
                format!("write {bracketed}"),
            )
        })
    }

    /// Takes the current token as a name. Built-in words get their Chinese spelling; brackets switch that off.
    pub(super) fn take_name(&mut self, builtin: &'static [Pair], kind: K) -> Name {
        let Some(token) = self.current() else { return Name { text: String::new(), span: self.here() } };
        if token.kind == K::QuotedName {
            let span = self.bump();
            let written = self.written(token);
            let inner = written.strip_prefix('「').unwrap_or(written);
            let inner = inner.strip_suffix('」').unwrap_or(inner);
            return Name { text: half_width_text(inner.trim()), span };
        }
        let text = half_width_text(self.written(token));
        let known = keywords::translate(builtin, &text, Lang::Zh);
        let is_word = matches!(kind, K::Function | K::TypeWord) && known.is_some();
        let span = self.bump_as(if is_word { kind } else { K::Name });
        Name { text: known.map_or(text, str::to_owned), span }
    }

    /// `NAME {, NAME}`
    pub(super) fn names(&mut self, zh: &str, en: &str) -> Parsed<Vec<Name>> {
        let mut names = vec![self.name(zh, en)?];
        while self.eat(K::Comma) {
            names.push(self.name(zh, en)?);
        }
        Ok(names)
    }

    /// `NAME {| NAME}`
    pub(super) fn alternatives(&mut self, zh: &str, en: &str) -> Parsed<Vec<Name>> {
        let mut names = vec![self.name(zh, en)?];
        while self.eat(K::Bar) {
            names.push(self.name(zh, en)?);
        }
        Ok(names)
    }

    /// A place in a document: `「第七条（二）1」`, or without brackets as far as it is written without spaces.
    pub(super) fn citation(&mut self) -> Parsed<Name> {
        if self.at(K::QuotedName) {
            return self.node(K::Citation, |p| p.name("条款", "an article"));
        }
        self.node(K::Citation, |p| {
            let begin = p.current().filter(|token| is_name(*token) || token.kind == K::Number).ok_or(());
            let Ok(begin) = begin else { return p.fail_expected("条款", "an article") };
            let mut end = begin.span.start;
            while let Some(token) = p.current().filter(|token| token.span.start == end && is_cited(*token)) {
                end = token.span.end;
                p.bump();
            }
            let span = Span::new(begin.span.start, end);
            Ok(Name { text: half_width_text(span.text(p.text)), span })
        })
    }

    /// A string.
    pub(super) fn string(&mut self, zh: &str, en: &str) -> Parsed<String> {
        let Some(token) = self.current().filter(|token| token.kind == K::Text) else {
            return self.fail_expected(zh, en);
        };
        self.bump();
        Ok(unquote(self.written(token)))
    }

    /// Gives up without a message, because the lexer has already said what is wrong.
    pub(super) fn give_up<T>(&self) -> Parsed<T> {
        Err(Failed)
    }
}

/// The text between the quotation marks.
pub(super) fn unquote(written: &str) -> String {
    let inner = written.strip_prefix(['“', '"', '＂']).unwrap_or(written);
    inner.strip_suffix(['”', '"', '＂']).unwrap_or(inner).to_owned()
}

/// Whether a token is a name.
pub(super) fn is_name(token: Token) -> bool {
    match token.kind {
        K::QuotedName => true,
        K::Name => !token.word.is_some_and(|word| word.is_reserved()),
        _ => false,
    }
}

fn is_cited(token: Token) -> bool {
    matches!(
        token.kind,
        K::Name | K::Number | K::LeftParen | K::RightParen | K::Dot | K::Minus | K::Date | K::Period
    )
}
