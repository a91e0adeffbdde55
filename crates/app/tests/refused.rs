//! What contradicts a scheme is refused with both places; what is missing stops exactly what needs it.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test stops where something is not as it must be")]

use hengjie_app::document::{self, Document};
use hengjie_app::run::{Report, Request, parse_periods, run};
use hengjie_app::{Failure, Source};
use hengjie_quantity::Lang;
use std::collections::{BTreeMap, BTreeSet};
use tempfile::TempDir;

const POLICY: &str = "# 分行办法

```规则
制度 分行办法 版本 2026-01-01 起
名目 等级: 高级 > 中级
资料 人员 量词 人
得分: 分 每年
大户: 计数(户) 每年
参数 等级比例: 比例 按 等级 待定 由 人力资源部
参数 每户奖: 金额 0元 至 100元 待定 由 公司业务部
参数 基本奖: 金额 = 50元
```

## 第一条 名额

```规则
排序 名次 对 人员 每年
先 得分 从高到低
名额 定级 依 名次
各档 等级比例 最大余额法
跨线 全进
```

## 第二条 奖金

```规则
对 人员 每年
户奖 = 大户 × 每户奖 ÷ 1户
加分 = 人定(评审小组, 0分 至 10分)
总奖 = 户奖 + 基本奖
底奖 = 基本奖 × 2
```
";

const PARAMETERS: &str = "参数,键1,值,生效自,由,依据
等级比例,高级,20%,2026-01-01,人力资源部,1 号文
等级比例,中级,80%,2026-01-01,人力资源部,1 号文
每户奖,,10元,2026-01-01,公司业务部,2 号文
";

const DECISIONS: &str = "事项,对象,期间,决定,由,理由,依据\n加分,A,2026年,6分,评审小组,突出,纪要\n加分,B,2026年,0分,评审小组,一般,纪要\n";

/// A folder with the document, its parameters and decisions.
fn world(parameters: &str, decisions: &str) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    std::fs::create_dir(folder.path().join("data")).unwrap();
    let files = [
        ("policy.md", POLICY),
        ("parameters.csv", parameters),
        ("data/人员.csv", "编号\nA\nB\n"),
        ("data/人员_每年.csv", "编号,期间,得分,大户\nA,2026年,90,3\nB,2026年,80,2\n"),
        ("data/人定.csv", decisions),
    ];
    for (name, text) in files {
        std::fs::write(folder.path().join(name), text).unwrap();
    }
    folder
}

fn computed(folder: &TempDir) -> Result<Report, Failure> {
    let policy = document::open(&folder.path().join("policy.md"))?;
    let request = Request {
        source: Source::at(&folder.path().join("data")),
        parameters: vec![folder.path().join("parameters.csv")],
        periods: parse_periods(&["2026年".to_owned()]).unwrap(),
        only: Vec::new(),
        readings: Vec::new(),
        lang: Lang::Zh,
    };
    run(&policy, &request, &|_| {})
}

/// What a run refuses, with the words of both languages.
fn refusal(folder: &TempDir) -> String {
    match computed(folder) {
        Err(Failure::Facts(report)) => {
            let text = report.to_text(Lang::Zh) + &report.to_text(Lang::En);
            text.replace(&folder.path().display().to_string(), "")
        }
        other => panic!("{other:?}"),
    }
}

/// The results that wait, by name of the column.
fn waiting(report: &Report) -> BTreeSet<String> {
    let columns = report.tables.iter().flat_map(|table| &table.columns);
    let waits = |states: &Vec<u8>| states.contains(&(hengjie_facts::Status::Missing as u8));
    let open = columns.filter(|column| column.status.as_ref().is_some_and(&waits));
    open.map(|column| column.name.clone()).collect()
}

#[test]
fn a_missing_parameter_stops_exactly_the_rules_that_need_it_and_names_its_office() {
    let whole = computed(&world(PARAMETERS, DECISIONS)).unwrap();
    assert_eq!(waiting(&whole), BTreeSet::new());
    let without = |name: &str| {
        let lines: Vec<&str> = PARAMETERS.lines().filter(|line| !line.starts_with(name)).collect();
        computed(&world(&(lines.join("\n") + "\n"), DECISIONS)).unwrap()
    };
    let expected: BTreeMap<&str, (&str, &[&str])> = BTreeMap::from([
        ("每户奖", ("公司业务部", ["户奖", "总奖"].as_slice())),
        ("等级比例", ("人力资源部", ["定级"].as_slice())),
    ]);
    for (parameter, (office, stopped)) in expected {
        let report = without(parameter);
        let stopped: BTreeSet<String> = stopped.iter().map(|name| (*name).to_owned()).collect();
        assert_eq!(waiting(&report), stopped, "{parameter}");
        let gaps = format!("{:?}", report.gaps);
        assert!(gaps.contains(parameter) && gaps.contains(office), "{gaps}");
    }
}

#[test]
fn an_award_above_its_range_is_refused_with_its_row_and_its_article() {
    let text = refusal(&world(PARAMETERS, &DECISIONS.replace("6分", "12分")));
    assert!(text.contains("HJ1503"), "{text}");
    assert!(text.contains("人定.csv 第 2 行「决定」：“12分”不在允许的范围内：0分 至 10分"), "{text}");
    assert!(text.contains("“加分”怎样定写在第二条"), "{text}");
    let text = refusal(&world(&PARAMETERS.replace("10元", "100.01元"), DECISIONS));
    assert!(
        text.contains("HJ1603") && text.contains("第 4 行") && text.contains("“每户奖”的范围写在分行办法"),
        "{text}"
    );
}

