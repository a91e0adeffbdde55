//! The items of a 名目 that a rule can give.

use hengjie_policy::core::{
    AggregateOperation, AttributeId, Body, Case, Cell, EnumId, Expr, ExprKind, Function, Literal, Program,
    QuotaForm, TableId,
};
use std::collections::BTreeSet;

/// Tells the item of an expression that names none itself: `升(现任等级, 1级)`.
pub(super) type Reads<'r, 'p> = &'r mut dyn FnMut(AttributeId, &'p Expr) -> Option<u32>;

/// Adds the items that one attribute can give by itself: those written in its rule, in the column of a table that it
/// takes, in its seats, and what a step up or down leads to.
pub(super) fn given<'p>(
    program: &'p Program,
    attribute: AttributeId,
    of: EnumId,
    reads: Reads<'_, 'p>,
    items: &mut BTreeSet<u32>,
) {
    let mut found = Found { program, attribute, of, reads, items };
    match &program.attributes[attribute.index()].body {
        Body::Defined { exceptions, general } => found.cases(exceptions.iter().chain(general)),
        Body::State { first, next } => {
            found.value(first);
            found.cases(next.iter());
        }
        Body::Quota(quota) if quota.of == of => match &quota.form {
            QuotaForm::Lines(lines) => found.items.extend(lines.iter().map(|line| line.item)),
            QuotaForm::Each { shares, .. } => found.items.extend(shares.iter().map(|(item, _)| *item)),
        },
        _ => {}
    }
}

struct Found<'f, 'r, 'p> {
    program: &'p Program,
    attribute: AttributeId,
    of: EnumId,
    reads: Reads<'r, 'p>,
    items: &'f mut BTreeSet<u32>,
}

impl<'p> Found<'_, '_, 'p> {
    fn cases(&mut self, cases: impl Iterator<Item = &'p Case>) {
        cases.for_each(|case| self.value(&case.value));
    }

    /// The items in the positions of an expression that can become its value.
    fn value(&mut self, expr: &'p Expr) {
        match &expr.kind {
            ExprKind::Literal(Literal::Enum(own, item)) if *own == self.of => {
                self.items.insert(*item);
            }
            ExprKind::If { arms, otherwise } => {
                arms.iter().for_each(|(_, value)| self.value(value));
                self.value(otherwise);
            }
            ExprKind::OrNone(value, default) | ExprKind::OrMissing(value, default) => {
                self.value(value);
                self.value(default);
            }
            ExprKind::Cell(_, table, column) | ExprKind::Lookup { table, column, .. } => {
                self.column(*table, *column);
            }
            ExprKind::Aggregate(aggregate) if picks_one(aggregate.operation) => {
                aggregate.body.iter().for_each(|body| self.value(body));
            }
            ExprKind::Call(Function::Promote | Function::Demote, _) => {
                self.items.extend((self.reads)(self.attribute, expr));
            }
            _ => {}
        }
    }

    fn column(&mut self, table: TableId, column: u32) {
        for row in &self.program.tables[table.index()].rows {
            if let Some(Cell::Value(Literal::Enum(own, item))) = row.cells.get(column as usize)
                && *own == self.of
            {
                self.items.insert(*item);
            }
        }
    }
}

/// Is the result of an aggregate one of the values it goes through?
fn picks_one(operation: AggregateOperation) -> bool {
    use AggregateOperation::{First, Last, Max, Min, Nth};
    matches!(operation, First | Last | Nth | Max | Min)
}

/// Is a result only carried over from another period: `上年级档 = 上期(有效级档) 无则 入轨级档`, or read off such a result?
/// Nobody rises in it.
pub(super) fn is_carried(program: &Program, attribute: AttributeId) -> bool {
    match &program.attributes[attribute.index()].body {
        Body::Defined { exceptions, general } => {
            exceptions.iter().chain(general).all(|case| is_carried_value(program, &case.value))
        }
        _ => false,
    }
}

/// Results of one period depend on each other without a loop, so this ends.
fn is_carried_value(program: &Program, expr: &Expr) -> bool {
    match &expr.kind {
        ExprKind::At { .. } => true,
        ExprKind::Attribute { attribute, .. } => is_carried(program, *attribute),
        ExprKind::OrNone(value, _) | ExprKind::OrMissing(value, _) => is_carried_value(program, value),
        ExprKind::If { arms, otherwise } => {
            arms.iter().all(|(_, value)| is_carried_value(program, value))
                && is_carried_value(program, otherwise)
        }
        _ => false,
    }
}
