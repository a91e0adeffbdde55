//! A checked policy (boundary crate): names, types, units, rules that meet, order; the typed core and its hash.
//!
//! Stage table: `syntax::ast::Document` —[`check`]→ [`core::Program`] + diagnostics → artifact (canonical JSON, SHA-256).
//!
//! **Invariant:** nothing here reads a clock, file, environment or network, and nothing knows a bank: all nouns come from the document.

pub mod core;
