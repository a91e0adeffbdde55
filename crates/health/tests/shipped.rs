//! The shipped documents: no false alarms, and how long each takes.

mod common;

use hengjie_health::Severity;
use hengjie_quantity::Lang;

/// Parameters that offices have to supply are no fault of a shipped document.
fn is_alarm(finding: &hengjie_health::Finding) -> bool {
    finding.severity != Severity::Note && finding.check != hengjie_health::Check::Parameter
}

#[test]
fn shipped_documents_are_clean_or_say_why() {
    let mut alarms = String::new();
    let shipped = common::shipped();
    for path in &shipped {
        let examined = common::text(path, &common::read(path));
        let found = examined.report.findings.iter().filter(|finding| is_alarm(finding));
        found.for_each(|finding| alarms += &format!("{path}: {}\n", finding.message.text(Lang::Zh)));
        let acknowledged = examined.report.findings.iter().filter(|finding| finding.acknowledged.is_some());
        println!("{path}: {:?}, {} acknowledged", examined.report.counts(), acknowledged.count());
    }
    println!("false alarms on {} shipped documents: {}", shipped.len(), alarms.lines().count());
    assert_eq!(alarms, "");
}

#[test]
fn a_value_that_is_asked_for_may_be_absent() {
    let text = "# 例\n\n```规则\n制度 例 版本 2026-01-01 起\n资料 人员 量词 人\n转换日: 日期\n任务: 金额 每年\n```\n\n## 第一条 转换\n\n```规则\n对 人员 每年\n锁定 = 如 有(转换日) 则 本期.末 < 转换日 + 3年 否则 否\n目标 = 任务 无则 0元\n```\n";
    let examined = common::text("例", text);
    let found = examined.report.findings.iter().filter(|finding| is_alarm(finding));
    let found: Vec<&str> = found
        .filter(|finding| finding.check != hengjie_health::Check::NoExample)
        .map(|finding| finding.message.text(Lang::Zh))
        .collect();
    assert_eq!(found, Vec::<&str>::new());
}
