//! Results that only one rule reads need no column of their own: their plan becomes a part of the reader's, and the chunk
//! that was just computed is still in the cache when it is read.
//!
//! The value of a lane is the same; only ranges are wider than those of a column that is there. Where that stands in the
//! way of a plan, the reader is compiled again with columns ([`Engine::column`]).

use super::compile::answer;
use super::engine::{Engine, RowKey};
use super::plan::{Binding, Frame, Node, Plan};
use super::{Result, arithmetic as math};
use crate::value::Status;
use hengjie_policy::core::{AttributeId, Body, Expr};
use hengjie_quantity::Rational;

/// Deepest plan that becomes a part of another one: running a plan is recursive.
const DEPTH_MAX: usize = 40;

impl<'a> Engine<'a> {
    /// The plan of an attribute of the subject at hand, if nobody else needs its column.
    pub(super) fn inlined(&mut self, id: AttributeId, frame: &Frame) -> Result<Option<Plan<'a>>> {
        let Binding::Lane(kind) = frame.subject else { return Ok(None) };
        let attribute = self.attribute(id)?;
        let instance = (id, RowKey::None, self.period_for(id, frame)?);
        let is_read_once = || self.readers.as_ref().is_some_and(|readers| readers.is_read_once(id));
        let is_formula = matches!(attribute.body, Body::Defined { .. } | Body::Total(_));
        let is_own = attribute.context.kind == Some(kind);
        let may_be = self.is_inlining
            && is_own
            && is_formula
            && attribute.context.rows.is_none()
            && is_read_once()
            && !self.columns.contains_key(&instance)
            && !self.inlined.contains(&instance);
        if !may_be || !self.open.insert(instance) {
            return Ok(None);
        }
        self.inlined.insert(instance);
        let plan = self.plan(id, RowKey::None, instance.2);
        self.open.remove(&instance);
        Ok(plan.ok().filter(|plan| is_shallow(plan, DEPTH_MAX)))
    }

    /// What an attribute of the subject adds to a total: 无 and 免 add nothing.
    pub(super) fn addend(
        &mut self,
        plan: Plan<'a>,
        weight: Option<&'a Expr>,
        frame: &Frame,
    ) -> Result<Plan<'a>> {
        let may_lack = !matches!(&plan.node, Node::Read(super::plan::Source::Computed(column), _) if column.status.is_none());
        let weighted = match weight {
            None => plan,
            Some(weight) => math::times(plan, self.compile(weight, frame)?)?,
        };
        if !may_lack {
            return Ok(weighted);
        }
        let zero = || math::constant(&Rational::ZERO);
        answer(answer(weighted, Status::None, zero()?)?, Status::Exempt, zero()?)
    }
}

fn is_shallow(plan: &Plan<'_>, depth: usize) -> bool {
    depth > 0 && plan.node.parts().into_iter().all(|part| is_shallow(part, depth - 1))
}
