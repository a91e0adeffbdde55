//! Puts the pages of `docs/*/diagnostics` and the sample policies into the program, so that `hengjie check --explain` and
//! `hengjie new` work without the repository.

use std::fmt::Write;
use std::path::{Path, PathBuf};

type Outcome<T> = Result<T, Box<dyn std::error::Error>>;

fn main() -> Outcome<()> {
    pages()?;
    samples()
}

fn pages() -> Outcome<()> {
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

fn samples() -> Outcome<()> {
    let policies = Path::new(&std::env::var("CARGO_MANIFEST_DIR")?).join("../../policies");
    let mut samples = String::from("&[\n");
    for folder in sorted(&policies)?.iter().filter(|folder| folder.join("policy.md").is_file()) {
        writeln!(samples, "Sample {{ name: {:?}, files: &[", name(folder))?;
        let is_part = |file: &&PathBuf| {
            let name = name(file);
            name == "parameters.demo.csv" || (name.ends_with(".md") && name != "README.md")
        };
        for file in sorted(folder)?.iter().filter(is_part) {
            writeln!(samples, "({:?}, include_str!({file:?})),", name(file))?;
        }
        samples.push_str("] },\n");
    }
    samples.push(']');
    println!("cargo::rerun-if-changed={}", policies.display());
    std::fs::write(Path::new(&std::env::var("OUT_DIR")?).join("samples.rs"), samples)?;
    Ok(())
}

fn sorted(folder: &Path) -> Outcome<Vec<PathBuf>> {
    let entries = std::fs::read_dir(folder)?;
    let mut paths = entries.map(|entry| entry.map(|entry| entry.path())).collect::<Result<Vec<_>, _>>()?;
    paths.sort();
    Ok(paths)
}

fn name(path: &Path) -> String {
    path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default()
}
