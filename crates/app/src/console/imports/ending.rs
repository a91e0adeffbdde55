//! How an import ended, as it is kept.

use crate::confined::Budget;
use crate::console::answer::{ControlTotal, Fault, ImportState, ImportedTable, Reason, Taking, Trouble};
use crate::console::refusal::{Refusal, fault};
use crate::failure::{Failure, Outcome};
use crate::output::{self, Format};
use hengjie_facts::{Import, ResultTable, TableImport};
use hengjie_quantity::Lang;
use hengjie_store::rows::Part;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Examples of a reason beside the first one.
const SAMPLES: usize = 4;

/// How an import ended.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Ending {
    pub(super) state: ImportState,
    /// Number of the import in the fact store.
    pub(super) import: Option<u32>,
    pub(super) tables: Vec<ImportedTable>,
    pub(super) reasons: Vec<Reason>,
    pub(super) trouble: Option<Trouble>,
    pub(super) has_rejects: bool,
    pub(super) milliseconds: u64,
}

impl Default for Ending {
    fn default() -> Self {
        Self {
            state: ImportState::Failed,
            import: None,
            tables: Vec::new(),
            reasons: Vec::new(),
            trouble: None,
            has_rejects: false,
            milliseconds: 0,
        }
    }
}

impl Ending {
    /// For the log: what went where.
    pub(super) fn detail(&self) -> String {
        let table = |one: &ImportedTable| {
            format!(
                "{} +{} ~{} ={} -{}",
                one.table,
                one.new,
                one.corrected,
                one.unchanged + one.repeated,
                one.rejected
            )
        };
        let tables: Vec<String> = self.tables.iter().map(table).collect();
        match self.import {
            Some(number) => format!("store import {number}: {}", tables.join(", ")),
            None => tables.join(", "),
        }
    }
}

/// All states with their names in the store.
const STATES: [(ImportState, &str); 8] = [
    (ImportState::Running, "running"),
    (ImportState::Checked, "checked"),
    (ImportState::Posted, "posted"),
    (ImportState::Partly, "partly"),
    (ImportState::Unchanged, "unchanged"),
    (ImportState::Refused, "refused"),
    (ImportState::Failed, "failed"),
    (ImportState::Cancelled, "cancelled"),
];

impl ImportState {
    /// The state of a name in the store.
    pub(super) fn of(name: &str) -> Self {
        STATES.iter().find(|(_, known)| *known == name).map_or(Self::Failed, |(state, _)| *state)
    }

    /// Its name in the store.
    pub(super) fn id(self) -> &'static str {
        STATES.iter().find(|(state, _)| *state == self).map_or("failed", |(_, name)| name)
    }
}

/// What an import did, with the workbook of the rows that it did not take.
pub(super) fn of_import(found: &Import, taking: Taking, lang: Lang) -> (Ending, Option<Part>) {
    let tables: Vec<ImportedTable> = found.tables.iter().map(table).collect();
    let changes = tables.iter().any(|table| table.new + table.corrected > 0);
    let state = match (found.number, found.report.has_errors()) {
        _ if taking == Taking::Check => ImportState::Checked,
        (Some(_), true) => ImportState::Partly,
        (Some(_), false) if changes => ImportState::Posted,
        (None, true) => ImportState::Refused,
        (_, false) => ImportState::Unchanged,
    };
    let (rejects, trouble) = match workbook(&found.rejects, lang) {
        Ok(rejects) => (rejects, None),
        // What was taken stays taken; only the workbook is missing.
        Err(failure) => (None, Some(Refusal::Failure(failure).trouble(lang))),
    };
    let ending = Ending {
        state,
        import: found.number,
        tables,
        reasons: reasons(found, lang),
        trouble,
        has_rejects: rejects.is_some(),
        milliseconds: 0,
    };
    (ending, rejects)
}

