//! What is generated is as the tables say, and the tables tell of every word of the language.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test may fail loudly")]

use hengjie_lsp::reference::{grammar, markdown};
use hengjie_quantity::Lang;
use hengjie_syntax::keywords::{FUNCTIONS, Keyword, TYPES, VALUES};

const STALE: &str = "stale: run `cargo run -p hengjie-lsp --example generate`";

#[test]
fn the_reference_is_fresh() {
    assert!(
        include_str!("../../../docs/zh/reference.md") == markdown(Lang::Zh),
        "docs/zh/reference.md is {STALE}"
    );
    assert!(
        include_str!("../../../docs/en/reference.md") == markdown(Lang::En),
        "docs/en/reference.md is {STALE}"
    );
}

#[test]
fn the_colours_are_fresh() {
    let written = include_str!("../../../editors/vscode/syntaxes/hengjie.tmLanguage.json");
    assert!(written == grammar::text_mate(), "editors/vscode/syntaxes/hengjie.tmLanguage.json is {STALE}");
}

#[test]
fn every_word_is_told_of() {
    for lang in [Lang::Zh, Lang::En] {
        let text = markdown(lang);
        let words = Keyword::ALL.iter().flat_map(|word| [word.zh(), word.en()]);
        let others = [TYPES, VALUES].concat().into_iter().flat_map(|(zh, en)| [zh, en]);
        for word in words.chain(others) {
            assert!(text.contains(&format!("`{word}`")), "{word} ({lang:?})");
        }
        for (zh, en) in FUNCTIONS {
            assert!(text.contains(&format!("`{}(", lang.pick(*zh, *en))), "{zh} ({lang:?})");
        }
    }
}

/// Forms are made of words of the language: nothing Chinese is left in the English ones but units.
#[test]
fn english_forms_are_english() {
    let text = markdown(Lang::En);
    let forms = text.split("```text\n").skip(1).filter_map(|part| part.split("```").next());
    for line in forms.flat_map(str::lines) {
        let rest = line.replace("个工作日", "").replace(['元', '分', '人', '档'], "").replace("小时", "");
        let rest = rest.replace(['“', '”', '≥', '…'], "");
        assert!(rest.is_ascii(), "{line}");
    }
}

/// The extension has the settings that the server reads, and its colours.
#[test]
fn the_extension_fits_the_server() {
    let package: serde_json::Value =
        serde_json::from_str(include_str!("../../../editors/vscode/package.json")).unwrap();
    let settings = package["contributes"]["configuration"]["properties"].as_object().unwrap();
    let names: Vec<&str> = settings.keys().filter_map(|name| name.strip_prefix("hengjie.")).collect();
    assert_eq!(names, ["data", "parameters", "path", "period", "person"]);
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../editors/vscode");
    for grammar in package["contributes"]["grammars"].as_array().unwrap() {
        assert!(folder.join(grammar["path"].as_str().unwrap()).exists(), "{grammar}");
    }
    assert!(folder.join(package["main"].as_str().unwrap()).exists());
}
