//! Declarations: counter words, 名目, 资料, 表单 and their fields. Names first, so that order does not matter.

use crate::checker::{Checker, count};
use crate::codes;
use crate::core::{EnumId, Enumeration, Field, FieldRef, FieldTime, Kind, KindId, Ladder, Notation, Type};
use crate::limits;
use crate::symbols::{Global, Member};
use crate::types::{field_time, notation_of};
use hengjie_calendar::Grain;
use hengjie_quantity::BaseUnit;
use hengjie_syntax::ast::{self, EnumerationForm, FieldDecl, KindDecl, Name, StatementKind, TypeExpr};
use hengjie_syntax::{Diagnostic, Span};

/// The field of dated records that the system fills.
pub(crate) const DATE_FIELD: &str = "日期";

/// Counter of a kind that names none.
pub(crate) const PLAIN_COUNTER: &str = "个";

impl<'a> Checker<'a> {
    /// All declarations of the document.
    pub(crate) fn declare(&mut self) {
        self.collect_counters();
        self.declare_enumerations();
        self.declare_kinds();
        self.declare_quota_enums();
        self.declare_fields();
        self.declare_formulas();
        self.declare_parameters();
        self.declare_tables();
    }

    /// Counter words: `量词 户` and `计数(户)`.
    fn collect_counters(&mut self) {
        let mut words = Vec::new();
        let mut of_type = |ty: &TypeExpr| {
            if ty.name.text == "计数" {
                words.extend(ty.argument.as_ref().map(|word| word.text.clone()));
            }
        };
        for (_, statement) in &self.statements {
            match &statement.kind {
                StatementKind::Kind(kind) => kind.fields.iter().for_each(|field| of_type(&field.ty)),
                StatementKind::Form(form) => form.fields.iter().for_each(|field| of_type(&field.ty)),
                StatementKind::Table(table) => table.columns.iter().for_each(|field| of_type(&field.ty)),
                StatementKind::Parameter(parameter) => of_type(&parameter.ty),
                StatementKind::Formula { params, .. } => params.iter().for_each(|(_, ty)| of_type(ty)),
                _ => {}
            }
        }
        for (_, statement) in &self.statements {
            if let StatementKind::Kind(KindDecl { counter: Some(counter), .. }) = &statement.kind {
                words.push(counter.text.clone());
            }
        }
        words.sort();
        words.dedup();
        self.counters = words;
    }

    fn declare_enumerations(&mut self) {
        let declared: Vec<&'a ast::Enumeration> = self
            .statements
            .iter()
            .filter_map(|(_, statement)| match &statement.kind {
                StatementKind::Enumeration(enumeration) => Some(enumeration),
                _ => None,
            })
            .collect();
        for enumeration in &declared {
            match &enumeration.form {
                EnumerationForm::Ordered(names) => {
                    self.declare_items(&enumeration.name, names.iter().rev(), true)
                }
                EnumerationForm::Unordered(names) => {
                    self.declare_items(&enumeration.name, names.iter(), false)
                }
                EnumerationForm::Ladder { .. } => {}
            }
        }
        for enumeration in &declared {
            if let EnumerationForm::Ladder { base, steps } = &enumeration.form {
                self.declare_ladder(&enumeration.name, base, steps);
            }
        }
    }

