//! Who owned which customer, on which days, with which share.

use crate::accounts::Customer;
use crate::columns::{Source, basis_points, days, integers, open_days};
use hengjie_calendar::Date;
use hengjie_facts::Fault;
use std::path::Path;

/// 100 % in basis points.
pub const FULL_SHARE_BP: i32 = 10_000;
/// Day of an ownership without end.
pub const NO_END: i32 = i32::MAX;
/// Rows read at a time.
const BATCH: usize = 1 << 16;
/// Faults of one kind that are written out; the rest is counted.
const SHOWN: usize = 20;

/// Position of an owner in [`Ownership::owners`].
pub type Owner = u32;

/// One owner of one customer for some days.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Tenure {
    /// Whose.
    pub customer: Customer,
    /// Who.
    pub owner: Owner,
    /// First day, days since 1970-01-01.
    pub from: i32,
    /// First day after; [`NO_END`] when it has no end.
    pub to: i32,
    /// Share in basis points, 1 to 10000.
    pub share_bp: i32,
}

/// All tenures, ordered by customer, owner and first day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ownership {
    /// Tenures in order.
    pub tenures: Vec<Tenure>,
    /// Where the tenures of each customer begin; one more entry than customers.
    pub first: Vec<u32>,
    /// Numbers of owners, ascending, without duplicates.
    pub owners: Vec<i64>,
}

/// A row of the ownership file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OwnershipRow {
    /// Customer number.
    pub customer: i64,
    /// Owner number.
    pub owner: i64,
    /// First day, days since 1970-01-01.
    pub from: i32,
    /// First day after; `None` when it has no end.
    pub to: Option<i32>,
    /// Share in basis points.
    pub share_bp: i32,
}

impl Ownership {
    /// Reads the columns `customer_id`, `rm_id` (64-bit integers), `from_date`, `to_date` (dates; empty: no end) and `share_bp`.
    ///
    /// `customers` are all customers that have accounts, ascending; rows of others are left out: they own nothing that is counted.
    ///
    /// # Errors
    /// The file cannot be read, a column is missing or has another type, a cell is empty, an interval ends before it begins, a
    /// share is outside 1–10000 bp, or the shares of a customer are more than 100 % on some day. All faults together.
    pub fn read(path: &Path, customers: &[i64]) -> Result<Self, Vec<Fault>> {
        let names = ["customer_id", "rm_id", "from_date", "to_date", "share_bp"];
        let source = Source::open(path, &names)?;
        let mut rows = Vec::with_capacity(source.rows());
        for batch in source.read_all(BATCH).map_err(|fault| vec![fault])? {
            let batch = batch.map_err(|fault| vec![fault])?;
            read_batch(&batch, path, &mut rows).map_err(|fault| vec![fault])?;
        }
        Self::from_rows(&rows, customers)
            .map_err(|faults| faults.into_iter().map(|fault| crate::columns::in_file(path, fault)).collect())
    }

    /// Makes the ownership from rows in any order; row numbers of faults count from 1.
    ///
    /// # Errors
    /// As [`Ownership::read`].
    pub fn from_rows(rows: &[OwnershipRow], customers: &[i64]) -> Result<Self, Vec<Fault>> {
        let mut faults = row_faults(rows);
        let mut owners: Vec<i64> = rows.iter().map(|row| row.owner).collect();
        owners.sort_unstable();
        owners.dedup();
        let owner = |id: i64| owners.binary_search(&id).unwrap_or(0) as Owner;
        let mut tenures: Vec<Tenure> = rows
            .iter()
            .filter_map(|row| {
                let customer = customers.binary_search(&row.customer).ok()? as Customer;
                let to = row.to.unwrap_or(NO_END);
                Some(Tenure { customer, owner: owner(row.owner), from: row.from, to, share_bp: row.share_bp })
            })
            .collect();
        tenures.sort_unstable();
        let first = first_of_each(&tenures, customers.len());
        let ownership = Self { tenures, first, owners };
        if faults.is_empty() {
            faults = ownership.share_faults(customers);
        }
        if faults.is_empty() { Ok(ownership) } else { Err(faults) }
    }

    /// The tenures of a customer, by owner and first day.
    #[must_use]
    pub fn of(&self, customer: Customer) -> &[Tenure] {
        let customer = customer as usize;
        &self.tenures[self.first[customer] as usize..self.first[customer + 1] as usize]
    }

