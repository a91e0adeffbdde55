//! What a policy needs from files: tables, their columns, units and keys.
//!
//! Specifications are made by the caller (from a checked policy); everything here is plain data.

use crate::bilingual::Bilingual;
use hengjie_calendar::Grain;
use hengjie_quantity::{BaseUnit, Lang, Rational, Unit};

/// One table to read.
#[derive(Debug, Clone, PartialEq)]
pub struct TableSpec {
    /// Name of the file without its ending and of the sheet in a workbook, such as `人员_每年`.
    pub name: String,
    /// What people call the table.
    pub title: Bilingual,
    /// Columns in the order of the template.
    pub columns: Vec<ColumnSpec>,
    /// Columns whose values together name a row once only; empty: rows may repeat. 无, 免 and empty cells never collide.
    pub key: Vec<usize>,
    /// Must the table be there? A table that may be absent is simply not loaded.
    pub required: bool,
}

/// One column of a table.
#[derive(Debug, Clone, PartialEq)]
pub struct ColumnSpec {
    /// Heading, without unit.
    pub name: String,
    /// What the cells hold.
    pub kind: ColumnKind,
    /// Must the column be there? A column that may be absent is loaded as `None`.
    pub required: bool,
    /// May a cell be 无 (or `—`) or 免? Empty cells are 待补 and allowed unless `complete`.
    pub nullable: bool,
    /// Must every cell hold something? For keys and for what a record cannot do without, such as its 日期.
    /// [`ColumnKind::Key`] columns are always complete.
    pub complete: bool,
    /// Allowed numbers in base units, both ends included.
    pub range: Option<(Rational, Rational)>,
    /// Explanation in the template.
    pub note: Bilingual,
    /// A cell of the example row of the template, as a person would write it.
    pub example: String,
}

/// What the cells of a column hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ColumnKind {
    /// A number; read into base units of `unit` (元, not 万元).
    Number {
        /// The unit; [`Unit::none`] for plain numbers and ratios.
        unit: Unit,
    },
    /// 是 or 否.
    Bool,
    /// Any text.
    Text,
    /// The key of the row: what [`ColumnKind::Reference`] columns of other tables name.
    Key,
    /// A day.
    Date,
    /// A period, of one grain or of any.
    Period(Option<Grain>),
    /// One of these items; loaded as the position in this list.
    Choice(Vec<String>),
    /// A key of another table.
    Reference {
        /// Name of the table.
        table: String,
    },
}

impl ColumnKind {
    /// Can a code of a mapping mean this? Choices have their items, 是否 its two words; other columns take any text.
    pub(crate) fn has_item(&self, item: &str) -> bool {
        match self {
            Self::Choice(items) => items.iter().any(|known| known == item),
            Self::Bool => crate::cell::parse_bool(item).is_some(),
            _ => true,
        }
    }
}

impl TableSpec {
    /// The position of the first [`ColumnKind::Key`] column.
    #[must_use]
    pub fn key_column(&self) -> Option<usize> {
        self.columns.iter().position(|column| column.kind == ColumnKind::Key)
    }
}

impl ColumnSpec {
    /// A column that must be there, whose cells may be empty but not 无.
    #[must_use]
    pub fn new(name: impl Into<String>, kind: ColumnKind) -> Self {
        Self {
            name: name.into(),
            kind,
            required: true,
            nullable: false,
            complete: false,
            range: None,
            note: Bilingual::default(),
            example: String::new(),
        }
    }

    /// Must every cell of it hold something?
    pub(crate) fn needs_all(&self) -> bool {
        self.complete || self.kind == ColumnKind::Key
    }
}

impl ColumnKind {
    /// What the cells hold, in words.
    #[must_use]
    pub fn describe(&self, lang: Lang) -> String {
        let text = |zh: &str, en: &str| lang.pick(zh, en).to_owned();
        match self {
            Self::Number { unit } if unit.is_none() => text("数", "number"),
            Self::Number { unit } => match lang {
                Lang::Zh => format!("数（{unit}）"),
                Lang::En => format!("number ({})", unit.en()),
            },
            Self::Bool => text("是或否", "yes or no"),
            Self::Text => text("文字", "text"),
            Self::Key => text("编号", "key"),
            Self::Date => text("日期", "date"),
            Self::Period(None) => text("期间", "period"),
            Self::Period(Some(grain)) => match lang {
                Lang::Zh => format!("期间（{}）", grain.noun_zh()),
                Lang::En => format!("period ({})", grain.noun_en()),
            },
            Self::Choice(_) => text("选项", "choice"),
            Self::Reference { table } => match lang {
                Lang::Zh => format!("「{table}」的编号"),
                Lang::En => format!("key of “{table}”"),
            },
        }
    }
}

/// Counter words of a unit that the built-in list may not know, so that headings and cells may use them.
pub(crate) fn counters_of(unit: &Unit) -> Vec<String> {
    let counter = |(base, _): &(BaseUnit, i8)| match base {
        BaseUnit::Count(word) => Some(word.clone()),
        _ => None,
    };
    unit.factors().iter().filter_map(counter).collect()
}

/// How people may write the unit of a column, for messages: `元或万元`, `%`.
pub(crate) fn unit_hint(unit: &Unit, lang: Lang) -> String {
    match (unit.is_none(), unit.currency().is_some(), lang) {
        (true, _, _) => "%".to_owned(),
        (_, true, Lang::Zh) => format!("{unit}或万{unit}"),
        (_, true, Lang::En) => format!("{0} or 万{unit}", unit.en()),
        (_, _, lang) => unit.text(lang),
    }
}
