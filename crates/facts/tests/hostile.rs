//! Damaged files of every format: a report comes back, always, and in time.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

mod common;

use arrow_array::{ArrayRef, Int32Array, Int64Array, RecordBatch, StringArray};
use common::*;
use hengjie_facts::{ColumnKind, TableSpec};
use parquet::arrow::ArrowWriter;
use parquet::basic::{Compression, ZstdLevel};
use parquet::file::properties::WriterProperties;
use proptest::prelude::*;
use rust_xlsxwriter::Workbook;
use std::sync::{Arc, LazyLock};

fn spec() -> TableSpec {
    let mut spec =
        table("人员", vec![("工号", ColumnKind::Key), ("姓名", ColumnKind::Text), ("得分", plain())]);
    spec.key = vec![0];
    spec
}

static CSV: LazyLock<Vec<u8>> = LazyLock::new(|| {
    let rows: String = (0..50).map(|row| format!("{row},\"甲,{row}\",{row}.5\n")).collect();
    format!("工号,姓名,得分\n{rows}").into_bytes()
});

static JSON: LazyLock<Vec<u8>> = LazyLock::new(|| {
    let rows: Vec<_> =
        (0..50).map(|row| serde_json::json!({"工号": row, "姓名": "甲\n", "得分": "5%"})).collect();
    serde_json::to_vec(&rows).unwrap()
});

static EXCEL: LazyLock<Vec<u8>> = LazyLock::new(|| {
    let mut workbook = Workbook::new();
    let sheet = workbook.add_worksheet();
    for (heading, place) in ["工号", "姓名", "得分"].iter().zip(0..) {
        sheet.write(0, place, *heading).unwrap();
    }
    for row in 1..50 {
        sheet.write(row, 0, row).unwrap().write(row, 1, "甲").unwrap().write(row, 2, f64::from(row)).unwrap();
    }
    workbook.save_to_buffer().unwrap()
});

static PARQUET: LazyLock<Vec<u8>> = LazyLock::new(|| {
    let columns: [(&str, ArrayRef); 3] = [
        ("工号", Arc::new(Int64Array::from_iter_values(0..50))),
        ("姓名", Arc::new((0..50).map(|row| Some(format!("甲{row}"))).collect::<StringArray>())),
        ("得分", Arc::new((0..50).map(|row| (row % 7 > 0).then_some(row)).collect::<Int32Array>())),
    ];
    let batch = RecordBatch::try_from_iter(columns).unwrap();
    let level = ZstdLevel::try_new(1).unwrap();
    let properties = WriterProperties::builder().set_compression(Compression::ZSTD(level)).build();
    let mut bytes = Vec::new();
    let mut writer = ArrowWriter::try_new(&mut bytes, batch.schema(), Some(properties)).unwrap();
    writer.write(&batch).unwrap();
    writer.close().unwrap();
    bytes
});

/// Loads a file after a few bytes were changed and it was cut.
fn survives(
    name: &str,
    good: &[u8],
    changes: &[(prop::sample::Index, u8)],
    cut: Option<prop::sample::Index>,
) {
    let mut bytes = good.to_vec();
    for (place, byte) in changes {
        let place = place.index(bytes.len());
        bytes[place] = *byte;
    }
    if let Some(cut) = cut {
        bytes.truncate(cut.index(bytes.len()));
    }
    let folder = folder(&[(name, &bytes)]);
    let loaded = load(folder.path(), &[spec()], "");
    for table in &loaded.tables {
        for column in table.columns.iter().flatten() {
            (0..table.rows).for_each(|row| drop(value(&column.data, column.place(row))));
        }
    }
}

#[test]
fn the_good_files_are_good() {
    for (name, bytes) in
        [("人员.csv", &*CSV), ("人员.json", &*JSON), ("人员.xlsx", &*EXCEL), ("人员.parquet", &*PARQUET)]
    {
        same(&faults_of(&[spec()], &[(name, bytes)], ""), "");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn damaged_files_are_reported(
        format in 0_usize..4,
        changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..6),
        cut in prop::option::weighted(0.2, any::<prop::sample::Index>()),
    ) {
        let (name, good) = [("人员.csv", &*CSV), ("人员.json", &*JSON), ("人员.xlsx", &*EXCEL), ("人员.parquet", &*PARQUET)][format];
        survives(name, good, &changes, cut);
    }

    #[test]
    fn any_bytes_are_reported(bytes in prop::collection::vec(any::<u8>(), 0..300), ending in 0_usize..4) {
        let name = ["人员.csv", "人员.json", "人员.xlsx", "人员.parquet"][ending];
        survives(name, &bytes, &[], None);
    }

    #[test]
    fn any_text_is_reported(text in "[工号姓名得分,\"\n\r\t '0-9.%万元=—无-]{0,80}") {
        survives("人员.csv", format!("工号,姓名,得分\n{text}").as_bytes(), &[], None);
    }
}
