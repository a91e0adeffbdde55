//! Files that are handed in: streamed to the disk under their SHA-256, so that the same file twice is one file. They stay until the
//! server stops; what was imported is in the fact store.

use super::access::Operation;
use super::answer::HandedIn;
use super::refusal::{Refusal, Refused};
use super::{Asking, Console};
use crate::failure::Failure;
use crate::limits::HANDED_IN_BYTES;
use hengjie_facts::{Bilingual, Limits, io_reason, sha256_of_file};
use std::io::Write;
use std::path::{Path, PathBuf};
use tempfile::{NamedTempFile, TempDir};

/// Folder of the files, in the home of the console.
const FOLDER: &str = "uploads";

/// Longest name of a file, in bytes: what file systems can keep.
const NAME_BYTES: usize = 200;

/// A file that is coming in.
#[derive(Debug)]
pub struct Incoming {
    file: NamedTempFile,
    folder: PathBuf,
    name: String,
    bytes: u64,
    most: u64,
}

impl Console {
    /// Begins to take a file for a document.
    ///
    /// # Errors
    /// [`Refusal::Forbidden`]; [`Refusal::Failure`] for a name that is none, a kind of file that cannot be read, or a disk that cannot be
    /// written; [`Refusal::Store`] when there is no such document.
    pub async fn hand_in(&self, asking: &Asking, document: &str, name: &str) -> Refused<Incoming> {
        asking.actor.permit(Operation::HandIn)?;
        self.store.document(document).await?;
        let (name, most) = checked(name)?;
        let folder = self.handed_in();
        let make = || {
            std::fs::create_dir_all(&folder)?;
            tempfile::Builder::new().prefix(".incoming-").tempfile_in(&folder)
        };
        let file = make().map_err(|error| unwritable(&error))?;
        Ok(Incoming { file, folder, name, bytes: 0, most })
    }

    /// Where files that were handed in lie.
    pub(super) fn handed_in(&self) -> PathBuf {
        self.shared.home.join(FOLDER)
    }

    /// Removes what was handed in to a server that has stopped. What cannot be removed takes place and does no harm.
    pub(super) fn forget_handed_in(&self) {
        let _ = std::fs::remove_dir_all(self.handed_in());
    }

    /// Puts files that were handed in together under their names, in a folder of their own that goes away when it is dropped.
    pub(super) fn together(&self, files: &[HandedIn]) -> Refused<TempDir> {
        let from = self.handed_in();
        let make = || {
            std::fs::create_dir_all(&from)?;
            tempfile::Builder::new().prefix("import-").tempdir_in(&from)
        };
        let folder = make().map_err(|error| unwritable(&error))?;
        for file in files {
            let (name, _) = checked(&file.name)?;
            let is_hash = file.sha256.len() == 64 && file.sha256.bytes().all(|sign| sign.is_ascii_hexdigit());
            let source = from.join(&file.sha256);
            if !is_hash || !source.is_file() {
                return Err(forgotten(&name));
            }
            let target = folder.path().join(&name);
            if target.exists() {
                return Err(twice(&name));
            }
            // A second name where the file system can give one: large files need not be copied.
            std::fs::hard_link(&source, &target)
                .or_else(|_| std::fs::copy(&source, &target).map(|_| ()))
                .map_err(|error| unwritable(&error))?;
        }
        Ok(folder)
    }
}

impl Incoming {
    /// Takes some more of the file.
    ///
    /// # Errors
    /// [`Refusal::Failure`] when the file is too large or the disk cannot be written.
    pub fn write(&mut self, bytes: &[u8]) -> Refused<()> {
        self.bytes += bytes.len() as u64;
        if self.bytes > self.most {
            return Err(too_large(&self.name, self.most));
        }
        self.file.write_all(bytes).map_err(|error| unwritable(&error))
    }

    /// Keeps the file: all of it has come.
    ///
    /// # Errors
    /// [`Refusal::Failure`] when the disk cannot be written.
    pub fn finish(mut self) -> Refused<HandedIn> {
        let keep = |file: &mut NamedTempFile| {
            file.flush()?;
            sha256_of_file(file.path())
        };
        let sha256 = keep(&mut self.file).map_err(|error| unwritable(&error))?;
        let kept = self.file.persist(self.folder.join(&sha256));
        kept.map_err(|error| unwritable(&error.error))?;
        Ok(HandedIn { name: self.name, sha256, bytes: self.bytes })
    }
}

/// A name without folders, and how many bytes a file of its kind may have.
fn checked(name: &str) -> Refused<(String, u64)> {
    let bare = name.rsplit(['/', '\\']).next().unwrap_or_default().trim();
    let is_odd =
        |sign: char| sign.is_control() || matches!(sign, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    let is_name =
        !bare.is_empty() && !bare.starts_with('.') && bare.len() <= NAME_BYTES && !bare.contains(is_odd);
    let ending = Path::new(bare).extension().and_then(|ending| ending.to_str()).unwrap_or_default();
    let limits = Limits::default();
    let most = match ending.to_ascii_lowercase().as_str() {
        "csv" | "json" => limits.text_bytes,
        "xlsx" => limits.workbook_bytes,
        "parquet" => limits.parquet_bytes.min(HANDED_IN_BYTES),
        _ => 0,
    };
    if is_name && most > 0 {
        return Ok((bare.to_owned(), most));
    }
    Err(Refusal::Failure(Failure::usage(
        format!("不收“{bare}”这种文件。可以传 .xlsx、.csv、.parquet、.json；旧的 .xls 请另存为 .xlsx"),
        format!(
            "files like “{bare}” are not taken. Hand in .xlsx, .csv, .parquet or .json; save an old .xls as .xlsx"
        ),
    )))
}

fn too_large(name: &str, most: u64) -> Refusal {
    let most = most >> 20;
    Refusal::Failure(Failure::usage(
        format!("{name} 太大，这种文件最多 {most} MiB。分成几个文件，大表用 Parquet"),
        format!(
            "{name} is too large; a file of this kind has at most {most} MiB. Split it, or use Parquet for large tables"
        ),
    ))
}

fn forgotten(name: &str) -> Refusal {
    Refusal::Failure(Failure::usage(
        format!("{name} 不在服务器上了（服务重新启动过）。请再选一次文件"),
        format!("{name} is not on the server any more (it was restarted). Choose the file again"),
    ))
}

fn twice(name: &str) -> Refusal {
    Refusal::Failure(Failure::usage(
        format!("有两个文件都叫 {name}，只能留一个"),
        format!("two files are called {name}; keep one of them"),
    ))
}

pub(super) fn unwritable(error: &std::io::Error) -> Refusal {
    let reason = io_reason(error);
    Refusal::Failure(Failure::Unwritable(Bilingual::new(
        format!("收不下文件：{}。检查磁盘空间和权限，再传一次", reason.zh),
        format!(
            "the file cannot be kept: {}. Check disk space and permissions, then hand it in again",
            reason.en
        ),
    )))
}
