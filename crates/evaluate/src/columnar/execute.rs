//! Runs a plan on a chunk of lanes.

use super::exact::{self, Exact};
use super::number::{Numeric, div_floor};
use super::plan::{FoldOperation, Index, NOBODY, Node, OnExempt, Plan, Side, Source, Ty};
use super::vector::{Data, Vector, strict};
use crate::dataset::{Column, ColumnData, Integers};
use crate::value::Status;
use hengjie_calendar::Date;
use hengjie_policy::core::Comparison;
use hengjie_quantity::Rounding;
use std::borrow::Cow;
use std::ops::Range;

const NONE: u8 = Status::None as u8;
const EXEMPT: u8 = Status::Exempt as u8;
const MISSING: u8 = Status::Missing as u8;

/// The values of `plan` in `lanes`.
pub(crate) fn run<'p>(plan: &'p Plan<'_>, lanes: &Range<usize>) -> Vector<'p> {
    let count = lanes.len();
    match &plan.node {
        Node::Int(value) => Vector::present(Data::Same(*value)),
        Node::Bool(value) => Vector::present(Data::Bool(vec![*value; count].into())),
        Node::Code(value) => Vector::present(Data::SameCode(*value)),
        Node::State(state) => {
            let data = match plan.ty {
                Ty::Number(_) => Data::Same(0),
                Ty::Bool => Data::Bool(vec![false; count].into()),
                Ty::Code => Data::SameCode(0),
            };
            Vector { data, status: Some(vec![*state as u8; count].into()) }
        }
        Node::Read(source, index) => read(source, index, lanes),
        Node::Position(index) => position(index, lanes),
        Node::Scaled(value, _) => run(value, lanes),
        Node::Multiply(value, factor) => {
            let value = run(value, lanes);
            let data = map_int(
                &value,
                count,
                narrow(plan),
                |v| v.wrapping_mul(*factor as i64),
                |v| v.wrapping_mul(*factor),
            );
            Vector { data, status: value.status }
        }
        Node::Coarsen(value, num, den) => {
            let value = run(value, lanes);
            let data = map_wide(&value, count, narrow(plan), |v| div_floor(v.wrapping_mul(*num), *den));
            Vector { data, status: value.status }
        }
        Node::Negate(value) => {
            let value = run(value, lanes);
            let data = map_int(&value, count, narrow(plan), i64::wrapping_neg, i128::wrapping_neg);
            Vector { data, status: value.status }
        }
        Node::Absolute(value) => {
            let value = run(value, lanes);
            let data = map_int(&value, count, narrow(plan), i64::wrapping_abs, i128::wrapping_abs);
            Vector { data, status: value.status }
        }
        Node::Add(a, b) => {
            let (a, b) = (run(a, lanes), run(b, lanes));
            let data = zip_int(&a, &b, count, narrow(plan), i64::wrapping_add, i128::wrapping_add);
            Vector { data, status: strict(&a, &b) }
        }
        Node::Times(a, b) => {
            let (a, b) = (run(a, lanes), run(b, lanes));
            let data = zip_int(&a, &b, count, narrow(plan), i64::wrapping_mul, i128::wrapping_mul);
            Vector { data, status: strict(&a, &b) }
        }
        Node::Divide(a, b, num, den) => divide(plan, &run(a, lanes), &run(b, lanes), count, *num, *den),
        Node::Extreme(items, side, exempt) => extreme(plan, items, *side, *exempt, lanes),
        Node::Round(value, mode, num, den) => round(plan, value, *mode, *num, *den, lanes),
        Node::Compare(comparison, a, b) => compare(*comparison, a, b, lanes),
        Node::CompareCode(comparison, a, b) => {
            compare_codes(*comparison, &run(a, lanes), &run(b, lanes), count)
        }
        Node::TextIs(column, texts, index, wanted, negate) => {
            let (places, mut status) = places(index, lanes);
            let mut data = vec![false; count];
            for (lane, place) in places.iter().enumerate() {
                let place = column.place(*place as usize);
                if place < arrow_array::Array::len(*texts) {
                    data[lane] = (texts.value(place) == wanted.as_ref()) != *negate;
                    set_state(&mut status, lane, count, column.status(place) as u8);
                }
            }
            Vector { data: Data::Bool(data.into()), status: status.map(Cow::Owned) }
        }
        Node::All(items) => logic(items, lanes, false),
        Node::Any(items) => logic(items, lanes, true),
        Node::AtLeast(wanted, items) => at_least(wanted, items, lanes),
        Node::Not(value) => {
            let value = run(value, lanes);
            let data: Vec<bool> = match &value.data {
                Data::Bool(values) => values.iter().map(|v| !v).collect(),
                _ => (0..count).map(|lane| value.int(lane) == 0).collect(),
            };
            Vector { data: Data::Bool(data.into()), status: value.status }
        }
        Node::If(arms, otherwise) => choose(plan, arms, otherwise, lanes),
        Node::Answer(value, state, default) => answer(plan, value, *state, default, lanes),
        Node::IsSome(value) => {
            let value = run(value, lanes);
            let data = (0..count).map(|lane| value.state(lane) != NONE).collect::<Vec<_>>();
            let status = value
                .status
                .map(|states| states.iter().map(|&state| if state > EXEMPT { state } else { 0 }).collect());
            Vector { data: Data::Bool(data.into()), status }
        }
        Node::Truth(condition) => Vector::present(Data::Bool(run(condition, lanes).truth(count).into())),
        Node::Holds(condition) => {
            let condition = run(condition, lanes);
            if condition.status.is_none() {
                return condition;
            }
            let data = (0..count)
                .map(|lane| condition.state(lane) == 0 && condition.int(lane) != 0)
                .collect::<Vec<_>>();
            let status = condition
                .status
                .map(|states| states.iter().map(|&state| if state > EXEMPT { state } else { 0 }).collect());
            Vector { data: Data::Bool(data.into()), status }
        }
        Node::Where(condition, value) => {
            let truth = run(condition, lanes).truth(count);
            let value = run(value, lanes);
            if !truth.contains(&false) {
                return value;
            }
            let mut states = value.status.map_or_else(|| vec![0; count], Cow::into_owned);
            for (state, truth) in states.iter_mut().zip(&truth) {
                if !truth {
                    *state = NONE;
                }
            }
            Vector { data: value.data, status: Some(states.into()) }
        }
        Node::RowOfCode(code, rows) => row_of_code(&run(code, lanes), rows, count),
        Node::RowOfCases(keys, cases) => row_of_cases(keys, cases, lanes),
        Node::RowOfBand(value, borders, rows) => row_of_band(&run(value, lanes), borders, rows, count),
        Node::CellOf(row, values, states) => cell(plan, &run(row, lanes), values, states, count),
        Node::Fold(operation, items) => fold(plan, *operation, items, lanes),
        Node::GroupRead(key, groups, column, empty, empty_state) => {
            let key = run(key, lanes);
            let mut status: Option<Vec<u8>> = None;
            let mut data = vec![*empty; count];
            for (lane, value) in data.iter_mut().enumerate() {
                match groups.find(key.state(lane), key.int(lane)) {
                    Ok(Some(group)) => {
                        *value = column.data.int(group as usize);
                        set_state(&mut status, lane, count, column.state(group as usize));
                    }
                    Ok(None) => set_state(&mut status, lane, count, *empty_state),
                    Err(state) => set_state(&mut status, lane, count, state),
                }
            }
            Vector { data: store(plan, data), status: status.map(Cow::Owned) }
        }
        Node::Months(from, to) => {
            let (from, to) = (run(from, lanes), run(to, lanes));
            let data =
                (0..count).map(|lane| i64::from(months(from.code(lane), to.code(lane)))).collect::<Vec<_>>();
            Vector { data: Data::I64(data.into()), status: strict(&from, &to) }
        }
        Node::Shift(day, by, in_months) => shift(&run(day, lanes), &run(by, lanes), *in_months, count),
        Node::Step(code, by, low, limit) => {
            let (code, by) = (run(code, lanes), run(by, lanes));
            let mut status = strict(&code, &by).map(Cow::into_owned);
            let mut data = vec![0_i32; count];
            for (lane, value) in data.iter_mut().enumerate() {
                let moved = i128::from(code.code(lane)) + by.int(lane);
                if moved >= i128::from(*low) && moved < i128::from(*limit) {
                    *value = moved as i32;
                } else if status.as_ref().is_none_or(|states| states[lane] == 0) {
                    set_state(&mut status, lane, count, NONE);
                }
            }
            Vector { data: Data::Code(data.into()), status: status.map(Cow::Owned) }
        }
        Node::CodePart(code, by, remainder) => {
            let code = run(code, lanes);
            let part = |v: i32| if *remainder { v.rem_euclid(*by) } else { v.div_euclid(*by) };
            let data = (0..count).map(|lane| part(code.code(lane))).collect::<Vec<_>>();
            Vector { data: Data::Code(data.into()), status: code.status }
        }
        Node::CodeToInt(code) => {
            let code = run(code, lanes);
            let data = (0..count).map(|lane| i64::from(code.code(lane))).collect::<Vec<_>>();
            Vector { data: Data::I64(data.into()), status: code.status }
        }
    }
}

