//! Computations and their tables.

use super::rows::Rows;
use super::{Answer, Number, workbook};
use crate::Server;
use crate::caller::{Caller, InPath, InQuery, Sent, Writer};
use crate::failure::Failed;
use axum::Json;
use axum::extract::State;
use axum::response::Response;
use hengjie_app::console::RunRequest;
use hengjie_app::console::answer::{Distribution, RunDetail, RunSummary, TablePage, Trouble};
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
    /// As known on a day, `2026-02-03`; now when it is left out. Only facts of a store have a past.
    #[serde(default)]
    known_at: String,
}

/// Which column.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct OfColumn {
    /// From 0.
    column: usize,
}

/// Runs, the newest first.
#[utoipa::path(get, path = "/api/runs", params(OfDocument),
    responses((status = 200, body = [RunSummary]), (status = "4XX", body = Trouble)))]
pub(super) async fn list_runs(
    State(server): State<Server>,
    caller: Caller,
    InQuery(of): InQuery<OfDocument>,
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
    let NewRun { document, version, periods, readings, known_at } = new;
    let wanted = RunRequest { document, version, periods, readings, known_at };
    let started = server.console.start(&writer.0, &wanted).await;
    started.map(|number| Json(Number { number })).map_err(|refusal| writer.failed(&refusal))
}

/// A computation: how far it is, or what came of it.
#[utoipa::path(get, path = "/api/runs/{run}", params(("run" = i64, Path)),
    responses((status = 200, body = RunDetail), (status = "4XX", body = Trouble)))]
pub(super) async fn read_run(
    State(server): State<Server>,
    caller: Caller,
    InPath(run): InPath<i64>,
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
    InPath(run): InPath<i64>,
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
    InPath((run, table)): InPath<(i64, i64)>,
    InQuery(rows): InQuery<Rows>,
) -> Answer<TablePage> {
    let query = rows.query()?;
    let page = server.console.table(&caller.0, run, table, &query).await;
    page.map(Json).map_err(|refusal| caller.failed(&refusal))
}

/// How the values of a column are distributed.
#[utoipa::path(get, path = "/api/runs/{run}/tables/{table}/distribution",
    params(("run" = i64, Path), ("table" = i64, Path), OfColumn),
    responses((status = 200, body = Distribution), (status = "4XX", body = Trouble)))]
pub(super) async fn read_distribution(
    State(server): State<Server>,
    caller: Caller,
    InPath((run, table)): InPath<(i64, i64)>,
    InQuery(of): InQuery<OfColumn>,
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
    InPath(run): InPath<i64>,
) -> Result<Response, Failed> {
    let (name, bytes) =
        server.console.workbook(&caller.0, run).await.map_err(|refusal| caller.failed(&refusal))?;
    Ok(workbook(&format!("results-{run}"), &name, bytes))
}
