//! `hengjie replay RECORD [--data …]`

use super::path;
use crate::Ending;
use crate::print::Printer;
use crate::progress::Progress;
use clap::ArgMatches;
use hengjie_app::replay::{self, Altered, FileCheck, Replay};
use hengjie_quantity::Lang;
use serde_json::json;
use std::path::{Path, PathBuf};

/// Digits of a hash on the screen.
const DIGITS: usize = 16;

pub(super) fn run(matches: &ArgMatches, printer: &Printer) -> Ending {
    let facts = matches.get_one::<PathBuf>("data").map(PathBuf::as_path);
    let progress = Progress::new(printer);
    let found = replay::replay(path(matches, "record"), facts, &|stage| progress.show(stage));
    progress.finish();
    match found {
        Ok(found) => finish(&found, path(matches, "record"), printer),
        Err(failure) => printer.failure(&failure),
    }
}

fn finish(found: &Replay, path: &Path, printer: &Printer) -> Ending {
    let (record, lang) = (&found.record, printer.lang);
    let (name, from, run) = (&record.policy.name, &record.policy.from, short(&record.identity()));
    printer.line(match lang {
        Lang::Zh => format!("{name}（{from} 起），{}；运行 {run}", record.periods.join("、")),
        Lang::En => format!("{name} (from {from}), {}; run {run}", record.periods.join(", ")),
    });
    found.altered.iter().for_each(|one| altered(one, printer));
    let (before, now) = (&record.engine, found.engine);
    if before != now {
        printer.line(match lang {
            Lang::Zh => format!("  程序：当时 {before}，现在 {now}"),
            Lang::En => format!("  program: {before} then, {now} now"),
        });
    }
    found.files.iter().for_each(|one| file(one, printer));
    printer.line(verdict(found, printer));
    let ending = if found.is_same() { Ending::Done } else { Ending::Faults };
    let mut answer = found.to_json(lang);
    answer["ok"] = json!(found.is_same());
    answer["exit"] = json!(ending.code());
    answer["record"] = json!(path.display().to_string());
    printer.document(&answer);
    ending
}

fn altered(one: &Altered, printer: &Printer) {
    let (what, before, after) =
        (one.what.text(printer.lang), hash(&one.before, printer), hash(&one.after, printer));
    let kept = if one.is_kept {
        printer.pick("；按记录里留的重算", "; the record holds what it was")
    } else {
        ""
    };
    printer.line(match printer.lang {
        Lang::Zh => format!("  已变：{what}，当时 {before}，现在 {after}{kept}"),
        Lang::En => format!("  altered: {what}, {before} then, {after} now{kept}"),
    });
}

fn file(one: &FileCheck, printer: &Printer) {
    let (name, before, after) = (&one.file, hash(&one.before, printer), hash(&one.after, printer));
    let text = match (one.is_same(), printer.lang) {
        (true, Lang::Zh) => format!("  {name}：一致，摘要 {before}"),
        (true, Lang::En) => format!("  {name}: the same, digest {before}"),
        (false, Lang::Zh) => format!("  {name}：不一致，当时 {before}，重放 {after}"),
        (false, Lang::En) => format!("  {name}: differs, {before} then, {after} again"),
    };
    printer.line(text);
    if one.was_edited() {
        printer.line(printer.pick(
            "    旁边的这个文件后来被人改过，不再是这次运行的结果",
            "    the file beside the record was changed since and is no result of this run any more",
        ));
    }
}

/// What it comes to, and why.
fn verdict(found: &Replay, printer: &Printer) -> &'static str {
    let lang = printer.lang;
    let is_computed = found.files.iter().all(FileCheck::is_same);
    let inputs = found.altered.iter().any(|one| !one.is_kept);
    match (is_computed, inputs, found.record.engine == found.engine) {
        (true, ..) if found.is_same() => lang.pick("一致：重放得到同样的字节。", "The same: every byte comes out again."),
        (true, ..) => lang.pick("重放得到同样的字节；留存的结果文件被改过。", "Every byte comes out again; a result file was changed since."),
        (false, true, _) => lang.pick("不一致：上面列出的资料已经不是当时的，算不出同样的结果。找回原来的文件，用 --data 指明；以后先用 hengjie import 导入资料库。", "Not the same: the inputs listed above are not what they were. Name the original files with --data; import facts into a store to keep them."),
        (false, false, false) => lang.pick("不一致：程序的版本不同。用当时的版本重放，或对照变更记录里带 ★ 的条目。", "Not the same: another version of the program. Replay with that version, or see the entries with ★ in the change log."),
        (false, false, true) => lang.pick("不一致，而资料、参数、读法和制度都没有变。请把运行记录交给维护人员。", "Not the same, though no input has changed. Give the record to the maintainers."),
    }
}

fn hash(hash: &str, printer: &Printer) -> String {
    if hash.is_empty() { printer.pick("没有", "none").to_owned() } else { short(hash) }
}

fn short(hash: &str) -> String {
    hash.chars().take(DIGITS).collect()
}
