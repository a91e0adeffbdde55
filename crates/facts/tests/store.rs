//! Importing into a fact store: what goes in, what is handed back, what was known when.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test stops at what must not happen")]

mod common;

use common::{choice, folder, money, print, reference, same, table};
use hengjie_calendar::Date;
use hengjie_facts::{
    Acceptance, Action, ColumnKind, FactStore, Import, ImportRequest, Limits, Mapping, ResultTable,
    ResultValues, TableSpec, import,
    ownership::{self, Tenure},
    resolve,
};
use hengjie_quantity::Lang;
use proptest::prelude::*;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;
use std::path::{Path, PathBuf};
use tempfile::TempDir;

fn specs() -> Vec<TableSpec> {
    let mut people = table(
        "客户",
        vec![("编号", ColumnKind::Key), ("名称", ColumnKind::Text), ("开户日", ColumnKind::Date)],
    );
    let mut accounts = table(
        "账户",
        vec![
            ("账号", ColumnKind::Key),
            ("客户", reference("客户")),
            ("余额", money()),
            ("状态", choice(&["正常", "久悬"])),
        ],
    );
    (people.key, accounts.key) = (vec![0], vec![0]);
    people.columns[2].nullable = true;
    vec![people, accounts]
}

/// A store and the specifications that it is used with.
struct World {
    folder: TempDir,
    specs: Vec<TableSpec>,
}

impl World {
    fn new() -> Self {
        Self { folder: tempfile::tempdir().unwrap(), specs: specs() }
    }

    fn path(&self) -> PathBuf {
        self.folder.path().join("资料库")
    }

    fn try_import(
        &self,
        day: &str,
        files: &[(&str, &[u8])],
        how: (Acceptance, Action, &str),
    ) -> Result<Import, String> {
        let (acceptance, action, mapping) = how;
        let data = folder(files);
        let mapping =
            if mapping.is_empty() { Mapping::default() } else { Mapping::from_json(mapping).unwrap() };
        let request = ImportRequest {
            store: &self.path(),
            source: data.path(),
            specs: &self.specs,
            others: &[],
            mapping: &mapping,
            control: None,
            recorded_on: Date::parse(day).unwrap(),
            by: "测试",
            acceptance,
            action,
            limits: Limits::default(),
            lang: Lang::Zh,
        };
        import(&request, &|_| {}).map_err(|report| report.to_text(Lang::Zh))
    }

    /// Imports good rows and says what happened.
    fn import(&self, day: &str, files: &[(&str, &str)]) -> String {
        let files: Vec<(&str, &[u8])> = files.iter().map(|(name, text)| (*name, text.as_bytes())).collect();
        self.try_import(day, &files, (Acceptance::GoodRows, Action::Record, ""))
            .map_or_else(|text| text, |found| text(&found))
    }

    /// What was known after an import.
    fn known(&self, import: u32) -> String {
        let store = FactStore::open(&self.path()).unwrap();
        let mut loaded = store.load(import, &self.specs, &Limits::default(), &|_| {});
        resolve(&mut loaded, &self.specs, &Limits::default());
        print(&loaded) + &loaded.report.to_text(Lang::Zh)
    }
}

/// What an import did, in words.
fn text(found: &Import) -> String {
    let mut text = format!("{:?}\n", found.number);
    for table in &found.tables {
        let _ = writeln!(
            text,
            "{} {} 行：新 {} 更正 {} 未变 {} 重复 {} 未导入 {}{}",
            table.table,
            table.rows,
            table.new,
            table.corrected,
            table.unchanged,
            table.repeated,
            table.rejected,
            table.same_as.map_or(String::new(), |import| format!("，同第 {import} 次"))
        );
    }
    text + &found.report.to_text(Lang::Zh)
}

