//! How long a health check of each document takes: `cargo run --release -p hengjie-health --example time -- FILE…`

use hengjie_health::{Subject, examine};
use std::time::Instant;

fn main() -> std::io::Result<()> {
    for path in std::env::args().skip(1) {
        let text = std::fs::read_to_string(&path)?;
        let compiled = hengjie_policy::compile(&text);
        let Some(program) = &compiled.program else { continue };
        let subject =
            Subject { text: &text, program, diagnostics: &compiled.diagnostics, supplied: &[], only: &[] };
        let start = Instant::now();
        let report = examine(&subject);
        println!("{:>8.1?}  {path}  {:?}", start.elapsed(), report.counts());
    }
    Ok(())
}
