//! Look-ups in bands, 累进, 插值 and the first row that fits.

use super::{Slope, Slopes};
use crate::interpret::{Path, band_of};
use crate::range::Range;
use hengjie_policy::core::{AggregateOperation, Cell, Expr, ExprKind, Literal, Source, TableId};
use hengjie_quantity::Rational;
use std::collections::BTreeMap;

impl<'a> Slopes<'a, '_> {
    pub(super) fn of_lookup(&mut self, table: TableId, keys: &'a [Expr], column: u32, path: &Path) -> Slope {
        let mut moving = None;
        for (position, key) in keys.iter().enumerate() {
            match self.slope(key, path) {
                Slope::Flat => {}
                slope if moving.is_none() && slope.is_known() => moving = Some((position, slope)),
                _ => return Slope::Unknown,
            }
        }
        let Some((position, slope)) = moving else { return Slope::Flat };
        let definition = &self.interpreter.program.tables[table.index()];
        if definition.effective.is_some() {
            return Slope::Unknown;
        }
        // Within equal other keys the values must go one way with the key.
        let mut groups: BTreeMap<String, Vec<(Rational, Rational)>> = BTreeMap::new();
        for row in &definition.rows {
            let place = match row.cells.get(position) {
                Some(Cell::Value(Literal::Enum(_, item))) => Some(Rational::from(*item)),
                Some(cell) => band_of(cell).and_then(|band| low_of(&band)),
                None => None,
            };
            let value = row.cells.get(column as usize).and_then(on_scale);
            let (Some(place), Some(value)) = (place, value) else { return Slope::Unknown };
            let others: String = (0..definition.keys as usize)
                .filter(|other| *other != position)
                .map(|other| format!("{:?}|", row.cells.get(other)))
                .collect();
            groups.entry(others).or_default().push((place, value));
        }
        let mut all = Slope::Flat;
        for steps in groups.values_mut() {
            all = all.or(trend(steps));
        }
        match all {
            Slope::Up => slope,
            Slope::Down => slope.turned(),
            Slope::Flat => Slope::Flat,
            _ => Slope::Unknown,
        }
    }

    pub(super) fn of_cell(&mut self, base: &'a Expr, table: TableId, column: u32, path: &Path) -> Slope {
        match &base.kind {
            ExprKind::LookupRow { keys, .. } => self.of_lookup(table, keys, column, path),
            ExprKind::Aggregate(aggregate)
                if aggregate.operation == AggregateOperation::First
                    && aggregate.body.is_none()
                    && matches!(aggregate.over.source, Source::Rows(own) if own == table) =>
            {
                let inside = self.inside(&aggregate.over, aggregate.variable, path);
                let mut filter = Slope::Flat;
                for one in &aggregate.over.filters {
                    filter = filter.with(self.slope(&one.condition, &inside));
                }
                let definition = &self.interpreter.program.tables[table.index()];
                let values: Option<Vec<(Rational, Rational)>> = (0_u32..)
                    .zip(&definition.rows)
                    .map(|(at, row)| Some((Rational::from(at), on_scale(row.cells.get(column as usize)?)?)))
                    .collect();
                // The more rows fit, the earlier the first one.
                match (filter, values.map(|mut values| trend(&mut values))) {
                    (Slope::Flat, _) => Slope::Flat,
                    (slope, Some(Slope::Down)) => slope,
                    (slope, Some(Slope::Up)) => slope.turned(),
                    (_, Some(Slope::Flat)) => Slope::Flat,
                    _ => Slope::Unknown,
                }
            }
            _ => match self.slope(base, path) {
                Slope::Flat => Slope::Flat,
                _ => Slope::Unknown,
            },
        }
    }

    pub(super) fn of_marginal(&mut self, table: TableId, rate: u32, value: &'a Expr, path: &Path) -> Slope {
        let own = self.slope(value, path);
        if own == Slope::Flat {
            return Slope::Flat;
        }
        let definition = &self.interpreter.program.tables[table.index()];
        let rates: Option<Vec<Rational>> =
            definition.rows.iter().map(|row| on_scale(row.cells.get(rate as usize)?)).collect();
        match rates {
            Some(rates) if rates.iter().all(|rate| rate.signum() >= 0) => own,
            Some(rates) if rates.iter().all(|rate| rate.signum() <= 0) => own.turned(),
            _ => Slope::Unknown,
        }
    }

    pub(super) fn of_interpolation(
        &mut self,
        table: TableId,
        column: u32,
        value: &'a Expr,
        path: &Path,
    ) -> Slope {
        let own = self.slope(value, path);
        if own == Slope::Flat {
            return Slope::Flat;
        }
        let definition = &self.interpreter.program.tables[table.index()];
        let points: Option<Vec<(Rational, Rational)>> = definition
            .rows
            .iter()
            .map(|row| Some((on_scale(row.cells.first()?)?, on_scale(row.cells.get(column as usize)?)?)))
            .collect();
        match points.map(|mut points| trend(&mut points)) {
            Some(Slope::Up) => own,
            Some(Slope::Down) => own.turned(),
            Some(Slope::Flat) => Slope::Flat,
            _ => Slope::Unknown,
        }
    }
}

fn low_of(band: &Range) -> Option<Rational> {
    match (&band.low, &band.high) {
        (Some(low), _) => Some(low.value.clone()),
        // Without a lower end it is the lowest.
        (None, Some(high)) => Some(&high.value - Rational::pow10(30)),
        (None, None) => None,
    }
}

fn on_scale(cell: &Cell) -> Option<Rational> {
    match cell {
        Cell::Value(Literal::Number(value)) => Some(value.clone()),
        Cell::Value(Literal::Enum(_, item)) => Some(Rational::from(*item)),
        Cell::Value(Literal::Bool(truth)) => Some(Rational::from(i32::from(*truth))),
        _ => None,
    }
}

/// How values go with their places.
fn trend(steps: &mut [(Rational, Rational)]) -> Slope {
    steps.sort();
    let mut slope = Slope::Flat;
    for pair in steps.windows(2) {
        let [(_, before), (_, after)] = pair else { continue };
        slope = slope.with(match after.cmp(before) {
            std::cmp::Ordering::Greater => Slope::Up,
            std::cmp::Ordering::Less => Slope::Down,
            std::cmp::Ordering::Equal => Slope::Flat,
        });
    }
    slope
}
