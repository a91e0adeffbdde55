//! Who did what.

use super::access::Operation;
use super::answer::{LogChecked, LogEntry};
use super::refusal::Refused;
use super::{Asking, Console};

/// Entries of a page.
const PAGE: i64 = 200;

impl Console {
    /// Entries below a number (the newest for `None`), the newest first.
    ///
    /// # Errors
    /// [`super::Refusal::Forbidden`], [`super::Refusal::Store`].
    pub async fn log(&self, asking: &Asking, before: Option<i64>) -> Refused<Vec<LogEntry>> {
        asking.actor.permit(Operation::ReadLog)?;
        let entry = |entry: hengjie_store::rows::Entry| LogEntry {
            number: entry.number,
            at: entry.at,
            actor: entry.actor,
            operation: entry.operation,
            object: entry.object,
            detail: entry.detail,
            digest: entry.digest,
        };
        Ok(self.store.log(before, PAGE).await?.into_iter().map(entry).collect())
    }

    /// Follows the chain of digests from the first entry to the last.
    ///
    /// # Errors
    /// [`super::Refusal::Forbidden`], [`super::Refusal::Store`].
    pub async fn check_log(&self, asking: &Asking) -> Refused<LogChecked> {
        asking.actor.permit(Operation::CheckLog)?;
        let check = self.store.check_log().await?;
        Ok(LogChecked { entries: check.entries, first_bad: check.first_bad })
    }
}
