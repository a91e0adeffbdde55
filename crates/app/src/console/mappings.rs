//! How the files of each source fit the tables of a document, kept with the document.

use super::access::Operation;
use super::answer::MappingSummary;
use super::refusal::{Refusal, Refused};
use super::{Asking, Console};
use crate::failure::Failure;
use crate::limits::MAPPING_BYTES;
use hengjie_facts::Mapping;
use hengjie_store::NewMapping;

/// Longest name of a source, in characters.
const NAME: usize = 60;

impl Console {
    /// The mappings of a document, the newest of each source.
    ///
    /// # Errors
    /// [`Refusal::Forbidden`], [`Refusal::Store`].
    pub async fn mappings(&self, asking: &Asking, document: &str) -> Refused<Vec<MappingSummary>> {
        asking.actor.permit(Operation::ListMappings)?;
        self.store.document(document).await?;
        let summary = |one: hengjie_store::rows::Mapping| MappingSummary {
            source: one.source,
            number: one.number,
            text: one.text,
            saved_by: one.saved_by,
            saved_at: one.saved_at,
        };
        Ok(self.store.mappings(document).await?.into_iter().map(summary).collect())
    }

    /// Saves the mapping of a source after number `after` (0 for a new source). Gives its number.
    ///
    /// # Errors
    /// [`Refusal::Forbidden`]; [`Refusal::Failure`] for a name or a text that is none; [`Refusal::Conflict`] when somebody has saved
    /// since; [`Refusal::Store`].
    pub async fn save_mapping(
        &self,
        asking: &Asking,
        document: &str,
        source: &str,
        after: i64,
        text: &str,
    ) -> Refused<i64> {
        asking.actor.permit(Operation::SaveMapping)?;
        let source = source.trim();
        if source.is_empty() || source.chars().count() > NAME {
            return Err(Refusal::Failure(Failure::usage(
                format!("给这份对应起个名字，1 到 {NAME} 个字，例如 核心系统"),
                format!("give this mapping a name of 1 to {NAME} characters, such as core system"),
            )));
        }
        parse(text)?;
        self.store.document(document).await?;
        let new = NewMapping { document, source, after, text };
        Ok(self.store.save_mapping(asking.write(Operation::SaveMapping), &new).await?)
    }
}

/// Is a text a mapping?
///
/// # Errors
/// [`Refusal::Failure`] with what is wrong and where.
pub(super) fn parse(text: &str) -> Refused<()> {
    if text.len() > MAPPING_BYTES {
        let most = MAPPING_BYTES >> 10;
        return Err(Refusal::Failure(Failure::usage(
            format!("对应文件太长，最多 {most} KiB"),
            format!("the mapping is too long; at most {most} KiB"),
        )));
    }
    match Mapping::from_json(text) {
        Ok(_) => Ok(()),
        Err(message) => Err(Refusal::Failure(Failure::Usage(message))),
    }
}
