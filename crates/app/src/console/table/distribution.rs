//! How values are distributed: counts per item, or per interval of a round width.

use crate::console::answer::DistributionGroup;
use std::collections::BTreeMap;

/// Intervals of a distribution, about.
const INTERVALS: i128 = 16;

/// Counts per item: those of the list in its order, else the texts that occur.
pub(super) fn items(present: &[&str], items: &[String]) -> Vec<DistributionGroup> {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    present.iter().for_each(|text| *counts.entry(text).or_default() += 1);
    let group = |from: &str| {
        let count = counts.get(from).copied().unwrap_or_default();
        DistributionGroup { from: from.to_owned(), to: String::new(), count }
    };
    match items {
        [] => counts.keys().map(|text| group(text)).collect(),
        items => items.iter().map(|item| group(item)).collect(),
    }
}

/// Counts per interval, all of one round width (1, 2 or 5 times a power of ten).
pub(super) fn intervals(present: &[&str]) -> Vec<DistributionGroup> {
    let places = present.iter().map(|text| places(text)).max().unwrap_or(0);
    let values: Vec<i128> = present.iter().map(|text| scaled(text)).collect();
    let (Some(&low), Some(&high)) = (values.iter().min(), values.iter().max()) else { return Vec::new() };
    let width = round_width((high - low) / INTERVALS + 1);
    let first = low.div_euclid(width);
    let mut counts = vec![0_usize; usize::try_from(high.div_euclid(width) - first + 1).unwrap_or(1)];
    for value in values {
        let at = usize::try_from(value.div_euclid(width) - first).unwrap_or_default();
        if let Some(count) = counts.get_mut(at) {
            *count += 1;
        }
    }
    let border = |at: usize| decimal((first + at as i128) * width, places);
    let group = |(at, count)| DistributionGroup { from: border(at), to: border(at + 1), count };
    counts.into_iter().enumerate().map(group).collect()
}

/// The smallest of 1, 2, 5, 10, 20, … that is not below a width.
fn round_width(width: i128) -> i128 {
    let mut power = 1;
    loop {
        for factor in [1, 2, 5] {
            if factor * power >= width {
                return factor * power;
            }
        }
        power *= 10;
    }
}

/// A decimal number without its point. All numbers of a column have the same places.
pub(super) fn scaled(text: &str) -> i128 {
    text.chars().filter(|character| *character != '.').collect::<String>().parse().unwrap_or_default()
}

fn places(text: &str) -> usize {
    text.split_once('.').map_or(0, |(_, decimals)| decimals.len())
}

/// An integer with a point before its last `places` digits, without needless zeros.
fn decimal(value: i128, places: usize) -> String {
    if places == 0 {
        return value.to_string();
    }
    let sign = if value < 0 { "-" } else { "" };
    let digits = format!("{:0>width$}", value.unsigned_abs(), width = places + 1);
    let (whole, decimals) = digits.split_at(digits.len() - places);
    let text = format!("{sign}{whole}.{decimals}");
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        /// Every value stands in exactly the interval whose borders hold it.
        #[test]
        fn intervals_count_everything(values in prop::collection::vec(-1_000_000_i128..1_000_000, 1..60)) {
            let texts: Vec<String> = values.iter().map(|value| format!("{}{}.{:02}",
                if *value < 0 { "-" } else { "" }, value.abs() / 100, value.abs() % 100)).collect();
            let present: Vec<&str> = texts.iter().map(String::as_str).collect();
            let groups = intervals(&present);
            prop_assert_eq!(groups.iter().map(|group| group.count).sum::<usize>(), values.len());
            prop_assert!(groups.len() <= 18, "{}", groups.len());
            let hundredths = |text: &str| {
                let (whole, decimals) = text.split_once('.').unwrap_or((text, ""));
                format!("{whole}{decimals:0<2}").parse::<i128>().unwrap()
            };
            for group in &groups {
                let (from, to) = (hundredths(&group.from), hundredths(&group.to));
                let inside = values.iter().filter(|value| (from..to).contains(*value)).count();
                prop_assert_eq!(inside, group.count, "{:?}", group);
            }
        }
    }
}
