//! 表单: a record kind with its subject, points columns, total and who fills it.

use crate::checker::{Checker, count};
use crate::codes;
use crate::core::{FieldTime, Form, KindId, Type};
use crate::draft::Owner;
use hengjie_quantity::{BaseUnit, Rational, Unit};
use hengjie_syntax::ast::{Expr, FormDecl, Name, PointsColumns, StatementKind};
use hengjie_syntax::{Diagnostic, Span};

/// The field that holds the subject of a form.
pub(crate) const SUBJECT_FIELD: &str = "对象";
/// The field that holds who fills the form in.
pub(crate) const FILLER_FIELD: &str = "填写人";
/// The field of the sum of the points columns.
pub(crate) const TOTAL_FIELD: &str = "总分";

impl<'a> Checker<'a> {
    /// The fields of a form; its filter and 填 expressions are checked by [`Checker::finish_forms`].
    pub(crate) fn declare_form(&mut self, decl: &'a FormDecl) {
        let Some(kind) = self.declared_kind(&decl.name) else { return };
        let subject = match self.read_owner(&decl.context.subject) {
            Some((Owner::Kind(subject), _)) => subject,
            Some((Owner::Everybody, _)) => {
                self.error(
                    codes::CONTEXT,
                    decl.context.span,
                    "表单要对某一种资料，不能对全体",
                    "a form is about the subjects of a kind, not about everybody",
                );
                return;
            }
            None => return,
        };
        let named = |text: &str| Name { text: text.to_owned(), span: decl.name.span };
        let field = named(SUBJECT_FIELD);
        let Some(subject_field) =
            self.add_field(kind, &field, Type::Object(subject), FieldTime::Static, None, false, None)
        else {
            return;
        };
        if let Some(inverse) = &decl.inverse {
            self.add_inverse(subject_field, inverse);
        }
        if !decl.fills.is_empty() {
            let written = decl.fills.iter().flat_map(|fill| &fill.people).find_map(|people| {
                self.object_kind(people, Some(subject))
                    .or_else(|| self.element_kind(people, Some(subject), 0))
            });
            let people = written.or_else(|| self.people_kind()).unwrap_or(subject);
            self.add_field(
                kind,
                &named(FILLER_FIELD),
                Type::Object(people),
                FieldTime::Static,
                None,
                false,
                None,
            );
        }
        let first = self.kinds[kind.index()].fields.len();
        self.add_fields(kind, &decl.fields);
        let points =
            decl.points.as_ref().map(|columns| self.points_columns(kind, first, columns)).unwrap_or_default();
        let total =
            decl.points.as_ref().and_then(|columns| self.total_field(kind, columns, &points, &decl.name));
        self.kinds[kind.index()].form = Some(Form {
            subject: subject_field.field,
            subject_filter: None,
            points,
            total,
            fills: Vec::new(),
            signatures: decl.signatures.iter().map(|name| name.text.clone()).collect(),
        });
    }

    /// The kind that 适用 speaks of: people fill forms.
    fn people_kind(&self) -> Option<KindId> {
        let scope = self.statements.iter().find_map(|(_, statement)| match &statement.kind {
            StatementKind::Scope(expr) => Some(expr),
            _ => None,
        })?;
        let mut head = scope;
        while let hengjie_syntax::ast::ExprKind::Where(base, _) = &head.kind {
            head = base;
        }
        match &head.kind {
            hengjie_syntax::ast::ExprKind::Name(name) => self.names.kind(&name.text),
            _ => None,
        }
    }

    /// The points columns: from the table under 栏目, or the declared fields of type 分 with a range.
    fn points_columns(
        &mut self,
        kind: KindId,
        first: usize,
        columns: &PointsColumns,
    ) -> Vec<(u32, Rational)> {
        let point = Unit::of(BaseUnit::Point);
        let Some(table) = &columns.table else {
            let fields = self.kinds[kind.index()].fields.iter().enumerate().skip(first);
            return fields
                .filter(|(_, field)| field.ty == Type::Number(point.clone()))
                .filter_map(|(index, field)| {
                    field.range.as_ref().map(|(_, high)| (count(index), high.clone()))
                })
                .collect();
        };
        let Some(cells) = table.rows.first().filter(|_| table.rows.len() == 1) else {
            self.error(
                codes::NO_TABLE,
                table.span,
                "“栏目”下面的表要正好一行：各栏的满分",
                "the table under 栏目 has exactly one row: the maximum of each column",
            );
            return Vec::new();
        };
        let mut points = Vec::new();
        let readable: Vec<Option<Rational>> =
            cells.iter().map(|cell| self.read_points(cell, &point)).collect();
        if readable.contains(&None) {
            return Vec::new();
        }
        for (name, most) in table.header.iter().zip(readable.into_iter().flatten()) {
            let range = Some((Rational::ZERO, most.clone()));
            let ty = Type::Number(point.clone());
            if let Some(field) = self.add_field(kind, name, ty, FieldTime::Static, range, false, None) {
                points.push((field.field, most));
            }
        }
        points
    }

