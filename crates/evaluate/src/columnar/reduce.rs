//! Reduces the lanes of a plan to groups: one pass over the elements, in parallel over fixed ranges.

use super::execute;
use super::memo::{Deed, Memo};
use super::number::{NARROW, Numeric, Scale};
use super::plan::{Computed, NOBODY, Plan, Stored, Ty};
use super::vector::{CHUNK, Data};
use super::{Result, Unsupported};
use crate::value::Status;
use rayon::prelude::*;
use std::sync::Arc;

const NONE: u8 = Status::None as u8;
const EXEMPT: u8 = Status::Exempt as u8;

/// What is computed per group.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Reduction {
    /// Of the values that are there.
    Sum,
    /// Elements whose value is there.
    Count,
    Max,
    Min,
    Exists,
    Every,
    /// Position of the first element.
    First,
    Last,
}

/// Which group an element belongs to, and who has elements at all.
pub(super) struct Groups<'g, 'a> {
    /// By element; `None`: all are in one group.
    pub(super) owners: Option<&'g [u32]>,
    /// How many groups.
    pub(super) count: usize,
    /// By group: who is outside one of these has no elements.
    pub(super) populations: &'g [Arc<Computed<'a>>],
}

impl Groups<'_, '_> {
    /// One group.
    pub(super) const ONE: Self = Self { owners: None, count: 1, populations: &[] };

    fn owner(&self, element: usize) -> u32 {
        self.owners.map_or(0, |owners| owners[element])
    }
}

/// The accumulators of one range of elements.
struct Sums {
    narrow: Vec<i64>,
    wide: Vec<i128>,
    seen: Vec<bool>,
    blocked: Vec<u8>,
}

impl Sums {
    fn new(groups: usize, shape: &Shape) -> Self {
        Self {
            narrow: vec![shape.start as i64; if shape.narrow { groups } else { 0 }],
            wide: vec![shape.start; if shape.narrow { 0 } else { groups }],
            seen: vec![false; if shape.needs_seen { groups } else { 0 }],
            blocked: Vec::new(),
        }
    }

    /// Groups outside a population are as if they had no elements.
    fn leave_out(&mut self, population: &Computed<'_>, shape: &Shape) {
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

    fn block(&mut self, group: usize, groups: usize, state: u8) {
        if self.blocked.is_empty() {
            self.blocked = vec![0; groups];
        }
        self.blocked[group] = self.blocked[group].max(state);
    }
}

struct Shape {
    reduction: Reduction,
    narrow: bool,
    needs_seen: bool,
    start: i128,
    groups: usize,
}

/// Reduces `value` over the elements where `filter` holds. `elements` lanes.
///
/// Elements whose value is 无 or 免 are skipped; a blocked filter or value blocks its group, unless the group is decided.
pub(super) fn reduce<'a, 'p>(
    reduction: Reduction,
    value: &'p Plan<'p>,
    filter: Option<&'p Plan<'p>>,
    assignment: &Groups<'_, '_>,
    elements: usize,
) -> Result<Computed<'a>> {
    let groups = assignment.count;
    let (ty, narrow) = result_type(reduction, value, elements)?;
    let needs_seen =
        matches!(reduction, Reduction::Max | Reduction::Min | Reduction::First | Reduction::Last);
    let start = i128::from(reduction == Reduction::Every);
    let shape = Shape { reduction, narrow, needs_seen, start, groups };
    let counts = !matches!(reduction, Reduction::First | Reduction::Last);
    let narrow_value = value.numeric().is_none_or(Numeric::is_narrow);
    let memo = if narrow && narrow_value && counts { Memo::new(filter, value) } else { None };
    let parts = parts_for(elements, groups);
    let size = elements.div_ceil(parts).next_multiple_of(CHUNK).max(CHUNK);
    let ranges: Vec<_> =
        (0..elements).step_by(size).map(|start| start..(start + size).min(elements)).collect();
    let sums: Vec<Sums> = ranges
        .into_par_iter()
        .map(|range| {
            let mut sums = Sums::new(groups, &shape);
            let mut deeds = memo.as_ref().map(Memo::blank).unwrap_or_default();
            let mut combinations = Vec::new();
            for start in range.clone().step_by(CHUNK) {
                let lanes = start..(start + CHUNK).min(range.end);
                match &memo {
                    Some(memo) => {
                        memo.combinations(&lanes, &mut combinations);
                        look_up(&mut sums, &shape, memo, (&mut deeds, &combinations), assignment, &lanes);
                    }
                    None => take(&mut sums, &shape, value, filter, assignment, &lanes),
                }
            }
            sums
        })
        .collect();
    let total = sums
        .into_iter()
        .reduce(|left, right| merge(left, right, &shape))
        .unwrap_or_else(|| Sums::new(groups, &shape));
    let mut total = total;
    for population in assignment.populations {
        total.leave_out(population, &shape);
    }
    Ok(finish(total, &shape, ty))
}

