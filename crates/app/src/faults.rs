//! Adding faults of our own to the report of reading files.

use hengjie_facts::{Fault, FaultReport, LoadedTable, Severity, TableTotal};

/// Faults listed per table; the rest is counted.
const LISTED: u64 = 1_000;

/// Where the faults of one table go.
#[derive(Debug)]
pub(crate) struct TableFaults<'a> {
    report: &'a mut FaultReport,
    table: &'a str,
    file: String,
    sheet: Option<String>,
    found: u64,
}

impl<'a> TableFaults<'a> {
    /// Faults of a table that was read.
    pub(crate) fn new(report: &'a mut FaultReport, table: &'a str, loaded: &LoadedTable) -> Self {
        Self { report, table, file: loaded.file.clone(), sheet: loaded.sheet.clone(), found: 0 }
    }

    /// Faults of a file as a whole.
    pub(crate) fn of_file(report: &'a mut FaultReport, table: &'a str, file: String) -> Self {
        Self { report, table, file, sheet: None, found: 0 }
    }

    /// Adds one.
    pub(crate) fn push(&mut self, fault: Fault) {
        self.found += 1;
        let (errors, warnings) = match fault.severity {
            Severity::Error => (1, 0),
            Severity::Warning => (0, 1),
        };
        let own = |total: &&mut TableTotal| total.table == self.table && total.file == self.file;
        match self.report.totals.iter_mut().find(own) {
            Some(total) => {
                total.errors += errors;
                total.warnings += warnings;
            }
            None => self.report.totals.push(TableTotal {
                table: self.table.to_owned(),
                file: self.file.clone(),
                errors,
                warnings,
            }),
        }
        if self.found <= LISTED {
            let (file, sheet) = (self.file.clone(), self.sheet.clone());
            self.report.faults.push(Fault { file, sheet, ..fault });
        }
    }
}
