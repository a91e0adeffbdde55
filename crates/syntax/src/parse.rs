//! From text to tree, typed syntax and diagnostics.

use crate::ast::{
    Block, Document, ExampleBlock, ExpectationKind, GivenKind, MarkdownTable, Name, Section, Statement,
    StatementKind,
};
use crate::chars::half_width_text;
use crate::diagnostic::Diagnostic;
use crate::document::{self, Piece, PieceKind};
use crate::parser::{parse_examples, parse_rules};
use crate::sink::Sink;
use crate::span::Span;
use crate::tree::{SyntaxKind as K, SyntaxNode, TreeBuilder};
use crate::{limits, prose, table};

/// A document that has been read. Reading never fails.
#[derive(Debug, Clone)]
pub struct Parse {
    /// Every byte of the text.
    pub tree: SyntaxNode,
    /// What could be read.
    pub document: Document,
    /// What could not, by place.
    pub diagnostics: Vec<Diagnostic>,
}

/// Reads a policy document.
///
/// The tree holds every byte of `text`; the document holds what could be understood; each fault is one diagnostic.
#[must_use]
pub fn parse(text: &str) -> Parse {
    let mut sink = Sink::default();
    let mut assembler = Assembler {
        text,
        sink: &mut sink,
        tree: TreeBuilder::new(),
        document: Document::default(),
        waiting: Waiting::Nothing,
        section_open: false,
    };
    if text.len() > limits::DOCUMENT_BYTES {
        assembler.refuse_size();
    } else {
        for piece in document::scan(text) {
            assembler.piece(&piece);
        }
        assembler.stop_waiting();
    }
    let (tree, document) = (assembler.tree.build(), assembler.document);
    Parse { tree, document, diagnostics: sink.finish(u32::try_from(text.len()).unwrap_or(u32::MAX)) }
}

/// What a Markdown table right below would belong to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Waiting {
    Nothing,
    /// The last statement of the last block.
    Statement {
        span: Span,
        needed: bool,
    },
    Given(Span),
    Expectation(Span),
    /// A table of an example has been read; a fence of examples right below goes on with the same world.
    MoreExamples,
}

struct Assembler<'a> {
    text: &'a str,
    sink: &'a mut Sink,
    tree: TreeBuilder,
    document: Document,
    waiting: Waiting,
    section_open: bool,
}

