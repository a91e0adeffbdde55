//! One subject after the other through the rules: which branch, which row, which limit.

use super::tally::{Spot, Tally};
use crate::dataset::Facts;
use crate::distance::is_reading;
use crate::limits;
use crate::run::Columns;
use crate::words::row_labels;
use hengjie_calendar::Period;
use hengjie_evaluate::format::format_value;
use hengjie_evaluate::row::{Evaluator, Scene};
use hengjie_evaluate::value::Value;
use hengjie_policy::core::{
    Attribute, AttributeId, Body, Case, Expr, ExprKind, Function, Program, Source, TableId,
};
use hengjie_policy::{print, walk};
use hengjie_quantity::Lang;
use std::collections::BTreeMap;

/// Walks rules with real facts.
pub(super) struct Walk<'a> {
    program: &'a Program,
    facts: &'a Facts,
    evaluator: Evaluator<'a>,
    lang: Lang,
    pub(super) tallies: BTreeMap<Spot, Tally>,
    /// The attribute at hand.
    at: AttributeId,
    pub(super) walked: u64,
    pub(super) is_partial: bool,
}

impl<'a> Walk<'a> {
    pub(super) fn new(program: &'a Program, facts: &'a Facts, known: &'a Columns<'a>, lang: Lang) -> Self {
        Self {
            program,
            facts,
            evaluator: Evaluator::with_known(program, &facts.data, known),
            lang,
            tallies: BTreeMap::new(),
            at: AttributeId(0),
            walked: 0,
            is_partial: false,
        }
    }

    /// Walks an attribute for its subjects and rows in the periods of its grain.
    pub(super) fn attribute(&mut self, attribute: AttributeId, periods: &[Period]) {
        let definition = &self.program.attributes[attribute.index()];
        let Some(kind) = definition.context.kind else { return };
        self.at = attribute;
        let periods: Vec<Option<Period>> = match definition.context.grain {
            None => vec![None],
            Some(grain) => {
                periods.iter().filter(|period| period.grain() == grain).copied().map(Some).collect()
            }
        };
        let rows = match definition.context.rows.as_ref().map(|rows| &rows.source) {
            None => vec![None],
            Some(Source::Rows(table)) => self.rows(*table).map(|row| Some(Value::Row(*table, row))).collect(),
            Some(_) => return,
        };
        let len = self.facts.data.kinds[kind.index()].len;
        self.is_partial |= len > limits::FOOTPRINT_SUBJECTS;
        for period in periods {
            for subject in (0_u32..).take(len.min(limits::FOOTPRINT_SUBJECTS)) {
                for row in &rows {
                    let variables = row.iter().cloned().collect();
                    let scene = Scene { attribute, subject: Some((kind, subject)), variables, period };
                    self.result(definition, row.clone(), &scene);
                }
            }
        }
    }

    fn rows(&self, table: TableId) -> impl Iterator<Item = u32> + use<> {
        let count = self.program.tables[table.index()].rows.len();
        0..u32::try_from(count).unwrap_or(u32::MAX)
    }

    /// One result, when there is one.
    fn result(&mut self, definition: &'a Attribute, row: Option<Value>, scene: &Scene) {
        let Some((kind, subject)) = scene.subject else { return };
        let scope = self.program.scope.as_ref().filter(|scope| scope.kind == kind);
        let filters =
            scope.and_then(|scope| scope.filter.as_ref()).into_iter().chain(&definition.context.filter);
        for filter in filters {
            if self.evaluator.expression(filter, scene) != Value::Bool(true) {
                return;
            }
        }
        let value = self.evaluator.value(scene.attribute, subject, row, scene.period);
        if value.is_blocked() {
            return;
        }
        self.walked += 1;
        if let Value::Enum(of, item) = value
            && (self.program.enums[of.index()].ordered || matches!(definition.body, Body::Quota(_)))
        {
            let items = &self.program.enums[of.index()].items;
            self.fall(Spot::Items(scene.attribute), item as usize, &|| items.clone());
        }
        match &definition.body {
            Body::Defined { exceptions, general } => self.cases(exceptions, general, scene),
            Body::Total(total) => {
                let limits = [("最高", "at most", &total.max), ("最低", "at least", &total.min)];
                for (at, (zh, en, limit)) in (0..).zip(limits) {
                    let Some(limit) = limit else { continue };
                    let border = Value::Number(limit.clone());
                    let text =
                        format_value(self.program, &self.facts.data, &border, &definition.ty.base, self.lang);
                    let place = format!("{} {text}", self.lang.pick(zh, en));
                    self.limit((definition.span.start, at), place, value == border);
                }
            }
            _ => {}
        }
    }

    fn cases(&mut self, exceptions: &'a [Case], general: &'a [Case], scene: &Scene) {
        let all: Vec<&'a Case> = exceptions.iter().chain(general).collect();
        let mut taken = None;
        let mut by_facts = all.len() > 1;
        for (at, case) in all.iter().enumerate() {
            let Some(guard) = &case.guard else {
                taken = taken.or(Some(at));
                continue;
            };
            by_facts &= !self.is_settled(guard, scene);
            if taken.is_none() && self.evaluator.expression(guard, scene) == Value::Bool(true) {
                taken = Some(at);
            }
        }
        let Some(taken) = taken else { return };
        if by_facts {
            let names: Vec<String> = all.iter().map(|case| self.case_text(case)).collect();
            let span = all[0].span;
            self.fall(Spot::Choice(self.at, span.start, span.end), taken, &|| names.clone());
        }
        self.value(&all[taken].value, scene);
    }

