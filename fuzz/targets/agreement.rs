//! Columns and rows give the same for every value of an example. Shared by the fuzz target and the tests of `evaluate`.

use hengjie_calendar::Period;
use hengjie_evaluate::columnar::{self, Request, ResultColumn, ResultData};
use hengjie_evaluate::dataset::Dataset;
use hengjie_evaluate::example::example_dataset;
use hengjie_evaluate::row::Evaluator;
use hengjie_evaluate::value::{Status, Value};
use hengjie_policy::core::{AttributeId, Example, Program, Source};
use hengjie_quantity::{Rational, Rounding};
use std::collections::BTreeSet;

/// Decimal places that are compared.
const PLACES: u32 = 6;

/// Most periods of one example that are compared.
const PERIODS: usize = 8;

/// The first value of an example on which the evaluators differ, in words.
pub fn disagreement(program: &Program, example: &Example) -> Option<String> {
    let data = example_dataset(program, example);
    let periods: BTreeSet<Period> =
        example.expectations.iter().filter_map(|expectation| expectation.period).take(PERIODS).collect();
    let request = Request {
        attributes: (0..).map(AttributeId).take(program.attributes.len()).collect(),
        periods: periods.into_iter().collect(),
        places: PLACES,
    };
    let results = columnar::evaluate(program, &data, &request, &|_, _| true);
    let mut rows = Evaluator::new(program, &data);
    results.columns.iter().find_map(|column| differs(program, &data, &mut rows, column))
}

/// The first lane of a column that differs. Assumed results are taken as they are by both.
fn differs(
    program: &Program,
    data: &Dataset,
    rows: &mut Evaluator<'_>,
    column: &ResultColumn,
) -> Option<String> {
    let attribute = &program.attributes[column.attribute.index()];
    let lanes = attribute.context.kind.map_or(1, |kind| data.kinds[kind.index()].len);
    let table = attribute.context.rows.as_ref().and_then(|rows| match rows.source {
        Source::Rows(table) => Some(table),
        _ => None,
    });
    (0..lanes).find_map(|lane| {
        let row = column.row.zip(table).map(|(row, table)| Value::Row(table, row));
        let value = rows.value(column.attribute, lane as u32, row, column.period);
        let state = column.status.as_ref().map_or(0, |states| states[lane]);
        let same = state == state_of(&value) && (state != 0 || same(&column.data, lane, &value));
        (!same).then(|| {
            let (name, row, period) = (&attribute.name, column.row, column.period);
            format!(
                "{name} row {row:?} {period:?} lane {lane}: rows {value:?}, columns {state} {:?}",
                column.data
            )
        })
    })
}

fn state_of(value: &Value) -> u8 {
    match value.status() {
        Status::Present => 0,
        Status::None => 1,
        Status::Exempt => 2,
        Status::Undecided => 3,
        Status::Missing => 4,
    }
}

/// Dates and periods are only looked at where they have a value.
fn same(data: &ResultData, lane: usize, value: &Value) -> bool {
    match (data, value) {
        (ResultData::Number { values, places, .. }, Value::Number(number)) => {
            let shown = Rational::from(values.get(lane)) * Rational::pow10(-(*places as i32));
            number.round_to(&Rational::pow10(-(*places as i32)), Rounding::HalfUp) == Some(shown)
        }
        (ResultData::Bool(values), Value::Bool(truth)) => values[lane] == *truth,
        (ResultData::Code(values), Value::Enum(_, code) | Value::Object(_, code) | Value::Row(_, code)) => {
            values[lane] == *code as i32
        }
        (ResultData::Code(_), Value::Date(_) | Value::Period(_)) => true,
        _ => false,
    }
}
