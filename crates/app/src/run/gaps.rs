//! What results wait for: facts, parameters, forms, decisions; with who must supply them and how much waits.
//!
//! Results without a value are looked at again row by row, up to a limit, because only the row evaluator says why.

mod idle;
mod tables;

use super::compute::Computed;
use super::known::Columns;
use super::name_of;
use crate::cone::{Cone, all_attributes, dependents};
use crate::dataset::Facts;
use crate::limits;
use crate::words::cite;
use hengjie_evaluate::columnar::ResultColumn;
use hengjie_evaluate::format::{format_gap, format_open};
use hengjie_evaluate::row::Evaluator;
use hengjie_evaluate::value::{Gap, OpenDecision, Status, Value};
use hengjie_policy::core::{
    ArticleId, AttributeId, FieldRef, KindId, ParameterId, ParameterValue, Program, Source,
};
use hengjie_quantity::Lang;
use std::collections::{BTreeMap, BTreeSet};

/// How many results wait.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Waiting {
    /// 待补
    pub missing: u64,
    /// 待定
    pub undecided: u64,
}

/// One thing that results wait for, all subjects together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GapSummary {
    /// An example in words, in Chinese and English.
    pub zh: String,
    /// The same in English.
    pub en: String,
    /// How many facts, parameters or decisions of this sort are missing.
    pub count: u64,
    /// How many of the results that were looked at wait for it.
    pub results: u64,
    /// Names of the attributes that wait.
    pub attributes: Vec<String>,
    /// Is it a decision?
    pub is_decision: bool,
}

/// Everything found.
#[derive(Debug, Default)]
pub(super) struct Gaps {
    facts: BTreeMap<Gap, Line>,
    decisions: BTreeMap<OpenDecision, Line>,
    /// Decisions of which no further result depends any more, whatever is decided.
    idle: BTreeSet<OpenDecision>,
    /// Who waits, by sort.
    sorts: BTreeMap<Sort, Line>,
    /// Attributes that are not looked into.
    crowded: BTreeSet<AttributeId>,
    /// Those of them that wait.
    skipped: Line,
    /// Were there more results without a value than were looked at?
    pub(super) is_partial: bool,
}

/// Who waits.
#[derive(Debug, Clone, Default)]
struct Line {
    results: u64,
    attributes: BTreeSet<AttributeId>,
}

/// What gaps have in common.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Sort {
    Field(FieldRef),
    Parameter(ParameterId, Vec<String>),
    Cell(u32),
    Form(KindId),
    Fault(AttributeId),
    Decision(u32),
}

/// Looks into the results that wait.
pub(super) fn find(program: &Program, facts: &Facts, computed: &Computed) -> Gaps {
    let known = Columns::of(program, computed.columns.as_slice());
    let mut evaluator = Evaluator::with_known(program, &facts.data, &known);
    let mut gaps = Gaps { crowded: crowded(program, facts), ..Gaps::default() };
    let mut left = limits::GAPS_EXAMINED;
    for column in &computed.columns {
        let row = row_of(program, column);
        if gaps.crowded.contains(&column.attribute) {
            gaps.skip(column);
            continue;
        }
        let Some(states) = &column.status else { continue };
        examine(&mut gaps, &mut left, states, |subject| {
            (column.attribute, evaluator.value(column.attribute, subject, row.clone(), column.period))
        });
    }
    for column in &computed.texts {
        examine(&mut gaps, &mut left, &column.status, |subject| {
            (column.attribute, evaluator.value(column.attribute, subject, None, column.period))
        });
    }
    gaps.idle = idle::idle(program, facts, computed, &gaps.decisions);
    gaps
}

/// The attributes that depend on all subjects of a large kind together. They wait as soon as anybody waits, and going
/// through everybody row by row to say so would take longer than the run.
fn crowded(program: &Program, facts: &Facts) -> BTreeSet<AttributeId> {
    let large = |kind: &KindId| facts.data.kinds[kind.index()].len > limits::POPULATION_BY_ROW;
    let uses: Vec<(AttributeId, Cone)> =
        all_attributes(program).map(|attribute| (attribute, Cone::direct(program, attribute))).collect();
    let direct = uses.iter().filter(|(_, cone)| cone.populations.iter().any(large));
    let direct: Vec<AttributeId> = direct.map(|(attribute, _)| *attribute).collect();
    dependents(&uses, &direct).into_iter().collect()
}

/// Looks at the waiting values of one column.
fn examine(
    gaps: &mut Gaps,
    left: &mut usize,
    states: &[u8],
    mut value: impl FnMut(u32) -> (AttributeId, Value),
) {
    let mut here = limits::GAPS_PER_COLUMN;
    for (subject, _) in (0_u32..).zip(states).filter(|(_, state)| is_waiting(**state)) {
        if *left == 0 || here == 0 {
            gaps.is_partial = true;
            return;
        }
        *left -= 1;
        here -= 1;
        let (attribute, value) = value(subject);
        gaps.add(attribute, &value);
    }
}

fn is_waiting(state: u8) -> bool {
    state == Status::Missing as u8 || state == Status::Undecided as u8
}

