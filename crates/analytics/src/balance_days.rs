//! Balance-days of every customer, class and span.

use crate::accounts::Accounts;
use crate::changes::{Sink, Watch, read_changes};
use crate::spans::{Spans, Window};
use hengjie_facts::Fault;
use std::path::Path;
use std::sync::atomic::{AtomicI64, Ordering};

/// Fen·day of every customer, class and span.
#[derive(Debug)]
pub struct BalanceDays {
    sums: Vec<AtomicI64>,
    columns: Vec<Option<u8>>,
    wanted: usize,
    /// Changes read; zero when the sums were looked up.
    pub changes: u64,
}

impl BalanceDays {
    /// Reads the columns `account_id` (64-bit integers or text, as in the register), `eff_date` (dates) and `balance_fen` (64-bit
    /// integers), ordered by account and date; only accounts of the classes in `wanted` are summed. A balance holds until the next
    /// change of the account, and is nothing before the first.
    ///
    /// # Errors
    /// The file cannot be read, a column is missing or has another type, a cell is empty, rows are not in order, an account has two
    /// balances on one day, an account is not in the register, balances are so large that sums could leave 64 bits, or the
    /// work was cancelled.
    pub fn read(
        path: &Path,
        accounts: &Accounts,
        spans: &Spans,
        wanted: &[u8],
        watch: &Watch<'_>,
    ) -> Result<Self, Vec<Fault>> {
        let sums = Self::empty(accounts.classes.len(), spans, wanted);
        let sink = Summing { accounts, spans, sums: &sums };
        let seen = read_changes(path, &accounts.ids, &sink, watch)?;
        let days: i64 = spans.common().iter().map(|span| span.days()).sum();
        prove_bounds(seen.balance_bits, days, accounts.most_of_one_customer(), path)
            .map_err(|fault| vec![fault])?;
        Ok(Self { changes: seen.rows, ..sums })
    }

    /// Nothing yet, for some of the classes of a register.
    pub(crate) fn empty(classes: usize, spans: &Spans, wanted: &[u8]) -> Self {
        let column = |class| wanted.iter().position(|wanted| usize::from(*wanted) == class);
        let columns = (0..classes).map(|class| column(class).map(|column| column as u8)).collect();
        let sums = (0..spans.slot_count() * wanted.len()).map(|_| AtomicI64::new(0)).collect();
        Self { sums, columns, wanted: wanted.len(), changes: 0 }
    }

    /// Fen·day of a slot (customer and span) in a class of the register; zero for a class that was not wanted.
    #[must_use]
    pub fn of(&self, slot: usize, class: u8) -> i64 {
        self.column_of(class)
            .map_or(0, |column| self.sums[slot * self.wanted + usize::from(column)].load(Ordering::Relaxed))
    }

    /// Where a class stands; `None` when it was not wanted.
    pub(crate) fn column_of(&self, class: u8) -> Option<u8> {
        self.columns.get(usize::from(class)).copied().flatten()
    }

    pub(crate) fn add(&self, slot: usize, column: u8, fen_days: i64) {
        if fen_days != 0 {
            self.sums[slot * self.wanted + usize::from(column)].fetch_add(fen_days, Ordering::Relaxed);
        }
    }
}

/// No sum of balance-days has wrapped: the largest balance, for all days, in the customer with most accounts, fits.
///
/// # Errors
/// It does not fit.
pub(crate) fn prove_bounds(
    balance_bits: u64,
    days: i64,
    accounts_of_one: usize,
    path: &Path,
) -> Result<(), Fault> {
    if i128::from(balance_bits) * i128::from(days) * (accounts_of_one as i128) <= i128::from(i64::MAX) {
        return Ok(());
    }
    let fault = Fault::error(
        "HJ1715",
        "余额太大，积数可能超出 64 位整数",
        "balances are so large that balance-days could leave 64 bits",
    );
    Err(crate::columns::at(path, "balance_fen", fault)
        .help("检查余额的单位是否为分", "check that balances are in fen"))
}

/// Sums runs into spans.
struct Summing<'a> {
    accounts: &'a Accounts,
    spans: &'a Spans,
    sums: &'a BalanceDays,
}

impl Sink for Summing<'_> {
    fn run(&self, account: usize, before_fen: i64, days: &[i32], balances: &[i64]) {
        let Some(column) = self.sums.column_of(self.accounts.class[account]) else { return };
        let customer = self.accounts.customer[account];
        let first = self.spans.first_slot(customer);
        let each = |spans: &[Window]| {
            for (index, span) in spans.iter().enumerate() {
                self.sums.add(first + index, column, balance_days([*span], before_fen, days, balances)[0]);
            }
        };
        match self.spans.own_of(customer) {
            Some(spans) => each(spans),
            None => match self.spans.common() {
                [one, two] => {
                    let [one, two] = balance_days([*one, *two], before_fen, days, balances);
                    self.sums.add(first, column, one);
                    self.sums.add(first + 1, column, two);
                }
                spans => each(spans),
            },
        }
    }
}

/// What movements add to the balance-days of spans: each one counts on every day from its own to the end of the span.
///
/// Products and sums may wrap here; [`prove_bounds`] shows afterwards that what comes out has not.
fn balance_days<const N: usize>(
    spans: [Window; N],
    before_fen: i64,
    days: &[i32],
    balances: &[i64],
) -> [i64; N] {
    let mut sums = [0i64; N];
    let mut before = before_fen;
    for (day, balance) in days.iter().zip(balances) {
        let movement = balance.wrapping_sub(before);
        before = *balance;
        for (sum, span) in sums.iter_mut().zip(spans) {
            let left = span.to - (*day).clamp(span.from, span.to);
            *sum = sum.wrapping_add(movement.wrapping_mul(i64::from(left)));
        }
    }
    sums
}
