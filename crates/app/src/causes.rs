//! 对比两次: what of the difference between two runs comes from which cause.
//!
//! The engine goes from one run to the other, one thing at a time and always in the same order, and computes everybody after
//! each: facts delivery by delivery (who comes and goes, then column by column, relations last), decisions, parameters,
//! readings, articles. What a step does is what differs before and after it, so the parts of a result add up to its whole
//! difference, to the fen. Decision 22 says why in this order.
//!
//! | module | what |
//! |---|---|
//! | `step` | one thing that is changed |
//! | `changes` | what two deliveries say differently |
//! | `mixture`, `join` | facts that lie between two deliveries |
//! | `settings` | decisions, parameters and readings one by one |
//! | `articles` | documents that lie between two versions |
//! | `route` | all steps in their order |
//! | `walk`, `differences` | the states on the way, and what differs between them |
//! | `line` | results with their parts |
//! | `report` | tables and JSON |

mod articles;
mod changes;
mod differences;
mod join;
mod line;
mod mixture;
mod report;
mod route;
mod settings;
mod step;
mod walk;

use crate::compare::{Side, compare as compare_sides};
use crate::effect::{Effect, effects, people};
use crate::failure::{Failure, Outcome};
use crate::replay::record::Record;
use crate::replay::{Altered, Now, Restored, restore};
use crate::run::stopped;
use hengjie_calendar::Period;
use hengjie_facts::{Bilingual, ResultTable};
use hengjie_quantity::Lang;
pub use line::{Line, Part};
use std::path::Path;
pub use step::{Sort, Step};

/// Two runs side by side.
#[derive(Debug)]
pub struct RunComparison {
    /// Identities of the runs.
    pub runs: [String; 2],
    /// Periods that both runs have.
    pub periods: Vec<Period>,
    /// What was changed on the way, in order.
    pub steps: Vec<Step>,
    /// People with any other result.
    pub people: usize,
    /// Results that both runs have.
    pub compared: u64,
    /// What happens to each value, amounts and grades first.
    pub effects: Vec<Effect>,
    /// Each result that differs, with its parts.
    pub lines: Vec<Line>,
    /// As tables.
    pub tables: Vec<ResultTable>,
}

/// A run with the place of its record.
#[derive(Debug)]
pub(crate) struct Recorded {
    pub(crate) record: Record,
    pub(crate) now: Now,
}

/// Compares two runs by their records. `progress` is told how many steps have been computed.
///
/// # Errors
/// [`Failure::Unreadable`] for what is no record, and when inputs of a run are not what they were; [`Failure::Usage`] when the runs have
/// no period or value in common; otherwise as a run.
pub fn compare(
    old: &Path,
    new: &Path,
    lang: Lang,
    progress: &(dyn Fn(usize) + Sync),
) -> Outcome<RunComparison> {
    let recorded = |path: &Path| -> Outcome<Recorded> {
        let home = path.parent().map(Path::to_owned).unwrap_or_default();
        Ok(Recorded { record: Record::read(path)?, now: Now { home, facts: None } })
    };
    let found = compare_recorded(&recorded(old)?, &recorded(new)?, lang, &|done| {
        progress(done);
        true
    })?;
    found.ok_or_else(stopped)
}

/// Compares two runs; `None` when `progress` said stop.
pub(crate) fn compare_recorded(
    old: &Recorded,
    new: &Recorded,
    lang: Lang,
    progress: &(dyn Fn(usize) -> bool + Sync),
) -> Outcome<Option<RunComparison>> {
    let (first, second) = (whole(old)?, whole(new)?);
    let Some(route::Travelled { walk, start }) =
        route::travel([&old.record, &new.record], first, second, lang, progress)?
    else {
        return Ok(None);
    };
    let lines = line::lines(&walk, &start, lang);
    let end = &walk.now;
    let before = Side { program: &start.policy.program, facts: &start.facts, columns: start.columns };
    let after = Side { program: &end.policy.program, facts: &end.facts, columns: end.columns.clone() };
    let comparison = compare_sides(&before, &after);
    let mut found = RunComparison {
        runs: [old.record.identity(), new.record.identity()],
        people: people(after.program, &comparison),
        compared: comparison.compared,
        effects: effects(after.program, after.facts, &comparison, lang),
        periods: walk.periods,
        steps: walk.steps,
        lines,
        tables: Vec::new(),
    };
    found.tables = report::tables(&found, lang);
    Ok(Some(found))
}

/// The inputs of a run, when they are what they were.
fn whole(run: &Recorded) -> Outcome<Restored> {
    let restored = restore(&run.record, &run.now)?;
    let lost: Vec<&Altered> = restored.altered.iter().filter(|one| !one.is_kept).collect();
    if lost.is_empty() {
        return Ok(restored);
    }
    let list = |text: &dyn Fn(&Altered) -> String, between: &str| {
        lost.iter().map(|one| text(one)).collect::<Vec<_>>().join(between)
    };
    let short = |hash: &str| hash.chars().take(16).collect::<String>();
    let zh = list(
        &|one| format!("{}（当时 {}，现在 {}）", one.what.zh, short(&one.before), short(&one.after)),
        "；",
    );
    let en = list(
        &|one| format!("{} ({} then, {} now)", one.what.en, short(&one.before), short(&one.after)),
        "; ",
    );
    let run: String = run.record.identity().chars().take(16).collect();
    Err(Failure::Unreadable(Bilingual::new(
        format!(
            "运行 {run} 的资料不是当时的，不能对比：{zh}。找回原来的文件；用资料库（hengjie import）的运行随时都能对比"
        ),
        format!(
            "the inputs of run {run} are not what they were, so it cannot be compared: {en}. Find the original files; runs on a fact store (hengjie import) can be compared at any time"
        ),
    )))
}
