//! Computes the columns that are asked for, each once.

use super::arithmetic as math;
use super::compile::{choice, read_computed, state};
use super::execute;
use super::gather::Relation;
use super::plan::{Binding, Computed, Frame, Index, Node, OnExempt, Plan, Side, Source, Stored, Ty};
use super::trace::{Dependencies, Dependency};
use super::vector::{CHUNK, Data};
use super::{Result, Unsupported};
use crate::dataset::{Column, ColumnData, Dataset, DecisionKey, FieldData, Integers};
use crate::row;
use crate::value::{Status, Value};
use hengjie_calendar::{Date, Period};
use hengjie_policy::core::{
    Attribute, AttributeId, Body, Case, Cell, DecisionId, Expr, ExprKind, FieldRef, KindId, Literal,
    ParameterId, ParameterValue, Program, ReadingId, Source as Elements, TableId, Type,
};
use hengjie_quantity::{Rational, Rounding};
use rayon::prelude::*;
use rustc_hash::{FxHashMap, FxHashSet};
use std::cell::RefCell;
use std::sync::Arc;

/// Most threads that compute row by row: each remembers what its subjects share, so that all of them remember it.
const THREADS: usize = 4;

/// Subjects that are worth a thread of their own.
const ROWS_OF_A_THREAD: usize = 512;

/// The 逐 element of an attribute instance.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) enum RowKey {
    None,
    Row(u32),
    Period(Period),
}

/// An attribute instance.
pub(crate) type Instance = (AttributeId, RowKey, Option<Period>);

/// Which subjects of a kind, besides 适用.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Members {
    All,
    /// For whom an attribute holds: most contexts say it in the same way.
    With(AttributeId),
    /// By the place of a condition in the program.
    Where(usize),
}

impl Members {
    fn of(filter: Option<&Expr>) -> Self {
        match filter.map(|filter| (filter, &filter.kind)) {
            None => Self::All,
            Some((_, ExprKind::Attribute { attribute, subject: Some(subject), row: None }))
                if matches!(subject.kind, ExprKind::Subject) =>
            {
                Self::With(*attribute)
            }
            Some((filter, _)) => Self::Where(std::ptr::from_ref(filter) as usize),
        }
    }
}

/// Who is in a population (`None`: everybody), and what that was computed from.
type Population<'a> = (Option<Arc<Computed<'a>>>, Dependencies);

/// The state of one evaluation.
pub(crate) struct Engine<'a> {
    pub(super) program: &'a Program,
    pub(super) data: &'a Dataset,
    /// First day of the history.
    first_day: Option<Date>,
    pub(super) columns: FxHashMap<Instance, Arc<Computed<'a>>>,
    /// Being computed: a value that follows a tree to itself has no column.
    pub(super) open: FxHashSet<Instance>,
    /// Computed as a part of their reader, and may they be?
    pub(super) inlined: FxHashSet<Instance>,
    pub(super) is_inlining: bool,
    /// Reductions that were computed with others and are not asked for yet.
    pub(super) ready: FxHashMap<super::siblings::Place, super::siblings::Ready<'a>>,
    /// Reductions that were, or are about to be, computed with others.
    pub(super) reduced: FxHashSet<super::siblings::Place>,
    populations: FxHashMap<(KindId, Members, Option<Period>), Population<'a>>,
    ranges: FxHashMap<usize, (i128, i128)>,
    dense: FxHashMap<(FieldRef, Date), Arc<Computed<'a>>>,
    pub(super) relations: FxHashMap<(FieldRef, Option<Period>), Arc<Relation>>,
    pub(super) orders: FxHashMap<(AttributeId, Option<Period>), (Arc<super::ranking::Order>, Dependencies)>,
    /// What each column was computed from.
    pub(super) dependencies: FxHashMap<Instance, Dependencies>,
    /// What the columns that are being computed have read so far, the innermost last.
    pub(super) trail: RefCell<Vec<FxHashSet<Dependency>>>,
    /// When columns may go; `None`: they all stay.
    pub(super) readers: Option<super::readers::Readers<'a>>,
    fallback: Vec<row::Evaluator<'a>>,
    /// Values computed, and how many of them with exact fractions.
    pub(super) values: u64,
    pub(super) exactly: u64,
    /// Instances computed row by row, with the reason, in the order of computation.
    pub(super) fallbacks: Vec<(Instance, &'static str)>,
}

