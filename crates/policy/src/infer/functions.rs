//! Functions of values: limits, rounding, ages, ladders, 有, 至少, 人定.

use super::operators::keep;
use super::scope::{Place, Scope};
use crate::checker::{Checker, count};
use crate::codes;
use crate::core::{Decision, DecisionId, EnumId, ExprKind, Function, Type};
use crate::typed::Typed;
use hengjie_quantity::{BaseUnit, Rational, Rounding, Unit};
use hengjie_syntax::ast::{self, Argument, Name};
use hengjie_syntax::{Diagnostic, Span};

impl<'a> Checker<'a> {
    /// 限于(x, a 至 b)
    pub(super) fn infer_clamp(
        &mut self,
        scope: &Scope<'a>,
        name: &'a Name,
        arguments: &'a [Argument],
        span: Span,
    ) -> Typed {
        let (value, low, high) = match arguments {
            [value, Argument { value: low, to: Some(high), .. }] => (&value.value, low, high),
            [value, Argument { value: low, to: None, .. }, high] => (&value.value, low, &high.value),
            _ => return self.wrong_call(name, "写成：限于(x, 0分 至 100分)", "write: 限于(x, 0分 至 100分)"),
        };
        let value = self.infer(scope, value, None);
        let value = self.ordered(value);
        let mut parts = vec![value];
        for bound in [low, high] {
            let base = parts[0].base().cloned();
            let bound = self.infer(scope, bound, base.as_ref());
            let bound = self.present(bound);
            if let (Some(base), Some(found)) = (&base, bound.base())
                && found != base
            {
                self.expect_same(base, &bound);
                return Typed::unknown(span);
            }
            parts.push(bound);
        }
        if let (Some(low), Some(high)) = (parts[1].literal_number(), parts[2].literal_number())
            && low > high
        {
            self.error(
                codes::OUT_OF_RANGE,
                span,
                "“限于”的下限高于上限：先写小的",
                "the lower limit is above the upper limit: write the smaller one first",
            );
        }
        self.call_like_first(Function::Clamp, parts, span)
    }

    /// 最大值(a, b, …), 最小值(a, b, …)
    pub(super) fn infer_extreme(
        &mut self,
        scope: &Scope<'a>,
        function: Function,
        name: &'a Name,
        arguments: &'a [Argument],
        span: Span,
    ) -> Typed {
        if arguments.len() < 2 {
            let other = if function == Function::Max { "最大" } else { "最小" };
            return self.wrong_call(
                name,
                &format!("要写两个以上的值；集合里的用 {other}(集合, 值)"),
                &format!("needs two or more values; for a collection use {other}(coll, value)"),
            );
        }
        let items: Vec<_> = arguments.iter().map(|argument| (scope, &argument.value)).collect();
        let parts = self.infer_together(&items, None);
        let parts: Vec<Typed> = parts.into_iter().map(|part| self.ordered(part)).collect();
        if self.unify(&parts).is_none() {
            return Typed::unknown(span);
        }
        let Some(base) = parts.iter().find_map(|part| part.base().cloned()) else {
            return Typed::unknown(span);
        };
        let settled = parts.into_iter().map(|part| part.settle(&base)).collect();
        Typed::present(ExprKind::Call(function, settled), base, span)
    }

    /// A present value that can be compared with < and >.
    fn ordered(&mut self, typed: Typed) -> Typed {
        if Self::is_exempt(&typed) {
            return typed;
        }
        let typed = self.present(typed);
        let fits = match typed.base() {
            None | Some(Type::Number(_) | Type::Date) => true,
            Some(Type::Enum(id)) => self.enums[id.index()].ordered,
            Some(_) => false,
        };
        if fits {
            return typed;
        }
        let (zh, en) = typed.base().map(|base| self.type_name(base)).unwrap_or_default();
        self.error(codes::NOT_ORDERED, typed.span(), format!("{zh}没有大小"), format!("{en} has no order"));
        Typed::unknown(typed.span())
    }

    fn call_like_first(&mut self, function: Function, parts: Vec<Typed>, span: Span) -> Typed {
        let broken = parts[0].is_unknown();
        let base = parts[0].expr.ty.base.clone();
        let parts = parts.into_iter().map(|part| part.expr).collect();
        keep(Typed::present(ExprKind::Call(function, parts), base, span), broken)
    }

