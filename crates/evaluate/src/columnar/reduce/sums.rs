//! The accumulators of reductions.

use super::super::number::Numeric;
use super::super::plan::{Computed, Stored, Ty};
use super::{NONE, Reduction};
use rayon::prelude::*;

/// How a reduction accumulates.
pub(super) struct Shape {
    pub(super) reduction: Reduction,
    /// Of the result.
    pub(super) ty: Ty,
    /// 64 bits are enough.
    pub(super) narrow: bool,
    /// 64 bits are enough for the elements too, and only their values count, not their places.
    pub(super) is_small: bool,
    /// A group without elements is 无.
    pub(super) needs_seen: bool,
    /// The result without elements.
    pub(super) start: i128,
    pub(super) groups: usize,
}

/// The accumulators of all groups.
pub(super) struct Sums {
    pub(super) narrow: Vec<i64>,
    pub(super) wide: Vec<i128>,
    pub(super) seen: Vec<bool>,
    /// What blocks each group; empty: nothing.
    pub(super) blocked: Vec<u8>,
    /// Elements that had to be computed with exact fractions.
    pub(super) exactly: u64,
}

/// The accumulators of neighbouring groups of one reduction in 64 bits.
pub(super) struct Part<'s> {
    /// First group.
    pub(super) first: u32,
    /// How many groups.
    pub(super) width: u32,
    narrow: &'s mut [i64],
    seen: &'s mut [bool],
    pub(super) blocked: Vec<u8>,
}

impl Part<'_> {
    /// Takes the value of an element of the group at a place of this part.
    pub(super) fn give(&mut self, shape: &Shape, place: usize, int: i64) {
        let current = &mut self.narrow[place];
        match shape.reduction {
            Reduction::Sum => *current = current.wrapping_add(int),
            Reduction::Count => *current += 1,
            Reduction::Exists => *current |= i64::from(int != 0),
            Reduction::Every => *current &= i64::from(int != 0),
            Reduction::Max | Reduction::Min | Reduction::First | Reduction::Last => {
                let seen = std::mem::replace(&mut self.seen[place], true);
                *current = match shape.reduction {
                    _ if !seen => int,
                    Reduction::Max => int.max(*current),
                    Reduction::Min => int.min(*current),
                    Reduction::First => *current,
                    _ => int,
                };
            }
        }
    }

    pub(super) fn block(&mut self, place: usize, state: u8) {
        if self.blocked.is_empty() {
            self.blocked = vec![0; self.width as usize];
        }
        self.blocked[place] = self.blocked[place].max(state);
    }
}

impl Sums {
    pub(super) fn new(shape: &Shape) -> Self {
        Self {
            narrow: vec![shape.start as i64; if shape.narrow { shape.groups } else { 0 }],
            wide: vec![shape.start; if shape.narrow { 0 } else { shape.groups }],
            seen: vec![false; if shape.needs_seen { shape.groups } else { 0 }],
            blocked: Vec::new(),
            exactly: 0,
        }
    }

