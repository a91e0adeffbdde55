//! 汇总: contributions, weights, limits, rounding.

use crate::checker::Checker;
use crate::codes;
use crate::core::{
    AttributeId, Body, Contribution, Expr, ExprKind, Literal, ParameterValue, Total, Type, ValueType,
};
use crate::draft::{DraftType, PartDraft};
use crate::population::place_of;
use crate::typed::key;
use hengjie_quantity::{Currency, Lang, Rational, Rounding, Unit, format_percent};
use hengjie_syntax::Diagnostic;
use hengjie_syntax::ast::{NumberLit, RoundMode, RoundSpec, TotalDecl};

impl<'a> Checker<'a> {
    /// Type and body of a total.
    pub(crate) fn check_total(
        &mut self,
        id: AttributeId,
        decl: &'a TotalDecl,
        parts: &[PartDraft<'a>],
    ) -> Option<(ValueType, Body)> {
        self.total_context(id, parts);
        let unit = self.total_unit(decl, parts);
        if decl.weights_sum.is_some() {
            self.refuse_absent_scores(decl, parts);
        }
        let mut contributions = Vec::new();
        for part in parts {
            let weight = part.weight.and_then(|weight| self.check_weight(id, part, weight));
            contributions.push(Contribution {
                attribute: part.attribute,
                weight,
                article: part.case.article,
            });
        }
        if let Some(wanted) = &decl.weights_sum {
            self.check_weights(decl, wanted, parts, &contributions);
        }
        let unit = unit?;
        let max = decl.max.as_ref().and_then(|number| self.number_of(number, &unit));
        let min = decl.min.as_ref().and_then(|number| self.number_of(number, &unit));
        if let (Some(low), Some(high)) = (&min, &max)
            && low > high
        {
            self.error(
                codes::OUT_OF_RANGE,
                decl.name.span,
                "“最低”的数高于“最高”的数：两个写反了",
                "最低 is above 最高: they stand the wrong way round",
            );
        }
        let rounding = decl.rounding.as_ref().and_then(|spec| self.rounding(spec, &unit));
        if decl.posts {
            self.check_posted(id, decl, parts, &unit);
        }
        let ty = ValueType { base: Type::Number(unit), optional: false };
        Some((ty, Body::Total(Total { contributions, is_posted: decl.posts, max, min, rounding })))
    }

    /// What is posted is money in yuan, of somebody, in a period; its entries must add up to it.
    fn check_posted(&mut self, id: AttributeId, decl: &'a TotalDecl, parts: &[PartDraft<'a>], unit: &Unit) {
        let draft = &self.drafts[id.index()];
        let fits = draft.kind.is_some() && draft.grain.is_some() && draft.row.is_none();
        let is_plain =
            decl.weights_sum.is_none() && decl.max.is_none() && decl.min.is_none() && decl.rounding.is_none();
        let weighted = parts.iter().find(|part| part.weight.is_some());
        let (place, zh, en) = if *unit != Unit::money(Currency::Cny) {
            (decl.name.span, "入账的汇总要是金额（元）", "what is posted must be money in yuan")
        } else if !fits {
            (
                decl.name.span,
                "入账的汇总要有对象和周期，写在：对 人员 每月",
                "what is posted belongs to somebody in a period: 对 人员 每月",
            )
        } else if let Some(part) = weighted {
            (
                place_of(&part.case),
                "计入入账的汇总，不能带权重",
                "what goes into a posted total has no weight",
            )
        } else if !is_plain {
            (
                decl.name.span,
                "入账的汇总不能有权重合计、最高、最低和舍入：每一笔加起来要正好等于它",
                "a posted total has no limits and no rounding: its entries must add up to it",
            )
        } else {
            return;
        };
        self.report(Diagnostic::error(codes::CONTRIBUTION, place, zh, en).help(
            "上限和舍入写在计入它的规则里，如：奖金 = 四舍五入(…, 0.01元) 计入 应发",
            "write limits and roundings into the rules that go into it, such as: 奖金 = 四舍五入(…, 0.01元) 计入 应发",
        ));
    }

