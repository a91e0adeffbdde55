//! A typed expression while it is being checked, with the "unknown" type that keeps one mistake one message.

use crate::core::{Expr, ExprKind, Literal, Type, ValueType};
use hengjie_quantity::Unit;
use hengjie_syntax::Span;

/// What is known of an expression's type.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Known {
    /// `expr.ty` holds.
    Yes,
    /// A mistake has been reported (or a type is still to come): compatible with everything.
    Unknown,
    /// 无 or 免 alone: takes the type of its surroundings.
    Nothing,
}

/// A typed expression and what is known of its type.
#[derive(Debug, Clone)]
pub(crate) struct Typed {
    pub expr: Expr,
    pub known: Known,
}

impl Typed {
    /// An expression of a known type.
    pub(crate) fn new(kind: ExprKind, base: Type, optional: bool, span: Span) -> Self {
        Self { expr: Expr { kind, ty: ValueType { base, optional }, span }, known: Known::Yes }
    }

    /// A present value.
    pub(crate) fn present(kind: ExprKind, base: Type, span: Span) -> Self {
        Self::new(kind, base, false, span)
    }

    /// The place of a mistake that has been reported.
    pub(crate) fn unknown(span: Span) -> Self {
        Self { known: Known::Unknown, ..Self::present(ExprKind::Literal(Literal::None), Type::Bool, span) }
    }

    /// 无 or 免.
    pub(crate) fn nothing(literal: Literal, span: Span) -> Self {
        let optional = literal == Literal::None;
        Self { known: Known::Nothing, ..Self::new(ExprKind::Literal(literal), Type::Bool, optional, span) }
    }

    pub(crate) fn is_unknown(&self) -> bool {
        self.known == Known::Unknown
    }

    /// The type, when it is known.
    pub(crate) fn base(&self) -> Option<&Type> {
        (self.known == Known::Yes).then_some(&self.expr.ty.base)
    }

    /// The unit of a number.
    pub(crate) fn unit(&self) -> Option<&Unit> {
        match self.base() {
            Some(Type::Number(unit)) => Some(unit),
            _ => None,
        }
    }

    pub(crate) fn optional(&self) -> bool {
        self.expr.ty.optional
    }

    pub(crate) fn span(&self) -> Span {
        self.expr.span
    }

    /// The number, when the expression is a literal number.
    pub(crate) fn literal_number(&self) -> Option<&hengjie_quantity::Rational> {
        match &self.expr.kind {
            ExprKind::Literal(Literal::Number(value)) => Some(value),
            _ => None,
        }
    }

    /// Gives 无 and 免 the type of their surroundings.
    pub(crate) fn settle(mut self, base: &Type) -> Expr {
        if self.known == Known::Nothing {
            self.expr.ty.base = base.clone();
        }
        self.expr
    }
}

/// The expression as text that does not depend on where it stands or on what is known of its types: equal keys mean the
/// same expression.
pub(crate) fn key(expr: &Expr) -> String {
    let mut bare = expr.clone();
    forget_types(&mut bare);
    serde_json::to_string(&bare).unwrap_or_default()
}

fn forget_types(expr: &mut Expr) {
    expr.ty = ValueType { base: Type::Bool, optional: false };
    crate::walk::children_mut(expr, &mut forget_types);
}

/// Words for a type in messages: Chinese and English.
pub(crate) fn plain_name(ty: &Type) -> (String, String) {
    let (zh, en) = match ty {
        Type::Number(unit) if unit.is_none() => {
            return ("数（比例）".to_owned(), "a plain number".to_owned());
        }
        Type::Number(unit) => return (format!("以{unit}计的数"), format!("a number in {}", unit.en())),
        Type::Bool => ("条件（是否）", "a condition (yes/no)"),
        Type::Text => ("文字", "text"),
        Type::Date => ("日期", "a date"),
        Type::Period(grain) => {
            return (format!("期间（{}）", grain.zh()), format!("a period ({})", grain.en()));
        }
        Type::Enum(_) => ("名目", "a named item"),
        Type::Object(_) => ("对象", "an object"),
        Type::Row(_) => ("表的一行", "a table row"),
        Type::Collection(_) => ("集合", "a collection"),
    };
    (zh.to_owned(), en.to_owned())
}
