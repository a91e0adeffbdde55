//! `base.name`: fields, columns, attributes, inverse collections, parts of periods and ladders.

use super::scope::Scope;
use crate::checker::Checker;
use crate::codes;
use crate::core::{
    AttributeId, Collection, ExprKind, FieldRef, FieldTime, Function, KindId, Literal, Source, Type,
};
use crate::draft::DraftType;
use crate::index::Symbol;
use crate::symbols::{Global, Member, Used};
use crate::typed::Typed;
use hengjie_calendar::Grain;
use hengjie_quantity::{BaseUnit, Unit};
use hengjie_syntax::ast::{self, Name};
use hengjie_syntax::{Diagnostic, Span};

impl<'a> Checker<'a> {
    /// `base.name`
    pub(super) fn infer_field(
        &mut self,
        scope: &Scope<'a>,
        base: &'a ast::Expr,
        name: &'a Name,
        span: Span,
    ) -> Typed {
        if let ast::ExprKind::Name(owner) = &base.kind
            && let Some(typed) = self.infer_item_of(scope, owner, name, span)
        {
            return typed;
        }
        if let ast::ExprKind::Call(function, arguments) = &base.kind
            && let Some(typed) = self.infer_table_column(scope, function, arguments, name, span)
        {
            return typed;
        }
        let base = self.infer(scope, base, None);
        self.infer_member(scope, base, name, span)
    }

    /// `等级.高级`, unless something nearer is called 等级 and has such a member.
    fn infer_item_of(&mut self, scope: &Scope<'a>, owner: &Name, name: &Name, span: Span) -> Option<Typed> {
        if matches!(owner.text.as_str(), "其" | "行" | "本人" | "本项") || self.is_object_name(scope, owner)
        {
            return None;
        }
        let id = self.names.enumeration(&owner.text)?;
        self.note(owner.span, Symbol::Enumeration(id));
        if self.asked(name.span) {
            self.probe_items(id);
        }
        let items = &self.enums[id.index()].items;
        match items.iter().position(|text| *text == name.text) {
            Some(ordinal) => {
                let ordinal = crate::checker::count(ordinal);
                self.note_item(id, ordinal, name.span);
                Some(Typed::present(ExprKind::Literal(Literal::Enum(id, ordinal)), Type::Enum(id), span))
            }
            None if matches!(name.text.as_str(), "基级" | "档次") => None,
            None => {
                let close = self.closest(&name.text, items.iter().map(String::as_str));
                let (zh, en) = (format!("“{}”", owner.text), format!("`{}`", owner.text));
                self.unknown_in(codes::UNKNOWN_MEMBER, name, (&zh, &en), ("项", "item"), close);
                Some(Typed::unknown(span))
            }
        }
    }

    /// Is a name an object here (a field such as 区域 that shares its name with a 名目 or kind)?
    fn is_object_name(&self, scope: &Scope<'a>, owner: &Name) -> bool {
        let of_kind = |kind: KindId| match self.member_of(kind, &owner.text) {
            Some(Member::Field(field)) => {
                matches!(self.kinds[kind.index()].fields[field as usize].ty, Type::Object(_))
            }
            Some(Member::Inverse(_)) => true,
            None => false,
        };
        let element = scope.elements.last().and_then(|binding| match binding.element {
            Some(Type::Object(kind)) => Some(kind),
            _ => None,
        });
        scope.subject().into_iter().chain(element).any(of_kind)
    }

    /// A member of a typed base.
    pub(super) fn infer_member(&mut self, scope: &Scope<'a>, base: Typed, name: &Name, span: Span) -> Typed {
        let Some(ty) = base.base().cloned() else { return Typed::unknown(span) };
        // A bare name is asked for as an operand.
        if self.asked(name.span) && base.span().end < name.span.start {
            self.probe_member(&ty, scope.grain);
        }
        match ty {
            Type::Object(kind) => self.infer_object_member(scope, base, kind, name, span),
            Type::Row(table) => match self.column(table, &name.text) {
                Some(column) => {
                    self.note(name.span, Symbol::Column(table, column));
                    self.read_cell(base, table, column, span)
                }
                None => self.infer_row_attribute(scope, base, table, name, span),
            },
            Type::Period(_) => self.infer_period_part(base, name, span),
            Type::Enum(id) => self.infer_ladder_part(base, id, name, span),
            other => {
                let (zh, en) = self.type_name(&other);
                let mut diagnostic = Diagnostic::error(
                    codes::UNKNOWN_MEMBER,
                    name.span,
                    format!("{zh}没有“{}”", name.text),
                    format!("{en} has no `{}`", name.text),
                );
                if matches!(other, Type::Collection(_)) {
                    diagnostic = diagnostic.help(
                        "集合要先取一个：首个(…)，或用合计、平均等",
                        "take one element first: 首个(…), or use 合计, 平均 …",
                    );
                }
                self.report(diagnostic);
                Typed::unknown(span)
            }
        }
    }

