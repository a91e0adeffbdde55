//! Look-ups: which rows a key may find, and which keys find none.

use super::path::Path;
use super::{Interpreter, LookupSeen, of_literal};
use crate::possible::Possible;
use crate::range::{End, Range};
use hengjie_policy::core::{Cell, Expr, Literal, TableId, Type};
use hengjie_quantity::Rational;
use hengjie_syntax::Span;
use std::collections::BTreeSet;

/// Combinations of items that are tried.
const COMBINATIONS_MAX: usize = 4_000;

/// A key that finds no row, column by column.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Miss {
    pub keys: Vec<Literal>,
    /// The uncovered ranges of the column of bands, with its position.
    pub gap: Option<(usize, Vec<Range>)>,
}

impl<'a> Interpreter<'a> {
    pub(super) fn all_rows(&self, table: TableId) -> BTreeSet<u32> {
        (0..u32::try_from(self.program.tables[table.index()].rows.len()).unwrap_or(0)).collect()
    }

    /// What a column may hold in some rows.
    pub(super) fn cell(&self, base: &Possible, table: TableId, column: u32) -> Possible {
        let definition = &self.program.tables[table.index()];
        let whole;
        let rows = match &base.rows {
            Some((_, rows)) => rows,
            None => {
                whole = self.all_rows(table);
                &whole
            }
        };
        let mut found = Possible::nothing();
        for row in rows {
            let cell = definition.rows.get(*row as usize).and_then(|row| row.cells.get(column as usize));
            found = match cell {
                Some(Cell::Value(literal)) => found.join(&of_literal(literal)),
                Some(Cell::Exempt) => found.join(&Possible::exempt()),
                Some(Cell::Undecided) => match definition.columns.get(column as usize) {
                    Some(column) => found.join(&self.anything(&column.ty)),
                    None => found,
                },
                Some(Cell::Interval { .. }) | None => found.with_none(true),
            };
        }
        found.with_states_of(&Possible { rows: None, ..base.clone() })
    }

    /// The rows that keys may find.
    pub(super) fn rows_of_keys(
        &mut self,
        span: Span,
        table: TableId,
        keys: &'a [Expr],
        path: &Path,
    ) -> Possible {
        let values: Vec<Possible> = keys.iter().map(|key| self.eval(key, path)).collect();
        let definition = &self.program.tables[table.index()];
        let rows: BTreeSet<u32> = (0..)
            .zip(&definition.rows)
            .filter(|(_, row)| row.cells.iter().zip(&values).all(|(cell, value)| may_fit(cell, value)))
            .map(|(row, _)| row)
            .collect();
        self.observed.found_rows.entry(table).or_default().extend(&rows);
        let (covered, miss) = self.missing_key(table, &values);
        let answered = self.answered > 0;
        let attribute = self.attribute;
        let seen = self.observed.lookups.entry(span).or_insert_with(|| LookupSeen {
            attribute,
            table,
            miss: None,
            answered,
        });
        seen.answered &= answered;
        if seen.miss.is_none() {
            seen.miss = miss;
        }
        let mut found = Possible { rows: Some((table, rows)), none: !covered, ..Possible::nothing() };
        for value in &values {
            found = found.with_states_of(value);
        }
        found
    }

    /// Is every key answered, and if not, one that is not (as far as that can be told).
    fn missing_key(&self, table: TableId, keys: &[Possible]) -> (bool, Option<Miss>) {
        let definition = &self.program.tables[table.index()];
        if definition.effective.is_some() {
            return (false, None);
        }
        let mut combinations: Vec<Vec<Option<Literal>>> = vec![Vec::new()];
        let mut band = None;
        for (position, (key, column)) in keys.iter().zip(&definition.columns).enumerate() {
            let choices: Vec<Option<Literal>> = match &column.ty {
                Type::Enum(of) => {
                    let known = self.program.enums[of.index()].items.len();
                    let items = key.items.iter().filter(|item| (**item as usize) < known);
                    items.map(|item| Some(Literal::Enum(*of, *item))).collect()
                }
                Type::Bool => [true, false]
                    .into_iter()
                    .filter(|truth| if *truth { key.yes } else { key.no })
                    .map(|truth| Some(Literal::Bool(truth)))
                    .collect(),
                Type::Number(_) if column.interval && band.is_none() => {
                    band = Some(position);
                    vec![None]
                }
                _ => return (false, None),
            };
            combinations = combinations
                .into_iter()
                .flat_map(|before| {
                    choices.iter().map(move |choice| before.iter().cloned().chain([choice.clone()]).collect())
                })
                .collect();
            if combinations.len() > COMBINATIONS_MAX {
                return (false, None);
            }
        }
        let mut covered = true;
        for combination in combinations {
            let rows: Vec<&hengjie_policy::core::TableRow> = definition
                .rows
                .iter()
                .filter(|row| {
                    combination.iter().zip(&row.cells).all(|(wanted, cell)| match wanted {
                        Some(wanted) => matches!(cell, Cell::Value(value) if value == wanted),
                        None => true,
                    })
                })
                .collect();
            let keys_with = |sample: Rational| {
                combination.iter().map(|key| key.clone().unwrap_or(Literal::Number(sample.clone()))).collect()
            };
            match band {
                None if rows.is_empty() => {
                    return (false, Some(Miss { keys: keys_with(Rational::ZERO), gap: None }));
                }
                None => {}
                Some(position) => {
                    let Some(within) = keys.get(position).and_then(|key| key.number.clone()) else {
                        continue;
                    };
                    let step = keys.get(position).and_then(|key| key.step.clone());
                    let bands: Vec<Range> =
                        rows.iter().filter_map(|row| band_of(row.cells.get(position)?)).collect();
                    let mut open = gaps(bands, &within, step.as_ref());
                    covered &= open.is_empty();
                    // Below zero nothing is expected.
                    open.retain(|(gap, _)| !gap.is_at_most_zero() || within.is_at_most_zero());
                    if let Some((_, sample)) = open.first() {
                        let keys = keys_with(sample.clone());
                        let ranges = open.into_iter().map(|(gap, _)| gap).collect();
                        return (false, Some(Miss { keys, gap: Some((position, ranges)) }));
                    }
                }
            }
        }
        (covered, None)
    }
}

