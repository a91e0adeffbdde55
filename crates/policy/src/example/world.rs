//! What one example fence speaks of: its subjects and its periods.

use crate::checker::Checker;
use crate::codes;
use crate::core::{ExampleGiven, KindId, Literal, Type};
use hengjie_calendar::{Date, Grain, Period};
use hengjie_syntax::ast::{ExampleBlock, Expr, GivenKind};
use std::collections::{BTreeMap, BTreeSet};

/// The time written behind 于.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum When {
    Period(Period),
    Day(Date),
}

/// Subjects and periods of a fence.
#[derive(Debug, Default)]
pub(super) struct World {
    /// The kinds of each key.
    pub subjects: BTreeMap<String, BTreeSet<KindId>>,
    /// Keys named by a 设 line, with their period.
    pub given: BTreeSet<(KindId, String)>,
    periods: BTreeMap<Grain, BTreeSet<Period>>,
}

impl World {
    /// The period that counts when none is written: the only one of its grain in the fence.
    pub(super) fn default_period(&self, grain: Grain) -> Option<Period> {
        let periods = self.periods.get(&grain)?;
        periods.first().copied().filter(|_| periods.len() == 1)
    }

    /// A key that something refers to.
    pub(super) fn refer(&mut self, kind: KindId, key: &str) {
        self.subjects.entry(key.to_owned()).or_default().insert(kind);
    }

    /// Subjects that are only referred to exist as well.
    pub(super) fn add_missing_subjects(&self, givens: &mut Vec<ExampleGiven>) {
        for (key, kinds) in &self.subjects {
            for kind in kinds {
                if !self.given.contains(&(*kind, key.clone())) {
                    givens.push(ExampleGiven::Subject { kind: *kind, key: key.clone(), period: None });
                }
            }
        }
    }
}

impl<'a> Checker<'a> {
    /// Notes the subjects and periods of the 设 lines.
    pub(super) fn gather(&mut self, world: &mut World, block: &'a ExampleBlock) {
        for given in &block.givens {
            let when = match &given.kind {
                GivenKind::Facts { kind, subject, when, .. } => {
                    if let Some(kind) = self.names.kind(&kind.text) {
                        world.refer(kind, &subject.text);
                    }
                    when
                }
                GivenKind::Table { kind, when, table } => {
                    if let Some(kind) = self.names.kind(&kind.text) {
                        let keys = table.rows.iter().filter_map(|row| row.first());
                        keys.for_each(|key| world.refer(kind, &key.text));
                    }
                    when
                }
                GivenKind::Decision { when, .. } => when,
                GivenKind::Parameter { .. } | GivenKind::Reading { .. } => &None,
            };
            if let Some(When::Period(period)) = self.when(when.as_ref()) {
                world.periods.entry(period.grain()).or_default().insert(period);
            }
        }
    }

    /// The time behind 于; `None` when none is written or after an error.
    pub(super) fn when(&mut self, when: Option<&'a Expr>) -> Option<When> {
        let when = when?;
        // `于 2026`, as in files: a year.
        if let hengjie_syntax::ast::ExprKind::Number(number) = &when.kind
            && number.unit.is_empty()
            && let Some(year) = Period::parse(&number.value.to_string())
        {
            return Some(When::Period(year));
        }
        match self.constant(when, None)? {
            Literal::Period(period) => Some(When::Period(period)),
            Literal::Date(day) => Some(When::Day(day)),
            _ => {
                self.error(
                    codes::EXAMPLE_PERIOD,
                    when.span,
                    "“于”后面写期间（2026年、2026年1季）或日期",
                    "behind on stands a period (2026, 2026年1季) or a date",
                );
                None
            }
        }
    }
}

/// A type whose values examples can write.
pub(super) fn can_be_written(ty: &Type) -> bool {
    !matches!(ty, Type::Collection(_) | Type::Row(_))
}
