//! Who did what.

use super::Answer;
use crate::Server;
use crate::caller::{Caller, InQuery};
use axum::Json;
use axum::extract::State;
use hengjie_app::console::answer::{LogChecked, LogEntry, Trouble};
use serde::Deserialize;
use utoipa::IntoParams;

/// From where.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct Before {
    /// Only entries with lower numbers.
    before: Option<i64>,
}

/// Entries of the log, the newest first.
#[utoipa::path(get, path = "/api/log", params(Before),
    responses((status = 200, body = [LogEntry]), (status = "4XX", body = Trouble)))]
pub(super) async fn read_log(
    State(server): State<Server>,
    caller: Caller,
    InQuery(from): InQuery<Before>,
) -> Answer<Vec<LogEntry>> {
    let found = server.console.log(&caller.0, from.before).await;
    found.map(Json).map_err(|refusal| caller.failed(&refusal))
}

/// Is the log whole?
#[utoipa::path(get, path = "/api/log/check",
    responses((status = 200, body = LogChecked), (status = "4XX", body = Trouble)))]
pub(super) async fn check_log(State(server): State<Server>, caller: Caller) -> Answer<LogChecked> {
    server.console.check_log(&caller.0).await.map(Json).map_err(|refusal| caller.failed(&refusal))
}
