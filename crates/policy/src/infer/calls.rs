//! Calls: which function, formula, parameter or rule a name with brackets means.

use super::scope::{Place, Scope};
use crate::checker::Checker;
use crate::codes;
use crate::core::{AggregateOperation, ExprKind, Function, Literal, Type};
use crate::symbols::{Global, Used};
use crate::typed::Typed;
use hengjie_quantity::{BaseUnit, Rounding};
use hengjie_syntax::ast::{self, Argument, Name};
use hengjie_syntax::{Diagnostic, Span};

/// The aggregates by name.
const AGGREGATES: [(&str, AggregateOperation); 13] = [
    ("合计", AggregateOperation::Sum),
    ("计数", AggregateOperation::Count),
    ("平均", AggregateOperation::Mean),
    ("加权平均", AggregateOperation::WeightedMean),
    ("最大", AggregateOperation::Max),
    ("最小", AggregateOperation::Min),
    ("中位数", AggregateOperation::Median),
    ("存在", AggregateOperation::Exists),
    ("每个", AggregateOperation::Every),
    ("首个", AggregateOperation::First),
    ("末个", AggregateOperation::Last),
    ("第", AggregateOperation::Nth),
    ("连续", AggregateOperation::LeadingRun),
];

/// The other built-in functions, for "did you mean".
const FUNCTIONS: [&str; 29] = [
    "前",
    "限于",
    "最大值",
    "最小值",
    "绝对值",
    "满年",
    "满月",
    "周岁",
    "年份",
    "有",
    "数",
    "至少",
    "查表",
    "累进",
    "插值",
    "档位",
    "升",
    "降",
    "人定",
    "任职者",
    "上溯",
    "下属",
    "上期",
    "于",
    "近",
    "期间",
    "四舍五入",
    "各月",
    "各季",
];

impl<'a> Checker<'a> {
    /// `name(args)`
    pub(super) fn infer_call(
        &mut self,
        scope: &Scope<'a>,
        name: &'a Name,
        arguments: &'a [Argument],
        span: Span,
        expected: Option<&Type>,
    ) -> Typed {
        if let Some((_, operation)) = AGGREGATES.iter().find(|(word, _)| *word == name.text) {
            return self.infer_aggregate(scope, *operation, name, arguments, span);
        }
        if let Some(rounding) = Rounding::from_keyword(&name.text) {
            return self.infer_rounding(scope, rounding, name, arguments, span);
        }
        if let Some(typed) = self.infer_each_period(scope, name, arguments, span) {
            return typed;
        }
        match name.text.as_str() {
            "限于" => self.infer_clamp(scope, name, arguments, span),
            "最大值" => self.infer_extreme(scope, Function::Max, name, arguments, span),
            "最小值" => self.infer_extreme(scope, Function::Min, name, arguments, span),
            "绝对值" => self.infer_abs(scope, name, arguments, span),
            "满年" | "满月" | "周岁" => self.infer_age(scope, name, arguments, span),
            "年份" => self.infer_year(scope, name, arguments, span),
            "有" => self.infer_has(scope, name, arguments, span),
            "数" => self.infer_strip(scope, name, arguments, span),
            "至少" => self.infer_at_least(scope, name, arguments, span),
            "升" => self.infer_promotion(scope, Function::Promote, name, arguments, span),
            "降" => self.infer_promotion(scope, Function::Demote, name, arguments, span),
            "档位" => self.infer_ladder_item(scope, name, arguments, span, expected),
            "人定" => self.infer_decision(scope, name, arguments, span),
            "查表" => self.infer_lookup(scope, name, arguments, span),
            "累进" | "插值" => self.infer_graduated(scope, name, arguments, None, span),
            "前" => self.infer_take(scope, name, arguments, span),
            "上溯" | "下属" => self.infer_tree(scope, name, arguments, span),
            "任职者" => self.infer_holders(name, arguments, span),
            "近" => self.infer_recent(scope, name, arguments, span),
            "上期" => self.infer_previous(scope, name, arguments, span),
            "于" => self.infer_at(scope, name, arguments, span),
            "期间" => self.infer_period_of(scope, name, arguments, span),
            "折算" => self.not_yet(name, span),
            _ => self.infer_named_call(scope, name, arguments, span),
        }
    }

    fn not_yet(&mut self, name: &Name, span: Span) -> Typed {
        self.report(
            Diagnostic::error(
                codes::NOT_RUN,
                name.span,
                format!("“{}”还不能用", name.text),
                format!("`{}` is not available yet", name.text),
            )
            .help(
                "导入资料前先换算好，或把汇率写成参数来乘",
                "convert before importing, or multiply by a rate that is a parameter",
            ),
        );
        Typed::unknown(span)
    }

