//! What first users stumbled over: each of these once gave a wrong result, no word, or a wrong word.

#![allow(clippy::unwrap_used, unreachable_pub, dead_code, reason = "test support: a failure stops the test")]

mod support;

use support::World;

const RUN: [&str; 6] = ["run", "policy.md", "--data", "data", "--params", "parameters.demo.csv"];

fn words<'a>(parts: &[&[&'a str]]) -> Vec<&'a str> {
    parts.concat()
}

#[test]
fn tables_of_an_earlier_run_do_not_stay_beside_new_results() {
    let world = World::new();
    let decisions = world.read("data/人定.csv");
    world.remove("data/人定.csv");
    for ending in ["csv", "json", "parquet"] {
        let out = format!("out-{ending}");
        let run = words(&[&RUN, &["--out", &out, "--format", ending]]);
        let open = format!("{out}/待定.{ending}");
        world.write("data/客户.csv", "编号,经理,余额（万元）\nK1,1001,150\nK2,1001,160\n");
        assert_eq!(world.run(&run).code, Some(3));
        assert!(world.path(&open).is_file());
        world.write(&format!("{out}/别人的.{ending}"), "x");
        world.write("data/人定.csv", &decisions.replace("1002", "1001"));
        let second = world.run(&run);
        assert_eq!(second.code, Some(0), "{}", second.text());
        assert!(!world.path(&open).exists(), "{}", second.text());
        assert!(second.stdout.contains(&format!("删去上次的 {open}：这次没有这张表")), "{}", second.text());
        assert!(world.path(&format!("{out}/别人的.{ending}")).is_file());
        world.remove("data/人定.csv");
    }
}

#[test]
fn tables_of_another_policy_stay() {
    let world = World::new();
    world.remove("data/人定.csv");
    world.write("data/客户.csv", "编号,经理,余额（万元）\nK1,1001,150\nK2,1001,160\n");
    assert_eq!(world.run(&words(&[&RUN, &["--out", "out"]])).code, Some(3));
    let gaps = world.read("out/待定.csv");
    world.write(
        "other.md",
        "# 另一份\n\n```规则\n制度 另一份 版本 2025-01-01 起\n资料 客户 量词 户\n余额: 金额\n对 客户 每年\n加倍 = 余额 × 2\n```\n",
    );
    let run = world.run(&["run", "other.md", "--data", "data", "--period", "2025年", "--out", "out"]);
    assert_eq!(run.code, Some(0), "{}", run.text());
    assert_eq!(world.read("out/待定.csv"), gaps);
}

#[test]
fn a_table_that_somebody_has_filled_in_stays() {
    let world = World::new();
    world.write("data/客户.csv", "编号,经理,余额（万元）\nK1,1001,150\nK2,1001,160\n");
    world.remove("data/人定.csv");
    assert_eq!(world.run(&words(&[&RUN, &["--out", "out"]])).code, Some(3));
    world.append("out/待定.csv", "酌情加分,1001,,2025年,6分,评审小组,突出,\n");
    world.write(
        "data/人定.csv",
        "事项,对象,期间,决定,由,理由,依据\n酌情加分,1001,2025年,6分,评审小组,突出,\n",
    );
    world.snapshot("earlier_table_changed", &words(&[&RUN, &["--out", "out"]]));
    assert!(world.path("out/待定.csv").is_file());
}

#[test]
fn results_never_cover_the_facts() {
    let world = World::new();
    let before = world.read("data/人员_每年.csv");
    for out in ["data", "data/x.csv", "data/人员.xlsx"] {
        let run = world.run(&words(&[&RUN, &["--out", out]]));
        let refused = out != "data/x.csv";
        assert_eq!(run.code == Some(2), refused, "{out}: {}", run.text());
        assert_eq!(world.read("data/人员_每年.csv"), before);
    }
}

#[test]
fn a_run_for_nobody_says_so() {
    let world = World::new();
    world.write("data/人员.csv", "编号,名称\n");
    world.write("data/人员_每年.csv", "编号,期间,存款日均（万元）,存款任务（万元）\n");
    world.write("data/人员_随日期.csv", "编号,自,机构,岗位\n");
    world.write("data/客户.csv", "编号,经理,余额（万元）\n");
    world.write("data/考核事件.csv", "日期,经理,属实\n");
    world.remove("data/人定.csv");
    world.snapshot("nobody_empty", &words(&[&RUN, &["--out", "out"]]));
    world.assert_untouched();

    let world = World::new();
    world.write("data/人员_随日期.csv", &world.read("data/人员_随日期.csv").replace("客户经理", "柜员"));
    world.snapshot("nobody_in_scope", &words(&[&RUN, &["--out", "out"]]));
    world.snapshot("nobody_in_scope_en", &words(&[&RUN, &["--out", "out", "--lang", "en"]]));
    world.assert_untouched();

    let world = World::new();
    world.write("policy.md", "# 测\n```规则\n制度 测 版本 2025-01-01 起\n资料 贷款 量词 笔 每年\n余额: 金额\n对 贷款 每年\n奖 = 其.余额 × 1%\n```\n".replace("其.", "").as_str());
    world.write("data/贷款.csv", "编号,期间,余额（元）\n1,2024年,5\n2,2024年,6\n");
    world.snapshot(
        "nobody_no_records",
        &["run", "policy.md", "--data", "data", "--period", "2025年", "--out", "out"],
    );
    world.assert_untouched();
}

