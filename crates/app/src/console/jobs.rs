//! Replays and comparisons of runs: they take as long as runs, so they are started, watched and stopped like them. Nothing of
//! them is kept in the store: they say what is so, and can be asked again.

use super::access::Operation;
use super::answer::{
    AlteredView, CauseView, ComparisonView, DifferenceView, EffectView, FileCheckView, JobDetail, PartView,
    ReplayView, RunState, Trouble,
};
use super::job::Job;
use super::outcome::{RECORD, WORKBOOK};
use super::refusal::{Refusal, Refused};
use super::{Asking, Console, lock};
use crate::Outcome;
use crate::causes::{self, Line, Recorded, RunComparison};
use crate::replay::record::Record;
use crate::replay::{self, Now, Replay};
use hengjie_quantity::Lang;
use hengjie_store::StoreError;
use std::path::PathBuf;
use std::sync::{Arc, Mutex};

/// Finished jobs that are kept.
const KEPT: usize = 50;

/// Results that a comparison shows.
const LINES: usize = 2_000;

/// Kinds of moves between items that an effect names.
const MOVES: usize = 6;

/// A replay or a comparison that somebody has started.
#[derive(Debug)]
pub(super) struct Check {
    number: i64,
    /// Who started it under which key: the same again is the same job.
    started: (String, String),
    /// What was asked for.
    asked: String,
    job: Job,
    ended: Mutex<Option<Ended>>,
}

#[derive(Debug, Clone)]
enum Ended {
    Replayed(ReplayView),
    Compared(ComparisonView),
    Failed(Trouble),
    Cancelled,
}

impl Console {
    /// Computes a run again and compares every byte. Gives the number of the job.
    ///
    /// # Errors
    /// [`Refusal::Forbidden`]; [`Refusal::Store`] when there is no such run; [`Refusal::Absent`] when it has no record.
    pub async fn replay(&self, asking: &Asking, run: i64) -> Refused<i64> {
        asking.actor.permit(Operation::ReplayRun)?;
        let recorded = self.recorded(run).await?;
        let kept = self.store.run_part(run, WORKBOOK).await?.content;
        let lang = asking.lang;
        self.begin(asking, format!("replay {run}"), move |check| {
            let kept = hengjie_facts::sha256(&kept);
            let go_on = |stage| check.job.at(stage, lang);
            let found = replay::again(recorded.record, &recorded.now, &go_on)?;
            Ok(found.map(|found| Ended::Replayed(replay_view(run, found, &kept, lang))))
        })
    }

    /// Compares two runs and finds the cause of every difference. Gives the number of the job.
    ///
    /// # Errors
    /// As [`Console::replay`].
    pub async fn compare(&self, asking: &Asking, old: i64, new: i64) -> Refused<i64> {
        asking.actor.permit(Operation::CompareRuns)?;
        let runs = [self.recorded(old).await?, self.recorded(new).await?];
        let lang = asking.lang;
        self.begin(asking, format!("compare {old} {new}"), move |check| {
            let words = lang.pick("已换的起因", "causes changed");
            let go_on = |done: usize| check.job.note(words.to_owned(), done as u64, 0);
            let found = causes::compare_recorded(&runs[0], &runs[1], lang, &go_on)?;
            Ok(found.map(|found| Ended::Compared(comparison_view((old, new), &found, lang))))
        })
    }

    /// How far a replay or comparison is, or what it found.
    ///
    /// # Errors
    /// [`Refusal::Forbidden`]; [`Refusal::Absent`] when there is no such job any more.
    pub fn job(&self, asking: &Asking, number: i64) -> Refused<JobDetail> {
        asking.actor.permit(Operation::ReadJob)?;
        let check = self.check_numbered(number)?;
        let ended = lock(&check.ended).clone();
        let mut detail = JobDetail {
            number,
            state: RunState::Done,
            progress: None,
            trouble: None,
            replay: None,
            comparison: None,
        };
        match ended {
            None => (detail.state, detail.progress) = (RunState::Running, check.job.progress()),
            Some(Ended::Cancelled) => detail.state = RunState::Cancelled,
            Some(Ended::Failed(trouble)) => {
                (detail.state, detail.trouble) = (RunState::Failed, Some(trouble));
            }
            Some(Ended::Replayed(found)) => detail.replay = Some(found),
            Some(Ended::Compared(found)) => detail.comparison = Some(found),
        }
        Ok(detail)
    }

    /// Stops a replay or comparison. One that has ended stays as it is.
    ///
    /// # Errors
    /// As [`Console::job`].
    pub fn cancel_job(&self, asking: &Asking, number: i64) -> Refused<i64> {
        asking.actor.permit(Operation::CancelJob)?;
        self.check_numbered(number)?.job.cancel();
        Ok(number)
    }

    /// Stops everything that is under way.
    pub(super) fn cancel_jobs(&self) {
        lock(&self.shared.checks).iter().for_each(|check| {
            check.job.cancel();
        });
    }

    fn check_numbered(&self, number: i64) -> Refused<Arc<Check>> {
        let found = lock(&self.shared.checks).iter().find(|check| check.number == number).cloned();
        found.ok_or_else(|| {
            Refusal::absent(
                "没有这次重放或对比，或者服务重新启动过。请再做一次。",
                "There is no such replay or comparison, or the server was restarted. Start it again.",
            )
        })
    }

