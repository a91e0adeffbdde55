//! What an editor gets, feature by feature, on one small policy.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test may fail loudly")]

mod support;

use serde_json::{Value, json};
use support::{Client, SAMPLE, URI, changed, difference, place};

/// Hovers behind some words, in a language.
fn hovers(needles: &[&str]) -> String {
    let mut client = Client::open(SAMPLE);
    let mut shown = String::new();
    for needle in needles {
        let hover = client.at("textDocument/hover", needle, json!({}));
        let text = hover["contents"]["value"].as_str().unwrap_or("(nothing)");
        shown += &format!("== {needle}  [{}]\n{text}\n\n", place(&hover["range"]));
    }
    shown
}

#[test]
fn the_sample_is_without_faults() {
    assert_eq!(Client::open(SAMPLE).diagnostics(), [""; 0]);
}

#[test]
fn hover_tells_kind_type_unit_and_article() {
    insta::assert_snapshot!(hovers(&[
        "\n完成率",
        "存款得分 = 限于(完成",
        "≥ 行.存款",
        "反称 名下贷",
        "岗档 ≤ 初级",
        "A1 = 累",
        "总分 ≥ 及格",
        "限",
        "汇",
        "折分(50",
        "合计",
        "因 第五",
        "逐 聘任标",
    ]));
}

#[test]
fn hover_says_nothing_in_prose() {
    let mut client = Client::open(SAMPLE);
    assert_eq!(client.at("textDocument/hover", "完成任务得", json!({})), Value::Null);
}

/// What is offered when `typed` stands at the end of a line put below `above`; the first names, then whether some words are offered.
fn offered(above: &str, typed: &str) -> Vec<String> {
    let text = SAMPLE.replacen(above, &format!("{above}\n{typed}¦"), 1);
    let at = text.find('¦').expect("the cursor");
    let mut client = Client::open(&text.replace('¦', ""));
    let position = support::position(&text, at);
    let list = client
        .ask("textDocument/completion", json!({ "textDocument": { "uri": URI }, "position": position }));
    let items = list["items"].as_array().cloned().unwrap_or_default();
    items.iter().map(|item| item["label"].as_str().unwrap_or("").to_owned()).collect()
}

#[track_caller]
fn check_offers(above: &str, typed: &str, wanted: &[&str], unwanted: &[&str]) {
    let found = offered(above, typed);
    for word in wanted {
        assert!(found.iter().any(|label| label == word), "{word} is missing in {found:?}");
    }
    for word in unwanted {
        assert!(!found.iter().any(|label| label == word), "{word} is offered");
    }
}

const RULES: &str = "完成率 = 存款日均 ÷ 存款任务";

#[test]
fn names_in_scope_are_offered_with_functions() {
    check_offers(
        RULES,
        "新值 = ",
        &["存款日均", "及格线", "名下贷款", "总分", "合计(", "本期", "如"],
        &["余额", "符合("],
    );
    check_offers(RULES, "新值 = 存", &["存款日均", "存款任务"], &[]);
}

#[test]
fn unfinished_sentences_are_understood() {
    check_offers(RULES, "新值 = 如 存款日均 ≥ ", &["存款任务"], &["余额"]);
    check_offers(RULES, "新值 = 合计(名下贷款, ", &["其.余额", "存款日均"], &[]);
    check_offers(
        RULES,
        "新值 = 如 存款日均 > 1元 则 合计(名下贷款, 其.",
        &["余额", "经理"],
        &["存款日均", "如"],
    );
}

#[test]
fn items_of_the_wanted_enumeration_come_first() {
    let found = offered(RULES, "新值 = 岗位 = ");
    assert_eq!(found.iter().take(2).map(String::as_str).collect::<Vec<_>>(), ["客户经理", "柜员"]);
    check_offers(RULES, "新值 = 如 A1 = ", &["累计", "取最重"], &["存款日均"]);
}

#[test]
fn columns_follow_a_dot() {
    check_offers(
        "符合 = 存款日均 ≥ 行.存款 且 计数(名下贷款) ≥ 行.笔数",
        "再符合 = 存款日均 ≥ 行.",
        &["存款", "笔数", "等级"],
        &["存款日均"],
    );
    check_offers(RULES, "新值 = 查表(聘任标准, 等级).", &["存款", "笔数"], &["存款日均"]);
    check_offers(RULES, "新值 = 本期.", &["始", "末", "天数"], &["存款日均"]);
}

