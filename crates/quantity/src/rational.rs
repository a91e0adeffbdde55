//! [`Rational`], the exact number of the engine: its form, its constructors and its questions.
//!
//! Almost every number of a regulation fits in two `i128`, and those numbers must be fast. The rare others
//! move to a boxed big number without the caller noticing. A value has exactly one form (the small one
//! whenever both parts fit), so derived equality and hashing are correct.

mod arithmetic;
mod round;
mod text;

use std::num::NonZero;

use num_bigint::BigInt;
use num_rational::BigRational;
use num_traits::{One, Signed, ToPrimitive, Zero};

use arithmetic::gcd;
pub(crate) use text::{decimal_digit, split_sign};

/// An exact rational number without limits of size.
///
/// `+`, `-` and `*` always succeed and never lose precision. There is no `/` operator because a zero divisor
/// must be met by the caller: see [`Rational::checked_div`].
///
/// ```
/// use hengjie_quantity::Rational;
/// let third = Rational::new(1, 3).unwrap();
/// assert_eq!(&third + &third + &third, Rational::ONE);
/// assert_eq!(third.to_string(), "1/3");
/// assert_eq!(Rational::new(5, 4).unwrap().to_string(), "1.25");
/// ```
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Rational(Form);

/// The two forms of a number. Invariants: both are reduced with a positive denominator that fits its type's
/// signed range, and `Big` holds only what `Small` cannot.
#[derive(Clone, PartialEq, Eq, Hash)]
enum Form {
    /// Numerator and denominator; the denominator is at most `i128::MAX`. The non-zero type lets the whole
    /// enum fit in 32 bytes.
    Small(i128, NonZero<u128>),
    Big(Box<BigRational>),
}

/// The denominator of every integer.
const DEN_ONE: NonZero<u128> = NonZero::<u128>::MIN;

impl Rational {
    /// The number 0.
    pub const ZERO: Rational = Rational(Form::Small(0, DEN_ONE));
    /// The number 1.
    pub const ONE: Rational = Rational(Form::Small(1, DEN_ONE));

    /// The number `num / den`, reduced. `None` exactly when `den` is 0.
    pub fn new(num: i128, den: i128) -> Option<Rational> {
        if den == 0 {
            return None;
        }
        let divisor = gcd(num.unsigned_abs(), den.unsigned_abs()) as i128;
        // The divisor wraps to a negative only for a power-of-two extreme such as MIN / MIN.
        if divisor > 0 {
            let (num, den) = (num / divisor, den / divisor);
            if den > 0 {
                return Some(Rational::small(num, den));
            }
            if let (Some(num), Some(den)) = (num.checked_neg(), den.checked_neg()) {
                return Some(Rational::small(num, den));
            }
        }
        Some(Rational::from_big(BigRational::new(num.into(), den.into())))
    }

    /// The number `num / den` from big integers, reduced. `None` exactly when `den` is 0.
    pub fn from_big_parts(num: BigInt, den: BigInt) -> Option<Rational> {
        (!den.is_zero()).then(|| Rational::from_big(BigRational::new(num, den)))
    }

    /// 10 to the power `exp`, which may be negative: `pow10(-2)` is 0.01.
    ///
    /// Memory grows with `|exp|`; keep it within a few thousand.
    pub fn pow10(exp: i32) -> Rational {
        let power = match 10_i128.checked_pow(exp.unsigned_abs()) {
            Some(power) => Rational::from(power),
            None => Rational::from_big(BigRational::from(num_traits::pow(
                BigInt::from(10),
                exp.unsigned_abs() as usize,
            ))),
        };
        if exp < 0 { Rational::ONE.checked_div(&power).unwrap_or(Rational::ZERO) } else { power }
    }

    /// Whether the number is 0.
    pub fn is_zero(&self) -> bool {
        matches!(self.0, Form::Small(0, _))
    }

