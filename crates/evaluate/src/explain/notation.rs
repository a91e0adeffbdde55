//! How the document writes the numbers that an expression gives: as it writes what the expression reads.

use hengjie_policy::core::{
    AggregateOperation, Arithmetic, Attribute, Body, Expr, ExprKind, Function, Notation, Program, TableId,
};
use hengjie_quantity::Rational;

/// Attributes that are looked through, one inside the other.
const LOOKED_THROUGH: u32 = 6;

/// The notation of an expression.
pub(super) fn notation(program: &Program, expr: &Expr) -> Notation {
    Reader { program, deeper: LOOKED_THROUGH }.expr(expr)
}

/// The notation of an attribute: of its rule.
#[must_use]
pub fn notation_of_attribute(program: &Program, attribute: &Attribute) -> Notation {
    Reader { program, deeper: LOOKED_THROUGH }.attribute(attribute)
}

struct Reader<'p> {
    program: &'p Program,
    deeper: u32,
}

impl Reader<'_> {
    fn attribute(&self, attribute: &Attribute) -> Notation {
        let Some(deeper) = self.deeper.checked_sub(1) else { return Notation::Usual };
        let inside = Reader { program: self.program, deeper };
        match &attribute.body {
            Body::Defined { general, .. } => {
                Notation::common(general.iter().map(|case| inside.expr(&case.value)))
            }
            Body::State { first, .. } => inside.expr(first),
            _ => Notation::Usual,
        }
    }

    fn expr(&self, expr: &Expr) -> Notation {
        let program = self.program;
        match &expr.kind {
            ExprKind::Literal(_) => {
                program.spelled.get(&expr.span).map_or(Notation::Usual, |(_, unit)| Notation::of_unit(unit))
            }
            ExprKind::Field(_, field) => {
                program.kinds[field.kind.index()].fields[field.field as usize].notation
            }
            ExprKind::Parameter(id, _) => program.parameters[id.index()].notation,
            ExprKind::Cell(_, table, column)
            | ExprKind::Lookup { table, column, .. }
            | ExprKind::Interpolate { table, column, .. } => self.column(*table, *column),
            ExprKind::Attribute { attribute, .. } => self.attribute(&program.attributes[attribute.index()]),
            ExprKind::If { arms, otherwise } => {
                let values = arms.iter().map(|(_, value)| value).chain([&**otherwise]);
                self.agreed(values.filter(|value| !is_zero(value)))
            }
            ExprKind::OrNone(value, _)
            | ExprKind::OrMissing(value, _)
            | ExprKind::Negate(value)
            | ExprKind::At { value, .. } => self.expr(value),
            ExprKind::Arithmetic(Arithmetic::Add | Arithmetic::Subtract, a, b) => self.agreed([&**a, b]),
            // `申请额 ÷ 1元` takes the unit off; it is no share of anything.
            ExprKind::Arithmetic(Arithmetic::Divide, _, b) if self.is_one(b) => Notation::Plain,
            ExprKind::Call(Function::Round(_), parts) => self.rounded(parts),
            ExprKind::Call(Function::Clamp | Function::Max | Function::Min, parts) => {
                parts.first().map_or(Notation::Usual, |part| self.expr(part))
            }
            ExprKind::Call(Function::Strip | Function::YearOf, _) => Notation::Plain,
            ExprKind::Call(Function::FullMonths, _) => Notation::Months,
            ExprKind::Aggregate(aggregate) => match (aggregate.operation, &aggregate.body) {
                (AggregateOperation::Count | AggregateOperation::LeadingRun, _) => Notation::Plain,
                (_, Some(body)) => self.expr(body),
                _ => Notation::Usual,
            },
            _ => Notation::Usual,
        }
    }

    /// Of what is rounded; where that says nothing, of the quantum: `向下(超过的分 ÷ 每档分差, 1)`.
    fn rounded(&self, parts: &[Expr]) -> Notation {
        let notations = parts.iter().map(|part| self.expr(part));
        notations.into_iter().find(|notation| *notation != Notation::Usual).unwrap_or_default()
    }

    /// `1元`, `1`
    fn is_one(&self, expr: &Expr) -> bool {
        let spelled = self.program.spelled.get(&expr.span);
        matches!(expr.kind, ExprKind::Literal(_))
            && spelled.is_some_and(|(number, _)| *number == Rational::ONE)
    }

    fn agreed<'e>(&self, parts: impl IntoIterator<Item = &'e Expr>) -> Notation {
        Notation::common(parts.into_iter().map(|part| self.expr(part)))
    }

    fn column(&self, table: TableId, column: u32) -> Notation {
        self.program.tables[table.index()]
            .columns
            .get(column as usize)
            .map_or(Notation::Usual, |c| c.notation)
    }
}

/// 0 says nothing about how other numbers are written.
fn is_zero(expr: &Expr) -> bool {
    matches!(&expr.kind, ExprKind::Literal(hengjie_policy::core::Literal::Number(number)) if number.is_zero())
}
