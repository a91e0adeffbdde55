//! Articles by their citation.

use crate::checker::Checker;
use crate::codes;
use crate::core::ArticleId;
use crate::index::Symbol;
use hengjie_syntax::Diagnostic;
use hengjie_syntax::ast::Name;

impl Checker<'_> {
    /// The article a citation names; `None` after an error.
    pub(crate) fn resolve_article(&mut self, cite: &Name) -> Option<ArticleId> {
        if self.asked(cite.span) {
            self.probe_articles();
        }
        let mut found = self.cites.get(&half_width(&cite.text)).cloned().unwrap_or_default();
        // In an overlay every document means its own articles first.
        let own = |article: &ArticleId| {
            self.sources.part(self.articles[article.index()].span.start) == self.sources.part(cite.span.start)
        };
        if found.iter().any(own) {
            found.retain(own);
        }
        match found.as_slice() {
            [article] => {
                self.note(cite.span, Symbol::Article(*article));
                Some(*article)
            }
            [] => {
                let close = self.closest(&cite.text, self.cites.keys().map(String::as_str));
                self.unknown_name(codes::UNKNOWN_ARTICLE, cite, ("条款（标题的第一个词）", "article"), close);
                None
            }
            [first, second, ..] => {
                let (one, two) = (self.articles[first.index()].span, self.articles[second.index()].span);
                self.report(
                    Diagnostic::error(
                        codes::UNKNOWN_ARTICLE,
                        cite.span,
                        format!("有两处标题以“{}”开头", cite.text),
                        format!("two headings begin with `{}`", cite.text),
                    )
                    .label(one, "一处", "one")
                    .label(two, "另一处", "another"),
                );
                None
            }
        }
    }
}

/// Citations are kept with half-width brackets.
pub(crate) fn half_width(cite: &str) -> String {
    cite.chars()
        .map(|c| match c {
            '（' => '(',
            '）' => ')',
            '．' => '.',
            other => other,
        })
        .collect()
}
