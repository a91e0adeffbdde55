//! Conditions: what they may be, and what is known where they hold or fail.

use super::Interpreter;
use super::path::Path;
use crate::possible::Possible;
use crate::range::Range;
use hengjie_policy::core::{Cell, Comparison, Expr, ExprKind, Literal};
use hengjie_quantity::Rational;
use std::collections::BTreeSet;

impl<'a> Interpreter<'a> {
    pub(super) fn compare(
        &mut self,
        comparison: Comparison,
        left: &'a Expr,
        right: &'a Expr,
        path: &Path,
    ) -> Possible {
        let (a, b) = (self.eval(left, path), self.eval(right, path));
        let (yes, no) = truth_of(comparison, &a, &b);
        Possible::truth(yes, no).with_states_of(&a).with_states_of(&b)
    }

    pub(super) fn is_in(&mut self, value: &'a Expr, list: &'a [Expr], path: &Path) -> Possible {
        let value = self.eval(value, path);
        let mut items = BTreeSet::new();
        let mut constant = true;
        for element in list {
            let element = self.eval(element, path);
            constant &= element.items.len() == 1;
            items.extend(element.items);
        }
        if !constant || value.items.is_empty() {
            let present = value.may_be_present();
            return Possible::truth(present, present).with_states_of(&value);
        }
        let yes = value.items.iter().any(|item| items.contains(item));
        let no = value.items.iter().any(|item| !items.contains(item));
        Possible::truth(yes, no).with_states_of(&value)
    }

    /// 且 (`any` is false) and 或: each operand where the ones before it left the question open.
    pub(super) fn quantifier(&mut self, operands: &'a [Expr], any: bool, path: &Path) -> Possible {
        let mut path = path.clone();
        let (mut decided, mut undecided) = (false, true);
        let mut states = Possible::nothing();
        for operand in operands {
            let value = self.eval(operand, &path);
            let (decides, passes) = if any { (value.yes, value.no) } else { (value.no, value.yes) };
            decided |= decides;
            states = states.with_states_of(&value);
            if value.none || value.exempt {
                continue;
            }
            if !passes || !self.assume(operand, !any, &mut path) {
                undecided = false;
                break;
            }
        }
        let truth =
            if any { Possible::truth(decided, undecided) } else { Possible::truth(undecided, decided) };
        Possible { none: states.none, ..truth }
    }

    pub(super) fn at_least(&mut self, wanted: &'a Expr, operands: &'a [Expr], path: &Path) -> Possible {
        let wanted = self.eval(wanted, path);
        let values: Vec<Possible> = operands.iter().map(|operand| self.eval(operand, path)).collect();
        let none = values.iter().any(|value| value.none);
        let (mut sure, mut possible) = (0_u32, 0_u32);
        for value in &values {
            sure += u32::from(value.yes && !value.no && !value.none && !value.exempt);
            possible += u32::from(value.yes);
        }
        let count = Range::between(Rational::from(sure), Rational::from(possible));
        let (yes, no) = match &wanted.number {
            Some(wanted) => count.compare(Comparison::GreaterEqual, wanted),
            None => (true, true),
        };
        Possible::truth(yes, no).with_none(none).with_states_of(&wanted)
    }

    /// Adds to the path what is known where a condition holds (or does not). False: it never does.
    pub(crate) fn assume(&mut self, condition: &'a Expr, holds: bool, path: &mut Path) -> bool {
        let value = self.eval(condition, path);
        let possible = match holds {
            true => value.yes,
            false => value.no || value.none || value.exempt,
        };
        if !possible {
            return false;
        }
        // A condition that fails may also be 无 or 免, of which nothing follows.
        let sure = holds || !(value.none || value.exempt);
        if sure { self.learn(condition, holds, path) } else { true }
    }

    fn learn(&mut self, condition: &'a Expr, holds: bool, path: &mut Path) -> bool {
        match (&condition.kind, holds) {
            (ExprKind::And(operands), true) | (ExprKind::Or(operands), false) => {
                operands.iter().all(|operand| {
                    let value = self.eval(operand, path);
                    // 免 is dropped.
                    value.exempt || self.assume(operand, holds, path)
                })
            }
            (ExprKind::And(operands), false) | (ExprKind::Or(operands), true) => {
                let open: Vec<&'a Expr> = operands
                    .iter()
                    .filter(|operand| {
                        let value = self.eval(operand, path);
                        if holds { value.yes } else { value.no }
                    })
                    .collect();
                match open.as_slice() {
                    [] => false,
                    [only] => self.learn(only, holds, path),
                    _ => true,
                }
            }
            (ExprKind::Not(operand), _) => self.assume(operand, !holds, path),
            (ExprKind::OrMissing(operand, _), true) => {
                let value = self.eval(operand, path);
                !value.yes || self.learn(operand, true, path)
            }
            (ExprKind::OrNone(operand, default), true) => {
                let default = self.eval(default, path);
                default.yes || self.assume(operand, true, path)
            }
            (ExprKind::Compare(comparison, left, right), _) => {
                let comparison = if holds { *comparison } else { comparison.opposite() };
                self.learn_comparison(comparison, left, right, path)
                    && self.learn_comparison(comparison.mirrored(), right, left, path)
            }
            (ExprKind::IsIn(value, list), _) => self.learn_list(value, list, holds, path),
            (ExprKind::IsSome(value), true) => {
                let known = self.eval(value, path).without_none();
                path.learn(value, known);
                true
            }
            (ExprKind::ReadingIs(reading, alternative), _) => {
                let all = self.program.readings[reading.index()].alternatives.len();
                let all = || (0..u32::try_from(all).unwrap_or(0)).collect::<BTreeSet<u32>>();
                let mut open = path.reading(*reading).cloned().unwrap_or_else(all);
                open.retain(|other| (other == alternative) == holds);
                let possible = !open.is_empty();
                path.learn_reading(*reading, open);
                possible
            }
            (ExprKind::Attribute { attribute, subject, row: None }, true)
                if subject.as_deref().is_some_and(|subject| matches!(subject.kind, ExprKind::Subject)) =>
            {
                path.learn(condition, Possible::truth(true, false));
                self.learn_rule(*attribute, path)
            }
            (ExprKind::Field(..) | ExprKind::Attribute { .. } | ExprKind::Aggregate(_), _) => {
                path.learn(condition, Possible::truth(holds, !holds));
                true
            }
            _ => true,
        }
    }

