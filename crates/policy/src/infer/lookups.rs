//! Tables in expressions: 查表, 累进, 插值.

use super::scope::Scope;
use crate::checker::{Checker, count};
use crate::codes;
use crate::core::{Cell, ExprKind, TableId, Type};
use crate::index::Symbol;
use crate::symbols::{Global, Used};
use crate::typed::Typed;
use hengjie_quantity::Rational;
use hengjie_syntax::ast::{self, Argument, Name};
use hengjie_syntax::{Diagnostic, Span};

impl<'a> Checker<'a> {
    /// `查表(t, k).列`, `累进(t, x).列`, `插值(t, x).列`; `None` for other calls.
    pub(super) fn infer_table_column(
        &mut self,
        scope: &Scope<'a>,
        function: &'a Name,
        arguments: &'a [Argument],
        column: &Name,
        span: Span,
    ) -> Option<Typed> {
        match function.text.as_str() {
            "查表" => {
                let Some((table, keys)) = self.table_argument(function, arguments) else {
                    return Some(Typed::unknown(span));
                };
                if self.asked(column.span) {
                    self.probe_columns(table);
                }
                let Some(position) = self.column(table, &column.text) else {
                    self.unknown_column(table, column);
                    return Some(Typed::unknown(span));
                };
                self.note(column.span, Symbol::Column(table, position));
                let Some(keys) = self.lookup_keys(scope, table, keys, function.span) else {
                    return Some(Typed::unknown(span));
                };
                let ty = self.tables[table.index()].columns[position as usize].ty.clone();
                if self.tables[table.index()].columns[position as usize].interval {
                    self.error(
                        codes::NOT_A_VALUE,
                        column.span,
                        format!("列“{}”是区间，不能取作值", column.text),
                        format!("the column `{}` holds intervals, not values", column.text),
                    );
                    return Some(Typed::unknown(span));
                }
                let optional = !self.covered[table.index()];
                Some(Typed::new(ExprKind::Lookup { table, keys, column: position }, ty, optional, span))
            }
            "累进" | "插值" => Some(self.infer_graduated(scope, function, arguments, Some(column), span)),
            _ => None,
        }
    }

    fn unknown_column(&mut self, table: TableId, column: &Name) {
        let declared = &self.tables[table.index()];
        let close = self.closest(&column.text, declared.columns.iter().map(|column| column.name.as_str()));
        let (zh, en) = (format!("表“{}”", declared.name), format!("the table `{}`", declared.name));
        self.unknown_in(codes::UNKNOWN_MEMBER, column, (&zh, &en), ("列", "column"), close);
    }

    /// `查表(t, k…)` without a column: the row.
    pub(super) fn infer_lookup(
        &mut self,
        scope: &Scope<'a>,
        name: &'a Name,
        arguments: &'a [Argument],
        span: Span,
    ) -> Typed {
        let Some((table, keys)) = self.table_argument(name, arguments) else { return Typed::unknown(span) };
        self.infer_lookup_row(scope, table, keys, span).unwrap_or(Typed::unknown(span))
    }

    /// The row of a table with these keys. `None` after an error.
    pub(super) fn infer_lookup_row(
        &mut self,
        scope: &Scope<'a>,
        table: TableId,
        keys: &'a [Argument],
        span: Span,
    ) -> Option<Typed> {
        let keys = self.lookup_keys(scope, table, keys, span)?;
        let optional = !self.covered[table.index()];
        Some(Typed::new(ExprKind::LookupRow { table, keys }, Type::Row(table), optional, span))
    }

    /// The table named by the first argument, and the others.
    fn table_argument(
        &mut self,
        name: &Name,
        arguments: &'a [Argument],
    ) -> Option<(TableId, &'a [Argument])> {
        let Some((first, rest)) = arguments.split_first() else {
            self.wrong_call(name, "第一个参数是表名", "the first argument is a table");
            return None;
        };
        let ast::ExprKind::Name(table) = &first.value.kind else {
            self.wrong_call(name, "第一个参数是表名", "the first argument is a table");
            return None;
        };
        if self.asked(table.span) {
            self.probe_globals(|global| matches!(global, Global::Table(_)));
        }
        match self.table_named(&table.text) {
            Some(id) => {
                self.used.insert(Used::Table(id));
                self.note(table.span, Symbol::Table(id));
                Some((id, rest))
            }
            None => {
                if !self.names.poisoned.contains(&table.text) {
                    let close =
                        self.closest(&table.text, self.tables.iter().map(|table| table.name.as_str()));
                    self.unknown_name(codes::UNKNOWN_NAME, table, ("表", "table"), close);
                }
                None
            }
        }
    }

