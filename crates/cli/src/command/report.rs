//! Writing the tables of reports, and lists that a screen can hold.

use crate::Ending;
use crate::print::Printer;
use clap::ArgMatches;
use hengjie_app::Failure;
use hengjie_app::output::{self, Format};
use hengjie_facts::ResultTable;
use serde_json::{Value, json};
use std::path::{Path, PathBuf};

/// Lines of a list on the screen; the rest is counted.
pub(super) const SHOWN: usize = 40;

/// Writes tables where `--out` says: a workbook, or a folder of CSV files. Without it nothing is written.
pub(super) fn write(
    tables: &[ResultTable],
    notes: &[(String, String)],
    matches: &ArgMatches,
    printer: &Printer,
) -> Result<Vec<PathBuf>, Failure> {
    match matches.get_one::<PathBuf>("out") {
        Some(out) => write_to(out, tables, notes, printer),
        None => Ok(Vec::new()),
    }
}

/// Writes tables to a workbook, or to a folder of CSV files.
pub(super) fn write_to(
    out: &Path,
    tables: &[ResultTable],
    notes: &[(String, String)],
    printer: &Printer,
) -> Result<Vec<PathBuf>, Failure> {
    let format = Format::of_path(out).unwrap_or(Format::Csv);
    let of = tables.first().map_or("", |table| table.name.as_str());
    Ok(output::write(of, tables, notes, out, format, printer.lang)?.files)
}

/// Says which files were written.
pub(super) fn written(files: &[PathBuf], printer: &Printer) {
    for file in files {
        printer.line(format!("{} {}", printer.pick("写出", "written:"), file.display()));
    }
}

/// Ends a report that succeeded: which files were written, and the record for `--json`.
pub(super) fn done(mut record: Value, files: &[PathBuf], printer: &Printer) -> Ending {
    written(files, printer);
    record["ok"] = json!(true);
    record["exit"] = json!(0);
    record["files"] = json!(files.iter().map(|file| file.display().to_string()).collect::<Vec<_>>());
    printer.document(&record);
    Ending::Done
}

/// Says how many lines a list has beyond those that are shown.
pub(super) fn more(all: usize, printer: &Printer) {
    if all > SHOWN {
        let more = all - SHOWN;
        printer.line(match printer.lang {
            hengjie_quantity::Lang::Zh => format!("  还有 {more} 行，写到文件里看（--out）"),
            hengjie_quantity::Lang::En => format!("  {more} more lines: write them to a file (--out)"),
        });
    }
}