    fn infer_object_member(
        &mut self,
        scope: &Scope<'a>,
        base: Typed,
        kind: KindId,
        name: &Name,
        span: Span,
    ) -> Typed {
        match self.member_of(kind, &name.text) {
            Some(Member::Field(field)) => {
                self.note(name.span, Symbol::Field(FieldRef { kind, field }));
                return self.read_field(scope, base, FieldRef { kind, field }, name, span);
            }
            Some(Member::Inverse(field)) => {
                self.note(name.span, Symbol::Inverse(field));
                let source = Source::Related { of: Box::new(base.expr), field };
                return self.records(scope, source, field.kind, name, span);
            }
            None => {}
        }
        let attributes = self.attributes_of(Some(kind), &name.text);
        if !attributes.is_empty() {
            return self.read_attribute(scope, &attributes, Some(base), None, name);
        }
        let inverses = self.inverses_on(kind, &name.text);
        if !inverses.is_empty() {
            return self.derived_inverse(scope, &inverses, base, name, span);
        }
        if !self.names.poisoned.contains(&name.text) {
            let own: Vec<&str> = self.names.members_of(kind).collect();
            let rules = self
                .drafts
                .iter()
                .filter(|draft| draft.kind == Some(kind))
                .map(|draft| draft.name.text.as_str());
            let close = self.closest(&name.text, own.into_iter().chain(rules));
            let owner = self.kind_name(kind);
            let (zh, en) = (format!("“{owner}”"), format!("`{owner}`"));
            self.unknown_in(codes::UNKNOWN_MEMBER, name, (&zh, &en), ("字段或规则", "field or rule"), close);
        }
        Typed::unknown(span)
    }

    /// A field, read in the period of the scope.
    fn read_field(
        &mut self,
        scope: &Scope<'a>,
        base: Typed,
        field: FieldRef,
        name: &Name,
        span: Span,
    ) -> Typed {
        let declared = &self.kinds[field.kind.index()].fields[field.field as usize];
        let (ty, time) = (declared.ty.clone(), declared.time);
        match time {
            FieldTime::Every(grain) if scope.grain != Some(grain) => {
                self.other_period(scope, name, grain);
                return Typed::unknown(span);
            }
            FieldTime::Dated if scope.grain.is_none() && !scope.any_period => {
                self.error(
                    codes::NOT_HERE,
                    name.span,
                    format!("“{}”随日期变化，这里没有期间：在“对 …”后面写每月、每年等", name.text),
                    format!(
                        "`{}` changes over time and there is no period here: add 每月, 每年 … to the 对 line",
                        name.text
                    ),
                );
                return Typed::unknown(span);
            }
            _ => {}
        }
        let optional = base.optional();
        Typed::new(ExprKind::Field(Box::new(base.expr), field), ty, optional, span)
    }

    /// An error for a value that belongs to periods of another grain.
    pub(super) fn other_period(&mut self, scope: &Scope<'a>, name: &Name, grain: Grain) {
        let diagnostic = match scope.grain {
            Some(here) => {
                let (zh, en) = (here.zh(), here.en());
                let hint = if grain < here {
                    format!("合计(各{}(本{}), {})", grain.noun_zh(), here.noun_zh(), name.text)
                } else {
                    format!("于(本{}, {})", grain.noun_zh(), name.text)
                };
                Diagnostic::error(
                    codes::OTHER_PERIOD,
                    name.span,
                    format!("“{}”是{}的，这里是{zh}的规则", name.text, grain.zh()),
                    format!("`{}` is {}, this rule is {en}", name.text, grain.en()),
                )
                .help(format!("例如：{hint}"), format!("for example: {hint}"))
            }
            None => Diagnostic::error(
                codes::OTHER_PERIOD,
                name.span,
                format!("“{}”是{}的，这里没有期间", name.text, grain.zh()),
                format!("`{}` is {} and there is no period here", name.text, grain.en()),
            )
            .help(format!("在“对 …”后面写“{}”", grain.zh()), format!("add {} to the 对 line", grain.zh())),
        };
        self.report(diagnostic);
    }

