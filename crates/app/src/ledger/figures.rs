//! Daily averages as a table of facts: one row per owner or customer, one column per figure.

use super::columns::{Column, parse_columns};
use super::input::Beginning;
use super::{known, refused};
use crate::failure::{Failure, Outcome};
use arrow_array::StringArray;
use hengjie_analytics::ledger::LoadNumber;
use hengjie_analytics::{
    Accounts, BalanceDays, Class, FULL_SHARE_BP, Fold, Indicators, Ledger, Measure, Ownership, Spans, Watch,
    Window,
};
use hengjie_calendar::{Date, Period};
use hengjie_facts::{Bilingual, ResultColumn, ResultTable, ResultValues};
use hengjie_quantity::{Rational, parse_quantity, parse_unit};
use std::collections::HashMap;
use std::path::Path;

/// What a row is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rows {
    /// One per owner; shares count.
    Owners,
    /// One per customer, whoever owned it.
    Customers,
}

/// What is asked.
#[derive(Debug, Clone)]
pub struct Question {
    /// The days.
    pub period: Period,
    /// What a row is.
    pub rows: Rows,
    /// The figures as they are written, see [`parse_columns`].
    pub columns: Vec<String>,
    /// As known on this day; `None`: as known now.
    pub known_on: Option<Date>,
}

/// The answer: exact numerators; a figure is made by one division at the end.
#[derive(Debug)]
pub struct Figures {
    /// The days.
    pub period: Period,
    /// The figures.
    pub columns: Vec<Column>,
    /// The last load that counted; 0 without a ledger.
    pub known: LoadNumber,
    /// Number of the owner or customer of each row.
    pub keys: Vec<String>,
    /// By row, then column: fen·day·bp, or customers for [`Fold::Count`].
    pub numerators: Vec<i128>,
    /// Days of each column.
    pub days: Vec<i64>,
}

/// Computes figures from a ledger, or from the files with which one would begin; rows without any balance are left out.
///
/// # Errors
/// A figure cannot be asked so (several currencies, an unknown kind, customers with thresholds), nothing was known on the day, or a
/// file is missing or has faults.
pub fn answer(folder: &Path, question: &Question, watch: &Watch<'_>) -> Outcome<Figures> {
    if !Ledger::is_in(folder) && Beginning::is_in(folder) {
        return from_files(&Beginning::find(folder)?, question, watch);
    }
    let ledger = super::open(folder)?;
    let known = known(&ledger, question.known_on)?;
    let asked = question.asked(&ledger.classes())?;
    let mut figures = Figures::new(question, &asked, known);
    if question.rows == Rows::Owners {
        let measures = asked.measures();
        let (ownership, indicators) = ledger.indicators(&measures, known, watch).map_err(refused)?;
        figures.take(&ownership, &indicators);
        return Ok(figures);
    }
    let wanted: Vec<_> =
        asked.measures().into_iter().map(|measure| (measure.classes, measure.window)).collect();
    let sums = ledger.customer_sums(&wanted, known, watch).map_err(refused)?;
    for customer in 0..sums.len() {
        let numerators = sums.of(customer).iter().map(|sum| sum * i128::from(FULL_SHARE_BP)).collect();
        figures.push(numerators, || sums.number(customer).to_string());
    }
    Ok(figures)
}

/// The same without a ledger: the changes are read once.
fn from_files(files: &Beginning, question: &Question, watch: &Watch<'_>) -> Outcome<Figures> {
    if question.known_on.is_some() || question.rows == Rows::Customers {
        return Err(Failure::usage(
            "这要有账簿：先用 hengjie ledger build 建账",
            "this needs a ledger: build one with hengjie ledger build",
        ));
    }
    let accounts = Accounts::read(&files.accounts).map_err(refused)?;
    let ownership = Ownership::read(&files.ownership, &accounts.customers).map_err(refused)?;
    let asked = question.asked(&accounts.classes)?;
    let measures = asked.measures();
    let windows: Vec<Window> = measures.iter().map(|measure| measure.window).collect();
    let spans = Spans::new(&windows, &ownership);
    let mut wanted: Vec<u8> = measures.iter().flat_map(|measure| measure.classes.clone()).collect();
    wanted.sort_unstable();
    wanted.dedup();
    let sums = BalanceDays::read(&files.changes, &accounts, &spans, &wanted, watch).map_err(refused)?;
    let mut figures = Figures::new(question, &asked, 0);
    figures.take(&ownership, &Indicators::new(&measures, &ownership, &spans, &sums));
    Ok(figures)
}

