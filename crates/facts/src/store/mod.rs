//! The fact store: a folder to which imports are added and in which nothing is ever changed.
//!
//! ```text
//! 资料库/
//!   store.json            what this folder is
//!   imports/000001.json   a Manifest: what came in, when it became known, SHA-256 of the manifest before
//!   pieces/人员-000001-5f….parquet   the rows of one entry, an ordinary file of facts
//! ```
//!
//! A fact has two times. When it holds in the world is in its own columns (期间, 自, 日期). When it became known is the day of
//! its import. A correction is a later row with the same key: reading as of a day takes, for every key and column, the latest
//! row known by then. An import exists when its manifest does: the pieces come first, the manifest is moved to its place last.

pub(crate) mod manifest;
pub(crate) mod piece;
mod view;

pub use manifest::{Action, Entry, Manifest, Piece, sha256, sha256_of_file};

use crate::fault::{Fault, Faults};
use crate::limits::Limits;
use crate::load::{Loaded, ProgressFn};
use crate::reason::io_reason;
use crate::spec::TableSpec;
use crate::write::WriteError;
use hengjie_calendar::Date;
use rayon::prelude::*;
use serde::{Deserialize, Serialize};
use std::io::Write;
use std::path::{Path, PathBuf};

/// The file that says what the folder is.
const MARK: &str = "store.json";
const IMPORTS: &str = "imports";
const PIECES: &str = "pieces";

/// A fact store as it was when it was opened; imports that come later are not in it.
#[derive(Debug, Clone)]
pub struct FactStore {
    folder: PathBuf,
    imports: Vec<Manifest>,
    /// SHA-256 of the last manifest; empty without imports.
    head: String,
}

/// What `store.json` holds.
#[derive(Debug, Serialize, Deserialize)]
struct Mark {
    /// `hengjie-facts`.
    kind: String,
    layout: u32,
}

impl FactStore {
    /// Is a folder a fact store?
    #[must_use]
    pub fn is_at(folder: &Path) -> bool {
        folder.join(MARK).is_file()
    }

    /// Opens a store and checks the chain of its manifests.
    ///
    /// # Errors
    /// HJ1801: the folder is no store, is of a later version, or cannot be read. HJ1802: a manifest was changed or is gone.
    pub fn open(folder: &Path) -> Result<Self, Fault> {
        let text = std::fs::read_to_string(folder.join(MARK)).map_err(|_| no_store(folder))?;
        let mark: Mark = serde_json::from_str(&text).map_err(|_| damaged(MARK))?;
        if mark.layout > manifest::LAYOUT {
            return Err(later_version(folder));
        }
        let mut store = Self { folder: folder.to_owned(), imports: Vec::new(), head: String::new() };
        let last = count(&folder.join(IMPORTS)).map_err(|error| unreadable(IMPORTS, &error))?;
        for import in 1..=last {
            let name = manifest_name(import);
            let bytes = std::fs::read(folder.join(IMPORTS).join(&name)).map_err(|_| damaged(&name))?;
            let manifest: Manifest = serde_json::from_slice(&bytes).map_err(|_| damaged(&name))?;
            if manifest.import != import || manifest.previous != store.head {
                return Err(damaged(&name));
            }
            store.imports.push(manifest);
            store.head = sha256(&bytes);
        }
        Ok(store)
    }

    /// Opens a store, or makes an empty one where there is no folder yet or an empty one.
    ///
    /// # Errors
    /// As [`FactStore::open`]; HJ1801 for a folder with other files; the folder cannot be written.
    pub fn open_or_create(folder: &Path) -> Result<Self, Fault> {
        if Self::is_at(folder) {
            return Self::open(folder);
        }
        let is_empty = std::fs::read_dir(folder).map_or(true, |mut entries| entries.next().is_none());
        if !is_empty {
            return Err(no_store(folder));
        }
        let mark = Mark { kind: "hengjie-facts".to_owned(), layout: manifest::LAYOUT };
        let text = serde_json::to_string_pretty(&mark).unwrap_or_default() + "\n";
        let make = || -> std::io::Result<()> {
            std::fs::create_dir_all(folder.join(IMPORTS))?;
            std::fs::create_dir_all(folder.join(PIECES))?;
            std::fs::write(folder.join(MARK), text)
        };
        make().map_err(|error| unreadable(&folder.display().to_string(), &error))?;
        Ok(Self { folder: folder.to_owned(), imports: Vec::new(), head: String::new() })
    }