    fn declare_items<'n>(&mut self, name: &Name, items: impl Iterator<Item = &'n Name>, ordered: bool) {
        let mut texts: Vec<(String, Span)> = Vec::new();
        for item in items {
            if let Some((_, place)) = texts.iter().find(|(text, _)| *text == item.text) {
                let place = *place;
                self.report(
                    Diagnostic::error(
                        codes::DUPLICATE_NAME,
                        item.span,
                        format!("名目“{}”里“{}”写了两次", name.text, item.text),
                        format!("`{}` stands twice in `{}`", item.text, name.text),
                    )
                    .label(place, "另一处", "the other place"),
                );
                continue;
            }
            texts.push((item.text.clone(), item.span));
        }
        let items = texts.into_iter().map(|(text, _)| text).collect();
        self.add_enumeration(name, items, ordered, None, false);
    }

    /// `名目 岗档: 等级 逐 6档`
    fn declare_ladder(&mut self, name: &Name, base: &Name, steps: &ast::NumberLit) {
        let Some(base_id) = self.names.enumeration(&base.text) else {
            self.names.poisoned.insert(name.text.clone());
            let close = self.closest(&base.text, self.names.enums.keys().map(String::as_str));
            self.unknown_name(codes::UNKNOWN_NAME, base, ("名目", "名目"), close);
            return;
        };
        let lower = self.enums[base_id.index()].clone();
        let number =
            steps.value.to_i128().and_then(|value| u32::try_from(value).ok()).filter(|value| *value > 0);
        let fits =
            |steps: &u32| lower.items.len().saturating_mul(*steps as usize) <= limits::ENUMERATION_ITEMS;
        let Some(steps) = number.filter(fits) else {
            self.names.poisoned.insert(name.text.clone());
            self.error(
                codes::LIMIT,
                steps.span,
                "档数应是不大的正整数",
                "the steps must be a small positive whole number",
            );
            return;
        };
        if !lower.ordered {
            self.error(
                codes::NOT_ORDERED,
                base.span,
                format!("名目“{}”没有高低（用 > 连接），不能逐档", base.text),
                format!("`{}` is not ordered (join its items with >) and cannot have steps", base.text),
            );
        }
        let items = lower
            .items
            .iter()
            .flat_map(|item| (1..=steps).map(move |step| format!("{item}{step}档")))
            .collect();
        self.add_enumeration(name, items, true, Some(Ladder { base: base_id, steps }), false);
    }

    /// Adds a 名目 with its items, lowest first.
    pub(crate) fn add_enumeration(
        &mut self,
        name: &Name,
        items: Vec<String>,
        ordered: bool,
        ladder: Option<Ladder>,
        implicit: bool,
    ) -> Option<EnumId> {
        if let Some((_, place)) = self.names.enums.get(&name.text).copied() {
            self.report(
                Diagnostic::error(
                    codes::DUPLICATE_NAME,
                    name.span,
                    format!("名目“{}”声明了两次", name.text),
                    format!("the 名目 `{}` is declared twice", name.text),
                )
                .label(place, "先在这里声明", "first declared here"),
            );
            return None;
        }
        if items.len() > limits::ENUMERATION_ITEMS {
            self.names.poisoned.insert(name.text.clone());
            self.error(codes::LIMIT, name.span, "名目的项太多", "too many items");
            return None;
        }
        let id = EnumId(count(self.enums.len()));
        for (ordinal, item) in items.iter().enumerate() {
            self.names.items.entry(item.clone()).or_default().push((id, count(ordinal)));
        }
        self.names.enums.insert(name.text.clone(), (id, name.span));
        self.enums.push(Enumeration {
            name: name.text.clone(),
            items,
            ordered,
            ladder,
            implicit,
            span: name.span,
        });
        Some(id)
    }

    fn declare_kinds(&mut self) {
        for (_, statement) in self.statements.clone() {
            match &statement.kind {
                StatementKind::Kind(decl) => {
                    let grains: Vec<Grain> = decl.grain.into_iter().collect();
                    match self.adopted_kind(&decl.name) {
                        Some(kind) => self.extend_kind(kind, decl),
                        None => {
                            let counter =
                                decl.counter.as_ref().map_or(PLAIN_COUNTER, |word| word.text.as_str());
                            self.declare_kind(&decl.name, counter, grains);
                        }
                    }
                }
                StatementKind::Form(decl) => self.declare_kind(&decl.name, "份", decl.context.grains.clone()),
                _ => {}
            }
        }
    }

    fn declare_kind(&mut self, name: &Name, counter: &str, grains: Vec<Grain>) {
        let id = KindId(count(self.kinds.len()));
        if !self.declare_global(name, Global::Kind(id)) {
            return;
        }
        let counter = BaseUnit::count(counter).zh().to_owned();
        self.kinds.push(Kind {
            name: name.text.clone(),
            counter,
            grains,
            tree: None,
            fields: Vec::new(),
            form: None,
            span: name.span,
        });
    }

    /// The kind that a declaration made; `None` for a second declaration of a name.
    pub(crate) fn declared_kind(&self, name: &Name) -> Option<KindId> {
        match self.names.globals.get(&name.text) {
            Some((Global::Kind(kind), place)) if *place == name.span => Some(*kind),
            _ => self.adopted_kind(name),
        }
    }

    fn declare_fields(&mut self) {
        for (_, statement) in self.statements.clone() {
            match &statement.kind {
                StatementKind::Kind(decl) => {
                    let Some(kind) = self.declared_kind(&decl.name) else { continue };
                    self.add_fields(kind, &decl.fields);
                    self.add_system_date(kind, &decl.name);
                    self.mark_tree(kind, decl.tree.as_ref());
                }
                StatementKind::Form(decl) => self.declare_form(decl),
                _ => {}
            }
        }
    }

    /// Dated records have their day as a field.
    fn add_system_date(&mut self, kind: KindId, name: &Name) {
        let dated = self.kinds[kind.index()].grains.contains(&Grain::Day);
        let known = self.names.members.contains_key(&(kind, DATE_FIELD.to_owned()));
        if dated && !known {
            let field = Name { text: DATE_FIELD.to_owned(), span: name.span };
            self.add_field(kind, &field, Type::Date, FieldTime::Static, None, false, None);
        }
    }

    fn mark_tree(&mut self, kind: KindId, tree: Option<&Name>) {
        let Some(tree) = tree else { return };
        let position = self.kinds[kind.index()].fields.iter().position(|field| field.name == tree.text);
        match position {
            Some(position) if self.kinds[kind.index()].fields[position].ty == Type::Object(kind) => {
                self.kinds[kind.index()].tree = Some(count(position));
            }
            _ => {
                let owner = self.kind_name(kind);
                self.error(
                    codes::UNKNOWN_MEMBER,
                    tree.span,
                    format!("“树”要写一个类型为“{owner}”的字段"),
                    format!("树 needs a field of type `{owner}`"),
                );
            }
        }
    }

    /// The fields of a 资料 or 表单.
    pub(crate) fn add_fields(&mut self, kind: KindId, fields: &'a [FieldDecl]) {
        for decl in fields {
            let Some(ty) = self.read_type(&decl.ty) else {
                self.names.poisoned.extend(decl.names.iter().map(|name| name.text.clone()));
                self.names.poisoned.extend(decl.inverse.iter().map(|name| name.text.clone()));
                continue;
            };
            let range = self.read_range(&decl.ty, &ty);
            let notation = notation_of(&decl.ty);
            for name in &decl.names {
                let added = self.add_field(
                    kind,
                    name,
                    ty.clone(),
                    field_time(decl.ty.time),
                    range.clone(),
                    decl.is_key,
                    None,
                );
                if let Some(field) = added {
                    self.kinds[kind.index()].fields[field.field as usize].notation = notation;
                }
                if let (Some(field), Some(inverse)) = (added, &decl.inverse) {
                    self.add_inverse(field, inverse);
                }
            }
        }
    }

    /// Adds one field; `None` when the name is taken.
    #[expect(clippy::too_many_arguments, reason = "one argument per part of a field")]
    pub(crate) fn add_field(
        &mut self,
        kind: KindId,
        name: &Name,
        ty: Type,
        time: FieldTime,
        range: Option<crate::types::Range>,
        is_key: bool,
        inverse: Option<String>,
    ) -> Option<FieldRef> {
        let position = count(self.kinds[kind.index()].fields.len());
        if !self.declare_member(kind, name, Member::Field(position)) {
            return None;
        }
        self.kinds[kind.index()].fields.push(Field {
            name: name.text.clone(),
            ty,
            time,
            inverse,
            range,
            is_key,
            notation: Notation::Usual,
            span: name.span,
        });
        Some(FieldRef { kind, field: position })
    }

    /// `反称 NAME` of a field.
    pub(crate) fn add_inverse(&mut self, field: FieldRef, inverse: &Name) {
        let place = &mut self.kinds[field.kind.index()].fields[field.field as usize];
        let Type::Object(target) = place.ty else {
            let (zh, en) =
                self.type_name(&self.kinds[field.kind.index()].fields[field.field as usize].ty.clone());
            self.error(
                codes::TYPE_MISMATCH,
                inverse.span,
                format!("反称只用于指向资料的字段，这个字段是{zh}"),
                format!("反称 is for fields that refer to a kind; this one is {en}"),
            );
            self.names.poisoned.insert(inverse.text.clone());
            return;
        };
        if self.declare_member(target, inverse, Member::Inverse(field)) {
            self.kinds[field.kind.index()].fields[field.field as usize].inverse = Some(inverse.text.clone());
        }
    }

    fn declare_formulas(&mut self) {
        for (_, statement) in self.statements.clone() {
            if let StatementKind::Formula { name, params, body } = &statement.kind {
                let position = self.formulas.len();
                if self.declare_global(name, Global::Formula(position)) {
                    self.formulas.push(crate::checker::Formula { name, params, body });
                }
            }
        }
    }
}
