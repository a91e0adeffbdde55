//! `hengjie import POLICY --data … --store … --recorded-on …`

use super::{day, path};
use crate::Ending;
use crate::confine;
use crate::print::Printer;
use crate::progress::Progress;
use clap::ArgMatches;
use hengjie_app::Failure;
use hengjie_app::document;
use hengjie_app::import::{Order, import};
use hengjie_app::output::{self, Format};
use hengjie_app::run::Stage;
use hengjie_facts::{Acceptance, Action, Import, TableImport};
use hengjie_quantity::Lang;
use serde_json::{Value, json};
use std::path::{Path, PathBuf};

/// Faults on the screen; the others are in the file of rejected rows.
const SHOWN: usize = 20;

pub(super) fn run(matches: &ArgMatches, printer: &Printer) -> Ending {
    if let Some(ending) = confine::rerun(&[path(matches, "data"), path(matches, "store")], printer) {
        return ending;
    }
    match imported(matches, printer) {
        Ok((found, files)) => report(matches, &found, &files, printer),
        Err(failure) => printer.failure(&failure),
    }
}

/// The process that reads files of others for the console.
pub(super) fn worker() -> Ending {
    match hengjie_app::console::run_worker(std::io::stdin().lock(), std::io::stdout()) {
        Ok(()) => Ending::Done,
        Err(_) => Ending::Failed,
    }
}

fn imported(matches: &ArgMatches, printer: &Printer) -> Result<(Import, Vec<PathBuf>), Failure> {
    let policy = document::open(path(matches, "policy"))?;
    let order = order(matches, printer)?;
    let rejects = rejects_path(matches, printer);
    spare_source(&order.data, &rejects)?;
    let progress = Progress::new(printer);
    let found = import(&policy, &order, &|read| progress.show(Stage::Reading(read)));
    progress.finish();
    let found = found?;
    let files = write_rejects(&found, &rejects, printer)?;
    Ok((found, files))
}

/// Writes the rows that were not taken.
pub(super) fn write_rejects(
    found: &Import,
    rejects: &Path,
    printer: &Printer,
) -> Result<Vec<PathBuf>, Failure> {
    if found.rejects.is_empty() {
        return Ok(Vec::new());
    }
    let format = Format::of_path(rejects).unwrap_or(Format::Csv);
    Ok(output::write("import", &found.rejects, &[], rejects, format, printer.lang)?.files)
}

/// Where the rows that are not taken go.
pub(super) fn rejects_path(matches: &ArgMatches, printer: &Printer) -> PathBuf {
    let default = printer.pick("未导入.xlsx", "rejected.xlsx");
    matches.get_one::<PathBuf>("rejects").cloned().unwrap_or_else(|| PathBuf::from(default))
}

/// What to import, from the arguments that `import` and `ownership` share.
pub(super) fn order(matches: &ArgMatches, printer: &Printer) -> Result<Order, Failure> {
    let optional = |name: &str| matches.try_get_one::<PathBuf>(name).ok().flatten().cloned();
    Ok(Order {
        store: path(matches, "store").to_owned(),
        data: path(matches, "data").to_owned(),
        mapping: optional("mapping"),
        control: optional("control"),
        recorded_on: day(matches, "recorded-on")?.ok_or_else(no_day)?,
        by: matches.get_one::<String>("by").cloned().unwrap_or_default(),
        acceptance: match matches.get_flag("all-or-nothing") {
            true => Acceptance::AllOrNothing,
            false => Acceptance::GoodRows,
        },
        action: if matches.get_flag("withdraw") { Action::Withdraw } else { Action::Record },
        lang: printer.lang,
    })
}

fn no_day() -> Failure {
    Failure::Usage(hengjie_facts::Bilingual::new(
        "要写哪一天得知的：--recorded-on 2026-02-03",
        "say on which day it became known: --recorded-on 2026-02-03",
    ))
}

/// Somebody's mended rows must not be covered by those that are still wrong.
pub(super) fn spare_source(data: &Path, rejects: &Path) -> Result<(), Failure> {
    let is_same = match (data.canonicalize(), rejects.canonicalize()) {
        (Ok(data), Ok(rejects)) => data == rejects,
        _ => false,
    };
    if !is_same {
        return Ok(());
    }
    let path = rejects.display();
    Err(Failure::Usage(hengjie_facts::Bilingual::new(
        format!("正在导入 {path}，没有导入的行不能写回这个文件；用 --rejects 另写一个文件名"),
        format!(
            "{path} is being imported, so rejected rows cannot go there; name another file with --rejects"
        ),
    )))
}

/// What an import did.
pub(super) fn report(matches: &ArgMatches, found: &Import, files: &[PathBuf], printer: &Printer) -> Ending {
    faults(found, printer);
    headline(matches, found, printer);
    table(found, printer);
    controls(found, printer);
    let rejected: u64 = found.tables.iter().map(|table| table.rejected).sum();
    for file in files {
        let file = file.display();
        printer.line(match printer.lang {
            Lang::Zh => format!("没有导入的行和原因写到 {file}：改好后直接导入这个文件"),
            Lang::En => format!("the rejected rows and why: {file}; mend them there and import that file"),
        });
    }
    let ending = ending(found, rejected);
    printer.document(&record(found, files, ending, printer));
    ending
}

