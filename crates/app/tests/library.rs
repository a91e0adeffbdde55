//! The shipped documents as a whole: every rule of their sources is where the list says, and the pages about it are up to date.
//!
//! `HENGJIE_WRITE=1` writes the pages anew.
#![expect(clippy::unwrap_used, reason = "a test stops where something is not as it must be")]

use hengjie_app::coverage::{self, Coverage};
use hengjie_quantity::Lang;
use std::path::{Path, PathBuf};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn page_is_current(coverage: &Coverage, lang: Lang) {
    let page = root().join("docs").join(lang.code()).join("coverage.md");
    let text = coverage::markdown(coverage, &root().join("policies"), &page, lang);
    if std::env::var_os("HENGJIE_WRITE").is_some() {
        std::fs::write(&page, &text).unwrap();
    }
    let stale = std::fs::read_to_string(&page).unwrap_or_default() != text;
    assert!(!stale, "{} is stale: HENGJIE_WRITE=1 cargo test --workspace --test library", page.display());
}

#[test]
fn every_rule_of_the_sources_is_where_the_list_says() {
    let coverage = match coverage::measure(&root().join("policies")) {
        Ok(coverage) => coverage,
        Err(failure) => panic!("{failure:?}"),
    };
    let faults: Vec<String> = coverage.faults().into_iter().map(|fault| fault.en).collect();
    assert!(faults.is_empty(), "{}", faults.join("\n"));
    page_is_current(&coverage, Lang::Zh);
    page_is_current(&coverage, Lang::En);
}
