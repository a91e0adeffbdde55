//! Run records, replays and comparisons of runs, from outside.

#![allow(clippy::unwrap_used, dead_code, unreachable_pub, reason = "test support: a failure stops the test")]

mod support;

use support::World;

const RUN: [&str; 8] =
    ["run", "policy.md", "--data", "data", "--params", "parameters.demo.csv", "--period", "2025年"];

fn run(world: &World, more: &[&str]) {
    let run = world.run(&[&RUN, more].concat());
    assert_eq!(run.code, Some(0), "{}", run.text());
}

#[test]
fn every_format_comes_out_again_byte_by_byte() {
    let world = World::new();
    for (out, record) in [
        ("结果.xlsx", "结果.run.json"),
        ("表", "表/run.json"),
        ("out/第一.parquet", "out/第一.run.json"),
        ("out/第二.json", "out/第二.run.json"),
        ("out/第三.csv", "out/第三.run.json"),
    ] {
        run(&world, &["--out", out]);
        let again = world.run(&["replay", record]);
        assert_eq!(again.code, Some(0), "{}", again.text());
        assert!(again.stdout.contains("一致：重放得到同样的字节。"), "{}", again.text());
    }
    world.snapshot("replay", &["replay", "结果.run.json"]);
    world.snapshot("replay_en", &["--lang", "en", "replay", "表/run.json"]);
}

#[test]
fn the_same_run_has_the_same_record_and_identity_wherever_it_lies() {
    let world = World::new();
    run(&world, &["--out", "结果.xlsx"]);
    run(&world, &["--out", "deep/er/结果.xlsx"]);
    let identity = |record: &str| {
        let text = world.run(&["--json", "replay", record]).stdout;
        let at = text.find("\"run\": \"").unwrap() + 8;
        text[at..at + 64].to_owned()
    };
    assert_eq!(identity("结果.run.json"), identity("deep/er/结果.run.json"));
    let first = world.read("结果.run.json");
    run(&world, &["--out", "结果.xlsx"]);
    assert_eq!(first, world.read("结果.run.json"));
}

#[test]
fn document_and_parameters_may_change_because_the_record_holds_them() {
    let world = World::new();
    run(&world, &["--out", "结果.xlsx"]);
    world.replace("policy.md", "5分 计入 总分", "6分 计入 总分");
    world.remove("parameters.demo.csv");
    world.snapshot("replay_kept", &["replay", "结果.run.json"]);
}

#[test]
fn a_changed_file_of_facts_is_named_with_both_hashes() {
    let world = World::new();
    run(&world, &["--out", "结果.xlsx"]);
    let facts = world.read("data/人员_每年.csv");
    world.write("data/人员_每年.csv", &facts.replacen("1001,2025年,", "1001,2025年,1", 1));
    let decided = world.read("data/人定.csv");
    world.remove("data/人定.csv");
    world.snapshot("replay_changed_facts", &["replay", "结果.run.json"]);
    world.snapshot("replay_changed_facts_json", &["--json", "replay", "结果.run.json"]);
    world.write("data/人员_每年.csv", &facts);
    world.write("data/人定.csv", &decided);
    assert_eq!(world.run(&["replay", "结果.run.json"]).code, Some(0));
}

#[test]
fn an_edited_result_is_found() {
    let world = World::new();
    run(&world, &["--out", "表"]);
    let table = world.read("表/人员_每年.csv");
    world.write("表/人员_每年.csv", &table.replacen("1001", "1009", 1));
    world.snapshot("replay_edited_result", &["replay", "表/run.json"]);
    world.remove("表/人员_每年.csv");
    assert_eq!(world.run(&["replay", "表/run.json"]).code, Some(0));
}

#[test]
fn a_store_replays_what_was_known_then() {
    let world = World::new();
    let import = |data: &str, day: &str| {
        let words =
            ["import", "policy.md", "--data", data, "--store", "store", "--recorded-on", day, "--by", "甲"];
        let run = world.run(&words);
        assert!(run.code == Some(0) || run.code == Some(1), "{}", run.text());
    };
    numbered(&world);
    import("data", "2026-01-05");
    let words = ["run", "policy.md", "--data", "store", "--period", "2025年", "--out", "一.xlsx"];
    assert_eq!(world.run(&words).code, Some(3));
    std::fs::create_dir(world.path("late")).unwrap();
    world.write("late/人员_每年.csv", "编号,期间,存款日均（万元）\n1001,2025年,9000\n");
    import("late", "2026-02-01");
    let again = world.run(&["replay", "一.run.json"]);
    assert_eq!(again.code, Some(0), "{}", again.text());
    std::fs::rename(world.path("store"), world.path("moved")).unwrap();
    assert_eq!(world.run(&["replay", "一.run.json"]).code, Some(1));
    assert_eq!(world.run(&["replay", "一.run.json", "--data", "moved"]).code, Some(0));
}

/// Gives the events of the world keys, which a store needs.
fn numbered(world: &World) {
    let events = world.read("data/考核事件.csv");
    let (head, rows) = events.split_once('\n').unwrap();
    let rows: Vec<String> = rows.lines().zip(1..).map(|(row, number)| format!("E{number},{row}\n")).collect();
    world.write("data/考核事件.csv", &format!("编号,{head}\n{}", rows.concat()));
}

#[test]
fn what_is_no_record_is_refused() {
    let world = World::new();
    world.snapshot("replay_no_file", &["replay", "结果.run.json"]);
    world.write("x.json", "{\"format\": 9}");
    world.snapshot("replay_no_record", &["replay", "x.json"]);
    world.write("y.run.json", "");
    assert_eq!(world.run(&["replay", "y.run.json"]).code, Some(1));
}
