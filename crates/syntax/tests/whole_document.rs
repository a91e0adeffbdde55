//! A whole regulation reads without diagnostics.

use hengjie_syntax::ast::Block;

const DOCUMENT: &str = include_str!("documents/证券客户经理.md");

#[test]
fn a_whole_regulation_reads_without_diagnostics() {
    let parse = hengjie_syntax::parse(DOCUMENT);
    let shown: Vec<String> = parse
        .diagnostics
        .iter()
        .map(|d| format!("{} {} {:?}", d.code, d.message.zh, d.span.text(DOCUMENT)))
        .collect();
    assert_eq!(shown, Vec::<String>::new());
    assert_eq!(parse.tree.to_string(), DOCUMENT);
    let statements: usize = parse
        .document
        .sections
        .iter()
        .flat_map(|section| &section.blocks)
        .map(|block| match block {
            Block::Rules(statements) => statements.len(),
            Block::Examples(example) => example.givens.len() + example.expectations.len(),
        })
        .sum();
    assert_eq!(statements, 35);
}
