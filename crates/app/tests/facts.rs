//! From files to results: how tables become facts, whatever their order and shape.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test stops where something is not as it must be")]

use hengjie_app::Failure;
use hengjie_app::Source;
use hengjie_app::document::{self, Policy};
use hengjie_app::output::{Format, write};
use hengjie_app::run::{Request, parse_periods, run};
use hengjie_facts::Severity;
use hengjie_quantity::Lang;
use tempfile::TempDir;

const POLICY: &str = "# 测试办法

```规则
制度 测试 版本 2025-01-01 起
名目 岗位: 客户经理, 柜员
资料 机构 量词 个 树 上级
上级: 机构 随日期
资料 人员 量词 人
姓名: 文字
入职: 日期
机构: 机构 随日期 反称 成员
岗位: 岗位 随日期
得分: 分 每月
资料 客户 量词 户
经理: 人员 反称 客户
余额: 金额
资料 事件 量词 次 每日
经理: 人员 反称 事件
表单 评价表 对 人员 每月, 每季 反称 评价
等次: 分 0分 至 10分
```

## 第一条

```规则
对 人员 每月
本月得分 = 得分
任客户经理 = 岗位 = 客户经理
事件数 = 计数(事件)
末次 = 最大(事件, 其.日期)
评价数 = 计数(评价)
工龄 = 满年(入职, 本期.末)
对 人员 每季
季评价数 = 计数(评价)
对 人员 每年
全年得分 = 合计(各月(本年), 本月得分)
余额合计 = 合计(客户, 其.余额)
上年余额 = 上期(余额合计) 无则 0元
对 机构 每年
人数 = 计数(成员)
全辖 = 计数(下属(上级)) 
```
";

/// Files by name and content.
type Files<'a> = &'a [(&'a str, &'a str)];

const FILES: Files<'static> = &[
    ("机构.csv", "编号\n总行\n东城\n"),
    ("机构_随日期.csv", "编号,自,上级\n东城,2020-01-01,总行\n总行,2020-01-01,—\n"),
    ("人员.csv", "编号,姓名,入职\nB,乙,2020-02-29\nA,甲,2024-12-31\n"),
    (
        "人员_随日期.csv",
        "编号,自,机构,岗位\nA,2025-01-01,东城,柜员\nB,2025-01-01,东城,客户经理\nA,2025-02-10,,客户经理\nB,2025-02-01,—,\n",
    ),
    (
        "人员_每月.csv",
        "编号,期间,得分（分）\nA,2025年1月,10\nB,2025年1月,20\nA,2025年2月,\nB,2025年2月,22.5\n",
    ),
    ("客户.csv", "编号,经理,余额（万元）\n9,B,1\n7,A,2.5\n8,B,0.0001\n"),
    ("事件.csv", "日期,经理\n2025-01-31,A\n2025-02-01,A\n2025-02-28,A\n"),
    ("评价表.csv", "编号,期间,对象,等次\nE1,2025年1月,A,9\nE2,2025年1季,A,8\n"),
];

struct World {
    folder: TempDir,
    policy: Policy,
}

impl World {
    fn new(files: Files<'_>) -> Self {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("policy.md"), POLICY).unwrap();
        std::fs::create_dir(folder.path().join("data")).unwrap();
        for (name, text) in files {
            std::fs::write(folder.path().join("data").join(name), text).unwrap();
        }
        let policy = match document::open(&folder.path().join("policy.md")) {
            Ok(policy) => policy,
            Err(failure) => panic!("{failure:?}"),
        };
        Self { folder, policy }
    }

    fn request(&self, periods: &str, only: &str) -> Request {
        let only = only.split(',').filter(|name| !name.is_empty()).map(str::to_owned).collect();
        let periods = match periods {
            "" => Vec::new(),
            periods => parse_periods(&[periods.to_owned()]).unwrap(),
        };
        Request {
            source: Source::at(&self.folder.path().join("data")),
            parameters: Vec::new(),
            periods,
            only,
            readings: Vec::new(),
            lang: Lang::Zh,
        }
    }

