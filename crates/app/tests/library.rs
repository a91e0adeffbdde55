//! The shipped documents as a whole: every rule of their sources is where the list says, the pages about it are up to date,
//! and the example of deferred pay is posted to a ledger.
//!
//! `HENGJIE_WRITE=1` writes the pages anew.
#![expect(clippy::unwrap_used, reason = "a test stops where something is not as it must be")]

use hengjie_app::Source;
use hengjie_app::coverage::{self, Coverage};
use hengjie_app::document::{self, Policy};
use hengjie_app::pay::{self, Group, Posting, yuan};
use hengjie_app::run::{Request, parse_periods};
use hengjie_calendar::{Date, Period};
use hengjie_quantity::Lang;
use std::path::{Path, PathBuf};
use tempfile::TempDir;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn page_is_current(coverage: &Coverage, lang: Lang) {
    let page = root().join("docs").join(lang.code()).join("coverage.md");
    let text = coverage::markdown(coverage, &root().join("policies"), &page, lang);
    if std::env::var_os("HENGJIE_WRITE").is_some() {
        std::fs::write(&page, &text).unwrap();
    }
    let stale = std::fs::read_to_string(&page).unwrap_or_default() != text;
    assert!(!stale, "{} is stale: HENGJIE_WRITE=1 cargo test --workspace --test library", page.display());
}

#[test]
fn every_rule_of_the_sources_is_where_the_list_says() {
    let coverage = match coverage::measure(&root().join("policies")) {
        Ok(coverage) => coverage,
        Err(failure) => panic!("{failure:?}"),
    };
    let faults: Vec<String> = coverage.faults().into_iter().map(|fault| fault.en).collect();
    assert!(faults.is_empty(), "{}", faults.join("\n"));
    page_is_current(&coverage, Lang::Zh);
    page_is_current(&coverage, Lang::En);
}

/// Facts of the example of deferred pay, with what 甲 earned in 2024.
fn world(earned: &str) -> (TempDir, Policy) {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    std::fs::create_dir(&data).unwrap();
    let write = |name: &str, text: &str| std::fs::write(data.join(name), text).unwrap();
    write("人员.csv", "编号,延期支付岗位,已离职,离职日\n甲,是,是,2024-12-31\n乙,否,否,\n丙,是,否,\n");
    write(
        "人员_每年.csv",
        &format!("编号,期间,年度绩效（元）\n甲,2024年,{earned}\n丙,2024年,30000\n丙,2025年,\n"),
    );
    write("追索事件.csv", "日期,责任人,属实,核定追索额（元）\n2026-03-01,甲,是,20000\n");
    let policy = document::open(&root().join("docs/examples/deferred-pay.md")).unwrap();
    (folder, policy)
}

/// Facts of the example of movement over years, with the results that were annulled.
fn moving(annulled: &str) -> (TempDir, Policy) {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    std::fs::create_dir(&data).unwrap();
    let write = |name: &str, text: &str| std::fs::write(data.join(name), text).unwrap();
    write(
        "人员.csv",
        "编号,姓名,入职日,试岗起日,转换日,入轨等级\n甲,甲,2015-01-01,—,—,中级\n乙,乙,2015-01-01,—,—,中级\n",
    );
    write("人员_随日期.csv", "编号,自,岗位\n甲,2015-01-01,客户经理\n乙,2015-01-01,客户经理\n");
    let years = ["2024年", "2025年", "2026年"];
    let rows = years.iter().flat_map(|year| ["甲", "乙"].map(|who| format!("{who},{year},95,0,是\n")));
    write("人员_每年.csv", &format!("编号,期间,得分,缺勤天数,竞聘通过\n{}", rows.collect::<String>()));
    write("转换申请.csv", "编号,日期,申请人\n");
    write("作废决定.csv", &format!("编号,当事人,年度,查实\n{annulled}"));
    let parameters = "参数,键1,值,生效自,由,依据\n等级工资,高级,120000元,,人力资源部,1 号文\n等级工资,中级,90000元,,人力资源部,1 号文\n等级工资,初级,60000元,,人力资源部,1 号文\n等级工资,见习,40000元,,人力资源部,1 号文\n待岗工资,,30000元,,人力资源部,1 号文\n";
    write("参数.csv", parameters);
    let policy = document::open(&root().join("docs/examples/movement.md")).unwrap();
    (folder, policy)
}

fn posted(folder: &TempDir, policy: &Policy, period: &str, because: &str) -> String {
    let request = Request {
        source: Source::at(&folder.path().join("data")),
        parameters: Vec::new(),
        periods: parse_periods(&[period.to_owned()]).unwrap(),
        only: Vec::new(),
        readings: Vec::new(),
        lang: Lang::Zh,
    };
    let on = Date::new(2028, 1, 10).unwrap();
    let posting = Posting { on, by: "薪酬办公室".to_owned(), because: because.to_owned() };
    let posted = pay::post(policy, &request, &folder.path().join("账.csv"), &posting, false).unwrap();
    let mut text = format!(
        "{period} {because}: unchanged {}, waiting {}, absent {}, due {}\n",
        posted.unchanged,
        posted.waiting,
        posted.absent,
        yuan(posted.due_fen)
    );
    for entry in &posted.entries {
        text += &format!(
            "  {} {} {} {}→{} {} {} {} ↶{:?}\n",
            entry.number,
            entry.kind.word(),
            entry.key.person,
            entry.key.period,
            entry.booked,
            entry.key.item,
            yuan(i128::from(entry.amount_fen)),
            entry.article,
            entry.corrects,
        );
    }
    text
}

#[test]
fn pay_is_posted_once_corrected_by_differences_and_closed() {
    let (folder, policy) = world("100000.01");
    let mut shown = posted(&folder, &policy, "2024年至2027年", "首次");
    shown += &posted(&folder, &policy, "2024年至2027年", "再来一次");
    let ledger = folder.path().join("账.csv");
    let posting = Posting {
        on: Date::new(2028, 1, 11).unwrap(),
        by: "财务部".to_owned(),
        because: "年度关账".to_owned(),
    };
    pay::close(&ledger, Period::parse("2024年").unwrap(), &posting).unwrap();
    assert!(pay::close(&ledger, Period::parse("2024年").unwrap(), &posting).is_err());
    let (changed, _) = world("90000");
    std::fs::copy(&ledger, changed.path().join("账.csv")).unwrap();
    shown += &posted(&changed, &policy, "2024年至2027年", "绩效更正");
    let book = pay::open(&changed.path().join("账.csv")).unwrap();
    for ((name, year), fen) in book.sums(Group::Person) {
        shown += &format!("{name} {year} {}\n", yuan(fen));
    }
    insta::assert_snapshot!(shown);
    let spoilt = std::fs::read_to_string(&ledger).unwrap().replacen("60000.01", "60000.02", 1);
    std::fs::write(&ledger, spoilt).unwrap();
    let Err(hengjie_app::Failure::Unreadable(message)) = pay::open(&ledger) else { unreachable!() };
    assert!(message.en.contains("is not as it was written"), "{}", message.en);
}

#[test]
fn an_annulled_result_is_taken_back_with_all_that_followed_from_it() {
    let (before, policy) = moving("");
    let mut shown = posted(&before, &policy, "2024年至2026年", "首次");
    let (after, _) = moving("Z1,甲,2024年,是\nZ2,乙,2024年,否\n");
    std::fs::copy(before.path().join("账.csv"), after.path().join("账.csv")).unwrap();
    shown += &posted(&after, &policy, "2024年至2026年", "2024 年考评作废");
    insta::assert_snapshot!(shown);
}
