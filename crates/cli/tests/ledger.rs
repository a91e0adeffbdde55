//! The ledger from outside: built from the tables of the documentation, kept up, corrected, explained, and feeding a run.

#![allow(clippy::unwrap_used, unreachable_pub, dead_code, reason = "test support: a failure stops the test")]

mod support;

use std::path::Path;
use support::World;

const DEPOSITS: &str = "存款日均=存款";

/// A world with the tables of `docs/examples/ledger`, and a ledger built from them.
fn world() -> World {
    let world = World::new();
    let examples = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/examples/ledger");
    std::fs::create_dir(world.path("bank")).unwrap();
    for entry in std::fs::read_dir(examples).unwrap() {
        let entry = entry.unwrap();
        std::fs::copy(entry.path(), world.path("bank").join(entry.file_name())).unwrap();
    }
    world
}

fn built() -> World {
    let world = world();
    let run = world.run(&["ledger", "build", "book", "--from", "bank", "--recorded-on", "2026-01-02"]);
    assert_eq!(run.code, Some(0), "{}", run.text());
    world
}

#[test]
fn from_tables_to_explained_averages() {
    let world = world();
    world.snapshot(
        "ledger_build",
        &["ledger", "build", "book", "--from", "bank", "--recorded-on", "2026-01-02"],
    );
    world.snapshot("ledger_average", &["ledger", "average", "book", "--period", "2025年"]);
    let counted =
        ["--column", "存款=存款 ≥50万元", "--column", "最大=存款 最大", "--column", "户数=存款 户数"];
    let words = [&["ledger", "average", "book", "--period", "2025年"][..], &counted].concat();
    world.snapshot("ledger_average_columns", &words);
    world.snapshot(
        "ledger_average_customers",
        &["ledger", "average", "book", "--period", "2025年4季", "--by", "客户"],
    );
    let explain =
        ["ledger", "explain", "book", "1002", "--period", "2025年", "--column", "存款日均=存款 ≥50万元"];
    world.snapshot("ledger_explain", &explain);
    world.snapshot("ledger_explain_en", &[&explain[..], &["--lang", "en"]].concat());
    let customer =
        ["ledger", "explain", "book", "--customer", "C02", "--period", "2025年", "--column", DEPOSITS];
    world.snapshot("ledger_explain_customer", &customer);
    world.snapshot("ledger_verify", &["ledger", "verify", "book"]);
}

#[test]
fn days_and_corrections_are_told_apart_by_what_was_known() {
    let world = built();
    world.snapshot(
        "ledger_load",
        &["ledger", "load", "book", "bank/一月五日.csv", "--recorded-on", "2026-01-06"],
    );
    world.snapshot(
        "ledger_load_again",
        &["ledger", "load", "book", "bank/一月五日.csv", "--recorded-on", "2026-01-07"],
    );
    world.snapshot(
        "ledger_correct",
        &["ledger", "load", "book", "bank/更正.csv", "--recorded-on", "2026-01-08"],
    );
    let average = ["ledger", "average", "book", "--period", "2025年", "--column", DEPOSITS];
    world.snapshot("ledger_average_corrected", &average);
    world.snapshot("ledger_average_as_of", &[&average[..], &["--known-at", "2026-01-07"]].concat());
    world.snapshot("ledger_show", &["ledger", "show", "book"]);
    assert_eq!(world.run(&["ledger", "verify", "book"]).code, Some(0));
}

#[test]
fn averages_become_facts_of_a_policy() {
    let world = built();
    world.write(
        "年.csv",
        "编号,期间,存款日均（元）,备注\n1001,2025年,,甲\n1001,2024年,5,乙\n1003,2025年,,丙\n",
    );
    let words = [
        "ledger",
        "average",
        "book",
        "--period",
        "2025年",
        "--column",
        DEPOSITS,
        "--column",
        "贷款日均=贷款",
    ];
    world.snapshot("ledger_into", &[&words[..], &["--into", "年.csv"]].concat());
    assert_eq!(
        world.read("年.csv").replace(['\u{feff}', '\r'], ""),
        "编号,期间,存款日均（元）,备注,贷款日均（元）\n1001,2025年,1538246.73,甲,1002739.73\n1001,2024年,5,乙,\n1003,2025年,,丙,\n"
    );
    // A table that counts in 万元 goes on to do so, and a run reads it.
    world.snapshot("ledger_into_facts", &[&words[..7], &["--into", "data/人员_每年.csv"]].concat());
    world.snapshot_files("ledger_into_facts_files", "data");
    let run = [
        "run",
        "policy.md",
        "--data",
        "data",
        "--params",
        "parameters.demo.csv",
        "--out",
        "out",
        "--format",
        "csv",
        "--period",
        "2025年",
    ];
    assert!(matches!(world.run(&run).code, Some(0 | 3)), "{}", world.run(&run).text());
}

#[test]
fn what_is_wrong_is_named() {
    let world = world();
    world.replace("bank/归属.csv", "2025-09-01,,100%", "2025-08-01,,100%");
    world.snapshot("ledger_overlap", &["ledger", "build", "book", "--from", "bank"]);
    let world = self::world();
    world.append("bank/余额变动.csv", "0099999,2025-01-02,1\n");
    world.append("bank/归属.csv", "C02,1003,2025-01-02,2025-01-02,10%\n");
    world.snapshot("ledger_bad_files", &["ledger", "build", "book", "--from", "bank"]);
    world.remove("bank/归属.csv");
    world.snapshot("ledger_no_file", &["ledger", "build", "book", "--from", "bank"]);
    world.snapshot("ledger_none", &["ledger", "average", "book", "--period", "2025年"]);
    let world = built();
    world.write(
        "bad.csv",
        "账号,日期,余额（元）\n0010003,2024-12-31,1\n0099999,2026-01-03,1\n0010003,2026-01-03,0.001\n",
    );
    world
        .snapshot("ledger_bad_amount", &["ledger", "load", "book", "bad.csv", "--recorded-on", "2026-01-06"]);
    world.replace("bad.csv", "0.001", "2");
    world.snapshot("ledger_bad_rows", &["ledger", "load", "book", "bad.csv", "--recorded-on", "2026-01-06"]);
    world.snapshot(
        "ledger_bad_column",
        &["ledger", "average", "book", "--period", "2025年", "--column", "x=存折"],
    );
    world.snapshot(
        "ledger_bad_owner",
        &["ledger", "explain", "book", "9", "--period", "2025年", "--column", DEPOSITS],
    );
    assert_eq!(world.run(&["ledger", "show", "book"]).stdout.lines().count(), 4, "nothing was loaded");
}
