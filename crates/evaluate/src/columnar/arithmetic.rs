//! Builds numeric plans: brings operands to one scale, keeps ranges and errors proven.

use super::number::{self, Numeric, Scale};
use super::plan::{Node, OnExempt, Plan, Side, Ty};
use super::{Result, Unsupported};
use hengjie_quantity::{Rational, Rounding};

/// A constant: the integer is the numerator, the scale one over the denominator.
pub(super) fn constant<'a>(value: &Rational) -> Result<Plan<'a>> {
    let (num, den) = value.small_parts().ok_or(Unsupported("a constant beyond 120 bits"))?;
    let scale = Scale::new(1, den).ok_or(Unsupported("a constant beyond 120 bits"))?;
    checked(Plan { node: Node::Int(num), ty: Ty::Number(Numeric::exact(scale, num, num)) })
}

/// The value of a constant plan.
pub(super) fn constant_value(plan: &Plan<'_>) -> Option<Rational> {
    Some(Rational::from(plan.constant()?) * plan.numeric()?.scale.rational())
}

fn numeric<'p>(plan: &'p Plan<'_>) -> Result<&'p Numeric> {
    plan.numeric().ok_or(Unsupported("a number was expected"))
}

fn checked(plan: Plan<'_>) -> Result<Plan<'_>> {
    match plan.numeric() {
        Some(numeric) if !numeric.fits() => Err(Unsupported("numbers beyond 120 bits")),
        _ => Ok(plan),
    }
}

fn multiplied<'a>(plan: Plan<'a>, factor: i128, ty: Numeric) -> Plan<'a> {
    match plan.node {
        _ if factor == 1 => Plan { node: plan.node, ty: Ty::Number(ty) },
        Node::Int(value) => Plan { node: Node::Int(value * factor), ty: Ty::Number(ty) },
        _ => Plan { node: Node::Multiply(Box::new(plan), factor), ty: Ty::Number(ty) },
    }
}

/// Makes a number coarser: decimal scale, an error of one more unit.
pub(super) fn coarsened(plan: Plan<'_>) -> Result<Plan<'_>> {
    let from = numeric(&plan)?.clone();
    let scale = from.coarse_scale().ok_or(Unsupported("numbers beyond 120 bits"))?;
    let ratio = from.scale.times(scale.inverse()).ok_or(Unsupported("a scale beyond 120 bits"))?;
    let (num, den) = (ratio.num, ratio.den);
    let product = from.magnitude().checked_mul(num).filter(|p| *p < i128::MAX / 4);
    product.ok_or(Unsupported("numbers beyond 120 bits"))?;
    let error = (from.error.saturating_mul(num) / den).saturating_add(2);
    let ty = Numeric {
        scale,
        error,
        low: number::div_floor(from.low * num, den),
        high: number::div_floor(from.high * num, den) + 1,
    };
    checked(coarse(plan, num, den, ty))
}

/// `floor(v × num ÷ den)`. Also of a constant it stays a computation where it is not exact: whoever needs the exact value
/// goes back to the constant.
fn coarse<'a>(plan: Plan<'a>, num: i128, den: i128, ty: Numeric) -> Plan<'a> {
    match plan.node {
        Node::Int(value) if (value * num) % den == 0 && ty.error <= 2 => {
            let value = value * num / den;
            Plan { node: Node::Int(value), ty: Ty::Number(Numeric::exact(ty.scale, value, value)) }
        }
        _ => Plan { node: Node::Coarsen(Box::new(plan), num, den), ty: Ty::Number(ty) },
    }
}

/// Two numbers brought to one scale. Odd scales (a ratio to an average) and sums that would leave 64 bits are made coarser.
pub(super) fn aligned<'a>(a: Plan<'a>, b: Plan<'a>) -> Result<(Plan<'a>, Plan<'a>)> {
    let (x, y) = (numeric(&a)?.clone(), numeric(&b)?.clone());
    if let Some((nx, fx, ny, fy)) = number::aligned(&x, &y) {
        let exact = x.error == 0 && y.error == 0;
        let small = nx.is_narrow() && ny.is_narrow();
        let decimal = x.scale.is_decimal() && y.scale.is_decimal();
        if small || (exact && decimal) {
            return Ok((multiplied(a, fx, nx), multiplied(b, fy, ny)));
        }
    }
    coarse_pair(a, b)
}

