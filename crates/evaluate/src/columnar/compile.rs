//! From typed expressions to plans, for one dataset, period and frame.

use super::arithmetic as math;
use super::engine::{Engine, RowKey};
use super::number::Numeric;
use super::plan::{Binding, Frame, Index, Node, OnExempt, Plan, Side, Source, Ty};
use super::{Result, Unsupported};
use crate::dataset::{Column, ColumnData, FieldData};
use crate::value::Status;
use arrow_array::StringArray;
use hengjie_calendar::{Date, Grain, Period};
use hengjie_policy::core::{
    Arithmetic, Attribute, Cell, Comparison, DecisionId, Expr, ExprKind, FieldRef, Function, KindId, Literal,
    ParameterId, TableId, Type,
};
use hengjie_quantity::{BaseUnit, Rational, Rounding};
use std::sync::Arc;

/// The plan type of values of a language type.
pub(super) fn blank_type(ty: &Type) -> Result<Ty> {
    match ty {
        Type::Number(_) => Ok(Ty::Number(Numeric::exact(super::number::Scale::ONE, 0, 0))),
        Type::Bool => Ok(Ty::Bool),
        Type::Date | Type::Period(_) | Type::Enum(_) | Type::Object(_) | Type::Row(_) => Ok(Ty::Code),
        Type::Text => Err(Unsupported("text as a value")),
        Type::Collection(_) => Err(Unsupported("a collection as a value")),
    }
}

pub(super) fn state<'a>(status: Status, ty: &Type) -> Result<Plan<'a>> {
    Ok(Plan { node: Node::State(status), ty: blank_type(ty)? })
}

pub(super) fn literal<'a>(literal: &Literal, ty: &Type) -> Result<Plan<'a>> {
    let code = |code: i32| Plan { node: Node::Code(code), ty: Ty::Code };
    match literal {
        Literal::Number(value) => math::constant(value),
        Literal::Bool(value) => Ok(Plan { node: Node::Bool(*value), ty: Ty::Bool }),
        Literal::Date(day) => Ok(code(day.days())),
        Literal::Period(period) => Ok(code(period.ordinal())),
        Literal::Enum(_, ordinal) => Ok(code(i32::try_from(*ordinal).unwrap_or(i32::MAX))),
        Literal::None => state(Status::None, ty),
        Literal::Exempt => state(Status::Exempt, ty),
        Literal::Text(_) => Err(Unsupported("text as a value")),
    }
}

/// A text column and where it is read.
type TextRead<'a> = (&'a Column, &'a StringArray, Index<'a>);

