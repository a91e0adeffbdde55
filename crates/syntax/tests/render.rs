//! Diagnostics as text and as JSON; columns count characters.

use hengjie_quantity::Lang;
use hengjie_syntax::render::{Style, to_json, to_text};
use hengjie_syntax::{line_column, parse};

const TEXT: &str = "# 办法\n\n```规则\n对 人员 每年\n得分 = 限于(基础分 附加分)\n期限 = 10个工作日内\n表 等级标准 键 等级\n```\n";

#[test]
fn reports_in_chinese() {
    let parse = parse(TEXT);
    insta::assert_snapshot!(to_text("policy.md", TEXT, &parse.diagnostics, Lang::Zh, Style::Plain));
}

#[test]
fn reports_in_english() {
    let parse = parse(TEXT);
    insta::assert_snapshot!(to_text("policy.md", TEXT, &parse.diagnostics, Lang::En, Style::Plain));
}

#[test]
fn reports_as_json() {
    let parse = parse(TEXT);
    insta::assert_snapshot!(to_json("policy.md", TEXT, &parse.diagnostics, Lang::Zh));
}

#[test]
fn columns_count_characters() {
    let text = "一二\n三，四";
    let places: Vec<_> = (0..=text.len() as u32 + 1).map(|offset| line_column(text, offset)).collect();
    assert_eq!(places[0], (1, 1));
    assert_eq!(places[3], (1, 2));
    assert_eq!(places[4], (1, 2), "inside a character");
    assert_eq!(places[6], (1, 3), "the line break");
    assert_eq!(places[7], (2, 1));
    assert_eq!(places[13], (2, 3));
    assert_eq!(places[17], (2, 4), "behind the end");
}
