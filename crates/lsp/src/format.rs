//! The one form of a document, as changes of text.

use crate::document::Document;
use crate::protocol::edit;
use hengjie_syntax::Span;
use hengjie_syntax::format::FormatOptions;
use serde_json::Value;

/// The answer to `textDocument/formatting`.
pub(crate) fn format(document: &Document) -> Value {
    Value::Array(edits(document, &FormatOptions::default()))
}

/// What must change to bring a document into its form: nothing, or the lines from the first to the last that differ.
pub(crate) fn edits(document: &Document, options: &FormatOptions) -> Vec<Value> {
    let formatted = hengjie_syntax::format::format(&document.text, options);
    let (old, new) = (document.text.as_str(), formatted.as_str());
    if old == new {
        return Vec::new();
    }
    let head: usize = old
        .split_inclusive('\n')
        .zip(new.split_inclusive('\n'))
        .take_while(|(a, b)| a == b)
        .map(|(a, _)| a.len())
        .sum();
    let (old_rest, new_rest) = (old.get(head..).unwrap_or(""), new.get(head..).unwrap_or(""));
    let tail: usize = old_rest
        .split_inclusive('\n')
        .rev()
        .zip(new_rest.split_inclusive('\n').rev())
        .take_while(|(a, b)| a == b)
        .map(|(a, _)| a.len())
        .sum();
    let span = Span::new(head as u32, (old.len() - tail) as u32);
    let replacement = new_rest.get(..new_rest.len() - tail).unwrap_or("");
    vec![edit(document.range(span), replacement)]
}
