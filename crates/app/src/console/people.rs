//! One person: every figure, why it is so, what is missing for the next one, what other facts would give.

use super::access::Operation;
use super::answer::{
    ColumnRole, ConditionRow, DistanceView, Explanation, Person, PersonSheet, PersonValue, Step, TableSort,
    TrialLine, TrialView,
};
use super::outcome::stamp;
use super::refusal::{Refusal, Refused};
use super::runs::ending;
use super::table::Kept;
use super::{Asking, Console};
use crate::distance::{self, Condition, Distance, Query, State};
use crate::document::Policy;
use crate::explain::Question;
use crate::failure::{Failure, Outcome};
use crate::run::Request;
use crate::whatif::{self, Trial};
use hengjie_quantity::Lang;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// Facts of a person as they might be.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PersonTrial {
    /// Key of the person.
    pub person: String,
    /// Field and value as people write it.
    pub changes: Vec<(String, String)>,
}

impl Console {
    /// All figures of a person in a run.
    ///
    /// # Errors
    /// [`Refusal::Forbidden`]; [`Refusal::Absent`] when the run has nobody with this key; [`Refusal::Store`].
    pub async fn person(&self, asking: &Asking, run: i64, key: &str) -> Refused<Person> {
        asking.actor.permit(Operation::ReadPerson)?;
        let tables = ending(&self.store.run(run).await?).tables;
        let mut person = Person {
            key: key.to_owned(),
            name: String::new(),
            sheets: Vec::new(),
            before: None,
            after: None,
        };
        for table in tables.iter().filter(|table| table.about != TableSort::Gaps) {
            let kept = self.kept(run, table.position).await?;
            add(&mut person, &kept, key);
        }
        if person.sheets.is_empty() {
            return Err(Refusal::absent(
                format!("这次结果里没有编号是“{key}”的对象。"),
                format!("Nobody in these results has the key `{key}`."),
            ));
        }
        Ok(person)
    }

    /// Why a figure is what it is.
    ///
    /// # Errors
    /// [`Refusal::Forbidden`]; [`Refusal::Failure`] as `hengjie explain`; [`Refusal::Store`].
    pub async fn explain(&self, asking: &Asking, run: i64, question: Question) -> Refused<Explanation> {
        asking.actor.permit(Operation::ExplainValue)?;
        let (policy, request, stamp) = self.basis(run, asking.lang).await?;
        let facts_changed = stamp.is_changed;
        let key = (run, stamp.now);
        let answer = self.at_desk(key, (Arc::clone(&policy), request), question, asking.lang).await?;
        apart(move || {
            let step: Step = serde_json::from_value(answer.json).map_err(|error| {
                Failure::usage(
                    format!("解释读不出：{error}"),
                    format!("the explanation cannot be read: {error}"),
                )
            })?;
            let mut cited = BTreeSet::new();
            cite(&step, &mut cited);
            let articles = policy.program.articles.iter().filter(|article| cited.contains(&article.cite));
            let articles = articles.map(|article| (article.cite.clone(), article.prose.clone())).collect();
            Ok(Explanation { text: answer.text, step, articles, facts_changed })
        })
        .await
    }

    /// What a person still needs for the next grade, step or seat.
    ///
    /// # Errors
    /// [`Refusal::Forbidden`]; [`Refusal::Failure`] as `hengjie distance`; [`Refusal::Store`].
    pub async fn distance(&self, asking: &Asking, run: i64, person: &str) -> Refused<Vec<DistanceView>> {
        asking.actor.permit(Operation::MeasureDistance)?;
        let (policy, request, _) = self.basis(run, asking.lang).await?;
        let query = Query { person: person.to_owned(), ..Query::default() };
        apart(move || {
            let report = distance::distance(&policy, &query, &request)?;
            Ok(report.distances.iter().map(|one| view(one, request.lang)).collect())
        })
        .await
    }

    /// What other facts of a person would give. Nothing is kept.
    ///
    /// # Errors
    /// [`Refusal::Forbidden`]; [`Refusal::Failure`] as `hengjie whatif`; [`Refusal::Store`].
    pub async fn attempt(&self, asking: &Asking, run: i64, wanted: PersonTrial) -> Refused<TrialView> {
        asking.actor.permit(Operation::TryChanges)?;
        let (policy, request, _) = self.basis(run, asking.lang).await?;
        apart(move || attempt(&policy, &request, &wanted)).await
    }

    /// The document, facts and periods of a run, and whether the facts have changed since.
    async fn basis(&self, number: i64, lang: Lang) -> Refused<(Arc<Policy>, Request, Stamp)> {
        let run = self.store.run(number).await?;
        let policy = self.policy(&run.document, run.version).await?;
        let request = self.request_of(&run, lang).await?;
        let now = stamp(&request.source);
        let is_changed = ending(&run).facts != now;
        Ok((policy, request, Stamp { now, is_changed }))
    }
}

/// What the facts of a run look like now.
struct Stamp {
    now: String,
    /// Since the run.
    is_changed: bool,
}

