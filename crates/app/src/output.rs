//! Writing results: first into a hidden folder beside the target, then moved as whole files. Whatever happens in between
//! leaves nothing half-written.

mod earlier;

use crate::failure::{Failure, Outcome};
use crate::load::Source;
use crate::schema::Schema;
use arrow_array::StringArray;
use hengjie_facts::{Bilingual, ResultColumn, ResultTable, ResultValues, WriteError};
use hengjie_policy::core::Program;
use hengjie_quantity::Lang;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};
use tempfile::TempDir;

/// How results are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// One Excel workbook.
    Xlsx,
    /// A CSV file per table.
    Csv,
    /// A JSON file per table.
    Json,
    /// A Parquet file per table.
    Parquet,
}

impl Format {
    /// Every format with its ending.
    pub const ALL: [(Self, &'static str); 4] =
        [(Self::Xlsx, "xlsx"), (Self::Csv, "csv"), (Self::Json, "json"), (Self::Parquet, "parquet")];

    /// The format of a word or an ending.
    #[must_use]
    pub fn of(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|(_, ending)| ending.eq_ignore_ascii_case(word)).map(|(format, _)| format)
    }

    /// The format that the ending of a path names.
    #[must_use]
    pub fn of_path(path: &Path) -> Option<Self> {
        Self::of(path.extension()?.to_str()?)
    }

    pub(crate) fn ending(self) -> &'static str {
        Self::ALL.into_iter().find(|(format, _)| *format == self).map_or("", |(_, ending)| ending)
    }
}

/// What writing did.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Written {
    /// The files of the results.
    pub files: Vec<PathBuf>,
    /// Tables of an earlier run to the same place that are no results any more, and are gone.
    pub removed: Vec<PathBuf>,
    /// The same, but somebody has changed them: they are still there.
    pub kept: Vec<PathBuf>,
}

/// Where the results of a run lie.
struct Target<'a> {
    /// Whose results: only tables of the same are replaced.
    of: &'a str,
    out: &'a Path,
    format: Format,
    /// Is `out` the name of a file?
    is_file: bool,
}

impl<'a> Target<'a> {
    fn new(of: &'a str, out: &'a Path, format: Format) -> Self {
        Self { of, out, format, is_file: is_file(out, format) }
    }

    fn folder(&self) -> PathBuf {
        if self.is_file { parent(self.out) } else { self.out.to_owned() }
    }

    /// The file of a table.
    fn file(&self, position: usize, table: &ResultTable) -> String {
        let ending = self.format.ending();
        match (self.is_file, position) {
            (true, 0) => file_name(self.out),
            (true, _) => format!("{}_{}.{ending}", stem(self.out), table.name),
            (false, _) => format!("{}.{ending}", table.name),
        }
    }

    /// What the record of earlier runs calls it.
    fn name(&self) -> String {
        let files = if self.is_file { file_name(self.out) } else { format!("*.{}", self.format.ending()) };
        format!("{} {files}", self.of)
    }
}

/// Is `out` the name of a file? Otherwise it is a folder with a file per table.
pub(crate) fn is_file(out: &Path, format: Format) -> bool {
    format == Format::Xlsx || Format::of_path(out) == Some(format)
}

/// Writes tables and notes. Excel makes one file. The other formats make a file per table: in the folder `out`, or, when
/// `out` is the name of a file, that file for the first table and files beside it for the others. Tables that an earlier run
/// of the same (`of`: the name of a policy, or of a report) wrote to the same place and this one did not are removed.
///
/// # Errors
/// [`Failure::Unwritable`]; nothing is left behind.
pub fn write(
    of: &str,
    tables: &[ResultTable],
    notes: &[(String, String)],
    out: &Path,
    format: Format,
    lang: Lang,
) -> Outcome<Written> {
    let target = Target::new(of, out, format);
    let folder = target.folder();
    let staging = Staging::beside(out)?;
    if format == Format::Xlsx {
        let name = file_name(out);
        let path = staging.path().join(&name);
        hengjie_facts::write_xlsx(&path, tables, notes, lang)
            .map_err(|error| staging.unwritable(&folder, &error))?;
        return Ok(Written { files: staging.publish(&folder, &[name])?, ..Written::default() });
    }
    let notes = notes_table(notes, lang);
    let mut names = Vec::new();
    for (position, table) in tables.iter().chain(&notes).enumerate() {
        let name = target.file(position, table);
        let path = staging.path().join(&name);
        let written = match format {
            Format::Json => hengjie_facts::write_json(&path, table, lang),
            Format::Parquet => hengjie_facts::write_parquet(&path, table, lang),
            Format::Csv | Format::Xlsx => hengjie_facts::write_csv(&path, table, lang),
        };
        written.map_err(|error| staging.unwritable(&folder, &error))?;
        names.push(name);
    }
    let mut record = earlier::Record::of(&folder);
    let before = record.renew(&target.name(), staging.path(), &names);
    let path = staging.path().join(earlier::RECORD);
    std::fs::write(&path, record.text()).map_err(|error| unwritable(&folder, &error))?;
    let all: Vec<String> = names.iter().cloned().chain([earlier::RECORD.to_owned()]).collect();
    let mut files = staging.publish(&folder, &all)?;
    files.pop();
    let earlier::Tidied { removed, kept } = earlier::tidy(&folder, &before, &names);
    Ok(Written { files, removed, kept })
}

