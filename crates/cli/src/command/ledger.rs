//! `hengjie ledger build|load|average|explain|show|verify`

use super::{day as date, path, paths, words};
use crate::Ending;
use crate::print::Printer;
use crate::progress::Progress;
use crate::texts::Text;
use clap::ArgMatches;
use hengjie_analytics::ledger::LoadKind;
use hengjie_app::ledger::{self, Column, Figures, Question, Rows, Watch};
use hengjie_app::output::Format;
use hengjie_app::run::parse_periods;
use hengjie_app::{Failure, Outcome};
use hengjie_calendar::{Date, Period};
use hengjie_facts::Bilingual;
use serde_json::{Value, json};
use std::path::Path;
use std::sync::atomic::AtomicBool;
use std::time::{SystemTime, UNIX_EPOCH};

pub(super) fn run(matches: &ArgMatches, printer: &Printer) -> Ending {
    let Some((name, matches)) = matches.subcommand() else { return Ending::Usage };
    let done = match name {
        "build" => build(matches, printer),
        "load" => load(matches, printer),
        "average" => average(matches, printer),
        "explain" => explain(matches, printer),
        "verify" => verify(matches, printer),
        _ => show(matches, printer),
    };
    match done {
        Ok(mut document) => {
            document["ok"] = json!(true);
            document["exit"] = json!(0);
            printer.document(&document);
            Ending::Done
        }
        Err(failure) => printer.failure(&failure),
    }
}

fn build(matches: &ArgMatches, printer: &Printer) -> Outcome<Value> {
    let recorded = recorded(matches)?;
    let ledger = watched(printer, Text::LedgerReading, |watch| {
        ledger::build(path(matches, "ledger"), path(matches, "from"), recorded, watch)
    })?;
    let (accounts, customers, lines) = ledger.counts();
    let (first, last) = ledger.days();
    let (first, last) = (day(first), day(last));
    let rows: u64 = ledger.loads().iter().map(|load| load.rows).max().unwrap_or(0);
    printer.line(match printer.lang {
        hengjie_quantity::Lang::Zh => {
            format!("账簿建好了：{accounts} 个账户，{customers} 个客户，{rows} 条余额变动，{first} 至 {last}")
        }
        hengjie_quantity::Lang::En => {
            format!(
                "built: {accounts} accounts, {customers} customers, {rows} balance changes, {first} to {last}"
            )
        }
    });
    Ok(
        json!({ "accounts": accounts, "customers": customers, "lines": lines, "changes": rows, "first_day": first, "last_day": last }),
    )
}

fn load(matches: &ArgMatches, printer: &Printer) -> Outcome<Value> {
    let recorded = recorded(matches)?;
    let mut ledger = ledger::open(path(matches, "ledger"))?;
    let mut loads = Vec::new();
    let (files, ownerships) = (paths(matches, "files"), paths(matches, "ownership"));
    let all = files.iter().map(|file| (file, false)).chain(ownerships.iter().map(|file| (file, true)));
    for (file, is_ownership) in all {
        let outcome = watched(printer, Text::LedgerReading, |watch| {
            if is_ownership {
                ledger::load_ownership(&mut ledger, file, recorded, watch)
            } else {
                ledger::load(&mut ledger, file, recorded, watch)
            }
        })?;
        let (text, document) = loaded(file, &outcome, &ledger);
        printer.line(text.text(printer.lang));
        loads.push(document);
    }
    Ok(json!({ "loads": loads }))
}

/// What a load did, for people and for programs.
fn loaded(
    file: &Path,
    outcome: &hengjie_analytics::ledger::Outcome,
    ledger: &hengjie_analytics::Ledger,
) -> (Bilingual, Value) {
    use hengjie_analytics::ledger::Outcome as Load;
    let name = file.display();
    match *outcome {
        Load::Already(number) => (
            Bilingual::new(
                format!("{name}：第 {number} 次已经装入同一份文件，没有改动"),
                format!("{name}: load {number} brought the same file; nothing was changed"),
            ),
            json!({ "file": name.to_string(), "load": number, "already": true }),
        ),
        Load::Loaded { number, corrected_accounts, missing_days } => {
            let rows = ledger.loads().last().map_or(0, |load| load.rows);
            let mut zh = format!("{name}：第 {number} 次装入，{rows} 行");
            let mut en = format!("{name}: load {number}, {rows} rows");
            if corrected_accounts > 0 {
                zh += &format!("，更正了 {corrected_accounts} 个账户以前的余额");
                en += &format!(", older balances of {corrected_accounts} accounts corrected");
            }
            if missing_days > 0 {
                zh += &format!(
                    "\n提醒：与账簿的最后一天之间有 {missing_days} 天没有余额变动，请确认没有漏文件"
                );
                en += &format!(
                    "\nwarning: there is nothing for {missing_days} days after the last day of the ledger; is a file missing?"
                );
            }
            let document = json!({
                "file": name.to_string(), "load": number, "already": false, "rows": rows,
                "corrected_accounts": corrected_accounts, "missing_days": missing_days,
            });
            (Bilingual::new(zh, en), document)
        }
    }
}

