//! A computation becomes entries: only what differs from what has been posted.

use crate::{Book, Entry, Key, Kind};
use hengjie_calendar::{Date, Period};
use std::collections::{BTreeMap, BTreeSet};

/// What a policy owes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Due {
    pub key: Key,
    /// Zero when the rule gives nothing; never posted as a first entry.
    pub amount_fen: i64,
    /// Citation of the article that gives it.
    pub article: String,
}

/// One computation of one policy.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Batch {
    /// Name of the policy.
    pub policy: String,
    /// First 16 digits of its content hash.
    pub artifact: String,
    /// Periods that were computed.
    pub periods: BTreeSet<Period>,
    /// Everybody that was computed. What was posted for others stays as it is: a part of the organisation may be run alone.
    pub persons: BTreeSet<String>,
    pub dues: Vec<Due>,
    /// What could not be computed yet: missing facts, open decisions. Stays as it is.
    pub waiting: BTreeSet<Key>,
    /// The day of posting.
    pub on: Date,
    /// Who posts.
    pub by: String,
    /// Why.
    pub because: String,
}

impl Book {
    /// The entries that bring the balance of every key of the batch to what is due, in the order of the keys. A key that was
    /// posted and is due no more is reversed. Nothing is added to the book: see [`Book::append`].
    #[must_use]
    pub fn post(&self, batch: &Batch) -> Vec<Entry> {
        let mut wanted: BTreeMap<&Key, (i128, &str)> = BTreeMap::new();
        for due in &batch.dues {
            let sum = wanted.entry(&due.key).or_insert((0, &due.article));
            sum.0 += i128::from(due.amount_fen);
        }
        let balances = self.balances();
        let ours = |key: &Key| {
            key.policy == batch.policy
                && batch.periods.contains(&key.period)
                && batch.persons.contains(&key.person)
        };
        for key in balances.keys().filter(|key| ours(key)) {
            wanted.entry(key).or_insert((0, ""));
        }
        wanted.retain(|key, _| !batch.waiting.contains(*key));
        let mut entries: Vec<Entry> = Vec::new();
        for (key, (due, article)) in wanted {
            let before = balances.get(key).copied();
            // A difference of two amounts of a person fits: both are far below the limit of i64 in fen.
            let Ok(amount_fen) = i64::try_from(due - before.map_or(0, |(balance, _)| balance)) else {
                continue;
            };
            if amount_fen == 0 {
                continue;
            }
            let kind = match before {
                None => Kind::First,
                Some(_) if due == 0 => Kind::Reversal,
                Some(_) => Kind::Correction,
            };
            let number = self.next_number() + entries.len() as u64;
            let corrects = before.map(|(_, number)| number);
            entries.push(Entry {
                number,
                kind,
                key: key.clone(),
                booked: self.open_period(key.period),
                amount_fen,
                article: self.article(article, corrects),
                because: batch.because.clone(),
                corrects,
                artifact: batch.artifact.clone(),
                on: batch.on,
                by: batch.by.clone(),
            });
        }
        entries
    }

    /// The article of a reversal is that of the entry it reverses.
    fn article(&self, article: &str, corrects: Option<u64>) -> String {
        if !article.is_empty() {
            return article.to_owned();
        }
        let earlier = self.entries.iter().find(|entry| Some(entry.number) == corrects);
        earlier.map(|entry| entry.article.clone()).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn key(person: u8, item: u8, month: u8) -> Key {
        Key {
            policy: "办法".to_owned(),
            person: format!("{person}"),
            item: format!("项目{item}"),
            period: Period::parse(&format!("2025年{}月", month + 1)).unwrap_or_else(|| unreachable!()),
        }
    }

    fn batch(dues: &[(u8, u8, u8, i64)]) -> Batch {
        let mut by_key: BTreeMap<Key, i64> = BTreeMap::new();
        for &(person, item, month, amount) in dues {
            *by_key.entry(key(person, item, month)).or_default() += amount;
        }
        Batch {
            policy: "办法".to_owned(),
            artifact: "0123456789abcdef".to_owned(),
            periods: (0..12).map(|month| key(0, 0, month).period).collect(),
            persons: (0..4).map(|person| person.to_string()).collect(),
            dues: by_key
                .into_iter()
                .map(|(key, amount_fen)| Due { key, amount_fen, article: "第一条".to_owned() })
                .collect(),
            waiting: BTreeSet::new(),
            on: Date::new(2026, 1, 10).unwrap_or_else(|| unreachable!()),
            by: "人力资源部".to_owned(),
            because: "月度".to_owned(),
        }
    }

    fn dues() -> impl Strategy<Value = Vec<(u8, u8, u8, i64)>> {
        proptest::collection::vec((0_u8..4, 0_u8..3, 0_u8..3, -10_000_i64..10_000), 0..12)
    }

    proptest! {
        #[test]
        fn the_last_posting_decides_and_nothing_is_overwritten(runs in proptest::collection::vec(dues(), 1..5)) {
            let mut book = Book::default();
            for run in &runs {
                let batch = batch(run);
                let before = book.clone();
                let entries = book.post(&batch);
                book.append(entries);
                prop_assert_eq!(&book.entries()[..before.entries().len()], before.entries());
                prop_assert_eq!(book.post(&batch), vec![]);
                let due: i128 = batch.dues.iter().map(|due| i128::from(due.amount_fen)).sum();
                let sum: i128 = book.sums(crate::Group::Person).values().sum();
                prop_assert_eq!(due, sum);
                let balances = book.balances();
                for due in &batch.dues {
                    let balance = balances.get(&due.key).map_or(0, |(balance, _)| *balance);
                    prop_assert_eq!(balance, i128::from(due.amount_fen));
                }
            }
            let numbers: Vec<u64> = book.entries().iter().map(|entry| entry.number).collect();
            prop_assert_eq!(numbers, (1..=book.entries().len() as u64).collect::<Vec<_>>());
            let text = book.write();
            prop_assert_eq!(Book::read(&text), Ok(book));
        }

        #[test]
        fn a_changed_line_is_noticed(run in dues(), at in any::<prop::sample::Index>()) {
            let mut book = Book::default();
            book.append(book.post(&batch(&run)));
            let text = book.write();
            let digits: Vec<usize> = text.char_indices().filter(|(_, c)| c.is_ascii_digit()).map(|(at, _)| at).collect();
            prop_assume!(!book.entries().is_empty());
            let at = digits[at.index(digits.len())];
            let other = if text.as_bytes()[at] == b'7' { "8" } else { "7" };
            let mut changed = text.clone();
            changed.replace_range(at..=at, other);
            prop_assert!(Book::read(&changed).is_err());
        }
    }

    #[test]
    fn others_and_waiting_results_stay_as_they_are() {
        let mut book = Book::default();
        let all = batch(&[(0, 0, 0, 100), (1, 0, 0, 200), (2, 0, 0, 300)]);
        book.append(book.post(&all));
        let mut part = batch(&[]);
        part.persons = ["0".to_owned(), "1".to_owned()].into();
        part.waiting = [key(1, 0, 0)].into();
        let entries = book.post(&part);
        let shown: Vec<_> =
            entries.iter().map(|entry| (entry.key.person.as_str(), entry.kind, entry.amount_fen)).collect();
        assert_eq!(shown, [("0", Kind::Reversal, -100)]);
        assert_eq!(entries[0].article, "第一条");
    }
}
