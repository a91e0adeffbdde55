//! The pay ledger (boundary crate): what a policy owes whom for which period, as entries in fen that are only ever added.
//!
//! Reading order: [`Entry`] and [`Book`] here, [`post`](Book::post) (a computation becomes entries: only differences),
//! [`close`](Book::close) (a year is closed; what changes later is booked in an open period), [`Book::read`] and
//! [`Book::write`] (a table in which every line seals the lines before it).
//!
//! **Invariants:** no clock, file or randomness; amounts are whole fen, sums are `i128`; an entry never changes; posting the
//! same again posts nothing; the balance of a key is what was due for it when it was last posted.

mod close;
mod post;
mod table;

use hengjie_calendar::{Date, Period};
pub use post::{Batch, Due};
use std::collections::BTreeMap;
pub use table::{BadLine, yuan};

/// Why an entry was made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// 首次: the first of its key.
    First,
    /// 更正: the amount due has changed.
    Correction,
    /// 冲回: nothing is due any more.
    Reversal,
    /// 关账: a year is closed; amount zero.
    Close,
}

impl Kind {
    /// Every kind with its word in the table.
    pub const WORDS: [(Self, &'static str); 4] =
        [(Self::First, "首次"), (Self::Correction, "更正"), (Self::Reversal, "冲回"), (Self::Close, "关账")];

    /// The word in the table.
    #[must_use]
    pub fn word(self) -> &'static str {
        Self::WORDS.iter().find(|(kind, _)| *kind == self).map_or("", |(_, word)| word)
    }
}

/// What is owed: by which policy, to whom, under which item, for which period.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Key {
    /// Name of the policy.
    pub policy: String,
    /// Key of the person (or unit).
    pub person: String,
    /// Name of the rule that gives the amount.
    pub item: String,
    /// The period it is due for.
    pub period: Period,
}

/// One line of the ledger.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// From 1, without gaps.
    pub number: u64,
    pub kind: Kind,
    /// For 关账 the person and the item are empty and the period is the closed year.
    pub key: Key,
    /// The period it is booked in: that of the key, or an open one when that is closed.
    pub booked: Period,
    /// What is added to the balance of the key; negative takes back.
    pub amount_fen: i64,
    /// Citation of the article that gives the amount.
    pub article: String,
    /// Why, in the words of who posted it.
    pub because: String,
    /// Number of the entry of the same key before this one.
    pub corrects: Option<u64>,
    /// First 16 digits of the content hash of the policy.
    pub artifact: String,
    /// The day of posting.
    pub on: Date,
    /// Who posted it.
    pub by: String,
}

/// A ledger.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Book {
    entries: Vec<Entry>,
}

/// How balances are added up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Group {
    /// By person and year of booking.
    Person,
    /// By item and year of booking.
    Item,
}

impl Book {
    /// All entries in the order in which they were added.
    #[must_use]
    pub fn entries(&self) -> &[Entry] {
        &self.entries
    }

    /// Adds entries that [`Book::post`] or [`Book::close`] made of this book.
    pub fn append(&mut self, entries: Vec<Entry>) {
        self.entries.extend(entries);
    }

    /// The balance of every key, in fen, zero balances included, with the number of its last entry.
    #[must_use]
    pub fn balances(&self) -> BTreeMap<&Key, (i128, u64)> {
        let mut balances: BTreeMap<&Key, (i128, u64)> = BTreeMap::new();
        for entry in self.entries.iter().filter(|entry| entry.kind != Kind::Close) {
            let balance = balances.entry(&entry.key).or_default();
            balance.0 += i128::from(entry.amount_fen);
            balance.1 = entry.number;
        }
        balances
    }

    /// Sums in fen by person or item and by year of booking.
    #[must_use]
    pub fn sums(&self, group: Group) -> BTreeMap<(&str, i32), i128> {
        let mut sums: BTreeMap<(&str, i32), i128> = BTreeMap::new();
        for entry in self.entries.iter().filter(|entry| entry.kind != Kind::Close) {
            let name = match group {
                Group::Person => &entry.key.person,
                Group::Item => &entry.key.item,
            };
            let year = entry.booked.first_day().year();
            *sums.entry((name, year)).or_default() += i128::from(entry.amount_fen);
        }
        sums
    }

    fn next_number(&self) -> u64 {
        self.entries.last().map_or(1, |last| last.number + 1)
    }
}
