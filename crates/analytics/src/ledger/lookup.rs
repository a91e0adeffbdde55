//! Balance-days up to given days: from the nearest boundary, and the movements that it does not know.

use super::Ledger;
use super::cuts::{Cuts, read_cuts};
use super::files;
use super::manifest::{Boundary, Load, LoadNumber, OwnershipFiles, path_of};
use super::points::{PointSums, Points, days_until};
use super::register::{Line, Register};
use crate::changes::{Watch, read_changes};
use arrow_array::cast::AsArray;
use arrow_array::types::{Int32Type, Int64Type, UInt32Type};
use arrow_buffer::ScalarBuffer;
use hengjie_facts::Fault;
use rayon::prelude::*;

/// Balance-days of all lines at some days.
#[derive(Debug)]
pub(crate) struct Lookup {
    /// Ascending.
    pub(crate) days: Vec<i32>,
    /// By day, then line, fen·day.
    pub(crate) fen_days: Vec<ScalarBuffer<i64>>,
}

/// Movements of one load.
#[derive(Debug)]
pub(crate) struct Movements {
    line: ScalarBuffer<Line>,
    day: ScalarBuffer<i32>,
    fen: ScalarBuffer<i64>,
}

impl Movements {
    pub(crate) fn iter(&self) -> impl Iterator<Item = (Line, i32, i64)> + '_ {
        self.line
            .iter()
            .zip(self.day.iter())
            .zip(self.fen.iter())
            .map(|((line, day), fen)| (*line, *day, *fen))
    }
}

impl Ledger {
    /// Balance-days of all lines up to each of some days, as known after a load.
    ///
    /// # Errors
    /// A file of the ledger is missing or damaged, or the work was cancelled.
    pub(super) fn lookup(
        &self,
        days: &[i32],
        known: LoadNumber,
        watch: &Watch<'_>,
    ) -> Result<Lookup, Vec<Fault>> {
        let far: Vec<i32> = days.iter().copied().filter(|day| self.nearest(*day).is_none()).collect();
        let mut read = self.sums_of_history(&far, &[], watch)?.days.into_iter();
        let bases: Vec<Option<Vec<i64>>> =
            days.iter().map(|day| if far.contains(day) { read.next() } else { None }).collect();
        let columns: Result<Vec<_>, Fault> = days
            .par_iter()
            .zip(bases)
            .map(|(day, base)| match base {
                Some(sums) => self.with_movements(sums, *day, i32::MIN, 1, known),
                None => self.at_boundary(*day, known),
            })
            .collect();
        Ok(Lookup { days: days.to_vec(), fen_days: columns.map_err(|fault| vec![fault])? })
    }

    /// The boundary from which a day is reached by movements of loads alone; `None` when the history has to be read.
    fn nearest(&self, day: i32) -> Option<Option<&Boundary>> {
        let boundaries = &self.manifest.boundaries;
        let history = self.manifest.history();
        if history.is_none_or(|history| day <= history.first_day) {
            return Some(None);
        }
        let boundary =
            &boundaries[boundaries.partition_point(|boundary| boundary.day <= day).checked_sub(1)?];
        let is_behind = history.is_some_and(|history| boundary.day > history.last_day);
        (boundary.day == day || is_behind).then_some(Some(boundary))
    }

    fn at_boundary(&self, day: i32, known: LoadNumber) -> Result<ScalarBuffer<i64>, Fault> {
        let Some(boundary) = self.nearest(day).flatten() else {
            return Ok(ScalarBuffer::from(vec![0i64; self.manifest.line_count()]));
        };
        let names: &[&str] = if boundary.day == day { &["fen_days"] } else { &["fen_days", "balance_fen"] };
        let columns = files::read(&self.folder, &boundary.file, names)?;
        let sums = columns[0].as_primitive::<Int64Type>().values();
        let touches = self.touching(day, boundary.day, boundary.after, known);
        if boundary.day == day && touches.is_empty() && sums.len() == self.manifest.line_count() {
            return Ok(sums.clone());
        }
        let mut sums = sums.to_vec();
        if let Some(balances) = columns.get(1) {
            let days = days_until(day, boundary.day);
            let balances = balances.as_primitive::<Int64Type>().values();
            sums.iter_mut().zip(balances.iter()).for_each(|(sum, balance)| *sum += balance * days);
        }
        self.with_movements(sums, day, boundary.day, boundary.after, known)
    }

