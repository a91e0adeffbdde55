//! Laws of the exact number: arithmetic against big numbers, order, rounding and text.

use hengjie_quantity::{Rational, Rounding};
use num_bigint::BigInt;
use num_rational::BigRational;
use proptest::prelude::*;

fn text(value: &str) -> Rational {
    Rational::parse_decimal(value).unwrap_or_else(|| unreachable!("not a decimal: {value}"))
}

fn ratio(num: i128, den: i128) -> Rational {
    Rational::new(num, den).unwrap_or_else(|| unreachable!("zero denominator"))
}

fn big(value: &Rational) -> BigRational {
    BigRational::new(value.numerator(), value.denominator())
}

/// Numbers of every size: plain ones, ones at the limits of `i128`, and ones beyond.
fn any_rational() -> impl Strategy<Value = Rational> {
    let plain = (-1_000_i128..1_000, 1_i128..60).prop_map(|(num, den)| ratio(num, den));
    let money = (-10_000_000_000_i128..10_000_000_000).prop_map(|fen| ratio(fen, 100));
    let edge = prop::sample::select(vec![i128::MIN, i128::MIN + 1, i128::MAX, i128::MAX - 1]);
    let extreme = (edge.clone(), prop_oneof![Just(1_i128), Just(-1), Just(7), edge])
        .prop_map(|(num, den)| ratio(num, den));
    let wide = (any::<i128>(), any::<i128>(), any::<u64>())
        .prop_map(|(num, den, more)| ratio(num, if den == 0 { 1 } else { den }) * Rational::from(more));
    prop_oneof![plain, money, extreme, wide]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn arithmetic_equals_big_numbers(a in any_rational(), b in any_rational()) {
        prop_assert_eq!(big(&(&a + &b)), big(&a) + big(&b));
        prop_assert_eq!(big(&(&a - &b)), big(&a) - big(&b));
        prop_assert_eq!(big(&(&a * &b)), big(&a) * big(&b));
        prop_assert_eq!(big(&-&a), -big(&a));
        prop_assert_eq!(a.cmp(&b), big(&a).cmp(&big(&b)));
        match a.checked_div(&b) {
            Some(quotient) => prop_assert_eq!(big(&quotient), big(&a) / big(&b)),
            None => prop_assert!(b.is_zero()),
        }
    }

    #[test]
    fn every_result_has_its_only_form(a in any_rational(), b in any_rational()) {
        let sum = &a + &b;
        prop_assert_eq!(&(&sum - &b), &a);
        let fits = i128::try_from(sum.numerator()).is_ok() && i128::try_from(sum.denominator()).is_ok();
        prop_assert_eq!(sum.small_parts().is_some(), fits);
        prop_assert_eq!(Rational::from_big_parts(sum.numerator(), sum.denominator()), Some(sum.clone()));
        prop_assert!(sum.denominator() > BigInt::from(0));
        prop_assert_eq!(sum.bit_size(), sum.numerator().bits() + sum.denominator().bits());
    }

    #[test]
    fn rounding_stays_within_one_quantum(a in any_rational(), num in 1_i128..500, den in 1_i128..500) {
        let quantum = ratio(num, den);
        for mode in Rounding::ALL {
            let rounded = a.round_to(&quantum, mode).unwrap();
            prop_assert!(rounded.checked_div(&quantum).unwrap().is_integer());
            prop_assert!((&rounded - &a).abs() < quantum);
            prop_assert_eq!(rounded.round_to(&quantum, mode), Some(rounded));
        }
        prop_assert!(a.round_to(&quantum, Rounding::Down).unwrap() <= a);
        prop_assert!(a.round_to(&quantum, Rounding::Up).unwrap() >= a);
        prop_assert!(a.round_to(&quantum, Rounding::TowardZero).unwrap().abs() <= a.abs());
        let nearest = (a.round_to(&quantum, Rounding::HalfUp).unwrap() - &a).abs();
        prop_assert!(nearest * Rational::from(2) <= quantum);
    }

    #[test]
    fn decimals_are_read_back(num in any::<i128>(), places in 0_i32..30) {
        let value = Rational::from(num) * Rational::pow10(-places);
        prop_assert_eq!(Rational::parse_decimal(&value.to_string()), Some(value.clone()));
        prop_assert_eq!(Rational::parse_decimal(&value.to_decimal_rounded(30, Rounding::Down)), Some(value));
    }

    #[test]
    fn serialized_text_is_read_back(value in any_rational()) {
        let json = serde_json::to_string(&value).unwrap();
        prop_assert_eq!(serde_json::from_str::<Rational>(&json).unwrap(), value);
    }
}

