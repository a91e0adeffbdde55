//! `hengjie readings POLICY --data …`

use super::{names, path, report, request};
use crate::Ending;
use crate::print::Printer;
use clap::ArgMatches;
use hengjie_app::document;
use hengjie_app::readings::{Readings, readings};
use hengjie_app::run::Request;
use hengjie_quantity::Lang;

pub(super) fn run(matches: &ArgMatches, printer: &Printer) -> Ending {
    let policy = match document::open(path(matches, "policy")) {
        Ok(policy) => policy,
        Err(failure) => return printer.failure(&failure),
    };
    let request = match request(matches, printer) {
        Ok(request) => Request { only: names(matches, "only"), ..request },
        Err(ending) => return ending,
    };
    let written = readings(&policy, &request).and_then(|found| {
        let files = report::write(&found.tables, &[], matches, printer)?;
        Ok((found, files))
    });
    match written {
        Ok((found, files)) => {
            show(&found, printer);
            report::done(found.to_json(), &files, printer)
        }
        Err(failure) => printer.failure(&failure),
    }
}

fn show(found: &Readings, printer: &Printer) {
    let periods = printer.periods(&found.periods);
    let comma = if periods.is_empty() { "" } else { printer.pick("，", ", ") };
    printer.line(match printer.lang {
        Lang::Zh => format!("读法对照{comma}{periods}：每行只换一种取法，其余照制度"),
        Lang::En => format!("readings side by side{comma}{periods}: each line changes one reading only"),
    });
    let head = match printer.lang {
        Lang::Zh => ["读法", "事项", "条款", "现取", "另取", "人数", "金额差额", "等级变动"],
        Lang::En => ["reading", "about", "article", "taken", "instead", "people", "amounts", "grades"],
    };
    let mut rows = vec![head.map(str::to_owned).to_vec()];
    for line in &found.lines {
        rows.push(vec![
            line.reading.clone(),
            line.title.clone(),
            line.article.clone(),
            line.taken.clone(),
            line.alternative.clone(),
            line.people.to_string(),
            line.amounts(printer.lang),
            line.grades(printer.lang),
        ]);
    }
    printer.table(&rows);
}
