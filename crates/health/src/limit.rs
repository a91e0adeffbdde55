//! Scores without a floor beside scores that have one, and limits that nothing ever meets.

use crate::Context;
use crate::finding::{Check, Finding, Severity};
use crate::interpret::Interpreter;
use crate::words;
use hengjie_policy::core::{AttributeId, Body, Type};
use hengjie_quantity::{BaseUnit, Lang, Rational};

pub(crate) fn look<'a>(context: &Context<'a>, interpreter: &mut Interpreter<'a>) -> Vec<Finding> {
    let mut found = Vec::new();
    for (position, attribute) in context.program.attributes.iter().enumerate() {
        let Body::Total(total) = &attribute.body else { continue };
        let Type::Number(unit) = &attribute.ty.base else { continue };
        let id = AttributeId(u32::try_from(position).unwrap_or(0));
        if matches!(unit.single(), Some(BaseUnit::Point)) {
            floors(context, interpreter, id, &mut found);
        }
        let Some(most) = &total.max else { continue };
        // What the parts can reach together, without the limit.
        let mut reachable = Some(Rational::ZERO);
        for part in &total.contributions {
            let value = interpreter.summary(part.attribute).number.and_then(|range| range.high);
            let weight = part.weight.as_ref().map(|weight| {
                let path = crate::interpret::Path::default();
                interpreter.eval(weight, &path).number.and_then(|range| range.single().cloned())
            });
            let own = match (value, weight) {
                (Some(high), None) => Some(high.value),
                (Some(high), Some(Some(weight))) => Some(&high.value * &weight),
                _ => None,
            };
            reachable = reachable.zip(own).map(|(sum, own)| &sum + &own);
        }
        if let Some(reachable) = reachable.filter(|reachable| reachable < most) {
            let show = |value: &Rational, lang| words::number(value, &attribute.ty.base, lang);
            let name = &attribute.name;
            found.push(
                Finding::proved(
                    Check::Limit,
                    Severity::Note,
                    (attribute.article, attribute.span),
                    format!(
                        "“{name}”写了最高 {}，但各项加起来最多 {}",
                        show(most, Lang::Zh),
                        show(&reachable, Lang::Zh)
                    ),
                    format!(
                        "`{name}` is limited to {}, but its parts reach {} at most",
                        show(most, Lang::En),
                        show(&reachable, Lang::En)
                    ),
                )
                .help("核对上限或各项的满分", "compare the limit with the full marks of the parts"),
            );
        }
    }
    found
}

/// Parts that may be negative while others of the same total may not.
fn floors(
    context: &Context<'_>,
    interpreter: &mut Interpreter<'_>,
    id: AttributeId,
    found: &mut Vec<Finding>,
) {
    let Body::Total(total) = &context.program.attributes[id.index()].body else { return };
    let mut bounded = 0;
    let mut open = Vec::new();
    for part in &total.contributions {
        let Some(range) = interpreter.summary(part.attribute).number else { continue };
        let high_known = range.high.is_some();
        match range.is_at_least_zero() {
            true => bounded += 1,
            // A score is limited above; a deduction is meant to be negative.
            false if high_known && !range.is_at_most_zero() => open.push((part.attribute, range)),
            false => {}
        }
    }
    if bounded == 0 {
        return;
    }
    for (part, range) in open {
        let attribute = &context.program.attributes[part.index()];
        let name = &attribute.name;
        let show = |lang| words::band(&range, &attribute.ty.base, lang);
        found.push(
            Finding::proved(
                Check::Limit,
                Severity::Warning,
                (attribute.article, attribute.span),
                format!(
                    "“{name}”没有写扣到多少为止，可能是负分（{}）；同一汇总的其他项有下限",
                    show(Lang::Zh)
                ),
                format!(
                    "`{name}` has no floor and may be negative ({}); other parts of the same total have one",
                    show(Lang::En)
                ),
            )
            .help("写明扣完为止：最大值(…, 0分)", "say where deductions end: max(…, 0)"),
        );
    }
}
