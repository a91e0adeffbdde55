//! Checks one case: diagnostics, values by rows and by columns, the language's own examples, formatting, hashes.

use crate::case::{Assembled, Case, Expected};
use crate::value;
use hengjie_evaluate::columnar;
use hengjie_evaluate::dataset::Dataset;
use hengjie_evaluate::example::{example_dataset, run_examples};
use hengjie_evaluate::row::Evaluator;
use hengjie_evaluate::value::Value;
use hengjie_policy::adopt::{Adoption, Parent};
use hengjie_policy::core::{AttributeId, Example, ExampleExpectation, Program, Source};
use hengjie_policy::{Compiled, compile_with, content_hash};
use hengjie_quantity::Lang;
use hengjie_syntax::format::{FormatOptions, format};
use hengjie_syntax::{Message, Severity, line_column};

/// What a case came to.
#[derive(Debug, Default)]
pub(crate) struct Outcome {
    pub(crate) faults: Vec<String>,
    /// Values compared with the row evaluator.
    pub(crate) by_rows: usize,
    /// Values compared with a column, and those of them that no column could express.
    pub(crate) by_columns: usize,
    pub(crate) fallbacks: usize,
}

/// A document with the parents of the case.
fn compiled(case: &Case, text: &str) -> Compiled {
    let find = |wanted: &Adoption, _: &str| {
        let parents = case.parents.iter().map(|lines| lines.join("\n"));
        let text = parents.into_iter().find(|text| text.contains(&format!("制度 {} 版本", wanted.name)));
        let file = format!("{}.md", wanted.name);
        text.map(|text| Parent { file, text }).ok_or_else(|| Message::new("没有", "none"))
    };
    compile_with(text, &find)
}

pub(crate) fn check(case: &Case, prelude: &str) -> Outcome {
    let mut outcome = Outcome::default();
    formatting(case, &mut outcome);
    if case.only_formatting() {
        return outcome;
    }
    let document = case.document(prelude, &case.text);
    let Compiled { program, diagnostics, .. } = compiled(case, &document.text);
    let found: Vec<String> = diagnostics.iter().map(|fault| place(&document, fault)).collect();
    if found != case.problems {
        let messages: String =
            diagnostics.iter().map(|fault| format!("\n      {}: {}", fault.code, fault.message.zh)).collect();
        outcome.faults.push(format!("问题 应为 {:?}，得到 {found:?}{messages}", case.problems));
    }
    let Some(program) = program else {
        if !case.worlds.is_empty() && case.problems.iter().all(|problem| problem.contains("提醒")) {
            outcome.faults.push("没有可以计算的制度".to_owned());
        }
        return outcome;
    };
    examples(case, &program, &mut outcome);
    hashes(case, prelude, &program, &mut outcome);
    let own = program.examples.len().saturating_sub(case.worlds.len());
    for (world, example) in case.worlds.iter().zip(&program.examples[own..]) {
        if world.expected.len() == example.expectations.len() {
            values(&world.expected, &program, example, &mut outcome);
        } else {
            outcome.faults.push("得 的条数不符".to_owned());
        }
    }
    outcome
}

/// `HJ0403 错误 2:8`; a place outside the fragment has no line.
fn place(document: &Assembled, fault: &hengjie_syntax::Diagnostic) -> String {
    let (line, column) = line_column(&document.text, fault.span.start);
    let severity = if fault.severity == Severity::Error { "错误" } else { "提醒" };
    match document.lines.get(line - 1).copied().flatten() {
        Some(line) => format!("{} {severity} {line}:{column}", fault.code),
        None => format!("{} {severity}", fault.code),
    }
}

/// The formatted fragment; formatting again changes nothing.
fn formatting(case: &Case, outcome: &mut Outcome) {
    for (language, expected) in &case.formatted {
        let options = FormatOptions { language: *language };
        let join = |lines: &[String]| lines.join("\n").trim_end().to_owned() + "\n";
        let formatted = format(&join(&case.text), &options);
        if formatted.trim_end() != join(expected).trim_end() {
            outcome.faults.push(format!("整理 得到：\n{formatted}"));
        }
        if format(&formatted, &options) != formatted {
            outcome.faults.push("再整理一遍，又变了".to_owned());
        }
    }
}

