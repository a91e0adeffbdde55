//! 排序 and 名额.

use crate::checker::{Checker, count};
use crate::codes;
use crate::core::{
    AttributeId, Body, Cell, Cut, Decision, DecisionId, EnumId, Expr, ExprKind, Literal, Quota, QuotaForm,
    QuotaLine, Rank, RankKey, Type, ValueType,
};
use crate::index::Symbol;
use crate::infer::Scope;
use crate::symbols::{Global, Used};
use hengjie_quantity::{BaseUnit, Rounding, Unit};
use hengjie_syntax::ast::{self, Direction, Name, QuotaDecl, RankingDecl, RoundMode, RoundSpec, Ties};
use hengjie_syntax::{Diagnostic, Span};

impl<'a> Checker<'a> {
    /// Type and body of a ranking.
    pub(crate) fn check_ranking(
        &mut self,
        id: AttributeId,
        decl: &'a RankingDecl,
        context: usize,
    ) -> Option<(ValueType, Body)> {
        self.drafts[id.index()].filter = self.contexts[context].filter.clone();
        let Some(kind) = self.contexts[context].kind else {
            self.error(codes::RANKING, decl.context.span, "排序要对一种资料", "a ranking is about a kind");
            return None;
        };
        if let Some(rows) = &decl.context.rows {
            self.error(codes::RANKING, rows.span, "排序不能“逐”", "a ranking has no rows (逐)");
        }
        let article = self.drafts[id.index()].article;
        let scope = self.rule_scope(context, id, article);
        let group_by = decl.group_by.as_ref().and_then(|group| {
            let typed = self.infer(&scope, group, None);
            let typed = self.present(typed);
            (!typed.is_unknown()).then_some(typed.expr)
        });
        let keys = decl.keys.iter().filter_map(|key| self.rank_key(&scope, key)).collect();
        if decl.keys.is_empty() {
            self.report(
                Diagnostic::error(
                    codes::RANKING,
                    decl.name.span,
                    "排序缺少“先 …”：按什么排",
                    "a ranking needs 先 …: what it sorts by",
                )
                .help("例如：先 总分 从高到低", "for example: 先 总分 从高到低"),
            );
        }
        let unit = Unit::of(BaseUnit::count(&self.kinds[kind.index()].counter));
        let dense = decl.ties == Some(Ties::Dense);
        let ty = ValueType { base: Type::Number(unit), optional: false };
        Some((ty, Body::Rank(Rank { group_by, keys, dense })))
    }

    fn rank_key(&mut self, scope: &Scope<'a>, key: &'a ast::RankKey) -> Option<RankKey> {
        let typed = self.infer(scope, &key.value, None);
        if typed.is_unknown() {
            return None;
        }
        if typed.optional() && !key.none_last {
            self.report(
                Diagnostic::error(
                    codes::MAYBE_NONE,
                    key.value.span,
                    "排序的值可能没有（无）：没有值的排在哪里？",
                    "the value to sort by may be 无: where do subjects without it stand?",
                )
                .help(
                    "写“无者居后”，或用“无则”给出值，或在“对 …”里写条件“有(…)”",
                    "write 无者居后 (last), give a value with 无则, or filter with 有(…)",
                ),
            );
        }
        let base = typed.base().cloned()?;
        let ordered = match &base {
            Type::Number(_) | Type::Date | Type::Bool => true,
            Type::Enum(id) => self.enums[id.index()].ordered,
            _ => false,
        };
        if !ordered {
            let (zh, en) = self.type_name(&base);
            self.error(
                codes::NOT_ORDERED,
                key.value.span,
                format!("不能按{zh}排序：没有大小"),
                format!("cannot sort by {en}: it has no order"),
            );
        }
        if key.direction == Direction::EarlyToLate && base != Type::Date {
            self.error(codes::RANKING, key.value.span, "“从早到晚”只用于日期", "从早到晚 is for dates only");
        }
        let descending = key.direction == Direction::HighToLow;
        Some(RankKey { value: typed.expr, descending, none_last: key.none_last })
    }

