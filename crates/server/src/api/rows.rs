//! Which rows of a table, as addresses say it.

use crate::failure::Failed;
use axum::http::StatusCode;
use hengjie_app::console::TableQuery;
use serde::Deserialize;
use utoipa::IntoParams;

/// Rows of a page when nothing else is asked for.
const PAGE: usize = 100;

/// Which rows.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct Rows {
    /// Column to sort by, from 0.
    sort: Option<usize>,
    /// From high to low.
    #[serde(default)]
    descending: bool,
    /// Only rows whose key or name (of facts: any text) contains this.
    #[serde(default)]
    search: String,
    /// `3=高级` or `3=state:missing`; several for one column: any of them. A JSON list.
    filters: Option<String>,
    /// First row, from 0.
    #[serde(default)]
    offset: usize,
    /// Rows at most (1 to 500).
    limit: Option<usize>,
}

impl Rows {
    /// As the console asks for them.
    pub(super) fn query(self) -> Result<TableQuery, Failed> {
        Ok(TableQuery {
            sort: self.sort,
            descending: self.descending,
            filters: filters(self.filters.as_deref())?,
            search: self.search,
            offset: self.offset,
            limit: self.limit.unwrap_or(PAGE),
        })
    }
}

/// `["3=高级", "4=state:missing"]`
fn filters(text: Option<&str>) -> Result<Vec<(usize, String)>, Failed> {
    let list: Option<Vec<String>> = text.map_or(Some(Vec::new()), |text| serde_json::from_str(text).ok());
    let filter = |text: &String| {
        let (column, value) = text.split_once('=')?;
        Some((column.parse().ok()?, value.to_owned()))
    };
    let filters = list.and_then(|list| list.iter().map(filter).collect());
    filters.ok_or_else(|| {
        Failed::new(StatusCode::BAD_REQUEST, "filters", "筛选条件读不懂 / the filters cannot be read")
    })
}
