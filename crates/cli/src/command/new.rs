//! `hengjie new DIR --from SAMPLE`, `hengjie new --list`

use super::path;
use crate::Ending;
use crate::print::Printer;
use clap::ArgMatches;
use hengjie_app::draft::{self, BLANK, Draft, Drafted, Library, Sample};
use hengjie_quantity::Lang;
use serde_json::json;

/// The sample policies, as they stand in `policies/`.
pub(super) static LIBRARY: Library = Library {
    samples: include!(concat!(env!("OUT_DIR"), "/samples.rs")),
    index: include_str!("../../../../policies/README.md"),
};

pub(super) fn run(matches: &ArgMatches, printer: &Printer) -> Ending {
    if matches.get_flag("list") {
        return list(printer);
    }
    let word = |name: &str| matches.get_one::<String>(name).cloned();
    let wanted = Draft {
        out: path(matches, "folder").to_owned(),
        from: word("from"),
        name: word("name"),
        lang: printer.lang,
    };
    match draft::write(&LIBRARY, &wanted) {
        Ok(drafted) => {
            show(&wanted, &drafted, printer);
            Ending::Done
        }
        Err(failure) => printer.failure(&failure),
    }
}

fn list(printer: &Printer) -> Ending {
    let blank =
        printer.pick("空白：通常的各章，每条带规则和示例", "the usual chapters, with rules and examples");
    let mut lines = vec![(BLANK, blank.to_owned())];
    let about = |sample: &Sample| LIBRARY.about(sample).text(printer.lang).to_owned();
    lines.extend(LIBRARY.samples.iter().map(|sample| (sample.name, about(sample))));
    let rows: Vec<Vec<String>> =
        lines.iter().map(|(name, about)| vec![(*name).to_owned(), about.clone()]).collect();
    printer.table(&rows);
    let samples: Vec<_> = lines.iter().map(|(name, about)| json!({ "name": name, "about": about })).collect();
    printer.document(&json!({ "ok": true, "exit": 0, "samples": samples }));
    Ending::Done
}

fn show(wanted: &Draft, drafted: &Drafted, printer: &Printer) {
    let files: Vec<String> = drafted.files.iter().map(|file| file.display().to_string()).collect();
    files.iter().for_each(|file| printer.line(file));
    let values = |office: &str| -> usize {
        drafted.missing.get(office).into_iter().flatten().map(|(_, values)| values).sum()
    };
    for office in drafted.missing.keys() {
        let values = values(office);
        printer.line(match printer.lang {
            Lang::Zh => format!("{office}要给 {values} 个数"),
            Lang::En => format!("{office} supplies {values} of the figures"),
        });
    }
    let out = wanted.out.display();
    printer.line(match printer.lang {
        Lang::Zh => format!("“{}”可以检查和试算了；接着做什么见 {out}/README.md", drafted.name),
        Lang::En => format!("`{}` checks and runs; next steps are in {out}/README.md", drafted.name),
    });
    printer.document(&json!({
        "ok": true, "exit": 0, "policy": drafted.name, "files": files, "missing": drafted.missing,
    }));
}
