//! Ownership in a ledger: tenures, and the balance-days of lines on the days on which their customer changes hands.

use super::files::{self, FileRef};
use super::manifest::OwnershipFiles;
use super::register::{Line, Lines, numbers};
use crate::ownership::{NO_END, Ownership, Tenure};
use arrow_array::cast::AsArray;
use arrow_array::types::{Int32Type, Int64Type, UInt32Type};
use arrow_array::{ArrayRef, Int32Array, Int64Array, UInt32Array};
use hengjie_facts::Fault;
use std::path::Path;
use std::sync::Arc;

/// Balance-days up to days on which customers change hands, ascending by line and day.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Cuts {
    pub(crate) at: Vec<(Line, i32)>,
    pub(crate) fen_days: Vec<i64>,
}

impl Cuts {
    /// The cuts of a line.
    pub(crate) fn of(&self, line: Line) -> std::ops::Range<usize> {
        let first = self.at.partition_point(|cut| cut.0 < line);
        first..first + self.at[first..].iter().take_while(|cut| cut.0 == line).count()
    }

    /// Balance-days of a line at a day; zero before the first day of the ledger, where there are no cuts.
    pub(crate) fn get(&self, line: Line, day: i32) -> i64 {
        self.at.binary_search(&(line, day)).map_or(0, |cut| self.fen_days[cut])
    }
}

/// Where balance-days are needed: for every line, the days behind the first on which a tenure of its customer begins or ends.
pub(crate) fn wanted(ownership: &Ownership, lines: &Lines, first_day: i32) -> Vec<(Line, i32)> {
    let customers = ownership.first.len().saturating_sub(1);
    let mut cuts = Vec::new();
    for (line, customer) in (0..).zip(&lines.customer) {
        if *customer as usize >= customers {
            continue;
        }
        let tenures = ownership.of(*customer);
        let days = tenures.iter().flat_map(|tenure| [tenure.from, tenure.to]);
        let mut days: Vec<i32> = days.filter(|day| *day > first_day && *day != NO_END).collect();
        days.sort_unstable();
        days.dedup();
        cuts.extend(days.into_iter().map(|day| (line, day)));
    }
    cuts
}

/// Writes tenures, owners and cuts.
///
/// # Errors
/// A file cannot be written.
pub(crate) fn write(
    folder: &Path,
    load: u32,
    ownership: &Ownership,
    cuts: &[(Line, i32)],
    fen_days: &[i64],
) -> Result<[FileRef; 3], Fault> {
    let positions = |values: &mut dyn Iterator<Item = u32>| -> ArrayRef {
        Arc::new(UInt32Array::from_iter_values(values))
    };
    let days = |values: &mut dyn Iterator<Item = i32>| -> ArrayRef {
        Arc::new(Int32Array::from_iter_values(values))
    };
    let tenures = &ownership.tenures;
    let columns = vec![
        ("customer", positions(&mut tenures.iter().map(|tenure| tenure.customer))),
        ("owner", positions(&mut tenures.iter().map(|tenure| tenure.owner))),
        ("from", days(&mut tenures.iter().map(|tenure| tenure.from))),
        ("to", days(&mut tenures.iter().map(|tenure| tenure.to))),
        ("share_bp", days(&mut tenures.iter().map(|tenure| tenure.share_bp))),
    ];
    let sums: ArrayRef = Arc::new(Int64Array::from_iter_values(fen_days.iter().copied()));
    let cut_columns = vec![
        ("line", positions(&mut cuts.iter().map(|cut| cut.0))),
        ("day", days(&mut cuts.iter().map(|cut| cut.1))),
        ("fen_days", sums),
    ];
    let name = |what: &str| format!("ownership/{load:06}-{what}.parquet");
    Ok([
        files::write(folder, &name("tenures"), columns)?,
        files::write(folder, &name("owners"), vec![("number", ownership.owners.to_array())])?,
        files::write(folder, &name("cuts"), cut_columns)?,
    ])
}

/// Reads tenures and owners.
///
/// # Errors
/// A file is missing or damaged.
pub(crate) fn read_ownership(
    folder: &Path,
    files: &OwnershipFiles,
    customers: usize,
) -> Result<Ownership, Fault> {
    let columns = files::read(folder, &files.tenures, &["customer", "owner", "from", "to", "share_bp"])?;
    let customer = columns[0].as_primitive::<UInt32Type>().values();
    let owner = columns[1].as_primitive::<UInt32Type>().values();
    let day = |column: &ArrayRef| column.as_primitive::<Int32Type>().values().clone();
    let (from, to, share_bp) = (day(&columns[2]), day(&columns[3]), day(&columns[4]));
    let tenure = |row: usize| Tenure {
        customer: customer[row],
        owner: owner[row],
        from: from[row],
        to: to[row],
        share_bp: share_bp[row],
    };
    let tenures = (0..customer.len()).map(tenure).collect();
    let owners = numbers(&files::read(folder, &files.owners, &["number"])?[0]);
    Ok(Ownership::from_tenures(tenures, customers, owners))
}

/// Reads the cuts.
///
/// # Errors
/// The file is missing or damaged.
pub(crate) fn read_cuts(folder: &Path, file: &FileRef) -> Result<Cuts, Fault> {
    let columns = files::read(folder, file, &["line", "day", "fen_days"])?;
    let lines = columns[0].as_primitive::<UInt32Type>().values();
    let days = columns[1].as_primitive::<Int32Type>().values();
    let fen_days = columns[2].as_primitive::<Int64Type>().values();
    Ok(Cuts { at: lines.iter().copied().zip(days.iter().copied()).collect(), fen_days: fen_days.to_vec() })
}
