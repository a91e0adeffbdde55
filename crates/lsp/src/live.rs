//! Values of a chosen person beside the text: computed on a thread of their own, so that typing never waits for them.

use crate::document::Document;
use crate::hover::LiveRule;
use crate::protocol::Refusal;
use crate::server::{answered, failed};
use hengjie_app::document::{self, Policy};
use hengjie_app::explain::{Answer, Question, answer};
use hengjie_app::run::{Request, parse_periods};
use hengjie_app::{Failure, Source};
use hengjie_facts::Bilingual;
use hengjie_quantity::Lang;
use serde_json::{Value, json};
use std::path::{Path, PathBuf};

/// What the user has chosen: facts, person, periods, parameters.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Settings {
    data: Option<String>,
    person: Option<String>,
    periods: Vec<String>,
    parameters: Vec<String>,
    /// Folder of the workspace, for paths that do not begin at the top.
    pub(crate) root: Option<PathBuf>,
}

/// A value to be computed.
#[derive(Debug, Clone)]
pub(crate) struct Job {
    id: Value,
    kind: JobKind,
    path: PathBuf,
    text: String,
    question: Question,
    data: PathBuf,
    periods: Vec<String>,
    parameters: Vec<PathBuf>,
    lang: Lang,
}

/// What is answered.
#[derive(Debug, Clone)]
enum JobKind {
    /// The hover, with the value added.
    Hover(Value),
    /// The whole explanation as text.
    Explanation,
}

impl Settings {
    /// Reads `{data, person, period, parameters}`; what is not there is not chosen.
    pub(crate) fn read(value: &Value) -> Self {
        let text = |name: &str| {
            let found = value.get(name).and_then(Value::as_str).map(str::trim).unwrap_or_default();
            (!found.is_empty()).then(|| found.to_owned())
        };
        let texts = |name: &str| match value.get(name) {
            Some(Value::Array(items)) => {
                items.iter().filter_map(Value::as_str).map(str::trim).map(str::to_owned).collect()
            }
            Some(Value::String(text)) => {
                text.split([',', '，', '、']).map(str::trim).map(str::to_owned).collect()
            }
            _ => Vec::new(),
        };
        let full = |texts: Vec<String>| texts.into_iter().filter(|text| !text.is_empty()).collect();
        Self {
            data: text("data"),
            person: text("person"),
            periods: full(texts("period")),
            parameters: full(texts("parameters")),
            root: None,
        }
    }

    /// The value of a rule for the chosen person, as part of a hover; `None` when nothing is chosen or the document has errors.
    pub(crate) fn job(
        &self,
        document: &Document,
        id: &Value,
        rule: &LiveRule,
        shown: &Value,
        lang: Lang,
    ) -> Option<Job> {
        document.analysis().program.as_ref()?;
        let person = if rule.everybody { "全体" } else { self.person.as_deref()? };
        self.question(document, id, (person, &rule.name), JobKind::Hover(shown.clone()), lang)
    }

    /// The whole explanation of a rule for the chosen person.
    pub(crate) fn explanation(&self, document: &Document, id: &Value, rule: &str, lang: Lang) -> Option<Job> {
        let person = self.person.as_deref()?;
        self.question(document, id, (person, rule), JobKind::Explanation, lang)
    }

    fn question(
        &self,
        document: &Document,
        id: &Value,
        (person, value): (&str, &str),
        kind: JobKind,
        lang: Lang,
    ) -> Option<Job> {
        let path = path_of(&document.uri).unwrap_or_else(|| PathBuf::from(&document.uri));
        let beside = self.root.clone().or_else(|| path.parent().map(Path::to_owned)).unwrap_or_default();
        Some(Job {
            id: id.clone(),
            kind,
            path,
            text: document.text.clone(),
            question: Question { subject: person.to_owned(), value: value.to_owned(), row: None },
            data: beside.join(self.data.as_ref()?),
            periods: self.periods.clone(),
            parameters: self.parameters.iter().map(|file| beside.join(file)).collect(),
            lang,
        })
    }
}

/// The path of a `file:` address.
pub(crate) fn path_of(uri: &str) -> Option<PathBuf> {
    let rest = uri.strip_prefix("file://")?;
    let rest = rest.strip_prefix("localhost").unwrap_or(rest);
    let mut bytes = Vec::with_capacity(rest.len());
    let mut input = rest.bytes();
    while let Some(byte) = input.next() {
        if byte != b'%' {
            bytes.push(byte);
            continue;
        }
        let digits = [input.next()?, input.next()?];
        bytes.push(u8::from_str_radix(std::str::from_utf8(&digits).ok()?, 16).ok()?);
    }
    let text = String::from_utf8(bytes).ok()?;
    // `/c:/…` on Windows.
    let drive = text.as_bytes().get(2) == Some(&b':') && text.starts_with('/');
    Some(PathBuf::from(if drive { text.get(1..)? } else { text.as_str() }))
}

