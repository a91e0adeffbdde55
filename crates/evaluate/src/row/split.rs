//! Splits: an amount shared out among elements by shares or in turn, to the last quantum.

use super::collection::Member;
use super::state::States;
use super::{Environment, Evaluated, Evaluator, Key};
use crate::value::Value;
use hengjie_calendar::Period;
use hengjie_policy::core::{AttributeId, Expr, KindId, Split, SplitMethod, Type, VariableId};
use hengjie_quantity::{Rational, Rounding, waterfall};
use std::cmp::Ordering;
use std::sync::Arc;

/// An amount with its shares in one period.
#[derive(Debug)]
pub(crate) struct Sharing {
    pub(crate) amount: Value,
    /// In the order of the keys of the elements.
    pub(crate) shares: Vec<Share>,
    /// What blocks all shares.
    pub(crate) blocked: Option<Value>,
}

/// The share of one element.
#[derive(Debug, Clone)]
pub(crate) struct Share {
    pub(crate) element: u32,
    /// 比重, or the key of 依次.
    pub(crate) weight: Value,
    pub(crate) cap: Option<Rational>,
    /// Key of the order in which the remainder is given.
    remainder: Value,
    /// What the element gets; 无 if it takes no part.
    pub(crate) value: Value,
}

/// Variable 0 is the element.
const ELEMENT: VariableId = VariableId(0);

impl<'a> Evaluator<'a> {
    pub(super) fn share(&mut self, key: Key, split: &'a Split) -> Evaluated {
        let parent = match split.parent {
            None => None,
            Some(field) => match self.field(field, key.subject, key.period)? {
                Value::Object(kind, parent) => Some((kind, parent)),
                other => return Ok(other),
            },
        };
        let sharing = self.sharing(key.attribute, split, parent, key.period)?;
        if let Some(blocked) = &sharing.blocked {
            return Ok(blocked.clone());
        }
        let own = sharing.shares.iter().find(|share| share.element == key.subject);
        Ok(own.map_or(Value::None, |share| share.value.clone()))
    }

    /// The shares of one parent in a period, computed once.
    pub(crate) fn sharing(
        &mut self,
        attribute: AttributeId,
        split: &'a Split,
        parent: Option<(KindId, u32)>,
        period: Option<Period>,
    ) -> Evaluated<Arc<Sharing>> {
        let place = (attribute, parent.map_or(0, |(_, parent)| parent), period);
        if let Some(sharing) = self.population.sharings.get(&place) {
            return Ok(sharing.clone());
        }
        self.start_high(attribute, period)?;
        let mut environment = Environment::new(attribute, parent, period);
        let sharing = Arc::new(self.unrecorded(|evaluator| evaluator.shared(split, &mut environment))?);
        self.population.sharings.insert(place, sharing.clone());
        Ok(sharing)
    }

    fn shared(&mut self, split: &'a Split, environment: &mut Environment) -> Evaluated<Sharing> {
        let amount = self.eval(&split.amount, environment)?;
        let mut states = States::default();
        let mut shares = Vec::new();
        for member in self.collection(&split.to, environment)? {
            if let Some(share) = self.sharer(split, member, environment, &mut states)? {
                shares.push(share);
            }
        }
        if let Type::Object(kind) = split.to.element {
            // Ties in the order of the remainder are broken by key, whatever the order of the rows.
            let keys = &self.data.kinds[kind.index()].keys;
            shares.sort_by(|left: &Share, right| keys.compare(left.element as usize, right.element as usize));
        }
        let number = match &amount {
            Value::Number(number) => number.clone(),
            other => {
                states.add(other);
                Rational::ZERO
            }
        };
        let blocked = states.into_value();
        if blocked.is_none() {
            match &split.method {
                SplitMethod::Shares(_) => by_shares(&number, &mut shares, split),
                SplitMethod::InTurn(_, descending) => in_turn(&number, &mut shares, *descending, split),
            }
        }
        Ok(Sharing { amount, shares, blocked })
    }

