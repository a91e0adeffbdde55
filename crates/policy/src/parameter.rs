//! 参数 and 读法.

use crate::checker::{Checker, count};
use crate::codes;
use crate::core::{Notation, Parameter, ParameterId, ParameterValue, Reading, ReadingId, Type};
use crate::index::Symbol;
use crate::symbols::Global;
use crate::types::{notation_of, range_text};
use hengjie_syntax::Diagnostic;
use hengjie_syntax::ast::{self, Name, ParameterDecl, ReadingDecl, StatementKind};

impl<'a> Checker<'a> {
    /// All parameters and readings.
    pub(crate) fn declare_parameters(&mut self) {
        for (article, statement) in self.statements.clone() {
            match &statement.kind {
                StatementKind::Parameter(decl) => self.declare_parameter(decl, article),
                StatementKind::Reading(decl) => self.declare_reading(decl, article),
                _ => {}
            }
        }
    }

    fn declare_parameter(&mut self, decl: &'a ParameterDecl, article: crate::core::ArticleId) {
        let Some(ty) = self.read_type(&decl.ty) else {
            self.names.poisoned.insert(decl.name.text.clone());
            return;
        };
        let id = ParameterId(count(self.parameters.len()));
        if !self.declare_global(&decl.name, Global::Parameter(id)) {
            return;
        }
        let range = self.read_range(&decl.ty, &ty);
        let keys = decl.keys.iter().filter_map(|key| self.parameter_key(key)).collect();
        let value = match &decl.value {
            ast::ParameterValue::Required { by } => ParameterValue::Required(by.text.clone()),
            ast::ParameterValue::Given(expr) => {
                let value = self.constant(expr, Some(&ty)).unwrap_or(crate::core::Literal::None);
                if let (crate::core::Literal::Number(number), Some((low, high))) = (&value, &range)
                    && (number < low || number > high)
                {
                    self.error(
                        codes::OUT_OF_RANGE,
                        expr.span,
                        format!(
                            "参数“{}”的值超出它自己的范围 {}",
                            decl.name.text,
                            range_text(low, high, &ty)
                        ),
                        format!(
                            "the value of `{}` is outside its own range {}",
                            decl.name.text,
                            range_text(low, high, &ty)
                        ),
                    );
                }
                ParameterValue::Given(value)
            }
        };
        self.parameters.push(Parameter {
            name: decl.name.text.clone(),
            ty,
            keys,
            range,
            value,
            article,
            notation: match &decl.value {
                ast::ParameterValue::Given(ast::Expr { kind: ast::ExprKind::Number(number), .. }) => {
                    Notation::of_unit(&number.unit)
                }
                _ => notation_of(&decl.ty),
            },
            span: decl.name.span,
        });
    }

    /// A key of a parameter: a 名目, or 文字.
    fn parameter_key(&mut self, key: &Name) -> Option<Type> {
        if key.text == "文字" {
            return Some(Type::Text);
        }
        if let Some(id) = self.names.enumeration(&key.text) {
            self.note(key.span, Symbol::Enumeration(id));
            return Some(Type::Enum(id));
        }
        if !self.names.poisoned.contains(&key.text) {
            let close = self.closest(&key.text, self.names.enums.keys().map(String::as_str));
            self.unknown_name(
                codes::UNKNOWN_NAME,
                key,
                ("名目（参数按名目或文字）", "名目 (or 文字)"),
                close,
            );
        }
        None
    }

    fn declare_reading(&mut self, decl: &ReadingDecl, article: crate::core::ArticleId) {
        let id = ReadingId(count(self.readings.len()));
        if !self.declare_global(&decl.name, Global::Reading(id)) {
            return;
        }
        let alternatives: Vec<String> = decl.alternatives.iter().map(|name| name.text.clone()).collect();
        for (index, name) in decl.alternatives.iter().enumerate() {
            if let Some(first) = decl.alternatives[..index].iter().find(|first| first.text == name.text) {
                self.report(
                    Diagnostic::error(
                        codes::DUPLICATE_NAME,
                        name.span,
                        format!("读法“{}”里“{}”写了两次", decl.name.text, name.text),
                        format!("`{}` stands twice in the reading `{}`", name.text, decl.name.text),
                    )
                    .label(first.span, "另一处", "the other place"),
                );
            }
        }
        let chosen = alternatives.iter().position(|name| *name == decl.chosen.text);
        if chosen.is_none() {
            let close = self.closest(&decl.chosen.text, alternatives.iter().map(String::as_str));
            self.unknown_name(
                codes::UNKNOWN_NAME,
                &decl.chosen,
                ("读法", "alternative of this reading"),
                close,
            );
        }
        self.readings.push(Reading {
            name: decl.name.text.clone(),
            title: decl.title.text.clone(),
            alternatives,
            chosen: chosen.map_or(0, count),
            by: decl.by.text.clone(),
            on: decl.on,
            because: decl.because.clone(),
            article,
            span: decl.name.span,
        });
    }
}
