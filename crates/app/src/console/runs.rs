//! Computations: start, watch, cancel, read.

use super::access::Operation;
use super::answer::{RunDetail, RunState, RunSummary, Trouble};
use super::documents::parameter_files;
use super::facts::parse_day;
use super::job::Job;
use super::outcome::{Ending, keep, stamp};
use super::refusal::{Refusal, Refused};
use super::{Asking, Console, lock};
use crate::document::Policy;
use crate::load::Source;
use crate::replay::{Inputs, run_recorded};
use crate::run::{Report, Request, parse_periods};
use hengjie_facts::FactStore;
use hengjie_quantity::Lang;
use hengjie_store::rows::{Part, Run};
use hengjie_store::{Ended, NewRun, StoreError, Write};
use serde::{Deserialize, Serialize};
use std::path::Path;
use std::sync::Arc;
use std::time::Instant;

/// Runs in a list.
const LISTED: i64 = 100;

/// What is to be computed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct RunRequest {
    /// The document.
    pub document: String,
    /// Its version; the newest for `None`.
    pub version: Option<i64>,
    /// Periods as people write them; empty: the last one of each kind that the facts reach.
    pub periods: Vec<String>,
    /// Readings taken instead of those of the document: name and alternative.
    pub readings: Vec<(String, String)>,
    /// As known on a day, `2026-02-03`; now for an empty one. Only facts of a store have a past.
    #[serde(default)]
    pub known_at: String,
}

/// What a run was asked for, as it is kept.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct Asked {
    request: RunRequest,
    is_english: bool,
    /// The last import of the fact store that counts: an explanation of an old run reads what was known then.
    #[serde(default)]
    import: Option<u32>,
}

impl Console {
    /// Runs, the newest first, of one document or of all.
    ///
    /// # Errors
    /// [`Refusal::Forbidden`], [`Refusal::Store`].
    pub async fn runs(&self, asking: &Asking, document: Option<&str>) -> Refused<Vec<RunSummary>> {
        asking.actor.permit(Operation::ListRuns)?;
        Ok(self.store.runs(document, LISTED).await?.iter().map(summary).collect())
    }

    /// Starts a computation and gives its number; it goes on by itself.
    ///
    /// # Errors
    /// [`Refusal::Forbidden`]; [`Refusal::Failure`] when the version has errors or a period is none; [`Refusal::Store`].
    pub async fn start(&self, asking: &Asking, wanted: &RunRequest) -> Refused<i64> {
        asking.actor.permit(Operation::StartRun)?;
        let version = self.store.version(&wanted.document, wanted.version).await?.number;
        let policy = self.policy(&wanted.document, version).await?;
        let request = self.request(wanted, None, asking.lang).await?;
        let import = import_of(&request.source);
        let kept = Asked { request: wanted.clone(), is_english: asking.lang == Lang::En, import };
        let kept = serde_json::to_string(&kept).unwrap_or_default();
        let new = NewRun { document: &wanted.document, version, request: &kept };
        let number = self.store.start_run(asking.write(Operation::StartRun), &new).await?;
        let is_new = self.store.run(number).await?.state == "running"
            && !lock(&self.shared.jobs).contains_key(&number);
        if is_new {
            let job = Arc::new(Job::default());
            lock(&self.shared.jobs).insert(number, Arc::clone(&job));
            let (console, asking) = (self.clone(), asking.clone());
            tokio::spawn(async move { console.work(asking, number, job, policy, request).await });
        }
        Ok(number)
    }

    /// Keeps a run of the last periods of the facts that has been computed elsewhere, such as by the demonstration. Gives its number.
    ///
    /// # Errors
    /// [`Refusal::Forbidden`]; [`Refusal::Failure`] when the workbook cannot be made; [`Refusal::Store`].
    pub async fn record(
        &self,
        asking: &Asking,
        document: &str,
        version: i64,
        policy: &Policy,
        report: &Report,
    ) -> Refused<i64> {
        asking.actor.permit(Operation::StartRun)?;
        let periods = report.periods.iter().map(ToString::to_string).collect();
        let request = RunRequest {
            document: document.to_owned(),
            version: Some(version),
            periods,
            ..RunRequest::default()
        };
        let facts = Source::at(Path::new(&self.store.document(document).await?.facts));
        let import = import_of(&facts);
        let kept = Asked { request: request.clone(), is_english: asking.lang == Lang::En, import };
        let kept = serde_json::to_string(&kept).unwrap_or_default();
        let new = NewRun { document, version, request: &kept };
        let number = self.store.start_run(asking.write(Operation::StartRun), &new).await?;
        // It was computed for the last periods of the facts, and that is what its record says.
        let request = Request { periods: Vec::new(), ..self.request(&request, import, asking.lang).await? };
        let inputs = Inputs::take(policy, &request)?;
        let (mut ending, parts) = keep(policy, &request, report, inputs)?;
        ending.facts = stamp(&facts);
        let outcome = serde_json::to_string(&ending).unwrap_or_default();
        let key = format!("end of run {number}");
        let write = Write { key: &key, ..asking.write(Operation::EndRun) };
        self.store.end_run(write, number, &Ended { state: "done", outcome: &outcome, parts: &parts }).await?;
        Ok(number)
    }

