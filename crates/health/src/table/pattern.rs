//! Entries out of pattern: another unit, another subject, another size than the neighbours.

use super::{groups, number_in, values};
use crate::finding::{Check, Finding, Severity};
use crate::{Context, words};
use hengjie_policy::core::{Cell, Table, TableId, TableRow, Type};
use hengjie_quantity::{Lang, Rational};

/// How many times larger or smaller than the middle value an entry is suspicious.
const TIMES: i32 = 400;
/// How many times the others may differ from the middle value.
const USUAL: i32 = 120;

pub(super) fn look(context: &Context<'_>, id: TableId, table: &Table, found: &mut Vec<Finding>) {
    let keys = table.keys as usize;
    // A table with one key is one group; otherwise the items of each key are groups.
    let groupings: Vec<Vec<Vec<(usize, &TableRow)>>> = match keys {
        0 | 1 => vec![groups(table, &[])],
        _ => (0..keys).map(|key| groups(table, &[key])).collect(),
    };
    let odd_units: Vec<Vec<Finding>> = groupings
        .iter()
        .map(|grouping| {
            let mut odd = Vec::new();
            grouping.iter().for_each(|group| units(context, id, table, group, &mut odd));
            odd
        })
        .collect();
    // Of several ways to compare, the one meant is that with the fewest exceptions.
    found.extend(odd_units.into_iter().min_by_key(Vec::len).unwrap_or_default());
    for grouping in &groupings {
        grouping.iter().for_each(|group| sizes(context, id, table, group, found));
        if keys > 1 {
            subjects(context, id, table, grouping, found);
        }
    }
}

/// Two columns of different units of which each row has one: the few rows in the other unit.
fn units(
    context: &Context<'_>,
    id: TableId,
    table: &Table,
    group: &[(usize, &TableRow)],
    found: &mut Vec<Finding>,
) {
    if group.len() < 4 {
        return;
    }
    let numbers: Vec<usize> =
        values(table).filter(|column| matches!(table.columns[*column].ty, Type::Number(_))).collect();
    for &usual in &numbers {
        for &odd in
            numbers.iter().filter(|odd| **odd != usual && table.columns[**odd].ty != table.columns[usual].ty)
        {
            let in_usual: Vec<_> = group.iter().filter(|(_, row)| number_in(row, usual).is_some()).collect();
            let in_odd: Vec<_> = group.iter().filter(|(_, row)| number_in(row, odd).is_some()).collect();
            let exclusive = in_odd.iter().all(|(_, row)| matches!(row.cells.get(usual), Some(Cell::Exempt)));
            let complementary = exclusive
                && !in_odd.is_empty()
                && in_usual.len() >= 3
                && in_odd.len() * 2 < in_usual.len()
                && in_usual.len() + in_odd.len() == group.len();
            if !complementary {
                continue;
            }
            for (position, row) in &in_odd {
                let Some(value) = number_in(row, odd) else { continue };
                let name = |lang| words::row(context.program, id, *position, lang);
                let shown = |lang| words::number(value, &table.columns[odd].ty, lang);
                let (odd_name, usual_name) = (&table.columns[odd].name, &table.columns[usual].name);
                let unit = |column: usize, lang: Lang| match &table.columns[column].ty {
                    Type::Number(unit) => unit.text(lang),
                    _ => String::new(),
                };
                found.push(
                    Finding::proved(
                        Check::Unit,
                        Severity::Error,
                        (table.article, row.span),
                        format!(
                            "表“{}”的“{}”一行用“{odd_name}”（{}，{}），其余 {} 行都用“{usual_name}”（{}）",
                            table.name, name(Lang::Zh), unit(odd, Lang::Zh), shown(Lang::Zh), in_usual.len(), unit(usual, Lang::Zh)
                        ),
                        format!(
                            "in table `{}` the row {} uses `{odd_name}` ({}, {}); the other {} rows use `{usual_name}` ({})",
                            table.name, name(Lang::En), unit(odd, Lang::En), shown(Lang::En), in_usual.len(), unit(usual, Lang::En)
                        ),
                    )
                    .help("核对原文的币种和单位", "compare currency and unit with the source"),
                );
            }
        }
    }
}

