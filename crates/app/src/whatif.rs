//! 试算: changed facts, changed parameters or another version of the document, against the present.

mod change;
mod lines;
mod report;

use crate::compare::{Side, compare};
use crate::cone::{Cone, all_attributes};
use crate::dataset::Facts;
use crate::document::Policy;
use crate::effect::{Effect, effects, people};
use crate::failure::{Failure, Outcome};
use crate::run::{Prepared, Request, attributes_in, attributes_named, periods_asked, prepare, reach};
pub use change::Asked;
pub(crate) use change::refuse_empty_periods;
use hengjie_calendar::Period;
use hengjie_evaluate::columnar::Session;
use hengjie_facts::ResultTable;
use hengjie_policy::core::{AttributeId, Program};
use hengjie_quantity::{Lang, Rational};
use lines::{causes, lines};
use report::{grouped, tables};

/// What is tried.
#[derive(Debug, Clone, Default)]
pub struct Trial {
    /// Facts: `人员.张三.存款日均=1.2亿元`.
    pub facts: Vec<String>,
    /// Parameters: `及格线=65分`, `岗位工资(初级)=6000元`.
    pub parameters: Vec<String>,
}

/// What a trial does.
#[derive(Debug)]
pub struct Difference {
    /// The periods that were computed.
    pub periods: Vec<Period>,
    /// What was changed, as it was and as it is tried.
    pub asked: Vec<Asked>,
    /// People with any other result.
    pub people: usize,
    /// Results that were compared.
    pub compared: u64,
    /// What happens to each value, amounts and grades first.
    pub effects: Vec<Effect>,
    /// What differs first, by article, with how many people.
    pub causes: Vec<(String, usize)>,
    /// Each result of each person that differs.
    pub lines: Vec<Line>,
    /// By the unit of the person.
    pub units: Vec<Unit>,
    /// By the grade that the person has afterwards.
    pub grades: Vec<Unit>,
    /// As tables.
    pub tables: Vec<ResultTable>,
    /// Milliseconds of the second computation.
    pub milliseconds: u128,
}

/// A result that differs.
#[derive(Debug, Clone)]
pub struct Line {
    /// Key and name.
    pub who: String,
    /// The unit of the person; empty when the facts name none.
    pub unit: String,
    /// The grade of the person in the new computation; empty without one.
    pub grade: String,
    /// The period; empty without one.
    pub period: String,
    /// Name of the value.
    pub value: String,
    /// Is it an amount or a grade in which rules end?
    pub is_outcome: bool,
    /// As it is.
    pub before: String,
    /// As it would be.
    pub after: String,
    /// New minus old as people read it; empty for what is no number.
    pub difference: String,
    /// What of this person differs first: article and value.
    pub causes: String,
    number: Option<Rational>,
    is_money: bool,
    is_grade: bool,
    direction: i32,
}

impl Line {
    /// Who, period, value, before, after, difference, what differs first.
    #[must_use]
    pub fn cells(&self) -> Vec<String> {
        let cells =
            [&self.who, &self.period, &self.value, &self.before, &self.after, &self.difference, &self.causes];
        cells.map(String::clone).to_vec()
    }
}

/// The effect on the people of a unit, or of a grade.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Unit {
    /// Key and name of the unit; name of the grade.
    pub name: String,
    /// People with more money.
    pub winners: usize,
    /// People with less money.
    pub losers: usize,
    /// New minus old, all amounts together, in 元.
    pub sum: String,
    /// Grades that rise.
    pub up: usize,
    /// Grades that fall.
    pub down: usize,
}

