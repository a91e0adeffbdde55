//! Hostile documents: bounded time and memory, findings instead of a crash.

use hengjie_policy::{codes, compile};
use proptest::prelude::*;
use std::fmt::Write;

const HEAD: &str =
    "# 测试\n```规则\n制度 测试 版本 2026-01-01 起\n资料 人员 量词 人\n存款: 金额 每年\n对 人员 每年\n";

/// The codes of the findings of a document with these rules.
fn codes_of(rules: &str) -> Vec<&'static str> {
    let compiled = compile(&format!("{HEAD}{rules}```\n"));
    let mut found: Vec<&'static str> =
        compiled.diagnostics.iter().map(|diagnostic| diagnostic.code).collect();
    found.dedup();
    found
}

#[test]
fn formulas_do_not_grow_without_end() {
    let mut rules = String::from("公式 f0(x: 金额) = x + x\n");
    for step in 1..40 {
        writeln!(rules, "公式 f{step}(x: 金额) = f{}(x) + f{}(x)", step - 1, step - 1).unwrap();
    }
    rules.push_str("对 人员 每年\n甲 = f39(存款)\n");
    assert_eq!(codes_of(&rules), [codes::LIMIT]);
}

#[test]
fn long_chains_of_rules_are_checked() {
    let mut rules = String::from("a0 = 存款\n");
    for step in 1..5_000 {
        writeln!(rules, "a{step} = a{} + 1元", step - 1).unwrap();
    }
    assert_eq!(codes_of(&rules), Vec::<&str>::new());
}

#[test]
fn long_cycles_are_one_finding() {
    let mut rules = String::from("a0 = a1999 + 1元\n");
    for step in 1..2_000 {
        writeln!(rules, "a{step} = a{} + 1元", step - 1).unwrap();
    }
    assert_eq!(codes_of(&rules), [codes::CYCLE]);
}

/// Found by the fuzzer: following the name after 给 did not end.
#[test]
fn a_split_among_a_rule_that_is_itself() {
    let rules = "资料 团队 量词 个\n资料 成员 量词 名\n团队: 团队 反称 成员们\n产值: 金额 每年\n对 团队 每年\n\
        例外 甲 = 成员们 当 计数(成员们) > 1名\n甲 = 甲\n\
        分摊 奖金 将 100元 给 甲 比重 1 向下 到 0.01元 余数 归 其.产值 从高到低\n";
    assert_eq!(codes_of(rules), [codes::CYCLE, codes::SPLIT]);
}

#[test]
fn too_many_cases_of_one_name() {
    let mut rules = String::new();
    for step in 0..100 {
        writeln!(rules, "甲 = {step}元 当 存款 = {step}元").unwrap();
    }
    assert_eq!(codes_of(&rules), [codes::LIMIT]);
}

#[test]
fn many_mistakes_end_in_a_count() {
    let mut rules = String::new();
    for step in 0..3_000 {
        writeln!(rules, "a{step} = 不知道{step}").unwrap();
    }
    let compiled = compile(&format!("{HEAD}{rules}```\n"));
    assert_eq!(compiled.diagnostics.len(), hengjie_policy::limits::DIAGNOSTICS + 1);
    assert_eq!(compiled.diagnostics.last().map(|last| last.code), Some(codes::LIMIT));
}

/// Pieces of rules in any order.
fn soup() -> impl Strategy<Value = String> {
    let words = prop::sample::select(vec![
        "对",
        "人员",
        "每年",
        "\n",
        "=",
        "存款",
        "甲",
        "乙",
        "+",
        "×",
        "÷",
        "(",
        ")",
        "其中",
        "合计",
        "计数",
        ",",
        "3元",
        "50%",
        "如",
        "则",
        "否则",
        "且",
        "无则",
        "0元",
        "其",
        ".",
        "本人",
        "行",
        "逐",
        "上期",
        "于",
        "本年",
        "汇总",
        "计入",
        "权重",
        "例外",
        "当",
        "排序",
        "先",
        "从高到低",
        "名额",
        "依",
        "取",
        "下期",
        "首期",
        "表",
        "键",
        "参数",
        ":",
        "金额",
        "名目",
        ">",
        "资料",
        "反称",
        "人定",
        "查表",
        "任务",
        "流程",
        "步",
        "由",
        "限",
        "3天",
        "设",
        "得",
        "2026年",
    ]);
    prop::collection::vec(words, 0..60).prop_map(|words| words.join(" "))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    /// No text makes the checker fail, and no program comes out beside an error.
    #[test]
    fn any_rules_are_survived(rules in soup()) {
        let compiled = compile(&format!("{HEAD}{rules}\n```\n"));
        let failed = compiled.diagnostics.iter().any(|found| found.severity == hengjie_syntax::Severity::Error);
        prop_assert_eq!(compiled.program.is_some(), !failed);
    }

    /// The same text gives the same findings and the same artifact.
    #[test]
    fn checking_is_deterministic(rules in soup()) {
        let text = format!("{HEAD}{rules}\n```\n");
        let (one, two) = (compile(&text), compile(&text));
        prop_assert_eq!(&one.diagnostics, &two.diagnostics);
        prop_assert_eq!(one.program.map(|p| hengjie_policy::content_hash(&p)), two.program.map(|p| hengjie_policy::content_hash(&p)));
    }
}
