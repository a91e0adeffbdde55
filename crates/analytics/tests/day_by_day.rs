//! The kernels against a computation that walks every day of every account.

#![allow(clippy::unwrap_used, reason = "a test stops at what must not happen")]

mod common;

use common::{Account, Change, OwnershipRow, write_accounts, write_changes, write_ownership};
use hengjie_analytics::{
    Accounts, BalanceDays, Fold, Indicators, Measure, Ownership, Spans, Threshold, Watch, Window,
};
use proptest::prelude::*;
use std::collections::{BTreeMap, BTreeSet};

const KINDS: [&str; 3] = ["deposit", "agreement_deposit", "loan"];
const LAST_DAY: i32 = 60;

#[derive(Debug, Clone)]
struct Bank {
    accounts: Vec<Account>,
    changes: Vec<Change>,
    ownership: Vec<OwnershipRow>,
    windows: [Window; 2],
    group: usize,
}

/// Up to 12 accounts of 4 customers; hand-overs and shares that never exceed 100 %.
fn banks() -> impl Strategy<Value = Bank> {
    let account = (0..4i64, 0..3usize);
    let changes = prop::collection::vec((0..12i64, 0..LAST_DAY, -5_000..100_000i64), 0..80);
    let cuts = prop::collection::vec((0..LAST_DAY, 1..10_000i32, 0..3i64), 4);
    let window = (0..LAST_DAY, 1..30i32).prop_map(|(from, days)| Window { from, to: from + days });
    let windows = (window.clone(), window);
    (prop::collection::vec(account, 1..12), changes, cuts, windows, 1..20usize).prop_map(
        |(accounts, changes, cuts, windows, group)| {
            let accounts: Vec<Account> = (0i64..)
                .zip(accounts)
                .map(|(id, (customer, kind))| Account {
                    id: 7 * id + 3,
                    customer: 100 + customer,
                    kind: KINDS[kind],
                })
                .collect();
            let changes: BTreeMap<(i64, i32), i64> = changes
                .into_iter()
                .map(|(account, day, fen)| ((accounts[account as usize % accounts.len()].id, day), fen))
                .collect();
            let changes = changes
                .into_iter()
                .map(|((account, day), balance_fen)| Change { account, day, balance_fen })
                .collect();
            let ownership = (100i64..)
                .zip(cuts)
                .flat_map(|(customer, (day, share_bp, owner))| hand_over(customer, day, share_bp, owner))
                .collect();
            Bank { accounts, changes, ownership, windows: windows.into(), group }
        },
    )
}

/// One owner until a day, from then on shared by two.
fn hand_over(customer: i64, day: i32, share_bp: i32, owner: i64) -> Vec<OwnershipRow> {
    vec![
        OwnershipRow { customer, owner, from: -50, to: Some(day), share_bp: 10_000 },
        OwnershipRow { customer, owner, from: day, to: None, share_bp },
        OwnershipRow {
            customer,
            owner: owner + 1,
            from: day,
            to: Some(day + 20),
            share_bp: 10_000 - share_bp,
        },
    ]
}

fn by_kernels(bank: &Bank, threshold_fen: i64) -> BTreeMap<i64, Vec<i128>> {
    let folder = tempfile::tempdir().unwrap();
    let file = |name: &str| folder.path().join(name);
    write_accounts(&file("a.parquet"), &bank.accounts);
    write_ownership(&file("o.parquet"), &bank.ownership);
    write_changes(&file("c.parquet"), &bank.changes, bank.group);
    let accounts = Accounts::read(&file("a.parquet")).unwrap();
    let ownership = Ownership::read(&file("o.parquet"), &accounts.customers).unwrap();
    let measures = measures(bank, &accounts, threshold_fen);
    let spans = Spans::new(&bank.windows, &ownership);
    let wanted: BTreeSet<u8> = measures.iter().flat_map(|measure| measure.classes.clone()).collect();
    let wanted: Vec<u8> = wanted.into_iter().collect();
    let sums = BalanceDays::read(&file("c.parquet"), &accounts, &spans, &wanted, &Watch::none()).unwrap();
    let indicators = Indicators::new(&measures, &ownership, &spans, &sums);
    let number = |owner| ownership.owners.get(owner).to_string().parse().unwrap();
    (0..ownership.owners.len()).map(|owner| (number(owner), indicators.of(owner as u32).to_vec())).collect()
}

fn measures(bank: &Bank, accounts: &Accounts, threshold_fen: i64) -> Vec<Measure> {
    let classes = |name| accounts.classes_of(name);
    let threshold = || Some(Threshold { classes: classes("deposit"), average_fen: threshold_fen });
    let [first, second] = bank.windows;
    vec![
        Measure { classes: classes("deposit"), window: first, threshold: threshold(), fold: Fold::Sum },
        Measure { classes: classes("loan"), window: second, threshold: None, fold: Fold::Sum },
        Measure { classes: classes("deposit"), window: second, threshold: threshold(), fold: Fold::Largest },
        Measure { classes: classes("deposit"), window: first, threshold: threshold(), fold: Fold::Count },
    ]
}

/// The same by walking days: balance of every account on every day, times the share of every owner on that day.
fn by_days(bank: &Bank, threshold_fen: i64) -> BTreeMap<i64, Vec<i128>> {
    let [first, second] = bank.windows;
    let mut result: BTreeMap<i64, Vec<i128>> =
        bank.ownership.iter().map(|row| (row.owner, vec![0; 4])).collect();
    let customers: BTreeSet<i64> = bank.accounts.iter().map(|account| account.customer).collect();
    for customer in customers {
        let large = |window: Window| {
            whole(bank, customer, "deposit", window) >= i128::from(threshold_fen) * i128::from(window.days())
        };
        for (owner, values) in &mut result {
            let deposit = |window| attributed(bank, customer, *owner, "deposit", window);
            if large(first) {
                values[0] += deposit(first);
                values[3] += i128::from(deposit(first) > 0);
            }
            values[1] += attributed(bank, customer, *owner, "loan", second);
            if large(second) {
                values[2] = values[2].max(deposit(second));
            }
        }
    }
    result
}

fn whole(bank: &Bank, customer: i64, kind: &str, window: Window) -> i128 {
    (window.from..window.to).map(|day| on_day(bank, customer, kind, day)).sum()
}

fn attributed(bank: &Bank, customer: i64, owner: i64, kind: &str, window: Window) -> i128 {
    let share = |day: i32| -> i128 {
        let rows = bank.ownership.iter().filter(|row| row.customer == customer && row.owner == owner);
        rows.filter(|row| row.from <= day && row.to.is_none_or(|to| day < to))
            .map(|row| i128::from(row.share_bp))
            .sum()
    };
    (window.from..window.to).map(|day| on_day(bank, customer, kind, day) * share(day)).sum()
}

fn on_day(bank: &Bank, customer: i64, kind: &str, day: i32) -> i128 {
    let accounts =
        bank.accounts.iter().filter(|account| account.customer == customer && account.kind == kind);
    accounts
        .map(|account| {
            let held =
                bank.changes.iter().rev().find(|change| change.account == account.id && change.day <= day);
            held.map_or(0, |change| i128::from(change.balance_fen))
        })
        .sum()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn kernels_agree_with_days(bank in banks(), threshold_fen in 0..60_000i64) {
        prop_assert_eq!(by_kernels(&bank, threshold_fen), by_days(&bank, threshold_fen));
    }
}
