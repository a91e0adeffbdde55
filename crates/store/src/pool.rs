//! The two databases behind one word.

use crate::error::Result;
use sqlx::migrate::{Migration, MigrationType, Migrator};
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};
use sqlx::{PgPool, Postgres, SqlSafeStr, Sqlite, SqlitePool, Transaction};
use std::time::Duration;

/// Connections: reads beside one another. Writes queue at the end of the log in any case.
const CONNECTIONS: u32 = 4;

/// How long a write waits for the one before it.
const BUSY: Duration = Duration::from_secs(5);

/// The migrations of each database: number, name and statements, from `schema/`.
const SQLITE: &[(i64, &str, &str)] = &[
    (1, "console", include_str!("../../../schema/sqlite/0001_console.sql")),
    (2, "imports", include_str!("../../../schema/sqlite/0002_imports.sql")),
];
const POSTGRES: &[(i64, &str, &str)] = &[
    (1, "console", include_str!("../../../schema/postgres/0001_console.sql")),
    (2, "imports", include_str!("../../../schema/postgres/0002_imports.sql")),
];

/// Runs what is new; refuses a store that a newer program made, or whose migrations were edited.
fn migrator(migrations: &'static [(i64, &'static str, &'static str)]) -> Migrator {
    let migration = |&(number, name, statements): &(i64, &'static str, &'static str)| {
        Migration::new(number, name.into(), MigrationType::Simple, statements.into_sql_str(), false)
    };
    Migrator::with_migrations(migrations.iter().map(migration).collect())
}

/// Connections to one of the two databases.
#[derive(Debug, Clone)]
pub(crate) enum Pool {
    Sqlite(SqlitePool),
    Postgres(PgPool),
}

/// A transaction on one of the two databases.
pub(crate) enum Tx {
    Sqlite(Transaction<'static, Sqlite>),
    Postgres(Transaction<'static, Postgres>),
}

/// The same expression for whichever database it is.
macro_rules! each {
    ($pool:expr, $database:ident => $body:expr) => {
        match $pool {
            $crate::pool::Pool::Sqlite($database) => $body,
            $crate::pool::Pool::Postgres($database) => $body,
        }
    };
}

/// The same expression within a transaction.
macro_rules! within {
    ($tx:expr, $database:ident => $body:expr) => {
        match $tx {
            $crate::pool::Tx::Sqlite(transaction) => {
                let $database = &mut **transaction;
                $body
            }
            $crate::pool::Tx::Postgres(transaction) => {
                let $database = &mut **transaction;
                $body
            }
        }
    };
}

pub(crate) use {each, within};

impl Pool {
    pub(crate) async fn open(address: &str) -> Result<Self> {
        if address.starts_with("postgres://") || address.starts_with("postgresql://") {
            let options = sqlx::postgres::PgPoolOptions::new().max_connections(CONNECTIONS);
            return Ok(Self::Postgres(options.connect(address).await?));
        }
        // FULL: what has been acknowledged survives a power cut, which WAL alone does not promise.
        let options = SqliteConnectOptions::new()
            .filename(address)
            .create_if_missing(true)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Full)
            .busy_timeout(BUSY)
            .foreign_keys(true)
            .pragma("trusted_schema", "OFF");
        let pool = SqlitePoolOptions::new().max_connections(CONNECTIONS).connect_with(options).await?;
        Ok(Self::Sqlite(pool))
    }

    pub(crate) async fn migrate(&self) -> Result<()> {
        match self {
            Self::Sqlite(pool) => migrator(SQLITE).run(pool).await?,
            Self::Postgres(pool) => migrator(POSTGRES).run(pool).await?,
        }
        Ok(())
    }

    /// Begins to write. SQLite takes its lock at once: a read that turns into a write could be refused in the middle.
    pub(crate) async fn begin(&self) -> Result<Tx> {
        Ok(match self {
            Self::Sqlite(pool) => Tx::Sqlite(pool.begin_with("BEGIN IMMEDIATE").await?),
            Self::Postgres(pool) => Tx::Postgres(pool.begin().await?),
        })
    }
}

impl Tx {
    pub(crate) async fn commit(self) -> Result<()> {
        match self {
            Self::Sqlite(transaction) => transaction.commit().await?,
            Self::Postgres(transaction) => transaction.commit().await?,
        }
        Ok(())
    }

    pub(crate) async fn rollback(self) -> Result<()> {
        match self {
            Self::Sqlite(transaction) => transaction.rollback().await?,
            Self::Postgres(transaction) => transaction.rollback().await?,
        }
        Ok(())
    }
}
