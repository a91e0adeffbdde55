//! The account-day ledger: built once from the history, kept up day by day, so that any period costs look-ups.
//!
//! A balance that holds from a day on is a movement on that day; balance-days up to a day are the sum of movements × days. Sums do not
//! ask in which order they were made: late days and corrections are further movements, and what was known after some load is
//! the sum of what had come until then.
//!
//! | part | what it keeps | module |
//! |---|---|---|
//! | list | every load with its day of recording and the hash of its file; every file of the ledger | [`manifest`] |
//! | sources | the files as they came | – |
//! | register | accounts by number; lines: what a customer has in one class | `register` |
//! | boundaries | balance-days of every line up to the first day of each month | `months`, `build` |
//! | ownership | tenures, and balance-days up to the days on which customers change hands | `cuts` |
//! | loads | balances by account and day, and what they moved, per later load | `load` |
//!
//! Figures are made by `query`, their parts by `explain`; `verify` computes everything again.
//!
//! A load writes its files first and then replaces the list: it is there whole or not at all. The same file counts once.

mod build;
mod close;
mod cuts;
mod explain;
mod files;
mod hand_over;
mod history;
mod load;
mod lookup;
mod manifest;
mod months;
mod points;
mod query;
mod register;
mod state;
mod verify;

pub use explain::{AccountPart, BalancePart, CustomerPart, TenurePart};
pub use files::{FileRef, write_columns};
pub use load::{Changes, Outcome};
pub use manifest::{Load, LoadKind, LoadNumber};
pub use query::CustomerSums;
pub use verify::Verdict;

use crate::accounts::Class;
use crate::changes::Watch;
use hengjie_facts::Fault;
use manifest::Manifest;
use std::path::{Path, PathBuf};

/// The files with which a ledger begins.
#[derive(Debug, Clone, Copy)]
pub struct Sources<'a> {
    /// Register: see [`crate::Accounts::read`].
    pub accounts: &'a Path,
    /// Balance changes, ordered by account and date: see [`crate::BalanceDays::read`].
    pub changes: &'a Path,
    /// Ownership: see [`crate::Ownership::read`].
    pub ownership: &'a Path,
}

/// A ledger in a folder.
#[derive(Debug, Clone)]
pub struct Ledger {
    folder: PathBuf,
    manifest: Manifest,
}

impl Ledger {
    /// Builds a ledger in a folder that has none. `recorded` is the day on which all of this became known, days since 1970-01-01.
    ///
    /// # Errors
    /// There is a ledger already, a file has faults (all faults of a file together), files cannot be written, or the work
    /// was cancelled; then the folder holds no ledger.
    pub fn build(
        folder: &Path,
        sources: &Sources<'_>,
        recorded: i32,
        watch: &Watch<'_>,
    ) -> Result<Self, Vec<Fault>> {
        build::build(folder, sources, recorded, watch)
    }

    /// Whether a folder holds a ledger.
    #[must_use]
    pub fn is_in(folder: &Path) -> bool {
        folder.join(manifest::NAME).exists()
    }

    /// Opens the ledger of a folder.
    ///
    /// # Errors
    /// There is none, or its list is damaged.
    pub fn open(folder: &Path) -> Result<Self, Fault> {
        Ok(Self { folder: folder.to_owned(), manifest: Manifest::read(folder)? })
    }

    /// Everything that was loaded, in order.
    #[must_use]
    pub fn loads(&self) -> &[Load] {
        &self.manifest.loads
    }

    /// Classes of accounts by position.
    #[must_use]
    pub fn classes(&self) -> Vec<Class> {
        let classes = self.manifest.classes.iter();
        classes.map(|class| Class { kind: class.kind.clone(), currency: class.currency.clone() }).collect()
    }

    /// (accounts, customers, lines)
    #[must_use]
    pub fn counts(&self) -> (usize, usize, usize) {
        let manifest = &self.manifest;
        (manifest.account_count(), manifest.customer_count(), manifest.line_count())
    }

    /// First and last day with a balance.
    #[must_use]
    pub fn days(&self) -> (i32, i32) {
        let with_days =
            || self.loads().iter().filter(|load| matches!(load.kind, LoadKind::History | LoadKind::Changes));
        let first = with_days().map(|load| load.first_day).min().unwrap_or_default();
        (first, with_days().map(|load| load.last_day).max().unwrap_or_default())
    }

    /// The last load that was recorded on or before a day; `None` before the first.
    #[must_use]
    pub fn known_on(&self, day: i32) -> Option<LoadNumber> {
        // Days of recording never go back.
        let count = self.loads().partition_point(|load| load.recorded <= day);
        (count > 0).then_some(count as LoadNumber)
    }

    /// The last load.
    #[must_use]
    pub fn last_load(&self) -> LoadNumber {
        self.manifest.last_load()
    }
}
