//! CSV in: encodings, headings, cells of every kind, and a fault for everything that can be wrong.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

mod common;

use common::*;
use hengjie_facts::{ColumnKind, Limits, Mapping, Status, load_folder};
use hengjie_quantity::Lang;

/// Loads 人员.csv and compares the rows; no faults.
#[track_caller]
fn check(text: &[u8], expected: &str) {
    let folder = folder(&[("人员.csv", text)]);
    let loaded = load(folder.path(), &[every_kind()], "");
    same(&faults(&loaded), "");
    same(&print(&loaded), expected);
}

const GOOD: &str = "工号,姓名,序列,存款日均（万元）,不良率,在岗,入职,期间\n\
    1001,张三,个人,\"1,234.50\",1.5%,是,2020-03-01,2025年\n\
    1002,李四,公司,1.1亿元,0.02,FALSE,2020/3/1,2025\n";
const GOOD_ROWS: &str = "人员.csv 2 行\n\
    2: 1001 张三 [0] 12345000 0.015 是 2020-03-01 2025年\n\
    3: 1002 李四 [1] 110000000 0.02 否 2020-03-01 2025年";

#[test]
fn encodings() {
    check(GOOD.as_bytes(), GOOD_ROWS);
    check(format!("\u{feff}{GOOD}").as_bytes(), GOOD_ROWS);
    check(&encoding_rs::GB18030.encode(GOOD).0, GOOD_ROWS);
    let utf16: Vec<u8> = format!("\u{feff}{GOOD}").encode_utf16().flat_map(u16::to_le_bytes).collect();
    check(&utf16, GOOD_ROWS);
    check(GOOD.replace("\"1,234.50\"", "1234.5").replace(',', "\t").as_bytes(), GOOD_ROWS);
    check(GOOD.replace('\n', "\r\n").as_bytes(), GOOD_ROWS);
}

#[test]
fn rare_characters_survive_gb18030() {
    let text = "工号,姓名\nA1,𬭩䶮㛃𬸚𫖮\n";
    let spec = table("人员", vec![("工号", ColumnKind::Key), ("姓名", ColumnKind::Text)]);
    let folder = folder(&[("人员.csv", &encoding_rs::GB18030.encode(text).0)]);
    same(&print(&load(folder.path(), &[spec], "")), "人员.csv 1 行\n2: A1 𬭩䶮㛃𬸚𫖮");
}

#[test]
fn states_full_width_and_blank_rows() {
    let text = "工号，,姓名,序列,存款日均 (元),不良率（％）,在岗,入职,期间\n\
        示例：1,张三,个人,100,1,是,2020-03-01,2025年\n\
        \n\
        １００１,王 五,小微,１２．５,１２,√,２０２０年３月１日,2025年\n\
        ,,,,,,,\n\
        1002,\"多行\n文字\",无,—,免,,,\n\
        1003,赵六,个人,3户,,,,\n";
    let text = text.replace("工号，", "工号 ").replace("3户", "3元");
    check(
        text.as_bytes(),
        "人员.csv 3 行\n\
        4: 1001 王 五 [2] 12.5 0.12 是 2020-03-01 2025年\n\
        6: 1002 多行\n\
        文字 无 无 免 待补 待补 待补\n\
        7: 1003 赵六 [0] 3 待补 待补 待补 待补",
    );
}

