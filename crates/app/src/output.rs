//! Writing results: first into a hidden folder beside the target, then moved as whole files. Whatever happens in between
//! leaves nothing half-written.

use crate::failure::{Failure, Outcome};
use crate::words::io_reason;
use arrow_array::StringArray;
use hengjie_facts::{Bilingual, ResultColumn, ResultTable, ResultValues, WriteError};
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

    fn ending(self) -> &'static str {
        Self::ALL.into_iter().find(|(format, _)| *format == self).map_or("", |(_, ending)| ending)
    }
}

/// Writes tables and notes. Excel makes one file. The other formats make a file per table: in the folder `out`, or, when
/// `out` is the name of a file, that file for the first table and files beside it for the others. Returns what was written.
///
/// # Errors
/// [`Failure::Unwritable`]; nothing is left behind.
pub fn write(
    tables: &[ResultTable],
    notes: &[(String, String)],
    out: &Path,
    format: Format,
    lang: Lang,
) -> Outcome<Vec<PathBuf>> {
    let is_file = format == Format::Xlsx || Format::of_path(out) == Some(format);
    let folder = if is_file { parent(out) } else { out.to_owned() };
    let staging = Staging::beside(out)?;
    let mut names = Vec::new();
    if format == Format::Xlsx {
        let name = file_name(out);
        let path = staging.path().join(&name);
        hengjie_facts::write_xlsx(&path, tables, notes, lang)
            .map_err(|error| staging.unwritable(&folder, &error))?;
        names.push(name);
    } else {
        let notes = notes_table(notes, lang);
        for (position, table) in tables.iter().chain(&notes).enumerate() {
            let name = match (is_file, position) {
                (true, 0) => file_name(out),
                (true, _) => format!("{}_{}.{}", stem(out), table.name, format.ending()),
                (false, _) => format!("{}.{}", table.name, format.ending()),
            };
            let path = staging.path().join(&name);
            let written = match format {
                Format::Json => hengjie_facts::write_json(&path, table, lang),
                Format::Parquet => hengjie_facts::write_parquet(&path, table, lang),
                Format::Csv | Format::Xlsx => hengjie_facts::write_csv(&path, table, lang),
            };
            written.map_err(|error| staging.unwritable(&folder, &error))?;
            names.push(name);
        }
    }
    staging.publish(&folder, &names)
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
    let (path, reason) = (path.display(), io_reason(error));
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
