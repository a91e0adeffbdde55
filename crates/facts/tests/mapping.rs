//! Mapping files: units, codes, constants, one source for several tables, and their mistakes. JSON tables too.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

mod common;

use common::*;
use hengjie_calendar::Grain;
use hengjie_facts::{ColumnKind, Mapping};

fn specs() -> Vec<hengjie_facts::TableSpec> {
    vec![
        table("人员", vec![("工号", ColumnKind::Key), ("姓名", ColumnKind::Text)]),
        table(
            "人员_每年",
            vec![
                ("工号", reference("人员")),
                ("期间", ColumnKind::Period(Some(Grain::Year))),
                ("存款日均", money()),
                ("不良率", plain()),
                ("类别", choice(&["甲类", "乙类"])),
                ("属实", ColumnKind::Bool),
            ],
        ),
    ]
}

const MAPPING: &str = r#"{ "tables": {
    "人员": { "source": "people.csv", "columns": { "id": "工号", "name": { "to": "姓名" } } },
    "人员_每年": { "source": "people.csv",
        "columns": { "id": { "to": "工号" }, "deposit": { "to": "存款日均", "unit": "0.01元" },
                     "npl": { "to": "不良率", "unit": "0.0001" },
                     "kind": { "to": "类别", "codes": { "0": "甲类", "1": "乙类" } },
                     "ok": { "to": "属实", "codes": { "Y": "是", "N": "否" } } },
        "constant": { "期间": "2025年" } } } }"#;

#[test]
fn a_source_system_feeds_two_tables() {
    let text = "id,name,deposit,npl,kind,ok,unused\n7,甲,110000000000,150,1,Y,x\n9,乙,5,0,0,N,y\n";
    let folder = folder(&[("people.csv", text.as_bytes())]);
    let loaded = load(folder.path(), &specs(), MAPPING);
    same(&faults(&loaded), "");
    same(
        &print(&loaded),
        "people.csv 2 行\n2: 7 甲\n3: 9 乙\n\
        people.csv 2 行\n2: #0 2025年 1100000000 0.015 [1] 是\n3: #1 2025年 0.05 0 [0] 否",
    );
}

#[test]
fn json_tables_keep_numbers_exact() {
    let text = r#"[ {"id": 7, "name": "甲", "deposit": 12345678901234567890.25, "npl": 1.5e2, "kind": 1, "ok": "Y"},
                    {"id": "9", "npl": null, "deposit": "3元", "kind": "0", "ok": "N", "name": "乙\n"} ]"#;
    let folder = folder(&[("people.json", text.as_bytes())]);
    let loaded = load(folder.path(), &specs(), &MAPPING.replace("people.csv", "people.json"));
    same(&faults(&loaded), "");
    same(
        &print(&loaded),
        "people.json 2 行\n1: 7 甲\n2: 9 乙\n\
        people.json 2 行\n1: #0 2025年 123456789012345678.9025 0.015 [1] 是\n2: #1 2025年 3 待补 [0] 否",
    );
}

