//! What a run was: everything that went in and every file that came out, by SHA-256.
//!
//! The text of the document, and of parameter files that are text, is kept as well: both are small, and whoever edits them in
//! place would otherwise take away what the run was computed from. Facts are not kept: a fact store keeps them, and of a folder
//! it is known whether it is still the same.

use crate::failure::{Failure, Outcome};
use crate::output;
use hengjie_facts::{Bilingual, sha256};
use serde::{Deserialize, Serialize};
use std::path::{Path, PathBuf};

/// Version of the form of a record. A record of another version is refused.
const FORMAT: u32 = 1;

/// Largest record that is read: the texts of a document and of parameter files.
const RECORD_BYTES: u64 = 256 << 20;

/// What a run was. Its bytes are canonical: fields in this order, lists in the order that each says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Record {
    /// Version of the form.
    pub format: u32,
    /// Version of Hengjie that computed.
    pub engine: String,
    /// The document.
    pub policy: PolicyMark,
    /// The facts, decisions among them.
    pub facts: FactsMark,
    /// Parameter files, in the order in which they were given.
    pub parameters: Vec<KeptFile>,
    /// Every reading of the document with the alternative that was taken, in document order.
    pub readings: Vec<(String, String)>,
    /// Periods that were computed.
    pub periods: Vec<String>,
    /// What was asked for.
    pub asked: Asked,
    /// The files of the results, in the order in which they were written; they lie beside the record.
    pub results: Vec<FileMark>,
    /// Where everything lay. No part of what the run was: see [`Record::identity`].
    pub places: Places,
}

/// The document of a run.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PolicyMark {
    /// Its name.
    pub name: String,
    /// Its first day.
    pub from: String,
    /// Content hash of the artifact.
    pub hash: String,
    /// The document itself, then those it adopts.
    pub files: Vec<KeptFile>,
}

/// The facts of a run.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum FactsMark {
    /// Files that tables of the document are read from, by name.
    Folder {
        /// By name.
        files: Vec<FileMark>,
    },
    /// One workbook.
    Workbook {
        /// The workbook.
        file: FileMark,
    },
    /// A fact store as of an import.
    Store {
        /// Number of the import.
        import: u32,
        /// The day on which it became known; empty for import 0.
        known: String,
        /// SHA-256 of its manifest, which stands for everything known by then.
        fingerprint: String,
    },
}

/// A file by its content.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FileMark {
    /// Name without folders.
    pub file: String,
    /// SHA-256 of its bytes.
    pub sha256: String,
}

/// A file by its content, with the content where it is text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct KeptFile {
    /// Name without folders; for adopted documents as people see the path.
    pub file: String,
    /// SHA-256 of its bytes.
    pub sha256: String,
    /// Its text; `None` for a workbook.
    pub text: Option<String>,
}

/// What was asked for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Asked {
    /// Periods; empty: the last ones of the facts.
    pub periods: Vec<String>,
    /// Names of values; empty: all.
    pub only: Vec<String>,
    /// Language of words in the results: `zh` or `en`.
    pub lang: String,
    /// Format of the results, as an ending.
    pub format: String,
    /// Is the first result a file with a name of its own? The others go by the name of their table.
    pub is_file: bool,
}

/// Where everything lay, seen from the folder of the record.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Places {
    /// The document.
    pub policy: String,
    /// Folder, store or workbook of the facts.
    pub facts: String,
    /// Parameter files.
    pub parameters: Vec<String>,
}

/// The one field that every version has.
#[derive(Debug, Deserialize)]
struct Form {
    format: u32,
}

impl Record {
    /// Version of the form that is written.
    pub(super) const FORMAT: u32 = FORMAT;

    /// The record as it is written.
    #[must_use]
    pub fn text(&self) -> String {
        serde_json::to_string_pretty(self).unwrap_or_default() + "\n"
    }

    /// SHA-256 of everything but the places: two runs with one identity had the same inputs and gave the same files.
    #[must_use]
    pub fn identity(&self) -> String {
        let nowhere = Self { places: Places::default(), ..self.clone() };
        sha256(nowhere.text().as_bytes())
    }

    /// Reads a record.
    ///
    /// # Errors
    /// [`Failure::Unreadable`]: there is no such file, it is no record, or one of another version.
    pub fn read(path: &Path) -> Outcome<Self> {
        let what = Bilingual::new("运行记录", "a run record");
        let text =
            crate::document::read_text_under(path, RECORD_BYTES, &what).map_err(Failure::Unreadable)?;
        Self::parse(&text).map_err(|reason| {
            let shown = path.display();
            Failure::Unreadable(Bilingual::new(
                format!("{shown} 不是运行记录（{}）；运行记录由 hengjie run 写在结果旁边", reason.zh),
                format!(
                    "{shown} is no run record ({}); hengjie run writes one beside its results",
                    reason.en
                ),
            ))
        })
    }

    /// The record of a text.
    ///
    /// # Errors
    /// Says why it is none.
    pub(crate) fn parse(text: &str) -> Result<Self, Bilingual> {
        let unreadable = |error: serde_json::Error| Bilingual::new(error.to_string(), error.to_string());
        let Form { format } = serde_json::from_str(text).map_err(unreadable)?;
        match format {
            FORMAT => serde_json::from_str(text).map_err(unreadable),
            other => Err(Bilingual::new(
                format!("格式版本是 {other}，这个程序只读版本 {FORMAT}"),
                format!("version {other} of the form; this program reads version {FORMAT}"),
            )),
        }
    }

    /// Writes the record beside the results. Gives its path.
    ///
    /// # Errors
    /// [`Failure::Unwritable`].
    pub fn write(&self, path: &Path) -> Outcome<PathBuf> {
        output::write_text(path, &self.text())?;
        Ok(path.to_owned())
    }
}

impl FactsMark {
    /// The files of a folder or workbook; none of a store.
    #[must_use]
    pub fn files(&self) -> &[FileMark] {
        match self {
            Self::Folder { files } => files,
            Self::Workbook { file } => std::slice::from_ref(file),
            Self::Store { .. } => &[],
        }
    }
}

/// A path seen from a folder, with `/`; as it is given where one of them does not exist.
pub(super) fn seen_from(folder: &Path, path: &Path) -> String {
    let folder = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
    let (Ok(from), Ok(to)) = (folder.canonicalize(), path.canonicalize()) else {
        return path.display().to_string();
    };
    let shared = from.components().zip(to.components()).take_while(|(left, right)| left == right).count();
    let up = std::iter::repeat_n("..".to_owned(), from.components().count() - shared);
    let down = to.components().skip(shared).map(|part| part.as_os_str().to_string_lossy().into_owned());
    let parts: Vec<String> = up.chain(down).collect();
    if parts.is_empty() { ".".to_owned() } else { parts.join("/") }
}
