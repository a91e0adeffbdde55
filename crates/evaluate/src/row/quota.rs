//! Quotas: seats of each group of a ranking, its lines, its borders.

use super::rank::{RankGroup, Ranking};
use super::seats::{Filled, Line, LineCut, Seat, fill, slice};
use super::state::{States, holds};
use super::{Environment, Evaluated, Evaluator, Key};
use crate::dataset::DecisionKey;
use crate::value::Value;
use hengjie_calendar::Period;
use hengjie_policy::core::{AttributeId, Body, Cut, DecisionId, Expr, KindId, Quota, QuotaForm, QuotaLine};
use hengjie_quantity::{Rational, Rounding, apportion};
use rustc_hash::FxHashMap;
use std::sync::Arc;

/// All seats of a quota in one period.
#[derive(Debug)]
pub(crate) struct Seating {
    pub(crate) groups: Vec<SeatGroup>,
    /// Group and position of each subject of the ranking.
    pub(crate) places: FxHashMap<u32, (usize, usize)>,
    /// What blocks all groups.
    pub(crate) blocked: Option<Value>,
}

/// A group of the ranking with its seats.
#[derive(Debug)]
pub(crate) struct SeatGroup {
    /// 无 without 按组.
    pub(crate) key: Value,
    /// By position: subject and rank.
    pub(crate) ranked: Vec<(u32, u32)>,
    /// Result by position.
    pub(crate) values: Vec<Value>,
    /// Items in the order of the lines or slices.
    pub(crate) items: Vec<u32>,
    /// How many got each item.
    pub(crate) given: FxHashMap<u32, usize>,
    pub(crate) filled: Filled,
}

/// A group before it gets seats, and where.
struct Group<'g> {
    attribute: AttributeId,
    kind: KindId,
    period: Option<Period>,
    ranked: &'g [(u32, u32)],
}

/// How many got each item.
fn counted(values: &[Value]) -> FxHashMap<u32, usize> {
    let mut given = FxHashMap::default();
    for value in values {
        if let Value::Enum(_, item) = value {
            *given.entry(*item).or_default() += 1;
        }
    }
    given
}

impl Group<'_> {
    fn environment(&self, position: usize) -> Environment {
        let subject = self.ranked.get(position).map(|(subject, _)| (self.kind, *subject));
        Environment::new(self.attribute, subject, self.period)
    }
}

impl<'a> Evaluator<'a> {
    pub(super) fn seat(&mut self, key: Key, quota: &'a Quota) -> Evaluated {
        let seating = self.seating(key.attribute, quota, key.period)?;
        if let Some(blocked) = &seating.blocked {
            return Ok(blocked.clone());
        }
        let place = seating.places.get(&key.subject);
        Ok(place.map_or(Value::None, |&(group, position)| seating.groups[group].values[position].clone()))
    }

    /// The seats of a period, computed once.
    pub(crate) fn seating(
        &mut self,
        attribute: AttributeId,
        quota: &'a Quota,
        period: Option<Period>,
    ) -> Evaluated<Arc<Seating>> {
        if let Some(seating) = self.population.seatings.get(&(attribute, period)) {
            return Ok(seating.clone());
        }
        self.start_high(attribute, period)?;
        let seating = Arc::new(self.unrecorded(|evaluator| evaluator.seated(attribute, quota, period))?);
        self.population.seatings.insert((attribute, period), seating.clone());
        Ok(seating)
    }

    fn seated(
        &mut self,
        attribute: AttributeId,
        quota: &'a Quota,
        period: Option<Period>,
    ) -> Evaluated<Seating> {
        let ranking = self.ranking_of(quota.ranking, period)?;
        let mut seating =
            Seating { groups: Vec::new(), places: FxHashMap::default(), blocked: ranking.blocked.clone() };
        let Some(kind) = self.attribute(quota.ranking).context.kind else { return Ok(seating) };
        for (at, group) in ranking.groups.iter().enumerate() {
            let ranked: Vec<(u32, u32)> =
                group.members.iter().map(|member| (member.subject, member.rank)).collect();
            seating
                .places
                .extend(ranked.iter().enumerate().map(|(position, (subject, _))| (*subject, (at, position))));
            let seats = match &group.blocked {
                Some(blocked) => Err(blocked.clone()),
                None => {
                    let group = Group { attribute, kind, period, ranked: &ranked };
                    match &quota.form {
                        QuotaForm::Lines(lines) => self.lines(&group, lines)?,
                        QuotaForm::Each { shares, cut } => self.slices(&group, shares, cut)?,
                    }
                }
            };
            let place = Group { attribute, kind, period, ranked: &ranked };
            let (items, filled, values) = self.seat_values(&place, quota, seats);
            let key = group.key.clone();
            let given = counted(&values);
            seating.groups.push(SeatGroup { key, ranked, values, items, given, filled });
        }
        Ok(seating)
    }

