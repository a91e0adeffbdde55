//! Numbers as cells hold them: exact from the text, with the unit people wrote.
//!
//! The only floating point numbers of the product are here: Excel stores numbers as binary fractions. They are turned
//! into decimal text at once and never calculated with.

use hengjie_quantity::{Rational, Unit, parse_quantity_cell, parse_quantity_cell_with};

/// A number read from a cell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum NumberCell {
    /// Without a unit: it counts what the heading says.
    Bare(Rational),
    /// With its own unit; the value is in base units.
    WithUnit(Rational, Unit),
}

/// Why a cell is not a number.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum NumberFault {
    /// `1.2E+08`: Excel shortened a long number, digits may be lost.
    Scientific,
    /// A number with something behind it that is no unit.
    Unit(String),
    /// Something else.
    NotNumber,
}

/// Digits that fit an `i64` whatever they are.
const FAST_DIGITS: usize = 18;
/// Digits of a number that Excel keeps.
const EXCEL_DIGITS: usize = 15;
/// Whole numbers up to this size are exact in Excel files (2 to the power 53).
const EXACT_WHOLE: f64 = 9_007_199_254_740_992.0;

/// A plain decimal of at most 18 digits as (integer, digits after the point), the fraction without trailing zeros.
///
/// `None` only means that the fast path does not know the text.
pub(crate) fn fast_decimal(text: &str) -> Option<(i64, u8)> {
    let bytes = text.as_bytes();
    let (negative, digits) = match bytes.split_first() {
        Some((b'-', rest)) => (true, rest),
        _ => (false, bytes),
    };
    let point = digits.iter().position(|&byte| byte == b'.');
    let (whole, fraction) = match point {
        Some(at) => (&digits[..at], &digits[at + 1..]),
        None => (digits, &digits[..0]),
    };
    if whole.is_empty()
        || (point.is_some() && fraction.is_empty())
        || whole.len() + fraction.len() > FAST_DIGITS
    {
        return None;
    }
    let kept = fraction.iter().rposition(|&byte| byte != b'0').map_or(0, |last| last + 1);
    let mut value = 0_i64;
    for &byte in whole.iter().chain(&fraction[..kept]) {
        let digit = byte.wrapping_sub(b'0');
        if digit > 9 {
            return None;
        }
        value = value * 10 + i64::from(digit);
    }
    Some((if negative { -value } else { value }, kept as u8))
}

/// Reads a trimmed cell; `counters` are counter words beyond the built-in ones.
pub(crate) fn parse_number(text: &str, counters: &[String]) -> Result<NumberCell, NumberFault> {
    if text.ends_with(is_digit) {
        return match parse_quantity_cell(text) {
            Some(quantity) => Ok(NumberCell::Bare(quantity.value)),
            None if is_scientific(text) => Err(NumberFault::Scientific),
            None => Err(NumberFault::NotNumber),
        };
    }
    if let Some(quantity) = parse_quantity_cell_with(text, counters) {
        return Ok(NumberCell::WithUnit(quantity.value, quantity.unit));
    }
    let (number, tail) = split_tail(text);
    match parse_quantity_cell(number) {
        Some(_) => Err(NumberFault::Unit(tail.to_owned())),
        None => Err(NumberFault::NotNumber),
    }
}

/// A text up to its last digit, and what follows: the place of the unit.
pub(crate) fn split_tail(text: &str) -> (&str, &str) {
    let end = text.rfind(is_digit).map_or(0, |at| at + text[at..].chars().next().map_or(0, char::len_utf8));
    (text[..end].trim(), text[end..].trim())
}

/// Is it a number in the form `1.2E+08`?
pub(crate) fn is_scientific(text: &str) -> bool {
    if !text.starts_with(|first: char| first.is_ascii_digit() || matches!(first, '-' | '+' | '.')) {
        return false;
    }
    let Some((number, exponent)) = text.split_once(['e', 'E']) else {
        return false;
    };
    let digits = exponent.strip_prefix(['+', '-']).unwrap_or(exponent);
    Rational::parse_decimal(number).is_some()
        && !digits.is_empty()
        && digits.bytes().all(|byte| byte.is_ascii_digit())
}

/// A number of JSON as a decimal, with its exponent written out. `None` for exponents beyond ±400.
pub(crate) fn json_decimal(text: &str) -> Option<String> {
    let Some((number, exponent)) = text.split_once(['e', 'E']) else {
        return Some(text.to_owned());
    };
    let exponent: i32 = exponent.parse().ok().filter(|exponent| (-400..=400).contains(exponent))?;
    shift(number, exponent)
}

/// An Excel number as decimal text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct ExcelNumber {
    pub(crate) text: String,
    /// Digits beyond the 15 that Excel shows were dropped.
    pub(crate) rounded: bool,
}

/// The decimal that people see in Excel: the shortest one that means the stored number, and when that has more than
/// 15 digits (the remains of a calculation such as 0.1 + 0.2) the nearest one with 15.
///
/// `None` for what is not a finite number.
pub(crate) fn excel_number(value: f64) -> Option<ExcelNumber> {
    if !value.is_finite() {
        return None;
    }
    let text = value.to_string();
    let exact_whole = value.abs() <= EXACT_WHOLE && !text.contains('.');
    if exact_whole || significant_digits(&text) <= EXCEL_DIGITS {
        return Some(ExcelNumber { text, rounded: false });
    }
    let scientific = format!("{value:.*e}", EXCEL_DIGITS - 1);
    let (number, exponent) = scientific.split_once('e')?;
    let text = shift(number, exponent.parse().ok()?)?;
    Some(ExcelNumber { text, rounded: true })
}

