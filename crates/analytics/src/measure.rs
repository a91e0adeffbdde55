//! Indicators of owners: sums, largest customers and counts over attributed balance-days.

use crate::accounts::{Accounts, Customer};
use crate::balance_days::BalanceDays;
use crate::ownership::{Owner, Ownership, Tenure};
use crate::spans::{Spans, Window};

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
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Threshold {
    /// Class of the accounts that are averaged.
    pub class: u8,
    /// Daily average over the whole window, fen, at least.
    pub average_fen: i64,
}

/// One indicator.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Measure {
    /// Class of accounts.
    pub class: u8,
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
    pub fn new(
        measures: &[Measure],
        accounts: &Accounts,
        ownership: &Ownership,
        spans: &Spans,
        sums: &BalanceDays,
    ) -> Self {
        let mut values = vec![0i128; ownership.owners.len() * measures.len()];
        for customer in 0..accounts.customers.len() as Customer {
            let tenures = ownership.of(customer);
            if tenures.is_empty() {
                continue;
            }
            let view = CustomerView { spans: spans.of(customer), first: spans.first_slot(customer), sums };
            for (column, measure) in measures.iter().enumerate() {
                if view.reaches(measure) {
                    view.attribute(measure, tenures, |owner, value| {
                        fold(measure.fold, &mut values[owner as usize * measures.len() + column], value);
                    });
                }
            }
        }
        Self { values, measures: measures.len() }
    }

    /// The row of an owner.
    #[must_use]
    pub fn of(&self, owner: Owner) -> &[i128] {
        let first = owner as usize * self.measures;
        &self.values[first..first + self.measures]
    }
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
    /// Whether the customer is large enough for the measure.
    fn reaches(&self, measure: &Measure) -> bool {
        let Some(threshold) = measure.threshold else { return true };
        let days = i128::from(measure.window.days());
        self.within(threshold.class, measure.window) >= i128::from(threshold.average_fen) * days
    }

    /// Attributed balance-days, once per owner with all tenures of that owner together.
    fn attribute(&self, measure: &Measure, tenures: &[Tenure], mut give: impl FnMut(Owner, i128)) {
        for tenures in tenures.chunk_by(|left, right| left.owner == right.owner) {
            let parts = tenures.iter().map(|tenure| {
                let window = Window {
                    from: tenure.from.max(measure.window.from),
                    to: tenure.to.min(measure.window.to),
                };
                self.within(measure.class, window) * i128::from(tenure.share_bp)
            });
            give(tenures[0].owner, parts.sum());
        }
    }

    /// Fen·day of the spans inside a window; windows begin and end where spans do.
    fn within(&self, class: u8, window: Window) -> i128 {
        let inside = self.spans.iter().enumerate().filter(|(_, span)| window.covers(**span));
        inside.map(|(index, _)| i128::from(self.sums.of(self.first + index, class))).sum()
    }
}