    /// Type and body of a quota.
    pub(crate) fn check_quota(
        &mut self,
        id: AttributeId,
        decl: &'a QuotaDecl,
        of: EnumId,
        ranking: AttributeId,
    ) -> Option<(ValueType, Body)> {
        self.drafts[id.index()].filter = self.drafts[ranking.index()].filter.clone();
        let rest = decl.rest.as_ref().and_then(|rest| self.quota_item(of, rest));
        let form = match &decl.each {
            Some((shares, round)) => {
                if let Some(line) = decl.lines.first() {
                    self.error(
                        codes::QUOTA,
                        line.span,
                        "写了“各档”就不再逐行写名额",
                        "with 各档 there are no single lines",
                    );
                }
                self.each_share(id, decl, of, (shares, round))?
            }
            None => QuotaForm::Lines(self.quota_lines(id, decl, of, ranking)),
        };
        let optional = rest.is_none() && matches!(form, QuotaForm::Lines(_));
        let ty = ValueType { base: Type::Enum(of), optional };
        Some((ty, Body::Quota(Quota { ranking, of, form, rest })))
    }

    /// The item of a line.
    fn quota_item(&mut self, of: EnumId, name: &Name) -> Option<u32> {
        let declared = &self.enums[of.index()];
        if let Some(position) = declared.items.iter().position(|item| *item == name.text) {
            return Some(count(position));
        }
        let close = self.closest(&name.text, declared.items.iter().map(String::as_str));
        let (zh, en) = (format!("名目“{}”", declared.name), format!("`{}`", declared.name));
        self.unknown_in(codes::UNKNOWN_NAME, name, (&zh, &en), ("项", "item"), close);
        None
    }

    fn quota_lines(
        &mut self,
        id: AttributeId,
        decl: &'a QuotaDecl,
        of: EnumId,
        ranking: AttributeId,
    ) -> Vec<QuotaLine> {
        let (article, grain) = (self.drafts[id.index()].article, self.drafts[id.index()].grain);
        let mut outside = self.subject_scope(None, grain, article);
        outside.attribute = Some(id);
        let context = self.drafts[ranking.index()].contexts().first().copied();
        let mut lines = Vec::new();
        let mut seen: Vec<(u32, Span)> = Vec::new();
        for line in &decl.lines {
            let item = self.quota_item(of, &line.grade);
            let take = self.quota_take(&outside, id, line);
            let inside = context.map(|context| self.rule_scope(context, id, article));
            let eligible = line.eligible.as_ref().zip(inside).and_then(|(eligible, scope)| {
                let typed = self.infer(&scope, eligible, Some(&Type::Bool));
                let typed = self.truth(typed);
                (!typed.is_unknown()).then_some(typed.expr)
            });
            let cut = self.cut(id, line.cut.as_ref().or(decl.cut.as_ref()), line.grade.span);
            let unfilled_to = line.fill_from.as_ref().and_then(|name| self.quota_item(of, name));
            let (Some(item), Some((take, is_share, rounding))) = (item, take) else { continue };
            if let Some((_, place)) = seen.iter().find(|(known, _)| *known == item) {
                let place = *place;
                self.report(
                    Diagnostic::error(
                        codes::QUOTA,
                        line.grade.span,
                        format!("“{}”写了两行名额", line.grade.text),
                        format!("`{}` has two lines", line.grade.text),
                    )
                    .label(place, "另一行", "the other line"),
                );
            }
            seen.push((item, line.grade.span));
            lines.push(QuotaLine {
                item,
                from_bottom: line.from_bottom,
                take,
                is_share,
                rounding,
                eligible,
                cut,
                unfilled_to,
            });
        }
        lines
    }

