//! Computations and their tables.

use super::{Answer, Number};
use crate::Server;
use crate::caller::{Caller, Sent, Writer};
use crate::failure::Failed;
use axum::Json;
use axum::extract::{Path, Query, State};
use axum::http::{StatusCode, header};
use axum::response::IntoResponse;
use hengjie_app::console::answer::{Distribution, RunDetail, RunSummary, TablePage, Trouble};
use hengjie_app::console::{RunRequest, TableQuery};
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};

/// Of which document.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct OfDocument {
    /// All when it is left out.
    document: Option<String>,
}

/// What to compute.
#[derive(Debug, Deserialize, ToSchema)]
pub(super) struct NewRun {
    /// The document.
    document: String,
    /// The newest version when it is left out.
    version: Option<i64>,
    /// `2025年`, `2025年1季`; the last one of each kind when it is left out.
    #[serde(default)]
    periods: Vec<String>,
    /// Readings taken instead of those of the document: name and alternative.
    #[serde(default)]
    readings: Vec<(String, String)>,
}

/// Which rows.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct Rows {
    /// Column to sort by, from 0.
    sort: Option<usize>,
    /// From high to low.
    #[serde(default)]
    descending: bool,
    /// Only keys and names that contain this.
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

/// Which column.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct OfColumn {
    /// From 0.
    column: usize,
}

/// Rows of a page when nothing else is asked for.
const PAGE: usize = 100;

/// Runs, the newest first.
#[utoipa::path(get, path = "/api/runs", params(OfDocument),
    responses((status = 200, body = [RunSummary]), (status = "4XX", body = Trouble)))]
pub(super) async fn list_runs(
    State(server): State<Server>,
    caller: Caller,
    Query(of): Query<OfDocument>,
) -> Answer<Vec<RunSummary>> {
    let found = server.console.runs(&caller.0, of.document.as_deref()).await;
    found.map(Json).map_err(|refusal| caller.failed(&refusal))
}

/// Starts a computation.
#[utoipa::path(post, path = "/api/runs", params(("Idempotency-Key" = String, Header)), request_body = NewRun,
    responses((status = 200, body = Number), (status = "4XX", body = Trouble)))]
pub(super) async fn start_run(
    State(server): State<Server>,
    writer: Writer,
    Sent(new): Sent<NewRun>,
) -> Answer<Number> {
    let NewRun { document, version, periods, readings } = new;
    let started = server.console.start(&writer.0, &RunRequest { document, version, periods, readings }).await;
    started.map(|number| Json(Number { number })).map_err(|refusal| writer.failed(&refusal))
}

/// A computation: how far it is, or what came of it.
#[utoipa::path(get, path = "/api/runs/{run}", params(("run" = i64, Path)),
    responses((status = 200, body = RunDetail), (status = "4XX", body = Trouble)))]
pub(super) async fn read_run(
    State(server): State<Server>,
    caller: Caller,
    Path(run): Path<i64>,
) -> Answer<RunDetail> {
    server.console.run(&caller.0, run).await.map(Json).map_err(|refusal| caller.failed(&refusal))
}

/// Stops a computation.
#[utoipa::path(post, path = "/api/runs/{run}/cancel",
    params(("run" = i64, Path), ("Idempotency-Key" = String, Header)),
    responses((status = 200, body = Number), (status = "4XX", body = Trouble)))]
pub(super) async fn cancel_run(
    State(server): State<Server>,
    writer: Writer,
    Path(run): Path<i64>,
) -> Answer<Number> {
    let cancelled = server.console.cancel(&writer.0, run).await;
    cancelled.map(|_| Json(Number { number: run })).map_err(|refusal| writer.failed(&refusal))
}

/// Rows of a result table.
#[utoipa::path(get, path = "/api/runs/{run}/tables/{table}", params(("run" = i64, Path), ("table" = i64, Path), Rows),
    responses((status = 200, body = TablePage), (status = "4XX", body = Trouble)))]
pub(super) async fn read_table(
    State(server): State<Server>,
    caller: Caller,
    Path((run, table)): Path<(i64, i64)>,
    Query(rows): Query<Rows>,
) -> Answer<TablePage> {
    let query = TableQuery {
        sort: rows.sort,
        descending: rows.descending,
        search: rows.search,
        filters: filters(rows.filters.as_deref())?,
        offset: rows.offset,
        limit: rows.limit.unwrap_or(PAGE),
    };
    let page = server.console.table(&caller.0, run, table, &query).await;
    page.map(Json).map_err(|refusal| caller.failed(&refusal))
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

/// How the values of a column are distributed.
#[utoipa::path(get, path = "/api/runs/{run}/tables/{table}/distribution",
    params(("run" = i64, Path), ("table" = i64, Path), OfColumn),
    responses((status = 200, body = Distribution), (status = "4XX", body = Trouble)))]
pub(super) async fn read_distribution(
    State(server): State<Server>,
    caller: Caller,
    Path((run, table)): Path<(i64, i64)>,
    Query(of): Query<OfColumn>,
) -> Answer<Distribution> {
    let found = server.console.distribution(&caller.0, run, table, of.column).await;
    found.map(Json).map_err(|refusal| caller.failed(&refusal))
}

/// The workbook of a run.
#[utoipa::path(get, path = "/api/runs/{run}/workbook", params(("run" = i64, Path)),
    responses((status = 200, content_type = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
        (status = "4XX", body = Trouble)))]
pub(super) async fn export_run(
    State(server): State<Server>,
    caller: Caller,
    Path(run): Path<i64>,
) -> Result<impl IntoResponse, Failed> {
    let (name, bytes) =
        server.console.workbook(&caller.0, run).await.map_err(|refusal| caller.failed(&refusal))?;
    let encoded: String = name.bytes().map(|byte| format!("%{byte:02X}")).collect();
    let kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet".to_owned();
    let disposition = format!("attachment; filename=\"results-{run}.xlsx\"; filename*=UTF-8''{encoded}");
    Ok(([(header::CONTENT_TYPE, kind), (header::CONTENT_DISPOSITION, disposition)], bytes))
}
