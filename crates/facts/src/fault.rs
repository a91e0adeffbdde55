//! Faults of files: what is wrong, where, and what to do, as data with renderers to text and JSON.
//!
//! Codes, `HJ` and four digits: 10xx files and sheets, 11xx headings and columns, 12xx cells, 13xx keys and
//! references, 14xx the mapping, 19xx the report itself.

use hengjie_quantity::Lang;
use serde_json::{Value, json};
use std::fmt::Write;

/// How bad it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// The facts can be used; a person should look.
    Warning,
    /// The facts cannot be used as they are.
    Error,
}

impl Severity {
    /// The word in a language.
    #[must_use]
    pub fn word(self, lang: Lang) -> &'static str {
        match self {
            Self::Warning => lang.pick("提醒", "warning"),
            Self::Error => lang.pick("错误", "error"),
        }
    }
}

/// One fault.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// Error or warning.
    pub severity: Severity,
    /// Name of the file, without folders; empty when no file is concerned.
    pub file: String,
    /// Sheet, for Excel.
    pub sheet: Option<String>,
    /// Row as people count.
    pub row: Option<u32>,
    /// Heading in the file, or name in the specification when the file has none.
    pub column: Option<String>,
    /// The offending cell.
    pub value: Option<String>,
    /// Stable code.
    pub code: &'static str,
    /// What is wrong, in Chinese.
    pub zh: String,
    /// What is wrong, in English.
    pub en: String,
    /// What to do, in Chinese; may be empty.
    pub help_zh: String,
    /// What to do, in English; may be empty.
    pub help_en: String,
}

impl Fault {
    /// An error without a place yet.
    #[must_use]
    pub fn error(code: &'static str, zh: impl Into<String>, en: impl Into<String>) -> Self {
        Self {
            severity: Severity::Error,
            file: String::new(),
            sheet: None,
            row: None,
            column: None,
            value: None,
            code,
            zh: zh.into(),
            en: en.into(),
            help_zh: String::new(),
            help_en: String::new(),
        }
    }

    /// A warning without a place yet.
    #[must_use]
    pub fn warning(code: &'static str, zh: impl Into<String>, en: impl Into<String>) -> Self {
        Self { severity: Severity::Warning, ..Self::error(code, zh, en) }
    }

    /// Says what to do.
    #[must_use]
    pub fn help(mut self, zh: impl Into<String>, en: impl Into<String>) -> Self {
        self.help_zh = zh.into();
        self.help_en = en.into();
        self
    }

    /// Names the row.
    #[must_use]
    pub fn row(mut self, row: u32) -> Self {
        self.row = Some(row);
        self
    }

    /// Names the column.
    #[must_use]
    pub fn column(mut self, heading: impl Into<String>) -> Self {
        self.column = Some(heading.into());
        self
    }

    /// Shows the offending cell.
    #[must_use]
    pub fn value(mut self, value: impl Into<String>) -> Self {
        self.value = Some(value.into());
        self
    }

    /// One line: `人员_每年.csv 第 17 行「存款日均」：…`, with what to do behind it.
    #[must_use]
    pub fn to_text(&self, lang: Lang) -> String {
        let place = self.place(lang);
        let (message, help) = match lang {
            Lang::Zh => (&self.zh, &self.help_zh),
            Lang::En => (&self.en, &self.help_en),
        };
        let mut text = format!("{}[{}] ", self.severity.word(lang), self.code);
        text.push_str(&place);
        if !place.is_empty() {
            text.push_str(lang.pick("：", ": "));
        }
        text.push_str(message);
        if !help.is_empty() {
            text.push_str(lang.pick("。", ". "));
            text.push_str(help);
        }
        text
    }