    /// Customers whose shares exceed 100 % on some day.
    fn share_faults(&self, customers: &[i64]) -> Vec<Fault> {
        let mut faults = Vec::new();
        let mut more = 0usize;
        for (position, id) in customers.iter().enumerate() {
            let Some((day, share_bp)) = most_shared(self.of(position as Customer)) else { continue };
            if faults.len() < SHOWN {
                faults.push(over_full(*id, day, share_bp));
            } else {
                more += 1;
            }
        }
        if more > 0 {
            faults.push(Fault::error(
                "HJ1710",
                format!("另有 {more} 个客户份额合计超过 100%"),
                format!("{more} more customers have shares above 100 %"),
            ));
        }
        faults
    }
}

fn read_batch(
    batch: &arrow_array::RecordBatch,
    path: &Path,
    rows: &mut Vec<OwnershipRow>,
) -> Result<(), Fault> {
    let customers = integers(batch, "customer_id", path)?;
    let owners = integers(batch, "rm_id", path)?;
    let from = days(batch, "from_date", path)?;
    let to = open_days(batch, "to_date", path)?;
    let shares = basis_points(batch, "share_bp", path)?;
    rows.extend((0..batch.num_rows()).map(|row| OwnershipRow {
        customer: customers[row],
        owner: owners[row],
        from: from[row],
        to: to[row],
        share_bp: shares[row],
    }));
    Ok(())
}

fn row_faults(rows: &[OwnershipRow]) -> Vec<Fault> {
    let mut faults = Vec::new();
    for (index, row) in rows.iter().enumerate() {
        let number = u32::try_from(index + 1).unwrap_or(u32::MAX);
        if !(1..=FULL_SHARE_BP).contains(&row.share_bp) {
            let fault = Fault::error(
                "HJ1708",
                "份额应在 1 至 10000（万分之一）之间",
                "a share is 1 to 10000 basis points",
            );
            faults.push(fault.row(number).column("share_bp").value(row.share_bp.to_string()));
        }
        if let Some(to) = row.to.filter(|to| *to <= row.from) {
            let fault = Fault::error(
                "HJ1709",
                format!("止日不晚于起日 {}", day_text(row.from)),
                format!("the end is not after the beginning {}", day_text(row.from)),
            );
            faults.push(
                fault
                    .row(number)
                    .column("to_date")
                    .value(day_text(to))
                    .help("止日是不再归属的第一天", "the end is the first day that no longer belongs"),
            );
        }
        if faults.len() >= SHOWN {
            break;
        }
    }
    faults
}

fn first_of_each(tenures: &[Tenure], customers: usize) -> Vec<u32> {
    let mut first = vec![0u32; customers + 1];
    for tenure in tenures {
        first[tenure.customer as usize + 1] += 1;
    }
    for position in 1..first.len() {
        first[position] += first[position - 1];
    }
    first
}

/// The first day on which the shares exceed 100 %, with their sum.
fn most_shared(tenures: &[Tenure]) -> Option<(i32, i32)> {
    if let [only] = tenures {
        return (only.share_bp > FULL_SHARE_BP).then_some((only.from, only.share_bp));
    }
    let starts = tenures.iter().map(|tenure| tenure.from);
    starts
        .map(|day| {
            let on_day = tenures.iter().filter(|tenure| tenure.from <= day && day < tenure.to);
            (day, on_day.map(|tenure| tenure.share_bp).sum::<i32>())
        })
        .filter(|(_, share_bp)| *share_bp > FULL_SHARE_BP)
        .min()
}

fn over_full(customer: i64, day: i32, share_bp: i32) -> Fault {
    let text = percent(share_bp);
    Fault::error(
        "HJ1710",
        format!("客户 {customer} 在 {} 的份额合计为 {text}，超过 100%", day_text(day)),
        format!("the shares of customer {customer} on {} sum to {text}, above 100 %", day_text(day)),
    )
    .column("share_bp")
    .help("检查交接的起止日是否重叠，或者改份额", "check for overlapping hand-overs, or change the shares")
}

fn percent(share_bp: i32) -> String {
    format!("{}.{:02}%", share_bp / 100, share_bp % 100)
}

/// `2025-03-01`, or the number of the day when it is out of the calendar.
pub(crate) fn day_text(day: i32) -> String {
    Date::from_days(day).map_or_else(|| day.to_string(), |date| date.to_string())
}
