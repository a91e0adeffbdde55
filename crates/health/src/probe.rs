//! Small worlds for counter-examples: two subjects of each kind that matters, facts supplied as the row evaluator asks
//! for them. What a probe says is what the engine computes.

mod data;
mod pool;

pub(crate) use pool::{Pool, steps};

use crate::Context;
use crate::interpret::Interpreter;
use crate::possible::Possible;
use hengjie_calendar::{Date, Grain, Period};
use hengjie_evaluate::dataset::{DecidedValue, DecisionKey, SuppliedParameter};
use hengjie_evaluate::row::Evaluator;
use hengjie_evaluate::value::{Gap, OpenDecision, Value};
use hengjie_policy::core::{
    AttributeId, Body, Expr, ExprKind, FieldRef, FieldTime, KindId, Literal, ParameterId, Program, ReadingId,
    Source, Type,
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

    /// Supplies what is missing. False: it cannot be supplied.
    fn supply(&self, world: &mut World, gap: &Gap) -> bool {
        let program = self.context.program;
        match gap {
            Gap::Fact { field, subject, .. } => {
                let key = (*field, *subject);
                if world.facts.contains_key(&key) {
                    return false;
                }
                let fact = self.fact(world, *field, *subject);
                world.facts.insert(key, fact);
                true
            }
            Gap::Parameter { parameter, keys, .. } => {
                let name = (*parameter, keys.join("/"));
                if world.parameters.contains_key(&name) {
                    return false;
                }
                let Some(supplied) = self.parameter(world, *parameter, keys) else { return false };
                let _ = program;
                world.parameters.insert(name, supplied);
                true
            }
            Gap::Cell { .. } | Gap::Form { .. } | Gap::Fault { .. } => false,
        }
    }

    fn fact(&self, world: &World, reference: FieldRef, instance: u32) -> Fact {
        let program = self.context.program;
        let kind = &program.kinds[reference.kind.index()];
        let field = &kind.fields[reference.field as usize];
        let salt = mixed(world.salt, reference.kind.0 * 1000 + reference.field, instance);
        let hint = self.hints.get(&reference);
        match &field.ty {
            Type::Number(unit) => {
                let within = hint.and_then(|hint| hint.number.clone());
                Fact::Number(self.pool.number(unit, field.range.as_ref(), within.as_ref(), salt))
            }
            Type::Bool => Fact::Bool(match hint {
                Some(hint) if hint.yes != hint.no => hint.yes,
                _ => salt % 4 != 3,
            }),
            Type::Enum(of) => {
                let all: Vec<u32> = match hint {
                    Some(hint) if !hint.items.is_empty() => hint.items.iter().copied().collect(),
                    _ => (0..u32::try_from(program.enums[of.index()].items.len()).unwrap_or(1)).collect(),
                };
                Fact::Item(all.get(salt as usize % all.len().max(1)).copied().unwrap_or(0))
            }
            Type::Date => {
                let day = world.period.map_or(program.from, |period| period.last_day());
                let back = [1, 8, 20, 45, 80][salt as usize % 5];
                Fact::Day(day.add_months(-back).unwrap_or(day))
            }
            Type::Text => Fact::Text("甲".to_owned()),
            Type::Object(_) if kind.tree == Some(reference.field) => Fact::Nothing,
            Type::Object(_) => Fact::Object(instance),
            _ => Fact::Nothing,
        }
    }

    fn parameter(&self, world: &World, id: ParameterId, keys: &[String]) -> Option<SuppliedParameter> {
        let program = self.context.program;
        let parameter = &program.parameters[id.index()];
        let mut literals = Vec::new();
        for (key, ty) in keys.iter().zip(&parameter.keys) {
            literals.push(match ty {
                Type::Enum(of) => {
                    let item = program.enums[of.index()].items.iter().position(|item| item == key)?;
                    Literal::Enum(*of, u32::try_from(item).ok()?)
                }
                _ => Literal::Text(key.clone()),
            });
        }
        let salt = mixed(world.salt, 77_000 + id.0, 0);
        // A higher grade gets more, so that the parameter itself makes no cliff.
        let rank = literals.iter().find_map(|literal| match literal {
            Literal::Enum(of, item) if program.enums[of.index()].ordered => Some(*item),
            _ => None,
        });
        let value = match &parameter.ty {
            Type::Number(unit) => {
                let base = self.pool.number(unit, parameter.range.as_ref(), None, salt);
                let share = Rational::new(i128::from(rank.unwrap_or(9) + 1), 10)?;
                let value = if rank.is_some() { base * share } else { base };
                let step = crate::possible::step_of(unit);
                let whole = step.and_then(|step| value.round_to(&step, hengjie_quantity::Rounding::Down));
                Literal::Number(whole.unwrap_or(value))
            }
            Type::Bool => Literal::Bool(salt.is_multiple_of(2)),
            Type::Enum(of) => {
                Literal::Enum(*of, salt % u32::try_from(program.enums[of.index()].items.len()).ok()?.max(1))
            }
            Type::Text => Literal::Text("甲".to_owned()),
            Type::Date => Literal::Date(program.from),
            _ => return None,
        };
        Some(SuppliedParameter {
            parameter: id,
            keys: literals,
            value,
            from: None,
            by: String::new(),
            because: String::new(),
            origin: None,
        })
    }

    fn decide(&self, world: &mut World, open: &OpenDecision) {
        let decision = &self.context.program.decisions[open.decision.index()];
        let value = match (&decision.ty, &decision.range) {
            (Type::Number(_), Some((low, _))) => Value::Number(low.clone()),
            (Type::Number(_), None) => Value::Number(Rational::from(100)),
            (Type::Enum(of), _) => Value::Enum(*of, 0),
            (Type::Text, _) => Value::Text(std::sync::Arc::from("甲")),
            (Type::Date, _) => Value::Date(self.context.program.from),
            _ => Value::Bool(true),
        };
        let key = DecisionKey {
            decision: open.decision,
            subject: open.subject.clone(),
            row: open.row.clone(),
            period: open.period,
        };
        let decided = DecidedValue {
            value,
            by: decision.by.clone(),
            because: String::new(),
            evidence: String::new(),
            origin: None,
        };
        world.decisions.insert(key, decided);
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

/// A number from three others, the same every time.
fn mixed(a: u32, b: u32, c: u32) -> u32 {
    let mut hash = 0x9E37_79B9_u32;
    for part in [a, b, c] {
        hash = (hash ^ part).wrapping_mul(0x85EB_CA6B);
        hash ^= hash >> 13;
    }
    hash >> 3
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