fn average(matches: &ArgMatches, printer: &Printer) -> Outcome<Value> {
    let question = Question {
        period: period(matches)?,
        rows: if word(matches, "by").is_some_and(|by| matches!(by.as_str(), "customer" | "客户")) {
            Rows::Customers
        } else {
            Rows::Owners
        },
        columns: words(matches, "column"),
        known_on: date(matches, "known-at")?,
    };
    let figures = watched(printer, Text::LedgerReading, |watch| {
        ledger::answer(path(matches, "ledger"), &question, watch)
    })?;
    let mut document = json!({ "rows": figures.keys.len(), "known": figures.known });
    if let Some(file) = matches.get_one::<std::path::PathBuf>("into") {
        let filled = ledger::into_table(&figures, file)?;
        let name = file.display();
        printer.line(match printer.lang {
            hengjie_quantity::Lang::Zh => format!("{name}：填了 {filled} 行"),
            hengjie_quantity::Lang::En => format!("{name}: {filled} rows filled"),
        });
        document["into"] = json!({ "file": name.to_string(), "filled": filled });
    }
    if let Some(out) = matches.get_one::<std::path::PathBuf>("out") {
        write(&figures, out, printer)?;
        printer.line(out.display().to_string());
        document["out"] = json!(out.display().to_string());
    }
    if !matches.contains_id("into") && !matches.contains_id("out") {
        print(&figures, printer);
        document["figures"] = exact(&figures);
    }
    Ok(document)
}

/// Rows that are printed; a file holds all.
const SHOWN: usize = 20;

fn print(figures: &Figures, printer: &Printer) {
    let columns = &figures.columns;
    let unit = |column: &Column| if column.fold == hengjie_analytics::Fold::Count { "户" } else { "元" };
    let key = printer.pick("编号", "key").to_owned();
    let mut rows = vec![
        std::iter::once(key)
            .chain(columns.iter().map(|column| format!("{}（{}）", column.name, unit(column))))
            .collect(),
    ];
    for (row, key) in figures.keys.iter().enumerate().take(SHOWN) {
        let values = (0..columns.len()).map(|column| figures.text(row, column));
        rows.push(std::iter::once(key.clone()).chain(values).collect::<Vec<String>>());
    }
    printer.table(&rows);
    if figures.keys.len() > SHOWN {
        let more = figures.keys.len() - SHOWN;
        printer.line(match printer.lang {
            hengjie_quantity::Lang::Zh => format!("另有 {more} 行；用 --out 写成文件"),
            hengjie_quantity::Lang::En => format!("{more} more rows; write them to a file with --out"),
        });
    }
}

/// Exact numerators: fen·day·bp, or customers.
fn exact(figures: &Figures) -> Value {
    let width = figures.days.len();
    let row = |(row, key): (usize, &String)| {
        let numerators = &figures.numerators[row * width..(row + 1) * width];
        json!([key, numerators.iter().map(ToString::to_string).collect::<Vec<_>>()])
    };
    json!({ "days": figures.days, "fen_days_bp": figures.keys.iter().enumerate().map(row).collect::<Vec<_>>() })
}

fn write(figures: &Figures, out: &Path, printer: &Printer) -> Outcome<()> {
    let table = figures.table();
    let lang = hengjie_quantity::Lang::Zh;
    let written = match Format::of_path(out) {
        Some(Format::Csv) => hengjie_facts::write_csv(out, &table, lang),
        Some(Format::Json) => hengjie_facts::write_json(out, &table, lang),
        Some(Format::Parquet) => hengjie_facts::write_parquet(out, &table, lang),
        Some(Format::Xlsx) => hengjie_facts::write_xlsx(out, &[table], &[], printer.lang),
        None => {
            return Err(usage(
                "--out 要以 .csv、.xlsx、.json 或 .parquet 结尾",
                "--out ends in .csv, .xlsx, .json or .parquet",
            ));
        }
    };
    written.map_err(|error| Failure::Unwritable(error.message))
}

