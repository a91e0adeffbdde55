//! Use cases: what users do with policies and facts. The only place where language, facts and evaluation meet.
//!
//! | use case | module |
//! |---|---|
//! | start a document from a sample or a blank | [`draft`] |
//! | read and check a document | [`document`] |
//! | which tables it needs, templates | [`schema`] |
//! | parameters, and which are missing | [`parameters`] |
//! | import files into a fact store, in a process of its own | [`import`], [`confined`] |
//! | who owns which customer | [`ownership`] |
//! | compute a population and write it | [`run`], [`output`] |
//! | explain one value | [`explain`] |
//! | what is missing for the next grade, who falls next | [`distance`] |
//! | what two versions say differently, and what it does | [`diff`] |
//! | what every other reading would do | [`readings`] |
//! | what a run was, and whether it gives the same again | [`replay`] |
//! | what of the difference between two runs comes from which cause | [`causes`] |
//! | what changed facts, parameters or another version would do | [`whatif`] |
//! | run the examples of a document | [`examples`] |
//! | look for faults of the text | [`health`] |
//! | which rules of the sources are computed | [`coverage`] |
//! | keep account-days, daily averages as facts | [`ledger`] |
//! | where real people fall in the rules | [`footprint`] |
//! | post pay, balances, closed years | [`pay`] |
//! | show all sample policies at work | [`demo`] |
//! | all of it in the console, kept in a store, with permissions | [`console`] |
//!
//! **Invariant:** what goes wrong is a [`Failure`] with messages in Chinese and English; nothing here prints.

mod carry;
pub mod causes;
mod compare;
mod cone;
pub mod confined;
pub mod console;
pub mod coverage;
mod dataset;
pub mod demo;
pub mod diff;
pub mod distance;
pub mod document;
pub mod draft;
mod effect;
pub mod examples;
pub mod explain;
mod failure;
mod faults;
mod first;
pub mod footprint;
mod gather;
pub mod health;
pub mod import;
pub mod ledger;
mod limits;
mod load;
mod names;
mod outcome;
pub mod output;
pub mod ownership;
pub mod parameters;
pub mod pay;
pub mod readings;
pub mod replay;
pub mod run;
pub mod schema;
mod sheet;
mod typed;
pub mod whatif;
mod words;

pub use cone::Cone;
pub use dataset::Facts;
pub use effect::Effect;
pub use failure::{Failure, Outcome};
pub use load::Source;
