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
    ExitCode::from(command::run(&matches, &printer).code())
}

/// The user has pressed Ctrl-C: clears up and ends with the code that shells expect.
fn interrupted(lang: hengjie_quantity::Lang) {
    hengjie_app::output::discard_unfinished();
    eprintln!("\n{}", texts::Text::Interrupted.text(lang));
    std::process::exit(130);
}
