//! `hengjie check FILE…` and `hengjie check --explain CODE`

use super::paths;
use crate::Ending;
use crate::pages;
use crate::print::Printer;
use clap::ArgMatches;
use hengjie_app::document::{self, Document};
use hengjie_quantity::Lang;
use serde_json::{Value, json};

pub(super) fn run(matches: &ArgMatches, printer: &Printer) -> Ending {
    if let Some(code) = matches.get_one::<String>("explain") {
        return explain(code, printer);
    }
    let mut ending = Ending::Done;
    let mut documents = Vec::new();
    for path in paths(matches, "files") {
        match document::read(&path) {
            Ok(document) => {
                printer.diagnostics(&document);
                printer.line(summary(&document, printer));
                if document.program.is_none() {
                    ending = Ending::Faults;
                }
                documents.push(record(&document, printer));
            }
            Err(failure) => {
                ending = Ending::Faults;
                printer.failure_text(&failure);
                let mut record = printer.failure_json(&failure);
                record["file"] = json!(path.display().to_string());
                documents.push(record);
            }
        }
    }
    printer.document(&json!({ "ok": ending == Ending::Done, "exit": ending.code(), "documents": documents }));
    ending
}

/// The page of a code.
fn explain(code: &str, printer: &Printer) -> Ending {
    let Some((code, page)) = pages::page(code, printer.lang) else {
        return printer.failure(&hengjie_app::Failure::Usage(hengjie_facts::Bilingual::new(
            format!("没有“{code}”这个代码。代码是 HJ 和四位数字，例如 HJ0403"),
            format!("there is no code `{code}`; a code is HJ and four digits, such as HJ0403"),
        )));
    };
    printer.line(page.trim_end());
    printer.document(&json!({ "ok": true, "exit": Ending::Done.code(), "code": code, "page": page }));
    Ending::Done
}

/// Counts, and for a document without errors what is in it.
fn summary(document: &Document, printer: &Printer) -> String {
    let mut text = printer.counts(document);
    let (Some(program), Some(hash)) = (&document.program, document.hash()) else { return text };
    let (attributes, examples) = (program.attributes.len(), program.examples.len());
    let hash: String = hash.chars().take(16).collect();
    text += &match printer.lang {
        Lang::Zh => format!(
            "；{} {} 起，{attributes} 项规则，{examples} 个示例，指纹 {hash}",
            program.name, program.from
        ),
        Lang::En => format!(
            "; {} from {}, {attributes} rules, {examples} examples, hash {hash}",
            program.name, program.from
        ),
    };
    text
}

fn record(document: &Document, printer: &Printer) -> Value {
    let (errors, warnings) = document.counts();
    let mut record = json!({
        "file": document.name(),
        "ok": document.program.is_some(),
        "errors": errors,
        "warnings": warnings,
        "diagnostics": printer.diagnostics_json(document),
    });
    if let (Some(program), Some(hash)) = (&document.program, document.hash()) {
        record["policy"] = json!({ "name": program.name, "from": program.from.to_string(), "hash": hash });
    }
    record
}
