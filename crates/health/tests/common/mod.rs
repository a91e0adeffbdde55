//! Documents for the tests.

#![allow(
    dead_code,
    clippy::unwrap_used,
    clippy::panic,
    reason = "each test uses its part; a test may fail loudly"
)]

pub(crate) mod mutate;

use hengjie_health::{Check, Report, Subject, examine};
use hengjie_policy::core::Program;
use std::path::PathBuf;

/// A document, checked and examined.
pub(crate) struct Examined {
    pub(crate) text: String,
    pub(crate) program: Program,
    pub(crate) report: Report,
}

/// Examines a text; it must be without errors.
pub(crate) fn text(name: &str, text: &str) -> Examined {
    try_text(text).unwrap_or_else(|problems| panic!("{name}:\n{problems}"))
}

/// Examines a text, or says what the checker has against it.
pub(crate) fn try_text(text: &str) -> Result<Examined, String> {
    try_only(text, &[])
}

/// Makes only some checks; empty: all.
pub(crate) fn try_only(text: &str, only: &[Check]) -> Result<Examined, String> {
    let compiled = hengjie_policy::compile(text);
    let Some(program) = compiled.program else {
        let said = hengjie_syntax::render::to_text(
            "policy.md",
            text,
            &compiled.diagnostics,
            hengjie_quantity::Lang::Zh,
            hengjie_syntax::render::Style::Plain,
        );
        return Err(said);
    };
    let subject =
        Subject { text, program: &program, diagnostics: &compiled.diagnostics, supplied: &[], only };
    let report = examine(&subject);
    Ok(Examined { text: text.to_owned(), program, report })
}

pub(crate) fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../..")
}

pub(crate) fn read(path: &str) -> String {
    std::fs::read_to_string(root().join(path)).unwrap()
}

/// The shipped policies, and the tutorial.
pub(crate) fn shipped() -> Vec<String> {
    let folders = std::fs::read_dir(root().join("policies")).unwrap();
    let names = folders.map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned());
    let mut paths: Vec<String> = names
        .map(|name| format!("policies/{name}/policy.md"))
        .filter(|path| root().join(path).exists())
        .collect();
    paths.extend(["docs/examples/tutorial.md", "docs/examples/tutorial.en.md"].map(str::to_owned));
    paths.sort();
    paths
}
