//! Comparing expected texts with values, exactly.

use crate::case::fraction;
use hengjie_evaluate::columnar::{ResultColumn, ResultData};
use hengjie_evaluate::dataset::Dataset;
use hengjie_evaluate::format::format_value;
use hengjie_evaluate::value::{Status, Value};
use hengjie_policy::core::{Attribute, Program, Source, Type};
use hengjie_quantity::{Lang, Quantity, Rational, Rounding, parse_quantity_with};

/// Decimal places asked of columns.
pub(crate) const PLACES: u32 = 9;

/// Is the value the expected one? `Err` is what it is.
pub(crate) fn agrees(
    program: &Program,
    data: &Dataset,
    expected: &str,
    value: &Value,
    ty: &Type,
) -> Result<(), String> {
    let shown = format_value(program, data, value, ty, Lang::Zh);
    let same = match (value, ty) {
        (Value::Number(number), Type::Number(unit)) => {
            quantity(program, expected) == Some(Quantity::new(number.clone(), unit.clone()))
        }
        (Value::Text(text), _) => expected.trim_matches(['“', '”']) == &**text,
        _ => expected.trim_matches(['「', '」']) == shown,
    };
    if same { Ok(()) } else { Err(shown) }
}

/// `94.52分`, `100/3分`, `12.5%`, `3`
fn quantity(program: &Program, text: &str) -> Option<Quantity> {
    let counters: Vec<String> = program.kinds.iter().map(|kind| kind.counter.clone()).collect();
    let Some((numerator, denominator, unit)) = fraction(text) else {
        return parse_quantity_with(text, &counters);
    };
    let whole = parse_quantity_with(&format!("{numerator}{unit}"), &counters)?;
    let value = whole.value.checked_div(&Rational::parse_decimal(denominator)?)?;
    Some(Quantity::new(value, whole.unit))
}

/// Values that columns hold: no texts and collections, and of rows only those of tables.
pub(crate) fn has_column(attribute: &Attribute) -> bool {
    let rows = attribute.context.rows.as_ref().map(|rows| &rows.source);
    !matches!(attribute.ty.base, Type::Text | Type::Collection(_))
        && rows.is_none_or(|source| matches!(source, Source::Rows(_)))
}

/// Does a lane of a column hold the value of the row evaluator? `Err` is what it holds.
pub(crate) fn column_agrees(column: &ResultColumn, lane: usize, value: &Value) -> Result<(), String> {
    let status = column.status.as_ref().map_or(Status::Present as u8, |status| status[lane]);
    if status != value.status() as u8 || !value.is_present() {
        let same = status == value.status() as u8;
        return if same { Ok(()) } else { Err(format!("状态 {status}，不是 {:?}", value.status())) };
    }
    match (&column.data, value) {
        (ResultData::Number { values, places, rounded }, Value::Number(number)) => {
            let quantum = Rational::pow10(-(*places as i32));
            let found = Rational::from(values.get(lane)) * &quantum;
            let shown = number.round_to(&quantum, Rounding::HalfUp);
            // Only what has more places than were asked for may be rounded.
            let exact = found == *number || (*rounded && *places == PLACES);
            if shown.as_ref() == Some(&found) && exact { Ok(()) } else { Err(found.to_string()) }
        }
        (ResultData::Bool(values), Value::Bool(truth)) if values[lane] == *truth => Ok(()),
        (ResultData::Code(values), value) if code(value) == Some(values[lane]) => Ok(()),
        (data, _) => Err(format!("{data:?}")),
    }
}

/// How a column writes a value that is no number.
fn code(value: &Value) -> Option<i32> {
    match value {
        Value::Enum(_, place) | Value::Object(_, place) | Value::Row(_, place) => i32::try_from(*place).ok(),
        Value::Date(day) => Some(day.days()),
        Value::Period(period) => Some(period.ordinal()),
        _ => None,
    }
}