    /// Computes beside the server's own threads and writes down how it ended.
    async fn work(&self, asking: Asking, number: i64, job: Arc<Job>, policy: Arc<Policy>, request: Request) {
        let lang = asking.lang;
        let computing = {
            let job = Arc::clone(&job);
            tokio::task::spawn_blocking(move || compute(&policy, &request, &job, lang))
        };
        let (state, ending, parts) = match computing.await {
            Ok(Some((ending, parts))) if ending.trouble.is_none() => ("done", ending, parts),
            Ok(Some((ending, _))) => ("failed", ending, Vec::new()),
            Ok(None) => ("cancelled", Ending::default(), Vec::new()),
            Err(_) => ("failed", broken(lang), Vec::new()),
        };
        let outcome = serde_json::to_string(&ending).unwrap_or_default();
        let key = format!("end of run {number}");
        let write = Write { key: &key, ..asking.write(Operation::EndRun) };
        let ended = Ended { state, outcome: &outcome, parts: &parts };
        // Refused when it was cancelled in the meantime. A store that cannot be written leaves the run as it is; the next start
        // of the server ends it.
        let _ = self.store.end_run(write, number, &ended).await;
        lock(&self.shared.jobs).remove(&number);
    }

    /// How far a run is, or what came of it.
    ///
    /// # Errors
    /// [`Refusal::Forbidden`], [`Refusal::Store`] when there is no such run.
    pub async fn run(&self, asking: &Asking, number: i64) -> Refused<RunDetail> {
        asking.actor.permit(Operation::ReadRun)?;
        let run = self.store.run(number).await?;
        let document = self.store.document(&run.document).await?;
        let policy = self.policy(&run.document, run.version).await?;
        let ending = ending(&run);
        let progress = lock(&self.shared.jobs).get(&number).and_then(|job| job.progress());
        // A run that failed because its facts have no past is still shown.
        let source = self.request_of(&run, asking.lang).await.ok().map(|request| request.source);
        Ok(RunDetail {
            summary: summary(&run),
            organisation: document.name.clone(),
            title: policy.program.title.clone(),
            progress,
            facts_changed: !ending.facts.is_empty()
                && Some(&ending.facts) != source.as_ref().map(stamp).as_ref(),
            trouble: ending.trouble,
            gaps: ending.gaps,
            notes: ending.notes,
            tables: ending.tables,
            milliseconds: ending.milliseconds,
        })
    }

    /// Stops a run.
    ///
    /// # Errors
    /// [`Refusal::Forbidden`]; [`Refusal::Store`] when there is no such run or it has ended.
    pub async fn cancel(&self, asking: &Asking, number: i64) -> Refused<i64> {
        asking.actor.permit(Operation::CancelRun)?;
        let ended = Ended { state: "cancelled", outcome: "", parts: &[] };
        let answer = self.store.end_run(asking.write(Operation::CancelRun), number, &ended).await?;
        if let Some(job) = lock(&self.shared.jobs).get(&number) {
            job.cancel();
        }
        Ok(answer)
    }

    /// The request of a run. `import`: of a store, the last import that counts, instead of what the request says.
    pub(super) async fn request(
        &self,
        wanted: &RunRequest,
        import: Option<u32>,
        lang: Lang,
    ) -> Refused<Request> {
        let document = self.store.document(&wanted.document).await?;
        let path = Path::new(&document.facts);
        let source = match (import, wanted.known_at.as_str()) {
            (Some(import), _) if FactStore::is_at(path) => Source::Store { folder: path.to_owned(), import },
            (_, "") => Source::at(path),
            (_, day) => Source::known_at(path, parse_day(day)?)?,
        };
        Ok(Request {
            source,
            parameters: parameter_files(&document),
            periods: parse_periods(&wanted.periods)?,
            only: Vec::new(),
            readings: wanted.readings.clone(),
            lang,
        })
    }

