//! Distances: conditions with gaps, changes that really give what is wished, early warning.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test stops where something is not as it must be")]

use hengjie_app::distance::{Distance, Query, Report, distance, warn};
use hengjie_app::document::{self, Policy};
use hengjie_app::explain::{Question, answer};
use hengjie_app::run::{Request, parse_periods};
use hengjie_app::{Failure, Source};
use hengjie_quantity::Lang;
use proptest::prelude::*;
use tempfile::TempDir;

#[path = "distance/shipped.rs"]
mod shipped;

const POLICY: &str = "# 测试办法

```规则
制度 测试 版本 2025-01-01 起
名目 等级: 高级 > 中级 > 初级
名目 学历: 本科 > 专科
资料 人员 量词 人
入职: 日期
学历: 学历
存款: 金额 每年
户数: 计数(户) 每年
不良率: 比例 0% 至 100% 每年
资料 贷款 量词 笔 每年
经理: 人员 反称 名下贷款
余额: 金额
读法 K1 口径: 宽 | 严 取 宽 由 人力资源部 于 2025-01-02
```

## 第一条 得分

```规则
汇总 总分 四舍五入 到 0.01分
对 人员 每年
存款得分 = 限于(存款 ÷ 1000万元 × 60分, 0分 至 90分) 计入 总分
户数得分 = 户数 ÷ 1户 × 2分 计入 总分
```

## 第二条 等级

```规则
表 标准 键 等级
```
| 等级 | 得分 | 贷款     | 司龄 |
| ---- | ---- | -------- | ---- |
| 高级 | 90分 | 3000万元 | 3年  |
| 中级 | 70分 | 1000万元 | 1年  |

```规则
对 人员 逐 标准 每年
业绩 = 至少(2项, 总分 ≥ 行.得分, 合计(名下贷款, 其.余额) ≥ 行.贷款, 学历 = 本科)
符合 = 业绩 且 满年(入职, 本期.末) ≥ 行.司龄 且 (不良率 < 2% 或 K1 = 严)
对 人员 每年
等级 = 首个(标准 其中 符合).等级 无则 初级
```

## 第三条 一票否决

```规则
对 人员 每年
例外 等级 = 初级 当 不良率 > 5%
```

## 第四条 名次

```规则
排序 名次 对 人员 每年
先 总分 从高到低
再 户数 从高到低
名额 标兵 依 名次
标兵 取 1人 限 不良率 < 2% 跨线 全不取
```

## 第五条 岗位档次

```规则
名目 档: 三档 > 二档 > 一档
对 人员 每年
首期 档次 = 二档
下期 档次 = 如 总分 ≥ 80分 则 升(档次, 1级) 无则 档次
  如 总分 < 40分 则 降(档次, 1级) 无则 档次
  否则 档次
```
";

/// A person: key, day of entry, education, deposits in 元, customers, bad rate in 0.01 %.
type Person<'a> = (&'a str, &'a str, &'a str, u64, u64, u64);

struct World {
    folder: TempDir,
    policy: Policy,
}

const PEOPLE: &[Person<'_>] = &[
    ("甲", "2020-01-01", "本科", 9_000_000, 10, 100),
    ("乙", "2024-06-30", "专科", 15_000_000, 20, 100),
    ("丙", "2020-01-01", "专科", 5_000_000, 4, 600),
    ("丁", "2020-01-01", "专科", 7_000_000, 5, 150),
];

const LOANS: &[(&str, &str, u64)] =
    &[("L1", "甲", 12_000_000), ("L2", "乙", 40_000_000), ("L3", "丁", 2_000_000), ("L4", "丁", 1_000_000)];