fn compare_codes<'p>(comparison: Comparison, a: &Vector<'p>, b: &Vector<'p>, count: usize) -> Vector<'p> {
    let data: Vec<bool> = match (&a.data, &b.data) {
        (Data::Code(x), Data::SameCode(y)) => match comparison {
            Comparison::Equal => x.iter().map(|x| x == y).collect(),
            Comparison::NotEqual => x.iter().map(|x| x != y).collect(),
            _ => x.iter().map(|x| comparison.holds(x.cmp(y))).collect(),
        },
        (Data::Code(x), Data::Code(y)) => {
            x.iter().zip(y.iter()).map(|(x, y)| comparison.holds(x.cmp(y))).collect()
        }
        (Data::SameCode(x), Data::SameCode(y)) => vec![comparison.holds(x.cmp(y)); count],
        _ => (0..count).map(|lane| comparison.holds(a.code(lane).cmp(&b.code(lane)))).collect(),
    };
    Vector { data: Data::Bool(data.into()), status: strict(a, b) }
}

fn row_of_code<'p>(code: &Vector<'_>, rows: &[i32], count: usize) -> Vector<'p> {
    if let (Data::Code(codes), None) = (&code.data, &code.status)
        && rows.iter().all(|&row| row >= 0)
        && codes.iter().all(|&code| (code as usize) < rows.len())
    {
        return Vector::present(Data::Code(codes.iter().map(|&code| rows[code as usize]).collect()));
    }
    let mut status: Option<Vec<u8>> = code.status.as_ref().map(|states| states.to_vec());
    let mut data = vec![0_i32; count];
    for (lane, value) in data.iter_mut().enumerate() {
        match usize::try_from(code.code(lane)).ok().and_then(|place| rows.get(place)) {
            Some(&row) if row >= 0 => *value = row,
            _ if code.state(lane) == 0 => set_state(&mut status, lane, count, NONE),
            _ => {}
        }
    }
    Vector { data: Data::Code(data.into()), status: status.map(Cow::Owned) }
}

/// The exact values of a plan with an error, lane by lane, for the lanes where the error could decide.
fn exact_number(plan: &Plan<'_>, lane: usize) -> hengjie_quantity::Rational {
    match exact::at(plan, lane) {
        Exact::Number(value) => value,
        _ => hengjie_quantity::Rational::ZERO,
    }
}

fn narrow(plan: &Plan<'_>) -> bool {
    plan.numeric().is_some_and(Numeric::is_narrow)
}

