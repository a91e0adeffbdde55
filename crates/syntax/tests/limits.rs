//! Large and deep texts are read in bounded time and give few diagnostics.

use hengjie_syntax::parse;
use std::fmt::Write;

fn rules(definition: &str) -> String {
    format!("```规则\n对 人员 每年\n甲 = {definition}\n乙 = 1\n```\n")
}

/// One diagnostic, and the next statement is still read.
fn check_too_deep(value: &str) {
    let text = rules(value);
    let parse = parse(&text);
    let codes: Vec<_> = parse.diagnostics.iter().map(|found| found.code).collect();
    assert_eq!(codes, ["HJ0203"], "{}", &value[..20]);
    assert_eq!(parse.tree.to_string(), text);
}

#[test]
fn deep_expressions_give_one_diagnostic() {
    const DEEP: usize = 10_000;
    check_too_deep(&format!("{}1{}", "(".repeat(DEEP), ")".repeat(DEEP)));
    check_too_deep(&format!("{}1{}", "f(".repeat(DEEP), ")".repeat(DEEP)));
    check_too_deep(&format!("1{}", " + 1".repeat(DEEP)));
    check_too_deep(&format!("甲{}", ".乙".repeat(DEEP)));
    check_too_deep(&format!("甲{}", " 其中 乙".repeat(DEEP)));
    check_too_deep(&format!("甲{}", " 无则 乙".repeat(DEEP)));
    check_too_deep(&format!("{}1", "非 ".repeat(DEEP)));
    check_too_deep(&format!("{}1", "- ".repeat(DEEP)));
    check_too_deep(&format!("{}1 否则 2", "如 甲 则 ".repeat(DEEP)));
}

#[test]
fn many_faults_are_summed_up() {
    let mut text = String::from("```规则\n对 人员 每年\n");
    for line in 0..1000 {
        writeln!(text, "指标{line} = 甲 乙").expect("writing to a string");
    }
    let parse = parse(&text);
    assert_eq!(parse.diagnostics.len(), 201);
    // 1,000 lines and the open fence, of which 200 are listed.
    assert!(parse.diagnostics[200].message.zh.contains("801"), "{:?}", parse.diagnostics[200]);
}

#[test]
fn garbage_is_read_in_linear_time() {
    const BYTES: usize = 200_000;
    for unit in [
        "\n",
        " ",
        "(",
        "「",
        "“",
        "```规则\n",
        "~~~x\n# h\n",
        "````\n",
        "|a|\n|-|\n",
        "如",
        "1,",
        "—",
        "。",
        "甲 乙\n",
        "= ",
        "\n-- 说明",
        "# \n",
        "> 来源：；",
        "设 人员\n",
        "\u{10FFFF}",
        "1年",
        "甲=\n",
    ] {
        let text = format!("```规则\n{}", unit.repeat(BYTES / unit.len()));
        let parse = parse(&text);
        assert_eq!(parse.tree.text().len(), rowan::TextSize::of(text.as_str()), "{unit:?}");
        assert!(parse.diagnostics.len() <= 201);
    }
}
