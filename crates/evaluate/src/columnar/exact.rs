//! One lane of a plan with exact fractions: for the lanes where a proven error could decide something.

use super::execute::{FoldState, band, facts_int, facts_len, months, shifted};
use super::plan::{FoldOperation, Index, NOBODY, Node, OnExempt, Plan, Side, Source, Ty};
use crate::value::Status;
use hengjie_quantity::Rational;
use std::cell::Cell;
use std::cmp::Ordering;

/// A value of one lane.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Exact {
    Number(Rational),
    Bool(bool),
    Code(i32),
    State(u8),
}

thread_local! {
    /// Lanes that this thread has computed exactly.
    static DONE: Cell<u64> = const { Cell::new(0) };
}

/// Does some work, which must stay on this thread, and counts the lanes that it computed exactly.
pub(crate) fn counting<T>(work: impl FnOnce() -> T) -> (T, u64) {
    let before = DONE.get();
    let result = work();
    (result, DONE.get() - before)
}

const NONE: u8 = Status::None as u8;
const EXEMPT: u8 = Status::Exempt as u8;

impl Exact {
    fn state(&self) -> u8 {
        if let Self::State(state) = self { *state } else { 0 }
    }

    fn is_true(&self) -> bool {
        matches!(self, Self::Bool(true))
    }

    fn number(self) -> Rational {
        match self {
            Self::Number(value) => value,
            Self::Code(value) => Rational::from(value),
            Self::Bool(value) => Rational::from(i32::from(value)),
            Self::State(_) => Rational::ZERO,
        }
    }

    fn code(&self) -> i32 {
        match self {
            Self::Code(value) => *value,
            Self::Bool(value) => i32::from(*value),
            _ => 0,
        }
    }
}

fn of_int(ty: &Ty, value: i128) -> Exact {
    match ty {
        Ty::Number(numeric) => Exact::Number(Rational::from(value) * numeric.scale.rational()),
        Ty::Bool => Exact::Bool(value != 0),
        Ty::Code => Exact::Code(value as i32),
    }
}

/// The exact value of a plan in one lane.
pub(crate) fn at(plan: &Plan<'_>, lane: usize) -> Exact {
    DONE.set(DONE.get() + 1);
    work_out(plan, lane)
}

