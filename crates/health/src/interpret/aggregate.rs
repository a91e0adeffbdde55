//! Collections and aggregates.

use super::Interpreter;
use super::expression::{add, multiply};
use super::path::Path;
use crate::possible::Possible;
use crate::range::Range;
use hengjie_policy::core::{
    Aggregate, AggregateOperation, Collection, Expr, Filter, Source, TableId, Type, VariableId,
};
use hengjie_quantity::Rational;
use std::collections::BTreeSet;

/// The elements a collection may have.
pub(super) struct Elements {
    /// Rows of a table.
    pub rows: Option<(TableId, BTreeSet<u32>)>,
    pub periods: bool,
    /// Every row of the table is there for certain.
    pub certain: bool,
}

impl<'a> Interpreter<'a> {
    pub(super) fn aggregate(&mut self, expr: &'a Expr, aggregate: &'a Aggregate, path: &Path) -> Possible {
        use AggregateOperation as Operation;
        let elements = self.collection(&aggregate.over, path);
        let inside = self.element_path(&aggregate.over, &elements, aggregate.variable, path);
        if let Some(argument) = &aggregate.argument {
            self.eval(argument, &inside);
        }
        if aggregate.operation == Operation::Count {
            return self.counted(&elements);
        }
        let body = match &aggregate.body {
            Some(body)
                if matches!(
                    aggregate.operation,
                    Operation::Exists | Operation::Every | Operation::LeadingRun
                ) =>
            {
                self.condition(body, false, &inside)
            }
            Some(body) => self.eval(body, &inside),
            None => match &elements.rows {
                Some((table, rows)) => Possible { rows: Some((*table, rows.clone())), ..Possible::nothing() },
                None => Possible::other(),
            },
        };
        match aggregate.operation {
            Operation::Sum => self.summed(aggregate, &elements, &body, path),
            Operation::Exists | Operation::Every => Possible::truth(true, true),
            Operation::LeadingRun => Possible::number(Range::at_least(Rational::ZERO), Some(Rational::ONE)),
            Operation::Mean | Operation::WeightedMean | Operation::Median => {
                Possible { step: None, none: true, exempt: false, ..body }
            }
            Operation::Count => self.anything(&expr.ty.base),
            Operation::Max | Operation::Min | Operation::First | Operation::Last | Operation::Nth => {
                Possible { none: true, exempt: body.exempt && aggregate.body.is_some(), ..body }
            }
        }
    }

    fn counted(&self, elements: &Elements) -> Possible {
        let most = elements.rows.as_ref().map(|(_, rows)| Rational::from(rows.len() as u64));
        let range = match most {
            Some(most) => Range::between(Rational::ZERO, most),
            None => Range::at_least(Rational::ZERO),
        };
        Possible::number(range, Some(Rational::ONE))
    }

    fn summed(
        &mut self,
        aggregate: &'a Aggregate,
        elements: &Elements,
        body: &Possible,
        path: &Path,
    ) -> Possible {
        let zero = Possible::constant(&Rational::ZERO);
        // The rows of a table are few and known: add them up.
        if let (Some((table, rows)), Some(inner)) = (&elements.rows, &aggregate.body)
            && rows.len() <= 40
        {
            let mut sum = zero;
            for &row in rows {
                let mut one = path.clone();
                one.rebind(aggregate.variable);
                one.bind_rows(aggregate.variable.0, *table, BTreeSet::from([row]));
                let mut value = self.eval(inner, &one);
                if !elements.certain || value.none || value.exempt {
                    value = value.join(&Possible::constant(&Rational::ZERO));
                }
                sum = add(&sum, &Possible { none: false, exempt: false, ..value });
            }
            return sum;
        }
        let Some(range) = &body.number else { return zero };
        let range = if range.is_at_least_zero() {
            Range::at_least(Rational::ZERO)
        } else if range.is_at_most_zero() {
            Range::at_least(Rational::ZERO).negate()
        } else {
            Range::ALL
        };
        Possible::number(range, body.step.clone())
    }

    /// The elements of a collection; its parts are looked at on the way.
    pub(super) fn collection(&mut self, collection: &'a Collection, path: &Path) -> Elements {
        let mut elements = Elements { rows: None, periods: false, certain: true };
        match &collection.source {
            Source::Rows(table) => {
                elements.rows = Some((*table, self.all_rows(*table)));
                elements.certain = self.program.tables[table.index()].effective.is_none();
            }
            Source::Related { of, .. }
            | Source::RelatedByAttribute { of, .. }
            | Source::Ancestors { of, .. }
            | Source::Descendants { of, .. } => {
                self.eval(of, path);
            }
            Source::PeriodsIn { within, .. } => {
                self.eval(within, path);
                elements.periods = true;
            }
            Source::Recent { count, .. } => {
                self.eval(count, path);
                elements.periods = true;
            }
            Source::History { .. } => elements.periods = true,
            Source::Attribute { subject, .. } => {
                if let Some(subject) = subject {
                    self.eval(subject, path);
                }
            }
            Source::If { arms, otherwise } => {
                for (condition, part) in arms {
                    self.condition(condition, false, path);
                    self.collection(part, path);
                }
                if let Some(part) = otherwise {
                    self.collection(part, path);
                }
            }
            Source::List(list) => {
                for element in list {
                    self.eval(element, path);
                }
            }
            Source::AllOf(_) | Source::Holders { .. } => {}
        }
        elements.periods |= matches!(collection.element, Type::Period(_));
        for filter in &collection.filters {
            self.filter(filter, &mut elements, path);
        }
        if let Some(take) = &collection.take {
            self.eval(take, path);
            elements.certain = false;
        }
        elements
    }

    fn filter(&mut self, filter: &'a Filter, elements: &mut Elements, path: &Path) {
        let mut inside = if elements.periods { Path::default() } else { path.clone() };
        inside.rebind(filter.variable);
        let Some((table, rows)) = elements.rows.take() else {
            self.eval(&filter.condition, &inside);
            return;
        };
        let mut kept = BTreeSet::new();
        for row in rows {
            inside.rebind(filter.variable);
            inside.bind_rows(filter.variable.0, table, BTreeSet::from([row]));
            let value = self.eval(&filter.condition, &inside);
            elements.certain &= !(value.no || value.none || value.exempt) || !value.yes;
            if value.yes {
                kept.insert(row);
            }
        }
        elements.rows = Some((table, kept));
    }

    /// The path inside: the element is bound, and its filters hold.
    fn element_path(
        &mut self,
        collection: &'a Collection,
        elements: &Elements,
        variable: VariableId,
        path: &Path,
    ) -> Path {
        let mut inside = if elements.periods { Path::default() } else { path.clone() };
        inside.rebind(variable);
        if let Some((table, rows)) = &elements.rows {
            inside.bind_rows(variable.0, *table, rows.clone());
        }
        for filter in &collection.filters {
            if filter.variable == variable {
                // A filter that never holds leaves nothing to look at.
                self.assume(&filter.condition, true, &mut inside);
            }
        }
        inside
    }

    /// 累进: every slice at its rate.
    pub(super) fn marginal(&mut self, table: TableId, rate: u32, value: &'a Expr, path: &Path) -> Possible {
        let value = self.eval(value, path);
        let whole = Possible { rows: Some((table, self.all_rows(table))), ..Possible::nothing() };
        let rates = self.cell(&whole, table, rate);
        let positive = rates.number.as_ref().is_some_and(Range::is_at_least_zero);
        let found = multiply(&value, &rates);
        let range = if positive { Range::at_least(Rational::ZERO) } else { Range::ALL };
        Possible::number(range, found.step).with_states_of(&value)
    }
}