impl<'a> Engine<'a> {
    pub(crate) fn new(program: &'a Program, data: &'a Dataset) -> Self {
        Self {
            program,
            data,
            first_day: row::first_day(data),
            columns: FxHashMap::default(),
            open: FxHashSet::default(),
            inlined: FxHashSet::default(),
            is_inlining: true,
            ready: FxHashMap::default(),
            reduced: FxHashSet::default(),
            populations: FxHashMap::default(),
            ranges: FxHashMap::default(),
            dense: FxHashMap::default(),
            relations: FxHashMap::default(),
            orders: FxHashMap::default(),
            dependencies: FxHashMap::default(),
            trail: RefCell::default(),
            readers: None,
            fallback: Vec::new(),
            values: 0,
            exactly: 0,
            fallbacks: Vec::new(),
        }
    }

    pub(super) fn attribute(&self, id: AttributeId) -> Result<&'a Attribute> {
        self.program.attributes.get(id.index()).ok_or(Unsupported("no attribute"))
    }

    /// The column of an attribute instance: one lane per subject of its kind, one lane for 全体.
    pub(crate) fn column(
        &mut self,
        id: AttributeId,
        row: RowKey,
        period: Option<Period>,
    ) -> Result<Arc<Computed<'a>>> {
        let instance = (id, row, period);
        self.note(Dependency::Column(instance));
        if let Some(column) = self.columns.get(&instance) {
            return Ok(column.clone());
        }
        if !self.open.insert(instance) {
            return Err(Unsupported("a value that depends on itself along a tree"));
        }
        let (computed, dependencies) = self.traced(|engine| {
            let inlined = engine.inlined.len();
            let mut computed = engine.compute(id, row, period);
            if computed.is_err() && engine.inlined.len() > inlined {
                // the columns themselves have narrower ranges
                let before = std::mem::replace(&mut engine.is_inlining, false);
                computed = engine.compute(id, row, period);
                engine.is_inlining = before;
            }
            engine.open.remove(&instance);
            match computed {
                Ok(column) => Ok(column),
                Err(Unsupported(reason)) => {
                    engine.fallbacks.push((instance, reason));
                    engine.note(Dependency::Anything);
                    engine.row_by_row(id, row, period)
                }
            }
        });
        let column = Arc::new(computed?);
        self.count(&column);
        self.columns.insert(instance, column.clone());
        self.dependencies.insert(instance, dependencies);
        // the rows of a table are read together
        if row == RowKey::None {
            self.computed(id, period);
        }
        Ok(column)
    }

    /// Counts the values of a column.
    pub(super) fn count(&mut self, column: &Computed<'_>) {
        self.values += column.data.len() as u64;
        self.exactly += column.exactly;
    }

    fn compute(&mut self, id: AttributeId, row: RowKey, period: Option<Period>) -> Result<Computed<'a>> {
        let attribute = self.attribute(id)?;
        if self.data.assumed.keys().any(|key| key.attribute == id) {
            return Err(Unsupported("assumed results"));
        }
        let frame = self.frame(attribute, row, period)?;
        match &attribute.body {
            Body::Rank(rank) => self.rank(id, attribute, rank, &frame),
            Body::Quota(quota) => self.quota(attribute, quota, &frame),
            Body::Split(_) => Err(Unsupported("a sharing-out")),
            _ => Ok(materialise(self.plan(id, row, period)?, self.kind_len(attribute.context.kind))),
        }
    }

    /// The plan of an attribute that is a formula.
    pub(super) fn plan(&mut self, id: AttributeId, row: RowKey, period: Option<Period>) -> Result<Plan<'a>> {
        let attribute = self.attribute(id)?;
        if self.data.assumed.keys().any(|key| key.attribute == id) {
            return Err(Unsupported("assumed results"));
        }
        let frame = self.frame(attribute, row, period)?;
        let value = match &attribute.body {
            Body::Defined { exceptions, general } => {
                self.cases(exceptions, general, &attribute.ty.base, &frame)?
            }
            Body::State { first, next } => self.state_plan(id, attribute, first, next, row, &frame)?,
            Body::Total(total) => self.total(total, &frame)?,
            _ => return Err(Unsupported("a body the columns do not know")),
        };
        self.where_it_exists(attribute, value, &frame)
    }

    pub(super) fn frame(&self, attribute: &Attribute, row: RowKey, period: Option<Period>) -> Result<Frame> {
        let subject = attribute.context.kind.map_or(Binding::Unbound, Binding::Lane);
        let variables = match row {
            RowKey::None => Vec::new(),
            RowKey::Row(row) => match attribute.context.rows.as_ref().map(|rows| &rows.source) {
                Some(Elements::Rows(_)) => vec![Binding::Row(row)],
                _ => return Err(Unsupported("rows that are no table")),
            },
            RowKey::Period(period) => vec![Binding::Period(period)],
        };
        Ok(Frame { period, subject, variables })
    }

    /// Exceptions from the strongest (a blocked guard blocks), then the general case whose guard holds; if none holds, what
    /// blocks a guard; else 无.
    fn cases(
        &mut self,
        exceptions: &'a [Case],
        general: &'a [Case],
        ty: &Type,
        frame: &Frame,
    ) -> Result<Plan<'a>> {
        let (mut conditions, mut values) = (Vec::new(), Vec::new());
        let certain = |guard: &Plan<'a>| if let Node::Bool(value) = guard.node { Some(value) } else { None };
        for (case, exception) in
            exceptions.iter().map(|c| (c, true)).chain(general.iter().map(|c| (c, false)))
        {
            let guard = self.guard(case, frame)?;
            match certain(&guard) {
                Some(false) => {}
                Some(true) => {
                    values.push(self.compile(&case.value, frame)?);
                    return choice(conditions, values);
                }
                None => {
                    conditions.push(if exception { guard } else { truth_only(guard) });
                    values.push(self.compile(&case.value, frame)?);
                }
            }
        }
        // no guard holds: one that is blocked decides
        let mut guards = Vec::new();
        for case in general {
            guards.push(self.guard(case, frame)?);
        }
        if !guards.is_empty() {
            conditions.push(Plan { node: Node::Any(guards), ty: Ty::Bool });
            values.push(state(Status::None, ty)?);
        }
        values.push(state(Status::None, ty)?);
        choice(conditions, values)
    }

    fn guard(&mut self, case: &'a Case, frame: &Frame) -> Result<Plan<'a>> {
        match &case.guard {
            None => Ok(Plan { node: Node::Bool(true), ty: Ty::Bool }),
            Some(guard) => self.compile(guard, frame),
        }
    }

    /// 首期 / 下期: the previous period's next state where the subject was there, the first state elsewhere.
    fn state_plan(
        &mut self,
        id: AttributeId,
        attribute: &'a Attribute,
        first: &'a Expr,
        next: &'a [Case],
        row: RowKey,
        frame: &Frame,
    ) -> Result<Plan<'a>> {
        let period = frame.period.ok_or(Unsupported("a state without a period"))?;
        let start = self.compile(first, frame)?;
        let Some(before) = period.prev().filter(|before| !self.before_horizon(*before)) else {
            return Ok(start);
        };
        // from the first period on, so that no period waits for a deep chain
        let mut earlier = before;
        while let Some(previous) = earlier.prev().filter(|p| !self.before_horizon(*p)) {
            if self.columns.contains_key(&(id, row, Some(earlier))) {
                break;
            }
            earlier = previous;
        }
        while earlier < before {
            self.column(id, row, Some(earlier))?;
            earlier = earlier.next().ok_or(Unsupported("the end of the calendar"))?;
        }
        self.column(id, row, Some(before))?;
        let inner = Frame { period: Some(before), ..frame.clone() };
        let moved = self.cases(&[], next, &attribute.ty.base, &inner)?;
        match self.existence(attribute, &inner)? {
            None => Ok(moved),
            Some(was_there) => choice(vec![was_there], vec![moved, start]),
        }
    }

    fn total(&mut self, total: &'a hengjie_policy::core::Total, frame: &Frame) -> Result<Plan<'a>> {
        let zero = || math::constant(&Rational::ZERO);
        let mut sum = zero()?;
        for contribution in &total.contributions {
            let value = match self.inlined(contribution.attribute, frame)? {
                Some(plan) => plan,
                None => {
                    let period = self.period_for(contribution.attribute, frame)?;
                    let column = self.column(contribution.attribute, RowKey::None, period)?;
                    read_computed(column, Index::Lane)
                }
            };
            let weighted = self.addend(value, contribution.weight.as_ref(), frame)?;
            sum = math::add(sum, weighted)?;
        }
        if let Some(max) = &total.max {
            sum = math::extreme(vec![sum, math::constant(max)?], Side::Smallest, OnExempt::Keep)?;
        }
        if let Some(min) = &total.min {
            sum = math::extreme(vec![sum, math::constant(min)?], Side::Largest, OnExempt::Keep)?;
        }
        match &total.rounding {
            None => Ok(sum),
            Some((mode, quantum)) => math::round(sum, quantum, *mode),
        }
    }

    /// 无 for subjects and rows that the context leaves out.
    fn where_it_exists(
        &mut self,
        attribute: &'a Attribute,
        value: Plan<'a>,
        frame: &Frame,
    ) -> Result<Plan<'a>> {
        match self.existence(attribute, frame)? {
            None => Ok(value),
            Some(exists) => {
                let ty = value.ty.clone();
                Ok(Plan { node: Node::Where(Box::new(exists), Box::new(value)), ty })
            }
        }
    }

    fn existence(&mut self, attribute: &'a Attribute, frame: &Frame) -> Result<Option<Plan<'a>>> {
        let mut conditions = Vec::new();
        if let Some(population) = self.population(attribute, frame.period)? {
            conditions.push(read_computed(population, Index::Lane));
        }
        if let (Some(rows), false) = (&attribute.context.rows, frame.variables.is_empty()) {
            if rows.take.is_some() {
                return Err(Unsupported("the first rows only"));
            }
            for filter in &rows.filters {
                let mut inner = frame.clone();
                let element = frame.variables[0].clone();
                bind(&mut inner, filter.variable.index(), element);
                conditions.push(truth_only(self.compile(&filter.condition, &inner)?));
            }
        }
        Ok(match conditions.len() {
            0 => None,
            1 => conditions.pop(),
            _ => Some(Plan { node: Node::All(conditions), ty: Ty::Bool }),
        })
    }

    /// Who is in the population of a context: 适用 and the context's own filter.
    pub(super) fn population(
        &mut self,
        attribute: &'a Attribute,
        period: Option<Period>,
    ) -> Result<Option<Arc<Computed<'a>>>> {
        let Some(kind) = attribute.context.kind else { return Ok(None) };
        let own = attribute.context.filter.as_ref();
        self.members_of(kind, own, period)
    }

    /// The subjects of a kind within 适用 and a filter; `None`: all.
    pub(super) fn members_of(
        &mut self,
        kind: KindId,
        own: Option<&'a Expr>,
        period: Option<Period>,
    ) -> Result<Option<Arc<Computed<'a>>>> {
        let key = (kind, Members::of(own), period);
        if let Some((found, dependencies)) = self.populations.get(&key) {
            self.note_all(dependencies);
            return Ok(found.clone());
        }
        let (found, dependencies) = self.traced(|engine| engine.find_members(kind, own, period));
        let found = found?;
        self.note_all(&dependencies);
        self.populations.insert(key, (found.clone(), dependencies));
        Ok(found)
    }

    /// Is the population of an attribute known, so that asking for it computes nothing?
    pub(super) fn is_settled(&self, attribute: &'a Attribute, period: Option<Period>) -> bool {
        let own = attribute.context.filter.as_ref();
        let is_known = |kind| self.populations.contains_key(&(kind, Members::of(own), period));
        attribute.context.kind.is_none_or(is_known)
    }

    fn find_members(
        &mut self,
        kind: KindId,
        own: Option<&'a Expr>,
        period: Option<Period>,
    ) -> Result<Option<Arc<Computed<'a>>>> {
        let scope = self
            .program
            .scope
            .as_ref()
            .filter(|scope| scope.kind == kind)
            .and_then(|scope| scope.filter.as_ref());
        let frame = Frame { period, subject: Binding::Lane(kind), variables: Vec::new() };
        let mut conditions = Vec::new();
        if let Some(visible) = self.visible(kind, period) {
            let seen = Computed::of(Stored::Bool(visible), None, Ty::Bool);
            conditions.push(read_computed(Arc::new(seen), Index::Lane));
        }
        for filter in scope.into_iter().chain(own) {
            conditions.push(truth_only(self.compile(filter, &frame)?));
        }
        if conditions.is_empty() {
            return Ok(None);
        }
        let plan = Plan { node: Node::All(conditions), ty: Ty::Bool };
        Ok(Some(Arc::new(materialise(plan, self.kind_len(Some(kind))))))
    }

    pub(super) fn before_horizon(&self, period: Period) -> bool {
        self.first_day.is_none_or(|first| period.last_day() < first)
    }

    pub(super) fn taken_alternative(&self, reading: ReadingId) -> u32 {
        self.note(Dependency::Reading(reading));
        let chosen = self.data.readings.get(reading.index()).copied().flatten();
        chosen
            .unwrap_or_else(|| self.program.readings.get(reading.index()).map_or(0, |reading| reading.chosen))
    }

    /// The latest supplied value in force on the last day of the period, else the document's own.
    pub(super) fn parameter_value(
        &self,
        parameter: ParameterId,
        keys: &[Literal],
        period: Option<Period>,
    ) -> Option<&'a Literal> {
        self.note(Dependency::Parameter(parameter));
        let day = period.map(|period| period.last_day());
        let supplied = self.data.parameters.iter().filter(|entry| {
            entry.parameter == parameter
                && entry.keys == keys
                && match (entry.from, day) {
                    (Some(from), Some(day)) => from <= day,
                    _ => true,
                }
        });
        // the last of equal days wins, as in the row evaluator
        let best =
            supplied.fold(None, |best: Option<&crate::dataset::SuppliedParameter>, entry| match best {
                Some(best) if best.from > entry.from => Some(best),
                _ => Some(entry),
            });
        if let Some(entry) = best {
            return Some(&entry.value);
        }
        match &self.program.parameters.get(parameter.index())?.value {
            ParameterValue::Given(value) => Some(value),
            ParameterValue::Required(_) => None,
        }
    }

    /// The rows of a table in force at the end of the period: of several with the same keys the latest.
    pub(super) fn rows_in_force(&self, table: TableId, period: Option<Period>) -> Vec<u32> {
        let Some(table) = self.program.tables.get(table.index()) else { return Vec::new() };
        let all = 0..table.rows.len() as u32;
        let (Some(effective), Some(period)) = (table.effective, period) else { return all.collect() };
        let day_of = |row: u32| match table.rows[row as usize].cells.get(effective as usize) {
            Some(Cell::Value(Literal::Date(day))) => Some(*day),
            _ => None,
        };
        let keys_of = |row: u32| table.rows[row as usize].cells.get(..table.keys as usize);
        let known: Vec<u32> =
            all.filter(|row| day_of(*row).is_none_or(|day| day <= period.last_day())).collect();
        let replaced = |row: u32| {
            known.iter().any(|other| {
                *other != row
                    && keys_of(*other) == keys_of(row)
                    && (day_of(*other), *other) > (day_of(row), row)
            })
        };
        known.iter().copied().filter(|row| !replaced(*row)).collect()
    }

    pub(super) fn field_data(&self, field: FieldRef) -> &'a FieldData {
        self.note(Dependency::Field(field));
        static ABSENT: FieldData = FieldData::Absent;
        self.data
            .kinds
            .get(field.kind.index())
            .and_then(|kind| kind.fields.get(field.field as usize))
            .unwrap_or(&ABSENT)
    }

    /// The column of a field in a period; `None`: everything is missing.
    pub(super) fn fact_column(
        &mut self,
        field: FieldRef,
        period: Option<Period>,
    ) -> Result<Option<Source<'a>>> {
        match self.field_data(field) {
            FieldData::Absent => Ok(None),
            FieldData::Static(column) => Ok(Some(Source::Facts(column))),
            FieldData::Periodic(columns) => {
                Ok(period.and_then(|period| columns.get(&period)).map(Source::Facts))
            }
            FieldData::Dated(dated) => {
                let day = period.ok_or(Unsupported("a dated field without a period"))?.last_day();
                if let Some(column) = self.dense.get(&(field, day)) {
                    return Ok(Some(Source::Computed(column.clone())));
                }
                let len = self.kind_len(Some(field.kind));
                let column = Arc::new(self.on_day(dated, day, len)?);
                self.dense.insert((field, day), column.clone());
                Ok(Some(Source::Computed(column)))
            }
        }
    }

    fn on_day(
        &mut self,
        dated: &'a crate::dataset::DatedColumn,
        day: Date,
        len: usize,
    ) -> Result<Computed<'a>> {
        let entries: Vec<Option<usize>> = (0..len).map(|subject| dated.entry(subject, day)).collect();
        let state_of = |entry: &Option<usize>| {
            entry.map_or(Status::Missing as u8, |entry| dated.values.status(entry) as u8)
        };
        let status: Vec<u8> = entries.iter().map(state_of).collect();
        let status = status.iter().any(|&state| state != 0).then_some(status);
        let ints = entries
            .iter()
            .map(|entry| entry.map_or(0, |entry| execute::facts_int(&dated.values.data, entry)));
        let (data, ty) = match &dated.values.data {
            ColumnData::Number { scale, .. } => {
                let (low, high) = self.range(&dated.values);
                let scale = super::number::Scale::of(scale).ok_or(Unsupported("a scale beyond 120 bits"))?;
                // subjects without an entry hold 0
                let ty = super::number::Numeric::exact(scale, low.min(0), high.max(0));
                let data = if ty.is_narrow() {
                    Stored::I64(ints.map(|v| v as i64).collect())
                } else {
                    Stored::I128(ints.collect())
                };
                (data, Ty::Number(ty))
            }
            ColumnData::Bool(_) => (Stored::Bool(ints.map(|v| v != 0).collect()), Ty::Bool),
            ColumnData::Text(_) => return Err(Unsupported("dated text")),
            _ => (Stored::Code(ints.map(|v| v as i32).collect()), Ty::Code),
        };
        Ok(Computed::of(data, status, ty))
    }

    /// Smallest and largest integer of a fact column.
    pub(super) fn range(&mut self, column: &Column) -> (i128, i128) {
        let key = std::ptr::from_ref(column) as usize;
        *self.ranges.entry(key).or_insert_with(|| match &column.data {
            ColumnData::Number { values: Integers::I16(values), .. } => ends(values),
            ColumnData::Number { values: Integers::I32(values), .. } => ends(values),
            ColumnData::Number { values: Integers::I64(values), .. } => ends(values),
            ColumnData::Number { values: Integers::I128(values), .. } => ends(values),
            _ => (0, 0),
        })
    }

    /// Has anybody decided anything at this place?
    pub(super) fn has_decisions(&self, decision: DecisionId) -> bool {
        self.note(Dependency::Decision(decision));
        let from = DecisionKey { decision, subject: String::new(), row: String::new(), period: None };
        self.data.decisions.range(from..).next().is_some_and(|(key, _)| key.decision == decision)
    }

    /// The decisions taken at one place, by subject; everybody else is 待定.
    pub(super) fn decided(
        &mut self,
        decision: DecisionId,
        frame: &Frame,
        ty: &Type,
    ) -> Result<Arc<Computed<'a>>> {
        let Binding::Lane(kind) = frame.subject else { return Err(Unsupported("a decision about nobody")) };
        let len = self.kind_len(Some(kind));
        let from = DecisionKey { decision, subject: String::new(), row: String::new(), period: None };
        let taken: Vec<_> = (self.data.decisions.range(from..))
            .take_while(|(key, _)| key.decision == decision)
            .filter(|(key, _)| key.period == frame.period && key.row.is_empty())
            .collect();
        let mut status = vec![Status::Undecided as u8; len];
        let mut numbers = vec![Rational::ZERO; if matches!(ty, Type::Number(_)) { len } else { 0 }];
        let mut codes = vec![0_i32; if numbers.is_empty() { len } else { 0 }];
        let wanted: Vec<&str> = taken.iter().map(|(key, _)| key.subject.as_str()).collect();
        let places = self.data.kinds.get(kind.index()).map(|data| data.keys.positions(&wanted));
        for ((_, decided), subject) in taken.into_iter().zip(places.unwrap_or_default()) {
            let Some(subject) = subject else { continue };
            status[subject] = decided.value.status() as u8;
            match &decided.value {
                Value::Number(value) if !numbers.is_empty() => numbers[subject] = value.clone(),
                other => codes[subject] = code_of(other).unwrap_or(0),
            }
        }
        let column = if matches!(ty, Type::Number(_)) {
            of_rationals(&numbers, Some(status))?
        } else if matches!(ty, Type::Bool) {
            Computed::of(Stored::Bool(codes.iter().map(|&v| v != 0).collect()), Some(status), Ty::Bool)
        } else {
            Computed::of(Stored::Code(codes.into()), Some(status), Ty::Code)
        };
        Ok(Arc::new(column))
    }

    /// The slow way: every lane by the row evaluator.
    fn row_by_row(&mut self, id: AttributeId, row: RowKey, period: Option<Period>) -> Result<Computed<'a>> {
        let attribute = self.attribute(id)?;
        let len = self.kind_len(attribute.context.kind);
        let element = match (row, attribute.context.rows.as_ref().map(|rows| &rows.source)) {
            (RowKey::Row(row), Some(Elements::Rows(table))) => Some(Value::Row(*table, row)),
            (RowKey::Period(period), _) => Some(Value::Period(period)),
            _ => None,
        };
        let (program, data) = (self.program, self.data);
        // Each thread has an evaluator of its own and the same subjects every time, so that it meets what it remembers.
        let threads = match attribute.body {
            // Everybody at once: whoever comes first does the work.
            Body::Rank(_) | Body::Quota(_) | Body::Split(_) => 1,
            _ => rayon::current_num_threads().clamp(1, THREADS).min(len.div_ceil(ROWS_OF_A_THREAD).max(1)),
        };
        while self.fallback.len() < threads {
            self.fallback.push(row::Evaluator::new(program, data));
        }
        let size = len.div_ceil(threads);
        let work = self.fallback[..threads].par_iter_mut().enumerate().flat_map_iter(|(place, evaluator)| {
            let subjects = (place * size).min(len)..((place + 1) * size).min(len);
            let element = element.clone();
            subjects.map(move |subject| evaluator.value(id, subject as u32, element.clone(), period))
        });
        let values: Vec<Value> = work.collect();
        let status: Vec<u8> = values.iter().map(|value| value.status() as u8).collect();
        if matches!(attribute.ty.base, Type::Number(_)) {
            let numbers: Vec<Rational> = (values.into_iter())
                .map(|value| match value {
                    Value::Number(value) => value,
                    _ => Rational::ZERO,
                })
                .collect();
            return Ok(Computed { exactly: len as u64, ..of_rationals(&numbers, Some(status))? });
        }
        let codes = values.iter().map(|value| code_of(value).unwrap_or(0));
        let (data, ty) = match attribute.ty.base {
            Type::Bool => (Stored::Bool(codes.map(|v| v != 0).collect()), Ty::Bool),
            _ => (Stored::Code(codes.collect()), Ty::Code),
        };
        Ok(Computed { exactly: len as u64, ..Computed::of(data, Some(status), ty) })
    }
}

