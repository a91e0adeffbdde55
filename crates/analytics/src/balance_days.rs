//! Balance-days of every customer, class and span, from a stream of balance changes in the order of accounts.
//!
//! Row groups are read on all cores. An account may begin in one group and go on in the next: sums are added, and only the
//! last change of a group waits for the first row of the next one to know how long it held ([`crate::stitch`]).

use crate::accounts::Accounts;
use crate::columns::{Source, days, integers};
use crate::ownership::day_text;
use crate::spans::{Spans, Window};
use crate::stitch::{Edge, stitch};
use hengjie_facts::Fault;
use rayon::prelude::*;
use std::path::Path;
use std::sync::atomic::{AtomicI64, Ordering};

/// Rows decoded at a time: three columns of this length stay in the second-level cache.
const BATCH: usize = 1 << 14;

/// Fen·day of every customer, class and span.
#[derive(Debug)]
pub struct BalanceDays {
    sums: Vec<AtomicI64>,
    classes: Vec<Option<u8>>,
    wanted: usize,
    /// Changes read.
    pub changes: u64,
}

impl BalanceDays {
    /// Reads the columns `account_id` (64-bit integers), `eff_date` (dates) and `balance_fen` (64-bit integers), ordered by account
    /// and date; only accounts of the classes in `wanted` are summed. A balance holds until the next change of the account, and
    /// is nothing before the first.
    ///
    /// # Errors
    /// The file cannot be read, a column is missing or has another type, a cell is empty, rows are not in order, an account has two
    /// balances on one day, an account is not in the register, or balances are so large that sums could leave 64 bits.
    pub fn read(path: &Path, accounts: &Accounts, spans: &Spans, wanted: &[u8]) -> Result<Self, Vec<Fault>> {
        let source = Source::open(path, &["account_id", "eff_date", "balance_fen"])?;
        let sums = Self::empty(accounts, spans, wanted);
        let groups = source.group_rows();
        let first_rows = groups.iter().scan(1usize, |row, rows| {
            let first = *row;
            *row += rows;
            Some(first)
        });
        let tasks: Vec<(usize, usize)> = first_rows.enumerate().collect();
        let edges: Vec<Result<Option<Edge>, Fault>> = tasks
            .into_par_iter()
            .map(|(group, first_row)| Reader::new(&source, accounts, spans, &sums, first_row).group(group))
            .collect();
        let (edges, faults): (Vec<_>, Vec<_>) = edges.into_iter().partition(Result::is_ok);
        let faults: Vec<Fault> = faults.into_iter().filter_map(Result::err).collect();
        if !faults.is_empty() {
            return Err(faults);
        }
        let edges: Vec<Edge> = edges.into_iter().filter_map(Result::ok).flatten().collect();
        stitch(&edges, &source, accounts, |account, balance, from, to| {
            sums.add_change(accounts, spans, account, balance, Window { from, to });
        })
        .map_err(|fault| vec![fault])?;
        sums.prove_bounds(&edges, accounts, spans, path).map_err(|fault| vec![fault])?;
        let changes = source.rows() as u64;
        Ok(Self { changes, ..sums })
    }

    fn empty(accounts: &Accounts, spans: &Spans, wanted: &[u8]) -> Self {
        let classes: Vec<Option<u8>> = (0..accounts.classes.len())
            .map(|class| {
                wanted.iter().position(|wanted| usize::from(*wanted) == class).map(|slot| slot as u8)
            })
            .collect();
        let count = spans.slot_count() * wanted.len();
        let sums = (0..count).map(|_| AtomicI64::new(0)).collect();
        Self { sums, classes, wanted: wanted.len(), changes: 0 }
    }

    /// Fen·day of a slot (customer and span) in a class of the register; zero for a class that was not wanted.
    #[must_use]
    pub fn of(&self, slot: usize, class: u8) -> i64 {
        match self.classes.get(usize::from(class)) {
            Some(Some(column)) => {
                self.sums[slot * self.wanted + usize::from(*column)].load(Ordering::Relaxed)
            }
            _ => 0,
        }
    }

    fn column_of(&self, class: u8) -> Option<u8> {
        self.classes[usize::from(class)]
    }

    fn add(&self, slot: usize, column: u8, fen_days: i64) {
        if fen_days != 0 {
            self.sums[slot * self.wanted + usize::from(column)].fetch_add(fen_days, Ordering::Relaxed);
        }
    }

    /// One balance that held for some days, spread over the spans of its customer.
    fn add_change(&self, accounts: &Accounts, spans: &Spans, account: usize, balance: i64, held: Window) {
        let Some(column) = self.column_of(accounts.class[account]) else { return };
        let customer = accounts.customer[account];
        let first = spans.first_slot(customer);
        for (index, span) in spans.of(customer).iter().enumerate() {
            self.add(first + index, column, balance.wrapping_mul(overlap_days(held, *span)));
        }
    }

