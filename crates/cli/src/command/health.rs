//! `hengjie health POLICY`

use super::{names, path, paths};
use crate::Ending;
use crate::print::Printer;
use clap::ArgMatches;
use hengjie_app::Failure;
use hengjie_app::document::{self, Policy};
use hengjie_app::health::{self, Report};
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
    show(&policy, &report, printer)
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

fn show(policy: &Policy, report: &Report, printer: &Printer) -> Ending {
    let file = policy.path.display().to_string();
    let [errors, ..] = report.counts();
    let ending = if errors == 0 { Ending::Done } else { Ending::Faults };
    printer.line(report.to_text(&policy.program, &file, &policy.sources, printer.lang).trim_end());
    let mut record = report.to_json(&policy.program, &policy.sources, printer.lang);
    record["ok"] = json!(ending == Ending::Done);
    record["exit"] = json!(ending.code());
    record["file"] = json!(file);
    record["policy"] = json!({ "name": policy.program.name, "hash": policy.hash });
    printer.document(&record);
    ending
}
