//! Two evaluators of one typed core (boundary crate).
//!
//! [`row`] is slow and obvious: one value of one subject, with its derivation. [`columnar`] computes whole populations by
//! columns. They must agree on every value. [`explain`] writes down what the row evaluator does; [`example`] runs the
//! examples of a document on it.
//!
//! **Invariants:** no clock, file, environment, randomness or hash order; no float; dates are arguments. Nothing here knows
//! DataFusion or a database.

pub mod columnar;
pub mod dataset;
pub mod example;
pub mod explain;
pub mod format;
pub mod row;
pub mod value;
