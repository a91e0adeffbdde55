//! Tables of facts, their rows, and whose customer it is.

use super::rows::Rows;
use super::{Answer, workbook};
use crate::Server;
use crate::caller::{Caller, InPath, InQuery, Sent};
use crate::failure::Failed;
use axum::Json;
use axum::extract::State;
use axum::response::Response;
use hengjie_app::console::OwnershipQuery;
use hengjie_app::console::answer::{FactPage, FactsDetail, Ownership, Trouble, Uncovered};
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};

/// As of when.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct KnownAt {
    /// As known on a day, `2026-02-03`; now when it is left out. Only a fact store has a past.
    known_at: Option<String>,
}

/// Which part of the ledger of ownership.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(default)]
pub(super) struct WhichOwnership {
    /// The table of what is owned; 客户 when it is left out.
    objects: String,
    /// The table of those who own; those whom the document is about when it is left out.
    owners: String,
    /// One object, by key.
    object: String,
    /// One owner, by key.
    owner: String,
    /// One role.
    role: String,
    /// Tenures that hold on a day; what nobody owns on that day (today when it is left out).
    on: String,
    /// As known on a day; now when it is left out.
    known_at: String,
}

impl WhichOwnership {
    fn query(self) -> OwnershipQuery {
        let Self { objects, owners, object, owner, role, on, known_at } = self;
        OwnershipQuery { objects, owners, object, owner, role, on, known_at }
    }
}

/// The tables of facts of a document.
#[utoipa::path(get, path = "/api/documents/{document}/facts", params(("document" = String, Path), KnownAt),
    responses((status = 200, body = FactsDetail), (status = "4XX", body = Trouble)))]
pub(super) async fn list_facts(
    State(server): State<Server>,
    caller: Caller,
    InPath(document): InPath<String>,
    InQuery(of): InQuery<KnownAt>,
) -> Answer<FactsDetail> {
    let found = server.console.facts(&caller.0, &document, of.known_at.as_deref()).await;
    found.map(Json).map_err(|refusal| caller.failed(&refusal))
}

/// Rows of a table of facts, `归属变动` included.
#[utoipa::path(get, path = "/api/documents/{document}/facts/{name}",
    params(("document" = String, Path), ("name" = String, Path), KnownAt, Rows),
    responses((status = 200, body = FactPage), (status = "4XX", body = Trouble)))]
pub(super) async fn read_facts(
    State(server): State<Server>,
    caller: Caller,
    InPath((document, name)): InPath<(String, String)>,
    InQuery(of): InQuery<KnownAt>,
    InQuery(rows): InQuery<Rows>,
) -> Answer<FactPage> {
    let query = rows.query()?;
    let found = server.console.fact_rows(&caller.0, &document, (&name, of.known_at.as_deref()), &query).await;
    found.map(Json).map_err(|refusal| caller.failed(&refusal))
}

/// Who owns what from when to when.
#[utoipa::path(post, path = "/api/documents/{document}/ownership", params(("document" = String, Path)),
    request_body = WhichOwnership,
    responses((status = 200, body = Ownership), (status = "4XX", body = Trouble)))]
pub(super) async fn read_ownership(
    State(server): State<Server>,
    caller: Caller,
    InPath(document): InPath<String>,
    Sent(which): Sent<WhichOwnership>,
) -> Answer<Ownership> {
    let found = server.console.ownership(&caller.0, &document, &which.query()).await;
    found.map(Json).map_err(|refusal| caller.failed(&refusal))
}

/// What nobody owns in a role on a day.
#[utoipa::path(post, path = "/api/documents/{document}/uncovered", params(("document" = String, Path)),
    request_body = WhichOwnership,
    responses((status = 200, body = Uncovered), (status = "4XX", body = Trouble)))]
pub(super) async fn find_uncovered(
    State(server): State<Server>,
    caller: Caller,
    InPath(document): InPath<String>,
    Sent(which): Sent<WhichOwnership>,
) -> Answer<Uncovered> {
    let found = server.console.uncovered(&caller.0, &document, &which.query()).await;
    found.map(Json).map_err(|refusal| caller.failed(&refusal))
}

/// A workbook with a sheet per table, to fill in.
#[utoipa::path(get, path = "/api/documents/{document}/template", params(("document" = String, Path)),
    responses((status = 200, content_type = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
        (status = "4XX", body = Trouble)))]
pub(super) async fn export_template(
    State(server): State<Server>,
    caller: Caller,
    InPath(document): InPath<String>,
) -> Result<Response, Failed> {
    let (name, bytes) =
        server.console.template(&caller.0, &document).await.map_err(|refusal| caller.failed(&refusal))?;
    Ok(workbook("template", &name, bytes))
}
