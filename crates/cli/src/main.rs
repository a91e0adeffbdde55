//! The `hengjie` command line: reads arguments, calls use cases, prints. No rule of the product stands here.
//!
//! | exit code | meaning |
//! |---|---|
//! | 0 | done |
//! | 1 | faults in a policy, in facts or in parameters; examples that fail; files that are not formatted |
//! | 2 | wrong usage |
//! | 3 | results were written, but some wait for facts, parameters or decisions |
//! | 4 | output could not be written, or an internal fault |

mod arguments;
mod command;
mod confine;
mod pages;
mod print;
mod progress;
mod texts;
mod usage;

use crate::print::Printer;
use std::process::ExitCode;

/// Large columns come and go during a run; this allocator reuses their pages.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// How a command ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Ending {
    Done,
    Faults,
    Usage,
    Waiting,
    Failed,
}

impl Ending {
    /// The ending of an exit code; `None`: the process did not come to its end.
    fn of(code: i32) -> Option<Self> {
        let endings = [Self::Done, Self::Faults, Self::Usage, Self::Waiting, Self::Failed];
        endings.into_iter().find(|ending| i32::from(ending.code()) == code)
    }

    fn code(self) -> u8 {
        match self {
            Self::Done => 0,
            Self::Faults => 1,
            Self::Usage => 2,
            Self::Waiting => 3,
            Self::Failed => 4,
        }
    }
}

fn main() -> ExitCode {
    confine::take_on();
    let words: Vec<std::ffi::OsString> = std::env::args_os().collect();
    let lang = arguments::language(&words, |name| std::env::var(name).ok());
    let matches = match arguments::command(lang).try_get_matches_from(words) {
        Ok(matches) => matches,
        Err(error) => return ExitCode::from(usage::report(&error, lang).code()),
    };
    let printer = Printer::new(lang, matches.get_flag("json"));
    if ctrlc::set_handler(move || interrupted(lang)).is_err() {
        // Without a handler the system ends the program at once, which is also right.
    }
    std::panic::set_hook(Box::new(move |fault| broken(lang, fault)));
    let ending = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| command::run(&matches, &printer)));
    ExitCode::from(ending.unwrap_or(Ending::Failed).code())
}

/// A fault of the program itself: says so in plain words, with what helps to find it.
fn broken(lang: hengjie_quantity::Lang, fault: &std::panic::PanicHookInfo<'_>) {
    if hengjie_facts::is_reading_guarded() {
        // A damaged workbook has stopped its reader; the report of faults says so.
        return;
    }
    let place = fault.location().map(ToString::to_string).unwrap_or_default();
    eprintln!("{}{} [{place}]", texts::Text::ErrorWord.text(lang), texts::Text::Broken.text(lang));
}

/// The user has pressed Ctrl-C: clears up and ends with the code that shells expect.
fn interrupted(lang: hengjie_quantity::Lang) {
    hengjie_app::output::discard_unfinished();
    if confine::is_confined() {
        // The process that started this one says it.
        std::process::exit(130);
    }
    eprintln!("\n{}", texts::Text::Interrupted.text(lang));
    std::process::exit(130);
}
