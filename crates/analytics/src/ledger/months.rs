//! Movements summed by line and month.

use super::points::days_until;
use super::register::Line;
use crate::changes::Sink;
use hengjie_calendar::Date;
use std::ops::Range;
use std::sync::atomic::{AtomicI64, Ordering};

/// The days of a history, cut at the first day of each month; the last segment ends behind the last day.
#[derive(Debug)]
pub(crate) struct Segments {
    pub(crate) first_day: i32,
    pub(crate) last_day: i32,
    /// First day behind each segment.
    ends: Vec<i32>,
    /// The segment of each day from the first on.
    of_day: Vec<u16>,
}

impl Segments {
    pub(crate) fn new(first_day: i32, last_day: i32) -> Self {
        let is_month_start = |day: i32| Date::from_days(day).is_some_and(|date| date.day() == 1);
        let mut ends: Vec<i32> = (first_day + 1..=last_day).filter(|day| is_month_start(*day)).collect();
        ends.push(last_day + 1);
        let of_day =
            (first_day..=last_day).map(|day| ends.partition_point(|end| *end <= day) as u16).collect();
        Self { first_day, last_day, ends, of_day }
    }

    pub(crate) fn len(&self) -> usize {
        self.ends.len()
    }

    pub(crate) fn end(&self, segment: usize) -> i32 {
        self.ends[segment]
    }

    fn begin(&self, segment: usize) -> i32 {
        if segment == 0 { self.first_day } else { self.ends[segment - 1] }
    }

    fn of(&self, day: i32) -> Option<usize> {
        let days = usize::try_from(day - self.first_day).ok()?;
        self.of_day.get(days).map(|segment| usize::from(*segment))
    }
}

/// Sums of some segments, by line: what moved, and what the movements come to at the end of the segment (fen·day).
#[derive(Debug)]
pub(crate) struct Months<'a> {
    line_of: &'a [Line],
    segments: &'a Segments,
    range: Range<usize>,
    sums: Vec<[AtomicI64; 2]>,
}

impl<'a> Months<'a> {
    pub(crate) fn new(
        line_of: &'a [Line],
        lines: usize,
        segments: &'a Segments,
        range: Range<usize>,
    ) -> Self {
        let sums = (0..lines * range.len()).map(|_| [AtomicI64::new(0), AtomicI64::new(0)]).collect();
        Self { line_of, segments, range, sums }
    }

    pub(crate) fn range(&self) -> Range<usize> {
        self.range.clone()
    }

    /// Moves sums and balances of all lines from the beginning of a segment to its end.
    pub(crate) fn add_to(&self, segment: usize, fen_days: &mut [i64], balance_fen: &mut [i64]) {
        let (width, column) = (self.range.len(), segment - self.range.start);
        let days = days_until(self.segments.end(segment), self.segments.begin(segment));
        let sums = self.sums.iter().skip(column).step_by(width);
        for ((fen_days, balance), [moved, weighted]) in fen_days.iter_mut().zip(balance_fen).zip(sums) {
            let weighted = weighted.load(Ordering::Relaxed);
            *fen_days = fen_days.wrapping_add(balance.wrapping_mul(days)).wrapping_add(weighted);
            *balance = balance.wrapping_add(moved.load(Ordering::Relaxed));
        }
    }

    fn add(&self, line: Line, segment: usize, moved: i64, weighted: i64) {
        if self.range.contains(&segment) {
            let sums = &self.sums[line as usize * self.range.len() + segment - self.range.start];
            sums[0].fetch_add(moved, Ordering::Relaxed);
            sums[1].fetch_add(weighted, Ordering::Relaxed);
        }
    }
}

impl Sink for Months<'_> {
    fn run(&self, account: usize, before_fen: i64, days: &[i32], balances: &[i64]) {
        let line = self.line_of[account];
        let (mut before, mut segment, mut end) = (before_fen, usize::MAX, i32::MIN);
        let (mut moved, mut weighted) = (0i64, 0i64);
        for (day, balance) in days.iter().zip(balances) {
            if *day >= end {
                self.add(line, segment, moved, weighted);
                (moved, weighted) = (0, 0);
                // A day outside is found out afterwards: the file then has other days than it announced.
                let Some(next) = self.segments.of(*day) else { return };
                (segment, end) = (next, self.segments.end(next));
            }
            let movement = balance.wrapping_sub(before);
            before = *balance;
            moved = moved.wrapping_add(movement);
            weighted = weighted.wrapping_add(movement.wrapping_mul(i64::from(end - *day)));
        }
        self.add(line, segment, moved, weighted);
    }
}
