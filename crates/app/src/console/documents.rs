//! Regulations with their versions.

use super::access::Operation;
use super::answer::{
    Amended, Checked, DocumentDetail, DocumentSummary, FieldSummary, Finding, Piece, PieceMark,
    ReadingChoice, RunState, VersionSummary,
};
use super::reading;
use super::refusal::{Refusal, Refused};
use super::{Asking, Console, hold, lock, runs};
use crate::diff::{self, Mark};
use crate::document::Policy;
use crate::failure::Failure;
use crate::parameters::is_demonstration;
use crate::words::{cite, type_text};
use crate::{health, limits};
use hengjie_policy::core::{Program, Type};
use hengjie_quantity::Lang;
use hengjie_store::NewDocument;
use hengjie_store::rows::{Document, Version};
use hengjie_syntax::line_column;
use std::path::PathBuf;
use std::sync::Arc;

impl Console {
    /// The documents with their last runs, by id.
    ///
    /// # Errors
    /// [`Refusal::Forbidden`], [`Refusal::Store`].
    pub async fn documents(&self, asking: &Asking) -> Refused<Vec<DocumentSummary>> {
        asking.actor.permit(Operation::ListDocuments)?;
        let mut documents = Vec::new();
        for document in self.store.documents().await? {
            let version = self.store.version(&document.id, None).await?;
            documents.push(self.summary(&document, &version).await?);
        }
        Ok(documents)
    }

    /// Adds a document with the facts it is run on, or brings it up to date. Gives the number of its version.
    ///
    /// # Errors
    /// [`Refusal::Forbidden`], [`Refusal::Store`].
    pub async fn put_document(
        &self,
        asking: &Asking,
        id: &str,
        organisation: &str,
        policy: &Policy,
        facts: &std::path::Path,
        parameters: &[PathBuf],
    ) -> Refused<i64> {
        asking.actor.permit(Operation::PutDocument)?;
        let facts = facts.display().to_string();
        let parameters: Vec<String> = parameters.iter().map(|path| path.display().to_string()).collect();
        let parameters = serde_json::to_string(&parameters).unwrap_or_default();
        let new = NewDocument {
            id,
            name: organisation,
            facts: &facts,
            parameters: &parameters,
            text: &policy.text,
            hash: &policy.hash,
        };
        Ok(self.store.put_document(asking.write(Operation::PutDocument), &new).await?)
    }

    /// A version of a document (the newest for `None`), article by article.
    ///
    /// # Errors
    /// [`Refusal::Forbidden`], [`Refusal::Store`] when there is no such document or version.
    pub async fn document(&self, asking: &Asking, id: &str, number: Option<i64>) -> Refused<DocumentDetail> {
        asking.actor.permit(Operation::ReadDocument)?;
        let document = self.store.document(id).await?;
        let newest = self.store.version(id, None).await?;
        let version = match number {
            Some(number) => self.store.version(id, Some(number)).await?,
            None => newest.clone(),
        };
        let heads = self.store.versions(id).await?;
        let (check, policy) = reading::check(&version.text, asking.lang);
        Ok(DocumentDetail {
            summary: self.summary(&document, &newest).await?,
            version: version.number,
            hash: version.hash,
            versions: heads
                .into_iter()
                .map(|head| VersionSummary {
                    number: head.number,
                    is_sound: !head.hash.is_empty(),
                    saved_by: head.saved_by,
                    saved_at: head.saved_at,
                })
                .collect(),
            articles: reading::articles(&version.text, policy.as_ref(), asking.lang),
            readings: policy.as_ref().map_or_else(Vec::new, |policy| readings(&policy.program)),
            fields: policy.as_ref().map_or_else(Vec::new, |policy| fields(&policy.program, asking.lang)),
            check,
            text: version.text,
        })
    }

    /// Checks a text as a run would. Nothing is kept.
    ///
    /// # Errors
    /// [`Refusal::Forbidden`]; [`Refusal::Failure`] for a text that is too long.
    pub fn check(&self, asking: &Asking, text: &str) -> Refused<Checked> {
        asking.actor.permit(Operation::CheckDocument)?;
        refuse_long(text)?;
        Ok(reading::check(text, asking.lang).0)
    }

    /// Saves a text as the version after `after`. A text with errors is kept as a draft: it cannot be run.
    ///
    /// # Errors
    /// [`Refusal::Forbidden`]; [`Refusal::Conflict`] when somebody has saved since; [`Refusal::Failure`] for a text that is too
    /// long; [`Refusal::Store`].
    pub async fn save(&self, asking: &Asking, id: &str, after: i64, text: &str) -> Refused<i64> {
        asking.actor.permit(Operation::SaveDocument)?;
        refuse_long(text)?;
        let hash = reading::read(text).into_policy().map(|policy| policy.hash).ok();
        let write = asking.write(Operation::SaveDocument);
        Ok(self.store.save_version(write, id, after, text, &hash.unwrap_or_default()).await?)
    }