#[test]
fn parameters_filled_into_the_template_count() {
    let world = World::new();
    world.write("data/参数.csv", &world.read("parameters.demo.csv"));
    let run = world.run(&["run", "policy.md", "--data", "data", "--out", "out"]);
    assert_eq!((run.code, run.stderr.as_str()), (Some(0), ""), "{}", run.text());
    assert!(
        world.read("out/口径与版本.csv").contains("参数.csv 第 2 行"),
        "{}",
        world.read("out/口径与版本.csv")
    );
    world.snapshot("parameters_twice", &words(&[&RUN, &["--out", "out2"]]));
    // Empty as the template has it.
    world.write(
        "data/参数.csv",
        "参数,键1,值,生效自,由,依据\n示例：等级工资,高级,100元,2025-01-01,人力资源部,文\n",
    );
    let run = world.run(&words(&[&RUN, &["--out", "out3"]]));
    assert_eq!((run.code, run.stderr.as_str()), (Some(0), ""), "{}", run.text());
}

#[test]
fn the_top_of_a_tree_has_nobody_above() {
    for top in ["无", "—", "none"] {
        let world = World::new();
        world.write("data/机构.csv", &format!("编号,上级\n总行,{top}\n东城,总行\n"));
        let run = world.run(&words(&[&RUN, &["--out", "out"]]));
        assert_eq!((run.code, run.stderr.as_str()), (Some(0), ""), "{}", run.text());
        assert!(
            world.read("out/机构_每年.csv").contains("总行,2025年,1"),
            "{}",
            world.read("out/机构_每年.csv")
        );
    }
}

#[test]
fn a_value_the_document_asks_for_may_be_none() {
    let world = World::new();
    world.replace("data/客户.csv", "99.99", "无");
    world.snapshot("none_not_asked_for", &words(&[&RUN, &["--out", "out"]]));
    world.replace("policy.md", "其.余额 ≥ 100万元", "有(其.余额) 且 其.余额 ≥ 100万元");
    let run = world.run(&words(&[&RUN, &["--out", "out"]]));
    assert_eq!((run.code, run.stderr.as_str()), (Some(0), ""), "{}", run.text());
    assert!(
        world.read("out/人员_每年.csv").contains("1001,张三,2025年,115.00,110,1,5,"),
        "{}",
        world.read("out/人员_每年.csv")
    );
    // The same files for a part of the document that does not ask.
    world.append("policy.md", "\n## 第六条\n\n```规则\n对 客户\n余额两倍 = 余额 × 2\n```\n");
    let run = world.run(&words(&[&RUN, &["--only", "余额两倍", "--out", "out2"]]));
    assert_eq!(run.code, Some(0), "{}", run.text());
}

#[test]
fn counts_are_whole() {
    let world = World::new();
    world.replace("policy.md", "余额: 金额", "余额: 金额\n网点数: 计数(个)");
    world.replace("policy.md", "其.余额 ≥ 100万元)", "其.余额 ≥ 100万元 且 其.网点数 ≥ 0个)");
    world.write("data/客户.csv", "编号,经理,余额（万元）,网点数（个）\nK1,1001,150,31.5\nK2,1001,99.99,3.0\nK3,1001,1,0.5万个\nK4,1001,1,2.25个\n");
    world.snapshot("counts_are_whole", &words(&[&RUN, &["--out", "out"]]));
    world.assert_untouched();
}

#[test]
fn forms_of_a_day_have_a_day() {
    let world = World::new();
    world.append("policy.md", "\n## 第六条\n\n```规则\n表单 日志 对 人员 每日 反称 日志\n内容: 文字\n对 人员 每年\n日志数 = 计数(日志 其中 其.内容 ≠ “”)\n```\n".replace("表单 日志 ", "表单 工作日志 ").as_str());
    let run = world.run(&["template", "policy.md", "--only", "日志数", "--out", "forms"]);
    assert_eq!(run.code, Some(0), "{}", run.text());
    let heading = world.read("forms/工作日志.csv").lines().next().unwrap().to_owned();
    assert!(heading.contains("日期") && !heading.contains("期间"), "{heading}");
    world.write("data/工作日志.csv", "日期,对象,内容\n2025-03-01,1001,走访\n2025-03-02,1001,走访\n");
    let run = world.run(&words(&[&RUN, &["--only", "日志数", "--out", "out"]]));
    assert_eq!((run.code, run.stderr.as_str()), (Some(0), ""), "{}", run.text());
    assert!(
        world.read("out/人员_每年.csv").contains("1001,张三,2025年,2"),
        "{}",
        world.read("out/人员_每年.csv")
    );
    world.write("data/工作日志.csv", "期间,对象,内容\n2025-03-01,1001,走访\n");
    let run = world.run(&words(&[&RUN, &["--only", "日志数", "--out", "out2"]]));
    assert!(run.stderr.contains("表里有「期间」，如果就是它，把表头改成「日期」"), "{}", run.text());
}

