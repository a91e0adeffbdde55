//! `hengjie pay post|balance|explain|close`

use super::{path, paths, words};
use crate::Ending;
use crate::print::Printer;
use clap::ArgMatches;
use hengjie_app::pay::{self, Entry, Group, Kind, Posted, Posting, yuan};
use hengjie_app::run::{Request, parse_periods};
use hengjie_app::{Failure, Source, document};
use hengjie_calendar::{Date, Period};
use hengjie_facts::Bilingual;
use hengjie_quantity::Lang;
use serde_json::{Value, json};

/// Entries printed of one posting.
const SHOWN: usize = 20;

pub(super) fn run(matches: &ArgMatches, printer: &Printer) -> Ending {
    let outcome = match matches.subcommand() {
        Some(("post", matches)) => post(matches, printer),
        Some(("balance", matches)) => balance(matches, printer),
        Some(("explain", matches)) => explain(matches, printer),
        Some(("close", matches)) => close(matches, printer),
        _ => return Ending::Usage,
    };
    outcome.unwrap_or_else(|failure| printer.failure(&failure))
}

fn post(matches: &ArgMatches, printer: &Printer) -> Result<Ending, Failure> {
    let policy = document::open(path(matches, "policy"))?;
    let request = Request {
        source: Source::at(path(matches, "data")),
        parameters: paths(matches, "params"),
        periods: parse_periods(&words(matches, "period"))?,
        only: Vec::new(),
        readings: Vec::new(),
        lang: printer.lang,
    };
    let only_show = matches.get_flag("show");
    let posting = posting(matches, &policy.program.name)?;
    let posted = pay::post(&policy, &request, path(matches, "ledger"), &posting, only_show)?;
    show(&posted, only_show, printer);
    let ending = if posted.waiting == 0 { Ending::Done } else { Ending::Waiting };
    printer.document(&json!({
        "ok": true,
        "exit": ending.code(),
        "posted": !only_show,
        "entries": posted.entries.iter().map(record).collect::<Vec<_>>(),
        "unchanged": posted.unchanged,
        "waiting": posted.waiting,
        "absent": posted.absent,
        "due_yuan": yuan(posted.due_fen),
        "periods": posted.periods.iter().map(ToString::to_string).collect::<Vec<_>>(),
    }));
    Ok(ending)
}

fn show(posted: &Posted, only_show: bool, printer: &Printer) {
    let rows: Vec<Vec<String>> =
        posted.entries.iter().take(SHOWN).map(|entry| line(entry, printer)).collect();
    if !rows.is_empty() {
        table(rows, printer);
    }
    let more = posted.entries.len().saturating_sub(SHOWN);
    let sum: i128 = posted.entries.iter().map(|entry| i128::from(entry.amount_fen)).sum();
    let periods: Vec<String> =
        posted.periods.iter().map(|period| period_text(*period, printer.lang)).collect();
    let Posted { entries, unchanged, waiting, absent, due_fen, .. } = posted;
    let count = entries.len();
    printer.line(match printer.lang {
        Lang::Zh => format!(
            "{}{}{} {count} 笔，{} 元；{unchanged} 笔没有变；应发合计 {} 元",
            if more > 0 { format!("……还有 {more} 笔没有列出\n") } else { String::new() },
            periods.join("、"),
            if only_show { "将入账" } else { "入账" },
            yuan(sum),
            yuan(*due_fen),
        ),
        Lang::En => format!(
            "{}{}: {} {count} entries, {} yuan; {unchanged} unchanged; {} yuan due in all",
            if more > 0 { format!("… and {more} more\n") } else { String::new() },
            periods.join(", "),
            if only_show { "would post" } else { "posted" },
            yuan(sum),
            yuan(*due_fen),
        ),
    });
    if *waiting > 0 {
        printer.line(match printer.lang {
            Lang::Zh => format!("{waiting} 笔还在等资料、参数或人定，没有动；用 hengjie run 看缺什么"),
            Lang::En => format!("{waiting} amounts wait for facts, parameters or decisions and were left alone; hengjie run says for what"),
        });
    }
    if *absent > 0 {
        printer.line(match printer.lang {
            Lang::Zh => format!("账上另有 {absent} 人不在这次的资料里，没有动"),
            Lang::En => {
                format!("{absent} people in the ledger are not among these facts and were left alone")
            }
        });
    }
}

fn balance(matches: &ArgMatches, printer: &Printer) -> Result<Ending, Failure> {
    let book = pay::open(path(matches, "ledger"))?;
    let (group, heading) = match matches.get_flag("by-item") {
        true => (Group::Item, printer.pick("项目", "item")),
        false => (Group::Person, printer.pick("对象", "person")),
    };
    let sums = book.sums(group);
    let total: i128 = sums.values().sum();
    let mut rows = vec![vec![
        heading.to_owned(),
        printer.pick("记账年", "year").to_owned(),
        printer.pick("余额（元）", "balance (yuan)").to_owned(),
    ]];
    rows.extend(
        sums.iter().map(|((name, year), fen)| vec![(*name).to_owned(), year.to_string(), yuan(*fen)]),
    );
    rows.push(vec![printer.pick("合计", "total").to_owned(), String::new(), yuan(total)]);
    printer.table(&rows);
    if let Some(day) = book.closed_through() {
        printer.line(match printer.lang {
            Lang::Zh => format!("已关账到 {day}"),
            Lang::En => format!("closed up to {day}"),
        });
    }
    let balances: Vec<Value> = sums
        .iter()
        .map(|((name, year), fen)| json!({ "name": name, "year": year, "balance_yuan": yuan(*fen) }))
        .collect();
    printer.document(&json!({ "ok": true, "exit": 0, "balances": balances, "total_yuan": yuan(total) }));
    Ok(Ending::Done)
}

