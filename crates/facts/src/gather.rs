//! Columns put together from rows of other columns of the same specification.

use crate::column::{ColumnData, Integers, Keys, LoadedColumn, Status};
use arrow_array::builder::StringBuilder;
use hengjie_calendar::{Date, Grain, Period};
use hengjie_quantity::Rational;

/// A row of one of several parts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Place {
    /// Position of the part; [`Place::NOWHERE`] has none.
    pub(crate) part: u32,
    /// Row in it.
    pub(crate) row: u32,
}

impl Place {
    /// No row: the value is 待补.
    pub(crate) const NOWHERE: Self = Self { part: u32::MAX, row: 0 };
}

/// The values at some places. `None`: no part has the column, or its numbers do not fit 38 digits together.
pub(crate) fn gather(parts: &[Option<&LoadedColumn>], places: &[Place]) -> Option<LoadedColumn> {
    let first = parts.iter().flatten().next()?;
    let at = |place: &Place| {
        let column = (*parts.get(place.part as usize)?)?;
        Some((&column.data, column.place(place.row as usize)))
    };
    let data = match &first.data {
        ColumnData::Number { .. } => numbers(parts, places)?,
        ColumnData::Bool(_) => ColumnData::Bool(take(places, at, false, |data, row| match data {
            ColumnData::Bool(values) => values.get(row).copied(),
            _ => None,
        })),
        ColumnData::Date(_) => ColumnData::Date(take(places, at, Date::MIN, |data, row| match data {
            ColumnData::Date(values) => values.get(row).copied(),
            _ => None,
        })),
        ColumnData::Period(_) => {
            let otherwise = Period::containing(Grain::Day, Date::MIN);
            ColumnData::Period(take(places, at, otherwise, |data, row| match data {
                ColumnData::Period(values) => values.get(row).copied(),
                _ => None,
            }))
        }
        ColumnData::Choice(_) => ColumnData::Choice(take(places, at, 0, |data, row| match data {
            ColumnData::Choice(values) => values.get(row).copied(),
            _ => None,
        })),
        ColumnData::Position(_) => ColumnData::Position(take(places, at, 0, |data, row| match data {
            ColumnData::Position(values) => values.get(row).copied(),
            _ => None,
        })),
        ColumnData::Text(_) => {
            let mut texts = StringBuilder::new();
            for place in places {
                texts.append_value(match at(place) {
                    Some((ColumnData::Text(values), row)) => values.value(row),
                    _ => "",
                });
            }
            ColumnData::Text(texts.finish())
        }
        ColumnData::Key(_) => ColumnData::Key(keys(places, at)),
        ColumnData::Reference(_) => ColumnData::Reference(keys(places, at)),
    };
    Some(LoadedColumn { data, status: states(parts, places), heading: first.heading.clone(), same: false })
}

/// Values of one type.
fn take<'a, T: Copy>(
    places: &[Place],
    at: impl Fn(&Place) -> Option<(&'a ColumnData, usize)>,
    otherwise: T,
    value: impl Fn(&'a ColumnData, usize) -> Option<T>,
) -> Vec<T> {
    let one = |place: &Place| at(place).and_then(|(data, row)| value(data, row)).unwrap_or(otherwise);
    places.iter().map(one).collect()
}

/// Keys: integers as long as all are.
fn keys<'a>(places: &[Place], at: impl Fn(&Place) -> Option<(&'a ColumnData, usize)>) -> Keys {
    let of = |place: &Place| match at(place) {
        Some((ColumnData::Key(keys) | ColumnData::Reference(keys), row)) => Some((keys, row)),
        _ => None,
    };
    let integer = |place: &Place| match of(place) {
        Some((Keys::Int(values), row)) => values.get(row).copied(),
        Some((Keys::Text(_), _)) => None,
        None => Some(0),
    };
    if let Some(integers) = places.iter().map(integer).collect::<Option<Vec<i64>>>() {
        return Keys::Int(integers.into());
    }
    let mut texts = StringBuilder::new();
    for place in places {
        texts.append_value(of(place).map_or(String::new(), |(keys, row)| keys.get(row)));
    }
    Keys::Text(texts.finish())
}

/// Numbers at the finest scale of the parts, so that none is rounded.
fn numbers(parts: &[Option<&LoadedColumn>], places: &[Place]) -> Option<ColumnData> {
    let scales: Vec<Option<&Rational>> = parts
        .iter()
        .map(|part| match part.map(|part| &part.data) {
            Some(ColumnData::Number { scale, .. }) => Some(scale),
            _ => None,
        })
        .collect();
    let scale = finest(scales.iter().flatten().copied())?;
    let factor = |part: &Option<&Rational>| match part {
        Some(own) => own.checked_div(&scale).and_then(|factor| factor.to_i128()),
        None => Some(0),
    };
    let factors: Vec<i128> = scales.iter().map(factor).collect::<Option<_>>()?;
    let value = |place: &Place| {
        let Some(Some(column)) = parts.get(place.part as usize) else { return Some(0) };
        let ColumnData::Number { values, .. } = &column.data else { return Some(0) };
        values.get(column.place(place.row as usize)).checked_mul(*factors.get(place.part as usize)?)
    };
    let values: Vec<i128> = places.iter().map(value).collect::<Option<_>>()?;
    Some(ColumnData::Number { values: Integers::narrowest(values), scale })
}

