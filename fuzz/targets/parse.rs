//! Lexer and parser: any bytes give a tree that holds every one of them, and diagnostics whose spans lie in the text.
#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let text = String::from_utf8_lossy(bytes);
    let parse = hengjie_syntax::parse(&text);
    assert_eq!(parse.tree.to_string(), text, "the tree lost or invented text");
    for diagnostic in &parse.diagnostics {
        assert!(diagnostic.span.end as usize <= text.len(), "a span outside the text");
    }
});
