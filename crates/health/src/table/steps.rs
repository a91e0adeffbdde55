//! Thresholds and coefficients that go against the grade.

use super::{groups, values};
use crate::finding::{Check, Finding, Severity};
use crate::{Context, words};
use hengjie_policy::core::{ArticleId, Cell, EnumId, Literal, Table, TableId, Type};
use hengjie_quantity::{Lang, Rational};
use hengjie_syntax::Span;
use std::cmp::Ordering;

/// A sequence of values by rising item of an ordered 名目.
struct Sequence {
    of: EnumId,
    /// Item, value for comparison, place.
    values: Vec<(u32, Rational, Span)>,
}

pub(super) fn look(context: &Context<'_>, _id: TableId, table: &Table, found: &mut Vec<Finding>) {
    let keys = table.keys as usize;
    for key in 0..keys {
        let Type::Enum(of) = table.columns[key].ty else { continue };
        if !context.program.enums[of.index()].ordered {
            continue;
        }
        let others: Vec<usize> = (0..keys).filter(|other| *other != key).collect();
        for column in values(table) {
            let comparable = match &table.columns[column].ty {
                Type::Number(_) => !table.columns[column].interval,
                Type::Enum(of) => context.program.enums[of.index()].ordered,
                _ => false,
            };
            if !comparable {
                continue;
            }
            for group in groups(table, &others) {
                let mut values: Vec<(u32, Rational, Span)> = group
                    .iter()
                    .filter_map(|(_, row)| {
                        let Some(Cell::Value(Literal::Enum(_, item))) = row.cells.get(key) else {
                            return None;
                        };
                        let value = match row.cells.get(column)? {
                            Cell::Value(Literal::Number(value)) => value.clone(),
                            Cell::Value(Literal::Enum(_, item)) => Rational::from(*item),
                            _ => return None,
                        };
                        Some((*item, value, row.span))
                    })
                    .collect();
                values.sort_by_key(|(item, ..)| *item);
                let place = |item: u32, value: &Rational, lang: Lang| {
                    let shown = match &table.columns[column].ty {
                        Type::Enum(of) => {
                            let item =
                                value.to_i128().and_then(|item| usize::try_from(item).ok()).unwrap_or(0);
                            context.program.enums[of.index()].items.get(item).cloned().unwrap_or_default()
                        }
                        ty => words::number(value, ty, lang),
                    };
                    format!("{} {shown}", context.program.enums[of.index()].items[item as usize])
                };
                let what = |lang: Lang| {
                    let (name, heading) = (&table.name, &table.columns[column].name);
                    let within = group.first().map_or(String::new(), |(_, row)| {
                        let cells = others.iter().map(|other| {
                            row.cells.get(*other).map_or(String::new(), |found| {
                                words::cell(context.program, found, &table.columns[*other].ty, lang)
                            })
                        });
                        cells.collect::<Vec<_>>().join("/")
                    });
                    let within = if within.is_empty() { within } else { format!("（{within}）") };
                    match lang {
                        Lang::Zh => format!("表“{name}”的“{heading}”{within}"),
                        Lang::En => format!("`{heading}`{within} of table `{name}`"),
                    }
                };
                judge(&Sequence { of, values }, table.article, &what, &place, found);
            }
        }
    }
}

/// Parameters by an ordered 名目, as far as they have been supplied.
pub(super) fn look_at_parameters(context: &Context<'_>, found: &mut Vec<Finding>) {
    for (position, parameter) in context.program.parameters.iter().enumerate() {
        let ([Type::Enum(of)], Type::Number(_)) = (parameter.keys.as_slice(), &parameter.ty) else {
            continue;
        };
        if !context.program.enums[of.index()].ordered {
            continue;
        }
        let supplied = context.supplied.iter().filter(|value| value.parameter.index() == position);
        let mut values: Vec<(u32, Rational, Span)> = supplied
            .filter_map(|supplied| match (supplied.keys.as_slice(), &supplied.value) {
                ([Literal::Enum(_, item)], Literal::Number(value)) => {
                    Some((*item, value.clone(), parameter.span))
                }
                _ => None,
            })
            .collect();
        values.sort_by_key(|(item, ..)| *item);
        if values.windows(2).any(|pair| pair[0].0 == pair[1].0) {
            continue;
        }
        // Shares of a whole follow no grade.
        if values.iter().fold(Rational::ZERO, |sum, (_, value, _)| &sum + value) == Rational::ONE {
            continue;
        }
        let place = |item: u32, value: &Rational, lang: Lang| {
            let name = &context.program.enums[of.index()].items[item as usize];
            format!("{name} {}", words::number(value, &parameter.ty, lang))
        };
        let what = |lang: Lang| match lang {
            Lang::Zh => format!("参数“{}”", parameter.name),
            Lang::En => format!("parameter `{}`", parameter.name),
        };
        judge(&Sequence { of: *of, values }, parameter.article, &what, &place, found);
    }
}

type Place<'p> = &'p dyn Fn(u32, &Rational, Lang) -> String;

fn judge(
    sequence: &Sequence,
    article: ArticleId,
    what: &dyn Fn(Lang) -> String,
    place: Place<'_>,
    found: &mut Vec<Finding>,
) {
    let values = &sequence.values;
    let _ = sequence.of;
    if values.len() < 3 {
        return;
    }
    let orders: Vec<Ordering> = values.windows(2).map(|pair| pair[1].1.cmp(&pair[0].1)).collect();
    let count = |wanted: Ordering| orders.iter().filter(|order| **order == wanted).count();
    let (up, down, same) = (count(Ordering::Greater), count(Ordering::Less), count(Ordering::Equal));
    let pair_text = |at: usize, lang: Lang| {
        // The higher grade first.
        let ((low, low_value, _), (high, high_value, _)) = (&values[at], &values[at + 1]);
        let (high, low) = (place(*high, high_value, lang), place(*low, low_value, lang));
        match lang {
            Lang::Zh => format!("{high}，{low}"),
            Lang::En => format!("{high}; {low}"),
        }
    };
    if up > 0 && down > 0 {
        // A column that goes up and down is no scale at all.
        if up.min(down) * 3 > orders.len() && orders.len() > 3 {
            return;
        }
        let against = if down <= up { Ordering::Less } else { Ordering::Greater };
        for (at, _) in orders.iter().enumerate().filter(|(_, order)| **order == against) {
            found.push(
                Finding::proved(
                    Check::Threshold,
                    Severity::Error,
                    (article, values[at].2),
                    format!("{}不随等级变化：{}", what(Lang::Zh), pair_text(at, Lang::Zh)),
                    format!("{} does not follow the grade: {}", what(Lang::En), pair_text(at, Lang::En)),
                )
                .help(
                    "核对这两格是否印错；有意如此的，在条文下写 > 体检：门槛；理由",
                    "compare both cells with the source; if it is meant so, write > 体检：门槛；reason below the heading",
                ),
            );
        }
    } else if same == 1 && orders.len() >= 3 {
        let Some(at) = orders.iter().position(|order| *order == Ordering::Equal) else { return };
        found.push(
            Finding::proved(
                Check::Threshold,
                Severity::Note,
                (article, values[at].2),
                format!("{}有两级相同，其余各级都不同：{}", what(Lang::Zh), pair_text(at, Lang::Zh)),
                format!(
                    "{} is the same for two grades and differs for all others: {}",
                    what(Lang::En),
                    pair_text(at, Lang::En)
                ),
            )
            .help("核对是不是抄错了一格", "see whether one cell was copied wrongly"),
        );
    }
}
