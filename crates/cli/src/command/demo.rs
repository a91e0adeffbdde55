//! `hengjie demo`

use super::new::LIBRARY;
use super::serve::{address, asking, id, open, refused, runtime, whole};
use crate::Ending;
use crate::print::Printer;
use crate::progress::Progress;
use clap::ArgMatches;
use hengjie_app::demo::{self, Demo, DemoStage, Shown};
use hengjie_app::{Failure, console::Console};
use hengjie_quantity::Lang;
use hengjie_server::now;
use serde_json::{Value, json};
use std::path::PathBuf;

/// The demonstration is the same every time.
const SEED: u64 = 20_250_101;

/// Things that results wait for, as listed on the screen: the gaps are made on purpose.
const GAPS_SHOWN: usize = 3;

/// Lines of an explanation that are shown.
const LINES: usize = 24;

pub(super) fn run(matches: &ArgMatches, printer: &Printer) -> Ending {
    let out = matches.get_one::<PathBuf>("out").cloned().unwrap_or_else(|| PathBuf::from("demo"));
    let policies = match matches.get_one::<PathBuf>("policies") {
        Some(given) => given.clone(),
        None => {
            let own = out.join(printer.pick("制度", "policies"));
            if let Err(failure) = LIBRARY.unpack(&own) {
                return printer.failure(&failure);
            }
            own
        }
    };
    let wanted = Demo {
        out,
        policies,
        scale: matches.get_one::<u32>("scale").copied().unwrap_or(1),
        seed: SEED,
        lang: printer.lang,
    };
    let progress = Progress::new(printer);
    let mut records = Vec::new();
    let mut kept = Vec::new();
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
            kept.push(shown);
        },
    );
    progress.finish();
    match done.and_then(|()| keep(&wanted, &kept, printer)) {
        Ok(()) => {
            let out = wanted.out.display();
            printer.line(match printer.lang {
                Lang::Zh => format!("在浏览器里看：hengjie serve {out}"),
                Lang::En => format!("In a browser: hengjie serve {out}"),
            });
            printer.document(&json!({ "ok": true, "exit": 0, "runs": records }));
            Ending::Done
        }
        Err(failure) => printer.failure(&failure),
    }
}

/// Puts documents and results where the console finds them.
fn keep(demo: &Demo, shown: &[Shown], printer: &Printer) -> Result<(), Failure> {
    runtime()?.block_on(async {
        let console = open(&address(&demo.out), &demo.out).await?;
        for one in shown {
            keep_one(&console, one, printer).await?;
        }
        console.close().await;
        Ok(())
    })
}

async fn keep_one(console: &Console, shown: &Shown, printer: &Printer) -> Result<(), Failure> {
    let id = id(&shown.policy.path);
    let parameters: Vec<PathBuf> = shown.parameters.iter().map(|path| whole(path)).collect();
    let write = asking(format!("demo {id} {}", now()), printer);
    let facts = whole(&shown.facts);
    let put = console.put_document(&write, &id, &shown.title, &shown.policy, &facts, &parameters);
    let version = put.await.map_err(refused)?;
    let write = asking(format!("demo run {id} {}", now()), printer);
    console.record(&write, &id, version, &shown.policy, &shown.report).await.map(|_| ()).map_err(refused)
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
