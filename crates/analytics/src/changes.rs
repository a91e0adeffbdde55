//! Reading balance changes in the order of accounts, as runs of one account at a time.
//!
//! A change is handed on as a movement: the balance of a day less the balance before it. Whatever is made of movements is a sum, so
//! row groups are read on all cores in any order. An account may begin in one group and go on in the next: the group takes the
//! balance before its first row for nothing, and [`stitch`] adds what that left out.

use crate::columns::{Keys, Source, days, in_file, integers};
use crate::numbers::{Number, Numbers};
use crate::ownership::day_text;
use hengjie_facts::Fault;
use rayon::prelude::*;
use std::path::Path;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

/// Rows decoded at a time: three columns of this length stay in the second-level cache.
const BATCH: usize = 1 << 14;

/// Shows how far long work is, and ends it when it is cancelled.
pub struct Watch<'a> {
    /// Called with (rows done, rows in all).
    pub show: &'a (dyn Fn(u64, u64) + Sync),
    /// Set by whoever wants the work to end.
    pub cancelled: &'a AtomicBool,
}

impl Watch<'_> {
    /// Nobody watches, nobody cancels.
    #[must_use]
    pub fn none() -> Watch<'static> {
        static NEVER: AtomicBool = AtomicBool::new(false);
        Watch { show: &|_, _| {}, cancelled: &NEVER }
    }

    /// # Errors
    /// The work was cancelled.
    pub(crate) fn check(&self) -> Result<(), Fault> {
        if self.cancelled.load(Ordering::Relaxed) {
            return Err(Fault::error("HJ1716", "已取消，什么也没有改动", "cancelled; nothing was changed"));
        }
        Ok(())
    }
}

impl std::fmt::Debug for Watch<'_> {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.debug_struct("Watch").field("cancelled", &self.cancelled).finish_non_exhaustive()
    }
}

/// Takes runs of changes; everything it makes of them is a sum over movements, so that their order is irrelevant.
pub(crate) trait Sink: Sync {
    /// Consecutive changes of an account (its position) behind a balance of `before_fen`; days ascend.
    fn run(&self, account: usize, before_fen: i64, days: &[i32], balances: &[i64]);
}

/// What a file of changes held.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Seen {
    pub(crate) rows: u64,
    /// Bits that occur in the absolute balances.
    pub(crate) balance_bits: u64,
    /// First day; `i32::MAX` without rows.
    pub(crate) first_day: i32,
    /// Last day; `i32::MIN` without rows.
    pub(crate) last_day: i32,
}

/// Reads the columns `account_id`, `eff_date` and `balance_fen`, ordered by account and date, into a sink.
///
/// # Errors
/// As [`crate::BalanceDays::read`] but for bounds; the first fault of every row group.
pub(crate) fn read_changes(
    path: &Path,
    accounts: &Numbers,
    sink: &impl Sink,
    watch: &Watch<'_>,
) -> Result<Seen, Vec<Fault>> {
    let source = Source::open(path, &["account_id", "eff_date", "balance_fen"])?;
    let groups = source.group_rows();
    let first_rows = groups.iter().scan(1usize, |row, rows| {
        let first = *row;
        *row += rows;
        Some(first)
    });
    let tasks: Vec<(usize, usize)> = first_rows.enumerate().collect();
    let (done, all) = (AtomicU64::new(0), source.rows() as u64);
    let edges: Vec<Result<Option<Edge>, Fault>> = tasks
        .into_par_iter()
        .map(|(group, first_row)| {
            watch.check()?;
            let edge = Reader { source: &source, accounts, sink, first_row }.group(group)?;
            let rows = groups[group] as u64;
            (watch.show)(done.fetch_add(rows, Ordering::Relaxed) + rows, all);
            Ok(edge)
        })
        .collect();
    let (edges, faults): (Vec<_>, Vec<_>) = edges.into_iter().partition(Result::is_ok);
    let mut faults: Vec<Fault> = faults.into_iter().filter_map(Result::err).collect();
    if !faults.is_empty() {
        faults.dedup_by(|left, right| left == right);
        return Err(faults);
    }
    let edges: Vec<Edge> = edges.into_iter().filter_map(Result::ok).flatten().collect();
    stitch(&edges, &source, accounts, sink).map_err(|fault| vec![fault])?;
    let nothing = Seen { rows: all, balance_bits: 0, first_day: i32::MAX, last_day: i32::MIN };
    Ok(edges.iter().fold(nothing, |seen, edge| Seen {
        balance_bits: seen.balance_bits | edge.balance_bits,
        first_day: seen.first_day.min(edge.earliest),
        last_day: seen.last_day.max(edge.latest),
        ..seen
    }))
}