/// A table of results as lines of text.
fn cells(table: &ResultTable) -> String {
    let texts = |row: usize| {
        table.columns.iter().map(move |column| match &column.values {
            ResultValues::Text(texts) => texts.value(row).to_owned(),
            other => format!("{other:?}"),
        })
    };
    let head: Vec<&str> = table.columns.iter().map(|column| column.name.as_str()).collect();
    let lines = (0..table.rows()).map(|row| texts(row).collect::<Vec<_>>().join("|"));
    std::iter::once(head.join("|")).chain(lines).collect::<Vec<_>>().join("\n")
}

const CUSTOMERS: &str = "编号,名称,开户日\n001,甲公司,2020-01-02\n002,乙公司,无\n";
const ACCOUNTS: &str =
    "账号,客户,余额（元）,状态\n6222020200012345678,001,100.50,正常\n62220202,002,2万元,久悬\n";

#[test]
fn what_was_known_when() {
    let world = World::new();
    same(
        &world.import("2026-01-05", &[("客户.csv", CUSTOMERS), ("账户.csv", ACCOUNTS)]),
        "Some(1)\n客户 2 行：新 2 更正 0 未变 0 重复 0 未导入 0\n账户 2 行：新 2 更正 0 未变 0 重复 0 未导入 0",
    );
    // The same file again changes nothing, and says so.
    same(
        &world.import("2026-01-06", &[("账户.csv", ACCOUNTS)]),
        "None\n账户 2 行：新 0 更正 0 未变 0 重复 2 未导入 0，同第 1 次",
    );
    // Another file with what is known, a correction, and something new; it does not have all columns.
    let corrected = "账号,余额（元）\n6222020200012345678,100.50\n62220202,30000\n";
    same(
        &world.import("2026-02-01", &[("账户.csv", corrected), ("客户.csv", "编号,名称\n003,丙公司\n")]),
        "Some(2)\n客户 1 行：新 1 更正 0 未变 0 重复 0 未导入 0\n账户 2 行：新 0 更正 1 未变 1 重复 0 未导入 0",
    );
    // The first file once more does not undo the correction.
    same(
        &world.import("2026-02-02", &[("账户.csv", ACCOUNTS)]),
        "None\n账户 2 行：新 0 更正 0 未变 0 重复 2 未导入 0，同第 1 次",
    );
    let withdrawn = world
        .try_import(
            "2026-02-03",
            &[("账户.csv", "账号\n6222020200012345678\n999\n".as_bytes())],
            (Acceptance::GoodRows, Action::Withdraw, ""),
        )
        .unwrap();
    same(
        &text(&withdrawn),
        "Some(3)\n账户 2 行：新 1 更正 0 未变 0 重复 0 未导入 1\n\
         错误[HJ1807] 账户.csv 第 3 行：「账户」里没有 999，没有可以撤回的。核对编号；已经撤回的不用再撤\n共 1 处错误，0 处提醒。",
    );
    let first = "客户.csv 2 行\n2: 001 甲公司 2020-01-02\n3: 002 乙公司 无\n\
                 账户.csv 2 行\n2: 6222020200012345678 #0 201/2 [0]\n3: 62220202 #1 20000 [1]";
    same(&world.known(1), &first.replace("201/2", "100.5"));
    same(
        &world.known(2),
        "资料库「客户」 3 行\n2: 001 甲公司 2020-01-02\n3: 002 乙公司 无\n2: 003 丙公司 待补\n\
         资料库「账户」 2 行\n2: 6222020200012345678 #0 100.5 [0]\n3: 62220202 #1 30000 [1]",
    );
    assert!(world.known(3).contains("资料库「账户」 1 行\n3: 62220202 #1 30000 [1]"), "{}", world.known(3));
    let store = FactStore::open(&world.path()).unwrap();
    let days = ["2026-01-04", "2026-01-05", "2026-01-31", "2026-02-01", "2026-03-01"];
    assert_eq!(days.map(|day| store.known_at(Date::parse(day).unwrap())), [0, 1, 1, 2, 3]);
    let back = world.import("2026-01-31", &[("客户.csv", "编号,名称\n004,丁\n")]);
    same(
        &back,
        "错误[HJ1804] 第 3 次导入是 2026-02-03 得知的，这一次不能早于它。写实际得知的日子；补报以前的资料也是现在才得知的\n共 1 处错误，0 处提醒。",
    );
}

