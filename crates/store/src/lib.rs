//! What the console keeps (boundary crate): documents with versions, imports of their facts, runs with their results, and the log.
//!
//! One store, two databases: SQLite in a file of its own (the default) and PostgreSQL. The statements are the same text for
//! both; one conformance suite (`tests/both_databases.rs`) holds both to the same laws.
//!
//! | module | what |
//! |---|---|
//! | [`rows`] | what stands in the store |
//! | `pool` | the two databases behind one word |
//! | `write` | how every write is done: once per key, with the log in the same transaction |
//! | `documents`, `runs`, `imports`, `audit` | reads and writes of each |
//!
//! **Invariants:** a write with a key that has been used does nothing and gives the same answer; a write that names an older
//! row version is refused; every write stands in the log or did not happen; versions, results and the log are never changed.
//! No clock and no randomness: times, names and keys are arguments. Nothing here knows the language or HTTP.

mod audit;
mod documents;
mod error;
mod imports;
mod pool;
pub mod rows;
mod runs;
mod write;

pub use audit::LogCheck;
pub use documents::NewDocument;
pub use error::{Result, StoreError};
pub use imports::{EndedImport, NewImport, NewMapping};
pub use runs::{Ended, NewRun};
pub use write::Write;

/// An open store.
#[derive(Debug, Clone)]
pub struct Store {
    pool: pool::Pool,
}

impl Store {
    /// Opens the store at an address, `postgres://…` or the path of an SQLite file, and brings its tables up to date.
    ///
    /// # Errors
    /// [`StoreError::Database`] when it cannot be reached or written; [`StoreError::Schema`] when a newer Hengjie made it or
    /// its tables were changed by hand.
    pub async fn open(address: &str) -> Result<Self> {
        let pool = pool::Pool::open(address).await?;
        pool.migrate().await?;
        Ok(Self { pool })
    }

    /// Closes all connections: what has been written is on the disk.
    pub async fn close(&self) {
        pool::each!(&self.pool, pool => pool.close().await);
    }
}