#[test]
fn units_follow_a_number() {
    check_offers(RULES, "新值 = 存款日均 ≥ 300", &["300万元", "300亿元", "300笔", "300%"], &["万元"]);
}

#[test]
fn words_of_the_place_are_offered() {
    check_offers(RULES, "", &["例外", "首期", "对", "表"], &["设"]);
    check_offers(RULES, "新值 = 存款日均 ", &["计入", "当", "无则", "且"], &["存款日均", "名目"]);
    check_offers(RULES, "新值 = 1分 计入 ", &["总分"], &["存款日均"]);
    check_offers("姓名: 文字", "工龄: ", &["金额", "等级", "贷款", "文字"], &["存款日均"]);
    check_offers("得 张三.总分 = 100分", "", &["设", "得"], &["名目"]);
    check_offers("得 张三.总分 = 100分", "得 张三.", &["总分", "达标等级"], &["名下贷款"]);
    check_offers("得 张三.总分 = 100分", "得 张三.存款得分 = 100分 因 ", &["第五条", "第六条"], &[]);
}

#[test]
fn cells_offer_the_items_of_their_column() {
    let text = SAMPLE.replacen("| 乙   | 客户经理 |", "| 乙   | ¦客户经理 |", 1);
    let at = text.find('¦').expect("the cursor");
    let mut client = Client::open(&text.replace('¦', ""));
    let list = client.ask(
        "textDocument/completion",
        json!({ "textDocument": { "uri": URI }, "position": support::position(&text, at) }),
    );
    let labels: Vec<&str> =
        list["items"].as_array().unwrap().iter().filter_map(|item| item["label"].as_str()).collect();
    assert_eq!(labels, ["客户经理", "柜员", "免", "待定", "待补", "无"]);
}

#[test]
fn english_documents_get_english_words() {
    let mut client = Client::open(SAMPLE);
    let actions = client.ask("textDocument/codeAction", json!({ "textDocument": { "uri": URI }, "range": { "start": { "line": 0, "character": 0 }, "end": { "line": 0, "character": 0 } }, "context": { "diagnostics": [] } }));
    assert_eq!(actions[0]["title"], "把这份制度的关键字改成英文");
    let english = changed(SAMPLE, &actions[0]["edit"]["changes"][URI]);
    let text = english.replacen("完成率 = 存款日均", "新值 = 存款日均 ¦\n完成率 = 存款日均", 1);
    let at = text.find('¦').expect("the cursor");
    let mut client = Client::open(&text.replace('¦', ""));
    let list = client.ask(
        "textDocument/completion",
        json!({ "textDocument": { "uri": URI }, "position": support::position(&text, at) }),
    );
    let labels: Vec<&str> =
        list["items"].as_array().unwrap().iter().filter_map(|item| item["label"].as_str()).collect();
    assert!(labels.contains(&"or_none") && !labels.contains(&"无则"), "{labels:?}");
}

#[test]
fn definitions_and_references() {
    let mut client = Client::open(SAMPLE);
    let mut shown = String::new();
    for needle in ["总分 ≥ 及格", "≥ 行.笔", "因 第六", "得 甲.合", "岗档 ≤ 初级", "设 读法 A"]
    {
        let definition = client.at("textDocument/definition", needle, json!({}));
        let references = client.at(
            "textDocument/references",
            needle,
            json!({ "context": { "includeDeclaration": false } }),
        );
        let places = |found: &Value| {
            found.as_array().unwrap().iter().map(|one| place(&one["range"])).collect::<Vec<_>>().join(" ")
        };
        shown += &format!("{needle}\n  declared {}\n  used {}\n", places(&definition), places(&references));
    }
    insta::assert_snapshot!(shown);
}

/// The lines that a rename changes, or why it is refused.
fn renamed(needle: &str, name: &str) -> String {
    let mut client = Client::open(SAMPLE);
    let answer = client.try_at("textDocument/rename", needle, json!({ "newName": name }));
    match answer.get("error") {
        Some(error) => format!("refused: {}\n", error["message"].as_str().unwrap()),
        None => {
            let new = changed(SAMPLE, &answer["result"]["changes"][URI]);
            assert_eq!(Client::open(&new).diagnostics(), [""; 0], "{new}");
            difference(SAMPLE, &new)
        }
    }
}