#[test]
fn rejected_rows_come_back_with_their_cells_and_reasons() {
    let world = World::new();
    let customers = "编号,名称,开户日,备注\n001,甲公司,2020-13-02,大户\n002,乙公司,,小户\n,丙公司,,\n";
    let accounts = "账号,客户,余额（元）,状态\n1,001,100,正常\n2,002,100美元,正常\n3,002,5,正常\n4,002,6,正常\n4,002,7,正常\n5,002,8,正常\n5,002,8,正常\n6,002,9\n";
    let found = world.import("2026-01-05", &[("客户.csv", customers), ("账户.csv", accounts)]);
    assert!(found.starts_with("Some(1)\n客户 3 行：新 1 更正 0 未变 0 重复 0 未导入 2\n账户 8 行：新 2 更正 0 未变 0 重复 0 未导入 6\n"), "{found}");
    let again = world
        .try_import(
            "2026-01-05",
            &[("账户.csv", accounts.as_bytes())],
            (Acceptance::GoodRows, Action::Record, ""),
        )
        .unwrap();
    same(
        &cells(&again.rejects[0]),
        "行号|账号|客户|余额（元）|状态|失败原因\n\
         2|1|001|100|正常|「客户」「客户」里没有 001。核对编号，或在「客户」里补上它\n\
         3|2|002|100美元|正常|「余额（元）」「100美元」的单位是「美元」，这一列要的是「元」。换算成元或万元，或改正单位\n\
         5|4|002|6|正常|「账号」账号 4 还在第 6 行，内容不同，不知道哪一行对。核对后只留一行\n\
         6|4|002|7|正常|「账号」账号 4 还在第 5 行，内容不同，不知道哪一行对。核对后只留一行\n\
         8|5|002|8|正常|「账号」账号 5 已经在第 7 行，内容一样。多余的一行，删去\n\
         9|6|002|9||这一行有 3 格，表头有 4 格。检查是否多了或少了逗号；文字里有逗号时要加引号",
    );
    assert_eq!((again.number, again.tables[0].repeated, again.tables[0].same_as), (None, 2, Some(1)));
    // Nothing at all when a row is wrong and that is what was asked for.
    let strict = (Acceptance::AllOrNothing, Action::Record, "");
    let none = world
        .try_import("2026-01-06", &[("账户.csv", "账号,余额（元）\n7,1\n8,一\n".as_bytes())], strict)
        .unwrap();
    assert_eq!((none.number, none.tables[0].new, none.tables[0].rejected), (None, 0, 1));
    // The mended row, as it came back.
    let mended = "行号,账号,客户,余额（元）,状态,失败原因\n3,2,002,700,正常,单位\n";
    same(
        &world.import("2026-01-07", &[("账户.csv", mended)]),
        "Some(2)\n账户 1 行：新 1 更正 0 未变 0 重复 0 未导入 0",
    );
}

