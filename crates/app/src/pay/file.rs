//! The file of a ledger: read under a limit, one writer at a time, replaced as a whole.

use crate::document::read_text_under;
use crate::failure::{Failure, Outcome};
use crate::output::write_text;
use hengjie_facts::Bilingual;
use hengjie_pay::{BadLine, Book};
use std::fs::File;
use std::path::{Path, PathBuf};

/// A ledger that is being changed. Nobody else changes it until this is dropped.
#[derive(Debug)]
pub(super) struct Ledger {
    pub(super) book: Book,
    path: PathBuf,
    /// The lock goes with the file handle.
    _lock: File,
}

impl Ledger {
    /// Reads a ledger for changing it; one that is not there yet is empty.
    ///
    /// # Errors
    /// As [`read`]; [`Failure::Unwritable`] when the lock file cannot be made.
    pub(super) fn open(path: &Path) -> Outcome<Self> {
        let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        let beside = path.with_file_name(format!(".{name}.lock"));
        let lock = File::create(&beside).and_then(|file| file.lock().map(|()| file)).map_err(|error| {
            let (shown, reason) = (beside.display(), hengjie_facts::io_reason(&error));
            Failure::Unwritable(Bilingual::new(
                format!("写不了 {shown}：{}", reason.zh),
                format!("cannot write {shown}: {}", reason.en),
            ))
        })?;
        let book = if path.exists() { read(path)? } else { Book::default() };
        Ok(Self { book, path: path.to_owned(), _lock: lock })
    }

    /// Writes the whole ledger.
    ///
    /// # Errors
    /// [`Failure::Unwritable`]; the file is the old one then.
    pub(super) fn save(&self) -> Outcome<()> {
        write_text(&self.path, &self.book.write()).map(drop)
    }
}

/// Reads a ledger.
///
/// # Errors
/// [`Failure::Unreadable`]: too large, no text, or changed by hand; with line, column and value.
pub(super) fn read(path: &Path) -> Outcome<Book> {
    let what = Bilingual::new("账本", "a ledger");
    let text = read_text_under(path, crate::limits::LEDGER_BYTES, &what).map_err(Failure::Unreadable)?;
    Book::read(&text).map_err(|bad| Failure::Unreadable(damaged(path, &bad)))
}

/// A ledger that is only looked at must be there.
pub(super) fn must_exist(path: &Path) -> Outcome<()> {
    match path.exists() {
        true => Ok(()),
        false => Err(Failure::Unreadable(Bilingual::new(
            format!("没有账本 {}：先用 hengjie pay post 入账", path.display()),
            format!("there is no ledger {}: post to it first, with hengjie pay post", path.display()),
        ))),
    }
}

fn damaged(path: &Path, bad: &BadLine) -> Bilingual {
    let (path, line) = (path.display(), bad.line);
    let column = if bad.column.is_empty() { String::new() } else { format!("“{}”", bad.column) };
    Bilingual::new(
        format!(
            "{path} 第 {line} 行{column}（{}）和写下时不一样：账本只增不改，有人改过、删过或插过行，或者文件没有存完整；请从备份恢复",
            bad.value
        ),
        format!(
            "{path}, line {line} {column} ({}) is not as it was written: entries are only added; somebody has changed, removed \
             or inserted lines, or the file is not whole. Restore it from a backup",
            bad.value
        ),
    )
}
