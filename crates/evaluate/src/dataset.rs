//! The facts an evaluation reads: dense columns per kind, resolved against one program.
//!
//! Made by the caller (from files, examples, a store); never changed by an evaluation.

mod store;

use crate::value::Status;
use arrow_array::StringArray;
use arrow_buffer::ScalarBuffer;
use hengjie_calendar::{Date, Period};
use hengjie_policy::core::{AttributeId, DecisionId, Literal, ParameterId};
use hengjie_quantity::Rational;
use rustc_hash::FxHashMap;
use std::collections::BTreeMap;

pub use store::{FactPlace, Unstorable};

/// All facts of one evaluation.
#[derive(Debug, Clone, Default)]
pub struct Dataset {
    /// By `KindId`.
    pub kinds: Vec<KindData>,
    /// Values supplied for parameters, also replacing given ones.
    pub parameters: Vec<SuppliedParameter>,
    /// Chosen alternative by `ReadingId`; `None` keeps the document's choice.
    pub readings: Vec<Option<u32>>,
    /// Decisions taken by people.
    pub decisions: BTreeMap<DecisionKey, DecidedValue>,
    /// Results assumed in an example: they replace the rules of the attribute.
    pub assumed: BTreeMap<AssumedKey, crate::value::Value>,
    /// Names of the files that [`Origin::file`] counts.
    pub files: Vec<String>,
    /// First and last day of the history: 上期 and 历期 never look before the period that contains the first day.
    pub horizon: Option<(Date, Date)>,
}

/// The data of one kind.
#[derive(Debug, Clone, Default)]
pub struct KindData {
    /// Number of subjects or records.
    pub len: usize,
    /// Their keys, in data order.
    pub keys: Keys,
    /// What people call them, in data order, when the data say.
    pub names: Option<StringArray>,
    /// By field position; same length as `Kind::fields`.
    pub fields: Vec<FieldData>,
    /// For kinds with grains: the periods of the records. Records without one belong to no period.
    pub periods: Option<RecordPeriods>,
    /// Where the records come from.
    pub origin: Origin,
}

impl KindData {
    /// What people call a subject; empty when the data do not say.
    #[must_use]
    pub fn name(&self, subject: usize) -> &str {
        use arrow_array::Array;
        match &self.names {
            Some(names) if subject < names.len() && names.is_valid(subject) => names.value(subject),
            _ => "",
        }
    }
}

/// The periods of the records of a kind.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RecordPeriods {
    /// All records have the same one.
    Same(Period),
    /// By record.
    Each(Vec<Period>),
}

impl RecordPeriods {
    /// One period per record, kept as one value when all are equal.
    #[must_use]
    pub fn of(periods: Vec<Period>) -> Self {
        match periods.first() {
            Some(&first) if periods.iter().all(|period| *period == first) => Self::Same(first),
            _ => Self::Each(periods),
        }
    }

    /// The period of a record.
    #[must_use]
    pub fn get(&self, record: usize) -> Option<Period> {
        match self {
            Self::Same(period) => Some(*period),
            Self::Each(periods) => periods.get(record).copied(),
        }
    }

    /// The periods that occur, each at least once.
    #[must_use]
    pub fn occurring(&self) -> &[Period] {
        match self {
            Self::Same(period) => std::slice::from_ref(period),
            Self::Each(periods) => periods,
        }
    }
}

/// Keys of subjects or records: unique within the kind.
#[derive(Debug, Clone)]
pub enum Keys {
    /// As written.
    Text(StringArray),
    /// Whole numbers, written without leading zeros.
    Int(ScalarBuffer<i64>),
    /// Records without a key of their own are numbered from 1 in data order: `事件1`.
    Numbered { prefix: String, len: usize },
}

impl Default for Keys {
    fn default() -> Self {
        Self::Numbered { prefix: String::new(), len: 0 }
    }
}

impl Keys {
    /// The key at a position, or an empty text outside.
    #[must_use]
    pub fn get(&self, index: usize) -> String {
        use arrow_array::Array;
        match self {
            Self::Text(array) if index < array.len() => array.value(index).to_owned(),
            Self::Int(values) => values.get(index).map(ToString::to_string).unwrap_or_default(),
            Self::Numbered { prefix, len } if index < *len => format!("{prefix}{}", index + 1),
            _ => String::new(),
        }
    }

