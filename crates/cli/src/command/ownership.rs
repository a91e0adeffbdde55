//! `hengjie ownership POLICY --store …`: records changes (--data), shows who owns what, finds what nobody owns (--uncovered).

use super::{day, path, words};
use crate::Ending;
use crate::command::import::{rejects_path, report, spare_source, write_rejects};
use crate::confine;
use crate::print::Printer;
use crate::progress::Progress;
use clap::ArgMatches;
use hengjie_app::Failure;
use hengjie_app::document::{self, Policy};
use hengjie_app::ownership::{Kinds, View, is_on, record, table, tenures, uncovered};
use hengjie_app::run::Stage;
use hengjie_calendar::Date;
use hengjie_facts::ownership::Tenure;
use hengjie_quantity::Lang;
use serde_json::json;
use std::path::PathBuf;

/// Lines on the screen.
const SHOWN: usize = 40;

pub(super) fn run(matches: &ArgMatches, printer: &Printer) -> Ending {
    let reads_files = matches.contains_id("data");
    let paths = || [path(matches, "data"), path(matches, "store")];
    if let Some(ending) = reads_files.then(|| confine::rerun(&paths(), printer)).flatten() {
        return ending;
    }
    let done = document::open(path(matches, "policy")).and_then(|policy| match () {
        () if matches.contains_id("data") => recorded(&policy, matches, printer),
        () if matches.get_flag("uncovered") => nobodys(&policy, matches, printer),
        () => shown(&policy, matches, printer),
    });
    done.unwrap_or_else(|failure| printer.failure(&failure))
}

fn kinds(matches: &ArgMatches) -> Kinds {
    let word = |name: &str, otherwise: &str| {
        matches.get_one::<String>(name).cloned().unwrap_or_else(|| otherwise.to_owned())
    };
    Kinds { objects: word("objects", "客户"), owners: word("owners", "人员") }
}

fn view(matches: &ArgMatches) -> Result<View<'_>, Failure> {
    Ok(View { store: path(matches, "store"), known_at: day(matches, "known-at")? })
}

fn recorded(policy: &Policy, matches: &ArgMatches, printer: &Printer) -> Result<Ending, Failure> {
    let order = super::import::order(matches, printer)?;
    let rejects = rejects_path(matches, printer);
    spare_source(&order.data, &rejects)?;
    let progress = Progress::new(printer);
    let found = record(policy, &kinds(matches), &order, &|read| progress.show(Stage::Reading(read)));
    progress.finish();
    let found = found?;
    let files = write_rejects(&found, &rejects, printer)?;
    Ok(report(matches, &found, &files, printer))
}

fn shown(policy: &Policy, matches: &ArgMatches, printer: &Printer) -> Result<Ending, Failure> {
    let (on, of) = (day(matches, "on")?, matches.get_one::<String>("of"));
    let mut found = tenures(policy, &kinds(matches), view(matches)?)?;
    found.retain(|tenure| on.is_none_or(|day| is_on(tenure, day)));
    found.retain(|tenure| of.is_none_or(|of| tenure.object == *of || tenure.owner == *of));
    let files = write(&found, matches, printer)?;
    if files.is_empty() {
        list(&found, printer);
    }
    super::report::written(&files, printer);
    let record = |tenure: &Tenure| {
        json!({
            "object": tenure.object, "role": tenure.role, "owner": tenure.owner, "from": tenure.from.to_string(),
            "to": tenure.to.map(|day| day.to_string()), "share_bp": tenure.share_bp,
        })
    };
    printer.document(&json!({
        "ok": true, "exit": 0, "tenures": found.iter().map(record).collect::<Vec<_>>(),
        "files": files.iter().map(|file| file.display().to_string()).collect::<Vec<_>>(),
    }));
    Ok(Ending::Done)
}