/// The examples of the document, and the expectations as statements of the language.
fn examples(case: &Case, program: &Program, outcome: &mut Outcome) {
    let report = run_examples(program, Lang::Zh);
    let of_worlds: usize = case.worlds.iter().map(|world| world.expected.len()).sum();
    let own = report.expectations.len().saturating_sub(of_worlds);
    let word = |passed: bool| if passed { "通过" } else { "不通过" };
    let found: Vec<&str> = report.expectations[..own].iter().map(|one| word(one.passed)).collect();
    let expected = case.assertions.clone().unwrap_or_else(|| vec!["通过".to_owned(); own]);
    if found != expected {
        outcome.faults.push(format!("断言 应为 {expected:?}，得到 {found:?}"));
    }
    for one in report.expectations[own..].iter().filter(|one| !one.passed) {
        outcome.faults.push(format!(
            "示例 {} 应为 {}，得到 {}（条款{}）",
            one.text,
            one.expected,
            one.actual,
            if one.because_ok == Some(false) { "不符" } else { "相符" }
        ));
    }
}

fn hashes(case: &Case, prelude: &str, program: &Program, outcome: &mut Outcome) {
    let own = content_hash(program);
    let variants = case.same.iter().map(|text| (text, true));
    for (fragment, same) in variants.chain(case.different.iter().map(|text| (text, false))) {
        let document = case.document(prelude, fragment);
        let compiled = compiled(case, &document.text);
        let Some(program) = compiled.program else {
            let found: Vec<&str> = compiled.diagnostics.iter().map(|fault| &*fault.message.zh).collect();
            outcome.faults.push(format!("指纹 的另一份不能用：{found:?}"));
            continue;
        };
        if (content_hash(&program) == own) != same {
            outcome.faults.push(format!("指纹 应当{}：{fragment:?}", if same { "相同" } else { "不同" }));
        }
    }
}

/// Every expected value, by rows and by columns.
fn values(expected: &[String], program: &Program, example: &Example, outcome: &mut Outcome) {
    let data = example_dataset(program, example);
    let mut rows = Evaluator::new(program, &data);
    let mut attributes: Vec<AttributeId> = example.expectations.iter().map(|one| one.attribute).collect();
    attributes.sort();
    attributes.dedup();
    let mut periods: Vec<_> = example.expectations.iter().filter_map(|one| one.period).collect();
    periods.sort();
    periods.dedup();
    let request = columnar::Request { attributes, periods, places: value::PLACES };
    let columns = columnar::evaluate(program, &data, &request, &|_, _| true);
    for (line, one) in expected.iter().zip(&example.expectations) {
        let wanted = Expected::read(line).value;
        let attribute = &program.attributes[one.attribute.index()];
        if one.row.is_some() && !value::has_column(attribute) {
            // Rows that are no table are named by the language's own examples only.
            continue;
        }
        let Some((subject, row)) = position(program, &data, one) else {
            outcome.faults.push(format!("{line}：没有这个对象或行"));
            continue;
        };
        let found = rows.value(one.attribute, subject, row.clone(), one.period);
        outcome.by_rows += 1;
        if let Err(found) = value::agrees(program, &data, &wanted, &found, &attribute.ty.base) {
            outcome.faults.push(format!("按行 {line}：得到 {found}"));
        }
        if !value::has_column(attribute) {
            continue;
        }
        outcome.by_columns += 1;
        outcome.fallbacks += usize::from(columns.row_by_row.iter().any(|(name, ..)| *name == attribute.name));
        let row = row.and_then(|row| if let Value::Row(_, row) = row { Some(row) } else { None });
        let column = columns.columns.iter().find(|column| {
            column.attribute == one.attribute && column.row == row && column.period == one.period
        });
        match column {
            None => outcome.faults.push(format!("按列 {line}：没有这一列")),
            Some(column) => {
                if let Err(found) = value::column_agrees(column, subject as usize, &found) {
                    outcome.faults.push(format!("按列 {line}：得到 {found}"));
                }
            }
        }
    }
}

/// The subject and row that an expectation names.
fn position(program: &Program, data: &Dataset, one: &ExampleExpectation) -> Option<(u32, Option<Value>)> {
    let context = &program.attributes[one.attribute.index()].context;
    let subject = match (context.kind, &one.key) {
        (Some(kind), Some(key)) => u32::try_from(data.kinds[kind.index()].keys.position(key)?).ok()?,
        _ => 0,
    };
    let Some(label) = &one.row else { return Some((subject, None)) };
    let Source::Rows(table) = context.rows.as_ref()?.source else { return None };
    let rows = program.tables[table.index()].rows.len();
    let named = (0..rows as u32).map(|row| Value::Row(table, row)).find(|row| {
        let ty = hengjie_policy::core::Type::Row(table);
        hengjie_evaluate::format::format_value(program, data, row, &ty, Lang::Zh) == *label
    });
    named.map(|row| (subject, Some(row)))
}
