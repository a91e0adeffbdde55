//! The parts of the language server protocol (3.17) that are used. Addresses stay texts: some clients send them with bare
//! Chinese characters, which strict readers of addresses refuse.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

/// Line and column in UTF-16 units, both from 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub(crate) struct Position {
    pub(crate) line: u32,
    pub(crate) character: u32,
}

/// From a position to before another.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub(crate) struct Range {
    pub(crate) start: Position,
    pub(crate) end: Position,
}

/// `{"uri": …}`
#[derive(Debug, Clone, Deserialize)]
pub(crate) struct DocumentId {
    pub(crate) uri: String,
}

/// Parameters that name a document.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct OfDocument {
    pub(crate) text_document: DocumentId,
}

/// Parameters that name a place.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct AtPlace {
    pub(crate) text_document: DocumentId,
    pub(crate) position: Position,
    pub(crate) new_name: Option<String>,
    pub(crate) context: Option<ReferenceContext>,
}

/// Whether declarations count as references.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ReferenceContext {
    #[serde(default = "yes")]
    pub(crate) include_declaration: bool,
}

fn yes() -> bool {
    true
}

/// Parameters that name a range.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct AtRange {
    pub(crate) text_document: DocumentId,
    pub(crate) range: Range,
}

/// `textDocument/didOpen`
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct DidOpen {
    pub(crate) text_document: OpenDocument,
}

/// A document with its text.
#[derive(Debug, Clone, Deserialize)]
pub(crate) struct OpenDocument {
    pub(crate) uri: String,
    #[serde(default)]
    pub(crate) version: i64,
    pub(crate) text: String,
}

/// `textDocument/didChange`
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct DidChange {
    pub(crate) text_document: VersionedId,
    pub(crate) content_changes: Vec<Change>,
}

/// A document and its version.
#[derive(Debug, Clone, Deserialize)]
pub(crate) struct VersionedId {
    pub(crate) uri: String,
    #[serde(default)]
    pub(crate) version: Option<i64>,
}

/// A piece of text replaced; the whole text without a range.
#[derive(Debug, Clone, Deserialize)]
pub(crate) struct Change {
    #[serde(default)]
    pub(crate) range: Option<Range>,
    pub(crate) text: String,
}

/// `workspace/executeCommand`
#[derive(Debug, Clone, Deserialize)]
pub(crate) struct Execute {
    pub(crate) command: String,
    #[serde(default)]
    pub(crate) arguments: Vec<Value>,
}

/// Numbers of errors.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Code {
    Parse = -32700,
    InvalidRequest = -32600,
    UnknownMethod = -32601,
    InvalidParameters = -32602,
    Internal = -32603,
    NotInitialized = -32002,
    RequestFailed = -32803,
}

/// Why a request is not answered: number, Chinese, English.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Refusal {
    pub(crate) code: Code,
    pub(crate) zh: String,
    pub(crate) en: String,
}

impl Refusal {
    pub(crate) fn new(code: Code, zh: impl Into<String>, en: impl Into<String>) -> Self {
        Self { code, zh: zh.into(), en: en.into() }
    }

    pub(crate) fn failed(zh: impl Into<String>, en: impl Into<String>) -> Self {
        Self::new(Code::RequestFailed, zh, en)
    }
}

/// The answer to a request, or why there is none.
pub(crate) type Answer = Result<Value, Refusal>;

/// A change of text.
pub(crate) fn edit(range: Range, text: &str) -> Value {
    json!({ "range": range, "newText": text })
}
