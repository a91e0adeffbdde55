//! The register of accounts: which customer an account belongs to and of which class it is.

use crate::columns::{Keys, Source, at, texts};
use crate::numbers::Numbers;
use hengjie_facts::Fault;
use std::path::Path;

/// Rows read at a time.
const BATCH: usize = 1 << 16;
/// Faults of one kind that are written out; the rest is counted.
const SHOWN: usize = 20;

/// Position of a customer in [`Accounts::customers`].
pub type Customer = u32;

/// A class of accounts: what is summed together.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Class {
    /// `kind` of the file, such as `deposit`.
    pub kind: String,
    /// `currency` of the file, such as `CNY`; empty when the file has no such column.
    pub currency: String,
}

/// Accounts in ascending order of their number, with customer and class.
#[derive(Debug, Clone, PartialEq)]
pub struct Accounts {
    /// Account numbers, ascending, without duplicates.
    pub ids: Numbers,
    /// The customer of each account.
    pub customer: Vec<Customer>,
    /// The class of each account: position in [`Accounts::classes`].
    pub class: Vec<u8>,
    /// Customer numbers, ascending, without duplicates.
    pub customers: Numbers,
    /// Classes in the order of their first use.
    pub classes: Vec<Class>,
}

impl Accounts {
    /// Reads the columns `account_id`, `customer_id` (64-bit integers or text), `kind` and, if the file has it, `currency` (text).
    ///
    /// # Errors
    /// The file cannot be read, a column is missing or has another type, a cell is empty, an account stands there twice, or
    /// there are more than 255 classes. All faults of the file together.
    pub fn read(path: &Path) -> Result<Self, Vec<Fault>> {
        let mut source = Source::open(path, &["account_id", "customer_id", "kind"])?;
        if source.has("currency") {
            source = Source::open(path, &["account_id", "customer_id", "kind", "currency"])?;
        }
        let mut rows = Rows::default();
        for batch in source.read_all(BATCH).map_err(|fault| vec![fault])? {
            let batch = batch.map_err(|fault| vec![fault])?;
            rows.add(&batch, path, source.has("currency")).map_err(|fault| vec![fault])?;
        }
        let empty = || Numbers::Integers(Vec::new());
        let (ids, customers) = (rows.ids.unwrap_or_else(empty), rows.customers.unwrap_or_else(empty));
        Self::from_columns(ids, &customers, rows.class, rows.classes)
            .map_err(|doubled| duplicates(path, &doubled))
    }

    /// Makes the register from columns in any order, one row per account.
    ///
    /// # Errors
    /// Accounts that stand there more than once, ascending.
    pub fn from_columns(
        ids: Numbers,
        customers: &Numbers,
        class: Vec<u8>,
        classes: Vec<Class>,
    ) -> Result<Self, Vec<String>> {
        let (customers, customer) = customers.ranked();
        let is_ascending = (1..ids.len()).all(|row| ids.get(row - 1) < ids.get(row));
        if is_ascending {
            return Ok(Self { ids, customer, class, customers, classes });
        }
        let (distinct, ranks) = ids.ranked();
        let mut row_of = vec![usize::MAX; distinct.len()];
        let mut doubled = Vec::new();
        for (row, rank) in ranks.iter().enumerate() {
            let place = &mut row_of[*rank as usize];
            if *place != usize::MAX {
                doubled.push(*rank);
            }
            *place = row;
        }
        if !doubled.is_empty() {
            doubled.sort_unstable();
            doubled.dedup();
            return Err(doubled.iter().map(|rank| distinct.get(*rank as usize).to_string()).collect());
        }
        let customer = row_of.iter().map(|row| customer[*row]).collect();
        let class = row_of.iter().map(|row| class[*row]).collect();
        Ok(Self { ids: distinct, customer, class, customers, classes })
    }

    /// The classes of a kind, in every currency.
    #[must_use]
    pub fn classes_of(&self, kind: &str) -> Vec<u8> {
        classes_of(&self.classes, kind)
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

/// The positions of the classes of a kind.
pub(crate) fn classes_of(classes: &[Class], kind: &str) -> Vec<u8> {
    (0u8..).zip(classes).filter(|(_, class)| class.kind == kind).map(|(position, _)| position).collect()
}

/// Rows as the file has them.
#[derive(Default)]
struct Rows {
    ids: Option<Numbers>,
    customers: Option<Numbers>,
    class: Vec<u8>,
    classes: Vec<Class>,
}

impl Rows {
    fn add(
        &mut self,
        batch: &arrow_array::RecordBatch,
        path: &Path,
        has_currency: bool,
    ) -> Result<(), Fault> {
        Keys::read(batch, "account_id", path)?.add_to(&mut self.ids);
        Keys::read(batch, "customer_id", path)?.add_to(&mut self.customers);
        let kinds = texts(batch, "kind", path)?;
        let currencies = if has_currency { Some(texts(batch, "currency", path)?) } else { None };
        for (row, kind) in kinds.iter().enumerate() {
            let currency = currencies.as_ref().map_or("", |currencies| currencies[row]);
            let class = class_of(&mut self.classes, kind, currency).ok_or_else(|| too_many_classes(path))?;
            self.class.push(class);
        }
        Ok(())
    }
}

/// The position of a class, which is new if need be; `None` behind the 255th.
pub(crate) fn class_of(classes: &mut Vec<Class>, kind: &str, currency: &str) -> Option<u8> {
    let found = classes.iter().position(|class| class.kind == kind && class.currency == currency);
    let position = found.unwrap_or_else(|| {
        classes.push(Class { kind: kind.to_owned(), currency: currency.to_owned() });
        classes.len() - 1
    });
    u8::try_from(position).ok().filter(|class| *class < u8::MAX)
}

fn too_many_classes(path: &Path) -> Fault {
    let fault = Fault::error("HJ1706", "账户种类超过 255 种", "there are more than 255 kinds of accounts");
    at(path, "kind", fault)
        .help("检查这一列是不是放错了内容", "check whether the column holds something else")
}

fn duplicates(path: &Path, doubled: &[String]) -> Vec<Fault> {
    let one = |id: &String| {
        let fault = Fault::error("HJ1707", "账户重复", "the account stands there more than once");
        at(path, "account_id", fault).value(id).help("每个账户只留一行", "keep one row for each account")
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