/// The ends of a row group, and what its rows held.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Edge {
    first_account: usize,
    first_day: i32,
    last_account: usize,
    last_day: i32,
    last_balance: i64,
    balance_bits: u64,
    earliest: i32,
    latest: i32,
}

/// Reads one row group.
struct Reader<'a, S> {
    source: &'a Source,
    accounts: &'a Numbers,
    sink: &'a S,
    first_row: usize,
}

/// Rows of a batch.
struct Rows<'a> {
    accounts: Keys<'a>,
    days: &'a [i32],
    balances: &'a [i64],
    /// Row of the file at which the batch begins.
    first_row: usize,
}

impl<S: Sink> Reader<'_, S> {
    /// Hands on the changes of the group; `None` for a group without rows.
    fn group(&self, group: usize) -> Result<Option<Edge>, Fault> {
        let mut edge: Option<Edge> = None;
        let mut first_row = self.first_row;
        for batch in self.source.read(vec![group], BATCH)? {
            let batch = batch?;
            let path = self.source.path();
            let rows = Rows {
                accounts: Keys::read_like(&batch, "account_id", path, self.accounts)?,
                days: days(&batch, "eff_date", path)?,
                balances: integers(&batch, "balance_fen", path)?,
                first_row,
            };
            let mut begin = 0;
            while begin < rows.days.len() {
                let end = rows.accounts.run_end(begin);
                edge = Some(self.account(&rows, begin, end, edge)?);
                begin = end;
            }
            first_row += rows.days.len();
        }
        Ok(edge)
    }

    /// Rows `begin..end`, which are of one account; the edge behind them.
    fn account(&self, rows: &Rows<'_>, begin: usize, end: usize, edge: Option<Edge>) -> Result<Edge, Fault> {
        let (days, balances) = (&rows.days[begin..end], &rows.balances[begin..end]);
        let number = rows.accounts.get(begin);
        let row = rows.first_row + begin;
        let last = edge.map(|edge| (edge, self.accounts.get(edge.last_account)));
        let (account, before) = match last {
            Some((edge, last)) if last == number => {
                if days[0] <= edge.last_day {
                    return Err(self.out_of_order(number, edge.last_day, days[0], row));
                }
                (edge.last_account, edge.last_balance)
            }
            Some((_, last)) if number < last => return Err(self.unsorted(last, number, row)),
            Some((edge, _)) => (self.find(edge.last_account, number, row)?, 0),
            None => (self.find(0, number, row)?, 0),
        };
        self.check_days(days, number, row)?;
        self.sink.run(account, before, days, balances);
        let bits = balances.iter().fold(0u64, |bits, balance| bits | balance.unsigned_abs());
        let (first_day, last_day) = (days[0], days[days.len() - 1]);
        let here = Edge {
            first_account: account,
            first_day,
            last_account: account,
            last_day,
            last_balance: balances[balances.len() - 1],
            balance_bits: bits,
            earliest: first_day,
            latest: last_day,
        };
        Ok(edge.map_or(here, |edge| Edge {
            first_account: edge.first_account,
            first_day: edge.first_day,
            balance_bits: edge.balance_bits | bits,
            earliest: edge.earliest.min(first_day),
            latest: edge.latest.max(last_day),
            ..here
        }))
    }

    /// Days of an account must ascend.
    fn check_days(&self, days: &[i32], number: Number<'_>, first_row: usize) -> Result<(), Fault> {
        // Without a branch in the loop: nearly all files are in order.
        if !days.windows(2).fold(false, |found, pair| found | (pair[1] <= pair[0])) {
            return Ok(());
        }
        let at = days.windows(2).position(|pair| pair[1] <= pair[0]).unwrap_or(0);
        Err(self.out_of_order(number, days[at], days[at + 1], first_row + at + 1))
    }

    /// Position of an account in the register, at or behind `from`.
    fn find(&self, from: usize, number: Number<'_>, row: usize) -> Result<usize, Fault> {
        let position = self.accounts.not_below(number, from);
        if position < self.accounts.len() && self.accounts.get(position) == number {
            return Ok(position);
        }
        Err(unknown_account(self.source.path(), row, number))
    }

    fn unsorted(&self, last: Number<'_>, number: Number<'_>, row: usize) -> Fault {
        let fault = Fault::error(
            "HJ1712",
            format!("没有按账户排序：{number} 在 {last} 之后"),
            format!("rows are not in the order of accounts: {number} comes behind {last}"),
        );
        at_row(self.source.path(), fault, row)
            .help("按账户、日期排序后再导入", "sort by account and date, then import again")
    }

    fn out_of_order(&self, account: Number<'_>, day: i32, next: i32, row: usize) -> Fault {
        if day == next {
            return twice_on_a_day(self.source.path(), row, account, day);
        }
        let (day, next) = (day_text(day), day_text(next));
        let fault = Fault::error(
            "HJ1714",
            format!("账户 {account} 的日期没有从先到后：{next} 在 {day} 之后"),
            format!("dates of account {account} do not ascend: {next} comes behind {day}"),
        );
        at_row(self.source.path(), fault, row)
    }
}

