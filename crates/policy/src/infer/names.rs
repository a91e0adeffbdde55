//! Bare names, from the innermost place outwards.

use super::scope::{Binding, Place, Scope};
use crate::checker::Checker;
use crate::core::{AttributeId, EnumId, Expr, ExprKind, KindId, Literal, TableId, Type};
use crate::index::Symbol;
use crate::spelling::split_keyword;
use crate::symbols::{Global, Member, Used};
use crate::typed::Typed;
use crate::{codes, limits};
use hengjie_syntax::ast::Name;
use hengjie_syntax::{Diagnostic, Span};

/// A place that may have a name.
#[derive(Debug, Clone)]
enum Level {
    /// An element of a collection, with the word that names it.
    Element(Binding, String),
    Subject(KindId),
    Everybody,
}

impl<'a> Checker<'a> {
    /// A name standing alone.
    pub(super) fn infer_name(&mut self, scope: &Scope<'a>, name: &'a Name, expected: Option<&Type>) -> Typed {
        if self.asked(name.span) {
            self.probe_operand(scope, expected);
        }
        if let Some(param) = scope.params.iter().rev().find(|param| param.name == name.text) {
            if let Some(formula) = scope.formulas.last() {
                let position =
                    self.formulas[*formula].params.iter().position(|(own, _)| own.text == name.text);
                let argument = crate::checker::count(position.unwrap_or_default());
                self.note(name.span, Symbol::Argument(crate::checker::count(*formula), argument));
            }
            let mut outer = (*param.scope).clone();
            outer.depth = scope.depth;
            outer.grain = scope.grain;
            outer.facts.clone_from(&scope.facts);
            return self.infer(&outer, param.value, expected);
        }
        if let Some(binding) = self.aliased(scope, &name.text) {
            return element_of(&binding, name.span);
        }
        if let Some(typed) = self.infer_special(scope, name) {
            return typed;
        }
        if let Some((id, ordinal)) = self.expected_item(&name.text, expected) {
            let levels = self.levels_with(scope, &name.text);
            if levels.is_empty() {
                return self.item(id, ordinal, name.span);
            }
            let (messages, decisions) = (self.diagnostics.len(), self.decisions.len());
            let noted = self.noted();
            let typed = self.infer_level(scope, levels, name);
            if typed.base() == expected {
                return typed;
            }
            self.diagnostics.truncate(messages);
            self.decisions.truncate(decisions);
            self.forget(noted);
            return self.item(id, ordinal, name.span);
        }
        let levels = self.levels_with(scope, &name.text);
        if !levels.is_empty() {
            return self.infer_level(scope, levels, name);
        }
        self.infer_global(scope, name)
    }

    /// A name given with 为.
    fn aliased(&self, scope: &Scope<'a>, name: &str) -> Option<Binding> {
        let named = |binding: &&Binding| binding.alias.as_deref() == Some(name);
        scope.elements.iter().rev().find(named).or(scope.row.as_ref().filter(named)).cloned()
    }

    /// 本人, 其, 行, 是, 否, 无, 免.
    fn infer_special(&mut self, scope: &Scope<'a>, name: &Name) -> Option<Typed> {
        let span = name.span;
        Some(match name.text.as_str() {
            "是" => Typed::present(ExprKind::Literal(Literal::Bool(true)), Type::Bool, span),
            "否" => Typed::present(ExprKind::Literal(Literal::Bool(false)), Type::Bool, span),
            "无" => Typed::nothing(Literal::None, span),
            "免" => Typed::nothing(Literal::Exempt, span),
            "本人" | "本项" => match scope.subject() {
                Some(kind) => Typed::present(ExprKind::Subject, Type::Object(kind), span),
                None => self.not_here(name, "这里不是对某个对象的规则", "this rule is not about one subject"),
            },
            "其" => match scope.elements.last() {
                Some(binding) => element_of(binding, span),
                None => self.not_here(
                    name,
                    "“其”只用在集合里面（合计、其中 …）",
                    "其 stands for an element inside a collection",
                ),
            },
            "行" => match &scope.row {
                Some(binding) => element_of(binding, span),
                None => {
                    self.not_here(name, "“行”只用在“逐 …”的规则里", "行 stands for the row of a rule with 逐")
                }
            },
            _ => return None,
        })
    }

