//! The examples of a document: each is a small world, built as a dataset and evaluated row by row.

mod coverage;
mod world;

pub use coverage::ArticleCoverage;

use crate::dataset::Dataset;
use crate::format::{format_gap, format_open, format_value};
use crate::row::Evaluator;
use crate::value::Value;
use hengjie_calendar::Period;
use hengjie_policy::core::{ArticleId, Example, ExampleExpectation, ExampleValue, Program};
use hengjie_quantity::Lang;
use hengjie_syntax::Span;
use std::collections::BTreeSet;
use world::World;

/// What came of one expectation.
#[derive(Debug, Clone)]
pub struct ExpectationReport {
    /// Where the example stands.
    pub article: ArticleId,
    pub span: Span,
    /// `张三.存款得分（2025年）`
    pub text: String,
    /// As people read them.
    pub expected: String,
    pub actual: String,
    /// The value is the expected one and the article the expected one.
    pub passed: bool,
    /// `Some(false)`: another article than the one after 因 gave the value.
    pub because_ok: Option<bool>,
    /// What is missing or open, when the value has none.
    pub gaps: Vec<String>,
}

/// The outcome of all examples of a document.
#[derive(Debug, Clone)]
pub struct ExampleReport {
    /// In document order.
    pub expectations: Vec<ExpectationReport>,
    /// Articles with rules, in document order.
    pub coverage: Vec<ArticleCoverage>,
}

/// Runs every example of a document. Texts are in `lang`.
#[must_use]
pub fn run_examples(program: &Program, lang: Lang) -> ExampleReport {
    let mut used = BTreeSet::new();
    let mut expectations = Vec::new();
    for example in &program.examples {
        let world = World::of(program, example);
        let data = world.dataset();
        let mut evaluator = Evaluator::new(program, &data);
        for expectation in &example.expectations {
            expectations.push(world.check(&mut evaluator, program, &data, expectation, lang));
        }
        used.extend(evaluator.used().iter().copied());
    }
    ExampleReport { expectations, coverage: coverage::of(program, &used) }
}

/// The dataset of one example.
#[must_use]
pub fn example_dataset(program: &Program, example: &Example) -> Dataset {
    World::of(program, example).dataset()
}

impl World<'_> {
    /// Evaluates one expectation.
    fn check<'p>(
        &self,
        evaluator: &mut Evaluator<'p>,
        program: &'p Program,
        data: &'p Dataset,
        expectation: &ExampleExpectation,
        lang: Lang,
    ) -> ExpectationReport {
        let attribute = &program.attributes[expectation.attribute.index()];
        let key = expectation.key.clone().unwrap_or_default();
        let subject = attribute.context.kind.and_then(|kind| self.position(kind, &key)).unwrap_or(0);
        let grain = attribute.context.grain;
        let period = expectation.period.or_else(|| self.default_period(grain?)).filter(|_| grain.is_some());
        let row = expectation.row.as_deref();
        let row_value = row.and_then(|row| evaluator.row_named(expectation.attribute, subject, period, row));
        let outcome =
            evaluator.outcome(evaluator.key(expectation.attribute, subject, row_value.as_ref(), period));
        let matches = match &expectation.value {
            ExampleValue::Missing => matches!(outcome.value, Value::Missing(_)),
            ExampleValue::Undecided => matches!(outcome.value, Value::Undecided(_)),
            expected => self.value(expected) == outcome.value,
        };
        let because_ok = expectation
            .because
            .map(|because| outcome.rule.is_some_and(|(_, article)| is_within(program, article, because)));
        let gaps = match &outcome.value {
            Value::Missing(gaps) => gaps.iter().map(|gap| format_gap(program, data, gap, lang)).collect(),
            Value::Undecided(open) => open.iter().map(|open| format_open(program, open, lang)).collect(),
            _ => Vec::new(),
        };
        let format = |value: &Value| format_value(program, data, value, &attribute.ty.base, lang);
        ExpectationReport {
            article: self.article(),
            span: expectation.span,
            text: name_of_result(&key, &attribute.name, row, period, lang),
            expected: format(&self.value(&expectation.value)),
            actual: format(&outcome.value),
            passed: matches && because_ok != Some(false),
            because_ok,
            gaps,
        }
    }
}

/// `张三.符合(高级)（2025年）`
fn name_of_result(
    key: &str,
    attribute: &str,
    row: Option<&str>,
    period: Option<Period>,
    lang: Lang,
) -> String {
    let subject = if key.is_empty() { lang.pick("全体", "all") } else { key };
    let row = row.map(|row| format!("({row})")).unwrap_or_default();
    let period = match (period, lang) {
        (None, _) => String::new(),
        (Some(period), Lang::Zh) => format!("（{period}）"),
        (Some(period), Lang::En) => format!(" ({})", period.en()),
    };
    format!("{subject}.{attribute}{row}{period}")
}

/// Is an article the cited one, or a section below it?
fn is_within(program: &Program, article: ArticleId, cited: ArticleId) -> bool {
    let level = |id: ArticleId| program.articles[id.index()].level;
    let between = cited.0 + 1..=article.0;
    article == cited || (article > cited && between.into_iter().all(|id| level(ArticleId(id)) > level(cited)))
}