    /// Whether the number has no fraction.
    pub fn is_integer(&self) -> bool {
        match &self.0 {
            Form::Small(_, den) => *den == DEN_ONE,
            Form::Big(big) => big.is_integer(),
        }
    }

    /// −1, 0 or 1, the sign of the number.
    pub fn signum(&self) -> i32 {
        match &self.0 {
            Form::Small(num, _) => num.signum() as i32,
            Form::Big(big) => {
                if big.is_negative() {
                    -1
                } else {
                    1
                }
            }
        }
    }

    /// The number without its sign.
    pub fn abs(&self) -> Rational {
        if self.signum() < 0 { -self } else { self.clone() }
    }

    /// The integer value. `None` when the number has a fraction or does not fit in an `i128`.
    pub fn to_i128(&self) -> Option<i128> {
        match &self.0 {
            Form::Small(num, den) if *den == DEN_ONE => Some(*num),
            _ => None,
        }
    }

    /// The numerator of the reduced form; carries the sign.
    pub fn numerator(&self) -> BigInt {
        match &self.0 {
            Form::Small(num, _) => BigInt::from(*num),
            Form::Big(big) => big.numer().clone(),
        }
    }

    /// The denominator of the reduced form; always positive.
    pub fn denominator(&self) -> BigInt {
        match &self.0 {
            Form::Small(_, den) => BigInt::from(den.get()),
            Form::Big(big) => big.denom().clone(),
        }
    }

    /// Numerator and denominator (positive, reduced) when both fit in an `i128`; `None` otherwise.
    pub fn small_parts(&self) -> Option<(i128, i128)> {
        match &self.0 {
            Form::Small(num, den) => Some((*num, den.get() as i128)),
            Form::Big(_) => None,
        }
    }

    /// The number of bits of the numerator (without sign) plus those of the denominator.
    ///
    /// An evaluator compares this with its limit so that a hostile rule cannot grow numbers without end.
    pub fn bit_size(&self) -> u64 {
        match &self.0 {
            Form::Small(num, den) => {
                u64::from(u128::BITS - num.unsigned_abs().leading_zeros())
                    + u64::from(u128::BITS - den.leading_zeros())
            }
            Form::Big(big) => big.numer().bits() + big.denom().bits(),
        }
    }

    /// A small number; `den` is positive and already reduced against `num`.
    fn small(num: i128, den: i128) -> Rational {
        // The caller guarantees a positive denominator; 1 is never used in place of another value.
        Rational(Form::Small(num, NonZero::new(den.unsigned_abs()).unwrap_or(DEN_ONE)))
    }

    /// Brings a reduced big number to its only form.
    fn from_big(big: BigRational) -> Rational {
        match (big.numer().to_i128(), big.denom().to_i128()) {
            (Some(num), Some(den)) => Rational::small(num, den),
            _ => Rational(Form::Big(Box::new(big))),
        }
    }

    fn to_big(&self) -> BigRational {
        match &self.0 {
            Form::Small(num, den) if *den == DEN_ONE => {
                BigRational::new_raw(BigInt::from(*num), BigInt::one())
            }
            Form::Small(num, den) => BigRational::new_raw(BigInt::from(*num), BigInt::from(den.get())),
            Form::Big(big) => (**big).clone(),
        }
    }
}

impl Default for Rational {
    /// Zero.
    fn default() -> Self {
        Rational::ZERO
    }
}

impl From<i128> for Rational {
    fn from(value: i128) -> Self {
        Rational(Form::Small(value, DEN_ONE))
    }
}

impl From<BigInt> for Rational {
    fn from(value: BigInt) -> Self {
        Rational::from_big(BigRational::from(value))
    }
}

macro_rules! from_integer {
    ($($integer:ty),*) => {
        $(impl From<$integer> for Rational {
            fn from(value: $integer) -> Self {
                Rational::from(i128::from(value))
            }
        })*
    };
}

from_integer!(i32, i64, u32, u64);
