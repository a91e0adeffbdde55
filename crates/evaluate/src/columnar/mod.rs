//! Whole populations by columns.
//!
//! Stages: expression —[`compile`]→ [`plan`] (resolved against the data, one period and one frame; ranges and errors
//! proven) —[`execute`]→ columns. Lanes are independent and chunks have fixed borders, sums are integers: the result does
//! not depend on the number of threads.
//!
//! What a plan cannot express falls back, attribute by attribute, to the row evaluator: slower, never different.

mod aggregate;
mod arithmetic;
mod compile;
mod engine;
mod exact;
mod execute;
mod gather;
mod inline;
mod number;
mod plan;
mod quota;
mod ranking;
mod readers;
mod reduce;
mod results;
mod session;
mod siblings;
mod trace;
mod vector;

pub use results::{Request, ResultColumn, ResultData, Results, evaluate};
pub use session::Session;

/// Why an attribute is computed row by row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Unsupported(pub(crate) &'static str);

pub(crate) type Result<T> = std::result::Result<T, Unsupported>;

#[cfg(test)]
mod agreement;
