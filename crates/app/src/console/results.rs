//! The results of a run: rows, distributions, the workbook.

use super::access::Operation;
use super::answer::{Distribution, TablePage};
use super::outcome::WORKBOOK;
use super::refusal::{Refusal, Refused};
use super::table::{Kept, TableQuery};
use super::{Asking, Console, hold, lock};
use std::sync::Arc;

impl Console {
    /// Rows of a table of a run.
    ///
    /// # Errors
    /// [`Refusal::Forbidden`]; [`Refusal::Absent`] for an unknown column; [`Refusal::Store`] when there is no such table.
    pub async fn table(
        &self,
        asking: &Asking,
        run: i64,
        position: i64,
        query: &TableQuery,
    ) -> Refused<TablePage> {
        asking.actor.permit(Operation::ReadTable)?;
        self.kept(run, position).await?.page(query)
    }

    /// How the values of a column of a table are distributed.
    ///
    /// # Errors
    /// As [`Console::table`].
    pub async fn distribution(
        &self,
        asking: &Asking,
        run: i64,
        position: i64,
        column: usize,
    ) -> Refused<Distribution> {
        asking.actor.permit(Operation::ReadDistribution)?;
        self.kept(run, position).await?.distribution(column)
    }

    /// Name and bytes of the workbook of a run.
    ///
    /// # Errors
    /// [`Refusal::Forbidden`]; [`Refusal::Store`] when there is none.
    pub async fn workbook(&self, asking: &Asking, run: i64) -> Refused<(String, Vec<u8>)> {
        asking.actor.permit(Operation::ExportRun)?;
        let part = self.store.run_part(run, WORKBOOK).await?;
        Ok((part.name, part.content))
    }

    pub(super) async fn kept(&self, run: i64, position: i64) -> Refused<Arc<Kept>> {
        let key = (run, position);
        if let Some((_, table)) = lock(&self.shared.tables).iter().find(|(held, _)| *held == key) {
            return Ok(Arc::clone(table));
        }
        let part = self.store.run_part(run, position).await?;
        let table: Kept = serde_json::from_slice(&part.content)
            .map_err(|_| Refusal::absent("这张表读不出。", "This table cannot be read."))?;
        let table = Arc::new(table);
        hold(&mut lock(&self.shared.tables), key, &table);
        Ok(table)
    }
}
