//! Templates: the loader reads them back, with the example row left out and filled-in rows read.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

mod common;

use calamine::{Data, Reader, Xlsx};
use common::*;
use hengjie_calendar::Grain;
use hengjie_facts::{
    Bilingual, ColumnKind, ColumnSpec, Limits, Mapping, TableSpec, load_workbook, write_templates,
};
use hengjie_quantity::Lang;
use std::io::Cursor;

fn specs() -> Vec<TableSpec> {
    let mut every = every_kind();
    every.title = Bilingual::new("客户经理", "relationship managers");
    every.columns[3].note = Bilingual::new("年度日均，不含保证金", "yearly average, without margin deposits");
    every.columns[3].example = "1,234.50".to_owned();
    let items: Vec<String> = (0..60).map(|number| format!("第{number}类考核事项")).collect();
    let mut events = table(
        "考核事件_每日",
        vec![("经理", reference("人员")), ("类别", ColumnKind::Choice(items)), ("扣分", points())],
    );
    for grain in Grain::ALL {
        events.columns.push(ColumnSpec::new(grain.zh(), ColumnKind::Period(Some(grain))));
    }
    vec![every, events]
}

#[test]
fn templates_are_read_back_without_their_example() {
    for lang in [Lang::Zh, Lang::En] {
        let folder = tempfile::tempdir().unwrap();
        let paths = write_templates(folder.path(), &specs(), lang).unwrap();
        assert_eq!(paths.len(), 3);
        let found = load_workbook(&paths[0], &specs(), &Mapping::default(), &Limits::default(), &|_| {});
        let file = paths[0].file_name().unwrap().to_str().unwrap();
        same(
            &faults(&found),
            &format!(
                "提醒[HJ1016] {file}［人员］：表里没有数据\n提醒[HJ1016] {file}［考核事件_每日］：表里没有数据"
            ),
        );
        same(
            &faults(&load(folder.path(), &specs(), "")),
            "提醒[HJ1016] 人员.csv：表里没有数据\n提醒[HJ1016] 考核事件_每日.csv：表里没有数据",
        );
    }
}

#[test]
fn every_example_is_a_value_that_reads() {
    let folder = tempfile::tempdir().unwrap();
    write_templates(folder.path(), &specs(), Lang::Zh).unwrap();
    for name in ["人员", "考核事件_每日"] {
        let path = folder.path().join(format!("{name}.csv"));
        let text = std::fs::read_to_string(&path).unwrap();
        assert!(text.contains("示例：1001"), "{text}");
        std::fs::write(&path, text.replace("示例：", "")).unwrap();
    }
    let loaded = load(folder.path(), &specs(), "");
    same(&faults(&loaded), "");
    same(
        &print(&loaded),
        "人员.csv 1 行\n2: 1001 待补 [0] 1234.5 0.12 是 2025-03-31 2025年\n\
        考核事件_每日.csv 1 行\n2: #0 [0] 100 2025-03-31 2025年第9周 2025年3月 2025年1季 2025年上半年 2025年",
    );
}

#[test]
fn the_workbook_explains_itself() {
    let folder = tempfile::tempdir().unwrap();
    let paths = write_templates(folder.path(), &specs(), Lang::Zh).unwrap();
    let mut workbook = Xlsx::new(Cursor::new(std::fs::read(&paths[0]).unwrap())).unwrap();
    assert_eq!(workbook.sheet_names(), ["说明", "人员", "考核事件_每日", "选项"]);
    let notes = workbook.worksheet_range("说明").unwrap();
    let text: Vec<String> =
        notes.rows().map(|row| row.iter().map(Data::to_string).collect::<Vec<_>>().join("|")).collect();
    assert!(text.iter().any(|line| line.starts_with("以「示例」开头的一行只是样子")), "{text:?}");
    assert!(
        text.contains(
            &"人员　客户经理|存款日均|数（元）|没有写 无，不考核写 免|年度日均，不含保证金|1,234.50"
                .to_owned()
        ),
        "{text:#?}"
    );
    assert!(text.contains(&"人员　客户经理|工号|编号|每格必填||1001".to_owned()), "{text:#?}");
    assert_eq!(workbook.worksheet_range("选项").unwrap().height(), 60);
}

#[test]
fn nothing_is_overwritten() {
    let folder = folder(&[("人员.csv", b"filled in")]);
    let error = write_templates(folder.path(), &specs(), Lang::Zh).unwrap_err();
    assert!(error.message.zh.ends_with("人员.csv：文件已经存在"), "{}", error.message.zh);
    assert_eq!(std::fs::read(folder.path().join("人员.csv")).unwrap(), b"filled in");
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1);
}
