//! What a record says back into a document and a request, with everything that is not as it was.

use super::inputs::{facts_mark, mark};
use super::record::{FactsMark, FileMark, KeptFile, Record};
use crate::document::{self, Policy};
use crate::failure::{Failure, Outcome};
use crate::load::Source;
use crate::run::{Request, parse_periods};
use hengjie_facts::{Bilingual, FactStore, sha256_of_file};
use hengjie_policy::adopt::Parent;
use hengjie_policy::core::Program;
use hengjie_quantity::Lang;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use tempfile::TempDir;

/// Something that is not as it was when the run was computed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Altered {
    /// What it is.
    pub what: Bilingual,
    /// SHA-256 then; empty when there was none.
    pub before: String,
    /// SHA-256 now; empty when there is none.
    pub after: String,
    /// Does the record hold what it was, so that the replay uses that?
    pub is_kept: bool,
}

/// The inputs of a run.
#[derive(Debug)]
pub(crate) struct Restored {
    pub(crate) policy: Policy,
    pub(crate) request: Request,
    /// What is not as it was.
    pub(crate) altered: Vec<Altered>,
    /// Holds the parameter files that the record has kept.
    _parameters: TempDir,
}

/// Where the inputs of a record are now.
#[derive(Debug, Clone)]
pub(crate) struct Now {
    /// Folder of the record: its places are seen from here.
    pub(crate) home: PathBuf,
    /// The facts, when they are somewhere else.
    pub(crate) facts: Option<PathBuf>,
}

impl Now {
    fn at(&self, place: &str) -> PathBuf {
        self.home.join(place)
    }
}

/// Restores what went into a run.
///
/// # Errors
/// [`Failure::Document`] when this version of Hengjie refuses the document; [`Failure::Unreadable`] when a file is gone that the
/// record does not hold; [`Failure::Facts`] for a damaged store.
pub(crate) fn restore(record: &Record, now: &Now) -> Outcome<Restored> {
    let mut altered = Vec::new();
    let policy = policy(record, now, &mut altered)?;
    let source = source(record, now, &policy.program, &mut altered)?;
    let folder = tempfile::tempdir().map_err(|error| {
        let reason = hengjie_facts::io_reason(&error);
        Failure::Unwritable(Bilingual::new(
            format!("写不了临时文件：{}", reason.zh),
            format!("cannot write temporary files: {}", reason.en),
        ))
    })?;
    let parameters = parameters(record, now, folder.path(), &mut altered)?;
    let request = Request {
        source,
        parameters,
        periods: parse_periods(&record.asked.periods)?,
        only: record.asked.only.clone(),
        readings: others(&policy.program, &record.readings),
        lang: Lang::parse(&record.asked.lang).unwrap_or_default(),
    };
    Ok(Restored { policy, request, altered, _parameters: folder })
}

/// The document from the texts that the record holds.
fn policy(record: &Record, now: &Now, altered: &mut Vec<Altered>) -> Outcome<Policy> {
    let text = |file: &KeptFile| file.text.clone().unwrap_or_default();
    let own = record.policy.files.first().map(text).unwrap_or_default();
    let parent = |file: &KeptFile| Parent { file: file.file.clone(), text: text(file) };
    let parents: Vec<Parent> = record.policy.files.iter().skip(1).map(parent).collect();
    let path = now.at(&record.places.policy);
    let policy = document::of_texts(path.clone(), &own, &parents).into_policy()?;
    // A document of the console lies in its store and nowhere else.
    if let Some(file) = record.policy.files.first().filter(|_| !record.places.policy.is_empty()) {
        altered.extend(kept_elsewhere(file, &path, &Bilingual::new("制度文件", "policy document")));
    }
    if policy.hash != record.policy.hash {
        // The same text, read otherwise: the language has changed since.
        altered.push(Altered {
            what: Bilingual::new(
                "制度内容指纹（同样的文字，程序读法不同）",
                "content hash (same text, read otherwise by this program)",
            ),
            before: record.policy.hash.clone(),
            after: policy.hash.clone(),
            is_kept: false,
        });
    }
    Ok(policy)
}

