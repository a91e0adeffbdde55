//! From a name to where it is declared and where it is used.

use crate::document::{Document, Place};
use hengjie_policy::index::Symbol;
use serde_json::{Value, json};
use std::collections::BTreeSet;

/// The symbols at a byte.
pub(crate) fn symbols_at(document: &Document, offset: u32) -> BTreeSet<Symbol> {
    let places = document.places_at(offset);
    // Of a name inside a longer one, the shorter is meant.
    let Some(first) = places.first().copied() else { return BTreeSet::new() };
    places.iter().filter(|place| place.span == first.span).map(|place| place.symbol).collect()
}

fn places(document: &Document, offset: u32) -> Vec<Place> {
    let symbols = symbols_at(document, offset);
    let mut found: Vec<Place> = symbols.into_iter().flat_map(|symbol| document.places_of(symbol)).collect();
    found.sort_unstable();
    found
}

fn location(document: &Document, place: &Place) -> Value {
    json!({ "uri": document.uri, "range": document.range(place.span) })
}

/// Where the name at a byte is declared; of a rule all its definitions, the general one and its exceptions.
pub(crate) fn definition(document: &Document, offset: u32) -> Value {
    let found = places(document, offset);
    found.iter().filter(|place| place.declares).map(|place| location(document, place)).collect()
}

/// Where the name at a byte stands.
pub(crate) fn references(document: &Document, offset: u32, declarations: bool) -> Value {
    let found = places(document, offset);
    let wanted = found.iter().filter(|place| declarations || !place.declares);
    wanted.map(|place| location(document, place)).collect()
}

/// Where the name at a byte stands, for marking.
pub(crate) fn highlights(document: &Document, offset: u32) -> Value {
    let kind = |place: &Place| if place.declares { 3 } else { 2 };
    let found = places(document, offset);
    found.iter().map(|place| json!({ "range": document.range(place.span), "kind": kind(place) })).collect()
}
