//! Small worlds for counter-examples: two subjects of each kind that matters, facts supplied as the row evaluator asks
//! for them. What a probe says is what the engine computes.

mod data;
mod pool;
mod supply;

pub(crate) use pool::{Pool, steps};

use crate::Context;
use crate::interpret::Interpreter;
use crate::possible::Possible;
use hengjie_calendar::{Date, Grain, Period};
use hengjie_evaluate::dataset::{DecidedValue, DecisionKey, SuppliedParameter};
use hengjie_evaluate::row::Evaluator;
use hengjie_evaluate::value::Value;
use hengjie_policy::core::{
    AttributeId, Body, Expr, ExprKind, FieldRef, FieldTime, KindId, ParameterId, Program, ReadingId, Source,
    Type,
};
use hengjie_quantity::Rational;
use std::collections::{BTreeMap, BTreeSet};

/// Rounds of asking and supplying.
const ROUNDS_MAX: usize = 14;

/// A fact of a world.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Fact {
    Number(Rational),
    Bool(bool),
    Item(u32),
    Day(Date),
    Text(String),
    Object(u32),
    Nothing,
}

/// A small world under construction.
#[derive(Debug, Clone)]
pub(crate) struct World {
    /// Kinds with subjects or records.
    kinds: BTreeSet<KindId>,
    /// By field and instance.
    pub facts: BTreeMap<(FieldRef, u32), Fact>,
    parameters: BTreeMap<(ParameterId, String), SuppliedParameter>,
    decisions: BTreeMap<DecisionKey, DecidedValue>,
    pub readings: Vec<Option<u32>>,
    /// Records that are left out, by kind.
    pub without: BTreeSet<KindId>,
    period: Option<Period>,
    /// Makes worlds differ.
    salt: u32,
}

/// Builds worlds for one attribute.
pub(crate) struct Probe<'c, 'a> {
    context: &'c Context<'a>,
    pool: &'c Pool,
    pub attribute: AttributeId,
    /// What the conditions of the attribute ask of the facts of its subject.
    hints: BTreeMap<FieldRef, Possible>,
    kinds: BTreeSet<KindId>,
}

impl<'c, 'a> Probe<'c, 'a> {
    pub(crate) fn new(
        context: &'c Context<'a>,
        pool: &'c Pool,
        interpreter: &mut Interpreter<'a>,
        attribute: AttributeId,
    ) -> Self {
        let kinds = kinds_of(context, attribute);
        let hints = hints(context.program, interpreter, attribute);
        Self { context, pool, attribute, hints, kinds }
    }

    /// An empty world; equal salts make equal worlds.
    pub(crate) fn world(&self, salt: u32) -> World {
        let program = self.context.program;
        let year = Period::containing(Grain::Year, program.from);
        let year = year.next().unwrap_or(year);
        let grain = program.attributes[self.attribute.index()].context.grain;
        let mut world = World {
            kinds: self.kinds.clone(),
            facts: BTreeMap::new(),
            parameters: BTreeMap::new(),
            decisions: BTreeMap::new(),
            readings: vec![None; program.readings.len()],
            without: BTreeSet::new(),
            period: grain.map(|grain| Period::containing(grain, year.last_day())),
            salt,
        };
        // Conditions with 缺则 would not ask for their facts.
        for &field in &self.context.cones[self.attribute.index()].fields {
            let definition = &program.kinds[field.kind.index()].fields[field.field as usize];
            if matches!(definition.ty, Type::Object(_)) || definition.name == "日期" {
                continue;
            }
            for instance in 0..2 {
                let fact = self.fact(&world, field, instance);
                world.facts.insert((field, instance), fact);
            }
        }
        world
    }

    /// The value of an attribute for the first subject; what is missing is supplied on the way. `None` when something
    /// cannot be supplied.
    pub(crate) fn value(&self, world: &mut World, attribute: AttributeId, row: Option<u32>) -> Option<Value> {
        let program = self.context.program;
        for _ in 0..ROUNDS_MAX {
            let data = data::dataset(self.context, world);
            let mut evaluator = Evaluator::new(program, &data);
            let row = row.and_then(|row| {
                match program.attributes[attribute.index()].context.rows.as_ref()?.source {
                    Source::Rows(table) => Some(Value::Row(table, row)),
                    _ => None,
                }
            });
            let period = self.period_for(world, attribute);
            let value = evaluator.value(attribute, 0, row, period);
            match &value {
                Value::Missing(gaps) if !gaps.is_empty() => {
                    if !gaps.iter().all(|gap| self.supply(world, gap)) {
                        return None;
                    }
                }
                Value::Undecided(open) if !open.is_empty() => {
                    open.iter().for_each(|open| self.decide(world, open));
                }
                Value::Missing(_) | Value::Undecided(_) => return None,
                _ => return Some(value),
            }
        }
        None
    }

    fn period_for(&self, world: &World, attribute: AttributeId) -> Option<Period> {
        let grain = self.context.program.attributes[attribute.index()].context.grain?;
        let last = world.period.map_or_else(|| self.context.program.from, |period| period.last_day());
        Some(Period::containing(grain, last))
    }

