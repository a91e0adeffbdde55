//! The documents that keep the faults of the printed texts: every fault is found.

mod common;

use hengjie_health::{Check, Proof};
use hengjie_quantity::Lang;

/// The document passes the check; every line is a part of a message of a finding.
fn finds(path: &str, wanted: &[(Check, &str)]) {
    let examined = common::text(path, &common::read(path));
    for (check, part) in wanted {
        let all: Vec<&str> =
            examined.report.of(*check).map(|finding| finding.message.text(Lang::Zh)).collect();
        assert!(all.iter().any(|message| message.contains(part)), "{path}: “{part}” is not in {all:#?}");
    }
}

#[test]
fn six_grades() {
    finds(
        "policies/literal/s01-bank-six-grades/policy.md",
        &[
            // The bracket of the first item fits deposits only, yet loans are printed.
            (Check::Unit, "“三级/甲项”一行，“指标”是日均贷款，同类的其他行多数是日均存款"),
            (Check::Unit, "“四级/甲项”一行，“指标”是日均贷款，同类的其他行多数是日均存款"),
            // Settlement in yuan among dollars.
            (Check::Unit, "“四级/丙项”一行用“总额”（元，1000万元），其余 4 行都用“美元总额”（美元）"),
            // New deposits of the lowest grade are as high as those of the one above.
            (Check::Threshold, "（丁项）有两级相同，其余各级都不同：三级 1500万元，四级 1500万元"),
        ],
    );
}

#[test]
fn hundred_points() {
    let path = "policies/literal/s02-bank-hundred-points/policy.md";
    finds(
        path,
        &[
            (Check::Cliff, "300万元 得 60分，301万元 只得 12.04分"),
            (Check::Parameter, "参数“等级比例”条文没有给值，名额算不出来"),
            (Check::Rounding, "“考核得分”是最后的得分，没有写舍入"),
            (Check::Limit, "“不良得分”没有写扣到多少为止"),
            (Check::Limit, "“质量得分”没有写扣到多少为止"),
            (Check::Limit, "“理论得分”没有写扣到多少为止"),
            (Check::DoubleCount, "“作风得分”和“满意得分”都因它变化"),
        ],
    );
    let examined = common::text(path, &common::read(path));
    let cliff = examined.report.of(Check::Cliff).next().unwrap();
    let Proof::CounterExample(lines) = &cliff.proof else { panic!("no numbers: {:?}", cliff.proof) };
    assert_eq!(lines[0].zh, "营销贷款的余额 300万元 → 贷款得分 60分");
    assert_eq!(lines[1].zh, "营销贷款的余额 301万元 → 贷款得分 12.04分");
}

#[test]
fn telecom_tiering() {
    finds(
        "policies/literal/s04-telecom-tiering/policy.md",
        &[
            (Check::Quota, "合计已是 100%（高级 15%、中级 50%、初级 35%），没有给“实习”留名额"),
            (Check::Rounding, "“应发工资”是最后的金额，没有写舍入"),
        ],
    );
}

#[test]
fn outlet_evaluation() {
    finds(
        "policies/literal/s17-outlet-evaluation/policy.md",
        &[
            (Check::Gap, "> 69分 且 < 70分，> 79分 且 < 80分，> 89分 且 < 90分，> 100分 且 ≤ 300分"),
            (Check::Gap, "例如 得分 69.5分 时“考核结果”没有值"),
            (Check::Divisor, "“账户单位成本”的分母可能是零"),
            (Check::Parameter, "参数“等级差异系数”条文没有给值"),
        ],
    );
}

/// What the check itself refuses in the printed texts, and says how to write.
#[test]
fn the_check_refuses_what_has_no_meaning() {
    let literal = common::read("policies/literal/s02-bank-hundred-points/policy.md");
    let refused =
        |from: &str, to: &str| common::try_text(&literal.replace(from, to)).err().unwrap_or_default();
    let said = refused("| 300万元以内          |", "| 300万元以下          |");
    assert!(said.starts_with("错误[HJ0608]"), "{said}");
    let said = refused("| 超过300万元至800万元 |", "| 300万元至800万元 |");
    assert!(said.starts_with("错误[HJ0605]"), "{said}");
    let grades = common::read("policies/literal/s01-bank-six-grades/policy.md");
    let mixed = grades.replace(
        "| 高级     | 丙项   | 国际结算 | —        |",
        "| 高级     | 丙项   | 国际结算 | 3000万美元 |",
    );
    let said = common::try_text(&mixed).err().unwrap();
    assert!(said.starts_with("错误[HJ0610]"), "{said}");
}
