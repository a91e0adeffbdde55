//! Control totals: what the source says its files hold, compared with what was read, to the last row and the last fen.
//!
//! The control file has the columns 表, 项目 and 数值. 项目 is 行数 or the name of a column with numbers, whose sum the 数值 is.

use super::delivery::Delivery;
use crate::bilingual::Bilingual;
use crate::column::{ColumnData, LoadedColumn, LoadedTable, Status};
use crate::fault::{Fault, Faults};
use crate::limits::Limits;
use crate::load::{Format, Found, constant_column, file_name, load_alone};
use crate::spec::{ColumnKind, ColumnSpec, TableSpec};
use hengjie_quantity::{Lang, Rational, format_quantity};
use std::path::Path;

/// Name of the table among the files.
const TABLE: &str = "对账";
/// The 项目 that counts rows.
const ROWS: &str = "行数";

/// One control total.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Control {
    table: String,
    item: String,
    /// As written.
    expected: String,
    file: String,
    row: u32,
}

/// The control file as a table.
pub(super) fn spec() -> TableSpec {
    let column = |name: &str| ColumnSpec { complete: true, ..ColumnSpec::new(name, ColumnKind::Text) };
    let (columns, key) = (["表", "项目", "数值"].map(column).to_vec(), vec![0, 1]);
    let title = Bilingual::new("对账文件", "control file");
    TableSpec { name: TABLE.to_owned(), title, columns, key, required: false }
}

/// The control totals of a file of their own, or of those that were delivered.
pub(super) fn read(
    path: Option<&Path>,
    delivered: Option<(Option<LoadedTable>, Faults)>,
    limits: &Limits,
    general: &mut Vec<Faults>,
) -> Vec<Control> {
    let (table, faults) = match path {
        Some(path) => {
            let mut faults = Faults::new(&file_name(path), limits.faults_per_table);
            let format = Format::of(path).unwrap_or(Format::Csv);
            let found = Found { path: path.to_owned(), name: file_name(path), format };
            (load_alone(&found, &spec(), limits, &mut faults), faults)
        }
        None => match delivered {
            Some(read) => read,
            None => return Vec::new(),
        },
    };
    let is_readable = faults.errors() == 0;
    general.push(faults);
    match table {
        Some(table) if is_readable => (0..table.rows).map(|row| control(&table, row)).collect(),
        _ => Vec::new(),
    }
}

fn control(table: &LoadedTable, row: usize) -> Control {
    let text =
        |place: usize| match table.columns.get(place).and_then(Option::as_ref).map(|column| &column.data) {
            Some(ColumnData::Text(texts)) => texts.value(row).to_owned(),
            _ => String::new(),
        };
    Control {
        table: text(0),
        item: text(1),
        expected: text(2),
        file: table.file.clone(),
        row: table.row_number(row),
    }
}

/// Compares all totals. A table that disagrees is refused; a total about a table that is not there stops the import.
pub(super) fn reconcile(controls: &[Control], deliveries: &mut [Delivery], general: &mut Vec<Faults>) {
    for control in controls {
        let delivery = deliveries.iter_mut().find(|delivery| delivery.spec.name == control.table);
        let Some(delivery) = delivery else {
            let mut faults = Faults::new(&control.file, 1);
            faults.push(not_delivered(control).row(control.row).column("表").value(&control.table));
            general.push(faults);
            continue;
        };
        match compare(control, delivery) {
            Ok(()) => delivery.controls.push((control.item.clone(), control.expected.clone())),
            Err(fault) => {
                delivery.faults.push_as_it_is(Fault { file: control.file.clone(), ..fault.row(control.row) });
                delivery.refused = true;
            }
        }
    }
}

/// Is a total as the source says?
fn compare(control: &Control, delivery: &Delivery) -> Result<(), Fault> {
    if control.item == ROWS {
        let digits = control.expected.trim().trim_end_matches('行');
        let expected: u64 = digits.replace(',', "").parse().map_err(|_| unreadable(control))?;
        let found = delivery.table.rows as u64;
        return if expected == found { Ok(()) } else { Err(other_count(control, expected, found)) };
    }
    let place = delivery.spec.columns.iter().position(|column| column.name == control.item);
    let place = place.ok_or_else(|| no_column(control, delivery))?;
    let spec = &delivery.spec.columns[place];
    let (ColumnKind::Number { unit }, Some(Some(column))) = (&spec.kind, delivery.table.columns.get(place))
    else {
        return Err(no_column(control, delivery));
    };
    let expected = amount(spec, &control.expected).ok_or_else(|| unreadable(control))?;
    let (found, unread) = total(column, delivery.table.rows);
    if expected == found && unread == 0 {
        return Ok(());
    }
    let shown = |value: &Rational, lang| format_quantity(value, unit, lang);
    let difference = &found - &expected;
    let text = |lang: Lang| [&expected, &found, &difference].map(|value| shown(value, lang));
    Err(other_sum(control, text(Lang::Zh), text(Lang::En), unread))
}

