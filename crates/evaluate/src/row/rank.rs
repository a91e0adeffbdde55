//! Ranks: the population of the attribute, its groups, the keys compared exactly.

use super::state::States;
use super::{DEFER_DEPTH, Deeper, Environment, Evaluated, Evaluator, Key};
use crate::value::Value;
use hengjie_calendar::Period;
use hengjie_policy::core::{AttributeId, Expr, Rank, RankKey};
use hengjie_quantity::Rational;
use rustc_hash::FxHashMap;
use std::cmp::Ordering;
use std::sync::Arc;

/// A ranking in one period.
#[derive(Debug)]
pub(crate) struct Ranking {
    pub(crate) groups: Vec<RankGroup>,
    /// Group and position of each ranked subject.
    pub(crate) places: FxHashMap<u32, (usize, usize)>,
    /// What blocks all groups: a subject whose group is 待补 or 待定.
    pub(crate) blocked: Option<Value>,
}

/// A group of a ranking.
#[derive(Debug)]
pub(crate) struct RankGroup {
    /// 无 without 按组.
    pub(crate) key: Value,
    /// The first first; equal ones in data order.
    pub(crate) members: Vec<Ranked>,
    /// What blocks the group: a key that is 待补 or 待定.
    pub(crate) blocked: Option<Value>,
}

/// A ranked subject.
#[derive(Debug)]
pub(crate) struct Ranked {
    pub(crate) subject: u32,
    pub(crate) keys: Vec<Value>,
    /// 1 is first.
    pub(crate) rank: u32,
}

impl<'a> Evaluator<'a> {
    pub(super) fn rank(&mut self, key: Key, rank: &'a Rank) -> Evaluated {
        let ranking = self.ranking(key.attribute, rank, key.period)?;
        if let Some(blocked) = &ranking.blocked {
            return Ok(blocked.clone());
        }
        let Some(&(group, position)) = ranking.places.get(&key.subject) else { return Ok(Value::None) };
        let group = &ranking.groups[group];
        Ok(group
            .blocked
            .clone()
            .unwrap_or_else(|| Value::Number(Rational::from(group.members[position].rank))))
    }

    /// The ranking of a period, computed once.
    pub(crate) fn ranking(
        &mut self,
        attribute: AttributeId,
        rank: &'a Rank,
        period: Option<Period>,
    ) -> Evaluated<Arc<Ranking>> {
        if let Some(ranking) = self.population.rankings.get(&(attribute, period)) {
            return Ok(ranking.clone());
        }
        self.start_high(attribute, period)?;
        let recorder = self.recorder.take();
        let ranking = self.ranked(attribute, rank, period);
        self.recorder = recorder;
        let ranking = Arc::new(ranking?);
        self.population.rankings.insert((attribute, period), ranking.clone());
        Ok(ranking)
    }

    /// Work on a whole population starts near the top of the stack, so that it is not begun again for every subject.
    pub(super) fn start_high(&mut self, attribute: AttributeId, period: Option<Period>) -> Evaluated<()> {
        if self.depth <= DEFER_DEPTH / 2 {
            return Ok(());
        }
        // Any subject that is not being computed leads to the same work.
        let candidates = self.members(attribute, period)?;
        let keys = candidates.iter().map(|&subject| self.key(attribute, subject, None, period));
        match keys.into_iter().find(|key| !self.active.contains(key)) {
            Some(key) => Err(Deeper(Box::new(key))),
            None => Ok(()),
        }
    }

    /// The group of a subject; 无 if it has none.
    pub(super) fn group(
        &mut self,
        group_by: Option<&'a Expr>,
        environment: &mut Environment,
    ) -> Evaluated<Option<Value>> {
        let Some(group_by) = group_by else { return Ok(Some(Value::None)) };
        let group = self.eval(group_by, environment)?;
        Ok(Some(group).filter(|group| !matches!(group, Value::None | Value::Exempt)))
    }

    fn ranked(
        &mut self,
        attribute: AttributeId,
        rank: &'a Rank,
        period: Option<Period>,
    ) -> Evaluated<Ranking> {
        let kind = self.attribute(attribute).context.kind;
        let mut blocked = States::default();
        let mut entries: Vec<(Value, Ranked)> = Vec::new();
        for &subject in self.members(attribute, period)?.iter() {
            let mut environment = Environment::new(attribute, kind.map(|kind| (kind, subject)), period);
            let Some(group) = self.group(rank.group_by.as_ref(), &mut environment)? else { continue };
            if group.is_blocked() {
                blocked.add(&group);
                continue;
            }
            let mut keys = Vec::with_capacity(rank.keys.len());
            for key in &rank.keys {
                keys.push(self.eval(&key.value, &mut environment)?);
            }
            entries.push((group, Ranked { subject, keys, rank: 0 }));
        }
        let mut groups = grouped(entries);
        for group in &mut groups {
            number(group, rank);
        }
        let mut places = FxHashMap::default();
        for (at, group) in groups.iter().enumerate() {
            places.extend(
                group.members.iter().enumerate().map(|(position, member)| (member.subject, (at, position))),
            );
        }
        Ok(Ranking { groups, places, blocked: blocked.into_value() })
    }
}

/// Entries by group, the groups in the order of their values, members in data order.
fn grouped(mut entries: Vec<(Value, Ranked)>) -> Vec<RankGroup> {
    entries.sort_by(|(left, _), (right, _)| left.order(right).unwrap_or(Ordering::Equal));
    let mut groups: Vec<RankGroup> = Vec::new();
    for (key, member) in entries {
        match groups.last_mut() {
            Some(group) if group.key == key => group.members.push(member),
            _ => groups.push(RankGroup { key, members: vec![member], blocked: None }),
        }
    }
    groups
}

/// Sorts a group and gives the ranks.
fn number(group: &mut RankGroup, rank: &Rank) {
    let mut blocked = States::default();
    for key in group.members.iter().flat_map(|member| &member.keys).filter(|key| key.is_blocked()) {
        blocked.add(key);
    }
    group.blocked = blocked.into_value();
    group.members.sort_by(|left, right| compared(&left.keys, &right.keys, &rank.keys));
    let mut last = 0;
    for position in 0..group.members.len() {
        let tied = position > 0
            && compared(&group.members[position - 1].keys, &group.members[position].keys, &rank.keys).is_eq();
        if !tied {
            last = if rank.dense { last + 1 } else { u32::try_from(position).unwrap_or(u32::MAX) + 1 };
        }
        group.members[position].rank = last;
    }
}

/// The order of two subjects: the first key that differs. Subjects without a value come last.
fn compared(left: &[Value], right: &[Value], keys: &[RankKey]) -> Ordering {
    let each = left.iter().zip(right).zip(keys).map(|((left, right), key)| {
        match (left.is_present(), right.is_present()) {
            (true, true) => {
                let order = left.order(right).unwrap_or(Ordering::Equal);
                if key.descending { order.reverse() } else { order }
            }
            (false, false) => Ordering::Equal,
            (true, false) => Ordering::Less,
            (false, true) => Ordering::Greater,
        }
    });
    each.fold(Ordering::Equal, Ordering::then)
}
