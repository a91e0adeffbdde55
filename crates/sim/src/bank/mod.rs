//! One bank, whose data serve two policies: outlets with their staff, customers, ownership, balances and events.
//!
//! Outlets are made and written one after the other, so that the size of the bank is not limited by memory.

mod customers;
mod grade;
mod hundred_points;
mod outlet;
mod ownership;
mod people;
mod six_grades;

use crate::names::{People, Signs};
use crate::{FolderSummary, Options, ProgressFn, SimError};
use std::path::Path;

/// The years with data.
const YEARS: [i32; 2] = [2024, 2025];

/// Outlets at scale 1.
const OUTLETS: usize = 40;

/// Customers of an outlet.
const CUSTOMERS: usize = 1500;

/// What outlets share: names and numbers that go on.
#[derive(Debug)]
struct Bank {
    seed: u64,
    people: People,
    signs: Signs,
    staff: usize,
    customers: u64,
}

/// Writes both folders.
pub(crate) fn write(
    folder: &Path,
    options: &Options,
    progress: &ProgressFn<'_>,
) -> Result<Vec<FolderSummary>, SimError> {
    let mut bank = Bank {
        seed: options.seed,
        people: People::new(options.seed, "bank"),
        signs: Signs::companies(),
        staff: 0,
        customers: 0,
    };
    let mut six_grades = six_grades::Files::create(folder, options.scale)?;
    let mut hundred_points = hundred_points::Files::create(folder, options.scale)?;
    let outlets = OUTLETS * options.scale as usize;
    for number in 0..outlets {
        let outlet = bank.outlet(number);
        six_grades.write(&outlet)?;
        hundred_points.write(&outlet)?;
        progress("银行", number as u64 + 1, outlets as u64);
    }
    Ok(vec![six_grades.finish()?, hundred_points.finish()?])
}
