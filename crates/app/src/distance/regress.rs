//! From a wish for a value back to conditions on what it is made of: results and their rules. What a rule says is read
//! backwards in [`super::want`].
//!
//! Only what is not met is followed further, so that the conditions stay few; what has no parts that could be told apart
//! (a sum, a score) is one condition with its distance.

use super::condition::{Condition, Cost, Shape, State};
use super::wish::Wish;
use crate::dataset::Facts;
use crate::words::cite;
use hengjie_calendar::Period;
use hengjie_evaluate::row::{Evaluator, Scene};
use hengjie_evaluate::value::Value;
use hengjie_policy::core::{AttributeId, Body, Case, Program, Type};
use hengjie_quantity::Lang;

/// Attributes that are followed one inside the other.
const DEPTH: usize = 12;

/// Alternatives of one choice that are followed.
pub(super) const ALTERNATIVES: usize = 12;

/// A result: attribute, subject (0 for 全体), row of its 逐, period.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Place {
    pub(crate) attribute: AttributeId,
    pub(crate) subject: u32,
    pub(crate) row: Option<Value>,
    pub(crate) period: Option<Period>,
}

/// Reads rules backwards.
pub(crate) struct Regress<'e, 'a> {
    pub(crate) evaluator: &'e mut Evaluator<'a>,
    pub(crate) program: &'a Program,
    pub(crate) facts: &'a Facts,
    pub(crate) lang: Lang,
    /// The type of the result that is wished for.
    pub(crate) wished: Type,
}

