//! Expressions by operator precedence, loosest first: 其中 · 无则 缺则 · 或 · 且 · 非 · comparisons · + - · × ÷ · unary -.

use super::{Parsed, Parser};
use crate::ast::{BinaryOp, Expr, ExprKind};
use crate::diagnostic::Diagnostic;
use crate::keywords::Keyword;
use crate::limits;
use crate::span::Span;
use crate::tree::SyntaxKind as K;
use rowan::Checkpoint;

/// An expression and the height of its tree, which is limited because every later pass is recursive.
#[derive(Debug)]
pub(super) struct Tall {
    pub(super) expr: Expr,
    pub(super) height: u32,
}

impl Tall {
    pub(super) fn leaf(kind: ExprKind, span: Span) -> Self {
        Self { expr: Expr { kind, span }, height: 1 }
    }
}

/// Binding powers of the levels between 无则 and a single operand.
mod level {
    pub(super) const OR: u8 = 1;
    pub(super) const AND: u8 = 2;
    pub(super) const NOT: u8 = 3;
    pub(super) const COMPARE: u8 = 4;
    pub(super) const SUM: u8 = 5;
    pub(super) const PRODUCT: u8 = 6;
    pub(super) const UNARY: u8 = 7;
}

impl Parser<'_> {
    /// `expr {其中 cond}`
    pub(super) fn collection(&mut self) -> Parsed<Expr> {
        self.tall_collection().map(|tall| tall.expr)
    }

    /// `or {无则 or | 缺则 or}` or `如 …`
    pub(super) fn expression(&mut self) -> Parsed<Expr> {
        self.tall_expression().map(|tall| tall.expr)
    }

    /// `a + b`, without comparisons and logic.
    pub(super) fn sum(&mut self) -> Parsed<Expr> {
        self.binary(level::SUM).map(|tall| tall.expr)
    }

    pub(super) fn tall_collection(&mut self) -> Parsed<Tall> {
        let checkpoint = self.checkpoint();
        let mut left = self.tall_expression()?;
        while self.at_word(Keyword::Where) {
            self.tree.start_at(checkpoint, K::WhereExpr);
            self.bump_as(K::Keyword);
            let condition = self.tall_expression()?;
            left = self.join(left, condition, ExprKind::Where)?;
            self.tree.finish();
        }
        Ok(left)
    }

    pub(super) fn tall_expression(&mut self) -> Parsed<Tall> {
        let checkpoint = self.checkpoint();
        let mut left = self.if_or(level::OR)?;
        loop {
            let make = match self.word() {
                Some(Keyword::OrNone) => ExprKind::OrNone,
                Some(Keyword::OrMissing) => ExprKind::OrMissing,
                _ => return Ok(left),
            };
            self.tree.start_at(checkpoint, K::BinaryExpr);
            self.bump_as(K::Keyword);
            let default = self.if_or(level::OR)?;
            left = self.join(left, default, make)?;
            self.tree.finish();
        }
    }

    /// A 如 … 否则 chain, or operators from `minimum` up.
    fn if_or(&mut self, minimum: u8) -> Parsed<Tall> {
        if self.at_word(Keyword::If) { self.conditional() } else { self.binary(minimum) }
    }

    /// `如 c 则 v {如 c 则 v} 否则 v`
    fn conditional(&mut self) -> Parsed<Tall> {
        self.enter()?;
        let start = self.start();
        self.emit_trivia();
        self.tree.start(K::IfExpr);
        let mut arms = Vec::new();
        let mut height = 0;
        while self.eat_word(Keyword::If) {
            let condition = self.tall_expression()?;
            self.expect_word(Keyword::Then)?;
            let value = self.tall_collection()?;
            height = height.max(condition.height).max(value.height);
            arms.push((condition.expr, value.expr));
        }
        if !self.at_word(Keyword::Else) {
            return self.fail_without_else(start);
        }
        self.bump_as(K::Keyword);
        let otherwise = self.tall_collection()?;
        self.tree.finish();
        self.leave();
        let height = height.max(otherwise.height);
        let kind = ExprKind::If { arms, otherwise: Box::new(otherwise.expr) };
        self.raise(kind, self.since(start), height)
    }

    fn fail_without_else<T>(&mut self, start: u32) -> Parsed<T> {
        if !self.at_line_end() {
            return self.fail_expected("“如”或“否则”", "“if” or “else”");
        }
        let span = Span::new(start, self.after_last().end);
        self.fail(|| {
            Diagnostic::error("HJ0205", span, "“如 … 则 …”缺少“否则”", "“if … then …” has no “else”")
                .help("没有别的情形时写 否则 无", "write “else none” when there is nothing else")
        })
    }

    fn binary(&mut self, minimum: u8) -> Parsed<Tall> {
        let checkpoint = self.checkpoint();
        let mut left = self.prefix(minimum)?;
        while let Some((operator, power)) = self.operator().filter(|(_, power)| *power >= minimum) {
            self.tree.start_at(checkpoint, K::BinaryExpr);
            let is_word = self.at(K::Name);
            if is_word {
                self.bump_as(K::Keyword)
            } else {
                self.bump()
            };
            let right = self.binary(power + 1)?;
            left = self.join(left, right, |l, r| ExprKind::Binary(operator, l, r))?;
            self.tree.finish();
            if power == level::COMPARE && self.operator().is_some_and(|(_, next)| next == power) {
                return self.fail_chained(&left.expr);
            }
        }
        Ok(left)
    }

    fn prefix(&mut self, minimum: u8) -> Parsed<Tall> {
        let is_not = self.at_word(Keyword::Not);
        if !is_not && !self.at(K::Minus) {
            return self.postfix();
        }
        if is_not && minimum > level::NOT {
            return self.fail_needs_brackets("非", "not");
        }
        self.enter()?;
        let start = self.start();
        self.emit_trivia();
        self.tree.start(K::PrefixExpr);
        let operand = if is_not {
            self.bump_as(K::Keyword);
            self.binary(level::NOT)?
        } else {
            self.bump();
            self.binary(level::UNARY)?
        };
        self.tree.finish();
        self.leave();
        let height = operand.height;
        let inner = Box::new(operand.expr);
        let kind = if is_not { ExprKind::Not(inner) } else { ExprKind::Negate(inner) };
        self.raise(kind, self.since(start), height)
    }

    /// Reports a word that may not stand behind a tighter operator without brackets.
    pub(super) fn fail_needs_brackets<T>(&mut self, zh: &str, en: &str) -> Parsed<T> {
        let span = self.here();
        self.fail(|| {
            Diagnostic::error(
                "HJ0206",
                span,
                format!("这里的“{zh} …”要用括号括起来"),
                format!("put this “{en} …” in brackets"),
            )
        })
    }

    /// The operator at the current token and its binding power.
    fn operator(&self) -> Option<(BinaryOp, u8)> {
        let token = self.current()?;
        Some(match (token.kind, token.word) {
            (K::Name, Some(Keyword::Or)) => (BinaryOp::Or, level::OR),
            (K::Name, Some(Keyword::And)) => (BinaryOp::And, level::AND),
            (K::Name, Some(Keyword::In)) => (BinaryOp::In, level::COMPARE),
            (K::Equal, _) => (BinaryOp::Equal, level::COMPARE),
            (K::NotEqual, _) => (BinaryOp::NotEqual, level::COMPARE),
            (K::Less, _) => (BinaryOp::Less, level::COMPARE),
            (K::LessEqual, _) => (BinaryOp::LessEqual, level::COMPARE),
            (K::Greater, _) => (BinaryOp::Greater, level::COMPARE),
            (K::GreaterEqual, _) => (BinaryOp::GreaterEqual, level::COMPARE),
            (K::Plus, _) => (BinaryOp::Add, level::SUM),
            (K::Minus, _) => (BinaryOp::Subtract, level::SUM),
            (K::Times, _) => (BinaryOp::Multiply, level::PRODUCT),
            (K::Divide, _) => (BinaryOp::Divide, level::PRODUCT),
            _ => return None,
        })
    }

    /// `a ≤ x ≤ b` is refused with the two comparisons it stands for.
    fn fail_chained<T>(&mut self, left: &Expr) -> Parsed<T> {
        let span = self.here();
        let middle = match &left.kind {
            ExprKind::Binary(_, _, middle) => middle.span.text(self.text),
            _ => "",
        };
        let at = Span::new(left.span.end, left.span.end);
        self.fail(|| {
            Diagnostic::error("HJ0207", span, "比较不能连写", "comparisons cannot be chained").fix(
                at,
                format!(" 且 {middle}"),
                "写成用“且”连起来的两个比较",
                "write two comparisons joined by “and”",
            )
        })
    }

    pub(super) fn checkpoint(&mut self) -> Checkpoint {
        self.emit_trivia();
        self.tree.checkpoint()
    }

    /// Joins two expressions under a new one.
    pub(super) fn join(
        &mut self,
        left: Tall,
        right: Tall,
        make: impl FnOnce(Box<Expr>, Box<Expr>) -> ExprKind,
    ) -> Parsed<Tall> {
        let span = left.expr.span.to(right.expr.span);
        let height = left.height.max(right.height);
        self.raise(make(Box::new(left.expr), Box::new(right.expr)), span, height)
    }

    /// An expression one higher than its parts.
    pub(super) fn raise(&mut self, kind: ExprKind, span: Span, height_of_parts: u32) -> Parsed<Tall> {
        if height_of_parts >= limits::EXPRESSION_HEIGHT {
            return self.fail_too_deep(limits::EXPRESSION_HEIGHT);
        }
        Ok(Tall { expr: Expr { kind, span }, height: height_of_parts + 1 })
    }
}