/// The largest number of which all scales are multiples.
fn finest<'a>(scales: impl Iterator<Item = &'a Rational>) -> Option<Rational> {
    let mut common: Option<Rational> = None;
    for scale in scales {
        common = match common {
            None => Some(scale.clone()),
            Some(known) if known == *scale => Some(known),
            Some(known) => Some(common_measure(&known, scale)?),
        };
    }
    common
}

fn common_measure(left: &Rational, right: &Rational) -> Option<Rational> {
    let ((a, b), (c, d)) = (left.small_parts()?, right.small_parts()?);
    let denominators = d.checked_div(gcd(b, d))?.checked_mul(b)?;
    let (a, c) = (a.checked_mul(denominators / b)?, c.checked_mul(denominators / d)?);
    Rational::new(gcd(a, c), denominators)
}

fn gcd(left: i128, right: i128) -> i128 {
    if right == 0 { left } else { gcd(right, left % right) }
}

/// States as bytes; `None` when all are present.
fn states(parts: &[Option<&LoadedColumn>], places: &[Place]) -> Option<Vec<u8>> {
    let state = |place: &Place| match parts.get(place.part as usize) {
        Some(Some(column)) => column.status(place.row as usize),
        _ => Status::Missing,
    };
    let all_present = parts.iter().flatten().all(|column| column.status.is_none())
        && places.iter().all(|place| matches!(parts.get(place.part as usize), Some(Some(_))));
    (!all_present).then(|| places.iter().map(|place| state(place) as u8).collect())
}

/// Do two cells hold the same?
pub(crate) fn same_cell(left: (&LoadedColumn, usize), right: (&LoadedColumn, usize)) -> bool {
    let ((a, i), (b, j)) = (left, right);
    let status = a.status(i);
    if status != b.status(j) {
        return false;
    }
    if status != Status::Present {
        return true;
    }
    let (i, j) = (a.place(i), b.place(j));
    match (&a.data, &b.data) {
        (ColumnData::Number { values: a, scale: p }, ColumnData::Number { values: b, scale: q }) => {
            let (a, b) = (a.get(i), b.get(j));
            if p == q { a == b } else { Rational::from(a) * p == Rational::from(b) * q }
        }
        (ColumnData::Bool(a), ColumnData::Bool(b)) => a.get(i) == b.get(j),
        (ColumnData::Date(a), ColumnData::Date(b)) => a.get(i) == b.get(j),
        (ColumnData::Period(a), ColumnData::Period(b)) => a.get(i) == b.get(j),
        (ColumnData::Choice(a), ColumnData::Choice(b)) => a.get(i) == b.get(j),
        (ColumnData::Text(a), ColumnData::Text(b)) => a.value(i) == b.value(j),
        (ColumnData::Key(a) | ColumnData::Reference(a), ColumnData::Key(b) | ColumnData::Reference(b)) => {
            match (a, b) {
                (Keys::Int(a), Keys::Int(b)) => a.get(i) == b.get(j),
                _ => a.get(i) == b.get(j),
            }
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn column(values: Vec<i128>, places: i32) -> LoadedColumn {
        let data =
            ColumnData::Number { values: Integers::narrowest(values), scale: Rational::pow10(-places) };
        LoadedColumn { data, status: None, heading: "余额".to_owned(), same: false }
    }

    #[test]
    fn numbers_of_different_scale_meet_at_the_finest() {
        let (fen, yuan, sixths) = (column(vec![12_345], 2), column(vec![7, 8], 0), {
            let mut sixths = column(vec![5], 0);
            if let ColumnData::Number { scale, .. } = &mut sixths.data {
                *scale = Rational::new(1, 6).unwrap();
            }
            sixths
        });
        let places = [(0, 0), (1, 1), (2, 0), (9, 0)].map(|(part, row)| Place { part, row }).to_vec();
        let found = gather(&[Some(&fen), Some(&yuan), Some(&sixths)], &places).unwrap();
        let ColumnData::Number { values, scale } = &found.data else { panic!("no numbers") };
        let text: Vec<String> =
            (0..4).map(|row| (Rational::from(values.get(row)) * scale).to_string()).collect();
        assert_eq!(text, ["123.45", "8", "5/6", "0"]);
        assert_eq!(found.status(3), Status::Missing);
        assert!(same_cell((&found, 0), (&fen, 0)) && same_cell((&found, 1), (&yuan, 1)));
        assert!(!same_cell((&found, 1), (&yuan, 0)) && !same_cell((&found, 3), (&yuan, 0)));
    }
}
