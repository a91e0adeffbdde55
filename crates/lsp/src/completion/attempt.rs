//! Texts with a made-up name at the cursor that the checker can read: first the document as it is, then with the rest of the
//! line left out and brackets closed, then with only the last phrase of the sentence.

use super::Cursor;
use hengjie_policy::index::{Index, Probe};
use hengjie_syntax::Severity;

/// A name nobody uses.
const MARK: &str = "〇补全处〇";

/// Words that begin a phrase of their own; what follows the last of them can stand alone.
const PHRASES: [&str; 20] = [
    "如",
    "则",
    "否则",
    "且",
    "或",
    "非",
    "无则",
    "缺则",
    "当",
    "权重",
    "计入",
    "if",
    "then",
    "else",
    "and",
    "or",
    "not",
    "or_none",
    "or_missing",
    "when",
];

/// What the checker says could stand at the cursor, with the names of the text it was asked about.
pub(super) fn probe(cursor: &Cursor<'_>) -> Option<(Index, Probe)> {
    let text = cursor.document.text.as_str();
    let start = cursor.typed.start as usize;
    let (before, after) = (text.get(..start)?, text.get(cursor.offset as usize..)?);
    let rest = after.trim_start_matches(|c: char| c.is_alphanumeric() || matches!(c, '_' | '·' | '」'));
    let uri = cursor.document.uri.as_str();
    let ask = |head: &str, tail: &str| ask(uri, head, tail);
    if let Some(found) = ask(before, rest) {
        return Some(found);
    }
    let after_line = after.find('\n').map_or("", |at| after.get(at..).unwrap_or(""));
    let closed = closers(sentence(before));
    if let Some(found) = ask(before, &format!("{closed}{after_line}")) {
        return Some(found);
    }
    // `得 张三.` and `设 人员 张三: ` want a value as well.
    if let Some(found) = ask(before, &format!(" = 0{after_line}")) {
        return Some(found);
    }
    let (head, phrase) = last_phrase(before)?;
    let tail = after_sentence(after);
    ask(&format!("{head}{phrase}"), &format!("{}{tail}", closers(phrase)))
}

/// What the checker says of a text with the name between its two parts. It is not asked when the sentence around the name
/// cannot be read: reading takes a fraction of the time of checking.
fn ask(uri: &str, head: &str, tail: &str) -> Option<(Index, Probe)> {
    let text = format!("{head}{MARK}{tail}");
    let parse = hengjie_syntax::parse(&text);
    let (start, end) =
        (sentence_start(head), head.len() + MARK.len() + tail.find('\n').unwrap_or(tail.len()));
    let within = |at: u32| start <= at as usize && at as usize <= end;
    let unread =
        parse.diagnostics.iter().any(|found| found.severity == Severity::Error && within(found.span.start));
    if unread {
        return None;
    }
    let assembled = crate::document::assemble(uri, &text);
    let analysis = hengjie_policy::analyse(&assembled, Some(head.len() as u32 + 1));
    let probe = analysis.probe?;
    (!probe.candidates.is_empty() || !probe.parts.is_empty()).then_some((analysis.index, probe))
}

/// The lines of the sentence that ends at the end of a text.
fn sentence(before: &str) -> &str {
    before.get(sentence_start(before)..).unwrap_or("")
}

/// Where the sentence begins that ends at the end of a text: at the last line that does not go on with another one.
fn sentence_start(before: &str) -> usize {
    let mut start = before.len();
    loop {
        let line = before.get(..start).and_then(|text| text.rfind('\n')).map_or(0, |at| at + 1);
        let text = before.get(line..).and_then(|text| text.lines().next()).unwrap_or("").trim_start();
        let goes_on = PHRASES.iter().any(|word| text.starts_with(word))
            || text.starts_with(['+', '-', '×', '÷', ')', '）']);
        if !goes_on || line == 0 {
            return line;
        }
        start = line - 1;
    }
}

/// What is behind the lines that go on with the sentence at the start of a text.
fn after_sentence(after: &str) -> &str {
    let mut rest = after.find('\n').map_or("", |at| after.get(at..).unwrap_or(""));
    while let Some(next) = rest.get(1..) {
        let line = next.lines().next().unwrap_or("");
        if !PHRASES.iter().any(|word| line.trim_start().starts_with(word)) {
            break;
        }
        rest = next.find('\n').map_or("", |at| next.get(at..).unwrap_or(""));
    }
    rest
}

/// The brackets that are still open.
fn closers(text: &str) -> String {
    let open: usize = text.chars().filter(|c| matches!(c, '(' | '（')).count();
    let closed: usize = text.chars().filter(|c| matches!(c, ')' | '）')).count();
    ")".repeat(open.saturating_sub(closed))
}

/// The text up to the `=` of the definition being written, and the last phrase before the cursor.
fn last_phrase(before: &str) -> Option<(&str, &str)> {
    let start = sentence_start(before);
    let sentence = before.get(start..)?;
    let equals = sentence.find(['=', '＝'])?;
    let equals = equals + sentence.get(equals..)?.chars().next()?.len_utf8();
    let body = sentence.get(equals..)?;
    let mut from = 0;
    let mut at = 0;
    for word in body.split_inclusive(|c: char| c.is_whitespace()) {
        at += word.len();
        if PHRASES.contains(&word.trim()) {
            from = at;
        }
    }
    Some((before.get(..start + equals)?, body.get(from..)?)).filter(|_| from > 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_phrase_of_a_sentence() {
        let check = |text: &'static str| last_phrase(text).map(|(head, phrase)| format!("{head}¦{phrase}"));
        assert_eq!(check("得分 = 如 甲 ≥ "), Some("得分 =¦甲 ≥ ".to_owned()));
        assert_eq!(
            check("对 人员\n得分 = 如 甲 ≥ 1 则 2\n  如 合计(贷款, 其."),
            Some("对 人员\n得分 =¦合计(贷款, 其.".to_owned())
        );
        assert_eq!(check("得分 = 甲"), None);
        assert_eq!(closers("合计(贷款 其中 (甲"), "))");
        assert_eq!(after_sentence("x\n  否则 1\n乙 = 1\n"), "\n乙 = 1\n");
    }
}
