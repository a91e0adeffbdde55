//! `hengjie run POLICY --data …`

use super::{names, path, request};
use crate::Ending;
use crate::print::Printer;
use crate::progress::Progress;
use clap::ArgMatches;
use hengjie_app::document::{self, Policy};
use hengjie_app::output::{self, Format, Written};
use hengjie_app::run::{self, Report, Request};
use hengjie_app::{Failure, replay};
use hengjie_quantity::Lang;
use serde_json::{Value, json};
use std::path::{Path, PathBuf};
use std::time::Instant;

/// Things that results wait for, as listed on the screen.
const GAPS_SHOWN: usize = 12;

pub(super) fn run(matches: &ArgMatches, printer: &Printer) -> Ending {
    let started = Instant::now();
    let policy = match document::open(path(matches, "policy")) {
        Ok(policy) => policy,
        Err(failure) => return printer.failure(&failure),
    };
    let request = match request(matches, printer) {
        Ok(request) => Request { only: names(matches, "only"), ..request },
        Err(ending) => return ending,
    };
    if let Some(threads) = matches.get_one::<u16>("threads") {
        // Fails only when a pool exists already, which is never before this line.
        let _ = rayon::ThreadPoolBuilder::new().num_threads(usize::from(*threads)).build_global();
    }
    let (out, format) = target(matches, printer.lang);
    if let Err(failure) = output::spare_facts(&policy.program, &request.source, &out, format) {
        return printer.failure(&failure);
    }
    let progress = Progress::new(printer);
    let done = computed(&policy, &request, (&out, format), &progress);
    progress.finish();
    match done {
        Ok(done) => finish(&policy, &done, started.elapsed().as_millis(), printer),
        Err(failure) => printer.failure(&failure),
    }
}

/// What a run gave.
struct Done {
    report: Report,
    written: Written,
    /// Its record.
    record: PathBuf,
}

/// Computes, writes the results and their record.
fn computed(
    policy: &Policy,
    request: &Request,
    (out, format): (&Path, Format),
    progress: &Progress,
) -> Result<Done, Failure> {
    let go_on = |stage| {
        progress.show(stage);
        true
    };
    let Some((report, inputs)) = replay::run_recorded(policy, request, &go_on)? else {
        return Err(run::stopped());
    };
    let written =
        output::write(&policy.program.name, &report.tables, &report.notes, out, format, request.lang)?;
    let record = replay::write_record(policy, request, (&report, inputs), (out, format), &written.files)?;
    Ok(Done { report, written, record })
}

/// Where to write, and how.
fn target(matches: &ArgMatches, lang: Lang) -> (PathBuf, Format) {
    let out = matches.get_one::<PathBuf>("out").cloned();
    let asked = matches.get_one::<String>("format").and_then(|word| Format::of(word));
    let default = lang.pick("结果", "results");
    match (out, asked) {
        (Some(out), Some(format)) => (out, format),
        (Some(out), None) => {
            let format =
                Format::of_path(&out).unwrap_or(if is_folder(&out) { Format::Csv } else { Format::Xlsx });
            (out, format)
        }
        (None, None | Some(Format::Xlsx)) => (PathBuf::from(format!("{default}.xlsx")), Format::Xlsx),
        (None, Some(format)) => (PathBuf::from(default), format),
    }
}

/// A path without an ending means a folder.
fn is_folder(path: &Path) -> bool {
    path.is_dir() || path.extension().is_none()
}

fn finish(policy: &Policy, done: &Done, millis: u128, printer: &Printer) -> Ending {
    let Done { report, written, record: path } = done;
    printer.aside(report.warnings.to_text(printer.lang));
    summary(policy, report, millis, printer);
    gaps(report, GAPS_SHOWN, printer);
    files(written, path, printer);
    let waits = report.waiting.missing + report.waiting.undecided > 0;
    let ending = if waits { Ending::Waiting } else { Ending::Done };
    let mut answer = record(policy, report, written, ending, printer);
    answer["record"] = json!(path.display().to_string());
    printer.document(&answer);
    ending
}