    /// As a JSON object; empty parts are left out.
    #[must_use]
    pub fn to_json(&self, lang: Lang) -> Value {
        let mut object = json!({
            "severity": match self.severity { Severity::Error => "error", Severity::Warning => "warning" },
            "code": self.code,
            "message": lang.pick(&self.zh, &self.en),
            "text": self.to_text(lang),
        });
        let help = lang.pick(&self.help_zh, &self.help_en);
        let parts = [
            ("help", (!help.is_empty()).then(|| json!(help))),
            ("file", (!self.file.is_empty()).then(|| json!(self.file))),
            ("sheet", self.sheet.as_ref().map(|sheet| json!(sheet))),
            ("row", self.row.map(|row| json!(row))),
            ("column", self.column.as_ref().map(|column| json!(column))),
            ("value", self.value.as_ref().map(|value| json!(value))),
        ];
        for (name, part) in parts {
            if let Some(part) = part {
                object[name] = part;
            }
        }
        object
    }

    /// Where it is, in words.
    fn place(&self, lang: Lang) -> String {
        let mut place = self.file.clone();
        // Writing to a String cannot fail.
        if let Some(sheet) = &self.sheet {
            let _ = match lang {
                Lang::Zh => write!(place, "［{sheet}］"),
                Lang::En => write!(place, " [{sheet}]"),
            };
        }
        if let Some(row) = self.row {
            let _ = match lang {
                Lang::Zh => write!(place, " 第 {row} 行"),
                Lang::En => write!(place, " row {row}"),
            };
        }
        if let Some(column) = &self.column {
            let _ = match lang {
                Lang::Zh => write!(place, "「{column}」"),
                Lang::En => write!(place, " “{column}”"),
            };
        }
        place.trim_start().to_owned()
    }
}

/// How many faults a table has, listed or not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TableTotal {
    /// Name of the table.
    pub table: String,
    /// Name of the file; empty when there is none.
    pub file: String,
    /// Number of errors.
    pub errors: u64,
    /// Number of warnings.
    pub warnings: u64,
}

/// All faults of one reading.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FaultReport {
    /// By table in the order of the specifications, then by row and column. A table lists only so many; the last one
    /// then says how many more there are.
    pub faults: Vec<Fault>,
    /// The true counts, for every table that has faults.
    pub totals: Vec<TableTotal>,
}

impl FaultReport {
    /// Is there an error anywhere?
    #[must_use]
    pub fn has_errors(&self) -> bool {
        self.faults.iter().any(|fault| fault.severity == Severity::Error)
    }

    /// One fault per line and a last line with the counts; empty without faults.
    #[must_use]
    pub fn to_text(&self, lang: Lang) -> String {
        let mut text = String::new();
        for fault in &self.faults {
            text.push_str(&fault.to_text(lang));
            text.push('\n');
        }
        if !self.faults.is_empty() {
            let (errors, warnings) = self.counts();
            let _ = match lang {
                Lang::Zh => writeln!(text, "共 {errors} 处错误，{warnings} 处提醒。"),
                Lang::En => writeln!(text, "{errors} errors, {warnings} warnings."),
            };
        }
        text
    }

    /// As JSON: `{"errors": 1, "warnings": 0, "faults": […]}`.
    #[must_use]
    pub fn to_json(&self, lang: Lang) -> Value {
        let (errors, warnings) = self.counts();
        let faults: Vec<Value> = self.faults.iter().map(|fault| fault.to_json(lang)).collect();
        json!({ "errors": errors, "warnings": warnings, "faults": faults })
    }

    /// Numbers of errors and warnings, listed or not.
    #[must_use]
    pub fn counts(&self) -> (u64, u64) {
        self.totals
            .iter()
            .fold((0, 0), |(errors, warnings), total| (errors + total.errors, warnings + total.warnings))
    }

