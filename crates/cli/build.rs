//! Puts the pages of `docs/*/diagnostics` into the program, so that `hengjie check --explain` works without the repository.

use std::fmt::Write;
use std::path::Path;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let docs = Path::new(&std::env::var("CARGO_MANIFEST_DIR")?).join("../../docs");
    let mut pages = String::from("&[\n");
    let mut names: Vec<_> = std::fs::read_dir(docs.join("zh/diagnostics"))?.collect::<Result<_, _>>()?;
    names.sort_by_key(std::fs::DirEntry::file_name);
    for name in names.iter().map(std::fs::DirEntry::file_name) {
        let name = name.to_string_lossy();
        let Some(code) = name.strip_suffix(".md").filter(|code| code.starts_with("HJ")) else { continue };
        let (zh, en) = (docs.join("zh/diagnostics").join(&*name), docs.join("en/diagnostics").join(&*name));
        writeln!(pages, "({code:?}, include_str!({zh:?}), include_str!({en:?})),")?;
    }
    pages.push(']');
    for lang in ["zh", "en"] {
        println!("cargo::rerun-if-changed={}", docs.join(lang).join("diagnostics").display());
    }
    std::fs::write(Path::new(&std::env::var("OUT_DIR")?).join("pages.rs"), pages)?;
    Ok(())
}
