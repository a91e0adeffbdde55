//! Tables that an earlier run wrote and this one did not: gaps that are closed, values that were not asked for again. Left
//! beside new results they would be taken for results.
//!
//! A record beside the tables says which files are ours and what was in them. A file that somebody has changed since, and a
//! file that was never ours, stay.

use std::collections::BTreeMap;
use std::fs::File;
use std::hash::{DefaultHasher, Hasher};
use std::io::Read;
use std::path::{Path, PathBuf};

/// Name of the record.
pub(super) const RECORD: &str = ".hengjie.json";

/// Bytes read at a time.
const BLOCK: usize = 1 << 16;

/// Which files are ours: by target (`制度名 *.csv` for a folder, else the name of the policy and the file that was asked for), the mark of each file.
#[derive(Debug, Default)]
pub(super) struct Record(BTreeMap<String, BTreeMap<String, String>>);

/// What became of the tables of an earlier run.
#[derive(Debug, Default)]
pub(super) struct Tidied {
    pub(super) removed: Vec<PathBuf>,
    /// Changed by somebody.
    pub(super) kept: Vec<PathBuf>,
}

impl Record {
    /// The record of a folder; empty when there is none that can be read.
    pub(super) fn of(folder: &Path) -> Self {
        let text = std::fs::read_to_string(folder.join(RECORD)).unwrap_or_default();
        Self(serde_json::from_str(&text).unwrap_or_default())
    }

    /// Takes over the files of a new run, which lie in `staged` for now. Returns those of the earlier run to the same target.
    pub(super) fn renew(
        &mut self,
        target: &str,
        staged: &Path,
        names: &[String],
    ) -> BTreeMap<String, String> {
        let mark = |name: &String| Some((name.clone(), mark(&staged.join(name))?));
        self.0.insert(target.to_owned(), names.iter().filter_map(mark).collect()).unwrap_or_default()
    }

    /// The record as text.
    pub(super) fn text(&self) -> String {
        serde_json::to_string_pretty(&self.0).unwrap_or_default() + "\n"
    }
}

/// Removes the files of an earlier run that were not written again, if they are as they were.
pub(super) fn tidy(folder: &Path, earlier: &BTreeMap<String, String>, names: &[String]) -> Tidied {
    let mut tidied = Tidied::default();
    for (name, was) in earlier {
        // The record is a file like any other: it must not lead elsewhere.
        let is_plain = Path::new(name).file_name().is_some_and(|plain| plain.to_str() == Some(name));
        if names.contains(name) || !is_plain {
            continue;
        }
        let path = if folder == Path::new(".") { PathBuf::from(name) } else { folder.join(name) };
        match mark(&path) {
            Some(is) if is == *was && std::fs::remove_file(&path).is_ok() => tidied.removed.push(path),
            Some(_) => tidied.kept.push(path),
            None => {}
        }
    }
    tidied
}

/// Tells contents apart: length and hash. Should a later version hash differently, a file counts as changed and stays.
fn mark(path: &Path) -> Option<String> {
    let mut file = File::open(path).ok()?;
    let (mut hasher, mut length, mut block) = (DefaultHasher::new(), 0_u64, vec![0; BLOCK]);
    loop {
        match file.read(&mut block).ok()? {
            0 => return Some(format!("{length}-{:016x}", hasher.finish())),
            read => {
                length += read as u64;
                hasher.write(block.get(..read)?);
            }
        }
    }
}
