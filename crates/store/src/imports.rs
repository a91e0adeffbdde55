//! Imports of facts: who handed in which files, and what came of them. The facts themselves are in fact stores.

use crate::Store;
use crate::error::{Result, StoreError};
use crate::pool::{Tx, each, within};
use crate::rows::{Import, Mapping, Part};
use crate::write::{Begun, Write};

/// An import that is about to start.
#[derive(Debug, Clone, Copy)]
pub struct NewImport<'a> {
    /// The document.
    pub document: &'a str,
    /// What is asked for, JSON.
    pub request: &'a str,
    /// For the log: the files with their SHA-256.
    pub detail: &'a str,
}

/// How an import ended.
#[derive(Debug, Clone, Copy)]
pub struct EndedImport<'a> {
    /// Any state of [`Import`] but `running`.
    pub state: &'a str,
    /// What came of it, JSON.
    pub outcome: &'a str,
    /// For the log: counts, and the number in the fact store.
    pub detail: &'a str,
    /// The rows that were not taken.
    pub rejects: Option<&'a Part>,
    /// Where the facts of the document are from now on; `None`: where they were.
    pub facts: Option<&'a str>,
}

/// A mapping to save.
#[derive(Debug, Clone, Copy)]
pub struct NewMapping<'a> {
    /// The document.
    pub document: &'a str,
    /// What people call the source.
    pub source: &'a str,
    /// The number that it was made from; 0 for a new source.
    pub after: i64,
    /// The text.
    pub text: &'a str,
}

macro_rules! select_import {
    ($rest:literal) => {
        concat!(
            "SELECT number, document, state, request, outcome, started_by, started_at, ended_at, row_version ",
            "FROM fact_import ",
            $rest
        )
    };
}

impl Store {
    /// Imports of a document (of all for `None`), the newest first, at most `limit`.
    ///
    /// # Errors
    /// The database's.
    pub async fn imports(&self, document: Option<&str>, limit: i64) -> Result<Vec<Import>> {
        const OF_ONE: &str = select_import!("WHERE document = $1 ORDER BY number DESC LIMIT $2");
        const OF_ALL: &str = select_import!("WHERE $1 = '' ORDER BY number DESC LIMIT $2");
        let sql = if document.is_some() { OF_ONE } else { OF_ALL };
        let document = document.unwrap_or_default();
        Ok(each!(&self.pool, pool => sqlx::query_as(sql).bind(document).bind(limit).fetch_all(pool).await?))
    }

    /// An import.
    ///
    /// # Errors
    /// [`StoreError::Absent`].
    pub async fn import(&self, number: i64) -> Result<Import> {
        const SQL: &str = select_import!("WHERE number = $1");
        let found = each!(&self.pool, pool => sqlx::query_as(SQL).bind(number).fetch_optional(pool).await?);
        found.ok_or(StoreError::Absent)
    }

    /// The rows that an import did not take.
    ///
    /// # Errors
    /// [`StoreError::Absent`] when it took all of them.
    pub async fn import_rejects(&self, number: i64) -> Result<Part> {
        const SQL: &str = "SELECT position, name, content FROM fact_import_part WHERE fact_import = $1";
        let found = each!(&self.pool, pool => sqlx::query_as(SQL).bind(number).fetch_optional(pool).await?);
        found.ok_or(StoreError::Absent)
    }

    /// Writes down that an import starts. Gives its number.
    ///
    /// # Errors
    /// [`StoreError::KeyReused`]; the database's, also when there is no such document.
    pub async fn start_import(&self, write: Write<'_>, new: &NewImport<'_>) -> Result<i64> {
        let mut writing = match self.begin(write, &[new.document, new.request]).await? {
            Begun::Done(answer) => return Ok(answer),
            Begun::Fresh(writing) => writing,
        };
        const NEXT: &str = "SELECT COALESCE(MAX(number), 0) + 1 FROM fact_import";
        const SQL: &str = "INSERT INTO fact_import (number, document, state, request, outcome, started_by, \
            started_at, ended_at, row_version) VALUES ($1, $2, 'running', $3, '', $4, $5, '', 1)";
        let (number,): (i64,) =
            within!(&mut writing.tx, database => sqlx::query_as(NEXT).fetch_one(database).await?);
        within!(&mut writing.tx, database => sqlx::query(SQL)
            .bind(number).bind(new.document).bind(new.request).bind(write.actor).bind(write.at)
            .execute(database).await?.rows_affected());
        writing.finish(&format!("import {number}"), &format!("{} {}", new.document, new.detail), number).await
    }

