//! Reading and checking a policy document.

mod parents;

use crate::failure::{Failure, Outcome};
use crate::limits;
use crate::output::{Staging, unwritable};
use hengjie_facts::Bilingual;
use hengjie_policy::Compiled;
use hengjie_policy::adopt::{Adoption, Parent, Sources};
use hengjie_policy::core::Program;
use hengjie_quantity::Lang;
use hengjie_syntax::format::FormatOptions;
use hengjie_syntax::{Diagnostic, Message, Severity, Span};
use std::path::{Path, PathBuf};

/// A document that has been read and checked.
#[derive(Debug, Clone)]
pub struct Document {
    /// The file.
    pub path: PathBuf,
    /// Its text, followed by that of the documents it adopts.
    pub text: String,
    /// Which file each place of the text belongs to.
    pub sources: Sources,
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
    /// Its text, followed by that of the documents it adopts.
    pub text: String,
    /// Which file each place of the text belongs to.
    pub sources: Sources,
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

    /// What is wrong, file by file: path, text and diagnostics of each that has any. What a diagnostic says of another file
    /// stands in its help.
    #[must_use]
    pub fn by_file(&self) -> Vec<(String, String, Vec<Diagnostic>)> {
        let own = self.name();
        let mut files: Vec<(String, String, Vec<Diagnostic>)> = Vec::new();
        for file in self.sources.files() {
            let name = if file.file.is_empty() { own.clone() } else { file.file.clone() };
            files.push((name, file.text.clone(), Vec::new()));
        }
        for diagnostic in &self.diagnostics {
            let (part, inner) = self.sources.within(diagnostic, &own);
            if let Some((_, _, found)) = files.get_mut(part) {
                found.push(inner);
            }
        }
        files.retain(|(_, _, found)| !found.is_empty());
        files
    }

    /// The document when it has no error.
    ///
    /// # Errors
    /// [`Failure::Document`] with what is wrong.
    pub fn into_policy(mut self) -> Outcome<Policy> {
        match self.program.take() {
            Some(program) => {
                let hash = hengjie_policy::content_hash(&program);
                let Self { path, text, sources, diagnostics, .. } = self;
                Ok(Policy { path, text, sources, diagnostics, program, hash })
            }
            None => Err(Failure::Document(Box::new(self))),
        }
    }

    /// The path as people see it.
    #[must_use]
    pub fn name(&self) -> String {
        self.path.display().to_string()
    }
}

impl Policy {
    /// File, line and column of a place, as people see them; line and column from 1.
    #[must_use]
    pub fn place(&self, span: Span) -> (String, usize, usize) {
        let place = self.sources.place(span);
        let file =
            if place.file.is_empty() { self.path.display().to_string() } else { place.file.to_owned() };
        let (line, column) = place.line_column();
        (file, line, column)
    }
}

/// Reads and checks a document. A folder stands for the `policy.md` in it.
///
/// # Errors
/// [`Failure::Unreadable`]: no such file, no text, too large. Faults of the document are no error here.
pub fn read(path: &Path) -> Outcome<Document> {
    let path = file_of(path);
    let text = read_text(&path).map_err(Failure::Unreadable)?;
    Ok(of_text(path, &text))
}

/// Checks the text of a document that lies, or will lie, at a path.
#[must_use]
pub fn of_text(path: PathBuf, text: &str) -> Document {
    let Compiled { program, diagnostics, text, sources } =
        hengjie_policy::compile_with(text, &|wanted, from| parents::find(&path, wanted, from));
    Document { path, text, sources, diagnostics, program }
}

/// Checks the text of a document with the texts of those that it adopts: no file is read.
pub(crate) fn of_texts(path: PathBuf, text: &str, parents: &[Parent]) -> Document {
    let find = |wanted: &Adoption, _: &str| {
        let found = hengjie_policy::adopt::among(parents.iter().cloned(), wanted)?;
        let missing = || {
            Message::new(
                format!("没有上级制度“{}”的文字", wanted.name),
                format!("there is no text of the adopted policy `{}`", wanted.name),
            )
        };
        found.ok_or_else(missing)
    };
    let Compiled { program, diagnostics, text, sources } = hengjie_policy::compile_with(text, &find);
    Document { path, text, sources, diagnostics, program }
}

/// Finds what a document at a path adopts, for those who check a text that is not saved yet.
///
/// # Errors
/// Says where it has looked when there is no such document, or which files are both it.
pub fn find_adopted(path: &Path, wanted: &Adoption, from: &str) -> Result<Parent, Message> {
    parents::find(path, wanted, from)
}

/// Reads a document that must be without errors.
///
/// # Errors
/// As [`read`], and [`Failure::Document`] with what is wrong.
pub fn open(path: &Path) -> Outcome<Policy> {
    read(path)?.into_policy()
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
fn read_text(path: &Path) -> Result<String, Bilingual> {
    read_text_under(path, limits::DOCUMENT_BYTES, &Bilingual::new("制度文件", "a policy"))
}

/// The text of a file under a limit of its size; `what` names the file in messages.
pub(crate) fn read_text_under(path: &Path, limit: u64, what: &Bilingual) -> Result<String, Bilingual> {
    let shown = path.display();
    let unreadable = |error: std::io::Error| {
        let reason = hengjie_facts::io_reason(&error);
        Bilingual::new(
            format!("读不了 {shown}：{}", reason.zh),
            format!("cannot read {shown}: {}", reason.en),
        )
    };
    let size = std::fs::metadata(path).map_err(unreadable)?.len();
    if size > limit {
        let (size, most, Bilingual { zh, en }) = (size >> 20, limit >> 20, what);
        return Err(Bilingual::new(
            format!("{shown} 有 {size} MiB，{zh}最多 {most} MiB"),
            format!("{shown} has {size} MiB; {en} has at most {most} MiB"),
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
