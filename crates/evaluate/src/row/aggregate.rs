//! Aggregates.

use super::call::numbers;
use super::collection::Member;
use super::record::{Frame, ITEMS_SHOWN, Item, Shown, Step};
use super::state::{States, holds};
use super::{Environment, Evaluated, Evaluator};
use crate::value::{Fault, Value};
use hengjie_calendar::Period;
use hengjie_policy::core::{Aggregate, AggregateOperation, Source, Type};
use hengjie_quantity::Rational;
use rustc_hash::FxHashMap;
use std::cmp::Ordering;
use std::sync::Arc;

/// Aggregates that are the same for all subjects.
#[derive(Debug, Default)]
pub(super) struct Cache<'a> {
    /// By address of the aggregate: does it read neither the subject nor an outer element?
    same_for_all: FxHashMap<usize, bool>,
    values: FxHashMap<Place, Value>,
    /// With their elements, for explanations.
    explained: FxHashMap<Place, (Value, Arc<Shown<'a>>)>,
}

/// An aggregate that is the same for all subjects, in a period: its address.
type Place = (usize, Option<Period>);

/// The body, and for a weighted mean the weight, of one element.
struct Part<'a> {
    member: Member,
    value: Value,
    weight: Option<Value>,
    frame: Option<Frame<'a>>,
}

impl<'a> Evaluator<'a> {
    pub(super) fn aggregate(
        &mut self,
        aggregate: &'a Aggregate,
        ty: &'a Type,
        environment: &mut Environment,
    ) -> Evaluated {
        let place = self.shared_place(aggregate, environment.period);
        if let Some(place) = &place {
            let known = match self.recorder {
                None => self.aggregates.values.get(place).map(|value| (value.clone(), None)),
                Some(_) => {
                    let known = self.aggregates.explained.get(place);
                    known.map(|(value, shown)| (value.clone(), Some(shown.clone())))
                }
            };
            if let Some((value, shown)) = known {
                self.record_aggregate(aggregate, ty, environment.period, &value, shown);
                return Ok(value);
            }
        }
        let (value, shown) = self.aggregate_here(aggregate, environment)?;
        if let Some(place) = place {
            self.aggregates.values.insert(place, value.clone());
            if let Some(shown) = &shown {
                self.aggregates.explained.insert(place, (value.clone(), shown.clone()));
            }
        }
        self.record_aggregate(aggregate, ty, environment.period, &value, shown);
        Ok(value)
    }

    /// Where the value of an aggregate over everybody is kept that reads nothing of the subject.
    fn shared_place(&mut self, aggregate: &Aggregate, period: Option<Period>) -> Option<Place> {
        if !matches!(aggregate.over.source, Source::AllOf(_)) {
            return None;
        }
        let address = std::ptr::from_ref(aggregate) as usize;
        let shared = &mut self.aggregates.same_for_all;
        let same = *shared.entry(address).or_insert_with(|| super::closed::is_closed(aggregate));
        same.then_some((address, period))
    }

    fn record_aggregate(
        &mut self,
        aggregate: &'a Aggregate,
        ty: &'a Type,
        period: Option<Period>,
        value: &Value,
        shown: Option<Arc<Shown<'a>>>,
    ) {
        if let Some(shown) = shown {
            self.record(Step::Aggregate { aggregate, ty, period, value: value.clone(), shown });
        }
    }

    /// The value and, if somebody listens, the elements.
    fn aggregate_here(
        &mut self,
        aggregate: &'a Aggregate,
        environment: &mut Environment,
    ) -> Evaluated<(Value, Option<Arc<Shown<'a>>>)> {
        let members = self.collection(&aggregate.over, environment)?;
        let refused = self.refused_rows(aggregate, &members, environment)?;
        let mut parts = Vec::new();
        let value = match aggregate.operation {
            AggregateOperation::First => {
                self.walk(aggregate, members, Rational::ONE, environment, &mut parts)?
            }
            AggregateOperation::Last => {
                let backwards = members.into_iter().rev().collect();
                self.walk(aggregate, backwards, Rational::ONE, environment, &mut parts)?
            }
            AggregateOperation::Nth => match self.nth(aggregate, environment)? {
                Value::Number(place) => self.walk(aggregate, members, place, environment, &mut parts)?,
                other => other,
            },
            AggregateOperation::LeadingRun => {
                self.leading_run(aggregate, members, environment, &mut parts)?
            }
            _ => {
                for member in members {
                    let part = |evaluator: &mut Self| evaluator.part(aggregate, member, environment);
                    parts.push(self.unrecorded(part)?);
                }
                self.combined(aggregate.operation, &parts, environment)
            }
        };
        if self.recorder.is_none() {
            return Ok((value, None));
        }
        let shown = self.shown(aggregate, parts, refused, environment)?;
        Ok((value, Some(Arc::new(shown))))
    }

