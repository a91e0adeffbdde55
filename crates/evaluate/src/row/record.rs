//! Writing down what an attribute does while it is computed, for the explanation.
//!
//! The evaluator does the same work whether it is watched or not; the recorder only listens. Attributes that are read
//! are not followed: they are one step, and are recorded on their own when somebody asks.

use super::state::holds;
use super::{Environment, Evaluated, Evaluator, Key, Outcome};
use crate::dataset::DecisionKey;
use crate::value::Value;
use hengjie_calendar::Period;
use hengjie_policy::core::{
    Aggregate, ArticleId, Expr, FieldRef, KindId, ParameterId, ReadingId, TableId, Type,
};
use hengjie_quantity::{Rational, Rounding};
use rustc_hash::FxHashMap;
use std::sync::Arc;

/// What a piece of work did.
#[derive(Debug, Default)]
pub(crate) struct Frame<'a> {
    /// In the order of evaluation.
    pub(crate) steps: Vec<Step<'a>>,
    /// Values of expressions, by address, to put numbers into the formula. Expressions inside aggregates are not here.
    pub(crate) values: FxHashMap<usize, Value>,
}

/// The frames being written, the innermost last.
#[derive(Debug, Default)]
pub(crate) struct Recorder<'a> {
    frames: Vec<Frame<'a>>,
}

/// One thing that was read or done.
#[derive(Debug)]
pub(crate) enum Step<'a> {
    /// Another attribute.
    Attribute {
        key: Key,
    },
    /// A field.
    Fact {
        field: FieldRef,
        subject: u32,
        period: Option<Period>,
        value: Value,
    },
    /// A parameter; `supplied` is its place among the supplied values.
    Parameter {
        parameter: ParameterId,
        keys: Vec<Value>,
        supplied: Option<usize>,
        value: Value,
    },
    /// A cell of a table; for a look-up without a row, the column that was wanted.
    Cell {
        table: TableId,
        row: Option<u32>,
        column: u32,
        value: Value,
    },
    Reading {
        reading: ReadingId,
    },
    Decision {
        at: DecisionKey,
        value: Value,
    },
    /// A rounding inside the formula or of a total; `ty` is what is rounded.
    Rounded {
        ty: &'a Type,
        mode: Rounding,
        quantum: Rational,
        before: Rational,
        after: Rational,
    },
    /// The limits of a total.
    Limited {
        before: Rational,
        after: Rational,
    },
    /// The guard of a case.
    Guard {
        guard: &'a Expr,
        value: Value,
        frame: Frame<'a>,
    },
    /// What an exception replaced.
    Replaced {
        outcome: Outcome,
        frame: Frame<'a>,
    },
    /// An addend of a total.
    Contribution {
        key: Key,
        article: ArticleId,
        weight: Option<Value>,
        amount: Value,
    },
    /// An aggregate with its elements.
    Aggregate {
        aggregate: &'a Aggregate,
        /// Of the value.
        ty: &'a Type,
        period: Option<Period>,
        value: Value,
        shown: Arc<Shown<'a>>,
    },
    /// Slices of a marginal rate: row, amount in the slice, rate.
    Marginal {
        table: TableId,
        slices: Vec<(u32, Rational, Rational)>,
        value: Value,
    },
    /// The rows between which a value was interpolated.
    Interpolated {
        table: TableId,
        rows: (u32, u32),
        value: Value,
    },
}

/// Elements of an aggregate that are written down one by one; a population may have millions.
pub(crate) const ITEMS_SHOWN: usize = 50;

/// The elements of an aggregate: of a sum the largest, and table rows that a filter refused.
#[derive(Debug)]
pub(crate) struct Shown<'a> {
    pub(crate) items: Vec<Item<'a>>,
    /// How many other elements there are.
    pub(crate) others: usize,
    /// What the others add up to, as far as they are numbers.
    pub(crate) sum_of_others: Rational,
    pub(crate) refused: Vec<Item<'a>>,
}

