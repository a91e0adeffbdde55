//! A demonstration in a temporary folder, and its files as text.

#![allow(clippy::unwrap_used, reason = "helpers of tests stop at the first surprise")]

use hengjie_sim::{Options, Summary, write_demo};
use std::collections::BTreeMap;
use std::path::Path;
use tempfile::TempDir;

/// A demonstration that is deleted at the end.
pub(crate) struct Demo {
    pub(crate) folder: TempDir,
    pub(crate) summary: Summary,
}

pub(crate) fn demo(seed: u64, scale: u32) -> Demo {
    let folder = TempDir::new().unwrap();
    let summary = write_demo(folder.path(), &Options { seed, scale }, &|_, _, _| {}).unwrap();
    Demo { folder, summary }
}

/// A row by heading.
pub(crate) type Row = BTreeMap<String, String>;

/// The rows of a CSV file, without the mark in front.
#[allow(dead_code, reason = "not every test reads files")]
pub(crate) fn rows(folder: &Path, file: &str) -> Vec<Row> {
    let text = std::fs::read_to_string(folder.join(file)).unwrap();
    let mut reader = csv::Reader::from_reader(text.trim_start_matches('\u{feff}').as_bytes());
    let headings = reader.headers().unwrap().clone();
    let row = |record: csv::StringRecord| {
        headings.iter().zip(&record).map(|(heading, cell)| (heading.to_owned(), cell.to_owned())).collect()
    };
    reader.records().map(|record| row(record.unwrap())).collect()
}