/// Puts 128-bit integers into the column width of the plan.
fn store<'p>(plan: &Plan<'_>, values: Vec<i128>) -> Data<'p> {
    match &plan.ty {
        Ty::Number(numeric) if numeric.is_narrow() => {
            Data::I64(values.into_iter().map(|v| v as i64).collect())
        }
        Ty::Number(_) => Data::I128(values.into()),
        Ty::Bool => Data::Bool(values.into_iter().map(|v| v != 0).collect()),
        Ty::Code => Data::Code(values.into_iter().map(|v| v as i32).collect()),
    }
}

fn map_int<'p>(
    a: &Vector<'_>,
    count: usize,
    narrow: bool,
    f: impl Fn(i64) -> i64,
    wide: impl Fn(i128) -> i128,
) -> Data<'p> {
    match &a.data {
        Data::I64(values) if narrow => Data::I64(values.iter().map(|&v| f(v)).collect()),
        Data::Same(value) => Data::Same(wide(*value)),
        _ => map_wide(a, count, narrow, wide),
    }
}

fn map_wide<'p>(a: &Vector<'_>, count: usize, narrow: bool, wide: impl Fn(i128) -> i128) -> Data<'p> {
    match (&a.data, narrow) {
        (Data::Same(value), _) => Data::Same(wide(*value)),
        (Data::I64(values), true) => Data::I64(values.iter().map(|&v| wide(i128::from(v)) as i64).collect()),
        (_, true) => Data::I64((0..count).map(|lane| wide(a.int(lane)) as i64).collect()),
        (_, false) => Data::I128((0..count).map(|lane| wide(a.int(lane))).collect()),
    }
}

fn zip_int<'p>(
    a: &Vector<'_>,
    b: &Vector<'_>,
    count: usize,
    narrow: bool,
    f: impl Fn(i64, i64) -> i64,
    wide: impl Fn(i128, i128) -> i128,
) -> Data<'p> {
    let small = |v: i128| i64::try_from(v).ok();
    match (&a.data, &b.data) {
        (Data::I64(x), Data::I64(y)) if narrow => {
            Data::I64(x.iter().zip(y.iter()).map(|(&x, &y)| f(x, y)).collect())
        }
        (Data::I64(x), Data::Same(y)) if narrow && small(*y).is_some() => {
            let y = *y as i64;
            Data::I64(x.iter().map(|&x| f(x, y)).collect())
        }
        (Data::Same(x), Data::I64(y)) if narrow && small(*x).is_some() => {
            let x = *x as i64;
            Data::I64(y.iter().map(|&y| f(x, y)).collect())
        }
        (Data::Same(x), Data::Same(y)) => Data::Same(wide(*x, *y)),
        _ if narrow => Data::I64((0..count).map(|lane| wide(a.int(lane), b.int(lane)) as i64).collect()),
        _ => Data::I128((0..count).map(|lane| wide(a.int(lane), b.int(lane))).collect()),
    }
}

fn set_state(status: &mut Option<Vec<u8>>, lane: usize, count: usize, state: u8) {
    if state != 0 {
        status.get_or_insert_with(|| vec![0; count])[lane] = state;
    }
}

/// The positions that the lanes read; lanes without an object get the state of the object.
fn places<'p>(index: &'p Index<'_>, lanes: &Range<usize>) -> (Cow<'p, [u32]>, Option<Vec<u8>>) {
    match index {
        Index::Lane => (lanes.clone().map(|lane| lane as u32).collect(), None),
        Index::Map(map) => {
            let slice = &map[lanes.clone()];
            let status = slice
                .contains(&NOBODY)
                .then(|| slice.iter().map(|&place| if place == NOBODY { MISSING } else { 0 }).collect());
            (slice.into(), status)
        }
        Index::By(plan) => {
            let objects = run(plan, lanes);
            let places = (0..lanes.len())
                .map(|lane| if objects.state(lane) == 0 { objects.code(lane) as u32 } else { NOBODY });
            (places.collect(), objects.status.map(Cow::into_owned))
        }
        Index::Fixed(place) => (vec![*place; lanes.len()].into(), None),
    }
}

fn position<'p>(index: &'p Index<'_>, lanes: &Range<usize>) -> Vector<'p> {
    let (places, status) = places(index, lanes);
    let data = places.iter().map(|&place| if place == NOBODY { 0 } else { place as i32 }).collect::<Vec<_>>();
    Vector { data: Data::Code(data.into()), status: status.map(Cow::Owned) }
}

fn read<'p>(source: &'p Source<'_>, index: &'p Index<'_>, lanes: &Range<usize>) -> Vector<'p> {
    match (source, index) {
        (Source::Computed(column), Index::Lane) => Vector {
            data: column.data.slice(lanes.start, lanes.end),
            status: column.status.as_ref().map(|states| (&states[lanes.clone()]).into()),
        },
        (Source::Facts(column), Index::Lane | Index::Fixed(_)) if column.same => same(column, lanes.len()),
        (Source::Facts(column), Index::Lane) => Vector {
            data: facts_slice(&column.data, lanes),
            status: column.status.as_ref().map(|states| (&states[lanes.clone()]).into()),
        },
        (_, Index::Fixed(place)) => {
            let place = *place as usize;
            let (int, state, code) = match source {
                Source::Computed(column) => {
                    (column.data.int(place), column.state(place), matches!(column.ty, Ty::Code))
                }
                Source::Facts(column) => (
                    facts_int(&column.data, place),
                    column.status(place) as u8,
                    !matches!(column.data, ColumnData::Number { .. }),
                ),
            };
            let status = (state != 0).then(|| vec![state; lanes.len()].into());
            Vector { data: if code { Data::SameCode(int as i32) } else { Data::Same(int) }, status }
        }
        (source, index) => {
            let (places, status) = places(index, lanes);
            gather(source, &places, status)
        }
    }
}

