//! What a world is given when the row evaluator asks: facts, parameters, decisions.

use super::{Fact, Probe, World};
use hengjie_evaluate::dataset::{DecidedValue, DecisionKey, SuppliedParameter};
use hengjie_evaluate::value::{Gap, OpenDecision, Value};
use hengjie_policy::core::{FieldRef, Literal, ParameterId, Type};
use hengjie_quantity::Rational;

impl Probe<'_, '_> {
    /// Supplies what is missing. False: it cannot be supplied.
    pub(super) fn supply(&self, world: &mut World, gap: &Gap) -> bool {
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

    pub(super) fn fact(&self, world: &World, reference: FieldRef, instance: u32) -> Fact {
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

    pub(super) fn parameter(
        &self,
        world: &World,
        id: ParameterId,
        keys: &[String],
    ) -> Option<SuppliedParameter> {
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

    pub(super) fn decide(&self, world: &mut World, open: &OpenDecision) {
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