    /// 四舍五入(x, 0.01元)
    pub(super) fn infer_rounding(
        &mut self,
        scope: &Scope<'a>,
        rounding: Rounding,
        name: &'a Name,
        arguments: &'a [Argument],
        span: Span,
    ) -> Typed {
        let [value, quantum] = arguments else {
            return self.wrong_call(
                name,
                &format!("要写值和舍入单位，如 {}(x, 0.01元)", name.text),
                &format!("needs a value and a quantum, such as {}(x, 0.01元)", name.text),
            );
        };
        let value = self.infer(scope, &value.value, None);
        let value = self.number(value);
        let quantum = self.infer(scope, &quantum.value, None);
        let quantum = self.number(quantum);
        if let (Some(unit), Some(found)) = (value.unit().cloned(), quantum.unit().cloned())
            && unit != found
        {
            let digits = quantum.literal_number().and_then(Rational::to_exact_decimal);
            let mut diagnostic = Diagnostic::error(
                codes::QUANTUM,
                quantum.span(),
                format!("舍入单位要和值同单位“{unit}”，写的是“{found}”"),
                format!("the quantum must be in {}, like the value; found {}", unit.en(), found.en()),
            );
            if let (true, Some(digits)) = (found.is_none() && unit.single().is_some(), digits) {
                let text = format!("{digits}{unit}");
                diagnostic = diagnostic.fix(
                    quantum.span(),
                    text.clone(),
                    format!("改成“{text}”"),
                    format!("change to `{text}`"),
                );
            }
            self.report(diagnostic);
        }
        if quantum.literal_number().is_some_and(|value| value.signum() <= 0) {
            self.error(codes::QUANTUM, quantum.span(), "舍入单位要大于 0", "the quantum must be above 0");
        }
        self.call_like_first(Function::Round(rounding), vec![value, quantum], span)
    }

    /// 绝对值(x)
    pub(super) fn infer_abs(
        &mut self,
        scope: &Scope<'a>,
        name: &'a Name,
        arguments: &'a [Argument],
        span: Span,
    ) -> Typed {
        let Some([value]) = self.arguments(name, arguments) else { return Typed::unknown(span) };
        let value = self.infer(scope, value, None);
        let value = self.number(value);
        self.call_like_first(Function::Abs, vec![value], span)
    }

    /// 满年(a, b), 满月(a, b), 周岁(birth, day)
    pub(super) fn infer_age(
        &mut self,
        scope: &Scope<'a>,
        name: &'a Name,
        arguments: &'a [Argument],
        span: Span,
    ) -> Typed {
        let Some(parts) = self.arguments::<2>(name, arguments) else { return Typed::unknown(span) };
        let parts = parts.map(|part| self.infer_date(scope, part).expr);
        let (function, unit) = match name.text.as_str() {
            "满年" => (Function::FullYears, BaseUnit::Month),
            "满月" => (Function::FullMonths, BaseUnit::Month),
            _ => (Function::Age, BaseUnit::AgeYear),
        };
        Typed::present(ExprKind::Call(function, parts.into()), Type::Number(Unit::of(unit)), span)
    }

    /// 年份(date)
    pub(super) fn infer_year(
        &mut self,
        scope: &Scope<'a>,
        name: &'a Name,
        arguments: &'a [Argument],
        span: Span,
    ) -> Typed {
        let Some([value]) = self.arguments(name, arguments) else { return Typed::unknown(span) };
        let value = self.infer_date(scope, value);
        Typed::present(ExprKind::Call(Function::YearOf, vec![value.expr]), Type::Number(Unit::none()), span)
    }

    /// 有(x)
    pub(super) fn infer_has(
        &mut self,
        scope: &Scope<'a>,
        name: &'a Name,
        arguments: &'a [Argument],
        span: Span,
    ) -> Typed {
        let Some([value]) = self.arguments(name, arguments) else { return Typed::unknown(span) };
        let value = self.infer(scope, value, None);
        if let Some(Type::Collection(_)) = value.base() {
            self.report(
                Diagnostic::error(
                    codes::TYPE_MISMATCH,
                    value.span(),
                    "“有”问的是值；集合用“存在”",
                    "有 asks for a value; for a collection use 存在",
                )
                .fix(name.span, "存在", "改成“存在”", "change to 存在"),
            );
        }
        let broken = value.is_unknown();
        keep(Typed::present(ExprKind::IsSome(Box::new(value.expr)), Type::Bool, span), broken)
    }

