//! The register of accounts: which customer an account belongs to and of which class it is.

use crate::columns::{Source, at, integers, texts};
use hengjie_facts::Fault;
use std::path::Path;

/// Rows read at a time.
const BATCH: usize = 1 << 16;
/// Faults of one kind that are written out; the rest is counted.
const SHOWN: usize = 20;

/// Position of a customer in [`Accounts::customers`].
pub type Customer = u32;

/// Accounts in ascending order of their number, with customer and class.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Accounts {
    /// Account numbers, ascending, without duplicates.
    pub ids: Vec<i64>,
    /// The customer of each account.
    pub customer: Vec<Customer>,
    /// The class of each account: position in [`Accounts::classes`].
    pub class: Vec<u8>,
    /// Customer numbers, ascending, without duplicates.
    pub customers: Vec<i64>,
    /// Names of classes (`kind` of the file), in the order of their first use.
    pub classes: Vec<String>,
}

impl Accounts {
    /// Reads the columns `account_id`, `customer_id` (64-bit integers) and `kind` (text).
    ///
    /// # Errors
    /// The file cannot be read, a column is missing or has another type, a cell is empty, an account stands there twice, or
    /// there are more than 255 classes. All faults of the file together.
    pub fn read(path: &Path) -> Result<Self, Vec<Fault>> {
        let source = Source::open(path, &["account_id", "customer_id", "kind"])?;
        let mut rows = Vec::with_capacity(source.rows());
        let mut classes: Vec<String> = Vec::new();
        for batch in source.read_all(BATCH).map_err(|fault| vec![fault])? {
            let batch = batch.map_err(|fault| vec![fault])?;
            let accounts = integers(&batch, "account_id", path).map_err(|fault| vec![fault])?;
            let customers = integers(&batch, "customer_id", path).map_err(|fault| vec![fault])?;
            let kinds = texts(&batch, "kind", path).map_err(|fault| vec![fault])?;
            for ((account, customer), kind) in accounts.iter().zip(customers).zip(kinds) {
                let class = class_of(&mut classes, kind).ok_or_else(|| vec![too_many_classes(path)])?;
                rows.push((*account, *customer, class));
            }
        }
        Self::from_rows(rows, classes).map_err(|doubled| duplicates(path, &doubled))
    }

    /// Makes the register from rows of (account, customer, class) in any order.
    ///
    /// # Errors
    /// Accounts that stand there more than once, ascending.
    pub fn from_rows(mut rows: Vec<(i64, i64, u8)>, classes: Vec<String>) -> Result<Self, Vec<i64>> {
        if !rows.is_sorted_by_key(|row| row.0) {
            rows.sort_unstable_by_key(|row| row.0);
        }
        let mut doubled: Vec<i64> =
            rows.windows(2).filter(|pair| pair[0].0 == pair[1].0).map(|pair| pair[0].0).collect();
        doubled.dedup();
        if !doubled.is_empty() {
            return Err(doubled);
        }
        let mut customers: Vec<i64> = rows.iter().map(|row| row.1).collect();
        customers.sort_unstable();
        customers.dedup();
        let position = |id: i64| customers.binary_search(&id).unwrap_or(0) as Customer;
        let customer = rows.iter().map(|row| position(row.1)).collect();
        let ids = rows.iter().map(|row| row.0).collect();
        let class = rows.iter().map(|row| row.2).collect();
        Ok(Self { ids, customer, class, customers, classes })
    }

    /// The class with a name of the file.
    #[must_use]
    pub fn class_named(&self, name: &str) -> Option<u8> {
        self.classes.iter().position(|class| class == name).and_then(|class| u8::try_from(class).ok())
    }

    /// The largest number of accounts that one customer has in one class.
    #[must_use]
    pub fn most_of_one_customer(&self) -> usize {
        let mut counts = vec![0usize; self.customers.len() * self.classes.len().max(1)];
        for (customer, class) in self.customer.iter().zip(&self.class) {
            counts[*customer as usize * self.classes.len() + usize::from(*class)] += 1;
        }
        counts.into_iter().max().unwrap_or(0)
    }
}

fn class_of(classes: &mut Vec<String>, kind: &str) -> Option<u8> {
    let position = classes.iter().position(|class| class == kind).unwrap_or_else(|| {
        classes.push(kind.to_owned());
        classes.len() - 1
    });
    u8::try_from(position).ok().filter(|class| *class < u8::MAX)
}

fn too_many_classes(path: &Path) -> Fault {
    let fault = Fault::error("HJ1706", "账户种类超过 255 种", "there are more than 255 kinds of accounts");
    at(path, "kind", fault)
        .help("检查这一列是不是放错了内容", "check whether the column holds something else")
}

fn duplicates(path: &Path, doubled: &[i64]) -> Vec<Fault> {
    let one = |id: &i64| {
        let fault = Fault::error("HJ1707", "账户重复", "the account stands there more than once");
        at(path, "account_id", fault)
            .value(id.to_string())
            .help("每个账户只留一行", "keep one row for each account")
    };
    let mut faults: Vec<Fault> = doubled.iter().take(SHOWN).map(one).collect();
    if doubled.len() > SHOWN {
        let more = doubled.len() - SHOWN;
        faults.push(at(
            path,
            "account_id",
            Fault::error(
                "HJ1707",
                format!("另有 {more} 个账户重复"),
                format!("{more} more accounts are duplicated"),
            ),
        ));
    }
    faults
}