impl<'a> Engine<'a> {
    /// The plan of an expression.
    pub(super) fn compile(&mut self, expr: &'a Expr, frame: &Frame) -> Result<Plan<'a>> {
        let ty = &expr.ty.base;
        match &expr.kind {
            ExprKind::Literal(value) => literal(value, ty),
            ExprKind::Parameter(parameter, keys) => self.parameter(*parameter, keys, frame, ty),
            ExprKind::ReadingIs(reading, alternative) => {
                let taken = self.taken_alternative(*reading) == *alternative;
                Ok(Plan { node: Node::Bool(taken), ty: Ty::Bool })
            }
            ExprKind::Subject => self.bound(&frame.subject),
            ExprKind::Variable(variable) => {
                self.bound(frame.variables.get(variable.index()).unwrap_or(&Binding::Unbound))
            }
            ExprKind::CurrentPeriod => match frame.period {
                Some(period) => Ok(Plan { node: Node::Code(period.ordinal()), ty: Ty::Code }),
                None => Err(Unsupported("no period")),
            },
            ExprKind::Field(base, field) => self.field(base, *field, frame, ty),
            ExprKind::Cell(row, table, column) => self.cell(row, *table, *column, frame, ty),
            ExprKind::Attribute { attribute, subject, row } => {
                if let (Some(ExprKind::Subject), None) = (subject.as_deref().map(|s| &s.kind), row)
                    && let Some(plan) = self.inlined(*attribute, frame)?
                {
                    return Ok(plan);
                }
                let row = self.row_key(row.as_deref(), frame)?;
                let column = self.column(*attribute, row, self.period_for(*attribute, frame)?)?;
                let index = match subject {
                    None => Index::Fixed(0),
                    Some(subject) => self.object_index(subject, frame)?,
                };
                Ok(read_computed(column, index))
            }
            ExprKind::At { period, value } => match self.constant_period(period, frame)? {
                Some(period) if self.before_horizon(period) => state(Status::None, ty),
                Some(period) => {
                    let inner = Frame { period: Some(period), ..frame.clone() };
                    self.compile(value, &inner)
                }
                None => state(Status::None, ty),
            },
            ExprKind::If { arms, otherwise } => self.conditional(arms, otherwise, frame),
            ExprKind::OrNone(value, default) => self.answered(value, Status::None, default, frame),
            ExprKind::OrMissing(value, default) => self.answered(value, Status::Missing, default, frame),
            ExprKind::IsSome(value) => {
                let value = self.compile(value, frame)?;
                Ok(Plan { node: Node::IsSome(Box::new(value)), ty: Ty::Bool })
            }
            ExprKind::Not(value) => {
                let value = self.compile(value, frame)?;
                let node = match value.node {
                    Node::Bool(known) => Node::Bool(!known),
                    _ => Node::Not(Box::new(value)),
                };
                Ok(Plan { node, ty: Ty::Bool })
            }
            ExprKind::Negate(value) => math::negate(self.compile(value, frame)?),
            ExprKind::And(items) => Ok(all(self.compile_all(items, frame)?)),
            ExprKind::Or(items) => Ok(any(self.compile_all(items, frame)?)),
            ExprKind::AtLeast(count, items) => {
                let count = self.compile(count, frame)?;
                if count.numeric().is_none_or(|n| n.error != 0) {
                    return Err(Unsupported("an inexact number of conditions"));
                }
                Ok(Plan {
                    node: Node::AtLeast(Box::new(count), self.compile_all(items, frame)?),
                    ty: Ty::Bool,
                })
            }
            ExprKind::Compare(comparison, a, b) => self.compare(*comparison, a, b, frame),
            ExprKind::IsIn(value, items) => {
                let mut cases = Vec::with_capacity(items.len());
                for item in items {
                    cases.push(self.compare(Comparison::Equal, value, item, frame)?);
                }
                let any = Plan { node: Node::Any(cases), ty: Ty::Bool };
                if matches!(value.ty.base, Type::Text) {
                    return Ok(any);
                }
                // 或 drops what is 免, but a value that is 免 belongs to no list and to no other: it stays 免.
                let itself = self.compare(Comparison::Equal, value, value, frame)?;
                let node = Node::CompareCode(Comparison::Equal, Box::new(any), Box::new(itself));
                Ok(Plan { node, ty: Ty::Bool })
            }
            ExprKind::InInterval(value, cell) => self.in_interval(value, cell, frame),
            ExprKind::Arithmetic(operation, a, b) => self.arithmetic(*operation, a, b, frame),
            ExprKind::Call(function, arguments) => self.call(*function, arguments, frame, ty),
            ExprKind::Aggregate(aggregate) => self.aggregate(aggregate, frame, ty),
            ExprKind::Lookup { table, keys, column } => {
                let row = self.look_up(*table, keys, frame)?;
                self.cell_of(row, *table, *column, ty)
            }
            ExprKind::LookupRow { table, keys } => self.look_up(*table, keys, frame),
            ExprKind::Marginal { table, rate, value } => self.marginal(*table, *rate, value, frame),
            ExprKind::Interpolate { .. } => Err(Unsupported("interpolation")),
            ExprKind::Decide(decision) => self.decision(*decision, frame, ty),
            ExprKind::Collection(_) => Err(Unsupported("a collection as a value")),
            #[expect(
                unreachable_patterns,
                reason = "forms added to the core later fall back to the row evaluator"
            )]
            _ => Err(Unsupported("a form the columns do not know")),
        }
    }

    /// A decision: 待定 in all lanes while nobody has decided anything at this place.
    fn decision(&mut self, decision: DecisionId, frame: &Frame, ty: &Type) -> Result<Plan<'a>> {
        if !self.has_decisions(decision) {
            return state(Status::Undecided, ty);
        }
        if !matches!(frame.subject, Binding::Lane(_))
            || frame.variables.iter().any(|v| !matches!(v, Binding::Unbound))
        {
            return Err(Unsupported("a decision about a record"));
        }
        Ok(read_computed(self.decided(decision, frame, ty)?, Index::Lane))
    }

    pub(super) fn compile_all(&mut self, items: &'a [Expr], frame: &Frame) -> Result<Vec<Plan<'a>>> {
        items.iter().map(|item| self.compile(item, frame)).collect()
    }

    fn bound(&self, binding: &Binding) -> Result<Plan<'a>> {
        let node = match binding {
            Binding::Unbound => return Err(Unsupported("an element outside its collection")),
            Binding::Lane(_) => Node::Position(Index::Lane),
            Binding::Map(map) => Node::Position(Index::Map(map.clone())),
            Binding::Row(row) => Node::Code(*row as i32),
            Binding::Period(period) => Node::Code(period.ordinal()),
        };
        Ok(Plan { node, ty: Ty::Code })
    }

    /// Where the columns of an object are read.
    pub(super) fn object_index(&mut self, object: &'a Expr, frame: &Frame) -> Result<Index<'a>> {
        let binding = match &object.kind {
            ExprKind::Subject => Some(&frame.subject),
            ExprKind::Variable(variable) => frame.variables.get(variable.index()),
            _ => None,
        };
        match binding {
            Some(Binding::Lane(_)) => Ok(Index::Lane),
            Some(Binding::Map(map)) => Ok(Index::Map(map.clone())),
            _ => Ok(Index::By(Box::new(self.compile(object, frame)?))),
        }
    }

    fn row_key(&mut self, row: Option<&'a Expr>, frame: &Frame) -> Result<RowKey> {
        let Some(row) = row else { return Ok(RowKey::None) };
        match &row.kind {
            ExprKind::Variable(variable) => match frame.variables.get(variable.index()) {
                Some(Binding::Row(row)) => Ok(RowKey::Row(*row)),
                Some(Binding::Period(period)) => Ok(RowKey::Period(*period)),
                _ => Err(Unsupported("a row chosen per subject")),
            },
            _ => Err(Unsupported("a row chosen per subject")),
        }
    }

    fn field(&mut self, base: &'a Expr, field: FieldRef, frame: &Frame, ty: &Type) -> Result<Plan<'a>> {
        if matches!(ty, Type::Text) {
            return Err(Unsupported("text as a value"));
        }
        let index = self.object_index(base, frame)?;
        self.field_at(field, index, frame.period, ty)
    }

    /// A field read at given positions. 总分 of a form that is not given is the sum of its points columns.
    pub(super) fn field_at(
        &mut self,
        field: FieldRef,
        index: Index<'a>,
        period: Option<Period>,
        ty: &Type,
    ) -> Result<Plan<'a>> {
        let form = self.program.kinds.get(field.kind.index()).and_then(|kind| kind.form.as_ref());
        let Some(form) = form.filter(|form| form.total == Some(field.field) && !form.points.is_empty())
        else {
            return self.stored_at(field, index, period, ty);
        };
        let again = || match &index {
            Index::Lane => Ok(Index::Lane),
            Index::Map(map) => Ok(Index::Map(map.clone())),
            Index::Fixed(place) => Ok(Index::Fixed(*place)),
            Index::By(_) => Err(Unsupported("the sum of a form that an object leads to")),
        };
        let zero = || math::constant(&Rational::ZERO);
        let mut sum = zero()?;
        for (column, _) in &form.points {
            let column = FieldRef { kind: field.kind, field: *column };
            let points = self.stored_at(column, again()?, period, ty)?;
            let points = answer(answer(points, Status::None, zero()?)?, Status::Exempt, zero()?)?;
            sum = math::add(sum, points)?;
        }
        if matches!(self.field_data(field), FieldData::Absent) {
            return Ok(sum);
        }
        answer(self.stored_at(field, index, period, ty)?, Status::Missing, sum)
    }

    fn stored_at(
        &mut self,
        field: FieldRef,
        index: Index<'a>,
        period: Option<Period>,
        ty: &Type,
    ) -> Result<Plan<'a>> {
        match self.fact_column(field, period)? {
            Some(Source::Facts(column)) => {
                let ty = match (&column.data, ty) {
                    (ColumnData::Number { scale, .. }, Type::Number(_)) => {
                        let (low, high) = self.range(column);
                        let scale =
                            super::number::Scale::of(scale).ok_or(Unsupported("a scale beyond 120 bits"))?;
                        Ty::Number(Numeric::exact(scale, low, high))
                    }
                    (ColumnData::Bool(_), Type::Bool) => Ty::Bool,
                    (ColumnData::Number { .. } | ColumnData::Bool(_) | ColumnData::Text(_), _) => {
                        return Err(Unsupported("a column of another type"));
                    }
                    _ => Ty::Code,
                };
                Ok(Plan { node: Node::Read(Source::Facts(column), index), ty })
            }
            Some(Source::Computed(column)) => Ok(read_computed(column, index)),
            None => state(Status::Missing, ty),
        }
    }

    /// The text column of an expression, if it is a text field.
    fn text_read(&mut self, expr: &'a Expr, frame: &Frame) -> Result<Option<TextRead<'a>>> {
        let ExprKind::Field(base, field) = &expr.kind else {
            return Err(Unsupported("text that is no field"));
        };
        let index = self.object_index(base, frame)?;
        let data = self.field_data(*field);
        let column = match data {
            FieldData::Static(column) => Some(column),
            FieldData::Periodic(columns) => frame.period.and_then(|period| columns.get(&period)),
            FieldData::Absent => None,
            FieldData::Dated(_) => return Err(Unsupported("dated text")),
        };
        match column.map(|column| (column, &column.data)) {
            Some((column, ColumnData::Text(texts))) => Ok(Some((column, texts, index))),
            Some(_) => Err(Unsupported("a column of another type")),
            None => Ok(None),
        }
    }

    fn compare(
        &mut self,
        comparison: Comparison,
        a: &'a Expr,
        b: &'a Expr,
        frame: &Frame,
    ) -> Result<Plan<'a>> {
        match &a.ty.base {
            Type::Number(_) => {
                let (a, b) = (self.compile(a, frame)?, self.compile(b, frame)?);
                compare_numbers(comparison, a, b)
            }
            Type::Text => self.compare_text(comparison, a, b, frame),
            Type::Collection(_) => Err(Unsupported("a collection as a value")),
            _ => {
                let (a, b) = (self.compile(a, frame)?, self.compile(b, frame)?);
                Ok(Plan { node: Node::CompareCode(comparison, Box::new(a), Box::new(b)), ty: Ty::Bool })
            }
        }
    }

    fn compare_text(
        &mut self,
        comparison: Comparison,
        a: &'a Expr,
        b: &'a Expr,
        frame: &Frame,
    ) -> Result<Plan<'a>> {
        let (text, wanted) = match (&a.kind, &b.kind) {
            (_, ExprKind::Literal(Literal::Text(wanted))) => (a, wanted),
            (ExprKind::Literal(Literal::Text(wanted)), _) => (b, wanted),
            _ => return Err(Unsupported("two texts compared")),
        };
        let negate = match comparison {
            Comparison::Equal => false,
            Comparison::NotEqual => true,
            _ => return Err(Unsupported("texts in order")),
        };
        match self.text_read(text, frame)? {
            None => state(Status::Missing, &Type::Bool),
            Some((column, texts, index)) => {
                let node = Node::TextIs(column, texts, index, Arc::from(wanted.as_str()), negate);
                Ok(Plan { node, ty: Ty::Bool })
            }
        }
    }

    fn conditional(
        &mut self,
        arms: &'a [(Expr, Expr)],
        otherwise: &'a Expr,
        frame: &Frame,
    ) -> Result<Plan<'a>> {
        let mut conditions = Vec::new();
        let mut values = Vec::new();
        for (condition, value) in arms {
            let condition = self.compile(condition, frame)?;
            match condition.node {
                Node::Bool(false) => continue,
                Node::Bool(true) => {
                    values.push(self.compile(value, frame)?);
                    return choice(conditions, values);
                }
                _ => {}
            }
            conditions.push(condition);
            values.push(self.compile(value, frame)?);
        }
        values.push(self.compile(otherwise, frame)?);
        choice(conditions, values)
    }

    fn answered(
        &mut self,
        value: &'a Expr,
        answered: Status,
        default: &'a Expr,
        frame: &Frame,
    ) -> Result<Plan<'a>> {
        let (value, default) = (self.compile(value, frame)?, self.compile(default, frame)?);
        answer(value, answered, default)
    }

    fn arithmetic(
        &mut self,
        operation: Arithmetic,
        a: &'a Expr,
        b: &'a Expr,
        frame: &Frame,
    ) -> Result<Plan<'a>> {
        let in_months = matches!(&b.ty.base, Type::Number(unit) if unit.single() == Some(&BaseUnit::Month));
        let in_days = matches!(&b.ty.base, Type::Number(unit) if unit.single() == Some(&BaseUnit::Day));
        let (x, y) = (self.compile(a, frame)?, self.compile(b, frame)?);
        match operation {
            Arithmetic::Add => math::add(x, y),
            Arithmetic::Subtract => math::add(x, math::negate(y)?),
            Arithmetic::Multiply => math::times(x, y),
            Arithmetic::Divide => math::divide(x, y),
            Arithmetic::AddToDate | Arithmetic::SubtractFromDate => {
                let y = if operation == Arithmetic::SubtractFromDate { math::negate(y)? } else { y };
                let whole = y.numeric().is_some_and(|n| n.error == 0 && n.scale == super::number::Scale::ONE);
                if !(in_months || in_days) || !whole {
                    return Err(Unsupported("a duration that is not whole months or days"));
                }
                Ok(Plan { node: Node::Shift(Box::new(x), Box::new(y), in_months), ty: Ty::Code })
            }
            Arithmetic::DaysBetween => {
                let days = |plan| Plan {
                    node: Node::CodeToInt(Box::new(plan)),
                    ty: Ty::Number(Numeric::exact(super::number::Scale::ONE, -200_000, 200_000)),
                };
                math::add(days(x), math::negate(days(y))?)
            }
        }
    }

    fn call(
        &mut self,
        function: Function,
        arguments: &'a [Expr],
        frame: &Frame,
        ty: &Type,
    ) -> Result<Plan<'a>> {
        let [first, rest @ ..] = arguments else { return Err(Unsupported("a call without arguments")) };
        let second = |engine: &mut Self| match rest.first() {
            Some(expr) => engine.compile(expr, frame),
            None => Err(Unsupported("a missing argument")),
        };
        match function {
            Function::Clamp => {
                let [low, high] = rest else { return Err(Unsupported("a missing argument")) };
                let values = vec![self.compile(first, frame)?, self.compile(low, frame)?];
                let raised = math::extreme(values, Side::Largest, OnExempt::Keep)?;
                math::extreme(vec![raised, self.compile(high, frame)?], Side::Smallest, OnExempt::Keep)
            }
            Function::Max | Function::Min => {
                if !matches!(ty, Type::Number(_)) {
                    return Err(Unsupported("extremes of other things than numbers"));
                }
                let side = if function == Function::Max { Side::Largest } else { Side::Smallest };
                math::extreme(self.compile_all(arguments, frame)?, side, OnExempt::Drop)
            }
            Function::Round(mode) => {
                let quantum = second(self)?;
                let quantum =
                    math::constant_value(&quantum).ok_or(Unsupported("a rounding that is no constant"))?;
                math::round(self.compile(first, frame)?, &quantum, mode)
            }
            Function::Abs => math::absolute(self.compile(first, frame)?),
            Function::FullMonths => {
                let to = second(self)?;
                Ok(months_between(self.compile(first, frame)?, to, super::number::Scale::ONE))
            }
            Function::FullYears => {
                let to = second(self)?;
                let months = months_between(self.compile(first, frame)?, to, super::number::Scale::ONE);
                math::round(months, &Rational::from(12), Rounding::TowardZero)
            }
            Function::Age => {
                let to = second(self)?;
                let scale = super::number::Scale::new(1, 12).ok_or(Unsupported("a scale"))?;
                let years = months_between(self.compile(first, frame)?, to, scale);
                math::round(years, &Rational::ONE, Rounding::TowardZero)
            }
            Function::Promote | Function::Demote => {
                let by = second(self)?;
                let by = if function == Function::Demote { math::negate(by)? } else { by };
                let whole =
                    by.numeric().is_some_and(|n| n.error == 0 && n.scale == super::number::Scale::ONE);
                let Type::Enum(id) = &first.ty.base else {
                    return Err(Unsupported("steps of other things than 名目"));
                };
                let items = self.program.enums.get(id.index()).map_or(0, |e| e.items.len());
                if !whole {
                    return Err(Unsupported("a broken number of steps"));
                }
                let code = self.compile(first, frame)?;
                Ok(Plan { node: Node::Step(Box::new(code), Box::new(by), 0, items as i32), ty: Ty::Code })
            }
            Function::LadderBase | Function::LadderStep => {
                let Type::Enum(id) = &first.ty.base else { return Err(Unsupported("a ladder was expected")) };
                let ladder = self.program.enums.get(id.index()).and_then(|e| e.ladder);
                let steps = ladder.ok_or(Unsupported("a ladder was expected"))?.steps as i32;
                let code = Box::new(self.compile(first, frame)?);
                if function == Function::LadderBase {
                    return Ok(Plan { node: Node::CodePart(code, steps, false), ty: Ty::Code });
                }
                let part = Plan { node: Node::CodePart(code, steps, true), ty: Ty::Code };
                let number = Plan {
                    node: Node::CodeToInt(Box::new(part)),
                    ty: Ty::Number(Numeric::exact(super::number::Scale::ONE, 0, i128::from(steps))),
                };
                math::add(number, math::constant(&Rational::ONE)?)
            }
            Function::PeriodShift(steps) => {
                let shifted = self.constant_period(first, frame)?.and_then(|period| period.offset(steps));
                match shifted {
                    Some(period) => Ok(Plan { node: Node::Code(period.ordinal()), ty: Ty::Code }),
                    None => state(Status::None, ty),
                }
            }
            Function::PeriodOf(grain) => match self.compile(first, frame)?.node {
                Node::Code(day) => match Date::from_days(day) {
                    Some(day) => {
                        Ok(Plan { node: Node::Code(Period::containing(grain, day).ordinal()), ty: Ty::Code })
                    }
                    None => state(Status::None, ty),
                },
                _ => Err(Unsupported("a period chosen per subject")),
            },
            Function::PeriodStart | Function::PeriodEnd => {
                let period = self.constant_period(first, frame)?.ok_or(Unsupported("no period"))?;
                let day =
                    if function == Function::PeriodStart { period.first_day() } else { period.last_day() };
                Ok(Plan { node: Node::Code(day.days()), ty: Ty::Code })
            }
            Function::PeriodDays => {
                let period = self.constant_period(first, frame)?.ok_or(Unsupported("no period"))?;
                math::constant(&Rational::from(Date::days_between(period.first_day(), period.last_day()) + 1))
            }
            Function::Strip => self.compile(first, frame),
            _ => Err(Unsupported("a function the columns do not know")),
        }
    }

    /// A period that is the same in all lanes; `None` when it lies outside the calendar.
    pub(super) fn constant_period(&mut self, expr: &'a Expr, frame: &Frame) -> Result<Option<Period>> {
        let Type::Period(grain) = expr.ty.base else { return Err(Unsupported("a period was expected")) };
        match self.compile(expr, frame)?.node {
            Node::Code(ordinal) => Ok(Period::new(grain, ordinal)),
            Node::State(Status::None) => Ok(None),
            _ => Err(Unsupported("a period chosen per subject")),
        }
    }

    fn cell(
        &mut self,
        row: &'a Expr,
        table: TableId,
        column: u32,
        frame: &Frame,
        ty: &Type,
    ) -> Result<Plan<'a>> {
        let row = self.compile(row, frame)?;
        if let Node::Code(row) = row.node {
            return match self.table_cell(table, row as u32, column) {
                Some(Cell::Value(value)) => literal(value, ty),
                Some(Cell::Exempt) => state(Status::Exempt, ty),
                Some(Cell::Undecided) => state(Status::Missing, ty),
                _ => Err(Unsupported("an interval as a value")),
            };
        }
        self.cell_of(row, table, column, ty)
    }

    fn table_cell(&self, table: TableId, row: u32, column: u32) -> Option<&'a Cell> {
        self.program.tables.get(table.index())?.rows.get(row as usize)?.cells.get(column as usize)
    }

    /// The cell of a row that differs by lane.
    fn cell_of(&mut self, row: Plan<'a>, table: TableId, column: u32, ty: &Type) -> Result<Plan<'a>> {
        let rows = &self.program.tables.get(table.index()).ok_or(Unsupported("no table"))?.rows;
        let cells = rows.iter().map(|row| row.cells.get(column as usize));
        literal_cells(
            row,
            cells.map(|cell| match cell {
                Some(Cell::Value(value)) => Some(value),
                _ => None,
            }),
            rows.iter().map(|row| match row.cells.get(column as usize) {
                Some(Cell::Value(_)) => Status::Present,
                Some(Cell::Exempt) => Status::Exempt,
                _ => Status::Missing,
            }),
            ty,
        )
    }

    fn look_up(&mut self, table: TableId, keys: &'a [Expr], frame: &Frame) -> Result<Plan<'a>> {
        let definition = self.program.tables.get(table.index()).ok_or(Unsupported("no table"))?;
        let rows = self.rows_in_force(table, frame.period);
        if let [key] = keys
            && matches!(key.ty.base, Type::Enum(_))
            && definition.columns.first().is_some_and(|column| !column.interval)
        {
            let mut by_code: Vec<i32> = Vec::new();
            for row in &rows {
                if let Some(Cell::Value(Literal::Enum(_, ordinal))) =
                    definition.rows[*row as usize].cells.first()
                {
                    let place = *ordinal as usize;
                    by_code.resize(by_code.len().max(place + 1), -1);
                    if by_code[place] < 0 {
                        by_code[place] = *row as i32;
                    }
                }
            }
            let code = self.compile(key, frame)?;
            return Ok(Plan { node: Node::RowOfCode(Box::new(code), by_code), ty: Ty::Code });
        }
        if let [key] = keys
            && matches!(key.ty.base, Type::Number(_))
        {
            let value = self.compile(key, frame)?;
            if let Some(numeric) = value.numeric().filter(|n| n.error == 0)
                && let Some((borders, segments)) = bands(definition, &rows, numeric.scale)
            {
                return Ok(Plan { node: Node::RowOfBand(Box::new(value), borders, segments), ty: Ty::Code });
            }
        }
        let mut present = Vec::with_capacity(keys.len());
        for key in keys {
            if !matches!(key.ty.base, Type::Text) {
                present.push(self.compile(key, frame)?);
            } else if let Some((column, texts, index)) = self.text_read(key, frame)? {
                present.push(Plan {
                    node: Node::TextIs(column, texts, index, Arc::from(""), false),
                    ty: Ty::Bool,
                });
            } else {
                return state(Status::Missing, &Type::Row(table));
            }
        }
        let mut cases = Vec::with_capacity(rows.len());
        for row in rows {
            let mut conditions = Vec::with_capacity(keys.len());
            for (key, cell) in keys.iter().zip(&definition.rows[row as usize].cells) {
                if let Some(condition) = self.key_matches(key, cell, frame)? {
                    conditions.push(condition);
                }
            }
            cases.push((Plan { node: Node::All(conditions), ty: Ty::Bool }, row as i32));
        }
        Ok(Plan { node: Node::RowOfCases(present, cases), ty: Ty::Code })
    }

    fn key_matches(&mut self, key: &'a Expr, cell: &'a Cell, frame: &Frame) -> Result<Option<Plan<'a>>> {
        match cell {
            Cell::Interval { .. } => {
                let value = self.compile(key, frame)?;
                Ok(Some(inside(value, cell, || self.compile(key, frame))?))
            }
            Cell::Value(Literal::Text(wanted)) => match self.text_read(key, frame)? {
                None => Ok(Some(state(Status::Missing, &Type::Bool)?)),
                Some((column, texts, index)) => {
                    let node = Node::TextIs(column, texts, index, Arc::from(wanted.as_str()), false);
                    Ok(Some(Plan { node, ty: Ty::Bool }))
                }
            },
            Cell::Value(wanted) => {
                let (value, wanted) = (self.compile(key, frame)?, literal(wanted, &key.ty.base)?);
                if matches!(key.ty.base, Type::Number(_)) {
                    return Ok(Some(compare_numbers(Comparison::Equal, value, wanted)?));
                }
                let node = Node::CompareCode(Comparison::Equal, Box::new(value), Box::new(wanted));
                Ok(Some(Plan { node, ty: Ty::Bool }))
            }
            Cell::Exempt => Ok(None),
            Cell::Undecided => Err(Unsupported("an open key")),
        }
    }

    fn in_interval(&mut self, value: &'a Expr, cell: &'a Expr, frame: &Frame) -> Result<Plan<'a>> {
        let ExprKind::Cell(row, table, column) = &cell.kind else {
            return Err(Unsupported("an interval that is no cell"));
        };
        let Node::Code(row) = self.compile(row, frame)?.node else {
            return Err(Unsupported("an interval chosen per subject"));
        };
        let cell = self.table_cell(*table, row as u32, *column).ok_or(Unsupported("no cell"))?;
        let first = self.compile(value, frame)?;
        inside(first, cell, || self.compile(value, frame))
    }

    fn marginal(&mut self, table: TableId, rate: u32, value: &'a Expr, frame: &Frame) -> Result<Plan<'a>> {
        let rows = self.rows_in_force(table, frame.period);
        let mut total: Option<Plan<'a>> = None;
        for row in rows {
            let Some(Cell::Interval { low, high }) = self.table_cell(table, row, 0) else {
                return Err(Unsupported("bands without intervals"));
            };
            let Some(Cell::Value(Literal::Number(rate))) = self.table_cell(table, row, rate) else {
                return Err(Unsupported("a band without a rate"));
            };
            // the part of the value inside the band
            let base = low.as_ref().map_or(Rational::ZERO, |bound| bound.value.clone());
            let above = math::add(self.compile(value, frame)?, math::constant(&-base.clone())?)?;
            let mut part =
                math::extreme(vec![above, math::constant(&Rational::ZERO)?], Side::Largest, OnExempt::Keep)?;
            if let Some(high) = high {
                part = math::extreme(
                    vec![part, math::constant(&(&high.value - &base))?],
                    Side::Smallest,
                    OnExempt::Keep,
                )?;
            }
            let slice = math::times(part, math::constant(rate)?)?;
            total = Some(match total {
                None => slice,
                Some(total) => math::add(total, slice)?,
            });
        }
        total.ok_or(Unsupported("a table without rows"))
    }

    fn parameter(
        &mut self,
        parameter: ParameterId,
        keys: &'a [Expr],
        frame: &Frame,
        ty: &Type,
    ) -> Result<Plan<'a>> {
        let missing = |ty| state(Status::Missing, ty);
        match keys {
            [] => match self.parameter_value(parameter, &[], frame.period) {
                Some(value) => literal(value, ty),
                None => missing(ty),
            },
            [key] => {
                let Type::Enum(id) = &key.ty.base else {
                    return Err(Unsupported("a parameter keyed by text"));
                };
                let items = self.program.enums.get(id.index()).map_or(0, |e| e.items.len());
                let values: Vec<_> = (0..items)
                    .map(|item| {
                        self.parameter_value(parameter, &[Literal::Enum(*id, item as u32)], frame.period)
                    })
                    .collect();
                let key = self.compile(key, frame)?;
                if let Node::Code(code) = key.node {
                    return match values.get(code as usize).copied().flatten() {
                        Some(value) => literal(value, ty),
                        None => missing(ty),
                    };
                }
                let states = values
                    .iter()
                    .map(|v| if v.is_some() { Status::Present } else { Status::Missing })
                    .collect::<Vec<_>>();
                literal_cells(key, values.into_iter(), states.into_iter(), ty)
            }
            _ => Err(Unsupported("a parameter with several keys")),
        }
    }

    /// The period in which an attribute is read from a frame.
    pub(super) fn period_for(
        &self,
        attribute: hengjie_policy::core::AttributeId,
        frame: &Frame,
    ) -> Result<Option<Period>> {
        let attribute: &Attribute =
            self.program.attributes.get(attribute.index()).ok_or(Unsupported("no attribute"))?;
        match (attribute.context.grain, frame.period) {
            (None, _) => Ok(None),
            (Some(grain), Some(period)) if period.grain() == grain => Ok(Some(period)),
            (
                Some(
                    Grain::Day | Grain::Week | Grain::Month | Grain::Quarter | Grain::HalfYear | Grain::Year,
                ),
                _,
            ) => Err(Unsupported("an attribute of another period")),
        }
    }

    pub(super) fn kind_len(&self, kind: Option<KindId>) -> usize {
        match kind {
            None => 1,
            Some(kind) => self.data.kinds.get(kind.index()).map_or(0, |data| data.len),
        }
    }
}

