//! How every write is done: once per key, one after the other, with the log in the same transaction.

use crate::Store;
use crate::error::{Result, StoreError};
use crate::pool::{Tx, within};
use crate::rows::Entry;
use sha2::{Digest, Sha256};

/// Who writes, when, and under which key.
#[derive(Debug, Clone, Copy)]
pub struct Write<'a> {
    /// Chosen by the caller: the same write again has the same key.
    pub key: &'a str,
    /// Who.
    pub actor: &'a str,
    /// When, UTC as ISO 8601.
    pub at: &'a str,
    /// Which operation of the product.
    pub operation: &'a str,
}

/// A write that has begun.
pub(crate) enum Begun<'a> {
    /// It has been done before, with this answer.
    Done(i64),
    /// It is to be done.
    Fresh(Box<Writing<'a>>),
}

/// A write that is being done.
pub(crate) struct Writing<'a> {
    pub(crate) tx: Tx,
    write: Write<'a>,
    digest: String,
    number: i64,
    previous: String,
}

impl Store {
    /// Begins a write. `content` is all that the caller wants written: a key stands for one content.
    pub(crate) async fn begin<'a>(&self, write: Write<'a>, content: &[&str]) -> Result<Begun<'a>> {
        let digest = sha256(&[&[write.operation], content].concat());
        let mut tx = self.pool.begin().await?;
        // Taking the end of the log first makes writes come one after the other, on both databases.
        const HEAD: &str = "UPDATE audit_head SET number = number + 1 WHERE id = 1 RETURNING number, digest";
        let (number, previous): (i64, String) =
            within!(&mut tx, database => sqlx::query_as(HEAD).fetch_one(database).await?);
        const DONE: &str = "SELECT digest, answer FROM write_done WHERE key = $1";
        let done: Option<(String, i64)> = within!(&mut tx, database => sqlx::query_as(DONE).bind(write.key).fetch_optional(database).await?);
        match done {
            Some((known, answer)) => {
                tx.rollback().await?;
                if known == digest { Ok(Begun::Done(answer)) } else { Err(StoreError::KeyReused) }
            }
            None => Ok(Begun::Fresh(Box::new(Writing { tx, write, digest, number, previous }))),
        }
    }
}

impl Writing<'_> {
    /// Appends to the log, remembers the answer and commits.
    pub(crate) async fn finish(mut self, object: &str, detail: &str, answer: i64) -> Result<i64> {
        let mut entry = Entry {
            number: self.number,
            at: self.write.at.to_owned(),
            actor: self.write.actor.to_owned(),
            operation: self.write.operation.to_owned(),
            object: object.to_owned(),
            detail: detail.to_owned(),
            previous: self.previous,
            digest: String::new(),
        };
        entry.digest = entry.expected_digest();
        const LOG: &str = "INSERT INTO audit (number, at, actor, operation, object, detail, previous, digest) \
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";
        const HEAD: &str = "UPDATE audit_head SET digest = $1 WHERE id = 1";
        const DONE: &str = "INSERT INTO write_done (key, digest, answer) VALUES ($1, $2, $3)";
        within!(&mut self.tx, database => {
            sqlx::query(LOG)
                .bind(entry.number).bind(&entry.at).bind(&entry.actor).bind(&entry.operation)
                .bind(&entry.object).bind(&entry.detail).bind(&entry.previous).bind(&entry.digest)
                .execute(&mut *database).await?;
            sqlx::query(HEAD).bind(&entry.digest).execute(&mut *database).await?;
            sqlx::query(DONE).bind(self.write.key).bind(&self.digest).bind(answer).execute(&mut *database).await?;
        });
        self.tx.commit().await?;
        Ok(answer)
    }
}

/// SHA-256 of texts, each with its length in front, so that no two lists look alike; hexadecimal.
pub(crate) fn sha256(texts: &[&str]) -> String {
    let mut hasher = Sha256::new();
    for text in texts {
        hasher.update((text.len() as u64).to_be_bytes());
        hasher.update(text.as_bytes());
    }
    hasher.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
}
