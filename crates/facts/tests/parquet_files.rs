//! Parquet in: every type, mapped units and codes, references by every route, broken files.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

mod common;

use arrow_array::types::Int8Type;
use arrow_array::{
    ArrayRef, BooleanArray, Date32Array, Decimal128Array, DictionaryArray, Float32Array, Float64Array,
    Int8Array, Int16Array, Int32Array, Int64Array, LargeStringArray, ListArray, RecordBatch, StringArray,
    TimestampMicrosecondArray, TimestampMillisecondArray, UInt8Array, UInt16Array, UInt32Array, UInt64Array,
};
use common::*;
use hengjie_facts::{ColumnData, ColumnKind, Integers, Keys, TableSpec};
use parquet::arrow::ArrowWriter;
use parquet::basic::{Compression, ZstdLevel};
use parquet::file::properties::WriterProperties;
use std::sync::Arc;

fn parquet(columns: Vec<(&str, ArrayRef)>) -> Vec<u8> {
    let batch = RecordBatch::try_from_iter_with_nullable(
        columns.into_iter().map(|(name, array)| (name, array, true)),
    )
    .unwrap();
    let properties = WriterProperties::builder()
        .set_compression(Compression::ZSTD(ZstdLevel::default()))
        .set_max_row_group_row_count(Some(3))
        .build();
    let mut bytes = Vec::new();
    let mut writer = ArrowWriter::try_new(&mut bytes, batch.schema(), Some(properties)).unwrap();
    writer.write(&batch).unwrap();
    writer.close().unwrap();
    bytes
}