/// The row of a 逐 table a column belongs to.
fn row_of(program: &Program, column: &ResultColumn) -> Option<Value> {
    match program.attributes[column.attribute.index()].context.rows.as_ref().map(|rows| &rows.source) {
        Some(Source::Rows(table)) => column.row.map(|row| Value::Row(*table, row)),
        _ => None,
    }
}

impl Gaps {
    /// Takes note of one result that waits.
    fn add(&mut self, attribute: AttributeId, value: &Value) {
        let mut sorts = BTreeSet::new();
        match value {
            Value::Missing(missing) => {
                for gap in missing.iter() {
                    self.facts.entry(gap.clone()).or_default().add(attribute);
                    sorts.insert(sort_of(gap));
                }
            }
            Value::Undecided(open) => {
                for open in open.iter() {
                    self.decisions.entry(open.clone()).or_default().add(attribute);
                    sorts.insert(Sort::Decision(open.decision.0));
                }
            }
            _ => {}
        }
        sorts.into_iter().for_each(|sort| self.sorts.entry(sort).or_default().add(attribute));
    }

    /// Takes note of a column that is not looked into.
    fn skip(&mut self, column: &ResultColumn) {
        let Some(states) = &column.status else { return };
        let waits = states.iter().filter(|state| is_waiting(**state)).count() as u64;
        if waits > 0 {
            self.skipped.results += waits;
            self.skipped.attributes.insert(column.attribute);
        }
    }

    /// What results wait for, the most wanted first.
    pub(super) fn summaries(&self, program: &Program, facts: &Facts) -> Vec<GapSummary> {
        let mut summaries: BTreeMap<Sort, GapSummary> = BTreeMap::new();
        let mut add = |sort: Sort, text: &dyn Fn(Lang) -> String| {
            let line = self.sorts.get(&sort).cloned().unwrap_or_default();
            let is_decision = matches!(sort, Sort::Decision(_));
            let summary = summaries.entry(sort).or_insert_with(|| GapSummary {
                zh: text(Lang::Zh),
                en: text(Lang::En),
                count: 0,
                results: line.results,
                attributes: line.attributes.iter().map(|id| name_of(program, *id).to_owned()).collect(),
                is_decision,
            });
            summary.count += 1;
        };
        for gap in self.facts.keys() {
            add(sort_of(gap), &|lang| format_gap(program, &facts.data, gap, lang));
        }
        for open in self.decisions.keys().filter(|open| !self.idle.contains(open)) {
            add(Sort::Decision(open.decision.0), &|lang| format_open(program, open, lang));
        }
        let mut summaries: Vec<GapSummary> = summaries.into_values().collect();
        summaries.sort_by(|left, right| (right.results, &left.zh).cmp(&(left.results, &right.zh)));
        if self.skipped.results > 0 {
            summaries.push(GapSummary {
                zh: "排名、名额和全体的数要等每个人都有结果".to_owned(),
                en: "ranks, seats and figures of everybody wait until all have results".to_owned(),
                count: 1,
                results: self.skipped.results,
                attributes: self
                    .skipped
                    .attributes
                    .iter()
                    .map(|id| name_of(program, *id).to_owned())
                    .collect(),
                is_decision: false,
            });
        }
        summaries
    }
}

impl Line {
    fn add(&mut self, attribute: AttributeId) {
        self.results += 1;
        self.attributes.insert(attribute);
    }
}

fn sort_of(gap: &Gap) -> Sort {
    match gap {
        Gap::Fact { field, .. } => Sort::Field(*field),
        Gap::Parameter { parameter, keys, .. } => Sort::Parameter(*parameter, keys.clone()),
        Gap::Cell { table, .. } => Sort::Cell(table.0),
        Gap::Form { kind, .. } => Sort::Form(*kind),
        Gap::Fault { attribute, .. } => Sort::Fault(*attribute),
    }
}

/// Where the document speaks of a gap.
fn article_of(program: &Program, gap: &Gap) -> Option<ArticleId> {
    match gap {
        Gap::Parameter { parameter, .. } => Some(program.parameters[parameter.index()].article),
        Gap::Cell { table, .. } => Some(program.tables[table.index()].article),
        Gap::Fault { attribute, .. } => Some(program.attributes[attribute.index()].article),
        Gap::Fact { .. } | Gap::Form { .. } => None,
    }
}

/// Who must supply a gap; empty for facts.
fn office_of<'a>(program: &'a Program, gap: &Gap) -> &'a str {
    match gap {
        Gap::Parameter { parameter, .. } => match &program.parameters[parameter.index()].value {
            ParameterValue::Required(office) => office,
            ParameterValue::Given(_) => "",
        },
        _ => "",
    }
}

/// The articles of some attributes.
fn articles(program: &Program, attributes: &BTreeSet<AttributeId>) -> String {
    let mut cites: Vec<&str> = Vec::new();
    for attribute in attributes {
        let cite = cite(program, program.attributes[attribute.index()].article);
        if !cites.contains(&cite) {
            cites.push(cite);
        }
    }
    cites.join("、")
}
