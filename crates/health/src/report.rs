//! The report: findings by weight and place, as text and JSON.

use crate::finding::{Assurance, Check, Finding, Proof, Severity, Verdict};
use crate::{Context, acknowledge};
use hengjie_policy::adopt::Sources;
use hengjie_policy::core::Program;
use hengjie_quantity::Lang;
use serde_json::{Value, json};

/// The outcome of a health check.
#[derive(Debug, Clone)]
pub struct Report {
    /// Errors first, then by place.
    pub findings: Vec<Finding>,
    /// What was shown to be in order, or could not be decided.
    pub assurances: Vec<Assurance>,
}

impl Report {
    pub(crate) fn new(
        context: &Context<'_>,
        mut findings: Vec<Finding>,
        assurances: Vec<Assurance>,
        wanted: &dyn Fn(Check) -> bool,
    ) -> Self {
        // A note on a check that was not made is not stale.
        let mut notes = acknowledge::notes(context.text, context.program);
        notes.retain(|note| note.is_about(wanted));
        let open = context.supplied.is_empty()
            && context.program.parameters.iter().any(|parameter| {
                matches!(parameter.value, hengjie_policy::core::ParameterValue::Required(_))
            });
        acknowledge::apply(&notes, open, &mut findings);
        findings.retain(|finding| wanted(finding.check));
        findings.sort_by(|a, b| {
            (a.severity, a.span, a.check, &a.message.zh).cmp(&(b.severity, b.span, b.check, &b.message.zh))
        });
        findings.dedup();
        Self { findings, assurances }
    }

    /// Numbers of errors, warnings and notes.
    #[must_use]
    pub fn counts(&self) -> [usize; 3] {
        let count = |severity| self.findings.iter().filter(|finding| finding.severity == severity).count();
        [count(Severity::Error), count(Severity::Warning), count(Severity::Note)]
    }

    /// Findings of one check.
    pub fn of(&self, check: Check) -> impl Iterator<Item = &Finding> {
        self.findings.iter().filter(move |finding| finding.check == check)
    }

    /// The report for people; `file` is the name of the document, `sources` its files.
    #[must_use]
    pub fn to_text(&self, program: &Program, file: &str, sources: &Sources, lang: Lang) -> String {
        let mut out = String::new();
        for finding in &self.findings {
            out += &one(finding, program, file, sources, lang);
        }
        out += &self.assurance_text(program, lang);
        out += &self.summary(file, lang);
        out
    }

    fn assurance_text(&self, program: &Program, lang: Lang) -> String {
        if self.assurances.is_empty() {
            return String::new();
        }
        let proved = self.assurances.iter().filter(|found| found.verdict == Verdict::Proved).count();
        let mut out = match lang {
            Lang::Zh => format!("已证明没有断崖的有 {proved} 对数。"),
            Lang::En => format!("{proved} pairs of numbers are proved to be without a cliff."),
        };
        out += "\n";
        let mut untried = 0;
        for found in &self.assurances {
            let Verdict::NotFound(trials) = found.verdict else { continue };
            if trials == 0 {
                untried += 1;
                continue;
            }
            let article = cite(program, found.article);
            out += &match lang {
                Lang::Zh => format!("未发现（试了 {trials} 组数）：{}［{article}］\n", found.message.zh),
                Lang::En => format!("nothing found in {trials} trials: {} [{article}]\n", found.message.en),
            };
        }
        if untried > 0 {
            out += &match lang {
                Lang::Zh => format!("另有 {untried} 对数既没有证明，也没有试成。\n"),
                Lang::En => format!("{untried} more pairs are neither proved nor could they be tried.\n"),
            };
        }
        out + "\n"
    }

    /// One line with the counts.
    #[must_use]
    pub fn summary(&self, file: &str, lang: Lang) -> String {
        let [errors, warnings, notes] = self.counts();
        match lang {
            Lang::Zh => format!("{file}：体检发现 {errors} 处错误，{warnings} 处提醒，{notes} 处提示\n"),
            Lang::En => {
                format!("{file}: health check found {errors} errors, {warnings} warnings, {notes} notes\n")
            }
        }
    }