/// A file whose text is in the record, when it is not the same where it was.
fn kept_elsewhere(file: &KeptFile, path: &Path, kind: &Bilingual) -> Option<Altered> {
    let path = if path.is_dir() { path.join("policy.md") } else { path.to_owned() };
    let after = sha256_of_file(&path).unwrap_or_default();
    let what = Bilingual::new(format!("{} {}", kind.zh, file.file), format!("{} {}", kind.en, file.file));
    (after != file.sha256).then(|| Altered { what, before: file.sha256.clone(), after, is_kept: true })
}

/// Where the facts are, and what of them is not as it was.
fn source(record: &Record, now: &Now, program: &Program, altered: &mut Vec<Altered>) -> Outcome<Source> {
    let path = now.facts.clone().unwrap_or_else(|| now.at(&record.places.facts));
    let source = match &record.facts {
        FactsMark::Folder { .. } => Source::Folder(path),
        FactsMark::Workbook { .. } => Source::Workbook(path),
        FactsMark::Store { import, fingerprint, .. } => return store(path, *import, fingerprint, altered),
    };
    let present = facts_mark(program, &source)?;
    altered.extend(files(record.facts.files(), present.files()));
    Ok(source)
}

/// A store as of the import of the record. A store only grows, so the import is there unless the store is another one.
fn store(path: PathBuf, import: u32, fingerprint: &str, altered: &mut Vec<Altered>) -> Outcome<Source> {
    let store = FactStore::open(&path).map_err(crate::load::of_fault)?;
    let after = if store.last() < import { String::new() } else { store.fingerprint(import) };
    if after != fingerprint {
        altered.push(Altered {
            what: Bilingual::new(
                format!("资料库第 {import} 次导入"),
                format!("import {import} of the fact store"),
            ),
            before: fingerprint.to_owned(),
            after,
            is_kept: false,
        });
    }
    Ok(Source::Store { folder: path, import })
}

/// Files that are not the same, gone or new.
fn files(before: &[FileMark], after: &[FileMark]) -> Vec<Altered> {
    let by_name = |files: &[FileMark]| -> BTreeMap<String, String> {
        files.iter().map(|file| (file.file.clone(), file.sha256.clone())).collect()
    };
    let (before, after) = (by_name(before), by_name(after));
    let names: BTreeSet<&String> = before.keys().chain(after.keys()).collect();
    let hash = |files: &BTreeMap<String, String>, name: &str| files.get(name).cloned().unwrap_or_default();
    let altered = |name: &&String| Altered {
        what: Bilingual::new(format!("资料 {name}"), format!("facts {name}")),
        before: hash(&before, name),
        after: hash(&after, name),
        is_kept: false,
    };
    names.iter().map(altered).filter(|one| one.before != one.after).collect()
}

/// The parameter files: from the record where it holds them.
fn parameters(
    record: &Record,
    now: &Now,
    folder: &Path,
    altered: &mut Vec<Altered>,
) -> Outcome<Vec<PathBuf>> {
    let mut paths = Vec::new();
    for (position, file) in record.parameters.iter().enumerate() {
        let place = record.places.parameters.get(position).map_or_else(PathBuf::new, |place| now.at(place));
        let kind = Bilingual::new("参数文件", "parameter file");
        let Some(text) = &file.text else {
            let after = mark(&place)?.sha256;
            if after != file.sha256 {
                let what = Bilingual::new(
                    format!("{} {}", kind.zh, file.file),
                    format!("{} {}", kind.en, file.file),
                );
                altered.push(Altered { what, before: file.sha256.clone(), after, is_kept: false });
            }
            paths.push(place);
            continue;
        };
        altered.extend(kept_elsewhere(file, &place, &kind));
        // Results name the file: the copy has its name.
        let name = Path::new(&file.file).file_name().map(PathBuf::from).unwrap_or_default();
        let copy = folder.join(position.to_string()).join(name);
        crate::output::write_text(&copy, text)?;
        paths.push(copy);
    }
    Ok(paths)
}

/// The readings that differ from the choice of the document.
fn others(program: &Program, taken: &[(String, String)]) -> Vec<(String, String)> {
    let is_own = |(name, alternative): &&(String, String)| {
        let reading = program.readings.iter().find(|reading| reading.name == *name);
        reading.is_some_and(|reading| reading.alternatives.get(reading.chosen as usize) == Some(alternative))
    };
    taken.iter().filter(|one| !is_own(one)).cloned().collect()
}