impl World {
    fn new(people: &[Person<'_>], loans: &[(&str, &str, u64)]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("policy.md"), POLICY).unwrap();
        std::fs::create_dir(folder.path().join("data")).unwrap();
        let policy = match document::open(&folder.path().join("policy.md")) {
            Ok(policy) => policy,
            Err(failure) => panic!("{failure:?}"),
        };
        let world = Self { folder, policy };
        world.facts(people, loans);
        world
    }

    fn facts(&self, people: &[Person<'_>], loans: &[(&str, &str, u64)]) {
        let data = self.folder.path().join("data");
        let mut fixed = String::from("编号,入职,学历\n");
        let mut yearly = String::from("编号,期间,存款（元）,户数（户）,不良率\n");
        for (key, entry, education, deposits, customers, bad) in people {
            fixed += &format!("{key},{entry},{education}\n");
            yearly += &format!("{key},2025年,{deposits},{customers},{}.{:02}%\n", bad / 100, bad % 100);
        }
        let mut records = String::from("编号,期间,经理,余额（元）\n");
        for (key, owner, amount) in loans {
            records += &format!("{key},2025年,{owner},{amount}\n");
        }
        std::fs::write(data.join("人员.csv"), fixed).unwrap();
        std::fs::write(data.join("人员_每年.csv"), yearly).unwrap();
        std::fs::write(data.join("贷款.csv"), records).unwrap();
    }

    fn request(&self) -> Request {
        Request {
            source: Source::at(&self.folder.path().join("data")),
            parameters: Vec::new(),
            periods: parse_periods(&["2025年".to_owned()]).unwrap(),
            only: Vec::new(),
            readings: Vec::new(),
            lang: Lang::Zh,
        }
    }

    fn ask(&self, query: &Query) -> Result<Report, Failure> {
        distance(&self.policy, query, &self.request())
    }

    fn distance(&self, person: &str, value: &str, to: &str) -> Distance {
        let words = |text: &str| (!text.is_empty()).then(|| text.to_owned());
        let query =
            Query { person: person.to_owned(), value: words(value), to: words(to), ..Query::default() };
        match self.ask(&query) {
            Ok(mut report) => report.distances.remove(0),
            Err(failure) => panic!("{failure:?}"),
        }
    }

    fn value(&self, person: &str, value: &str) -> String {
        let question = Question { subject: person.to_owned(), value: value.to_owned(), row: None };
        match answer(&self.policy, &question, &self.request()) {
            Ok(answer) => answer.derivation.text,
            Err(failure) => panic!("{failure:?}"),
        }
    }
}

/// Everything that a distance says.
fn text(found: &Distance) -> String {
    let mut text = format!("{}（{}）：{} → {:?}\n", found.value, found.period, found.now, found.goal);
    for row in found.conditions.iter().flat_map(|conditions| conditions.rows(Lang::Zh)) {
        text += &(row.join(" | ") + "\n");
    }
    for single in &found.singles {
        text += &format!("改一项 {}\n", single.text(Lang::Zh));
    }
    if let Some(pair) = &found.pair {
        text += &format!("改两项 {}\n", pair.text(Lang::Zh));
    }
    text + &found.why_not
}

fn check(person: &str, value: &str, to: &str) {
    let found = World::new(PEOPLE, LOANS).distance(person, value, to);
    insta::assert_snapshot!(format!("{person}_{value}_{to}"), text(&found));
}

#[test]
fn conditions_and_changes() {
    for (person, value, to) in [
        ("甲", "等级", ""),
        ("乙", "等级", ""),
        ("丙", "等级", ""),
        ("丁", "等级", "高级"),
        ("甲", "标兵", ""),
        ("丁", "档次", ""),
        ("丁", "总分", "60分"),
        ("丁", "名次", "2人"),
    ] {
        check(person, value, to);
    }
}

#[test]
fn every_grade_step_and_seat_is_measured_when_nobody_says_which() {
    let report = World::new(PEOPLE, LOANS).ask(&Query { person: "丁".to_owned(), ..Query::default() });
    let values: Vec<String> = report
        .unwrap_or_else(|failure| panic!("{failure:?}"))
        .distances
        .into_iter()
        .map(|one| one.value)
        .collect();
    assert_eq!(values, ["等级", "标兵", "档次"]);
}

#[test]
fn only_the_fields_that_may_change_are_moved() {
    let query = Query {
        person: "丁".to_owned(),
        value: Some("等级".to_owned()),
        change: vec!["存款".to_owned(), "学历".to_owned()],
        ..Query::default()
    };
    let found = World::new(PEOPLE, LOANS).ask(&query).unwrap_or_else(|failure| panic!("{failure:?}"));
    insta::assert_snapshot!("only_some_fields", text(&found.distances[0]));
}

#[test]
fn what_does_not_exist_is_said_with_what_is_near() {
    let world = World::new(PEOPLE, LOANS);
    let ask = |person: &str, value: &str, to: &str| {
        let query = Query {
            person: person.to_owned(),
            value: Some(value.to_owned()),
            to: (!to.is_empty()).then(|| to.to_owned()),
            ..Query::default()
        };
        match world.ask(&query) {
            Err(Failure::Usage(message)) => format!("{}\n{}\n", message.zh, message.en),
            other => panic!("{other:?}"),
        }
    };
    let said = ask("戊", "等级", "")
        + &ask("甲", "等及", "")
        + &ask("甲", "等级", "特级")
        + &ask("甲", "总分", "60元");
    insta::assert_snapshot!("usage", said);
}

#[test]
fn who_falls_next_period() {
    let world = World::new(PEOPLE, LOANS);
    let warnings = warn(&world.policy, &world.request()).unwrap_or_else(|failure| panic!("{failure:?}"));
    let mut said =
        format!("{} → {}：{:?}，{} 个\n", warnings.period, warnings.next, warnings.values, warnings.people);
    for fall in &warnings.falls {
        said += &format!(
            "{} {} {} → {}（{}）\n",
            fall.person,
            fall.value,
            fall.now,
            fall.then,
            fall.causes.join("；")
        );
    }
    insta::assert_snapshot!("warn", said);
}

/// The number of 元 in a text such as `9500000.01元`, `950万元`; 户 and % likewise.
fn amount(text: &str) -> (u64, u64) {
    let quantity = hengjie_quantity::parse_quantity_with(text, &["户".to_owned()]).unwrap();
    let hundredths = quantity.value * hengjie_quantity::Rational::from(100);
    let hundredths = u64::try_from(hundredths.to_i128().unwrap()).unwrap();
    (hundredths / 100, hundredths % 100)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]

    /// The change of deposits that a distance names gives the grade when it stands in the files; one fen less does not.
    #[test]
    fn a_change_gives_what_it_says(
        deposits in 1_000_000_u64..20_000_000, customers in 0_u64..40, bad in 0_u64..700, loan in 0_u64..50_000_000,
        entry in 2015_u32..2026, graduate in any::<bool>(),
    ) {
        let (entry, education) = (format!("{entry}-03-01"), if graduate { "本科" } else { "专科" });
        let mut people = PEOPLE.to_vec();
        people[0] = ("甲", entry.as_str(), education, deposits, customers, bad);
        let loans = [("L1", "甲", loan), ("L2", "乙", 40_000_000)];
        let world = World::new(&people, &loans);
        let found = world.distance("甲", "等级", "");
        let Some(goal) = found.goal.clone().filter(|_| !found.is_reached) else { return Ok(()) };
        for single in &found.singles {
            let [moved] = single.moved.as_slice() else { panic!("{single:?}") };
            let (whole, part) = match moved.fact.as_str() {
                "存款" | "户数" => amount(&moved.to),
                _ => continue,
            };
            let up = (whole, part) > amount(&moved.from);
            prop_assert!(up, "{:?}", moved);
            let file = world.folder.path().join("data/人员_每年.csv");
            let text = std::fs::read_to_string(&file).unwrap();
            let line = |deposits: String, customers: u64| {
                let bad = format!("{}.{:02}%", bad / 100, bad % 100);
                let old = text.lines().find(|line| line.starts_with("甲,")).unwrap();
                text.replace(old, &format!("甲,2025年,{deposits},{customers},{bad}"))
            };
            let (enough, less) = if moved.fact == "存款" {
                let hundredths = whole * 100 + part - 1;
                let less = format!("{}.{:02}", hundredths / 100, hundredths % 100);
                (line(format!("{whole}.{part:02}"), customers), line(less, customers))
            } else {
                (line(deposits.to_string(), whole), line(deposits.to_string(), whole - 1))
            };
            std::fs::write(&file, enough).unwrap();
            prop_assert_eq!(world.value("甲", "等级"), single.result.clone());
            prop_assert!(single.result == goal || (goal == "中级" && single.result == "高级"));
            std::fs::write(&file, less).unwrap();
            prop_assert_eq!(world.value("甲", "等级"), found.now.clone());
            std::fs::write(&file, &text).unwrap();
        }
    }
}