#[test]
fn empty_key_columns_are_no_matter() {
    let world = World::new();
    let text = "参数,键1,键2,键3,键4,键5,键6,值,生效自,由,依据\n差错扣分,,,,,,,2分,,,\n等级工资,高级,,,,,,8000元,,,\n等级工资,中级,,,,,,6000元,,,\n等级工资,初级,,,,,,5000元,,,\n";
    world.write("wide.csv", text);
    let run = world.run(&["run", "policy.md", "--data", "data", "--params", "wide.csv", "--out", "out"]);
    assert_eq!((run.code, run.stderr.as_str()), (Some(0), ""), "{}", run.text());
    world.write("wide.csv", &text.replace("高级,,", "高级,甲,"));
    let run = world.run(&["run", "policy.md", "--data", "data", "--params", "wide.csv", "--out", "out2"]);
    assert!(run.stderr.contains("没有这个键"), "{}", run.text());
}

#[test]
fn a_part_of_a_document_says_nothing_about_the_rest() {
    let world = World::new();
    world.replace(
        "policy.md",
        "下级机构数 = 计数(下属(上级))",
        "下级机构数 = 计数(下属(上级))\n评语加分 = 人定(评审小组, 0分 至 5分)",
    );
    world.append(
        "data/人定.csv",
        "评语加分,总行,2025年,3分,评审小组,好,\n评语加分,东城,2025年,3分,评审小组,好,\n",
    );
    let run = world.run(&words(&[&RUN, &["--only", "酌情加分,大户数", "--out", "out"]]));
    assert_eq!((run.code, run.stderr.as_str()), (Some(0), ""), "{}", run.text());
    // What is decided of nothing that the document has is still named.
    world.append("data/人定.csv", "评语加份,总行,2025年,3分,评审小组,好,\n");
    let run = world.run(&words(&[&RUN, &["--only", "酌情加分,大户数", "--out", "out"]]));
    assert!(run.stderr.contains("HJ1501"), "{}", run.text());
}

/// The texts of the screen and of no other language than Chinese: letters of names, codes and options apart.
#[track_caller]
fn assert_chinese(text: &str, said: &[&str]) {
    for english in [
        "No such",
        "os error",
        "unknown field",
        "expected",
        "OPTIONS",
        "COMMAND",
        "Usage",
        " at line ",
        "invalid",
    ] {
        assert!(!text.contains(english), "{english}: {text}");
    }
    for said in said {
        assert!(text.contains(said), "{said}: {text}");
    }
}

#[test]
fn chinese_words_only() {
    let world = World::new();
    world.write("data/mapping.json", "{\"table\": {}}");
    assert_chinese(
        &world.run(&words(&[&RUN, &["--out", "out"]])).text(),
        &["不认识「table」，这里可以写：tables"],
    );
    world.write("data/mapping.json", "{\"tables\": ");
    assert_chinese(&world.run(&words(&[&RUN, &["--out", "out"]])).text(), &["没有写完"]);
    world.remove("data/mapping.json");
    world.write("data/客户.json", "[{\"编号\": 1,]");
    world.remove("data/客户.csv");
    assert_chinese(&world.run(&words(&[&RUN, &["--out", "out"]])).text(), &["不是一列对象的 JSON"]);
    world.remove("data/客户.json");
    std::fs::create_dir(world.path("data/客户.csv")).unwrap();
    assert_chinese(&world.run(&words(&[&RUN, &["--out", "out"]])).text(), &["这是文件夹，不是文件"]);
    std::fs::remove_dir(world.path("data/客户.csv")).unwrap();
    world.write("data/客户.xlsx", "PK nothing");
    assert_chinese(&world.run(&words(&[&RUN, &["--out", "out"]])).text(), &["文件损坏，读不了"]);
    assert_chinese(&world.run(&["--help"]).text(), &["hengjie [选项] <命令>"]);
    for (command, usage) in [
        ("run", "hengjie run [选项] --data <文件夹|工作簿.xlsx> <制度>"),
        ("fmt", "hengjie fmt [选项] <文件>..."),
    ] {
        assert_chinese(&world.run(&[command, "--help"]).text(), &[usage]);
    }
    assert_chinese(&world.run(&["chek"]).text(), &["是不是 check"]);
    assert_chinese(&world.run(&["xyz"]).text(), &["有：new、check"]);
}

