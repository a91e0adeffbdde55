//! Names where they are declared, and names that statements mention outside expressions.

use super::record::global_symbol;
use super::{Occurrence, Symbol};
use crate::checker::{Checker, count};
use crate::core::{ArticleId, KindId, TableId, Type};
use crate::draft::{Draft, Form};
use crate::symbols::{Global, Member};
use hengjie_syntax::Span;
use hengjie_syntax::ast::{EnumerationForm, Name, StatementKind, TableDecl};

impl<'a> Checker<'a> {
    fn declared(&mut self, span: Span, symbol: Symbol) {
        if let Some(recorder) = &mut self.recorder {
            recorder.occurrences.push(Occurrence { span, symbol, declares: true });
        }
    }

    /// Notes every declaration. Nothing without a recorder.
    pub(super) fn note_declarations(&mut self) {
        if self.recorder.is_none() {
            return;
        }
        let mut found: Vec<(Span, Symbol)> = Vec::new();
        found.extend(self.names.globals.values().map(|(global, span)| (*span, global_symbol(*global))));
        // The 名目 that a quota makes has the name of the quota: one name, one symbol.
        let written = |id: &crate::core::EnumId| !self.enums[id.index()].implicit;
        let enums = self.names.enums.values().filter(|(id, _)| written(id));
        found.extend(enums.map(|(id, span)| (*span, Symbol::Enumeration(*id))));
        found.extend(self.declared_members());
        for (position, formula) in self.formulas.iter().enumerate() {
            let params = formula.params.iter().enumerate();
            found.extend(
                params.map(|(at, (name, _))| (name.span, Symbol::Argument(count(position), count(at)))),
            );
        }
        for (position, section) in self.document.sections.iter().enumerate() {
            if !section.cite.is_empty() {
                found.push((section.heading.span, Symbol::Article(ArticleId(count(position)))));
            }
        }
        for (span, symbol) in found {
            self.declared(span, symbol);
        }
        self.declared_rules();
        for (_, statement) in self.statements.clone() {
            match &statement.kind {
                StatementKind::Enumeration(decl) => self.declared_items(&decl.name, &decl.form),
                StatementKind::Table(decl) => self.declared_columns(decl),
                StatementKind::Reading(decl) => {
                    let Some((Global::Reading(id), place)) = self.names.globals.get(&decl.name.text).copied()
                    else {
                        continue;
                    };
                    if place != decl.name.span {
                        continue;
                    }
                    for (at, name) in decl.alternatives.iter().enumerate() {
                        self.declared(name.span, Symbol::Alternative(id, count(at)));
                    }
                    let chosen = decl.alternatives.iter().position(|name| name.text == decl.chosen.text);
                    if let Some(chosen) = chosen {
                        self.note(decl.chosen.span, Symbol::Alternative(id, count(chosen)));
                    }
                }
                StatementKind::Kind(decl) => self.noted_tree(&decl.name, decl.tree.as_ref()),
                _ => {}
            }
        }
    }

    /// Fields and inverses; those that the system adds stand nowhere in the text.
    fn declared_members(&self) -> Vec<(Span, Symbol)> {
        let written = |(kind, _): &(KindId, String), span: Span| {
            self.kinds.get(kind.index()).is_none_or(|kind| kind.span != span)
        };
        let members = self.names.members.iter().filter(|(key, (_, span))| written(key, *span));
        members
            .map(|((kind, _), (member, span))| match member {
                Member::Field(field) => {
                    (*span, Symbol::Field(crate::core::FieldRef { kind: *kind, field: *field }))
                }
                Member::Inverse(field) => (*span, Symbol::Inverse(*field)),
            })
            .collect()
    }

    fn noted_tree(&mut self, kind: &Name, tree: Option<&Name>) {
        let (Some(kind), Some(tree)) = (self.declared_kind(kind), tree) else { return };
        if let Some((Member::Field(field), _)) = self.names.members.get(&(kind, tree.text.clone())).copied() {
            self.note(tree.span, Symbol::Field(crate::core::FieldRef { kind, field }));
        }
    }

    fn declared_items(&mut self, name: &Name, form: &EnumerationForm) {
        let Some((id, place)) = self.names.enums.get(&name.text).copied() else { return };
        if place != name.span {
            return;
        }
        match form {
            EnumerationForm::Ordered(items) | EnumerationForm::Unordered(items) => {
                for item in items {
                    let known = &self.enums[id.index()].items;
                    if let Some(ordinal) = known.iter().position(|text| *text == item.text) {
                        self.declared(item.span, Symbol::Item(id, count(ordinal)));
                    }
                }
            }
            EnumerationForm::Ladder { base, .. } => {
                if let Some(base_id) = self.names.enumeration(&base.text) {
                    self.note(base.span, Symbol::Enumeration(base_id));
                }
            }
        }
    }

