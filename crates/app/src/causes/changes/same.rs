//! Is a fact the same in two deliveries?

use super::Looker;
use crate::causes::mixture::entries;
use hengjie_evaluate::dataset::{Column, ColumnData, FieldData};
use hengjie_evaluate::value::Status;
use hengjie_policy::core::{FieldRef, Type};
use hengjie_quantity::Rational;

impl Looker<'_> {
    /// Are the entries of a dated fact the same on both sides?
    pub(super) fn is_same_history(
        &self,
        field: FieldRef,
        old: (&FieldData, u32),
        new: (&FieldData, u32),
    ) -> bool {
        let (FieldData::Dated(before), FieldData::Dated(after)) = (old.0, new.0) else { return false };
        let (was, is) = (entries(before, old.1 as usize), entries(after, new.1 as usize));
        was.len() == is.len()
            && was.zip(is).all(|(was, is)| {
                let place = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
                before.days.get(was) == after.days.get(is)
                    && self.is_same(
                        field,
                        (Some(&before.values), place(was)),
                        (Some(&after.values), place(is)),
                    )
            })
    }

    /// Is a value the same on both sides?
    pub(super) fn is_same(
        &self,
        field: FieldRef,
        old: (Option<&Column>, u32),
        new: (Option<&Column>, u32),
    ) -> bool {
        let state = |(column, at): (Option<&Column>, u32)| {
            column.map_or(Status::Missing, |column| column.status(at as usize))
        };
        if state(old) != state(new) {
            return false;
        }
        let ((Some(before), was), (Some(after), is)) = (old, new) else { return true };
        if state(old) != Status::Present {
            return true;
        }
        let (was, is) = (before.place(was as usize), after.place(is as usize));
        match (&before.data, &after.data) {
            (
                ColumnData::Number { values: left, scale },
                ColumnData::Number { values: right, scale: other },
            ) => {
                let (left, right) = (left.get(was), right.get(is));
                if scale == other {
                    left == right
                } else {
                    Rational::from(left) * scale == Rational::from(right) * other
                }
            }
            (ColumnData::Bool(left), ColumnData::Bool(right)) => left.get(was) == right.get(is),
            (ColumnData::Date(left), ColumnData::Date(right)) => left.get(was) == right.get(is),
            (ColumnData::Period(left), ColumnData::Period(right)) => left.get(was) == right.get(is),
            (ColumnData::Enum(left), ColumnData::Enum(right)) => left.get(was) == right.get(is),
            (ColumnData::Object(left), ColumnData::Object(right)) => {
                let ty = &self.pair.program.kinds[field.kind.index()].fields[field.field as usize].ty;
                let Type::Object(target) = ty else { return false };
                let key = |side: usize, at: Option<&u32>| {
                    at.map(|at| self.kind(side, *target).keys.get(*at as usize))
                };
                key(0, left.get(was)) == key(1, right.get(is))
            }
            (ColumnData::Text(left), ColumnData::Text(right)) => left.value(was) == right.value(is),
            _ => false,
        }
    }
}
