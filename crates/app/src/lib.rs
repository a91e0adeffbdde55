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
//!
//! **Invariant:** what goes wrong is a [`Failure`] with messages in Chinese and English; nothing here prints.

mod limits;
mod words;
mod failure;
mod faults;
pub mod document;
mod cone;
pub mod schema;
mod typed;
mod gather;
mod dataset;
mod load;
pub mod parameters;
pub mod run;
pub mod output;
pub mod explain;
pub mod examples;

pub use cone::Cone;
pub use dataset::Facts;
pub use failure::{Failure, Outcome};
pub use load::Source;