    /// A formula, a keyed parameter, or a rule per row.
    fn infer_named_call(
        &mut self,
        scope: &Scope<'a>,
        name: &'a Name,
        arguments: &'a [Argument],
        span: Span,
    ) -> Typed {
        if self.names.poisoned.contains(&name.text) {
            return Typed::unknown(span);
        }
        if let Some((global, _)) = self.names.globals.get(&name.text).copied() {
            self.note_global(name.span, global);
        }
        match self.names.globals.get(&name.text).copied() {
            Some((Global::Formula(position), _)) => {
                return self.expand(scope, position, name, arguments, span);
            }
            Some((Global::Parameter(id), _)) => {
                return self.keyed_parameter(scope, id, name, arguments, span);
            }
            Some((global, _)) => {
                let (zh, en) = global.noun();
                return self.wrong_call(
                    name,
                    &format!("是{zh}，不能带括号"),
                    &format!("is a {en}: no brackets"),
                );
            }
            None => {}
        }
        if let (Some(kind), false) = (scope.subject(), scope.place == Place::Constant) {
            let candidates = self.attributes_of(Some(kind), &name.text);
            if !candidates.is_empty() {
                let subject = Typed::present(ExprKind::Subject, Type::Object(kind), name.span);
                return self.read_at_row(scope, &candidates, Some(subject), name, arguments);
            }
        }
        if scope.subject().is_some_and(|kind| self.kind_has(kind, &name.text)) {
            return self.wrong_call(name, "不是函数，不能带括号", "is no function: no brackets");
        }
        let known = AGGREGATES.iter().map(|(word, _)| *word).chain(FUNCTIONS);
        let globals = self.names.globals.keys().map(String::as_str);
        let close = self.closest(&name.text, known.chain(globals));
        self.unknown_name(
            codes::UNKNOWN_NAME,
            name,
            ("函数、公式或参数", "function, formula or parameter"),
            close,
        );
        Typed::unknown(span)
    }

    /// `等级比例(高级)`
    fn keyed_parameter(
        &mut self,
        scope: &Scope<'a>,
        id: crate::core::ParameterId,
        name: &Name,
        arguments: &'a [Argument],
        span: Span,
    ) -> Typed {
        self.used.insert(Used::Parameter(id));
        let (keys, ty) = {
            let parameter = &self.parameters[id.index()];
            (parameter.keys.clone(), parameter.ty.clone())
        };
        if keys.len() != arguments.len() {
            self.error(
                codes::KEYED_PARAMETER,
                span,
                format!("参数“{}”有 {} 个键，写了 {} 个", name.text, keys.len(), arguments.len()),
                format!("`{}` has {} key(s), found {}", name.text, keys.len(), arguments.len()),
            );
            return Typed::unknown(span);
        }
        let mut values = Vec::new();
        for (key, argument) in keys.iter().zip(arguments) {
            let typed = self.infer(scope, &argument.value, Some(key));
            let typed = self.present(typed);
            self.expect_same(key, &typed);
            values.push(typed.expr);
        }
        Typed::present(ExprKind::Parameter(id, values), ty, span)
    }

    /// An error for a call with the wrong arguments.
    pub(super) fn wrong_call(&mut self, name: &Name, zh: &str, en: &str) -> Typed {
        self.error(
            codes::WRONG_CALL,
            name.span,
            format!("“{}”{zh}", name.text),
            format!("`{}`: {en}", name.text),
        );
        Typed::unknown(name.span)
    }

    /// The arguments of a call with a fixed number of them.
    pub(super) fn arguments<const N: usize>(
        &mut self,
        name: &Name,
        arguments: &'a [Argument],
    ) -> Option<[&'a ast::Expr; N]> {
        let values: Vec<&'a ast::Expr> = arguments.iter().map(|argument| &argument.value).collect();
        let extra = arguments.iter().find_map(|argument| argument.to.as_ref());
        match (<[&'a ast::Expr; N]>::try_from(values), extra) {
            (Ok(values), None) => Some(values),
            (_, extra) => {
                let found = arguments.len() + usize::from(extra.is_some());
                self.error(
                    codes::WRONG_CALL,
                    name.span,
                    format!("“{}”要写 {N} 个参数，写了 {found} 个", name.text),
                    format!("`{}` needs {N} argument(s), found {found}", name.text),
                );
                None
            }
        }
    }

    /// A number of things: plain or in a counter word.
    pub(super) fn infer_count(&mut self, scope: &Scope<'a>, expr: &'a ast::Expr) -> Typed {
        let typed = self.infer(scope, expr, None);
        let typed = self.number(typed);
        let fits = match typed.unit() {
            None => return typed,
            Some(unit) => unit.is_none() || matches!(unit.single(), Some(BaseUnit::Count(_))),
        };
        if !fits {
            self.error(
                codes::TYPE_MISMATCH,
                typed.span(),
                "这里要写个数",
                "a number of things is needed here",
            );
            return Typed::unknown(typed.span());
        }
        typed
    }

    /// A present date.
    pub(super) fn infer_date(&mut self, scope: &Scope<'a>, expr: &'a ast::Expr) -> Typed {
        let typed = self.infer(scope, expr, Some(&Type::Date));
        let typed = self.present(typed);
        if let Some(Type::Period(_)) = typed.base() {
            self.report(
                hengjie_syntax::Diagnostic::error(
                    codes::DATE_AND_PERIOD,
                    typed.span(),
                    "这里需要日期，写的是期间",
                    "a date is needed here, found a period",
                )
                .help("写成 期间.始 或 期间.末", "write period.始 or period.末"),
            );
            return Typed::unknown(typed.span());
        }
        self.expect_same(&Type::Date, &typed);
        typed
    }

    /// A mistake where only constants may stand.
    pub(super) fn not_constant(&mut self, span: Span) {
        self.error(codes::NOT_CONSTANT, span, "这里只能写常数", "only a constant may stand here");
    }

    /// 免 as an operand of functions that drop it.
    pub(super) fn is_exempt(typed: &Typed) -> bool {
        matches!(typed.expr.kind, ExprKind::Literal(Literal::Exempt))
    }
}
