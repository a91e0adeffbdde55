//! Totals, ranks, quotas, splits, figures of everybody.

mod common;
use common::{check, run};
use hengjie_calendar::Period;
use hengjie_evaluate::columnar::{self, ResultData};
use hengjie_evaluate::row::Evaluator;
use hengjie_evaluate::value::Value;
use hengjie_quantity::Rational;
use proptest::prelude::*;

#[test]
fn totals_add_what_articles_contribute() {
    check(
        "
## 第一条 总分
```规则
资料 人员 量词 人
甲分, 乙分: 分 每年
汇总 总分 权重合计 100% 四舍五入 到 0.01分
汇总 奖分 最高 15分
```
## 第二条
```规则
对 人员 每年
甲得 = 甲分 计入 总分 权重 60%
乙得 = 乙分 计入 总分 权重 40%
甲奖 = 甲分 ÷ 10 计入 奖分
乙奖 = 乙分 ÷ 10 计入 奖分
```
```示例
设 人员 张三 于 2025年: 甲分 = 90.01分, 乙分 = 80分
设 人员 李四 于 2025年: 甲分 = 90分
得 张三.总分 = 86.01分
得 张三.奖分 = 15分
得 李四.总分 = 待补
```
",
    );
}

const RANKED: &str = "
```规则
名目 区: 东, 西
资料 人员 量词 人
区域: 区
参评: 是否 每年
成绩, 加分: 分 每年
排序 名次 对 人员 其中 参评 每年
先 成绩 从高到低
再 加分 从高到低 无者居后
排序 紧名次 对 人员 其中 参评 每年 按组 区域
先 成绩 从高到低
并列 紧排
```
";

const PEOPLE: &str = "
```示例
设 人员 于 2025年
```
| 人员 | 区域 | 参评 | 成绩 | 加分 |
|---|---|---|---|---|
| 甲 | 东 | 是 | 90分 | 1分 |
| 乙 | 东 | 是 | 90分 | 1分 |
| 丙 | 西 | 是 | 90分 | 无 |
| 丁 | 东 | 是 | 80分 | 5分 |
| 戊 | 西 | 否 | 99分 | 5分 |
";

/// The people above, and what is expected of them.
fn example(expectations: &str) -> String {
    format!("{PEOPLE}```示例\n{expectations}```\n")
}

#[test]
fn ranks_are_shared_or_dense_and_by_group() {
    let expected = example(
        "得 甲.名次 = 1人\n得 乙.名次 = 1人\n得 丙.名次 = 3人\n得 丁.名次 = 4人\n得 戊.名次 = 无\n\
         得 甲.紧名次 = 1人\n得 丁.紧名次 = 2人\n得 丙.紧名次 = 1人\n",
    );
    check(&format!("{RANKED}{expected}"));
}

#[test]
fn a_missing_key_blocks_the_ranks_of_its_group() {
    check(&format!(
        "{RANKED}
```示例
设 人员 甲 于 2025年: 区域 = 东, 参评 = 是, 成绩 = 1分, 加分 = 1分
设 人员 乙 于 2025年: 区域 = 东, 参评 = 是, 加分 = 1分
设 人员 丙 于 2025年: 区域 = 西, 参评 = 是, 成绩 = 1分, 加分 = 1分
得 甲.名次 = 待补
得 丙.名次 = 待补
得 甲.紧名次 = 待补
得 丙.紧名次 = 1人
```
"
    ));
}