/// A column of subjects (deposits, loans) that is the same within a group but for a few rows.
fn subjects(
    context: &Context<'_>,
    id: TableId,
    table: &Table,
    grouping: &[Vec<(usize, &TableRow)>],
    found: &mut Vec<Finding>,
) {
    if grouping.len() < 2 || grouping.iter().any(|group| group.len() < 3) {
        return;
    }
    for column in values(table) {
        if !matches!(table.columns[column].ty, Type::Enum(_) | Type::Text) {
            continue;
        }
        let most = |group: &[(usize, &TableRow)]| {
            let mut counts: Vec<(Option<Cell>, usize)> = Vec::new();
            for (_, row) in group {
                let value = row.cells.get(column).cloned();
                match counts.iter_mut().find(|(known, _)| *known == value) {
                    Some((_, count)) => *count += 1,
                    None => counts.push((value, 1)),
                }
            }
            counts.into_iter().max_by_key(|(_, count)| *count)
        };
        let tops: Vec<_> = grouping.iter().filter_map(|group| most(group)).collect();
        let pure = tops.iter().zip(grouping).filter(|((_, count), group)| *count == group.len()).count();
        let clear = tops.iter().zip(grouping).all(|((_, count), group)| count * 2 > group.len());
        // The groups differ from each other, most of them are of one subject.
        let differ = tops.windows(2).any(|pair| pair[0].0 != pair[1].0);
        if !clear || !differ || pure * 2 < grouping.len() || pure == grouping.len() {
            continue;
        }
        for ((usual, _), group) in tops.iter().zip(grouping) {
            let Some(usual) = usual else { continue };
            for (position, row) in group.iter().filter(|(_, row)| row.cells.get(column) != Some(usual)) {
                let Some(own) = row.cells.get(column) else { continue };
                let ty = &table.columns[column].ty;
                let show = |cell: &Cell, lang| words::cell(context.program, cell, ty, lang);
                let name = |lang| words::row(context.program, id, *position, lang);
                found.push(
                    Finding::proved(
                        Check::Unit,
                        Severity::Error,
                        (table.article, row.span),
                        format!(
                            "表“{}”的“{}”一行，“{}”是{}，同类的其他行多数是{}",
                            table.name,
                            name(Lang::Zh),
                            table.columns[column].name,
                            show(own, Lang::Zh),
                            show(usual, Lang::Zh)
                        ),
                        format!(
                            "in table `{}` the row {} has {} as `{}`; most others of its kind have {}",
                            table.name,
                            name(Lang::En),
                            show(own, Lang::En),
                            table.columns[column].name,
                            show(usual, Lang::En)
                        ),
                    )
                    .help("核对原文的科目有没有印错", "see whether the source names the wrong subject"),
                );
            }
        }
    }
}

/// An entry hundreds of times larger or smaller than the others.
fn sizes(
    context: &Context<'_>,
    id: TableId,
    table: &Table,
    group: &[(usize, &TableRow)],
    found: &mut Vec<Finding>,
) {
    for column in values(table).filter(|column| !table.columns[*column].interval) {
        let entries: Vec<(usize, &Rational, &TableRow)> = group
            .iter()
            .filter_map(|(position, row)| Some((*position, number_in(row, column)?, *row)))
            .filter(|(_, value, _)| value.signum() > 0)
            .collect();
        if entries.len() < 3 {
            continue;
        }
        let mut sorted: Vec<&Rational> = entries.iter().map(|(_, value, _)| *value).collect();
        sorted.sort();
        let middle = sorted[sorted.len() / 2].clone();
        let plain = matches!(&table.columns[column].ty, Type::Number(unit) if unit.is_none());
        let far = |value: &Rational, times: i32| {
            let times = Rational::from(times);
            *value > &middle * &times || value * &times < middle
        };
        let odd: Vec<_> = entries.iter().filter(|(_, value, _)| far(value, TIMES)).collect();
        // 5 among 5 %: a whole number among shares below 1.
        let shares: Vec<_> = entries.iter().filter(|(_, value, _)| **value <= Rational::ONE).collect();
        let whole: Vec<_> = entries
            .iter()
            .filter(|(_, value, _)| {
                plain && value.is_integer() && **value >= Rational::from(2) && far(value, 10)
            })
            .collect();
        let odd = match odd.as_slice() {
            [_] if entries.iter().filter(|(_, value, _)| far(value, USUAL)).count() == 1 => odd,
            _ if whole.len() == 1 && shares.len() + 1 == entries.len() => whole,
            _ => continue,
        };
        for (position, value, row) in odd {
            let ty = &table.columns[column].ty;
            let name = |lang| words::row(context.program, id, *position, lang);
            let (own, usual) =
                (|lang| words::number(value, ty, lang), |lang| words::number(&middle, ty, lang));
            let (table_name, heading) = (&table.name, &table.columns[column].name);
            found.push(
                Finding::proved(
                    Check::Magnitude,
                    Severity::Error,
                    (table.article, row.span),
                    format!(
                        "表“{table_name}”的“{heading}”，“{}”一行是 {}，其他行在 {} 上下",
                        name(Lang::Zh),
                        own(Lang::Zh),
                        usual(Lang::Zh)
                    ),
                    format!(
                        "`{heading}` of table `{table_name}` is {} in the row {}; the others are around {}",
                        own(Lang::En),
                        name(Lang::En),
                        usual(Lang::En)
                    ),
                )
                .help("看是不是少写或多写了“万”或“%”", "see whether 万 or % is missing or too much"),
            );
        }
    }
}