    /// The record of a run that is done.
    async fn recorded(&self, run: i64) -> Refused<Recorded> {
        self.store.run(run).await?;
        let none = || {
            Refusal::absent(
                format!("第 {run} 次没有运行记录：没有算成，或者是旧版本算的。请再运行一次。"),
                format!("Run {run} has no record: it failed, or an older version computed it. Run it again."),
            )
        };
        let part = self.store.run_part(run, RECORD).await.map_err(|_| none())?;
        let text = String::from_utf8(part.content).map_err(|_| none())?;
        let record = Record::parse(&text).map_err(|_| none())?;
        Ok(Recorded { record, now: Now { home: PathBuf::new(), facts: None } })
    }

    /// Starts work beside the server's own threads, unless the same has been started before.
    fn begin(
        &self,
        asking: &Asking,
        asked: String,
        work: impl FnOnce(&Check) -> Outcome<Option<Ended>> + Send + 'static,
    ) -> Refused<i64> {
        let started = (asking.actor.name.clone(), asking.key.clone());
        let mut checks = lock(&self.shared.checks);
        if let Some(known) = checks.iter().find(|check| check.started == started) {
            return match known.asked == asked {
                true => Ok(known.number),
                false => Err(Refusal::Store(StoreError::KeyReused)),
            };
        }
        let number = checks.last().map_or(1, |last| last.number + 1);
        let check = Arc::new(Check { number, started, asked, job: Job::default(), ended: Mutex::default() });
        let has_ended = |check: &Arc<Check>| lock(&check.ended).is_some();
        if let (true, Some(oldest)) = (checks.len() >= KEPT, checks.iter().position(has_ended)) {
            checks.remove(oldest);
        }
        checks.push(Arc::clone(&check));
        let lang = asking.lang;
        tokio::task::spawn_blocking(move || {
            let worked = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| work(&check)));
            let ended = match worked {
                Ok(Ok(Some(ended))) => ended,
                Ok(Ok(None)) => Ended::Cancelled,
                Ok(Err(failure)) => Ended::Failed(Refusal::Failure(failure).trouble(lang)),
                Err(_) => Ended::Failed(broken(lang)),
            };
            *lock(&check.ended) = Some(ended);
        });
        Ok(number)
    }
}

fn broken(lang: Lang) -> Trouble {
    let (zh, en) = ("程序出了错误，没有做成。", "A fault of the program: nothing was found out.");
    Trouble {
        code: "broken".to_owned(),
        message: lang.pick(zh, en).to_owned(),
        faults: Vec::new(),
        found: None,
    }
}

fn replay_view(run: i64, mut found: Replay, kept: &str, lang: Lang) -> ReplayView {
    found.files.iter_mut().for_each(|file| file.beside = Some(kept.to_owned()));
    let altered = found.altered.iter().map(|one| AlteredView {
        what: one.what.text(lang).to_owned(),
        before: one.before.clone(),
        after: one.after.clone(),
        is_kept: one.is_kept,
    });
    let files = found.files.iter().map(|file| FileCheckView {
        file: file.file.clone(),
        before: file.before.clone(),
        after: file.after.clone(),
        is_same: file.is_same(),
        was_edited: file.was_edited(),
    });
    ReplayView {
        run,
        identity: found.record.identity(),
        is_same: found.is_same(),
        engine_before: found.record.engine.clone(),
        engine_now: found.engine.to_owned(),
        altered: altered.collect(),
        files: files.collect(),
    }
}

fn comparison_view((old, new): (i64, i64), found: &RunComparison, lang: Lang) -> ComparisonView {
    let effects = found.effects.iter().map(|effect| EffectView {
        value: effect.value.clone(),
        people: effect.people,
        sum: effect.sum.clone(),
        moved: effect.moved(MOVES, lang),
    });
    let causes = found.steps.iter().map(|step| CauseView {
        sort: step.sort.word(lang).to_owned(),
        what: step.what.clone(),
        delivery: step.delivery.clone(),
        count: step.count,
        people: step.people,
        sum: step.sum.clone(),
    });
    let outcomes = found.lines.iter().filter(|line| line.is_outcome);
    let others = found.lines.iter().filter(|line| !line.is_outcome);
    ComparisonView {
        old,
        new,
        periods: found.periods.iter().map(ToString::to_string).collect(),
        people: found.people,
        compared: found.compared,
        effects: effects.collect(),
        causes: causes.collect(),
        lines: outcomes.chain(others).take(LINES).map(difference_view).collect(),
        lines_all: found.lines.len(),
    }
}

fn difference_view(line: &Line) -> DifferenceView {
    let part = |part: &causes::Part| PartView {
        causes: part.steps.iter().map(|step| step + 1).collect(),
        facts: part.facts.clone(),
        before: part.before.clone(),
        after: part.after.clone(),
        difference: part.difference.clone(),
    };
    DifferenceView {
        key: line.key.clone(),
        who: line.who.clone(),
        period: line.period.clone(),
        value: line.value.clone(),
        is_outcome: line.is_outcome,
        before: line.before.clone(),
        after: line.after.clone(),
        difference: line.difference.clone(),
        parts: line.parts.iter().map(part).collect(),
    }
}
