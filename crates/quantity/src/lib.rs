//! Exact numbers, rounding, units and the way people write amounts.
//!
//! Everything here is pure: no float, no clock, no input or output. The same arguments always give the
//! same result on every machine, because pay that is audited must be reproducible to the last fen.
//!
//! - [`Rational`] is an exact number that never overflows; [`Rounding`] says how to drop digits.
//! - [`Unit`] says what a number counts; [`parse_unit`] reads a unit as a regulation writes it.
//! - [`Quantity`] is a number with its unit; [`parse_quantity`] and [`format_quantity`] read and write it.
//! - [`apportion`] and [`waterfall`] divide a total without losing anything.
//! - [`to_financial_upper`] and [`parse_chinese_integer`] handle Chinese number words.
//! - [`Lang`] is the language of messages.

mod chinese;
mod format;
mod lang;
mod quantity;
mod rational;
mod rounding;
mod share;
mod unit;
mod unit_text;

pub use chinese::{parse_chinese_integer, to_financial_upper};
pub use format::{format_number, format_percent, format_quantity};
pub use lang::Lang;
pub use quantity::{
    Quantity, parse_quantity, parse_quantity_cell, parse_quantity_cell_with, parse_quantity_with,
};
pub use rational::Rational;
pub use rounding::Rounding;
pub use share::{apportion, waterfall};
pub use unit::{BaseUnit, Currency, Unit};
pub use unit_text::{parse_unit, parse_unit_with};
