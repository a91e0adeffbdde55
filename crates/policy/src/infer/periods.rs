//! Periods: 本期, 上年, 各月(本季), 历期, 近(3, 各月), 上期(x), 于(p, x).

use super::members::collection;
use super::scope::{Place, Scope};
use crate::checker::Checker;
use crate::codes;
use crate::core::{Expr, ExprKind, Function, Source, Type};
use crate::typed::Typed;
use hengjie_calendar::Grain;
use hengjie_syntax::ast::{self, Argument, Name};
use hengjie_syntax::{Diagnostic, Span};

/// `各月` → month.
fn each(word: &str) -> Option<Grain> {
    Grain::from_noun(word.strip_prefix('各')?)
}

impl<'a> Checker<'a> {
    /// 本期, 本年, 上月, 期初, 次月初, 历期, 往期, 各月 …
    pub(super) fn infer_period_word(&mut self, scope: &Scope<'a>, name: &Name) -> Option<Typed> {
        let span = name.span;
        let word = name.text.as_str();
        if let Some(grain) = each(word) {
            let within = self.current(scope, name)?;
            return Some(self.periods_in(grain, within, span));
        }
        let typed = match word {
            "本期" => self.current(scope, name),
            "上期" => self.current(scope, name).map(|current| shift(current, -1)),
            "期初" => self.current(scope, name).map(|current| edge(Function::PeriodStart, current)),
            "期末" => self.current(scope, name).map(|current| edge(Function::PeriodEnd, current)),
            "历期" | "往期" => self.history(scope, word == "历期", name),
            _ => {
                if let Some(grain) = word.strip_prefix('本').and_then(Grain::from_noun) {
                    self.containing(scope, grain, name)
                } else if let Some(grain) = word.strip_prefix('上').and_then(Grain::from_noun) {
                    self.containing(scope, grain, name).map(|period| shift(period, -1))
                } else if let Some(grain) = word
                    .strip_prefix('次')
                    .and_then(|rest| rest.strip_suffix('初'))
                    .and_then(Grain::from_noun)
                {
                    self.containing(scope, grain, name)
                        .map(|period| edge(Function::PeriodStart, shift(period, 1)))
                } else {
                    return None;
                }
            }
        };
        Some(typed.unwrap_or(Typed::unknown(span)))
    }

    /// 本期; reports when there is none.
    fn current(&mut self, scope: &Scope<'a>, name: &Name) -> Option<Typed> {
        if let (Some(grain), false) = (scope.grain, scope.place == Place::Constant) {
            return Some(Typed::present(ExprKind::CurrentPeriod, Type::Period(grain), name.span));
        }
        self.report(
            Diagnostic::error(
                codes::NOT_HERE,
                name.span,
                format!("这里没有期间，“{}”没有意思", name.text),
                format!("there is no period here, so `{}` means nothing", name.text),
            )
            .help("在“对 …”后面写每月、每季、每年等", "add 每月, 每季, 每年 … to the 对 line"),
        );
        None
    }

    /// The period of a grain that contains the current one.
    fn containing(&mut self, scope: &Scope<'a>, grain: Grain, name: &Name) -> Option<Typed> {
        let current = self.current(scope, name)?;
        let here = scope.grain?;
        if grain == here {
            return Some(current);
        }
        if grain < here {
            self.error(
                codes::OTHER_PERIOD,
                name.span,
                format!("这里是{}的规则，没有唯一的“{}”；用 各{}", here.zh(), name.text, grain.noun_zh()),
                format!(
                    "this rule is {}: there is no single `{}`; use 各{}",
                    here.en(),
                    name.text,
                    grain.noun_zh()
                ),
            );
            return None;
        }
        let end = edge(Function::PeriodEnd, current);
        Some(Typed::present(
            ExprKind::Call(Function::PeriodOf(grain), vec![end.expr]),
            Type::Period(grain),
            name.span,
        ))
    }

    fn history(&mut self, scope: &Scope<'a>, include_current: bool, name: &Name) -> Option<Typed> {
        self.current(scope, name)?;
        let grain = scope.grain?;
        Some(collection(Source::History { include_current }, Type::Period(grain), name.span))
    }

    fn periods_in(&mut self, grain: Grain, within: Typed, span: Span) -> Typed {
        if let Some(Type::Period(outer)) = within.base()
            && *outer < grain
        {
            let outer = *outer;
            self.error(
                codes::OTHER_PERIOD,
                span,
                format!("一个{}里没有完整的{}", outer.noun_zh(), grain.noun_zh()),
                format!("a {} holds no whole {}", outer.noun_en(), grain.noun_en()),
            );
            return Typed::unknown(span);
        }
        collection(Source::PeriodsIn { grain, within: Box::new(within.expr) }, Type::Period(grain), span)
    }

    /// 各月(p)
    pub(super) fn infer_each_period(
        &mut self,
        scope: &Scope<'a>,
        name: &'a Name,
        arguments: &'a [Argument],
        span: Span,
    ) -> Option<Typed> {
        let grain = each(&name.text)?;
        let within = match arguments {
            [] => match self.current(scope, name) {
                Some(current) => current,
                None => return Some(Typed::unknown(span)),
            },
            [argument] => self.infer_period(scope, &argument.value),
            _ => {
                return Some(self.wrong_call(
                    name,
                    "要写一个期间，如 各月(本年)",
                    "needs one period, such as 各月(本年)",
                ));
            }
        };
        if within.is_unknown() {
            return Some(Typed::unknown(span));
        }
        Some(self.periods_in(grain, within, span))
    }