/// Computes beside the server's own threads.
async fn apart<T: Send + 'static>(work: impl FnOnce() -> Outcome<T> + Send + 'static) -> Refused<T> {
    match tokio::task::spawn_blocking(work).await {
        Ok(outcome) => Ok(outcome?),
        Err(_) => Err(Refusal::Failure(Failure::usage(
            "程序出了错误，没有算出",
            "a fault of the program: nothing was computed",
        ))),
    }
}

/// Adds what a table says about a person.
fn add(person: &mut Person, kept: &Kept, key: &str) {
    let text = |row: usize, role: ColumnRole| kept.role(role).map(|column| kept.cell(row, column).text);
    let rows = kept.rows_of(key);
    for &row in &rows {
        if person.name.is_empty() {
            person.name = text(row, ColumnRole::Name).unwrap_or_else(|| key.to_owned());
        }
        let columns = kept.summary.columns.iter().enumerate();
        let values = columns.filter(|(_, column)| !column.value.is_empty());
        person.sheets.push(PersonSheet {
            table: kept.summary.name.clone(),
            period: text(row, ColumnRole::Period).unwrap_or_default(),
            values: values
                .map(|(at, column)| PersonValue { column: column.clone(), cell: kept.cell(row, at) })
                .collect(),
        });
    }
    if let (Some(&first), None, None) = (rows.first(), &person.before, &person.after) {
        let beside =
            |row: usize| text(row, ColumnRole::Key).filter(|other| other != key && !other.is_empty());
        person.before = first.checked_sub(1).and_then(beside);
        person.after = Some(first + 1).filter(|next| *next < kept.summary.rows).and_then(beside);
    }
}

/// The articles of a step and of all below it.
fn cite(step: &Step, cited: &mut BTreeSet<String>) {
    cited.extend(step.article.iter().map(|article| article.cite.clone()));
    step.children.iter().for_each(|child| cite(child, cited));
}

fn view(distance: &Distance, lang: Lang) -> DistanceView {
    let mut conditions = Vec::new();
    if let Some(condition) = &distance.conditions {
        let texts = condition.rows(lang);
        let mut marks = Vec::new();
        flatten(condition, &mut marks);
        let row =
            |([label, need, have, gap, state], (level, is_binding, is_met)): ([String; 5], _)| ConditionRow {
                level,
                label: label.trim_start().to_owned(),
                need,
                have,
                gap,
                state,
                is_binding,
                is_met,
            };
        conditions = texts.into_iter().zip(marks).map(row).collect();
    }
    let suggestions = distance.singles.iter().chain(&distance.pair);
    DistanceView {
        value: distance.value.clone(),
        period: distance.period.clone(),
        now: distance.now.clone(),
        goal: distance.goal.clone(),
        is_reached: distance.is_reached,
        waits_for: distance.gaps.iter().chain(&distance.waits_for).cloned().collect(),
        conditions,
        suggestions: suggestions.map(|one| one.text(lang)).collect(),
        why_not: distance.why_not.clone(),
    }
}

/// Level, binding and met of each condition in the order of its rows.
fn flatten(condition: &Condition, marks: &mut Vec<(usize, bool, bool)>) {
    fn add(condition: &Condition, level: usize, marks: &mut Vec<(usize, bool, bool)>) {
        marks.push((level, condition.binding, condition.state == State::Met));
        condition.children.iter().for_each(|part| add(part, level + 1, marks));
    }
    add(condition, 0, marks);
}

fn attempt(policy: &Policy, request: &Request, wanted: &PersonTrial) -> Outcome<TrialView> {
    let program = &policy.program;
    let Some(scope) = &program.scope else {
        return Err(Failure::usage(
            "这份制度没有写“适用”，不知道资料属于谁",
            "the policy has no scope: nobody knows whose facts these are",
        ));
    };
    let kind = &program.kinds[scope.kind.index()].name;
    let fact = |(field, value): &(String, String)| format!("{kind}.{}.{field}={value}", wanted.person);
    let trial = Trial { facts: wanted.changes.iter().map(fact).collect(), parameters: Vec::new() };
    let found = whatif::try_changes(policy, &trial, request)?;
    // Lines name people as `K1（张三）` or `K1 (张三)`.
    let is_own = |who: &str| {
        let rest = who.strip_prefix(wanted.person.as_str());
        rest.is_some_and(|rest| rest.is_empty() || rest.starts_with(['（', ' ']))
    };
    let own = found.lines.iter().filter(|line| is_own(&line.who));
    let lines: Vec<TrialLine> = own
        .map(|line| TrialLine {
            value: line.value.clone(),
            period: line.period.clone(),
            before: line.before.clone(),
            after: line.after.clone(),
            difference: line.difference.clone(),
            is_outcome: line.is_outcome,
        })
        .collect();
    let others: BTreeMap<&str, ()> =
        found.lines.iter().filter(|line| !is_own(&line.who)).map(|line| (line.who.as_str(), ())).collect();
    Ok(TrialView {
        changes: found.asked.into_iter().map(|one| (one.what, one.from, one.to)).collect(),
        lines,
        others: others.len(),
        milliseconds: u64::try_from(found.milliseconds).unwrap_or(u64::MAX),
    })
}
