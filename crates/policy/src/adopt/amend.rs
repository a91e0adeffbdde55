//! 修改 and 废止: the section that says so stands for, or removes, an article of an adopted document.

use super::{Gathered, statements};
use crate::citation::half_width;
use crate::codes;
use hengjie_syntax::ast::{Name, StatementKind};
use hengjie_syntax::{Diagnostic, Span};
use std::collections::BTreeMap;

/// An article: document and position of its section.
type Target = (usize, usize);

/// One 修改 or 废止 line.
struct Amendment {
    /// The document it stands in.
    part: usize,
    cite: Name,
    span: Span,
}

/// Takes the amended articles out of the adopted documents. The farthest document goes first, so that each amends what its own
/// parents have become.
pub(super) fn apply(gathered: &mut Gathered<'_>) {
    let mut gone: BTreeMap<Target, Span> = BTreeMap::new();
    for part in (0..gathered.documents.len()).rev() {
        let amendments: Vec<Amendment> = statements(&gathered.documents[part])
            .filter_map(|(_, statement)| match &statement.kind {
                StatementKind::Amend { cite, .. } => {
                    Some(Amendment { part, cite: cite.clone(), span: statement.span })
                }
                _ => None,
            })
            .collect();
        for amendment in amendments {
            one(gathered, &amendment, &mut gone);
        }
    }
}

fn one(gathered: &mut Gathered<'_>, amendment: &Amendment, gone: &mut BTreeMap<Target, Span>) {
    let here = gathered.sources.outer(amendment.part, amendment.span);
    let cited = half_width(&amendment.cite.text);
    let found = targets(gathered, amendment.part, &cited);
    let open: Vec<Target> = found.iter().copied().filter(|target| !gone.contains_key(target)).collect();
    match (open.as_slice(), found.first()) {
        ([target], _) => remove(gathered, *target, here, gone),
        ([], Some(target)) => {
            let other = gone.get(target).copied().unwrap_or(here);
            gathered.diagnostics.push(
                fault(
                    here,
                    format!("“{}”已经修改或废止过一次", amendment.cite.text),
                    format!("`{}` is already replaced or removed", amendment.cite.text),
                )
                .label(other, "另一处", "the other place"),
            );
        }
        ([], None) => {
            let (zh, en) = match gathered.parents[amendment.part].is_empty() {
                true => (
                    "没有沿用任何制度，没有可以修改的条款".to_owned(),
                    "nothing is adopted, so no article can be replaced".to_owned(),
                ),
                false => (
                    format!("沿用的制度里没有“{}”", amendment.cite.text),
                    format!("the adopted policies have no `{}`", amendment.cite.text),
                ),
            };
            gathered.diagnostics.push(fault(here, zh, en));
        }
        ([first, second, ..], _) => {
            let (one, other) = (heading(gathered, *first), heading(gathered, *second));
            gathered.diagnostics.push(
                fault(
                    here,
                    format!("沿用的制度里有两处“{}”，不知道改哪一处", amendment.cite.text),
                    format!("the adopted policies have two articles `{}`", amendment.cite.text),
                )
                .label(one, "一处", "one")
                .label(other, "另一处", "the other"),
            );
        }
    }
}

fn fault(span: Span, zh: String, en: String) -> Diagnostic {
    Diagnostic::error(codes::AMENDMENT, span, zh, en)
}

/// The articles with a citation in all that a document adopts. The title of a document is no article.
fn targets(gathered: &Gathered<'_>, part: usize, cited: &str) -> Vec<Target> {
    let of = |parent: usize| {
        let sections = gathered.documents[parent].sections.iter().enumerate();
        sections
            .filter(|(_, section)| section.level > 1 && section.cite == *cited)
            .map(move |(position, _)| (parent, position))
    };
    gathered.ancestors(part).into_iter().flat_map(of).collect()
}

/// The heading of an article as a place of the whole.
fn heading(gathered: &Gathered<'_>, (part, section): Target) -> Span {
    gathered.sources.outer(part, gathered.documents[part].sections[section].heading.span)
}

/// Takes out an article with all below it: up to the next heading of its level or above.
fn remove(gathered: &mut Gathered<'_>, (part, first): Target, by: Span, gone: &mut BTreeMap<Target, Span>) {
    let sections = &gathered.documents[part].sections;
    let level = sections[first].level;
    let below = sections[first + 1..].iter().take_while(|section| section.level > level).count();
    let text = &gathered.sources.files()[part].text;
    let line_start =
        |at: u32| text.get(..at as usize).and_then(|before| before.rfind('\n')).map_or(0, |at| at + 1);
    let end = match sections.get(first + below + 1) {
        Some(next) => line_start(next.heading.span.start),
        None => text.len(),
    };
    let start = line_start(sections[first].heading.span.start);
    let place = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
    gathered.blanks[part].push(Span::new(place(start), place(end)));
    for section in first..=first + below {
        gone.insert((part, section), by);
    }
}