/// The one value of a column in so many lanes.
fn same<'p>(column: &Column, count: usize) -> Vector<'p> {
    let int = facts_int(&column.data, 0);
    let data = match &column.data {
        ColumnData::Number { .. } => Data::Same(int),
        ColumnData::Bool(_) => Data::Bool(vec![int != 0; count].into()),
        _ => Data::SameCode(int as i32),
    };
    let state = column.status(0) as u8;
    Vector { data, status: (state != 0).then(|| vec![state; count].into()) }
}

fn gather<'p>(source: &Source<'_>, places: &[u32], mut status: Option<Vec<u8>>) -> Vector<'p> {
    let count = places.len();
    if let Source::Facts(column) = source
        && column.same
    {
        let mut all = same(column, count);
        for (lane, &place) in places.iter().enumerate() {
            // an object that is not there has no value either
            let state = status.as_ref().map_or(0, |states| states[lane]);
            let own = if place == NOBODY { MISSING } else { column.status(0) as u8 };
            set_state(&mut status, lane, count, if state == 0 { own } else { state });
        }
        all.status = status.map(Cow::Owned);
        return all;
    }
    let (len, states): (usize, Option<&[u8]>) = match source {
        Source::Computed(column) => (column.data.len(), column.status.as_deref()),
        Source::Facts(column) => (facts_len(column), column.status.as_deref()),
    };
    for (lane, &place) in places.iter().enumerate() {
        if (place as usize) < len {
            if let Some(states) = states {
                set_state(&mut status, lane, count, states[place as usize]);
            }
        } else if status.as_ref().is_none_or(|states| states[lane] == 0) {
            set_state(&mut status, lane, count, MISSING);
        }
    }
    macro_rules! pick {
        ($values:expr, $variant:ident, $default:expr) => {
            Data::$variant(
                places
                    .iter()
                    .map(|&place| $values.get(place as usize).copied().map_or($default, Into::into))
                    .collect(),
            )
        };
    }
    let data = match source {
        Source::Computed(column) => match &column.data {
            super::plan::Stored::I64(values) => pick!(values, I64, 0),
            super::plan::Stored::I128(values) => pick!(values, I128, 0),
            super::plan::Stored::Bool(values) => pick!(values, Bool, false),
            super::plan::Stored::Code(values) => pick!(values, Code, 0),
        },
        Source::Facts(column) => match &column.data {
            ColumnData::Number { values, .. } => match values {
                Integers::I16(values) => pick!(values, I64, 0),
                Integers::I32(values) => pick!(values, I64, 0),
                Integers::I64(values) => pick!(values, I64, 0),
                Integers::I128(values) => pick!(values, I128, 0),
            },
            ColumnData::Bool(values) => pick!(values, Bool, false),
            other => Data::Code(
                places
                    .iter()
                    .map(
                        |&place| {
                            if (place as usize) < len { facts_int(other, place as usize) as i32 } else { 0 }
                        },
                    )
                    .collect(),
            ),
        },
    };
    Vector { data, status: status.map(Cow::Owned) }
}

pub(crate) fn facts_len(column: &Column) -> usize {
    if column.same {
        return NOBODY as usize;
    }
    match &column.data {
        ColumnData::Number { values, .. } => values.len(),
        ColumnData::Bool(values) => values.len(),
        ColumnData::Date(values) => values.len(),
        ColumnData::Period(values) => values.len(),
        ColumnData::Enum(values) => values.len(),
        ColumnData::Object(values) => values.len(),
        ColumnData::Text(values) => arrow_array::Array::len(values),
    }
}

/// The integer or code of a fact; 0 outside.
pub(crate) fn facts_int(data: &ColumnData, place: usize) -> i128 {
    match data {
        ColumnData::Number { values, .. } => values.get(place),
        ColumnData::Bool(values) => values.get(place).copied().map_or(0, i128::from),
        ColumnData::Date(values) => values.get(place).map_or(0, |day| i128::from(day.days())),
        ColumnData::Period(values) => values.get(place).map_or(0, |period| i128::from(period.ordinal())),
        ColumnData::Enum(values) => values.get(place).copied().map_or(0, i128::from),
        ColumnData::Object(values) => {
            values.get(place).copied().map_or(0, |v| if v == NOBODY { 0 } else { i128::from(v) })
        }
        ColumnData::Text(_) => 0,
    }
}

fn facts_slice<'p>(data: &'p ColumnData, lanes: &Range<usize>) -> Data<'p> {
    match data {
        ColumnData::Number { values: Integers::I64(values), .. } => {
            Data::I64((&values[lanes.clone()]).into())
        }
        ColumnData::Number { values: Integers::I128(values), .. } => {
            Data::I128((&values[lanes.clone()]).into())
        }
        ColumnData::Number { values: Integers::I32(values), .. } => {
            Data::I64(values[lanes.clone()].iter().map(|&v| i64::from(v)).collect())
        }
        ColumnData::Number { values: Integers::I16(values), .. } => {
            Data::I64(values[lanes.clone()].iter().map(|&v| i64::from(v)).collect())
        }
        ColumnData::Bool(values) => Data::Bool((&values[lanes.clone()]).into()),
        ColumnData::Enum(values) => Data::Code(values[lanes.clone()].iter().map(|&v| i32::from(v)).collect()),
        ColumnData::Date(values) => Data::Code(values[lanes.clone()].iter().map(|v| v.days()).collect()),
        other => Data::Code(lanes.clone().map(|place| facts_int(other, place) as i32).collect()),
    }
}

