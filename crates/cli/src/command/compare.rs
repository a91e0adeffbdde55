//! `hengjie compare RECORD RECORD`

use super::report::{self, SHOWN, more};
use super::{difference, path};
use crate::Ending;
use crate::print::Printer;
use crate::progress::Progress;
use crate::texts::Text;
use clap::ArgMatches;
use hengjie_app::causes::{self, Line, RunComparison};
use hengjie_quantity::Lang;

pub(super) fn run(matches: &ArgMatches, printer: &Printer) -> Ending {
    let progress = Progress::new(printer);
    let going = |done: usize| progress.counting(Text::Computing, done as u64, done as u64 + 1);
    let found = causes::compare(path(matches, "old"), path(matches, "new"), printer.lang, &going);
    progress.finish();
    let written = found.and_then(|found| {
        let files = report::write(&found.tables, &[], matches, printer)?;
        Ok((found, files))
    });
    match written {
        Ok((found, files)) => {
            show(&found, printer);
            report::done(found.to_json(printer.lang), &files, printer)
        }
        Err(failure) => printer.failure(&failure),
    }
}

fn show(found: &RunComparison, printer: &Printer) {
    let short = |run: &str| run.chars().take(16).collect::<String>();
    let [old, new] = [short(&found.runs[0]), short(&found.runs[1])];
    printer.line(format!("{} {old} → {new}", printer.pick("运行", "run")));
    let (people, compared) = (found.people, found.compared);
    difference::compared((&found.periods, compared, people), printer);
    if found.lines.is_empty() {
        return;
    }
    difference::effects(&found.effects, printer);
    steps(found, printer);
    lines(found, printer);
}

fn steps(found: &RunComparison, printer: &Printer) {
    let head = match printer.lang {
        Lang::Zh => ["", "起因", "处数", "影响人数", "金额差额（元）"],
        Lang::En => ["", "cause", "changes", "people", "sum (CNY)"],
    };
    let mut rows = vec![head.map(str::to_owned).to_vec()];
    for (at, step) in found.steps.iter().enumerate().take(SHOWN) {
        let text = step.text(printer.lang);
        rows.push(vec![
            (at + 1).to_string(),
            text,
            step.count.to_string(),
            step.people.to_string(),
            step.sum.clone(),
        ]);
    }
    printer.line("");
    printer.table(&rows);
    more(found.steps.len(), printer);
}

/// Amounts and grades; without any, every value.
fn lines(found: &RunComparison, printer: &Printer) {
    let outcomes = found.lines.iter().any(|line| line.is_outcome);
    let lines: Vec<&Line> = found.lines.iter().filter(|line| line.is_outcome || !outcomes).collect();
    let head = match printer.lang {
        Lang::Zh => ["谁", "期间", "项目", "上次", "这次", "差额", "起因"],
        Lang::En => ["who", "period", "value", "old run", "new run", "difference", "causes"],
    };
    let mut rows = vec![head.map(str::to_owned).to_vec()];
    rows.extend(lines.iter().take(SHOWN).map(|line| line.cells(printer.lang)));
    printer.line("");
    printer.table(&rows);
    more(lines.len(), printer);
}
