//! [`Rational`] as text: exact decimals, fractions, reading, and its serialized form.

use std::fmt;

use num_bigint::BigInt;
use num_integer::Integer;
use num_traits::{Signed, Zero};
use serde::de::{self, Deserialize, Deserializer, Visitor};
use serde::ser::{Serialize, Serializer};

use super::Rational;

/// The value of an ASCII or full-width digit.
pub(crate) fn decimal_digit(character: char) -> Option<char> {
    match character {
        '0'..='9' => Some(character),
        '０'..='９' => char::from_digit(character as u32 - '０' as u32, 10),
        _ => None,
    }
}

/// Splits an optional sign (ASCII, full-width or the minus sign U+2212) from the rest; true means negative.
pub(crate) fn split_sign(text: &str) -> (bool, &str) {
    if let Some(rest) = text.strip_prefix(['-', '−', '－']) {
        (true, rest)
    } else {
        (false, text.strip_prefix(['+', '＋']).unwrap_or(text))
    }
}

/// Puts the decimal point before the last `places` digits, adding zeros in front where needed.
pub(super) fn place_point(negative: bool, digits: &str, places: usize) -> String {
    let sign = if negative { "-" } else { "" };
    if places == 0 {
        return format!("{sign}{digits}");
    }
    let padded = format!("{digits:0>width$}", width = places + 1);
    let (whole, fraction) = padded.split_at(padded.len() - places);
    format!("{sign}{whole}.{fraction}")
}

/// How many decimal places a fraction with this denominator needs; `None` when no number is enough.
fn small_places(den: u128) -> Option<u32> {
    let twos = den.trailing_zeros();
    let mut rest = den >> twos;
    let mut fives = 0;
    while rest.is_multiple_of(5) {
        rest /= 5;
        fives += 1;
    }
    (rest == 1).then(|| twos.max(fives))
}

fn big_places(den: &BigInt) -> Option<u64> {
    let twos = den.trailing_zeros().unwrap_or(0);
    let mut rest: BigInt = den >> twos;
    let mut fives = 0_u64;
    loop {
        let (quotient, remainder) = rest.div_rem(&BigInt::from(5));
        if !remainder.is_zero() {
            break;
        }
        rest = quotient;
        fives += 1;
    }
    (rest == BigInt::from(1)).then(|| twos.max(fives))
}

impl Rational {
    /// Reads a decimal: an optional sign, one or more digits, and optionally a point with one or more digits.
    ///
    /// Digits, point and sign may be ASCII or full-width. `None` for anything else: spaces, thousands
    /// separators, exponents, a missing digit on either side of the point.
    ///
    /// ```
    /// use hengjie_quantity::Rational;
    /// assert_eq!(Rational::parse_decimal("1234.50"), Rational::new(2469, 2));
    /// assert_eq!(Rational::parse_decimal("１２．５"), Rational::new(25, 2));
    /// assert_eq!(Rational::parse_decimal("1,234"), None);
    /// ```
    pub fn parse_decimal(text: &str) -> Option<Rational> {
        let (negative, unsigned) = split_sign(text);
        let (whole, fraction) = match unsigned.split_once(['.', '．']) {
            Some((whole, fraction)) => (whole, Some(fraction)),
            None => (unsigned, None),
        };
        if whole.is_empty() || fraction.is_some_and(str::is_empty) {
            return None;
        }
        let fraction = fraction.unwrap_or_default();
        let digits: String =
            whole.chars().chain(fraction.chars()).map(decimal_digit).collect::<Option<_>>()?;
        let places = i32::try_from(fraction.chars().count()).ok()?;
        let integer = match digits.parse::<i128>() {
            Ok(small) => Rational::from(small),
            Err(_) => Rational::from(digits.parse::<BigInt>().ok()?),
        };
        let value = if places == 0 { integer } else { integer * Rational::pow10(-places) };
        Some(if negative { -value } else { value })
    }

    /// The number as exact decimal text without needless zeros. `None` when the decimal does not terminate.
    pub fn to_exact_decimal(&self) -> Option<String> {
        let places = self.decimal_places()?;
        let scaled = self * Rational::pow10(i32::try_from(places).ok()?);
        let digits = match scaled.to_i128() {
            Some(integer) => integer.unsigned_abs().to_string(),
            None => scaled.numerator().abs().to_string(),
        };
        Some(place_point(self.signum() < 0, &digits, usize::try_from(places).ok()?))
    }

    /// How many digits after the point the exact decimal needs. `None` when it does not terminate.
    pub fn decimal_places(&self) -> Option<u64> {
        match self.small_parts() {
            Some((_, den)) => small_places(den.unsigned_abs()).map(u64::from),
            None => big_places(&self.denominator()),
        }
    }

    /// Reads `n` or `n/d` with ASCII digits, the serialized form. `None` for other text and for `d` = 0.
    fn parse_fraction(text: &str) -> Option<Rational> {
        let (num, den) = text.split_once('/').unwrap_or((text, "1"));
        // The integer parsers also take plus signs and underscores, which this form does not have.
        let digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
        if !digits(num.strip_prefix('-').unwrap_or(num)) || !digits(den) {
            return None;
        }
        if let (Ok(num), Ok(den)) = (num.parse::<i128>(), den.parse::<i128>()) {
            return Rational::new(num, den);
        }
        Rational::from_big_parts(num.parse().ok()?, den.parse().ok()?)
    }

    fn write_fraction(&self, out: &mut impl fmt::Write) -> fmt::Result {
        match self.small_parts() {
            Some((num, 1)) => write!(out, "{num}"),
            Some((num, den)) => write!(out, "{num}/{den}"),
            None if self.is_integer() => write!(out, "{}", self.numerator()),
            None => write!(out, "{}/{}", self.numerator(), self.denominator()),
        }
    }
}

impl fmt::Display for Rational {
    /// The exact decimal when it terminates, otherwise `n/d`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.to_exact_decimal() {
            Some(decimal) => f.write_str(&decimal),
            None => self.write_fraction(f),
        }
    }
}

impl fmt::Debug for Rational {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// The text `n` or `n/d`, because no number type of a data format is exact for every value.
impl Serialize for Rational {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut text = String::new();
        self.write_fraction(&mut text).map_err(serde::ser::Error::custom)?;
        serializer.serialize_str(&text)
    }
}

impl<'de> Deserialize<'de> for Rational {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_str(FractionVisitor)
    }
}

struct FractionVisitor;

impl Visitor<'_> for FractionVisitor {
    type Value = Rational;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an exact number as text, n or n/d with d not 0")
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<Rational, E> {
        Rational::parse_fraction(text).ok_or_else(|| E::invalid_value(de::Unexpected::Str(text), &self))
    }
}
