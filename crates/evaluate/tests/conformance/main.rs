//! Runs the conformance suite (`conformance/` at the root of the repository): every case through both evaluators.
//!
//! `HENGJIE_CASE=文字 cargo test -p hengjie-evaluate --test conformance` runs the cases whose name contains the text.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test may fail loudly")]

mod case;
mod check;
mod value;

use std::collections::BTreeMap;

/// The suite promises at least so many cases, and so many of every construct.
const CASES: usize = 500;
const CASES_OF_A_CONSTRUCT: usize = 10;

#[test]
fn every_case_holds() {
    let prelude = case::prelude();
    let wanted = std::env::var("HENGJIE_CASE").unwrap_or_default();
    let cases: Vec<case::Case> =
        case::all().into_iter().filter(|case| case.name().contains(&wanted)).collect();
    let mut total = check::Outcome::default();
    let mut failures = Vec::new();
    for case in &cases {
        let outcome = check::check(case, &prelude);
        total.by_rows += outcome.by_rows;
        total.by_columns += outcome.by_columns;
        total.fallbacks += outcome.fallbacks;
        if !outcome.faults.is_empty() {
            failures.push(format!("{}\n    {}", case.name(), outcome.faults.join("\n    ")));
        }
    }
    println!(
        "{} cases, {} values by rows, {} by columns ({} of them row by row)",
        cases.len(),
        total.by_rows,
        total.by_columns,
        total.fallbacks
    );
    assert!(
        failures.is_empty(),
        "{} of {} cases fail:\n{}",
        failures.len(),
        cases.len(),
        failures.join("\n")
    );
}

#[test]
fn the_suite_is_as_large_as_promised() {
    let cases = case::all();
    let mut files: BTreeMap<&str, usize> = BTreeMap::new();
    for case in &cases {
        *files.entry(&case.file).or_default() += 1;
        let says_something = !case.worlds.is_empty()
            || !case.problems.is_empty()
            || !case.formatted.is_empty()
            || !case.same.is_empty()
            || !case.different.is_empty()
            || case.assertions.is_some()
            || case.title.contains("只读入");
        assert!(says_something, "{} expects nothing", case.name());
    }
    let few: Vec<_> = files.iter().filter(|(_, count)| **count < CASES_OF_A_CONSTRUCT).collect();
    assert!(few.is_empty(), "too few cases: {few:?}");
    assert!(cases.len() >= CASES, "{} cases", cases.len());
}