    /// `15% 向下`, `1人`: the number of seats, whether it is a share, and its rounding.
    fn quota_take(
        &mut self,
        scope: &Scope<'a>,
        id: AttributeId,
        line: &'a ast::QuotaLine,
    ) -> Option<(Expr, bool, Rounding)> {
        let typed = self.infer(scope, &line.take, None);
        let typed = self.number(typed);
        let unit = typed.unit()?.clone();
        let kind = self.drafts[id.index()].kind?;
        let counter = Unit::of(BaseUnit::count(&self.kinds[kind.index()].counter));
        if !unit.is_none() && unit != counter {
            self.error(
                codes::UNIT_MISMATCH,
                line.take.span,
                format!("名额写比例（15%）或“{counter}”数，这里的单位是“{unit}”"),
                format!("a quota is a share (15%) or a number of {}, found {}", counter.en(), unit.en()),
            );
            return None;
        }
        let rounding = match (&line.rounding, unit.is_none()) {
            (Some(spec), _) => self.seat_rounding(spec)?,
            (None, false) => Rounding::Down,
            (None, true) => {
                self.report(
                    Diagnostic::error(
                        codes::QUOTA,
                        line.take.span,
                        "按比例的名额要写明怎样取整",
                        "a share needs a rounding to whole seats",
                    )
                    .help("例如：高级 取 15% 向下", "for example: 高级 取 15% 向下"),
                );
                return None;
            }
        };
        Some((typed.expr, unit.is_none(), rounding))
    }

    fn seat_rounding(&mut self, spec: &RoundSpec) -> Option<Rounding> {
        let whole =
            spec.quantum.as_ref().is_none_or(|quantum| quantum.value == hengjie_quantity::Rational::ONE);
        match spec.mode {
            RoundMode::Round(rounding) if whole => Some(rounding),
            RoundMode::Round(_) => {
                self.error(codes::QUANTUM, spec.span, "名额取整到 1", "seats are rounded to whole ones");
                None
            }
            RoundMode::LargestRemainder => {
                self.error(
                    codes::QUOTA,
                    spec.span,
                    "最大余额法只用于“各档”",
                    "the largest remainder method is for 各档 only",
                );
                None
            }
        }
    }

    /// `各档 等级比例 最大余额法`
    fn each_share(
        &mut self,
        id: AttributeId,
        decl: &'a QuotaDecl,
        of: EnumId,
        (shares, round): (&'a ast::Expr, &'a RoundSpec),
    ) -> Option<QuotaForm> {
        if round.mode != RoundMode::LargestRemainder {
            self.report(
                Diagnostic::error(
                    codes::QUOTA,
                    round.span,
                    "“各档”的席位之和要等于人数：只能用最大余额法",
                    "the seats of 各档 add up to the headcount: use the largest remainder method",
                )
                .fix(round.span, "最大余额法", "改成“最大余额法”", "change to 最大余额法"),
            );
        }
        let parts = self.share_parts(of, shares)?;
        let given: Option<Vec<_>> = parts
            .iter()
            .map(|(_, part)| match &part.kind {
                ExprKind::Literal(Literal::Number(value)) => Some(value.clone()),
                _ => None,
            })
            .collect();
        let sum =
            given.map(|given| given.iter().fold(hengjie_quantity::Rational::ZERO, |sum, part| &sum + part));
        if let Some(sum) = sum.filter(|sum| *sum != hengjie_quantity::Rational::ONE) {
            let text = hengjie_quantity::format_percent(&sum);
            self.error(
                codes::QUOTA,
                shares.span,
                format!("各档比例合计 {text}，不是 100%"),
                format!("the shares add up to {text}, not 100%"),
            );
        }
        let cut = self.cut(id, decl.cut.as_ref(), decl.name.span);
        Some(QuotaForm::Each { shares: parts, cut })
    }

    /// The share of every item, from a keyed parameter or a table column.
    fn share_parts(&mut self, of: EnumId, shares: &'a ast::Expr) -> Option<Vec<(u32, Expr)>> {
        let (ty, parts) = match &shares.kind {
            ast::ExprKind::Name(name) => self.parameter_shares(of, name, shares.span)?,
            ast::ExprKind::Field(base, column) => self.column_shares(base, column, shares.span)?,
            _ => return None,
        };
        if ty != Type::Number(Unit::none()) {
            let (zh, en) = self.type_name(&ty);
            self.error(
                codes::QUOTA,
                shares.span,
                format!("各档要写比例，这里是{zh}"),
                format!("各档 needs shares, found {en}"),
            );
            return None;
        }
        Some(parts)
    }

