//! `hengjie test POLICY…`

use super::paths;
use crate::Ending;
use crate::print::Printer;
use clap::ArgMatches;
use hengjie_app::document::{self, Policy};
use hengjie_app::examples::{self, Tested};
use hengjie_evaluate::example::ExpectationReport;
use hengjie_quantity::Lang;
use serde_json::{Value, json};

pub(super) fn run(matches: &ArgMatches, printer: &Printer) -> Ending {
    let mut ending = Ending::Done;
    let mut records = Vec::new();
    for path in paths(matches, "files") {
        match document::open(&path) {
            Ok(policy) => {
                let tested = examples::test(&policy, printer.lang);
                show(&policy, &tested, printer);
                if !tested.passed() {
                    ending = Ending::Faults;
                }
                records.push(record(&policy, &tested));
            }
            Err(failure) => return printer.failure(&failure),
        }
    }
    printer.document(&json!({ "ok": ending == Ending::Done, "exit": ending.code(), "policies": records }));
    ending
}

fn show(policy: &Policy, tested: &Tested, printer: &Printer) {
    let file = policy.path.display();
    for expectation in tested.report.expectations.iter().filter(|expectation| !expectation.passed) {
        printer.line(failed(policy, expectation, printer));
    }
    for article in &tested.untested {
        printer.line(match printer.lang {
            Lang::Zh => format!("{file}：{article} 有规则，但没有示例用到"),
            Lang::En => format!("{file}: {article} has rules but no example uses any"),
        });
    }
    for article in &tested.report.coverage {
        for (name, span) in article.uncovered.iter().filter(|_| article.covered > 0) {
            let (line, cite) = (examples::line(policy, *span), examples::citation(policy, article.article));
            printer.line(match printer.lang {
                Lang::Zh => format!("{line} {cite}：“{name}”的这条规则没有示例用到"),
                Lang::En => format!("{line} {cite}: no example uses this rule of `{name}`"),
            });
        }
    }
    let (covered, rules) = tested.covered;
    let (all, failed) = (tested.report.expectations.len(), tested.failed);
    let (passed, untested) = (all - failed, tested.untested.len());
    printer.line(match printer.lang {
        Lang::Zh => format!("{file}：{passed}/{all} 个断言通过；{covered}/{rules} 条规则有示例；{untested} 个条款没有示例"),
        Lang::En => {
            format!("{file}: {passed}/{all} expectations hold; {covered}/{rules} rules have examples; {untested} articles have none")
        }
    });
}

fn failed(policy: &Policy, expectation: &ExpectationReport, printer: &Printer) -> String {
    let line = examples::line(policy, expectation.span);
    let cite = examples::citation(policy, expectation.article);
    let ExpectationReport { text, expected, actual, .. } = expectation;
    let mut message = match printer.lang {
        Lang::Zh => format!("{line} {cite}：{text} 应为 {expected}，得到 {actual}"),
        Lang::En => format!("{line} {cite}: {text} should be {expected}, but is {actual}"),
    };
    if expectation.because_ok == Some(false) {
        message += printer
            .pick("；给出这个值的不是“因”所写的条款", "; another article than the one expected gives it");
    }
    for gap in &expectation.gaps {
        message += &format!("\n    {gap}");
    }
    message
}

fn record(policy: &Policy, tested: &Tested) -> Value {
    let expectations: Vec<Value> = tested
        .report
        .expectations
        .iter()
        .map(|expectation| {
            json!({
                "file": policy.place(expectation.span).0,
                "line": policy.place(expectation.span).1,
                "article": examples::citation(policy, expectation.article),
                "what": expectation.text,
                "expected": expectation.expected,
                "actual": expectation.actual,
                "passed": expectation.passed,
                "because_ok": expectation.because_ok,
                "gaps": expectation.gaps,
            })
        })
        .collect();
    let coverage: Vec<Value> = tested
        .report
        .coverage
        .iter()
        .map(|article| {
            json!({
                "article": examples::citation(policy, article.article),
                "covered": article.covered,
                "rules": article.rules,
            })
        })
        .collect();
    json!({
        "file": policy.path.display().to_string(),
        "ok": tested.passed(),
        "failed": tested.failed,
        "expectations": expectations,
        "coverage": coverage,
        "articles_without_examples": tested.untested,
    })
}
