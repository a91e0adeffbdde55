//! Where a daily average comes from: customers, days and shares of an owner; accounts and balances of a customer. Everything is in
//! fen·day (·bp), so that the parts add up to the whole exactly.

use super::Ledger;
use super::cuts::read_ownership;
use super::manifest::LoadNumber;
use super::register::{Customers, Line, Lines, Register};
use crate::changes::Watch;
use crate::measure::Measure;
use crate::ownership::{Owner, Tenure};
use crate::spans::Window;
use hengjie_facts::Fault;

/// What one customer gives to an owner.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CustomerPart {
    /// Number of the customer.
    pub customer: String,
    /// Balance-days of the customer over the whole period, whoever owned it, fen·day: what a threshold looks at.
    pub whole_fen_days: i128,
    /// Whether the customer reaches the threshold of the measure.
    pub counts: bool,
    /// The days on which the owner had a share, ascending.
    pub tenures: Vec<TenurePart>,
}

impl CustomerPart {
    /// What counts for the owner, fen·day·bp; nothing when the customer does not reach the threshold.
    #[must_use]
    pub fn attributed(&self) -> i128 {
        if self.counts { self.tenures.iter().map(TenurePart::attributed).sum() } else { 0 }
    }
}

/// Days with one share.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TenurePart {
    /// The days, inside the period.
    pub days: Window,
    /// The share, basis points.
    pub share_bp: i32,
    /// Balance-days of the customer on these days, fen·day.
    pub fen_days: i128,
}

impl TenurePart {
    fn attributed(&self) -> i128 {
        self.fen_days * i128::from(self.share_bp)
    }
}

/// What one account of a customer comes to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AccountPart {
    /// Number of the account.
    pub account: String,
    /// Position of its class.
    pub class: u8,
    /// Its balances inside the period, ascending; days before the first balance are left out.
    pub balances: Vec<BalancePart>,
}

/// A balance that held for some days.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BalancePart {
    /// The days, inside the period.
    pub days: Window,
    /// The balance on each of them.
    pub balance_fen: i64,
    /// The load that reported it.
    pub load: LoadNumber,
}

impl BalancePart {
    /// Balance × days.
    #[must_use]
    pub fn fen_days(&self) -> i128 {
        i128::from(self.balance_fen) * i128::from(self.days.days())
    }
}

impl Ledger {
    /// The customers that an owner had in the period of a measure, by what they give, largest first; the sum of
    /// [`CustomerPart::attributed`] is the indicator of the owner (for sums).
    ///
    /// # Errors
    /// The owner is not known, a file of the ledger is missing or damaged, or the work was cancelled.
    pub fn owner_parts(
        &self,
        owner: &str,
        measure: &Measure,
        known: LoadNumber,
        watch: &Watch<'_>,
    ) -> Result<Vec<CustomerPart>, Vec<Fault>> {
        let one = |fault: Fault| vec![fault];
        let files = self.ownership_known(known).map_err(one)?;
        let ownership = read_ownership(&self.folder, files, self.manifest.customer_count()).map_err(one)?;
        let position = ownership.owners.find_written(owner).ok_or_else(|| one(unknown("HJ1728", owner)))?;
        let cuts = self.cuts(files, known).map_err(one)?;
        let window = measure.window;
        let lookup = self.lookup(&[window.from, window.to], known, watch)?;
        let lines = Lines::read(&self.folder, &self.manifest).map_err(one)?;
        let customers = Customers::read(&self.folder, &self.manifest).map_err(one)?;
        let at = |line: Line, day: i32| match lookup.days.binary_search(&day) {
            Ok(index) => i128::from(lookup.fen_days[index][line as usize]),
            Err(_) => i128::from(cuts.get(line, day)),
        };
        let lines_of = lines.by_customer();
        let between = |customer: u32, classes: &[u8], days: Window| -> i128 {
            let lines =
                lines_of.of(customer).iter().filter(|line| classes.contains(&lines.class[**line as usize]));
            lines.map(|line| at(*line, days.to) - at(*line, days.from)).sum()
        };
        let mut parts: Vec<CustomerPart> = Vec::new();
        for tenures in ownership.tenures.chunk_by(|left, right| left.customer == right.customer) {
            let customer = tenures[0].customer;
            let tenures = held(tenures, position as Owner, window);
            if tenures.is_empty() {
                continue;
            }
            let part = |(days, share_bp)| TenurePart {
                days,
                share_bp,
                fen_days: between(customer, &measure.classes, days),
            };
            let counts = measure.threshold.as_ref().is_none_or(|threshold| {
                let days = i128::from(window.days());
                between(customer, &threshold.classes, window) >= i128::from(threshold.average_fen) * days
            });
            parts.push(CustomerPart {
                customer: customers.number(customer as usize).to_string(),
                whole_fen_days: between(customer, &measure.classes, window),
                counts,
                tenures: tenures.into_iter().map(part).collect(),
            });
        }
        parts.sort_by(|left, right| {
            (right.attributed(), right.whole_fen_days, &left.customer).cmp(&(
                left.attributed(),
                left.whole_fen_days,
                &right.customer,
            ))
        });
        Ok(parts)
    }

