//! The last balance of every account and its day: what the next change is compared with.

use super::files::{self, FileRef};
use crate::changes::Sink;
use arrow_array::cast::AsArray;
use arrow_array::types::{Int32Type, Int64Type};
use arrow_array::{ArrayRef, Int32Array, Int64Array};
use hengjie_facts::Fault;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicI32, AtomicI64, Ordering};

/// Day of an account that never had a balance.
pub(crate) const NEVER: i32 = i32::MIN;

/// Balances by account; accounts behind the end never had one.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct LastBalances {
    pub(crate) balance_fen: Vec<i64>,
    pub(crate) day: Vec<i32>,
}

impl LastBalances {
    /// Makes room for accounts that are new.
    pub(crate) fn grow(&mut self, accounts: usize) {
        self.balance_fen.resize(accounts.max(self.balance_fen.len()), 0);
        self.day.resize(accounts.max(self.day.len()), NEVER);
    }

    /// A balance that was reported; an older day changes nothing here.
    pub(crate) fn set(&mut self, account: usize, day: i32, balance_fen: i64) {
        if day >= self.day[account] {
            self.day[account] = day;
            self.balance_fen[account] = balance_fen;
        }
    }
}

/// Collects last balances from runs: balances are sums of movements, days are maxima.
#[derive(Debug)]
pub(crate) struct State {
    balance_fen: Vec<AtomicI64>,
    day: Vec<AtomicI32>,
}

impl State {
    pub(crate) fn new(accounts: usize) -> Self {
        let balance_fen = (0..accounts).map(|_| AtomicI64::new(0)).collect();
        Self { balance_fen, day: (0..accounts).map(|_| AtomicI32::new(NEVER)).collect() }
    }

    pub(crate) fn finish(self) -> LastBalances {
        let balance_fen = self.balance_fen.into_iter().map(AtomicI64::into_inner).collect();
        LastBalances { balance_fen, day: self.day.into_iter().map(AtomicI32::into_inner).collect() }
    }
}

impl Sink for State {
    fn run(&self, account: usize, before_fen: i64, days: &[i32], balances: &[i64]) {
        let (Some(day), Some(balance)) = (days.last(), balances.last()) else { return };
        self.balance_fen[account].fetch_add(balance.wrapping_sub(before_fen), Ordering::Relaxed);
        self.day[account].fetch_max(*day, Ordering::Relaxed);
    }
}

/// # Errors
/// The file cannot be written.
pub(crate) fn write_state(folder: &Path, after: u32, last: &LastBalances) -> Result<FileRef, Fault> {
    let balances: ArrayRef = Arc::new(Int64Array::from(last.balance_fen.clone()));
    let days: ArrayRef = Arc::new(Int32Array::from(last.day.clone()));
    files::write(
        folder,
        &format!("register/{after:06}-last.parquet"),
        vec![("balance_fen", balances), ("day", days)],
    )
}

/// # Errors
/// The file is missing or damaged.
pub(crate) fn read_state(folder: &Path, file: &FileRef) -> Result<LastBalances, Fault> {
    let columns = files::read(folder, file, &["balance_fen", "day"])?;
    Ok(LastBalances {
        balance_fen: columns[0].as_primitive::<Int64Type>().values().to_vec(),
        day: columns[1].as_primitive::<Int32Type>().values().to_vec(),
    })
}
