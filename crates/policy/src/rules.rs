//! Contexts and definitions: general cases, exceptions and their order, state.

use crate::checker::Checker;
use crate::codes;
use crate::core::{AttributeId, Body, Case, Expr, ExprKind, Type, ValueType};
use crate::draft::{CaseDraft, DraftType, Form};
use crate::guard::{Domains, exclusive, exhaustive};
use crate::infer::Scope;
use crate::limits;
use crate::population::place_of;
use crate::typed::{Known, Typed, key};
use hengjie_syntax::ast::{DefinitionRole, ExprKind as AstKind};
use hengjie_syntax::{Diagnostic, Span};

/// All parts as one condition; `None` for no parts.
pub(crate) fn all_of(parts: &[Expr]) -> Option<Expr> {
    match parts {
        [] => None,
        [one] => Some(one.clone()),
        [first, ..] => Some(Expr {
            kind: ExprKind::And(parts.to_vec()),
            ty: ValueType { base: Type::Bool, optional: false },
            span: first.span,
        }),
    }
}

/// The parts of `a` that are also parts of `b`.
fn common(a: &[Expr], b: &[Expr]) -> Vec<Expr> {
    let keys: Vec<String> = b.iter().map(key).collect();
    a.iter().filter(|part| keys.contains(&key(part))).cloned().collect()
}

/// The parts of `a` that are not parts of `b`.
fn beyond(a: &[Expr], b: &[Expr]) -> Vec<Expr> {
    let keys: Vec<String> = b.iter().map(key).collect();
    a.iter().filter(|part| !keys.contains(&key(part))).cloned().collect()
}

/// A checked definition.
struct Checked<'a> {
    draft: CaseDraft<'a>,
    guard: Vec<Expr>,
    value: Typed,
}

impl Checked<'_> {
    fn role(&self) -> DefinitionRole {
        self.draft.definition.role
    }

    fn into_case(self, base: &Type) -> Case {
        let (span, article) = (self.draft.definition.span, self.draft.article);
        Case { guard: all_of(&self.guard), value: self.value.settle(base), article, span }
    }
}

impl<'a> Checker<'a> {
    /// Type and body of an attribute.
    pub(crate) fn check_attribute(&mut self, position: usize) {
        let id = AttributeId(crate::checker::count(position));
        self.drafts[position].body = None;
        let result = match &self.drafts[position].form {
            Form::Defined(cases) => {
                let cases = cases.clone();
                self.check_definitions(id, &cases)
            }
            Form::Total { decl, parts } => {
                let (decl, parts) = (*decl, parts.clone());
                self.check_total(id, decl, &parts)
            }
            Form::Rank { decl, context } => {
                let (decl, context) = (*decl, *context);
                self.check_ranking(id, decl, context)
            }
            Form::Quota { decl, of, ranking } => {
                let (decl, of, ranking) = (*decl, *of, *ranking);
                self.check_quota(id, decl, of, ranking)
            }
            Form::Split { decl, context } => {
                let (decl, context) = (*decl, *context);
                self.check_split(id, decl, context)
            }
        };
        let draft = &mut self.drafts[position];
        match result {
            Some((ty, body)) => {
                draft.ty = DraftType::Known(ty);
                draft.body = Some(body);
            }
            None => {
                draft.ty = DraftType::Broken;
            }
        }
    }