#[test]
fn every_bad_cell_is_named() {
    let text = "工号,姓名,序列,存款日均（元）,不良率,在岗,入职,期间\n\
        1001,甲,优秀,很多,150%,也许,2025-02-30,2025年3月\n\
        1002,乙,个人,5户,-1%,是,昨天,去年\n\
        1003,丙,个人,300万美元,12块,1,2020-01-01,2025年\n\
        ,丁,个人,1.2E+08,0,0,2020-01-01,2025年\n\
        1005\u{200b},戊,个人,5万,0,0,2020-01-01,2025年\n\
        无,己,个人,1,0,0,2020-01-01,2025年\n\
        6.22E+18,庚,个人,1,0,0,2020-01-01,2025年\n\
        1001,辛,个人,1,0,0,2020-01-01,2025年\n";
    let found = faults_of(&[every_kind()], &[("人员.csv", text.as_bytes())], "");
    let expected = [
        "错误[HJ1201] 人员.csv 第 2 行「存款日均（元）」：「很多」不是数。写数字，例如 1,234.50元",
        "错误[HJ1203] 人员.csv 第 2 行「不良率」：1.5 超出范围，应在 0 至 1 之间。核对数字和单位",
        "错误[HJ1211] 人员.csv 第 2 行「在岗」：「也许」不是是或否。写 是 或 否",
        "错误[HJ1212] 人员.csv 第 2 行「入职」：「2025-02-30」不是日期。写成 2025-03-01，从 1900 年到 2200 年",
        "错误[HJ1213] 人员.csv 第 2 行「期间」：「2025年3月」不是一个年。写成 2025年",
        "错误[HJ1214] 人员.csv 第 2 行「序列」：「优秀」不是可选的项。可选：个人、公司、小微",
        "错误[HJ1202] 人员.csv 第 3 行「存款日均（元）」：「5户」的单位是「户」，这一列要的是「元」。换算成元或万元，或改正单位",
        "错误[HJ1203] 人员.csv 第 3 行「不良率」：-0.01 超出范围，应在 0 至 1 之间。核对数字和单位",
        "错误[HJ1212] 人员.csv 第 3 行「入职」：「昨天」不是日期。写成 2025-03-01，从 1900 年到 2200 年",
        "错误[HJ1213] 人员.csv 第 3 行「期间」：「去年」不是一个年。写成 2025年",
        "错误[HJ1202] 人员.csv 第 4 行「不良率」：「12块」里的「块」不是单位，这一列要的是「比例」。只写数字，或带上%",
        "错误[HJ1202] 人员.csv 第 4 行「存款日均（元）」：「300万美元」的单位是「万美元」，这一列要的是「元」。换算成元或万元，或改正单位",
        "错误[HJ1207] 人员.csv 第 5 行「存款日均（元）」：「1.2E+08」是缩写的数，原来的位数可能已经丢失。在 Excel 里把这一列设成数值格式后重新另存，或直接交 Excel 文件",
        "错误[HJ1219] 人员.csv 第 5 行「工号」：这一格不能空。填上编号",
        "错误[HJ1202] 人员.csv 第 6 行「存款日均（元）」：「5万」的单位是「万」，这一列要的是「元」。换算成元或万元，或改正单位",
        "错误[HJ1218] 人员.csv 第 6 行「工号」：「1005□」里有看不见的字符（U+200B）。删掉它，重新输入",
        "错误[HJ1220] 人员.csv 第 7 行「工号」：这一列不能写「无」。填上编号",
        "错误[HJ1221] 人员.csv 第 8 行「工号」：编号「6.22E+18」被 Excel 当成数字，超过 15 位的部分已经丢失。把这一列设成文本格式，再从原系统重新填入",
        "错误[HJ1301] 人员.csv 第 9 行「工号」：工号 1001 已经在第 2 行。每个编号只留一行",
    ];
    same(&found, &expected.join("\n"));
}

#[test]
fn headings_that_do_not_fit() {
    let spec = table("人员", vec![("工号", ColumnKind::Key), ("存款日均", money()), ("贷款日均", money())]);
    let found = |heading: &str| {
        let text = format!("{heading}\n1,2,3\n");
        faults_of(std::slice::from_ref(&spec), &[("人员.csv", text.as_bytes())], "")
    };
    same(
        &found("工号,日均存款,贷款日均（户）"),
        "错误[HJ1101] 人员.csv「存款日均」：缺少「存款日均」这一列。表里有「日均存款」，如果就是它，把表头改成「存款日均」\n\
        提醒[HJ1103] 人员.csv「日均存款」：这一列没有用到。如果就是「存款日均」，请把表头改成它\n\
        错误[HJ1104] 人员.csv「贷款日均（户）」：表头的单位「户」不对，这一列要的是「元」。括号里写元或万元",
    );
    same(
        &found("工号,存款日均（考核口径）,贷款日均（单位：万元）"),
        "错误[HJ1104] 人员.csv「存款日均（考核口径）」：表头括号里的「考核口径」不是单位，这一列要的是「元」。括号里写元或万元",
    );
    same(
        &found("工号,存款日均,存款日均"),
        "错误[HJ1101] 人员.csv「贷款日均」：缺少「贷款日均」这一列。表里有「存款日均」，如果就是它，把表头改成「贷款日均」\n\
        错误[HJ1102] 人员.csv「存款日均」：有两列都是「存款日均」：第 2 列和第 3 列。删去或改名其中一列",
    );
    same(
        &found("工号,存款日均,贷款日均(元)"),
        "提醒[HJ1106] 人员.csv「存款日均」：没有写明单位，不带单位的数都按「元」读。在表头写上单位，例如「（元）」或「（万元）」",
    );
}