#[test]
fn renames_reach_tables_headings_examples_and_ladders() {
    let mut shown = String::new();
    for (needle, name) in [
        ("\n贷款得", "信贷得分"),
        ("名目 等级: 高级 > 中级 > 初", "见习"),
        ("\n及格线".trim(), "合格线"),
        ("≥ 行.存", "存款门槛"),
        ("得 甲.合", "达标"),
        ("因 第六", "第十六条"),
        ("得 张三.总", "5项总分"),
        ("公式 折", "翻倍"),
        ("折分(成", "原分"),
        ("反称 名下贷", "我的贷款"),
        ("资料 贷", "信贷"),
    ] {
        shown += &format!("== {needle} → {name}\n{}", renamed(needle, name));
    }
    insta::assert_snapshot!(shown);
}

/// The lines of a quota make a 名目 with its name: the two are one name to the reader.
#[test]
fn a_quota_is_renamed_with_its_items() {
    let text = SAMPLE.replace(
        "## 第六条",
        "```规则\n排序 名次 对 人员 每年\n先 总分 从高到低\n名额 评先 依 名次\n先进 取 20% 向下 跨线 全进\n对 人员 每年\n得奖 = 有(评先)\n```\n## 第六条",
    );
    let mut client = Client::open(&text);
    assert_eq!(client.diagnostics(), [""; 0]);
    let answer = client.at("textDocument/rename", "名额 评", json!({ "newName": "优秀名单" }));
    let new = changed(&text, &answer["changes"][URI]);
    assert_eq!(
        difference(&text, &new),
        "- 名额 评先 依 名次\n+ 名额 优秀名单 依 名次\n- 得奖 = 有(评先)\n+ 得奖 = 有(优秀名单)\n"
    );
    let answer = client.at("textDocument/rename", "先进", json!({ "newName": "优秀" }));
    assert!(changed(&text, &answer["changes"][URI]).contains("\n优秀 取 20%"));
}

#[test]
fn clashes_are_refused() {
    let mut shown = String::new();
    for (needle, name) in [
        ("\n完成率", "总分"),
        ("\n完成率", "存款任务"),
        ("总分 ≥ 及格", "总分"),
        ("\n完成率", " "),
        ("\n完成率", "甲|乙"),
        ("因 第六", "第五条"),
        ("完成任务", "随便"),
        ("限", "封顶"),
    ] {
        shown += &format!("{needle} → {name}: {}", renamed(needle, name));
    }
    insta::assert_snapshot!(shown);
}

#[test]
fn the_outline_goes_by_article() {
    let symbols = Client::open(SAMPLE).of_document("textDocument/documentSymbol");
    fn lines(symbols: &Value, depth: usize, out: &mut String) {
        for symbol in symbols.as_array().into_iter().flatten() {
            *out += &format!(
                "{}{} {}\n",
                "  ".repeat(depth),
                symbol["name"].as_str().unwrap(),
                place(&symbol["range"])
            );
            lines(&symbol["children"], depth + 1, out);
        }
    }
    let mut out = String::new();
    lines(&symbols, 0, &mut out);
    insta::assert_snapshot!(out);
}

#[test]
fn articles_fences_and_tables_fold() {
    let folds = Client::open(SAMPLE).of_document("textDocument/foldingRange");
    let lines: Vec<String> = folds
        .as_array()
        .unwrap()
        .iter()
        .map(|fold| format!("{}-{}", fold["startLine"], fold["endLine"]))
        .collect();
    insta::assert_snapshot!(lines.join(" "));
}

/// The words of a line with their colours.
fn colours(client: &mut Client, line: u64) -> String {
    let data = client.of_document("textDocument/semanticTokens/full");
    let data: Vec<u64> = data["data"].as_array().unwrap().iter().filter_map(Value::as_u64).collect();
    let text = client.text.clone();
    let content: Vec<u16> = text.lines().nth(line as usize).unwrap().encode_utf16().collect();
    let (mut at, mut column, mut shown) = (0, 0, Vec::new());
    for piece in data.chunks(5) {
        column = if piece[0] == 0 { column + piece[1] } else { piece[1] };
        at += piece[0];
        if at == line {
            let word = String::from_utf16(&content[column as usize..(column + piece[2]) as usize]).unwrap();
            shown.push(format!(
                "{word}:{}{}",
                KINDS[piece[3] as usize],
                if piece[4] & 1 == 1 { "!" } else { "" }
            ));
        }
    }
    shown.join(" ")
}

