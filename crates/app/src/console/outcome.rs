//! What of a run is kept: its figures as JSON, each table, the workbook.

use super::answer::{Gap, TableSummary, Trouble};
use super::table::Kept;
use crate::document::Policy;
use crate::load::Source;
use crate::output::{self, Format};
use crate::replay::Inputs;
use crate::replay::record::{FileMark, Places};
use crate::run::{Report, Request};
use crate::{Failure, Outcome};
use hengjie_facts::FactStore;
use hengjie_quantity::Lang;
use hengjie_store::rows::Part;
use serde::{Deserialize, Serialize};
use std::path::Path;

/// Position of the workbook among the parts: behind all tables.
pub(super) const WORKBOOK: i64 = 1_000_000;

/// Position of the run record.
pub(super) const RECORD: i64 = WORKBOOK + 1;

/// The figures of a run that has ended.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub(super) struct Ending {
    pub(super) periods: Vec<String>,
    pub(super) subjects: usize,
    pub(super) complete: u64,
    pub(super) missing: u64,
    pub(super) undecided: u64,
    pub(super) gaps: Vec<Gap>,
    pub(super) notes: Vec<(String, String)>,
    pub(super) tables: Vec<TableSummary>,
    pub(super) trouble: Option<Trouble>,
    /// What the facts were when they were read: see [`stamp`].
    pub(super) facts: String,
    pub(super) milliseconds: u64,
}

/// What is kept of a report: figures, then tables and workbook.
///
/// # Errors
/// [`Failure::Unwritable`] when the workbook cannot be made.
pub(super) fn keep(
    policy: &Policy,
    request: &Request,
    report: &Report,
    inputs: Inputs,
) -> Outcome<(Ending, Vec<Part>)> {
    let lang = request.lang;
    let kept: Vec<Kept> = (0..)
        .zip(&report.tables)
        .map(|(position, table)| Kept::of(&policy.program, position, table, lang))
        .collect();
    let mut parts = Vec::new();
    for table in &kept {
        let content = serde_json::to_vec(table).map_err(|error| unwritable(&error.to_string()))?;
        parts.push(Part { position: table.summary.position, name: table.summary.name.clone(), content });
    }
    let name = format!("{}.xlsx", policy.program.name);
    let content = workbook(policy, report, lang)?;
    let record = record(policy, request, report, inputs, (&name, &content));
    parts.push(Part { position: RECORD, name: "run.json".to_owned(), content: record.into_bytes() });
    parts.push(Part { position: WORKBOOK, name, content });
    let gap = |gap: &crate::run::GapSummary| Gap {
        zh: gap.zh.clone(),
        en: gap.en.clone(),
        count: gap.count,
        results: gap.results,
        values: gap.attributes.clone(),
        is_decision: gap.is_decision,
    };
    let ending = Ending {
        periods: report.periods.iter().map(ToString::to_string).collect(),
        subjects: report.subjects,
        complete: report.complete,
        missing: report.waiting.missing,
        undecided: report.waiting.undecided,
        gaps: report.gaps.iter().map(gap).collect(),
        notes: report.notes.clone(),
        tables: kept.into_iter().map(|table| table.summary).collect(),
        ..Ending::default()
    };
    Ok((ending, parts))
}

/// The run record as the command line writes it; the document lies in the store and not at a path.
fn record(
    policy: &Policy,
    request: &Request,
    report: &Report,
    inputs: Inputs,
    (name, workbook): (&str, &[u8]),
) -> String {
    let results = vec![FileMark { file: name.to_owned(), sha256: hengjie_facts::sha256(workbook) }];
    let places = Places {
        policy: String::new(),
        facts: request.source.path().display().to_string(),
        parameters: request.parameters.iter().map(|path| path.display().to_string()).collect(),
    };
    debug_assert_eq!(inputs.policy_hash(), policy.hash, "the inputs are those of this document");
    inputs.record((request, Format::Xlsx, true), report, results, places).text()
}

/// The same workbook that the command line writes.
fn workbook(policy: &Policy, report: &Report, lang: Lang) -> Outcome<Vec<u8>> {
    let folder = tempfile::tempdir().map_err(|error| unwritable(&error.to_string()))?;
    let path = folder.path().join("results.xlsx");
    output::write(&policy.program.name, &report.tables, &report.notes, &path, Format::Xlsx, lang)?;
    std::fs::read(&path).map_err(|error| unwritable(&error.to_string()))
}

fn unwritable(reason: &str) -> Failure {
    Failure::Unwritable(hengjie_facts::Bilingual::new(
        format!("结果写不出：{reason}"),
        format!("the results cannot be written: {reason}"),
    ))
}

/// What the facts are at this moment: of a store the fingerprint of everything that counts; of files their names, sizes and times,
/// so that a change is seen without reading them.
pub(super) fn stamp(facts: &Source) -> String {
    let line = |path: &Path| {
        let data = std::fs::metadata(path).ok()?;
        let changed = data.modified().ok()?.duration_since(std::time::UNIX_EPOCH).ok()?.as_nanos();
        Some(format!("{} {} {changed}", path.file_name()?.to_string_lossy(), data.len()))
    };
    if let Source::Store { folder, import } = facts {
        let fingerprint = FactStore::open(folder).map(|store| store.fingerprint(*import));
        return format!("store {import} {}", fingerprint.unwrap_or_default());
    }
    let Ok(entries) = std::fs::read_dir(facts.path()) else { return line(facts.path()).unwrap_or_default() };
    let mut lines: Vec<String> = entries.filter_map(|entry| line(&entry.ok()?.path())).collect();
    lines.sort_unstable();
    lines.join("\n")
}
