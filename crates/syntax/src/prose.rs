//! Prose for the reading view, and the source articles a quote line names.

use crate::ast::Name;
use crate::chars::half_width_text;
use crate::span::Span;

/// Adds the paragraphs and the source articles of a run of prose lines.
pub(crate) fn read(text: &str, span: Span, paragraphs: &mut Vec<Name>, sources: &mut Vec<Name>) {
    let mut start = span.start;
    // The paragraph being joined.
    let mut open: Option<Name> = None;
    for line in span.text(text).split_inclusive('\n') {
        let content = line.trim();
        let at = start + (line.len() - line.trim_start().len()) as u32;
        start += line.len() as u32;
        if content.is_empty() {
            paragraphs.extend(open.take());
            continue;
        }
        if let Some(list) = source_list(content) {
            paragraphs.extend(open.take());
            add_sources(list, at + (content.len() - list.len()) as u32, sources);
            continue;
        }
        let shown = content.trim_start_matches('>').trim_start();
        let end = at + content.len() as u32;
        match &mut open {
            Some(paragraph) if !begins_item(content) => {
                join(&mut paragraph.text, shown);
                paragraph.span.end = end;
            }
            _ => {
                paragraphs.extend(open.take());
                open = Some(Name { text: shown.to_owned(), span: Span::new(at, end) });
            }
        }
    }
    paragraphs.extend(open);
}

/// The lines of a fence of another language as one paragraph.
pub(crate) fn verbatim(text: &str, body: Span) -> Option<Name> {
    let inner = body.text(text).trim_end();
    let span = Span::new(body.start, body.start + inner.len() as u32);
    (!inner.is_empty()).then(|| Name { text: inner.to_owned(), span })
}

/// What follows `> 来源：` or `> source:`.
fn source_list(line: &str) -> Option<&str> {
    let quoted = line.strip_prefix('>')?.trim_start();
    let rest = ["来源", "sources", "source"].iter().find_map(|word| quoted.strip_prefix(word))?;
    rest.trim_start().strip_prefix(['：', ':'])
}

fn add_sources(list: &str, start: u32, sources: &mut Vec<Name>) {
    let mut at = start;
    for item in list.split_inclusive(['；', ';']) {
        let bare = item.trim_end_matches(['；', ';', '。']).trim();
        if !bare.is_empty() {
            let from = at + item.find(bare).unwrap_or(0) as u32;
            let span = Span::new(from, from + bare.len() as u32);
            sources.push(Name { text: half_width_text(bare), span });
        }
        at += item.len() as u32;
    }
}

/// Whether a line is an item of a list, which is a paragraph of its own.
fn begins_item(line: &str) -> bool {
    let after_digits = line.trim_start_matches(|c: char| c.is_ascii_digit());
    let is_numbered = after_digits.len() < line.len() && after_digits.starts_with(['.', ')', '、', '．']);
    is_numbered || ["- ", "* ", "+ "].iter().any(|mark| line.starts_with(mark))
}

/// Joins two lines of a paragraph; a space only between words of an alphabet.
fn join(paragraph: &mut String, line: &str) {
    let is_word = |c: Option<char>| c.is_some_and(|c| c.is_ascii() && !c.is_whitespace());
    if is_word(paragraph.chars().next_back()) || is_word(line.chars().next()) {
        paragraph.push(' ');
    }
    paragraph.push_str(line);
}
