//! Files for a fact store: handed in, checked, posted; and how each source fits.

use super::{Answer, Number, workbook};
use crate::Server;
use crate::caller::{Caller, InPath, InQuery, Sent, Writer};
use crate::failure::Failed;
use axum::Json;
use axum::body::{Body, Bytes, HttpBody};
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use hengjie_app::console::answer::{HandedIn, ImportDetail, ImportSummary, MappingSummary, Taking, Trouble};
use hengjie_app::console::{ImportRequest, Incoming, Refusal};
use hengjie_quantity::Lang;
use serde::Deserialize;
use std::future::poll_fn;
use std::pin::Pin;
use tokio::sync::mpsc;
use utoipa::{IntoParams, ToSchema};

/// Parts of a body that wait for the disk at a time.
const WAITING: usize = 16;

/// What a file is called.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct Named {
    /// Its name with its ending.
    name: String,
}

/// Of which document.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct OfDocument {
    /// All when it is left out.
    document: Option<String>,
}

/// What to import.
#[derive(Debug, Deserialize, ToSchema)]
pub(super) struct NewImport {
    /// Files that were handed in.
    #[serde(default)]
    files: Vec<HandedIn>,
    /// Instead of files: those that the document has been run on so far, to begin a fact store with.
    #[serde(default)]
    present: bool,
    /// The table of a single file, whatever it is called.
    #[serde(default)]
    table: String,
    /// What people call the source of the mapping.
    #[serde(default)]
    source: String,
    /// The mapping, JSON.
    #[serde(default)]
    mapping: String,
    /// A control file, whatever it is called.
    control: Option<HandedIn>,
    /// What to take.
    #[serde(default)]
    taking: Taking,
    /// The day on which the facts became known, `2026-02-03`; today when it is left out.
    #[serde(default)]
    recorded_on: String,
    /// The rows take back what was said about their keys.
    #[serde(default)]
    withdraw: bool,
}

/// A mapping to save.
#[derive(Debug, Deserialize, ToSchema)]
pub(super) struct NewMapping {
    /// What people call the source.
    source: String,
    /// The number that it was made from, 0 for a new source: when there is a newer one, nothing is saved.
    after: i64,
    /// JSON, as a mapping file has it.
    text: String,
}

/// Hands a file in. It is kept under its SHA-256 until the server stops; nothing is imported yet.
#[utoipa::path(post, path = "/api/documents/{document}/files", params(("document" = String, Path), Named),
    request_body(content_type = "application/octet-stream"),
    responses((status = 200, body = HandedIn), (status = "4XX", body = Trouble)))]
pub(super) async fn hand_in(
    State(server): State<Server>,
    caller: Caller,
    InPath(document): InPath<String>,
    InQuery(named): InQuery<Named>,
    body: Body,
) -> Answer<HandedIn> {
    let incoming = server.console.hand_in(&caller.0, &document, &named.name).await;
    let incoming = incoming.map_err(|refusal| caller.failed(&refusal))?;
    match stream(body, incoming).await {
        Some(kept) => kept.map(Json).map_err(|refusal| caller.failed(&refusal)),
        None => Err(broken_off(caller.0.lang)),
    }
}

/// Moves a body to the disk beside the server's own threads. `None`: it broke off.
async fn stream(mut body: Body, incoming: Incoming) -> Option<Result<HandedIn, Refusal>> {
    let (send, mut receive) = mpsc::channel::<Bytes>(WAITING);
    let writing = tokio::task::spawn_blocking(move || {
        let mut incoming = incoming;
        while let Some(bytes) = receive.blocking_recv() {
            incoming.write(&bytes)?;
        }
        Ok(incoming)
    });
    let mut is_whole = true;
    while let Some(frame) = poll_fn(|context| Pin::new(&mut body).poll_frame(context)).await {
        let Ok(frame) = frame else {
            is_whole = false;
            break;
        };
        let Ok(bytes) = frame.into_data() else { continue };
        // The writer has stopped: it says why.
        if send.send(bytes).await.is_err() {
            break;
        }
    }
    drop(send);
    let incoming: Result<Incoming, Refusal> = writing.await.ok()?;
    match incoming {
        Ok(_) if !is_whole => None,
        Ok(incoming) => tokio::task::spawn_blocking(|| incoming.finish()).await.ok(),
        Err(refusal) => Some(Err(refusal)),
    }
}

fn broken_off(lang: Lang) -> Failed {
    let (zh, en) = ("文件没有传完。请再传一次。", "The file broke off. Hand it in again.");
    Failed::new(StatusCode::BAD_REQUEST, "broken_off", lang.pick(zh, en))
}

