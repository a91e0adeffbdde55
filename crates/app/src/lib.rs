//! Use cases: what users do with policies and facts. The only place where language, facts and evaluation meet.
//!
//! | use case | module |
//! |---|---|
//! | read and check a document | [`document`] |
//! | which tables it needs, templates | [`schema`] |
//! | parameters, and which are missing | [`parameters`] |
//! | compute a population and write it | [`run`], [`output`] |
//! | explain one value | [`explain`] |
//! | run the examples of a document | [`examples`] |
//! | show all sample policies at work | [`demo`] |
//!
//! **Invariant:** what goes wrong is a [`Failure`] with messages in Chinese and English; nothing here prints.

mod cone;
mod dataset;
pub mod demo;
pub mod document;
pub mod examples;
pub mod explain;
mod failure;
mod faults;
mod gather;
mod limits;
mod load;
pub mod output;
pub mod parameters;
pub mod run;
pub mod schema;
mod typed;
mod words;

pub use cone::Cone;
pub use dataset::Facts;
pub use failure::{Failure, Outcome};
pub use load::Source;
