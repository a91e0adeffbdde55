//! Helpers of the tests: documents in, outcomes of their examples out.
#![allow(dead_code, unreachable_pub, reason = "each test file uses some of the helpers")]
#![allow(clippy::expect_used, clippy::panic, reason = "a test that cannot go on says why")]

use hengjie_evaluate::dataset::Dataset;
use hengjie_evaluate::example::{ExampleReport, example_dataset, run_examples};
use hengjie_evaluate::explain::{Derivation, ExplainOptions, explain};
use hengjie_evaluate::row::Evaluator;
use hengjie_policy::core::{AttributeId, Program};
use hengjie_quantity::Lang;
use hengjie_syntax::Severity;

/// The program of a document without errors. The head of the document is put in front.
pub fn program(rules: &str) -> Program {
    let text = format!("# 试办法\n```规则\n制度 试办法 版本 2020-01-01 起\n```\n{rules}");
    let compiled = hengjie_policy::compile(&text);
    let errors: Vec<String> = compiled
        .diagnostics
        .iter()
        .filter(|diagnostic| diagnostic.severity == Severity::Error)
        .map(|diagnostic| {
            format!("{}: {} [{}]", diagnostic.code, diagnostic.message.zh, diagnostic.span.text(&text))
        })
        .collect();
    assert!(errors.is_empty(), "{}", errors.join("\n"));
    compiled.program.expect("no errors, so there is a program")
}

/// Runs the examples of a document.
pub fn run(rules: &str) -> ExampleReport {
    run_examples(&program(rules), Lang::Zh)
}

/// All examples of a document come out as it says.
pub fn check(rules: &str) {
    let report = run(rules);
    let failures: Vec<String> = report
        .expectations
        .iter()
        .filter(|expectation| !expectation.passed)
        .map(|expectation| {
            let because = if expectation.because_ok == Some(false) { "（条款不符）" } else { "" };
            format!(
                "{} = {}, not {}{because} {:?}",
                expectation.text, expectation.actual, expectation.expected, expectation.gaps
            )
        })
        .collect();
    assert!(!report.expectations.is_empty(), "no expectation");
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

/// The dataset of the first example.
pub fn dataset(program: &Program) -> Dataset {
    example_dataset(program, &program.examples[0])
}

/// The attribute with a name.
pub fn attribute(program: &Program, name: &str) -> AttributeId {
    let place = program.attributes.iter().position(|attribute| attribute.name == name);
    AttributeId(place.unwrap_or_else(|| panic!("no attribute {name}")) as u32)
}

/// The explanation of what the first expectation of a document expects.
pub fn explained(rules: &str, lang: Lang) -> (Program, Derivation) {
    let program = program(rules);
    let data = dataset(&program);
    let expectation = &program.examples[0].expectations[0];
    let context = &program.attributes[expectation.attribute.index()].context;
    let subject = match (context.kind, &expectation.key) {
        (Some(kind), Some(key)) => {
            data.kinds[kind.index()].keys.position(key).expect("the subject is there") as u32
        }
        _ => 0,
    };
    let mut evaluator = Evaluator::new(&program, &data);
    let options = ExplainOptions { lang, ..ExplainOptions::default() };
    let derivation =
        explain(&mut evaluator, expectation.attribute, subject, None, expectation.period, options);
    (program, derivation)
}
