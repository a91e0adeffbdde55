//! 得: what must come out.

use super::world::{When, World};
use crate::checker::Checker;
use crate::codes;
use crate::core::{ArticleId, AttributeId, ExampleExpectation, KindId, Type};
use crate::draft::{DraftType, Form};
use hengjie_calendar::Period;
use hengjie_syntax::ast::{Expectation, ExpectationKind, Expr, MarkdownTable, Name};
use hengjie_syntax::{Diagnostic, Span};

impl<'a> Checker<'a> {
    /// One 得 line or table.
    pub(super) fn read_expectation(
        &mut self,
        world: &mut World,
        expectation: &'a Expectation,
        out: &mut Vec<ExampleExpectation>,
    ) {
        match &expectation.kind {
            ExpectationKind::Value { subject, attribute, row, when, value, because } => {
                let when = self.when(when.as_ref());
                self.expect_value(
                    world,
                    (subject, attribute, row.as_ref()),
                    when,
                    (value, because.as_ref(), expectation.span),
                    out,
                );
            }
            ExpectationKind::Table { when, table, because } => {
                let when = self.when(when.as_ref());
                self.expect_table(world, when, table, because.as_ref(), out);
            }
        }
    }

    fn expect_value(
        &mut self,
        world: &mut World,
        (subject, attribute, row): (&Name, &Name, Option<&Name>),
        when: Option<When>,
        (value, because, span): (&'a Expr, Option<&Name>, Span),
        out: &mut Vec<ExampleExpectation>,
    ) {
        let Some((id, ty)) = self.expected_attribute(world, subject, attribute, when) else { return };
        if !self.row_matches(id, attribute, row) {
            return;
        }
        let Some(found) = self.example_value(world, value, &ty) else { return };
        let because = because.and_then(|cite| self.because(id, cite));
        let Some(period) = self.expected_period(world, id, when) else { return };
        out.push(ExampleExpectation {
            attribute: id,
            key: (subject.text != "全体").then(|| subject.text.clone()),
            row: row.map(|row| row.text.clone()),
            period,
            value: found,
            because,
            span,
        });
    }

    /// The period of an expectation: `Some(None)` for attributes without one.
    #[expect(
        clippy::option_option,
        reason = "an error and an attribute without period are different answers"
    )]
    fn expected_period(&self, world: &World, id: AttributeId, when: Option<When>) -> Option<Option<Period>> {
        match self.drafts[id.index()].grain {
            None => Some(None),
            Some(grain) => self.period_of(world, Some(grain), when).map(Some),
        }
    }

    /// The attribute a 得 line means, with its type.
    fn expected_attribute(
        &mut self,
        world: &mut World,
        subject: &Name,
        attribute: &Name,
        when: Option<When>,
    ) -> Option<(AttributeId, Type)> {
        let everybody = subject.text == "全体";
        if self.asked(attribute.span) {
            let kinds = world.subjects.get(&subject.text).cloned().unwrap_or_default();
            self.probe_results(&kinds.into_iter().collect::<Vec<_>>(), everybody);
        }
        let all = self.names.attributes.get(&attribute.text).cloned().unwrap_or_default();
        if all.is_empty() {
            if !self.names.poisoned.contains(&attribute.text) {
                let close = self.closest(&attribute.text, self.names.attributes.keys().map(String::as_str));
                self.unknown_name(codes::EXAMPLE_NAME, attribute, ("规则", "rule"), close);
            }
            return None;
        }
        let kinds = world.subjects.get(&subject.text).cloned().unwrap_or_default();
        let kind_of = |id: &AttributeId| self.drafts[id.index()].kind;
        let mut candidates: Vec<AttributeId> = all
            .iter()
            .copied()
            .filter(|id| match kind_of(id) {
                None => everybody,
                Some(kind) => !everybody && (kinds.is_empty() || kinds.contains(&kind)),
            })
            .collect();
        candidates.dedup();
        let owners: Vec<Option<KindId>> = candidates.iter().map(kind_of).collect();
        if candidates.is_empty() || owners.iter().any(|owner| *owner != owners[0]) {
            self.not_of_subject(subject, attribute, kind_of(&all[0]));
            return None;
        }
        if kinds.is_empty() && !everybody {
            self.check_subject(world, subject);
        }
        let id = self.attribute_at(world, &candidates, attribute, when)?;
        self.note_attribute(attribute.span, id);
        if let (Some(kind), false) = (self.drafts[id.index()].kind, everybody) {
            world.refer(kind, &subject.text);
        }
        match &self.drafts[id.index()].ty {
            DraftType::Known(ty) => Some((id, ty.base.clone())),
            _ => None,
        }
    }

    /// A subject nobody gave: a slip of the pen when a given one is close.
    fn check_subject(&mut self, world: &World, subject: &Name) {
        if let Some(close) = self.closest(&subject.text, world.subjects.keys().map(String::as_str)) {
            self.unknown_name(
                codes::EXAMPLE_NAME,
                subject,
                ("对象（在这个示例里）", "subject in this example"),
                Some(close),
            );
        }
    }

    fn not_of_subject(&mut self, subject: &Name, attribute: &Name, owner: Option<KindId>) {
        let owner = owner.map_or("全体".to_owned(), |kind| self.kind_name(kind));
        self.error(
            codes::EXAMPLE_NAME,
            attribute.span,
            format!("“{}”是“{owner}”的，不是“{}”的", attribute.text, subject.text),
            format!("`{}` belongs to `{owner}`, not to `{}`", attribute.text, subject.text),
        );
    }

    /// Is there a row exactly when the attribute has rows, and does its table have it?
    fn row_matches(&mut self, id: AttributeId, attribute: &Name, row: Option<&Name>) -> bool {
        let draft = &self.drafts[id.index()];
        match (&draft.rows, row) {
            (None, None) => true,
            (None, Some(row)) => {
                self.error(
                    codes::EXAMPLE_ROW,
                    row.span,
                    format!("“{}”不是逐行的规则，不能带括号", attribute.text),
                    format!("`{}` has no rows", attribute.text),
                );
                false
            }
            (Some(written), None) => {
                let written = written.clone();
                self.error(
                    codes::EXAMPLE_ROW,
                    attribute.span,
                    format!("“{0}”逐“{written}”有值：写明哪一行，如 {0}(键)", attribute.text),
                    format!(
                        "`{0}` has one value per row of `{written}`: say which, such as {0}(key)",
                        attribute.text
                    ),
                );
                false
            }
            (Some(_), Some(row)) => self.row_known(id, row),
        }
    }

    fn row_known(&mut self, id: AttributeId, row: &Name) -> bool {
        let Some(Type::Row(table)) = self.drafts[id.index()].row.as_ref().map(|rows| rows.element.clone())
        else {
            return true;
        };
        let first = self.tables[table.index()].columns.first().map(|column| column.ty.clone());
        if let Some(Type::Enum(id)) = first
            && let Some(item) = self.enums[id.index()].items.iter().position(|item| *item == row.text)
        {
            self.note_item(id, crate::checker::count(item), row.span);
        }
        let labels: Vec<String> = self.tables[table.index()]
            .rows
            .iter()
            .filter_map(|row| row.cells.first().and_then(|cell| self.cell_label(cell)))
            .collect();
        if labels.is_empty() || labels.contains(&row.text) {
            return true;
        }
        let close = self.closest(&row.text, labels.iter().map(String::as_str));
        let owner = self.tables[table.index()].name.clone();
        let (zh, en) = (format!("表“{owner}”"), format!("`{owner}`"));
        self.unknown_in(codes::EXAMPLE_ROW, row, (&zh, &en), ("行", "row"), close);
        false
    }

    /// The text of a key cell that a name can match.
    fn cell_label(&self, cell: &crate::core::Cell) -> Option<String> {
        use crate::core::{Cell, Literal};
        match cell {
            Cell::Value(Literal::Enum(id, ordinal)) => {
                self.enums[id.index()].items.get(*ordinal as usize).cloned()
            }
            Cell::Value(Literal::Text(text)) => Some(text.clone()),
            _ => None,
        }
    }

    /// 因: the article must have a rule of the attribute.
    fn because(&mut self, id: AttributeId, cite: &Name) -> Option<ArticleId> {
        let article = self.resolve_article(cite)?;
        let draft = &self.drafts[id.index()];
        let mut articles = vec![draft.article];
        if let Form::Defined(cases) = &draft.form {
            articles.extend(cases.iter().map(|case| case.article));
        }
        if articles.contains(&article) {
            return Some(article);
        }
        let place = draft.name.span;
        let name = draft.name.text.clone();
        let own = self.articles[draft.article.index()].cite.clone();
        self.report(
            Diagnostic::error(
                codes::EXAMPLE_BECAUSE,
                cite.span,
                format!("“{}”里没有“{name}”的规则（在“{own}”）", cite.text),
                format!("`{}` has no rule of `{name}` (it stands in `{own}`)", cite.text),
            )
            .label(place, "规则在这里", "the rule is here"),
        );
        None
    }

    /// `得 [于 period]` with a table: first column the subject, the others rules.
    fn expect_table(
        &mut self,
        world: &mut World,
        when: Option<When>,
        table: &'a MarkdownTable,
        because: Option<&Name>,
        out: &mut Vec<ExampleExpectation>,
    ) {
        let headings: Vec<_> = table.header.iter().map(|name| self.heading(name)).collect();
        for row in &table.rows {
            let Some(subject) = row.first() else { continue };
            for (heading, cell) in headings.iter().zip(row).skip(1) {
                if cell.text.trim().is_empty() {
                    continue;
                }
                let (name, label) = row_of_heading(&heading.name);
                let Some((id, ty)) = self.expected_attribute(world, subject, &name, when) else { continue };
                if !self.row_matches(id, &name, label.as_ref()) {
                    continue;
                }
                let Ok(Some(value)) = self.example_cell(world, cell, &ty, heading.unit.as_ref()) else {
                    continue;
                };
                let Some(period) = self.expected_period(world, id, when) else { continue };
                let because = because.and_then(|cite| self.because(id, cite));
                out.push(ExampleExpectation {
                    attribute: id,
                    key: (subject.text != "全体").then(|| subject.text.clone()),
                    row: label.map(|label| label.text),
                    period,
                    value,
                    because,
                    span: cell.span,
                });
            }
        }
    }
}

/// `符合(高级)` in a heading: the rule and its row.
fn row_of_heading(name: &Name) -> (Name, Option<Name>) {
    let split = name.text.strip_suffix([')', '）']).and_then(|rest| rest.split_once(['(', '（']));
    match split {
        Some((rule, row)) => {
            let named = |text: &str| Name { text: text.trim().to_owned(), span: name.span };
            (named(rule), Some(named(row)))
        }
        None => (name.clone(), None),
    }
}