    /// The ranking of a quota. An assumed ranking is taken as it is: one group, the assumed ranks.
    fn ranking_of(&mut self, ranking: AttributeId, period: Option<Period>) -> Evaluated<Arc<Ranking>> {
        let Body::Rank(rank) = &self.attribute(ranking).body else {
            return Ok(Arc::new(Ranking { groups: Vec::new(), places: FxHashMap::default(), blocked: None }));
        };
        if !self.data.assumed.keys().any(|key| key.attribute == ranking) {
            return self.ranking(ranking, rank, period);
        }
        let mut group = RankGroup { key: Value::None, members: Vec::new(), blocked: None };
        let mut blocked = States::default();
        for &subject in self.members(ranking, period)?.iter() {
            let place = self.result(self.key(ranking, subject, None, period))?;
            match &place {
                Value::Number(rank) => {
                    let rank = rank.to_i128().and_then(|rank| u32::try_from(rank).ok()).unwrap_or(u32::MAX);
                    group.members.push(super::rank::Ranked { subject, keys: vec![place], rank });
                }
                other if other.is_blocked() => blocked.add(other),
                _ => {}
            }
        }
        group.members.sort_by_key(|member| member.rank);
        let places = group
            .members
            .iter()
            .enumerate()
            .map(|(position, member)| (member.subject, (0, position)))
            .collect();
        Ok(Arc::new(Ranking { groups: vec![group], places, blocked: blocked.into_value() }))
    }

    /// Lines from the ranking; `Err` is what blocks the group.
    fn lines(
        &mut self,
        group: &Group<'_>,
        lines: &'a [QuotaLine],
    ) -> Evaluated<Result<(Vec<u32>, Filled), Value>> {
        let mut states = States::default();
        let mut ready = Vec::with_capacity(lines.len());
        for line in lines {
            let take = self.eval(&line.take, &mut group.environment(0))?;
            let take = match take {
                Value::Number(take) => take,
                other => {
                    states.add(&other);
                    continue;
                }
            };
            let seats = if line.is_share { take * Rational::from(group.ranked.len() as u64) } else { take };
            let eligible = self.eligible(group, line.eligible.as_ref(), &mut states)?;
            let cut = self.cut(group, &line.cut);
            ready.push(Line {
                item: line.item,
                seats: whole(&seats, line.rounding),
                from_bottom: line.from_bottom,
                eligible,
                cut,
                unfilled_to: line.unfilled_to.map(|item| item as usize),
            });
        }
        if let Some(state) = states.into_value().filter(|_| !group.ranked.is_empty()) {
            return Ok(Err(state));
        }
        let ranks: Vec<u32> = group.ranked.iter().map(|(_, rank)| *rank).collect();
        let items = ready.iter().map(|line| line.item).collect();
        Ok(Ok((items, fill(&ranks, ready))))
    }

    fn eligible(
        &mut self,
        group: &Group<'_>,
        condition: Option<&'a Expr>,
        states: &mut States,
    ) -> Evaluated<Vec<bool>> {
        let Some(condition) = condition else { return Ok(vec![true; group.ranked.len()]) };
        let mut eligible = Vec::with_capacity(group.ranked.len());
        for position in 0..group.ranked.len() {
            let value = self.eval(condition, &mut group.environment(position))?;
            if value.is_blocked() {
                states.add(&value);
            }
            eligible.push(holds(&value));
        }
        Ok(eligible)
    }

