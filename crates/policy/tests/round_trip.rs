//! Formulas written back: the document with its formulas replaced by what `print` makes of them is the same policy.

mod common;

use hengjie_policy::core::{Body, Program};
use hengjie_policy::{compile, content_hash, print};
use hengjie_quantity::Lang;

/// The text with every plain definition replaced by its printed formula.
fn rewritten(text: &str, program: &Program) -> (String, usize) {
    let mut places = Vec::new();
    for attribute in &program.attributes {
        let Body::Defined { exceptions, general } = &attribute.body else { continue };
        let [case] = general.as_slice() else { continue };
        let source = case.span.text(text);
        let plain = exceptions.is_empty() && case.guard.is_none() && attribute.contributes_to.is_empty();
        if plain && attribute.inverse.is_none() && !source.contains('当') {
            let formula = print::expression(program, &case.value, Lang::Zh);
            places.push((case.span, format!("{} = {formula}", attribute.name)));
        }
    }
    places.sort_by_key(|(span, _)| std::cmp::Reverse(span.start));
    places.dedup_by_key(|(span, _)| span.start);
    let count = places.len();
    let mut text = text.to_owned();
    for (span, formula) in places {
        text.replace_range(span.start as usize..span.end as usize, &formula);
    }
    (text, count)
}

#[test]
fn formulas_written_back_mean_the_same() {
    let mut replaced = 0;
    for (name, text) in common::documents() {
        let Some(program) = compile(&text).program else { continue };
        let (again, count) = rewritten(&text, &program);
        replaced += count;
        let compiled = compile(&again);
        let found = common::findings(&again, &compiled.diagnostics);
        let other = compiled.program.unwrap_or_else(|| panic!("{name}: {found}\n{again}"));
        assert_eq!(content_hash(&program), content_hash(&other), "{name}\n{again}");
    }
    assert!(replaced > 80, "only {replaced} formulas were tried");
}