impl<'a> Regress<'_, 'a> {
    /// The conditions under which a result is as wished.
    pub(crate) fn conditions(&mut self, place: &Place, wish: &Wish) -> Condition {
        let mut condition = self.result(place, wish, DEPTH);
        condition.mark();
        condition
    }

    /// A result as a condition; its rule is followed when the wish is not granted.
    pub(super) fn result(&mut self, place: &Place, wish: &Wish, depth: usize) -> Condition {
        let Place { attribute, subject, row, period } = place.clone();
        let program = self.program;
        let definition = &program.attributes[attribute.index()];
        let value = self.evaluator.value(attribute, subject, row.clone(), period);
        let label = match &row {
            Some(row) => format!("{}({})", definition.name, self.text(row, &Type::Text)),
            None => definition.name.clone(),
        };
        let mut leaf = self.leaf(label, wish, &value, &definition.ty.base);
        leaf.article = cite(program, definition.article).to_owned();
        if depth == 0 || leaf.state == State::Met || leaf.state == State::Exempt {
            return leaf;
        }
        if depth < DEPTH && matches!(definition.body, Body::State { .. }) {
            // A state that a rule reads is what earlier periods have made of it.
            leaf.is_fixed = true;
            return leaf;
        }
        match self.definition(place, wish, depth) {
            Some(parts) => self.headed(leaf, parts),
            None => leaf,
        }
    }

    /// A result with the conditions of its rule below it.
    fn headed(&self, mut leaf: Condition, parts: Condition) -> Condition {
        leaf.is_fixed |= parts.is_fixed;
        let is_group = parts.label.is_empty() && parts.shape != Shape::Leaf;
        (leaf.shape, leaf.children) =
            if is_group { (parts.shape, parts.children) } else { (Shape::All, vec![parts]) };
        leaf.cost = match leaf.cost_of_parts() {
            // The parts are met as far as they are followed, but the result is not there.
            Cost::Met => leaf.cost,
            cost => cost,
        };
        leaf
    }

    fn definition(&mut self, place: &Place, wish: &Wish, depth: usize) -> Option<Condition> {
        let program = self.program;
        let definition = &program.attributes[place.attribute.index()];
        let scene = self.scene(place, place.period);
        if let Some(outside) = self.outside(place, &scene, depth) {
            return Some(outside);
        }
        match &definition.body {
            Body::Defined { exceptions, general } => {
                Some(self.defined(exceptions, general, wish, &scene, depth))
            }
            Body::State { first, next } => {
                let before = place.period.and_then(|period| period.prev());
                let start = self.facts.data.horizon.map(|(first, _)| first);
                let before = before.filter(|before| start.is_none_or(|start| start <= before.last_day()));
                Some(match before {
                    Some(before) => {
                        let scene = self.scene(place, Some(before));
                        self.cases(next, wish, &scene, depth)
                    }
                    None => self.want(first, wish, &scene, depth - 1),
                })
            }
            Body::Rank(_) => self.rank_condition(place, wish),
            Body::Quota(quota) => self.seat_condition(place, quota, wish, depth),
            Body::Total(_) | Body::Split(_) => None,
        }
    }

    fn scene(&self, place: &Place, period: Option<Period>) -> Scene {
        let kind = self.program.attributes[place.attribute.index()].context.kind;
        Scene {
            attribute: place.attribute,
            subject: kind.map(|kind| (kind, place.subject)),
            variables: place.row.iter().cloned().collect(),
            period,
        }
    }

    /// What keeps the subject outside the population of a rule.
    fn outside(&mut self, place: &Place, scene: &Scene, depth: usize) -> Option<Condition> {
        let program = self.program;
        let context = &program.attributes[place.attribute.index()].context;
        let scope = program.scope.as_ref().filter(|scope| Some(scope.kind) == context.kind);
        let filters = scope.and_then(|scope| scope.filter.as_ref()).into_iter().chain(&context.filter);
        let mut parts = Vec::new();
        for filter in filters {
            if self.evaluator.expression(filter, scene) != Value::Bool(true) {
                parts.push(self.want(filter, &Wish::Holds, scene, depth - 1));
            }
        }
        (!parts.is_empty()).then(|| Condition::group(Shape::All, parts))
    }

    /// Exceptions may not stand in the way, or are ways of their own; otherwise the general rule counts.
    fn defined(
        &mut self,
        exceptions: &'a [Case],
        general: &'a [Case],
        wish: &Wish,
        scene: &Scene,
        depth: usize,
    ) -> Condition {
        let (mut ways, mut parts) = (Vec::new(), Vec::new());
        for case in exceptions {
            let Some(guard) = &case.guard else { continue };
            let gives = self.evaluator.expression(&case.value, scene);
            if wish.granted(&gives) == Some(true) {
                ways.push(self.want(guard, &Wish::Holds, scene, depth - 1));
            } else {
                parts.push(self.want(guard, &Wish::Fails, scene, depth - 1));
            }
        }
        let mut rule = self.cases(general, wish, scene, depth);
        if rule.state == State::Met && !parts.is_empty() {
            rule.label = self.lang.pick("原规则", "general rule").to_owned();
        }
        parts.push(rule);
        ways.push(Condition::group(Shape::All, parts));
        Condition::group(Shape::Any, ways)
    }

    /// The case that counts now; if none does, any of them.
    fn cases(&mut self, cases: &'a [Case], wish: &Wish, scene: &Scene, depth: usize) -> Condition {
        let counts = |evaluator: &mut Evaluator<'a>, case: &'a Case| {
            case.guard.as_ref().is_none_or(|guard| evaluator.expression(guard, scene) == Value::Bool(true))
        };
        if let Some(case) = cases.iter().find(|case| counts(self.evaluator, case)) {
            return self.want(&case.value, wish, scene, depth - 1);
        }
        let mut ways = Vec::new();
        for case in cases.iter().take(ALTERNATIVES) {
            let mut parts = Vec::new();
            if let Some(guard) = &case.guard {
                parts.push(self.want(guard, &Wish::Holds, scene, depth - 1));
            }
            parts.push(self.want(&case.value, wish, scene, depth - 1));
            ways.push(Condition::group(Shape::All, parts));
        }
        Condition::group(Shape::Any, ways)
    }
}