    /// All imports, the first one first.
    #[must_use]
    pub fn imports(&self) -> &[Manifest] {
        &self.imports
    }

    /// SHA-256 of the manifest of an import, which stands for everything known by then; empty for import 0.
    #[must_use]
    pub fn fingerprint(&self, import: u32) -> String {
        match self.imports.get(import as usize) {
            Some(next) => next.previous.clone(),
            None => self.head.clone(),
        }
    }

    /// Number of the last import that was known on a day; 0 when nothing was.
    #[must_use]
    pub fn known_at(&self, day: Date) -> u32 {
        let known = self.imports.iter().take_while(|import| import.day() <= day).count();
        u32::try_from(known).unwrap_or(u32::MAX)
    }

    /// Number of the last import.
    #[must_use]
    pub fn last(&self) -> u32 {
        u32::try_from(self.imports.len()).unwrap_or(u32::MAX)
    }

    /// The entries of a table up to an import, the first one first.
    pub fn entries<'a>(&'a self, table: &'a str, import: u32) -> impl Iterator<Item = (u32, &'a Entry)> {
        let imports = self.imports.iter().take(import as usize);
        let of = move |manifest: &'a Manifest| {
            let entries = manifest.entries.iter().filter(move |entry| entry.table == table);
            entries.map(move |entry| (manifest.import, entry))
        };
        imports.flat_map(of)
    }

    /// Reads tables as they were known after an import. References stay keys; see [`crate::resolve`].
    ///
    /// Rows are in the order in which their keys became known. Each has the file and row it was last said in.
    #[must_use]
    pub fn load(
        &self,
        import: u32,
        specs: &[TableSpec],
        limits: &Limits,
        progress: &ProgressFn<'_>,
    ) -> Loaded {
        let read = |(index, spec): (usize, &TableSpec)| {
            let mut faults = Faults::new("", limits.faults_per_table);
            let table = view::table(self, import, (index, spec), limits, progress, &mut faults);
            (spec.name.clone(), table, faults)
        };
        let read: Vec<_> = specs.par_iter().enumerate().with_max_len(1).map(read).collect();
        let mut loaded = Loaded::default();
        for (name, table, faults) in read {
            loaded.tables.extend(table);
            loaded.report.absorb(&name, faults);
        }
        loaded
    }

    /// Checks that every piece is what was written. `progress` is told how many of how many pieces were looked at.
    ///
    /// # Errors
    /// One HJ1802 per piece that was changed or is gone.
    pub fn verify(&self, progress: &(dyn Fn(usize, usize) + Sync)) -> Result<(), Vec<Fault>> {
        let pieces: Vec<&Piece> =
            self.imports.iter().flat_map(|import| &import.entries).map(|entry| &entry.piece).collect();
        let mut faults = Vec::new();
        for (done, piece) in pieces.iter().enumerate() {
            let hash = sha256_of_file(&self.pieces().join(&piece.file));
            if hash.ok().as_ref() != Some(&piece.sha256) {
                faults.push(damaged(&piece.file));
            }
            progress(done + 1, pieces.len());
        }
        if faults.is_empty() { Ok(()) } else { Err(faults) }
    }

    /// Where pieces lie.
    pub(crate) fn pieces(&self) -> PathBuf {
        self.folder.join(PIECES)
    }

    /// Adds an import whose pieces are written. From here on it exists.
    ///
    /// # Errors
    /// HJ1809: somebody else has added an import meanwhile. The disk cannot be written.
    pub(crate) fn append(&mut self, recorded_on: Date, by: &str, entries: Vec<Entry>) -> Result<u32, Fault> {
        let import = self.last() + 1;
        let (by, previous) = (by.to_owned(), self.head.clone());
        let manifest = Manifest { import, recorded_on: recorded_on.to_string(), by, previous, entries };
        let (text, name, folder) = (manifest.text(), manifest_name(import), self.folder.join(IMPORTS));
        let write = || -> std::io::Result<()> {
            sync(&self.pieces())?;
            let mut file =
                tempfile::Builder::new().prefix(".hengjie-").suffix(".part").tempfile_in(&folder)?;
            file.write_all(text.as_bytes())?;
            file.as_file().sync_all()?;
            file.persist_noclobber(folder.join(&name)).map_err(|error| error.error)?;
            sync(&folder)
        };
        write().map_err(|error| match error.kind() {
            std::io::ErrorKind::AlreadyExists => somebody_else(import),
            _ => unwritable(&name, &error),
        })?;
        self.head = sha256(text.as_bytes());
        self.imports.push(manifest);
        Ok(import)
    }
}