    fn not_here(&mut self, name: &Name, zh: &str, en: &str) -> Typed {
        self.error(codes::NOT_HERE, name.span, zh, en);
        Typed::unknown(name.span)
    }

    /// The item of the expected 名目 with this name.
    fn expected_item(&self, name: &str, expected: Option<&Type>) -> Option<(EnumId, u32)> {
        let Some(Type::Enum(wanted)) = expected else { return None };
        self.names.items.get(name)?.iter().find(|(id, _)| id == wanted).copied()
    }

    /// The places that have a name, innermost first.
    fn levels_with(&self, scope: &Scope<'a>, name: &str) -> Vec<Level> {
        let mut found = Vec::new();
        let mut by_row = false;
        for (position, binding) in scope.elements.iter().enumerate().rev() {
            let has = match &binding.element {
                Some(Type::Object(kind)) => self.kind_has(*kind, name),
                Some(Type::Row(table)) => {
                    by_row |= self.has_row_attribute(scope, *table, name);
                    self.column(*table, name).is_some() || self.has_row_attribute(scope, *table, name)
                }
                _ => false,
            };
            if has {
                let innermost = position + 1 == scope.elements.len();
                let word =
                    binding.alias.clone().unwrap_or_else(|| if innermost { "其" } else { "" }.to_owned());
                found.push(Level::Element(binding.clone(), word));
            }
        }
        match scope.place {
            // A value per row of the element's table is the one of that row.
            Place::Subject(kind) if self.kind_has(kind, name) && !by_row => found.push(Level::Subject(kind)),
            Place::Everybody if !by_row && !self.attributes_of(None, name).is_empty() => {
                found.push(Level::Everybody)
            }
            _ => {}
        }
        found
    }

    /// Has a kind a field, inverse collection or attribute of this name?
    pub(super) fn kind_has(&self, kind: KindId, name: &str) -> bool {
        self.names.members.contains_key(&(kind, name.to_owned()))
            || !self.attributes_of(Some(kind), name).is_empty()
            || !self.inverses_on(kind, name).is_empty()
    }

    /// The attributes of a kind (or of 全体) with a name: one per grain.
    pub(crate) fn attributes_of(&self, kind: Option<KindId>, name: &str) -> Vec<AttributeId> {
        let ids = self.names.attributes.get(name).into_iter().flatten();
        ids.copied().filter(|id| self.drafts[id.index()].kind == kind).collect()
    }

    fn has_row_attribute(&self, scope: &Scope<'a>, table: TableId, name: &str) -> bool {
        let ids = self.attributes_of(scope.subject(), name);
        ids.into_iter().any(|id| {
            let row = self.drafts[id.index()].row.as_ref();
            row.is_some_and(|row| row.element == Type::Row(table))
        })
    }

    pub(super) fn column(&self, table: TableId, name: &str) -> Option<u32> {
        let columns = &self.tables[table.index()].columns;
        columns.iter().position(|column| column.name == name).map(crate::checker::count)
    }

    fn infer_level(&mut self, scope: &Scope<'a>, mut levels: Vec<Level>, name: &'a Name) -> Typed {
        if levels.len() > 1 {
            self.two_meanings(&levels, name);
            return Typed::unknown(name.span);
        }
        match levels.pop() {
            Some(Level::Element(binding, _)) => {
                let base = element_of(&binding, name.span);
                self.infer_member(scope, base, name, name.span)
            }
            Some(Level::Subject(kind)) => {
                let base = Typed::present(ExprKind::Subject, Type::Object(kind), name.span);
                self.infer_member(scope, base, name, name.span)
            }
            Some(Level::Everybody) => {
                let ids = self.attributes_of(None, &name.text);
                self.read_attribute(scope, &ids, None, None, name)
            }
            None => Typed::unknown(name.span),
        }
    }

    fn two_meanings(&mut self, levels: &[Level], name: &Name) {
        let word = |level: &Level| match level {
            Level::Element(_, word) if word.is_empty() => format!("外层的{}（用“为”取名）", name.text),
            Level::Element(_, word) => format!("{word}.{}", name.text),
            Level::Subject(_) => format!("本人.{}", name.text),
            Level::Everybody => format!("全体的{}", name.text),
        };
        let words: Vec<String> = levels.iter().map(word).collect();
        let diagnostic = Diagnostic::error(
            codes::AMBIGUOUS_NAME,
            name.span,
            format!("“{}”有两个意思：{}", name.text, words.join(" 或 ")),
            format!("`{}` has two meanings: {}", name.text, words.join(" or ")),
        );
        let other = words.get(1).cloned().unwrap_or_default();
        let first = words[0].clone();
        self.report(
            diagnostic
                .help(
                    format!("要对象自己的值就写“{other}”"),
                    format!("for the subject's own value write `{other}`"),
                )
                .fix(name.span, first.clone(), format!("改成“{first}”"), format!("change to `{first}`")),
        );
    }

