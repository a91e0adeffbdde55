//! What can be written at a place. The checker is asked, with a made-up name put there: it knows whose names hold, which
//! type is wanted, and which columns a row has. Where the sentence is not finished, shorter sentences are tried.
//!
//! Reading order: this module (which kind of place), `words` (words of the language), `attempt` (texts the checker can read),
//! `item` (how a name is offered).

mod attempt;
mod item;
mod words;

use crate::document::Document;
use hengjie_policy::core::Type;
use hengjie_policy::index::{Index, RuleForm, Symbol};
use hengjie_quantity::Lang;
use hengjie_syntax::Span;
use hengjie_syntax::ast::{Block, ExpectationKind, GivenKind, MarkdownTable, StatementKind};
use hengjie_syntax::keywords::Keyword;
use hengjie_syntax::tree::{SyntaxKind as K, SyntaxNode};
use item::Offer;
use serde_json::Value;

/// A place in a document where somebody types.
pub(crate) struct Cursor<'d> {
    pub(crate) document: &'d Document,
    pub(crate) offset: u32,
    /// The part of a name before the cursor.
    pub(crate) typed: Span,
    /// Spelling of the document.
    pub(crate) spelling: Lang,
    /// Language of what is said.
    pub(crate) lang: Lang,
}

/// The answer to `textDocument/completion`.
pub(crate) fn complete(document: &Document, offset: u32, lang: Lang) -> Value {
    let cursor = Cursor {
        document,
        offset,
        typed: typed(&document.text, offset),
        spelling: hengjie_syntax::spelling(&document.parse().tree),
        lang,
    };
    let offers = match fence_at(document, offset) {
        Some(K::RulesFence) => in_fence(&cursor, false),
        Some(K::ExamplesFence) => in_fence(&cursor, true),
        Some(K::MarkdownTable) => in_cell(&cursor),
        _ => Vec::new(),
    };
    item::list(&cursor, offers)
}

/// The letters of a name that end at a byte; an opening 「 belongs to it.
fn typed(text: &str, offset: u32) -> Span {
    let before = text.get(..offset as usize).unwrap_or("");
    let line = before.rfind('\n').map_or(0, |at| at + 1);
    let in_line = before.get(line..).unwrap_or("");
    if let Some(open) = in_line.rfind('「').filter(|open| !in_line.get(*open..).unwrap_or("").contains('」'))
    {
        return Span::new((line + open) as u32, offset);
    }
    let name: usize = in_line
        .chars()
        .rev()
        .take_while(|c| c.is_alphanumeric() || matches!(c, '_' | '·' | '%'))
        .map(char::len_utf8)
        .sum();
    Span::new(offset - name as u32, offset)
}

/// Which of our parts of the document holds a byte.
fn fence_at(document: &Document, offset: u32) -> Option<K> {
    let tree = &document.parse().tree;
    let nodes = tree.children().flat_map(|section| section.children());
    let holds = |node: &SyntaxNode| {
        let range = node.text_range();
        u32::from(range.start()) < offset && offset <= u32::from(range.end())
    };
    let node = nodes.filter(holds).last()?;
    // Behind the last line of a closed fence is prose.
    let text = document.text.get(u32::from(node.text_range().start()) as usize..offset as usize)?;
    let last = text.rsplit('\n').next().unwrap_or("").trim_start();
    let first_line = !text.contains('\n');
    let fenced = matches!(node.kind(), K::RulesFence | K::ExamplesFence);
    let outside = fenced && (first_line || last.starts_with("```") || last.starts_with("~~~"));
    (!outside).then(|| node.kind())
}

/// In a fence: at the start of a line, behind a number, behind a dot, behind an operand, or where an operand is wanted.
fn in_fence(cursor: &Cursor<'_>, examples: bool) -> Vec<Offer> {
    let text = &cursor.document.text;
    let before = text.get(..cursor.typed.start as usize).unwrap_or("");
    let line = before.rsplit('\n').next().unwrap_or("");
    let typed = cursor.document.slice(cursor.typed);
    if line.contains("--") || line.contains("——") {
        return Vec::new();
    }
    if typed.starts_with(|c: char| c.is_ascii_digit()) {
        return words::units(cursor);
    }
    let head = words::head(cursor, examples);
    if line.trim().is_empty() {
        let mut offers = words::line_starts(cursor, head, examples);
        offers.extend(words::continuations(cursor));
        if !examples && head == Some(Keyword::For) {
            offers.extend(rules_to_except(cursor));
        }
        return offers;
    }
    match before_cursor(cursor) {
        Before::Dot => attempt::probe(cursor)
            .map(|(index, probe)| item::probed(cursor, &index, &probe, false))
            .unwrap_or_default(),
        Before::Operand => words::after_operand(cursor, head),
        Before::Word(Keyword::Into) => rules_of_form(cursor, RuleForm::Total),
        Before::Word(Keyword::Along) => rules_of_form(cursor, RuleForm::Ranking),
        Before::Type => {
            let mut offers = words::types(cursor);
            offers.extend(probed(cursor, false));
            offers
        }
        Before::Word(_) | Before::Sign => {
            let mut offers = probed(cursor, true);
            offers.extend(words::after_word(cursor, head));
            offers
        }
    }
}

fn probed(cursor: &Cursor<'_>, operand: bool) -> Vec<Offer> {
    match attempt::probe(cursor) {
        Some((index, probe)) => item::probed(cursor, &index, &probe, operand),
        None => item::everything(cursor, operand),
    }
}

