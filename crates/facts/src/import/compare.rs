//! What a delivery changes: which rows are new, which correct what was known, which say the same.

use super::delivery::{Delivery, Verdict};
use super::{ImportRequest, key_texts};
use crate::column::LoadedTable;
use crate::fault::{Fault, FaultReport};
use crate::gather::same_cell;
use crate::load::ProgressFn;
use crate::spec::{ColumnSpec, TableSpec};
use crate::store::{Action, FactStore};
use rustc_hash::FxHashMap;

/// Judges the good rows against what the store knows.
pub(super) fn with_store(
    delivery: &mut Delivery,
    store: &FactStore,
    request: &ImportRequest<'_>,
    progress: &ProgressFn<'_>,
) -> Result<(), FaultReport> {
    if delivery.refused || !delivery.verdicts.contains(&Verdict::Good) {
        return Ok(());
    }
    let known = known(&delivery.spec, store, request, progress)?;
    let keys =
        known.as_ref().map(|known| key_texts(&delivery.spec, &delivery.key, known)).unwrap_or_default();
    let rows: FxHashMap<&str, usize> =
        keys.iter().enumerate().map(|(row, key)| (key.as_str(), row)).collect();
    for row in 0..delivery.table.rows {
        if delivery.verdicts[row] != Verdict::Good {
            continue;
        }
        let before = delivery.keys.get(row).and_then(|key| rows.get(key.as_str()));
        let verdict = match (request.action, before, &known) {
            (Action::Withdraw, None, _) => {
                let key = delivery.keys.get(row).cloned().unwrap_or_default();
                delivery.reject(row, nothing_to_withdraw(&delivery.spec.name, &key));
                continue;
            }
            (Action::Withdraw, Some(_), _) | (Action::Record, None, _) => Verdict::New,
            (Action::Record, Some(before), Some(known))
                if says_the_same(&delivery.table, row, known, *before) =>
            {
                Verdict::Unchanged
            }
            (Action::Record, Some(_), _) => Verdict::Corrected,
        };
        delivery.verdicts[row] = verdict;
    }
    Ok(())
}

/// The table as it is known; `None` when nothing of it was imported.
fn known(
    spec: &TableSpec,
    store: &FactStore,
    request: &ImportRequest<'_>,
    progress: &ProgressFn<'_>,
) -> Result<Option<LoadedTable>, FaultReport> {
    let optional = |column: &ColumnSpec| ColumnSpec { required: false, ..column.clone() };
    let columns = spec.columns.iter().map(optional).collect();
    let spec = TableSpec { columns, required: false, ..spec.clone() };
    let mut loaded = store.load(store.last(), &[spec], &request.limits, progress);
    match loaded.report.has_errors() {
        true => Err(loaded.report),
        false => Ok(loaded.tables.pop()),
    }
}

/// Does a row say of every column that it has what was known?
fn says_the_same(table: &LoadedTable, row: usize, known: &LoadedTable, before: usize) -> bool {
    table.columns.iter().zip(&known.columns).all(|(now, was)| match (now, was) {
        (None, _) => true,
        (Some(_), None) => false,
        (Some(now), Some(was)) => same_cell((now, row), (was, before)),
    })
}

fn nothing_to_withdraw(table: &str, key: &str) -> Fault {
    let key = key.replace(crate::store::piece::KEY_SEPARATOR, "、");
    Fault::error(
        "HJ1807",
        format!("「{table}」里没有 {key}，没有可以撤回的"),
        format!("“{table}” has no {key}, so there is nothing to withdraw"),
    )
    .value(key)
    .help("核对编号；已经撤回的不用再撤", "check the key; what was withdrawn stays withdrawn")
}
