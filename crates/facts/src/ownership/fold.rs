//! From changes to who owns what: one change after the other, by day and then as they became known.

use super::change::{Change, FULL_BP, Operation};
use crate::fault::Fault;
use hengjie_calendar::Date;
use hengjie_quantity::{Rational, apportion};
use std::collections::BTreeMap;

/// Who has which share, in basis points. Empty: nobody. Otherwise the shares sum to 10000.
pub(super) type Shares = BTreeMap<String, i128>;

/// The history of one object in one role: from which day on who has it.
pub(super) type History = Vec<(Date, Shares)>;

/// Why changes do not follow from each other: the changes concerned and what is wrong.
pub(super) struct Break<'c> {
    pub(super) changes: Vec<&'c Change>,
    pub(super) fault: Fault,
}

/// Applies the changes of one object in one role, in the order in which they became known.
pub(super) fn history<'c>(changes: &[&'c Change]) -> Result<History, Break<'c>> {
    let mut ordered: Vec<&Change> = changes.to_vec();
    ordered.sort_by_key(|change| change.from);
    let (mut shares, mut history) = (Shares::new(), History::new());
    for together in ordered.chunk_by(|left, right| belong_together(left, right)) {
        shares = apply(&shares, together).map_err(|fault| Break { changes: together.to_vec(), fault })?;
        let Some(day) = together.first().map(|change| change.from) else { continue };
        match history.last_mut() {
            Some((last, known)) if *last == day => known.clone_from(&shares),
            Some((_, known)) if *known == shares => {}
            _ => history.push((day, shares.clone())),
        }
    }
    Ok(history)
}

/// Rows of a joint change are one change.
fn belong_together(left: &Change, right: &Change) -> bool {
    left.operation.is_shared() && left.operation == right.operation && left.from == right.from
}

/// The shares after a change.
fn apply(before: &Shares, together: &[&Change]) -> Result<Shares, Fault> {
    let Some(change) = together.first() else { return Ok(before.clone()) };
    match change.operation {
        Operation::Claim => claim(before, change),
        Operation::HandOver => hand_over(before, change),
        Operation::Refer => refer(before, change),
        Operation::Joint | Operation::Designate => agreed(together),
        Operation::WalkIn => Ok(Shares::new()),
    }
}

fn claim(before: &Shares, change: &Change) -> Result<Shares, Fault> {
    match before.is_empty() {
        true => Ok(Shares::from([(change.taker.clone(), FULL_BP)])),
        false => Err(not_so(
            format!("{} 当天已经归 {}，不能认领", change.object, shares_text(before)),
            format!(
                "{} already belongs to {} that day and cannot be claimed",
                change.object,
                shares_text(before)
            ),
        )
        .help("用 移交、转介 或 指定", "use 移交, 转介 or 指定")),
    }
}

fn hand_over(before: &Shares, change: &Change) -> Result<Shares, Fault> {
    let held = before.get(&change.giver).copied().unwrap_or(0);
    let part = change.share_bp().unwrap_or(None).unwrap_or(held);
    if held == 0 || part > held {
        let (object, giver, has) = (&change.object, &change.giver, percent(held));
        return Err(not_so(
            format!("{giver} 当天只有 {object} 的 {has}，不能移交；当天归 {}", shares_text(before)),
            format!(
                "{giver} has {has} of {object} that day, which cannot be handed over; it belongs to {}",
                shares_text(before)
            ),
        )
        .help("核对由谁移交、从哪天起、移交多少", "check who hands over, from which day and how much"));
    }
    let mut after = before.clone();
    after.insert(change.giver.clone(), held - part);
    *after.entry(change.taker.clone()).or_insert(0) += part;
    after.retain(|_, share| *share > 0);
    Ok(after)
}