/// As many ranges as threads, but not so many that the accumulators outweigh the elements.
fn parts_for(elements: usize, groups: usize) -> usize {
    let threads = rayon::current_num_threads().max(1);
    if elements < 4 * CHUNK || groups > elements { 1 } else { threads }
}

fn result_type(reduction: Reduction, value: &Plan<'_>, elements: usize) -> Result<(Ty, bool)> {
    let count = elements as i128;
    match (reduction, &value.ty) {
        (Reduction::Count, _) => Ok((Ty::Number(Numeric::exact(Scale::ONE, 0, count)), true)),
        (Reduction::Exists | Reduction::Every, _) => Ok((Ty::Bool, true)),
        (Reduction::First | Reduction::Last, _) => Ok((Ty::Code, true)),
        (Reduction::Max | Reduction::Min, ty @ (Ty::Code | Ty::Bool)) => Ok((ty.clone(), true)),
        (_, Ty::Number(numeric)) if numeric.error != 0 => Err(Unsupported("an aggregate of quotients")),
        (Reduction::Max | Reduction::Min, Ty::Number(numeric)) => {
            Ok((Ty::Number(numeric.clone()), numeric.is_narrow()))
        }
        (Reduction::Sum, Ty::Number(numeric)) => {
            let bound =
                numeric.magnitude().checked_mul(count.max(1)).ok_or(Unsupported("a sum beyond 120 bits"))?;
            let low = if numeric.low < 0 { -bound } else { 0 };
            let ty = Numeric::exact(numeric.scale, low, if numeric.high > 0 { bound } else { 0 });
            if !ty.fits() {
                return Err(Unsupported("a sum beyond 120 bits"));
            }
            Ok((Ty::Number(ty), bound <= NARROW))
        }
        _ => Err(Unsupported("a sum of other things than numbers")),
    }
}

