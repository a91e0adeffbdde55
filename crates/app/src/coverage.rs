//! Which rules of the source texts the documents compute, run as procedures, declare, or only tell.
//!
//! The numbers of the source's rules stand in a list (`rules.csv`: 规则, 办法, 理由, reason) beside the documents; the documents
//! cite them below their headings (`> 来源：第七条；S02-R05`, also `S02-R01 至 R04`). Nothing else is asked of either.

mod evidence;
mod page;

use crate::document::{self, Policy};
use crate::failure::{Failure, Outcome};
pub use evidence::{Evidence, Place};
use hengjie_facts::{
    Bilingual, ColumnData, ColumnKind, ColumnSpec, Limits, LoadedTable, Mapping, Status, TableMapping,
    TableSpec,
};
use hengjie_quantity::Lang;
pub use page::markdown;
use rayon::prelude::*;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// Name of the list, and of its table.
const LIST: &str = "rules";

/// What becomes of a rule of the source.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Treatment {
    /// A rule computes it, and an example shows it.
    Computed,
    /// A form, duty, workflow, clock, check or body stands for it.
    Procedure,
    /// Names, tables, parameters or the scope that other rules build on.
    Declared,
    /// Text only, for a reason.
    Text,
}

impl Treatment {
    /// Every treatment, strongest first.
    pub const ALL: [Self; 4] = [Self::Computed, Self::Procedure, Self::Declared, Self::Text];

    /// The word of the list and of the page.
    #[must_use]
    pub fn word(self, lang: Lang) -> &'static str {
        match self {
            Self::Computed => lang.pick("计算", "computed"),
            Self::Procedure => lang.pick("办理", "procedure"),
            Self::Declared => lang.pick("声明", "declared"),
            Self::Text => lang.pick("文字", "text"),
        }
    }
}

/// One rule of the source, with what the documents make of it.
#[derive(Debug, Clone)]
pub struct SourceRule {
    /// `S02-R05`.
    pub number: String,
    /// What the list says becomes of it.
    pub treatment: Treatment,
    /// Why it is text only; empty for the others.
    pub reason: Bilingual,
    /// What the documents have.
    pub evidence: Evidence,
}

impl SourceRule {
    /// The scheme it belongs to: what stands before the last `-`.
    #[must_use]
    pub fn scheme(&self) -> &str {
        self.number.rsplit_once('-').map_or(&self.number, |(scheme, _)| scheme)
    }

    /// What is missing, if anything is.
    #[must_use]
    pub fn fault(&self) -> Option<Bilingual> {
        let Evidence { places, used, expectations, procedures, declarations, .. } = &self.evidence;
        let number = &self.number;
        if places.is_empty() {
            return Some(Bilingual::new(
                format!("{number}：没有条款引用它；在写它的标题下加 > 来源：{number}"),
                format!(
                    "{number}: no article cites it; write > 来源：{number} below the heading that says it"
                ),
            ));
        }
        let (ok, zh, en) = match self.treatment {
            Treatment::Computed => (
                *used > 0 && *expectations > 0,
                "要计算：引用它的条款里要有规则，并且有示例用到",
                "must be computed: an article that cites it needs a rule and an example that uses it",
            ),
            Treatment::Procedure => (
                *procedures > 0,
                "要办理：引用它的条款里要有表单、任务、流程、时限、检查或机构",
                "must be a procedure: an article that cites it needs a form, duty, workflow, clock, check or body",
            ),
            Treatment::Declared => (
                *declarations > 0,
                "要声明：引用它的条款里要有范围、名目、资料、参数或表",
                "must be declared: an article that cites it needs a scope, names, kinds, parameters or a table",
            ),
            Treatment::Text => (
                !self.reason.zh.is_empty() && !self.reason.en.is_empty(),
                "只有文字的要写理由（rules.csv 的“理由”和 reason）",
                "text only needs its reason (理由 and reason in rules.csv)",
            ),
        };
        (!ok).then(|| Bilingual::new(format!("{number}：{zh}"), format!("{number}: {en}")))
    }
}

/// The rules of a list and what the documents make of them.
#[derive(Debug, Clone)]
pub struct Coverage {
    /// In the order of the list.
    pub rules: Vec<SourceRule>,
    /// Numbers that documents cite and the list does not have, with the first place that cites each.
    pub unlisted: Vec<(String, Place)>,
}

impl Coverage {
    /// Everything that is missing, in the order of the list.
    #[must_use]
    pub fn faults(&self) -> Vec<Bilingual> {
        let unlisted = self.unlisted.iter().map(|(number, place)| {
            let (file, cite) = (&place.file, &place.cite);
            Bilingual::new(
                format!("{number}：{file} {cite} 引用了它，清单里没有；在 rules.csv 里加一行"),
                format!("{number}: cited by {file} {cite} and not in the list; add a line to rules.csv"),
            )
        });
        self.rules.iter().filter_map(SourceRule::fault).chain(unlisted).collect()
    }