impl Assembler<'_> {
    fn refuse_size(&mut self) {
        self.tree.token(K::ProseLine, self.text);
        self.sink.report(|| {
            Diagnostic::error(
                "HJ0100",
                Span::default(),
                "文件太大，不能读取",
                "the document is too large to be read",
            )
        });
    }

    fn piece(&mut self, piece: &Piece) {
        match piece.kind {
            PieceKind::Heading(level) => self.heading(level, piece.span),
            PieceKind::Prose | PieceKind::OtherFence => self.prose(piece),
            PieceKind::Rules | PieceKind::Examples => self.fence(piece),
            PieceKind::Table => self.table(piece.span),
        }
    }

    fn section(&mut self) -> Option<&mut Section> {
        if self.document.sections.is_empty() {
            self.open_section(0, Name { text: String::new(), span: Span::default() });
        }
        self.document.sections.last_mut()
    }

    fn open_section(&mut self, level: u8, heading: Name) {
        if self.section_open {
            self.tree.finish();
        }
        self.tree.start(K::Section);
        self.section_open = true;
        let first = heading.text.split_whitespace().next().unwrap_or("");
        let cite = half_width_text(first);
        let (sources, prose, blocks) = (Vec::new(), Vec::new(), Vec::new());
        self.document.sections.push(Section { level, heading, cite, sources, prose, blocks });
    }

    fn heading(&mut self, level: u8, span: Span) {
        self.stop_waiting();
        let line = span.text(self.text);
        let text = document::heading(line).map_or("", |(_, text)| text);
        let offset = if text.is_empty() { 0 } else { line.find(text).unwrap_or(0) };
        let start = span.start + offset as u32;
        let heading = Name { text: text.to_owned(), span: Span::new(start, start + text.len() as u32) };
        if level == 1 && self.document.title.is_empty() {
            text.clone_into(&mut self.document.title);
        }
        self.open_section(level, heading);
        self.tree.token(K::HeadingLine, line);
    }

    fn prose(&mut self, piece: &Piece) {
        if !piece.span.text(self.text).trim().is_empty() {
            self.stop_waiting();
        }
        if !piece.closed {
            self.report_open_fence(piece.span);
        }
        let text = self.text;
        let Some(section) = self.section() else { return };
        if piece.kind == PieceKind::OtherFence {
            section.prose.extend(prose::verbatim(text, piece.body));
        } else {
            prose::read(text, piece.span, &mut section.prose, &mut section.sources);
        }
        self.tree.start(K::Prose);
        self.lines(K::ProseLine, piece.span);
        self.tree.finish();
    }

    fn lines(&mut self, kind: K, span: Span) {
        for line in span.text(self.text).split_inclusive('\n') {
            self.tree.token(kind, line);
        }
    }

    fn report_open_fence(&mut self, span: Span) {
        let first = span.text(self.text).lines().next().unwrap_or("").trim_end();
        let span = Span::new(span.start, span.start + first.len() as u32);
        self.sink.report(|| {
            Diagnostic::error(
                "HJ0101",
                span,
                "这个代码块没有结束行 ```",
                "this fence has no closing line ```",
            )
            .help("读到下一个标题为止", "it was read up to the next heading")
        });
    }

    fn fence(&mut self, piece: &Piece) {
        let goes_on = self.waiting == Waiting::MoreExamples && piece.kind == PieceKind::Examples;
        self.stop_waiting();
        if !piece.closed {
            self.report_open_fence(piece.span);
        }
        let is_rules = piece.kind == PieceKind::Rules;
        if self.section().is_none() {
            return;
        }
        self.tree.start(if is_rules { K::RulesFence } else { K::ExamplesFence });
        self.lines(K::FenceLine, Span::new(piece.span.start, piece.body.start));
        if is_rules {
            self.rules(piece.body)
        } else {
            self.examples(piece, goes_on)
        }
        self.lines(K::FenceLine, Span::new(piece.body.end, piece.span.end));
        self.tree.finish();
    }

    fn rules(&mut self, body: Span) {
        let statements = parse_rules(self.text, body, &mut self.tree, self.sink);
        if let Some(last) = statements.last().filter(|last| takes_table(last)) {
            self.waiting = Waiting::Statement { span: last.span, needed: needs_table(last) };
        }
        for statement in statements.iter().rev().skip(1).filter(|statement| needs_table(statement)) {
            self.report_missing_table(statement.span);
        }
        if let Some(section) = self.document.sections.last_mut() {
            section.blocks.push(Block::Rules(statements));
        }
    }

    fn examples(&mut self, piece: &Piece, goes_on: bool) {
        let last = self.document.sections.last_mut().and_then(|section| section.blocks.last_mut());
        let mut block = match last {
            Some(Block::Examples(block)) if goes_on => std::mem::replace(block, empty_block(piece.span)),
            _ => empty_block(piece.span),
        };
        let (givens, expectations) = (block.givens.len(), block.expectations.len());
        parse_examples(self.text, piece.body, &mut self.tree, self.sink, &mut block);
        block.span = block.span.to(piece.span);
        let tables = example_tables(&block, givens, expectations);
        self.waiting = tables.last().copied().unwrap_or(Waiting::Nothing);
        let is_last = |waiting: &Waiting| match waiting {
            Waiting::Given(span) | Waiting::Expectation(span) => is_last_statement(&block, *span),
            _ => true,
        };
        if !is_last(&self.waiting) {
            self.waiting = Waiting::Nothing;
        }
        for table in tables {
            if table != self.waiting
                && let Waiting::Given(span) | Waiting::Expectation(span) = table
            {
                self.report_missing_table(span);
            }
        }
        let Some(section) = self.document.sections.last_mut() else { return };
        match section.blocks.last_mut() {
            Some(Block::Examples(last)) if goes_on => *last = block,
            _ => section.blocks.push(Block::Examples(block)),
        }
    }

    fn table(&mut self, span: Span) {
        if self.section().is_none() {
            return;
        }
        self.tree.start(K::MarkdownTable);
        self.lines(K::TableLine, span);
        self.tree.finish();
        if matches!(self.waiting, Waiting::Nothing | Waiting::MoreExamples) {
            self.waiting = Waiting::Nothing;
            return;
        }
        let table = table::read(self.text, span);
        let block = self.document.sections.last_mut().and_then(|section| section.blocks.last_mut());
        self.waiting = match (block, self.waiting) {
            (Some(Block::Rules(statements)), Waiting::Statement { .. }) => {
                if let Some(statement) = statements.last_mut() {
                    attach(statement, table);
                }
                Waiting::Nothing
            }
            (Some(Block::Examples(block)), waiting) => {
                attach_example(block, waiting, table);
                Waiting::MoreExamples
            }
            _ => Waiting::Nothing,
        };
    }

    /// No table follows any more: one that was needed is missing.
    fn stop_waiting(&mut self) {
        match self.waiting {
            Waiting::Statement { span, needed: true } | Waiting::Given(span) | Waiting::Expectation(span) => {
                self.report_missing_table(span)
            }
            _ => {}
        }
        self.waiting = Waiting::Nothing;
    }

    fn report_missing_table(&mut self, span: Span) {
        let first = span.text(self.text).lines().next().unwrap_or("").trim_end();
        let span = Span::new(span.start, span.start + first.len() as u32);
        self.sink.report(|| {
            Diagnostic::error(
                "HJ0110",
                span,
                "这一句下面缺少表格",
                "the table below this statement is missing",
            )
            .help(
                "这一句放在代码块的最后，表格紧跟在代码块后面",
                "make it the last statement of its fence and put the table right below the fence",
            )
        });
    }
}

