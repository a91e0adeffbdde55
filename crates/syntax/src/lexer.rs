//! Tokens of a fence: half-width or full-width, Chinese or English, with spans into the original text.

mod layout;
mod number;

pub(crate) use number::is_faulty_unit;

use crate::chars::{half_width_text, is_name_char, punctuation};
use crate::diagnostic::Diagnostic;
use crate::keywords::Keyword;
use crate::sink::Sink;
use crate::span::Span;
use crate::tree::SyntaxKind;

/// A token.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Token {
    pub(crate) kind: SyntaxKind,
    pub(crate) span: Span,
    /// The keyword that a name without brackets spells.
    pub(crate) word: Option<Keyword>,
}

/// Cuts the text of `body` into tokens that cover it, with the line breaks that end statements marked as
/// [`SyntaxKind::LineEnd`].
pub(crate) fn lex(text: &str, body: Span, sink: &mut Sink) -> Vec<Token> {
    let mut lexer =
        Lexer { text, position: body.start as usize, end: body.end as usize, tokens: Vec::new(), sink };
    while lexer.next_token() {}
    let mut tokens = lexer.tokens;
    layout::mark_line_ends(&mut tokens, sink);
    tokens
}

struct Lexer<'a> {
    text: &'a str,
    position: usize,
    end: usize,
    tokens: Vec<Token>,
    sink: &'a mut Sink,
}

