//! Which rules of each article the examples have used.

use crate::row::RuleRef;
use hengjie_policy::core::{ArticleId, Attribute, AttributeId, Body, Case, Program};
use hengjie_syntax::Span;
use std::collections::{BTreeMap, BTreeSet};

/// The rules of one article and those that no example used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ArticleCoverage {
    /// An article with at least one rule.
    pub article: ArticleId,
    /// Rules that gave a value in at least one example.
    pub covered: usize,
    /// All rules.
    pub rules: usize,
    /// Name of the attribute and place of each rule that no example used, in document order.
    pub uncovered: Vec<(String, Span)>,
}

/// Coverage of the articles with rules, in document order.
pub(super) fn of(program: &Program, used: &BTreeSet<(AttributeId, RuleRef)>) -> Vec<ArticleCoverage> {
    // A rule with several grains is several attributes in the core and one rule in the document.
    let mut in_document: BTreeMap<(ArticleId, Span), (&str, bool)> = BTreeMap::new();
    for (id, attribute) in (0..).map(AttributeId).zip(&program.attributes) {
        for (rule, article, span) in rules(attribute) {
            let place = in_document.entry((article, span)).or_insert((&attribute.name, false));
            place.1 |= used.contains(&(id, rule));
        }
    }
    let mut articles: BTreeMap<ArticleId, ArticleCoverage> = BTreeMap::new();
    for ((article, span), (name, is_used)) in in_document {
        let empty = || ArticleCoverage { article, covered: 0, rules: 0, uncovered: Vec::new() };
        let coverage = articles.entry(article).or_insert_with(empty);
        coverage.rules += 1;
        if is_used {
            coverage.covered += 1;
        } else {
            coverage.uncovered.push((name.to_owned(), span));
        }
    }
    articles.into_values().collect()
}

fn rules(attribute: &Attribute) -> Vec<(RuleRef, ArticleId, Span)> {
    let cases = |cases: &[Case], rule: fn(u32) -> RuleRef| -> Vec<(RuleRef, ArticleId, Span)> {
        (0..).zip(cases).map(|(place, case)| (rule(place), case.article, case.span)).collect()
    };
    match &attribute.body {
        Body::Defined { exceptions, general } => {
            [cases(exceptions, RuleRef::Exception), cases(general, RuleRef::General)].concat()
        }
        Body::State { next, .. } => {
            let first = vec![(RuleRef::First, attribute.article, attribute.span)];
            [first, cases(next, RuleRef::Next)].concat()
        }
        _ => vec![(RuleRef::Whole, attribute.article, attribute.span)],
    }
}
