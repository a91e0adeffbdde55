//! When a new month begins, the sums of all lines up to its first day are written down, so that later figures need not add up the days
//! before. Nothing that was written is changed: what comes later for older days is added when a figure is asked for.

use super::Ledger;
use super::build::write_boundary;
use super::files;
use super::manifest::{Manifest, Snapshot};
use super::state::{LastBalances, write_state};
use crate::changes::Watch;
use arrow_array::cast::AsArray;
use arrow_array::types::Int64Type;
use hengjie_calendar::Date;
use hengjie_facts::Fault;
use std::fs::{File, TryLockError};

impl Ledger {
    /// Adds a boundary at the first day of the month of `last_day`, unless there is one from then on.
    pub(super) fn close_month(
        &self,
        next: &mut Manifest,
        last_day: i32,
        last: &LastBalances,
    ) -> Result<(), Fault> {
        let Some(month) = month_of(last_day) else { return Ok(()) };
        let Some(latest) = self.manifest.boundaries.last().filter(|boundary| boundary.day < month) else {
            return Ok(());
        };
        let known = self.last_load();
        let lookup = self.lookup(&[month], known, &Watch::none());
        let lookup = lookup
            .map_err(|faults| faults.into_iter().next().unwrap_or_else(|| Fault::error("HJ1718", "", "")))?;
        let fen_days = lookup.fen_days.first().map(|sums| sums.to_vec()).unwrap_or_default();
        let column = files::read(&self.folder, &latest.file, &["balance_fen"])?;
        let mut balance_fen = column[0].as_primitive::<Int64Type>().values().to_vec();
        balance_fen.resize(self.manifest.line_count(), 0);
        for (number, load) in (1..).zip(self.loads()).filter(|(_, load)| load.movements.is_some()) {
            for (line, day, fen) in self.movements(load)?.iter() {
                let is_in = number <= latest.after && day < latest.day;
                if day < month && !is_in {
                    balance_fen[line as usize] += fen;
                }
            }
        }
        next.boundaries.push(write_boundary(&self.folder, month, known, fen_days, balance_fen)?);
        next.state = Snapshot { after: known, file: write_state(&self.folder, known, last)? };
        Ok(())
    }

    /// Keeps other programs from writing until it is dropped; reads again what they wrote.
    pub(super) fn lock(&mut self) -> Result<File, Fault> {
        let path = self.folder.join("ledger.lock");
        let file = File::create(&path).map_err(|error| files::unwritable(&path, &error))?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                let mut fault = Fault::error(
                    "HJ1726",
                    "另一个程序正在写这本账簿",
                    "another program is writing this ledger",
                );
                fault.file = self.folder.display().to_string();
                return Err(fault.help("等它结束再试", "try again when it has ended"));
            }
            Err(TryLockError::Error(error)) => return Err(files::unwritable(&path, &error)),
        }
        self.manifest = Manifest::read(&self.folder)?;
        Ok(file)
    }
}

/// First day of the month of a day.
fn month_of(day: i32) -> Option<i32> {
    let date = Date::from_days(day)?;
    Some(Date::new(date.year(), date.month(), 1)?.days())
}
