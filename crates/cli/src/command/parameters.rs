//! `hengjie params POLICY`

use super::{path, paths};
use crate::Ending;
use crate::print::Printer;
use clap::ArgMatches;
use hengjie_app::document::{self, Policy};
use hengjie_app::parameters::{self, Row};
use hengjie_quantity::Lang;
use serde_json::{Value, json};

pub(super) fn run(matches: &ArgMatches, printer: &Printer) -> Ending {
    let policy = match document::open(path(matches, "policy")) {
        Ok(policy) => policy,
        Err(failure) => return printer.failure(&failure),
    };
    let rows = match parameters::rows(&policy, &paths(matches, "params"), printer.lang) {
        Ok(rows) => rows,
        Err(failure) => return printer.failure(&failure),
    };
    show(&rows, printer);
    let missing = rows.iter().filter(|row| row.is_missing).count();
    let ending = if missing == 0 { Ending::Done } else { Ending::Waiting };
    printer.document(&record(&policy, &rows, ending));
    printer.line(match printer.lang {
        Lang::Zh => format!("{} 个值，还缺 {missing} 个", rows.len() - missing),
        Lang::En => format!("{} values, {missing} missing", rows.len() - missing),
    });
    ending
}

fn show(rows: &[Row], printer: &Printer) {
    let heading = match printer.lang {
        Lang::Zh => ["参数", "类型", "值", "来源", "条款", "影响"],
        Lang::En => ["parameter", "type", "value", "source", "article", "values that wait"],
    };
    let mut lines = vec![heading.map(str::to_owned).to_vec()];
    for row in rows {
        let value = if row.is_missing {
            printer.pick("（缺）", "(missing)").to_owned()
        } else {
            row.value.clone()
        };
        let waiting = shortened(&row.attributes, printer.lang);
        lines.push(vec![
            row.name.clone(),
            row.ty.clone(),
            value,
            row.source.clone(),
            row.article.clone(),
            waiting,
        ]);
    }
    if rows.is_empty() {
        printer.line(printer.pick("制度没有参数。", "The policy has no parameters."));
    } else {
        printer.table(&lines);
    }
}

/// The first names of a list.
fn shortened(names: &[String], lang: Lang) -> String {
    const SHOWN: usize = 4;
    let mut text =
        names.iter().take(SHOWN).map(String::as_str).collect::<Vec<_>>().join(lang.pick("、", ", "));
    if names.len() > SHOWN {
        text += &match lang {
            Lang::Zh => format!(" 等 {} 项", names.len()),
            Lang::En => format!(" and {} in all", names.len()),
        };
    }
    text
}

fn record(policy: &Policy, rows: &[Row], ending: Ending) -> Value {
    let rows: Vec<Value> = rows
        .iter()
        .map(|row| {
            json!({
                "parameter": row.name, "type": row.ty, "value": row.value, "missing": row.is_missing,
                "source": row.source, "article": row.article, "attributes": row.attributes,
            })
        })
        .collect();
    json!({ "ok": ending == Ending::Done, "exit": ending.code(), "policy": policy.program.name, "parameters": rows })
}
