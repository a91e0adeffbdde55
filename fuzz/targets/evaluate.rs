//! Evaluators: whatever checks also runs, without a panic and in bounded time, and columns give what rows give.
#![no_main]

mod agreement;

use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let text = String::from_utf8_lossy(bytes);
    if let Some(program) = hengjie_policy::compile(&text).program {
        let _ = hengjie_evaluate::example::run_examples(&program, hengjie_quantity::Lang::Zh);
        for example in &program.examples {
            if let Some(difference) = agreement::disagreement(&program, example) {
                panic!("{difference}");
            }
        }
    }
});
