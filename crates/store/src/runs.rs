//! Runs and what came out of them.

use crate::Store;
use crate::error::{Result, StoreError};
use crate::pool::{each, within};
use crate::rows::{Part, Run};
use crate::write::{Begun, Write};

/// A run that is about to start.
#[derive(Debug, Clone, Copy)]
pub struct NewRun<'a> {
    /// The document.
    pub document: &'a str,
    /// Its version.
    pub version: i64,
    /// What is asked for, JSON.
    pub request: &'a str,
}

/// How a run ended.
#[derive(Debug, Clone, Copy)]
pub struct Ended<'a> {
    /// `done`, `failed` or `cancelled`.
    pub state: &'a str,
    /// What came of it, JSON.
    pub outcome: &'a str,
    /// The tables and the workbook; none unless it is done.
    pub parts: &'a [Part],
}

macro_rules! select_run {
    ($rest:literal) => {
        concat!(
            "SELECT number, document, version, state, request, outcome, started_by, started_at, ended_at, ",
            "row_version FROM run ",
            $rest
        )
    };
}

impl Store {
    /// Runs of a document (of all for `None`), the newest first, at most `limit`.
    ///
    /// # Errors
    /// The database's.
    pub async fn runs(&self, document: Option<&str>, limit: i64) -> Result<Vec<Run>> {
        const OF_ONE: &str = select_run!("WHERE document = $1 ORDER BY number DESC LIMIT $2");
        const OF_ALL: &str = select_run!("WHERE $1 = '' ORDER BY number DESC LIMIT $2");
        let sql = if document.is_some() { OF_ONE } else { OF_ALL };
        let document = document.unwrap_or_default();
        Ok(each!(&self.pool, pool => sqlx::query_as(sql).bind(document).bind(limit).fetch_all(pool).await?))
    }

    /// A run.
    ///
    /// # Errors
    /// [`StoreError::Absent`].
    pub async fn run(&self, number: i64) -> Result<Run> {
        const SQL: &str = select_run!("WHERE number = $1");
        let found = each!(&self.pool, pool => sqlx::query_as(SQL).bind(number).fetch_optional(pool).await?);
        found.ok_or(StoreError::Absent)
    }

    /// A part of the results of a run.
    ///
    /// # Errors
    /// [`StoreError::Absent`].
    pub async fn run_part(&self, run: i64, position: i64) -> Result<Part> {
        const SQL: &str = "SELECT position, name, content FROM run_part WHERE run = $1 AND position = $2";
        let found = each!(&self.pool, pool => sqlx::query_as(SQL).bind(run).bind(position).fetch_optional(pool).await?);
        found.ok_or(StoreError::Absent)
    }

    /// Writes down that a run starts. Gives its number.
    ///
    /// # Errors
    /// [`StoreError::KeyReused`]; the database's, also when there is no such version.
    pub async fn start_run(&self, write: Write<'_>, new: &NewRun<'_>) -> Result<i64> {
        let version = new.version.to_string();
        let mut writing = match self.begin(write, &[new.document, &version, new.request]).await? {
            Begun::Done(answer) => return Ok(answer),
            Begun::Fresh(writing) => writing,
        };
        const NEXT: &str = "SELECT COALESCE(MAX(number), 0) + 1 FROM run";
        const SQL: &str = "INSERT INTO run (number, document, version, state, request, outcome, started_by, \
            started_at, ended_at, row_version) VALUES ($1, $2, $3, 'running', $4, '', $5, $6, '', 1)";
        let (number,): (i64,) =
            within!(&mut writing.tx, database => sqlx::query_as(NEXT).fetch_one(database).await?);
        within!(&mut writing.tx, database => sqlx::query(SQL)
            .bind(number).bind(new.document).bind(new.version).bind(new.request).bind(write.actor).bind(write.at)
            .execute(database).await?.rows_affected());
        writing.finish(&format!("run {number}"), new.document, number).await
    }

    /// Writes down how a run ended, with its results, all or nothing. Gives its new row version.
    ///
    /// # Errors
    /// [`StoreError::Ended`] when it has ended before: a run that was cancelled takes no results;
    /// [`StoreError::Absent`]; [`StoreError::KeyReused`].
    pub async fn end_run(&self, write: Write<'_>, number: i64, ended: &Ended<'_>) -> Result<i64> {
        let name = number.to_string();
        let mut writing = match self.begin(write, &[&name, ended.state, ended.outcome]).await? {
            Begun::Done(answer) => return Ok(answer),
            Begun::Fresh(writing) => writing,
        };
        const END: &str = "UPDATE run SET state = $2, outcome = $3, ended_at = $4, row_version = row_version + 1 \
            WHERE number = $1 AND state = 'running' RETURNING row_version";
        let row: Option<(i64,)> = within!(&mut writing.tx, database => sqlx::query_as(END)
            .bind(number).bind(ended.state).bind(ended.outcome).bind(write.at).fetch_optional(database).await?);
        let Some((row_version,)) = row else {
            writing.tx.rollback().await?;
            self.run(number).await?;
            return Err(StoreError::Ended);
        };
        const PART: &str = "INSERT INTO run_part (run, position, name, content) VALUES ($1, $2, $3, $4)";
        for part in ended.parts {
            within!(&mut writing.tx, database => sqlx::query(PART)
                .bind(number).bind(part.position).bind(&part.name).bind(&part.content).execute(database).await?.rows_affected());
        }
        writing.finish(&format!("run {number}"), ended.state, row_version).await
    }
}