    /// General cases and exceptions, or 首期 and 下期.
    fn check_definitions(&mut self, id: AttributeId, cases: &[CaseDraft<'a>]) -> Option<(ValueType, Body)> {
        let filter = self.common_filter(cases);
        let position = id.index();
        self.drafts[position].filter.clone_from(&filter);
        self.drafts[position].row = cases.first().and_then(|case| self.contexts[case.context].row.clone());
        let state = cases
            .iter()
            .any(|case| matches!(case.definition.role, DefinitionRole::First | DefinitionRole::Next));
        let checked = self.check_cases(id, cases, &filter);
        if state { self.state(id, checked) } else { self.defined(id, checked, &filter) }
    }

    /// Where the attribute exists: what the contexts of its general rules have in common.
    fn common_filter(&self, cases: &[CaseDraft<'a>]) -> Vec<Expr> {
        let general: Vec<&CaseDraft<'a>> =
            cases.iter().filter(|case| case.definition.role != DefinitionRole::Exception).collect();
        let mut contexts = if general.is_empty() { cases.iter().collect() } else { general }.into_iter();
        let Some(first) = contexts.next() else { return Vec::new() };
        contexts.fold(self.contexts[first.context].filter.clone(), |filter, case| {
            common(&filter, &self.contexts[case.context].filter)
        })
    }

    /// All definitions of an attribute; bare names of items take the 名目 of the others.
    fn check_cases(&mut self, id: AttributeId, cases: &[CaseDraft<'a>], filter: &[Expr]) -> Vec<Checked<'a>> {
        let mut expected = match &self.drafts[id.index()].ty {
            DraftType::Known(ty) => Some(ty.base.clone()),
            _ => None,
        };
        let is_item = |checker: &Self, case: &CaseDraft<'a>| match &case.definition.value.kind {
            AstKind::Name(name) => checker.names.items.contains_key(&name.text),
            _ => false,
        };
        let mut order: Vec<usize> = (0..cases.len()).collect();
        order.sort_by_key(|&index| (is_item(self, &cases[index]), index));
        let mut checked: Vec<(usize, Checked<'a>)> = Vec::new();
        for index in order {
            let case = cases[index];
            let mut scope = self.rule_scope(case.context, id, case.article);
            let mut guard = beyond(&self.contexts[case.context].filter, filter);
            if let Some(written) = &case.definition.guard {
                guard.extend(self.conditions_present(&mut scope, written));
            }
            let value = self.infer(&scope, &case.definition.value, expected.as_ref());
            if expected.is_none() {
                expected = value.base().cloned();
            }
            self.check_inverse(case, &value);
            checked.push((index, Checked { draft: case, guard, value }));
        }
        checked.sort_by_key(|(index, _)| *index);
        checked.into_iter().map(|(_, case)| case).collect()
    }

    /// A guard: 是否, present.
    fn conditions_present(
        &mut self,
        scope: &mut Scope<'a>,
        written: &'a hengjie_syntax::ast::Expr,
    ) -> Vec<Expr> {
        let typed = self.infer(scope, written, Some(&Type::Bool));
        let typed = self.truth(typed);
        scope.learn(&typed.expr);
        vec![typed.settle(&Type::Bool)]
    }

    fn check_inverse(&mut self, case: CaseDraft<'a>, value: &Typed) {
        let (Some(inverse), Some(base)) = (&case.definition.inverse, value.base()) else { return };
        if !matches!(base, Type::Object(_)) {
            let (zh, en) = self.type_name(&base.clone());
            self.error(
                codes::TYPE_MISMATCH,
                inverse.span,
                format!("反称只用于值是对象的规则，这里是{zh}"),
                format!("反称 is for rules whose value is an object; this is {en}"),
            );
        }
    }

    /// The one type of the cases. `None` when no case has one.
    fn case_type(&mut self, checked: &[Checked<'a>]) -> Option<Type> {
        let values: Vec<Typed> = checked.iter().map(|case| case.value.clone()).collect();
        let base = self.unify(&values);
        if base.is_none()
            && let Some(case) = checked.first()
            && values.iter().all(|value| value.known == Known::Nothing)
        {
            self.error(
                codes::NOT_A_VALUE,
                case.value.span(),
                "只写“无”或“免”看不出是什么值：至少有一条规则给出值",
                "无 or 免 alone does not tell the type: at least one rule must give a value",
            );
        }
        base
    }

    fn defined(
        &mut self,
        id: AttributeId,
        checked: Vec<Checked<'a>>,
        filter: &[Expr],
    ) -> Option<(ValueType, Body)> {
        let base = self.case_type(&checked);
        let (exceptions, general): (Vec<_>, Vec<_>) =
            checked.into_iter().partition(|case| case.role() == DefinitionRole::Exception);
        let mut known = self.population_filter(self.drafts[id.index()].kind);
        known.extend(filter.iter().cloned());
        if let (true, Some(first)) = (general.is_empty(), exceptions.first()) {
            self.no_general(first);
        }
        let total = self.check_general(&general, &known);
        let exceptions = self.sort_exceptions(exceptions, &known);
        let cases = general.iter().chain(&exceptions);
        let optional = !total || cases.into_iter().any(|case| case.value.optional());
        let settled = base.clone().unwrap_or(Type::Bool);
        let into = |cases: Vec<Checked<'a>>| cases.into_iter().map(|case| case.into_case(&settled)).collect();
        let body = Body::Defined { exceptions: into(exceptions), general: into(general) };
        self.typed_body(id, base, optional, body)
    }

    /// Type and body. A body without a type is kept, so that a cycle is found and shown.
    fn typed_body(
        &mut self,
        id: AttributeId,
        base: Option<Type>,
        optional: bool,
        body: Body,
    ) -> Option<(ValueType, Body)> {
        match base {
            Some(base) => Some((ValueType { base, optional }, body)),
            None => {
                self.drafts[id.index()].body = Some(body);
                None
            }
        }
    }

    fn no_general(&mut self, exception: &Checked<'a>) {
        let name = &exception.draft.definition.name;
        // An exception to a total: there is a rule, only not one that may have exceptions.
        if self.names.poisoned.contains(&name.text) {
            return;
        }
        self.report(
            Diagnostic::error(
                codes::NO_GENERAL,
                name.span,
                format!("“{}”只有例外，没有一般规则", name.text),
                format!("`{}` has exceptions and no general rule", name.text),
            )
            .help("先写一条不带“例外”的规则", "write a rule without 例外 first"),
        );
    }

    /// General cases exclude each other; does always one apply?
    fn check_general(&mut self, general: &[Checked<'a>], known: &[Expr]) -> bool {
        match general {
            [] => return true,
            [only] if only.guard.is_empty() => return true,
            _ => {}
        }
        if let Some(first_too_many) = general.get(limits::GUARDED_CASES) {
            self.too_many_cases(first_too_many);
            return false;
        }
        for (index, second) in general.iter().enumerate().skip(1) {
            for first in &general[..index] {
                let both_guarded = !first.guard.is_empty() && !second.guard.is_empty();
                if both_guarded && self.excluded(known, first, second) {
                    continue;
                }
                if both_guarded {
                    self.overlap(first, second);
                } else {
                    let (name, place) = (&second.draft.definition.name, place_of(&first.draft));
                    self.two_rules(name, place);
                }
                // One message per name is enough.
                return false;
            }
        }
        let guards: Vec<Expr> = general.iter().filter_map(|case| all_of(&case.guard)).collect();
        exhaustive(self.domains(), known, &guards)
    }

    fn too_many_cases(&mut self, case: &Checked<'a>) {
        let name = &case.draft.definition.name;
        self.report(
            Diagnostic::error(
                codes::LIMIT,
                name.span,
                format!("“{}”的规则超过 {} 条", name.text, limits::GUARDED_CASES),
                format!("`{}` has more than {} rules", name.text, limits::GUARDED_CASES),
            )
            .help("写成一张表，用 查表", "make a table of it and use 查表"),
        );
    }

    fn excluded(&self, known: &[Expr], first: &Checked<'a>, second: &Checked<'a>) -> bool {
        match (all_of(&first.guard), all_of(&second.guard)) {
            (Some(a), Some(b)) => exclusive(self.domains(), known, &a, &b),
            _ => false,
        }
    }

    pub(crate) fn domains(&self) -> Domains<'_> {
        Domains { enums: &self.enums, readings: &self.readings }
    }

    fn overlap(&mut self, first: &Checked<'a>, second: &Checked<'a>) {
        let place = |case: &Checked<'a>| {
            case.draft.definition.guard.as_ref().map_or(case.draft.definition.name.span, |guard| guard.span)
        };
        let name = &second.draft.definition.name;
        self.report(
            Diagnostic::error(
                codes::OVERLAP,
                place(second),
                format!("“{}”的这个条件可能和另一条的同时成立，不知道用哪一条", name.text),
                format!("this condition of `{}` may hold together with another one", name.text),
            )
            .label(place(first), "另一条的条件", "the other condition")
            .help(
                "让两个条件互相排除（如 x > 10 与 x ≤ 10），或用“如 … 则 …”，或把一条写成“例外”",
                "make the conditions exclude each other (x > 10 and x ≤ 10), use 如 … 则 …, or make one an exception",
            ),
        );
    }

    /// Exceptions, strongest first: 优先于 orders them; others must exclude each other.
    fn sort_exceptions(&mut self, exceptions: Vec<Checked<'a>>, known: &[Expr]) -> Vec<Checked<'a>> {
        let size = exceptions.len();
        if let Some(first_too_many) = exceptions.get(limits::GUARDED_CASES) {
            self.too_many_cases(first_too_many);
            return exceptions;
        }
        let mut beats = vec![vec![false; size]; size];
        for (index, exception) in exceptions.iter().enumerate() {
            let Some(cite) = &exception.draft.definition.over else { continue };
            let Some(article) = self.resolve_article(cite) else {
                // The order is not known: count it as ordered, one message is enough.
                (0..size).for_each(|other| beats[index][other] |= other != index);
                continue;
            };
            for (other, case) in exceptions.iter().enumerate() {
                beats[index][other] |= other != index && case.draft.article == article;
            }
        }
        for middle in 0..size {
            for from in 0..size {
                for to in 0..size {
                    beats[from][to] |= beats[from][middle] && beats[middle][to];
                }
            }
        }
        'pairs: for second in 1..size {
            for first in 0..second {
                let ordered = beats[first][second] != beats[second][first];
                if !ordered && !self.excluded(known, &exceptions[first], &exceptions[second]) {
                    self.unordered(&exceptions[first], &exceptions[second]);
                    break 'pairs;
                }
            }
        }
        let weight = |index: usize| beats[index].iter().filter(|beaten| **beaten).count();
        let mut indexed: Vec<(usize, Checked<'a>)> = exceptions.into_iter().enumerate().collect();
        indexed.sort_by_key(|(index, _)| (std::cmp::Reverse(weight(*index)), *index));
        indexed.into_iter().map(|(_, case)| case).collect()
    }

    fn unordered(&mut self, first: &Checked<'a>, second: &Checked<'a>) {
        let name = &second.draft.definition.name;
        let cite = self.articles[first.draft.article.index()].cite.clone();
        let same = first.draft.article == second.draft.article;
        let hint = if same {
            ("两条例外在同一条款里：合成一条，或让条件互相排除".to_owned(),
             "both exceptions stand in one article: join them, or make their conditions exclude each other".to_owned())
        } else {
            (
                format!("在更强的一条后面写：优先于 「{cite}」"),
                format!("write behind the stronger one: 优先于 「{cite}」"),
            )
        };
        self.report(
            Diagnostic::error(
                codes::EXCEPTION_ORDER,
                name.span,
                format!("“{}”的两条例外可能同时成立，没有说哪条优先", name.text),
                format!("two exceptions of `{}` may hold together and nothing says which wins", name.text),
            )
            .label(place_of(&first.draft), "另一条例外", "the other exception")
            .help(hint.0, hint.1),
        );
    }

    /// 首期 and 下期.
    fn state(&mut self, id: AttributeId, checked: Vec<Checked<'a>>) -> Option<(ValueType, Body)> {
        let base = self.case_type(&checked);
        let (mut first, mut next, mut others) = (Vec::new(), Vec::new(), Vec::new());
        for case in checked {
            match case.role() {
                DefinitionRole::First => first.push(case),
                DefinitionRole::Next => next.push(case),
                _ => others.push(case),
            }
        }
        if let Some(other) = others.first() {
            self.state_fault(
                other.draft.definition.name.span,
                "有“首期/下期”的名称不能再有一般规则或例外",
                "a name with 首期 and 下期 has no general rule and no exception",
            );
            return None;
        }
        let [_] = first.as_slice() else {
            let span = first.get(1).or(next.first()).map(|case| case.draft.definition.name.span)?;
            self.state_fault(
                span,
                "“首期”要正好一条，不带条件",
                "exactly one 首期 is needed, without a guard",
            );
            return None;
        };
        if next.is_empty() || !first[0].guard.is_empty() {
            let span = first[0].draft.definition.name.span;
            self.state_fault(span, "“首期”不带条件，并且要有“下期”", "首期 has no guard and needs a 下期");
            return None;
        }
        if self.contexts[first[0].draft.context].grain.is_none() {
            let span = first[0].draft.definition.name.span;
            self.state_fault(
                span,
                "首期、下期要有周期：在“对 …”后面写每年等",
                "首期 and 下期 need periods: add 每年 …",
            );
            return None;
        }
        let always = self.check_general(&next, &[]);
        let optional = !always || first.iter().chain(&next).any(|case| case.value.optional());
        let settled = base.clone().unwrap_or(Type::Bool);
        let first = first.pop()?.value.settle(&settled);
        let next = next.into_iter().map(|case| case.into_case(&settled)).collect();
        self.typed_body(id, base, optional, Body::State { first, next })
    }

    fn state_fault(&mut self, span: Span, zh: &str, en: &str) {
        self.report(
            Diagnostic::error(codes::STATE, span, zh, en)
                .help("写成两行：首期 x = …；下期 x = …", "write two lines: 首期 x = … and 下期 x = …"),
        );
    }
}
