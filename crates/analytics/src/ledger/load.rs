//! Balances of another day, late balances and corrections: all become movements beside what is there.
//!
//! A balance behind the last day of its account moves it by the difference to the last balance. An older one is put into the
//! history of the account, and what moves is the difference between the history before and after.

use super::history::History;
use super::manifest::{Load, LoadKind, LoadNumber, Manifest};
use super::register::{Line, Register};
use super::state::{LastBalances, read_state};
use super::{Ledger, files};
use crate::changes::{Watch, at_row, twice_on_a_day, unknown_account};
use crate::columns::{Keys, Source, days, integers};
use crate::numbers::Numbers;
use crate::ownership::day_text;
use arrow_array::{ArrayRef, Int32Array, Int64Array, UInt32Array};
use hengjie_facts::Fault;
use std::path::Path;
use std::sync::Arc;

/// Rows read at a time.
const BATCH: usize = 1 << 16;
/// Faults of one file that are written out.
const SHOWN: usize = 20;

/// Rows of a file of balances, in any order.
#[derive(Debug, Clone, PartialEq)]
pub struct Changes {
    /// Account of each row.
    pub accounts: Numbers,
    /// Day of each row, since 1970-01-01.
    pub days: Vec<i32>,
    /// Balance at the end of that day.
    pub balances_fen: Vec<i64>,
    /// Row of the file at which the first one stands, as people count.
    pub first_row: usize,
}

impl Changes {
    /// Reads the columns `account_id`, `eff_date` and `balance_fen` of a Parquet file.
    ///
    /// # Errors
    /// The file cannot be read, a column is missing or has another type, or a cell is empty.
    pub fn read(path: &Path) -> Result<Self, Vec<Fault>> {
        let one = |fault: Fault| vec![fault];
        let source = Source::open(path, &["account_id", "eff_date", "balance_fen"])?;
        let (mut accounts, mut all_days, mut balances_fen) = (None, Vec::new(), Vec::new());
        for batch in source.read_all(BATCH).map_err(one)? {
            let batch = batch.map_err(one)?;
            Keys::read(&batch, "account_id", path).map_err(one)?.add_to(&mut accounts);
            all_days.extend_from_slice(days(&batch, "eff_date", path).map_err(one)?);
            balances_fen.extend_from_slice(integers(&batch, "balance_fen", path).map_err(one)?);
        }
        let accounts = accounts.unwrap_or(Numbers::Integers(Vec::new()));
        Ok(Self { accounts, days: all_days, balances_fen, first_row: 1 })
    }
}

/// How a load ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// It is in the ledger.
    Loaded {
        /// Its number.
        number: LoadNumber,
        /// Accounts of which an older balance was put in.
        corrected_accounts: usize,
        /// Days between the last day of the ledger and the first of the file, of which there is nothing; none is zero.
        missing_days: i32,
    },
    /// The same file was loaded before; nothing was changed.
    Already(LoadNumber),
}

/// A row that was found in the register.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Row {
    account: u32,
    day: i32,
    balance_fen: i64,
    row: usize,
}

/// A movement of a line.
type Movement = (Line, i32, i64);

impl Ledger {
    /// Takes balances of a file into the ledger. `recorded` is the day on which they became known; it never goes back.
    ///
    /// # Errors
    /// Rows have faults (unknown account, two balances of an account on a day, a day before the ledger begins or behind the day of
    /// recording, a balance so large that sums could leave 64 bits), the day of recording goes back, another program is writing,
    /// or files cannot be read or written. The ledger is then as it was.
    pub fn load(
        &mut self,
        source: &Path,
        changes: &Changes,
        recorded: i32,
        watch: &Watch<'_>,
    ) -> Result<Outcome, Vec<Fault>> {
        let one = |fault: Fault| vec![fault];
        let _lock = self.lock().map_err(one)?;
        if let Some(number) = self.loaded_before(source).map_err(one)? {
            return Ok(Outcome::Already(number));
        }
        self.check_recorded(recorded).map_err(one)?;
        let (register, last) =
            rayon::join(|| Register::read(&self.folder, &self.manifest), || self.last_balances());
        let (register, last) = (register.map_err(one)?, last.map_err(one)?);
        let rows = self.rows(source, changes, &register, recorded)?;
        let missing_days =
            rows.iter().map(|row| row.day).min().map_or(0, |day| day - self.days().1 - 1).max(0);
        let (movements, corrected_accounts) = self.moved(&rows, &register, &last)?;
        watch.check().map_err(one)?;
        let next = self.with_load(source, &rows, &movements, recorded, &last).map_err(one)?;
        next.commit(&self.folder).map_err(one)?;
        self.manifest = next;
        Ok(Outcome::Loaded { number: self.last_load(), corrected_accounts, missing_days })
    }