/// The others keep what is left in proportion; the basis points that do not divide go to the largest remainders, then by name.
fn refer(before: &Shares, change: &Change) -> Result<Shares, Fault> {
    let share = change.share_bp().unwrap_or(None).unwrap_or(0);
    let weights: Vec<Rational> = before.values().map(|share| Rational::from(*share)).collect();
    let order: Vec<usize> = (0..weights.len()).collect();
    let Some(kept) = apportion(FULL_BP - share, &weights, &order).filter(|_| !before.is_empty()) else {
        return Err(not_so(
            format!("{} 当天不归任何人，没有人可以分给转介人", change.object),
            format!("{} belongs to nobody that day, so nobody can share it", change.object),
        )
        .help("先认领或指定", "claim or designate it first"));
    };
    let mut after: Shares = before.keys().cloned().zip(kept).collect();
    *after.entry(change.taker.clone()).or_insert(0) += share;
    after.retain(|_, share| *share > 0);
    Ok(after)
}

/// Several rows that say the whole.
fn agreed(together: &[&Change]) -> Result<Shares, Fault> {
    let mut after = Shares::new();
    for change in together {
        let share = change.share_bp().unwrap_or(None).unwrap_or(FULL_BP);
        *after.entry(change.taker.clone()).or_insert(0) += share;
    }
    let sum: i128 = after.values().sum();
    if sum == FULL_BP {
        return Ok(after);
    }
    let (object, sum) = (together.first().map_or("", |change| change.object.as_str()), percent(sum));
    Err(Fault::error(
        "HJ1824",
        format!("{object} 各人的份额合计 {sum}，不是 100%"),
        format!("the shares of {object} sum to {sum}, not to 100 %"),
    )
    .column("份额")
    .help("改份额，合计正好 100%", "correct the shares so that they sum to 100 % exactly"))
}

fn not_so(zh: String, en: String) -> Fault {
    Fault::error("HJ1823", zh, en)
}

/// `1001 60.00%、1002 40.00%`.
pub(super) fn shares_text(shares: &Shares) -> String {
    if shares.is_empty() {
        return "—".to_owned();
    }
    let one = |(owner, share): (&String, &i128)| format!("{owner} {}", percent(*share));
    shares.iter().map(one).collect::<Vec<_>>().join("、")
}

fn percent(share_bp: i128) -> String {
    format!("{}.{:02}%", share_bp / 100, share_bp % 100)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn change() -> impl Strategy<Value = Change> {
        let operation = prop::sample::select(vec![
            Operation::Claim,
            Operation::HandOver,
            Operation::Refer,
            Operation::Joint,
            Operation::Designate,
            Operation::WalkIn,
        ]);
        let share = prop::option::of(prop::sample::select(vec![1_i128, 3_333, 4_000, 5_000, 6_000, 10_000]));
        (operation, 1_u8..5, 0_u8..4, 0_u8..4, share).prop_map(|(operation, day, giver, taker, share)| {
            Change {
                row: 0,
                id: String::new(),
                operation,
                object: "C".to_owned(),
                role: "管户".to_owned(),
                from: Date::new(2026, 1, day).unwrap(),
                giver: giver.to_string(),
                taker: taker.to_string(),
                share: share.map(|share| Rational::new(share, FULL_BP).unwrap()),
                maker: String::new(),
                checker: String::new(),
            }
        })
    }

    proptest! {
        /// Whatever people do, every day everything belongs to somebody or it belongs to nobody.
        #[test]
        fn shares_are_all_or_nothing_on_every_day(changes in prop::collection::vec(change(), 0..12)) {
            let mut known: Vec<&Change> = Vec::new();
            for change in &changes {
                known.push(change);
                let Ok(history) = history(&known) else {
                    known.pop();
                    continue;
                };
                prop_assert!(history.is_sorted_by(|left, right| left.0 < right.0));
                for (_, shares) in history {
                    let sum: i128 = shares.values().sum();
                    prop_assert!(shares.is_empty() || sum == FULL_BP, "{shares:?}");
                    prop_assert!(shares.values().all(|share| *share > 0));
                }
            }
        }
    }
}
