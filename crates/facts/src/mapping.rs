//! The mapping file: how files of a source system fit the tables of a policy.
//!
//! ```json
//! { "tables": { "贷款": {
//!     "source": "loans.parquet",
//!     "columns": { "person": "经理", "balance": { "to": "余额", "unit": "0.01元" },
//!                  "state": { "to": "状态", "codes": { "0": "正常", "1": "逾期" } } },
//!     "constant": { "期间": "2025年" } } } }
//! ```

use crate::bilingual::Bilingual;
use crate::reason::{io_reason, json_reason};
use serde::de::value::{MapAccessDeserializer, SeqAccessDeserializer};
use serde::de::{self, Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};
use serde::{Serialize, Serializer};
use std::collections::BTreeMap;
use std::fmt;
use std::path::Path;

/// The mapping of all tables. A table that is not in it is read from a file with its own name and headings.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Deserialize, serde::Serialize)]
#[serde(deny_unknown_fields)]
pub struct Mapping {
    /// By name of the table in the specification.
    #[serde(default)]
    pub tables: BTreeMap<String, TableMapping>,
}

/// The mapping of one table. Several tables may have the same source.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Deserialize, serde::Serialize)]
#[serde(deny_unknown_fields)]
pub struct TableMapping {
    /// File in the folder, with its ending; without it the file has the name of the table.
    pub source: Option<String>,
    /// Sheet of an Excel file; without it the sheet has the name of the table.
    pub sheet: Option<String>,
    /// By heading in the source. Headings that are not here are matched by name.
    #[serde(default)]
    pub columns: BTreeMap<String, OneOrMany>,
    /// Cells that are the same in every row, by column of the specification, as a person would write them.
    #[serde(default)]
    pub constant: BTreeMap<String, String>,
    /// Columns of the specification whose values together name a row, so that an import knows what it corrects; empty: as the
    /// specification says. Only imports look at it.
    #[serde(default)]
    pub key: Vec<String>,
}

/// What one source column feeds. In JSON an object, a list of objects, or just the name of a column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum OneOrMany {
    /// One column.
    One(ColumnMapping),
    /// Several columns.
    Many(Vec<ColumnMapping>),
}

impl OneOrMany {
    /// The columns it feeds.
    #[must_use]
    pub fn as_slice(&self) -> &[ColumnMapping] {
        match self {
            Self::One(column) => std::slice::from_ref(column),
            Self::Many(columns) => columns,
        }
    }
}

impl Serialize for OneOrMany {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.as_slice().serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for OneOrMany {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(OneOrManyVisitor)
    }
}

/// Tells the three forms apart, so that a mistake inside one of them is named and not just the whole refused.
struct OneOrManyVisitor;

impl<'de> Visitor<'de> for OneOrManyVisitor {
    type Value = OneOrMany;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a column name, {\"to\": …} or a list of them")
    }

    fn visit_str<E: de::Error>(self, name: &str) -> Result<OneOrMany, E> {
        Ok(OneOrMany::One(ColumnMapping { to: name.to_owned(), ..ColumnMapping::default() }))
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<OneOrMany, A::Error> {
        ColumnMapping::deserialize(MapAccessDeserializer::new(map)).map(OneOrMany::One)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, list: A) -> Result<OneOrMany, A::Error> {
        Vec::deserialize(SeqAccessDeserializer::new(list)).map(OneOrMany::Many)
    }
}

/// The mapping of one column.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Deserialize, serde::Serialize)]
#[serde(deny_unknown_fields)]
pub struct ColumnMapping {
    /// Column of the specification.
    pub to: String,
    /// What one unit of a bare figure counts: `0.01元`, `万元`, `0.0001`.
    pub unit: Option<String>,
    /// Items (or 是 and 否) by the code of the source.
    #[serde(default)]
    pub codes: BTreeMap<String, String>,
}

impl Mapping {
    /// Reads a mapping from JSON text.
    ///
    /// # Errors
    /// What is wrong with the text, with its line.
    pub fn from_json(text: &str) -> Result<Self, Bilingual> {
        serde_json::from_str(text.trim_start_matches('\u{feff}')).map_err(|error| {
            let (line, column, reason) = (error.line(), error.column(), json_reason(&error));
            Bilingual::new(
                format!("对应文件第 {line} 行第 {column} 列写得不对：{}", reason.zh),
                format!("the mapping is wrong at line {line}, column {column}: {}", reason.en),
            )
        })
    }

    /// Reads `mapping.json` of a folder; without that file the mapping is empty.
    ///
    /// # Errors
    /// The file cannot be read, or what [`Mapping::from_json`] says.
    pub fn from_folder(folder: &Path) -> Result<Self, Bilingual> {
        let path = folder.join("mapping.json");
        match std::fs::read_to_string(&path) {
            Ok(text) => Self::from_json(&text),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(Self::default()),
            Err(error) => {
                let reason = io_reason(&error);
                Err(Bilingual::new(
                    format!("读不了 mapping.json：{}", reason.zh),
                    format!("cannot read mapping.json: {}", reason.en),
                ))
            }
        }
    }
}
