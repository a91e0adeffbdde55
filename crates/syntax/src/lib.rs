//! The policy document as text (boundary crate): literate Markdown, lexer (zh, en), lossless tree, syntax, formatter,
//! diagnostics and their renderers.
//!
//! **Invariant:** parsing never fails: it returns a tree plus diagnostics. Nothing here resolves a name or knows a unit's meaning.

pub mod ast;
mod chars;
pub mod diagnostic;
mod document;
pub mod format;
pub mod keywords;
mod lexer;
mod limits;
mod parse;
mod parser;
mod prose;
pub mod render;
mod sink;
mod span;
mod spelling;
mod table;
pub mod tree;

pub use diagnostic::{Diagnostic, Fix, Label, Message, Severity};
pub use document::{Piece, PieceKind, scan};
pub use parse::{Parse, parse};
pub use render::line_column;
pub use span::Span;
pub use spelling::spelling;
