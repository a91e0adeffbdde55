//! The log: read, and checked from its first entry to its last.

use crate::Store;
use crate::error::Result;
use crate::pool::each;
use crate::rows::Entry;
use crate::write::sha256;

/// Entries that are checked at a time.
const BATCH: i64 = 1_000;

/// What checking the log found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LogCheck {
    /// Entries that were read.
    pub entries: i64,
    /// Number of the first entry that is missing or was changed.
    pub first_bad: Option<i64>,
}

impl Entry {
    /// The digest that this entry must have.
    pub(crate) fn expected_digest(&self) -> String {
        let number = self.number.to_string();
        sha256(&[&number, &self.at, &self.actor, &self.operation, &self.object, &self.detail, &self.previous])
    }
}

impl Store {
    /// Entries with numbers below `before` (all for `None`), the newest first, at most `limit`.
    ///
    /// # Errors
    /// The database's.
    pub async fn log(&self, before: Option<i64>, limit: i64) -> Result<Vec<Entry>> {
        const SQL: &str = "SELECT number, at, actor, operation, object, detail, previous, digest FROM audit \
            WHERE number < $1 ORDER BY number DESC LIMIT $2";
        let before = before.unwrap_or(i64::MAX);
        Ok(each!(&self.pool, pool => sqlx::query_as(SQL).bind(before).bind(limit).fetch_all(pool).await?))
    }

    /// Reads the whole log and follows the chain of digests to its recorded end.
    ///
    /// # Errors
    /// The database's.
    pub async fn check_log(&self) -> Result<LogCheck> {
        const SQL: &str = "SELECT number, at, actor, operation, object, detail, previous, digest FROM audit \
            WHERE number > $1 ORDER BY number LIMIT $2";
        const HEAD: &str = "SELECT number, digest FROM audit_head WHERE id = 1";
        let (mut last, mut digest) = (0, String::new());
        loop {
            let batch: Vec<Entry> =
                each!(&self.pool, pool => sqlx::query_as(SQL).bind(last).bind(BATCH).fetch_all(pool).await?);
            if batch.is_empty() {
                break;
            }
            for entry in batch {
                let is_good = entry.number == last + 1
                    && entry.previous == digest
                    && entry.digest == entry.expected_digest();
                if !is_good {
                    return Ok(LogCheck { entries: last, first_bad: Some(last + 1) });
                }
                (last, digest) = (entry.number, entry.digest);
            }
        }
        let (number, end): (i64, String) =
            each!(&self.pool, pool => sqlx::query_as(HEAD).fetch_one(pool).await?);
        let first_bad = (number != last || end != digest).then_some(last + 1);
        Ok(LogCheck { entries: last, first_bad })
    }
}
