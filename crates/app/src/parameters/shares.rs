//! The shares by which seats are distributed (各档): supplied ones must add up to the whole, as those of a document must.

use crate::faults::TableFaults;
use crate::words::cite;
use hengjie_calendar::Date;
use hengjie_evaluate::dataset::{Dataset, SuppliedParameter};
use hengjie_facts::{Fault, FaultReport};
use hengjie_policy::core::{Body, Expr, ExprKind, Literal, ParameterId, Program, QuotaForm};
use hengjie_quantity::{Rational, format_percent};
use std::collections::BTreeSet;

/// The shares of a quota: the parameter, and the keys of every grade.
type Shares = (ParameterId, Vec<Vec<Literal>>);

/// Refuses supplied shares that do not add up to 100 % on some day from which all of them are known. Names the rows of the files and
/// the article that distributes by them.
pub(super) fn check(program: &Program, data: &Dataset, report: &mut FaultReport) {
    let mut seen: Vec<Shares> = Vec::new();
    for attribute in &program.attributes {
        let Body::Quota(quota) = &attribute.body else { continue };
        let QuotaForm::Each { shares, .. } = &quota.form else { continue };
        let Some(shares) = of_parameter(shares).filter(|shares| !seen.contains(shares)) else { continue };
        let supplied = data.parameters.iter().filter(|entry| entry.parameter == shares.0);
        let days: BTreeSet<Option<Date>> = supplied.map(|entry| entry.from).collect();
        for day in days {
            let Some(entries) = in_force(data, &shares, day) else { continue };
            if let Some(sum) = sum(&entries).filter(|sum| *sum != Rational::ONE) {
                let fault = misses(program, data, &entries, &sum, cite(program, attribute.article));
                let file = last(&entries).map_or(0, |(file, _)| file);
                let file = data.files.get(file as usize).cloned().unwrap_or_default();
                TableFaults::of_file(report, super::TABLE, file).push(fault);
            }
        }
        seen.push(shares);
    }
}

/// The parameter and keys when all shares are values of one parameter.
fn of_parameter(shares: &[(u32, Expr)]) -> Option<Shares> {
    let mut parameter = None;
    let mut all = Vec::new();
    for (_, share) in shares {
        let ExprKind::Parameter(id, keys) = &share.kind else { return None };
        let key = |key: &Expr| match &key.kind {
            ExprKind::Literal(literal) => Some(literal.clone()),
            _ => None,
        };
        all.push(keys.iter().map(key).collect::<Option<Vec<Literal>>>()?);
        parameter = Some(*id);
    }
    parameter.map(|parameter| (parameter, all))
}

/// The value of every grade on a day; `None` while one is missing.
fn in_force<'d>(
    data: &'d Dataset,
    (parameter, grades): &Shares,
    day: Option<Date>,
) -> Option<Vec<&'d SuppliedParameter>> {
    let of = |keys: &Vec<Literal>| {
        let known =
            data.parameters.iter().filter(|entry| entry.parameter == *parameter && entry.keys == *keys);
        known.filter(|entry| entry.from <= day).max_by_key(|entry| entry.from)
    };
    grades.iter().map(of).collect()
}

fn sum(entries: &[&SuppliedParameter]) -> Option<Rational> {
    let share = |entry: &&SuppliedParameter| match &entry.value {
        Literal::Number(share) => Some(share.clone()),
        _ => None,
    };
    entries.iter().map(share).collect::<Option<Vec<Rational>>>().map(|shares| shares.into_iter().sum())
}

/// File and row of the entry that was read last.
fn last(entries: &[&SuppliedParameter]) -> Option<(u32, u32)> {
    entries.iter().filter_map(|entry| entry.origin).max()
}

fn misses(
    program: &Program,
    data: &Dataset,
    entries: &[&SuppliedParameter],
    sum: &Rational,
    article: &str,
) -> Fault {
    let name = entries.first().map_or("", |entry| &program.parameters[entry.parameter.index()].name);
    let place = |entry: &&SuppliedParameter| {
        let (file, row) = entry.origin.unwrap_or_default();
        (data.files.get(file as usize).map_or("", String::as_str), row)
    };
    let places: BTreeSet<(&str, u32)> = entries.iter().map(place).collect();
    let zh: Vec<String> = places.iter().map(|(file, row)| format!("{file} 第 {row} 行")).collect();
    let en: Vec<String> = places.iter().map(|(file, row)| format!("{file} row {row}")).collect();
    let sum = format_percent(sum);
    let fault = Fault::error(
        "HJ1606",
        format!("“{name}”各档合计 {sum}，不是 100%；{article}按它分名额，各档的值在 {}", zh.join("、")),
        format!(
            "the shares `{name}` add up to {sum}, not 100%; {article} distributes seats by them; they stand in {}",
            en.join(", ")
        ),
    )
    .help("把各档的比例改到合计 100%", "make the shares of all grades add up to 100%")
    .column("值");
    match last(entries) {
        Some((_, row)) => fault.row(row),
        None => fault,
    }
}