fn divide<'p>(
    plan: &Plan<'_>,
    a: &Vector<'_>,
    b: &Vector<'_>,
    count: usize,
    num: i128,
    den: i128,
) -> Vector<'p> {
    let mut status = strict(a, b).map(Cow::into_owned);
    if let (Data::I64(x), Data::I64(y), true, None) = (&a.data, &b.data, narrow(plan), &status)
        && y.iter().all(|&y| y > 0)
        && den == 1
    {
        let quotient = |(&x, &y): (&i64, &i64)| {
            let product = i128::from(x).wrapping_mul(num);
            // most products fit 64 bits, where division is several times faster
            match i64::try_from(product) {
                Ok(product) => product.div_euclid(y),
                Err(_) => product.div_euclid(i128::from(y)) as i64,
            }
        };
        return Vector::present(Data::I64(x.iter().zip(y.iter()).map(quotient).collect()));
    }
    let mut data = vec![0_i128; count];
    for (lane, value) in data.iter_mut().enumerate() {
        let divisor = b.int(lane);
        if divisor == 0 {
            if status.as_ref().is_none_or(|states| states[lane] == 0) {
                set_state(&mut status, lane, count, NONE);
            }
        } else {
            *value = div_floor(a.int(lane).wrapping_mul(num), divisor.wrapping_mul(den));
        }
    }
    Vector { data: store(plan, data), status: status.map(Cow::Owned) }
}

fn extreme<'p>(
    plan: &Plan<'_>,
    items: &'p [Plan<'_>],
    side: Side,
    exempt: OnExempt,
    lanes: &Range<usize>,
) -> Vector<'p> {
    let vectors: Vec<_> = items.iter().map(|item| run(item, lanes)).collect();
    let count = lanes.len();
    let largest = side == Side::Largest;
    if let [a, b] = &vectors[..]
        && a.status.is_none()
        && b.status.is_none()
    {
        let data = if largest {
            zip_int(a, b, count, narrow(plan), Ord::max, Ord::max)
        } else {
            zip_int(a, b, count, narrow(plan), Ord::min, Ord::min)
        };
        return Vector::present(data);
    }
    let mut status = None;
    let mut data = vec![0_i128; count];
    for (lane, out) in data.iter_mut().enumerate() {
        let deciding =
            vectors.iter().map(|v| v.state(lane)).filter(|&s| s != EXEMPT || exempt == OnExempt::Keep);
        let blocked = deciding.max().unwrap_or(EXEMPT);
        let present = vectors.iter().filter(|v| v.state(lane) == 0).map(|v| v.int(lane));
        let best = if largest { present.max() } else { present.min() };
        match best {
            Some(value) if blocked == 0 => *out = value,
            _ => set_state(&mut status, lane, count, blocked),
        }
    }
    Vector { data: store(plan, data), status: status.map(Cow::Owned) }
}

/// `round(n ÷ d)` for `d > 0`.
pub(crate) fn round_ratio(mode: Rounding, n: i128, d: i128) -> i128 {
    let floor = div_floor(n, d);
    let rest = n - floor * d;
    let up = match mode {
        Rounding::Down => false,
        Rounding::Up => rest != 0,
        Rounding::TowardZero => rest != 0 && n < 0,
        Rounding::HalfUp => match (2 * rest).cmp(&d) {
            std::cmp::Ordering::Less => false,
            std::cmp::Ordering::Equal => n > 0,
            std::cmp::Ordering::Greater => true,
        },
        Rounding::HalfEven => match (2 * rest).cmp(&d) {
            std::cmp::Ordering::Less => false,
            std::cmp::Ordering::Equal => floor % 2 != 0,
            std::cmp::Ordering::Greater => true,
        },
    };
    floor + i128::from(up)
}

/// The same in 64 bits.
fn round_small(mode: Rounding, n: i64, d: i64) -> i64 {
    let floor = n.div_euclid(d);
    let rest = n.rem_euclid(d);
    let up = match mode {
        Rounding::Down => false,
        Rounding::Up => rest != 0,
        Rounding::TowardZero => rest != 0 && n < 0,
        Rounding::HalfUp => 2 * rest > d || (2 * rest == d && n > 0),
        Rounding::HalfEven => 2 * rest > d || (2 * rest == d && floor % 2 != 0),
    };
    floor + i64::from(up)
}

fn round<'p>(
    plan: &Plan<'_>,
    inner: &'p Plan<'_>,
    mode: Rounding,
    num: i128,
    den: i128,
    lanes: &Range<usize>,
) -> Vector<'p> {
    let value = run(inner, lanes);
    let error = inner.numeric().map_or(0, |numeric| numeric.error);
    let count = lanes.len();
    // everything fits 64 bits: the hardware divides
    let small = inner.numeric().is_some_and(|n| {
        n.is_narrow() && n.magnitude().saturating_add(error).saturating_mul(num) <= super::number::NARROW / 4
    });
    if let (Data::I64(values), true, true, 0) =
        (&value.data, small && den <= super::number::NARROW / 4, narrow(plan), error)
    {
        let (num, den) = (num as i64, den as i64);
        let data = values.iter().map(|v| round_small(mode, v * num, den)).collect();
        return Vector { data: Data::I64(data), status: value.status };
    }
    let mut data = vec![0_i128; count];
    for (lane, out) in data.iter_mut().enumerate() {
        let v = value.int(lane);
        if small && den <= super::number::NARROW / 4 {
            let (low, high) = (((v - error) * num) as i64, ((v + error) * num) as i64);
            let rounded = round_small(mode, low, den as i64);
            if error == 0 || rounded == round_small(mode, high, den as i64) {
                *out = i128::from(rounded);
                continue;
            }
        }
        let low = round_ratio(mode, (v - error) * num, den);
        *out = low;
        if error != 0 && value.state(lane) == 0 && low != round_ratio(mode, (v + error) * num, den) {
            let Ty::Number(numeric) = &plan.ty else { continue };
            let exact = exact_number(inner, lanes.start + lane);
            let rounded = exact
                .round_to(&numeric.scale.rational(), mode)
                .and_then(|v| v.checked_div(&numeric.scale.rational()));
            *out = rounded.and_then(|v| v.to_i128()).unwrap_or(low);
        }
    }
    Vector { data: store(plan, data), status: value.status }
}