    /// The elements to write down: of a sum the largest. They are computed once more, to write down what is done.
    fn shown(
        &mut self,
        aggregate: &'a Aggregate,
        mut parts: Vec<Part<'a>>,
        refused: Vec<Item<'a>>,
        environment: &mut Environment,
    ) -> Evaluated<Shown<'a>> {
        if aggregate.operation == AggregateOperation::Sum {
            parts.sort_by_cached_key(|part| std::cmp::Reverse(size(&part.value)));
        }
        let others = parts.split_off(parts.len().min(ITEMS_SHOWN));
        let mut items = Vec::with_capacity(parts.len());
        for part in parts {
            let part = match part.frame {
                None => self.part(aggregate, part.member, environment)?,
                Some(_) => part,
            };
            items.extend(part.into_item());
        }
        let sum_of_others = others.iter().map(|part| amount(&part.value)).sum();
        Ok(Shown { items, others: others.len(), sum_of_others, refused })
    }

    /// The body and weight of an element.
    fn part(
        &mut self,
        aggregate: &'a Aggregate,
        member: Member,
        environment: &mut Environment,
    ) -> Evaluated<Part<'a>> {
        if let Some(doubt) = &member.doubt {
            return Ok(Part { value: doubt.clone(), weight: None, frame: Some(Frame::default()), member });
        }
        let weighted = aggregate.operation == AggregateOperation::WeightedMean;
        let ((value, weight), frame) = self.recorded(|evaluator| {
            evaluator.with_element(
                environment,
                aggregate.variable,
                &member.element,
                |evaluator, environment| {
                    let value = match &aggregate.body {
                        Some(body) => evaluator.eval(body, environment)?,
                        None => member.element.clone(),
                    };
                    let weight = match aggregate.argument.as_ref().filter(|_| weighted) {
                        Some(weight) => Some(evaluator.eval(weight, environment)?),
                        None => None,
                    };
                    Ok((value, weight))
                },
            )
        })?;
        Ok(Part { member, value, weight, frame })
    }

    /// Aggregates that need every element.
    fn combined(
        &self,
        operation: AggregateOperation,
        parts: &[Part<'a>],
        environment: &Environment,
    ) -> Value {
        match operation {
            AggregateOperation::Exists => return quantified(parts, true),
            AggregateOperation::Every => return quantified(parts, false),
            AggregateOperation::Count => return counted(parts),
            AggregateOperation::WeightedMean => return weighted_mean(parts),
            _ => {}
        }
        let mut states = States::default();
        let mut values = Vec::new();
        for part in parts {
            match &part.value {
                Value::None | Value::Exempt => {}
                value if value.is_present() => values.push(value),
                blocked => states.add(blocked),
            }
        }
        if let Some(state) = states.into_value() {
            return state;
        }
        let result = match operation {
            AggregateOperation::Sum => sum(&values).map(Value::Number),
            AggregateOperation::Mean => mean(&values),
            AggregateOperation::Max => extreme(&values, Ordering::Greater),
            AggregateOperation::Min => extreme(&values, Ordering::Less),
            AggregateOperation::Median => median(values),
            _ => None,
        };
        match result {
            Some(Value::Number(number)) => self.number(number, environment),
            Some(other) => other,
            None => self.fault(environment, Fault::Unsupported),
        }
    }

    fn nth(&mut self, aggregate: &'a Aggregate, environment: &mut Environment) -> Evaluated {
        match &aggregate.argument {
            Some(place) => self.eval(place, environment),
            None => Ok(Value::Number(Rational::ONE)),
        }
    }

    /// The n-th element that has a value, without looking further.
    fn walk(
        &mut self,
        aggregate: &'a Aggregate,
        members: Vec<Member>,
        place: Rational,
        environment: &mut Environment,
        parts: &mut Vec<Part<'a>>,
    ) -> Evaluated {
        let mut left = place;
        for member in members {
            let part = self.part(aggregate, member, environment)?;
            let value = part.value.clone();
            parts.push(part);
            if value.is_blocked() {
                return Ok(value);
            }
            if value.is_present() {
                left -= Rational::ONE;
                if left.is_zero() {
                    return Ok(value);
                }
            }
        }
        Ok(Value::None)
    }

    fn leading_run(
        &mut self,
        aggregate: &'a Aggregate,
        members: Vec<Member>,
        environment: &mut Environment,
        parts: &mut Vec<Part<'a>>,
    ) -> Evaluated {
        let mut length = 0_u32;
        for member in members {
            let part = self.part(aggregate, member, environment)?;
            let value = part.value.clone();
            parts.push(part);
            if value.is_blocked() {
                return Ok(value);
            }
            if !holds(&value) {
                break;
            }
            length += 1;
        }
        Ok(Value::Number(Rational::from(length)))
    }

    /// For an explanation: the table rows that the filters left out, with what the filters read.
    fn refused_rows(
        &mut self,
        aggregate: &'a Aggregate,
        members: &[Member],
        environment: &mut Environment,
    ) -> Evaluated<Vec<Item<'a>>> {
        let collection = &aggregate.over;
        if self.recorder.is_none() || !matches!(collection.element, Type::Row(_)) {
            return Ok(Vec::new());
        }
        let Source::Rows(table) = collection.source else { return Ok(Vec::new()) };
        let mut refused = Vec::new();
        for &row in self.rows_in_force(table, environment.period).iter() {
            let element = Value::Row(table, row);
            if members.iter().any(|member| member.element == element) {
                continue;
            }
            for filter in &collection.filters {
                let (value, frame) = self.recorded(|evaluator| {
                    evaluator.with_element(
                        environment,
                        filter.variable,
                        &element,
                        |evaluator, environment| evaluator.eval(&filter.condition, environment),
                    )
                })?;
                if let Some(frame) = frame.filter(|_| !holds(&value)) {
                    refused.push(Item { element: element.clone(), value, weight: None, frame });
                    break;
                }
            }
        }
        Ok(refused)
    }
}

