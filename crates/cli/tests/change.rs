//! Commands about changes from outside: distance and readings.

#![allow(clippy::unwrap_used, unreachable_pub, dead_code, reason = "test support: a failure stops the test")]

mod support;

use support::World;

const FACTS: [&str; 4] = ["--data", "data", "--params", "parameters.demo.csv"];

fn words<'a>(command: &[&'a str]) -> Vec<&'a str> {
    command.iter().copied().chain(FACTS).collect()
}

#[test]
fn distance_of_a_person() {
    let world = World::new();
    world.snapshot("distance", &words(&["distance", "policy.md", "王五"]));
    world.snapshot("distance_en", &words(&["--lang", "en", "distance", "policy.md", "王五"]));
    world.snapshot(
        "distance_json",
        &words(&["--json", "distance", "policy.md", "1003", "总分", "--to", "96分"]),
    );
    world.snapshot("distance_rank", &words(&["distance", "policy.md", "1003", "名次", "--to", "1人"]));
}

#[test]
fn distance_of_nobody_or_nothing() {
    let world = World::new();
    world.snapshot("distance_nobody", &words(&["distance", "policy.md", "张山"]));
    world.snapshot("distance_nothing", &words(&["distance", "policy.md", "张三", "总份"]));
    world.snapshot("distance_wrong_unit", &words(&["distance", "policy.md", "张三", "总分", "--to", "90元"]));
    world.snapshot(
        "distance_no_period",
        &words(&["distance", "policy.md", "张三", "总分", "--period", "2025年3月"]),
    );
    world.snapshot("distance_no_person", &words(&["distance", "policy.md"]));
    world.snapshot("distance_missing", &["distance", "policy.md", "张三", "--data", "data"]);
}

#[test]
fn who_falls() {
    let world = World::new();
    world.snapshot("distance_warn", &words(&["distance", "policy.md", "--warn"]));
}

/// A document whose rules use a reading.
fn with_readings(world: &World) {
    world.replace("policy.md", "大户数 = 计数(名下客户 其中 其.余额 ≥ 100万元)", "大户数 = 如 口径 = 大于等于 则 计数(名下客户 其中 其.余额 ≥ 100万元) 否则 计数(名下客户 其中 其.余额 > 100万元)");
}

#[test]
fn readings_side_by_side() {
    let world = World::new();
    with_readings(&world);
    world.snapshot("readings", &words(&["readings", "policy.md", "--out", "out"]));
    world.snapshot_files("readings_files", "out");
    let run = world.run(&words(&["readings", "policy.md", "--out", "对照.xlsx"]));
    assert_eq!(run.code, Some(0), "{}", run.text());
    assert!(world.path("对照.xlsx").exists());
}

#[test]
fn readings_of_a_document_without_any() {
    let world = World::new();
    world.replace(
        "policy.md",
        "读法 口径 达标口径: 大于 | 大于等于 取 大于等于 由 人力资源部 于 2025-01-02\n",
        "",
    );
    world.snapshot("readings_none", &words(&["readings", "policy.md"]));
}

#[test]
fn what_if_facts_and_parameters_change() {
    let world = World::new();
    let set = ["whatif", "policy.md", "--set", "人员.王五.存款日均=1.2亿元"];
    world.snapshot("whatif_fact", &words(&set));
    world.snapshot("whatif_parameter", &words(&["whatif", "policy.md", "--param", "等级工资(高级)=9000元"]));
    world.snapshot("whatif_en", &words(&[&["--lang", "en"], &set[..]].concat()));
    world.snapshot("whatif_files", &words(&[&set[..], &["--out", "out"]].concat()));
    world.snapshot_files("whatif_csv", "out");
    let same = world.run(&words(&["whatif", "policy.md", "--set", "人员.王五.存款日均=9500万元"]));
    assert!(same.stdout.contains("0 个对象有变化"), "{}", same.text());
}

#[test]
fn what_if_another_version() {
    let world = World::new();
    let text =
        world.read("policy.md").replace("每户 5 分", "每户 6 分").replace("÷ 1户 × 5分", "÷ 1户 × 6分");
    world.write("new.md", &text);
    world.snapshot("whatif_policy", &words(&["whatif", "policy.md", "--policy", "new.md"]));
    let same = world.run(&words(&["whatif", "policy.md", "--policy", "policy.md"]));
    assert!(same.stdout.contains("0 个对象有变化"), "{}", same.text());
}

