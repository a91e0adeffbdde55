//! Collects diagnostics, up to a limit.

use crate::diagnostic::Diagnostic;
use crate::limits;
use crate::span::Span;

/// Code of the diagnostic that says how many others were left out.
pub(crate) const OVERFLOW: &str = "HJ0199";

/// The diagnostics found so far. Beyond the limit they are only counted.
#[derive(Debug, Default)]
pub(crate) struct Sink {
    diagnostics: Vec<Diagnostic>,
    left_out: usize,
}

impl Sink {
    /// Reports a fault; the diagnostic is only made while there is room for it.
    pub(crate) fn report(&mut self, make: impl FnOnce() -> Diagnostic) {
        if self.diagnostics.len() < limits::DIAGNOSTICS {
            self.diagnostics.push(make());
        } else {
            self.left_out += 1;
        }
    }

    /// All diagnostics by place, the last one saying how many were left out.
    pub(crate) fn finish(mut self, end: u32) -> Vec<Diagnostic> {
        self.diagnostics.sort_by_key(|diagnostic| (diagnostic.span, diagnostic.code));
        if self.left_out > 0 {
            let count = self.left_out;
            self.diagnostics.push(Diagnostic::error(
                OVERFLOW,
                Span::new(end, end),
                format!("还有 {count} 处问题没有列出；请先改好上面的"),
                format!("{count} more faults are not listed; mend those above first"),
            ));
        }
        self.diagnostics
    }
}
