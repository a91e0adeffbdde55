//! Which line breaks end a statement.
//!
//! A statement is one line. It goes on while a bracket is open, when a line ends with an operator or an infix word, and
//! when the next line begins with one. A bracket that was forgotten does not swallow the following lines: two operands
//! never stand side by side, so a line that begins with an operand after a line that ended with one begins a statement.

use super::Token;
use crate::diagnostic::Diagnostic;
use crate::keywords::{Keyword, Position};
use crate::sink::Sink;
use crate::span::Span;
use crate::tree::SyntaxKind as K;

/// Turns each line break that ends a statement into [`K::LineEnd`]; reports a `。` that ends no line.
pub(super) fn mark_line_ends(tokens: &mut [Token], sink: &mut Sink) {
    let mut previous: Option<Token> = None;
    let mut open_brackets = 0_usize;
    // Line breaks before this position are decided.
    let mut decided = 0;
    for index in 0..tokens.len() {
        let Some(token) = tokens.get(index).copied() else { break };
        if token.kind == K::Newline {
            if index >= decided {
                decided = next_significant(tokens, index);
                let after = following(tokens, decided);
                if previous.is_some_and(|last| !goes_on(last, tokens.get(decided), after, open_brackets > 0))
                {
                    set_kind(tokens, index, K::LineEnd);
                    previous = None;
                    open_brackets = 0;
                }
            }
            continue;
        }
        if token.kind == K::FullStop && !ends_line(tokens, index) {
            set_kind(tokens, index, K::Unknown);
            report_full_stop(token.span, sink);
        }
        match token.kind {
            K::LeftParen => open_brackets += 1,
            K::RightParen => open_brackets = open_brackets.saturating_sub(1),
            _ => {}
        }
        if !tokens.get(index).is_some_and(|token| token.kind.is_trivia()) {
            previous = tokens.get(index).copied();
        }
    }
}

fn report_full_stop(span: Span, sink: &mut Sink) {
    sink.report(|| {
        Diagnostic::error("HJ0105", span, "“。”后面还有内容", "something follows the full stop").fix(
            span,
            "\n",
            "另起一行",
            "begin a new line",
        )
    });
}

fn set_kind(tokens: &mut [Token], index: usize, kind: K) {
    if let Some(token) = tokens.get_mut(index) {
        token.kind = kind;
    }
}

/// Position of the next token that is no trivia, or the end.
fn next_significant(tokens: &[Token], from: usize) -> usize {
    let found = tokens.iter().skip(from).position(|token| !token.kind.is_trivia());
    found.map_or(tokens.len(), |offset| from + offset)
}

/// The token after `index` on the same line.
fn following(tokens: &[Token], index: usize) -> Option<Token> {
    tokens.iter().skip(index + 1).find(|token| token.kind != K::Whitespace).copied()
}

fn ends_line(tokens: &[Token], index: usize) -> bool {
    following(tokens, index).is_none_or(|token| matches!(token.kind, K::Newline | K::Comment))
}

/// Whether the statement that `last` belongs to goes on with `next`, the first token of a later line.
fn goes_on(last: Token, next: Option<&Token>, after: Option<Token>, in_brackets: bool) -> bool {
    let Some(next) = next else { return false };
    if begins_with_infix(*next, after) {
        return true;
    }
    if in_brackets && begins_statement(*next, after) {
        return false;
    }
    // A value that was forgotten: `甲 =` above `乙 = 1`.
    let defines = begins_operand(*next) && after.is_some_and(|after| after.kind == K::Equal);
    if !in_brackets && defines && matches!(last.kind, K::Equal | K::Plus | K::Minus | K::Times | K::Divide) {
        return false;
    }
    ends_with_infix(last) || (in_brackets && !(ends_operand(last) && begins_operand(*next)))
}

/// A head word with an operand behind it: cannot stand inside an expression.
fn begins_statement(next: Token, after: Option<Token>) -> bool {
    next.word.is_some_and(|word| matches!(word.position(), Position::Head | Position::ExampleHead))
        && after.is_some_and(|after| begins_operand(after) && after.word != Some(Keyword::As))
}

fn begins_with_infix(next: Token, after: Option<Token>) -> bool {
    if next.word.is_some_and(Keyword::continues_line) {
        return true;
    }
    // The clauses of a definition may stand on lines of their own.
    let is_clause =
        matches!(next.word, Some(Keyword::When | Keyword::Over | Keyword::Into | Keyword::Weight));
    if is_clause {
        return after.is_some_and(begins_operand);
    }
    is_operator(next.kind) || matches!(next.kind, K::RightParen | K::Dot)
}

fn ends_with_infix(last: Token) -> bool {
    last.word.is_some_and(Keyword::continues_line)
        || is_operator(last.kind)
        || matches!(last.kind, K::LeftParen | K::Colon | K::Dot)
}

fn is_operator(kind: K) -> bool {
    use K::{
        Bar, Comma, Divide, Equal, Greater, GreaterEqual, Less, LessEqual, Minus, NotEqual, Plus, Times,
    };
    matches!(
        kind,
        Bar | Comma
            | Divide
            | Equal
            | Greater
            | GreaterEqual
            | Less
            | LessEqual
            | Minus
            | NotEqual
            | Plus
            | Times
    )
}

fn ends_operand(last: Token) -> bool {
    begins_operand(last) || last.kind == K::RightParen
}

fn begins_operand(token: Token) -> bool {
    use K::{Date, Name, Number, Period, QuotedName, Text, Time};
    let is_value = matches!(token.kind, Name | QuotedName | Number | Date | Period | Time | Text);
    is_value && !token.word.is_some_and(Keyword::continues_line)
}