#[test]
fn control_totals_agree_to_the_last_fen_or_the_table_stays_out() {
    let check = |control: &str, number: Option<u32>, expected: &str| {
        let world = World::new();
        let data = [("客户.csv", CUSTOMERS), ("账户.csv", ACCOUNTS), ("对账.csv", control)];
        let files: Vec<(&str, &[u8])> = data.iter().map(|(name, text)| (*name, text.as_bytes())).collect();
        let found =
            world.try_import("2026-01-05", &files, (Acceptance::GoodRows, Action::Record, "")).unwrap();
        assert_eq!(found.number, number, "{}", text(&found));
        same(&found.report.to_text(Lang::Zh), expected);
        found.tables.iter().find(|table| table.table == "账户").map(|table| (table.new, table.controls.len()))
    };
    let agree = "表,项目,数值\n账户,行数,2\n账户,余额,2.01005万元\n客户,行数,2\n";
    assert_eq!(check(agree, Some(1), ""), Some((2, 2)));
    let wrong = "表,项目,数值\n账户,行数,3\n账户,余额,20100.51\n账户,名称,1\n";
    let refused = check(
        wrong,
        Some(1),
        "错误[HJ1805] 对账.csv 第 2 行「数值」：「账户」对账文件说有 3 行，读到 2 行。整张表没有导入；向源系统核对，重新取文件\n\
         错误[HJ1805] 对账.csv 第 3 行「数值」：「账户」的「余额」对账文件说合计 20100.51元，读到 20100.50元，差 -0.01元。整张表没有导入；向源系统核对，重新取文件\n\
         错误[HJ1806] 对账.csv 第 4 行「项目」：「账户」没有「名称」这一列数。可以对：行数、余额\n共 3 处错误，0 处提醒。",
    );
    assert_eq!(refused, Some((0, 0)));
    let missing = "表,项目,数值\n交易,行数,3\n";
    check(
        missing,
        None,
        "错误[HJ1805] 对账.csv 第 2 行「表」：对账文件里有「交易」，但没有收到这张表。补齐文件，或改正对账文件\n共 1 处错误，0 处提醒。",
    );
}

#[test]
fn what_is_in_the_store_cannot_be_changed_unnoticed() {
    let world = World::new();
    world.import("2026-01-05", &[("客户.csv", CUSTOMERS)]);
    world.import("2026-01-06", &[("客户.csv", "编号,名称\n001,新名\n")]);
    let pieces = world.path().join("pieces");
    let piece = std::fs::read_dir(&pieces).unwrap().next().unwrap().unwrap().path();
    let bytes = std::fs::read(&piece).unwrap();
    let flipped: Vec<u8> = bytes.iter().enumerate().map(|(at, byte)| byte ^ u8::from(at == 40)).collect();
    std::fs::write(&piece, flipped).unwrap();
    assert!(world.known(2).contains("HJ1802"), "{}", world.known(2));
    assert_eq!(FactStore::open(&world.path()).unwrap().verify(&|_, _| {}).unwrap_err().len(), 1);
    std::fs::write(&piece, bytes).unwrap();
    assert!(!world.known(2).contains("HJ1802"));
    let first = world.path().join("imports/000001.json");
    let text = std::fs::read_to_string(&first).unwrap();
    std::fs::write(&first, text.replace("2026-01-05", "2026-01-04")).unwrap();
    assert_eq!(FactStore::open(&world.path()).unwrap_err().file, "000002.json");
}

#[test]
fn a_table_without_key_needs_one() {
    let mut world = World::new();
    world.specs[1].key = Vec::new();
    let found = world.import("2026-01-05", &[("账户.csv", "客户,余额（元）\n001,5\n")]);
    assert!(found.contains("HJ1803") && found.starts_with("None"), "{found}");
    let mapping = r#"{"tables": {"账户": {"key": ["客户", "状态"]}}}"#;
    let files: [(&str, &[u8]); 2] = [
        ("账户.csv", "客户,余额（元）,状态\n001,5,正常\n001,6,久悬\n".as_bytes()),
        ("客户.csv", CUSTOMERS.as_bytes()),
    ];
    let found =
        world.try_import("2026-01-05", &files, (Acceptance::GoodRows, Action::Record, mapping)).unwrap();
    assert_eq!((found.number, found.tables[1].new), (Some(1), 2), "{}", text(&found));
}

/// Who owns what in words.
fn tenures_of(world: &World, import: u32) -> String {
    let store = FactStore::open(&world.path()).unwrap();
    let spec = ownership::spec("账户", "客户");
    let line = |tenure: Tenure| {
        let to = tenure.to.map_or("—".to_owned(), |day| day.to_string());
        format!("{} {} {} {} {to} {}", tenure.object, tenure.role, tenure.owner, tenure.from, tenure.share_bp)
    };
    let found = ownership::tenures(&store, import, &spec, &Limits::default()).unwrap();
    found.into_iter().map(line).collect::<Vec<_>>().join("\n")
}