fn coarse_pair<'a>(a: Plan<'a>, b: Plan<'a>) -> Result<(Plan<'a>, Plan<'a>)> {
    let (x, y) = (numeric(&a)?, numeric(&b)?);
    let bound = (Rational::from(x.magnitude()) * x.scale.rational())
        .max(Rational::from(y.magnitude()) * y.scale.rational());
    let scale = number::decimal_scale_for(&bound).ok_or(Unsupported("numbers beyond 120 bits"))?;
    Ok((at_scale(a, scale)?, at_scale(b, scale)?))
}

/// The number at a scale: exactly if the scale divides its own, otherwise with an error.
pub(super) fn at_scale(plan: Plan<'_>, scale: Scale) -> Result<Plan<'_>> {
    let from = numeric(&plan)?.clone();
    let ratio = from.scale.times(scale.inverse()).ok_or(Unsupported("a scale beyond 120 bits"))?;
    if ratio.den == 1 {
        let ty = from.refined(scale, ratio.num);
        return checked(multiplied(plan, ratio.num, ty));
    }
    let product = from.magnitude().checked_mul(ratio.num).filter(|p| *p < i128::MAX / 4);
    if product.is_none() {
        // the scale is odd and the integers large: one step at a time
        let coarse = coarsened(plan)?;
        let own = numeric(&coarse)?.scale;
        return if own == scale { Ok(coarse) } else { at_scale(coarse, scale) };
    }
    let ty = Numeric {
        scale,
        error: (from.error.saturating_mul(ratio.num) / ratio.den).saturating_add(2),
        low: number::div_floor(from.low * ratio.num, ratio.den),
        high: number::div_floor(from.high * ratio.num, ratio.den) + 1,
    };
    checked(coarse(plan, ratio.num, ratio.den, ty))
}

/// All numbers at one scale, in their order; ranges stay their own.
pub(super) fn all_aligned(mut plans: Vec<Plan<'_>>) -> Result<Vec<Plan<'_>>> {
    // forwards the last plan gets the common scale, backwards the others; a coarser one may need another round
    for round in 0..6 {
        let same = plans
            .windows(2)
            .all(|pair| pair[0].numeric().map(|n| n.scale) == pair[1].numeric().map(|n| n.scale));
        if same && round % 2 == 0 {
            return Ok(plans);
        }
        let mut done: Vec<Plan<'_>> = Vec::with_capacity(plans.len());
        for plan in plans {
            match done.pop() {
                None => done.push(plan),
                Some(last) => {
                    let (last, plan) = aligned(last, plan)?;
                    done.push(last);
                    done.push(plan);
                }
            }
        }
        done.reverse();
        plans = done;
    }
    Err(Unsupported("scales that cannot be brought together"))
}

/// The range that covers all plans (of one scale).
pub(super) fn union(plans: &[Plan<'_>]) -> Result<Numeric> {
    let mut parts = plans.iter().map(numeric);
    let mut result = parts.next().ok_or(Unsupported("no number"))??.clone();
    for part in parts {
        let part = part?;
        result.error = result.error.max(part.error);
        result.low = result.low.min(part.low);
        result.high = result.high.max(part.high);
    }
    Ok(result)
}

pub(super) fn add<'a>(a: Plan<'a>, b: Plan<'a>) -> Result<Plan<'a>> {
    if let (Some(x), Some(y)) = (constant_value(&a), constant_value(&b)) {
        return constant(&(x + y));
    }
    let (a, b) = aligned(a, b)?;
    let ty = number::sum(numeric(&a)?, numeric(&b)?);
    checked(Plan { node: Node::Add(Box::new(a), Box::new(b)), ty: Ty::Number(ty) })
}

pub(super) fn negate(plan: Plan<'_>) -> Result<Plan<'_>> {
    if let Some(value) = constant_value(&plan) {
        return constant(&-value);
    }
    let ty = number::negated(numeric(&plan)?);
    Ok(Plan { node: Node::Negate(Box::new(plan)), ty: Ty::Number(ty) })
}

pub(super) fn times<'a>(a: Plan<'a>, b: Plan<'a>) -> Result<Plan<'a>> {
    match (constant_value(&a), constant_value(&b)) {
        (Some(x), Some(y)) => constant(&(x * y)),
        (Some(factor), None) => by_constant(b, &factor),
        (None, Some(factor)) => by_constant(a, &factor),
        (None, None) => {
            let product = number::product(numeric(&a)?, numeric(&b)?);
            match product {
                Some(ty) if ty.is_narrow() || (ty.error == 0 && ty.scale.is_decimal()) => {
                    Ok(Plan { node: Node::Times(Box::new(a), Box::new(b)), ty: Ty::Number(ty) })
                }
                _ => {
                    let (a, b) = (coarsened(a)?, coarsened(b)?);
                    let ty = number::product(numeric(&a)?, numeric(&b)?)
                        .ok_or(Unsupported("numbers beyond 120 bits"))?;
                    let product = Plan { node: Node::Times(Box::new(a), Box::new(b)), ty: Ty::Number(ty) };
                    coarsened(product)
                }
            }
        }
    }
}

/// Only the scale changes: a constant costs nothing per lane.
fn by_constant<'a>(plan: Plan<'a>, factor: &Rational) -> Result<Plan<'a>> {
    if factor.is_zero() {
        // a state of the value still decides
        let (zero, one) = (constant(&Rational::ZERO)?, numeric(&plan)?.clone());
        let ty = Numeric { low: 0, high: 0, error: 0, ..one };
        return Ok(Plan { node: Node::Times(Box::new(plan), Box::new(zero)), ty: Ty::Number(ty) });
    }
    let from = numeric(&plan)?.clone();
    if factor.signum() < 0 {
        return by_constant(negate(plan)?, &factor.abs());
    }
    match Scale::of(factor).and_then(|factor| from.scale.times(factor)) {
        Some(scale) => {
            let node = Node::Scaled(Box::new(plan), factor.clone());
            Ok(Plan { node, ty: Ty::Number(Numeric { scale, ..from }) })
        }
        None => {
            let coarse = coarsened(plan)?;
            if numeric(&coarse)?.scale == from.scale {
                return Err(Unsupported("a scale beyond 120 bits"));
            }
            by_constant(coarse, factor)
        }
    }
}

pub(super) fn divide<'a>(a: Plan<'a>, b: Plan<'a>) -> Result<Plan<'a>> {
    if let Some(divisor) = constant_value(&b) {
        return match Rational::ONE.checked_div(&divisor) {
            Some(inverse) => times(a, constant(&inverse)?),
            None => Ok(nowhere(a)),
        };
    }
    if let Node::CellOf(row, values, states) = b.node {
        return divide_by_cells(a, *row, &values, states, &b.ty);
    }
    divide_by_column(a, b)
}

/// Divided by zero: 无, unless the dividend has a state that counts more.
fn nowhere(a: Plan<'_>) -> Plan<'_> {
    let ty = a.ty.clone();
    let none = Plan { node: Node::State(crate::value::Status::None), ty: ty.clone() };
    Plan { node: Node::Add(Box::new(a), Box::new(none)), ty }
}

/// Dividing by a constant of a table is multiplying by its inverse, also a constant of the table.
fn divide_by_cells<'a>(
    a: Plan<'a>,
    row: Plan<'a>,
    values: &[i128],
    mut states: Vec<u8>,
    ty: &Ty,
) -> Result<Plan<'a>> {
    let Ty::Number(cells) = ty else { return Err(Unsupported("a number was expected")) };
    let scale = cells.scale.rational();
    let mut inverses = Vec::with_capacity(values.len());
    for (value, state) in values.iter().zip(&mut states) {
        match Rational::ONE.checked_div(&(Rational::from(*value) * &scale)) {
            Some(inverse) => inverses.push(inverse),
            None => {
                *state = (*state).max(crate::value::Status::None as u8);
                inverses.push(Rational::ZERO);
            }
        }
    }
    let inverse = cells_of(row, &inverses, states)?;
    times(a, inverse)
}

/// A constant per row of a table, at one scale.
pub(super) fn cells_of<'a>(row: Plan<'a>, values: &[Rational], states: Vec<u8>) -> Result<Plan<'a>> {
    let too_wide = Unsupported("a scale beyond 120 bits");
    let mut scale: Option<Scale> = None;
    for value in values.iter().filter(|v| !v.is_zero()) {
        let own = Scale::of(&value.abs()).ok_or(too_wide.clone())?;
        scale = Some(match scale {
            None => own,
            Some(scale) => scale.common(own).ok_or(too_wide.clone())?.0,
        });
    }
    let scale = scale.unwrap_or(Scale::ONE);
    let quantum = scale.rational();
    let ints: Option<Vec<i128>> = values.iter().map(|v| v.checked_div(&quantum)?.to_i128()).collect();
    let ints = ints.ok_or(too_wide)?;
    let (low, high) = (ints.iter().copied().min().unwrap_or(0), ints.iter().copied().max().unwrap_or(0));
    let ty = Ty::Number(Numeric::exact(scale, low, high));
    checked(Plan { node: Node::CellOf(Box::new(row), ints, states), ty })
}

