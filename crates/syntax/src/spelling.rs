//! Messages in the words of the document: who writes `take … given_to …` reads about `given_to`, not about 给.

use crate::diagnostic::{Diagnostic, Message};
use crate::keywords::{FUNCTIONS, Keyword, TYPES, VALUES, translate};
use crate::tree::{SyntaxKind, SyntaxNode};
use hengjie_quantity::Lang;

/// The language in which most words of the grammar are written; Chinese for a document without any.
#[must_use]
pub fn spelling(tree: &SyntaxNode) -> Lang {
    let tokens = tree.descendants_with_tokens().filter_map(rowan::NodeOrToken::into_token);
    let keywords = tokens.filter(|token| token.kind() == SyntaxKind::Keyword);
    let balance: i64 = keywords.map(|token| if token.text().is_ascii() { 1 } else { -1 }).sum();
    if balance > 0 { Lang::En } else { Lang::Zh }
}

impl Diagnostic {
    /// The same in the words of a document that is written in `lang`. Messages are made with the Chinese words: in English
    /// sentences all of them are replaced, in Chinese sentences those in quotes.
    #[must_use]
    pub fn spelled(mut self, lang: Lang) -> Self {
        if lang == Lang::Zh {
            return self;
        }
        let labels = self.labels.iter_mut().map(|label| &mut label.message);
        for message in labels.chain([&mut self.message]).chain(&mut self.help) {
            respell(message);
        }
        if let Some(fix) = &mut self.fix {
            respell(&mut fix.title);
            fix.replacement = in_english(&fix.replacement);
        }
        self
    }
}

fn respell(message: &mut Message) {
    message.en = in_english(&message.en);
    let mut quoted = String::new();
    for (place, part) in message.zh.split_inclusive(['“', '”']).enumerate() {
        let is_quoted = place > 0 && part.ends_with('”');
        quoted.push_str(&if is_quoted { in_english(part) } else { part.to_owned() });
    }
    message.zh = quoted;
}

/// Every run of Chinese characters that is a word of the language, in English.
fn in_english(text: &str) -> String {
    let mut out = String::new();
    let mut run = String::new();
    for c in text.chars().chain(['\0']) {
        if is_han(c) {
            run.push(c);
            continue;
        }
        if !run.is_empty() {
            out.push_str(word(&run, c).unwrap_or(&run));
            run.clear();
        }
        if c != '\0' {
            out.push(c);
        }
    }
    out
}

fn is_han(c: char) -> bool {
    matches!(c, '\u{4e00}'..='\u{9fff}')
}

/// A word by its Chinese spelling; a function where `(` follows.
fn word(zh: &str, next: char) -> Option<&'static str> {
    let function = translate(FUNCTIONS, zh, Lang::En);
    let keyword = Keyword::parse(zh).map(Keyword::en);
    let other = translate(VALUES, zh, Lang::En).or_else(|| translate(TYPES, zh, Lang::En));
    if next == '(' { function.or(keyword).or(other) } else { keyword.or(other).or(function) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Span;

    #[test]
    fn words_of_the_grammar_are_quoted_as_the_document_spells_them() {
        let found = Diagnostic::error(
            "HJ0999",
            Span::new(0, 1),
            "“于”后面要写期间，不是“客户”",
            "behind 于 stands a period, such as 合计(名下, 其.余额)",
        )
        .fix(Span::new(0, 1), "(x 无则 0元)", "改成“无则”", "write 无则");
        assert_eq!(found.clone().spelled(Lang::Zh), found);
        let english = found.spelled(Lang::En);
        assert_eq!(english.message.zh, "“on”后面要写期间，不是“客户”");
        assert_eq!(english.message.en, "behind on stands a period, such as sum(名下, it.余额)");
        let fix = english.fix.unwrap();
        assert_eq!((fix.title.zh.as_str(), fix.title.en.as_str()), ("改成“or_none”", "write or_none"));
        assert_eq!(fix.replacement, "(x or_none 0元)");
    }

    #[test]
    fn most_words_tell_the_spelling() {
        let of = |text: &str| spelling(&crate::parse(text).tree);
        assert_eq!(of("no rules at all"), Lang::Zh);
        assert_eq!(of("```rules\nfor staff yearly\nx = if a then b else c\n```\n"), Lang::En);
        assert_eq!(of("```规则\n对 人员 每年\nx = 如 a 则 b 否则 c\n```\n"), Lang::Zh);
    }
}
