//! One open document: its text, where its lines begin, and what the checker says of it, found out once per version.

use crate::position::{BadPosition, Lines};
use crate::protocol::{Change, Code, Position, Range, Refusal};
use hengjie_policy::adopt::Assembled;
use hengjie_policy::index::{Analysis, Index, Occurrence, Symbol};
use hengjie_syntax::tree::{SyntaxKind as K, SyntaxToken};
use hengjie_syntax::{Parse, Span};
use std::cell::OnceCell;

/// An open document.
#[derive(Debug)]
pub(crate) struct Document {
    pub(crate) uri: String,
    pub(crate) version: i64,
    pub(crate) text: String,
    pub(crate) lines: Lines,
    parse: OnceCell<Parse>,
    assembled: OnceCell<Assembled>,
    analysis: OnceCell<Analysis>,
}

/// A name in the text, cut to the name itself: in `初级3档` the characters 初级.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Place {
    pub(crate) span: Span,
    pub(crate) symbol: Symbol,
    pub(crate) declares: bool,
}

impl Document {
    pub(crate) fn new(uri: String, version: i64, text: String) -> Self {
        let lines = Lines::new(&text);
        Self {
            uri,
            version,
            text,
            lines,
            parse: OnceCell::new(),
            assembled: OnceCell::new(),
            analysis: OnceCell::new(),
        }
    }

    /// The text of a span.
    pub(crate) fn slice(&self, span: Span) -> &str {
        span.text(&self.text)
    }

    pub(crate) fn parse(&self) -> &Parse {
        self.parse.get_or_init(|| hengjie_syntax::parse(&self.text))
    }

    /// The document with what it adopts; its own places are the same in both.
    pub(crate) fn assembled(&self) -> &Assembled {
        self.assembled.get_or_init(|| assemble(&self.uri, &self.text))
    }

    pub(crate) fn analysis(&self) -> &Analysis {
        self.analysis.get_or_init(|| hengjie_policy::analyse(self.assembled(), None))
    }

    pub(crate) fn index(&self) -> &Index {
        &self.analysis().index
    }

    /// Does the document have rules or examples? Other Markdown is none of our business.
    pub(crate) fn is_policy(&self) -> bool {
        let ours = |kind| matches!(kind, K::RulesFence | K::ExamplesFence);
        self.parse().tree.children().flat_map(|section| section.children()).any(|node| ours(node.kind()))
    }

    /// Replaces pieces of the text, one after the other.
    pub(crate) fn change(&mut self, version: Option<i64>, changes: &[Change]) -> Result<(), BadPosition> {
        for change in changes {
            match change.range {
                None => self.text.clone_from(&change.text),
                Some(range) => {
                    let span = self.lines.span(&self.text, range)?;
                    self.text.replace_range(span.start as usize..span.end as usize, &change.text);
                }
            }
            self.lines = Lines::new(&self.text);
        }
        self.version = version.unwrap_or(self.version + 1);
        (self.parse, self.assembled, self.analysis) = (OnceCell::new(), OnceCell::new(), OnceCell::new());
        Ok(())
    }

    pub(crate) fn range(&self, span: Span) -> Range {
        self.lines.range(&self.text, span)
    }

    /// The byte of a position.
    pub(crate) fn offset(&self, position: Position) -> Result<u32, Refusal> {
        self.lines.offset(&self.text, position).map_err(refused)
    }

    /// The span of a range.
    pub(crate) fn span(&self, range: Range) -> Result<Span, Refusal> {
        self.lines.span(&self.text, range).map_err(refused)
    }

    /// The token at a byte; of two that meet there, the one that is more than space or sign.
    pub(crate) fn token_at(&self, offset: u32) -> Option<SyntaxToken> {
        let offset = offset.min(u32::try_from(self.text.len()).unwrap_or(u32::MAX));
        let found = self.parse().tree.token_at_offset(offset.into());
        found.max_by_key(|token| {
            u8::from(matches!(
                token.kind(),
                K::Name | K::QuotedName | K::Keyword | K::Function | K::TypeWord | K::Number
            ))
        })
    }

    /// Where exactly a name stands; `None` when the piece does not hold it.
    pub(crate) fn place(&self, found: &Occurrence) -> Option<Place> {
        if found.span.end as usize > self.text.len() {
            // It stands in an adopted document.
            return None;
        }
        let name = self.index().name(found.symbol);
        let text = self.slice(found.span);
        let place = |span| Some(Place { span, symbol: found.symbol, declares: found.declares });
        if text == name || text.starts_with('「') {
            return place(found.span);
        }
        let written = |wanted: &str| text.find(wanted).map(|at| (at, wanted.len()));
        let (at, length) = match found.symbol {
            // A citation stands first in its heading.
            Symbol::Article(_) => (0, text.split_whitespace().next().map_or(0, str::len)),
            _ => written(name).or_else(|| wide(text, name))?,
        };
        let start = found.span.start + at as u32;
        place(Span::new(start, start + length as u32))
    }

    /// The names at a byte, the shortest first.
    pub(crate) fn places_at(&self, offset: u32) -> Vec<Place> {
        let found = self.index().at(offset);
        let places = found.iter().filter_map(|found| self.place(found));
        places.filter(|place| place.span.start <= offset && offset <= place.span.end).collect()
    }

    /// All places of a symbol.
    pub(crate) fn places_of(&self, symbol: Symbol) -> Vec<Place> {
        let mut places: Vec<Place> =
            self.index().occurrences_of(symbol).filter_map(|found| self.place(found)).collect();
        places.sort_unstable();
        places.dedup_by_key(|place| place.span);
        places
    }
}

/// A text with what it adopts, which lies in the folders around the file.
pub(crate) fn assemble(uri: &str, text: &str) -> Assembled {
    let path = crate::live::path_of(uri).unwrap_or_default();
    hengjie_policy::adopt::assemble(text, &|wanted, from| {
        hengjie_app::document::find_adopted(&path, wanted, from)
    })
}

/// A position that is none, as a refusal.
pub(crate) fn refused(bad: BadPosition) -> Refusal {
    let (zh, en) = bad.text();
    Refusal::new(Code::InvalidParameters, zh, en)
}

/// A name written with full-width signs: where it stands in a piece, and its length there.
fn wide(text: &str, name: &str) -> Option<(usize, usize)> {
    let narrow = |c: char| match c {
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(c as u32 - 0xfee0).unwrap_or(c),
        other => other,
    };
    let wanted: Vec<char> = name.chars().collect();
    let found: Vec<(usize, char)> = text.char_indices().map(|(at, c)| (at, narrow(c))).collect();
    let fits = |start: &usize| {
        found
            .get(*start..*start + wanted.len())
            .is_some_and(|part| part.iter().map(|(_, c)| *c).eq(wanted.iter().copied()))
    };
    let start = (0..found.len()).find(fits).filter(|_| !wanted.is_empty())?;
    let from = found.get(start)?.0;
    let to = found.get(start + wanted.len()).map_or(text.len(), |(at, _)| *at);
    Some((from, to - from))
}