fn work_out(plan: &Plan<'_>, lane: usize) -> Exact {
    match &plan.node {
        Node::Int(value) => of_int(&plan.ty, *value),
        Node::Bool(value) => Exact::Bool(*value),
        Node::Code(value) => Exact::Code(*value),
        Node::State(state) => Exact::State(*state as u8),
        Node::Read(source, index) => match place(index, lane) {
            Ok(place) => read(&plan.ty, source, place),
            Err(state) => Exact::State(state),
        },
        Node::Position(index) => match place(index, lane) {
            Ok(NOBODY) => Exact::State(Status::Missing as u8),
            Ok(place) => Exact::Code(place as i32),
            Err(state) => Exact::State(state),
        },
        // a finer scale, a coarser scale: the number is the same
        Node::Multiply(value, _) | Node::Coarsen(value, _, _) => work_out(value, lane),
        Node::Scaled(value, factor) => map(work_out(value, lane), |v| Exact::Number(v * factor)),
        Node::Add(a, b) => strict(a, b, lane, |a, b| Exact::Number(a + b)),
        Node::Times(a, b) => strict(a, b, lane, |a, b| Exact::Number(a * b)),
        Node::Divide(a, b, _, _) => {
            strict(a, b, lane, |a, b| a.checked_div(&b).map_or(Exact::State(NONE), Exact::Number))
        }
        Node::Negate(value) => map(work_out(value, lane), |v| Exact::Number(-v)),
        Node::Absolute(value) => map(work_out(value, lane), |v| Exact::Number(v.abs())),
        Node::Extreme(items, side, exempt) => extreme(items, *side, *exempt, lane),
        Node::Round(value, mode, _, _) => {
            let quantum = plan.numeric().map_or(Rational::ONE, |n| n.scale.rational());
            map(work_out(value, lane), |v| {
                v.round_to(&quantum, *mode).map_or(Exact::State(NONE), Exact::Number)
            })
        }
        Node::Compare(comparison, a, b) => {
            strict(a, b, lane, |a, b| Exact::Bool(comparison.holds(a.cmp(&b))))
        }
        Node::CompareCode(comparison, a, b) => {
            let (a, b) = (work_out(a, lane), work_out(b, lane));
            let state = a.state().max(b.state());
            if state != 0 {
                Exact::State(state)
            } else {
                Exact::Bool(comparison.holds(a.code().cmp(&b.code())))
            }
        }
        Node::TextIs(column, texts, index, wanted, negate) => match place(index, lane) {
            Ok(place) if column.place(place as usize) < arrow_array::Array::len(*texts) => {
                let state = column.status(place as usize) as u8;
                if state != 0 {
                    Exact::State(state)
                } else {
                    Exact::Bool((texts.value(column.place(place as usize)) == wanted.as_ref()) != *negate)
                }
            }
            Ok(_) => Exact::State(Status::Missing as u8),
            Err(state) => Exact::State(state),
        },
        Node::All(items) => logic(items, lane, false),
        Node::Any(items) => logic(items, lane, true),
        Node::AtLeast(wanted, items) => at_least(wanted, items, lane),
        Node::Not(value) => match work_out(value, lane) {
            Exact::State(state) => Exact::State(state),
            other => Exact::Bool(!other.is_true()),
        },
        Node::If(arms, otherwise) => {
            for (condition, value) in arms {
                match work_out(condition, lane) {
                    Exact::State(state) if state > EXEMPT => return Exact::State(state),
                    Exact::Bool(true) => return work_out(value, lane),
                    _ => {}
                }
            }
            work_out(otherwise, lane)
        }
        Node::Answer(value, state, default) => match work_out(value, lane) {
            Exact::State(found) if found == *state as u8 => work_out(default, lane),
            other => other,
        },
        Node::IsSome(value) => match work_out(value, lane) {
            Exact::State(state) if state > EXEMPT => Exact::State(state),
            other => Exact::Bool(other != Exact::State(NONE)),
        },
        Node::Truth(condition) => Exact::Bool(work_out(condition, lane).is_true()),
        Node::Holds(condition) => match work_out(condition, lane) {
            Exact::State(state) if state > EXEMPT => Exact::State(state),
            other => Exact::Bool(other.is_true()),
        },
        Node::Where(condition, value) => {
            if work_out(condition, lane).is_true() {
                work_out(value, lane)
            } else {
                Exact::State(NONE)
            }
        }
        Node::RowOfCode(code, rows) => match work_out(code, lane) {
            Exact::State(state) => Exact::State(state),
            code => match usize::try_from(code.code()).ok().and_then(|place| rows.get(place)) {
                Some(&row) if row >= 0 => Exact::Code(row),
                _ => Exact::State(NONE),
            },
        },
        Node::RowOfCases(keys, cases) => {
            let state = keys.iter().map(|key| work_out(key, lane).state()).max().unwrap_or(0);
            if state != 0 {
                return Exact::State(state);
            }
            let row = cases.iter().find(|(condition, _)| work_out(condition, lane).is_true());
            row.map_or(Exact::State(NONE), |(_, row)| Exact::Code(*row))
        }
        Node::RowOfBand(value, borders, rows) => match key_of(value, lane) {
            Err(state) => Exact::State(state),
            Ok(value) => match rows.get(band(value, borders)) {
                Some(&row) if row >= 0 => Exact::Code(row),
                _ => Exact::State(NONE),
            },
        },
        Node::CellOf(row, values, states) => match work_out(row, lane) {
            Exact::State(state) => Exact::State(state),
            row => {
                let place = row.code() as usize;
                if states[place] != 0 { Exact::State(states[place]) } else { of_int(&plan.ty, values[place]) }
            }
        },
        Node::Fold(operation, items) => fold(plan, *operation, items, lane),
        Node::GroupRead(key, groups, column, empty, empty_state) => {
            let found = match key_of(key, lane) {
                Ok(mark) => groups.find(0, mark),
                Err(state) => groups.find(state, 0),
            };
            match found {
                Ok(Some(group)) => read(&plan.ty, &Source::Computed(column.clone()), group),
                Err(state) => Exact::State(state),
                Ok(None) if *empty_state != 0 => Exact::State(*empty_state),
                Ok(None) => of_int(&plan.ty, *empty),
            }
        }
        Node::Months(from, to) => {
            let (from, to) = (work_out(from, lane), work_out(to, lane));
            let state = from.state().max(to.state());
            if state != 0 {
                Exact::State(state)
            } else {
                of_int(&plan.ty, i128::from(months(from.code(), to.code())))
            }
        }
        Node::Shift(day, by, in_months) => {
            let (day, by) = (work_out(day, lane), work_out(by, lane));
            let state = day.state().max(by.state());
            if state != 0 {
                return Exact::State(state);
            }
            let by = by.number().to_i128().unwrap_or(i128::MAX);
            shifted(day.code(), by, *in_months).map_or(Exact::State(NONE), Exact::Code)
        }
        Node::Step(code, by, low, limit) => {
            let (code, by) = (work_out(code, lane), work_out(by, lane));
            let state = code.state().max(by.state());
            if state != 0 {
                return Exact::State(state);
            }
            let moved = by.number().to_i128().map_or(i128::MAX, |by| i128::from(code.code()) + by);
            if moved >= i128::from(*low) && moved < i128::from(*limit) {
                Exact::Code(moved as i32)
            } else {
                Exact::State(NONE)
            }
        }
        Node::CodePart(code, by, remainder) => match work_out(code, lane) {
            Exact::State(state) => Exact::State(state),
            code if *remainder => Exact::Code(code.code().rem_euclid(*by)),
            code => Exact::Code(code.code().div_euclid(*by)),
        },
        Node::CodeToInt(code) => match work_out(code, lane) {
            Exact::State(state) => Exact::State(state),
            code => of_int(&plan.ty, i128::from(code.code())),
        },
    }
}

