//! Literate Markdown, line by line: headings, fences, tables and prose, as pieces that cover every byte.

use crate::span::Span;

/// A run of whole lines.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Piece {
    /// What it is.
    pub kind: PieceKind,
    /// All its lines, line ends included.
    pub span: Span,
    /// Inside a fence: the lines between the first and the last. Otherwise the same as `span`.
    pub body: Span,
    /// False for a fence without its closing line.
    pub closed: bool,
}

/// What a piece is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PieceKind {
    /// A heading of level 1 to 6.
    Heading(u8),
    /// Lines that mean nothing to the machine, empty ones included.
    Prose,
    /// A fence of another language.
    OtherFence,
    /// A fence of rules.
    Rules,
    /// A fence of examples.
    Examples,
    /// A Markdown table.
    Table,
}

/// Cuts a document into its pieces.
#[must_use]
pub fn scan(text: &str) -> Vec<Piece> {
    let mut scanner = Scanner::new(text);
    let mut pieces: Vec<Piece> = Vec::new();
    let mut line = 0;
    while line < scanner.lines.len() {
        let (kind, end, body, closed) = scanner.piece_at(line);
        let span = scanner.span(line, end);
        match pieces.last_mut() {
            Some(last) if kind == PieceKind::Prose && last.kind == PieceKind::Prose => {
                last.span.end = span.end;
                last.body.end = span.end;
            }
            _ => pieces.push(Piece { kind, span, body: scanner.span(body.0, body.1), closed }),
        }
        line = end;
    }
    pieces
}

/// The level and the text (with its span) of a heading line such as `## 第五条 存款指标`.
pub(crate) fn heading(line: &str) -> Option<(u8, &str)> {
    let trimmed = strip_indent(line)?;
    let text = trimmed.trim_start_matches('#');
    let level = trimmed.len() - text.len();
    if !(1..=6).contains(&level) || !(text.trim().is_empty() || text.starts_with([' ', '\t', '\u{3000}'])) {
        return None;
    }
    let text = text.trim();
    let bare = text.trim_end_matches('#');
    let closes = bare.len() < text.len() && (bare.is_empty() || bare.ends_with([' ', '\t']));
    Some((u8::try_from(level).unwrap_or(6), if closes { bare.trim_end() } else { text }))
}

/// Whether a line can be a row of a Markdown table.
pub(crate) fn is_table_row(line: &str) -> bool {
    strip_indent(line).is_some_and(|line| line.starts_with('|'))
}

/// Whether a line is the `|---|:--:|` below a table's header.
pub(crate) fn is_delimiter_row(line: &str) -> bool {
    let Some(inner) = strip_indent(line).map(str::trim_end).and_then(|line| line.strip_prefix('|')) else {
        return false;
    };
    inner.strip_suffix('|').unwrap_or(inner).split('|').all(|cell| {
        let cell = cell.trim();
        let dashes = cell.strip_prefix(':').unwrap_or(cell);
        let dashes = dashes.strip_suffix(':').unwrap_or(dashes);
        !dashes.is_empty() && dashes.bytes().all(|byte| byte == b'-')
    })
}

/// The line without up to three spaces of indentation; `None` when it is indented further.
fn strip_indent(line: &str) -> Option<&str> {
    let rest = line.trim_start_matches(' ');
    (line.len() - rest.len() <= 3).then_some(rest)
}

/// A line that opens or closes a fence.
#[derive(Debug, Clone, Copy)]
struct Marker<'a> {
    line: usize,
    mark: char,
    length: usize,
    /// The words after the marks.
    info: &'a str,
}

impl<'a> Marker<'a> {
    fn read(line: usize, text: &'a str) -> Option<Self> {
        let text = strip_indent(text)?;
        let mark = text.chars().next().filter(|mark| matches!(mark, '`' | '~'))?;
        let rest = text.trim_start_matches(mark);
        let length = text.len() - rest.len();
        let info = rest.trim();
        (length >= 3 && !(mark == '`' && info.contains('`'))).then_some(Self { line, mark, length, info })
    }

    /// What the fence that it opens holds.
    fn opens(&self) -> PieceKind {
        match self.info.split_whitespace().next() {
            Some("规则" | "rules") => PieceKind::Rules,
            Some("示例" | "examples") => PieceKind::Examples,
            _ => PieceKind::OtherFence,
        }
    }

    fn closes(&self, opening: &Marker<'_>) -> bool {
        self.info.is_empty() && self.mark == opening.mark && self.length >= opening.length
    }
}

