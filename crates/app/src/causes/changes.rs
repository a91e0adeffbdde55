//! What two deliveries of facts say differently, one thing after the other: who comes and goes, then column by column.

mod same;

use super::mixture::{Pair, Places, Taken, through};
use super::step::{Sort, Touched};
use crate::dataset::Facts;
use crate::gather::NOWHERE;
use crate::names;
use hengjie_calendar::Period;
use hengjie_evaluate::dataset::{Column, Dataset, FieldData, Keys, KindData};
use hengjie_evaluate::format::format_value;
use hengjie_evaluate::row::Evaluator;
use hengjie_evaluate::value::Value;
use hengjie_policy::core::{FieldRef, KindId, Program, Type};
use hengjie_quantity::Lang;
use std::collections::BTreeSet;

/// Facts of one step that are written out; the rest is counted.
const WRITTEN: usize = 20_000;

/// One thing that differs.
#[derive(Debug)]
pub(super) struct Change {
    pub(super) sort: Sort,
    /// `人员的存款日均`
    pub(super) what: String,
    /// How many facts.
    pub(super) count: usize,
    /// The facts, as many as are written out.
    pub(super) touched: Vec<Touched>,
    /// What is taken from the new facts from here on.
    pub(super) rows: Option<KindId>,
    pub(super) fields: Vec<FieldRef>,
}

impl Change {
    /// Takes it.
    pub(super) fn take(&self, taken: &mut Taken) {
        taken.rows.extend(self.rows);
        taken.fields.extend(self.fields.iter().copied());
    }
}