    /// Adds the faults of one table, in reading order.
    pub(crate) fn absorb(&mut self, table: &str, mut found: Faults) {
        let (errors, warnings) = (found.errors, found.warnings);
        if errors + warnings == 0 {
            return;
        }
        found.list.sort_by(|left, right| {
            (left.row, left.code, &left.column).cmp(&(right.row, right.code, &right.column))
        });
        let hidden = (errors + warnings).saturating_sub(found.list.len() as u64);
        let file = found.file.clone();
        self.faults.append(&mut found.list);
        if hidden > 0 {
            let mut rest = Fault::error(
                "HJ1901",
                format!("还有 {hidden} 处没有列出，本表共 {errors} 处错误、{warnings} 处提醒"),
                format!(
                    "{hidden} more are not listed; this table has {errors} errors and {warnings} warnings"
                ),
            );
            rest.file.clone_from(&file);
            rest.severity = if errors > 0 { Severity::Error } else { Severity::Warning };
            self.faults.push(rest);
        }
        match self.totals.iter_mut().find(|total| total.table == table && total.file == file) {
            Some(total) => {
                total.errors += errors;
                total.warnings += warnings;
            }
            None => self.totals.push(TableTotal { table: table.to_owned(), file, errors, warnings }),
        }
    }
}

/// Collects the faults of one table: lists the first ones, counts all.
#[derive(Debug, Default)]
pub(crate) struct Faults {
    file: String,
    sheet: Option<String>,
    cap: usize,
    list: Vec<Fault>,
    errors: u64,
    warnings: u64,
}

impl Faults {
    /// Faults of a file that has no table yet.
    pub(crate) fn new(file: &str, cap: usize) -> Self {
        Self { file: file.to_owned(), cap, ..Self::default() }
    }

    /// Names the sheet of what follows.
    pub(crate) fn set_sheet(&mut self, sheet: &str) {
        self.sheet = Some(sheet.to_owned());
    }

    /// Names the file of what follows.
    pub(crate) fn set_file(&mut self, file: &str) {
        file.clone_into(&mut self.file);
    }

    /// Adds one fault.
    pub(crate) fn push(&mut self, fault: Fault) {
        self.count(fault.severity);
        if self.list.len() < self.cap {
            let sheet = self.sheet.clone();
            self.list.push(Fault { file: self.file.clone(), sheet, ..fault });
        }
    }

    /// Adds one error that is only written out while the list has room: a column of millions of bad cells is cheap.
    pub(crate) fn push_error(&mut self, fault: impl FnOnce() -> Fault) {
        if self.list.len() < self.cap {
            self.push(fault());
        } else {
            self.count(Severity::Error);
        }
    }

    /// Adds errors that nobody will see listed.
    pub(crate) fn count_errors(&mut self, more: u64) {
        self.errors += more;
    }

    /// Takes over what was found elsewhere in the same file.
    pub(crate) fn append(&mut self, other: Faults) {
        self.errors += other.errors;
        self.warnings += other.warnings;
        let room = self.cap.saturating_sub(self.list.len());
        self.list.extend(other.list.into_iter().take(room));
    }

    /// Adds one that names its own file.
    pub(crate) fn push_as_it_is(&mut self, fault: Fault) {
        self.count(fault.severity);
        if self.list.len() < self.cap {
            self.list.push(fault);
        }
    }

    /// Takes back warnings.
    pub(crate) fn drop_warnings(&mut self, needless: impl Fn(&Fault) -> bool) {
        let before = self.list.len();
        self.list.retain(|fault| fault.severity == Severity::Error || !needless(fault));
        self.warnings -= (before - self.list.len()) as u64;
    }

    /// The listed faults.
    pub(crate) fn listed(&self) -> &[Fault] {
        &self.list
    }

    /// The listed errors.
    pub(crate) fn into_errors(self) -> Vec<Fault> {
        self.list.into_iter().filter(|fault| fault.severity == Severity::Error).collect()
    }

    /// How many errors so far.
    pub(crate) fn errors(&self) -> u64 {
        self.errors
    }

    fn count(&mut self, severity: Severity) {
        match severity {
            Severity::Error => self.errors += 1,
            Severity::Warning => self.warnings += 1,
        }
    }
}
