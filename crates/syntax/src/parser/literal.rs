//! Numbers, dates, periods, times and rounding.

use super::{Parsed, Parser};
use crate::ast::{ClockTime, NumberLit, RoundMode, RoundSpec};
use crate::chars::half_width_text;
use crate::keywords::Keyword;
use crate::lexer::is_faulty_unit;
use crate::span::Span;
use crate::tree::SyntaxKind as K;
use hengjie_calendar::{Date, Grain, Period};
use hengjie_quantity::{Rational, Rounding};

impl Parser<'_> {
    /// A number with its unit.
    pub(super) fn number(&mut self, zh: &str, en: &str) -> Parsed<NumberLit> {
        if !self.at(K::Number) {
            return self.fail_expected(zh, en);
        }
        let span = self.bump();
        let span = self.take_spaced_unit(span).unwrap_or(span);
        match number_literal(self.text, span) {
            Some(number) => Ok(number),
            None => self.give_up(),
        }
    }

    /// A day.
    pub(super) fn date(&mut self) -> Parsed<Date> {
        if !self.at(K::Date) {
            return self.fail_expected("日期，如 2026-01-05", "a date such as 2026-01-05");
        }
        let span = self.bump();
        match Date::parse(&half_width_text(span.text(self.text))) {
            Some(date) => Ok(date),
            None => self.give_up(),
        }
    }

    /// `08:30`, if it is here.
    pub(super) fn optional_time(&mut self) -> Parsed<Option<ClockTime>> {
        if !self.at(K::Time) {
            return Ok(None);
        }
        let span = self.bump();
        match clock_minutes(&half_width_text(span.text(self.text))) {
            Some(minutes) => Ok(Some(ClockTime { minutes })),
            None => self.give_up(),
        }
    }

    /// `每月` …, if it is here.
    pub(super) fn optional_grain(&mut self) -> Option<Grain> {
        let grain = grain(self.word()?)?;
        self.bump_as(K::Keyword);
        Some(grain)
    }

    /// `四舍五入 [到 0.01分]`, if it is here.
    pub(super) fn optional_rounding(&mut self) -> Parsed<Option<RoundSpec>> {
        let Some(mode) = self.word().and_then(round_mode) else { return Ok(None) };
        let start = self.start();
        self.bump_as(K::Keyword);
        let quantum = if self.eat_word(Keyword::ToNearest) {
            Some(self.number("舍入单位，如 0.01元", "the unit to round to, such as 0.01元")?)
        } else {
            None
        };
        Ok(Some(RoundSpec { mode, quantum, span: self.since(start) }))
    }
}

/// The number written at `span`; `None` when the lexer has reported its unit.
pub(super) fn number_literal(text: &str, span: Span) -> Option<NumberLit> {
    let written = half_width_text(span.text(text));
    let digits = written.find(|c: char| !(c.is_ascii_digit() || c == '.')).unwrap_or(written.len());
    let (digits, unit) = written.split_at_checked(digits)?;
    let unit = unit.trim().to_owned();
    if is_faulty_unit(&unit) {
        return None;
    }
    Some(NumberLit { value: Rational::parse_decimal(digits)?, unit, span })
}

/// The period written at `span`.
pub(super) fn period_literal(text: &str, span: Span) -> Option<Period> {
    Period::parse(&half_width_text(span.text(text)))
}

/// Minutes after midnight of `08:30`; `None` when there is no such time.
pub(crate) fn clock_minutes(text: &str) -> Option<u16> {
    let (hours, minutes) = text.split_once(':')?;
    let (hours, minutes): (u16, u16) = (hours.parse().ok()?, minutes.parse().ok()?);
    (hours < 24 && minutes < 60).then_some(hours * 60 + minutes)
}

fn grain(word: Keyword) -> Option<Grain> {
    Some(match word {
        Keyword::Daily => Grain::Day,
        Keyword::Weekly => Grain::Week,
        Keyword::Monthly => Grain::Month,
        Keyword::Quarterly => Grain::Quarter,
        Keyword::HalfYearly => Grain::HalfYear,
        Keyword::Yearly => Grain::Year,
        _ => return None,
    })
}

fn round_mode(word: Keyword) -> Option<RoundMode> {
    Some(match word {
        Keyword::HalfUp => RoundMode::Round(Rounding::HalfUp),
        Keyword::RoundDown => RoundMode::Round(Rounding::Down),
        Keyword::RoundUp => RoundMode::Round(Rounding::Up),
        Keyword::TowardZero => RoundMode::Round(Rounding::TowardZero),
        Keyword::HalfEven => RoundMode::Round(Rounding::HalfEven),
        Keyword::LargestRemainder => RoundMode::LargestRemainder,
        _ => return None,
    })
}
