//! 读法对照: every alternative of every reading, run and put side by side with what the document takes.

use crate::compare::{Comparison, Side, compare, heading, who};
use crate::cone::Cone;
use crate::dataset::Facts;
use crate::document::Policy;
use crate::effect::{Effect, effects, people};
use crate::failure::{Failure, Outcome};
use crate::outcome::{Sort, sorts};
use crate::run::{Prepared, Request, attributes_in, attributes_named, periods_asked, prepare, reach};
use crate::sheet::Sheet;
use crate::words::cite;
use hengjie_calendar::Period;
use hengjie_evaluate::columnar::Session;
use hengjie_evaluate::format::format_value;
use hengjie_evaluate::value::Value;
use hengjie_facts::ResultTable;
use hengjie_policy::core::{Program, ReadingId};
use hengjie_quantity::{Lang, Rational};
use serde_json::{Value as Json, json};

/// Every alternative with what it does.
#[derive(Debug)]
pub struct Readings {
    /// The periods that were computed.
    pub periods: Vec<Period>,
    /// Readings in the order of the document, the alternatives that are not taken.
    pub lines: Vec<Line>,
    /// As tables: one line per alternative, per amount and grade, and per person.
    pub tables: Vec<ResultTable>,
    /// Milliseconds of the slowest alternative: what its reading does not touch is not computed again.
    pub slowest: u128,
}

/// What an alternative does, measured against the document.
#[derive(Debug, Clone)]
pub struct Line {
    /// Name of the reading.
    pub reading: String,
    /// What it is about.
    pub title: String,
    /// Its article.
    pub article: String,
    /// What the document (or this run) takes.
    pub taken: String,
    /// What is tried instead.
    pub alternative: String,
    /// People with any other result.
    pub people: usize,
    /// Results that differ.
    pub results: usize,
    /// The amounts and grades that differ.
    pub effects: Vec<Effect>,
}

/// One person's result under another reading.
struct Detail {
    line: usize,
    who: String,
    period: String,
    value: String,
    before: String,
    after: String,
    difference: Option<Rational>,
}

/// Runs every alternative. `request.only` limits the values that are compared.
///
/// # Errors
/// [`Failure::Usage`] when the document has no reading with an alternative; otherwise as a run.
pub fn readings(policy: &Policy, request: &Request) -> Outcome<Readings> {
    let program = &policy.program;
    if !program.readings.iter().any(|reading| reading.alternatives.len() > 1) {
        return Err(Failure::usage(
            "制度没有声明读法，没有可以对照的取法",
            "the policy declares no reading; there is nothing to compare",
        ));
    }
    let wanted = attributes_named(program, &request.only)?;
    let cone = Cone::of(program, wanted.iter().copied());
    let Prepared { mut facts, .. } = prepare(program, &cone, request, &|_| {})?;
    let periods = periods_asked(program, &request.periods, &wanted, &facts.data);
    reach(&mut facts.data, &periods);
    let asked = attributes_in(program, &wanted, &periods)?;
    let mut found = Readings { periods: periods.clone(), lines: Vec::new(), tables: Vec::new(), slowest: 0 };
    let mut session = Session::new(program, facts.data.clone());
    let base = Side::of_session(program, &facts, &mut session, &asked, &periods);
    let mut details = Vec::new();
    for (reading, alternative) in alternatives(program, &facts) {
        let started = std::time::Instant::now();
        session.take_reading(reading, Some(alternative));
        let tried = Side::of_session(program, &facts, &mut session, &asked, &periods);
        session.take_reading(reading, facts.data.readings.get(reading.index()).copied().flatten());
        found.slowest = found.slowest.max(started.elapsed().as_millis());
        let comparison = compare(&base, &tried);
        details.extend(detailed(program, &facts, &comparison, found.lines.len(), request.lang));
        found.lines.push(line(program, &facts, (reading, alternative), &comparison, request.lang));
    }
    found.tables = tables(&found.lines, &details, request.lang);
    Ok(found)
}

/// Every alternative but the one that is taken.
fn alternatives(program: &Program, facts: &Facts) -> Vec<(ReadingId, u32)> {
    let mut all = Vec::new();
    for (position, reading) in (0..).zip(&program.readings) {
        let taken = taken(program, facts, ReadingId(position));
        let others = 0..u32::try_from(reading.alternatives.len()).unwrap_or(u32::MAX);
        all.extend(others.filter(|other| *other != taken).map(|other| (ReadingId(position), other)));
    }
    all
}

fn taken(program: &Program, facts: &Facts, reading: ReadingId) -> u32 {
    let other = facts.data.readings.get(reading.index()).copied().flatten();
    other.unwrap_or(program.readings[reading.index()].chosen)
}

fn line(
    program: &Program,
    facts: &Facts,
    (reading, alternative): (ReadingId, u32),
    comparison: &Comparison,
    lang: Lang,
) -> Line {
    let definition = &program.readings[reading.index()];
    let name = |at: u32| definition.alternatives.get(at as usize).cloned().unwrap_or_default();
    Line {
        reading: definition.name.clone(),
        title: definition.title.clone(),
        article: cite(program, definition.article).to_owned(),
        taken: name(taken(program, facts, reading)),
        alternative: name(alternative),
        people: people(program, comparison),
        results: comparison.columns.iter().map(|column| column.changes.len()).sum(),
        effects: effects(program, facts, comparison, lang),
    }
}

