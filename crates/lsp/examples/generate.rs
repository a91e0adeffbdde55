//! Writes what is generated from the grammar and the tables of keywords: the printed reference and the colours for editors.

use hengjie_lsp::reference::{grammar, markdown};
use hengjie_quantity::Lang;
use std::path::Path;

fn main() -> std::io::Result<()> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    std::fs::write(root.join("docs/zh/reference.md"), markdown(Lang::Zh))?;
    std::fs::write(root.join("docs/en/reference.md"), markdown(Lang::En))?;
    std::fs::write(root.join("editors/vscode/syntaxes/hengjie.tmLanguage.json"), grammar::text_mate())
}
