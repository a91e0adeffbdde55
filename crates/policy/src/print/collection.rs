//! Collections back as text.

use super::{Element, Elements, Level, Printer, name_into};
use crate::core::{Collection, Expr, FieldRef, Source, Type};
use hengjie_calendar::Grain;
use hengjie_syntax::keywords::Keyword;

impl Printer<'_> {
    /// A collection with its filters; `alias` names its elements.
    pub(super) fn collection(
        &self,
        collection: &Collection,
        alias: Option<String>,
        elements: &mut Elements,
        out: &mut String,
    ) {
        if let Some(take) = &collection.take {
            out.push_str(self.function("前"));
            out.push('(');
            self.expr(take, Level::Whole, elements, out);
            out.push_str(", ");
            self.filtered(collection, alias, elements, out);
            out.push(')');
        } else {
            self.filtered(collection, alias, elements, out);
        }
    }

    fn filtered(
        &self,
        collection: &Collection,
        alias: Option<String>,
        elements: &mut Elements,
        out: &mut String,
    ) {
        self.source(&collection.source, elements, out);
        if let Some(alias) = &alias {
            out.push_str(&format!(" {} {alias}", self.keyword(Keyword::As)));
        }
        for filter in collection.filters.iter().filter(|filter| self.settled(&filter.condition) != Some(true))
        {
            out.push_str(&format!(" {} ", self.keyword(Keyword::Where)));
            let members = !matches!(collection.element, Type::Period(_));
            elements.push(Element { variable: filter.variable, members, alias: alias.clone() });
            self.expr(&filter.condition, Level::Or, elements, out);
            elements.pop();
        }
    }

    fn source(&self, source: &Source, elements: &mut Elements, out: &mut String) {
        match source {
            Source::AllOf(kind) => {
                name_into(self.program.kinds.get(kind.index()).map_or("", |kind| kind.name.as_str()), out);
            }
            Source::Related { of, field } => {
                self.owner(of, elements, out);
                let inverse = self.field(*field).and_then(|field| field.inverse.as_deref());
                name_into(inverse.unwrap_or(""), out);
            }
            Source::RelatedByAttribute { of, attribute } => {
                self.owner(of, elements, out);
                let found = self.program.attributes.get(attribute.index());
                name_into(found.and_then(|found| found.inverse.as_deref()).unwrap_or(""), out);
            }
            Source::Rows(table) => {
                name_into(
                    self.program.tables.get(table.index()).map_or("", |table| table.name.as_str()),
                    out,
                );
            }
            Source::Attribute { attribute, subject, row } => {
                self.attribute(*attribute, subject.as_deref(), row.as_deref(), elements, out);
            }
            Source::Ancestors { of, field } => self.tree("上溯", of, *field, elements, out),
            Source::Descendants { of, field } => self.tree("下属", of, *field, elements, out),
            Source::PeriodsIn { grain, within } => {
                out.push_str(self.each(*grain));
                out.push('(');
                self.expr(within, Level::Whole, elements, out);
                out.push(')');
            }
            Source::History { include_current } => {
                out.push_str(self.value(if *include_current { "历期" } else { "往期" }));
            }
            Source::Recent { count, grain } => {
                out.push_str(self.function("近"));
                out.push('(');
                self.expr(count, Level::Whole, elements, out);
                out.push_str(&format!(", {})", self.each(*grain)));
            }
            Source::If { arms, otherwise } => self.choice_of(arms, otherwise.as_deref(), elements, out),
            Source::Holders { field, item } => self.holders(*field, *item, out),
            Source::List(items) => self.call_arguments(items, elements, out),
        }
    }

    fn choice_of(
        &self,
        arms: &[(Expr, Collection)],
        otherwise: Option<&Collection>,
        elements: &mut Elements,
        out: &mut String,
    ) {
        let open: Vec<&(Expr, Collection)> =
            arms.iter().filter(|(condition, _)| self.settled(condition) != Some(false)).collect();
        if let Some((_, part)) = open.first().filter(|(condition, _)| self.settled(condition) == Some(true)) {
            return self.collection(part, None, elements, out);
        }
        for (condition, part) in &open {
            out.push_str(&format!("{} ", self.keyword(Keyword::If)));
            self.expr(condition, Level::Or, elements, out);
            out.push_str(&format!(" {} ", self.keyword(Keyword::Then)));
            self.collection(part, None, elements, out);
            out.push(' ');
        }
        if let Some(part) = otherwise {
            if !open.is_empty() {
                out.push_str(&format!("{} ", self.keyword(Keyword::Else)));
            }
            self.collection(part, None, elements, out);
        }
    }

    fn holders(&self, field: FieldRef, item: u32, out: &mut String) {
        out.push_str(self.function("任职者"));
        out.push('(');
        if let Some(Type::Enum(id)) = self.field(field).map(|field| &field.ty) {
            let items = self.program.enums.get(id.index()).map(|found| &found.items);
            name_into(items.and_then(|items| items.get(item as usize)).map_or("", String::as_str), out);
        }
        out.push(')');
    }

    fn tree(&self, zh: &'static str, of: &Expr, field: FieldRef, elements: &mut Elements, out: &mut String) {
        out.push_str(self.function(zh));
        out.push('(');
        self.owner(of, elements, out);
        name_into(self.field(field).map_or("", |field| field.name.as_str()), out);
        out.push(')');
    }

    fn field(&self, field: FieldRef) -> Option<&crate::core::Field> {
        self.program.kinds.get(field.kind.index())?.fields.get(field.field as usize)
    }

    fn each(&self, grain: Grain) -> &'static str {
        self.function(match grain {
            Grain::Day => "各日",
            Grain::Week => "各周",
            Grain::Month => "各月",
            Grain::Quarter => "各季",
            Grain::HalfYear => "各半年",
            Grain::Year => "各年",
        })
    }
}
