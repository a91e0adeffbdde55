//! Operators: arithmetic with units, comparisons, 属于, 且 或 非.

use super::scope::Scope;
use crate::checker::Checker;
use crate::codes;
use crate::core::{Arithmetic, ExprKind, Type};
use crate::index::Symbol;
use crate::typed::{Known, Typed};
use hengjie_quantity::{BaseUnit, Unit};
use hengjie_syntax::ast::{self, BinaryOp, Expr};
use hengjie_syntax::{Diagnostic, Span};

impl<'a> Checker<'a> {
    /// `left op right`
    pub(super) fn infer_binary(
        &mut self,
        scope: &Scope<'a>,
        op: BinaryOp,
        left: &'a Expr,
        right: &'a Expr,
        span: Span,
    ) -> Typed {
        match op {
            BinaryOp::And | BinaryOp::Or => self.infer_logic(scope, op, left, right, span),
            BinaryOp::Equal | BinaryOp::NotEqual => match self.reading_of(scope, left) {
                Some(reading) => {
                    self.note(left.span, Symbol::Reading(reading));
                    self.infer_reading(reading, right, op == BinaryOp::NotEqual, span)
                }
                None => self.infer_comparison(scope, op, left, right, span),
            },
            BinaryOp::Less | BinaryOp::LessEqual | BinaryOp::Greater | BinaryOp::GreaterEqual => {
                self.infer_comparison(scope, op, left, right, span)
            }
            BinaryOp::In => self.infer_membership(scope, left, right, span),
            BinaryOp::Add | BinaryOp::Subtract => self.infer_sum(scope, op, left, right, span),
            BinaryOp::Multiply | BinaryOp::Divide => self.infer_product(scope, op, left, right, span),
        }
    }

    /// 且, 或: what stands on the left is known on the right.
    fn infer_logic(
        &mut self,
        scope: &Scope<'a>,
        op: BinaryOp,
        left: &'a Expr,
        right: &'a Expr,
        span: Span,
    ) -> Typed {
        let mut operands = vec![right];
        let mut head = left;
        while let ast::ExprKind::Binary(inner, first, second) = &head.kind
            && *inner == op
        {
            operands.push(second);
            head = first;
        }
        operands.push(head);
        let mut inner = scope.clone();
        let mut parts = Vec::new();
        let mut broken = false;
        for operand in operands.into_iter().rev() {
            let typed = self.infer(&inner, operand, Some(&Type::Bool));
            let typed = self.truth(typed);
            if op == BinaryOp::And {
                inner.learn(&typed.expr)
            } else {
                inner.learn_not(&typed.expr)
            }
            broken |= typed.is_unknown();
            parts.push(typed.settle(&Type::Bool));
        }
        let kind = if op == BinaryOp::And { ExprKind::And(parts) } else { ExprKind::Or(parts) };
        keep(Typed::present(kind, Type::Bool, span), broken)
    }

    pub(super) fn infer_not(&mut self, scope: &Scope<'a>, value: &'a Expr, span: Span) -> Typed {
        let typed = self.infer(scope, value, Some(&Type::Bool));
        let typed = self.truth(typed);
        let broken = typed.is_unknown();
        keep(Typed::present(ExprKind::Not(Box::new(typed.settle(&Type::Bool))), Type::Bool, span), broken)
    }

    pub(super) fn infer_negate(&mut self, scope: &Scope<'a>, value: &'a Expr, span: Span) -> Typed {
        let typed = self.infer(scope, value, None);
        let typed = self.number(typed);
        match typed.base().cloned() {
            Some(base) => Typed::present(ExprKind::Negate(Box::new(typed.expr)), base, span),
            None => carry(typed, |expr| ExprKind::Negate(Box::new(expr)), span),
        }
    }