fn code_of(value: &Value) -> Option<i32> {
    match value {
        Value::Bool(value) => Some(i32::from(*value)),
        Value::Date(day) => Some(day.days()),
        Value::Period(period) => Some(period.ordinal()),
        Value::Enum(_, code) | Value::Object(_, code) | Value::Row(_, code) => i32::try_from(*code).ok(),
        _ => None,
    }
}

/// Exact fractions as a column: at a common scale if there is one, otherwise coarse with the fractions kept beside.
pub(super) fn of_rationals<'a>(numbers: &[Rational], status: Option<Vec<u8>>) -> Result<Computed<'a>> {
    use super::number::{Numeric, Scale};
    let status = status.filter(|states| states.iter().any(|&state| state != 0));
    let common = numbers.iter().filter(|v| !v.is_zero()).try_fold(None, |scale: Option<Scale>, value| {
        let own = Scale::of(&value.abs())?;
        Some(Some(match scale {
            None => own,
            Some(scale) => scale.common(own)?.0,
        }))
    });
    let exact = common.and_then(|scale| {
        let scale = scale.unwrap_or(Scale::ONE);
        let quantum = scale.rational();
        let ints: Option<Vec<i128>> = numbers.iter().map(|v| v.checked_div(&quantum)?.to_i128()).collect();
        ints.map(|ints| (scale, ints))
            .filter(|(_, ints)| ends(ints).1.max(-ends(ints).0) <= super::number::WIDE)
    });
    if let Some((scale, ints)) = exact {
        let (low, high) = ends(&ints);
        let ty = Numeric::exact(scale, low, high);
        let data = if ty.is_narrow() {
            Stored::I64(ints.iter().map(|&v| v as i64).collect())
        } else {
            Stored::I128(ints)
        };
        return Ok(Computed::of(data, status, Ty::Number(ty)));
    }
    let bound = numbers.iter().map(Rational::abs).max().unwrap_or(Rational::ZERO);
    let scale = super::number::decimal_scale_for(&bound).ok_or(Unsupported("numbers beyond 120 bits"))?;
    let quantum = scale.rational();
    let coarse = |v: &Rational| {
        v.round_to(&quantum, Rounding::Down).and_then(|v| v.checked_div(&quantum)).and_then(|v| v.to_i128())
    };
    let ints: Option<Vec<i128>> = numbers.iter().map(coarse).collect();
    let ints = ints.ok_or(Unsupported("numbers beyond 120 bits"))?;
    let (low, high) = ends(&ints);
    let ty = Ty::Number(Numeric { scale, error: 1, low, high });
    Ok(Computed { fractions: Some(numbers.to_vec()), ..Computed::of(Stored::I128(ints), status, ty) })
}

