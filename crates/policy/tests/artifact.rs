//! The artifact: same meaning, same bytes; other meaning, other hash.

mod common;

use hengjie_policy::{articles_with_examples, articles_with_rules, artifact_json, compile, content_hash};

const RETAIL: &str = include_str!("documents/retail.md");

fn hash(text: &str) -> String {
    let compiled = compile(text);
    assert_eq!(common::findings(text, &compiled.diagnostics), "");
    compiled.program.map(|program| content_hash(&program)).unwrap_or_default()
}

#[test]
fn layout_and_comments_do_not_count() {
    let spaced = RETAIL
        .replace("对 人员 每年\n", "-- 每年算一次\n对   人员  每年\n")
        .replace("份额: 比例", "份额 ：比例");
    assert_ne!(RETAIL, spaced);
    assert_eq!(hash(RETAIL), hash(&spaced));
}

#[test]
fn every_number_counts() {
    assert_ne!(hash(RETAIL), hash(&RETAIL.replace("0分 至 150分", "0分 至 151分")));
    assert_ne!(hash(RETAIL), hash(&RETAIL.replace("8000万元 | 2000万元", "8000万元 | 2001万元")));
}

#[test]
fn the_artifact_is_json_with_its_format() {
    let program = compile(RETAIL).program.unwrap();
    let value: serde_json::Value = serde_json::from_str(&artifact_json(&program)).unwrap();
    assert_eq!(value["format"], hengjie_policy::FORMAT);
    assert_eq!(value["program"]["name"], "零售客户经理考核");
    assert!(!artifact_json(&program).contains("span"));
}

#[test]
fn articles_and_their_rules() {
    let program = compile(RETAIL).program.unwrap();
    let names = |id: &hengjie_policy::core::AttributeId| program.attributes[id.index()].name.as_str();
    let found: Vec<String> = articles_with_rules(&program)
        .iter()
        .map(|(article, attributes)| {
            let list: Vec<&str> = attributes.iter().map(names).collect();
            format!("{}: {}", program.articles[article.index()].cite, list.join(" "))
        })
        .collect();
    insta::assert_snapshot!(found.join("\n"), @r"
    示例银行零售客户经理考核办法: 总分
    第五条: 存款得分 户数得分
    第六条: 任职年 计入户 单户 存款达标 结算达标 符合 达标等级
    第九条: 参评 全行名次 分布等级
    ");
    let examples: Vec<&str> = articles_with_examples(&program)
        .keys()
        .map(|article| program.articles[article.index()].cite.as_str())
        .collect();
    assert_eq!(examples, ["第五条"]);
}