    /// `+`, `-`
    fn infer_sum(
        &mut self,
        scope: &Scope<'a>,
        op: BinaryOp,
        left: &'a Expr,
        right: &'a Expr,
        span: Span,
    ) -> Typed {
        let a = self.infer(scope, left, None);
        let b = self.infer(scope, right, None);
        let (a, b) = (self.operand(a), self.operand(b));
        let add = op == BinaryOp::Add;
        match (a.base().cloned(), b.base().cloned()) {
            (Some(Type::Date), Some(Type::Date)) if !add => {
                arithmetic(Arithmetic::DaysBetween, a, b, Type::Number(Unit::of(BaseUnit::Day)), span)
            }
            (Some(Type::Date), Some(Type::Number(unit))) => {
                let way = if add { Arithmetic::AddToDate } else { Arithmetic::SubtractFromDate };
                self.check_duration(&unit, &b);
                arithmetic(way, a, b, Type::Date, span)
            }
            (Some(Type::Number(unit)), Some(Type::Date)) if add => {
                self.check_duration(&unit, &a);
                arithmetic(Arithmetic::AddToDate, b, a, Type::Date, span)
            }
            (Some(Type::Number(first)), Some(Type::Number(second))) => {
                if first != second {
                    let (wanted, found, part) =
                        if literal_without_unit(&a) { (&second, &first, &a) } else { (&first, &second, &b) };
                    self.unit_mismatch(wanted, found, part);
                    return broken(Arithmetic::Add, a, b, span);
                }
                self.warn_percent(add, &a, right, &first);
                let way = if add { Arithmetic::Add } else { Arithmetic::Subtract };
                arithmetic(way, a, b, Type::Number(first), span)
            }
            (Some(base), Some(_)) if !matches!(base, Type::Number(_) | Type::Date) => {
                self.not_number(a, b, span)
            }
            (Some(_), Some(_)) => {
                let swapped = self.number(b);
                broken(Arithmetic::Add, a, swapped, span)
            }
            // One side is unknown (a mistake, or a rule that mentions this one): the other tells the type.
            (Some(base @ Type::Number(_)), None) | (None, Some(base @ Type::Number(_))) => {
                arithmetic(if add { Arithmetic::Add } else { Arithmetic::Subtract }, a, b, base, span)
            }
            _ => broken(Arithmetic::Add, a, b, span),
        }
    }

    fn not_number(&mut self, a: Typed, b: Typed, span: Span) -> Typed {
        let a = self.number(a);
        broken(Arithmetic::Add, a, b, span)
    }

    /// A present operand; 无 and 免 alone cannot be computed with.
    fn operand(&mut self, typed: Typed) -> Typed {
        if typed.known == Known::Nothing {
            self.error(
                codes::NOT_A_VALUE,
                typed.span(),
                "“无”“免”不能参加计算",
                "无 and 免 cannot be computed with",
            );
            return Typed::unknown(typed.span());
        }
        self.present(typed)
    }

    fn check_duration(&mut self, unit: &Unit, part: &Typed) {
        let diagnostic = match unit.single() {
            Some(BaseUnit::Month | BaseUnit::Day) => return,
            // No work calendar is run, so that the sum would stay unknown for everybody.
            Some(BaseUnit::Workday) => Diagnostic::error(
                codes::TYPE_MISMATCH,
                part.span(),
                "日期还不能加减工作日：工作日历还不执行",
                "workdays cannot be added to a date yet: work calendars are not run",
            )
            .help(
                "写日历天（+ 14天），或者把工作日逐日登记成资料，数两天之间有几个",
                "write calendar days (+ 14天), or record the workdays as facts and count those between two days",
            ),
            _ => Diagnostic::error(
                codes::TYPE_MISMATCH,
                part.span(),
                format!("日期只能加减时长，这里的单位是“{unit}”"),
                format!("only a duration can be added to a date, found {}", unit.en()),
            )
            .help("例如：+ 3年、+ 6个月、+ 10天", "for example: + 3年, + 6个月, + 10天"),
        };
        self.report(diagnostic);
    }

    /// `率 + 5%`: × 105 % or 5 points more?
    fn warn_percent(&mut self, add: bool, a: &Typed, right: &Expr, unit: &Unit) {
        let ast::ExprKind::Number(number) = &right.kind else { return };
        let percent = matches!(number.unit.as_str(), "%" | "‰");
        let hundred = number.unit == "%" && number.value.to_i128() == Some(100);
        if !add || !percent || hundred || !unit.is_none() || a.literal_number().is_some() {
            return;
        }
        let digits = number.value.to_exact_decimal().unwrap_or_default();
        let mut diagnostic = Diagnostic::warning(
            codes::PERCENT_ADDED,
            right.span,
            format!("加 {digits}{} 有两种意思：加几个百分点，还是按比例增加？这里按百分点计算", number.unit),
            format!(
                "adding {digits}{} may mean points or a proportion; it is computed as points",
                number.unit
            ),
        )
        .help("按比例增加写成：× (1 + …)", "for a proportion write: × (1 + …)");
        if number.unit == "%" {
            diagnostic = diagnostic.fix(
                right.span,
                format!("{digits}个百分点"),
                "写明是百分点",
                "say that points are meant",
            );
        }
        self.report(diagnostic);
    }