    /// Writes down how an import ended, with the rows that were not taken, all or nothing. Gives its new row version.
    ///
    /// # Errors
    /// [`StoreError::Ended`] when it has ended before; [`StoreError::Absent`]; [`StoreError::KeyReused`].
    pub async fn end_import(&self, write: Write<'_>, number: i64, ended: &EndedImport<'_>) -> Result<i64> {
        let name = number.to_string();
        let mut writing = match self.begin(write, &[&name, ended.state, ended.outcome]).await? {
            Begun::Done(answer) => return Ok(answer),
            Begun::Fresh(writing) => writing,
        };
        const END: &str = "UPDATE fact_import SET state = $2, outcome = $3, ended_at = $4, \
            row_version = row_version + 1 WHERE number = $1 AND state = 'running' RETURNING row_version";
        let row: Option<(i64,)> = within!(&mut writing.tx, database => sqlx::query_as(END)
            .bind(number).bind(ended.state).bind(ended.outcome).bind(write.at).fetch_optional(database).await?);
        let Some((row_version,)) = row else {
            writing.tx.rollback().await?;
            self.import(number).await?;
            return Err(StoreError::Ended);
        };
        if let Some(part) = ended.rejects {
            const PART: &str =
                "INSERT INTO fact_import_part (fact_import, position, name, content) VALUES ($1, $2, $3, $4)";
            within!(&mut writing.tx, database => sqlx::query(PART)
                .bind(number).bind(part.position).bind(&part.name).bind(&part.content).execute(database).await?.rows_affected());
        }
        if let Some(facts) = ended.facts {
            move_facts(&mut writing.tx, number, facts).await?;
        }
        writing
            .finish(&format!("import {number}"), &format!("{} {}", ended.state, ended.detail), row_version)
            .await
    }

    /// The mappings of a document, the newest of each source, by source.
    ///
    /// # Errors
    /// The database's.
    pub async fn mappings(&self, document: &str) -> Result<Vec<Mapping>> {
        const SQL: &str = "SELECT source, number, text, saved_by, saved_at FROM fact_mapping AS own \
            WHERE document = $1 AND number = (SELECT MAX(number) FROM fact_mapping AS other \
            WHERE other.document = own.document AND other.source = own.source) ORDER BY source";
        Ok(each!(&self.pool, pool => sqlx::query_as(SQL).bind(document).fetch_all(pool).await?))
    }

    /// Saves the mapping of a source. Gives its number, which is also what the next save must name.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] when somebody has saved since number `after`; [`StoreError::KeyReused`]; the database's, also when
    /// there is no such document.
    pub async fn save_mapping(&self, write: Write<'_>, new: &NewMapping<'_>) -> Result<i64> {
        let after = new.after.to_string();
        let mut writing = match self.begin(write, &[new.document, new.source, &after, new.text]).await? {
            Begun::Done(answer) => return Ok(answer),
            Begun::Fresh(writing) => writing,
        };
        const NEWEST: &str =
            "SELECT COALESCE(MAX(number), 0) FROM fact_mapping WHERE document = $1 AND source = $2";
        let (newest,): (i64,) = within!(&mut writing.tx, database =>
            sqlx::query_as(NEWEST).bind(new.document).bind(new.source).fetch_one(database).await?);
        if newest != new.after {
            writing.tx.rollback().await?;
            return Err(StoreError::Conflict { expected: new.after, found: newest });
        }
        const SQL: &str = "INSERT INTO fact_mapping (document, source, number, text, saved_by, saved_at) \
            VALUES ($1, $2, $3, $4, $5, $6)";
        let number = newest + 1;
        within!(&mut writing.tx, database => sqlx::query(SQL)
            .bind(new.document).bind(new.source).bind(number).bind(new.text).bind(write.actor).bind(write.at)
            .execute(database).await?.rows_affected());
        writing
            .finish(&format!("mapping {} {}", new.document, new.source), &format!("version {number}"), number)
            .await
    }
}

/// From now on the facts of the document of an import are elsewhere.
async fn move_facts(tx: &mut Tx, import: i64, facts: &str) -> Result<()> {
    const SQL: &str = "UPDATE document SET facts = $2, row_version = row_version + 1 \
        WHERE id = (SELECT document FROM fact_import WHERE number = $1)";
    within!(tx, database => sqlx::query(SQL).bind(import).bind(facts).execute(database).await?.rows_affected());
    Ok(())
}