fn explain(matches: &ArgMatches, printer: &Printer) -> Result<Ending, Failure> {
    let book = pay::open(path(matches, "ledger"))?;
    let person = matches.get_one::<String>("person").map_or("", String::as_str);
    let item = matches.get_one::<String>("value").map(String::as_str);
    let wanted = |entry: &&Entry| {
        entry.kind != Kind::Close
            && entry.key.person == person
            && item.is_none_or(|item| entry.key.item == item)
    };
    let entries: Vec<&Entry> = book.entries().iter().filter(wanted).collect();
    if entries.is_empty() {
        let of = item.map_or_else(String::new, |item| format!("·{item}"));
        return Err(Failure::Usage(Bilingual::new(
            format!("账上没有 {person}{of}"),
            format!("the ledger has nothing of {person}{of}"),
        )));
    }
    table(entries.iter().map(|entry| line(entry, printer)).collect(), printer);
    let total: i128 = entries.iter().map(|entry| i128::from(entry.amount_fen)).sum();
    printer.line(match printer.lang {
        Lang::Zh => format!("{} 笔，合计 {} 元", entries.len(), yuan(total)),
        Lang::En => format!("{} entries, {} yuan in all", entries.len(), yuan(total)),
    });
    let records: Vec<Value> = entries.into_iter().map(record).collect();
    printer.document(&json!({ "ok": true, "exit": 0, "entries": records, "total_yuan": yuan(total) }));
    Ok(Ending::Done)
}

fn close(matches: &ArgMatches, printer: &Printer) -> Result<Ending, Failure> {
    let written = matches.get_one::<String>("year").map_or("", String::as_str);
    let Some(year) = Period::parse(written) else {
        return Err(Failure::Usage(Bilingual::new(
            format!("“{written}”不是年份：写成 2025年"),
            format!("`{written}` is no year: write 2025年"),
        )));
    };
    let entry = pay::close(path(matches, "ledger"), year, &posting(matches, "")?)?;
    printer.line(match printer.lang {
        Lang::Zh => format!("{year} 已关账；以后的更正记在 {} 以后", year.last_day()),
        Lang::En => {
            format!("{} is closed; later corrections are booked after {}", year.en(), year.last_day())
        }
    });
    printer.document(&json!({ "ok": true, "exit": 0, "entry": record(&entry) }));
    Ok(Ending::Done)
}

/// Who, when and why.
fn posting(matches: &ArgMatches, policy: &str) -> Result<Posting, Failure> {
    let word = |name: &str| matches.get_one::<String>(name).cloned().unwrap_or_default();
    let written = word("on");
    let Some(on) = Date::parse(&written) else {
        return Err(Failure::Usage(Bilingual::new(
            format!("“{written}”不是日期：写成 2026-01-10"),
            format!("`{written}` is no date: write 2026-01-10"),
        )));
    };
    let because = matches.get_one::<String>("because").cloned().unwrap_or_else(|| policy.to_owned());
    Ok(Posting { on, by: word("by"), because })
}

fn table(mut rows: Vec<Vec<String>>, printer: &Printer) {
    let heading = match printer.lang {
        Lang::Zh => {
            ["序号", "类别", "对象", "期间", "记账期间", "项目", "金额（元）", "条款", "缘由", "经手", "更正"]
        }
        Lang::En => [
            "no.",
            "kind",
            "person",
            "period",
            "booked",
            "item",
            "amount (yuan)",
            "article",
            "reason",
            "by",
            "corrects",
        ],
    };
    rows.insert(0, heading.map(str::to_owned).to_vec());
    printer.table(&rows);
}

fn line(entry: &Entry, printer: &Printer) -> Vec<String> {
    vec![
        entry.number.to_string(),
        kind(entry.kind, printer.lang).to_owned(),
        entry.key.person.clone(),
        period_text(entry.key.period, printer.lang),
        period_text(entry.booked, printer.lang),
        entry.key.item.clone(),
        yuan(i128::from(entry.amount_fen)),
        entry.article.clone(),
        entry.because.clone(),
        format!("{} {}", entry.by, entry.on),
        entry.corrects.map(|number| number.to_string()).unwrap_or_default(),
    ]
}

fn kind(kind: Kind, lang: Lang) -> &'static str {
    let english = match kind {
        Kind::First => "first",
        Kind::Correction => "correction",
        Kind::Reversal => "reversal",
        Kind::Close => "close",
    };
    lang.pick(kind.word(), english)
}

fn period_text(period: Period, lang: Lang) -> String {
    match lang {
        Lang::Zh => period.to_string(),
        Lang::En => period.en(),
    }
}

fn record(entry: &Entry) -> Value {
    json!({
        "number": entry.number,
        "kind": kind(entry.kind, Lang::En),
        "policy": entry.key.policy,
        "person": entry.key.person,
        "period": entry.key.period.to_string(),
        "booked": entry.booked.to_string(),
        "item": entry.key.item,
        "amount_yuan": yuan(i128::from(entry.amount_fen)),
        "article": entry.article,
        "because": entry.because,
        "corrects": entry.corrects,
        "artifact": entry.artifact,
        "on": entry.on.to_string(),
        "by": entry.by,
    })
}
