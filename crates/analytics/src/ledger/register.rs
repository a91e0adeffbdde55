//! Accounts, lines and customers of a ledger. A line is what a customer has in one class: balances of a line are summed, and
//! nothing below it is needed for a figure. Each load that brings accounts adds a block; positions never change.

use super::files;
use super::manifest::{Block, Manifest};
use crate::accounts::{Accounts, Customer};
use crate::numbers::{Number, Numbers};
use arrow_array::cast::AsArray;
use arrow_array::types::{UInt8Type, UInt32Type};
use arrow_array::{ArrayRef, UInt8Array, UInt32Array};
use arrow_buffer::ScalarBuffer;
use hengjie_facts::Fault;
use std::path::Path;
use std::sync::Arc;

/// Position of a line.
pub(crate) type Line = u32;

/// The lines of all blocks.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Lines {
    pub(crate) customer: Vec<Customer>,
    pub(crate) class: Vec<u8>,
}

impl Lines {
    /// The lines of a register, by customer and class, and the line of each account.
    pub(crate) fn of(accounts: &Accounts) -> (Self, Vec<Line>) {
        let classes = accounts.classes.len().max(1);
        let key = |account: usize| {
            accounts.customer[account] as usize * classes + usize::from(accounts.class[account])
        };
        let mut line_of_key = vec![Line::MAX; accounts.customers.len() * classes];
        for account in 0..accounts.ids.len() {
            line_of_key[key(account)] = 0;
        }
        let mut lines = Self::default();
        for (key, line) in line_of_key.iter_mut().enumerate().filter(|(_, line)| **line != Line::MAX) {
            *line = lines.customer.len() as Line;
            lines.customer.push((key / classes) as Customer);
            lines.class.push((key % classes) as u8);
        }
        let line_of = (0..accounts.ids.len()).map(|account| line_of_key[key(account)]).collect();
        (lines, line_of)
    }

    pub(crate) fn len(&self) -> usize {
        self.customer.len()
    }

    /// # Errors
    /// A file is missing or damaged.
    pub(crate) fn read(folder: &Path, manifest: &Manifest) -> Result<Self, Fault> {
        let mut lines = Self::default();
        for block in &manifest.register {
            let columns = files::read(folder, &block.lines, &["customer", "class"])?;
            lines.customer.extend_from_slice(columns[0].as_primitive::<UInt32Type>().values());
            lines.class.extend_from_slice(columns[1].as_primitive::<UInt8Type>().values());
        }
        Ok(lines)
    }
}

/// Lines by customer.
#[derive(Debug)]
pub(crate) struct LinesOfCustomers {
    first: Vec<u32>,
    lines: Vec<Line>,
}

impl LinesOfCustomers {
    pub(crate) fn of(&self, customer: Customer) -> &[Line] {
        let customer = customer as usize;
        let Some(last) = self.first.get(customer + 1) else { return &[] };
        &self.lines[self.first[customer] as usize..*last as usize]
    }
}

impl Lines {
    pub(crate) fn by_customer(&self) -> LinesOfCustomers {
        let customers = self.customer.iter().max().map_or(0, |last| *last as usize + 1);
        let mut first = vec![0u32; customers + 1];
        for customer in &self.customer {
            first[*customer as usize + 1] += 1;
        }
        for customer in 0..customers {
            first[customer + 1] += first[customer];
        }
        let mut lines: Vec<Line> = (0..self.len() as Line).collect();
        lines.sort_by_key(|line| self.customer[*line as usize]);
        LinesOfCustomers { first, lines }
    }
}

/// The accounts of all blocks.
#[derive(Debug)]
pub(crate) struct Register {
    blocks: Vec<AccountBlock>,
}

#[derive(Debug)]
struct AccountBlock {
    first: usize,
    numbers: Numbers,
    line: ScalarBuffer<Line>,
}

impl Register {
    /// # Errors
    /// A file is missing or damaged.
    pub(crate) fn read(folder: &Path, manifest: &Manifest) -> Result<Self, Fault> {
        let mut first = 0;
        let mut blocks = Vec::with_capacity(manifest.register.len());
        for block in &manifest.register {
            let columns = files::read(folder, &block.accounts, &["number", "line"])?;
            let numbers = numbers(&columns[0]);
            let line = columns[1].as_primitive::<UInt32Type>().values().clone();
            let count = numbers.len();
            blocks.push(AccountBlock { first, numbers, line });
            first += count;
        }
        Ok(Self { blocks })
    }

