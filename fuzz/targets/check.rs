//! Checker: any text is checked in bounded time; a program comes out exactly when there is no error.
#![no_main]

use hengjie_syntax::Severity;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let text = String::from_utf8_lossy(bytes);
    let compiled = hengjie_policy::compile(&text);
    let errors = compiled.diagnostics.iter().any(|diagnostic| diagnostic.severity == Severity::Error);
    assert_eq!(compiled.program.is_none(), errors, "errors and program do not exclude each other");
});
