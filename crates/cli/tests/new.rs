//! `hengjie new`: every sample of the library, and the blank, gives a regulation that checks, is formatted and passes its examples.

#![allow(clippy::unwrap_used, unreachable_pub, dead_code, reason = "test support: a failure stops the test")]

mod support;

use std::collections::BTreeSet;
use std::path::Path;
use support::World;

/// The samples that the program carries.
fn samples(world: &World) -> Vec<String> {
    let listed = world.run(&["new", "--list", "--json"]);
    assert_eq!(listed.code, Some(0), "{}", listed.text());
    let listed: serde_json::Value = serde_json::from_str(&listed.stdout).unwrap();
    let name = |sample: &serde_json::Value| sample["name"].as_str().unwrap().to_owned();
    listed["samples"].as_array().unwrap().iter().map(name).collect()
}

fn passes(world: &World, words: &[&str]) {
    let run = world.run(words);
    assert_eq!(run.code, Some(0), "{words:?}: {}", run.text());
}

/// Check, format and examples of a folder; without a warning.
fn is_sound(world: &World, folder: &str) {
    let checked = world.run(&["check", folder]);
    assert_eq!(checked.code, Some(0), "{}", checked.text());
    assert!(checked.stdout.contains("0 处错误，0 处提醒"), "{}", checked.text());
    passes(world, &["fmt", "--check", folder]);
    passes(world, &["test", folder]);
}

#[test]
fn every_sample_gives_a_regulation_that_is_sound_at_once() {
    let world = World::new();
    let samples = samples(&world);
    let policies = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../policies");
    let folders: BTreeSet<String> = std::fs::read_dir(policies)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.join("policy.md").is_file())
        .map(|path| path.file_name().unwrap().to_string_lossy().into_owned())
        .collect();
    assert_eq!(samples.iter().skip(1).cloned().collect::<BTreeSet<_>>(), folders);
    for sample in &samples {
        let name = "某某银行客户经理管理办法（试行）";
        passes(&world, &["new", sample, "--from", sample, "--name", name]);
        is_sound(&world, sample);
        let document = world.read(&format!("{sample}/policy.md"));
        assert!(document.starts_with(&format!("# {name}\n")), "{document}");
        assert!(document.contains("\n制度 「某某银行客户经理管理办法(试行)」 版本 "), "{document}");
        assert!(!document.contains("> 来源"), "{document}");
    }
}

#[test]
fn every_sample_has_a_line_in_both_languages() {
    let world = World::new();
    for lang in ["zh", "en"] {
        let listed = world.run(&["new", "--list", "--lang", lang]).stdout;
        assert_eq!(listed.lines().count(), samples(&world).len());
        for line in listed.lines() {
            let about = line.split_once("  ").unwrap().1.trim();
            assert!(about.chars().count() > 8 && !about.ends_with([':', '：']), "{line}");
            assert_eq!(about.is_ascii(), lang == "en", "{line}");
        }
    }
}

#[test]
fn the_blank_is_written_in_the_language_of_the_user() {
    let world = World::new();
    passes(&world, &["new", "mine", "--lang", "en", "--name", "Manager rules 2027"]);
    is_sound(&world, "mine");
    let document = world.read("mine/policy.md");
    assert!(
        document.contains("\npolicy 「Manager rules 2027」 version 2026-01-01 effective\n"),
        "{document}"
    );
    passes(&world, &["new", "own", "--name", "某某银行考核办法"]);
    is_sound(&world, "own");
    assert!(world.read("own/policy.md").contains("\n制度 某某银行考核办法 版本 2026-01-01 起\n"));
}

#[test]
fn open_parameters_are_listed_with_who_supplies_them_and_stay_missing_until_filled_in() {
    let world = World::new();
    world.snapshot("new", &["new", "mine", "--from", "s04"]);
    world.snapshot_files("new_files", "mine");
    assert!(world.read("mine/README.md").contains("| 由谁给 | 参数 |"));
    let params = |file: &'static str| world.run(&["params", "mine", "--params", file]);
    let left = |text: &str| -> usize {
        let count = text.trim().rsplit_once("还缺 ").unwrap().1;
        count.trim_end_matches(" 个").parse().unwrap()
    };
    let unfilled = params("mine/parameters.csv");
    let rows = world.read("mine/parameters.csv").lines().count() - 1;
    assert_eq!(left(&unfilled.stdout), rows, "{}", unfilled.text());
    let demonstration = params("mine/parameters.demo.csv");
    assert_eq!(left(&demonstration.stdout), 0, "{}", demonstration.text());
    world.replace("mine/parameters.csv", "绩效工资基数,高级,,,", "绩效工资基数,高级,,2000元,");
    let filled = params("mine/parameters.csv");
    assert_eq!(left(&filled.stdout), rows - 1, "{}", filled.text());
}

#[test]
fn what_cannot_be_started_is_refused() {
    let world = World::new();
    world.snapshot("new_full", &["new", "data", "--from", "s01"]);
    world.snapshot("new_unknown", &["new", "mine", "--from", "s02-bank-hundred-point"]);
    world.snapshot("new_unknown_en", &["new", "mine", "--from", "s77", "--lang", "en"]);
    world.snapshot("new_bad_name", &["new", "mine", "--from", "s01", "--name", "一\n二"]);
    world.snapshot("new_nothing", &["new"]);
    assert!(!world.path("mine").exists());
    assert_eq!(world.hidden(), Vec::<String>::new());
}

#[test]
fn an_overlay_brings_what_it_adopts() {
    let world = World::new();
    passes(&world, &["new", "centre", "--from", "S05", "--name", "某某营销中心补充意见"]);
    assert!(world.read("centre/province.md").contains("制度 省局客户经理等级评定意见"));
    is_sound(&world, "centre");
}
