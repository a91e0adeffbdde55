//! Aggregates: the input is a field of one of the elements.

use super::{Slope, Slopes};
use crate::interpret::Path;
use crate::range::Range;
use hengjie_policy::core::{Aggregate, AggregateOperation, Collection, Type};

impl<'a> Slopes<'a, '_> {
    pub(super) fn of_aggregate(&mut self, aggregate: &'a Aggregate, path: &Path) -> Slope {
        use AggregateOperation as Operation;
        let inside = self.inside(&aggregate.over, aggregate.variable, path);
        if self.source_moves(&aggregate.over, path) {
            return Slope::Unknown;
        }
        let mut filter = Slope::Flat;
        for one in &aggregate.over.filters {
            filter = filter.with(self.slope(&one.condition, &inside));
        }
        let argument =
            aggregate.argument.as_ref().map_or(Slope::Flat, |argument| self.slope(argument, &inside));
        if argument != Slope::Flat {
            return Slope::Unknown;
        }
        let body = aggregate.body.as_ref().map_or(Slope::Flat, |body| self.slope(body, &inside));
        let range = aggregate.body.as_ref().and_then(|body| self.interpreter.eval(body, &inside).number);
        let positive = range.as_ref().is_some_and(Range::is_at_least_zero);
        let negative = range.as_ref().is_some_and(Range::is_at_most_zero);
        match aggregate.operation {
            Operation::Count => filter,
            Operation::Sum => match filter {
                Slope::Flat => body,
                _ if positive => body.with(filter),
                _ if negative => body.with(filter.turned()),
                _ => Slope::Unknown,
            },
            Operation::Exists => body.with(filter),
            Operation::Every => body.with(filter.turned()),
            Operation::WeightedMean if !self.weights_are_positive(aggregate, &inside) => Slope::Unknown,
            Operation::Mean
            | Operation::WeightedMean
            | Operation::Median
            | Operation::Max
            | Operation::Min
            | Operation::First
            | Operation::Last
            | Operation::Nth => match filter {
                Slope::Flat => body,
                _ => Slope::Unknown,
            },
            Operation::LeadingRun => body.with(filter),
        }
    }

    fn weights_are_positive(&mut self, aggregate: &'a Aggregate, inside: &Path) -> bool {
        let weight =
            aggregate.argument.as_ref().and_then(|weight| self.interpreter.eval(weight, inside).number);
        weight.is_some_and(|range| range.is_at_least_zero())
    }

    /// The path of an element; its filters hold.
    pub(super) fn inside(
        &mut self,
        collection: &'a Collection,
        variable: hengjie_policy::core::VariableId,
        path: &Path,
    ) -> Path {
        let mut inside =
            if matches!(collection.element, Type::Period(_)) { Path::default() } else { path.clone() };
        inside.rebind(variable);
        if let hengjie_policy::core::Source::Rows(table) = collection.source {
            let rows = self.interpreter.program.tables[table.index()].rows.len();
            inside.bind_rows(variable.0, table, (0..u32::try_from(rows).unwrap_or(0)).collect());
        }
        for filter in collection.filters.iter().filter(|filter| filter.variable == variable) {
            self.interpreter.assume(&filter.condition, true, &mut inside);
        }
        inside
    }

    fn source_moves(&mut self, collection: &'a Collection, path: &Path) -> bool {
        use hengjie_policy::core::Source;
        match &collection.source {
            Source::Related { of, .. }
            | Source::RelatedByAttribute { of, .. }
            | Source::Ancestors { of, .. }
            | Source::Descendants { of, .. }
            | Source::PeriodsIn { within: of, .. }
            | Source::Recent { count: of, .. } => self.slope(of, path) != Slope::Flat,
            Source::Attribute { attribute, .. } => self.of(*attribute) != Slope::Flat,
            Source::If { arms, .. } => {
                arms.iter().any(|(condition, _)| self.slope(condition, path) != Slope::Flat)
            }
            Source::List(list) => list.iter().any(|element| self.slope(element, path) != Slope::Flat),
            _ => false,
        }
    }
}
