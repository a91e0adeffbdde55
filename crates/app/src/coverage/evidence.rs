//! What one document has for the rules it cites.

use crate::document::Policy;
use hengjie_evaluate::example::run_examples;
use hengjie_policy::core::{ArticleId, Program};
use hengjie_quantity::Lang;
use hengjie_syntax::Span;
use std::collections::BTreeMap;

/// An article that cites a rule of the source.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// The document, as seen from the folder of all.
    pub file: String,
    /// `第七条`.
    pub cite: String,
    /// `第七条 存款指标`.
    pub heading: String,
}

/// What the articles that cite a rule have.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Evidence {
    /// The articles, in the order of the documents. One that cites a whole range of numbers is left out: it shows, and does
    /// not say, what the rule is.
    pub places: Vec<Place>,
    /// Of each place: rules that an example uses, and results that examples expect.
    pub parts: Vec<(usize, usize)>,
    /// Rules in these articles.
    pub rules: usize,
    /// Those of them that an example uses.
    pub used: usize,
    /// Results that examples expect of them.
    pub expectations: usize,
    /// Forms, duties, workflows, clocks, checks and bodies.
    pub procedures: usize,
    /// Scopes, enumerations, kinds, parameters, readings and tables.
    pub declarations: usize,
}

impl Evidence {
    /// Takes in what another article or document has.
    pub(super) fn add(&mut self, more: Self) {
        self.places.extend(more.places);
        self.parts.extend(more.parts);
        self.rules += more.rules;
        self.used += more.used;
        self.expectations += more.expectations;
        self.procedures += more.procedures;
        self.declarations += more.declarations;
    }
}

/// What a document has, by the number it cites.
pub(super) fn of(policy: &Policy, file: &str) -> BTreeMap<String, Evidence> {
    let articles = by_article(&policy.program);
    let mut found: BTreeMap<String, Evidence> = BTreeMap::new();
    for (article, evidence) in policy.program.articles.iter().zip(articles) {
        let place =
            Place { file: file.to_owned(), cite: article.cite.clone(), heading: article.heading.clone() };
        for source in &article.sources {
            let Some(number) = single(source) else { continue };
            let parts = vec![(evidence.used, evidence.expectations)];
            let evidence = Evidence { places: vec![place.clone()], parts, ..evidence.clone() };
            found.entry(number.to_owned()).or_default().add(evidence);
        }
    }
    found
}

/// A number of a rule such as `S02-R05`; places such as `第七条（二）1` and ranges are none.
fn single(source: &str) -> Option<&str> {
    let (scheme, rule) = source.rsplit_once('-')?;
    let digits = rule.trim_start_matches(|c: char| c.is_ascii_uppercase());
    let is_word = |text: &str| !text.is_empty() && text.chars().all(|c| c.is_ascii_alphanumeric());
    let is_number = !digits.is_empty() && digits.len() < rule.len();
    (is_word(scheme) && is_number && digits.chars().all(|c| c.is_ascii_digit())).then_some(source)
}

/// What each article has, by its position.
fn by_article(program: &Program) -> Vec<Evidence> {
    let mut found = vec![Evidence::default(); program.articles.len()];
    let report = run_examples(program, Lang::Zh);
    for article in &report.coverage {
        found[article.article.index()].rules = article.rules;
        found[article.article.index()].used = article.covered;
    }
    for (article, expectations) in hengjie_policy::articles_with_examples(program) {
        found[article.index()].expectations = expectations;
    }
    for procedure in &program.procedures {
        found[procedure.article.index()].procedures += 1;
    }
    let at =
        |span: Span| program.articles.partition_point(|article| article.span.start <= span.start).max(1) - 1;
    for kind in &program.kinds {
        match kind.form {
            Some(_) => found[at(kind.span)].procedures += 1,
            None => found[at(kind.span)].declarations += 1,
        }
    }
    let articles: [Vec<ArticleId>; 3] = [
        program.parameters.iter().map(|parameter| parameter.article).collect(),
        program.readings.iter().map(|reading| reading.article).collect(),
        program.tables.iter().map(|table| table.article).collect(),
    ];
    for article in articles.into_iter().flatten() {
        found[article.index()].declarations += 1;
    }
    let scope = program.scope.iter().filter_map(|scope| scope.filter.as_ref()).map(|filter| filter.span);
    let names = program.enums.iter().filter(|names| !names.implicit).map(|names| names.span);
    for span in scope.chain(names) {
        found[at(span)].declarations += 1;
    }
    found
}

#[cfg(test)]
mod tests {
    use super::single;

    #[test]
    fn numbers_are_told_from_places() {
        for number in ["S02-R05", "GB1-R1", "A-R10"] {
            assert_eq!(single(number), Some(number));
        }
        for place in ["第七条(二)1", "S02-R01 至 R04", "S02", "3.10", "一-二", "S02-05"] {
            assert_eq!(single(place), None, "{place}");
        }
    }
}