#[test]
fn quotas_fill_lines_and_cut_ties() {
    let quota = "
```规则
名目 档: 优 > 良 > 中 > 差
名额 全进档 依 名次
优 取 25% 向下 跨线 全进
其余 中
名额 不进档 依 名次
优 取 25% 向下 跨线 全不取
良 取 1人 跨线 全进
差 取 末 1人 跨线 全进
其余 中
名额 议定档 依 名次
优 取 25% 向下 跨线 人定 小组
其余 中
名额 限定档 依 名次
优 取 1人 限 加分 ≥ 5分 跨线 全进
其余 中
```
";
    let expected = example(
        "得 甲.全进档 = 优\n得 乙.全进档 = 优\n得 丙.全进档 = 中\n得 戊.全进档 = 无\n\
         得 甲.不进档 = 良\n得 丙.不进档 = 中\n得 丁.不进档 = 差\n\
         得 甲.议定档 = 待定\n得 丙.议定档 = 中\n",
    );
    let decided = example(
        "设 人定 议定档 甲 于 2025年 = 否\n设 人定 议定档 乙 于 2025年 = 是\n得 甲.议定档 = 中\n得 乙.议定档 = 优\n",
    );
    check(&format!("{RANKED}{quota}{expected}\n另一例。\n\n{decided}"));
}

#[test]
fn shares_of_all_grades_by_the_largest_remainder() {
    let quota = "
```规则
名目 档: 优 > 良 > 中
参数 比例: 比例 按 档 待定 由 人力资源部
名额 分布 依 名次
各档 比例 最大余额法
跨线 全进
```
";
    // 4 people: 优 1.6, 良 1.2, 中 1.2; the seat left over goes to the largest remainder.
    let expected = example(
        "设 参数 比例(优) = 40%\n设 参数 比例(良) = 30%\n设 参数 比例(中) = 30%\n\
         得 甲.分布 = 优\n得 乙.分布 = 优\n得 丙.分布 = 良\n得 丁.分布 = 中\n",
    );
    check(&format!("{RANKED}{quota}{expected}"));
}

#[test]
fn an_amount_is_shared_out_to_the_last_fen() {
    check(
        "
```规则
资料 团队 量词 个
奖金: 金额 每年
资料 成员 量词 人
队: 团队 反称 队员
比重: 比例
对 团队 每年
分摊 分得 将 奖金 给 队员 比重 其.比重 四舍五入 到 0.01元 余数 归 其.比重 从高到低
```
```示例
设 团队 一队 于 2025年: 奖金 = 100元
设 成员 甲: 队 = 一队, 比重 = 1
设 成员 乙: 队 = 一队, 比重 = 1
设 成员 丙: 队 = 一队, 比重 = 1
得 甲.分得 于 2025年 = 33.33元
得 乙.分得 于 2025年 = 33.33元
得 丙.分得 于 2025年 = 33.34元
```
",
    );
}

#[test]
fn losses_are_charged_to_the_oldest_bucket_first() {
    check(
        "
```规则
资料 人员 量词 人
损失: 金额 每年
资料 桶 量词 个
归: 人员 反称 各桶
年: 日期
余额: 金额
对 人员 每年
分摊 扣损 将 损失 给 各桶 依次 其.年 从早到晚 上限 其.余额 四舍五入 到 0.01元
```
```示例
设 人员 张三 于 2025年: 损失 = 100元
设 桶 新: 归 = 张三, 年 = 2024-12-31, 余额 = 90元
设 桶 旧: 归 = 张三, 年 = 2023-12-31, 余额 = 30元
得 旧.扣损 于 2025年 = 30元
得 新.扣损 于 2025年 = 70元
```
",
    );
}

#[test]
fn figures_of_everybody_feed_back_to_a_person() {
    check(
        "
```规则
资料 人员 量词 人
利润: 金额 每年
对 全体 每年
人均 = 平均(人员, 其.利润) 无则 0元
对 人员 每年
比均 = 利润 ÷ 人均 无则 0
位次比 = 计数(人员 其中 其.利润 > 本人.利润) ÷ 计数(人员) 无则 0
```
```示例
设 人员 甲 于 2025年: 利润 = 30元
设 人员 乙 于 2025年: 利润 = 10元
得 全体.人均 = 20元
得 甲.比均 = 150%
得 乙.位次比 = 50%
```
",
    );
}

