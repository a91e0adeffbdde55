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

/// Runs with some more words and gives the record.
fn recorded(world: &World, name: &str, more: &[&str]) -> String {
    let out = format!("{name}.xlsx");
    let run = world.run(&[more, &["--period", "2025年", "--out", &out]].concat());
    assert!(matches!(run.code, Some(0 | 3)), "{}", run.text());
    format!("{name}.run.json")
}

/// The parts of every difference add up to it; gives the number of differences that have amounts.
fn adds_up(world: &World, old: &str, new: &str) -> usize {
    let compared = world.run(&["compare", old, new, "--out", "对比"]);
    assert_eq!(compared.code, Some(0), "{}", compared.text());
    let text = world.read("对比/逐人.csv");
    let mut sums: std::collections::BTreeMap<String, (i128, i128, String)> =
        std::collections::BTreeMap::new();
    for row in text.lines().skip(1) {
        let cells: Vec<&str> = row.split(',').collect();
        let micro = |cell: &str| {
            let (whole, part) = cell.split_once('.').unwrap_or((cell, ""));
            format!("{whole}{part:0<6}").parse::<i128>()
        };
        let place = cells[..3].join(" ");
        let (Ok(all), Ok(part)) = (micro(cells[5]), micro(cells[cells.len() - 1])) else { continue };
        let entry = sums.entry(place).or_insert((all, 0, row.to_owned()));
        assert_eq!(entry.0, all, "{row}");
        entry.1 += part;
    }
    for (place, (all, parts, row)) in &sums {
        assert_eq!(all, parts, "{place}: {row}\n{text}");
    }
    sums.len()
}

#[test]
fn every_cause_is_named_and_the_parts_add_up() {
    let world = World::new();
    numbered(&world);
    let import = |data: &str, day: &str| {
        world.run(&[
            "import",
            "policy.md",
            "--data",
            data,
            "--store",
            "store",
            "--recorded-on",
            day,
            "--by",
            "甲",
        ])
    };
    assert_eq!(import("data", "2026-01-05").code, Some(0));
    let words = ["run", "policy.md", "--data", "store", "--params", "parameters.demo.csv"];
    let first = recorded(&world, "一", &words);
    // Facts of two deliveries, a customer who changes hands, a record more, a parameter, a reading, an article.
    std::fs::create_dir(world.path("late")).unwrap();
    world.write("late/人员_每年.csv", "编号,期间,存款日均（万元）\n1001,2025年,9000\n1002,2025年,20000\n");
    assert_eq!(import("late", "2026-02-01").code, Some(0));
    world.remove("late/人员_每年.csv");
    let customers = world.read("data/客户.csv");
    world.write("late/客户.csv", &customers.replacen(",1001,", ",1002,", 1));
    world.write("late/考核事件.csv", "编号,日期,经理,属实\nE9,2025-05-05,1002,是\n");
    let late = import("late", "2026-03-01");
    assert_eq!(late.code, Some(0), "{}", late.text());
    let parameters = world.read("parameters.demo.csv");
    world.write("parameters.demo.csv", &parameters.replacen("差错扣分,,2分", "差错扣分,,3分", 1));
    world.replace("policy.md", "5分 计入 总分", "6分 计入 总分");
    let second = recorded(&world, "二", &words);
    world.snapshot("compare", &["compare", &first, &second]);
    world.snapshot("compare_en", &["--lang", "en", "compare", &first, &second]);
    assert!(adds_up(&world, &first, &second) > 4);
    // The other way round, and with itself.
    assert!(adds_up(&world, &second, &first) > 4);
    world.snapshot("compare_same", &["compare", &second, &second]);
}