/// The figures of a question.
struct Asked(Vec<(Column, Measure)>);

impl Asked {
    fn measures(&self) -> Vec<Measure> {
        self.0.iter().map(|(_, measure)| measure.clone()).collect()
    }
}

impl Question {
    fn asked(&self, classes: &[Class]) -> Outcome<Asked> {
        let columns = parse_columns(&self.columns, classes)?;
        let of_owner = |column: &&Column| column.fold != Fold::Sum || column.at_least_fen.is_some();
        if let Some(column) = columns.iter().find(of_owner).filter(|_| self.rows == Rows::Customers) {
            return Err(for_owners_only(&column.name));
        }
        let with_measure =
            |column: Column| column.measure(classes, self.period).map(|measure| (column, measure));
        columns.into_iter().map(with_measure).collect::<Outcome<_>>().map(Asked)
    }
}

impl Figures {
    fn new(question: &Question, asked: &Asked, known: LoadNumber) -> Self {
        Self {
            period: question.period,
            columns: asked.0.iter().map(|(column, _)| column.clone()).collect(),
            known,
            keys: Vec::new(),
            numerators: Vec::new(),
            days: asked.0.iter().map(|(_, measure)| measure.window.days()).collect(),
        }
    }

    /// The rows of all owners.
    fn take(&mut self, ownership: &Ownership, indicators: &Indicators) {
        for owner in 0..ownership.owners.len() {
            self.push(indicators.of(owner as u32).to_vec(), || ownership.owners.get(owner).to_string());
        }
    }

    fn push(&mut self, numerators: Vec<i128>, key: impl Fn() -> String) {
        if numerators.iter().any(|numerator| *numerator != 0) {
            self.keys.push(key());
            self.numerators.extend(numerators);
        }
    }

    /// The figure of a row and column: fen rounded half up (四舍五入到分), or customers.
    #[must_use]
    pub fn value(&self, row: usize, column: usize) -> i128 {
        let numerator = self.numerators[row * self.days.len() + column];
        match self.columns[column].fold {
            Fold::Count => numerator,
            Fold::Sum | Fold::Largest => average_fen(numerator, self.days[column]),
        }
    }

    /// The figures as a table of facts: 编号, 期间, and the figures in 元 or 户.
    #[must_use]
    pub fn table(&self) -> ResultTable {
        let keys = StringArray::from_iter_values(&self.keys);
        let periods = vec![self.period; self.keys.len()];
        let mut columns = vec![
            ResultColumn::new("编号", "", ResultValues::Text(keys)),
            ResultColumn::new("期间", "", ResultValues::Period(periods)),
        ];
        for (index, column) in self.columns.iter().enumerate() {
            let values = (0..self.keys.len()).map(|row| self.value(row, index)).collect();
            let (unit, places) = if column.fold == Fold::Count { ("户", 0) } else { ("元", 2) };
            let values = ResultValues::Number { values: hengjie_facts::Integers::narrowest(values), places };
            columns.push(ResultColumn::new(&column.name, unit, values));
        }
        ResultTable { name: "日均".to_owned(), columns }
    }
}

/// fen·day·bp over days and 100 %, half up.
pub(super) fn average_fen(numerator: i128, days: i64) -> i128 {
    let whole = i128::from(days.max(1)) * i128::from(FULL_SHARE_BP);
    let half_up = (2 * numerator.abs() + whole) / (2 * whole);
    if numerator < 0 { -half_up } else { half_up }
}

fn for_owners_only(name: &str) -> Failure {
    Failure::usage(
        format!(
            "「{name}」要按客户经理算：最大、户数和单户起点都是一个客户经理名下各客户的事；去掉 --by 客户"
        ),
        format!(
            "`{name}` needs owners: largest, count and thresholds are about the customers of an owner; leave out --by customer"
        ),
    )
}

