//! Dividing a total among several takers so that nothing is lost and nothing is added.

use crate::Rational;

/// Divides `total` whole units in proportion to `weights` by the largest remainder method (最大余额法).
///
/// Each taker first gets the floor of its exact quota `total * weight / sum of weights`; the units left over
/// go one each to the largest remainders. Equal remainders are served in `tie_order`, a permutation of the
/// indexes of `weights` of which the first is served first. The result has one number per weight and its sum
/// is always `total`, which may be negative.
///
/// `None` when the weights sum to 0 (also when there are none), when a weight is negative, or when
/// `tie_order` is not a permutation of the indexes.
///
/// ```
/// use hengjie_quantity::{Rational, apportion};
/// let equal = [Rational::ONE, Rational::ONE, Rational::ONE];
/// assert_eq!(apportion(100, &equal, &[2, 0, 1]), Some(vec![33, 33, 34]));
/// ```
pub fn apportion(total: i128, weights: &[Rational], tie_order: &[usize]) -> Option<Vec<i128>> {
    let rank = ranks(tie_order, weights.len())?;
    if weights.iter().any(|weight| weight.signum() < 0) {
        return None;
    }
    let per_weight = Rational::from(total).checked_div(&weights.iter().sum())?;
    let quotas: Vec<Rational> = weights.iter().map(|weight| weight * &per_weight).collect();
    let floors: Vec<Rational> = quotas.iter().map(Rational::floor).collect();
    let remainders: Vec<Rational> = quotas.iter().zip(&floors).map(|(quota, floor)| quota - floor).collect();

    let left_over = (Rational::from(total) - floors.iter().sum::<Rational>()).to_i128()?;
    let mut served: Vec<usize> = (0..weights.len()).collect();
    served.sort_unstable_by(|&a, &b| remainders[b].cmp(&remainders[a]).then(rank[a].cmp(&rank[b])));

    let mut shares: Vec<i128> = floors.iter().map(Rational::to_i128).collect::<Option<_>>()?;
    for &index in served.iter().take(usize::try_from(left_over).ok()?) {
        shares[index] = shares[index].checked_add(1)?;
    }
    Some(shares)
}

/// The place of each index in `order`; `None` when `order` is not a permutation of `0..count`.
fn ranks(order: &[usize], count: usize) -> Option<Vec<usize>> {
    if order.len() != count {
        return None;
    }
    let mut ranks = vec![usize::MAX; count];
    for (place, &index) in order.iter().enumerate() {
        let slot = ranks.get_mut(index)?;
        if *slot != usize::MAX {
            return None;
        }
        *slot = place;
    }
    Some(ranks)
}

/// Pours `total` into `caps` from first to last, each up to its cap; returns what each took and the rest.
///
/// A cap that is zero or negative takes nothing. A negative total is not poured: all of it is the rest.
/// What was taken plus the rest is always exactly `total`.
///
/// ```
/// use hengjie_quantity::{Rational, waterfall};
/// let caps = [Rational::from(30), Rational::from(50)];
/// let (taken, rest) = waterfall(&Rational::from(60), &caps);
/// assert_eq!((taken, rest), (vec![Rational::from(30), Rational::from(30)], Rational::ZERO));
/// ```
pub fn waterfall(total: &Rational, caps: &[Rational]) -> (Vec<Rational>, Rational) {
    let mut rest = total.clone();
    let taken = caps
        .iter()
        .map(|cap| {
            let take =
                if cap.signum() > 0 && rest.signum() > 0 { cap.min(&rest).clone() } else { Rational::ZERO };
            rest -= &take;
            take
        })
        .collect();
    (taken, rest)
}
