//! A progress bar on the standard error, only on a terminal.

use crate::print::Printer;
use crate::texts::Text;
use hengjie_app::run::Stage;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use std::collections::BTreeMap;
use std::io::IsTerminal;
use std::sync::{Mutex, PoisonError};

/// Shows how far a run is.
#[derive(Debug)]
pub(crate) struct Progress {
    bar: ProgressBar,
    printer: Printer,
    /// Rows read by table.
    rows: Mutex<BTreeMap<String, u64>>,
}

impl Progress {
    pub(crate) fn new(printer: &Printer) -> Self {
        let visible = std::io::stderr().is_terminal() && !printer.json;
        let target = if visible { ProgressDrawTarget::stderr() } else { ProgressDrawTarget::hidden() };
        let bar = ProgressBar::with_draw_target(None, target);
        bar.set_style(ProgressStyle::default_spinner());
        Self { bar, printer: *printer, rows: Mutex::default() }
    }

    /// Takes note of a stage.
    pub(crate) fn show(&self, stage: Stage) {
        let lang = self.printer.lang;
        match stage {
            Stage::Reading(read) => {
                let mut rows = self.rows.lock().unwrap_or_else(PoisonError::into_inner);
                rows.insert(read.table, read.rows);
                let all: u64 = rows.values().sum();
                self.bar.set_message(format!("{} {all}", Text::ReadingTables.text(lang)));
                self.bar.tick();
            }
            Stage::Computing(done, all) => {
                self.counted(Text::Computing.text(lang).to_owned(), done as u64, all as u64);
            }
            Stage::Looking => self.bar.set_message(Text::Looking.text(lang)),
        }
    }

    /// Making something of so many parts.
    pub(crate) fn making(&self, what: &str, done: u64, all: u64) {
        self.counted(format!("{} {what}", Text::Making.text(self.printer.lang)), done, all);
    }

    /// So many rows of so many.
    pub(crate) fn counting(&self, what: Text, done: u64, all: u64) {
        self.counted(what.text(self.printer.lang).to_owned(), done, all);
    }

    /// Hides the bar while something is printed.
    pub(crate) fn pause(&self, print: impl FnOnce()) {
        self.bar.suspend(print);
    }

    fn counted(&self, message: String, done: u64, all: u64) {
        if let Ok(style) = ProgressStyle::with_template("{msg} [{bar:30}] {pos}/{len}") {
            self.bar.set_style(style.progress_chars("=> "));
        }
        self.bar.set_message(message);
        self.bar.set_length(all);
        self.bar.set_position(done);
    }

    /// Takes the bar away.
    pub(crate) fn finish(&self) {
        self.bar.finish_and_clear();
    }
}