    /// `×`, `÷`
    fn infer_product(
        &mut self,
        scope: &Scope<'a>,
        op: BinaryOp,
        left: &'a Expr,
        right: &'a Expr,
        span: Span,
    ) -> Typed {
        let a = self.infer(scope, left, None);
        let b = self.infer(scope, right, None);
        let (a, b) = (self.operand(a), self.operand(b));
        let (a, b) = (self.number(a), self.number(b));
        let way = if op == BinaryOp::Multiply { Arithmetic::Multiply } else { Arithmetic::Divide };
        let (Some(first), Some(second)) = (a.unit().cloned(), b.unit().cloned()) else {
            return broken(way, a, b, span);
        };
        if op == BinaryOp::Multiply {
            return arithmetic(way, a, b, Type::Number(first.multiply(&second)), span);
        }
        if b.literal_number().is_some_and(hengjie_quantity::Rational::is_zero) {
            self.error(
                codes::OUT_OF_RANGE,
                b.span(),
                "这里除以 0，永远没有结果",
                "this divides by 0 and never has a result",
            );
        }
        let optional = !self.never_zero(scope, &b.expr);
        let mut typed = arithmetic(way, a, b, Type::Number(first.divide(&second)), span);
        typed.expr.ty.optional = optional;
        typed
    }

    /// An error for two units that do not go together, with the fix that fits.
    pub(super) fn unit_mismatch(&mut self, wanted: &Unit, found: &Unit, part: &Typed) {
        let span = part.span();
        let durations = is_duration(wanted) && is_duration(found);
        let points = wanted.currency().is_some() && matches!(found.single(), Some(BaseUnit::Point));
        let code = match (durations, points) {
            (true, _) => codes::DURATIONS,
            (_, true) => codes::POINTS_AS_MONEY,
            _ => codes::UNIT_MISMATCH,
        };
        let mut diagnostic = Diagnostic::error(
            code,
            span,
            format!("单位不同：这里应是“{wanted}”，写的是“{found}”"),
            format!("different units: {} is needed here, found {}", wanted.en(), found.en()),
        );
        let digits = part.literal_number().and_then(hengjie_quantity::Rational::to_exact_decimal);
        if durations {
            diagnostic = diagnostic.help(
                "年月、天、工作日、时分不能互相比较；用 满年(自, 至)、满月(自, 至) 或 日期 + 时长",
                "months, days, workdays and minutes do not compare; use 满年(from, to), 满月(from, to) or date + duration",
            );
        } else if points {
            diagnostic = diagnostic.help(
                "“分”是得分，不是钱；不足一元写成 0.01元",
                "分 is a score point, not money; write money below one yuan as 0.01元",
            );
        } else if wanted.currency().is_some() && found.currency().is_some() {
            diagnostic =
                diagnostic.help("不同币种先用 折算(x, 币种, 日)", "convert first: 折算(x, currency, day)");
        } else if let (true, false, Some(digits)) = (found.is_none(), wanted.is_none(), digits) {
            let word = if wanted.single().is_some() { wanted.to_string() } else { String::new() };
            if !word.is_empty() {
                let text = format!("{digits}{word}");
                diagnostic = diagnostic.fix(
                    span,
                    text.clone(),
                    format!("改成“{text}”"),
                    format!("change to `{text}`"),
                );
            }
        }
        self.report(diagnostic);
    }
}

fn is_duration(unit: &Unit) -> bool {
    matches!(unit.single(), Some(BaseUnit::Month | BaseUnit::Day | BaseUnit::Workday | BaseUnit::Minute))
}

fn literal_without_unit(typed: &Typed) -> bool {
    typed.literal_number().is_some() && typed.unit().is_some_and(Unit::is_none)
}

/// The expression kept for the order of rules, unknown when a part is.
pub(super) fn keep(typed: Typed, broken: bool) -> Typed {
    if broken { Typed { known: Known::Unknown, ..typed } } else { typed }
}

fn carry(typed: Typed, make: impl FnOnce(crate::core::Expr) -> ExprKind, span: Span) -> Typed {
    let mut unknown = Typed::unknown(span);
    unknown.expr.kind = make(typed.expr);
    unknown
}

fn arithmetic(way: Arithmetic, a: Typed, b: Typed, ty: Type, span: Span) -> Typed {
    Typed::present(ExprKind::Arithmetic(way, Box::new(a.expr), Box::new(b.expr)), ty, span)
}

fn broken(way: Arithmetic, a: Typed, b: Typed, span: Span) -> Typed {
    keep(arithmetic(way, a, b, Type::Bool, span), true)
}