const KINDS: [&str; 14] = [
    "keyword",
    "function",
    "type",
    "number",
    "string",
    "comment",
    "operator",
    "enum",
    "enumMember",
    "class",
    "property",
    "parameter",
    "struct",
    "variable",
];

#[test]
fn colours_follow_the_meaning() {
    let mut client = Client::open(SAMPLE);
    let shown: Vec<String> =
        [5, 10, 13, 30, 47, 49, 56, 58].iter().map(|line| colours(&mut client, *line)).collect();
    insta::assert_snapshot!(shown.join("\n"));
}

#[test]
fn faults_are_told_with_their_fixes() {
    let text = SAMPLE.replace("完成率 × 100分", "完成滤 × 100分").replace("≥ 100万元", "≥ 100");
    let mut client = Client::open(&text);
    let told = client.diagnostics().join("\n");
    let position = support::position(&text, text.find("完成滤").unwrap());
    let actions = client.ask("textDocument/codeAction", json!({ "textDocument": { "uri": URI }, "range": { "start": position, "end": position }, "context": { "diagnostics": [] } }));
    assert_eq!(actions[0]["kind"], "quickfix");
    let mended = changed(&text, &actions[0]["edit"]["changes"][URI]);
    assert!(mended.contains("完成率 × 100分"));
    insta::assert_snapshot!(format!("{told}\n{}", actions[0]["title"].as_str().unwrap()));
}

#[test]
fn messages_follow_the_locale() {
    let mut client = Client::open("");
    client.server = hengjie_lsp::Server::new(hengjie_quantity::Lang::Zh);
    client.ask("initialize", json!({ "locale": "en-GB" }));
    client.tell("textDocument/didOpen", json!({ "textDocument": { "uri": URI, "version": 1, "text": "```rules\npolicy 甲 version 2026-01-01 effective\nfor 乙 yearly\n丙 = 1\n```\n" } }));
    assert!(client.diagnostics()[0].contains("there is no kind or form named"), "{:?}", client.diagnostics());
}

#[test]
fn formatting_changes_only_what_must() {
    let text = SAMPLE.replace("完成率 = 存款日均 ÷ 存款任务", "完成率=存款日均/存款任务");
    let edits = Client::open(&text).of_document("textDocument/formatting");
    assert_eq!(edits.as_array().unwrap().len(), 1);
    assert_eq!(place(&edits[0]["range"]), "29:0-30:0");
    assert_eq!(changed(&text, &edits), SAMPLE);
    assert_eq!(Client::open(SAMPLE).of_document("textDocument/formatting"), json!([]));
}

#[test]
fn typing_moves_the_text_in_utf_16() {
    let text = SAMPLE.replace('\n', "\r\n").replace("完成任务得", "😀完成任务得");
    let mut client = Client::open(&text);
    let before = client.diagnostics();
    assert_eq!(before, [""; 0]);
    // Behind the pair of units of 😀 on line 23, then a rule is spoilt and mended again.
    let change = |line: u64, from: u64, to: u64, text: &str| json!({ "textDocument": { "uri": URI, "version": 2 }, "contentChanges": [{ "range": { "start": { "line": line, "character": from }, "end": { "line": line, "character": to } }, "text": text }] });
    assert_eq!(client.tell("textDocument/didChange", change(22, 2, 4, "做完")), [Value::Null; 0]);
    client.tell("textDocument/didChange", change(29, 0, 3, "完成"));
    assert_eq!(client.diagnostics().len(), 1);
    client.tell("textDocument/didChange", change(29, 0, 2, "完成率"));
    assert_eq!(client.diagnostics(), [""; 0]);
}

#[test]
fn markdown_without_rules_is_left_alone() {
    let mut client = Client::open("# 说明\n\n```js\nlet x = 1\n```\n");
    assert_eq!(client.diagnostics(), [""; 0]);
    for method in ["textDocument/documentSymbol", "textDocument/foldingRange", "textDocument/formatting"] {
        assert_eq!(client.of_document(method), json!([]), "{method}");
    }
}
