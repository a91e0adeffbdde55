//! Distances in shipped regulations whose grades are found by walking through a table.

use super::text;
use hengjie_app::Source;
use hengjie_app::distance::{Query, distance};
use hengjie_app::document;
use hengjie_app::run::Request;
use hengjie_quantity::Lang;
use std::path::Path;

/// Measures a person in a shipped regulation with its demonstration parameters; every value is measured that has an order.
fn check(policy: &str, files: &[(&str, &str)], person: &str) {
    let home = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../policies").join(policy);
    let folder = tempfile::tempdir().unwrap();
    for (name, text) in files {
        std::fs::write(folder.path().join(name), text).unwrap();
    }
    let request = Request {
        source: Source::at(folder.path()),
        parameters: vec![home.join("parameters.demo.csv")],
        periods: Vec::new(),
        only: Vec::new(),
        readings: Vec::new(),
        lang: Lang::Zh,
    };
    let policy_file = document::open(&home).unwrap_or_else(|failure| panic!("{failure:?}"));
    let query = Query { person: person.to_owned(), ..Query::default() };
    let report = distance(&policy_file, &query, &request).unwrap_or_else(|failure| panic!("{failure:?}"));
    let said: String = report.distances.iter().map(text).collect();
    insta::assert_snapshot!(format!("shipped_{policy}_{person}"), said);
}

#[test]
fn a_grade_that_is_raised_step_by_step() {
    let files = [
        ("人员.csv", "编号,名称\n甲,\n乙,\n"),
        (
            "人员_随日期.csv",
            "编号,自,岗位,现任等级\n甲,2011-01-01,客户经理,三级\n乙,2011-01-01,客户经理,高级\n",
        ),
        (
            "人员_每年.csv",
            "编号,期间,工作表现（分）,工作能力（分）,综合素质（分）,各方评价（分）\n甲,2012年,80,80,80,80\n乙,2012年,80,80,80,80\n",
        ),
        ("客户.csv", "编号,名称\n户,\n"),
        ("客户_每年.csv", "编号,期间,综合利润（元）\n户,2012年,10000000\n"),
        (
            "利润归属.csv",
            "编号,期间,归属客户,归属人,直接利润（元）,牵头人定比例\n一,2012年,户,甲,800000,0%\n二,2012年,户,乙,6000000,100%\n",
        ),
    ];
    check("s15-bank-profit-pay", &files, "甲");
    check("s15-bank-profit-pay", &files, "乙");
}

#[test]
fn a_grade_that_is_confirmed_every_quarter() {
    let files = [
        ("人员.csv", "编号,名称,入轨等级\n甲,,四级\n"),
        ("人员_随日期.csv", "编号,自,岗位,上岗资格证书\n甲,2014-01-01,客户经理,是\n"),
        ("人员_每季.csv", "编号,期间,季度考核分（分）,申请暂缓确认\n甲,2015年1季,72.5,否\n"),
        ("信贷考试.csv", "编号,名称,应考人,考试日,合格\n"),
    ];
    check("s09-credit-union-quarterly", &files, "甲");
}

#[test]
fn a_step_that_a_qualification_limits() {
    let files = [
        ("人员.csv", "编号,名称\n甲,\n乙,\n"),
        (
            "人员_随日期.csv",
            "编号,自,承担营销任务,承担专业管理职责,行政职务,类别,资格级别\n甲,2005-07-21,是,否,无行政职务,信贷业务经理,助理\n乙,2005-07-21,是,否,无行政职务,信贷业务经理,高级\n",
        ),
        (
            "人员_每年.csv",
            "编号,期间,年业绩指标（分）,年职业道德（分）,年基础管理（分）,年信贷管理（分）,年服务质量（分）\n甲,2006年,90,90,90,90,90\n乙,2006年,70,70,70,70,70\n",
        ),
        (
            "人员_每季.csv",
            "编号,期间,季业绩指标（分）,季职业道德（分）,季基础管理（分）,季信贷管理（分）,季服务质量（分）\n",
        ),
    ];
    check("s07-bank-eleven-steps", &files, "甲");
    check("s07-bank-eleven-steps", &files, "乙");
}
