//! Reading a unit as a regulation writes it after a number: 万元, %, 个月, 元/户.

use crate::{BaseUnit, Currency, Rational, Unit};

/// Counter words known without a declaration.
const COUNTERS: [&str; 31] = [
    "户", "人", "次", "项", "笔", "件", "个", "张", "条", "期", "级", "档", "家", "名", "位", "份", "篇",
    "套", "人次", "户次", "分户", "点", "枚", "台", "部", "本", "枝", "箱", "包", "门", "票",
];

/// Prefixes that multiply money and counts, with their power of ten. Longer ones come before their tails.
const MAGNITUDES: [(&str, i32); 11] = [
    ("万亿", 12),
    ("千亿", 11),
    ("百亿", 10),
    ("十亿", 9),
    ("亿", 8),
    ("千万", 7),
    ("百万", 6),
    ("十万", 5),
    ("万", 4),
    ("千", 3),
    ("百", 2),
];

/// Reads a whole unit, for example `万元`, `‰`, `个基点`, `年`, `万户`, `元/户` or `CNY`.
///
/// Returns the multiplier into the base unit and the unit: `万元` is (10000, 元), `年` is (12, 个月), `%` is
/// (0.01, plain number). Both sides of `/` (or `／`) follow the same rules, so `元/万元` is a plain number
/// times 0.0001. `None` for anything that is not entirely a unit.
///
/// Two words deserve care:
/// - `分` is always a score point. The hundredth of a yuan is not a unit; write `0.05元`.
/// - `月` alone is `None`, because it may mean a month of the year or a length of time; write `个月`.
///
/// ```
/// use hengjie_quantity::{Rational, parse_unit};
/// let (multiplier, unit) = parse_unit("万元/户").unwrap();
/// assert_eq!((multiplier, unit.to_string()), (Rational::from(10_000), "元/户".to_owned()));
/// assert_eq!(parse_unit("月"), None);
/// ```
pub fn parse_unit(run: &str) -> Option<(Rational, Unit)> {
    parse_unit_with(run, &[])
}

/// Like [`parse_unit`], and also accepts the counter words in `extra`, which a document declares.
///
/// A built-in meaning always wins over an extra word, so a document cannot change what 元 or 分 means.
pub fn parse_unit_with(run: &str, extra: &[String]) -> Option<(Rational, Unit)> {
    let mut parts = run.split(['/', '／']);
    let (mut multiplier, mut unit) = simple_unit(parts.next()?, extra)?;
    for part in parts {
        let (divisor, below) = simple_unit(part, extra)?;
        multiplier = multiplier.checked_div(&divisor)?;
        unit = unit.divide(&below);
    }
    Some((multiplier, unit))
}

/// A unit without `/`.
fn simple_unit(word: &str, extra: &[String]) -> Option<(Rational, Unit)> {
    ratio_word(word)
        .map(|multiplier| (multiplier, Unit::none()))
        .or_else(|| measure_word(word).map(|(times, base)| (Rational::from(times), Unit::of(base))))
        .or_else(|| scalable(word, extra).map(|base| (Rational::ONE, Unit::of(base))))
        .or_else(|| magnified(word, extra))
}

/// Words that only multiply a plain number.
fn ratio_word(word: &str) -> Option<Rational> {
    let exponent = match word {
        "%" | "％" | "个百分点" | "百分点" | "pp" => -2,
        "‰" => -3,
        "‱" | "个基点" | "基点" | "bp" => -4,
        _ => return None,
    };
    Some(Rational::pow10(exponent))
}

/// Points, time and age, which take no 万 or 亿 in front.
fn measure_word(word: &str) -> Option<(i32, BaseUnit)> {
    Some(match word {
        "分" | "points" | "point" => (1, BaseUnit::Point),
        "年" | "years" | "year" => (12, BaseUnit::Month),
        "个季度" | "quarters" | "quarter" => (3, BaseUnit::Month),
        "个月" | "months" | "month" => (1, BaseUnit::Month),
        "周" | "weeks" | "week" => (7, BaseUnit::Day),
        "天" | "日" | "days" | "day" => (1, BaseUnit::Day),
        "个工作日" | "工作日" | "workdays" | "workday" => (1, BaseUnit::Workday),
        "小时" | "hours" | "hour" => (60, BaseUnit::Minute),
        "分钟" | "minutes" | "minute" => (1, BaseUnit::Minute),
        "岁" | "years_old" => (1, BaseUnit::AgeYear),
        _ => return None,
    })
}

/// Money and counts, which may have 万 or 亿 in front.
fn scalable(word: &str, extra: &[String]) -> Option<BaseUnit> {
    if let Some(currency) = Currency::parse(word) {
        return Some(BaseUnit::Currency(currency));
    }
    let known = !word.is_empty() && (COUNTERS.contains(&word) || extra.iter().any(|counter| counter == word));
    known.then(|| BaseUnit::count(word))
}

/// A magnitude such as 万 with money or a count behind it, or alone as a multiplier of a plain number.
fn magnified(word: &str, extra: &[String]) -> Option<(Rational, Unit)> {
    let (prefix, exponent) = MAGNITUDES.into_iter().find(|(prefix, _)| word.starts_with(prefix))?;
    let rest = word.strip_prefix(prefix)?;
    // 百 and 千 alone are too easily a fragment of another word.
    let unit = if rest.is_empty() && exponent >= 4 { Unit::none() } else { Unit::of(scalable(rest, extra)?) };
    Some((Rational::pow10(exponent), unit))
}
