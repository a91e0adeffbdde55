//! Reduces the lanes of plans to groups: one pass over the elements, in parallel.
//!
//! What an element does is either looked up by the values of a few fields ([`memo`]), for several reductions of the same
//! elements at once, or computed chunk by chunk.

mod memo;
mod sums;

use super::exact;
use super::execute;
use super::number::{NARROW, Numeric, Scale};
use super::plan::{Computed, NOBODY, Plan, Ty};
use super::vector::{CHUNK, Data};
use super::{Result, Unsupported};
use crate::value::Status;
use memo::{Combinations, Deed, Memo};
use rayon::prelude::*;
use std::ops::Range;
use std::sync::Arc;
use sums::{Part, Shape, Sums};

const NONE: u8 = Status::None as u8;
const EXEMPT: u8 = Status::Exempt as u8;

/// Most threads that go through the same elements, each for its own groups.
const THREADS: usize = 8;

/// From so many groups on each thread takes the elements of its own groups, so that nothing has to be merged and less
/// memory is touched at a time.
const GROUPS_OF_ONE_THREAD: usize = 1 << 16;

/// What is computed per group.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
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

/// Which group an element belongs to.
#[derive(Clone, Copy)]
pub(super) struct Groups<'g> {
    /// By element; `None`: all are in one group.
    pub(super) owners: Option<&'g [u32]>,
    /// How many groups.
    pub(super) count: usize,
}

impl Groups<'_> {
    /// One group.
    pub(super) const ONE: Self = Self { owners: None, count: 1 };

    fn owner(&self, element: usize) -> u32 {
        self.owners.map_or(0, |owners| owners[element])
    }
}

/// A reduction of `value` over the elements where `filter` holds.
///
/// Elements whose value is 无 or 免 are skipped; a blocked filter or value blocks its group, unless the group is decided.
pub(super) struct Task<'p, 'a> {
    pub(super) reduction: Reduction,
    pub(super) value: &'p Plan<'p>,
    pub(super) filter: Option<&'p Plan<'p>>,
    /// By group: who is outside one of these has no elements.
    pub(super) populations: &'p [Arc<Computed<'a>>],
}

/// Reduces over `elements` lanes.
pub(super) fn reduce<'a>(task: &Task<'_, 'a>, groups: Groups<'_>, elements: usize) -> Result<Computed<'a>> {
    let shape = Shape::of(task, groups.count, elements)?;
    let mut sums = match Memo::new(std::slice::from_ref(task)).filter(|_| shape.is_small) {
        Some(memo) => look_up(&memo, std::slice::from_ref(&shape), groups, elements),
        None => vec![compute(task, &shape, groups, elements)],
    };
    let total = sums.pop().ok_or(Unsupported("no sums"))?;
    Ok(finished(total, task, shape))
}

/// Reduces several tasks over the same elements in one pass. `None`, as a whole or for a task: it has to be reduced alone.
pub(super) fn reduce_together<'a>(
    tasks: &[Task<'_, 'a>],
    groups: Groups<'_>,
    elements: usize,
) -> Option<Vec<Computed<'a>>> {
    let memo = Memo::new(tasks)?;
    let shapes: Result<Vec<Shape>> =
        tasks.iter().map(|task| Shape::of(task, groups.count, elements)).collect();
    let shapes = shapes.ok().filter(|shapes| shapes.iter().all(|shape| shape.is_small))?;
    let sums = look_up(&memo, &shapes, groups, elements);
    let parts = sums.into_iter().zip(tasks).zip(shapes);
    Some(parts.map(|((sums, task), shape)| finished(sums, task, shape)).collect())
}

/// Can this task be reduced together with others?
pub(super) fn is_memorable(task: &Task<'_, '_>, elements: usize) -> bool {
    Shape::of(task, 1, elements).is_ok_and(|shape| shape.is_small)
        && Memo::new(std::slice::from_ref(task)).is_some()
}

fn finished<'a>(mut sums: Sums, task: &Task<'_, 'a>, shape: Shape) -> Computed<'a> {
    for population in task.populations {
        sums.leave_out(population, &shape);
    }
    sums.finish(shape)
}

