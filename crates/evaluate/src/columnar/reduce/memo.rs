//! Records that look alike are treated alike: what an element does to its group often depends only on a few fields with few
//! values (its 类别, whether it is 属实). Then it is worked out once for each combination that occurs and looked up for
//! every other element.

use super::super::execute;
use super::super::plan::{Index, Node, Plan, Source, Ty};
use super::Task;
use crate::dataset::{Column, ColumnData};
use std::ops::Range;

/// Most combinations that are kept.
const COMBINATIONS: usize = 1 << 12;
/// Number of states a value may be in.
const STATES: usize = 5;

/// What an element does to its group.
#[derive(Debug, Clone, Copy)]
pub(super) enum Deed<'p> {
    /// Nothing.
    Skip,
    /// Its state blocks the group.
    Block(u8),
    /// It gives this value.
    Give(i64),
    /// It gives the value of a column, times a factor.
    Read(&'p Column, i64),
}

/// A way to look up what elements do, for some tasks.
pub(super) struct Memo<'p> {
    /// Filter and value of each task.
    tasks: Vec<(Option<&'p Plan<'p>>, &'p Plan<'p>)>,
    digits: Vec<Digit<'p>>,
    combinations: usize,
}

/// A column as one digit of the number of a combination.
struct Digit<'p> {
    column: &'p Column,
    stride: usize,
    /// Values of the column; with states, each value counts once per state.
    base: usize,
}

impl<'p> Memo<'p> {
    /// `None`: a filter or value depends on more than fields with few values.
    pub(super) fn new(tasks: &[Task<'p, '_>]) -> Option<Self> {
        let mut columns = Vec::new();
        for task in tasks {
            let by_digits = task.filter.is_none_or(|filter| of_few(filter, &mut columns));
            if !by_digits || !is_simple(task.value, &mut columns) {
                return None;
            }
        }
        let mut digits: Vec<Digit<'p>> = Vec::with_capacity(columns.len());
        let mut combinations = 1_usize;
        for column in columns {
            let base = values_of(column);
            let states = if column.status.is_some() { STATES } else { 1 };
            digits.push(Digit { column, stride: combinations, base });
            combinations = combinations.checked_mul(base * states).filter(|all| *all <= COMBINATIONS)?;
        }
        Some(Self {
            tasks: tasks.iter().map(|task| (task.filter, task.value)).collect(),
            digits,
            combinations,
        })
    }

    /// The combination of every lane.
    pub(super) fn combinations(&self, lanes: &Range<usize>, out: &mut Vec<u16>) {
        out.clear();
        out.resize(lanes.len(), 0);
        for digit in &self.digits {
            let stride = digit.stride as u16;
            match &digit.column.data {
                ColumnData::Bool(values) => {
                    for (slot, value) in out.iter_mut().zip(&values[lanes.clone()]) {
                        *slot += u16::from(*value) * stride;
                    }
                }
                ColumnData::Enum(values) => {
                    for (slot, value) in out.iter_mut().zip(&values[lanes.clone()]) {
                        *slot += *value * stride;
                    }
                }
                _ => {}
            }
            if let Some(states) = &digit.column.status {
                let stride = stride * digit.base as u16;
                for (slot, state) in out.iter_mut().zip(&states[lanes.clone()]) {
                    *slot += u16::from(*state).min(STATES as u16 - 1) * stride;
                }
            }
        }
    }

    /// What an element does, and with it every element of its combination: task and deed.
    fn deeds(&self, lane: usize) -> Vec<(u16, Deed<'p>)> {
        let deed = |(filter, value): &(Option<&'p Plan<'p>>, &'p Plan<'p>)| match filter
            .map_or((0, 1), |filter| at(filter, lane))
        {
            (0, 0) => Deed::Skip,
            (0, _) => deed_of(value, lane, 1),
            (state, _) => blocked(state),
        };
        let deeds = (0..).zip(self.tasks.iter().map(deed));
        deeds.filter(|(_, deed)| !matches!(deed, Deed::Skip)).collect()
    }
}

/// What is known of the combinations so far.
pub(super) struct Combinations<'p> {
    known: Vec<Known>,
    deeds: Vec<Vec<(u16, Deed<'p>)>>,
}

/// What is known of a combination.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Known {
    Open,
    /// It does nothing in any task.
    Idle,
    Active,
}

impl<'p> Combinations<'p> {
    pub(super) fn new(memo: &Memo<'p>) -> Self {
        Self { known: vec![Known::Open; memo.combinations], deeds: vec![Vec::new(); memo.combinations] }
    }

    /// Does an element of this combination do anything? The first of its kind is worked out.
    #[inline]
    pub(super) fn acts(&mut self, combination: u16, memo: &Memo<'p>, lane: usize) -> bool {
        let place = usize::from(combination);
        if self.known[place] == Known::Open {
            self.deeds[place] = memo.deeds(lane);
            self.known[place] = if self.deeds[place].is_empty() { Known::Idle } else { Known::Active };
        }
        self.known[place] == Known::Active
    }

