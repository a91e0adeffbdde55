//! 任务, 流程, 时限, 检查, 机构: checked as far as names can be known, kept in the artifact, run by the server.
//!
//! Posts may be free text; times such as `公布.日` and `申请.收到` are names of events and are kept as written.

use crate::checker::Checker;
use crate::codes;
use crate::core::{
    ArticleId, Cadence, CadenceOffset, Context, End, Expr, ExprKind, Literal, Procedure, ProcedureKind, Step,
    Type,
};
use crate::infer::Scope;
use crate::typed::Typed;
use crate::written::written;
use hengjie_quantity::{BaseUnit, Unit};
use hengjie_syntax::ast::{
    self, BodyDecl, CheckDecl, CheckOutcome, ClockDecl, DutyDecl, Late, Statement, StatementKind, StepDecl,
    WorkflowDecl,
};
use hengjie_syntax::{Diagnostic, Span};

impl<'a> Checker<'a> {
    /// All procedures.
    pub(crate) fn read_procedures(&mut self) {
        for (article, statement) in self.statements.clone() {
            self.read_procedure(article, statement);
        }
    }

    fn read_procedure(&mut self, article: ArticleId, statement: &'a Statement) {
        let (name, kind) = match &statement.kind {
            StatementKind::Duty(decl) => (&decl.name, self.duty(decl, article)),
            StatementKind::Workflow(decl) => (&decl.name, self.workflow(decl, article)),
            StatementKind::Clock(decl) => (&decl.name, self.clock(decl, article)),
            StatementKind::Check(decl) => (&decl.name, self.check_rule(decl, article)),
            StatementKind::Body(decl) => (&decl.name, self.body(decl, article)),
            _ => return,
        };
        let same = |procedure: &&Procedure| {
            let sort = kind.as_ref().map(std::mem::discriminant);
            procedure.name == name.text && sort == Some(std::mem::discriminant(&procedure.kind))
        };
        if let Some(first) = self.procedures.iter().find(same) {
            let place = first.span;
            self.report(
                Diagnostic::error(
                    codes::DUPLICATE_NAME,
                    name.span,
                    format!("“{}”写了两次", name.text),
                    format!("`{}` is declared twice", name.text),
                )
                .label(place, "先在这里声明", "first declared here"),
            );
            return;
        }
        if let Some(kind) = kind {
            self.procedures.push(Procedure { name: name.text.clone(), article, kind, span: name.span });
        }
    }

    fn duty(&mut self, decl: &'a DutyDecl, article: ArticleId) -> Option<ProcedureKind> {
        let cadence = match &decl.due.cadence {
            ast::Cadence::Weekday(day) => Cadence::Weekday(*day),
            ast::Cadence::LastWorkday(grain) => Cadence::LastWorkday(*grain),
            ast::Cadence::Every { grain, offset } => {
                let offset = offset.as_ref().map(|offset| {
                    let scope = self.subject_scope(None, Some(*grain), article);
                    let by = self.duration(&scope, &offset.by);
                    by.map(|by| CadenceOffset { at_end: offset.at_end, after: offset.after, by })
                });
                match offset {
                    Some(None) => return None,
                    Some(Some(offset)) => Cadence::Every { grain: *grain, offset: Some(offset) },
                    None => Cadence::Every { grain: *grain, offset: None },
                }
            }
        };
        Some(ProcedureKind::Duty {
            by: written(&decl.by),
            cadence,
            time: decl.due.time.map(|time| time.minutes),
            deliver: decl.deliver.iter().map(|name| name.text.clone()).collect(),
            to: decl.to.as_ref().map(|name| name.text.clone()),
            late: late(decl.late.as_ref()),
        })
    }

    /// A duration, present.
    fn duration(&mut self, scope: &Scope<'a>, expr: &'a ast::Expr) -> Option<Expr> {
        let typed = self.infer(scope, expr, None);
        let typed = self.present(typed);
        let base = typed.base()?.clone();
        let fits = match &base {
            Type::Number(unit) => is_duration(unit),
            _ => false,
        };
        if !fits {
            let (zh, en) = self.type_name(&base);
            self.report(
                Diagnostic::error(
                    codes::PROCEDURE_VALUE,
                    expr.span,
                    format!("这里要写时长，写的是{zh}"),
                    format!("a duration is needed here, found {en}"),
                )
                .help("例如：10个工作日、3天、1周、20分钟", "for example: 10个工作日, 3天, 1周, 20分钟"),
            );
            return None;
        }
        Some(typed.expr)
    }

    /// The context of a procedure and the scope of its expressions.
    fn procedure_context(
        &mut self,
        context: &'a ast::Context,
        article: ArticleId,
    ) -> Option<(Context, Scope<'a>)> {
        let (owner, conditions) = self.read_owner(&context.subject)?;
        if let Some(rows) = &context.rows {
            self.error(codes::CONTEXT, rows.span, "流程、时限、检查不能“逐”", "a procedure has no rows (逐)");
        }
        let grain = context.grains.first().copied();
        let mut scope = self.subject_scope(owner.kind(), grain, article);
        // Facts of a day may be asked for without a period: a procedure runs on a day.
        scope.any_period = true;
        let filter = self.conditions(&mut scope, &conditions);
        let core = Context { kind: owner.kind(), filter: crate::rules::all_of(&filter), rows: None, grain };
        Some((core, scope))
    }

