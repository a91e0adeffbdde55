//! The way from one run to the other: which steps there are, and in which order.

use super::articles::{Versions, heading};
use super::changes::Looker;
use super::mixture::Pair;
use super::settings;
use super::step::{Sort, Step};
use super::walk::{State, Stopped, Walk};
use crate::cone::{Cone, all_attributes};
use crate::dataset::Facts;
use crate::document::{self, Policy};
use crate::failure::{Failure, Outcome};
use crate::load::{self, Need, Source};
use crate::parameters;
use crate::replay::Restored;
use crate::replay::record::{FactsMark, Record};
use crate::run::{Request, parse_periods, reach, take_readings};
use crate::schema::Schema;
use hengjie_calendar::Period;
use hengjie_evaluate::dataset::Dataset;
use hengjie_facts::{FactStore, FaultReport, Severity};
use hengjie_policy::core::{AttributeId, Program};
use hengjie_quantity::Lang;
use std::collections::BTreeSet;
use std::sync::Arc;

/// Faults that only say that a document between two versions does not know a parameter or a decision of the other one.
const FORGIVEN: [&str; 2] = ["HJ1601", "HJ1501"];

/// Deliveries that are taken one by one; more are taken together.
const DELIVERIES: u32 = 200;

/// The way that was gone, and where it began.
pub(super) struct Travelled<'a> {
    pub(super) walk: Walk<'a>,
    pub(super) start: State,
}

/// A way that was not gone to its end.
enum Halt {
    Stopped,
    Failed(Failure),
}

impl From<Stopped> for Halt {
    fn from(_: Stopped) -> Self {
        Self::Stopped
    }
}

impl From<Failure> for Halt {
    fn from(failure: Failure) -> Self {
        Self::Failed(failure)
    }
}

/// Goes from one run to the other; `None` when `progress` said stop.
pub(super) fn travel<'a>(
    records: [&Record; 2],
    old: Restored,
    new: Restored,
    lang: Lang,
    progress: &'a (dyn Fn(usize) -> bool + Sync),
) -> Outcome<Option<Travelled<'a>>> {
    let periods = shared_periods(records)?;
    let names = shared_names(&old, &new)?;
    let traveller = Traveller { records, old: &old, new: &new, names, periods, lang };
    match traveller.travel(progress) {
        Ok(travelled) => Ok(Some(travelled)),
        Err(Halt::Stopped) => Ok(None),
        Err(Halt::Failed(failure)) => Err(failure),
    }
}

fn shared_periods([old, new]: [&Record; 2]) -> Outcome<Vec<Period>> {
    let (before, after) = (parse_periods(&old.periods)?, parse_periods(&new.periods)?);
    let shared: Vec<Period> = before.into_iter().filter(|period| after.contains(period)).collect();
    let has_periods = !old.periods.is_empty() || !new.periods.is_empty();
    if shared.is_empty() && has_periods {
        let (before, after) = (old.periods.join("、"), new.periods.join("、"));
        return Err(Failure::usage(
            format!("两次运行没有共同的期间（{before}；{after}），不能对比"),
            format!("the runs have no period in common ({before}; {after}): nothing can be compared"),
        ));
    }
    Ok(shared)
}

/// Names of values that both runs have.
fn shared_names(old: &Restored, new: &Restored) -> Outcome<BTreeSet<String>> {
    let names = |restored: &Restored| -> BTreeSet<String> {
        let only = &restored.request.only;
        let all = restored.policy.program.attributes.iter().map(|attribute| attribute.name.clone());
        all.filter(|name| only.is_empty() || only.contains(name)).collect()
    };
    let shared: BTreeSet<String> = names(old).intersection(&names(new)).cloned().collect();
    if shared.is_empty() {
        let (before, after) = (&old.policy.program.name, &new.policy.program.name);
        return Err(Failure::usage(
            format!("两次运行没有同名的项目（{before}，{after}），不能对比"),
            format!("the runs have no value in common ({before}, {after}): nothing can be compared"),
        ));
    }
    Ok(shared)
}

struct Traveller<'r> {
    records: [&'r Record; 2],
    old: &'r Restored,
    new: &'r Restored,
    names: BTreeSet<String>,
    periods: Vec<Period>,
    lang: Lang,
}

