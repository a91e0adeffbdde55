//! What a fact store says about each import: which files came in, which pieces hold their rows. Nothing is ever changed.

use hengjie_calendar::Date;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::io::{self, Read};
use std::path::Path;

/// Version of the layout. A store of a later version is refused.
pub(crate) const LAYOUT: u32 = 1;

/// One import, as `imports/000001.json`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Manifest {
    /// Number of the import, from 1 without gaps.
    pub import: u32,
    /// The day on which this became known. Never before that of the import before.
    pub recorded_on: String,
    /// Who imported; may be empty.
    pub by: String,
    /// SHA-256 of the manifest before; empty for the first. So no earlier manifest can be changed unnoticed.
    pub previous: String,
    /// One per table and file.
    pub entries: Vec<Entry>,
}

/// What came in from one file for one table.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Entry {
    /// Name of the table.
    pub table: String,
    /// What the rows do.
    pub action: Action,
    /// Name of the file, without folders.
    pub file: String,
    /// Sheet, for Excel.
    pub sheet: Option<String>,
    /// SHA-256 of the file.
    pub file_sha256: String,
    /// SHA-256 of what the mapping says about the table: another mapping makes other facts of the same file.
    pub mapping_sha256: String,
    /// Columns whose values together name a row.
    pub key: Vec<String>,
    /// Columns that the file had.
    pub columns: Vec<String>,
    /// Rows of the file.
    pub rows: u64,
    /// Rows with a key that was not known.
    pub new: u64,
    /// Rows that say something else than what was known about their key.
    pub corrected: u64,
    /// Rows that say what was known.
    pub unchanged: u64,
    /// Rows of the file that an import of the same file had taken.
    pub repeated: u64,
    /// Rows that were not taken, as people count them.
    pub rejected: Vec<u32>,
    /// Control totals that agreed: name and value as written.
    pub controls: Vec<(String, String)>,
    /// Where the new and corrected rows are.
    pub piece: Piece,
}

/// What the rows of an entry do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Action {
    /// They say how things are.
    Record,
    /// They take back what was said about their keys.
    Withdraw,
}

/// A file of rows, never written again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Piece {
    /// Name in the folder `pieces`.
    pub file: String,
    /// SHA-256 of it.
    pub sha256: String,
    /// Number of rows.
    pub rows: u64,
}

impl Manifest {
    /// The day on which this became known; the first day of the calendar when the manifest is damaged.
    #[must_use]
    pub fn day(&self) -> Date {
        Date::parse(&self.recorded_on).unwrap_or(Date::MIN)
    }

    /// The text of the file.
    pub(crate) fn text(&self) -> String {
        serde_json::to_string_pretty(self).unwrap_or_default() + "\n"
    }
}

/// SHA-256 of some bytes, in hexadecimal digits.
#[must_use]
pub fn sha256(bytes: &[u8]) -> String {
    hex(&Sha256::digest(bytes))
}

/// SHA-256 of a file, read in blocks.
///
/// # Errors
/// The file cannot be read.
pub fn sha256_of_file(path: &Path) -> io::Result<String> {
    let mut file = std::fs::File::open(path)?;
    let (mut hasher, mut block) = (Sha256::new(), vec![0; 1 << 18]);
    loop {
        match file.read(&mut block)? {
            0 => return Ok(hex(&hasher.finalize())),
            read => hasher.update(&block[..read]),
        }
    }
}

fn hex(hash: &[u8]) -> String {
    hash.iter().map(|byte| format!("{byte:02x}")).collect()
}
