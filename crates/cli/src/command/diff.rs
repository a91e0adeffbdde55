//! `hengjie diff OLD NEW [--data …] [--out …]`

use super::{difference, path, paths, report, request};
use crate::Ending;
use crate::print::Printer;
use clap::ArgMatches;
use hengjie_app::Failure;
use hengjie_app::diff::{Amendments, diff};
use hengjie_app::document;
use hengjie_quantity::Lang;
use std::path::PathBuf;

pub(super) fn run(matches: &ArgMatches, printer: &Printer) -> Ending {
    let open = |name: &str| document::open(path(matches, name)).map_err(|failure| printer.failure(&failure));
    let (old, new) = match (open("old"), open("new")) {
        (Ok(old), Ok(new)) => (old, new),
        (Err(ending), _) | (_, Err(ending)) => return ending,
    };
    let asked = match matches.contains_id("data").then(|| request(matches, printer)).transpose() {
        Ok(asked) => asked,
        Err(ending) => return ending,
    };
    let found = diff(&old, &new, asked.as_ref(), printer.lang).and_then(|found| {
        let files = write(&found, matches, printer)?;
        Ok((found, files))
    });
    match found {
        Ok((found, files)) => {
            show(&found, printer);
            report::done(found.to_json(printer.lang), &files, printer)
        }
        Err(failure) => printer.failure(&failure),
    }
}

/// A page for `.html`, tables for everything else.
fn write(found: &Amendments, matches: &ArgMatches, printer: &Printer) -> Result<Vec<PathBuf>, Failure> {
    let mut files = Vec::new();
    for out in paths(matches, "out") {
        let is_page = out.extension().is_some_and(|ending| ending == "html" || ending == "htm");
        files.extend(match is_page {
            true => found.write_html(&out, printer.lang)?,
            false => report::write_to(&out, &found.tables, &[], printer)?,
        });
    }
    Ok(files)
}

fn show(found: &Amendments, printer: &Printer) {
    let [old, new] = found.versions();
    printer.line(format!("{old} → {new}"));
    if found.amendments.is_empty() {
        printer.line(printer.pick("没有改动。", "Nothing is different."));
    }
    for one in &found.amendments {
        let (what, kind) = (one.what.text(printer.lang), one.kind(printer.lang));
        let place = if one.article.is_empty() || one.article == one.name {
            String::new()
        } else {
            match printer.lang {
                Lang::Zh => format!("〔{}〕", one.article),
                Lang::En => format!(" [{}]", one.article),
            }
        };
        printer.line(format!("{kind} {what} {}{place}", one.name));
        for line in one.text().lines() {
            printer.line(format!("  {line}"));
        }
    }
    if let Some(effect) = &found.effect {
        printer.line("");
        let words = [printer.pick("原办法", "old"), printer.pick("新办法", "new")];
        difference::show(effect, words, printer);
    }
}
