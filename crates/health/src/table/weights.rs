//! Columns of weights that miss 100 %.

use super::{groups, number_in, values};
use crate::finding::{Check, Finding, Severity};
use crate::{Context, words};
use hengjie_policy::core::{Table, Type};
use hengjie_quantity::Rational;

/// Words in the heading of a column of shares of a whole.
const WEIGHT_WORDS: [&str; 6] = ["权重", "比重", "占比", "weight", "Weight", "share"];

pub(super) fn look(context: &Context<'_>, table: &Table, found: &mut Vec<Finding>) {
    for column in values(table) {
        let named = WEIGHT_WORDS.iter().any(|word| table.columns[column].name.contains(word));
        let plain = matches!(&table.columns[column].ty, Type::Number(unit) if unit.is_none());
        if named && plain && !table.columns[column].interval && table.rows.len() > 1 {
            sum_of(context, table, column, found);
        }
    }
}

/// The column adds up to 100 % as a whole or within the items of one key.
fn sum_of(context: &Context<'_>, table: &Table, column: usize, found: &mut Vec<Finding>) {
    let whole = groups(table, &[]);
    let by_key = (0..table.keys as usize).filter(|_| table.keys > 1).map(|key| groups(table, &[key]));
    let sum = |rows: &[(usize, &hengjie_policy::core::TableRow)]| {
        rows.iter()
            .filter_map(|(_, row)| number_in(row, column))
            .fold(Rational::ZERO, |sum, number| &sum + number)
    };
    let mut best: Option<(usize, Vec<_>)> = None;
    for grouping in [whole].into_iter().chain(by_key) {
        let wrong = grouping.iter().filter(|rows| sum(rows) != Rational::ONE).count();
        if wrong == 0 {
            return;
        }
        // Of several ways to add up, the one meant is that with the smallest part wrong.
        let part = wrong * 1000 / grouping.len();
        if best.as_ref().is_none_or(|(least, _)| part < *least) {
            best = Some((part, grouping));
        }
    }
    let Some((_, grouping)) = best else { return };
    let single = grouping.len() == 1;
    for rows in grouping.iter().filter(|rows| sum(rows) != Rational::ONE) {
        let Some((first, row)) = rows.first() else { continue };
        let list = |lang| {
            let one = |(position, row): &(usize, &hengjie_policy::core::TableRow)| {
                let value = number_in(row, column)?;
                let name = words::row(context.program, context.table_id(table), *position, lang);
                Some(format!("{name} {}", words::percent(value)))
            };
            rows.iter().filter_map(one).collect::<Vec<_>>().join(lang.pick("、", ", "))
        };
        let total = words::percent(&sum(rows));
        let (name, heading) = (&table.name, &table.columns[column].name);
        let span = if single { table.span } else { row.span };
        let _ = first;
        found.push(
            Finding::proved(
                Check::Weights,
                Severity::Error,
                (table.article, span),
                format!(
                    "表“{name}”的“{heading}”合计 {total}，不是 100%：{}",
                    list(hengjie_quantity::Lang::Zh)
                ),
                format!(
                    "`{heading}` of table `{name}` adds up to {total}, not 100%: {}",
                    list(hengjie_quantity::Lang::En)
                ),
            )
            .help("改成合计 100%，并在表上写 合计 100%", "make it 100% and write 合计 100% at the table"),
        );
    }
}
