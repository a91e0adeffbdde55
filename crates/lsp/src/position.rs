//! Places in a text as editors name them: line and column in UTF-16 units, both from 0.

use crate::protocol::{Position, Range};
use hengjie_syntax::Span;

/// Where the lines of a text begin. A line ends with `\n`, `\r\n` or `\r`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Lines {
    /// First byte of each line, and whether all before the next one is ASCII.
    starts: Vec<u32>,
}

/// Why a place is none.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum BadPosition {
    /// The text has fewer lines.
    Line { line: u32, lines: usize },
    /// In the middle of a character of two units.
    InsideCharacter { line: u32, character: u32 },
}

impl BadPosition {
    /// What is wrong, in Chinese and English.
    pub(crate) fn text(self) -> (String, String) {
        match self {
            Self::Line { line, lines } => (
                format!("位置在第 {} 行，文件只有 {lines} 行", u64::from(line) + 1),
                format!("the position is on line {}, the text has {lines} lines", u64::from(line) + 1),
            ),
            Self::InsideCharacter { line, character } => (
                format!("位置（第 {} 行，UTF-16 第 {character} 列）在一个字的中间", u64::from(line) + 1),
                format!(
                    "the position (line {}, UTF-16 column {character}) is inside a character",
                    u64::from(line) + 1
                ),
            ),
        }
    }
}

impl Lines {
    pub(crate) fn new(text: &str) -> Self {
        let bytes = text.as_bytes();
        let mut starts = vec![0];
        for (at, byte) in bytes.iter().enumerate() {
            let ends = match byte {
                b'\n' => true,
                b'\r' => bytes.get(at + 1) != Some(&b'\n'),
                _ => false,
            };
            if ends {
                starts.push(u32::try_from(at + 1).unwrap_or(u32::MAX));
            }
        }
        Self { starts }
    }

    /// The byte of a position. A column behind the end of its line means the end of the line.
    pub(crate) fn offset(&self, text: &str, position: Position) -> Result<u32, BadPosition> {
        let line = position.line as usize;
        let Some(&start) = self.starts.get(line) else {
            return Err(BadPosition::Line { line: position.line, lines: self.starts.len() });
        };
        let end = self.starts.get(line + 1).map_or(text.len(), |next| *next as usize);
        let content = text.get(start as usize..end).unwrap_or("").trim_end_matches(['\n', '\r']);
        let mut units = 0_u32;
        let mut offset = start;
        for character in content.chars() {
            if units >= position.character {
                break;
            }
            units += character.len_utf16() as u32;
            offset += character.len_utf8() as u32;
        }
        if units > position.character {
            return Err(BadPosition::InsideCharacter { line: position.line, character: position.character });
        }
        Ok(offset)
    }

    /// The position of a byte; a byte inside a character counts as its start.
    pub(crate) fn position(&self, text: &str, offset: u32) -> Position {
        let mut offset = (offset as usize).min(text.len());
        while !text.is_char_boundary(offset) {
            offset -= 1;
        }
        let line = self.starts.partition_point(|start| *start as usize <= offset).saturating_sub(1);
        let start = self.starts.get(line).map_or(0, |start| *start as usize);
        let before = text.get(start..offset).unwrap_or("");
        Position { line: u32::try_from(line).unwrap_or(u32::MAX), character: utf16(before) }
    }

    /// The range of a span.
    pub(crate) fn range(&self, text: &str, span: Span) -> Range {
        Range { start: self.position(text, span.start), end: self.position(text, span.end) }
    }

    /// The span of a range; the ends may stand the other way round.
    pub(crate) fn span(&self, text: &str, range: Range) -> Result<Span, BadPosition> {
        let (a, b) = (self.offset(text, range.start)?, self.offset(text, range.end)?);
        Ok(Span::new(a.min(b), a.max(b)))
    }
}

/// Length in UTF-16 units.
pub(crate) fn utf16(text: &str) -> u32 {
    if text.is_ascii() {
        return u32::try_from(text.len()).unwrap_or(u32::MAX);
    }
    u32::try_from(text.chars().map(char::len_utf16).sum::<usize>()).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn at(line: u32, character: u32) -> Position {
        Position { line, character }
    }

    #[test]
    fn chinese_pairs_and_line_ends() {
        let text = "甲乙\r\n😀丙\n\rx";
        let lines = Lines::new(text);
        let found = |line, character| lines.offset(text, at(line, character));
        assert_eq!(found(0, 1), Ok(3));
        assert_eq!(found(0, 9), Ok(6), "behind the line is its end, before the line break");
        assert_eq!(found(1, 2), Ok(12));
        assert_eq!(found(1, 1), Err(BadPosition::InsideCharacter { line: 1, character: 1 }));
        assert_eq!(found(2, 0), Ok(16));
        assert_eq!(found(3, 1), Ok(18));
        assert_eq!(found(4, 0), Err(BadPosition::Line { line: 4, lines: 4 }));
        assert_eq!(lines.position(text, 12), at(1, 2));
        assert_eq!(lines.position(text, 13), at(1, 2), "inside a character");
        assert_eq!(lines.position(text, 999), at(3, 1));
    }

    proptest! {
        #[test]
        fn positions_lead_back(text in "[a甲😀é\r\n]{0,40}") {
            let lines = Lines::new(&text);
            for (offset, _) in text.char_indices() {
                let between = text.get(..offset).is_some_and(|before| before.ends_with('\r'))
                    && text.get(offset..).is_some_and(|after| after.starts_with('\n'));
                if !between {
                    let offset = offset as u32;
                    prop_assert_eq!(lines.offset(&text, lines.position(&text, offset)), Ok(offset));
                }
            }
        }
    }
}
