//! Explanations as text, and the law that their leaves add up.

mod common;
use common::explained;
use hengjie_calendar::{Date, Period};
use hengjie_evaluate::dataset::Origin;
use hengjie_evaluate::explain::{Derivation, ExplainOptions, explain};
use hengjie_evaluate::row::Evaluator;
use hengjie_evaluate::value::Value;
use hengjie_quantity::{Lang, Rational};
use proptest::prelude::*;

fn text(rules: &str, lang: Lang) -> String {
    let (program, derivation) = explained(rules, lang);
    derivation.to_text(&program, lang)
}

const SCORE: &str = "
## 第三条 总分
```规则
名目 等级: 高 > 低
资料 人员 量词 人
存款日均, 存款任务: 金额 每年
级: 等级 随日期
资料 客户 量词 户
经理: 人员 反称 名下
余额: 金额 每年
份额: 比例
汇总 总分 四舍五入 到 0.01分 最高 150分
参数 单价: 分 按 等级 待定 由 人力资源部
```
## 第五条 存款
```规则
对 人员 每年
完成率 = 存款日均 ÷ 存款任务 无则 0
存款得分 = 限于(100分 + (完成率 - 100%) ÷ 1个百分点 × 2分, 0分 至 150分) 计入 总分 权重 60%
```
## 第六条 客户
```规则
对 人员 每年
折算余额 = 合计(名下, 其.余额 × 其.份额)
客户得分 = 折算余额 ÷ 3万元 × 单价(级) 计入 总分
```
```示例
设 参数 单价(高) = 1分
设 人员 张三 于 2025年: 存款日均 = 1.1亿元, 存款任务 = 1亿元, 级 = 高
设 客户 甲 于 2025年: 经理 = 张三, 余额 = 10万元, 份额 = 50%
设 客户 乙 于 2025年: 经理 = 张三, 余额 = 20万元, 份额 = 100%
得 张三.总分 = 80.33分
```
";

const MORE: &str = "
## 第一条 等级
```规则
名目 等级: 高 > 中 > 低
资料 人员 量词 人
存款, 贷款: 金额 每年
违规: 是否 每年
读法 A1 违规怎么办: 降级 | 不降 取 降级 由 评审小组 于 2020-01-01 据 “会议纪要”
表 标准 键 等级
```
| 等级 | 存款线 | 贷款线 |
|---|---|---|
| 高 | 100万元 | 50万元 |
| 中 | 60万元 | — |
| 低 | 0元 | — |
```规则
对 人员 逐 标准 每年
符合 = 存款 ≥ 行.存款线 且 贷款 ≥ 行.贷款线
对 人员 每年
拟定 = 首个(标准 其中 符合).等级 无则 低
等级结果 = 拟定
奖金 = 累进(提成, 存款).比例列
```
```规则
表 提成 键 额度
```
| 额度 | 比例列 |
|---|---|
| 50万元以内 | 1% |
| 超过50万元 | 2% |
## 第二条 违规
```规则
对 人员 每年
例外 等级结果 = 低 当 违规 且 A1 = 降级
```
```示例
设 人员 张三 于 2025年: 存款 = 80万元, 贷款 = 60万元, 违规 = 是
";

fn more(expectation: &str) -> String {
    format!("{MORE}得 张三.{expectation}\n```\n")
}

const RANKED: &str = "
```规则
名目 档: 优 > 良 > 中
名目 岗档: 档 逐 2档
资料 人员 量词 人
成绩: 分 每年
排序 名次 对 人员 每年
先 成绩 从高到低
名额 评档 依 名次
优 取 1人 跨线 人定 小组
良 取 50% 向下 跨线 全进
其余 中
对 人员 每年
首期 积分 = 0分
下期 积分 = 积分 + 成绩
定分 = 人定(小组, 0分 至 5分)
```
```示例
设 人员 甲 于 2024年: 成绩 = 80分
设 人员 甲 于 2025年: 成绩 = 90分
设 人员 乙 于 2025年: 成绩 = 90分
设 人员 丙 于 2025年: 成绩 = 70分
设 人员 丁 于 2025年: 成绩 = 60分
";

fn ranked(expectation: &str) -> String {
    format!("{RANKED}得 {expectation}\n```\n")
}

#[test]
fn a_total_is_explained_down_to_its_facts() {
    insta::assert_snapshot!(text(SCORE, Lang::Zh));
}

#[test]
fn the_same_in_english() {
    insta::assert_snapshot!(text(SCORE, Lang::En));
}

#[test]
fn the_same_as_json() {
    let (program, derivation) = explained(SCORE, Lang::Zh);
    insta::assert_snapshot!(serde_json::to_string_pretty(&derivation.to_json(&program)).unwrap());
}

#[test]
fn an_exception_shows_what_it_replaced_and_the_refused_rows() {
    insta::assert_snapshot!(text(&more("等级结果 = 低"), Lang::Zh));
}