    /// What two versions say differently, in the order of the newer one.
    ///
    /// # Errors
    /// [`Refusal::Forbidden`]; [`Refusal::Failure`] when one of them has errors; [`Refusal::Store`].
    pub async fn amendments(&self, asking: &Asking, id: &str, old: i64, new: i64) -> Refused<Vec<Amended>> {
        asking.actor.permit(Operation::CompareVersions)?;
        let (old, new) = (self.policy(id, old).await?, self.policy(id, new).await?);
        let found = diff::diff(&old, &new, None, asking.lang)?;
        let piece = |piece: &diff::Piece| Piece {
            mark: match piece.mark {
                Mark::Same => PieceMark::Same,
                Mark::Removed => PieceMark::Removed,
                Mark::Added => PieceMark::Added,
            },
            text: piece.text.clone(),
        };
        let amended = |one: &diff::Amendment| Amended {
            article: one.article.clone(),
            what: one.what.text(asking.lang).to_owned(),
            name: one.name.clone(),
            change: one.kind(asking.lang).to_owned(),
            pieces: one.pieces.iter().map(piece).collect(),
        };
        Ok(found.amendments.iter().map(amended).collect())
    }

    /// The health check of a version, with the parameters that have been supplied; errors first.
    ///
    /// # Errors
    /// [`Refusal::Forbidden`]; [`Refusal::Failure`] when the version or a parameter file has errors; [`Refusal::Store`].
    pub async fn health(&self, asking: &Asking, id: &str, number: i64) -> Refused<Vec<Finding>> {
        asking.actor.permit(Operation::ExamineDocument)?;
        let document = self.store.document(id).await?;
        let policy = self.policy(id, number).await?;
        let report = health::examine(&policy, &parameter_files(&document), &[])?;
        let finding = |one: &health::Finding| Finding {
            check: one.check.name(asking.lang).to_owned(),
            severity: one.severity.word(asking.lang).to_owned(),
            article: cite(&policy.program, one.article).to_owned(),
            line: line_column(&policy.text, one.span.start).0,
            message: one.message.text(asking.lang).to_owned(),
            help: one.help.text(asking.lang).to_owned(),
        };
        Ok(report.findings.iter().map(finding).collect())
    }

    /// A version without errors, compiled once.
    pub(super) async fn policy(&self, id: &str, number: i64) -> Refused<Arc<Policy>> {
        let key = (id.to_owned(), number);
        if let Some((_, policy)) = lock(&self.shared.policies).iter().find(|(held, _)| *held == key) {
            return Ok(Arc::clone(policy));
        }
        let version = self.store.version(id, Some(number)).await?;
        let policy = Arc::new(reading::read(&version.text).into_policy()?);
        hold(&mut lock(&self.shared.policies), key, &policy);
        Ok(policy)
    }

    async fn summary(&self, document: &Document, version: &Version) -> Refused<DocumentSummary> {
        let runs = self.store.runs(Some(&document.id), 20).await?;
        let summaries = runs.iter().map(runs::summary);
        let last_run =
            summaries.into_iter().find(|run| matches!(run.state, RunState::Done | RunState::Running));
        let (title, from, errors) = match self.policy(&document.id, version.number).await {
            Ok(policy) => (policy.program.title.clone(), policy.program.from.to_string(), 0),
            Err(Refusal::Failure(Failure::Document(read))) => {
                (first_heading(&read.text), String::new(), read.counts().0)
            }
            Err(refusal) => return Err(refusal),
        };
        Ok(DocumentSummary {
            id: document.id.clone(),
            organisation: document.name.clone(),
            title,
            from,
            version: version.number,
            errors,
            is_demonstration: parameter_files(document)
                .iter()
                .any(|path| is_demonstration(&path.display().to_string())),
            last_run,
        })
    }
}

/// The parameter files of a document.
pub(super) fn parameter_files(document: &Document) -> Vec<PathBuf> {
    serde_json::from_str(&document.parameters).unwrap_or_default()
}

fn refuse_long(text: &str) -> Refused<()> {
    if text.len() as u64 <= limits::DOCUMENT_BYTES {
        return Ok(());
    }
    let (size, most) = (text.len() >> 20, limits::DOCUMENT_BYTES >> 20);
    Err(Refusal::Failure(Failure::usage(
        format!("文字有 {size} MiB，制度最多 {most} MiB"),
        format!("the text has {size} MiB; a policy has at most {most} MiB"),
    )))
}

fn first_heading(text: &str) -> String {
    let heading = text.lines().find(|line| line.starts_with('#')).unwrap_or_default();
    heading.trim_start_matches('#').trim().to_owned()
}

fn readings(program: &Program) -> Vec<ReadingChoice> {
    let choice = |reading: &hengjie_policy::core::Reading| ReadingChoice {
        name: reading.name.clone(),
        title: reading.title.clone(),
        alternatives: reading.alternatives.clone(),
    };
    program.readings.iter().map(choice).collect()
}

/// Fields of those whom the document is about that a trial may move.
fn fields(program: &Program, lang: Lang) -> Vec<FieldSummary> {
    let Some(scope) = &program.scope else { return Vec::new() };
    let movable = |ty: &Type| matches!(ty, Type::Number(_) | Type::Bool | Type::Enum(_) | Type::Date);
    let fields = program.kinds[scope.kind.index()].fields.iter();
    let fields = fields.filter(|field| !field.is_key && movable(&field.ty));
    let summary = |field: &hengjie_policy::core::Field| FieldSummary {
        name: field.name.clone(),
        of: type_text(program, &field.ty).text(lang).to_owned(),
    };
    fields.map(summary).collect()
}
