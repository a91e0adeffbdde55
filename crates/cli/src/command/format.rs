//! `hengjie fmt FILE…`

use super::paths;
use crate::Ending;
use crate::print::Printer;
use clap::ArgMatches;
use hengjie_app::document;
use hengjie_quantity::Lang;
use serde_json::json;

pub(super) fn run(matches: &ArgMatches, printer: &Printer) -> Ending {
    let only_check = matches.get_flag("check");
    let to = matches.get_one::<String>("to").and_then(|word| Lang::parse(word));
    let mut ending = Ending::Done;
    let mut records = Vec::new();
    for path in paths(matches, "files") {
        match document::format(&path, to, only_check) {
            Ok(formatted) => {
                if formatted.changed {
                    let words = match (only_check, printer.lang) {
                        (true, lang) => lang.pick("不合格式", "is not formatted"),
                        (false, lang) => lang.pick("已整理", "formatted"),
                    };
                    printer.line(format!("{} {words}", formatted.path.display()));
                    if only_check {
                        ending = Ending::Faults;
                    }
                }
                records.push(
                    json!({ "file": formatted.path.display().to_string(), "changed": formatted.changed }),
                );
            }
            Err(failure) => return printer.failure(&failure),
        }
    }
    printer.document(&json!({ "ok": ending == Ending::Done, "exit": ending.code(), "files": records }));
    ending
}
