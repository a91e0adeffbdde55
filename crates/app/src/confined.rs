//! Files of others are read in a process of their own, with a limit on memory and time: whatever a file was made to do, it stops
//! there, and the program that was asked says so. What was not written before the process ended was not imported.

use hengjie_facts::Bilingual;
use std::fmt;
use std::path::Path;
use std::process::{Child, ExitStatus};
use std::sync::{Mutex, PoisonError};
use std::thread::sleep;
use std::time::{Duration, Instant};

/// The variable that tells a process its [`Budget`].
pub const VARIABLE: &str = "HENGJIE_CONFINED";

/// Other limits than those that follow from the sizes of the files: MiB of memory, and seconds.
const OTHER_LIMITS: [&str; 2] = ["HENGJIE_IMPORT_MEMORY", "HENGJIE_IMPORT_SECONDS"];

/// Memory that any import may take: address space of the program, its threads and the tables of a small store.
const BASE_BYTES: u64 = 6 << 30;
/// Memory for each byte of the files and of the store: cells as text, then as columns.
const PER_BYTE: u64 = 8;
/// Seconds that any import may take.
const BASE_SECONDS: u64 = 600;
/// Bytes for which there is one second more.
const BYTES_PER_SECOND: u64 = 1 << 20;
/// How often somebody looks whether a process has ended.
const GLANCE: Duration = Duration::from_millis(20);

/// What a process may use.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Budget {
    /// Bytes of address space.
    pub memory: u64,
    /// Seconds from start to end.
    pub seconds: u64,
}

impl Budget {
    /// What reading some files and folders may use: more for larger ones, or what `HENGJIE_IMPORT_MEMORY` (MiB) and
    /// `HENGJIE_IMPORT_SECONDS` say.
    #[must_use]
    pub fn of(paths: &[&Path]) -> Self {
        let bytes = paths.iter().map(|path| size(path)).fold(0, u64::saturating_add);
        let number = |name| std::env::var(name).ok().and_then(|text| text.trim().parse::<u64>().ok());
        let [memory, seconds] = OTHER_LIMITS.map(number);
        let usual = BASE_BYTES.saturating_add(bytes.saturating_mul(PER_BYTE));
        Self {
            memory: memory.map_or(usual, |mebibytes| mebibytes.saturating_mul(1 << 20)),
            seconds: seconds.unwrap_or(BASE_SECONDS.saturating_add(bytes / BYTES_PER_SECOND)),
        }
    }

    /// As [`VARIABLE`] says it; `None` when it says something else.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let (memory, seconds) = text.split_once(' ')?;
        Some(Self { memory: memory.parse().ok()?, seconds: seconds.parse().ok()? })
    }

    /// What to say about files that needed more.
    #[must_use]
    pub fn exceeded(&self) -> Bilingual {
        let (memory, minutes) = (self.memory >> 20, self.seconds.div_ceil(60));
        Bilingual::new(
            format!(
                "读这些文件的进程没有做完就停了：内存最多 {memory} MiB，时间最多 {minutes} 分钟。资料库照旧；分成几个文件，大表用 Parquet，再导入一次"
            ),
            format!(
                "the process that read these files stopped before its end: it may take {memory} MiB of memory and {minutes} minutes. The store is as it was; split the files, use Parquet for large tables, then import again"
            ),
        )
    }
}

impl fmt::Display for Budget {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{} {}", self.memory, self.seconds)
    }
}

/// Waits for a process. It is ended when its time is up or `goes_on` says no; then `None`.
pub fn wait(child: &Mutex<Child>, budget: Budget, goes_on: &dyn Fn() -> bool) -> Option<ExitStatus> {
    let (started, most) = (Instant::now(), Duration::from_secs(budget.seconds));
    loop {
        let mut child = child.lock().unwrap_or_else(PoisonError::into_inner);
        match child.try_wait() {
            Ok(Some(status)) => return Some(status),
            Ok(None) if started.elapsed() < most && goes_on() => {}
            // Somebody has stopped it, its time is up, or the system lost it.
            _ => {
                let _ = child.kill();
                let _ = child.wait();
                return None;
            }
        }
        drop(child);
        sleep(GLANCE);
    }
}

/// Bytes of a file, or of all files of a folder and the folders in it.
fn size(path: &Path) -> u64 {
    let Ok(data) = std::fs::metadata(path) else { return 0 };
    if !data.is_dir() {
        return data.len();
    }
    let entries = std::fs::read_dir(path).into_iter().flatten().flatten();
    entries.map(|entry| size(&entry.path())).fold(0, u64::saturating_add)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::process::Command;

    #[test]
    fn larger_files_may_take_more() {
        let folder = tempfile::tempdir().unwrap();
        let small = Budget::of(&[folder.path()]);
        std::fs::create_dir(folder.path().join("in")).unwrap();
        std::fs::write(folder.path().join("in").join("a.csv"), vec![b'x'; 3 << 20]).unwrap();
        let large = Budget::of(&[folder.path(), Path::new("nowhere")]);
        assert_eq!((large.memory - small.memory, large.seconds - small.seconds), (PER_BYTE * (3 << 20), 3));
        assert_eq!(Budget::parse(&large.to_string()), Some(large));
        assert_eq!(Budget::parse("much"), None);
    }

    #[test]
    fn a_process_that_takes_too_long_is_ended() {
        let sleeping = || Mutex::new(Command::new("sleep").arg("60").spawn().unwrap());
        let budget = Budget { memory: 0, seconds: 600 };
        let started = Instant::now();
        assert!(wait(&sleeping(), Budget { seconds: 0, ..budget }, &|| true).is_none());
        assert!(wait(&sleeping(), budget, &|| false).is_none());
        let ended = Mutex::new(Command::new("true").spawn().unwrap());
        assert!(wait(&ended, budget, &|| true).unwrap().success());
        assert!(started.elapsed() < Duration::from_secs(30));
    }
}
