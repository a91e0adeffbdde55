//! A computation that is under way: how far it is, and whether somebody wants it to stop.

use super::answer::Progress;
use super::lock;
use crate::run::Stage;
use hengjie_quantity::Lang;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};

/// A computation that is under way.
#[derive(Debug, Default)]
pub(super) struct Job {
    progress: Mutex<Option<Progress>>,
    cancelled: AtomicBool,
}

impl Job {
    /// Asks it to stop.
    pub(super) fn cancel(&self) {
        self.cancelled.store(true, Ordering::Relaxed);
    }

    /// Should it go on?
    pub(super) fn goes_on(&self) -> bool {
        !self.cancelled.load(Ordering::Relaxed)
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
        *lock(&self.progress) = Some(Progress { stage, done, all });
        self.goes_on()
    }

    /// How far it is.
    pub(super) fn progress(&self) -> Option<Progress> {
        lock(&self.progress).clone()
    }
}