    /// The last balances of all accounts.
    fn last_balances(&self) -> Result<LastBalances, Fault> {
        let mut last = read_state(&self.folder, &self.manifest.state.file)?;
        last.grow(self.manifest.account_count());
        for load in self.loads().iter().skip(self.manifest.state.after as usize) {
            let Some(balances) = self.balances(load)? else { continue };
            for ((account, day), balance) in
                balances.account.iter().zip(balances.day.iter()).zip(balances.balance_fen.iter())
            {
                last.set(*account as usize, *day, *balance);
            }
        }
        Ok(last)
    }

    /// Rows by account and day; every row is checked.
    fn rows(
        &self,
        source: &Path,
        changes: &Changes,
        register: &Register,
        recorded: i32,
    ) -> Result<Vec<Row>, Vec<Fault>> {
        let first_day = self.days().0;
        let (mut near, mut faults, mut count) = (0, Vec::new(), 0usize);
        let mut rows = Vec::with_capacity(changes.days.len());
        for (index, (day, balance_fen)) in changes.days.iter().zip(&changes.balances_fen).enumerate() {
            let number = changes.accounts.get(index);
            let row = changes.first_row + index;
            let fault = match register.find(number, &mut near) {
                _ if *day < first_day => Some(outside(source, row, *day, first_day, true)),
                _ if *day > recorded => Some(outside(source, row, *day, recorded, false)),
                _ if balance_fen.unsigned_abs() > self.manifest.balance_limit_fen => {
                    Some(too_large(source, row, *balance_fen))
                }
                None => Some(unknown_account(source, row, number)),
                Some(account) => {
                    rows.push(Row { account: account as u32, day: *day, balance_fen: *balance_fen, row });
                    None
                }
            };
            count += usize::from(fault.is_some());
            faults.extend(fault.filter(|_| faults.len() < SHOWN));
        }
        if !rows.is_sorted() {
            rows.sort_unstable();
        }
        for pair in
            rows.windows(2).filter(|pair| (pair[0].account, pair[0].day) == (pair[1].account, pair[1].day))
        {
            let number = register.number(pair[1].account as usize);
            count += 1;
            if faults.len() < SHOWN {
                faults.push(twice_on_a_day(source, pair[1].row, number, pair[1].day));
            }
        }
        if faults.is_empty() {
            return Ok(rows);
        }
        if count > faults.len() {
            faults.push(more_faults(source, count - faults.len()));
        }
        Err(faults)
    }

    /// What the rows move, by line and day, and of how many accounts an older balance changed.
    fn moved(
        &self,
        rows: &[Row],
        register: &Register,
        last: &LastBalances,
    ) -> Result<(Vec<Movement>, usize), Vec<Fault>> {
        let mut movements = Vec::with_capacity(rows.len());
        let mut late: Vec<&[Row]> = Vec::new();
        for rows in rows.chunk_by(|left, right| left.account == right.account) {
            let account = rows[0].account as usize;
            if rows[0].day <= last.day[account] {
                late.push(rows);
                continue;
            }
            let mut before = last.balance_fen[account];
            for row in rows {
                movements.push((register.line(account), row.day, row.balance_fen - before));
                before = row.balance_fen;
            }
        }
        let accounts: Vec<usize> = late.iter().map(|rows| rows[0].account as usize).collect();
        if !accounts.is_empty() {
            let histories = self.histories(register, &accounts, self.last_load())?;
            for (rows, history) in late.iter().zip(&histories) {
                let line = register.line(rows[0].account as usize);
                movements.extend(corrections(history, rows).into_iter().map(|(day, fen)| (line, day, fen)));
            }
        }
        Ok((summed(movements), accounts.len()))
    }

    /// Writes the files of a load; the list that has it.
    fn with_load(
        &self,
        source: &Path,
        rows: &[Row],
        movements: &[Movement],
        recorded: i32,
        last: &LastBalances,
    ) -> Result<Manifest, Fault> {
        let number = self.last_load() + 1;
        let ending = source.extension().map_or_else(|| "parquet".into(), |ending| ending.to_string_lossy());
        let (copy, written) = rayon::join(
            || files::copy(source, &self.folder, &format!("sources/{number:06}.{ending}")),
            || rayon::join(|| self.write_balances(number, rows), || self.write_movements(number, movements)),
        );
        let days = || rows.iter().map(|row| row.day);
        let last_day = days().max().unwrap_or(recorded);
        let mut next = self.manifest.clone();
        self.close_month(&mut next, last_day, last)?;
        let load = Load::without_days(LoadKind::Changes, copy?, source, rows.len() as u64, recorded);
        next.loads.push(Load {
            first_day: days().min().unwrap_or(recorded),
            last_day,
            last_moved: movements.iter().map(|movement| movement.1).max().unwrap_or(recorded),
            balances: Some(written.0?),
            movements: Some(written.1?),
            ..load
        });
        Ok(next)
    }