pub(super) fn bind(frame: &mut Frame, variable: usize, binding: Binding) {
    if frame.variables.len() <= variable {
        frame.variables.resize(variable + 1, Binding::Unbound);
    }
    frame.variables[variable] = binding;
}

/// A condition of a population: anything but a present 是 is 否.
pub(super) fn truth_only(plan: Plan<'_>) -> Plan<'_> {
    Plan { node: Node::Truth(Box::new(plan)), ty: Ty::Bool }
}

/// A filter of a collection: 无 and 免 do not hold; what blocks stays.
pub(super) fn holds(plan: Plan<'_>) -> Plan<'_> {
    match plan.node {
        Node::Bool(_) => plan,
        _ => Plan { node: Node::Holds(Box::new(plan)), ty: Ty::Bool },
    }
}

fn ends<T: Copy + Into<i128> + Ord + Send + Sync>(values: &[T]) -> (i128, i128) {
    let low = values.par_iter().copied().min().map_or(0, Into::into);
    let high = values.par_iter().copied().max().map_or(0, Into::into);
    (low, high)
}

/// Computes a plan for all lanes, in parallel chunks with fixed borders.
pub(super) fn materialise(plan: Plan<'_>, len: usize) -> Computed<'_> {
    let narrow = plan.numeric().is_none_or(super::number::Numeric::is_narrow);
    let mut status: Vec<u8> = Vec::new();
    let mut exactly = 0;
    let data = match plan.ty {
        Ty::Bool => Stored::Bool(fill(&plan, len, false, (&mut status, &mut exactly), |vector, out| {
            match &vector.data {
                Data::Bool(values) => out.copy_from_slice(values),
                _ => each(out, |lane| vector.int(lane) != 0),
            }
        })),
        Ty::Code => {
            let codes = fill(&plan, len, 0, (&mut status, &mut exactly), |vector, out| match &vector.data {
                Data::Code(values) => out.copy_from_slice(values),
                _ => each(out, |lane| vector.code(lane)),
            });
            Stored::Code(codes.into())
        }
        Ty::Number(_) if narrow => {
            let values = fill(&plan, len, 0, (&mut status, &mut exactly), |vector, out| match &vector.data {
                Data::I64(values) => out.copy_from_slice(values),
                _ => each(out, |lane| vector.int(lane) as i64),
            });
            Stored::I64(values.into())
        }
        Ty::Number(_) => Stored::I128(fill(&plan, len, 0, (&mut status, &mut exactly), |vector, out| {
            each(out, |lane| vector.int(lane))
        })),
    };
    let status = (!status.is_empty()).then_some(status);
    let ty = match (&plan.ty, &data) {
        // what is really there is narrower than what could be
        (Ty::Number(numeric), Stored::I64(values)) => {
            let (low, high) = ends(values);
            Ty::Number(super::number::Numeric { low, high, ..numeric.clone() })
        }
        (ty, _) => ty.clone(),
    };
    let inexact = plan.numeric().is_some_and(|numeric| numeric.error != 0);
    Computed { plan: inexact.then(|| Arc::new(plan)), exactly, ..Computed::of(data, status, ty) }
}

fn each<T>(out: &mut [T], value: impl Fn(usize) -> T) {
    for (lane, slot) in out.iter_mut().enumerate() {
        *slot = value(lane);
    }
}

fn fill<T: Copy + Send + Sync>(
    plan: &Plan<'_>,
    len: usize,
    blank: T,
    (status, exactly): (&mut Vec<u8>, &mut u64),
    write: impl Fn(&super::vector::Vector<'_>, &mut [T]) + Sync,
) -> Vec<T> {
    let mut data = vec![blank; len];
    let (states, counts): (Vec<Option<Vec<u8>>>, Vec<u64>) = data
        .par_chunks_mut(CHUNK)
        .enumerate()
        .map(|(chunk, out)| {
            let start = chunk * CHUNK;
            let (vector, count) = super::exact::counting(|| execute::run(plan, &(start..start + out.len())));
            write(&vector, out);
            let states = vector.status.filter(|states| states.iter().any(|&state| state != 0));
            (states.map(|states| states.into_owned()), count)
        })
        .unzip();
    *exactly = counts.iter().sum();
    if states.iter().any(Option::is_some) {
        *status = vec![0; len];
        for (chunk, states) in states.into_iter().enumerate() {
            if let Some(states) = states {
                status[chunk * CHUNK..chunk * CHUNK + states.len()].copy_from_slice(&states);
            }
        }
    }
    data
}
