//! Addition, multiplication, division and order of [`Rational`].
//!
//! Each operation tries the `i128` parts with checked steps and falls to big numbers on overflow. Reduction
//! follows Knuth (The Art of Computer Programming, 4.5.1): common factors are removed before multiplying, so
//! intermediate values stay small and integers need no greatest common divisor at all.

use std::cmp::Ordering;
use std::iter::Sum;
use std::ops::{Add, AddAssign, Mul, MulAssign, Neg, Sub, SubAssign};

use num_integer::Integer;

use super::{Form, Rational};

/// The greatest common divisor. Numbers of 64 bits take a path without 128-bit work.
pub(super) fn gcd(a: u128, b: u128) -> u128 {
    match (u64::try_from(a), u64::try_from(b)) {
        (Ok(a), Ok(b)) => u128::from(a.gcd(&b)),
        // One remainder step usually brings an uneven pair into 64 bits.
        (Err(_), Ok(small)) if small != 0 => u128::from(small.gcd(&((a % b) as u64))),
        (Ok(small), Err(_)) if small != 0 => u128::from(small.gcd(&((b % a) as u64))),
        _ => a.gcd(&b),
    }
}

/// The divisor common to a signed number and a positive denominator; at most the denominator, so it fits.
fn common(num: i128, den: i128) -> i128 {
    if den == 1 { 1 } else { gcd(num.unsigned_abs(), den.unsigned_abs()) as i128 }
}

/// An exact quotient by a positive divisor. Division of 128-bit numbers is slow and most divisors are 1.
fn exact(value: i128, divisor: i128) -> i128 {
    match (i64::try_from(value), i64::try_from(divisor)) {
        (_, Ok(1)) => value,
        (Ok(value), Ok(divisor)) => i128::from(value / divisor),
        _ => value / divisor,
    }
}

/// `a/b + c/d` in reduced form; `None` on overflow of a step.
fn add_parts(a: i128, b: i128, c: i128, d: i128) -> Option<(i128, i128)> {
    if b == d {
        let sum = a.checked_add(c)?;
        let divisor = common(sum, b);
        return Some((exact(sum, divisor), exact(b, divisor)));
    }
    if d == 1 {
        return Some((a.checked_add(c.checked_mul(b)?)?, b));
    }
    if b == 1 {
        return Some((c.checked_add(a.checked_mul(d)?)?, d));
    }
    let shared = common(b, d);
    let (left, right) = (exact(b, shared), exact(d, shared));
    let sum = a.checked_mul(right)?.checked_add(c.checked_mul(left)?)?;
    let divisor = common(sum, shared);
    Some((exact(sum, divisor), left.checked_mul(exact(d, divisor))?))
}

/// `a/b * c/d` in reduced form; `None` on overflow of a step.
fn multiply_parts(a: i128, b: i128, c: i128, d: i128) -> Option<(i128, i128)> {
    if b == 1 && d == 1 {
        return Some((a.checked_mul(c)?, 1));
    }
    let (across, back) = (common(a, d), common(c, b));
    let num = exact(a, across).checked_mul(exact(c, back))?;
    Some((num, exact(b, back).checked_mul(exact(d, across))?))
}

/// The order of `a/b` and `c/d`; `None` on overflow of the cross products.
fn compare_parts(a: i128, b: i128, c: i128, d: i128) -> Option<Ordering> {
    if b == d {
        return Some(a.cmp(&c));
    }
    if a.signum() != c.signum() {
        return Some(a.cmp(&c));
    }
    Some(a.checked_mul(d)?.cmp(&c.checked_mul(b)?))
}

impl Rational {
    /// The quotient. `None` exactly when `divisor` is 0.
    pub fn checked_div(&self, divisor: &Rational) -> Option<Rational> {
        if divisor.is_zero() {
            return None;
        }
        let small = self.both_small(divisor).and_then(|(a, b, c, d)| {
            // The sign moves to the numerator of the reciprocal.
            let (top, bottom) = if c < 0 { (-d, c.checked_neg()?) } else { (d, c) };
            multiply_parts(a, b, top, bottom)
        });
        Some(match small {
            Some((num, den)) => Rational::small(num, den),
            None => Rational::from_big(self.to_big() / divisor.to_big()),
        })
    }

