//! The binary from outside: exit codes, messages, files, and that nothing half-written is left.

#![allow(clippy::unwrap_used, unreachable_pub, reason = "test support: a failure stops the test")]

mod support;

use support::World;

#[test]
fn checks_a_sound_document() {
    let world = World::new();
    world.snapshot("check_sound", &["check", "policy.md"]);
    world.snapshot("check_sound_en", &["check", "policy.md", "--lang", "en"]);
}

#[test]
fn lists_every_fault_of_a_document() {
    let world = World::new();
    world.replace("policy.md", "余额: 金额", "余额: 金鹅");
    world.replace("policy.md", "0分 至 120分", "0分 至 120元");
    world.replace("policy.md", "平均(人员, 总分)", "平均(人员, 总份)");
    world.snapshot("check_faults", &["check", "policy.md"]);
    world.snapshot("check_faults_json", &["check", "policy.md", "--json"]);
    world.snapshot("run_with_a_faulty_document", &["run", "policy.md", "--data", "data", "--out", "out"]);
    world.assert_untouched();
}

#[test]
fn a_code_is_explained() {
    let world = World::new();
    world.snapshot("check_explain", &["check", "--explain", "HJ1219"]);
    world.snapshot("check_explain_en", &["check", "--explain", "hj1219", "--lang", "en"]);
    world.snapshot("check_explain_unknown", &["check", "--explain", "HJ9999"]);
}

#[test]
fn overlapping_bands_of_a_table_are_a_fault() {
    let world = World::new();
    world.append(
        "policy.md",
        "\n## 第六条 分档\n\n```规则\n表 分档 键 分数\n```\n| 分数 | 等级 |\n|---|---|\n| 60分以上 | 初级 |\n| 80分以上 | 高级 |\n\n```规则\n对 人员 每年\n分档等级 = 查表(分档, 总分).等级 无则 初级\n```\n",
    );
    world.snapshot("check_overlap", &["check", "policy.md"]);
}

#[test]
fn a_store_is_a_folder_of_facts_that_remembers() {
    let world = World::new();
    let import = |data: &'static str, day: &'static str| {
        ["import", "policy.md", "--data", data, "--store", "store", "--recorded-on", day]
    };
    let run = |out: &'static str, more: &[&'static str]| {
        let words = ["run", "policy.md", "--period", "2025年", "--format", "csv", "--out", out, "--data"];
        let run = world.run(&[&words, more].concat());
        assert_eq!(run.code, Some(3), "{}", run.text());
        world.read(&format!("{out}/人员_每年.csv"))
    };
    let events = world.read("data/考核事件.csv");
    let (head, rows) = events.split_once('\n').unwrap();
    let numbered: Vec<String> =
        rows.lines().zip(1..).map(|(row, number)| format!("E{number},{row}\n")).collect();
    world.write("data/考核事件.csv", &format!("编号,{head}\n{}", numbered.concat()));
    world.snapshot("import", &import("data", "2026-01-05"));
    world.snapshot("import_again", &import("data", "2026-01-06"));
    let first = run("first", &["store"]);
    assert_eq!(first, run("folder", &["data"]));
    std::fs::create_dir(world.path("late")).unwrap();
    world.write("late/人员_每年.csv", "编号,期间,存款日均（万元）\n1001,2025年,9000\n1003,2025年,一\n");
    world.snapshot("import_correction", &import("late", "2026-02-01"));
    assert!(world.path("未导入.xlsx").exists());
    assert_ne!(first, run("corrected", &["store"]));
    assert_eq!(first, run("then", &["store", "--known-at", "2026-01-31"]));
    let explained =
        world.run(&["explain", "policy.md", "1001", "存款得分", "--data", "store", "--period", "2025年"]);
    assert!(explained.stdout.contains("人员_每年.csv 第 2 行"), "{}", explained.text());
    world.snapshot("store", &["store", "store"]);
    world.snapshot(
        "known_at_without_store",
        &["run", "policy.md", "--data", "data", "--known-at", "2026-01-31"],
    );
    world.snapshot("import_no_day", &import("data", "昨天"));
}

