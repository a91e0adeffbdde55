//! Totals whose weights miss 100 % and that do not say what they add up to.

use crate::finding::{Check, Finding, Severity};
use crate::interpret::{Interpreter, Path};
use crate::{Context, words};
use hengjie_policy::core::{Body, Total};
use hengjie_quantity::Rational;
use hengjie_syntax::ast::{Block, StatementKind};

pub(crate) fn look<'a>(context: &Context<'a>, interpreter: &mut Interpreter<'a>) -> Vec<Finding> {
    let mut found = Vec::new();
    for attribute in &context.program.attributes {
        let Body::Total(total) = &attribute.body else { continue };
        // 权重合计 has been checked already.
        if context.says_its_sum(&attribute.name) || !same_people(context, total) {
            continue;
        }
        let weights: Option<Vec<(String, Rational)>> = total
            .contributions
            .iter()
            .map(|part| {
                let weight = interpreter.eval(part.weight.as_ref()?, &Path::default()).number?;
                let name = context.program.attributes[part.attribute.index()].name.clone();
                Some((name, weight.single()?.clone()))
            })
            .collect();
        let Some(weights) = weights.filter(|weights| weights.len() > 1) else { continue };
        let sum = weights.iter().fold(Rational::ZERO, |sum, (_, weight)| &sum + weight);
        if sum == Rational::ONE {
            continue;
        }
        let list: Vec<String> =
            weights.iter().map(|(name, weight)| format!("{name} {}", words::percent(weight))).collect();
        let (name, sum) = (&attribute.name, words::percent(&sum));
        found.push(
            Finding::proved(
                Check::Weights,
                Severity::Error,
                (attribute.article, attribute.span),
                format!("“{name}”的权重合计 {sum}，不是 100%：{}", list.join("、")),
                format!("the weights of `{name}` add up to {sum}, not 100%: {}", list.join(", ")),
            )
            .help(
                "改成 100%；只是总分的一部分的，写明 权重合计 80%",
                "make them 100%; of a part of a score say weights_sum 80%",
            ),
        );
    }
    found
}

/// Do all parts exist for the same people?
fn same_people(context: &Context<'_>, total: &Total) -> bool {
    let filter = |part: &hengjie_policy::core::Contribution| {
        let filter = &context.program.attributes[part.attribute.index()].context.filter;
        filter.as_ref().map(|filter| serde_json::to_string(&filter.kind).unwrap_or_default())
    };
    let mut filters = total.contributions.iter().map(filter);
    let first = filters.next();
    filters.all(|other| Some(other) == first)
}

impl Context<'_> {
    /// Does the 汇总 of this name have 权重合计?
    fn says_its_sum(&self, name: &str) -> bool {
        let blocks = self.document.sections.iter().flat_map(|section| &section.blocks);
        let statements = blocks.filter_map(|block| match block {
            Block::Rules(statements) => Some(statements),
            _ => None,
        });
        statements.flatten().any(|statement| match &statement.kind {
            StatementKind::Total(total) => total.name.text == name && total.weights_sum.is_some(),
            _ => false,
        })
    }
}
