//! The lossless tree: every byte of the document is in it.

use rowan::{Checkpoint, GreenNodeBuilder};

macro_rules! kinds {
    ($($(#[$doc:meta])* $kind:ident,)*) => {
        /// Kinds of tokens and nodes of the tree.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        #[repr(u16)]
        pub enum SyntaxKind {
            $($(#[$doc])* $kind,)*
        }

        impl SyntaxKind {
            const ALL: &'static [SyntaxKind] = &[$(SyntaxKind::$kind,)*];
        }
    };
}

kinds! {
    /// Spaces and tabs.
    Whitespace,
    /// A line break inside a statement, or of an empty line.
    Newline,
    /// The line break that ends a statement line.
    LineEnd,
    /// `-- …` or `—— …`
    Comment,
    /// `。` at the end of a line.
    FullStop,
    /// A name without brackets.
    Name,
    /// `「…」`
    QuotedName,
    /// A word of the grammar.
    Keyword,
    /// A built-in function before `(`.
    Function,
    /// A built-in type where a type stands.
    TypeWord,
    /// A number with its unit run.
    Number,
    /// `2026-01-05`
    Date,
    /// `2026年1季`
    Period,
    /// `08:30`
    Time,
    /// `“…”`
    Text,
    /// `(`
    LeftParen,
    /// `)`
    RightParen,
    /// `,`
    Comma,
    /// `:`
    Colon,
    /// `.`
    Dot,
    /// `|`
    Bar,
    /// `+`
    Plus,
    /// `-`
    Minus,
    /// `×`
    Times,
    /// `÷`
    Divide,
    /// `=`
    Equal,
    /// `≠`
    NotEqual,
    /// `<`
    Less,
    /// `≤`
    LessEqual,
    /// `>`
    Greater,
    /// `≥`
    GreaterEqual,
    /// Characters that mean nothing here.
    Unknown,
    /// A heading line.
    HeadingLine,
    /// A line of prose.
    ProseLine,
    /// The first or last line of a fence.
    FenceLine,
    /// A line of a Markdown table.
    TableLine,

    /// The whole document.
    Document,
    /// A heading and what is below it.
    Section,
    /// A run of prose lines.
    Prose,
    /// A fence of rules.
    RulesFence,
    /// A fence of examples.
    ExamplesFence,
    /// A Markdown table.
    MarkdownTable,
    /// A head line with its items.
    Statement,
    /// A line below a head.
    Item,
    /// `name = …`
    Definition,
    /// A line that could not be read.
    Error,
    /// `coll [逐 …] [每季]`
    Context,
    /// A type.
    TypeExpr,
    /// A citation.
    Citation,
    /// A literal.
    Literal,
    /// A name used as a value.
    NameExpr,
    /// `base.name`
    FieldExpr,
    /// `name(…)` or `base.name(…)`
    CallExpr,
    /// `(…)` of a call.
    Arguments,
    /// One argument.
    Argument,
    /// `(…)`
    ParenExpr,
    /// `如 … 否则 …`
    IfExpr,
    /// `非 x`, `-x`
    PrefixExpr,
    /// `a op b`, `a 无则 b`, `a 缺则 b`
    BinaryExpr,
    /// `coll 其中 cond`
    WhereExpr,
}

impl SyntaxKind {
    /// Whether the parser looks past it.
    pub(crate) fn is_trivia(self) -> bool {
        use SyntaxKind::{Comment, FullStop, Newline, Whitespace};
        matches!(self, Whitespace | Newline | Comment | FullStop)
    }
}

/// The language of the tree, for `rowan`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum PolicyLanguage {}

impl rowan::Language for PolicyLanguage {
    type Kind = SyntaxKind;

    fn kind_from_raw(raw: rowan::SyntaxKind) -> SyntaxKind {
        SyntaxKind::ALL.get(usize::from(raw.0)).copied().unwrap_or(SyntaxKind::Unknown)
    }

    fn kind_to_raw(kind: SyntaxKind) -> rowan::SyntaxKind {
        raw(kind)
    }
}

/// A node of the tree.
pub type SyntaxNode = rowan::SyntaxNode<PolicyLanguage>;
/// A token of the tree.
pub type SyntaxToken = rowan::SyntaxToken<PolicyLanguage>;
/// A node or a token.
pub type SyntaxElement = rowan::SyntaxElement<PolicyLanguage>;

fn raw(kind: SyntaxKind) -> rowan::SyntaxKind {
    rowan::SyntaxKind(kind as u16)
}

/// Builds the tree; knows how many nodes are open, so that a parser which gives up can close them.
#[derive(Debug)]
pub(crate) struct TreeBuilder {
    inner: GreenNodeBuilder<'static>,
    open: usize,
}

impl TreeBuilder {
    pub(crate) fn new() -> Self {
        let mut builder = Self { inner: GreenNodeBuilder::new(), open: 0 };
        builder.start(SyntaxKind::Document);
        builder
    }

    pub(crate) fn start(&mut self, kind: SyntaxKind) {
        self.inner.start_node(raw(kind));
        self.open += 1;
    }

    pub(crate) fn start_at(&mut self, checkpoint: Checkpoint, kind: SyntaxKind) {
        self.inner.start_node_at(checkpoint, raw(kind));
        self.open += 1;
    }

    pub(crate) fn finish(&mut self) {
        self.inner.finish_node();
        self.open -= 1;
    }

    pub(crate) fn token(&mut self, kind: SyntaxKind, text: &str) {
        self.inner.token(raw(kind), text);
    }

    pub(crate) fn checkpoint(&self) -> Checkpoint {
        self.inner.checkpoint()
    }

    pub(crate) fn open(&self) -> usize {
        self.open
    }

    /// Closes nodes until only `open` are open.
    pub(crate) fn close_to(&mut self, open: usize) {
        while self.open > open {
            self.finish();
        }
    }

    pub(crate) fn build(mut self) -> SyntaxNode {
        self.close_to(0);
        SyntaxNode::new_root(self.inner.finish())
    }
}