fn compare<'p>(comparison: Comparison, a: &'p Plan<'_>, b: &'p Plan<'_>, lanes: &Range<usize>) -> Vector<'p> {
    let (x, y) = (run(a, lanes), run(b, lanes));
    let status = strict(&x, &y);
    let count = lanes.len();
    let error = a.numeric().map_or(0, |n| n.error) + b.numeric().map_or(0, |n| n.error);
    let mut data: Vec<bool> = match (&x.data, &y.data) {
        (Data::I64(x), Data::Same(y)) if i64::try_from(*y).is_ok() => {
            let y = *y as i64;
            x.iter().map(|x| comparison.holds(x.cmp(&y))).collect()
        }
        (Data::I64(x), Data::I64(y)) => {
            x.iter().zip(y.iter()).map(|(x, y)| comparison.holds(x.cmp(y))).collect()
        }
        _ => (0..count).map(|lane| comparison.holds(x.int(lane).cmp(&y.int(lane)))).collect(),
    };
    if error != 0 {
        for (lane, out) in data.iter_mut().enumerate() {
            let blocked = status.as_ref().is_some_and(|states| states[lane] != 0);
            if !blocked && (x.int(lane) - y.int(lane)).abs() <= error {
                let lane = lanes.start + lane;
                *out = comparison.holds(exact_number(a, lane).cmp(&exact_number(b, lane)));
            }
        }
    }
    Vector { data: Data::Bool(data.into()), status }
}

/// 且 (`any` false) and 或 (`any` true) with three values; 免 operands are dropped; the deciding value wins over blocked ones.
fn logic<'p>(items: &'p [Plan<'_>], lanes: &Range<usize>, any: bool) -> Vector<'p> {
    let count = lanes.len();
    let mut data = vec![!any; count];
    let mut status: Option<Vec<u8>> = None;
    for item in items {
        let value = run(item, lanes);
        if let (Data::Bool(values), None, None) = (&value.data, &value.status, &status) {
            for (out, value) in data.iter_mut().zip(values.iter()) {
                *out = if any { *out | *value } else { *out & *value };
            }
            continue;
        }
        for (lane, out) in data.iter_mut().enumerate() {
            let decided = *out == any;
            match value.state(lane) {
                0 if (value.int(lane) != 0) == any => {
                    *out = any;
                    if let Some(states) = &mut status {
                        states[lane] = 0;
                    }
                }
                0 | EXEMPT => {}
                state if !decided => {
                    let states = status.get_or_insert_with(|| vec![0; count]);
                    states[lane] = states[lane].max(state);
                }
                _ => {}
            }
        }
    }
    Vector { data: Data::Bool(data.into()), status: status.map(Cow::Owned) }
}

fn at_least<'p>(wanted: &'p Plan<'_>, items: &'p [Plan<'_>], lanes: &Range<usize>) -> Vector<'p> {
    let count = lanes.len();
    let wanted_value = run(wanted, lanes);
    let scale = wanted.numeric().map_or(super::number::Scale::ONE, |n| n.scale);
    let vectors: Vec<_> = items.iter().map(|item| run(item, lanes)).collect();
    let mut data = vec![false; count];
    let mut status = None;
    for (lane, out) in data.iter_mut().enumerate() {
        if wanted_value.state(lane) != 0 {
            set_state(&mut status, lane, count, wanted_value.state(lane));
            continue;
        }
        let sure = vectors.iter().filter(|v| v.state(lane) == 0 && v.int(lane) != 0).count() as i128;
        let open = vectors.iter().filter(|v| !matches!(v.state(lane), 0 | EXEMPT)).count() as i128;
        // k × scale ≤ number of conditions met
        let needed = wanted_value.int(lane) * scale.num;
        *out = sure * scale.den >= needed;
        if !*out && (sure + open) * scale.den >= needed {
            let state = vectors.iter().map(|v| v.state(lane)).filter(|&s| s != EXEMPT).max().unwrap_or(0);
            set_state(&mut status, lane, count, state);
        }
    }
    Vector { data: Data::Bool(data.into()), status: status.map(Cow::Owned) }
}

fn choose<'p>(
    plan: &Plan<'_>,
    arms: &'p [(Plan<'_>, Plan<'_>)],
    otherwise: &'p Plan<'_>,
    lanes: &Range<usize>,
) -> Vector<'p> {
    let count = lanes.len();
    let conditions: Vec<_> = arms.iter().map(|(condition, _)| run(condition, lanes)).collect();
    let values: Vec<_> =
        arms.iter().map(|(_, value)| run(value, lanes)).chain([run(otherwise, lanes)]).collect();
    if let ([condition], [then, otherwise]) = (&conditions[..], &values[..])
        && let (Data::Bool(truth), None) = (&condition.data, &condition.status)
        && narrow(plan)
        && then.status.is_none()
        && otherwise.status.is_none()
    {
        let pick = |lane: usize| if truth[lane] { then.int(lane) as i64 } else { otherwise.int(lane) as i64 };
        return Vector::present(Data::I64((0..count).map(pick).collect()));
    }
    let mut data = vec![0_i128; count];
    let mut status = None;
    for (lane, out) in data.iter_mut().enumerate() {
        let mut taken = arms.len();
        let mut blocked = 0;
        for (arm, condition) in conditions.iter().enumerate() {
            let state = condition.state(lane);
            if state > EXEMPT {
                blocked = state;
                break;
            }
            if state == 0 && condition.int(lane) != 0 {
                taken = arm;
                break;
            }
        }
        let state = if blocked != 0 { blocked } else { values[taken].state(lane) };
        if state == 0 {
            *out = values[taken].int(lane);
        } else {
            set_state(&mut status, lane, count, state);
        }
    }
    Vector { data: store(plan, data), status: status.map(Cow::Owned) }
}

