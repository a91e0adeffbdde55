//! Account-days: who brought how many fen for how many days. Streaming kernels of our own over Parquet.
//!
//! A balance holds from the day of its change until the next change of the account. What a period costs is the sum of
//! balance × days (积数, [`BalanceDays`]); a daily average is that sum divided once, at the end. Everything is an integer:
//! fen·day for customers, fen·day·bp once a share is applied, so that parts add up to the whole exactly.
//!
//! | step | module | from | to |
//! |---|---|---|---|
//! | who has which account | [`accounts`] | accounts file | [`Accounts`]: sorted ids, customer, class |
//! | who owned which customer when | [`ownership`] | ownership file | [`Ownership`]: shares that sum to 100 % or a fault |
//! | which days matter | [`spans`] | windows, ownership | [`Spans`]: per customer the intervals in which nothing changes hands |
//! | balance-days | [`balance_days`] | changes file | [`BalanceDays`]: fen·day per customer, class and span |
//! | indicators | [`measure`] | all of these | one row per owner, one exact number per [`Measure`] |
//!
//! **Invariants:** no float; the result does not depend on threads; nothing wraps (a bound is proven from the data, or the run
//! ends with a fault); what a file says wrongly is named by file and row, and no figure is made from it.

#![expect(
    clippy::result_large_err,
    reason = "a fault that ends the reading of a file is made once; its size does not matter"
)]

pub mod accounts;
pub mod balance_days;
mod changes;
mod columns;
pub mod ledger;
pub mod measure;
pub mod numbers;
pub mod ownership;
pub mod spans;

pub use accounts::{Accounts, Class};
pub use balance_days::BalanceDays;
pub use changes::Watch;
pub use ledger::Ledger;
pub use measure::{Fold, Indicators, Measure, Threshold};
pub use numbers::{Number, Numbers};
pub use ownership::{FULL_SHARE_BP, Ownership};
pub use spans::{Spans, Window};