/// 且: what is known to hold is left out; what is known not to hold decides.
pub(super) fn all(items: Vec<Plan<'_>>) -> Plan<'_> {
    if items.iter().any(|item| matches!(item.node, Node::Bool(false))) {
        return Plan { node: Node::Bool(false), ty: Ty::Bool };
    }
    let items: Vec<_> = items.into_iter().filter(|item| !matches!(item.node, Node::Bool(true))).collect();
    match items.len() {
        0 => Plan { node: Node::Bool(true), ty: Ty::Bool },
        _ => Plan { node: Node::All(items), ty: Ty::Bool },
    }
}

/// 或
pub(super) fn any(items: Vec<Plan<'_>>) -> Plan<'_> {
    if items.iter().any(|item| matches!(item.node, Node::Bool(true))) {
        return Plan { node: Node::Bool(true), ty: Ty::Bool };
    }
    let items: Vec<_> = items.into_iter().filter(|item| !matches!(item.node, Node::Bool(false))).collect();
    match items.len() {
        0 => Plan { node: Node::Bool(false), ty: Ty::Bool },
        _ => Plan { node: Node::Any(items), ty: Ty::Bool },
    }
}

pub(super) fn read_computed<'a>(column: Arc<super::plan::Computed<'a>>, index: Index<'a>) -> Plan<'a> {
    let ty = column.ty.clone();
    Plan { node: Node::Read(Source::Computed(column), index), ty }
}

pub(super) fn compare_numbers<'a>(comparison: Comparison, a: Plan<'a>, b: Plan<'a>) -> Result<Plan<'a>> {
    let (a, b) = math::aligned(a, b)?;
    Ok(Plan { node: Node::Compare(comparison, Box::new(a), Box::new(b)), ty: Ty::Bool })
}

/// The value, with a default for one state.
pub(super) fn answer<'a>(value: Plan<'a>, answered: Status, default: Plan<'a>) -> Result<Plan<'a>> {
    if matches!(value.ty, Ty::Number(_)) {
        let mut both = math::all_aligned(vec![value, default])?;
        let ty = Ty::Number(math::union(&both)?);
        let (Some(default), Some(value)) = (both.pop(), both.pop()) else {
            return Err(Unsupported("no default"));
        };
        return Ok(Plan { node: Node::Answer(Box::new(value), answered, Box::new(default)), ty });
    }
    let ty = value.ty.clone();
    Ok(Plan { node: Node::Answer(Box::new(value), answered, Box::new(default)), ty })
}

/// 如 … 则 … 否则: one value more than conditions.
pub(super) fn choice<'a>(conditions: Vec<Plan<'a>>, values: Vec<Plan<'a>>) -> Result<Plan<'a>> {
    let number = values.iter().any(|plan| matches!(plan.ty, Ty::Number(_)));
    let mut values = if number { math::all_aligned(values)? } else { values };
    let ty = if number {
        Ty::Number(math::union(&values)?)
    } else {
        values.first().map_or(Ty::Bool, |plan| plan.ty.clone())
    };
    let otherwise = values.pop().ok_or(Unsupported("no value"))?;
    if conditions.is_empty() {
        return Ok(otherwise);
    }
    let arms = conditions.into_iter().zip(values).collect();
    Ok(Plan { node: Node::If(arms, Box::new(otherwise)), ty })
}

fn months_between<'a>(from: Plan<'a>, to: Plan<'a>, scale: super::number::Scale) -> Plan<'a> {
    Plan {
        node: Node::Months(Box::new(from), Box::new(to)),
        ty: Ty::Number(Numeric::exact(scale, -4000, 4000)),
    }
}

/// Is a number inside an interval cell?
fn inside<'a>(first: Plan<'a>, cell: &'a Cell, again: impl FnOnce() -> Result<Plan<'a>>) -> Result<Plan<'a>> {
    let Cell::Interval { low, high } = cell else { return Err(Unsupported("a cell that is no interval")) };
    let mut conditions = Vec::new();
    let mut first = Some(first);
    if let (Some(bound), Some(value)) = (low, first.take()) {
        let comparison = if bound.inclusive { Comparison::GreaterEqual } else { Comparison::Greater };
        conditions.push(compare_numbers(comparison, value, math::constant(&bound.value)?)?);
    }
    if let Some(bound) = high {
        let value = match first.take() {
            Some(value) => value,
            None => again()?,
        };
        let comparison = if bound.inclusive { Comparison::LessEqual } else { Comparison::Less };
        conditions.push(compare_numbers(comparison, value, math::constant(&bound.value)?)?);
    }
    Ok(Plan { node: Node::All(conditions), ty: Ty::Bool })
}