    /// A number for the attribute of the probe.
    pub(crate) fn number(&self, world: &mut World) -> Option<Rational> {
        match self.value(world, self.attribute, self.row(world.salt))? {
            Value::Number(number) => Some(number),
            Value::Enum(_, item) => Some(Rational::from(item)),
            _ => None,
        }
    }

    /// A row for rules with 逐.
    pub(crate) fn row(&self, salt: u32) -> Option<u32> {
        let program = self.context.program;
        match program.attributes[self.attribute.index()].context.rows.as_ref()?.source {
            Source::Rows(table) => {
                let rows = u32::try_from(program.tables[table.index()].rows.len()).ok()?;
                Some(salt % rows.max(1))
            }
            _ => None,
        }
    }

    /// The readings that an attribute, or what it uses, depends on.
    pub(crate) fn readings(&self) -> BTreeSet<ReadingId> {
        let mut found = BTreeSet::new();
        for attribute in &self.context.cones[self.attribute.index()].attributes {
            each_expr(&self.context.program.attributes[attribute.index()], &mut |expr| {
                readings_in(expr, &mut found);
            });
        }
        found
    }
}

fn readings_in(expr: &Expr, found: &mut BTreeSet<ReadingId>) {
    if let ExprKind::ReadingIs(reading, _) = expr.kind {
        found.insert(reading);
    }
    hengjie_policy::walk::children(expr, &mut |part| readings_in(part, found));
}

/// The kinds that an attribute needs subjects or records of.
fn kinds_of(context: &Context<'_>, attribute: AttributeId) -> BTreeSet<KindId> {
    let mut kinds = BTreeSet::new();
    let program = context.program;
    kinds.extend(program.attributes[attribute.index()].context.kind);
    for &id in &context.cones[attribute.index()].attributes {
        kinds.extend(program.attributes[id.index()].context.kind);
        kinds.extend(context.cones[id.index()].fields.iter().map(|field| field.kind));
    }
    // Objects that fields refer to exist as well.
    let mut open: Vec<KindId> = kinds.iter().copied().collect();
    while let Some(kind) = open.pop() {
        for field in &program.kinds[kind.index()].fields {
            if let Type::Object(other) = field.ty
                && kinds.insert(other)
            {
                open.push(other);
            }
        }
    }
    kinds
}

/// What must hold of the fields of the subject.
fn hints(
    program: &Program,
    interpreter: &mut Interpreter<'_>,
    attribute: AttributeId,
) -> BTreeMap<FieldRef, Possible> {
    let mut hints = BTreeMap::new();
    let Some(kind) = program.attributes[attribute.index()].context.kind else { return hints };
    let Some(path) = interpreter.context_path(attribute, None) else { return hints };
    for at in 0..program.kinds[kind.index()].fields.len() {
        let field = FieldRef { kind, field: u32::try_from(at).unwrap_or(0) };
        if let Some(known) = path.known_field(field) {
            hints.insert(field, known.clone());
        }
    }
    hints
}

/// Calls `visit` for every expression of an attribute.
pub(crate) fn each_expr(attribute: &hengjie_policy::core::Attribute, visit: &mut dyn FnMut(&Expr)) {
    attribute.context.filter.iter().for_each(&mut *visit);
    if let Some(rows) = &attribute.context.rows {
        hengjie_policy::walk::collection_children(rows, visit);
    }
    match &attribute.body {
        Body::Defined { exceptions, general } => {
            for case in exceptions.iter().chain(general) {
                case.guard.iter().for_each(&mut *visit);
                visit(&case.value);
            }
        }
        Body::State { first, next } => {
            visit(first);
            for case in next {
                case.guard.iter().for_each(&mut *visit);
                visit(&case.value);
            }
        }
        Body::Total(total) => {
            total.contributions.iter().filter_map(|part| part.weight.as_ref()).for_each(visit)
        }
        Body::Rank(rank) => {
            rank.group_by.iter().for_each(&mut *visit);
            rank.keys.iter().for_each(|key| visit(&key.value));
        }
        Body::Quota(quota) => {
            use hengjie_policy::core::QuotaForm;
            match &quota.form {
                QuotaForm::Lines(lines) => lines.iter().for_each(|line| {
                    visit(&line.take);
                    line.eligible.iter().for_each(&mut *visit);
                }),
                QuotaForm::Each { shares, .. } => shares.iter().for_each(|(_, share)| visit(share)),
            }
        }
        Body::Split(split) => {
            use hengjie_policy::core::SplitMethod;
            visit(&split.amount);
            hengjie_policy::walk::collection_children(&split.to, visit);
            let (SplitMethod::Shares(expr) | SplitMethod::InTurn(expr, _)) = &split.method;
            visit(expr);
        }
    }
}

/// The time of a field, for building columns.
fn is_periodic(time: FieldTime) -> Option<Grain> {
    match time {
        FieldTime::Every(grain) => Some(grain),
        _ => None,
    }
}
