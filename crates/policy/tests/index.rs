//! What editors are told of names, on every shipped policy.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test may fail loudly")]

mod common;

use hengjie_policy::index::{Index, Occurrence, Symbol};
use hengjie_policy::{analyse, artifact_json, compile};
use std::collections::BTreeSet;
use std::path::Path;

/// The shipped policies and the documents of the documentation.
fn documents() -> Vec<(String, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let policies = std::fs::read_dir(root.join("policies")).unwrap();
    let policies = policies.map(|folder| folder.unwrap().path().join("policy.md"));
    let examples = ["language.md", "tutorial.md", "language.en.md", "tutorial.en.md"];
    let examples = examples.iter().map(|name| root.join("docs/examples").join(name));
    let files = policies.chain(examples).filter(|file| file.exists());
    files.map(|file| (file.display().to_string(), std::fs::read_to_string(&file).unwrap())).collect()
}

fn half_width(text: &str) -> String {
    let narrow = |c: char| match c {
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(c as u32 - 0xfee0).unwrap_or(c),
        other => other,
    };
    text.chars().map(narrow).collect()
}

/// The text of an occurrence holds the name, in one of its spellings.
fn names_it(index: &Index, text: &str, found: &Occurrence) -> bool {
    half_width(found.span.text(text)).contains(&half_width(index.name(found.symbol)))
}

/// Fields that the system adds; they are words of the language and have two spellings.
fn by_system(index: &Index, symbol: Symbol) -> bool {
    matches!(symbol, Symbol::Field(_)) && ["日期", "总分", "对象", "填写人"].contains(&index.name(symbol))
}

#[test]
fn analysing_gives_the_same_program_and_findings_as_compiling() {
    for (file, text) in documents() {
        let (analysis, compiled) = (analyse(&hengjie_policy::adopt::alone(&text), None), compile(&text));
        assert_eq!(analysis.diagnostics, compiled.diagnostics, "{file}");
        let hash = |program: &Option<_>| program.as_ref().map(artifact_json);
        assert_eq!(hash(&analysis.program), hash(&compiled.program), "{file}");
    }
}

#[test]
fn every_name_stands_where_it_is_said_to_stand() {
    for (file, text) in documents() {
        let index = analyse(&hengjie_policy::adopt::alone(&text), None).index;
        assert!(index.occurrences.len() > 50, "{file}");
        for found in &index.occurrences {
            let is_there = by_system(&index, found.symbol) || names_it(&index, &text, found);
            assert!(is_there, "{file}: {found:?} {}", found.span.text(&text));
        }
    }
}

/// Everything that is mentioned is declared, but for what the system adds: the day of dated records, the sum, the subject
/// and the author of a form.
#[test]
fn what_is_mentioned_is_declared() {
    for (file, text) in documents() {
        let index = analyse(&hengjie_policy::adopt::alone(&text), None).index;
        let declared: BTreeSet<Symbol> =
            index.occurrences.iter().filter(|found| found.declares).map(|found| found.symbol).collect();
        for found in &index.occurrences {
            assert!(
                by_system(&index, found.symbol) || declared.contains(&found.symbol),
                "{file}: {found:?} {}",
                index.name(found.symbol)
            );
        }
    }
}

/// Every rule of a checked document is mentioned where it is defined, with its type.
#[test]
fn every_rule_has_a_type_and_a_place() {
    for (file, text) in documents() {
        let analysis = analyse(&hengjie_policy::adopt::alone(&text), None);
        if analysis.program.is_none() {
            continue;
        }
        let index = analysis.index;
        for (at, rule) in (0..).zip(&index.rules) {
            assert!(rule.ty.is_some(), "{file}: {}", rule.name);
            let places = index.occurrences_of(Symbol::Rule(at)).filter(|found| found.declares);
            assert!(places.count() > 0, "{file}: {}", rule.name);
        }
    }
}