#[test]
fn ragged_rows_and_files_that_are_none() {
    let spec = table("人员", vec![("工号", ColumnKind::Key), ("姓名", ColumnKind::Text)]);
    let found = |text: &[u8]| faults_of(std::slice::from_ref(&spec), &[("人员.csv", text)], "");
    same(
        &found("工号,姓名\n1\n2,甲,乙\n3,丙,,\n".as_bytes()),
        "错误[HJ1108] 人员.csv 第 2 行：这一行有 1 格，表头有 2 格。检查是否多了或少了逗号；文字里有逗号时要加引号\n\
        错误[HJ1108] 人员.csv 第 3 行：这一行有 3 格，表头有 2 格。检查是否多了或少了逗号；文字里有逗号时要加引号",
    );
    same(&found(b""), "错误[HJ1015] 人员.csv：文件是空的，没有表头。第一行写列名");
    same(&found("工号,姓名\n".as_bytes()), "提醒[HJ1016] 人员.csv：表里没有数据");
    same(
        &found(b"\xb9\xa4\xff\xff"),
        "错误[HJ1009] 人员.csv：文件的编码既不是 UTF-8 也不是 GB18030。在 Excel 里另存为「CSV UTF-8（逗号分隔）」",
    );
}

#[test]
fn files_missing_or_double() {
    let spec = table("人员", vec![("工号", ColumnKind::Key)]);
    same(
        &faults_of(std::slice::from_ref(&spec), &[], ""),
        "错误[HJ1002] 缺少「人员」这张表。在文件夹里放 人员.csv、人员.xlsx、人员.parquet 或 人员.json",
    );
    same(
        &faults_of(std::slice::from_ref(&spec), &[("人员.csv", b"x"), ("人员.json", b"[]")], ""),
        "错误[HJ1003] 「人员」有 2 个文件：人员.csv、人员.json。只留一个",
    );
    let mut optional = spec.clone();
    optional.required = false;
    same(&faults_of(&[optional.clone()], &[("贷款.csv", b"x")], ""), "");
    same(
        &faults_of(&[optional], &[("人员表.csv", b"x")], ""),
        "提醒[HJ1002] 缺少「人员」这张表。文件夹里有 人员表.csv，如果就是它，改名为 人员",
    );
    let missing = load(std::path::Path::new("/nowhere/at/all"), &[spec], "");
    assert!(faults(&missing).starts_with("错误[HJ1001] 读不了文件夹 /nowhere/at/all"));
}

#[test]
fn limits_are_faults() {
    let spec = table("人员", vec![("工号", ColumnKind::Key), ("姓名", ColumnKind::Text)]);
    let text = format!("工号,姓名\n1,{}\n2,乙\n3,丙\n", "长".repeat(11));
    let folder = folder(&[("人员.csv", text.as_bytes())]);
    let check = |limits: Limits, expected: &str| {
        let loaded =
            load_folder(folder.path(), std::slice::from_ref(&spec), &Mapping::default(), &limits, &|_| {});
        same(&faults(&loaded), expected);
    };
    check(Limits { rows: 2, ..Limits::default() }, "错误[HJ1014] 人员.csv：超过 2 行。分成几个文件");
    check(Limits { columns: 1, ..Limits::default() }, "错误[HJ1014] 人员.csv：超过 1 列。只保留要用的列");
    check(
        Limits { text_bytes: 3, ..Limits::default() },
        "错误[HJ1005] 人员.csv：文件有 0 MiB，最多 0 MiB。分成几个文件，或改用 Parquet",
    );
    check(
        Limits { cell_chars: 10, ..Limits::default() },
        "错误[HJ1216] 人员.csv 第 2 行「姓名」：文字超过 10 字。缩短它",
    );
}

#[test]
fn many_faults_are_listed_up_to_the_cap_and_counted() {
    let spec = table("人员", vec![("工号", ColumnKind::Key), ("在岗", ColumnKind::Bool)]);
    let rows: String = (0..2_500).map(|row| format!("{row},也许\n")).collect();
    let folder = folder(&[("人员.csv", format!("工号,在岗\n{rows}").as_bytes())]);
    let loaded = load(folder.path(), &[spec], "");
    assert_eq!(loaded.report.faults.len(), 1_001);
    assert_eq!(loaded.report.counts(), (2_500, 0));
    let last = loaded.report.faults.last().unwrap().to_text(Lang::Zh);
    assert_eq!(last, "错误[HJ1901] 人员.csv：还有 1500 处没有列出，本表共 2500 处错误、0 处提醒");
    assert!(loaded.report.to_text(Lang::En).ends_with("2500 errors, 0 warnings.\n"));
}

