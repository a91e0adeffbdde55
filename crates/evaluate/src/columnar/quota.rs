//! Seats of a population, filled from the order of a ranking. How seats are filled is shared with the row evaluator.

use super::engine::{Engine, RowKey, materialise};
use super::exact::{self, Exact};
use super::plan::{Computed, Frame, Stored, Ty};
use super::ranking::Order;
use super::{Result, Unsupported};
use crate::dataset::DecisionKey;
use crate::row::seats::{self, Filled, Line, LineCut, Seat};
use crate::value::{Status, Value};
use hengjie_policy::core::{Attribute, Body, Cut, Expr, KindId, Quota, QuotaForm, QuotaLine};
use hengjie_quantity::Rational;

const EXEMPT: u8 = Status::Exempt as u8;

/// The result of every lane.
struct Outcome {
    items: Vec<i32>,
    states: Vec<u8>,
}

impl<'a> Engine<'a> {
    /// The seats of an attribute's population.
    pub(super) fn quota(
        &mut self,
        attribute: &'a Attribute,
        quota: &'a Quota,
        frame: &Frame,
    ) -> Result<Computed<'a>> {
        let ranking = self.program.attributes.get(quota.ranking.index()).ok_or(Unsupported("no ranking"))?;
        let Body::Rank(rank) = &ranking.body else { return Err(Unsupported("no ranking")) };
        if self.data.assumed.keys().any(|key| key.attribute == quota.ranking) {
            return Err(Unsupported("assumed results"));
        }
        if attribute.context.kind != ranking.context.kind {
            return Err(Unsupported("seats for others than the ranked"));
        }
        let rank_frame = self.frame(ranking, RowKey::None, frame.period)?;
        let order = self.order(quota.ranking, ranking, rank, &rank_frame)?;
        let mut outcome = Outcome { items: vec![0; order.states.len()], states: order.states.clone() };
        let kind = attribute.context.kind.ok_or(Unsupported("seats for nobody"))?;
        match &quota.form {
            QuotaForm::Each { shares, cut } => {
                self.each(shares, cut, quota, &order, kind, frame, &mut outcome)?
            }
            QuotaForm::Lines(lines) => self.lines(lines, quota, &order, kind, frame, &mut outcome)?,
        }
        if let Some(population) = self.population(attribute, frame.period)? {
            for (lane, state) in outcome.states.iter_mut().enumerate() {
                if population.data.int(lane) == 0 {
                    *state = Status::None as u8;
                }
            }
        }
        let status = outcome.states.iter().any(|&state| state != 0).then_some(outcome.states);
        Ok(Computed::of(Stored::Code(outcome.items.into()), status, Ty::Code))
    }

    #[expect(clippy::too_many_arguments, reason = "one quota and where its seats go")]
    fn each(
        &mut self,
        shares: &'a [(u32, Expr)],
        cut: &Cut,
        quota: &Quota,
        order: &Order,
        kind: KindId,
        frame: &Frame,
        outcome: &mut Outcome,
    ) -> Result<()> {
        let mut shares: Vec<_> = shares.iter().collect();
        if self.program.enums.get(quota.of.index()).is_some_and(|of| of.ordered) {
            // highest item first
            shares.sort_by_key(|(item, _)| std::cmp::Reverse(*item));
        }
        for group in groups(order) {
            let ranks = &order.ranks[group.clone()];
            let lanes = &order.lanes[group.clone()];
            let Some(&first) = lanes.first() else { continue };
            let mut weights = Vec::with_capacity(shares.len());
            let mut blocked = 0;
            for (_, share) in &shares {
                match self.one(share, frame, first)? {
                    Ok(weight) => weights.push(weight),
                    Err(state) => blocked = blocked.max(state),
                }
            }
            if blocked != 0 {
                lanes.iter().for_each(|&lane| outcome.states[lane as usize] = blocked);
                continue;
            }
            // equal remainders go to the lower item first
            let ties: Vec<usize> = (0..weights.len()).rev().collect();
            let Some(seats) = hengjie_quantity::apportion(lanes.len() as i128, &weights, &ties) else {
                lanes.iter().for_each(|&lane| outcome.states[lane as usize] = Status::None as u8);
                continue;
            };
            let seats: Vec<(u32, usize)> = shares
                .iter()
                .zip(seats)
                .map(|((item, _), seats)| (*item, usize::try_from(seats).unwrap_or(0)))
                .collect();
            let cut = self.line_cut(cut, lanes, kind, frame);
            put(&seats::slice(ranks, &seats, &cut), lanes, quota.rest, outcome);
        }
        Ok(())
    }

    fn lines(
        &mut self,
        lines: &'a [QuotaLine],
        quota: &Quota,
        order: &Order,
        kind: KindId,
        frame: &Frame,
        outcome: &mut Outcome,
    ) -> Result<()> {
        let len = order.states.len();
        let mut eligible = Vec::with_capacity(lines.len());
        for line in lines {
            let column = match &line.eligible {
                None => None,
                Some(condition) => {
                    let plan = self.compile(condition, frame)?;
                    let column = materialise(plan, len);
                    self.count(&column);
                    Some(column)
                }
            };
            eligible.push(column);
        }
        for group in groups(order) {
            let (lanes, ranks) = (&order.lanes[group.clone()], &order.ranks[group.clone()]);
            let Some(&first) = lanes.first() else { continue };
            let states = eligible
                .iter()
                .flatten()
                .flat_map(|column| lanes.iter().map(|&lane| column.state(lane as usize)));
            let mut blocked = states.filter(|&state| state > EXEMPT).max().unwrap_or(0);
            let mut ready = Vec::with_capacity(lines.len());
            for (line, column) in lines.iter().zip(&eligible) {
                let take = match self.one(&line.take, frame, first)? {
                    Ok(take) => take,
                    Err(state) => {
                        blocked = blocked.max(state);
                        continue;
                    }
                };
                let seats = if line.is_share { take * Rational::from(lanes.len() as u64) } else { take };
                let seats =
                    seats.round_to(&Rational::ONE, line.rounding).and_then(|v| v.to_i128()).unwrap_or(0);
                let is_eligible = |&lane: &u32| {
                    column
                        .as_ref()
                        .is_none_or(|c| c.state(lane as usize) == 0 && c.data.int(lane as usize) != 0)
                };
                ready.push(Line {
                    item: line.item,
                    seats: usize::try_from(seats).unwrap_or(0),
                    from_bottom: line.from_bottom,
                    eligible: lanes.iter().map(is_eligible).collect(),
                    cut: self.line_cut(&line.cut, lanes, kind, frame),
                    unfilled_to: line.unfilled_to.map(|line| line as usize),
                });
            }
            if blocked != 0 {
                lanes.iter().for_each(|&lane| outcome.states[lane as usize] = blocked);
                continue;
            }
            put(&seats::fill(ranks, ready), lanes, quota.rest, outcome);
        }
        Ok(())
    }

    /// A number for the first of a group, or the state that stands in its place.
    fn one(&mut self, expr: &'a Expr, frame: &Frame, lane: u32) -> Result<std::result::Result<Rational, u8>> {
        let plan = self.compile(expr, frame)?;
        match exact::at(&plan, lane as usize) {
            Exact::Number(value) => Ok(Ok(value)),
            Exact::State(state) => Ok(Err(state)),
            _ => Err(Unsupported("seats that are no number")),
        }
    }

    fn line_cut(&self, cut: &Cut, lanes: &[u32], kind: KindId, frame: &Frame) -> LineCut {
        let decision = match cut {
            Cut::All => return LineCut::All,
            Cut::None => return LineCut::None,
            Cut::Decide(decision) => *decision,
        };
        self.note(super::trace::Dependency::Decision(decision));
        let mut decided = vec![None; lanes.len()];
        let from = DecisionKey { decision, subject: String::new(), row: String::new(), period: None };
        let taken: Vec<_> = (self.data.decisions.range(from..))
            .take_while(|(key, _)| key.decision == decision)
            .filter(|(key, _)| key.period == frame.period)
            .collect();
        let wanted: Vec<&str> = taken.iter().map(|(key, _)| key.subject.as_str()).collect();
        let found = self.data.kinds.get(kind.index()).map(|data| data.keys.positions(&wanted));
        for ((_, value), lane) in taken.into_iter().zip(found.unwrap_or_default()) {
            let place = lane.and_then(|lane| lanes.iter().position(|&l| l as usize == lane));
            if let (Some(place), Value::Bool(seat)) = (place, &value.value) {
                decided[place] = Some(*seat);
            }
        }
        LineCut::Decide(decided)
    }
}

/// The groups of an order, as ranges of its lanes.
fn groups(order: &Order) -> impl Iterator<Item = std::ops::Range<usize>> + '_ {
    order.borders.windows(2).map(|ends| ends[0]..ends[1])
}

fn put(filled: &Filled, lanes: &[u32], rest: Option<u32>, outcome: &mut Outcome) {
    for (seat, &lane) in filled.seats.iter().zip(lanes) {
        let lane = lane as usize;
        let item = match seat {
            Seat::Item(item) => Some(*item),
            Seat::Left => rest,
            Seat::Open { .. } => {
                outcome.states[lane] = Status::Undecided as u8;
                continue;
            }
        };
        match item {
            Some(item) => outcome.items[lane] = item as i32,
            None => outcome.states[lane] = Status::None as u8,
        }
    }
}
