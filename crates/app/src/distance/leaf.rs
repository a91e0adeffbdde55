//! Values as conditions without parts: how far they are from what is wished, in words.

use super::condition::{Condition, Cost, State};
use super::regress::Regress;
use super::want::{is_fixed, is_reading};
use super::wish::Wish;
use hengjie_evaluate::format::format_value;
use hengjie_evaluate::value::Value;
use hengjie_policy::core::{Comparison, Expr, ExprKind, Type};
use hengjie_policy::print;
use hengjie_quantity::{BaseUnit, Lang, Rational, Unit, format_number, format_quantity};

impl Regress<'_, '_> {
    /// An expression as one condition.
    pub(super) fn plain(&self, expr: &Expr, wish: &Wish, value: &Value) -> Condition {
        let mut leaf = self.leaf(self.printed(expr), wish, value, &expr.ty.base);
        leaf.is_fixed = is_fixed(expr) || is_reading(expr) || self.is_standing(expr);
        leaf
    }

    /// Is it the grade that somebody has, when a grade is wished for? That is where he stands, no way to get further.
    fn is_standing(&self, expr: &Expr) -> bool {
        matches!(expr.kind, ExprKind::Field(..))
            && expr.ty.base == self.wished
            && matches!(self.wished, Type::Enum(_))
    }

    /// A condition with the distance of a value from a wish.
    pub(super) fn leaf(&self, label: String, wish: &Wish, value: &Value, ty: &Type) -> Condition {
        let state = match wish.granted(value) {
            _ if *value == Value::Exempt => State::Exempt,
            Some(true) => State::Met,
            Some(false) => State::Unmet,
            None => State::Waiting,
        };
        let mut leaf = Condition::leaf(label, state, self.need(wish, value, ty), self.text(value, ty));
        if leaf.state == State::Unmet
            && let Some((gap, cost)) = self.gap(wish, value, ty)
        {
            (leaf.gap, leaf.cost) = (gap, Cost::Gap(cost));
        }
        leaf
    }

    fn need(&self, wish: &Wish, value: &Value, ty: &Type) -> String {
        match wish {
            Wish::Holds => self.text(&Value::Bool(true), &Type::Bool),
            Wish::Fails => self.text(&Value::Bool(false), &Type::Bool),
            Wish::Some => self.lang.pick("有", "some").to_owned(),
            Wish::Compared(Comparison::Equal, wanted) => self.text(wanted, ty),
            Wish::Compared(comparison, wanted) => format!("{} {}", comparison.sign(), self.text(wanted, ty)),
            Wish::Within(low, high) => {
                let side = |bound: &hengjie_policy::core::Bound, strict, loose| {
                    let sign = if bound.inclusive { loose } else { strict };
                    format!("{sign} {}", self.text(&at_line(&bound.value, value), ty))
                };
                let low = low.as_ref().map(|low| side(low, ">", "≥"));
                let high = high.as_ref().map(|high| side(high, "<", "≤"));
                low.into_iter().chain(high).collect::<Vec<_>>().join(" ")
            }
        }
    }

    /// How much is missing, as text and as a share of the larger of both sides.
    fn gap(&self, wish: &Wish, value: &Value, ty: &Type) -> Option<(String, Rational)> {
        if matches!(ty, Type::Enum(of) if !self.program.enums[of.index()].ordered) {
            return None;
        }
        let (border, enough) = wish.border(value)?;
        let (have, want) = (value.on_line()?, border.on_line()?);
        let gap = (&want - &have).abs();
        let size = match ty {
            // A year late is far; a share of the days since 1970 says nothing.
            Type::Date => Rational::from(365),
            Type::Enum(of) => Rational::from(self.program.enums[of.index()].items.len() as u64),
            _ => have.abs().max(want.abs()),
        };
        let share = gap.checked_div(&size).unwrap_or(Rational::ONE).min(Rational::ONE);
        // Beyond a border that is not enough itself: whole things are one more away.
        let (gap, enough) = match ty {
            Type::Number(unit) if matches!(unit.single(), Some(BaseUnit::Count(_))) && !enough => {
                (gap + Rational::ONE, true)
            }
            Type::Enum(_) if !enough => (gap + Rational::ONE, true),
            _ => (gap, enough),
        };
        let text = match ty {
            Type::Number(unit) if unit.is_none() && self.text(value, ty).ends_with('%') => self.points(&gap),
            Type::Number(_) => self.text(&Value::Number(gap), ty),
            Type::Date => format_quantity(&gap, &Unit::of(BaseUnit::Day), self.lang),
            Type::Enum(_) => match self.lang {
                Lang::Zh => format!("{gap}级"),
                Lang::En => format!("{gap} steps"),
            },
            _ => return None,
        };
        Some((if enough { text } else { format!("> {text}") }, share))
    }

    /// `1.5个百分点`
    fn points(&self, gap: &Rational) -> String {
        let points = format_number(&(gap * Rational::from(100)));
        match self.lang {
            Lang::Zh => format!("{points}个百分点"),
            Lang::En => format!("{points} percentage points"),
        }
    }

    pub(super) fn text(&self, value: &Value, ty: &Type) -> String {
        format_value(self.program, &self.facts.data, value, ty, self.lang)
    }

    pub(super) fn printed(&self, expr: &Expr) -> String {
        print::expression(self.program, expr, self.lang)
    }
}

/// A border of an interval, as the kind of value that is compared with it.
fn at_line(border: &Rational, like: &Value) -> Value {
    match (like, border.to_i128()) {
        (Value::Date(_), Some(days)) => i32::try_from(days)
            .ok()
            .and_then(hengjie_calendar::Date::from_days)
            .map_or(Value::None, Value::Date),
        (Value::Enum(of, _), Some(ordinal)) => {
            u32::try_from(ordinal).map_or(Value::None, |ordinal| Value::Enum(*of, ordinal))
        }
        _ => Value::Number(border.clone()),
    }
}