#[test]
fn who_owned_what_on_every_day() {
    let mut world = World::new();
    world.specs.push(ownership::spec("账户", "客户"));
    let owners = "编号,名称,开户日\n1,甲,\n2,乙,\n3,丙,\n";
    let accounts = "账号,客户,余额（元）,状态\nA,1,1,正常\nB,1,1,正常\n";
    let head = "编号,操作,对象,身份,自,由,给,份额,经办,复核,理由\n";
    let record = |day: &str, rows: &str| world.import(day, &[("归属变动.csv", &format!("{head}{rows}"))]);
    world.import("2026-01-01", &[("客户.csv", owners), ("账户.csv", accounts)]);
    let first = record(
        "2026-01-05",
        "G1,认领,A,,2026-01-01,,1,,张,李,新客户\n\
         G2,移交,A,,2026-02-01,1,2,40%,张,李,轮岗\n\
         G3,转介,A,,2026-03-01,,3,33.33%,张,李,转介\n\
         G4,联合营销,B,,2026-01-01,,1,60%,张,李,联合\n\
         G5,联合营销,B,,2026-01-01,,2,40%,张,李,联合\n\
         G6,指定,B,信贷管户,2026-01-01,,3,,张,李,指定\n",
    );
    assert!(first.starts_with("Some(2)\n归属变动 6 行：新 6 "), "{first}");
    let then = "A 管户 1 2026-01-01 2026-02-01 10000\nA 管户 1 2026-02-01 2026-03-01 6000\nA 管户 1 2026-03-01 — 4000\n\
                A 管户 2 2026-02-01 2026-03-01 4000\nA 管户 2 2026-03-01 — 2667\nA 管户 3 2026-03-01 — 3333\n\
                B 信贷管户 3 2026-01-01 — 10000\nB 管户 1 2026-01-01 — 6000\nB 管户 2 2026-01-01 — 4000";
    same(&tenures_of(&world, 2), then);
    // Everything that people get wrong is named, and changes nothing.
    let wrong = record(
        "2026-01-06",
        "H1,认领,A,,2026-04-01,,1,,张,李,抢\n\
         H2,移交,A,,2026-04-01,9,1,,张,李,无此人\n\
         H3,移交,A,,2026-04-01,2,1,90%,张,李,太多\n\
         H4,指定,A,,2026-04-01,,1,70%,张,李,不足\n\
         H5,移交,A,,2026-04-01,1,2,,张,张,自己复核\n\
         H6,移交,A,,2026-04-01,1,,,张,李,没写给谁\n\
         H7,转介,A,,2026-04-01,,2,0.00001,张,李,太细\n\
         H8,自然增长,A,,2026-01-15,,,,张,李,补报\n\
         H9,移交,Z,,2026-04-01,1,2,,张,李,无此户\n\
         G1,认领,B,,2026-01-01,,1,,张,李,改旧账\n\
         H10,移交,A,,2026-04-01,1,2,,张,李,\n",
    );
    let found: Vec<&str> = wrong.lines().filter_map(|line| line.split(['[', ']']).nth(1)).collect();
    let codes = [
        "HJ1823", "HJ1302", "HJ1823", "HJ1824", "HJ1822", "HJ1821", "HJ1821", "HJ1825", "HJ1302", "HJ1826",
        "HJ1219",
    ];
    assert_eq!(found, codes, "{wrong}");
    same(&tenures_of(&world, 9), then);
    // A walk-in belongs to nobody; a withdrawn change has never been, but what was known then stays.
    record("2026-02-02", "G7,自然增长,B,,2026-05-01,,,,张,李,无人营销\n");
    let withdrawn = world
        .try_import(
            "2026-02-03",
            &[("归属变动.csv", "编号\nG3\n".as_bytes())],
            (Acceptance::GoodRows, Action::Withdraw, ""),
        )
        .unwrap();
    assert_eq!(withdrawn.number, Some(4), "{}", text(&withdrawn));
    let now = "A 管户 1 2026-01-01 2026-02-01 10000\nA 管户 1 2026-02-01 — 6000\nA 管户 2 2026-02-01 — 4000\n\
               B 信贷管户 3 2026-01-01 — 10000\nB 管户 1 2026-01-01 2026-05-01 6000\nB 管户 2 2026-01-01 2026-05-01 4000";
    same(&tenures_of(&world, 4), now);
    same(&tenures_of(&world, 2), then);
    let needed = world
        .try_import(
            "2026-02-04",
            &[("归属变动.csv", "编号\nG1\n".as_bytes())],
            (Acceptance::GoodRows, Action::Withdraw, ""),
        )
        .unwrap();
    assert!(needed.number.is_none() && text(&needed).contains("HJ1825"), "{}", text(&needed));
}