    fn both_small(&self, other: &Rational) -> Option<(i128, i128, i128, i128)> {
        match (&self.0, &other.0) {
            (Form::Small(a, b), Form::Small(c, d)) => Some((*a, b.get() as i128, *c, d.get() as i128)),
            _ => None,
        }
    }

    fn sum_of(&self, other: &Rational) -> Rational {
        match self.both_small(other).and_then(|(a, b, c, d)| add_parts(a, b, c, d)) {
            Some((num, den)) => Rational::small(num, den),
            None => Rational::from_big(self.to_big() + other.to_big()),
        }
    }

    fn difference_of(&self, other: &Rational) -> Rational {
        match self.both_small(other).and_then(|(a, b, c, d)| add_parts(a, b, c.checked_neg()?, d)) {
            Some((num, den)) => Rational::small(num, den),
            None => Rational::from_big(self.to_big() - other.to_big()),
        }
    }

    fn product_of(&self, other: &Rational) -> Rational {
        match self.both_small(other).and_then(|(a, b, c, d)| multiply_parts(a, b, c, d)) {
            Some((num, den)) => Rational::small(num, den),
            None => Rational::from_big(self.to_big() * other.to_big()),
        }
    }
}

impl Ord for Rational {
    fn cmp(&self, other: &Self) -> Ordering {
        self.both_small(other)
            .and_then(|(a, b, c, d)| compare_parts(a, b, c, d))
            .unwrap_or_else(|| self.to_big().cmp(&other.to_big()))
    }
}

impl PartialOrd for Rational {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Neg for &Rational {
    type Output = Rational;
    fn neg(self) -> Rational {
        match &self.0 {
            Form::Small(num, den) => match num.checked_neg() {
                Some(num) => Rational(Form::Small(num, *den)),
                None => Rational::from_big(-self.to_big()),
            },
            // −2^127 is small while 2^127 is not, so a negated big number may become small.
            Form::Big(big) => Rational::from_big(-(**big).clone()),
        }
    }
}

impl Neg for Rational {
    type Output = Rational;
    fn neg(self) -> Rational {
        -&self
    }
}

macro_rules! operator {
    ($operator:ident, $method:ident, $assign:ident, $assign_method:ident, $function:ident) => {
        impl $operator<&Rational> for &Rational {
            type Output = Rational;
            fn $method(self, other: &Rational) -> Rational {
                self.$function(other)
            }
        }
        impl $operator<Rational> for &Rational {
            type Output = Rational;
            fn $method(self, other: Rational) -> Rational {
                self.$function(&other)
            }
        }
        impl $operator<&Rational> for Rational {
            type Output = Rational;
            fn $method(self, other: &Rational) -> Rational {
                self.$function(other)
            }
        }
        impl $operator<Rational> for Rational {
            type Output = Rational;
            fn $method(self, other: Rational) -> Rational {
                self.$function(&other)
            }
        }
        impl $assign<&Rational> for Rational {
            fn $assign_method(&mut self, other: &Rational) {
                *self = self.$function(other);
            }
        }
        impl $assign<Rational> for Rational {
            fn $assign_method(&mut self, other: Rational) {
                *self = self.$function(&other);
            }
        }
    };
}

operator!(Add, add, AddAssign, add_assign, sum_of);
operator!(Sub, sub, SubAssign, sub_assign, difference_of);
operator!(Mul, mul, MulAssign, mul_assign, product_of);

impl Sum for Rational {
    fn sum<I: Iterator<Item = Rational>>(items: I) -> Rational {
        items.fold(Rational::ZERO, |total, item| total + item)
    }
}

impl<'a> Sum<&'a Rational> for Rational {
    fn sum<I: Iterator<Item = &'a Rational>>(items: I) -> Rational {
        items.fold(Rational::ZERO, |total, item| total + item)
    }
}