/// Imports, the newest first.
#[utoipa::path(get, path = "/api/imports", params(OfDocument),
    responses((status = 200, body = [ImportSummary]), (status = "4XX", body = Trouble)))]
pub(super) async fn list_imports(
    State(server): State<Server>,
    caller: Caller,
    InQuery(of): InQuery<OfDocument>,
) -> Answer<Vec<ImportSummary>> {
    let found = server.console.imports(&caller.0, of.document.as_deref()).await;
    found.map(Json).map_err(|refusal| caller.failed(&refusal))
}

/// Starts an import, or a check that takes nothing.
#[utoipa::path(post, path = "/api/documents/{document}/imports",
    params(("document" = String, Path), ("Idempotency-Key" = String, Header)), request_body = NewImport,
    responses((status = 200, body = Number), (status = "4XX", body = Trouble)))]
pub(super) async fn start_import(
    State(server): State<Server>,
    writer: Writer,
    InPath(document): InPath<String>,
    Sent(new): Sent<NewImport>,
) -> Answer<Number> {
    let NewImport { files, present, table, source, mapping, control, taking, recorded_on, withdraw } = new;
    let wanted = ImportRequest {
        document,
        files,
        present,
        table,
        source,
        mapping,
        control,
        taking,
        recorded_on,
        withdraw,
    };
    let started = server.console.start_import(&writer.0, &wanted).await;
    started.map(|number| Json(Number { number })).map_err(|refusal| writer.failed(&refusal))
}

/// An import: how far it is, or what became of every row.
#[utoipa::path(get, path = "/api/imports/{import}", params(("import" = i64, Path)),
    responses((status = 200, body = ImportDetail), (status = "4XX", body = Trouble)))]
pub(super) async fn read_import(
    State(server): State<Server>,
    caller: Caller,
    InPath(import): InPath<i64>,
) -> Answer<ImportDetail> {
    server.console.import(&caller.0, import).await.map(Json).map_err(|refusal| caller.failed(&refusal))
}

/// Stops an import: the fact store stays as it was.
#[utoipa::path(post, path = "/api/imports/{import}/cancel",
    params(("import" = i64, Path), ("Idempotency-Key" = String, Header)),
    responses((status = 200, body = Number), (status = "4XX", body = Trouble)))]
pub(super) async fn cancel_import(
    State(server): State<Server>,
    writer: Writer,
    InPath(import): InPath<i64>,
) -> Answer<Number> {
    let cancelled = server.console.cancel_import(&writer.0, import).await;
    cancelled.map(|_| Json(Number { number: import })).map_err(|refusal| writer.failed(&refusal))
}

/// The rows that an import did not take, with the reasons, as a workbook to mend.
#[utoipa::path(get, path = "/api/imports/{import}/rejects", params(("import" = i64, Path)),
    responses((status = 200, content_type = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
        (status = "4XX", body = Trouble)))]
pub(super) async fn export_rejects(
    State(server): State<Server>,
    caller: Caller,
    InPath(import): InPath<i64>,
) -> Result<Response, Failed> {
    let (name, bytes) =
        server.console.rejects(&caller.0, import).await.map_err(|refusal| caller.failed(&refusal))?;
    Ok(workbook(&format!("rejected-{import}"), &name, bytes))
}

/// How the files of each source fit.
#[utoipa::path(get, path = "/api/documents/{document}/mappings", params(("document" = String, Path)),
    responses((status = 200, body = [MappingSummary]), (status = "4XX", body = Trouble)))]
pub(super) async fn list_mappings(
    State(server): State<Server>,
    caller: Caller,
    InPath(document): InPath<String>,
) -> Answer<Vec<MappingSummary>> {
    server.console.mappings(&caller.0, &document).await.map(Json).map_err(|refusal| caller.failed(&refusal))
}

/// Saves how the files of a source fit.
#[utoipa::path(post, path = "/api/documents/{document}/mappings",
    params(("document" = String, Path), ("Idempotency-Key" = String, Header)), request_body = NewMapping,
    responses((status = 200, body = Number), (status = "4XX", body = Trouble)))]
pub(super) async fn save_mapping(
    State(server): State<Server>,
    writer: Writer,
    InPath(document): InPath<String>,
    Sent(new): Sent<NewMapping>,
) -> Answer<Number> {
    let saved = server.console.save_mapping(&writer.0, &document, &new.source, new.after, &new.text).await;
    saved.map(|number| Json(Number { number })).map_err(|refusal| writer.failed(&refusal))
}
