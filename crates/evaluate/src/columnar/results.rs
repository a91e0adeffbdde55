//! The outside of the columnar evaluator: what is asked for and what comes out.

use super::engine::{Engine, Instance, RowKey};
use super::exact::{self, Exact};
use super::execute::round_ratio;
use super::number::Scale;
use super::plan::{Computed, Stored, Ty};
use super::{Result, Unsupported};
use crate::dataset::{Dataset, Integers};
use hengjie_calendar::Period;
use hengjie_policy::core::{AttributeId, Program, Source, Type};
use hengjie_quantity::{Rational, Rounding};

/// What to compute.
#[derive(Debug, Clone)]
pub struct Request {
    /// Attributes whose values are wanted.
    pub attributes: Vec<AttributeId>,
    /// Periods of the run; an attribute is computed in those of its grain.
    pub periods: Vec<Period>,
    /// Decimal places shown for numbers that no rule rounds, in the base unit; the rounding is half-up and exact.
    pub places: u32,
}

/// What was computed.
#[derive(Debug, Default)]
pub struct Results {
    /// One per attribute, row of its table and period, in the order asked for.
    pub columns: Vec<ResultColumn>,
    /// Attribute instances that were computed row by row: attribute name, period, reason.
    pub row_by_row: Vec<(String, Option<Period>, &'static str)>,
    /// Values that were computed, those in between included.
    pub values: u64,
    /// How many of them had to be computed with exact fractions, because fixed point could not decide them, or row by row.
    pub exactly: u64,
}

/// One column: one value per subject of the attribute's kind, in data order (one value for 全体).
#[derive(Debug, Clone)]
pub struct ResultColumn {
    pub attribute: AttributeId,
    /// Row of the table of a 逐 attribute.
    pub row: Option<u32>,
    pub period: Option<Period>,
    pub data: ResultData,
    /// [`crate::value::Status`] as `u8`; `None`: all present.
    pub status: Option<Vec<u8>>,
}

/// The values.
#[derive(Debug, Clone)]
pub enum ResultData {
    /// Integers with decimal places, in base units. `rounded`: some value had more places than are shown.
    Number {
        values: Integers,
        places: u32,
        rounded: bool,
    },
    Bool(Vec<bool>),
    /// Ordinals, positions, rows, days or period ordinals, by the attribute's type.
    Code(Vec<i32>),
}

/// Computes the columns asked for. `progress` is told how many of how many columns are done; an answer of `false` stops
/// the run, and what was done so far is returned.
///
/// Collection- and text-valued attributes have no columns and are left out.
pub fn evaluate(
    program: &Program,
    data: &Dataset,
    request: &Request,
    progress: &dyn Fn(usize, usize) -> bool,
) -> Results {
    let mut engine = Engine::new(program, data);
    engine.release_for(&request.attributes);
    with_engine(&mut engine, request, progress)
}

/// Attribute and period of what was computed row by row, and the reason.
pub(super) fn named(
    program: &Program,
    (id, _, period): &Instance,
    reason: &'static str,
) -> (String, Option<Period>, &'static str) {
    let name = program.attributes.get(id.index()).map(|attribute| attribute.name.clone());
    (name.unwrap_or_default(), *period, reason)
}

/// Computes with an engine that may have computed something before.
pub(super) fn with_engine(
    engine: &mut Engine<'_>,
    request: &Request,
    progress: &dyn Fn(usize, usize) -> bool,
) -> Results {
    let program = engine.program;
    let instances = instances(program, request);
    let mut results = Results::default();
    for (done, (attribute, row, period)) in instances.iter().enumerate() {
        if !progress(done, instances.len()) {
            break;
        }
        let Ok(column) = engine.column(*attribute, *row, *period) else { continue };
        let (shown, exactly) = exact::counting(|| show(&column, request.places));
        engine.exactly += exactly;
        if let Ok(shown) = shown {
            let row = if let RowKey::Row(row) = row { Some(*row) } else { None };
            let status = column.status.clone();
            results.columns.push(ResultColumn {
                attribute: *attribute,
                row,
                period: *period,
                data: shown,
                status,
            });
        }
        drop(column);
        // the rows of a table stand one after the other
        if instances.get(done + 1).is_none_or(|next| (next.0, next.2) != (*attribute, *period)) {
            engine.shown(*attribute, *period);
        }
    }
    progress(instances.len(), instances.len());
    (results.values, results.exactly) = (engine.values, engine.exactly);
    results.row_by_row =
        engine.fallbacks.iter().map(|(instance, reason)| named(program, instance, reason)).collect();
    results
}

/// The instances of a request, in dependency order within each period so that chains stay shallow.
fn instances(program: &Program, request: &Request) -> Vec<(AttributeId, RowKey, Option<Period>)> {
    let mut instances = Vec::new();
    for id in &program.order {
        if !request.attributes.contains(id) {
            continue;
        }
        let Some(attribute) = program.attributes.get(id.index()) else { continue };
        if matches!(attribute.ty.base, Type::Collection(_) | Type::Text) {
            continue;
        }
        let rows = match attribute.context.rows.as_ref().map(|rows| &rows.source) {
            None => vec![RowKey::None],
            Some(Source::Rows(table)) => {
                let rows = program.tables.get(table.index()).map_or(0, |table| table.rows.len());
                (0..rows).map(|row| RowKey::Row(row as u32)).collect()
            }
            Some(_) => continue,
        };
        let periods: Vec<Option<Period>> = match attribute.context.grain {
            None => vec![None],
            Some(grain) => request.periods.iter().filter(|p| p.grain() == grain).map(|p| Some(*p)).collect(),
        };
        for period in periods {
            instances.extend(rows.iter().map(|row| (*id, *row, period)));
        }
    }
    instances.sort_by_key(|(_, _, period)| period.map(|period| period.last_day()));
    instances
}

fn show(column: &Computed<'_>, places: u32) -> Result<ResultData> {
    match (&column.data, &column.ty) {
        (Stored::Bool(values), _) => Ok(ResultData::Bool(values.clone())),
        (Stored::Code(values), Ty::Code) => Ok(ResultData::Code(values.to_vec())),
        (_, Ty::Number(numeric)) => decimals(column, numeric.scale, numeric.error, places),
        _ => Err(Unsupported("a column that cannot be shown")),
    }
}

/// Half-up to so many places, exactly; fewer places when the scale has fewer.
fn decimals(column: &Computed<'_>, scale: Scale, error: i128, most: u32) -> Result<ResultData> {
    let own = (0..=most).find(|&places| error == 0 && 10_i128.pow(places) % scale.den == 0);
    let places = own.unwrap_or(most);
    let ratio = scale
        .times(Scale { num: 10_i128.pow(places), den: 1 })
        .ok_or(Unsupported("a scale beyond 120 bits"))?;
    let quantum = Rational::pow10(-(places as i32));
    let (narrow, shift) = (matches!(column.data, Stored::I64(_)), ratio.den == 1);
    if let (Stored::I64(values), true, 1, 0) = (&column.data, shift, ratio.num, error) {
        return Ok(ResultData::Number { values: Integers::I64(values.clone()), places, rounded: false });
    }
    let mut shown = Vec::with_capacity(column.data.len());
    for lane in 0..column.data.len() {
        let value = column.data.int(lane);
        if column.state(lane) != 0 {
            shown.push(0);
            continue;
        }
        let product = |v: i128| v.checked_mul(ratio.num).ok_or(Unsupported("a number too large to show"));
        let low = round_ratio(Rounding::HalfUp, product(value - error)?, ratio.den);
        let high =
            if error == 0 { low } else { round_ratio(Rounding::HalfUp, product(value + error)?, ratio.den) };
        shown.push(if low == high { low } else { exactly(column, lane, &quantum).unwrap_or(low) });
    }
    let small = narrow || shown.iter().all(|&v| i64::try_from(v).is_ok());
    let values = if small {
        Integers::I64(shown.into_iter().map(|v| v as i64).collect())
    } else {
        Integers::I128(shown)
    };
    Ok(ResultData::Number { values, places, rounded: !shift || error != 0 })
}

fn exactly(column: &Computed<'_>, lane: usize, quantum: &Rational) -> Option<i128> {
    let value = match (&column.plan, &column.fractions) {
        (Some(plan), _) => match exact::at(plan, lane) {
            Exact::Number(value) => value,
            _ => return None,
        },
        (None, Some(fractions)) => fractions.get(lane)?.clone(),
        (None, None) => return None,
    };
    value.round_to(quantum, Rounding::HalfUp)?.checked_div(quantum)?.to_i128()
}
