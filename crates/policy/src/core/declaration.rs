//! What a document declares: 名目, kinds, forms, types, parameters, readings, tables.

use super::{ArticleId, EnumId, Expr, KindId, TableId};
use hengjie_calendar::{Date, Grain, Period};
use hengjie_quantity::{Rational, Unit};
use hengjie_syntax::Span;
use serde::Serialize;

/// A field of a kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
pub struct FieldRef {
    /// The kind.
    pub kind: KindId,
    /// Position in [`Kind::fields`].
    pub field: u32,
}

/// A 名目.
#[derive(Debug, Clone, Serialize)]
pub struct Enumeration {
    pub name: String,
    /// Ordered: lowest first, so that a larger ordinal is the higher item. Unordered: as written.
    /// A ladder has base items × steps, `ordinal = base_ordinal × steps + (step − 1)`, item names `初级2档`.
    pub items: Vec<String>,
    pub ordered: bool,
    pub ladder: Option<Ladder>,
    /// Made by the checker for a quota whose lines name no declared 名目.
    pub implicit: bool,
    #[serde(skip)]
    pub span: Span,
}

/// Every item of `base` times `steps`.
#[derive(Debug, Clone, Copy, Serialize)]
pub struct Ladder {
    pub base: EnumId,
    pub steps: u32,
}

/// A kind of subject or record.
#[derive(Debug, Clone, Serialize)]
pub struct Kind {
    pub name: String,
    /// Counter word of its counts: `户`; canonical (人 for 名).
    pub counter: String,
    /// The grains of its records' periods; empty for subjects and undated records; `Day` for dated events.
    /// Records of a day are seen by every period that contains the day, other records by contexts of the same period only.
    pub grains: Vec<Grain>,
    /// The field that makes it a tree.
    pub tree: Option<u32>,
    pub fields: Vec<Field>,
    /// Made from a 表单.
    pub form: Option<Form>,
    #[serde(skip)]
    pub span: Span,
}

/// How the document writes the numbers of one place; explanations follow it. No part of the content.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Notation {
    /// Nothing is known of it: the usual form of the unit.
    #[default]
    Usual,
    /// `1.5`
    Plain,
    /// `150%`
    Percent,
    /// `18个月`
    Months,
}

impl Notation {
    /// The notation of numbers written with a unit: `%`, `个月`, none.
    #[must_use]
    pub fn of_unit(unit: &str) -> Self {
        match unit {
            "" | "数" | "number" => Self::Plain,
            "%" | "个百分点" | "比例" | "ratio" => Self::Percent,
            "个月" | "月" | "months" | "month" => Self::Months,
            _ => Self::Usual,
        }
    }

    /// The notation of several numbers, as [`Notation::of_unit`] by number; [`Notation::Usual`] if they differ.
    #[must_use]
    pub fn common(mut each: impl Iterator<Item = Self>) -> Self {
        let first = each.next().unwrap_or_default();
        if each.all(|other| other == first) { first } else { Self::Usual }
    }
}

/// A field.
#[derive(Debug, Clone, Serialize)]
pub struct Field {
    pub name: String,
    pub ty: Type,
    pub time: FieldTime,
    /// Name of the inverse collection on the kind that `ty` refers to.
    pub inverse: Option<String>,
    /// Allowed values, in base units, both inclusive.
    pub range: Option<(Rational, Rational)>,
    pub is_key: bool,
    #[serde(skip)]
    pub notation: Notation,
    #[serde(skip)]
    pub span: Span,
}

/// When a field has its value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub enum FieldTime {
    Static,
    Every(Grain),
    /// Read on the last day of the period.
    Dated,
}

/// What a 表单 adds to its kind. The subject of the form is the field named by `subject`; 总分 of the points columns is
/// a field `总分` of the kind, given or else the sum of the columns.
#[derive(Debug, Clone, Serialize)]
pub struct Form {
    /// The field that holds the subject of the form.
    pub subject: u32,
    pub subject_filter: Option<Expr>,
    /// Columns with points: (field, maximum); their sum is the full mark.
    pub points: Vec<(u32, Rational)>,
    /// The field 总分, when there are points columns.
    pub total: Option<u32>,
    /// Who fills it: a collection of people, over the subject, and how often.
    pub fills: Vec<(Expr, Grain)>,
    pub signatures: Vec<String>,
}

/// A type.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize)]
pub enum Type {
    /// A number with its unit; the plain number (比例) has no unit.
    Number(Unit),
    Bool,
    Text,
    Date,
    Period(Grain),
    Enum(EnumId),
    Object(KindId),
    /// A row of a table.
    Row(TableId),
    /// Elements are `Object`, `Row` or `Period`.
    Collection(Box<Type>),
}

/// A type that may have no value (无).
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize)]
pub struct ValueType {
    pub base: Type,
    /// May be 无.
    pub optional: bool,
}

/// A parameter.
#[derive(Debug, Clone, Serialize)]
pub struct Parameter {
    pub name: String,
    pub ty: Type,
    /// Key types: `Enum` or `Text`. Empty for a single value.
    pub keys: Vec<Type>,
    pub range: Option<(Rational, Rational)>,
    /// A constant expression, or the office that must supply it.
    pub value: ParameterValue,
    pub article: ArticleId,
    #[serde(skip)]
    pub notation: Notation,
    #[serde(skip)]
    pub span: Span,
}

/// Where a parameter's value comes from.
#[derive(Debug, Clone, Serialize)]
pub enum ParameterValue {
    /// Constant; a parameter file may replace it from a date on.
    Given(Literal),
    /// Required from this office.
    Required(String),
}

/// A contested passage.
#[derive(Debug, Clone, Serialize)]
pub struct Reading {
    pub name: String,
    pub title: String,
    pub alternatives: Vec<String>,
    /// Position in `alternatives`.
    pub chosen: u32,
    pub by: String,
    pub on: Date,
    pub because: Option<String>,
    pub article: ArticleId,
    #[serde(skip)]
    pub span: Span,
}

/// A table in long form: one row per line of the printed table (per cell, for 横 tables).
#[derive(Debug, Clone, Serialize)]
pub struct Table {
    pub name: String,
    pub columns: Vec<Column>,
    /// The first `keys` columns are the keys.
    pub keys: u32,
    /// Column 生效: the row counts from this day on, replacing earlier rows with the same keys.
    pub effective: Option<u32>,
    pub rows: Vec<TableRow>,
    pub article: ArticleId,
    #[serde(skip)]
    pub span: Span,
}

/// A column of a table.
#[derive(Debug, Clone, Serialize)]
pub struct Column {
    pub name: String,
    pub ty: Type,
    /// The cells are intervals of `ty`.
    pub interval: bool,
    #[serde(skip)]
    pub notation: Notation,
}

/// A row.
#[derive(Debug, Clone, Serialize)]
pub struct TableRow {
    pub cells: Vec<Cell>,
    #[serde(skip)]
    pub span: Span,
}

/// A cell.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub enum Cell {
    Value(Literal),
    /// From a border to a border; an open side is `None`.
    Interval {
        low: Option<Bound>,
        high: Option<Bound>,
    },
    /// `—`: not assessed.
    Exempt,
    /// `待定`
    Undecided,
}

/// A border of an interval.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Bound {
    pub value: Rational,
    pub inclusive: bool,
}

/// A constant.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize)]
pub enum Literal {
    /// In base units.
    Number(Rational),
    Bool(bool),
    Text(String),
    Date(Date),
    Period(Period),
    /// Ordinal in its 名目.
    Enum(EnumId, u32),
    /// 无
    None,
    /// 免
    Exempt,
}
