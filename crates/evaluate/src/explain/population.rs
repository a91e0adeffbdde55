//! Ranks, seats and shares: what the neighbours have, where the borders lie.

use super::build::Builder;
use super::known::Formula;
use super::notation::notation;
use super::{Derivation, Note, QuotaNote, TieNote};
use crate::dataset::DecisionKey;
use crate::format::format_subject;
use crate::row::{Key, SeatGroup, holds, row_label};
use crate::value::Value;
use hengjie_calendar::Period;
use hengjie_policy::core::{
    Cut, DecisionId, KindId, Quota, QuotaForm, Rank, RankKey, Split, SplitMethod, Type,
};
use hengjie_quantity::{BaseUnit, Lang, Rational, Unit, format_quantity};

/// Neighbours of a rank on each side.
const NEIGHBOURS: usize = 2;

impl<'a> Builder<'_, 'a> {
    fn subject(&self, kind: Option<KindId>, position: u32) -> String {
        kind.map(|kind| format_subject(self.data, kind, position, self.options.lang)).unwrap_or_default()
    }

    /// `12人`
    fn counted(&self, number: usize, kind: Option<KindId>) -> String {
        let counter = kind.map_or("", |kind| self.program.kinds[kind.index()].counter.as_str());
        format_quantity(
            &Rational::from(number as u64),
            &Unit::of(BaseUnit::count(counter)),
            self.options.lang,
        )
    }

    fn group_text(&self, key: &Value, ty: Option<&Type>) -> Option<String> {
        key.is_present().then(|| self.text(key, ty.unwrap_or(&Type::Text)))
    }

    pub(super) fn rank(&mut self, node: &mut Derivation, key: Key, rank: &'a Rank, depth: usize) {
        let ranking = self.evaluator.finish(|evaluator| evaluator.ranking(key.attribute, rank, key.period));
        let Some(&(group, position)) = ranking.places.get(&key.subject) else {
            return self.no_rule(node, key, self.evaluator.definition(key), depth);
        };
        let group = &ranking.groups[group];
        let kind = self.evaluator.definition(key).context.kind;
        let keys = |position: usize| -> Vec<String> {
            let values = group.members[position].keys.iter().zip(&rank.keys);
            let text = |(value, key): (&Value, &RankKey)| {
                self.text_in(value, &key.value.ty.base, notation(self.program, &key.value))
            };
            values.map(text).collect()
        };
        let formula =
            |key: &RankKey| Formula::new(self.program, self.data, self.options.lang).text(&key.value);
        let own =
            rank.keys.iter().zip(keys(position)).map(|(key, value)| format!("{} {value}", formula(key)));
        let around =
            position.saturating_sub(NEIGHBOURS)..(position + NEIGHBOURS + 1).min(group.members.len());
        let is_ranked = !node.value.is_blocked();
        let neighbours = around.filter(|&other| is_ranked && other != position).map(|other| {
            let member = &group.members[other];
            (member.rank, self.subject(kind, member.subject), keys(other))
        });
        node.note = Note::Rank {
            group: self.group_text(&group.key, rank.group_by.as_ref().map(|group| &group.ty.base)),
            count: self.counted(group.members.len(), kind),
            keys: own.collect(),
            neighbours: neighbours.collect(),
        };
        let attribute = self.evaluator.definition(key);
        for by in &rank.keys {
            let (_, frame) = self.evaluator.watch(key, &by.value);
            let steps = self.steps(&frame.steps, attribute, depth);
            node.children.extend(steps);
        }
    }

    pub(super) fn quota(&mut self, node: &mut Derivation, key: Key, quota: &'a Quota, depth: usize) {
        let seating = self.evaluator.finish(|evaluator| evaluator.seating(key.attribute, quota, key.period));
        let Some(&(group, position)) = seating.places.get(&key.subject) else {
            return self.no_rule(node, key, self.evaluator.definition(key), depth);
        };
        let group = &seating.groups[group];
        let kind = self.evaluator.definition(key).context.kind;
        let item = |item: u32| self.text(&Value::Enum(quota.of, item), &Type::Enum(quota.of));
        let filled = |item: u32| group.given.get(&item).copied().unwrap_or_default();
        let lines = group.items.iter().zip(&group.filled.offered);
        let lines = lines
            .map(|(&line, &seats)| QuotaNote { item: item(line), seats, filled: filled(line) })
            .collect();
        let ties = group.filled.borders.iter().map(|border| TieNote {
            item: group.items.get(border.line).map(|&line| item(line)).unwrap_or_default(),
            seats: border.seats,
            tied: border.tied.iter().map(|&place| self.subject(kind, group.ranked[place].0)).collect(),
        });
        let ranking =
            self.evaluator.definition(self.evaluator.key(quota.ranking, key.subject, None, key.period));
        let by = match &ranking.body {
            hengjie_policy::core::Body::Rank(rank) => rank.group_by.as_ref().map(|group| &group.ty.base),
            _ => None,
        };
        node.note = Note::Quota {
            group: self.group_text(&group.key, by),
            count: self.counted(group.ranked.len(), kind),
            rank: (!group.filled.seats.is_empty()).then(|| group.ranked[position].1),
            lines,
            ties: ties.collect(),
        };
        let decisions = self.seat_decisions(quota, group, position, kind, key.period);
        node.children.extend(decisions);
        self.ineligible(node, key, quota, depth);
        let ranking = self.evaluator.key(quota.ranking, key.subject, None, key.period);
        let child = self.result(ranking, depth - 1);
        node.children.push(child);
    }

    /// The conditions (限) that kept a subject out of lines.
    fn ineligible(&mut self, node: &mut Derivation, key: Key, quota: &'a Quota, depth: usize) {
        let QuotaForm::Lines(lines) = &quota.form else { return };
        let attribute = self.evaluator.definition(key);
        for line in lines {
            let Some(eligible) = &line.eligible else { continue };
            let (value, frame) = self.evaluator.watch(key, eligible);
            if holds(&value) {
                continue;
            }
            let mut condition = self.condition(eligible, &value, &frame, attribute, depth);
            let item = self.text(&Value::Enum(quota.of, line.item), &Type::Enum(quota.of));
            condition.label = match self.options.lang {
                Lang::Zh => format!("{item}的条件"),
                Lang::En => format!("condition of {item}"),
            };
            node.children.push(condition);
        }
    }

    /// What people have decided, or have to decide, about everybody who is tied with a subject at a border.
    fn seat_decisions(
        &self,
        quota: &Quota,
        group: &SeatGroup,
        position: usize,
        kind: Option<KindId>,
        period: Option<Period>,
    ) -> Vec<Derivation> {
        let mut nodes = Vec::new();
        for border in group.filled.borders.iter().filter(|border| border.tied.contains(&position)) {
            let Some(decision) = asked(quota, border.line) else { continue };
            for &tied in border.tied.iter().take(super::CONTRIBUTIONS_SHOWN) {
                let subject = group.ranked[tied].0;
                let of = kind.map(|kind| Value::Object(kind, subject)).unwrap_or(Value::None);
                let key = row_label(self.program, self.data, &of);
                let at = DecisionKey { decision, subject: key, row: String::new(), period };
                nodes.push(self.decision_about(&at, self.decided(&at), self.subject(kind, subject)));
            }
        }
        nodes
    }

    pub(super) fn split(&mut self, node: &mut Derivation, key: Key, split: &'a Split, depth: usize) {
        let parent = match split.parent {
            None => None,
            Some(field) => {
                let parent =
                    self.evaluator.finish(|evaluator| evaluator.field(field, key.subject, key.period));
                let Value::Object(kind, parent) = parent else {
                    node.children.push(self.fact(field, key.subject, key.period, &parent));
                    return;
                };
                Some((kind, parent))
            }
        };
        let sharing =
            self.evaluator.finish(|evaluator| evaluator.sharing(key.attribute, split, parent, key.period));
        let Some(own) = sharing.shares.iter().find(|share| share.element == key.subject) else {
            node.note = Note::NoRule;
            return;
        };
        let (weight, is_share) = match &split.method {
            SplitMethod::Shares(weight) => (weight, true),
            SplitMethod::InTurn(weight, _) => (weight, false),
        };
        let sum = || -> Rational {
            let numbers = sharing.shares.iter().filter_map(|share| match &share.weight {
                Value::Number(weight) => Some(weight.clone()),
                _ => None,
            });
            numbers.sum()
        };
        let cap = own.cap.clone().map(|cap| self.text(&Value::Number(cap), &split.amount.ty.base));
        node.note = Note::Split {
            amount: self.text(&sharing.amount, &split.amount.ty.base),
            weight: self.weight(&own.weight, &weight.ty.base),
            weights: is_share.then(|| self.weight(&Value::Number(sum()), &weight.ty.base)),
            cap,
            sharers: sharing.shares.len(),
        };
        let attribute = self.evaluator.definition(key);
        let (_, frame) = self.evaluator.watch_for(key, parent, &split.amount);
        let steps = self.steps(&frame.steps, attribute, depth);
        node.children.extend(steps);
        let kind = attribute.context.kind;
        for share in sharing.shares.iter().take(super::CONTRIBUTIONS_SHOWN) {
            let who = self.subject(kind, share.element);
            let weight = self.weight(&share.weight, &weight.ty.base);
            let label = match (self.options.lang, is_share) {
                (Lang::Zh, true) => format!("{who}（比重 {weight}）"),
                (Lang::En, true) => format!("{who} (share {weight})"),
                (Lang::Zh, false) => format!("{who}（{weight}）"),
                (Lang::En, false) => format!("{who} ({weight})"),
            };
            let ty = split.amount.ty.base.clone();
            node.children.push(self.leaf(label, share.value.clone(), ty, Note::Element { weight: None }));
        }
    }

    /// A weight: whole plain numbers are no percentages.
    fn weight(&self, weight: &Value, ty: &Type) -> String {
        match (weight, ty) {
            (Value::Number(number), Type::Number(unit)) if unit.is_none() && number.is_integer() => {
                hengjie_quantity::format_number(number)
            }
            _ => self.text(weight, ty),
        }
    }
}

/// The decision that a line of a quota asks for.
fn asked(quota: &Quota, line: usize) -> Option<DecisionId> {
    let cut = match &quota.form {
        QuotaForm::Lines(lines) => &lines.get(line)?.cut,
        QuotaForm::Each { cut, .. } => cut,
    };
    match cut {
        Cut::Decide(decision) => Some(*decision),
        Cut::All | Cut::None => None,
    }
}