    /// The order of two positions by their keys: texts character by character, whole numbers by size. Records without keys
    /// of their own stand in data order.
    #[must_use]
    pub fn compare(&self, left: usize, right: usize) -> std::cmp::Ordering {
        match self {
            Self::Text(_) => self.get(left).cmp(&self.get(right)),
            Self::Int(values) => values.get(left).cmp(&values.get(right)),
            Self::Numbered { .. } => left.cmp(&right),
        }
    }

    /// The positions of keys: by a scan for a few, by a table of all keys for many.
    #[must_use]
    pub fn positions(&self, wanted: &[&str]) -> Vec<Option<usize>> {
        use arrow_array::Array;
        const FEW: usize = 16;
        match self {
            Self::Text(array) if wanted.len() > FEW => {
                let known: FxHashMap<&str, usize> =
                    (0..array.len()).rev().map(|index| (array.value(index), index)).collect();
                wanted.iter().map(|key| known.get(key).copied()).collect()
            }
            Self::Int(values) if wanted.len() > FEW => {
                let known: FxHashMap<i64, usize> =
                    values.iter().enumerate().rev().map(|(index, &value)| (value, index)).collect();
                wanted.iter().map(|key| known.get(&key.parse().ok()?).copied()).collect()
            }
            _ => wanted.iter().map(|key| self.position(key)).collect(),
        }
    }

    /// The position of a key, by a scan.
    #[must_use]
    pub fn position(&self, key: &str) -> Option<usize> {
        use arrow_array::Array;
        match self {
            Self::Text(array) => (0..array.len()).find(|&index| array.value(index) == key),
            Self::Int(values) => {
                let wanted: i64 = key.parse().ok()?;
                values.iter().position(|&value| value == wanted)
            }
            Self::Numbered { prefix, len } => {
                let number: usize = key.strip_prefix(prefix.as_str())?.parse().ok()?;
                (1..=*len).contains(&number).then(|| number - 1)
            }
        }
    }
}

/// The data of one field.
#[derive(Debug, Clone, Default)]
pub enum FieldData {
    /// No table gave this field: every value is 待补.
    #[default]
    Absent,
    /// One value per subject or record.
    Static(Column),
    /// One column per period, each as long as the kind. A period that is not here: all 待补.
    Periodic(BTreeMap<Period, Column>),
    /// Changes over time.
    Dated(DatedColumn),
}

/// Values with a first day each. Before the first entry of a subject the value is 待补; an entry 无 ends the value.
#[derive(Debug, Clone)]
pub struct DatedColumn {
    /// Entries of subject `i` are `offsets[i]..offsets[i + 1]`, earliest first, days distinct.
    pub offsets: Vec<u32>,
    /// First day of each entry.
    pub days: Vec<Date>,
    /// Value of each entry.
    pub values: Column,
}

impl DatedColumn {
    /// The entry in force on a day, as a position in `days`.
    #[must_use]
    pub fn entry(&self, subject: usize, day: Date) -> Option<usize> {
        let (start, end) = (*self.offsets.get(subject)? as usize, *self.offsets.get(subject + 1)? as usize);
        let entries = self.days.get(start..end)?;
        let after = entries.partition_point(|&first| first <= day);
        (after > 0).then(|| start + after - 1)
    }
}

/// A column of values.
#[derive(Debug, Clone)]
pub struct Column {
    pub data: ColumnData,
    /// [`Status`] of each value as `u8`; `None`: all present. The data under another status is unspecified but in range.
    pub status: Option<Vec<u8>>,
    /// Where the values come from, if it is not the origin of the record.
    pub origin: Option<Origin>,
    /// Heading in the source.
    pub heading: String,
    /// Do `data` and `status` hold one value that is the value of every subject? A mapping may fix it for a whole table.
    pub same: bool,
}

/// The values of a column.
#[derive(Debug, Clone)]
pub enum ColumnData {
    /// Numbers: integer × scale, in base units of the field. `scale` is positive.
    Number {
        values: Integers,
        scale: Rational,
    },
    Bool(Vec<bool>),
    Date(Vec<Date>),
    Period(Vec<Period>),
    /// Ordinals in the field's 名目.
    Enum(Vec<u16>),
    /// Positions in the kind the field refers to.
    Object(ScalarBuffer<u32>),
    Text(StringArray),
}

/// Integers of a column at the narrowest width that was loaded.
#[derive(Debug, Clone)]
pub enum Integers {
    I16(ScalarBuffer<i16>),
    I32(ScalarBuffer<i32>),
    I64(ScalarBuffer<i64>),
    I128(Vec<i128>),
}

