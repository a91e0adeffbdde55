//! Ranks and seats as conditions: the distance is the gap to the person at the border, others unchanged.

use super::condition::{Condition, Cost, Shape, State};
use super::regress::{Place, Regress};
use super::wish::Wish;
use hengjie_evaluate::row::{Placed, Scene};
use hengjie_evaluate::value::Value;
use hengjie_policy::core::{AttributeId, Body, Quota, QuotaForm, QuotaLine, Rank, RankKey};
use hengjie_quantity::{Lang, Rational};
use std::cmp::Ordering;

impl<'a> Regress<'_, 'a> {
    /// A rank at which the wish is granted, as a gap to whoever holds the last of them.
    pub(super) fn rank_condition(&mut self, place: &Place, wish: &Wish) -> Option<Condition> {
        let (own, others) = self.group_of(place.attribute, place)?;
        let granted =
            |other: &&Placed| wish.granted(&Value::Number(Rational::from(other.rank))) == Some(true);
        let border = others.iter().filter(granted).max_by_key(|other| other.rank)?;
        self.behind(place.attribute, &own, border)
    }

    /// A seat: whoever takes part must be allowed to, and must stand before the last one who got it.
    pub(super) fn seat_condition(
        &mut self,
        place: &Place,
        quota: &'a Quota,
        wish: &Wish,
        depth: usize,
    ) -> Option<Condition> {
        let (own, others) = self.group_of(quota.ranking, place)?;
        let mut parts = self.eligibility(place, quota, wish, depth);
        let mut holders = Vec::new();
        for other in others {
            let value = self.evaluator.value(place.attribute, other.subject, None, place.period);
            if wish.granted(&value) == Some(true) {
                holders.push(other);
            }
        }
        // Seats from the bottom are held by the last of the ranking: the first of those is the border.
        let border = holders.iter().max_by_key(|holder| holder.rank);
        parts.push(match border {
            Some(border) => self.behind(quota.ranking, &own, border)?,
            None => self.no_seat(),
        });
        Some(Condition::group(Shape::All, parts))
    }

    fn eligibility(&mut self, place: &Place, quota: &'a Quota, wish: &Wish, depth: usize) -> Vec<Condition> {
        let QuotaForm::Lines(lines) = &quota.form else { return Vec::new() };
        let kind = self.program.attributes[place.attribute.index()].context.kind;
        let scene = Scene {
            attribute: place.attribute,
            subject: kind.map(|kind| (kind, place.subject)),
            variables: Vec::new(),
            period: place.period,
        };
        let grants = |line: &&QuotaLine| wish.granted(&Value::Enum(quota.of, line.item)) == Some(true);
        let ways: Vec<Condition> = lines
            .iter()
            .filter(grants)
            .filter_map(|line| line.eligible.as_ref())
            .map(|eligible| self.want(eligible, &Wish::Holds, &scene, depth.saturating_sub(1)))
            .collect();
        if ways.is_empty() { ways } else { vec![Condition::group(Shape::Any, ways)] }
    }

    fn no_seat(&self) -> Condition {
        let label = self.lang.pick("名额", "seats").to_owned();
        let need = self.lang.pick("有名额", "a seat").to_owned();
        let have = self.lang.pick("本组没有人取得", "nobody of the group has one").to_owned();
        Condition::leaf(label, State::Unmet, need, have)
    }

    /// The own place in a ranking, and everybody of the same group.
    fn group_of(&mut self, ranking: AttributeId, place: &Place) -> Option<(Placed, Vec<Placed>)> {
        let places = self.evaluator.places(ranking, place.period);
        let own = places.iter().find(|other| other.subject == place.subject)?.clone();
        let others = places.into_iter().filter(|other| other.group == own.group).collect();
        Some((own, others))
    }

    /// How far somebody stands behind the border, in the first key that tells them apart.
    fn behind(&self, ranking: AttributeId, own: &Placed, border: &Placed) -> Option<Condition> {
        let program = self.program;
        let definition = &program.attributes[ranking.index()];
        let Body::Rank(rank) = &definition.body else { return None };
        let apart = self.apart(rank, own, border);
        let (key, order) = match apart {
            Some((at, order)) => (at, order),
            None => (0, Ordering::Equal),
        };
        let RankKey { value: expr, descending, .. } = rank.keys.get(key)?;
        let (have, want) = (own.keys.get(key)?, border.keys.get(key)?);
        let sign = if *descending { "≥" } else { "≤" };
        let place = |placed: &Placed| match self.lang {
            Lang::Zh => format!("第{}名", placed.rank),
            Lang::En => format!("rank {}", placed.rank),
        };
        let line = self.lang.pick("线上最后一人", "the last one inside");
        let text = |value: &Value| self.text(value, &expr.ty.base);
        let is_self = own.subject == border.subject;
        let state = if order == Ordering::Less || is_self { State::Met } else { State::Unmet };
        let mut leaf = Condition::leaf(
            format!("{}·{}", definition.name, self.printed(expr)),
            state,
            format!("{sign} {}（{line}{}）", text(want), place(border)),
            format!("{}（{}）", text(have), place(own)),
        );
        if leaf.state == State::Unmet {
            let (have, want) = (have.on_line()?, want.on_line()?);
            let gap = (&want - &have).abs();
            let share = gap.checked_div(&have.abs().max(want.abs())).unwrap_or(Rational::ZERO);
            leaf.gap = match order {
                Ordering::Equal => self.lang.pick("并列", "tied").to_owned(),
                _ => text(&Value::Number(gap)),
            };
            leaf.cost = Cost::Gap(share.min(Rational::ONE));
        }
        Some(leaf)
    }

    /// The first key in which two differ, and whether the first of them is before (`Less`) or behind.
    fn apart(&self, rank: &Rank, own: &Placed, border: &Placed) -> Option<(usize, Ordering)> {
        rank.keys.iter().enumerate().find_map(|(at, key)| {
            let (own, border) = (own.keys.get(at)?, border.keys.get(at)?);
            let order = own.order(border).unwrap_or(Ordering::Equal);
            let order = if key.descending { order.reverse() } else { order };
            (!order.is_eq()).then_some((at, order))
        })
    }
}
