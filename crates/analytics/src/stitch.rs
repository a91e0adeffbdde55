//! Where one row group ends and the next begins: how long the last change of a group held.

use crate::accounts::Accounts;
use crate::columns::{Source, in_file};
use hengjie_facts::Fault;

/// The ends of a row group.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Edge {
    /// Account of the first row.
    pub(crate) first_account: i64,
    /// Day of the first row.
    pub(crate) first_day: i32,
    /// Account of the last row.
    pub(crate) last_account: i64,
    /// Its position in the register.
    pub(crate) last_position: usize,
    /// Day of the last row.
    pub(crate) last_day: i32,
    /// Balance of the last row, which nobody has summed yet.
    pub(crate) last_balance: i64,
    /// Bits that occur in the absolute balances of the group.
    pub(crate) balance_bits: u64,
}

impl Edge {
    /// Goes on to a later account of the same group.
    pub(crate) fn move_to(&mut self, next: Edge) {
        *self = Edge {
            first_account: self.first_account,
            first_day: self.first_day,
            balance_bits: self.balance_bits | next.balance_bits,
            ..next
        };
    }
}

/// Sums the last change of every group: until the first row of the next group when the account goes on, else to the end.
///
/// # Errors
/// The next group begins with an earlier account or day.
pub(crate) fn stitch(
    edges: &[Edge],
    source: &Source,
    accounts: &Accounts,
    mut add: impl FnMut(usize, i64, i32, i32),
) -> Result<(), Fault> {
    debug_assert!(
        edges.iter().all(|edge| edge.last_position < accounts.ids.len()),
        "positions come from the register"
    );
    for (index, edge) in edges.iter().enumerate() {
        let until = match edges.get(index + 1) {
            Some(next) if next.first_account == edge.last_account => {
                if next.first_day <= edge.last_day {
                    return Err(unsorted(source, edge, next));
                }
                next.first_day
            }
            Some(next) if next.first_account < edge.last_account => return Err(unsorted(source, edge, next)),
            _ => i32::MAX,
        };
        add(edge.last_position, edge.last_balance, edge.last_day, until);
    }
    Ok(())
}

fn unsorted(source: &Source, edge: &Edge, next: &Edge) -> Fault {
    let fault = Fault::error(
        "HJ1712",
        format!("没有按账户、日期排序：账户 {} 之后是 {}", edge.last_account, next.first_account),
        format!(
            "rows are not in the order of accounts and dates: {} is followed by {}",
            edge.last_account, next.first_account
        ),
    );
    in_file(
        source.path(),
        fault.help("按账户、日期排序后再导入", "sort by account and date, then import again"),
    )
}
