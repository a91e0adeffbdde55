//! `对 …` and its definitions.

use super::{Parsed, Parser};
use crate::ast::{Contribution, Definition, DefinitionRole, Expr, ExprKind, RuleGroup, StatementKind};
use crate::keywords::Keyword;
use crate::tree::SyntaxKind as K;

impl Parser<'_> {
    pub(super) fn rules_statement(&mut self) -> Option<StatementKind> {
        let context = self.line(|p| {
            p.head_word();
            p.context()
        });
        let definitions = self.items(K::Definition, Self::definition);
        context.map(|context| StatementKind::Rules(RuleGroup { context, definitions }))
    }

    /// `[例外|首期|下期] NAME = expr {反称 NAME | 当 expr | 优先于 CITE | 计入 NAME [权重 expr]}`
    fn definition(&mut self) -> Parsed<Definition> {
        let start = self.start();
        let role = self.definition_role();
        let name = self.name("指标名", "the name of a figure")?;
        self.expect(K::Equal, "=")?;
        let value = self.value_or_error(Self::collection);
        let mut definition = Definition {
            role,
            name,
            value,
            inverse: None,
            guard: None,
            over: None,
            contributes: None,
            span: self.since(start),
        };
        let clauses = self.definition_clauses(&mut definition);
        if clauses.is_err() {
            self.skip_line();
        }
        definition.span = self.since(start);
        // Something on the line could not be read: the name stays known, the value is not trusted.
        if clauses.is_err() || !self.at_line_end() {
            definition.value = Expr { kind: ExprKind::Error, span: definition.value.span };
        }
        Ok(definition)
    }

    fn definition_role(&mut self) -> DefinitionRole {
        let role = match self.word() {
            _ if self.is_named_line() => return DefinitionRole::General,
            Some(Keyword::Exception) => DefinitionRole::Exception,
            Some(Keyword::Initial) => DefinitionRole::First,
            Some(Keyword::Next) => DefinitionRole::Next,
            _ => return DefinitionRole::General,
        };
        self.bump_as(K::Keyword);
        role
    }

    /// Each clause once: what comes twice does not belong to the statement.
    fn definition_clauses(&mut self, definition: &mut Definition) -> Parsed<()> {
        loop {
            match self.word() {
                Some(Keyword::Inverse) if definition.inverse.is_none() => {
                    definition.inverse = Some(self.inverse()?);
                }
                Some(Keyword::When) if definition.guard.is_none() => {
                    self.bump_as(K::Keyword);
                    definition.guard = Some(self.expression()?);
                }
                Some(Keyword::Over) if definition.over.is_none() => {
                    self.bump_as(K::Keyword);
                    definition.over = Some(self.citation()?);
                }
                Some(Keyword::Into) if definition.contributes.is_none() => {
                    self.bump_as(K::Keyword);
                    let total = self.name("汇总名", "the name of a total")?;
                    let weight = if self.eat_word(Keyword::Weight) { Some(self.expression()?) } else { None };
                    definition.contributes = Some(Contribution { total, weight });
                }
                _ => return Ok(()),
            }
        }
    }
}