fn empty_block(span: Span) -> ExampleBlock {
    ExampleBlock { givens: Vec::new(), expectations: Vec::new(), span }
}

/// Whether a Markdown table below the statement belongs to it.
fn takes_table(statement: &Statement) -> bool {
    match &statement.kind {
        StatementKind::Table(table) => table.table.is_none(),
        StatementKind::Form(form) => form.points.as_ref().is_some_and(|points| points.table.is_none()),
        _ => false,
    }
}

/// Whether the statement says nothing without its Markdown table. 栏目 may do without when fields have ranges.
fn needs_table(statement: &Statement) -> bool {
    match &statement.kind {
        StatementKind::Form(form) => {
            takes_table(statement) && !form.fields.iter().any(|field| field.ty.range.is_some())
        }
        _ => takes_table(statement),
    }
}

fn attach(statement: &mut Statement, table: MarkdownTable) {
    match &mut statement.kind {
        StatementKind::Table(decl) => decl.table = Some(table),
        StatementKind::Form(form) => {
            if let Some(points) = &mut form.points {
                points.table = Some(table);
            }
        }
        _ => {}
    }
}

/// The lines of one fence that want a table, in order; `givens` and `expectations` were there before.
fn example_tables(block: &ExampleBlock, givens: usize, expectations: usize) -> Vec<Waiting> {
    let mut tables: Vec<(Span, Waiting)> = Vec::new();
    for given in block.givens.iter().skip(givens) {
        if matches!(given.kind, GivenKind::Table { .. }) {
            tables.push((given.span, Waiting::Given(given.span)));
        }
    }
    for expectation in block.expectations.iter().skip(expectations) {
        if matches!(expectation.kind, ExpectationKind::Table { .. }) {
            tables.push((expectation.span, Waiting::Expectation(expectation.span)));
        }
    }
    tables.sort_by_key(|(span, _)| *span);
    tables.into_iter().map(|(_, waiting)| waiting).collect()
}

fn is_last_statement(block: &ExampleBlock, span: Span) -> bool {
    let last_given = block.givens.last().map_or(0, |given| given.span.start);
    let last_expectation = block.expectations.last().map_or(0, |expectation| expectation.span.start);
    span.start >= last_given.max(last_expectation)
}

fn attach_example(block: &mut ExampleBlock, waiting: Waiting, new: MarkdownTable) {
    match waiting {
        Waiting::Given(_) => {
            if let Some(GivenKind::Table { table, .. }) = block.givens.last_mut().map(|given| &mut given.kind)
            {
                *table = new;
            }
        }
        Waiting::Expectation(_) => {
            let last = block.expectations.last_mut().map(|expectation| &mut expectation.kind);
            if let Some(ExpectationKind::Table { table, .. }) = last {
                *table = new;
            }
        }
        _ => {}
    }
}