#[test]
fn faults_as_json_and_in_english() {
    let folder = folder(&[("人员.csv", "工号,在岗\n1,也许\n".as_bytes())]);
    let spec = table("人员", vec![("工号", ColumnKind::Key), ("在岗", ColumnKind::Bool)]);
    let loaded = load(folder.path(), &[spec], "");
    let expected = serde_json::json!({
        "errors": 1, "warnings": 0,
        "faults": [{
            "severity": "error", "code": "HJ1211", "file": "人员.csv", "row": 2, "column": "在岗", "value": "也许",
            "message": "“也许” is neither yes nor no", "help": "write 是 or 否 (yes or no)",
            "text": "error[HJ1211] 人员.csv row 2 “在岗”: “也许” is neither yes nor no. write 是 or 否 (yes or no)",
        }],
    });
    assert_eq!(loaded.report.to_json(Lang::En), expected);
}

#[test]
fn mixed_units_share_one_exact_scale() {
    let mut months = table(
        "人员",
        vec![("司龄", ColumnKind::Number { unit: hengjie_quantity::parse_unit("个月").unwrap().1 })],
    );
    months.columns[0].nullable = true;
    let folder = folder(&[("人员.csv", "司龄（年）\n2.5\n5个月\n无\n3\n12345678901234567890\n".as_bytes())]);
    let loaded = load(folder.path(), &[months], "");
    same(&faults(&loaded), "");
    same(&print(&loaded), "人员.csv 5 行\n2: 30\n3: 5\n4: 无\n5: 36\n6: 148148146814814814680");
    assert_eq!(loaded.tables[0].columns[0].as_ref().unwrap().status(2), Status::None);
}

#[test]
fn numbers_of_absurdly_different_size_are_refused() {
    let spec = table("人员", vec![("系数", plain())]);
    let text = format!("系数\n{}\n0.{}1\n", "9".repeat(30), "0".repeat(20));
    same(
        &faults_of(&[spec], &[("人员.csv", text.as_bytes())], ""),
        "错误[HJ1204] 人员.csv 第 2 行「系数」：这一列的数大小相差太远，合在一起超过 38 位。检查是否多写了位数或小数",
    );
}

#[test]
fn keys_of_several_columns() {
    let mut spec = table(
        "得分",
        vec![("工号", reference("人员")), ("期间", ColumnKind::Period(None)), ("分", points())],
    );
    spec.key = vec![0, 1];
    spec.columns[0].nullable = true;
    let people = table("人员", vec![("工号", ColumnKind::Key)]);
    let found = |rows: &str| {
        let text = format!("工号,期间,分（分）\n{rows}");
        faults_of(
            &[people.clone(), spec.clone()],
            &[("人员.csv", "工号\n1\n2\n".as_bytes()), ("得分.csv", text.as_bytes())],
            "",
        )
    };
    same(&found("1,2025,1\n2,2025,1\n1,2024,1\n,2025,1\n,2025,1\n无,2025,2\n无,2025,2\n"), "");
    same(&found("1,2025,1\n2,2025,1\n"), "");
    same(
        &found("1,2025,1\n2,2025,1\n1,2025年,3\n1,2025,4\n"),
        "错误[HJ1301] 得分.csv 第 4 行「工号」：工号＋期间 1、2025年 已经在第 2 行。每个编号只留一行\n\
        错误[HJ1301] 得分.csv 第 5 行「工号」：工号＋期间 1、2025年 已经在第 2 行。每个编号只留一行",
    );
}

#[test]
fn progress_is_reported_for_every_table() {
    let spec = table("人员", vec![("工号", ColumnKind::Key)]);
    let rows: String = (0..100_001).map(|row| format!("{row}\n")).collect();
    let folder = folder(&[("人员.csv", format!("工号\n{rows}").as_bytes())]);
    let seen = std::sync::Mutex::new(Vec::new());
    let note = |progress: hengjie_facts::Progress| seen.lock().unwrap().push((progress.rows, progress.done));
    let loaded = load_folder(folder.path(), &[spec], &Mapping::default(), &Limits::default(), &note);
    assert_eq!(loaded.tables[0].rows, 100_001);
    let seen = seen.into_inner().unwrap();
    let (last, before) = seen.split_last().unwrap();
    assert_eq!(*last, (100_001, true));
    assert!(before.iter().any(|(rows, _)| (1..100_001).contains(rows)), "{before:?}");
    assert!(before.iter().all(|(_, done)| !done), "{before:?}");
}