    /// The result tables as text, or what is wrong.
    fn results(&self, periods: &str, only: &str) -> String {
        let report = match run(&self.policy, &self.request(periods, only), &|_| {}) {
            Ok(report) => report,
            Err(Failure::Facts(report)) => return report.to_text(Lang::Zh),
            Err(failure) => return format!("{failure:?}"),
        };
        let out = self.folder.path().join("out");
        let tables: Vec<_> = report.tables.into_iter().filter(|table| table.name != "缺口").collect();
        write("测试", &tables, &[], &out, Format::Csv, Lang::Zh).unwrap();
        let text = |name: &str| std::fs::read_to_string(out.join(format!("{name}.csv"))).unwrap();
        let table = |name: &String| format!("[{name}]\n{}", text(name).replace(['\u{feff}', '\r'], ""));
        tables.iter().map(|result| table(&result.name)).collect()
    }
}

fn check(files: Files<'_>, periods: &str, only: &str, expected: &str) {
    let results = World::new(files).results(periods, only);
    let tidy = |text: &str| {
        text.lines().map(str::trim).filter(|line| !line.is_empty()).collect::<Vec<_>>().join("\n")
    };
    assert_eq!(tidy(&results), tidy(expected));
}

/// The files with some of them replaced.
fn with<'a>(changes: Files<'a>) -> Vec<(&'a str, &'a str)> {
    let change = |(name, text): &(&'a str, &'a str)| {
        (*name, changes.iter().find(|(changed, _)| changed == name).map_or(*text, |(_, text)| *text))
    };
    FILES.iter().map(change).collect()
}

#[test]
fn fields_of_a_period_are_found_in_any_order() {
    check(
        FILES,
        "2025年1月至2025年2月",
        "本月得分",
        "[人员_每月]
        编号,名称,期间,本月得分（分）
        B,乙,2025年1月,20.0
        A,甲,2025年1月,10.0
        B,乙,2025年2月,22.5
        A,甲,2025年2月,待补",
    );
}

#[test]
fn dated_fields_keep_their_value_until_the_next_entry() {
    check(
        FILES,
        "2025年1月,2025年2月,2025年",
        "任客户经理,人数",
        "[机构_每年]
        编号,期间,人数（人）
        总行,2025年,0
        东城,2025年,1
        [人员_每月]
        编号,名称,期间,任客户经理
        B,乙,2025年1月,是
        A,甲,2025年1月,否
        B,乙,2025年2月,是
        A,甲,2025年2月,是",
    );
}

#[test]
fn records_count_in_the_periods_of_their_days() {
    check(
        FILES,
        "2025年1月,2025年2月",
        "事件数,末次",
        "[人员_每月]
        编号,名称,期间,事件数（次）,末次
        B,乙,2025年1月,0,无
        A,甲,2025年1月,1,2025-01-31
        B,乙,2025年2月,0,无
        A,甲,2025年2月,2,2025-02-28",
    );
}

#[test]
fn forms_belong_to_exactly_their_period() {
    check(
        FILES,
        "2025年1月,2025年1季",
        "评价数,季评价数",
        "[人员_每季]
        编号,名称,期间,季评价数（份）
        B,乙,2025年1季,0
        A,甲,2025年1季,1
        [人员_每月]
        编号,名称,期间,评价数（份）
        B,乙,2025年1月,0
        A,甲,2025年1月,1",
    );
    check(
        &with(&[("评价表.csv", "编号,期间,对象,等次\nE1,2025年,A,9\n")]),
        "2025年1月",
        "评价数",
        "错误[HJ1510] 评价表.csv 第 2 行「期间」：“2025年”不是每月、每季的期间
        共 1 处错误，0 处提醒。",
    );
}

#[test]
fn without_a_period_the_last_of_the_facts_is_taken() {
    check(
        FILES,
        "",
        "余额合计,工龄",
        "[人员_每年]
        编号,名称,期间,余额合计（元）
        B,乙,2025年,10001
        A,甲,2025年,25000
        [人员_每月]
        编号,名称,期间,工龄（个月）
        B,乙,2025年2月,60
        A,甲,2025年2月,0",
    );
}

#[test]
fn a_part_of_the_results_is_equal_to_that_part_of_all() {
    let longer = with(&[("人员_每月.csv", "编号,期间,得分\nA,2024年12月,10\nA,2025年1月,20\n")]);
    for (files, expected) in [(FILES.to_vec(), ["0", "0"]), (longer, ["10001", "25000"])] {
        let [of_b, of_a] = expected;
        let table =
            format!("[人员_每年]\n编号,名称,期间,上年余额（元）\nB,乙,2025年,{of_b}\nA,甲,2025年,{of_a}");
        check(&files, "2025年", "上年余额", &table);
        let all = World::new(&files).results("2025年", "");
        assert!(all.contains(&format!(",{of_b}\nA,甲,")), "{all}");
    }
}

