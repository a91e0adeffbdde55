//! `hengjie completions SHELL`

use crate::Ending;
use crate::print::Printer;
use clap::ArgMatches;
use clap_complete::Shell;

pub(super) fn run(matches: &ArgMatches, printer: &Printer) -> Ending {
    let Some(shell) = matches.get_one::<Shell>("shell") else { return Ending::Usage };
    let mut command = crate::arguments::command(printer.lang);
    clap_complete::generate(*shell, &mut command, "hengjie", &mut std::io::stdout());
    Ending::Done
}
