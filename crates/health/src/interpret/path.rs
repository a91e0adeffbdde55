//! What is known on the way through conditions.

use crate::possible::Possible;
use hengjie_policy::core::{Expr, ExprKind, ReadingId, TableId, VariableId};
use std::collections::{BTreeMap, BTreeSet};

/// Facts about expressions that hold on a path. An expression is named by its canonical text: on one path it has one value.
#[derive(Debug, Clone, Default)]
pub(crate) struct Path {
    values: BTreeMap<String, Possible>,
    rows: BTreeMap<u32, (TableId, BTreeSet<u32>)>,
    readings: BTreeMap<ReadingId, BTreeSet<u32>>,
}

impl Path {
    /// What is known of an expression beyond what it is made of.
    pub(crate) fn known(&self, expr: &Expr) -> Option<&Possible> {
        if self.values.is_empty() || !is_atom(expr) {
            return None;
        }
        self.values.get(&name(expr))
    }

    pub(crate) fn learn(&mut self, expr: &Expr, value: Possible) {
        if is_atom(expr) {
            self.values.insert(name(expr), value);
        }
    }

    pub(crate) fn bind_rows(&mut self, variable: u32, table: TableId, rows: BTreeSet<u32>) {
        self.rows.insert(variable, (table, rows));
    }

    pub(crate) fn rows(&self, variable: VariableId) -> Option<(TableId, &BTreeSet<u32>)> {
        self.rows.get(&variable.0).map(|(table, rows)| (*table, rows))
    }

    pub(crate) fn reading(&self, reading: ReadingId) -> Option<&BTreeSet<u32>> {
        self.readings.get(&reading)
    }

    pub(crate) fn learn_reading(&mut self, reading: ReadingId, open: BTreeSet<u32>) {
        self.readings.insert(reading, open);
    }

    /// Forgets everything about a variable: it is bound anew.
    pub(crate) fn rebind(&mut self, variable: VariableId) {
        self.rows.remove(&variable.0);
        let mention = format!("\"Variable\":{}}}", variable.0);
        self.values.retain(|name, _| !name.contains(&mention));
    }
}

/// Expressions that have one value on a path, and of which something can be learnt.
pub(crate) fn is_atom(expr: &Expr) -> bool {
    matches!(
        expr.kind,
        ExprKind::Field(..)
            | ExprKind::Attribute { .. }
            | ExprKind::Cell(..)
            | ExprKind::Parameter(..)
            | ExprKind::Aggregate(_)
            | ExprKind::Lookup { .. }
            | ExprKind::At { .. }
            | ExprKind::Call(..)
            | ExprKind::Arithmetic(..)
    )
}

fn name(expr: &Expr) -> String {
    serde_json::to_string(&expr.kind).unwrap_or_default()
}

/// The values in both.
pub(crate) fn meet(value: Possible, known: &Possible) -> Possible {
    Possible {
        number: match (&value.number, &known.number) {
            (Some(a), Some(b)) => a.meet(b),
            _ => None,
        },
        step: value.step.or_else(|| known.step.clone()),
        items: value.items.intersection(&known.items).copied().collect(),
        yes: value.yes && known.yes,
        no: value.no && known.no,
        rows: value.rows,
        other: value.other && known.other,
        none: value.none && known.none,
        exempt: value.exempt && known.exempt,
    }
}

impl Path {
    /// What is known of a field of the subject.
    pub(crate) fn known_field(&self, field: hengjie_policy::core::FieldRef) -> Option<&Possible> {
        let wanted = format!("{{\"kind\":{},\"field\":{}}}]}}", field.kind.0, field.field);
        self.values
            .iter()
            .find(|(name, _)| {
                name.starts_with("{\"Field\":[{\"kind\":\"Subject\"") && name.ends_with(&wanted)
            })
            .map(|(_, known)| known)
    }
}