/// Parquet is for the ledger of account-days, everything else for people.
fn write(found: &[Tenure], matches: &ArgMatches, printer: &Printer) -> Result<Vec<PathBuf>, Failure> {
    let Some(out) = matches.get_one::<PathBuf>("out") else { return Ok(Vec::new()) };
    if out.extension().is_some_and(|ending| ending == "parquet") {
        let owned: Vec<Tenure> =
            found.iter().filter(|tenure| tenure.role == role(matches)).cloned().collect();
        hengjie_facts::ownership::write_parquet(out, &owned)
            .map_err(|error| Failure::Unwritable(error.message))?;
        return Ok(vec![out.clone()]);
    }
    super::report::write_to(out, &[table(found, printer.lang)], &[], printer)
}

fn role(matches: &ArgMatches) -> String {
    matches.get_one::<String>("role").cloned().unwrap_or_else(|| "管户".to_owned())
}

fn list(found: &[Tenure], printer: &Printer) {
    let head = match printer.lang {
        Lang::Zh => ["对象", "身份", "归属人", "自", "至（不含）", "份额"],
        Lang::En => ["object", "role", "owner", "from", "to (exclusive)", "share"],
    };
    let mut rows = vec![head.map(str::to_owned).to_vec()];
    for tenure in found.iter().take(SHOWN) {
        let to = tenure.to.map_or("—".to_owned(), |day| day.to_string());
        let share = format!("{}.{:02}%", tenure.share_bp / 100, tenure.share_bp % 100);
        let Tenure { object, role, owner, from, .. } = tenure;
        rows.push(vec![object.clone(), role.clone(), owner.clone(), from.to_string(), to, share]);
    }
    printer.table(&rows);
    super::report::more(found.len(), printer);
}

fn nobodys(policy: &Policy, matches: &ArgMatches, printer: &Printer) -> Result<Ending, Failure> {
    let day = day(matches, "on")?.ok_or_else(|| {
        Failure::Usage(hengjie_facts::Bilingual::new(
            "要写哪一天：--on 2026-02-03",
            "say which day: --on 2026-02-03",
        ))
    })?;
    let only = only(matches)?;
    let role = role(matches);
    let only = only.as_ref().map(|(column, values)| (column.as_str(), values.as_slice()));
    let found = uncovered(policy, &kinds(matches), view(matches)?, (&role, day), only)?;
    let (all, none) = (found.all, found.objects.len());
    printer.line(verdict(printer, all, none, &role, day));
    for object in found.objects.iter().take(SHOWN) {
        printer.line(format!("  {object}"));
    }
    super::report::more(none, printer);
    let ending = if none == 0 { Ending::Done } else { Ending::Faults };
    printer.document(&json!({
        "ok": none == 0, "exit": ending.code(), "day": day.to_string(), "role": role, "objects": all,
        "uncovered": found.objects,
    }));
    Ok(ending)
}

fn verdict(printer: &Printer, all: usize, none: usize, role: &str, day: Date) -> String {
    match (printer.lang, none) {
        (Lang::Zh, 0) => format!("{day}：{all} 个都有{role}"),
        (Lang::En, 0) => format!("{day}: all {all} have an owner ({role})"),
        (Lang::Zh, _) => format!("{day}：{all} 个里有 {none} 个没有{role}"),
        (Lang::En, _) => format!("{day}: {none} of {all} have no owner ({role})"),
    }
}

/// `--where 种类=贷款,对公存款`.
fn only(matches: &ArgMatches) -> Result<Option<(String, Vec<String>)>, Failure> {
    let Some(word) = words(matches, "where").into_iter().next() else { return Ok(None) };
    let Some((column, values)) = word.split_once('=') else {
        return Err(Failure::Usage(hengjie_facts::Bilingual::new(
            format!("“{word}”要写成 列=值,值"),
            format!("`{word}` must be written COLUMN=VALUE,VALUE"),
        )));
    };
    let values = values.split([',', '，', '、']).map(|value| value.trim().to_owned()).collect();
    Ok(Some((column.trim().to_owned(), values)))
}
