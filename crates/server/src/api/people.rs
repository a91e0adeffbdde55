//! One person.

use super::Answer;
use crate::Server;
use crate::caller::{Caller, InPath, Sent};
use axum::Json;
use axum::extract::State;
use hengjie_app::console::PersonTrial;
use hengjie_app::console::answer::{DistanceView, Explanation, Person, TrialView, Trouble};
use hengjie_app::explain::Question;
use serde::Deserialize;
use utoipa::ToSchema;

/// Which figure.
#[derive(Debug, Deserialize, ToSchema)]
pub(super) struct Asked {
    /// Key of the person; empty for everybody together.
    person: String,
    /// Name of the value.
    value: String,
    /// Row of a 逐 table.
    row: Option<String>,
}

/// Facts as they might be.
#[derive(Debug, Deserialize, ToSchema)]
pub(super) struct Attempt {
    /// Key of the person.
    person: String,
    /// Field and value as people write it: `日均存款`, `1.2亿元`.
    changes: Vec<(String, String)>,
}

/// Whose.
#[derive(Debug, Deserialize, ToSchema)]
pub(super) struct Whose {
    /// Key of the person.
    person: String,
}

/// All figures of a person. The key stands in the body: addresses end up in histories.
#[utoipa::path(post, path = "/api/runs/{run}/person", params(("run" = i64, Path)), request_body = Whose,
    responses((status = 200, body = Person), (status = "4XX", body = Trouble)))]
pub(super) async fn read_person(
    State(server): State<Server>,
    caller: Caller,
    InPath(run): InPath<i64>,
    Sent(whose): Sent<Whose>,
) -> Answer<Person> {
    let found = server.console.person(&caller.0, run, &whose.person).await;
    found.map(Json).map_err(|refusal| caller.failed(&refusal))
}

/// Why a figure is what it is.
#[utoipa::path(post, path = "/api/runs/{run}/explain", params(("run" = i64, Path)), request_body = Asked,
    responses((status = 200, body = Explanation), (status = "4XX", body = Trouble)))]
pub(super) async fn explain_value(
    State(server): State<Server>,
    caller: Caller,
    InPath(run): InPath<i64>,
    Sent(asked): Sent<Asked>,
) -> Answer<Explanation> {
    let question = Question { subject: asked.person, value: asked.value, row: asked.row };
    let found = server.console.explain(&caller.0, run, question).await;
    found.map(Json).map_err(|refusal| caller.failed(&refusal))
}

/// What a person still needs for the next grade, step or seat.
#[utoipa::path(post, path = "/api/runs/{run}/distance", params(("run" = i64, Path)), request_body = Whose,
    responses((status = 200, body = [DistanceView]), (status = "4XX", body = Trouble)))]
pub(super) async fn measure_distance(
    State(server): State<Server>,
    caller: Caller,
    InPath(run): InPath<i64>,
    Sent(whose): Sent<Whose>,
) -> Answer<Vec<DistanceView>> {
    let found = server.console.distance(&caller.0, run, &whose.person).await;
    found.map(Json).map_err(|refusal| caller.failed(&refusal))
}

/// What other facts of a person would give. Nothing is kept.
#[utoipa::path(post, path = "/api/runs/{run}/attempt", params(("run" = i64, Path)), request_body = Attempt,
    responses((status = 200, body = TrialView), (status = "4XX", body = Trouble)))]
pub(super) async fn try_changes(
    State(server): State<Server>,
    caller: Caller,
    InPath(run): InPath<i64>,
    Sent(attempt): Sent<Attempt>,
) -> Answer<TrialView> {
    let trial = PersonTrial { person: attempt.person, changes: attempt.changes };
    let found = server.console.attempt(&caller.0, run, trial).await;
    found.map(Json).map_err(|refusal| caller.failed(&refusal))
}
