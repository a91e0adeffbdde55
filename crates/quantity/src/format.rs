//! Writing quantities as people write them.

use crate::{BaseUnit, Lang, Rational, Rounding, Unit};

/// Digits after the point when a decimal does not terminate.
const APPROXIMATE_PLACES: u32 = 6;
/// The most digits after the point with 亿 or 万; money that needs more is written in full.
const SCALED_PLACES: u64 = 4;

/// A quantity as people write it; `value` is in base units.
///
/// - Chinese money uses 亿 or 万 when the decimal is then exact with at most 4 digits after the point
///   (`1.1亿元`, `1.2345万元`); otherwise the full amount, without decimals when whole and with at least 2
///   otherwise (`500元`, `1234.50元`, `123456789.50元`). English money is always in full: `CNY 110,000,000`.
/// - Whole months that are a multiple of 12 are years (`3年`, `3 years`), others months (`6个月`); whole
///   minutes that are a multiple of 60 are hours.
/// - Other units follow the plain number: `92.55分`, `120 points`, `3户`, `500元/户`; in Chinese, less than a hundredth
///   per 元 is written per 万元: `0.2分/万元`.
/// - A plain number has no unit; see [`format_percent`] for ratios.
/// - A decimal that does not terminate is rounded half up to 6 digits after the point, with `≈` in front.
///
/// Exact Chinese results parse back with [`crate::parse_quantity`].
pub fn format_quantity(value: &Rational, unit: &Unit, lang: Lang) -> String {
    if unit.leading_currency().is_some() {
        return format_money(value, unit, lang);
    }
    let (value, word) = natural_word(value, unit, lang);
    match lang {
        Lang::Zh => format!("{}{word}", format_number(&value)),
        Lang::En if word.is_empty() || word.starts_with('/') => {
            format!("{}{word}", group_thousands(&format_number(&value)))
        }
        Lang::En => format!("{} {word}", group_thousands(&format_number(&value))),
    }
}

/// A plain number: the exact decimal, or `≈` and 6 digits after the point when it does not terminate.
///
/// ```
/// use hengjie_quantity::{Rational, format_number};
/// assert_eq!(format_number(&Rational::new(1, 3).unwrap()), "≈0.333333");
/// ```
pub fn format_number(value: &Rational) -> String {
    value.to_exact_decimal().unwrap_or_else(|| approximate(value))
}

/// A ratio as a percentage: 0.125 is `12.5%`, one third is `≈33.333333%`.
pub fn format_percent(value: &Rational) -> String {
    format!("{}%", format_number(&(value * Rational::from(100))))
}

fn approximate(value: &Rational) -> String {
    format!("≈{}", value.to_decimal_rounded(APPROXIMATE_PLACES, Rounding::HalfUp))
}

/// The value and the word of a unit that is not money, in the unit of its family people would use.
fn natural_word(value: &Rational, unit: &Unit, lang: Lang) -> (Rational, String) {
    let Some(base) = unit.single() else {
        if let Some(scaled) = per_ten_thousand(value, unit).filter(|_| lang == Lang::Zh) {
            return scaled;
        }
        let positive = unit.factors().iter().any(|(_, exponent)| *exponent > 0);
        let word = match (unit.is_none(), positive) {
            (true, _) => String::new(),
            (false, true) => unit.text(lang),
            (false, false) => unit.divisor_text(lang),
        };
        return (value.clone(), word);
    };
    let (value, zh, en) = match base {
        BaseUnit::Month => in_multiples(value, 12, ["年", "个月"], ["years", "months"]),
        BaseUnit::Minute => in_multiples(value, 60, ["小时", "分钟"], ["hours", "minutes"]),
        BaseUnit::AgeYear => (value.clone(), "岁", "years old"),
        BaseUnit::Count(word) => return (value.clone(), word.clone()),
        other => (value.clone(), other.zh(), other.en()),
    };
    let word = match lang {
        Lang::Zh => zh.to_owned(),
        Lang::En if value == Rational::ONE => singular(en),
        Lang::En => en.to_owned(),
    };
    (value, word)
}

/// A small number per 元 as people say it, per 万元: `0.2分/万元`, not `0.00002分/元`.
fn per_ten_thousand(value: &Rational, unit: &Unit) -> Option<(Rational, String)> {
    let is_money =
        |(base, exponent): &&(BaseUnit, i8)| matches!(base, BaseUnit::Currency(_)) && *exponent == -1;
    let (currency, _) = unit.factors().iter().find(is_money)?;
    let scaled = value * Rational::pow10(4);
    let is_small = !value.is_zero() && value.abs() < Rational::pow10(-2);
    let fits = is_small && scaled.decimal_places()? <= SCALED_PLACES;
    let word = currency.word(Lang::Zh);
    fits.then(|| (scaled, unit.text(Lang::Zh).replacen(&format!("/{word}"), &format!("/万{word}"), 1)))
}

/// The English word for exactly one.
fn singular(plural: &str) -> String {
    match plural {
        "years old" => "year old".to_owned(),
        _ => plural.trim_end_matches('s').to_owned(),
    }
}

/// The value in the larger unit when that is a whole number other than 0, else unchanged.
fn in_multiples<'a>(
    value: &Rational,
    size: i32,
    zh: [&'a str; 2],
    en: [&'a str; 2],
) -> (Rational, &'a str, &'a str) {
    match value.checked_div(&Rational::from(size)) {
        Some(larger) if larger.is_integer() && !larger.is_zero() => (larger, zh[0], en[0]),
        _ => (value.clone(), zh[1], en[1]),
    }
}

fn format_money(value: &Rational, unit: &Unit, lang: Lang) -> String {
    match lang {
        Lang::Zh => {
            let (number, magnitude) = scaled_money(value).unwrap_or_else(|| (full_money(value), ""));
            format!("{number}{magnitude}{}", unit.text(lang))
        }
        Lang::En => {
            let code = unit.leading_currency().map_or("", |currency| currency.code());
            format!("{code} {}{}", group_thousands(&full_money(value)), unit.divisor_text(lang))
        }
    }
}

/// The amount in 亿 or 万 when it is large enough and exact with few decimals.
fn scaled_money(value: &Rational) -> Option<(String, &'static str)> {
    let size = value.abs();
    [(8, "亿"), (4, "万")].into_iter().find_map(|(exponent, word)| {
        let scaled = value * Rational::pow10(-exponent);
        let fits = size >= Rational::pow10(exponent) && scaled.decimal_places()? <= SCALED_PLACES;
        fits.then(|| scaled.to_exact_decimal()).flatten().map(|number| (number, word))
    })
}

/// The amount in the main unit: whole, or with two decimals, or with as many as exactness needs.
fn full_money(value: &Rational) -> String {
    match value.decimal_places() {
        Some(1) => value.to_decimal_rounded(2, Rounding::HalfUp),
        _ => format_number(value),
    }
}

/// Puts a comma between groups of three digits of the whole part.
fn group_thousands(number: &str) -> String {
    let start = number.find(|character: char| character.is_ascii_digit()).unwrap_or(0);
    let end = number.find('.').unwrap_or(number.len());
    let mut grouped = number[..start].to_owned();
    for (place, digit) in number[start..end].char_indices() {
        if place > 0 && (end - start - place).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    grouped + &number[end..]
}
