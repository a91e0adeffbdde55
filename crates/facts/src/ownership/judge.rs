//! Which changes of a delivery may be recorded: complete, checked by somebody else, and following from the day before.

use super::change::{Change, Operation, change};
use super::fold::history;
use crate::fault::{Fault, FaultReport};
use crate::import::{Delivery, ImportRequest, Verdict};
use crate::store::{Action, FactStore};
use std::collections::{BTreeMap, BTreeSet};

/// Rejects the rows that may not be recorded.
///
/// # Errors
/// The store is damaged.
pub(crate) fn judge(
    delivery: &mut Delivery,
    store: &FactStore,
    request: &ImportRequest<'_>,
) -> Result<(), FaultReport> {
    if delivery.refused || delivery.spec.name != super::TABLE {
        return Ok(());
    }
    let known = known(store, request)?;
    if request.action == Action::Withdraw {
        withdrawals(delivery, &known);
        return Ok(());
    }
    for row in delivery.rows_with(|verdict| verdict == Verdict::Corrected) {
        delivery.reject(row as usize, unchangeable());
    }
    let mut fresh = Vec::new();
    for row in delivery.rows_with(|verdict| verdict == Verdict::New) {
        let Some(change) = change(&delivery.table, row as usize) else { continue };
        match alone(&change) {
            Some(fault) => delivery.reject(row as usize, fault),
            None => fresh.push(change),
        }
    }
    follow(delivery, &known, fresh);
    Ok(())
}

/// The changes that are recorded, in the order in which they became known.
fn known(store: &FactStore, request: &ImportRequest<'_>) -> Result<Vec<Change>, FaultReport> {
    let Some(spec) = request.specs.iter().find(|spec| spec.name == super::TABLE) else {
        return Ok(Vec::new());
    };
    let loaded = store.load(store.last(), std::slice::from_ref(spec), &request.limits, &|_| {});
    if loaded.report.has_errors() {
        return Err(loaded.report);
    }
    Ok(loaded.tables.iter().flat_map(|table| (0..table.rows).filter_map(|row| change(table, row))).collect())
}

/// What is wrong with a change whatever was before.
fn alone(change: &Change) -> Option<Fault> {
    if change.maker == change.checker {
        let fault = Fault::error(
            "HJ1822",
            format!("经办和复核都是 {}", change.maker),
            format!("{} is maker and checker", change.maker),
        );
        return Some(fault.column("复核").help("由另一个人复核", "let somebody else check it"));
    }
    let word = change.operation.word();
    let (giver, taker, share) = (!change.giver.is_empty(), !change.taker.is_empty(), change.share.is_some());
    let (fits, zh, en) = match change.operation {
        Operation::Claim => (!giver && taker && !share, "只写 给", "only 给"),
        Operation::HandOver => (
            giver && taker && change.giver != change.taker,
            "写 由 和 给，两人不同",
            "由 and 给, different people",
        ),
        Operation::Refer => (!giver && taker && share, "写 给 和 份额", "给 and 份额"),
        Operation::Joint => {
            (!giver && taker && share, "每人一行，写 给 和 份额", "a row for each, with 给 and 份额")
        }
        Operation::Designate => {
            (!giver && taker, "写 给；几个人时每人一行，写 份额", "给; for several a row each with 份额")
        }
        Operation::WalkIn => (!giver && !taker && !share, "由、给、份额 都空着", "由, 给 and 份额 empty"),
    };
    if !fits {
        let fault = Fault::error(
            "HJ1821",
            format!("“{word}”的由、给、份额写得不对"),
            format!("由, 给 and 份额 are not as “{word}” needs them"),
        );
        return Some(fault.column("操作").help(zh, en));
    }
    change.share_bp().is_err().then(|| {
        let share = change.share.clone().unwrap_or(hengjie_quantity::Rational::ZERO);
        Fault::error(
            "HJ1821",
            format!("份额 {share} 不在万分之一到 100% 之间，或者比万分之一更细"),
            format!(
                "the share {share} is not between one basis point and 100 %, or finer than a basis point"
            ),
        )
        .column("份额")
        .help("写到万分之一，如 33.33%", "write it to the basis point, such as 33.33%")
    })
}