    /// No sum can have wrapped: the largest balance, for all days, in the customer with most accounts, fits.
    fn prove_bounds(
        &self,
        edges: &[Edge],
        accounts: &Accounts,
        spans: &Spans,
        path: &Path,
    ) -> Result<(), Fault> {
        let largest = edges.iter().fold(0u64, |bits, edge| bits | edge.balance_bits);
        let days: i64 = spans.common().iter().map(|span| span.days()).sum();
        let accounts = accounts.most_of_one_customer() as i128;
        if i128::from(largest) * i128::from(days) * accounts <= i128::from(i64::MAX) {
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
}

/// Days in both.
fn overlap_days(held: Window, span: Window) -> i64 {
    i64::from(held.to.min(span.to)).saturating_sub(i64::from(held.from.max(span.from))).max(0)
}

/// Reads one row group.
struct Reader<'a> {
    source: &'a Source,
    accounts: &'a Accounts,
    spans: &'a Spans,
    sums: &'a BalanceDays,
    first_row: usize,
}

impl<'a> Reader<'a> {
    fn new(
        source: &'a Source,
        accounts: &'a Accounts,
        spans: &'a Spans,
        sums: &'a BalanceDays,
        first_row: usize,
    ) -> Self {
        Self { source, accounts, spans, sums, first_row }
    }

    /// Sums the changes of the group but the last one; `None` for a group without rows.
    fn group(&self, group: usize) -> Result<Option<Edge>, Fault> {
        let mut edge: Option<Edge> = None;
        let mut row = self.first_row;
        for batch in self.source.read(vec![group], BATCH)? {
            let batch = batch?;
            let path = self.source.path();
            let rows = Rows {
                accounts: integers(&batch, "account_id", path)?,
                days: days(&batch, "eff_date", path)?,
                balances: integers(&batch, "balance_fen", path)?,
            };
            if rows.accounts.is_empty() {
                continue;
            }
            self.batch(&rows, row, &mut edge)?;
            row += rows.accounts.len();
        }
        Ok(edge)
    }

    /// Sums the changes of a batch but the last one, and the one that waited.
    fn batch(&self, rows: &Rows<'_>, first_row: usize, edge: &mut Option<Edge>) -> Result<(), Fault> {
        let mut begin = 0;
        if let Some(open) = edge {
            begin = rows.run_end(0);
            let goes_on = open.last_account == rows.accounts[0];
            if !goes_on {
                self.check_next(open.last_account, rows.accounts[0], first_row)?;
                self.close(open);
                begin = 0;
            } else {
                self.go_on(open, rows, begin, first_row)?;
                if begin == rows.accounts.len() {
                    return Ok(());
                }
                self.check_next(open.last_account, rows.accounts[begin], first_row + begin)?;
                self.close(open);
            }
        }
        let mut position = match edge {
            Some(open) => open.last_position,
            None => self.accounts.ids.partition_point(|id| *id < rows.accounts[0]),
        };
        while begin < rows.accounts.len() {
            let end = rows.run_end(begin);
            position = self.find(position, rows.accounts[begin], first_row + begin)?;
            let open = self.run(rows, begin, end, position, first_row)?;
            match edge {
                Some(edge) => edge.move_to(open),
                None => *edge = Some(open),
            }
            if end < rows.accounts.len() {
                self.check_next(rows.accounts[begin], rows.accounts[end], first_row + end)?;
                if let Some(edge) = edge {
                    self.close(edge);
                }
            }
            begin = end;
        }
        Ok(())
    }

    /// The changes of one account in a batch, but the last.
    fn run(
        &self,
        rows: &Rows<'_>,
        begin: usize,
        end: usize,
        position: usize,
        first_row: usize,
    ) -> Result<Edge, Fault> {
        let bits = self.sum(rows, begin, end, position, first_row)?;
        Ok(Edge {
            first_account: rows.accounts[begin],
            first_day: rows.days[begin],
            last_account: rows.accounts[begin],
            last_position: position,
            last_day: rows.days[end - 1],
            last_balance: rows.balances[end - 1],
            balance_bits: bits,
        })
    }

    /// An account that goes on from the batch before: the change that waited, then the others but the last.
    fn go_on(&self, open: &mut Edge, rows: &Rows<'_>, end: usize, first_row: usize) -> Result<(), Fault> {
        if rows.days[0] <= open.last_day {
            return Err(self.out_of_order(rows.accounts[0], open.last_day, rows.days[0], first_row));
        }
        let held = Window { from: open.last_day, to: rows.days[0] };
        self.sums.add_change(self.accounts, self.spans, open.last_position, open.last_balance, held);
        open.balance_bits |= self.sum(rows, 0, end, open.last_position, first_row)?;
        open.last_day = rows.days[end - 1];
        open.last_balance = rows.balances[end - 1];
        Ok(())
    }

    /// The last change of an account holds to the end.
    fn close(&self, open: &Edge) {
        let held = Window { from: open.last_day, to: i32::MAX };
        self.sums.add_change(self.accounts, self.spans, open.last_position, open.last_balance, held);
    }

