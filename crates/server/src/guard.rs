//! Which requests are let in at all, and what every answer carries.

use crate::failure::Failed;
use crate::{Server, session};
use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

/// What the pages may do. The nonce is for the styles that components make.
fn policy(nonce: &str) -> String {
    format!(
        "default-src 'self'; script-src 'self'; style-src 'self' 'nonce-{nonce}'; img-src 'self' data:; font-src 'self'; \
         connect-src 'self'; object-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    )
}

/// The nonce of an answer.
#[derive(Debug, Clone)]
pub(crate) struct Nonce(pub(crate) String);

/// Refuses what does not come from our own pages, and dresses every answer.
pub(crate) async fn guard(State(server): State<Server>, mut request: Request, next: Next) -> Response {
    let Ok(nonce) = session::token() else {
        return Failed::new(StatusCode::SERVICE_UNAVAILABLE, "random", "no randomness").into_response();
    };
    let is_api = request.uri().path().starts_with("/api");
    request.extensions_mut().insert(Nonce(nonce.clone()));
    let mut response = match refusal(&server, request.method(), request.headers(), is_api) {
        Some(reason) => Failed::new(StatusCode::FORBIDDEN, "foreign", reason).into_response(),
        None => next.run(request).await,
    };
    dress(response.headers_mut(), &nonce, is_api);
    response
}

/// Why a request is not let in. A name that leads here from elsewhere (DNS rebinding) shows in `Host`; a page of somebody else
/// shows in `Origin` and `Sec-Fetch-Site`, which no page can forge.
fn refusal(server: &Server, method: &Method, headers: &HeaderMap, is_api: bool) -> Option<&'static str> {
    const HOST: &str = "这个地址不是本机的衡阶 / this name does not belong to this Hengjie";
    const ORIGIN: &str = "请求不是从衡阶的页面发出的 / the request does not come from a page of Hengjie";
    let text = |name: HeaderName| headers.get(name).and_then(|value| value.to_str().ok());
    let port = server.host.rsplit(':').next().unwrap_or_default();
    let hosts = [server.host.clone(), format!("localhost:{port}")];
    let is_ours = |host: &str| hosts.iter().any(|known| known == host);
    if !text(header::HOST).is_some_and(is_ours) {
        return Some(HOST);
    }
    let origin = text(header::ORIGIN);
    let is_foreign = |origin: &str| !origin.strip_prefix("http://").is_some_and(is_ours);
    let site = text(HeaderName::from_static("sec-fetch-site"));
    let is_read = matches!(*method, Method::GET | Method::HEAD);
    let from_elsewhere = match is_read {
        true => is_api && site.is_some_and(|site| !matches!(site, "same-origin" | "none")),
        false => site.is_some_and(|site| site != "same-origin") || origin.is_none(),
    };
    if from_elsewhere || origin.is_some_and(is_foreign) {
        return Some(ORIGIN);
    }
    None
}

/// The headers of every answer, refusals included.
fn dress(headers: &mut HeaderMap, nonce: &str, is_api: bool) {
    let fixed = [
        ("x-content-type-options", "nosniff"),
        ("x-frame-options", "DENY"),
        ("referrer-policy", "no-referrer"),
        ("cross-origin-opener-policy", "same-origin"),
        ("cross-origin-resource-policy", "same-origin"),
        ("permissions-policy", "camera=(), geolocation=(), microphone=()"),
    ];
    for (name, value) in fixed {
        headers.insert(HeaderName::from_static(name), HeaderValue::from_static(value));
    }
    if let Ok(policy) = HeaderValue::from_str(&policy(nonce)) {
        headers.insert(header::CONTENT_SECURITY_POLICY, policy);
    }
    if is_api {
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    }
}
