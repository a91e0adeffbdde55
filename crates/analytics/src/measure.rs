//! Indicators of owners: sums, largest customers and counts over attributed balance-days.

use crate::accounts::Customer;
use crate::balance_days::BalanceDays;
use crate::ownership::{Owner, Ownership, Tenure};
use crate::spans::{Spans, Window};
use rayon::prelude::*;

/// How the customers of an owner become one number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fold {
    /// Sum of attributed balance-days, fen·day·bp.
    Sum,
    /// Largest attributed balance-days of one customer, fen·day·bp.
    Largest,
    /// Number of customers with positive attributed balance-days.
    Count,
}

/// Customers count only when their own daily average, whoever owned them, reaches something.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Threshold {
    /// Classes of the accounts that are averaged together.
    pub classes: Vec<u8>,
    /// Daily average over the whole window, fen, at least.
    pub average_fen: i64,
}

/// One indicator.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Measure {
    /// Classes of accounts, summed.
    pub classes: Vec<u8>,
    /// Days.
    pub window: Window,
    /// Who counts; tested over the same window.
    pub threshold: Option<Threshold>,
    /// How customers are put together.
    pub fold: Fold,
}

/// Indicators: one row per owner, one column per measure, in the order given.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Indicators {
    /// Values by owner, then measure: fen·day·bp, or customers for [`Fold::Count`].
    pub values: Vec<i128>,
    /// Measures in a row.
    pub measures: usize,
}

impl Indicators {
    /// Applies shares to the balance-days of each customer and folds them per owner.
    #[must_use]
    pub fn new(measures: &[Measure], ownership: &Ownership, spans: &Spans, sums: &BalanceDays) -> Self {
        let customers = ownership.first.len().saturating_sub(1);
        let (owners, count) = (ownership.owners.len(), measures.len());
        let part = customers.div_ceil(rayon::current_num_threads()).max(1);
        let values = (0..customers.div_ceil(part))
            .into_par_iter()
            .map(|index| {
                let mut values = vec![0i128; owners * count];
                for customer in index * part..customers.min((index + 1) * part) {
                    let customer = customer as Customer;
                    let view =
                        CustomerView { spans: spans.of(customer), first: spans.first_slot(customer), sums };
                    view.fold_into(measures, ownership.of(customer), &mut values);
                }
                values
            })
            .reduce(Vec::new, |left, right| merged(measures, left, right));
        let values = if values.is_empty() { vec![0; owners * count] } else { values };
        Self { values, measures: count }
    }

    /// The row of an owner.
    #[must_use]
    pub fn of(&self, owner: Owner) -> &[i128] {
        let first = owner as usize * self.measures;
        &self.values[first..first + self.measures]
    }
}

/// Two halves of the customers put together.
fn merged(measures: &[Measure], left: Vec<i128>, right: Vec<i128>) -> Vec<i128> {
    if left.is_empty() {
        return right;
    }
    let both = left.into_iter().zip(right).zip(measures.iter().cycle());
    let together = |((left, right), measure): ((i128, i128), &Measure)| match measure.fold {
        Fold::Sum | Fold::Count => left + right,
        Fold::Largest => left.max(right),
    };
    both.map(together).collect()
}

fn fold(fold: Fold, total: &mut i128, value: i128) {
    match fold {
        Fold::Sum => *total += value,
        Fold::Largest => *total = (*total).max(value),
        Fold::Count => *total += i128::from(value > 0),
    }
}

/// The balance-days of one customer.
struct CustomerView<'a> {
    spans: &'a [Window],
    first: usize,
    sums: &'a BalanceDays,
}

impl CustomerView<'_> {
    /// Adds the customer to the measures of its owners.
    fn fold_into(&self, measures: &[Measure], tenures: &[Tenure], values: &mut [i128]) {
        for (column, measure) in measures.iter().enumerate() {
            if !tenures.is_empty() && self.reaches(measure) {
                self.attribute(measure, tenures, |owner, value| {
                    fold(measure.fold, &mut values[owner as usize * measures.len() + column], value);
                });
            }
        }
    }

    /// Whether the customer is large enough for the measure.
    fn reaches(&self, measure: &Measure) -> bool {
        let Some(threshold) = &measure.threshold else { return true };
        let days = i128::from(measure.window.days());
        self.within(&threshold.classes, measure.window) >= i128::from(threshold.average_fen) * days
    }

    /// Attributed balance-days, once per owner with all tenures of that owner together.
    fn attribute(&self, measure: &Measure, tenures: &[Tenure], mut give: impl FnMut(Owner, i128)) {
        for tenures in tenures.chunk_by(|left, right| left.owner == right.owner) {
            let parts = tenures.iter().map(|tenure| {
                let window = Window {
                    from: tenure.from.max(measure.window.from),
                    to: tenure.to.min(measure.window.to),
                };
                self.within(&measure.classes, window) * i128::from(tenure.share_bp)
            });
            give(tenures[0].owner, parts.sum());
        }
    }

    /// Fen·day of the spans inside a window; windows begin and end where spans do.
    fn within(&self, classes: &[u8], window: Window) -> i128 {
        let inside = self.spans.iter().enumerate().filter(|(_, span)| window.covers(**span));
        inside
            .flat_map(|(index, _)| classes.iter().map(move |class| self.sums.of(self.first + index, *class)))
            .map(i128::from)
            .sum()
    }
}
