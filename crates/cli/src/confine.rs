//! Imports read files of others: they run in a second process of this program, with limits on memory and time.

use crate::Ending;
use crate::print::Printer;
use hengjie_app::Failure;
use hengjie_app::confined::{Budget, VARIABLE, wait};
use std::path::Path;
use std::process::Command;
use std::sync::Mutex;

/// The limits of this process, when it is a confined one.
fn budget() -> Option<Budget> {
    Budget::parse(&std::env::var(VARIABLE).ok()?)
}

/// Is this the second process, which reads files of others?
pub(crate) fn is_confined() -> bool {
    budget().is_some()
}

/// Takes the limits on, when this process is a confined one. A system without such limits still has the watch of the first process.
pub(crate) fn take_on() {
    #[cfg(unix)]
    if let Some(budget) = budget() {
        use rustix::process::{Resource, Rlimit, setrlimit};
        let most = |bytes| Rlimit { current: Some(bytes), maximum: Some(bytes) };
        let _ = setrlimit(Resource::As, most(budget.memory));
        // No picture of the memory, which holds people's pay, is left on the disk.
        let _ = setrlimit(Resource::Core, most(0));
        #[cfg(target_os = "linux")]
        let _ = rustix::process::set_parent_process_death_signal(Some(rustix::process::Signal::KILL));
    }
}

/// Runs this command once more in a confined process and tells how it ended. `None`: this is that process, or there can be none.
pub(crate) fn rerun(paths: &[&Path], printer: &Printer) -> Option<Ending> {
    if is_confined() {
        return None;
    }
    let budget = Budget::of(paths);
    let program = std::env::current_exe().ok()?;
    let mut again = Command::new(program);
    again.args(std::env::args_os().skip(1)).env(VARIABLE, budget.to_string());
    let child = Mutex::new(again.spawn().ok()?);
    let status = wait(&child, budget, &|| true);
    match status.and_then(|status| status.code()).and_then(Ending::of) {
        Some(ending) => Some(ending),
        None => Some(printer.failure(&Failure::Unreadable(budget.exceeded()))),
    }
}
