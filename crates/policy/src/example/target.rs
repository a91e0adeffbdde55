//! What a name in an example means, and of which period.

use super::world::{When, World};
use crate::checker::Checker;
use crate::codes;
use crate::core::{AttributeId, FieldRef, KindId, Type};
use crate::draft::DraftType;
use crate::index::Symbol;
use crate::symbols::Member;
use hengjie_calendar::{Grain, Period};
use hengjie_syntax::ast::Name;

impl Checker<'_> {
    /// A field or a rule of a kind.
    pub(super) fn target(
        &mut self,
        world: &World,
        kind: KindId,
        name: &Name,
        when: Option<When>,
    ) -> Option<Target> {
        if self.asked(name.span) {
            self.probe_facts(kind);
        }
        match self.names.members.get(&(kind, name.text.clone())).map(|found| found.0) {
            Some(Member::Field(field)) => {
                self.note(name.span, Symbol::Field(FieldRef { kind, field }));
                return Some(Target::Field(FieldRef { kind, field }));
            }
            Some(Member::Inverse(_)) => {
                self.error(
                    codes::EXAMPLE_NAME,
                    name.span,
                    format!("“{}”是反称：写那些记录，不写反称", name.text),
                    format!("`{}` is an inverse: give the records instead", name.text),
                );
                return None;
            }
            None => {}
        }
        let candidates = self.names.attributes.get(&name.text).cloned().unwrap_or_default();
        let candidates: Vec<AttributeId> =
            candidates.into_iter().filter(|id| self.drafts[id.index()].kind == Some(kind)).collect();
        let attribute = match when {
            // Without 于 the result is assumed in every period.
            None => candidates.first().copied(),
            Some(_) => self.attribute_at(world, &candidates, name, when),
        };
        if let Some(attribute) = attribute {
            self.note_attribute(name.span, attribute);
            return match &self.drafts[attribute.index()].ty {
                DraftType::Known(ty) => Some(Target::Attribute(attribute, ty.base.clone())),
                _ => None,
            };
        }
        if candidates.is_empty() && !self.names.poisoned.contains(&name.text) {
            let owner = self.kind_name(kind);
            let own: Vec<&str> = self.names.members_of(kind).collect();
            let rules = self
                .drafts
                .iter()
                .filter(|draft| draft.kind == Some(kind))
                .map(|draft| draft.name.text.as_str());
            let close = self.closest(&name.text, own.into_iter().chain(rules));
            let (zh, en) = (format!("“{owner}”"), format!("`{owner}`"));
            self.unknown_in(codes::EXAMPLE_NAME, name, (&zh, &en), ("字段或规则", "field or rule"), close);
        }
        None
    }

    /// The attribute of the grain that is meant. `None` when there is none, or after an error.
    pub(super) fn attribute_at(
        &mut self,
        world: &World,
        candidates: &[AttributeId],
        name: &Name,
        when: Option<When>,
    ) -> Option<AttributeId> {
        let grain = |id: &AttributeId| self.drafts[id.index()].grain;
        if candidates.is_empty() {
            return None;
        }
        let fits = |id: &&AttributeId| match (grain(id), when) {
            (None, _) => true,
            (Some(grain), Some(When::Period(period))) => period.grain() == grain,
            (Some(grain), Some(When::Day(_))) => grain == Grain::Day,
            (Some(grain), None) => world.default_period(grain).is_some(),
        };
        let mut found = candidates.iter().filter(fits);
        match (found.next(), found.next()) {
            (Some(id), None) => Some(*id),
            _ => {
                let grains: Vec<&str> = candidates.iter().filter_map(grain).map(Grain::zh).collect();
                let (list, known) = (grains.join("、"), when.is_some());
                let (zh, en) = if known {
                    (
                        format!("“{}”是{list}的，这里的期间不是", name.text),
                        format!("`{}` is {list}; the period here is not", name.text),
                    )
                } else {
                    (
                        format!("“{}”是{list}的：写明哪一期", name.text),
                        format!("`{}` is {list}: say which period", name.text),
                    )
                };
                self.report(
                    hengjie_syntax::Diagnostic::error(codes::EXAMPLE_PERIOD, name.span, zh, en)
                        .help("例如：于 2026年", "for example: 于 2026年"),
                );
                None
            }
        }
    }

    /// The period of a value of a grain: written, or the default of the fence.
    pub(super) fn period_of(
        &self,
        world: &World,
        grain: Option<Grain>,
        when: Option<When>,
    ) -> Option<Period> {
        let grain = grain?;
        match when {
            Some(When::Period(period)) => Some(period),
            Some(When::Day(day)) => Some(Period::containing(grain, day)),
            None => world.default_period(grain),
        }
    }

    pub(super) fn target_type(&self, target: &Target) -> Type {
        match target {
            Target::Field(field) => self.kinds[field.kind.index()].fields[field.field as usize].ty.clone(),
            Target::Attribute(_, ty) => ty.clone(),
        }
    }

    /// The period of a field 每年, 每月 …
    pub(super) fn field_period(
        &mut self,
        world: &World,
        name: &Name,
        grain: Grain,
        when: Option<When>,
    ) -> Option<Period> {
        let found = match when {
            Some(When::Period(period)) => Some(period).filter(|period| period.grain() == grain),
            Some(When::Day(day)) => Some(Period::containing(grain, day)),
            None => world.default_period(grain),
        };
        if found.is_none() {
            self.error(
                codes::EXAMPLE_PERIOD,
                name.span,
                format!("“{}”是{}的：写明哪一期（于 …）", name.text, grain.zh()),
                format!("`{}` is {}: say which period (于 …)", name.text, grain.en()),
            );
        }
        found
    }
}

/// What a name in a 设 line is.
#[derive(Debug, Clone)]
pub(super) enum Target {
    Field(FieldRef),
    Attribute(AttributeId, Type),
}
