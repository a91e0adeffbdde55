//! `hengjie whatif POLICY --set … --param … --policy NEW.md --data …`

use super::{difference, names, path, report, request, words};
use crate::Ending;
use crate::print::Printer;
use clap::ArgMatches;
use hengjie_app::Failure;
use hengjie_app::document::{self, Policy};
use hengjie_app::run::Request;
use hengjie_app::whatif::{Difference, Trial, try_changes, try_policy};
use hengjie_quantity::Lang;
use std::path::PathBuf;

pub(super) fn run(matches: &ArgMatches, printer: &Printer) -> Ending {
    let policy = match document::open(path(matches, "policy")) {
        Ok(policy) => policy,
        Err(failure) => return printer.failure(&failure),
    };
    let request = match request(matches, printer) {
        Ok(request) => Request { only: names(matches, "only"), ..request },
        Err(ending) => return ending,
    };
    let written = tried(matches, &policy, &request).and_then(|found| {
        let files = report::write(&found.tables, &[], matches, printer)?;
        Ok((found, files))
    });
    match written {
        Ok((found, files)) => {
            show(&found, printer);
            report::done(found.to_json(), &files, printer)
        }
        Err(failure) => printer.failure(&failure),
    }
}

fn tried(matches: &ArgMatches, policy: &Policy, request: &Request) -> Result<Difference, Failure> {
    match matches.get_one::<PathBuf>("policy-file") {
        Some(new) => try_policy(policy, &document::open(new)?, request),
        None => {
            let trial = Trial { facts: words(matches, "set"), parameters: words(matches, "param") };
            try_changes(policy, &trial, request)
        }
    }
}

fn show(found: &Difference, printer: &Printer) {
    printer.line(printer.pick("试算，不是结果，不作承诺。", "A trial: no result and no promise."));
    for asked in &found.asked {
        let (what, from, to) = (&asked.what, &asked.from, &asked.to);
        printer.line(match printer.lang {
            Lang::Zh => format!("  {what}：{from} → {to}"),
            Lang::En => format!("  {what}: {from} → {to}"),
        });
    }
    let words = [printer.pick("现在", "now"), printer.pick("试算", "trial")];
    difference::show(found, words, printer);
}
