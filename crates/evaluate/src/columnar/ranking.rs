//! Ranks and seats of a population.

use super::engine::{Engine, materialise};
use super::exact;
use super::plan::{Computed, Frame, Plan, Stored, Ty};
use super::{Result, Unsupported};
use crate::value::Status;
use hengjie_policy::core::{Attribute, AttributeId, Rank, Type};
use rayon::prelude::*;
use std::cmp::Ordering;
use std::sync::Arc;

const EXEMPT: u8 = Status::Exempt as u8;

/// Logarithm of the lanes that fall into a bucket on average.
const IN_BUCKET: u32 = 5;
/// A bucket that is sorted by several threads.
const LARGE_BUCKET: usize = 1 << 14;

/// A ranking: the ranked lanes in order, group by group.
#[derive(Debug)]
pub(crate) struct Order {
    /// Ranked lanes, best first, groups one after the other.
    pub(crate) lanes: Vec<u32>,
    /// Borders of the groups in `lanes`; one more than groups.
    pub(crate) borders: Vec<usize>,
    /// Rank of each entry of `lanes`.
    pub(crate) ranks: Vec<u32>,
    /// State of every lane: 无 outside the population, or what blocks its group.
    pub(crate) states: Vec<u8>,
}

/// A sort key: the column, and how it is compared.
struct Key<'a> {
    column: Computed<'a>,
    descending: bool,
}

impl Key<'_> {
    /// Lanes without a value come last.
    fn absent(&self, lane: u32) -> bool {
        self.column.state(lane as usize) != 0
    }

    fn compare(&self, a: u32, b: u32) -> Ordering {
        match (self.absent(a), self.absent(b)) {
            (true, true) => return Ordering::Equal,
            (false, true) => return Ordering::Less,
            (true, false) => return Ordering::Greater,
            (false, false) => {}
        }
        let (x, y) = (self.column.data.int(a as usize), self.column.data.int(b as usize));
        let order = match &self.column.ty {
            Ty::Number(numeric) if numeric.error != 0 && (x - y).abs() <= 2 * numeric.error => {
                self.exactly(a, b)
            }
            _ => x.cmp(&y),
        };
        if self.descending { order.reverse() } else { order }
    }

    fn exactly(&self, a: u32, b: u32) -> Ordering {
        match (&self.column.plan, &self.column.fractions) {
            (Some(plan), _) => exact::order(plan, a as usize, b as usize),
            (None, Some(fractions)) => fractions[a as usize].cmp(&fractions[b as usize]),
            (None, None) => Ordering::Equal,
        }
    }

    /// Width in bits and the key as an unsigned number that sorts ascending; `None` for inexact keys.
    fn packing(&self) -> Option<(u32, i128)> {
        let numeric = match &self.column.ty {
            Ty::Number(numeric) if numeric.error == 0 => Some((numeric.low, numeric.high)),
            Ty::Number(_) => None,
            Ty::Bool => Some((0, 1)),
            Ty::Code => match &self.column.data {
                Stored::Code(codes) => Some((
                    codes.iter().min().copied().unwrap_or(0).into(),
                    codes.iter().max().copied().unwrap_or(0).into(),
                )),
                _ => None,
            },
        };
        let (low, high) = numeric?;
        let span = high.checked_sub(low)?;
        let bits = 128 - span.leading_zeros() + u32::from(self.column.status.is_some());
        Some((bits, if self.descending { high } else { low }))
    }

    fn packed(&self, lane: u32, base: i128, bits: u32) -> u128 {
        if self.absent(lane) {
            return 1 << (bits - 1);
        }
        let value = self.column.data.int(lane as usize);
        (if self.descending { base - value } else { value - base }) as u128
    }
}