/// What kinds of mistakes a source makes, each with the code that says so.
const MISTAKES: &[(&str, &str)] = &[
    ("{id},K{customer},一百,正常", "HJ1201"),
    ("{id},K{customer},5美元,正常", "HJ1202"),
    ("{id},K{customer},5户,正常", "HJ1202"),
    ("{id},K{customer},1.2E+08,正常", "HJ1207"),
    ("{id},K{customer},#N/A,正常", "HJ1201"),
    ("{id},K{customer},5,冻结", "HJ1214"),
    ("{id},X{customer},5,正常", "HJ1302"),
    (",K{customer},5,正常", "HJ1219"),
    ("6.22202E+18,K{customer},5,正常", "HJ1221"),
    ("一\u{200b}{id},K{customer},5,正常", "HJ1218"),
    ("{id},K{customer},5", "HJ1108"),
    ("{id},K{customer},5,正常,多出一格", "HJ1108"),
    ("1,K{customer},{id},正常", "HJ1301"),
];

#[test]
fn a_thousand_seeded_faults_are_all_reported() {
    let world = World::new();
    let customers: String = (0..500).map(|number| format!("K{number},客户{number},2020-01-01\n")).collect();
    let (mut accounts, mut expected, mut good) =
        (String::from("账号,客户,余额（元）,状态\n"), BTreeMap::new(), 0_u64);
    let mut seed = 20_260_203_u64;
    for row in 2..=10_001_u32 {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        let (id, customer, fault) =
            (1_000_000 + row, row % 500, (seed >> 33).is_multiple_of(10) && expected.len() < 1_000);
        let (line, code) = match (fault, row) {
            (true, _) => MISTAKES[expected.len() % MISTAKES.len()],
            // What the doubled keys double.
            (false, _) => ("{id},K{customer},1.25,正常", ""),
        };
        let line = line.replace("{id}", &id.to_string()).replace("{customer}", &customer.to_string());
        let _ = writeln!(accounts, "{line}");
        if code.is_empty() {
            good += 1;
        } else {
            expected.insert(row, code);
        }
    }
    assert!(expected.len() > 900, "{}", expected.len());
    let (encoded, ..) = encoding_rs::GB18030.encode(&accounts);
    let customers = format!("编号,名称,开户日\n{customers}");
    let files: [(&str, &[u8]); 2] = [("账户.csv", &encoded), ("客户.csv", customers.as_bytes())];
    let found = world.try_import("2026-02-03", &files, (Acceptance::GoodRows, Action::Record, "")).unwrap();
    let reported: BTreeMap<u32, &str> =
        found.report.faults.iter().filter_map(|fault| Some((fault.row?, fault.code))).collect();
    assert_eq!(reported, expected);
    assert!(found.report.faults.iter().all(|fault| fault.file == "账户.csv" && !fault.help_zh.is_empty()));
    let accounts = found.tables.iter().find(|table| table.table == "账户").unwrap();
    assert_eq!((accounts.new, accounts.rejected), (good, expected.len() as u64));
    assert_eq!(found.rejects[0].rows(), expected.len());
    let store = FactStore::open(&world.path()).unwrap();
    let loaded = store.load(1, &world.specs, &Limits::default(), &|_| {});
    assert_eq!(loaded.tables.iter().map(|table| table.rows as u64).sum::<u64>(), good + 500);
}