    /// A present period.
    fn infer_period(&mut self, scope: &Scope<'a>, expr: &'a ast::Expr) -> Typed {
        let typed = self.infer(scope, expr, None);
        let typed = self.present(typed);
        match typed.base().cloned() {
            None | Some(Type::Period(_)) => typed,
            Some(base) => {
                let (zh, en) = self.type_name(&base);
                self.error(
                    codes::TYPE_MISMATCH,
                    typed.span(),
                    format!("这里需要期间（如 本年、上季、2025年），写的是{zh}"),
                    format!("a period is needed here (本年, 上季, 2025年), found {en}"),
                );
                Typed::unknown(typed.span())
            }
        }
    }

    /// 近(3, 各月)
    pub(super) fn infer_recent(
        &mut self,
        scope: &Scope<'a>,
        name: &'a Name,
        arguments: &'a [Argument],
        span: Span,
    ) -> Typed {
        let word = match arguments {
            [_, Argument { value: ast::Expr { kind: ast::ExprKind::Name(word), .. }, .. }] => word,
            _ => return self.wrong_call(name, "写成：近(3, 各月)", "write: 近(3, 各月)"),
        };
        let (Some(grain), Some(_)) = (each(&word.text), self.current(scope, name)) else {
            if each(&word.text).is_none() {
                self.wrong_call(name, "写成：近(3, 各月)", "write: 近(3, 各月)");
            }
            return Typed::unknown(span);
        };
        let count = self.infer_count(scope, &arguments[0].value);
        if count.is_unknown() {
            return Typed::unknown(span);
        }
        collection(Source::Recent { count: Box::new(count.expr), grain }, Type::Period(grain), span)
    }

    /// 上期(x)
    pub(super) fn infer_previous(
        &mut self,
        scope: &Scope<'a>,
        name: &'a Name,
        arguments: &'a [Argument],
        span: Span,
    ) -> Typed {
        let [argument] = arguments else {
            return self.wrong_call(name, "要写一个值：上期(x)", "needs one value: 上期(x)");
        };
        let Some(current) = self.current(scope, name) else { return Typed::unknown(span) };
        let inner = scope.in_period(scope.grain);
        let value = self.infer(&inner, &argument.value, None);
        self.at(shift(current, -1), value, span)
    }

    /// 于(p, x)
    pub(super) fn infer_at(
        &mut self,
        scope: &Scope<'a>,
        name: &'a Name,
        arguments: &'a [Argument],
        span: Span,
    ) -> Typed {
        let [period, value] = arguments else {
            return self.wrong_call(name, "写成：于(期间, 值)", "write: 于(period, value)");
        };
        let period = self.infer_period(scope, &period.value);
        let Some(Type::Period(grain)) = period.base().cloned() else { return Typed::unknown(span) };
        let inner = scope.in_period(Some(grain));
        let value = self.infer(&inner, &value.value, None);
        self.at(period, value, span)
    }

    fn at(&mut self, period: Typed, value: Typed, span: Span) -> Typed {
        if let Some(Type::Collection(_)) = value.base() {
            self.error(
                codes::TYPE_MISMATCH,
                value.span(),
                "别的期间里只能取值，不能取集合：把合计等写在括号里面",
                "only a value can be taken in another period: put the aggregate inside the brackets",
            );
            return Typed::unknown(span);
        }
        let optional = value.optional() || !is_now(&period.expr);
        let known = value.known;
        let base = value.expr.ty.base.clone();
        let kind = ExprKind::At { period: Box::new(period.expr), value: Box::new(value.expr) };
        Typed { known, ..Typed::new(kind, base, optional, span) }
    }

    /// 期间(每年, day)
    pub(super) fn infer_period_of(
        &mut self,
        scope: &Scope<'a>,
        name: &'a Name,
        arguments: &'a [Argument],
        span: Span,
    ) -> Typed {
        let grain = match arguments {
            [Argument { value: ast::Expr { kind: ast::ExprKind::Name(word), .. }, .. }, _] => {
                Grain::from_keyword(&word.text).or_else(|| Grain::from_noun(&word.text))
            }
            _ => None,
        };
        let (Some(grain), [_, day]) = (grain, arguments) else {
            return self.wrong_call(name, "写成：期间(每年, 日期)", "write: 期间(每年, date)");
        };
        let day = self.infer_date(scope, &day.value);
        if day.is_unknown() {
            return Typed::unknown(span);
        }
        Typed::present(ExprKind::Call(Function::PeriodOf(grain), vec![day.expr]), Type::Period(grain), span)
    }
}

/// Is a period the current one, or one that contains it?
fn is_now(period: &Expr) -> bool {
    match &period.kind {
        ExprKind::CurrentPeriod => true,
        ExprKind::Call(Function::PeriodOf(_), parts) => match parts.as_slice() {
            [Expr { kind: ExprKind::Call(Function::PeriodEnd, parts), .. }] => parts.iter().all(is_now),
            _ => false,
        },
        _ => false,
    }
}

/// The period so many steps later.
fn shift(period: Typed, steps: i32) -> Typed {
    let (base, span) = (period.expr.ty.base.clone(), period.span());
    Typed::present(ExprKind::Call(Function::PeriodShift(steps), vec![period.expr]), base, span)
}

/// First or last day.
fn edge(function: Function, period: Typed) -> Typed {
    let span = period.span();
    Typed::present(ExprKind::Call(function, vec![period.expr]), Type::Date, span)
}