    /// An element with its expressions; `None` if it cannot take part.
    fn sharer(
        &mut self,
        split: &'a Split,
        member: Member,
        environment: &mut Environment,
        states: &mut States,
    ) -> Evaluated<Option<Share>> {
        if let Some(doubt) = &member.doubt {
            states.add(doubt);
            return Ok(None);
        }
        let Value::Object(_, element) = member.element else { return Ok(None) };
        let weight = match &split.method {
            SplitMethod::Shares(weight) | SplitMethod::InTurn(weight, _) => weight,
        };
        let remainder = split.remainder.as_ref().map(|(key, _)| key);
        let exprs: [Option<&'a Expr>; 3] = [Some(weight), split.cap.as_ref(), remainder];
        let mut values = [Value::None, Value::None, Value::None];
        self.with_element(environment, ELEMENT, &member.element, |evaluator, environment| {
            for (value, expr) in values.iter_mut().zip(exprs) {
                if let Some(expr) = expr {
                    *value = evaluator.eval(expr, environment)?;
                }
            }
            Ok(())
        })?;
        for value in values.iter().filter(|value| value.is_blocked()) {
            states.add(value);
        }
        let [weight, cap, remainder] = values;
        let cap = match (cap, &split.method) {
            (Value::Number(cap), SplitMethod::Shares(_)) => Some(whole(cap, split)),
            (Value::Number(cap), SplitMethod::InTurn(..)) => Some(cap),
            _ => None,
        };
        Ok(Some(Share { element, weight, cap, remainder, value: Value::None }))
    }
}

/// A cap in whole quanta: rounding a share must not lift it above its cap.
fn whole(cap: Rational, split: &Split) -> Rational {
    cap.round_to(&split.rounding.1, Rounding::Down).unwrap_or(cap)
}

/// Positions in the order of a key; elements without it last, equal ones in the order they have.
fn sorted(shares: &[Share], key: impl Fn(&Share) -> &Value, descending: bool) -> Vec<usize> {
    let mut places: Vec<usize> = (0..shares.len()).collect();
    places.sort_by(|&left, &right| {
        let (left, right) = (key(&shares[left]), key(&shares[right]));
        match (left.is_present(), right.is_present()) {
            (true, true) => {
                let order = left.order(right).unwrap_or(Ordering::Equal);
                if descending { order.reverse() } else { order }
            }
            (left, right) => right.cmp(&left),
        }
    });
    places
}

/// Exact shares, rounded; what is left over goes quantum by quantum in the order of the remainder. An element at its cap
/// gets no more, and the others share the rest.
fn by_shares(amount: &Rational, shares: &mut [Share], split: &Split) {
    let exact = exact_shares(amount, shares);
    let (mode, quantum) = &split.rounding;
    let mut taken = Rational::ZERO;
    let mut order = match &split.remainder {
        Some((_, descending)) => sorted(shares, |share| &share.remainder, *descending),
        None => (0..shares.len()).collect(),
    };
    order.retain(|&place| exact[place].is_some());
    let mut values: Vec<Option<Rational>> = Vec::with_capacity(shares.len());
    for share in exact {
        let rounded = share.map(|share| share.round_to(quantum, *mode).unwrap_or(share));
        if let Some(rounded) = &rounded {
            taken += rounded;
        }
        values.push(rounded);
    }
    let mut rest = amount - taken;
    give_rest(&mut rest, quantum, &order, &mut values, shares);
    for (share, value) in shares.iter_mut().zip(values) {
        share.value = value.map_or(Value::None, Value::Number);
    }
}

/// Gives the rest away, a quantum each, as long as somebody may take it.
fn give_rest(
    rest: &mut Rational,
    quantum: &Rational,
    order: &[usize],
    values: &mut [Option<Rational>],
    shares: &[Share],
) {
    let mut given = true;
    while given && !rest.is_zero() {
        given = false;
        for &place in order {
            let size = rest.abs().min(quantum.clone());
            let step = if rest.signum() < 0 { -size } else { size };
            let Some(value) = values[place].as_mut().filter(|_| !rest.is_zero()) else { continue };
            let next = &*value + &step;
            if shares[place].cap.as_ref().is_none_or(|cap| next <= *cap || step.signum() < 0) {
                *value = next;
                *rest -= &step;
                given = true;
            }
        }
    }
}

/// amount × weight ÷ Σ weight. Elements that reach their cap get it, and the rest is shared among the others.
fn exact_shares(amount: &Rational, shares: &[Share]) -> Vec<Option<Rational>> {
    let mut result: Vec<Option<Rational>> = vec![None; shares.len()];
    let mut open: Vec<(usize, Rational)> = Vec::new();
    for (place, share) in shares.iter().enumerate() {
        if let Value::Number(weight) = &share.weight {
            open.push((place, weight.clone()));
        }
    }
    let mut rest = amount.clone();
    loop {
        let weights: Rational = open.iter().map(|(_, weight)| weight.clone()).sum();
        let Some(per_weight) = rest.checked_div(&weights) else { return result };
        let share = |weight: &Rational| weight * &per_weight;
        let capped = |(place, weight): &(usize, Rational)| {
            shares[*place].cap.as_ref().is_some_and(|cap| share(weight) > *cap)
        };
        let (full, others): (Vec<_>, Vec<_>) = open.iter().cloned().partition(capped);
        if full.is_empty() {
            for (place, weight) in &open {
                result[*place] = Some(share(weight));
            }
            return result;
        }
        for (place, _) in full {
            let cap = shares[place].cap.clone().unwrap_or_default();
            rest -= &cap;
            result[place] = Some(cap);
        }
        open = others;
    }
}

/// One after the other up to the cap, which is rounded; the last one that takes anything takes what is left. Nothing is left over
/// to be given away unless the caps are too small.
fn in_turn(amount: &Rational, shares: &mut [Share], descending: bool, split: &Split) {
    let (mode, quantum) = &split.rounding;
    let places = sorted(shares, |share| &share.weight, descending);
    let cap = |place: &usize| match &shares[*place].cap {
        Some(cap) => cap.round_to(quantum, *mode).unwrap_or_else(|| cap.clone()),
        None if split.cap.is_some() => Rational::ZERO,
        None => amount.clone(),
    };
    let caps: Vec<Rational> = places.iter().map(cap).collect();
    let (taken, _) = waterfall(amount, &caps);
    for (place, taken) in places.into_iter().zip(taken) {
        shares[place].value = Value::Number(taken);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use hengjie_policy::core::{Collection, ExprKind, Literal, Source, Type, ValueType};
    use hengjie_quantity::Unit;
    use hengjie_syntax::Span;
    use proptest::prelude::*;

    fn number(number: i32) -> Value {
        Value::Number(Rational::from(number))
    }

    fn constant() -> Expr {
        let ty = ValueType { base: Type::Number(Unit::none()), optional: false };
        Expr { kind: ExprKind::Literal(Literal::Number(Rational::ONE)), ty, span: Span::default() }
    }

    fn split(shares: bool, remainder: Option<bool>, capped: bool) -> Split {
        Split {
            parent: None,
            amount: constant(),
            to: Collection {
                source: Source::AllOf(KindId(0)),
                filters: Vec::new(),
                take: None,
                element: Type::Object(KindId(0)),
            },
            method: if shares {
                SplitMethod::Shares(constant())
            } else {
                SplitMethod::InTurn(constant(), false)
            },
            cap: capped.then(constant),
            rounding: (Rounding::HalfUp, Rational::pow10(-2)),
            remainder: remainder.map(|descending| (constant(), descending)),
        }
    }

    fn sharers(weights: &[(i32, Option<i32>)]) -> Vec<Share> {
        let share = |(element, &(weight, cap)): (u32, &(i32, Option<i32>))| Share {
            element,
            weight: number(weight),
            cap: cap.map(Rational::from),
            remainder: number(weight),
            value: Value::None,
        };
        (0..).zip(weights).map(share).collect()
    }

    fn show(shares: &[Share]) -> Vec<String> {
        let text = |share: &Share| match &share.value {
            Value::Number(number) => number.to_string(),
            other => format!("{other:?}"),
        };
        shares.iter().map(text).collect()
    }

    #[test]
    fn the_remainder_goes_in_its_order() {
        let mut shares = sharers(&[(1, None), (1, None), (1, None)]);
        by_shares(&Rational::from(100), &mut shares, &split(true, None, false));
        assert_eq!(show(&shares), ["33.34", "33.33", "33.33"]);
        let mut shares = sharers(&[(2, None), (2, None), (3, None)]);
        by_shares(&Rational::from(1), &mut shares, &split(true, Some(true), false));
        assert_eq!(show(&shares), ["0.29", "0.29", "0.42"]);
    }

    #[test]
    fn who_reaches_the_cap_leaves_the_rest_to_the_others() {
        let mut shares = sharers(&[(2, Some(10)), (1, None), (1, None)]);
        by_shares(&Rational::from(100), &mut shares, &split(true, None, true));
        assert_eq!(show(&shares), ["10", "45", "45"]);
    }

    #[test]
    fn in_turn_fills_one_bucket_after_the_other() {
        let mut shares = sharers(&[(2020, Some(30)), (2019, Some(50)), (2021, Some(40))]);
        in_turn(&Rational::from(100), &mut shares, false, &split(false, None, true));
        assert_eq!(show(&shares), ["30", "50", "20"]);
        in_turn(&Rational::from(60), &mut shares, true, &split(false, None, true));
        assert_eq!(show(&shares), ["20", "0", "40"]);
    }

    #[test]
    fn nobody_gets_more_than_the_cap_by_rounding() {
        let rule = split(true, Some(true), true);
        let mut shares = sharers(&[(1, None), (1, None)]);
        shares[0].cap = Some(whole(Rational::new(10_005, 1_000).unwrap(), &rule));
        by_shares(&Rational::from(100), &mut shares, &rule);
        assert_eq!(show(&shares), ["10", "90"]);
    }

    fn value(share: &Share) -> Option<Rational> {
        match &share.value {
            Value::Number(number) => Some(number.clone()),
            _ => None,
        }
    }

    fn rule(shares: bool, order: Option<bool>, rounding: (Rounding, i32)) -> Split {
        Split { rounding: (rounding.0, Rational::pow10(rounding.1)), ..split(shares, order, true) }
    }

    /// Every rounding and remainder rule that can be written.
    fn rules() -> impl Strategy<Value = (Option<bool>, (Rounding, i32))> {
        (prop::option::of(any::<bool>()), (prop::sample::select(Rounding::ALL.to_vec()), -2_i32..=2))
    }

    /// Weight, cap in tenths of a fen, key of the remainder.
    fn takers(caps: bool) -> impl Strategy<Value = Vec<(u16, Option<u32>, u8)>> {
        let cap = if caps { prop::option::of(0_u32..200_000).boxed() } else { Just(None).boxed() };
        prop::collection::vec((0_u16..50, cap, 0_u8..5), 1..20)
    }

    fn taking(takers: &[(u16, Option<u32>, u8)]) -> Vec<Share> {
        let share = |(element, (weight, cap, key)): (u32, &(u16, Option<u32>, u8))| Share {
            element,
            weight: number(i32::from(*weight)),
            cap: cap.map(|cap| Rational::from(cap) * Rational::pow10(-3)),
            remainder: number(i32::from(*key)),
            value: Value::None,
        };
        (0..).zip(takers).map(share).collect()
    }

    proptest! {
        /// Shares sum to the amount under every rounding and every remainder rule, and nobody is further from the exact share
        /// than the rounding and one quantum of the remainder.
        #[test]
        fn shares_sum_to_the_amount(
            thousandths in -1_000_000_i64..1_000_000,
            takers in takers(false),
            (order, rounding) in rules(),
        ) {
            let amount = Rational::from(thousandths) * Rational::pow10(-3);
            let weights: Rational = takers.iter().map(|(weight, ..)| Rational::from(u32::from(*weight))).sum();
            prop_assume!(!weights.is_zero());
            let mut shares = taking(&takers);
            by_shares(&amount, &mut shares, &rule(true, order, rounding));
            let sum: Rational = shares.iter().filter_map(value).sum();
            prop_assert_eq!(&sum, &amount);
            for (share, (weight, ..)) in shares.iter().zip(&takers) {
                let exact = (&amount * &Rational::from(u32::from(*weight))).checked_div(&weights).unwrap();
                let off = (value(share).unwrap() - exact).abs();
                prop_assert!(off <= Rational::from(2) * Rational::pow10(rounding.1), "{}", off);
            }
        }

        /// The same below caps: nobody gets more than the cap, and as much is given as the caps let through.
        #[test]
        fn capped_shares_sum_to_the_amount_or_to_the_caps(
            thousandths in 0_i64..1_000_000,
            takers in takers(true),
            (order, rounding) in rules(),
        ) {
            let amount = Rational::from(thousandths) * Rational::pow10(-3);
            let rule = rule(true, order, rounding);
            let mut shares = taking(&takers);
            for share in &mut shares {
                share.cap = share.cap.take().map(|cap| whole(cap, &rule));
            }
            prop_assume!(takers.iter().any(|(weight, ..)| *weight > 0));
            by_shares(&amount, &mut shares, &rule);
            let mut room = Some(Rational::ZERO);
            for (share, (weight, ..)) in shares.iter().zip(&takers) {
                if let (Some(value), Some(cap)) = (value(share), &share.cap) {
                    prop_assert!(value <= *cap, "{} of at most {}", value, cap);
                }
                if *weight > 0 {
                    room = room.zip(share.cap.clone()).map(|(room, cap)| room + cap);
                }
            }
            let sum: Rational = shares.iter().filter_map(value).sum();
            let least = room.map_or(amount.clone(), |room| room.min(amount.clone()));
            prop_assert!(sum >= least && sum <= amount, "{} of {}, {} at least", sum, amount, least);
        }

        /// In turn, everything is given that the caps, rounded as written, let through.
        #[test]
        fn buckets_take_the_amount_or_all_their_caps(
            thousandths in 0_i64..1_000_000,
            takers in takers(true),
            (order, rounding) in rules(),
            descending in any::<bool>(),
        ) {
            let amount = Rational::from(thousandths) * Rational::pow10(-3);
            let rule = rule(false, order, rounding);
            let mut shares = taking(&takers);
            in_turn(&amount, &mut shares, descending, &rule);
            let cap = |share: &Share| share.cap.as_ref().and_then(|cap| cap.round_to(&rule.rounding.1, rounding.0));
            let room: Rational = shares.iter().filter_map(cap).sum();
            let sum: Rational = shares.iter().filter_map(value).sum();
            prop_assert_eq!(sum, room.min(amount));
        }
    }
}