    fn case_text(&self, case: &Case) -> String {
        match &case.guard {
            Some(guard) => format!(
                "{} {}",
                self.lang.pick("当", "when"),
                print::expression(self.program, guard, self.lang)
            ),
            None => self.lang.pick("一般情况", "the general case").to_owned(),
        }
    }

    /// Does a condition fail by the readings that are taken, whatever the facts?
    fn is_settled(&mut self, condition: &'a Expr, scene: &Scene) -> bool {
        match &condition.kind {
            ExprKind::ReadingIs(..) => self.evaluator.expression(condition, scene) != Value::Bool(true),
            ExprKind::And(parts) => parts.iter().any(|part| self.is_settled(part, scene)),
            ExprKind::Or(parts) => parts.iter().all(|part| self.is_settled(part, scene)),
            _ => false,
        }
    }

    /// What is read of an expression that gives a value.
    fn value(&mut self, expr: &'a Expr, scene: &Scene) {
        match &expr.kind {
            ExprKind::If { arms, otherwise } => self.choice(expr, arms, otherwise, scene),
            ExprKind::OrNone(value, default) => {
                let taken =
                    if self.evaluator.expression(value, scene) == Value::None { default } else { value };
                self.value(taken, scene);
            }
            ExprKind::Lookup { table, keys, .. } | ExprKind::LookupRow { table, keys } => {
                let values: Vec<Value> =
                    keys.iter().map(|key| self.evaluator.expression(key, scene)).collect();
                keys.iter().for_each(|key| self.value(key, scene));
                if let Some(row) = self.evaluator.find_row(*table, &values, scene.period) {
                    let labels = row_labels(self.program, &self.facts.data, *table);
                    self.fall(Spot::Table(*table), row as usize, &|| labels.clone());
                }
            }
            ExprKind::Call(Function::Clamp, parts) => self.clamp(expr, parts, scene),
            // Elements of a collection are no results of their own, and another period is looked at in its turn.
            ExprKind::Aggregate(_) | ExprKind::Collection(_) | ExprKind::At { .. } => {}
            _ => {
                let mut parts = Vec::new();
                walk::children(expr, &mut |part| parts.push(part));
                parts.into_iter().for_each(|part| self.value(part, scene));
            }
        }
    }

    fn choice(&mut self, expr: &'a Expr, arms: &'a [(Expr, Expr)], otherwise: &'a Expr, scene: &Scene) {
        let mut open: Vec<&'a (Expr, Expr)> = Vec::new();
        for arm in arms {
            if !self.is_settled(&arm.0, scene) {
                open.push(arm);
            }
        }
        let mut taken = open.len();
        for (at, (condition, _)) in open.iter().enumerate() {
            self.value(condition, scene);
            match self.evaluator.expression(condition, scene) {
                Value::Bool(true) => {
                    taken = at;
                    break;
                }
                value if value.is_blocked() => return,
                _ => {}
            }
        }
        if !open.iter().any(|(condition, _)| is_reading(condition)) && !open.is_empty() {
            let (program, lang) = (self.program, self.lang);
            let text = |expr: &Expr| print::expression(program, expr, lang);
            let names = || {
                let arms = open
                    .iter()
                    .map(|(condition, _)| format!("{} {}", lang.pick("如", "if"), text(condition)));
                arms.chain([lang.pick("否则", "otherwise").to_owned()]).collect::<Vec<_>>()
            };
            self.fall(Spot::Choice(self.at, expr.span.start, expr.span.end), taken, &names);
        }
        let value = open.get(taken).map_or(otherwise, |arm| &arm.1);
        self.value(value, scene);
    }

    fn clamp(&mut self, expr: &'a Expr, parts: &'a [Expr], scene: &Scene) {
        let [value, low, high] = parts else { return };
        let [now, least, most] = [value, low, high].map(|part| self.evaluator.expression(part, scene));
        if let (Value::Number(now), Value::Number(least), Value::Number(most)) = (&now, &least, &most) {
            let sides = [("下限", "not below", low, now < least), ("上限", "not above", high, now > most)];
            for (at, (zh, en, border, is_held)) in (0..).zip(sides) {
                let border = print::expression(self.program, border, self.lang);
                self.limit((expr.span.start, at), format!("{} {border}", self.lang.pick(zh, en)), is_held);
            }
        }
        self.value(value, scene);
    }

    /// Counts a result into a branch of a spot.
    fn fall(&mut self, spot: Spot, branch: usize, names: &dyn Fn() -> Vec<String>) {
        let attribute = &self.program.attributes[self.at.index()];
        let (article, value) = match spot {
            Spot::Table(table) => {
                let table = &self.program.tables[table.index()];
                (table.article, format!("{} {}", self.lang.pick("表", "table"), table.name))
            }
            _ => (attribute.article, attribute.name.clone()),
        };
        let tally = self.tallies.entry(spot).or_insert_with(|| Tally {
            article,
            value,
            branches: names().into_iter().map(|name| (name, 0)).collect(),
            visits: 0,
        });
        tally.visits += 1;
        if let Some((_, count)) = tally.branches.get_mut(branch) {
            *count += 1;
        }
    }

    /// Counts a result that came to a limit.
    fn limit(&mut self, (start, side): (u32, u32), place: String, is_held: bool) {
        self.fall(Spot::Limit(self.at, start, side), usize::from(!is_held), &|| {
            vec![place.clone(), String::new()]
        });
    }
}
