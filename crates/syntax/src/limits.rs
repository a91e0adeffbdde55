//! Every limit of reading a document, with its reason.

/// Brackets, calls and 如 inside each other in one expression. Each costs the parser some kilobytes of stack, of which a
/// thread may have no more than two million bytes; regulations need fewer than ten.
pub(crate) const NESTING: u32 = 64;

/// Height of the tree of an expression, and so the length of a chain such as `a + b + c`: every later pass over
/// expressions is recursive.
pub(crate) const EXPRESSION_HEIGHT: u32 = 200;

/// Diagnostics of one document; more help nobody. A last one says how many were left out.
pub(crate) const DIAGNOSTICS: usize = 200;

/// Size of a document in bytes: positions are 32-bit numbers, and a regulation is a few hundred kilobytes.
pub(crate) const DOCUMENT_BYTES: usize = 256 * 1024 * 1024;
