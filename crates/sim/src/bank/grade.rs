//! Which grade the figures of a manager roughly earn: only so that the grades people hold look earned. The policy decides.

use super::customers::{Customer, Figures};

/// Grades, highest first.
pub(super) const GRADES: [&str; 5] = ["高级", "一级", "二级", "三级", "四级"];

const MILLION: i64 = 100_000_000;

/// Conditions of a grade in fen: how many are needed, deposits, the largest deposit, loans, the largest loan, growth, and
/// the deposits below which a customer does not count.
const STEPS: [(usize, [i64; 6]); 5] = [
    (2, [250 * MILLION, 100 * MILLION, 350 * MILLION, 150 * MILLION, 50 * MILLION, 5 * MILLION]),
    (2, [150 * MILLION, 30 * MILLION, 200 * MILLION, 75 * MILLION, 30 * MILLION, 3 * MILLION]),
    (1, [75 * MILLION, 25 * MILLION, 180 * MILLION, 50 * MILLION, 25 * MILLION, MILLION]),
    (1, [38 * MILLION, 0, 72 * MILLION, 0, 15 * MILLION, MILLION / 2]),
    (1, [15 * MILLION, 0, 36 * MILLION, 0, 15 * MILLION, MILLION / 2]),
];

/// The position in [`GRADES`] that the figures of a year earn.
pub(super) fn earned(customers: &[Customer], person: usize, year: usize) -> Option<usize> {
    let book: Vec<(&Figures, i64, i64)> =
        customers.iter().filter_map(|customer| of(customer, person, year)).collect();
    STEPS.iter().position(|(needed, [deposits, largest, loans, largest_loan, growth, least])| {
        let counted = || book.iter().filter(|(figures, ..)| figures.deposit >= *least);
        let sum = |amount: &dyn Fn(&Figures, i64) -> i64| -> i64 {
            counted().map(|(figures, before, share)| amount(figures, *before) / 100 * share).sum()
        };
        let most = |amount: &dyn Fn(&Figures) -> i64| {
            counted().map(|(figures, ..)| amount(figures)).max().unwrap_or(0)
        };
        let met = [
            sum(&|figures, _| figures.deposit - figures.agreed) >= *deposits
                && most(&|figures| figures.deposit - figures.agreed) >= *largest,
            sum(&|figures, _| figures.loan) >= *loans && most(&|figures| figures.loan) >= *largest_loan,
            sum(&|figures, before| figures.deposit - before) >= *growth,
        ];
        met.iter().filter(|met| **met).count() >= *needed
    })
}

/// Figures, the deposits of the year before, and the share of a person in a customer.
fn of(customer: &Customer, person: usize, year: usize) -> Option<(&Figures, i64, i64)> {
    let (_, share) = customer.owners[year].shares().find(|(owner, _)| *owner == person)?;
    let before = customer.figures[year].deposit;
    Some((&customer.figures[year + 1], before, share))
}
