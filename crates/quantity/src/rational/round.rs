//! Rounding of [`Rational`] to integers, to multiples of a quantum and to decimal places.

use num_integer::Integer;
use num_traits::Signed;

use super::text::place_point;
use super::{Form, Rational};
use crate::Rounding;

impl Rational {
    /// The greatest integer that is not above the number.
    pub fn floor(&self) -> Rational {
        self.round_integer(Rounding::Down)
    }

    /// The nearest multiple of `quantum` as `mode` chooses it. `None` exactly when `quantum` is 0 or negative.
    ///
    /// ```
    /// use hengjie_quantity::{Rational, Rounding};
    /// let pay = Rational::parse_decimal("1234.565").unwrap();
    /// let fen = Rational::pow10(-2);
    /// assert_eq!(pay.round_to(&fen, Rounding::HalfUp).unwrap().to_string(), "1234.57");
    /// ```
    pub fn round_to(&self, quantum: &Rational, mode: Rounding) -> Option<Rational> {
        if quantum.signum() <= 0 {
            return None;
        }
        if *quantum == Rational::ONE {
            return Some(self.round_integer(mode));
        }
        Some(self.checked_div(quantum)?.round_integer(mode) * quantum)
    }

    /// The number as decimal text with exactly `places` digits after the point, rounded by `mode`.
    ///
    /// A value that rounds to zero has no sign. With 0 places there is no point.
    pub fn to_decimal_rounded(&self, places: u32, mode: Rounding) -> String {
        let exponent = i32::try_from(places).unwrap_or(i32::MAX);
        let scaled = (self * Rational::pow10(exponent)).round_integer(mode);
        place_point(scaled.signum() < 0, &scaled.numerator().abs().to_string(), places as usize)
    }

    /// The integer next to the number that `mode` chooses.
    pub(crate) fn round_integer(&self, mode: Rounding) -> Rational {
        if self.is_integer() {
            return self.clone();
        }
        match &self.0 {
            Form::Small(num, den) => {
                let den = den.get() as i128;
                // Not `num - floor * den`: that product overflows next to i128::MIN.
                let (floor, above) = (num.div_euclid(den), num.rem_euclid(den));
                let up = mode.goes_up(*num < 0, floor % 2 != 0, above.cmp(&(den - above)));
                // The denominator is at least 2 here, so the floor is far from the limits of i128.
                Rational::from(floor + i128::from(up))
            }
            Form::Big(big) => {
                let (floor, above) = big.numer().div_mod_floor(big.denom());
                let half = above.cmp(&(big.denom() - &above));
                let up = mode.goes_up(big.is_negative(), floor.is_odd(), half);
                Rational::from(floor + i32::from(up))
            }
        }
    }
}
