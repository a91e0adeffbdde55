//! Apportioning and pouring: sums are kept, shares are fair.

use hengjie_quantity::{Rational, apportion, waterfall};
use proptest::prelude::*;

fn numbers(values: &[i64]) -> Vec<Rational> {
    values.iter().map(|&value| Rational::from(value)).collect()
}

fn weights() -> impl Strategy<Value = Vec<Rational>> {
    let weight =
        (0_i128..1_000, 1_i128..30).prop_filter_map("denominator", |(num, den)| Rational::new(num, den));
    prop::collection::vec(weight, 1..12)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn shares_sum_to_the_total(total in -100_000_i128..100_000, weights in weights()) {
        let order: Vec<usize> = (0..weights.len()).rev().collect();
        let sum: Rational = weights.iter().sum();
        match apportion(total, &weights, &order) {
            None => prop_assert!(sum.is_zero()),
            Some(shares) => {
                prop_assert_eq!(shares.iter().sum::<i128>(), total);
                for (share, weight) in shares.iter().zip(&weights) {
                    let quota = (weight * Rational::from(total)).checked_div(&sum).unwrap();
                    prop_assert!((Rational::from(*share) - quota).abs() < Rational::ONE);
                }
            }
        }
    }

    #[test]
    fn poured_parts_and_rest_are_the_total(total in -50_i64..500, caps in prop::collection::vec(-20_i64..100, 0..8)) {
        let (caps, total) = (numbers(&caps), Rational::from(total));
        let (taken, rest) = waterfall(&total, &caps);
        prop_assert_eq!(taken.iter().sum::<Rational>() + &rest, total);
        for (take, cap) in taken.iter().zip(&caps) {
            prop_assert!(take.signum() >= 0 && (take <= cap || take.is_zero()));
        }
    }
}

#[test]
fn largest_remainders_and_ties() {
    assert_eq!(apportion(10, &numbers(&[47, 16, 16, 12, 9]), &[0, 1, 2, 3, 4]), Some(vec![5, 2, 1, 1, 1]));
    assert_eq!(apportion(10, &numbers(&[47, 16, 16, 12, 9]), &[2, 1, 0, 3, 4]), Some(vec![5, 1, 2, 1, 1]));
    assert_eq!(apportion(1, &numbers(&[1, 1, 0]), &[2, 1, 0]), Some(vec![0, 1, 0]));
    assert_eq!(apportion(i128::MIN, &numbers(&[1]), &[0]), Some(vec![i128::MIN]));
    assert_eq!(
        apportion(i128::MAX, &numbers(&[1, 1]), &[1, 0]),
        Some(vec![i128::MAX / 2, i128::MAX / 2 + 1])
    );
}

#[test]
fn bad_arguments_give_nothing() {
    assert_eq!(apportion(10, &[], &[]), None);
    assert_eq!(apportion(10, &numbers(&[0, 0]), &[0, 1]), None);
    assert_eq!(apportion(10, &numbers(&[3, -1]), &[0, 1]), None);
    for order in [&[0][..], &[0, 0], &[0, 2], &[0, 1, 2]] {
        assert_eq!(apportion(10, &numbers(&[1, 1]), order), None);
    }
}
