//! 重放: a run again from its record, and whether the same comes out, byte by byte.
//!
//! | module | what |
//! |---|---|
//! | [`record`] | what a run was: the hashes of everything that went in and came out |
//! | `inputs` | taking the hashes |
//! | `restore` | a record back into a document and a request |

mod inputs;
pub mod record;
mod restore;

use crate::document::Policy;
use crate::failure::{Failure, Outcome};
use crate::output::{self, Format};
use crate::run::{Report, Request, Stage, run_while};
pub use inputs::{Inputs, record_path};
use record::{FileMark, Record};
pub use restore::Altered;
pub(crate) use restore::{Now, Restored, restore};
use serde_json::{Value as Json, json};
use std::path::{Path, PathBuf};

/// A result file of a run that was computed again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileCheck {
    /// Its name.
    pub file: String,
    /// SHA-256 then; empty when the run had no such file.
    pub before: String,
    /// SHA-256 now; empty when the replay gives no such file.
    pub after: String,
    /// SHA-256 of the file beside the record; `None` when there is none any more.
    pub beside: Option<String>,
}

impl FileCheck {
    /// Does the same come out?
    #[must_use]
    pub fn is_same(&self) -> bool {
        self.before == self.after
    }

    /// Was the file beside the record changed since?
    #[must_use]
    pub fn was_edited(&self) -> bool {
        self.beside.as_ref().is_some_and(|beside| *beside != self.before)
    }
}

/// What a replay found.
#[derive(Debug)]
pub struct Replay {
    /// The record.
    pub record: Record,
    /// Version of Hengjie that computes now.
    pub engine: &'static str,
    /// Inputs that are not as they were.
    pub altered: Vec<Altered>,
    /// Every result file.
    pub files: Vec<FileCheck>,
}

impl Replay {
    /// Does the run give the same again, and do its files still say so?
    #[must_use]
    pub fn is_same(&self) -> bool {
        self.files.iter().all(|file| file.is_same() && !file.was_edited())
    }

    /// For programs.
    #[must_use]
    pub fn to_json(&self, lang: hengjie_quantity::Lang) -> Json {
        let altered = |one: &Altered| json!({ "what": one.what.text(lang), "before": one.before, "after": one.after, "kept": one.is_kept });
        let file = |file: &FileCheck| json!({ "file": file.file, "before": file.before, "after": file.after, "beside": file.beside, "same": file.is_same() });
        json!({
            "run": self.record.identity(),
            "same": self.is_same(),
            "engine": { "before": self.record.engine, "now": self.engine },
            "altered": self.altered.iter().map(altered).collect::<Vec<_>>(),
            "files": self.files.iter().map(file).collect::<Vec<_>>(),
        })
    }
}

/// Runs a policy, and takes the hashes of what goes in meanwhile; `None` when `progress` said stop.
///
/// # Errors
/// As [`crate::run::run`]; [`Failure::Unreadable`] for an input that cannot be hashed.
pub fn run_recorded(
    policy: &Policy,
    request: &Request,
    progress: &(dyn Fn(Stage) -> bool + Sync),
) -> Outcome<Option<(Report, Inputs)>> {
    let (report, inputs) = std::thread::scope(|scope| {
        let inputs = scope.spawn(|| Inputs::take(policy, request));
        (run_while(policy, request, progress), inputs.join())
    });
    // What is wrong with the facts is said by the run.
    let Some(report) = report? else { return Ok(None) };
    let broken = || {
        Failure::usage("程序出了错误，没有记下这次运行", "a fault of the program: the run was not recorded")
    };
    Ok(Some((report, inputs.map_err(|_| broken())??)))
}

/// Writes the record of a run beside its results. Gives its path.
///
/// # Errors
/// [`Failure::Unreadable`] when a result is gone; [`Failure::Unwritable`].
pub fn write_record(
    policy: &Policy,
    request: &Request,
    (report, inputs): (&Report, Inputs),
    (out, format): (&Path, Format),
    files: &[PathBuf],
) -> Outcome<PathBuf> {
    let results = files.iter().map(|file| inputs::mark(file)).collect::<Outcome<_>>()?;
    let path = record_path(out, format);
    let folder = path.parent().unwrap_or(Path::new(""));
    let places = inputs::places(policy, request, folder);
    let asked = (request, format, output::is_file(out, format));
    inputs.record(asked, report, results, places).write(&path)
}

/// Computes a run again. `facts` says where they are when they are not where they were.
///
/// # Errors
/// [`Failure::Unreadable`] for what is no record; [`Failure::Document`] when the document is refused now; otherwise as a run.
pub fn replay(path: &Path, facts: Option<&Path>, progress: &(dyn Fn(Stage) + Sync)) -> Outcome<Replay> {
    let home = path.parent().map(Path::to_owned).unwrap_or_default();
    let record = Record::read(path)?;
    let now = Now { home: home.clone(), facts: facts.map(Path::to_owned) };
    let found = again(record, &now, &|stage| {
        progress(stage);
        true
    })?;
    let Some(mut found) = found else {
        return Err(crate::run::stopped());
    };
    for file in &mut found.files {
        file.beside = inputs::mark(&home.join(&file.file)).ok().map(|mark| mark.sha256);
    }
    Ok(found)
}

/// Computes a run again and compares its files; `None` when `progress` said stop.
pub(crate) fn again(
    record: Record,
    now: &Now,
    progress: &(dyn Fn(Stage) -> bool + Sync),
) -> Outcome<Option<Replay>> {
    let Restored { policy, request, altered, .. } = &restore(&record, now)?;
    let Some(report) = run_while(policy, request, progress)? else { return Ok(None) };
    let folder = tempfile::tempdir().map_err(|error| output::unwritable(Path::new("tmp"), &error))?;
    let format = Format::of(&record.asked.format).unwrap_or(Format::Xlsx);
    let out = target(folder.path(), &record, format);
    let written =
        output::write(&policy.program.name, &report.tables, &report.notes, &out, format, request.lang)?;
    let after: Vec<FileMark> = written.files.iter().map(|file| inputs::mark(file)).collect::<Outcome<_>>()?;
    let files = checks(&record.results, &after);
    Ok(Some(Replay { engine: env!("CARGO_PKG_VERSION"), altered: altered.clone(), files, record }))
}

/// Where a replay writes, so that its files are called as they were.
fn target(folder: &Path, record: &Record, format: Format) -> PathBuf {
    let first = record.results.first().map(|file| PathBuf::from(&file.file));
    match first.filter(|_| record.asked.is_file) {
        Some(first) => folder.join(inputs::name(&first)),
        None if format == Format::Xlsx => folder.join("results.xlsx"),
        None => folder.join("results"),
    }
}

fn checks(before: &[FileMark], after: &[FileMark]) -> Vec<FileCheck> {
    let hash = |files: &[FileMark], name: &str| {
        files.iter().find(|file| file.file == name).map_or_else(String::new, |file| file.sha256.clone())
    };
    let new = after.iter().filter(|file| before.iter().all(|known| known.file != file.file));
    let check = |file: &FileMark| FileCheck {
        file: file.file.clone(),
        before: hash(before, &file.file),
        after: hash(after, &file.file),
        beside: None,
    };
    before.iter().chain(new).map(check).collect()
}