/// The sum of a column, and how many cells have no number.
fn total(column: &LoadedColumn, rows: usize) -> (Rational, usize) {
    let ColumnData::Number { values, scale } = &column.data else { return (Rational::ZERO, rows) };
    let present = |row: &usize| column.status(*row) == Status::Present;
    let read: Vec<usize> = (0..rows).filter(present).collect();
    let missing = (0..rows).filter(|row| column.status(*row) == Status::Missing).count();
    let mut sum = Rational::ZERO;
    // Few numbers come near the limits of an integer: they are added in groups that cannot overflow.
    for rows in read.chunks(1 << 16) {
        let part = rows.iter().try_fold(0_i128, |sum, &row| sum.checked_add(values.get(column.place(row))));
        sum = match part {
            Some(part) => &sum + &Rational::from(part),
            None => rows.iter().fold(sum, |sum, &row| &sum + &Rational::from(values.get(column.place(row)))),
        };
    }
    (&sum * scale, missing)
}

/// A 数值 read as a cell of the column would be.
fn amount(spec: &ColumnSpec, text: &str) -> Option<Rational> {
    let spec = ColumnSpec { range: None, ..spec.clone() };
    let mut faults = Faults::new("", 1);
    match constant_column(&spec, text, 1, &mut faults)?.data {
        ColumnData::Number { values, scale } => Some(Rational::from(values.get(0)) * scale),
        _ => None,
    }
}

fn not_delivered(control: &Control) -> Fault {
    let table = &control.table;
    Fault::error(
        "HJ1805",
        format!("对账文件里有「{table}」，但没有收到这张表"),
        format!("the control file names “{table}”, which was not delivered"),
    )
    .help("补齐文件，或改正对账文件", "deliver the file or correct the control file")
}

fn other_count(control: &Control, expected: u64, found: u64) -> Fault {
    let table = &control.table;
    Fault::error(
        "HJ1805",
        format!("「{table}」对账文件说有 {expected} 行，读到 {found} 行"),
        format!("the control file says that “{table}” has {expected} rows; {found} were read"),
    )
    .column("数值")
    .value(&control.expected)
    .help(RESEND.0, RESEND.1)
}

fn other_sum(control: &Control, zh: [String; 3], en: [String; 3], unread: usize) -> Fault {
    let Control { table, item, .. } = control;
    let ([expected, found, difference], [expected_en, found_en, difference_en]) = (zh, en);
    let (more, more_en) = match unread {
        0 => (String::new(), String::new()),
        count => (format!("；有 {count} 格没有数"), format!("; {count} cells have no number")),
    };
    Fault::error(
        "HJ1805",
        format!("「{table}」的「{item}」对账文件说合计 {expected}，读到 {found}，差 {difference}{more}"),
        format!(
            "the control file says that “{item}” of “{table}” sums to {expected_en}; {found_en} was read, difference {difference_en}{more_en}"
        ),
    )
    .column("数值")
    .value(&control.expected)
    .help(RESEND.0, RESEND.1)
}

/// What to do about totals that disagree.
const RESEND: (&str, &str) = (
    "整张表没有导入；向源系统核对，重新取文件",
    "the whole table was not imported; check with the source and fetch the file again",
);

fn no_column(control: &Control, delivery: &Delivery) -> Fault {
    let Control { table, item, .. } = control;
    let number = |(column, loaded): &(&ColumnSpec, &Option<LoadedColumn>)| {
        loaded.is_some() && matches!(column.kind, ColumnKind::Number { .. })
    };
    let columns = delivery.spec.columns.iter().zip(&delivery.table.columns).filter(number);
    let names: Vec<&str> =
        std::iter::once(ROWS).chain(columns.map(|(column, _)| column.name.as_str())).collect();
    Fault::error(
        "HJ1806",
        format!("「{table}」没有「{item}」这一列数"),
        format!("“{table}” has no column of numbers “{item}”"),
    )
    .column("项目")
    .value(item)
    .help(format!("可以对：{}", names.join("、")), format!("there are: {}", names.join(", ")))
}

fn unreadable(control: &Control) -> Fault {
    let expected = &control.expected;
    Fault::error(
        "HJ1806",
        format!("「{expected}」不是数，或单位不对"),
        format!("“{expected}” is no number or has a wrong unit"),
    )
    .column("数值")
    .value(expected)
    .help("行数写整数；合计写数，可以带单位", "write a whole number of rows, or a sum with or without unit")
}
