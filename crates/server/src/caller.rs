//! Who asks, and what they send.

use crate::clock::now;
use crate::failure::Failed;
use crate::{Server, session};
use axum::Json;
use axum::extract::{FromRequest, FromRequestParts, Path, Query, Request};
use axum::http::request::Parts;
use axum::http::{HeaderMap, StatusCode, header};
use hengjie_app::console::{Asking, Refusal};
use hengjie_quantity::Lang;
use serde::de::DeserializeOwned;

/// Longest key of a write.
const KEY_LENGTH: usize = 128;

/// Whoever is signed in.
#[derive(Debug, Clone)]
pub(crate) struct Caller(pub(crate) Asking);

/// Whoever is signed in, with the key of a write.
#[derive(Debug, Clone)]
pub(crate) struct Writer(pub(crate) Asking);

impl Caller {
    /// A refusal in the language of whoever asks.
    pub(crate) fn failed(&self, refusal: &Refusal) -> Failed {
        Failed::of(refusal, self.0.lang)
    }
}

impl Writer {
    /// A refusal in the language of whoever asks.
    pub(crate) fn failed(&self, refusal: &Refusal) -> Failed {
        Failed::of(refusal, self.0.lang)
    }
}

impl FromRequestParts<Server> for Caller {
    type Rejection = Failed;

    async fn from_request_parts(parts: &mut Parts, server: &Server) -> Result<Self, Failed> {
        let lang = language(&parts.headers);
        let cookie = parts.headers.get(header::COOKIE).and_then(|value| value.to_str().ok());
        let actor = cookie.and_then(session::of_cookies).and_then(|session| server.sessions.actor(session));
        match actor {
            Some(actor) => Ok(Self(Asking { actor, lang, at: now(), key: String::new() })),
            None => Err(Failed::new(
                StatusCode::UNAUTHORIZED,
                "signed_out",
                lang.pick(
                    "没有登录，或者服务重新启动过。请打开终端里的链接；在终端按回车会得到一个新的。",
                    "You are not signed in, or the server was restarted. Open the link in the terminal; press Enter there for a new one.",
                ),
            )),
        }
    }
}

impl FromRequestParts<Server> for Writer {
    type Rejection = Failed;

    async fn from_request_parts(parts: &mut Parts, server: &Server) -> Result<Self, Failed> {
        let Caller(asking) = Caller::from_request_parts(parts, server).await?;
        let key = parts.headers.get("idempotency-key").and_then(|key| key.to_str().ok()).unwrap_or_default();
        if key.is_empty() || key.len() > KEY_LENGTH {
            return Err(Failed::new(
                StatusCode::BAD_REQUEST,
                "no_key",
                asking.lang.pick(
                    "请求少了 Idempotency-Key（1 到 128 个字符）。",
                    "The request lacks an Idempotency-Key of 1 to 128 characters.",
                ),
            ));
        }
        Ok(Self(Asking { key: key.to_owned(), ..asking }))
    }
}

/// JSON that was sent.
#[derive(Debug)]
pub(crate) struct Sent<T>(pub(crate) T);

impl<T: DeserializeOwned> FromRequest<Server> for Sent<T> {
    type Rejection = Failed;

    async fn from_request(request: Request, server: &Server) -> Result<Self, Failed> {
        let headers = request.headers().clone();
        match Json::<T>::from_request(request, server).await {
            Ok(Json(sent)) => Ok(Self(sent)),
            Err(rejection) => Err(unreadable(&headers, rejection.status(), &rejection.body_text())),
        }
    }
}

/// What stands in the path. What does not fit is refused in words, as everything else is.
#[derive(Debug)]
pub(crate) struct InPath<T>(pub(crate) T);

impl<T: DeserializeOwned + Send> FromRequestParts<Server> for InPath<T> {
    type Rejection = Failed;

    async fn from_request_parts(parts: &mut Parts, server: &Server) -> Result<Self, Failed> {
        let found = Path::<T>::from_request_parts(parts, server).await;
        found
            .map(|Path(found)| Self(found))
            .map_err(|rejection| unreadable(&parts.headers, rejection.status(), &rejection.body_text()))
    }
}

/// What stands behind the question mark.
#[derive(Debug)]
pub(crate) struct InQuery<T>(pub(crate) T);

impl<T: DeserializeOwned> FromRequestParts<Server> for InQuery<T> {
    type Rejection = Failed;

    async fn from_request_parts(parts: &mut Parts, server: &Server) -> Result<Self, Failed> {
        let found = Query::<T>::from_request_parts(parts, server).await;
        found
            .map(|Query(found)| Self(found))
            .map_err(|rejection| unreadable(&parts.headers, rejection.status(), &rejection.body_text()))
    }
}

/// A request that makes no sense.
fn unreadable(headers: &HeaderMap, status: StatusCode, reason: &str) -> Failed {
    let (zh, en) = ("请求读不懂：", "The request cannot be read: ");
    Failed::new(status, "unreadable", &format!("{}{reason}", language(headers).pick(zh, en)))
}

/// The language that a browser asks for: English when it comes first, else Chinese.
fn language(headers: &HeaderMap) -> Lang {
    let wanted =
        headers.get(header::ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    if wanted.trim_start().starts_with("en") { Lang::En } else { Lang::Zh }
}