/// Takes elements by the combination of their fields.
fn look_up<'p>(
    sums: &mut Sums,
    shape: &Shape,
    memo: &Memo<'p>,
    (deeds, combinations): (&mut [Deed<'p>], &[u16]),
    assignment: &Groups<'_, '_>,
    lanes: &std::ops::Range<usize>,
) {
    let owners = assignment.owners.map(|owners| &owners[lanes.clone()]);
    // first who does anything at all, without a branch: the sums are far apart, and waiting for one must not stop the others
    let mut doers = [0_u16; CHUNK];
    let mut count = 0;
    for (lane, combination) in combinations.iter().enumerate() {
        let deed = &mut deeds[usize::from(*combination)];
        if let Deed::Open = deed {
            *deed = memo.deed(lanes.start + lane);
        }
        doers[count] = lane as u16;
        count += usize::from(!matches!(deed, Deed::Skip));
    }
    for lane in &doers[..count] {
        let lane = usize::from(*lane);
        let deed = deeds[usize::from(combinations[lane])];
        let group = owners.map_or(0, |owners| owners[lane]);
        if group == NOBODY {
            continue;
        }
        let int = match deed {
            Deed::Give(int) => int,
            Deed::Read(column, factor) => {
                (execute::facts_int(&column.data, lanes.start + lane) as i64).wrapping_mul(factor)
            }
            Deed::Block(state) => {
                sums.block(group as usize, shape.groups, state);
                continue;
            }
            Deed::Open | Deed::Skip => continue,
        };
        match shape.reduction {
            Reduction::Sum => sums.narrow[group as usize] = sums.narrow[group as usize].wrapping_add(int),
            _ => add(sums, shape, group as usize, i128::from(int)),
        }
    }
}

fn take(
    sums: &mut Sums,
    shape: &Shape,
    value: &Plan<'_>,
    filter: Option<&Plan<'_>>,
    assignment: &Groups<'_, '_>,
    lanes: &std::ops::Range<usize>,
) {
    let count = lanes.len();
    let filter = filter.map(|filter| execute::run(filter, lanes));
    let positions = matches!(shape.reduction, Reduction::First | Reduction::Last);
    let value = if positions { None } else { Some(execute::run(value, lanes)) };
    let group_of = |lane: usize| assignment.owner(lanes.start + lane);
    let plain = filter.as_ref().is_none_or(|f| f.status.is_none())
        && value.as_ref().is_none_or(|v| v.status.is_none());
    if plain
        && let (Reduction::Sum, true, Some(Data::I64(values))) =
            (shape.reduction, shape.narrow, value.as_ref().map(|v| &v.data))
    {
        let kept = filter.as_ref().map(|f| f.truth(count));
        return sum_narrow(&mut sums.narrow, values, kept.as_deref(), group_of);
    }
    for lane in 0..count {
        let group = group_of(lane);
        if group == NOBODY {
            continue;
        }
        let group = group as usize;
        if let Some(filter) = &filter {
            match filter.state(lane) {
                0 if filter.int(lane) == 0 => continue,
                0 => {}
                state if state > EXEMPT => {
                    sums.block(group, shape.groups, state);
                    continue;
                }
                _ => continue,
            }
        }
        let (state, int) = match &value {
            Some(value) => (value.state(lane), value.int(lane)),
            None => (0, (lanes.start + lane) as i128),
        };
        match state {
            0 => add(sums, shape, group, int),
            state if state > EXEMPT => sums.block(group, shape.groups, state),
            _ => {}
        }
    }
}

/// The hot loop: whole numbers that are all there.
fn sum_narrow(sums: &mut [i64], values: &[i64], kept: Option<&[bool]>, group_of: impl Fn(usize) -> u32) {
    match kept {
        None => {
            for (lane, value) in values.iter().enumerate() {
                if let Some(sum) = sums.get_mut(group_of(lane) as usize) {
                    *sum = sum.wrapping_add(*value);
                }
            }
        }
        Some(kept) => {
            for (lane, (value, kept)) in values.iter().zip(kept).enumerate() {
                if *kept && let Some(sum) = sums.get_mut(group_of(lane) as usize) {
                    *sum = sum.wrapping_add(*value);
                }
            }
        }
    }
}

fn combine(reduction: Reduction, seen: bool, current: i128, int: i128) -> i128 {
    match reduction {
        Reduction::Sum => current.wrapping_add(int),
        Reduction::Count => current + 1,
        Reduction::Max => {
            if seen {
                current.max(int)
            } else {
                int
            }
        }
        Reduction::Min => {
            if seen {
                current.min(int)
            } else {
                int
            }
        }
        Reduction::Exists => current | i128::from(int != 0),
        Reduction::Every => current & i128::from(int != 0),
        Reduction::First => {
            if seen {
                current
            } else {
                int
            }
        }
        Reduction::Last => int,
    }
}

fn add(sums: &mut Sums, shape: &Shape, group: usize, int: i128) {
    // a first element that came after a blocked one is not the first
    if shape.reduction == Reduction::First && sums.blocked.get(group).is_some_and(|&state| state != 0) {
        return;
    }
    let seen = sums.seen.get(group).copied().unwrap_or(false);
    if shape.narrow {
        sums.narrow[group] = combine(shape.reduction, seen, i128::from(sums.narrow[group]), int) as i64;
    } else {
        sums.wide[group] = combine(shape.reduction, seen, sums.wide[group], int);
    }
    if let Some(seen) = sums.seen.get_mut(group) {
        *seen = true;
    }
    if shape.reduction == Reduction::Last
        && let Some(state) = sums.blocked.get_mut(group)
    {
        *state = 0;
    }
}

fn merge(mut left: Sums, right: Sums, shape: &Shape) -> Sums {
    for group in 0..shape.groups {
        let right_blocked = right.blocked.get(group).copied().unwrap_or(0);
        let left_blocked = left.blocked.get(group).copied().unwrap_or(0);
        let (left_seen, right_seen) =
            (left.seen.get(group).copied().unwrap_or(false), right.seen.get(group).copied().unwrap_or(true));
        let int = if shape.narrow { i128::from(right.narrow[group]) } else { right.wide[group] };
        let current = if shape.narrow { i128::from(left.narrow[group]) } else { left.wide[group] };
        let take_right = right_seen && !(shape.reduction == Reduction::First && left_blocked != 0);
        if take_right {
            let merged = match shape.reduction {
                Reduction::Count => current + int,
                reduction => combine(reduction, left_seen, current, int),
            };
            if shape.narrow {
                left.narrow[group] = merged as i64;
            } else {
                left.wide[group] = merged;
            }
            if shape.needs_seen {
                left.seen[group] = true;
            }
            if shape.reduction == Reduction::Last && left_blocked != 0 {
                left.blocked[group] = 0;
            }
        }
        // after a first element nothing blocks any more
        let decided = shape.reduction == Reduction::First && left_seen;
        if right_blocked != 0 && !decided {
            left.block(group, shape.groups, right_blocked);
        }
    }
    left
}

fn finish<'a>(sums: Sums, shape: &Shape, ty: Ty) -> Computed<'a> {
    let mut status = if sums.blocked.is_empty() { vec![] } else { sums.blocked };
    if shape.needs_seen && sums.seen.contains(&false) || !status.is_empty() {
        status.resize(shape.groups, 0);
        for (group, state) in status.iter_mut().enumerate() {
            let int = if shape.narrow { i128::from(sums.narrow[group]) } else { sums.wide[group] };
            let decided = match shape.reduction {
                Reduction::Exists => int != 0,
                Reduction::Every => int == 0,
                Reduction::First => sums.seen[group],
                _ => false,
            };
            if decided {
                *state = 0;
            } else if *state == 0 && shape.needs_seen && !sums.seen[group] {
                *state = NONE;
            }
        }
    }
    let status = status.iter().any(|&state| state != 0).then_some(status);
    let data = match &ty {
        Ty::Bool => Stored::Bool(sums.narrow.iter().map(|&v| v != 0).collect()),
        Ty::Code => Stored::Code(sums.narrow.iter().map(|&v| v as i32).collect()),
        Ty::Number(_) if shape.narrow => Stored::I64(sums.narrow.into()),
        Ty::Number(_) => Stored::I128(sums.wide),
    };
    let ty = match (ty, &data) {
        (Ty::Number(numeric), Stored::I64(values)) => {
            let low = values.par_iter().copied().min().map_or(0, i128::from);
            let high = values.par_iter().copied().max().map_or(0, i128::from);
            Ty::Number(Numeric { low, high, ..numeric })
        }
        (ty, _) => ty,
    };
    Computed { data, status, ty, plan: None, fractions: None }
}
