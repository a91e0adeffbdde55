//! The policies read the demonstration without a fault and give what a reader expects to see.

#![allow(clippy::unwrap_used, clippy::panic, reason = "helpers of tests stop at the first surprise")]

mod common;

use arrow_array::Array;
use common::{Demo, demo};
use hengjie_app::{Source, document, run};
use hengjie_facts::{ResultTable, ResultValues, Status};
use hengjie_quantity::Lang;
use std::collections::BTreeMap;
use std::path::Path;

/// Runs a policy over its folder: no fault and no warning about the files.
fn check(demo: &Demo, folder: &str, period: &str, only: &[&str]) -> run::Report {
    let data = demo.folder.path().join(folder);
    let policy = &demo.summary.folders.iter().find(|summary| summary.path == data).unwrap().policy;
    let policies = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../policies").join(policy);
    let document = document::open(&policies.join("policy.md")).unwrap();
    let request = run::Request {
        source: Source::Folder(data),
        parameters: vec![policies.join("parameters.demo.csv")],
        periods: run::parse_periods(&[period.to_owned()]).unwrap(),
        only: only.iter().map(|&name| name.to_owned()).collect(),
        readings: Vec::new(),
        lang: Lang::Zh,
    };
    let report =
        run::run(&document, &request, &|_| {}).unwrap_or_else(|failure| panic!("{}", first_words(&failure)));
    let about_data = report.warnings.faults.iter().filter(|fault| !fault.file.starts_with("parameters"));
    let warnings: Vec<String> = about_data.map(|fault| fault.to_text(Lang::Zh)).collect();
    assert!(warnings.is_empty(), "{warnings:#?}");
    report
}

/// The start of a failure, which may name every row of a file.
fn first_words(failure: &hengjie_app::Failure) -> String {
    format!("{failure:?}").chars().take(600).collect()
}

/// How often each value of a column occurs; what is not known by its state.
fn counts(report: &run::Report, column: &str) -> BTreeMap<String, usize> {
    let (table, column) = report.tables.iter().find_map(|table| find(table, column)).unwrap();
    let mut counts = BTreeMap::new();
    for row in 0..table.rows() {
        let text = match column.status(row) {
            Status::Present => text(&column.values, row),
            other => format!("{other:?}"),
        };
        *counts.entry(text).or_default() += 1;
    }
    counts
}

fn find<'a>(
    table: &'a ResultTable,
    name: &str,
) -> Option<(&'a ResultTable, &'a hengjie_facts::ResultColumn)> {
    table.columns.iter().find(|column| column.name == name).map(|column| (table, column))
}

fn text(values: &ResultValues, row: usize) -> String {
    match values {
        ResultValues::Text(texts) if row < texts.len() => texts.value(row).to_owned(),
        ResultValues::Item { items, codes } => items[usize::from(codes[row])].clone(),
        ResultValues::Bool(values) => values[row].to_string(),
        _ => "…".to_owned(),
    }
}

/// Is every count within its bounds, and nothing else there?
fn expect(found: &BTreeMap<String, usize>, expected: &[(&str, std::ops::RangeInclusive<usize>)]) {
    for (value, bounds) in expected {
        let count = found.get(*value).copied().unwrap_or(0);
        assert!(bounds.contains(&count), "{value} {count} {found:?}");
    }
    let is_known = |value: &String| expected.iter().any(|(known, _)| known == value);
    assert!(found.keys().all(is_known), "{found:?}");
}

#[test]
fn six_grades() {
    let report = check(&demo(1, 1), "bank-s01", "2025年", &["聘用结论", "拟聘等级"]);
    expect(
        &counts(&report, "拟聘等级"),
        &[
            ("高级", 1..=9),
            ("一级", 3..=20),
            ("二级", 40..=90),
            ("三级", 110..=190),
            ("四级", 40..=90),
            ("见习", 5..=20),
            ("None", 60..=140),
            ("Missing", 1..=8),
            ("Undecided", 1..=5),
        ],
    );
}

#[test]
fn hundred_points_rank_everybody() {
    let report = check(&demo(1, 1), "bank-s02", "2025年", &[]);
    expect(
        &counts(&report, "分布等级"),
        &[
            ("资深", 50..=70),
            ("高级", 105..=130),
            ("中级", 215..=255),
            ("初级", 105..=130),
            ("普通", 50..=70),
            ("None", 40..=80),
        ],
    );
    assert_eq!(report.waiting.missing, 0);
    assert!((1..=20).contains(&report.waiting.undecided), "{:?}", report.waiting);
}

#[test]
fn telecom() {
    let report = check(&demo(1, 1), "telecom", "2025年", &[]);
    expect(
        &counts(&report, "评定级别"),
        &[("高级", 8..=18), ("中级", 18..=50), ("初级", 40..=80), ("实习", 4..=20)],
    );
    assert_eq!((report.waiting.missing, report.waiting.undecided), (0, 0));
    let months = check(&demo(1, 1), "telecom", "2025年1月至2025年12月", &["应发工资"]);
    assert!((1..=40).contains(&(months.waiting.missing + months.waiting.undecided)), "{:?}", months.waiting);
}

#[test]
fn tobacco() {
    let report = check(&demo(1, 1), "tobacco", "2025年", &[]);
    expect(
        &counts(&report, "年度考评"),
        &[("优秀", 5..=40), ("良好", 50..=110), ("合格", 30..=100), ("基本合格", 1..=20), ("不合格", 0..=4)],
    );
    assert!(counts(&report, "岗档").len() > 15);
    assert_eq!(report.waiting.missing, 0, "{:?}", report.gaps);
    assert!((1..=40).contains(&report.waiting.undecided), "{:?}", report.waiting);
}

#[test]
fn securities() {
    let report =
        check(&demo(1, 1), "securities", "2025年1季至2025年4季", &["季度得分", "季度之星", "转为客户经理"]);
    let stars = counts(&report, "季度之星");
    assert!((28..=32).contains(&stars["明星客户经理"]), "{stars:?}");
    let moved = counts(&report, "转为客户经理");
    assert_eq!(moved.get("true"), Some(&1), "{moved:?}");
    let months = check(&demo(1, 1), "securities", "2025年1月至2025年12月", &["月度处理"]);
    expect(
        &counts(&months, "月度处理"),
        &[("解除合同", 1..=1), ("待岗培训", 3..=3), ("无处理", 700..=1_000), ("None", 0..=300)],
    );
}
