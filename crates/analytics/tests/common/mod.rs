//! Small banks written as the files that the kernels read.

#![allow(dead_code, reason = "each test file uses a part")]

use arrow_array::{ArrayRef, Date32Array, Int32Array, Int64Array, RecordBatch, StringArray};
use parquet::arrow::ArrowWriter;
use parquet::file::properties::WriterProperties;
use std::fs::File;
use std::path::Path;
use std::sync::Arc;

/// An account of the register.
#[derive(Debug, Clone)]
pub(crate) struct Account {
    pub(crate) id: i64,
    pub(crate) customer: i64,
    pub(crate) kind: &'static str,
}

/// A row of the ownership file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct OwnershipRow {
    pub(crate) customer: i64,
    pub(crate) owner: i64,
    pub(crate) from: i32,
    pub(crate) to: Option<i32>,
    pub(crate) share_bp: i32,
}

/// A change of a balance.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Change {
    pub(crate) account: i64,
    pub(crate) day: i32,
    pub(crate) balance_fen: i64,
}

pub(crate) fn write_accounts(path: &Path, accounts: &[Account]) {
    let ids: ArrayRef = Arc::new(Int64Array::from_iter_values(accounts.iter().map(|account| account.id)));
    let customers: ArrayRef =
        Arc::new(Int64Array::from_iter_values(accounts.iter().map(|account| account.customer)));
    let kinds: ArrayRef =
        Arc::new(StringArray::from_iter_values(accounts.iter().map(|account| account.kind)));
    write(path, vec![("account_id", ids), ("customer_id", customers), ("kind", kinds)], 1000);
}

pub(crate) fn write_ownership(path: &Path, rows: &[OwnershipRow]) {
    let customers: ArrayRef = Arc::new(Int64Array::from_iter_values(rows.iter().map(|row| row.customer)));
    let owners: ArrayRef = Arc::new(Int64Array::from_iter_values(rows.iter().map(|row| row.owner)));
    let from: ArrayRef = Arc::new(Date32Array::from_iter_values(rows.iter().map(|row| row.from)));
    let to: ArrayRef = Arc::new(rows.iter().map(|row| row.to).collect::<Date32Array>());
    let shares: ArrayRef = Arc::new(Int32Array::from_iter_values(rows.iter().map(|row| row.share_bp)));
    let columns = vec![
        ("customer_id", customers),
        ("rm_id", owners),
        ("from_date", from),
        ("to_date", to),
        ("share_bp", shares),
    ];
    write(path, columns, 1000);
}

/// `group` rows in a row group: small groups cut accounts in two.
pub(crate) fn write_changes(path: &Path, changes: &[Change], group: usize) {
    let accounts: ArrayRef =
        Arc::new(Int64Array::from_iter_values(changes.iter().map(|change| change.account)));
    let days: ArrayRef = Arc::new(Date32Array::from_iter_values(changes.iter().map(|change| change.day)));
    let balances: ArrayRef =
        Arc::new(Int64Array::from_iter_values(changes.iter().map(|change| change.balance_fen)));
    write(path, vec![("account_id", accounts), ("eff_date", days), ("balance_fen", balances)], group);
}

fn write(path: &Path, columns: Vec<(&str, ArrayRef)>, group: usize) {
    let batch = RecordBatch::try_from_iter_with_nullable(
        columns.into_iter().map(|(name, array)| (name, array, true)),
    )
    .unwrap();
    let properties = WriterProperties::builder().set_max_row_group_row_count(Some(group)).build();
    let mut writer =
        ArrowWriter::try_new(File::create(path).unwrap(), batch.schema(), Some(properties)).unwrap();
    writer.write(&batch).unwrap();
    writer.close().unwrap();
}