/// Puts figures into a table of facts for people (CSV with 编号 and 期间): columns of the same name are replaced, others added.
/// A column that is there keeps its unit (元, 万元). Rows of other periods and of people without figures stay as they are. Returns the number of rows that were filled.
///
/// # Errors
/// The file cannot be read or written, or has no 编号 or 期间.
pub fn into_table(figures: &Figures, path: &Path) -> Outcome<usize> {
    let unreadable = |error: &dyn std::fmt::Display| {
        let name = path.display();
        Failure::Unreadable(Bilingual::new(
            format!("读不了 {name}：{error}"),
            format!("{name} cannot be read: {error}"),
        ))
    };
    let bytes = std::fs::read(path).map_err(|error| unreadable(&error))?;
    let text = String::from_utf8(bytes).map_err(|_| unreadable(&"UTF-8"))?;
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .from_reader(text.trim_start_matches('\u{feff}').as_bytes());
    let mut rows: Vec<Vec<String>> = Vec::new();
    for record in reader.records() {
        rows.push(record.map_err(|error| unreadable(&error))?.iter().map(str::to_owned).collect());
    }
    let heading = |text: &str| text.split(['（', '(']).next().unwrap_or_default().trim().to_owned();
    let mut headings: Vec<String> =
        rows.first().map(|row| row.iter().map(|cell| heading(cell)).collect()).unwrap_or_default();
    let place = |headings: &[String], name: &str| headings.iter().position(|heading| heading == name);
    let (Some(key), Some(period)) = (place(&headings, "编号"), place(&headings, "期间")) else {
        return Err(unreadable(&"编号、期间"));
    };
    let row_of: HashMap<&str, usize> =
        figures.keys.iter().enumerate().map(|(row, key)| (key.as_str(), row)).collect();
    let mut filled = 0;
    for (index, column) in figures.columns.iter().enumerate() {
        let unit = if column.fold == Fold::Count { "户" } else { "元" };
        let at = place(&headings, &column.name).unwrap_or_else(|| {
            headings.push(column.name.clone());
            headings.len() - 1
        });
        rows.iter_mut().filter(|row| row.len() <= at).for_each(|row| row.resize(at + 1, String::new()));
        let heading = &mut rows[0][at];
        if heading.is_empty() {
            *heading = format!("{}（{unit}）", column.name);
        }
        let factor = factor(heading, unit).ok_or_else(|| unreadable(&format!("{heading} ≠ {unit}")))?;
        for row in rows.iter_mut().skip(1) {
            let is_period = Period::parse(row[period].trim()) == Some(figures.period);
            let Some(found) = row_of.get(row[key].trim()).filter(|_| is_period) else { continue };
            row[at] = figures.exact_text(*found, index, &factor);
            filled += usize::from(index == 0);
        }
    }
    replace(path, headings.len(), rows)?;
    Ok(filled)
}

/// How many 元 (or 户) one counts under a heading such as `存款日均（万元）`; `None` when the heading has another unit.
fn factor(heading: &str, unit: &str) -> Option<Rational> {
    let written = heading.split(['（', '(']).nth(1).map(|rest| rest.trim_end_matches(['）', ')']).trim());
    let Some(written) = written else { return Some(Rational::from(1)) };
    let (factor, written) = parse_unit(written)?;
    (parse_unit(unit)?.1 == written).then_some(factor)
}

/// Writes a CSV file anew, whole or not at all.
fn replace(path: &Path, width: usize, rows: Vec<Vec<String>>) -> Outcome<()> {
    let failed = |error: &dyn std::fmt::Display| {
        let name = path.display();
        Failure::Unwritable(Bilingual::new(
            format!("写不了 {name}：{error}"),
            format!("{name} cannot be written: {error}"),
        ))
    };
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let mut file = tempfile::NamedTempFile::new_in(folder).map_err(|error| failed(&error))?;
    std::io::Write::write_all(&mut file, "\u{feff}".as_bytes()).map_err(|error| failed(&error))?;
    let mut writer = csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(&mut file);
    for mut row in rows {
        row.resize(width, String::new());
        writer.write_record(row).map_err(|error| failed(&error))?;
    }
    writer.flush().map_err(|error| failed(&error))?;
    drop(writer);
    file.persist(path).map_err(|error| failed(&error)).map(|_| ())
}

impl Figures {
    /// A figure in a unit of so many 元.
    fn exact_text(&self, row: usize, column: usize, factor: &Rational) -> String {
        let exact = parse_quantity(&self.text(row, column)).map(|figure| figure.value);
        let counted = exact.and_then(|exact| exact.checked_div(factor));
        counted.and_then(|counted| counted.to_exact_decimal()).unwrap_or_else(|| self.text(row, column))
    }

    /// A figure as it stands in a file: `1234.50`, or a number of customers.
    #[must_use]
    pub fn text(&self, row: usize, column: usize) -> String {
        let value = self.value(row, column);
        if self.columns[column].fold == Fold::Count {
            return value.to_string();
        }
        let sign = if value < 0 { "-" } else { "" };
        format!("{sign}{}.{:02}", value.abs() / 100, value.abs() % 100)
    }
}
