//! Replays and comparisons of runs.

use super::{Answer, Number};
use crate::Server;
use crate::caller::{Caller, InPath, Sent, Writer};
use axum::Json;
use axum::extract::State;
use hengjie_app::console::answer::{JobDetail, Trouble};
use serde::Deserialize;
use utoipa::ToSchema;

/// Which runs.
#[derive(Debug, Deserialize, ToSchema)]
pub(super) struct TwoRuns {
    /// The earlier one.
    old: i64,
    /// The later one.
    new: i64,
}

/// Computes a run again and compares every byte; gives the number of the job.
#[utoipa::path(post, path = "/api/runs/{run}/replay",
    params(("run" = i64, Path), ("Idempotency-Key" = String, Header)),
    responses((status = 200, body = Number), (status = "4XX", body = Trouble)))]
pub(super) async fn replay_run(
    State(server): State<Server>,
    writer: Writer,
    InPath(run): InPath<i64>,
) -> Answer<Number> {
    let started = server.console.replay(&writer.0, run).await;
    started.map(|number| Json(Number { number })).map_err(|refusal| writer.failed(&refusal))
}

/// Compares two runs and finds the cause of every difference; gives the number of the job.
#[utoipa::path(post, path = "/api/comparisons", params(("Idempotency-Key" = String, Header)), request_body = TwoRuns,
    responses((status = 200, body = Number), (status = "4XX", body = Trouble)))]
pub(super) async fn compare_runs(
    State(server): State<Server>,
    writer: Writer,
    Sent(TwoRuns { old, new }): Sent<TwoRuns>,
) -> Answer<Number> {
    let started = server.console.compare(&writer.0, old, new).await;
    started.map(|number| Json(Number { number })).map_err(|refusal| writer.failed(&refusal))
}

/// A replay or comparison: how far it is, or what it found.
#[utoipa::path(get, path = "/api/jobs/{job}", params(("job" = i64, Path)),
    responses((status = 200, body = JobDetail), (status = "4XX", body = Trouble)))]
pub(super) async fn read_job(
    State(server): State<Server>,
    caller: Caller,
    InPath(job): InPath<i64>,
) -> Answer<JobDetail> {
    server.console.job(&caller.0, job).map(Json).map_err(|refusal| caller.failed(&refusal))
}

/// Stops a replay or comparison.
#[utoipa::path(post, path = "/api/jobs/{job}/cancel",
    params(("job" = i64, Path), ("Idempotency-Key" = String, Header)),
    responses((status = 200, body = Number), (status = "4XX", body = Trouble)))]
pub(super) async fn cancel_job(
    State(server): State<Server>,
    writer: Writer,
    InPath(job): InPath<i64>,
) -> Answer<Number> {
    let cancelled = server.console.cancel_job(&writer.0, job);
    cancelled.map(|number| Json(Number { number })).map_err(|refusal| writer.failed(&refusal))
}
