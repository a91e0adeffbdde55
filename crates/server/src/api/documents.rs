//! Regulations with their versions.

use super::{Answer, Number};
use crate::Server;
use crate::caller::{Caller, InPath, InQuery, Sent, Writer};
use axum::Json;
use axum::extract::State;
use hengjie_app::console::answer::{Amended, Checked, DocumentDetail, DocumentSummary, Finding, Trouble};
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};

/// Which version.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct OfVersion {
    /// The newest when it is left out.
    version: Option<i64>,
}

/// Which two versions.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct Two {
    /// The old one.
    old: i64,
    /// The new one.
    new: i64,
}

/// A text.
#[derive(Debug, Deserialize, ToSchema)]
pub(super) struct Draft {
    /// The whole document.
    text: String,
}

/// A text to save.
#[derive(Debug, Deserialize, ToSchema)]
pub(super) struct NextVersion {
    /// The version that it was made from: when there is a newer one, nothing is saved.
    after: i64,
    /// The whole document.
    text: String,
}

/// The documents with their last runs.
#[utoipa::path(get, path = "/api/documents", responses((status = 200, body = [DocumentSummary]), (status = "4XX", body = Trouble)))]
pub(super) async fn list_documents(
    State(server): State<Server>,
    caller: Caller,
) -> Answer<Vec<DocumentSummary>> {
    server.console.documents(&caller.0).await.map(Json).map_err(|refusal| caller.failed(&refusal))
}

/// A document, article by article.
#[utoipa::path(get, path = "/api/documents/{document}", params(("document" = String, Path), OfVersion),
    responses((status = 200, body = DocumentDetail), (status = "4XX", body = Trouble)))]
pub(super) async fn read_document(
    State(server): State<Server>,
    caller: Caller,
    InPath(document): InPath<String>,
    InQuery(of): InQuery<OfVersion>,
) -> Answer<DocumentDetail> {
    let found = server.console.document(&caller.0, &document, of.version).await;
    found.map(Json).map_err(|refusal| caller.failed(&refusal))
}

/// Checks a text while it is written. Nothing is kept.
#[utoipa::path(post, path = "/api/check", request_body = Draft,
    responses((status = 200, body = Checked), (status = "4XX", body = Trouble)))]
pub(super) async fn check_document(
    State(server): State<Server>,
    caller: Caller,
    Sent(draft): Sent<Draft>,
) -> Answer<Checked> {
    server.console.check(&caller.0, &draft.text).map(Json).map_err(|refusal| caller.failed(&refusal))
}

/// Saves a text as the next version.
#[utoipa::path(post, path = "/api/documents/{document}/versions",
    params(("document" = String, Path), ("Idempotency-Key" = String, Header)), request_body = NextVersion,
    responses((status = 200, body = Number), (status = "4XX", body = Trouble)))]
pub(super) async fn save_document(
    State(server): State<Server>,
    writer: Writer,
    InPath(document): InPath<String>,
    Sent(next): Sent<NextVersion>,
) -> Answer<Number> {
    let saved = server.console.save(&writer.0, &document, next.after, &next.text).await;
    saved.map(|number| Json(Number { number })).map_err(|refusal| writer.failed(&refusal))
}

/// Two versions side by side.
#[utoipa::path(get, path = "/api/documents/{document}/amendments", params(("document" = String, Path), Two),
    responses((status = 200, body = [Amended]), (status = "4XX", body = Trouble)))]
pub(super) async fn compare_versions(
    State(server): State<Server>,
    caller: Caller,
    InPath(document): InPath<String>,
    InQuery(two): InQuery<Two>,
) -> Answer<Vec<Amended>> {
    let found = server.console.amendments(&caller.0, &document, two.old, two.new).await;
    found.map(Json).map_err(|refusal| caller.failed(&refusal))
}

/// The health check of a version.
#[utoipa::path(get, path = "/api/documents/{document}/versions/{version}/health",
    params(("document" = String, Path), ("version" = i64, Path)),
    responses((status = 200, body = [Finding]), (status = "4XX", body = Trouble)))]
pub(super) async fn examine_document(
    State(server): State<Server>,
    caller: Caller,
    InPath((document, version)): InPath<(String, i64)>,
) -> Answer<Vec<Finding>> {
    let found = server.console.health(&caller.0, &document, version).await;
    found.map(Json).map_err(|refusal| caller.failed(&refusal))
}
