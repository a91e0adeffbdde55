//! The items of a 名目 that a rule can give.

use hengjie_policy::core::{
    AttributeId, Body, Case, Cell, EnumId, Expr, ExprKind, Literal, Program, QuotaForm, TableId,
};
use std::collections::BTreeSet;

/// Adds the items that one attribute can give by itself: those written in its rule, in the column of a table that it
/// takes, in its seats.
pub(super) fn given(program: &Program, attribute: AttributeId, of: EnumId, items: &mut BTreeSet<u32>) {
    match &program.attributes[attribute.index()].body {
        Body::Defined { exceptions, general } => {
            exceptions.iter().chain(general).for_each(|case| of_case(program, case, of, items));
        }
        Body::State { first, next } => {
            of_expr(program, first, of, items);
            next.iter().for_each(|case| of_case(program, case, of, items));
        }
        Body::Quota(quota) if quota.of == of => match &quota.form {
            QuotaForm::Lines(lines) => items.extend(lines.iter().map(|line| line.item)),
            QuotaForm::Each { shares, .. } => items.extend(shares.iter().map(|(item, _)| *item)),
        },
        _ => {}
    }
}

fn of_case(program: &Program, case: &Case, of: EnumId, items: &mut BTreeSet<u32>) {
    of_expr(program, &case.value, of, items);
}

/// The items in the positions of an expression that can become its value.
fn of_expr(program: &Program, expr: &Expr, of: EnumId, items: &mut BTreeSet<u32>) {
    match &expr.kind {
        ExprKind::Literal(Literal::Enum(own, item)) if *own == of => {
            items.insert(*item);
        }
        ExprKind::If { arms, otherwise } => {
            arms.iter().for_each(|(_, value)| of_expr(program, value, of, items));
            of_expr(program, otherwise, of, items);
        }
        ExprKind::OrNone(value, default) | ExprKind::OrMissing(value, default) => {
            of_expr(program, value, of, items);
            of_expr(program, default, of, items);
        }
        ExprKind::Cell(_, table, column) | ExprKind::Lookup { table, column, .. } => {
            of_column(program, *table, *column, of, items);
        }
        _ => {}
    }
}

fn of_column(program: &Program, table: TableId, column: u32, of: EnumId, items: &mut BTreeSet<u32>) {
    for row in &program.tables[table.index()].rows {
        if let Some(Cell::Value(Literal::Enum(own, item))) = row.cells.get(column as usize)
            && *own == of
        {
            items.insert(*item);
        }
    }
}