    /// A Boolean rule of the subject holds: so does its only definition.
    fn learn_rule(&mut self, attribute: hengjie_policy::core::AttributeId, path: &mut Path) -> bool {
        use hengjie_policy::core::Body;
        let program = self.program;
        let attribute = &program.attributes[attribute.index()];
        let Body::Defined { exceptions, general } = &attribute.body else { return true };
        let (true, [case]) = (exceptions.is_empty(), general.as_slice()) else { return true };
        if attribute.context.rows.is_some() || self.depth > 40 {
            return true;
        }
        self.depth += 10;
        let possible = attribute.context.filter.as_ref().is_none_or(|filter| self.assume(filter, true, path))
            && case.guard.as_ref().is_none_or(|guard| self.assume(guard, true, path))
            && self.assume(&case.value, true, path);
        self.depth -= 10;
        possible
    }

    /// `value` stands on the left of a comparison that holds.
    fn learn_comparison(
        &mut self,
        comparison: Comparison,
        value: &'a Expr,
        with: &'a Expr,
        path: &mut Path,
    ) -> bool {
        let (own, other) = (self.eval(value, path), self.eval(with, path));
        if let (Some(range), Some(limit)) = (&own.number, &other.number) {
            let Some(narrowed) = range.when(comparison, limit) else { return false };
            let known = Possible { none: false, exempt: false, number: Some(narrowed), ..own };
            path.learn(value, known);
            return true;
        }
        if !own.items.is_empty() && !other.items.is_empty() {
            let fits = |item: &u32| other.items.iter().any(|limit| comparison.holds(item.cmp(limit)));
            let items: BTreeSet<u32> = own.items.iter().copied().filter(fits).collect();
            if items.is_empty() {
                return false;
            }
            self.learn_rows(value, &items, path);
            path.learn(value, Possible { none: false, exempt: false, items, ..own });
        }
        true
    }

    /// A cell of a row that is one of some items: only rows with these items remain.
    fn learn_rows(&mut self, value: &'a Expr, items: &BTreeSet<u32>, path: &mut Path) {
        let ExprKind::Cell(base, table, column) = &value.kind else { return };
        let ExprKind::Variable(variable) = base.kind else { return };
        let Some((bound, rows)) = path.rows(variable) else { return };
        if bound != *table {
            return;
        }
        let definition = &self.program.tables[table.index()];
        let fits = |row: &&u32| {
            matches!(definition.rows.get(**row as usize).and_then(|row| row.cells.get(*column as usize)),
                Some(Cell::Value(Literal::Enum(_, item))) if items.contains(item))
        };
        let rows = rows.iter().filter(fits).copied().collect();
        path.bind_rows(variable.0, bound, rows);
    }

    fn learn_list(&mut self, value: &'a Expr, list: &'a [Expr], holds: bool, path: &mut Path) -> bool {
        let own = self.eval(value, path);
        let mut named = BTreeSet::new();
        for element in list {
            let element = self.eval(element, path);
            if element.items.len() != 1 {
                return true;
            }
            named.extend(element.items);
        }
        if own.items.is_empty() {
            return true;
        }
        let items: BTreeSet<u32> =
            own.items.iter().copied().filter(|item| named.contains(item) == holds).collect();
        let possible = !items.is_empty();
        path.learn(value, Possible { none: false, exempt: false, items, ..own });
        possible
    }
}

/// Can a comparison hold, can it fail, among present values?
fn truth_of(comparison: Comparison, a: &Possible, b: &Possible) -> (bool, bool) {
    if let (Some(a), Some(b)) = (&a.number, &b.number) {
        return a.compare(comparison, b);
    }
    if !a.items.is_empty() && !b.items.is_empty() {
        let mut found = (false, false);
        for left in &a.items {
            for right in &b.items {
                match comparison.holds(left.cmp(right)) {
                    true => found.0 = true,
                    false => found.1 = true,
                }
            }
        }
        return found;
    }
    if (a.yes || a.no) && (b.yes || b.no) {
        let equal = (a.yes && b.yes) || (a.no && b.no);
        let different = (a.yes && b.no) || (a.no && b.yes);
        return if comparison == Comparison::NotEqual { (different, equal) } else { (equal, different) };
    }
    let present = a.may_be_present() && b.may_be_present();
    (present, present)
}