#[test]
fn a_file_that_is_wrong_as_a_whole_stays_out_and_the_others_come_in() {
    let world = World::new();
    let (gb, ..) = encoding_rs::GB18030.encode(ACCOUNTS);
    let declared = [b"\xef\xbb\xbf".as_slice(), &gb].concat();
    let found = world
        .try_import(
            "2026-01-05",
            &[("账户.csv", &declared), ("客户.csv", CUSTOMERS.as_bytes())],
            (Acceptance::GoodRows, Action::Record, ""),
        )
        .unwrap();
    let codes: BTreeSet<&str> = found.report.faults.iter().map(|fault| fault.code).collect();
    assert_eq!((found.number, codes), (Some(1), BTreeSet::from(["HJ1009"])));
    let truncated: &[u8] = b"PAR1\x15\x04\x15\x10PAR1";
    let found = world
        .try_import("2026-01-05", &[("账户.parquet", truncated)], (Acceptance::GoodRows, Action::Record, ""))
        .unwrap();
    assert_eq!(found.report.faults[0].code, "HJ1006");
    assert!(!Path::new(&world.path()).join("imports/000002.json").exists());
}

/// One delivery of a random history: key and balance in fen of each row; `None`: the file has no balances; taken back?
#[derive(Debug, Clone)]
struct Step {
    rows: BTreeMap<u8, u16>,
    has_balance: bool,
    withdraws: bool,
}

fn step() -> impl Strategy<Value = Step> {
    let rows = prop::collection::btree_map(0_u8..6, 0_u16..4, 1..5);
    (rows, any::<bool>(), prop::bool::weighted(0.25)).prop_map(|(rows, has_balance, withdraws)| Step {
        rows,
        has_balance,
        withdraws,
    })
}

impl Step {
    fn file(&self) -> String {
        let head = if self.has_balance { "账号,余额（元）\n" } else { "账号,状态\n" };
        let line = |(key, value): (&u8, &u16)| match self.has_balance {
            true => format!("{key},{value}.50\n"),
            false => format!("{key},{}\n", ["正常", "久悬"][usize::from(value % 2)]),
        };
        head.to_owned() + &self.rows.iter().map(line).collect::<String>()
    }

    /// What a plain map makes of it. `taken`: rows of the same file that were taken before; they say nothing again.
    fn apply(&self, known: &mut BTreeMap<String, [String; 2]>, taken: &mut BTreeSet<u8>) {
        for (key, value) in self.rows.iter().filter(|(key, _)| !taken.contains(key)).collect::<Vec<_>>() {
            if self.withdraws {
                if known.remove(&key.to_string()).is_some() {
                    taken.insert(*key);
                }
                continue;
            }
            taken.insert(*key);
            let row = known.entry(key.to_string()).or_insert_with(|| ["待补".to_owned(), "待补".to_owned()]);
            match self.has_balance {
                true => row[0] = if *value == 0 { "0.5".to_owned() } else { format!("{value}.5") },
                false => row[1] = format!("[{}]", value % 2),
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(24) })]

    /// Every moment of every history reads as a plain map of the deliveries until then.
    #[test]
    fn the_store_is_a_map_of_what_was_said_last(steps in prop::collection::vec(step(), 1..6)) {
        let world = World::new();
        let (mut known, mut moments) = (BTreeMap::new(), BTreeMap::new());
        let mut files: BTreeMap<(String, bool), BTreeSet<u8>> = BTreeMap::new();
        for step in &steps {
            let action = if step.withdraws { Action::Withdraw } else { Action::Record };
            let file = step.file();
            let found = world
                .try_import("2026-01-05", &[("账户.csv", file.as_bytes())], (Acceptance::GoodRows, action, ""))
                .unwrap();
            step.apply(&mut known, files.entry((file, step.withdraws)).or_default());
            if let Some(number) = found.number {
                moments.insert(number, known.clone());
            }
        }
        for (import, known) in moments {
            let text = world.known(import).replace('·', "待补");
            let rows: BTreeMap<String, [String; 2]> = text
                .lines()
                .filter_map(|line| {
                    let words: Vec<&str> = line.split(' ').collect();
                    let [number, key, _, balance, state] = words.as_slice() else { return None };
                    number.ends_with(':').then(|| ((*key).to_owned(), [(*balance).to_owned(), (*state).to_owned()]))
                })
                .collect();
            prop_assert_eq!(rows, known, "{}", text);
        }
    }
}

