//! Figures of a ledger: indicators of owners, and daily averages of customers.

use super::Ledger;
use super::cuts::read_ownership;
use super::lookup::Lookup;
use super::manifest::{LoadNumber, OwnershipFiles};
use super::register::{Customers, Lines};
use crate::balance_days::BalanceDays;
use crate::changes::Watch;
use crate::measure::{Indicators, Measure};
use crate::numbers::Number;
use crate::ownership::Ownership;
use crate::spans::{Spans, Window};
use hengjie_facts::Fault;
use rayon::prelude::*;

/// Balance-days of customers whoever owned them.
#[derive(Debug)]
pub struct CustomerSums {
    customers: Customers,
    /// By customer, then sum in the order asked, fen·day.
    pub values: Vec<i128>,
    /// Sums in a row.
    pub sums: usize,
}

impl CustomerSums {
    /// The number of a customer.
    #[must_use]
    pub fn number(&self, customer: usize) -> Number<'_> {
        self.customers.number(customer)
    }

    /// The row of a customer.
    #[must_use]
    pub fn of(&self, customer: usize) -> &[i128] {
        &self.values[customer * self.sums..(customer + 1) * self.sums]
    }

    /// Number of customers.
    #[must_use]
    pub fn len(&self) -> usize {
        self.values.len() / self.sums.max(1)
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

impl Ledger {
    /// Indicators of all owners as known after a load, with the ownership that they follow: one row per owner in the order of
    /// [`Ownership::owners`], one column per measure.
    ///
    /// # Errors
    /// No ownership was known, a file of the ledger is missing or damaged, or the work was cancelled.
    pub fn indicators(
        &self,
        measures: &[Measure],
        known: LoadNumber,
        watch: &Watch<'_>,
    ) -> Result<(Ownership, Indicators), Vec<Fault>> {
        let one = |fault: Fault| vec![fault];
        let windows: Vec<Window> = measures.iter().map(|measure| measure.window).collect();
        let files = self.ownership_known(known).map_err(one)?;
        let ((ownership, cuts), (lookup, lines)) = rayon::join(
            || {
                let customers = self.manifest.customer_count();
                rayon::join(|| read_ownership(&self.folder, files, customers), || self.cuts(files, known))
            },
            || {
                let days = ends(&windows);
                rayon::join(|| self.lookup(&days, known, watch), || Lines::read(&self.folder, &self.manifest))
            },
        );
        let (ownership, cuts, lookup, lines) =
            (ownership.map_err(one)?, cuts.map_err(one)?, lookup?, lines.map_err(one)?);
        let spans = Spans::new(&distinct(windows), &ownership);
        let sums = BalanceDays::empty(self.manifest.classes.len(), &spans, &wanted(measures));
        let at = |line: usize, day: i32| match lookup.days.binary_search(&day) {
            Ok(index) => lookup.fen_days[index][line],
            Err(_) => cuts.get(line as u32, day),
        };
        let common: Vec<(usize, usize)> =
            spans.common().iter().filter_map(|span| lookup.both(*span)).collect();
        (0..lines.len()).into_par_iter().with_min_len(1 << 14).for_each(|line| {
            let Some(column) = sums.column_of(lines.class[line]) else { return };
            let customer = lines.customer[line];
            let first = spans.first_slot(customer);
            match spans.own_of(customer) {
                Some(spans) => {
                    for (index, span) in spans.iter().enumerate() {
                        sums.add(first + index, column, at(line, span.to) - at(line, span.from));
                    }
                }
                None => {
                    for (index, (from, to)) in common.iter().enumerate() {
                        let fen_days = lookup.fen_days[*to][line] - lookup.fen_days[*from][line];
                        sums.add(first + index, column, fen_days);
                    }
                }
            }
        });
        let indicators = Indicators::new(measures, &ownership, &spans, &sums);
        Ok((ownership, indicators))
    }

    /// Sums over classes and windows for every customer, as known after a load.
    ///
    /// # Errors
    /// A file of the ledger is missing or damaged, or the work was cancelled.
    pub fn customer_sums(
        &self,
        wanted: &[(Vec<u8>, Window)],
        known: LoadNumber,
        watch: &Watch<'_>,
    ) -> Result<CustomerSums, Vec<Fault>> {
        let one = |fault: Fault| vec![fault];
        let windows: Vec<Window> = wanted.iter().map(|(_, window)| *window).collect();
        let lookup = self.lookup(&ends(&windows), known, watch)?;
        let lines = Lines::read(&self.folder, &self.manifest).map_err(one)?;
        let customers = Customers::read(&self.folder, &self.manifest).map_err(one)?;
        let mut values = vec![0i128; self.manifest.customer_count() * wanted.len()];
        for (column, (classes, window)) in wanted.iter().enumerate() {
            let Some((from, to)) = lookup.both(*window) else { continue };
            for line in (0..lines.len()).filter(|line| classes.contains(&lines.class[*line])) {
                let fen_days = lookup.fen_days[to][line] - lookup.fen_days[from][line];
                values[lines.customer[line] as usize * wanted.len() + column] += i128::from(fen_days);
            }
        }
        Ok(CustomerSums { customers, values, sums: wanted.len() })
    }

    /// The last ownership that was known after a load.
    pub(super) fn ownership_known(&self, known: LoadNumber) -> Result<&OwnershipFiles, Fault> {
        let files = self.manifest.ownerships.iter().rev().find(|files| files.load <= known);
        files.ok_or_else(|| {
            Fault::error("HJ1723", "那时还没有归属", "no ownership was known then")
                .help("取晚一些的日期", "take a later day")
        })
    }
}

impl Lookup {
    /// Where the ends of a window stand.
    pub(super) fn both(&self, window: Window) -> Option<(usize, usize)> {
        let index = |day: i32| self.days.binary_search(&day).ok();
        Some((index(window.from)?, index(window.to)?))
    }
}

/// First days of windows and first days behind them, ascending.
fn ends(windows: &[Window]) -> Vec<i32> {
    distinct(windows.iter().flat_map(|window| [window.from, window.to]).collect())
}

fn distinct<T: Ord>(mut values: Vec<T>) -> Vec<T> {
    values.sort_unstable();
    values.dedup();
    values
}

/// The classes that measures ask for.
fn wanted(measures: &[Measure]) -> Vec<u8> {
    let thresholds = measures.iter().filter_map(|measure| measure.threshold.as_ref());
    let classes = measures.iter().map(|measure| &measure.classes);
    distinct(classes.chain(thresholds.map(|threshold| &threshold.classes)).flatten().copied().collect())
}