/// Tries changes of facts and parameters.
///
/// # Errors
/// [`Failure::Usage`] for a person, field or parameter that does not exist, a value that is not of its type, a period
/// without facts; otherwise as a run.
pub fn try_changes(policy: &Policy, trial: &Trial, request: &Request) -> Outcome<Difference> {
    let program = &policy.program;
    if trial.facts.is_empty() && trial.parameters.is_empty() {
        return Err(Failure::usage(
            "没有写要改什么：用 --set 改资料、--param 改参数，或者 --policy 换一版制度",
            "nothing to try: change facts with --set, parameters with --param, or the document with --policy",
        ));
    }
    let wanted = attributes_named(program, &request.only)?;
    let (facts, periods) = loaded(program, &wanted, request)?;
    let asked_for = attributes_in(program, &wanted, &periods)?;
    let mut other = facts.clone();
    let (mut asked, mut puts, mut supplied) = (Vec::new(), Vec::new(), Vec::new());
    for text in &trial.facts {
        let (one, changes) = change::fact(program, &mut other, text, &periods, request.lang)?;
        asked.push(one);
        puts.extend(changes);
    }
    for text in &trial.parameters {
        let (one, values) = change::parameter(program, &mut other, text, request.lang)?;
        asked.push(one);
        supplied.extend(values);
    }
    let mut session = Session::new(program, facts.data.clone());
    let before = Side::of_session(program, &facts, &mut session, &asked_for, &periods);
    let started = std::time::Instant::now();
    // What can be put into the facts can be put into their copy.
    let is_changed = puts.iter().all(|(place, value)| session.change(*place, value).is_ok());
    debug_assert!(is_changed, "the same facts take the same changes");
    supplied.into_iter().for_each(|entry| session.set_parameter(entry));
    let after = Side::of_session(program, &other, &mut session, &asked_for, &periods);
    let milliseconds = started.elapsed().as_millis();
    Ok(Difference { asked, ..difference(&before, &after, &periods, milliseconds, request.lang) })
}

/// Computes another version of the document on the same facts.
///
/// # Errors
/// As a run of each; [`Failure::Usage`] when they have no value in common.
pub fn try_policy(old: &Policy, new: &Policy, request: &Request) -> Outcome<Difference> {
    let shared = |program: &Program, other: &Program| -> Vec<AttributeId> {
        let names = |id: &AttributeId| {
            let name = &program.attributes[id.index()].name;
            other.attributes.iter().any(|attribute| attribute.name == *name)
                && (request.only.is_empty() || request.only.contains(name))
        };
        all_attributes(program).filter(names).collect()
    };
    let (wanted_old, wanted_new) = (shared(&old.program, &new.program), shared(&new.program, &old.program));
    if wanted_new.is_empty() {
        return Err(Failure::usage(
            format!("两份制度没有同名的项目（{}，{}），结果不能比较", old.program.name, new.program.name),
            format!(
                "the documents have no value in common ({}, {}): nothing can be compared",
                old.program.name, new.program.name
            ),
        ));
    }
    let (facts_old, periods) = loaded(&old.program, &wanted_old, request)?;
    let same = Request { periods: periods.clone(), ..request.clone() };
    let (facts_new, _) = loaded(&new.program, &wanted_new, &same)?;
    let in_periods = |program: &Program, wanted: &[AttributeId]| -> Vec<AttributeId> {
        let grain = |id: &AttributeId| program.attributes[id.index()].context.grain;
        let fits = |id: &AttributeId| {
            grain(id).is_none_or(|grain| periods.iter().any(|period| period.grain() == grain))
        };
        wanted.iter().copied().filter(fits).collect()
    };
    let before = Side::compute(&old.program, &facts_old, &in_periods(&old.program, &wanted_old), &periods);
    let started = std::time::Instant::now();
    let after = Side::compute(&new.program, &facts_new, &in_periods(&new.program, &wanted_new), &periods);
    let milliseconds = started.elapsed().as_millis();
    Ok(difference(&before, &after, &periods, milliseconds, request.lang))
}

fn loaded(program: &Program, wanted: &[AttributeId], request: &Request) -> Outcome<(Facts, Vec<Period>)> {
    let cone = Cone::of(program, wanted.iter().copied());
    let Prepared { mut facts, .. } = prepare(program, &cone, request, &|_| {})?;
    let periods = periods_asked(program, &request.periods, wanted, &facts.data);
    refuse_empty_periods(&facts, &request.periods)?;
    reach(&mut facts.data, &periods);
    Ok((facts, periods))
}

fn difference(
    before: &Side<'_>,
    after: &Side<'_>,
    periods: &[Period],
    milliseconds: u128,
    lang: Lang,
) -> Difference {
    let comparison = compare(before, after);
    let lines = lines(after, &comparison, lang);
    let units = grouped(&lines, |line| &line.unit);
    let grades = grouped(&lines, |line| &line.grade);
    let mut found = Difference {
        periods: periods.to_vec(),
        asked: Vec::new(),
        people: people(after.program, &comparison),
        compared: comparison.compared,
        effects: effects(after.program, after.facts, &comparison, lang),
        causes: causes(after.program, &comparison),
        lines,
        units,
        grades,
        tables: Vec::new(),
        milliseconds,
    };
    found.tables = tables(&found, lang);
    found
}