#[test]
fn a_folder_that_is_still_there_is_compared_and_a_changed_one_is_refused() {
    let world = World::new();
    let words = |data: &'static str| ["run", "policy.md", "--data", data, "--params", "parameters.demo.csv"];
    let first = recorded(&world, "一", &words("data"));
    std::fs::create_dir(world.path("now")).unwrap();
    for file in std::fs::read_dir(world.path("data")).unwrap() {
        let file = file.unwrap();
        std::fs::copy(file.path(), world.path("now").join(file.file_name())).unwrap();
    }
    let people = world.read("now/人员.csv");
    let gone = people.lines().filter(|line| !line.starts_with("1002,")).collect::<Vec<_>>().join("\n");
    world.write("now/人员.csv", &(gone + "\n"));
    for table in ["人员_每年", "人员_随日期", "客户", "考核事件", "人定"] {
        let name = format!("now/{table}.csv");
        let text = world.read(&name);
        let kept: Vec<&str> = text.lines().filter(|line| !line.contains("1002")).collect();
        world.write(&name, &(kept.join("\n") + "\n"));
    }
    let second = recorded(&world, "二", &words("now"));
    world.snapshot("compare_gone", &["compare", &first, &second]);
    assert!(adds_up(&world, &first, &second) > 0);
    assert!(adds_up(&world, &second, &first) > 0);
    world.append("data/人员.csv", "1007,新人\n");
    world.snapshot("compare_changed", &["compare", &first, &second]);
}

#[test]
fn a_corrected_run_posts_only_what_the_comparison_finds() {
    let world = World::new();
    let policy = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/examples/deferred-pay.md");
    let run = |words: &[&str]| {
        let run = world.run(words);
        assert!(matches!(run.code, Some(0 | 3)), "{words:?}: {}", run.text());
        run.stdout
    };
    let import = |folder: &str, day: &str| {
        run(&["import", policy, "--data", folder, "--store", "pay", "--recorded-on", day])
    };
    let post = |day: &str| {
        run(&[
            "pay", "post", policy, "--data", "pay", "--period", "2024年", "--ledger", "账.csv", "--on", day,
            "--by", "人力",
        ])
    };
    std::fs::create_dir(world.path("first")).unwrap();
    world.write("first/人员.csv", "编号,延期支付岗位,已离职,离职日\n甲,是,否,\n乙,是,否,\n");
    world.write("first/人员_每年.csv", "编号,期间,年度绩效（元）\n甲,2024年,100000.01\n乙,2024年,50000\n");
    world.write("first/追索事件.csv", "编号,日期,责任人,属实,核定追索额（元）\n");
    import("first", "2025-01-10");
    let words = ["run", policy, "--data", "pay"];
    let paid = |name: &str| {
        let out = format!("{name}.xlsx");
        run(&[&words[..], &["--period", "2024年", "--out", &out]].concat());
        format!("{name}.run.json")
    };
    let old = paid("一");
    assert!(post("2025-01-15").contains("入账 2 笔，90000.01 元"), "{}", world.read("账.csv"));
    std::fs::create_dir(world.path("second")).unwrap();
    world.write("second/人员_每年.csv", "编号,期间,年度绩效（元）\n甲,2024年,90000\n");
    import("second", "2025-02-10");
    let new = paid("二");
    assert_eq!(world.run(&["replay", &old]).code, Some(0));
    assert_eq!(world.run(&["replay", &new]).code, Some(0));
    let compared = run(&["compare", &old, &new]);
    assert!(compared.contains("资料 人员的年度绩效（第 2 次导入，2025-02-10 得知）"), "{compared}");
    let line = compared.lines().find(|line| line.contains("应发绩效") && line.starts_with('甲')).unwrap();
    assert!(line.contains("60000.01元  5.4万元  -6000.01元"), "{line}");
    // The ledger gets that difference and nothing else; posting again gives nothing.
    let posted = post("2025-02-15");
    assert!(posted.contains("入账 1 笔，-6000.01 元；1 笔没有变"), "{posted}");
    let again = post("2025-02-16");
    assert!(again.contains("入账 0 笔，0.00 元；2 笔没有变"), "{again}");
}