fn detailed(
    program: &Program,
    facts: &Facts,
    comparison: &Comparison,
    line: usize,
    lang: Lang,
) -> Vec<Detail> {
    let sorts = sorts(program);
    let shown = comparison.columns.iter().filter(|column| sorts.get(&column.attribute) != Some(&Sort::Other));
    let mut details = Vec::new();
    for column in shown {
        let ty = &program.attributes[column.attribute.index()].ty.base;
        let text = |value: &Value| format_value(program, &facts.data, value, ty, lang);
        for change in &column.changes {
            details.push(Detail {
                line,
                who: who(program, facts, column, change.subject, lang),
                period: column.period.map_or(String::new(), |period| period.to_string()),
                value: heading(program, column),
                before: text(&change.before),
                after: text(&change.after),
                difference: change.difference(),
            });
        }
    }
    details
}

impl Line {
    /// The amounts that differ: `年终奖 +1666.67元`.
    #[must_use]
    pub fn amounts(&self, lang: Lang) -> String {
        let money = self.effects.iter().filter(|effect| effect.is_money);
        money.map(|effect| effect.amount(lang)).collect::<Vec<_>>().join(lang.pick("；", "; "))
    }

    /// The grades that move: `等级 升3 降1`.
    #[must_use]
    pub fn grades(&self, lang: Lang) -> String {
        let grades = self.effects.iter().filter(|effect| effect.is_grade);
        grades.map(|effect| effect.rises_and_falls(lang)).collect::<Vec<_>>().join(lang.pick("；", "; "))
    }
}

fn tables(lines: &[Line], details: &[Detail], lang: Lang) -> Vec<ResultTable> {
    let each = |of: &dyn Fn(&Line) -> String| lines.iter().map(of).collect::<Vec<_>>();
    let summary = Sheet::new(lang.pick("读法对照", "readings"))
        .text(lang.pick("读法", "reading"), each(&|line| line.reading.clone()))
        .text(lang.pick("事项", "about"), each(&|line| line.title.clone()))
        .text(lang.pick("条款", "article"), each(&|line| line.article.clone()))
        .text(lang.pick("现取", "taken"), each(&|line| line.taken.clone()))
        .text(lang.pick("另取", "instead"), each(&|line| line.alternative.clone()))
        .count(lang.pick("影响人数", "people"), lines.iter().map(|line| line.people))
        .count(lang.pick("不同的结果", "results that differ"), lines.iter().map(|line| line.results))
        .text(lang.pick("金额差额", "amounts"), each(&|line| line.amounts(lang)))
        .text(lang.pick("等级变动", "grades"), each(&|line| line.grades(lang)));
    let effects: Vec<(&Line, &Effect)> =
        lines.iter().flat_map(|line| line.effects.iter().map(move |effect| (line, effect))).collect();
    let text = |of: &dyn Fn(&(&Line, &Effect)) -> String| effects.iter().map(of).collect::<Vec<_>>();
    let values = Sheet::new(lang.pick("逐项", "by value"))
        .text(lang.pick("读法", "reading"), text(&|(line, _)| line.reading.clone()))
        .text(lang.pick("另取", "instead"), text(&|(line, _)| line.alternative.clone()))
        .text(lang.pick("项目", "value"), text(&|(_, effect)| effect.value.clone()))
        .count(lang.pick("人数", "people"), effects.iter().map(|(_, effect)| effect.people))
        .counted(lang.pick("增", "up"), effects.iter().map(|(_, effect)| effect.rising_and_falling()[0]))
        .counted(lang.pick("减", "down"), effects.iter().map(|(_, effect)| effect.rising_and_falling()[1]))
        .count(lang.pick("待补", "missing"), effects.iter().map(|(_, effect)| effect.missing))
        .count(lang.pick("待定", "undecided"), effects.iter().map(|(_, effect)| effect.undecided))
        .text(lang.pick("合计差额", "sum of differences"), text(&|(_, effect)| effect.sum.clone()))
        .text(lang.pick("变动", "moves"), text(&|(_, effect)| effect.moved(usize::MAX, lang)));
    let of = |of: &dyn Fn(&Detail) -> String| details.iter().map(of).collect::<Vec<_>>();
    let people = Sheet::new(lang.pick("逐人", "by person"))
        .text(lang.pick("读法", "reading"), of(&|detail| lines[detail.line].reading.clone()))
        .text(lang.pick("另取", "instead"), of(&|detail| lines[detail.line].alternative.clone()))
        .text(lang.pick("谁", "who"), of(&|detail| detail.who.clone()))
        .text(lang.pick("期间", "period"), of(&|detail| detail.period.clone()))
        .text(lang.pick("项目", "value"), of(&|detail| detail.value.clone()))
        .text(lang.pick("现取的结果", "as taken"), of(&|detail| detail.before.clone()))
        .text(lang.pick("另取的结果", "instead"), of(&|detail| detail.after.clone()))
        .number(lang.pick("差额", "difference"), 2, details.iter().map(|detail| detail.difference.clone()));
    vec![summary.table(), values.table(), people.table()]
}

impl Readings {
    /// For programs.
    #[must_use]
    pub fn to_json(&self) -> Json {
        let line = |line: &Line| {
            json!({
                "reading": line.reading, "title": line.title, "article": line.article, "taken": line.taken,
                "alternative": line.alternative, "people": line.people, "results": line.results,
                "effects": line.effects.iter().map(Effect::to_json).collect::<Vec<_>>(),
            })
        };
        json!({
            "periods": self.periods.iter().map(ToString::to_string).collect::<Vec<_>>(),
            "slowest_milliseconds": u64::try_from(self.slowest).unwrap_or(u64::MAX),
            "alternatives": self.lines.iter().map(line).collect::<Vec<_>>(),
        })
    }
}
