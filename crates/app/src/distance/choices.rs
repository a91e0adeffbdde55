//! Choices read backwards: 如, the rows of a table, look-ups, steps.

use super::condition::{Condition, Shape};
use super::regress::{ALTERNATIVES, Regress};
use super::want::{is_fixed, is_reading};
use super::wish::Wish;
use hengjie_evaluate::row::Scene;
use hengjie_evaluate::value::Value;
use hengjie_policy::core::{
    Aggregate, AggregateOperation, Cell, Comparison, Expr, ExprKind, Function, Source, TableId,
};
use std::cmp::Ordering;

impl<'a> Regress<'_, 'a> {
    /// 如: an arm that would grant the wish, or the arm that counts now followed further.
    pub(super) fn choose(
        &mut self,
        arms: &'a [(Expr, Expr)],
        otherwise: &'a Expr,
        wish: &Wish,
        scene: &Scene,
        depth: usize,
    ) -> Condition {
        let taken = arms
            .iter()
            .position(|(condition, _)| self.evaluator.expression(condition, scene) == Value::Bool(true));
        let mut ways = Vec::new();
        for (place, (condition, value)) in arms.iter().enumerate().take(ALTERNATIVES) {
            if taken == Some(place) {
                if !is_fixed(value) {
                    ways.push(self.want(value, wish, scene, depth));
                }
                continue;
            }
            let gives = self.evaluator.expression(value, scene);
            let is_given = wish.granted(&gives) == Some(true);
            if !(is_given || is_result(value)) || is_reading(condition) {
                continue;
            }
            // A stronger arm that counts now must give way.
            let mut parts = Vec::new();
            if let Some(stronger) = taken.filter(|taken| *taken < place) {
                parts.push(self.want(&arms[stronger].0, &Wish::Fails, scene, depth));
            }
            parts.push(self.want(condition, &Wish::Holds, scene, depth));
            if !is_given {
                parts.push(self.want(value, wish, scene, depth));
            }
            ways.push(Condition::group(Shape::All, parts));
        }
        match taken {
            None if !is_fixed(otherwise) => ways.push(self.want(otherwise, wish, scene, depth)),
            Some(taken) if wish.granted(&self.evaluator.expression(otherwise, scene)) == Some(true) => {
                ways.push(self.want(&arms[taken].0, &Wish::Fails, scene, depth));
            }
            _ => {}
        }
        if ways.is_empty() {
            let mut nothing = self.leaf(String::new(), wish, &Value::None, &otherwise.ty.base);
            nothing.label = self.lang.pick("没有一条规则给出这样的结果", "no rule gives this").to_owned();
            return nothing;
        }
        Condition::group(Shape::Any, ways)
    }

    /// `首个(标准 其中 符合).等级`: the rows with the wanted cell, each with its conditions.
    pub(super) fn cell_of_row(
        &mut self,
        picked: &'a Aggregate,
        column: u32,
        wish: &Wish,
        scene: &Scene,
        depth: usize,
    ) -> Option<Condition> {
        let table = walked(picked)?;
        let takes_one = matches!(picked.operation, AggregateOperation::First | AggregateOperation::Last);
        if !takes_one || picked.body.is_some() {
            return None;
        }
        self.any_row(picked, table, &self.rows_with(table, column, wish), scene, depth)
    }

    /// A walk through a table: `首个(标准 其中 符合, 其.等级)`, `存在(标准 其中 符合)`.
    pub(super) fn row_of(
        &mut self,
        aggregate: &'a Aggregate,
        wish: &Wish,
        scene: &Scene,
        depth: usize,
    ) -> Option<Condition> {
        use AggregateOperation::{Exists, First, Last};
        let table = walked(aggregate)?;
        let rows = match (aggregate.operation, &aggregate.body, wish) {
            (First | Last, Some(body), _) => self.rows_giving(aggregate, table, body, wish, scene),
            (First | Last, None, Wish::Some) | (Exists, _, Wish::Some | Wish::Holds) => self.all_rows(table),
            _ => return None,
        };
        self.any_row(aggregate, table, &rows, scene, depth)
    }

    /// Any of some rows: the filters of the walk hold for it, and so does what 存在 asks.
    fn any_row(
        &mut self,
        aggregate: &'a Aggregate,
        table: TableId,
        rows: &[u32],
        scene: &Scene,
        depth: usize,
    ) -> Option<Condition> {
        let asked = aggregate.body.as_ref().filter(|_| aggregate.operation == AggregateOperation::Exists);
        let mut ways = Vec::new();
        for row in rows.iter().take(ALTERNATIVES) {
            let element = Value::Row(table, *row);
            let mut parts = Vec::new();
            let mut fits = true;
            for filter in &aggregate.over.filters {
                let scene = scene.with(filter.variable, element.clone());
                if asked.is_some() {
                    fits &= self.evaluator.expression(&filter.condition, &scene) == Value::Bool(true);
                } else {
                    parts.push(self.want(&filter.condition, &Wish::Holds, &scene, depth));
                }
            }
            if let Some(body) = asked.filter(|_| fits) {
                let scene = scene.with(aggregate.variable, element);
                parts.push(self.want(body, &Wish::Holds, &scene, depth));
            }
            if !parts.is_empty() {
                ways.push(Condition::group(Shape::All, parts));
            }
        }
        (!ways.is_empty()).then(|| Condition::group(Shape::Any, ways))
    }

    fn all_rows(&self, table: TableId) -> Vec<u32> {
        let count = self.program.tables[table.index()].rows.len();
        (0..u32::try_from(count).unwrap_or(u32::MAX)).collect()
    }

    /// The rows whose cell is as wished; of several, those that just grant it.
    fn rows_with(&self, table: TableId, column: u32, wish: &Wish) -> Vec<u32> {
        let rows = &self.program.tables[table.index()].rows;
        let cell = |row: u32| match rows.get(row as usize)?.cells.get(column as usize)? {
            Cell::Value(literal) => Some((row, crate::typed::of_literal(literal))),
            _ => None,
        };
        just_granting(self.all_rows(table).into_iter().filter_map(cell).collect(), wish)
    }

    /// The rows that would give what is wished if the walk stopped at them; of several, those that just grant it.
    fn rows_giving(
        &mut self,
        aggregate: &Aggregate,
        table: TableId,
        body: &'a Expr,
        wish: &Wish,
        scene: &Scene,
    ) -> Vec<u32> {
        let rows = self.all_rows(table);
        let gives = |row: u32| {
            let scene = scene.with(aggregate.variable, Value::Row(table, row));
            (row, self.evaluator.expression(body, &scene))
        };
        just_granting(rows.into_iter().map(gives).collect(), wish)
    }

    /// 查表: the keys of a row with the wanted cell.
    pub(super) fn lookup(
        &mut self,
        table: TableId,
        keys: &'a [Expr],
        column: u32,
        wish: &Wish,
        scene: &Scene,
        depth: usize,
    ) -> Option<Condition> {
        let rows = self.rows_with(table, column, wish);
        let mut ways = Vec::new();
        for row in rows.into_iter().take(ALTERNATIVES) {
            let cells = &self.program.tables[table.index()].rows.get(row as usize)?.cells;
            let mut parts = Vec::new();
            for (key, cell) in keys.iter().zip(cells) {
                let wish = match cell {
                    Cell::Value(literal) => Wish::is(crate::typed::of_literal(literal)),
                    Cell::Interval { low, high } => Wish::Within(low.clone(), high.clone()),
                    _ => continue,
                };
                parts.push(self.want(key, &wish, scene, depth));
            }
            ways.push(Condition::group(Shape::All, parts));
        }
        // The nearest row is enough: bands of one table differ in nothing else.
        ways.sort_by(|left, right| left.cost.cmp(&right.cost));
        ways.truncate(1);
        ways.pop()
    }

    /// 升, 降: the item from which the wanted one is reached by as many steps as now.
    pub(super) fn shifted(
        &mut self,
        function: Function,
        arguments: &'a [Expr],
        wish: &Wish,
        scene: &Scene,
        depth: usize,
    ) -> Option<Condition> {
        let ([item, steps], Wish::Compared(comparison, Value::Enum(of, wanted))) = (arguments, wish) else {
            return None;
        };
        let Value::Number(by) = self.evaluator.expression(steps, scene) else { return None };
        let by = i64::try_from(by.to_i128()?).ok()?;
        let by = if function == Function::Promote { -by } else { by };
        let before = u32::try_from(i64::from(*wanted) + by).ok()?;
        let exists = (before as usize) < self.program.enums[of.index()].items.len();
        exists.then(|| {
            let wish = Wish::Compared(*comparison, Value::Enum(*of, before));
            self.want(item, &wish, scene, depth)
        })
    }
}

