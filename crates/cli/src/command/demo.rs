//! `hengjie demo`

use crate::Ending;
use crate::print::Printer;
use crate::texts::Text;
use clap::ArgMatches;

pub(super) fn run(_: &ArgMatches, printer: &Printer) -> Ending {
    printer.aside(Text::NoDemo.text(printer.lang));
    Ending::Failed
}