/// What stands before the cursor.
enum Before {
    Dot,
    Operand,
    Word(Keyword),
    /// `:` of a field, where a type stands.
    Type,
    /// An operator, bracket or comma.
    Sign,
}

fn before_cursor(cursor: &Cursor<'_>) -> Before {
    let tree = &cursor.document.parse().tree;
    let mut token = tree.token_at_offset(cursor.typed.start.into()).left_biased();
    while let Some(found) = &token {
        if !matches!(found.kind(), K::Whitespace | K::Newline | K::Comment) {
            break;
        }
        token = found.prev_token();
    }
    let Some(token) = token else { return Before::Sign };
    match token.kind() {
        K::Dot => Before::Dot,
        K::Name | K::QuotedName | K::Number | K::Date | K::Period | K::Text | K::RightParen | K::TypeWord => {
            match Keyword::parse(token.text()) {
                // A word whose sentence could not be read is still a name to the tree.
                Some(word) if !matches!(token.kind(), K::QuotedName) => of_word(word),
                _ => Before::Operand,
            }
        }
        K::Keyword => Keyword::parse(token.text()).map_or(Before::Sign, of_word),
        K::Colon => match words::head(cursor, false) {
            Some(Keyword::Kind | Keyword::Form | Keyword::Parameter | Keyword::Table) => Before::Type,
            _ => Before::Sign,
        },
        _ => Before::Sign,
    }
}

/// Some words end a phrase: behind them stands no operand.
fn of_word(word: Keyword) -> Before {
    use hengjie_syntax::keywords::Position;
    match word {
        Keyword::Pending | Keyword::Effective | Keyword::PrimaryKey | Keyword::Dated | Keyword::NoneLast => {
            Before::Operand
        }
        Keyword::HighToLow | Keyword::LowToHigh | Keyword::EarlyToLate => Before::Operand,
        word if word.position() == Position::Cadence => Before::Operand,
        word => Before::Word(word),
    }
}

fn rules_of_form(cursor: &Cursor<'_>, form: RuleForm) -> Vec<Offer> {
    let index = cursor.document.index();
    let rules = (0..).zip(&index.rules).filter(|(_, rule)| rule.form == form);
    rules.map(|(at, _)| Offer::symbol(index, Symbol::Rule(at), cursor.lang)).collect()
}

/// At the start of a line of rules: names that are already rules, for a further case.
fn rules_to_except(cursor: &Cursor<'_>) -> Vec<Offer> {
    rules_of_form(cursor, RuleForm::Definition).into_iter().map(Offer::late).collect()
}

/// In a table: items and 是, 否 where the column takes them.
fn in_cell(cursor: &Cursor<'_>) -> Vec<Offer> {
    let Some((table, example)) = table_at(cursor) else { return Vec::new() };
    let text = &cursor.document.text;
    let before = text.get(..cursor.offset as usize).unwrap_or("");
    let line = before.rsplit('\n').next().unwrap_or("");
    let in_header = !before.get(table.span.start as usize..).unwrap_or("").contains('\n');
    let column = line.matches('|').count().saturating_sub(line.matches("\\|").count()).saturating_sub(1);
    let Some(heading) = table.header.get(column).filter(|_| !in_header) else { return Vec::new() };
    let index = cursor.document.index();
    let symbol = index.at(heading.span.start).first().map(|found| found.symbol);
    let ty = symbol.and_then(|symbol| index.type_of(symbol)).map(|ty| ty.base);
    let mut offers = cell_values(index, ty.as_ref(), cursor.lang);
    let states: &[&str] = if example { &["无", "免", "待补", "待定"] } else { &["—", "待定"] };
    if !offers.is_empty() {
        offers.extend(states.iter().map(|word| Offer::word(word, "").late()));
    }
    offers
}

fn cell_values(index: &Index, ty: Option<&Type>, lang: Lang) -> Vec<Offer> {
    match ty {
        Some(Type::Enum(id)) => {
            let items = index.enums.get(id.index()).map_or(0, |found| found.items.len());
            (0..items).map(|at| Offer::symbol(index, Symbol::Item(*id, at as u32), lang)).collect()
        }
        Some(Type::Bool) => ["是", "否"].iter().map(|word| Offer::word(word, "")).collect(),
        _ => Vec::new(),
    }
}

/// The table at the cursor that belongs to a statement, and whether that is an example.
fn table_at<'d>(cursor: &Cursor<'d>) -> Option<(&'d MarkdownTable, bool)> {
    let holds =
        |table: &&MarkdownTable| table.span.start <= cursor.offset && cursor.offset <= table.span.end + 1;
    let sections = &cursor.document.parse().document.sections;
    for block in sections.iter().flat_map(|section| &section.blocks) {
        match block {
            Block::Rules(statements) => {
                let tables = statements.iter().filter_map(|statement| match &statement.kind {
                    StatementKind::Table(decl) => decl.table.as_ref(),
                    _ => None,
                });
                if let Some(table) = tables.into_iter().find(holds) {
                    return Some((table, false));
                }
            }
            Block::Examples(block) => {
                let givens = block.givens.iter().filter_map(|given| match &given.kind {
                    GivenKind::Table { table, .. } => Some(table),
                    _ => None,
                });
                let expected = block.expectations.iter().filter_map(|expectation| match &expectation.kind {
                    ExpectationKind::Table { table, .. } => Some(table),
                    ExpectationKind::Value { .. } => None,
                });
                if let Some(table) = givens.chain(expected).find(holds) {
                    return Some((table, true));
                }
            }
        }
    }
    None
}
