//! Pay: what the totals marked 入账 give becomes entries of a ledger file; balances, closed years, and why an amount was posted.
//!
//! The ledger is one CSV file beside the facts. It is read, checked against its seals, and replaced as a whole.

mod dues;
mod file;

use crate::cone::Cone;
use crate::document::Policy;
use crate::failure::{Failure, Outcome};
use crate::parameters::is_demonstration;
use crate::run::{Request, periods_asked, prepare, reach};
use file::Ledger;
use hengjie_calendar::{Date, Grain, Period};
pub use hengjie_pay::{Book, Entry, Group, Key, Kind, yuan};
use std::path::Path;

/// Who posts, when and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Posting {
    /// The day of posting.
    pub on: Date,
    /// Person or office.
    pub by: String,
    /// The reason, as it will stand in every entry.
    pub because: String,
}

/// What a posting did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Posted {
    /// The entries that were added.
    pub entries: Vec<Entry>,
    /// Amounts that were right already.
    pub unchanged: usize,
    /// Amounts that wait for facts, parameters or decisions; nothing was posted for them.
    pub waiting: usize,
    /// People with entries of this policy who are not among the facts; their entries stay as they are.
    pub absent: usize,
    /// What is due in all for the periods, in fen, what waits left out.
    pub due_fen: i128,
    /// The periods.
    pub periods: Vec<Period>,
}

/// Computes what is due and adds to the ledger what differs from it. With `only_show` the file is left alone.
///
/// # Errors
/// [`Failure::Usage`]: the policy posts nothing, parameters are for demonstration only, or amounts are no whole fen.
/// [`Failure::Facts`]: faults of the facts. [`Failure::Unreadable`]: the ledger was changed by hand or cannot be read.
/// [`Failure::Unwritable`]: it cannot be written; it is whole in any case.
pub fn post(
    policy: &Policy,
    request: &Request,
    ledger: &Path,
    posting: &Posting,
    only_show: bool,
) -> Outcome<Posted> {
    refuse_demonstration(request)?;
    let program = &policy.program;
    let totals = dues::totals(program)?;
    let wanted = dues::attributes(program, &totals);
    let cone = Cone::of(program, wanted.iter().copied());
    let mut facts = prepare(program, &cone, request, &|_| {})?.facts;
    let periods = periods_asked(program, &request.periods, &totals, &facts.data);
    reach(&mut facts.data, &periods);
    let due = dues::find(program, &facts, &totals, &periods)?;
    let mut ledger = Ledger::open(ledger)?;
    let batch = due.batch(policy, &periods, posting);
    let entries = ledger.book.post(&batch);
    let balances = ledger.book.balances();
    let is_absent = |key: &&&Key| key.policy == batch.policy && !batch.persons.contains(&key.person);
    let mut absent: Vec<&str> = balances.keys().filter(is_absent).map(|key| key.person.as_str()).collect();
    absent.sort_unstable();
    absent.dedup();
    let posted = Posted {
        unchanged: batch.dues.iter().filter(|due| due.amount_fen != 0).count()
            - entries.iter().filter(|entry| entry.kind != Kind::Reversal).count(),
        waiting: batch.waiting.len(),
        absent: absent.len(),
        due_fen: batch.dues.iter().map(|due| i128::from(due.amount_fen)).sum(),
        periods,
        entries: entries.clone(),
    };
    if !only_show && !entries.is_empty() {
        ledger.book.append(entries);
        ledger.save()?;
    }
    Ok(posted)
}

/// Values for demonstration never become pay.
fn refuse_demonstration(request: &Request) -> Outcome<()> {
    let named = request.parameters.iter().map(|path| path.display().to_string());
    match named.into_iter().find(|file| is_demonstration(file)) {
        Some(file) => Err(Failure::usage(
            format!("{file} 是演示参数，不能用来入账；请用正式的参数文件"),
            format!("{file} has demonstration parameters, which never become pay; use the real ones"),
        )),
        None => Ok(()),
    }
}

/// Reads a ledger.
///
/// # Errors
/// [`Failure::Unreadable`]: no such file, or it was changed by hand.
pub fn open(ledger: &Path) -> Outcome<Book> {
    file::must_exist(ledger)?;
    file::read(ledger)
}

/// Closes a year of a ledger: what changes afterwards is booked in an open period. Gives the entry.
///
/// # Errors
/// [`Failure::Usage`]: no year, closed already, or not over on the day of closing. As [`open`], and [`Failure::Unwritable`].
pub fn close(ledger: &Path, year: Period, posting: &Posting) -> Outcome<Entry> {
    file::must_exist(ledger)?;
    let mut ledger = Ledger::open(ledger)?;
    let Some(entry) = ledger.book.close(year, posting.on, &posting.by, &posting.because) else {
        return Err(refused(&ledger.book, year, posting.on));
    };
    ledger.book.append(vec![entry.clone()]);
    ledger.save()?;
    Ok(entry)
}

fn refused(book: &Book, year: Period, on: Date) -> Failure {
    match book.closed_through() {
        _ if year.grain() != Grain::Year => Failure::usage(
            format!("关账按年：写 2025年，不是 {year}"),
            format!("years are closed: write 2025年, not {year}"),
        ),
        Some(closed) if closed >= year.last_day() => Failure::usage(
            format!("{year} 已经关账（关到 {closed}）"),
            format!("{year} is closed already (up to {closed})"),
        ),
        _ => Failure::usage(
            format!("{year} 到 {on} 还没有过完，不能关账"),
            format!("{year} is not over on {on} and cannot be closed"),
        ),
    }
}
