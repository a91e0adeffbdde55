//! The artifact: the typed core as canonical JSON, and its content hash.
//!
//! Canonical: fields in the order of the types, lists in their order, no spaces, numbers as exact text. Layout,
//! comments and places of the document are not part of it.

use crate::core::Program;
use serde::Serialize;
use sha2::{Digest, Sha256};

/// Version of the artifact's form; a change of [`crate::core`] that readers must know of makes a new one.
pub const FORMAT: u32 = 1;

/// What is written.
#[derive(Debug, Serialize)]
struct Artifact<'p> {
    format: u32,
    program: &'p Program,
}

/// The program as canonical JSON. The same program always gives the same bytes.
#[must_use]
pub fn artifact_json(program: &Program) -> String {
    // Writing plain data to a string cannot fail; an empty text would show at once in every hash.
    serde_json::to_string(&Artifact { format: FORMAT, program }).unwrap_or_default()
}

/// SHA-256 of [`artifact_json`] in lower-case hexadecimal digits.
#[must_use]
pub fn content_hash(program: &Program) -> String {
    Sha256::digest(artifact_json(program).as_bytes()).iter().map(|byte| format!("{byte:02x}")).collect()
}