    fn parameter_shares(&mut self, of: EnumId, name: &Name, span: Span) -> Option<(Type, Vec<(u32, Expr)>)> {
        let Global::Parameter(id) = self.names.globals.get(&name.text)?.0 else { return None };
        self.used.insert(Used::Parameter(id));
        self.note(name.span, Symbol::Parameter(id));
        let ty = self.parameters[id.index()].ty.clone();
        let typed = |kind, base| Expr { kind, ty: ValueType { base, optional: false }, span };
        let share = |ordinal| {
            let item = typed(ExprKind::Literal(Literal::Enum(of, ordinal)), Type::Enum(of));
            (ordinal, typed(ExprKind::Parameter(id, vec![item]), ty.clone()))
        };
        let parts = (0..count(self.enums[of.index()].items.len())).map(share).collect();
        Some((ty, parts))
    }

    fn column_shares(
        &mut self,
        base: &ast::Expr,
        column: &Name,
        span: Span,
    ) -> Option<(Type, Vec<(u32, Expr)>)> {
        let ast::ExprKind::Name(table) = &base.kind else { return None };
        let Global::Table(id) = self.names.globals.get(&table.text)?.0 else { return None };
        self.used.insert(Used::Table(id));
        self.note(table.span, Symbol::Table(id));
        let table = &self.tables[id.index()];
        let Some(position) = table.columns.iter().position(|found| found.name == column.text) else {
            let close = self.closest(&column.text, table.columns.iter().map(|column| column.name.as_str()));
            self.unknown_name(codes::UNKNOWN_MEMBER, column, ("列", "column"), close);
            return None;
        };
        self.note(column.span, Symbol::Column(id, count(position)));
        let table = &self.tables[id.index()];
        let ty = table.columns[position].ty.clone();
        let of_type = ValueType { base: ty.clone(), optional: false };
        let parts =
            table.rows.iter().filter_map(|row| match (row.cells.first()?, row.cells.get(position)?) {
                (Cell::Value(Literal::Enum(_, ordinal)), Cell::Value(value)) => {
                    let kind = ExprKind::Literal(value.clone());
                    Some((*ordinal, Expr { kind, ty: of_type.clone(), span }))
                }
                _ => None,
            });
        Some((ty, parts.collect()))
    }

    /// What happens to a tie at the border. Nothing written: all go in, with a warning.
    fn cut(&mut self, id: AttributeId, cut: Option<&ast::Cut>, span: Span) -> Cut {
        match cut {
            Some(ast::Cut::All) => Cut::All,
            Some(ast::Cut::None) => Cut::None,
            Some(ast::Cut::Decide(by)) => {
                let draft = &self.drafts[id.index()];
                let earlier = self.decisions.iter().filter(|decision| decision.attribute == Some(id)).count();
                let label = draft.name.text.clone();
                let decision = DecisionId(count(self.decisions.len()));
                self.decisions.push(Decision {
                    name: if earlier == 0 { label } else { format!("{label}#{}", earlier + 1) },
                    by: by.text.clone(),
                    ty: Type::Bool,
                    range: None,
                    attribute: Some(id),
                    article: draft.article,
                });
                Cut::Decide(decision)
            }
            None => {
                self.report(
                    Diagnostic::warning(
                        codes::QUOTA,
                        span,
                        "没有写名额边界上同名次的人怎么办：按“跨线 全进”处理",
                        "nothing says what happens to ties at the border: all of them go in",
                    )
                    .help(
                        "写明：跨线 全进、跨线 全不取 或 跨线 人定 某机构",
                        "say: 跨线 全进, 跨线 全不取 or 跨线 人定 OFFICE",
                    ),
                );
                Cut::All
            }
        }
    }
}