impl<'a> Engine<'a> {
    /// The ranks of an attribute's population.
    pub(super) fn rank(
        &mut self,
        id: AttributeId,
        attribute: &'a Attribute,
        rank: &'a Rank,
        frame: &Frame,
    ) -> Result<Computed<'a>> {
        let order = self.order(id, attribute, rank, frame)?;
        let len = order.states.len();
        let mut data = vec![0_i64; len];
        for (lane, rank) in order.lanes.iter().zip(&order.ranks) {
            data[*lane as usize] = i64::from(*rank);
        }
        let status = order.states.iter().any(|&state| state != 0).then(|| order.states.clone());
        let ty = Ty::Number(super::number::Numeric::exact(super::number::Scale::ONE, 0, len as i128));
        Ok(Computed::of(Stored::I64(data.into()), status, ty))
    }

    /// The order of a ranking, made once.
    pub(super) fn order(
        &mut self,
        id: AttributeId,
        attribute: &'a Attribute,
        rank: &'a Rank,
        frame: &Frame,
    ) -> Result<Arc<Order>> {
        let key = (id, frame.period);
        if let Some((order, dependencies)) = self.orders.get(&key) {
            self.note_all(dependencies);
            return Ok(order.clone());
        }
        let (order, dependencies) = self.traced(|engine| engine.make_order(attribute, rank, frame));
        let order = Arc::new(order?);
        self.note_all(&dependencies);
        self.orders.insert(key, (order.clone(), dependencies));
        Ok(order)
    }

    fn make_order(&mut self, attribute: &'a Attribute, rank: &'a Rank, frame: &Frame) -> Result<Order> {
        let len = self.kind_len(attribute.context.kind);
        let population = self.population(attribute, frame.period)?;
        let mut keys = Vec::with_capacity(rank.keys.len());
        for key in &rank.keys {
            let plan = self.compile(&key.value, frame)?;
            let column = materialise(plan, len);
            self.count(&column);
            keys.push(Key { column, descending: key.descending });
        }
        let groups = match &rank.group_by {
            None => None,
            Some(group) => Some(self.groups(group, frame, len)?),
        };
        let none = Status::None as u8;
        let inside = |lane: u32| population.as_ref().is_none_or(|p| p.data.int(lane as usize) != 0);
        let group_state = |lane: u32| groups.as_ref().map_or(0, |g| g.state(lane as usize));
        let group_of = |lane: u32| groups.as_ref().map_or(0, |g| g.data.int(lane as usize));
        let mut states = vec![none; len];
        let candidates: Vec<u32> = (0..len as u32).filter(|&lane| inside(lane)).collect();
        // a group that is not known could be any group
        if let Some(blocked) = candidates.iter().map(|&lane| group_state(lane)).filter(|&s| s > EXEMPT).max()
        {
            for &lane in &candidates {
                states[lane as usize] = blocked;
            }
            return Ok(Order { lanes: Vec::new(), borders: vec![0], ranks: Vec::new(), states });
        }
        let mut lanes: Vec<u32> = candidates.into_iter().filter(|&lane| group_state(lane) == 0).collect();
        if keys.iter().any(|key| key.column.status.is_some()) {
            let mut blocked: std::collections::BTreeMap<i128, u8> = std::collections::BTreeMap::new();
            for &lane in &lanes {
                let state = keys.iter().map(|key| key.column.state(lane as usize)).max().unwrap_or(0);
                if state > EXEMPT {
                    let entry = blocked.entry(group_of(lane)).or_insert(0);
                    *entry = (*entry).max(state);
                }
            }
            lanes.retain(|&lane| {
                let state = blocked.get(&group_of(lane));
                states[lane as usize] = state.copied().unwrap_or(0);
                state.is_none()
            });
        }
        for &lane in &lanes {
            states[lane as usize] = 0;
        }
        let (neighbours, exactly) = exact::counting(|| sort(&mut lanes, &keys, groups.as_ref()));
        self.exactly += exactly;
        let (borders, ranks) = numbered(&neighbours, rank.dense);
        Ok(Order { lanes, borders, ranks, states })
    }

    fn groups(
        &mut self,
        group: &'a hengjie_policy::core::Expr,
        frame: &Frame,
        len: usize,
    ) -> Result<Computed<'a>> {
        if matches!(group.ty.base, Type::Text) {
            return Err(Unsupported("groups by text"));
        }
        let plan: Plan<'a> = self.compile(group, frame)?;
        if plan.numeric().is_some_and(|n| n.error != 0) {
            return Err(Unsupported("groups by quotients"));
        }
        Ok(materialise(plan, len))
    }
}

