//! Cumulative balance-days at any days, from movements: a movement counts on every day from its own on.

use super::register::Line;
use crate::changes::Sink;
use std::sync::atomic::{AtomicI64, Ordering};

/// Days at which the balance-days so far are wanted: some for all lines, some for single lines.
#[derive(Debug)]
pub(crate) struct Points<'a> {
    /// The line of each account.
    pub(crate) line_of: &'a [Line],
    common: Vec<i32>,
    common_sums: Vec<AtomicI64>,
    cuts: &'a [(Line, i32)],
    /// Where the cuts of each line begin; one more entry than lines.
    cut_first: Vec<u32>,
    cut_sums: Vec<AtomicI64>,
}

/// What came out, fen·day.
#[derive(Debug, Default)]
pub(crate) struct PointSums {
    /// By common day in the order given, then line.
    pub(crate) days: Vec<Vec<i64>>,
    /// By cut.
    pub(crate) cuts: Vec<i64>,
}

impl<'a> Points<'a> {
    /// `cuts` are in ascending order.
    pub(crate) fn new(line_of: &'a [Line], lines: usize, common: &[i32], cuts: &'a [(Line, i32)]) -> Self {
        let zeros = |count: usize| (0..count).map(|_| AtomicI64::new(0)).collect();
        let mut cut_first = vec![0u32; lines + 1];
        for (line, _) in cuts {
            cut_first[*line as usize + 1] += 1;
        }
        for line in 0..lines {
            cut_first[line + 1] += cut_first[line];
        }
        Self {
            line_of,
            common: common.to_vec(),
            common_sums: zeros(lines * common.len()),
            cuts,
            cut_first,
            cut_sums: zeros(cuts.len()),
        }
    }

    pub(crate) fn finish(self) -> PointSums {
        let take = |sum: &AtomicI64| sum.load(Ordering::Relaxed);
        let width = self.common.len();
        let column =
            |index: usize| self.common_sums.iter().skip(index).step_by(width.max(1)).map(take).collect();
        let days = (0..width).map(column).collect();
        PointSums { days, cuts: self.cut_sums.iter().map(take).collect() }
    }

    fn add_all(&self, line: Line, fen_days: impl Fn(i32) -> i64) {
        let line = line as usize;
        for (index, point) in self.common.iter().enumerate() {
            self.common_sums[line * self.common.len() + index].fetch_add(fen_days(*point), Ordering::Relaxed);
        }
        for cut in self.cut_first[line] as usize..self.cut_first[line + 1] as usize {
            self.cut_sums[cut].fetch_add(fen_days(self.cuts[cut].1), Ordering::Relaxed);
        }
    }
}

impl Sink for Points<'_> {
    fn run(&self, account: usize, before_fen: i64, days: &[i32], balances: &[i64]) {
        self.add_all(self.line_of[account], |point| {
            let mut before = before_fen;
            days.iter().zip(balances).fold(0i64, |sum, (day, balance)| {
                let movement = balance.wrapping_sub(before);
                before = *balance;
                sum.wrapping_add(movement.wrapping_mul(days_until(point, *day)))
            })
        });
    }
}

/// Days from `day` (included) to `point` (not included); zero when the point comes first.
pub(crate) fn days_until(point: i32, day: i32) -> i64 {
    (i64::from(point) - i64::from(day)).max(0)
}