/// May a key cell fit a value?
fn may_fit(cell: &Cell, value: &Possible) -> bool {
    match cell {
        Cell::Value(Literal::Number(number)) => {
            value.number.as_ref().is_some_and(|range| range.contains(number))
        }
        Cell::Value(Literal::Enum(_, item)) => value.items.contains(item),
        Cell::Value(Literal::Bool(truth)) => {
            if *truth {
                value.yes
            } else {
                value.no
            }
        }
        Cell::Value(_) => value.other,
        Cell::Interval { low, high } => {
            let band = Range::of_band(low.as_ref(), high.as_ref());
            band.zip(value.number.as_ref()).is_some_and(|(band, range)| band.meet(range).is_some())
        }
        Cell::Exempt | Cell::Undecided => false,
    }
}

/// The range of a cell with a band, or of a number among bands.
pub(crate) fn band_of(cell: &Cell) -> Option<Range> {
    match cell {
        Cell::Interval { low, high } => Range::of_band(low.as_ref(), high.as_ref()),
        Cell::Value(Literal::Number(number)) => Some(Range::point(number.clone())),
        _ => None,
    }
}

/// The first part of `within` that no band covers, with a number in it.
pub(crate) fn band_gap(
    bands: Vec<Range>,
    within: &Range,
    step: Option<&Rational>,
) -> Option<(Range, Rational)> {
    gaps(bands, within, step).into_iter().next()
}

/// The parts of `within` that no band covers and that hold a multiple of the step.
fn gaps(mut bands: Vec<Range>, within: &Range, step: Option<&Rational>) -> Vec<(Range, Rational)> {
    bands.sort_by(|a, b| match (&a.low, &b.low) {
        (None, None) => std::cmp::Ordering::Equal,
        (None, _) => std::cmp::Ordering::Less,
        (_, None) => std::cmp::Ordering::Greater,
        (Some(a), Some(b)) => a.value.cmp(&b.value).then(b.closed.cmp(&a.closed)),
    });
    let turned = |end: &End| End { value: end.value.clone(), closed: !end.closed };
    let mut found = Vec::new();
    // The covered part reaches up to here; `None` before the first band.
    let mut covered: Option<Option<End>> = None;
    let mut add = |low: Option<End>, high: Option<End>| {
        let gap = Range { low, high };
        let real = match (&gap.low, &gap.high) {
            (Some(low), Some(high)) => {
                low.value < high.value || (low.value == high.value && low.closed && high.closed)
            }
            _ => true,
        };
        if real
            && let Some(gap) = gap.meet(within)
            && let Some(sample) = sample_in(&gap, step)
        {
            found.push((gap, sample));
        }
    };
    for band in &bands {
        match (&covered, &band.low) {
            (None, Some(low)) => add(None, Some(turned(low))),
            (Some(Some(top)), Some(low)) => add(Some(turned(top)), Some(turned(low))),
            _ => {}
        }
        covered = Some(match (&covered, &band.high) {
            (_, None) | (Some(None), _) => None,
            (Some(Some(top)), Some(high)) => {
                let further = match top.value.cmp(&high.value) {
                    std::cmp::Ordering::Less => high,
                    std::cmp::Ordering::Equal if high.closed => high,
                    _ => top,
                };
                Some(further.clone())
            }
            (None, Some(high)) => Some(high.clone()),
        });
    }
    match covered {
        Some(Some(top)) => add(Some(turned(&top)), None),
        None => add(None, None),
        Some(None) => {}
    }
    found
}

/// A number in a range: the middle if that is round, else a multiple of the step.
pub(crate) fn sample_in(range: &Range, step: Option<&Rational>) -> Option<Rational> {
    let half = Rational::new(1, 2)?;
    let fits = |value: &Rational| {
        range.contains(value)
            && step.is_none_or(|step| value.checked_div(step).is_none_or(|quotient| quotient.is_integer()))
    };
    let candidates: Vec<Rational> = match (&range.low, &range.high) {
        (Some(low), Some(high)) => {
            let middle = (&low.value + &high.value) * &half;
            let mut list = vec![middle.clone(), low.value.clone(), high.value.clone()];
            if let Some(step) = step {
                let up = middle.round_to(step, hengjie_quantity::Rounding::Up);
                let down = middle.round_to(step, hengjie_quantity::Rounding::Down);
                list.extend(up);
                list.extend(down);
                list.push(&low.value + step);
            }
            list
        }
        (Some(low), None) => {
            let more = step.cloned().unwrap_or(Rational::ONE);
            vec![low.value.clone(), &low.value + Rational::ONE, &low.value + more]
        }
        (None, Some(high)) => {
            let less = step.cloned().unwrap_or(Rational::ONE);
            vec![high.value.clone(), &high.value - Rational::ONE, &high.value - less]
        }
        (None, None) => vec![Rational::ZERO],
    };
    candidates.into_iter().find(fits)
}