    /// The numbers of the first block, which the history refers to.
    pub(crate) fn first_numbers(&self) -> Option<&Numbers> {
        self.blocks.first().map(|block| &block.numbers)
    }

    /// The position of an account; `near` is where the one before was found in the first block.
    pub(crate) fn find(&self, number: Number<'_>, near: &mut usize) -> Option<usize> {
        for (index, block) in self.blocks.iter().enumerate() {
            let number = block.numbers.alike(number);
            let goes_on = index == 0
                && (*near == 0 || (*near < block.numbers.len() && block.numbers.get(*near) <= number));
            let position = block.numbers.not_below(number, if goes_on { *near } else { 0 });
            if position < block.numbers.len() && block.numbers.get(position) == number {
                if index == 0 {
                    *near = position;
                }
                return Some(block.first + position);
            }
        }
        None
    }

    pub(crate) fn line(&self, account: usize) -> Line {
        let block = self.block(account);
        block.line[account - block.first]
    }

    pub(crate) fn number(&self, account: usize) -> Number<'_> {
        let block = self.block(account);
        block.numbers.get(account - block.first)
    }

    /// The lines of all accounts, by position.
    pub(crate) fn lines(&self) -> Vec<Line> {
        self.blocks.iter().flat_map(|block| block.line.iter().copied()).collect()
    }

    fn block(&self, account: usize) -> &AccountBlock {
        let index = self.blocks.partition_point(|block| block.first <= account);
        &self.blocks[index.saturating_sub(1)]
    }
}

/// The customers of all blocks.
#[derive(Debug)]
pub(crate) struct Customers {
    blocks: Vec<Numbers>,
}

impl Customers {
    /// # Errors
    /// A file is missing or damaged.
    pub(crate) fn read(folder: &Path, manifest: &Manifest) -> Result<Self, Fault> {
        let read = |block: &Block| {
            files::read(folder, &block.customers, &["number"]).map(|columns| numbers(&columns[0]))
        };
        Ok(Self { blocks: manifest.register.iter().map(read).collect::<Result<_, _>>()? })
    }

    pub(crate) fn find(&self, number: Number<'_>) -> Option<usize> {
        self.find_in_blocks(|block| block.find(block.alike(number)))
    }

    /// The customer with a number that a person wrote.
    pub(crate) fn find_written(&self, written: &str) -> Option<usize> {
        self.find_in_blocks(|block| block.find_written(written))
    }

    fn find_in_blocks(&self, find: impl Fn(&Numbers) -> Option<usize>) -> Option<usize> {
        let mut first = 0;
        for block in &self.blocks {
            if let Some(position) = find(block) {
                return Some(first + position);
            }
            first += block.len();
        }
        None
    }

    /// The number of a customer.
    pub(crate) fn number(&self, customer: usize) -> Number<'_> {
        let mut first = 0;
        for block in &self.blocks {
            if customer < first + block.len() {
                return block.get(customer - first);
            }
            first += block.len();
        }
        Number::Text("")
    }
}

/// Writes a block of accounts with their lines.
///
/// # Errors
/// A file cannot be written.
pub(crate) fn write_block(
    folder: &Path,
    load: u32,
    accounts: (&Numbers, &[Line]),
    lines: &Lines,
    customers: &Numbers,
) -> Result<Block, Fault> {
    let line: ArrayRef = Arc::new(UInt32Array::from(accounts.1.to_vec()));
    let customer: ArrayRef = Arc::new(UInt32Array::from(lines.customer.clone()));
    let class: ArrayRef = Arc::new(UInt8Array::from(lines.class.clone()));
    let name = |what: &str| format!("register/{load:06}-{what}.parquet");
    let columns = vec![("number", accounts.0.to_array()), ("line", line)];
    Ok(Block {
        accounts: files::write(folder, &name("accounts"), columns)?,
        lines: files::write(folder, &name("lines"), vec![("customer", customer), ("class", class)])?,
        customers: files::write(folder, &name("customers"), vec![("number", customers.to_array())])?,
        account_count: accounts.1.len() as u32,
        line_count: lines.len() as u32,
        customer_count: customers.len() as u32,
    })
}

/// A column of numbers of a file of the ledger.
pub(crate) fn numbers(column: &ArrayRef) -> Numbers {
    match column.as_string_opt::<i32>() {
        Some(texts) => Numbers::Texts(texts.clone()),
        None => Numbers::Integers(column.as_primitive::<arrow_array::types::Int64Type>().values().to_vec()),
    }
}
