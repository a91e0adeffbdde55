//! `hengjie explain POLICY PERSON VALUE --data …`

use super::{path, request};
use crate::Ending;
use crate::print::Printer;
use clap::ArgMatches;
use hengjie_app::document::{self, Policy};
use hengjie_app::explain::{Question, answer, values};
use serde_json::json;

pub(super) fn run(matches: &ArgMatches, printer: &Printer) -> Ending {
    let policy = match document::open(path(matches, "policy")) {
        Ok(policy) => policy,
        Err(failure) => return printer.failure(&failure),
    };
    let request = match request(matches, printer) {
        Ok(request) => request,
        Err(ending) => return ending,
    };
    let word = |name: &str| matches.get_one::<String>(name).cloned();
    let Some(value) = word("value") else { return list(&policy, printer) };
    let question = Question { subject: word("person").unwrap_or_default(), value, row: word("row") };
    match answer(&policy, &question, &request) {
        Ok(answer) => {
            printer.line(answer.text.trim_end());
            let ending = if answer.derivation.value.is_blocked() { Ending::Waiting } else { Ending::Done };
            printer.document(
                &json!({ "ok": ending == Ending::Done, "exit": ending.code(), "derivation": answer.json }),
            );
            ending
        }
        Err(failure) => printer.failure(&failure),
    }
}

/// The values that a document has.
fn list(policy: &Policy, printer: &Printer) -> Ending {
    let values = values(&policy.program);
    let heading = printer.pick("项目 对象 条款", "value of article").split(' ').map(str::to_owned).collect();
    let mut rows: Vec<Vec<String>> = vec![heading];
    rows.extend(
        values.iter().map(|value| vec![value.name.clone(), value.context.clone(), value.article.clone()]),
    );
    printer.table(&rows);
    let values: Vec<_> = values
        .iter()
        .map(|value| json!({ "name": value.name, "context": value.context, "article": value.article }))
        .collect();
    printer.document(&json!({ "ok": true, "exit": 0, "values": values }));
    Ending::Done
}
