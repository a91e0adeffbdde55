//! `hengjie store STORE`: what was imported when, and whether it is still as it was written.

use super::path;
use crate::Ending;
use crate::print::Printer;
use crate::progress::Progress;
use clap::ArgMatches;
use hengjie_app::import::open;
use hengjie_facts::{Action, Entry, FactStore};
use hengjie_quantity::Lang;
use serde_json::json;

pub(super) fn run(matches: &ArgMatches, printer: &Printer) -> Ending {
    let store = match open(path(matches, "store")) {
        Ok(store) => store,
        Err(failure) => return printer.failure(&failure),
    };
    list(&store, printer);
    let progress = Progress::new(printer);
    let checked = store.verify(&|done, all| {
        progress.making(printer.pick("核对", "checks"), done as u64, all as u64);
    });
    progress.finish();
    let faults = checked.err().unwrap_or_default();
    for fault in &faults {
        printer.aside(fault.to_text(printer.lang));
    }
    let fingerprint = store.fingerprint(store.last());
    if faults.is_empty() {
        let count = store.imports().len();
        printer.line(match printer.lang {
            Lang::Zh => format!("{count} 次导入都和写入时一样，指纹 {fingerprint}"),
            Lang::En => format!("all {count} imports are as they were written, fingerprint {fingerprint}"),
        });
    }
    let ending = if faults.is_empty() { Ending::Done } else { Ending::Faults };
    printer.document(&json!({
        "ok": faults.is_empty(),
        "exit": ending.code(),
        "imports": store.imports(),
        "fingerprint": fingerprint,
        "faults": faults.iter().map(|fault| fault.to_json(printer.lang)).collect::<Vec<_>>(),
    }));
    ending
}

/// One line per table of each import.
fn list(store: &FactStore, printer: &Printer) {
    let head = match printer.lang {
        Lang::Zh => ["次", "得知", "谁", "表", "文件", "新", "更正", "未导入"],
        Lang::En => ["import", "known on", "by", "table", "file", "new", "corrected", "rejected"],
    };
    let mut rows = vec![head.map(str::to_owned).to_vec()];
    for import in store.imports() {
        for entry in &import.entries {
            let mut row = vec![import.import.to_string(), import.recorded_on.clone(), import.by.clone()];
            row.extend([entry.table.clone(), file(entry), new(entry, printer)]);
            row.extend([entry.corrected.to_string(), entry.rejected.len().to_string()]);
            rows.push(row);
        }
    }
    printer.table(&rows);
}

fn file(entry: &Entry) -> String {
    match &entry.sheet {
        Some(sheet) => format!("{}［{sheet}］", entry.file),
        None => entry.file.clone(),
    }
}

fn new(entry: &Entry, printer: &Printer) -> String {
    match entry.action {
        Action::Record => entry.new.to_string(),
        Action::Withdraw => format!("{} {}", printer.pick("撤回", "withdrawn"), entry.new),
    }
}
