//! The hashes of what goes into a run.

use super::record::{Asked, FactsMark, FileMark, KeptFile, Places, PolicyMark, Record, seen_from};
use crate::document::Policy;
use crate::failure::{Failure, Outcome};
use crate::load::{Source, of_fault};
use crate::output::{self, Format};
use crate::parameters;
use crate::run::{Report, Request};
use crate::schema::Schema;
use hengjie_facts::{Bilingual, FactStore, Mapping, sha256, sha256_of_file};
use hengjie_policy::core::Program;
use rayon::prelude::*;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// Text of a parameter file that a record keeps.
const KEPT_BYTES: usize = 4 << 20;

/// The file that says how files of a source system fit.
const MAPPING: &str = "mapping.json";

/// What goes into a run, as it was when the run began.
#[derive(Debug, Clone)]
pub struct Inputs {
    policy: PolicyMark,
    facts: FactsMark,
    parameters: Vec<KeptFile>,
    readings: Vec<(String, String)>,
}

impl Inputs {
    /// Takes the hashes.
    ///
    /// # Errors
    /// [`Failure::Unreadable`] for a file that cannot be read; [`Failure::Facts`] for a damaged store.
    pub fn take(policy: &Policy, request: &Request) -> Outcome<Self> {
        Ok(Self {
            policy: policy_mark(policy),
            facts: facts_mark(&policy.program, &request.source)?,
            parameters: request.parameters.iter().map(|path| kept(path)).collect::<Outcome<_>>()?,
            readings: readings(&policy.program, &request.readings),
        })
    }

    /// Content hash of the document.
    pub(crate) fn policy_hash(&self) -> &str {
        &self.policy.hash
    }

    /// The record of a run that gave these files.
    pub(crate) fn record(
        self,
        (request, format, is_file): (&Request, Format, bool),
        report: &Report,
        results: Vec<FileMark>,
        places: Places,
    ) -> Record {
        let words = |periods: &[hengjie_calendar::Period]| periods.iter().map(ToString::to_string).collect();
        Record {
            format: Record::FORMAT,
            engine: env!("CARGO_PKG_VERSION").to_owned(),
            policy: self.policy,
            facts: self.facts,
            parameters: self.parameters,
            readings: self.readings,
            periods: words(&report.periods),
            asked: Asked {
                periods: words(&request.periods),
                only: request.only.clone(),
                lang: request.lang.code().to_owned(),
                format: format.ending().to_owned(),
                is_file,
            },
            results,
            places,
        }
    }
}

/// Where the inputs of a run lie, seen from the folder of its record.
pub(super) fn places(policy: &Policy, request: &Request, folder: &Path) -> Places {
    let seen = |path: &Path| seen_from(folder, path);
    Places {
        policy: seen(&policy.path),
        facts: seen(request.source.path()),
        parameters: request.parameters.iter().map(|path| seen(path)).collect(),
    }
}

fn policy_mark(policy: &Policy) -> PolicyMark {
    let file = |source: &hengjie_policy::adopt::SourceFile| KeptFile {
        file: if source.file.is_empty() { name(&policy.path) } else { source.file.clone() },
        sha256: sha256(source.text.as_bytes()),
        text: Some(source.text.clone()),
    };
    PolicyMark {
        name: policy.program.name.clone(),
        from: policy.program.from.to_string(),
        hash: policy.hash.clone(),
        files: policy.sources.files().iter().map(file).collect(),
    }
}

/// The facts as they are now.
pub(super) fn facts_mark(program: &Program, source: &Source) -> Outcome<FactsMark> {
    match source {
        Source::Folder(folder) => {
            Ok(FactsMark::Folder { files: marks(folder, &files_of(program, folder)?)? })
        }
        Source::Workbook(file) => Ok(FactsMark::Workbook { file: mark(file)? }),
        Source::Store { folder, import } => {
            let store = FactStore::open(folder).map_err(of_fault)?;
            let manifest = import.checked_sub(1).and_then(|at| store.imports().get(at as usize));
            Ok(FactsMark::Store {
                import: *import,
                known: manifest.map_or_else(String::new, |manifest| manifest.recorded_on.clone()),
                fingerprint: store.fingerprint(*import),
            })
        }
    }
}

/// The files of a folder from which tables of the document may be read, by name. Others, such as results, are no inputs.
fn files_of(program: &Program, folder: &Path) -> Outcome<Vec<String>> {
    let mapping = Mapping::from_folder(folder).map_err(Failure::Unreadable)?;
    let specs = Schema::declared(program).specs;
    let tables = specs.iter().map(|spec| spec.name.clone()).chain([parameters::TABLE.to_owned()]);
    let tables: BTreeSet<String> = tables.collect();
    let sources: BTreeSet<&String> =
        mapping.tables.values().filter_map(|table| table.source.as_ref()).collect();
    let entries = std::fs::read_dir(folder).map_err(|error| unreadable(folder, &error))?;
    let names = entries.filter_map(|entry| Some(entry.ok()?.file_name().to_string_lossy().into_owned()));
    let is_input = |name: &String| {
        let path = Path::new(name);
        let stem = path.file_stem().map(|stem| stem.to_string_lossy().into_owned()).unwrap_or_default();
        name == MAPPING
            || sources.contains(name)
            || (Format::of_path(path).is_some() && tables.contains(&stem))
    };
    let mut names: Vec<String> = names.filter(is_input).collect();
    names.sort_unstable();
    Ok(names)
}

fn marks(folder: &Path, names: &[String]) -> Outcome<Vec<FileMark>> {
    names.par_iter().map(|name| mark(&folder.join(name))).collect()
}

/// A file as it is now.
pub(super) fn mark(path: &Path) -> Outcome<FileMark> {
    let sha256 = sha256_of_file(path).map_err(|error| unreadable(path, &error))?;
    Ok(FileMark { file: name(path), sha256 })
}

fn kept(path: &Path) -> Outcome<KeptFile> {
    let bytes = std::fs::read(path).map_err(|error| unreadable(path, &error))?;
    let sha256 = sha256(&bytes);
    let text =
        Some(bytes).filter(|bytes| bytes.len() <= KEPT_BYTES).and_then(|bytes| String::from_utf8(bytes).ok());
    Ok(KeptFile { file: name(path), sha256, text })
}

/// Every reading with the alternative that is taken.
fn readings(program: &Program, others: &[(String, String)]) -> Vec<(String, String)> {
    let taken = |reading: &hengjie_policy::core::Reading| {
        let other =
            others.iter().rev().find(|(name, _)| *name == reading.name).map(|(_, taken)| taken.clone());
        let own = || reading.alternatives.get(reading.chosen as usize).cloned().unwrap_or_default();
        (reading.name.clone(), other.unwrap_or_else(own))
    };
    program.readings.iter().map(taken).collect()
}

fn unreadable(path: &Path, error: &std::io::Error) -> Failure {
    let (path, reason) = (path.display(), hengjie_facts::io_reason(error));
    Failure::Unreadable(Bilingual::new(
        format!("读不了 {path}：{}", reason.zh),
        format!("cannot read {path}: {}", reason.en),
    ))
}

/// The last part of a path.
pub(super) fn name(path: &Path) -> String {
    path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default()
}

/// Where the record of results lies: `run.json` in their folder, `结果.run.json` beside a file.
#[must_use]
pub fn record_path(out: &Path, format: Format) -> PathBuf {
    match output::is_file(out, format) {
        true => out.with_extension("run.json"),
        false => out.join("run.json"),
    }
}