    /// Names that hold everywhere: 全体 attributes, parameters, tables, items, kinds, periods.
    fn infer_global(&mut self, scope: &Scope<'a>, name: &'a Name) -> Typed {
        if self.names.poisoned.contains(&name.text) {
            return Typed::unknown(name.span);
        }
        let everybody = self.attributes_of(None, &name.text);
        if !everybody.is_empty() && scope.place != Place::Constant {
            return self.read_attribute(scope, &everybody, None, None, name);
        }
        if let Some((global, _)) = self.names.globals.get(&name.text).copied() {
            return self.infer_global_name(scope, global, name);
        }
        match self.names.items.get(&name.text).map(Vec::as_slice) {
            Some(&[(id, ordinal)]) => return self.item(id, ordinal, name.span),
            Some(several) => {
                let several = several.to_vec();
                return self.shared_item(&several, name);
            }
            None => {}
        }
        if let Some(typed) = self.infer_period_word(scope, name) {
            return typed;
        }
        self.no_such_name(scope, name);
        Typed::unknown(name.span)
    }

    fn infer_global_name(&mut self, scope: &Scope<'a>, global: Global, name: &Name) -> Typed {
        self.note_global(name.span, global);
        match global {
            Global::Kind(kind) => self.all_of_kind(scope, kind, name.span),
            Global::Table(table) => self.all_rows(table, name.span),
            Global::Parameter(id) => {
                self.used.insert(Used::Parameter(id));
                let parameter = &self.parameters[id.index()];
                if !parameter.keys.is_empty() {
                    let hint = format!("{}(…)", name.text);
                    self.error(
                        codes::KEYED_PARAMETER,
                        name.span,
                        format!("参数“{}”按名目给出，要写明是哪一项：{hint}", name.text),
                        format!("the parameter `{}` is keyed; say which one: {hint}", name.text),
                    );
                    return Typed::unknown(name.span);
                }
                let ty = parameter.ty.clone();
                Typed::present(ExprKind::Parameter(id, Vec::new()), ty, name.span)
            }
            Global::Reading(id) => {
                self.used.insert(Used::Reading(id));
                let first = self.readings[id.index()].alternatives.first().cloned().unwrap_or_default();
                self.error(
                    codes::NOT_A_VALUE,
                    name.span,
                    format!("读法“{0}”要和它的一种读法比较，例如：{0} = {first}", name.text),
                    format!(
                        "compare the reading with one of its alternatives, such as {} = {first}",
                        name.text
                    ),
                );
                Typed::unknown(name.span)
            }
            Global::Formula(position) => {
                self.used.insert(Used::Formula(position));
                self.error(
                    codes::WRONG_CALL,
                    name.span,
                    format!("公式“{0}”要写参数：{0}(…)", name.text),
                    format!("the formula `{0}` needs its arguments: {0}(…)", name.text),
                );
                Typed::unknown(name.span)
            }
        }
    }

    fn shared_item(&mut self, several: &[(EnumId, u32)], name: &Name) -> Typed {
        let full: Vec<String> =
            several.iter().map(|(id, _)| format!("{}.{}", self.enums[id.index()].name, name.text)).collect();
        let list = full.join("、");
        let first = full[0].clone();
        self.report(
            Diagnostic::error(
                codes::AMBIGUOUS_ITEM,
                name.span,
                format!("几个名目里都有“{}”：写成 {list} 之一", name.text),
                format!("several 名目 have `{}`: write one of {list}", name.text),
            )
            .fix(
                name.span,
                first.clone(),
                format!("改成“{first}”"),
                format!("change to `{first}`"),
            ),
        );
        Typed::unknown(name.span)
    }