impl<'a> Part<'a> {
    fn into_item(self) -> Option<Item<'a>> {
        let Self { member, value, weight, frame } = self;
        Some(Item { element: member.element, value, weight, frame: frame? })
    }
}

/// 存在 (`any` is true) and 每个: one element that decides is enough.
fn quantified(parts: &[Part<'_>], any: bool) -> Value {
    let mut states = States::default();
    for part in parts {
        match &part.value {
            Value::Bool(truth) if *truth == any => return Value::Bool(any),
            value if value.is_blocked() => states.add(value),
            // Without a condition, an element that is there is enough for 存在.
            Value::Object(..) | Value::Row(..) | Value::Period(_) if any => return Value::Bool(true),
            _ => {}
        }
    }
    states.into_value().unwrap_or(Value::Bool(!any))
}

fn counted(parts: &[Part<'_>]) -> Value {
    let mut states = States::default();
    for doubt in parts.iter().filter_map(|part| part.member.doubt.as_ref()) {
        states.add(doubt);
    }
    states.into_value().unwrap_or_else(|| Value::Number(Rational::from(parts.len() as u64)))
}

/// Σ value × weight ÷ Σ weight over the elements that have both; 无 when the weights are 0.
fn weighted_mean(parts: &[Part<'_>]) -> Value {
    let mut states = States::default();
    let (mut sum, mut weights) = (Rational::ZERO, Rational::ZERO);
    let nothing = |value: &Value| matches!(value, Value::None | Value::Exempt);
    for part in parts {
        let weight = part.weight.clone().unwrap_or_else(|| part.value.clone());
        if nothing(&part.value) || nothing(&weight) {
            continue;
        }
        match numbers(part.value.clone(), weight) {
            Ok((value, weight)) => {
                sum += value * &weight;
                weights += weight;
            }
            Err(state) => states.add(&state),
        }
    }
    states.into_value().unwrap_or_else(|| sum.checked_div(&weights).map_or(Value::None, Value::Number))
}

/// The sum of present numbers; `None` if one is no number.
fn sum(values: &[&Value]) -> Option<Rational> {
    let mut sum = Rational::ZERO;
    for value in values {
        let Value::Number(number) = value else { return None };
        sum += number;
    }
    Some(sum)
}

fn mean(values: &[&Value]) -> Option<Value> {
    let count = Rational::from(values.len() as u64);
    Some(sum(values)?.checked_div(&count).map_or(Value::None, Value::Number))
}

fn extreme(values: &[&Value], wanted: Ordering) -> Option<Value> {
    let mut values = values.iter();
    let Some(mut best) = values.next() else { return Some(Value::None) };
    for value in values {
        if value.order(best)? == wanted {
            best = value;
        }
    }
    Some((*best).clone())
}

/// The middle value; the mean of the two middle ones for an even count.
fn median(mut values: Vec<&Value>) -> Option<Value> {
    if values.windows(2).any(|pair| pair[0].order(pair[1]).is_none()) {
        return None;
    }
    values.sort_by(|a, b| a.order(b).unwrap_or(Ordering::Equal));
    let middle = values.len() / 2;
    match (values.get(middle), middle.checked_sub(1).and_then(|below| values.get(below))) {
        (None, _) => Some(Value::None),
        (Some(above), Some(below)) if values.len().is_multiple_of(2) => mean(&[*above, *below]),
        (Some(value), _) => Some((*value).clone()),
    }
}

fn amount(value: &Value) -> Rational {
    match value {
        Value::Number(number) => number.clone(),
        _ => Rational::ZERO,
    }
}

/// Blocked elements first, then by size.
fn size(value: &Value) -> (bool, Rational) {
    (value.is_blocked(), amount(value).abs())
}
