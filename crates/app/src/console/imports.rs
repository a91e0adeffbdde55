//! Imports: start, watch, cancel, read. A check is an import that takes nothing.

mod ending;
mod prepare;
mod worker;

use super::access::Operation;
use super::answer::{HandedIn, ImportDetail, ImportState, ImportSummary, Taking};
use super::job::Job;
use super::refusal::{Refusal, Refused};
use super::{Asking, Console, lock};
use crate::document::Policy;
use crate::failure::Failure;
use ending::{Ending, broken, stopped};
use hengjie_quantity::Lang;
use hengjie_store::rows;
use hengjie_store::{EndedImport, NewImport, StoreError, Write};
use prepare::Prepared;
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use std::time::Instant;
pub use worker::run_worker;
use worker::{Task, supervise, work};

/// Imports in a list.
const LISTED: i64 = 200;

/// What is to be imported.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ImportRequest {
    /// The document whose facts they are.
    pub document: String,
    /// Files that were handed in.
    pub files: Vec<HandedIn>,
    /// Instead of files: those that the document has been run on so far, to begin a fact store with.
    pub present: bool,
    /// The table of a single file, whatever it is called; empty: files and sheets have the names of tables.
    pub table: String,
    /// What people call the source; empty without a mapping.
    pub source: String,
    /// The mapping, JSON; empty without one.
    pub mapping: String,
    /// A control file, whatever it is called; without it the table 对账 among the files.
    pub control: Option<HandedIn>,
    /// What to take.
    pub taking: Taking,
    /// The day on which the facts became known; the day of the request for an empty one.
    pub recorded_on: String,
    /// The rows take back what was said about their keys.
    pub withdraw: bool,
}

impl Console {
    /// Imports, the newest first, of one document or of all.
    ///
    /// # Errors
    /// [`Refusal::Forbidden`], [`Refusal::Store`].
    pub async fn imports(&self, asking: &Asking, document: Option<&str>) -> Refused<Vec<ImportSummary>> {
        asking.actor.permit(Operation::ListImports)?;
        Ok(self.store.imports(document, LISTED).await?.iter().map(summary).collect())
    }

    /// Starts an import and gives its number; it goes on by itself.
    ///
    /// # Errors
    /// [`Refusal::Forbidden`]; [`Refusal::Failure`] when files, mapping or day are none, or the facts of the document are still files;
    /// [`Refusal::Store`].
    pub async fn start_import(&self, asking: &Asking, wanted: &ImportRequest) -> Refused<i64> {
        asking.actor.permit(Operation::StartImport)?;
        let document = self.store.document(&wanted.document).await?;
        let policy = self.sound(&wanted.document).await?;
        let prepared = self.prepare(asking, wanted, &document, &policy)?;
        let request = serde_json::to_string(wanted).unwrap_or_default();
        let detail = detail(wanted);
        let new = NewImport { document: &document.id, request: &request, detail: &detail };
        let number = self.store.start_import(asking.write(Operation::StartImport), &new).await?;
        let is_new = self.store.import(number).await?.state == "running"
            && !lock(&self.shared.imports).contains_key(&number);
        if is_new {
            let job = Arc::new(Job::default());
            lock(&self.shared.imports).insert(number, Arc::clone(&job));
            let (console, asking, taking) = (self.clone(), asking.clone(), wanted.taking);
            tokio::spawn(async move { console.take(asking, number, job, policy, prepared, taking).await });
        }
        Ok(number)
    }

