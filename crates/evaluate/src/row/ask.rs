//! Questions beside results: the value of any expression somewhere, a fact, the places of a ranking, and which facts were
//! read. They serve those who look for what would change a result; nothing here computes anything of its own.

use super::{Environment, Evaluator};
use crate::value::Value;
use hengjie_calendar::Period;
use hengjie_policy::core::{AttributeId, Body, Expr, FieldRef, KindId, VariableId};
use std::collections::BTreeSet;

/// Where an expression is evaluated: the attribute whose rule it is, the subject, bound elements, the period.
#[derive(Debug, Clone, PartialEq)]
pub struct Scene {
    /// The attribute whose rule the expression is part of.
    pub attribute: AttributeId,
    /// 本人; `None` for 全体.
    pub subject: Option<(KindId, u32)>,
    /// By `VariableId`; 无 where nothing is bound.
    pub variables: Vec<Value>,
    /// 本期
    pub period: Option<Period>,
}

impl Scene {
    /// The same with an element bound to a variable.
    #[must_use]
    pub fn with(&self, variable: VariableId, element: Value) -> Self {
        let mut scene = self.clone();
        if scene.variables.len() <= variable.index() {
            scene.variables.resize(variable.index() + 1, Value::None);
        }
        scene.variables[variable.index()] = element;
        scene
    }
}

/// A place in a ranking.
#[derive(Debug, Clone, PartialEq)]
pub struct Placed {
    /// The group, counted from 0.
    pub group: usize,
    /// The subject, as its position in the data.
    pub subject: u32,
    /// 1 is first.
    pub rank: u32,
    /// The keys that were compared.
    pub keys: Vec<Value>,
}

/// The place of a fact: field, position of the subject in its kind, period it was read in.
pub type FactRead = (FieldRef, u32, Option<Period>);

impl<'a> Evaluator<'a> {
    /// The value of an expression of a rule.
    pub fn expression(&mut self, expr: &'a Expr, scene: &Scene) -> Value {
        let Scene { attribute, subject, variables, period } = scene.clone();
        self.finish(move |evaluator| {
            let mut environment = Environment { subject, variables: variables.clone(), period, attribute };
            evaluator.eval(expr, &mut environment)
        })
    }

    /// A fact as it stands in the data; 待补 when it is not there.
    pub fn fact(&self, field: FieldRef, subject: u32, period: Option<Period>) -> Value {
        self.stored(field, subject, period).unwrap_or_else(|| self.missing_fact(field, subject, period))
    }

    /// Everybody in a ranking, group by group, the first first. Empty for an attribute that is no ranking.
    pub fn places(&mut self, ranking: AttributeId, period: Option<Period>) -> Vec<Placed> {
        let Body::Rank(rank) = &self.program.attributes[ranking.index()].body else { return Vec::new() };
        let ranking = self.finish(|evaluator| evaluator.ranking(ranking, rank, period));
        let groups = ranking.groups.iter().enumerate();
        let place = |(group, members): (usize, &super::rank::RankGroup)| {
            members
                .members
                .iter()
                .map(|member| Placed {
                    group,
                    subject: member.subject,
                    rank: member.rank,
                    keys: member.keys.clone(),
                })
                .collect::<Vec<_>>()
        };
        groups.flat_map(place).collect()
    }

    /// From now on, facts that are read are remembered. What was computed before is not read again.
    pub fn notice_facts(&mut self) {
        self.noticed = Some(BTreeSet::new());
    }

    /// The facts that were read since [`Evaluator::notice_facts`].
    pub fn noticed_facts(&mut self) -> BTreeSet<FactRead> {
        self.noticed.take().unwrap_or_default()
    }
}
