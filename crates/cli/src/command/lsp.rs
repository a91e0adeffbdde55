//! `hengjie lsp`

use crate::Ending;
use crate::print::Printer;
use std::io::{BufReader, stdin, stdout};

pub(super) fn run(printer: &Printer) -> Ending {
    let complain = |text: &str| printer.aside(format!("hengjie lsp: {text}"));
    match hengjie_lsp::run(BufReader::new(stdin()), stdout().lock(), printer.lang, &complain) {
        true => Ending::Done,
        false => Ending::Faults,
    }
}