#[test]
fn json_that_is_no_table() {
    let spec = table("人员", vec![("工号", ColumnKind::Key)]);
    let found = |text: &str| faults_of(std::slice::from_ref(&spec), &[("人员.json", text.as_bytes())], "");
    assert!(found("{").starts_with("错误[HJ1006] 人员.json 第 1 行：不是一列对象的 JSON"));
    assert!(found("[[1]]").starts_with("错误[HJ1006] 人员.json 第 1 行"));
    assert!(found(&"[".repeat(100_000)).starts_with("错误[HJ1006] 人员.json"));
    same(&found("[]"), "错误[HJ1015] 人员.json：文件是空的，没有表头。第一行写列名");
    same(
        &found(r#"[{"工号": 1}, {"工号": 2, "工号": 3}]"#),
        "错误[HJ1102] 人员.json 第 2 行「工号」：这一条里「工号」写了两次。删去一个",
    );
    same(
        &found(r#"[{"工号": 1.5}, {"工号": true}, {"工号": 1e99999}]"#),
        "错误[HJ1222] 人员.json 第 1 行「工号」：「1.5」不能作编号。编号写成文本\n\
        错误[HJ1222] 人员.json 第 2 行「工号」：「是」不能作编号。编号写成文本\n\
        错误[HJ1221] 人员.json 第 3 行「工号」：编号「1e99999」被 Excel 当成数字，超过 15 位的部分已经丢失。把这一列设成文本格式，再从原系统重新填入",
    );
}

#[test]
fn unknown_codes_and_unknown_people() {
    let text = "id,name,deposit,npl,kind,ok\n7,甲,1,1,2,Y\n";
    let folder = folder(&[
        ("people.csv", text.as_bytes()),
        ("other.csv", b"id,deposit,npl,kind,ok\n8,1,1,0,?\n,1,1,0,Y\n"),
    ]);
    let mapping = MAPPING.replacen("people.csv\",\n        \"columns", "other.csv\",\n        \"columns", 1);
    assert_ne!(mapping, MAPPING);
    same(
        &faults(&load(folder.path(), &specs(), &mapping)),
        "错误[HJ1215] other.csv 第 2 行「ok」：代码「?」没有对应。对应文件里有：N、Y\n\
        错误[HJ1302] other.csv 第 2 行「id」：「人员」里没有 8。核对编号，或在「人员」里补上它",
    );
    let loaded = load(folder.path(), &specs(), &mapping);
    assert!(print(&loaded).contains("3: 待补 2025年"));
    assert!(
        faults(&load(folder.path(), &specs(), MAPPING))
            .contains("[HJ1215] people.csv 第 2 行「kind」：代码「2」没有对应")
    );
}

#[test]
fn mistakes_of_the_mapping() {
    let mapping = r#"{ "tables": {
        "员工": {},
        "人员": { "source": "../people.csv", "columns": { "id": [{ "to": "工号", "unit": "元" }, { "to": "编号" }] }, "constant": { "工号": "1", "年龄": "3" } },
        "人员_每年": { "source": "people.csv",
            "columns": { "deposit": { "to": "存款日均", "unit": "户" }, "kind": { "to": "类别", "codes": { "0": "丙类" } }, "npl": { "to": "不良率", "unit": "-1" } },
            "constant": { "期间": "2025年3月" } } } }"#;
    let text = "工号,属实,deposit,kind\n7,是,1,0\n";
    let expected = [
        "错误[HJ1402] mapping.json：没有「员工」这张表。制度要的表：人员、人员_每年",
        "错误[HJ1403] mapping.json：「人员」没有「编号」这一列。它的列：工号、姓名",
        "错误[HJ1403] mapping.json：「人员」没有「年龄」这一列。它的列：工号、姓名",
        "错误[HJ1404] mapping.json：「人员.工号」不是数，不能有单位",
        "错误[HJ1404] mapping.json：「人员_每年.存款日均」的单位「户」不对，要的是「元」。写 元或万元；整数有倍数时写 0.01元",
        "错误[HJ1404] mapping.json：「人员_每年.不良率」的单位「-1」不对，要的是「比例」。写 %；整数有倍数时写 0.01",
        "错误[HJ1405] mapping.json：「人员_每年.类别」的代码「0」对应的「丙类」不是可选的项。写制度里的名目",
        "错误[HJ1407] mapping.json：「人员」的「工号」有两个来源。只留一个",
        "错误[HJ1002] 缺少「人员」的文件 ../people.csv。检查对应文件里的 source，写文件夹里的文件名",
        "错误[HJ1101] people.csv「npl」：缺少「npl」这一列。表里有：工号、属实、deposit、kind",
        "错误[HJ1406] people.csv「期间」：对应文件给这一列的固定值「2025年3月」不对，要的是期间（年）。改正 mapping.json 里的 constant",
        "错误[HJ1303] people.csv「工号」：「人员」没有读到，无法对上这一列。先补上「人员」",
    ];
    same(&faults_of(&specs(), &[("people.csv", text.as_bytes())], mapping), &expected.join("\n"));
}

#[test]
fn mapping_text_that_is_wrong() {
    let error = Mapping::from_json("{ \"tables\": { \"人员\": { \"sources\": \"x\" } } }").unwrap_err();
    assert!(error.zh.starts_with("对应文件第 1 行"), "{}", error.zh);
    let error =
        Mapping::from_json(r#"{"tables": {"人员": {"columns": {"id": {"too": "工号"}}}}}"#).unwrap_err();
    assert!(error.zh.contains("不认识「too」，这里可以写：to、unit、codes"), "{}", error.zh);
    let folder = folder(&[]);
    assert_eq!(Mapping::from_folder(folder.path()), Ok(Mapping::default()));
}
