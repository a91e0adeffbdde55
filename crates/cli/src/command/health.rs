//! `hengjie health POLICY`

use super::{names, path, paths, request};
use crate::Ending;
use crate::print::Printer;
use clap::ArgMatches;
use hengjie_app::Failure;
use hengjie_app::document::{self, Policy};
use hengjie_app::footprint::{Footprint, footprint};
use hengjie_app::health::{self, Report};
use hengjie_quantity::Lang;
use serde_json::json;

pub(super) fn run(matches: &ArgMatches, printer: &Printer) -> Ending {
    let policy = match document::open(path(matches, "policy")) {
        Ok(policy) => policy,
        Err(failure) => return refused(&failure, printer),
    };
    let report = match health::examine(&policy, &paths(matches, "params"), &names(matches, "only")) {
        Ok(report) => report,
        Err(failure) => return printer.failure(&failure),
    };
    if !matches.contains_id("data") {
        return show(&policy, &report, None, printer);
    }
    let request = match request(matches, printer) {
        Ok(request) => request,
        Err(ending) => return ending,
    };
    match footprint(&policy, &request) {
        Ok(found) => show(&policy, &report, Some(&found), printer),
        Err(failure) => printer.failure(&failure),
    }
}

/// A document with errors has no meaning that could be examined.
fn refused(failure: &Failure, printer: &Printer) -> Ending {
    let ending = printer.failure(failure);
    if matches!(failure, Failure::Document(_)) {
        printer.aside(printer.pick(
            "体检要等制度没有错误才能做：先改好上面的错误，再体检",
            "a health check needs a document that checks: mend the errors above first",
        ));
    }
    ending
}

fn show(policy: &Policy, report: &Report, found: Option<&Footprint>, printer: &Printer) -> Ending {
    let file = policy.path.display().to_string();
    let [errors, ..] = report.counts();
    let ending = if errors == 0 { Ending::Done } else { Ending::Faults };
    printer.line(report.to_text(&policy.program, &file, &policy.sources, printer.lang).trim_end());
    let mut record = report.to_json(&policy.program, &policy.sources, printer.lang);
    if let Some(found) = found {
        people(found, printer);
        record["on_facts"] = found.to_json();
    }
    record["ok"] = json!(ending == Ending::Done);
    record["exit"] = json!(ending.code());
    record["file"] = json!(file);
    record["policy"] = json!({ "name": policy.program.name, "hash": policy.hash });
    printer.document(&record);
    ending
}

/// Where real people fall.
fn people(found: &Footprint, printer: &Printer) {
    let (periods, walked) = (printer.periods(&found.periods), found.walked);
    printer.line("");
    printer.line(match printer.lang {
        Lang::Zh => format!("照这份资料（{periods}），走了 {walked} 个结果："),
        Lang::En => format!("on these facts ({periods}), {walked} results walked:"),
    });
    if found.is_partial {
        printer.line(
            printer
                .pick("每类对象只走了前 2000 个。", "Only the first 2000 subjects of each kind were walked."),
        );
    }
    let mut sort = None;
    for trace in &found.traces {
        if sort != Some(trace.sort) {
            sort = Some(trace.sort);
            printer.line(format!("{}{}", trace.sort.heading(printer.lang), printer.pick("：", ":")));
        }
        printer.line(format!("  {}", trace.text(printer.lang)));
    }
    if found.traces.is_empty() {
        printer.line(printer.pick(
            "每个分支、档次和等级都有人落到，上下限没有挡住人，名额边上没有并列。",
            "Somebody falls into every branch, row and grade; no limit holds anybody back, no seat is tied.",
        ));
    }
}
