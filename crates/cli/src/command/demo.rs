//! `hengjie demo`

use crate::Ending;
use crate::print::Printer;
use crate::progress::Progress;
use clap::ArgMatches;
use hengjie_app::demo::{self, Demo, DemoStage, Shown};
use hengjie_quantity::Lang;
use serde_json::{Value, json};
use std::path::PathBuf;

/// The demonstration is the same every time.
const SEED: u64 = 20_250_101;

/// Things that results wait for, as listed on the screen: the gaps are made on purpose.
const GAPS_SHOWN: usize = 3;

/// Lines of an explanation that are shown.
const LINES: usize = 24;

pub(super) fn run(matches: &ArgMatches, printer: &Printer) -> Ending {
    let path = |name: &str, otherwise: &str| {
        matches.get_one::<PathBuf>(name).cloned().unwrap_or_else(|| PathBuf::from(otherwise))
    };
    let wanted = Demo {
        out: path("out", "demo"),
        policies: path("policies", "policies"),
        scale: matches.get_one::<u32>("scale").copied().unwrap_or(1),
        seed: SEED,
        lang: printer.lang,
    };
    let progress = Progress::new(printer);
    let mut records = Vec::new();
    let mut explained = false;
    let done = demo::demo(
        &wanted,
        &|stage| match stage {
            DemoStage::Making(what, done, all) => progress.making(&what, done, all),
            DemoStage::Running(_) => {}
            DemoStage::Run(stage) => progress.show(stage),
        },
        &mut |shown| {
            progress.pause(|| show(&shown, &mut explained, printer));
            records.push(record(&shown));
        },
    );
    progress.finish();
    match done {
        Ok(()) => {
            printer.document(&json!({ "ok": true, "exit": 0, "runs": records }));
            Ending::Done
        }
        Err(failure) => printer.failure(&failure),
    }
}

fn show(shown: &Shown, explained: &mut bool, printer: &Printer) {
    let Shown { title, report, workbook, .. } = shown;
    let (subjects, complete) = (report.subjects, report.complete);
    let (missing, undecided) = (report.waiting.missing, report.waiting.undecided);
    let workbook = workbook.display();
    printer.line(match printer.lang {
        Lang::Zh => format!("{title}，{subjects} 个对象，{complete} 个结果，{missing} 个待补，{undecided} 个待定 → {workbook}"),
        Lang::En => format!("{title}, {subjects} subjects, {complete} results, {missing} missing, {undecided} undecided → {workbook}"),
    });
    super::run::gaps(report, GAPS_SHOWN, printer);
    let Some((_, _, text)) = shown.explained.as_ref().filter(|_| !*explained) else { return };
    *explained = true;
    if let Some(command) = demo::command(shown) {
        printer.line(format!("\n$ {command}"));
    }
    text.lines().take(LINES).for_each(|line| printer.line(line));
    if text.lines().count() > LINES {
        printer.line("…");
    }
    printer.line("");
}

fn record(shown: &Shown) -> Value {
    json!({
        "title": shown.title,
        "policy": shown.policy.program.name,
        "facts": shown.facts.display().to_string(),
        "workbook": shown.workbook.display().to_string(),
        "subjects": shown.report.subjects,
        "results": shown.report.complete,
        "missing": shown.report.waiting.missing,
        "undecided": shown.report.waiting.undecided,
        "explain": demo::command(shown),
        "explanation": shown.explained.as_ref().map(|(_, _, text)| text),
    })
}
