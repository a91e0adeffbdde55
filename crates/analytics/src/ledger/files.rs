//! Files of a ledger: plain Parquet columns without gaps, written once, never changed.

use crate::columns::in_file;
use arrow_array::{Array, ArrayRef, RecordBatch};
use hengjie_facts::Fault;
use parquet::arrow::ArrowWriter;
use parquet::arrow::ProjectionMask;
use parquet::arrow::arrow_reader::{ArrowReaderOptions, ParquetRecordBatchReaderBuilder};
use parquet::file::properties::WriterProperties;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::fmt::Write as _;
use std::fs::File;
use std::io::{Read, Write};
use std::path::Path;

/// A file of the ledger.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileRef {
    /// Path inside the folder of the ledger.
    pub file: String,
    /// SHA-256 of its bytes.
    pub sha256: String,
    /// Its length.
    pub bytes: u64,
}

/// Writes columns of equal length as one Parquet file and makes them last.
///
/// # Errors
/// The file cannot be written.
pub(crate) fn write(folder: &Path, name: &str, columns: Vec<(&str, ArrayRef)>) -> Result<FileRef, Fault> {
    let path = folder.join(name);
    let failed = |error: &dyn std::fmt::Display| unwritable(&path, error);
    let batch = RecordBatch::try_from_iter_with_nullable(columns.into_iter().map(|(name, array)| {
        let has_gaps = array.null_count() > 0;
        (name, array, has_gaps)
    }))
    .map_err(|error| failed(&error))?;
    // Numbers that are read whole and at once: encoding them would cost more time than it saves.
    let properties = WriterProperties::builder()
        .set_dictionary_enabled(false)
        .set_max_row_group_row_count(Some(usize::MAX))
        .set_data_page_row_count_limit(usize::MAX)
        .set_statistics_enabled(parquet::file::properties::EnabledStatistics::None)
        .build();
    let mut bytes = Vec::with_capacity(batch.get_array_memory_size() + 4096);
    let mut writer =
        ArrowWriter::try_new(&mut bytes, batch.schema(), Some(properties)).map_err(|error| failed(&error))?;
    writer.write(&batch).map_err(|error| failed(&error))?;
    writer.close().map_err(|error| failed(&error))?;
    write_bytes(&path, &bytes).map_err(|error| failed(&error))?;
    Ok(FileRef { file: name.to_owned(), sha256: hex(&Sha256::digest(&bytes)), bytes: bytes.len() as u64 })
}

/// Writes columns of equal length as a Parquet file of the shape that the readers of this crate take.
///
/// # Errors
/// The file cannot be written.
pub fn write_columns(path: &Path, columns: Vec<(&str, ArrayRef)>) -> Result<(), Fault> {
    let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    write(path.parent().unwrap_or(Path::new(".")), &name, columns).map(|_| ())
}

/// Reads whole columns, in the order of `names`.
///
/// # Errors
/// The file is not there, or not as the ledger wrote it.
pub(crate) fn read(folder: &Path, file: &FileRef, names: &[&str]) -> Result<Vec<ArrayRef>, Fault> {
    let path = folder.join(&file.file);
    let failed = |error: &dyn std::fmt::Display| damaged(&path, error);
    let handle = File::open(&path).map_err(|error| failed(&error))?;
    let options = ArrowReaderOptions::new().with_skip_arrow_metadata(true);
    let builder = ParquetRecordBatchReaderBuilder::try_new_with_options(handle, options)
        .map_err(|error| failed(&error))?;
    let rows = usize::try_from(builder.metadata().file_metadata().num_rows()).unwrap_or(0);
    let schema = builder.metadata().file_metadata().schema_descr_ptr();
    let mask = ProjectionMask::columns(&schema, names.iter().copied());
    let mut reader =
        builder.with_projection(mask).with_batch_size(rows.max(1)).build().map_err(|error| failed(&error))?;
    let batch = match reader.next() {
        Some(batch) => batch.map_err(|error| failed(&error))?,
        None => RecordBatch::new_empty(arrow_array::RecordBatchReader::schema(&reader)),
    };
    names
        .iter()
        .map(|name| {
            let column = batch.column_by_name(name).filter(|column| column.len() == rows);
            column.cloned().ok_or_else(|| failed(name))
        })
        .collect()
}