/// Looks for what differs. `when`: the period for which dated facts are shown.
pub(super) struct Looker<'a> {
    pair: Pair<'a>,
    facts: [&'a Facts; 2],
    evaluators: [Evaluator<'a>; 2],
    when: Option<Period>,
    lang: Lang,
}

impl<'a> Looker<'a> {
    pub(super) fn new(program: &'a Program, facts: [&'a Facts; 2], when: Option<Period>, lang: Lang) -> Self {
        let [old, new] = facts.map(|facts| &facts.data);
        let evaluators = [Evaluator::new(program, old), Evaluator::new(program, new)];
        Self { pair: Pair { program, old, new }, facts, evaluators, when, lang }
    }

    /// Everything that differs, and what of the new facts can be taken at once because it does not.
    /// Kinds come before those that refer to them, so that nobody new refers to somebody who is not there yet.
    pub(super) fn changes(&self) -> (Vec<Change>, Taken) {
        let (mut changes, mut taken) = (Vec::new(), Taken::default());
        let mut relations = Vec::new();
        for kind in by_reference(self.pair.program) {
            let forward = self.pair.forward(kind);
            match self.rows(kind, &forward) {
                Some(change) => changes.push(change),
                None => drop(taken.rows.insert(kind)),
            }
            if is_numbered(&self.pair.new.kinds[kind.index()].keys) {
                continue;
            }
            let fields = (0..).zip(&self.pair.program.kinds[kind.index()].fields);
            for (field, definition) in fields {
                let reference = FieldRef { kind, field };
                match self.field(reference, &forward) {
                    Some(change) if matches!(definition.ty, Type::Object(_)) => relations.push(change),
                    Some(change) => changes.push(change),
                    None => drop(taken.fields.insert(reference)),
                }
            }
        }
        changes.extend(relations);
        (changes, taken)
    }

    fn kind(&self, side: usize, kind: KindId) -> &'a KindData {
        let data: &'a Dataset = if side == 0 { self.pair.old } else { self.pair.new };
        &data.kinds[kind.index()]
    }

    /// Who comes and goes.
    fn rows(&self, kind: KindId, forward: &Places) -> Option<Change> {
        let (old, new) = (self.kind(0, kind), self.kind(1, kind));
        let name = &self.pair.program.kinds[kind.index()].name;
        if is_numbered(&new.keys) || is_numbered(&old.keys) {
            return self.numbered(kind);
        }
        let backward = super::mixture::places(&new.keys, new.len, &old.keys, old.len);
        let gone = positions(old.len).filter(|at| through(forward, *at) == NOWHERE);
        let come = positions(new.len).filter(|at| through(&backward, *at) == NOWHERE);
        let moved = positions(old.len).filter(|at| {
            let now = through(forward, *at);
            let period =
                |kind: &KindData, at: u32| kind.periods.as_ref().and_then(|all| all.get(at as usize));
            now != NOWHERE && period(old, *at) != period(new, now)
        });
        let gone = gone.map(|at| (0, at, self.lang.pick("去掉", "gone:")));
        let come = come.map(|at| (1, at, self.lang.pick("新增", "new:")));
        let moved = moved.map(|at| (0, at, self.lang.pick("换了日期：", "another day:")));
        let all: Vec<(usize, u32, &str)> = gone.chain(come).chain(moved).collect();
        if all.is_empty() && forward.is_none() {
            return None;
        }
        let touched = all.iter().take(WRITTEN).map(|(side, at, word)| Touched {
            whose: self.whose(kind, &[(*side, *at)]),
            text: format!("{word} {name} {}", names::person(self.facts[*side], kind, *at, self.lang)),
        });
        let words = self.lang.pick("新增和去掉的", "new and gone: ");
        Some(Change {
            sort: Sort::Facts,
            what: format!("{words}{name}"),
            count: all.len(),
            touched: touched.collect(),
            rows: Some(kind),
            fields: Vec::new(),
        })
    }

    /// Records without keys: nobody can say which one became which, so they are taken as a whole.
    fn numbered(&self, kind: KindId) -> Option<Change> {
        let definition = &self.pair.program.kinds[kind.index()];
        let (old, new) = (self.kind(0, kind), self.kind(1, kind));
        let fields: Vec<FieldRef> =
            (0..).zip(&definition.fields).map(|(field, _)| FieldRef { kind, field }).collect();
        let periods = |kind: &KindData, at: usize| kind.periods.as_ref().and_then(|all| all.get(at));
        let is_same = old.len == new.len
            && (0..old.len).all(|at| periods(old, at) == periods(new, at))
            && fields.iter().all(|field| self.changed(*field, &None).is_empty());
        let name = &definition.name;
        (!is_same).then(|| Change {
            sort: Sort::Facts,
            what: self
                .lang
                .pick(format!("{name}（没有编号，整张换）"), format!("{name} (no keys: taken as a whole)")),
            count: old.len.max(new.len),
            touched: Vec::new(),
            rows: Some(kind),
            fields,
        })
    }

    /// Values of a field that differ for those who stay.
    fn field(&self, field: FieldRef, forward: &Places) -> Option<Change> {
        let changed = self.changed(field, forward);
        if changed.is_empty() {
            return None;
        }
        let kind = &self.pair.program.kinds[field.kind.index()];
        let definition = &kind.fields[field.field as usize];
        let touched = changed.iter().take(WRITTEN).map(|(old, new, period)| Touched {
            whose: self.whose(field.kind, &[(0, *old), (1, *new)]),
            text: self.written(field, (*old, *new), *period),
        });
        Some(Change {
            sort: if matches!(definition.ty, Type::Object(_)) { Sort::Ownership } else { Sort::Facts },
            what: self.lang.pick(
                format!("{}的{}", kind.name, definition.name),
                format!("{} of {}", definition.name, kind.name),
            ),
            count: changed.len(),
            touched: touched.collect(),
            rows: None,
            fields: vec![field],
        })
    }

    /// Where a field differs: old place, new place, period.
    fn changed(&self, field: FieldRef, forward: &Places) -> Vec<(u32, u32, Option<Period>)> {
        let at = field.field as usize;
        let (old, new) = (self.kind(0, field.kind), self.kind(1, field.kind));
        let stay =
            || positions(old.len).map(|at| (at, through(forward, at))).filter(|(_, now)| *now != NOWHERE);
        let (before, after) = (&old.fields[at], &new.fields[at]);
        let columns = |left: Option<&Column>, right: Option<&Column>, period: Option<Period>| {
            let differs = |(was, is): &(u32, u32)| !self.is_same(field, (left, *was), (right, *is));
            stay().filter(differs).map(|(was, is)| (was, is, period)).collect::<Vec<_>>()
        };
        match (before, after) {
            (FieldData::Absent, FieldData::Absent) => Vec::new(),
            (FieldData::Periodic(_), _) | (_, FieldData::Periodic(_)) => {
                let periods: BTreeSet<Period> = periods_of(before).chain(periods_of(after)).collect();
                let of =
                    |period| columns(column(before, Some(period)), column(after, Some(period)), Some(period));
                periods.into_iter().flat_map(of).collect()
            }
            (FieldData::Dated(_), _) | (_, FieldData::Dated(_)) => {
                let differs =
                    |(was, is): &(u32, u32)| !self.is_same_history(field, (before, *was), (after, *is));
                stay().filter(differs).map(|(was, is)| (was, is, self.when)).collect()
            }
            _ => columns(column(before, None), column(after, None), None),
        }
    }

    /// `张三的存款日均（2025年）8000万元 → 9000万元（人员_每年.csv 第 2 行）`
    fn written(&self, field: FieldRef, (old, new): (u32, u32), period: Option<Period>) -> String {
        let definition = &self.pair.program.kinds[field.kind.index()].fields[field.field as usize];
        let text = |side: usize, at: u32| {
            let value = self.evaluators[side].fact(field, at, period);
            format_value(self.pair.program, &self.facts[side].data, &value, &definition.ty, self.lang)
        };
        let who = names::person(self.facts[1], field.kind, new, self.lang);
        let when = period.map_or_else(String::new, |period| match self.lang {
            Lang::Zh => format!("（{period}）"),
            Lang::En => format!(" ({})", period.en()),
        });
        let place = self.place(field, new, period);
        let (before, after, name) = (text(0, old), text(1, new), &definition.name);
        match self.lang {
            Lang::Zh => format!("{who}的{name}{when} {before} → {after}{place}"),
            Lang::En => format!("{name} of {who}{when} {before} → {after}{place}"),
        }
    }

    /// File and row of a new value.
    fn place(&self, field: FieldRef, at: u32, period: Option<Period>) -> String {
        let kind = self.kind(1, field.kind);
        let data = &kind.fields[field.field as usize];
        let found = match (data, period) {
            (FieldData::Dated(dated), Some(period)) => {
                let entry = dated.entry(at as usize, period.last_day());
                entry.and_then(|entry| dated.values.origin.as_ref()?.row(entry))
            }
            _ => column(data, period)
                .and_then(|column| column.origin.as_ref().unwrap_or(&kind.origin).row(at as usize)),
        };
        let Some((file, row)) = found.filter(|(_, row)| *row > 0) else { return String::new() };
        let file = self.facts[1].data.files.get(file as usize).map_or("", String::as_str);
        match self.lang {
            Lang::Zh => format!("（{file} 第 {row} 行）"),
            Lang::En => format!(" ({file}, row {row})"),
        }
    }

    /// Whose facts these are: the subjects themselves and those to whom they refer, by name of the kind and key.
    fn whose(&self, kind: KindId, places: &[(usize, u32)]) -> Vec<(String, String)> {
        let program = self.pair.program;
        let mut found = Vec::new();
        for &(side, at) in places {
            found.push((
                program.kinds[kind.index()].name.clone(),
                self.kind(side, kind).keys.get(at as usize),
            ));
            for (field, definition) in (0..).zip(&program.kinds[kind.index()].fields) {
                let Type::Object(target) = definition.ty else { continue };
                if let Value::Object(_, position) =
                    self.evaluators[side].fact(FieldRef { kind, field }, at, self.when)
                {
                    let key = self.kind(side, target).keys.get(position as usize);
                    found.push((program.kinds[target.index()].name.clone(), key));
                }
            }
        }
        found.sort_unstable();
        found.dedup();
        found
    }
}

