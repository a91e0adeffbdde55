//! Small documents and what the checker says of them: `tests/cases/*.txt`.
//!
//! A case is `=== name`, the text, `---`, the findings (or the attributes, when there are none). A text without a fence
//! is put into one. `BLESS=1` writes what comes out into the files, to be read before it is committed.

mod common;

use common::{document, files, read};
use std::collections::BTreeSet;

#[test]
fn cases_give_what_they_say() {
    let bless = std::env::var_os("BLESS").is_some();
    let mut wrong = String::new();
    for path in files() {
        let mut blessed = String::new();
        for case in read(&path) {
            let found = common::check(&document(&case.text)).trim_end().to_owned();
            blessed.push_str(&format!("=== {}\n{}\n---\n{found}\n\n", case.name, case.text));
            if found != case.expected {
                wrong.push_str(&format!("{}: {}\n{found}\n\n", path.display(), case.name));
            }
        }
        if bless {
            std::fs::write(&path, blessed.trim_end().to_owned() + "\n").unwrap();
        }
    }
    assert!(bless || wrong.is_empty(), "{wrong}");
}

/// Every code of the catalogue stands in some case, so that its message has been read.
#[test]
fn every_code_has_a_case() {
    let mut seen = BTreeSet::new();
    for path in files() {
        for case in read(&path) {
            seen.extend(case.expected.lines().filter_map(|line| line.split(' ').next().map(str::to_owned)));
        }
    }
    // Limits of size are tested in `limits.rs`.
    let exempt = [hengjie_policy::codes::LIMIT];
    let missing: Vec<&str> = hengjie_policy::codes::CATALOGUE
        .iter()
        .map(|title| title.code)
        .filter(|code| !seen.contains(*code) && !exempt.contains(code))
        .collect();
    assert!(missing.is_empty(), "no case for {missing:?}");
}
