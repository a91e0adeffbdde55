//! A checked policy (boundary crate): names, types, units, rules that meet, order; the typed core and its hash.
//!
//! Stage table: `syntax::ast::Document` —[`check`]→ [`core::Program`] + diagnostics → artifact (canonical JSON, SHA-256).
//!
//! **Invariant:** nothing here reads a clock, file, environment or network, and nothing knows a bank: all nouns come from the document.

pub mod adopt;
mod advice;
mod artifact;
mod checker;
mod citation;
pub mod codes;
mod collect;
mod context;
pub mod core;
mod coverage;
mod declare;
mod draft;
mod example;
mod form;
mod graph;
mod guard;
pub mod index;
mod infer;
pub mod limits;
mod mention;
mod order;
mod parameter;
mod population;
pub mod print;
mod procedure;
mod ranking;
mod rules;
mod run;
mod spelling;
mod split;
mod symbols;
mod table;
mod total;
mod typed;
mod types;
mod unused;
pub mod walk;
mod written;

pub use artifact::{FORMAT, artifact_json, content_hash};
pub use checker::{Checked, Compiled, check, compile, compile_with};
pub use coverage::{articles_with_examples, articles_with_rules, attributes_of_article};
pub use index::analyse;