    /// What the elements of a combination do: task and deed.
    #[inline]
    pub(super) fn deeds(&self, combination: u16) -> &[(u16, Deed<'p>)] {
        &self.deeds[usize::from(combination)]
    }
}

fn at(plan: &Plan<'_>, lane: usize) -> (u8, i128) {
    let vector = execute::run(plan, &(lane..lane + 1));
    (vector.state(0), vector.int(0))
}

fn blocked(state: u8) -> Deed<'static> {
    if state > crate::value::Status::Exempt as u8 { Deed::Block(state) } else { Deed::Skip }
}

/// The deed of a value that [`is_simple`].
fn deed_of<'p>(value: &'p Plan<'p>, lane: usize, factor: i64) -> Deed<'p> {
    match &value.node {
        Node::Read(Source::Facts(column), Index::Lane) if is_whole(column) => Deed::Read(column, factor),
        Node::Multiply(inner, by) => match i64::try_from(*by) {
            Ok(by) => deed_of(inner, lane, factor.wrapping_mul(by)),
            Err(_) => Deed::Skip,
        },
        Node::Scaled(inner, _) => deed_of(inner, lane, factor),
        Node::If(arms, otherwise) => {
            for (condition, value) in arms {
                match at(condition, lane) {
                    (0, 0) => {}
                    (0, _) => return deed_of(value, lane, factor),
                    (state, _) if state > crate::value::Status::Exempt as u8 => return Deed::Block(state),
                    _ => {}
                }
            }
            deed_of(otherwise, lane, factor)
        }
        Node::Answer(inner, answered, default) => match whole_column(inner) {
            true => deed_of(inner, lane, factor),
            false => match at(inner, lane) {
                (state, _) if state == *answered as u8 => deed_of(default, lane, factor),
                _ => deed_of(inner, lane, factor),
            },
        },
        _ => match at(value, lane) {
            (0, int) => Deed::Give((int as i64).wrapping_mul(factor)),
            (state, _) => blocked(state),
        },
    }
}

/// Is a value, for a given combination, a constant or the number in a column?
fn is_simple<'p>(value: &'p Plan<'p>, columns: &mut Vec<&'p Column>) -> bool {
    match &value.node {
        Node::Read(Source::Facts(column), Index::Lane) if is_whole(column) => true,
        Node::Multiply(inner, by) => i64::try_from(*by).is_ok() && is_simple(inner, columns),
        Node::Scaled(inner, _) => is_simple(inner, columns),
        Node::If(arms, otherwise) => {
            arms.iter().all(|(condition, value)| of_few(condition, columns) && is_simple(value, columns))
                && is_simple(otherwise, columns)
        }
        // a column that is always there never needs its default
        Node::Answer(inner, _, default) => {
            (whole_column(inner) || of_few(inner, columns)) && is_simple(default, columns)
        }
        _ => of_few(value, columns),
    }
}

/// The numbers of a column that are all there.
fn is_whole(column: &Column) -> bool {
    matches!(column.data, ColumnData::Number { .. }) && column.status.is_none() && !column.same
}

fn whole_column(plan: &Plan<'_>) -> bool {
    match &plan.node {
        Node::Read(Source::Facts(column), Index::Lane) => is_whole(column),
        Node::Multiply(inner, by) => i64::try_from(*by).is_ok() && whole_column(inner),
        Node::Scaled(inner, _) => whole_column(inner),
        _ => false,
    }
}

/// Does a plan depend only on fields with few values? They are added to `columns`.
fn of_few<'p>(plan: &'p Plan<'p>, columns: &mut Vec<&'p Column>) -> bool {
    match &plan.node {
        Node::Read(Source::Facts(column), Index::Lane) => match &column.data {
            _ if column.same => true,
            ColumnData::Enum(_) | ColumnData::Bool(_) => {
                if !columns.iter().any(|known| std::ptr::eq(*known, *column)) {
                    columns.push(column);
                }
                true
            }
            _ => false,
        },
        Node::Read(_, index) => matches!(index, Index::Fixed(_)),
        Node::Position(index) => matches!(index, Index::Fixed(_)),
        Node::TextIs(..) => false,
        node => {
            let exact = !matches!(&plan.ty, Ty::Number(numeric) if numeric.error != 0);
            exact && node.parts().into_iter().all(|part| of_few(part, columns))
        }
    }
}

/// One more than the largest value.
fn values_of(column: &Column) -> usize {
    match &column.data {
        ColumnData::Enum(values) => values.iter().copied().max().map_or(1, |most| usize::from(most) + 1),
        _ => 2,
    }
}