    /// The report for programs.
    #[must_use]
    pub fn to_json(&self, program: &Program, sources: &Sources, lang: Lang) -> Value {
        let findings: Vec<Value> = self
            .findings
            .iter()
            .map(|finding| {
                let place = sources.place(finding.span);
                let (line, column) = place.line_column();
                let (proof, example) = match &finding.proof {
                    Proof::Proved => ("proved", Vec::new()),
                    Proof::CounterExample(lines) => {
                        ("counter_example", lines.iter().map(|line| line.text(lang).to_owned()).collect())
                    }
                };
                json!({
                    "code": finding.check.code(),
                    "check": finding.check.name(lang),
                    "severity": finding.severity.code(),
                    "article": cite(program, finding.article),
                    "sources": program.articles[finding.article.index()].sources,
                    "adopted_from": Some(place.file).filter(|file| !file.is_empty()),
                    "line": line,
                    "column": column,
                    "message": finding.message.text(lang),
                    "proof": proof,
                    "example": example,
                    "help": finding.help.text(lang),
                    "acknowledged": finding.acknowledged.as_ref().map(|reason| reason.text(lang)),
                })
            })
            .collect();
        let assurances: Vec<Value> = self
            .assurances
            .iter()
            .map(|found| {
                let (verdict, trials) = match found.verdict {
                    Verdict::Proved => ("proved", 0),
                    Verdict::NotFound(trials) => ("not_found", trials),
                };
                json!({
                    "code": found.check.code(),
                    "check": found.check.name(lang),
                    "article": cite(program, found.article),
                    "message": found.message.text(lang),
                    "verdict": verdict,
                    "trials": trials,
                })
            })
            .collect();
        let [errors, warnings, notes] = self.counts();
        json!({ "errors": errors, "warnings": warnings, "notes": notes, "findings": findings, "assurances": assurances })
    }
}

/// The citation of an article: its heading where it has no number.
fn cite(program: &Program, article: hengjie_policy::core::ArticleId) -> String {
    let article = &program.articles[article.index()];
    match article.heading.is_empty() {
        true => program.title.clone(),
        false => article.heading.clone(),
    }
}

fn one(finding: &Finding, program: &Program, file: &str, files: &Sources, lang: Lang) -> String {
    let place = files.place(finding.span);
    let (line, column) = place.line_column();
    let file = if place.file.is_empty() { file } else { place.file };
    let article = cite(program, finding.article);
    let sources = &program.articles[finding.article.index()].sources;
    let mut out = format!(
        "{} {} {}：{}\n",
        finding.severity.word(lang),
        finding.check.code(),
        finding.check.name(lang),
        finding.message.text(lang)
    );
    if lang == Lang::En {
        out = out.replacen('：', ": ", 1);
    }
    let source = match (sources.is_empty(), lang) {
        (true, _) => String::new(),
        (false, Lang::Zh) => format!("（来源：{}）", sources.join("；")),
        (false, Lang::En) => format!(" (source: {})", sources.join("; ")),
    };
    out += &match lang {
        Lang::Zh => format!("  条款：{article}{source}  {file}:{line}:{column}\n"),
        Lang::En => format!("  article: {article}{source}  {file}:{line}:{column}\n"),
    };
    match &finding.proof {
        Proof::Proved => out += lang.pick("  已证明\n", "  proved\n"),
        Proof::CounterExample(lines) => {
            out += lang.pick("  反例（已由引擎算过）：\n", "  counter-example (computed by the engine):\n");
            for line in lines {
                out += &format!("    {}\n", line.text(lang));
            }
        }
    }
    if let Some(reason) = &finding.acknowledged {
        out += &format!("  {}{}\n", lang.pick("制度已说明：", "acknowledged: "), reason.text(lang));
    } else if !finding.help.text(lang).is_empty() {
        out += &format!("  {}{}\n", lang.pick("怎么办：", "what to do: "), finding.help.text(lang));
    }
    out + "\n"
}
