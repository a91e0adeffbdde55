//! The ledger of account-days: build it, load days and corrections, daily averages as facts of a policy, and where they come from.
//!
//! | step | module |
//! |---|---|
//! | files of the user become what the ledger takes | `input` |
//! | which figures are asked for | `columns` |
//! | figures as a table of facts | `figures` |
//! | where a figure comes from | `explain` |

mod columns;
mod explain;
mod figures;
mod input;

pub use columns::{Column, parse_columns};
pub use explain::{Answer, explain};
pub use figures::{Figures, Question, Rows, answer, into_table};

use crate::failure::{Failure, Outcome};
use hengjie_analytics::Ledger;
use hengjie_analytics::ledger::{LoadNumber, Outcome as LoadOutcome, Sources, Verdict};
use hengjie_calendar::Date;
use hengjie_facts::{Fault, FaultReport, TableTotal};
use std::path::Path;

pub use hengjie_analytics::Watch;

/// Opens the ledger of a folder.
///
/// # Errors
/// There is none, or its list is damaged.
pub fn open(folder: &Path) -> Outcome<Ledger> {
    Ledger::open(folder).map_err(|fault| refused(vec![fault]))
}

/// Builds a ledger from the files 账户, 余额变动 and 归属 (or `accounts`, `balance_changes`, `ownership`) of a folder.
///
/// # Errors
/// A file is missing or has faults, there is a ledger already, or files cannot be written.
pub fn build(folder: &Path, from: &Path, recorded: Date, watch: &Watch<'_>) -> Outcome<Ledger> {
    let beginning = input::Beginning::find(from)?;
    let sources = Sources {
        accounts: &beginning.accounts,
        changes: &beginning.changes,
        ownership: &beginning.ownership,
    };
    let place = |faults| beginning.as_written(faults);
    Ledger::build(folder, &sources, recorded.days(), watch).map_err(|faults| refused(place(faults)))
}

/// Takes a file of balances into the ledger: of a day, late, or corrected.
///
/// # Errors
/// The file has faults, the day of recording goes back, or files cannot be written; the ledger is then as it was.
pub fn load(ledger: &mut Ledger, file: &Path, recorded: Date, watch: &Watch<'_>) -> Outcome<LoadOutcome> {
    let changes = input::changes(file)?;
    let place = |faults| input::as_written(faults, 0);
    ledger.load(file, &changes, recorded.days(), watch).map_err(|faults| refused(place(faults)))
}

/// Takes an ownership into the ledger; it replaces the one before for all days.
///
/// # Errors
/// As [`load`].
pub fn load_ownership(
    ledger: &mut Ledger,
    file: &Path,
    recorded: Date,
    watch: &Watch<'_>,
) -> Outcome<LoadOutcome> {
    let folder = input::scratch()?;
    let readable = input::ownership(file, folder.path())?;
    let place = |faults| input::as_written(faults, 1);
    ledger.load_ownership(&readable, recorded.days(), watch).map_err(|faults| refused(place(faults)))
}

/// Computes everything again and compares.
///
/// # Errors
/// Something differs, or a file is missing.
pub fn verify(ledger: &Ledger, watch: &Watch<'_>) -> Outcome<Verdict> {
    ledger.verify(watch).map_err(refused)
}

/// The last load that was known on a day; without a day, the last one.
fn known(ledger: &Ledger, day: Option<Date>) -> Outcome<LoadNumber> {
    let Some(day) = day else { return Ok(ledger.last_load()) };
    ledger.known_on(day.days()).ok_or_else(|| {
        Failure::usage(
            format!("{day} 时账簿里还什么都没有；取晚一些的日期"),
            format!("nothing was in the ledger on {day}; take a later day"),
        )
    })
}

/// Faults of files as a failure.
fn refused(faults: Vec<Fault>) -> Failure {
    let errors = faults.len() as u64;
    let file = faults.first().map(|fault| fault.file.clone()).unwrap_or_default();
    let totals = vec![TableTotal { table: String::new(), file, errors, warnings: 0 }];
    Failure::Facts(Box::new(FaultReport { faults, totals }))
}
