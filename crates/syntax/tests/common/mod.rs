//! Shared by the tests: a compact print of the typed syntax without spans, and of diagnostics.

#![allow(clippy::expect_used, reason = "a helper of tests may fail")]

use hengjie_syntax::{Parse, parse};

/// The typed syntax without spans and without the noise of its wrappers.
#[allow(dead_code, reason = "not every test file compares documents")]
pub(crate) fn syntax_of(parse: &Parse) -> String {
    compact(&format!("{:?}", parse.document))
}

/// Code, place and text of each diagnostic, with its fix.
#[allow(dead_code, reason = "not every test file prints diagnostics")]
pub(crate) fn diagnostics_of(text: &str, parse: &Parse) -> String {
    let mut shown = String::new();
    for d in &parse.diagnostics {
        let place = d.span.text(text).replace('\n', "⏎");
        shown.push_str(&format!("! {} «{place}» {} / {}", d.code, d.message.zh, d.message.en));
        if let Some(help) = &d.help {
            shown.push_str(&format!("\n    = {} / {}", help.zh, help.en));
        }
        if let Some(fix) = &d.fix {
            shown.push_str(&format!(
                "\n    + «{}» → «{}» {} / {}",
                fix.span.text(text),
                fix.replacement,
                fix.title.zh,
                fix.title.en
            ));
        }
        shown.push('\n');
    }
    shown
}

/// Prints what each fence body reads as. Bodies are separated by empty lines.
#[allow(dead_code, reason = "not every test file prints statements")]
pub(crate) fn read_all(fence: &str, bodies: &str) -> String {
    let mut shown = String::new();
    for body in bodies.split("\n\n") {
        let text = format!("```{fence}\n{body}\n```\n");
        let parse = parse(&text);
        assert_eq!(parse.tree.to_string(), text, "every byte is in the tree");
        let section = parse.document.sections.first().expect("a fence makes a section");
        let blocks = compact(&format!("{:?}", section.blocks));
        let blocks =
            blocks.trim_start_matches("[Rules([").trim_end_matches("])]").replace("Statement { ", "\n  { ");
        shown.push_str(&format!("{body}\n→ {blocks}\n{}\n", diagnostics_of(&text, &parse)));
    }
    shown
}

fn compact(debug: &str) -> String {
    let without_spans = remove_spans(debug);
    unwrap_names(&without_spans)
}

fn remove_spans(debug: &str) -> String {
    let mut kept = String::new();
    let mut rest = debug;
    while let Some(at) = rest.find("span: Span {") {
        let (before, after) = rest.split_at(at);
        let after = &after[after.find('}').expect("a span ends") + 1..];
        // The separator goes with the span.
        let (before, after) = match after.strip_prefix(", ") {
            Some(after) => (before, after),
            None => (before.trim_end_matches(", "), after),
        };
        kept.push_str(before);
        rest = after;
    }
    kept.push_str(rest);
    kept
}

fn unwrap_names(text: &str) -> String {
    let mut kept = String::new();
    let mut rest = text;
    while let Some(at) = rest.find("Name { text: \"") {
        let (before, after) = rest.split_at(at);
        let inner = &after["Name { text: \"".len()..];
        let end = inner.find("\" }").expect("a name ends");
        kept.push_str(before);
        kept.push('`');
        kept.push_str(&inner[..end]);
        kept.push('`');
        rest = &inner[end + 3..];
    }
    kept.push_str(rest);
    kept.replace("Expr { kind: ", "{ ")
        .replace("Number(NumberLit { value: ", "({ ")
        .replace(": None", ": ·")
        .replace("(None)", "(·)")
}
