//! Health check of a policy (boundary crate): faults of the text that cost money.
//!
//! Each finding is proved (已证明) by reading the typed core, or shown by a counter-example that the row evaluator has
//! computed (反例). Where neither succeeds the report says so: nothing found in so many trials (未发现).
//!
//! Reading order: [`finding`] (what is said), `range` and `possible` (what a value may be), `interpret` (the abstract
//! interpreter), then the checks, one module each.
//!
//! **Invariant:** deterministic, bounded work, no clock, file or randomness; nothing here knows a bank.

mod acknowledge;
mod articles;
mod cliff;
mod cone;
mod double;
mod finding;
mod interpret;
mod limit;
mod norule;
mod paths;
mod possible;
mod probe;
mod quota;
mod range;
mod report;
mod rounding;
mod slope;
#[cfg(test)]
mod soundness;
mod table;
mod unused;
mod uses;
mod weights;
mod words;

pub use finding::{Assurance, Check, Finding, Proof, Severity, Verdict};
pub use report::Report;

use hengjie_evaluate::dataset::SuppliedParameter;
use hengjie_policy::core::{ArticleId, ExprKind, Literal, Program, Table, TableId};
use hengjie_quantity::Rational;
use hengjie_syntax::{Diagnostic, Span};
use interpret::Interpreter;
use std::collections::BTreeSet;

/// What is examined.
#[derive(Debug, Clone, Copy)]
pub struct Subject<'a> {
    /// The text of the document.
    pub text: &'a str,
    /// Its typed core.
    pub program: &'a Program,
    /// What the checker said.
    pub diagnostics: &'a [Diagnostic],
    /// Parameters that offices have supplied.
    pub supplied: &'a [SuppliedParameter],
    /// Only these checks; empty: all.
    pub only: &'a [Check],
}

/// What all checks know.
pub(crate) struct Context<'a> {
    text: &'a str,
    document: hengjie_syntax::ast::Document,
    program: &'a Program,
    diagnostics: &'a [Diagnostic],
    supplied: &'a [SuppliedParameter],
    uses: uses::Uses,
    marginal_tables: BTreeSet<TableId>,
    /// By attribute.
    cones: Vec<cone::Cone>,
}

/// Examines a document.
#[must_use]
pub fn examine(subject: &Subject<'_>) -> Report {
    let context = Context::of(subject);
    let mut chosen = Interpreter::new(context.program, context.supplied, true);
    chosen.run();
    let mut free = Interpreter::new(context.program, &[], false);
    free.run();
    let mut findings = table::look(&context);
    findings.extend(paths::lookups(&context, &chosen));
    findings.extend(paths::conditions(&context, &free));
    findings.extend(paths::reach(&context, &mut free));
    findings.extend(paths::divisors(&context, &mut chosen));
    findings.extend(quota::look(&context, &mut chosen));
    findings.extend(weights::look(&context, &mut chosen));
    findings.extend(rounding::look(&context, &mut chosen));
    let mut usual = Interpreter::new(context.program, context.supplied, true);
    usual.usual_facts = true;
    findings.extend(limit::look(&context, &mut usual));
    findings.extend(unused::look(&context));
    findings.extend(articles::look(&context));
    let wanted = |check: Check| subject.only.is_empty() || subject.only.contains(&check);
    let pool = probe::Pool::of(context.program);
    let mut assurances = Vec::new();
    if wanted(Check::Cliff) {
        let (cliffs, others) = cliff::look(&context, &mut chosen, &pool);
        findings.extend(cliffs);
        assurances = others;
    }
    if wanted(Check::DoubleCount) {
        findings.extend(double::look(&context, &mut chosen, &pool));
    }
    if wanted(Check::NoRule) {
        findings.extend(norule::look(&context, &mut chosen, &pool));
    }
    Report::new(&context, findings, assurances, &wanted)
}

impl<'a> Context<'a> {
    fn of(subject: &Subject<'a>) -> Self {
        let uses = uses::Uses::of(subject.program);
        Self {
            text: subject.text,
            document: hengjie_syntax::parse(subject.text).document,
            program: subject.program,
            diagnostics: subject.diagnostics,
            supplied: subject.supplied,
            marginal_tables: uses.marginal_tables.clone(),
            uses,
            cones: cone::all(subject.program),
        }
    }
}

impl Context<'_> {
    fn table_id(&self, table: &Table) -> TableId {
        let position = self.program.tables.iter().position(|known| known.span == table.span).unwrap_or(0);
        TableId(u32::try_from(position).unwrap_or(0))
    }

    fn article_at(&self, span: Span) -> ArticleId {
        acknowledge::article_at(self.program, span)
    }

    /// The text of a place, short.
    fn excerpt(&self, span: Span) -> String {
        const LONGEST: usize = 60;
        let text: String = span.text(self.text).split_whitespace().collect::<Vec<_>>().join(" ");
        match text.char_indices().nth(LONGEST) {
            Some((at, _)) => format!("{}…", &text[..at]),
            None => text,
        }
    }

    /// The supplied share of one grade: `等级比例(高级)`.
    fn share_of(&self, expr: &hengjie_policy::core::Expr) -> Option<Rational> {
        let ExprKind::Parameter(id, keys) = &expr.kind else { return None };
        let keys: Option<Vec<&Literal>> = keys
            .iter()
            .map(|key| match &key.kind {
                ExprKind::Literal(literal) => Some(literal),
                _ => None,
            })
            .collect();
        let keys = keys?;
        let fits = |supplied: &&SuppliedParameter| {
            supplied.parameter == *id && supplied.keys.iter().eq(keys.iter().copied())
        };
        match &self.supplied.iter().find(fits)?.value {
            Literal::Number(value) => Some(value.clone()),
            _ => None,
        }
    }

    /// Articles with any statement, rules or not.
    fn articles_with_statements(&self) -> BTreeSet<ArticleId> {
        let sections = (0_u32..).zip(&self.document.sections);
        sections
            .filter(|(_, section)| {
                section.blocks.iter().any(|block| match block {
                    hengjie_syntax::ast::Block::Rules(statements) => !statements.is_empty(),
                    _ => true,
                })
            })
            .map(|(position, _)| ArticleId(position))
            .collect()
    }

    /// Does a workflow write this field at its end?
    fn is_written_by_workflow(&self, name: &str) -> bool {
        use hengjie_policy::core::ProcedureKind;
        self.program.procedures.iter().any(|procedure| match &procedure.kind {
            ProcedureKind::Workflow { ends, .. } => ends
                .iter()
                .filter_map(|end| end.record.as_ref())
                .any(|(written, ..)| written.rsplit('.').next() == Some(name)),
            _ => false,
        })
    }
}