    /// All groups as one part.
    pub(super) fn whole(&mut self) -> Part<'_> {
        let width = self.narrow.len() as u32;
        Part { first: 0, width, narrow: &mut self.narrow, seen: &mut self.seen, blocked: Vec::new() }
    }

    /// Parts of so many groups.
    pub(super) fn parts(&mut self, size: usize) -> Vec<Part<'_>> {
        let mut seen = self.seen.chunks_mut(size);
        let parts = self.narrow.chunks_mut(size).enumerate().map(|(place, narrow)| Part {
            first: (place * size) as u32,
            width: narrow.len() as u32,
            narrow,
            seen: seen.next().unwrap_or_default(),
            blocked: Vec::new(),
        });
        parts.collect()
    }

    /// Takes over what blocks the groups of a part.
    pub(super) fn block_from(&mut self, first: u32, states: &[u8], groups: usize) {
        for (place, &state) in states.iter().enumerate().filter(|(_, state)| **state != 0) {
            self.block(first as usize + place, groups, state);
        }
    }

    /// Groups outside a population are as if they had no elements.
    pub(super) fn leave_out(&mut self, population: &Computed<'_>, shape: &Shape) {
        for group in 0..shape.groups {
            if population.state(group) == 0 && population.data.int(group) != 0 {
                continue;
            }
            match shape.narrow {
                true => self.narrow[group] = shape.start as i64,
                false => self.wide[group] = shape.start,
            }
            self.seen.iter_mut().skip(group).take(1).for_each(|seen| *seen = false);
            self.blocked.iter_mut().skip(group).take(1).for_each(|state| *state = 0);
        }
    }

    pub(super) fn block(&mut self, group: usize, groups: usize, state: u8) {
        if self.blocked.is_empty() {
            self.blocked = vec![0; groups];
        }
        self.blocked[group] = self.blocked[group].max(state);
    }

    /// Takes an element of a group.
    pub(super) fn add(&mut self, shape: &Shape, group: usize, int: i128) {
        // a first element that came after a blocked one is not the first
        if shape.reduction == Reduction::First && self.blocked.get(group).is_some_and(|&state| state != 0) {
            return;
        }
        let seen = self.seen.get(group).copied().unwrap_or(false);
        let current = self.int(shape, group);
        self.set(shape, group, combine(shape.reduction, seen, current, int));
        if let Some(seen) = self.seen.get_mut(group) {
            *seen = true;
        }
        if shape.reduction == Reduction::Last
            && let Some(state) = self.blocked.get_mut(group)
        {
            *state = 0;
        }
    }

    fn int(&self, shape: &Shape, group: usize) -> i128 {
        if shape.narrow { i128::from(self.narrow[group]) } else { self.wide[group] }
    }

    fn set(&mut self, shape: &Shape, group: usize, int: i128) {
        match shape.narrow {
            true => self.narrow[group] = int as i64,
            false => self.wide[group] = int,
        }
    }

    /// These elements, then those of the `right`.
    pub(super) fn merged(mut self, right: Self, shape: &Shape) -> Self {
        self.exactly += right.exactly;
        let adds = matches!(shape.reduction, Reduction::Sum | Reduction::Count);
        if adds && shape.narrow && right.blocked.is_empty() {
            self.narrow
                .par_iter_mut()
                .zip(&right.narrow)
                .for_each(|(sum, own)| *sum = sum.wrapping_add(*own));
            return self;
        }
        for group in 0..shape.groups {
            let right_blocked = right.blocked.get(group).copied().unwrap_or(0);
            let left_blocked = self.blocked.get(group).copied().unwrap_or(0);
            let left_seen = self.seen.get(group).copied().unwrap_or(false);
            let right_seen = right.seen.get(group).copied().unwrap_or(true);
            if right_seen && !(shape.reduction == Reduction::First && left_blocked != 0) {
                let (current, int) = (self.int(shape, group), right.int(shape, group));
                let merged = match shape.reduction {
                    Reduction::Count => current + int,
                    reduction => combine(reduction, left_seen, current, int),
                };
                self.set(shape, group, merged);
                if shape.needs_seen {
                    self.seen[group] = true;
                }
                if shape.reduction == Reduction::Last && left_blocked != 0 {
                    self.blocked[group] = 0;
                }
            }
            // after a first element nothing blocks any more
            let decided = shape.reduction == Reduction::First && left_seen;
            if right_blocked != 0 && !decided {
                self.block(group, shape.groups, right_blocked);
            }
        }
        self
    }

    /// The column of the results.
    pub(super) fn finish<'a>(self, shape: Shape) -> Computed<'a> {
        let status = self.states(&shape);
        let data = match &shape.ty {
            Ty::Bool => Stored::Bool(self.narrow.iter().map(|&v| v != 0).collect()),
            Ty::Code => Stored::Code(self.narrow.iter().map(|&v| v as i32).collect()),
            Ty::Number(_) if shape.narrow => Stored::I64(self.narrow.into()),
            Ty::Number(_) => Stored::I128(self.wide),
        };
        let ty = match (shape.ty, &data) {
            (Ty::Number(numeric), Stored::I64(values)) => {
                let low = values.par_iter().copied().min().map_or(0, i128::from);
                let high = values.par_iter().copied().max().map_or(0, i128::from);
                Ty::Number(Numeric { low, high, ..numeric })
            }
            (ty, _) => ty,
        };
        Computed { exactly: self.exactly, ..Computed::of(data, status, ty) }
    }

    fn states(&self, shape: &Shape) -> Option<Vec<u8>> {
        let mut status = self.blocked.clone();
        if shape.needs_seen && self.seen.contains(&false) || !status.is_empty() {
            status.resize(shape.groups, 0);
            for (group, state) in status.iter_mut().enumerate() {
                let decided = match shape.reduction {
                    Reduction::Exists => self.int(shape, group) != 0,
                    Reduction::Every => self.int(shape, group) == 0,
                    Reduction::First => self.seen[group],
                    _ => false,
                };
                if decided {
                    *state = 0;
                } else if *state == 0 && shape.needs_seen && !self.seen[group] {
                    *state = NONE;
                }
            }
        }
        status.iter().any(|&state| state != 0).then_some(status)
    }
}

fn combine(reduction: Reduction, seen: bool, current: i128, int: i128) -> i128 {
    match reduction {
        Reduction::Sum => current.wrapping_add(int),
        Reduction::Count => current + 1,
        Reduction::Max if seen => current.max(int),
        Reduction::Min if seen => current.min(int),
        Reduction::Max | Reduction::Min => int,
        Reduction::Exists => current | i128::from(int != 0),
        Reduction::Every => current & i128::from(int != 0),
        Reduction::First if seen => current,
        Reduction::First | Reduction::Last => int,
    }
}