    /// A name nobody declared: a swallowed keyword, a name of another place, or a slip of the pen.
    fn no_such_name(&mut self, scope: &Scope<'a>, name: &Name) {
        const WHAT: (&str, &str) = ("字段、规则、参数或名目项", "field, rule, parameter or item");
        // 「」 has been reported by the reader.
        if name.text.is_empty() {
            return;
        }
        if self.diagnostics.len() >= limits::GUESSES {
            return self.unknown_name(codes::UNKNOWN_NAME, name, WHAT, None);
        }
        let known = |part: &str| {
            self.names.attributes.contains_key(part)
                || self.names.globals.contains_key(part)
                || self.names.items.contains_key(part)
                || self.names.members.keys().any(|(_, member)| member == part)
        };
        if let Some(spaced) = split_keyword(&name.text, known) {
            self.report(
                Diagnostic::error(
                    codes::SWALLOWED_KEYWORD,
                    name.span,
                    format!("“{}”被读成一个名称：关键词两边要空格", name.text),
                    format!("`{}` is read as one name: put spaces around the keyword", name.text),
                )
                .fix(
                    name.span,
                    spaced.clone(),
                    format!("改成“{spaced}”"),
                    format!("change to `{spaced}`"),
                ),
            );
            return;
        }
        if scope.place == Place::Constant && known(&name.text) {
            self.not_constant(name.span);
            return;
        }
        if let Some(row) = self.row_column(scope, &name.text) {
            self.unknown_name(codes::UNKNOWN_NAME, name, ("字段或规则", "field or rule"), Some(row));
            return;
        }
        if let Some(owner) = self.other_owner(scope, &name.text) {
            self.error(
                codes::UNKNOWN_NAME,
                name.span,
                format!("“{}”是“{owner}”的，这里的对象没有", name.text),
                format!("`{}` belongs to `{owner}`; the subject here does not have it", name.text),
            );
            return;
        }
        let close = self.closest(&name.text, self.names.all());
        self.unknown_name(codes::UNKNOWN_NAME, name, WHAT, close);
    }

    /// `行.x` for a column of the row in scope.
    fn row_column(&self, scope: &Scope<'a>, name: &str) -> Option<String> {
        match scope.row.as_ref()?.element {
            Some(Type::Row(table)) => self.column(table, name).map(|_| format!("行.{name}")),
            Some(Type::Object(kind)) => self.kind_has(kind, name).then(|| format!("行.{name}")),
            _ => None,
        }
    }

    /// The kind that has a name which the subject has not.
    fn other_owner(&self, scope: &Scope<'a>, name: &str) -> Option<String> {
        let member = self.names.members.keys().find(|(_, member)| member == name).map(|(kind, _)| *kind);
        let attribute = self.names.attributes.get(name).and_then(|ids| ids.first());
        let owner = member.or_else(|| attribute.and_then(|id| self.drafts[id.index()].kind))?;
        (scope.subject() != Some(owner)).then(|| self.kind_name(owner))
    }

    /// Which inverse collections of derived relations a kind has under a name.
    pub(super) fn inverses_on(&self, kind: KindId, name: &str) -> Vec<AttributeId> {
        use crate::draft::DraftType;
        let ids = self.names.inverses.get(name).into_iter().flatten().copied();
        ids.filter(|id| match &self.drafts[id.index()].ty {
            DraftType::Known(ty) => ty.base == Type::Object(kind),
            // Not known yet, or broken: it may be this one, and no second message is due.
            DraftType::Pending | DraftType::Broken => true,
        })
        .collect()
    }
}

/// The element bound by a binding.
pub(super) fn element_of(binding: &Binding, span: Span) -> Typed {
    match &binding.element {
        Some(element) => Typed::present(ExprKind::Variable(binding.variable), element.clone(), span),
        None => Typed::unknown(span),
    }
}

/// 本人 as an expression.
pub(super) fn is_subject(expr: &Expr) -> bool {
    matches!(expr.kind, ExprKind::Subject)
}

impl Checker<'_> {
    /// An item of a 名目.
    pub(super) fn item(&mut self, id: EnumId, ordinal: u32, span: Span) -> Typed {
        self.note_item(id, ordinal, span);
        Typed::present(ExprKind::Literal(Literal::Enum(id, ordinal)), Type::Enum(id), span)
    }

    /// Is a member a field that refers to another kind?
    pub(super) fn member_of(&self, kind: KindId, name: &str) -> Option<Member> {
        self.names.members.get(&(kind, name.to_owned())).map(|(member, _)| *member)
    }
}
