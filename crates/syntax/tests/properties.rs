//! Laws: reading never panics, loses no byte and is bounded; formatting keeps the meaning and is stable.

mod common;

use common::syntax_of;
use hengjie_quantity::Lang;
use hengjie_syntax::format::{FormatOptions, format};
use hengjie_syntax::keywords::Keyword;
use hengjie_syntax::parse;
use proptest::prelude::*;

/// Pieces from which documents are made: every keyword, marks in both widths, literals, and the lines of Markdown.
fn piece() -> impl Strategy<Value = String> {
    let marks = "( ) （ ） , ， 、 : ： . ． | + - － × ÷ * / = ＝ ≠ < ≤ > ≥ >= <= ! ; ； 。 — —— -- \" “ ” 「 」 # % ％ \\"
        .split(' ')
        .map(str::to_owned);
    let literals = [
        "甲",
        "乙丙",
        "x",
        "total",
        "「A 类」",
        "「5等」",
        "１２",
        "3",
        "0.5",
        "2.5亿元",
        "10 户",
        "5个百分点",
        "60%",
        "1月",
        "300万元以上",
        "2026-01-05",
        "2026年",
        "2026年1季",
        "2026年1月5日",
        "2026Q1",
        "08:30",
        "99:99",
        "“文字”",
        "\"t\"",
        "第五条(二)1",
        "合计(",
        "max(",
        "其",
        "row",
        "客户其中余额",
    ]
    .map(str::to_owned);
    let layout = [" ", " ", " ", "　", "\n", "\n", "\n\n", "\n  ", "\r\n", "-- 说明\n"].map(str::to_owned);
    let markdown = [
        "\n```规则\n",
        "\n```rules\n",
        "\n```示例\n",
        "\n```\n",
        "\n~~~~md\n",
        "\n# 第一条 题\n",
        "\n| a | b |\n|---|--:|\n| 1 |\n",
        "\n> 来源：第七条（二）1；S02\n",
        "散文",
    ]
    .map(str::to_owned);
    let words: Vec<String> =
        Keyword::ALL.iter().flat_map(|word| [word.zh(), word.en()]).map(str::to_owned).collect();
    prop_oneof![
        4 => prop::sample::select(words),
        4 => prop::sample::select(marks.collect::<Vec<_>>()),
        6 => prop::sample::select(literals.to_vec()),
        8 => prop::sample::select(layout.to_vec()),
        1 => prop::sample::select(markdown.to_vec()),
        1 => any::<char>().prop_map(String::from),
    ]
}

fn soup() -> impl Strategy<Value = String> {
    prop::collection::vec(piece(), 0..120).prop_map(|pieces| format!("```规则\n{}", pieces.concat()))
}

/// An expression that can be read, with spaces and line breaks where they are allowed.
fn expression() -> impl Strategy<Value = String> {
    let leaf = prop::sample::select(vec![
        "甲",
        "本人.余额",
        "3万元",
        "60%",
        "是",
        "「A 类」",
        "2026年1季",
        "无",
        "“字”",
        "上期(得分)",
        "1 个百分点",
        "待定",
    ])
    .prop_map(str::to_owned);
    leaf.prop_recursive(6, 60, 4, |inner| {
        let operator = prop::sample::select(vec![
            "＋",
            " - ",
            "×",
            " ÷\n",
            "\n× ",
            "，",
            " 且 ",
            " 或\n",
            "\n或 ",
            " 无则 ",
            " 缺则\n",
            " = ",
            "≥",
            "\n≠ ",
            " 属于 ",
        ]);
        prop_oneof![
            (inner.clone(), operator, inner.clone()).prop_map(|(left, operator, right)| {
                // In brackets, so that comparisons do not chain and a comma makes a list.
                format!("(({left}){operator}({right}))")
            }),
            inner.clone().prop_map(|value| format!("－ {value}")),
            inner.clone().prop_map(|value| format!("(非 {value})")),
            (inner.clone(), inner.clone(), inner.clone())
                .prop_map(|(a, b, c)| format!("(如 {a} 则 {b}\n如 ({c}) 则 {a} 否则 {c})")),
            (inner.clone(), inner.clone()).prop_map(|(a, b)| format!("合计（{a} 其中 {b}，\n{b} 至 {a}）")),
            (inner.clone(), inner).prop_map(|(a, b)| format!("限于(({a}).列, -- 说明\n{b}\n)")),
        ]
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn reading_loses_nothing(text in soup()) {
        let parse = parse(&text);
        prop_assert_eq!(parse.tree.to_string(), text.as_str());
        for found in &parse.diagnostics {
            prop_assert!(found.span.end as usize <= text.len());
            prop_assert!(text.is_char_boundary(found.span.start as usize), "{found:?}");
            prop_assert!(text.is_char_boundary(found.span.end as usize), "{found:?}");
        }
    }

    #[test]
    fn any_text_is_read(text in any::<String>()) {
        let fenced = format!("```示例\n{text}");
        prop_assert_eq!(parse(&fenced).tree.to_string(), fenced);
        prop_assert_eq!(parse(&text).tree.to_string(), text);
    }

    #[test]
    fn formatting_is_stable(text in soup(), language in prop::option::of(prop::sample::select(vec![Lang::Zh, Lang::En]))) {
        let options = FormatOptions { language };
        let formatted = format(&text, &options);
        prop_assert_eq!(format(&formatted, &options), formatted.as_str(), "from {}", text);
        prop_assert_eq!(syntax_of(&parse(&formatted)), syntax_of(&parse(&text)), "{}\nfrom {}", formatted, text);
    }

    #[test]
    fn formatting_keeps_the_meaning(value in expression(), language in prop::option::of(prop::sample::select(vec![Lang::Zh, Lang::En]))) {
        let text = format!("```规则\n对 人员 每年\n甲 = {value} 计入 总分\n乙 = 1\n```\n");
        let before = parse(&text);
        prop_assert!(before.diagnostics.is_empty(), "{:?}\n{}", before.diagnostics, text);
        let formatted = format(&text, &FormatOptions { language });
        prop_assert_eq!(syntax_of(&parse(&formatted)), syntax_of(&before), "{}", formatted);
    }
}