#[test]
fn trees_that_change_are_checked_on_every_day() {
    let sound = "编号,自,上级\n东城,2020-01-01,总行\n总行,2021-01-01,—\n";
    check(
        &with(&[("机构_随日期.csv", sound)]),
        "2025年",
        "全辖",
        "[机构_每年]\n编号,期间,全辖（个）\n总行,2025年,1\n东城,2025年,0",
    );
    let looped =
        "编号,自,上级\n东城,2020-01-01,总行\n总行,2020-01-01,—\n总行,2022-01-01,东城\n总行,2023-01-01,—\n";
    check(
        &with(&[("机构_随日期.csv", looped)]),
        "2025年",
        "全辖",
        "错误[HJ1511] 机构_随日期.csv 第 4 行「上级」：上下级绕成了圈：总行 → 东城 → 总行。改其中一个的上级
        共 1 处错误，0 处提醒。",
    );
}

#[test]
fn a_mapping_may_name_more_than_a_run_reads() {
    let mapping = r#"{"tables": {
        "客户": {"source": "accounts.csv", "columns": {"owner": {"to": "经理"}, "fen": {"to": "余额", "unit": "0.01元"}}},
        "人员_每月": {"columns": {"分数": {"to": "得分"}}, "constant": {"期间": "2025年3月"}}}}"#;
    let mut files: Vec<(&str, &str)> =
        FILES.iter().copied().filter(|(name, _)| *name != "客户.csv" && *name != "人员_每月.csv").collect();
    files.extend([
        ("mapping.json", mapping),
        ("accounts.csv", "编号,owner,fen\n7,A,12345\n"),
        ("人员_每月.csv", "编号,分数\nA,1\nB,2\n"),
    ]);
    check(
        &files,
        "2025年",
        "余额合计",
        "[人员_每年]\n编号,名称,期间,余额合计（元）\nB,乙,2025年,0.00\nA,甲,2025年,123.45",
    );
    check(
        &files,
        "",
        "本月得分",
        "[人员_每月]\n编号,名称,期间,本月得分（分）\nB,乙,2025年3月,2\nA,甲,2025年3月,1",
    );
}

#[test]
fn the_order_of_rows_changes_no_result() {
    let reversed: Vec<(String, String)> = FILES
        .iter()
        .filter(|(name, _)| *name != "人员.csv" && *name != "机构.csv")
        .map(|(name, text)| {
            let mut lines = text.lines();
            let head = lines.next().unwrap().to_owned();
            let rest: Vec<&str> = lines.rev().collect();
            ((*name).to_owned(), format!("{head}\n{}\n", rest.join("\n")))
        })
        .collect();
    let changes: Vec<(&str, &str)> =
        reversed.iter().map(|(name, text)| (name.as_str(), text.as_str())).collect();
    let periods = "2025年,2025年1季,2025年1月,2025年2月";
    assert_eq!(World::new(&with(&changes)).results(periods, ""), World::new(FILES).results(periods, ""));
}

#[test]
fn a_workbook_is_read_like_a_folder() {
    let world = World::new(FILES);
    let forms = world.folder.path().join("forms");
    hengjie_app::schema::templates(&world.policy, &[], &forms, Lang::Zh).unwrap();
    let request = Request { source: Source::at(&forms.join("模板.xlsx")), ..world.request("2025年", "") };
    // Every sheet is found and right, but nobody is in it.
    match run(&world.policy, &request, &|_| {}) {
        Err(Failure::Facts(report)) => {
            let errors: Vec<&str> = report
                .faults
                .iter()
                .filter(|fault| fault.severity == Severity::Error)
                .map(|fault| fault.zh.as_str())
                .collect();
            assert_eq!(errors, ["没有一个「人员」可以计算，没有写结果：「人员」里没有一行"]);
        }
        other => panic!("{other:?}"),
    }
}

#[test]
fn periods_as_people_write_them() {
    let periods = |text: &str| parse_periods(&[text.to_owned()]).map(|periods| periods.len()).ok();
    assert_eq!(periods("2025年1月至2025年12月"), Some(12));
    assert_eq!(periods("2025年1季..2025年2季, 2025年"), Some(3));
    assert_eq!(periods("2025年、2025年"), Some(1));
    assert_eq!(periods("2025年2月至2025年1月"), None);
    assert_eq!(periods("2025年1月至2025年2季"), None);
    assert_eq!(periods("1900-01-01至2100-01-01"), None);
}
