//! Something that is under way: how far it is, and whether somebody wants it to stop.

use super::answer::Progress;
use super::lock;
use crate::run::Stage;
use hengjie_quantity::Lang;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU8, Ordering};

/// It can be stopped.
const GOING: u8 = 0;
/// Somebody has stopped it.
const CANCELLED: u8 = 1;
/// It is writing what cannot be taken back.
const WRITING: u8 = 2;

/// A computation or an import that is under way.
#[derive(Debug, Default)]
pub(super) struct Job {
    progress: Mutex<Option<Progress>>,
    state: AtomicU8,
}

impl Job {
    /// Asks it to stop. `false`: it is writing and goes on to its end.
    pub(super) fn cancel(&self) -> bool {
        let was = self.state.compare_exchange(GOING, CANCELLED, Ordering::Relaxed, Ordering::Relaxed);
        was.map_or_else(|was| was == CANCELLED, |_| true)
    }

    /// Should it go on?
    pub(super) fn goes_on(&self) -> bool {
        self.state.load(Ordering::Relaxed) != CANCELLED
    }

    /// From now on it cannot be stopped. `false`: somebody has stopped it before.
    pub(super) fn begin_writing(&self) -> bool {
        self.state.compare_exchange(GOING, WRITING, Ordering::Relaxed, Ordering::Relaxed).is_ok()
    }

    /// Notes how far it is. Says whether to go on.
    pub(super) fn at(&self, stage: Stage, lang: Lang) -> bool {
        let (stage, done, all) = match stage {
            Stage::Reading(read) => {
                let words = lang.pick("读入", "Reading");
                (format!("{words} {}", read.table), read.rows, read.total.unwrap_or_default())
            }
            Stage::Computing(done, all) => {
                (lang.pick("计算", "Computing").to_owned(), done as u64, all as u64)
            }
            Stage::Looking => (lang.pick("查找缺口", "Looking for gaps").to_owned(), 0, 0),
        };
        self.note(stage, done, all)
    }

    /// Notes how far it is in other words. Says whether to go on.
    pub(super) fn note(&self, stage: String, done: u64, all: u64) -> bool {
        *lock(&self.progress) = Some(Progress { stage, done, all });
        self.goes_on()
    }

    /// How far it is.
    pub(super) fn progress(&self) -> Option<Progress> {
        lock(&self.progress).clone()
    }
}

#[cfg(test)]
mod tests {
    use super::Job;

    #[test]
    fn what_is_being_written_cannot_be_stopped() {
        let (stopped, writing) = (Job::default(), Job::default());
        assert!(stopped.cancel() && stopped.cancel() && !stopped.goes_on() && !stopped.begin_writing());
        assert!(writing.begin_writing() && !writing.cancel() && writing.goes_on());
    }
}