/// The first row of a group follows the last one of the group before when the account goes on.
///
/// # Errors
/// A group begins with an earlier account or day than the one before ends with.
fn stitch(edges: &[Edge], source: &Source, accounts: &Numbers, sink: &impl Sink) -> Result<(), Fault> {
    for pair in edges.windows(2) {
        let (edge, next) = (pair[0], pair[1]);
        if (next.first_account, next.first_day) <= (edge.last_account, edge.last_day) {
            let (last, number) = (accounts.get(edge.last_account), accounts.get(next.first_account));
            let fault = Fault::error(
                "HJ1712",
                format!("没有按账户、日期排序：账户 {last} 之后是 {number}"),
                format!("rows are not in the order of accounts and dates: {last} is followed by {number}"),
            );
            let fault = fault.help("按账户、日期排序后再导入", "sort by account and date, then import again");
            return Err(in_file(source.path(), fault));
        }
        if next.first_account == edge.last_account {
            sink.run(next.first_account, edge.last_balance, &[next.first_day], &[0]);
        }
    }
    Ok(())
}

pub(crate) fn unknown_account(path: &Path, row: usize, number: Number<'_>) -> Fault {
    let fault = Fault::error(
        "HJ1711",
        format!("账户 {number} 不在账户表里"),
        format!("account {number} is not in the accounts file"),
    );
    at_row(path, fault, row).value(number.to_string()).help(
        "补齐账户表，或者去掉这个账户的余额",
        "complete the accounts file, or remove the balances of the account",
    )
}

pub(crate) fn twice_on_a_day(path: &Path, row: usize, account: Number<'_>, day: i32) -> Fault {
    let day = day_text(day);
    let fault = Fault::error(
        "HJ1713",
        format!("账户 {account} 在 {day} 有两个余额"),
        format!("account {account} has two balances on {day}"),
    );
    at_row(path, fault, row)
}

/// A fault in a row of a file, counted from 1.
pub(crate) fn at_row(path: &Path, fault: Fault, row: usize) -> Fault {
    in_file(path, fault.row(u32::try_from(row).unwrap_or(u32::MAX)))
}
