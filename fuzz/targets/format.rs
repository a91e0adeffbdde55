//! Formatter: formatting twice is formatting once, in both languages.
#![no_main]

use hengjie_quantity::Lang;
use hengjie_syntax::format::{FormatOptions, format};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let text = String::from_utf8_lossy(bytes);
    for language in [None, Some(Lang::En), Some(Lang::Zh)] {
        let options = FormatOptions { language, ..FormatOptions::default() };
        let once = format(&text, &options);
        assert_eq!(format(&once, &options), once, "formatting is not idempotent");
    }
});