/// The table that an aggregate goes through row by row.
fn walked(aggregate: &Aggregate) -> Option<TableId> {
    match aggregate.over.source {
        Source::Rows(table) if aggregate.over.take.is_none() => Some(table),
        _ => None,
    }
}

/// Of the rows with their values, those that grant a wish; where the wish has a border, those nearest to it.
fn just_granting(values: Vec<(u32, Value)>, wish: &Wish) -> Vec<u32> {
    let granted: Vec<(u32, Value)> =
        values.into_iter().filter(|(_, value)| wish.granted(value) == Some(true)).collect();
    let nearest = match wish {
        Wish::Compared(Comparison::GreaterEqual | Comparison::Greater, _) => {
            granted.iter().map(|(_, value)| value).min_by(|left, right| by_order(left, right))
        }
        Wish::Compared(Comparison::LessEqual | Comparison::Less, _) => {
            granted.iter().map(|(_, value)| value).max_by(|left, right| by_order(left, right))
        }
        _ => None,
    };
    let is_near = |value: &Value| nearest.is_none_or(|nearest| nearest == value);
    granted.iter().filter(|(_, value)| is_near(value)).map(|(row, _)| *row).collect()
}

fn by_order(left: &Value, right: &Value) -> Ordering {
    left.order(right).unwrap_or(Ordering::Equal)
}

/// Is it another result, which can change together with the condition it stands under?
fn is_result(expr: &Expr) -> bool {
    matches!(expr.kind, ExprKind::Attribute { .. })
}
