//! Results out: exact, readable, safe to open, whole or not at all.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

mod common;

use arrow_array::StringArray;
use calamine::{Data, Reader, Xlsx};
use common::*;
use hengjie_calendar::{Date, Period};
use hengjie_facts::{
    ColumnKind, Integers, ResultColumn, ResultTable, ResultValues, write_csv, write_json, write_parquet,
    write_xlsx,
};
use hengjie_quantity::Lang;
use proptest::prelude::*;
use std::io::Cursor;
use std::path::Path;

fn numbers(values: &[i128], places: u32) -> ResultValues {
    ResultValues::Number { values: Integers::narrowest(values.to_vec()), places }
}

fn texts(values: &[&str]) -> ResultValues {
    ResultValues::Text(StringArray::from(values.to_vec()))
}

fn results() -> ResultTable {
    let mut total = ResultColumn::new("总分", "分", numbers(&[9255, 0, -50, 0], 2));
    total.status = Some(vec![0, 4, 0, 3]);
    let mut grade = ResultColumn::new(
        "等级",
        "",
        ResultValues::Item { items: vec!["初级".to_owned(), "高级".to_owned()], codes: vec![1, 0, 0, 0] },
    );
    grade.status = Some(vec![0, 1, 0, 2]);
    let day = Date::new(2025, 12, 31).unwrap();
    ResultTable {
        name: "考核结果".to_owned(),
        columns: vec![
            ResultColumn::new("工号", "", texts(&["0042", "=1+1", "甲,\"乙\"", "-5"])),
            total,
            grade,
            ResultColumn::new("绩效", "元", numbers(&[123_456_789, 12_345_678_901_234_567, 5, 100], 2)),
            ResultColumn::new("名次", "", numbers(&[1, 2, 3, 4], 0)),
            ResultColumn::new("达标", "", ResultValues::Bool(vec![true, false, true, false])),
            ResultColumn::new("评定日", "", ResultValues::Date(vec![day; 4])),
            ResultColumn::new("期间", "", ResultValues::Period(vec![Period::parse("2025年4季").unwrap(); 4])),
        ],
    }
}

/// Writes into a folder and reads the bytes back; nothing else may be left there.
fn written(write: impl FnOnce(&Path)) -> Vec<u8> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("结果");
    write(&path);
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1);
    std::fs::read(&path).unwrap()
}

#[test]
fn csv() {
    let bytes = written(|path| write_csv(path, &results(), Lang::Zh).unwrap());
    let expected = "\u{feff}工号,总分（分）,等级,绩效（元）,名次,达标,评定日,期间\r\n\
        0042,92.55,高级,1234567.89,1,是,2025-12-31,2025年4季\r\n\
        '=1+1,待补,无,123456789012345.67,2,否,2025-12-31,2025年4季\r\n\
        \"甲,\"\"乙\"\"\",-0.50,初级,0.05,3,是,2025-12-31,2025年4季\r\n\
        '-5,待定,免,1.00,4,否,2025-12-31,2025年4季\r\n";
    assert_eq!(String::from_utf8(bytes).unwrap(), expected);
}

#[test]
fn json() {
    let bytes = written(|path| write_json(path, &results(), Lang::En).unwrap());
    let value: serde_json::Value = serde_json::from_slice(&bytes).unwrap();
    assert_eq!(value["table"], "考核结果");
    assert_eq!(value["columns"][1], serde_json::json!({"name": "总分", "unit": "分", "type": "number"}));
    let second = serde_json::json!({
        "工号": "=1+1", "总分": null, "总分_status": "missing", "等级": null, "等级_status": "none",
        "绩效": "123456789012345.67", "名次": "2", "达标": false, "评定日": "2025-12-31", "期间": "2025Q4",
    });
    assert_eq!(value["rows"][1], second);
    assert_eq!(value["rows"][0]["总分"], "92.55");
    assert_eq!(value["rows"].as_array().unwrap().len(), 4);
}