/// A check says what taking the good rows would do, and takes nothing; whoever stops an import in time finds the store as it was.
#[test]
fn a_check_and_a_stopped_import_take_nothing() {
    let world = World::new();
    let faulty = "编号,名称,开户日\n001,甲公司,2020-01-02\n002,乙公司,昨天\n";
    let files: [(&str, &[u8]); 1] = [("客户.csv", faulty.as_bytes())];
    let how = (Acceptance::CheckOnly, Action::Record, "");
    let checked = world.try_import("2026-01-05", &files, how).unwrap();
    same(
        &text(&checked).lines().take(2).collect::<Vec<_>>().join("\n"),
        "None\n客户 2 行：新 1 更正 0 未变 0 重复 0 未导入 1",
    );
    assert_eq!(checked.rejects.len(), 1);
    assert_eq!(FactStore::open(&world.path()).unwrap().last(), 0);
    let data = folder(&[("客户.csv", CUSTOMERS.as_bytes())]);
    let mapping = Mapping::default();
    let request = ImportRequest {
        store: &world.path(),
        source: data.path(),
        specs: &world.specs,
        others: &[],
        mapping: &mapping,
        control: None,
        recorded_on: Date::parse("2026-01-05").unwrap(),
        by: "",
        acceptance: Acceptance::GoodRows,
        action: Action::Record,
        limits: Limits::default(),
        lang: Lang::Zh,
    };
    let stopped = hengjie_facts::import_while(&request, &|_| {}, &|| false).unwrap();
    assert_eq!((stopped.number, FactStore::open(&world.path()).unwrap().last()), (None, 0));
    assert_eq!(import(&request, &|_| {}).unwrap().number, Some(1));
}

/// Looking at a table: cells as text, rows by value, what has no value last, each row with its file.
#[test]
fn a_table_is_looked_at() {
    let world = World::new();
    let accounts = "账号,客户,余额（元）,状态\n9,001,100.50,正常\n10,002,2万元,久悬\n11,001,,正常\n";
    world.import("2026-01-05", &[("客户.csv", CUSTOMERS), ("账户.csv", accounts)]);
    world.import("2026-02-01", &[("账户.csv", "账号,余额（元）\n9,30000\n")]);
    let store = FactStore::open(&world.path()).unwrap();
    let spec = world.specs[1].clone();
    let loaded = store.load(2, std::slice::from_ref(&spec), &Limits::default(), &|_| {});
    let table = &loaded.tables[0];
    let texts = |column| (0..3).map(|row| table.cell_text(&spec, column, row)).collect::<Vec<_>>();
    assert_eq!(texts(0), ["9", "10", "11"]);
    assert_eq!(texts(2), ["30000", "20000", ""]);
    assert_eq!((table.missing(2), table.missing(3)), (1, 0));
    let sorted = |column, descending| {
        let mut rows = vec![0, 1, 2];
        table.sort_rows(&mut rows, column, descending);
        rows
    };
    assert_eq!((sorted(2, false), sorted(2, true)), (vec![1, 0, 2], vec![0, 1, 2]));
    assert_eq!(sorted(3, true), [1, 0, 2]);
    assert_eq!((table.row_number(0), table.row_number(1)), (2, 3));
    assert_eq!(table.file_of(0), "账户.csv");
}