/// Copies a file of the user into the ledger.
///
/// # Errors
/// It cannot be read or written.
pub(crate) fn copy(from: &Path, folder: &Path, name: &str) -> Result<FileRef, Fault> {
    let to = folder.join(name);
    let mut source = File::open(from).map_err(|error| unreadable(from, &error))?;
    let mut target = File::create(&to).map_err(|error| unwritable(&to, &error))?;
    let (mut hash, mut bytes, mut buffer) = (Sha256::new(), 0u64, vec![0u8; 1 << 20]);
    loop {
        let read = source.read(&mut buffer).map_err(|error| unreadable(from, &error))?;
        if read == 0 {
            break;
        }
        hash.update(&buffer[..read]);
        target.write_all(&buffer[..read]).map_err(|error| unwritable(&to, &error))?;
        bytes += read as u64;
    }
    target.sync_all().map_err(|error| unwritable(&to, &error))?;
    Ok(FileRef { file: name.to_owned(), sha256: hex(&hash.finalize()), bytes })
}

/// SHA-256 of a file.
///
/// # Errors
/// It cannot be read.
pub(crate) fn hash_of(path: &Path) -> Result<String, Fault> {
    let mut file = File::open(path).map_err(|error| unreadable(path, &error))?;
    let (mut hash, mut buffer) = (Sha256::new(), vec![0u8; 1 << 20]);
    loop {
        let read = file.read(&mut buffer).map_err(|error| unreadable(path, &error))?;
        if read == 0 {
            return Ok(hex(&hash.finalize()));
        }
        hash.update(&buffer[..read]);
    }
}

/// Replaces a file whole: readers see the old one or the new one, also after a power cut.
///
/// # Errors
/// It cannot be written.
pub(crate) fn replace(path: &Path, bytes: &[u8]) -> Result<(), Fault> {
    let beside = path.with_extension("new");
    let folder = path.parent().unwrap_or(Path::new("."));
    write_bytes(&beside, bytes)
        .and_then(|()| sync_folders(folder))
        .and_then(|()| std::fs::rename(&beside, path))
        .and_then(|()| File::open(folder)?.sync_all())
        .map_err(|error| unwritable(path, &error))
}

/// Names of files last too, before a manifest speaks of them.
fn sync_folders(folder: &Path) -> std::io::Result<()> {
    for entry in std::fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            File::open(path)?.sync_all()?;
        }
    }
    Ok(())
}

fn write_bytes(path: &Path, bytes: &[u8]) -> std::io::Result<()> {
    let mut file = File::create(path)?;
    file.write_all(bytes)?;
    file.sync_all()
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        // Writing to a String cannot fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}

pub(crate) fn damaged(path: &Path, error: &dyn std::fmt::Display) -> Fault {
    let fault = Fault::error(
        "HJ1718",
        "账簿的文件缺少或损坏",
        format!("a file of the ledger is missing or damaged: {error}"),
    );
    in_file(path, fault).help(
        "从备份恢复，或者用原来的文件重新建账",
        "restore a backup, or build the ledger again from the files",
    )
}

fn unreadable(path: &Path, error: &dyn std::fmt::Display) -> Fault {
    in_file(path, Fault::error("HJ1704", "打不开这个文件", format!("the file cannot be opened: {error}")))
}

pub(crate) fn unwritable(path: &Path, error: &dyn std::fmt::Display) -> Fault {
    let fault = Fault::error(
        "HJ1719",
        "写不了账簿的文件",
        format!("a file of the ledger cannot be written: {error}"),
    );
    in_file(path, fault).help(
        "检查磁盘空间和权限；账簿还是原来的样子",
        "check disk space and permissions; the ledger is as it was",
    )
}