    /// Imports beside the server's own threads and writes down how it ended.
    async fn take(
        &self,
        asking: Asking,
        number: i64,
        job: Arc<Job>,
        policy: Arc<Policy>,
        prepared: Prepared,
        taking: Taking,
    ) {
        let lang = asking.lang;
        let facts = prepared.facts.clone();
        let working = {
            let job = Arc::clone(&job);
            let program = self.shared.program.clone();
            let task = Task::new(&policy, &prepared, taking, lang);
            tokio::task::spawn_blocking(move || {
                let started = Instant::now();
                let (mut ending, rejects) = match program {
                    Some(program) => supervise(&program, &task, &job),
                    None => work(&policy, &task, &job),
                };
                drop(prepared);
                ending.milliseconds = u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX);
                (ending, rejects)
            })
        };
        let (ending, rejects) = working.await.unwrap_or_else(|_| (broken(lang), None));
        let outcome = serde_json::to_string(&ending).unwrap_or_default();
        let key = format!("end of import {number}");
        let write = Write { key: &key, ..asking.write(Operation::EndImport) };
        let ended = EndedImport {
            state: ending.state.id(),
            outcome: &outcome,
            detail: &ending.detail(),
            rejects: rejects.as_ref(),
            facts: ending.import.map(|_| facts.as_str()),
        };
        // Refused when it was cancelled in the meantime. A store that cannot be written leaves the import as it is; the next start of
        // the server ends it, and the same files again change nothing.
        let _ = self.store.end_import(write, number, &ended).await;
        lock(&self.shared.imports).remove(&number);
    }

    /// How far an import is, or what became of every row.
    ///
    /// # Errors
    /// [`Refusal::Forbidden`], [`Refusal::Store`] when there is no such import.
    pub async fn import(&self, asking: &Asking, number: i64) -> Refused<ImportDetail> {
        asking.actor.permit(Operation::ReadImport)?;
        let import = self.store.import(number).await?;
        let ending = ending(&import);
        Ok(ImportDetail {
            summary: summary(&import),
            progress: lock(&self.shared.imports).get(&number).and_then(|job| job.progress()),
            trouble: ending.trouble,
            tables: ending.tables,
            reasons: ending.reasons,
            has_rejects: ending.has_rejects,
            milliseconds: ending.milliseconds,
        })
    }

    /// Stops an import: the fact store stays as it was.
    ///
    /// # Errors
    /// [`Refusal::Forbidden`]; [`Refusal::Failure`] when it is writing already; [`Refusal::Store`] when there is no such import or it
    /// has ended.
    pub async fn cancel_import(&self, asking: &Asking, number: i64) -> Refused<i64> {
        asking.actor.permit(Operation::CancelImport)?;
        let job = lock(&self.shared.imports).get(&number).cloned();
        if job.is_some_and(|job| !job.cancel()) {
            return Err(Refusal::Failure(Failure::usage(
                "正在写入资料库，不能取消；写完会列出结果",
                "it is being written to the fact store and cannot be stopped; the result comes in a moment",
            )));
        }
        let ended = EndedImport { state: "cancelled", outcome: "", detail: "", rejects: None, facts: None };
        Ok(self.store.end_import(asking.write(Operation::CancelImport), number, &ended).await?)
    }

    /// Name and bytes of the workbook of the rows that an import did not take.
    ///
    /// # Errors
    /// [`Refusal::Forbidden`]; [`Refusal::Store`] when there is none.
    pub async fn rejects(&self, asking: &Asking, number: i64) -> Refused<(String, Vec<u8>)> {
        asking.actor.permit(Operation::ExportRejects)?;
        let part = self.store.import_rejects(number).await?;
        Ok((part.name, part.content))
    }

    /// Ends the imports that a stopped server has left behind.
    pub(super) async fn end_abandoned_imports(&self, at: &str) -> Refused<()> {
        for import in self.store.imports(None, LISTED).await? {
            if import.state != "running" {
                continue;
            }
            let key = format!("end of import {}", import.number);
            let write = Write { key: &key, actor: "server", at, operation: Operation::EndImport.id() };
            let outcome = serde_json::to_string(&stopped(Lang::Zh)).unwrap_or_default();
            let ended =
                EndedImport { state: "failed", outcome: &outcome, detail: "", rejects: None, facts: None };
            match self.store.end_import(write, import.number, &ended).await {
                Ok(_) | Err(StoreError::Ended) => {}
                Err(error) => return Err(error.into()),
            }
        }
        Ok(())
    }
}

/// For the log: the files with their SHA-256.
fn detail(wanted: &ImportRequest) -> String {
    let file = |file: &HandedIn| format!("{} {}", file.name, file.sha256);
    let files: Vec<String> = wanted.files.iter().map(file).collect();
    let what = match wanted.taking {
        Taking::Check => "check",
        Taking::GoodRows => "good rows",
        Taking::AllOrNothing => "all or nothing",
    };
    if wanted.present { format!("{what}: present files") } else { format!("{what}: {}", files.join(", ")) }
}

fn ending(import: &rows::Import) -> Ending {
    serde_json::from_str(&import.outcome).unwrap_or_default()
}

/// An import in a list.
fn summary(import: &rows::Import) -> ImportSummary {
    let ending = ending(import);
    let asked: ImportRequest = serde_json::from_str(&import.request).unwrap_or_default();
    let today = import.started_at.get(..10).unwrap_or_default();
    let sum = |of: fn(&super::answer::ImportedTable) -> u64| ending.tables.iter().map(of).sum();
    ImportSummary {
        number: import.number,
        document: import.document.clone(),
        state: ImportState::of(&import.state),
        taking: asked.taking,
        recorded_on: if asked.recorded_on.is_empty() { today.to_owned() } else { asked.recorded_on },
        files: asked.files,
        table: asked.table,
        source: asked.source,
        started_by: import.started_by.clone(),
        started_at: import.started_at.clone(),
        ended_at: import.ended_at.clone(),
        import: ending.import,
        rows: sum(|table| table.rows),
        taken: sum(|table| table.new + table.corrected),
        rejected: sum(|table| table.rejected),
    }
}
