//! What is declared and never used, and readings without rules.

use crate::checker::{Checker, count};
use crate::codes;
use crate::core::{Body, Expr, ExprKind, ParameterId, ReadingId, TableId, Type};
use crate::guard::{Domains, exclusive};
use crate::symbols::Used;
use crate::typed::Typed;
use hengjie_syntax::ast::StatementKind;
use hengjie_syntax::{Diagnostic, Severity, Span};

impl Checker<'_> {
    /// Every reading is used, and each alternative decides something.
    pub(crate) fn check_readings(&mut self) {
        // A reading that is written wrongly is no second mistake.
        if self.has_errors() {
            return;
        }
        self.check_guards_by_reading();
        for position in 0..self.readings.len() {
            let id = ReadingId(count(position));
            if !self.used.contains(&Used::Reading(id)) {
                continue;
            }
            let reading = self.readings[position].clone();
            let silent: Vec<&str> = reading
                .alternatives
                .iter()
                .enumerate()
                .filter(|(alternative, _)| !self.used.contains(&Used::Alternative(id, count(*alternative))))
                .map(|(_, name)| name.as_str())
                .collect();
            // One alternative may be what holds without a guard.
            if silent.len() > 1 {
                let names = silent.join("、");
                self.warning(
                    codes::READING_UNUSED,
                    reading.span,
                    format!("读法“{}”的 {names} 没有规则区分", reading.name),
                    format!("no rule tells apart the alternatives {names} of `{}`", reading.name),
                );
            }
        }
    }

    fn has_errors(&self) -> bool {
        self.diagnostics.iter().any(|diagnostic| diagnostic.severity == Severity::Error)
    }

    /// Rules with guards: whatever alternative a reading takes, one of them may hold.
    fn check_guards_by_reading(&mut self) {
        let domains = Domains { enums: &self.enums, readings: &self.readings };
        let mut found = Vec::new();
        for draft in &self.drafts {
            let Some(Body::Defined { exceptions, general }) = &draft.body else { continue };
            if general.iter().any(|case| case.guard.is_none()) {
                continue;
            }
            let guards: Vec<&Expr> =
                exceptions.iter().chain(general).filter_map(|case| case.guard.as_ref()).collect();
            for (position, reading) in self.readings.iter().enumerate() {
                for (alternative, name) in reading.alternatives.iter().enumerate() {
                    let kind = ExprKind::ReadingIs(ReadingId(count(position)), count(alternative));
                    let taken = Typed::present(kind, Type::Bool, reading.span).expr;
                    if guards.iter().all(|guard| exclusive(domains, &[], &taken, guard)) {
                        found.push((draft.name, reading.name.clone(), name.clone()));
                    }
                }
            }
        }
        for (rule, reading, alternative) in found {
            self.warning(
                codes::READING_UNUSED,
                rule.span,
                format!("读法“{reading}”取“{alternative}”时，“{}”没有规则", rule.text),
                format!("`{}` has no rule when the reading `{reading}` takes `{alternative}`", rule.text),
            );
        }
    }

    /// Parameters, readings, tables, formulas and 名目 that nothing refers to.
    pub(crate) fn warn_unused(&mut self) {
        // With errors about, what looks unused may be misspelt where it is used.
        if self.has_errors() {
            return;
        }
        let mut unused: Vec<(&str, &str, String, Span)> = Vec::new();
        let is_unused = |used: Used| !self.used.contains(&used);
        for (_, parameter) in self
            .parameters
            .iter()
            .enumerate()
            .filter(|(at, _)| is_unused(Used::Parameter(ParameterId(count(*at)))))
        {
            unused.push(("参数", "parameter", parameter.name.clone(), parameter.span));
        }
        for (_, reading) in
            self.readings.iter().enumerate().filter(|(at, _)| is_unused(Used::Reading(ReadingId(count(*at)))))
        {
            unused.push(("读法", "reading", reading.name.clone(), reading.span));
        }
        // A table with a sum has its use as a check.
        let summed: Vec<&str> = self
            .statements
            .iter()
            .filter_map(|(_, statement)| match &statement.kind {
                StatementKind::Table(decl) if decl.sum.is_some() => Some(decl.name.text.as_str()),
                _ => None,
            })
            .collect();
        let tables =
            self.tables.iter().enumerate().filter(|(_, table)| !summed.contains(&table.name.as_str()));
        for (_, table) in tables.filter(|(at, _)| is_unused(Used::Table(TableId(count(*at))))) {
            unused.push(("表", "table", table.name.clone(), table.span));
        }
        for (_, formula) in self.formulas.iter().enumerate().filter(|(at, _)| is_unused(Used::Formula(*at))) {
            unused.push(("公式", "formula", formula.name.text.clone(), formula.name.span));
        }
        for (zh, en, name, span) in unused {
            self.report(Diagnostic::warning(
                codes::UNUSED,
                span,
                format!("{zh}“{name}”没有用到"),
                format!("the {en} `{name}` is never used"),
            ));
        }
    }
}