/// Loads one column from an array and prints it.
fn read(kind: ColumnKind, array: ArrayRef, mapping: &str) -> (String, String) {
    let spec = table("人员", vec![("值", kind)]);
    let folder = folder(&[("人员.parquet", &parquet(vec![("值", array)]))]);
    let mapping = if mapping.is_empty() {
        String::new()
    } else {
        format!(r#"{{"tables": {{"人员": {{"columns": {{"值": {{"to": "值", {mapping}}}}}}}}}}}"#)
    };
    let loaded = load(folder.path(), &[spec], &mapping);
    let rows = print(&loaded)
        .lines()
        .skip(1)
        .map(|line| line.split_once(": ").unwrap().1.to_owned())
        .collect::<Vec<_>>();
    (rows.join(" "), faults(&loaded))
}

#[track_caller]
fn check(kind: ColumnKind, array: impl arrow_array::Array + 'static, expected: &str) {
    let (rows, faults) = read(kind, Arc::new(array), "");
    assert_eq!((rows.as_str(), faults.as_str()), (expected, ""));
}

#[test]
fn numbers_of_every_type() {
    check(plain(), Int8Array::from(vec![-1, 2]), "-1 2");
    check(plain(), Int16Array::from(vec![Some(-300), None, Some(5), Some(6)]), "-300 待补 5 6");
    check(plain(), Int32Array::from(vec![70_000, 1]), "70000 1");
    check(plain(), Int64Array::from(vec![i64::MAX, i64::MIN]), "9223372036854775807 -9223372036854775808");
    check(plain(), UInt8Array::from(vec![255]), "255");
    check(plain(), UInt16Array::from(vec![65_535]), "65535");
    check(plain(), UInt32Array::from(vec![u32::MAX]), "4294967295");
    check(plain(), UInt64Array::from(vec![u64::MAX, 0]), "18446744073709551615 0");
    check(plain(), Float64Array::from(vec![0.1, -2.5e-7, f64::NAN]), "0.1 -0.00000025 待补");
    check(plain(), Float32Array::from(vec![0.1]), "0.1");
    check(plain(), StringArray::from(vec!["12%", "1,000"]), "0.12 1000");
    check(plain(), LargeStringArray::from(vec!["7"]), "7");
    let decimal =
        |digits| Decimal128Array::from(vec![12_345, -1]).with_precision_and_scale(digits, 2).unwrap();
    for digits in [6, 18, 38] {
        check(plain(), decimal(digits), "123.45 -0.01");
    }
    let (rows, faults) = read(plain(), Arc::new(Float64Array::from(vec![0.1 + 0.2, f64::INFINITY])), "");
    assert_eq!(rows, "0.3 待补");
    assert!(
        faults.contains("[HJ1206]") && faults.contains("[HJ1201] 人员.parquet 第 2 行「值」：「inf」不是数"),
        "{faults}"
    );
}

#[test]
fn integers_are_not_copied_and_not_widened() {
    let spec = table("人员", vec![("甲", plain()), ("乙", money())]);
    let bytes = parquet(vec![
        ("甲", Arc::new(Int16Array::from(vec![1, 2]))),
        ("乙", Arc::new(Int64Array::from(vec![3, 4]))),
    ]);
    let folder = folder(&[("人员.parquet", &bytes)]);
    let mapping = r#"{"tables": {"人员": {"columns": {"乙": {"to": "乙", "unit": "0.01元"}}}}}"#;
    let loaded = load(folder.path(), &[spec], mapping);
    let column = |index: usize| loaded.tables[0].columns[index].as_ref().unwrap();
    assert!(matches!(&column(0).data, ColumnData::Number { values: Integers::I16(_), .. }));
    let ColumnData::Number { values: Integers::I64(_), scale } = &column(1).data else { panic!() };
    assert_eq!(scale.to_string(), "0.01");
    assert!(column(1).status.is_none());
}

#[test]
fn other_kinds() {
    check(ColumnKind::Bool, BooleanArray::from(vec![Some(true), None, Some(false)]), "是 待补 否");
    check(ColumnKind::Bool, Int8Array::from(vec![1, 0]), "是 否");
    check(ColumnKind::Text, StringArray::from(vec!["甲", " 乙 "]), "甲 乙");
    check(ColumnKind::Text, Int32Array::from(vec![7]), "7");
    check(
        ColumnKind::Text,
        vec!["甲", "乙", "甲"].into_iter().collect::<DictionaryArray<Int8Type>>(),
        "甲 乙 甲",
    );
    check(ColumnKind::Date, Date32Array::from(vec![Some(0), None]), "1970-01-01 待补");
    check(
        ColumnKind::Date,
        TimestampMicrosecondArray::from(vec![-1, 86_400_000_000]),
        "1969-12-31 1970-01-02",
    );
    check(ColumnKind::Date, Int32Array::from(vec![20_250_301]), "2025-03-01");
    check(ColumnKind::Date, StringArray::from(vec!["2025-03-01"]), "2025-03-01");
    check(ColumnKind::Period(None), Int32Array::from(vec![2025]), "2025年");
    check(ColumnKind::Period(None), Date32Array::from(vec![0]), "1970-01-01");
    check(choice(&["甲", "乙"]), StringArray::from(vec!["乙", "甲"]), "[1] [0]");
    check(ColumnKind::Key, Int32Array::from(vec![7, -8]), "7 -8");
    check(ColumnKind::Key, StringArray::from(vec!["7", "0008"]), "7 0008");
}

#[test]
fn codes_by_table_and_one_by_one() {
    let kind = || choice(&["甲", "乙", "丙"]);
    let codes = r#""codes": {"0": "丙", "7": "甲"}"#;
    let check = |array: ArrayRef, mapping: &str, rows: &str, fault: &str| {
        assert_eq!(read(kind(), array, mapping), (rows.to_owned(), fault.to_owned()));
    };
    check(Arc::new(Int8Array::from(vec![Some(0), Some(7), None])), codes, "[2] [0] 待补", "");
    check(Arc::new(UInt32Array::from(vec![7])), codes, "[0]", "");
    let unknown = "错误[HJ1215] 人员.parquet 第 2 行「值」：代码「8」没有对应。对应文件里有：0、7";
    check(Arc::new(Int64Array::from(vec![0, 8])), codes, "[2] 待补", unknown);
    check(Arc::new(StringArray::from(vec!["0", "8"])), codes, "[2] 待补", unknown);
    let far = r#""codes": {"0": "丙", "9000000000000000000": "甲"}"#;
    check(Arc::new(Int64Array::from(vec![9_000_000_000_000_000_000])), far, "[0]", "");
}

#[test]
fn types_that_cannot_be_read() {
    let list: ArrayRef =
        Arc::new(ListArray::from_iter_primitive::<arrow_array::types::Int32Type, _, _>([Some([Some(1)])]));
    assert!(read(plain(), list, "").1.starts_with("错误[HJ1107] 人员.parquet「值」：这一列的类型是 List("));
    let zoned: ArrayRef = Arc::new(TimestampMillisecondArray::from(vec![0]).with_timezone("+08:00"));
    let found = read(ColumnKind::Date, zoned, "").1;
    assert!(found.contains("[HJ1107]") && found.contains("时间带有时区"), "{found}");
    let far: ArrayRef = Arc::new(Date32Array::from(vec![0, 10_000_000]));
    let (rows, found) = read(ColumnKind::Date, far, "");
    assert_eq!(rows, "1970-01-01 待补");
    assert!(found.starts_with("错误[HJ1212] 人员.parquet 第 2 行「值」：「10000000」不是日期"), "{found}");
}

#[test]
fn ranges_and_empty_keys() {
    let mut spec = table("人员", vec![("工号", ColumnKind::Key), ("得分", points())]);
    spec.columns[1].range = Some((0.into(), 100.into()));
    spec.key = vec![0];
    let bytes = parquet(vec![
        ("工号", Arc::new(Int64Array::from(vec![Some(1), None, Some(1), None]))),
        ("得分", Arc::new(Int32Array::from(vec![Some(101), Some(100), None, Some(-1)]))),
    ]);
    same(
        &faults_of(&[spec], &[("人员.parquet", &bytes)], ""),
        "错误[HJ1203] 人员.parquet 第 1 行「得分」：101分 超出范围，应在 0分 至 100分 之间。核对数字和单位\n\
        错误[HJ1219] 人员.parquet 第 2 行「工号」：这一格不能空。填上编号\n\
        错误[HJ1301] 人员.parquet 第 3 行「工号」：工号 1 已经在第 1 行。每个编号只留一行\n\
        错误[HJ1203] 人员.parquet 第 4 行「得分」：-1分 超出范围，应在 0分 至 100分 之间。核对数字和单位\n\
        错误[HJ1219] 人员.parquet 第 4 行「工号」：这一格不能空。填上编号",
    );
}

/// Two tables: people and loans that name them.
fn pair() -> [TableSpec; 2] {
    [table("人员", vec![("工号", ColumnKind::Key)]), table("贷款", vec![("经理", reference("人员"))])]
}

#[track_caller]
fn resolved(people: ArrayRef, loans: ArrayRef, expected: &[u32], unknown: usize) {
    let folder = folder(&[
        ("人员.parquet", &parquet(vec![("工号", people)])),
        ("贷款.parquet", &parquet(vec![("经理", loans)])),
    ]);
    let loaded = load(folder.path(), &pair(), "");
    let ColumnData::Position(positions) = &loaded.tables[1].columns[0].as_ref().unwrap().data else {
        panic!()
    };
    assert_eq!(positions, expected);
    assert_eq!(loaded.report.faults.iter().filter(|fault| fault.code == "HJ1302").count(), unknown);
}

#[test]
fn references_by_every_route() {
    let ints = |values: &[i64]| -> ArrayRef { Arc::new(Int64Array::from(values.to_vec())) };
    let texts = |values: &[&str]| -> ArrayRef { Arc::new(StringArray::from(values.to_vec())) };
    resolved(ints(&[10, 12, 11]), ints(&[11, 10, 13, 9]), &[2, 0, 0, 0], 2);
    resolved(
        ints(&[-3, 2, 70, 71]),
        ints(&[71, -3, 70, 3, 2, -4, 72, i64::MIN]),
        &[3, 0, 2, 0, 1, 0, 0, 0],
        4,
    );
    resolved(ints(&[i64::MIN, 0, i64::MAX]), ints(&[i64::MAX, i64::MIN, 1]), &[2, 0, 0], 1);
    resolved(ints(&[5, 7]), texts(&["7", "07", "x", "5"]), &[1, 0, 0, 0], 2);
    resolved(ints(&[5, 1_000_000_000]), texts(&["1000000000", "x"]), &[1, 0], 1);
    resolved(texts(&["a", "7"]), ints(&[7, 8]), &[1, 0], 1);
    resolved(texts(&["a", "b"]), texts(&["b", "c", "a"]), &[1, 0, 0], 1);
    resolved(ints(&[]), ints(&[1]), &[0], 1);
    resolved(ints(&[3, 3]), ints(&[3]), &[0], 0);
}

#[test]
fn files_that_are_broken() {
    let spec = || table("人员", vec![("值", plain())]);
    let good = parquet(vec![("值", Arc::new(Int64Array::from_iter_values(0..1_000)))]);
    let check = |bytes: &[u8]| {
        let found = faults_of(&[spec()], &[("人员.parquet", bytes)], "");
        assert!(found.starts_with("错误[HJ1006] 人员.parquet"), "{found}");
    };
    check(b"");
    check(b"PAR1PAR1");
    check(&good[..good.len() / 2]);
    let mut flipped = good.clone();
    for byte in &mut flipped[4..40] {
        *byte ^= 0x5a;
    }
    check(&flipped);
    same(&faults_of(&[spec()], &[("人员.parquet", &good)], ""), "");
}

#[test]
fn keys_of_a_table_stay_as_they_are() {
    let folder = folder(&[("人员.parquet", &parquet(vec![("工号", Arc::new(Int64Array::from(vec![4])))]))]);
    let loaded = load(folder.path(), &pair()[..1], "");
    assert!(matches!(&loaded.tables[0].columns[0].as_ref().unwrap().data, ColumnData::Key(Keys::Int(_))));
    assert_eq!(loaded.tables[0].row_number(0), 1);
}
