//! Laws of the ledger: however balances came, it answers what the history of all balances answers; and what was known then stays.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test stops at what must not happen")]

mod common;

use arrow_array::StringArray;
use common::{Account, Change, OwnershipRow, write_accounts, write_changes, write_ownership};
use hengjie_analytics::ledger::{Changes, Outcome, Sources};
use hengjie_analytics::{Fold, Ledger, Measure, Numbers, Threshold, Watch, Window};
use hengjie_facts::Fault;
use hengjie_quantity::Lang;
use proptest::prelude::*;
use std::collections::BTreeMap;
use std::path::Path;

/// 2024-01-20: months end inside the small banks of these tests.
const FIRST: i32 = 19_742;
const RECORDED: i32 = FIRST + 400;

/// Balances by account and day.
type World = BTreeMap<(i64, i32), i64>;

fn changes_of(world: &World) -> Vec<Change> {
    world
        .iter()
        .map(|((account, day), balance_fen)| Change {
            account: *account,
            day: *day,
            balance_fen: *balance_fen,
        })
        .collect()
}

fn accounts() -> Vec<Account> {
    let kinds = ["deposit", "loan"];
    (0..9)
        .map(|id| Account { id: 7 * id + 3, customer: 100 + id % 4, kind: kinds[(id % 2) as usize] })
        .collect()
}

fn ownership() -> Vec<OwnershipRow> {
    let row = |customer, owner, from, to, share_bp| OwnershipRow { customer, owner, from, to, share_bp };
    vec![
        row(100, 1, FIRST - 50, None, 10_000),
        row(101, 1, FIRST - 50, Some(FIRST + 33), 10_000),
        row(101, 2, FIRST + 33, None, 7_000),
        row(101, 3, FIRST + 70, Some(FIRST + 150), 3_000),
        row(102, 3, FIRST + 90, None, 10_000),
    ]
}

fn build(folder: &Path, base: &World) -> Ledger {
    let file = |name: &str| folder.join(name);
    write_accounts(&file("a.parquet"), &accounts());
    write_ownership(&file("o.parquet"), &ownership());
    write_changes(&file("c.parquet"), &changes_of(base), 5);
    let (accounts, changes, ownership) = (file("a.parquet"), file("c.parquet"), file("o.parquet"));
    let sources = Sources { accounts: &accounts, changes: &changes, ownership: &ownership };
    Ledger::build(&folder.join("ledger"), &sources, RECORDED, &Watch::none()).unwrap()
}

fn load(ledger: &mut Ledger, folder: &Path, number: usize, world: &World) -> Result<Outcome, Vec<Fault>> {
    let path = folder.join(format!("load{number}.parquet"));
    write_changes(&path, &changes_of(world), 4);
    let changes = Changes::read(&path)?;
    ledger.load(&path, &changes, RECORDED + number as i32, &Watch::none())
}

/// Everything that the tests ask for.
fn answers(ledger: &Ledger, windows: &[Window], known: u32) -> Vec<i128> {
    let of = |kind: &str| {
        (0u8..)
            .zip(ledger.classes())
            .filter(|(_, class)| class.kind == kind)
            .map(|(class, _)| class)
            .collect::<Vec<_>>()
    };
    let mut measures = Vec::new();
    for window in windows {
        let threshold = Some(Threshold { classes: of("deposit"), average_fen: 20_000 });
        let measure = |kind, threshold, fold| Measure { classes: of(kind), window: *window, threshold, fold };
        measures.push(measure("deposit", threshold.clone(), Fold::Sum));
        measures.push(measure("loan", None, Fold::Sum));
        measures.push(measure("deposit", threshold, Fold::Largest));
    }
    let (_, indicators) = ledger.indicators(&measures, known, &Watch::none()).unwrap();
    let wanted: Vec<_> = windows.iter().map(|window| (of("deposit"), *window)).collect();
    let sums = ledger.customer_sums(&wanted, known, &Watch::none()).unwrap();
    indicators.values.into_iter().chain(sums.values).collect()
}