struct Scanner<'a> {
    text: &'a str,
    /// First byte of each line.
    lines: Vec<u32>,
    markers: Vec<Marker<'a>>,
    /// Marks that are known to have no closing line of at least this length in the rest of the document.
    without_end: Vec<(char, usize)>,
}

impl<'a> Scanner<'a> {
    fn new(text: &'a str) -> Self {
        let mut scanner = Self { text, lines: Vec::new(), markers: Vec::new(), without_end: Vec::new() };
        let mut start = 0;
        for line in text.split_inclusive('\n') {
            scanner.markers.extend(Marker::read(scanner.lines.len(), line));
            scanner.lines.push(start as u32);
            start += line.len();
        }
        scanner
    }

    fn start(&self, line: usize) -> u32 {
        self.lines.get(line).copied().unwrap_or(self.text.len() as u32)
    }

    fn span(&self, from: usize, to: usize) -> Span {
        Span::new(self.start(from), self.start(to))
    }

    fn line(&self, line: usize) -> &'a str {
        self.span(line, line + 1).text(self.text)
    }

    /// The piece that begins at a line: kind, line after it, lines of its body, whether it is closed.
    fn piece_at(&mut self, line: usize) -> (PieceKind, usize, (usize, usize), bool) {
        let text = self.line(line);
        if let Some((level, _)) = heading(text) {
            return (PieceKind::Heading(level), line + 1, (line, line + 1), true);
        }
        if let Some(opening) = self.marker(line) {
            return self.fence(opening);
        }
        if is_table_row(text) && is_delimiter_row(self.line(line + 1)) {
            let mut end = line + 2;
            while end < self.lines.len() && is_table_row(self.line(end)) {
                end += 1;
            }
            return (PieceKind::Table, end, (line, end), true);
        }
        (PieceKind::Prose, line + 1, (line, line + 1), true)
    }

    fn marker(&self, line: usize) -> Option<usize> {
        self.markers.binary_search_by_key(&line, |marker| marker.line).ok()
    }

    /// A fence goes to its closing line. Without one it goes to the next heading or the end; a fence of ours also ends
    /// where another one of ours opens.
    fn fence(&mut self, opening: usize) -> (PieceKind, usize, (usize, usize), bool) {
        let Some((marker, later)) = self.markers.get(opening..).and_then(|markers| markers.split_first())
        else {
            return (PieceKind::Prose, self.lines.len(), (0, 0), true);
        };
        let kind = marker.opens();
        let ours = kind != PieceKind::OtherFence;
        let hopeless =
            self.without_end.iter().any(|(mark, length)| marker.mark == *mark && marker.length >= *length);
        for next in later.iter().take_while(|_| ours || !hopeless) {
            if next.closes(marker) {
                return (kind, next.line + 1, (marker.line + 1, next.line), true);
            }
            if ours && next.opens() != PieceKind::OtherFence {
                break;
            }
        }
        if !ours && !hopeless {
            self.without_end.push((marker.mark, marker.length));
        }
        let limit = later
            .iter()
            .find(|next| ours && next.opens() != PieceKind::OtherFence)
            .map_or(self.lines.len(), |next| next.line);
        let end = (marker.line + 1..limit).find(|line| heading(self.line(*line)).is_some()).unwrap_or(limit);
        (kind, end, (marker.line + 1, end), false)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str) -> String {
        let pieces = scan(text);
        let joined: String = pieces.iter().map(|piece| piece.span.text(text)).collect();
        assert_eq!(joined, text, "every byte belongs to one piece");
        pieces
            .iter()
            .map(|piece| {
                let open = if piece.closed { "" } else { " (open)" };
                format!("{:?}{open} {:?}\n", piece.kind, piece.body.text(text))
            })
            .collect()
    }

    #[test]
    fn pieces_of_a_document() {
        insta::assert_snapshot!(check("前言\n# 标题 #\n\n```规则\na = 1\n```\n| a |\n|---|\n| 1 |\n尾"), @r###"
        Prose "前言\n"
        Heading(1) "# 标题 #\n"
        Prose "\n"
        Rules "a = 1\n"
        Table "| a |\n|---|\n| 1 |\n"
        Prose "尾"
        "###);
    }

    #[test]
    fn an_open_fence_ends_at_the_next_heading() {
        insta::assert_snapshot!(check("```rules\na = 1\n## 二\n````markdown\n```规则\n```\n````\n"), @r###"
        Rules (open) "a = 1\n"
        Heading(2) "## 二\n"
        OtherFence "```规则\n```\n"
        "###);
    }
}