    fn declared_columns(&mut self, decl: &TableDecl) {
        let Some((Global::Table(id), place)) = self.names.globals.get(&decl.name.text).copied() else {
            return;
        };
        if place != decl.name.span {
            return;
        }
        let headings = decl.table.iter().flat_map(|table| &table.header);
        let headings: Vec<Name> = headings.map(|heading| self.heading(heading).name).collect();
        let across = decl.across.iter().flat_map(|(dimension, value)| [dimension, value]);
        let declares: Vec<Name> = headings.into_iter().chain(across.cloned()).collect();
        let sum = decl.sum.iter().flat_map(|sum| sum.column.iter().chain(&sum.by));
        let fields = decl.columns.iter().flat_map(|field| &field.names);
        let mentions: Vec<Name> = decl.keys.iter().chain(sum).chain(fields).cloned().collect();
        for name in declares {
            match self.column_named(id, &name.text) {
                Some(column) => self.declared(name.span, Symbol::Column(id, column)),
                None => self.noted_heading(id, &name),
            }
        }
        for name in mentions {
            if let Some(column) = self.column_named(id, &name.text) {
                self.note(name.span, Symbol::Column(id, column));
            }
        }
    }

    fn column_named(&self, table: TableId, name: &str) -> Option<u32> {
        self.tables[table.index()].columns.iter().position(|column| column.name == name).map(count)
    }

    /// A heading of a 横 table is a key: an item.
    fn noted_heading(&mut self, table: TableId, heading: &Name) {
        let types = self.tables[table.index()].columns.iter().map(|column| column.ty.clone());
        for ty in types.collect::<Vec<_>>() {
            let Type::Enum(id) = ty else { continue };
            let items = &self.enums[id.index()].items;
            if let Some(ordinal) = items.iter().position(|item| *item == heading.text) {
                self.note_item(id, count(ordinal), heading.span);
                return;
            }
        }
    }

    /// Definitions, totals, rankings, quotas and splits, and what their statements mention.
    fn declared_rules(&mut self) {
        let mut declared: Vec<(Span, Symbol)> = Vec::new();
        let mut noted: Vec<(Span, Symbol)> = Vec::new();
        for (position, draft) in self.drafts.iter().enumerate() {
            let rule = Symbol::Rule(count(position));
            match &draft.form {
                Form::Defined(cases) => {
                    declared.extend(cases.iter().map(|case| (case.definition.name.span, rule)));
                }
                Form::Total { parts, .. } => {
                    declared.push((draft.name.span, rule));
                    let into = parts.iter().filter_map(|part| part.case.definition.contributes.as_ref());
                    noted.extend(into.map(|into| (into.total.span, rule)));
                }
                Form::Rank { .. } | Form::Split { .. } => declared.push((draft.name.span, rule)),
                Form::Quota { decl, ranking, .. } => {
                    declared.push((draft.name.span, rule));
                    noted.push((decl.ranking.span, Symbol::Rule(ranking.0)));
                }
            }
            if let Some(inverse) = draft.inverse {
                declared.push((inverse.span, Symbol::RuleInverse(count(position))));
            }
            for (span, symbol, own) in self.quota_items(draft) {
                if own { declared.push((span, symbol)) } else { noted.push((span, symbol)) }
            }
        }
        declared.into_iter().for_each(|(span, symbol)| self.declared(span, symbol));
        noted.into_iter().for_each(|(span, symbol)| self.note(span, symbol));
    }

    /// The items a quota names, and whether it declares them: when no 名目 has them.
    fn quota_items(&self, draft: &Draft<'a>) -> Vec<(Span, Symbol, bool)> {
        let Form::Quota { decl, of, .. } = &draft.form else { return Vec::new() };
        let known = &self.enums[of.index()];
        let item = |(name, own): (&Name, bool)| {
            let ordinal = known.items.iter().position(|item| *item == name.text)?;
            Some((name.span, Symbol::Item(*of, count(ordinal)), own && known.implicit))
        };
        let grades = decl.lines.iter().map(|line| &line.grade).chain(&decl.rest).map(|name| (name, true));
        let others = decl.lines.iter().filter_map(|line| line.fill_from.as_ref()).map(|name| (name, false));
        grades.chain(others).filter_map(item).collect()
    }
}