/// The borders of interval rows as integers of a scale, and the row of each segment between them. `None` when a key cell is
/// no interval.
fn bands(
    table: &hengjie_policy::core::Table,
    rows: &[u32],
    scale: super::number::Scale,
) -> Option<(Vec<i128>, Vec<i32>)> {
    let quantum = scale.rational();
    // the first integer at or beyond a border
    let first = |bound: &hengjie_policy::core::Bound, from: bool| {
        let place = bound.value.checked_div(&quantum)?;
        let floor = place.floor().to_i128()?;
        let beyond = place.is_integer() && bound.inclusive == from;
        Some(if beyond { floor } else { floor + 1 })
    };
    let mut spans = Vec::with_capacity(rows.len());
    for row in rows {
        let Some(Cell::Interval { low, high }) = table.rows.get(*row as usize)?.cells.first() else {
            return None;
        };
        let low = low.as_ref().map_or(Some(i128::MIN), |bound| first(bound, true))?;
        let high = high.as_ref().map_or(Some(i128::MAX), |bound| first(bound, false))?;
        spans.push((low, high, *row as i32));
    }
    let mut borders: Vec<i128> = spans
        .iter()
        .flat_map(|(low, high, _)| [*low, *high])
        .filter(|b| *b != i128::MIN && *b != i128::MAX)
        .collect();
    borders.sort_unstable();
    borders.dedup();
    let starts = std::iter::once(i128::MIN).chain(borders.iter().copied());
    let row_at = |start: i128| {
        spans.iter().find(|(low, high, _)| *low <= start && start < *high).map_or(-1, |(_, _, row)| *row)
    };
    let segments = starts.map(row_at).collect();
    Some((borders, segments))
}

/// Constants chosen by a code or row per lane.
fn literal_cells<'a, 'v>(
    row: Plan<'a>,
    values: impl Iterator<Item = Option<&'v Literal>>,
    states: impl Iterator<Item = Status>,
    ty: &Type,
) -> Result<Plan<'a>> {
    let states: Vec<u8> = states.map(|status| status as u8).collect();
    if matches!(ty, Type::Number(_)) {
        let numbers: Vec<Rational> = values
            .map(|value| match value {
                Some(Literal::Number(value)) => value.clone(),
                _ => Rational::ZERO,
            })
            .collect();
        return math::cells_of(row, &numbers, states);
    }
    let codes: Result<Vec<i128>> = values
        .map(|value| match value {
            None => Ok(0),
            Some(value) => match literal(value, ty)?.node {
                Node::Code(code) => Ok(i128::from(code)),
                Node::Bool(value) => Ok(i128::from(value)),
                _ => Err(Unsupported("a cell of another type")),
            },
        })
        .collect();
    Ok(Plan { node: Node::CellOf(Box::new(row), codes?, states), ty: blank_type(ty)? })
}