#[test]
fn excel() {
    let notes = [("制度".to_owned(), "测试办法".to_owned())];
    let bytes = written(|path| write_xlsx(path, &[results()], &notes, Lang::Zh).unwrap());
    let mut workbook = Xlsx::new(Cursor::new(bytes)).unwrap();
    assert_eq!(workbook.sheet_names(), ["考核结果", "口径与版本"]);
    let sheet = workbook.worksheet_range("考核结果").unwrap();
    let row = |index: usize| sheet.rows().nth(index).unwrap().to_vec();
    let text = |text: &str| Data::String(text.to_owned());
    assert_eq!(row(0)[..4], [text("工号"), text("总分（分）"), text("等级"), text("绩效（元）")]);
    assert_eq!(
        row(1)[..6],
        [
            text("0042"),
            Data::Float(92.55),
            text("高级"),
            Data::Float(1_234_567.89),
            Data::Float(1.0),
            text("是")
        ]
    );
    // 17 digits would lose two in Excel.
    assert_eq!(row(2)[..4], [text("=1+1"), text("待补"), text("无"), text("123456789012345.67")]);
    assert!(matches!(row(1)[6], Data::DateTime(_)), "{:?}", row(1)[6]);
    assert!(workbook.worksheet_formula("考核结果").unwrap().is_empty());
}

#[test]
fn parquet_round_trip() {
    let bytes = written(|path| write_parquet(path, &results(), Lang::Zh).unwrap());
    let mut spec = table(
        "结果",
        vec![
            ("工号", ColumnKind::Text),
            ("总分", points()),
            ("总分_状态", choice(&["待补", "待定"])),
            ("等级", choice(&["初级", "高级"])),
            ("绩效", money()),
            ("名次", plain()),
            ("达标", ColumnKind::Bool),
            ("评定日", ColumnKind::Date),
            ("期间", ColumnKind::Period(None)),
        ],
    );
    spec.columns[0].nullable = false;
    let folder = folder(&[("结果.parquet", &bytes)]);
    let loaded = load(folder.path(), &[spec], "");
    same(&faults(&loaded), "提醒[HJ1103] 结果.parquet「等级_状态」：这一列没有用到");
    same(
        &print(&loaded),
        "结果.parquet 4 行\n\
        1: 0042 92.55 待补 [1] 1234567.89 1 是 2025-12-31 2025年4季\n\
        2: =1+1 待补 [0] 待补 123456789012345.67 2 否 2025-12-31 2025年4季\n\
        3: 甲,\"乙\" -0.5 待补 [0] 0.05 3 是 2025-12-31 2025年4季\n\
        4: -5 待补 [1] 待补 1 4 否 2025-12-31 2025年4季",
    );
}

#[test]
fn wide_numbers_in_parquet() {
    let huge = 10_i128.pow(37) + 7;
    let table_of = |values: &[i128], places| ResultTable {
        name: "x".to_owned(),
        columns: vec![ResultColumn::new("值", "", numbers(values, places))],
    };
    let bytes = written(|path| write_parquet(path, &table_of(&[huge, -huge], 3), Lang::Zh).unwrap());
    let folder = folder(&[("x.parquet", &bytes)]);
    let loaded = load(folder.path(), &[table("x", vec![("值", plain())])], "");
    same(
        &print(&loaded),
        "x.parquet 2 行\n1: 10000000000000000000000000000000000.007\n2: -10000000000000000000000000000000000.007",
    );
    let path = folder.path().join("y.parquet");
    let error = write_parquet(&path, &table_of(&[10_i128.pow(38)], 3), Lang::Zh).unwrap_err();
    assert!(error.message.zh.starts_with("写不了"), "{error}");
    assert!(!path.exists());
}

