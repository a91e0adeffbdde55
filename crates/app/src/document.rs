//! Reading and checking a policy document.

use crate::failure::{Failure, Outcome};
use crate::limits;
use crate::output::{Staging, unwritable};
use hengjie_facts::Bilingual;
use hengjie_policy::core::Program;
use hengjie_quantity::Lang;
use hengjie_syntax::format::FormatOptions;
use hengjie_syntax::{Diagnostic, Severity};
use std::path::{Path, PathBuf};

/// A document that has been read and checked.
#[derive(Debug, Clone)]
pub struct Document {
    /// The file.
    pub path: PathBuf,
    /// Its text.
    pub text: String,
    /// What is wrong, by place.
    pub diagnostics: Vec<Diagnostic>,
    /// The typed core; `None` when there is an error.
    pub program: Option<Program>,
}

/// A document without errors.
#[derive(Debug, Clone)]
pub struct Policy {
    /// The file.
    pub path: PathBuf,
    /// Its text.
    pub text: String,
    /// Warnings.
    pub diagnostics: Vec<Diagnostic>,
    /// The typed core.
    pub program: Program,
    /// Content hash of the core, in hexadecimal.
    pub hash: String,
}

impl Document {
    /// Numbers of errors and warnings.
    #[must_use]
    pub fn counts(&self) -> (usize, usize) {
        let errors = self.diagnostics.iter().filter(|fault| fault.severity == Severity::Error).count();
        (errors, self.diagnostics.len() - errors)
    }

    /// Content hash of the core, in hexadecimal, when there is one.
    #[must_use]
    pub fn hash(&self) -> Option<String> {
        self.program.as_ref().map(hengjie_policy::content_hash)
    }

    /// The path as people see it.
    #[must_use]
    pub fn name(&self) -> String {
        self.path.display().to_string()
    }
}

/// Reads and checks a document. A folder stands for the `policy.md` in it.
///
/// # Errors
/// [`Failure::Unreadable`]: no such file, no text, too large. Faults of the document are no error here.
pub fn read(path: &Path) -> Outcome<Document> {
    let path = file_of(path);
    let text = read_text(&path).map_err(Failure::Unreadable)?;
    let compiled = hengjie_policy::compile(&text);
    Ok(Document { path, text, diagnostics: compiled.diagnostics, program: compiled.program })
}

/// Reads a document that must be without errors.
///
/// # Errors
/// As [`read`], and [`Failure::Document`] with what is wrong.
pub fn open(path: &Path) -> Outcome<Policy> {
    let mut document = read(path)?;
    match document.program.take() {
        Some(program) => {
            let hash = hengjie_policy::content_hash(&program);
            let Document { path, text, diagnostics, .. } = document;
            Ok(Policy { path, text, diagnostics, program, hash })
        }
        None => Err(Failure::Document(Box::new(document))),
    }
}

/// A document in its one form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Formatted {
    /// The file.
    pub path: PathBuf,
    /// Was it different?
    pub changed: bool,
}

/// Brings a document into its one form; with `only_check` the file is left alone. `to` spells the keywords in a language.
///
/// # Errors
/// [`Failure::Unreadable`] and [`Failure::Unwritable`]; the file is whole in any case.
pub fn format(path: &Path, to: Option<Lang>, only_check: bool) -> Outcome<Formatted> {
    let path = file_of(path);
    let text = read_text(&path).map_err(Failure::Unreadable)?;
    let formatted = hengjie_syntax::format::format(&text, &FormatOptions { language: to });
    let changed = formatted != text;
    if changed && !only_check {
        let staging = Staging::beside(&path)?;
        let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        let staged = staging.path().join(&name);
        std::fs::write(&staged, formatted).map_err(|error| unwritable(&path, &error))?;
        let folder = path.parent().map(Path::to_owned).unwrap_or_default();
        staging.publish(&folder, &[name])?;
    }
    Ok(Formatted { path, changed })
}

/// A folder stands for the `policy.md` in it.
fn file_of(path: &Path) -> PathBuf {
    if path.is_dir() { path.join("policy.md") } else { path.to_owned() }
}

/// The text of a document under the limit of its size.
pub(crate) fn read_text(path: &Path) -> Result<String, Bilingual> {
    let shown = path.display();
    let unreadable = |error: std::io::Error| {
        let reason = hengjie_facts::io_reason(&error);
        Bilingual::new(
            format!("读不了 {shown}：{}", reason.zh),
            format!("cannot read {shown}: {}", reason.en),
        )
    };
    let size = std::fs::metadata(path).map_err(unreadable)?.len();
    if size > limits::DOCUMENT_BYTES {
        let (size, most) = (size >> 20, limits::DOCUMENT_BYTES >> 20);
        return Err(Bilingual::new(
            format!("{shown} 有 {size} MiB，制度文件最多 {most} MiB"),
            format!("{shown} has {size} MiB; a policy has at most {most} MiB"),
        ));
    }
    let bytes = std::fs::read(path).map_err(unreadable)?;
    String::from_utf8(bytes).map_err(|error| {
        let line = error
            .as_bytes()
            .iter()
            .take(error.utf8_error().valid_up_to())
            .filter(|byte| **byte == b'\n')
            .count()
            + 1;
        Bilingual::new(
            format!("{shown} 第 {line} 行起不是 UTF-8 文字：请用编辑器另存为 UTF-8"),
            format!("{shown} is no UTF-8 text from line {line} on: save it as UTF-8"),
        )
    })
}