#[test]
fn coverage_counts_the_rules_that_were_used() {
    let report = run("
## 第一条
```规则
资料 人员 量词 人
甲: 是否 每年
对 人员 每年
数 = 1分 当 甲
数 = 2分 当 非 甲
别 = 3分
```
```示例
设 人员 张三 于 2025年: 甲 = 是
得 张三.数 = 1分 因 第一条
```
");
    let [coverage] = &report.coverage[..] else { panic!("{:?}", report.coverage) };
    assert_eq!((coverage.covered, coverage.rules), (1, 3));
    let names: Vec<&str> = coverage.uncovered.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(names, ["数", "别"]);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    /// A shared rank is one more than the number of better people; a dense rank one more than the number of better values.
    #[test]
    fn ranks_count_who_is_better(scores in prop::collection::vec(0_u32..6, 1..15)) {
        let mut rules = "
```规则
资料 人员 量词 人
成绩: 分 每年
排序 名次 对 人员 每年
先 成绩 从高到低
排序 紧名次 对 人员 每年
先 成绩 从高到低
并列 紧排
```
```示例
".to_owned();
        for (person, score) in scores.iter().enumerate() {
            rules += &format!("设 人员 人{person} 于 2025年: 成绩 = {score}分\n");
        }
        rules += "得 人0.名次 = 1人\n```\n";
        let program = common::program(&rules);
        let data = common::dataset(&program);
        let mut evaluator = Evaluator::new(&program, &data);
        let period = program.examples[0].expectations[0].period;
        for (person, score) in scores.iter().enumerate() {
            let better: std::collections::BTreeSet<_> = scores.iter().filter(|other| *other > score).collect();
            let above = scores.iter().filter(|other| *other > score).count();
            for (name, expected) in [("名次", above + 1), ("紧名次", better.len() + 1)] {
                let rank = evaluator.value(common::attribute(&program, name), person as u32, None, period);
                prop_assert_eq!(rank, Value::Number(Rational::from(expected as u64)));
            }
        }
    }
}

#[test]
fn many_people_are_computed_row_by_row_on_several_threads() {
    // Expected forms have no columns.
    let mut text = String::from(
        "
```规则
资料 小组 量词 个
资料 人员 量词 人
底分: 分 每年
所在小组: 小组 反称 成员
表单 评价表 对 人员 每年 反称 所得评价
意见: 文字
填 所在小组.成员 其中 其 ≠ 本人 每年
栏目 满分 100分
```
| 业绩 | 协作 |
|---|---|
| 60分 | 40分 |
```规则
对 人员 每年
均分 = 平均(所得评价, 其.总分)
加底分 = 底分 + ((均分 无则 0分) 缺则 0分)
```
```示例
设 人员 于 2025年
```
| 人员 | 底分 |
|---|---|
",
    );
    for person in 0..1_300 {
        text += &format!("| 人{person} | {}分 |\n", person % 17);
    }
    text += "```示例\n设 人员 人7: 所在小组 = 东\n设 人员 人1250: 所在小组 = 东\n\
             设 评价表 一 评 人1250 于 2025年: 填写人 = 人7, 业绩 = 60分, 协作 = 31分\n得 人1250.均分 = 91分\n```\n";
    let program = common::program(&text);
    let data = common::dataset(&program);
    let attributes = vec![common::attribute(&program, "均分"), common::attribute(&program, "加底分")];
    let periods = vec![Period::parse("2025年").unwrap()];
    let request = columnar::Request { attributes, periods, places: 6 };
    let found = columnar::evaluate(&program, &data, &request, &|_, _| true);
    assert!(found.row_by_row.iter().any(|(name, ..)| name == "均分"), "{:?}", found.row_by_row);
    for column in &found.columns {
        let mut evaluator = Evaluator::new(&program, &data);
        for subject in 0..1_300_u32 {
            let expected = evaluator.value(column.attribute, subject, None, column.period);
            let state = column.status.as_ref().map_or(0, |states| states[subject as usize]);
            assert_eq!(state, expected.status() as u8, "person {subject}");
            if let (Value::Number(expected), ResultData::Number { values, places, .. }) =
                (expected, &column.data)
            {
                let scale = Rational::pow10(-i32::try_from(*places).unwrap());
                assert_eq!(
                    Rational::from(values.get(subject as usize)) * scale,
                    expected,
                    "person {subject}"
                );
            }
        }
    }
}
