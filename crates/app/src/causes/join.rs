//! Values of two columns in one.

use arrow_array::builder::StringBuilder;
use arrow_array::{Array, StringArray};
use hengjie_calendar::{Date, Grain, Period};
use hengjie_evaluate::dataset::{Column, ColumnData, Integers};
use hengjie_quantity::Rational;

/// The columns of one field or period on both sides.
pub(super) type Columns<'a> = [Option<&'a Column>; 2];

/// Which side, and where in its column; `None`: nowhere.
pub(super) type Pick = Option<(usize, usize)>;

/// The values at some places of two columns of one sort.
pub(super) fn values(columns: Columns<'_>, picks: &[Pick]) -> ColumnData {
    let Some(sample) = columns.into_iter().flatten().next() else {
        return ColumnData::Bool(vec![false; picks.len()]);
    };
    macro_rules! copied {
        ($variant:ident, $otherwise:expr) => {{
            let value = |pick: &Pick| match pick.and_then(|(side, at)| Some((&columns[side]?.data, at))) {
                Some((ColumnData::$variant(values), at)) => values.get(at).copied().unwrap_or($otherwise),
                _ => $otherwise,
            };
            picks.iter().map(value).collect::<Vec<_>>()
        }};
    }
    match &sample.data {
        ColumnData::Number { .. } => numbers(columns, picks),
        ColumnData::Bool(_) => ColumnData::Bool(copied!(Bool, false)),
        ColumnData::Date(_) => ColumnData::Date(copied!(Date, Date::MIN)),
        ColumnData::Period(_) => {
            ColumnData::Period(copied!(Period, Period::containing(Grain::Day, Date::MIN)))
        }
        ColumnData::Enum(_) => ColumnData::Enum(copied!(Enum, 0)),
        ColumnData::Object(_) => ColumnData::Object(copied!(Object, 0).into()),
        ColumnData::Text(_) => ColumnData::Text(texts(columns, picks)),
    }
}

fn texts(columns: Columns<'_>, picks: &[Pick]) -> StringArray {
    let mut texts = StringBuilder::new();
    for pick in picks {
        let found = pick.and_then(|(side, at)| match &columns[side]?.data {
            ColumnData::Text(values) if at < values.len() => Some(values.value(at)),
            _ => None,
        });
        texts.append_value(found.unwrap_or_default());
    }
    texts.finish()
}

/// Numbers of two columns that may count in different units, such as 元 and 万元: both are put into one that fits both.
fn numbers(columns: Columns<'_>, picks: &[Pick]) -> ColumnData {
    let scale = |column: Option<&Column>| match column.map(|column| &column.data) {
        Some(ColumnData::Number { scale, .. }) => Some(scale.clone()),
        _ => None,
    };
    let scales = [scale(columns[0]), scale(columns[1])];
    let common = match &scales {
        [Some(left), Some(right)] if left != right => shared_scale(left, right),
        [Some(one), _] | [None, Some(one)] => one.clone(),
        [None, None] => Rational::ONE,
    };
    let factors =
        scales.map(|scale| scale.and_then(|scale| scale.checked_div(&common)?.to_i128()).unwrap_or(1));
    let value =
        |pick: &Pick| match pick.and_then(|(side, at)| Some((&columns[side]?.data, at, factors[side]))) {
            Some((ColumnData::Number { values, .. }, at, factor)) => values.get(at).saturating_mul(factor),
            _ => 0,
        };
    ColumnData::Number { values: Integers::I128(picks.iter().map(value).collect()), scale: common }
}

/// The largest scale of which both are whole multiples.
fn shared_scale(left: &Rational, right: &Rational) -> Rational {
    // Scales are positive.
    let ratio = left.checked_div(right);
    let parts = ratio.and_then(|ratio| right.checked_div(&Rational::from(ratio.denominator())));
    parts.unwrap_or(Rational::ONE)
}