/// A base, later loads and corrections, and windows.
#[derive(Debug, Clone)]
struct Case {
    base: World,
    loads: Vec<World>,
    windows: Vec<Window>,
}

fn cases() -> impl Strategy<Value = Case> {
    let balances = |days: std::ops::Range<i32>, count: std::ops::Range<usize>| {
        prop::collection::btree_map((0..9i64, days), 0..90_000i64, count).prop_map(|world| {
            world
                .into_iter()
                .map(|((account, day), fen)| ((7 * account + 3, FIRST + day), fen))
                .collect::<World>()
        })
    };
    let window = (0..260i32, 1..140i32)
        .prop_map(|(from, days)| Window { from: FIRST - 20 + from, to: FIRST - 20 + from + days });
    let parts = (
        balances(0..70, 1..40),
        prop::collection::vec(balances(0..220, 1..8), 0..6),
        prop::collection::vec(window, 1..4),
    );
    parts.prop_map(|(mut base, loads, windows)| {
        base.insert((3, FIRST), 500);
        Case { base, loads, windows }
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn day_by_day_is_as_from_scratch(case in cases()) {
        let folder = tempfile::tempdir().unwrap();
        let mut ledger = build(folder.path(), &case.base);
        let mut all = case.base.clone();
        let mut then = vec![(ledger.last_load(), answers(&ledger, &case.windows, ledger.last_load()))];
        for (number, world) in case.loads.iter().enumerate() {
            let outcome = load(&mut ledger, folder.path(), number, world).unwrap();
            all.extend(world.clone());
            let known = ledger.last_load();
            if matches!(outcome, Outcome::Loaded { .. }) {
                then.push((known, answers(&ledger, &case.windows, known)));
            }
        }
        let other = tempfile::tempdir().unwrap();
        let scratch = build(other.path(), &all);
        let known = ledger.last_load();
        prop_assert_eq!(answers(&ledger, &case.windows, known), answers(&scratch, &case.windows, scratch.last_load()));
        // What was known after each load is what it answered then.
        let reopened = Ledger::open(&folder.path().join("ledger")).unwrap();
        for (known, answer) in then {
            prop_assert_eq!(answers(&reopened, &case.windows, known), answer);
        }
        reopened.verify(&Watch::none()).unwrap();
    }

    #[test]
    fn parts_add_up_to_the_fen_and_day(case in cases()) {
        let folder = tempfile::tempdir().unwrap();
        let mut ledger = build(folder.path(), &case.base);
        for (number, world) in case.loads.iter().enumerate() {
            load(&mut ledger, folder.path(), number, world).unwrap();
        }
        let (known, watch, window) = (ledger.last_load(), Watch::none(), case.windows[0]);
        let threshold = Some(Threshold { classes: vec![0], average_fen: 15_000 });
        let measure = Measure { classes: vec![0], window, threshold, fold: Fold::Sum };
        let (ownership, indicators) = ledger.indicators(std::slice::from_ref(&measure), known, &watch).unwrap();
        for owner in 0..ownership.owners.len() {
            let parts = ledger.owner_parts(&ownership.owners.get(owner).to_string(), &measure, known, &watch).unwrap();
            let whole: i128 = parts.iter().map(|part| part.attributed()).sum();
            prop_assert_eq!(whole, indicators.of(owner as u32)[0]);
            for part in parts {
                for days in part.tenures.iter().map(|tenure| (tenure.days, tenure.fen_days)).chain([(window, part.whole_fen_days)]) {
                    let accounts = ledger.account_parts(&part.customer, &[0], days.0, known).unwrap();
                    let whole: i128 = accounts.iter().flat_map(|account| &account.balances).map(|part| part.fen_days()).sum();
                    prop_assert_eq!(whole, days.1);
                }
            }
        }
    }

    #[test]
    fn the_order_of_loads_is_irrelevant(case in cases()) {
        // Loads that speak of the same account and day would rightly differ: the later one wins.
        let mut loads: Vec<World> = Vec::new();
        let mut seen = std::collections::BTreeSet::new();
        for world in &case.loads {
            let fresh: World = world.iter().filter(|(key, _)| seen.insert(**key)).map(|(key, fen)| (*key, *fen)).collect();
            loads.extend((!fresh.is_empty()).then_some(fresh));
        }
        let answer = |loads: Vec<&World>| {
            let folder = tempfile::tempdir().unwrap();
            let mut ledger = build(folder.path(), &case.base);
            for (number, world) in loads.into_iter().enumerate() {
                load(&mut ledger, folder.path(), number, world).unwrap();
            }
            answers(&ledger, &case.windows, ledger.last_load())
        };
        prop_assert_eq!(answer(loads.iter().collect()), answer(loads.iter().rev().collect()));
    }
}

fn small() -> World {
    [((3, FIRST), 500), ((10, FIRST + 5), 800), ((3, FIRST + 40), 900)].into()
}

fn refused(outcome: Result<Outcome, Vec<Fault>>) -> String {
    outcome.unwrap_err().iter().map(|fault| fault.to_text(Lang::Zh)).collect::<Vec<_>>().join("\n")
}

#[test]
fn the_same_file_counts_once() {
    let folder = tempfile::tempdir().unwrap();
    let mut ledger = build(folder.path(), &small());
    let day: World = [((3, FIRST + 60), 1)].into();
    let first = load(&mut ledger, folder.path(), 1, &day).unwrap();
    assert_eq!(first, Outcome::Loaded { number: 4, corrected_accounts: 0, missing_days: 19 });
    assert_eq!(load(&mut ledger, folder.path(), 2, &day).unwrap(), Outcome::Already(4));
    assert_eq!(ledger.loads().len(), 4);
}

#[test]
fn a_new_ownership_counts_from_its_load_on() {
    let folder = tempfile::tempdir().unwrap();
    let mut ledger = build(folder.path(), &small());
    let windows = [Window { from: FIRST, to: FIRST + 50 }];
    let before = answers(&ledger, &windows, 3);
    let mut rows = ownership();
    rows[0].to = Some(FIRST + 10);
    rows.push(OwnershipRow { owner: 3, from: FIRST + 10, to: None, ..rows[0] });
    let path = folder.path().join("hand-over.parquet");
    write_ownership(&path, &rows);
    ledger.load_ownership(&path, RECORDED + 1, &Watch::none()).unwrap();
    let measure = Measure { classes: vec![0], window: windows[0], threshold: None, fold: Fold::Sum };
    let owners =
        |known| ledger.indicators(std::slice::from_ref(&measure), known, &Watch::none()).unwrap().1.values;
    // Customer 100: 500 fen, from the fortieth day on 900 fen; the first ten days stay with owner 1.
    assert_eq!(owners(3), [290_000_000, 0, 0]);
    assert_eq!(owners(4), [50_000_000, 0, 240_000_000]);
    assert_eq!(answers(&ledger, &windows, 3), before);
    ledger.verify(&Watch::none()).unwrap();
}

#[test]
fn texts_of_a_table_find_accounts_that_are_integers() {
    let folder = tempfile::tempdir().unwrap();
    let mut ledger = build(folder.path(), &small());
    let path = folder.path().join("day.csv");
    let mut day = |number: &str| {
        std::fs::write(&path, number).unwrap();
        let accounts = Numbers::Texts(StringArray::from(vec![number]));
        let changes = Changes { accounts, days: vec![FIRST + 60], balances_fen: vec![1], first_row: 2 };
        ledger.load(&path, &changes, RECORDED, &Watch::none())
    };
    assert!(matches!(day("10").unwrap(), Outcome::Loaded { number: 4, .. }));
    // A zero in front makes another number.
    assert!(refused(day("010")).contains("账户 010 不在账户表里"));
}

#[test]
fn every_bad_row_of_a_load_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let mut ledger = build(folder.path(), &small());
    let bad: World =
        [((3, FIRST - 1), 1), ((4, FIRST + 60), 1), ((10, RECORDED + 90), 1), ((10, FIRST + 60), i64::MAX)]
            .into();
    let text = refused(load(&mut ledger, folder.path(), 1, &bad));
    assert_eq!(
        text,
        "错误[HJ1722] load1.parquet 第 1 行「eff_date」：2024-01-19 早于账簿的第一天 2024-01-20。要改期初以前的余额，请重新建账\n\
         错误[HJ1711] load1.parquet 第 2 行：账户 4 不在账户表里。补齐账户表，或者去掉这个账户的余额\n\
         错误[HJ1715] load1.parquet 第 3 行「balance_fen」：余额太大，积数可能超出 64 位整数。检查余额的单位是否为分\n\
         错误[HJ1722] load1.parquet 第 4 行「eff_date」：2025-05-24 晚于登记日 2025-02-24，那天的余额还不可能知道。检查日期，或者用 --recorded-on 写明登记日"
    );
    assert_eq!(ledger.loads().len(), 3, "nothing was loaded");
}

#[test]
fn days_of_recording_never_go_back() {
    let folder = tempfile::tempdir().unwrap();
    let mut ledger = build(folder.path(), &small());
    load(&mut ledger, folder.path(), 5, &[((3, FIRST + 60), 1)].into()).unwrap();
    let text = refused(load(&mut ledger, folder.path(), 4, &[((3, FIRST + 61), 1)].into()));
    assert!(text.starts_with("错误[HJ1724] 登记日 2025-02-27 早于上一次的登记日 2025-02-28"), "{text}");
    assert_eq!(
        (ledger.known_on(RECORDED - 1), ledger.known_on(RECORDED), ledger.known_on(RECORDED + 9)),
        (None, Some(3), Some(4))
    );
}

#[test]
fn a_changed_byte_is_found() {
    let folder = tempfile::tempdir().unwrap();
    let ledger = build(folder.path(), &small());
    let path = folder.path().join("ledger/boundaries/2024-02-01-000003.parquet");
    let mut bytes = std::fs::read(&path).unwrap();
    bytes[10] ^= 1;
    std::fs::write(&path, bytes).unwrap();
    let faults = ledger.verify(&Watch::none()).unwrap_err();
    assert_eq!(
        faults[0].to_text(Lang::Zh),
        "错误[HJ1718] 2024-02-01-000003.parquet：账簿的文件缺少或损坏。从备份恢复，或者用原来的文件重新建账"
    );
}

#[test]
fn a_ledger_is_not_built_over_another() {
    let folder = tempfile::tempdir().unwrap();
    build(folder.path(), &small());
    let file = |name: &str| folder.path().join(name);
    let (accounts, changes, ownership) = (file("a.parquet"), file("c.parquet"), file("o.parquet"));
    let sources = Sources { accounts: &accounts, changes: &changes, ownership: &ownership };
    let faults =
        Ledger::build(&folder.path().join("ledger"), &sources, RECORDED, &Watch::none()).unwrap_err();
    assert_eq!(faults[0].code, "HJ1720");
}

#[test]
fn cancelled_work_leaves_no_ledger() {
    let folder = tempfile::tempdir().unwrap();
    build(folder.path(), &small());
    let file = |name: &str| folder.path().join(name);
    let (accounts, changes, ownership) = (file("a.parquet"), file("c.parquet"), file("o.parquet"));
    let sources = Sources { accounts: &accounts, changes: &changes, ownership: &ownership };
    let cancelled = std::sync::atomic::AtomicBool::new(true);
    let watch = Watch { show: &|_, _| {}, cancelled: &cancelled };
    let faults = Ledger::build(&file("other"), &sources, RECORDED, &watch).unwrap_err();
    assert_eq!(faults[0].code, "HJ1716");
    assert_eq!(Ledger::open(&file("other")).unwrap_err().code, "HJ1717");
}
