//! Every limit of reading a document, with its reason.

/// Nesting of an expression, and length of a chain of operators: every pass over expressions is recursive, and no
/// regulation comes near it.
pub(crate) const EXPRESSION_DEPTH: u32 = 200;

/// Diagnostics of one document; more help nobody. A last one says how many were left out.
pub(crate) const DIAGNOSTICS: usize = 200;

/// Size of a document in bytes: positions are 32-bit numbers, and a regulation is a few hundred kilobytes.
pub(crate) const DOCUMENT_BYTES: usize = 256 * 1024 * 1024;