fn map(value: Exact, f: impl FnOnce(Rational) -> Exact) -> Exact {
    match value {
        Exact::State(state) => Exact::State(state),
        value => f(value.number()),
    }
}

fn strict(a: &Plan<'_>, b: &Plan<'_>, lane: usize, f: impl FnOnce(Rational, Rational) -> Exact) -> Exact {
    let (a, b) = (work_out(a, lane), work_out(b, lane));
    let state = a.state().max(b.state());
    if state != 0 { Exact::State(state) } else { f(a.number(), b.number()) }
}

fn place(index: &Index<'_>, lane: usize) -> Result<u32, u8> {
    match index {
        Index::Lane => Ok(lane as u32),
        Index::Map(map) => Ok(map[lane]),
        Index::Fixed(place) => Ok(*place),
        Index::By(plan) => match work_out(plan, lane) {
            Exact::State(state) => Err(state),
            object => Ok(object.code() as u32),
        },
    }
}

fn read(ty: &Ty, source: &Source<'_>, place: u32) -> Exact {
    let place = place as usize;
    match source {
        Source::Facts(column) if place < facts_len(column) => match column.status(place) as u8 {
            0 => of_int(ty, facts_int(&column.data, column.place(place))),
            state => Exact::State(state),
        },
        Source::Computed(column) if place < column.data.len() => match column.state(place) {
            // a column with an error: go back to what it was computed from
            0 => match (&column.plan, &column.fractions) {
                (Some(plan), _) => work_out(plan, place),
                (None, Some(fractions)) => Exact::Number(fractions[place].clone()),
                (None, None) => of_int(&column.ty, column.data.int(place)),
            },
            state => Exact::State(state),
        },
        _ => Exact::State(Status::Missing as u8),
    }
}

