//! `> 体检：断崖；有意鼓励小额贷款` below a heading: the document itself says that a finding is meant or known.

use crate::finding::{Check, Finding, Severity};
use hengjie_policy::core::{ArticleId, Program};
use hengjie_quantity::Lang;
use hengjie_syntax::{Message, Span};

/// One line.
#[derive(Debug, Clone)]
pub(crate) struct Note {
    article: ArticleId,
    span: Span,
    /// The word before the first `；`.
    name: String,
    check: Option<Check>,
    reason: String,
}

impl Note {
    /// Is it about a check that is made?
    pub(crate) fn is_about(&self, wanted: &dyn Fn(Check) -> bool) -> bool {
        self.check.is_none_or(wanted)
    }
}

/// All notes of a document.
pub(crate) fn notes(text: &str, program: &Program) -> Vec<Note> {
    let mut notes = Vec::new();
    let mut start = 0_usize;
    for line in text.split_inclusive('\n') {
        let place = start;
        start += line.len();
        let Some(quoted) = line.trim().strip_prefix('>') else { continue };
        let rest = ["体检", "health"].iter().find_map(|word| quoted.trim_start().strip_prefix(word));
        let Some(rest) = rest.and_then(|rest| rest.trim_start().strip_prefix(['：', ':'])) else { continue };
        let (name, reason) = rest.split_once(['；', ';']).unwrap_or((rest, ""));
        let name = name.trim().to_owned();
        let span = Span::new(
            u32::try_from(place).unwrap_or(0),
            u32::try_from(place + line.trim_end().len()).unwrap_or(0),
        );
        notes.push(Note {
            article: article_at(program, span),
            span,
            check: Check::named(&name),
            name,
            reason: reason.trim().trim_end_matches('。').to_owned(),
        });
    }
    notes
}

/// The section that a place belongs to.
pub(crate) fn article_at(program: &Program, span: Span) -> ArticleId {
    let before = program.articles.iter().filter(|article| article.span.start <= span.start).count();
    ArticleId(u32::try_from(before.saturating_sub(1)).unwrap_or(0))
}

/// Lowers what is acknowledged to a note, and tells notes that fit nothing.
/// With `open` parameters are still missing, and what depends on them cannot be found yet.
pub(crate) fn apply(notes: &[Note], open: bool, findings: &mut Vec<Finding>) {
    let mut stale = Vec::new();
    for note in notes {
        let mut used = false;
        for finding in findings.iter_mut() {
            let here = article_of(finding, note);
            if Some(finding.check) == note.check && here && !note.reason.is_empty() {
                finding.severity = Severity::Note;
                finding.acknowledged = Some(Message::new(note.reason.clone(), note.reason.clone()));
                used = true;
            }
        }
        let waits = open && note.check.is_some() && !note.reason.is_empty();
        if used || waits {
            continue;
        }
        let (zh, en) = match (note.check, note.reason.is_empty()) {
            (None, _) => (
                format!("“> 体检：{}”：没有这一项检查，可写：{}", note.name, names(Lang::Zh)),
                format!("`> 体检：{}`: there is no such check; known: {}", note.name, names(Lang::En)),
            ),
            (_, true) => (
                format!("“> 体检：{}”没有写理由：写成 > 体检：{}；理由", note.name, note.name),
                format!("`> 体检：{}` has no reason: write > 体检：{}；reason", note.name, note.name),
            ),
            _ => (
                format!("“> 体检：{}”说明的问题已经没有了，可以删去这一行", note.name),
                format!("what `> 体检：{}` explains is no longer found; drop the line", note.name),
            ),
        };
        stale.push(Finding::proved(Check::Stale, Severity::Warning, (note.article, note.span), zh, en));
    }
    findings.extend(stale);
}

fn article_of(finding: &Finding, note: &Note) -> bool {
    finding.article == note.article
}

fn names(lang: Lang) -> String {
    Check::ALL.iter().map(|check| check.name(lang)).collect::<Vec<_>>().join(lang.pick("、", ", "))
}
