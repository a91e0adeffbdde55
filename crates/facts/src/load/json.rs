//! Reads JSON: a list of objects, one per row. Numbers are taken as written, never as floating point.

use super::Job;
use super::csv::no_heading;
use super::find::{Found, unreadable};
use super::original::Original;
use super::rows::{RowTable, too_many_columns};
use crate::cell::Cell;
use crate::column::LoadedTable;
use crate::fault::{Fault, Faults};
use crate::number::json_decimal;
use crate::reason::json_reason;
use rustc_hash::FxHashMap;
use serde::Deserialize;
use serde::de::{Deserializer, MapAccess, Visitor};
use serde_json::value::RawValue;
use std::borrow::Cow;
use std::collections::BTreeSet;
use std::fmt;
use std::fs;

/// Reads the table of a file.
pub(super) fn load(job: &Job<'_>, found: &Found, faults: &mut Faults) -> Option<LoadedTable> {
    let bytes = fs::read(&found.path).map_err(|error| faults.push(unreadable(&error))).ok()?;
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&bytes);
    let records: Vec<Record<'_>> =
        serde_json::from_slice(bytes).map_err(|error| faults.push(malformed(&error))).ok()?;
    let mut headings: Vec<String> = Vec::new();
    let mut places: FxHashMap<&str, usize> = FxHashMap::default();
    for (name, _) in records.iter().flat_map(|record| &record.0) {
        places.entry(name).or_insert_with(|| {
            headings.push(name.to_string());
            headings.len() - 1
        });
    }
    if headings.is_empty() {
        faults.push(no_heading());
        return None;
    }
    if headings.len() > job.limits.columns {
        faults.push(too_many_columns(job.limits.columns));
        return None;
    }
    let mut table = RowTable::new(job, &headings, faults);
    let mut row: Vec<Held<'_>> = Vec::new();
    for (index, record) in records.iter().enumerate() {
        let number = u32::try_from(index + 1).unwrap_or(u32::MAX);
        match fill(&mut row, record, &places) {
            Ok(()) => table.push(number, row.len(), |index| row[index].cell(), faults),
            Err(name) => table.push_broken(number, twice(name), faults),
        }
        job.report(&found.name, table.len() as u64, Some(records.len() as u64), false);
    }
    Some(table.finish(&found.name, None, 1, faults))
}

/// Some records as they are written.
pub(super) fn original(found: &Found, wanted: &BTreeSet<u32>) -> Result<Original, Fault> {
    let bytes = fs::read(&found.path).map_err(|error| unreadable(&error))?;
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&bytes);
    let records: Vec<Record<'_>> = serde_json::from_slice(bytes).map_err(|error| malformed(&error))?;
    let mut original = Original::default();
    for (name, _) in records.iter().flat_map(|record| &record.0) {
        if !original.headings.iter().any(|heading| heading == name) {
            original.headings.push(name.to_string());
        }
    }
    for (number, record) in (1_u32..).zip(&records) {
        let of = |heading: &String| record.0.iter().find(|(name, _)| name == heading);
        let text = |heading: &String| {
            of(heading).map_or(String::new(), |(_, raw)| Held::new(raw.get()).cell().shown().into_owned())
        };
        let cells = original.headings.iter().map(text).collect();
        original.push(wanted, number, || cells);
    }
    Ok(original)
}

/// Puts the values of a record into their columns; the name that is there twice otherwise.
fn fill<'r>(
    row: &mut Vec<Held<'r>>,
    record: &'r Record<'r>,
    places: &FxHashMap<&str, usize>,
) -> Result<(), &'r str> {
    row.clear();
    row.resize_with(places.len(), || Held::Absent);
    for (name, raw) in &record.0 {
        if let Some(held) = places.get(name.as_ref()).and_then(|&place| row.get_mut(place)) {
            if !matches!(held, Held::Absent) {
                return Err(name);
            }
            *held = Held::new(raw.get());
        }
    }
    Ok(())
}

/// One object, its names in order and with repeats.
struct Record<'a>(Vec<(Cow<'a, str>, &'a RawValue)>);

impl<'de> Deserialize<'de> for Record<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(RecordVisitor)
    }
}

struct RecordVisitor;

impl<'de> Visitor<'de> for RecordVisitor {
    type Value = Record<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Record<'de>, A::Error> {
        let mut fields = Vec::new();
        while let Some((Name(name), value)) = map.next_entry()? {
            fields.push((name, value));
        }
        Ok(Record(fields))
    }
}

/// A name, borrowed when it has no escapes.
#[derive(Deserialize)]
struct Name<'a>(#[serde(borrow)] Cow<'a, str>);

/// A value with its text.
enum Held<'a> {
    Absent,
    Null,
    Text(Cow<'a, str>),
    Number(String),
    Bool(bool),
}

impl<'a> Held<'a> {
    fn new(raw: &'a str) -> Self {
        match raw.as_bytes().first() {
            Some(b'n') => Self::Null,
            Some(b't') => Self::Bool(true),
            Some(b'f') => Self::Bool(false),
            Some(b'"') => Self::Text(serde_json::from_str(raw).map_or(Cow::Borrowed(raw), |Name(text)| text)),
            // An exponent too large to write out is no number.
            Some(b'-' | b'0'..=b'9') => {
                json_decimal(raw).map_or(Self::Text(Cow::Borrowed(raw)), Self::Number)
            }
            _ => Self::Text(Cow::Borrowed(raw)),
        }
    }

    fn cell(&self) -> Cell<'_> {
        match self {
            Self::Absent | Self::Null => Cell::Empty,
            Self::Text(text) => Cell::Text(text),
            Self::Number(decimal) => Cell::number(decimal),
            Self::Bool(value) => Cell::Bool(*value),
        }
    }
}

fn malformed(error: &serde_json::Error) -> Fault {
    let reason = json_reason(error);
    Fault::error(
        "HJ1006",
        format!("不是一列对象的 JSON（第 {} 列：{}）", error.column(), reason.zh),
        format!("this is not a JSON list of objects (column {}: {})", error.column(), reason.en),
    )
    .row(u32::try_from(error.line()).unwrap_or(u32::MAX))
    .help("写成 [{\"列名\": 值, …}, …]", "write it like [{\"name\": value, …}, …]")
}

fn twice(name: &str) -> Fault {
    Fault::error(
        "HJ1102",
        format!("这一条里「{name}」写了两次"),
        format!("“{name}” is there twice in this record"),
    )
    .column(name)
    .help("删去一个", "delete one of them")
}
