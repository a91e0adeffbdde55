//! What holds for every demonstration: equal bytes for equal seeds, shares of 100 %, nobody without an owner, no name twice.

#![allow(clippy::unwrap_used, clippy::panic, reason = "helpers of tests stop at the first surprise")]

mod common;

use common::{Demo, demo, rows};
use sha2::{Digest, Sha256};
use std::collections::{BTreeMap, BTreeSet};

/// The hash of every file.
fn hashes(demo: &Demo) -> BTreeMap<String, String> {
    let mut hashes = BTreeMap::new();
    for folder in &demo.summary.folders {
        for entry in std::fs::read_dir(&folder.path).unwrap() {
            let path = entry.unwrap().path();
            let name = path.strip_prefix(demo.folder.path()).unwrap().to_string_lossy().into_owned();
            let digest = Sha256::digest(std::fs::read(&path).unwrap());
            hashes.insert(name, digest.iter().map(|byte| format!("{byte:02x}")).collect());
        }
    }
    hashes
}

#[test]
fn equal_seeds_give_equal_bytes() {
    let first = hashes(&demo(1, 1));
    assert_eq!(first, hashes(&demo(1, 1)));
    let other = hashes(&demo(2, 1));
    assert!(first.keys().eq(other.keys()));
    // A page about a folder and a list of a few names may be equal.
    let different = first.iter().filter(|(name, hash)| other[*name] != **hash).count();
    assert!(different * 10 > first.len() * 8, "{different} of {}", first.len());
}

/// Text files are the same on every machine; Excel and Parquet also hold bytes of the compression libraries.
#[test]
fn the_first_demonstration_never_changes() {
    let demo = demo(1, 1);
    let mut all = Sha256::new();
    for (name, hash) in hashes(&demo).iter().filter(|(name, _)| name.ends_with(".csv")) {
        all.update(format!("{name} {hash}\n"));
    }
    let digest: String = all.finalize().iter().map(|byte| format!("{byte:02x}")).collect();
    assert_eq!(digest, "47f8783dfac3164a0959d4c3226ca775930a59e4d308a986bbecd92a35a6bb80");
}

#[test]
fn every_customer_has_owners_whose_shares_make_the_whole() {
    let demo = demo(3, 1);
    let bank = &demo.summary.folders[0].path;
    let people: BTreeSet<String> =
        rows(bank, "人员.csv").into_iter().map(|row| row["编号"].clone()).collect();
    let mut shares: BTreeMap<(String, String), u32> = BTreeMap::new();
    for row in rows(bank, "管户.csv") {
        assert!(people.contains(&row["经理"]), "{row:?}");
        let share: u32 = row["份额"].strip_suffix('%').unwrap().parse().unwrap();
        *shares.entry((row["客户"].clone(), row["期间"].clone())).or_default() += share;
    }
    let figures = rows(bank, "客户_每年.csv");
    assert_eq!(figures.len(), 120_000);
    for row in figures {
        assert_eq!(shares.get(&(row["编号"].clone(), row["期间"].clone())), Some(&100), "{row:?}");
    }
}

#[test]
fn owners_are_there_at_the_end_of_the_year() {
    let demo = demo(3, 1);
    let bank = &demo.summary.folders[0].path;
    let mut stays: BTreeMap<String, (String, String)> = BTreeMap::new();
    for row in rows(bank, "人员_随日期.csv") {
        let (from, until) =
            stays.entry(row["编号"].clone()).or_insert((row["自"].clone(), "9999".to_owned()));
        *from = from.clone().min(row["自"].clone());
        if row["所在机构"] == "—" {
            *until = row["自"].clone();
        }
    }
    for row in rows(bank, "管户.csv") {
        let (from, until) = &stays[&row["经理"]];
        let end = format!("{}-12-31", row["期间"].trim_end_matches('年'));
        assert!(*from <= end && *until > end, "{row:?} {from} {until}");
    }
}

#[test]
fn no_name_occurs_twice() {
    let demo = demo(4, 1);
    for folder in &demo.summary.folders {
        let names: Vec<String> =
            rows(&folder.path, "人员.csv").into_iter().map(|row| row["名称"].clone()).collect();
        let different: BTreeSet<&String> = names.iter().collect();
        assert_eq!(different.len(), names.len(), "{}", folder.title);
        assert!(names.len() > 80, "{}", folder.title);
    }
}

#[test]
fn scale_multiplies() {
    let (one, three) = (demo(5, 1), demo(5, 3));
    for (small, large) in one.summary.folders.iter().zip(&three.summary.folders) {
        let rows = |tables: &[(String, u64)]| -> u64 { tables.iter().map(|(_, rows)| rows).sum() };
        let (small, large) = (rows(&small.tables), rows(&large.tables));
        assert!((small * 27 / 10..small * 33 / 10).contains(&large), "{small} {large}");
    }
    let refused = hengjie_sim::write_demo(
        one.folder.path(),
        &hengjie_sim::Options { seed: 1, scale: 0 },
        &|_, _, _| {},
    );
    assert_eq!(refused, Err(hengjie_sim::SimError::Scale(0)));
}