/// Adds the changes of each object and role to what is known; what breaks the history is rejected and the rest tried again.
fn follow(delivery: &mut Delivery, known: &[Change], fresh: Vec<Change>) {
    let before = by_subject(known.iter());
    let mut later = by_subject(fresh.iter());
    for (subject, changes) in &mut later {
        let old = before.get(subject).map(Vec::as_slice).unwrap_or_default();
        loop {
            let all: Vec<&Change> = old.iter().chain(changes.iter()).copied().collect();
            let Err(broken) = history(&all) else { break };
            let is_new = |change: &&Change| changes.iter().any(|new| std::ptr::eq(*new, *change));
            let own: Vec<&Change> = broken.changes.iter().copied().filter(is_new).collect();
            // A recorded change no longer holds: the last of the new ones before it has come in between.
            let (rejected, fault) = match own.is_empty() {
                false => (own, broken.fault),
                true => (between(changes, &broken.changes), breaks(&broken.changes, &broken.fault)),
            };
            for change in &rejected {
                delivery.reject(change.row, broken_row(&fault));
            }
            changes.retain(|change| !rejected.iter().any(|other| std::ptr::eq(*other, *change)));
        }
    }
}

/// The last of the new changes that comes before some recorded ones.
fn between<'c>(new: &[&'c Change], later: &[&Change]) -> Vec<&'c Change> {
    let day = later.first().map(|change| change.from);
    let mut before = new.iter().copied().filter(|change| day.is_none_or(|day| change.from <= day));
    before.next_back().map_or_else(|| new.to_vec(), |last| vec![last])
}

fn broken_row(fault: &Fault) -> Fault {
    Fault { row: None, ..fault.clone() }
}

/// Withdrawing a change must leave a history that holds.
fn withdrawals(delivery: &mut Delivery, known: &[Change]) {
    let rows = delivery.rows_with(|verdict| verdict == Verdict::New);
    let withdrawn: BTreeMap<&str, u32> =
        rows.iter().filter_map(|row| Some((delivery.keys.get(*row as usize)?.as_str(), *row))).collect();
    let is_kept = |change: &&Change| !withdrawn.contains_key(change.id.as_str());
    let subjects: BTreeSet<(String, String)> =
        known.iter().filter(|change| !is_kept(change)).map(Change::subject).collect();
    let kept = by_subject(known.iter().filter(is_kept));
    let mut rejected: Vec<(u32, Fault)> = Vec::new();
    for subject in subjects {
        let changes = kept.get(&subject).map(Vec::as_slice).unwrap_or_default();
        let Err(broken) = history(changes) else { continue };
        let fault = breaks(&broken.changes, &broken.fault);
        let own = known.iter().filter(|change| change.subject() == subject);
        rejected.extend(own.filter_map(|change| Some((*withdrawn.get(change.id.as_str())?, fault.clone()))));
    }
    for (row, fault) in rejected {
        delivery.reject(row as usize, fault);
    }
}

fn by_subject<'c>(changes: impl Iterator<Item = &'c Change>) -> BTreeMap<(String, String), Vec<&'c Change>> {
    let mut subjects: BTreeMap<(String, String), Vec<&Change>> = BTreeMap::new();
    for change in changes {
        subjects.entry(change.subject()).or_default().push(change);
    }
    subjects
}

/// A later change that was right no longer is.
fn breaks(later: &[&Change], fault: &Fault) -> Fault {
    let Some(change) = later.first() else { return fault.clone() };
    let (id, day, word) = (&change.id, change.from, change.operation.word());
    Fault::error(
        "HJ1825",
        format!("这样一来，已经记下的 {id}（{day} {word}）就不成立：{}", fault.zh),
        format!("then the recorded change {id} ({day} {word}) would not hold: {}", fault.en),
    )
    .help(format!("先撤回 {id}，再按先后重新记"), format!("withdraw {id} first, then record them in order"))
}

fn unchangeable() -> Fault {
    Fault::error(
        "HJ1826",
        "这个编号的变动已经记下，内容不同",
        "a change with this number is recorded with other content",
    )
    .column("编号")
    .help(
        "记下的变动不改：再记一个变动，或者用 --withdraw 撤回",
        "changes are never edited: record another one, or withdraw it with --withdraw",
    )
}
