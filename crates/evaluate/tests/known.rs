//! An evaluator that knows everybody's results, turning from one person to the next.

mod common;
use hengjie_calendar::Period;
use hengjie_evaluate::dataset::Dataset;
use hengjie_evaluate::explain::{ExplainOptions, explain};
use hengjie_evaluate::row::{Evaluator, Known};
use hengjie_evaluate::value::Value;
use hengjie_policy::core::{AttributeId, KindId, Program};
use hengjie_quantity::Lang;
use std::sync::atomic::{AtomicUsize, Ordering};

const RANKED: &str = "
```规则
名目 等级: 高 > 低
资料 人员 量词 人
业绩: 分 每年
汇总 总分 四舍五入 到 0.01分
对 全体 每年
均分 = 平均(人员, 其.业绩)
对 人员 每年
得分 = 业绩 - (均分 无则 0分) 计入 总分
排序 名次 对 人员 每年
先 总分 从高到低
```
```示例
设 人员 于 2025年
```
| 人员 | 业绩 |
|---|---|
| 甲 | 90.001分 |
| 乙 | 80分 |
| 丙 | 70分 |
| 丁 | 待补 |
```示例
得 甲.总分 = 待补
```
";

/// The results of a plain evaluator, counted when they are asked for.
struct Results<'p> {
    program: &'p Program,
    data: &'p Dataset,
    asked: AtomicUsize,
}

impl Known for Results<'_> {
    fn value(
        &self,
        attribute: AttributeId,
        subject: u32,
        row: Option<&Value>,
        period: Option<Period>,
    ) -> Option<Value> {
        self.asked.fetch_add(1, Ordering::Relaxed);
        Some(Evaluator::new(self.program, self.data).value(attribute, subject, row.cloned(), period))
    }
}

/// Explains every value of every person with one evaluator, and each alone: the texts are the same.
fn check(rules: &str) {
    let program = common::program(rules);
    let data = common::dataset(&program);
    let known = Results { program: &program, data: &data, asked: AtomicUsize::new(0) };
    let mut one_for_all = Evaluator::with_known(&program, &data, &known);
    let period = Period::parse("2025年");
    let people = KindId(0);
    for subject in [2, 0, 3, 1, 0] {
        one_for_all.derive(people, subject);
        for name in ["名次", "总分", "得分"] {
            let attribute = common::attribute(&program, name);
            let mut alone = Evaluator::new(&program, &data);
            let texts = [&mut one_for_all, &mut alone].map(|evaluator| {
                explain(evaluator, attribute, subject, None, period, ExplainOptions::default())
                    .to_text(&program, Lang::Zh)
            });
            assert_eq!(texts[0], texts[1], "{name} of person {subject}");
        }
    }
    assert!(known.asked.load(Ordering::Relaxed) > 0, "what is known is used");
}

#[test]
fn turning_from_one_person_to_the_next_changes_no_explanation() {
    check(RANKED);
    check(&RANKED.replace("| 丁 | 待补 |\n", ""));
}