fn summary(policy: &Policy, report: &Report, millis: u128, printer: &Printer) {
    let program = &policy.program;
    let hash: String = policy.hash.chars().take(16).collect();
    let periods = printer.periods(&report.periods);
    let (seconds, tenths) = (millis / 1000, millis % 1000 / 100);
    let comma = if periods.is_empty() { "" } else { printer.pick("，", ", ") };
    let (subjects, complete) = (report.subjects, report.complete);
    let (missing, undecided) = (report.waiting.missing, report.waiting.undecided);
    printer.line(match printer.lang {
        Lang::Zh => format!("{}（{} 起，指纹 {hash}）{comma}{periods}", program.name, program.from),
        Lang::En => format!("{} (from {}, hash {hash}){comma}{periods}", program.name, program.from),
    });
    printer.line(match printer.lang {
        Lang::Zh => format!("{subjects} 个对象，{complete} 个结果，{missing} 个待补，{undecided} 个待定；用时 {seconds}.{tenths} 秒"),
        Lang::En => format!(
            "{subjects} subjects, {complete} results, {missing} missing, {undecided} undecided; {seconds}.{tenths} s"
        ),
    });
}

/// What results wait for.
pub(super) fn gaps(report: &Report, shown: usize, printer: &Printer) {
    for gap in report.gaps.iter().take(shown) {
        let what = printer.lang.pick(&gap.zh, &gap.en);
        let attributes: Vec<&str> = gap.attributes.iter().take(4).map(String::as_str).collect();
        let (count, results) = (gap.count, gap.results);
        printer.line(match printer.lang {
            Lang::Zh if count == 1 => {
                format!("  {what}：{results} 个结果在等（{} 等）", attributes.join("、"))
            }
            Lang::Zh => {
                format!("  {what}，这一类共 {count} 处：{results} 个结果在等（{} 等）", attributes.join("、"))
            }
            Lang::En => format!(
                "  {what} ({count} of this sort): {results} results wait ({}, …)",
                attributes.join(", ")
            ),
        });
    }
    if report.gaps_are_partial {
        printer.line(printer.pick(
            "  等待的结果太多，只查了一部分，以上各数是下限",
            "  too many results wait; only some were looked into, so the counts are lower bounds",
        ));
    }
    if report.gaps.len() > shown {
        let more = report.gaps.len() - shown;
        printer.line(match printer.lang {
            Lang::Zh => format!("  还有 {more} 类，见结果里的“缺口”和“待定”"),
            Lang::En => format!("  {more} more sorts: see the tables of gaps and open decisions"),
        });
    }
}

/// What was written, and what became of the tables of an earlier run.
fn files(written: &Written, record: &Path, printer: &Printer) {
    for file in &written.files {
        printer.line(format!("{} {}", printer.pick("写出", "written:"), file.display()));
    }
    printer.line(format!("{} {}", printer.pick("运行记录", "run record:"), record.display()));
    for file in &written.removed {
        let file = file.display();
        printer.line(match printer.lang {
            Lang::Zh => format!("删去上次的 {file}：这次没有这张表"),
            Lang::En => format!("removed: {file}, of an earlier run; this run has no such table"),
        });
    }
    for file in &written.kept {
        let file = file.display();
        printer.aside(match printer.lang {
            Lang::Zh => format!("提醒：{file} 是上次的结果，后来有人改过，没有删；它不属于这次的结果"),
            Lang::En => format!("warning: {file} is of an earlier run and was changed since: it was left there, but is no result of this run"),
        });
    }
}

fn texts(paths: &[PathBuf]) -> Vec<String> {
    paths.iter().map(|path| path.display().to_string()).collect()
}

fn record(policy: &Policy, report: &Report, written: &Written, ending: Ending, printer: &Printer) -> Value {
    let gaps: Vec<Value> = report
        .gaps
        .iter()
        .map(|gap| {
            json!({
                "what": printer.lang.pick(&gap.zh, &gap.en), "count": gap.count, "results": gap.results,
                "attributes": gap.attributes, "decision": gap.is_decision,
            })
        })
        .collect();
    let row_by_row: Vec<Value> = report
        .row_by_row
        .iter()
        .map(|(name, period, reason)| {
            json!({ "attribute": name, "period": period.map(|period| period.to_string()), "reason": reason })
        })
        .collect();
    json!({
        "ok": ending == Ending::Done,
        "exit": ending.code(),
        "policy": { "name": policy.program.name, "from": policy.program.from.to_string(), "hash": policy.hash },
        "periods": report.periods.iter().map(ToString::to_string).collect::<Vec<_>>(),
        "subjects": report.subjects,
        "results": report.complete,
        "missing": report.waiting.missing,
        "undecided": report.waiting.undecided,
        "gaps": gaps,
        "row_by_row": row_by_row,
        "computed": { "values": report.values, "exactly": report.exactly },
        "files": texts(&written.files),
        "removed": texts(&written.removed),
        "kept": texts(&written.kept),
        "warnings": report.warnings.to_json(printer.lang),
    })
}