    fn workflow(&mut self, decl: &'a WorkflowDecl, article: ArticleId) -> Option<ProcedureKind> {
        let (context, scope) = self.procedure_context(&decl.context, article)?;
        let starts = self.event_or_condition(&scope, &decl.starts);
        let steps: Vec<Step> = decl.steps.iter().filter_map(|step| self.step(&scope, decl, step)).collect();
        let ends = decl.ends.iter().map(|end| self.end(&scope, end)).collect();
        if decl.steps.is_empty() {
            self.error(codes::PROCEDURE_STEP, decl.name.span, "流程没有一步", "a workflow needs steps");
        }
        Some(ProcedureKind::Workflow { context, starts: starts?, steps, ends })
    }

    /// `公布.日` is an event; anything that mentions a known name is a condition or a date.
    fn event_or_condition(&mut self, scope: &Scope<'a>, expr: &'a ast::Expr) -> Option<Expr> {
        if self.is_event(scope, expr) {
            let kind = ExprKind::Literal(Literal::Text(written(expr)));
            return Some(Typed::present(kind, Type::Text, expr.span).expr);
        }
        let typed = self.infer(scope, expr, None);
        let base = typed.base()?.clone();
        if !matches!(base, Type::Bool | Type::Date) {
            let (zh, en) = self.type_name(&base);
            self.error(
                codes::PROCEDURE_VALUE,
                expr.span,
                format!("这里要写条件、日期或事件，写的是{zh}"),
                format!("a condition, a date or an event is needed here, found {en}"),
            );
            return None;
        }
        Some(typed.expr)
    }

    /// A name or path whose first name nothing in the document declares.
    fn is_event(&self, scope: &Scope<'a>, expr: &ast::Expr) -> bool {
        let mut head = expr;
        while let ast::ExprKind::Field(base, _) = &head.kind {
            head = base;
        }
        let ast::ExprKind::Name(name) = &head.kind else { return false };
        let word = name.text.as_str();
        let subject =
            scope.subject().is_some_and(|kind| self.names.members.contains_key(&(kind, word.to_owned())));
        let declared = subject
            || self.names.globals.contains_key(word)
            || self.names.attributes.contains_key(word)
            || self.names.items.contains_key(word)
            || self.names.poisoned.contains(word);
        !declared && hengjie_syntax::keywords::find(hengjie_syntax::keywords::VALUES, word).is_none()
    }

    fn step(&mut self, scope: &Scope<'a>, workflow: &'a WorkflowDecl, step: &'a StepDecl) -> Option<Step> {
        let repeated = workflow.steps.iter().find(|other| other.name.text == step.name.text)?;
        if repeated.name.span != step.name.span {
            let place = repeated.name.span;
            self.report(
                Diagnostic::error(
                    codes::PROCEDURE_STEP,
                    step.name.span,
                    format!("流程里两步都叫“{}”", step.name.text),
                    format!("two steps are named `{}`", step.name.text),
                )
                .label(place, "另一步", "the other step"),
            );
        }
        if step.by.len() < 2 && step.all_sign {
            self.error(
                codes::PROCEDURE_STEP,
                step.name.span,
                "“全签”要有两个以上的人",
                "joint signature (全签) needs two or more signers",
            );
        }
        let limit = match &step.limit {
            Some((limit, from)) => {
                let limit = self.duration(scope, limit)?;
                Some((limit, from.as_ref().map(|from| self.event_text(scope, workflow, from))))
            }
            None => None,
        };
        let times = match &step.times {
            Some(number) => {
                let (value, unit) = self.read_number(number)?;
                if !unit.is_none() && !matches!(unit.single(), Some(BaseUnit::Count(_))) {
                    self.error(
                        codes::PROCEDURE_VALUE,
                        number.span,
                        "“仅”后面写次数",
                        "仅 needs a number of times",
                    );
                }
                Some(value)
            }
            None => None,
        };
        Some(Step {
            name: step.name.text.clone(),
            by: step.by.iter().map(|name| name.text.clone()).collect(),
            all_sign: step.all_sign,
            majority: step.majority,
            deliver: step.deliver.iter().map(|name| name.text.clone()).collect(),
            limit,
            times,
            outcomes: step.outcomes.iter().map(|name| name.text.clone()).collect(),
        })
    }

    /// An event as text. `步.完成` with a step close to a declared one is a slip of the pen.
    fn event_text(&mut self, scope: &Scope<'a>, workflow: &'a WorkflowDecl, event: &'a ast::Expr) -> String {
        if let ast::ExprKind::Field(base, _) = &event.kind
            && let ast::ExprKind::Name(step) = &base.kind
            && self.is_event(scope, event)
            && !workflow.steps.iter().any(|known| known.name.text == step.text)
        {
            let close = self.closest(&step.text, workflow.steps.iter().map(|known| known.name.text.as_str()));
            if close.is_some() {
                self.unknown_name(
                    codes::PROCEDURE_NAME,
                    step,
                    ("步骤（在这个流程里）", "step of this workflow"),
                    close,
                );
            }
        }
        written(event)
    }