#[test]
fn is_as_small_as_two_integers() {
    assert_eq!(size_of::<Rational>(), 32);
}

#[test]
fn limits_of_the_small_form() {
    let min = Rational::from(i128::MIN);
    assert!(min.small_parts().is_some());
    assert!((-&min).small_parts().is_none());
    assert_eq!(-(-&min), min);
    assert_eq!(min.abs(), -&min);
    assert_eq!(Rational::new(i128::MIN, i128::MIN), Some(Rational::ONE));
    assert_eq!(Rational::new(i128::MIN, -1), Some(-&min));
    assert_eq!(Rational::new(1, i128::MIN).unwrap().checked_div(&Rational::ONE), Rational::new(1, i128::MIN));
    assert_eq!(Rational::new(0, i128::MIN), Some(Rational::ZERO));
    assert_eq!(Rational::ONE.checked_div(&min), Rational::new(1, i128::MIN));
    assert_eq!(Rational::new(3, 0), None);
    assert_eq!(min.floor(), min);
    assert_eq!(ratio(i128::MIN, 3).floor(), Rational::from(i128::MIN / 3 - 1));
    assert_eq!(
        ratio(i128::MAX, 2).round_to(&Rational::ONE, Rounding::Up),
        Some(Rational::from(1_i128 << 126))
    );
    assert_eq!(min.to_i128(), Some(i128::MIN));
    assert_eq!((-min).to_i128(), None);
}

#[test]
fn text_forms() {
    assert_eq!(ratio(1, 3).to_string(), "1/3");
    assert_eq!(ratio(-1, 8).to_string(), "-0.125");
    assert_eq!(ratio(-300, 1).to_string(), "-300");
    assert_eq!(Rational::pow10(40).to_string(), format!("1{}", "0".repeat(40)));
    assert_eq!(Rational::pow10(-40).to_string(), format!("0.{}1", "0".repeat(39)));
    assert_eq!(ratio(1, 3).to_exact_decimal(), None);
    assert_eq!(format!("{:?}", ratio(2, 6)), "1/3");
    for wrong in ["", "-", ".5", "5.", "1.2.3", "1,234", " 1", "1e3", "--1", "一"] {
        assert_eq!(Rational::parse_decimal(wrong), None, "{wrong}");
    }
    assert_eq!(text("－１２．５０"), ratio(-25, 2));
    assert_eq!(text("+007"), Rational::from(7));
    assert_eq!(text("-0"), Rational::ZERO);
    assert_eq!(text(&"9".repeat(60)).to_string(), "9".repeat(60));
}

#[test]
fn rounded_decimals() {
    let cases = [
        ("2.5", 0, "3", "2", "3", "2", "2"),
        ("3.5", 0, "4", "3", "4", "3", "4"),
        ("-2.5", 0, "-3", "-3", "-2", "-2", "-2"),
        ("-0.4", 0, "0", "-1", "0", "0", "0"),
        ("1.005", 2, "1.01", "1.00", "1.01", "1.00", "1.00"),
        ("-7", 2, "-7.00", "-7.00", "-7.00", "-7.00", "-7.00"),
    ];
    for (value, places, half_up, down, up, zero, even) in cases {
        let results = Rounding::ALL.map(|mode| text(value).to_decimal_rounded(places, mode));
        assert_eq!(results, [half_up, down, up, zero, even], "{value}");
    }
    assert_eq!(Rational::ONE.round_to(&Rational::ZERO, Rounding::Up), None);
    assert_eq!(Rational::ONE.round_to(&Rational::from(-1), Rounding::Up), None);
}

#[test]
fn rounding_keywords() {
    for mode in Rounding::ALL {
        assert_eq!(Rounding::from_keyword(mode.zh()), Some(mode));
        assert_eq!(Rounding::from_keyword(mode.en()), Some(mode));
        assert_eq!(serde_json::to_string(&mode).unwrap(), format!("\"{}\"", mode.en()));
    }
    assert_eq!(Rounding::from_keyword("截断"), Some(Rounding::TowardZero));
    assert_eq!(Rounding::from_keyword("四舍六入"), None);
}

#[test]
fn wrong_serialized_text_is_refused() {
    for wrong in
        ["\"1/0\"", "\"a\"", "\"\"", "\"1.5\"", "1", "\"1/2/3\"", "\"1/-2\"", "\"1_0\"", "\"-\"", "\"1/\""]
    {
        assert!(serde_json::from_str::<Rational>(wrong).is_err(), "{wrong}");
    }
    assert_eq!(serde_json::from_str::<Rational>("\"2/4\"").unwrap(), ratio(1, 2));
    assert_eq!(serde_json::to_string(&ratio(-1, 3)).unwrap(), "\"-1/3\"");
}