#[test]
fn long_tables_go_on_in_the_next_sheet() {
    let rows = 1_048_575 + 3;
    let table = ResultTable {
        name: "流水".to_owned(),
        columns: vec![ResultColumn::new(
            "序号",
            "",
            ResultValues::Number { values: Integers::I32((0..rows).collect()), places: 0 },
        )],
    };
    let bytes = written(|path| write_xlsx(path, &[table], &[], Lang::Zh).unwrap());
    let mut workbook = Xlsx::new(Cursor::new(bytes)).unwrap();
    assert_eq!(workbook.sheet_names(), ["流水", "流水(2)"]);
    let second = workbook.worksheet_range("流水(2)").unwrap();
    let column: Vec<String> = second.rows().map(|row| row[0].to_string()).collect();
    assert_eq!(column, ["序号", "1048575", "1048576", "1048577"]);
}

#[test]
fn a_failed_write_leaves_the_old_file() {
    let folder = folder(&[("结果.csv", b"old")]);
    let missing = folder.path().join("没有这个文件夹").join("结果.csv");
    assert!(write_csv(&missing, &results(), Lang::Zh).is_err());
    // A folder cannot be replaced by a file.
    let occupied = folder.path().join("占用");
    std::fs::create_dir_all(occupied.join("x")).unwrap();
    for write in [write_csv, write_json, write_parquet] {
        assert!(write(&occupied, &results(), Lang::Zh).is_err());
    }
    assert!(write_xlsx(&occupied, &[results()], &[], Lang::Zh).is_err());
    let mut names: Vec<_> =
        std::fs::read_dir(folder.path()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    names.sort();
    assert_eq!(names, ["占用", "结果.csv"]);
    assert_eq!(std::fs::read(folder.path().join("结果.csv")).unwrap(), b"old");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// What starts like a formula never stands bare in a CSV cell, and is a text cell in Excel.
    #[test]
    fn text_is_never_a_formula(texts in proptest::collection::vec("[=+\\-@＝＋－＠\t\r\n',\"a甲]{0,6}", 1..20)) {
        let table = ResultTable {
            name: "文字".to_owned(),
            columns: vec![ResultColumn::new("=列", "", ResultValues::Text(StringArray::from(texts.clone())))],
        };
        let bytes = written(|path| write_csv(path, &table, Lang::Zh).unwrap());
        let mut reader = csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(&bytes[3..]);
        for record in reader.records() {
            let record = record.unwrap();
            prop_assert!(!record[0].starts_with(['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠']), "{:?}", record);
        }
        let bytes = written(|path| write_xlsx(path, &[table], &[], Lang::Zh).unwrap());
        let mut workbook = Xlsx::new(Cursor::new(bytes)).unwrap();
        prop_assert!(workbook.worksheet_formula("文字").unwrap().is_empty());
    }

    /// Any number written as CSV or Parquet reads back exactly.
    #[test]
    fn numbers_survive(values in proptest::collection::vec(any::<i64>(), 1..30), places in 0_u32..12) {
        let values: Vec<i128> = values.into_iter().map(i128::from).collect();
        let table_out = ResultTable { name: "x".to_owned(), columns: vec![ResultColumn::new("值", "", numbers(&values, places))] };
        let folder = tempfile::tempdir().unwrap();
        for (name, write) in [("甲.csv", write_csv as fn(&Path, &ResultTable, Lang) -> _), ("乙.parquet", write_parquet)] {
            write(&folder.path().join(name), &table_out, Lang::Zh).unwrap();
        }
        let loaded = load(folder.path(), &[table("甲", vec![("值", plain())]), table("乙", vec![("值", plain())])], "");
        prop_assert_eq!(faults(&loaded), "");
        for table in &loaded.tables {
            let column = table.columns[0].as_ref().unwrap();
            for (row, &wanted) in values.iter().enumerate() {
                let hengjie_facts::ColumnData::Number { values, scale } = &column.data else { panic!() };
                let expected = hengjie_quantity::Rational::from(wanted) * hengjie_quantity::Rational::pow10(-(places as i32));
                prop_assert_eq!(hengjie_quantity::Rational::from(values.get(row)) * scale, expected);
            }
        }
    }
}