#[test]
fn ownership_is_recorded_listed_and_checked() {
    let world = World::new();
    world.remove("data/考核事件.csv");
    let day = ["--recorded-on", "2026-01-05"];
    world.run(&[&["import", "policy.md", "--data", "data", "--store", "store"], day.as_slice()].concat());
    let ownership = |more: &[&'static str]| [&["ownership", "policy.md", "--store", "store"], more].concat();
    world.write(
        "变动.csv",
        "编号,操作,对象,身份,自,由,给,份额,经办,复核,理由\n\
         G1,联合营销,K1,,2025-01-01,,1001,60%,张三,李四,协议\n\
         G2,联合营销,K1,,2025-01-01,,1002,40%,张三,李四,协议\n\
         G3,移交,K1,,2025-07-01,1001,1003,,张三,李四,轮岗\n\
         G4,认领,K2,,2025-01-01,,1001,,张三,张三,新客户\n",
    );
    world.snapshot("ownership_record", &ownership(&["--data", "变动.csv", "--recorded-on", "2026-01-06"]));
    world.snapshot("ownership", &ownership(&[]));
    world.snapshot("ownership_on_a_day", &ownership(&["--on", "2025-03-01", "--of", "K1", "--lang", "en"]));
    world.snapshot("ownership_uncovered", &ownership(&["--uncovered", "--on", "2025-12-31"]));
    world.snapshot("ownership_wrong_table", &ownership(&["--objects", "账户"]));
    let written = world.run(&ownership(&["--out", "ownership.parquet"]));
    assert!(written.code == Some(0) && world.path("ownership.parquet").exists(), "{}", written.text());
}

#[test]
fn documents_that_cannot_be_read() {
    let world = World::new();
    world.snapshot("check_no_file", &["check", "nothing.md"]);
    world.write_bytes("gbk.md", b"# \xd6\xc6\xb6\xc8\n");
    world.snapshot("check_not_utf8", &["check", "gbk.md"]);
}

#[test]
fn garbage_and_depth_are_bounded() {
    let world = World::new();
    let mut garbage = String::from("# 垃圾\n```规则\n");
    while garbage.len() < 10 << 20 {
        garbage.push_str("对 人员 （（）） 如 则 ≥≥ 「 表 12x。。;；§¶ 得分 = = 3 3 \n");
    }
    world.write("garbage.md", &garbage);
    let run = world.run(&["check", "garbage.md"]);
    assert_eq!(run.code, Some(1), "{}", run.text());
    assert!(run.text().len() < 1 << 20, "the report is {} bytes long", run.text().len());

    let deep = format!("{}1分{}", "(".repeat(10_000), ")".repeat(10_000));
    world.replace("policy.md", "-计数(事件 其中 其.属实) ÷ 1次 × 差错扣分", &deep);
    let run = world.run(&["check", "policy.md"]);
    assert_eq!(run.code, Some(1), "{}", run.text());
    assert!(run.text().contains("policy.md：1 处错误"), "{}", &run.text()[..run.text().len().min(2000)]);
}

#[test]
fn runs_a_policy() {
    let world = World::new();
    let run = ["run", "policy.md", "--data", "data", "--params", "parameters.demo.csv", "--out", "out"];
    world.snapshot("run", &run);
    world.snapshot_files("run_files", "out");
    world.snapshot("run_json", &[&run[..], &["--json"]].concat());
}

#[test]
fn writes_every_format() {
    let world = World::new();
    let run = ["run", "policy.md", "--data", "data", "--params", "parameters.demo.csv"];
    for (out, files) in [
        ("a.xlsx", &["a.xlsx"][..]),
        ("b.json", &["b.json", "b_全体_每年.json", "b_机构_每年.json", "b_口径与版本.json"]),
        ("c.parquet", &["c.parquet", "c_全体_每年.parquet", "c_机构_每年.parquet", "c_口径与版本.parquet"]),
    ] {
        let ran = world.run(&[&run[..], &["--out", out]].concat());
        assert_eq!(ran.code, Some(0), "{}", ran.text());
        files.iter().for_each(|file| assert!(world.path(file).is_file(), "{file}: {}", ran.text()));
    }
    assert_eq!(world.hidden(), Vec::<String>::new());
}

#[test]
fn the_same_inputs_give_the_same_bytes() {
    let world = World::new();
    for ending in ["xlsx", "csv", "json", "parquet"] {
        let mut files = Vec::new();
        for threads in ["1", "4"] {
            let out = format!("{threads}/out.{ending}");
            let words = ["run", "policy.md", "--data", "data", "--params", "parameters.demo.csv"];
            let ran = world.run(&[&words[..], &["--out", &out, "--threads", threads]].concat());
            assert_eq!(ran.code, Some(0), "{}", ran.text());
            files.push(std::fs::read(world.path(&out)).unwrap());
        }
        assert!(files[0] == files[1], "{ending} differs");
    }
}

#[test]
fn shows_all_sample_policies() {
    let world = World::new();
    let ran = world.run(&["demo", "--out", "demo"]);
    assert_eq!(ran.code, Some(0), "{}", ran.text());
    assert!(ran.stdout.contains("$ hengjie explain "), "{}", ran.text());
    for name in ["bank-s01", "bank-s02", "telecom", "tobacco", "securities"] {
        assert!(world.path(&format!("demo/结果/{name}.xlsx")).is_file(), "{name}: {}", ran.text());
    }
    let policies = concat!(env!("CARGO_MANIFEST_DIR"), "/../../policies");
    let own = world.read("demo/制度/s02-bank-hundred-points/policy.md");
    assert_eq!(
        own,
        std::fs::read_to_string(format!("{policies}/s02-bank-hundred-points/policy.md")).unwrap()
    );
    world.snapshot("demo_no_policies", &["demo", "--out", "demo2", "--policies", "missing"]);
    world.snapshot("serve_no_folder", &["serve", "missing"]);
}

#[test]
fn only_reads_what_is_asked_for() {
    let world = World::new();
    world.remove("data/客户.csv");
    world.remove("data/考核事件.csv");
    world.remove("data/机构.csv");
    let run = world.run(&["run", "policy.md", "--data", "data", "--only", "存款得分", "--out", "out"]);
    assert_eq!(run.code, Some(0), "{}", run.text());
    world.snapshot_files("run_only", "out");
    world.snapshot(
        "run_only_unknown",
        &["run", "policy.md", "--data", "data", "--only", "存款分", "--out", "out2"],
    );
}

#[test]
fn missing_parameters_and_decisions_are_said() {
    let world = World::new();
    world.remove("data/人定.csv");
    world.write("some.csv", "参数,键1,值\n等级工资,高级,8000元\n");
    world.snapshot(
        "run_waiting",
        &["run", "policy.md", "--data", "data", "--params", "some.csv", "--out", "out"],
    );
    world.snapshot_files("run_waiting_files", "out");
    world.snapshot("params_missing", &["params", "policy.md", "--params", "some.csv"]);
}

#[test]
fn every_fault_of_the_facts_in_one_pass() {
    let world = World::new();
    world.write("data/人员.csv", "编号,名称\n1001,张三\n1001,李四\n1003,王五\n1004,赵六\n");
    world.write(
        "data/人员_每年.csv",
        "编号,期间,存款日均（分）,存款任务（万元）\n1001,2025年,11000,一亿\n1003,二五年,9500,10000\n9999,2025年,1,1\n",
    );
    world.write("data/客户.csv", "编号,经理,经理,金额\nK1,1001,1001,150\n");
    world.write("data/考核事件.csv", "日期,经理,属实\n2025-02-30,1003,是\n2025-04-01,1003,也许\n");
    world.write("data/人定.csv", "事项,对象,期间,决定,由,理由,依据\n酌情加分,9999,2025年,6分,评审小组,突出,\n酌情加份,1001,2025年,6分,评审小组,突出,\n酌情加分,1001,2025年,60分,评审小组,突出,\n酌情加分,1003,2025年1月,6元,评审小组,突出,\n酌情加分,1003,2025年,6元,评审小组,突出,\n");
    world.snapshot(
        "facts_faults",
        &["run", "policy.md", "--data", "data", "--params", "parameters.demo.csv", "--out", "out"],
    );
    world
        .snapshot("facts_faults_en", &["run", "policy.md", "--data", "data", "--out", "out", "--lang", "en"]);
    assert!(!world.path("out").exists());
    assert_eq!(world.hidden(), Vec::<String>::new());
}

#[test]
fn missing_tables_and_cyclic_units() {
    let world = World::new();
    world.remove("data/客户.csv");
    world.snapshot("facts_no_table", &["run", "policy.md", "--data", "data", "--out", "out"]);
    let world = World::new();
    world.write("data/机构.csv", "编号,上级\n总行,东城\n西城,总行\n东城,西城\n南城,西城\n");
    world.snapshot("facts_loop", &["run", "policy.md", "--data", "data", "--out", "out"]);
    world.snapshot("facts_no_folder", &["run", "policy.md", "--data", "nowhere", "--out", "out"]);
    assert!(!world.path("out").exists());
}

#[test]
fn garbage_facts_are_bounded() {
    let world = World::new();
    let mut state = 7_u64;
    let garbage: Vec<u8> = (0..10 << 20)
        .map(|_| {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (state >> 56) as u8
        })
        .collect();
    world.write_bytes("data/人员_每年.csv", &garbage);
    world.write_bytes("data/客户.csv", &garbage[..1 << 20]);
    let run = world.run(&["run", "policy.md", "--data", "data", "--out", "out"]);
    assert_eq!(run.code, Some(1), "{}", &run.text()[..run.text().len().min(2000)]);
    assert!(run.text().len() < 2 << 20, "the report is {} bytes long", run.text().len());
    assert!(!world.path("out").exists());
}

#[test]
fn faults_of_parameter_files() {
    let world = World::new();
    world.write(
        "bad.csv",
        "参数,键1,值,生效自\n差错扣份,,2分,\n差错扣分,,2元,\n差错扣分,,200分,\n差错扣分,,两分,\n等级工资,特级,1元,\n等级工资,,1元,\n差错扣分,高级,1分,\n等级工资,高级,8000,\n差错扣分,,1分,2025-01-01\n差错扣分,,3分,2025-01-01\n",
    );
    world.snapshot("params_faults", &["params", "policy.md", "--params", "bad.csv"]);
    world.snapshot("params_no_file", &["params", "policy.md", "--params", "nothing.csv"]);
}

#[test]
fn explains_a_value() {
    let world = World::new();
    let explain = |subject, value| {
        ["explain", "policy.md", subject, value, "--data", "data", "--params", "parameters.demo.csv"]
    };
    world.snapshot("explain", &explain("李四", "总分"));
    world.snapshot("explain_rank", &explain("1003", "评定等级"));
    world.snapshot("explain_everybody", &explain("全体", "平均分"));
    world.snapshot("explain_nobody", &explain("孙七", "总分"));
    world.snapshot("explain_no_value", &explain("李四", "总成绩"));
    world.snapshot("explain_list", &["explain", "policy.md", "李四", "--data", "data"]);
}

#[test]
fn runs_the_examples() {
    let world = World::new();
    world.snapshot("test_sound", &["test", "policy.md"]);
    world.replace("policy.md", "得 张三.客户得分 于 2025年 = 5分", "得 张三.客户得分 于 2025年 = 6分");
    world.replace("policy.md", "得 总行.下级机构数 于 2025年 = 1个", "");
    world.snapshot("test_failing", &["test", "policy.md"]);
}

#[test]
fn health_of_a_document() {
    let world = World::new();
    world.snapshot("health_sound", &["health", "policy.md", "--params", "parameters.demo.csv"]);
    world.replace("policy.md", "四舍五入 到 0.01分", "");
    world.snapshot("health_faults", &["health", "policy.md", "--params", "parameters.demo.csv"]);
    let words = ["health", "policy.md", "--params", "parameters.demo.csv", "--lang", "en", "--json"];
    world.snapshot("health_faults_json", &words);
    world.replace("policy.md", "汇总", "汇总 汇总");
    let refused = world.run(&["health", "policy.md"]);
    assert_eq!(refused.code, Some(1));
    assert!(
        refused.stderr.ends_with("体检要等制度没有错误才能做：先改好上面的错误，再体检\n"),
        "{}",
        refused.stderr
    );
}

#[test]
fn formats_documents() {
    let world = World::new();
    let sound = world.run(&["fmt", "--check", "policy.md"]);
    assert_eq!(sound.code, Some(0), "{}", sound.text());
    world.replace("policy.md", "平均分 = 平均(人员, 总分)", "平均分=平均（人员，总分）");
    world.snapshot("fmt_check", &["fmt", "--check", "policy.md"]);
    world.snapshot("fmt", &["fmt", "policy.md"]);
    assert!(world.read("policy.md").contains("平均分 = 平均(人员, 总分)\n"));
    assert_eq!(world.hidden(), Vec::<String>::new());
}

#[test]
fn templates_never_replace_tables_that_are_there() {
    let world = World::new();
    world.snapshot("template", &["template", "policy.md", "--out", "forms"]);
    world.snapshot("template_again", &["template", "policy.md", "--out", "forms"]);
    world.snapshot_files("template_files", "forms");
}

#[test]
fn makes_templates_that_can_be_read_back() {
    let world = World::new();
    world.snapshot("template", &["template", "policy.md", "--out", "forms"]);
    world.snapshot_files("template_files", "forms");
    // Empty forms have no fault but that there is nobody in them.
    world.snapshot("run_empty_template", &["run", "policy.md", "--data", "forms", "--out", "out"]);
    world.snapshot("run_empty_workbook", &["run", "policy.md", "--data", "forms/模板.xlsx", "--out", "out"]);
    world.assert_untouched();
}

#[test]
fn usage_errors_are_in_the_language_of_the_user() {
    let world = World::new();
    for (name, words) in [
        ("usage_none", &["rum"][..]),
        ("usage_missing", &["run", "policy.md"]),
        ("usage_unknown", &["check", "policy.md", "--jsno"]),
        ("usage_value", &["run", "policy.md", "--data", "data", "--format", "doc"]),
        ("usage_period", &["run", "policy.md", "--data", "data", "--period", "去年"]),
        ("usage_grain", &["run", "policy.md", "--data", "data", "--period", "2025年3月"]),
        ("usage_reading", &["run", "policy.md", "--data", "data", "--reading", "口径=等于"]),
        ("usage_en", &["run", "policy.md", "--data", "data", "--period", "x", "--lang", "en"]),
        ("help", &["--help"]),
        ("help_run_en", &["run", "--help", "--lang", "en"]),
    ] {
        world.snapshot(name, words);
    }
}

#[test]
fn completions_know_the_commands() {
    let run = World::new().run(&["completions", "bash"]);
    assert_eq!(run.code, Some(0));
    assert!(run.stdout.contains("explain"));
}

#[test]
fn what_cannot_be_written_leaves_nothing() {
    let world = World::new();
    world.write("file", "");
    world.snapshot("unwritable", &["run", "policy.md", "--data", "data", "--out", "file/out.xlsx"]);
    assert_eq!(world.hidden(), Vec::<String>::new());
}

#[test]
fn an_interrupted_run_leaves_nothing() {
    let world = World::new();
    let mut people = String::from("编号,名称\n");
    let mut facts = String::from("编号,期间,存款日均,存款任务\n");
    for person in 0..300_000 {
        people.push_str(&format!("{person},某\n"));
        facts.push_str(&format!("{person},2025年,{person},1000\n"));
    }
    world.write("data/人员.csv", &people);
    world.write("data/人员_每年.csv", &facts);
    world.write("data/人员_随日期.csv", "编号,自,机构,岗位\n1,2024-01-01,东城,客户经理\n");
    let code = world.interrupt(&["run", "policy.md", "--data", "data", "--out", "out.xlsx"], 700);
    assert_ne!(code, Some(0), "the run ended before it could be interrupted");
    assert!(!world.path("out.xlsx").exists());
    assert_eq!(world.hidden(), Vec::<String>::new());
}