    /// The accounts of a customer in some classes with their balances on the days of a window; the sum of
    /// [`BalancePart::fen_days`] is what the customer comes to.
    ///
    /// # Errors
    /// The customer is not known, or a file of the ledger is missing or damaged.
    pub fn account_parts(
        &self,
        customer: &str,
        classes: &[u8],
        window: Window,
        known: LoadNumber,
    ) -> Result<Vec<AccountPart>, Vec<Fault>> {
        let one = |fault: Fault| vec![fault];
        let customers = Customers::read(&self.folder, &self.manifest).map_err(one)?;
        let position = customers.find_written(customer).ok_or_else(|| one(unknown("HJ1729", customer)))?;
        let lines = Lines::read(&self.folder, &self.manifest).map_err(one)?;
        let is_wanted = |line: Line| {
            let line = line as usize;
            lines.customer[line] as usize == position && classes.contains(&lines.class[line])
        };
        let register = Register::read(&self.folder, &self.manifest).map_err(one)?;
        let line_of = register.lines();
        let accounts: Vec<usize> =
            (0..line_of.len()).filter(|account| is_wanted(line_of[*account])).collect();
        let histories = self.histories(&register, &accounts, known)?;
        let parts = accounts.iter().zip(histories).map(|(account, history)| {
            let ends = history.keys().skip(1).copied().chain([i32::MAX]);
            let held = history.iter().zip(ends).map(|((from, (balance_fen, load)), to)| BalancePart {
                days: Window { from: (*from).max(window.from), to: to.min(window.to) },
                balance_fen: *balance_fen,
                load: *load,
            });
            AccountPart {
                account: register.number(*account).to_string(),
                class: lines.class[line_of[*account] as usize],
                balances: held.filter(|part| part.days.from < part.days.to).collect(),
            }
        });
        Ok(parts.collect())
    }
}

/// The days of a window on which an owner had a share, with the share.
fn held(tenures: &[Tenure], owner: Owner, window: Window) -> Vec<(Window, i32)> {
    let inside =
        |tenure: &Tenure| Window { from: tenure.from.max(window.from), to: tenure.to.min(window.to) };
    let own = tenures.iter().filter(|tenure| tenure.owner == owner);
    own.map(|tenure| (inside(tenure), tenure.share_bp)).filter(|(days, _)| days.from < days.to).collect()
}

fn unknown(code: &'static str, number: &str) -> Fault {
    let (zh, en) = match code {
        "HJ1728" => ("归属里没有这个客户经理", "the ownership does not know this owner"),
        _ => ("账簿里没有这个客户", "the ledger does not know this customer"),
    };
    Fault::error(code, format!("{zh}：{number}"), format!("{en}: {number}"))
        .help("核对编号，要与文件里写的完全一样", "check the number; it is written exactly as in the file")
}
