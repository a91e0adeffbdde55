//! Documents and their versions.

use crate::Store;
use crate::error::{Result, StoreError};
use crate::pool::{Tx, each, within};
use crate::rows::{Document, Version, VersionHead};
use crate::write::{Begun, Write};

/// A document that is new to the store, with its first version.
#[derive(Debug, Clone, Copy)]
pub struct NewDocument<'a> {
    /// Short name in addresses.
    pub id: &'a str,
    /// The organisation it is run for.
    pub name: &'a str,
    /// Path of the facts.
    pub facts: &'a str,
    /// Paths of parameter files, a JSON list.
    pub parameters: &'a str,
    /// Its text.
    pub text: &'a str,
    /// Content hash of the text; empty when it has errors.
    pub hash: &'a str,
}

const DOCUMENT: &str =
    "SELECT id, name, facts, parameters, readings, row_version FROM document WHERE id = $1";

impl Store {
    /// All documents, by id.
    ///
    /// # Errors
    /// The database's.
    pub async fn documents(&self) -> Result<Vec<Document>> {
        const SQL: &str =
            "SELECT id, name, facts, parameters, readings, row_version FROM document ORDER BY id";
        Ok(each!(&self.pool, pool => sqlx::query_as(SQL).fetch_all(pool).await?))
    }

    /// A document.
    ///
    /// # Errors
    /// [`StoreError::Absent`].
    pub async fn document(&self, id: &str) -> Result<Document> {
        let found = each!(&self.pool, pool => sqlx::query_as(DOCUMENT).bind(id).fetch_optional(pool).await?);
        found.ok_or(StoreError::Absent)
    }

    /// The versions of a document without their texts, the newest first.
    ///
    /// # Errors
    /// The database's.
    pub async fn versions(&self, document: &str) -> Result<Vec<VersionHead>> {
        const SQL: &str = "SELECT number, hash, saved_by, saved_at FROM document_version WHERE document = $1 \
            ORDER BY number DESC";
        Ok(each!(&self.pool, pool => sqlx::query_as(SQL).bind(document).fetch_all(pool).await?))
    }

    /// A version of a document; the newest for `None`.
    ///
    /// # Errors
    /// [`StoreError::Absent`].
    pub async fn version(&self, document: &str, number: Option<i64>) -> Result<Version> {
        const ONE: &str = "SELECT document, number, text, hash, saved_by, saved_at FROM document_version \
            WHERE document = $1 AND number <= $2 ORDER BY number DESC LIMIT 1";
        let wanted = number.unwrap_or(i64::MAX);
        let found: Option<Version> = each!(&self.pool, pool =>
            sqlx::query_as(ONE).bind(document).bind(wanted).fetch_optional(pool).await?);
        found.filter(|version| number.is_none_or(|number| version.number == number)).ok_or(StoreError::Absent)
    }

    /// Adds a document with its first version, or brings one up to date: the text becomes a version when it is another one.
    /// Gives the number of the newest version.
    ///
    /// # Errors
    /// [`StoreError::KeyReused`]; the database's.
    pub async fn put_document(&self, write: Write<'_>, new: &NewDocument<'_>) -> Result<i64> {
        let content = [new.id, new.name, new.facts, new.parameters, new.text, new.hash];
        let mut writing = match self.begin(write, &content).await? {
            Begun::Done(answer) => return Ok(answer),
            Begun::Fresh(writing) => writing,
        };
        const PUT: &str = "INSERT INTO document (id, name, facts, parameters, readings, row_version) \
            VALUES ($1, $2, $3, $4, '[]', 1) \
            ON CONFLICT (id) DO UPDATE SET name = $2, facts = $3, parameters = $4, \
            row_version = document.row_version + 1";
        within!(&mut writing.tx, database => sqlx::query(PUT)
            .bind(new.id).bind(new.name).bind(new.facts).bind(new.parameters).execute(database).await?.rows_affected());
        let newest = newest(&mut writing.tx, new.id).await?;
        let number = match newest {
            Some((number, text)) if text == new.text => number,
            newest => {
                let number = newest.map_or(1, |(number, _)| number + 1);
                insert_version(&mut writing.tx, write, new.id, number, new.text, new.hash).await?;
                number
            }
        };
        writing.finish(&format!("document {}", new.id), &format!("version {number}"), number).await
    }

    /// Saves a text as the next version of a document. Gives its number, which is also what the next save must name.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] when somebody has saved since version `after`; [`StoreError::Absent`]; [`StoreError::KeyReused`].
    pub async fn save_version(
        &self,
        write: Write<'_>,
        document: &str,
        after: i64,
        text: &str,
        hash: &str,
    ) -> Result<i64> {
        let expected = after.to_string();
        let mut writing = match self.begin(write, &[document, &expected, text]).await? {
            Begun::Done(answer) => return Ok(answer),
            Begun::Fresh(writing) => writing,
        };
        let Some((newest, _)) = newest(&mut writing.tx, document).await? else {
            writing.tx.rollback().await?;
            return Err(StoreError::Absent);
        };
        if newest != after {
            writing.tx.rollback().await?;
            return Err(StoreError::Conflict { expected: after, found: newest });
        }
        insert_version(&mut writing.tx, write, document, after + 1, text, hash).await?;
        writing.finish(&format!("document {document}"), &format!("version {}", after + 1), after + 1).await
    }

    /// Chooses readings for a document. Gives its new row version.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] when the document has changed since `row_version`; [`StoreError::Absent`];
    /// [`StoreError::KeyReused`].
    pub async fn choose_readings(
        &self,
        write: Write<'_>,
        document: &str,
        row_version: i64,
        readings: &str,
    ) -> Result<i64> {
        let expected = row_version.to_string();
        let mut writing = match self.begin(write, &[document, &expected, readings]).await? {
            Begun::Done(answer) => return Ok(answer),
            Begun::Fresh(writing) => writing,
        };
        let found: Option<Document> = within!(&mut writing.tx, database =>
            sqlx::query_as(DOCUMENT).bind(document).fetch_optional(database).await?);
        let refusal = match found {
            None => Some(StoreError::Absent),
            Some(found) if found.row_version != row_version => {
                Some(StoreError::Conflict { expected: row_version, found: found.row_version })
            }
            Some(_) => None,
        };
        if let Some(refusal) = refusal {
            writing.tx.rollback().await?;
            return Err(refusal);
        }
        const SET: &str = "UPDATE document SET readings = $2, row_version = row_version + 1 WHERE id = $1";
        within!(&mut writing.tx, database =>
            sqlx::query(SET).bind(document).bind(readings).execute(database).await?.rows_affected());
        writing.finish(&format!("document {document}"), readings, row_version + 1).await
    }
}

/// Number and text of the newest version.
async fn newest(tx: &mut Tx, document: &str) -> Result<Option<(i64, String)>> {
    const SQL: &str =
        "SELECT number, text FROM document_version WHERE document = $1 ORDER BY number DESC LIMIT 1";
    Ok(within!(tx, database => sqlx::query_as(SQL).bind(document).fetch_optional(database).await?))
}

async fn insert_version(
    tx: &mut Tx,
    write: Write<'_>,
    document: &str,
    number: i64,
    text: &str,
    hash: &str,
) -> Result<()> {
    const SQL: &str = "INSERT INTO document_version (document, number, text, hash, saved_by, saved_at) \
        VALUES ($1, $2, $3, $4, $5, $6)";
    within!(tx, database => sqlx::query(SQL)
        .bind(document).bind(number).bind(text).bind(hash).bind(write.actor).bind(write.at)
        .execute(database).await?.rows_affected());
    Ok(())
}
