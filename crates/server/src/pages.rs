//! The console in the browser: built by `web/`, embedded here, and the door that a one-time link opens.

use crate::Server;
use crate::guard::Nonce;
use crate::session::COOKIE;
use axum::extract::{Path, State};
use axum::http::{StatusCode, Uri, header};
use axum::response::{Html, IntoResponse, Redirect, Response};
use axum::routing::get;
use axum::{Extension, Json, Router};
use rust_embed::RustEmbed;
use std::sync::Arc;
use utoipa::openapi::OpenApi;

/// What `npm run build` has made; empty until then.
#[derive(RustEmbed)]
#[folder = "../../web/dist"]
struct Assets;

/// Where the nonce of the styles goes.
const NONCE: &str = "__CSP_NONCE__";

pub(crate) fn router(document: Arc<OpenApi>) -> Router<Server> {
    Router::new()
        .route("/enter/{token}", get(enter))
        .route("/api/openapi.json", get(move || async move { Json((*document).clone()) }))
        .route("/api/{*unknown}", get(|| async { StatusCode::NOT_FOUND }))
        .fallback(page)
}

/// Opens the door for one browser.
async fn enter(State(server): State<Server>, Path(token): Path<String>) -> Response {
    match server.sessions.enter(&token) {
        Ok(Some(session)) => {
            let cookie = format!("{COOKIE}={session}; Path=/; HttpOnly; SameSite=Strict");
            (
                [(header::SET_COOKIE, cookie), (header::CACHE_CONTROL, "no-store".to_owned())],
                Redirect::to("/"),
            )
                .into_response()
        }
        _ => (StatusCode::FORBIDDEN, Html(USED)).into_response(),
    }
}

const USED: &str = "<!doctype html><html lang=zh-CN><meta charset=utf-8><title>衡阶</title><h1>这个链接已经用过</h1>\
    <p>在启动衡阶的终端按回车，会得到一个新的链接。</p>\
    <p lang=en>This link has been used. Press Enter in the terminal that runs Hengjie for a new one.</p></html>";

const UNBUILT: &str = "<!doctype html><html lang=zh-CN><meta charset=utf-8><title>衡阶</title><h1>这个程序里没有页面</h1>\
    <p>用 <code>make build</code> 构建，会先构建页面（要有 Node 20 和 npm）。接口在 <a href=/api/openapi.json>/api/openapi.json</a>。</p>\
    <p lang=en>This binary was built without its pages. Build with <code>make build</code> (Node 20 and npm are needed).</p></html>";

/// A file of the console; every other address is a page of it.
async fn page(uri: Uri, Extension(Nonce(nonce)): Extension<Nonce>) -> Response {
    let path = uri.path().trim_start_matches('/');
    if let Some(file) = Assets::get(path).filter(|_| path != "index.html") {
        let kind = file.metadata.mimetype().to_owned();
        // Names of assets carry a digest of their content.
        return (
            [
                (header::CONTENT_TYPE, kind),
                (header::CACHE_CONTROL, "public, max-age=31536000, immutable".to_owned()),
            ],
            file.data,
        )
            .into_response();
    }
    if path.starts_with("assets/") {
        return StatusCode::NOT_FOUND.into_response();
    }
    match Assets::get("index.html") {
        Some(index) => {
            let text = String::from_utf8_lossy(&index.data).replace(NONCE, &nonce);
            ([(header::CACHE_CONTROL, "no-store")], Html(text)).into_response()
        }
        None => (StatusCode::NOT_FOUND, Html(UNBUILT)).into_response(),
    }
}