    fn write_balances(&self, number: LoadNumber, rows: &[Row]) -> Result<files::FileRef, Fault> {
        let account: ArrayRef = Arc::new(UInt32Array::from_iter_values(rows.iter().map(|row| row.account)));
        let day: ArrayRef = Arc::new(Int32Array::from_iter_values(rows.iter().map(|row| row.day)));
        let fen: ArrayRef = Arc::new(Int64Array::from_iter_values(rows.iter().map(|row| row.balance_fen)));
        let columns = vec![("account", account), ("day", day), ("balance_fen", fen)];
        files::write(&self.folder, &format!("loads/{number:06}-balances.parquet"), columns)
    }

    fn write_movements(&self, number: LoadNumber, movements: &[Movement]) -> Result<files::FileRef, Fault> {
        let line: ArrayRef =
            Arc::new(UInt32Array::from_iter_values(movements.iter().map(|movement| movement.0)));
        let day: ArrayRef =
            Arc::new(Int32Array::from_iter_values(movements.iter().map(|movement| movement.1)));
        let fen: ArrayRef =
            Arc::new(Int64Array::from_iter_values(movements.iter().map(|movement| movement.2)));
        let columns = vec![("line", line), ("day", day), ("movement_fen", fen)];
        files::write(&self.folder, &format!("loads/{number:06}-movements.parquet"), columns)
    }

    /// The load that brought the same bytes.
    pub(super) fn loaded_before(&self, source: &Path) -> Result<Option<LoadNumber>, Fault> {
        let sha256 = files::hash_of(source)?;
        let index = self.loads().iter().position(|load| load.source.sha256 == sha256);
        Ok(index.map(|index| index as LoadNumber + 1))
    }

    pub(super) fn check_recorded(&self, recorded: i32) -> Result<(), Fault> {
        let Some(last) = self.loads().last().filter(|load| recorded < load.recorded) else { return Ok(()) };
        let (recorded, last) = (day_text(recorded), day_text(last.recorded));
        let fault = Fault::error(
            "HJ1724",
            format!("登记日 {recorded} 早于上一次的登记日 {last}"),
            format!("the day of recording {recorded} comes before that of the last load, {last}"),
        );
        Err(fault.help(
            "登记日是得知的日子，只能往后；余额的日期可以是以前的",
            "it is the day on which something became known and only goes on; balances may be of older days",
        ))
    }
}

/// What moves when rows are put into the history of their account.
fn corrections(history: &History, rows: &[Row]) -> Vec<(i32, i64)> {
    let mut after: History = history.clone();
    after.extend(rows.iter().map(|row| (row.day, (row.balance_fen, 0))));
    let mut moved = Vec::new();
    let (mut before_fen, mut after_fen) = (0i64, 0i64);
    for (day, (balance_fen, _)) in after {
        let old_fen = history.get(&day).map_or(before_fen, |(balance_fen, _)| *balance_fen);
        let difference = (balance_fen - after_fen) - (old_fen - before_fen);
        if difference != 0 {
            moved.push((day, difference));
        }
        (before_fen, after_fen) = (old_fen, balance_fen);
    }
    moved
}

/// Movements of a line on a day put together, in order; what cancels out is left out.
fn summed(mut movements: Vec<Movement>) -> Vec<Movement> {
    movements.sort_unstable();
    let same = |left: &Movement, right: &Movement| (left.0, left.1) == (right.0, right.1);
    let together =
        |group: &[Movement]| (group[0].0, group[0].1, group.iter().map(|movement| movement.2).sum());
    movements.chunk_by(same).map(together).filter(|movement: &Movement| movement.2 != 0).collect()
}

fn outside(path: &Path, row: usize, day: i32, border: i32, is_before: bool) -> Fault {
    let (day, border) = (day_text(day), day_text(border));
    let fault = if is_before {
        Fault::error(
            "HJ1722",
            format!("{day} 早于账簿的第一天 {border}"),
            format!("{day} comes before {border}, the first day of the ledger"),
        )
        .help(
            "要改期初以前的余额，请重新建账",
            "build the ledger again to change what was before its beginning",
        )
    } else {
        Fault::error(
            "HJ1722",
            format!("{day} 晚于登记日 {border}，那天的余额还不可能知道"),
            format!("{day} comes behind the day of recording {border}, when it could not be known"),
        )
        .help(
            "检查日期，或者用 --recorded-on 写明登记日",
            "check the date, or give the day of recording with --recorded-on",
        )
    };
    at_row(path, fault.column("eff_date"), row)
}

fn too_large(path: &Path, row: usize, balance_fen: i64) -> Fault {
    let fault = Fault::error(
        "HJ1715",
        "余额太大，积数可能超出 64 位整数",
        "balances are so large that balance-days could leave 64 bits",
    );
    at_row(path, fault.column("balance_fen").value(balance_fen.to_string()), row)
        .help("检查余额的单位是否为分", "check that balances are in fen")
}

fn more_faults(path: &Path, more: usize) -> Fault {
    let fault = Fault::error(
        "HJ1725",
        format!("还有 {more} 行有错，没有列出"),
        format!("{more} more rows have faults"),
    );
    crate::columns::in_file(path, fault)
}