/// The nearest number that an Excel cell can hold, with at most 15 digits; `None` when the decimal has more.
pub(crate) fn to_excel_number(decimal: &str) -> Option<f64> {
    if significant_digits(decimal) > EXCEL_DIGITS {
        return None;
    }
    decimal.parse().ok().filter(|value: &f64| value.is_finite())
}

/// Digits without leading and trailing zeros.
pub(crate) fn significant_digits(decimal: &str) -> usize {
    let digits = decimal.bytes().filter(u8::is_ascii_digit);
    let significant = |(count, zeros): (usize, usize), digit: u8| match (count, digit) {
        (0, b'0') => (0, 0),
        (_, b'0') => (count, zeros + 1),
        _ => (count + zeros + 1, 0),
    };
    digits.fold((0, 0), significant).0
}

/// Moves the decimal point of `-1.25` by `exponent` places.
fn shift(number: &str, exponent: i32) -> Option<String> {
    Rational::parse_decimal(number).and_then(|value| (value * Rational::pow10(exponent)).to_exact_decimal())
}

fn is_digit(character: char) -> bool {
    matches!(character, '0'..='9' | '０'..='９')
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn shown(text: &str) -> String {
        match parse_number(text, &["客".to_owned()]) {
            Ok(NumberCell::Bare(value)) => value.to_string(),
            Ok(NumberCell::WithUnit(value, unit)) => format!("{value} {unit}"),
            Err(fault) => format!("{fault:?}"),
        }
    }

    #[test]
    fn reads_numbers_as_people_write_them() {
        let cases = [
            ("1.1亿元", "110000000 元"),
            ("1,234.50", "1234.5"),
            ("12%", "0.12 比例"),
            ("１２．５", "12.5"),
            ("-3", "-3"),
            ("300 万元", "3000000 元"),
            ("5客", "5 客"),
            ("5万", "50000 比例"),
            ("12,34", "NotNumber"),
            ("1.23E+08", "Scientific"),
            ("优秀", "NotNumber"),
            ("12块", "Unit(\"块\")"),
            ("１２块钱", "Unit(\"块钱\")"),
            ("-", "NotNumber"),
            ("2025-01-01", "NotNumber"),
        ];
        for (text, expected) in cases {
            assert_eq!(shown(text), expected, "{text}");
        }
    }

    #[test]
    fn excel_numbers_are_what_people_see() {
        let cases = [
            (0.1 + 0.2, "0.3", true),
            (89.999_999_999_999_99, "90", true),
            (0.1, "0.1", false),
            (1_234_567_890_123_456.0, "1234567890123456", false),
            (110_000_000.0, "110000000", false),
            (1e21, "1000000000000000000000", false),
            (-2.5e-7, "-0.00000025", false),
            (1.0 / 3.0, "0.333333333333333", true),
        ];
        for (value, text, rounded) in cases {
            assert_eq!(excel_number(value), Some(ExcelNumber { text: text.to_owned(), rounded }), "{value}");
        }
        assert_eq!(excel_number(f64::NAN), None);
        assert_eq!(excel_number(f64::INFINITY), None);
    }

    #[test]
    fn json_exponents_are_written_out() {
        assert_eq!(json_decimal("1.25e2").as_deref(), Some("125"));
        assert_eq!(json_decimal("12E-3").as_deref(), Some("0.012"));
        assert_eq!(json_decimal("7").as_deref(), Some("7"));
        assert_eq!(json_decimal("1e999999999"), None);
    }

    proptest! {
        #[test]
        fn fast_path_agrees_with_the_exact_reader(text in "-?[0-9]{1,12}(\\.[0-9]{1,8})?") {
            let value = Rational::parse_decimal(&text).unwrap();
            if let Some((integer, places)) = fast_decimal(&text) {
                prop_assert_eq!(Rational::from(integer) * Rational::pow10(-i32::from(places)), value);
            } else {
                prop_assert!(text.bytes().filter(u8::is_ascii_digit).count() > FAST_DIGITS);
            }
        }

        #[test]
        fn any_text_is_read_without_failing(text in "\\PC{0,24}") {
            let _ = parse_number(&text, &[]);
            let _ = fast_decimal(&text);
            let _ = is_scientific(&text);
            let _ = json_decimal(&text);
        }

        #[test]
        fn decimals_of_fifteen_digits_survive_excel(integer in -999_999_999_999_999_i64..=999_999_999_999_999, places in 0_i32..=15) {
            let decimal = (Rational::from(integer) * Rational::pow10(-places)).to_exact_decimal().unwrap();
            let stored = to_excel_number(&decimal).unwrap();
            prop_assert_eq!(excel_number(stored), Some(ExcelNumber { text: decimal, rounded: false }));
        }

        #[test]
        fn grouped_amounts_read_like_plain_ones(yuan in 0_i64..=9_999_999_999, fen in 0_i64..100) {
            let plain = format!("{yuan}.{fen:02}");
            let whole = yuan.to_string();
            let grouped: Vec<String> = whole.as_bytes().rchunks(3).rev().map(|part| String::from_utf8_lossy(part).into_owned()).collect();
            let grouped = format!("{}.{fen:02}元", grouped.join(","));
            let Ok(NumberCell::WithUnit(value, _)) = parse_number(&grouped, &[]) else { panic!("{grouped}") };
            prop_assert_eq!(value, Rational::parse_decimal(&plain).unwrap());
        }
    }
}