    /// Sums rows `begin..end` of one account but the last; returns the bits that occur in its balances.
    fn sum(
        &self,
        rows: &Rows<'_>,
        begin: usize,
        end: usize,
        position: usize,
        first_row: usize,
    ) -> Result<u64, Fault> {
        let (days, balances) = (&rows.days[begin..end], &rows.balances[begin..end]);
        let bits = balances.iter().fold(0u64, |bits, balance| bits | balance.unsigned_abs());
        let out_of_order = days.windows(2).fold(false, |found, pair| found | (pair[1] <= pair[0]));
        if out_of_order {
            let at = days.windows(2).position(|pair| pair[1] <= pair[0]).unwrap_or(0);
            return Err(self.out_of_order(
                rows.accounts[begin],
                days[at],
                days[at + 1],
                first_row + begin + at + 1,
            ));
        }
        let Some(column) = self.sums.column_of(self.accounts.class[position]) else { return Ok(bits) };
        let customer = self.accounts.customer[position];
        let first = self.spans.first_slot(customer);
        match self.spans.own_of(customer) {
            Some(spans) => self.sum_into(spans, first, column, days, balances),
            None => match self.spans.common() {
                [one] => self.add_all(first, column, balance_days([*one], days, balances)),
                [one, two] => self.add_all(first, column, balance_days([*one, *two], days, balances)),
                spans => self.sum_into(spans, first, column, days, balances),
            },
        }
        Ok(bits)
    }

    fn sum_into(&self, spans: &[Window], first: usize, column: u8, days: &[i32], balances: &[i64]) {
        for (index, span) in spans.iter().enumerate() {
            self.sums.add(first + index, column, balance_days([*span], days, balances)[0]);
        }
    }

    fn add_all<const N: usize>(&self, first: usize, column: u8, fen_days: [i64; N]) {
        for (index, fen_days) in fen_days.into_iter().enumerate() {
            self.sums.add(first + index, column, fen_days);
        }
    }

    /// Position of an account in the register, at or behind `from`.
    fn find(&self, from: usize, account: i64, row: usize) -> Result<usize, Fault> {
        let ids = &self.accounts.ids;
        // Most accounts have changes, so the next one is one or two steps away.
        let near = ids[from..].iter().take(4).position(|id| *id == account).map(|step| from + step);
        let position = near.or_else(|| ids.binary_search(&account).ok());
        position.ok_or_else(|| {
            let fault = Fault::error("HJ1711", "账户不在账户表里", "the account is not in the accounts file");
            self.at_row(fault, row).value(account.to_string()).help(
                "补齐账户表，或者去掉这个账户的余额",
                "complete the accounts file, or remove the balances of the account",
            )
        })
    }

    /// Accounts must ascend.
    fn check_next(&self, account: i64, next: i64, row: usize) -> Result<(), Fault> {
        if account < next {
            return Ok(());
        }
        let fault = Fault::error(
            "HJ1712",
            format!("没有按账户排序：{next} 在 {account} 之后"),
            format!("rows are not in the order of accounts: {next} comes behind {account}"),
        );
        Err(self
            .at_row(fault, row)
            .help("按账户、日期排序后再导入", "sort by account and date, then import again"))
    }

    fn out_of_order(&self, account: i64, day: i32, next: i32, row: usize) -> Fault {
        let (day_words, next_words) = (day_text(day), day_text(next));
        let fault = if day == next {
            Fault::error(
                "HJ1713",
                format!("账户 {account} 在 {day_words} 有两个余额"),
                format!("account {account} has two balances on {day_words}"),
            )
        } else {
            Fault::error(
                "HJ1714",
                format!("账户 {account} 的日期没有从先到后：{next_words} 在 {day_words} 之后"),
                format!("dates of account {account} do not ascend: {next_words} comes behind {day_words}"),
            )
        };
        self.at_row(fault, row)
    }

    fn at_row(&self, fault: Fault, row: usize) -> Fault {
        crate::columns::in_file(self.source.path(), fault.row(u32::try_from(row).unwrap_or(u32::MAX)))
    }
}

/// Rows of a batch.
struct Rows<'a> {
    accounts: &'a [i64],
    days: &'a [i32],
    balances: &'a [i64],
}

impl Rows<'_> {
    /// Behind the last row of the account that stands at `begin`.
    fn run_end(&self, begin: usize) -> usize {
        let account = self.accounts[begin];
        let rest = &self.accounts[begin..];
        begin + rest.iter().position(|other| *other != account).unwrap_or(rest.len())
    }
}

/// Balance × days in each span, over changes that hold until the next one; the last change is left out.
///
/// Products and sums may wrap here; [`BalanceDays::prove_bounds`] shows afterwards that none did.
fn balance_days<const N: usize>(spans: [Window; N], days: &[i32], balances: &[i64]) -> [i64; N] {
    let mut sums = [0i64; N];
    for (pair, balance) in days.windows(2).zip(balances) {
        for (sum, span) in sums.iter_mut().zip(spans) {
            let held = pair[1].clamp(span.from, span.to) - pair[0].clamp(span.from, span.to);
            *sum = sum.wrapping_add(balance.wrapping_mul(i64::from(held)));
        }
    }
    sums
}
