//! Facts in and results out: the only crate that knows files of facts.
//!
//! Reading goes in this order, one module each:
//!
//! 1. [`TableSpec`] says which tables a policy needs; [`Mapping`] says how the files of a source system fit them.
//! 2. [`load_folder`] or [`load_workbook`] reads CSV, Excel, Parquet and JSON into typed columns ([`LoadedTable`]).
//! 3. [`resolve`] replaces keys by positions in the table they refer to.
//!
//! What must be known later as well goes into a [`FactStore`]: [`import()`] judges every row of a delivery, keeps the good ones for good
//! and hands the others back with the reasons; [`FactStore::load`] reads as of any import; [`ownership`] says whose a customer is.
//!
//! Nothing stops at the first mistake: one pass reports every [`Fault`] of every file with its row, column and value,
//! and [`FaultReport`] writes them as text or JSON. Numbers stay exact from the file to the column.
//!
//! The other way, [`write_templates`] makes the files that people fill in, and [`write_xlsx`], [`write_csv`],
//! [`write_json`] and [`write_parquet`] write a [`ResultTable`]; a writer leaves a whole file or none.

#![expect(
    clippy::result_large_err,
    reason = "a fault that ends the reading of a file is made once; its size does not matter"
)]

mod archive;
mod bilingual;
mod browse;
mod builder;
mod cell;
mod column;
mod fault;
mod gather;
mod heading;
mod import;
mod limits;
mod load;
mod mapping;
mod number;
pub mod ownership;
mod reason;
mod resolve;
mod spec;
mod store;
mod template;
mod write;

pub use bilingual::Bilingual;
pub use column::{ColumnData, Integers, Keys, LoadedColumn, LoadedTable, Sources, Status};
pub use fault::{Fault, FaultReport, Severity, TableTotal};
pub use import::{Acceptance, Import, ImportRequest, TableImport, import, import_while};
pub use limits::Limits;
pub use load::{Loaded, Progress, ProgressFn, is_reading_guarded, load_folder, load_workbook};
pub use mapping::{ColumnMapping, Mapping, OneOrMany, TableMapping};
pub use reason::io_reason;
pub use resolve::resolve;
pub use spec::{ColumnKind, ColumnSpec, TableSpec};
pub use store::{Action, Entry, FactStore, Manifest, Piece, sha256, sha256_of_file};
pub use template::write_templates;
pub use write::{
    ResultColumn, ResultTable, ResultValues, WriteError, write_csv, write_json, write_parquet, write_xlsx,
};