fn divide_by_column<'a>(a: Plan<'a>, b: Plan<'a>) -> Result<Plan<'a>> {
    let (x, y) = (numeric(&a)?.clone(), numeric(&b)?.clone());
    if y.error != 0 && y.low - y.error <= 0 && y.high + y.error >= 0 {
        return Err(Unsupported("a divisor whose error reaches zero"));
    }
    // the smallest divisor that is not zero bounds the quotient
    let least = if y.low > 0 {
        y.low - y.error
    } else if y.high < 0 {
        -(y.high + y.error)
    } else {
        1
    };
    let scales = x.scale.rational().checked_div(&y.scale.rational()).ok_or(Unsupported("a scale of zero"))?;
    let largest = Rational::from(x.magnitude().saturating_add(x.error)) * &scales;
    let bound = largest.checked_div(&Rational::from(least)).ok_or(Unsupported("a divisor of zero"))?;
    let target = number::decimal_scale_for(&bound).ok_or(Unsupported("a quotient beyond 120 bits"))?;
    let mut places = Some(target);
    while let Some(target) = places {
        let factor = x.scale.times(y.scale.inverse()).and_then(|s| s.times(target.inverse()));
        let product = factor.and_then(|f| {
            let left = x.magnitude().checked_mul(f.num).filter(|p| *p < i128::MAX / 4)?;
            y.magnitude().checked_mul(f.den).filter(|p| *p < i128::MAX / 4).map(|_| left)
        });
        if let (Some(factor), Some(_)) = (factor, product) {
            return quotient(a, b, &x, &y, target, factor, &bound, least);
        }
        // fewer digits, so that the dividend fits
        places = Scale::new(1, target.den / 10).filter(|s| s.den >= 10_000);
    }
    // the integers are large: compute from coarser operands
    let (a, b) = (coarsened(a)?, coarsened(b)?);
    if numeric(&a)?.scale == x.scale && numeric(&b)?.scale == y.scale {
        return Err(Unsupported("a quotient beyond 120 bits"));
    }
    divide_by_column(a, b)
}