/// Computes values; keeps the document that was checked last.
#[derive(Debug, Default)]
pub(crate) struct Worker {
    last: Option<(String, Option<Policy>)>,
}

impl Worker {
    /// The message that answers a job.
    pub(crate) fn work(&mut self, job: Job) -> Value {
        let found = self.answer(&job);
        match (job.kind, found) {
            (JobKind::Hover(shown), found) => {
                let line = match &found {
                    Ok(answer) => short(answer, job.lang),
                    Err(failure) => format!("*{}*", told(failure, job.lang)),
                };
                answered(&job.id, with_line(shown, &line))
            }
            (JobKind::Explanation, Ok(answer)) => answered(&job.id, json!({ "text": answer.text })),
            (JobKind::Explanation, Err(failure)) => {
                let text = told(&failure, job.lang);
                failed(&job.id, &Refusal::failed(text.clone(), text), job.lang)
            }
        }
    }

    /// The message that answers a job whose value nobody waits for any more.
    pub(crate) fn skip(job: Job) -> Value {
        match job.kind {
            JobKind::Hover(shown) => answered(&job.id, shown),
            JobKind::Explanation => {
                failed(&job.id, &Refusal::failed("已有新的请求", "a newer request came"), job.lang)
            }
        }
    }

    fn answer(&mut self, job: &Job) -> Result<Answer, Failure> {
        let known = self.last.as_ref().is_some_and(|(text, _)| *text == job.text);
        if !known {
            let policy = document::of_text(job.path.clone(), &job.text).into_policy().ok();
            self.last = Some((job.text.clone(), policy));
        }
        let Some((_, Some(policy))) = &self.last else {
            return Err(Failure::Usage(Bilingual::new(
                "制度还有错误，先改正",
                "the policy has errors; mend them first",
            )));
        };
        let request = Request {
            source: Source::at(&job.data),
            parameters: job.parameters.clone(),
            periods: parse_periods(&job.periods)?,
            only: Vec::new(),
            readings: Vec::new(),
            lang: job.lang,
        };
        answer(policy, &job.question, &request)
    }
}

/// `张三.总分（2025年） = 86.5分`, the rule with the numbers put in, what is missing.
fn short(answer: &Answer, lang: Lang) -> String {
    let derivation = &answer.derivation;
    let mut lines = vec![format!("**{} = {}**", derivation.label, derivation.text)];
    let substituted = derivation.substituted.as_ref().filter(|text| text.chars().count() <= 300);
    lines.extend(substituted.map(|text| format!("`{text}`")));
    lines.extend(derivation.gaps.iter().take(3).map(|gap| format!("! {gap}")));
    if derivation.gaps.len() > 3 {
        let rest = derivation.gaps.len() - 3;
        lines.push(lang.pick(format!("……还有 {rest} 项"), format!("… and {rest} more")));
    }
    lines.join("\n\n")
}

/// A failure in one line.
fn told(failure: &Failure, lang: Lang) -> String {
    let text = match failure {
        Failure::Usage(text) | Failure::Unreadable(text) | Failure::Unwritable(text) => {
            text.text(lang).to_owned()
        }
        Failure::Facts(report) => {
            let first = report.faults.first().map(|fault| fault.to_text(lang)).unwrap_or_default();
            let count = report.faults.len();
            lang.pick(
                format!("资料有 {count} 处错误：{first}"),
                format!("the facts have {count} faults: {first}"),
            )
        }
        Failure::Document(_) => lang.pick("制度还有错误", "the policy has errors").to_owned(),
    };
    text.lines().next().unwrap_or_default().to_owned()
}

/// A hover with a line added.
fn with_line(mut shown: Value, line: &str) -> Value {
    if let Some(Value::String(text)) = shown.pointer_mut("/contents/value") {
        text.push_str("\n\n---\n\n");
        text.push_str(line);
    }
    shown
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_of_addresses() {
        let check = |uri| path_of(uri).map(|path| path.display().to_string()).unwrap_or_default();
        assert_eq!(check("file:///a/%E5%88%B6%E5%BA%A6/p.md"), "/a/制度/p.md");
        assert_eq!(check("file:///a/制度/p.md"), "/a/制度/p.md");
        assert_eq!(check("file:///c%3A/a.md"), "c:/a.md");
        assert_eq!(check("untitled:1"), "");
        assert_eq!(check("file:///a%E5"), "");
        assert_eq!(check("file:///a%"), "");
    }

    #[test]
    fn settings_are_read_as_they_come() {
        let settings = Settings::read(&json!({
            "data": " d ", "person": "", "period": "2026年, 2026年3月", "parameters": ["p.csv", 7],
        }));
        assert_eq!(settings.data.as_deref(), Some("d"));
        assert_eq!(settings.person, None);
        assert_eq!(settings.periods, ["2026年", "2026年3月"]);
        assert_eq!(settings.parameters, ["p.csv"]);
        assert_eq!(Settings::read(&Value::Null), Settings::default());
    }
}
