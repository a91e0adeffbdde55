//! What holds for every document and every place.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test may fail loudly")]

mod support;

use hengjie_policy::index::Symbol;
use proptest::prelude::*;
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::path::Path;
use support::{Client, SAMPLE, URI, changed, position};

/// The shipped policies and the documents of the documentation.
fn documents() -> Vec<(String, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let policies = std::fs::read_dir(root.join("policies")).unwrap();
    let mut files: Vec<_> = policies.map(|folder| folder.unwrap().path().join("policy.md")).collect();
    files.extend(
        ["language.md", "tutorial.md", "language.en.md", "tutorial.en.md"]
            .map(|name| root.join("docs/examples").join(name)),
    );
    files.sort();
    let files = files.into_iter().filter(|file| file.exists());
    let files = files.map(|file| (file.display().to_string(), std::fs::read_to_string(&file).unwrap()));
    // The client here has no folder in which a parent could lie.
    files.filter(|(_, text)| !text.contains("\n沿用 ")).collect()
}

/// Whether a name is known to be one that cannot be changed alone: a 名目 whose name makes a column its own, an item that a
/// free key or text spells as well.
fn may_be_refused(symbol: Symbol) -> bool {
    matches!(symbol, Symbol::Enumeration(_) | Symbol::Item(..) | Symbol::Column(..))
}

/// Every name of every document can get a new one: no use of it is forgotten. `HENGJIE_RENAMES` names per document (default 4;
/// 0 for all).
#[test]
fn every_name_can_be_renamed() {
    let wanted: usize = std::env::var("HENGJIE_RENAMES").ok().and_then(|text| text.parse().ok()).unwrap_or(4);
    let mut refused = Vec::new();
    for (file, text) in documents() {
        let index = hengjie_policy::analyse(&hengjie_policy::adopt::alone(&text), None).index;
        let mut seen: BTreeSet<Symbol> = BTreeSet::new();
        let declared = index.occurrences.iter().filter(|found| found.declares && seen.insert(found.symbol));
        let declared: Vec<_> = declared.collect();
        let step = declared.len().checked_div(wanted).unwrap_or(1).max(1);
        let mut client = Client::open(&text);
        for found in declared.iter().step_by(step) {
            let name = index.name(found.symbol);
            let text_of = found.span.text(&text);
            let Some(inside) = text_of.find(name) else { continue };
            let at = position(&text, found.span.start as usize + inside);
            let fresh =
                if matches!(found.symbol, Symbol::Article(_)) { "第九千条" } else { "崭新的名称" };
            let answer = client.answer(
                "textDocument/rename",
                json!({ "textDocument": { "uri": URI }, "position": at, "newName": fresh }),
            );
            match answer.get("error") {
                Some(error) if !may_be_refused(found.symbol) => {
                    refused.push(format!("{file}: {:?} {name}: {}", found.symbol, error["message"]));
                }
                Some(_) => {}
                None => {
                    let new = changed(&text, &answer["result"]["changes"][URI]);
                    assert!(new.contains(fresh), "{file}: {name}");
                }
            }
        }
    }
    assert!(refused.is_empty(), "{}", refused.join("\n"));
}

/// Every feature at one place. Answers may be refusals; nothing may fail.
fn everything_at(client: &mut Client, at: &Value) {
    let place = json!({ "textDocument": { "uri": URI }, "position": at, "newName": "新名" });
    for method in
        ["hover", "completion", "definition", "references", "documentHighlight", "prepareRename", "rename"]
    {
        client.answer(&format!("textDocument/{method}"), place.clone());
    }
    let range = json!({ "textDocument": { "uri": URI }, "range": { "start": at, "end": at }, "context": { "diagnostics": [] } });
    for method in ["codeAction", "semanticTokens/range"] {
        client.answer(&format!("textDocument/{method}"), range.clone());
    }
    for method in ["formatting", "documentSymbol", "foldingRange", "semanticTokens/full"] {
        client.of_document(&format!("textDocument/{method}"));
    }
}

/// Every range in an answer lies in the text and its ends are in order.
fn check_ranges(text: &str, value: &Value) {
    match value {
        Value::Object(parts) => {
            if let (Some(start), Some(end)) = (parts.get("start"), parts.get("end")) {
                let key = |at: &Value| (at["line"].as_u64().unwrap(), at["character"].as_u64().unwrap());
                assert!(key(start) <= key(end), "{value}");
                let lines: Vec<&str> = text.split('\n').collect();
                let line = lines.get(key(end).0 as usize).expect("a line of the text");
                assert!(key(end).1 <= line.encode_utf16().count() as u64, "{value} {line}");
            }
            parts.values().for_each(|part| check_ranges(text, part));
        }
        Value::Array(items) => items.iter().for_each(|item| check_ranges(text, item)),
        _ => {}
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, failure_persistence: None, ..ProptestConfig::default() })]

    /// Pieces of the sample cut out, doubled and spoilt, at any place: no fault, and ranges that lie in the text.
    #[test]
    fn nothing_fails_on_spoilt_documents(cuts in prop::collection::vec((any::<prop::sample::Index>(), 0..40_usize, "[（(「」.:=|\\n\r`如则甲😀0-9 ]{0,6}"), 1..5), places in prop::collection::vec(any::<prop::sample::Index>(), 1..4)) {
        let mut characters: Vec<char> = SAMPLE.chars().collect();
        for (at, length, new) in cuts {
            let at = at.index(characters.len());
            let end = (at + length).min(characters.len());
            characters.splice(at..end, new.chars());
        }
        let text: String = characters.into_iter().collect();
        let mut client = Client::open(&text);
        client.server.tell_diagnostics();
        for told in client.server.take_messages() {
            check_ranges(&text.replace("\r\n", " \n").replace('\r', "\n"), &told);
        }
        let offsets: Vec<usize> = text.char_indices().map(|(at, _)| at).collect();
        for place in places {
            let offset = *place.get(&offsets);
            let before = text[..offset].replace("\r\n", " \n").replace('\r', "\n");
            let at = position(&before, before.len());
            everything_at(&mut client, &at);
        }
    }

    /// Typing a document letter by letter in any order of edits gives what opening it gives.
    #[test]
    fn edits_give_the_same_text(edits in prop::collection::vec((any::<prop::sample::Index>(), any::<prop::sample::Index>(), "[甲😀a\r\n|]{0,5}"), 1..8)) {
        let mut text = SAMPLE.to_owned();
        let mut client = Client::open(&text);
        for (a, b, new) in edits {
            let borders: Vec<usize> = text.char_indices().map(|(at, _)| at).chain([text.len()]).filter(|at| !inside_line_end(&text, *at)).collect();
            let (a, b) = (*a.get(&borders), *b.get(&borders));
            let (start, end) = (a.min(b), a.max(b).min(a.min(b) + 200));
            let end = borders.iter().copied().rfind(|at| *at <= end).unwrap_or(start).max(start);
            let lines = |offset: usize| { let before = text[..offset].replace("\r\n", " \n").replace('\r', "\n"); position(&before, before.len()) };
            let change = json!({ "textDocument": { "uri": URI, "version": 2 }, "contentChanges": [{ "range": { "start": lines(start), "end": lines(end) }, "text": new }] });
            prop_assert_eq!(client.tell("textDocument/didChange", change), Vec::<Value>::new());
            text.replace_range(start..end, &new);
        }
        prop_assert_eq!(client.diagnostics(), Client::open(&text).diagnostics());
    }
}

/// Between `\r` and `\n`.
fn inside_line_end(text: &str, at: usize) -> bool {
    text[..at].ends_with('\r') && text[at..].starts_with('\n')
}
