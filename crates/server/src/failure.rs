//! Refusals as answers: what happened and what to do, and nothing of the inside.

use axum::Json;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use hengjie_app::console::Refusal;
use hengjie_app::console::answer::Trouble;
use hengjie_quantity::Lang;
use hengjie_store::StoreError;

/// An answer that says why not.
#[derive(Debug)]
pub(crate) struct Failed {
    pub(crate) status: StatusCode,
    pub(crate) trouble: Trouble,
}

impl Failed {
    pub(crate) fn new(status: StatusCode, code: &str, message: &str) -> Self {
        let (code, message) = (code.to_owned(), message.to_owned());
        Self { status, trouble: Trouble { code, message, faults: Vec::new(), found: None } }
    }

    /// A refusal of the console in a language.
    pub(crate) fn of(refusal: &Refusal, lang: Lang) -> Self {
        let status = match refusal {
            Refusal::Forbidden(_) => StatusCode::FORBIDDEN,
            Refusal::Absent(_) | Refusal::Store(StoreError::Absent) => StatusCode::NOT_FOUND,
            Refusal::Conflict(_) | Refusal::Store(StoreError::KeyReused | StoreError::Ended) => {
                StatusCode::CONFLICT
            }
            Refusal::Failure(_) => StatusCode::UNPROCESSABLE_ENTITY,
            Refusal::Store(_) => StatusCode::SERVICE_UNAVAILABLE,
        };
        if let Refusal::Store(error) = refusal
            && status == StatusCode::SERVICE_UNAVAILABLE
        {
            eprintln!("{error}");
        }
        Self { status, trouble: refusal.trouble(lang) }
    }
}

impl IntoResponse for Failed {
    fn into_response(self) -> Response {
        (self.status, Json(self.trouble)).into_response()
    }
}
