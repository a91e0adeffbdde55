//! One statement line: spaces between its tokens, and where it breaks.

use super::{keyword_of, token};
use crate::keywords::Keyword;
use crate::tree::{SyntaxKind as K, SyntaxToken};
use hengjie_quantity::Lang;

/// A token that is printed, with what comes before it.
struct Word<'a> {
    token: &'a SyntaxToken,
    /// It begins a new line.
    breaks: bool,
    /// Comments between the token before and this one; each ends its line.
    comments: Vec<Comment>,
}

struct Comment {
    text: String,
    /// It stood on a line of its own.
    alone: bool,
}

/// A statement in its one form, without the line break at its end.
pub(super) struct Formatted {
    pub(super) text: String,
    /// The comment behind a statement of one line; other comments are in the text.
    pub(super) comment: Option<String>,
}

/// Formats the tokens of a statement line.
pub(super) fn format(line: &[SyntaxToken], language: Option<Lang>) -> Formatted {
    let (mut words, trailing) = words(line);
    move_breaks(&mut words);
    let mut formatted = String::new();
    let mut previous: Option<&SyntaxToken> = None;
    for word in &words {
        write_comments(&mut formatted, &word.comments);
        if word.breaks || !word.comments.is_empty() {
            formatted.push_str("\n  ");
        } else if previous.is_some_and(|previous| has_space(previous, word.token)) {
            formatted.push(' ');
        }
        formatted.push_str(&token::spelling(word.token, language));
        previous = Some(word.token);
    }
    if let [comment] = trailing.as_slice()
        && !comment.alone
        && !formatted.contains('\n')
    {
        return Formatted { text: formatted, comment: Some(comment.text.clone()) };
    }
    write_comments(&mut formatted, &trailing);
    Formatted { text: formatted, comment: None }
}

fn write_comments(formatted: &mut String, comments: &[Comment]) {
    for (index, comment) in comments.iter().enumerate() {
        formatted.push_str(if comment.alone || index > 0 { "\n  " } else { "  " });
        formatted.push_str(&comment.text);
    }
}

/// The printed tokens, and the comments behind the last one.
fn words(line: &[SyntaxToken]) -> (Vec<Word<'_>>, Vec<Comment>) {
    let mut words: Vec<Word<'_>> = Vec::new();
    let mut comments = Vec::new();
    let mut breaks = false;
    for token in line {
        match token.kind() {
            K::Newline => breaks = true,
            K::Whitespace | K::FullStop | K::LineEnd => {}
            K::Comment => comments.push(Comment { text: token::comment(token.text()), alone: breaks }),
            _ => {
                words.push(Word { token, breaks, comments: std::mem::take(&mut comments) });
                breaks = false;
            }
        }
    }
    (words, comments)
}

/// Puts each line break where a line may begin, and adds those of 如 chains.
fn move_breaks(words: &mut [Word<'_>]) {
    for index in 1..words.len() {
        let Some([before, word]) = words.get(index - 1..=index) else { continue };
        if !word.breaks || !word.comments.is_empty() {
            continue;
        }
        let (left, right) = (before.token, word.token);
        let goes_to = if right.kind() == K::Comma {
            Some(index + 1)
        } else if left.kind() == K::Comma || begins_line(right) {
            Some(index)
        } else if begins_line(left) && index > 1 {
            Some(index - 1)
        } else {
            None
        };
        set_break(words, index, false);
        if let Some(place) = goes_to {
            set_break(words, place, true);
        }
    }
    for index in 1..words.len() {
        if words.get(index).is_some_and(|word| begins_case(word.token)) {
            set_break(words, index, true);
        }
    }
}

fn set_break(words: &mut [Word<'_>], index: usize, breaks: bool) {
    if let Some(word) = words.get_mut(index) {
        word.breaks = breaks;
    }
}

/// Whether a continuation line may begin with the token.
fn begins_line(token: &SyntaxToken) -> bool {
    let parent = token.parent().map(|parent| parent.kind());
    if let Some(word) = keyword_of(token) {
        let is_clause = matches!(word, Keyword::When | Keyword::Over | Keyword::Into | Keyword::Weight);
        let is_prefix = word == Keyword::Not || word == Keyword::Pending;
        return is_clause || (word.is_reserved() && !is_prefix);
    }
    match token.kind() {
        K::Plus | K::Minus | K::Times | K::Divide => parent == Some(K::BinaryExpr),
        K::Equal => parent == Some(K::BinaryExpr),
        K::NotEqual | K::Less | K::LessEqual | K::Greater | K::GreaterEqual | K::Bar => true,
        _ => false,
    }
}

/// Whether the token is a 如 behind the first, or the 否则, of a chain with several cases.
fn begins_case(token: &SyntaxToken) -> bool {
    let word = keyword_of(token);
    if !matches!(word, Some(Keyword::If | Keyword::Else)) {
        return false;
    }
    let Some(chain) = token.parent().filter(|parent| parent.kind() == K::IfExpr) else { return false };
    let cases = || {
        chain
            .children_with_tokens()
            .filter_map(rowan::NodeOrToken::into_token)
            .filter(|token| keyword_of(token) == Some(Keyword::If))
    };
    let is_first = cases().next().is_some_and(|first| first == *token);
    !is_first && cases().nth(1).is_some()
}

/// Whether a space stands between two tokens of a line.
fn has_space(left: &SyntaxToken, right: &SyntaxToken) -> bool {
    let parent = |token: &SyntaxToken| token.parent().map(|parent| parent.kind());
    if parent(left) == Some(K::Citation) && left.parent() == right.parent() {
        return false;
    }
    let is_sign = |token: &SyntaxToken| token.kind() == K::Minus && parent(token) == Some(K::PrefixExpr);
    match (left.kind(), right.kind()) {
        (K::LeftParen | K::Dot, _) | (_, K::RightParen | K::Comma | K::Colon | K::Dot) => false,
        (_, K::LeftParen) => parent(right) == Some(K::ParenExpr) && !is_sign(left),
        // Two signs side by side would begin a comment.
        _ if is_sign(left) => is_sign(right),
        _ => true,
    }
}
