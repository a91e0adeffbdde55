//! Seeded faults: small changes of documents that are clean, of more than twenty kinds, and which of them are found.

mod common;

use common::mutate::{Mutation, all};
use hengjie_health::Check;
use std::collections::BTreeMap;

/// Is the wanted fault among the findings that the clean document does not have?
fn is_found(mutation: &Mutation, clean: &common::Examined, changed: &common::Examined) -> bool {
    let open = clean.report.findings.iter().filter(|finding| finding.acknowledged.is_none());
    let known: Vec<(Check, &str)> =
        open.map(|finding| (finding.check, finding.message.zh.as_str())).collect();
    changed.report.findings.iter().any(|finding| {
        mutation.wanted.contains(&finding.check)
            && !known.contains(&(finding.check, finding.message.zh.as_str()))
            && finding.acknowledged.is_none()
    })
}

#[test]
fn seeded_faults_are_found() {
    let mut clean: BTreeMap<&str, common::Examined> = BTreeMap::new();
    let mut by_kind: BTreeMap<&str, (usize, usize)> = BTreeMap::new();
    let (mut missed, mut refused) = (String::new(), String::new());
    for mutation in all() {
        let base = clean
            .entry(mutation.document)
            .or_insert_with(|| common::text(mutation.document, &common::read(mutation.document)));
        let counts = by_kind.entry(mutation.kind).or_default();
        counts.1 += 1;
        match common::try_only(&mutation.text, mutation.wanted) {
            Err(said) => refused += &format!("{}: {}\n{said}\n", mutation.kind, mutation.name()),
            Ok(changed) if is_found(&mutation, base, &changed) => counts.0 += 1,
            Ok(_) => missed += &format!("{}: {}\n", mutation.kind, mutation.name()),
        }
    }
    for (kind, (found, seeded)) in &by_kind {
        println!("{kind}: {found} of {seeded} found");
    }
    let found: usize = by_kind.values().map(|(found, _)| found).sum();
    let seeded: usize = by_kind.values().map(|(_, seeded)| seeded).sum();
    println!(
        "{found} of {seeded} seeded faults of {} kinds found ({}%)",
        by_kind.len(),
        found * 100 / seeded
    );
    println!("missed:\n{missed}");
    assert_eq!(refused, "", "a seeded fault must pass the check");
    assert!(seeded >= 120 && by_kind.len() >= 20, "{seeded} faults of {} kinds", by_kind.len());
    assert!(found * 100 >= seeded * 95, "only {found} of {seeded} found; missed:\n{missed}");
}