/// Good rows beside rejected ones are like results that wait.
fn ending(found: &Import, rejected: u64) -> Ending {
    let taken: u64 = found.tables.iter().map(|table| table.rows).sum::<u64>() - rejected;
    match (found.report.has_errors(), found.number.is_some() || taken > 0) {
        (false, _) => Ending::Done,
        (true, true) if found.number.is_some() => Ending::Waiting,
        (true, _) => Ending::Faults,
    }
}

/// The first faults; the file of rejected rows has them all.
fn faults(found: &Import, printer: &Printer) {
    for fault in found.report.faults.iter().take(SHOWN) {
        printer.aside(fault.to_text(printer.lang));
    }
    let (errors, warnings) = found.report.counts();
    let more = found.report.faults.len().saturating_sub(SHOWN);
    if errors + warnings > 0 {
        printer.aside(match printer.lang {
            Lang::Zh if more > 0 => format!("共 {errors} 处错误，{warnings} 处提醒；这里列出前 {SHOWN} 处。"),
            Lang::Zh => format!("共 {errors} 处错误，{warnings} 处提醒。"),
            Lang::En if more > 0 => {
                format!("{errors} errors, {warnings} warnings; the first {SHOWN} are listed.")
            }
            Lang::En => format!("{errors} errors, {warnings} warnings."),
        });
    }
}

fn headline(matches: &ArgMatches, found: &Import, printer: &Printer) {
    let store = path(matches, "store").display().to_string();
    let day = matches.get_one::<String>("recorded-on").cloned().unwrap_or_default();
    printer.line(match (printer.lang, found.number) {
        (Lang::Zh, Some(number)) => format!("{store}：第 {number} 次导入，{day} 得知"),
        (Lang::En, Some(number)) => format!("{store}: import {number}, known on {day}"),
        (Lang::Zh, None) if found.report.has_errors() => format!("{store} 没有变化：没有导入"),
        (Lang::En, None) if found.report.has_errors() => {
            format!("{store} is unchanged: nothing was imported")
        }
        (Lang::Zh, None) => format!("{store} 没有变化：这些资料已经在里面"),
        (Lang::En, None) => format!("{store} is unchanged: it has all of this"),
    });
    for table in &found.tables {
        if let Some(import) = table.same_as {
            let (file, name) = (&table.file, &table.table);
            printer.line(match printer.lang {
                Lang::Zh => format!("{file}（{name}）与第 {import} 次导入的文件完全相同，那次收下的行不再导入"),
                Lang::En => format!(
                    "{file} ({name}) is the very file of import {import}; the rows taken then are not taken again"
                ),
            });
        }
    }
}

fn table(found: &Import, printer: &Printer) {
    if found.tables.is_empty() {
        return;
    }
    let head = match printer.lang {
        Lang::Zh => ["表", "文件", "行", "新", "更正", "未变", "重复", "未导入"],
        Lang::En => ["table", "file", "rows", "new", "corrected", "unchanged", "repeated", "rejected"],
    };
    let mut rows = vec![head.map(str::to_owned).to_vec()];
    for table in &found.tables {
        let counts =
            [table.rows, table.new, table.corrected, table.unchanged, table.repeated, table.rejected];
        let mut row = vec![table.table.clone(), table.file.clone()];
        row.extend(counts.map(|count| count.to_string()));
        rows.push(row);
    }
    printer.table(&rows);
}

fn controls(found: &Import, printer: &Printer) {
    for TableImport { table, controls, .. } in &found.tables {
        let texts: Vec<String> = controls.iter().map(|(item, value)| format!("{item} {value}")).collect();
        if !texts.is_empty() {
            let texts = texts.join(printer.pick("，", ", "));
            printer.line(match printer.lang {
                Lang::Zh => format!("{table} 与对账文件一致：{texts}"),
                Lang::En => format!("{table} agrees with the control file: {texts}"),
            });
        }
    }
}

fn record(found: &Import, files: &[PathBuf], ending: Ending, printer: &Printer) -> Value {
    let table = |table: &TableImport| {
        json!({
            "table": table.table, "file": table.file, "rows": table.rows, "new": table.new,
            "corrected": table.corrected, "unchanged": table.unchanged, "repeated": table.repeated,
            "rejected": table.rejected, "same_as": table.same_as, "refused": table.refused,
            "controls": table.controls,
        })
    };
    json!({
        "ok": ending == Ending::Done,
        "exit": ending.code(),
        "import": found.number,
        "tables": found.tables.iter().map(table).collect::<Vec<_>>(),
        "files": files.iter().map(|file| file.display().to_string()).collect::<Vec<_>>(),
        "faults": found.report.to_json(printer.lang),
    })
}