#[test]
fn a_marginal_rate_shows_its_slices() {
    insta::assert_snapshot!(text(&more("奖金 = 1.1万元"), Lang::Zh));
}

#[test]
fn a_rank_shows_its_neighbours() {
    insta::assert_snapshot!(text(&ranked("丙.名次 于 2025年 = 3人"), Lang::Zh));
}

#[test]
fn a_seat_shows_the_border_and_the_tie() {
    insta::assert_snapshot!(text(&ranked("甲.评档 于 2025年 = 待定"), Lang::Zh));
}

#[test]
fn nobody_is_ranked_while_a_value_is_missing() {
    let late = "设 人员 戊 于 2024年: 成绩 = 1分\n得 丙.评档 于 2025年 = 待补";
    insta::assert_snapshot!(text(&format!("{RANKED}{late}\n```\n"), Lang::Zh));
}

#[test]
fn a_state_shows_its_chain_of_periods() {
    insta::assert_snapshot!(text(&ranked("甲.积分 于 2025年 = 80分"), Lang::Zh));
}

#[test]
fn what_is_open_or_missing_is_said_in_a_sentence() {
    insta::assert_snapshot!(text(&ranked("甲.定分 于 2025年 = 待定"), Lang::Zh));
    insta::assert_snapshot!(text(&ranked("乙.积分 于 2025年 = 待补"), Lang::Zh));
}

#[test]
fn a_share_shows_the_whole_amount() {
    let rules = "
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
设 成员 乙: 队 = 一队, 比重 = 2
得 甲.分得 于 2025年 = 33.33元
```
";
    insta::assert_snapshot!(text(rules, Lang::Zh));
}

#[test]
fn who_is_outside_sees_the_condition() {
    let rules = "
```规则
名目 岗位: 经理, 柜员
资料 人员 量词 人
岗: 岗位 随日期
成绩: 分 每年
适用 人员 其中 岗 = 经理
对 人员 每年
得分 = 成绩 × 2
```
```示例
设 人员 甲 于 2025年: 成绩 = 80分, 岗 = 柜员
得 甲.得分 = 无
```
";
    insta::assert_snapshot!(text(rules, Lang::Zh));
}

#[test]
fn a_seat_that_people_decided_shows_the_decision() {
    let rules = format!(
        "{RANKED}设 人定 评档 甲 于 2025年 = 是\n设 人定 评档 乙 于 2025年 = 否\n得 甲.评档 于 2025年 = 优\n```\n"
    );
    let program = common::program(&rules);
    let mut data = common::dataset(&program);
    data.files = vec!["人定.csv".to_owned()];
    data.kinds[0].names = Some(arrow_array::StringArray::from(vec!["张三", "李四", "王五", "张三"]));
    for (row, decided) in data.decisions.values_mut().enumerate() {
        (decided.by, decided.because, decided.evidence) =
            ("小组".to_owned(), "绩优".to_owned(), "纪要 3".to_owned());
        decided.origin = Some((0, row as u32 + 2));
    }
    for lang in [Lang::Zh, Lang::En] {
        let mut evaluator = Evaluator::new(&program, &data);
        let options = ExplainOptions { lang, ..ExplainOptions::default() };
        let attribute = common::attribute(&program, "评档");
        let derivation = explain(&mut evaluator, attribute, 0, None, Period::parse("2025年"), options);
        insta::assert_snapshot!(derivation.to_text(&program, lang));
    }
}

/// Everything in a formula looks as the article writes it; what was not needed is `…`.
const WRITTEN: &str = "
```规则
名目 档: 优, 良, 差
资料 人员 量词 人
存款: 金额 每年
司龄: 个月
系数: 数
名单: 是否 每年
读法 A1 口径: 累计 | 平均 取 累计 由 小组 于 2020-01-01 据 “纪要”
读法 A2 封顶: 封 | 不封 取 封 由 小组 于 2020-01-01 据 “纪要”
表 倍数表 键 档
```
| 档 | 倍数 | 期限 |
|---|---|---|
| 优 | 1.5 | 18个月 |
| 良 | 1 | 12个月 |
| 差 | 0.5 | 6个月 |
```规则
资料 客户 量词 户
经理: 人员 反称 名下
余额: 金额 每年
对 人员 每年
档次 = 如 有(存款) 且 人定(小组, 是否) 则 优 如 司龄 ≥ 12个月 则 良 否则 差
奖金 = 1万元 × 查表(倍数表, 档次).倍数 × 系数
步数 = 向下(存款 ÷ 100万元, 1) × 5分
户数 = 计数(名下 其中 其.余额 > 0元)
口径 = 如 A1 = 累计 则 (如 A2 = 封 则 最小值(户数 ÷ 1户 × 2分, 50分) 否则 户数 ÷ 1户 × 2分) 否则 0分
折扣 = 如 名单 缺则 否 则 1个百分点 否则 100% - 5%
够格 = 司龄 ≥ 24个月 且 存款 ≥ 100万元 且 (A1 = 平均 或 存款 < 1亿元)
```
```示例
设 人员 甲 于 2025年: 存款 = 230万元, 司龄 = 14个月, 系数 = 1.2
设 人员 乙 于 2025年: 司龄 = 12个月, 系数 = 1.2
设 客户 一 于 2025年: 经理 = 甲, 余额 = 10万元
";

fn written(expectation: &str, lang: Lang) -> String {
    text(&format!("{WRITTEN}得 {expectation}\n```\n"), lang)
}

