//! Finds the file of a table in a folder.

use super::Job;
use crate::fault::{Fault, Faults};
use crate::heading::similar;
use crate::reason::io_reason;
use std::fs;
use std::path::{Path, PathBuf};

/// How a file is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Format {
    Parquet,
    Csv,
    Excel,
    Json,
}

impl Format {
    /// The formats and their endings.
    const ALL: [(Self, &'static str); 4] =
        [(Self::Parquet, "parquet"), (Self::Csv, "csv"), (Self::Excel, "xlsx"), (Self::Json, "json")];

    pub(crate) fn of(path: &Path) -> Option<Self> {
        let ending = path.extension()?.to_str()?;
        Self::ALL.into_iter().find(|(_, known)| known.eq_ignore_ascii_case(ending)).map(|(format, _)| format)
    }
}

/// A file that was found.
#[derive(Debug, Clone)]
pub(crate) struct Found {
    pub(crate) path: PathBuf,
    /// Name without folders.
    pub(crate) name: String,
    pub(crate) format: Format,
}

/// The last part of a path.
pub(crate) fn file_name(path: &Path) -> String {
    path.file_name().unwrap_or(path.as_os_str()).to_string_lossy().into_owned()
}

/// Names of the files of a folder, sorted.
pub(super) fn list(folder: &Path) -> Result<Vec<String>, Fault> {
    let unreadable = |error: std::io::Error| {
        let (folder, reason) = (folder.display(), io_reason(&error));
        Fault::error(
            "HJ1001",
            format!("读不了文件夹 {folder}：{}", reason.zh),
            format!("cannot read the folder {folder}: {}", reason.en),
        )
        .help("检查路径和权限", "check the path and the permissions")
    };
    let entries = fs::read_dir(folder).map_err(unreadable)?;
    let mut names = Vec::new();
    for entry in entries {
        names.push(entry.map_err(unreadable)?.file_name().to_string_lossy().into_owned());
    }
    names.sort_unstable();
    Ok(names)
}

/// The file of a table. Faults: none where one must be, several, one that is too large.
pub(super) fn find(job: &Job<'_>, folder: &Path, files: &[String], faults: &mut Faults) -> Option<Found> {
    let name = &job.spec.name;
    if let Some(source) = job.mapping.and_then(|mapping| mapping.source.as_ref()) {
        return named(job, folder, files, source, faults);
    }
    let candidates: Vec<&String> = files.iter().filter(|file| is_file_of(file, name)).collect();
    match candidates.as_slice() {
        [] => {
            report_missing(job, files, faults);
            None
        }
        [file] => open(job, folder, file, faults),
        several => {
            let listed: Vec<&str> = several.iter().map(|file| file.as_str()).collect();
            faults.push(
                Fault::error(
                    "HJ1003",
                    format!("「{name}」有 {} 个文件：{}", several.len(), listed.join("、")),
                    format!("“{name}” has {} files: {}", several.len(), listed.join(", ")),
                )
                .help("只留一个", "keep one of them"),
            );
            None
        }
    }
}

/// Says that a table has no file: an error where it must be there, a warning where a file has nearly its name.
fn report_missing(job: &Job<'_>, files: &[String], faults: &mut Faults) {
    let name = &job.spec.name;
    let stem = |file: &&String| {
        Path::new(file.as_str()).file_stem().and_then(|stem| stem.to_str()).map(str::to_owned)
    };
    let unreadable = files
        .iter()
        .find(|file| Format::of(Path::new(file.as_str())).is_none() && stem(file).as_deref() == Some(name));
    if let Some(file) = unreadable {
        faults.push(unknown_kind(file));
        return;
    }
    let close = files.iter().find(|file| {
        Format::of(Path::new(file.as_str())).is_some() && stem(file).is_some_and(|stem| similar(&stem, name))
    });
    let (zh, en) = (format!("缺少「{name}」这张表"), format!("the table “{name}” is missing"));
    let fault = match (job.spec.required, close) {
        (true, _) => Fault::error("HJ1002", zh, en),
        (false, Some(_)) => Fault::warning("HJ1002", zh, en),
        (false, None) => return,
    };
    faults.push(match close {
        Some(close) => fault.help(
            format!("文件夹里有 {close}，如果就是它，改名为 {name}"),
            format!("there is {close}; if that is it, rename it to {name}"),
        ),
        None => fault.help(
            format!("在文件夹里放 {name}.csv、{name}.xlsx、{name}.parquet 或 {name}.json"),
            format!("put {name}.csv, {name}.xlsx, {name}.parquet or {name}.json into the folder"),
        ),
    });
}

/// A file with the name of a table that cannot be read, such as an old `.xls`.
fn unknown_kind(file: &str) -> Fault {
    Fault::error(
        "HJ1006",
        format!("不认识 {file} 这种文件"),
        format!("this kind of file is not known: {file}"),
    )
    .help(
        "用 Excel 打开，另存为 .xlsx 或「CSV UTF-8」；也可以用 .parquet、.json",
        "open it in Excel and save it as .xlsx or “CSV UTF-8”; .parquet and .json are read too",
    )
}

/// The file that the mapping names.
fn named(job: &Job<'_>, folder: &Path, files: &[String], source: &str, faults: &mut Faults) -> Option<Found> {
    // Only a name inside the folder: a mapping must not reach other places.
    if files.iter().any(|file| file == source) {
        return open(job, folder, source, faults);
    }
    let name = &job.spec.name;
    faults.push(
        Fault::error(
            "HJ1002",
            format!("缺少「{name}」的文件 {source}"),
            format!("the file {source} of “{name}” is missing"),
        )
        .help(
            "检查对应文件里的 source，写文件夹里的文件名",
            "check “source” in the mapping: a name in the same folder",
        ),
    );
    None
}

/// Does a file belong to a table by its name?
fn is_file_of(file: &str, table: &str) -> bool {
    let path = Path::new(file);
    Format::of(path).is_some() && path.file_stem().and_then(|stem| stem.to_str()) == Some(table)
}

fn open(job: &Job<'_>, folder: &Path, file: &str, faults: &mut Faults) -> Option<Found> {
    faults.set_file(file);
    let path = folder.join(file);
    let Some(format) = Format::of(&path) else {
        faults.push(unknown_kind(file));
        return None;
    };
    let bytes = match fs::metadata(&path) {
        Ok(metadata) => metadata.len(),
        Err(error) => {
            faults.push(unreadable(&error));
            return None;
        }
    };
    let limit = match format {
        Format::Parquet => job.limits.parquet_bytes,
        Format::Excel => job.limits.workbook_bytes,
        Format::Csv | Format::Json => job.limits.text_bytes,
    };
    if let Some(fault) = too_large(bytes, limit) {
        faults.push(fault);
        return None;
    }
    Some(Found { path, name: file.to_owned(), format })
}

/// The file cannot be read.
pub(super) fn unreadable(error: &std::io::Error) -> Fault {
    let reason = io_reason(error);
    let (zh, en) = (format!("读不了文件：{}", reason.zh), format!("cannot read the file: {}", reason.en));
    Fault::error("HJ1004", zh, en)
        .help("检查权限，关掉正在使用它的程序", "check the permissions and close programs that use it")
}

/// The fault of a file beyond its limit.
pub(super) fn too_large(bytes: u64, limit: u64) -> Option<Fault> {
    (bytes > limit).then(|| {
        let (size, limit) = (bytes >> 20, limit >> 20);
        Fault::error(
            "HJ1005",
            format!("文件有 {size} MiB，最多 {limit} MiB"),
            format!("the file has {size} MiB; at most {limit} MiB are allowed"),
        )
        .help("分成几个文件，或改用 Parquet", "split it, or use Parquet")
    })
}
