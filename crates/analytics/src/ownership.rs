//! Who owned which customer, on which days, with which share.

use crate::accounts::Customer;
use crate::columns::{Keys, Source, basis_points, days, open_days};
use crate::numbers::{Number, Numbers};
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
#[derive(Debug, Clone, PartialEq)]
pub struct Ownership {
    /// Tenures in order.
    pub tenures: Vec<Tenure>,
    /// Where the tenures of each customer begin; one more entry than customers.
    pub first: Vec<u32>,
    /// Numbers of owners, ascending, without duplicates.
    pub owners: Numbers,
}

/// The columns of an ownership file, as they stand there.
#[derive(Debug, Default)]
struct Rows {
    customers: Option<Numbers>,
    owners: Option<Numbers>,
    from: Vec<i32>,
    to: Vec<Option<i32>>,
    share_bp: Vec<i32>,
}

impl Ownership {
    /// Reads the columns `customer_id`, `rm_id` (64-bit integers or text), `from_date`, `to_date` (dates; empty: no end) and `share_bp`.
    ///
    /// `customers` are all customers that have accounts, ascending; rows of others are left out: they own nothing that is counted.
    ///
    /// # Errors
    /// The file cannot be read, a column is missing or has another type, a cell is empty, an interval ends before it begins, a
    /// share is outside 1–10000 bp, or the shares of a customer are more than 100 % on some day. All faults together.
    pub fn read(path: &Path, customers: &Numbers) -> Result<Self, Vec<Fault>> {
        Self::read_of(
            path,
            customers.len(),
            |number| customers.find(number),
            |customer| customers.get(customer),
        )
    }

    /// As [`Ownership::read`], for customers of any order: `find` gives the position of one, `name` its number.
    pub(crate) fn read_of<'a>(
        path: &Path,
        customers: usize,
        find: impl Fn(Number<'_>) -> Option<usize>,
        name: impl Fn(usize) -> Number<'a>,
    ) -> Result<Self, Vec<Fault>> {
        let names = ["customer_id", "rm_id", "from_date", "to_date", "share_bp"];
        let source = Source::open(path, &names)?;
        let mut rows = Rows::default();
        for batch in source.read_all(BATCH).map_err(|fault| vec![fault])? {
            let batch = batch.map_err(|fault| vec![fault])?;
            rows.add(&batch, path).map_err(|fault| vec![fault])?;
        }
        let ownership = rows.ownership(customers, find);
        let faults = match rows.faults() {
            faults if faults.is_empty() => ownership.share_faults(name),
            faults => faults,
        };
        if faults.is_empty() {
            return Ok(ownership);
        }
        Err(faults.into_iter().map(|fault| crate::columns::in_file(path, fault)).collect())
    }

    /// Puts tenures in order.
    pub(crate) fn from_tenures(mut tenures: Vec<Tenure>, customers: usize, owners: Numbers) -> Self {
        if !tenures.is_sorted() {
            tenures.sort_unstable();
        }
        let first = first_of_each(&tenures, customers);
        Self { tenures, first, owners }
    }

    /// The tenures of a customer, by owner and first day.
    #[must_use]
    pub fn of(&self, customer: Customer) -> &[Tenure] {
        let customer = customer as usize;
        &self.tenures[self.first[customer] as usize..self.first[customer + 1] as usize]
    }

    /// Customers whose shares exceed 100 % on some day.
    fn share_faults<'a>(&self, name: impl Fn(usize) -> Number<'a>) -> Vec<Fault> {
        let mut faults = Vec::new();
        let mut more = 0usize;
        for position in 0..self.first.len().saturating_sub(1) {
            let Some((day, share_bp)) = most_shared(self.of(position as Customer)) else { continue };
            if faults.len() < SHOWN {
                faults.push(over_full(name(position), day, share_bp));
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

impl Rows {
    fn add(&mut self, batch: &arrow_array::RecordBatch, path: &Path) -> Result<(), Fault> {
        Keys::read(batch, "customer_id", path)?.add_to(&mut self.customers);
        Keys::read(batch, "rm_id", path)?.add_to(&mut self.owners);
        self.from.extend(days(batch, "from_date", path)?);
        self.to.extend(open_days(batch, "to_date", path)?);
        self.share_bp.extend(basis_points(batch, "share_bp", path)?);
        Ok(())
    }

    /// The tenures of customers that are known.
    fn ownership(&self, customers: usize, find: impl Fn(Number<'_>) -> Option<usize>) -> Ownership {
        let (Some(numbers), Some(owners)) = (&self.customers, &self.owners) else {
            return Ownership::from_tenures(Vec::new(), customers, Numbers::Integers(Vec::new()));
        };
        let (owners, owner) = owners.ranked();
        let tenure = |row: usize| {
            let customer = find(numbers.get(row))? as Customer;
            let (from, to) = (self.from[row], self.to[row].unwrap_or(NO_END));
            Some(Tenure { customer, owner: owner[row], from, to, share_bp: self.share_bp[row] })
        };
        let tenures = (0..self.from.len()).filter_map(tenure).collect();
        Ownership::from_tenures(tenures, customers, owners)
    }

    fn faults(&self) -> Vec<Fault> {
        let rows = 0..self.from.len();
        rows.flat_map(|row| self.share_fault(row).into_iter().chain(self.interval_fault(row)))
            .take(SHOWN)
            .collect()
    }

    fn share_fault(&self, row: usize) -> Option<Fault> {
        let share_bp = self.share_bp[row];
        if (1..=FULL_SHARE_BP).contains(&share_bp) {
            return None;
        }
        let fault = Fault::error(
            "HJ1708",
            "份额应在 1 至 10000（万分之一）之间",
            "a share is 1 to 10000 basis points",
        );
        Some(fault.row(row_number(row)).column("share_bp").value(share_bp.to_string()))
    }

    fn interval_fault(&self, row: usize) -> Option<Fault> {
        let from = self.from[row];
        let to = self.to[row].filter(|to| *to <= from)?;
        let fault = Fault::error(
            "HJ1709",
            format!("止日不晚于起日 {}", day_text(from)),
            format!("the end is not after the beginning {}", day_text(from)),
        );
        let fault = fault.row(row_number(row)).column("to_date").value(day_text(to));
        Some(fault.help("止日是不再归属的第一天", "the end is the first day that no longer belongs"))
    }
}

/// Rows count from 1.
fn row_number(row: usize) -> u32 {
    u32::try_from(row + 1).unwrap_or(u32::MAX)
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

fn over_full(customer: Number<'_>, day: i32, share_bp: i32) -> Fault {
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
