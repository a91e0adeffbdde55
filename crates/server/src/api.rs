//! A handler per operation. The name of the function is the id of the operation, in `access::Operation` and in OpenAPI.

mod documents;
mod facts;
mod imports;
mod jobs;
mod log;
mod people;
mod rows;
mod runs;

use crate::Server;
use crate::caller::Caller;
use crate::failure::Failed;
use axum::Json;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use hengjie_app::console::access::Operation;
use hengjie_app::console::answer::{Session, Trouble};
use serde::Serialize;
use utoipa::ToSchema;
use utoipa::openapi::OpenApi;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// The number that a write gives: of a version or of a run.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Number {
    /// From 1.
    pub number: i64,
}

/// What every handler may say instead of an answer.
pub(crate) type Answer<T> = Result<Json<T>, Failed>;

/// All handlers.
#[must_use]
pub fn router() -> OpenApiRouter<Server> {
    OpenApiRouter::new()
        .routes(routes!(session))
        .routes(routes!(documents::list_documents))
        .routes(routes!(documents::read_document))
        .routes(routes!(documents::check_document))
        .routes(routes!(documents::save_document))
        .routes(routes!(documents::compare_versions))
        .routes(routes!(documents::examine_document))
        .routes(routes!(runs::list_runs, runs::start_run))
        .routes(routes!(runs::read_run))
        .routes(routes!(runs::cancel_run))
        .routes(routes!(jobs::replay_run))
        .routes(routes!(jobs::compare_runs))
        .routes(routes!(jobs::read_job))
        .routes(routes!(jobs::cancel_job))
        .routes(routes!(runs::read_table))
        .routes(routes!(runs::read_distribution))
        .routes(routes!(runs::export_run))
        .routes(routes!(people::read_person))
        .routes(routes!(people::explain_value))
        .routes(routes!(people::measure_distance))
        .routes(routes!(people::try_changes))
        .routes(routes!(facts::list_facts))
        .routes(routes!(facts::read_facts))
        .routes(routes!(facts::read_ownership))
        .routes(routes!(facts::find_uncovered))
        .routes(routes!(facts::export_template))
        .routes(routes!(imports::hand_in))
        .routes(routes!(imports::list_imports))
        .routes(routes!(imports::start_import))
        .routes(routes!(imports::read_import))
        .routes(routes!(imports::cancel_import))
        .routes(routes!(imports::export_rejects))
        .routes(routes!(imports::list_mappings, imports::save_mapping))
        .routes(routes!(log::read_log))
        .routes(routes!(log::check_log))
}

/// A workbook to download. `plain`: its name for programs that know no Chinese, without ending.
fn workbook(plain: &str, name: &str, bytes: Vec<u8>) -> Response {
    let encoded: String = name.bytes().map(|byte| format!("%{byte:02X}")).collect();
    let kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet".to_owned();
    let disposition = format!("attachment; filename=\"{plain}.xlsx\"; filename*=UTF-8''{encoded}");
    ([(header::CONTENT_TYPE, kind), (header::CONTENT_DISPOSITION, disposition)], bytes).into_response()
}

/// Title and version of the OpenAPI document.
#[must_use]
pub fn finish(mut document: OpenApi) -> OpenApi {
    document.info.title = "衡阶 Hengjie".to_owned();
    document.info.description = Some(
        "What the console asks of the server. Amounts and scores are text. Writes carry an Idempotency-Key."
            .to_owned(),
    );
    document.info.license = None;
    document.info.version = env!("CARGO_PKG_VERSION").to_owned();
    document
}

/// Who is signed in.
#[utoipa::path(get, path = "/api/session", responses((status = 200, body = Session), (status = 401, body = Trouble)))]
async fn session(Caller(asking): Caller) -> Json<Session> {
    let permitted = Operation::ALL.iter().filter(|operation| asking.actor.permit(**operation).is_ok());
    Json(Session {
        operations: permitted.map(|operation| operation.id().to_owned()).collect(),
        name: asking.actor.name,
        version: env!("CARGO_PKG_VERSION").to_owned(),
    })
}
