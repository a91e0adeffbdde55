//! Shared by the tests: a small policy's tables, folders of files, and a readable print of what was loaded.
#![allow(dead_code, reason = "each test file uses a part")]

use hengjie_calendar::Grain;
use hengjie_facts::{
    ColumnData, ColumnKind, ColumnSpec, Limits, Loaded, Mapping, Status, TableSpec, load_folder,
    load_workbook, resolve,
};
use hengjie_quantity::{BaseUnit, Currency, Lang, Rational, Unit};
use std::fmt::Write;
use std::path::Path;
use tempfile::TempDir;

pub(crate) fn money() -> ColumnKind {
    ColumnKind::Number { unit: Unit::money(Currency::Cny) }
}

pub(crate) fn plain() -> ColumnKind {
    ColumnKind::Number { unit: Unit::none() }
}

pub(crate) fn points() -> ColumnKind {
    ColumnKind::Number { unit: Unit::of(BaseUnit::Point) }
}

pub(crate) fn choice(items: &[&str]) -> ColumnKind {
    ColumnKind::Choice(items.iter().map(|item| (*item).to_owned()).collect())
}

pub(crate) fn reference(table: &str) -> ColumnKind {
    ColumnKind::Reference { table: table.to_owned() }
}

/// A table whose columns must be there, are not nullable and have no range.
pub(crate) fn table(name: &str, columns: Vec<(&str, ColumnKind)>) -> TableSpec {
    let columns = columns.into_iter().map(|(name, kind)| ColumnSpec::new(name, kind)).collect();
    TableSpec { name: name.to_owned(), title: Default::default(), columns, key: Vec::new(), required: true }
}

/// One table with a column of every kind.
pub(crate) fn every_kind() -> TableSpec {
    let mut spec = table(
        "人员",
        vec![
            ("工号", ColumnKind::Key),
            ("姓名", ColumnKind::Text),
            ("序列", choice(&["个人", "公司", "小微"])),
            ("存款日均", money()),
            ("不良率", plain()),
            ("在岗", ColumnKind::Bool),
            ("入职", ColumnKind::Date),
            ("期间", ColumnKind::Period(Some(Grain::Year))),
        ],
    );
    spec.key = vec![0];
    for column in &mut spec.columns[2..] {
        column.nullable = true;
    }
    spec.columns[4].range = Some((Rational::ZERO, Rational::ONE));
    spec
}

/// A folder with files.
pub(crate) fn folder(files: &[(&str, &[u8])]) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (name, content) in files {
        std::fs::write(folder.path().join(name), content).unwrap();
    }
    folder
}

pub(crate) fn load(path: &Path, specs: &[TableSpec], mapping: &str) -> Loaded {
    let mapping = if mapping.is_empty() { Mapping::default() } else { Mapping::from_json(mapping).unwrap() };
    let mut loaded = load_folder(path, specs, &mapping, &Limits::default(), &|_| {});
    resolve(&mut loaded, specs, &Limits::default());
    loaded
}

/// Loads files and gives the faults, one per line, without the counts.
pub(crate) fn faults_of(specs: &[TableSpec], files: &[(&str, &[u8])], mapping: &str) -> String {
    let folder = folder(files);
    faults(&load(folder.path(), specs, mapping))
}

/// Loads one workbook and gives the faults.
pub(crate) fn workbook_faults(specs: &[TableSpec], bytes: &[u8]) -> String {
    let folder = folder(&[("数据.xlsx", bytes)]);
    let path = folder.path().join("数据.xlsx");
    faults(&load_workbook(&path, specs, &Mapping::default(), &Limits::default(), &|_| {}))
}

pub(crate) fn faults(loaded: &Loaded) -> String {
    let lines: Vec<String> = loaded.report.faults.iter().map(|fault| fault.to_text(Lang::Zh)).collect();
    lines.join("\n")
}

/// Every table: a line per row with its number and its values.
pub(crate) fn print(loaded: &Loaded) -> String {
    let mut text = String::new();
    for table in &loaded.tables {
        let _ = writeln!(text, "{} {} 行", table.file, table.rows);
        for row in 0..table.rows {
            let _ = write!(text, "{}:", table.row_number(row));
            for column in &table.columns {
                let cell = column.as_ref().map_or("·".to_owned(), |column| match column.status(row) {
                    Status::Present => value(&column.data, column.place(row)),
                    status => status.word(Lang::Zh).to_owned(),
                });
                let _ = write!(text, " {cell}");
            }
            text.push('\n');
        }
    }
    text
}

pub(crate) fn value(data: &ColumnData, row: usize) -> String {
    match data {
        ColumnData::Number { values, scale } => (Rational::from(values.get(row)) * scale).to_string(),
        ColumnData::Bool(values) => if values[row] { "是" } else { "否" }.to_owned(),
        ColumnData::Date(values) => values[row].to_string(),
        ColumnData::Period(values) => values[row].to_string(),
        ColumnData::Choice(values) => format!("[{}]", values[row]),
        ColumnData::Text(values) => values.value(row).to_owned(),
        ColumnData::Key(keys) | ColumnData::Reference(keys) => keys.get(row),
        ColumnData::Position(values) => format!("#{}", values[row]),
    }
}

/// Asserts two texts line by line, so that a failure shows the lines.
#[track_caller]
pub(crate) fn same(found: &str, expected: &str) {
    assert_eq!(
        found.trim_end().lines().collect::<Vec<_>>(),
        expected.trim_end().lines().collect::<Vec<_>>(),
        "\n{found}\n"
    );
}
