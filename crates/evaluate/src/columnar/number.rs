//! Fixed-point numbers of a column: integers with a static scale, a proven range and a proven error.
//!
//! A column holds integers `v`; the number meant is `v × scale`, or any number within `error × scale` of it. `error` 0 is
//! exact. Ranges are proven while the plan is made, from the smallest and largest integer of every fact column, so that
//! the kernels need no overflow checks: what does not fit 64 bits is computed in 128, what does not fit 120 bits is
//! made coarser with a larger `error`. Where an error could decide something (a comparison, a rounding), the lane is
//! computed again with exact fractions, so that the outcome is always the exact one.

use hengjie_quantity::Rational;

/// Largest magnitude kept in 64-bit columns.
pub(crate) const NARROW: i128 = 1 << 62;
/// Largest magnitude kept in 128-bit columns.
pub(crate) const WIDE: i128 = 1 << 120;
/// Magnitude aimed at when a number is made coarser: leaves room for sums and weights in 64 bits.
const COARSE_TARGET: i128 = 1 << 53;

/// A positive fraction in lowest terms.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Scale {
    pub(crate) num: i128,
    pub(crate) den: i128,
}

fn gcd(mut a: i128, mut b: i128) -> i128 {
    while b != 0 {
        (a, b) = (b, a % b);
    }
    a.abs()
}

impl Scale {
    pub(crate) const ONE: Self = Self { num: 1, den: 1 };

    /// `None` when it does not fit or is not positive.
    pub(crate) fn new(num: i128, den: i128) -> Option<Self> {
        if num <= 0 || den <= 0 {
            return None;
        }
        let divisor = gcd(num, den);
        Some(Self { num: num / divisor, den: den / divisor })
    }

    pub(crate) fn of(value: &Rational) -> Option<Self> {
        let (num, den) = value.small_parts()?;
        Self::new(num, den)
    }

    pub(crate) fn rational(self) -> Rational {
        Rational::new(self.num, self.den).unwrap_or(Rational::ONE)
    }

    pub(crate) fn times(self, other: Self) -> Option<Self> {
        let (left, right) = (gcd(self.num, other.den), gcd(other.num, self.den));
        let num = (self.num / left).checked_mul(other.num / right)?;
        let den = (self.den / right).checked_mul(other.den / left)?;
        Self::new(num, den)
    }

    pub(crate) fn inverse(self) -> Self {
        Self { num: self.den, den: self.num }
    }

    /// The largest scale of which both are whole multiples, and the two multiples.
    pub(crate) fn common(self, other: Self) -> Option<(Self, i128, i128)> {
        if self == other {
            return Some((self, 1, 1));
        }
        let den = (self.den / gcd(self.den, other.den)).checked_mul(other.den)?;
        let left = self.num.checked_mul(den / self.den)?;
        let right = other.num.checked_mul(den / other.den)?;
        let num = gcd(left, right);
        Some((Self::new(num, den)?, left / num, right / num))
    }

    /// Is the denominator a product of twos and fives?
    pub(crate) fn is_decimal(self) -> bool {
        let mut den = self.den;
        for factor in [2, 5] {
            while den % factor == 0 {
                den /= factor;
            }
        }
        den == 1
    }
}

/// What is known of the integers of a column.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Numeric {
    pub(crate) scale: Scale,
    /// In units of `scale`.
    pub(crate) error: i128,
    /// Smallest integer that can stand in the column (not counting the error).
    pub(crate) low: i128,
    pub(crate) high: i128,
}

impl Numeric {
    pub(crate) fn exact(scale: Scale, low: i128, high: i128) -> Self {
        Self { scale, error: 0, low, high }
    }

    /// Largest magnitude.
    pub(crate) fn magnitude(&self) -> i128 {
        self.low.saturating_abs().max(self.high.saturating_abs())
    }

    pub(crate) fn is_narrow(&self) -> bool {
        self.magnitude().saturating_add(self.error) <= NARROW
    }

    pub(crate) fn fits(&self) -> bool {
        self.magnitude().saturating_add(self.error) <= WIDE
    }

    /// After multiplying the integers by `factor` and dividing the scale by it.
    pub(crate) fn refined(&self, scale: Scale, factor: i128) -> Self {
        Self {
            scale,
            error: self.error.saturating_mul(factor),
            low: self.low.saturating_mul(factor),
            high: self.high.saturating_mul(factor),
        }
    }

    /// The decimal scale to which numbers of this range are made coarser.
    pub(crate) fn coarse_scale(&self) -> Option<Scale> {
        decimal_scale_for(&(Rational::from(self.magnitude()) * self.scale.rational()))
    }
}

/// The finest decimal scale at which numbers up to `bound` stay comfortably inside 64 bits; for very large bounds, inside
/// 120 bits. `None` when even that is impossible.
pub(crate) fn decimal_scale_for(bound: &Rational) -> Option<Scale> {
    let fits = |places: i32, limit: i128| bound * &Rational::pow10(places) <= Rational::from(limit);
    let narrow = (8..=15).rev().find(|&places| fits(places, COARSE_TARGET));
    let places = match narrow {
        Some(places) => places,
        None => (4..=18).rev().find(|&places| fits(places, 1 << 100))?,
    };
    Scale::new(1, 10_i128.checked_pow(u32::try_from(places).ok()?)?)
}

/// Two ranges brought to one scale, with the factors for their integers.
pub(crate) fn aligned(a: &Numeric, b: &Numeric) -> Option<(Numeric, i128, Numeric, i128)> {
    let (scale, fa, fb) = a.scale.common(b.scale)?;
    let (a, b) = (a.refined(scale, fa), b.refined(scale, fb));
    (a.fits() && b.fits()).then_some((a, fa, b, fb))
}

pub(crate) fn sum(a: &Numeric, b: &Numeric) -> Numeric {
    Numeric {
        scale: a.scale,
        error: a.error.saturating_add(b.error),
        low: a.low.saturating_add(b.low),
        high: a.high.saturating_add(b.high),
    }
}

pub(crate) fn negated(a: &Numeric) -> Numeric {
    Numeric { scale: a.scale, error: a.error, low: -a.high, high: -a.low }
}

pub(crate) fn product(a: &Numeric, b: &Numeric) -> Option<Numeric> {
    let corners = [
        a.low.saturating_mul(b.low),
        a.low.saturating_mul(b.high),
        a.high.saturating_mul(b.low),
        a.high.saturating_mul(b.high),
    ];
    let error = (a.magnitude().saturating_mul(b.error))
        .saturating_add(b.magnitude().saturating_mul(a.error))
        .saturating_add(a.error.saturating_mul(b.error));
    let result = Numeric {
        scale: a.scale.times(b.scale)?,
        error,
        low: corners.iter().copied().min()?,
        high: corners.iter().copied().max()?,
    };
    result.fits().then_some(result)
}

/// Floor division for 128-bit integers; the divisor is not zero.
#[inline]
pub(crate) fn div_floor(a: i128, b: i128) -> i128 {
    let quotient = a / b;
    if (a % b != 0) && ((a < 0) != (b < 0)) { quotient - 1 } else { quotient }
}