    /// Adds what sums that know all days before `from` of the loads up to `after` lack for `day`, and takes away what came after `known`.
    fn with_movements(
        &self,
        mut sums: Vec<i64>,
        day: i32,
        from: i32,
        after: LoadNumber,
        known: LoadNumber,
    ) -> Result<ScalarBuffer<i64>, Fault> {
        sums.resize(self.manifest.line_count(), 0);
        for (number, load) in self.touching(day, from, after, known) {
            for (line, moved, fen) in self.movements(load)?.iter() {
                let is_in = number <= after && moved < from;
                let sign = i64::from(number <= known) - i64::from(is_in);
                sums[line as usize] += sign * fen * days_until(day, moved);
            }
        }
        Ok(ScalarBuffer::from(sums))
    }

    /// Loads whose movements may matter for a day, see [`Ledger::with_movements`].
    fn touching(
        &self,
        day: i32,
        from: i32,
        after: LoadNumber,
        known: LoadNumber,
    ) -> Vec<(LoadNumber, &Load)> {
        let matters = |number: LoadNumber, load: &Load| {
            let is_lacking = number <= known && (number > after || load.last_moved >= from);
            let is_too_much = number > known && number <= after && load.first_day < from;
            load.movements.is_some() && load.first_day < day && (is_lacking || is_too_much)
        };
        (1..).zip(self.loads()).filter(|(number, load)| matters(*number, load)).collect()
    }

    /// # Errors
    /// The file is missing or damaged.
    pub(super) fn movements(&self, load: &Load) -> Result<Movements, Fault> {
        let Some(file) = &load.movements else {
            return Ok(Movements { line: Vec::new().into(), day: Vec::new().into(), fen: Vec::new().into() });
        };
        let columns = files::read(&self.folder, file, &["line", "day", "movement_fen"])?;
        Ok(Movements {
            line: columns[0].as_primitive::<UInt32Type>().values().clone(),
            day: columns[1].as_primitive::<Int32Type>().values().clone(),
            fen: columns[2].as_primitive::<Int64Type>().values().clone(),
        })
    }

    /// Reads the whole history for days that no boundary is near, and for cuts.
    pub(super) fn sums_of_history(
        &self,
        days: &[i32],
        cuts: &[(Line, i32)],
        watch: &Watch<'_>,
    ) -> Result<PointSums, Vec<Fault>> {
        if days.is_empty() && cuts.is_empty() {
            return Ok(PointSums::default());
        }
        let register = Register::read(&self.folder, &self.manifest).map_err(|fault| vec![fault])?;
        let line_of = register.lines();
        let points = Points::new(&line_of, self.manifest.line_count(), days, cuts);
        if let (Some(history), Some(numbers)) = (self.manifest.history(), register.first_numbers()) {
            read_changes(&path_of(&self.folder, &history.source), numbers, &points, watch)?;
        }
        Ok(points.finish())
    }

    /// The cuts of an ownership, as known after a load.
    ///
    /// # Errors
    /// A file is missing or damaged.
    pub(super) fn cuts(&self, ownership: &OwnershipFiles, known: LoadNumber) -> Result<Cuts, Fault> {
        let mut cuts = read_cuts(&self.folder, &ownership.cuts)?;
        let after = ownership.after;
        let last = cuts.at.iter().map(|cut| cut.1).max().unwrap_or(i32::MIN);
        for (number, load) in (1..).zip(self.loads()) {
            let sign = i64::from(number <= known) - i64::from(number <= after);
            if sign == 0 || load.movements.is_none() || load.first_day >= last {
                continue;
            }
            for (line, moved, fen) in self.movements(load)?.iter() {
                for cut in cuts.of(line) {
                    cuts.fen_days[cut] += sign * fen * days_until(cuts.at[cut].1, moved);
                }
            }
        }
        Ok(cuts)
    }
}