/// An element of an aggregate.
#[derive(Debug)]
pub(crate) struct Item<'a> {
    pub(crate) element: Value,
    /// The value of the body (of the filter for a refused element).
    pub(crate) value: Value,
    pub(crate) weight: Option<Value>,
    pub(crate) frame: Frame<'a>,
}

/// The address of an expression: programs do not move while they are evaluated.
pub(crate) fn address(expr: &Expr) -> usize {
    std::ptr::from_ref(expr) as usize
}

impl<'a> Evaluator<'a> {
    /// Writes a step down, if somebody listens.
    pub(super) fn record(&mut self, step: Step<'a>) {
        if let Some(frame) = self.recorder.as_mut().and_then(|recorder| recorder.frames.last_mut()) {
            frame.steps.push(step);
        }
    }

    /// Writes the value of an expression down, if somebody listens.
    pub(super) fn record_value(&mut self, expr: &Expr, value: &Value) {
        if let Some(frame) = self.recorder.as_mut().and_then(|recorder| recorder.frames.last_mut()) {
            frame.values.insert(address(expr), value.clone());
        }
    }

    /// Does some work with a frame of its own, which is returned if somebody listens.
    pub(super) fn recorded<T>(
        &mut self,
        work: impl FnOnce(&mut Self) -> Evaluated<T>,
    ) -> Evaluated<(T, Option<Frame<'a>>)> {
        if let Some(recorder) = &mut self.recorder {
            recorder.frames.push(Frame::default());
        }
        let result = work(self);
        let frame = self.recorder.as_mut().and_then(|recorder| recorder.frames.pop());
        Ok((result?, frame))
    }

    /// Computes a result once more and writes down what it does.
    pub(crate) fn explain(&mut self, key: Key) -> (Outcome, Frame<'a>) {
        // All that is needed gets remembered first; what is still missing is only needed by the explanation.
        self.outcome(key);
        loop {
            self.recorder = Some(Recorder { frames: vec![Frame::default()] });
            let outcome = self.compute(key);
            let frame =
                self.recorder.take().and_then(|mut recorder| recorder.frames.pop()).unwrap_or_default();
            match outcome {
                Ok(outcome) => return (outcome, frame),
                Err(super::Deeper(next)) => drop(self.settle(*next)),
            }
        }
    }

    /// The condition that keeps a subject out of the population of an attribute: 适用, or the filter of its context.
    pub(crate) fn kept_out(&mut self, key: Key) -> Option<(&'a Expr, Value, Frame<'a>)> {
        let context = &self.definition(key).context;
        let scope = self.program().scope.as_ref().filter(|scope| Some(scope.kind) == context.kind);
        let scope = scope.and_then(|scope| scope.filter.as_ref());
        for filter in scope.into_iter().chain(&context.filter) {
            let (value, frame) = self.watch(key, filter);
            if !holds(&value) {
                return Some((filter, value, frame));
            }
        }
        None
    }

    /// Evaluates an expression over the subject of a result and writes down what it does.
    pub(crate) fn watch(&mut self, key: Key, expr: &'a Expr) -> (Value, Frame<'a>) {
        let subject = self.definition(key).context.kind.map(|kind| (kind, key.subject));
        self.watch_for(key, subject, expr)
    }

    /// The same over another subject.
    pub(crate) fn watch_for(
        &mut self,
        key: Key,
        subject: Option<(KindId, u32)>,
        expr: &'a Expr,
    ) -> (Value, Frame<'a>) {
        self.finish(|evaluator| {
            let mut environment = Environment::new(key.attribute, subject, key.period);
            evaluator.recorder = Some(Recorder { frames: vec![Frame::default()] });
            let value = evaluator.eval(expr, &mut environment);
            let recorder = evaluator.recorder.take();
            Ok((value?, recorder.and_then(|mut recorder| recorder.frames.pop()).unwrap_or_default()))
        })
    }
}
