//! What files say wrongly is named by file and row.

#![allow(clippy::unwrap_used, reason = "a test stops at what must not happen")]

mod common;

use common::{Account, Change, OwnershipRow, write_accounts, write_changes, write_ownership};
use hengjie_analytics::{Accounts, BalanceDays, Ownership, Spans, Watch, Window};
use hengjie_facts::Fault;
use hengjie_quantity::Lang;
use std::path::Path;

fn account(id: i64) -> Account {
    Account { id, customer: id / 10, kind: "deposit" }
}

fn change(account: i64, day: i32, balance_fen: i64) -> Change {
    Change { account, day, balance_fen }
}

fn tenure(customer: i64, owner: i64, from: i32, to: Option<i32>, share_bp: i32) -> OwnershipRow {
    OwnershipRow { customer, owner, from, to, share_bp }
}

/// Reads the three files; the texts of all faults, or the balance-days of the first customer.
fn check(
    accounts: &[Account],
    changes: &[Change],
    ownership: &[OwnershipRow],
    group: usize,
) -> Result<i64, Vec<String>> {
    let folder = tempfile::tempdir().unwrap();
    let file = |name: &str| folder.path().join(name);
    write_accounts(&file("accounts.parquet"), accounts);
    write_ownership(&file("ownership.parquet"), ownership);
    write_changes(&file("changes.parquet"), changes, group);
    read(&file("accounts.parquet"), &file("ownership.parquet"), &file("changes.parquet"))
        .map_err(|faults| faults.iter().map(|fault| fault.to_text(Lang::Zh)).collect())
}

fn read(accounts: &Path, ownership: &Path, changes: &Path) -> Result<i64, Vec<Fault>> {
    let accounts = Accounts::read(accounts)?;
    let ownership = Ownership::read(ownership, &accounts.customers)?;
    let spans = Spans::new(&[Window { from: 19_723, to: 19_733 }], &ownership);
    Ok(BalanceDays::read(changes, &accounts, &spans, &[0], &Watch::none())?.of(0, 0))
}

fn refused(result: Result<i64, Vec<String>>) -> String {
    result.unwrap_err().join("\n")
}

#[test]
fn ten_days_of_one_fen() {
    let ownership = [tenure(1, 7, 0, None, 10_000)];
    assert_eq!(check(&[account(10)], &[change(10, 19_000, 1)], &ownership, 100), Ok(10));
}

#[test]
fn unknown_accounts_are_named() {
    let text = refused(check(&[account(10)], &[change(10, 1, 1), change(12, 1, 1)], &[], 100));
    assert_eq!(
        text,
        "错误[HJ1711] changes.parquet 第 2 行：账户 12 不在账户表里。补齐账户表，或者去掉这个账户的余额"
    );
}

#[test]
fn order_is_checked_within_and_between_row_groups() {
    for group in [1, 2, 100] {
        let twice = [change(10, 19_723, 1), change(10, 19_723, 2)];
        let text = refused(check(&[account(10)], &twice, &[], group));
        assert!(text.contains("HJ1713") || text.contains("HJ1712"), "{group}: {text}");
        let back = [change(11, 5, 1), change(10, 6, 2)];
        let text = refused(check(&[account(10), account(11)], &back, &[], group));
        assert!(text.contains("没有按账户"), "{group}: {text}");
    }
}

#[test]
fn an_account_stands_once_in_the_register() {
    let text = refused(check(&[account(10), account(10)], &[], &[], 100));
    assert_eq!(text, "错误[HJ1707] accounts.parquet「account_id」：账户重复。每个账户只留一行");
}

#[test]
fn shares_above_one_hundred_percent_name_customer_and_day() {
    let ownership = [tenure(1, 7, 19_000, None, 6_000), tenure(1, 8, 19_723, None, 5_000)];
    let text = refused(check(&[account(10)], &[], &ownership, 100));
    assert!(text.contains("客户 1 在 2024-01-01 的份额合计为 110.00%，超过 100%"), "{text}");
}

#[test]
fn all_rows_of_an_ownership_are_checked() {
    let ownership = [tenure(1, 7, 10, Some(10), 5_000), tenure(2, 7, 10, None, 0)];
    let text = refused(check(&[account(10)], &[], &ownership, 100));
    assert!(text.contains("第 1 行「to_date」") && text.contains("第 2 行「share_bp」"), "{text}");
}

#[test]
fn balances_that_could_wrap_are_refused() {
    let text =
        refused(check(&[account(10)], &[change(10, 0, i64::MAX / 4)], &[tenure(1, 7, 0, None, 10_000)], 100));
    assert!(text.contains("HJ1715") && text.contains("单位是否为分"), "{text}");
}

#[test]
fn missing_columns_say_what_the_file_has() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("accounts.parquet");
    write_changes(&path, &[change(10, 1, 1)], 10);
    let faults = Accounts::read(&path).unwrap_err();
    let text: Vec<String> = faults.iter().map(|fault| fault.to_text(Lang::Zh)).collect();
    assert_eq!(
        text,
        [
            "错误[HJ1702] accounts.parquet「customer_id」：缺少列 customer_id。文件里有：account_id、eff_date、balance_fen",
            "错误[HJ1702] accounts.parquet「kind」：缺少列 kind。文件里有：account_id、eff_date、balance_fen",
        ]
    );
}

#[test]
fn what_is_no_parquet_says_so() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("accounts.parquet");
    std::fs::write(&path, "账号,客户\n1,2\n").unwrap();
    let faults = Accounts::read(&path).unwrap_err();
    assert!(
        faults[0].to_text(Lang::Zh).contains("文件损坏或不是 Parquet"),
        "{}",
        faults[0].to_text(Lang::Zh)
    );
}