fn answer<'p>(
    plan: &Plan<'_>,
    value: &'p Plan<'_>,
    answered: Status,
    default: &'p Plan<'_>,
    lanes: &Range<usize>,
) -> Vector<'p> {
    let value = run(value, lanes);
    let Some(states) = value.status.as_deref() else { return value };
    if !states.contains(&(answered as u8)) {
        return value;
    }
    let (default, count) = (run(default, lanes), lanes.len());
    if let (Data::I64(values), Data::Same(int), None, true) =
        (&value.data, &default.data, &default.status, narrow(plan))
    {
        let (int, answered) = (*int as i64, answered as u8);
        let data = values.iter().zip(states).map(|(v, s)| if *s == answered { int } else { *v }).collect();
        let left = states.iter().map(|s| if *s == answered { 0 } else { *s }).collect::<Vec<_>>();
        let status = left.iter().any(|s| *s != 0).then_some(left);
        return Vector { data: Data::I64(data), status: status.map(Cow::Owned) };
    }
    let mut data = vec![0_i128; count];
    let mut status = None;
    for (lane, out) in data.iter_mut().enumerate() {
        let from = if value.state(lane) == answered as u8 { &default } else { &value };
        *out = from.int(lane);
        set_state(&mut status, lane, count, from.state(lane));
    }
    Vector { data: store(plan, data), status: status.map(Cow::Owned) }
}

fn row_of_cases<'p>(keys: &'p [Plan<'_>], cases: &'p [(Plan<'_>, i32)], lanes: &Range<usize>) -> Vector<'p> {
    let count = lanes.len();
    let mut data = vec![-1_i32; count];
    let mut states = vec![0_u8; count];
    for key in keys {
        let key = run(key, lanes);
        for (lane, state) in states.iter_mut().enumerate() {
            *state = key.state(lane).max(*state);
        }
    }
    for (condition, row) in cases {
        let value = run(condition, lanes);
        for (lane, out) in data.iter_mut().enumerate() {
            if *out < 0 && value.state(lane) == 0 && value.int(lane) != 0 {
                *out = *row;
            }
        }
    }
    for (out, state) in data.iter_mut().zip(&mut states) {
        if *out < 0 {
            *out = 0;
            *state = (*state).max(NONE);
        }
    }
    let status = states.iter().any(|&s| s != 0).then_some(Cow::Owned(states));
    Vector { data: Data::Code(data.into()), status }
}

/// The segment that a number of borders leads to.
pub(crate) fn band(value: i128, borders: &[i128]) -> usize {
    borders.iter().filter(|border| value >= **border).count()
}

fn row_of_band<'p>(value: &Vector<'_>, borders: &[i128], rows: &[i32], count: usize) -> Vector<'p> {
    let narrow: Option<Vec<i64>> = borders.iter().map(|border| i64::try_from(*border).ok()).collect();
    let mut data: Vec<i32> = match (&value.data, narrow) {
        (Data::I64(values), Some(borders)) => {
            let segment = |v: i64| borders.iter().map(|border| usize::from(v >= *border)).sum::<usize>();
            values.iter().map(|&v| rows[segment(v)]).collect()
        }
        _ => (0..count).map(|lane| rows[band(value.int(lane), borders)]).collect(),
    };
    let mut status: Option<Vec<u8>> = value.status.as_ref().map(|states| states.to_vec());
    if rows.iter().any(|&row| row < 0) {
        for (lane, row) in data.iter_mut().enumerate() {
            if *row < 0 {
                *row = 0;
                if value.state(lane) == 0 {
                    set_state(&mut status, lane, count, NONE);
                }
            }
        }
    }
    Vector { data: Data::Code(data.into()), status: status.map(Cow::Owned) }
}

fn cell<'p>(
    plan: &Plan<'_>,
    row: &Vector<'_>,
    values: &[i128],
    cell_states: &[u8],
    count: usize,
) -> Vector<'p> {
    let mut status: Option<Vec<u8>> = row.status.as_ref().map(|states| states.to_vec());
    let mut data = vec![0_i128; count];
    let plain = cell_states.iter().all(|&s| s == 0);
    if let (Data::Code(rows), None, true) = (&row.data, &row.status, plain) {
        let data = match &plan.ty {
            Ty::Number(numeric) if numeric.is_narrow() => {
                let values: Vec<i64> = values.iter().map(|&v| v as i64).collect();
                Data::I64(rows.iter().map(|&row| values[row as usize]).collect())
            }
            Ty::Number(_) => Data::I128(rows.iter().map(|&row| values[row as usize]).collect()),
            Ty::Bool => Data::Bool(rows.iter().map(|&row| values[row as usize] != 0).collect()),
            Ty::Code => {
                let values: Vec<i32> = values.iter().map(|&v| v as i32).collect();
                Data::Code(rows.iter().map(|&row| values[row as usize]).collect())
            }
        };
        return Vector::present(data);
    }
    for (lane, out) in data.iter_mut().enumerate() {
        if row.state(lane) == 0 {
            let place = row.code(lane) as usize;
            *out = values[place];
            if !plain {
                set_state(&mut status, lane, count, cell_states[place]);
            }
        }
    }
    Vector { data: store(plan, data), status: status.map(Cow::Owned) }
}

fn fold<'p>(
    plan: &Plan<'_>,
    operation: FoldOperation,
    items: &'p [(Option<Plan<'_>>, Plan<'_>)],
    lanes: &Range<usize>,
) -> Vector<'p> {
    let count = lanes.len();
    if operation == FoldOperation::Sum && narrow(plan) {
        return fold_sum(items, lanes);
    }
    let mut state = FoldState::new(operation, count);
    for (condition, value) in items {
        let condition = condition.as_ref().map(|c| run(c, lanes));
        let value = run(value, lanes);
        for lane in 0..count {
            state.add(
                lane,
                condition.as_ref().map(|c| (c.state(lane), c.int(lane))),
                (value.state(lane), value.int(lane)),
            );
        }
    }
    let (data, states) = state.finish();
    let status = states.iter().any(|&s| s != 0).then_some(Cow::Owned(states));
    Vector { data: store(plan, data), status }
}

