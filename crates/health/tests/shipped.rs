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
