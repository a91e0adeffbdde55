//! Choices read backwards: 如, the rows of a table, look-ups, steps.

use super::condition::{Condition, Shape};
use super::regress::{ALTERNATIVES, Regress, is_fixed, is_reading};
use super::wish::Wish;
use hengjie_evaluate::row::Scene;
use hengjie_evaluate::value::Value;
use hengjie_policy::core::{Aggregate, Cell, Expr, Function, TableId};

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
            if wish.granted(&gives) != Some(true) || is_reading(condition) {
                continue;
            }
            // A stronger arm that counts now must give way.
            let mut parts = Vec::new();
            if let Some(stronger) = taken.filter(|taken| *taken < place) {
                parts.push(self.want(&arms[stronger].0, &Wish::Fails, scene, depth));
            }
            parts.push(self.want(condition, &Wish::Holds, scene, depth));
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

    /// Rows of a table of which the first is taken: those with the wanted cell, each with its conditions.
    pub(super) fn rows(
        &mut self,
        aggregate: &'a Aggregate,
        table: TableId,
        wanted: Option<(u32, &Wish)>,
        scene: &Scene,
        depth: usize,
    ) -> Option<Condition> {
        let rows = self.rows_wanted(table, wanted);
        let mut ways = Vec::new();
        for row in rows.into_iter().take(ALTERNATIVES) {
            let element = Value::Row(table, row);
            let mut parts = Vec::new();
            let mut fits = true;
            for filter in &aggregate.over.filters {
                let scene = scene.with(filter.variable, element.clone());
                if aggregate.body.is_some() {
                    fits &= self.evaluator.expression(&filter.condition, &scene) == Value::Bool(true);
                } else {
                    parts.push(self.want(&filter.condition, &Wish::Holds, &scene, depth));
                }
            }
            if let Some(body) = aggregate.body.as_ref().filter(|_| fits) {
                let scene = scene.with(aggregate.variable, element);
                parts.push(self.want(body, &Wish::Holds, &scene, depth));
            }
            if !parts.is_empty() {
                ways.push(Condition::group(Shape::All, parts));
            }
        }
        (!ways.is_empty()).then(|| Condition::group(Shape::Any, ways))
    }

    /// The rows whose cell is as wished; of several, those that just grant it.
    fn rows_wanted(&self, table: TableId, wanted: Option<(u32, &Wish)>) -> Vec<u32> {
        let rows = &self.program.tables[table.index()].rows;
        let all = 0..u32::try_from(rows.len()).unwrap_or(u32::MAX);
        let Some((column, wish)) = wanted else { return all.collect() };
        let cell = |row: &u32| match rows.get(*row as usize)?.cells.get(column as usize)? {
            Cell::Value(literal) => Some(crate::typed::of_literal(literal)),
            _ => None,
        };
        let granted: Vec<u32> =
            all.filter(|row| cell(row).is_some_and(|cell| wish.granted(&cell) == Some(true))).collect();
        let border = match wish {
            Wish::Compared(_, border) => border,
            _ => return granted,
        };
        let exact: Vec<u32> =
            granted.iter().copied().filter(|row| cell(row).as_ref() == Some(border)).collect();
        if exact.is_empty() { granted } else { exact }
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
        let rows = self.rows_wanted(table, Some((column, wish)));
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