impl Integers {
    /// Number of values.
    #[must_use]
    pub fn len(&self) -> usize {
        match self {
            Self::I16(values) => values.len(),
            Self::I32(values) => values.len(),
            Self::I64(values) => values.len(),
            Self::I128(values) => values.len(),
        }
    }

    /// Is it empty?
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The value at a position; 0 outside.
    #[must_use]
    pub fn get(&self, index: usize) -> i128 {
        match self {
            Self::I16(values) => values.get(index).copied().map_or(0, i128::from),
            Self::I32(values) => values.get(index).copied().map_or(0, i128::from),
            Self::I64(values) => values.get(index).copied().map_or(0, i128::from),
            Self::I128(values) => values.get(index).copied().unwrap_or(0),
        }
    }
}

impl Column {
    /// Where `data` and `status` hold the value of a subject.
    #[must_use]
    pub fn place(&self, index: usize) -> usize {
        if self.same { 0 } else { index }
    }

    /// The state of a value; outside the column 待补.
    #[must_use]
    pub fn status(&self, index: usize) -> Status {
        match &self.status {
            None => Status::Present,
            Some(states) => match states.get(self.place(index)) {
                Some(0) => Status::Present,
                Some(1) => Status::None,
                Some(2) => Status::Exempt,
                Some(3) => Status::Undecided,
                _ => Status::Missing,
            },
        }
    }
}

/// Rows of a source.
#[derive(Debug, Clone, Default)]
pub enum Origin {
    /// Not from a file.
    #[default]
    None,
    /// Row `first_row + index` of a file (rows as people count them, 1 = first line).
    Contiguous { file: u32, first_row: u32 },
    /// A row each.
    Rows { file: u32, rows: Vec<u32> },
    /// A file and a row each: facts that were corrected come from several files.
    Each(Vec<(u32, u32)>),
}

impl Origin {
    /// File and row of a value.
    #[must_use]
    pub fn row(&self, index: usize) -> Option<(u32, u32)> {
        match self {
            Self::None => None,
            Self::Contiguous { file, first_row } => Some((*file, first_row + u32::try_from(index).ok()?)),
            Self::Rows { file, rows } => Some((*file, *rows.get(index)?)),
            Self::Each(places) => places.get(index).copied(),
        }
    }
}

/// A value supplied for a parameter.
#[derive(Debug, Clone, PartialEq)]
pub struct SuppliedParameter {
    pub parameter: ParameterId,
    pub keys: Vec<Literal>,
    pub value: Literal,
    /// First day; `None`: always. The latest entry in force on the last day of the period counts.
    pub from: Option<Date>,
    pub by: String,
    pub because: String,
    /// File and row it was read from.
    pub origin: Option<(u32, u32)>,
}

/// The place of a decision.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct DecisionKey {
    pub decision: DecisionId,
    /// Key of the subject; empty for 全体.
    pub subject: String,
    /// As in [`crate::value::OpenDecision::row`].
    pub row: String,
    pub period: Option<Period>,
}

/// A decision taken.
#[derive(Debug, Clone, PartialEq)]
pub struct DecidedValue {
    pub value: crate::value::Value,
    pub by: String,
    pub because: String,
    pub evidence: String,
    pub origin: Option<(u32, u32)>,
}

/// The place of an assumed result.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct AssumedKey {
    pub attribute: AttributeId,
    /// Position of the subject; 0 for 全体.
    pub subject: u32,
    /// `None`: in every period.
    pub period: Option<Period>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn many_keys_are_found_where_one_is() {
        let texts: StringArray = (0..40).map(|number| Some(format!("G{number}"))).collect();
        let all = [
            Keys::Text(texts),
            Keys::Int((0..40).collect()),
            Keys::Numbered { prefix: "G".to_owned(), len: 40 },
        ];
        let wanted: Vec<String> =
            (0..50).flat_map(|number| [format!("G{number}"), number.to_string()]).collect();
        let wanted: Vec<&str> = wanted.iter().map(String::as_str).collect();
        for keys in all {
            let one: Vec<Option<usize>> = wanted.iter().map(|key| keys.position(key)).collect();
            assert_eq!(keys.positions(&wanted), one, "{keys:?}");
            assert_eq!(one.iter().flatten().count(), 40, "{keys:?}");
        }
    }
}
