//! Operands: literals, names, calls, fields, lists.

use super::expression::Tall;
use super::literal::{clock_minutes, number_literal, period_literal};
use super::name::unquote;
use super::{Parsed, Parser};
use crate::ast::{Argument, ClockTime, Expr, ExprKind, Name};
use crate::chars::half_width_text;
use crate::keywords::{self, Keyword};
use crate::tree::SyntaxKind as K;
use hengjie_calendar::Date;
use hengjie_quantity::Lang;

impl Parser<'_> {
    /// A name with its fields and calls: `申请.收到`, `任职者(市场营销部)`.
    pub(super) fn path(&mut self) -> Parsed<Expr> {
        self.postfix().map(|tall| tall.expr)
    }

    pub(super) fn postfix(&mut self) -> Parsed<Tall> {
        let checkpoint = self.checkpoint();
        let mut left = self.primary()?;
        while self.at(K::Dot) {
            let is_call = self.ahead(2).is_some_and(|token| token.kind == K::LeftParen);
            self.tree.start_at(checkpoint, if is_call { K::CallExpr } else { K::FieldExpr });
            self.bump();
            let name = self.name("“.”后面的栏目名", "the name of a field behind “.”")?;
            let (start, height) = (left.expr.span.start, left.height);
            let base = Box::new(left.expr);
            left = if is_call {
                let (arguments, inside) = self.arguments()?;
                self.raise(ExprKind::Method(base, name, arguments), self.since(start), height.max(inside))?
            } else {
                self.raise(ExprKind::Field(base, name), self.since(start), height)?
            };
            self.tree.finish();
        }
        Ok(left)
    }

    fn primary(&mut self) -> Parsed<Tall> {
        let Some(token) = self.current() else { return self.fail_operand() };
        match token.kind {
            K::Number | K::Date | K::Period | K::Time | K::Text => self.literal(token.kind),
            K::LeftParen => self.parenthesised(),
            K::QuotedName | K::Name => match token.word.filter(|word| word.is_reserved()) {
                Some(Keyword::Pending) => {
                    let span = self.bump_as(K::Keyword);
                    let name = Name { text: Keyword::Pending.zh().to_owned(), span };
                    Ok(Tall::leaf(ExprKind::Name(name), span))
                }
                Some(Keyword::If) => self.fail_needs_brackets("如", "if"),
                Some(_) => self.fail_operand(),
                None if self.ahead(1).is_some_and(|next| next.kind == K::LeftParen) => self.call(),
                None => self.name_expression(),
            },
            K::Unknown => self.give_up(),
            _ => self.fail_operand(),
        }
    }

    fn fail_operand<T>(&mut self) -> Parsed<T> {
        self.fail_expected("一个值（数、名称或括号）", "a value (a number, a name or a bracket)")
    }

    fn literal(&mut self, kind: K) -> Parsed<Tall> {
        let mut spaced = None;
        let span = self.node(K::Literal, |p| {
            let span = p.bump();
            spaced = if kind == K::Number { p.take_spaced_unit(span) } else { None };
            Ok(span)
        })?;
        if let Some(span) = spaced {
            // Reported; whether the word is a unit is no second question.
            return Ok(Tall::leaf(ExprKind::Error, span));
        }
        let written = half_width_text(span.text(self.text));
        let value = match kind {
            K::Number => number_literal(self.text, span).map(ExprKind::Number),
            K::Date => Date::parse(&written).map(ExprKind::Date),
            K::Period => period_literal(self.text, span).map(ExprKind::Period),
            K::Time => clock_minutes(&written).map(|minutes| ExprKind::Time(ClockTime { minutes })),
            _ => Some(ExprKind::Text(unquote(span.text(self.text)))),
        };
        // The lexer has reported a date that does not exist, or a faulty unit.
        Ok(Tall::leaf(value.unwrap_or(ExprKind::Error), span))
    }

    fn name_expression(&mut self) -> Parsed<Tall> {
        let name = self.node(K::NameExpr, |p| p.name("名称", "a name"))?;
        let span = name.span;
        Ok(Tall::leaf(ExprKind::Name(name), span))
    }

    fn parenthesised(&mut self) -> Parsed<Tall> {
        self.enter()?;
        let start = self.start();
        self.emit_trivia();
        self.tree.start(K::ParenExpr);
        self.bump();
        let mut items = vec![self.tall_collection()?];
        while self.eat(K::Comma) {
            items.push(self.tall_collection()?);
        }
        self.expect(K::RightParen, ")")?;
        self.tree.finish();
        self.leave();
        let span = self.since(start);
        let height = items.iter().map(|item| item.height).max().unwrap_or(0);
        if items.len() == 1
            && let Some(item) = items.pop()
        {
            return Ok(Tall { expr: Expr { kind: item.expr.kind, span }, height });
        }
        let list = items.into_iter().map(|item| item.expr).collect();
        self.raise(ExprKind::List(list), span, height)
    }

    /// `name(arguments)`
    fn call(&mut self) -> Parsed<Tall> {
        let start = self.start();
        self.emit_trivia();
        self.tree.start(K::CallExpr);
        let name = self.take_name(keywords::FUNCTIONS, K::Function);
        let (mut arguments, height) = self.arguments()?;
        self.tree.finish();
        if name.text == "人定" {
            arguments.iter_mut().for_each(type_word_argument);
        }
        self.raise(ExprKind::Call(name, arguments), self.since(start), height)
    }

    /// `(argument, …)` and the greatest height inside.
    pub(super) fn arguments(&mut self) -> Parsed<(Vec<Argument>, u32)> {
        self.enter()?;
        let mut arguments = Vec::new();
        let mut height = 0;
        self.emit_trivia();
        self.tree.start(K::Arguments);
        self.expect(K::LeftParen, "(")?;
        while !self.at(K::RightParen) {
            if !arguments.is_empty() {
                self.expect_separator()?;
            }
            let (argument, inside) = self.argument()?;
            height = height.max(inside);
            arguments.push(argument);
        }
        self.bump();
        self.tree.finish();
        self.leave();
        Ok((arguments, height))
    }

    fn expect_separator(&mut self) -> Parsed<()> {
        if self.eat(K::Comma) {
            return Ok(());
        }
        self.fail_expected("“,”或“)”", "“,” or “)”")
    }

    /// `expr [为 NAME] [其中 expr] [至 expr]`
    fn argument(&mut self) -> Parsed<(Argument, u32)> {
        self.emit_trivia();
        self.tree.start(K::Argument);
        let (mut argument, mut height) = self.named_collection()?;
        if self.eat_word(Keyword::To) {
            let upper = self.tall_expression()?;
            height = height.max(upper.height);
            argument.to = Some(upper.expr);
        }
        self.tree.finish();
        Ok((argument, height))
    }

    /// What follows 逐: `expr [其中 expr] [为 NAME] [其中 expr]`.
    pub(super) fn row_collection(&mut self) -> Parsed<Argument> {
        self.named_collection().map(|(argument, _)| argument)
    }

    fn named_collection(&mut self) -> Parsed<(Argument, u32)> {
        let checkpoint = self.checkpoint();
        let mut value = self.tall_collection()?;
        let alias = if self.eat_word(Keyword::As) {
            Some(self.name("“为”后面的名称", "a name behind “as”")?)
        } else {
            None
        };
        while self.at_word(Keyword::Where) {
            self.tree.start_at(checkpoint, K::WhereExpr);
            self.bump_as(K::Keyword);
            let condition = self.tall_expression()?;
            value = self.join(value, condition, ExprKind::Where)?;
            self.tree.finish();
        }
        let height = value.height;
        Ok((Argument { value: value.expr, alias, to: None }, height))
    }
}

/// `人定(office, type)`: a bare built-in type gets its Chinese spelling.
fn type_word_argument(argument: &mut Argument) {
    if let ExprKind::Name(name) = &mut argument.value.kind
        && let Some(zh) = keywords::translate(keywords::TYPES, &name.text, Lang::Zh)
    {
        zh.clone_into(&mut name.text);
    }
}
