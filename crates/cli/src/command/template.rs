//! `hengjie template POLICY --out DIR`

use super::{names, path};
use crate::Ending;
use crate::print::Printer;
use clap::ArgMatches;
use hengjie_app::{document, schema};
use serde_json::json;

pub(super) fn run(matches: &ArgMatches, printer: &Printer) -> Ending {
    let policy = match document::open(path(matches, "policy")) {
        Ok(policy) => policy,
        Err(failure) => return printer.failure(&failure),
    };
    match schema::templates(&policy, &names(matches, "only"), path(matches, "out"), printer.lang) {
        Ok(files) => {
            let files: Vec<String> = files.iter().map(|file| file.display().to_string()).collect();
            files.iter().for_each(|file| printer.line(file));
            printer.document(&json!({ "ok": true, "exit": 0, "files": files }));
            Ending::Done
        }
        Err(failure) => printer.failure(&failure),
    }
}
