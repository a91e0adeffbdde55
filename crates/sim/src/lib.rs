//! Seeded demonstration organisations, written as the files a user would have: a bank, a telecom branch, a tobacco bureau and a
//! securities branch. Equal seed and scale give equal bytes on every machine. All people and figures are invented.

mod bank;
mod calendar;
mod folder;
mod names;
mod random;
mod securities;
mod table;
mod telecom;
mod tobacco;

use std::fmt;
use std::path::{Path, PathBuf};

/// What to make.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Options {
    /// Chooses the people and the figures.
    pub seed: u64,
    /// Multiplies people, customers and records; 1 to 100.
    pub scale: u32,
}

/// The largest scale.
pub const MAX_SCALE: u32 = 100;

/// What was written.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Summary {
    /// One data folder for each policy.
    pub folders: Vec<FolderSummary>,
}

/// A data folder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FolderSummary {
    /// Where it is.
    pub path: PathBuf,
    /// The organisation.
    pub title: String,
    /// The folder of the policy document that reads it, under `policies`.
    pub policy: String,
    /// File and rows of each table.
    pub tables: Vec<(String, u64)>,
}

/// Why nothing could be written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SimError {
    /// The scale is not between 1 and [`MAX_SCALE`].
    Scale(u32),
    /// A file could not be written.
    File(FileError),
}

/// A file that could not be written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileError {
    path: PathBuf,
    reason: String,
}

impl FileError {
    /// The file.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// What the system says.
    #[must_use]
    pub fn reason(&self) -> &str {
        &self.reason
    }
}

impl SimError {
    fn file(path: &Path, reason: impl fmt::Display) -> Self {
        Self::File(FileError { path: path.to_owned(), reason: reason.to_string() })
    }

    /// The message in Chinese.
    #[must_use]
    pub fn zh(&self) -> String {
        match self {
            Self::Scale(scale) => format!("规模是 {scale}，要在 1 到 {MAX_SCALE} 之间"),
            Self::File(FileError { path, reason }) => {
                format!("写不了文件 {}：{reason}；检查路径、权限和磁盘空间", path.display())
            }
        }
    }

    /// The message in English.
    #[must_use]
    pub fn en(&self) -> String {
        match self {
            Self::Scale(scale) => format!("the scale is {scale}; it must be between 1 and {MAX_SCALE}"),
            Self::File(FileError { path, reason }) => {
                format!(
                    "cannot write the file {}: {reason}; check the path, the permissions and the space",
                    path.display()
                )
            }
        }
    }
}

impl fmt::Display for SimError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.en())
    }
}

impl std::error::Error for SimError {}

/// Receives the name of what is being made, how many parts are done and how many there are.
pub type ProgressFn<'a> = dyn Fn(&str, u64, u64) + 'a;

/// Writes the data folders `bank-s01`, `bank-s02`, `telecom`, `tobacco` and `securities` under `folder`.
///
/// Files of the same tables that an earlier call left behind are replaced.
///
/// # Errors
/// When the scale is out of range or a file cannot be written.
pub fn write_demo(folder: &Path, options: &Options, progress: &ProgressFn<'_>) -> Result<Summary, SimError> {
    if !(1..=MAX_SCALE).contains(&options.scale) {
        return Err(SimError::Scale(options.scale));
    }
    let mut folders = bank::write(folder, options, progress)?;
    folders.push(telecom::write(folder, options, progress)?);
    folders.push(tobacco::write(folder, options, progress)?);
    folders.push(securities::write(folder, options, progress)?);
    Ok(Summary { folders })
}

/// Writes the data folder `tobacco` alone under `folder`: ten years of the ladder, for measuring.
///
/// # Errors
/// When the scale is out of range or a file cannot be written.
pub fn write_tobacco(folder: &Path, options: &Options) -> Result<FolderSummary, SimError> {
    if !(1..=MAX_SCALE).contains(&options.scale) {
        return Err(SimError::Scale(options.scale));
    }
    tobacco::write(folder, options, &|_, _, _| {})
}
