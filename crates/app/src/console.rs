//! What people do in the console: the use cases above, on documents and results that are kept in a store.
//!
//! | module | what |
//! |---|---|
//! | [`access`] | the operations, what each needs, and who may do it |
//! | [`answer`] | what the console shows: plain data, amounts as text |
//! | `documents` | regulations with their versions: read, check, save, compare, examine |
//! | `reading` | a document cut into articles |
//! | `runs`, `job` | computations: start, watch, cancel |
//! | `jobs` | replays and comparisons of runs |
//! | `results` | what came out of one: rows, distributions, the workbook |
//! | `outcome` | what of a run is kept |
//! | `table` | result tables: sorted, filtered, page by page |
//! | `desk` | where the figures of a run are explained |
//! | `people` | one person: every figure, why, what is missing, trials |
//! | `facts`, `look` | tables of facts, their rows, as of now or of a day |
//! | `handed_in`, `imports`, `mappings` | files for a fact store: handed in, checked, posted; how each source fits |
//! | `owners` | whose customer it is |
//! | `log` | who did what |
//!
//! **Invariants:** every operation asks [`access::Actor::permit`] first; every write carries the caller's key; no HTTP word
//! stands here, and no clock: the time of a write is an argument of the caller.

pub mod access;
pub mod answer;
mod desk;
mod documents;
mod facts;
mod handed_in;
mod imports;
mod job;
mod jobs;
mod log;
mod look;
mod mappings;
mod outcome;
mod owners;
mod people;
mod reading;
mod refusal;
mod results;
mod runs;
mod table;

use crate::document::Policy;
use access::Actor;
pub use handed_in::Incoming;
use hengjie_quantity::Lang;
use hengjie_store::{Store, Write};
pub use imports::{ImportRequest, run_worker};
use job::Job;
use look::Looked;
pub use owners::OwnershipQuery;
pub use people::PersonTrial;
pub use refusal::{Refusal, Refused};
pub use runs::RunRequest;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use table::Kept;
pub use table::TableQuery;

/// Compiled documents and result tables that are held at a time: versions and results never change, so a copy is never stale.
const HELD: usize = 24;

/// The console of one store.
#[derive(Debug, Clone)]
pub struct Console {
    store: Store,
    shared: Arc<Shared>,
}

/// Values that are held, the oldest first.
type Held<K, V> = Mutex<Vec<(K, Arc<V>)>>;

/// What handlers share.
#[derive(Debug, Default)]
struct Shared {
    /// Where files that are handed in and new fact stores go.
    home: PathBuf,
    /// The program that reads files of others in a process of its own; `None`: they are read in this one.
    program: Option<PathBuf>,
    jobs: Mutex<BTreeMap<i64, Arc<Job>>>,
    imports: Mutex<BTreeMap<i64, Arc<Job>>>,
    facts: Held<String, Looked>,
    /// Replays and comparisons, the oldest first.
    checks: Mutex<Vec<Arc<jobs::Check>>>,
    policies: Held<(String, i64), Policy>,
    tables: Held<(i64, i64), Kept>,
    desks: Mutex<Vec<(desk::DeskKey, desk::Desk)>>,
}

/// Who asks, in which language, and for writes when and under which key.
#[derive(Debug, Clone)]
pub struct Asking {
    /// Who.
    pub actor: Actor,
    /// Language of the texts of the answer.
    pub lang: Lang,
    /// UTC as ISO 8601.
    pub at: String,
    /// Chosen by the caller: the same write again has the same key. Empty for reads.
    pub key: String,
}

impl Asking {
    fn write(&self, operation: access::Operation) -> Write<'_> {
        Write { key: &self.key, actor: &self.actor.name, at: &self.at, operation: operation.id() }
    }
}

impl Console {
    /// The console of a store. `home` is the folder for files that are handed in and for new fact stores. Runs and imports that a
    /// stopped server has left behind are ended as failed, and files that were handed in to it are removed; `at` is now. `program`: this program, whose hidden command `import-worker` is
    /// [`run_worker`]; without it files of others are read in this process.
    ///
    /// # Errors
    /// [`Refusal::Store`].
    pub async fn open(store: Store, home: &Path, program: Option<PathBuf>, at: &str) -> Refused<Self> {
        let shared = Shared { home: home.to_owned(), program, ..Shared::default() };
        let console = Self { store, shared: Arc::new(shared) };
        console.end_abandoned(at).await?;
        console.end_abandoned_imports(at).await?;
        console.forget_handed_in();
        Ok(console)
    }

    /// Ends what is running and closes the store.
    pub async fn close(&self) {
        for jobs in [&self.shared.jobs, &self.shared.imports] {
            lock(jobs).values().for_each(|job| {
                job.cancel();
            });
        }
        self.cancel_jobs();
        self.store.close().await;
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Holds a value, and lets the oldest go when there are too many.
fn hold<K: PartialEq, V>(held: &mut Vec<(K, Arc<V>)>, key: K, value: &Arc<V>) {
    if held.len() >= HELD {
        held.remove(0);
    }
    held.push((key, Arc::clone(value)));
}
