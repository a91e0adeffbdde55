//! The tables of gaps: 缺口 for facts and parameters, 待定 for decisions in the form in which they are handed in.

use super::{Gaps, Line, article_of, articles, office_of};
use crate::dataset::Facts;
use crate::limits;
use crate::run::name_of;
use crate::schema::decision;
use crate::words::{cite, range_text, type_text};
use arrow_array::StringArray;
use hengjie_evaluate::format::format_gap;
use hengjie_evaluate::value::{Gap, OpenDecision};
use hengjie_facts::{Integers, ResultColumn, ResultTable, ResultValues};
use hengjie_policy::core::{Decision, Program, Type};
use hengjie_quantity::Lang;

impl Gaps {
    /// The tables; none without gaps.
    pub(in crate::run) fn tables(&self, program: &Program, facts: &Facts, lang: Lang) -> Vec<ResultTable> {
        let mut tables = Vec::new();
        if !self.facts.is_empty() {
            tables.push(self.missing(program, facts, lang));
        }
        if !self.decisions.is_empty() {
            tables.push(self.open(program, lang));
        }
        tables
    }

    fn missing(&self, program: &Program, facts: &Facts, lang: Lang) -> ResultTable {
        let gaps: Vec<(&Gap, &Line)> = self.facts.iter().take(limits::GAPS_LISTED).collect();
        let text = |of: &dyn Fn(&Gap, &Line) -> String| texts(gaps.iter().map(|(gap, line)| of(gap, line)));
        let article = |gap: &Gap, line: &Line| match article_of(program, gap) {
            Some(article) => cite(program, article).to_owned(),
            None => articles(program, &line.attributes),
        };
        let columns = vec![
            column(lang.pick("种类", "sort"), text(&|gap, _| sort_word(gap, lang).to_owned())),
            column(lang.pick("缺什么", "what"), text(&|gap, _| format_gap(program, &facts.data, gap, lang))),
            column(lang.pick("对象", "subject"), text(&|gap, _| subject(facts, gap))),
            column(lang.pick("由", "by"), text(&|gap, _| office_of(program, gap).to_owned())),
            column(lang.pick("条款", "articles"), text(&article)),
            column(lang.pick("等待的结果", "results that wait"), text(&|_, line| names(program, line))),
            count(lang, gaps.iter().map(|(_, line)| line.results)),
        ];
        ResultTable { name: lang.pick("缺口", "gaps").to_owned(), columns }
    }

    fn open(&self, program: &Program, lang: Lang) -> ResultTable {
        // What still matters comes first.
        let mut open: Vec<(&OpenDecision, &Line)> = self.decisions.iter().collect();
        open.sort_by_key(|(open, _)| self.idle.contains(open));
        open.truncate(limits::GAPS_LISTED);
        let effect = |open: &OpenDecision| match self.idle.contains(open) {
            true => lang.pick("别的结果都已定，不受影响", "all other results have come out without it"),
            false => "",
        };
        let text = |of: &dyn Fn(&OpenDecision, &Decision) -> String| {
            texts(open.iter().map(|(open, _)| of(open, &program.decisions[open.decision.index()])))
        };
        // Headings as in the table 人定, so that the filled-in table can be handed in.
        let columns = vec![
            column("事项", text(&|_, decision| decision.name.clone())),
            column("对象", text(&|open, _| open.subject.clone())),
            column("行", text(&|open, _| open.row.clone())),
            column("期间", text(&|open, _| open.period.map(|period| period.to_string()).unwrap_or_default())),
            column("决定", text(&|_, _| String::new())),
            column("由", text(&|_, decision| decision.by.clone())),
            column("理由", text(&|_, _| String::new())),
            column("依据", text(&|_, _| String::new())),
            column(pick(decision::ALLOWED, lang), text(&|_, decision| allowed(program, decision, lang))),
            column(
                pick(decision::ARTICLE, lang),
                text(&|_, decision| cite(program, decision.article).to_owned()),
            ),
            count(lang, open.iter().map(|(_, line)| line.results)),
            column(pick(decision::EFFECT, lang), text(&|open, _| effect(open).to_owned())),
        ];
        ResultTable { name: lang.pick("待定", "open decisions").to_owned(), columns }
    }
}

fn column(name: &str, values: ResultValues) -> ResultColumn {
    ResultColumn { name: name.to_owned(), unit: String::new(), values, status: None }
}

fn pick([zh, en]: [&'static str; 2], lang: Lang) -> &'static str {
    lang.pick(zh, en)
}

fn texts(texts: impl Iterator<Item = String>) -> ResultValues {
    ResultValues::Text(texts.map(Some).collect::<StringArray>())
}

fn count(lang: Lang, counts: impl Iterator<Item = u64>) -> ResultColumn {
    let counts = counts.map(|count| i64::try_from(count).unwrap_or(i64::MAX)).collect();
    let values = ResultValues::Number { values: Integers::I64(counts), places: 0 };
    column(pick(decision::WAITING, lang), values)
}

fn sort_word(gap: &Gap, lang: Lang) -> &'static str {
    match gap {
        Gap::Fact { .. } => lang.pick("资料", "fact"),
        Gap::Parameter { .. } => lang.pick("参数", "parameter"),
        Gap::Cell { .. } => lang.pick("制度里的表", "table of the policy"),
        Gap::Form { .. } => lang.pick("表单", "form"),
        Gap::Fault { .. } => lang.pick("无法计算", "cannot be computed"),
    }
}

/// The key and name of the subject of a fact.
fn subject(facts: &Facts, gap: &Gap) -> String {
    let Gap::Fact { field, subject, .. } = gap else { return String::new() };
    let key = facts.data.kinds[field.kind.index()].keys.get(*subject as usize);
    match facts.name(field.kind, *subject as usize) {
        "" => key,
        name => format!("{key} {name}"),
    }
}

fn names(program: &Program, line: &Line) -> String {
    line.attributes.iter().map(|id| name_of(program, *id)).collect::<Vec<_>>().join("、")
}

/// What may be decided.
fn allowed(program: &Program, decision: &Decision, lang: Lang) -> String {
    match (&decision.range, &decision.ty) {
        (Some((low, high)), Type::Number(unit)) => range_text(low, high, unit).text(lang).to_owned(),
        (_, ty) => type_text(program, ty).text(lang).to_owned(),
    }
}
