//! Ranks, seats and shares: what the neighbours have, where the borders lie.

use super::build::Builder;
use super::{Derivation, Note, QuotaNote, TieNote};
use crate::row::{Key, row_label};
use crate::value::Value;
use hengjie_policy::core::{KindId, Quota, Rank, Split, SplitMethod, Type};
use hengjie_quantity::Rational;

/// Neighbours of a rank on each side.
const NEIGHBOURS: usize = 2;

impl<'a> Builder<'_, 'a> {
    fn subject(&self, kind: Option<KindId>, position: u32) -> String {
        kind.map(|kind| row_label(self.program, self.data, &Value::Object(kind, position)))
            .unwrap_or_default()
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
            values.map(|(value, key)| self.text(value, &key.value.ty.base)).collect()
        };
        let around =
            position.saturating_sub(NEIGHBOURS)..(position + NEIGHBOURS + 1).min(group.members.len());
        let neighbours = around.filter(|&other| other != position).map(|other| {
            let member = &group.members[other];
            (member.rank, self.subject(kind, member.subject), keys(other))
        });
        node.note = Note::Rank {
            group: self.group_text(&group.key, rank.group_by.as_ref().map(|group| &group.ty.base)),
            count: group.members.len(),
            keys: keys(position),
            neighbours: neighbours.collect(),
        };
    }

    pub(super) fn quota(&mut self, node: &mut Derivation, key: Key, quota: &'a Quota, depth: usize) {
        let seating = self.evaluator.finish(|evaluator| evaluator.seating(key.attribute, quota, key.period));
        let Some(&(group, position)) = seating.places.get(&key.subject) else {
            return self.no_rule(node, key, self.evaluator.definition(key), depth);
        };
        let group = &seating.groups[group];
        let kind = self.evaluator.definition(key).context.kind;
        let item = |item: u32| self.text(&Value::Enum(quota.of, item), &Type::Enum(quota.of));
        let filled =
            |item: u32| group.values.iter().filter(|value| **value == Value::Enum(quota.of, item)).count();
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
            count: group.ranked.len(),
            rank: group.ranked[position].1,
            lines,
            ties: ties.collect(),
        };
        let ranking = self.evaluator.key(quota.ranking, key.subject, None, key.period);
        let child = self.result(ranking, depth - 1);
        node.children.push(child);
    }

    pub(super) fn split(&mut self, node: &mut Derivation, key: Key, split: &'a Split) {
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
        let kind = self.evaluator.definition(key).context.kind;
        for share in sharing.shares.iter().take(super::CONTRIBUTIONS_SHOWN) {
            let label = self.subject(kind, share.element);
            let ty = split.amount.ty.base.clone();
            let weight = self.weight(&share.weight, &weight.ty.base);
            node.children.push(self.leaf(
                label,
                share.value.clone(),
                ty,
                Note::Element { weight: Some(weight) },
            ));
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