fn table(one: &TableImport) -> ImportedTable {
    ImportedTable {
        table: one.table.clone(),
        file: one.file.clone(),
        rows: one.rows,
        new: one.new,
        corrected: one.corrected,
        unchanged: one.unchanged,
        repeated: one.repeated,
        rejected: one.rejected,
        same_as: one.same_as,
        refused: one.refused,
        controls: ControlTotal::all(&one.controls),
    }
}

/// Faults by code and column, the most frequent first.
fn reasons(found: &Import, lang: Lang) -> Vec<Reason> {
    let mut groups: BTreeMap<(&str, &str, &str), Vec<Fault>> = BTreeMap::new();
    let mut counts: BTreeMap<(&str, &str, &str), u64> = BTreeMap::new();
    for one in &found.report.faults {
        let key = (one.code, one.file.as_str(), one.column.as_deref().unwrap_or_default());
        *counts.entry(key).or_default() += 1;
        let group = groups.entry(key).or_default();
        if group.len() <= SAMPLES {
            group.push(fault(one, lang));
        }
    }
    let reason = |((code, file, column), mut faults): ((&str, &str, &str), Vec<Fault>)| {
        let count = counts.get(&(code, file, column)).copied().unwrap_or_default();
        (!faults.is_empty()).then(|| {
            let first = faults.remove(0);
            Reason { count, column: column.to_owned(), first, samples: faults }
        })
    };
    let mut reasons: Vec<Reason> = groups.into_iter().filter_map(reason).collect();
    reasons.sort_by_key(|reason| (!reason.first.is_error, std::cmp::Reverse(reason.count)));
    reasons
}

/// The same workbook that the command line writes.
fn workbook(rejects: &[ResultTable], lang: Lang) -> Outcome<Option<Part>> {
    if rejects.is_empty() {
        return Ok(None);
    }
    let unwritable = |error: std::io::Error| {
        let reason = hengjie_facts::io_reason(&error);
        Failure::Unwritable(hengjie_facts::Bilingual::new(
            format!("没有导入的行写不成工作簿：{}", reason.zh),
            format!("the workbook of rejected rows cannot be written: {}", reason.en),
        ))
    };
    let folder = tempfile::tempdir().map_err(unwritable)?;
    let path = folder.path().join("rejects.xlsx");
    output::write("import", rejects, &[], &path, Format::Xlsx, lang)?;
    let content = std::fs::read(&path).map_err(unwritable)?;
    let name = lang.pick("未导入.xlsx", "rejected.xlsx").to_owned();
    Ok(Some(Part { position: 0, name, content }))
}

/// Nothing was taken, and this is why.
pub(super) fn of_failure(failure: Failure, lang: Lang) -> Ending {
    let mut trouble = Refusal::Failure(failure).trouble(lang);
    if trouble.code == "facts" {
        trouble.message = lang.pick("没有导入任何资料。", "Nothing was imported.").to_owned();
    }
    Ending { state: ImportState::Refused, trouble: Some(trouble), ..Ending::default() }
}

fn trouble(code: &str, message: &str) -> Ending {
    let (code, message) = (code.to_owned(), message.to_owned());
    let trouble = Trouble { code, message, faults: Vec::new(), found: None };
    Ending { trouble: Some(trouble), ..Ending::default() }
}

pub(super) fn broken(lang: Lang) -> Ending {
    let (zh, en) = (
        "导入中出了程序错误，没有导入。请把文件交给维护的人。",
        "A fault of the program stopped this import. Give the files to whoever maintains it.",
    );
    trouble("broken", lang.pick(zh, en))
}

/// The worker took more than it may, or something in a file ended it.
pub(super) fn exceeded(budget: &Budget, lang: Lang) -> Ending {
    trouble("exceeded", budget.exceeded().text(lang))
}

pub(super) fn stopped(lang: Lang) -> Ending {
    let (zh, en) = (
        "导入中服务停了。请把同样的文件再导入一次：已经收下的不会重复。",
        "The server stopped during this import. Import the same files again: what was taken is not taken twice.",
    );
    trouble("stopped", lang.pick(zh, en))
}