#[expect(clippy::too_many_arguments, reason = "the parts of one proof")]
fn quotient<'a>(
    a: Plan<'a>,
    b: Plan<'a>,
    x: &Numeric,
    y: &Numeric,
    target: Scale,
    factor: Scale,
    bound: &Rational,
    least: i128,
) -> Result<Plan<'a>> {
    let limit =
        (bound * &target.inverse().rational()).floor().to_i128().unwrap_or(i128::MAX).saturating_add(1);
    // |a/b − a'/b'| ≤ (Δa + |q| Δb) ÷ least, in units of the target scale, plus one for the floor
    let from_a = Rational::from(x.error) * factor.rational();
    let from_b = Rational::from(limit) * Rational::from(y.error);
    let spread =
        (from_a + from_b).checked_div(&Rational::from(least)).ok_or(Unsupported("a divisor of zero"))?;
    let error = spread.floor().to_i128().unwrap_or(i128::MAX).saturating_add(2);
    let positive = x.low >= 0 && y.low > 0;
    let ty = Numeric { scale: target, error, low: if positive { 0 } else { -limit - 1 }, high: limit };
    let node = Node::Divide(Box::new(a), Box::new(b), factor.num, factor.den);
    checked(Plan { node, ty: Ty::Number(ty) })
}

