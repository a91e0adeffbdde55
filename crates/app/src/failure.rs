//! Why a use case could not do its work.

use crate::document::Document;
use hengjie_facts::{Bilingual, FaultReport};

/// What went wrong, by what a person has to mend.
#[derive(Debug)]
pub enum Failure {
    /// The document has errors.
    Document(Box<Document>),
    /// The files of facts or parameters have errors.
    Facts(Box<FaultReport>),
    /// A file cannot be read at all.
    Unreadable(Bilingual),
    /// What was asked for does not exist: an attribute, a person, a period.
    Usage(Bilingual),
    /// The results cannot be written.
    Unwritable(Bilingual),
}

/// The result of a use case.
pub type Outcome<T> = Result<T, Failure>;

impl Failure {
    pub(crate) fn usage(zh: impl Into<String>, en: impl Into<String>) -> Self {
        Self::Usage(Bilingual::new(zh, en))
    }
}