    /// The widest context common to the contributions.
    fn total_context(&mut self, id: AttributeId, parts: &[PartDraft<'a>]) {
        let mut filters = parts.iter().map(|part| self.drafts[part.attribute.index()].filter.clone());
        let first = filters.next().unwrap_or_default();
        let filter = filters.fold(first, |common, filter| {
            let keys: Vec<String> = filter.iter().map(key).collect();
            common.into_iter().filter(|part| keys.contains(&key(part))).collect()
        });
        let row = parts.first().and_then(|part| self.drafts[part.attribute.index()].row.clone());
        let draft = &mut self.drafts[id.index()];
        draft.filter = filter;
        draft.row = row;
    }

    /// The one unit of the contributions.
    fn total_unit(&mut self, decl: &TotalDecl, parts: &[PartDraft<'a>]) -> Option<Unit> {
        let mut unit: Option<(Unit, &PartDraft<'a>)> = None;
        for part in parts {
            let DraftType::Known(ty) = self.drafts[part.attribute.index()].ty.clone() else { continue };
            let place = place_of(&part.case);
            let Type::Number(found) = &ty.base else {
                let (zh, en) = self.type_name(&ty.base);
                self.error(
                    codes::CONTRIBUTION,
                    place,
                    format!("计入“{}”的要是数，这里是{zh}", decl.name.text),
                    format!("what goes into `{}` must be a number; this is {en}", decl.name.text),
                );
                continue;
            };
            match &unit {
                None => unit = Some((found.clone(), part)),
                Some((first, other)) if first != found => {
                    self.report(
                        Diagnostic::error(
                            codes::CONTRIBUTION,
                            place,
                            format!("计入“{}”的单位不同：“{found}”与“{first}”", decl.name.text),
                            format!(
                                "different units go into `{}`: {} and {}",
                                decl.name.text,
                                found.en(),
                                first.en()
                            ),
                        )
                        .label(
                            place_of(&other.case),
                            "另一条在这里",
                            "another one is here",
                        ),
                    );
                }
                Some(_) => {}
            }
        }
        unit.map(|(unit, _)| unit)
    }

    /// A weighted score that may be 无 would silently lower the total: the text must say what counts instead.
    fn refuse_absent_scores(&mut self, decl: &TotalDecl, parts: &[PartDraft<'a>]) {
        for part in parts {
            let DraftType::Known(ty) = &self.drafts[part.attribute.index()].ty else { continue };
            if !ty.optional {
                continue;
            }
            let diagnostic = Diagnostic::error(
                codes::CONTRIBUTION,
                place_of(&part.case),
                format!("计入“{}”的这一项可能没有值（无），总数会少算它的权重", decl.name.text),
                format!(
                    "this part of `{}` may have no value (无); the total would lose its weight",
                    decl.name.text
                ),
            );
            self.report(diagnostic.help(
                "用 无则 写明没有值时按多少计，或把表的缺口补上",
                "say with or_none what counts then, or close the gap of the table",
            ));
        }
    }

    fn check_weight(
        &mut self,
        id: AttributeId,
        part: &PartDraft<'a>,
        weight: &'a hengjie_syntax::ast::Expr,
    ) -> Option<Expr> {
        let scope = self.rule_scope(part.case.context, id, part.case.article);
        let typed = self.infer(&scope, weight, None);
        let typed = self.number(typed);
        let unit = typed.unit()?.clone();
        if !unit.is_none() {
            self.error(
                codes::CONTRIBUTION,
                weight.span,
                format!("权重是不带单位的数（如 60%），这里的单位是“{unit}”"),
                format!("a weight is a plain number (60%), found {}", unit.en()),
            );
            return None;
        }
        Some(typed.expr)
    }

    /// 权重合计: for every group of subjects that the contexts tell apart.
    fn check_weights(
        &mut self,
        decl: &TotalDecl,
        wanted: &NumberLit,
        parts: &[PartDraft<'a>],
        contributions: &[Contribution],
    ) {
        let Some(wanted_sum) = self.number_of(wanted, &Unit::none()) else { return };
        let filters: Vec<Vec<String>> = parts
            .iter()
            .map(|part| self.contexts[part.case.context].filter.iter().map(key).collect())
            .collect();
        let within = |inner: &[String], outer: &[String]| inner.iter().all(|part| outer.contains(part));
        for (index, filter) in filters.iter().enumerate() {
            let narrower = filters.iter().any(|other| other.len() > filter.len() && within(filter, other));
            let repeated =
                filters[..index].iter().any(|other| other.len() == filter.len() && within(filter, other));
            if narrower || repeated {
                continue;
            }
            let members: Vec<usize> =
                (0..parts.len()).filter(|&part| within(&filters[part], filter)).collect();
            if let Some(sum) = self.sum_weights(decl, parts, contributions, &members)
                && sum != wanted_sum
            {
                self.wrong_sum(decl, wanted, (&sum, &wanted_sum), parts, contributions, &members);
                return;
            }
        }
    }

    /// The sum of constant weights. `None` when one is not constant or missing (then reported).
    fn sum_weights(
        &mut self,
        decl: &TotalDecl,
        parts: &[PartDraft<'a>],
        contributions: &[Contribution],
        members: &[usize],
    ) -> Option<Rational> {
        let mut sum = Rational::ZERO;
        for &member in members {
            match &contributions[member].weight {
                Some(weight) => sum = &sum + &self.constant_weight(weight)?,
                None if parts[member].weight.is_some() => return None,
                None => {
                    self.report(
                        Diagnostic::error(
                            codes::WEIGHTS,
                            place_of(&parts[member].case),
                            format!("“{}”要求权重，这条没有写", decl.name.text),
                            format!("`{}` needs weights; this one has none", decl.name.text),
                        )
                        .help("在“计入”后面写：权重 20%", "write behind 计入: 权重 20%"),
                    );
                    return None;
                }
            }
        }
        Some(sum)
    }

    fn constant_weight(&self, weight: &Expr) -> Option<Rational> {
        match &weight.kind {
            ExprKind::Literal(Literal::Number(value)) => Some(value.clone()),
            ExprKind::Parameter(id, keys) if keys.is_empty() => match &self.parameters[id.index()].value {
                ParameterValue::Given(Literal::Number(value)) => Some(value.clone()),
                _ => None,
            },
            _ => None,
        }
    }

    fn wrong_sum(
        &mut self,
        decl: &TotalDecl,
        wanted: &NumberLit,
        (sum, wanted_sum): (&Rational, &Rational),
        parts: &[PartDraft<'a>],
        contributions: &[Contribution],
        members: &[usize],
    ) {
        let list: Vec<String> = members
            .iter()
            .filter_map(|&member| {
                let weight = self.constant_weight(contributions[member].weight.as_ref()?)?;
                let name = &self.drafts[parts[member].attribute.index()].name.text;
                Some(format!("{name} {}", format_percent(&weight)))
            })
            .collect();
        let (sum, wanted_sum) = (format_percent(sum), format_percent(wanted_sum));
        let mut diagnostic = Diagnostic::error(
            codes::WEIGHTS,
            wanted.span,
            format!("“{}”的权重合计是 {sum}，不是 {wanted_sum}：{}", decl.name.text, list.join("、")),
            format!(
                "the weights of `{}` add up to {sum}, not {wanted_sum}: {}",
                decl.name.text,
                list.join(", ")
            ),
        );
        for &member in members.iter().take(8) {
            diagnostic = diagnostic.label(place_of(&parts[member].case), "计入的一条", "one of them");
        }
        self.report(diagnostic);
    }

    /// A rounding with its quantum; 1 of the unit when none is written.
    pub(crate) fn rounding(&mut self, spec: &RoundSpec, unit: &Unit) -> Option<(Rounding, Rational)> {
        let RoundMode::Round(rounding) = spec.mode else {
            self.error(
                codes::QUOTA,
                spec.span,
                "最大余额法只用于“各档”",
                "the largest remainder method is for 各档 only",
            );
            return None;
        };
        let quantum = match &spec.quantum {
            Some(number) => self.number_of(number, unit)?,
            None => Rational::ONE,
        };
        if quantum.signum() <= 0 {
            self.error(codes::QUANTUM, spec.span, "舍入单位要大于 0", "the quantum must be above 0");
            return None;
        }
        Some((rounding, quantum))
    }
}

/// The text of a number with its unit, in Chinese.
pub(crate) fn amount(value: &Rational, unit: &Unit) -> String {
    hengjie_quantity::format_quantity(value, unit, Lang::Zh)
}