/// The sum of the elements that are in and there, in 64 bits.
fn fold_sum<'p>(items: &'p [(Option<Plan<'_>>, Plan<'_>)], lanes: &Range<usize>) -> Vector<'p> {
    let count = lanes.len();
    let mut sums = vec![0_i64; count];
    let mut blocked: Option<Vec<u8>> = None;
    for (condition, value) in items {
        let condition = condition.as_ref().map(|condition| run(condition, lanes));
        let value = run(value, lanes);
        for (lane, sum) in sums.iter_mut().enumerate() {
            let (state, holds) = condition.as_ref().map_or((0, true), |c| (c.state(lane), c.int(lane) != 0));
            let state = match state {
                0 if holds => value.state(lane),
                0 => EXEMPT,
                state => state,
            };
            match state {
                0 => *sum = sum.wrapping_add(value.int(lane) as i64),
                state if state > EXEMPT => {
                    let states = blocked.get_or_insert_with(|| vec![0; count]);
                    states[lane] = states[lane].max(state);
                }
                _ => {}
            }
        }
    }
    Vector { data: Data::I64(sums.into()), status: blocked.map(Cow::Owned) }
}

/// The running state of a fold in each lane.
pub(crate) struct FoldState {
    operation: FoldOperation,
    values: Vec<i128>,
    /// Has an element been taken?
    seen: Vec<bool>,
    /// Nothing more can change the result (a first element, an ended run, a decided quantifier).
    done: Vec<bool>,
    blocked: Vec<u8>,
}

impl FoldState {
    pub(crate) fn new(operation: FoldOperation, count: usize) -> Self {
        let start = i128::from(operation == FoldOperation::Every);
        Self {
            operation,
            values: vec![start; count],
            seen: vec![false; count],
            done: vec![false; count],
            blocked: vec![0; count],
        }
    }

    /// Takes an element: (state, value) of its condition, if there is one, and of its value.
    pub(crate) fn add(&mut self, lane: usize, condition: Option<(u8, i128)>, (state, value): (u8, i128)) {
        if self.done[lane] {
            return;
        }
        match condition {
            Some((state, _)) if state > EXEMPT => return self.block(lane, state),
            Some((0, truth)) if truth != 0 => {}
            None => {}
            Some(_) => return,
        }
        if state > EXEMPT {
            return self.block(lane, state);
        }
        if state != 0 && self.operation != FoldOperation::LeadingRun {
            return;
        }
        let current = &mut self.values[lane];
        match self.operation {
            FoldOperation::Sum => *current += value,
            FoldOperation::Count => *current += 1,
            FoldOperation::Max => *current = if self.seen[lane] { (*current).max(value) } else { value },
            FoldOperation::Min => *current = if self.seen[lane] { (*current).min(value) } else { value },
            FoldOperation::Exists if value != 0 => {
                *current = 1;
                self.done[lane] = true;
                self.blocked[lane] = 0;
            }
            FoldOperation::Every if value == 0 => {
                *current = 0;
                self.done[lane] = true;
                self.blocked[lane] = 0;
            }
            FoldOperation::Exists | FoldOperation::Every => {}
            FoldOperation::First => {
                *current = value;
                self.done[lane] = true;
            }
            FoldOperation::LeadingRun if state == 0 && value != 0 => *current += 1,
            FoldOperation::LeadingRun => self.done[lane] = true,
        }
        self.seen[lane] = true;
    }

    fn block(&mut self, lane: usize, state: u8) {
        self.blocked[lane] = self.blocked[lane].max(state);
        if matches!(self.operation, FoldOperation::First | FoldOperation::LeadingRun) {
            self.done[lane] = true;
        }
    }

    pub(crate) fn finish(self) -> (Vec<i128>, Vec<u8>) {
        let optional =
            matches!(self.operation, FoldOperation::Max | FoldOperation::Min | FoldOperation::First);
        let states = (self.blocked.iter().zip(&self.seen))
            .map(|(&blocked, &seen)| {
                if blocked != 0 {
                    blocked
                } else if optional && !seen {
                    NONE
                } else {
                    0
                }
            })
            .collect();
        (self.values, states)
    }
}

pub(crate) fn months(from: i32, to: i32) -> i32 {
    match (Date::from_days(from), Date::from_days(to)) {
        (Some(from), Some(to)) => Date::full_months_between(from, to),
        _ => 0,
    }
}

fn shift<'p>(day: &Vector<'_>, by: &Vector<'_>, in_months: bool, count: usize) -> Vector<'p> {
    let mut status = strict(day, by).map(Cow::into_owned);
    if let (Data::SameCode(day), Data::Same(by), None) = (&day.data, &by.data, &status)
        && let Some(moved) = shifted(*day, *by, in_months)
    {
        return Vector::present(Data::SameCode(moved));
    }
    let mut data = vec![0_i32; count];
    for (lane, out) in data.iter_mut().enumerate() {
        match shifted(day.code(lane), by.int(lane), in_months) {
            Some(moved) => *out = moved,
            None if status.as_ref().is_none_or(|states| states[lane] == 0) => {
                set_state(&mut status, lane, count, NONE)
            }
            None => {}
        }
    }
    Vector { data: Data::Code(data.into()), status: status.map(Cow::Owned) }
}

pub(crate) fn shifted(day: i32, by: i128, in_months: bool) -> Option<i32> {
    let (day, by) = (Date::from_days(day)?, i32::try_from(by).ok()?);
    let moved = if in_months { day.add_months(by)? } else { day.add_days(by)? };
    Some(moved.days())
}
