//! Bad input of every kind from the command line: every fault of a file in one pass, with file, row, column and what to do,
//! soon, and nothing written.

#![allow(clippy::unwrap_used, unreachable_pub, dead_code, reason = "test support: a failure stops the test")]

mod support;

use std::time::{Duration, Instant};
use support::{Run, World};

const PATIENCE: Duration = Duration::from_secs(60);
const RUN: [&str; 8] =
    ["run", "policy.md", "--data", "data", "--params", "parameters.demo.csv", "--out", "out"];

/// Runs, and expects a refusal that says all of this, in time and in few words.
#[track_caller]
fn refused(world: &World, words: &[&str], said: &[&str]) -> Run {
    let start = Instant::now();
    let run = world.run(words);
    let text: String = run.text().chars().take(4_000).collect();
    assert!(start.elapsed() < PATIENCE, "took {:?}: {text}", start.elapsed());
    assert!(run.text().len() < 2 << 20, "{} bytes were said", run.text().len());
    assert_eq!(run.code, Some(1), "{text}");
    for said in said {
        assert!(run.text().contains(said), "{said} is not in: {text}");
    }
    world.assert_untouched();
    run
}

#[track_caller]
fn facts_refused(file: &str, content: &[u8], said: &[&str]) -> Run {
    let world = World::new();
    world.write_bytes(&format!("data/{file}"), content);
    refused(&world, &RUN, said)
}

fn garbage(bytes: usize) -> Vec<u8> {
    let mut state = 7_u64;
    let step = |_| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 56) as u8
    };
    (0..bytes).map(step).collect()
}

#[test]
fn columns_and_cells() {
    facts_refused(
        "客户.csv",
        "编号,余额（万元）\nK1,1\n".as_bytes(),
        &["HJ1101", "客户.csv「经理」：缺少「经理」这一列"],
    );
    facts_refused(
        "客户.csv",
        "编号,经理,余额,余额\nK1,1001,1,1\n".as_bytes(),
        &["HJ1102", "第 3 列和第 4 列", "删去或改名其中一列"],
    );
    facts_refused(
        "客户.csv",
        "编号,经理,余额（户）\nK1,1001,1\n".as_bytes(),
        &["HJ1104", "括号里写元或万元"],
    );
    facts_refused(
        "客户.csv",
        "编号,经理,余额（万元）\nK1,1001,很多\nK2,1001,5户\nK3,9999,1\nK1,1001,2\n,1001,3\nK6,1001\nK7,1001,1,2\n".as_bytes(),
        &["第 2 行「余额（万元）」：「很多」不是数", "第 3 行「余额（万元）」：「5户」的单位是「户」", "第 4 行「经理」：「人员」里没有 9999", "第 5 行「编号」：编号 K1 已经在第 2 行", "第 6 行「编号」：这一格不能空", "第 7 行：这一行有 2 格，表头有 3 格", "第 8 行：这一行有 4 格，表头有 3 格", "共 7 处错误"],
    );
}

#[test]
fn changes_that_overlap_and_units_that_go_round() {
    facts_refused(
        "人员_随日期.csv",
        "编号,自,机构,岗位\n1001,2024-01-01,东城,客户经理\n1001,2024-01-01,北城,柜员\n1002,2024-01-01,东城,客户经理\n".as_bytes(),
        &["HJ1301", "编号＋自 1001、2024-01-01 已经在第 2 行"],
    );
    facts_refused(
        "机构.csv",
        "编号,上级\n总行,东城\n东城,总行\n南城,南城\n".as_bytes(),
        &["HJ1511", "上下级绕成了圈：总行 → 东城 → 总行", "上下级绕成了圈：南城 → 南城", "共 2 处错误"],
    );
}

#[test]
fn a_long_list_says_how_long() {
    let rows: String = (0..5_000).map(|row| format!("K{row},1001,很多\n")).collect();
    let run = facts_refused(
        "客户.csv",
        format!("编号,经理,余额（万元）\n{rows}").as_bytes(),
        &["第 2 行「余额（万元）」", "还有 4000 处没有列出，本表共 5000 处错误、0 处提醒", "共 5000 处错误"],
    );
    assert_eq!(run.stderr.lines().count(), 1_002);
}