/// The largest or smallest of numbers.
pub(super) fn extreme(plans: Vec<Plan<'_>>, side: Side, exempt: OnExempt) -> Result<Plan<'_>> {
    let plans = all_aligned(plans)?;
    let parts: Vec<_> = plans.iter().filter_map(Plan::numeric).cloned().collect();
    let mut ty = union(&plans)?;
    if exempt == OnExempt::Keep || plans.iter().all(|plan| !may_be_exempt(plan)) {
        if side == Side::Largest {
            ty.low = parts.iter().map(|p| p.low).max().unwrap_or(ty.low);
        } else {
            ty.high = parts.iter().map(|p| p.high).min().unwrap_or(ty.high);
        }
    }
    Ok(Plan { node: Node::Extreme(plans, side, exempt), ty: Ty::Number(ty) })
}

/// Only constants are surely not 免; for others the wider range is kept.
fn may_be_exempt(plan: &Plan<'_>) -> bool {
    match &plan.node {
        Node::Int(_) => false,
        Node::Add(a, b) | Node::Times(a, b) | Node::Divide(a, b, _, _) => {
            may_be_exempt(a) || may_be_exempt(b)
        }
        Node::Multiply(a, _)
        | Node::Scaled(a, _)
        | Node::Coarsen(a, _, _)
        | Node::Negate(a)
        | Node::Round(a, _, _, _) => may_be_exempt(a),
        Node::Extreme(items, _, _) => items.iter().all(may_be_exempt),
        Node::Read(super::plan::Source::Facts(column), super::plan::Index::Lane) => column.status.is_some(),
        Node::Read(super::plan::Source::Computed(column), super::plan::Index::Lane) => {
            column.status.is_some()
        }
        _ => true,
    }
}

/// Rounded to whole multiples of a positive constant.
pub(super) fn round<'a>(plan: Plan<'a>, quantum: &Rational, mode: Rounding) -> Result<Plan<'a>> {
    if let Some(value) = constant_value(&plan) {
        return constant(&value.round_to(quantum, mode).ok_or(Unsupported("a rounding to zero"))?);
    }
    let scale = Scale::of(quantum).ok_or(Unsupported("a rounding beyond 120 bits"))?;
    let from = numeric(&plan)?.clone();
    let ratio = from.scale.times(scale.inverse());
    let room = |ratio: Scale| {
        let sum = from.magnitude().checked_add(from.error)?;
        sum.checked_mul(ratio.num).filter(|p| *p < i128::MAX / 8)
    };
    match ratio.filter(|ratio| room(*ratio).is_some() && ratio.den < i128::MAX / 8) {
        Some(ratio) => {
            let ends = [from.low - from.error, from.high + from.error];
            let [low, high] = ends.map(|end| super::execute::round_ratio(mode, end * ratio.num, ratio.den));
            let ty = Ty::Number(Numeric::exact(scale, low, high));
            checked(Plan { node: Node::Round(Box::new(plan), mode, ratio.num, ratio.den), ty })
        }
        None => {
            let coarse = coarsened(plan)?;
            if numeric(&coarse)?.scale == from.scale {
                return Err(Unsupported("a rounding beyond 120 bits"));
            }
            round(coarse, quantum, mode)
        }
    }
}

pub(super) fn absolute(plan: Plan<'_>) -> Result<Plan<'_>> {
    let mut ty = numeric(&plan)?.clone();
    let top = ty.magnitude();
    ty.low = if ty.low <= 0 && ty.high >= 0 { 0 } else { ty.low.abs().min(ty.high.abs()) };
    ty.high = top;
    Ok(Plan { node: Node::Absolute(Box::new(plan)), ty: Ty::Number(ty) })
}
