//! Per customer, the intervals of days in which no window begins or ends and nothing changes hands.
//!
//! Nine customers in ten have one owner throughout and share the same few spans; only the others have spans of their own.

use crate::accounts::Customer;
use crate::ownership::{Ownership, Tenure};

/// The days from `from` (included) to `to` (not included), since 1970-01-01.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Window {
    /// First day.
    pub from: i32,
    /// First day after.
    pub to: i32,
}

impl Window {
    /// Number of days.
    #[must_use]
    pub fn days(self) -> i64 {
        i64::from(self.to) - i64::from(self.from)
    }

    /// Whether all days of `other` are inside.
    #[must_use]
    pub fn covers(self, other: Window) -> bool {
        self.from <= other.from && other.to <= self.to
    }
}

/// The spans of all customers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Spans {
    /// Spans of customers without changes of hands, ascending.
    common: Vec<Window>,
    /// Spans of the others, one after the other.
    own: Vec<Window>,
    /// For each customer: first entry in `own`, or `COMMON`.
    own_first: Vec<u32>,
    /// For each customer: first slot; one more entry than customers.
    slots: Vec<u32>,
}

/// Marks a customer with the common spans.
const COMMON: u32 = u32::MAX;

impl Spans {
    /// Cuts the days of `windows` wherever a window or a tenure of the customer begins or ends.
    #[must_use]
    pub fn new(windows: &[Window], ownership: &Ownership) -> Self {
        let common = cut(windows, &[]);
        let customers = ownership.first.len().saturating_sub(1);
        let mut own = Vec::new();
        let mut own_first = Vec::with_capacity(customers);
        let mut slots = Vec::with_capacity(customers + 1);
        let mut slot = 0u32;
        for customer in 0..customers {
            slots.push(slot);
            let tenures = ownership.of(customer as Customer);
            if changes_hands(tenures, &common) {
                let spans = cut(windows, tenures);
                own_first.push(own.len() as u32);
                slot += spans.len() as u32;
                own.extend(spans);
            } else {
                own_first.push(COMMON);
                slot += common.len() as u32;
            }
        }
        slots.push(slot);
        Self { common, own, own_first, slots }
    }

    /// The spans shared by all customers that do not change hands.
    #[must_use]
    pub fn common(&self) -> &[Window] {
        &self.common
    }

    /// The spans of a customer, ascending.
    #[must_use]
    pub fn of(&self, customer: Customer) -> &[Window] {
        self.own_of(customer).unwrap_or(&self.common)
    }

    /// The spans of a customer that changes hands; `None` for the others.
    #[must_use]
    pub fn own_of(&self, customer: Customer) -> Option<&[Window]> {
        let customer = customer as usize;
        let first = self.own_first[customer];
        let count = (self.slots[customer + 1] - self.slots[customer]) as usize;
        (first != COMMON).then(|| &self.own[first as usize..first as usize + count])
    }

    /// The first slot of a customer; its spans have consecutive slots.
    #[must_use]
    pub fn first_slot(&self, customer: Customer) -> usize {
        self.slots[customer as usize] as usize
    }

    /// Slots of all customers.
    #[must_use]
    pub fn slot_count(&self) -> usize {
        self.slots.last().map_or(0, |last| *last as usize)
    }
}

/// Whether a tenure begins or ends inside a span.
fn changes_hands(tenures: &[Tenure], spans: &[Window]) -> bool {
    let inside = |day: i32| spans.iter().any(|span| span.from < day && day < span.to);
    tenures.iter().any(|tenure| inside(tenure.from) || inside(tenure.to))
}

/// The days of the windows, cut at every beginning and end.
fn cut(windows: &[Window], tenures: &[Tenure]) -> Vec<Window> {
    let ends = windows.iter().flat_map(|window| [window.from, window.to]);
    let mut days: Vec<i32> = ends.chain(tenures.iter().flat_map(|tenure| [tenure.from, tenure.to])).collect();
    days.sort_unstable();
    days.dedup();
    let spans = days.windows(2).map(|pair| Window { from: pair[0], to: pair[1] });
    spans.filter(|span| windows.iter().any(|window| window.covers(*span))).collect()
}