#[test]
fn one_message_for_one_mistake() {
    let world = World::new();
    world.write(
        "data/mapping.json",
        "{\"tables\": {\"客户\": {\"columns\": {\"余额（万元）\": {\"to\": \"余额\", \"unit\": \"户\"}}}}}",
    );
    let run = world.run(&words(&[&RUN, &["--out", "out"]]));
    assert!(run.stderr.contains("HJ1404") && run.stderr.contains("共 1 处错误"), "{}", run.text());
    world.write("spaced.md", "## A1\n```rules\npolicy p version 2026-01-01 effective\nkind staff counter people\ncomplaints: count(times) 0 times to 9times yearly\nparameter most: count(times) = 3 times\nfor staff yearly\na = complaints ≥ 3 times\nb = if complaints ≥ 3 times then 1 yuan else 2 yuan\nc = max(complaints, 3 times) + 1times\n```\n");
    world.snapshot("spaced_units", &["--lang", "en", "check", "spaced.md"]);
}

#[test]
fn english_documents_in_english() {
    let world = World::new();
    world.write("en.md", "## A1\n```rules\npolicy p version 2026-01-01 effective\nkind staff counter people\ndeposits: money yearly\ntable bands key deposits\n```\n| deposits | bonus | paid |\n|---|---|---|\n| < 100 yuan | pending | no |\n| ≥ 100 yuan | 5 yuan | yes |\n\n```rules\nfor staff yearly\nbonus = lookup(bands, deposits).bonus or_none 0 yuan\nhalf = deposits ÷ 2\npaid = lookup(bands, deposits).paid or_none no\n```\n```examples\ngiven staff Zhang on 2026: deposits = 200 yuan\nexpect Zhang.bonus on 2026 = 5 yuan\nexpect Zhang.paid = yes\n```\n```examples\ngiven staff on 2026\n```\n| staff | deposits |\n|---|---|\n| Li | 300 yuan |\n| Wu | missing |\n\n```examples\nexpect on 2026\n```\n| staff | half |\n|---|---|\n| Li | 150 yuan |\n| Wu | missing |\n\n```examples\ngiven staff Sun on 2026: deposits = 1 yuan\nexpect Sun.bonus = missing\n```\n");
    world.snapshot("english_document", &["--lang", "en", "test", "en.md"]);
}

#[test]
fn example_rows_are_of_the_document() {
    let world = World::new();
    let run = world.run(&["template", "policy.md", "--out", "forms"]);
    assert_eq!(run.code, Some(0), "{}", run.text());
    let example = |file: &str| world.read(file).lines().nth(1).unwrap().to_owned();
    assert_eq!(example("forms/参数.csv"), "示例：差错扣分,,20分,2025-01-01,运营部,人力〔2025〕12 号");
    assert_eq!(
        example("forms/人定.csv"),
        "示例：酌情加分,1001,,2025年,10分,评审小组,情节较轻,会议纪要 2025-12 号"
    );
    let run = world.run(&["template", "policy.md", "--only", "评定等级", "--out", "seats"]);
    assert_eq!(run.code, Some(0), "{}", run.text());
}

#[test]
fn the_list_of_open_decisions_can_be_handed_in() {
    let world = World::new();
    world.write("data/客户.csv", "编号,经理,余额（万元）\nK1,1001,150\nK2,1001,160\n");
    world.remove("data/人定.csv");
    assert_eq!(world.run(&words(&[&RUN, &["--out", "out"]])).code, Some(3));
    let open = world.read("out/待定.csv");
    world.write("data/人定.csv", &open);
    let run = world.run(&words(&[&RUN, &["--out", "out"]]));
    assert_eq!((run.code, run.stderr.as_str()), (Some(3), ""), "nothing is decided yet: {}", run.text());
    world.write("data/人定.csv", &open.replace("2025年,,评审小组", "2025年,6分,评审小组"));
    let run = world.run(&words(&[&RUN, &["--out", "out"]]));
    assert!(
        run.stderr.contains("错误[HJ1507] 人定.csv 第 2 行「理由」：写了决定，没有写理由"),
        "{}",
        run.text()
    );
    let list = open.replace("酌情加分,1001,,2025年,,评审小组,,", "酌情加分,1001,,2025年,6分,评审小组,突出,");
    world.write("data/人定.csv", &list);
    let run = world.run(&words(&[&RUN, &["--out", "out"]]));
    assert_eq!((run.code, run.stderr.as_str()), (Some(0), ""), "{list}\n{}", run.text());
}