fn positions(len: usize) -> impl Iterator<Item = u32> {
    (0..).take(len)
}

fn is_numbered(keys: &Keys) -> bool {
    matches!(keys, Keys::Numbered { len, .. } if *len > 0)
}

fn column(data: &FieldData, period: Option<Period>) -> Option<&Column> {
    match (data, period) {
        (FieldData::Static(column), _) => Some(column),
        (FieldData::Periodic(columns), Some(period)) => columns.get(&period),
        _ => None,
    }
}

fn periods_of(data: &FieldData) -> impl Iterator<Item = Period> {
    let columns = match data {
        FieldData::Periodic(columns) => Some(columns),
        _ => None,
    };
    columns.into_iter().flat_map(|columns| columns.keys().copied())
}

/// The kinds, each behind those that it refers to.
fn by_reference(program: &Program) -> Vec<KindId> {
    fn visit(program: &Program, kind: KindId, seen: &mut BTreeSet<KindId>, order: &mut Vec<KindId>) {
        if !seen.insert(kind) {
            return;
        }
        for field in &program.kinds[kind.index()].fields {
            if let Type::Object(target) = field.ty {
                visit(program, target, seen, order);
            }
        }
        order.push(kind);
    }
    let (mut seen, mut order) = (BTreeSet::new(), Vec::new());
    for kind in (0..).take(program.kinds.len()).map(KindId) {
        visit(program, kind, &mut seen, &mut order);
    }
    order
}