    /// Records of a kind as a collection; the context must see the periods of the records.
    pub(super) fn records(
        &mut self,
        scope: &Scope<'a>,
        source: Source,
        kind: KindId,
        name: &Name,
        span: Span,
    ) -> Typed {
        let grains = self.kinds[kind.index()].grains.clone();
        let seen = grains.is_empty()
            || grains.contains(&Grain::Day)
            || scope.any_period
            || scope.grain.is_some_and(|grain| grains.contains(&grain));
        if !seen {
            self.other_period(scope, name, grains[0]);
            return Typed::unknown(span);
        }
        collection(source, Type::Object(kind), span)
    }

    /// The inverse of a derived relation.
    fn derived_inverse(
        &mut self,
        scope: &Scope<'a>,
        inverses: &[AttributeId],
        base: Typed,
        name: &Name,
        span: Span,
    ) -> Typed {
        let fits = |id: &&AttributeId| {
            let grain = self.drafts[id.index()].grain;
            grain.is_none() || grain == scope.grain
        };
        let Some(&attribute) = inverses.iter().find(fits) else {
            if let Some(grain) = self.drafts[inverses[0].index()].grain {
                self.other_period(scope, name, grain);
            }
            return Typed::unknown(span);
        };
        self.note(name.span, Symbol::RuleInverse(attribute.0));
        let draft = &self.drafts[attribute.index()];
        let (DraftType::Known(_), Some(kind)) = (&draft.ty, draft.kind) else { return Typed::unknown(span) };
        let source = Source::RelatedByAttribute { of: Box::new(base.expr), attribute };
        collection(source, Type::Object(kind), span)
    }

    fn read_cell(&mut self, base: Typed, table: crate::core::TableId, column: u32, span: Span) -> Typed {
        self.used.insert(Used::Table(table));
        let ty = self.tables[table.index()].columns[column as usize].ty.clone();
        let optional = base.optional();
        Typed::new(ExprKind::Cell(Box::new(base.expr), table, column), ty, optional, span)
    }

    /// 始, 末, 天数 of a period.
    fn infer_period_part(&mut self, base: Typed, name: &Name, span: Span) -> Typed {
        let (function, ty) = match name.text.as_str() {
            "始" | "start" => (Function::PeriodStart, Type::Date),
            "末" | "end" => (Function::PeriodEnd, Type::Date),
            "天数" | "days" => (Function::PeriodDays, Type::Number(Unit::of(BaseUnit::Day))),
            _ => {
                let close =
                    Some("末".to_owned()).filter(|_| name.text.contains('末') || name.text.contains('终'));
                self.unknown_name(
                    codes::UNKNOWN_MEMBER,
                    name,
                    ("期间的部分（始、末、天数）", "part of a period"),
                    close,
                );
                return Typed::unknown(span);
            }
        };
        let optional = base.optional();
        Typed::new(ExprKind::Call(function, vec![base.expr]), ty, optional, span)
    }

    /// 基级, 档次 of a ladder.
    fn infer_ladder_part(&mut self, base: Typed, id: crate::core::EnumId, name: &Name, span: Span) -> Typed {
        let ladder = self.enums[id.index()].ladder;
        let (function, ty) = match (name.text.as_str(), ladder) {
            ("基级" | "base", Some(ladder)) => (Function::LadderBase, Type::Enum(ladder.base)),
            ("档次" | "step", Some(_)) => {
                (Function::LadderStep, Type::Number(Unit::of(BaseUnit::count("档"))))
            }
            _ => {
                let owner = self.enums[id.index()].name.clone();
                let (zh, en) = (format!("“{owner}”"), format!("`{owner}`"));
                self.unknown_in(codes::UNKNOWN_MEMBER, name, (&zh, &en), ("部分", "part"), None);
                return Typed::unknown(span);
            }
        };
        let optional = base.optional();
        Typed::new(ExprKind::Call(function, vec![base.expr]), ty, optional, span)
    }

    /// Is a name a table?
    pub(super) fn table_named(&self, name: &str) -> Option<crate::core::TableId> {
        match self.names.globals.get(name) {
            Some((Global::Table(table), _)) => Some(*table),
            _ => None,
        }
    }
}

/// A collection as a typed expression.
pub(super) fn collection(source: Source, element: Type, span: Span) -> Typed {
    let collection = Collection { source, filters: Vec::new(), take: None, element: element.clone() };
    Typed::present(ExprKind::Collection(Box::new(collection)), Type::Collection(Box::new(element)), span)
}