#[test]
fn garbage_of_every_format() {
    let noise = garbage(10 << 20);
    for (file, codes) in [
        ("客户.csv", &["HJ1"][..]),
        ("客户.xlsx", &["HJ1006"]),
        ("客户.json", &["HJ1006"]),
        ("客户.parquet", &["HJ1006"]),
    ] {
        let world = World::new();
        world.remove("data/客户.csv");
        world.write_bytes(&format!("data/{file}"), &noise);
        refused(&world, &RUN, codes);
        // Garbage that begins as it should.
        let marks: [&[u8]; 3] = [b"PK\x03\x04", b"[{\"", b"PAR1"];
        for mark in marks {
            world.write_bytes(&format!("data/{file}"), &[mark, &noise[..1 << 20]].concat());
            refused(&world, &RUN, &["错误[HJ1", file]);
        }
    }
    // Ten megabytes without a line end, of quotes, of separators, of line ends.
    for content in ["a".repeat(10 << 20), "\"".repeat(10 << 20), ",".repeat(10 << 20), "\n".repeat(10 << 20)]
    {
        facts_refused("客户.csv", content.as_bytes(), &["错误[HJ1", "客户.csv"]);
    }
}

#[test]
fn garbage_beside_the_tables() {
    facts_refused("mapping.json", &garbage(1 << 20), &["HJ1401", "mapping.json"]);
    facts_refused("mapping.json", "[".repeat(100_000).as_bytes(), &["HJ1401", "mapping.json"]);
    facts_refused("人定.csv", &garbage(1 << 20), &["错误[HJ1", "人定.csv"]);
    let world = World::new();
    world.write_bytes("noise.csv", &garbage(1 << 20));
    refused(
        &world,
        &["run", "policy.md", "--data", "data", "--params", "noise.csv", "--out", "out"],
        &["错误[HJ1", "noise.csv"],
    );
    world.write_bytes("noise.xlsx", &garbage(1 << 20));
    refused(&world, &["run", "policy.md", "--data", "noise.xlsx", "--out", "out"], &["HJ1006", "noise.xlsx"]);
}

#[test]
fn garbage_for_a_document() {
    let world = World::new();
    world.write_bytes("noise.md", &garbage(10 << 20));
    refused(&world, &["run", "noise.md", "--data", "data", "--out", "out"], &["noise.md", "不是 UTF-8 文字"]);
    let fences = "```规则\n".repeat(200_000);
    world.write("fences.md", &fences);
    refused(&world, &["check", "fences.md"], &["fences.md"]);
    let brackets = format!(
        "```规则\n制度 甲 版本 2025-01-01 起\n资料 人员 量词 人\n对 人员\n值 = {}\n```\n",
        "（".repeat(1 << 20)
    );
    world.write("brackets.md", &brackets);
    refused(&world, &["check", "brackets.md"], &["brackets.md"]);
    let names = format!(
        "```规则\n制度 甲 版本 2025-01-01 起\n资料 人员 量词 人\n{}```\n",
        "甲: 金鹅\n".repeat(100_000)
    );
    world.write("names.md", &names);
    refused(&world, &["check", "names.md"], &["names.md"]);
}

#[test]
fn ten_thousand_levels() {
    for (open, close) in [("(", ")"), ("非 ", ""), ("-", ""), ("如 是 则 ", " 否则 是"), ("最大值(1, ", ")")]
    {
        let world = World::new();
        let deep = format!("{}1{}", open.repeat(10_000), close.repeat(10_000));
        world.replace("policy.md", "-计数(事件 其中 其.属实) ÷ 1次 × 差错扣分", &deep);
        refused(&world, &RUN, &["policy.md", "错误[HJ0"]);
    }
    let world = World::new();
    let long = format!("1分{}", " + 1分".repeat(10_000));
    world.replace("policy.md", "-计数(事件 其中 其.属实) ÷ 1次 × 差错扣分", &long);
    let run = world.run(&["check", "policy.md"]);
    assert!(matches!(run.code, Some(0 | 1)), "{:?}", run.code);
}

#[test]
fn a_document_with_mistakes_of_every_kind() {
    let world = World::new();
    world.write("bad.md", "# 坏\n```规则\n制度 坏 版本 2025-13-01 起\n名目 等级: 高级 > 中级 > 高级\n资料 人员 量词 人 树 上级\n上级: 机构\n存款: 金鹅 每年\n表 计分 键 存款\n```\n| 存款 | 得分 |\n|---|---|\n| 100万元以内 | 60分 |\n| 50万元以上 | 80分 |\n\n```规则\n对 人员 每年\n得分 = 查表(计分, 存款).得分 + 5元\n得分 = 1分\n循环甲 = 循环乙\n循环乙 = 循环甲 + 1\n错字 = 不存在的名称\n```\n");
    world.snapshot("every_mistake", &["check", "bad.md"]);
}
