//! The console over HTTP (boundary crate): sessions, handlers, the OpenAPI document and the embedded pages.
//!
//! | module | what |
//! |---|---|
//! | [`serve`] | listens on this machine, prints the link, stops when asked to |
//! | `guard` | which requests are let in at all, and what every answer carries |
//! | [`session`] | one-time links and signed-in browsers |
//! | [`api`] | a handler per operation of `hengjie_app::console` |
//! | `caller`, `failure` | who asks; refusals as answers |
//! | `pages` | the console in the browser, embedded |
//!
//! **Invariants:** handlers hold no rule and touch no table; whatever cannot be let in is refused before a handler sees it; a
//! fault of the server never shows a path, a statement or a trace; nothing is fetched from anywhere else.

pub mod api;
mod caller;
mod clock;
mod failure;
mod guard;
mod pages;
mod serve;
pub mod session;

use axum::Router;
use axum::extract::DefaultBodyLimit;
pub use clock::now;
use hengjie_app::console::Console;
pub use serve::{Opened, serve};
use session::Sessions;
use std::sync::Arc;

/// Largest body of a request: a regulation has a few hundred kilobytes.
const BODY_BYTES: usize = 8 << 20;

/// What handlers need.
#[derive(Debug, Clone)]
pub struct Server {
    /// The use cases.
    pub console: Console,
    /// Who is signed in.
    pub sessions: Arc<Sessions>,
    /// `127.0.0.1:8080`: requests that name another host are refused.
    pub host: String,
}

/// Everything under one roof: pages, API, and the guard in front of both.
pub fn router(server: Server) -> Router {
    let (api, document) = api::router().split_for_parts();
    let document = Arc::new(api::finish(document));
    api.merge(pages::router(document))
        .layer(DefaultBodyLimit::max(BODY_BYTES))
        .layer(axum::middleware::from_fn_with_state(server.clone(), guard::guard))
        .with_state(server)
}
