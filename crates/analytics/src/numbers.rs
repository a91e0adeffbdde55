//! Numbers of accounts, customers and owners: 64-bit integers, or text when a bank's numbers have letters or leading zeros.

use arrow_array::{Array, ArrayRef, Int64Array, StringArray};
use rustc_hash::FxHashMap;
use std::fmt;
use std::hash::Hash;
use std::sync::Arc;

/// One number, as the file has it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Number<'a> {
    /// A 64-bit integer.
    Integer(i64),
    /// Text; ordered by its UTF-8 bytes.
    Text(&'a str),
}

/// A number that stands for itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Owned {
    Integer(i64),
    Text(String),
}

impl Owned {
    pub(crate) fn as_number(&self) -> Number<'_> {
        match self {
            Self::Integer(number) => Number::Integer(*number),
            Self::Text(text) => Number::Text(text),
        }
    }
}

impl fmt::Display for Number<'_> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Integer(number) => write!(out, "{number}"),
            Self::Text(text) => out.write_str(text),
        }
    }
}

/// A column of numbers, all of one kind.
#[derive(Debug, Clone, PartialEq)]
pub enum Numbers {
    /// 64-bit integers.
    Integers(Vec<i64>),
    /// Texts.
    Texts(StringArray),
}

impl Numbers {
    /// How many.
    #[must_use]
    pub fn len(&self) -> usize {
        match self {
            Self::Integers(numbers) => numbers.len(),
            Self::Texts(texts) => texts.len(),
        }
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Whether the numbers are texts.
    #[must_use]
    pub fn are_texts(&self) -> bool {
        matches!(self, Self::Texts(_))
    }

    /// The number at a position.
    #[must_use]
    pub fn get(&self, position: usize) -> Number<'_> {
        match self {
            Self::Integers(numbers) => Number::Integer(numbers[position]),
            Self::Texts(texts) => Number::Text(texts.value(position)),
        }
    }

    /// The position of a number in an ascending column.
    #[must_use]
    pub fn find(&self, number: Number<'_>) -> Option<usize> {
        let position = self.not_below(number, 0);
        (position < self.len() && self.get(position) == number).then_some(position)
    }

    /// The position of a number written by a person in an ascending column.
    #[must_use]
    pub fn find_written(&self, written: &str) -> Option<usize> {
        self.find(self.alike(Number::Text(written.trim())))
    }

    /// A number of the kind of this column where that loses nothing: tables for people have texts where Parquet files
    /// may have integers.
    #[must_use]
    pub(crate) fn alike<'a>(&self, number: Number<'a>) -> Number<'a> {
        match (self, number) {
            (Self::Integers(_), Number::Text(text)) if !text.starts_with(['0', '+']) || text == "0" => {
                text.parse().map_or(number, Number::Integer)
            }
            _ => number,
        }
    }

    /// The first position at or behind `from` of an ascending column whose number is not below `number`. Numbers close by are
    /// found in a few steps, so that walking through an ordered file costs little.
    #[must_use]
    pub fn not_below(&self, number: Number<'_>, from: usize) -> usize {
        let (mut low, mut step) = (from, 1);
        while low + step <= self.len() && self.get(low + step - 1) < number {
            low += step;
            step *= 2;
        }
        let mut high = (low + step).min(self.len());
        while low < high {
            let middle = low + (high - low) / 2;
            if self.get(middle) < number {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        low
    }

    /// The numbers at some positions.
    #[must_use]
    pub fn take(&self, positions: &[usize]) -> Self {
        match self {
            Self::Integers(numbers) => {
                Self::Integers(positions.iter().map(|position| numbers[*position]).collect())
            }
            Self::Texts(texts) => Self::Texts(StringArray::from_iter_values(
                positions.iter().map(|position| texts.value(*position)),
            )),
        }
    }

    /// Adds the numbers of another column of the same kind; of another kind nothing is added.
    pub(crate) fn append(&mut self, more: Self) {
        match (&mut *self, more) {
            (Self::Integers(numbers), Self::Integers(more)) => numbers.extend(more),
            (Self::Texts(texts), Self::Texts(more)) => {
                let both = (0..texts.len())
                    .map(|row| texts.value(row))
                    .chain((0..more.len()).map(|row| more.value(row)));
                *self = Self::Texts(StringArray::from_iter_values(both));
            }
            (Self::Integers(_), Self::Texts(_)) | (Self::Texts(_), Self::Integers(_)) => {}
        }
    }

    /// The distinct numbers, ascending, and for each row its position among them.
    #[must_use]
    pub(crate) fn ranked(&self) -> (Self, Vec<u32>) {
        let (firsts, ranks) = match self {
            Self::Integers(numbers) => ranked(numbers.iter().copied()),
            Self::Texts(texts) => ranked((0..texts.len()).map(|row| texts.value(row))),
        };
        (self.take(&firsts), ranks)
    }

    /// As a column of a Parquet file.
    pub(crate) fn to_array(&self) -> ArrayRef {
        match self {
            Self::Integers(numbers) => Arc::new(Int64Array::from_iter_values(numbers.iter().copied())),
            Self::Texts(texts) => Arc::new(texts.clone()),
        }
    }
}

/// The rows at which the distinct keys stand first, by ascending key, and for each row the position of its key.
fn ranked<K: Copy + Ord + Hash>(keys: impl Iterator<Item = K>) -> (Vec<usize>, Vec<u32>) {
    let mut seen: FxHashMap<K, u32> = FxHashMap::default();
    let mut distinct: Vec<(K, usize)> = Vec::new();
    let mut ranks: Vec<u32> = keys
        .enumerate()
        .map(|(row, key)| {
            *seen.entry(key).or_insert_with(|| {
                distinct.push((key, row));
                (distinct.len() - 1) as u32
            })
        })
        .collect();
    let mut order: Vec<u32> = (0..distinct.len() as u32).collect();
    order.sort_unstable_by_key(|first| distinct[*first as usize].0);
    let mut rank_of = vec![0u32; distinct.len()];
    for (rank, first) in order.iter().enumerate() {
        rank_of[*first as usize] = rank as u32;
    }
    ranks.iter_mut().for_each(|rank| *rank = rank_of[*rank as usize]);
    (order.iter().map(|first| distinct[*first as usize].1).collect(), ranks)
}