#[test]
fn a_distribution_that_misses_the_whole_is_refused_with_its_rows_and_its_article() {
    let text = refusal(&world(&PARAMETERS.replace("80%", "75%"), DECISIONS));
    assert!(text.contains("HJ1606"), "{text}");
    assert!(text.contains("“等级比例”各档合计 95%，不是 100%；第一条按它分名额"), "{text}");
    assert!(text.contains("parameters.csv 第 2 行、") && text.contains("parameters.csv 第 3 行"), "{text}");
    assert!(text.contains("add up to 95%, not 100%; 第一条 distributes"), "{text}");
    let later = PARAMETERS.to_owned() + "等级比例,高级,25%,2027-01-01,人力资源部,3 号文\n";
    let text = refusal(&world(&later, DECISIONS));
    assert!(text.contains("各档合计 105%"), "{text}");
    let whole = later + "等级比例,中级,75%,2027-01-01,人力资源部,3 号文\n";
    assert!(computed(&world(&whole, DECISIONS)).is_ok());
}

/// A child that adopts two parents, each with a text below its heading.
fn family(child: &str, parents: [&str; 2]) -> (TempDir, Document) {
    let folder = tempfile::tempdir().unwrap();
    for (name, text) in [("policy.md", child), ("甲.md", parents[0]), ("乙.md", parents[1])] {
        std::fs::write(folder.path().join(name), text).unwrap();
    }
    let document = document::read(&folder.path().join("policy.md")).unwrap();
    (folder, document)
}

fn parent(name: &str, more: &str) -> String {
    format!("# {name}\n\n```规则\n制度 {name} 版本 2025-01-01 起\n{more}```\n")
}

/// Message, help and files of everything wrong, in both languages.
fn said(document: &Document) -> String {
    assert!(document.counts().0 > 0, "nothing is refused");
    let render = |lang| {
        document.by_file().into_iter().map(move |(file, text, found)| {
            hengjie_syntax::render::to_text(&file, &text, &found, lang, hengjie_syntax::render::Style::Plain)
        })
    };
    render(Lang::Zh).chain(render(Lang::En)).collect()
}

#[test]
fn overlays_that_contradict_each_other_are_refused_with_both_places() {
    let people = "资料 人员 量词 人\n存款: 金额 每年\n";
    let head =
        |adopted: &str| format!("# 分行办法\n\n```规则\n制度 分行办法 版本 2026-01-01 起\n{adopted}```\n");
    let both = head("沿用 甲办法 版本 2025-01-01\n沿用 乙办法 版本 2025-01-01\n");
    let rule = |rate: &str| format!("\n## 第一条 奖金\n\n```规则\n对 人员 每年\n奖金 = 存款 × {rate}\n```\n");
    // Two parents give one name two meanings.
    let one = parent("甲办法", people) + &rule("1%");
    let two = parent("乙办法", "") + &rule("2%");
    let text = said(&family(&both, [&one, &two]).1);
    assert!(text.contains("HJ0501") && text.contains("甲.md") && text.contains("乙.md"), "{text}");
    // A parent of another version.
    let wrong = head("沿用 甲办法 版本 2024-01-01\n");
    let text = said(&family(&wrong, [&one, &two]).1);
    assert!(text.contains("HJ0517") && text.contains("policy.md:5"), "{text}");
    assert!(text.contains("2024-01-01") && text.contains("2025-01-01") && text.contains("甲.md"), "{text}");
    // One article is amended twice.
    let amended = head("沿用 甲办法 版本 2025-01-01\n")
        + &rule("3%").replace("对 人员", "修改 第一条\n对 人员")
        + &rule("4%").replace("## 第一条", "## 第二条").replace("对 人员", "修改 第一条\n对 人员");
    let text = said(&family(&amended, [&one, &two]).1);
    assert!(text.contains("HJ0518") && text.contains("policy.md"), "{text}");
    let lines: Vec<&str> = text.lines().filter(|line| line.contains("修改 第一条")).collect();
    assert!(lines.len() >= 2, "both amendments are shown: {text}");
}

#[test]
fn keys_that_no_rule_names_need_not_be_supplied() {
    let text = "# 例\n\n```规则\n制度 例 版本 2026-01-01 起\n名目 等级: 高级 > 中级 > 初级\n资料 人员 量词 人\n级: 等级 每年\n参数 线: 金额 按 等级 待定 由 财务部\n参数 资: 金额 按 等级 待定 由 财务部\n```\n## 第一条 奖\n```规则\n对 人员 每年\n奖 = 线(高级) - 线(初级)\n工资 = 资(级)\n```\n";
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("policy.md");
    std::fs::write(&path, text).unwrap();
    let policy = document::open(&path).unwrap();
    let rows = hengjie_app::parameters::rows(&policy, &[], Lang::Zh).unwrap();
    let names: Vec<&str> = rows.iter().map(|row| row.name.as_str()).collect();
    assert_eq!(names, ["线(初级)", "线(高级)", "资(初级)", "资(中级)", "资(高级)"]);
}