#[test]
fn an_open_condition_is_not_taken_for_the_last_branch() {
    insta::assert_snapshot!(written("甲.档次 = 待定", Lang::Zh));
    insta::assert_snapshot!(written("乙.档次 = 待补", Lang::Zh));
}

#[test]
fn numbers_look_as_in_the_article() {
    insta::assert_snapshot!(written("乙.奖金 = 待补", Lang::Zh));
    insta::assert_snapshot!(written("甲.步数 = 10分", Lang::Zh));
    insta::assert_snapshot!(written("甲.户数 = 1户", Lang::Zh));
    insta::assert_snapshot!(written("甲.折扣 = 95%", Lang::Zh));
}

#[test]
fn readings_that_are_not_taken_are_left_out() {
    insta::assert_snapshot!(written("甲.口径 = 2分", Lang::Zh));
    insta::assert_snapshot!(written("甲.够格 = 否", Lang::Zh));
    insta::assert_snapshot!(written("甲.够格 = 否", Lang::En));
}

/// The same as in the example, but read from files, with a dated parameter and a decision.
#[test]
fn facts_parameters_and_decisions_name_their_sources() {
    let rules = "
```规则
资料 人员 量词 人
成绩: 分 每年
参数 系数: 比例 待定 由 人力资源部
对 人员 每年
得分 = 成绩 × 系数 + 人定(小组, 0分 至 5分)
```
```示例
设 参数 系数 = 150%
设 人员 甲 于 2025年: 成绩 = 80分
设 人定 得分 甲 于 2025年 = 3分
得 甲.得分 = 123分
```
";
    let program = common::program(rules);
    let mut data = common::dataset(&program);
    data.files = vec!["人员.csv".to_owned(), "参数.csv".to_owned()];
    data.kinds[0].origin = Origin::Contiguous { file: 0, first_row: 2 };
    let supplied = &mut data.parameters[0];
    supplied.from = Date::parse("2025-01-01");
    supplied.by = "人力资源部".to_owned();
    supplied.because = "2025 年 1 号文".to_owned();
    supplied.origin = Some((1, 7));
    let at = data.decisions.keys().next().cloned().unwrap();
    let decided = data.decisions.get_mut(&at).unwrap();
    (decided.because, decided.evidence) = ("表现突出".to_owned(), "纪要 3".to_owned());
    let mut evaluator = Evaluator::new(&program, &data);
    let options = ExplainOptions::default();
    let attribute = common::attribute(&program, "得分");
    let derivation = explain(&mut evaluator, attribute, 0, None, Period::parse("2025年"), options);
    insta::assert_snapshot!(derivation.to_text(&program, Lang::Zh));
    insta::assert_snapshot!(derivation.to_text(&program, Lang::En));
}

/// Where the children of a node are parts of a sum, they add up to it.
fn adds_up(node: &Derivation) {
    if node.children.iter().any(|child| child.amount.is_some()) {
        let sum: Rational = node.children.iter().filter_map(|child| child.amount.clone()).sum();
        assert_eq!(Value::Number(sum), node.value, "{}", node.label);
    }
    node.children.iter().for_each(adds_up);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    /// Totals with weights, limits and rounding, over sums of more elements than are shown.
    #[test]
    fn leaves_add_up(
        amounts in prop::collection::vec((-100_000_i32..1_000_000, 1_u32..100), 0..80),
        score in 0_u32..20_000,
        max in 1_u32..500,
    ) {
        let mut rules = format!(
            "
```规则
资料 人员 量词 人
成绩: 分 每年
资料 客户 量词 户
经理: 人员 反称 名下
余额: 金额
份额: 比例
汇总 总分 四舍五入 到 0.01分 最高 {max}分 最低 0分
对 人员 每年
余额分 = 合计(名下, 其.余额 × 其.份额) ÷ 3万元 × 1分 计入 总分 权重 30%
成绩分 = 成绩 计入 总分 权重 70%
```
```示例
设 人员 张三 于 2025年: 成绩 = {}分
",
            Rational::from(score) * Rational::pow10(-2),
        );
        for (place, (amount, share)) in amounts.iter().enumerate() {
            rules += &format!("设 客户 户{place}: 经理 = 张三, 余额 = {amount}元, 份额 = {share}%\n");
        }
        rules += "得 张三.总分 = 0分\n```\n";
        let (_, derivation) = explained(&rules, Lang::Zh);
        prop_assert!(derivation.value.is_present(), "{:?}", derivation.value);
        prop_assert!(derivation.children.len() >= 2);
        adds_up(&derivation);
    }
}
