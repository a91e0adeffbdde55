//! Amounts and totals that are published and never rounded.

use crate::Context;
use crate::finding::{Check, Finding, Severity};
use crate::interpret::Interpreter;
use hengjie_policy::core::{AttributeId, Body, Type};
use hengjie_quantity::{BaseUnit, Rational};

pub(crate) fn look(context: &Context<'_>, interpreter: &mut Interpreter<'_>) -> Vec<Finding> {
    let mut found = Vec::new();
    for (position, attribute) in context.program.attributes.iter().enumerate() {
        let id = AttributeId(u32::try_from(position).unwrap_or(0));
        let Type::Number(unit) = &attribute.ty.base else { continue };
        let is_total = matches!(attribute.body, Body::Total(_));
        let money = matches!(unit.single(), Some(BaseUnit::Currency(_)));
        let points = matches!(unit.single(), Some(BaseUnit::Point));
        // What becomes part of another value is not published itself, unless people are ranked by it or it is held
        // against a limit.
        let is_part = context.uses.as_value.get(&id).is_some_and(|by| by.iter().any(|other| *other != id));
        if is_part && !context.uses.ranked.contains(&id) && !context.uses.compared.contains(&id) {
            continue;
        }
        let decides = context.uses.to_decide.contains_key(&id);
        let published = (money && !decides) || (points && (is_total || decides));
        if !published
            || (context.uses.ties.contains(&id) && !decides && !is_total)
            || matches!(attribute.body, Body::Split(_) | Body::State { .. })
        {
            continue;
        }
        if !too_fine(interpreter, id) {
            continue;
        }
        let name = &attribute.name;
        let (quantum, what, what_en) = match money {
            true => ("0.01元", "金额", "amount"),
            false => ("0.01分", "得分", "score"),
        };
        let consequence = match decides {
            true => "，而且用它比较、排名：看到的数相同，名次可能不同",
            false => "",
        };
        found.push(
            Finding::proved(
                Check::Rounding,
                if is_total || decides { Severity::Error } else { Severity::Warning },
                (attribute.article, attribute.span),
                format!("“{name}”是最后的{what}，没有写舍入，可能有除不尽的小数{consequence}"),
                format!("`{name}` is a final {what_en} without a rounding; it may have endless decimals"),
            )
            .help(
                format!("写明舍入，例如 四舍五入 到 {quantum}"),
                format!("say how it is rounded, such as half_up to_nearest {quantum}"),
            ),
        );
    }
    found
}

/// Can the value be finer than the hundredth?
fn too_fine(interpreter: &mut Interpreter<'_>, id: AttributeId) -> bool {
    let value = interpreter.summary(id);
    let hundredth = Rational::pow10(-2);
    let whole = |step: &Rational| step.checked_div(&hundredth).is_some_and(|quotient| quotient.is_integer());
    match (&value.number, &value.step) {
        (None, _) => false,
        (_, Some(step)) if whole(step) => false,
        (Some(range), _) => !range.single().is_some_and(Rational::is_zero),
    }
}
