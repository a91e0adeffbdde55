//! Which articles have rules, and which attributes belong to an article.

use crate::core::{ArticleId, AttributeId, Program};
use std::collections::BTreeMap;

/// The articles that have rules, with the attributes defined or changed there, in document order.
#[must_use]
pub fn articles_with_rules(program: &Program) -> BTreeMap<ArticleId, Vec<AttributeId>> {
    crate::order::articles_of(&program.attributes)
}

/// The attributes that an article defines or changes.
#[must_use]
pub fn attributes_of_article(program: &Program, article: ArticleId) -> Vec<AttributeId> {
    articles_with_rules(program).remove(&article).unwrap_or_default()
}

/// The articles whose examples expect a value, with how many expectations each has.
#[must_use]
pub fn articles_with_examples(program: &Program) -> BTreeMap<ArticleId, usize> {
    let mut found = BTreeMap::new();
    for expectation in program.examples.iter().flat_map(|example| &example.expectations) {
        let article =
            program.attributes.get(expectation.attribute.index()).map(|attribute| attribute.article);
        if let Some(article) = expectation.because.or(article) {
            *found.entry(article).or_default() += 1;
        }
    }
    found
}
