//! Columns give what rows give on every example of the policies and of the documentation.
#![allow(clippy::panic, clippy::unwrap_used, unreachable_pub, reason = "a test that cannot go on says why")]

#[path = "../../../fuzz/targets/agreement.rs"]
mod agreement;

use hengjie_policy::adopt::{Adoption, Parent, among};
use hengjie_policy::compile_with;
use std::path::{Path, PathBuf};

fn documents() -> Vec<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let policies = std::fs::read_dir(root.join("policies")).unwrap();
    let mut found: Vec<PathBuf> = policies
        .map(|folder| folder.unwrap().path().join("policy.md"))
        .filter(|path| path.exists())
        .collect();
    found.extend(["language.md", "tutorial.md"].map(|name| root.join("docs/examples").join(name)));
    found.sort();
    found
}

/// The Markdown files of the folder.
fn beside(path: &Path) -> Vec<Parent> {
    let files = std::fs::read_dir(path.parent().unwrap()).unwrap().map(|entry| entry.unwrap().path());
    let files = files.filter(|file| file != path && file.extension().is_some_and(|ending| ending == "md"));
    files
        .map(|file| Parent { file: file.display().to_string(), text: std::fs::read_to_string(file).unwrap() })
        .collect()
}

#[test]
fn columns_give_what_rows_give_on_every_example() {
    let mut compared = 0;
    for path in documents() {
        let text = std::fs::read_to_string(&path).unwrap();
        let find = |wanted: &Adoption, _: &str| Ok(among(beside(&path), wanted)?.unwrap());
        let program = compile_with(&text, &find).program.unwrap_or_else(|| panic!("{}", path.display()));
        for (place, example) in program.examples.iter().enumerate() {
            let difference = agreement::disagreement(&program, example);
            assert!(difference.is_none(), "{}, example {place}: {difference:?}", path.display());
            compared += 1;
        }
    }
    assert!(compared > 100, "{compared}");
}