/// How a lane of the order stands to the one before it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Neighbour {
    /// The first of another group.
    NewGroup,
    Behind,
    Tied,
}

/// Sorts by group, then by the keys; equal lanes in data order. Exact keys are packed into one number where they fit.
fn sort(lanes: &mut [u32], keys: &[Key<'_>], groups: Option<&Computed<'_>>) -> Vec<Neighbour> {
    let group = groups.map(|groups| {
        let (low, high) = match &groups.ty {
            Ty::Number(numeric) => (numeric.low, numeric.high),
            _ => {
                let ints = || (0..groups.data.len()).map(|lane| groups.data.int(lane));
                (ints().min().unwrap_or(0), ints().max().unwrap_or(0))
            }
        };
        (groups, low, 128 - (high - low).leading_zeros())
    });
    let packing: Option<Vec<(u32, i128)>> = keys.iter().map(Key::packing).collect();
    let group_bits = group.as_ref().map_or(0, |(_, _, bits)| *bits);
    let bits = packing.as_ref().map(|p| p.iter().map(|(bits, _)| bits).sum::<u32>() + group_bits);
    if let (Some(packing), Some(bits @ 0..=126)) = (&packing, bits) {
        let pack = |lane: u32| {
            let mut word =
                group.as_ref().map_or(0, |(groups, low, _)| (groups.data.int(lane as usize) - low) as u128);
            for (key, (bits, base)) in keys.iter().zip(packing) {
                word = (word << bits) | key.packed(lane, *base, *bits);
            }
            word
        };
        let key_bits = bits - group_bits;
        return match bits {
            0..=64 => by_words(lanes, bits, |lane| pack(lane) as u64, |word| u128::from(word) >> key_bits),
            _ => by_words(lanes, bits, pack, |word| word >> key_bits),
        };
    }
    let group_of = |lane: u32| groups.map_or(0, |g| g.data.int(lane as usize));
    lanes.sort_by(|&a, &b| {
        let by_keys = || {
            keys.iter().map(|key| key.compare(a, b)).find(|order| order.is_ne()).unwrap_or(Ordering::Equal)
        };
        group_of(a).cmp(&group_of(b)).then_with(by_keys).then(a.cmp(&b))
    });
    let stands = |place: usize| match place.checked_sub(1).map(|before| (lanes[before], lanes[place])) {
        None => Neighbour::NewGroup,
        Some((before, lane)) if group_of(before) != group_of(lane) => Neighbour::NewGroup,
        Some((before, lane)) if keys.iter().all(|key| key.compare(before, lane).is_eq()) => Neighbour::Tied,
        Some(_) => Neighbour::Behind,
    };
    (0..lanes.len()).map(stands).collect()
}

/// Sorts lanes by packed words of so many bits: into buckets by the leading bits, then every bucket.
fn by_words<W: Copy + Ord + Default + Send + Sync + Into<u128>>(
    lanes: &mut [u32],
    bits: u32,
    word: impl Fn(u32) -> W + Sync,
    group: impl Fn(W) -> u128 + Sync,
) -> Vec<Neighbour> {
    let words: Vec<W> = lanes.par_iter().map(|&lane| word(lane)).collect();
    let leading = bits.min(lanes.len().checked_ilog2().unwrap_or(0).saturating_sub(IN_BUCKET));
    let bucket = |word: W| (word.into() >> (bits - leading)) as usize;
    let buckets = 1_usize << leading;
    let mut starts = vec![0_usize; buckets + 1];
    words.iter().for_each(|word| starts[bucket(*word) + 1] += 1);
    (0..buckets).for_each(|place| starts[place + 1] += starts[place]);
    let mut pairs = vec![(W::default(), 0_u32); lanes.len()];
    let mut next = starts.clone();
    for (word, lane) in words.into_iter().zip(lanes.iter()) {
        let place = &mut next[bucket(word)];
        pairs[*place] = (word, *lane);
        *place += 1;
    }
    sort_buckets(&mut pairs, &starts);
    lanes.par_iter_mut().zip(&pairs).for_each(|(lane, (_, sorted))| *lane = *sorted);
    neighbours(&pairs, group)
}

/// Sorts every bucket, neighbouring ones on the same thread.
fn sort_buckets<W: Copy + Ord + Send>(pairs: &mut [(W, u32)], starts: &[usize]) {
    let buckets = starts.len() - 1;
    let step = (buckets / (rayon::current_num_threads() * 8)).max(1);
    let (mut rest, mut blocks) = (pairs, Vec::new());
    for first in (0..buckets).step_by(step) {
        let last = (first + step).min(buckets);
        let (block, later) = rest.split_at_mut(starts[last] - starts[first]);
        blocks.push((first..last, block));
        rest = later;
    }
    blocks.into_par_iter().for_each(|(range, mut block)| {
        for bucket in range {
            let (own, later) = block.split_at_mut(starts[bucket + 1] - starts[bucket]);
            // equal leading bits for very many
            if own.len() > LARGE_BUCKET {
                own.par_sort_unstable()
            } else {
                own.sort_unstable()
            }
            block = later;
        }
    });
}

/// Neighbours by their packed words: equal words are a tie.
fn neighbours<T: Copy + PartialEq + Sync>(
    words: &[(T, u32)],
    group: impl Fn(T) -> u128 + Sync,
) -> Vec<Neighbour> {
    let stands = |place: usize| match place.checked_sub(1).map(|before| (words[before].0, words[place].0)) {
        None => Neighbour::NewGroup,
        Some((before, word)) if before == word => Neighbour::Tied,
        Some((before, word)) if group(before) != group(word) => Neighbour::NewGroup,
        Some(_) => Neighbour::Behind,
    };
    (0..words.len()).into_par_iter().map(stands).collect()
}

/// The borders of the groups and the rank of each place.
fn numbered(neighbours: &[Neighbour], dense: bool) -> (Vec<usize>, Vec<u32>) {
    let mut borders = vec![0];
    let mut ranks: Vec<u32> = Vec::with_capacity(neighbours.len());
    let (mut start, mut last) = (0, 0);
    for (place, neighbour) in neighbours.iter().enumerate() {
        match neighbour {
            Neighbour::NewGroup => {
                if place > 0 {
                    borders.push(place);
                }
                (start, last) = (place, 1);
            }
            Neighbour::Tied => {}
            Neighbour::Behind if dense => last += 1,
            Neighbour::Behind => last = (place - start) as u32 + 1,
        }
        ranks.push(last);
    }
    borders.push(neighbours.len());
    (borders, ranks)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Many lanes of few words, so that buckets are full of ties, empty, or one for all.
    fn check(bits: u32, word: fn(u32) -> u64) {
        for count in [0, 1, 2, 63, 64, 65, 20_000] {
            let mut lanes: Vec<u32> = (0..count).rev().collect();
            let mut expected: Vec<(u64, u32)> = lanes.iter().map(|&lane| (word(lane), lane)).collect();
            expected.sort_unstable();
            let stands = by_words(&mut lanes, bits, word, |word| u128::from(word >> (bits / 2)));
            assert_eq!(lanes, expected.iter().map(|(_, lane)| *lane).collect::<Vec<_>>());
            assert_eq!(stands, neighbours(&expected, |word| u128::from(word >> (bits / 2))));
        }
    }

    #[test]
    fn buckets_sort_like_one_list() {
        check(20, |lane| u64::from(lane.wrapping_mul(2_654_435_761) >> 12));
        check(20, |lane| u64::from(lane % 7));
        check(64, |lane| u64::from(lane % 300) << 55 | u64::from(lane.wrapping_mul(40_503)));
        check(1, |lane| u64::from(lane & 1));
        check(60, |_| 5);
    }
}
