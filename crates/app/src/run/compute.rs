//! Computing: columns from the columnar evaluator, texts and what it leaves out from the row evaluator.

use super::gaps::Waiting;
use crate::limits;
use arrow_array::StringArray;
use arrow_array::builder::StringBuilder;
use hengjie_calendar::Period;
use hengjie_evaluate::columnar::{self, ResultColumn};
use hengjie_evaluate::dataset::Dataset;
use hengjie_evaluate::row::Evaluator;
use hengjie_evaluate::value::{Status, Value};
use hengjie_policy::core::{AttributeId, Program, Type};
use rayon::prelude::*;
use std::cell::Cell;
use std::collections::BTreeSet;

/// What was computed.
#[derive(Debug, Default)]
pub(super) struct Computed {
    /// One per attribute, row and period.
    pub(super) columns: Vec<ResultColumn>,
    /// Attributes whose values are texts.
    pub(super) texts: Vec<TextColumn>,
    /// Attributes computed row by row, with the reason.
    pub(super) row_by_row: Vec<(String, Option<Period>, &'static str)>,
    /// Values of columns that were computed, those in between included, and how many of them with exact fractions.
    pub(super) values: u64,
    pub(super) exactly: u64,
}

/// A column of texts.
#[derive(Debug)]
pub(super) struct TextColumn {
    pub(super) attribute: AttributeId,
    pub(super) period: Option<Period>,
    pub(super) values: StringArray,
    /// [`Status`] as bytes.
    pub(super) status: Vec<u8>,
}

impl Computed {
    /// The states of all columns.
    fn states(&self) -> impl Iterator<Item = (usize, Option<&[u8]>)> {
        let columns = self.columns.iter().map(|column| (len(column), column.status.as_deref()));
        columns.chain(self.texts.iter().map(|column| (column.status.len(), Some(column.status.as_slice()))))
    }

    /// Results that wait.
    pub(super) fn waiting(&self) -> Waiting {
        let count = |wanted: Status| {
            let of = |states: Option<&[u8]>| {
                states
                    .map_or(0, |states| states.iter().filter(|state| **state == wanted as u8).count() as u64)
            };
            self.states().map(|(_, states)| of(states)).sum()
        };
        Waiting { missing: count(Status::Missing), undecided: count(Status::Undecided) }
    }

    /// The states of the columns of some attributes; none of a column where nothing waits.
    pub(super) fn states_of<'c>(
        &'c self,
        attributes: &'c BTreeSet<AttributeId>,
    ) -> impl Iterator<Item = (AttributeId, &'c [u8])> {
        let columns = self.columns.iter().map(|column| (column.attribute, column.status.as_deref()));
        let texts = self.texts.iter().map(|column| (column.attribute, Some(column.status.as_slice())));
        let all = columns.chain(texts).filter(|(attribute, _)| attributes.contains(attribute));
        all.map(|(attribute, states)| (attribute, states.unwrap_or_default()))
    }

    /// Results that do not wait.
    pub(super) fn complete(&self) -> u64 {
        let all: u64 = self.states().map(|(len, _)| len as u64).sum();
        let waiting = self.waiting();
        all - waiting.missing - waiting.undecided
    }
}

/// Number of values of a column.
pub(crate) fn len(column: &ResultColumn) -> usize {
    use hengjie_evaluate::columnar::ResultData;
    match &column.data {
        ResultData::Number { values, .. } => values.len(),
        ResultData::Bool(values) => values.len(),
        ResultData::Code(values) => values.len(),
    }
}

/// Computes attributes in periods as long as `go_on` (columns done, columns in all) says so; `None` when it said stop.
pub(super) fn compute(
    program: &Program,
    data: &Dataset,
    attributes: &[AttributeId],
    periods: &[Period],
    go_on: &dyn Fn(usize, usize) -> bool,
) -> Option<Computed> {
    let request = columnar::Request {
        attributes: attributes.to_vec(),
        periods: periods.to_vec(),
        places: limits::PLACES,
    };
    let stopped = Cell::new(false);
    let results = columnar::evaluate(program, data, &request, &|done, all| {
        let goes_on = go_on(done, all);
        stopped.set(stopped.get() || !goes_on);
        goes_on
    });
    if stopped.get() {
        return None;
    }
    Some(Computed {
        columns: results.columns,
        texts: texts(program, data, attributes, periods),
        row_by_row: results.row_by_row,
        values: results.values,
        exactly: results.exactly,
    })
}

/// The columns of texts, subject by subject.
fn texts(
    program: &Program,
    data: &Dataset,
    attributes: &[AttributeId],
    periods: &[Period],
) -> Vec<TextColumn> {
    let mut columns = Vec::new();
    for &id in attributes {
        let attribute = &program.attributes[id.index()];
        if attribute.ty.base != Type::Text || attribute.context.rows.is_some() {
            continue;
        }
        let periods: Vec<Option<Period>> = match attribute.context.grain {
            None => vec![None],
            Some(grain) => {
                periods.iter().filter(|period| period.grain() == grain).copied().map(Some).collect()
            }
        };
        let subjects = attribute.context.kind.map_or(1, |kind| data.kinds[kind.index()].len);
        for period in periods {
            columns.push(text_column(program, data, id, period, subjects));
        }
    }
    columns
}

fn text_column(
    program: &Program,
    data: &Dataset,
    attribute: AttributeId,
    period: Option<Period>,
    subjects: usize,
) -> TextColumn {
    let batches = subjects.div_ceil(limits::TEXT_BATCH);
    let batch = |batch: usize| {
        let mut evaluator = Evaluator::new(program, data);
        let first = batch * limits::TEXT_BATCH;
        let last = (first + limits::TEXT_BATCH).min(subjects);
        let subject = |subject: usize| u32::try_from(subject).unwrap_or(u32::MAX);
        (first..last).map(|at| evaluator.value(attribute, subject(at), None, period)).collect::<Vec<_>>()
    };
    let values: Vec<Vec<Value>> = (0..batches).into_par_iter().map(batch).collect();
    let (mut texts, mut status) = (StringBuilder::new(), Vec::with_capacity(subjects));
    for value in values.iter().flatten() {
        texts.append_value(if let Value::Text(text) = value { text } else { "" });
        status.push(value.status() as u8);
    }
    TextColumn { attribute, period, values: texts.finish(), status }
}