    /// What people have decided about the subjects of a group, for a cut that asks them.
    fn cut(&self, group: &Group<'_>, cut: &Cut) -> LineCut {
        let decision = match cut {
            Cut::All => return LineCut::All,
            Cut::None => return LineCut::None,
            Cut::Decide(decision) => *decision,
        };
        let of = |position: usize| match self.decided(&self.place_of(group, decision, position)) {
            Value::Bool(seat) => Some(seat),
            _ => None,
        };
        LineCut::Decide((0..group.ranked.len()).map(of).collect())
    }

    fn place_of(&self, group: &Group<'_>, decision: DecisionId, position: usize) -> DecisionKey {
        let subject = group.ranked.get(position).map(|(subject, _)| self.key_text(group.kind, *subject));
        DecisionKey {
            decision,
            subject: subject.unwrap_or_default(),
            row: String::new(),
            period: group.period,
        }
    }

    /// 各档: seats by the largest remainder, equal remainders to the lower item, the highest item from the top.
    fn slices(
        &mut self,
        group: &Group<'_>,
        shares: &'a [(u32, Expr)],
        cut: &'a Cut,
    ) -> Evaluated<Result<(Vec<u32>, Filled), Value>> {
        let mut states = States::default();
        let mut weights: Vec<(u32, Rational)> = Vec::with_capacity(shares.len());
        for (item, share) in shares {
            match self.eval(share, &mut group.environment(0))? {
                Value::Number(share) => weights.push((*item, share)),
                other => states.add(&other),
            }
        }
        if let Some(state) = states.into_value() {
            return Ok(Err(state));
        }
        weights.sort_by_key(|(item, _)| std::cmp::Reverse(*item));
        let only_weights: Vec<Rational> = weights.iter().map(|(_, weight)| weight.clone()).collect();
        let lower_first: Vec<usize> = (0..weights.len()).rev().collect();
        let Some(seats) = apportion(group.ranked.len() as i128, &only_weights, &lower_first) else {
            return Ok(Err(Value::None));
        };
        let items: Vec<u32> = weights.iter().map(|(item, _)| *item).collect();
        let seats: Vec<(u32, usize)> = items
            .iter()
            .zip(seats)
            .map(|(item, seats)| (*item, usize::try_from(seats).unwrap_or(0)))
            .collect();
        let ranks: Vec<u32> = group.ranked.iter().map(|(_, rank)| *rank).collect();
        let cut = self.cut(group, cut);
        Ok(Ok((items, slice(&ranks, &seats, &cut))))
    }

    /// Items, seats and the results by position.
    fn seat_values(
        &self,
        group: &Group<'_>,
        quota: &Quota,
        seats: Result<(Vec<u32>, Filled), Value>,
    ) -> (Vec<u32>, Filled, Vec<Value>) {
        let (items, filled) = match seats {
            Ok(seats) => seats,
            Err(state) => return (Vec::new(), Filled::default(), vec![state; group.ranked.len()]),
        };
        let rest = quota.rest.map_or(Value::None, |item| Value::Enum(quota.of, item));
        let value = |seat: &Seat| match seat {
            Seat::Item(item) => Value::Enum(quota.of, *item),
            Seat::Left => rest.clone(),
            Seat::Open { line, tied } => self.open(group, quota, *line, tied),
        };
        let values = filled.seats.iter().map(value).collect();
        (items, filled, values)
    }

    /// 待定 until people have decided about the tied.
    fn open(&self, group: &Group<'_>, quota: &Quota, line: usize, tied: &[usize]) -> Value {
        let cut = match &quota.form {
            QuotaForm::Lines(lines) => lines.get(line).map(|line| &line.cut),
            QuotaForm::Each { cut, .. } => Some(cut),
        };
        let Some(Cut::Decide(decision)) = cut else { return Value::None };
        let mut states = States::default();
        for &position in tied {
            states.add(&self.decided(&self.place_of(group, *decision, position)));
        }
        states.into_value().unwrap_or(Value::None)
    }
}

/// Seats: a rounded number, at least 0.
fn whole(seats: &Rational, rounding: Rounding) -> usize {
    let seats = seats.round_to(&Rational::ONE, rounding).and_then(|seats| seats.to_i128()).unwrap_or(0);
    usize::try_from(seats.max(0)).unwrap_or(usize::MAX)
}