impl<'a> Lexer<'a> {
    fn rest(&self) -> &'a str {
        self.text.get(self.position..self.end).unwrap_or("")
    }

    /// The next character in its one form, and the one after it.
    fn peek(&self) -> (Option<char>, Option<char>) {
        let mut chars = self.rest().chars().map(punctuation);
        (chars.next(), chars.next())
    }

    /// Bytes of the longest start of `text` whose characters all satisfy `want`.
    fn run(text: &str, want: impl Fn(char) -> bool) -> usize {
        text.find(|c| !want(c)).unwrap_or(text.len())
    }

    fn push(&mut self, kind: SyntaxKind, bytes: usize) -> Span {
        let start = self.position;
        self.position = (start + bytes).min(self.end);
        let span = Span::new(start as u32, self.position as u32);
        self.tokens.push(Token { kind, span, word: None });
        span
    }

    fn next_token(&mut self) -> bool {
        let rest = self.rest();
        let Some(first) = rest.chars().next() else { return false };
        let (one, two) = self.peek();
        let c = one.unwrap_or(first);
        match c {
            '\n' => _ = self.push(SyntaxKind::Newline, 1),
            ' ' | '\t' | '\r' => {
                let bytes = Self::run(rest, |c| matches!(punctuation(c), ' ' | '\t' | '\r'));
                self.push(SyntaxKind::Whitespace, bytes);
            }
            '-' if two == Some('-') => self.comment(),
            '—' if two == Some('—') => self.comment(),
            '0'..='9' => self.number(),
            '「' => self.bracketed('」', SyntaxKind::QuotedName),
            '“' => self.bracketed('”', SyntaxKind::Text),
            '"' => self.bracketed('"', SyntaxKind::Text),
            _ if is_name_char(first) => self.name(),
            _ => self.mark(c, two, first.len_utf8()),
        }
        true
    }

    fn comment(&mut self) {
        let line = Self::run(self.rest(), |c| c != '\n');
        let text = self.rest().get(..line).unwrap_or("").trim_end();
        self.push(SyntaxKind::Comment, text.len());
    }

    fn name(&mut self) {
        let bytes = Self::run(self.rest(), is_name_char);
        self.word(bytes);
    }

    /// A name or keyword of so many bytes.
    fn word(&mut self, bytes: usize) {
        let span = self.push(SyntaxKind::Name, bytes);
        let written = span.text(self.text);
        let word = if written.is_ascii() {
            Keyword::parse(written)
        } else {
            Keyword::parse(&half_width_text(written))
        };
        if let Some(token) = self.tokens.last_mut() {
            token.word = word;
        }
    }

    /// `「…」` and strings; they end with the line at the latest.
    fn bracketed(&mut self, close: char, kind: SyntaxKind) {
        let rest = self.rest();
        let line = rest.get(..Self::run(rest, |c| c != '\n')).unwrap_or("");
        let mut chars = line.char_indices().skip(1);
        let found = chars.find(|(_, c)| *c == close || (close == '"' && punctuation(*c) == '"'));
        if let Some((at, c)) = found {
            let span = self.push(kind, at + c.len_utf8());
            if kind == SyntaxKind::QuotedName
                && span.text(self.text).trim_matches(['「', '」', ' ']).is_empty()
            {
                self.sink.report(|| {
                    Diagnostic::error("HJ0107", span, "「」里没有名称", "there is no name inside 「」")
                });
            }
            return;
        }
        let span = self.push(kind, line.trim_end().len());
        self.sink.report(|| {
            let end = Span::new(span.end, span.end);
            Diagnostic::error(
                "HJ0106",
                span,
                format!("这一行里缺少收尾的 {close}"),
                format!("the closing {close} is missing on this line"),
            )
            .fix(
                end,
                close,
                format!("在行末补上 {close}"),
                format!("add {close} at the end of the line"),
            )
        });
    }

    fn mark(&mut self, c: char, next: Option<char>, bytes: usize) {
        use SyntaxKind as K;
        let second = self.rest().chars().nth(1).map_or(0, char::len_utf8);
        let (kind, bytes) = match (c, next) {
            ('>', Some('=')) => (K::GreaterEqual, bytes + second),
            ('<', Some('=')) => (K::LessEqual, bytes + second),
            ('!', Some('=')) => (K::NotEqual, bytes + second),
            ('(', _) => (K::LeftParen, bytes),
            (')', _) => (K::RightParen, bytes),
            (',', _) => (K::Comma, bytes),
            (':', _) => (K::Colon, bytes),
            ('.', _) => (K::Dot, bytes),
            ('|', _) => (K::Bar, bytes),
            ('+', _) => (K::Plus, bytes),
            ('-', _) => (K::Minus, bytes),
            ('×', _) => (K::Times, bytes),
            ('÷', _) => (K::Divide, bytes),
            ('=', _) => (K::Equal, bytes),
            ('≠', _) => (K::NotEqual, bytes),
            ('<', _) => (K::Less, bytes),
            ('≤', _) => (K::LessEqual, bytes),
            ('>', _) => (K::Greater, bytes),
            ('≥', _) => (K::GreaterEqual, bytes),
            ('。', _) => (K::FullStop, bytes),
            _ => return self.unknown(),
        };
        self.push(kind, bytes);
    }

    /// One token and one diagnostic for a run of characters that mean nothing.
    fn unknown(&mut self) {
        let bytes = Self::run(self.rest(), |c| {
            let c = punctuation(c);
            !is_name_char(c) && !c.is_whitespace() && !c.is_ascii_punctuation() && !"「“×÷≠≤≥。—".contains(c)
        });
        let first = self.rest().chars().next().map_or(1, char::len_utf8);
        let span = self.push(SyntaxKind::Unknown, bytes.max(first));
        let written = span.text(self.text);
        self.sink.report(|| {
            let shown: String = written.chars().take(20).collect();
            let diagnostic = Diagnostic::error(
                "HJ0105",
                span,
                format!("规则里不能用“{shown}”"),
                format!("“{shown}” means nothing in a rule"),
            );
            match punctuation(shown.chars().next().unwrap_or(' ')) {
                ';' => {
                    diagnostic.fix(span, "", "删去；一行写一句", "remove it; write one statement per line")
                }
                '—' => diagnostic.help(
                    "“—”只用在表格里；规则里写 免 或 无",
                    "“—” is for table cells; write 免 (exempt) or 无 (none) in a rule",
                ),
                _ => diagnostic.help(
                    "名称里有别的符号时，用「」括起来",
                    "put a name with other characters between 「 and 」",
                ),
            }
        });
    }
}