    fn lookup_keys(
        &mut self,
        scope: &Scope<'a>,
        table: TableId,
        keys: &'a [Argument],
        span: Span,
    ) -> Option<Vec<crate::core::Expr>> {
        let wanted: Vec<Type> = {
            let declared = &self.tables[table.index()];
            declared.columns.iter().take(declared.keys as usize).map(|column| column.ty.clone()).collect()
        };
        if wanted.len() != keys.len() {
            let declared = &self.tables[table.index()];
            let names: Vec<&str> =
                declared.columns.iter().take(wanted.len()).map(|column| column.name.as_str()).collect();
            let (zh, en) = (
                format!("表“{}”的键是 {}，写了 {} 个", declared.name, names.join("、"), keys.len()),
                format!("the keys of `{}` are {}; found {}", declared.name, names.join(", "), keys.len()),
            );
            self.error(codes::WRONG_CALL, span, zh, en);
            return None;
        }
        let mut values = Vec::new();
        let mut broken = false;
        for (ty, key) in wanted.iter().zip(keys) {
            let typed = self.infer(scope, &key.value, Some(ty));
            let typed = self.present(typed);
            self.expect_same(ty, &typed);
            broken |= typed.base() != Some(ty);
            values.push(typed.expr);
        }
        (!broken).then_some(values)
    }

    /// 累进(t, x), 插值(t, x)
    pub(super) fn infer_graduated(
        &mut self,
        scope: &Scope<'a>,
        name: &'a Name,
        arguments: &'a [Argument],
        column: Option<&Name>,
        span: Span,
    ) -> Typed {
        let Some((table, rest)) = self.table_argument(name, arguments) else { return Typed::unknown(span) };
        let [value] = rest else {
            return self.wrong_call(
                name,
                "写成：累进(表, 值)、插值(表, 值)",
                "write: 累进(table, value), 插值(table, value)",
            );
        };
        let progressive = name.text == "累进";
        let Some(position) = self.graduated_column(table, name, column) else { return Typed::unknown(span) };
        let value = self.infer(scope, &value.value, None);
        let value = self.number(value);
        let declared = &self.tables[table.index()];
        let (key, result) = (declared.columns[0].clone(), declared.columns[position as usize].ty.clone());
        if key.interval != progressive || declared.keys != 1 || !matches!(key.ty, Type::Number(_)) {
            let (zh, en) = if progressive {
                ("“累进”的表要以一列区间为键", "累进 needs a table with one key column of intervals")
            } else {
                ("“插值”的表要以一列数为键", "插值 needs a table with one key column of numbers")
            };
            self.report(Diagnostic::error(codes::TABLE_COLUMN, name.span, zh, en).label(
                declared.span,
                "表在这里",
                "the table is here",
            ));
            return Typed::unknown(span);
        }
        self.expect_same(&key.ty, &value);
        let (Type::Number(unit), Some(value_unit)) = (&result, value.unit().cloned()) else {
            return Typed::unknown(span);
        };
        if progressive {
            let base = Type::Number(value_unit.multiply(unit));
            let optional = !self.starts_at_zero(table);
            let kind = ExprKind::Marginal { table, rate: position, value: Box::new(value.expr) };
            return Typed::new(kind, base, optional, span);
        }
        Typed::new(
            ExprKind::Interpolate { table, column: position, value: Box::new(value.expr) },
            result,
            true,
            span,
        )
    }

    /// The column named, or the only column of numbers beside the keys.
    fn graduated_column(&mut self, table: TableId, name: &Name, column: Option<&Name>) -> Option<u32> {
        let declared = &self.tables[table.index()];
        if let Some(column) = column {
            if self.asked(column.span) {
                self.probe_columns(table);
            }
            let found = self.column(table, &column.text);
            match found {
                Some(position) => self.note(column.span, Symbol::Column(table, position)),
                None => self.unknown_column(table, column),
            }
            return found.filter(|position| {
                matches!(self.tables[table.index()].columns[*position as usize].ty, Type::Number(_))
            });
        }
        let numbers: Vec<u32> = declared
            .columns
            .iter()
            .enumerate()
            .skip(declared.keys as usize)
            .filter(|(_, column)| matches!(column.ty, Type::Number(_)))
            .map(|(position, _)| count(position))
            .collect();
        match numbers.as_slice() {
            [one] => Some(*one),
            _ => {
                self.wrong_call(
                    name,
                    "表里不止一列（或没有）数：写明是哪一列，如 累进(表, 值).费率",
                    "the table has no or several columns of numbers: name one, such as 累进(table, x).rate",
                );
                None
            }
        }
    }

    /// Do the bands begin at 0 (or below) and leave nothing out above?
    fn starts_at_zero(&self, table: TableId) -> bool {
        let rows = &self.tables[table.index()].rows;
        let lows = rows.iter().filter_map(|row| match row.cells.first() {
            Some(Cell::Interval { low, .. }) => Some(low.as_ref().map(|bound| bound.value.clone())),
            _ => None,
        });
        let begins = lows.into_iter().any(|low| low.is_none_or(|low| low <= Rational::ZERO));
        let open =
            rows.iter().any(|row| matches!(row.cells.first(), Some(Cell::Interval { high: None, .. })));
        begins && open
    }
}