fn manifest_name(import: u32) -> String {
    format!("{import:06}.json")
}

/// How many manifests a folder has.
fn count(folder: &Path) -> std::io::Result<u32> {
    let mut last = 0;
    for entry in std::fs::read_dir(folder)? {
        let name = entry?.file_name().to_string_lossy().into_owned();
        let number = name.strip_suffix(".json").and_then(|stem| stem.parse::<u32>().ok());
        last = last.max(number.unwrap_or(0));
    }
    Ok(last)
}

/// Makes the names in a folder durable.
fn sync(folder: &Path) -> std::io::Result<()> {
    match cfg!(unix) {
        true => std::fs::File::open(folder)?.sync_all(),
        // Elsewhere folders cannot be opened; the system writes their names by itself.
        false => Ok(()),
    }
}

fn no_store(folder: &Path) -> Fault {
    let folder = folder.display();
    Fault::error("HJ1801", format!("{folder} 不是资料库"), format!("{folder} is no fact store")).help(
        "写资料库的文件夹；新建时给一个还没有的文件夹",
        "name the folder of a store; for a new one, a folder that does not exist yet",
    )
}

fn later_version(folder: &Path) -> Fault {
    let folder = folder.display();
    Fault::error(
        "HJ1801",
        format!("{folder} 是更新的版本写的资料库"),
        format!("{folder} was written by a later version"),
    )
    .help("升级衡阶", "update Hengjie")
}

/// A file of the store is not what was written.
pub(crate) fn damaged(file: &str) -> Fault {
    let mut fault = Fault::error(
        "HJ1802",
        "资料库的这个文件不见了，或者被改过",
        "this file of the fact store is gone or was changed",
    )
    .help(
        "从备份恢复整个资料库；以前的导入不能改，要更正就再导入一次",
        "restore the whole store from a backup; earlier imports are never edited, corrections are imported",
    );
    fault.file = file.to_owned();
    fault
}

/// A file of the store cannot be read.
pub(crate) fn unreadable(file: &str, error: &std::io::Error) -> Fault {
    let reason = io_reason(error);
    let mut fault = Fault::error(
        "HJ1801",
        format!("读不了资料库：{}", reason.zh),
        format!("cannot read the fact store: {}", reason.en),
    )
    .help("检查路径和权限", "check the path and the permissions");
    fault.file = file.to_owned();
    fault
}

/// A file of the store cannot be written; the store is as it was.
pub(crate) fn unwritable(file: &str, error: &std::io::Error) -> Fault {
    let reason = io_reason(error);
    let mut fault = Fault::error(
        "HJ1801",
        format!("写不了资料库，没有导入：{}", reason.zh),
        format!("cannot write the fact store, nothing was imported: {}", reason.en),
    )
    .help("检查磁盘和权限，再导入一次", "check the disk and the permissions, then import again");
    fault.file = file.to_owned();
    fault
}

/// What a writer of pieces could not do.
pub(crate) fn unwritten(error: &WriteError) -> Fault {
    Fault::error("HJ1801", error.message.zh.clone(), error.message.en.clone())
        .help("检查磁盘和权限，再导入一次", "check the disk and the permissions, then import again")
}

fn somebody_else(import: u32) -> Fault {
    Fault::error(
        "HJ1809",
        format!("第 {import} 次导入刚刚由别人完成，这一次没有导入"),
        format!("somebody else has just made import {import}; this one was not made"),
    )
    .help("再运行一次", "run it again")
}