/// Refuses results in the place of the facts they come from: a table of results may have the name of a table of facts.
///
/// # Errors
/// [`Failure::Usage`] when `out` is the workbook of the facts, the folder of the facts, or a table in it.
pub fn spare_facts(program: &Program, source: &Source, out: &Path, format: Format) -> Outcome<()> {
    let target = Target::new("", out, format);
    let same = |left: &Path, right: &Path| match (left.canonicalize(), right.canonicalize()) {
        (Ok(left), Ok(right)) => left == right,
        _ => false,
    };
    let is_table = || Schema::declared(program).specs.iter().any(|spec| spec.name == stem(out));
    let covers = match source {
        Source::Workbook(file) => target.is_file && same(file, out),
        Source::Folder(folder) | Source::Store { folder, .. } => {
            same(folder, &target.folder()) && (!target.is_file || is_table())
        }
    };
    match covers {
        false => Ok(()),
        true => {
            let out = out.display();
            Err(Failure::usage(
                format!("结果不能写到 {out}：会盖住资料；用 --out 另写一个文件或文件夹"),
                format!(
                    "results cannot go to {out}: they would cover the facts; name another file or folder with --out"
                ),
            ))
        }
    }
}

/// Removes what unfinished writing has left. For a handler that ends the program.
pub fn discard_unfinished() {
    let open = OPEN.lock().unwrap_or_else(PoisonError::into_inner);
    for folder in open.iter() {
        // The program ends now; there is nobody to tell.
        let _ = std::fs::remove_dir_all(folder);
    }
}

/// Folders of unfinished writing.
static OPEN: Mutex<Vec<PathBuf>> = Mutex::new(Vec::new());

/// A hidden folder that is removed in the end.
pub(crate) struct Staging {
    folder: TempDir,
}

impl Staging {
    /// A folder beside a target, on the same file system.
    pub(crate) fn beside(target: &Path) -> Outcome<Self> {
        let parent = parent(target);
        std::fs::create_dir_all(&parent).map_err(|error| unwritable(&parent, &error))?;
        let folder = tempfile::Builder::new()
            .prefix(".hengjie-")
            .tempdir_in(&parent)
            .map_err(|error| unwritable(&parent, &error))?;
        OPEN.lock().unwrap_or_else(PoisonError::into_inner).push(folder.path().to_owned());
        Ok(Self { folder })
    }

    pub(crate) fn path(&self) -> &Path {
        self.folder.path()
    }

    /// A fault of writing, with the place where the file would have been.
    pub(crate) fn unwritable(&self, folder: &Path, error: &WriteError) -> Failure {
        let (here, there) = (self.path().display().to_string(), folder.display().to_string());
        let text = |text: &str| text.replace(&here, &there);
        Failure::Unwritable(Bilingual::new(text(&error.message.zh), text(&error.message.en)))
    }

    /// Moves whole files to their places.
    pub(crate) fn publish(self, folder: &Path, names: &[String]) -> Outcome<Vec<PathBuf>> {
        std::fs::create_dir_all(folder).map_err(|error| unwritable(folder, &error))?;
        let mut written = Vec::new();
        for name in names {
            let target = if folder == Path::new(".") { PathBuf::from(name) } else { folder.join(name) };
            std::fs::rename(self.path().join(name), &target).map_err(|error| unwritable(&target, &error))?;
            written.push(target);
        }
        Ok(written)
    }
}

impl Drop for Staging {
    fn drop(&mut self) {
        let own = self.folder.path();
        OPEN.lock().unwrap_or_else(PoisonError::into_inner).retain(|folder| folder != own);
    }
}

pub(crate) fn unwritable(path: &Path, error: &std::io::Error) -> Failure {
    let (path, reason) = (path.display(), hengjie_facts::io_reason(error));
    Failure::Unwritable(Bilingual::new(
        format!("写不了 {path}：{}", reason.zh),
        format!("cannot write {path}: {}", reason.en),
    ))
}

/// The notes as a table.
fn notes_table(notes: &[(String, String)], lang: Lang) -> Option<ResultTable> {
    let column = |name: &str, texts: StringArray| ResultColumn {
        name: name.to_owned(),
        unit: String::new(),
        values: ResultValues::Text(texts),
        status: None,
    };
    let labels = notes.iter().map(|(label, _)| Some(label.as_str())).collect();
    let texts = notes.iter().map(|(_, text)| Some(text.as_str())).collect();
    let columns =
        vec![column(lang.pick("项目", "item"), labels), column(lang.pick("内容", "content"), texts)];
    let name = lang.pick("口径与版本", "scope and versions").to_owned();
    (!notes.is_empty()).then_some(ResultTable { name, columns })
}

/// Writes one file of text, whole or not at all. Gives its path.
///
/// # Errors
/// [`Failure::Unwritable`]; nothing is left behind.
pub fn write_text(path: &Path, text: &str) -> Outcome<Vec<PathBuf>> {
    let staging = Staging::beside(path)?;
    let name = file_name(path);
    std::fs::write(staging.path().join(&name), text).map_err(|error| unwritable(path, &error))?;
    staging.publish(&parent(path), &[name])
}

fn parent(path: &Path) -> PathBuf {
    match path.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent.to_owned(),
        _ => PathBuf::from("."),
    }
}

fn file_name(path: &Path) -> String {
    path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default()
}

fn stem(path: &Path) -> String {
    path.file_stem().map(|stem| stem.to_string_lossy().into_owned()).unwrap_or_default()
}