impl Traveller<'_> {
    fn travel<'a>(&self, progress: &'a (dyn Fn(usize) -> bool + Sync)) -> Result<Travelled<'a>, Halt> {
        let policy = Arc::new(self.old.policy.clone());
        let facts = self.facts(&policy.program, &self.old.request)?;
        let how = (self.lang, progress);
        let mut walk = Walk::begin(policy, facts, self.names.clone(), self.periods.clone(), how)?;
        let start = State {
            policy: Arc::clone(&walk.now.policy),
            facts: walk.now.facts.clone(),
            columns: walk.now.columns.clone(),
        };
        let end_policy = Arc::new(self.new.policy.clone());
        let end = self.facts(&end_policy.program, &self.new.request)?;
        match self.deliveries(&mut walk)? {
            Some(last) => {
                settings::decisions(&mut walk, &last)?;
                settings::parameters(&mut walk, &last)?;
                settings::readings(&mut walk, &last)?;
                self.articles(&mut walk, &end_policy, &end)?;
            }
            None => {
                let (zh, en) = (
                    "资料和条款（新资料不合原来的办法，分不开）",
                    "facts and articles (the old document cannot read the new facts)",
                );
                let step = Step::new(Sort::Together, self.lang.pick(zh, en).to_owned());
                walk.step(step, Arc::clone(&end_policy), end.clone())?;
            }
        }
        self.arrive(&mut walk, end_policy, end)?;
        Ok(Travelled { walk, start })
    }

    /// The facts of a request for a document. What only the other version knows is passed over.
    fn facts(&self, program: &Program, request: &Request) -> Outcome<Facts> {
        let wanted = all_attributes(program).filter(|id| self.is_wanted(program, *id));
        let cone = Cone::of(program, wanted);
        let schema = Schema::of(program, &cone);
        let need = Need { schema: &schema, history: cone.reads_other_periods };
        let (mut facts, mut report) = load::load(program, need, &request.source, &|_| {});
        report.faults.extend(parameters::read(program, &request.parameters, &mut facts.data).faults);
        let is_fatal = |fault: &hengjie_facts::Fault| {
            fault.severity == Severity::Error && !FORGIVEN.contains(&fault.code)
        };
        if report.faults.iter().any(is_fatal) {
            return Err(Failure::Facts(Box::new(FaultReport { ..report })));
        }
        take_known_readings(program, &request.readings, &mut facts.data)?;
        reach(&mut facts.data, &self.periods);
        Ok(facts)
    }

    fn is_wanted(&self, program: &Program, attribute: AttributeId) -> bool {
        self.names.contains(&program.attributes[attribute.index()].name)
    }

    /// Facts, delivery by delivery. Gives the last ones as the old document reads them; `None` when it cannot.
    fn deliveries(&self, walk: &mut Walk<'_>) -> Result<Option<Facts>, Halt> {
        let program = self.old.policy.program.clone();
        let when = self.periods.iter().max_by_key(|period| period.last_day()).copied();
        let mut last = None;
        let mut labels: Vec<String> = Vec::new();
        for (source, label) in self.sources() {
            labels.extend(Some(label).filter(|label| !label.is_empty()));
            // Readings and parameters of the new run, read as the old document reads them: they are taken later.
            let request = Request { source, ..self.new.request.clone() };
            let Ok(next) = self.facts(&program, &request) else {
                last = None;
                continue;
            };
            let old = walk.now.facts.clone();
            let looker = Looker::new(&program, [&old, &next], when, self.lang);
            let (changes, mut taken) = looker.changes();
            let pair = Pair { program: &program, old: &old.data, new: &next.data };
            for change in changes {
                change.take(&mut taken);
                let data = pair.mixed(&taken);
                let step = Step {
                    delivery: labels.join(self.lang.pick("、", ", ")),
                    count: change.count,
                    touched: change.touched,
                    ..Step::new(change.sort, change.what)
                };
                walk.facts(step, Facts { data })?;
            }
            settle(walk, &next, self.lang)?;
            labels.clear();
            last = Some(next);
        }
        Ok(last)
    }

    /// The deliveries from one run to the other, with what they are called; one step where there is no store, or another one.
    fn sources(&self) -> Vec<(Source, String)> {
        let whole = || vec![(self.new.request.source.clone(), String::new())];
        let [FactsMark::Store { import: from, fingerprint, .. }, FactsMark::Store { import: to, .. }] =
            self.records.map(|record| &record.facts)
        else {
            return whole();
        };
        let folder = self.new.request.source.path();
        let Ok(store) = FactStore::open(folder) else { return whole() };
        let is_same = store.last() >= *from && store.fingerprint(*from) == *fingerprint;
        if !is_same || from.abs_diff(*to) > DELIVERIES {
            return whole();
        }
        let label = |import: u32, back: bool| {
            let day = import.checked_sub(1).and_then(|at| store.imports().get(at as usize));
            let day = day.map_or("", |manifest| manifest.recorded_on.as_str());
            match (back, self.lang) {
                (false, Lang::Zh) => format!("第 {import} 次导入，{day} 得知"),
                (false, Lang::En) => format!("import {import}, known on {day}"),
                (true, Lang::Zh) => format!("没有第 {import} 次导入"),
                (true, Lang::En) => format!("without import {import}"),
            }
        };
        let at = |import: u32| Source::Store { folder: folder.to_owned(), import };
        match from <= to {
            true if from == to => vec![(at(*to), String::new())],
            true => (from + 1..=*to).map(|import| (at(import), label(import, false))).collect(),
            false => (*to..*from).rev().map(|import| (at(import), label(import + 1, true))).collect(),
        }
    }

    /// Articles in the order of the new document. Those that only make sense together are taken together.
    fn articles(&self, walk: &mut Walk<'_>, end_policy: &Arc<Policy>, end: &Facts) -> Result<(), Halt> {
        if self.old.policy.hash == self.new.policy.hash {
            return Ok(());
        }
        let [old, new] = self.records.map(|record| &record.policy.files);
        let changed = Versions::of(old, new).map(|versions| (versions.changed(), versions));
        let Some((changed, versions)) = changed.filter(|(changed, _)| !changed.is_empty()) else {
            let step = Step::new(Sort::Article, self.lang.pick("整份制度", "the whole document").to_owned());
            return Ok(walk.step(step, Arc::clone(end_policy), end.clone())?);
        };
        let (mut taken, mut waiting) = (BTreeSet::new(), Vec::new());
        let count = changed.len();
        for (at, name) in changed.into_iter().enumerate() {
            let title = match heading(&name) {
                "" => self.lang.pick("开头（第一个标题之前）", "before the first heading"),
                heading => heading,
            };
            waiting.push(Step::new(Sort::Article, title.to_owned()));
            taken.insert(name);
            if at + 1 == count && end_policy.hash == walk.now.policy.hash {
                // Only words are left.
                break;
            }
            if at + 1 == count {
                let step = Walk::together(std::mem::take(&mut waiting), self.lang);
                walk.step(step, Arc::clone(end_policy), end.clone())?;
                break;
            }
            let (text, parents) = versions.text(&taken);
            let Ok(policy) = document::of_texts(self.new.policy.path.clone(), &text, &parents).into_policy()
            else {
                continue;
            };
            if policy.hash == walk.now.policy.hash {
                waiting.clear();
                continue;
            }
            let Ok(facts) = self.facts(&policy.program, &self.new.request) else { continue };
            let step = Walk::together(std::mem::take(&mut waiting), self.lang);
            walk.step(step, Arc::new(policy), facts)?;
        }
        Ok(())
    }

    /// The end of the way is the other run itself. Whatever no step has explained is said to be so.
    fn arrive(&self, walk: &mut Walk<'_>, policy: Arc<Policy>, facts: Facts) -> Result<(), Halt> {
        let (steps, moves) = (walk.steps.len(), walk.moves.len());
        let (zh, en) = ("其余（没有分到哪一项）", "the rest (of no single cause)");
        walk.step(Step::new(Sort::Together, self.lang.pick(zh, en).to_owned()), policy, facts)?;
        let is_empty = walk.steps.last().is_some_and(|step| step.people == 0);
        if is_empty && walk.moves.len() == moves {
            walk.steps.truncate(steps);
        }
        Ok(())
    }
}

/// The facts that were mixed are the new ones now; what is left is where they come from, and the history.
fn settle(walk: &mut Walk<'_>, next: &Facts, lang: Lang) -> Result<(), Halt> {
    let now = &walk.now.facts.data;
    let data = Dataset {
        parameters: now.parameters.clone(),
        readings: now.readings.clone(),
        decisions: now.decisions.clone(),
        ..next.data.clone()
    };
    if now.horizon == data.horizon {
        walk.now.facts = Facts { data };
        return Ok(());
    }
    let words = lang.pick("资料的起止", "first and last day of the facts");
    Ok(walk.facts(Step::new(Sort::Facts, words.to_owned()), Facts { data })?)
}

/// Takes the readings that the document has.
fn take_known_readings(program: &Program, readings: &[(String, String)], data: &mut Dataset) -> Outcome<()> {
    let known = |(name, alternative): &&(String, String)| {
        let reading = program.readings.iter().find(|reading| reading.name == *name);
        reading.is_some_and(|reading| reading.alternatives.contains(alternative))
    };
    let known: Vec<(String, String)> = readings.iter().filter(known).cloned().collect();
    take_readings(program, &known, data)
}