    /// 数(x)
    pub(super) fn infer_strip(
        &mut self,
        scope: &Scope<'a>,
        name: &'a Name,
        arguments: &'a [Argument],
        span: Span,
    ) -> Typed {
        let Some([value]) = self.arguments(name, arguments) else { return Typed::unknown(span) };
        let value = self.infer(scope, value, None);
        let value = self.number(value);
        Typed::present(ExprKind::Call(Function::Strip, vec![value.expr]), Type::Number(Unit::none()), span)
    }

    /// 至少(k, c1, c2, …)
    pub(super) fn infer_at_least(
        &mut self,
        scope: &Scope<'a>,
        name: &'a Name,
        arguments: &'a [Argument],
        span: Span,
    ) -> Typed {
        let [number, conditions @ ..] = arguments else {
            return self.wrong_call(
                name,
                "写成：至少(2项, 条件一, 条件二, …)",
                "write: 至少(2项, condition, condition, …)",
            );
        };
        let number = self.infer_count(scope, &number.value);
        let mut parts = Vec::new();
        for condition in conditions {
            let typed = self.infer(scope, &condition.value, Some(&Type::Bool));
            parts.push(self.truth(typed).settle(&Type::Bool));
        }
        let most = Rational::from(i128::try_from(parts.len()).unwrap_or(i128::MAX));
        if number.literal_number().is_some_and(|wanted| *wanted > most) {
            self.error(
                codes::OUT_OF_RANGE,
                number.span(),
                format!("“至少”要的多于条件的个数：后面一共 {} 个条件", parts.len()),
                format!("more are asked for than there are conditions: {}", parts.len()),
            );
        }
        Typed::present(ExprKind::AtLeast(Box::new(number.expr), parts), Type::Bool, span)
    }

    /// 升(x, n), 降(x, n)
    pub(super) fn infer_promotion(
        &mut self,
        scope: &Scope<'a>,
        function: Function,
        name: &'a Name,
        arguments: &'a [Argument],
        span: Span,
    ) -> Typed {
        let [value, steps] = arguments else {
            return self.wrong_call(
                name,
                "要写值和档数，如 升(等级, 1级)",
                "needs an item and a number, such as 升(x, 1级)",
            );
        };
        let value = self.infer(scope, &value.value, None);
        let value = self.present(value);
        let steps = self.infer_count(scope, &steps.value);
        match value.base().cloned() {
            Some(Type::Enum(id)) if self.enums[id.index()].ordered => {
                Typed::new(ExprKind::Call(function, vec![value.expr, steps.expr]), Type::Enum(id), true, span)
            }
            None => value,
            Some(_) => {
                self.error(
                    codes::NOT_ORDERED,
                    value.span(),
                    format!("只有分高低的名目才能“{}”", name.text),
                    format!("only items of an ordered 名目 can be used with `{}`", name.text),
                );
                Typed::unknown(span)
            }
        }
    }

    /// 档位(grade, n)
    pub(super) fn infer_ladder_item(
        &mut self,
        scope: &Scope<'a>,
        name: &'a Name,
        arguments: &'a [Argument],
        span: Span,
        expected: Option<&Type>,
    ) -> Typed {
        let [value, step] = arguments else {
            return self.wrong_call(name, "写成：档位(高级, 3档)", "write: 档位(grade, 3档)");
        };
        let value = self.infer(scope, &value.value, None);
        let value = self.present(value);
        let step = self.infer_count(scope, &step.value);
        let Some(base) = value.base().cloned() else { return Typed::unknown(span) };
        let ladders: Vec<EnumId> = (0..self.enums.len())
            .filter(|&id| self.enums[id].ladder.is_some_and(|ladder| Type::Enum(ladder.base) == base))
            .map(|id| EnumId(count(id)))
            .collect();
        let wanted = ladders.iter().find(|id| expected == Some(&Type::Enum(**id)));
        match (wanted, ladders.as_slice()) {
            (Some(id), _) | (None, [id]) => {
                let kind = ExprKind::Call(Function::LadderItem(*id), vec![value.expr, step.expr]);
                Typed::new(kind, Type::Enum(*id), true, span)
            }
            _ => {
                let (zh, en) = self.type_name(&base);
                self.error(
                    codes::TYPE_MISMATCH,
                    value.span(),
                    format!("{zh}没有唯一的逐档名目"),
                    format!("{en} has no single ladder"),
                );
                Typed::unknown(span)
            }
        }
    }

