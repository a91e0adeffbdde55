//! `hengjie coverage DIR`

use super::path;
use crate::Ending;
use crate::print::Printer;
use clap::ArgMatches;
use hengjie_app::coverage::{self, Coverage, SourceRule, Treatment};
use hengjie_app::output;
use hengjie_quantity::Lang;
use serde_json::{Value, json};
use std::path::PathBuf;

pub(super) fn run(matches: &ArgMatches, printer: &Printer) -> Ending {
    let folder = path(matches, "folder");
    let coverage = match coverage::measure(folder) {
        Ok(coverage) => coverage,
        Err(failure) => return printer.failure(&failure),
    };
    if let Some(out) = matches.get_one::<PathBuf>("out") {
        let page = coverage::markdown(&coverage, folder, out, printer.lang);
        if let Err(failure) = output::write_text(out, &page) {
            return printer.failure(&failure);
        }
    }
    let faults = coverage.faults();
    for fault in &faults {
        printer.line(fault.text(printer.lang));
    }
    printer.line(summary(&coverage, faults.len(), printer.lang));
    let ending = if faults.is_empty() { Ending::Done } else { Ending::Faults };
    let faults: Vec<&str> = faults.iter().map(|fault| fault.text(printer.lang)).collect();
    let rules: Vec<Value> = coverage.rules.iter().map(|rule| record(rule, printer)).collect();
    printer.document(
        &json!({ "ok": ending == Ending::Done, "exit": ending.code(), "rules": rules, "faults": faults }),
    );
    ending
}

fn summary(coverage: &Coverage, faults: usize, lang: Lang) -> String {
    let [computed, procedures, declared, text] = Coverage::counts(coverage.rules.iter());
    let all = coverage.rules.len();
    match lang {
        Lang::Zh => format!(
            "{all} 条规则：{computed} 条计算，{procedures} 条办理，{declared} 条声明，{text} 条只有文字；{faults} 处缺漏"
        ),
        Lang::En => format!(
            "{all} rules: {computed} computed, {procedures} procedures, {declared} declared, {text} text only; {faults} missing"
        ),
    }
}

fn record(rule: &SourceRule, printer: &Printer) -> Value {
    let evidence = &rule.evidence;
    let places: Vec<Value> = evidence
        .places
        .iter()
        .map(|place| json!({ "file": place.file, "article": place.cite, "heading": place.heading }))
        .collect();
    json!({
        "rule": rule.number,
        "treatment": Treatment::word(rule.treatment, Lang::En),
        "places": places,
        "rules": evidence.rules,
        "rules_used": evidence.used,
        "expectations": evidence.expectations,
        "procedures": evidence.procedures,
        "declarations": evidence.declarations,
        "reason": rule.reason.text(printer.lang),
        "fault": rule.fault().map(|fault| fault.text(printer.lang).to_owned()),
    })
}
