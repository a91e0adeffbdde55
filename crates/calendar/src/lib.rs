//! Dates, assessment periods and half-open date intervals.
//!
//! Everything here is pure: there is no clock, so "today" is always an argument. The calendar is the
//! proleptic Gregorian one from 1900-01-01 to 2200-12-31; what would leave that range is `None`.
//!
//! - [`Date`] is one day; it knows complete months of tenure and month-end rules.
//! - [`Grain`] is a length of period, from day to year; [`Period`] is one period of a grain.
//! - [`HalfOpen`] is an interval that contains its first day and not its last.

mod date;
mod grain;
mod interval;
mod period;
mod period_text;

pub use date::Date;
pub use grain::Grain;
pub use interval::HalfOpen;
pub use period::Period;