    /// What a run was asked for, with the periods that it computed and the facts as they were known then.
    pub(super) async fn request_of(&self, run: &Run, lang: Lang) -> Refused<Request> {
        let asked = asked(run);
        let mut wanted = asked.request;
        let ending = ending(run);
        if !ending.periods.is_empty() {
            wanted.periods = ending.periods;
        }
        self.request(&wanted, asked.import, lang).await
    }

    /// Ends the runs that a stopped server has left behind.
    pub(super) async fn end_abandoned(&self, at: &str) -> Refused<()> {
        for run in self.store.runs(None, LISTED).await? {
            if run.state != "running" {
                continue;
            }
            let key = format!("end of run {}", run.number);
            let write = Write { key: &key, actor: "server", at, operation: Operation::EndRun.id() };
            let lang = if asked(&run).is_english { Lang::En } else { Lang::Zh };
            let outcome = serde_json::to_string(&stopped(lang)).unwrap_or_default();
            let ended = Ended { state: "failed", outcome: &outcome, parts: &[] };
            match self.store.end_run(write, run.number, &ended).await {
                Ok(_) | Err(StoreError::Ended) => {}
                Err(error) => return Err(error.into()),
            }
        }
        Ok(())
    }
}

/// Computes; `None` when somebody has stopped it.
fn compute(policy: &Policy, request: &Request, job: &Job, lang: Lang) -> Option<(Ending, Vec<Part>)> {
    let started = Instant::now();
    let before = stamp(&request.source);
    let report = run_recorded(policy, request, &|stage| job.at(stage, lang));
    let kept = match report {
        Ok(None) => return None,
        Ok(Some((report, inputs))) => keep(policy, request, &report, inputs),
        Err(failure) => Err(failure),
    };
    let (mut ending, parts) = kept.unwrap_or_else(|failure| {
        let trouble = Some(Refusal::Failure(failure).trouble(lang));
        (Ending { trouble, ..Ending::default() }, Vec::new())
    });
    ending.facts = before;
    ending.milliseconds = u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX);
    job.goes_on().then_some((ending, parts))
}

fn trouble(code: &str, message: &str) -> Ending {
    let (code, message) = (code.to_owned(), message.to_owned());
    Ending { trouble: Some(Trouble { code, message, faults: Vec::new(), found: None }), ..Ending::default() }
}

fn broken(lang: Lang) -> Ending {
    let (zh, en) = (
        "计算中出了程序错误，没有结果。请把制度和资料交给维护的人。",
        "A fault of the program stopped this run. Give the document and the facts to whoever maintains it.",
    );
    trouble("broken", lang.pick(zh, en))
}

fn stopped(lang: Lang) -> Ending {
    let (zh, en) =
        ("计算中服务停了，没有结果。请再运行一次。", "The server stopped during this run. Run it again.");
    trouble("stopped", lang.pick(zh, en))
}

pub(super) fn ending(run: &Run) -> Ending {
    serde_json::from_str(&run.outcome).unwrap_or_default()
}

fn asked(run: &Run) -> Asked {
    let none = Asked { request: RunRequest::default(), is_english: false, import: None };
    serde_json::from_str(&run.request).unwrap_or(none)
}

fn import_of(source: &Source) -> Option<u32> {
    match source {
        Source::Store { import, .. } => Some(*import),
        Source::Folder(_) | Source::Workbook(_) => None,
    }
}

/// A run in a list.
pub(super) fn summary(run: &Run) -> RunSummary {
    let ending = ending(run);
    let Asked { request, import, .. } = asked(run);
    let asked = request.periods;
    RunSummary {
        number: run.number,
        document: run.document.clone(),
        version: run.version,
        state: match run.state.as_str() {
            "done" => RunState::Done,
            "running" => RunState::Running,
            "cancelled" => RunState::Cancelled,
            _ => RunState::Failed,
        },
        started_by: run.started_by.clone(),
        started_at: run.started_at.clone(),
        ended_at: run.ended_at.clone(),
        periods: if ending.periods.is_empty() { asked } else { ending.periods },
        subjects: ending.subjects,
        complete: ending.complete,
        missing: ending.missing,
        undecided: ending.undecided,
        known_at: request.known_at,
        import,
    }
}