fn explain(matches: &ArgMatches, printer: &Printer) -> Outcome<Value> {
    let ledger = ledger::open(path(matches, "ledger"))?;
    let columns = ledger::parse_columns(&words(matches, "column"), &ledger.classes())?;
    let (who, is_customer) = match word(matches, "customer") {
        Some(customer) => (customer, true),
        None => (word(matches, "person").unwrap_or_default(), false),
    };
    let mut documents = Vec::new();
    let (period, known_on) = (period(matches)?, date(matches, "known-at")?);
    for column in &columns {
        let answer = ledger::explain(&ledger, &who, column, period, known_on, is_customer, printer.lang)?;
        printer.line(&answer.text);
        documents.push(answer.json);
    }
    Ok(json!({ "explanations": documents }))
}

fn show(matches: &ArgMatches, printer: &Printer) -> Outcome<Value> {
    let ledger = ledger::open(path(matches, "ledger"))?;
    let heading = printer.pick("次 登记日 文件 行 起 止", "load recorded file rows from to");
    let mut rows: Vec<Vec<String>> = vec![heading.split(' ').map(str::to_owned).collect()];
    let mut documents = Vec::new();
    for (number, load) in (1..).zip(ledger.loads()) {
        let has_days = matches!(load.kind, LoadKind::History | LoadKind::Changes);
        let of_balances = |at: i32| if has_days { day(at) } else { "—".to_owned() };
        let (recorded, first, last) =
            (day(load.recorded), of_balances(load.first_day), of_balances(load.last_day));
        let number: u32 = number;
        documents.push(json!({
            "load": number, "recorded": recorded, "file": load.name, "rows": load.rows, "first_day": first, "last_day": last,
            "sha256": load.source.sha256,
        }));
        rows.push(vec![number.to_string(), recorded, load.name.clone(), load.rows.to_string(), first, last]);
    }
    printer.table(&rows);
    Ok(json!({ "loads": documents }))
}

fn verify(matches: &ArgMatches, printer: &Printer) -> Outcome<Value> {
    let ledger = ledger::open(path(matches, "ledger"))?;
    let verdict = watched(printer, Text::LedgerReading, |watch| ledger::verify(&ledger, watch))?;
    let (files, sums) = (verdict.files, verdict.sums);
    printer.line(match printer.lang {
        hengjie_quantity::Lang::Zh => format!("账簿无误：{files} 个文件与写入时相同，{sums} 个积数重算一致"),
        hengjie_quantity::Lang::En => {
            format!("the ledger is sound: {files} files as they were written, {sums} sums computed again")
        }
    });
    Ok(json!({ "files": files, "sums": sums }))
}

/// Shows how far it is; Ctrl-C ends the program, which leaves the ledger as it was.
fn watched<T>(printer: &Printer, what: Text, work: impl FnOnce(&Watch<'_>) -> Outcome<T>) -> Outcome<T> {
    let progress = Progress::new(printer);
    let show = |done, all| progress.counting(what, done, all);
    let result = work(&Watch { show: &show, cancelled: &AtomicBool::new(false) });
    progress.finish();
    result
}

fn word(matches: &ArgMatches, name: &str) -> Option<String> {
    matches.get_one::<String>(name).cloned()
}

fn period(matches: &ArgMatches) -> Outcome<Period> {
    let periods = parse_periods(&words(matches, "period"))?;
    match periods.as_slice() {
        [period] => Ok(*period),
        _ => Err(usage("写一个期间，例如 --period 2025年", "give one period, such as --period 2025年")),
    }
}

/// The day of recording: as given, or today in China.
fn recorded(matches: &ArgMatches) -> Outcome<Date> {
    if let Some(date) = date(matches, "recorded-on")? {
        return Ok(date);
    }
    // China has one zone, eight hours ahead, without summer time.
    let seconds = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs()) + 8 * 3600;
    let today = i32::try_from(seconds / 86_400).ok().and_then(Date::from_days);
    today.ok_or_else(|| {
        usage("机器的时钟不对，用 --recorded-on 写明登记日", "the clock is wrong; give --recorded-on")
    })
}

fn usage(zh: &str, en: &str) -> Failure {
    Failure::Usage(Bilingual::new(zh, en))
}

fn day(day: i32) -> String {
    Date::from_days(day).map_or_else(|| day.to_string(), |date| date.to_string())
}
