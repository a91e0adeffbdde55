//! Two texts, piece by piece.

use similar::{ChangeTag, TextDiff};

/// What became of a piece of text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mark {
    /// In both.
    Same,
    /// Only in the old one.
    Removed,
    /// Only in the new one.
    Added,
}

/// A piece of text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Piece {
    /// What became of it.
    pub mark: Mark,
    /// The text.
    pub text: String,
}

/// The pieces of two texts, word by word (a Chinese character is a word); neighbours with one mark are one piece.
pub(super) fn pieces(old: &str, new: &str) -> Vec<Piece> {
    let diff = TextDiff::configure().algorithm(similar::Algorithm::Patience).diff_unicode_words(old, new);
    let mut pieces: Vec<Piece> = Vec::new();
    for change in diff.iter_all_changes() {
        let mark = match change.tag() {
            ChangeTag::Equal => Mark::Same,
            ChangeTag::Delete => Mark::Removed,
            ChangeTag::Insert => Mark::Added,
        };
        match pieces.last_mut() {
            Some(last) if last.mark == mark => last.text.push_str(change.value()),
            _ => pieces.push(Piece { mark, text: change.value().to_owned() }),
        }
    }
    pieces
}

/// With what is gone in `[- -]` and what is new in `{+ +}`.
pub(super) fn plain(pieces: &[Piece]) -> String {
    let text = |piece: &Piece| match piece.mark {
        Mark::Same => piece.text.clone(),
        Mark::Removed => format!("[-{}-]", piece.text),
        Mark::Added => format!("{{+{}+}}", piece.text),
    };
    pieces.iter().map(text).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_that_differ_are_marked() {
        let check = |old: &str, new: &str, expected: &str| assert_eq!(plain(&pieces(old, new)), expected);
        check("每点加10分", "每点加8分", "每点加[-10-]{+8+}分");
        check("满三年", "满三年以上", "满三年{+以上+}");
        check("同样", "同样", "同样");
        check("", "新的", "{+新的+}");
        check("旧的", "", "[-旧的-]");
    }
}