    fn end(&mut self, scope: &Scope<'a>, end: &'a ast::EndDecl) -> End {
        let record = end.record.as_ref().map(|(path, value, from)| {
            self.check_record(scope, path, value);
            (written(path), written(value), from.as_ref().map(written))
        });
        End { name: end.name.text.clone(), record }
    }

    /// `记 岗位 = 客户经理`: the fact that is written, when it is a field of the subject, takes such a value.
    fn check_record(&mut self, scope: &Scope<'a>, path: &'a ast::Expr, value: &'a ast::Expr) {
        if self.is_event(scope, path) {
            return;
        }
        let target = self.infer(scope, path, None);
        let Some(base) = target.base().cloned() else { return };
        // `裁定.等级` is what a step decides: free.
        if self.is_event(scope, value) {
            let word = matches!(value.kind, ast::ExprKind::Name(_));
            if let (true, Type::Enum(_), ast::ExprKind::Name(_)) = (word, &base, &value.kind) {
                self.infer_item(scope, value, &base);
            }
            return;
        }
        let typed = self.infer(scope, value, Some(&base));
        self.expect_same(&base, &typed);
    }

    fn infer_item(&mut self, scope: &Scope<'a>, value: &'a ast::Expr, base: &Type) {
        let typed = self.infer(scope, value, Some(base));
        self.expect_same(base, &typed);
    }

    fn clock(&mut self, decl: &'a ClockDecl, article: ArticleId) -> Option<ProcedureKind> {
        let (context, scope) = self.procedure_context(&decl.context, article)?;
        let from = self.event_or_condition(&scope, &decl.from)?;
        let to = self.event_or_condition(&scope, &decl.to)?;
        let (limit, unit) = self.read_number(&decl.limit)?;
        if !is_duration(&unit) {
            self.error(
                codes::PROCEDURE_VALUE,
                decl.limit.span,
                format!("“不超过”后面要写时长，单位是“{unit}”"),
                format!("不超过 needs a duration, found {}", unit.en()),
            );
            return None;
        }
        Some(ProcedureKind::Clock {
            context,
            from,
            to,
            limit,
            unit,
            around_the_clock: decl.around_the_clock,
            late: late(decl.late.as_ref()),
        })
    }

    fn check_rule(&mut self, decl: &'a CheckDecl, article: ArticleId) -> Option<ProcedureKind> {
        let (context, scope) = self.procedure_context(&decl.context, article)?;
        let typed = self.infer(&scope, &decl.condition, Some(&Type::Bool));
        let typed = self.truth(typed);
        if typed.is_unknown() {
            return None;
        }
        let otherwise = match &decl.otherwise {
            CheckOutcome::Refuse => "拒绝".to_owned(),
            CheckOutcome::List(name) => format!("列入 {}", name.text),
            CheckOutcome::Hint(text) => format!("提示 {text}"),
        };
        let evidence = decl.evidence.as_ref().map(|name| name.text.clone());
        Some(ProcedureKind::Check { context, condition: typed.expr, otherwise, evidence })
    }

    fn body(&mut self, decl: &'a BodyDecl, article: ArticleId) -> Option<ProcedureKind> {
        let (members_min, unit) = self.read_number(&decl.members_min)?;
        if !unit.is_none() && !matches!(unit.single(), Some(BaseUnit::Count(_))) {
            self.error(
                codes::PROCEDURE_VALUE,
                decl.members_min.span,
                "人数要写个数",
                "the members are a number of people",
            );
        }
        let quorum = match &decl.quorum {
            Some((share, pass)) => {
                let scope = self.subject_scope(None, None, article);
                let typed = self.infer(&scope, share, None);
                let typed = self.number(typed);
                self.check_quorum(&typed, share.span);
                (!typed.is_unknown()).then(|| (typed.expr, pass.text.clone()))
            }
            None => None,
        };
        Some(ProcedureKind::Body {
            members_min,
            chair: decl.chair.text.clone(),
            required: decl.required.iter().map(|name| name.text.clone()).collect(),
            quorum,
        })
    }

    fn check_quorum(&mut self, typed: &Typed, span: Span) {
        let Some(unit) = typed.unit() else { return };
        if !unit.is_none() && !matches!(unit.single(), Some(BaseUnit::Count(_))) {
            self.error(
                codes::PROCEDURE_VALUE,
                span,
                "到会要写比例或人数",
                "a quorum is a share or a number of people",
            );
        }
    }
}

fn late(late: Option<&Late>) -> Option<(String, Option<String>)> {
    late.map(|late| (late.record.text.clone(), late.report_to.as_ref().map(|name| name.text.clone())))
}

fn is_duration(unit: &Unit) -> bool {
    matches!(unit.single(), Some(BaseUnit::Month | BaseUnit::Day | BaseUnit::Workday | BaseUnit::Minute))
}
