//! 公式 in rules: the typed core has them expanded where they are used; people read the call.

use crate::document::Policy;
use hengjie_policy::core::Expr;
use hengjie_policy::print::Known;
use hengjie_syntax::Span;
use hengjie_syntax::ast::{Block, StatementKind};

/// The formulas of a document.
pub(super) struct Formulas<'a> {
    text: &'a str,
    /// Where each stands, and its name, in the order of the document.
    pub(super) declared: Vec<(Span, String)>,
}

impl<'a> Formulas<'a> {
    pub(super) fn of(policy: &'a Policy) -> Self {
        let document = hengjie_syntax::parse(&policy.text).document;
        let blocks = document.sections.iter().flat_map(|section| &section.blocks);
        let statements = blocks.flat_map(|block| match block {
            Block::Rules(statements) => statements.as_slice(),
            _ => &[],
        });
        let formula = |statement: &hengjie_syntax::ast::Statement| match &statement.kind {
            StatementKind::Formula { name, .. } => Some((statement.span, name.text.clone())),
            _ => None,
        };
        Self { text: &policy.text, declared: statements.filter_map(formula).collect() }
    }

    /// Is a text nothing but a call of a formula?
    fn is_call(&self, text: &str) -> bool {
        self.declared.iter().any(|(_, name)| {
            text.strip_prefix(name.as_str()).is_some_and(|arguments| is_one_pair(arguments.trim_start()))
        })
    }
}

/// A text on one line, with one blank where there is any.
pub(super) fn spaced(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Does one pair of brackets hold all of a text?
fn is_one_pair(text: &str) -> bool {
    let mut open = 0_i32;
    for (at, character) in text.char_indices() {
        open += match character {
            '(' | '（' => 1,
            ')' | '）' => -1,
            _ => 0,
        };
        if open == 0 {
            return at > 0 && at + character.len_utf8() == text.len();
        }
    }
    false
}

impl Known for Formulas<'_> {
    /// An expanded formula keeps the place of its call.
    fn text(&self, expr: &Expr) -> Option<String> {
        let text = self.text.get(expr.span.start as usize..expr.span.end as usize)?;
        self.is_call(text).then(|| spaced(text))
    }
}