impl Shape {
    fn of(task: &Task<'_, '_>, groups: usize, elements: usize) -> Result<Self> {
        let reduction = task.reduction;
        let (ty, narrow) = result_type(reduction, task.value, elements)?;
        let needs_seen =
            matches!(reduction, Reduction::Max | Reduction::Min | Reduction::First | Reduction::Last);
        let counts = !matches!(reduction, Reduction::First | Reduction::Last);
        let is_small = narrow && counts && task.value.numeric().is_none_or(Numeric::is_narrow);
        let start = i128::from(reduction == Reduction::Every);
        Ok(Self { reduction, ty, narrow, is_small, needs_seen, start, groups })
    }
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

/// One pass by the combinations of fields, for all tasks of a memo: their sums, in their order.
fn look_up(memo: &Memo<'_>, shapes: &[Shape], groups: Groups<'_>, elements: usize) -> Vec<Sums> {
    let mut sums: Vec<Sums> = shapes.iter().map(Sums::new).collect();
    let threads = rayon::current_num_threads().max(1);
    if groups.count < GROUPS_OF_ONE_THREAD && elements >= 4 * CHUNK && threads > 1 {
        // few groups: each thread has sums of its own for some of the elements
        let parts = ranges(elements, threads).into_par_iter().map(|range| {
            let mut own: Vec<Sums> = shapes.iter().map(Sums::new).collect();
            let mut parts: Vec<Part<'_>> = own.iter_mut().map(Sums::whole).collect();
            pass(memo, shapes, &mut parts, groups, range);
            let blocked: Vec<Vec<u8>> = parts.into_iter().map(|part| part.blocked).collect();
            own.iter_mut().zip(blocked).for_each(|(sums, blocked)| sums.blocked = blocked);
            own
        });
        let parts: Vec<Vec<Sums>> = parts.collect();
        for own in parts {
            sums = sums.into_iter().zip(own).zip(shapes).map(|((a, b), shape)| a.merged(b, shape)).collect();
        }
        return sums;
    }
    // many groups: each thread takes the elements of some of the groups
    let size = groups.count.div_ceil(threads.min(THREADS)).max(1);
    let mut parts: Vec<Vec<Part<'_>>> = Vec::new();
    for sums in &mut sums {
        for (place, part) in sums.parts(size).into_iter().enumerate() {
            match parts.get_mut(place) {
                Some(parts) => parts.push(part),
                None => parts.push(vec![part]),
            }
        }
    }
    let blocked: Vec<Vec<(u32, Vec<u8>)>> = parts
        .into_par_iter()
        .map(|mut parts| {
            pass(memo, shapes, &mut parts, groups, 0..elements);
            parts.into_iter().map(|part| (part.first, part.blocked)).collect()
        })
        .collect();
    for part in blocked {
        for ((first, states), sums) in part.into_iter().zip(&mut sums) {
            sums.block_from(first, &states, groups.count);
        }
    }
    sums
}

/// Takes the elements of a range that belong to the groups of the parts (one part per task, all of the same groups).
fn pass<'p>(
    memo: &Memo<'p>,
    shapes: &[Shape],
    parts: &mut [Part<'_>],
    groups: Groups<'_>,
    elements: Range<usize>,
) {
    let Some((first, width)) = parts.first().map(|part| (part.first, part.width)) else { return };
    let mut known = Combinations::new(memo);
    let mut combinations = Vec::new();
    for start in elements.clone().step_by(CHUNK) {
        let lanes = start..(start + CHUNK).min(elements.end);
        memo.combinations(&lanes, &mut combinations);
        // first who does anything at all, without a branch: the sums are far apart, and waiting for one must not stop the
        // others
        let mut doers = [0_u16; CHUNK];
        let mut count = 0;
        let owners = groups.owners.map(|owners| &owners[lanes.clone()]);
        for (lane, combination) in combinations.iter().enumerate() {
            let acts = known.acts(*combination, memo, lanes.start + lane);
            let group = owners.map_or(0, |owners| owners[lane]).wrapping_sub(first);
            doers[count] = lane as u16;
            count += usize::from(acts & (group < width));
        }
        for lane in &doers[..count] {
            let lane = usize::from(*lane);
            let group = owners.map_or(0, |owners| owners[lane]).wrapping_sub(first) as usize;
            for (task, deed) in known.deeds(combinations[lane]) {
                let task = usize::from(*task);
                let int = match deed {
                    Deed::Give(int) => *int,
                    Deed::Read(column, factor) => {
                        (execute::facts_int(&column.data, lanes.start + lane) as i64).wrapping_mul(*factor)
                    }
                    Deed::Block(state) => {
                        parts[task].block(group, *state);
                        continue;
                    }
                    Deed::Skip => continue,
                };
                parts[task].give(&shapes[task], group, int);
            }
        }
    }
}

/// As many ranges of elements as threads, with borders between chunks.
fn ranges(elements: usize, parts: usize) -> Vec<Range<usize>> {
    let size = elements.div_ceil(parts).next_multiple_of(CHUNK).max(CHUNK);
    (0..elements).step_by(size).map(|start| start..(start + size).min(elements)).collect()
}

/// Computes filter and value of every element.
fn compute(task: &Task<'_, '_>, shape: &Shape, groups: Groups<'_>, elements: usize) -> Sums {
    // not so many ranges that the accumulators outweigh the elements
    let is_one = elements < 4 * CHUNK || groups.count > elements;
    let parts = if is_one { 1 } else { rayon::current_num_threads().max(1) };
    let sums: Vec<Sums> = ranges(elements, parts)
        .into_par_iter()
        .map(|range| {
            let mut sums = Sums::new(shape);
            for start in range.clone().step_by(CHUNK) {
                let lanes = start..(start + CHUNK).min(range.end);
                let ((), exactly) = exact::counting(|| take(&mut sums, shape, task, groups, &lanes));
                sums.exactly += exactly;
            }
            sums
        })
        .collect();
    let total = sums.into_iter().reduce(|left, right| left.merged(right, shape));
    total.unwrap_or_else(|| Sums::new(shape))
}

fn take(sums: &mut Sums, shape: &Shape, task: &Task<'_, '_>, groups: Groups<'_>, lanes: &Range<usize>) {
    let count = lanes.len();
    let filter = task.filter.map(|filter| execute::run(filter, lanes));
    let positions = matches!(shape.reduction, Reduction::First | Reduction::Last);
    let value = if positions { None } else { Some(execute::run(task.value, lanes)) };
    let group_of = |lane: usize| groups.owner(lanes.start + lane);
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
            0 => sums.add(shape, group, int),
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
