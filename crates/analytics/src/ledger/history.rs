//! All balances that were ever reported of some accounts.

use super::Ledger;
use super::files;
use super::manifest::{Load, LoadNumber, path_of};
use super::register::Register;
use crate::columns::{Keys, Source, days, integers};
use arrow_array::cast::AsArray;
use arrow_array::types::{Int32Type, Int64Type, UInt32Type};
use arrow_buffer::ScalarBuffer;
use hengjie_facts::Fault;
use rayon::prelude::*;
use std::collections::BTreeMap;

/// Rows decoded at a time.
const BATCH: usize = 1 << 14;

/// The balance from each day on, and the load that reported it last.
pub(crate) type History = BTreeMap<i32, (i64, LoadNumber)>;

/// A balance that was found: position among the wanted accounts, day, fen.
type Found = (usize, i32, i64);

/// Balances that one load reported, by account and day.
#[derive(Debug)]
pub(crate) struct Balances {
    pub(crate) account: ScalarBuffer<u32>,
    pub(crate) day: ScalarBuffer<i32>,
    pub(crate) balance_fen: ScalarBuffer<i64>,
}

impl Ledger {
    /// The histories of some accounts (positions, ascending) as known after a load; what was reported later for the same day wins.
    ///
    /// # Errors
    /// A file of the ledger is missing or damaged.
    pub(super) fn histories(
        &self,
        register: &Register,
        accounts: &[usize],
        known: LoadNumber,
    ) -> Result<Vec<History>, Vec<Fault>> {
        let mut histories = vec![History::new(); accounts.len()];
        for (number, load) in (1..).zip(self.loads()).filter(|(number, _)| *number <= known) {
            if load.kind == super::LoadKind::History {
                self.read_history(load, number, register, accounts, &mut histories)?;
            }
            let Some(balances) = self.balances(load).map_err(|fault| vec![fault])? else { continue };
            for (account, history) in accounts.iter().zip(&mut histories) {
                let first = balances.account.partition_point(|other| (*other as usize) < *account);
                let rows = (first..balances.account.len())
                    .take_while(|row| balances.account[*row] as usize == *account);
                history.extend(rows.map(|row| (balances.day[row], (balances.balance_fen[row], number))));
            }
        }
        Ok(histories)
    }

    /// The balances that a load reported; `None` for loads of other kinds.
    ///
    /// # Errors
    /// The file is missing or damaged.
    pub(super) fn balances(&self, load: &Load) -> Result<Option<Balances>, Fault> {
        let Some(file) = &load.balances else { return Ok(None) };
        let columns = files::read(&self.folder, file, &["account", "day", "balance_fen"])?;
        Ok(Some(Balances {
            account: columns[0].as_primitive::<UInt32Type>().values().clone(),
            day: columns[1].as_primitive::<Int32Type>().values().clone(),
            balance_fen: columns[2].as_primitive::<Int64Type>().values().clone(),
        }))
    }

    /// Reads the row groups of the history in which the accounts can stand.
    fn read_history(
        &self,
        load: &Load,
        number: LoadNumber,
        register: &Register,
        accounts: &[usize],
        histories: &mut [History],
    ) -> Result<(), Vec<Fault>> {
        let Some(known) = register.first_numbers() else { return Ok(()) };
        let path = path_of(&self.folder, &load.source);
        let source = Source::open(&path, &["account_id", "eff_date", "balance_fen"])?;
        let first_block = accounts.partition_point(|account| *account < known.len());
        let wanted = &accounts[..first_block];
        let groups: Vec<usize> = (0..source.group_rows().len())
            .filter(|group| match source.key_range(*group, "account_id", known) {
                Some((least, greatest)) => {
                    let first = wanted.partition_point(|account| known.get(*account) < least.as_number());
                    wanted.get(first).is_some_and(|account| known.get(*account) <= greatest.as_number())
                }
                None => !wanted.is_empty(),
            })
            .collect();
        let found: Result<Vec<Vec<Found>>, Fault> = groups
            .into_par_iter()
            .map(|group| {
                let mut found = Vec::new();
                for batch in source.read(vec![group], BATCH)? {
                    let batch = batch?;
                    let keys = Keys::read_like(&batch, "account_id", &path, known)?;
                    let (days, balances) =
                        (days(&batch, "eff_date", &path)?, integers(&batch, "balance_fen", &path)?);
                    if keys.len() == 0 {
                        continue;
                    }
                    let first = wanted.partition_point(|account| known.get(*account) < keys.get(0));
                    let last = keys.get(keys.len() - 1);
                    let within = wanted[first..].iter().take_while(|account| known.get(**account) <= last);
                    for (slot, account) in within.enumerate() {
                        let rows = keys.rows_of(known.get(*account));
                        found.extend(rows.map(|row| (first + slot, days[row], balances[row])));
                    }
                }
                Ok(found)
            })
            .collect();
        for (slot, day, balance_fen) in found.map_err(|fault| vec![fault])?.into_iter().flatten() {
            histories[slot].insert(day, (balance_fen, number));
        }
        Ok(())
    }
}
