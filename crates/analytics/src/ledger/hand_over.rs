//! A new ownership: who owns whom from now on, and who did before, as it is known now. The one before stays for what was known then.

use super::load::Outcome;
use super::manifest::{Load, LoadKind, LoadNumber, OwnershipFiles};
use super::points::days_until;
use super::register::{Customers, Line, Lines};
use super::{Ledger, cuts, files};
use crate::changes::Watch;
use crate::ownership::Ownership;
use hengjie_facts::Fault;
use std::path::Path;

impl Ledger {
    /// Takes an ownership file into the ledger (see [`Ownership::read`]); it replaces the one before for all days. The history is read
    /// once for the days on which customers change hands.
    ///
    /// # Errors
    /// The file has faults, the day of recording goes back, another program is writing, files cannot be read or written, or
    /// the work was cancelled. The ledger is then as it was.
    pub fn load_ownership(
        &mut self,
        source: &Path,
        recorded: i32,
        watch: &Watch<'_>,
    ) -> Result<Outcome, Vec<Fault>> {
        let one = |fault: Fault| vec![fault];
        let _lock = self.lock().map_err(one)?;
        if let Some(number) = self.loaded_before(source).map_err(one)? {
            return Ok(Outcome::Already(number));
        }
        self.check_recorded(recorded).map_err(one)?;
        let customers = Customers::read(&self.folder, &self.manifest).map_err(one)?;
        let ownership = Ownership::read_of(
            source,
            self.manifest.customer_count(),
            |number| customers.find(number),
            |customer| customers.number(customer),
        )?;
        let lines = Lines::read(&self.folder, &self.manifest).map_err(one)?;
        let wanted = cuts::wanted(&ownership, &lines, self.days().0);
        let fen_days = self.cut_sums(&wanted, self.last_load(), watch)?;
        let number = self.last_load() + 1;
        let [tenures, owners, cuts] =
            cuts::write(&self.folder, number, &ownership, &wanted, &fen_days).map_err(one)?;
        let copy = files::copy(source, &self.folder, &format!("sources/{number:06}.parquet")).map_err(one)?;
        let mut next = self.manifest.clone();
        let load =
            Load::without_days(LoadKind::Ownership, copy, source, ownership.tenures.len() as u64, recorded);
        next.loads.push(load);
        next.ownerships.push(OwnershipFiles { load: number, tenures, owners, cuts, after: number });
        watch.check().map_err(one)?;
        next.commit(&self.folder).map_err(one)?;
        self.manifest = next;
        Ok(Outcome::Loaded { number, corrected_accounts: 0, missing_days: 0 })
    }

    /// Balance-days at cuts (ascending), as known after a load, from the history and movements.
    pub(super) fn cut_sums(
        &self,
        cuts: &[(Line, i32)],
        known: LoadNumber,
        watch: &Watch<'_>,
    ) -> Result<Vec<i64>, Vec<Fault>> {
        let mut sums = self.sums_of_history(&[], cuts, watch)?.cuts;
        for load in self.loads().iter().take(known as usize) {
            for (line, moved, fen) in self.movements(load).map_err(|fault| vec![fault])?.iter() {
                let first = cuts.partition_point(|cut| cut.0 < line);
                for index in (first..cuts.len()).take_while(|index| cuts[*index].0 == line) {
                    sums[index] += fen * days_until(cuts[index].1, moved);
                }
            }
        }
        Ok(sums)
    }
}