    fn read_points(&mut self, cell: &Name, point: &Unit) -> Option<Rational> {
        match hengjie_quantity::parse_quantity_cell(&cell.text) {
            Some(quantity) if quantity.unit == *point => Some(quantity.value),
            _ => {
                self.report(
                    Diagnostic::error(
                        codes::CELL,
                        cell.span,
                        format!("“{}”不是分数", cell.text),
                        format!("`{}` is not a number of points", cell.text),
                    )
                    .help("写成 20分", "write 20分"),
                );
                None
            }
        }
    }

    /// The field 总分, and the check that the columns add up to the full mark.
    fn total_field(
        &mut self,
        kind: KindId,
        columns: &PointsColumns,
        points: &[(u32, Rational)],
        name: &Name,
    ) -> Option<u32> {
        let point = Unit::of(BaseUnit::Point);
        let full = self.number_of(&columns.full, &point)?;
        let sum = points.iter().fold(Rational::ZERO, |sum, (_, most)| &sum + most);
        if sum != full && !points.is_empty() {
            let (sum_text, full_text) = (
                hengjie_quantity::format_quantity(&sum, &point, hengjie_quantity::Lang::Zh),
                hengjie_quantity::format_quantity(&full, &point, hengjie_quantity::Lang::Zh),
            );
            self.error(
                codes::TABLE_SUM,
                columns.full.span,
                format!("各栏满分合计 {sum_text}，不是 {full_text}"),
                format!("the columns add up to {sum_text}, not {full_text}"),
            );
        }
        let total = Name { text: TOTAL_FIELD.to_owned(), span: name.span };
        let range = Some((Rational::ZERO, full));
        let field =
            self.add_field(kind, &total, Type::Number(point), FieldTime::Static, range, false, None)?;
        Some(field.field)
    }

    /// Checks filters and 填 of the forms, once all attributes have their types.
    pub(crate) fn finish_forms(&mut self) {
        for (article, statement) in self.statements.clone() {
            let StatementKind::Form(decl) = &statement.kind else { continue };
            let Some(kind) = self.declared_kind(&decl.name) else { continue };
            let Some(Form { subject, .. }) = self.kinds[kind.index()].form else { continue };
            let Type::Object(owner) = self.kinds[kind.index()].fields[subject as usize].ty else { continue };
            let grain = decl.context.grains.first().copied();
            let mut scope = self.subject_scope(Some(owner), grain, article);
            let conditions =
                self.read_owner(&decl.context.subject).map(|(_, conditions)| conditions).unwrap_or_default();
            let filter = self.conditions(&mut scope, &conditions);
            let mut fills = Vec::new();
            for fill in &decl.fills {
                scope.grain = Some(fill.grain);
                for people in &fill.people {
                    if let Some(expr) = self.fill(&scope, people, kind) {
                        fills.push((expr, fill.grain));
                    }
                }
                self.check_fill_grain(kind, fill.grain, fill.span);
            }
            if let Some(form) = &mut self.kinds[kind.index()].form {
                form.subject_filter = crate::rules::all_of(&filter);
                form.fills = fills;
            }
        }
    }

    fn check_fill_grain(&mut self, kind: KindId, grain: hengjie_calendar::Grain, span: Span) {
        if !self.kinds[kind.index()].grains.contains(&grain) {
            self.error(
                codes::OTHER_PERIOD,
                span,
                format!("“填 … {}”与表单的周期不同", grain.zh()),
                format!("the form is not {}", grain.en()),
            );
        }
    }

    /// Who fills a form in: a collection of people over the subject, or one person.
    fn fill(
        &mut self,
        scope: &crate::infer::Scope<'a>,
        people: &'a Expr,
        kind: KindId,
    ) -> Option<crate::core::Expr> {
        let typed = self.infer(scope, people, None);
        let filler =
            self.kinds[kind.index()].fields.iter().find(|field| field.name == FILLER_FIELD)?.ty.clone();
        let base = typed.base()?.clone();
        let element = match &base {
            Type::Collection(element) => element.as_ref(),
            other => other,
        };
        if *element != filler {
            let ((zh, en), (want_zh, want_en)) = (self.type_name(&base), self.type_name(&filler));
            self.error(
                codes::TYPE_MISMATCH,
                people.span,
                format!("“填”要写{want_zh}，这里是{zh}"),
                format!("填 needs {want_en}, found {en}"),
            );
            return None;
        }
        Some(match base {
            Type::Collection(_) => typed.expr,
            _ => crate::infer::list_of(typed.expr),
        })
    }
}