#[test]
fn what_if_of_what_does_not_exist() {
    let world = World::new();
    for (name, what) in [
        ("whatif_nobody", ["--set", "人员.王武.存款日均=1亿元"]),
        ("whatif_no_field", ["--set", "人员.王五.存款日平均=1亿元"]),
        ("whatif_no_kind", ["--set", "职员.王五.存款日均=1亿元"]),
        ("whatif_wrong_unit", ["--set", "人员.王五.存款日均=100户"]),
        ("whatif_no_parameter", ["--param", "差错扣=3分"]),
        ("whatif_no_key", ["--param", "等级工资=3元"]),
        ("whatif_not_written_so", ["--set", "王五 存款日均 1亿元"]),
        ("whatif_no_period", ["--period", "2019年"]),
    ] {
        let more: &[&str] = if what[0] == "--period" { &["--param", "差错扣分=3分"] } else { &[] };
        world.snapshot(name, &words(&[&["whatif", "policy.md"], &what[..], more].concat()));
    }
    world.snapshot("whatif_nothing", &words(&["whatif", "policy.md"]));
}

#[test]
fn two_versions_side_by_side() {
    let world = World::new();
    let text = world
        .read("policy.md")
        .replace("÷ 1户 × 5分", "÷ 1户 × 6分")
        .replace("高级 取 50% 向下", "高级 取 70% 向下")
        .replace(
            "参数 差错扣分: 分 0分 至 20分 待定 由 运营部",
            "参数 差错扣分: 分 0分 至 10分 待定 由 运营部",
        )
        .replace("## 第五条 机构\n", "## 第五条 机构\n\n每年末统计下级机构。\n");
    world.write("new.md", &text);
    world.snapshot("diff", &["diff", "policy.md", "new.md"]);
    world.snapshot("diff_en", &["--lang", "en", "diff", "policy.md", "new.md"]);
    let out = ["diff", "policy.md", "new.md", "--out", "对照.html", "--out", "out"];
    world.snapshot("diff_with_facts", &words(&out));
    world.snapshot_files("diff_csv", "out");
    let page = world.read("对照.html");
    assert!(page.contains("<del>5</del><ins>6</ins>") && page.ends_with("</body></html>\n"), "{page}");
    assert!(!page.contains("http"), "the page needs nothing else");
}

#[test]
fn the_same_document_and_another_layout_are_no_amendment() {
    let world = World::new();
    world.snapshot("diff_same", &words(&["diff", "policy.md", "policy.md"]));
    let text = world
        .read("policy.md")
        .replace("得分 = 限于(", "得分   =  限于( ")
        .replace("0分 至 120分) 计入 总分", "0分 至 120分)  计入 总分 -- 封顶");
    world.write("laid-out.md", &text);
    let run = world.run(&["diff", "policy.md", "laid-out.md"]);
    assert!(run.stdout.contains("没有改动"), "{}", run.text());
}

#[test]
fn two_documents_without_common_ancestry() {
    let world = World::new();
    world.write("other.md", "# 别的办法\n\n```规则\n制度 别的办法 版本 2025-01-01 起\n资料 车辆 量词 辆\n里程: 数\n对 车辆\n该保养 = 里程 > 5000\n```\n");
    world.snapshot("diff_strangers", &["diff", "policy.md", "other.md"]);
}

#[test]
fn a_changed_formula_is_one_amendment_and_rules_print_its_call() {
    let world = World::new();
    let text = "# 折分办法\n\n```规则\n制度 折分 版本 2025-01-01 起\n资料 员工 量词 人\n基本: 分 每年\n公式 折(原: 分) = 原 × 2\n对 员工 每年\n得分 = 折(基本) + 1分\n```\n";
    world.write("old.md", text);
    world.write("new.md", &text.replace("原 × 2", "原 × 3"));
    world.write("more.md", &text.replace("+ 1分", "+ 2分"));
    world.snapshot("diff_formula", &["diff", "old.md", "new.md"]);
    world.snapshot("diff_call", &["diff", "old.md", "more.md"]);
}

#[test]
fn where_real_people_fall() {
    let world = World::new();
    world.snapshot("health_facts", &words(&["health", "policy.md", "--only", "空档"]));
    world.snapshot("health_facts_en", &words(&["--lang", "en", "health", "policy.md", "--only", "gap"]));
}
