//! Running the examples of a document, with coverage by article.

use crate::document::Policy;
use crate::words::cite;
use hengjie_evaluate::example::{ExampleReport, run_examples};
use hengjie_quantity::Lang;
use hengjie_syntax::Span;

/// The outcome of the examples of a document.
#[derive(Debug)]
pub struct Tested {
    /// What came of each expectation.
    pub report: ExampleReport,
    /// Expectations that did not hold.
    pub failed: usize,
    /// Articles with rules of which no example uses any.
    pub untested: Vec<String>,
    /// Rules that examples use, and all rules.
    pub covered: (usize, usize),
}

impl Tested {
    /// Do all expectations hold, and does every article with rules have an example?
    #[must_use]
    pub fn passed(&self) -> bool {
        self.failed == 0 && self.untested.is_empty()
    }
}

/// Runs the examples of a document. Texts are in `lang`.
#[must_use]
pub fn test(policy: &Policy, lang: Lang) -> Tested {
    let report = run_examples(&policy.program, lang);
    let failed = report.expectations.iter().filter(|expectation| !expectation.passed).count();
    let without = report.coverage.iter().filter(|article| article.rules > 0 && article.covered == 0);
    let untested = without.map(|article| cite(&policy.program, article.article).to_owned()).collect();
    let sum = |of: &dyn Fn(&hengjie_evaluate::example::ArticleCoverage) -> usize| {
        report.coverage.iter().map(of).sum()
    };
    let covered = (sum(&|article| article.covered), sum(&|article| article.rules));
    Tested { failed, untested, covered, report }
}

/// `policy.md:12`: file and line of a place, the line from 1.
#[must_use]
pub fn line(policy: &Policy, span: Span) -> String {
    let (file, line, _) = policy.place(span);
    format!("{file}:{line}")
}

/// The citation of an article.
#[must_use]
pub fn citation(policy: &Policy, article: hengjie_policy::core::ArticleId) -> &str {
    cite(&policy.program, article)
}
