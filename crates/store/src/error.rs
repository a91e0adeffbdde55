//! Why the store did not do something.

/// Why the store did not do something.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StoreError {
    /// There is no such document, version, run or part.
    #[error("nothing stands under this name")]
    Absent,
    /// The row has been changed since the caller read it.
    #[error("row version {found}, not {expected}")]
    Conflict {
        /// What the caller had read.
        expected: i64,
        /// What stands there.
        found: i64,
    },
    /// The key has been used for another write.
    #[error("the key was used for something else")]
    KeyReused,
    /// A run that has ended cannot end again.
    #[error("the run has ended")]
    Ended,
    /// The tables are newer than this program, or were changed by hand.
    #[error("schema: {0}")]
    Schema(#[from] sqlx::migrate::MigrateError),
    /// The database.
    #[error("database: {0}")]
    Database(#[from] sqlx::Error),
}

/// The result of asking the store.
pub type Result<T> = std::result::Result<T, StoreError>;
