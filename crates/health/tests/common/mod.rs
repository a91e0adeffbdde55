//! Documents for the tests.

#![allow(
    dead_code,
    clippy::unwrap_used,
    clippy::panic,
    reason = "each test uses its part; a test may fail loudly"
)]

pub(crate) mod mutate;

use hengjie_health::{Check, Report, Subject, examine};
use hengjie_policy::adopt::{Adoption, Parent, among};
use hengjie_policy::core::Program;
use hengjie_policy::{Compiled, compile_with};
use std::path::PathBuf;

/// A document, checked and examined.
pub(crate) struct Examined {
    pub(crate) text: String,
    pub(crate) program: Program,
    pub(crate) report: Report,
}

/// Examines a text; it must be without errors. What it adopts lies in the folder of the file `name`.
pub(crate) fn text(name: &str, text: &str) -> Examined {
    let find = |wanted: &Adoption, _: &str| Ok(among(beside(name), wanted)?.unwrap());
    try_compiled(compile_with(text, &find), &[]).unwrap_or_else(|problems| panic!("{name}:\n{problems}"))
}

/// The Markdown files of the folder of a file.
fn beside(name: &str) -> Vec<Parent> {
    let path = root().join(name);
    let files = std::fs::read_dir(path.parent().unwrap()).unwrap().map(|entry| entry.unwrap().path());
    let files = files.filter(|file| *file != path && file.extension().is_some_and(|ending| ending == "md"));
    files
        .map(|file| Parent { file: file.display().to_string(), text: std::fs::read_to_string(file).unwrap() })
        .collect()
}

/// Examines a text, or says what the checker has against it.
pub(crate) fn try_text(text: &str) -> Result<Examined, String> {
    try_only(text, &[])
}

/// Makes only some checks; empty: all.
pub(crate) fn try_only(text: &str, only: &[Check]) -> Result<Examined, String> {
    try_compiled(hengjie_policy::compile(text), only)
}

fn try_compiled(compiled: Compiled, only: &[Check]) -> Result<Examined, String> {
    let Compiled { program, diagnostics, text, .. } = compiled;
    let Some(program) = program else {
        let said = hengjie_syntax::render::to_text(
            "policy.md",
            &text,
            &diagnostics,
            hengjie_quantity::Lang::Zh,
            hengjie_syntax::render::Style::Plain,
        );
        return Err(said);
    };
    let subject = Subject { text: &text, program: &program, diagnostics: &diagnostics, supplied: &[], only };
    let report = examine(&subject);
    Ok(Examined { text, program, report })
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
    let examples = ["docs/examples/movement.md", "docs/examples/tutorial.md", "docs/examples/tutorial.en.md"];
    paths.extend(examples.map(str::to_owned));
    paths.sort();
    paths
}