fn extreme(items: &[Plan<'_>], side: Side, exempt: OnExempt, lane: usize) -> Exact {
    let mut best: Option<Rational> = None;
    let mut blocked = None;
    for item in items {
        match work_out(item, lane) {
            Exact::State(EXEMPT) if exempt == OnExempt::Drop => {}
            Exact::State(state) => blocked = blocked.max(Some(state)),
            value => {
                let value = value.number();
                let wanted = if side == Side::Largest { Ordering::Greater } else { Ordering::Less };
                let better = best.as_ref().is_none_or(|best| value.cmp(best) == wanted);
                if better {
                    best = Some(value);
                }
            }
        }
    }
    match (blocked, best) {
        (Some(state), _) => Exact::State(state),
        (None, Some(best)) => Exact::Number(best),
        (None, None) => Exact::State(EXEMPT),
    }
}

fn logic(items: &[Plan<'_>], lane: usize, any: bool) -> Exact {
    let mut blocked = 0;
    for item in items {
        match work_out(item, lane) {
            Exact::Bool(value) if value == any => return Exact::Bool(any),
            Exact::State(state) if state != EXEMPT => blocked = blocked.max(state),
            _ => {}
        }
    }
    if blocked != 0 { Exact::State(blocked) } else { Exact::Bool(!any) }
}

fn at_least(wanted: &Plan<'_>, items: &[Plan<'_>], lane: usize) -> Exact {
    let wanted = match work_out(wanted, lane) {
        Exact::State(state) => return Exact::State(state),
        value => value.number(),
    };
    let values: Vec<_> = items.iter().map(|item| work_out(item, lane)).collect();
    let sure = values.iter().filter(|v| v.is_true()).count() as u64;
    let open = values.iter().filter(|v| !matches!(v.state(), 0 | EXEMPT)).count() as u64;
    if Rational::from(sure) >= wanted {
        return Exact::Bool(true);
    }
    if Rational::from(sure + open) >= wanted {
        return Exact::State(values.iter().map(Exact::state).filter(|&s| s != EXEMPT).max().unwrap_or(0));
    }
    Exact::Bool(false)
}

/// Folds over fixed elements with exact fractions: the running state decides which elements count, the fractions are folded
/// beside it.
fn fold(
    plan: &Plan<'_>,
    operation: FoldOperation,
    items: &[(Option<Plan<'_>>, Plan<'_>)],
    lane: usize,
) -> Exact {
    let mut state = FoldState::new(operation, 1);
    let mut taken: Vec<Rational> = Vec::new();
    for (condition, value) in items {
        let condition = condition.as_ref().map(|c| match work_out(c, lane) {
            Exact::State(state) => (state, 0),
            value => (0, i128::from(value.is_true())),
        });
        let value = work_out(value, lane);
        let left_out = condition.is_some_and(|(state, truth)| state != 0 || truth == 0);
        let ends = match &value {
            Exact::State(state) => (*state, 0),
            Exact::Number(_) => (0, 0),
            other => (0, i128::from(other.code())),
        };
        state.add(0, condition, ends);
        if let Exact::Number(number) = value
            && !left_out
        {
            taken.push(number);
        }
    }
    let (values, states) = state.finish();
    if states[0] != 0 {
        return Exact::State(states[0]);
    }
    let numbers = operation != FoldOperation::Count
        && matches!(plan.ty, Ty::Number(_))
        && operation != FoldOperation::LeadingRun;
    if !numbers {
        return of_int(&plan.ty, values[0]);
    }
    let result = match operation {
        FoldOperation::Sum => Some(taken.iter().sum()),
        FoldOperation::Max => taken.into_iter().max(),
        FoldOperation::Min => taken.into_iter().min(),
        _ => taken.into_iter().next(),
    };
    result.map_or(Exact::State(NONE), Exact::Number)
}

fn key_of(key: &Plan<'_>, lane: usize) -> Result<i128, u8> {
    match work_out(key, lane) {
        Exact::State(state) => Err(state),
        Exact::Number(value) => {
            let scale = key.numeric().map_or(Rational::ONE, |n| n.scale.rational());
            Ok(value.checked_div(&scale).and_then(|v| v.to_i128()).unwrap_or(i128::MIN))
        }
        other => Ok(i128::from(other.code())),
    }
}

/// Is `a ⋈ b` for two plans of the same frame, decided exactly?
pub(crate) fn order(a: &Plan<'_>, lane_a: usize, lane_b: usize) -> Ordering {
    DONE.set(DONE.get() + 1);
    work_out(a, lane_a).number().cmp(&work_out(a, lane_b).number())
}
