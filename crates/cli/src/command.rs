//! One module per command: arguments into a use case, its outcome onto the screen.

mod check;
mod compare;
mod completions;
mod coverage;
mod demo;
mod diff;
mod difference;
mod distance;
mod explain;
mod format;
mod health;
mod import;
mod ledger;
mod lsp;
mod new;
mod ownership;
mod parameters;
mod pay;
mod readings;
mod replay;
mod report;
mod run;
mod serve;
mod store;
mod template;
mod test;
mod whatif;

use crate::Ending;
use crate::print::Printer;
use clap::ArgMatches;
use hengjie_app::Source;
use hengjie_app::run::{Request, parse_periods};
use hengjie_calendar::Date;
use std::path::{Path, PathBuf};

/// Runs the command of the arguments.
pub(crate) fn run(matches: &ArgMatches, printer: &Printer) -> Ending {
    let Some((name, matches)) = matches.subcommand() else { return Ending::Usage };
    match name {
        "new" => new::run(matches, printer),
        "check" => check::run(matches, printer),
        "fmt" => format::run(matches, printer),
        "template" => template::run(matches, printer),
        "import" => import::run(matches, printer),
        "import-worker" => import::worker(),
        "store" => store::run(matches, printer),
        "ownership" => ownership::run(matches, printer),
        "run" => run::run(matches, printer),
        "replay" => replay::run(matches, printer),
        "compare" => compare::run(matches, printer),
        "explain" => explain::run(matches, printer),
        "distance" => distance::run(matches, printer),
        "readings" => readings::run(matches, printer),
        "diff" => diff::run(matches, printer),
        "whatif" => whatif::run(matches, printer),
        "test" => test::run(matches, printer),
        "health" => health::run(matches, printer),
        "coverage" => coverage::run(matches, printer),
        "params" => parameters::run(matches, printer),
        "ledger" => ledger::run(matches, printer),
        "pay" => pay::run(matches, printer),
        "demo" => demo::run(matches, printer),
        "serve" => serve::run(matches, printer),
        "lsp" => lsp::run(printer),
        "completions" => completions::run(matches, printer),
        _ => Ending::Usage,
    }
}

/// Several paths.
fn paths(matches: &ArgMatches, name: &str) -> Vec<PathBuf> {
    matches.get_many::<PathBuf>(name).into_iter().flatten().cloned().collect()
}

/// One path; required arguments are always there.
fn path<'a>(matches: &'a ArgMatches, name: &str) -> &'a Path {
    matches.get_one::<PathBuf>(name).map_or(Path::new(""), PathBuf::as_path)
}

/// Words of an option that may be repeated.
fn words(matches: &ArgMatches, name: &str) -> Vec<String> {
    matches.get_many::<String>(name).into_iter().flatten().cloned().collect()
}

/// Names separated by commas.
fn names(matches: &ArgMatches, name: &str) -> Vec<String> {
    let words = words(matches, name);
    let names = words.iter().flat_map(|word| word.split([',', '，', '、'])).map(str::trim);
    names.filter(|name| !name.is_empty()).map(str::to_owned).collect()
}

/// A day of an option.
fn day(matches: &ArgMatches, name: &str) -> Result<Option<Date>, hengjie_app::Failure> {
    let Some(word) = matches.try_get_one::<String>(name).ok().flatten() else { return Ok(None) };
    let wrong = || {
        hengjie_app::Failure::Usage(hengjie_facts::Bilingual::new(
            format!("--{name} 的“{word}”不是日期，写成 2026-02-03"),
            format!("`{word}` of --{name} is no date; write it like 2026-02-03"),
        ))
    };
    Date::parse(word).map(Some).ok_or_else(wrong)
}

/// Where facts are: a store may be asked for what it knew on a day.
fn source(matches: &ArgMatches) -> Result<Source, hengjie_app::Failure> {
    let data = path(matches, "data");
    match day(matches, "known-at")? {
        Some(day) => Source::known_at(data, day),
        None => Ok(Source::at(data)),
    }
}

/// What `run` and `explain` share.
fn request(matches: &ArgMatches, printer: &Printer) -> Result<Request, Ending> {
    let periods = parse_periods(&words(matches, "period")).map_err(|failure| printer.failure(&failure))?;
    let mut readings = Vec::new();
    for word in words(matches, "reading") {
        let Some((name, alternative)) = word.split_once('=') else {
            let failure = hengjie_app::Failure::Usage(hengjie_facts::Bilingual::new(
                format!("“{word}”要写成 读法=取法"),
                format!("`{word}` must be written NAME=ALTERNATIVE"),
            ));
            return Err(printer.failure(&failure));
        };
        readings.push((name.trim().to_owned(), alternative.trim().to_owned()));
    }
    Ok(Request {
        source: source(matches).map_err(|failure| printer.failure(&failure))?,
        parameters: paths(matches, "params"),
        periods,
        only: Vec::new(),
        readings,
        lang: printer.lang,
    })
}