    /// How many rules have each treatment, in the order of [`Treatment::ALL`].
    #[must_use]
    pub fn counts<'a>(rules: impl Iterator<Item = &'a SourceRule>) -> [usize; 4] {
        let mut counts = [0; 4];
        for rule in rules {
            counts[rule.treatment as usize] += 1;
        }
        counts
    }
}

/// Reads the list `rules.csv` of a folder and the documents in the folders below it.
///
/// # Errors
/// [`Failure::Usage`]: there is no list or no document. [`Failure::Facts`]: the list has faults. [`Failure::Document`]:
/// a document has errors. [`Failure::Unreadable`]: a file cannot be read.
pub fn measure(folder: &Path) -> Outcome<Coverage> {
    let listed = read_list(folder)?;
    let paths = documents(folder)?;
    let found: Vec<Outcome<_>> = paths
        .par_iter()
        .map(|path| document::open(path).map(|policy| evidence::of(&policy, &shown(folder, &policy))))
        .collect();
    let mut evidence: BTreeMap<String, Evidence> = BTreeMap::new();
    for found in found {
        for (number, more) in found? {
            evidence.entry(number).or_default().add(more);
        }
    }
    let mut rules = listed;
    for rule in &mut rules {
        rule.evidence = evidence.remove(&rule.number).unwrap_or_default();
    }
    let unlisted = evidence
        .into_iter()
        .filter_map(|(number, found)| found.places.first().cloned().map(|place| (number, place)))
        .collect();
    Ok(Coverage { rules, unlisted })
}

/// The path of a document as seen from the folder.
fn shown(folder: &Path, policy: &Policy) -> String {
    policy.path.strip_prefix(folder).unwrap_or(&policy.path).display().to_string()
}

/// The documents in the folders right below a folder, by name.
fn documents(folder: &Path) -> Outcome<Vec<PathBuf>> {
    let entries = std::fs::read_dir(folder).map_err(|error| {
        let (path, reason) = (folder.display(), hengjie_facts::io_reason(&error));
        Failure::Unreadable(Bilingual::new(
            format!("读不了 {path}：{}", reason.zh),
            format!("cannot read {path}: {}", reason.en),
        ))
    })?;
    let mut paths: Vec<PathBuf> = entries
        .filter_map(|entry| Some(entry.ok()?.path().join("policy.md")))
        .filter(|path| path.is_file())
        .collect();
    paths.sort();
    if paths.is_empty() {
        return Err(Failure::usage(
            format!("{} 下面没有制度：每份制度是一个文件夹，里面有 policy.md", folder.display()),
            format!("no policy below {}: each is a folder with a policy.md", folder.display()),
        ));
    }
    Ok(paths)
}

fn read_list(folder: &Path) -> Outcome<Vec<SourceRule>> {
    let path = folder.join("rules.csv");
    if !path.is_file() {
        return Err(Failure::usage(
            format!("没有 {}：要有一张清单，列是 规则、办法、理由、reason", path.display()),
            format!("there is no {}: the list has the columns 规则, 办法, 理由, reason", path.display()),
        ));
    }
    let table = TableMapping { source: Some("rules.csv".to_owned()), ..TableMapping::default() };
    let mapping = Mapping { tables: [(LIST.to_owned(), table)].into() };
    let loaded = hengjie_facts::load_folder(folder, &[spec()], &mapping, &Limits::default(), &|_| {});
    if loaded.report.has_errors() {
        return Err(Failure::Facts(Box::new(loaded.report)));
    }
    let Some(table) = loaded.table(0) else { return Ok(Vec::new()) };
    Ok((0..table.rows).filter_map(|row| rule(table, row)).collect())
}

fn spec() -> TableSpec {
    let words = Treatment::ALL.map(|treatment| treatment.word(Lang::Zh).to_owned()).to_vec();
    let text = |name| ColumnSpec { required: false, ..ColumnSpec::new(name, ColumnKind::Text) };
    let complete = |name, kind| ColumnSpec { complete: true, ..ColumnSpec::new(name, kind) };
    TableSpec {
        name: LIST.to_owned(),
        title: Bilingual::new("规则清单", "list of rules"),
        columns: vec![
            complete("规则", ColumnKind::Text),
            complete("办法", ColumnKind::Choice(words)),
            text("理由"),
            text("reason"),
        ],
        key: vec![0],
        required: true,
    }
}

fn rule(table: &LoadedTable, row: usize) -> Option<SourceRule> {
    let cell = |column: usize| -> String {
        let Some(Some(column)) = table.columns.get(column) else { return String::new() };
        match &column.data {
            ColumnData::Text(texts) if column.status(row) == Status::Present => {
                texts.value(row).trim().to_owned()
            }
            _ => String::new(),
        }
    };
    let treatment = match &table.columns.get(1)?.as_ref()?.data {
        ColumnData::Choice(items) => Treatment::ALL.get(usize::from(*items.get(row)?)).copied()?,
        _ => return None,
    };
    let reason = Bilingual::new(cell(2), cell(3));
    Some(SourceRule { number: cell(0), treatment, reason, evidence: Evidence::default() })
}
