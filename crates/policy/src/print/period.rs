//! Periods back as words: 本期, 上年, 上期(x), 于(p, x), x.末.

use super::{Elements, Level, Printer};
use crate::core::{Expr, ExprKind, Function, Type};
use hengjie_calendar::Grain;

impl Printer<'_> {
    /// 本期, 上期(x), 于(p, x) and calls that make periods or days of them.
    pub(super) fn period_form(&self, expr: &Expr, elements: &mut Elements, out: &mut String) {
        if let Some(word) = self.period_word(expr) {
            out.push_str(&word);
            return;
        }
        match &expr.kind {
            ExprKind::At { period, value } => {
                if is_previous(period) {
                    self.named_call("上期", &[value], elements, out);
                } else {
                    self.named_call("于", &[period, value], elements, out);
                }
            }
            ExprKind::Call(Function::PeriodStart, parts) => {
                self.part(parts, self.lang.pick("始", "start"), elements, out)
            }
            ExprKind::Call(Function::PeriodEnd, parts) => {
                self.part(parts, self.lang.pick("末", "end"), elements, out)
            }
            ExprKind::Call(Function::PeriodDays, parts) => {
                self.part(parts, self.lang.pick("天数", "days"), elements, out)
            }
            ExprKind::Call(Function::PeriodOf(grain), parts) => {
                out.push_str(&format!(
                    "{}({}",
                    self.function("期间"),
                    self.lang.pick(grain.zh(), grain.en())
                ));
                for part in parts {
                    out.push_str(", ");
                    self.expr(part, Level::Whole, elements, out);
                }
                out.push(')');
            }
            ExprKind::Call(Function::PeriodShift(steps), parts) => {
                for part in parts {
                    self.expr(part, Level::Atom, elements, out);
                }
                out.push_str(&format!("[{steps:+}]"));
            }
            _ => {}
        }
    }

    /// A single word for a period or day.
    fn period_word(&self, expr: &Expr) -> Option<String> {
        let word = match &expr.kind {
            ExprKind::CurrentPeriod => "本期".to_owned(),
            ExprKind::Call(Function::PeriodShift(-1), parts) => {
                match this(parts.first()?)?.or(grain_of(expr)) {
                    None => "上期".to_owned(),
                    Some(grain) => format!("上{}", grain.noun_zh()),
                }
            }
            ExprKind::Call(Function::PeriodOf(_), _) => format!("本{}", this(expr)??.noun_zh()),
            ExprKind::Call(Function::PeriodStart, parts) => match &parts.first()?.kind {
                ExprKind::CurrentPeriod => "期初".to_owned(),
                ExprKind::Call(Function::PeriodShift(1), parts) => {
                    let inner = parts.first()?;
                    let grain = match this(inner)? {
                        Some(grain) => grain,
                        None => grain_of(inner)?,
                    };
                    format!("次{}初", grain.noun_zh())
                }
                _ => return None,
            },
            _ => return None,
        };
        let known = hengjie_syntax::keywords::find(hengjie_syntax::keywords::VALUES, &word);
        Some(known.map_or(word, |(zh, en)| self.lang.pick(zh, en).to_owned()))
    }
}

/// Is this the current period (`Some(None)`), or the one of a grain around its end?
#[expect(clippy::option_option, reason = "no, the period itself, and a longer one are three answers")]
fn this(expr: &Expr) -> Option<Option<Grain>> {
    match &expr.kind {
        ExprKind::CurrentPeriod => Some(None),
        ExprKind::Call(Function::PeriodOf(grain), parts) => match &parts.first()?.kind {
            ExprKind::Call(Function::PeriodEnd, parts)
                if matches!(parts.first()?.kind, ExprKind::CurrentPeriod) =>
            {
                Some(Some(*grain))
            }
            _ => None,
        },
        _ => None,
    }
}

fn grain_of(expr: &Expr) -> Option<Grain> {
    match expr.ty.base {
        Type::Period(grain) => Some(grain),
        _ => None,
    }
}

/// 上期 of the current period.
fn is_previous(period: &Expr) -> bool {
    match &period.kind {
        ExprKind::Call(Function::PeriodShift(-1), parts) => {
            parts.first().is_some_and(|part| matches!(part.kind, ExprKind::CurrentPeriod))
        }
        _ => false,
    }
}