    /// 人定(who, type or range)
    pub(super) fn infer_decision(
        &mut self,
        scope: &Scope<'a>,
        name: &'a Name,
        arguments: &'a [Argument],
        span: Span,
    ) -> Typed {
        let [by, what] = arguments else {
            return self.wrong_call(
                name,
                "要写由谁定和定什么，如 人定(评审小组, 0分 至 10分)、人定(评审小组, 是否)",
                "needs who decides and what, such as 人定(office, 0分 至 10分) or 人定(office, 是否)",
            );
        };
        if scope.place == Place::Constant {
            self.not_constant(span);
            return Typed::unknown(span);
        }
        let Some((ty, range)) = self.decided_type(scope, what) else { return Typed::unknown(span) };
        let label = scope.attribute.map_or_else(String::new, |id| self.drafts[id.index()].name.text.clone());
        let earlier = self.decisions.iter().filter(|decision| decision.attribute == scope.attribute).count();
        let id = DecisionId(count(self.decisions.len()));
        self.decisions.push(Decision {
            name: if earlier == 0 { label } else { format!("{label}#{}", earlier + 1) },
            by: crate::written::written(&by.value),
            ty: ty.clone(),
            range,
            attribute: scope.attribute,
            article: scope.article,
        });
        Typed::present(ExprKind::Decide(id), ty, span)
    }

    /// `0分 至 10分`, 是否, 日期, or a 名目.
    fn decided_type(
        &mut self,
        scope: &Scope<'a>,
        what: &'a Argument,
    ) -> Option<(Type, Option<crate::types::Range>)> {
        let Argument { value: low, to, .. } = what;
        if let Some(high) = to {
            let low = self.infer(scope, low, None);
            let high = self.infer(scope, high, low.base());
            if let Some(base) = low.base().cloned() {
                self.expect_same(&base, &high);
            }
            let (Some(unit), Some(first), Some(last)) =
                (low.unit().cloned(), low.literal_number().cloned(), high.literal_number().cloned())
            else {
                if !low.is_unknown() && !high.is_unknown() {
                    self.not_constant(low.span().to(high.span()));
                }
                return None;
            };
            if first > last {
                self.error(
                    codes::OUT_OF_RANGE,
                    low.span(),
                    "“人定”范围的下限高于上限：先写小的",
                    "the lower end of the range to decide in is above the upper end: write the smaller one first",
                );
            }
            return Some((Type::Number(unit), Some((first, last))));
        }
        let ast::ExprKind::Name(word) = &low.kind else {
            let ty = match &low.kind {
                ast::ExprKind::Call(word, arguments) => self.type_call(word, arguments, low.span),
                _ => None,
            };
            if ty.is_none() {
                self.error(
                    codes::WRONG_CALL,
                    low.span,
                    "“人定”后面要写范围（0分 至 10分）、是否、日期或名目",
                    "人定 needs a range (0分 至 10分), 是否, 日期 or a 名目",
                );
            }
            return ty.map(|ty| (ty, None));
        };
        let ty = ast::TypeExpr {
            name: word.clone(),
            argument: None,
            range: None,
            time: ast::FieldTime::Static,
            span: low.span,
        };
        self.read_type(&ty).map(|ty| (ty, None))
    }

    fn type_call(&mut self, word: &Name, arguments: &[Argument], span: Span) -> Option<Type> {
        let [Argument { value: ast::Expr { kind: ast::ExprKind::Name(argument), .. }, .. }] = arguments
        else {
            return None;
        };
        let ty = ast::TypeExpr {
            name: word.clone(),
            argument: Some(argument.clone()),
            range: None,
            time: ast::FieldTime::Static,
            span,
        };
        self.read_type(&ty)
    }
}
