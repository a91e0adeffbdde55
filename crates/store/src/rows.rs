//! What stands in the store. Times are UTC as ISO 8601 text.

use sqlx::postgres::PgRow;
use sqlx::sqlite::SqliteRow;
use sqlx::{Error, FromRow, Row};

/// Rows by the names of their columns, from both databases.
macro_rules! from_rows {
    ($($name:ident { $($field:ident),* })*) => {$(
        impl FromRow<'_, SqliteRow> for $name {
            fn from_row(row: &SqliteRow) -> Result<Self, Error> {
                Ok(Self { $($field: row.try_get(stringify!($field))?),* })
            }
        }

        impl FromRow<'_, PgRow> for $name {
            fn from_row(row: &PgRow) -> Result<Self, Error> {
                Ok(Self { $($field: row.try_get(stringify!($field))?),* })
            }
        }
    )*};
}

from_rows! {
    Document { id, name, facts, parameters, readings, row_version }
    Version { document, number, text, hash, saved_by, saved_at }
    VersionHead { number, hash, saved_by, saved_at }
    Run { number, document, version, state, request, outcome, started_by, started_at, ended_at, row_version }
    Part { position, name, content }
    Import { number, document, state, request, outcome, started_by, started_at, ended_at, row_version }
    Mapping { source, number, text, saved_by, saved_at }
    Entry { number, at, actor, operation, object, detail, previous, digest }
}

/// A regulation with the facts it is run on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Document {
    /// Short name in addresses.
    pub id: String,
    /// The organisation it is run for.
    pub name: String,
    /// Path of the facts.
    pub facts: String,
    /// Paths of parameter files, a JSON list.
    pub parameters: String,
    /// Readings that were chosen: name and alternative, a JSON list of pairs.
    pub readings: String,
    /// Goes up with every change.
    pub row_version: i64,
}

/// What a document said when it was saved.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Version {
    /// The document.
    pub document: String,
    /// From 1.
    pub number: i64,
    /// The text.
    pub text: String,
    /// Content hash; empty while the text has errors.
    pub hash: String,
    /// Who saved it.
    pub saved_by: String,
    /// When.
    pub saved_at: String,
}

/// A version without its text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VersionHead {
    /// From 1.
    pub number: i64,
    /// Content hash; empty while the text has errors.
    pub hash: String,
    /// Who saved it.
    pub saved_by: String,
    /// When.
    pub saved_at: String,
}

/// A computation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Run {
    /// From 1, over all documents.
    pub number: i64,
    /// The document.
    pub document: String,
    /// Its version.
    pub version: i64,
    /// `running`, `done`, `failed` or `cancelled`.
    pub state: String,
    /// What was asked for, JSON.
    pub request: String,
    /// What came of it, JSON; empty until it has ended.
    pub outcome: String,
    /// Who started it.
    pub started_by: String,
    /// When.
    pub started_at: String,
    /// When it ended; empty until then.
    pub ended_at: String,
    /// Goes up with every change.
    pub row_version: i64,
}

/// A part of the results of a run: a table or the workbook.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Part {
    /// From 0, in the order of the results.
    pub position: i64,
    /// Name of the table or the file.
    pub name: String,
    /// Its bytes; the store does not look into them.
    pub content: Vec<u8>,
}

/// Files that were handed in for the facts of a document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Import {
    /// From 1, over all documents.
    pub number: i64,
    /// The document.
    pub document: String,
    /// `running`, `checked`, `posted`, `partly`, `unchanged`, `refused`, `failed` or `cancelled`.
    pub state: String,
    /// What was asked for, JSON.
    pub request: String,
    /// What came of it, JSON; empty until it has ended.
    pub outcome: String,
    /// Who started it.
    pub started_by: String,
    /// When.
    pub started_at: String,
    /// When it ended; empty until then.
    pub ended_at: String,
    /// Goes up with every change.
    pub row_version: i64,
}

/// How the files of a source fit the tables of a document, as it was saved.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mapping {
    /// What people call the source.
    pub source: String,
    /// From 1 for each source.
    pub number: i64,
    /// The text of the mapping.
    pub text: String,
    /// Who saved it.
    pub saved_by: String,
    /// When.
    pub saved_at: String,
}

/// An entry of the log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// From 1, without holes.
    pub number: i64,
    /// When.
    pub at: String,
    /// Who.
    pub actor: String,
    /// Which operation.
    pub operation: String,
    /// On what: `document s01`, `run 3`.
    pub object: String,
    /// What about it.
    pub detail: String,
    /// Digest of the entry before.
    pub previous: String,
    /// SHA-256 of this entry and the digest before, in hexadecimal.
    pub digest: String,
}
